import * as ts from 'typescript';
import { endsProcess } from '../effects/ends-process.ts';
import { isLogCall } from '../effects/log-calls.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { maySuspend } from '../effects/may-suspend.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isOneOff } from '../program/one-off.ts';
import { loadedWith } from '../program/loading.ts';
import { programIndex, type Started } from '../program/program-index.ts';
import type { Drain, ReachedExit } from '../resources/drains-on.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isThenable } from '../types/is-thenable.ts';
import { type FlaggedLoop, flaggedLoopBefore } from './flagged-loops.ts';
import { isLetGo } from './let-go.ts';
import { type ShutdownPath, type Stage, stageOf } from './paths.ts';

/** The process ends while drains of the path are under way. */
export interface PendingAtExit {
  readonly kind: 'pending';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly exit: ReachedExit;
  readonly pending: readonly Drain[];
  readonly isCertain: boolean;
}

/** The process ends while an async function of the project is under way that nobody waits for. */
export interface WorkAtExit {
  readonly kind: 'work';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly exit: ReachedExit;
  readonly work: ts.CallExpression;
  readonly isCertain: boolean;
}

/** The process ends while something serves that the path does not drain. */
export interface ServingAtExit {
  readonly kind: 'serving';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly exit: ReachedExit;
  /** The call that listens, consumes or works. */
  readonly started: Started;
  readonly stage: Stage;
  /** Does the path drain nothing at all? */
  readonly isBare: boolean;
  readonly isCertain: boolean;
}

/** The process ends in the middle of a round of a loop that was only told to end. */
export interface LoopAtExit {
  readonly kind: 'loop';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly exit: ReachedExit;
  readonly flagged: FlaggedLoop;
  readonly isCertain: boolean;
}

export type EarlyExit = LoopAtExit | PendingAtExit | ServingAtExit | WorkAtExit;

/** The exits of a shutdown path that come too early, at most one finding for each exit. */
export function earlyExits(path: ShutdownPath, others: readonly ShutdownPath[], core: Core): readonly EarlyExit[] {
  if (path.on !== 'signal' && path.on !== 'last') return [];
  const found = new Map<ts.Node, EarlyExit>();
  for (const exit of path.drains.exits) {
    if (exit.isDeadline) continue;
    const known = found.get(exit.exit);
    const next =
      pendingAt(path, exit, core) ??
      workAt(path, exit, core) ??
      loopAt(path, exit, core) ??
      servingAt(path, exit, others, core);
    if (next !== undefined && (known === undefined || (!known.isCertain && next.isCertain))) found.set(exit.exit, next);
  }
  return [...found.values()];
}

function pendingAt(path: ShutdownPath, exit: ReachedExit, core: Core): PendingAtExit | undefined {
  const pending = exit.pending.filter((drain) => drain.ends !== 'sync' && isLetGo(drain, path, core));
  if (pending.length === 0) return undefined;
  // Its end may be told by an event that somebody else waits for.
  const mayBeTold = exit.unseen.length > 0 && pending.every(({ ends }) => ends === 'callback');
  const isCertain = !exit.isAfterFailure && !exit.isPaused && !mayBeTold;
  return { kind: 'pending', at: placeOf(exit, path), path, exit, pending, isCertain };
}

/** Where an exit is told: itself, or the call that leads to it where it is a helper of another file. */
function placeOf({ exit, through }: ReachedExit, { file }: ShutdownPath): ts.Node {
  return [exit, ...through.toReversed()].find((node) => node.getSourceFile() === file) ?? exit;
}

// ---------------------------------------------------------------- work of the project's own

function workAt(path: ShutdownPath, exit: ReachedExit, core: Core): WorkAtExit | undefined {
  if (exit.isAfterFailure || exit.isPaused) return undefined;
  for (const node of [...exit.through, exit.exit]) {
    const fn = enclosingFunctionOf(node);
    const graph = core.ask(flowGraph, fn);
    const ends = new Set(graph.stepsOf(node));
    for (const step of graph.steps) {
      // What the exit is chained to is waited for.
      if (step.kind !== 'call' || !ts.isCallExpression(step.node) || isInside(step.node, node)) continue;
      if (pathOf({ from: step, to: (next) => ends.has(next) }) === undefined) continue;
      const isLeft = isLeftBehind(step.node, core);
      if (isLeft !== 'no')
        return { kind: 'work', at: placeOf(exit, path), path, exit, work: step.node, isCertain: isLeft === 'yes' };
    }
  }
  return undefined;
}

/**
 * A call whose promise nobody keeps, of an async function of the project that waits before it is done; `maybe` one that cannot be
 * looked into.
 */
