import * as ts from 'typescript';
import { bare, isFunctionNode } from '../../analysis/index.ts';

/** Does a `catch` of this function, or of the chain, look at the kind of error it gets, so that a new kind would take another way? */
export function isInspected(wait: ts.Node): boolean {
  for (let node = wait; !isFunctionNode(node); node = node.parent) {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent) && /^(?:catch|then)$/.test(parent.name.text)) {
      const given = ts.isCallExpression(parent.parent) ? parent.parent.arguments : [];
      const handlers = given.slice(parent.name.text === 'then' ? 1 : 0);
      if (handlers.some((handler) => looksIn(bare(handler)))) return true;
    }
    if (ts.isTryStatement(parent) && parent.tryBlock === node && parent.catchClause !== undefined) {
      if (looksAt(parent.catchClause)) return true;
    }
  }
  return false;
}

function looksAt({ block, variableDeclaration }: ts.CatchClause): boolean {
  return variableDeclaration !== undefined && isAskedIn(block, variableDeclaration.name);
}

function looksIn(handler: ts.Expression): boolean {
  if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return false;
  const [parameter] = handler.parameters;
  return parameter !== undefined && isAskedIn(handler.body, parameter.name);
}

/** Does a condition in the code ask for what the name stands for? */
function isAskedIn(code: ts.Node, name: ts.BindingName): boolean {
  if (!ts.isIdentifier(name)) return true;
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
  return look(code);
}
