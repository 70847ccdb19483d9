import * as ts from 'typescript';
import { type Core, isFunctionNode, isLogicalAssignmentOperator, isBindingElement } from '../../analysis/index.ts';

/**
 * The smallest expression around a wait that is evaluated whenever the statement is: the wait itself, or the whole choice that it
 * stands in (`ready ? await load() : 0`). `undefined` where there is none.
 */
export function alwaysEvaluatedAround(wait: ts.AwaitExpression, root: ts.Node, core: Core): ts.Expression | undefined {
  let operand: ts.Node = wait;
  for (let node: ts.Node = wait; node !== root; node = node.parent) {
    const { parent } = node;
    if (isFunctionNode(parent) && parent !== root) return undefined;
    if (isBindingElement(parent) || ts.isStatement(node)) return undefined;
    // What is linked to a choice belongs to it: `cart?.add(await load()).total` is one chain.
    if (isChoiceOf(parent, node, core) || (operand !== wait && operand === node && isLinkOf(parent, node)))
      operand = parent;
  }
  return ts.isExpression(operand) ? operand : undefined;
}

function isLinkOf(parent: ts.Node, child: ts.Node): boolean {
  return (
    (parent.flags & ts.NodeFlags.OptionalChain) !== 0 &&
    (ts.isCallExpression(parent) || ts.isElementAccessExpression(parent) || ts.isPropertyAccessExpression(parent)) &&
    parent.expression === child
  );
}

/** Does the parent evaluate the child on some ways only? */
function isChoiceOf(parent: ts.Node, child: ts.Node, core: Core): boolean {
  if (ts.isConditionalExpression(parent)) return parent.condition !== child;
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    const isChoice =
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      isLogicalAssignmentOperator(kind);
    return isChoice && parent.right === child;
  }
  return isShortCircuited(parent, child, core);
}

/** Is the child an argument or key behind a `?.` that may end the chain? */
function isShortCircuited(parent: ts.Node, child: ts.Node, { checker }: Core): boolean {
  if (!ts.isCallExpression(parent) && !ts.isElementAccessExpression(parent)) return false;
  if (parent.expression === child || (parent.flags & ts.NodeFlags.OptionalChain) === 0) return false;
  for (let link: ts.Expression = parent; ; link = link.expression) {
    if (
      !ts.isCallExpression(link) &&
      !ts.isElementAccessExpression(link) &&
      !ts.isPropertyAccessExpression(link) &&
      !ts.isNonNullExpression(link)
    )
      return false;
    if (!ts.isNonNullExpression(link) && link.questionDotToken !== undefined) {
      const type = checker.getTypeAtLocation(link.expression);
      if (checker.getNonNullableType(type) !== type) return true;
    }
  }
}
