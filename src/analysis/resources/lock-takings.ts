import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { calleesOf, parametersOf } from '../effects/callees-of.ts';
import { houseLock } from '../effects/house-lock.ts';
import { locking, lockPlaceOf } from '../effects/locking.ts';
import { translated } from '../effects/reads-and-writes.ts';
import { hasRole } from '../effects/roles.ts';
import { defineSummary } from '../effects/summary.ts';
import { closureTime } from '../escape/closure-time.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isThenable } from '../types/is-thenable.ts';

/** A lock that a function waits for while it runs, itself or in what it calls. */
export interface LockTaking {
  /** What takes it: the call of a known lock, the method of a lock of the project, the link of a promise chain. */
  readonly node: ts.Node;
  /** The call of this function, or of a callback that it runs meanwhile, that does it or leads to it. */
  readonly at: ts.Node;
  /** The lock, seen from this function. */
  readonly place: Place;
  /** Does it come to it whenever it runs, as far as what its caller gave does not decide? */
  readonly isCertain: boolean;
}

/** Takings kept for one function; more of them say nothing new. */
const MOST_TAKINGS = 24;

/**
 * The locks that a function waits for, directly and through the functions it calls and waits for.
 *
 * Left out: locks that are made in the function, what is started and not waited for, and locks that it gives back for its caller first.
 * Left out as well: what a question about the lock decides. Doubt: callees that are not known for certain bring nothing; a taking that
 * a parameter decides is not certain.
 */
export const lockTakings: Fact<FunctionNode, readonly LockTaking[]> = defineSummary<readonly LockTaking[]>({
  name: 'lock-takings',
  start: () => [],
  same: (left, right) =>
    left.length === right.length && left.every((each, at) => each.isCertain === right[at]?.isCertain),
  widen: (_fn, last) => last,
  of(fn, core, ask) {
    const own = ownTaking(fn, core);
    if (own !== undefined) return [own];
    const graph = core.ask(flowGraph, fn);
    if (graph.truncated) return [];
    const { exclusive, gives } = core.ask(locking, fn);
    const found: LockTaking[] = [];
    for (const { place, witness } of exclusive) {
      const isLink = ts.isCallExpression(witness) && core.api.plays(witness, 'chains') !== undefined;
      if (place !== undefined && isLink && isWaitedFor(witness, core))
        found.push({ node: witness, at: witness, place, isCertain: true });
    }
    for (const step of graph.steps) {
      if (step.kind !== 'call' || step.previous.length === 0 || !ts.isCallExpression(step.node)) continue;
      found.push(...takingsAt(step, step.node, graph, core, ask));
    }
    return found
      .filter(({ place }) => !isMadeIn(place, fn) && !gives.some((given) => isSame(given.place, place)))
      .filter((taking) => !isGivenBackBefore(taking, graph, core))
      .slice(0, MOST_TAKINGS);
  },
});

/** The locks that one call waits for. */
export function lockTakingsAt(step: Step, graph: FlowGraph, core: Core): readonly LockTaking[] {
  if (!ts.isCallExpression(step.node)) return [];
  return takingsAt(step, step.node, graph, core, (callee) => core.ask(lockTakings, callee));
}

/** Is the lock let go before it is taken: for the caller, who had it? */
function isGivenBackBefore({ at, place }: LockTaking, graph: FlowGraph, core: Core): boolean {
  const [taken] = graph.stepsOf(at);
  const names = core.api.namesWith('unlocks');
  return graph.steps.some((step) => {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node) || step.node.end > at.pos) return false;
    const callee = bare(step.node.expression);
    if (!ts.isPropertyAccessExpression(callee) || !names.has(callee.name.text)) return false;
    const member = core.api.plays(step.node, 'unlocks');
    if (member === undefined || !isSame(lockPlaceOf(step.node, member, core), place)) return false;
    return taken !== undefined && pathOf({ from: step, to: (each) => each === taken }) !== undefined;
  });
}

function isSame(left: Place | undefined, right: Place): boolean {
  return left !== undefined && isSamePlace(left, right);
}

/** The method of a lock of the project that waits for its turn. */
function ownTaking(fn: FunctionNode, core: Core): LockTaking | undefined {
  if (!ts.isMethodDeclaration(fn) || !ts.isClassLike(fn.parent)) return undefined;
  const lock = core.ask(houseLock, fn.parent);
  if (lock?.acquire !== fn || mayBeReentrant(fn.parent) || parametersOf(fn).length > 0) return undefined;
  return { node: fn, at: fn, place: { root: { is: 'instance', of: fn.parent }, path: [] }, isCertain: true };
}

/** Words of a lock that lets its holder in again. Names only keep us silent. */
function mayBeReentrant(lock: ts.ClassLikeDeclaration): boolean {
  return /owner|holder|depth|re-?entran|recursi|getStore|asyncId/i.test(lock.getText());
}

