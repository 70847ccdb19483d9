import * as ts from 'typescript';
import { expect, test } from 'vitest';
import { asyncBefore, isPlain } from '../../src/report/async.ts';

function made(code: string): string {
  const file = ts.createSourceFile('orders.ts', code, ts.ScriptTarget.Latest, true);
  const find = (node: ts.Node): ts.Node | undefined => (isPlain(node) ? node : ts.forEachChild(node, find));
  const fn = find(file);
  if (fn === undefined || !isPlain(fn)) return code;
  const { range, text } = asyncBefore(fn);
  return code.slice(0, range[0]) + text + code.slice(range[1]);
}

test.each([
  ['class Orders { @Post() create() {} }', 'class Orders { @Post() async create() {} }'],
  [
    'class Orders { @Post() /* all */ static create() {} }',
    'class Orders { @Post() /* all */ static async create() {} }',
  ],
  ['class Orders { /** All. */ create() {} }', 'class Orders { /** All. */ async create() {} }'],
  ['/** All. */\nfunction create() {}', '/** All. */\nasync function create() {}'],
  ['/** All. */\nexport default function () {}', '/** All. */\nexport default async function () {}'],
])('`async` stands before a function and after its decorators, comments and modifiers: %s', (code, expected) => {
  expect(made(code)).toBe(expected);
});
