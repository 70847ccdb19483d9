import * as ts from 'typescript';
import type { Doubt } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import { parametersOf } from '../effects/callees-of.ts';
import { locking } from '../effects/locking.ts';
import { hasRole } from '../effects/roles.ts';
import { defineSummary } from '../effects/summary.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode, isGenerator } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isCallable } from '../types/is-callable.ts';
import { receiversOf } from './callee.ts';
import { isReachableFromOutside, symbolAt } from './references.ts';
import { usesOf, usesOfSymbol, type ValueUse } from './value-uses.ts';

/**
 * When a function value runs, seen from the function that makes it.
 *
 * - `never`: nobody calls it
 * - `exclusive`: under a lock, one run at a time
 * - `now`: before its maker goes on, or as one awaited step of it
 * - `deferred-once`: later, once
 * - `unknown`: it went where we cannot follow
 * - `repeatedly`: later, any number of times; an async one may be entered again while it waits
 * - `concurrently`: several runs are started together
 */
export type ClosureWhen = 'concurrently' | 'deferred-once' | 'exclusive' | 'never' | 'now' | 'repeatedly' | 'unknown';

/** One way in which a function value comes to run. */
export interface ClosureRun {
  readonly when: ClosureWhen;
  /** What shows it: the call that runs or receives the function, the decorator, the place where it was lost. */
  readonly witness: ts.Node;
  /** The call that runs the function or receives it as a callback. */
  readonly call?: ts.CallExpression | ts.NewExpression;
  /** For `unknown`: why. */
  readonly because?: Doubt;
  /** The run happens when the result of this function is called: the function value was returned, alone or in a closure. */
  readonly asResultOf?: FunctionNode;
}

/** All the ways a function value comes to run, and the one that matters most. */
export interface ClosureTime {
  readonly when: ClosureWhen;
  /** The run that makes it so; `undefined` when it never runs. */
  readonly run: ClosureRun | undefined;
  readonly runs: readonly ClosureRun[];
}

/** From what interleaves least to what interleaves most; a doubt is stronger than any time that could not interleave twice. */
const ORDER: readonly ClosureWhen[] = [
  'never',
  'exclusive',
  'now',
  'deferred-once',
  'unknown',
  'repeatedly',
  'concurrently',
];

/** Of two times of one function value, the one that interleaves more. */
export function laterOf(left: ClosureWhen, right: ClosureWhen): ClosureWhen {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}

/** When something runs that runs at `inner` inside a function that runs at `outer`. A lock around either holds for both. */
export function within(outer: ClosureWhen, inner: ClosureWhen): ClosureWhen {
  if (outer === 'never' || inner === 'never') return 'never';
  if (outer === 'exclusive' || inner === 'exclusive') return 'exclusive';
  return laterOf(outer, inner);
}

/** Runs kept for one function; more of them say nothing new. */
const MOST_RUNS = 64;

const NO_RUNS: readonly ClosureRun[] = [];

/**
 * When a function value runs: once, later, again and again, several at a time, under a lock.
 *
 * Followed: names, `bind`, fields and methods in the file that declares them, callbacks by their catalogue role, callbacks of the
 * project's own functions by what those do with the parameter, functions wrapped by functions (`wrap(fn)` returned, then
 * registered), decorators. A call counts from the function in which it stands: what a listener calls runs repeatedly.
 * Doubt: what can be called from other files, or went to a callee that we cannot see, has a run of its own that is `unknown`.
 */
export const closureTime = defineFact<FunctionNode, ClosureTime>({
  name: 'closure-time',
  scope: 'program',
  compute: (fn, core) => {
    const { runs } = core.ask(timings, fn);
    return timeOf(resolve(runs, core));
  },
});

/**
 * What a function does with a callback that it gets: the runs of the parameter. Runs `asResultOf` the function happen when its
 * result is called.
 */
export const parameterTime = defineFact<ts.ParameterDeclaration, readonly ClosureRun[]>({
  name: 'parameter-time',
  scope: 'program',
  compute: (parameter, core) =>
    core.ask(timings, parameter.parent as FunctionNode).parameters.get(parameter) ?? NO_RUNS,
});

