import * as ts from 'typescript';
import { wrapped } from '../../analysis/index.ts';
import { type Edit, hasComment } from '../../report/edits.ts';

/** Puts `await` before a promise that is dropped; `undefined` where that takes more than text in its place. */
export function awaited(promise: ts.Expression): readonly Edit[] | undefined {
  const outer = wrapped(promise);
  const { parent } = outer;
  if (ts.isVariableDeclaration(parent)) return instead(parent, outer);
  if (ts.isVoidExpression(parent)) {
    const place = wrapped(parent).parent;
    if (!ts.isExpressionStatement(place) && !isOperand(parent)) return undefined;
    return [{ range: [parent.getStart(), outer.getStart()], text: 'await ' }];
  }
  const start = outer.getStart();
  if (isOperand(outer) && !ts.isParenthesizedExpression(outer)) {
    return [
      { range: [start, start], text: '(await ' },
      { range: [outer.getEnd(), outer.getEnd()], text: ')' },
    ];
  }
  return [{ range: [start, start], text: 'await ' }];
}

/** An operand of `&&`, `||` or `??`, where parentheses say what belongs together. */
function isOperand(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind !== ts.SyntaxKind.CommaToken;
}

/** `const checked = assertOpen(order);`, which nobody looks at: the statement alone. */
function instead(declaration: ts.VariableDeclaration, outer: ts.Node): readonly Edit[] | undefined {
  const { parent: list } = declaration;
  const statement = list.parent;
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(statement)) return undefined;
  if (list.declarations.length > 1) return [{ range: [outer.getStart(), outer.getStart()], text: 'await ' }];
  if (ts.isParenthesizedExpression(outer) || hasComment(declaration.name)) return undefined;
  const { text } = statement.getSourceFile();
  const head = text.slice(statement.getStart(), outer.getStart());
  return /\/[/*]/.test(head) ? undefined : [{ range: [statement.getStart(), outer.getStart()], text: 'await ' }];
}
