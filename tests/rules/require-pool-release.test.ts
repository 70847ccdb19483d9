import ts from 'typescript';
import rule from '../../src/rules/require-pool-release.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ the gap

  reports('a lookup between the acquisition and the try', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  const owner = await byId(id);
  try {
    return await client.query('select * from orders where owner = $1', [owner]);
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message: '`byId` on line 7 may throw before `client.release` on line 11; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  try {
    const owner = await byId(id);
    return await client.query('select * from orders where owner = $1', [owner]);
  } finally {
    client.release();
  }
}`,
  });

  reports('a throw between the acquisition and the try, with a comment above it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect(); // one of ten
  // Guests have no orders.
  if (id === '') throw new Error('no id');

  try {
    return await client.query('select * from orders where owner = $1', [id]);
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'thrown',
        on: 'pool.connect()',
        line: 6,
        message:
          'The `throw` on line 8 leaves before `client.release` on line 13; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect(); // one of ten
  try {
    // Guests have no orders.
    if (id === '') throw new Error('no id');
    return await client.query('select * from orders where owner = $1', [id]);
  } finally {
    client.release();
  }
}`,
  });

  reports('the start of a transaction before the try that rolls it back', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function settle(id: string) {
  const runner = source.createQueryRunner();
  await runner.connect();
  await runner.startTransaction();
  try {
    await runner.query('update invoices set settled = true where id = $1', [id]);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  } finally {
    await runner.release();
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'source.createQueryRunner()',
        line: 6,
        message:
          '`runner.startTransaction` on line 8 may throw before `runner.release` on line 16; then the pool is one short for good.',
      },
    ],
    output: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function settle(id: string) {
  const runner = source.createQueryRunner();
  try {
    await runner.connect();
    await runner.startTransaction();
    try {
      await runner.query('update invoices set settled = true where id = $1', [id]);
      await runner.commitTransaction();
    } catch (error) {
      await runner.rollbackTransaction();
      throw error;
    }
  } finally {
    await runner.release();
  }
}`,
  });

  reports('two throws of a service between the runner and its try', {
    code: `
import type { DataSource } from 'typeorm';
declare function byId(id: string): Promise<string>;
class NotFound extends Error {}
export class Invoices {
  constructor(private readonly source: DataSource) {}
  async settle(id: string): Promise<void> {
    const run = this.source.createQueryRunner();
    await run.connect();
    const owner = await byId(id);
    if (!owner) throw new NotFound();
    try {
      await run.query('update invoices set settled = true where owner = $1', [owner]);
    } finally {
      await run.release();
    }
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'this.source.createQueryRunner()',
        line: 8,
        message: '`byId` on line 10 may throw before `run.release` on line 15; then the pool is one short for good.',
      },
    ],
    output: `
import type { DataSource } from 'typeorm';
declare function byId(id: string): Promise<string>;
class NotFound extends Error {}
export class Invoices {
  constructor(private readonly source: DataSource) {}
  async settle(id: string): Promise<void> {
    const run = this.source.createQueryRunner();
    try {
      await run.connect();
      const owner = await byId(id);
      if (!owner) throw new NotFound();
      await run.query('update invoices set settled = true where owner = $1', [owner]);
    } finally {
      await run.release();
    }
  }
}`,
  });

  reports('a name of the gap that the finally needs: what cannot fail stays outside', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
declare const metrics: { observe(milliseconds: number): void };
export async function order(id: string) {
  const client = await pool.connect();
  const started = Date.now();
  const owner = await byId(id);
  try {
    return await client.query('select 1', [owner]);
  } finally {
    client.release();
    metrics.observe(Date.now() - started);
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 7,
        message: '`byId` on line 9 may throw before `client.release` on line 13; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
declare const metrics: { observe(milliseconds: number): void };
export async function order(id: string) {
  const client = await pool.connect();
  const started = Date.now();
  try {
    const owner = await byId(id);
    return await client.query('select 1', [owner]);
  } finally {
    client.release();
    metrics.observe(Date.now() - started);
  }
}`,
  });

  reports('a name of the gap that the code after the try needs', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  const owner = await byId(id);
  try {
    await client.query('select 1', [owner]);
  } finally {
    client.release();
  }
  await byId(owner);
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message: '`byId` on line 7 may throw before `client.release` on line 11; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  let owner;
  try {
    owner = await byId(id);
    await client.query('select 1', [owner]);
  } finally {
    client.release();
  }
  await byId(owner);
}`,
  });

  reports('a gap whose names the try block declares too', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  const key = await byId(id);
  try {
    const key = 'all';
    await client.query('select 1', [key]);
  } finally {
    client.release();
  }
  return key;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message: '`byId` on line 7 may throw before `client.release` on line 12; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  let key;
  try {
    key = await byId(id);
    {
      const key = 'all';
      await client.query('select 1', [key]);
    }
  } finally {
    client.release();
  }
  return key;
}`,
  });

  reports('a connection of another package, in an arrow field', {
    code: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
declare function byId(id: string): Promise<string>;
export class Orders {
  readonly load = async (id: string): Promise<void> => {
    const connection = await pool.getConnection();
    const owner = await byId(id);
    try {
      await connection.query('select 1', [owner]);
    } finally {
      connection.release();
    }
  };
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.getConnection()',
        line: 7,
        message:
          '`byId` on line 8 may throw before `connection.release` on line 12; then the pool is one short for good.',
      },
    ],
    output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
declare function byId(id: string): Promise<string>;
export class Orders {
  readonly load = async (id: string): Promise<void> => {
    const connection = await pool.getConnection();
    try {
      const owner = await byId(id);
      await connection.query('select 1', [owner]);
    } finally {
      connection.release();
    }
  };
}`,
  });

  reports('a runner that is made where no transaction lends one', {
    code: `
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
declare function begin(runner: QueryRunner): Promise<void>;
export async function settle(source: DataSource, manager: EntityManager | undefined): Promise<void> {
  let runner = manager?.queryRunner;
  if (!runner || runner.isReleased) {
    runner = source.createQueryRunner();
  }
  await begin(runner);
  try {
    await runner.query('select 1');
  } finally {
    if (!runner.isTransactionActive && runner.isReleased === false) {
      await runner.release();
    }
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'source.createQueryRunner()',
        line: 7,
        message: '`begin` on line 9 may throw before `runner.release` on line 14; then the pool is one short for good.',
      },
    ],
    output: `
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
declare function begin(runner: QueryRunner): Promise<void>;
export async function settle(source: DataSource, manager: EntityManager | undefined): Promise<void> {
  let runner = manager?.queryRunner;
  if (!runner || runner.isReleased) {
    runner = source.createQueryRunner();
  }
  try {
    await begin(runner);
    await runner.query('select 1');
  } finally {
    if (!runner.isTransactionActive && runner.isReleased === false) {
      await runner.release();
    }
  }
}`,
  });

  // ------------------------------------------------------------------ the success path only

  reports('a release after the queries', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<string[]> {
  const client = await pool.connect();
  const { rows } = await client.query<{ name: string }>('select name from orders');
  client.release();
  return rows.map((row) => row.name);
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<string[]> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select name from orders');
    return rows.map((row) => row.name);
  } finally {
    client.release();
  }
}`,
  });

  reports('a result that is needed after a later wait', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<number> {
  const client = await pool.connect();
  const result = await client.query('select name from orders');
  // Back to the pool before the slow part.
  client.release();
  await byId('all');
  return result.rows.length;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 9; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<number> {
  const client = await pool.connect();
  let result;
  try {
    result = await client.query('select name from orders');
  } finally {
    // Back to the pool before the slow part.
    client.release();
  }
  await byId('all');
  return result.rows.length;
}`,
  });

  reports('a row taken apart that is needed after a later wait', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<number> {
  const client = await pool.connect();
  const { rows } = await client.query('select name from orders');
  client.release();
  await byId('all');
  return rows.length;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<number> {
  const client = await pool.connect();
  let rows;
  try {
    ({ rows } = await client.query('select name from orders'));
  } finally {
    client.release();
  }
  await byId('all');
  return rows.length;
}`,
  });

  reports('a declared type that is needed after a later wait, in a closure too', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
interface Order { id: string }
declare function load(client: pg.PoolClient): Promise<Order>;
export async function order(): Promise<() => string> {
  const client = await pool.connect();
  const first: Order = await load(client);
  client.release();
  await byId(first.id);
  return () => first.id;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 8,
        message: '`load` on line 9 may throw before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
interface Order { id: string }
declare function load(client: pg.PoolClient): Promise<Order>;
export async function order(): Promise<() => string> {
  const client = await pool.connect();
  let first: Order;
  try {
    first = await load(client);
  } finally {
    client.release();
  }
  await byId(first.id);
  return () => first.id;
}`,
  });

  reports('a file handle that stays open when the disk is full', {
    code: `
import { open } from 'node:fs/promises';
export async function store(path: string, data: string): Promise<void> {
  const handle = await open(path, 'w');
  await handle.write(data);
  await handle.sync();
  await handle.close();
}`,
    errors: [
      {
        messageId: 'throws',
        on: "open(path, 'w')",
        line: 4,
        message: '`handle.write` on line 5 may throw before `handle.close` on line 7; then it stays open.',
        suggestions: [
          {
            messageId: 'using',
            data: { using: 'await using' },
            output: `
import { open } from 'node:fs/promises';
export async function store(path: string, data: string): Promise<void> {
  await using handle = await open(path, 'w');
  await handle.write(data);
  await handle.sync();
}`,
          },
        ],
      },
    ],
    output: `
import { open } from 'node:fs/promises';
export async function store(path: string, data: string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.write(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}`,
  });

  reports('a file handle by an alias of its function', {
    code: `
import { open as openFile } from 'fs/promises';
export async function head(path: string): Promise<Buffer> {
  const file = await openFile(path);
  const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
  await file.close();
  return buffer;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'openFile(path)',
        line: 4,
        message: '`file.read` on line 5 may throw before `file.close` on line 6; then it stays open.',
        suggestions: [
          {
            messageId: 'using',
            data: { using: 'await using' },
            output: `
import { open as openFile } from 'fs/promises';
export async function head(path: string): Promise<Buffer> {
  await using file = await openFile(path);
  const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
  return buffer;
}`,
          },
        ],
      },
    ],
    output: `
import { open as openFile } from 'fs/promises';
export async function head(path: string): Promise<Buffer> {
  const file = await openFile(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer;
  } finally {
    await file.close();
  }
}`,
  });

  reports('early ways out that release by themselves', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
declare function find(id: string): Promise<{ name: string } | undefined>;
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  const owner = await find(id);
  if (!owner) {
    client.release();
    return undefined;
  }
  const result = await client.query('select 1', [owner.name]);
  client.release();
  return result.rows[0];
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 7,
        message: '`find` on line 8 may throw before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
declare function find(id: string): Promise<{ name: string } | undefined>;
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const owner = await find(id);
    if (!owner) {
      return undefined;
    }
    const result = await client.query('select 1', [owner.name]);
    return result.rows[0];
  } finally {
    client.release();
  }
}`,
  });

  reports('a release in the try whose catch throws on', {
    code: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('insert into orders values (?)', [id]);
    connection.release();
  } catch (error) {
    console.error(error);
    throw error;
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.getConnection()',
        line: 5,
        message:
          '`connection.query` on line 7 may throw before `connection.release` on line 8; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'using',
            data: { using: 'await using' },
            output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<void> {
  await using connection = await pool.getConnection();
  try {
    await connection.query('insert into orders values (?)', [id]);
  } catch (error) {
    console.error(error);
    throw error;
  }
}`,
          },
        ],
      },
    ],
    output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<void> {
  const connection = await pool.getConnection();
  try {
    await connection.query('insert into orders values (?)', [id]);
  } catch (error) {
    console.error(error);
    throw error;
  } finally {
    connection.release();
  }
}`,
  });

  reports('a release in both, after a rollback that may fail', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into orders values ($1)', [id]);
    await client.query('commit');
    client.release();
  } catch (error) {
    await client.query('rollback');
    client.release();
    throw error;
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 13 may throw before `client.release` on line 14; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('insert into orders values ($1)', [id]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}`,
  });

  reports('a release after a try whose catch throws on', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<number> {
  const client = await pool.connect();
  let count = 0;
  try {
    count = (await client.query('insert into orders values ($1)', [id])).rowCount ?? 0;
  } catch (error) {
    throw new Error('not stored', { cause: error });
  }
  client.release();
  return count;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 9 may throw before `client.release` on line 13; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<number> {
  const client = await pool.connect();
  let count = 0;
  try {
    count = (await client.query('insert into orders values ($1)', [id])).rowCount ?? 0;
  } catch (error) {
    throw new Error('not stored', { cause: error });
  } finally {
    client.release();
  }
  return count;
}`,
  });

  reports('a release that is not awaited although it is a promise', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function count(): Promise<unknown> {
  const runner = source.createQueryRunner();
  const rows: unknown = await runner.query('select count(*) from orders');
  void runner.release();
  return rows;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'source.createQueryRunner()',
        line: 6,
        message:
          '`runner.query` on line 7 may throw before `runner.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function count(): Promise<unknown> {
  const runner = source.createQueryRunner();
  try {
    const rows: unknown = await runner.query('select count(*) from orders');
    return rows;
  } finally {
    await runner.release();
  }
}`,
  });

  reports('a return that must wait once the release is in a finally', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function count() {
  const client = await pool.connect();
  await client.query('select 1');
  const rows = client.query('select count(*) from orders');
  await rows;
  client.release();
  return rows;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function count() {
  const client = await pool.connect();
  let rows;
  try {
    await client.query('select 1');
    rows = client.query('select count(*) from orders');
    await rows;
  } finally {
    client.release();
  }
  return rows;
}`,
  });

  reports('inside the try of a caller that answers for it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<unknown[]> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    const result = await client.query('select name from orders');
    client.release();
    return result.rows;
  } catch (error) {
    console.error(error);
    return [];
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 8,
        message:
          '`client.query` on line 9 may throw before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<unknown[]> {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    try {
      const result = await client.query('select name from orders');
      return result.rows;
    } finally {
      client.release();
    }
  } catch (error) {
    console.error(error);
    return [];
  }
}`,
  });

  reports('a loop that goes on with the next', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function all(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const client = await pool.connect();
    if (id === '') continue;
    await client.query('select 1', [id]);
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'skips',
        on: 'pool.connect()',
        line: 7,
        message: 'The condition on line 8 goes past `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function all(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const client = await pool.connect();
    try {
      if (id === '') continue;
      await client.query('select 1', [id]);
    } finally {
      client.release();
    }
  }
}`,
  });

  reports('an early return without the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string): Promise<string | undefined> {
  const client = await pool.connect();
  if (id === '') return undefined;
  client.release();
  return id;
}`,
    errors: [
      {
        messageId: 'returns',
        on: 'pool.connect()',
        line: 6,
        message:
          'The `return` on line 7 leaves before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string): Promise<string | undefined> {
  const client = await pool.connect();
  try {
    if (id === '') return undefined;
  } finally {
    client.release();
  }
  return id;
}`,
  });

  reports('a condition that goes past the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(urgent: boolean): Promise<void> {
  const client = await pool.connect();
  if (urgent) {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'skips',
        on: 'pool.connect()',
        line: 6,
        message: 'The condition on line 7 goes past `client.release` on line 8; then the pool is one short for good.',
      },
    ],
  });

  reports('a loop whose last turn may be over before the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(ids: readonly string[]): Promise<void> {
  const client = await pool.connect();
  for (const id of ids) {
    if (id === '') continue;
    client.release();
    return;
  }
}`,
    errors: [
      {
        messageId: 'loop',
        on: 'pool.connect()',
        line: 5,
        message: 'The loop on line 6 may end without `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(ids: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    for (const id of ids) {
      if (id === '') continue;
      return;
    }
  } finally {
    client.release();
  }
}`,
  });

  reports('a success after which nothing is given back, past a condition that does not matter', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(loud: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
    if (loud) console.log('read');
  } catch (error) {
    client.release();
    throw error;
  }
}`,
    errors: [
      {
        messageId: 'succeeds',
        on: 'pool.connect()',
        line: 5,
        message:
          'A run in which nothing fails never comes to `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(loud: boolean): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
    if (loud) console.log('read');
  } catch (error) {
    throw error;
  } finally {
    client.release();
  }
}`,
  });

  stays('silent about what cannot throw with what is written there', {
    code: `
