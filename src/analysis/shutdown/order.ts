import * as ts from 'typescript';
import { type Call, calleesOf } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { type Drain, type Reached, type ReachedDrain } from '../resources/drains-on.ts';
import { bare } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { type EarlyHook, earlyHooks } from './early-hooks.ts';
import { type ForgottenHandle, forgottenHandles } from './forgotten.ts';
import { shutdownGaps } from './gaps.ts';
import { isLent } from './lent.ts';
import { type ShutdownPath, shutdownPaths, type Stage, stageOf } from './paths.ts';
import { isWaitedFor } from './waited.ts';

/** Something is ended while what uses it still works. */
export interface EarlyEnd {
  /** `early`: it is over before the other begins to end. `parallel`: both are on their way at once. */
  readonly is: 'early' | 'parallel';
  /** The drain of what others use. */
  readonly drain: Drain;
  /** `store`: others need it; `flush`: it reports on the others. */
  readonly stage: 'flush' | 'store';
  /** Where the order is decided: the calls of one function that lead to the two drains, or are them. */
  readonly at: ts.Node;
  /** The drains that belong before it, with the calls that lead to them from there. */
  readonly users: readonly EarlyUser[];
  /** For `parallel`: the join of which both are elements. */
  readonly join?: ts.CallExpression;
}

/** What belongs before it. */
export interface EarlyUser {
  readonly drain: Drain;
  readonly stage: 'intake' | 'work';
  readonly at: ts.Node;
}

/** A join of drains that gives up at the first failure, with something that comes after it. */
export interface FragileJoin {
  readonly is: 'fragile';
  readonly join: ts.CallExpression;
  readonly drains: readonly Drain[];
  /** What a failure skips, or comes to while the other drains are on their way. */
  readonly next: Reached;
}

/** The faults in the order of a program's shutdown. */
export type OrderFault = EarlyEnd | EarlyHook | ForgottenHandle | FragileJoin;

/**
 * What the shutdown paths of services end too early, and joins of drains in which one failure leaves the others alone.
 *
 * By the stages of the catalogue: what takes work in and what does it belongs before what it uses, and before what reports on it.
 * Drains that are not waited for are no part of an order. Doubt falls to silence: things without a row, functions that run again and
 * again over different things, a path that was too large to look at.
 */
export const orderFaults = defineFact<ts.Program, readonly OrderFault[]>({
  name: 'order-faults',
  scope: 'program',
  compute(program, core) {
    const early = new Map<ts.Node, EarlyEnd>();
    const fragile = new Map<ts.Node, FragileJoin>();
    for (const path of core.ask(shutdownPaths, program)) {
      if (path.service.is !== 'yes' || path.drains.isCut || path.on === 'exit') continue;
      const stages = new Map(path.drains.starts.map(({ drain }) => [drain, stageOf(drain, core)]));
      const starts = path.drains.starts.filter(
        (start) => !start.isDeadline && (start.drain.ends === 'sync' || isWaitedFor(start, path, core)),
      );
      for (const end of earlyEnds(starts, stages, core)) {
        const known = early.get(end.at);
        const users = [
          ...(known?.users ?? []),
          ...end.users.filter(({ at }) => !known?.users.some((user) => user.at === at)),
        ];
        early.set(end.at, { ...(known ?? end), users });
      }
      for (const join of fragileJoins(starts, path, core)) if (!fragile.has(join.join)) fragile.set(join.join, join);
    }
    const joined = new Set([...early.values()].map(({ join }) => join));
    return [
      ...early.values(),
      ...[...fragile.values()].filter(({ join }) => !joined.has(join)),
      ...core.ask(earlyHooks, program).filter(({ at }) => !early.has(at)),
      ...core.ask(forgottenHandles, program),
    ];
  },
});

// -------------------------------------------------------------------- stages

