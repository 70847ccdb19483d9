import { describe, expect, it } from 'vitest';
import { leakPath } from '../../../src/analysis/resources/lease-questions.ts';
import { leasesIn } from '../../../src/analysis/resources/lease.ts';
import { coreOf } from '../../support/core.ts';

const WORK = `declare function work(...given: unknown[]): Promise<void>;\n`;

/** What the function `order` of the file leaks, one word for each thing that it acquires. */
function leaks(code: string, declarations = ''): string[] {
  const { core, fn } = coreOf({ 'service.ts': `${code}\n${WORK}`, 'packages.d.ts': declarations });
  return core.ask(leasesIn, fn('export async function order(')).map((lease) => {
    const leak = leakPath(lease, core);
    return leak.is === 'no' ? 'no' : `${leak.is} ${leak.witness?.leaves ?? ''}`;
  });
}

const LEAKS = ['yes throw'];
const SILENT = ['no'];

describe('transactions that are not given a callback', () => {
  const knex = (body: string): string =>
    `import type { Knex } from 'knex'; declare const knex: Knex; export async function order(id: number) { ${body} }`;

  it('of knex', () => {
    expect(leaks(knex(`const trx = await knex.transaction(); await work(trx); await trx.commit();`))).toEqual(LEAKS);
    expect(
      leaks(
        knex(
          `const trx = await knex.transaction({ isolationLevel: 'serializable' }); await trx('orders').where({ id }).delete(); await trx.commit();`,
        ),
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        knex(
          `const trx = await knex.transaction(); try { await work(trx); await trx.commit(); } catch (error) { await trx.rollback(error); throw error; }`,
        ),
      ),
    ).toEqual(SILENT);
    expect(
      leaks(
        knex(
          `const trx = await knex.transaction(); try { await work(trx); await trx.commit(); } finally { if (!trx.isCompleted()) await trx.rollback(); }`,
        ),
      ),
    ).toEqual(SILENT);
  });

  it('of knex: with a callback the callee ends it', () => {
    expect(leaks(knex(`return await knex.transaction(async (trx) => { await work(trx); return id; });`))).toEqual([]);
    expect(
      leaks(
        `import type { Knex } from 'knex'; declare const knex: Knex; export async function order(run: (trx: Knex.Transaction) => Promise<number>) { const count = await knex.transaction(run); await work(count); return count; }`,
      ),
    ).toEqual([]);
  });

  const SEQUELIZE = `declare module 'sequelize' {
    export class Transaction { commit(): Promise<void>; rollback(): Promise<void>; }
    export class Sequelize {
      transaction(options?: { readOnly?: boolean }): Promise<Transaction>;
      transaction<T>(run: (transaction: Transaction) => PromiseLike<T>): Promise<T>;
      transaction<T>(options: { readOnly?: boolean }, run: (transaction: Transaction) => PromiseLike<T>): Promise<T>;
    }
  }`;
  const sequelize = (body: string): string =>
    `import { Sequelize } from 'sequelize'; declare const db: Sequelize; export async function order(id: number) { ${body} }`;

  it('of sequelize', () => {
    expect(
      leaks(
        sequelize(
          `const transaction = await db.transaction(); await work(transaction, id); await transaction.commit();`,
        ),
        SEQUELIZE,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        sequelize(
          `const transaction = await db.transaction(); try { await work(transaction, id); } catch { await transaction.rollback(); return; } await transaction.commit();`,
        ),
        SEQUELIZE,
      ),
    ).toEqual(SILENT);
    expect(
      leaks(
        sequelize(
          `const sum = await db.transaction({ readOnly: true }, async (transaction) => { await work(transaction); return { id }; }); await work(sum); return sum;`,
        ),
        SEQUELIZE,
      ),
    ).toEqual([]);
  });

  const MSSQL = `declare module 'mssql' {
    export class ConnectionPool { transaction(): Transaction; }
    export class Transaction { constructor(pool?: ConnectionPool); begin(): Promise<Transaction>; commit(): Promise<void>; rollback(): Promise<void>; }
    export class PreparedStatement { constructor(pool?: ConnectionPool); prepare(text: string): Promise<void>; execute(values: object): Promise<unknown>; unprepare(): Promise<void>; }
    export class Request { constructor(on: ConnectionPool | Transaction); query(text: string): Promise<unknown>; }
  }`;
  const mssql = (body: string): string =>
    `import sql from 'mssql'; declare const pool: sql.ConnectionPool; export async function order(id: number) { ${body} }`;

  it('of mssql, which hold their connection from begin on', () => {
    expect(
      leaks(
        mssql(
          `const transaction = new sql.Transaction(pool); await transaction.begin(); await new sql.Request(transaction).query('delete from orders'); await transaction.commit();`,
        ),
        MSSQL,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        mssql(
          `const transaction = pool.transaction(); await transaction.begin(); try { await work(id); await transaction.commit(); } catch (error) { await transaction.rollback(); throw error; }`,
        ),
        MSSQL,
      ),
    ).toEqual(SILENT);
  });

  it('prepared statements of mssql', () => {
    expect(
      leaks(
        mssql(
          `const statement = new sql.PreparedStatement(pool); await statement.prepare('select @id'); const rows = await statement.execute({ id }); await statement.unprepare(); return rows;`,
        ),
        MSSQL,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        mssql(
          `const statement = new sql.PreparedStatement(pool); await statement.prepare('select @id'); try { return await statement.execute({ id }); } finally { await statement.unprepare(); }`,
        ),
        MSSQL,
      ),
    ).toEqual(SILENT);
  });
});

