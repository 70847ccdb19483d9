import { describe, expect, it } from 'vitest';
import {
  dirtyReturns,
  doubleRelease,
  isResetByPool,
  lateReturns,
  leakPath,
  usesAfterRelease,
} from '../../../src/analysis/resources/lease-questions.ts';
import { type Lease, leasesIn } from '../../../src/analysis/resources/lease.ts';
import { type CaseCore, coreOf } from '../../support/core.ts';

const PG = `import pg from 'pg'; const pool = new pg.Pool(); declare function byId(id: string): Promise<string>;\n`;

/** The only lease of the function that starts with `fn`. */
function leaseIn(code: string, fn: string): CaseCore & { lease: Lease } {
  const found = coreOf(code);
  const [lease, ...others] = found.core.ask(leasesIn, found.fn(fn));
  if (lease === undefined || others.length > 0)
    throw new Error(`Expected one lease, found ${String(others.length + (lease === undefined ? 0 : 1))}.`);
  return { ...found, lease };
}

function leakIn(code: string, fn = 'export async function load'): string {
  const { core, lease } = leaseIn(PG + code, fn);
  const leak = leakPath(lease, core);
  return leak.is === 'no'
    ? 'no'
    : `${leak.is} ${leak.witness?.leaves ?? ''} ${leak.witness?.throwing?.node.getText() ?? ''}`.trim();
}

