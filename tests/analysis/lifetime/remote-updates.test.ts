import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { remoteUpdates } from '../../../src/analysis/lifetime/remote-updates.ts';
import { isInside } from '../../../src/analysis/syntax/inside.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/stores');

/** The kind of the update that a statement ends, what lies between, and the line of the read. */
function updateText(statement: ts.Statement, core: Core, isCertain: boolean): string | undefined {
  const file = statement.getSourceFile();
  const update = core
    .ask(remoteUpdates, file)
    .find((each) => each.isCertain === isCertain && isInside(each.writeAt, statement));
  if (update === undefined) return undefined;
  const { line } = file.getLineAndCharacterOfPosition(update.readAt.getStart());
  return `${update.is} ${update.how} ${String(line + 1)}`;
}

const words: Vocabulary = {
  ofFunctions: {},
  ofStatements: {
    update: (statement, core) => updateText(statement, core, true),
    'update?': (statement, core) => updateText(statement, core, false),
  },
};

test('which writes of a store are made of what was read of the same thing', () => {
  const { expected, found } = compareAnnotated(fixtureFiles(FOLDER, 'updates.ts', 'carts.ts'), words);
  expect(found).toEqual(expected);
});
