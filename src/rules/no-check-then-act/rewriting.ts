import * as ts from 'typescript';
import { bare } from '../../analysis/index.ts';
import { ended, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';

/** May the key of an entry be evaluated again, for the same value: a name, a literal, a path, a template of these? */
export function isRepeatable(key: ts.Expression): boolean {
  const node = bare(key);
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => isRepeatable(expression));
  if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(node) && isRepeatable(node.expression);
}

/** `.catch((error) => { <undo>; throw error; })`, to stand behind a promise on a line with this indentation. */
export function catching(undo: string, indent: string, file: ts.SourceFile): string {
  const inner = indent + indentStepOf(file);
  return [
    `.catch((error${isTypeScript(file) ? ': unknown' : ''}) => {`,
    `${inner}${ended(undo, file)}`,
    `${inner}${ended('throw error', file)}`,
    `${indent}})`,
  ].join(lineBreakOf(file));
}
