import rule from '../../src/rules/no-per-request-pool.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a pool of an exported function, hoisted because its arguments are constants', {
    code: `
import { Pool } from 'pg';

export async function orders() {
  const pool = new Pool({ max: 10 });
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ max: 10 })',
        data: { name: 'pool', when: 'each call of `orders`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { Pool } from 'pg';

let sharedPool: Pool | undefined;
function getPool(): Pool {
  return (sharedPool ??= new Pool({ max: 10 }));
}

export async function orders() {
  const pool = getPool();
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
          },
        ],
      },
    ],
    output: `
import { Pool } from 'pg';

const pool = new Pool({ max: 10 });

export async function orders() {
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
  });

  stays('silent when the pool is built at module level', {
    code: `
      import { Pool } from 'pg';
      const pool = new Pool({ max: 10 });
      export async function orders() {
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
  });

  reports('a pool in the handler of a server, whose options come from the environment', {
    code: `
import { createServer } from 'node:http';
import { createPool } from 'mysql2/promise';

createServer(async (request, response) => {
  const pool = createPool(process.env['DATABASE_URL'] ?? '');
  await pool.query('select 1');
  response.end(request.url);
}).listen(8080);
`,
    errors: [
      {
        messageId: 'pool',
        on: `createPool(process.env['DATABASE_URL'] ?? '')`,
        data: { name: 'pool', when: 'each run of this callback' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { createServer } from 'node:http';
import { createPool } from 'mysql2/promise';

let sharedPool: ReturnType<typeof createPool> | undefined;
function getPool(): ReturnType<typeof createPool> {
  return (sharedPool ??= createPool(process.env['DATABASE_URL'] ?? ''));
}

createServer(async (request, response) => {
  const pool = getPool();
  await pool.query('select 1');
  response.end(request.url);
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  reports('a pool that is built with a constant of the module', {
    code: `
import { Pool } from 'pg';

const connectionString = 'postgres://localhost/shop';

export async function orders() {
  const pool = new Pool({ connectionString });
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ connectionString })',
        data: { name: 'pool', when: 'each call of `orders`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { Pool } from 'pg';

const connectionString = 'postgres://localhost/shop';

let sharedPool: Pool | undefined;
function getPool(): Pool {
  return (sharedPool ??= new Pool({ connectionString }));
}

export async function orders() {
  const pool = getPool();
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
          },
        ],
      },
    ],
    output: `
import { Pool } from 'pg';

const connectionString = 'postgres://localhost/shop';

const pool = new Pool({ connectionString });

export async function orders() {
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
  });

  reports('a pool that is built with what the caller gives, left to the author', {
    code: `
import { Pool } from 'pg';

