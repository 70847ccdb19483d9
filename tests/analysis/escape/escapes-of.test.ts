import { describe, expect, it } from 'vitest';
import { type Escape, escapesOf } from '../../../src/analysis/escape/escapes-of.ts';
import { coreOf } from '../../support/core.ts';

const PG = `import pg from 'pg'; const pool = new pg.Pool();\n`;

/** The escapes of the client that \`await pool.connect()\` gives. */
function escapesIn(code: string): readonly Escape[] {
  const { core, expression } = coreOf(PG + code);
  return core.ask(escapesOf, expression('pool.connect()')) ?? [];
}

function kindsIn(code: string): string[] {
  return escapesIn(code).map(({ kind, keeps, time }) =>
    [kind, keeps, time?.when].filter((part) => part !== undefined).join(' '),
  );
}

describe('a value that stays', () => {
  it('is used by its own methods, tested and read', () => {
    expect(
      kindsIn(`
        export async function load() {
          const client = await pool.connect();
          if (!client) return 0;
          const result = await client.query('select 1');
          client.release();
          return result.rowCount;
        }`),
    ).toEqual([]);
  });

  it('may have another name, and a callee that only uses it', () => {
    expect(
      kindsIn(`
        async function count(db: pg.PoolClient) { return (await db.query('select 1')).rowCount; }
        export async function load() {
          const client = await pool.connect();
          const same = client;
          await count(same);
          same.release();
        }`),
    ).toEqual(['passed used']);
  });

  it('may stand in a literal that stays', () => {
    expect(
      kindsIn(`
        export async function load() {
          const held = { client: await pool.connect(), since: 1 };
          held.client.release();
          return held.since;
        }`),
    ).toEqual([]);
  });

  it('may be used by a closure that runs now', () => {
    expect(
      kindsIn(`
        export async function load(ids: string[]) {
          const client = await pool.connect();
          ids.forEach((id) => { client.emit(id); });
          client.release();
        }`),
    ).toEqual([]);
  });
});

describe('a value that goes', () => {
  it('is returned, alone, in a literal, or on one side of a conditional', () => {
    expect(kindsIn(`export async function take() { return await pool.connect(); }`)).toEqual(['returned']);
    expect(kindsIn(`export const take = () => pool.connect();`)).toEqual(['returned']);
    expect(
      kindsIn(
        `export async function take() { const client = await pool.connect(); return { client, at: Date.now() }; }`,
      ),
    ).toEqual(['returned']);
    expect(
      kindsIn(
        `export async function take(given?: pg.PoolClient) { const client = given ?? (await pool.connect()); return client; }`,
      ),
    ).toEqual(['returned']);
  });

  it('is yielded or thrown', () => {
    expect(kindsIn(`export async function* take() { const client = await pool.connect(); yield client; }`)).toEqual([
      'yielded',
    ]);
    expect(kindsIn(`export async function take() { throw await pool.connect(); }`)).toEqual(['thrown']);
  });

  it('is stored in a field, an entry or a module variable', () => {
    expect(
      kindsIn(`export class Session { client?: pg.PoolClient; async open() { this.client = await pool.connect(); } }`),
    ).toEqual(['stored']);
    expect(
      kindsIn(
        `const clients: Record<string, pg.PoolClient> = {}; export async function open(id: string) { clients[id] = await pool.connect(); }`,
      ),
    ).toEqual(['stored']);
    expect(
      kindsIn(
        `let current: pg.PoolClient; export async function open() { current = await pool.connect(); return current.emit('x'); }`,
      ),
    ).toEqual(['stored']);
  });

  it('is put into a map or pushed onto a list', () => {
    expect(
      kindsIn(
        `const clients = new Map<string, pg.PoolClient>(); export async function open(id: string) { const client = await pool.connect(); clients.set(id, client); }`,
      ),
    ).toEqual(['passed kept']);
    expect(
      kindsIn(
        `const clients: pg.PoolClient[] = []; export async function open() { clients.push(await pool.connect()); }`,
      ),
    ).toEqual(['passed kept']);
  });

  it('is kept by a callee or by the object that is made of it', () => {
    const [escape] = escapesIn(`
      class Transaction { constructor(private readonly client: pg.PoolClient) {} commit() { this.client.release(); } }
      export async function begin() { const client = await pool.connect(); return new Transaction(client); }`);
    expect(escape).toMatchObject({ kind: 'passed', keeps: 'kept' });
    expect(
      kindsIn(
        `const all: pg.PoolClient[] = []; function track(client: pg.PoolClient) { all.push(client); } export async function open() { track(await pool.connect()); }`,
      ),
    ).toEqual(['passed kept']);
  });

  it('is given to a callee that we cannot see', () => {
    expect(
      kindsIn(
        `declare function adopt(client: pg.PoolClient): void; export async function open() { adopt(await pool.connect()); }`,
      ),
    ).toEqual(['passed unknown']);
  });

  it('is given back by a callee', () => {
    expect(
      kindsIn(
        `const same = (client: pg.PoolClient) => client; export async function open() { const client = same(await pool.connect()); client.release(); }`,
      ),
    ).toEqual(['passed gives-back']);
  });

  it('is captured by closures that run later', () => {
    expect(
      kindsIn(`
        export async function open() {
          const client = await pool.connect();
          setTimeout(() => { client.release(); }, 5);
        }`),
    ).toEqual(['captured deferred-once']);
  });

  it('is tied to a signal or to the end of an emitter', () => {
    const [signal] = escapesIn(`
      export async function open(signal: AbortSignal) {
        const client = await pool.connect();
        signal.addEventListener('abort', () => { client.release(); });
      }`);
    expect(signal?.tiedTo?.getText()).toBe('signal');
    const [response] = escapesIn(`
      import type { ServerResponse } from 'node:http';
      export async function open(response: ServerResponse) {
        const client = await pool.connect();
        response.once('close', () => { client.release(); });
      }`);
    expect(response?.tiedTo?.getText()).toBe('response');
    const [timer] = escapesIn(`
      export async function open() {
        const client = await pool.connect();
        setTimeout(() => { client.release(); }, 5);
      }`);
    expect(timer?.tiedTo).toBeUndefined();
  });

  it('is disposed by using or by a stack', () => {
    const { core, expression } = coreOf(`
      declare function open(path: string): Disposable;
      export function read() { using file = open('a'); return file; }
      export function stacked() { using stack = new DisposableStack(); const file = stack.use(open('b')); return file !== undefined; }`);
    expect(core.ask(escapesOf, expression(`open('a')`))?.map(({ kind }) => kind)).toEqual(['disposed', 'returned']);
    expect(core.ask(escapesOf, expression(`open('b')`))).toMatchObject([{ kind: 'passed', keeps: 'kept' }]);
  });

  it('is exported', () => {
    expect(kindsIn(`export const client = await pool.connect();`)).toEqual(['stored']);
    expect(kindsIn(`export default await pool.connect();`)).toEqual(['exported']);
  });
});
