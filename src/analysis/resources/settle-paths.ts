import * as ts from 'typescript';
import type { TypeMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { usesOfSymbol } from '../escape/value-uses.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isSamePlace } from '../places/place.ts';
import { placeOf } from '../places/place-of.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { creationsOf } from './bound-of.ts';
import { type HandMade, handMadeAt, type Hop, type Settler } from './settlers.ts';

/**
 * An ending on which a hand-made promise stays pending, or settles as if nothing had failed.
 *
 * - `events`: the emitter may come to its end without the event that is listened to
 * - `branch`: a path of the executor, or of a callback that is called once, leaves without settling it
 * - `error`: a callback's error is not looked at
 */
export type SettleGap = BranchGap | ErrorGap | EventsGap;

export interface EventsGap {
  readonly kind: 'events';
  readonly promise: HandMade;
  /** The listener without which the promise stays pending. */
  readonly hop: Hop;
  /** The events that come instead and settle nothing: the failure first. */
  readonly missing: readonly string[];
  /** Does a failure settle it, so that only an end without one leaves it pending? */
  readonly hearsFailure: boolean;
  readonly isCertain: boolean;
}

export interface BranchGap {
  readonly kind: 'branch';
  readonly promise: HandMade;
  /** The `return` that leaves. */
  readonly at: ts.ReturnStatement;
  readonly isCertain: boolean;
}

export interface ErrorGap {
  readonly kind: 'error';
  readonly promise: HandMade;
  /** The parameter that nothing reads. */
  readonly parameter: ts.ParameterDeclaration;
  readonly callback: ts.ArrowFunction | ts.FunctionExpression;
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly isCertain: boolean;
}

/**
 * The endings that leave a hand-made promise unsettled.
 *
 * What is not asked: whether anybody waits for it, and whether something else ends that wait. A timer, a signal, a resolver that is kept for
 * somebody else: no gap, for that may settle it.
 * Doubt: events of which the emitter's table says nothing, emitters that recover, callbacks of calls that nobody knows.
 */
export const settleGaps = defineFact<ts.CallExpression | ts.NewExpression, readonly SettleGap[]>({
  name: 'settle-gaps',
  scope: 'program',
  compute(made, core) {
    const promise = core.ask(handMadeAt, made);
    if (!promise?.settlers.some(({ settles }) => settles === 'resolve')) return [];
    const errors: SettleGap[] = [...droppedErrors(promise, core)];
    const left = promise.executor === undefined ? undefined : returnWithout(promise.executor, promise, core);
    const found: SettleGap[] =
      left === undefined ? errors : [...errors, { kind: 'branch', promise, at: left, isCertain: true }];
    const isSettledHere = promise.executor === undefined && promise.settlers.some(({ by }) => by === 'now');
    if (isSettledHere || promise.settlers.some(({ by }) => by === 'kept' || by === 'limit')) return found;
    return [...found, ...callbackGaps(promise, core), ...eventGaps(promise, core)];
  },
});

// -------------------------------------------------------------------- events

function eventGaps(promise: HandMade, core: Core): readonly EventsGap[] {
  const { settlers } = promise;
  if (settlers.some(({ by, hops }) => by === 'callback' && hops.length === 0)) return [];
  const resolving = settlers.filter(({ settles, by }) => settles === 'resolve' && by !== 'now');
  const [first] = resolving;
  if (first === undefined) return [];
  for (const hop of first.hops) {
    // Every way to success leads through a listener of this emitter.
    const own = resolving.map(({ hops }) => hops.find((each) => isSameEmitter(each.emitter, hop.emitter, core)));
    if (own.some((each) => each === undefined)) continue;
    const gap = gapOf(hop, own as Hop[], promise, core);
    if (gap !== undefined) return [gap];
  }
  return [];
}

function gapOf(hop: Hop, successes: readonly Hop[], promise: HandMade, core: Core): EventsGap | undefined {
  const table = tableOf(hop.emitter, core)?.events;
  if (table === undefined || isOfProcess(hop.emitter, core)) return undefined;
  const { cutOff = [], end = [], failure = [], success = [] } = table;
  const heard = promise.settlers.flatMap(({ hops }) => beside(hops, hop));
  const names = heard.filter((each) => isSameEmitter(each.emitter, hop.emitter, core)).map(({ event }) => event);
  if (names.includes(undefined) || names.some((name) => end.includes(name ?? ''))) return undefined;
  // Another emitter that tells its end: it may stand for this one.
  const others = heard.filter((each) => !isSameEmitter(each.emitter, hop.emitter, core));
  if (others.some(({ emitter, event }) => event === undefined || isEndOf(emitter, event, core))) return undefined;
  if (others.some(({ emitter }) => isEndedIn(promise.region, emitter, core))) return undefined;
  const hearsFailure = names.some((name) => failure.includes(name ?? ''));
  const wanted = successes.flatMap(({ event }) => event ?? []);
  if (hearsFailure && !wanted.every((event) => cutOff.includes(event))) return undefined;
  const missing = [...(hearsFailure ? [] : failure.filter((name) => name === 'error')), ...end.slice(0, 1)];
  if (missing.length === 0) return undefined;
  const isKnown = wanted.every((event) => success.includes(event));
  const isAlone =
    others.every(({ emitter, event }) => !isFailureOf(emitter, event ?? '', core)) ||
    hop !== promise.settlers[0]?.hops[0];
  return {
    kind: 'events',
    promise,
    hop,
    missing,
    hearsFailure,
    isCertain: isKnown && isAlone && table.recovers !== true,
  };
}

/** Does a callback of the executor, a timer's or another listener's, end the emitter? What hangs on it is then told. */
function isEndedIn(executor: FunctionNode, emitter: ts.Expression, core: Core): boolean {
  const symbol = symbolAt(bare(emitter), core.checker);
  if (symbol === undefined) return false;
  return referencesOf(symbol, core).some((name) => {
    const access = wrapped(name).parent;
    const call = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
    if (call === undefined || !ts.isCallExpression(call) || !isIn(call, executor)) return false;
    const member = core.api.memberOf(call);
    return (
      enclosingFunctionOf(call) !== executor &&
      member !== undefined &&
      (hasRole(member, 'destroys') || hasRole(member, 'cuts-off'))
    );
  });
}

/** The listeners of a chain that are there whether or not this one is called. */
function beside(hops: readonly Hop[], hop: Hop): readonly Hop[] {
  const at = hops.findIndex(({ call }) => call === hop.call);
  return at < 0 ? hops : hops.slice(0, at + 1);
}

function tableOf(emitter: ts.Expression, core: Core): TypeMatch | undefined {
  return core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter');
}

function isEndOf(emitter: ts.Expression, event: string, core: Core): boolean {
  return tableOf(emitter, core)?.events?.end?.includes(event) === true;
}

function isFailureOf(emitter: ts.Expression, event: string, core: Core): boolean {
  return tableOf(emitter, core)?.events?.failure?.includes(event) === true;
}

/** `process.stdout` ends with the process; what reads `process.stdin` waits for a person. */
function isOfProcess(emitter: ts.Expression, core: Core): boolean {
  if (/^process\b/.test(bare(emitter).getText())) return true;
  return creationsOf(emitter, core)?.some((made) => /\bprocess\.stdin\b/.test(made.getText())) === true;
}

/** Do two expressions stand for the same emitter? */
export function isSameEmitter(left: ts.Expression, right: ts.Expression, core: Core): boolean {
  if (left === right) return true;
  const [here, there] = [placeOf(left, core), placeOf(right, core)];
  if (here !== undefined && there !== undefined && isSamePlace(here, there)) return true;
  const [one, two] = [bare(left), bare(right)];
  return (
    ts.isIdentifier(one) &&
    ts.isIdentifier(two) &&
    symbolAt(one, core.checker) !== undefined &&
    symbolAt(one, core.checker) === symbolAt(two, core.checker)
  );
}

// -------------------------------------------------------------------- branches

/** A callback that is called once, where nothing beside it settles the promise. */
function callbackGaps(promise: HandMade, core: Core): readonly BranchGap[] {
  const { settlers } = promise;
  const [first] = settlers;
  const closure = first?.closure;
  if (closure === undefined || first?.call === undefined || first.hops.length > 0) return [];
  if (settlers.some((settler) => settler.closure !== closure)) return [];
  const isOnce = callsOnce(first.call, closure, core);
  const there = returnWithout(closure, promise, core);
  return there === undefined ? [] : [{ kind: 'branch', promise, at: there, isCertain: isOnce }];
}

/** Does the call run its callback once, when its work is over? */
function callsOnce(call: ts.CallExpression | ts.NewExpression, closure: FunctionNode, core: Core): boolean {
  const member = core.api.memberOf(call);
  if (member !== undefined) return member.ends === 'callback' || hasRole(member, 'defers');
  const [error] = ts.isFunctionLike(closure) ? closure.parameters : [];
  return error !== undefined && isErrorParameter(error, core) === 'yes';
}

/** A `return` to which a path leads that touches nothing by which the promise can be settled. */
function returnWithout(fn: FunctionNode, promise: HandMade, core: Core): ts.ReturnStatement | undefined {
  const graph = core.ask(flowGraph, fn);
  if (graph.truncated) return undefined;
  const uses = promise.settlers.map(({ use }) => use.node);
  const names = new Set(
    [promise.resolve, promise.reject].flatMap((name) =>
      name === undefined ? [] : (core.checker.getSymbolAtLocation(name) ?? []),
    ),
  );
  const touches = (step: Step): boolean => {
    if (step.kind === 'make') return uses.some((use) => isIn(use, step.node)) || mentions(step.node, names, core);
    if (ts.isIdentifier(step.node))
      return step.kind === 'read' && names.has(symbolAt(step.node, core.checker) as ts.Symbol);
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) return false;
    const callee = bare(step.node.expression);
    if (ts.isIdentifier(callee) && names.has(symbolAt(callee, core.checker) as ts.Symbol)) return true;
    // The end of the process settles nothing and need not.
    return core.api.plays(step.node, 'exits') !== undefined;
  };
  if (graph.steps.some((step) => step.kind === 'make' && ts.isFunctionDeclaration(step.node) && touches(step)))
    return undefined;
  const path = pathOf({
    from: graph.enter,
    to: (step) => step.kind === 'return' && step.next.some(({ to }) => to === graph.exit),
    avoiding: touches,
    without: (edge) => edge.way === 'throw',
  });
  const left = path?.at(-1)?.node;
  if (left === undefined || !ts.isReturnStatement(left)) return undefined;
  // What is returned may settle it: `return settleLater()`.
  return left.expression === undefined || isPlain(left.expression) ? left : undefined;
}

