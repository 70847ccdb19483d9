import * as ts from 'typescript';
import { callablesAt, calleesOf } from '../effects/callees-of.ts';
import { endsProcess } from '../effects/ends-process.ts';
import { handlingOf } from '../effects/handling-of.ts';
import { mayPromiseReject } from '../effects/may-reject.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { loadedWith } from '../program/loading.ts';
import { listenersOf } from '../program/program-index.ts';
import { drainsOn, type ReachedExit } from '../resources/drains-on.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isGuarded } from './early-exits.ts';
import { type ShutdownPath, stageOf } from './paths.ts';

/** An exit that is passed by when a drain before it fails. */
export interface SuccessOnly {
  readonly kind: 'success';
  readonly at: ts.Node;
  readonly path: ShutdownPath;
  readonly exit: ReachedExit;
  /** The wait that may fail. */
  readonly failing: ts.Expression;
  /** The process stays: a `catch` or a listener of `unhandledRejection` takes the failure and ends nothing. Otherwise it crashes. */
  readonly taker: ts.Node | undefined;
  readonly isCertain: boolean;
}

/** Where the failure of a wait ends up. */
type Fate = { readonly is: 'crashes' } | { readonly is: 'ends' } | { readonly is: 'stays'; readonly taker: ts.Node };

const ENDS: Fate = { is: 'ends' };

/** The exits of a path that stand on the way of success only. */
export function successOnly(path: ShutdownPath, core: Core): readonly SuccessOnly[] {
  if (path.on !== 'signal') return [];
  const found: SuccessOnly[] = [];
  for (const exit of path.drains.exits) {
    if (exit.isDeadline || exit.isAfterFailure || !exit.isLater || isGuarded(exit)) continue;
    if (found.some(({ at }) => at === exit.exit)) continue;
    const waits = exit.settled.length === 0 ? [] : waitsBefore(exit, core);
    for (const { failing, fate } of waits) {
      const resolved = fate.is === 'crashes' ? fateOfUnhandled(path, core) : fate;
      if (resolved.is === 'ends') continue;
      const isCertain = resolved.is === 'stays' || skipsWork(exit, core);
      const taker = resolved.is === 'stays' ? resolved.taker : undefined;
      found.push({ kind: 'success', at: exit.exit, path, exit, failing, taker, isCertain });
      break;
    }
  }
  return found;
}

interface FailingWait {
  readonly failing: ts.Expression;
  readonly fate: Fate;
}

/** The waits for drains before an exit that may fail, with what becomes of the failure. */
function waitsBefore({ exit, through }: ReachedExit, core: Core): readonly FailingWait[] {
  const chain = [...through, exit];
  const found: FailingWait[] = [];
  chain.forEach((node, level) => {
    const graph = core.ask(flowGraph, enclosingFunctionOf(node));
    const ends = new Set(graph.stepsOf(node));
    for (const step of graph.suspensions) {
      if (!ts.isAwaitExpression(step.node)) continue;
      const { expression } = step.node;
      // The exit behind the promise is the exit asked about.
      if (through.some((each) => isWithin(each, expression))) continue;
      if (
        !ends.size ||
        pathOf({
          from: step,
          to: (next) => ends.has(next),
          without: ({ way }, at) => at === step && way === 'throw',
        }) === undefined
      )
        continue;
      if (!isDrain(expression, core) || mayPromiseReject(expression, core).is === 'no') continue;
      found.push({ failing: step.node, fate: fateOf(step, graph, chain, level, core) });
    }
    const success = successAt(node, chain[level + 1], core);
    if (success === undefined) return;
    const { handler, source } = success;
    if (!isDrain(source, core) || mayPromiseReject(source, core).is === 'no') return;
    const fate =
      handler === undefined
        ? fateOfPromise(node as ts.CallExpression, chain, level, core)
        : fateWith(handler, handler, core);
    found.push({ failing: source, fate });
  });
  return found;
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

/** Does it wait for a drain, itself or through a function of the project? */
function isDrain(expression: ts.Expression, core: Core): boolean {
  const look = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node)) {
      if (core.api.plays(node, 'drains') !== undefined) return true;
      const { functions } = core.ask(calleesOf, node);
      if (functions.some((fn) => core.ask(drainsOn, fn).started.length > 0)) return true;
    }
    return ts.forEachChild(node, look) ?? false;
  };
  return look(expression);
}

/** `stop()` in `stop().then(() => process.exit(0), …)`, where the exit stands in the callback of success. */
function successAt(
  node: ts.Node,
  next: ts.Node | undefined,
  core: Core,
): { readonly source: ts.Expression; readonly handler: ts.Expression | undefined } | undefined {
  if (!ts.isCallExpression(node) || next === undefined) return undefined;
  const chain = core.api.plays(node, 'chains');
  const callee = bare(node.expression);
  const [onSuccess, handler] = node.arguments;
  if (chain === undefined || !ts.isPropertyAccessExpression(callee) || onSuccess === undefined) return undefined;
  if (callee.name.text !== 'then' || !callablesAt(onSuccess, core).functions.includes(enclosingFunctionOf(next)))
    return undefined;
  return { source: bare(callee.expression), handler };
}

// ---------------------------------------------------------------- what becomes of a failure