describe('connections', () => {
  it('of mariadb: given back by release, end, close or the end of the block', () => {
    const code = (body: string): string =>
      `import { createPool } from 'mariadb'; const pool = createPool('mariadb://db/shop'); export async function order() { ${body} }`;
    expect(leaks(code(`const connection = await pool.getConnection(); await work(); await connection.end();`))).toEqual(
      LEAKS,
    );
    expect(
      leaks(
        code(
          `const connection = await pool.getConnection(); try { await connection.query('select 1'); } finally { await connection.end(); }`,
        ),
      ),
    ).toEqual(SILENT);
    expect(
      leaks(code(`await using connection = await pool.getConnection(); await connection.query('select 1');`)),
    ).toEqual(SILENT);
  });

  it('of oracledb: of a pool, of the default pool', () => {
    expect(
      leaks(
        `import oracledb from 'oracledb'; export async function order() { const connection = await oracledb.getConnection(); const { rows } = await connection.execute('select 1 from dual'); await connection.close(); return rows; }`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `import type { Pool, Connection } from 'oracledb'; export async function order(pool: Pool) { let connection: Connection | undefined; try { connection = await pool.getConnection(); await work(); } finally { if (connection) await connection.close({ drop: true }); } }`,
      ),
    ).toEqual(SILENT);
  });

  it('of postgres, reserved', () => {
    const code = (body: string): string =>
      `import postgres from 'postgres'; const sql = postgres('postgres://db/shop'); export async function order() { ${body} }`;
    expect(leaks(code(`const session = await sql.reserve(); await session\`select 1\`; session.release();`))).toEqual(
      LEAKS,
    );
    expect(
      leaks(
        code(`const session = await sql.reserve(); try { await session\`select 1\`; } finally { session.release(); }`),
      ),
    ).toEqual(SILENT);
  });

  it('sessions of mongoose', () => {
    expect(
      leaks(
        `import mongoose from 'mongoose'; export async function order() { const session = await mongoose.startSession(); session.startTransaction(); await work(session); await session.commitTransaction(); await session.endSession(); }`,
      ),
    ).toEqual(LEAKS);
    expect(
      leaks(
        `import mongoose from 'mongoose'; export async function order() { await mongoose.connection.withSession(async (session) => { await work(session); }); }`,
      ),
    ).toEqual([]);
  });
});

describe('objects', () => {
  it('of tarn, behind the promise of a pending operation', () => {
    const code = (body: string): string =>
      `import type { Pool } from 'tarn'; interface Link { send(): Promise<void> } declare const links: Pool<Link>; export async function order() { ${body} }`;
    expect(leaks(code(`const link = await links.acquire().promise; await link.send(); links.release(link);`))).toEqual(
      LEAKS,
    );
    expect(
      leaks(
        code(`const link = await links.acquire().promise; try { await link.send(); } finally { links.release(link); }`),
      ),
    ).toEqual(SILENT);
    expect(
      leaks(
        code(
          `const operation = links.acquire(); const link = await operation.promise; try { await link.send(); } finally { links.release(link); }`,
        ),
      ),
    ).toEqual([]);
  });

  it('of lightning-pool', () => {
    const code = (body: string): string =>
      `import type { Pool } from 'lightning-pool'; interface Link { send(): Promise<void> } declare const links: Pool<Link>; export async function order() { ${body} }`;
    expect(leaks(code(`const link = await links.acquire(); await link.send(); links.release(link);`))).toEqual(LEAKS);
    expect(
      leaks(
        code(
          `const link = await links.acquire(); try { await link.send(); await links.releaseAsync(link); } catch { links.destroy(link); }`,
        ),
      ),
    ).toEqual(SILENT);
  });
});

