import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Failure, type FailureWitness, isSound } from '../effects/failure.ts';
import { failureAt } from '../effects/failures.ts';
import { hasRole } from '../effects/roles.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import type { Edge, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { givesThenable } from '../types/is-thenable.ts';
import type { Acquisition } from './acquisitions.ts';
import { type ChainedRelease, chainedReleaseOf } from './chained-release.ts';
import { dirtyPath } from './dirty-path.ts';
import { type Happening, HELD, RELEASED } from './lease-state.ts';
import { isGivenBackElsewhere, type Lease, parameterDoings } from './lease.ts';

/** A way out on which a leased object is neither given back nor handed on. */
export interface Leak {
  /** From the acquisition to the end of the function, or to the acquisition again. */
  readonly path: readonly Step[];
  /** How the function is left: by its end, by an exception, or not at all: the next turn of a loop acquires another. */
  readonly leaves: 'again' | 'exit' | 'throw';
  /** For `throw`: the step that throws, and why it may. */
  readonly throwing?: Step;
  readonly cause?: FailureWitness;
  /** Where nothing is thrown: the `return`, or the last choice of which the other way leads to a release. */
  readonly turn?: Step;
  /** The release that the path misses, if the function has one. */
  readonly missed?: Happening;
  /** The `.then` in whose callback alone that stands. */
  readonly chained?: ChainedRelease;
}

function isEnd({ is }: Happening): boolean {
  return is === 'release' || is === 'destroy';
}

/**
 * Is there a path on which the object is neither given back nor handed on?
 *
 * `yes` when every step of it can happen for certain; a path that needs a failure in doubt, a release that happens only sometimes, or
 * an escape that we cannot follow, is `unknown`. An exception that a release itself throws is no leak.
 */
export function leakPath(lease: Lease, core: Core): Answer<Leak, Leak> {
  const { graph, happenings } = lease;
  if (graph.truncated) return unknown('budget');
  const ending = happenings.filter(
    ({ is }) => is === 'release' || is === 'destroy' || is === 'hand-on' || is === 'part',
  );
  // A wait that fails goes before an exception of synchronous code, which correct programs may never meet.
  const certain =
    search(lease, ending, core, 'waits') ??
    search(lease, ending, core, 'certain') ??
    search(lease, ending, core, 'soft');
  if (certain !== undefined) {
    const leak = leakAlong(certain, lease, core);
    if (!lease.acquisition.isKnown) return unknown('unknown-callee', leak);
    const isLeft = lease.acquisition.member?.endsAlone === true || isGivenBackElsewhere(lease, core);
    if (isLeft && !happenings.some((each) => isEnd(each) && comesAfter(each, lease)))
      return unknown('open-world', leak);
    if (holdsNothingYet(lease, core)) return unknown('escapes', leak);
    return isCorrelated(certain, lease, core) ? unknown('escapes', leak) : yes(leak);
  }
  const chained = chainedReleaseOf(lease, core, (failure) => failure.certain !== undefined || isOfUnseen(failure));
  if (chained !== undefined) {
    const { release: missed, step: throwing } = chained;
    const leak: Leak = { path: [lease.acquire, throwing], leaves: 'throw', throwing, missed, chained };
    return lease.acquisition.isKnown ? yes(leak) : unknown('unknown-callee', leak);
  }
  const doubtful = search(
    lease,
    ending.filter(({ isCertain }) => isCertain),
    core,
    'doubtful',
  );
  if (doubtful === undefined) return NO;
  const escapes = doubtful.some((step) => happenings.some((each) => each.step === step && each.is === 'hand-on'));
  return unknown(escapes ? 'escapes' : 'unknown-callee', leakAlong(doubtful, lease, core));
}

/** Does a way lead from the acquisition there? A release before it belongs to what was taken earlier. */
function comesAfter({ step }: Happening, { acquire }: Lease): boolean {
  return pathOf({ from: acquire, to: (each) => each === step }) !== undefined;
}

