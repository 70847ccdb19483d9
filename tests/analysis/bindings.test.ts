import * as ts from 'typescript';
import { expect, test } from 'vitest';
import { isBindingElement } from '../../src/analysis/syntax/bindings.ts';

function elementsOf(code: string): readonly ts.ArrayBindingElement[] {
  const file = ts.createSourceFile('pair.ts', code, ts.ScriptTarget.Latest, true);
  const [statement] = file.statements;
  const name =
    statement && ts.isVariableStatement(statement) ? statement.declarationList.declarations[0]?.name : undefined;
  return name !== undefined && ts.isArrayBindingPattern(name) ? name.elements : [];
}

test('a hole in a pattern binds nothing', () => {
  expect(elementsOf('const [, second] = pair;').map(isBindingElement)).toEqual([false, true]);
});

// TypeScript 7 has holes as elements without a name; `npm run native` meets real ones.
test('nor does an element without a name', () => {
  const [only] = elementsOf('const [only] = pair;');
  expect(only !== undefined && isBindingElement(Object.assign(only, { name: undefined }))).toBe(false);
});
