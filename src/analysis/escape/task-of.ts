import * as ts from 'typescript';
import { parametersOf } from '../effects/callees-of.ts';
import { defineSummary } from '../effects/summary.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { receiversOf } from './callee.ts';
import { isLocal, referencesOf, symbolAt } from './references.ts';
import { usesOf, usesOfSymbol, type ValueUse } from './value-uses.ts';

/**
 * Who waits for a promise.
 *
 * - `awaited`: this function, by an `await` of it or of a chain that begins with it
 * - `joined`: this function, together with others (`await Promise.all(…)`)
 * - `raced`: this function, until the first of several settles
 * - `returned`: whoever called this function
 * - `stored`: it was put where other code finds it (a field, a map, a closure); `waiter` is the code that waits for it there
 * - `detached`: the platform (`waitUntil`)
 * - `passed`: it went to code that we cannot see: nobody knows
 * - `dropped`: nobody
 */
export type TaskEnd = 'awaited' | 'detached' | 'dropped' | 'joined' | 'passed' | 'raced' | 'returned' | 'stored';

/** What becomes of a promise. */
export interface Task {
  readonly is: TaskEnd;
  /** What shows it: the `await`, the call that takes it, the statement that drops it. */
  readonly witness: ts.Node;
  /** The handler of its rejection, where it has one (`.catch(handler)`). */
  readonly handler?: ts.Expression;
  /** For `stored`: the place that waits for it, if the file has one. */
  readonly waiter?: ts.Node;
  /** For `returned`: what is returned is the outcome of a join or a race. */
  readonly via?: 'joined' | 'raced';
  /** For `awaited`, `joined`, `returned`: a way to the normal end of this function that does not pass it. */
  readonly missed?: readonly Step[];
}

/** One end of one way that the promise takes. */
interface End {
  readonly is: Exclude<TaskEnd, 'joined' | 'raced'>;
  /** Did it pass a join or a race on the way? */
  readonly via?: 'joined' | 'raced';
  readonly witness: ts.Node;
  readonly handler?: ts.Expression;
  readonly waiter?: ts.Node;
}

/** From the end that waits most to the one that waits least. */
const ORDER: readonly End['is'][] = ['awaited', 'returned', 'detached', 'stored', 'passed', 'dropped'];

/** Chains, joins and helpers that one promise may pass through. */
const MOST_LEVELS = 8;

/**
 * Who waits for the value of an expression, a promise.
 *
 * Looked through: wrappers, `void`, `.then/.catch/.finally`, conditionals, comma, local variables, arrays that are joined later,
 * callbacks that return it to a chain, a `map` or a limiter, helpers of the project that get it as an argument.
 * Doubt: a callee that we cannot see may wait for it or not: `passed`.
 */
export const taskOf = defineFact<ts.Expression, Task>({
  name: 'task-of',
  scope: 'program',
  compute(expression, core) {
    const ends = endsOf(expression, asking(core), 0);
    const best: End = bestOf(ends) ?? { is: 'dropped', witness: wrapped(expression).parent };
    const { via, ...end } = best;
    if (end.is !== 'awaited' && end.is !== 'returned') return end;
    const missed = missedBy(expression, ends, core);
    const outcome = end.is === 'awaited' ? { is: via ?? end.is } : via === undefined ? {} : { via };
    return { ...end, ...outcome, ...(missed === undefined ? {} : { missed }) };
  },
});

type EndsOfParameters = ReadonlyMap<ts.ParameterDeclaration, readonly End[]>;

/** What becomes of the promises that a function of the project gets. */
const parameterEnds: Fact<FunctionNode, EndsOfParameters> = defineSummary<EndsOfParameters>({
  name: 'parameter-tasks',
  start: () => new Map(),
  same: (left, right) =>
    left.size === right.size && [...left].every(([parameter, ends]) => isSameEnds(ends, right.get(parameter))),
  widen: (_fn, last) =>
    new Map([...last].map(([parameter, ends]) => [parameter, [...ends, { is: 'passed', witness: parameter }]])),
  of: (fn, core, ask) =>
    new Map(parametersOf(fn).map((parameter) => [parameter, endsOfParameter(parameter, asking(core, ask))])),
});

