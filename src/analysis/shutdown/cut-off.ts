import * as ts from 'typescript';
import { maySuspend } from '../effects/may-suspend.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { loadedWith } from '../program/loading.ts';
import { boundByCall } from '../resources/bound-of.ts';
import type { Drain, ReachedCut, ReachedExit } from '../resources/drains-on.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isGuarded } from './early-exits.ts';
import { isLetGo, isReachedOtherwise, isWaitedForOnTheWay } from './let-go.ts';
import { type ShutdownPath, type Stage, stageOf } from './paths.ts';

/** Another listener of the same signal ends the process while this one drains. */
export interface OtherExit {
  readonly kind: 'other';
  /** The drain that is cut off, or the registration where the drain stands in another file. */
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly drain: Drain;
  readonly signal: string;
  readonly exit: ReachedExit;
  readonly isCertain: boolean;
}

/** What a listener of `exit` begins ends with the process. */
export interface WaitAtExit {
  readonly kind: 'exit';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  /** What is begun and never done. */
  readonly begun: ts.Node;
  readonly isCertain: boolean;
}

/** Connections are cut while, or before, they are drained. */
export interface CutBefore {
  readonly kind: 'cut';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly cut: ReachedCut;
  /** The drain that is under way. */
  readonly drain: Drain | undefined;
  readonly stage: Stage;
  readonly gracefully: string | undefined;
  readonly isCertain: boolean;
}

/** A store is closed while what uses it is still drained by nobody's wait. */
export interface StoreFirst {
  readonly kind: 'store';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly store: Drain;
  readonly intake: Drain;
  readonly isCertain: boolean;
}

/** A hook gives control back while its drain is under way. */
export interface DroppedInHook {
  readonly kind: 'hook';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly drain: Drain;
  readonly isCertain: boolean;
}

/** Drains of a listener that another listener of the same signal cuts off. */
export function otherExits(path: ShutdownPath, others: readonly ShutdownPath[], core: Core): readonly OtherExit[] {
  if (path.on !== 'signal') return [];
  const drain = path.drains.started.find((each) => each.ends !== 'sync' && isLetGo(each, path, core));
  if (drain === undefined) return [];
  const isReached = isReachedOtherwise(drain, path, core);
  const mine = new Set(path.drains.started);
  const mates = core.ask(loadedWith, path.file);
  for (const other of others) {
    if (other.on !== 'signal' || other.handler === path.handler || !mates.has(other.file)) continue;
    const signal = other.events.find((event) => path.events.includes(event));
    if (signal === undefined || isSharedRoutine(path, other)) continue;
    const exit = other.drains.exits.find(
      (each) =>
        !each.isDeadline &&
        !each.isAfterFailure &&
        !each.isPaused &&
        !isGuarded(each) &&
        ![...each.settled, ...each.pending].some((settled) => mine.has(settled)),
    );
    if (exit === undefined) continue;
    // Of two that end the process and drain, one report: at the one whose drain is registered last.
    const isMutual = path.drains.exits.some((each) => !each.isDeadline) && other.drains.started.length > 0;
    if (isMutual && isBefore(path.node, other.node)) continue;
    const at = drain.call.getSourceFile() === path.file ? drain.call : path.node;
    const isCertain = exit.unseen.length === 0 || !isReached;
    return [{ kind: 'other', at, path, drain, signal, exit, isCertain }];
  }
  return [];
}

/** Do both lead to the same drains: one routine behind two listeners? */
function isSharedRoutine(path: ShutdownPath, other: ShutdownPath): boolean {
  const theirs = new Set(other.drains.started);
  return path.drains.started.some((drain) => theirs.has(drain));
}

function isBefore(left: ts.Node, right: ts.Node): boolean {
  const files = left.getSourceFile().fileName.localeCompare(right.getSourceFile().fileName);
  return files < 0 || (files === 0 && left.pos < right.pos);
}

/** What a listener of `exit` begins and cannot finish. */
export function waitsAtExit(path: ShutdownPath, core: Core): readonly WaitAtExit[] {
  if (path.on !== 'exit' || !path.events.includes('exit')) return [];
  const drain = path.drains.started.find(({ ends }) => ends !== 'sync');
  const begun = drain?.call ?? firstWaitOf(path, core);
  return begun === undefined ? [] : [{ kind: 'exit', at: path.node, path, begun, isCertain: true }];
}

/** The first thing that the handler, or a function that it calls, waits for. */
function firstWaitOf({ handler }: ShutdownPath, core: Core): ts.Node | undefined {
  const graph = core.ask(flowGraph, handler);
  for (const step of graph.steps) {
    if (step.previous.length === 0 && step !== graph.enter) continue;
    if (step.kind === 'suspend') return step.node;
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) continue;
    const { functions, isComplete } = core.ask(calleesOf, step.node);
    if (functions.length > 0 && isComplete && functions.every((fn) => core.ask(maySuspend, fn).is === 'yes'))
      return step.node;
  }
  return undefined;
}

