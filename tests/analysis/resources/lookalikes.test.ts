import { describe, expect, it } from 'vitest';
import { dirtyReturns, doubleRelease, leakPath } from '../../../src/analysis/resources/lease-questions.ts';
import { leasesIn } from '../../../src/analysis/resources/lease.ts';
import { coreOf } from '../../support/core.ts';

/** The leaks of the function that starts with `fn`, one word for each lease. */
function leaksIn(code: string, fn: string): string[] {
  const found = coreOf(code);
  return found.core.ask(leasesIn, found.fn(fn)).map((lease) => {
    const leak = leakPath(lease, found.core);
    return leak.is === 'no' ? 'no' : `${leak.is} ${leak.witness?.leaves ?? ''}`;
  });
}

const PG = `import pg from 'pg'; const pool = new pg.Pool(); declare function work(): Promise<void>;\n`;

describe('a gap in which nothing throws', () => {
  it('property reads, assignments, plain classes, listeners', () => {
    expect(
      leaksIn(
        `${PG}
        class Timing { started = Date.now(); constructor(readonly name: string) {} }
        export async function load(request: { id: string; at?: number }) {
          const client = await pool.connect();
          const { id } = request;
          request.at = 1;
          const timing = new Timing(id);
          client.on('error', () => {});
          try { await work(); return timing.name; } finally { client.release(); }
        }`,
        'export async function load',
      ),
    ).toEqual(['no']);
  });

  it('the runner’s own connect, but not the start of its transaction', () => {
    const head = `import { DataSource } from 'typeorm'; declare const source: DataSource;`;
    expect(
      leaksIn(
        `${head} export async function load() { const runner = source.createQueryRunner(); await runner.connect(); try { await runner.query('x'); } finally { await runner.release(); } }`,
        'export async function load',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${head} export async function load() { const runner = source.createQueryRunner(); await runner.connect(); await runner.startTransaction(); try { await runner.query('x'); } finally { await runner.release(); } }`,
        'export async function load',
      ),
    ).toEqual(['yes throw']);
  });
});

describe('begin and commit', () => {
  it('ended on both ways out without a finally', () => {
    const code = `${PG}
      export async function pay() {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await work();
          await client.query('COMMIT');
          client.release();
        } catch (error) {
          try { await client.query('ROLLBACK'); } finally { client.release(); }
          throw error;
        }
      }`;
    expect(leaksIn(code, 'export async function pay')).toEqual(['no']);
    const { core, fn } = coreOf(code);
    const [lease] = core.ask(leasesIn, fn('export async function pay'));
    expect(lease === undefined ? undefined : dirtyReturns(lease, core)).toEqual([]);
  });

  it('of a query runner whose release is awaited', () => {
    const { core, fn } = coreOf(`
      import { DataSource } from 'typeorm'; declare const source: DataSource;
      export async function pay() {
        const runner = source.createQueryRunner();
        try { await runner.startTransaction(); await runner.query('x'); await runner.commitTransaction(); }
        catch (error) { await runner.rollbackTransaction(); throw error; }
        finally { await runner.release(); }
      }`);
    const [lease] = core.ask(leasesIn, fn('export async function pay'));
    expect(lease === undefined ? undefined : dirtyReturns(lease, core)).toEqual([]);
  });
});

describe('a query runner that is asked for its state', () => {
  it('is clean where it says that no transaction is active', () => {
    const { core, fn } = coreOf(`
      import { DataSource } from 'typeorm'; declare const source: DataSource; declare function work(): Promise<void>;
      export async function pay() {
        const runner = source.createQueryRunner();
        await runner.startTransaction();
        try {
          await work();
          if (runner.isTransactionActive) await runner.commitTransaction();
        } catch (error) {
          if (runner.isTransactionActive) await runner.rollbackTransaction();
          throw error;
        } finally {
          await runner.release();
        }
      }`);
    const [lease] = core.ask(leasesIn, fn('export async function pay'));
    expect(lease === undefined ? undefined : dirtyReturns(lease, core)).toEqual([]);
  });

  it('is not leaked where it says that it was released', () => {
    const head = `import { DataSource } from 'typeorm'; declare const source: DataSource; declare function work(): Promise<void>;`;
    const code = (gap: string): string =>
      `${head} export async function pay() { const runner = source.createQueryRunner(); ${gap} try { await runner.query('x'); } finally { if (!runner.isTransactionActive && runner.isReleased === false) await runner.release(); } }`;
    expect(leaksIn(code(''), 'export async function pay')).toEqual(['no']);
    expect(leaksIn(code('await work();'), 'export async function pay')).toEqual(['yes throw']);
  });

  it('of which only a part is taken has taken nothing yet', () => {
    expect(
      leaksIn(
        `import { DataSource } from 'typeorm'; declare const source: DataSource; export function read() { return source.createQueryRunner('slave').manager; }`,
        'export function read',
      ),
    ).toEqual(['unknown exit']);
  });
});

describe('locks', () => {
  const MUTEX = `import { Mutex, Semaphore } from 'async-mutex'; const mutex = new Mutex(); const seats = new Semaphore(3); declare function work(): Promise<void>;\n`;

  it('a releaser kept in a variable, a pair, the receiver', () => {
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const release = await mutex.acquire(); await work(); release(); }`,
        'export async function enter',
      ),
    ).toEqual(['yes throw']);
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const release = await mutex.acquire(); try { await work(); } finally { release(); } }`,
        'export async function enter',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const [, release] = await seats.acquire(); await work(); release(); }`,
        'export async function enter',
      ),
    ).toEqual(['yes throw']);
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const [seat, release] = await seats.acquire(); try { await work(); return seat; } finally { release(); } }`,
        'export async function enter',
      ),
    ).toEqual(['no']);
  });

  it('the callback of runExclusive acquires nothing that must be given back', () => {
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { await mutex.runExclusive(async () => { await work(); }); }`,
        'export async function enter',
      ),
    ).toEqual([]);
  });

  it('acquired and given back next to each other: a barrier', () => {
    expect(
      leaksIn(
        `${MUTEX} export async function settle() { (await mutex.acquire())(); await work(); }`,
        'export async function settle',
      ),
    ).toEqual(['no']);
  });

  it('a releaser that is returned or handed to finally', () => {
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const release = await mutex.acquire(); return release; }`,
        'export async function enter',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${MUTEX} export async function enter() { const release = await mutex.acquire(); return work().finally(release); }`,
        'export async function enter',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${MUTEX} export class Door { private release?: () => void; async enter() { this.release = await mutex.acquire(); await work(); } leave() { this.release?.(); } }`,
        'async enter',
      ),
    ).toEqual(['no']);
  });

  it('a lock held by its receiver: released here, elsewhere in the class, or not', () => {
    const SEMA = `import { Sema } from 'async-sema'; declare function work(): Promise<void>;\n`;
    expect(
      leaksIn(
        `${SEMA} const seats = new Sema(2); export async function enter() { await seats.acquire(); await work(); seats.release(); }`,
        'export async function enter',
      ),
    ).toEqual(['yes throw']);
    expect(
      leaksIn(
        `${SEMA} const seats = new Sema(2); export async function enter() { await seats.acquire(); try { await work(); } finally { seats.release(); } }`,
        'export async function enter',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${SEMA} export class Door { private readonly seats = new Sema(2); async enter() { await this.seats.acquire(); } leave() { this.seats.release(); } }`,
        'async enter',
      ),
    ).toEqual(['unknown exit']);
  });

  it('a try-lock that only says whether it got it', () => {
    expect(
      leaksIn(
        `import { Sema } from 'async-sema'; const seats = new Sema(2); export function enter() { return seats.tryAcquire() ? 1 : 0; }`,
        'export function enter',
      ).length,
    ).toBeLessThanOrEqual(1);
  });
});

