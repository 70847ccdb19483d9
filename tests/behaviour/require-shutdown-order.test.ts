import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { prove } from './harness.ts';
import { ORDERS } from './order-client.ts';

describe('require-shutdown-order on PostgreSQL', { timeout: 120_000 }, () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 120_000);
  beforeEach(() => postgres.reset('DROP TABLE IF EXISTS orders; CREATE TABLE orders (text text)'));
  afterAll(() => postgres.stop());

  test('a request in flight still finds the pool that it needs', async () => {
    const proof = await prove({
      main: 'main.ts',
      preset: 'strict',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { orderOf } from './orders.js';

const pool = new pg.Pool({ max: 1, connectionTimeoutMillis: 5_000 });

async function storedOrder(id: string): Promise<string> {
  const order = await orderOf(id);
  await pool.query('INSERT INTO orders (text) VALUES ($1)', [order]);
  return order;
}

const server = createServer((request, response) => {
  storedOrder((request.url ?? '').slice(1)).then(
    (order) => response.end(order),
    (error: unknown) => response.writeHead(502).end(error instanceof Error ? error.message : 'unknown'),
  );
});

process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 5_000).unref();
  try {
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  } finally {
    process.exit(0);
  }
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

let stock: ServerResponse | undefined;
const warehouse = createServer((_request, response) => {
  stock = response;
}).listen(0, '127.0.0.1');
await once(warehouse, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, WAREHOUSE: \`http://127.0.0.1:\${(warehouse.address() as AddressInfo).port}\` },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const answer = answerOf(Number(port));
while (stock === undefined) await delay(5);
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
stock.end('3 rings');
await exited;
console.log(JSON.stringify({ answer: await answer, exitCode: service.exitCode }));
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

    expect(proof.before).toEqual({ answer: 'Cannot use a pool after calling end on the pool', exitCode: 0 });
    expect(proof.reports).toContain('server.ts:25 concurrency/require-shutdown-order');
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
