import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { prove } from './harness.ts';

const TABLES = `
DROP TABLE IF EXISTS orders, invoices;
CREATE TABLE orders (id text PRIMARY KEY, paid boolean NOT NULL DEFAULT false, CHECK (id <> 'bad' OR NOT paid));
INSERT INTO orders (id) VALUES ('ring'), ('bad');
CREATE TABLE invoices (tenant text, total int);
INSERT INTO invoices VALUES ('7', 700), ('8', 800);
`;

describe('require-pool-reset on PostgreSQL', { timeout: 300_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.reset(TABLES);
  }, 120_000);
  afterAll(() => postgres.stop());

  test('a tenant set by one request reaches the next borrower no more', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      files: {
        'invoices.ts': `
import pg from 'pg';

export const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 5_000 });

export async function invoicesOf(tenant: string): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant', $1, false)", [tenant]);
    const { rows } = await client.query("SELECT total FROM invoices WHERE tenant = current_setting('app.tenant', true)");
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function publicInvoices(): Promise<unknown[]> {
  const { rows } = await pool.query("SELECT total FROM invoices WHERE tenant = current_setting('app.tenant', true)");
  return rows;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { invoicesOf, publicInvoices } from './invoices.js';

export const server = createServer((request, response) => {
  const tenant = (request.url ?? '').slice(1);
  const rows = tenant === '' ? publicInvoices() : invoicesOf(tenant);
  rows.then(
    (found) => response.end(JSON.stringify(found)),
    (error: unknown) => {
      response.statusCode = 500;
      response.end(JSON.stringify(String(error)));
    },
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { pool } from './invoices.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers: unknown[] = [];
for (const path of ['7', '']) {
  const response = await fetch(\`http://127.0.0.1:\${port}/\${path}\`);
  answers.push(await response.json());
}
await pool.query('DISCARD ALL');
await pool.end();
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual([[{ total: 700 }], [{ total: 700 }]]);
    expect(proof.reports).toEqual(['invoices.ts:18 concurrency/require-pool-reset']);
    expect(proof.after).toEqual([[{ total: 700 }], []]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a transaction that failed takes no statement of the next borrower along', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      files: {
        'orders.ts': `
import pg from 'pg';

export const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 5_000 });

export async function pay(order: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('UPDATE orders SET paid = true WHERE id = $1', [order]);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}

export async function openOrders(): Promise<unknown[]> {
  const { rows } = await pool.query('SELECT id FROM orders WHERE NOT paid ORDER BY id');
  return rows;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { openOrders, pay } from './orders.js';

export const server = createServer((request, response) => {
  const order = (request.url ?? '').slice(1);
  const work = order === '' ? openOrders() : pay(order);
  work.then(
    (found) => response.end(JSON.stringify(found ?? 'paid')),
    (error: unknown) => response.end(JSON.stringify(error instanceof Error ? error.message : 'failed')),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { pool } from './orders.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers: unknown[] = [];
for (const path of ['bad', '']) {
  const response = await fetch(\`http://127.0.0.1:\${port}/\${path}\`);
  answers.push(await response.json());
}
await pool.end();
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    const refused = expect.stringContaining('violates check constraint') as unknown;
    expect(proof.before).toEqual([
      refused,
      'current transaction is aborted, commands ignored until end of transaction block',
    ]);
    expect(proof.reports).toEqual(['orders.ts:13 concurrency/require-pool-reset']);
    expect(proof.after).toEqual([refused, [{ id: 'bad' }, { id: 'ring' }]]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