/** Abrupt ends of what the path drains, or should. */
export function cutsBefore(path: ShutdownPath, core: Core): readonly CutBefore[] {
  if (path.on === 'exit') return [];
  const found = new Map<ts.Node, CutBefore>();
  for (const cut of path.drains.cuts) {
    const { gracefully } = cut.member;
    if (cut.isDeadline || cut.isAfterFailure || cut.isPaused || isUnderCondition(cut)) continue;
    const target = targetOf(cut);
    if (target === undefined || cut.unseen.length > 0) continue;
    const isSame = (drain: Drain): boolean => drain.target !== undefined && nameOf(drain.target) === nameOf(target);
    if (cut.settled.some(isSame)) continue;
    const stage = stageOf({ member: cut.member, target }, core);
    const drain = cut.pending.find(isSame) ?? path.drains.started.find(isSame) ?? serverOf(cut, target, core);
    const isCertain =
      drain !== undefined && stageOf(drain, core) === 'intake' && (stage === 'intake' || cut.pending.includes(drain));
    if (drain === undefined && (gracefully === undefined || isBlocked(target, core))) continue;
    found.set(cut.call, { kind: 'cut', at: cut.call, path, cut, drain, stage, gracefully, isCertain });
  }
  return [...found.values()];
}

/** The server whose connections a loop destroys: `for (const socket of sockets) socket.destroy()`. */
function serverOf({ pending }: ReachedCut, target: ts.Expression, core: Core): Drain | undefined {
  const declaration = ts.isIdentifier(target) ? symbolAt(target, core.checker)?.valueDeclaration : undefined;
  const isElement =
    declaration !== undefined &&
    (ts.isParameter(declaration) ||
      (ts.isVariableDeclaration(declaration) && ts.isForOfStatement(declaration.parent.parent)));
  return isElement ? pending.find((drain) => stageOf(drain, core) === 'intake') : undefined;
}

/** Is the client asked for something without a limit? A graceful end is queued behind it, and what is cut off is an idle read. */
function isBlocked(target: ts.Expression, core: Core): boolean {
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  const symbol = symbolAt(name, core.checker);
  if (symbol === undefined) return false;
  return referencesOf(symbol, core).some((reference) => {
    const { parent } = reference;
    const client = ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
    const access = wrapped(client).parent;
    if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent)) return false;
    const wait = core.api.plays(access.parent, 'waits');
    return wait !== undefined && boundByCall(access.parent, wait, core).is !== 'yes';
  });
}

function isUnderCondition({ call, through }: ReachedCut): boolean {
  return isGuarded({ exit: call, through });
}

function targetOf({ call }: ReachedCut): ts.Expression | undefined {
  const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
  return callee !== undefined && ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
}

function nameOf(target: ts.Expression): string {
  return bare(target).getText().replace(/[?!]/g, '');
}

/** Stores that are closed while a server drains that nothing on the path waits for. */
export function storesFirst(path: ShutdownPath, core: Core): readonly StoreFirst[] {
  if (path.on === 'exit') return [];
  const never = new Set(path.drains.pending);
  for (const exit of path.drains.exits) for (const drain of exit.pending) never.add(drain);
  for (const { call, drain, isDeadline, pending } of path.drains.starts) {
    if (isDeadline || drain.ends === 'sync' || stageOf(drain, core) !== 'store') continue;
    const intake = pending.find(
      (each) => never.has(each) && stageOf(each, core) === 'intake' && !isWaitedForOnTheWay(each, path, core),
    );
    if (intake !== undefined) return [{ kind: 'store', at: call, path, store: drain, intake, isCertain: true }];
  }
  return [];
}

/** Drains that a hook, or code given to a package, begins and does not wait for. */
export function droppedInHooks(path: ShutdownPath, core: Core): readonly DroppedInHook[] {
  if (path.on !== 'hook' && path.on !== 'registrar') return [];
  const parameters = ts.isFunctionLike(path.handler) ? path.handler.parameters : [];
  const given = new Set(parameters.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : [])));
  /** Is whoever waits told by a callback: `pool.end().then(() => done())`? */
  const tells = (call: ts.Node): boolean => {
    let at = call;
    while (!ts.isStatement(at) && at.parent !== path.handler) at = at.parent;
    return enclosingFunctionOf(call) === path.handler && given.size > 0 && hasCallOf(at, given);
  };
  return path.drains.pending
    .filter(({ call, ends }) => ends !== 'sync' && !tells(call))
    .slice(0, 1)
    .map((drain) => {
      const at = drain.call.getSourceFile() === path.file ? drain.call : path.node;
      const isCertain = path.on === 'registrar' || stageOf(drain, core) !== 'store';
      return { kind: 'hook', at, path, drain, isCertain };
    });
}

/** Is one of these names called, or given as a callback, inside a node? */
function hasCallOf(node: ts.Node, names: ReadonlySet<string>): boolean {
  const look = (inner: ts.Node): boolean => {
    if (ts.isCallExpression(inner)) {
      const used = [inner.expression, ...inner.arguments];
      if (used.some((each) => ts.isIdentifier(each) && names.has(each.text))) return true;
    }
    return ts.forEachChild(inner, look) ?? false;
  };
  return look(node);
}
