import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../src/settings.ts';
import { REPOSITORY } from '../support/program.ts';

interface Example {
  /** The field whose section it stands in. */
  readonly field: string;
  /** The line of the page on which the block starts. */
  readonly line: number;
  readonly text: string;
}

const examples = examplesOf(readFileSync(path.join(REPOSITORY, 'docs', 'settings.md'), 'utf8'));

describe('docs/settings.md', () => {
  test('has an example of every field', () => {
    expect([...new Set(examples.map(({ field }) => field))].toSorted()).toEqual(knownFields());
  });

  test.each(examples)('the example of $field on line $line is accepted', ({ field, text }) => {
    const concurrency = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(concurrency)).toEqual([field]);
    expect(settingsOf({ concurrency })).not.toEqual(settingsOf({}));
  });
});

/** The blocks of JSON, each with the last heading of a field above it. */
function examplesOf(page: string): Example[] {
  return [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map((block) => {
    const before = page.slice(0, block.index);
    const field = [...before.matchAll(/^### `(\w+)`$/gm)].at(-1)?.[1] ?? '';
    return { field, line: before.split('\n').length, text: block[1] ?? '' };
  });
}

/** The fields there are, as the validation lists them for one that there is not. */
function knownFields(): string[] {
  try {
    settingsOf({ concurrency: { 'no such field at all': true } });
  } catch (error) {
    const [, fields = ''] = /it may have (.*)\.$/.exec(String(error)) ?? [];
    return [...fields.matchAll(/`(\w+)`/g)].map(([, field = '']) => field);
  }
  return [];
}