describe('leaks', () => {
  it('the gap: something may throw between the acquisition and the try', () => {
    const { core, lease } = leaseIn(
      `${PG}
      export async function load(id: string) {
        const client = await pool.connect();
        const owner = await byId(id);
        try { return await client.query(owner); } finally { client.release(); }
      }`,
      'export async function load',
    );
    const leak = leakPath(lease, core);
    expect(leak.is).toBe('yes');
    if (leak.is !== 'yes') return;
    expect(leak.witness.throwing?.node.getText()).toBe('await byId(id)');
    expect(leak.witness.cause?.node.getText()).toContain('byId(id)');
    expect(leak.witness.missed?.node.getText()).toBe('client.release()');
    expect(lease.name?.text).toBe('client');
  });

  it('the success path only', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); await client.query('select 1'); client.release(); }`,
      ),
    ).toBe(`yes throw await client.query('select 1')`);
  });

  it('an early return, and an explicit throw', () => {
    expect(
      leakIn(
        `export async function load(id?: string) { const client = await pool.connect(); if (!id) return; client.release(); }`,
      ),
    ).toBe('yes exit');
    expect(
      leakIn(
        `export async function load(id?: string) { const client = await pool.connect(); if (!id) throw new Error('no id'); client.release(); }`,
      ),
    ).toBe(`yes throw throw new Error('no id');`);
  });

  it('a release in the try whose catch rethrows', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('select 1'); client.release(); } catch (error) { throw error; } }`,
      ),
    ).toMatch(/^yes throw/);
  });

  it('a throwing await before the release inside the finally', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('x'); } finally { await byId('x'); client.release(); } }`,
      ),
    ).toBe(`yes throw await byId('x')`);
  });

  it('a loop that goes on with another one', () => {
    expect(
      leakIn(
        `export async function load(ids: string[]) { for (const id of ids) { const client = await pool.connect(); if (id === '') continue; client.release(); } }`,
      ),
    ).toMatch(/^yes (again|exit)/);
  });

  it('never released at all', () => {
    expect(
      leakIn(`export async function load() { const client = await pool.connect(); await client.query('select 1'); }`),
    ).toBe('yes exit');
  });

  it('held by the callback of a chain', () => {
    expect(
      leakIn(
        `export const load = () => pool.connect().then(async (client) => { await client.query('x'); client.release(); });`,
        'async (client)',
      ),
    ).toBe(`yes throw await client.query('x')`);
    expect(
      leakIn(
        `export const load = () => pool.connect().then((client) => client.query('x').finally(() => { client.release(); }));`,
        '(client) =>',
      ),
    ).toBe('no');
  });

  it('held by a callback that gets a releaser', () => {
    const code = `export const load = (cb: (e?: unknown) => void) => { pool.connect((error, client, done) => { if (error) { cb(error); return; } client?.query('x', (e: unknown) => { done(); cb(e); }); }); };`;
    expect(leakIn(code, '(error, client, done)')).toBe('no');
  });

  it('a callee that throws for certain by its summary; one that cannot throw', () => {
    expect(
      leakIn(
        `function check(id: string) { if (id === '') throw new Error('empty'); } export async function load(id: string) { const client = await pool.connect(); check(id); client.release(); }`,
      ),
    ).toBe('yes throw check(id)');
    expect(
      leakIn(
        `function twice(id: string) { return id + id; } export async function load(id: string) { const client = await pool.connect(); const name = twice(id); client.release(); return name; }`,
      ),
    ).toBe('no');
  });

  it('a synchronous callee that we cannot see is a doubt', () => {
    expect(
      leakIn(
        `declare function shape(id: string): string; export async function load(id: string) { const client = await pool.connect(); const name = shape(id); client.release(); return name; }`,
      ),
    ).toBe('unknown throw shape(id)');
  });
});

describe('leaks through what we cannot see', () => {
  it('a promise of a method of an interface, of a hook: they may reject', () => {
    expect(
      leakIn(
        `interface Mailer { send(): Promise<void> } export async function load(mailer: Mailer) { const client = await pool.connect(); await mailer.send(); client.release(); }`,
      ),
    ).toBe('yes throw await mailer.send()');
    expect(
      leakIn(
        `export async function load(onTake: (c: pg.PoolClient) => Promise<void>) { const client = await pool.connect(); await onTake(client); return client; }`,
      ),
    ).toBe('yes throw await onTake(client)');
  });

  it('a wait goes before an exception of synchronous code', () => {
    expect(
      leakIn(
        `function check(id: string) { if (id === '') throw new Error('empty'); } export async function load(id: string) { const client = await pool.connect(); check(id); await byId(id); client.release(); }`,
      ),
    ).toBe('yes throw await byId(id)');
  });
});

describe('no leak', () => {
  it('a listener of a type without a row', () => {
    expect(
      leakIn(
        `interface Feed { on(event: string, listener: () => void): void } export async function load(feed: Feed) { const client = await pool.connect(); feed.on('end', () => {}); return client; }`,
      ),
    ).toBe('no');
  });

  it('try and finally right after', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); try { return await client.query('x'); } finally { client.release(); } }`,
      ),
    ).toBe('no');
  });

  it('the declaration before the try, an optional call in the finally', () => {
    expect(
      leakIn(
        `export async function load() { let client: pg.PoolClient | undefined; try { client = await pool.connect(); await client.query('x'); } finally { client?.release(); } }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `export async function load() { let client: pg.PoolClient | undefined; try { client = await pool.connect(); await client.query('x'); } finally { if (client) client.release(); } }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `export async function load() { let client: pg.PoolClient | undefined; try { client = await pool.connect(); await client.query('x'); } finally { if (client !== undefined) client.release(); } }`,
      ),
    ).toBe('no');
  });

  it('released in both branches of try and catch', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('x'); client.release(); } catch (error) { client.release(true); throw error; } }`,
      ),
    ).toBe('no');
  });

  it('returned, stored, pushed, kept by an object', () => {
    expect(leakIn(`export async function load() { const client = await pool.connect(); return client; }`)).toBe('no');
    expect(leakIn(`export async function load() { return await pool.connect(); }`)).toBe('no');
    expect(
      leakIn(
        `export class Session { client?: pg.PoolClient; async open() { this.client = await pool.connect(); await byId('x'); } }`,
        'async open',
      ),
    ).toBe('no');
    expect(
      leakIn(
        `const all: pg.PoolClient[] = []; export async function load() { const client = await pool.connect(); all.push(client); await byId('x'); }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `class Tx { constructor(private readonly client: pg.PoolClient) {} end() { this.client.release(); } } export async function load() { const client = await pool.connect(); return new Tx(client); }`,
      ),
    ).toBe('no');
  });

  it('a callee that gives it back', () => {
    expect(
      leakIn(
        `function done(client: pg.PoolClient) { client.release(); } export async function load() { const client = await pool.connect(); try { await client.query('x'); } finally { done(client); } }`,
      ),
    ).toBe('no');
  });

  it('a callee that gives it back only sometimes is a doubt', () => {
    expect(
      leakIn(
        `function done(client: pg.PoolClient, ok: boolean) { if (ok) client.release(); } export async function load() { const client = await pool.connect(); try { await client.query('x'); } finally { done(client, true); } }`,
      ),
    ).toMatch(/^unknown/);
  });

  it('a closure that gives it back later owns it', () => {
    expect(
      leakIn(
        `export async function load(signal: AbortSignal) { const client = await pool.connect(); signal.addEventListener('abort', () => { client.release(); }); await byId('x'); }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); return byId('x').finally(() => { client.release(); }); }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); return { end: () => { client.release(); } }; }`,
      ),
    ).toBe('no');
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); byId('x').finally(client.release.bind(client)); }`,
      ),
    ).toBe('no');
  });

  it('a local function that the finally calls', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); const done = () => { client.release(); }; try { await client.query('x'); } finally { done(); } }`,
      ),
    ).toBe('no');
  });

  it('a flag that remembers the release', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); let released = false; try { await client.query('x'); client.release(); released = true; } finally { if (!released) client.release(); } }`,
      ),
    ).toMatch(/^(no|unknown)/);
  });

  it('a condition on what is only written after it remembers nothing', () => {
    expect(
      leakIn(
        `let left = 1; export async function load() { const client = await pool.connect(); if (left === 0) { client.release(); return; } await client.query('x'); left--; client.release(); }`,
      ),
    ).toBe(`yes throw await client.query('x')`);
  });

  it('no acquisition: pool.query, and a function of the project that is called connect', () => {
    const { core, fn } = coreOf(
      `${PG} declare function connect(): Promise<{ release(): void }>; export async function load() { await pool.query('x'); const link = await connect(); return link; }`,
    );
    expect(core.ask(leasesIn, fn('export async function load'))).toHaveLength(0);
  });
});

describe('lenders, chains and conditions', () => {
  it('a function of the project that hands on what it acquires', () => {
    expect(
      leakIn(
        `async function take() { const client = await pool.connect(); return client; } export async function load() { const client = await take(); await client.query('x'); client.release(); }`,
      ),
    ).toBe(`yes throw await client.query('x')`);
    expect(
      leakIn(
        `const take = () => pool.connect(); export async function load() { const client = await take(); try { await client.query('x'); } finally { client.release(); } }`,
      ),
    ).toBe('no');
  });

  it('no lender: what it gives is kept, or was there before', () => {
    for (const body of [
      'const client = await pool.connect(); kept.add(client); return client;',
      'if (shared) return shared; const client = await pool.connect(); return client;',
    ]) {
      const { core, fn } = coreOf(
        `${PG} const kept = new Set<pg.PoolClient>(); let shared: pg.PoolClient | undefined; async function take() { ${body} } export async function load() { const client = await take(); await client.query('x'); }`,
      );
      expect(core.ask(leasesIn, fn('export async function load'))).toHaveLength(0);
    }
  });

  it('a chain whose then alone gives it back', () => {
    const { core, lease } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); return client.query('x').then((result) => { client.release(); return result; }); }`,
      'export async function load',
    );
    const leak = leakPath(lease, core);
    expect(leak.is).toBe('yes');
    if (leak.is !== 'yes') return;
    expect(leak.witness.chained?.rejecting.getText()).toBe(`client.query('x')`);
    expect(leak.witness.missed?.node.getText()).toBe('client.release()');
  });

  it('a chain that handles the rejection', () => {
    expect(
      leakIn(
        `export async function load() { const client = await pool.connect(); return client.query('x').then(() => client.release(), () => client.release(true)); }`,
      ),
    ).toMatch(/^(no|unknown)/);
  });

  it('the condition of the acquisition, asked again', () => {
    expect(
      leakIn(
        `export async function load(given?: pg.PoolClient) { const client = given ?? (await pool.connect()); try { await client.query('x'); } finally { if (!given) client.release(); } }`,
      ),
    ).toMatch(/^(no|unknown)/);
  });

  it('a lock whose releaser nobody takes', () => {
    const code = `import { Mutex } from 'async-mutex'; const mutex = new Mutex(); declare function settle(): Promise<void>;`;
    const { core, lease } = leaseIn(
      `${code} export async function load() { await mutex.acquire(); try { await settle(); } finally { mutex.release(); } }`,
      'export async function load',
    );
    expect(lease.acquisition.holds).toBe('receiver');
    expect(leakPath(lease, core).is).toBe('no');
  });
});

