import * as ts from 'typescript';
import { bare, type Core } from '../../analysis/index.ts';

/** Could the expression get another type where nothing is expected of it (`list = await load()` infers from `list`)? */
export function mayInferOtherwise(operand: ts.Expression, { checker }: Core): boolean {
  if (checker.getContextualType(operand) === undefined) return false;
  const visit = (node: ts.Expression): boolean => {
    const inner = bare(node);
    if (ts.isAwaitExpression(inner)) return visit(inner.expression);
    if (ts.isConditionalExpression(inner)) return visit(inner.whenTrue) || visit(inner.whenFalse);
    if (ts.isBinaryExpression(inner)) return visit(inner.left) || visit(inner.right);
    if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) return isInferred(inner, checker);
    return !isPlain(inner);
  };
  return visit(operand);
}

function isPlain(node: ts.Expression): boolean {
  return (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isLiteralExpression(node)
  );
}

/** Is the result's type argument inferred, and not given? */
function isInferred(call: ts.CallExpression | ts.NewExpression, checker: ts.TypeChecker): boolean {
  if (call.typeArguments !== undefined) return false;
  const declaration = checker.getResolvedSignature(call)?.getDeclaration();
  if (declaration === undefined) return false;
  return ts.isClassLike(declaration.parent) && ts.isNewExpression(call)
    ? declaration.parent.typeParameters !== undefined
    : declaration.typeParameters !== undefined || (ts.isNewExpression(call) && isGenericInterface(declaration.parent));
}

function isGenericInterface(node: ts.Node): boolean {
  return ts.isInterfaceDeclaration(node);
}
