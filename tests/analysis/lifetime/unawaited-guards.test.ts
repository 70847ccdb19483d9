import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { guardOf } from '../../../src/analysis/effects/guards.ts';
import type { Core } from '../../../src/analysis/facts.ts';
import { unawaitedGuard } from '../../../src/analysis/lifetime/unawaited-guards.ts';
import { bare } from '../../../src/analysis/syntax/expressions.ts';
import type { FunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/unawaited');

/** `pure` for a function that only decides, `more` for one that does something else as well. */
function guardText(fn: FunctionNode, core: Core, certainty: 'unknown' | 'yes'): string | undefined {
  const answer = core.ask(guardOf, fn);
  if (answer.is !== certainty || answer.witness === undefined) return undefined;
  return answer.witness.isPure ? 'pure' : 'more';
}

/** The kind of what a statement drops, and the line of what relies on it. */
function unawaitedText(statement: ts.Statement, core: Core, certainty: 'unknown' | 'yes'): string | undefined {
  let dropped = ts.isIfStatement(statement) ? statement.thenStatement : statement;
  if (ts.isBlock(dropped)) dropped = dropped.statements[0] ?? dropped;
  if (!ts.isExpressionStatement(dropped)) return undefined;
  const expression = bare(dropped.expression);
  const answer = core.ask(unawaitedGuard, ts.isVoidExpression(expression) ? expression.expression : expression);
  if (answer.is !== certainty || answer.witness === undefined) return undefined;
  const { kind, relies } = answer.witness;
  const { line } = relies.getSourceFile().getLineAndCharacterOfPosition(relies.getStart());
  return `${kind} ${String(line + 1)}`;
}

const words: Vocabulary = {
  ofFunctions: {
    guard: (fn, core) => guardText(fn, core, 'yes'),
    'guard?': (fn, core) => guardText(fn, core, 'unknown'),
  },
  ofStatements: {
    unawaited: (statement, core) => unawaitedText(statement, core, 'yes'),
    'unawaited?': (statement, core) => unawaitedText(statement, core, 'unknown'),
  },
};

test('which functions only decide whether their caller may go on', () => {
  const { expected, found, functions } = compareAnnotated(fixtureFiles(FOLDER, 'guards.ts'), words);
  expect(functions).toBeGreaterThan(30);
  expect(found).toEqual(expected);
});

test('which calls nobody waits for although something relies on them', () => {
  const { expected, found } = compareAnnotated(fixtureFiles(FOLDER, 'calls.ts', 'guards.ts'), words);
  expect(found).toEqual(expected);
});