describe('after the release', () => {
  it('a use that every path reaches after the release', () => {
    const { lease } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); client.release(); await client.query('x'); }`,
      'export async function load',
    );
    const [late] = usesAfterRelease(lease);
    expect(late?.is).toBe('yes');
    expect(late?.is === 'yes' && late.witness.use.node.getText()).toBe(`client.query('x')`);
    expect(late?.is === 'yes' && late.witness.release.node.getText()).toBe('client.release()');
  });

  it('a use that some path reaches after the release', () => {
    const { lease } = leaseIn(
      `${PG} export async function load(ok: boolean) { const client = await pool.connect(); if (ok) client.release(); await client.query('x'); client.release(); }`,
      'export async function load',
    );
    expect(usesAfterRelease(lease).map(({ is }) => is)).toEqual(['unknown']);
    expect(doubleRelease(lease).map(({ is }) => is)).toEqual(['unknown']);
  });

  it('a second release that the first dominates, directly and through finally', () => {
    const { lease } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); client.release(); client.release(); }`,
      'export async function load',
    );
    expect(doubleRelease(lease).map(({ is }) => is)).toEqual(['yes']);
    const { lease: inFinally } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); try { client.release(); } finally { client.release(); } }`,
      'export async function load',
    );
    expect(doubleRelease(inFinally).some(({ is }) => is === 'yes')).toBe(true);
  });

  it('one release in each branch is no second one, nor is one in the next turn of a loop', () => {
    const { lease } = leaseIn(
      `${PG} export async function load(ok: boolean) { const client = await pool.connect(); if (ok) client.release(); else client.release(true); }`,
      'export async function load',
    );
    expect(doubleRelease(lease)).toEqual([]);
    const { lease: looped } = leaseIn(
      `${PG} export async function load(ids: string[]) { for (const id of ids) { const client = await pool.connect(); client.emit(id); client.release(); } }`,
      'export async function load',
    );
    expect([...doubleRelease(looped), ...usesAfterRelease(looped)]).toEqual([]);
  });

  it('a promise returned under a finally that gives the object back', () => {
    const { core, lease } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); try { return client.query('x'); } finally { client.release(); } }`,
      'export async function load',
    );
    expect(lateReturns(lease, core).map(({ call, release }) => [call.getText(), release.node.getText()])).toEqual([
      [`client.query('x')`, 'client.release()'],
    ]);
    const { core: other, lease: awaited } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); try { return await client.query('x'); } finally { client.release(); } }`,
      'export async function load',
    );
    expect(lateReturns(awaited, other)).toEqual([]);
    const { core: third, lease: unrelated } = leaseIn(
      `${PG} export async function load() { const client = await pool.connect(); try { return byId('x'); } finally { client.release(); } }`,
      'export async function load',
    );
    expect(lateReturns(unrelated, third)).toEqual([]);
  });
});

describe('dirty connections', () => {
  function dirtIn(code: string): string[] {
    const { core, lease } = leaseIn(PG + code, 'export async function load');
    return dirtyReturns(lease, core).flatMap(({ writes }) =>
      writes.map(({ field, node }) => `${field ?? ''}: ${node.getText()}`),
    );
  }

  it('a transaction that a failure leaves open', () => {
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('BEGIN'); await client.query('insert'); await client.query('COMMIT'); } finally { client.release(); } }`,
      ),
    ).toEqual([`transaction: client.query('BEGIN')`]);
  });

  it('a release that rolls back by itself leaves settings only', () => {
    const { core, lease } = leaseIn(
      `import { createPool } from 'mariadb'; const pool = createPool({});
      export async function load() {
        const link = await pool.getConnection();
        try { await link.beginTransaction(); await link.query('SET @tenant = 7'); } finally { await link.release(); }
      }`,
      'export async function load',
    );
    expect(dirtyReturns(lease, core).map(({ writes }) => writes.map(({ field }) => field))).toEqual([['settings']]);
  });

  it('statements of which the connection is the tag', () => {
    const { core, lease } = leaseIn(
      `import postgres from 'postgres'; const sql = postgres();
      export async function load() {
        const link = await sql.reserve();
        try { await link\`BEGIN\`; await link\`UPDATE orders SET paid = true\`; await link\`COMMIT\`; } finally { link.release(); }
      }`,
      'export async function load',
    );
    expect(dirtyReturns(lease, core).map(({ writes }) => writes.map(({ field }) => field))).toEqual([['transaction']]);
  });

  it('a rollback in the catch ends it, a destroyed client takes it along', () => {
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('BEGIN'); await client.query('insert'); await client.query('COMMIT'); } catch (error) { await client.query('ROLLBACK'); throw error; } finally { client.release(); } }`,
      ),
    ).toEqual([]);
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); let failed: Error | undefined; try { await client.query('BEGIN'); await client.query('COMMIT'); } catch (error) { failed = error as Error; } finally { client.release(failed); } }`,
      ),
    ).toEqual([]);
  });

  it('session settings stay, local ones do not', () => {
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query("SET search_path TO 'a'"); } finally { client.release(); } }`,
      ),
    ).toHaveLength(1);
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query("SET LOCAL search_path TO 'a'"); } finally { client.release(); } }`,
      ),
    ).toEqual([]);
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('LISTEN orders'); await client.query('DISCARD ALL'); } catch { client.release(true); return; } client.release(); }`,
      ),
    ).toEqual([]);
  });

  it('an advisory lock, a temporary table, a prepared statement', () => {
    expect(
      dirtIn(
        `export async function load(key: number) { const client = await pool.connect(); try { await client.query('select pg_advisory_lock($1)', [key]); } finally { client.release(); } }`,
      ),
    ).toEqual([`locks: client.query('select pg_advisory_lock($1)', [key])`]);
    expect(
      dirtIn(
        `export async function load() { const client = await pool.connect(); try { await client.query('select pg_advisory_xact_lock(1)'); await client.query('update orders set paid = true'); } finally { client.release(); } }`,
      ),
    ).toEqual([]);
    expect(
      dirtIn(
        'export async function load() { const client = await pool.connect(); try { await client.query(`CREATE TEMP TABLE t (id int)`); } finally { client.release(); } }',
      ),
    ).toHaveLength(1);
  });

  it('a helper that begins, one that ends', () => {
    expect(
      dirtIn(
        `async function begin(client: pg.PoolClient) { await client.query('BEGIN'); } export async function load() { const client = await pool.connect(); try { await begin(client); } finally { client.release(); } }`,
      ),
    ).toEqual(['transaction: begin(client)']);
    expect(
      dirtIn(
        `async function undo(client: pg.PoolClient) { await client.query('ROLLBACK'); } export async function load() { const client = await pool.connect(); try { await client.query('BEGIN'); } finally { await undo(client); client.release(); } }`,
      ),
    ).toEqual([]);
  });
});

const BUFFERS = `
  interface Scratch { bytes: number[]; owner?: string; tags: Map<string, string>; }
