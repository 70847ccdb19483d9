import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-nonatomic-update', { timeout: 120_000 }, () => {
  test('a counter of a server loses no request any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import { gate } from './gate.js';

let bytesServed = 0;

async function archive(invoice: string): Promise<number> {
  await gate(invoice);
  return invoice.length;
}

export const server = createServer(async (request, response) => {
  const invoice = (request.url ?? '').slice(1);
  bytesServed += await archive(invoice);
  response.end(String(bytesServed));
});

export function served(): number {
  return bytesServed;
}
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { served, server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers = ['march', 'april'].map((invoice) => fetch(\`http://127.0.0.1:\${port}/\${invoice}\`));
await arrived('april', 'march');
await release('april', 'march');
await Promise.all(answers);
console.log(JSON.stringify(served()));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toBe(5);
    expect(proof.reports).toEqual(['server.ts:14 concurrency/no-nonatomic-update']);
    expect(proof.after).toBe(10);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a field of the one instance that all requests share adds up', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'billing.ts': `
import { gate } from './gate.js';

class Billing {
  #collected = 0;

  async charge(order: string): Promise<void> {
    const before = this.#collected;
    await gate(order);
    this.#collected = before + 25;
  }

  collected(): number {
    return this.#collected;
  }
}

export const billing = new Billing();
`,
        'server.ts': `
import { createServer } from 'node:http';
import { billing } from './billing.js';

export const server = createServer(async (request, response) => {
  await billing.charge((request.url ?? '').slice(1));
  response.end();
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { billing } from './billing.js';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers = ['order-1', 'order-2', 'order-3'].map((order) => fetch(\`http://127.0.0.1:\${port}/\${order}\`));
await arrived('order-2', 'order-3', 'order-1');
await release('order-2', 'order-3', 'order-1');
await Promise.all(answers);
console.log(JSON.stringify(billing.collected()));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toBe(25);
    expect(proof.reports).toEqual(['billing.ts:10 concurrency/no-nonatomic-update']);
    expect(proof.after).toBe(75);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an entry of a Map keeps what two requests of one customer add', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import { gate } from './gate.js';

const spentBy = new Map<string, number>();

async function priceOf(order: string): Promise<number> {
  await gate(order);
  return 40;
}

export const server = createServer(async (request, response) => {
  const [, customer = '', order = ''] = (request.url ?? '').split('/');
  spentBy.set(customer, (spentBy.get(customer) ?? 0) + (await priceOf(order)));
  response.end();
});

export function spent(): Record<string, number> {
  return Object.fromEntries(spentBy);
}
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server, spent } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers = ['book', 'pen'].map((order) => fetch(\`http://127.0.0.1:\${port}/mia/\${order}\`));
await arrived('pen', 'book');
await release('pen', 'book');
await Promise.all(answers);
console.log(JSON.stringify(spent()));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual({ mia: 40 });
    expect(proof.reports).toEqual(['server.ts:14 concurrency/no-nonatomic-update']);
    expect(proof.after).toEqual({ mia: 80 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('the sum of a report that reads all branches at once is whole', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'report.ts': `
import { gate } from './gate.js';

const turnover: Record<string, number> = { berlin: 100, lisbon: 20, oslo: 3 };

async function turnoverOf(branch: string): Promise<number> {
  await gate(branch);
  return turnover[branch] ?? 0;
}

export async function report(branches: readonly string[]): Promise<number> {
  let total = 0;
  await Promise.all(
    branches.map(async (branch) => {
      total += await turnoverOf(branch);
    }),
  );
  return total;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { report } from './report.js';

export const server = createServer(async (_request, response) => {
  response.end(JSON.stringify(await report(['berlin', 'lisbon', 'oslo'])));
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answer = fetch(\`http://127.0.0.1:\${port}/\`);
await arrived('oslo', 'berlin', 'lisbon');
await release('oslo', 'berlin', 'lisbon');
console.log(await (await answer).text());
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toBe(20);
    expect(proof.reports).toEqual(['report.ts:15 concurrency/no-nonatomic-update']);
    expect(proof.after).toBe(123);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