function isLeftBehind(call: ts.CallExpression, core: Core): 'maybe' | 'no' | 'yes' {
  if (isLogCall(call, core)) return 'no';
  const { functions, isComplete, member } = core.ask(calleesOf, call);
  const isUnseen = functions.length === 0 || !isComplete;
  if (isUnseen && (member !== undefined || !isThenable(core.checker.getTypeAtLocation(call), core.checker)))
    return 'no';
  if (!isUnseen && !functions.every((fn) => core.ask(maySuspend, fn).is === 'yes')) return 'no';
  // What ends the process itself, after a pause, is a deadline.
  if (functions.some((fn) => core.ask(endsProcess, fn).on !== 'never')) return 'no';
  if (core.ask(taskOf, call).is !== 'dropped') return 'no';
  return isUnseen ? 'maybe' : 'yes';
}

function loopAt(path: ShutdownPath, exit: ReachedExit, core: Core): LoopAtExit | undefined {
  const flagged = flaggedLoopBefore(exit, path, core);
  return flagged === undefined
    ? undefined
    : { kind: 'loop', at: placeOf(exit, path), path, exit, flagged, isCertain: true };
}

// ---------------------------------------------------------------- what still serves

function servingAt(
  path: ShutdownPath,
  exit: ReachedExit,
  others: readonly ShutdownPath[],
  core: Core,
): ServingAtExit | undefined {
  if (path.on !== 'signal' || exit.isAfterFailure || exit.isPaused || exit.unseen.length > 0) return undefined;
  if (isGuarded(exit)) return undefined;
  const { started: drains } = path.drains;
  const isBare = drains.length === 0 && !exit.isLater;
  if (!isBare && drains.length === 0) return undefined;
  const drained = [path, ...others.filter((other) => isBeside(path, other, core))].flatMap(
    (each) => each.drains.started,
  );
  const { registrars, servers } = core.ask(programIndex, core.program);
  const mates = core.ask(loadedWith, path.file);
  // A framework or a package that listens as well drains by itself.
  if (registrars.some(({ file }) => mates.has(file))) return undefined;
  const started = servers.find((each) => isServing(each, drained, path, core));
  if (started === undefined) return undefined;
  return {
    kind: 'serving',
    at: placeOf(exit, path),
    path,
    exit,
    started,
    stage: startedStage(started, core),
    isBare,
    isCertain: true,
  };
}

/** Does the other path run in the same process at the same moment? */
function isBeside(path: ShutdownPath, other: ShutdownPath, core: Core): boolean {
  if (other === path || other.on === 'exit' || !core.ask(loadedWith, path.file).has(other.file)) return false;
  return other.on !== 'signal' || other.events.some((event) => path.events.includes(event));
}

function isServing(started: Started, drained: readonly Drain[], path: ShutdownPath, core: Core): boolean {
  const mates = core.ask(loadedWith, path.file);
  if (!mates.has(started.file) || isOneOff(started.file, core) || isOtherBranch(started.node, path.node)) return false;
  const stage = startedStage(started, core);
  return !drained.some((drain) => {
    const its = stageOf(drain, core);
    return its === 'intake' || its === stage || drain.member.from === started.match.from;
  });
}

/** Do they stand in the two branches of one `if`: in the primary process and in its workers? */
function isOtherBranch(left: ts.Node, right: ts.Node): boolean {
  for (let at = left; !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (!ts.isIfStatement(parent) || parent.expression === at) continue;
    const other = at === parent.thenStatement ? parent.elseStatement : parent.thenStatement;
    if (other !== undefined && isInside(right, other)) return true;
  }
  return false;
}

/** The stage of what serves: of the receiver, of what the call gives, of what is built. */
function startedStage({ node }: Started, core: Core): Stage {
  const callee = ts.isCallExpression(node) ? node.expression : undefined;
  const given = core.checker.getTypeAtLocation(node);
  const receiver =
    callee !== undefined && ts.isPropertyAccessExpression(callee)
      ? core.checker.getTypeAtLocation(callee.expression)
      : undefined;
  const match =
    (receiver === undefined ? undefined : core.api.isA(receiver, 'drainable')) ?? core.api.isA(given, 'drainable');
  return match?.stage === 'work' ? 'work' : 'intake';
}

/** Is the exit, or a call that leads to it, under a condition? Then it may be the one of a second signal, or of nothing to do. */
export function isGuarded({ exit, through }: Pick<ReachedExit, 'exit' | 'through'>): boolean {
  return [...through, exit].some((node) => {
    const region = enclosingFunctionOf(node);
    for (let at: ts.Node = node; at !== region && !ts.isSourceFile(at); at = at.parent) {
      const { parent } = at;
      if (ts.isIfStatement(parent) && parent.expression !== at) return true;
      if (ts.isConditionalExpression(parent) && parent.condition !== at) return true;
      if (ts.isCaseOrDefaultClause(parent)) return true;
      if (ts.isBinaryExpression(parent) && parent.right === at && isShortCircuit(parent)) return true;
    }
    return false;
  });
}

function isShortCircuit({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