function takingsAt(
  step: Step,
  call: ts.CallExpression,
  graph: FlowGraph,
  core: Core,
  ask: (callee: FunctionNode) => readonly LockTaking[],
): readonly LockTaking[] {
  const { functions, isComplete, member, through } = core.ask(calleesOf, call);
  const found: LockTaking[] = [];
  const add = (taking: LockTaking): void => {
    if (!found.some(({ node, place }) => node === taking.node && isSamePlace(place, taking.place))) found.push(taking);
  };
  const isWaited = isWaitedFor(call, core);
  const decided = decidedBy(step, graph);
  if (decided === 'lock') return [];
  const isUndecided = decided === 'nothing';
  const place = member !== undefined && isWaited ? queuedFor(call, core) : undefined;
  if (place !== undefined) {
    add({ node: call, at: call, place, isCertain: isUndecided });
  } else if (member === undefined && isComplete && isWaited) {
    const isCertain = functions.length === 1 && isUndecided;
    for (const fn of functions) {
      const givenBack = core.ask(locking, fn).gives;
      for (const taking of ask(fn)) {
        if (givenBack.some((given) => isSame(given.place, taking.place))) continue;
        const seen = translated(taking.place, call, { fn, through, isCallback: false }, core);
        if (seen !== undefined)
          add({ node: taking.node, at: call, place: seen, isCertain: isCertain && taking.isCertain });
      }
    }
  }
  for (const given of call.arguments) {
    const closure = bare(given);
    if (!ts.isArrowFunction(closure) && !ts.isFunctionExpression(closure)) continue;
    if (!isJoined(call, core) || !runsNow(closure, core)) continue;
    for (const taking of ask(closure)) {
      const seen = translated(taking.place, call, { fn: closure, through: undefined, isCallback: true }, core);
      if (seen !== undefined)
        add({ node: taking.node, at: taking.at, place: seen, isCertain: isUndecided && taking.isCertain });
    }
  }
  return found;
}

/** The lock for which a call of a known lock queues: to hold it, or to run a callback under it. */
function queuedFor(call: ts.CallExpression, core: Core): Place | undefined {
  const member = core.api.memberOf(call);
  if (member === undefined || !queues(call, member, core)) return undefined;
  const given = member.bound?.alsoBy ?? [];
  // `{ ifAvailable: true }` does not wait, a shared mode lets others in.
  const isOther = call.arguments.some(
    (each) =>
      ts.isObjectLiteralExpression(bare(each)) &&
      (bare(each) as ts.ObjectLiteralExpression).properties.some(
        ({ name }) => name !== undefined && ts.isIdentifier(name) && [...given, 'mode'].includes(name.text),
      ),
  );
  return isOther ? undefined : lockPlaceOf(call, member, core);
}

/** Does a member wait for a lock, or for its turn at a limiter? */
export function queues(call: ts.CallExpression, member: MemberMatch, core: Core): boolean {
  if (hasRole(member, 'locks') || hasRole(member, 'exclusive')) return hasRole(member, 'waits');
  if (!hasRole(member, 'runs-concurrently')) return false;
  const callee = bare(call.expression);
  const type = core.checker.getTypeAtLocation(ts.isPropertyAccessExpression(callee) ? callee.expression : callee);
  return core.api.isA(type, 'limiter') !== undefined || core.api.isA(type, 'lock') !== undefined;
}

/** Does the task that calls wait until the promise has settled? */
function isWaitedFor(call: ts.Expression, core: Core): boolean {
  if (!isThenable(core.checker.getTypeAtLocation(call), core.checker)) return false;
  const task = core.ask(taskOf, call);
  return (task.is === 'awaited' || task.is === 'joined' || task.is === 'returned') && task.via !== 'raced';
}

/** Is what the callbacks of a call do waited for: by the call's own promise, or where those of all callbacks are joined? */
function isJoined(call: ts.CallExpression, core: Core): boolean {
  if (isThenable(core.checker.getTypeAtLocation(call), core.checker)) return isWaitedFor(call, core);
  const { parent } = wrapped(call);
  return ts.isCallExpression(parent) && core.api.plays(parent, 'joins') !== undefined && isWaitedFor(parent, core);
}

function runsNow(closure: ts.ArrowFunction | ts.FunctionExpression, core: Core): boolean {
  const { when } = core.ask(closureTime, closure);
  return when === 'now' || when === 'exclusive' || when === 'concurrently';
}

function isMadeIn({ root }: Place, fn: FunctionNode): boolean {
  return root.is === 'binding' && !ts.isParameter(root.declaration) && isInside(root.declaration, fn);
}

// -------------------------------------------------------------------- on every run

/** Words of a question about the lock itself, or about who holds it. */
const ABOUT_LOCK = /already|exclusiv|held|hold|inner|inside|lock|mutex|nested|owner|re-?entran|skip|sema|within/i;

/**
 * What decides whether a run comes to the step: nothing that the caller knows, something that it gave, or a question about the lock
 * itself, whose answer is right. An early return that another question decides is a way past it on which nothing is waited for; it does
 * not make the step less certain where it is reached.
 */
function decidedBy(step: Step, graph: FlowGraph): 'caller' | 'lock' | 'nothing' {
  const isAlways =
    pathOf({
      from: graph.enter,
      to: (each) => each === graph.exit,
      avoiding: (each) => each === step,
      without: ({ way }) => way === 'throw',
    }) === undefined;
  if (isAlways) return 'nothing';
  const fn = enclosingFunctionOf(step.node);
  const parameters = new Set(parametersOf(fn).flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : [])));
  const questions = graph.steps.flatMap(({ kind, node, previous }) =>
    kind === 'branch' && previous.length > 0 && node.pos < step.node.end ? [node] : [],
  );
  if (questions.some((node) => ABOUT_LOCK.test(node.getText()))) return 'lock';
  return questions.some((node) => mentionsAny(node, parameters)) ? 'caller' : 'nothing';
}

function mentionsAny(node: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(node) && names.has(node.text)) return true;
  return ts.forEachChild(node, (child) => mentionsAny(child, names) || undefined) ?? false;
}