/** The runs of a function, those that depend on the caller of an outer function left open, and those of its callbacks. */
interface Timing {
  readonly runs: readonly ClosureRun[];
  readonly parameters: ReadonlyMap<ts.ParameterDeclaration, readonly ClosureRun[]>;
}

/** The core, and the timing of functions as far as it is known. */
interface Asking extends Core {
  timingOf(fn: FunctionNode): Timing;
  /** Fields and calls followed for the function in question: a way back to one adds nothing. */
  readonly followed: Set<ts.Node | ts.Symbol>;
}

function asking(core: Core, timingOf: Asking['timingOf']): Asking {
  return { ...core, timingOf, followed: new Set() };
}

const timings: Fact<FunctionNode, Timing> = defineSummary<Timing>({
  name: 'timings',
  start: () => ({ runs: NO_RUNS, parameters: new Map() }),
  same: (left, right) =>
    isSameRuns(left.runs, right.runs) &&
    left.parameters.size === right.parameters.size &&
    [...left.parameters].every(([parameter, runs]) => isSameRuns(runs, right.parameters.get(parameter) ?? NO_RUNS)),
  widen: (fn, last) => ({
    runs: [...last.runs, lost(fn, 'budget')],
    parameters: new Map(
      [...last.parameters].map(([parameter, runs]) => [parameter, [...runs, lost(parameter, 'budget')]]),
    ),
  }),
  of: (fn, core, ask) => {
    return {
      runs: runsOfFunction(fn, asking(core, ask)),
      parameters: new Map(
        parametersOf(fn).map((parameter) => [parameter, runsOfParameter(parameter, asking(core, ask))]),
      ),
    };
  },
});

function runsOfParameter(parameter: ts.ParameterDeclaration, core: Asking): readonly ClosureRun[] {
  const { name } = parameter;
  if (!ts.isIdentifier(name)) return [lost(parameter, 'escapes')];
  const symbol = core.checker.getSymbolAtLocation(name);
  const type = core.checker.getTypeAtLocation(name);
  if (symbol === undefined || !(isAnyLike(type) || isCallable(type, core.checker))) return [lost(parameter, 'any')];
  return runsOfUses(
    usesOfSymbol(symbol, core, { through: boundFunction }),
    parameter,
    enclosingFunctionOf(name),
    startsWorkByType(name, core),
    core,
  );
}

function isSameRuns(left: readonly ClosureRun[], right: readonly ClosureRun[]): boolean {
  return (
    left.length === right.length &&
    left.every((run, at) => {
      const other = right[at];
      return other?.when === run.when && other.witness === run.witness && other.asResultOf === run.asResultOf;
    })
  );
}

function timeOf(runs: readonly ClosureRun[]): ClosureTime {
  let strongest: ClosureRun | undefined;
  for (const run of runs) {
    if (strongest === undefined || ORDER.indexOf(run.when) > ORDER.indexOf(strongest.when)) strongest = run;
  }
  return { when: strongest?.when ?? 'never', run: strongest, runs };
}

function lost(witness: ts.Node, because: Doubt): ClosureRun {
  return { when: 'unknown', witness, because };
}

function runsOfFunction(fn: FunctionNode, core: Asking): readonly ClosureRun[] {
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn) || ts.isPropertyDeclaration(fn)) {
    return [{ when: 'now', witness: fn }];
  }
  const startsWork = startsWorkOf(fn, core);
  if (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) {
    return runsOfUses(usesOf(fn, core, { through: boundFunction }), fn, enclosingFunctionOf(fn), startsWork, core);
  }
  if (ts.isConstructorDeclaration(fn) || ts.isGetAccessor(fn) || ts.isSetAccessor(fn)) return [lost(fn, 'open-world')];
  const runs: ClosureRun[] = [];
  if (ts.isMethodDeclaration(fn)) runs.push(...runsByDecorators(fn, core));
  const symbol = fn.name === undefined ? undefined : core.checker.getSymbolAtLocation(fn.name);
  if (symbol === undefined) return [...runs, lost(fn, 'open-world')];
  if (ts.isMethodDeclaration(fn) && ts.isObjectLiteralExpression(fn.parent)) {
    const held = usesOfHolder(fn.parent, fn.name, core);
    runs.push(...runsOfUses(held, fn, enclosingFunctionOf(fn), startsWork, core));
  }
  runs.push(...runsOfMember(symbol, fn, startsWork, core));
  return shortened(runs);
}

