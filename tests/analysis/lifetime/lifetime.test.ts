import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import type { Core } from '../../../src/analysis/facts.ts';
import { staleClears } from '../../../src/analysis/lifetime/stale-clears.ts';
import { staleWrites } from '../../../src/analysis/lifetime/stale-writes.ts';
import { enclosingFunctionOf, isFunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { isInside } from '../../../src/analysis/syntax/inside.ts';
import { REPOSITORY } from '../../support/program.ts';
import { compareAnnotated, fixtureFiles, type Vocabulary } from '../annotated.ts';

const FOLDER = path.join(REPOSITORY, 'tests/analysis/fixtures/lifetime');

/** What is written from a stale value below a node, by its source: `stale: total | counts.set(…)`. */
function staleBelow(subject: ts.Node, core: Core, certainty: 'unknown' | 'yes'): readonly string[] | undefined {
  const home = enclosingFunctionOf(subject);
  // A function on one line is annotated by its first statement.
  const region = isFunctionNode(subject) || ts.isSourceFile(home) ? subject : home;
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) {
      for (const answer of core.ask(staleWrites, node)) {
        const write = answer.is === certainty ? answer.witness?.write.node : undefined;
        if (write !== undefined && isInside(write, region)) found.add(shortText(write));
      }
      for (const answer of core.ask(staleClears, node)) {
        const clear = answer.is === certainty ? answer.witness?.clear : undefined;
        if (clear !== undefined && isInside(clear, region)) found.add(shortText(clear));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(isFunctionNode(subject) ? subject : home);
  return found.size === 0 ? undefined : [...found];
}

function shortText(node: ts.Node): string {
  return ts.isCallExpression(node) ? `${node.expression.getText()}()` : node.getText();
}

const words: Vocabulary = {
  ofFunctions: {
    stale: (fn, core) => staleBelow(fn, core, 'yes'),
    likely: (fn, core) => staleBelow(fn, core, 'unknown'),
  },
  ofStatements: {
    stale: (statement, core) => staleBelow(statement, core, 'yes'),
    likely: (statement, core) => staleBelow(statement, core, 'unknown'),
  },
};

test.each([
  ['updates in one module', ['updates.ts', 'state.ts']],
  ['look-alikes', ['look-alikes.ts']],
  ['forms of reading, waiting and writing', ['forms.ts', 'balances.ts']],
  ['places emptied after a wait', ['clears.ts']],
  ['checked JavaScript', ['checked.js']],
])('%s', (_title, names) => {
  const { expected, found, functions } = compareAnnotated(fixtureFiles(FOLDER, ...names), words);
  expect(functions).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});