function search(
  lease: Lease,
  ending: readonly Happening[],
  core: Core,
  takes: 'certain' | 'doubtful' | 'soft' | 'waits',
): readonly Step[] | undefined {
  const { graph, acquire, saysAbsent } = lease;
  const ends = new Set(ending.map(({ step }) => step));
  const saysGone = (edge: Edge, step: Step): boolean =>
    saysAbsent(edge, step) || saysEnded(edge, step, lease) || (edge.way === 'throw' && step === acquire);
  const isImpossible = (edge: Edge, step: Step): boolean => {
    if (saysGone(edge, step)) return true;
    if (edge.way !== 'throw' || step.kind === 'throw') return false;
    if (takes === 'waits' && step.kind !== 'suspend') return true;
    if (isOwnOpening(step, lease, core)) return true;
    const failure = failureAt(step, core);
    if (takes === 'doubtful') return isSound(failure) || isRegistration(step);
    if (step.kind === 'suspend' && isOfUnseen(failure)) return false;
    return failure.certain === undefined || (takes !== 'soft' && failure.certain.isSoft === true);
  };
  const isOut = (step: Step): boolean =>
    step === graph.escape || step === acquire || (step === graph.exit && !ends.has(step));
  const avoiding = (step: Step): boolean => ends.has(step);
  // Where even a failure of every step leads to an end, none of them need be asked for.
  if (pathOf({ from: acquire, avoiding, without: saysGone, to: isOut }) === undefined) return undefined;
  const query = { from: acquire, avoiding, without: isImpossible };
  return (
    pathOf({ ...query, to: (step) => step === graph.exit && !ends.has(step) }) ??
    pathOf({ ...query, to: (step) => step === graph.escape }) ??
    pathOf({ ...query, to: (step) => step === acquire })
  );
}

/** `client.on('error', …)` of whatever type: taking a listener does not fail. */
function isRegistration({ node }: Step): boolean {
  const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
  return (
    callee !== undefined &&
    ts.isPropertyAccessExpression(callee) &&
    /^(?:add|remove)(?:Event)?Listener$|^(?:off|on|once|removeAllListeners)$/.test(callee.name.text)
  );
}

/** A promise of a method without a body in the Program, or of a function that somebody gives: it may reject like any I/O. */
export function isOfUnseen({ doubtful, parameters }: Failure): boolean {
  if (doubtful === undefined) return parameters.size > 0;
  return doubtful.because !== 'any' && doubtful.because !== 'budget' && doubtful.witness.cause === undefined;
}

/** Members that say whether an object is still there to be given back. */
const SAYS_ENDED =
  /activ|aliv|clos|complet|connect|destroy|dispos|end|fd|finish|free|lock|open|ready|releas|state|usable|valid/i;

function memberNamed(node: ts.Node): string {
  const inner = ts.isCallExpression(node) ? bare(node.expression) : node;
  return ts.isPropertyAccessExpression(inner) ? inner.name.text : '';
}

/** `if (!runner.isReleased) await runner.release()`: the object itself is asked, and says that there is nothing to give back. */
function saysEnded(edge: Edge, step: Step, { happenings }: Lease): boolean {
  if (step.kind !== 'branch') return false;
  const { pos, end } = step.node;
  const asksObject = happenings.some(
    ({ is, node }) => is === 'use' && node.pos >= pos && node.end <= end && SAYS_ENDED.test(memberNamed(node)),
  );
  if (!asksObject) return false;
  const ends = new Set(happenings.filter(isEnd).map((each) => each.step));
  const leadsToEnd = (from: Step): boolean =>
    pathOf({ from, to: (each) => ends.has(each), avoiding: (each) => each === step }) !== undefined;
  return !leadsToEnd(edge.to) && step.next.some(({ to, way }) => way !== 'throw' && to !== edge.to && leadsToEnd(to));
}

/** An object that was handed out at once, is never named and only asked for a part: it has taken nothing yet. */
function holdsNothingYet({ acquisition, name, happenings }: Lease, core: Core): boolean {
  return (
    acquisition.member?.rejects === false &&
    name === undefined &&
    happenings.every(({ is, node }) => is === 'use' && !worksThrough(node, core))
  );
}

