import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { REPOSITORY } from '../support/program.ts';

/** Longer is not read in an editor. */
const MOST_WORDS = 25;

const FAMILIES = ['pools', 'request-context', 'shared-state', 'shutdown', 'waits'];

const HEADINGS = [
  '## Why it breaks under load',
  '### Incorrect',
  '### Correct',
  '## What it does not see',
  '## Options',
  '## When not to use it',
  '## Related',
];

test('every file of a rule is in the list, and nothing else', () => {
  const files = readdirSync(path.join(REPOSITORY, 'src', 'rules'))
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -'.ts'.length));
  expect(Object.keys(rules).sort(), 'Run `npm run generate`.').toEqual(files.sort());
});

describe.each(Object.entries(rules))('%s', (name, rule) => {
  const { docs, messages, schema } = rule.meta;
  const options = Object.keys(docs.optionTexts);

  test('has the name of its file', () => {
    expect(rule.name).toBe(name);
  });

  test('is of a known family', () => {
    expect(FAMILIES).toContain(docs.family);
  });

  test('has a summary that is one sentence without a full stop', () => {
    expect(docs.description).toMatch(/^(Disallow|Require|Prefer) .*[^.]$/);
  });

  test.each(Object.entries(messages))('message %s is a short sentence', (_, message) => {
    expect(message).toMatch(/\.$/);
    expect(message.split(/\s+/).length, message).toBeLessThanOrEqual(MOST_WORDS);
    expect(message, 'what to do is said by a suggestion, not by blame').not.toMatch(/\b(should|must)\b/i);
  });

  test.each(Object.keys(messages))('message %s is used', (id) => {
    expect(sourcesOf(name).replace(/messages: \{[\s\S]*?\n {2}\},/, '')).toMatch(new RegExp(`(['"\`])${id}\\1`));
  });

  test('declares fixes exactly when it is fixable', () => {
    expect(rule.meta.fixable).toBe(/\bfixes: true\b/.test(sourcesOf(name)) ? 'code' : undefined);
  });

  test('has the schema that was agreed on', () => {
    expect({ preset: docs.preset, hasTiers: docs.hasTiers, schema }).toMatchSnapshot();
  });

  test('explains every option in one sentence', () => {
    for (const { about } of Object.values(docs.optionTexts)) expect(about).toMatch(/^[A-Z`].*\.$/);
  });

  test('has a page with its summary and every heading', () => {
    const page = pageOf(name);
    expect(page).toContain(`# ${docs.description} (\`concurrency/${name}\`)`);
    expect(HEADINGS.filter((heading) => !page.includes(`\n${heading}\n`))).toEqual([]);
    expect(page).toContain(`../families/${docs.family}.md`);
  });

  test('has a section on its page for every option, and none for another', () => {
    const section = /\n## Options\n([\s\S]*?)(?=\n## |$)/.exec(pageOf(name))?.[1] ?? '';
    const explained = [...section.matchAll(/^### `(\w+)`/gm)].map(([, option]) => option);
    expect(explained.sort()).toEqual(options.sort());
  });
});

/** The text of a rule's file, of its private parts, and of the repairs that it shares with others. */
function sourcesOf(name: string): string {
  const folder = path.join(REPOSITORY, 'src', 'rules');
  const parts = existsSync(path.join(folder, name)) ? readdirSync(path.join(folder, name)) : [];
  const own = [`${name}.ts`, ...parts.map((part) => path.join(name, part))].map((file) => path.join(folder, file));
  const files = new Set(own);
  // The loop also meets what is added in it.
  for (const file of files) for (const shared of sharedBy(file)) files.add(shared);
  return [...files].map((file) => readFileSync(file, 'utf8')).join('\n');
}

/** The files of `src/repair` that a file imports. */
function sharedBy(file: string): readonly string[] {
  const imports = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']+)'/g)].map(([, from = '']) =>
    path.resolve(path.dirname(file), from),
  );
  return imports.filter((each) => path.dirname(each) === path.join(REPOSITORY, 'src', 'repair'));
}

function pageOf(name: string): string {
  const file = path.join(REPOSITORY, 'docs', 'rules', `${name}.md`);
  expect(existsSync(file), `docs/rules/${name}.md is missing`).toBe(true);
  return readFileSync(file, 'utf8');
}