function earlyEnds(
  starts: readonly ReachedDrain[],
  stages: ReadonlyMap<Drain, Stage>,
  core: Core,
): readonly EarlyEnd[] {
  const found: EarlyEnd[] = [];
  for (const used of starts) {
    const stage = stages.get(used.drain);
    if (used.drain.member.reopens === true) continue;
    if ((stage !== 'store' && stage !== 'flush') || !isLent(used.drain, stage, core)) continue;
    for (const user of starts) {
      const userStage = stages.get(user.drain);
      if ((userStage !== 'intake' && userStage !== 'work') || isSecondary(user, used, stages)) continue;
      const is = relationOf(used, user);
      const fork = is === undefined ? undefined : forkOf(used, user);
      if (is === undefined || fork === undefined || (stage === 'flush' && isFlushedAgain(used, user, starts, stages)))
        continue;
      const join = is === 'parallel' ? joinAround(fork.used, fork.user, core) : undefined;
      found.push({
        is,
        drain: used.drain,
        stage,
        at: fork.used,
        users: [{ drain: user.drain, stage: userStage, at: fork.user }],
        ...(join === undefined ? {} : { join }),
      });
    }
  }
  return found;
}

/** Is the one over before the other begins to end, or on its way meanwhile? */
function relationOf(used: ReachedDrain, user: ReachedDrain): EarlyEnd['is'] | undefined {
  const has = (list: readonly Drain[], { drain }: ReachedDrain): boolean => list.includes(drain);
  // A loop, or another path on which it is the other way round.
  if (has(used.settled, user)) return undefined;
  if (has(user.settled, used)) return has(used.pending, user) ? undefined : 'early';
  return has(user.pending, used) || has(used.pending, user) ? 'parallel' : undefined;
}

/** A server beside the main one, which was drained before: metrics, health. */
function isSecondary(user: ReachedDrain, used: ReachedDrain, stages: ReadonlyMap<Drain, Stage>): boolean {
  const name = user.drain.target?.getText() ?? '';
  return (
    /metric|health|prom|probe|monitor|admin|debug|internal/i.test(name) ||
    (stages.get(user.drain) === 'intake' && used.settled.some((drain) => stages.get(drain) === 'intake'))
  );
}

function isFlushedAgain(
  used: ReachedDrain,
  user: ReachedDrain,
  starts: readonly ReachedDrain[],
  stages: ReadonlyMap<Drain, Stage>,
): boolean {
  return starts.some(
    (other) => other !== used && stages.get(other.drain) === 'flush' && other.settled.includes(user.drain),
  );
}

/** The calls of one function by which the ways to two drains part. */
function forkOf(
  left: ReachedDrain,
  right: ReachedDrain,
): { readonly used: ts.Node; readonly user: ts.Node } | undefined {
  const ways = [left, right].map(({ drain, through }) => [...through, drain.call]);
  const [one = [], other = []] = ways;
  const at = one.findIndex((node, index) => node !== other[index]);
  const used = one[at];
  const user = other[at];
  return used === undefined || user === undefined ? undefined : { used, user };
}

/** The innermost `Promise.all` or `Promise.allSettled` around both. */
function joinAround(left: ts.Node, right: ts.Node, core: Core): ts.CallExpression | undefined {
  return joinsAround(left, core).find((join) => right.pos >= join.pos && right.end <= join.end);
}

function joinsAround(node: ts.Node, core: Core): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (isFunctionNode(at) && !isCallbackOfCollection(at)) break;
    if (ts.isStatement(at) && !ts.isBlock(at) && !ts.isReturnStatement(at) && !ts.isExpressionStatement(at)) break;
    if (ts.isCallExpression(at) && core.api.plays(at, 'joins') !== undefined) found.push(at);
  }
  return found;
}

/** `workers.map((worker) => worker.close())` */
function isCallbackOfCollection(fn: ts.Node): boolean {
  return (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) && ts.isCallExpression(fn.parent);
}

