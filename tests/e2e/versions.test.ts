import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { PrintedReport } from '../support/eslint-command.ts';
import { outcomeOf, reportsOf, versionOf } from '../versions/installed-project.ts';
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
    const { faults, reports, versions } = outcomeOf(
      onThisNode('oldest'),
      inject('packedPlugin'),
      path.join(folder, 'oldest'),
    );

    expect(versions).toEqual({ eslint: '9.0.0', typescript: '5.7.2', parser: '8.58.0' });
    expect(reports.map(placeAndRule).sort()).toEqual(REPORTED);
    expect(faults).toEqual([]);
  });

  test('on the experimental backend over TypeScript 7.1: what differs is told, and fails nothing', () => {
    const project = path.join(folder, 'native');
    const reports = reportsOf(onThisNode('native'), inject('packedPlugin'), project).map(placeAndRule);

    expect(versionOf('@typescript/native', project)).toMatch(/^7\.1\./);
    const missing = REPORTED.filter((report) => !reports.includes(report));
    const more = reports.filter((report) => !REPORTED.includes(report));
    console.log(`TypeScript 7.1: ${String(missing.length + more.length)} of ${String(REPORTED.length)} reports differ`);
    for (const report of missing) console.log(`- ${report}`);
    for (const report of more) console.log(`+ ${report}`);
  });
});

function placeAndRule({ file, line, rule }: PrintedReport): string {
  return `${file}:${String(line)} ${rule}`;
}

/** The Node.js that runs the tests, so that none is fetched. */
function onThisNode(name: string): Setup {
  const { node: _, ...setup } = setupNamed(name);
  return setup;
}
