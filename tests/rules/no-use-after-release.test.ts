import rule from '../../src/rules/no-use-after-release.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a promise of a query that is returned under the finally that releases the client', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orderOf(id: string) {
        const client = await pool.connect();
        try {
          return client.query('select * from orders where id = $1', [id]);
        } finally {
          client.release();
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: `client.query('select * from orders where id = $1', [id])`,
        data: { name: 'client', line: 'line 9', work: 'client.query' },
      },
    ],
    output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orderOf(id: string) {
        const client = await pool.connect();
        try {
          return await client.query('select * from orders where id = $1', [id]);
        } finally {
          client.release();
        }
      }
    `,
  });

  stays('silent when the query is awaited before it is returned', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orderOf(id: string) {
        const client = await pool.connect();
        try {
          return await client.query('select * from orders where id = $1', [id]);
        } finally {
          client.release();
        }
      }
    `,
  });

  reports('a chain on the query that is returned under the finally', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function countOrders(): Promise<number> {
        const client = await pool.connect();
        try {
          return client.query('select 1').then(({ rowCount }) => rowCount ?? 0);
        } finally {
          client.release();
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: `client.query('select 1')`,
        data: { name: 'client', line: 'line 9', work: 'client.query' },
      },
    ],
    output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function countOrders(): Promise<number> {
        const client = await pool.connect();
        try {
          return await client.query('select 1').then(({ rowCount }) => rowCount ?? 0);
        } finally {
          client.release();
        }
      }
    `,
  });

  reports('a choice between two queries, put in parentheses by the fix', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orders(paid: boolean) {
        const client = await pool.connect();
        try {
          return paid ? client.query('select * from paid') : undefined;
        } finally {
          client.release();
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: `client.query('select * from paid')`,
        data: { name: 'client', line: 'line 9', work: 'client.query' },
      },
    ],
    output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orders(paid: boolean) {
        const client = await pool.connect();
        try {
          return await (paid ? client.query('select * from paid') : undefined);
        } finally {
          client.release();
        }
      }
    `,
  });

  reports('a helper that gets the client and is returned under the finally', {
    code: `
      import { Pool, type PoolClient } from 'pg';
      const pool = new Pool();
      async function loadInvoices(client: PoolClient, customer: string) {
        const found = await client.query('select * from invoices where customer = $1', [customer]);
        return found.rows;
      }
      export class Invoices {
        async of(customer: string) {
          const client = await pool.connect();
          try {
            return loadInvoices(client, customer);
          } finally {
            client.release();
          }
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: 'loadInvoices(client, customer)',
        data: { name: 'client', line: 'line 14', work: 'loadInvoices' },
      },
    ],
    output: `
      import { Pool, type PoolClient } from 'pg';
      const pool = new Pool();
      async function loadInvoices(client: PoolClient, customer: string) {
        const found = await client.query('select * from invoices where customer = $1', [customer]);
        return found.rows;
      }
      export class Invoices {
        async of(customer: string) {
          const client = await pool.connect();
          try {
            return await loadInvoices(client, customer);
          } finally {
            client.release();
          }
        }
      }
    `,
  });

  stays('silent when the helper that is returned needs the client only before it waits', {
    code: `
      import { Pool, type PoolClient } from 'pg';
      const pool = new Pool();
      declare function notify(processId: number): Promise<void>;
      async function announce(client: PoolClient) {
        const id = client.listenerCount('error');
        await notify(id);
      }
      export async function open() {
        const client = await pool.connect();
        try {
          return announce(client);
        } finally {
          client.release();
        }
      }
    `,
  });

  stays('silent when what is returned has nothing to do with the client', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      declare function send(rows: readonly unknown[]): Promise<void>;
      export async function mail() {
        const client = await pool.connect();
        try {
          const { rows } = await client.query('select * from mails');
          return send(rows);
        } finally {
          client.release();
        }
      }
    `,
  });

  reports('a buffer of a lease that using gives back while the callee still sends it', {
    code: `
      class Lease {
        constructor(readonly bytes: Uint8Array, private readonly pool: ScratchPool) {}
        [Symbol.dispose](): void {
          this.pool.release(this);
        }
        release(): void {
          this.pool.release(this);
        }
      }
      class ScratchPool {
        readonly #free: Lease[] = [];
        acquire(): Lease {
          return this.#free.pop() ?? new Lease(new Uint8Array(1024), this);
        }
        release(lease: Lease): void {
          this.#free.push(lease);
        }
      }
      const scratch = new ScratchPool();
      declare function send(bytes: Uint8Array): Promise<void>;
      export async function encode(text: string): Promise<void> {
        using lease = scratch.acquire();
        lease.bytes.set(new TextEncoder().encode(text));
        return send(lease.bytes);
      }
    `,
    errors: [
      { messageId: 'returned', on: 'send(lease.bytes)', data: { name: 'lease', line: 'line 23', work: 'send' } },
    ],
    output: `
      class Lease {
        constructor(readonly bytes: Uint8Array, private readonly pool: ScratchPool) {}
        [Symbol.dispose](): void {
          this.pool.release(this);
        }
        release(): void {
          this.pool.release(this);
        }
      }
      class ScratchPool {
        readonly #free: Lease[] = [];
        acquire(): Lease {
          return this.#free.pop() ?? new Lease(new Uint8Array(1024), this);
        }
        release(lease: Lease): void {
          this.#free.push(lease);
        }
      }
      const scratch = new ScratchPool();
      declare function send(bytes: Uint8Array): Promise<void>;
      export async function encode(text: string): Promise<void> {
        using lease = scratch.acquire();
        lease.bytes.set(new TextEncoder().encode(text));
        return await send(lease.bytes);
      }
    `,
  });

  reports('a cursor of a session that is ended by the finally', {
    code: `
      import { MongoClient } from 'mongodb';
      const client = new MongoClient('mongodb://localhost');
      export async function openOrders() {
        const session = client.startSession();
        try {
          return client.db('shop').collection('orders').find({ open: true }, { session }).toArray();
        } finally {
          await session.endSession();
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: `client.db('shop').collection('orders').find({ open: true }, { session }).toArray()`,
        data: { name: 'session', line: 'line 9', work: `client.db('shop').colle…}, { session }).toArray` },
      },
    ],
    output: `
      import { MongoClient } from 'mongodb';
      const client = new MongoClient('mongodb://localhost');
      export async function openOrders() {
        const session = client.startSession();
        try {
          return await client.db('shop').collection('orders').find({ open: true }, { session }).toArray();
        } finally {
          await session.endSession();
        }
      }
    `,
  });

  reports('a query runner whose query is returned under the finally', {
    code: `
      import { DataSource } from 'typeorm';
      export class Reports {
        constructor(private readonly dataSource: DataSource) {}
        async totals(): Promise<unknown> {
          const runner = this.dataSource.createQueryRunner();
          try {
            return runner.query('select sum(total) from orders');
          } finally {
            await runner.release();
          }
        }
      }
    `,
    errors: [
      {
        messageId: 'returned',
        on: `runner.query('select sum(total) from orders')`,
        data: { name: 'runner', line: 'line 10', work: 'runner.query' },
      },
    ],
    output: `
      import { DataSource } from 'typeorm';
      export class Reports {
        constructor(private readonly dataSource: DataSource) {}
        async totals(): Promise<unknown> {
          const runner = this.dataSource.createQueryRunner();
          try {
            return await runner.query('select sum(total) from orders');
          } finally {
            await runner.release();
          }
        }
      }
    `,
  });

  reports('a query after the release', {
    code: `