/** `source.createQueryRunner().manager.getRepository(Order)`: a part that works with what the object takes for it, and keeps. */
function worksThrough(part: ts.Node, core: Core): boolean {
  if (!ts.isPropertyAccessExpression(part)) return false;
  const type = core.checker.getTypeAtLocation(part);
  if (core.api.isA(type, 'store') === undefined || core.api.isA(type, 'pool') !== undefined) return false;
  const access = wrapped(part).parent;
  const call = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : access;
  if (!ts.isCallExpression(call)) return false;
  const member = core.api.memberOf(call);
  return (
    (member !== undefined && hasRole(member, 'io')) ||
    core.api.isA(core.checker.getTypeAtLocation(call), 'store') !== undefined
  );
}

/**
 * The lease's own opening (`await runner.connect()`): an object that was handed out at once and without fail holds nothing before
 * that, and nothing when it fails. So does a call whose failure ends the object.
 */
function isOwnOpening(step: Step, { acquisition, happenings }: Lease, core: Core): boolean {
  if (acquisition.member === undefined || acquisition.kind !== 'lease') return false;
  const node = bare(ts.isAwaitExpression(step.node) ? step.node.expression : step.node);
  if (!ts.isCallExpression(node) || !happenings.some((each) => each.is === 'use' && each.node === node)) return false;
  const member = core.api.memberOf(node);
  return member?.failureEnds === true || (acquisition.member.rejects === false && member?.role === 'io');
}

function leakAlong(path: readonly Step[], lease: Lease, core: Core): Leak {
  const { graph, happenings, acquire } = lease;
  const last = path.at(-1);
  const leaves = last === graph.exit ? 'exit' : last === acquire ? 'again' : 'throw';
  const thrown = path.filter((step, index) => {
    const next = path[index + 1];
    return next !== undefined && step.next.some(({ to, way }) => to === next && way === 'throw');
  });
  // What fails in a `finally` before the release, not what brought the path there.
  const throwing = thrown.findLast((step) => step.kind !== 'throw' && leadsToEnd(step, happenings)) ?? thrown[0];
  const turn =
    throwing === undefined
      ? path.findLast((step, index) => step.kind === 'return' || turnsFromEnd(step, path[index + 1], lease))
      : undefined;
  const missed = releaseAfter(throwing ?? turn, happenings);
  const failure = throwing === undefined || throwing.kind === 'throw' ? undefined : failureAt(throwing, core);
  const cause = failure?.certain ?? failure?.doubtful?.witness;
  return {
    path,
    leaves,
    ...(throwing === undefined ? {} : { throwing }),
    ...(cause === undefined ? {} : { cause }),
    ...(turn === undefined ? {} : { turn }),
    ...(missed === undefined ? {} : { missed }),
  };
}

/** Would the object be given back after the step, if that did not throw? */
function leadsToEnd(step: Step, happenings: readonly Happening[]): boolean {
  const ends = new Set(happenings.filter(isEnd).map((each) => each.step));
  return pathOf({ from: step, to: (each) => ends.has(each), without: ({ way }) => way === 'throw' }) !== undefined;
}

/** Is it a choice of which another way than the one taken leads to the end of what is held? */
function turnsFromEnd(step: Step, taken: Step | undefined, { acquire, happenings }: Lease): boolean {
  if (step.kind !== 'branch' && step.kind !== 'iterate') return false;
  const ends = new Set(happenings.filter(isEnd).map((each) => each.step));
  return step.next.some(
    ({ to, way }) =>
      to !== taken &&
      way !== 'throw' &&
      (ends.has(to) ||
        pathOf({
          from: to,
          to: (each) => ends.has(each),
          avoiding: (each) => each === step || each === acquire,
          without: (edge) => edge.way === 'throw',
        }) !== undefined),
  );
}

/** The release that comes next in the text, else the last. */
function releaseAfter(step: Step | undefined, happenings: readonly Happening[]): Happening | undefined {
  const ends = happenings.filter(isEnd);
  return ends.find(({ node }) => step !== undefined && node.pos >= step.node.pos) ?? ends.at(-1);
}

