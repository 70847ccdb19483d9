import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { prove } from './harness.ts';

const TABLES = `
DROP TABLE IF EXISTS audit, invoices;
CREATE TABLE audit (line text);
CREATE TABLE invoices (id int PRIMARY KEY, tenant text);
INSERT INTO invoices VALUES (1, '7'), (2, '7'), (3, '8');
`;

describe('no-use-after-release on PostgreSQL', { timeout: 300_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 120_000);
  beforeEach(() => postgres.reset(TABLES), 120_000);
  afterAll(() => postgres.stop());

  test('a query after the release no longer falls into the transaction of the next borrower', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      suggestion: 'Give `client` back in a `finally` after its last use.',
      files: {
        'pool.ts': `
import pg from 'pg';

export const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 20_000 });
`,
        'orders.ts': `
import { pool } from './pool.js';

export async function close(order: string, notify: (order: string) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  client.release();
  await notify(order);
  await client.query('INSERT INTO audit VALUES ($1)', [order]);
}
`,
        'trial.ts': `
import { setTimeout as sleep } from 'node:timers/promises';
import { pool } from './pool.js';

/** Works in a transaction that it takes back in the end. Says when it has begun, and waits before it ends. */
export class Trial {
  begun = false;
  #go = (): void => {};
  readonly #told = new Promise<void>((resolve) => (this.#go = resolve));
  readonly ended: Promise<void>;

  constructor() {
    this.ended = this.#run();
  }

  /** Waits until it has begun, or waits for a connection itself. */
  async isOnItsWay(): Promise<void> {
    do await sleep(2);
    while (!this.begun && pool.waitingCount === 0);
  }

  async end(): Promise<void> {
    this.#go();
    await this.ended;
  }

  async #run(): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      this.begun = true;
      await this.#told;
    } finally {
      await client.query('ROLLBACK').catch(console.error);
      client.release();
    }
  }
}
`,
        'main.ts': `
import { close } from './orders.js';
import { pool } from './pool.js';
import { Trial } from './trial.js';

let trial: Trial | undefined;
await close('march', async () => {
  trial = new Trial();
  await trial.isOnItsWay();
});
await trial?.end();
const { rows } = await pool.query<{ line: string }>('SELECT line FROM audit');
await pool.end();
console.log(JSON.stringify(rows.map(({ line }) => line)));
`,
      },
    });

    expect(proof.before).toEqual([]);
    expect(proof.reports).toEqual(['orders.ts:8 concurrency/no-use-after-release']);
    expect(proof.after).toEqual(['march']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a stream that leaves the function no longer reads in the session of the next borrower', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      suggestion: 'Give `client` back when the stream closes.',
      files: {
        'invoices.ts': `
import pg from 'pg';
import { Readable } from 'node:stream';

export const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 20_000 });

/** Reads one invoice at a time. */
async function* invoicesOf(client: pg.PoolClient): AsyncGenerator<number> {
  for (let last = 0; ; ) {
    const { rows } = await client.query<{ id: number }>(
      "SELECT id FROM invoices WHERE tenant = current_setting('app.tenant', true) AND id > $1 ORDER BY id LIMIT 1",
      [last],
    );
    const [row] = rows;
    if (row === undefined) return;
    last = row.id;
    yield row.id;
  }
}

export async function exportOf(tenant: string): Promise<Readable> {
  const client = await pool.connect();
  try {
    await client.query("SELECT set_config('app.tenant', $1, false)", [tenant]);
    const invoices = Readable.from(invoicesOf(client));
    return invoices;
  } finally {
    client.release();
  }
}
`,
        'main.ts': `
import { setTimeout as sleep } from 'node:timers/promises';
import { exportOf, pool } from './invoices.js';

const mine = await exportOf('7');
let isOpen = false;
const theirs = exportOf('8').finally(() => (isOpen = true));
do await sleep(2);
while (!isOpen && pool.waitingCount === 0);
const ids = await mine.toArray();
const others = await (await theirs).toArray();
await pool.end();
console.log(JSON.stringify([ids, others]));
`,
      },
    });

    expect(proof.before).toEqual([[3], [3]]);
    expect(proof.reports).toContain('invoices.ts:26 concurrency/no-use-after-release');
    expect(proof.after).toEqual([[1, 2], [3]]);
    expect(proof.typeErrors).toEqual([]);
  });
});
