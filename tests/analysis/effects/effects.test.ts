import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareAnnotated, fixtureFiles } from '../annotated.ts';
import { words } from './words.ts';

const FIXTURES = path.join(path.dirname(fileURLToPath(import.meta.url)), '../fixtures/effects');

describe('what functions do', () => {
  test('whether they suspend, throw or reject, across the files of an order service', () => {
    const files = fixtureFiles(
      path.join(FIXTURES, 'orders'),
      'store.ts',
      'wrappers.ts',
      'queue.ts',
      'bill.ts',
      'worker.ts',
    );
    const { expected, found } = compareAnnotated(files, words);
    expect(found).toEqual(expected);
  });

  test('what they do with their parameters, in request handlers and around a pool', () => {
    const files = fixtureFiles(path.join(FIXTURES, 'parameters'), 'requests.ts', 'audit.ts', 'pools.ts');
    const { expected, found } = compareAnnotated(files, words);
    expect(found).toEqual(expected);
  });

  test('whether they end, and end the process', () => {
    const { expected, found } = compareAnnotated(fixtureFiles(path.join(FIXTURES, 'process'), 'stop.ts'), words);
    expect(found).toEqual(expected);
  });

  test('which places they read and write, with what they call', () => {
    const { expected, found } = compareAnnotated(fixtureFiles(path.join(FIXTURES, 'state'), 'counters.ts'), words);
    expect(found).toEqual(expected);
  });

  test('which locks they take, hold and give back', () => {
    const { expected, found } = compareAnnotated(fixtureFiles(path.join(FIXTURES, 'locks'), 'sections.ts'), words);
    expect(found).toEqual(expected);
  });

  test('the same in every form of the syntax, and what becomes of promises', () => {
    const { expected, found } = compareAnnotated(fixtureFiles(path.join(FIXTURES, 'forms'), 'syntax.ts'), words, {
      allowUnreachableCode: true,
    });
    expect(found).toEqual(expected);
  });
});
