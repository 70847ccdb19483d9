import rule from '../../src/rules/no-nonatomic-update.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a compound assignment with the wait on its right side', {
    code: `
      declare function loadCount(path: string): Promise<number>;
      let served = 0;
      export async function handle(path: string): Promise<void> {
        served += await loadCount(path);
      }
    `,
    errors: [
      {
        messageId: 'across',
        on: 'served',
        line: 5,
        data: { name: 'served', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
      declare function loadCount(path: string): Promise<number>;
      let served = 0;
      export async function handle(path: string): Promise<void> {
        const count = await loadCount(path);
        served += count;
      }
    `,
  });

  reports('a counter written from a copy taken before the wait', {
    code: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        const before = served;
        await audit(id);
        served = before + 1;
      }
    `,
    errors: [
      {
        messageId: 'stale',
        on: 'served',
        line: 7,
        data: { name: 'served', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        await audit(id);
        served = served + 1;
      }
    `,
  });

  stays('silent when the value is read after the wait', {
    code: `
      declare function audit(id: string): Promise<void>;
      let served = 0;
      export async function handle(id: string): Promise<void> {
        await audit(id);
        served = served + 1;
      }
    `,
  });

  reports('a sum whose left operand is the old value', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  revenue = revenue + (await priceOf(order));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 5,
        data: { name: 'revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  revenue = revenue + price;
}`,
  });

  stays('silent when the old value is the right operand', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  revenue = (await priceOf(order)) + revenue;
}`,
  });

  reports('a property of a module-level object', {
    code: `
declare function priceOf(order: string): Promise<number>;
const stats = { revenue: 0 };
export async function checkout(order: string): Promise<void> {
  stats.revenue += await priceOf(order);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.revenue',
        data: { name: 'stats.revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const stats = { revenue: 0 };
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  stats.revenue += price;
}`,
  });

  stays('silent for a property of an object made for this call', {
    code: `
declare function priceOf(order: string): Promise<number>;
export async function quote(order: string): Promise<{ revenue: number }> {
  const stats = { revenue: 0 };
  stats.revenue += await priceOf(order);
  return stats;
}`,
  });

  reports('a deep property, subtracted from', {
    code: `
declare function priceOf(order: string): Promise<number>;
const ledger = { accounts: { cash: 100 } };
export async function refund(order: string): Promise<void> {
  ledger.accounts.cash = ledger.accounts.cash - (await priceOf(order));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'ledger.accounts.cash',
        line: 5,
        data: { name: 'ledger.accounts.cash', pause: '5', other: 'another call of `refund`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const ledger = { accounts: { cash: 100 } };
export async function refund(order: string): Promise<void> {
  const price = await priceOf(order);
  ledger.accounts.cash = ledger.accounts.cash - price;
}`,
  });

  stays('silent for a parameter, of which nobody knows who holds it', {
    code: `
declare function priceOf(order: string): Promise<number>;
export async function total(order: string, cart: { sum: number }): Promise<void> {
  cart.sum += await priceOf(order);
}`,
  });

  reports('the entry of a Map', {
    code: `
declare function priceOf(order: string): Promise<number>;
const spent = new Map<string, number>();
export async function charge(customer: string, order: string): Promise<void> {
  spent.set(customer, (spent.get(customer) ?? 0) + (await priceOf(order)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'spent.set(customer, (spent.get(customer) ?? 0) + (await priceOf(order)))',
        data: { name: 'spent[customer]', pause: '5', other: 'another call of `charge`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const spent = new Map<string, number>();
export async function charge(customer: string, order: string): Promise<void> {
  const price = await priceOf(order);
  spent.set(customer, (spent.get(customer) ?? 0) + price);
}`,
  });

  stays('silent when the entry is read after the price has come', {
    code: `
declare function priceOf(order: string): Promise<number>;
const spent = new Map<string, number>();
export async function charge(customer: string, order: string): Promise<void> {
  spent.set(customer, (await priceOf(order)) + (spent.get(customer) ?? 0));
}`,
  });

  reports('the entry of a Map copied before the wait', {
    code: `
declare function audit(customer: string): Promise<void>;
const visits = new Map<string, number>();
export async function visit(customer: string): Promise<void> {
  const before = visits.get(customer) ?? 0;
  await audit(customer);
  visits.set(customer, before + 1);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'visits.set(customer, before + 1)',
        data: { name: 'visits[customer]', read: '5', pause: '6', other: 'another call of `visit`' },
      },
    ],
    output: `
declare function audit(customer: string): Promise<void>;
const visits = new Map<string, number>();
export async function visit(customer: string): Promise<void> {
  await audit(customer);
  visits.set(customer, (visits.get(customer) ?? 0) + 1);
}`,
  });

  stays('silent when another entry is written', {
    code: `
declare function audit(customer: string): Promise<void>;
const visits = new Map<string, number>();
export async function copy(from: string, to: string): Promise<void> {
  const before = visits.get(from) ?? 0;
  await audit(to);
  visits.set(to, before + 1);
}`,
  });

  reports('an entry whose key is put together twice from the same parts', {
    code: `
declare function audit(customer: string): Promise<void>;
const visits = new Map<string, number>();
export async function visit(customer: string): Promise<void> {
  const key = \`visits:\${customer}\`;
  const before = visits.get(\`visits:\${customer}\`) ?? 0;
  await audit(customer);
  visits.set(key, before + 1);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'visits.set(key, before + 1)',
        data: { name: 'visits[…]', read: '6', pause: '7', other: 'another call of `visit`' },
      },
    ],
    output: `
declare function audit(customer: string): Promise<void>;
const visits = new Map<string, number>();
export async function visit(customer: string): Promise<void> {
  const key = \`visits:\${customer}\`;
  await audit(customer);
  visits.set(key, (visits.get(\`visits:\${customer}\`) ?? 0) + 1);
}`,
  });

  reports('a property of a record by key', {
    code: `
declare function priceOf(order: string): Promise<number>;
const spent: Record<string, number> = {};
export async function charge(customer: string, order: string): Promise<void> {
  spent[customer] = (spent[customer] ?? 0) + (await priceOf(order));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'spent[customer]',
        line: 5,
        data: { name: 'spent[customer]', pause: '5', other: 'another call of `charge`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const spent: Record<string, number> = {};
export async function charge(customer: string, order: string): Promise<void> {
  const price = await priceOf(order);
  spent[customer] = (spent[customer] ?? 0) + price;
}`,
  });

  stays('silent when a fresh value replaces the entry', {
    code: `
declare function priceOf(order: string): Promise<number>;
const prices: Record<string, number> = {};
export async function refresh(order: string): Promise<void> {
  prices[order] = await priceOf(order);
}`,
  });

  reports('the first element of an array', {
    code: `
declare function priceOf(order: string): Promise<number>;
const totals: number[] = [0];
export async function charge(order: string): Promise<void> {
  totals[0] = (totals[0] ?? 0) + (await priceOf(order));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'totals[0]',
        line: 5,
        data: { name: 'totals[0]', pause: '5', other: 'another call of `charge`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const totals: number[] = [0];
export async function charge(order: string): Promise<void> {
  const price = await priceOf(order);
  totals[0] = (totals[0] ?? 0) + price;
}`,
  });

  reports('an element put at the end by its index', {
    code: `
declare function priceOf(order: string): Promise<number>;
const prices: number[] = [];
export async function charge(order: string): Promise<void> {
  prices[prices.length] = await priceOf(order);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'prices[prices.length]',
        data: { name: 'prices[prices.length]', pause: '5', other: 'another call of `charge`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const prices: number[] = [];
export async function charge(order: string): Promise<void> {
  prices.push(await priceOf(order));
}`,
  });

  stays('silent for push, which finds the end when it is called', {
    code: `
declare function priceOf(order: string): Promise<number>;
const prices: number[] = [];
export async function charge(order: string): Promise<void> {
  prices.push(await priceOf(order));
}`,
  });

  reports('a destructured copy', {
    code: `
declare function audit(id: string): Promise<void>;
const stats = { requests: 0, errors: 0 };
export async function handle(id: string): Promise<void> {
  const { requests } = stats;
  await audit(id);
  stats.requests = requests + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats.requests',
        data: { name: 'stats.requests', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const stats = { requests: 0, errors: 0 };
export async function handle(id: string): Promise<void> {
  await audit(id);
  stats.requests = stats.requests + 1;
}`,
  });

  reports('a renamed copy out of a nested pattern, its neighbour kept', {
    code: `
declare function audit(id: string, errors: number): Promise<void>;
const stats = { http: { requests: 0, errors: 0 } };
export async function handle(id: string): Promise<void> {
  const { http: { requests: before, errors } } = stats;
  await audit(id, errors);
  stats.http.requests = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats.http.requests',
        data: { name: 'stats.http.requests', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string, errors: number): Promise<void>;
const stats = { http: { requests: 0, errors: 0 } };
export async function handle(id: string): Promise<void> {
  const { http: { errors } } = stats;
  await audit(id, errors);
  stats.http.requests = stats.http.requests + 1;
}`,
  });

  reports('an alias of the object', {
    code: `
declare function audit(id: string): Promise<void>;
const stats = { requests: 0 };
export async function handle(id: string): Promise<void> {
  const here = stats;
  const before = here.requests;
  await audit(id);
  here.requests = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'here.requests',
        line: 8,
        data: { name: 'here.requests', read: '6', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const stats = { requests: 0 };
export async function handle(id: string): Promise<void> {
  const here = stats;
  await audit(id);
  here.requests = here.requests + 1;
}`,
  });

  reports('an object imported from another file', {
    files: {
      'stats.ts': `
export const stats = { requests: 0 };`,
    },
    code: `
import { stats } from './stats.js';
declare function audit(id: string): Promise<number>;
export async function handle(id: string): Promise<void> {
  stats.requests += await audit(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.requests',
        data: { name: 'stats.requests', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
import { stats } from './stats.js';
declare function audit(id: string): Promise<number>;
export async function handle(id: string): Promise<void> {
  const auditResult = await audit(id);
  stats.requests += auditResult;
}`,
  });

  reports('an object behind a re-export and a namespace import', {
    files: {
      'stats.ts': `
export const stats = { requests: 0 };`,
      'metrics.ts': `
export { stats as counters } from './stats.js';`,
    },
    code: `
import * as metrics from './metrics.js';
declare function sizeOf(id: string): Promise<number>;
export async function handle(id: string): Promise<void> {
  metrics.counters.requests += await sizeOf(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'metrics.counters.requests',
        data: { name: 'metrics.counters.requests', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
import * as metrics from './metrics.js';
declare function sizeOf(id: string): Promise<number>;
export async function handle(id: string): Promise<void> {
  const size = await sizeOf(id);
  metrics.counters.requests += size;
}`,
  });

  reports('a wait on some ways only', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  if (id !== '') {
    await audit(id);
  }
  requests = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 9,
        data: { name: 'requests', read: '5', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  if (id !== '') {
    await audit(id);
  }
  requests = requests + 1;
}`,
  });

  stays('silent when the way with the wait does not lead to the write', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  if (id === '') {
    await audit(id);
    return;
  }
  requests = before + 1;
}`,
  });

  stays('silent when the very value that was read is restored', {
    code: `
declare function audit(id: string): Promise<void>;
let mode = 'live';
export async function dryRun(id: string): Promise<void> {
  const before = mode;
  mode = 'dry';
  try {
    await audit(id);
  } finally {
    mode = before;
  }
}`,
  });

  stays('silent when the place is looked at again before the write', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  await audit(id);
  if (requests === before) requests = before + 1;
}`,
  });

  stays('silent for a cursor that is moved by what was read from it', {
    code: `
declare function page(from: number): Promise<string[]>;
let cursor = 0;
export async function poll(): Promise<void> {
  const from = cursor;
  const rows = await page(from);
  cursor = from + rows.length;
}`,
  });

  stays('silent for counting up before and down after', {
    code: `
declare function audit(id: string): Promise<void>;
let active = 0;
export async function handle(id: string): Promise<void> {
  active++;
  try {
    await audit(id);
  } finally {
    active--;
  }
}`,
  });

  stays('silent for a constant that is written whatever was read', {
    code: `
declare function audit(id: string): Promise<void>;
let state = 'open';
export async function close(id: string): Promise<void> {
  const before = state;
  await audit(before + id);
  state = 'closed';
}`,
  });

  stays('silent when a copy is overwritten before it is used', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function reset(id: string): Promise<void> {
  let before = requests;
  await audit(id + String(before));
  before = 0;
  requests = before;
}`,
  });

  reports('a copy that goes through another local', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  await audit(id);
  const after = before + 1;
  requests = after;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 8,
        data: { name: 'requests', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  await audit(id);
  const after = requests + 1;
  requests = after;
}`,
  });

  reports('a number that the wait needs, to be written before it as a suggestion', {
    code: `
declare function audit(id: number): Promise<void>;
let lastNumber = 0;
export async function nextInvoice(): Promise<number> {
  const number = lastNumber + 1;
  await audit(number);
  lastNumber = number;
  return number;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'lastNumber',
        line: 7,
        data: { name: 'lastNumber', read: '5', pause: '6', other: 'another call of `nextInvoice`' },
        suggestions: [
          {
            messageId: 'earlier',
            data: { name: 'lastNumber' },
            output: `
declare function audit(id: number): Promise<void>;
let lastNumber = 0;
export async function nextInvoice(): Promise<number> {
  const number = lastNumber + 1;
  lastNumber = number;
  await audit(number);
  return number;
}`,
          },
        ],
      },
    ],
  });

  stays('silent when the number is taken before the wait', {
    code: `
declare function audit(id: number): Promise<void>;
let lastNumber = 0;
export async function nextInvoice(): Promise<number> {
  const number = lastNumber + 1;
  lastNumber = number;
  await audit(number);
  return number;
}`,
  });

  reports('a copy that the wait needs too, both ways out as suggestions', {
    code: `
declare function audit(id: string, requests: number): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  await audit(id, before);
  requests = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 7,
        data: { name: 'requests', read: '5', pause: '6', other: 'another call of `handle`' },
        suggestions: [
          {
            messageId: 'reread',
            data: { name: 'requests' },
            output: `
declare function audit(id: string, requests: number): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  await audit(id, before);
  requests = requests + 1;
}`,
          },
          {
            messageId: 'earlier',
            data: { name: 'requests' },
            output: `
declare function audit(id: string, requests: number): Promise<void>;
let requests = 0;
export async function handle(id: string): Promise<void> {
  const before = requests;
  requests = before + 1;
  await audit(id, before);
}`,
          },
        ],
      },
    ],
  });

  reports('two places, fixed one pass after the other where the fixes meet', {
    code: `
declare function sizeOf(id: string): Promise<number>;
const stats = { bytes: 0, requests: 0 };
export async function handle(id: string): Promise<void> {
  const before = stats.requests;
  stats.bytes += await sizeOf(id);
  stats.requests = before + 1;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.bytes',
        data: { name: 'stats.bytes', pause: '6', other: 'another call of `handle`' },
      },
      {
        messageId: 'stale',
        on: 'stats.requests',
        line: 7,
        data: { name: 'stats.requests', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: [
      `
declare function sizeOf(id: string): Promise<number>;
const stats = { bytes: 0, requests: 0 };
export async function handle(id: string): Promise<void> {
  stats.bytes += await sizeOf(id);
  stats.requests = stats.requests + 1;
}`,
      `
declare function sizeOf(id: string): Promise<number>;
const stats = { bytes: 0, requests: 0 };
export async function handle(id: string): Promise<void> {
  const size = await sizeOf(id);
  stats.bytes += size;
  stats.requests = stats.requests + 1;
}`,
    ],
  });

  reports('a loop that reads and writes in each round', {
    code: `
declare function audit(id: string): Promise<void>;
let done = 0;
export async function run(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const before = done;
    await audit(id);
    done = before + 1;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'done',
        line: 8,
        data: { name: 'done', read: '6', pause: '7', other: 'another call of `run`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let done = 0;
export async function run(ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await audit(id);
    done = done + 1;
  }
}`,
  });

  reports('a count that was taken before a loop, without a repair because each round counts on from it', {
    code: `
declare function audit(id: string): Promise<void>;
let done = 0;
export async function run(ids: readonly string[]): Promise<void> {
  const before = done;
  for (const [at, id] of ids.entries()) {
    await audit(id);
    done = before + at + 1;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'done',
        line: 8,
        data: { name: 'done', read: '5', pause: '7', other: 'another call of `run`' },
      },
    ],
  });

  reports('a labelled loop that goes on', {
    code: `
declare function audit(id: string): Promise<boolean>;
let done = 0;
export async function run(orders: readonly (readonly string[])[]): Promise<void> {
  next: for (const order of orders) {
    const before = done;
    for (const item of order) {
      if (!(await audit(item))) continue next;
    }
    done = before + 1;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'done',
        line: 10,
        data: { name: 'done', read: '6', pause: '8', other: 'another call of `run`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<boolean>;
let done = 0;
export async function run(orders: readonly (readonly string[])[]): Promise<void> {
  next: for (const order of orders) {
    for (const item of order) {
      if (!(await audit(item))) continue next;
    }
    done = done + 1;
  }
}`,
  });

  stays('silent for a labelled loop that is left after the wait', {
    code: `
declare function audit(id: string): Promise<void>;
let tried = 0;
export async function first(orders: readonly string[]): Promise<void> {
  search: for (;;) {
    const before = tried;
    for (const order of orders) {
      await audit(order);
      break search;
    }
    tried = before + 1;
    if (tried > 100) return;
  }
}`,
  });

  reports('a clause of a switch', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
let errors = 0;
export async function handle(kind: 'file' | 'error', id: string): Promise<void> {
  switch (kind) {
    case 'file':
      bytes += await sizeOf(id);
      break;
    default:
      errors++;
  }
}
export { errors };`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 8,
        data: { name: 'bytes', pause: '8', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
let errors = 0;
export async function handle(kind: 'file' | 'error', id: string): Promise<void> {
  switch (kind) {
    case 'file':
      {
        const size = await sizeOf(id);
        bytes += size;
      }
      break;
    default:
      errors++;
  }
}
export { errors };`,
  });

  reports('a for await between read and write', {
    code: `
let received = 0;
export async function consume(messages: AsyncIterable<string>): Promise<void> {
  const before = received;
  let count = 0;
  for await (const message of messages) count += message.length;
  received = before + count;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'received',
        line: 7,
        data: { name: 'received', read: '4', pause: '6', other: 'another call of `consume`' },
      },
    ],
    output: `
let received = 0;
export async function consume(messages: AsyncIterable<string>): Promise<void> {
  let count = 0;
  for await (const message of messages) count += message.length;
  received = received + count;
}`,
  });

  stays('silent when each message is counted as it comes', {
    code: `
let received = 0;
export async function consume(messages: AsyncIterable<string>): Promise<void> {
  for await (const message of messages) received += message.length;
}`,
  });

  reports('the end of an await using block between read and write', {
    code: `
declare function lease(): AsyncDisposable & { readonly size: number };
let used = 0;
export async function handle(): Promise<void> {
  const before = used;
  let size = 0;
  {
    await using handle = lease();
    size = handle.size;
  }
  used = before + size;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'used',
        line: 11,
        data: { name: 'used', read: '5', pause: '8', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function lease(): AsyncDisposable & { readonly size: number };
let used = 0;
export async function handle(): Promise<void> {
  let size = 0;
  {
    await using handle = lease();
    size = handle.size;
  }
  used = used + size;
}`,
  });

  reports('a yield of an async generator', {
    code: `
let sent = 0;
export async function* rows(ids: readonly string[]): AsyncGenerator<string> {
  for (const id of ids) {
    const before = sent;
    yield id;
    sent = before + 1;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'sent',
        line: 7,
        data: { name: 'sent', read: '5', pause: '6', other: 'another call of `rows`' },
      },
    ],
    output: `
let sent = 0;
export async function* rows(ids: readonly string[]): AsyncGenerator<string> {
  for (const id of ids) {
    yield id;
    sent = sent + 1;
  }
}`,
  });

  stays('silent when the generator counts before it yields', {
    code: `
let sent = 0;
export async function* rows(ids: readonly string[]): AsyncGenerator<string> {
  for (const id of ids) {
    sent = sent + 1;
    yield id;
  }
}`,
  });

  reports('a callback of then that goes on with a copy', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export function handle(id: string): Promise<void> {
  const before = bytes;
  return sizeOf(id).then((size) => {
    bytes = before + size;
  });
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export function handle(id: string): Promise<void> {
  return sizeOf(id).then((size) => {
    bytes = bytes + size;
  });
}`,
  });

  stays('silent when the callback reads for itself', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export function handle(id: string): Promise<void> {
  return sizeOf(id).then((size) => {
    bytes += size;
  });
}`,
  });

  reports('a callback of finally', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export function handle(id: string): void {
  const before = requests;
  audit(id).finally(() => {
    requests = before + 1;
  }).catch(console.error);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 7,
        data: { name: 'requests', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export function handle(id: string): void {
  audit(id).finally(() => {
    requests = requests + 1;
  }).catch(console.error);
}`,
  });

  reports('the callback of a timer', {
    code: `
let requests = 0;
export function handle(): void {
  const before = requests;
  setTimeout(() => {
    requests = before + 1;
  }, 100);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 6,
        data: { name: 'requests', read: '4', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
let requests = 0;
export function handle(): void {
  setTimeout(() => {
    requests = requests + 1;
  }, 100);
}`,
  });

  reports('an accumulator of callbacks that run together', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  await Promise.all(
    ids.map(async (id) => {
      bytes += await sizeOf(id);
    }),
  );
  return bytes;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another run started on line 6' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  await Promise.all(
    ids.map(async (id) => {
      const size = await sizeOf(id);
      bytes += size;
    }),
  );
  return bytes;
}`,
  });

  stays('silent for an accumulator in a loop that waits for each round', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const id of ids) {
    bytes += await sizeOf(id);
  }
  return bytes;
}`,
  });

  reports('callbacks of forEach, which nobody waits for', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export function start(ids: readonly string[], done: (bytes: () => number) => void): void {
  let bytes = 0;
  ids.forEach(async (id) => {
    bytes += await sizeOf(id);
  });
  done(() => bytes);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another run started on line 5' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export function start(ids: readonly string[], done: (bytes: () => number) => void): void {
  let bytes = 0;
  ids.forEach(async (id) => {
    const size = await sizeOf(id);
    bytes += size;
  });
  done(() => bytes);
}`,
  });

  stays('silent for a reduce that waits for its accumulator', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  await ids.reduce(async (before, id) => {
    await before;
    bytes += await sizeOf(id);
  }, Promise.resolve());
  return bytes;
}`,
  });

  reports('an array that each callback copies and replaces', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizes(ids: readonly string[]): Promise<readonly number[]> {
  let all: readonly number[] = [];
  await Promise.all(
    ids.map(async (id) => {
      all = [...all, await sizeOf(id)];
    }),
  );
  return all;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'all',
        line: 7,
        data: { name: 'all', pause: '7', other: 'another run started on line 6' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export async function sizes(ids: readonly string[]): Promise<readonly number[]> {
  let all: readonly number[] = [];
  await Promise.all(
    ids.map(async (id) => {
      const size = await sizeOf(id);
      all = [...all, size];
    }),
  );
  return all;
}`,
  });

  reports('concat, in the body of a one-line arrow', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizes(ids: readonly string[]): Promise<readonly number[]> {
  let all: number[] = [];
  await Promise.all(ids.map(async (id) => (all = all.concat(await sizeOf(id)))));
  return all;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'all',
        line: 5,
        data: { name: 'all', pause: '5', other: 'another run started on line 5' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export async function sizes(ids: readonly string[]): Promise<readonly number[]> {
  let all: number[] = [];
  await Promise.all(ids.map(async (id) => {
    const size = await sizeOf(id);
    return (all = all.concat(size));
  }));
  return all;
}`,
  });

  stays('silent when every callback has an entry of its own', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizes(ids: readonly string[]): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  await Promise.all(
    ids.map(async (id) => {
      all[id] = await sizeOf(id);
    }),
  );
  return all;
}`,
  });

  reports('jobs that are collected in a loop and joined', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  const jobs: Promise<void>[] = [];
  for (const id of ids) {
    jobs.push(
      (async () => {
        bytes += await sizeOf(id);
      })(),
    );
  }
  await Promise.all(jobs);
  return bytes;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 9,
        data: { name: 'bytes', pause: '9', other: 'another run started on line 8' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  let bytes = 0;
  const jobs: Promise<void>[] = [];
  for (const id of ids) {
    jobs.push(
      (async () => {
        const size = await sizeOf(id);
        bytes += size;
      })(),
    );
  }
  await Promise.all(jobs);
  return bytes;
}`,
  });

  reports('a local function that is called twice at once', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfBoth(left: string, right: string): Promise<number> {
  let bytes = 0;
  const add = async (id: string): Promise<void> => {
    bytes += await sizeOf(id);
  };
  await Promise.all([add(left), add(right)]);
  return bytes;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another run started on line 8' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfBoth(left: string, right: string): Promise<number> {
  let bytes = 0;
  const add = async (id: string): Promise<void> => {
    const size = await sizeOf(id);
    bytes += size;
  };
  await Promise.all([add(left), add(right)]);
  return bytes;
}`,
  });

  stays('silent for a local function that is called one after the other', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfBoth(left: string, right: string): Promise<number> {
  let bytes = 0;
  const add = async (id: string): Promise<void> => {
    bytes += await sizeOf(id);
  };
  await add(left);
  await add(right);
  return bytes;
}`,
  });

  reports('callbacks of a limiter that lets several in', {
    code: `
import pLimit from 'p-limit';
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  const limit = pLimit(4);
  let bytes = 0;
  await Promise.all(
    ids.map((id) =>
      limit(async () => {
        bytes += await sizeOf(id);
      }),
    ),
  );
  return bytes;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 10,
        data: { name: 'bytes', pause: '10', other: 'another run started on line 9' },
      },
    ],
    output: `
import pLimit from 'p-limit';
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  const limit = pLimit(4);
  let bytes = 0;
  await Promise.all(
    ids.map((id) =>
      limit(async () => {
        const size = await sizeOf(id);
        bytes += size;
      }),
    ),
  );
  return bytes;
}`,
  });

  stays('silent for a limiter that lets one in', {
    code: `
import pLimit from 'p-limit';
declare function sizeOf(id: string): Promise<number>;
export async function sizeOfAll(ids: readonly string[]): Promise<number> {
  const limit = pLimit(1);
  let bytes = 0;
  await Promise.all(
    ids.map((id) =>
      limit(async () => {
        bytes += await sizeOf(id);
      }),
    ),
  );
  return bytes;
}`,
  });

  reports('a field of the one instance', {
    code: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  private bytes = 0;
  async store(id: string): Promise<void> {
    this.bytes += await sizeOf(id);
  }
  total(): number {
    return this.bytes;
  }
}
export const uploads = new Uploads();`,
    errors: [
      {
        messageId: 'across',
        on: 'this.bytes',
        line: 6,
        data: { name: 'this.bytes', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  private bytes = 0;
  async store(id: string): Promise<void> {
    const size = await sizeOf(id);
    this.bytes += size;
  }
  total(): number {
    return this.bytes;
  }
}
export const uploads = new Uploads();`,
  });

  stays('silent for a field of an object made for one job', {
    code: `
declare function sizeOf(id: string): Promise<number>;
class Upload {
  private bytes = 0;
  async add(id: string): Promise<void> {
    this.bytes += await sizeOf(id);
  }
  total(): number {
    return this.bytes;
  }
}
export async function store(ids: readonly string[]): Promise<number> {
  const upload = new Upload();
  for (const id of ids) await upload.add(id);
  return upload.total();
}`,
  });

  reports('a private field read through a getter', {
    code: `
declare function audit(id: string): Promise<void>;
class Requests {
  #count = 0;
  get count(): number {
    return this.#count;
  }
  async handle(id: string): Promise<void> {
    const before = this.count;
    await audit(id);
    this.#count = before + 1;
  }
}
export const requests = new Requests();`,
    errors: [
      {
        messageId: 'stale',
        on: 'this.#count',
        line: 11,
        data: { name: 'this.#count', read: '9', pause: '10', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
class Requests {
  #count = 0;
  get count(): number {
    return this.#count;
  }
  async handle(id: string): Promise<void> {
    await audit(id);
    this.#count = this.count + 1;
  }
}
export const requests = new Requests();`,
  });

  reports('a pair of getter and setter', {
    code: `
declare function audit(id: string): Promise<void>;
class Requests {
  #count = 0;
  get count(): number {
    return this.#count;
  }
  set count(value: number) {
    this.#count = value;
  }
}
const requests = new Requests();
export async function handle(id: string): Promise<void> {
  const before = requests.count;
  await audit(id);
  requests.count = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests.count',
        line: 16,
        data: { name: 'requests.count', read: '14', pause: '15', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
class Requests {
  #count = 0;
  get count(): number {
    return this.#count;
  }
  set count(value: number) {
    this.#count = value;
  }
}
const requests = new Requests();
export async function handle(id: string): Promise<void> {
  await audit(id);
  requests.count = requests.count + 1;
}`,
  });

  reports('a static', {
    code: `
declare function sizeOf(id: string): Promise<number>;
export class Uploads {
  static bytes = 0;
  static async store(id: string): Promise<void> {
    Uploads.bytes += await sizeOf(id);
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'Uploads.bytes',
        data: { name: 'Uploads.bytes', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export class Uploads {
  static bytes = 0;
  static async store(id: string): Promise<void> {
    const size = await sizeOf(id);
    Uploads.bytes += size;
  }
}`,
  });

  reports('an arrow function in a field', {
    code: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
  store = async (id: string): Promise<void> => {
    this.bytes = this.bytes + (await sizeOf(id));
  };
}
export const uploads = new Uploads();`,
    errors: [
      {
        messageId: 'across',
        on: 'this.bytes',
        line: 6,
        data: { name: 'this.bytes', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
  store = async (id: string): Promise<void> => {
    const size = await sizeOf(id);
    this.bytes = this.bytes + size;
  };
}
export const uploads = new Uploads();`,
  });

  reports('a class that is exported as the default and built at module level elsewhere', {
    files: {
      'main.ts': `
import Uploads from './service.js';
export const uploads = new Uploads();`,
    },
    code: `
declare function sizeOf(id: string): Promise<number>;
export default class Uploads {
  bytes = 0;
  async store(id: string): Promise<void> {
    this.bytes += await sizeOf(id);
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'this.bytes',
        data: { name: 'this.bytes', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
export default class Uploads {
  bytes = 0;
  async store(id: string): Promise<void> {
    const size = await sizeOf(id);
    this.bytes += size;
  }
}`,
  });

  reports('this under another name', {
    code: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
  async store(id: string): Promise<void> {
    const self = this;
    self.bytes += await sizeOf(id);
  }
}
export const uploads = new Uploads();`,
    errors: [
      {
        messageId: 'across',
        on: 'self.bytes',
        data: { name: 'self.bytes', pause: '7', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
  async store(id: string): Promise<void> {
    const self = this;
    const size = await sizeOf(id);
    self.bytes += size;
  }
}
export const uploads = new Uploads();`,
  });

  reports('a private method by those who call it', {
    code: `
declare function audit(id: string): Promise<void>;
class Uploads {
  #count = 0;
  async store(id: string): Promise<void> {
    await this.#counted(id);
  }
  async #counted(id: string): Promise<void> {
    const before = this.#count;
    await audit(id);
    this.#count = before + 1;
  }
}
export const uploads = new Uploads();`,
    errors: [
      {
        messageId: 'stale',
        on: 'this.#count',
        line: 11,
        data: { name: 'this.#count', read: '9', pause: '10', other: 'another call of `store`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
class Uploads {
  #count = 0;
  async store(id: string): Promise<void> {
    await this.#counted(id);
  }
  async #counted(id: string): Promise<void> {
    await audit(id);
    this.#count = this.#count + 1;
  }
}
export const uploads = new Uploads();`,
  });

  reports('a field of a base class, when the heir is the one instance', {
    code: `
abstract class Source {
  protected rows = 0;
  protected abstract next(): Promise<number>;
  async pull(): Promise<void> {
    this.rows += await this.next();
  }
}
class Orders extends Source {
  protected async next(): Promise<number> {
    return 1;
  }
}
export const orders = new Orders();`,
    errors: [
      {
        messageId: 'across',
        on: 'this.rows',
        data: { name: 'this.rows', pause: '6', other: 'another call of `pull`' },
      },
    ],
    output: `
abstract class Source {
  protected rows = 0;
  protected abstract next(): Promise<number>;
  async pull(): Promise<void> {
    const nextResult = await this.next();
    this.rows += nextResult;
  }
}
class Orders extends Source {
  protected async next(): Promise<number> {
    return 1;
  }
}
export const orders = new Orders();`,
  });

  reports('a generic class', {
    code: `
class Totals<Key> {
  private readonly sums = new Map<Key, number>();
  constructor(private readonly priceOf: (key: Key) => Promise<number>) {}
  async add(key: Key): Promise<void> {
    this.sums.set(key, (this.sums.get(key) ?? 0) + (await this.priceOf(key)));
  }
}
export const totals = new Totals<string>(async (order) => order.length);`,
    errors: [
      {
        messageId: 'across',
        on: 'this.sums.set(key, (this.sums.get(key) ?? 0) + (await this.priceOf(key)))',
        data: { name: 'this.sums[key]', pause: '6', other: 'another call of `add`' },
      },
    ],
    output: `
class Totals<Key> {
  private readonly sums = new Map<Key, number>();
  constructor(private readonly priceOf: (key: Key) => Promise<number>) {}
  async add(key: Key): Promise<void> {
    const price = await this.priceOf(key);
    this.sums.set(key, (this.sums.get(key) ?? 0) + price);
  }
}
export const totals = new Totals<string>(async (order) => order.length);`,
  });

  reports('overloads', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export async function store(id: string): Promise<void>;
export async function store(id: number): Promise<void>;
export async function store(id: number | string): Promise<void> {
  bytes += await sizeOf(String(id));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export async function store(id: string): Promise<void>;
export async function store(id: number): Promise<void>;
export async function store(id: number | string): Promise<void> {
  const size = await sizeOf(String(id));
  bytes += size;
}`,
  });

  reports('an amount that is any', {
    code: `
declare function sizeOf(id: string): Promise<any>;
let bytes = 0;
export async function store(id: string): Promise<void> {
  bytes += await sizeOf(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 5,
        data: { name: 'bytes', pause: '5', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<any>;
let bytes = 0;
export async function store(id: string): Promise<void> {
  const size = await sizeOf(id);
  bytes += size;
}`,
  });

  stays('silent when the object is any', {
    code: `
declare const stats: any;
declare function sizeOf(id: string): Promise<number>;
export async function store(id: string): Promise<void> {
  const local = stats;
  local.bytes += 1;
  await sizeOf(id);
}`,
  });

  reports('a Nest provider, of which there is one', {
    code: `
import { Injectable } from '@nestjs/common';
declare function priceOf(order: string): Promise<number>;
@Injectable()
export class Billing {
  private revenue = 0;
  async charge(order: string): Promise<number> {
    this.revenue += await priceOf(order);
    return this.revenue;
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'this.revenue',
        line: 8,
        data: { name: 'this.revenue', pause: '8', other: 'another call of `charge`' },
      },
    ],
    output: `
import { Injectable } from '@nestjs/common';
declare function priceOf(order: string): Promise<number>;
@Injectable()
export class Billing {
  private revenue = 0;
  async charge(order: string): Promise<number> {
    const price = await priceOf(order);
    this.revenue += price;
    return this.revenue;
  }
}`,
  });

  stays('silent for a Nest provider of each request', {
    code: `
import { Injectable, Scope } from '@nestjs/common';
declare function priceOf(order: string): Promise<number>;
@Injectable({ scope: Scope.REQUEST })
export class Basket {
  private sum = 0;
  async add(order: string): Promise<number> {
    this.sum += await priceOf(order);
    return this.sum;
  }
}`,
  });

  reports('an Express handler', {
    code: `
import express from 'express';
declare function sizeOf(id: string): Promise<number>;
const app = express();
let bytes = 0;
app.get('/files/:id', async (req, res) => {
  bytes += await sizeOf(req.params.id);
  res.json({ bytes });
});`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another call from line 6' },
      },
    ],
    output: `
import express from 'express';
declare function sizeOf(id: string): Promise<number>;
const app = express();
let bytes = 0;
app.get('/files/:id', async (req, res) => {
  const size = await sizeOf(req.params.id);
  bytes += size;
  res.json({ bytes });
});`,
  });

  stays('silent for a variable of the Express handler', {
    code: `
import express from 'express';
declare function sizeOf(id: string): Promise<number>;
const app = express();
app.get('/files/:id', async (req, res) => {
  let bytes = 0;
  bytes += await sizeOf(req.params.id);
  res.json({ bytes });
});`,
  });

  reports('an annotated Express handler in a file of its own', {
    code: `
import type { RequestHandler } from 'express';
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export const download: RequestHandler<{ id: string }> = async (req, res) => {
  bytes = bytes + (await sizeOf(req.params.id));
  res.json({ bytes });
};`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another call of `download`' },
      },
    ],
    output: `
import type { RequestHandler } from 'express';
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export const download: RequestHandler<{ id: string }> = async (req, res) => {
  const size = await sizeOf(req.params.id);
  bytes = bytes + size;
  res.json({ bytes });
};`,
  });

  stays('silent for properties of the request', {
    code: `
import express from 'express';
declare function userOf(token: string): Promise<string>;
const app = express();
app.use(async (_req, res, next) => {
  const before = (res.locals['users'] as string[] | undefined) ?? [];
  const user = await userOf('token');
  res.locals['users'] = [...before, user];
  next();
});`,
  });

  reports('a Fastify handler', {
    code: `
import fastify from 'fastify';
declare function sizeOf(id: string): Promise<number>;
const app = fastify();
const stats = { bytes: 0 };
app.get<{ Params: { id: string } }>('/files/:id', async (request) => {
  stats.bytes += await sizeOf(request.params.id);
  return stats;
});`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.bytes',
        data: { name: 'stats.bytes', pause: '7', other: 'another call from line 6' },
      },
    ],
    output: `
import fastify from 'fastify';
declare function sizeOf(id: string): Promise<number>;
const app = fastify();
const stats = { bytes: 0 };
app.get<{ Params: { id: string } }>('/files/:id', async (request) => {
  const size = await sizeOf(request.params.id);
  stats.bytes += size;
  return stats;
});`,
  });

  reports('a Fastify handler that keeps its counter in the plugin', {
    code: `
import type { FastifyInstance } from 'fastify';
declare function sizeOf(url: string): Promise<number>;
export async function files(app: FastifyInstance): Promise<void> {
  let bytes = 0;
  app.get('/files', async (request) => {
    bytes += await sizeOf(request.url);
    return { bytes };
  });
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another call from line 6' },
      },
    ],
    output: `
import type { FastifyInstance } from 'fastify';
declare function sizeOf(url: string): Promise<number>;
export async function files(app: FastifyInstance): Promise<void> {
  let bytes = 0;
  app.get('/files', async (request) => {
    const size = await sizeOf(request.url);
    bytes += size;
    return { bytes };
  });
}`,
  });

  reports('Hono middleware', {
    code: `
import { Hono } from 'hono';
declare function audit(path: string): Promise<void>;
const app = new Hono();
let requests = 0;
app.use(async (c, next) => {
  const before = requests;
  await audit(c.req.path);
  requests = before + 1;
  await next();
});
export default app;`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 9,
        data: { name: 'requests', read: '7', pause: '8', other: 'another call from line 6' },
      },
    ],
    output: `
import { Hono } from 'hono';
declare function audit(path: string): Promise<void>;
const app = new Hono();
let requests = 0;
app.use(async (c, next) => {
  await audit(c.req.path);
  requests = requests + 1;
  await next();
});
export default app;`,
  });

  reports('a listener', {
    code: `
import { EventEmitter } from 'node:events';
declare function audit(order: string): Promise<void>;
const bus = new EventEmitter();
let orders = 0;
bus.on('order', async (order: string) => {
  const before = orders;
  await audit(order);
  orders = before + 1;
});`,
    errors: [
      {
        messageId: 'stale',
        on: 'orders',
        line: 9,
        data: { name: 'orders', read: '7', pause: '8', other: 'another call from line 6' },
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
declare function audit(order: string): Promise<void>;
const bus = new EventEmitter();
let orders = 0;
bus.on('order', async (order: string) => {
  await audit(order);
  orders = orders + 1;
});`,
  });

  stays('silent for a listener that is called once', {
    code: `
import { EventEmitter } from 'node:events';
declare function audit(order: string): Promise<void>;
const bus = new EventEmitter();
let orders = 0;
bus.once('ready', async (order: string) => {
  const before = orders;
  await audit(order);
  orders = before + 1;
});`,
  });

  reports('messages of a WebSocket', {
    code: `
import { WebSocketServer } from 'ws';
declare function sizeOf(message: string): Promise<number>;
let bytes = 0;
new WebSocketServer({ port: 8080 }).on('connection', (socket) => {
  socket.on('message', async (data) => {
    bytes += await sizeOf(String(data));
  });
});`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another call from line 6' },
      },
    ],
    output: `
import { WebSocketServer } from 'ws';
declare function sizeOf(message: string): Promise<number>;
let bytes = 0;
new WebSocketServer({ port: 8080 }).on('connection', (socket) => {
  socket.on('message', async (data) => {
    const size = await sizeOf(String(data));
    bytes += size;
  });
});`,
  });

  reports('an interval that may overtake itself', {
    code: `
declare function audit(tick: number): Promise<void>;
let ticks = 0;
setInterval(async () => {
  const before = ticks;
  await audit(before);
  ticks = before + 1;
}, 1000);`,
    errors: [
      {
        messageId: 'stale',
        on: 'ticks',
        line: 7,
        data: { name: 'ticks', read: '5', pause: '6', other: 'another call from line 4' },
        suggestions: [
          {
            messageId: 'reread',
            data: { name: 'ticks' },
            output: `
declare function audit(tick: number): Promise<void>;
let ticks = 0;
setInterval(async () => {
  const before = ticks;
  await audit(before);
  ticks = ticks + 1;
}, 1000);`,
          },
          {
            messageId: 'earlier',
            data: { name: 'ticks' },
            output: `
declare function audit(tick: number): Promise<void>;
let ticks = 0;
setInterval(async () => {
  const before = ticks;
  ticks = before + 1;
  await audit(before);
}, 1000);`,
          },
        ],
      },
    ],
  });

  reports("an http server's listener", {
    code: `
import { createServer } from 'node:http';
declare function sizeOf(url: string): Promise<number>;
let bytes = 0;
createServer(async (request, response) => {
  bytes += await sizeOf(request.url ?? '');
  response.end(String(bytes));
}).listen(8080);`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another call from line 5' },
      },
    ],
    output: `
import { createServer } from 'node:http';
declare function sizeOf(url: string): Promise<number>;
let bytes = 0;
createServer(async (request, response) => {
  const size = await sizeOf(request.url ?? '');
  bytes += size;
  response.end(String(bytes));
}).listen(8080);`,
  });

  reports('a method of an object literal', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export const handlers = {
  async store(id: string): Promise<void> {
    bytes += await sizeOf(id);
  },
};`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export const handlers = {
  async store(id: string): Promise<void> {
    const size = await sizeOf(id);
    bytes += size;
  },
};`,
  });

  reports('a namespace', {
    code: `
declare function sizeOf(id: string): Promise<number>;
namespace Stats {
  export let bytes = 0;
}
export async function store(id: string): Promise<void> {
  Stats.bytes += await sizeOf(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'Stats.bytes',
        data: { name: 'Stats.bytes', pause: '7', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
namespace Stats {
  export let bytes = 0;
}
export async function store(id: string): Promise<void> {
  const size = await sizeOf(id);
  Stats.bytes += size;
}`,
  });

  reports('a property of globalThis', {
    code: `
declare global {
  var servedBytes: number;
}
declare function sizeOf(id: string): Promise<number>;
export async function store(id: string): Promise<void> {
  globalThis.servedBytes += await sizeOf(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'globalThis.servedBytes',
        data: { name: 'globalThis.servedBytes', pause: '7', other: 'another call of `store`' },
      },
    ],
    output: `
declare global {
  var servedBytes: number;
}
declare function sizeOf(id: string): Promise<number>;
export async function store(id: string): Promise<void> {
  const size = await sizeOf(id);
  globalThis.servedBytes += size;
}`,
  });

  reports('CommonJS', {
    filename: 'service.cts',
    code: `
import http = require('node:http');
declare function sizeOf(url: string): Promise<number>;
let bytes = 0;
http.createServer(async (request, response) => {
  bytes += await sizeOf(request.url ?? '');
  response.end();
});`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 6,
        data: { name: 'bytes', pause: '6', other: 'another call from line 5' },
      },
    ],
    output: `
import http = require('node:http');
declare function sizeOf(url: string): Promise<number>;
let bytes = 0;
http.createServer(async (request, response) => {
  const size = await sizeOf(request.url ?? '');
  bytes += size;
  response.end();
});`,
  });

  reports('checked JavaScript', {
    filename: 'service.js',
    code: `
/** @type {Map<string, number>} */
const spent = new Map();
/**
 * @param {string} customer
 * @param {(customer: string) => Promise<number>} priceOf
 */
export async function charge(customer, priceOf) {
  spent.set(customer, (spent.get(customer) ?? 0) + (await priceOf(customer)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'spent.set(customer, (spent.get(customer) ?? 0) + (await priceOf(customer)))',
        data: { name: 'spent[customer]', pause: '9', other: 'another call of `charge`' },
      },
    ],
    output: `
/** @type {Map<string, number>} */
const spent = new Map();
/**
 * @param {string} customer
 * @param {(customer: string) => Promise<number>} priceOf
 */
export async function charge(customer, priceOf) {
  const price = await priceOf(customer);
  spent.set(customer, (spent.get(customer) ?? 0) + price);
}`,
  });

  reports('a getter function and a setter function', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
function current(): number {
  return requests;
}
function replace(count: number): void {
  requests = count;
}
export async function handle(id: string): Promise<void> {
  const before = current();
  await audit(id);
  replace(before + 1);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'replace(before + 1)',
        data: { name: 'requests', read: '11', pause: '12', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let requests = 0;
function current(): number {
  return requests;
}
function replace(count: number): void {
  requests = count;
}
export async function handle(id: string): Promise<void> {
  await audit(id);
  replace(current() + 1);
}`,
  });

  reports('accessors of another file in one expression', {
    files: {
      'totals.ts': `
let total = 0;
export const getTotal = (): number => total;
export const setTotal = (value: number): void => {
  total = value;
};`,
    },
    code: `
import { getTotal, setTotal } from './totals.js';
declare function priceOf(order: string): Promise<number>;
export async function checkout(order: string): Promise<void> {
  setTotal(getTotal() + (await priceOf(order)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'setTotal(getTotal() + (await priceOf(order)))',
        data: { name: 'total', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
import { getTotal, setTotal } from './totals.js';
declare function priceOf(order: string): Promise<number>;
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  setTotal(getTotal() + price);
}`,
  });

  stays('silent when the accessor is called after the wait', {
    files: {
      'totals.ts': `
let total = 0;
export const getTotal = (): number => total;
export const setTotal = (value: number): void => {
  total = value;
};`,
    },
    code: `
import { getTotal, setTotal } from './totals.js';
declare function priceOf(order: string): Promise<number>;
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  setTotal(getTotal() + price);
}`,
  });

  reports('a sum made by a small function', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
function plus(left: number, right: number): number {
  return left + right;
}
export async function store(id: string): Promise<void> {
  bytes = plus(bytes, await sizeOf(id));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 8,
        data: { name: 'bytes', pause: '8', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
function plus(left: number, right: number): number {
  return left + right;
}
export async function store(id: string): Promise<void> {
  const size = await sizeOf(id);
  bytes = plus(bytes, size);
}`,
  });

  reports('Math.max of the old value', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let largest = 0;
export async function store(id: string): Promise<void> {
  const before = largest;
  const size = await sizeOf(id);
  largest = Math.max(before, size);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'largest',
        line: 7,
        data: { name: 'largest', read: '5', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
let largest = 0;
export async function store(id: string): Promise<void> {
  const size = await sizeOf(id);
  largest = Math.max(largest, size);
}`,
  });

  reports('a text that is added to', {
    code: `
declare function lineOf(id: string): Promise<string>;
let report = '';
export async function store(id: string): Promise<void> {
  report += \`\${await lineOf(id)}\\n\`;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'report',
        line: 5,
        data: { name: 'report', pause: '5', other: 'another call of `store`' },
      },
    ],
    output: `
declare function lineOf(id: string): Promise<string>;
let report = '';
export async function store(id: string): Promise<void> {
  const line = await lineOf(id);
  report += \`\${line}\\n\`;
}`,
  });

  reports('several waits at once', {
    code: `
declare function priceOf(order: string): Promise<number>;
declare function taxOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  revenue += (await priceOf(order)) + (await taxOf(order));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 6,
        data: { name: 'revenue', pause: '6', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
declare function taxOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  const tax = await taxOf(order);
  revenue += price + tax;
}`,
  });

  reports('destructuring assignment', {
    code: `
declare function priceOf(order: string): Promise<number>;
const stats = { revenue: 0, last: 0 };
export async function checkout(order: string): Promise<void> {
  [stats.revenue, stats.last] = [stats.revenue + 1, await priceOf(order)];
}`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.revenue',
        line: 5,
        data: { name: 'stats.revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
const stats = { revenue: 0, last: 0 };
export async function checkout(order: string): Promise<void> {
  const price = await priceOf(order);
  [stats.revenue, stats.last] = [stats.revenue + 1, price];
}`,
  });

  reports('a value that is used as well', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<number> {
  const sum = (revenue += await priceOf(order));
  return sum;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 5,
        data: { name: 'revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<number> {
  const price = await priceOf(order);
  const sum = (revenue += price);
  return sum;
}`,
  });

  reports('a condition', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function isMuch(order: string): Promise<boolean> {
  if ((revenue += await priceOf(order)) > 1000) return true;
  return false;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 5,
        data: { name: 'revenue', pause: '5', other: 'another call of `isMuch`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function isMuch(order: string): Promise<boolean> {
  const price = await priceOf(order);
  if ((revenue += price) > 1000) return true;
  return false;
}`,
  });

  reports('an update inside try', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  try {
    revenue += await priceOf(order);
  } catch (error) {
    console.error(error);
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 6,
        data: { name: 'revenue', pause: '6', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  try {
    const price = await priceOf(order);
    revenue += price;
  } catch (error) {
    console.error(error);
  }
}`,
  });

  reports('a closure that a factory at module level hands out', {
    code: `
declare function sizeOf(id: string): Promise<number>;
function counter() {
  let bytes = 0;
  return {
    async add(id: string): Promise<void> {
      bytes += await sizeOf(id);
    },
    get: () => bytes,
  };
}
const uploads = counter();
export async function store(id: string): Promise<number> {
  await uploads.add(id);
  return uploads.get();
}`,
    errors: [
      {
        messageId: 'across',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', pause: '7', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
function counter() {
  let bytes = 0;
  return {
    async add(id: string): Promise<void> {
      const size = await sizeOf(id);
      bytes += size;
    },
    get: () => bytes,
  };
}
const uploads = counter();
export async function store(id: string): Promise<number> {
  await uploads.add(id);
  return uploads.get();
}`,
  });

  reports('a wrapper that returns a handler', {
    code: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export function counted(handler: (id: string) => Promise<void>): (id: string) => Promise<void> {
  return async (id) => {
    const before = requests;
    await handler(id);
    await audit(id);
    requests = before + 1;
  };
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 9,
        data: { name: 'requests', read: '6', pause: '7', other: 'another call of `counted`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let requests = 0;
export function counted(handler: (id: string) => Promise<void>): (id: string) => Promise<void> {
  return async (id) => {
    await handler(id);
    await audit(id);
    requests = requests + 1;
  };
}`,
  });

  stays('silent under a mutex', {
    code: `
import { Mutex } from 'async-mutex';
declare function priceOf(order: string): Promise<number>;
const turn = new Mutex();
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  await turn.runExclusive(async () => {
    revenue += await priceOf(order);
  });
}`,
  });

  stays('silent behind a flag that is tested and set before the wait', {
    code: `
declare function audit(id: string): Promise<void>;
let isRunning = false;
let runs = 0;
export async function run(id: string): Promise<void> {
  if (isRunning) return;
  isRunning = true;
  try {
    const before = runs;
    await audit(id);
    runs = before + 1;
  } finally {
    isRunning = false;
  }
}`,
  });

  reports('a flag that is set after the wait', {
    code: `
declare function audit(id: string): Promise<void>;
let isRunning = false;
let runs = 0;
export async function run(id: string): Promise<void> {
  if (isRunning) return;
  const before = runs;
  await audit(id);
  isRunning = true;
  runs = before + 1;
  isRunning = false;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'runs',
        line: 10,
        data: { name: 'runs', read: '7', pause: '8', other: 'another call of `run`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let isRunning = false;
let runs = 0;
export async function run(id: string): Promise<void> {
  if (isRunning) return;
  await audit(id);
  isRunning = true;
  runs = runs + 1;
  isRunning = false;
}`,
  });

  stays('silent for a promise that all callers share', {
    code: `
declare function audit(id: string): Promise<void>;
let loading: Promise<void> | undefined;
let loads = 0;
async function load(): Promise<void> {
  const before = loads;
  await audit('all');
  loads = before + 1;
}
export function loaded(): Promise<void> {
  return (loading ??= load());
}`,
  });

  stays('silent in a script', {
    filename: 'scripts/seed.ts',
    code: `
declare function insert(row: number): Promise<number>;
let rows = 0;
async function seed(): Promise<void> {
  rows += await insert(1);
}
await seed();
console.log(rows);`,
  });

  stays('silent in a test', {
    filename: 'orders.test.ts',
    code: `
declare function test(title: string, body: () => Promise<void>): void;
declare function order(): Promise<number>;
let orders = 0;
test('orders', async () => {
  orders += await order();
});`,
  });

  stays('silent in a migration', {
    filename: 'migrations/20240101-orders.ts',
    code: `
declare function insert(row: number): Promise<number>;
let rows = 0;
export async function up(): Promise<void> {
  rows += await insert(1);
  console.log(rows);
}`,
  });

  stays('silent for a main function that is called once', {
    code: `
declare function insert(row: number): Promise<number>;
let rows = 0;
async function main(): Promise<void> {
  rows += await insert(1);
  console.log(rows);
}
await main();`,
  });

  stays('silent for top-level code', {
    code: `
declare function insert(row: number): Promise<number>;
let rows = 0;
rows += await insert(1);
export const inserted = rows;`,
  });

  stays('silent for a key made for this call', {
    code: `
import { randomUUID } from 'node:crypto';
declare function sizeOf(id: string): Promise<number>;
const sizes = new Map<string, number>();
export async function store(id: string): Promise<string> {
  const key = randomUUID();
  sizes.set(key, (sizes.get(key) ?? 0) + (await sizeOf(id)));
  return key;
}`,
  });

  stays('silent for a cache that is filled', {
    code: `
declare function priceOf(order: string): Promise<number>;
const prices = new Map<string, number>();
export async function cached(order: string): Promise<number> {
  const known = prices.get(order);
  if (known !== undefined) return known;
  const price = await priceOf(order);
  prices.set(order, price);
  return price;
}`,
  });

  stays('silent for a token that is exchanged, unless what is probable is asked for', {
    code: `
declare function refresh(token: string): Promise<string>;
let token = '';
export async function renew(): Promise<void> {
  token = await refresh(token);
}`,
  });

  reports("a parameter's field as probable", {
    options: { certainty: 'likely' },
    code: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
}
export class Store {
  constructor(private readonly uploads: Uploads) {}
  async store(id: string): Promise<void> {
    this.uploads.bytes += await sizeOf(id);
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'this.uploads.bytes',
        data: { name: 'this.uploads.bytes', pause: '9', other: 'another call of `store`' },
      },
    ],
    output: `
declare function sizeOf(id: string): Promise<number>;
class Uploads {
  bytes = 0;
}
export class Store {
  constructor(private readonly uploads: Uploads) {}
  async store(id: string): Promise<void> {
    const size = await sizeOf(id);
    this.uploads.bytes += size;
  }
}`,
  });

  reports('a bare if, which gets braces', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string, isNew: boolean): Promise<void> {
  if (isNew) hits += await load(id);
  else hits = 0;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string, isNew: boolean): Promise<void> {
  if (isNew) {
    const loaded = await load(id);
    hits += loaded;
  }
  else hits = 0;
}`,
  });

  reports('a wait on one branch of a choice, evaluated first as a whole', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits = hits + (id ? await load(id) : 1);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = id ? await load(id) : 1;
  hits = hits + loaded;
}`,
  });

  reports('an update behind &&, not fixed because waiting first would wait always', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  id && (hits += await load(id));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
  });

  reports('the body of a one-line arrow', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export const handle = async (id: string): Promise<number> => (hits += await load(id));`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 4,
        data: { name: 'hits', pause: '4', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export const handle = async (id: string): Promise<number> => {
  const loaded = await load(id);
  return (hits += loaded);
};`,
  });

  reports('a Map that may not be there, not fixed because waiting first would wait always', {
    code: `
declare function load(id: string): Promise<number>;
let counts: Map<string, number> | undefined;
export function enable(): void {
  counts = new Map();
}
export async function handle(id: string): Promise<void> {
  counts?.set(id, (counts?.get(id) ?? 0) + (await load(id)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'counts?.set(id, (counts?.get(id) ?? 0) + (await load(id)))',
        data: { name: 'counts[id]', pause: '8', other: 'another call of `handle`' },
      },
    ],
  });

  reports('an optional chain on a Map that is always there', {
    code: `
declare function load(id: string): Promise<number>;
const counts = new Map<string, number>();
export async function handle(id: string): Promise<void> {
  counts?.set(id, (counts?.get(id) ?? 0) + (await load(id)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'counts?.set(id, (counts?.get(id) ?? 0) + (await load(id)))',
        data: { name: 'counts[id]', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
const counts = new Map<string, number>();
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  counts?.set(id, (counts?.get(id) ?? 0) + loaded);
}`,
  });

  reports('an effect before the wait, not fixed because the order would change', {
    code: `
declare function load(id: string): Promise<number>;
declare function log(id: string): number;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits = hits + log(id) + (await load(id));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a file without semicolons, one put where the next line would be drawn in', {
    code: `
declare function load(id: string): Promise<number>
const state = { a: 1, b: 2 }
export async function handle(id: string): Promise<void> {
  [state.a, state.b] = [state.a + 1, await load(id)]
}`,
    errors: [
      {
        messageId: 'across',
        on: 'state.a',
        line: 5,
        data: { name: 'state.a', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>
const state = { a: 1, b: 2 }
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  [state.a, state.b] = [state.a + 1, loaded]
}`,
  });

  reports('a file without semicolons', {
    code: `
declare function load(id: string): Promise<number>
let hits = 0
export async function handle(id: string): Promise<void> {
  hits += await load(id)
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>
let hits = 0
export async function handle(id: string): Promise<void> {
  const loaded = await load(id)
  hits += loaded
}`,
  });

  reports('an object spread and replaced', {
    code: `
declare function load(id: string): Promise<number>;
let state = { a: 1, b: 2 };
export async function handle(id: string): Promise<void> {
  state = { ...state, a: await load(id) };
}
export function b(): number {
  return state.b;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'state',
        line: 5,
        data: { name: 'state', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let state = { a: 1, b: 2 };
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  state = { ...state, a: loaded };
}
export function b(): number {
  return state.b;
}`,
  });

  reports('a generic call that takes its type from where it stands, not fixed', {
    code: `
declare function load<T>(id: string): Promise<T>;
let rows: number[] = [];
export async function handle(id: string): Promise<void> {
  rows = [...rows, await load(id)];
}`,
    errors: [
      {
        messageId: 'across',
        on: 'rows',
        line: 5,
        data: { name: 'rows', pause: '5', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a generic call with its type argument', {
    code: `
declare function load<T>(id: string): Promise<T>;
let rows: number[] = [];
export async function handle(id: string): Promise<void> {
  rows = [...rows, await load<number>(id)];
}`,
    errors: [
      {
        messageId: 'across',
        on: 'rows',
        line: 5,
        data: { name: 'rows', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load<T>(id: string): Promise<T>;
let rows: number[] = [];
export async function handle(id: string): Promise<void> {
  const loaded = await load<number>(id);
  rows = [...rows, loaded];
}`,
  });

  reports('a local that collects and is written back', {
    code: `
declare function load(id: string): Promise<number>;
let total = 0;
export async function handle(id: string): Promise<void> {
  let n = total;
  n += await load(id);
  total = n;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 7,
        data: { name: 'total', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let total = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  let n = total;
  n += loaded;
  total = n;
}`,
  });

  reports('a copied array that is added to and put in place', {
    code: `
declare function load(id: string): Promise<number>;
let list: number[] = [];
export async function handle(id: string): Promise<void> {
  const copy = [...list];
  copy.push(await load(id));
  list = copy;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'list',
        line: 7,
        data: { name: 'list', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let list: number[] = [];
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  const copy = [...list];
  copy.push(loaded);
  list = copy;
}`,
  });

  reports('a filtered array, the comment beside the wait kept', {
    code: `
declare function audit(id: string): Promise<void>;
let list: string[] = [];
export async function remove(id: string): Promise<void> {
  const kept = list.filter((each) => each !== id);
  await audit(id); // says who
  list = kept;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'list',
        line: 7,
        data: { name: 'list', read: '5', pause: '6', other: 'another call of `remove`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let list: string[] = [];
export async function remove(id: string): Promise<void> {
  await audit(id); // says who
  const kept = list.filter((each) => each !== id);
  list = kept;
}`,
  });

  reports('a copy that decides which write is made', {
    code: `
declare function audit(id: string): Promise<void>;
const counts = new Map<string, number>();
export async function count(id: string): Promise<void> {
  const seen = counts.get(id);
  await audit(id);
  if (seen === undefined) counts.set(id, 1);
  else counts.set(id, seen + 1);
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'counts.set(id, seen + 1)',
        data: { name: 'counts[id]', read: '5', pause: '6', other: 'another call of `count`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const counts = new Map<string, number>();
export async function count(id: string): Promise<void> {
  await audit(id);
  const seen = counts.get(id);
  if (seen === undefined) counts.set(id, 1);
  else counts.set(id, seen + 1);
}`,
  });

  reports('a snapshot that is spread', {
    code: `
declare function audit(id: string): Promise<void>;
let state = { a: 1, b: 2 };
export async function handle(id: string): Promise<void> {
  const snapshot = { ...state };
  await audit(id);
  state = { ...snapshot, b: id.length };
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'state',
        line: 7,
        data: { name: 'state', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let state = { a: 1, b: 2 };
export async function handle(id: string): Promise<void> {
  await audit(id);
  const snapshot = { ...state };
  state = { ...snapshot, b: id.length };
}`,
  });

  reports('a list that is taken out and put back, not fixed because the program writes it in between', {
    code: `
declare function send(list: readonly string[]): Promise<readonly string[]>;
let list: readonly string[] = [];
export async function flush(): Promise<void> {
  const before = list;
  list = [];
  const failed = await send(['x']);
  list = [...before, ...failed];
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'list',
        line: 8,
        data: { name: 'list', read: '5', pause: '7', other: 'another call of `flush`' },
      },
    ],
  });

  reports('an update that needs the old value to wait, with the lock at hand as a suggestion', {
    code: `
import { Mutex } from 'async-mutex';
declare function quote(total: number): Promise<number>;
const turn = new Mutex();
let total = 0;
export async function add(): Promise<void> {
  total += await quote(total);
}
export function read(): Promise<number> {
  return turn.runExclusive(() => total);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'total',
        line: 7,
        data: { name: 'total', pause: '7', other: 'another call of `add`' },
        suggestions: [
          {
            messageId: 'lock',
            data: { name: 'total', lock: 'turn.runExclusive' },
            output: `
import { Mutex } from 'async-mutex';
declare function quote(total: number): Promise<number>;
const turn = new Mutex();
let total = 0;
export async function add(): Promise<void> {
  await turn.runExclusive(async () => {
    total += await quote(total);
  });
}
export function read(): Promise<number> {
  return turn.runExclusive(() => total);
}`,
          },
        ],
      },
    ],
  });

  reports('a place that was tested before the wait, as a suggestion', {
    code: `
declare function audit(id: string): Promise<void>;
let total: number | undefined;
export function start(): void {
  total = 0;
}
export async function add(id: string): Promise<void> {
  if (total === undefined) return;
  const before = total;
  await audit(id);
  total = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 11,
        data: { name: 'total', read: '9', pause: '10', other: 'another call of `add`' },
        suggestions: [
          {
            messageId: 'reread',
            data: { name: 'total' },
            output: `
declare function audit(id: string): Promise<void>;
let total: number | undefined;
export function start(): void {
  total = 0;
}
export async function add(id: string): Promise<void> {
  if (total === undefined) return;
  await audit(id);
  total = total + 1;
}`,
          },
          {
            messageId: 'earlier',
            data: { name: 'total' },
            output: `
declare function audit(id: string): Promise<void>;
let total: number | undefined;
export function start(): void {
  total = 0;
}
export async function add(id: string): Promise<void> {
  if (total === undefined) return;
  const before = total;
  total = before + 1;
  await audit(id);
}`,
          },
        ],
      },
    ],
  });

  reports('a tested place in a callback, not offered because the test does not reach there', {
    code: `
declare function audit(id: string): Promise<void>;
let total: number | undefined;
export function start(): void {
  total = 0;
}
export function add(id: string): Promise<void> {
  if (total === undefined) return Promise.resolve();
  const before = total;
  return audit(id).then(() => {
    total = before + 1;
  });
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 11,
        data: { name: 'total', read: '9', pause: '10', other: 'another call of `add`' },
      },
    ],
  });

  reports('a file with CRLF', {
    code: `\r
declare function load(id: string): Promise<number>;\r
let hits = 0;\r
export async function handle(id: string, isNew: boolean): Promise<void> {\r
  if (isNew) hits += await load(id);\r
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `\r
declare function load(id: string): Promise<number>;\r
let hits = 0;\r
export async function handle(id: string, isNew: boolean): Promise<void> {\r
  if (isNew) {\r
    const loaded = await load(id);\r
    hits += loaded;\r
  }\r
}`,
  });

  reports('a file indented with tabs', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export function handler() {
\treturn {
\t\tstore: async (id: string): Promise<number> => (hits += await load(id)),
\t};
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `store`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export function handler() {
\treturn {
\t\tstore: async (id: string): Promise<number> => {
\t\t\tconst loaded = await load(id);
\t\t\treturn (hits += loaded);
\t\t},
\t};
}`,
  });

  reports('a bare if in a file indented with tabs', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string, isNew: boolean): Promise<void> {
\tif (isNew)
\t\thits += await load(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string, isNew: boolean): Promise<void> {
\tif (isNew)
\t\t{
\t\tconst loaded = await load(id);
\t\thits += loaded;
\t}
}`,
  });

  reports('a copy in a file with CRLF', {
    code: `\r
declare function audit(id: string): Promise<void>;\r
let hits = 0;\r
export async function handle(id: string): Promise<void> {\r
  const before = hits;\r
  await audit(id);\r
  hits = before + 1;\r
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 7,
        data: { name: 'hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `\r
declare function audit(id: string): Promise<void>;\r
let hits = 0;\r
export async function handle(id: string): Promise<void> {\r
  await audit(id);\r
  hits = hits + 1;\r
}`,
  });

  reports('comments inside and beside what is waited for', {
    code: `
declare function load(id: string, retries: number): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  // counted for the invoice
  hits += await load(
    id, // of the order
    3 /* retries */,
  ); // in bytes
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string, retries: number): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  // counted for the invoice
  const loaded = await load(
    id, // of the order
    3 /* retries */,
  );
  hits += loaded; // in bytes
}`,
  });

  reports('a comment in the parentheses around the wait', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits = hits + (/* in bytes */ await load(id));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  hits = hits + (/* in bytes */ loaded);
}`,
  });

  reports('a copy with comments around it', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  // what was there
  const before = hits; // at the start
  await audit(id);
  hits = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 8,
        data: { name: 'hits', read: '6', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  // what was there
  // at the start
  await audit(id);
  hits = hits + 1;
}`,
  });

  reports('a copy with a comment inside it, which would be lost, not fixed', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const before /* at the start */ = hits;
  void audit;
  for (;;) {
    await audit(id);
    hits = before + 1;
    return;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 9,
        data: { name: 'hits', read: '5', pause: '8', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a line with a directive above it, not fixed', {
    code: `
declare function load(id: number): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  // @ts-expect-error the id is checked by the caller
  hits += await load(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
  });

  reports('names that are taken', {
    code: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string, price: number, price2: number): Promise<void> {
  revenue += (await priceOf(order)) * price * price2;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 5,
        data: { name: 'revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string, price: number, price2: number): Promise<void> {
  const price3 = await priceOf(order);
  revenue += price3 * price * price2;
}`,
  });

  reports('a name that would be a reserved word', {
    code: `
declare function loadDefault(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  revenue += await loadDefault(order);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 5,
        data: { name: 'revenue', pause: '5', other: 'another call of `checkout`' },
      },
    ],
    output: `
declare function loadDefault(order: string): Promise<number>;
let revenue = 0;
export async function checkout(order: string): Promise<void> {
  const defaultValue = await loadDefault(order);
  revenue += defaultValue;
}`,
  });

  reports('a promise without a name of its own', {
    code: `
let revenue = 0;
export async function checkout(prices: readonly Promise<number>[]): Promise<void> {
  for (const price of prices) revenue += await price;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'revenue',
        line: 4,
        data: { name: 'revenue', pause: '4', other: 'another call of `checkout`' },
      },
    ],
    output: `
let revenue = 0;
export async function checkout(prices: readonly Promise<number>[]): Promise<void> {
  for (const price of prices) {
    const value = await price;
    revenue += value;
  }
}`,
  });

  reports('a copy used where another variable has the name of the place, not fixed', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let hits = 0;
export function handle(id: string): Promise<void> {
  const before = hits;
  return sizeOf(id).then((hits) => {
    store(before + hits);
  });
}
function store(value: number): void {
  hits = value;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'store(before + hits)',
        data: { name: 'hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
  });

  reports('this of a function that has its own, not fixed', {
    code: `
declare function audit(id: string): Promise<void>;
class Uploads {
  count = 0;
  store(id: string): Promise<void> {
    const uploads = this;
    const before = this.count;
    return audit(id).then(function () {
      uploads.count = before + 1;
    });
  }
}
export const uploads = new Uploads();`,
    errors: [
      {
        messageId: 'stale',
        on: 'uploads.count',
        data: { name: 'uploads.count', read: '7', pause: '8', other: 'another call of `store`' },
      },
    ],
  });

  reports('one of two variables declared together', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<number> {
  const before = hits, start = Date.now();
  await audit(id);
  hits = before + 1;
  return Date.now() - start;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 7,
        data: { name: 'hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<number> {
  const start = Date.now();
  await audit(id);
  hits = hits + 1;
  return Date.now() - start;
}`,
  });

  reports('a shorthand property', {
    code: `
declare function audit(id: string): Promise<void>;
let stats = { hits: 0, last: '' };
export async function handle(id: string): Promise<void> {
  const { hits } = stats;
  await audit(id);
  stats = { hits: hits + 1, last: id };
}
export const last = (): string => stats.last;`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats',
        line: 7,
        data: { name: 'stats', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let stats = { hits: 0, last: '' };
export async function handle(id: string): Promise<void> {
  await audit(id);
  const { hits } = stats;
  stats = { hits: hits + 1, last: id };
}
export const last = (): string => stats.last;`,
  });

  reports('a clause that declares a name', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(kind: string, id: string): Promise<number> {
  switch (kind) {
    case 'load':
      const sum = (hits += await load(id));
      return sum;
    default:
      return 0;
  }
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 7,
        data: { name: 'hits', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(kind: string, id: string): Promise<number> {
  switch (kind) {
    case 'load':
      const loaded = await load(id);
      const sum = (hits += loaded);
      return sum;
    default:
      return 0;
  }
}`,
  });

  reports('a wait in the condition of a loop, not fixed because it waits in each round', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  while ((hits += await load(id)) < 10) console.log(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a literal type that is expected where the wait stands', {
    code: `
declare function phaseOf(id: string): Promise<'open' | 'paid'>;
let order: { phase: 'open' | 'paid'; visits: number } = { phase: 'open', visits: 0 };
export async function handle(id: string): Promise<void> {
  order = { ...order, phase: await phaseOf(id) };
}
export const visits = (): number => order.visits;`,
    errors: [
      {
        messageId: 'across',
        on: 'order',
        line: 5,
        data: { name: 'order', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function phaseOf(id: string): Promise<'open' | 'paid'>;
let order: { phase: 'open' | 'paid'; visits: number } = { phase: 'open', visits: 0 };
export async function handle(id: string): Promise<void> {
  const phase2 = await phaseOf(id);
  order = { ...order, phase: phase2 };
}
export const visits = (): number => order.visits;`,
  });

  reports('an update whose wait looks at the place, without a lock at hand', {
    code: `
declare function quote(total: number): Promise<number>;
let total = 0;
export async function add(): Promise<void> {
  total += await quote(total);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'total',
        line: 5,
        data: { name: 'total', pause: '5', other: 'another call of `add`' },
      },
    ],
  });

  reports('a lock of the same object for a field', {
    code: `
import { Mutex } from 'async-mutex';
declare function quote(total: number): Promise<number>;
class Ledger {
  readonly #turn = new Mutex();
  #total = 0;
  async book(): Promise<void> {
    this.#total += await quote(this.#total); // one at a time
  }
  read(): Promise<number> {
    return this.#turn.runExclusive(() => this.#total);
  }
}
export const ledger = new Ledger();`,
    errors: [
      {
        messageId: 'across',
        on: 'this.#total',
        line: 8,
        data: { name: 'this.#total', pause: '8', other: 'another call of `book`' },
        suggestions: [
          {
            messageId: 'lock',
            data: { name: 'this.#total', lock: 'this.#turn.runExclusive' },
            output: `
import { Mutex } from 'async-mutex';
declare function quote(total: number): Promise<number>;
class Ledger {
  readonly #turn = new Mutex();
  #total = 0;
  async book(): Promise<void> {
    await this.#turn.runExclusive(async () => {
      this.#total += await quote(this.#total);
    }); // one at a time
  }
  read(): Promise<number> {
    return this.#turn.runExclusive(() => this.#total);
  }
}
export const ledger = new Ledger();`,
          },
        ],
      },
    ],
  });

  reports('everything as a suggestion when the settings say so', {
    settings: { fixes: 'suggest' },
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits += await load(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
        suggestions: [
          {
            messageId: 'hoist',
            data: { name: 'hits' },
            output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  hits += loaded;
}`,
          },
        ],
      },
    ],
  });

  reports('a fallback that is evaluated after the wait', {
    code: `
declare function load(id: string): Promise<number | undefined>;
declare function fallback(): number;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits += (await load(id)) ?? fallback();
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number | undefined>;
declare function fallback(): number;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  hits += loaded ?? fallback();
}`,
  });

  reports('a wait on both branches, evaluated first as a whole', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits += id.length > 3 ? await load(id) : await load('x');
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = id.length > 3 ? await load(id) : await load('x');
  hits += loaded;
}`,
  });

  reports('a function that is called at once and waited for', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits += await (async () => (await load(id)) + 1)();
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const value = await (async () => (await load(id)) + 1)();
  hits += value;
}`,
  });

  reports('a local that a callback changes during the wait, not fixed', {
    code: `
declare function each(run: (n: number) => void): Promise<number>;
let hits = 0;
export async function handle(): Promise<void> {
  let factor = 1;
  hits = hits + factor * (await each((n) => { factor = n; }));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a yield in the update, not fixed', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function* handle(id: string): AsyncGenerator<string, void, number> {
  hits += (await load(id)) + (yield id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a copy of a place that the function itself may write in between, not fixed', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const before = hits;
  if (id) hits = 0;
  await audit(id);
  hits = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 8,
        data: { name: 'hits', read: '5', pause: '7', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a copy of a place that a helper writes in between, not fixed', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
function reset(): void {
  hits = 0;
}
export async function handle(id: string): Promise<void> {
  const before = hits;
  reset();
  await audit(id);
  hits = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 11,
        data: { name: 'hits', read: '8', pause: '10', other: 'another call of `handle`' },
      },
    ],
  });

  reports('a copy that is given back as well, both ways out as suggestions', {
    code: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<number> {
  const before = hits;
  await audit(id);
  hits = before + 1;
  return before;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 7,
        data: { name: 'hits', read: '5', pause: '6', other: 'another call of `handle`' },
        suggestions: [
          {
            messageId: 'reread',
            data: { name: 'hits' },
            output: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<number> {
  const before = hits;
  await audit(id);
  hits = hits + 1;
  return before;
}`,
          },
          {
            messageId: 'earlier',
            data: { name: 'hits' },
            output: `
declare function audit(id: string): Promise<void>;
let hits = 0;
export async function handle(id: string): Promise<number> {
  const before = hits;
  hits = before + 1;
  await audit(id);
  return before;
}`,
          },
        ],
      },
    ],
  });

  reports('a copy taken before a branch that waits and writes', {
    code: `
declare function audit(id: string): Promise<void>;
const counts = new Map<string, number>();
export async function handle(id: string, more: boolean): Promise<void> {
  const before = counts.get(id);
  if (more) {
    await audit(id);
    counts.set(id, (before ?? 0) + 1);
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'counts.set(id, (before ?? 0) + 1)',
        data: { name: 'counts[id]', read: '5', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const counts = new Map<string, number>();
export async function handle(id: string, more: boolean): Promise<void> {
  if (more) {
    await audit(id);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
}`,
  });

  reports('a copy whose type is tested after the wait', {
    code: `
declare function audit(id: string): Promise<void>;
let hits: number | string = 0;
export function reset(): void {
  hits = 'none';
}
export async function handle(id: string): Promise<void> {
  const before = hits;
  await audit(id);
  if (typeof before === 'number') hits = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 10,
        data: { name: 'hits', read: '8', pause: '9', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let hits: number | string = 0;
export function reset(): void {
  hits = 'none';
}
export async function handle(id: string): Promise<void> {
  await audit(id);
  const before = hits;
  if (typeof before === 'number') hits = before + 1;
}`,
  });

  reports('a copy with a fallback, read again as an operand', {
    code: `
declare function audit(id: string): Promise<void>;
const stats: { hits?: number } = {};
export async function handle(id: string): Promise<void> {
  const before = stats.hits ?? 0;
  await audit(id);
  stats.hits = before * 2 + before;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats.hits',
        line: 7,
        data: { name: 'stats.hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const stats: { hits?: number } = {};
export async function handle(id: string): Promise<void> {
  await audit(id);
  stats.hits = (stats.hits ?? 0) * 2 + (stats.hits ?? 0);
}`,
  });

  reports('a copy with a type assertion', {
    code: `
declare function audit(id: string): Promise<void>;
const stats: { hits: unknown } = { hits: 0 };
export async function handle(id: string): Promise<void> {
  const before = stats.hits as number;
  await audit(id);
  stats.hits = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats.hits',
        line: 7,
        data: { name: 'stats.hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const stats: { hits: unknown } = { hits: 0 };
export async function handle(id: string): Promise<void> {
  await audit(id);
  stats.hits = (stats.hits as number) + 1;
}`,
  });

  reports('a branch of else if, which gets braces', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  if (id === 'a') console.log(id);
  else if (id === 'b') hits += await load(id);
  else hits = 0;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 6,
        data: { name: 'hits', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  if (id === 'a') console.log(id);
  else if (id === 'b') {
    const loaded = await load(id);
    hits += loaded;
  }
  else hits = 0;
}`,
  });

  reports('a copy that callbacks started together share, not fixed', {
    code: `
declare function sizeOf(id: string): Promise<number>;
let bytes = 0;
export async function handle(ids: readonly string[]): Promise<void> {
  const before = bytes;
  await Promise.all(ids.map(async (id) => {
    bytes = before + (await sizeOf(id));
  }));
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'bytes',
        line: 7,
        data: { name: 'bytes', read: '5', pause: '7', other: 'another run started on line 6' },
      },
    ],
  });

  reports('assertions around the wait', {
    code: `
declare function load(id: string): Promise<number | undefined>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  hits += (await load(id))! satisfies number;
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number | undefined>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  hits += loaded! satisfies number;
}`,
  });

  reports('a keyword right before the parentheses', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<string> {
  return typeof(hits = hits + (await load(id)));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<string> {
  const loaded = await load(id);
  return typeof(hits = hits + loaded);
}`,
  });

  reports('a function on one line', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string) { hits += await load(id); }`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 4,
        data: { name: 'hits', pause: '4', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string) { const loaded = await load(id); hits += loaded; }`,
  });

  reports('a function on one line in a file without semicolons', {
    code: `
declare function load(id: string): Promise<number>
let hits = 0
export async function handle(id: string) { hits += await load(id) }`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 4,
        data: { name: 'hits', pause: '4', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>
let hits = 0
export async function handle(id: string) { const loaded = await load(id); hits += loaded }`,
  });

  reports('a copy in a function on one line', {
    code: `
declare function audit(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string) { const before = hits; await audit(id); hits = before + 1; }`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 4,
        data: { name: 'hits', read: '4', pause: '4', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string) { await audit(id); hits = hits + 1; }`,
  });

  reports('a number that is announced before it is counted, with comments', {
    code: `
declare function announce(id: bigint): Promise<void>;
let next = 1n;
export async function take(): Promise<bigint> {
  const id = next;
  // tell the others
  await announce(id);
  next = id + 1n; // for the next one
  return id;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'next',
        line: 8,
        data: { name: 'next', read: '5', pause: '7', other: 'another call of `take`' },
        suggestions: [
          {
            messageId: 'reread',
            data: { name: 'next' },
            output: `
declare function announce(id: bigint): Promise<void>;
let next = 1n;
export async function take(): Promise<bigint> {
  const id = next;
  // tell the others
  await announce(id);
  next = next + 1n; // for the next one
  return id;
}`,
          },
          {
            messageId: 'earlier',
            data: { name: 'next' },
            output: `
declare function announce(id: bigint): Promise<void>;
let next = 1n;
export async function take(): Promise<bigint> {
  const id = next;
  // tell the others
  next = id + 1n;
  await announce(id);
  // for the next one
  return id;
}`,
          },
        ],
      },
    ],
  });

  reports('a copied Set that is added to before the wait', {
    code: `
declare function announce(id: string): Promise<void>;
let online = new Set<string>();
export async function join(id: string): Promise<void> {
  const all = new Set(online);
  all.add(id);
  await announce(id);
  online = all;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'online',
        line: 8,
        data: { name: 'online', read: '5', pause: '7', other: 'another call of `join`' },
        suggestions: [
          {
            messageId: 'earlier',
            data: { name: 'online' },
            output: `
declare function announce(id: string): Promise<void>;
let online = new Set<string>();
export async function join(id: string): Promise<void> {
  const all = new Set(online);
  all.add(id);
  online = all;
  await announce(id);
}`,
          },
        ],
      },
    ],
  });

  reports('a filtered array in a function on one line', {
    code: `
declare function audit(id: string): Promise<void>;
let list: string[] = [];
export async function remove(id: string): Promise<void> { const kept = list.filter((each) => each !== id); await audit(id); list = kept; }`,
    errors: [
      {
        messageId: 'stale',
        on: 'list',
        line: 4,
        data: { name: 'list', read: '4', pause: '4', other: 'another call of `remove`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
let list: string[] = [];
export async function remove(id: string): Promise<void> { await audit(id); const kept = list.filter((each) => each !== id); list = kept; }`,
  });

  reports('a session that is copied and stored again', {
    code: `
declare function save(session: { views: number }): Promise<void>;
const sessions = new Map<string, { views: number; user?: string }>();
export async function touch(id: string): Promise<void> {
  const session = sessions.get(id) ?? { views: 0 };
  await save(session);
  sessions.set(id, { ...session, views: session.views + 1 });
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'sessions.set(id, { ...session, views: session.views + 1 })',
        data: { name: 'sessions[id]', read: '5', pause: '6', other: 'another call of `touch`' },
        suggestions: [
          {
            messageId: 'earlier',
            data: { name: 'sessions[id]' },
            output: `
declare function save(session: { views: number }): Promise<void>;
const sessions = new Map<string, { views: number; user?: string }>();
export async function touch(id: string): Promise<void> {
  const session = sessions.get(id) ?? { views: 0 };
  sessions.set(id, { ...session, views: session.views + 1 });
  await save(session);
}`,
          },
        ],
      },
    ],
  });

  reports('a count that is put back after a failure', {
    code: `
declare function send(id: string): Promise<void>;
let failures = 0;
export async function attempt(id: string): Promise<void> {
  const before = failures;
  try {
    await send(id);
    failures = 0;
  } catch {
    failures = before + 1;
  }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'failures',
        line: 10,
        data: { name: 'failures', read: '5', pause: '7', other: 'another call of `attempt`' },
      },
    ],
    output: `
declare function send(id: string): Promise<void>;
let failures = 0;
export async function attempt(id: string): Promise<void> {
  try {
    await send(id);
    failures = 0;
  } catch {
    failures = failures + 1;
  }
}`,
  });

  stays('silent for a count of failures that is read where it is written', {
    code: `
declare function send(id: string): Promise<void>;
let failures = 0;
export async function attempt(id: string): Promise<void> {
  try {
    await send(id);
    failures = 0;
  } catch {
    failures = failures + 1;
  }
}`,
  });

  stays('silent for a version that is compared before it is written', {
    code: `
declare function save(text: string): Promise<void>;
const page = { version: 0, text: '' };
export async function edit(text: string): Promise<void> {
  const before = page.version;
  await save(text);
  if (page.version !== before) throw new Error('edited meanwhile');
  page.version = before + 1;
  page.text = text;
}`,
  });

  stays('silent for a ticket that is drawn before the wait', {
    code: `
declare function search(text: string): Promise<string>;
let newest = 0;
let shown = '';
export async function show(text: string): Promise<void> {
  const mine = ++newest;
  const found = await search(text);
  if (mine !== newest) return;
  shown = shown + found;
}`,
  });

  stays('silent for a timer that sets itself again when it is done', {
    code: `
declare function audit(tick: number): Promise<void>;
let ticks = 0;
async function tick(): Promise<void> {
  const before = ticks;
  await audit(before);
  ticks = before + 1;
  setTimeout(tick, 1000);
}
setTimeout(tick, 1000);`,
  });

  stays('silent for a queue that one runner drains', {
    code: `
declare function send(order: string): Promise<void>;
class Queue {
  private readonly orders: string[] = [];
  private isRunning = false;
  private sent = 0;
  push(order: string): void {
    this.orders.push(order);
    void this.run();
  }
  count(): number {
    return this.sent;
  }
  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      for (let order = this.orders.shift(); order !== undefined; order = this.orders.shift()) {
        const before = this.sent;
        await send(order);
        this.sent = before + 1;
      }
    } finally {
      this.isRunning = false;
    }
  }
}
export const queue = new Queue();`,
  });

  reports('a round of a loop on one line, waited for first', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(ids: readonly string[]): Promise<void> {
  for (const id of ids) { const before = hits; hits = before + (await load(id)); }
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 5,
        data: { name: 'hits', read: '5', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(ids: readonly string[]): Promise<void> {
  for (const id of ids) { const loaded = await load(id); const before = hits; hits = before + loaded; }
}`,
  });

  reports('a copy that meets the wait in the next statement', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const before = hits;
  hits = before + (await load(id));
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'hits',
        line: 6,
        data: { name: 'hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<void> {
  const loaded = await load(id);
  const before = hits;
  hits = before + loaded;
}`,
  });

  reports('an update inside a returned object', {
    code: `
declare function load(id: string): Promise<number>;
const stats = { hits: 0 };
export async function handle(id: string): Promise<{ hits: number }> {
  return { hits: (stats.hits += await load(id)) };
}`,
    errors: [
      {
        messageId: 'across',
        on: 'stats.hits',
        data: { name: 'stats.hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
const stats = { hits: 0 };
export async function handle(id: string): Promise<{ hits: number }> {
  const loaded = await load(id);
  return { hits: (stats.hits += loaded) };
}`,
  });

  reports('a field of the object under a key', {
    code: `
declare function load(id: string): Promise<number>;
const entries = new Map<string, { hits: number }>();
export async function handle(id: string): Promise<void> {
  const entry = entries.get(id);
  if (entry === undefined) return;
  entry.hits += await load(id);
}`,
    errors: [
      {
        messageId: 'across',
        on: 'entry.hits',
        data: { name: 'entry.hits', pause: '7', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
const entries = new Map<string, { hits: number }>();
export async function handle(id: string): Promise<void> {
  const entry = entries.get(id);
  if (entry === undefined) return;
  const loaded = await load(id);
  entry.hits += loaded;
}`,
  });

  reports('an element taken out by an array pattern', {
    code: `
declare function audit(id: string): Promise<void>;
const totals: [number, number] = [0, 0];
export async function handle(id: string): Promise<void> {
  const [first] = totals;
  await audit(id);
  totals[0] = first + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'totals[0]',
        data: { name: 'totals[0]', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const totals: [number, number] = [0, 0];
export async function handle(id: string): Promise<void> {
  await audit(id);
  const [first] = totals;
  totals[0] = first + 1;
}`,
  });

  reports('a property taken out with a default', {
    code: `
declare function audit(id: string): Promise<void>;
const stats: { hits?: number } = {};
export async function handle(id: string): Promise<void> {
  const { hits = 0 } = stats;
  await audit(id);
  stats.hits = hits + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'stats.hits',
        data: { name: 'stats.hits', read: '5', pause: '6', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function audit(id: string): Promise<void>;
const stats: { hits?: number } = {};
export async function handle(id: string): Promise<void> {
  await audit(id);
  const { hits = 0 } = stats;
  stats.hits = hits + 1;
}`,
  });

  reports('an update inside a throw', {
    code: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<never> {
  throw new Error(String((hits += await load(id))));
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 5,
        data: { name: 'hits', pause: '5', other: 'another call of `handle`' },
      },
    ],
    output: `
declare function load(id: string): Promise<number>;
let hits = 0;
export async function handle(id: string): Promise<never> {
  const loaded = await load(id);
  throw new Error(String((hits += loaded)));
}`,
  });

  reports('Koa middleware in a file of its own', {
    code: `
import type { Context, Next } from 'koa';
declare function audit(path: string): Promise<void>;
let requests = 0;
export async function counted(ctx: Context, next: Next): Promise<void> {
  const before = requests;
  await audit(ctx.path);
  await next();
  requests = before + 1;
}`,
    errors: [
      {
        messageId: 'stale',
        on: 'requests',
        line: 9,
        data: { name: 'requests', read: '6', pause: '7', other: 'another call of `counted`' },
      },
    ],
    output: `
import type { Context, Next } from 'koa';
declare function audit(path: string): Promise<void>;
let requests = 0;
export async function counted(ctx: Context, next: Next): Promise<void> {
  await audit(ctx.path);
  await next();
  requests = requests + 1;
}`,
  });

  reports('jobs of a queue that runs four at a time', {
    code: `
import PQueue from 'p-queue';
declare function load(id: string): Promise<number>;
const queue = new PQueue({ concurrency: 4 });
let hits = 0;
export function handle(id: string): void {
  void queue.add(async () => {
    hits += await load(id);
  });
}`,
    errors: [
      {
        messageId: 'across',
        on: 'hits',
        line: 8,
        data: { name: 'hits', pause: '8', other: 'another run started on line 7' },
      },
    ],
    output: `
import PQueue from 'p-queue';
declare function load(id: string): Promise<number>;
const queue = new PQueue({ concurrency: 4 });
let hits = 0;
export function handle(id: string): void {
  void queue.add(async () => {
    const loaded = await load(id);
    hits += loaded;
  });
}`,
  });

  stays('silent for jobs of a queue that runs one at a time', {
    code: `
import PQueue from 'p-queue';
declare function load(id: string): Promise<number>;
const queue = new PQueue({ concurrency: 1 });
let hits = 0;
export function handle(id: string): void {
  void queue.add(async () => {
    hits += await load(id);
  });
}`,
  });

  stays('silent when each update is hooked behind the one before', {
    code: `
      declare function load(id: string): Promise<number>;
      let total = 0;
      let tail: Promise<void> = Promise.resolve();
      export function add(id: string): Promise<void> {
        const run = tail.then(async () => {
          const before = total;
          const loaded = await load(id);
          total = before + loaded;
        });
        tail = run.catch(() => undefined);
        return run;
      }
    `,
  });

  reports('an inherited field, updated by the heir that has one instance', {
    code: `
      declare function load(id: string): Promise<number>;
      class Counter {
        protected count = 0;
      }
      class Uploads extends Counter {
        async add(id: string): Promise<void> {
          this.count += await load(id);
        }
      }
      export const uploads = new Uploads();
    `,
    errors: [
      {
        messageId: 'across',
        on: 'this.count',
        line: 8,
        data: { name: 'this.count', pause: '8', other: 'another call of `add`' },
      },
    ],
    output: `
      declare function load(id: string): Promise<number>;
      class Counter {
        protected count = 0;
      }
      class Uploads extends Counter {
        async add(id: string): Promise<void> {
          const loaded = await load(id);
          this.count += loaded;
        }
      }
      export const uploads = new Uploads();
    `,
  });

  reports('a link that is forgotten after its close, while a listener may have made another', {
    code: `
      import { EventEmitter } from 'node:events';
      interface Link { close(): Promise<void> }
      declare function dial(): Promise<Link>;
      class Wire {
        private link: Link | undefined;
        constructor(bus: EventEmitter) {
          bus.on('up', async () => {
            this.link = await dial();
          });
        }
        async drop(): Promise<void> {
          if (this.link === undefined) return;
          await this.link.close();
          this.link = undefined;
        }
      }
      export const wire = new Wire(new EventEmitter());
    `,
    errors: [
      {
        messageId: 'cleared',
        on: 'this.link = undefined',
        line: 15,
        data: { name: 'this.link', pause: '14', put: 'line 9' },
        suggestions: [
          {
            messageId: 'keep',
            data: { name: 'this.link' },
            output: `
      import { EventEmitter } from 'node:events';
      interface Link { close(): Promise<void> }
      declare function dial(): Promise<Link>;
      class Wire {
        private link: Link | undefined;
        constructor(bus: EventEmitter) {
          bus.on('up', async () => {
            this.link = await dial();
          });
        }
        async drop(): Promise<void> {
          if (this.link === undefined) return;
          const link2 = this.link;
          await link2.close();
          if (this.link === link2) this.link = undefined;
        }
      }
      export const wire = new Wire(new EventEmitter());
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the link is made only where there is none', {
    code: `
      interface Link { close(): Promise<void> }
      declare function dial(): Promise<Link>;
      class Wire {
        private link: Link | undefined;
        async open(): Promise<Link> {
          if (this.link === undefined) this.link = await dial();
          return this.link;
        }
        async drop(): Promise<void> {
          if (this.link === undefined) return;
          await this.link.close();
          this.link = undefined;
        }
      }
      export const wire = new Wire();
    `,
  });

  reports('a batch that is emptied after it was sent', {
    code: `
      declare function send(rows: readonly string[]): Promise<void>;
      let batch: string[] = [];
      export function enqueue(row: string): void {
        batch.push(row);
      }
      export async function flush(): Promise<void> {
        await send(batch);
        batch = [];
      }
    `,
    errors: [
      {
        messageId: 'cleared',
        on: 'batch = []',
        line: 9,
        data: { name: 'batch', pause: '8', put: 'line 5' },
        suggestions: [
          {
            messageId: 'take',
            data: { name: 'batch' },
            output: `
      declare function send(rows: readonly string[]): Promise<void>;
      let batch: string[] = [];
      export function enqueue(row: string): void {
        batch.push(row);
      }
      export async function flush(): Promise<void> {
        const oldBatch = batch;
        batch = [];
        await send(oldBatch);
      }
    `,
          },
        ],
      },
    ],
  });

  stays('silent when the walk over the batch sees what was added meanwhile', {
    code: `
      declare function send(row: string): Promise<void>;
      let batch: string[] = [];
      export function enqueue(row: string): void {
        batch.push(row);
      }
      export async function flush(): Promise<void> {
        for (const row of batch) await send(row);
        batch = [];
      }
    `,
  });

  stays('silent when the batch is taken before the wait', {
    code: `
      declare function send(rows: readonly string[]): Promise<void>;
      let batch: string[] = [];
      export function enqueue(row: string): void {
        batch.push(row);
      }
      export async function flush(): Promise<void> {
        const rows = batch;
        batch = [];
        await send(rows);
      }
    `,
  });

  stays('silent when a flag that is set before the wait keeps others out', {
    code: `
      interface Source { stop(): Promise<void> }
      let state: 'done' | 'open' = 'open';
      let sources: Source[] = [];
      export function add(source: Source): void {
        if (state !== 'open') return;
        sources.push(source);
      }
      export async function stop(): Promise<void> {
        state = 'done';
        await Promise.all(sources.map((source) => source.stop()));
        sources = [];
      }
    `,
  });

  stays('silent when a copy is put back after a failure', {
    code: `
      declare function save(limits: Readonly<Record<string, number>>): Promise<void>;
      let limits: Record<string, number> = {};
      export async function raise(name: string): Promise<void> {
        const before = { ...limits };
        limits[name] = 100;
        try {
          await save(limits);
        } catch (error) {
          limits = before;
          throw error;
        }
      }
    `,
  });

  reports('a copy that is changed and written back', {
    code: `
      declare function save(limits: Readonly<Record<string, number>>): Promise<void>;
      let limits: Record<string, number> = {};
      export async function raise(name: string): Promise<void> {
        const raised = { ...limits, [name]: 100 };
        await save(raised);
        limits = raised;
      }
    `,
    errors: [
      {
        messageId: 'stale',
        on: 'limits',
        line: 7,
        data: { name: 'limits', read: '5', pause: '6', other: 'another call of `raise`' },
        suggestions: [
          {
            messageId: 'earlier',
            data: { name: 'limits' },
            output: `
      declare function save(limits: Readonly<Record<string, number>>): Promise<void>;
      let limits: Record<string, number> = {};
      export async function raise(name: string): Promise<void> {
        const raised = { ...limits, [name]: 100 };
        limits = raised;
        await save(raised);
      }
    `,
          },
        ],
      },
    ],
  });

  reports('a function that is exported by assignment in CommonJS', {
    filename: 'archive.cjs',
    code: `
      /** @param {string} id @returns {Promise<number>} */
      async function load(id) {
        return id.length;
      }
      let stored = 0;
      /** @param {string} id */
      exports.store = async function (id) {
        stored += await load(id);
      };
    `,
    errors: [
      {
        messageId: 'across',
        on: 'stored',
        line: 9,
        data: { name: 'stored', pause: '9', other: 'another call of `exports.store`' },
      },
    ],
    output: `
      /** @param {string} id @returns {Promise<number>} */
      async function load(id) {
        return id.length;
      }
      let stored = 0;
      /** @param {string} id */
      exports.store = async function (id) {
        const loaded = await load(id);
        stored += loaded;
      };
    `,
  });

  stays('silent for sums around a wait that have none on their right side', {
    code: `
      declare function store(part: Uint8Array): Promise<void>;
      const totals = { bytes: 0, files: 0 };
      export async function upload(parts: readonly Uint8Array[]): Promise<void> {
        for (const part of parts) {
          totals.bytes += part.byteLength;
          await store(part);
          totals.files++;
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent for a count of a map that is read and set after the wait', {
    code: `
      declare function audit(page: string): Promise<void>;
      const visits = new Map<string, number>();
      export async function handle(page: string): Promise<void> {
        await audit(page);
        visits.set(page, (visits.get(page) ?? 0) + 1);
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when what is written is what was waited for, and the old value is told', {
    code: `
      declare function fetchRates(): Promise<Record<string, number>>;
      let rates: Record<string, number> = {};
      export async function refresh(currency: string): Promise<boolean> {
        const known = rates[currency];
        const fresh = await fetchRates();
        rates = fresh;
        return fresh[currency] !== known;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when one entry is copied from what was waited for', {
    code: `
      declare function load(names: readonly string[]): Promise<Record<string, number>>;
      const settings: Record<string, number> = {};
      export async function sync(name: string): Promise<void> {
        const fresh = await load(Object.keys(settings));
        settings[name] = fresh[name] ?? 0;
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('silent for what a module prepares once, at its end', {
    code: `
      declare function connect(shard: number): Promise<void>;
      let connected = 0;
      async function init(): Promise<void> {
        const before = connected;
        await connect(before);
        connected = before + 1;
      }
      export function isReady(): boolean {
        return connected > 0;
      }
      await init();
    `,
    options: { certainty: 'likely' },
  });

  stays('silent when only another case of the switch waits', {
    code: `
      declare function notify(kind: string): Promise<void>;
      let counted = 0;
      export async function handle(kind: string): Promise<void> {
        const next = counted + 1;
        switch (kind) {
          case 'remote':
            await notify(kind);
            break;
          default:
            counted = next;
        }
      }
    `,
    options: { certainty: 'likely' },
  });

  stays('a lock that another file takes under a name of its own', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

import { enter, leave } from './locks.js';
app.post('/orders/:id', async (request, response) => {
  await enter();
  try {
    const before = total;
    total = before + (await load(request.params.id));
  } finally {
    leave();
  }
  response.end();
});
`,
    files: {
      'locks.ts': `
import { Mutex } from 'async-mutex';

const mutex = new Mutex();
export const enter = mutex.acquire.bind(mutex);
export const leave = mutex.release.bind(mutex);
`,
    },
  });

  stays('a lock behind a default export, in a function that another one makes', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

import guarded from './guarded.js';
app.post('/orders/:id', async (request, response) => {
  await guarded(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
    files: {
      'guarded.ts': `
import { Mutex } from 'async-mutex';

function makeGuard(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const mutex = new Mutex();
  return async (work) => {
    const release = await mutex.acquire();
    try {
      return await work();
    } finally {
      release();
    }
  };
}
const guarded = makeGuard();
export default guarded;
`,
    },
  });

  stays('chains of promises by a key, which a method of another class uses', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

class Turns {
  readonly #tails = new Map<string, Promise<unknown>>();

  take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const tail = this.#tails.get(key) ?? Promise.resolve();
    const next = tail.then(() => work());
    this.#tails.set(key, next.catch(() => undefined));
    return next;
  }
}

class Desk {
  readonly turns = new Turns();

  one<Result>(work: () => Promise<Result>) {
    return this.turns.take('one', work);
  }
}
const desk = new Desk();
app.post('/orders/:id', async (request, response) => {
  await desk.one(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
  });

  stays('a chain of promises whose tail is taken into a local first', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<unknown> = Promise.resolve();
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const previous = tail;
  const run = (async () => {
    await previous;
    return work();
  })();
  tail = run.catch(() => undefined);
  return run;
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
  });

  stays('a chain whose link catches what went wrong before', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<unknown> = Promise.resolve();
function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const previous = tail;
  const run = previous.catch(() => undefined).then(work);
  tail = run;
  return run;
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
  });

  reports('a promise that is chained to its own past and held by nothing', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

const done = Promise.resolve();
function later<Result>(work: () => Promise<Result>): Promise<Result> {
  const previous = done;
  return previous.then(work);
}
app.post('/orders/:id', async (request, response) => {
  await later(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 15,
        message:
          '`total` was read on line 14, before the wait on line 15; what another call from line 12 wrote meanwhile is lost.',
      },
    ],
    output: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

const done = Promise.resolve();
function later<Result>(work: () => Promise<Result>): Promise<Result> {
  const previous = done;
  return previous.then(work);
}
app.post('/orders/:id', async (request, response) => {
  await later(async () => {
    const loaded = await load(request.params.id);
    const before = total;
    total = before + loaded;
  });
  response.end();
});
`,
  });

  stays('a turn that is waited for, and ended in a finally', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<void> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tail;
  let end = (): void => undefined;
  tail = new Promise((resolve) => { end = resolve; });
  await before;
  try {
    return await work();
  } finally {
    end();
  }
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
  });

  reports('a promise that is replaced only after it was waited for', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let current: Promise<unknown> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = current;
  await before;
  const run = work();
  current = run;
  return run;
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 18,
        message:
          '`total` was read on line 17, before the wait on line 18; what another call from line 15 wrote meanwhile is lost.',
      },
    ],
    output: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let current: Promise<unknown> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = current;
  await before;
  const run = work();
  current = run;
  return run;
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const loaded = await load(request.params.id);
    const before = total;
    total = before + loaded;
  });
  response.end();
});
`,
  });

  reports('a promise that is waited for and never replaced', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

const ready = load('first');
async function whenReady<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = ready;
  await before;
  return work();
}
app.post('/orders/:id', async (request, response) => {
  await whenReady(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 16,
        message:
          '`total` was read on line 15, before the wait on line 16; what another call from line 13 wrote meanwhile is lost.',
      },
    ],
    output: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

const ready = load('first');
async function whenReady<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = ready;
  await before;
  return work();
}
app.post('/orders/:id', async (request, response) => {
  await whenReady(async () => {
    const loaded = await load(request.params.id);
    const before = total;
    total = before + loaded;
  });
  response.end();
});
`,
  });

  stays('a turn that is taken after something else was waited for', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<void> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  await load('settings');
  const before = tail;
  let end = (): void => undefined;
  tail = new Promise((resolve) => { end = resolve; });
  await before;
  try {
    return await work();
  } finally {
    end();
  }
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
  });

  reports('a tail that is replaced after something else was waited for', {
    code: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<void> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tail;
  await load('settings');
  let end = (): void => undefined;
  tail = new Promise((resolve) => { end = resolve; });
  await before;
  try {
    return await work();
  } finally {
    end();
  }
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const before = total;
    total = before + (await load(request.params.id));
  });
  response.end();
});
`,
    errors: [
      {
        messageId: 'stale',
        on: 'total',
        line: 23,
        message:
          '`total` was read on line 22, before the wait on line 23; what another call from line 20 wrote meanwhile is lost.',
      },
    ],
    output: `
import express from 'express';
declare function load(id: string): Promise<number>;
const app = express();
let total = 0;

let tail: Promise<void> = Promise.resolve();
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const before = tail;
  await load('settings');
  let end = (): void => undefined;
  tail = new Promise((resolve) => { end = resolve; });
  await before;
  try {
    return await work();
  } finally {
    end();
  }
}
app.post('/orders/:id', async (request, response) => {
  await inTurn(async () => {
    const loaded = await load(request.params.id);
    const before = total;
    total = before + loaded;
  });
  response.end();
});
`,
  });

  stays('silent in a loop when the new value is a constant or is computed from what is read after the wait', {
    code: `
      declare function poll(path: string): Promise<string[]>;
      declare function sleep(ms: number): Promise<void>;
      let delay = 100;
      export async function follow(signal: AbortSignal): Promise<void> {
        while (!signal.aborted) {
          const items = await poll('events');
          delay = items.length ? 100 : Math.min(delay * 2, 5000);
          await sleep(delay);
        }
      }
      let failures = 0;
      export async function probe(paths: string[]): Promise<number> {
        for (const path of paths) {
          const { length } = await poll(path);
          failures = length > 0 ? 0 : failures + 1;
        }
        return failures;
      }
    `,
  });

  reports('a loop that computes the new value from what it read before the wait', {
    code: `
declare function poll(path: string): Promise<string[]>;
let failures = 0;
export async function probe(paths: string[]): Promise<void> {
  for (const path of paths) {
    const known = failures;
    const { length } = await poll(path);
    failures = length > 0 ? 0 : known + 1;
  }
}
`,
    errors: [
      {
        messageId: 'stale',
        on: 'failures',
        line: 8,
        data: { name: 'failures', read: '6', pause: '7', other: 'another call of `probe`' },
      },
    ],
    output: `
declare function poll(path: string): Promise<string[]>;
let failures = 0;
export async function probe(paths: string[]): Promise<void> {
  for (const path of paths) {
    const { length } = await poll(path);
    failures = length > 0 ? 0 : failures + 1;
  }
}
`,
  });
});