/** Of the failure of a wait, in the function at a level of the chain and in those around it. */
function fateOf(step: Step, graph: FlowGraph, chain: readonly ts.Node[], level: number, core: Core): Fate {
  const thrown = step.next.find(({ way }) => way === 'throw')?.to;
  if (thrown === undefined) return ENDS;
  const passes = (next: Step): boolean => isEnd(next, core);
  if (passes(thrown)) return ENDS;
  const stays =
    thrown === graph.exit
      ? [thrown]
      : pathOf({ from: thrown, to: (next) => next === graph.exit, avoiding: passes, without: isSecondFailure });
  if (stays !== undefined) return { is: 'stays', taker: catchOn([thrown, ...stays]) ?? step.node };
  const escapes =
    thrown === graph.escape ||
    pathOf({
      from: thrown,
      to: (next) => next === graph.escape,
      avoiding: passes,
      without: (edge, at) => edge.way === 'throw' && at.kind !== 'throw',
    }) !== undefined;
  return escapes ? fateOutside(graph.fn, chain, level, core) : ENDS;
}

/** Failures of what a `catch` does are another story. */
function isSecondFailure({ way }: { readonly way: string }, at: Step): boolean {
  return way === 'throw' && at.kind !== 'throw';
}

function catchOn(steps: readonly Step[]): ts.Node | undefined {
  for (const { node } of steps) {
    for (let at: ts.Node = node; !ts.isSourceFile(at) && !ts.isFunctionLike(at); at = at.parent)
      if (ts.isCatchClause(at)) return at;
  }
  return undefined;
}

/** Of the rejection of a function of the chain. */
function fateOutside(fn: FunctionNode, chain: readonly ts.Node[], level: number, core: Core): Fate {
  if (level === 0) return { is: 'crashes' };
  const call = chain[level - 1];
  if (call === undefined || !ts.isCallExpression(call) || bare(call.expression) === fn) return { is: 'crashes' };
  return fateOfPromise(call, chain, level - 1, core);
}

function fateOfPromise(call: ts.CallExpression, chain: readonly ts.Node[], level: number, core: Core): Fate {
  const { at, handler, is } = handlingOf(call, core);
  switch (is) {
    case 'handled':
      return endsAfter(at, core) ? ENDS : fateWith(handler, at, core);
    case 'awaited':
    case 'caught': {
      const graph = core.ask(flowGraph, enclosingFunctionOf(at));
      const step = graph.stepsOf(at).find(({ kind }) => kind === 'suspend');
      return step === undefined ? ENDS : fateOf(step, graph, chain, level, core);
    }
    case 'returned':
      return fateOutside(enclosingFunctionOf(call), chain, level, core);
    case 'dropped':
    case 'void':
    case 'kept':
      return { is: 'crashes' };
    case 'passed':
    case 'stored':
    case 'yielded':
      return ENDS;
  }
}

/** Does the chain go on to the end of the process: `stop().catch(log).finally(() => process.exit())`? */
function endsAfter(call: ts.Node, core: Core): boolean {
  const access = wrapped(call).parent;
  const next = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
  if (next === undefined || !ts.isCallExpression(next) || core.api.plays(next, 'chains') === undefined) return false;
  const isEnding = next.arguments
    .flatMap((given) => callablesAt(given, core).functions)
    .some((fn) => core.ask(endsProcess, fn).on !== 'never');
  return isEnding || endsAfter(next, core);
}

/** Of a rejection that a handler takes. */
function fateWith(handler: ts.Expression | undefined, at: ts.Node, core: Core): Fate {
  const handlers = handler === undefined ? [] : callablesAt(handler, core).functions;
  if (handlers.length === 0 || handlers.some((each) => core.ask(endsProcess, each).on !== 'never')) return ENDS;
  return { is: 'stays', taker: handler ?? at };
}

/** Does the process end here, or begin to: an exit, a function that ends it, a signal to itself, an exit code that is set? */
function isEnd({ kind, node }: Step, core: Core): boolean {
  if (kind === 'write') return /\bexitCode$/.test(node.getText());
  if (kind !== 'call' || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return false;
  if (core.api.plays(node, 'exits') !== undefined || isSignalToItself(node, core)) return true;
  // A callback that ends it: `server.close(() => process.exit(0))`.
  const given = (node.arguments ?? []).flatMap((each) => callablesAt(each, core).functions);
  return [...core.ask(calleesOf, node).functions, ...given].some((fn) => core.ask(endsProcess, fn).on !== 'never');
}

/** `process.kill(process.pid, signal)` */
export function isSignalToItself(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const [given] = call.arguments ?? [];
  return (
    given !== undefined && core.api.plays(call, 'cuts-off')?.from === 'process' && /\bpid$/.test(bare(given).getText())
  );
}

/** What takes a rejection that nobody handles: a listener of the process, or the end of it. */
function fateOfUnhandled(path: ShutdownPath, core: Core): Fate {
  const mates = core.ask(loadedWith, path.file);
  const takers = listenersOf('unhandledRejection', core).filter(
    ({ events, file }) => events?.includes('unhandledRejection') === true && mates.has(file),
  );
  const [first] = takers;
  if (first === undefined) return { is: 'crashes' };
  const mayEnd = takers.some(
    ({ handlers, isResolved }) => !isResolved || handlers.some((fn) => core.ask(endsProcess, fn).on !== 'never'),
  );
  return mayEnd ? ENDS : { is: 'stays', taker: first.node };
}

/** Is more than stores drained before it, so that a crash cuts work off? */
function skipsWork({ settled }: ReachedExit, core: Core): boolean {
  return settled.some((drain) => stageOf(drain, core) !== 'store');
}
