import rule from '../../src/rules/require-background-catch.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a call in a handler that nobody awaits', {
    code: `
declare function recordAudit(user: string, subject: string): Promise<void>;
export async function removeParcel(user: string, id: string): Promise<{ ok: boolean }> {
  recordAudit(user, id);
  return { ok: true };
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'recordAudit(user, id)',
        data: { task: '`recordAudit(user, id)`', cause: '`recordAudit` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function recordAudit(user: string, subject: string): Promise<void>;
export async function removeParcel(user: string, id: string): Promise<{ ok: boolean }> {
  await recordAudit(user, id);
  return { ok: true };
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function recordAudit(user: string, subject: string): Promise<void>;
export async function removeParcel(user: string, id: string): Promise<{ ok: boolean }> {
  recordAudit(user, id).catch((error: unknown) => { console.error(error); });
  return { ok: true };
}
`,
          },
        ],
      },
    ],
  });

  reports('a call that may give nothing, where the compiler does not look for nothing', {
    code: `
declare function ship(order: string): Promise<void> | void;
export async function pay(order: string): Promise<void> {
  ship(order);
}
`,
    compilerOptions: { strict: false },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void> | void;
export async function pay(order: string): Promise<void> {
  await ship(order);
}
`,
          },
        ],
      },
    ],
  });

  reports('a call in a function that cannot wait', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a call inside a `try`, whose `catch` does not see it', {
    code: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    ship(order);
  } catch (error) {
    console.error(error);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    console.error(error);
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    ship(order).catch((error: unknown) => { console.error(error); });
  } catch (error) {
    console.error(error);
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a call in a `finally`', {
    code: `
declare function ship(order: string): Promise<void>;
declare function unlock(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } finally {
    unlock(order);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'unlock(order)',
        data: { task: '`unlock(order)`', cause: '`unlock` on line 8' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
declare function unlock(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } finally {
    await unlock(order);
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function unlock(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } finally {
    unlock(order).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a call in a loop without braces', {
    code: `
declare function ship(order: string): Promise<void>;
export async function payAll(orders: readonly string[]): Promise<void> {
  for (const order of orders) ship(order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export async function payAll(orders: readonly string[]): Promise<void> {
  for (const order of orders) await ship(order);
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function payAll(orders: readonly string[]): Promise<void> {
  for (const order of orders) ship(order).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a call in a labelled block and in the clauses of a `switch`', {
    code: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: number): void {
  paying: {
    if (kind === 0) break paying;
    ship(order);
  }
  switch (kind) {
    case 1:
      bill(order);
      break;
    default:
      if (kind > 2) bill(order + kind);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: number): void {
  paying: {
    if (kind === 0) break paying;
    ship(order).catch((error: unknown) => { console.error(error); });
  }
  switch (kind) {
    case 1:
      bill(order);
      break;
    default:
      if (kind > 2) bill(order + kind);
  }
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'bill(order)',
        data: { task: '`bill(order)`', cause: '`bill` on line 11' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: number): void {
  paying: {
    if (kind === 0) break paying;
    ship(order);
  }
  switch (kind) {
    case 1:
      bill(order).catch((error: unknown) => { console.error(error); });
      break;
    default:
      if (kind > 2) bill(order + kind);
  }
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'bill(order + kind)',
        data: { task: '`bill(order + kind)`', cause: '`bill` on line 14' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: number): void {
  paying: {
    if (kind === 0) break paying;
    ship(order);
  }
  switch (kind) {
    case 1:
      bill(order);
      break;
    default:
      if (kind > 2) bill(order + kind).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('the parts of conditionals, commas and logical operators', {
    code: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: string): void {
  kind === 'a' ? ship(order) : kind === 'b' ? bill(order) : undefined;
  kind === 'c' && ship('c');
  (kind === 'd' || bill('d'), console.log(order));
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: string): void {
  kind === 'a' ? ship(order).catch((error: unknown) => { console.error(error); }) : kind === 'b' ? bill(order) : undefined;
  kind === 'c' && ship('c');
  (kind === 'd' || bill('d'), console.log(order));
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'bill(order)',
        data: { task: '`bill(order)`', cause: '`bill` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: string): void {
  kind === 'a' ? ship(order) : kind === 'b' ? bill(order).catch((error: unknown) => { console.error(error); }) : undefined;
  kind === 'c' && ship('c');
  (kind === 'd' || bill('d'), console.log(order));
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: "ship('c')",
        data: { task: "`ship('c')`", cause: '`ship` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: string): void {
  kind === 'a' ? ship(order) : kind === 'b' ? bill(order) : undefined;
  kind === 'c' && ship('c').catch((error: unknown) => { console.error(error); });
  (kind === 'd' || bill('d'), console.log(order));
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: "bill('d')",
        data: { task: "`bill('d')`", cause: '`bill` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export function pay(order: string, kind: string): void {
  kind === 'a' ? ship(order) : kind === 'b' ? bill(order) : undefined;
  kind === 'c' && ship('c');
  (kind === 'd' || bill('d').catch((error: unknown) => { console.error(error); }), console.log(order));
}
`,
          },
        ],
      },
    ],
  });

  reports('a promise that may be missing', {
    code: `
declare function find(order: string): Promise<void> | undefined;
export async function pay(order: string): Promise<void> {
  find(order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'find(order)',
        data: { task: '`find(order)`', cause: '`find` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function find(order: string): Promise<void> | undefined;
export async function pay(order: string): Promise<void> {
  await find(order);
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function find(order: string): Promise<void> | undefined;
export async function pay(order: string): Promise<void> {
  find(order)?.catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a method of something optional', {
    code: `
import { readFile } from 'node:fs/promises';
class Cache {
  async warm(path: string): Promise<void> {
    await readFile(path);
  }
}
export class Orders {
  cache?: Cache;
  pay(path: string): void {
    this.cache?.warm(path);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'this.cache?.warm(path)',
        data: { task: '`this.cache?.warm(path)`', cause: '`readFile` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
class Cache {
  async warm(path: string): Promise<void> {
    await readFile(path);
  }
}
export class Orders {
  cache?: Cache;
  pay(path: string): void {
    this.cache?.warm(path).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a step of an async generator', {
    code: `
declare function rowsOf(page: number): Promise<string[]>;
async function* rows(): AsyncGenerator<string> {
  for (let page = 0; ; page++) yield* await rowsOf(page);
}
export function warm(): void {
  rows().next();
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'rows().next()',
        data: { task: '`rows().next()`', cause: '`rows().next` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function rowsOf(page: number): Promise<string[]>;
async function* rows(): AsyncGenerator<string> {
  for (let page = 0; ; page++) yield* await rowsOf(page);
}
export function warm(): void {
  rows().next().catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('promises joined and raced', {
    code: `
declare function ship(order: string): Promise<void>;
export function payAll(orders: readonly string[]): void {
  Promise.all(orders.map((order) => ship(order)));
  void Promise.race([ship('first'), ship('second')]);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'Promise.all(orders.map((order) => ship(order)))',
        data: { task: '`Promise.all(…)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function payAll(orders: readonly string[]): void {
  Promise.all(orders.map((order) => ship(order))).catch((error: unknown) => { console.error(error); });
  void Promise.race([ship('first'), ship('second')]);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: "Promise.race([ship('first'), ship('second')])",
        data: { task: "`Promise.race([ship('first'), ship('second')])`", cause: '`ship` on line 5' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function payAll(orders: readonly string[]): void {
  Promise.all(orders.map((order) => ship(order)));
  void Promise.race([ship('first'), ship('second')]).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('a chain built by `reduce`', {
    code: `
declare function ship(order: string): Promise<void>;
export function payAll(orders: readonly string[]): void {
  orders.reduce((before, order) => before.then(() => ship(order)), Promise.resolve());
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'orders.reduce((before, order) => before.then(() => ship(order)), Promise.resolve())',
        data: { task: '`orders.reduce(…)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function payAll(orders: readonly string[]): void {
  orders.reduce((before, order) => before.then(() => ship(order)), Promise.resolve()).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a promise that a callback of `Promise.all` drops', {
    code: `
declare function priceOf(order: string): Promise<number>;
declare function ship(order: string): Promise<void>;
export async function pricesOf(orders: readonly string[]): Promise<number[]> {
  return Promise.all(
    orders.map(async (order) => {
      ship(order);
      return priceOf(order);
    }),
  );
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 7' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function priceOf(order: string): Promise<number>;
declare function ship(order: string): Promise<void>;
export async function pricesOf(orders: readonly string[]): Promise<number[]> {
  return Promise.all(
    orders.map(async (order) => {
      await ship(order);
      return priceOf(order);
    }),
  );
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function priceOf(order: string): Promise<number>;
declare function ship(order: string): Promise<void>;
export async function pricesOf(orders: readonly string[]): Promise<number[]> {
  return Promise.all(
    orders.map(async (order) => {
      ship(order).catch((error: unknown) => { console.error(error); });
      return priceOf(order);
    }),
  );
}
`,
          },
        ],
      },
    ],
  });

  reports('requests that are sent and forgotten', {
    code: `
export function notify(url: string): void {
  fetch(url, { method: 'POST' });
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "fetch(url, { method: 'POST' })",
        data: { task: "`fetch(url, { method: 'POST' })`", cause: '`fetch` on line 3' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
export function notify(url: string): void {
  fetch(url, { method: 'POST' }).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('`void` of a call', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 4' } }],
    output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('`void` in a function that could wait', {
    code: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  void ship(order);
  return order;
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  await ship(order);
  return order;
}
`,
          },
        ],
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  void ship(order).catch((error: unknown) => { console.error(error); });
  return order;
}
`,
  });

  reports('`void` as the body of an arrow function, behind `return`, and in a field', {
    code: `
declare function ship(order: string): Promise<void>;
export const pay = (order: string): void => void ship(order);
export function payLater(order: string): void {
  return void ship(order);
}
export class Orders {
  readonly started = void ship('first');
}
`,
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 3, data: { task: '`ship(order)`', cause: '`ship` on line 3' } },
      { messageId: 'promise', on: 'ship(order)', line: 5, data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      { messageId: 'promise', on: "ship('first')", data: { task: "`ship('first')`", cause: '`ship` on line 8' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export const pay = (order: string): void => void ship(order).catch((error: unknown) => { console.error(error); });
export function payLater(order: string): void {
  return void ship(order).catch((error: unknown) => { console.error(error); });
}
export class Orders {
  readonly started = void ship('first').catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('`void` of a choice', {
    code: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export async function pay(order: string, isBilled: boolean): Promise<void> {
  void (isBilled ? ship(order) : bill(order));
}
`,
    errors: [
      { messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      { messageId: 'promise', on: 'bill(order)', data: { task: '`bill(order)`', cause: '`bill` on line 5' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
declare function bill(order: string): Promise<void>;
export async function pay(order: string, isBilled: boolean): Promise<void> {
  void (isBilled ? ship(order).catch((error: unknown) => { console.error(error); }) : bill(order).catch((error: unknown) => { console.error(error); }));
}
`,
  });

  reports('`void` of a variable that nothing else looks at', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  const shipped = ship(order);
  void shipped;
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 4' } }],
    output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  const shipped = ship(order).catch((error: unknown) => { console.error(error); });
  void shipped;
}
`,
  });

  reports('a promise in a variable that nobody looks at', {
    code: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  const shipped = ship(order);
  return order;
}
`,
    compilerOptions: { noUnusedLocals: false },
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  const shipped = await ship(order);
  return order;
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<string> {
  const shipped = ship(order).catch((error: unknown) => { console.error(error); });
  return order;
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for a promise in a variable that is awaited later', {
    code: `
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  const shipped = ship(order);
  console.log(order);
  await shipped;
}
`,
  });

  reports('an async callback of `setTimeout`', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    await ship(order);
  }, 1000);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 5' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  }, 1000);
}
`,
  });

  reports('a callback of `setImmediate` that returns a promise', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setImmediate(() => ship(order));
}
`,
    errors: [
      { messageId: 'callback', on: '=>', data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 4' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setImmediate(() => ship(order).catch((error: unknown) => { console.error(error); }));
}
`,
  });

  reports('a function without a body, with what `process.nextTick` gives it', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(): void {
  process.nextTick(ship, 'order-1');
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'ship',
        line: 4,
        data: { task: '`ship`, the callback of `process.nextTick`,', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function later(): void {
  process.nextTick((...given: Parameters<typeof ship>) => ship(...given).catch((error: unknown) => { console.error(error); }), 'order-1');
}
`,
          },
        ],
      },
    ],
  });

  reports('a named function given to `queueMicrotask`', {
    code: `
declare function ship(order: string): Promise<void>;
async function shipNext(): Promise<void> {
  await ship('next');
}
export function later(): void {
  queueMicrotask(shipNext);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'shipNext',
        line: 7,
        data: { task: '`shipNext`, the callback of `queueMicrotask`,', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'insideNamed',
            data: { name: 'shipNext' },
            output: `
declare function ship(order: string): Promise<void>;
async function shipNext(): Promise<void> {
  try {
    await ship('next');
  } catch (error: unknown) {
    console.error(error);
  }
}
export function later(): void {
  queueMicrotask(shipNext);
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
async function shipNext(): Promise<void> {
  await ship('next');
}
export function later(): void {
  queueMicrotask(() => shipNext().catch((error: unknown) => { console.error(error); }));
}
`,
          },
        ],
      },
    ],
  });

  reports('intervals with bodies on one line', {
    code: `
declare function ship(order: string): Promise<void>;
export const polling = [
  setInterval(async () => { await ship('block'); }, 60_000),
  setInterval(async () => await ship('awaited'), 60_000),
  setInterval(async () => ship('returned'), 60_000),
];
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 4,
        data: { task: 'This callback of `setInterval`', cause: '`ship` on line 4' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 5,
        data: { task: 'This callback of `setInterval`', cause: '`ship` on line 5' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This callback of `setInterval`', cause: '`ship` on line 6' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export const polling = [
  setInterval(async () => {
    try {
      await ship('block');
    } catch (error: unknown) {
      console.error(error);
    }
  }, 60_000),
  setInterval(async () => {
    try {
      await ship('awaited');
    } catch (error: unknown) {
      console.error(error);
    }
  }, 60_000),
  setInterval(async () => {
    try {
      await ship('returned');
    } catch (error: unknown) {
      console.error(error);
    }
  }, 60_000),
];
`,
  });

  reports('an interval over a method of the class', {
    code: `
import { Injectable } from '@nestjs/common';
declare function ship(order: string): Promise<void>;
@Injectable()
export class Sweeper {
  #timer?: NodeJS.Timeout;

  onModuleInit(): void {
    this.#timer = setInterval(() => this.sweep(), 1000);
  }

  async sweep(): Promise<void> {
    await ship('next');
    this.#timer?.unref();
  }
}
`,
    errors: [
      { messageId: 'callback', on: '=>', data: { task: 'This callback of `setInterval`', cause: '`ship` on line 13' } },
    ],
    output: `
import { Injectable } from '@nestjs/common';
declare function ship(order: string): Promise<void>;
@Injectable()
export class Sweeper {
  #timer?: NodeJS.Timeout;

  onModuleInit(): void {
    this.#timer = setInterval(() => this.sweep().catch((error: unknown) => { console.error(error); }), 1000);
  }

  async sweep(): Promise<void> {
    await ship('next');
    this.#timer?.unref();
  }
}
`,
  });

  reports('an async listener of an emitter', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', async (raw: string) => {
  const { id } = JSON.parse(raw) as { id: string };
  await ship(id);
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This listener of `order`', cause: '`JSON.parse` on line 6' },
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', async (raw: string) => {
  try {
    const { id } = JSON.parse(raw) as { id: string };
    await ship(id);
  } catch (error: unknown) {
    console.error(error);
  }
});
`,
  });

  reports('a function expression that listens once', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.once('order', async function (id: string) {
  await ship(id);
});
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `order`', cause: '`ship` on line 6' } },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.once('order', async function (id: string) {
  try {
    await ship(id);
  } catch (error: unknown) {
    console.error(error);
  }
});
`,
  });

  reports('listeners of a stream, a socket and the lines of a file', {
    code: `
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
declare function ship(order: string): Promise<void>;
export function follow(orders: Readable): void {
  orders.on('data', async (chunk: Buffer) => {
    await ship(chunk.toString());
  });
  createInterface({ input: orders }).on('line', async (line) => {
    await ship(line);
  });
}
export const server = createServer((socket) => {
  socket.on('data', async (chunk) => {
    await ship(String(chunk));
    socket.write('ok');
  });
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This listener of `data`', cause: '`ship` on line 8' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 10,
        data: { task: 'This listener of `line`', cause: '`ship` on line 11' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 15,
        data: { task: 'This listener of `data`', cause: '`ship` on line 16' },
      },
    ],
    output: `
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
declare function ship(order: string): Promise<void>;
export function follow(orders: Readable): void {
  orders.on('data', async (chunk: Buffer) => {
    try {
      await ship(chunk.toString());
    } catch (error: unknown) {
      console.error(error);
    }
  });
  createInterface({ input: orders }).on('line', async (line) => {
    try {
      await ship(line);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
export const server = createServer((socket) => {
  socket.on('data', async (chunk) => {
    try {
      await ship(String(chunk));
      socket.write('ok');
    } catch (error: unknown) {
      console.error(error);
    }
  });
});
`,
  });

  reports('a message of the parent process, and a warning', {
    code: `
declare function ship(order: string): Promise<void>;
process.on('message', async (order: string) => {
  await ship(order);
});
process.on('warning', (warning) => ship(warning.name));
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `message`', cause: '`ship` on line 4' } },
      {
        messageId: 'callback',
        on: '=>',
        line: 6,
        data: { task: 'This listener of `warning`', cause: '`ship` on line 6' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
process.on('message', async (order: string) => {
  try {
    await ship(order);
  } catch (error: unknown) {
    console.error(error);
  }
});
process.on('warning', (warning) => ship(warning.name).catch((error: unknown) => { console.error(error); }));
`,
  });

  reports('messages of web sockets', {
    code: `
import { type WebSocket, WebSocketServer } from 'ws';
declare function ship(order: string): Promise<void>;
export function serve(server: WebSocketServer): void {
  server.on('connection', (socket) => {
    socket.on('message', async (data) => {
      await ship(String(data));
    });
  });
}
export function listen(socket: WebSocket): void {
  socket.onmessage = async (event) => {
    await ship(String(event.data));
  };
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This listener of `message`', cause: '`ship` on line 7' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 12,
        data: { task: 'This listener `socket.onmessage`', cause: '`ship` on line 13' },
      },
    ],
    output: `
import { type WebSocket, WebSocketServer } from 'ws';
declare function ship(order: string): Promise<void>;
export function serve(server: WebSocketServer): void {
  server.on('connection', (socket) => {
    socket.on('message', async (data) => {
      try {
        await ship(String(data));
      } catch (error: unknown) {
        console.error(error);
      }
    });
  });
}
export function listen(socket: WebSocket): void {
  socket.onmessage = async (event) => {
    try {
      await ship(String(event.data));
    } catch (error: unknown) {
      console.error(error);
    }
  };
}
`,
  });

  reports('a named listener that is assigned', {
    code: `
import { WebSocket } from 'ws';
declare function ship(order: string): Promise<void>;
async function closed(): Promise<void> {
  await ship('last');
}
export function listen(socket: WebSocket): void {
  socket.onclose = closed;
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'closed',
        line: 8,
        data: { task: '`closed`, the listener `socket.onclose`,', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'insideNamed',
            data: { name: 'closed' },
            output: `
import { WebSocket } from 'ws';
declare function ship(order: string): Promise<void>;
async function closed(): Promise<void> {
  try {
    await ship('last');
  } catch (error: unknown) {
    console.error(error);
  }
}
export function listen(socket: WebSocket): void {
  socket.onclose = closed;
}
`,
          },
          {
            messageId: 'catch',
            output: `
import { WebSocket } from 'ws';
declare function ship(order: string): Promise<void>;
async function closed(): Promise<void> {
  await ship('last');
}
export function listen(socket: WebSocket): void {
  socket.onclose = () => closed().catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('messages of a worker, a child process and Socket.IO', {
    code: `
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { Server } from 'socket.io';
declare function ship(order: string): Promise<void>;
export function start(): void {
  new Worker('./packer.js').on('message', async (order: string) => {
    await ship(order);
  });
  spawn('pack').on('exit', async () => await ship('last'));
}
export const io = new Server();
io.on('connection', (socket) => {
  socket.on('pay', async (order: string) => {
    await ship(order);
    socket.emit('paid');
  });
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This listener of `message`', cause: '`ship` on line 8' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 10,
        data: { task: 'This listener of `exit`', cause: '`ship` on line 10' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 14,
        data: { task: 'This listener of `pay`', cause: '`ship` on line 15' },
      },
    ],
    output: `
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { Server } from 'socket.io';
declare function ship(order: string): Promise<void>;
export function start(): void {
  new Worker('./packer.js').on('message', async (order: string) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  spawn('pack').on('exit', async () => {
    try {
      await ship('last');
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
export const io = new Server();
io.on('connection', (socket) => {
  socket.on('pay', async (order: string) => {
    try {
      await ship(order);
      socket.emit('paid');
    } catch (error: unknown) {
      console.error(error);
    }
  });
});
`,
  });

  reports('the listener of an abort signal and of an event target', {
    code: `
declare function ship(order: string): Promise<void>;
export function reserve(order: string, signal: AbortSignal, target: EventTarget): void {
  signal.addEventListener('abort', async () => {
    await ship(order);
  });
  target.addEventListener('order', () => ship(order));
}
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `abort`', cause: '`ship` on line 5' } },
      {
        messageId: 'callback',
        on: '=>',
        line: 7,
        data: { task: 'This listener of `order`', cause: '`ship` on line 7' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function reserve(order: string, signal: AbortSignal, target: EventTarget): void {
  signal.addEventListener('abort', async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  target.addEventListener('order', () => ship(order).catch((error: unknown) => { console.error(error); }));
}
`,
  });

  reports('methods and arrow fields given as listeners', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', this.onOrder);
    bus.on('paid', this.onPaid.bind(this));
    bus.on('sent', (order: string) => void this.onPaid(order));
  }

  private onOrder = async (order: string): Promise<void> => {
    await ship(order);
  };

  private async onPaid(order: string): Promise<void> {
    await ship(order);
    this.onOrder = async () => undefined;
  }
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'this.onOrder',
        line: 6,
        data: { task: '`this.onOrder`, the listener of `order`,', cause: '`ship` on line 12' },
        suggestions: [
          {
            messageId: 'insideNamed',
            data: { name: 'onOrder' },
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', this.onOrder);
    bus.on('paid', this.onPaid.bind(this));
    bus.on('sent', (order: string) => void this.onPaid(order));
  }

  private onOrder = async (order: string): Promise<void> => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  };

  private async onPaid(order: string): Promise<void> {
    await ship(order);
    this.onOrder = async () => undefined;
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', (order) => this.onOrder(order).catch((error: unknown) => { console.error(error); }));
    bus.on('paid', this.onPaid.bind(this));
    bus.on('sent', (order: string) => void this.onPaid(order));
  }

  private onOrder = async (order: string): Promise<void> => {
    await ship(order);
  };

  private async onPaid(order: string): Promise<void> {
    await ship(order);
    this.onOrder = async () => undefined;
  }
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'this.onPaid.bind(this)',
        data: { task: 'This listener of `paid`', cause: '`ship` on line 16' },
        suggestions: [
          {
            messageId: 'insideNamed',
            data: { name: 'onPaid' },
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', this.onOrder);
    bus.on('paid', this.onPaid.bind(this));
    bus.on('sent', (order: string) => void this.onPaid(order));
  }

  private onOrder = async (order: string): Promise<void> => {
    await ship(order);
  };

  private async onPaid(order: string): Promise<void> {
    try {
      await ship(order);
      this.onOrder = async () => undefined;
    } catch (error: unknown) {
      console.error(error);
    }
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', this.onOrder);
    bus.on('paid', (order) => this.onPaid(order).catch((error: unknown) => { console.error(error); }));
    bus.on('sent', (order: string) => void this.onPaid(order));
  }

  private onOrder = async (order: string): Promise<void> => {
    await ship(order);
  };

  private async onPaid(order: string): Promise<void> {
    await ship(order);
    this.onOrder = async () => undefined;
  }
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'this.onPaid(order)',
        data: { task: '`this.onPaid(order)`', cause: '`ship` on line 16' },
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(bus: EventEmitter) {
    bus.on('order', this.onOrder);
    bus.on('paid', this.onPaid.bind(this));
    bus.on('sent', (order: string) => void this.onPaid(order).catch((error: unknown) => { console.error(error); }));
  }

  private onOrder = async (order: string): Promise<void> => {
    await ship(order);
  };

  private async onPaid(order: string): Promise<void> {
    await ship(order);
    this.onOrder = async () => undefined;
  }
}
`,
  });

  reports('members of an object given as listeners', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
const listeners = {
  order: async (order: string): Promise<void> => {
    await ship(order);
  },
  paid(order: string): Promise<void> {
    return ship(order);
  },
};
bus.on('order', listeners.order);
bus.on('paid', listeners.paid);
`,
    errors: [
      {
        messageId: 'callback',
        on: 'listeners.order',
        data: { task: '`listeners.order`, the listener of `order`,', cause: '`ship` on line 7' },
        suggestions: [
          {
            messageId: 'insideNamed',
            data: { name: 'order' },
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
const listeners = {
  order: async (order: string): Promise<void> => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  },
  paid(order: string): Promise<void> {
    return ship(order);
  },
};
bus.on('order', listeners.order);
bus.on('paid', listeners.paid);
`,
          },
          {
            messageId: 'catch',
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
const listeners = {
  order: async (order: string): Promise<void> => {
    await ship(order);
  },
  paid(order: string): Promise<void> {
    return ship(order);
  },
};
bus.on('order', (order) => listeners.order(order).catch((error: unknown) => { console.error(error); }));
bus.on('paid', listeners.paid);
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'listeners.paid',
        data: { task: '`listeners.paid`, the listener of `paid`,', cause: '`ship` on line 10' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
const listeners = {
  order: async (order: string): Promise<void> => {
    await ship(order);
  },
  paid(order: string): Promise<void> {
    return ship(order);
  },
};
bus.on('order', listeners.order);
bus.on('paid', (order) => listeners.paid(order).catch((error: unknown) => { console.error(error); }));
`,
          },
        ],
      },
    ],
  });

  reports('a listener that returns the promise on one of its ways', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', (order: string) => {
  if (order !== '') {
    return ship(order);
  }
  return undefined;
});
`,
    errors: [
      { messageId: 'callback', on: '=>', data: { task: 'This listener of `order`', cause: '`ship` on line 7' } },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', (order: string) => {
  if (order !== '') {
    return ship(order).catch((error: unknown) => { console.error(error); });
  }
  return undefined;
});
`,
  });

  reports('an async handler of `createServer`', {
    code: `
import { createServer } from 'node:http';
declare function orderOf(url: string | undefined): Promise<string>;
export const server = createServer(async (request, response) => {
  response.end(await orderOf(request.url));
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This handler of `createServer`', cause: '`orderOf` on line 5' },
      },
    ],
    output: `
import { createServer } from 'node:http';
declare function orderOf(url: string | undefined): Promise<string>;
export const server = createServer(async (request, response) => {
  try {
    response.end(await orderOf(request.url));
  } catch (error: unknown) {
    console.error(error);
  }
});
`,
  });

  reports('a handler whose framework drops its promise, without `next`', {
    code: `
import express from 'express';
declare function orderOf(id: string): Promise<string>;
export const app = express();
app.get('/orders/:id', async (request, response) => {
  response.json(await orderOf(request.params.id));
});
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'Application.get': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This handler of `app.get`', cause: '`orderOf` on line 6' } },
    ],
    output: `
import express from 'express';
declare function orderOf(id: string): Promise<string>;
export const app = express();
app.get('/orders/:id', async (request, response, next) => {
  try {
    response.json(await orderOf(request.params.id));
  } catch (error: unknown) {
    next(error);
  }
});
`,
  });

  reports('a handler that has `next` already', {
    code: `
import express from 'express';
declare function orderOf(id: string): Promise<string>;
export const router = express.Router();
router.get('/orders/:id', async (request, response, next) => {
  const order = await orderOf(request.params.id);
  if (order === '') return next();
  response.json(order);
});
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'IRouter.get': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This handler of `router.get`', cause: '`orderOf` on line 6' },
      },
    ],
    output: `
import express from 'express';
declare function orderOf(id: string): Promise<string>;
export const router = express.Router();
router.get('/orders/:id', async (request, response, next) => {
  try {
    const order = await orderOf(request.params.id);
    if (order === '') return next();
    response.json(order);
  } catch (error: unknown) {
    next(error);
  }
});
`,
  });

  reports('handlers with one parameter, with none, and one that is not async', {
    code: `
import express, { type Response } from 'express';
declare function audit(url: string): Promise<void>;
declare function render(response: Response, order: string): Promise<void>;
export const app = express();
app.use(async request => { await audit(request.url); });
app.use(async () => { await audit('any'); });
app.get('/orders/:id', (request, response) => render(response, request.params.id));
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'Application.get': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
            'Application.use': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This handler of `app.use`', cause: '`audit` on line 6' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This handler of `app.use`', cause: '`audit` on line 7' },
      },
      {
        messageId: 'callback',
        on: '=>',
        line: 8,
        data: { task: 'This handler of `app.get`', cause: '`render` on line 8' },
      },
    ],
    output: `
import express, { type Response } from 'express';
declare function audit(url: string): Promise<void>;
declare function render(response: Response, order: string): Promise<void>;
export const app = express();
app.use(async (request, _res, next) => {
  try {
    await audit(request.url);
  } catch (error: unknown) {
    next(error);
  }
});
app.use(async (_req, _res, next) => {
  try {
    await audit('any');
  } catch (error: unknown) {
    next(error);
  }
});
app.get('/orders/:id', (request, response, next) => render(response, request.params.id).catch(next));
`,
  });

  reports('a handler of errors', {
    code: `
import express, { type NextFunction, type Request, type Response } from 'express';
declare function render(response: Response, text: string): Promise<void>;
export const app = express();
app.use(async (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  await render(response, String(error));
});
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'Application.use': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This handler of `app.use`', cause: '`render` on line 6' } },
    ],
    output: `
import express, { type NextFunction, type Request, type Response } from 'express';
declare function render(response: Response, text: string): Promise<void>;
export const app = express();
app.use(async (error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  try {
    await render(response, String(error));
  } catch (error: unknown) {
    _next(error);
  }
});
`,
  });

  reports('a named handler', {
    code: `
import express, { type Request, type Response } from 'express';
declare function orderOf(id: string): Promise<string>;
async function showOrder(request: Request, response: Response): Promise<void> {
  response.json(await orderOf(request.url));
}
export const app = express();
app.get('/orders', showOrder);
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'Application.get': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
    errors: [
      {
        messageId: 'callback',
        on: 'showOrder',
        line: 8,
        data: { task: '`showOrder`, the handler of `app.get`,', cause: '`orderOf` on line 5' },
        suggestions: [
          {
            messageId: 'next',
            data: { name: 'next' },
            output: `
import express, { type Request, type Response } from 'express';
declare function orderOf(id: string): Promise<string>;
async function showOrder(request: Request, response: Response): Promise<void> {
  response.json(await orderOf(request.url));
}
export const app = express();
app.get('/orders', (req, res, next) => { showOrder(req, res).catch(next); });
`,
          },
        ],
      },
    ],
  });

  stays('silent for a handler that is wrapped, or hands its error to `next`', {
    code: `
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
declare function orderOf(id: string): Promise<string>;
function wrap(handle: (request: Request, response: Response) => Promise<void>): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    handle(request, response).catch(next);
  };
}
export const app = express();
app.get('/orders/:id', wrap(async (request, response) => {
  response.json(await orderOf(request.url));
}));
app.get('/invoices/:id', async (request, response, next) => {
  try {
    response.json(await orderOf(request.params.id));
  } catch (error) {
    next(error);
  }
});
app.get('/parcels/:id', (request, response, next) => {
  orderOf(request.params.id).then((order) => response.json(order)).catch(next);
});
`,
    settings: {
      entries: [
        {
          from: 'express',
          alsoKnownAs: ['express-serve-static-core'],
          members: {
            'Application.get': { role: 'handler', argument: -1, everyFunction: true, catches: false, rejects: false },
          },
        },
      ],
    },
  });

  stays('silent for handlers of Express 5, Fastify and Hono', {
    code: `
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
declare function orderOf(id: string): Promise<string>;
express().get('/orders/:id', async (request, response) => {
  response.json(await orderOf(request.params.id));
});
const server = fastify();
server.get<{ Params: { id: string } }>('/orders/:id', async (request) => orderOf(request.params.id));
server.addHook('onRequest', async (request) => {
  await orderOf(request.url);
});
new Hono().get('/orders/:id', async (context) => context.text(await orderOf(context.req.param('id'))));
`,
  });

  stays('silent for a worker of BullMQ, which takes the failure of a job', {
    code: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;
export const worker = new Worker('orders', async (job) => {
  await ship(job.name);
});
`,
  });

  reports('an event of a BullMQ worker', {
    code: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;
export const worker = new Worker('orders', async () => undefined);
worker.on('failed', async (job) => {
  await ship(job?.name ?? '');
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 5,
        data: { task: 'This listener of `failed`', cause: '`ship` on line 6' },
      },
    ],
    output: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;
export const worker = new Worker('orders', async () => undefined);
worker.on('failed', async (job) => {
  try {
    await ship(job?.name ?? '');
  } catch (error: unknown) {
    console.error(error);
  }
});
`,
  });

  reports('`forEach` with an async callback', {
    code: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.forEach(async (order) => {
    await ship(order);
  });
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 4,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'inTurn',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  for (const order of orders) {
    await ship(order);
  }
}
`,
          },
          {
            messageId: 'together',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await Promise.all(orders.map(async (order) => {
    await ship(order);
  }));
}
`,
          },
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.forEach(async (order) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('`forEach` of an array that may be missing', {
    code: `
declare const links: { insert(row: { row: string; tag: string }): Promise<void> };
declare function insert(row: string, tag: string): Promise<void>;
export async function link(row: string, tags?: string[]): Promise<string> {
  tags?.forEach(async (tag) => insert(row, tag));
  return row;
}
export { links };
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 5,
        data: { task: 'This callback of `tags?.forEach`', cause: '`insert` on line 5' },
        suggestions: [
          {
            messageId: 'inTurn',
            output: `
declare const links: { insert(row: { row: string; tag: string }): Promise<void> };
declare function insert(row: string, tag: string): Promise<void>;
export async function link(row: string, tags?: string[]): Promise<string> {
  for (const tag of tags ?? []) await insert(row, tag);
  return row;
}
export { links };
`,
          },
          {
            messageId: 'together',
            output: `
declare const links: { insert(row: { row: string; tag: string }): Promise<void> };
declare function insert(row: string, tag: string): Promise<void>;
export async function link(row: string, tags?: string[]): Promise<string> {
  await Promise.all(tags?.map(async (tag) => insert(row, tag)) ?? []);
  return row;
}
export { links };
`,
          },
          {
            messageId: 'inside',
            output: `
declare const links: { insert(row: { row: string; tag: string }): Promise<void> };
declare function insert(row: string, tag: string): Promise<void>;
export async function link(row: string, tags?: string[]): Promise<string> {
  tags?.forEach(async (tag) => {
    try {
      await insert(row, tag);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  return row;
}
export { links };
`,
          },
        ],
      },
    ],
  });

  reports('`forEach` with an index, which no loop replaces', {
    code: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.forEach(async (order, index) => {
    await ship(\`\${order}-\${String(index)}\`);
  });
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 4,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'together',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await Promise.all(orders.map(async (order, index) => {
    await ship(\`\${order}-\${String(index)}\`);
  }));
}
`,
          },
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.forEach(async (order, index) => {
    try {
      await ship(\`\${order}-\${String(index)}\`);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('`forEach` of a `Map` and of a `Set`', {
    code: `
declare function ship(order: string): Promise<void>;
const open = new Map<string, string>();
const late = new Set<string>();
export async function shipAll(): Promise<void> {
  open.forEach(async (order) => {
    await ship(order);
  });
  late.forEach((order) => ship(order));
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This callback of `open.forEach`', cause: '`ship` on line 7' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
const open = new Map<string, string>();
const late = new Set<string>();
export async function shipAll(): Promise<void> {
  open.forEach(async (order) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  late.forEach((order) => ship(order));
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: '=>',
        line: 9,
        data: { task: 'This callback of `late.forEach`', cause: '`ship` on line 9' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
const open = new Map<string, string>();
const late = new Set<string>();
export async function shipAll(): Promise<void> {
  open.forEach(async (order) => {
    await ship(order);
  });
  late.forEach((order) => ship(order).catch((error: unknown) => { console.error(error); }));
}
`,
          },
        ],
      },
    ],
  });

  reports('`map` as a statement', {
    code: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.map(async (order) => {
    await ship(order);
  });
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  orders?.map((order) => ship(order));
}
export function shipNone(orders: readonly string[]): void {
  orders.map(ship);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'orders.map(async (order) => {…',
        data: { task: '`orders.map(…)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'together',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await Promise.all(orders.map(async (order) => {
    await ship(order);
  }));
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  orders?.map((order) => ship(order));
}
export function shipNone(orders: readonly string[]): void {
  orders.map(ship);
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  Promise.all(orders.map(async (order) => {
    await ship(order);
  })).catch((error: unknown) => { console.error(error); });
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  orders?.map((order) => ship(order));
}
export function shipNone(orders: readonly string[]): void {
  orders.map(ship);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'orders?.map((order) => ship(order))',
        data: { task: '`orders?.map(…)`', cause: '`ship` on line 9' },
        suggestions: [
          {
            messageId: 'together',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.map(async (order) => {
    await ship(order);
  });
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  await Promise.all(orders?.map((order) => ship(order)) ?? []);
}
export function shipNone(orders: readonly string[]): void {
  orders.map(ship);
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.map(async (order) => {
    await ship(order);
  });
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  Promise.all(orders?.map((order) => ship(order)) ?? []).catch((error: unknown) => { console.error(error); });
}
export function shipNone(orders: readonly string[]): void {
  orders.map(ship);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'orders.map(ship)',
        data: { task: '`orders.map(ship)`', cause: '`ship` on line 12' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  orders.map(async (order) => {
    await ship(order);
  });
}
export async function shipSome(orders?: readonly string[]): Promise<void> {
  orders?.map((order) => ship(order));
}
export function shipNone(orders: readonly string[]): void {
  Promise.all(orders.map(ship)).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('an async executor', {
    code: `
declare function weigh(order: string): Promise<number>;
export function weightOf(order: string): Promise<number> {
  return new Promise(async (resolve) => {
    const grams = await weigh(order);
    setTimeout(() => resolve(grams), 100);
  });
}
`,
    errors: [{ messageId: 'executor', on: 'async', data: { cause: '`weigh` on line 5' } }],
    output: `
declare function weigh(order: string): Promise<number>;
export function weightOf(order: string): Promise<number> {
  return new Promise(async (resolve, reject) => {
    try {
      const grams = await weigh(order);
      setTimeout(() => resolve(grams), 100);
    } catch (error: unknown) {
      reject(error);
    }
  });
}
`,
  });

  reports('an async executor with both parameters', {
    code: `
declare function weigh(order: string): Promise<number>;
export function weightOf(order: string): Promise<number> {
  return new Promise<number>(async (resolve, reject) => {
    const grams = await weigh(order);
    if (grams === 0) reject(new Error(order));
    else resolve(grams);
  });
}
`,
    errors: [{ messageId: 'executor', on: 'async', data: { cause: '`weigh` on line 5' } }],
    output: `
declare function weigh(order: string): Promise<number>;
export function weightOf(order: string): Promise<number> {
  return new Promise<number>(async (resolve, reject) => {
    try {
      const grams = await weigh(order);
      if (grams === 0) reject(new Error(order));
      else resolve(grams);
    } catch (error: unknown) {
      reject(error);
    }
  });
}
`,
  });

  reports('async executors without parameters and without a block', {
    code: `
declare function weigh(order: string): Promise<number>;
export const forever = (order: string) =>
  new Promise<never>(async () => {
    await weigh(order);
  });
export const weightOf = (order: string) => new Promise<number>(async resolve => resolve(await weigh(order)));
`,
    errors: [
      { messageId: 'executor', on: 'async', line: 4, data: { cause: '`weigh` on line 5' } },
      { messageId: 'executor', on: 'async', line: 7, data: { cause: '`weigh` on line 7' } },
    ],
    output: `
declare function weigh(order: string): Promise<number>;
export const forever = (order: string) =>
  new Promise<never>(async (_resolve, reject) => {
    try {
      await weigh(order);
    } catch (error: unknown) {
      reject(error);
    }
  });
export const weightOf = (order: string) => new Promise<number>(async (resolve, reject) => {
  try {
    resolve(await weigh(order));
  } catch (error: unknown) {
    reject(error);
  }
});
`,
  });

  reports('a promise that a helper in another file drops', {
    code: `
import { inBackground } from './background.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  inBackground(ship(order));
}
`,
    files: {
      'background.ts': `
export function inBackground(task: Promise<void>): void {
  void task;
}
`,
    },
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { inBackground } from './background.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  inBackground(ship(order).catch((error: unknown) => { console.error(error); }));
}
`,
          },
        ],
      },
    ],
  });

  reports('a job that a helper in another file starts and forgets', {
    code: `
import { inBackground } from './background.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  inBackground(async () => {
    await ship(order);
  });
}
`,
    files: {
      'background.ts': `
export function inBackground(job: () => Promise<void>): void {
  void job();
}
`,
    },
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `inBackground`', cause: '`ship` on line 6' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
import { inBackground } from './background.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  inBackground(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('jobs that methods start, put off or hand on', {
    code: `
declare function ship(order: string): Promise<void>;
class Background {
  run(job: () => Promise<void>): void {
    job();
  }
  later(job: () => Promise<void>): void {
    setTimeout(job, 10);
  }
  timed(job: () => Promise<void>): void {
    void this.measured(job);
  }
  private async measured(job: () => Promise<void>): Promise<void> {
    const start = Date.now();
    await job();
    console.log(Date.now() - start);
  }
}
const background = new Background();
export function pay(order: string): void {
  background.run(async () => {
    await ship(order);
  });
  background.later(async () => {
    await ship(order);
  });
  background.timed(async () => {
    await ship(order);
  });
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 21,
        data: { task: 'This callback of `background.run`', cause: '`ship` on line 22' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
class Background {
  run(job: () => Promise<void>): void {
    job();
  }
  later(job: () => Promise<void>): void {
    setTimeout(job, 10);
  }
  timed(job: () => Promise<void>): void {
    void this.measured(job);
  }
  private async measured(job: () => Promise<void>): Promise<void> {
    const start = Date.now();
    await job();
    console.log(Date.now() - start);
  }
}
const background = new Background();
export function pay(order: string): void {
  background.run(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  background.later(async () => {
    await ship(order);
  });
  background.timed(async () => {
    await ship(order);
  });
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 24,
        data: { task: 'This callback of `background.later`', cause: '`ship` on line 25' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
class Background {
  run(job: () => Promise<void>): void {
    job();
  }
  later(job: () => Promise<void>): void {
    setTimeout(job, 10);
  }
  timed(job: () => Promise<void>): void {
    void this.measured(job);
  }
  private async measured(job: () => Promise<void>): Promise<void> {
    const start = Date.now();
    await job();
    console.log(Date.now() - start);
  }
}
const background = new Background();
export function pay(order: string): void {
  background.run(async () => {
    await ship(order);
  });
  background.later(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  background.timed(async () => {
    await ship(order);
  });
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 27,
        data: { task: 'This callback of `background.timed`', cause: '`ship` on line 28' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
class Background {
  run(job: () => Promise<void>): void {
    job();
  }
  later(job: () => Promise<void>): void {
    setTimeout(job, 10);
  }
  timed(job: () => Promise<void>): void {
    void this.measured(job);
  }
  private async measured(job: () => Promise<void>): Promise<void> {
    const start = Date.now();
    await job();
    console.log(Date.now() - start);
  }
}
const background = new Background();
export function pay(order: string): void {
  background.run(async () => {
    await ship(order);
  });
  background.later(async () => {
    await ship(order);
  });
  background.timed(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for helpers that catch, wait, or give the promise back', {
    code: `
import { caught, settled, timed } from './background.ts';
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  caught(async () => {
    await ship(order);
  });
  caught(() => ship(order));
  settled(ship(order));
  await timed(async () => {
    await ship(order);
  });
}
`,
    files: {
      'background.ts': `
export function caught(job: () => Promise<void>): void {
  job().catch((error: unknown) => console.error(error));
}
export function settled(task: Promise<void>): void {
  void logged(task);
}
async function logged(task: Promise<void>): Promise<void> {
  try {
    await task;
  } catch (error) {
    console.error(error);
  }
}
export async function timed(job: () => Promise<void>): Promise<void> {
  await job();
}
`,
    },
  });

  reports('a failure two files away', {
    code: `
import { recordAudit } from './audit.ts';
export async function removeParcel(id: string): Promise<{ ok: boolean }> {
  recordAudit('mia', id);
  return { ok: true };
}
`,
    files: {
      'audit.ts': `
import { insert } from './rows.ts';
export async function recordAudit(user: string, subject: string): Promise<void> {
  await insert({ user, subject });
}
`,
      'rows.ts': `
export async function insert(row: { user: string; subject: string }): Promise<void> {
  if (row.user === '') throw new Error('a row without a user');
}
`,
    },
    errors: [
      {
        messageId: 'promise',
        on: "recordAudit('mia', id)",
        data: { task: "`recordAudit('mia', id)`", cause: 'the `throw` on line 3 of rows.ts' },
        suggestions: [
          {
            messageId: 'await',
            output: `
import { recordAudit } from './audit.ts';
export async function removeParcel(id: string): Promise<{ ok: boolean }> {
  await recordAudit('mia', id);
  return { ok: true };
}
`,
          },
          {
            messageId: 'catch',
            output: `
import { recordAudit } from './audit.ts';
export async function removeParcel(id: string): Promise<{ ok: boolean }> {
  recordAudit('mia', id).catch((error: unknown) => { console.error(error); });
  return { ok: true };
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for `return await` inside a `try`', {
    code: `
declare const store: { put(key: string): Promise<void> };
async function keep(key: string): Promise<void> {
  try {
    return await store.put(key);
  } catch {
    console.error('not kept');
  }
}
export function remember(key: string): void {
  void keep(key);
}
`,
  });

  reports('a `catch` that throws again on one branch', {
    code: `
declare function ship(order: string): Promise<void>;
class Closed extends Error {}
async function tryShip(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    if (!(error instanceof Closed)) throw error;
    console.warn('closed', order);
  }
}
export function pay(order: string): void {
  void tryShip(order);
}
`,
    errors: [
      { messageId: 'promise', on: 'tryShip(order)', data: { task: '`tryShip(order)`', cause: '`ship` on line 6' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
class Closed extends Error {}
async function tryShip(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    if (!(error instanceof Closed)) throw error;
    console.warn('closed', order);
  }
}
export function pay(order: string): void {
  void tryShip(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('a chain without a handler of the rejection', {
    code: `
declare function priceOf(order: string): Promise<number>;
declare function show(price: number): void;
export function quote(order: string): void {
  priceOf(order)
    .then((price) => price * 2)
    .then(show)
    .finally(() => console.log('quoted'));
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'priceOf(order)…',
        data: { task: '`priceOf(order)`', cause: '`priceOf` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function priceOf(order: string): Promise<number>;
declare function show(price: number): void;
export function quote(order: string): void {
  priceOf(order)
    .then((price) => price * 2)
    .then(show)
    .finally(() => console.log('quoted')).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a handler that itself may reject', {
    code: `
declare function ship(order: string): Promise<void>;
declare function recordFailure(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order).catch(async () => {
    await recordFailure(order);
  });
}
`,
    errors: [
      {
        messageId: 'handler',
        on: 'async () => {…',
        data: { task: '`ship(order)`', cause: '`recordFailure` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function recordFailure(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order).catch(async () => {
    await recordFailure(order);
  }).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a handler that throws again', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order).catch((error: unknown) => {
    console.error(error);
    throw error;
  });
}
`,
    errors: [
      {
        messageId: 'handler',
        on: '(error: unknown) => {…',
        data: { task: '`ship(order)`', cause: 'the `throw` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  ship(order).catch((error: unknown) => {
    console.error(error);
    throw error;
  }).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a method given as handler without its `this`', {
    code: `
declare function ship(order: string): Promise<void>;
class Log {
  readonly #lines: string[] = [];
  error(error: unknown): void {
    this.#lines.push(String(error));
  }
}
const log = new Log();
export function pay(order: string): void {
  ship(order).catch(log.error);
}
`,
    errors: [{ messageId: 'unbound', on: 'log.error', data: { handler: 'log.error', task: '`ship(order)`' } }],
    output: `
declare function ship(order: string): Promise<void>;
class Log {
  readonly #lines: string[] = [];
  error(error: unknown): void {
    this.#lines.push(String(error));
  }
}
const log = new Log();
export function pay(order: string): void {
  ship(order).catch((error) => log.error(error));
}
`,
  });

  stays('silent for a method that keeps its `this`', {
    code: `
declare function ship(order: string): Promise<void>;
class Log {
  readonly #lines: string[] = [];
  error(error: unknown): void {
    this.#lines.push(String(error));
  }
}
const log = new Log();
export function pay(order: string): void {
  ship(order).catch(log.error.bind(log));
  ship(order).catch((error: unknown) => log.error(error));
}
`,
  });

  stays('silent for an arrow field given as handler', {
    code: `
declare function ship(order: string): Promise<void>;
class Log {
  readonly #lines: string[] = [];
  error = (error: unknown): void => {
    this.#lines.push(String(error));
  };
}
const log = new Log();
export function pay(order: string): void {
  ship(order).catch(log.error);
}
`,
  });

  reports('an async function called at once that throws again', {
    code: `
class Short extends Error {}
declare function rowOf(bytes: Uint8Array): Promise<string>;
export function decode(bytes: Uint8Array, done: (row: string) => void): void {
  (async () => {
    try {
      done(await rowOf(bytes));
    } catch (error) {
      if (!(error instanceof Short)) throw error;
    }
  })();
}
`,
    errors: [
      {
        messageId: 'promise',
        on: '(async () => {…',
        data: { task: 'This async function', cause: '`rowOf` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
class Short extends Error {}
declare function rowOf(bytes: Uint8Array): Promise<string>;
export function decode(bytes: Uint8Array, done: (row: string) => void): void {
  (async () => {
    try {
      done(await rowOf(bytes));
    } catch (error) {
      if (!(error instanceof Short)) throw error;
    }
  })().catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for an async function called at once that catches', {
    code: `
declare function rowOf(bytes: Uint8Array): Promise<string>;
export function decode(bytes: Uint8Array, done: (row: string) => void): void {
  void (async () => {
    try {
      done(await rowOf(bytes));
    } catch (error) {
      console.error(error);
    }
  })();
}
`,
  });

  stays('silent for an async function called at once with a handler behind', {
    code: `
declare function rowOf(bytes: Uint8Array): Promise<string>;
export function decode(bytes: Uint8Array, done: (row: string) => void): void {
  (async () => {
    done(await rowOf(bytes));
  })().catch((error: unknown) => {
    console.error(error);
  });
}
`,
  });

  reports('arrow fields and static methods', {
    code: `
import { readFile } from 'node:fs/promises';
export class Orders {
  private warm = async (path: string): Promise<void> => {
    await readFile(path);
  };
  static async load(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }
  pay(path: string): void {
    this.warm(path);
    Orders.load(path);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'this.warm(path)',
        data: { task: '`this.warm(path)`', cause: '`readFile` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
export class Orders {
  private warm = async (path: string): Promise<void> => {
    await readFile(path);
  };
  static async load(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }
  pay(path: string): void {
    this.warm(path).catch((error: unknown) => { console.error(error); });
    Orders.load(path);
  }
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'Orders.load(path)',
        data: { task: '`Orders.load(path)`', cause: '`readFile` on line 8' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
export class Orders {
  private warm = async (path: string): Promise<void> => {
    await readFile(path);
  };
  static async load(path: string): Promise<string> {
    return readFile(path, 'utf8');
  }
  pay(path: string): void {
    this.warm(path);
    Orders.load(path).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('functions under other names', {
    code: `
import * as files from 'node:fs/promises';
import { readFile as load } from 'node:fs/promises';
const { unlink } = files;
const drop = unlink;
export function pay(path: string): void {
  load(path);
  files.rm(path);
  drop(path);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'load(path)',
        data: { task: '`load(path)`', cause: '`load` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import * as files from 'node:fs/promises';
import { readFile as load } from 'node:fs/promises';
const { unlink } = files;
const drop = unlink;
export function pay(path: string): void {
  load(path).catch((error: unknown) => { console.error(error); });
  files.rm(path);
  drop(path);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'files.rm(path)',
        data: { task: '`files.rm(path)`', cause: '`files.rm` on line 8' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import * as files from 'node:fs/promises';
import { readFile as load } from 'node:fs/promises';
const { unlink } = files;
const drop = unlink;
export function pay(path: string): void {
  load(path);
  files.rm(path).catch((error: unknown) => { console.error(error); });
  drop(path);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'drop(path)',
        data: { task: '`drop(path)`', cause: '`drop` on line 9' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import * as files from 'node:fs/promises';
import { readFile as load } from 'node:fs/promises';
const { unlink } = files;
const drop = unlink;
export function pay(path: string): void {
  load(path);
  files.rm(path);
  drop(path).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('default exports and re-exports', {
    code: `
import shipping, { shipAll as all } from './index.ts';
export function pay(order: string): void {
  shipping(order);
  all([order]);
}
`,
    files: {
      'index.ts': `
export { default } from './shipping.ts';
export * from './shipping.ts';
`,
      'shipping.ts': `
declare function send(order: string): Promise<void>;
export default async function (order: string): Promise<void> {
  await send(order);
}
export const shipAll = async (orders: readonly string[]): Promise<void> => {
  for (const order of orders) await send(order);
};
`,
    },
    errors: [
      {
        messageId: 'promise',
        on: 'shipping(order)',
        data: { task: '`shipping(order)`', cause: '`send` on line 4 of shipping.ts' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import shipping, { shipAll as all } from './index.ts';
export function pay(order: string): void {
  shipping(order).catch((error: unknown) => { console.error(error); });
  all([order]);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'all([order])',
        data: { task: '`all([order])`', cause: '`send` on line 7 of shipping.ts' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import shipping, { shipAll as all } from './index.ts';
export function pay(order: string): void {
  shipping(order);
  all([order]).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('an abstract method that all subclasses make fail', {
    code: `
abstract class Job {
  protected abstract work(): Promise<void>;
  start(): void {
    this.work();
  }
}
export class Mail extends Job {
  protected async work(): Promise<void> {
    throw new Error('no mail today');
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'this.work()',
        data: { task: '`this.work()`', cause: 'the `throw` on line 10' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
abstract class Job {
  protected abstract work(): Promise<void>;
  start(): void {
    this.work().catch((error: unknown) => { console.error(error); });
  }
}
export class Mail extends Job {
  protected async work(): Promise<void> {
    throw new Error('no mail today');
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for a getter that is only looked at', {
    code: `
declare function connect(): Promise<void>;
export class Client {
  #ready?: Promise<void>;
  get ready(): Promise<void> {
    return (this.#ready ??= connect());
  }
}
export function warm(client: Client): void {
  client.ready;
}
`,
  });

  reports('a loop over events that is started and forgotten', {
    code: `
import { on } from 'node:events';
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
async function follow(): Promise<void> {
  for await (const [order] of on(bus, 'order') as AsyncIterable<[string]>) await ship(order);
}
export function start(): void {
  void follow();
}
`,
    errors: [{ messageId: 'promise', on: 'follow()', line: 10, data: { task: '`follow()`', cause: '`on` on line 7' } }],
    output: `
import { on } from 'node:events';
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
async function follow(): Promise<void> {
  for await (const [order] of on(bus, 'order') as AsyncIterable<[string]>) await ship(order);
}
export function start(): void {
  void follow().catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('work that a handler of a chain starts and forgets', {
    code: `
declare function priceOf(order: string): Promise<number>;
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  await priceOf(order).then(() => {
    ship(order);
  });
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function priceOf(order: string): Promise<number>;
declare function ship(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  await priceOf(order).then(() => {
    ship(order).catch((error: unknown) => { console.error(error); });
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('a method of an object', {
    code: `
declare function ship(order: string): Promise<void>;
export const handler = {
  async pay(order: string): Promise<string> {
    ship(order).then(() => console.log('shipped'));
    return order;
  },
};
`,
    errors: [
      {
        messageId: 'promise',
        on: "ship(order).then(() => console.log('shipped'))",
        data: { task: '`ship(order)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export const handler = {
  async pay(order: string): Promise<string> {
    await ship(order).then(() => console.log('shipped'));
    return order;
  },
};
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export const handler = {
  async pay(order: string): Promise<string> {
    ship(order).then(() => console.log('shipped')).catch((error: unknown) => { console.error(error); });
    return order;
  },
};
`,
          },
        ],
      },
    ],
  });

  reports('a member in brackets', {
    code: `
const jobs = { ship: async (order: string): Promise<void> => { if (order === '') throw new Error('no order'); } };
export function pay(order: string): void {
  jobs['ship'](order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "jobs['ship'](order)",
        data: { task: "`jobs['ship'](order)`", cause: 'the `throw` on line 2' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
const jobs = { ship: async (order: string): Promise<void> => { if (order === '') throw new Error('no order'); } };
export function pay(order: string): void {
  jobs['ship'](order).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('a promise that a failed request rejects', {
    code: `
import { request } from 'node:http';
function ping(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, () => resolve()).on('error', reject).end();
  });
}
export function warm(url: string): void {
  ping(url);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ping(url)',
        data: { task: '`ping(url)`', cause: '`reject` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { request } from 'node:http';
function ping(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    request(url, () => resolve()).on('error', reject).end();
  });
}
export function warm(url: string): void {
  ping(url).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for sleeping', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
export function idle(): void {
  void sleep(100);
  wait(10).then(() => console.log('rested'));
}
`,
  });

  reports('chains that begin with a value', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  Promise.resolve().then(async () => {
    await ship(order);
  });
  Promise.resolve(order).then(ship);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'Promise.resolve().then(async () => {…',
        data: { task: '`Promise.resolve().then(…)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  Promise.resolve().then(async () => {
    await ship(order);
  }).catch((error: unknown) => { console.error(error); });
  Promise.resolve(order).then(ship);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'Promise.resolve(order).then(ship)',
        data: { task: '`Promise.resolve(order).then(ship)`', cause: '`ship` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  Promise.resolve().then(async () => {
    await ship(order);
  });
  Promise.resolve(order).then(ship).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('clean-up in a `catch`', {
    code: `
declare function ship(order: string): Promise<void>;
declare function undo(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    undo(order);
    throw error;
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'undo(order)',
        data: { task: '`undo(order)`', cause: '`undo` on line 8' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
declare function undo(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    await undo(order);
    throw error;
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare function undo(order: string): Promise<void>;
export async function pay(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    undo(order).catch((error: unknown) => { console.error(error); });
    throw error;
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for what has only a `then`', {
    code: `
interface Later { then(done: (value: string) => void): void }
declare function later(): Later;
export function pay(): void {
  later();
}
`,
  });

  reports('a constructor that waits for nothing', {
    code: `
import { readFile } from 'node:fs/promises';
export class Config {
  #text = '';
  constructor(path: string) {
    readFile(path, 'utf8').then((text) => {
      this.#text = text;
    });
  }
  text(): string {
    return this.#text;
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "readFile(path, 'utf8').then((text) => {…",
        data: { task: "`readFile(path, 'utf8')`", cause: '`readFile` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
export class Config {
  #text = '';
  constructor(path: string) {
    readFile(path, 'utf8').then((text) => {
      this.#text = text;
    }).catch((error: unknown) => { console.error(error); });
  }
  text(): string {
    return this.#text;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('an overloaded function', {
    code: `
import { readFile } from 'node:fs/promises';
export function load(path: string): Promise<string>;
export function load(path: string, warm: true): Promise<void>;
export async function load(path: string, warm?: true): Promise<string | void> {
  const text = await readFile(path, 'utf8');
  return warm === true ? undefined : text;
}
export function pay(path: string): void {
  load(path, true);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'load(path, true)',
        data: { task: '`load(path, true)`', cause: '`readFile` on line 6' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
export function load(path: string): Promise<string>;
export function load(path: string, warm: true): Promise<void>;
export async function load(path: string, warm?: true): Promise<string | void> {
  const text = await readFile(path, 'utf8');
  return warm === true ? undefined : text;
}
export function pay(path: string): void {
  load(path, true).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for a callee that logs its error', {
    code: `
declare function ship(order: string): Promise<void>;
async function shipQuietly(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    console.error('not shipped', order, error);
  }
}
export function pay(order: string): void {
  shipQuietly(order);
  void shipQuietly(order);
  setImmediate(() => shipQuietly(order));
}
`,
  });

  stays('silent for a method that stores its error', {
    code: `
declare function ship(order: string): Promise<void>;
class Dispatcher {
  lastError: unknown;
  failures = 0;

  private async send(order: string): Promise<void> {
    try {
      await ship(order);
    } catch (error) {
      this.lastError = error;
      this.failures++;
    }
  }

  dispatch(order: string): void {
    void this.send(order);
  }
}
export const dispatcher = new Dispatcher();
`,
  });

  stays('silent for an arrow function that turns its error into an answer', {
    code: `
declare function ship(order: string): Promise<void>;
const shipped: string[] = [];
const trial = async (order: string): Promise<boolean> => {
  try {
    await ship(order);
    shipped.push(order);
    return true;
  } catch {
    return false;
  } finally {
    shipped.length = 0;
  }
};
export function pay(order: string): void {
  trial(order);
}
`,
  });

  stays('silent for functions that wait only for sound ones', {
    code: `
declare function ship(order: string): Promise<void>;
async function shipQuietly(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    console.error(error);
  }
}
async function shipTwice(order: string): Promise<void> {
  await shipQuietly(order);
  await shipQuietly(order);
}
async function shipBoth(orders: readonly string[]): Promise<void> {
  for (const order of orders) await shipTwice(order);
  await Promise.all(orders.map((order) => shipTwice(order)));
}
export function pay(orders: readonly string[]): void {
  void shipBoth(orders);
}
`,
  });

  stays('silent under a wrapper that swallows', {
    code: `
import { quiet } from './quiet.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void quiet(async () => {
    await ship(order);
  });
  quiet(() => ship(order));
}
`,
    files: {
      'quiet.ts': `
export async function quiet(job: () => Promise<unknown>): Promise<void> {
  try {
    await job();
  } catch (error) {
    console.warn(error);
  }
}
`,
    },
  });

  stays('silent for a listener made by a wrapper that catches', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
function guarded<Given extends unknown[]>(job: (...given: Given) => Promise<void>): (...given: Given) => void {
  return (...given) => {
    job(...given).catch((error: unknown) => console.error(error));
  };
}
const bus = new EventEmitter();
bus.on('order', guarded(async (order: string) => {
  await ship(order);
}));
`,
  });

  stays('silent for a helper that gives a tuple of result and error', {
    code: `
declare function priceOf(order: string): Promise<number>;
async function attempt<Value>(task: Promise<Value>): Promise<[Value, undefined] | [undefined, unknown]> {
  try {
    return [await task, undefined];
  } catch (error) {
    return [undefined, error];
  }
}
export function warm(order: string): void {
  void attempt(priceOf(order));
}
`,
  });

  stays('silent for `Promise.allSettled`', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(orders: readonly string[]): void {
  void Promise.allSettled(orders.map((order) => ship(order)));
  Promise.allSettled([ship('first'), ship('second')]);
}
`,
  });

  stays('silent behind handlers of the rejection', {
    code: `
declare function ship(order: string): Promise<void>;
declare const log: { warn(text: string): void };
export function pay(order: string): void {
  ship(order).catch(() => undefined);
  ship(order).then(() => log.warn('shipped'), () => log.warn('not shipped'));
  ship(order).catch((error: unknown) => console.error(error)).finally(() => log.warn('over'));
  void ship(order).then(() => log.warn('shipped')).catch(console.error);
}
`,
  });

  stays('silent for async functions that never wait', {
    code: `
const routes: string[] = [];
async function register(path: string): Promise<void> {
  routes.push(path);
}
export function start(): void {
  register('/orders');
  void register('/invoices');
}
`,
  });

  stays('silent for an async method that only conforms to its interface', {
    code: `
interface Plugin { install(): Promise<void> }
const installed: string[] = [];
export class Audit implements Plugin {
  async install(): Promise<void> {
    installed.push('audit');
  }
}
export function start(audit: Audit): void {
  audit.install();
}
`,
  });

  stays('silent for an error that goes to `reject`', {
    code: `
declare function priceOf(order: string): Promise<number>;
async function quote(order: string, resolve: (price: number) => void, reject: (reason: unknown) => void): Promise<void> {
  try {
    resolve(await priceOf(order));
  } catch (error) {
    reject(error);
  }
}
export function quoted(order: string): Promise<number> {
  return new Promise((resolve, reject) => {
    void quote(order, resolve, reject);
  });
}
`,
  });

  stays('silent for errors that go to the one who waits for the job', {
    code: `
declare function priceOf(order: string): Promise<number>;
interface Job { readonly order: string; resolve(price: number): void; reject(reason: unknown): void }
export class Quotes {
  readonly #waiting: Job[] = [];

  quote(order: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject });
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    const job = this.#waiting.shift();
    if (job === undefined) return;
    try {
      job.resolve(await priceOf(job.order));
    } catch (error) {
      job.reject(error);
    }
    void this.#run();
  }
}
`,
  });

  stays('silent for an error that goes to `next`', {
    code: `
import type { NextFunction, Request, Response } from 'express';
declare function orderOf(id: string): Promise<string>;
async function show(request: Request, response: Response, next: NextFunction): Promise<void> {
  try {
    response.json(await orderOf(request.url));
  } catch (error) {
    next(error);
  }
}
export function handle(request: Request, response: Response, next: NextFunction): void {
  void show(request, response, next);
}
`,
  });

  stays('silent for an error that is emitted', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
export class Feed extends EventEmitter {
  start(): void {
    this.run();
  }

  private async run(): Promise<void> {
    try {
      await ship('next');
    } catch (error) {
      this.emit('error', error);
    }
  }
}
`,
  });

  stays('silent for an error that destroys the stream', {
    code: `
import { Readable } from 'node:stream';
declare function rows(): Promise<string[]>;
export class Rows extends Readable {
  override _read(): void {
    rows().then(
      (all) => {
        for (const row of all) this.push(row);
        this.push(null);
      },
      (error: Error) => this.destroy(error),
    );
  }
}
`,
  });

  stays('silent for the call of `main` at the end of a module', {
    code: `
declare function connect(): Promise<void>;
async function main(): Promise<void> {
  await connect();
}
main();
`,
  });

  stays('silent for `void start()` at module level', {
    code: `
declare function connect(): Promise<void>;
async function start(): Promise<void> {
  await connect();
}
void start();
`,
  });

  stays('silent for an async function called at module level', {
    code: `
declare function connect(): Promise<void>;
(async () => {
  await connect();
})();
`,
  });

  stays('silent for query builders', {
    code: `
import { knex } from 'knex';
const db = knex({ client: 'pg' });
export function build(open: boolean): void {
  const query = db('orders').select('*');
  if (open) query.where('open', true);
  query.limit(10);
}
`,
  });

  stays('silent for a hook that need not be waited for', {
    code: `
interface Hooks { onShipped(order: string): void | Promise<void> }
export class Shipping {
  constructor(private readonly hooks: Hooks) {}

  ship(order: string): void {
    this.hooks.onShipped(order);
  }
}
export const counting: Hooks = {
  onShipped(order) {
    console.log(order.length);
  },
};
`,
  });

  stays('silent for a loop that is stored and awaited by `stop`', {
    code: `
declare function poll(): Promise<void>;
export class Poller {
  #running = true;
  #loop: Promise<void> | undefined;

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#running) await poll();
  }
}
`,
  });

  stays('silent for work after the answer that catches its errors', {
    code: `
import { createServer } from 'node:http';
declare function ship(order: string): Promise<void>;
async function work(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (error) {
    console.error(error);
  }
}
export const server = createServer((request, response) => {
  response.writeHead(202).end();
  void work(request.url ?? '');
});
`,
  });

  stays('silent for a queue that goes on by itself', {
    code: `
const queue: string[] = [];
declare function ship(order: string): Promise<void>;
async function next(): Promise<void> {
  const order = queue.shift();
  if (order === undefined) return;
  try {
    await ship(order);
  } catch (error) {
    console.error(error);
  }
  void next();
}
export function enqueue(order: string): void {
  queue.push(order);
  void next();
}
`,
  });

  stays('silent for a recursion that waits for itself', {
    code: `
const queue: string[] = [];
declare function ship(order: string): Promise<void>;
async function drain(): Promise<void> {
  const order = queue.shift();
  if (order === undefined) return;
  await ship(order).catch(() => queue.push(order));
  await drain();
}
export function enqueue(order: string): void {
  queue.push(order);
  drain();
}
`,
  });

  stays('silent for work handed to the platform', {
    code: `
import type { ExecutionContext } from '@cloudflare/workers-types';
import { after } from 'next/server';
declare function ship(order: string): Promise<void>;
export function pay(order: string, execution: ExecutionContext): void {
  execution.waitUntil(ship(order));
  after(async () => {
    await ship(order);
  });
}
`,
    files: {
      'node_modules/next/package.json': '{ "name": "next", "exports": { "./server": "./server.d.ts" } }',
      'node_modules/next/server.d.ts': `export declare function after<T>(task: Promise<T> | (() => T | Promise<T>)): void;
`,
    },
  });

  stays('silent for functions named in `safeWrappers`', {
    code: `
declare function quiet(job: () => Promise<void>): Promise<void>;
declare const tasks: { detached(job: () => Promise<void>): Promise<void> };
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  quiet(() => ship(order));
  void tasks.detached(() => ship(order));
}
`,
    options: { safeWrappers: ['quiet', 'tasks.detached'] },
  });

  stays('silent for functions named in `sinks`', {
    code: `
import { jobs, track } from './jobs.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  track(ship(order));
  jobs.add(async () => {
    await ship(order);
  });
}
`,
    files: {
      'jobs.ts': `
export function track(task: Promise<void>): void {
  void task;
}
export const jobs = {
  add(job: () => Promise<void>): void {
    void job();
  },
};
`,
    },
    options: { sinks: ['track', 'jobs.add'] },
  });

  stays('silent for a call whose callback gets the error', {
    code: `
declare function save(order: string, done: (error: Error | null) => void): Promise<void>;
export function pay(order: string): void {
  save(order, (error) => {
    if (error !== null) console.error(error);
  });
}
`,
  });

  stays('silent for an assertion in code that does not wait', {
    code: `
function assertOpen(order: string): void {
  if (order === 'closed') throw new RangeError(order);
}
const shipped: string[] = [];
async function note(order: string): Promise<void> {
  assertOpen(order);
  shipped.push(order);
}
export function pay(order: string): void {
  void note(order);
}
`,
  });

  reports('an assertion in code that does not wait, with `likely`', {
    code: `
function assertOpen(order: string): void {
  if (order === 'closed') throw new RangeError(order);
}
const shipped: string[] = [];
async function note(order: string): Promise<void> {
  assertOpen(order);
  shipped.push(order);
}
export function pay(order: string): void {
  void note(order);
}
`,
    options: { certainty: 'likely' },
    errors: [
      { messageId: 'promise', on: 'note(order)', data: { task: '`note(order)`', cause: 'the `throw` on line 3' } },
    ],
    output: `
function assertOpen(order: string): void {
  if (order === 'closed') throw new RangeError(order);
}
const shipped: string[] = [];
async function note(order: string): Promise<void> {
  assertOpen(order);
  shipped.push(order);
}
export function pay(order: string): void {
  void note(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  stays('silent for a statement of the start of the program', {
    code: `
declare function connect(): Promise<void>;
export function bootstrap(): void {
  void connect();
}
bootstrap();
`,
  });

  reports('a statement of the start of the program, with `likely`', {
    code: `
declare function connect(): Promise<void>;
export function bootstrap(): void {
  void connect();
}
bootstrap();
`,
    options: { certainty: 'likely' },
    errors: [
      { messageId: 'promise', on: 'connect()', line: 4, data: { task: '`connect()`', cause: '`connect` on line 4' } },
    ],
    output: `
declare function connect(): Promise<void>;
export function bootstrap(): void {
  void connect().catch((error: unknown) => { console.error(error); });
}
bootstrap();
`,
  });

  reports('a query that is never sent, with `likely`', {
    code: `
import { knex } from 'knex';
const db = knex({ client: 'pg' });
export async function close(id: string): Promise<void> {
  db('orders').where({ id }).update({ open: false });
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lazy',
        on: "db('orders').where({ id }).update({ open: false })",
        data: { task: "`db('orders').where({ id }).update(…)`" },
        suggestions: [
          {
            messageId: 'await',
            output: `
import { knex } from 'knex';
const db = knex({ client: 'pg' });
export async function close(id: string): Promise<void> {
  await db('orders').where({ id }).update({ open: false });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent for a promise that a helper puts a handler on and gives back', {
    code: `
declare function load(id: string): Promise<string>;
declare function log(error: unknown): void;
const running = new Set<unknown>();
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
function tracked(job: Promise<string>): Promise<string> {
  running.add(job);
  job.finally(() => running.delete(job)).catch(log);
  return job;
}
const quiet = (job: Promise<string>): Promise<string> => tracked(handled(job));
class Loader {
  #last: Promise<string> | undefined;
  start(id: string): Promise<string> {
    const job = load(id);
    job.then(undefined, log);
    return job;
  }
  again(id: string): Promise<string> {
    this.#last = load(id);
    this.#last.catch(log);
    return this.#last;
  }
}
export function warm(id: string): void {
  void handled(load(id));
  void tracked(load(id));
  quiet(load(id));
  void new Loader().start(id);
  void new Loader().again(id);
}
`,
  });

  reports('what comes after the promise that has a handler, and the promise of an async helper', {
    code: `
declare function load(id: string): Promise<string>;
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
async function handledToo<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
export function warm(id: string): void {
  void handled(load(id)).then((text) => { console.log(text); });
  void handledToo(load(id));
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'handled(load(id)).then((text) => { console.log(text); })',
        data: { task: '`handled(load(id))`', cause: '`load` on line 12' },
      },
      {
        messageId: 'promise',
        on: 'handledToo(load(id))',
        data: { task: '`handledToo(load(id))`', cause: '`load` on line 13' },
      },
    ],
    output: `
declare function load(id: string): Promise<string>;
function handled<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
async function handledToo<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
export function warm(id: string): void {
  void handled(load(id)).then((text) => { console.log(text); }).catch((error: unknown) => { console.error(error); });
  void handledToo(load(id)).catch((error: unknown) => { console.error(error); });
}
`,
  });

  stays('silent for a promise in a variable that has a handler beside its `void`', {
    code: `
declare function load(id: string): Promise<string>;
declare function log(error: unknown): void;
export function warm(id: string): void {
  const job = load(id);
  job.catch(() => {});
  void job;
}
export function warmAgain(id: string): void {
  const job = load(id);
  const same = job;
  void job;
  same.finally(() => { console.log(id); }).catch(log);
}
`,
  });

  stays('silent for a promise whose handler stands on every way on which there is a promise', {
    code: `
declare function load(id: string): Promise<string>;
declare function log(error: unknown): void;
function guard(job: Promise<string> | undefined): void {
  if (job === undefined) return;
  job.catch(log);
}
class Loader {
  #last: Promise<string> | undefined;
  start(id: string): Promise<string> {
    if (this.#last === undefined) {
      this.#last = load(id);
      this.#last.catch(log);
    }
    return this.#last;
  }
}
export function warm(id: string, isQuiet: boolean): void {
  const first = load(id);
  if (isQuiet) first.catch(() => {});
  else first.catch(log);
  void first;
  const second = load(id);
  guard(second);
  void second;
  let third = load(id);
  if (third) third.catch(log);
  void third;
  const fourth = load(id);
  void fourth;
  fourth?.catch(log);
  void new Loader().start(id);
}
`,
  });

  reports('a promise whose handler stands on some ways only, or is on another promise', {
    code: `
declare function load(id: string): Promise<string>;
declare function log(error: unknown): void;
function guard(job: Promise<string>, isOn: boolean): void {
  if (isOn) job.catch(log);
}
function start(id: string, isOn: boolean): Promise<string> {
  const job = load(id);
  if (isOn) job.catch(log);
  return job;
}
export function again(id: string): void {
  let job = load('first');
  job.catch(log);
  job = load(id);
  void job;
}
export function warm(id: string, isQuiet: boolean): void {
  const job = load(id);
  if (isQuiet) {
    job.catch(log);
    return;
  }
  void job;
}
export function guarded(id: string, isOn: boolean): void {
  const job = load(id);
  guard(job, isOn);
  void job;
}
export function started(id: string, isOn: boolean): void {
  void start(id, isOn);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'load(id)',
        line: 15,
        data: { task: '`load(id)`', cause: '`load` on line 15' },
      },
      {
        messageId: 'promise',
        on: 'load(id)',
        line: 19,
        data: { task: '`load(id)`', cause: '`load` on line 19' },
      },
      {
        messageId: 'promise',
        on: 'load(id)',
        line: 27,
        data: { task: '`load(id)`', cause: '`load` on line 27' },
      },
      {
        messageId: 'promise',
        on: 'start(id, isOn)',
        line: 32,
        data: { task: '`start(id, isOn)`', cause: '`load` on line 8' },
      },
    ],
    output: `
declare function load(id: string): Promise<string>;
declare function log(error: unknown): void;
function guard(job: Promise<string>, isOn: boolean): void {
  if (isOn) job.catch(log);
}
function start(id: string, isOn: boolean): Promise<string> {
  const job = load(id);
  if (isOn) job.catch(log);
  return job;
}
export function again(id: string): void {
  let job = load('first');
  job.catch(log);
  job = load(id);
  void job.catch((error: unknown) => { console.error(error); });
}
export function warm(id: string, isQuiet: boolean): void {
  const job = load(id);
  if (isQuiet) {
    job.catch(log);
    return;
  }
  void job.catch((error: unknown) => { console.error(error); });
}
export function guarded(id: string, isOn: boolean): void {
  const job = load(id);
  guard(job, isOn);
  void job.catch((error: unknown) => { console.error(error); });
}
export function started(id: string, isOn: boolean): void {
  void start(id, isOn).catch((error: unknown) => { console.error(error); });
}
`,
  });

  stays('silent for what only adds to a query that others send, with `likely`', {
    code: `
import knex, { type Knex } from 'knex';
const db = knex({ client: 'pg' });
export async function list(state?: string): Promise<unknown> {
  const query = db('orders').select('*');
  if (state) query.where({ state });
  query.limit(10);
  return await query;
}
export function onlyOpen(query: Knex.QueryBuilder): void {
  query.where({ open: true });
}
export async function count(state: string): Promise<unknown> {
  return await db('orders').where((query) => { query.where({ state }); }).modify((query) => { query.limit(1); });
}
export class Search {
  readonly #query = db('orders').select('*');
  open(): this {
    this.#query.where({ open: true });
    return this;
  }
  async rows(): Promise<unknown> {
    return await this.#query;
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent for a query that is never sent', {
    code: `
import { knex } from 'knex';
const db = knex({ client: 'pg' });
export async function close(id: string): Promise<void> {
  db('orders').where({ id }).update({ open: false });
}
`,
  });

  stays('silent for a guard, which another rule reports', {
    code: `
declare function ownerOf(order: string): Promise<string>;
declare function remove(order: string): Promise<void>;
async function assertOwner(user: string, order: string): Promise<void> {
  if ((await ownerOf(order)) !== user) throw new Error('not yours');
}
export async function removeOrder(user: string, order: string): Promise<void> {
  assertOwner(user, order);
  await remove(order);
}
`,
  });

  stays('silent in a test', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    filename: 'orders.test.ts',
  });

  stays('silent in a script', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    filename: 'scripts/ship.ts',
  });

  reports('events of the process that are no signals', {
    code: `
declare function close(): Promise<void>;
process.on('SIGTERM', async () => {
  await close();
  process.exit(0);
});
process.once('SIGINT', () => {
  void close();
});
process.on('SIGHUP', () => close());
process.on('warning', () => close());
`,
    errors: [
      {
        messageId: 'callback',
        on: '=>',
        line: 11,
        data: { task: 'This listener of `warning`', cause: '`close` on line 11' },
      },
    ],
    output: `
declare function close(): Promise<void>;
process.on('SIGTERM', async () => {
  await close();
  process.exit(0);
});
process.once('SIGINT', () => {
  void close();
});
process.on('SIGHUP', () => close());
process.on('warning', () => close().catch((error: unknown) => { console.error(error); }));
`,
  });

  stays('silent for a message that ends the process', {
    code: `
declare function close(): Promise<void>;
process.on('message', async (message) => {
  if (message !== 'shutdown') return;
  await close();
  process.exit(0);
});
`,
  });

  stays('silent for what runs at shutdown', {
    code: `
import closeWithGrace from 'close-with-grace';
declare function close(): Promise<void>;
closeWithGrace(async () => {
  await close();
});
`,
  });

  stays('silent about a drain that is still under way when the process exits: the rule for shutdown reports it', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

function stop(signal: string): void {
  console.log(signal);
  app.close();
  process.exit(0);
}

process.on('SIGTERM', () => stop('SIGTERM'));
`,
  });

  stays('silent about a failure that skips the exit: the rule for shutdown reports it', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

function stop(): void {
  app.close().then(() => process.exit(0));
}

process.on('SIGTERM', stop);
`,
  });

  stays('silent for the start-up of files named in `entryPoints`', {
    code: `
declare function connect(): Promise<void>;
function bootstrap(): void {
  void connect();
}
bootstrap();
`,
    filename: 'src/worker.ts',
    options: { entryPoints: ['**/src/worker.ts'], certainty: 'likely' },
  });

  reports('a method of an interface that nobody implements here, with `likely`', {
    code: `
interface Store { put(key: string): Promise<void>; tell(key: string): void }
export class Cache {
  constructor(private readonly store: Store) {}
  keep(key: string): void {
    void this.store.put(key);
    this.store.tell(key);
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'promise',
        on: 'this.store.put(key)',
        data: { task: '`this.store.put(key)`', cause: '`this.store.put` on line 6' },
      },
    ],
    output: `
interface Store { put(key: string): Promise<void>; tell(key: string): void }
export class Cache {
  constructor(private readonly store: Store) {}
  keep(key: string): void {
    void this.store.put(key).catch((error: unknown) => { console.error(error); });
    this.store.tell(key);
  }
}
`,
  });

  stays('silent for a method of an interface that nobody implements here', {
    code: `
interface Store { put(key: string): Promise<void>; tell(key: string): void }
export class Cache {
  constructor(private readonly store: Store) {}
  keep(key: string): void {
    void this.store.put(key);
    this.store.tell(key);
  }
}
`,
  });

  reports('a function called `error` as `onError`', {
    code: `
declare function ship(order: string): Promise<void>;
declare function error(reason: unknown): void;
export function pay(order: string): void {
  void ship(order);
  setImmediate(async () => {
    await ship(order);
  });
}
export { error };
`,
    options: { onError: 'error' },
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 5, data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 7' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
declare function error(reason: unknown): void;
export function pay(order: string): void {
  void ship(order).catch(error);
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (reason: unknown) {
      error(reason);
    }
  });
}
export { error };
`,
  });

  reports('no types of `onError` in JavaScript', {
    code: `
/** @returns {Promise<void>} */
async function ship() {
  throw new Error('no order');
}
export function pay() {
  void ship();
}
`,
    filename: 'service.js',
    options: { onError: '(error: unknown) => { console.warn(error); }' },
    errors: [
      { messageId: 'promise', on: 'ship()', line: 7, data: { task: '`ship()`', cause: 'the `throw` on line 4' } },
    ],
    output: `
/** @returns {Promise<void>} */
async function ship() {
  throw new Error('no order');
}
export function pay() {
  void ship().catch((error) => { console.error(error); });
}
`,
  });

  stays('silent for the reply of Fastify', {
    code: `
import fastify from 'fastify';
export const server = fastify();
server.get('/orders', (_request, reply) => {
  reply.code(404);
  reply.send('none');
});
`,
  });

  reports('the logger that the file imports', {
    code: `
import { logger } from './logger.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    files: {
      'logger.ts': `
import { pino } from 'pino';
export const logger = pino();
`,
    },
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 5' } }],
    output: `
import { logger } from './logger.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { logger.error(error); });
}
`,
  });

  reports('a logger called with an object and a text elsewhere in the file', {
    code: `
import { pino } from 'pino';
declare function ship(order: string): Promise<void>;
const log = pino();
export async function charge(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (err) {
    log.error({ err }, 'charge failed');
    throw err;
  }
}
export function pay(order: string): void {
  void ship(order);
  setImmediate(async () => {
    await ship(order);
  });
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        line: 14,
        data: { task: '`ship(order)`', cause: '`ship` on line 14' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 15,
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 16' },
      },
    ],
    output: `
import { pino } from 'pino';
declare function ship(order: string): Promise<void>;
const log = pino();
export async function charge(order: string): Promise<void> {
  try {
    await ship(order);
  } catch (err) {
    log.error({ err }, 'charge failed');
    throw err;
  }
}
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { log.error({ err: error }, 'ship failed'); });
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      log.error({ err: error }, 'callback of setImmediate failed');
    }
  });
}
`,
  });

  reports('the logger of a Nest service', {
    code: `
import { Injectable, Logger } from '@nestjs/common';
declare function ship(order: string): Promise<void>;
@Injectable()
export class OrderService {
  private readonly logger = new Logger(OrderService.name);

  pay(order: string): void {
    void ship(order);
  }
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 9' } }],
    output: `
import { Injectable, Logger } from '@nestjs/common';
declare function ship(order: string): Promise<void>;
@Injectable()
export class OrderService {
  private readonly logger = new Logger(OrderService.name);

  pay(order: string): void {
    void ship(order).catch((error: unknown) => { this.logger.error(error); });
  }
}
`,
  });

  reports('a logger injected by the constructor', {
    code: `
import type { Logger } from 'pino';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(private readonly log: Logger) {}

  pay(order: string): void {
    void ship(order);
  }
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 8' } }],
    output: `
import type { Logger } from 'pino';
declare function ship(order: string): Promise<void>;
export class Orders {
  constructor(private readonly log: Logger) {}

  pay(order: string): void {
    void ship(order).catch((error: unknown) => { this.log.error(error); });
  }
}
`,
  });

  reports('a logger that wants a text first', {
    code: `
interface Log { error(message: string, cause: unknown): void }
declare const log: Log;
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 6' } }],
    output: `
interface Log { error(message: string, cause: unknown): void }
declare const log: Log;
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { log.error('ship failed', error); });
}
`,
  });

  reports('a logger that takes only a text', {
    code: `
interface Log { error(message: string): void }
declare const log: Log;
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 6' } }],
    output: `
interface Log { error(message: string): void }
declare const log: Log;
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { log.error(String(error)); });
}
`,
  });

  reports('the log of the server, not of the request', {
    code: `
import type { FastifyInstance } from 'fastify';
declare function ship(order: string): Promise<void>;
export function register(server: FastifyInstance): void {
  server.get('/pay', async () => {
    void ship('next');
    return 'ok';
  });
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "ship('next')",
        data: { task: "`ship('next')`", cause: '`ship` on line 6' },
        suggestions: [
          {
            messageId: 'await',
            output: `
import type { FastifyInstance } from 'fastify';
declare function ship(order: string): Promise<void>;
export function register(server: FastifyInstance): void {
  server.get('/pay', async () => {
    await ship('next');
    return 'ok';
  });
}
`,
          },
        ],
      },
    ],
    output: `
import type { FastifyInstance } from 'fastify';
declare function ship(order: string): Promise<void>;
export function register(server: FastifyInstance): void {
  server.get('/pay', async () => {
    void ship('next').catch((error: unknown) => { server.log.error(error); });
    return 'ok';
  });
}
`,
  });

  reports('no log of the request, which may be over by then', {
    code: `
import type { FastifyRequest } from 'fastify';
declare function ship(order: string): Promise<void>;
export async function pay(request: FastifyRequest): Promise<string> {
  void ship(request.url);
  return 'ok';
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(request.url)',
        data: { task: '`ship(request.url)`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'await',
            output: `
import type { FastifyRequest } from 'fastify';
declare function ship(order: string): Promise<void>;
export async function pay(request: FastifyRequest): Promise<string> {
  await ship(request.url);
  return 'ok';
}
`,
          },
        ],
      },
    ],
    output: `
import type { FastifyRequest } from 'fastify';
declare function ship(order: string): Promise<void>;
export async function pay(request: FastifyRequest): Promise<string> {
  void ship(request.url).catch((error: unknown) => { console.error(error); });
  return 'ok';
}
`,
  });

  reports('the function named by `onError`', {
    code: `
import { reportError } from './report.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
  setImmediate(async () => { await ship(order); });
}
export { reportError };
`,
    files: {
      'report.ts': `export function reportError(error: unknown): void { console.error(error); }
`,
    },
    options: { onError: 'reportError' },
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 5, data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 6' },
      },
    ],
    output: `
import { reportError } from './report.ts';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch(reportError);
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      reportError(error);
    }
  });
}
export { reportError };
`,
  });

  reports('the member named by `onError`', {
    code: `
declare const sentry: { captureException(error: unknown): void };
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
  setImmediate(async () => { await ship(order); });
}
export { sentry };
`,
    options: { onError: 'sentry.captureException' },
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 5, data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 6' },
      },
    ],
    output: `
declare const sentry: { captureException(error: unknown): void };
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { sentry.captureException(error); });
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      sentry.captureException(error);
    }
  });
}
export { sentry };
`,
  });

  reports('the function expression given as `onError`', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
  setImmediate(async () => { await ship(order); });
}
`,
    options: { onError: '(error: unknown) => { console.warn(error); }' },
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 4, data: { task: '`ship(order)`', cause: '`ship` on line 4' } },
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 5' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.warn(error); });
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      ((error: unknown) => { console.warn(error); })(error);
    }
  });
}
`,
  });

  reports('`console.error` where the name in `onError` is not in scope', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
}
`,
    options: { onError: 'reportError' },
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 4' } }],
    output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('JavaScript with JSDoc, where no types are written', {
    code: `
/** @param {string} order @returns {Promise<void>} */
async function ship(order) {
  if (order === '') throw new Error('no order');
}
/** @param {string} order */
export function pay(order) {
  void ship(order);
  setTimeout(async () => {
    await ship(order);
  }, 10);
}
`,
    filename: 'service.js',
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        line: 8,
        data: { task: '`ship(order)`', cause: 'the `throw` on line 4' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 9,
        data: { task: 'This callback of `setTimeout`', cause: 'the `throw` on line 4' },
      },
    ],
    output: `
/** @param {string} order @returns {Promise<void>} */
async function ship(order) {
  if (order === '') throw new Error('no order');
}
/** @param {string} order */
export function pay(order) {
  void ship(order).catch((error) => { console.error(error); });
  setTimeout(async () => {
    try {
      await ship(order);
    } catch (error) {
      console.error(error);
    }
  }, 10);
}
`,
  });

  reports('a CommonJS file without semicolons', {
    code: `
const { EventEmitter } = require('node:events')
const { readFile } = require('node:fs/promises')

const bus = new EventEmitter()

bus.on('order', async (path) => {
  const text = await readFile(path, 'utf8')
  bus.emit('read', text)
})

module.exports = { bus }
`,
    filename: 'service.cjs',
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `order`', cause: '`readFile` on line 8' } },
    ],
    output: `
const { EventEmitter } = require('node:events')
const { readFile } = require('node:fs/promises')

const bus = new EventEmitter()

bus.on('order', async (path) => {
  try {
    const text = await readFile(path, 'utf8')
    bus.emit('read', text)
  } catch (error) {
    console.error(error)
  }
})

module.exports = { bus }
`,
  });

  reports('a TypeScript file without semicolons', {
    code: `
import { EventEmitter } from 'node:events'
declare function ship(order: string): Promise<void>
const bus = new EventEmitter()
bus.on('order', async (order: string) => {
  const trimmed = order.trim()
  await ship(trimmed)
})
export function pay(order: string): void {
  void ship(order)
}
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `order`', cause: '`ship` on line 7' } },
      { messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 10' } },
    ],
    output: `
import { EventEmitter } from 'node:events'
declare function ship(order: string): Promise<void>
const bus = new EventEmitter()
bus.on('order', async (order: string) => {
  try {
    const trimmed = order.trim()
    await ship(trimmed)
  } catch (error: unknown) {
    console.error(error)
  }
})
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.error(error) })
}
`,
  });

  reports('a file with tabs', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
	setTimeout(async () => {
		const trimmed = order.trim();
		await ship(trimmed);
	}, 1000);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 6' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
	setTimeout(async () => {
		try {
			const trimmed = order.trim();
			await ship(trimmed);
		} catch (error: unknown) {
			console.error(error);
		}
	}, 1000);
}
`,
  });

  reports('comments in the body of a callback', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    // the warehouse opens late
    await ship(order); // and closes early

    /* nothing more */
  }, 1000);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 6' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    try {
      // the warehouse opens late
      await ship(order); // and closes early

      /* nothing more */
    } catch (error: unknown) {
      console.error(error);
    }
  }, 1000);
}
`,
  });

  reports('a comment behind the brace that opens the body', {
    code: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => { // after a while
    await ship(order);
  }, 1000);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 5' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    try {
      // after a while
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  }, 1000);
}
`,
  });

  reports('a template literal over several lines', {
    code: `
declare function query(text: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    await query(\`
      update orders
      set shipped = true
      where id = '\${order}'
    \`);
  }, 1000);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`query` on line 5' },
      },
    ],
    output: `
declare function query(text: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    try {
      await query(\`
      update orders
      set shipped = true
      where id = '\${order}'
    \`);
    } catch (error: unknown) {
      console.error(error);
    }
  }, 1000);
}
`,
  });

  reports('a file with a listener on unhandled rejections', {
    code: `
declare function ship(order: string): Promise<void>;
process.on('unhandledRejection', (reason) => {
  console.error(reason);
});
export function pay(order: string): void {
  void ship(order);
}
`,
    errors: [
      {
        messageId: 'promiseLost',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 7', listener: 'line 3' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
process.on('unhandledRejection', (reason) => {
  console.error(reason);
});
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('a listener on unhandled rejections in another file', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', async (order: string) => {
  await ship(order);
});
`,
    files: {
      'main.ts': `
import './service.ts';
process.on('unhandledRejection', (reason) => {
  console.error(reason);
});
`,
    },
    errors: [
      {
        messageId: 'callbackLost',
        on: 'async',
        data: { task: 'This listener of `order`', cause: '`ship` on line 6', listener: 'line 3 of main.ts' },
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('order', async (order: string) => {
  try {
    await ship(order);
  } catch (error: unknown) {
    console.error(error);
  }
});
`,
  });

  stays('silent for an emitter that captures rejections', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter({ captureRejections: true });
bus.on('order', async (order: string) => {
  await ship(order);
});
`,
  });

  stays('silent where all emitters capture rejections', {
    code: `
import events, { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
events.captureRejections = true;
const bus = new EventEmitter();
bus.on('order', async (order: string) => {
  await ship(order);
});
`,
  });

  stays('silent for an emitter whose class captures rejections', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
class Bus extends EventEmitter {
  constructor() {
    super({ captureRejections: true });
  }
}
const bus = new Bus();
bus.on('order', async (order: string) => {
  await ship(order);
});
`,
  });

  reports('`try` around a promise that is returned and not awaited', {
    code: `
declare function put(key: string): Promise<void>;
async function keep(key: string): Promise<void> {
  try {
    return put(key);
  } catch {
    console.error('not kept');
  }
}
export function remember(key: string): void {
  void keep(key);
}
`,
    errors: [{ messageId: 'promise', on: 'keep(key)', data: { task: '`keep(key)`', cause: '`put` on line 5' } }],
    output: `
declare function put(key: string): Promise<void>;
async function keep(key: string): Promise<void> {
  try {
    return put(key);
  } catch {
    console.error('not kept');
  }
}
export function remember(key: string): void {
  void keep(key).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('`.then` without a way for the rejection, in a constructor', {
    code: `
import { EventEmitter } from 'node:events';
declare function open(): Promise<void>;
export class Connection extends EventEmitter {
  readonly ready = new Promise<void>((resolve) => this.once('up', resolve));

  constructor() {
    super();
    open().then(() => this.emit('up'));
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "open().then(() => this.emit('up'))",
        data: { task: '`open()`', cause: '`open` on line 9' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { EventEmitter } from 'node:events';
declare function open(): Promise<void>;
export class Connection extends EventEmitter {
  readonly ready = new Promise<void>((resolve) => this.once('up', resolve));

  constructor() {
    super();
    open().then(() => this.emit('up')).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a generic repository over a driver', {
    code: `
import pg from 'pg';
export class Repository<Row extends { id: string }> {
  constructor(private readonly pool: pg.Pool) {}

  async save(row: Row): Promise<void> {
    await this.pool.query('insert into orders values ($1)', [row.id]);
  }

  touch(row: Row): void {
    this.save(row);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'this.save(row)',
        data: { task: '`this.save(row)`', cause: '`this.pool.query` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import pg from 'pg';
export class Repository<Row extends { id: string }> {
  constructor(private readonly pool: pg.Pool) {}

  async save(row: Row): Promise<void> {
    await this.pool.query('insert into orders values ($1)', [row.id]);
  }

  touch(row: Row): void {
    this.save(row).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a method of the base class', {
    code: `
import { readFile } from 'node:fs/promises';
class Base {
  protected async load(path: string): Promise<void> {
    await readFile(path);
  }
}
export class Orders extends Base {
  async open(path: string): Promise<void> {
    super.load(path);
  }
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'super.load(path)',
        data: { task: '`super.load(path)`', cause: '`readFile` on line 5' },
        suggestions: [
          {
            messageId: 'await',
            output: `
import { readFile } from 'node:fs/promises';
class Base {
  protected async load(path: string): Promise<void> {
    await readFile(path);
  }
}
export class Orders extends Base {
  async open(path: string): Promise<void> {
    await super.load(path);
  }
}
`,
          },
          {
            messageId: 'catch',
            output: `
import { readFile } from 'node:fs/promises';
class Base {
  protected async load(path: string): Promise<void> {
    await readFile(path);
  }
}
export class Orders extends Base {
  async open(path: string): Promise<void> {
    super.load(path).catch((error: unknown) => { console.error(error); });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('an async function with a `finally` and no `catch`', {
    code: `
declare function ship(order: string): Promise<void>;
let running = 0;
async function tracked(order: string): Promise<void> {
  running++;
  try {
    await ship(order);
  } finally {
    running--;
  }
}
export function pay(order: string): number {
  void tracked(order);
  return running;
}
`,
    errors: [
      { messageId: 'promise', on: 'tracked(order)', data: { task: '`tracked(order)`', cause: '`ship` on line 7' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
let running = 0;
async function tracked(order: string): Promise<void> {
  running++;
  try {
    await ship(order);
  } finally {
    running--;
  }
}
export function pay(order: string): number {
  void tracked(order).catch((error: unknown) => { console.error(error); });
  return running;
}
`,
  });

  stays('silent for a `finally` that leaves with a value', {
    code: `
declare function ship(order: string): Promise<void>;
async function tried(order: string): Promise<boolean> {
  try {
    await ship(order);
  } finally {
    return true;
  }
}
export function pay(order: string): void {
  void tried(order);
}
`,
    compilerOptions: { allowUnreachableCode: true },
  });

  stays('silent for `.then(a, b)` whose second function answers, and for a handler kept in a variable', {
    code: `
declare function ship(order: string): Promise<void>;
const ignore = (): undefined => undefined;
function report(error: unknown): void {
  console.error(error);
}
export function pay(order: string): void {
  ship(order).then(undefined, report);
  ship(order).catch(ignore);
  void ship(order).finally(ignore).catch(report);
}
`,
  });

  stays('silent for a handler that the caller gives', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string, onError: (error: unknown) => void): void {
  ship(order).catch(onError);
}
export class Payments {
  constructor(private readonly hooks: { failed(error: unknown): void }) {}

  pay(order: string): void {
    void ship(order).catch((error: unknown) => this.hooks.failed(error));
  }
}
`,
  });

  stays('silent for promises that are collected and awaited', {
    code: `
declare function ship(order: string): Promise<void>;
export async function payAll(orders: readonly string[]): Promise<void> {
  const tasks: Promise<void>[] = [];
  for (const order of orders) tasks.push(ship(order));
  await Promise.all(tasks);
  await Promise.all(orders.map(async (order) => ship(order)));
}
`,
  });

  stays('silent for a set of tasks that `stop` awaits', {
    code: `
declare function ship(order: string): Promise<void>;
export class Shipping {
  readonly #open = new Set<Promise<void>>();

  ship(order: string): void {
    const task = ship(order);
    this.#open.add(task);
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.#open);
  }
}
`,
  });

  stays('silent for hooks typed `void | Promise<void>` in other spellings', {
    code: `
type MaybePromise<Value> = Value | Promise<Value>;
interface Hooks {
  onPaid?(order: string): MaybePromise<void>;
  readonly onRefund: ((order: string) => Promise<void> | void) | undefined;
}
export function paid(order: string, hooks: Hooks): void {
  hooks.onPaid?.(order);
  void hooks.onRefund?.(order);
}
`,
  });

  stays('silent for a stream of events that holds the response open', {
    code: `
import { createServer, type ServerResponse } from 'node:http';
declare function nextPrice(): Promise<number>;
async function stream(response: ServerResponse): Promise<void> {
  try {
    while (!response.destroyed) response.write(\`data: \${String(await nextPrice())}\\n\\n\`);
  } catch (error) {
    response.destroy(error as Error);
  }
}
export const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  void stream(response);
});
`,
  });

  stays('silent for two functions that call each other and catch', {
    code: `
declare function fetchPage(page: number): Promise<string[]>;
const rows: string[] = [];
async function load(page: number): Promise<void> {
  try {
    rows.push(...(await fetchPage(page)));
  } catch (error) {
    console.error(error);
    return;
  }
  await more(page);
}
async function more(page: number): Promise<void> {
  if (page < 10) await load(page + 1);
}
export function warm(): void {
  void load(0);
}
`,
  });

  stays('silent in a command-line program', {
    code: `#!/usr/bin/env node
declare function ship(order: string): Promise<void>;
function pay(order: string): void {
  void ship(order);
}
pay(process.argv[2] ?? '');
`,
    filename: 'service.ts',
  });

  stays('silent for a start-up chain', {
    code: `
import { createServer } from 'node:http';
declare function connect(): Promise<void>;
connect().then(() => {
  createServer().listen(8080);
});
`,
  });

  stays('silent for a dropped effect of a transaction, which another rule reports', {
    code: `
import { DataSource } from 'typeorm';
declare const source: DataSource;
export async function pay(order: string): Promise<void> {
  await source.transaction(async (manager) => {
    manager.save({ order });
    await manager.save({ order, paid: true });
  });
}
`,
  });

  reports('a listener whose logger is passed to the function around it', {
    code: `
import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
declare function ship(order: string): Promise<void>;
export function follow(bus: EventEmitter, { log }: { log: Logger }): void {
  bus.on('order', async (order: string) => {
    await ship(order);
  });
}
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `order`', cause: '`ship` on line 7' } },
    ],
    output: `
import type { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
declare function ship(order: string): Promise<void>;
export function follow(bus: EventEmitter, { log }: { log: Logger }): void {
  bus.on('order', async (order: string) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      log.error(error);
    }
  });
}
`,
  });

  reports('`console.error` where the logger has its value only later', {
    code: `
import { pino } from 'pino';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order);
  const log = pino();
  log.info('paid');
}
`,
    errors: [{ messageId: 'promise', on: 'ship(order)', data: { task: '`ship(order)`', cause: '`ship` on line 5' } }],
    output: `
import { pino } from 'pino';
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  void ship(order).catch((error: unknown) => { console.error(error); });
  const log = pino();
  log.info('paid');
}
`,
  });

  reports('a directive above the statement, which nothing may push away', {
    code: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  // @ts-ignore
  void ship(order);
  // @ts-ignore
  setImmediate(async () => { await ship(order); });
  // @ts-ignore
  setImmediate(async () => {
    await ship(order);
  });
}
`,
    errors: [
      { messageId: 'promise', on: 'ship(order)', line: 5, data: { task: '`ship(order)`', cause: '`ship` on line 5' } },
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 7' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 9,
        data: { task: 'This callback of `setImmediate`', cause: '`ship` on line 10' },
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export function pay(order: string): void {
  // @ts-ignore
  void ship(order).catch((error: unknown) => { console.error(error); });
  // @ts-ignore
  setImmediate(async () => { await ship(order); });
  // @ts-ignore
  setImmediate(async () => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
  });

  reports('a file with Windows line ends', {
    code: `declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    await ship(order);
    await ship(order);
  }, 10);
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 4' },
      },
    ],
    output: `declare function ship(order: string): Promise<void>;
export function later(order: string): void {
  setTimeout(async () => {
    try {
      await ship(order);
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  }, 10);
}
`,
  });

  reports('a file with double quotes and a logger that wants a text', {
    code: `
import { EventEmitter } from "node:events";
declare const log: { error(text: string, cause?: unknown): void };
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on("order", async (order: string) => {
  await ship(order);
});
`,
    errors: [
      { messageId: 'callback', on: 'async', data: { task: 'This listener of `order`', cause: '`ship` on line 7' } },
    ],
    output: `
import { EventEmitter } from "node:events";
declare const log: { error(text: string, cause?: unknown): void };
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on("order", async (order: string) => {
  try {
    await ship(order);
  } catch (error: unknown) {
    log.error("listener of order failed", error);
  }
});
`,
  });

  reports('a handler behind an async function called at once, and a chain over several lines', {
    code: `
declare function ship(order: string): Promise<void>;
declare const warehouse: { readonly orders: typeof import('node:fs/promises') };
declare function recordFailure(order: string): Promise<void>;
export function pay(order: string): void {
  (async () => {
    await ship(order);
  })().catch(async () => {
    await recordFailure(order);
  });
  warehouse
    .orders
    .readFile(order);
}
`,
    errors: [
      {
        messageId: 'handler',
        on: 'async () => {…',
        line: 8,
        data: { task: 'this async function', cause: '`recordFailure` on line 9' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare const warehouse: { readonly orders: typeof import('node:fs/promises') };
declare function recordFailure(order: string): Promise<void>;
export function pay(order: string): void {
  (async () => {
    await ship(order);
  })().catch(async () => {
    await recordFailure(order);
  }).catch((error: unknown) => { console.error(error); });
  warehouse
    .orders
    .readFile(order);
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'warehouse…',
        line: 11,
        data: { task: '`warehouse.orders.readFile(order)`', cause: '`warehouse.orders.readFile` on line 11' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
declare const warehouse: { readonly orders: typeof import('node:fs/promises') };
declare function recordFailure(order: string): Promise<void>;
export function pay(order: string): void {
  (async () => {
    await ship(order);
  })().catch(async () => {
    await recordFailure(order);
  });
  warehouse
    .orders
    .readFile(order).catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('an awaited `forEach`, which waits for nothing', {
    code: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await orders.forEach(async (order) => {
    await ship(order);
  });
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 4,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'inTurn',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  for (const order of orders) {
    await ship(order);
  }
}
`,
          },
          {
            messageId: 'together',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await Promise.all(orders.map(async (order) => {
    await ship(order);
  }));
}
`,
          },
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: readonly string[]): Promise<void> {
  await orders.forEach(async (order) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('`forEach` behind `&&`, behind `return` and as the body of an arrow function', {
    code: `
declare function ship(order: string): Promise<void>;
export const shipAll = (orders: readonly string[]): void => orders.forEach(async (order) => { await ship(order); });
export function shipSome(orders: readonly string[], isOpen: boolean): void {
  isOpen && orders.forEach(async (order) => ship(order));
  return orders.forEach((order) => ship(order));
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 3,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 3' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export const shipAll = (orders: readonly string[]): void => orders.forEach(async (order) => {
  try {
    await ship(order);
  } catch (error: unknown) {
    console.error(error);
  }
});
export function shipSome(orders: readonly string[], isOpen: boolean): void {
  isOpen && orders.forEach(async (order) => ship(order));
  return orders.forEach((order) => ship(order));
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 5,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 5' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export const shipAll = (orders: readonly string[]): void => orders.forEach(async (order) => { await ship(order); });
export function shipSome(orders: readonly string[], isOpen: boolean): void {
  isOpen && orders.forEach(async (order) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
  return orders.forEach((order) => ship(order));
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: '=>',
        line: 6,
        data: { task: 'This callback of `orders.forEach`', cause: '`ship` on line 6' },
        suggestions: [
          {
            messageId: 'inside',
            output: `
declare function ship(order: string): Promise<void>;
export const shipAll = (orders: readonly string[]): void => orders.forEach(async (order) => { await ship(order); });
export function shipSome(orders: readonly string[], isOpen: boolean): void {
  isOpen && orders.forEach(async (order) => ship(order));
  return orders.forEach((order) => ship(order).catch((error: unknown) => { console.error(error); }));
}
`,
          },
        ],
      },
    ],
  });

  reports('listeners that are chosen', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
export function listen(isOpen: boolean, given?: (order: string) => void): void {
  bus.on('order', isOpen ? async (order: string) => ship(order) : () => undefined);
  bus.on('order', given ?? (async (order: string) => ship(order)));
}
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This listener of `order`', cause: '`ship` on line 6' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This listener of `order`', cause: '`ship` on line 7' },
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
export function listen(isOpen: boolean, given?: (order: string) => void): void {
  bus.on('order', isOpen ? async (order: string) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  } : () => undefined);
  bus.on('order', given ?? (async (order: string) => {
    try {
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  }));
}
`,
  });

  reports('members of new objects and members in brackets', {
    code: `
declare function ship(order: string): Promise<void>;
class Orders {
  async pay(): Promise<void> { await ship('next'); }
  again(): void { this['pay'](); }
}
export function pay(hook?: () => Promise<void>, load?: typeof ship): void {
  hook?.();
  load?.('a');
  new Orders().pay();
}
`,
    errors: [
      {
        messageId: 'promise',
        on: "this['pay']()",
        data: { task: "`this['pay']()`", cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
class Orders {
  async pay(): Promise<void> { await ship('next'); }
  again(): void { this['pay']().catch((error: unknown) => { console.error(error); }); }
}
export function pay(hook?: () => Promise<void>, load?: typeof ship): void {
  hook?.();
  load?.('a');
  new Orders().pay();
}
`,
          },
        ],
      },
      {
        messageId: 'promise',
        on: 'new Orders().pay()',
        data: { task: '`new Orders().pay()`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
declare function ship(order: string): Promise<void>;
class Orders {
  async pay(): Promise<void> { await ship('next'); }
  again(): void { this['pay'](); }
}
export function pay(hook?: () => Promise<void>, load?: typeof ship): void {
  hook?.();
  load?.('a');
  new Orders().pay().catch((error: unknown) => { console.error(error); });
}
`,
          },
        ],
      },
    ],
  });

  reports('jobs of limiters', {
    code: `
import PQueue from 'p-queue';
import pLimit from 'p-limit';
declare function ship(order: string): Promise<void>;
const queue = new PQueue();
const limit = pLimit(2);
export function pay(order: string): void {
  queue.add(async () => ship(order));
  void limit(() => ship(order));
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'queue.add(async () => ship(order))',
        data: { task: '`queue.add(…)`', cause: '`ship` on line 8' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import PQueue from 'p-queue';
import pLimit from 'p-limit';
declare function ship(order: string): Promise<void>;
const queue = new PQueue();
const limit = pLimit(2);
export function pay(order: string): void {
  queue.add(async () => ship(order)).catch((error: unknown) => { console.error(error); });
  void limit(() => ship(order));
}
`,
          },
        ],
      },
      { messageId: 'promise', on: 'limit(() => ship(order))', data: { task: '`limit(…)`', cause: '`ship` on line 9' } },
    ],
    output: `
import PQueue from 'p-queue';
import pLimit from 'p-limit';
declare function ship(order: string): Promise<void>;
const queue = new PQueue();
const limit = pLimit(2);
export function pay(order: string): void {
  queue.add(async () => ship(order));
  void limit(() => ship(order)).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('promisified functions and timers with arguments', {
    code: `
import { promisify } from 'node:util';
import { readFile } from 'node:fs';
declare function ship(order: string): Promise<void>;
const load = promisify(readFile);
export function pay(order: string): void {
  load(order);
  setTimeout(ship, 10, order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'load(order)',
        data: { task: '`load(order)`', cause: '`load` on line 7' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { promisify } from 'node:util';
import { readFile } from 'node:fs';
declare function ship(order: string): Promise<void>;
const load = promisify(readFile);
export function pay(order: string): void {
  load(order).catch((error: unknown) => { console.error(error); });
  setTimeout(ship, 10, order);
}
`,
          },
        ],
      },
      {
        messageId: 'callback',
        on: 'ship',
        line: 8,
        data: { task: '`ship`, the callback of `setTimeout`,', cause: '`ship` on line 8' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import { promisify } from 'node:util';
import { readFile } from 'node:fs';
declare function ship(order: string): Promise<void>;
const load = promisify(readFile);
export function pay(order: string): void {
  load(order);
  setTimeout((order) => ship(order).catch((error: unknown) => { console.error(error); }), 10, order);
}
`,
          },
        ],
      },
    ],
  });

  reports('the default export of another file', {
    code: `
import job from './job.ts';
export const timer = setInterval(job, 1000);
`,
    files: {
      'job.ts': `
import { readFile } from 'node:fs/promises';
export default async () => {
  await readFile('orders.json');
};
`,
    },
    errors: [
      {
        messageId: 'callback',
        on: 'job',
        line: 3,
        data: { task: '`job`, the callback of `setInterval`,', cause: '`readFile` on line 4 of job.ts' },
        suggestions: [
          {
            messageId: 'catch',
            output: `
import job from './job.ts';
export const timer = setInterval(() => job().catch((error: unknown) => { console.error(error); }), 1000);
`,
          },
        ],
      },
    ],
  });

  reports('a loop over an async iterable', {
    code: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: AsyncIterable<string>): Promise<void> {
  for await (const order of orders) void ship(order);
}
`,
    errors: [
      {
        messageId: 'promise',
        on: 'ship(order)',
        data: { task: '`ship(order)`', cause: '`ship` on line 4' },
        suggestions: [
          {
            messageId: 'await',
            output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: AsyncIterable<string>): Promise<void> {
  for await (const order of orders) await ship(order);
}
`,
          },
        ],
      },
    ],
    output: `
declare function ship(order: string): Promise<void>;
export async function shipAll(orders: AsyncIterable<string>): Promise<void> {
  for await (const order of orders) void ship(order).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('a timer in a listener in a listener', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('open', () => {
  bus.on('order', async (order: string) => {
    setTimeout(async () => { await ship(order); }, 1);
    await ship(order);
  });
});
`,
    errors: [
      {
        messageId: 'callback',
        on: 'async',
        line: 6,
        data: { task: 'This listener of `order`', cause: '`ship` on line 8' },
      },
      {
        messageId: 'callback',
        on: 'async',
        line: 7,
        data: { task: 'This callback of `setTimeout`', cause: '`ship` on line 7' },
      },
    ],
    output: [
      `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('open', () => {
  bus.on('order', async (order: string) => {
    try {
      setTimeout(async () => { await ship(order); }, 1);
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
});
`,
      `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
bus.on('open', () => {
  bus.on('order', async (order: string) => {
    try {
      setTimeout(async () => {
        try {
          await ship(order);
        } catch (error: unknown) {
          console.error(error);
        }
      }, 1);
      await ship(order);
    } catch (error: unknown) {
      console.error(error);
    }
  });
});
`,
    ],
  });

  stays('silent for callbacks that settle a promise of their own', {
    code: `
import { EventEmitter } from 'node:events';
declare function ship(order: string): Promise<void>;
const bus = new EventEmitter();
export function first(): Promise<void> {
  return new Promise((resolve, reject) => {
    bus.once('order', (order: string) => {
      ship(order).then(resolve, reject);
    });
    bus.once('error', async (error: Error) => {
      reject(error);
    });
    setTimeout(async () => {
      try {
        await ship('late');
        resolve();
      } catch (error) {
        reject(error as Error);
      }
    }, 10);
  });
}
`,
  });

  stays('silent for functions that only look async', {
    code: `
const shipped: string[] = [];
class Store { async save(order: string): Promise<void> { shipped.push(order); } flush(): void { shipped.length = 0; } }
export function pay(orders: readonly string[], store: Store): void {
  orders.forEach((order) => store.save(order));
  orders.forEach(async (order) => { shipped.push(order); });
  store.flush();
}
`,
  });

  stays('silent for what has no type', {
    code: `
declare const client: any;
export function pay(order: string): void {
  client.ship(order);
  void client.ship(order).then(() => order);
}
`,
  });

  stays('callbacks of afterCommit, which the commit of Sequelize awaits', {
    code: `
import { createServer } from 'node:http';
import { Transaction } from 'sequelize';

declare function announce(id: string): Promise<void>;

export async function rename(id: string, transaction: Transaction): Promise<void> {
  transaction.afterCommit(async () => {
    await announce(id);
  });
  transaction.afterCommit(() => announce(id));
}

createServer((request, response) => {
  const transaction = new Transaction();
  rename(request.url ?? '', transaction)
    .then(() => transaction.commit())
    .then(
      () => response.end(),
      () => response.destroy(),
    );
}).listen(3000);
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.8", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  afterCommit(callback: (transaction: this) => void | Promise<void>): void;
  commit(): Promise<void>;
}
`,
    },
  });
});