/**
 * Does the path turn at a condition that remembers what happened (`if (!released) client.release()`)? Then it may not be a path:
 * the flag was set on the way, or would have been.
 */
function isCorrelated(path: readonly Step[], lease: Lease, core: Core): boolean {
  const conditions = conditionsOf(lease);
  const ends = new Set(lease.happenings.filter(isEnd).map(({ step }) => step));
  return path.some((step, index) => {
    if (step.kind !== 'branch') return false;
    const other = step.next.find(({ to }) => to !== path[index + 1]);
    if (other === undefined) return false;
    const names = flagsIn(step.node);
    if (names.size === 0) return false;
    const leadsToEnd =
      ends.has(other.to) ||
      pathOf({ from: other.to, to: (each) => ends.has(each), avoiding: (each) => each === step }) !== undefined;
    if (!leadsToEnd) return false;
    if (asksAgain(step.node, conditions, lease, core)) return true;
    // What is written only after the condition was asked, it does not remember.
    return lease.graph.steps.some((written) => {
      const { kind, node, write, previous } = written;
      return (
        kind === 'write' &&
        previous.length > 0 &&
        (write?.how === 'assign' || write?.how === 'logical' || write?.how === 'update') &&
        ts.isIdentifier(node) &&
        names.has(node.text) &&
        pathOf({ from: written, to: (each) => each.node === step.node && each.kind === step.kind }) !== undefined
      );
    });
  });
}

/** The names in the conditions under which it is acquired: `given` in `given ?? (await pool.connect())`. */
function conditionsOf({ acquisition, fn }: Lease): ReadonlySet<string> {
  const found = new Set<string>();
  for (let node: ts.Node = acquisition.call; node !== fn && !ts.isSourceFile(node); node = node.parent) {
    const { parent } = node;
    const isRight = ts.isBinaryExpression(parent) && parent.right === node;
    if (isRight && isChoice(parent.operatorToken.kind)) addTo(found, parent.left);
    else if (ts.isConditionalExpression(parent) && parent.condition !== node) addTo(found, parent.condition);
    else if (ts.isIfStatement(parent) && parent.expression !== node) addTo(found, parent.expression);
  }
  return found;
}

function isChoice(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
}

function addTo(found: Set<string>, condition: ts.Node): void {
  for (const name of flagsIn(condition)) found.add(name);
}

/** Does a condition ask the same as the one before the acquisition, itself or by a name for that (`const owns = !given`)? */
function asksAgain(condition: ts.Node, asked: ReadonlySet<string>, { name }: Lease, core: Core): boolean {
  if (asked.size === 0) return false;
  let isAgain = false;
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text !== name?.text) {
      const declaration = core.checker.getSymbolAtLocation(node)?.valueDeclaration;
      const value =
        declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
      isAgain ||= asked.has(node.text) || (value !== undefined && [...flagsIn(value)].some((each) => asked.has(each)));
    }
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, look);
  };
  look(condition);
  return isAgain;
}

function flagsIn(condition: ts.Node): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.add(node.text);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, look);
  };
  look(condition);
  return found;
}

/** A use of an object that was given back on every path that leads there. */
export interface LateUse {
  readonly use: Happening;
  /** The release that comes before it. */
  readonly release: Happening;
}

/** Uses after the object was given back. `yes` when it was given back on every path, `unknown` when on some. */
export function usesAfterRelease(lease: Lease): readonly Answer<LateUse, LateUse>[] {
  return after(lease, ({ is }) => is === 'use' || is === 'write' || is === 'reset' || is === 'hand-on');
}

/** Second releases. `yes` when every path that leads there has given the object back before. */
export function doubleRelease(lease: Lease): readonly Answer<LateUse, LateUse>[] {
  return after(lease, isEnd);
}

