import path from 'node:path';
import type ts from 'typescript';
import { expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { harmOf } from '../../../src/analysis/lifetime/harm-of.ts';
import { keptRejections } from '../../../src/analysis/lifetime/kept-rejections.ts';
import { lateActs } from '../../../src/analysis/lifetime/late-acts.ts';
import type { FunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/decisions');

function lineOf(node: ts.Node): string {
  return String(node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1);
}

/** The first late act of a function: its line and the harm it does, with a mark where that is in doubt. */
function actText(fn: FunctionNode, core: Core): string | undefined {
  for (const answer of core.ask(lateActs, fn)) {
    if (answer.is !== 'yes') continue;
    const seen = harmOf(answer.witness, core);
    if (seen === undefined) continue;
    const isDoubtful = !seen.isCertain && seen.harm.is !== 'memo';
    return `${lineOf(answer.witness.at)} ${seen.harm.is}${isDoubtful ? '?' : ''}`;
  }
  return undefined;
}

const words: Vocabulary = {
  ofFunctions: {
    acts: actText,
    kept: (fn, core) => {
      const [answer] = core.ask(keptRejections, fn);
      return answer?.is === 'yes' ? lineOf(answer.witness.at) : undefined;
    },
    none: (fn, core) => (actText(fn, core) === undefined ? '' : undefined),
  },
};

test('which decisions are acted upon after a wait, and what harm that does', () => {
  const { expected, found, functions } = compareAnnotated(fixtureFiles(FOLDER, 'decisions.ts'), words);
  expect(functions).toBeGreaterThan(15);
  expect(found).toEqual(expected);
});