/** The runs of what a named function or a member of a class holds: by its names in the file, and a doubt if others reach it. */
function runsOfMember(symbol: ts.Symbol, fn: FunctionNode, startsWork: boolean, core: Asking): ClosureRun[] {
  const home = enclosingFunctionOf(fn);
  const runs = [...runsOfUses(usesOfSymbol(symbol, core, { through: boundFunction }), fn, home, startsWork, core)];
  if (isReachableFromOutside(symbol, core)) runs.push(lost(fn, 'open-world'));
  return runs;
}

/** Uses of an object literal as far as they give away its methods: those of the literal as a whole. */
function usesOfHolder(
  literal: ts.ObjectLiteralExpression,
  name: ts.PropertyName,
  core: Core,
): readonly ValueUse[] | undefined {
  const key = ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
  return usesOf(literal, core)?.filter(
    // Calls and reads of the member itself are found by its name.
    (use) => key !== undefined && ['argument', 'exported', 'returned', 'stored', 'yielded', 'other'].includes(use.kind),
  );
}

function runsByDecorators(fn: ts.MethodDeclaration, core: Core): ClosureRun[] {
  return (ts.getDecorators(fn) ?? []).flatMap((decorator): ClosureRun[] => {
    const expression = bare(decorator.expression);
    const match = ts.isCallExpression(expression) ? core.api.memberOf(expression) : core.api.memberAt(expression);
    if (match === undefined) return [lost(decorator, 'unknown-callee')];
    return hasRole(match, 'handler-decorator') ? [{ when: 'repeatedly', witness: decorator }] : [];
  });
}