function after(lease: Lease, matters: (happening: Happening) => boolean): Answer<LateUse, LateUse>[] {
  const { states, happenings } = lease;
  if (states === undefined) return [unknown('budget')];
  // A node in a `finally` has several steps: what one of them proves holds for the node.
  const found = new Map<ts.Node, Answer<LateUse, LateUse>>();
  for (const use of happenings) {
    const before = states.get(use.step)?.where;
    if (before === undefined || !matters(use) || (before & RELEASED) === 0) continue;
    if (found.get(use.node)?.is === 'yes') continue;
    const release = happenings.find(
      (each) =>
        isEnd(each) &&
        each.step !== use.step &&
        pathOf({ from: each.step, to: (step) => step === use.step }) !== undefined,
    );
    if (release === undefined || release.node === use.node) continue;
    const isOnEveryPath = before === RELEASED && release.isCertain && use.isCertain && lease.acquisition.isKnown;
    if (isOnEveryPath) found.set(use.node, yes({ use, release }));
    else if (!found.has(use.node)) found.set(use.node, unknown('escapes', { use, release }));
  }
  return [...found.values()];
}

/** A promise that still works with the object when that is given back: `return client.query(…)` under `finally { release }`. */
export interface LateReturn {
  /** The call whose promise is returned. */
  readonly call: ts.CallExpression;
  readonly release: Happening;
}

/** Promises of work on the object that are returned without `await` and outlive its release. */
export function lateReturns(lease: Lease, core: Core): readonly LateReturn[] {
  const { happenings, graph } = lease;
  const found: LateReturn[] = [];
  const ends = happenings.filter(isEnd);
  for (const { node, is } of happenings) {
    if (is !== 'use' || !ts.isCallExpression(node) || found.some(({ call }) => call === node)) continue;
    if (ts.isAwaitExpression(wrapped(node).parent) || !givesThenable(node, core.checker)) continue;
    const task = core.ask(taskOf, node);
    if (task.is !== 'returned') continue;
    const returns = [
      ...graph.stepsOf(task.witness),
      ...(ts.isArrowFunction(task.witness) ? graph.stepsOf(task.witness.body) : []),
    ];
    const from = returns.find(({ kind }) => kind === 'return');
    if (from === undefined) continue;
    const path = pathOf({ from, to: (step) => ends.some((each) => each.step === step) });
    const release = ends.find(({ step }) => step === path?.at(-1));
    if (release !== undefined) found.push({ call: node, release });
  }
  return found;
}

/** A dirty object given back. */
export interface DirtyReturn {
  readonly release: Happening;
  /** The last writes that no reset has undone on some path, in the order of the text. */
  readonly writes: readonly Happening[];
  readonly path: readonly Step[];
}

/**
 * Releases at which the object may still hold what was written into it, on a path without a reset after the last write. An object
 * that is destroyed instead is nobody's problem.
 */
export function dirtyReturns(lease: Lease, core: Core): readonly DirtyReturn[] {
  const { states, happenings } = lease;
  if (states === undefined) return [];
  const found: DirtyReturn[] = [];
  for (const release of happenings) {
    if (release.is !== 'release') continue;
    const before = states.get(release.step);
    if (before === undefined || (before.where & HELD) === 0) continue;
    const writes: Happening[] = [];
    let path: readonly Step[] | undefined;
    for (const write of [...before.dirt].sort((left, right) => left.node.pos - right.node.pos)) {
      if (!write.isCertain || undoes(release, write.field)) continue;
      const way = dirtyPath(
        { write, to: (step) => step === release.step, without: (edge, step) => skipsReset(edge, step, lease) },
        lease,
        core,
      );
      if (way === undefined) continue;
      path ??= way;
      writes.push(write);
    }
    const known = found.find(({ release: { node } }) => node === release.node);
    if (path !== undefined && known === undefined) found.push({ release, writes, path });
  }
  return found;
}

/** Does the release itself undo what was written? */
function undoes({ undoes: part }: Happening, written: string | undefined): boolean {
  return part === 'all' || (part !== undefined && part === written);
}

/**
 * `if (runner.isTransactionActive) await runner.rollback()`: where the object itself is asked and says no, there is nothing to undo.
 */
