import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules as pluginRules } from '../../src/rules/index.ts';
import type { Rules } from '../support/lint.ts';
import { examplesOf } from '../support/pages.ts';
import { REPOSITORY } from '../support/program.ts';
import { faultsOfIncorrect, faultsOfSilent } from '../support/verdict.ts';

const PAGES = path.join(REPOSITORY, 'docs', 'rules');
const rules = pluginRules as unknown as Rules;

const pages = readdirSync(PAGES).filter((name) => name.endsWith('.md'));

test('every rule has a page and every page a rule', () => {
  expect(pages.toSorted()).toEqual(
    Object.keys(rules)
      .map((name) => `${name}.md`)
      .toSorted(),
  );
});

describe.each(pages)('docs/rules/%s', (page) => {
  const name = page.replace(/\.md$/, '');
  const examples = examplesOf(readFileSync(path.join(PAGES, page), 'utf8'));

  test('has incorrect and correct examples', () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(['incorrect', 'correct']));
  });

  test.each(examples)('$kind example on line $line', ({ kind, line, ...source }) => {
    const faultsOf = kind === 'incorrect' ? faultsOfIncorrect : faultsOfSilent;
    const faults = faultsOf({ name, rules }, source);
    expect(faults, `docs/rules/${page}:${String(line)} ${faults.join('\n')}`).toEqual([]);
  });
});