import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
const pool = new pg.Pool();
export async function order(text: string): Promise<void> {
  const client = await pool.connect();
  const digest = createHash('sha256').update(text).digest('hex');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const at = new Date().toISOString();
  try {
    await client.query('select 1', [digest, decoder.encoding, at, randomUUID()]);
  } finally {
    client.release();
  }
}`,
    options: { certainty: 'likely' },
  });

  reports('a hash whose algorithm comes from outside', {
    code: `
import * as crypto from 'node:crypto';
import pg from 'pg';
const pool = new pg.Pool();
export async function order(algorithm: string): Promise<void> {
  const client = await pool.connect();
  const hash = crypto.createHash(algorithm);
  try {
    await client.query('select 1', [hash.digest('hex')]);
  } finally {
    client.release();
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`crypto.createHash` on line 7 may throw before `client.release` on line 11; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import * as crypto from 'node:crypto';
import pg from 'pg';
const pool = new pg.Pool();
export async function order(algorithm: string): Promise<void> {
  const client = await pool.connect();
  try {
    const hash = crypto.createHash(algorithm);
    await client.query('select 1', [hash.digest('hex')]);
  } finally {
    client.release();
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a date that another part gives', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(day: string): Promise<void> {
  const client = await pool.connect();
  const at = new Date(day).toISOString();
  try {
    await client.query('select 1', [at]);
  } finally {
    client.release();
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`new Date(day).toISOString` on line 6 may throw before `client.release` on line 10; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(day: string): Promise<void> {
  const client = await pool.connect();
  try {
    const at = new Date(day).toISOString();
    await client.query('select 1', [at]);
  } finally {
    client.release();
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a template text of several lines keeps its lines', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<unknown> {
  const client = await pool.connect();
  const result = await client.query(\`
    select name
  from orders\`);
  client.release();
  return result.rows;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<unknown> {
  const client = await pool.connect();
  try {
    const result = await client.query(\`
    select name
  from orders\`);
    return result.rows;
  } finally {
    client.release();
  }
}`,
  });

  reports('a tab-indented file without semicolons', {
    code: `
import pg from 'pg'
const pool = new pg.Pool()
export async function ping(): Promise<void> {
	const client = await pool.connect()
	await client.query('select 1')
	client.release()
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 6 may throw before `client.release` on line 7; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg'
const pool = new pg.Pool()
export async function ping(): Promise<void> {
	const client = await pool.connect()
	try {
		await client.query('select 1')
	} finally {
		client.release()
	}
}`,
  });

  reports('a callback of a chain', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export function names(): Promise<unknown[]> {
  return pool.connect().then(async (client) => {
    const { rows } = await client.query('select name from orders');
    client.release();
    return rows;
  });
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export function names(): Promise<unknown[]> {
  return pool.connect().then(async (client) => {
    try {
      const { rows } = await client.query('select name from orders');
      return rows;
    } finally {
      client.release();
    }
  });
}`,
  });

  reports('a session of a database without a pool', {
    code: `
import { MongoClient } from 'mongodb';
declare const mongo: MongoClient;
export async function pay(id: string): Promise<void> {
  const session = mongo.startSession();
  await mongo.db().collection('orders').updateOne({ id }, { $set: { paid: true } }, { session });
  await session.endSession();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'mongo.startSession()',
        line: 5,
        message:
          "`mongo.db().collection('orders').updateOne` on line 6 may throw before `session.endSession` on line 7; then it stays open.",
      },
    ],
    output: `
import { MongoClient } from 'mongodb';
declare const mongo: MongoClient;
export async function pay(id: string): Promise<void> {
  const session = mongo.startSession();
  try {
    await mongo.db().collection('orders').updateOne({ id }, { $set: { paid: true } }, { session });
  } finally {
    await session.endSession();
  }
}`,
  });

  reports('an object that goes back as an argument', {
    code: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const mailer = await mailers.acquire();
  await mailer.send(to, 'Welcome');
  await mailers.release(mailer);
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'mailers.acquire()',
        line: 7,
        message:
          '`mailer.send` on line 8 may throw before `mailers.release` on line 9; then the pool is one short for good.',
      },
    ],
    output: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const mailer = await mailers.acquire();
  try {
    await mailer.send(to, 'Welcome');
  } finally {
    await mailers.release(mailer);
  }
}`,
  });

  reports('a pool of the project, known by its structure', {
    code: `
interface Link { send(text: string): Promise<void> }
export class LinkPool {
  private readonly idle: Link[] = [];
  constructor(private readonly make: () => Link) {}
  async acquire(): Promise<Link> {
    return this.idle.pop() ?? this.make();
  }
  release(link: Link): void {
    this.idle.push(link);
  }
}
export class Sender {
  constructor(private readonly links: LinkPool) {}
  async send(text: string): Promise<void> {
    const link = await this.links.acquire();
    await link.send(text);
    this.links.release(link);
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'this.links.acquire()',
        line: 16,
        message:
          '`link.send` on line 17 may throw before `this.links.release` on line 18; then the pool is one short for good.',
      },
    ],
    output: `
interface Link { send(text: string): Promise<void> }
export class LinkPool {
  private readonly idle: Link[] = [];
  constructor(private readonly make: () => Link) {}
  async acquire(): Promise<Link> {
    return this.idle.pop() ?? this.make();
  }
  release(link: Link): void {
    this.idle.push(link);
  }
}
export class Sender {
  constructor(private readonly links: LinkPool) {}
  async send(text: string): Promise<void> {
    const link = await this.links.acquire();
    try {
      await link.send(text);
    } finally {
      this.links.release(link);
    }
  }
}`,
  });

  reports('a free list with its functions in another file', {
    code: `
import { give, take } from './buffers.ts';
declare function render(into: Uint8Array): Promise<void>;
export async function page(): Promise<void> {
  const buffer = take();
  await render(buffer);
  give(buffer);
}`,
    files: {
      'buffers.ts': `
const free: Uint8Array[] = [];
export function take(): Uint8Array {
  return free.pop() ?? new Uint8Array(65536);
}
export function give(buffer: Uint8Array): void {
  buffer.fill(0);
  free.push(buffer);
}
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'throws',
        on: 'take()',
        line: 5,
        message: '`render` on line 6 may throw before `give` on line 7; then the pool has to make another one.',
      },
    ],
    output: `
import { give, take } from './buffers.ts';
declare function render(into: Uint8Array): Promise<void>;
export async function page(): Promise<void> {
  const buffer = take();
  try {
    await render(buffer);
  } finally {
    give(buffer);
  }
}`,
  });

  stays('a declared function that gives back, in the hands of whoever ends the session', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare const sessions: { add(session: { end(): void }): Promise<void> };
export async function open(): Promise<void> {
  const client = await pool.connect();
  function end(): void {
    client.release();
  }
  await sessions.add({ end });
  await client.query('select 1');
}`,
  });

  stays('a free list, which never runs short, when only certain faults are asked for', {
    code: `
import { give, take } from './buffers.ts';
declare function render(into: Uint8Array): Promise<void>;
export async function page(): Promise<void> {
  const buffer = take();
  await render(buffer);
  give(buffer);
}`,
    files: {
      'buffers.ts': `
const free: Uint8Array[] = [];
export function take(): Uint8Array {
  return free.pop() ?? new Uint8Array(65536);
}
export function give(buffer: Uint8Array): void {
  buffer.fill(0);
  free.push(buffer);
}
`,
    },
  });

  reports('a pool that another file exports', {
    code: `
import { db } from './db.ts';
export async function ping(): Promise<void> {
  const client = await db.connect();
  await client.query('select 1');
  client.release();
}`,
    files: {
      'db.ts': `
import { Pool } from 'pg';
export const db = new Pool();
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: 'db.connect()',
        line: 4,
        message:
          '`client.query` on line 5 may throw before `client.release` on line 6; then the pool is one short for good.',
      },
    ],
    output: `
import { db } from './db.ts';
export async function ping(): Promise<void> {
  const client = await db.connect();
  try {
    await client.query('select 1');
  } finally {
    client.release();
  }
}`,
  });

  reports('in JavaScript with types in comments', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
/** @param {string} id */
export async function order(id) {
  const client = await pool.connect();
  const result = await client.query('select 1', [id]);
  client.release();
  await pool.query('select 2');
  return result.rows;
}`,
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
/** @param {string} id */
export async function order(id) {
  const client = await pool.connect();
  let result;
  try {
    result = await client.query('select 1', [id]);
  } finally {
    client.release();
  }
  await pool.query('select 2');
  return result.rows;
}`,
  });

  reports('in CommonJS', {
    code: `
const { Pool } = require('pg');
const pool = new Pool();
module.exports.ping = async () => {
  const client = await pool.connect();
  await client.query('select 1');
  client.release();
};`,
    filename: 'ping.cjs',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 6 may throw before `client.release` on line 7; then the pool is one short for good.',
      },
    ],
    output: `
const { Pool } = require('pg');
const pool = new Pool();
module.exports.ping = async () => {
  const client = await pool.connect();
  try {
    await client.query('select 1');
  } finally {
    client.release();
  }
};`,
  });

  // ------------------------------------------------------------------ before the release, in the finally itself

  reports('a reset that may fail', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function asTenant(tenant: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1', [tenant]);
  } finally {
    // The next borrower is somebody else.
    await client.query('reset all');
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 11 may throw before `client.release` on line 12; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function asTenant(tenant: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1', [tenant]);
  } finally {
    try {
      // The next borrower is somebody else.
      await client.query('reset all');
    } finally {
      client.release();
    }
  }
}`,
  });

  // ------------------------------------------------------------------ never given back

  reports('an object of which nobody thinks again', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<string[]> {
  const client = await pool.connect();
  const result = await client.query<{ name: string }>('select name from orders');
  const rows = result.rows;
  return rows.map((row) => row.name);
}`,
    errors: [
      {
        messageId: 'never',
        on: 'pool.connect()',
        line: 6,
        message: '`client` is acquired here and given back on no path: the pool is one short for good.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function names(): Promise<string[]> {
  const client = await pool.connect();
  try {
    const result = await client.query<{ name: string }>('select name from orders');
    const rows = result.rows;
    return rows.map((row) => row.name);
  } finally {
    client.release();
  }
}`,
          },
        ],
      },
    ],
  });

  reports('an object that goes back to its pool, never', {
    code: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const mailer = await mailers.acquire();
  await mailer.send(to, 'Welcome');
}`,
    errors: [
      {
        messageId: 'never',
        on: 'mailers.acquire()',
        line: 7,
        message: '`mailer` is acquired here and given back on no path: the pool is one short for good.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const mailer = await mailers.acquire();
  try {
    await mailer.send(to, 'Welcome');
  } finally {
    await mailers.release(mailer);
  }
}`,
          },
        ],
      },
    ],
  });

  reports('an object without a name', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function ping(): Promise<void> {
  await (await pool.connect()).query('select 1');
}`,
    errors: [
      {
        messageId: 'never',
        on: 'pool.connect()',
        line: 6,
        message: '`pool.connect` is acquired here and given back on no path: the pool is one short for good.',
      },
    ],
  });

  // ------------------------------------------------------------------ a hook after the acquisition

  reports('a hook of the options before the object is returned', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export class Sessions {
  constructor(private readonly options: { onTake?: (client: pg.PoolClient) => Promise<void> }) {}
  async take(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    await this.options.onTake?.(client);
    return client;
  }
}`,
    errors: [
      {
        messageId: 'hook',
        on: 'pool.connect()',
        line: 8,
        message:
          '`this.options.onTake` on line 9 may throw while only this function has `client`; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'rethrow',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export class Sessions {
  constructor(private readonly options: { onTake?: (client: pg.PoolClient) => Promise<void> }) {}
  async take(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    try {
      await this.options.onTake?.(client);
    } catch (error) {
      client.release();
      throw error;
    }
    return client;
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a set-up statement before the object is returned', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function connected(tenant: string) {
  const client = await pool.connect();
  await client.query('select set_config($1, $2, false)', ['app.tenant', tenant]);
  return client;
}`,
    errors: [
      {
        messageId: 'hook',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw while only this function has `client`; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'rethrow',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function connected(tenant: string) {
  const client = await pool.connect();
  try {
    await client.query('select set_config($1, $2, false)', ['app.tenant', tenant]);
  } catch (error) {
    client.release();
    throw error;
  }
  return client;
}`,
          },
        ],
      },
    ],
  });

  // ------------------------------------------------------------------ locks

  stays('silent about locks: `require-lock-release` has those', {
    code: `
import { Mutex } from 'async-mutex';
import { Sema } from 'async-sema';
const mutex = new Mutex();
const seats = new Sema(2);
declare function work(): Promise<void>;
export async function once(): Promise<void> {
  const release = await mutex.acquire();
  await work();
  release();
}
export async function enter(): Promise<void> {
  await seats.acquire();
  await work();
  seats.release();
}
export async function inside(): Promise<void> {
  let release;
  try {
    release = await mutex.acquire();
    await work();
  } finally {
    release!();
  }
}`,
  });

  // ------------------------------------------------------------------ no repair that could be wrong

  reports('a release that depends on success', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('insert into orders values ($1)', [id]);
    client.release();
  } catch (error) {
    await client.query('rollback');
    client.release(error as Error);
    throw error;
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 11 may throw before `client.release` on line 12; then the pool is one short for good.',
      },
    ],
  });

  reports('a suggestion of explicit resource management where the disposer does what the release does', {
    code: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<unknown> {
  const connection = await pool.getConnection();
  const [result] = await connection.query('insert into orders values (?)', [id]);
  connection.release();
  return result;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.getConnection()',
        line: 5,
        message:
          '`connection.query` on line 6 may throw before `connection.release` on line 7; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'using',
            data: { using: 'await using' },
            output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<unknown> {
  await using connection = await pool.getConnection();
  const [result] = await connection.query('insert into orders values (?)', [id]);
  return result;
}`,
          },
        ],
      },
    ],
    output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [result] = await connection.query('insert into orders values (?)', [id]);
    return result;
  } finally {
    connection.release();
  }
}`,
  });

  reports('no such suggestion for an older target', {
    code: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<unknown> {
  const connection = await pool.getConnection();
  const [result] = await connection.query('insert into orders values (?)', [id]);
  connection.release();
  return result;
}`,
    compilerOptions: { target: ts.ScriptTarget.ES2021 },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.getConnection()',
        line: 5,
        message:
          '`connection.query` on line 6 may throw before `connection.release` on line 7; then the pool is one short for good.',
      },
    ],
    output: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<unknown> {
  const connection = await pool.getConnection();
  try {
    const [result] = await connection.query('insert into orders values (?)', [id]);
    return result;
  } finally {
    connection.release();
  }
}`,
  });

  reports('an instruction for a tool above the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function store(id: string): Promise<void> {
  const client = await pool.connect();
  await client.query('insert into orders values ($1)', [id]);
  // eslint-disable-next-line no-restricted-syntax
  client.release();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 9; then the pool is one short for good.',
      },
    ],
  });

  // ------------------------------------------------------------------ probable only

  reports('an exception of synchronous code in the gap', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
function keyOf(id: string): string {
  if (id === '') throw new Error('empty');
  return id;
}
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  const key = keyOf(id);
  try {
    return await client.query('select 1', [key]);
  } finally {
    client.release();
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 10,
        message:
          '`keyOf` on line 11 may throw before `client.release` on line 15; then the pool is one short for good.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
function keyOf(id: string): string {
  if (id === '') throw new Error('empty');
  return id;
}
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    const key = keyOf(id);
    return await client.query('select 1', [key]);
  } finally {
    client.release();
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent about it otherwise', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
function keyOf(id: string): string {
  if (id === '') throw new Error('empty');
  return id;
}
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  const key = keyOf(id);
  try {
    return await client.query('select 1', [key]);
  } finally {
    client.release();
  }
}`,
  });

  // ------------------------------------------------------------------ try and finally right after the acquisition

  stays('silent when nothing stands between', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const client = await pool.connect();
  try {
    return await client.query('select 1', [id]);
  } finally {
    client.release();
  }
}`,
  });

  stays('silent when what stands between cannot throw', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
class Timing { readonly started = Date.now(); constructor(readonly name: string) {} }
export async function order(request: { id: string; at?: number }) {
  const client = await pool.connect();
  const { id } = request;
  request.at = 1;
  const timing = new Timing(id);
  client.on('error', () => {});
  try {
    return [await client.query('select 1', [id]), timing];
  } finally {
    client.release();
  }
}`,
  });

  stays('silent about the own connect of a runner', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const runner = source.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('select 1', [id]);
  } finally {
    await runner.release();
  }
}`,
  });

  stays('silent when the variable is declared above the try', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    await client.query('select 1', [id]);
  } finally {
    client?.release();
  }
}`,
  });

  stays('silent when the finally tests the variable', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  let client: pg.PoolClient | null = null;
  try {
    const owner = await byId(id);
    client = await pool.connect();
    await client.query('select 1', [owner]);
  } finally {
    if (client !== null) client.release();
  }
}`,
  });

  stays('silent when a listener of an unknown type stands between', {
    code: `
interface Feed { on(event: string, listener: () => void): void; release(): void }
interface FeedPool { acquire(): Promise<Feed>; release(feed: Feed): void }
declare const feeds: FeedPool;
declare const current: { feed?: Feed };
export async function follow(): Promise<void> {
  const feed = await feeds.acquire();
  feed.on('end', () => {});
  current.feed = feed;
}`,
    options: { certainty: 'likely' },
  });

  stays('silent when the runner itself is asked whether it was released', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const runner = source.createQueryRunner();
  try {
    await runner.query('select 1', [id]);
  } finally {
    if (!runner.isReleased) await runner.release();
  }
}`,
  });

  stays('silent when a transaction around it is asked whether it still needs it', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  const runner = source.createQueryRunner();
  try {
    await runner.query('select 1', [id]);
  } finally {
    if (!runner.isTransactionActive && runner.isReleased === false) {
      await runner.release();
    }
  }
}`,
  });

  // ------------------------------------------------------------------ ownership passed on

  stays('silent when it is returned', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function connected() {
  const client = await pool.connect();
  return client;
}`,
  });

  stays('silent when it is returned at once', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export const connected = () => pool.connect();`,
  });

  stays('silent when it is returned in an object that gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function session() {
  const client = await pool.connect();
  return { client, end: () => client.release() };
}`,
  });

  stays('silent when a field keeps it that the class gives back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export class Session {
  private client?: pg.PoolClient;
  async open(): Promise<void> {
    this.client = await pool.connect();
    await this.client.query('select 1');
  }
  close(): void {
    this.client?.release();
    this.client = undefined;
  }
}`,
  });

  stays('silent when a registry keeps it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
const open = new Map<string, pg.PoolClient>();
export async function begin(id: string): Promise<void> {
  const client = await pool.connect();
  open.set(id, client);
  await byId(id);
}`,
  });

  stays('silent when a transaction object gets it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
class Transaction {
  constructor(private readonly client: pg.PoolClient) {}
  async commit(): Promise<void> {
    await this.client.query('commit');
    this.client.release();
  }
  async rollback(): Promise<void> {
    await this.client.query('rollback');
    this.client.release();
  }
}
export async function begin(): Promise<Transaction> {
  const client = await pool.connect();
  return new Transaction(client);
}`,
  });

  stays('silent when a function of the project gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
async function finish(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('select 1');
  } finally {
    client.release();
  }
}
export async function order(): Promise<void> {
  const client = await pool.connect();
  await finish(client);
}`,
  });

  stays('silent when a generator hands it out and gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function* lines(): AsyncGenerator<unknown> {
  const client = await pool.connect();
  try {
    yield* (await client.query('select 1')).rows;
  } finally {
    client.release();
  }
}`,
  });

  stays('silent when a resource of the host takes the handle along', {
    code: `
import { open } from 'node:fs/promises';
export async function lines(path: string) {
  const handle = await open(path);
  return handle.createReadStream();
}`,
  });

  // ------------------------------------------------------------------ begin and commit

  stays('silent when both ways out give it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function pay(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('update orders set paid = true where id = $1', [id]);
    await client.query('commit');
    client.release();
  } catch (error) {
    try {
      await client.query('rollback');
    } finally {
      client.release();
    }
    throw error;
  }
}`,
  });

  stays('silent when the error path throws the connection away', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function pay(id: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('update orders set paid = true where id = $1', [id]);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}`,
  });

  stays('silent when an object is destroyed on the error path', {
    code: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const mailer = await mailers.acquire();
  try {
    await mailer.send(to, 'Welcome');
    await mailers.release(mailer);
  } catch (error) {
    await mailers.destroy(mailer);
    throw error;
  }
}`,
  });

  stays('silent when a flag says whether the connection is good', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function pay(id: string): Promise<void> {
  const client = await pool.connect();
  let failed = false;
  try {
    await client.query('update orders set paid = true where id = $1', [id]);
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    client.release(failed);
  }
}`,
  });

  // ------------------------------------------------------------------ no acquisition

  stays('silent about a registry with a name like a pool', {
    code: `
interface Shard { query(text: string): Promise<unknown> }
declare function work(): Promise<void>;
export class ShardPool {
  private readonly shards = new Map<string, Shard>();
  get(name: string): Shard | undefined {
    return this.shards.get(name);
  }
}
declare const shards: ShardPool;
export async function load(): Promise<unknown> {
  const shard = shards.get('orders');
  await work();
  return shard?.query('select 1');
}`,
  });

  stays('silent about a getter of a connection that is shared', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export async function load(id: string): Promise<unknown> {
  const connection = source.manager;
  await byId(id);
  return connection.query('select 1');
}`,
  });

  stays('silent about a token bucket', {
    code: `
export class Bucket {
  private tokens = 10;
  take(): boolean {
    if (this.tokens === 0) return false;
    this.tokens--;
    return true;
  }
  put(): void {
    this.tokens++;
  }
}
declare const bucket: Bucket;
declare function work(): Promise<void>;
export async function limited(): Promise<void> {
  if (!bucket.take()) throw new Error('too many');
  await work();
}`,
  });

  stays('silent about a try-lock that returns a status', {
    code: `
declare const rooms: { lock(id: string): Promise<boolean>; unlock(id: string): Promise<void> };
declare function work(): Promise<void>;
export async function enter(id: string): Promise<void> {
  if (!(await rooms.lock(id))) return;
  await work();
  await rooms.unlock(id);
}`,
  });

  stays('silent about any', {
    code: `
declare const pool: any;
declare function work(): Promise<void>;
export async function load(): Promise<void> {
  const client = await pool.connect();
  await work();
  client.release();
}`,
  });

  stays('silent about a client of the user that is called like one of a package', {
    code: `
declare const pool: { connect(url: string): Promise<{ send(text: string): Promise<void> }> };
export async function load(): Promise<void> {
  const client = await pool.connect('ws://orders');
  await client.send('hello');
}`,
  });

  // ------------------------------------------------------------------ next to each other

  stays('silent about a warm-up', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function warmUp(): Promise<void> {
  const client = await pool.connect();
  client.release();
}`,
  });

  stays('silent about a warm-up in one statement', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function warmUp(): Promise<void> {
  (await pool.connect()).release();
}`,
  });

  reports('what fails in the finally before the release, whatever brought the function there', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
    await client.query('select 2');
  } finally {
    await client.query('select 3');
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 10 may throw before `client.release` on line 11; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
    await client.query('select 2');
  } finally {
    try {
      await client.query('select 3');
    } finally {
      client.release();
    }
  }
}`,
  });

  reports('what brought the function to a catch that waits and does not release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
  } catch (error) {
    await client.query('select 2');
    throw error;
  }
  client.release();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 7 may throw before `client.release` on line 12; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
  } catch (error) {
    await client.query('select 2');
    throw error;
  } finally {
    client.release();
  }
}`,
  });

  // ------------------------------------------------------------------ released by a closure

  stays('silent when finally of the chain gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  return client.query('select 1', [id]).finally(() => {
    client.release();
  });
}`,
  });

  stays('silent when the end of a stream gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
import { Readable } from 'node:stream';
export async function rows(): Promise<Readable> {
  const client = await pool.connect();
  const stream = Readable.from([1, 2]);
  stream.once('close', () => client.release());
  await byId('all');
  return stream;
}`,
  });

  stays('silent when an abort gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function watch(signal: AbortSignal): Promise<void> {
  const client = await pool.connect();
  signal.addEventListener('abort', () => client.release(true), { once: true });
  await client.query('listen orders');
}`,
  });

  stays('silent when a named closure is called in the finally', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string): Promise<void> {
  const client = await pool.connect();
  const done = (): void => {
    client.release();
  };
  try {
    await client.query('select 1', [id]);
  } finally {
    done();
  }
}`,
  });

  stays('silent when a named closure is called on every way out', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<void> {
  const client = await pool.connect();
  const done = (): void => client.release();
  try {
    await client.query('select 1');
  } catch (error) {
    done();
    throw error;
  }
  done();
}
export async function probe(): Promise<void> {
  const client = await pool.connect();
  function done(error?: Error): void {
    client.release(error);
  }
  try {
    await client.query('select 1');
    done();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}`,
  });

  stays('silent when a closure with a flag of its own is called early and in the finally', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function send(rows: readonly unknown[]): Promise<void>;
export async function report(): Promise<void> {
  const client = await pool.connect();
  let released = false;
  const release = (): void => {
    if (released) return;
    released = true;
    client.release();
  };
  try {
    const { rows } = await client.query('select 1');
    release();
    await send(rows);
  } finally {
    release();
  }
}`,
  });

  stays('silent when a closure calls another one that gives it back, at several places', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(isQuick: boolean): Promise<void> {
  const client = await pool.connect();
  const give = (): void => client.release();
  const done = (): void => give();
  if (isQuick) {
    done();
    return;
  }
  const run = async (): Promise<void> => {
    try {
      await client.query('select 1');
    } finally {
      done();
    }
  };
  await run();
}`,
  });

  reports('a way out on which the named closure is not called, though two others call it', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(isQuick: boolean): Promise<void> {
  const client = await pool.connect();
  const done = (): void => client.release();
  try {
    await client.query('select 1');
  } catch (error) {
    done();
    throw error;
  }
  if (isQuick) return;
  done();
}`,
    errors: [
      {
        messageId: 'returns',
        on: 'pool.connect()',
        line: 5,
        message:
          'The `return` on line 13 leaves before `client.release` on line 6; then the pool is one short for good.',
      },
    ],
  });

  stays('silent when a callback gets the function that gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export function order(id: string, callback: (error: unknown, rows?: unknown) => void): void {
  pool.connect((error, client, done) => {
    if (error || client === undefined) {
      callback(error);
      return;
    }
    client.query('select 1', [id], (failed, result) => {
      done(failed);
      callback(failed, result);
    });
  });
}`,
  });

  stays('silent when a callback in JavaScript gets an object of unknown type', {
    code: `
/** @param {{ connect(callback: (error: unknown, client: any) => void): Promise<{ release(): void }> }} pool */
export function ping(pool) {
  pool.connect((error, client) => {
    if (error) return;
    client.query('select 1', () => client.release());
  });
}`,
    filename: 'ping.js',
    compilerOptions: { allowJs: true, checkJs: true },
  });

  // ------------------------------------------------------------------ acquire and release as two methods of one API

  stays('silent about a pool that wraps another', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export class Clients {
  async acquire(): Promise<pg.PoolClient> {
    const client = await pool.connect();
    return client;
  }
  release(client: pg.PoolClient): void {
    client.release();
  }
}`,
  });

  // ------------------------------------------------------------------ an owner that is closed

  stays('silent when the client that lent it is closed in the finally', {
    code: `
import { MongoClient } from 'mongodb';
declare function work(): Promise<void>;
export async function copy(): Promise<unknown> {
  const mongo = new MongoClient('mongodb://orders');
  try {
    const session = mongo.startSession();
    await work();
    return session.id;
  } finally {
    await mongo.close();
  }
}`,
  });

  stays('silent when the pool of the function ends with it', {
    code: `
import pg from 'pg';
export async function count(): Promise<unknown> {
  const pool = new pg.Pool();
  try {
    const client = await pool.connect();
    return (await client.query('select 1')).rows;
  } finally {
    await pool.end();
  }
}`,
  });

  // ------------------------------------------------------------------ bracketed forms

  stays('silent about a query of the pool itself', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export const order = (id: string) => pool.query('select 1', [id]);`,
  });

  stays('silent about the bracketed form of an object pool', {
    code: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string, text: string): Promise<void> }
