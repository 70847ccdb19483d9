import rule from '../../src/rules/prefer-atomics.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('an increment of a counter on shared memory', {
    code: `
const requests = new Int32Array(new SharedArrayBuffer(4));
export function countRequest(): void {
  requests[0]++;
}
export { requests };`,
    errors: [{ messageId: 'update', on: 'requests[0]++', data: { cell: 'requests[0]', operator: '++' } }],
    output: `
const requests = new Int32Array(new SharedArrayBuffer(4));
export function countRequest(): void {
  Atomics.add(requests, 0, 1);
}
export { requests };`,
  });

  stays('silent when the increment is atomic', {
    code: `
const requests = new Int32Array(new SharedArrayBuffer(4));
export function countRequest(): void {
  Atomics.add(requests, 0, 1);
}`,
  });

  stays('silent when the memory is private', {
    code: `
const durations = new Int32Array(16);
export function countDuration(slot: number): void {
  durations[slot]++;
}`,
  });

  stays('silent when the annotation leaves open whether the memory is shared', {
    code: `
export function countDuration(durations: Int32Array, slot: number): void {
  durations[slot] += 1;
}
export type Shared = SharedArrayBuffer;`,
  });

  reports('the value of a prefix increment', {
    code: `
export function nextInvoice(numbers: Int32Array<SharedArrayBuffer>): number {
  return ++numbers[0];
}`,
    errors: [{ messageId: 'update', on: '++numbers[0]', data: { cell: 'numbers[0]', operator: '++' } }],
    output: `
export function nextInvoice(numbers: Int32Array<SharedArrayBuffer>): number {
  return Atomics.add(numbers, 0, 1) + 1;
}`,
  });

  reports('the value of a postfix decrement', {
    code: `
export function takeSeat(seats: Int16Array<SharedArrayBuffer>): boolean {
  return seats[0]-- > 0;
}`,
    errors: [{ messageId: 'update', on: 'seats[0]--', data: { cell: 'seats[0]', operator: '--' } }],
    output: `
export function takeSeat(seats: Int16Array<SharedArrayBuffer>): boolean {
  return Atomics.sub(seats, 0, 1) > 0;
}`,
  });

  reports('a prefix decrement inside arithmetic', {
    code: `
export function remaining(seats: Int32Array<SharedArrayBuffer>, price: number): number {
  return price * --seats[0];
}`,
    errors: [{ messageId: 'update', on: '--seats[0]', data: { cell: 'seats[0]', operator: '--' } }],
    output: `
export function remaining(seats: Int32Array<SharedArrayBuffer>, price: number): number {
  return price * (Atomics.sub(seats, 0, 1) - 1);
}`,
  });

  reports('a sum used as a value when the amount is a constant', {
    code: `
export function book(totals: Int32Array<SharedArrayBuffer>, cents: number): number {
  const total = (totals[1] += cents);
  return total;
}`,
    errors: [{ messageId: 'update', on: 'totals[1] += cents', data: { cell: 'totals[1]', operator: '+=' } }],
    output: `
export function book(totals: Int32Array<SharedArrayBuffer>, cents: number): number {
  const total = (Atomics.add(totals, 1, cents) + cents);
  return total;
}`,
  });

  reports('a sum used as a value, without a fix when the amount would be computed twice', {
    code: `
declare function priceOf(order: string): number;
export function book(totals: Int32Array<SharedArrayBuffer>, order: string): number {
  return (totals[1] += priceOf(order));
}`,
    errors: [{ messageId: 'update', on: 'totals[1] += priceOf(order)', data: { cell: 'totals[1]', operator: '+=' } }],
  });

  reports('a bitwise flag, the amount evaluated in its place', {
    code: `
declare function flagOf(order: string): number;
export function mark(flags: Uint32Array<SharedArrayBuffer>, order: string): void {
  flags[order.length] |= flagOf(order);
}`,
    errors: [
      {
        messageId: 'update',
        on: 'flags[order.length] |= flagOf(order)',
        data: { cell: 'flags[order.length]', operator: '|=' },
      },
    ],
    output: `
declare function flagOf(order: string): number;
export function mark(flags: Uint32Array<SharedArrayBuffer>, order: string): void {
  Atomics.or(flags, order.length, flagOf(order));
}`,
  });

  reports('a mask that is cleared and one that is toggled', {
    code: `
const ONLINE = 1;
export function signOut(state: Uint8Array<SharedArrayBuffer>, session: number): void {
  state[session] &= ~ONLINE;
  state[session + 1] ^= ONLINE;
}`,
    errors: [
      { messageId: 'update', on: 'state[session] &= ~ONLINE', data: { cell: 'state[session]', operator: '&=' } },
      { messageId: 'update', on: 'state[session + 1] ^= ONLINE', data: { cell: 'state[session + 1]', operator: '^=' } },
    ],
    output: `
const ONLINE = 1;
export function signOut(state: Uint8Array<SharedArrayBuffer>, session: number): void {
  Atomics.and(state, session, ~ONLINE);
  Atomics.xor(state, session + 1, ONLINE);
}`,
  });

  reports('an amount that is awaited', {
    code: `
declare function priceOf(order: string): Promise<number>;
export async function book(totals: Int32Array<SharedArrayBuffer>, order: string): Promise<void> {
  totals[0] -= await priceOf(order);
}`,
    errors: [
      { messageId: 'update', on: 'totals[0] -= await priceOf(order)', data: { cell: 'totals[0]', operator: '-=' } },
    ],
    output: `
declare function priceOf(order: string): Promise<number>;
export async function book(totals: Int32Array<SharedArrayBuffer>, order: string): Promise<void> {
  Atomics.sub(totals, 0, await priceOf(order));
}`,
  });

  reports('a bigint counter', {
    code: `
export function countBytes(bytes: BigInt64Array<SharedArrayBuffer>, size: bigint): bigint {
  bytes[0] += size;
  return ++bytes[1];
}`,
    errors: [
      { messageId: 'update', on: 'bytes[0] += size', data: { cell: 'bytes[0]', operator: '+=' } },
      { messageId: 'update', on: '++bytes[1]', data: { cell: 'bytes[1]', operator: '++' } },
    ],
    output: `
export function countBytes(bytes: BigInt64Array<SharedArrayBuffer>, size: bigint): bigint {
  Atomics.add(bytes, 0, size);
  return Atomics.add(bytes, 1, 1n) + 1n;
}`,
  });

  reports('a sum of fractions, which Atomics does not take', {
    code: `
export function book(totals: Float64Array<SharedArrayBuffer>, amount: number): void {
  totals[0] += amount;
}`,
    errors: [{ messageId: 'update', on: 'totals[0] += amount', data: { cell: 'totals[0]', operator: '+=' } }],
  });

  reports('a clamped cell, which Atomics does not take', {
    code: `
export function brighten(pixels: Uint8ClampedArray<SharedArrayBuffer>, at: number): void {
  pixels[at]++;
}`,
    errors: [{ messageId: 'update', on: 'pixels[at]++', data: { cell: 'pixels[at]', operator: '++' } }],
  });

  reports('a product, which needs a loop', {
    code: `
export function scale(weights: Int32Array<SharedArrayBuffer>, factor: number): void {
  weights[0] *= factor + 1;
}`,
    errors: [
      {
        messageId: 'update',
        on: 'weights[0] *= factor + 1',
        data: { cell: 'weights[0]', operator: '*=' },
        suggestions: [
          {
            messageId: 'retry',
            output: `
export function scale(weights: Int32Array<SharedArrayBuffer>, factor: number): void {
  for (let old = Atomics.load(weights, 0); ; ) {
    const seen = Atomics.compareExchange(weights, 0, old, old * (factor + 1));
    if (seen === old) break;
    old = seen;
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a view in a private field that is annotated barely and given in the constructor', {
    code: `
export class Traffic {
  readonly #cells: Int32Array;
  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }
  count(slot: number): void {
    this.#cells[slot] += 1;
  }
}`,
    errors: [
      { messageId: 'update', on: 'this.#cells[slot] += 1', data: { cell: 'this.#cells[slot]', operator: '+=' } },
    ],
    output: `
export class Traffic {
  readonly #cells: Int32Array;
  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }
  count(slot: number): void {
    Atomics.add(this.#cells, slot, 1);
  }
}`,
  });

  stays('silent when the field may also hold private memory', {
    code: `
export class Traffic {
  private cells: Int32Array;
  constructor(buffer: SharedArrayBuffer, isShared: boolean) {
    this.cells = new Int32Array(buffer);
    if (!isShared) this.cells = new Int32Array(8);
  }
  count(slot: number): void {
    this.cells[slot] += 1;
  }
}`,
  });

  reports('a view behind a getter', {
    code: `
export class Traffic {
  private readonly view = new Int32Array(new SharedArrayBuffer(8));
  private get cells(): Int32Array {
    return this.view;
  }
  count(): void {
    this.cells[0]++;
  }
}`,
    errors: [{ messageId: 'update', on: 'this.cells[0]++', data: { cell: 'this.cells[0]', operator: '++' } }],
    output: `
export class Traffic {
  private readonly view = new Int32Array(new SharedArrayBuffer(8));
  private get cells(): Int32Array {
    return this.view;
  }
  count(): void {
    Atomics.add(this.cells, 0, 1);
  }
}`,
  });

  reports('an alias of a barely annotated variable from another file', {
    code: `
import { cells, REQUESTS as AT } from './shared.js';
const view = cells;
export const countRequest = (): void => {
  view[AT]++;
};`,
    files: {
      'shared.ts': `export { cells, REQUESTS } from './cells.js';`,
      'cells.ts': `
export const REQUESTS = 0;
export const cells: Int32Array = new Int32Array(new SharedArrayBuffer(8));`,
    },
    errors: [{ messageId: 'update', on: 'view[AT]++', data: { cell: 'view[AT]', operator: '++' } }],
    output: `
import { cells, REQUESTS as AT } from './shared.js';
const view = cells;
export const countRequest = (): void => {
  Atomics.add(view, AT, 1);
};`,
  });

  reports('memory that a worker is given', {
    filename: 'worker.ts',
    code: `
import { workerData } from 'node:worker_threads';
const buffer: SharedArrayBuffer = workerData;
const cells: Int32Array = new Int32Array(buffer);
for (let order = 0; order < 1_000; order++) cells[0]++;`,
    errors: [{ messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } }],
    output: `
import { workerData } from 'node:worker_threads';
const buffer: SharedArrayBuffer = workerData;
const cells: Int32Array = new Int32Array(buffer);
for (let order = 0; order < 1_000; order++) Atomics.add(cells, 0, 1);`,
  });

  reports('memory that a worker takes out of a message', {
    filename: 'worker.ts',
    code: `
import { parentPort } from 'node:worker_threads';
interface Start {
  cells: Uint32Array<SharedArrayBuffer>;
  slot: number;
}
parentPort?.on('message', ({ cells, slot }: Start) => {
  cells[slot] -= 1;
});`,
    errors: [{ messageId: 'update', on: 'cells[slot] -= 1', data: { cell: 'cells[slot]', operator: '-=' } }],
    output: `
import { parentPort } from 'node:worker_threads';
interface Start {
  cells: Uint32Array<SharedArrayBuffer>;
  slot: number;
}
parentPort?.on('message', ({ cells, slot }: Start) => {
  Atomics.sub(cells, slot, 1);
});`,
  });

  reports('a barely annotated parameter that a caller gives shared memory', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(8));
function bump(view: Int32Array, slot: number): void {
  view[slot]++;
}
export function countRequest(): void {
  bump(cells, 0);
}`,
    errors: [{ messageId: 'update', on: 'view[slot]++', data: { cell: 'view[slot]', operator: '++' } }],
    output: `
const cells = new Int32Array(new SharedArrayBuffer(8));
function bump(view: Int32Array, slot: number): void {
  Atomics.add(view, slot, 1);
}
export function countRequest(): void {
  bump(cells, 0);
}`,
  });

  stays('silent when every caller of a barely annotated parameter gives private memory', {
    code: `
const cells = new Int32Array(8);
export const other = new SharedArrayBuffer(8);
function bump(view: Int32Array, slot: number): void {
  view[slot]++;
}
export function countRequest(): void {
  bump(cells, 0);
}`,
  });

  reports('a generic view', {
    code: `
export function bump<View extends Int32Array<SharedArrayBuffer> | Uint16Array<SharedArrayBuffer>>(view: View, slot: number): number {
  return view[slot]++;
}`,
    errors: [{ messageId: 'update', on: 'view[slot]++', data: { cell: 'view[slot]', operator: '++' } }],
    output: `
export function bump<View extends Int32Array<SharedArrayBuffer> | Uint16Array<SharedArrayBuffer>>(view: View, slot: number): number {
  return Atomics.add(view, slot, 1);
}`,
  });

  reports('a view that is asserted to be there, with a call as its index', {
    code: `
interface Pool { cells?: Int32Array<SharedArrayBuffer> }
declare function slotOf(order: string): number;
export function claim(pool: Pool, order: string): void {
  pool.cells![slotOf(order)]!++;
}`,
    errors: [
      {
        messageId: 'update',
        on: 'pool.cells![slotOf(order)]!++',
        data: { cell: 'pool.cells![slotOf(order)]', operator: '++' },
      },
    ],
    output: `
interface Pool { cells?: Int32Array<SharedArrayBuffer> }
declare function slotOf(order: string): number;
export function claim(pool: Pool, order: string): void {
  Atomics.add(pool.cells!, slotOf(order), 1);
}`,
  });

  reports('a destructured field, with the comment in its brackets kept', {
    code: `
export class Traffic {
  cells = new Int32Array(new SharedArrayBuffer(8));
  count(): void {
    const { cells } = this;
    cells[/* requests */ 0]++; // one more
  }
}`,
    errors: [{ messageId: 'update', on: 'cells[/* requests */ 0]++', data: { cell: 'cells[0]', operator: '++' } }],
    output: `
export class Traffic {
  cells = new Int32Array(new SharedArrayBuffer(8));
  count(): void {
    const { cells } = this;
    Atomics.add(cells, /* requests */ 0, 1); // one more
  }
}`,
  });

  reports('an update with a comment that a fix would lose', {
    code: `
export function book(totals: Int32Array<SharedArrayBuffer>, cents: number): void {
  totals[0] /* cents */ += cents;
}`,
    errors: [
      { messageId: 'update', on: 'totals[0] /* cents */ += cents', data: { cell: 'totals[0]', operator: '+=' } },
    ],
  });

  reports('CommonJS with JSDoc types', {
    filename: 'traffic.cjs',
    code: `
const { workerData } = require('node:worker_threads');
/** @type {SharedArrayBuffer} */
const buffer = workerData;
const cells = new Int32Array(buffer);
module.exports.countRequest = () => {
  cells[0] += 1
}`,
    errors: [{ messageId: 'update', on: 'cells[0] += 1', data: { cell: 'cells[0]', operator: '+=' } }],
    output: `
const { workerData } = require('node:worker_threads');
/** @type {SharedArrayBuffer} */
const buffer = workerData;
const cells = new Int32Array(buffer);
module.exports.countRequest = () => {
  Atomics.add(cells, 0, 1)
}`,
  });

  reports('an increment without a semicolon before a line that a call would swallow', {
    code: `
export function count(cells: Int32Array<SharedArrayBuffer>, seen: string[]): void {
  cells[0]++
  ;[...seen].forEach((name) => console.log(name))
  cells[1]++
  ['a'].forEach((name) => console.log(name))
}`,
    errors: [
      { messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } },
      { messageId: 'update', on: 'cells[1]++', data: { cell: 'cells[1]', operator: '++' } },
    ],
    output: `
export function count(cells: Int32Array<SharedArrayBuffer>, seen: string[]): void {
  Atomics.add(cells, 0, 1)
  ;[...seen].forEach((name) => console.log(name))
  Atomics.add(cells, 1, 1);
  ['a'].forEach((name) => console.log(name))
}`,
  });

  reports('a loop that counts in shared memory', {
    code: `
declare function nextOrder(): string | undefined;
export function drain(cells: Int32Array<SharedArrayBuffer>): void {
  for (let order = nextOrder(); order !== undefined; cells[0]++) order = nextOrder();
}`,
    errors: [{ messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } }],
    output: `
declare function nextOrder(): string | undefined;
export function drain(cells: Int32Array<SharedArrayBuffer>): void {
  for (let order = nextOrder(); order !== undefined; Atomics.add(cells, 0, 1)) order = nextOrder();
}`,
  });

  reports('a name `Atomics` of the project, without a fix', {
    code: `
const Atomics = { count: 0 };
export function count(cells: Int32Array<SharedArrayBuffer>): number {
  cells[0]++;
  return Atomics.count;
}`,
    errors: [{ messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } }],
  });

  reports('a fraction, with the amount rounded in no fix of ours', {
    code: `
export function age(cells: Int32Array<SharedArrayBuffer>): void {
  cells[0] -= 0.5;
}`,
    errors: [
      {
        messageId: 'update',
        on: 'cells[0] -= 0.5',
        data: { cell: 'cells[0]', operator: '-=' },
        suggestions: [
          {
            messageId: 'retry',
            output: `
export function age(cells: Int32Array<SharedArrayBuffer>): void {
  for (let old = Atomics.load(cells, 0); ; ) {
    const seen = Atomics.compareExchange(cells, 0, old, old - 0.5);
    if (seen === old) break;
    old = seen;
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a default written by ||=', {
    code: `
export function open(state: Int32Array<SharedArrayBuffer>): void {
  state[0] ||= 1;
}`,
    errors: [{ messageId: 'update', on: 'state[0] ||= 1', data: { cell: 'state[0]', operator: '||=' } }],
    output: `
export function open(state: Int32Array<SharedArrayBuffer>): void {
  Atomics.compareExchange(state, 0, 0, 1);
}`,
  });

  // Read, then written.

  reports('a cell written from its own value', {
    code: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>, slot: number): void {
  cells[slot] = cells[slot] + 1;
}`,
    errors: [
      { messageId: 'readBack', on: 'cells[slot] = cells[slot] + 1', data: { cell: 'cells[slot]', read: 'line 3' } },
    ],
    output: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>, slot: number): void {
  Atomics.add(cells, slot, 1);
}`,
  });

  reports('a cell written from its own value on the right, as a value', {
    code: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): number {
  return (cells[0] = 5 + cells[0]);
}`,
    errors: [{ messageId: 'readBack', on: 'cells[0] = 5 + cells[0]', data: { cell: 'cells[0]', read: 'line 3' } }],
    output: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): number {
  return (Atomics.add(cells, 0, 5) + 5);
}`,
  });

  reports('an atomic load and an atomic store that are not atomic together', {
    code: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(cells, 0, Atomics.load(cells, 0) + 1);
}`,
    errors: [
      {
        messageId: 'readBack',
        on: 'Atomics.store(cells, 0, Atomics.load(cells, 0) + 1)',
        data: { cell: 'cells[0]', read: 'line 3' },
      },
    ],
    output: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.add(cells, 0, 1);
}`,
  });

  stays('silent when one owner moves its index round a ring and publishes it', {
    code: `
export class Ring {
  constructor(private readonly control: Int32Array<SharedArrayBuffer>, private readonly items: Int32Array<SharedArrayBuffer>) {}
  push(item: number): void {
    const head = Atomics.load(this.control, 0);
    this.items[head % this.items.length] = item;
    Atomics.store(this.control, 0, head + 1);
    Atomics.store(this.control, 1, (Atomics.load(this.control, 1) + 1) % this.items.length);
  }
}`,
  });

  reports('a copy that is written back', {
    code: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): void {
  const before = cells[0];
  cells[0] = before + 1;
}`,
    errors: [{ messageId: 'readBack', on: 'cells[0] = before + 1', data: { cell: 'cells[0]', read: 'line 3' } }],
    output: `
export function countRequest(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.add(cells, 0, 1);
}`,
  });

  reports('a number that is taken and used', {
    code: `
export function nextInvoice(numbers: Uint32Array<SharedArrayBuffer>): string {
  const number = numbers[0];
  numbers[0] = number + 1;
  return \`INV-\${number}\`;
}`,
    errors: [{ messageId: 'readBack', on: 'numbers[0] = number + 1', data: { cell: 'numbers[0]', read: 'line 3' } }],
    output: `
export function nextInvoice(numbers: Uint32Array<SharedArrayBuffer>): string {
  const number = Atomics.add(numbers, 0, 1);
  return \`INV-\${number}\`;
}`,
  });

  reports('a copy taken by Atomics.load and written back by Atomics.store', {
    code: `
export function nextInvoice(numbers: Uint32Array<SharedArrayBuffer>): number {
  const number = Atomics.load(numbers, 0);
  Atomics.store(numbers, 0, number + 1);
  return number;
}`,
    errors: [
      {
        messageId: 'readBack',
        on: 'Atomics.store(numbers, 0, number + 1)',
        data: { cell: 'numbers[0]', read: 'line 3' },
      },
    ],
    output: `
export function nextInvoice(numbers: Uint32Array<SharedArrayBuffer>): number {
  const number = Atomics.add(numbers, 0, 1);
  return number;
}`,
  });

  reports('a copy written back later, where the fix is a choice', {
    code: `
declare function audit(total: number): Promise<void>;
export async function book(totals: Int32Array<SharedArrayBuffer>, cents: number): Promise<void> {
  const total = totals[0];
  await audit(total);
  totals[0] = total + cents;
}`,
    errors: [
      {
        messageId: 'readBack',
        on: 'totals[0] = total + cents',
        data: { cell: 'totals[0]', read: 'line 4' },
        suggestions: [
          {
            messageId: 'member',
            data: { member: 'Atomics.add' },
            output: `
declare function audit(total: number): Promise<void>;
export async function book(totals: Int32Array<SharedArrayBuffer>, cents: number): Promise<void> {
  const total = Atomics.load(totals, 0);
  await audit(total);
  Atomics.add(totals, 0, cents);
}`,
          },
        ],
      },
    ],
  });

  stays('silent when the copy is of another cell', {
    code: `
export function copyDown(cells: Int32Array<SharedArrayBuffer>, slot: number): void {
  const above = cells[slot];
  cells[slot + 1] = above + 1;
}`,
  });

  stays('silent when the index has moved on between the read and the write', {
    code: `
export function spread(cells: Int32Array<SharedArrayBuffer>, slot: number): void {
  let at = slot;
  const first = cells[at];
  at++;
  cells[at] = first + 1;
}`,
  });

  reports('a copy in a loop over slots', {
    code: `
export function decay(weights: Int32Array<SharedArrayBuffer>): void {
  for (let slot = 0; slot < weights.length; slot++) {
    const weight = weights[slot];
    weights[slot] = weight >> 1;
  }
}`,
    errors: [
      {
        messageId: 'readBack',
        on: 'weights[slot] = weight >> 1',
        data: { cell: 'weights[slot]', read: 'line 4' },
        suggestions: [
          {
            messageId: 'retry',
            output: `
export function decay(weights: Int32Array<SharedArrayBuffer>): void {
  for (let slot = 0; slot < weights.length; slot++) {
    for (let old = Atomics.load(weights, slot); ; ) {
      const seen = Atomics.compareExchange(weights, slot, old, old >> 1);
      if (seen === old) break;
      old = seen;
    }
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a maximum kept in shared memory', {
    code: `
export function keepLongest(cells: Int32Array<SharedArrayBuffer>, milliseconds: number): void {
  cells[2] = Math.max(cells[2], milliseconds);
}`,
    errors: [
      {
        messageId: 'readBack',
        on: 'cells[2] = Math.max(cells[2], milliseconds)',
        data: { cell: 'cells[2]', read: 'line 3' },
        suggestions: [
          {
            messageId: 'retry',
            output: `
export function keepLongest(cells: Int32Array<SharedArrayBuffer>, milliseconds: number): void {
  for (let old = Atomics.load(cells, 2); ; ) {
    const seen = Atomics.compareExchange(cells, 2, old, Math.max(old, milliseconds));
    if (seen === old) break;
    old = seen;
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent in a retry loop', {
    code: `
export function keepLongest(cells: Int32Array<SharedArrayBuffer>, milliseconds: number): void {
  for (let old = Atomics.load(cells, 2); old < milliseconds; ) {
    const seen = Atomics.compareExchange(cells, 2, old, milliseconds);
    if (seen === old) break;
    old = seen;
  }
}`,
  });

  reports('a counter that is read and reset', {
    code: `
export function flush(cells: Int32Array<SharedArrayBuffer>, send: (requests: number) => void): void {
  const requests = cells[0];
  cells[0] = 0;
  send(requests);
}`,
    errors: [{ messageId: 'swap', on: 'cells[0] = 0', data: { cell: 'cells[0]', read: 'line 3' } }],
    output: `
export function flush(cells: Int32Array<SharedArrayBuffer>, send: (requests: number) => void): void {
  const requests = Atomics.exchange(cells, 0, 0);
  send(requests);
}`,
  });

  reports('bigint cells that are tested and set, and read and reset', {
    code: `
export function claim(flags: BigInt64Array<SharedArrayBuffer>, run: () => void): void {
  if (!flags[0]) {
    flags[0] = 1n;
    run();
  }
}
export function drain(bytes: BigUint64Array<SharedArrayBuffer>): bigint {
  const size = bytes[1];
  bytes[1] = 0n;
  return size;
}`,
    errors: [
      { messageId: 'testAndSet', on: 'flags[0] = 1n', data: { cell: 'flags[0]', read: 'line 3' } },
      { messageId: 'swap', on: 'bytes[1] = 0n', data: { cell: 'bytes[1]', read: 'line 9' } },
    ],
    output: `
export function claim(flags: BigInt64Array<SharedArrayBuffer>, run: () => void): void {
  if (Atomics.compareExchange(flags, 0, 0n, 1n) === 0n) {
    run();
  }
}
export function drain(bytes: BigUint64Array<SharedArrayBuffer>): bigint {
  const size = Atomics.exchange(bytes, 1, 0n);
  return size;
}`,
  });

  reports('a total of the module that is read before a wait and written after it', {
    code: `
const totals = new Int32Array(new SharedArrayBuffer(4));
declare function priceOf(order: string): Promise<number>;
export async function book(order: string): Promise<void> {
  const before = totals[0];
  const price = await priceOf(order);
  totals[0] = before + price;
}`,
    errors: [{ messageId: 'readBack', on: 'totals[0] = before + price', data: { cell: 'totals[0]', read: 'line 5' } }],
    output: `
const totals = new Int32Array(new SharedArrayBuffer(4));
declare function priceOf(order: string): Promise<number>;
export async function book(order: string): Promise<void> {
  const price = await priceOf(order);
  Atomics.add(totals, 0, price);
}`,
  });

  reports('a plain wait for a flag, beside a destructured member of Atomics', {
    code: `
const { store } = Atomics;
const state = new Int32Array(new SharedArrayBuffer(4));
export function waitForStart(): void {
  while (state[0] === 0);
}
export const start = (): number => store(state, 0, 1);`,
    errors: [{ messageId: 'plainRead', on: 'state[0]', data: { cell: 'state[0]', other: 'store', line: 'line 7' } }],
    output: `
const { store } = Atomics;
const state = new Int32Array(new SharedArrayBuffer(4));
export function waitForStart(): void {
  while (Atomics.load(state, 0) === 0);
}
export const start = (): number => store(state, 0, 1);`,
  });

  // Tested, then set.

  reports('a flag that is tested and set', {
    code: `
export function claim(busy: Int32Array<SharedArrayBuffer>, run: () => void): void {
  if (busy[0] === 0) {
    busy[0] = 1;
    run();
  }
}`,
    errors: [{ messageId: 'testAndSet', on: 'busy[0] = 1', data: { cell: 'busy[0]', read: 'line 3' } }],
    output: `
export function claim(busy: Int32Array<SharedArrayBuffer>, run: () => void): void {
  if (Atomics.compareExchange(busy, 0, 0, 1) === 0) {
    run();
  }
}`,
  });

  reports('a flag that is set and nothing else', {
    code: `
export function claim(busy: Int32Array<SharedArrayBuffer>, isOpen: boolean): void {
  if (isOpen && !busy[0]) busy[0] = 1;
  if (busy[1] === 0) busy[1] = 1;
}`,
    errors: [
      { messageId: 'testAndSet', on: 'busy[0] = 1', data: { cell: 'busy[0]', read: 'line 3' } },
      { messageId: 'testAndSet', on: 'busy[1] = 1', data: { cell: 'busy[1]', read: 'line 4' } },
    ],
    output: `
export function claim(busy: Int32Array<SharedArrayBuffer>, isOpen: boolean): void {
  if (isOpen) Atomics.compareExchange(busy, 0, 0, 1);
  Atomics.compareExchange(busy, 1, 0, 1);
}`,
  });

  reports('a flag that is tested by an early return', {
    code: `
enum Slot { Leader }
const NOBODY = 0;
export function becomeLeader(slots: Int32Array<SharedArrayBuffer>, isStopping: boolean): boolean {
  if (isStopping || slots[Slot.Leader] !== NOBODY) return false;
  slots[Slot.Leader] = 1; // ours
  return true;
}`,
    errors: [
      { messageId: 'testAndSet', on: 'slots[Slot.Leader] = 1', data: { cell: 'slots[Slot.Leader]', read: 'line 5' } },
    ],
    output: `
enum Slot { Leader }
const NOBODY = 0;
export function becomeLeader(slots: Int32Array<SharedArrayBuffer>, isStopping: boolean): boolean {
  if (isStopping || Atomics.compareExchange(slots, Slot.Leader, NOBODY, 1) !== NOBODY) return false;
  // ours
  return true;
}`,
  });

  reports('a limit that is tested before it is counted', {
    code: `
export function enter(cells: Int32Array<SharedArrayBuffer>, most: number): void {
  if (cells[0] < most) cells[0]++;
}`,
    errors: [
      {
        messageId: 'testAndSet',
        on: 'cells[0]++',
        data: { cell: 'cells[0]', read: 'line 3' },
        suggestions: [
          {
            messageId: 'retry',
            output: `
export function enter(cells: Int32Array<SharedArrayBuffer>, most: number): void {
  for (let old = Atomics.load(cells, 0); old < most; ) {
    const seen = Atomics.compareExchange(cells, 0, old, old + 1);
    if (seen === old) break;
    old = seen;
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent when the test claims the flag', {
    code: `
export function claim(busy: Int32Array<SharedArrayBuffer>, run: () => void): void {
  if (Atomics.compareExchange(busy, 0, 0, 1) !== 0) return;
  try {
    run();
  } finally {
    Atomics.store(busy, 0, 0);
  }
}`,
  });

  stays('silent when one consumer takes what a producer announced, atomically', {
    code: `
export function take(flags: Int32Array<SharedArrayBuffer>, run: () => void): void {
  if (Atomics.load(flags, 0) === 1) {
    Atomics.store(flags, 0, 0);
    run();
  }
}`,
  });

  // Plain beside atomic.

  reports('a plain read beside an atomic update, and the plain write of a reset', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(8));
export function countRequest(): void {
  Atomics.add(cells, 0, 1);
}
export function requests(): number {
  return cells[0];
}
export function reset(): void {
  cells[0] = 0;
}`,
    errors: [
      {
        messageId: 'plainRead',
        on: 'cells[0]',
        line: 7,
        data: { cell: 'cells[0]', other: 'Atomics.add', line: 'line 4' },
      },
      {
        messageId: 'plainWrite',
        on: 'cells[0]',
        line: 10,
        data: { cell: 'cells[0]', other: 'Atomics.add', line: 'line 4' },
      },
    ],
    output: `
const cells = new Int32Array(new SharedArrayBuffer(8));
export function countRequest(): void {
  Atomics.add(cells, 0, 1);
}
export function requests(): number {
  return Atomics.load(cells, 0);
}
export function reset(): void {
  Atomics.store(cells, 0, 0);
}`,
  });

  reports('an update and its plain reader together, so that one pass is enough', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(8));
export function countRequest(): void {
  cells[0]++;
}
export const report = (): string => \`\${cells[0]} of \${cells[1]}\`;`,
    errors: [
      { messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } },
      {
        messageId: 'plainRead',
        on: 'cells[0]',
        line: 6,
        data: { cell: 'cells[0]', other: 'cells[0]++', line: 'line 4' },
      },
    ],
    output: `
const cells = new Int32Array(new SharedArrayBuffer(8));
export function countRequest(): void {
  Atomics.add(cells, 0, 1);
}
export const report = (): string => \`\${Atomics.load(cells, 0)} of \${cells[1]}\`;`,
  });

  reports('a plain read in another file than the atomic update', {
    code: `
import * as shared from './cells.js';
export const requests = (): number => shared.cells[shared.REQUESTS];`,
    files: {
      'cells.ts': `
export const REQUESTS = 0;
export const cells = new Int32Array(new SharedArrayBuffer(8));
export const countRequest = (): number => Atomics.add(cells, REQUESTS, 1);`,
    },
    errors: [
      {
        messageId: 'plainRead',
        on: 'shared.cells[shared.REQUESTS]',
        data: { cell: 'shared.cells[shared.REQUESTS]', other: 'Atomics.add', line: 'line 4 of cells.ts' },
      },
    ],
    output: `
import * as shared from './cells.js';
export const requests = (): number => Atomics.load(shared.cells, shared.REQUESTS);`,
  });

  reports('a plain write before a wake-up', {
    code: `
export class Bell {
  constructor(readonly cells: Int32Array<SharedArrayBuffer>) {}
  wait(): void {
    Atomics.wait(this.cells, 0, 0, 1_000);
  }
  ring(): void {
    this.cells[0] = 1;
    Atomics.notify(this.cells, 0);
  }
}`,
    errors: [
      {
        messageId: 'plainWrite',
        on: 'this.cells[0]',
        data: { cell: 'this.cells[0]', other: 'Atomics.wait', line: 'line 5' },
      },
    ],
    output: `
export class Bell {
  constructor(readonly cells: Int32Array<SharedArrayBuffer>) {}
  wait(): void {
    Atomics.wait(this.cells, 0, 0, 1_000);
  }
  ring(): void {
    Atomics.store(this.cells, 0, 1);
    Atomics.notify(this.cells, 0);
  }
}`,
  });

  reports('a read through an optional chain, without a fix', {
    code: `
interface Gauge { cells?: Int32Array<SharedArrayBuffer> }
export const count = (gauge: Gauge): void => void (gauge.cells && Atomics.add(gauge.cells, 0, 1));
export const requests = (gauge: Gauge): number | undefined => gauge.cells?.[0];`,
    errors: [
      {
        messageId: 'plainRead',
        on: 'gauge.cells?.[0]',
        data: { cell: 'gauge.cells?.[0]', other: 'Atomics.add', line: 'line 3' },
      },
    ],
  });

  stays('silent for a plain read right after a wait on the cell', {
    code: `
export function askWorker(post: (answer: Int32Array) => void): boolean {
  const answer = new Int32Array(new SharedArrayBuffer(4));
  post(answer);
  Atomics.wait(answer, 0, 0);
  return answer[0] === 2;
}`,
  });

  stays('silent for a plain read after a wait, although the answer is stored in the same program', {
    code: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export function price(): number {
  if (Atomics.load(answer, 0) === 0) Atomics.wait(answer, 0, 0);
  else Atomics.wait(answer, 0, 1, 10);
  return answer[0] > 100 ? answer[0] : 100;
}
export function reply(cents: number): void {
  Atomics.store(answer, 0, cents);
  Atomics.notify(answer, 0);
}`,
  });

  reports('a plain read after a wait that is passed on some ways only', {
    code: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export function price(waits: boolean): number {
  if (waits) Atomics.wait(answer, 0, 0);
  return answer[0];
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
    errors: [
      {
        messageId: 'plainRead',
        on: 'answer[0]',
        data: { cell: 'answer[0]', other: 'Atomics.store', line: 'line 7' },
      },
    ],
    output: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export function price(waits: boolean): number {
  if (waits) Atomics.wait(answer, 0, 0);
  return Atomics.load(answer, 0);
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
  });

  reports('a plain read that goes round after the wait', {
    code: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export function waitForPrice(): void {
  Atomics.wait(answer, 0, 0, 10);
  while (answer[0] < 100);
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
    errors: [
      {
        messageId: 'plainRead',
        on: 'answer[0]',
        data: { cell: 'answer[0]', other: 'Atomics.store', line: 'line 7' },
      },
    ],
    output: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export function waitForPrice(): void {
  Atomics.wait(answer, 0, 0, 10);
  while (Atomics.load(answer, 0) < 100);
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
  });

  reports('a plain read after a wait and an await', {
    code: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export async function price(logged: () => Promise<void>): Promise<number> {
  Atomics.wait(answer, 0, 0);
  await logged();
  return answer[0];
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
    errors: [
      {
        messageId: 'plainRead',
        on: 'answer[0]',
        data: { cell: 'answer[0]', other: 'Atomics.store', line: 'line 8' },
      },
    ],
    output: `
const answer = new Int32Array(new SharedArrayBuffer(4));
export async function price(logged: () => Promise<void>): Promise<number> {
  Atomics.wait(answer, 0, 0);
  await logged();
  return Atomics.load(answer, 0);
}
export const reply = (cents: number): number => Atomics.store(answer, 0, cents);`,
  });

  stays('silent for payload that is published by another cell', {
    code: `
const control = new Int32Array(new SharedArrayBuffer(8));
const payload = new Int32Array(new SharedArrayBuffer(1_024));
export function publish(order: number): void {
  payload[0] = order;
  Atomics.store(control, 0, 1);
  Atomics.notify(control, 0);
}
export function latest(): number {
  return payload[0];
}`,
  });

  stays('silent for another cell of the same view', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(8));
export const countRequest = (): number => Atomics.add(cells, 0, 1);
export const limit = (): number => cells[1];`,
  });

  // Before the memory is handed out, and under a lock.

  stays('silent for what is written before the worker has the memory', {
    code: `
import { Worker } from 'node:worker_threads';
export function start(script: URL, orders: number[]): Worker {
  const buffer = new SharedArrayBuffer(8);
  const cells = new Int32Array(buffer);
  cells[0] = 5;
  for (const order of orders) cells[1] += order;
  const options = { workerData: buffer };
  const worker = new Worker(script, options);
  Atomics.add(cells, 0, 1);
  return worker;
}`,
  });

  reports('an update after the worker has the memory', {
    code: `
import { Worker } from 'node:worker_threads';
export function start(script: URL): Worker {
  const buffer = new SharedArrayBuffer(8);
  const cells = new Int32Array(buffer);
  const options = { workerData: buffer };
  const worker = new Worker(script, options);
  cells[1] += 1;
  return worker;
}`,
    errors: [{ messageId: 'update', on: 'cells[1] += 1', data: { cell: 'cells[1]', operator: '+=' } }],
    output: `
import { Worker } from 'node:worker_threads';
export function start(script: URL): Worker {
  const buffer = new SharedArrayBuffer(8);
  const cells = new Int32Array(buffer);
  const options = { workerData: buffer };
  const worker = new Worker(script, options);
  Atomics.add(cells, 1, 1);
  return worker;
}`,
  });

  stays('silent for what the constructor writes before its worker starts', {
    code: `
import { Worker } from 'node:worker_threads';
export class Traffic {
  readonly buffer = new SharedArrayBuffer(8);
  readonly cells = new Int32Array(this.buffer);
  readonly worker: Worker;
  constructor(script: URL, base: number) {
    this.cells[0] = base;
    this.cells[0] += 1;
    this.worker = new Worker(script, { workerData: this.buffer });
  }
  count(): void {
    Atomics.add(this.cells, 0, 1);
  }
}`,
  });

  reports('an update in a loop whose earlier round handed the memory out', {
    code: `
const buffer = new SharedArrayBuffer(8);
const cells = new Int32Array(buffer);
declare const workers: { postMessage(message: unknown): void }[];
for (const worker of workers) {
  cells[0]++;
  worker.postMessage({ buffer });
}
export {};`,
    errors: [{ messageId: 'update', on: 'cells[0]++', data: { cell: 'cells[0]', operator: '++' } }],
    output: `
const buffer = new SharedArrayBuffer(8);
const cells = new Int32Array(buffer);
declare const workers: { postMessage(message: unknown): void }[];
for (const worker of workers) {
  Atomics.add(cells, 0, 1);
  worker.postMessage({ buffer });
}
export {};`,
  });

  stays('silent under a lock taken by a compare-and-exchange', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
const LOCK = 0;
function lock(): void {
  while (Atomics.compareExchange(cells, LOCK, 0, 1) !== 0) Atomics.wait(cells, LOCK, 1, 100);
}
function unlock(): void {
  Atomics.store(cells, LOCK, 0);
  Atomics.notify(cells, LOCK, 1);
}
export function book(cents: number): void {
  lock();
  try {
    cells[1] += cents;
    cells[2] = cells[2] + 1;
  } finally {
    unlock();
  }
}`,
  });

  stays('silent in a callback that runs under the lock, and in what only that calls', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
function exclusive(work: () => void): void {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) Atomics.wait(cells, 0, 1, 100);
  work();
  Atomics.store(cells, 0, 0);
}
function add(cents: number): void {
  cells[1] += cents;
}
export function book(cents: number): void {
  exclusive(() => {
    add(cents);
    cells[2]++;
  });
}`,
  });

  reports('an update on a path that does not take the lock', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function book(cents: number, isAlone: boolean): void {
  if (!isAlone && Atomics.compareExchange(cells, 0, 0, 1) !== 0) return;
  cells[1] += cents;
  Atomics.store(cells, 0, 0);
}`,
    errors: [{ messageId: 'update', on: 'cells[1] += cents', data: { cell: 'cells[1]', operator: '+=' } }],
    output: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function book(cents: number, isAlone: boolean): void {
  if (!isAlone && Atomics.compareExchange(cells, 0, 0, 1) !== 0) return;
  Atomics.add(cells, 1, cents);
  Atomics.store(cells, 0, 0);
}`,
  });

  // The share of one thread.

  stays('silent when each thread works through a part of the memory', {
    code: `
interface Part {
  pixels: Uint8Array<SharedArrayBuffer>;
  first: number;
  last: number;
  width: number;
}
export function darken({ pixels, first, last, width }: Part): void {
  for (let row = first; row < last; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      pixels[at] = pixels[at] >> 1;
      pixels[row * width + column] += 1;
    }
  }
}`,
  });

  stays('silent when each thread has a view of its own at a computed offset', {
    filename: 'worker.ts',
    code: `
import { workerData } from 'node:worker_threads';
const { buffer, part }: { buffer: SharedArrayBuffer; part: number } = workerData;
const totals = new Int32Array(buffer, part * 64, 16);
export function book(cents: number): void {
  totals[0] += cents;
}`,
  });

  reports('a view at an offset that is the same in every thread', {
    filename: 'worker.ts',
    code: `
import { workerData } from 'node:worker_threads';
const buffer: SharedArrayBuffer = workerData;
const HEADER = 4;
const totals = new Int32Array(buffer, HEADER * Int32Array.BYTES_PER_ELEMENT);
export function book(cents: number): void {
  totals[0] += cents;
}`,
    errors: [{ messageId: 'update', on: 'totals[0] += cents', data: { cell: 'totals[0]', operator: '+=' } }],
    output: `
import { workerData } from 'node:worker_threads';
const buffer: SharedArrayBuffer = workerData;
const HEADER = 4;
const totals = new Int32Array(buffer, HEADER * Int32Array.BYTES_PER_ELEMENT);
export function book(cents: number): void {
  Atomics.add(totals, 0, cents);
}`,
  });

  stays('silent when each thread counts in a slot of its own', {
    filename: 'worker.ts',
    code: `
import { threadId, workerData } from 'node:worker_threads';
const buffer: SharedArrayBuffer = workerData;
const counts = new Int32Array(buffer);
export function countRequest(): void {
  counts[threadId]++;
}
export class Counter {
  constructor(private readonly cells: Int32Array<SharedArrayBuffer>, private readonly slot: number) {}
  count(): void {
    this.cells[this.slot] += 1;
  }
}`,
  });

  // A cell as a lock.

  reports('a lock that a return leaves taken', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function book(cents: number): boolean {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) Atomics.wait(cells, 0, 1, 100);
  if (cents === 0) return false;
  cells[1] += cents;
  Atomics.store(cells, 0, 0);
  return true;
}`,
    errors: [
      {
        messageId: 'held',
        on: 'Atomics.compareExchange(cells, 0, 0, 1)',
        data: { cell: 'cells[0]', exit: 'line 5 returns' },
        suggestions: [
          {
            messageId: 'release',
            output: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function book(cents: number): boolean {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) Atomics.wait(cells, 0, 1, 100);
  try {
    if (cents === 0) return false;
    cells[1] += cents;
  } finally {
    Atomics.store(cells, 0, 0);
  }
  return true;
}`,
          },
        ],
      },
    ],
  });

  reports('a lock that an exception of a callee leaves taken', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
function priceOf(order: string): number {
  if (order === '') throw new RangeError('No order.');
  return order.length;
}
export function book(order: string): void {
  for (;;) {
    const seen = Atomics.compareExchange(cells, 0, 0, 1);
    if (seen === 0) break;
    Atomics.wait(cells, 0, 1, 100);
  }
  cells[1] += priceOf(order);
  Atomics.store(cells, 0, 0);
}`,
    errors: [
      {
        messageId: 'held',
        on: 'Atomics.compareExchange(cells, 0, 0, 1)',
        data: { cell: 'cells[0]', exit: '`priceOf(order)` on line 13 throws' },
        suggestions: [
          {
            messageId: 'release',
            output: `
const cells = new Int32Array(new SharedArrayBuffer(16));
function priceOf(order: string): number {
  if (order === '') throw new RangeError('No order.');
  return order.length;
}
export function book(order: string): void {
  for (;;) {
    const seen = Atomics.compareExchange(cells, 0, 0, 1);
    if (seen === 0) break;
    Atomics.wait(cells, 0, 1, 100);
  }
  try {
    cells[1] += priceOf(order);
  } finally {
    Atomics.store(cells, 0, 0);
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a lock that is set back nowhere', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function start(run: () => void): void {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) Atomics.wait(cells, 0, 1, 100);
  run();
}`,
    errors: [{ messageId: 'neverReleased', on: 'Atomics.compareExchange(cells, 0, 0, 1)', data: { cell: 'cells[0]' } }],
  });

  reports('a lock that is tried without end', {
    code: `
export class Mutex {
  constructor(private readonly cells: Int32Array<SharedArrayBuffer>) {}
  lock(): void {
    while (Atomics.compareExchange(this.cells, 0, 0, 1) !== 0);
  }
  unlock(): void {
    Atomics.store(this.cells, 0, 0);
  }
}`,
    errors: [
      {
        messageId: 'endless',
        on: 'Atomics.compareExchange(this.cells, 0, 0, 1)',
        data: { cell: 'this.cells[0]' },
        suggestions: [
          {
            messageId: 'bound',
            data: { timeout: 30_000 },
            output: `
export class Mutex {
  constructor(private readonly cells: Int32Array<SharedArrayBuffer>) {}
  lock(): void {
    const deadline = Date.now() + 30_000;
    while (Atomics.compareExchange(this.cells, 0, 0, 1) !== 0) {
      if (Date.now() > deadline) throw new Error('The lock was not given back in time.');
    }
  }
  unlock(): void {
    Atomics.store(this.cells, 0, 0);
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a lock that is tried without end in a block, bounded by the timeout of the options', {
    code: `
const FREE = 0;
const TAKEN = 1;
export function exclusive(cells: Int32Array<SharedArrayBuffer>, run: () => void): void {
  let tries = 0;
  do {
    tries++; // for the metrics
  } while (Atomics.compareExchange(cells, 0, FREE, TAKEN) === TAKEN);
  try {
    run();
  } finally {
    Atomics.exchange(cells, 0, FREE);
    console.log(tries);
  }
}`,
    options: { timeout: 500 },
    errors: [
      {
        messageId: 'endless',
        on: 'Atomics.compareExchange(cells, 0, FREE, TAKEN)',
        data: { cell: 'cells[0]' },
        suggestions: [
          {
            messageId: 'bound',
            data: { timeout: 500 },
            output: `
const FREE = 0;
const TAKEN = 1;
export function exclusive(cells: Int32Array<SharedArrayBuffer>, run: () => void): void {
  let tries = 0;
  const deadline = Date.now() + 500;
  do {
    if (Date.now() > deadline) throw new Error('The lock was not given back in time.');
    tries++; // for the metrics
  } while (Atomics.compareExchange(cells, 0, FREE, TAKEN) === TAKEN);
  try {
    run();
  } finally {
    Atomics.exchange(cells, 0, FREE);
    console.log(tries);
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent when the lock is tried a number of times', {
    code: `
export function tryLock(cells: Int32Array<SharedArrayBuffer>): boolean {
  for (let tries = 0; tries < 1_000; tries++) {
    if (Atomics.compareExchange(cells, 0, 0, 1) === 0) return true;
  }
  return false;
}
export function unlock(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(cells, 0, 0);
}`,
  });

  stays('silent when the release is handed to the caller', {
    code: `
const cells = new Int32Array(new SharedArrayBuffer(16));
export function acquire(deadline: number): () => void {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) {
    if (Date.now() > deadline) throw new Error('The till is busy.');
  }
  return () => {
    Atomics.store(cells, 0, 0);
    Atomics.notify(cells, 0, 1);
  };
}`,
  });

  stays('silent when another file gives the lock back', {
    code: `
import { cells } from './cells.js';
export function lock(): void {
  while (Atomics.compareExchange(cells, 0, 0, 1) !== 0) Atomics.wait(cells, 0, 1, 50);
}`,
    files: {
      'cells.ts': `
export const cells = new Int32Array(new SharedArrayBuffer(16));
export function unlock(): void {
  Atomics.store(cells, 0, 0);
  Atomics.notify(cells, 0, 1);
}`,
    },
  });
});
