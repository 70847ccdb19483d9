import { describe, expect, test } from 'vitest';
import { SERVICE } from './answering-service.ts';
import { prove } from './harness.ts';

/** `charges.ts`: charges when the gate is opened, and counts how many orders are charged at once. */
const CHARGES = `
import { gate } from './gate.js';

let inside = 0;
export let most = 0;

export async function charge(order: string): Promise<void> {
  inside++;
  most = Math.max(most, inside);
  await gate(order);
  inside--;
}
`;

describe('require-lock-release', { timeout: 120_000 }, () => {
  test('a lock whose holder failed lets the next one in', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'service.ts': SERVICE,
        'stock.ts': `
import { Mutex } from 'async-mutex';

const mutex = new Mutex();
let left = 1;

async function charge(card: string): Promise<void> {
  await Promise.resolve();
  if (card === 'expired') throw new Error('card expired');
}

export async function buy(card: string): Promise<string> {
  const release = await mutex.acquire();
  if (left === 0) {
    release();
    return 'sold out';
  }
  await charge(card);
  left--;
  release();
  return 'bought';
}
`,
        'main.ts': `
import { serve } from './service.js';
import { buy } from './stock.js';

console.log(JSON.stringify(await serve(buy, ['expired', 'valid', 'valid'])));
`,
      },
    });

    expect(proof.before).toEqual(['card expired', 'waits for ever', 'waits for ever']);
    expect(proof.reports).toEqual(['stock.ts:13 concurrency/require-lock-release']);
    expect(proof.after).toEqual(['card expired', 'bought', 'sold out']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a refused order gives back a permit that it never had, and two orders charge at once', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'charges.ts': CHARGES,
        'orders.ts': `
import { Sema } from 'async-sema';
import { charge } from './charges.js';

const till = new Sema(1);

async function check(order: string): Promise<void> {
  await Promise.resolve();
  if (order === 'refused') throw new Error('refused');
}

export async function pay(order: string): Promise<void> {
  try {
    await check(order);
    await till.acquire();
    await charge(order);
  } finally {
    till.release();
  }
}
`,
        'main.ts': `
import { most } from './charges.js';
import { arrived, release } from './gate.js';
import { pay } from './orders.js';

const first = pay('first');
await arrived('first');
await pay('refused').catch(() => undefined);
const second = pay('second');
await arrived('second');
await release('first', 'second');
await Promise.all([first, second]);
console.log(JSON.stringify(most));
`,
      },
    });

    expect(proof.before).toBe(2);
    expect(proof.reports).toEqual(['orders.ts:15 concurrency/require-lock-release']);
    expect(proof.after).toBe(1);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a second release lets two orders charge at once', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'charges.ts': CHARGES,
        'orders.ts': `
import { Sema } from 'async-sema';
import { charge } from './charges.js';

const till = new Sema(1);

export async function pay(order: string): Promise<void> {
  await till.acquire();
  try {
    await charge(order);
    till.release();
  } finally {
    till.release();
  }
}
`,
        'main.ts': `
import { most } from './charges.js';
import { arrived, release } from './gate.js';
import { pay } from './orders.js';

await Promise.all([pay('first'), release('first')]);
const rest = [pay('second'), pay('third')];
await arrived('second', 'third');
await release('second', 'third');
await Promise.all(rest);
console.log(JSON.stringify(most));
`,
      },
    });

    expect(proof.before).toBe(2);
    expect(proof.reports).toEqual(['orders.ts:13 concurrency/require-lock-release']);
    expect(proof.after).toBe(1);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an order that takes its own lock again never ends, and is answered when its part needs none', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Call the part of `take` that runs under the lock, as a method of its own.',
      files: {
        'service.ts': SERVICE,
        'stock.ts': `
import { Mutex } from 'async-mutex';

class Stock {
  readonly #mutex = new Mutex();
  #left = 5;

  async take(count: number): Promise<number> {
    return this.#mutex.runExclusive(async () => {
      await Promise.resolve();
      this.#left -= count;
      return this.#left;
    });
  }

  async takePair(): Promise<number> {
    return this.#mutex.runExclusive(async () => {
      await this.take(1);
      this.#left -= 1;
      return this.#left;
    });
  }
}

const stock = new Stock();

export async function buy(order: string): Promise<string> {
  const left = order === 'one' ? await stock.take(1) : await stock.takePair();
  return \`\${String(left)} left\`;
}
`,
        'main.ts': `
import { serve } from './service.js';
import { buy } from './stock.js';

console.log(JSON.stringify(await serve(buy, ['one', 'two', 'one'])));
`,
      },
    });

    expect(proof.before).toEqual(['4 left', 'waits for ever', 'waits for ever']);
    expect(proof.reports).toEqual(['stock.ts:18 concurrency/require-lock-release']);
    expect(proof.after).toEqual(['4 left', '2 left', '1 left']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });
});
