import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { SERVICE } from './answering-service.ts';
import { prove } from './harness.ts';

describe('require-pool-release', { timeout: 120_000 }, () => {
  test('a pool of two that starves after two failing orders answers the next one', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'service.ts': SERVICE,
        'orders.ts': `
import { createPool } from 'generic-pool';

class Session {
  async find(id: string): Promise<string> {
    await Promise.resolve();
    if (id === 'bad') throw new Error('no such order');
    return \`order \${id}\`;
  }
}

const sessions = createPool<Session>(
  { create: async () => new Session(), destroy: async () => {} },
  { max: 2, acquireTimeoutMillis: 5_000 },
);

export async function order(id: string): Promise<string> {
  const session = await sessions.acquire();
  const found = await session.find(id);
  await sessions.release(session);
  return found;
}
`,
        'main.ts': `
import { order } from './orders.js';
import { serve } from './service.js';

console.log(JSON.stringify(await serve(order, ['7', 'bad', 'bad', '8'])));
`,
      },
    });

    expect(proof.before).toEqual(['order 7', 'no such order', 'no such order', 'waits for ever']);
    expect(proof.reports).toEqual(['orders.ts:18 concurrency/require-pool-release']);
    expect(proof.after).toEqual(['order 7', 'no such order', 'no such order', 'order 8']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a house pool that loses its only printer in the gap lends it again', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'service.ts': SERVICE,
        'printers.ts': `
export class Printer {
  async print(text: string): Promise<string> {
    await Promise.resolve();
    return \`printed \${text}\`;
  }
}

export class PrinterPool {
  readonly #free = [new Printer()];
  readonly #waiting: ((printer: Printer) => void)[] = [];

  acquire(): Promise<Printer> {
    const printer = this.#free.pop();
    if (printer !== undefined) return Promise.resolve(printer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(printer: Printer): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(printer);
    else next(printer);
  }
}
`,
        'invoices.ts': `
import { PrinterPool } from './printers.js';

const printers = new PrinterPool();

async function addressOf(customer: string): Promise<string> {
  await Promise.resolve();
  if (customer === 'unknown') throw new Error('no address');
  return \`to \${customer}\`;
}

export async function invoice(customer: string): Promise<string> {
  const printer = await printers.acquire();
  const address = await addressOf(customer);
  try {
    return await printer.print(address);
  } finally {
    printers.release(printer);
  }
}
`,
        'main.ts': `
import { invoice } from './invoices.js';
import { serve } from './service.js';

console.log(JSON.stringify(await serve(invoice, ['ada', 'unknown', 'bob'])));
`,
      },
    });

    expect(proof.before).toEqual(['printed to ada', 'no address', 'waits for ever']);
    expect(proof.reports).toEqual(['invoices.ts:13 concurrency/require-pool-release']);
    expect(proof.after).toEqual(['printed to ada', 'no address', 'printed to bob']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});

describe('require-pool-release on PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres({ maxConnections: 2 });
    await postgres.reset(`
      DROP TABLE IF EXISTS customers, invoices;
      CREATE TABLE customers (id text PRIMARY KEY, name text NOT NULL);
      CREATE TABLE invoices (customer text, total int, CHECK (total > 0));
      INSERT INTO customers VALUES ('7', 'Ada');
    `);
  }, 60_000);
  afterAll(() => postgres.stop());

  test('two unknown customers do not take both connections with them', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'service.ts': SERVICE,
        'invoices.ts': `
import pg from 'pg';

export const pool = new pg.Pool({ max: 2, connectionTimeoutMillis: 20_000 });

async function nameOf(client: pg.PoolClient, customer: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM customers WHERE id = $1', [customer]);
  const [row] = rows;
  if (row === undefined) throw new Error('no such customer');
  return row.name;
}

export async function invoice(customer: string): Promise<string> {
  const client = await pool.connect();
  const name = await nameOf(client, customer);
  try {
    await client.query('INSERT INTO invoices VALUES ($1, 700)', [customer]);
    return \`invoice for \${name}\`;
  } finally {
    client.release();
  }
}
`,
        'main.ts': `
import { invoice } from './invoices.js';
import { serve } from './service.js';

console.log(JSON.stringify(await serve(invoice, ['7', '8', '9', '7'])));
// Connections that are lost keep the process alive.
process.exit();
`,
      },
    });

    expect(proof.before).toEqual(['invoice for Ada', 'no such customer', 'no such customer', 'waits for ever']);
    expect(proof.reports).toEqual(['invoices.ts:14 concurrency/require-pool-release']);
    expect(proof.after).toEqual(['invoice for Ada', 'no such customer', 'no such customer', 'invoice for Ada']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
