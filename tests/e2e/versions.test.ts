import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { lineFor, outcomeOf } from '../versions/installed-project.ts';
import { type Setup, setupNamed } from '../versions/setups.ts';

/** What the server of `tests/versions/projects/typescript` is reported for: each of the five flagship rules, and others of their families. */
const REPORTED = [
  'app.ts:11 concurrency/no-unawaited-guard',
  'app.ts:17 concurrency/no-floating-request-context',
  'app.ts:17 concurrency/require-background-catch',
  'app.ts:26 concurrency/require-background-catch',
  'main.ts:11 concurrency/require-shutdown-drain',
  'prices.ts:10 concurrency/require-wait-timeout',
  'prices.ts:11 concurrency/prefer-atomics',
  'store.ts:22 concurrency/require-pool-reset',
  'store.ts:28 concurrency/require-pool-release',
  'totals.ts:13 concurrency/no-nonatomic-update',
  'totals.ts:7 concurrency/no-nonatomic-update',
];

// One corner of the matrix, and the backend that is not ours to keep green: `npm run versions` has the rest.
describe('the packed plugin, installed by npm', { timeout: 300_000 }, () => {
  let folder = '';

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'concurrency-versions-')));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('reports and repairs with the oldest of everything, a CommonJS config and `project`', () => {
    const { faults, reports, versions } = outcomeOf(onThisNode('oldest'), inject('packedPlugin'), folder);

    expect(versions).toEqual({ eslint: '9.0.0', typescript: '5.7.2', parser: '8.58.0' });
    expect(reports.map((report) => lineFor(report).split(' ', 2).join(' ')).sort()).toEqual(REPORTED);
    expect(faults).toEqual([]);
  });
});

/** The Node.js that runs the tests, so that none is fetched. */
function onThisNode(name: string): Setup {
  const { node: _, ...setup } = setupNamed(name);
  return setup;
}
