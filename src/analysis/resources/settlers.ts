import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { referencesOf } from '../escape/references.ts';
import { usesOf, usesOfSymbol, type ValueUse } from '../escape/value-uses.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';

/** A listener on the way to where a promise is settled. */
export interface Hop {
  /** The call that gets the listener. */
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly emitter: ts.Expression;
  /** The event, where it is written out or the call says it (`http.get(url, onResponse)`). */
  readonly event: string | undefined;
  /** Where the event is written; the callee when it is not. */
  readonly at: ts.Node;
}

/**
 * One place from which a hand-made promise is settled.
 *
 * - `now`: before the executor returns
 * - `events`: in listeners, from the outermost to the innermost
 * - `limit`: by a timer or a signal
 * - `kept`: the resolver is kept for somebody else
 * - `callback`: in a callback of a call, or by another promise
 */
export interface Settler {
  readonly settles: 'reject' | 'resolve';
  readonly use: ValueUse;
  readonly by: 'callback' | 'events' | 'kept' | 'limit' | 'now';
  readonly hops: readonly Hop[];
  /** For `callback`: the call that gets the callback or the resolver. */
  readonly call?: ts.CallExpression | ts.NewExpression;
  /** For `callback`: the callback, unless the resolver itself was given. */
  readonly closure?: FunctionNode;
}

/** A promise that is made by hand: `new Promise(executor)`, `Promise.withResolvers()`. */
export interface HandMade {
  readonly at: ts.CallExpression | ts.NewExpression;
  readonly executor?: ts.ArrowFunction | ts.FunctionExpression;
  /** The executor, or the function that has the resolvers. */
  readonly region: FunctionNode;
  readonly resolve?: ts.Identifier;
  readonly reject?: ts.Identifier;
  /** Who waits for it is asked of this: the `new Promise`, or the name of the promise where it is used first. */
  readonly value: ts.Expression;
  readonly settlers: readonly Settler[];
}

/** The hand-made promise that an expression makes, with all the places that settle it; `undefined` for anything else. */
export const handMadeAt = defineFact<ts.CallExpression | ts.NewExpression, HandMade | undefined>({
  name: 'hand-made-promise',
  scope: 'program',
  compute: (at, core) => (ts.isNewExpression(at) ? withExecutor(at, core) : withResolvers(at, core)),
});

function withExecutor(at: ts.NewExpression, core: Core): HandMade | undefined {
  const executor = at.arguments?.[0] === undefined ? undefined : bare(at.arguments[0]);
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return undefined;
  if (core.api.plays(at, 'runs-now') === undefined) return undefined;
  const [resolve, reject] = executor.parameters.map(({ name }) => (ts.isIdentifier(name) ? name : undefined));
  return { at, executor, region: executor, value: at, ...resolversOf(resolve, reject, executor, core) };
}

function withResolvers(at: ts.CallExpression, core: Core): HandMade | undefined {
  const { parent } = at;
  const isPair =
    core.api.memberOf(at)?.name === 'Promise.static:withResolvers' &&
    ts.isVariableDeclaration(parent) &&
    ts.isObjectBindingPattern(parent.name);
  if (!isPair) return undefined;
  const { elements } = parent.name;
  const nameOf = (wanted: string): ts.Identifier | undefined => {
    const found = elements.find(({ name, propertyName }) => (propertyName ?? name).getText() === wanted)?.name;
    return found !== undefined && ts.isIdentifier(found) ? found : undefined;
  };
  const promise = nameOf('promise');
  const symbol = promise === undefined ? undefined : core.checker.getSymbolAtLocation(promise);
  const value = symbol === undefined ? undefined : referencesOf(symbol, core)[0];
  const region = enclosingFunctionOf(at);
  if (value === undefined || ts.isSourceFile(region)) return undefined;
  return { at, region, value, ...resolversOf(nameOf('resolve'), nameOf('reject'), region, core) };
}

