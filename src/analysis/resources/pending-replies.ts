import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { isReachableFromOutside, referencesOf, symbolAt } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { stringsAt } from '../program/string-values.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { chainStart, handMadeAt } from './settlers.ts';

/** Promises whose resolvers wait in a collection for the messages of an emitter, and that nothing settles when it ends. */
export interface PendingReplies {
  readonly promise: ts.NewExpression;
  /** The collection, as it is written where the resolver is put into it. */
  readonly pending: ts.Expression;
  readonly emitter: ts.Expression;
  readonly event: string;
  /** The registration of the listener that settles them. */
  readonly listener: ts.CallExpression;
  /** The event by which the emitter tells its end. */
  readonly missing: string;
  readonly isCertain: boolean;
}

/** A listener of the file that comes to the collection. */
interface Registration {
  readonly call: ts.CallExpression;
  readonly emitter: ts.Expression;
  /** `undefined` where its name cannot be known; a listener in a loop over names is one registration for each. */
  readonly event: string | undefined;
}

/**
 * Do replies stay pending when the party that should send them ends?
 *
 * The collection is the file's own; a listener for messages takes from it; no listener for the end or the failure of the same emitter
 * comes to it, directly or through functions that it calls.
 * Doubt: a function that others can call comes to the collection too; the end is listened to by code that we cannot follow.
 */
export const pendingReplies = defineFact<ts.NewExpression, PendingReplies | undefined>({
  name: 'pending-replies',
  scope: 'program',
  compute(promise, core) {
    const made = core.ask(handMadeAt, promise);
    if (made === undefined || made.settlers.some(({ by }) => by !== 'kept')) return undefined;
    const pending = made.settlers.map(({ use }) => keptIn(use.node, core)).find((each) => each !== undefined);
    const symbol = pending === undefined ? undefined : symbolOf(pending, core);
    if (pending === undefined || symbol === undefined || isReachableFromOutside(symbol, core)) return undefined;
    const uses = referencesOf(symbol, core);
    const touching = registrationsIn(promise.getSourceFile(), core).filter(({ call }) => reaches(call, uses, core));
    // What a loop registers has no place beside which the end could be listened to.
    const first = touching.find(({ call, event }) => call.arguments.some((given) => isText(given, event)));
    if (first === undefined) return undefined;
    const home = symbolOf(first.emitter, core);
    if (home === undefined || touching.some(({ emitter }) => symbolOf(emitter, core) !== home)) return undefined;
    const events = core.api.isA(core.checker.getTypeAtLocation(first.emitter), 'emitter')?.events;
    const missing = events?.end?.[0];
    if (events === undefined || missing === undefined || events.recovers === true) return undefined;
    const { call: listener, emitter, event } = first;
    if (event === undefined || !touching.every((each) => isOneOf(each.event, events.cutOff))) return undefined;
    const others = uses.filter(
      (use) => !isIn(use, promise) && !touching.some(({ call }) => reaches(call, [use], core)),
    );
    const isEndHeard = registrationsIn(promise.getSourceFile(), core).some(
      (each) => symbolOf(each.emitter, core) === home && isOneOf(each.event, events.end),
    );
    return { promise, pending, emitter, event, listener, missing, isCertain: others.length === 0 && !isEndHeard };
  },
});

/** The collection into which a resolver is put: `pending` in `pending.set(id, { resolve, reject })`. */
function keptIn(node: ts.Node, core: Core): ts.Expression | undefined {
  for (let at = node.parent; !ts.isFunctionLike(at) && !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isCallExpression(at)) continue;
    const callee = bare(at.expression);
    return core.api.plays(at, 'mutates') !== undefined && ts.isPropertyAccessExpression(callee)
      ? bare(callee.expression)
      : undefined;
  }
  return undefined;
}

function symbolOf(expression: ts.Expression, core: Core): ts.Symbol | undefined {
  const node = bare(expression);
  return symbolAt(ts.isPropertyAccessExpression(node) ? node.name : node, core.checker);
}

function registrationsIn(file: ts.SourceFile, core: Core): readonly Registration[] {
  return core.ask(registrations, file);
}

const registrations = defineFact<ts.SourceFile, readonly Registration[]>({
  name: 'event-registrations',
  scope: 'program',
  compute(file, core) {
    const found: Registration[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) found.push(...registrationAt(node, core));
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  },
});

function registrationAt(call: ts.CallExpression, core: Core): readonly Registration[] {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || call.arguments.length < 2) return [];
  const member = core.api.memberOf(call);
  if (member?.key === undefined) return [];
  if (!hasRole(member, 'listener') && !hasRole(member, 'defers') && !hasRole(member, 'handler')) return [];
  const event = core.api.argumentOf(call, member.key);
  if (event === undefined) return [];
  const emitter = chainStart(callee.expression, core);
  return (stringsAt(event, core) ?? [undefined]).map((name) => ({ call, emitter, event: name }));
}

/** Functions through which a listener is followed. */
const MOST_FUNCTIONS = 40;

/** Does a listener come to one of these places, itself or through what it calls? */
function reaches(registration: ts.CallExpression, places: readonly ts.Node[], core: Core): boolean {
  const seen = new Set<ts.Node>(registration.arguments.slice(1));
  for (const node of seen) {
    if (places.some((place) => isIn(place, node))) return true;
    if (seen.size > MOST_FUNCTIONS) return false;
    for (const fn of calledFrom(node, core)) seen.add(fn);
  }
  return false;
}

function calledFrom(node: ts.Node, core: Core): readonly FunctionNode[] {
  const found: FunctionNode[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner)) found.push(...core.ask(calleesOf, inner).functions);
    // A function that is named and not called: `worker.on('message', this.onMessage)`, `onMessage.bind(this)`.
    const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner;
    if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) {
      const declaration = symbolAt(name, core.checker)?.valueDeclaration;
      const value =
        declaration !== undefined &&
        (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) &&
        declaration.initializer !== undefined
          ? bare(declaration.initializer)
          : declaration;
      if (value !== undefined && isFunctionNode(value) && !ts.isPropertyDeclaration(value)) found.push(value);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function isText(expression: ts.Expression, text: string | undefined): boolean {
  const node = bare(expression);
  return ts.isStringLiteralLike(node) && node.text === text;
}

function isOneOf(event: string | undefined, events: readonly string[] | undefined): boolean {
  return event !== undefined && events?.includes(event) === true;
}

function isIn(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}