/** `f.bind(…)` is the function still. */
function boundFunction(use: ValueUse): ts.Expression | undefined {
  if (use.kind !== 'method' || !ts.isCallExpression(use.by)) return undefined;
  const callee = bare(use.by.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'bind' ? use.by : undefined;
}

function runsOfUses(
  uses: readonly ValueUse[] | undefined,
  value: ts.Node,
  home: FunctionNode,
  startsWork: boolean,
  core: Asking,
): readonly ClosureRun[] {
  if (uses === undefined) return [lost(value, 'budget')];
  const runs: ClosureRun[] = [];
  for (const use of uses) {
    for (const run of runsOfUse(use, home, startsWork, core)) runs.push(...nested(run, use, home, core));
    if (runs.length > MOST_RUNS) break;
  }
  return shortened(joinedTogether(runs, startsWork));
}

function shortened(runs: readonly ClosureRun[]): readonly ClosureRun[] {
  if (runs.length <= MOST_RUNS) return runs;
  const strongest = timeOf(runs).run;
  return strongest === undefined ? NO_RUNS : [strongest, lost(strongest.witness, 'budget')];
}

/** The same function started twice for one join (`Promise.all([load(a), load(b)])`) runs beside itself. */
function joinedTogether(runs: readonly ClosureRun[], startsWork: boolean): readonly ClosureRun[] {
  if (!startsWork) return runs;
  const byList = new Map<ts.Node, number>();
  for (const { call, when } of runs) {
    const list = call === undefined || when !== 'now' ? undefined : wrapped(call).parent;
    if (list !== undefined && ts.isArrayLiteralExpression(list)) byList.set(list, (byList.get(list) ?? 0) + 1);
  }
  return runs.map((run) => {
    const list = run.call === undefined ? undefined : wrapped(run.call).parent;
    return list !== undefined && run.when === 'now' && (byList.get(list) ?? 0) > 1
      ? { ...run, when: 'concurrently' }
      : run;
  });
}

function runsOfUse(use: ValueUse, home: FunctionNode, startsWork: boolean, core: Asking): readonly ClosureRun[] {
  switch (use.kind) {
    case 'called': {
      // An object that holds the function is not itself called; `new` of a class is another question.
      if (use.heldIn !== undefined || !ts.isCallExpression(use.by)) return [lost(use.by, 'escapes')];
      return [{ when: timeOfCall(use.by, startsWork, core), witness: use.by, call: use.by }];
    }
    case 'argument':
      return runsOfArgument(use, startsWork, core);
    case 'method': {
      if (use.heldIn !== undefined) return NO_RUNS;
      // `f.call(…)`, `f.apply(…)`
      const call = use.by as ts.CallExpression;
      return [{ when: timeOfCall(call, startsWork, core), witness: call, call }];
    }
    case 'returned':
      return [{ when: 'now', witness: use.by, asResultOf: use.within }];
    case 'stored':
      return runsOfStored(use, home, startsWork, core);
    case 'exported':
      return [lost(use.by, 'open-world')];
    case 'awaited':
    case 'disposed':
    case 'dropped':
    case 'read':
    case 'rebound':
    case 'tested':
    case 'written':
      return NO_RUNS;
    case 'iterated':
      return use.heldIn === undefined ? NO_RUNS : [lost(use.by, 'escapes')];
    case 'other':
    case 'thrown':
    case 'yielded':
      return [lost(use.by, 'escapes')];
  }
}

/** Stored in a field or a module variable: run by whoever calls that by its name in the file. */
function runsOfStored(use: ValueUse, home: FunctionNode, startsWork: boolean, core: Asking): readonly ClosureRun[] {
  const target = use.target;
  if (target !== undefined && ts.isIdentifier(target) && ts.isVariableDeclaration(use.by)) {
    const symbol = core.checker.getSymbolAtLocation(target);
    // The walk follows the variable by itself; here it matters only whether others can.
    return symbol !== undefined && isReachableFromOutside(symbol, core) ? [lost(use.by, 'open-world')] : NO_RUNS;
  }
  if (target === undefined || use.heldIn !== undefined) return [lost(use.by, 'escapes')];
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return [lost(use.by, 'escapes')];
  const symbol = symbolAt(name, core.checker);
  const declaration = symbol?.valueDeclaration;
  const isOwn = declaration !== undefined && !declaration.getSourceFile().isDeclarationFile;
  if (symbol === undefined || !isOwn) return [lost(use.by, 'escapes')];
  if (core.followed.has(symbol)) return NO_RUNS;
  core.followed.add(symbol);
  const here = ts.isPropertyDeclaration(use.by) ? home : use.within;
  const runs = [...runsOfUses(usesOfSymbol(symbol, core, { through: boundFunction }), use.by, here, startsWork, core)];
  if (isReachableFromOutside(symbol, core)) runs.push(lost(use.by, 'open-world'));
  return runs;
}

/** A direct call runs its callee now, unless the calls of a loop are started without waiting for each. */
function timeOfCall(call: ts.CallExpression, startsWork: boolean, core: Core): ClosureWhen {
  const loop = startsWork ? loopAround(call) : undefined;
  return loop === undefined || isAwaitedIn(call, loop, core) ? 'now' : 'concurrently';
}

/** The innermost loop of the same function whose body or condition holds the node. */
function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  let child = node;
  for (
    let parent = node.parent as ts.Node | undefined;
    parent !== undefined;
    parent = parent.parent as ts.Node | undefined
  ) {
    if (isFunctionNode(parent)) return undefined;
    if (ts.isIterationStatement(parent, false)) {
      const isOnce =
        (ts.isForStatement(parent) && parent.initializer === child) ||
        ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.expression === child);
      if (!isOnce) return parent;
    }
    child = parent;
  }
  return undefined;
}

function isAwaitedIn(call: ts.CallExpression, loop: ts.Node, core: Core): boolean {
  const parent = wrapped(call).parent;
  if (ts.isAwaitExpression(parent) || ts.isYieldExpression(parent) || ts.isReturnStatement(parent)) return true;
  return (
    usesOf(call, core, { through: chained(core) })?.some(
      ({ kind, by, heldIn }) =>
        (kind === 'awaited' || kind === 'returned') && heldIn === undefined && by.pos >= loop.pos && by.end <= loop.end,
    ) ?? false
  );
}

/** The promise of `p.then(…)` stands for `p`. */
function chained(core: Core): (use: ValueUse) => ts.Expression | undefined {
  return ({ kind, by }) =>
    kind === 'method' && ts.isCallExpression(by) && core.api.plays(by, 'chains') !== undefined ? by : undefined;
}