function resolversOf(
  resolve: ts.Identifier | undefined,
  reject: ts.Identifier | undefined,
  region: FunctionNode,
  core: Core,
): Pick<HandMade, 'reject' | 'resolve' | 'settlers'> {
  return {
    ...(resolve === undefined ? {} : { resolve }),
    ...(reject === undefined ? {} : { reject }),
    settlers: [...settlersOf(resolve, 'resolve', region, core), ...settlersOf(reject, 'reject', region, core)],
  };
}

function settlersOf(
  name: ts.Identifier | undefined,
  settles: Settler['settles'],
  executor: FunctionNode,
  core: Core,
): readonly Settler[] {
  const symbol = name === undefined ? undefined : core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [];
  return (usesOfSymbol(symbol, core) ?? []).flatMap((use): Settler[] => {
    if (use.kind === 'tested' || use.kind === 'rebound') return [];
    const isGiven = use.kind === 'argument' && (ts.isCallExpression(use.by) || ts.isNewExpression(use.by));
    if (use.heldIn !== undefined || (use.kind !== 'called' && !isGiven)) {
      return [{ settles, use, by: 'kept', hops: [] }];
    }
    const outer = waysInto(use.within, executor, core, 0);
    if (!isGiven) return outer.map((way) => ({ settles, use, ...way }));
    const inner = wayOf(use.by, undefined, core);
    return inner === undefined ? [] : outer.map((way) => ({ settles, use, ...joined(way, inner) }));
  });
}

type Way = Pick<Settler, 'by' | 'call' | 'closure' | 'hops'>;

const AT_ONCE: Way = { by: 'now', hops: [] };
const KEPT: Way = { by: 'kept', hops: [] };

/** Functions inside functions looked through. */
const MOST_LEVELS = 6;

/** How the code of a closure comes to run, seen from the executor: by what is done with it, not by when. */
function waysInto(fn: FunctionNode, executor: FunctionNode, core: Core, level: number): readonly Way[] {
  if (fn === executor) return [AT_ONCE];
  const uses = level > MOST_LEVELS ? undefined : usesOfFunction(fn, core);
  if (uses === undefined) return [KEPT];
  return uses.flatMap((use): readonly Way[] => {
    const { by, kind } = use;
    if (kind === 'tested' || kind === 'rebound' || kind === 'dropped') return [];
    const outer = waysInto(use.within, executor, core, level + 1);
    if (kind === 'called' && use.heldIn === undefined) return outer;
    const isGiven =
      kind === 'argument' && use.heldIn === undefined && (ts.isCallExpression(by) || ts.isNewExpression(by));
    if (!isGiven) return [KEPT];
    const inner = wayOf(by, fn, core);
    return inner === undefined ? [] : outer.map((way) => joined(way, inner));
  });
}

function usesOfFunction(fn: FunctionNode, core: Core): readonly ValueUse[] | undefined {
  if (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) return usesOf(fn, core);
  const symbol =
    ts.isFunctionDeclaration(fn) && fn.name !== undefined ? core.checker.getSymbolAtLocation(fn.name) : undefined;
  return symbol === undefined ? undefined : usesOfSymbol(symbol, core);
}

function joined(outer: Way, inner: Way): Way {
  if (outer.by === 'kept' || outer.by === 'limit' || outer.by === 'callback') {
    return inner.by === 'limit' ? inner : outer;
  }
  if (inner.by === 'now') return outer;
  return { ...inner, hops: [...outer.hops, ...inner.hops] };
}

/** What a call does with a callback, or with the resolver itself. `undefined`: it takes it away again. */
function wayOf(
  call: ts.CallExpression | ts.NewExpression,
  closure: FunctionNode | undefined,
  core: Core,
): Way | undefined {
  const other: Way = { by: 'callback', hops: [], call, ...(closure === undefined ? {} : { closure }) };
  const member = core.api.memberOf(call) ?? eitherOf(call, core);
  if (member === undefined) return other;
  if (hasRole(member, 'starts-timer')) return { by: 'limit', hops: [] };
  if (hasRole(member, 'unlistens')) return undefined;
  if (hasRole(member, 'mutates')) return { by: 'kept', hops: [] };
  if (hasRole(member, 'runs-now')) return AT_ONCE;
  const hop = hopAt(call, member, core);
  if (hop === 'signal') return { by: 'limit', hops: [] };
  return hop === undefined ? other : { by: 'events', hops: [hop] };
}

