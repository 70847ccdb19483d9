import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isThenable } from '../types/is-thenable.ts';
import { type Call, calleesOf } from './callees-of.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';

/** What lets other code run before the work of a function is done. */
export interface Suspension {
  /** The `await`, `yield`, loop or the call whose promise is handed out. */
  readonly node: ts.Node;
  readonly fn: FunctionNode;
  /** For a suspension of the function itself: its step. */
  readonly step?: Step;
}

export type MaySuspend = Answer<Suspension, Suspension>;

/**
 * May other code run between the call of a function and the end of its work?
 *
 * `yes` when an `await`, `for await`, `yield` or `await using` can be reached, or when it hands out the promise of something that
 * suspends. The work of a function ends with the promise it returns; work that it starts and drops is not its own. An `async`
 * function without a reachable suspension does not suspend. Doubt: promises handed out that come from callbacks, fields and `any`.
 */
export const maySuspend: Fact<FunctionNode, MaySuspend> = defineSummary<MaySuspend>({
  name: 'may-suspend',
  start: () => NO,
  same: (left, right) => left.is === right.is,
  widen: (fn, last) => (last.is === 'yes' ? last : unknown('budget', { node: fn, fn })),
  of(fn, core, ask) {
    const graph = core.ask(flowGraph, fn);
    const first = firstSuspensionOf(fn, core);
    if (first !== undefined) return yes({ node: first.node, fn, step: first });
    if (graph.truncated) return unknown('budget', { node: fn, fn });
    let found: MaySuspend = NO;
    for (const step of graph.steps) {
      if (step.kind !== 'return' || step.previous.length === 0) continue;
      const expression = ts.isReturnStatement(step.node) ? step.node.expression : (step.node as ts.Expression);
      if (expression === undefined) continue;
      const handed = promiseSuspends(expression, core, ask, 0);
      if (handed.is === 'yes') return handed;
      if (found.is === 'no') found = handed;
    }
    return found;
  },
});

/** The first suspension that can be reached in a function, in evaluation order. */
export function firstSuspensionOf(fn: FunctionNode, core: Core): Step | undefined {
  const graph = core.ask(flowGraph, fn);
  if (graph.suspensions.length === 0) return undefined;
  return pathOf({ from: graph.enter, to: (step) => step.kind === 'suspend' })?.at(-1);
}

/** May other code run before the work that a call does, or hands out as a promise, is done? */
export function mayCallSuspend(call: Call, core: Core): MaySuspend {
  return callSuspends(call, core, (fn) => core.ask(maySuspend, fn), 0);
}

const DEEPEST = 8;

function promiseSuspends(
  expression: ts.Expression,
  core: Core,
  ask: (fn: FunctionNode) => MaySuspend,
  depth: number,
): MaySuspend {
  const node = bare(expression);
  const here: Suspension = { node, fn: enclosingFunctionOf(node) };
  if (depth > DEEPEST) return unknown('budget', here);
  if (ts.isConditionalExpression(node)) {
    return either(
      promiseSuspends(node.whenTrue, core, ask, depth + 1),
      promiseSuspends(node.whenFalse, core, ask, depth + 1),
    );
  }
  if (ts.isBinaryExpression(node)) {
    const right = promiseSuspends(node.right, core, ask, depth + 1);
    const operator = node.operatorToken.kind;
    const isChoice = operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
    return isChoice ? either(promiseSuspends(node.left, core, ask, depth + 1), right) : right;
  }
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) {
    return callSuspends(node, core, ask, depth);
  }
  if (
    ts.isLiteralExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isAwaitExpression(node)
  ) {
    return NO;
  }
  const type = core.checker.getTypeAtLocation(node);
  if (isAnyLike(type)) return unknown('any', here);
  return isThenable(type, core.checker) ? unknown('escapes', here) : NO;
}

function either(left: MaySuspend, right: MaySuspend): MaySuspend {
  if (left.is === 'yes' || right.is === 'no') return left;
  return right.is === 'yes' || left.is === 'no' ? right : left;
}

function callSuspends(call: Call, core: Core, ask: (fn: FunctionNode) => MaySuspend, depth: number): MaySuspend {
  const callees = core.ask(calleesOf, call);
  const { member } = callees;
  const here: Suspension = { node: call, fn: enclosingFunctionOf(call) };
  let found: MaySuspend = NO;
  for (const fn of callees.functions) {
    const answer = ask(fn);
    if (answer.is === 'yes') return yes(here);
    if (answer.is === 'unknown') found = unknown(answer.because, here);
  }
  if (callees.isComplete) return found;
  if (member?.value !== undefined && hasRole(member, 'safe') && !ts.isTaggedTemplateExpression(call)) {
    // `Promise.resolve(x)`: nothing is waited for but `x`.
    const value = call.arguments?.[member.value];
    return value === undefined ? found : either(found, promiseSuspends(value, core, ask, depth + 1));
  }
  if (member !== undefined && hasRole(member, 'pure')) return found;
  const type = core.checker.getTypeAtLocation(call);
  if (isAnyLike(type)) return unknown('any', here);
  if (!isThenable(type, core.checker)) return found;
  if (member !== undefined || callees.isExternal === true) return yes(here);
  return unknown(callees.because ?? 'unknown-callee', here);
}
