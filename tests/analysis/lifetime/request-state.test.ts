import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { enteredContextsIn } from '../../../src/analysis/lifetime/entered-contexts.ts';
import { requestStatesIn } from '../../../src/analysis/lifetime/request-state.ts';
import { isInside } from '../../../src/analysis/syntax/inside.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/lifetime');

/** What is written below a statement for others to read. */
function written(statement: ts.Node, core: Core, certainty: 'unknown' | 'yes'): readonly string[] | undefined {
  const found = requestStatesIn(statement.getSourceFile(), core).flatMap((answer) => {
    const target = answer.is === certainty ? answer.witness?.suspect.target : undefined;
    return target !== undefined && isInside(target, statement) ? [target.getText()] : [];
  });
  return found.length === 0 ? undefined : found;
}

/** Who goes on in the context that a statement enters. */
function entered(statement: ts.Node, core: Core): readonly string[] | undefined {
  const found = enteredContextsIn(statement.getSourceFile(), core).flatMap((answer) =>
    answer.is === 'yes' && isInside(answer.witness.call, statement) ? [answer.witness.who] : [],
  );
  return found.length === 0 ? undefined : found;
}

const words: Vocabulary = {
  ofFunctions: {},
  ofStatements: {
    shared: (statement, core) => written(statement, core, 'yes'),
    likely: (statement, core) => written(statement, core, 'unknown'),
    enters: entered,
  },
};

test('data of requests and contexts that others go on in', () => {
  const { expected, found } = compareAnnotated(fixtureFiles(FOLDER, 'requests.ts'), words);
  expect(expected).toHaveLength(19);
  expect(found).toEqual(expected);
});