function isSameEnds(left: readonly End[], right: readonly End[] | undefined): boolean {
  return (
    left.length === right?.length &&
    left.every(({ is, via, witness, handler }, at) => {
      const other = right[at];
      return other?.is === is && other.via === via && other.witness === witness && other.handler === handler;
    })
  );
}

function endsOfParameter(parameter: ts.ParameterDeclaration, core: Asking): readonly End[] {
  const { name } = parameter;
  const symbol = ts.isIdentifier(name) ? core.checker.getSymbolAtLocation(name) : undefined;
  const isPlain = isPrimitive(core.checker.getTypeAtLocation(name), core.checker);
  if (symbol === undefined || isPlain) return [{ is: 'passed', witness: parameter }];
  return distinct(endsOfUses(usesOfSymbol(symbol, core), parameter, core, 0));
}

function bestOf(ends: readonly End[]): End | undefined {
  let best: End | undefined;
  for (const end of ends) {
    if (best === undefined || ORDER.indexOf(end.is) < ORDER.indexOf(best.is)) best = end;
    else if (end.is === best.is && best.handler === undefined && end.handler !== undefined) best = end;
  }
  return best;
}

/** The core, with what was found for other expressions on the way of the same promise. */
interface Asking extends Core {
  readonly found: Map<ts.Node, readonly End[]>;
  endsIn(fn: FunctionNode): EndsOfParameters;
}

function asking(core: Core, ask: Asking['endsIn'] = (fn) => core.ask(parameterEnds, fn)): Asking {
  return { ...core, found: new Map(), endsIn: ask };
}

/** Expressions and collections that one promise is followed through. */
const MOST_FOUND = 200;

function endsOf(expression: ts.Expression, core: Asking, level: number): readonly End[] {
  return once(expression, core, level, () => endsOfUses(usesOf(expression, core), expression, core, level));
}

/** The ends of one expression or collection, looked for once: a way back to it adds nothing. */
function once(node: ts.Node, core: Asking, level: number, look: () => readonly End[]): readonly End[] {
  const known = core.found.get(node);
  if (known !== undefined) return known;
  if (level > MOST_LEVELS || core.found.size > MOST_FOUND) return [{ is: 'passed', witness: node }];
  core.found.set(node, []);
  const ends = distinct(look());
  core.found.set(node, ends);
  return ends;
}

function distinct(ends: readonly End[]): readonly End[] {
  const seen = new Map<ts.Node, End[]>();
  return ends.filter((end) => {
    const same = seen.get(end.witness) ?? [];
    if (same.some(({ is, via, handler }) => is === end.is && via === end.via && handler === end.handler)) return false;
    seen.set(end.witness, [...same, end]);
    return true;
  });
}

function endsOfUses(
  uses: readonly ValueUse[] | undefined,
  value: ts.Node,
  core: Asking,
  level: number,
): readonly End[] {
  if (uses === undefined) return [{ is: 'passed', witness: value }];
  return uses.flatMap((use) => endsOfUse(use, core, level));
}

function endsOfUse(use: ValueUse, core: Asking, level: number): readonly End[] {
  const { by, kind } = use;
  switch (kind) {
    case 'awaited':
      return use.heldIn === undefined ? [{ is: 'awaited', witness: by }] : [];
    case 'returned':
      return returnedFrom(use, core, level);
    case 'yielded':
      return [{ is: 'returned', witness: by }];
    case 'dropped':
      return [{ is: 'dropped', witness: by }];
    case 'stored':
      return [storedIn(use, core)];
    case 'exported':
    case 'disposed':
      return [{ is: 'stored', witness: by }];
    case 'argument':
      return ts.isCallExpression(by) || ts.isNewExpression(by)
        ? passedTo(by, use, core, level)
        : [{ is: 'passed', witness: by }];
    case 'method':
      return calledOn(use, core, level);
    case 'iterated':
      return use.heldIn === undefined ? [] : iterated(use, core, level);
    case 'called':
    case 'other':
    case 'thrown':
      return [{ is: 'passed', witness: by }];
    case 'read':
    case 'rebound':
    case 'tested':
    case 'written':
      return [];
  }
}

