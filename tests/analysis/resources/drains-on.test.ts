import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterStart,
  afterWait,
  type Drain,
  drainsOn,
  type DrainState,
  isSameDrains,
  mergeDrains,
  NO_DRAINS,
} from '../../../src/analysis/resources/drains-on.ts';
import { coreOf } from '../../support/core.ts';

const HEAD = `
  import http from 'node:http';
  import { once } from 'node:events';
  import pg from 'pg';
  const server = http.createServer();
  const pool = new pg.Pool();
`;

/** Every exit of the handler: what is pending there, what was waited for. */
function exitsIn(code: string, handler = 'async function stop'): string[] {
  const { core, fn } = coreOf(HEAD + code);
  const names = (drains: readonly Drain[]): string => drains.map(({ target }) => target?.getText() ?? '').join(' ');
  return core
    .ask(drainsOn, fn(handler))
    .exits.map(
      ({ pending, settled, isDeadline }) =>
        `${isDeadline ? 'deadline ' : ''}pending: ${names(pending)}; settled: ${names(settled)}`,
    );
}

describe('exits and what is still pending there', () => {
  it('drains that were started and not waited for', () => {
    expect(exitsIn(`function stop() { server.close(); process.exit(0); }`, 'function stop')).toEqual([
      'pending: server; settled: ',
    ]);
    expect(exitsIn(`async function stop() { pool.end(); process.exit(0); }`)).toEqual(['pending: pool; settled: ']);
    expect(exitsIn(`async function stop() { void pool.end(); process.exit(0); }`)).toEqual([
      'pending: pool; settled: ',
    ]);
  });

  it('an await of what is no promise does not wait', () => {
    expect(exitsIn(`async function stop() { await server.close(); await pool.end(); process.exit(0); }`)).toEqual([
      'pending: server; settled: pool',
    ]);
  });

  it('drains that were waited for, alone, joined, raced with a deadline', () => {
    expect(exitsIn(`async function stop() { await pool.end(); process.exit(0); }`)).toEqual([
      'pending: ; settled: pool',
    ]);
    expect(
      exitsIn(
        `async function stop() { await Promise.allSettled([pool.end(), new Promise((done) => server.close(done))]); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: pool server']);
    expect(
      exitsIn(
        `async function stop() { const ended = pool.end(); await Promise.race([ended, new Promise((late) => setTimeout(late, 5))]); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: pool']);
    expect(exitsIn(`async function stop() { await pool.end().catch(() => undefined); process.exit(0); }`)).toEqual([
      'pending: ; settled: pool',
    ]);
  });

  it('a callback wrapped in a promise', () => {
    expect(
      exitsIn(
        `async function stop() { await new Promise<void>((resolve, reject) => { server.close((error) => { if (error) reject(error); else resolve(); }); }); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: server']);
    expect(
      exitsIn(
        `async function stop() { await new Promise<void>((resolve) => { server.close(); resolve(); }); process.exit(0); }`,
      ),
    ).toEqual(['pending: server; settled: ']);
  });

  it('the event by which it ends', () => {
    expect(exitsIn(`async function stop() { server.close(); await once(server, 'close'); process.exit(0); }`)).toEqual([
      'pending: ; settled: server',
    ]);
  });

  it('code in the callback, or after a chain, runs when it is done', () => {
    expect(exitsIn(`function stop() { server.close(() => { process.exit(0); }); }`, 'function stop')).toEqual([
      'pending: ; settled: server',
    ]);
    expect(exitsIn(`function stop() { pool.end().then(() => process.exit(0)); }`, 'function stop')).toEqual([
      'pending: ; settled: pool',
    ]);
    expect(
      exitsIn(`function stop() { pool.end().finally(() => process.exit(0)); server.close(); }`, 'function stop'),
    ).toEqual(['pending: server; settled: pool']);
  });

  it('one path that waits and one that does not', () => {
    expect(
      exitsIn(
        `async function stop(signal: string) { const ended = pool.end(); if (signal === 'SIGTERM') await ended; process.exit(0); }`,
      ),
    ).toEqual(['pending: pool; settled: pool']);
  });

  it('an exit in both branches, and in finally', () => {
    expect(
      exitsIn(`async function stop() { try { await pool.end(); process.exit(0); } catch { process.exit(1); } }`),
    ).toEqual(['pending: ; settled: pool', 'pending: ; settled: pool']);
  });

  it('a deadline timer is no exit of the path', () => {
    expect(
      exitsIn(
        `async function stop() { setTimeout(() => process.exit(1), 5_000).unref(); await pool.end(); process.exit(0); }`,
      ),
    ).toEqual(['deadline pending: ; settled: ', 'pending: ; settled: pool']);
  });

  it('no exit: what was started and waited for at the end', () => {
    const { core, fn } = coreOf(`${HEAD} async function stop() { server.close(); await pool.end(); }`);
    const drains = core.ask(drainsOn, fn('async function stop'));
    expect(drains.exits).toEqual([]);
    expect(drains.pending.map(({ target }) => target?.getText())).toEqual(['server']);
    expect(drains.settled.map(({ target }) => target?.getText())).toEqual(['pool']);
  });
});

describe('through callees', () => {
  it('a routine that waits, awaited or not', () => {
    const routine = `async function closeAll() { await pool.end(); }`;
    expect(exitsIn(`${routine} async function stop() { await closeAll(); process.exit(0); }`)).toEqual([
      'pending: ; settled: pool',
    ]);
    expect(exitsIn(`${routine} async function stop() { closeAll(); process.exit(0); }`)).toEqual([
      'pending: pool; settled: ',
    ]);
    expect(exitsIn(`${routine} function stop() { closeAll().then(() => process.exit(0)); }`, 'function stop')).toEqual([
      'pending: ; settled: pool',
    ]);
  });

  it('a routine that gives the promise back, or drops it', () => {
    expect(
      exitsIn(
        `function closeAll() { return pool.end(); } async function stop() { await closeAll(); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: pool']);
    expect(
      exitsIn(`async function closeAll() { pool.end(); } async function stop() { await closeAll(); process.exit(0); }`),
    ).toEqual(['pending: pool; settled: ']);
  });

  it('an exit inside a routine', () => {
    const { core, fn } = coreOf(
      `${HEAD} function leave() { process.exit(0); } async function stop() { server.close(); leave(); }`,
    );
    const [exit] = core.ask(drainsOn, fn('async function stop')).exits;
    expect(exit?.exit.getText()).toBe('process.exit(0)');
    expect(exit?.through.map((node) => node.getText())).toEqual(['leave()']);
    expect(exit?.pending.map(({ call }) => call.getText())).toEqual(['server.close()']);
    expect(
      exit?.path.map(({ node, kind }) => (kind === 'call' ? node.getText() : '')).filter((text) => text !== ''),
    ).toEqual(['server.close()', 'leave()']);
  });

  it('a handler that starts the routine and forgets it', () => {
    const { core, fn } = coreOf(
      `${HEAD} async function stop() { await pool.end(); process.exit(0); } process.on('SIGTERM', () => { void stop(); });`,
    );
    const [exit, ...others] = core.ask(drainsOn, fn('() => { void')).exits;
    expect(others).toEqual([]);
    expect(exit?.pending).toEqual([]);
    expect(exit?.settled).toHaveLength(1);
  });

  it('a list of drains, one by one and all at once', () => {
    expect(
      exitsIn(
        `const pools = [pool]; async function stop() { for (const each of pools) await each.end(); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: each']);
    expect(
      exitsIn(
        `const pools = [pool]; async function stop() { await Promise.all(pools.map((each) => each.end())); process.exit(0); }`,
      ),
    ).toEqual(['pending: ; settled: each']);
    expect(
      exitsIn(`const pools = [pool]; async function stop() { pools.forEach((each) => each.end()); process.exit(0); }`),
    ).toEqual(['pending: each; settled: ']);
  });

  it('methods of a class in another file', () => {
    const { core, fn } = coreOf({
      'main.ts': `import { App } from './app.ts'; const app = new App(); process.on('SIGTERM', async () => { await app.stop(); process.exit(0); });`,
      'app.ts': `import pg from 'pg'; import http from 'node:http'; export class App { private readonly pool = new pg.Pool(); private readonly server = http.createServer(); async stop() { this.server.close(); await this.pool.end(); } }`,
    });
    const [exit] = core.ask(drainsOn, fn('async () =>')).exits;
    expect(exit?.pending.map(({ target }) => target?.getText())).toEqual(['this.server']);
    expect(exit?.settled.map(({ target }) => target?.getText())).toEqual(['this.pool']);
  });

  it('routines that call each other come to an end', () => {
    expect(
      exitsIn(
        `async function stop(again = true): Promise<void> { if (again) await other(); await pool.end(); process.exit(0); } async function other(): Promise<void> { await stop(false); }`,
      ).length,
    ).toBeGreaterThan(0);
  });
});

describe('the lattice of drain states', () => {
  const { core, fn } = coreOf(`${HEAD} function stop() { server.close(); void pool.end(); void pool.end(); }`);
  const all = core.ask(drainsOn, fn('function stop')).started;
  const sets = fc.subarray([...all]).map((list) => new Set(list));
  const states: fc.Arbitrary<DrainState> = fc.record({
    pending: sets,
    settled: sets,
    unseen: fc.constant(new Set<never>()),
    ways: fc.nat(15),
  });

  it('merging is associative, commutative and idempotent, with nothing started as its bottom', () => {
    expect(all).toHaveLength(3);
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        expect(isSameDrains(mergeDrains(a, mergeDrains(b, c)), mergeDrains(mergeDrains(a, b), c))).toBe(true);
        expect(isSameDrains(mergeDrains(a, b), mergeDrains(b, a))).toBe(true);
        expect(isSameDrains(mergeDrains(a, a), a)).toBe(true);
        expect(isSameDrains(mergeDrains(NO_DRAINS, a), a)).toBe(true);
      }),
    );
  });

  it('starting and waiting are monotone', () => {
    const isBelow = (left: DrainState, right: DrainState): boolean => isSameDrains(mergeDrains(left, right), right);
    fc.assert(
      fc.property(states, states, sets, (a, b, drains) => {
        const above = mergeDrains(a, b);
        expect(isBelow(afterStart(a, drains), afterStart(above, drains))).toBe(true);
        expect(isBelow(afterWait(a, drains), afterWait(above, drains))).toBe(true);
      }),
    );
  });
});