function isPlain(expression: ts.Expression): boolean {
  const node = bare(expression);
  return ts.isLiteralExpression(node) || ts.isIdentifier(node) || node.kind === ts.SyntaxKind.NullKeyword;
}

function mentions(node: ts.Node, names: ReadonlySet<ts.Symbol>, core: Core): boolean {
  const look = (inner: ts.Node): boolean =>
    (ts.isIdentifier(inner) && names.has(symbolAt(inner, core.checker) as ts.Symbol)) ||
    (ts.forEachChild(inner, look) ?? false);
  return look(node);
}

function isIn(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end && node.getSourceFile() === outer.getSourceFile();
}

// -------------------------------------------------------------------- errors

function droppedErrors(promise: HandMade, core: Core): readonly ErrorGap[] {
  const seen = new Set<FunctionNode>();
  return promise.settlers.flatMap((settler): ErrorGap[] => {
    const { call, closure, settles } = settler;
    if (settles !== 'resolve' || closure === undefined || call === undefined || seen.has(closure)) return [];
    seen.add(closure);
    if (!ts.isArrowFunction(closure) && !ts.isFunctionExpression(closure)) return [];
    if (enclosingFunctionOf(settler.use.node) !== closure) return [];
    const [parameter, value] = closure.parameters;
    if (parameter === undefined || value === undefined || !ts.isIdentifier(parameter.name)) return [];
    const isError = isErrorParameter(parameter, core);
    const symbol = core.checker.getSymbolAtLocation(parameter.name);
    if (isError === 'no' || symbol === undefined || (usesOfSymbol(symbol, core) ?? [undefined]).length > 0) return [];
    if (!usesValue(settler, closure, core)) return [];
    return [
      {
        kind: 'error',
        promise,
        parameter,
        callback: closure,
        call,
        isCertain: isError === 'yes' && !isMeant(parameter),
      },
    ];
  });
}