describe('channels of amqplib', () => {
  const code = (body: string): string =>
    `import type { ChannelModel } from 'amqplib'; export async function order(broker: ChannelModel) { ${body} }`;

  it('are closed by an operation that fails, not by other work', () => {
    expect(
      leaks(
        code(
          `const channel = await broker.createChannel(); await channel.assertQueue('orders'); await channel.close();`,
        ),
      ),
    ).toEqual(SILENT);
    expect(
      leaks(code(`const channel = await broker.createConfirmChannel(); await work(); await channel.close();`)),
    ).toEqual(LEAKS);
  });

  it('live on when they consume, and end with their connection', () => {
    expect(
      leaks(
        code(
          `const channel = await broker.createChannel(); await channel.assertQueue('orders'); await channel.consume('orders', () => {}); await work();`,
        ),
      ),
    ).toEqual(SILENT);
    expect(
      leaks(
        `import { connect } from 'amqplib'; export async function order() { const broker = await connect('amqp://mq'); try { const channel = await broker.createChannel(); await work(); channel.sendToQueue('orders', Buffer.from('1')); } finally { await broker.close(); } }`,
      ),
    ).toEqual(SILENT);
  });
});

describe('pages of a browser', () => {
  const PLAYWRIGHT = `declare module 'playwright' {
    export interface Page { goto(url: string): Promise<void>; close(): Promise<void> }
    export interface BrowserContext { newPage(): Promise<Page>; close(): Promise<void> }
    export interface Browser { newPage(): Promise<Page>; newContext(): Promise<BrowserContext>; close(): Promise<void> }
    export interface BrowserType { launch(): Promise<Browser> }
    export const chromium: BrowserType;
  }`;

  it('end with their context, which ends with its browser', () => {
    expect(
      leaks(
        `import { chromium } from 'playwright'; export async function order(url: string) { const browser = await chromium.launch(); try { const context = await browser.newContext(); const page = await context.newPage(); await page.goto(url); } finally { await browser.close(); } }`,
        PLAYWRIGHT,
      ),
    ).toEqual(SILENT);
  });

  it('are left to the browser, if only that is closed: one leak, not two', () => {
    expect(
      leaks(
        `import { chromium } from 'playwright'; export async function order(url: string) { const browser = await chromium.launch(); const page = await browser.newPage(); await page.goto(url); await browser.close(); }`,
        PLAYWRIGHT,
      ),
    ).toEqual(LEAKS);
  });

  it('of a browser that others keep are closed one by one', () => {
    expect(
      leaks(
        `import type { Browser } from 'playwright'; export async function order(browser: Browser, url: string) { const page = await browser.newPage(); await page.goto(url); await page.close(); }`,
        PLAYWRIGHT,
      ),
    ).toEqual(LEAKS);
  });
});

describe('what ends by itself', () => {
  const reads = (body: string): string =>
    `export async function order(stream: ReadableStream<string>) { const reader = stream.getReader(); const parts: string[] = []; ${body} return parts; }`;

  it('readers of streams that are read to their end', () => {
    expect(
      leaks(reads(`for (;;) { const { done, value } = await reader.read(); if (done) break; parts.push(value); }`)),
    ).toEqual(['unknown exit']);
    expect(
      leaks(
        `export async function order(stream: WritableStream<string>) { const writer = stream.getWriter(); await writer.write('1'); await writer.close(); }`,
      ),
    ).toEqual(['unknown exit']);
    expect(leaks(reads(`await work(await reader.read()); reader.releaseLock();`))).toEqual(LEAKS);
  });

  it('files of which the lines or a stream are read', () => {
    expect(
      leaks(
        `import { open } from 'node:fs/promises'; export async function order(path: string) { const file = await open(path); const found: string[] = []; for await (const line of file.readLines()) found.push(line); return found; }`,
      ),
    ).toEqual(SILENT);
    expect(
      leaks(
        `import { open } from 'node:fs/promises'; export async function order(path: string) { const file = await open(path); const text = await file.readFile('utf8'); await file.close(); return text; }`,
      ),
    ).toEqual(LEAKS);
  });
});