import { Pool } from 'pg';
const pool = new Pool();
export async function close(order: string) {
  const client = await pool.connect();
  client.release();
  await client.query('update orders set closed = true where id = $1', [order]);
}
`,
    errors: [
      {
        messageId: 'used',
        on: `client.query('update orders set closed = true where id = $1', [order])`,
        data: { name: 'client', line: 'line 6' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'client' },
            output: `
import { Pool } from 'pg';
const pool = new Pool();
export async function close(order: string) {
  const client = await pool.connect();
  try {
    await client.query('update orders set closed = true where id = $1', [order]);
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when the query comes before the release', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function close(order: string) {
        const client = await pool.connect();
        try {
          await client.query('update orders set closed = true where id = $1', [order]);
        } finally {
          client.release();
        }
      }
    `,
  });

  stays('silent when another client is taken after the release', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function refresh() {
        let client = await pool.connect();
        client.release();
        client = await pool.connect();
        await client.query('refresh materialized view totals');
        client.release();
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('an object that is written to after it went back to the free list', {
    code: `
      class Line {
        total = 0;
      }
      const free: Line[] = [];
      function take(): Line {
        return free.pop() ?? new Line();
      }
      function give(line: Line): void {
        free.push(line);
      }
      export function add(total: number): void {
        const line = take();
        give(line);
        line.total = total;
      }
    `,
    errors: [{ messageId: 'used', on: 'line.total = total', data: { name: 'line', line: 'line 14' } }],
    output: `
      class Line {
        total = 0;
      }
      const free: Line[] = [];
      function take(): Line {
        return free.pop() ?? new Line();
      }
      function give(line: Line): void {
        free.push(line);
      }
      export function add(total: number): void {
        const line = take();
        line.total = total;
        give(line);
      }
    `,
  });

  reports('a second release that every way reaches after the first', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
        } finally {
          client.release();
          client.release();
        }
      }
    `,
    errors: [{ messageId: 'again', on: 'client.release()', line: 10, data: { name: 'client', line: 'line 9' } }],
    output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
        } finally {
          client.release();
        }
      }
    `,
  });

  reports('a release at the end of the try that the finally repeats', {
    code: `
      import { createPool } from 'mariadb';
      const pool = createPool('mariadb://localhost/shop');
      export async function rename(id: number, name: string) {
        const connection = await pool.getConnection();
        try {
          await connection.execute('update customers set name = ? where id = ?', [name, id]);
          await connection.release();
        } finally {
          await connection.release();
        }
      }
    `,
    errors: [
      { messageId: 'again', on: 'connection.release()', line: 10, data: { name: 'connection', line: 'line 8' } },
    ],
    output: `
      import { createPool } from 'mariadb';
      const pool = createPool('mariadb://localhost/shop');
      export async function rename(id: number, name: string) {
        const connection = await pool.getConnection();
        try {
          await connection.execute('update customers set name = ? where id = ?', [name, id]);
        } finally {
          await connection.release();
        }
      }
    `,
  });

  stays('silent about a second release of a connection of mysql2, which does nothing since 3.20', {
    code: `
      import { createPool } from 'mysql2/promise';
      const pool = createPool('mysql://localhost/shop');
      export async function rename(id: number, name: string) {
        const connection = await pool.getConnection();
        try {
          await connection.execute('update customers set name = ? where id = ?', [name, id]);
          connection.release();
        } finally {
          connection.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a release in the catch that the finally repeats', {
    code: `
      import { createPool } from 'generic-pool';
      interface Printer {
        print(text: string): Promise<void>;
      }
      declare function open(): Promise<Printer>;
      const printers = createPool<Printer>({ create: open, destroy: async () => {} }, { max: 2 });
      export async function print(invoice: string) {
        const printer = await printers.acquire();
        try {
          await printer.print(invoice);
        } catch (error) {
          await printers.release(printer);
          throw error;
        } finally {
          await printers.release(printer);
        }
      }
    `,
    errors: [
      {
        messageId: 'again',
        on: 'printers.release(printer)',
        line: 16,
        data: { name: 'printer', line: 'line 13' },
      },
    ],
    output: `
      import { createPool } from 'generic-pool';
      interface Printer {
        print(text: string): Promise<void>;
      }
      declare function open(): Promise<Printer>;
      const printers = createPool<Printer>({ create: open, destroy: async () => {} }, { max: 2 });
      export async function print(invoice: string) {
        const printer = await printers.acquire();
        try {
          await printer.print(invoice);
        } catch (error) {
          throw error;
        } finally {
          await printers.release(printer);
        }
      }
    `,
  });

  reports('a client that is thrown away in the catch and released in the finally, left to the author', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
        } catch (error) {
          client.release(true);
          throw error;
        } finally {
          client.release();
        }
      }
    `,
    errors: [
      {
        messageId: 'again',
        on: 'client.release()',
        data: { name: 'client', line: 'line 9' },
        suggestions: [
          {
            messageId: 'dropFirst',
            output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
        } catch (error) {
          throw error;
        } finally {
          client.release();
        }
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when a flag says whether it was given back', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        let isReleased = false;
        try {
          await client.query('select 1');
          client.release();
          isReleased = true;
        } finally {
          if (!isReleased) client.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the runner is asked whether it was given back', {
    code: `
      import { DataSource } from 'typeorm';
      export async function settle(dataSource: DataSource) {
        const runner = dataSource.createQueryRunner();
        try {
          await runner.query('select 1');
          await runner.release();
        } catch (error) {
          if (!runner.isReleased) await runner.release();
          throw error;
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a second release does nothing', {
    code: `
      import { DataSource } from 'typeorm';
      export async function settle(dataSource: DataSource) {
        const runner = dataSource.createQueryRunner();
        try {
          await runner.query('select 1');
        } catch (error) {
          await runner.release();
          throw error;
        } finally {
          await runner.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when one of two branches gives it back', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
          client.release();
        } catch (error) {
          client.release(true);
          throw error;
        }
      }
    `,
  });

  stays('silent when the variable is emptied with the release', {
    code: `
      import { Pool, type PoolClient } from 'pg';
      const pool = new Pool();
      export async function touch() {
        let client: PoolClient | undefined;
        try {
          client = await pool.connect();
          await client.query('select 1');
          client.release();
          client = undefined;
        } finally {
          client?.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a release that failed is followed by the end of the object', {
    code: `
      import { createPool } from 'generic-pool';
      declare function open(): Promise<{ print(text: string): Promise<void> }>;
      const printers = createPool({ create: open, destroy: async () => {} }, { max: 2 });
      export async function print(invoice: string) {
        const printer = await printers.acquire();
        await printer.print(invoice);
        try {
          await printers.release(printer);
        } catch {
          await printers.destroy(printer);
        }
      }
    `,
  });

  stays('silent when the next turn of a loop takes another one', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touchAll(ids: readonly string[]) {
        for (const id of ids) {
          const client = await pool.connect();
          try {
            await client.query('select $1', [id]);
          } finally {
            client.release();
          }
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a page is closed and then its browser', {
    code: `
      import { createPool } from 'generic-pool';
      declare function open(): Promise<{ print(text: string): Promise<void> }>;
      export async function printOnce(invoice: string) {
        const printers = createPool({ create: open, destroy: async () => {} }, { max: 2 });
        const printer = await printers.acquire();
        try {
          await printer.print(invoice);
        } finally {
          await printers.release(printer);
          await printers.drain();
          await printers.clear();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the connection is only the key of a set', {
    code: `
      import { Pool, type PoolClient } from 'pg';
      const pool = new Pool();
      const active = new Set<PoolClient>();
      export async function touch() {
        const client = await pool.connect();
        active.add(client);
        try {
          await client.query('select 1');
        } finally {
          client.release();
          active.delete(client);
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a listener is taken away after the release', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch(onError: (error: Error) => void) {
        const client = await pool.connect();
        client.on('error', onError);
        try {
          await client.query('select 1');
        } finally {
          client.release();
          client.removeListener('error', onError);
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the connection says its number after the release', {
    code: `
      import { createPool } from 'mysql2/promise';
      const pool = createPool('mysql://localhost/shop');
      export async function touch() {
        const connection = await pool.getConnection();
        await connection.ping();
        connection.release();
        return connection.threadId;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a row of the answer is used after the release', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orders() {
        const client = await pool.connect();
        try {
          const found = await client.query('select * from orders');
          client.release();
          return found.rows;
        } catch (error) {
          client.release(true);
          throw error;
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a lock is taken again after it was given back', {
    code: `
      import { Mutex } from 'async-mutex';
      const mutex = new Mutex();
      declare function write(order: string): Promise<void>;
      export async function save(order: string) {
        const release = await mutex.acquire();
        try {
          await write(order);
        } finally {
          release();
        }
        const again = await mutex.acquire();
        again();
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a client that is returned after it was released', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function checked() {
        const client = await pool.connect();
        client.release();
        return client;
      }
    `,
    errors: [
      {
        messageId: 'leaves',
        on: 'return client;',
        data: { name: 'client', line: 'line 6' },
        suggestions: [
          {
            messageId: 'handOn',
            output: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function checked() {
        const client = await pool.connect();
        return client;
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the function hands the client on', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function checked() {
        const client = await pool.connect();
        try {
          await client.query('select 1');
        } catch (error) {
          client.release(true);
          throw error;
        }
        return client;
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a client that a helper queries after the release', {
    code: `
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function log(client: PoolClient, text: string) {
  await client.query('insert into log values ($1)', [text]);
}
export async function touch() {
  const client = await pool.connect();
  await client.query('select 1');
  client.release();
  await log(client, 'touched');
}
`,
    errors: [
      {
        messageId: 'used',
        on: `log(client, 'touched')`,
        data: { name: 'client', line: 'line 10' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'client' },
            output: `
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function log(client: PoolClient, text: string) {
  await client.query('insert into log values ($1)', [text]);
}
export async function touch() {
  const client = await pool.connect();
  await client.query('select 1');
  try {
    await log(client, 'touched');
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a client that a helper gives back and that is used then', {
    code: `
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
function done(client: PoolClient) {
  client.release();
}
export async function touch() {
  const client = await pool.connect();
  done(client);
  const found = await client.query('select 1');
  return found.rows;
}
`,
    errors: [
      {
        messageId: 'used',
        on: `client.query('select 1')`,
        data: { name: 'client', line: 'line 9' },
        suggestions: [],
      },
    ],
  });

  reports('a row that is read after its free list may have lent it again', {
    code: `
class Basket {
  total = 0;
}
const free: Basket[] = [];
function take(): Basket {
  return free.pop() ?? new Basket();
}
declare function audit(): Promise<void>;
export async function sum(prices: readonly number[]): Promise<number> {
  const basket = take();
  for (const price of prices) basket.total += price;
  free.push(basket);
  await audit();
  return basket.total;
}
`,
    errors: [
      {
        messageId: 'used',
        on: 'basket.total',
        line: 15,
        data: { name: 'basket', line: 'line 13' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'basket' },
            output: `
class Basket {
  total = 0;
}
const free: Basket[] = [];
function take(): Basket {
  return free.pop() ?? new Basket();
}
declare function audit(): Promise<void>;
export async function sum(prices: readonly number[]): Promise<number> {
  const basket = take();
  for (const price of prices) basket.total += price;
  try {
    await audit();
    return basket.total;
  } finally {
    free.push(basket);
  }
}
`,
          },
          {
            messageId: 'copied',
            output: `
class Basket {
  total = 0;
}
const free: Basket[] = [];
function take(): Basket {
  return free.pop() ?? new Basket();
}
declare function audit(): Promise<void>;
export async function sum(prices: readonly number[]): Promise<number> {
  const basket = take();
  for (const price of prices) basket.total += price;
  const totalBefore = basket.total;
  free.push(basket);
  await audit();
  return totalBefore;
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when it is read at once, before anybody can take it', {
    code: `
      class Basket {
        total = 0;
      }
      const free: Basket[] = [];
      function take(): Basket {
        return free.pop() ?? new Basket();
      }
      export function sum(prices: readonly number[]): number {
        const basket = take();
        basket.total = prices.length;
        free.push(basket);
        return basket.total;
      }
    `,
  });

  reports('a value that is read after the pool has reset the object', {
    code: `
class Basket {
  total = 0;
  reset(): void {
    this.total = 0;
  }
}
class BasketPool {
  readonly #free: Basket[] = [];
  acquire(): Basket {
    return this.#free.pop() ?? new Basket();
  }
  release(basket: Basket): void {
    basket.reset();
    this.#free.push(basket);
  }
}
const baskets = new BasketPool();
export function sum(prices: readonly number[]): number {
  const basket = baskets.acquire();
  for (const price of prices) basket.total += price;
  baskets.release(basket);
  return basket.total;
}
`,
    errors: [
      {
        messageId: 'used',
        on: 'basket.total',
        line: 23,
        data: { name: 'basket', line: 'line 22' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'basket' },
            output: `
class Basket {
  total = 0;
  reset(): void {
    this.total = 0;
  }
}
class BasketPool {
  readonly #free: Basket[] = [];
  acquire(): Basket {
    return this.#free.pop() ?? new Basket();
  }
  release(basket: Basket): void {
    basket.reset();
    this.#free.push(basket);
  }
}
const baskets = new BasketPool();
export function sum(prices: readonly number[]): number {
  const basket = baskets.acquire();
  for (const price of prices) basket.total += price;
  try {
    return basket.total;
  } finally {
    baskets.release(basket);
  }
}
`,
          },
          {
            messageId: 'copied',
            output: `
class Basket {
  total = 0;
  reset(): void {
    this.total = 0;
  }
}
class BasketPool {
  readonly #free: Basket[] = [];
  acquire(): Basket {
    return this.#free.pop() ?? new Basket();
  }
  release(basket: Basket): void {
    basket.reset();
    this.#free.push(basket);
  }
}
const baskets = new BasketPool();
export function sum(prices: readonly number[]): number {
  const basket = baskets.acquire();
  for (const price of prices) basket.total += price;
  const totalBefore = basket.total;
  baskets.release(basket);
  return totalBefore;
}
`,
          },
        ],
      },
    ],
  });

  reports('a stream that is piped and not waited for before the client goes back', {
    code: `
import { Pool, type Submittable } from 'pg';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
class OrderStream extends Readable implements Submittable {
  submit(): void {}
}
const pool = new Pool();
export async function download(response: ServerResponse): Promise<void> {
  const client = await pool.connect();
  try {
    const rows = client.query(new OrderStream());
    rows.pipe(response);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'rows.pipe(response)',
        data: { name: 'client', line: 'line 15', work: 'rows' },
        suggestions: [
          {
            messageId: 'pipeline',
            output: `
import { pipeline } from 'node:stream/promises';
import { Pool, type Submittable } from 'pg';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
class OrderStream extends Readable implements Submittable {
  submit(): void {}
}
const pool = new Pool();
export async function download(response: ServerResponse): Promise<void> {
  const client = await pool.connect();
  try {
    const rows = client.query(new OrderStream());
    await pipeline(rows, response);
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when the pipeline is waited for', {
    code: `
      import { Pool, type Submittable } from 'pg';
      import type { ServerResponse } from 'node:http';
      import { Readable } from 'node:stream';
      import { pipeline } from 'node:stream/promises';
      class OrderStream extends Readable implements Submittable {
        submit(): void {}
      }
      const pool = new Pool();
      export async function download(response: ServerResponse): Promise<void> {
        const client = await pool.connect();
        try {
          const rows = client.query(new OrderStream());
          await pipeline(rows, response);
        } finally {
          client.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the client goes back at the end of the stream', {
    code: `
      import { Pool, type Submittable } from 'pg';
      import type { ServerResponse } from 'node:http';
      import { Readable } from 'node:stream';
      class OrderStream extends Readable implements Submittable {
        submit(): void {}
      }
      const pool = new Pool();
      export async function download(response: ServerResponse): Promise<void> {
        const client = await pool.connect();
        const rows = client.query(new OrderStream());
        rows.once('close', () => {
          client.release();
        });
        rows.pipe(response);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when every row of the stream is read before', {
    code: `
      import { Pool, type Submittable } from 'pg';
      import { Readable } from 'node:stream';
      class OrderStream extends Readable implements Submittable {
        submit(): void {}
      }
      const pool = new Pool();
      export async function collect(): Promise<unknown[]> {
        const client = await pool.connect();
        const orders: unknown[] = [];
        try {
          const rows = client.query(new OrderStream());
          for await (const row of rows) orders.push(row);
        } finally {
          client.release();
        }
        return orders;
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a stream that leaves the function under the finally', {
    code: `
import { Pool, type Submittable } from 'pg';
import { Readable } from 'node:stream';
class OrderStream extends Readable implements Submittable {
  submit(): void {}
}
const pool = new Pool();
export async function openOrders(): Promise<Readable> {
  const client = await pool.connect();
  try {
    const rows = client.query(new OrderStream());
    return rows;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'rows',
        line: 12,
        data: { name: 'client', line: 'line 14', work: 'rows' },
        suggestions: [
          {
            messageId: 'onClose',
            data: { name: 'client' },
            output: `
import { Pool, type Submittable } from 'pg';
import { Readable } from 'node:stream';
class OrderStream extends Readable implements Submittable {
  submit(): void {}
}
const pool = new Pool();
export async function openOrders(): Promise<Readable> {
  const client = await pool.connect();
  try {
    const rows = client.query(new OrderStream());
    rows.once('close', () => { client.release(); });
    return rows;
  } catch (error) {
    client.release();
    throw error;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a view of a pooled buffer that is returned', {
    code: `
const free: Buffer[] = [];
function take(): Buffer {
  return free.pop() ?? Buffer.alloc(1024);
}
export function encode(order: string): Buffer {
  const scratch = take();
  const length = scratch.write(order);
  const bytes = scratch.subarray(0, length);
  free.push(scratch);
  return bytes;
}
`,
    errors: [
      {
        messageId: 'view',
        on: 'bytes',
        line: 11,
        data: { name: 'scratch', line: 'line 10', work: 'bytes' },
        suggestions: [
          {
            messageId: 'copied',
            output: `
const free: Buffer[] = [];
function take(): Buffer {
  return free.pop() ?? Buffer.alloc(1024);
}
export function encode(order: string): Buffer {
  const scratch = take();
  const length = scratch.write(order);
  const bytes = Buffer.from(scratch.subarray(0, length));
  free.push(scratch);
  return bytes;
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when a copy of the bytes is returned', {
    code: `
      const free: Buffer[] = [];
      function take(): Buffer {
        return free.pop() ?? Buffer.alloc(1024);
      }
      export function encode(order: string): Buffer {
        const scratch = take();
        const length = scratch.write(order);
        const bytes = Buffer.from(scratch.subarray(0, length));
        free.push(scratch);
        return bytes;
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('the rows of a pooled object that are returned under the finally', {
    code: `
class Batch {
  readonly rows: string[] = [];
}
class BatchPool {
  readonly #free: Batch[] = [];
  acquire(): Batch {
    return this.#free.pop() ?? new Batch();
  }
  release(batch: Batch): void {
    batch.rows.length = 0;
    this.#free.push(batch);
  }
}
const batches = new BatchPool();
export function collect(orders: readonly string[]): string[] {
  const batch = batches.acquire();
  try {
    batch.rows.push(...orders);
    return batch.rows;
  } finally {
    batches.release(batch);
  }
}
`,
    errors: [
      {
        messageId: 'view',
        on: 'batch.rows',
        line: 20,
        data: { name: 'batch', line: 'line 22', work: 'batch.rows' },
        suggestions: [
          {
            messageId: 'copied',
            output: `
class Batch {
  readonly rows: string[] = [];
}
class BatchPool {
  readonly #free: Batch[] = [];
  acquire(): Batch {
    return this.#free.pop() ?? new Batch();
  }
  release(batch: Batch): void {
    batch.rows.length = 0;
    this.#free.push(batch);
  }
}
const batches = new BatchPool();
export function collect(orders: readonly string[]): string[] {
  const batch = batches.acquire();
  try {
    batch.rows.push(...orders);
    return [...batch.rows];
  } finally {
    batches.release(batch);
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when the pool puts a new array into what it takes back', {
    code: `
      class Batch {
        rows: string[] = [];
      }
      class BatchPool {
        readonly #free: Batch[] = [];
        acquire(): Batch {
          return this.#free.pop() ?? new Batch();
        }
        release(batch: Batch): void {
          batch.rows = [];
          this.#free.push(batch);
        }
      }
      const batches = new BatchPool();
      export function collect(orders: readonly string[]): string[] {
        const batch = batches.acquire();
        try {
          batch.rows.push(...orders);
          return batch.rows;
        } finally {
          batches.release(batch);
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a copy of the rows is returned under the finally', {
    code: `
      class Batch {
        readonly rows: string[] = [];
      }
      class BatchPool {
        readonly #free: Batch[] = [];
        acquire(): Batch {
          return this.#free.pop() ?? new Batch();
        }
        release(batch: Batch): void {
          batch.rows.length = 0;
          this.#free.push(batch);
        }
      }
      const batches = new BatchPool();
      export function collect(orders: readonly string[]): string[] {
        const batch = batches.acquire();
        try {
          batch.rows.push(...orders);
          return batch.rows.map((row) => row.trim());
        } finally {
          batches.release(batch);
        }
      }
    `,
  });

  stays('silent in a program that runs once for one user', {
    filename: 'scripts/backfill.test.ts',
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function backfill() {
        const client = await pool.connect();
        client.release();
        await client.query('select 1');
      }
    `,
  });

  stays('silent on a registry that is called a pool', {
    code: `
      class WorkerPool {
        readonly #workers = new Map<string, { run(job: string): Promise<void> }>();
        get(name: string) {
          return this.#workers.get(name);
        }
        release(name: string): void {
          this.#workers.delete(name);
        }
      }
      const workers = new WorkerPool();
      export async function run(name: string, job: string) {
        const worker = workers.get(name);
        workers.release(name);
        await worker?.run(job);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent on an application whose methods are called get and put', {
    code: `
      declare const app: { get(name: string): unknown; put(name: string, value: unknown): void };
      export function settings() {
        const value = app.get('tax');
        app.put('tax', value);
        return value;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a condition that is not known decides, and reported as likely', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch(isDone: boolean) {
        const client = await pool.connect();
        if (isDone) client.release();
        await client.query('select 1');
      }
    `,
  });

  reports('a use that only some way reaches after the release, as likely', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function touch(isDone: boolean) {
        const client = await pool.connect();
        if (isDone) client.release();
        await client.query('select 1');
      }
    `,
    options: { certainty: 'likely' },
    errors: [{ messageId: 'usedMaybe', on: `client.query('select 1')`, data: { name: 'client', line: 'line 6' } }],
  });

  reports('a reader that goes on after its lock was released', {
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
    code: `
export async function firstChunk(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  await reader.read();
  reader.releaseLock();
  await reader.read();
}
`,
    errors: [
      {
        messageId: 'used',
        on: 'reader.read()',
        line: 6,
        data: { name: 'reader', line: 'line 5' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'reader' },
            output: `
export async function firstChunk(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  await reader.read();
  try {
    await reader.read();
  } finally {
    reader.releaseLock();
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when a reader is cancelled and its lock released', {
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
    code: `
      export async function firstChunk(body: ReadableStream<Uint8Array>) {
        const reader = body.getReader();
        try {
          return await reader.read();
        } finally {
          await reader.cancel();
          reader.releaseLock();
        }
      }
    `,
  });

  reports('a file handle that is read after it was closed, in a JavaScript file', {
    filename: 'import.js',
    compilerOptions: { allowJs: true, checkJs: true },
    code: `
import { open } from 'node:fs/promises';
/** @param {string} path */
export async function sizeOf(path) {
  const file = await open(path);
  await file.close();
  const { size } = await file.stat();
  return size;
}
`,
    errors: [{ messageId: 'used', on: 'file.stat()', data: { name: 'file', line: 'line 6' }, suggestions: [] }],
  });

  reports('a client used after done in a callback', {
    code: `
import { Pool } from 'pg';
const pool = new Pool();
export function touch(answer: (error?: Error) => void): void {
  pool.connect((error, client, done) => {
    if (error || !client) {
      answer(error);
      return;
    }
    done();
    client.query('select 1', (failure: Error) => {
      answer(failure);
    });
  });
}
`,
    errors: [{ messageId: 'used', on: `client.query('select 1'…`, data: { name: 'client', line: 'line 10' } }],
  });

  reports('an async arrow function of a class field', {
    code: `
import { createPool } from 'mysql2/promise';

export class Customers {
  readonly #pool = createPool('mysql://localhost/shop');

  readonly nameOf = async (id: number) => {
    const connection = await this.#pool.getConnection();
    try {
      return connection.query('select name from customers where id = ?', [id]);
    } finally {
      connection.release();
    }
  };
}
`,
    errors: [
      {
        messageId: 'returned',
        on: `connection.query('select name from customers where id = ?', [id])`,
        data: { name: 'connection', line: 'line 12', work: 'connection.query' },
      },
    ],
    output: `
import { createPool } from 'mysql2/promise';

export class Customers {
  readonly #pool = createPool('mysql://localhost/shop');

  readonly nameOf = async (id: number) => {
    const connection = await this.#pool.getConnection();
    try {
      return await connection.query('select name from customers where id = ?', [id]);
    } finally {
      connection.release();
    }
  };
}
`,
  });

  reports('several queries that are returned together', {
    code: `
import { Pool } from 'pg';
const pool = new Pool();
export async function totals() {
  const client = await pool.connect();
  try {
    return Promise.all([client.query('select 1'), client.query('select 2')]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: `client.query('select 1')`,
        data: { name: 'client', line: 'line 9', work: 'client.query' },
      },
    ],
    output: `
import { Pool } from 'pg';
const pool = new Pool();
export async function totals() {
  const client = await pool.connect();
  try {
    return await Promise.all([client.query('select 1'), client.query('select 2')]);
  } finally {
    client.release();
  }
}
`,
  });

  reports('a query that is returned through an alias of the client', {
    code: `
import { Pool } from 'pg';
const pool = new Pool();
export async function orders() {
  const client = await pool.connect();
  const db = client;
  try {
    return db.query('select * from orders');
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: `db.query('select * from orders')`,
        data: { name: 'client', line: 'line 10', work: 'db.query' },
      },
    ],
    output: `
import { Pool } from 'pg';
const pool = new Pool();
export async function orders() {
  const client = await pool.connect();
  const db = client;
  try {
    return await db.query('select * from orders');
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when a function that needs no client is returned under the finally', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      declare function publish(text: string): Promise<void>;
      export async function announce(text: string) {
        const client = await pool.connect();
        try {
          await client.query('insert into news values ($1)', [text]);
          return publish(text);
        } finally {
          client.release();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the release waits for the work by its own chain', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool();
      export async function orders() {
        const client = await pool.connect();
        return client.query('select * from orders').finally(() => {
          client.release();
        });
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the callback of a lending pool returns its promise', {
    code: `
      import { createPool } from 'generic-pool';
      declare function open(): Promise<{ print(text: string): Promise<void> }>;
      const printers = createPool({ create: open, destroy: async () => {} }, { max: 2 });
      export function print(invoice: string) {
        return printers.use((printer) => printer.print(invoice));
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a stream made from a generator over the client', {
    code: `import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(): Promise<Readable> {
  const client = await pool.connect();
  try {
    const orders = Readable.from(rowsOf(client));
    return orders;
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'orders',
        line: 15,
        data: { name: 'client', line: 'line 17', work: 'orders' },
        suggestions: [
          {
            messageId: 'onClose',
            data: { name: 'client' },
            output: `import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(): Promise<Readable> {
  const client = await pool.connect();
  try {
    const orders = Readable.from(rowsOf(client));
    orders.once('close', () => { client.release(); });
    return orders;
  } catch (error) {
    client.release();
    throw error;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('the same, returned on the spot', {
    code: `import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(): Promise<Readable> {
  const client = await pool.connect();
  try {
    return Readable.from(rowsOf(client));
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'Readable.from(rowsOf(client))',
        data: { name: 'client', line: 'line 16', work: 'Readable.from(rowsOf(client))' },
        suggestions: [
          {
            messageId: 'onClose',
            data: { name: 'client' },
            output: `import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(): Promise<Readable> {
  const client = await pool.connect();
  try {
    const stream2 = Readable.from(rowsOf(client));
    stream2.once('close', () => { client.release(); });
    return stream2;
  } catch (error) {
    client.release();
    throw error;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a generator over the client that leaves the function', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function orders(): Promise<AsyncGenerator<unknown>> {
  const client = await pool.connect();
  try {
    return rowsOf(client);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'rowsOf(client)',
        data: { name: 'client', line: 'line 15', work: 'rowsOf(client)' },
      },
    ],
  });

  reports('a stream from a generator that is piped and not waited for', {
    code: `import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(response: ServerResponse): Promise<void> {
  const client = await pool.connect();
  const orders = Readable.from(rowsOf(client));
  orders.pipe(response);
  client.release();
}
`,
    errors: [
      {
        messageId: 'stream',
        on: 'orders.pipe(response)',
        data: { name: 'client', line: 'line 16', work: 'orders' },
        suggestions: [
          {
            messageId: 'pipeline',
            output: `import { pipeline } from 'node:stream/promises';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function download(response: ServerResponse): Promise<void> {
  const client = await pool.connect();
  const orders = Readable.from(rowsOf(client));
  try {
    await pipeline(orders, response);
  } finally {
    client.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent when the generator is read to its end', {
    code: `import { Readable } from 'node:stream';
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function* rowsOf(client: PoolClient): AsyncGenerator<unknown> {
  for (let last = 0; ; last++) {
    const { rows } = await client.query('SELECT * FROM orders OFFSET $1 LIMIT 1', [last]);
    if (rows.length === 0) return;
    yield rows[0];
  }
}
export async function orders(): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    const orders: unknown[] = [];
    for await (const order of rowsOf(client)) orders.push(order);
    return [...orders, ...(await Readable.from(rowsOf(client)).toArray())];
  } finally {
    client.release();
  }
}
`,
    options: { certainty: 'likely' },
  });

  reports('an arrow field that returns the query under its finally', {
    code: `import type { Pool, QueryResult } from 'pg';
export class Orders {
  constructor(private readonly db: Pool) {}
  byId = async (id: string): Promise<QueryResult> => {
    const client = await this.db.connect();
    try {
      return client.query('SELECT * FROM orders WHERE id = $1', [id]);
    } finally {
      client.release();
    }
  };
}
`,
    errors: [
      {
        messageId: 'returned',
        on: "client.query('SELECT * FROM orders WHERE id = $1', [id])",
        data: { name: 'client', line: 'line 9', work: 'client.query' },
      },
    ],
    output: `import type { Pool, QueryResult } from 'pg';
export class Orders {
  constructor(private readonly db: Pool) {}
  byId = async (id: string): Promise<QueryResult> => {
    const client = await this.db.connect();
    try {
      return await client.query('SELECT * FROM orders WHERE id = $1', [id]);
    } finally {
      client.release();
    }
  };
}
`,
  });

  reports('a generic wrapper that returns what its callback gives', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return work(client);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: 'work(client)',
        data: { name: 'client', line: 'line 8', work: 'work' },
      },
    ],
    output: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
`,
  });

  reports('one of two queries, chosen as it is returned', {
    code: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export async function orders(tenant?: string): Promise<QueryResult> {
  const client = await pool.connect();
  try {
    return tenant === undefined
      ? client.query('SELECT * FROM orders')
      : client.query('SELECT * FROM orders WHERE tenant = $1', [tenant]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: "client.query('SELECT * FROM orders')",
        data: { name: 'client', line: 'line 10', work: 'client.query' },
      },
    ],
    output: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export async function orders(tenant?: string): Promise<QueryResult> {
  const client = await pool.connect();
  try {
    return await (tenant === undefined
      ? client.query('SELECT * FROM orders')
      : client.query('SELECT * FROM orders WHERE tenant = $1', [tenant]));
  } finally {
    client.release();
  }
}
`,
  });

  reports('queries joined as they are returned', {
    code: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export async function totals(): Promise<QueryResult[]> {
  const client = await pool.connect();
  try {
    return Promise.all([client.query('SELECT count(*) FROM orders'), client.query('SELECT count(*) FROM invoices')]);
  } finally {
    client.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: "client.query('SELECT count(*) FROM orders')",
        data: { name: 'client', line: 'line 8', work: 'client.query' },
      },
    ],
    output: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export async function totals(): Promise<QueryResult[]> {
  const client = await pool.connect();
  try {
    return await Promise.all([client.query('SELECT count(*) FROM orders'), client.query('SELECT count(*) FROM invoices')]);
  } finally {
    client.release();
  }
}
`,
  });

  reports('a client that may be missing, used after its release', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function touch(): Promise<void> {
  const client: PoolClient | undefined = await pool.connect();
  client?.release();
  await client?.query('SELECT 1');
}
`,
    errors: [
      {
        messageId: 'used',
        on: "client?.query('SELECT 1')",
        data: { name: 'client', line: 'line 5' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'client' },
            output: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function touch(): Promise<void> {
  const client: PoolClient | undefined = await pool.connect();
  try {
    await client?.query('SELECT 1');
  } finally {
    client?.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a query that is discarded after the release', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function touch(): Promise<void> {
  const client = await pool.connect();
  client.release();
  void client.query('SELECT 1');
}
`,
    errors: [
      {
        messageId: 'used',
        on: "client.query('SELECT 1')",
        data: { name: 'client', line: 'line 5' },
      },
    ],
  });

  reports('a release by a helper of another file, exported again', {
    code: `import { Pool } from 'pg';
import { giveBack } from './index.js';
const pool = new Pool();
export async function touch(): Promise<void> {
  const client = await pool.connect();
  giveBack(client);
  await client.query('SELECT 1');
}
`,
    files: {
      'index.ts': `export { free as giveBack } from './clients.js';
`,
      'clients.ts': `import type { PoolClient } from 'pg';
export const free = (client: PoolClient): void => {
  client.release();
};
`,
    },
    errors: [
      {
        messageId: 'used',
        on: "client.query('SELECT 1')",
        data: { name: 'client', line: 'line 6' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'client' },
            output: `import { Pool } from 'pg';
import { giveBack } from './index.js';
const pool = new Pool();
export async function touch(): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT 1');
  } finally {
    giveBack(client);
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a chain that gives the client back first', {
    code: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export function touch(): Promise<QueryResult> {
  return pool.connect().then((client) => {
    client.release();
    return client.query('SELECT 1');
  });
}
`,
    errors: [
      {
        messageId: 'used',
        on: "client.query('SELECT 1')",
        data: { name: 'client', line: 'line 5' },
      },
    ],
  });

  reports('an object that was destroyed', {
    code: `import { createPool } from 'generic-pool';
interface Printer {
  print(text: string): Promise<void>;
}
declare function open(): Promise<Printer>;
const printers = createPool<Printer>({ create: open, destroy: async () => {} });
export async function print(invoice: string): Promise<void> {
  const printer = await printers.acquire();
  await printers.destroy(printer);
  await printer.print(invoice);
}
`,
    errors: [
      {
        messageId: 'used',
        on: 'printer.print(invoice)',
        data: { name: 'printer', line: 'line 9' },
        suggestions: [
          {
            messageId: 'finally',
            data: { name: 'printer' },
            output: `import { createPool } from 'generic-pool';
interface Printer {
  print(text: string): Promise<void>;
}
declare function open(): Promise<Printer>;
const printers = createPool<Printer>({ create: open, destroy: async () => {} });
export async function print(invoice: string): Promise<void> {
  const printer = await printers.acquire();
  try {
    await printer.print(invoice);
  } finally {
    await printers.destroy(printer);
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('what a file reads, returned under the finally that closes it', {
    code: `import { open } from 'node:fs/promises';
export async function linesOf(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    return file.readFile('utf8').then((text) => text.split('\\n'));
  } finally {
    await file.close();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: "file.readFile('utf8')",
        data: { name: 'file', line: 'line 7', work: 'file.readFile' },
      },
    ],
    output: `import { open } from 'node:fs/promises';
export async function linesOf(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    return await file.readFile('utf8').then((text) => text.split('\\n'));
  } finally {
    await file.close();
  }
}
`,
  });

  reports('a reserved connection whose statement is returned', {
    code: `import postgres from 'postgres';
const sql = postgres();
export async function orders(): Promise<readonly unknown[]> {
  const session = await sql.reserve();
  try {
    return session.unsafe('SELECT * FROM orders');
  } finally {
    session.release();
  }
}
`,
    errors: [
      {
        messageId: 'returned',
        on: "session.unsafe('SELECT * FROM orders')",
        data: { name: 'session', line: 'line 8', work: 'session.unsafe' },
      },
    ],
    output: `import postgres from 'postgres';
const sql = postgres();
export async function orders(): Promise<readonly unknown[]> {
  const session = await sql.reserve();
  try {
    return await session.unsafe('SELECT * FROM orders');
  } finally {
    session.release();
  }
}
`,
  });

  reports('JavaScript with types in comments, the work in a callee', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
/**
 * @param {import('pg').PoolClient} client
 * @returns {Promise<number>}
 */
async function count(client) {
  const { rowCount } = await client.query('SELECT * FROM orders');
  return rowCount ?? 0;
}
export async function orders() {
  const client = await pool.connect();
  try {
    return count(client);
  } finally {
    client.release();
  }
}
`,
    filename: 'orders.js',
    errors: [
      {
        messageId: 'returned',
        on: 'count(client)',
        line: 14,
        data: { name: 'client', line: 'line 16', work: 'count' },
      },
    ],
    output: `import { Pool } from 'pg';
const pool = new Pool();
/**
 * @param {import('pg').PoolClient} client
 * @returns {Promise<number>}
 */
async function count(client) {
  const { rowCount } = await client.query('SELECT * FROM orders');
  return rowCount ?? 0;
}
export async function orders() {
  const client = await pool.connect();
  try {
    return await count(client);
  } finally {
    client.release();
  }
}
`,
  });

  stays('silent when the finally of the chain gives it back', {
    code: `import { Pool, type QueryResult } from 'pg';
const pool = new Pool();
export async function orders(): Promise<QueryResult> {
  const client = await pool.connect();
  return client.query('SELECT * FROM orders').finally(() => {
    client.release();
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a variable that is emptied with the release', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
export async function touch(urgent: boolean): Promise<void> {
  let client: PoolClient | undefined = await pool.connect();
  if (urgent) {
    client.release();
    client = undefined;
  }
  await client?.query('SELECT 1');
  client?.release();
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a client of each turn', {
    code: `import { Pool } from 'pg';
const pool = new Pool();
export async function touch(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const client = await pool.connect();
    try {
      await client.query('SELECT $1', [id]);
    } finally {
      client.release();
    }
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a callee that needs the client only to begin', {
    code: `import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
function nameOf(client: PoolClient): Promise<string> {
  const id = String(client.listenerCount('error'));
  return Promise.resolve(id);
}
export async function name(): Promise<string> {
  const client = await pool.connect();
  try {
    return nameOf(client);
  } finally {
    client.release();
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent when a closure calls another one that gives the client back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<void> {
  const client = await pool.connect();
  const done = (): void => client.release();
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

  reports('what is done after the closure that calls another one that gives the client back', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function ping(): Promise<void> {
  const client = await pool.connect();
  const done = (): void => client.release();
  const run = async (): Promise<void> => {
    try {
      await client.query('select 1');
    } finally {
      done();
    }
  };
  await run();
  await client.query('select 2');
}`,
    errors: [
      {
        messageId: 'used',
        on: "client.query('select 2')",
        line: 15,
        message: '`client` is used here after line 6 gave it back; another borrower may already work with it.',
      },
    ],
  });
});
