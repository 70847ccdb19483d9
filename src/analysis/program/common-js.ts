import * as ts from 'typescript';
import { isModuleCall } from '../syntax/modules.ts';

export function isCommonJs(file: ts.SourceFile): boolean {
  return /\.c?jsx?$/.test(file.fileName) && /\b(?:exports|require)\b/.test(file.text);
}

/** `module.exports` */
export function isModuleExports(node: ts.Expression): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === 'exports' &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === 'module'
  );
}

/** `module.exports`, `module.exports.stop` or `exports.stop`. */
export function isModuleExport(node: ts.Expression): boolean {
  if (isModuleExports(node)) return true;
  if (!ts.isPropertyAccessExpression(node)) return false;
  return isModuleExports(node.expression) || (ts.isIdentifier(node.expression) && node.expression.text === 'exports');
}

/** The name in `exports.stop = …`. */
export function isCommonJsName(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && isModuleExport(node) && ts.isBinaryExpression(node.parent);
}

/** The value in `module.exports = stop`, `exports.stop = stop` or `module.exports = { stop }`. */
export function isCommonJsExport(node: ts.Node): boolean {
  const holder =
    ts.isShorthandPropertyAssignment(node.parent) || ts.isPropertyAssignment(node.parent) ? node.parent.parent : node;
  const { parent } = holder;
  return ts.isBinaryExpression(parent) && parent.right === holder && isModuleExport(parent.left);
}

/** Is it a part of `const { … } = require('…')`? */
export function isRequired(element: ts.BindingElement): boolean {
  const declaration = ts.walkUpBindingElementsAndPatterns(element);
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined &&
    isModuleCall(declaration.initializer)
  );
}