declare function connect(): Promise<Mailer>;
const mailers = createPool<Mailer>({ create: connect, destroy: async () => {} });
export const invite = (to: string) => mailers.use((mailer) => mailer.send(to, 'Welcome'));`,
  });

  stays('silent about a transaction with a callback', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
declare function byId(id: string): Promise<string>;
export const settle = (id: string) => source.transaction((manager) => manager.query('select 1', [id]));`,
  });

  stays('silent about explicit resource management', {
    code: `
import mysql from 'mysql2/promise';
const pool = mysql.createPool({ host: 'db' });
export async function store(id: string): Promise<void> {
  await using connection = await pool.getConnection();
  await connection.query('insert into orders values (?)', [id]);
}`,
  });

  // ------------------------------------------------------------------ programs that end

  stays('silent in tests', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
import { it } from 'node:test';
it('answers', async () => {
  const client = await pool.connect();
  await client.query('select 1');
  client.release();
});`,
    filename: 'orders.test.ts',
  });

  stays('silent about a connection in a script', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function report(): Promise<void> {
  const client = await pool.connect();
  await client.query('select 1');
  client.release();
}`,
    filename: 'scripts/report.ts',
  });

  // ------------------------------------------------------------------ chains, lenders, and what stands for something else

  reports('a chain whose then alone gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export function ping() {
  return pool.connect().then((client) => client.query('select 1').then(() => client.release()));
}`,
    errors: [
      {
        messageId: 'rejects',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 5 may reject, and the `then` with `client.release` on line 5 never runs; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export function ping() {
  return pool.connect().then((client) => client.query('select 1').finally(() => client.release()).then(() => undefined));
}`,
  });

  reports('a chain on several lines that goes on with the rows', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export function orders() {
  return pool.connect().then((client) =>
    client
      .query<{ id: string }>('select id from orders')
      .then((result) => {
        client.release();
        return result.rows;
      }),
  );
}`,
    errors: [
      {
        messageId: 'rejects',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 6 may reject, and the `then` with `client.release` on line 9 never runs; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export function orders() {
  return pool.connect().then((client) =>
    client
      .query<{ id: string }>('select id from orders')
      .finally(() => client.release())
      .then((result) => {
        return result.rows;
      }),
  );
}`,
  });

  reports('a chain in an async function, nobody asks for its value', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function settle(): Promise<void> {
  const client = await pool.connect();
  await client.query('update invoices set settled = true').then(() => {
    client.release();
  });
}`,
    errors: [
      {
        messageId: 'rejects',
        on: 'pool.connect()',
        line: 5,
        message:
          '`client.query` on line 6 may reject, and the `then` with `client.release` on line 7 never runs; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function settle(): Promise<void> {
  const client = await pool.connect();
  await client.query('update invoices set settled = true').finally(() => client.release());
}`,
  });

  reports('a chain that uses it once more before the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function log(listeners: number): void;
export async function settle(): Promise<number | null> {
  const client = await pool.connect();
  return client.query('update invoices set settled = true').then((result) => {
    log(client.listenerCount('error'));
    client.release();
    return result.rowCount;
  });
}`,
    errors: [
      {
        messageId: 'rejects',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 7 may reject, and the `then` with `client.release` on line 9 never runs; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function log(listeners: number): void;
export async function settle(): Promise<number | null> {
  const client = await pool.connect();
  return client.query('update invoices set settled = true').then((result) => {
    log(client.listenerCount('error'));
    return result.rowCount;
  }).finally(() => client.release());
}`,
  });

  reports('a chain of several steps whose last one gives it back', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
export function close(id: string): Promise<void> {
  const runner = source.createQueryRunner();
  return runner
    .query('select * from orders where id = $1', [id])
    .then(() => runner.query('update orders set closed = true where id = $1', [id]))
    .then(() => runner.release());
}`,
    errors: [
      {
        messageId: 'rejects',
        on: 'source.createQueryRunner()',
        line: 5,
        message:
          '`runner.query` on line 6 may reject, and the `then` with `runner.release` on line 9 never runs; then the pool is one short for good.',
      },
    ],
  });

  stays('silent when both callbacks of the then give it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export function ping() {
  return pool.connect().then((client) =>
    client.query('select 1').then(
      () => client.release(),
      (error: unknown) => {
        client.release(true);
        throw error;
      },
    ),
  );
}`,
  });

  stays('silent when the catch behind the then gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function orders(): Promise<unknown[]> {
  const client = await pool.connect();
  return client
    .query('select 1')
    .then((result) => {
      client.release();
      return result.rows;
    })
    .catch((error: unknown) => {
      client.release(true);
      throw error;
    });
}`,
  });

  stays('silent when what comes before the then cannot be rejected', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function orders(): Promise<number> {
  const client = await pool.connect();
  return client
    .query('select 1')
    .catch(() => undefined)
    .then((result) => {
      client.release();
      return result?.rows.length ?? 0;
    });
}`,
  });

  stays('silent when a variable of the chain is given back in its finally', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export function orders(): Promise<unknown> {
  let client: pg.PoolClient | undefined;
  return pool
    .connect()
    .then((taken) => {
      client = taken;
      return taken.query('select 1');
    })
    .finally(() => client?.release());
}`,
  });

  stays('silent when an async callback of the chain has a finally', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export function orders(): Promise<unknown> {
  return pool.connect().then(async (client) => {
    try {
      return await client.query('select 1');
    } finally {
      client.release();
    }
  });
}`,
  });

  reports('an object that a function of another file borrows', {
    code: `
import { borrow, giveBack } from './db.js';
export async function order(id: string): Promise<unknown> {
  const client = await borrow();
  const result = await client.query('select * from orders where id = $1', [id]);
  giveBack(client);
  return result.rows;
}`,
    files: {
      'db.ts': `
import pg from 'pg';
const pool = new pg.Pool();
export async function borrow(): Promise<pg.PoolClient> {
  const client = await pool.connect();
  return client;
}
export function giveBack(client: pg.PoolClient): void {
  client.release();
}
export { pool as main };
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: 'borrow()',
        line: 4,
        message: '`client.query` on line 5 may throw before `giveBack` on line 6; then the pool is one short for good.',
      },
    ],
    output: `
import { borrow, giveBack } from './db.js';
export async function order(id: string): Promise<unknown> {
  const client = await borrow();
  try {
    const result = await client.query('select * from orders where id = $1', [id]);
    return result.rows;
  } finally {
    giveBack(client);
  }
}`,
  });

  reports('a pool that is exported under another name', {
    code: `
import * as db from './index.js';
export async function order(id: string): Promise<unknown> {
  const client = await db.main.connect();
  const result = await client.query('select * from orders where id = $1', [id]);
  client.release();
  return result.rows;
}`,
    files: {
      'db.ts': `
import pg from 'pg';
const pool = new pg.Pool();
export async function borrow(): Promise<pg.PoolClient> {
  const client = await pool.connect();
  return client;
}
export function giveBack(client: pg.PoolClient): void {
  client.release();
}
export { pool as main };
`,
      'index.ts': `export * from './db.js';
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: 'db.main.connect()',
        line: 4,
        message:
          '`client.query` on line 5 may throw before `client.release` on line 6; then the pool is one short for good.',
      },
    ],
    output: `
import * as db from './index.js';
export async function order(id: string): Promise<unknown> {
  const client = await db.main.connect();
  try {
    const result = await client.query('select * from orders where id = $1', [id]);
    return result.rows;
  } finally {
    client.release();
  }
}`,
  });

  reports('a client of two halves of a class, taken and given', {
    code: `
import type { Pool, PoolClient } from 'pg';
export class Orders {
  constructor(private readonly pool: Pool) {}
  take(): Promise<PoolClient> {
    return this.pool.connect();
  }
  give(client: PoolClient): void {
    client.release();
  }
  all = async (): Promise<unknown[]> => {
    const client = await this.take();
    const { rows } = await client.query('select * from orders');
    this.give(client);
    return rows;
  };
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'this.take()',
        line: 12,
        message:
          '`client.query` on line 13 may throw before `this.give` on line 14; then the pool is one short for good.',
      },
    ],
    output: `
import type { Pool, PoolClient } from 'pg';
export class Orders {
  constructor(private readonly pool: Pool) {}
  take(): Promise<PoolClient> {
    return this.pool.connect();
  }
  give(client: PoolClient): void {
    client.release();
  }
  all = async (): Promise<unknown[]> => {
    const client = await this.take();
    try {
      const { rows } = await client.query('select * from orders');
      return rows;
    } finally {
      this.give(client);
    }
  };
}`,
  });

  reports('a pool of a generic type, taken in an expression', {
    code: `
import type { Pool } from 'pg';
export async function count<P extends Pool>(pools: ReadonlyMap<string, P>, tenant: string): Promise<number> {
  const client = await pools.get(tenant)!.connect();
  const { rows } = await client.query('select * from orders');
  client.release();
  return rows.length;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pools.get(tenant)!.connect()',
        line: 4,
        message:
          '`client.query` on line 5 may throw before `client.release` on line 6; then the pool is one short for good.',
      },
    ],
    output: `
import type { Pool } from 'pg';
export async function count<P extends Pool>(pools: ReadonlyMap<string, P>, tenant: string): Promise<number> {
  const client = await pools.get(tenant)!.connect();
  try {
    const { rows } = await client.query('select * from orders');
    return rows.length;
  } finally {
    client.release();
  }
}`,
  });

  reports('an optional pool', {
    code: `
import type { Pool } from 'pg';
export async function ping(pool?: Pool): Promise<void> {
  const client = await pool?.connect();
  await client?.query('select 1');
  client?.release();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool?.connect()',
        line: 4,
        message:
          '`client?.query` on line 5 may throw before `client?.release` on line 6; then the pool is one short for good.',
      },
    ],
    output: `
import type { Pool } from 'pg';
export async function ping(pool?: Pool): Promise<void> {
  const client = await pool?.connect();
  try {
    await client?.query('select 1');
  } finally {
    client?.release();
  }
}`,
  });

  reports('a method of a class in JavaScript', {
    code: `
export class Orders {
  /** @param {import('pg').Pool} pool */
  constructor(pool) {
    this.pool = pool;
  }
  /** @param {string} id */
  async find(id) {
    const client = await this.pool.connect();
    const { rows } = await client.query('select * from orders where id = $1', [id]);
    client.release();
    return rows;
  }
}`,
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'throws',
        on: 'this.pool.connect()',
        line: 9,
        message:
          '`client.query` on line 10 may throw before `client.release` on line 11; then the pool is one short for good.',
      },
    ],
    output: `
export class Orders {
  /** @param {import('pg').Pool} pool */
  constructor(pool) {
    this.pool = pool;
  }
  /** @param {string} id */
  async find(id) {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query('select * from orders where id = $1', [id]);
      return rows;
    } finally {
      client.release();
    }
  }
}`,
  });

  stays('silent where nothing is known of what is called', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
/** @param {string} id */
export async function order(id) {
  /** @type {any} */
  let client;
  client = await pool.connect();
  await client.query('select * from orders where id = $1', [id]);
  client.release();
}`,
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
  });

  reports('an alias that is released, after several queries at a time', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<number> {
  const taken = await pool.connect();
  const client = taken;
  const [orders, invoices] = await Promise.all([client.query('select 1'), client.query('select 2')]);
  client.release();
  return orders.rows.length + invoices.rows.length;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`Promise.all` on line 7 may throw before `client.release` on line 8; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function report(): Promise<number> {
  const taken = await pool.connect();
  const client = taken;
  try {
    const [orders, invoices] = await Promise.all([client.query('select 1'), client.query('select 2')]);
    return orders.rows.length + invoices.rows.length;
  } finally {
    client.release();
  }
}`,
  });

  reports('a loop over lines that come from elsewhere', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function follow(lines: AsyncIterable<string>): Promise<void> {
  const client = await pool.connect();
  for await (const line of lines) console.log(line, client.listenerCount('notice'));
  client.release();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message: '`lines` on line 6 may throw before `client.release` on line 7; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function follow(lines: AsyncIterable<string>): Promise<void> {
  const client = await pool.connect();
  try {
    for await (const line of lines) console.log(line, client.listenerCount('notice'));
  } finally {
    client.release();
  }
}`,
  });

  reports('a promise made by hand', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<void> {
  const client = await pool.connect();
  await new Promise<void>((resolve, reject) => {
    client.query('select 1', (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  client.release();
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 5,
        message:
          '`new Promise` on line 6 may throw before `client.release` on line 12; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<void> {
  const client = await pool.connect();
  try {
    await new Promise<void>((resolve, reject) => {
      client.query('select 1', (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  } finally {
    client.release();
  }
}`,
  });

  reports('a throw after a question that is not about its state', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  if (client.listenerCount('notice') > 10) throw new Error('too many listeners');
  try {
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'thrown',
        on: 'pool.connect()',
        line: 5,
        message:
          'The `throw` on line 6 leaves before `client.release` on line 10; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    if (client.listenerCount('notice') > 10) throw new Error('too many listeners');
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    client.release();
  }
}`,
  });

  reports('a way out on a condition that changes only later', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
let left = 3;
export async function buy(): Promise<boolean> {
  const client = await pool.connect();
  if (left === 0) {
    client.release();
    return false;
  }
  await client.query('update stock set amount = amount - 1');
  left--;
  client.release();
  return true;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'pool.connect()',
        line: 6,
        message:
          '`client.query` on line 11 may throw before `client.release` on line 13; then the pool is one short for good.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
let left = 3;
export async function buy(): Promise<boolean> {
  const client = await pool.connect();
  try {
    if (left === 0) {
      return false;
    }
    await client.query('update stock set amount = amount - 1');
    left--;
  } finally {
    client.release();
  }
  return true;
}`,
  });

  reports('the first chunk of a stream without the library of the DOM', {
    code: `
export async function first(body: ReadableStream<string>): Promise<string | undefined> {
  const reader = body.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return value;
}`,
    errors: [
      {
        messageId: 'throws',
        on: 'body.getReader()',
        line: 3,
        message: '`reader.read` on line 4 may throw before `reader.releaseLock` on line 5; then it stays open.',
      },
    ],
    output: `
export async function first(body: ReadableStream<string>): Promise<string | undefined> {
  const reader = body.getReader();
  try {
    const { value } = await reader.read();
    return value;
  } finally {
    reader.releaseLock();
  }
}`,
  });

  stays('silent when a reader is released or cancelled, without the library of the DOM', {
    code: `
export async function first(body: ReadableStream<string>): Promise<string | undefined> {
  const reader = body.getReader();
  try {
    return (await reader.read()).value;
  } finally {
    reader.releaseLock();
  }
}
export async function head(body: ReadableStream<string>): Promise<string | undefined> {
  const reader = body.getReader();
  try {
    return (await reader.read()).value;
  } finally {
    await reader.cancel();
  }
}`,
  });

  stays('silent when only the own client is given back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string, given?: pg.PoolClient): Promise<unknown> {
  const client = given ?? (await pool.connect());
  try {
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    if (!given) client.release();
  }
}`,
  });

  stays('silent when a name says that the client is an own one', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string, given?: pg.PoolClient): Promise<unknown> {
  const owns = given === undefined;
  const client = given === undefined ? await pool.connect() : given;
  try {
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    if (owns) client.release();
  }
}`,
  });

  stays('silent when a runner of the caller goes first', {
    code: `
import type { DataSource, QueryRunner } from 'typeorm';
export async function settle(source: DataSource, given?: QueryRunner): Promise<void> {
  let runner = given;
  const isOwn = !runner;
  if (!runner) {
    runner = source.createQueryRunner();
  }
  try {
    await runner.query('update invoices set settled = true');
  } finally {
    if (isOwn) await runner.release();
  }
}`,
  });

  stays('silent when its parts are taken apart', {
    code: `
import { createPool } from 'generic-pool';
interface Mailer { send(to: string): Promise<void>; close(): void }
const mailers = createPool<Mailer>({ create: () => Promise.reject(new Error('offline')), destroy: async () => {} });
export async function invite(to: string): Promise<void> {
  const { close, send } = await mailers.acquire();
  await send(to);
  close();
}`,
  });

  stays('silent when it is the first value of a field', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export class Listener {
  readonly #client = pool.connect();
  async stop(): Promise<void> {
    (await this.#client).release();
  }
}`,
  });

  stays('silent when both halves of a class are paired by the caller', {
    code: `
import type { Pool, PoolClient } from 'pg';
export class Orders {
  constructor(private readonly pool: Pool) {}
  take(): Promise<PoolClient> {
    return this.pool.connect();
  }
  give(client: PoolClient): void {
    client.release();
  }
  async all(): Promise<unknown[]> {
    const client = await this.take();
    try {
      return (await client.query('select * from orders')).rows;
    } finally {
      this.give(client);
    }
  }
}`,
  });

  stays('silent when a wrapper gives what it keeps', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
let shared: pg.PoolClient | undefined;
async function sharedClient(): Promise<pg.PoolClient> {
  if (shared) return shared;
  const client = await pool.connect();
  shared = client;
  return client;
}
const taken = new Set<pg.PoolClient>();
async function tracked(): Promise<pg.PoolClient> {
  const client = await pool.connect();
  taken.add(client);
  return client;
}
export async function order(id: string): Promise<unknown> {
  const reader = await sharedClient();
  const writer = await tracked();
  await writer.query('update orders set seen = true where id = $1', [id]);
  return reader.query('select * from orders where id = $1', [id]);
}`,
  });

  stays('silent in JavaScript when the finally asks a variable of unknown type', {
    code: `
import pg from 'pg';
import { open } from 'node:fs/promises';
const pool = new pg.Pool();
/** @param {string} id */
export async function order(id) {
  /** @type {any} */
  let client;
  /** @type {any} */
  let file;
  try {
    client = await pool.connect();
    file = await open(id);
    return await client.query(await file.readFile('utf8'));
  } finally {
    if (client) client.release();
    await file?.close();
  }
}`,
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
  });

  stays('silent when a transaction object gets it at once', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
class Transaction {
  readonly #client: pg.PoolClient;
  constructor(client: pg.PoolClient) {
    this.#client = client;
  }
  async end(how: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#client.query(how);
    } finally {
      this.#client.release();
    }
  }
}
declare function settle(transaction: Transaction): Promise<void>;
export async function invoice(): Promise<void> {
  const transaction = new Transaction(await pool.connect());
  try {
    await settle(transaction);
    await transaction.end('commit');
  } catch (error) {
    await transaction.end('rollback');
    throw error;
  }
}`,
  });

  stays('silent when the pool that lent it is ended in the finally', {
    code: `
import pg from 'pg';
export async function copy(): Promise<unknown> {
  const pool = new pg.Pool();
  const client = await pool.connect();
  try {
    return await client.query('select 1');
  } finally {
    await pool.end();
  }
}`,
  });

  stays('silent when errors are swallowed before the release', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<boolean> {
  const client = await pool.connect();
  const answer = await client.query('select 1').catch(() => undefined);
  const [other] = await Promise.allSettled([client.query('select 2')]);
  try {
    await client.query('select 3');
  } catch {
    // Asked again in a minute.
  }
  client.release();
  return answer !== undefined && other.status === 'fulfilled';
}`,
  });

  stays('silent when a middleware hands it to the request', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function lend(request: { client?: pg.PoolClient }, response: NodeJS.WritableStream, next: () => void) {
  const client = await pool.connect();
  request.client = client;
  response.once('close', () => client.release());
  await client.query('select 1');
  next();
}`,
  });

  stays('silent when a retry gives it back each time', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function retried(id: string): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    try {
      return await client.query('select * from orders where id = $1', [id]);
    } catch (error) {
      if (attempt === 3) throw error;
    } finally {
      client.release();
    }
  }
}`,
  });

  stays('silent about sessions and transactions that the callee brackets', {
    code: `
import type { MongoClient } from 'mongodb';
import type { DataSource } from 'typeorm';
export async function settle(mongo: MongoClient, source: DataSource): Promise<void> {
  await mongo.withSession(async (session) => {
    await session.withTransaction(() => Promise.resolve());
  });
  await source.transaction((manager) => manager.query('update invoices set settled = true'));
}`,
  });

  reports('an acquisition inside the try whose finally gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool({ connectionTimeoutMillis: 1000 });
/** @param {string} id */
export async function order(id) {
  /** @type {any} */
  let client;
  try {
    client = await pool.connect();
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    client.release();
  }
}`,
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
    errors: [
      {
        messageId: 'hides',
        on: 'pool.connect()',
        line: 9,
        message: 'If `pool.connect` fails, `client.release` on line 12 throws as well, and its TypeError hides why.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool({ connectionTimeoutMillis: 1000 });
/** @param {string} id */
export async function order(id) {
  /** @type {any} */
  let client;
  client = await pool.connect();
  try {
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    client.release();
  }
}`,
  });

  stays('silent when a runner is made inside the try: that cannot fail', {
    code: `
import { DataSource, type QueryRunner } from 'typeorm';
declare const source: DataSource;
export async function settle(id: string): Promise<void> {
  let runner: QueryRunner | undefined;
  try {
    runner = source.createQueryRunner();
    await runner.query('update invoices set settled = true where id = $1', [id]);
  } finally {
    await runner!.release();
  }
}`,
  });

  stays('silent when the finally asks whether there is a client', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    return await client.query('select * from orders where id = $1', [id]);
  } finally {
    if (client !== undefined) client.release();
  }
}`,
  });

  stays('silent when a stack of disposables gives it back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string): Promise<unknown> {
  using stack = new DisposableStack();
  const client = await pool.connect();
  stack.defer(() => client.release());
  return await client.query('select * from orders where id = $1', [id]);
}`,
    options: { certainty: 'likely' },
    compilerOptions: { lib: ['lib.esnext.d.ts'] },
  });

  stays('silent when a list of handles is closed in the finally', {
    code: `
import { type FileHandle, open } from 'node:fs/promises';
export async function merge(paths: readonly string[]): Promise<string> {
  const files: FileHandle[] = [];
  try {
    for (const path of paths) files.push(await open(path));
    return (await Promise.all(files.map((file) => file.readFile('utf8')))).join('');
  } finally {
    for (const file of files) await file.close();
  }
}`,
  });

  stays('silent when an object with a disposer is returned', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function session(): Promise<{ client: pg.PoolClient } & AsyncDisposable> {
  const client = await pool.connect();
  return {
    client,
    async [Symbol.asyncDispose]() {
      client.release();
    },
  };
}`,
  });

  reports('an acquisition inside the try that is known to be there, with a catch', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    return await client.query('select * from orders where id = $1', [id]);
  } catch (error) {
    throw new Error('no order', { cause: error });
  } finally {
    client!.release();
  }
}`,
    errors: [
      {
        messageId: 'hides',
        on: 'pool.connect()',
        line: 7,
        message: 'If `pool.connect` fails, `client!.release` on line 12 throws as well, and its TypeError hides why.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    return await client.query('select * from orders where id = $1', [id]);
  } catch (error) {
    throw new Error('no order', { cause: error });
  } finally {
    client?.release();
  }
}`,
  });

  reports('an acquisition with a comment that comes second in its try', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    const owner = await byId(id);
    client = await pool.connect(); // one of ten
    return await client.query('select * from orders where owner = $1', [owner]);
  } finally {
    client!.release();
  }
}`,
    errors: [
      {
        messageId: 'hides',
        on: 'pool.connect()',
        line: 9,
        message: 'If `pool.connect` fails, `client!.release` on line 12 throws as well, and its TypeError hides why.',
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function byId(id: string): Promise<string>;
export async function order(id: string) {
  let client: pg.PoolClient | undefined;
  try {
    const owner = await byId(id);
    client = await pool.connect(); // one of ten
    return await client.query('select * from orders where owner = $1', [owner]);
  } finally {
    client?.release();
  }
}`,
  });

  reports('a repository of a runner that nobody can give back', {
    code: `
import { DataSource, type ObjectLiteral, type Repository } from 'typeorm';
declare const source: DataSource;
export function orders(entity: string): Repository<ObjectLiteral> {
  return source.createQueryRunner('master').manager.getRepository(entity);
}`,
    errors: [
      {
        messageId: 'never',
        on: "source.createQueryRunner('master')",
        line: 5,
        message:
          '`source.createQueryRunner` is acquired here and given back on no path: the pool is one short for good.',
      },
    ],
  });

  reports('a query of a runner that nobody can give back', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
export async function count(entity: string): Promise<number> {
  return source.createQueryRunner('master').manager.count(entity);
}`,
    errors: [
      {
        messageId: 'never',
        on: "source.createQueryRunner('master')",
        line: 5,
        message:
          '`source.createQueryRunner` is acquired here and given back on no path: the pool is one short for good.',
      },
    ],
  });

  stays('silent when a runner is only asked for its connection and its names', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
export function names(entity: string): readonly string[] {
  const master = source.createQueryRunner('master').connection;
  const order = source.createQueryRunner().manager.create(entity);
  return [master.options.type, String(order), source.createQueryRunner().connection.getMetadata(entity).tableName];
}`,
  });
});