function runsOfArgument(use: ValueUse, startsWork: boolean, core: Asking): readonly ClosureRun[] {
  const call = use.by;
  if (!ts.isCallExpression(call) && !ts.isNewExpression(call)) return [lost(call, 'escapes')];
  const match = core.api.memberOf(call);
  const when = match === undefined ? undefined : timeByRole(match, call, use, startsWork, core);
  if (when !== undefined) return [{ when, witness: call, call }];
  if (use.heldIn === undefined && use.argument !== undefined) {
    const { parameters, isComplete } = receiversOf(call, use.argument, core);
    if (isComplete || parameters.length > 0) {
      const runs = parameters.flatMap((parameter): readonly ClosureRun[] => {
        const held = core
          .ask(locking, parameter.parent as FunctionNode)
          .exclusive.find((each) => each.parameter === parameter);
        if (held !== undefined) return [{ when: 'exclusive', witness: held.witness, call }];
        return runsAtCall(
          core.timingOf(parameter.parent as FunctionNode).parameters.get(parameter) ?? NO_RUNS,
          call,
          startsWork,
          core,
        );
      });
      return isComplete ? runs : [...runs, { ...lost(call, 'unknown-callee'), call }];
    }
  }
  return [{ ...lost(call, match === undefined ? 'unknown-callee' : 'escapes'), call }];
}

/** What the callee's parameter does, seen at one call: runs of the callee's result are those of the call's value. */
function runsAtCall(
  runs: readonly ClosureRun[],
  call: ts.CallExpression | ts.NewExpression,
  startsWork: boolean,
  core: Asking,
): readonly ClosureRun[] {
  const direct = runs
    .filter(({ asResultOf }) => asResultOf === undefined)
    .map((run): ClosureRun => ({ ...run, witness: run.call ?? run.witness, call }));
  const ofResult = runs.filter(({ asResultOf }) => asResultOf !== undefined);
  if (ofResult.length === 0 || core.followed.has(call)) return direct;
  core.followed.add(call);
  const { when } = timeOf(ofResult);
  const uses = usesOf(call, core, { through: boundFunction });
  const outer = runsOfUses(uses, call, enclosingFunctionOf(call), startsWork, core);
  return [...direct, ...outer.map((run) => ({ ...run, when: within(run.when, when) }))];
}

function timeByRole(
  match: MemberMatch,
  call: ts.CallExpression | ts.NewExpression,
  use: ValueUse,
  startsWork: boolean,
  core: Core,
): ClosureWhen | undefined {
  if (hasRole(match, 'unlistens') || hasRole(match, 'clears-timer')) return 'never';
  if (hasRole(match, 'exclusive')) return 'exclusive';
  if (hasRole(match, 'runs-concurrently')) return isOneAtATime(call, core) ? 'exclusive' : 'concurrently';
  if (hasRole(match, 'handler') || hasRole(match, 'listener')) return 'repeatedly';
  if (
    hasRole(match, 'defers') ||
    hasRole(match, 'chains') ||
    hasRole(match, 'registers-shutdown') ||
    hasRole(match, 'detaches')
  ) {
    return 'deferred-once';
  }
  if (hasRole(match, 'lends')) return 'now';
  if (!hasRole(match, 'runs-now')) return undefined;
  if (!startsWork || !runsForEach(call, core) || isAccumulating(call, use.node, core)) return 'now';
  return 'concurrently';
}

/** Does the call run its callback for each of several things: is the receiver, or an argument, a collection? */
function runsForEach(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  const sources = [
    ...(ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee) ? [callee.expression] : []),
    ...(call.arguments ?? []),
  ];
  return sources.some((source) => {
    if (isFunctionNode(bare(source))) return false;
    const type = core.checker.getTypeAtLocation(source);
    return core.api.isA(type, 'collection') !== undefined || core.checker.isArrayLikeType(type);
  });
}