function skipsReset(edge: Edge, step: Step, { happenings }: Lease): boolean {
  if (step.kind !== 'branch') return false;
  const { pos, end } = step.node;
  const asksObject = happenings.some(({ is, node }) => is === 'use' && node.pos >= pos && node.end <= end);
  if (!asksObject) return false;
  const leadsToReset = (from: Step): boolean =>
    pathOf({
      from,
      to: (each) => happenings.some((other) => other.is === 'reset' && other.step === each),
      avoiding: (each) => each === step || happenings.some((other) => isEnd(other) && other.step === each),
    }) !== undefined;
  return !leadsToReset(edge.to) && step.next.some((other) => other.to !== edge.to && leadsToReset(other.to));
}

/** Where a pool of the project brings an object back to its initial state: when it takes it back, or when it hands it out. */
export interface PoolReset {
  readonly when: 'acquire' | 'release';
  readonly at: ts.Node;
}

/**
 * Does the pool itself reset what it hands out? `no` when both of its sides have a body and neither resets the whole object;
 * `unknown` for a side without a body.
 */
export function isResetByPool(lease: Lease, core: Core): Answer<PoolReset> {
  const { acquisition, happenings } = lease;
  const atRelease = resetAtRelease(happenings, core);
  if (atRelease.is === 'yes') return atRelease;
  const atAcquire = resetAtAcquire(acquisition, core);
  if (atAcquire.is === 'yes') return atAcquire;
  return atRelease.is === 'unknown' ? atRelease : atAcquire;
}

function resetAtRelease(happenings: readonly Happening[], core: Core): Answer<PoolReset> {
  let answer: Answer<PoolReset> = NO;
  for (const { is, node } of happenings) {
    if (is !== 'release' || !ts.isCallExpression(node)) continue;
    const { functions, isComplete } = core.ask(calleesOf, node);
    if (functions.length === 0 && !isComplete) answer = unknown('unknown-callee');
    for (const fn of functions) {
      const parameter = ts.isFunctionLike(fn) ? fn.parameters[0] : undefined;
      if (parameter === undefined) continue;
      if (core.ask(parameterDoings, parameter).resets.includes('')) return yes({ when: 'release', at: parameter });
      const reset = resetCallOn(parameter, fn);
      if (reset !== undefined) return yes({ when: 'release', at: reset });
    }
  }
  return answer;
}

/** `item.reset()` and the like on a parameter, before it is pushed back. */
function resetCallOn(parameter: ts.ParameterDeclaration, fn: ts.Node): ts.Node | undefined {
  if (!ts.isIdentifier(parameter.name)) return undefined;
  const name = parameter.name.text;
  return firstOf(fn, (node) => isResetOf(node, (object) => ts.isIdentifier(object) && object.text === name));
}

function resetAtAcquire({ call }: Acquisition, core: Core): Answer<PoolReset> {
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (functions.length === 0) return isComplete ? NO : unknown('unknown-callee');
  for (const fn of functions) {
    const reset = firstOf(fn, (node) => isResetOf(node, () => true));
    if (reset !== undefined) return yes({ when: 'acquire', at: reset });
  }
  return NO;
}

const RESETS: ReadonlySet<string> = new Set(['clear', 'empty', 'fill', 'init', 'initialize', 'reset', 'wipe', 'zero']);

function isResetOf(node: ts.Node, fits: (object: ts.Expression) => boolean): boolean {
  if (ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    const [first] = node.arguments;
    if (ts.isPropertyAccessExpression(callee)) {
      if (RESETS.has(callee.name.text))
        return fits(bare(callee.expression)) || (first !== undefined && fits(bare(first)));
      if (callee.name.text === 'assign' && first !== undefined) return fits(bare(first));
    }
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
    return /reset|clear|wipe|scrub/i.test(name) && first !== undefined && fits(bare(first));
  }
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    ts.isPropertyAccessExpression(node.left) &&
    node.left.name.text === 'length' &&
    fits(bare(node.left.expression))
  );
}

function firstOf(root: ts.Node, fits: (node: ts.Node) => boolean): ts.Node | undefined {
  if (fits(root)) return root;
  return ts.forEachChild(root, (child) => firstOf(child, fits));
}
