import { afterEach, describe, expect, test, vi } from 'vitest';
import type { PackageName } from './packages.ts';
import { changesBetween, expectedOf, reportsOf } from './reports.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

// `npm run corpus:accept` takes the reports of today; then somebody reads the new ones and gives each a verdict.
describe('the reports on published servers', { timeout: 120_000 }, () => {
  test('@hocuspocus/server', async () => {
    await compare('@hocuspocus/server');
  });

  test('@temporalio/worker', async () => {
    await compare('@temporalio/worker');
  });

  test('@trpc/server', async () => {
    await compare('@trpc/server');
  });

  test('libp2p', async () => {
    await compare('libp2p');
  });

  // typescript-eslint makes its Programs in another way there, and their current directory is that of the command.
  test('libp2p, where CI lints it', async () => {
    vi.stubEnv('CI', 'true');
    await compare('libp2p');
  });
});

test('a report that moved, came or went is named', () => {
  expect(
    changesBetween(
      [
        { place: 'src/orders.ts:3:1', rule: 'concurrency/no-nonatomic-update', message: '`orders` is stale.' },
        { place: 'src/orders.ts:9:1', rule: 'concurrency/no-nonatomic-update', message: '`sold` is stale.' },
      ],
      [
        { place: 'src/orders.ts:3:1', rule: 'concurrency/no-nonatomic-update', message: '`orders` is stale.' },
        { place: 'src/stock.ts:4:1', rule: 'concurrency/prefer-atomics', message: '`left` is shared.' },
      ],
    ),
  ).toEqual([
    'added: src/stock.ts:4:1 concurrency/prefer-atomics `left` is shared.',
    'gone:  src/orders.ts:9:1 concurrency/no-nonatomic-update `sold` is stale.',
  ]);
});

async function compare(name: PackageName): Promise<void> {
  const expected = expectedOf(name);
  expect(changesBetween(expected, await reportsOf(name))).toEqual([]);
  expect(expected.filter(({ verdict }) => verdict === 'unreviewed')).toEqual([]);
}