/** `p.then(…)`: what becomes of the chain becomes of the promise. */
function calledOn({ by, heldIn }: ValueUse, core: Asking, level: number): readonly End[] {
  if (!ts.isCallExpression(by) || heldIn !== undefined) return [];
  const chain = core.api.plays(by, 'chains');
  if (chain === undefined) return [];
  const handler = chain.handlesRejection === undefined ? undefined : by.arguments[chain.handlesRejection];
  const ends = endsOf(by, core, level + 1);
  if (handler === undefined || isNothing(handler)) return ends;
  return ends.map((end) => ({ ...end, handler: end.handler ?? handler }));
}

function isNothing(expression: ts.Expression): boolean {
  const inner = bare(expression);
  return inner.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(inner) && inner.text === 'undefined');
}

function passedTo(
  call: ts.CallExpression | ts.NewExpression,
  use: ValueUse,
  core: Asking,
  level: number,
): readonly End[] {
  const { api } = core;
  if (api.plays(call, 'joins') !== undefined) return passing(endsOf(call, core, level + 1), 'joined');
  if (api.plays(call, 'races') !== undefined || api.plays(call, 'bounds-argument') !== undefined) {
    return passing(endsOf(call, core, level + 1), 'raced');
  }
  if (api.plays(call, 'detaches') !== undefined) return [{ is: 'detached', witness: call }];
  const match = api.memberOf(call);
  // `Promise.resolve(p)` and the like give the promise back.
  if (match?.value === use.argument && api.plays(call, 'safe') !== undefined) return endsOf(call, core, level + 1);
  if (api.plays(call, 'mutates') !== undefined && ts.isCallExpression(call)) return [...putInto(call, core, level)];
  if (use.argument === undefined || use.heldIn !== undefined) return [{ is: 'passed', witness: call }];
  const { parameters, isComplete } = receiversOf(call, use.argument, core);
  const unseen: readonly End[] = isComplete ? [] : [{ is: 'passed', witness: call }];
  if (isComplete && parameters.length === 0) return [{ is: 'dropped', witness: call }];
  return parameters.reduce((ends, parameter) => {
    const own = core.endsIn(parameter.parent as FunctionNode).get(parameter) ?? [];
    if (own.length === 0) return [...ends, { is: 'dropped', witness: call }];
    return [...ends, ...own.flatMap((end) => seenFromCall(end, call, core, level))];
  }, unseen);
}

/** Ends after a join or a race; after a race nothing is waited for to its end. */
function passing(ends: readonly End[], via: 'joined' | 'raced'): readonly End[] {
  return ends.map((end) => ({ ...end, via: end.via === 'raced' ? 'raced' : via }));
}

/** What a callee does with its promise, seen from the call: if it waits, the promise of the call stands for the one passed. */
function seenFromCall(
  end: End,
  call: ts.CallExpression | ts.NewExpression,
  core: Asking,
  level: number,
): readonly End[] {
  if (end.is !== 'awaited' && end.is !== 'returned') return [end];
  const outer = endsOf(call, core, level + 1).map((one) => {
    const handler = one.handler ?? end.handler;
    return { ...one, ...(handler === undefined ? {} : { handler }) };
  });
  return end.via === undefined ? outer : passing(outer, end.via);
}

/** Put into a collection: what becomes of the collection, if that is a local one. */
function putInto(call: ts.CallExpression, core: Asking, level: number): readonly End[] {
  const callee = bare(call.expression);
  const holder = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  if (holder === undefined) return [{ is: 'passed', witness: call }];
  const symbol = symbolAt(ts.isPropertyAccessExpression(holder) ? holder.name : holder, core.checker);
  if (symbol === undefined) return [{ is: 'stored', witness: call }];
  if (!ts.isIdentifier(holder) || !isLocal(symbol)) return [storedUnder(symbol, call, core)];
  const ends = once(symbol.valueDeclaration ?? holder, core, level, () =>
    endsOfCollection(usesOfSymbol(symbol, core), call, core, level + 1),
  );
  return ends.length > 0 ? ends : [{ is: 'dropped', witness: call }];
}

