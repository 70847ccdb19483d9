import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-per-request-pool', { timeout: 120_000 }, () => {
  test('five requests for the stock leave one connection open, not five', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'stock.ts': `
import { Agent, request } from 'node:http';

export function stockOf(port: number): Promise<number> {
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, agent }, (response) => {
      response.resume();
      response.once('end', () => {
        setImmediate(resolve, response.statusCode ?? 0);
      });
    });
    asked.once('error', reject);
    asked.end();
  });
}
`,
        'shop.ts': `
import { createServer, type Server } from 'node:http';
import { stockOf } from './stock.js';

export function shopOver(port: number): Server {
  return createServer((_request, response) => {
    stockOf(port).then(
      (status) => response.end(String(status)),
      () => response.writeHead(502).end(),
    );
  });
}
`,
        'main.ts': `
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { shopOver } from './shop.js';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const warehouse = createServer((request, response) => {
  response.end(request.url);
});
const shop = shopOver(await listen(warehouse));
const port = await listen(shop);
for (let order = 0; order < 5; order++) await (await fetch(\`http://127.0.0.1:\${port}/\`)).text();
const open = await new Promise<number>((resolve) => {
  warehouse.getConnections((_error, count) => {
    resolve(count);
  });
});
console.log(JSON.stringify(open));
for (const server of [shop, warehouse]) {
  server.closeAllConnections();
  server.close();
}
`,
      },
    });

    expect(proof.before).toBe(5);
    expect(proof.reports).toEqual(['stock.ts:5 concurrency/no-per-request-pool']);
    expect(proof.after).toBe(1);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('two payments no longer run at a time where one was meant', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'payments.ts': `
import pLimit from 'p-limit';
import { gate } from './gate.js';

const running = new Set<string>();
export const most = { atOnce: 0 };

async function charge(order: string): Promise<void> {
  running.add(order);
  most.atOnce = Math.max(most.atOnce, running.size);
  await gate(order);
  running.delete(order);
}

export async function pay(order: string): Promise<void> {
  const limit = pLimit(1);
  await limit(() => charge(order));
}
`,
        'main.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { release } from './gate.js';
import { most, pay } from './payments.js';

const server = createServer((request, response) => {
  pay(request.url ?? '').then(
    () => response.end(),
    () => response.writeHead(502).end(),
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const paid = Promise.all(['march', 'april'].map((order) => fetch(\`http://127.0.0.1:\${port}/\${order}\`)));
await release('/march', '/april');
await paid;
console.log(JSON.stringify(most.atOnce));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toBe(2);
    expect(proof.reports).toEqual(['payments.ts:16 concurrency/no-per-request-pool']);
    expect(proof.after).toBe(1);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
