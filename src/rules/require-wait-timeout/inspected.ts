import ts from 'typescript';
import { isFunctionNode } from '../../analysis/index.ts';

/** Does a `catch` of this function look at what kind of error it gets, so that a new kind would take another way? */
export function isInspected(wait: ts.Node): boolean {
  for (let node = wait; !isFunctionNode(node); node = node.parent) {
    const { parent } = node;
    if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause !== undefined) {
      if (looksAt(parent.catchClause)) return true;
    }
  }
  return false;
}

function looksAt({ block, variableDeclaration }: ts.CatchClause): boolean {
  const name = variableDeclaration?.name;
  if (name === undefined || !ts.isIdentifier(name)) return variableDeclaration !== undefined;
  const names = (node: ts.Node): boolean =>
    ts.isIdentifier(node)
      ? node.text === name.text
      : (ts.forEachChild(node, (child) => names(child) || undefined) ?? false);
  const look = (node: ts.Node): boolean => {
    const condition =
      ts.isIfStatement(node) || ts.isSwitchStatement(node)
        ? node.expression
        : ts.isConditionalExpression(node)
          ? node.condition
          : undefined;
    if (condition !== undefined && names(condition)) return true;
    return ts.forEachChild(node, (child) => look(child) || undefined) ?? false;
  };
  return look(block);
}
