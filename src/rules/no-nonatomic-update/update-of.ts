import * as ts from 'typescript';
import { isAssignmentOperator, isFunctionNode } from '../../analysis/index.ts';

/** The assignment or the call that writes: the expression in which old and new value meet. */
export function updateOf(written: ts.Node): ts.BinaryExpression | ts.CallExpression | undefined {
  if (ts.isCallExpression(written)) return written;
  for (let node = written; !ts.isStatement(node) && !isFunctionNode(node); node = node.parent) {
    const { parent } = node;
    if (ts.isBinaryExpression(parent) && isAssignmentOperator(parent.operatorToken.kind) && parent.left === node)
      return parent;
  }
  return undefined;
}