export async function ordersOf(tenant: string) {
  const pool = new Pool({ database: tenant });
  const found = await pool.query('select * from orders');
  return found.rows;
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ database: tenant })',
        data: { name: 'pool', when: 'each call of `ordersOf`' },
      },
    ],
  });

  stays('silent when a cache keeps one pool for each tenant', {
    code: `
      import { Pool } from 'pg';
      const pools = new Map<string, Pool>();
      export async function ordersOf(tenant: string) {
        let pool = pools.get(tenant);
        if (pool === undefined) {
          pool = new Pool({ database: tenant });
          pools.set(tenant, pool);
        }
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a record keeps one pool for each tenant', {
    code: `
      import { Pool } from 'pg';
      const pools: Record<string, Pool> = {};
      export async function ordersOf(tenant: string) {
        const pool = (pools[tenant] ??= new Pool({ database: tenant }));
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a module variable keeps it', {
    code: `
      import { Pool } from 'pg';
      let pool: Pool | undefined;
      export async function orders() {
        pool ??= new Pool();
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the global object keeps it', {
    code: `
      import { Pool } from 'pg';
      declare global {
        var shopPool: Pool | undefined;
      }
      export async function orders() {
        const pool = globalThis.shopPool ?? new Pool();
        globalThis.shopPool = pool;
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a factory returns it', {
    code: `
      import { Pool } from 'pg';
      export function poolFor(database: string): Pool {
        const pool = new Pool({ database });
        pool.on('error', (error) => console.error(error));
        return pool;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a factory returns it within an object', {
    code: `
      import { Pool } from 'pg';
      export async function openShop() {
        const pool = new Pool();
        await pool.query('select 1');
        return { pool, close: () => pool.end() };
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a factory returns what reads from it', {
    code: `
      import { Pool } from 'pg';
      class Orders {
        constructor(private readonly pool: Pool) {}
        all() {
          return this.pool.query('select * from orders');
        }
      }
      export async function ordersIn(database: string) {
        const pool = new Pool({ database });
        await pool.query('select 1');
        return new Orders(pool);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a closure that is returned uses it', {
    code: `
      import { Pool } from 'pg';
      export function reader(database: string) {
        const pool = new Pool({ database });
        return (id: string) => pool.query('select * from orders where id = $1', [id]);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when it is ended in the finally', {
    code: `
      import { Pool } from 'pg';
      export async function orders() {
        const pool = new Pool();
        try {
          const found = await pool.query('select * from orders');
          return found.rows;
        } finally {
          await pool.end();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a chain ends it', {
    code: `
      import { Pool } from 'pg';
      export function orders() {
        const pool = new Pool();
        return pool.query('select * from orders').finally(() => pool.end());
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a helper ends it', {
    code: `
      import { Pool } from 'pg';
      async function shut(pool: Pool): Promise<void> {
        await pool.end();
      }
      export async function orders() {
        const pool = new Pool();
        const found = await pool.query('select * from orders');
        await shut(pool);
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when await using ends it', {
    code: `
      import { MongoClient } from 'mongodb';
      export async function orders() {
        await using client = new MongoClient('mongodb://localhost');
        return await client.db('shop').collection('orders').countDocuments();
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a field keeps it', {
    code: `
      import { Pool } from 'pg';
      export class Orders {
        #pool: Pool | undefined;
        async open(): Promise<void> {
          this.#pool = new Pool();
          await this.#pool.query('select 1');
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a field of a service is built with it', {
    code: `
      import { Pool } from 'pg';
      export class Orders {
        private readonly pool = new Pool();
        all() {
          return this.pool.query('select * from orders');
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent at start-up', {
    code: `
      import { Pool } from 'pg';
      import { createServer } from 'node:http';
      async function warmUp(): Promise<void> {
        const pool = new Pool();
        await pool.query('select 1');
      }
      await warmUp();
      createServer((request, response) => {
        response.end(request.url);
      }).listen(8080);
    `,
    options: { certainty: 'likely' },
  });

  stays('silent in a test', {
    filename: 'orders.test.ts',
    code: `
      import { Pool } from 'pg';
      export async function orders() {
        const pool = new Pool();
        const found = await pool.query('select * from orders');
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent in a migration', {
    filename: 'migrations/0001-orders.ts',
    code: `
      import { Pool } from 'pg';
      export async function up() {
        const pool = new Pool();
        await pool.query('create table orders (id text)');
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent on a class that is only called a pool', {
    code: `
      class WorkerPool {
        query(text: string): Promise<string> {
          return Promise.resolve(text);
        }
      }
      export async function orders() {
        const pool = new WorkerPool();
        return await pool.query('select * from orders');
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent on a single connection, which is no pool', {
    code: `
      import { Client } from 'pg';
      export async function orders() {
        const client = new Client();
        await client.connect();
        const found = await client.query('select * from orders');
        await client.end();
        return found.rows;
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a pool that is used at once and never named', {
    code: `
import { Pool } from 'pg';

export async function count() {
  const found = await new Pool().query('select count(*) from orders');
  return found.rowCount;
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool()',
        data: { name: 'Pool', when: 'each call of `count`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { Pool } from 'pg';

let sharedPool: Pool | undefined;
function getPool(): Pool {
  return (sharedPool ??= new Pool());
}

export async function count() {
  const found = await getPool().query('select count(*) from orders');
  return found.rowCount;
}
`,
          },
        ],
      },
    ],
    output: `
import { Pool } from 'pg';

const pool = new Pool();

export async function count() {
  const found = await pool.query('select count(*) from orders');
  return found.rowCount;
}
`,
  });

  reports('a client of MongoDB in a method of a service', {
    code: `
import { MongoClient } from 'mongodb';

const url = 'mongodb://localhost';

export class Orders {
  async count(): Promise<number> {
    const client = new MongoClient(url);
    return await client.db('shop').collection('orders').countDocuments();
  }
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new MongoClient(url)',
        data: { name: 'client', when: 'each call of `count`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getClient' },
            output: `
import { MongoClient } from 'mongodb';

const url = 'mongodb://localhost';

let sharedClient: MongoClient | undefined;
function getClient(): MongoClient {
  return (sharedClient ??= new MongoClient(url));
}

export class Orders {
  async count(): Promise<number> {
    const client = getClient();
    return await client.db('shop').collection('orders').countDocuments();
  }
}
`,
          },
        ],
      },
    ],
    output: `
import { MongoClient } from 'mongodb';

const url = 'mongodb://localhost';

const client = new MongoClient(url);

export class Orders {
  async count(): Promise<number> {
    return await client.db('shop').collection('orders').countDocuments();
  }
}
`,
  });

  reports('a data source that is opened for every report', {
    code: `
import { DataSource } from 'typeorm';

export async function totals() {
  const source = new DataSource({ type: 'postgres', database: 'shop' });
  await source.initialize();
  return await source.query('select sum(total) from orders');
}
`,
    errors: [
      {
        messageId: 'pool',
        on: `new DataSource({ type: 'postgres', database: 'shop' })`,
        data: { name: 'source', when: 'each call of `totals`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getSource' },
            output: `
import { DataSource } from 'typeorm';

async function openSource() {
  const source = new DataSource({ type: 'postgres', database: 'shop' });
  await source.initialize();
  return source;
}

let sharedSource: ReturnType<typeof openSource> | undefined;
function getSource(): ReturnType<typeof openSource> {
  sharedSource ??= openSource().catch((error: unknown) => {
    sharedSource = undefined;
    throw error;
  });
  return sharedSource;
}

export async function totals() {
  const source = await getSource();
  return await source.query('select sum(total) from orders');
}
`,
          },
        ],
      },
    ],
  });

  reports('an agent that keeps connections alive, built for every request', {
    code: `
import { Agent, request } from 'node:https';

export function ping(host: string): void {
  const agent = new Agent({ keepAlive: true });
  request({ host, agent }).end();
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Agent({ keepAlive: true })',
        data: { name: 'agent', when: 'each call of `ping`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getAgent' },
            output: `
import { Agent, request } from 'node:https';

let sharedAgent: Agent | undefined;
function getAgent(): Agent {
  return (sharedAgent ??= new Agent({ keepAlive: true }));
}

export function ping(host: string): void {
  const agent = getAgent();
  request({ host, agent }).end();
}
`,
          },
        ],
      },
    ],
    output: `
import { Agent, request } from 'node:https';

const agent = new Agent({ keepAlive: true });

export function ping(host: string): void {
  request({ host, agent }).end();
}
`,
  });

  stays('silent on an agent that keeps no connection alive', {
    code: `
      import { Agent, request } from 'node:https';
      export function ping(host: string): void {
        const agent = new Agent({ rejectUnauthorized: true });
        request({ host, agent }).end();
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the agent is destroyed', {
    code: `
      import { Agent, request } from 'node:https';
      export function ping(host: string): void {
        const agent = new Agent({ keepAlive: true });
        request({ host, agent }).end();
        agent.destroy();
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a client is built with the agent', {
    code: `
      import { Agent } from 'node:https';
      class Billing {
        constructor(private readonly options: { agent: Agent }) {}
        host(): string {
          return this.options.agent.constructor.name;
        }
      }
      export function billing() {
        const agent = new Agent({ keepAlive: true });
        return new Billing({ agent });
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a limiter that runs the one task of its call', {
    code: `
import pLimit from 'p-limit';

declare function charge(order: string): Promise<void>;

export async function pay(order: string): Promise<void> {
  const limit = pLimit(2);
  await limit(() => charge(order));
}
`,
    errors: [
      {
        messageId: 'limiter',
        on: 'pLimit(2)',
        data: { name: 'limit', when: 'each call of `pay`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getLimit' },
            output: `
import pLimit from 'p-limit';

declare function charge(order: string): Promise<void>;

let sharedLimit: ReturnType<typeof pLimit> | undefined;
function getLimit(): ReturnType<typeof pLimit> {
  return (sharedLimit ??= pLimit(2));
}

export async function pay(order: string): Promise<void> {
  const limit = getLimit();
  await limit(() => charge(order));
}
`,
          },
        ],
      },
    ],
    output: `
import pLimit from 'p-limit';

declare function charge(order: string): Promise<void>;

const limit = pLimit(2);

export async function pay(order: string): Promise<void> {
  await limit(() => charge(order));
}
`,
  });

  stays('silent when the limiter bounds the tasks of one call', {
    code: `
      import pLimit from 'p-limit';
      declare function charge(order: string): Promise<void>;
      export async function payAll(orders: readonly string[]): Promise<void> {
        const limit = pLimit(2);
        await Promise.all(orders.map((order) => limit(() => charge(order))));
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the limiter bounds the tasks of a loop', {
    code: `
      import pLimit from 'p-limit';
      declare function charge(order: string): Promise<void>;
      export async function payAll(orders: readonly string[]): Promise<void> {
        const limit = pLimit(2);
        const paid: Promise<void>[] = [];
        for (const order of orders) paid.push(limit(() => charge(order)));
        await Promise.all(paid);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the limiter is shared by all calls', {
    code: `
      import pLimit from 'p-limit';
      declare function charge(order: string): Promise<void>;
      const limit = pLimit(2);
      export async function pay(order: string): Promise<void> {
        await limit(() => charge(order));
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the queue is filled twice in one call', {
    code: `
      import PQueue from 'p-queue';
      declare function charge(order: string): Promise<void>;
      export async function payBoth(first: string, second: string): Promise<void> {
        const queue = new PQueue({ concurrency: 1 });
        await Promise.all([queue.add(() => charge(first)), queue.add(() => charge(second))]);
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a pool in an arrow function that an application calls for each request', {
    code: `
import express from 'express';
import * as pg from 'pg';

const app = express();
app.get('/orders', async (request, response) => {
  const db = new pg.Pool({ max: 4 });
  const found = await db.query('select * from orders where id = $1', [request.query['id']]);
  response.json(found.rows);
});
app.listen(8080);
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new pg.Pool({ max: 4 })',
        data: { name: 'db', when: 'each run of this callback' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getDb' },
            output: `
import express from 'express';
import * as pg from 'pg';

const app = express();
let sharedDb: pg.Pool | undefined;
function getDb(): pg.Pool {
  return (sharedDb ??= new pg.Pool({ max: 4 }));
}

app.get('/orders', async (request, response) => {
  const db = getDb();
  const found = await db.query('select * from orders where id = $1', [request.query['id']]);
  response.json(found.rows);
});
app.listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';
import * as pg from 'pg';

const app = express();
const db = new pg.Pool({ max: 4 });

app.get('/orders', async (request, response) => {
  const found = await db.query('select * from orders where id = $1', [request.query['id']]);
  response.json(found.rows);
});
app.listen(8080);
`,
  });

  reports('a pool under another name of its import', {
    code: `
import { Pool as Database } from 'pg';

export async function orders() {
  const database = new Database();
  return await database.query('select * from orders');
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Database()',
        data: { name: 'database', when: 'each call of `orders`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getDatabase' },
            output: `
import { Pool as Database } from 'pg';

let sharedDatabase: Database | undefined;
function getDatabase(): Database {
  return (sharedDatabase ??= new Database());
}

export async function orders() {
  const database = getDatabase();
  return await database.query('select * from orders');
}
`,
          },
        ],
      },
    ],
    output: `
import { Pool as Database } from 'pg';

const database = new Database();

export async function orders() {
  return await database.query('select * from orders');
}
`,
  });

  reports('a pool in a CommonJS file', {
    filename: 'orders.cjs',
    compilerOptions: { allowJs: true, checkJs: true },
    code: `
const { Pool } = require('pg');

exports.orders = async function orders() {
  const pool = new Pool({ max: 2 });
  return await pool.query('select * from orders');
};
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ max: 2 })',
        data: { name: 'pool', when: 'each call of `orders`' },
        suggestions: [],
      },
    ],
    output: `
const { Pool } = require('pg');

const pool = new Pool({ max: 2 });

exports.orders = async function orders() {
  return await pool.query('select * from orders');
};
`,
  });

  reports('a pool of which a module constant of the same name exists, without a fix', {
    code: `
import { Pool } from 'pg';

const database = new Pool();

export async function orders() {
  const database = new Pool({ max: 1 });
  return await database.query('select * from orders');
}

export async function count() {
  return await database.query('select count(*) from orders');
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ max: 1 })',
        data: { name: 'database', when: 'each call of `orders`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getDatabase' },
            output: `
import { Pool } from 'pg';

const database = new Pool();

let sharedDatabase: Pool | undefined;
function getDatabase(): Pool {
  return (sharedDatabase ??= new Pool({ max: 1 }));
}

export async function orders() {
  const database = getDatabase();
  return await database.query('select * from orders');
}

export async function count() {
  return await database.query('select count(*) from orders');
}
`,
          },
        ],
      },
    ],
  });

  reports('a pool whose options carry a comment, left to the author', {
    code: `
import { Pool } from 'pg';

export async function orders() {
  const pool = new Pool({
    // The replica.
    host: 'replica',
  });
  return await pool.query('select * from orders');
}
`,
    errors: [{ messageId: 'pool', on: 'new Pool({…', data: { name: 'pool', when: 'each call of `orders`' } }],
  });

  reports('a pool that a helper of the file only reads from', {
    code: `
import { Pool } from 'pg';

async function rowsOf(pool: Pool): Promise<unknown[]> {
  const found = await pool.query('select * from orders');
  return found.rows;
}

export async function orders() {
  const pool = new Pool();
  return await rowsOf(pool);
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool()',
        data: { name: 'pool', when: 'each call of `orders`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { Pool } from 'pg';

async function rowsOf(pool: Pool): Promise<unknown[]> {
  const found = await pool.query('select * from orders');
  return found.rows;
}

let sharedPool: Pool | undefined;
function getPool(): Pool {
  return (sharedPool ??= new Pool());
}

export async function orders() {
  const pool = getPool();
  return await rowsOf(pool);
}
`,
          },
        ],
      },
    ],
    output: `
import { Pool } from 'pg';

async function rowsOf(pool: Pool): Promise<unknown[]> {
  const found = await pool.query('select * from orders');
  return found.rows;
}

const pool = new Pool();

export async function orders() {
  return await rowsOf(pool);
}
`,
  });

  reports('a pool in each turn of an interval', {
    code: `
import { Pool } from 'pg';

setInterval(async () => {
  const pool = new Pool({ max: 1 });
  await pool.query('delete from sessions where ended');
}, 60_000);
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Pool({ max: 1 })',
        data: { name: 'pool', when: 'each run of this callback' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getPool' },
            output: `
import { Pool } from 'pg';

let sharedPool: Pool | undefined;
function getPool(): Pool {
  return (sharedPool ??= new Pool({ max: 1 }));
}

setInterval(async () => {
  const pool = getPool();
  await pool.query('delete from sessions where ended');
}, 60_000);
`,
          },
        ],
      },
    ],
    output: `
import { Pool } from 'pg';

const pool = new Pool({ max: 1 });

setInterval(async () => {
  await pool.query('delete from sessions where ended');
}, 60_000);
`,
  });

  reports('a client of Redis that each call opens', {
    code: `
import { createClient } from 'redis';

export async function sessionOf(id: string) {
  const client = createClient();
  await client.connect();
  return await client.get(id);
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'createClient()',
        data: { name: 'client', when: 'each call of `sessionOf`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getClient' },
            output: `
import { createClient } from 'redis';

async function openClient() {
  const client = createClient();
  await client.connect();
  return client;
}

let sharedClient: ReturnType<typeof openClient> | undefined;
function getClient(): ReturnType<typeof openClient> {
  sharedClient ??= openClient().catch((error: unknown) => {
    sharedClient = undefined;
    throw error;
  });
  return sharedClient;
}

export async function sessionOf(id: string) {
  const client = await getClient();
  return await client.get(id);
}
`,
          },
        ],
      },
    ],
  });

  reports('a client of ioredis', {
    code: `
import { Redis } from 'ioredis';

export async function sessionOf(id: string) {
  const redis = new Redis();
  return await redis.get(id);
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new Redis()',
        data: { name: 'redis', when: 'each call of `sessionOf`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getRedis' },
            output: `
import { Redis } from 'ioredis';

let sharedRedis: Redis | undefined;
function getRedis(): Redis {
  return (sharedRedis ??= new Redis());
}

export async function sessionOf(id: string) {
  const redis = getRedis();
  return await redis.get(id);
}
`,
          },
        ],
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function sessionOf(id: string) {
  return await redis.get(id);
}
`,
  });

  stays('silent when the client of Redis is closed', {
    code: `
      import { createClient } from 'redis';
      export async function sessionOf(id: string) {
        const client = createClient();
        await client.connect();
        try {
          return await client.get(id);
        } finally {
          await client.quit();
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a subscriber lives on with its listener', {
    code: `
      import { Redis } from 'ioredis';
      export async function follow(channel: string, heard: (text: string) => void) {
        const subscriber = new Redis();
        await subscriber.subscribe(channel);
        subscriber.on('message', (_channel, text) => {
          heard(text);
        });
        return () => subscriber.quit();
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a lazy getter builds it', {
    code: `
      import { Pool } from 'pg';
      function once<Value>(build: () => Value): () => Value {
        let value: Value | undefined;
        return () => (value ??= build());
      }
      const pool = once(() => new Pool());
      export async function orders() {
        return await pool().query('select * from orders');
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a provider of a framework builds it', {
    code: `
      import { Pool } from 'pg';
      export const provider = {
        provide: 'POOL',
        useFactory: () => new Pool({ max: 4 }),
      };
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when an array keeps it', {
    code: `
      import { Pool } from 'pg';
      const replicas: Pool[] = [];
      export async function addReplica(host: string) {
        const pool = new Pool({ host });
        await pool.query('select 1');
        replicas.push(pool);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when a shutdown hook ends it', {
    code: `
      import { Pool } from 'pg';
      export async function openOnce() {
        const pool = new Pool();
        process.once('SIGTERM', () => {
          void pool.end();
        });
        await pool.query('select 1');
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent on a server and a stream, which are no pools', {
    code: `
      import { createReadStream } from 'node:fs';
      import { createServer } from 'node:http';
      export function serve(path: string): void {
        const server = createServer((request, response) => {
          createReadStream(path).pipe(response);
          request.resume();
        });
        server.listen(0);
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a limiter under another name of its import', {
    code: `
import atMost from 'p-limit';

declare function charge(order: string): Promise<void>;

export async function pay(order: string): Promise<void> {
  const two = atMost(2);
  await two(() => charge(order));
}
`,
    errors: [
      {
        messageId: 'limiter',
        on: 'atMost(2)',
        data: { name: 'two', when: 'each call of `pay`' },
        suggestions: [
          {
            messageId: 'lazy',
            data: { getter: 'getTwo' },
            output: `
import atMost from 'p-limit';

declare function charge(order: string): Promise<void>;

let sharedTwo: ReturnType<typeof atMost> | undefined;
function getTwo(): ReturnType<typeof atMost> {
  return (sharedTwo ??= atMost(2));
}

export async function pay(order: string): Promise<void> {
  const two = getTwo();
  await two(() => charge(order));
}
`,
          },
        ],
      },
    ],
    output: `
import atMost from 'p-limit';

declare function charge(order: string): Promise<void>;

const two = atMost(2);

export async function pay(order: string): Promise<void> {
  await two(() => charge(order));
}
`,
  });

  reports('a pool of a class of the project that extends one', {
    code: `
import { Pool } from 'pg';

class ShopPool extends Pool {
  count() {
    return this.query('select count(*) from orders');
  }
}

export async function count(host: string) {
  const pool = new ShopPool({ host });
  return await pool.count();
}
`,
    errors: [{ messageId: 'pool', on: 'new ShopPool({ host })', data: { name: 'pool', when: 'each call of `count`' } }],
  });

  reports('pools of other packages: of connections, of worker threads, of sockets', {
    code: `
import { createPool } from 'oracledb';
import { Piscina } from 'piscina';
import { Agent, fetch } from 'undici';

export async function byId(id: number) {
  const pool = await createPool({ user: process.env['SHOP_USER'] ?? '' });
  const connection = await pool.getConnection();
  try {
    return await connection.execute('select * from orders where id = :id', [id]);
  } finally {
    await connection.close();
  }
}

export async function thumbnail(picture: Buffer, filename: string): Promise<unknown> {
  const workers = new Piscina({ filename });
  return await workers.run(picture);
}

export async function page(url: string, timeout: number): Promise<string> {
  const response = await fetch(url, { dispatcher: new Agent({ connect: { timeout } }) });
  return await response.text();
}
`,
    errors: [
      {
        messageId: 'pool',
        on: `createPool({ user: process.env['SHOP_USER'] ?? '' })`,
        data: { name: 'pool', when: 'each call of `byId`' },
      },
      {
        messageId: 'pool',
        on: 'new Piscina({ filename })',
        data: { name: 'workers', when: 'each call of `thumbnail`' },
      },
      {
        messageId: 'pool',
        on: 'new Agent({ connect: { timeout } })',
        data: { name: 'Agent', when: 'each call of `page`' },
      },
    ],
  });

  stays('silent about pools of other packages that are ended, kept, or handed out', {
    code: `
      import knex from 'knex';
      import mongoose from 'mongoose';
      import postgres from 'postgres';
      import { Piscina } from 'piscina';

      export async function order(id: number): Promise<unknown> {
        const db = knex({ client: 'pg' });
        try {
          return await db('orders').where({ id });
        } finally {
          await db.destroy();
        }
      }

      export async function thumbnail(picture: Buffer): Promise<unknown> {
        const workers = new Piscina({ filename: 'thumbnail.js' });
        try {
          return await workers.run(picture);
        } finally {
          await workers.destroy();
        }
      }

      const shops = new Map<string, mongoose.Connection>();
      export function shopOf(tenant: string): mongoose.Connection {
        let connection = shops.get(tenant);
        if (connection === undefined) {
          connection = mongoose.createConnection('mongodb://db/' + tenant);
          shops.set(tenant, connection);
        }
        return connection;
      }

      export async function copy(from: string, to: string): Promise<void> {
        const source = postgres(from, { max: 1 });
        const target = postgres(to, { max: 1 });
        for await (const rows of source\`select * from orders\`.cursor(100)) {
          await target\`insert into orders \${target(rows)}\`;
        }
        await Promise.all([source.end(), target.end()]);
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a limiter that a CommonJS file takes under a name of its own', {
    filename: 'pay.cts',
    code: `
import atMost = require('p-queue');

declare function charge(order: string): Promise<void>;

export async function pay(order: string, concurrency: number): Promise<void> {
  const two = new atMost.default({ concurrency });
  await two.add(() => charge(order));
}
`,
    errors: [
      {
        messageId: 'limiter',
        on: 'new atMost.default({ concurrency })',
        data: { name: 'two', when: 'each call of `pay`' },
      },
    ],
  });

  reports('a client of Prisma, generated into node_modules', {
    code: `
import { PrismaClient } from '.prisma/client/index.js';

export async function orders(shop: string): Promise<unknown> {
  const prisma = new PrismaClient({ datasourceUrl: shop });
  return await prisma.order.findMany();
}
`,
    files: {
      'node_modules/.prisma/client/index.d.ts': `
export declare class PrismaClient {
  constructor(options?: { datasourceUrl?: string });
  readonly order: { findMany(): Promise<unknown[]> };
  $disconnect(): Promise<void>;
}
`,
    },
    errors: [
      {
        messageId: 'pool',
        on: 'new PrismaClient({ datasourceUrl: shop })',
        data: { name: 'prisma', when: 'each call of `orders`' },
      },
    ],
  });

  reports('a client of Prisma 7, generated into the project', {
    code: `
import { PrismaClient } from './generated/prisma/client.js';

export async function orders(shop: string): Promise<unknown> {
  const prisma = new PrismaClient({ datasourceUrl: shop });
  return await prisma.order.findMany();
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.0.0" }`,
      'node_modules/@prisma/client/runtime/client.d.ts': `
export type JsPromise<T> = Promise<T> & {};
`,
      'generated/prisma/client.ts': `
/* !!! This is code generated by Prisma. Do not edit directly. !!! */
import type { JsPromise } from '@prisma/client/runtime/client.js';
export interface PrismaClient {
  readonly order: { findMany(): JsPromise<unknown[]> };
  $disconnect(): JsPromise<void>;
}
interface PrismaClientConstructor { new (options?: { datasourceUrl?: string }): PrismaClient }
export declare const PrismaClient: PrismaClientConstructor;
`,
    },
    errors: [
      {
        messageId: 'pool',
        on: 'new PrismaClient({ datasourceUrl: shop })',
        data: { name: 'prisma', when: 'each call of `orders`' },
      },
    ],
  });

  stays('silent about a class of the project that has the name of the one that Prisma generates', {
    code: `
import { PrismaClient } from './generated/prisma/client.js';

export async function allOrders(shop: string): Promise<unknown> {
  const prisma = new PrismaClient({ datasourceUrl: shop });
  return await prisma.order.findMany();
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.0.0" }`,
      'node_modules/@prisma/client/runtime/client.d.ts': `
export type JsPromise<T> = Promise<T> & {};
`,
      'generated/prisma/client.ts': `
import type { JsPromise } from '@prisma/client/runtime/client.js';
export interface PrismaClient {
  readonly order: { findMany(): JsPromise<unknown[]> };
  $disconnect(): JsPromise<void>;
}
interface PrismaClientConstructor { new (options?: { datasourceUrl?: string }): PrismaClient }
export declare const PrismaClient: PrismaClientConstructor;
`,
    },
    options: { certainty: 'likely' },
  });

  stays('silent about a client of Prisma that is disconnected, or is the service itself', {
    code: `
      import { PrismaClient } from '.prisma/client/index.js';

      export async function orders(shop: string): Promise<unknown> {
        const prisma = new PrismaClient({ datasourceUrl: shop });
        try {
          return await prisma.order.findMany();
        } finally {
          await prisma.$disconnect();
        }
      }

      export class PrismaService extends PrismaClient {
        constructor() {
          super({});
        }
      }
    `,
    files: {
      'node_modules/.prisma/client/index.d.ts': `
export declare class PrismaClient {
  constructor(options?: { datasourceUrl?: string });
  readonly order: { findMany(): Promise<unknown[]> };
  $disconnect(): Promise<void>;
}
`,
    },
    options: { certainty: 'likely' },
  });

  stays('silent when what is handed out is another client of it', {
    code: `
      import { createPool, type Pool } from 'mysql2';
      import { Agent, type Dispatcher, interceptors } from 'undici';

      export function promising(uri: string) {
        return createPool(uri).promise();
      }

      export function ofShop(uri: string, shops: Map<string, ReturnType<Pool['promise']>>): void {
        const pool = createPool(uri);
        shops.set(uri, pool.promise());
      }

      export function retrying(): Dispatcher {
        return new Agent().compose(interceptors.retry());
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the promise of the opened client is kept', {
    code: `
      import { MongoClient } from 'mongodb';
      import { DataSource } from 'typeorm';

      declare const url: string;

      let opened: Promise<MongoClient> | undefined;
      export function mongo(): Promise<MongoClient> {
        opened ??= MongoClient.connect(url).catch((error: unknown) => {
          opened = undefined;
          throw error;
        });
        return opened;
      }

      declare global {
        var mongoOfShop: Promise<MongoClient> | undefined;
      }
      export async function shop(): Promise<MongoClient> {
        if (!globalThis.mongoOfShop) {
          const client = new MongoClient(url);
          globalThis.mongoOfShop = client.connect();
        }
        return await globalThis.mongoOfShop;
      }

      const tenants = new Map<string, Promise<DataSource>>();
      export function tenant(id: string): Promise<DataSource> {
        const known = tenants.get(id);
        if (known) return known;
        const created = new DataSource({ type: 'postgres', url: id }).initialize();
        tenants.set(id, created);
        created.catch(() => tenants.delete(id));
        return created;
      }

      declare function once<T>(make: () => T): () => T;
      export const lazily = once(() => new MongoClient(url).connect());
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when what is kept or given back works with the client', {
    code: `
      import { type Db, MongoClient } from 'mongodb';
      import { createClient } from 'redis';

      declare const url: string;

      let shop: Db | undefined;
      export function open(): Db {
        return (shop ??= new MongoClient(url).db('shop'));
      }

      let stock: Promise<Db> | undefined;
      export function warehouse(): Promise<Db> {
        stock ??= MongoClient.connect(url).then((client) => client.db('stock'));
        stock.catch(() => (stock = undefined));
        return stock;
      }

      export async function redis() {
        return await createClient({ url }).on('error', console.error).connect();
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when the client that its own method gives is closed', {
    code: `
      import { MongoClient } from 'mongodb';

      declare const url: string;

      export async function orders(): Promise<number> {
        const client = await new MongoClient(url).connect();
        try {
          return await client.db('shop').collection('orders').countDocuments();
        } finally {
          await client.close();
        }
      }

      export function customers(): Promise<number> {
        return MongoClient.connect(url).then((client) =>
          client.db('shop').collection('customers').countDocuments().finally(() => client.close()),
        );
      }
    `,
    options: { certainty: 'likely' },
  });

  reports('a client whose method gives it again, when only its answer is handed out', {
    code: `
import { MongoClient } from 'mongodb';

declare const url: string;

export async function orders(): Promise<number> {
  const client = await new MongoClient(url).connect();
  return await client.db('shop').collection('orders').countDocuments();
}

export function customers(): Promise<number> {
  return MongoClient.connect(url).then((client) => client.db('shop').collection('customers').countDocuments());
}
`,
    errors: [
      {
        messageId: 'pool',
        on: 'new MongoClient(url)',
        data: { name: 'MongoClient', when: 'each call of `orders`' },
      },
      {
        messageId: 'pool',
        on: 'MongoClient.connect(url)',
        data: { name: 'MongoClient.connect', when: 'each call of `customers`' },
      },
    ],
  });
});
