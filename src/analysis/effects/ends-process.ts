import * as ts from 'typescript';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isAsync } from '../syntax/functions.ts';
import { type Call, callablesAt, calleesOf } from './callees-of.ts';
import { failureAt } from './failures.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';

/**
 * On which ways through a function the process ends.
 *
 * - `every-path`: whatever happens
 * - `every-return`: unless it fails first
 * - `some-path`: on some way, or from a callback that runs later
 */
export type ProcessEnds = 'every-path' | 'every-return' | 'never' | 'some-path';

/** Whether and where a function ends the process. */
export interface ProcessEnd {
  readonly on: ProcessEnds;
  /** The call that ends it, in this function. */
  readonly node?: ts.Node;
  /** The call that does it in the end, in whatever function. */
  readonly exit?: ts.Node;
  /** Does it end only when a callback runs that this function has handed out? */
  readonly isLater?: boolean;
}

const NEVER: ProcessEnd = { on: 'never' };

/**
 * Does the function end the process, and on which of its paths?
 *
 * A call of an `async` function counts where it is awaited; one that is dropped or returned ends the process later, on some path.
 * Doubt: a callee that cannot be seen does not end the process.
 */
export const endsProcess: Fact<FunctionNode, ProcessEnd> = defineSummary<ProcessEnd>({
  name: 'ends-process',
  start: () => NEVER,
  same: (left, right) => left.on === right.on && left.isLater === right.isLater,
  widen: (_fn, last) => last,
  of(fn, core, ask) {
    const graph = core.ask(flowGraph, fn);
    const ends = new Map<Step, ProcessEnd>();
    for (const step of graph.steps) {
      const end = step === graph.enter || step.previous.length > 0 ? endAt(step, core, ask) : NEVER;
      if (end.on !== 'never') ends.set(step, end);
    }
    const reachable = [...ends].filter(
      ([step]) => pathOf({ from: graph.enter, to: (next) => next === step }) !== undefined,
    );
    const [first] = reachable;
    if (first === undefined) return NEVER;
    const sure = reachable.filter(([, { on, isLater }]) => isLater !== true && on !== 'some-path');
    const on = sure.length === 0 ? 'some-path' : waysPast(graph, new Map(sure), core);
    const [, shown] = sure[0] ?? first;
    return on === 'some-path' && sure.length === 0 ? { ...shown, on } : { on, ...witnessOf(shown) };
  },
});

function witnessOf({ node, exit }: ProcessEnd): Pick<ProcessEnd, 'exit' | 'node'> {
  return { ...(node === undefined ? {} : { node }), ...(exit === undefined ? {} : { exit }) };
}

function waysPast(graph: FlowGraph, gates: ReadonlyMap<Step, ProcessEnd>, core: Core): ProcessEnds {
  const passes = (step: Step): boolean => gates.has(step);
  const returns = pathOf({
    from: graph.enter,
    to: (step) => step === graph.exit,
    avoiding: passes,
    without: ({ way }, step) => way === 'throw' && step.kind !== 'throw' && failureAt(step, core).certain === undefined,
  });
  if (returns !== undefined) return 'some-path';
  const escapes = pathOf({
    from: graph.enter,
    to: (step) => step === graph.escape,
    avoiding: (step) => gates.get(step)?.on === 'every-path',
    without: ({ way }, step) => way === 'throw' && step.kind !== 'throw' && failureAt(step, core).certain === undefined,
  });
  return escapes === undefined ? 'every-path' : 'every-return';
}

/** Does the process end whenever the function does not fail? */
export function endsOnReturn({ on, isLater }: ProcessEnd): boolean {
  return isLater !== true && (on === 'every-path' || on === 'every-return');
}

/** Does the process end at this step, if it does not fail? */
export function isEndOfProcess(step: Step, core: Core): boolean {
  return endsOnReturn(endAt(step, core, (fn) => core.ask(endsProcess, fn)));
}

function endAt(step: Step, core: Core, ask: (fn: FunctionNode) => ProcessEnd): ProcessEnd {
  const { kind, node } = step;
  if (kind === 'suspend' && ts.isAwaitExpression(node)) {
    const call = bare(node.expression);
    return ts.isCallExpression(call) ? calleeEnd(call, core, ask, true) : NEVER;
  }
  if (kind !== 'call' || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return NEVER;
  if (core.api.plays(node, 'exits') !== undefined) return { on: 'every-path', node, exit: node };
  const direct = calleeEnd(node, core, ask, false);
  return direct.on === 'never' ? callbackEnd(node, core, ask) : direct;
}

function calleeEnd(call: Call, core: Core, ask: (fn: FunctionNode) => ProcessEnd, isAwaited: boolean): ProcessEnd {
  const { functions, isComplete } = core.ask(calleesOf, call);
  let found: ProcessEnd | undefined;
  for (const fn of functions) {
    const end = ask(fn);
    const runsOn = isAsync(fn) && !isAwaited;
    const seen: ProcessEnd =
      runsOn && end.on !== 'never' ? { ...end, on: 'some-path', isLater: true, node: call } : { ...end, node: call };
    if (isAsync(fn) !== isAwaited && !runsOn) continue;
    found =
      found === undefined
        ? seen
        : found.on === seen.on
          ? found
          : { ...(found.on === 'never' ? seen : found), on: 'some-path' };
  }
  if (found === undefined || found.on === 'never') return NEVER;
  return isComplete ? found : { ...found, on: 'some-path' };
}

/** A callback that ends the process: now, or whenever it is called. */
function callbackEnd(
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
  ask: (fn: FunctionNode) => ProcessEnd,
): ProcessEnd {
  const member = core.ask(calleesOf, call).member;
  if (member !== undefined && hasRole(member, 'unlistens')) return NEVER;
  for (const argument of call.arguments ?? []) {
    if (
      !ts.isFunctionLike(bare(argument)) &&
      !ts.isIdentifier(bare(argument)) &&
      !ts.isPropertyAccessExpression(bare(argument))
    )
      continue;
    if (core.checker.getTypeAtLocation(argument).getCallSignatures().length === 0) continue;
    for (const fn of callablesAt(argument, core).functions) {
      const end = ask(fn);
      if (end.on === 'never') continue;
      const isNow = member !== undefined && hasRole(member, 'runs-now') && !isAsync(fn);
      return {
        on: 'some-path',
        node: call,
        ...(end.exit === undefined ? {} : { exit: end.exit }),
        ...(isNow ? {} : { isLater: true }),
      };
    }
  }
  return NEVER;
}