/** What becomes of the promises in a collection; to wait for the collection itself is to wait for nothing. */
function endsOfCollection(
  uses: readonly ValueUse[] | undefined,
  value: ts.Node,
  core: Asking,
  level: number,
): readonly End[] {
  if (uses === undefined || level > MOST_LEVELS) return [{ is: 'passed', witness: value }];
  return uses.flatMap((use): readonly End[] => {
    if (use.kind === 'iterated') {
      const literal = ts.isSpreadElement(use.by) ? use.by.parent : undefined;
      if (literal === undefined || !ts.isArrayLiteralExpression(literal)) return iterated(use, core, level);
      return endsOfCollection(usesOf(literal, core), literal, core, level + 1);
    }
    return use.kind === 'awaited' || use.kind === 'method' ? [] : endsOfUse(use, core, level + 1);
  });
}

/** `for (const p of promises) await p` and `for await`. */
function iterated({ by }: ValueUse, core: Asking, level: number): readonly End[] {
  if (!ts.isForOfStatement(by)) return [{ is: 'passed', witness: by }];
  if (by.awaitModifier !== undefined) return [{ is: 'awaited', via: 'joined', witness: by }];
  const name = ts.isVariableDeclarationList(by.initializer) ? by.initializer.declarations[0]?.name : undefined;
  const symbol = name === undefined || !ts.isIdentifier(name) ? undefined : core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return [{ is: 'passed', witness: by }];
  return endsOfUses(usesOfSymbol(symbol, core), by, core, level + 1);
}

function storedIn(use: ValueUse, core: Core): End {
  const { target } = use;
  const name = target !== undefined && ts.isPropertyAccessExpression(target) ? target.name : target;
  const isName = name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name));
  const symbol = isName ? symbolAt(name, core.checker) : undefined;
  return symbol === undefined ? { is: 'stored', witness: use.by } : storedUnder(symbol, use.by, core);
}

/** Stored under a name: is there code in the file that waits for what it holds? */
function storedUnder(symbol: ts.Symbol, witness: ts.Node, core: Core): End {
  for (const reference of referencesOf(symbol, core)) {
    const waiter = waiterOf(reference, core);
    if (waiter !== undefined) return { is: 'stored', witness, waiter };
  }
  return { is: 'stored', witness };
}

/** The `await`, join or return that a name or one of its members ends in. */
function waiterOf(name: ts.Node, core: Core): ts.Node | undefined {
  let node = wrapped(ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name);
  for (let steps = 0; steps < 12; steps++) {
    const parent = node.parent;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return parent;
    if (ts.isForOfStatement(parent) && parent.expression === node) {
      return parent.awaitModifier !== undefined || /\bawait\b/.test(parent.statement.getText()) ? parent : undefined;
    }
    const isPart =
      ts.isPropertyAccessExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isConditionalExpression(parent) ||
      ts.isBinaryExpression(parent);
    if (isPart) {
      node = wrapped(parent);
      continue;
    }
    if (!ts.isCallExpression(parent)) return undefined;
    const isCallee = parent.expression === node;
    if (!isCallee && core.api.plays(parent, 'joins') === undefined && core.api.plays(parent, 'races') === undefined)
      return undefined;
    node = wrapped(parent);
  }
  return undefined;
}

