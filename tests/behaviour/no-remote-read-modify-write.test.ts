import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { prove } from './harness.ts';

/** A server that calls a function of a module for each text that it is sent, all at once, and answers with what they give. */
function serverOf(name: string, module: string): string {
  return `
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ${name} } from './${module}.js';

async function answer(request: IncomingMessage): Promise<unknown[]> {
  const asked = JSON.parse(Buffer.concat(await request.toArray()).toString()) as string[];
  const settled = await Promise.allSettled(asked.map((each) => ${name}(each)));
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : (each.reason as NodeJS.ErrnoException).code));
}

const server = createServer((request, response) => {
  answer(request).then(
    (answers) => response.end(JSON.stringify(answers)),
    () => response.writeHead(500).end(),
  );
});

export async function ask(...texts: readonly string[]): Promise<unknown[]> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const response = await fetch(\`http://127.0.0.1:\${port}/\`, { method: 'POST', body: JSON.stringify(texts) });
  const answers = (await response.json()) as unknown[];
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return answers;
}
`;
}

describe('no-remote-read-modify-write on Redis', { timeout: 120_000 }, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  test('a counter of ioredis counts visits that come at a time', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'visits.ts': `
import { Redis } from 'ioredis';

export const redis = new Redis(process.env['REDIS_URL'] ?? '', { commandTimeout: 10_000 });

export async function countVisit(page: string): Promise<void> {
  const visits = await redis.get(\`visits:\${page}\`);
  await redis.set(\`visits:\${page}\`, Number(visits) + 1);
}
`,
        'server.ts': serverOf('countVisit', 'visits'),
        'main.ts': `
import { ask } from './server.js';
import { redis } from './visits.js';

await redis.del('visits:home', 'visits:prices');
await ask('home', 'prices', 'home', 'home');
const visits = { home: await redis.get('visits:home'), prices: await redis.get('visits:prices') };
await redis.quit();
console.log(JSON.stringify(visits));
`,
      },
    });

    expect(proof.before).toEqual({ home: '1', prices: '1' });
    expect(proof.reports).toContain('visits.ts:8 concurrency/no-remote-read-modify-write');
    expect(proof.after).toEqual({ home: '3', prices: '1' });
    expect(proof.fixedSource['visits.ts']).toContain('redis.incrby(`visits:${page}`, 1)');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a counter of ioredis gives each order a number of its own', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Let the store add (`incrby`).',
      files: {
        'numbers.ts': `
import { Redis } from 'ioredis';

export const redis = new Redis(process.env['REDIS_URL'] ?? '', { commandTimeout: 10_000 });

export async function nextNumber(shop: string): Promise<number> {
  const last = Number(await redis.get(shop)) + 1;
  await redis.set(shop, last);
  return last;
}
`,
        'server.ts': serverOf('nextNumber', 'numbers'),
        'main.ts': `
import { redis } from './numbers.js';
import { ask } from './server.js';

await redis.del('lisbon');
const numbers = await ask('lisbon', 'lisbon', 'lisbon');
await redis.quit();
console.log(JSON.stringify(numbers));
`,
      },
    });

    expect(proof.before).toEqual([1, 1, 1]);
    expect(proof.reports).toContain('numbers.ts:8 concurrency/no-remote-read-modify-write');
    expect(proof.after).toEqual([1, 2, 3]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a field of a hash that node-redis changes keeps what two orders take', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'stock.ts': `
import { createClient } from 'redis';

export const client = createClient({ url: process.env['REDIS_URL'] ?? '' });
client.on('error', console.error);

export async function take(article: string): Promise<void> {
  const left = await client.hGet('stock', article);
  await client.hSet('stock', article, Number(left) - 1);
}
`,
        'server.ts': serverOf('take', 'stock'),
        'main.ts': `
import { ask } from './server.js';
import { client } from './stock.js';

await client.connect();
await client.hSet('stock', { chairs: 5, tables: 5 });
await ask('chairs', 'chairs', 'tables');
const left = { chairs: await client.hGet('stock', 'chairs'), tables: await client.hGet('stock', 'tables') };
await client.close();
console.log(JSON.stringify(left));
`,
      },
    });

    expect(proof.before).toEqual({ chairs: '4', tables: '4' });
    expect(proof.reports).toContain('stock.ts:9 concurrency/no-remote-read-modify-write');
    expect(proof.after).toEqual({ chairs: '3', tables: '4' });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});

describe('no-remote-read-modify-write on PostgreSQL', { timeout: 300_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.reset('CREATE TABLE shows (id int PRIMARY KEY, sold int NOT NULL)');
  }, 120_000);
  afterAll(() => postgres.stop());

  test('a column that knex counts up holds every ticket', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      suggestion: 'Let the store add (`increment`).',
      files: {
        'shows.ts': `
import knex from 'knex';

interface Show {
  id: number;
  sold: number;
}

export const db = knex({ client: 'pg', connection: {}, pool: { min: 0, max: 1 } });

export async function sell(id: string): Promise<void> {
  const show = await db<Show>('shows').where({ id: Number(id) }).first();
  if (show === undefined) throw new Error('no such show');
  await db<Show>('shows').where({ id: Number(id) }).update({ sold: show.sold + 1 });
}
`,
        'server.ts': serverOf('sell', 'shows'),
        'main.ts': `
import { ask } from './server.js';
import { db } from './shows.js';

await db('shows').delete();
await db('shows').insert([
  { id: 1, sold: 0 },
  { id: 2, sold: 0 },
]);
await ask('1', '2', '1', '1');
const sold = await db('shows').orderBy('id').pluck('sold');
await db.destroy();
console.log(JSON.stringify(sold));
`,
      },
    });

    expect(proof.before).toEqual([1, 1]);
    expect(proof.reports).toEqual(['shows.ts:14 concurrency/no-remote-read-modify-write']);
    expect(proof.after).toEqual([3, 1]);
    expect(proof.fixedSource['shows.ts']).toContain(".increment('sold', 1)");
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});

describe('no-remote-read-modify-write on files', { timeout: 120_000 }, () => {
  test('two invoices get two numbers when they take turns at the file', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Let the runs of this process take turns, from the read to the write.',
      files: {
        'invoices.ts': `
import { readFile, writeFile } from 'node:fs/promises';
import { gate } from './gate.js';

export const FILE = new URL('./last-invoice', import.meta.url);

export async function invoice(customer: string): Promise<number> {
  const last = Number(await readFile(FILE, 'utf8'));
  await gate(customer);
  await writeFile(FILE, String(last + 1));
  return last + 1;
}
`,
        'server.ts': serverOf('invoice', 'invoices'),
        'main.ts': `
import { readFile, writeFile } from 'node:fs/promises';
import { arrived, release } from './gate.js';
import { FILE } from './invoices.js';
import { ask } from './server.js';

await writeFile(FILE, '7');
const numbers = ask('mia', 'leo');
await arrived('mia', 'leo');
await release('mia', 'leo');
console.log(JSON.stringify({ numbers: await numbers, last: await readFile(FILE, 'utf8') }));
`,
      },
    });

    expect(proof.before).toEqual({ numbers: [8, 8], last: '8' });
    expect(proof.reports).toEqual(['invoices.ts:10 concurrency/no-remote-read-modify-write']);
    expect(proof.after).toEqual({ numbers: [8, 9], last: '9' });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an identity in a file is made once; who comes second is refused', async () => {
    const proof = await prove({
      main: 'main.ts',
      preset: 'strict',
      suggestion: "Write it only if it is still not there (`flag: 'wx'`).",
      files: {
        'identity.ts': `
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { gate } from './gate.js';

const FILE = new URL('./identity', import.meta.url);

export async function identityOf(worker: string): Promise<string> {
  const before = await readFile(FILE, 'utf8').catch(() => undefined);
  if (before !== undefined) return before;
  await gate(worker);
  const id = randomUUID();
  await writeFile(FILE, id, 'utf8');
  return id;
}
`,
        'server.ts': serverOf('identityOf', 'identity'),
        'main.ts': `
import { arrived, release } from './gate.js';
import { identityOf } from './identity.js';
import { ask } from './server.js';

const asked = ask('mail', 'print');
await arrived('mail', 'print');
await release('mail', 'print');
const answers = await asked;
const kept = await identityOf('later');
console.log(JSON.stringify(answers.map((each) => (each === 'EEXIST' ? each : each === kept)).sort()));
`,
      },
    });

    expect(proof.before).toEqual([false, true]);
    expect(proof.reports).toEqual(['identity.ts:13 concurrency/no-remote-read-modify-write']);
    expect(proof.after).toEqual(['EEXIST', true]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });
});