describe('pools that take their objects as arguments', () => {
  const POOL = `import { createPool } from 'generic-pool'; interface Link { send(text: string): Promise<void> } declare const links: ReturnType<typeof createPool<Link>>; declare function work(): Promise<void>;\n`;

  it('release and destroy', () => {
    expect(
      leaksIn(
        `${POOL} export async function send() { const link = await links.acquire(); try { await link.send('x'); } finally { await links.release(link); } }`,
        'export async function send',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${POOL} export async function send() { const link = await links.acquire(); try { await link.send('x'); await links.release(link); } catch { await links.destroy(link); } }`,
        'export async function send',
      ),
    ).toEqual(['no']);
    expect(
      leaksIn(
        `${POOL} export async function send() { const link = await links.acquire(); await work(); await links.release(link); }`,
        'export async function send',
      ),
    ).toEqual(['yes throw']);
  });

  it('a release that throws is no second release in the catch of it', () => {
    const { core, fn } = coreOf(
      `${POOL} export async function send() { const link = await links.acquire(); try { await link.send('x'); } finally { await links.release(link); } }`,
    );
    const [lease] = core.ask(leasesIn, fn('export async function send'));
    expect(lease === undefined ? undefined : doubleRelease(lease)).toEqual([]);
  });

  it('the bracketed form', () => {
    expect(
      leaksIn(
        `${POOL} export async function send() { await links.use((link) => link.send('x')); }`,
        'export async function send',
      ),
    ).toEqual([]);
  });
});

describe('an owner that is itself closed', () => {
  it('takes along what it handed out', () => {
    expect(
      leaksIn(
        `import { MongoClient } from 'mongodb';
         declare function work(): Promise<void>;
         export async function copy() {
           const mongo = new MongoClient('mongodb://a');
           try { const session = mongo.startSession(); await work(); return session.id; } finally { await mongo.close(); }
         }`,
        'export async function copy',
      ),
    ).toEqual(['no']);
  });
});