/** Returned from a closure: the receiver of the closure gets the promise. */
function returnedFrom(use: ValueUse, core: Asking, level: number): readonly End[] {
  const fn = use.within;
  const plain: End = { is: 'returned', witness: use.by };
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return [plain];
  if (level > MOST_LEVELS) return [{ is: 'passed', witness: use.by }];
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return [plain];
  if (call.expression === outer) return endsOf(call, core, level + 1);
  const { api } = core;
  const match = api.memberOf(call);
  const resultOfCall = (): readonly End[] => endsOf(call, core, level + 1);
  if (match !== undefined) {
    if (api.plays(call, 'chains') !== undefined) return resultOfCall();
    if (api.plays(call, 'exclusive') !== undefined || api.plays(call, 'runs-concurrently') !== undefined)
      return resultOfCall();
    if (api.plays(call, 'detaches') !== undefined) return [{ is: 'detached', witness: call }];
    if (api.plays(call, 'runs-now') !== undefined)
      return holdsPromises(call, core) ? collected(call, core, level) : [{ is: 'dropped', witness: call }];
    if (api.plays(call, 'handler') !== undefined) return [plain];
    if (api.plays(call, 'listener') !== undefined || api.plays(call, 'defers') !== undefined) {
      return [match.catches === true ? { is: 'passed', witness: call } : { is: 'dropped', witness: call }];
    }
    return [plain];
  }
  const at = call.arguments?.indexOf(outer as ts.Expression) ?? -1;
  if (at < 0) return [{ is: 'passed', witness: call }];
  const { parameters, isComplete } = receiversOf(call, at, core);
  const unseen: readonly End[] = isComplete ? [] : [{ is: 'passed', witness: call }];
  return parameters.reduce((ends, parameter) => [...ends, ...endsOfCallback(parameter, call, core, level)], unseen);
}

/** What becomes of the promise that a callback gives back to a helper of the project. */
function endsOfCallback(
  parameter: ts.ParameterDeclaration,
  call: ts.CallExpression | ts.NewExpression,
  core: Asking,
  level: number,
): readonly End[] {
  const symbol = ts.isIdentifier(parameter.name) ? core.checker.getSymbolAtLocation(parameter.name) : undefined;
  if (symbol === undefined) return [{ is: 'passed', witness: call }];
  const home = enclosingFunctionOf(parameter.name);
  return (usesOfSymbol(symbol, core) ?? []).flatMap((callback): readonly End[] => {
    if (callback.kind !== 'called' || !ts.isCallExpression(callback.by)) {
      return callback.kind === 'argument' ? [{ is: 'passed', witness: call }] : [];
    }
    const ends = endsOf(callback.by, core, level + 1);
    return ends.flatMap((end) =>
      enclosingFunctionOf(end.witness) === home ? seenFromCall(end, call, core, level) : [end],
    );
  });
}

/** The call gives back what its callbacks returned, in a collection. */
function collected(call: ts.CallExpression | ts.NewExpression, core: Asking, level: number): readonly End[] {
  if (isPromiseType(core.checker.getTypeAtLocation(call), core)) return endsOf(call, core, level + 1);
  return endsOfCollection(usesOf(call, core), call, core, level + 1);
}

function holdsPromises(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(call);
  if (isPromiseType(type, core)) return true;
  const element = core.checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  return element !== undefined && isPromiseType(element, core);
}

function isPromiseType(type: ts.Type, core: Core): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => core.checker.getPropertyOfType(part, 'then') !== undefined);
}

/** A way from the start of the promise to the normal end of its function on which nobody waits for it. */
function missedBy(expression: ts.Expression, ends: readonly End[], core: Core): readonly Step[] | undefined {
  const home = enclosingFunctionOf(expression);
  const waits = new Set(ends.filter(({ is }) => is !== 'dropped' && is !== 'passed').map(({ witness }) => witness));
  const graph = core.ask(flowGraph, home);
  const start =
    graph.stepsOf(bare(expression)).find(({ kind }) => kind === 'call') ?? graph.stepsOf(bare(expression))[0];
  if (start === undefined || graph.truncated) return undefined;
  return pathOf({
    from: start,
    to: (step) => step === graph.exit,
    avoiding: (step) => waits.has(step.node) || (step.kind === 'return' && waits.has(step.node.parent)),
    without: (edge) => edge.way === 'throw',
  });
}
