import ts from 'typescript';
import { bare, isPromise, type Core, type KeptRejection } from '../../analysis/index.ts';
import { hasDirectiveAbove, indentOf, indentStepOf, lineBreakOf, ended } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';
import type { CheckRepair } from './repair.ts';
import { placeText } from './wording.ts';

/** `this.ready ??= load()` → `this.ready ??= load().catch((error) => { this.ready = undefined; throw error; })` */
export function forgetFailure(found: KeptRejection, core: Core): readonly CheckRepair[] {
  const { at, promise } = found;
  const type = core.checker.getTypeAtLocation(promise);
  const takeAway = takeAwayOf(at, core);
  if (takeAway === undefined || !isPromise(type, core.checker) || hasDirectiveAbove(promise)) return [];
  const file = promise.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(promise);
  const step = indentStepOf(file);
  const end = promise.getEnd();
  const text = [
    `.catch((error${isTypeScript(file) ? ': unknown' : ''}) => {`,
    `${indent}${step}${ended(takeAway, file)}`,
    `${indent}${step}${ended('throw error', file)}`,
    `${indent}})`,
  ].join(line);
  return [
    {
      title: 'forget',
      data: { name: placeText({ act: { node: at } }) },
      automatic: true,
      edits: [{ range: [end, end], text }],
    },
  ];
}

/** What empties the place again, by what its type allows. */
function takeAwayOf(at: ts.Node, core: Core): string | undefined {
  if (ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    const key = at.arguments[0];
    return ts.isPropertyAccessExpression(callee) && key !== undefined && isPath(key)
      ? `${callee.expression.getText()}.delete(${key.getText()})`
      : undefined;
  }
  const target = bare(at as ts.Expression);
  if (ts.isElementAccessExpression(target))
    return isPath(target.argumentExpression) ? `delete ${target.getText()}` : undefined;
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  const symbol = core.checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  const type = core.checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0)) return `${target.getText()} = undefined`;
  if (parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0)) return `${target.getText()} = null`;
  return undefined;
}

/** May the key be evaluated again? */
function isPath(key: ts.Expression): boolean {
  const node = bare(key);
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  if (ts.isTemplateExpression(node)) return node.templateSpans.every(({ expression }) => isPath(expression));
  return (
    ts.isPropertyAccessExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ThisKeyword || isPath(node.expression))
  );
}
