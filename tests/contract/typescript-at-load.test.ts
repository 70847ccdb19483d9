import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { REPOSITORY } from '../support/program.ts';

// TypeScript 7 has no compiler API. Whoever imports the plugin there must get our sentence about it, not a `TypeError` from a
// constant that is computed from `ts.SyntaxKind` while the file is loaded.
test('no file of `src` asks the compiler for anything while it is loaded', () => {
  const early = readdirSync(path.join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => earlyQuestionsIn(path.join('src', file)));
  expect(early, 'Move it into the function that needs it.').toEqual([]);
});

/** Where a file reads `ts.…` outside of functions: line and text. */
function earlyQuestionsIn(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    readFileSync(path.join(REPOSITORY, file), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isLater(node) || ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'ts') {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${file}:${String(line + 1)} ${node.getText()}`);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

/** Code that runs when it is called or built, not when the file is loaded. */
function isLater(node: ts.Node): boolean {
  if (ts.isPropertyDeclaration(node)) return !node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
  return ts.isFunctionLike(node);
}
