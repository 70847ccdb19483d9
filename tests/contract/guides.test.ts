import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { REPOSITORY } from '../support/program.ts';

describe('a guide names only what there is:', () => {
  test('README.md', () => {
    expect(missingIn('README.md')).toEqual([]);
  });

  test('CONTRIBUTING.md', () => {
    expect(missingIn('CONTRIBUTING.md')).toEqual([]);
  });

  test('docs/ci.md', () => {
    expect(missingIn('docs/ci.md')).toEqual([]);
  });

  test('docs/monorepos.md', () => {
    expect(missingIn('docs/monorepos.md')).toEqual([]);
  });

  test('bench/README.md', () => {
    expect(missingIn('bench/README.md')).toEqual([]);
  });

  test('docs/editor.md', () => {
    expect(missingIn('docs/editor.md')).toEqual([]);
  });

  test('docs/adopting.md', () => {
    expect(missingIn('docs/adopting.md')).toEqual([]);
  });

  test('docs/precision.md', () => {
    expect(missingIn('docs/precision.md')).toEqual([]);
  });

  test('docs/settings.md', () => {
    expect(missingIn('docs/settings.md')).toEqual([]);
  });

  test('tests/corpus/README.md', () => {
    expect(missingIn('tests/corpus/README.md')).toEqual([]);
  });
});

/** Scripts, links and paths of the repository that a guide names and that do not exist. Names in `<…>` are the reader's own. */
function missingIn(guide: string): string[] {
  const text = readFileSync(path.join(REPOSITORY, guide), 'utf8');
  const scripts = [...text.matchAll(/npm run ([\w:-]+)/g)].flatMap(([, script = '']) => script);
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].flatMap(([, link = '']) => link);
  const paths = [...text.matchAll(/`((?:src|tests|docs|scripts|bench|examples)\/[\w./-]*)`/g)].flatMap(
    ([, name = '']) => name,
  );
  const folder = path.dirname(guide);
  return [
    ...scripts.filter((script) => !(script in manifest.scripts)).map((script) => `npm run ${script}`),
    ...links.filter((link) => !existsSync(path.join(REPOSITORY, folder, link))),
    ...paths.filter((name) => !existsSync(path.join(REPOSITORY, name))),
  ];
}
