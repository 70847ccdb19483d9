import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('require-pool-reset', { timeout: 300_000 }, () => {
  test('a pooled order shows no request the items of another any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      files: {
        'orders.ts': `
export class Order {
  items: string[] = [];
  customer?: string;
}

export class OrderPool {
  readonly #free: Order[] = [];

  acquire(): Order {
    return this.#free.pop() ?? new Order();
  }

  release(order: Order): void {
    this.#free.push(order);
  }
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { OrderPool } from './orders.js';

const orders = new OrderPool();

export const server = createServer((request, response) => {
  const [, item = '', customer] = (request.url ?? '').split('/');
  const order = orders.acquire();
  order.items.push(item);
  if (customer !== undefined) order.customer = customer;
  response.end(JSON.stringify(order));
  orders.release(order);
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers: unknown[] = [];
for (const path of ['ring/mia', 'pen']) {
  const response = await fetch(\`http://127.0.0.1:\${port}/\${path}\`);
  answers.push(await response.json());
}
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual([
      { items: ['ring'], customer: 'mia' },
      { items: ['ring', 'pen'], customer: 'mia' },
    ]);
    expect(proof.reports).toEqual(['orders.ts:15 concurrency/require-pool-reset']);
    expect(proof.after).toEqual([{ items: ['ring'], customer: 'mia' }, { items: ['pen'] }]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('the same where only the class can reach its state, by the suggested method', async () => {
    const proof = await prove({
      main: 'main.ts',
      deadline: 90_000,
      suggestion: 'Give `Basket` a `reset` method, and call it here.',
      files: {
        'baskets.ts': `
class Basket {
  readonly #items = new Map<string, number>();

  add(sku: string, count: number): void {
    this.#items.set(sku, count);
  }

  list(): string[] {
    return [...this.#items.keys()];
  }
}

const free: Basket[] = [];

export function takeBasket(): Basket {
  return free.pop() ?? new Basket();
}

export function giveBasket(basket: Basket): void {
  free.push(basket);
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { giveBasket, takeBasket } from './baskets.js';

export const server = createServer((request, response) => {
  const basket = takeBasket();
  try {
    basket.add((request.url ?? '').slice(1), 1);
    response.end(JSON.stringify(basket.list()));
  } finally {
    giveBasket(basket);
  }
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const answers: unknown[] = [];
for (const path of ['ring', 'pen']) {
  const response = await fetch(\`http://127.0.0.1:\${port}/\${path}\`);
  answers.push(await response.json());
}
console.log(JSON.stringify(answers));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual([['ring'], ['ring', 'pen']]);
    expect(proof.reports).toEqual(['baskets.ts:21 concurrency/require-pool-reset']);
    expect(proof.after).toEqual([['ring'], ['pen']]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
