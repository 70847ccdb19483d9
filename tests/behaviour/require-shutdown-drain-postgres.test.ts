import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { prove } from './harness.ts';
import { ORDERS } from './order-client.ts';

describe('require-shutdown-drain on PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    // The next client may come before the server has seen that the last one left.
    postgres = await startPostgres({ maxConnections: 4 });
  }, 120_000);
  beforeEach(() => postgres.reset('DROP TABLE IF EXISTS orders; CREATE TABLE orders (text text)'));
  afterAll(() => postgres.stop());

  test('an order in flight is answered and stored before its pool is closed and the process exits', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import express from 'express';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { orderOf } from './orders.js';

const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 5_000 });
const app = express();

app.get('/:id', async (req, res) => {
  const order = await orderOf(req.params.id);
  await pool.query('INSERT INTO orders (text) VALUES ($1)', [order]);
  res.send(order);
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});

process.on('SIGTERM', () => process.exit(0));
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const warehouse = createServer().listen(0, '127.0.0.1');
await once(warehouse, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, WAREHOUSE: \`http://127.0.0.1:\${(warehouse.address() as AddressInfo).port}\` },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const asked = once(warehouse, 'request');
const answer = answerOf(Number(port));
const [, stock] = (await asked) as [unknown, ServerResponse];
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
stock.end('3 rings');
await exited;
const client = new pg.Client({ connectionTimeoutMillis: 5_000 });
await client.connect();
const { rows } = await client.query('SELECT text FROM orders');
await client.end();
console.log(JSON.stringify({ answer: await answer, rows, exitCode: service.exitCode }));
warehouse.closeAllConnections();
warehouse.close();

function answerOf(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/7', agent: false }, async (response) => {
      resolve((await response.setEncoding('utf8').toArray()).join(''));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
`,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', rows: [], exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:20 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', rows: [{ text: 'order 7: 3 rings' }], exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a pool is closed after the requests that use it', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import express from 'express';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { orderOf } from './orders.js';

const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 5_000 });
const app = express();

app.get('/:id', async (req, res) => {
  const order = await orderOf(req.params.id);
  await pool.query('INSERT INTO orders (text) VALUES ($1)', [order]);
  res.send(order);
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});

process.on('SIGTERM', async () => {
  server.close();
  await pool.end();
});
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const warehouse = createServer().listen(0, '127.0.0.1');
await once(warehouse, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, WAREHOUSE: \`http://127.0.0.1:\${(warehouse.address() as AddressInfo).port}\` },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const asked = once(warehouse, 'request');
const answer = answerOf(Number(port));
const [, stock] = (await asked) as [unknown, ServerResponse];
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
stock.end('3 rings');
await exited;
const client = new pg.Client({ connectionTimeoutMillis: 5_000 });
await client.connect();
const { rows } = await client.query('SELECT text FROM orders');
await client.end();
console.log(JSON.stringify({ answer: await answer, rows, exitCode: service.exitCode }));
warehouse.closeAllConnections();
warehouse.close();

function answerOf(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/7', agent: false }, async (response) => {
      resolve((await response.setEncoding('utf8').toArray()).join(''));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
`,
      },
    });

    expect(proof.before).toEqual({
      answer: expect.stringContaining('Cannot use a pool after calling end') as unknown,
      rows: [],
      exitCode: 0,
    });
    expect(proof.reports).toEqual(['server.ts:22 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', rows: [{ text: 'order 7: 3 rings' }], exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
