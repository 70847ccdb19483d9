import * as ts from 'typescript';

/** The module named by `import('…')` or `require('…')`. */
export function calledSpecifierOf(call: ts.CallExpression): ts.StringLiteralLike | undefined {
  const isImport =
    call.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(call.expression) && call.expression.text === 'require');
  const [argument] = call.arguments;
  return isImport && argument !== undefined && ts.isStringLiteralLike(argument) ? argument : undefined;
}

/** Is this expression `require('…')` or `await import('…')`? */
export function isModuleCall(expression: ts.Expression): boolean {
  const inner = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(inner) && calledSpecifierOf(inner) !== undefined;
}
