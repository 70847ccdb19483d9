import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { programKinds } from '../program/kind.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { onceAt } from '../program/start-up.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';

/**
 * Is the wait what the code is there for, so that a limit would only break it: the main loop of a consumer, start-up code that runs
 * once, a callback that a helper bounds?
 */
export function isItsWork(wait: ts.Node, core: Core): boolean {
  const isLoop = ts.isIterationStatement(wait, false);
  const isAtStart = onceAt(isLoop ? wait.parent : wait, core).is === 'yes';
  return isAtStart || isInConsumerLoop(wait) || isInLimitedCallback(wait);
}

/** Is this one turn of a loop that takes whatever comes, again and again? A loop that returns what came waits for one answer. */
export function isInConsumerLoop(wait: ts.Node): boolean {
  let isConditional = false;
  for (let node = wait; !ts.isSourceFile(node.parent) && !isFunctionNode(node); node = node.parent) {
    const { parent } = node;
    if (ts.isWhileStatement(parent) || ts.isDoStatement(parent) || ts.isForStatement(parent)) {
      const isInBody = parent.statement === node;
      return (!isInBody || !isConditional) && !givesBack(parent.statement);
    }
    if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return false;
    isConditional ||=
      (ts.isIfStatement(parent) && parent.expression !== node) ||
      (ts.isConditionalExpression(parent) && parent.condition !== node) ||
      (ts.isBinaryExpression(parent) && parent.right === node && isShortCircuit(parent.operatorToken.kind)) ||
      ts.isCaseOrDefaultClause(parent);
  }
  return false;
}

function isShortCircuit(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken
  );
}

/** Is there a `return` with a value? */
export function givesBack(node: ts.Node): boolean {
  if (isFunctionNode(node)) return false;
  if (ts.isReturnStatement(node)) {
    const value = node.expression === undefined ? undefined : bare(node.expression);
    return value !== undefined && !isNothing(value);
  }
  return ts.forEachChild(node, (child) => givesBack(child) || undefined) ?? false;
}

function isNothing(value: ts.Expression): boolean {
  return (
    value.kind === ts.SyntaxKind.NullKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(value) && value.text === 'undefined')
  );
}

/** Helpers that bound what they run. The names only keep us silent. */
const LIMITING = /abort|deadline|limit|race|timed|time_?out|within/i;

function isInLimitedCallback(wait: ts.Node): boolean {
  for (let node = wait; !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isFunctionLike(node)) continue;
    const outer = wrapped(node);
    const call = outer.parent as ts.Node | undefined;
    if (call === undefined || !ts.isCallExpression(call) || bare(call.expression) === node) continue;
    if (LIMITING.test(lastNameOf(call.expression) ?? '')) return true;
  }
  return false;
}

/** Does the thread that runs the file have nothing else to do: a worker that its maker started? */
export function isOfWorker(file: ts.SourceFile, core: Core): boolean {
  return [...programKinds(file, core)].every((kind) => kind === 'worker-thread' || kind === 'child-process');
}