// -------------------------------------------------------------------- joins

function fragileJoins(starts: readonly ReachedDrain[], path: ShutdownPath, core: Core): readonly FragileJoin[] {
  const joins = new Map<ts.CallExpression, Drain[]>();
  for (const { drain, through } of starts) {
    if (drain.ends === 'sync') continue;
    for (const node of [...through, drain.call]) {
      const [join] = joinsAround(node, core);
      if (join !== undefined) joins.set(join, [...(joins.get(join) ?? []), drain]);
    }
  }
  return [...joins].flatMap(([join, drains]) => {
    if (core.api.plays(join, 'joins')?.rejects === false || !mayLeaveOthers(join, drains, core)) return [];
    const next = nextOf(drains, path);
    return next === undefined || isToldOfExit(next, core) ? [] : [{ is: 'fragile', join, drains, next }];
  });
}

/** Is it an exit that any failure before it skips? That is told there. */
function isToldOfExit({ call }: Reached, core: Core): boolean {
  return core.ask(shutdownGaps, call.getSourceFile()).some(({ at, kind }) => kind === 'success' && at === call);
}

/** Are there several, of which one may fail? */
function mayLeaveOthers(join: ts.CallExpression, drains: readonly Drain[], core: Core): boolean {
  const [given] = join.arguments;
  const list = given === undefined ? undefined : bare(given);
  const mayFail = drains.some(({ call, member }) => member.rejects !== false && !isCaught(call, join, core));
  if (list === undefined || !mayFail) return false;
  if (!ts.isArrayLiteralExpression(list)) return ts.isCallExpression(list);
  return list.elements.length > 1 || list.elements.some((element) => ts.isSpreadElement(element));
}

/** `pool.end().catch(…)` inside the join, or a `try` around it in the callback. */
function isCaught(call: Call, join: ts.CallExpression, core: Core): boolean {
  for (let at: ts.Node = call; at !== join && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isTryStatement(at.parent) && at.parent.tryBlock === at && at.parent.catchClause !== undefined) return true;
    if (!ts.isCallExpression(at) || at === call) continue;
    const chain = core.api.plays(at, 'chains');
    if (chain?.handlesRejection !== undefined && core.api.argumentOf(at, chain.handlesRejection) !== undefined)
      return true;
  }
  // A routine of the project elsewhere takes care of its own failures, as far as one can see from here.
  return (
    !(call.pos >= join.pos && call.end <= join.end && call.getSourceFile() === join.getSourceFile()) &&
    calleesCatch(join, core)
  );
}

/** Does every routine that is called in the join catch what fails in it? */
function calleesCatch(join: ts.CallExpression, core: Core): boolean {
  const [given] = join.arguments;
  const list = given === undefined ? undefined : bare(given);
  if (list === undefined || !ts.isArrayLiteralExpression(list)) return false;
  return list.elements.every((element) => {
    const node = bare(element);
    if (!ts.isCallExpression(node)) return false;
    const { functions, isComplete } = core.ask(calleesOf, node);
    return isComplete && functions.length > 0 && functions.every((fn) => 'body' in fn && startsWithTry(fn.body));
  });
}

function startsWithTry(body: ts.Node | undefined): boolean {
  return (
    body !== undefined &&
    ts.isBlock(body) &&
    body.statements.some((statement) => ts.isTryStatement(statement) && statement.catchClause !== undefined)
  );
}

/** The first of what comes after the drains: another one, an exit. */
function nextOf(drains: readonly Drain[], { drains: all }: ShutdownPath): Reached | undefined {
  return [...all.starts, ...all.exits]
    .filter(({ isDeadline, settled }) => !isDeadline && drains.some((drain) => settled.includes(drain)))
    .toSorted(
      (left, right) =>
        Number(left.isAfterFailure) - Number(right.isAfterFailure) || left.settled.length - right.settled.length,
    )[0];
}
