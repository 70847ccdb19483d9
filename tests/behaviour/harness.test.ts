import { expect, test } from 'vitest';
import { prove } from './harness.ts';

const SLOW = 120_000;

test('a driven interleaving loses an update on every run', { timeout: SLOW }, async () => {
  const proof = await prove({
    main: 'main.ts',
    files: {
      'stock.ts': `
import { gate } from './gate.js';

export const stock = { left: 10 };

export async function take(order: string, pieces: number): Promise<void> {
  const { left } = stock;
  await gate(order);
  Object.assign(stock, { left: left - pieces });
}
`,
      'main.ts': `
import { release } from './gate.js';
import { stock, take } from './stock.js';

const orders = [take('first', 1), take('second', 4)];
await release('second', 'first');
await Promise.all(orders);
console.log(JSON.stringify(stock.left));
`,
    },
  });

  expect(proof.before).toBe(9);
});

test(
  'a program that serialises its updates is not held up at gates it has not reached',
  { timeout: SLOW },
  async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'main.ts': `
import { gate, release } from './gate.js';

const served: string[] = [];
async function inTurn(): Promise<void> {
  for (const order of ['first', 'second']) {
    await gate(order);
    served.push(order);
  }
}
const done = inTurn();
await release('second', 'first');
await done;
console.log(JSON.stringify(served));
`,
      },
    });

    expect(proof.before).toEqual(['first', 'second']);
    expect(proof.typeErrors).toEqual([]);
  },
);

test(
  'a program that ends in an error and a program that does not compile are told apart',
  { timeout: SLOW },
  async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'main.ts': `
const port: number = 'eighty';
throw new Error(\`cannot listen on \${port}\`);
`,
      },
    });

    expect(proof.before).toMatchObject({
      failed: 1,
      errors: expect.stringContaining('cannot listen on eighty') as string,
    });
    expect(proof.typeErrors).toEqual([`src/main.ts:2 Type 'string' is not assignable to type 'number'.`]);
  },
);