/** `_error`: somebody says that it is not looked at. */
function isMeant({ name }: ts.ParameterDeclaration): boolean {
  return name.getText().startsWith('_');
}

/** Does the promise resolve with something, and are the other parameters of the callback looked at? */
function usesValue({ use }: Settler, closure: ts.ArrowFunction | ts.FunctionExpression, core: Core): boolean {
  if (!ts.isCallExpression(use.by) || use.by.arguments.length === 0) return false;
  const values = new Set(
    closure.parameters
      .slice(1)
      .flatMap(({ name }) => (ts.isIdentifier(name) ? (core.checker.getSymbolAtLocation(name) ?? []) : [])),
  );
  return mentions(closure.body, values, core);
}

/** Is the parameter the error of a callback: an `Error` or nothing? */
function isErrorParameter(parameter: ts.ParameterDeclaration, core: Core): 'maybe' | 'no' | 'yes' {
  const { checker } = core;
  const type = checker.getTypeAtLocation(parameter.name);
  const name = parameter.name.getText();
  if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0)
    return /^_?(?:e|err|error)$/i.test(name) ? 'maybe' : 'no';
  const parts = type.isUnion() ? type.types : [type];
  const errors = parts.filter(
    (part) =>
      checker.getPropertyOfType(part, 'stack') !== undefined &&
      checker.getPropertyOfType(part, 'message') !== undefined,
  );
  const nothing = parts.filter(({ flags }) => (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0);
  if (errors.length === 0 || errors.length + nothing.length < parts.length) return 'no';
  return nothing.length > 0 ? 'yes' : /err/i.test(name) ? 'maybe' : 'no';
}