/** `reduce(async (before, x) => { await before; … })`: each run waits for the one before. */
function isAccumulating(call: ts.CallExpression | ts.NewExpression, callback: ts.Node, core: Core): boolean {
  const fn = functionAt(callback, core);
  const first = fn === undefined ? undefined : fn.parameters[0]?.name;
  if (fn?.body === undefined || first === undefined || !ts.isIdentifier(first)) return false;
  const result = core.checker.getTypeAtLocation(call);
  if (!isPromiseLike(result)) return false;
  const symbol = core.checker.getSymbolAtLocation(first);
  const firstWait = firstWaitIn(fn.body);
  if (firstWait === undefined || !ts.isAwaitExpression(firstWait)) return false;
  const awaited = bare(firstWait.expression);
  return ts.isIdentifier(awaited) && symbol !== undefined && symbolAt(awaited, core.checker) === symbol;
}

/** The `await` or `for await` that is evaluated first, functions inside left out. */
function firstWaitIn(node: ts.Node): ts.Node | undefined {
  if (isFunctionNode(node)) return undefined;
  const inside = ts.forEachChild(node, firstWaitIn);
  if (inside !== undefined) return inside;
  const isWait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  return isWait ? node : undefined;
}

/** The function that an expression names or is. */
function functionAt(node: ts.Node, core: Core): ts.FunctionLikeDeclaration | undefined {
  const inner = bare(node);
  if (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) return inner;
  const name = ts.isPropertyAccessExpression(inner) ? inner.name : inner;
  const declaration = symbolAt(name, core.checker)?.valueDeclaration;
  if (declaration === undefined) return undefined;
  if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration)) return declaration;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    const value = bare(declaration.initializer);
    if (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) return value;
  }
  return undefined;
}

/** Was the limiter that runs the callback built for one at a time? */
function isOneAtATime(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  const limiter = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : callee;
  const name = ts.isPropertyAccessExpression(limiter) ? limiter.name : limiter;
  const declaration = symbolAt(name, core.checker)?.valueDeclaration;
  if (declaration === undefined || !(ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)))
    return false;
  const made = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  if (made === undefined || !(ts.isCallExpression(made) || ts.isNewExpression(made))) return false;
  const concurrency = core.api.plays(made, 'creates-limiter')?.concurrency;
  if (concurrency === undefined) return false;
  const given = made.arguments?.[concurrency.argument];
  if (given === undefined) return concurrency.fallback === 1;
  const said = ts.isObjectLiteralExpression(given)
    ? given.properties.find(
        (property): property is ts.PropertyAssignment =>
          ts.isPropertyAssignment(property) &&
          ts.isIdentifier(property.name) &&
          property.name.text === concurrency.option,
      )?.initializer
    : given;
  return said !== undefined && ts.isNumericLiteral(said)
    ? Number(said.text) === 1
    : said === undefined && concurrency.fallback === 1;
}

/** Does a call of the function start work that goes on after the call has returned? */
function startsWorkOf(fn: FunctionNode, core: Core): boolean {
  if (isAsync(fn)) return true;
  if (isGenerator(fn) || !ts.isFunctionLike(fn)) return false;
  const signature = core.checker.getSignatureFromDeclaration(fn);
  return signature !== undefined && isPromiseLike(core.checker.getReturnTypeOfSignature(signature));
}

function startsWorkByType(node: ts.Node, core: Core): boolean {
  const signatures = core.checker.getTypeAtLocation(node).getCallSignatures();
  return (
    signatures.length === 0 ||
    signatures.some((signature) => mayBePromise(core.checker.getReturnTypeOfSignature(signature)))
  );
}

function isPromiseLike(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => part.getProperty('then') !== undefined);
}

/** A callback parameter typed `() => void`, `() => unknown` or `() => T` takes async functions too. */
function mayBePromise(type: ts.Type): boolean {
  const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Void | ts.TypeFlags.TypeParameter;
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & open) !== 0 || part.getProperty('then') !== undefined);
}

/**
 * A run seen from the common ground of the value's home and its use: what happens inside closures happens when they run.
 */
