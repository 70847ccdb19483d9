import * as ts from 'typescript';
import { expect, test } from 'vitest';
import { mayBorrow } from '../../../src/analysis/resources/house-pool.ts';

function callOf(text: string): ts.CallExpression {
  const file = ts.createSourceFile('service.ts', text, ts.ScriptTarget.Latest, true);
  const [statement] = file.statements;
  if (statement === undefined || !ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression))
    throw new Error(`Not a call: ${text}`);
  return statement.expression;
}

test.each([
  ['pool.get()', true],
  ['poolOf(region).get()', true],
  ['this.connections().get()', true],
  ['pools.of(region).sized(4).get()', true],
  ['db.open(url).session(id).acquire()', true],
  ["cache.get('orders')", false],
  ['db.select().from(users).get()', false],
  ['db.select().from(users).where(isOpen).get()', false],
  ['db?.select()?.from(users)!.get()', false],
  ['orders.filter(isOpen).map(idOf).pop()', false],
])('by its names alone, %s may be a borrow: %s', (text, expected) => {
  const call = callOf(text);
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : '';
  expect(mayBorrow(call, name)).toBe(expected);
});
