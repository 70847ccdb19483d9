import * as ts from 'typescript';
import { isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { isCommonJsExport, isCommonJsName, isRequired } from './common-js.ts';
import type { Mention } from '../text/mentions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/**
 * What a reference does with the symbol.
 *
 * - `call`, `new`: it is called, also as `f.call(…)`, as a tag or as a decorator
 * - `read`: its value goes somewhere: an argument, a variable, a field, a result
 * - `write`: it gets a value
 * - `member`: only something of it is used: `OrderService.create`
 * - `test`: it is compared or tested, its value goes nowhere
 * - `extend`: a class extends it
 * - `import`, `export`: it is named in an import or export
 * - `type`: nothing of it is left when the program runs
 */
export type ReferenceUse =
  'call' | 'export' | 'extend' | 'import' | 'member' | 'new' | 'read' | 'test' | 'type' | 'write';

/** What is done with the value that a name stands for, and the whole expression that stands for it. */
export function usedAs(node: Mention): { readonly use: ReferenceUse; readonly expression: ts.Node } {
  const parent = node.parent;
  let expression: ts.Node = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) expression = parent;
  else if (ts.isElementAccessExpression(parent) && parent.argumentExpression === node) expression = parent;
  else if (ts.isQualifiedName(parent) && parent.right === node) expression = parent;
  return { use: useOf(expression), expression };
}

function useOf(expression: ts.Node): ReferenceUse {
  const direct = expression.parent;
  switch (direct.kind) {
    case ts.SyntaxKind.ImportClause:
    case ts.SyntaxKind.ImportEqualsDeclaration:
    case ts.SyntaxKind.ImportSpecifier:
    case ts.SyntaxKind.NamespaceImport:
      return 'import';
    case ts.SyntaxKind.ExportAssignment:
    case ts.SyntaxKind.ExportSpecifier:
    case ts.SyntaxKind.NamespaceExport:
      return 'export';
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return isClassBase(direct as ts.ExpressionWithTypeArguments) ? 'extend' : 'type';
    case ts.SyntaxKind.VariableDeclaration:
      if ((direct as ts.VariableDeclaration).name === expression) return 'import';
      break;
    default:
      if (ts.isTypeNode(direct) || ts.isQualifiedName(direct) || ts.isTypeElement(direct)) return 'type';
  }
  const outer = wrapped(expression);
  const parent = outer.parent;
  if (ts.isCallExpression(parent) && parent.expression === outer) return 'call';
  if (ts.isNewExpression(parent) && parent.expression === outer) return 'new';
  if (ts.isTaggedTemplateExpression(parent) && parent.tag === outer) return 'call';
  if (ts.isDecorator(parent)) return 'call';
  if (ts.isPropertyAccessExpression(parent) || (ts.isElementAccessExpression(parent) && parent.expression === outer)) {
    return indirectCallOf(parent) === undefined ? memberUseOf(parent) : 'call';
  }
  if (isWritten(outer)) return isCommonJsName(outer) ? 'export' : 'write';
  if (isBindingElement(direct) && isRequired(direct)) return 'import';
  return isTested(outer) ? 'test' : isCommonJsExport(outer) ? 'export' : 'read';
}

/** `stop.bind(…)` passes the function on, other members do not. */
function memberUseOf(access: ts.ElementAccessExpression | ts.PropertyAccessExpression): ReferenceUse {
  return ts.isPropertyAccessExpression(access) && access.name.text === 'bind' ? 'read' : 'member';
}

/** The call in `stop.call(…)` and `stop.apply(…)`. */
export function indirectCallOf(access: ts.Node): ts.CallExpression | undefined {
  if (!ts.isPropertyAccessExpression(access) || (access.name.text !== 'call' && access.name.text !== 'apply'))
    return undefined;
  const outer = wrapped(access);
  return ts.isCallExpression(outer.parent) && outer.parent.expression === outer ? outer.parent : undefined;
}

function isClassBase(node: ts.ExpressionWithTypeArguments): boolean {
  return (
    ts.isHeritageClause(node.parent) &&
    node.parent.token === ts.SyntaxKind.ExtendsKeyword &&
    ts.isClassLike(node.parent.parent)
  );
}

function isWritten(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
  }
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
    return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  }
  if (ts.isDeleteExpression(parent)) return true;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === node;
  return isAssignmentTarget(node);
}

/** Is it a part of a pattern on the left of `=`? */
function isAssignmentTarget(node: ts.Node): boolean {
  let child = node;
  for (;;) {
    const parent = child.parent as ts.Node | undefined;
    if (parent === undefined) return false;
    if (ts.isBinaryExpression(parent)) {
      if (parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken || parent.left !== child) return false;
      if (child !== node) return true;
    } else if (ts.isForOfStatement(parent) && parent.initializer === child) {
      return child !== node;
    } else if (ts.isPropertyAssignment(parent)) {
      if (parent.initializer !== child) return false;
    } else if (ts.isShorthandPropertyAssignment(parent)) {
      if (parent.name !== child) return false;
    } else if (
      !ts.isObjectLiteralExpression(parent) &&
      !ts.isArrayLiteralExpression(parent) &&
      !ts.isSpreadElement(parent) &&
      !ts.isSpreadAssignment(parent)
    ) {
      return false;
    }
    child = parent;
  }
}

function isTested(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isTypeOfExpression(parent)) return true;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (!ts.isBinaryExpression(parent)) return false;
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
    case ts.SyntaxKind.InstanceOfKeyword:
      return true;
    default:
      return false;
  }
}

/** The constant that is only another name for what the mention stands for: `const stop = this.stop`. */
export function constantOf(node: Mention): (ts.VariableDeclaration & { name: ts.Identifier }) | undefined {
  const outer = wrapped(usedAs(node).expression);
  const variable = outer.parent;
  if (!ts.isVariableDeclaration(variable) || variable.initializer !== outer || !ts.isIdentifier(variable.name))
    return undefined;
  const isConst = (ts.getCombinedNodeFlags(variable) & ts.NodeFlags.Const) !== 0;
  return isConst ? (variable as ts.VariableDeclaration & { name: ts.Identifier }) : undefined;
}

export function isConstant(element: ts.BindingElement): boolean {
  const declaration = ts.walkUpBindingElementsAndPatterns(element);
  return ts.isVariableDeclaration(declaration) && (declaration.parent.flags & ts.NodeFlags.Const) !== 0;
}