function nested(run: ClosureRun, use: ValueUse, home: FunctionNode, core: Asking): readonly ClosureRun[] {
  let runs: ClosureRun[] = [run];
  for (let fn = use.within; fn !== home && !isInside(home, fn);) {
    if (ts.isSourceFile(fn)) break;
    // A function that is given away as the result of the one it stands in runs when that result does.
    if (!(run.asResultOf === fn && use.kind === 'returned'))
      runs = [...shortened(runs.flatMap((inner) => placed(inner, fn, core)))];
    fn = enclosingFunctionOf(fn);
  }
  return runs;
}

function placed(inner: ClosureRun, fn: FunctionNode, core: Asking): ClosureRun[] {
  const raw = core.timingOf(fn).runs;
  const makers = new Map<FunctionNode, ClosureWhen>();
  for (const { asResultOf, when } of raw) {
    if (asResultOf !== undefined) makers.set(asResultOf, laterOf(makers.get(asResultOf) ?? 'never', when));
  }
  const known = timeOf(raw.filter((run) => run.asResultOf === undefined));
  const placedRuns = [...makers].map(([asResultOf, when]): ClosureRun => ({
    ...inner,
    when: within(when, inner.when),
    asResultOf,
  }));
  if (known.run !== undefined || makers.size === 0) {
    const when = within(known.when, inner.when);
    const isStronger = when === known.when && when !== inner.when && known.run !== undefined;
    placedRuns.unshift({
      ...inner,
      when,
      ...(isStronger
        ? { witness: known.run.witness, ...(known.run.because === undefined ? {} : { because: known.run.because }) }
        : {}),
    });
  }
  return placedRuns;
}

function isInside(inner: ts.Node, outer: ts.Node): boolean {
  for (let node: ts.Node | undefined = inner; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (node === outer) return true;
  }
  return false;
}

/** Runs of a returned function happen where the result of its maker is used. */
function resolve(runs: readonly ClosureRun[], core: Core): readonly ClosureRun[] {
  return shortened(
    runs.flatMap((run): readonly ClosureRun[] => {
      if (run.asResultOf === undefined) return [run];
      const outer = timeOf(core.ask(resultRuns, run.asResultOf));
      return outer.runs.map((each) => ({ ...each, when: within(each.when, run.when) }));
    }),
  );
}

/** When the functions run that a function returns: the uses of the results of its calls. */
const resultRuns = defineFact<FunctionNode, readonly ClosureRun[]>({
  name: 'result-runs',
  scope: 'program',
  compute: (maker, core) => {
    const { list, isComplete, because } = callsOf(maker, core);
    const found: ClosureRun[] = [];
    for (const call of list) {
      const uses = usesOf(call, core, { through: boundFunction });
      const runs = runsOfUses(
        uses,
        call,
        enclosingFunctionOf(call),
        true,
        asking(core, (fn) => core.ask(timings, fn)),
      );
      found.push(...resolve(runs, core));
      if (found.length > MOST_RUNS) break;
    }
    return shortened(isComplete ? found : [...found, lost(maker, because)]);
  },
  start: () => NO_RUNS,
  same: isSameRuns,
});

interface Calls {
  readonly list: readonly ts.CallExpression[];
  readonly isComplete: boolean;
  readonly because: Doubt;
}

/** The calls of a function in its own file, and whether there may be more. */
function callsOf(fn: FunctionNode, core: Core): Calls {
  let uses: readonly ValueUse[] | undefined;
  let isOpen = false;
  if (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) {
    uses = usesOf(fn, core, { through: boundFunction });
  } else if ((ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn)) && fn.name !== undefined) {
    const symbol = core.checker.getSymbolAtLocation(fn.name);
    if (symbol === undefined) return { list: [], isComplete: false, because: 'open-world' };
    uses = usesOfSymbol(symbol, core, { through: boundFunction });
    isOpen = isReachableFromOutside(symbol, core);
  } else {
    return { list: [], isComplete: false, because: 'open-world' };
  }
  if (uses === undefined) return { list: [], isComplete: false, because: 'budget' };
  const list = uses.flatMap(({ kind, by }) => (kind === 'called' && ts.isCallExpression(by) ? [by] : []));
  const others = uses.some(({ kind }) => !['called', 'dropped', 'read', 'rebound', 'tested'].includes(kind));
  return { list, isComplete: !others && !isOpen, because: isOpen ? 'open-world' : 'escapes' };
}
