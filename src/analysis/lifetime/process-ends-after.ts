import * as ts from 'typescript';
import { callablesAt } from '../effects/callees-of.ts';
import { endsOnReturn, endsProcess, isEndOfProcess } from '../effects/ends-process.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Edge, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { callSitesOf } from '../program/references.ts';
import { wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';

/** Functions that are gone back to whoever waits for them. */
const MOST_CALLERS = 4;

/**
 * Does the process end once a promise is fulfilled: in what is chained to it, in the function that awaits it, in whoever waits for
 * that function?
 *
 * Ways on which something fails are not looked at, and an `await` that comes again and again ends nothing. Doubt: callers that cannot
 * be seen let the process live on.
 */
export function processEndsAfter(promise: ts.Expression, core: Core, callers = 0): boolean {
  let chain = wrapped(promise) as ts.Expression;
  for (let next = continuationOf(chain, core); next !== undefined; next = continuationOf(chain, core)) {
    if (endsInCallback(next, core)) return true;
    chain = wrapped(next) as ts.Expression;
  }
  const { is, witness } = core.ask(taskOf, chain);
  if (is === 'returned') return callersEnd(enclosingFunctionOf(witness), core, callers);
  if (!ts.isAwaitExpression(witness)) return false;
  if (endsFrom(witness, core)) return true;
  return !comesAgain(witness, core) && callersEnd(enclosingFunctionOf(witness), core, callers);
}

/** `promise.then(…)`, `.catch(…)`, `.finally(…)` */
function continuationOf(promise: ts.Expression, core: Core): ts.CallExpression | undefined {
  const access = promise.parent;
  const call =
    ts.isPropertyAccessExpression(access) && access.expression === promise ? wrapped(access).parent : undefined;
  const isChain = call !== undefined && ts.isCallExpression(call) && core.api.plays(call, 'chains') !== undefined;
  return isChain ? call : undefined;
}

/** Does the callback that runs when all went well end the process? */
function endsInCallback(chain: ts.CallExpression, core: Core): boolean {
  const row = core.api.plays(chain, 'chains');
  const callback = row?.handlesRejection === 0 ? undefined : chain.arguments[0];
  if (callback === undefined) return false;
  const { functions, isComplete } = callablesAt(callback, core);
  return isComplete && functions.length > 0 && functions.every((fn) => endsOnReturn(core.ask(endsProcess, fn)));
}

/** Does every way on from an `await`, to the end of its function or back to it, end the process? */
function endsFrom(wait: ts.AwaitExpression, core: Core): boolean {
  const graph = core.ask(flowGraph, enclosingFunctionOf(wait));
  const start = graph.stepsOf(wait).find(({ kind }) => kind === 'suspend');
  if (start === undefined || graph.truncated) return false;
  const isEnd = (step: Step): boolean => isEndOfProcess(step, core);
  const isOn = (step: Step): boolean => step === graph.exit || step === start;
  const without = ({ way }: Edge): boolean => way === 'throw';
  return (
    pathOf({ from: start, to: isOn, avoiding: isEnd, without }) === undefined &&
    pathOf({ from: start, to: isEnd, without }) !== undefined
  );
}

/** Does an `await` run again after itself, for as long as something outside lets it? A list that is gone through has an end. */
function comesAgain(wait: ts.AwaitExpression, core: Core): boolean {
  const fn = enclosingFunctionOf(wait);
  if (!isInOpenLoop(wait, fn)) return false;
  const start = core
    .ask(flowGraph, fn)
    .stepsOf(wait)
    .find(({ kind }) => kind === 'suspend');
  if (start === undefined) return true;
  const isStart = (step: Step): boolean => step === start;
  return pathOf({ from: start, to: isStart, without: ({ way }) => way === 'throw' }) !== undefined;
}

function isInOpenLoop(wait: ts.Node, fn: ts.Node): boolean {
  for (let node = wait.parent; node !== fn; node = node.parent) {
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return true;
    if (ts.isForStatement(node) && (node.condition === undefined || node.incrementor === undefined)) return true;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  }
  return false;
}

function callersEnd(fn: FunctionNode, core: Core, callers: number): boolean {
  if (callers >= MOST_CALLERS) return false;
  const { found, open } = callSitesOf(fn, core);
  return (
    !open &&
    found.length > 0 &&
    found.every(({ node }) => ts.isCallExpression(node) && processEndsAfter(node, core, callers + 1))
  );
}