/** `get` of `const get = isSafe ? https.get : http.get`: what both of them do. */
function eitherOf(call: ts.CallExpression | ts.NewExpression, core: Core): MemberMatch | undefined {
  const callee = bare(call.expression);
  const declaration = ts.isIdentifier(callee) ? core.checker.getSymbolAtLocation(callee)?.valueDeclaration : undefined;
  const isConst =
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const choice = isConst && declaration.initializer !== undefined ? bare(declaration.initializer) : undefined;
  if (choice === undefined || !ts.isConditionalExpression(choice)) return undefined;
  const [one, two] = [choice.whenTrue, choice.whenFalse].map((each) => core.api.memberAt(bare(each)));
  return one?.listensFor !== undefined && one.listensFor === two?.listensFor ? one : undefined;
}

function hopAt(
  call: ts.CallExpression | ts.NewExpression,
  member: MemberMatch,
  core: Core,
): Hop | 'signal' | undefined {
  const callee = bare(call.expression);
  if (member.listensFor !== undefined) {
    const isEmitter = (node: ts.Expression): boolean =>
      core.api.isA(core.checker.getTypeAtLocation(node), 'emitter') !== undefined;
    const own = ts.isPropertyAccessExpression(callee) && isEmitter(callee.expression) ? callee.expression : undefined;
    if (own === undefined && !isEmitter(call)) return undefined;
    return {
      call,
      emitter: own === undefined ? resultOf(call) : chainStart(own, core),
      event: member.listensFor,
      at: callee,
    };
  }
  const isEvent =
    (hasRole(member, 'listener') || hasRole(member, 'defers') || hasRole(member, 'handler')) &&
    member.key !== undefined;
  if (!isEvent || !ts.isPropertyAccessExpression(callee)) return undefined;
  const emitter = chainStart(callee.expression, core);
  if (core.api.isA(core.checker.getTypeAtLocation(emitter), 'signal') !== undefined) return 'signal';
  const event = core.api.argumentOf(call, member.key);
  const isWritten = event !== undefined && ts.isStringLiteralLike(event);
  return { call, emitter, event: isWritten ? event.text : undefined, at: isWritten ? event : callee };
}

/** `socket` of `socket.on('error', fail).once('connect', go)`. */
export function chainStart(expression: ts.Expression, core: Core): ts.Expression {
  const node = bare(expression);
  if (!ts.isCallExpression(node)) return resultOf(node);
  const callee = bare(node.expression);
  const member = core.api.memberOf(node);
  const isChained =
    member?.key !== undefined &&
    (hasRole(member, 'listener') ||
      hasRole(member, 'defers') ||
      hasRole(member, 'handler') ||
      hasRole(member, 'unlistens'));
  return isChained && ts.isPropertyAccessExpression(callee) ? chainStart(callee.expression, core) : resultOf(node);
}

/** The variable that gets the value of an expression, if one does: the two stand for the same. */
function resultOf(expression: ts.Expression): ts.Expression {
  let at: ts.Node = expression;
  while (
    ts.isParenthesizedExpression(at.parent) ||
    ts.isAsExpression(at.parent) ||
    ts.isNonNullExpression(at.parent) ||
    ts.isSatisfiesExpression(at.parent) ||
    (ts.isPropertyAccessExpression(at.parent) &&
      ts.isCallExpression(at.parent.parent) &&
      at.parent.parent.expression === at.parent)
  ) {
    at = at.parent;
    if (ts.isPropertyAccessExpression(at)) at = at.parent;
  }
  const { parent } = at;
  if (ts.isVariableDeclaration(parent) && parent.initializer === at && ts.isIdentifier(parent.name)) return parent.name;
  const isAssigned =
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === at;
  return isAssigned ? parent.left : expression;
}
