import { describe, expect, it } from 'vitest';
import { unboundedDrains } from '../../../src/analysis/shutdown/deadline.ts';
import { orderFaults } from '../../../src/analysis/shutdown/order.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import fastify from 'fastify';
  import { Worker } from 'bullmq';
  import { Redis } from 'ioredis';
  import pg from 'pg';
  const app = fastify();
  const pool = new pg.Pool();
  const redis = new Redis();
  const worker = new Worker('mails', async (job) => { await redis.set('last', job.id ?? ''); }, { connection: { host: 'localhost' } });
  await app.listen({ port: 3000 });
`;

/** What is ended too early in a listener, and before what; joins by their text. */
function faultsIn(body: string): string[] {
  const { core } = coreOf(`${HEAD} process.on('SIGTERM', async () => { ${body} }); export { pool, worker };`);
  return core.ask(orderFaults, core.program).flatMap((fault) => {
    if (fault.is === 'fragile') return [`fragile: ${fault.join.getText()}`];
    if (fault.is === 'early' || fault.is === 'parallel')
      return [`${fault.is}: ${fault.at.getText()} | ${fault.users.map(({ at }) => at.getText()).join(' ')}`];
    return [];
  });
}

/** The first wait of a listener that nothing bounds, and what comes after it. */
function endlessIn(body: string): string[] {
  const { core } = coreOf(`${HEAD} process.on('SIGTERM', async () => { ${body} }); export { pool, worker };`);
  return core
    .ask(unboundedDrains, core.program)
    .map(({ next, stage, start }) => `${stage} ${start.drain.call.getText()} | ${next?.call.getText() ?? ''}`);
}

describe('the order in which a shutdown ends things', () => {
  it('what is over, or on its way, before what uses it', () => {
    expect(faultsIn(`await pool.end(); await app.close(); process.exit(0);`)).toEqual([
      'early: pool.end() | app.close()',
    ]);
    expect(faultsIn(`await redis.quit(); await worker.close(); await app.close(); process.exit(0);`)).toEqual([
      'early: redis.quit() | worker.close() app.close()',
    ]);
    expect(faultsIn(`await Promise.allSettled([app.close(), pool.end()]); process.exit(0);`)).toEqual([
      'parallel: pool.end() | app.close()',
    ]);
    expect(faultsIn(`const closed = app.close(); await pool.end(); await closed; process.exit(0);`)).toEqual([
      'parallel: pool.end() | app.close()',
    ]);
  });

  it('what is in order, what nobody waits for, and one branch for each', () => {
    expect(faultsIn(`await app.close(); await worker.close(); await pool.end(); process.exit(0);`)).toEqual([]);
    expect(faultsIn(`void pool.end(); await app.close(); process.exit(0);`)).toEqual([]);
    expect(
      faultsIn(`if (process.argv.length > 2) { await pool.end(); } else { await app.close(); } process.exit(0);`),
    ).toEqual([]);
  });

  it('joins that give up, once the exit is passed by no failure', () => {
    expect(faultsIn(`try { await Promise.all([app.close(), worker.close()]); } finally { process.exit(0); }`)).toEqual([
      'fragile: Promise.all([app.close(), worker.close()])',
    ]);
    expect(
      faultsIn(`try { await Promise.allSettled([app.close(), worker.close()]); } finally { process.exit(0); }`),
    ).toEqual([]);
    expect(faultsIn(`await Promise.all([app.close(), worker.close()]); process.exit(0);`)).toEqual([]);
  });
});

describe('waits of a shutdown that nothing bounds', () => {
  it('the first of them, with what is skipped', () => {
    expect(endlessIn(`await worker.close(); await pool.end(); process.exit(0);`)).toEqual([
      'work worker.close() | pool.end()',
    ]);
    expect(endlessIn(`await Promise.allSettled([app.close(), worker.close()]); process.exit(0);`)).toEqual([
      'intake app.close() | process.exit(0)',
    ]);
  });

  it('a drain after one that is raced', () => {
    expect(
      endlessIn(
        `await Promise.race([app.close(), new Promise((late) => setTimeout(late, 5_000))]); await pool.end(); process.exit(0);`,
      ),
    ).toEqual(['store pool.end() | process.exit(0)']);
  });

  it('deadlines, before and after the drain was begun', () => {
    expect(endlessIn(`setTimeout(() => process.exit(1), 5_000).unref(); await app.close(); process.exit(0);`)).toEqual(
      [],
    );
    expect(
      endlessIn(`const closed = app.close(); setTimeout(() => process.abort(), 5_000); await closed; process.exit(0);`),
    ).toEqual([]);
  });
});