`;

describe('pools of the project', () => {
  it('a class with a pair of members', () => {
    const { core, lease } = leaseIn(
      `${BUFFERS}
      class ScratchPool {
        private readonly free: Scratch[] = [];
        acquire(): Scratch { return this.free.pop() ?? { bytes: [], tags: new Map() }; }
        release(scratch: Scratch) { this.free.push(scratch); }
      }
      const scratches = new ScratchPool();
      export function encode(user: string) {
        const scratch = scratches.acquire();
        scratch.owner = user;
        scratches.release(scratch);
      }`,
      'export function encode',
    );
    expect(lease.acquisition).toMatchObject({ kind: 'lease', isKnown: true });
    expect(leakPath(lease, core).is).toBe('no');
    expect(dirtyReturns(lease, core).map(({ writes: [first] }) => first?.field)).toEqual(['owner']);
    expect(isResetByPool(lease, core).is).toBe('no');
  });

  it('reset before the return, by field, by clearing, by length', () => {
    const { core, lease } = leaseIn(
      `${BUFFERS}
      class ScratchPool {
        private readonly free: Scratch[] = [];
        acquire(): Scratch { return this.free.pop() ?? { bytes: [], tags: new Map() }; }
        release(scratch: Scratch) { this.free.push(scratch); }
      }
      const scratches = new ScratchPool();
      export function encode(user: string) {
        const scratch = scratches.acquire();
        scratch.owner = user; scratch.bytes.push(1); scratch.tags.set('a', user);
        scratch.owner = undefined; scratch.bytes.length = 0; scratch.tags.clear();
        scratches.release(scratch);
      }`,
      'export function encode',
    );
    expect(dirtyReturns(lease, core)).toEqual([]);
  });

  it('a reset before the last write is none', () => {
    const { core, lease } = leaseIn(
      `${BUFFERS}
      class ScratchPool {
        private readonly free: Scratch[] = [];
        acquire(): Scratch { return this.free.pop() ?? { bytes: [], tags: new Map() }; }
        release(scratch: Scratch) { this.free.push(scratch); }
      }
      const scratches = new ScratchPool();
      export function encode(user: string) {
        const scratch = scratches.acquire();
        scratch.tags.clear();
        scratch.tags.set('a', user);
        scratches.release(scratch);
      }`,
      'export function encode',
    );
    expect(dirtyReturns(lease, core)).toHaveLength(1);
  });

  it('a pool that resets on either side', () => {
    const { core, lease } = leaseIn(
      `class Frame { bytes: number[] = []; reset() { this.bytes.length = 0; } }
      class FramePool {
        private readonly free: Frame[] = [];
        take(): Frame { return this.free.pop() ?? new Frame(); }
        give(frame: Frame) { frame.reset(); this.free.push(frame); }
      }
      const frames = new FramePool();
      export function encode() { const frame = frames.take(); frame.bytes.push(1); frames.give(frame); }`,
      'export function encode',
    );
    expect(isResetByPool(lease, core)).toMatchObject({ is: 'yes', witness: { when: 'release' } });
    const { core: other, lease: atAcquire } = leaseIn(
      `class Frame { bytes: number[] = []; reset() { this.bytes.length = 0; } }
      class FramePool {
        private readonly free: Frame[] = [];
        take(): Frame { const frame = this.free.pop() ?? new Frame(); frame.reset(); return frame; }
        give(frame: Frame) { this.free.push(frame); }
      }
      const frames = new FramePool();
      export function encode() { const frame = frames.take(); frame.bytes.push(1); frames.give(frame); }`,
      'export function encode',
    );
    expect(isResetByPool(atAcquire, other)).toMatchObject({ is: 'yes', witness: { when: 'acquire' } });
  });

  it('a free list with a taker and a giver', () => {
    const { core, lease } = leaseIn(
      `class Frame { bytes: number[] = []; add(byte: number) { this.bytes.push(byte); } }
      const free: Frame[] = [];
      function take() { return free.pop() ?? new Frame(); }
      function give(frame: Frame) { free.push(frame); }
      export function encode(ok: boolean) { const frame = take(); frame.add(1); if (!ok) return; give(frame); }`,
      'export function encode',
    );
    expect(leakPath(lease, core).is).toBe('yes');
    expect(dirtyReturns(lease, core)).toHaveLength(1);
  });

  it('a lease that ends itself, a function that is the lease', () => {
    const { core, lease } = leaseIn(
      `class Slot { release() {} }
      class Slots { async acquire(): Promise<Slot> { return new Slot(); } }
      const slots = new Slots();
      declare function work(): Promise<void>;
      export async function run() { const slot = await slots.acquire(); await work(); slot.release(); }`,
      'export async function run',
    );
    expect(leakPath(lease, core).is).toBe('yes');
    const { core: other, lease: gate } = leaseIn(
      `class Gate { async acquire(): Promise<() => void> { return () => {}; } }
      const gate = new Gate();
      declare function work(): Promise<void>;
      export async function run() { const release = await gate.acquire(); try { await work(); } finally { release(); } }`,
      'export async function run',
    );
    expect(gate.acquisition.kind).toBe('lock');
    expect(leakPath(gate, other).is).toBe('no');
  });

  it('what only looks like a pool', () => {
    const { core, fn } = coreOf(`
      class ControllerPool { private readonly all = new Map<string, { name: string }>(); get(name: string) { return this.all.get(name); } }
      class TokenBucket { async acquire(): Promise<void> {} release() {} }
      class TryLock { acquire(): boolean { return true; } release() {} }
      class Stack { private readonly items: { id: string }[] = []; pop() { return this.items.pop(); } push(item: { id: string }) { this.items.push(item); } }
      class Registry { getConnection(): { host: string } { return { host: '' }; } }
      const stack = new Stack(); const queue: { id: string }[] = [];
      export async function run() {
        new ControllerPool().get('orders');
        await new TokenBucket().acquire();
        new TryLock().acquire();
        stack.pop();
        new Registry().getConnection();
        const next = queue.pop(); if (next) queue.push(next);
        const cache = new Map<string, { id: string }>(); cache.get('a');
      }`);
    expect(core.ask(leasesIn, fn('export async function run'))).toHaveLength(0);
  });

  it('a disposable lease under using', () => {
    const { core, lease } = leaseIn(
      `class Slot implements Disposable { release() {} [Symbol.dispose]() { this.release(); } }
      class Slots { acquire(): Slot { return new Slot(); } }
      const slots = new Slots();
      declare function work(): Promise<void>;
      export async function run() { using slot = slots.acquire(); await work(); return slot === undefined; }`,
      'export async function run',
    );
    expect(leakPath(lease, core).is).toBe('no');
    expect(doubleRelease(lease)).toEqual([]);
  });
});
