import * as ts from 'typescript';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { callablesAt, calleesOf } from './callees-of.ts';
import { failureAt } from './failures.ts';
import { defineSummary } from './summary.ts';

/** Does a function come to an end? */
export interface Settling {
  /**
   * - `yes`: there is a way to its end
   * - `by-failure`: only an exception ends it
   * - `no`: nothing does
   * - `unknown`: the budget was used up
   */
  readonly is: 'by-failure' | 'no' | 'unknown' | 'yes';
  /** What keeps it: the loop without an exit, the call or `await` that never ends. */
  readonly witness?: ts.Node;
}

const SETTLES: Settling = { is: 'yes' };

/**
 * Is there a way to the end of a function (for an `async` one, of its promise)?
 *
 * A loop that nothing leaves, an `await` of a function that never ends or of a hand-made promise that nobody can settle: no. Whether
 * an event that is waited for will come is not asked. A generator settles: its consumer ends it. The end of the process is an end.
 */
export const everSettles: Fact<FunctionNode, Settling> = defineSummary<Settling>({
  name: 'ever-settles',
  start: () => SETTLES,
  same: (left, right) => left.is === right.is,
  widen: () => ({ is: 'unknown' }),
  of(fn, core, ask) {
    const graph = core.ask(flowGraph, fn);
    if (graph.truncated) return { is: 'unknown' };
    if (isGenerator(fn)) return SETTLES;
    const seen = new Set<Step>([graph.enter]);
    let fails = false;
    let stop: ts.Node | undefined;
    for (const step of seen) {
      if (step === graph.exit) return SETTLES;
      if (step === graph.escape) fails = true;
      if (isLastCall(step) && endsThere(step.node, core, ask)) return SETTLES;
      const endless = endlessAt(step, core, ask);
      if (endless !== undefined) stop ??= step.node;
      for (const edge of step.next) {
        if (edge.way === 'throw' && step.kind !== 'throw') {
          if (seen.has(edge.to) || failureAt(step, core).certain === undefined || endless === 'no') continue;
        } else if (endless !== undefined) {
          continue;
        }
        seen.add(edge.to);
      }
    }
    const witness = stop ?? loopIn(seen);
    return { is: fails ? 'by-failure' : 'no', ...(witness === undefined ? {} : { witness }) };
  },
});

/** A call after which nothing follows: it never returns. */
function isLastCall(step: Step): step is Step & { readonly node: ts.CallExpression } {
  return step.kind === 'call' && ts.isCallExpression(step.node) && step.next.every(({ way }) => way === 'throw');
}

/** Does the function end there together with the process? */
function endsThere(call: ts.CallExpression, core: Core, ask: (fn: FunctionNode) => Settling): boolean {
  if (core.api.plays(call, 'exits') !== undefined) return true;
  const { functions, isComplete } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every((fn) => ask(fn).is === 'yes');
}

/** Is this the step of a wait that nothing but a failure ends, or nothing at all? */
function endlessAt(step: Step, core: Core, ask: (fn: FunctionNode) => Settling): 'by-failure' | 'no' | undefined {
  const { kind, node } = step;
  if (kind === 'suspend' && ts.isAwaitExpression(node)) {
    const awaited = bare(node.expression);
    if (ts.isNewExpression(awaited)) return isNeverSettled(awaited, core) ? 'no' : undefined;
    return ts.isCallExpression(awaited) ? endlessCall(awaited, core, ask, true) : undefined;
  }
  return kind === 'call' && ts.isCallExpression(node) ? endlessCall(node, core, ask, false) : undefined;
}

function endlessCall(
  call: ts.CallExpression,
  core: Core,
  ask: (fn: FunctionNode) => Settling,
  isAwaited: boolean,
): 'by-failure' | 'no' | undefined {
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (!isComplete || functions.length === 0 || functions.some((fn) => isAsync(fn) !== isAwaited || isGenerator(fn)))
    return undefined;
  const answers = functions.map((fn) => ask(fn).is);
  if (answers.every((is) => is === 'no')) return 'no';
  return answers.every((is) => is === 'no' || is === 'by-failure') ? 'by-failure' : undefined;
}

/** `new Promise(() => {})`: the executor has no way to settle it. */
function isNeverSettled(made: ts.NewExpression, core: Core): boolean {
  if (core.api.plays(made, 'runs-now') === undefined || made.arguments?.[0] === undefined) return false;
  const { functions, isComplete } = callablesAt(made.arguments[0], core);
  return (
    isComplete && functions.every((fn) => ts.isFunctionLike(fn) && fn.parameters.length === 0 && !usesArguments(fn))
  );
}

function usesArguments(fn: FunctionNode): boolean {
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === 'arguments') || (ts.forEachChild(node, visit) ?? false);
  return ts.forEachChild(fn, visit) ?? false;
}

/** The outermost loop that was entered. */
function loopIn(steps: ReadonlySet<Step>): ts.Node | undefined {
  for (const { node } of steps) {
    let loop: ts.Node | undefined;
    const fn = enclosingFunctionOf(node);
    for (let at: ts.Node | undefined = node; at !== undefined && at !== fn; at = at.parent as ts.Node | undefined) {
      if (ts.isIterationStatement(at, false)) loop = at;
    }
    if (loop !== undefined) return loop;
  }
  return undefined;
}
