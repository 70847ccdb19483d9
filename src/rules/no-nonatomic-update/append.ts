import * as ts from 'typescript';
import { bare, type Core, isInside, type StaleWrite } from '../../analysis/index.ts';
import { hasComment } from '../../report/edits.ts';
import type { UpdateRepair } from './repair.ts';
import { updateOf } from './update-of.ts';

/** `rows[rows.length] = await next()` → `rows.push(await next())`: where the row goes is decided once it is there. */
export function append({ read, write }: StaleWrite, { checker }: Core): readonly UpdateRepair[] {
  const update = updateOf(write.node);
  if (update === undefined || !ts.isBinaryExpression(update) || !ts.isExpressionStatement(update.parent)) return [];
  const target = bare(update.left);
  if (update.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isElementAccessExpression(target)) return [];
  const { argumentExpression: index, expression: array } = target;
  const isEnd =
    ts.isPropertyAccessExpression(index) &&
    index.name.text === 'length' &&
    index.expression.getText() === array.getText();
  if (!isEnd || !isPath(array) || !isInside(read.node, target)) return [];
  const type = checker.getTypeAtLocation(array);
  if (!checker.isArrayType(type) || hasComment(update.left)) return [];
  const { right } = update;
  const between = update.getSourceFile().text.slice(update.left.getEnd(), right.getStart());
  if (between.includes('/')) return [];
  return [
    {
      title: 'append',
      automatic: true,
      edits: [
        { range: [update.getStart(), right.getStart()], text: `${array.getText()}.push(` },
        { range: [right.getEnd(), right.getEnd()], text: ')' },
      ],
    },
  ];
}

/** A name, `this`, or properties of one: looked at twice it is the same. */
function isPath(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(node) && isPath(node.expression);
}
