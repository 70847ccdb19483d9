import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { floatingRequests } from '../../../src/analysis/lifetime/floating-requests.ts';
import { answersTooLate } from '../../../src/analysis/lifetime/request-end.ts';
import { requestScopeOf } from '../../../src/analysis/lifetime/request-scope.ts';
import { isInside } from '../../../src/analysis/syntax/inside.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/floating-requests');

function lineOf(node: ts.Node): string {
  return String(node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1);
}

/** What the core says of the task that a statement launches. */
function lateIn(whole: ts.Node, core: Core): readonly string[] | undefined {
  const found = floatingRequests(whole.getSourceFile(), core).find(
    ({ task: { work } }) => isInside(work, whole) || (!ts.isStatement(whole) && isInside(whole, work)),
  );
  return found?.uses.map(({ isCertain, node }) => `${node.getText()}${isCertain ? '' : '?'} on ${lineOf(node)}`);
}

/** `void audit(req); // => late: req on 18` (`req?` in doubt) and `res.end(); // => too-late: 116 ignored` on the statement. */
const words: Vocabulary = {
  ofFunctions: { late: lateIn },
  ofStatements: {
    late: lateIn,
    'too-late': (statement, core) => {
      const found = answersTooLate(statement.getSourceFile(), core, requestScopeOf).find(
        ({ use }) => use.parent === statement,
      );
      return found === undefined ? undefined : `${lineOf(found.pause)} ${found.effect}`;
    },
  },
};

test('work that nobody waits for and that uses a request', () => {
  const { expected, found } = compareAnnotated(fixtureFiles(FOLDER, 'express.ts', 'audit.ts'), words);
  expect(expected.length).toBeGreaterThan(30);
  expect(found).toEqual(expected);
});
