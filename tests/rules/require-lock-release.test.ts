import rule from '../../src/rules/require-lock-release.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ not given back on every path

  reports('a lock whose release an exception skips', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export async function once(): Promise<void> {
  const release = await mutex.acquire();
  await work();
  release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'mutex.acquire()',
        line: 6,
        message: '`work` on line 7 may throw before `release` on line 8; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export async function once(): Promise<void> {
  const release = await mutex.acquire();
  try {
    await work();
  } finally {
    release();
  }
}
`,
  });

  reports('a semaphore of the project that is told how many permits', {
    code: `
export class Slots {
  #waiting: (() => void)[] = [];
  #free = 2;
  async take(count: number): Promise<void> {
    if (this.#free >= count) {
      this.#free -= count;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
const slots = new Slots();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await slots.take(1);
  await charge(id);
  slots.release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'slots.take(1)',
        line: 21,
        message:
          '`charge` on line 22 may throw before `slots.release` on line 23; then whoever waits for it waits for ever.',
      },
    ],
    output: `
export class Slots {
  #waiting: (() => void)[] = [];
  #free = 2;
  async take(count: number): Promise<void> {
    if (this.#free >= count) {
      this.#free -= count;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
const slots = new Slots();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await slots.take(1);
  try {
    await charge(id);
  } finally {
    slots.release();
  }
}
`,
  });

  reports('a slot of a semaphore', {
    code: `
import { Semaphore } from 'async-mutex';
const seats = new Semaphore(3);
declare function work(seat: number): Promise<void>;
export async function take(): Promise<void> {
  const [seat, release] = await seats.acquire();
  if (seat < 0) throw new Error('no seat');
  await work(seat);
  release();
}
`,
    errors: [
      {
        messageId: 'thrown',
        on: 'seats.acquire()',
        line: 6,
        message: 'The `throw` on line 7 leaves before `release` on line 9; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Semaphore } from 'async-mutex';
const seats = new Semaphore(3);
declare function work(seat: number): Promise<void>;
export async function take(): Promise<void> {
  const [seat, release] = await seats.acquire();
  try {
    if (seat < 0) throw new Error('no seat');
    await work(seat);
  } finally {
    release();
  }
}
`,
  });

  reports('a lock that is held by its receiver', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(2);
declare function work(): Promise<void>;
export async function enter(): Promise<void> {
  await seats.acquire();
  await work();
  seats.release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'seats.acquire()',
        line: 6,
        message:
          '`work` on line 7 may throw before `seats.release` on line 8; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Sema } from 'async-sema';
const seats = new Sema(2);
declare function work(): Promise<void>;
export async function enter(): Promise<void> {
  await seats.acquire();
  try {
    await work();
  } finally {
    seats.release();
  }
}
`,
  });

  stays('silent when the promise of the lock is awaited by its name', {
    code: `
import { Mutex } from 'async-mutex';
declare const orders: { book(id: string): Promise<void> };
const mutex = new Mutex();
export async function book(id: string): Promise<void> {
  const turn = mutex.acquire();
  const release = await turn;
  try {
    await orders.book(id);
  } finally {
    release();
  }
}`,
  });

  stays('silent in a script: its locks end with it', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export async function once(): Promise<void> {
  const release = await mutex.acquire();
  await work();
  release();
}
`,
    filename: 'scripts/import.ts',
  });

  stays('silent about a lock as a barrier', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export async function settled(): Promise<void> {
  (await mutex.acquire())();
  await work();
}
`,
  });

  stays('silent when the other method of the class gives it back', {
    code: `
import { Sema } from 'async-sema';
declare function announce(): Promise<void>;
export class Door {
  private readonly seats = new Sema(2);
  async enter(): Promise<void> {
    await this.seats.acquire();
    await announce();
  }
  leave(): void {
    this.seats.release();
  }
}
`,
  });

  stays('silent when a lock is kept in a field', {
    code: `
import { Mutex } from 'async-mutex';
declare function announce(): Promise<void>;
export class Door {
  private readonly mutex = new Mutex();
  private open?: () => void;
  async enter(): Promise<void> {
    this.open = await this.mutex.acquire();
    await announce();
  }
  leave(): void {
    this.open?.();
  }
}
`,
  });

  stays('silent about a section of a lock', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export const once = () => mutex.runExclusive(() => work());
`,
  });

  reports('a lock that a method of the class takes for others', {
    code: `
import { Mutex } from 'async-mutex';
export class Stock {
  readonly #mutex = new Mutex();
  #left = 3;
  #lock() {
    return this.#mutex.acquire();
  }
  async buy(charge: () => Promise<void>): Promise<number> {
    const unlock = await this.#lock();
    await charge();
    unlock();
    return this.#left;
  }
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'this.#lock()',
        line: 10,
        message: '`charge` on line 11 may throw before `unlock` on line 12; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
export class Stock {
  readonly #mutex = new Mutex();
  #left = 3;
  #lock() {
    return this.#mutex.acquire();
  }
  async buy(charge: () => Promise<void>): Promise<number> {
    const unlock = await this.#lock();
    try {
      await charge();
    } finally {
      unlock();
    }
    return this.#left;
  }
}
`,
  });

  reports('a lock without its releaser, by the lock itself', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function settle(id: string): Promise<void>;
export async function invoice(id: string): Promise<void> {
  await mutex.acquire();
  await settle(id);
  mutex.release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'mutex.acquire()',
        line: 6,
        message:
          '`settle` on line 7 may throw before `mutex.release` on line 8; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function settle(id: string): Promise<void>;
export async function invoice(id: string): Promise<void> {
  await mutex.acquire();
  try {
    await settle(id);
  } finally {
    mutex.release();
  }
}
`,
  });

  stays('silent when the lock itself is released in the finally', {
    code: `
import { Mutex, withTimeout } from 'async-mutex';
const mutex = new Mutex();
const slow = withTimeout(new Mutex(), 1000);
declare function settle(id: string): Promise<void>;
export async function invoice(id: string): Promise<void> {
  await mutex.acquire();
  try {
    await slow.acquire();
    try {
      await settle(id);
    } finally {
      slow.release();
    }
  } finally {
    mutex.release();
  }
}
`,
  });

  reports('a releaser that is taken inside the try', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function settle(id: string): Promise<void>;
export async function invoice(id: string): Promise<void> {
  let release: (() => void) | undefined;
  try {
    release = await mutex.acquire();
    await settle(id);
  } finally {
    release!();
  }
}
`,
    errors: [
      {
        messageId: 'hides',
        on: 'mutex.acquire()',
        line: 8,
        message: 'If `mutex.acquire` fails, `release!` on line 11 throws as well, and its TypeError hides why.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function settle(id: string): Promise<void>;
export async function invoice(id: string): Promise<void> {
  let release: (() => void) | undefined;
  release = await mutex.acquire();
  try {
    await settle(id);
  } finally {
    release!();
  }
}
`,
  });

  reports('a lock of the project, recognised by its structure', {
    code: `
export class Turnstile {
  #waiting: (() => void)[] = [];
  #busy = false;
  async enter(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await gate.enter();
  await charge(id);
  gate.leave();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'gate.enter()',
        line: 21,
        message:
          '`charge` on line 22 may throw before `gate.leave` on line 23; then whoever waits for it waits for ever.',
      },
    ],
    output: `
export class Turnstile {
  #waiting: (() => void)[] = [];
  #busy = false;
  async enter(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await gate.enter();
  try {
    await charge(id);
  } finally {
    gate.leave();
  }
}
`,
  });

  stays('silent when a lock of the project is given back in a finally', {
    code: `
export class Turnstile {
  #waiting: (() => void)[] = [];
  #busy = false;
  async enter(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await gate.enter();
  try {
    await charge(id);
  } finally {
    gate.leave();
  }
}
`,
  });

  reports('a lock of await-lock that an early return keeps', {
    code: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await lock.acquireAsync();
  if (id === '') return;
  try {
    await charge(id);
  } finally {
    lock.release();
  }
}
`,
    errors: [
      {
        messageId: 'returns',
        on: 'lock.acquireAsync()',
        line: 6,
        message:
          'The `return` on line 7 leaves before `lock.release` on line 11; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await lock.acquireAsync();
  try {
    if (id === '') return;
    await charge(id);
  } finally {
    lock.release();
  }
}
`,
  });

  reports('the lock of a file, by its releaser', {
    code: `
import { lock } from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  const release = await lock(path, { retries: 3 });
  await writeOrders(path);
  await release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'lock(path, { retries: 3 })',
        line: 5,
        message:
          '`writeOrders` on line 6 may throw before `release` on line 7; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { lock } from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  const release = await lock(path, { retries: 3 });
  try {
    await writeOrders(path);
  } finally {
    await release();
  }
}
`,
  });

  reports('the lock of a file, by its name', {
    code: `
import lockfile from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  await lockfile.lock(path, { retries: 3 });
  await writeOrders(path);
  await lockfile.unlock(path);
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'lockfile.lock(path, { retries: 3 })',
        line: 5,
        message:
          '`writeOrders` on line 6 may throw before `lockfile.unlock` on line 7; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import lockfile from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  await lockfile.lock(path, { retries: 3 });
  try {
    await writeOrders(path);
  } finally {
    await lockfile.unlock(path);
  }
}
`,
  });

  stays('silent when the file is unlocked in a finally, by its name', {
    code: `
import { lock, unlock } from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  await lock(path, { retries: 3 });
  try {
    await writeOrders(path);
  } finally {
    await unlock(path);
  }
}
`,
  });

  stays('silent when another function unlocks the file', {
    code: `
import { lock, unlock } from 'proper-lockfile';
export async function open(path: string): Promise<void> {
  await lock(path, { retries: 3 });
}
export async function close(path: string): Promise<void> {
  await unlock(path);
}
`,
  });

  reports('a lock of a class whose set-up comes between', {
    code: `
import { Mutex } from 'async-mutex';
export class Ledger {
  private readonly mutex = new Mutex();
  private total = 0;
  constructor(private readonly load: () => Promise<number>) {}
  add = async (amount: number): Promise<void> => {
    const release = await this.mutex.acquire();
    const before = await this.load();
    try {
      this.total = before + amount;
    } finally {
      release();
    }
  };
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'this.mutex.acquire()',
        line: 8,
        message:
          '`this.load` on line 9 may throw before `release` on line 13; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
export class Ledger {
  private readonly mutex = new Mutex();
  private total = 0;
  constructor(private readonly load: () => Promise<number>) {}
  add = async (amount: number): Promise<void> => {
    const release = await this.mutex.acquire();
    try {
      const before = await this.load();
      this.total = before + amount;
    } finally {
      release();
    }
  };
}
`,
  });

  reports('a lock in a loop that a continue keeps', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function find(id: string): { due: number } | undefined;
declare function charge(id: string, due: number): Promise<void>;
export async function payAll(ids: string[]): Promise<void> {
  for (const id of ids) {
    await seats.acquire();
    const order = find(id);
    if (order === undefined) continue;
    try {
      await charge(id, order.due);
    } finally {
      seats.release();
    }
  }
}
`,
    errors: [
      {
        messageId: 'skips',
        on: 'seats.acquire()',
        line: 8,
        message:
          'The condition on line 10 goes past `seats.release` on line 14; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function find(id: string): { due: number } | undefined;
declare function charge(id: string, due: number): Promise<void>;
export async function payAll(ids: string[]): Promise<void> {
  for (const id of ids) {
    await seats.acquire();
    try {
      const order = find(id);
      if (order === undefined) continue;
      await charge(id, order.due);
    } finally {
      seats.release();
    }
  }
}
`,
  });

  reports('a lock that is never given back', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await mutex.acquire();
  await charge(id);
}
`,
    errors: [
      {
        messageId: 'never',
        on: 'mutex.acquire()',
        line: 6,
        message: '`mutex` is taken here and given back on no path: whoever waits for it waits for ever.',
        suggestions: [
          {
            messageId: 'finally',
            output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await mutex.acquire();
  try {
    await charge(id);
  } finally {
    mutex.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('an alias of the lock, in a class with a generic method', {
    code: `
import { Mutex as Lock } from 'async-mutex';
export class Store<T> {
  readonly #lock = new Lock();
  #value: T | undefined;
  async update<R>(change: (value: T | undefined) => Promise<readonly [T, R]>): Promise<R> {
    const lock = this.#lock;
    const unlock = await lock.acquire();
    const [value, result] = await change(this.#value);
    this.#value = value;
    unlock();
    return result;
  }
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'lock.acquire()',
        line: 8,
        message: '`change` on line 9 may throw before `unlock` on line 11; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex as Lock } from 'async-mutex';
export class Store<T> {
  readonly #lock = new Lock();
  #value: T | undefined;
  async update<R>(change: (value: T | undefined) => Promise<readonly [T, R]>): Promise<R> {
    const lock = this.#lock;
    const unlock = await lock.acquire();
    try {
      const [value, result] = await change(this.#value);
      this.#value = value;
      return result;
    } finally {
      unlock();
    }
  }
}
`,
  });

  reports('a lock that another file exports', {
    code: `
import { orders } from './locks.js';
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  const release = await orders.acquire();
  await charge(id);
  release();
}
`,
    files: {
      'locks.ts': `import { Mutex } from 'async-mutex';
export const orders = new Mutex();
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: 'orders.acquire()',
        line: 5,
        message: '`charge` on line 6 may throw before `release` on line 7; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { orders } from './locks.js';
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  const release = await orders.acquire();
  try {
    await charge(id);
  } finally {
    release();
  }
}
`,
  });

  reports('a lock in JavaScript with CommonJS', {
    code: `
const { Mutex } = require('async-mutex');
const { charge } = require('./billing.cjs');
const mutex = new Mutex();
/** @param {string} id */
async function pay(id) {
  const release = await mutex.acquire();
  await charge(id);
  release();
}
module.exports = { pay };
`,
    filename: 'service.cjs',
    files: {
      'billing.cjs': `/** @param {string} id */
async function charge(id) {
  await fetch('https://billing.internal/' + id);
}
module.exports = { charge };
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: 'mutex.acquire()',
        line: 7,
        message: '`charge` on line 8 may throw before `release` on line 9; then whoever waits for it waits for ever.',
      },
    ],
    output: `
const { Mutex } = require('async-mutex');
const { charge } = require('./billing.cjs');
const mutex = new Mutex();
/** @param {string} id */
async function pay(id) {
  const release = await mutex.acquire();
  try {
    await charge(id);
  } finally {
    release();
  }
}
module.exports = { pay };
`,
  });

  stays('silent when the releaser is handed to the caller', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function begin(): Promise<() => void> {
  const release = await mutex.acquire();
  return release;
}
`,
  });

  stays('silent when a listener gives the lock back', {
    code: `
import { Mutex } from 'async-mutex';
import type { Readable } from 'node:stream';
const mutex = new Mutex();
export async function begin(source: Readable): Promise<void> {
  const release = await mutex.acquire();
  source.once('close', release);
}
`,
  });

  stays('silent when the lock is asked first and only a success takes it', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<boolean> {
  if (seats.tryAcquire() === undefined) return false;
  try {
    await charge(id);
    return true;
  } finally {
    seats.release();
  }
}
`,
  });

  stays('silent about a token bucket, whose acquire gives nothing to return', {
    code: `
class Bucket {
  #tokens = 10;
  async acquire(): Promise<void> {
    while (this.#tokens <= 0) await new Promise((resolve) => setTimeout(resolve, 50));
    this.#tokens--;
  }
}
const bucket = new Bucket();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await bucket.acquire();
  await charge(id);
}
`,
  });

  stays('silent about a lock() that closes a room to new players', {
    code: `
class Room {
  #locked = false;
  async lock(): Promise<void> {
    this.#locked = true;
  }
  get isLocked(): boolean {
    return this.#locked;
  }
}
declare function seat(room: Room): Promise<void>;
export async function start(room: Room): Promise<void> {
  await room.lock();
  await seat(room);
}
`,
  });

  stays('silent about an advisory lock whose connection goes back: `require-pool-reset` has that', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export async function once(work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock(7)');
    await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock(7)');
    client.release();
  }
}
`,
  });

  stays('silent when the row lock ends with its transaction', {
    code: `
import pg from 'pg';
const client = new pg.Client();
export async function pay(id: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT * FROM orders WHERE id = $1 FOR UPDATE', [id]);
    await client.query('SELECT pg_advisory_xact_lock(7)');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
`,
  });

  stays('silent about a test', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function once(): Promise<void> {
  const release = await mutex.acquire();
  await charge('1');
  release();
}
`,
    filename: 'billing.test.ts',
  });

  reports('an advisory lock of a connection of its own', {
    code: `
import pg from 'pg';
declare const client: pg.Client;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock(7)');
  await settle(id);
  await client.query('SELECT pg_advisory_unlock(7)');
}
`,
    errors: [
      {
        messageId: 'throws',
        on: "client.query('SELECT pg_advisory_lock(7)')",
        line: 6,
        message:
          '`settle` on line 7 may throw before `client.query` on line 8; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import pg from 'pg';
declare const client: pg.Client;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock(7)');
  try {
    await settle(id);
  } finally {
    await client.query('SELECT pg_advisory_unlock(7)');
  }
}
`,
  });

  stays('silent when the session gives its lock back in a finally', {
    code: `
import pg from 'pg';
declare const client: pg.Client;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await client.query('SELECT pg_advisory_lock(7)');
  try {
    await settle(id);
  } finally {
    await client.query('SELECT pg_advisory_unlock(7)');
  }
}
`,
  });

  stays('silent when the connection ends, and the lock with it', {
    code: `
import pg from 'pg';
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  const client = new pg.Client();
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(7)');
    await settle(id);
  } finally {
    await client.end();
  }
}
`,
  });

  reports('an advisory lock on whatever connection the pool gives', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await pool.query('SELECT pg_advisory_lock(7)');
  try {
    await settle(id);
  } finally {
    await pool.query('SELECT pg_advisory_unlock(7)');
  }
}
`,
    errors: [
      {
        messageId: 'stray',
        on: "pool.query('SELECT pg_advisory_lock(7)')",
        line: 6,
        message:
          '`pool.query` takes the lock on a connection that goes straight back to the pool; its next borrower holds the lock.',
        suggestions: [
          {
            messageId: 'oneConnection',
            output: `
import pg from 'pg';
const pool = new pg.Pool();
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  const connection = await pool.connect();
  try {
    await connection.query('SELECT pg_advisory_lock(7)');
    try {
      await settle(id);
    } finally {
      await connection.query('SELECT pg_advisory_unlock(7)');
    }
  } finally {
    connection.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent about a lock of the transaction, on whatever connection', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
export const touch = (id: string) => pool.query('SELECT pg_advisory_xact_lock(7)', [id]);
`,
  });

  reports('a lease of redlock whose release an exception skips', {
    code: `
import Redlock from 'redlock';
declare const redlock: Redlock;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  const lock = await redlock.acquire(['orders:' + id], 30_000);
  await settle(id);
  await lock.release();
}
`,
    files: {
      'node_modules/redlock/package.json': `{ "name": "redlock", "version": "5.0.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/redlock/index.d.ts': `export declare class Lock {
  expiration: number;
  release(): Promise<void>;
}
export default class Redlock {
  acquire(resources: string[], duration: number): Promise<Lock>;
  release(lock: Lock): Promise<void>;
  using<T>(resources: string[], duration: number, routine: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
`,
    },
    errors: [
      {
        messageId: 'throws',
        on: "redlock.acquire(['orders:' + id], 30_000)",
        line: 6,
        message:
          '`settle` on line 7 may throw before `lock.release` on line 8; then nobody else gets it before it expires.',
      },
    ],
    output: `
import Redlock from 'redlock';
declare const redlock: Redlock;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  const lock = await redlock.acquire(['orders:' + id], 30_000);
  try {
    await settle(id);
  } finally {
    await lock.release();
  }
}
`,
  });

  stays('silent about a lease of redlock that is left to expire', {
    code: `
import Redlock from 'redlock';
declare const redlock: Redlock;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await redlock.acquire(['orders:' + id], 30_000);
  await settle(id);
}
export async function settleDaily(id: string): Promise<void> {
  const lock = await redlock.acquire(['daily:' + id], 30_000);
  console.log(lock.expiration);
  await settle(id);
}
`,
    files: {
      'node_modules/redlock/package.json': `{ "name": "redlock", "version": "5.0.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/redlock/index.d.ts': `export declare class Lock {
  expiration: number;
  release(): Promise<void>;
}
export default class Redlock {
  acquire(resources: string[], duration: number): Promise<Lock>;
  release(lock: Lock): Promise<void>;
  using<T>(resources: string[], duration: number, routine: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
`,
    },
  });

  stays('silent about a section of redlock, and a release by redlock itself', {
    code: `
import Redlock from 'redlock';
declare const redlock: Redlock;
declare function settle(id: string): Promise<void>;
export async function settleOnce(id: string): Promise<void> {
  await redlock.using(['orders:' + id], 30_000, async () => {
    await settle(id);
  });
  const lock = await redlock.acquire(['daily:' + id], 30_000);
  try {
    await settle(id);
  } finally {
    await redlock.release(lock);
  }
}
`,
    files: {
      'node_modules/redlock/package.json': `{ "name": "redlock", "version": "5.0.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/redlock/index.d.ts': `export declare class Lock {
  expiration: number;
  release(): Promise<void>;
}
export default class Redlock {
  acquire(resources: string[], duration: number): Promise<Lock>;
  release(lock: Lock): Promise<void>;
  using<T>(resources: string[], duration: number, routine: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
`,
    },
  });

  stays('silent when a helper gives the lease back unless it has expired', {
    code: `
import Redlock, { type Lock } from 'redlock';
declare const redlock: Redlock;
declare function settle(id: string): Promise<void>;
async function release(lock: Lock): Promise<void> {
  if (lock.expiration > Date.now()) await lock.release();
}
export async function settleOnce(id: string): Promise<void> {
  const lock = await redlock.acquire(['orders:' + id], 30_000);
  try {
    await settle(id);
  } finally {
    await release(lock);
  }
}
`,
    files: {
      'node_modules/redlock/package.json': `{ "name": "redlock", "version": "5.0.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/redlock/index.d.ts': `export declare class Lock {
  expiration: number;
  release(): Promise<void>;
}
export default class Redlock {
  acquire(resources: string[], duration: number): Promise<Lock>;
  release(lock: Lock): Promise<void>;
  using<T>(resources: string[], duration: number, routine: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
`,
    },
    options: { certainty: 'likely' },
  });

  stays('silent when a declared guard gives the lock back at the end of its block', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  const release = await mutex.acquire();
  using _guard = { [Symbol.dispose]: release };
  await charge(id);
}
`,
    compilerOptions: { lib: ['lib.esnext.d.ts'] },
  });

  stays('silent when the work that goes on gives the permit back', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(3);
declare function charge(id: string): Promise<void>;
export async function payAll(ids: AsyncIterable<string>): Promise<void> {
  for await (const id of ids) {
    await seats.acquire();
    charge(id)
      .catch(console.error)
      .finally(() => seats.release());
  }
}
`,
  });

  stays('silent about a semaphore that a timer refills', {
    code: `
import { Sema } from 'async-sema';
const rate = new Sema(5);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await rate.acquire();
  setTimeout(() => rate.release(), 1000);
  await charge(id);
}
`,
  });

  stays('silent when both ways out give it back', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  const release = await mutex.acquire();
  try {
    await charge(id);
    release();
  } catch (error) {
    release();
    throw error;
  }
}
`,
  });

  stays('silent when the lock is taken on a branch, and given back on the same', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string, isAlone: boolean): Promise<void> {
  if (isAlone) await mutex.acquire();
  try {
    await charge(id);
  } finally {
    if (isAlone) mutex.release();
  }
}
`,
  });

  reports('the lock of an order, made where there is none', {
    code: `
import { Mutex } from 'async-mutex';
const locks = new Map<string, Mutex>();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  let lock = locks.get(id);
  if (!lock) {
    lock = new Mutex();
    locks.set(id, lock);
  }
  const release = await lock.acquire();
  await charge(id);
  release();
}
`,
    errors: [
      {
        messageId: 'throws',
        on: 'lock.acquire()',
        line: 11,
        message: '`charge` on line 12 may throw before `release` on line 13; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const locks = new Map<string, Mutex>();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  let lock = locks.get(id);
  if (!lock) {
    lock = new Mutex();
    locks.set(id, lock);
  }
  const release = await lock.acquire();
  try {
    await charge(id);
  } finally {
    release();
  }
}
`,
  });

  reports('a release that stands in a then alone', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export const pay = (id: string) => mutex.acquire().then((release) => charge(id).then(() => release()));
`,
    errors: [
      {
        messageId: 'rejects',
        on: 'mutex.acquire()',
        line: 5,
        message:
          '`charge` on line 5 may reject, and the `then` with `release` on line 5 never runs; then whoever waits for it waits for ever.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export const pay = (id: string) => mutex.acquire().then((release) => charge(id).finally(() => release()).then(() => undefined));
`,
  });

  // ------------------------------------------------------------------ given back without having been taken

  reports('a check inside the try that fails before the permit is there', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function validate(id: string): Promise<void>;
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    await validate(id);
    await seats.acquire();
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
    errors: [
      {
        messageId: 'unheld',
        on: 'seats.acquire()',
        line: 9,
        message:
          'If `validate` on line 8 fails, `seats.release` on line 12 gives back a lock that another task may hold.',
      },
    ],
    output: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function validate(id: string): Promise<void>;
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await validate(id);
  await seats.acquire();
  try {
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
  });

  reports('the same in a try that also catches', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function validate(id: string): Promise<void>;
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<boolean> {
  try {
    await validate(id);
    await mutex.acquire();
    await charge(id);
    return true;
  } catch (error) {
    console.error('not paid', error);
    return false;
  } finally {
    mutex.release();
  }
}
`,
    errors: [
      {
        messageId: 'unheld',
        on: 'mutex.acquire()',
        line: 9,
        message:
          'If `validate` on line 8 fails, `mutex.release` on line 16 gives back a lock that another task may hold.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function validate(id: string): Promise<void>;
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<boolean> {
  try {
    await validate(id);
    await mutex.acquire();
    try {
      await charge(id);
      return true;
    } finally {
      mutex.release();
    }
  } catch (error) {
    console.error('not paid', error);
    return false;
  }
}
`,
  });

  reports('a return inside the try before the permit is there', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
const paid = new Set<string>();
export async function pay(id: string): Promise<void> {
  try {
    if (paid.has(id)) return;
    await seats.acquire();
    await charge(id);
    paid.add(id);
  } finally {
    seats.release();
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'unheldEarly',
        on: 'seats.acquire()',
        line: 9,
        message:
          'The `return` on line 8 leaves before the lock is taken, yet `seats.release` on line 13 gives it back: another task may hold it.',
      },
    ],
    output: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
const paid = new Set<string>();
export async function pay(id: string): Promise<void> {
  if (paid.has(id)) return;
  await seats.acquire();
  try {
    await charge(id);
    paid.add(id);
  } finally {
    seats.release();
  }
}
`,
  });

  reports('an acquire that gives up after its time', {
    code: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    await lock.acquireAsync({ timeout: 500 });
    await charge(id);
  } finally {
    lock.release();
  }
}
`,
    errors: [
      {
        messageId: 'unheldSelf',
        on: 'lock.acquireAsync({ timeout: 500 })',
        line: 7,
        message: 'If `lock.acquireAsync` fails, `lock.release` on line 10 gives back the lock of whoever holds it.',
      },
    ],
    output: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await lock.acquireAsync({ timeout: 500 });
  try {
    await charge(id);
  } finally {
    lock.release();
  }
}
`,
  });

  reports('a lock with a time limit of its own', {
    code: `
import { Mutex, withTimeout } from 'async-mutex';
const mutex = withTimeout(new Mutex(), 1000);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    await mutex.acquire();
    await charge(id);
  } catch (error) {
    console.error('not paid', error);
  } finally {
    mutex.release();
  }
}
`,
    errors: [
      {
        messageId: 'unheldSelf',
        on: 'mutex.acquire()',
        line: 7,
        message: 'If `mutex.acquire` fails, `mutex.release` on line 12 gives back the lock of whoever holds it.',
      },
    ],
    output: `
import { Mutex, withTimeout } from 'async-mutex';
const mutex = withTimeout(new Mutex(), 1000);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    await mutex.acquire();
    try {
      await charge(id);
    } finally {
      mutex.release();
    }
  } catch (error) {
    console.error('not paid', error);
  }
}
`,
  });

  reports('the file of another process is unlocked', {
    code: `
import { lock, unlock } from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  try {
    await lock(path);
    await writeOrders(path);
  } finally {
    await unlock(path);
  }
}
`,
    errors: [
      {
        messageId: 'unheldSelf',
        on: 'lock(path)',
        line: 6,
        message: 'If `lock` fails, `unlock` on line 9 gives back the lock of whoever holds it.',
      },
    ],
    output: `
import { lock, unlock } from 'proper-lockfile';
declare function writeOrders(path: string): Promise<void>;
export async function save(path: string): Promise<void> {
  await lock(path);
  try {
    await writeOrders(path);
  } finally {
    await unlock(path);
  }
}
`,
  });

  stays('silent when the acquire cannot fail and comes first', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    await seats.acquire();
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
  });

  stays('silent when a flag says whether it was taken', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function validate(id: string): Promise<void>;
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  let isHeld = false;
  try {
    await validate(id);
    await seats.acquire();
    isHeld = true;
    await charge(id);
  } finally {
    if (isHeld) seats.release();
  }
}
`,
  });

  stays('silent when only code that cannot fail comes before', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  try {
    const key = id.trim();
    await seats.acquire();
    await charge(key);
  } finally {
    seats.release();
  }
}
`,
  });

  // ------------------------------------------------------------------ given back twice

  reports('a release at the end of the try and in its finally', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
    seats.release();
  } finally {
    seats.release();
  }
}
`,
    errors: [
      {
        messageId: 'extra',
        on: 'seats.release()',
        line: 11,
        message:
          '`seats.release` was already called on line 9; the second one gives back a lock that is no longer held here.',
      },
    ],
    output: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
  });

  reports('a release in the catch and after it', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } catch (error) {
    console.error('not paid', error);
    seats.release();
  }
  seats.release();
}
`,
    errors: [
      {
        messageId: 'extra',
        on: 'seats.release()',
        line: 13,
        message:
          '`seats.release` was already called on line 11; the second one gives back a lock that is no longer held here.',
        suggestions: [
          {
            messageId: 'dropEarly',
            output: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } catch (error) {
    console.error('not paid', error);
  }
  seats.release();
}
`,
          },
        ],
      },
    ],
  });

  reports('two releases in a row', {
    code: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await lock.acquireAsync();
  try {
    await charge(id);
  } finally {
    lock.release();
    lock.release();
  }
}
`,
    errors: [
      {
        messageId: 'extra',
        on: 'lock.release()',
        line: 11,
        message:
          '`lock.release` was already called on line 10; the second one gives back a lock that is no longer held here.',
      },
    ],
    output: `
import AwaitLock from 'await-lock';
const lock = new AwaitLock();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await lock.acquireAsync();
  try {
    await charge(id);
  } finally {
    lock.release();
  }
}
`,
  });

  stays('silent about a second release of a mutex that ignores it', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await mutex.acquire();
  try {
    await charge(id);
    mutex.release();
  } finally {
    mutex.release();
  }
}
`,
  });

  stays('silent when the permit is taken again before the second release', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
declare function mail(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } finally {
    seats.release();
  }
  await seats.acquire();
  try {
    await mail(id);
  } finally {
    seats.release();
  }
}
`,
  });

  stays('silent when a flag remembers the first release', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  let isReleased = false;
  try {
    await charge(id);
    seats.release();
    isReleased = true;
    console.log('paid', id);
  } finally {
    if (!isReleased) seats.release();
  }
}
`,
  });

  stays('silent when the failure path alone gives back early', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } catch (error) {
    seats.release();
    throw error;
  }
  seats.release();
}
`,
  });

  // ------------------------------------------------------------------ taken again by its holder

  reports('a method under the lock that takes it itself', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Stock {
  readonly #mutex = new Mutex();
  #left = 10;

  async take(id: string): Promise<number> {
    return this.#mutex.runExclusive(async () => {
      await charge(id);
      this.#left--;
      return this.#left;
    });
  }

  async takeAll(ids: string[]): Promise<void> {
    await this.#mutex.runExclusive(async () => {
      for (const id of ids) await this.take(id);
    });
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'this.take(id)',
        line: 18,
        message:
          '`this.take` takes `this.#mutex` on line 9, which this task holds since line 17; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'unlocked',
            data: { name: 'take' },
            output: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Stock {
  readonly #mutex = new Mutex();
  #left = 10;

  async take(id: string): Promise<number> {
    return this.#mutex.runExclusive(() => this.takeUnlocked(id));
  }

  async takeUnlocked(id: string): Promise<number> {
    await charge(id);
    this.#left--;
    return this.#left;
  }

  async takeAll(ids: string[]): Promise<void> {
    await this.#mutex.runExclusive(async () => {
      for (const id of ids) await this.takeUnlocked(id);
    });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('all at once under the lock', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Stock {
  private readonly mutex = new Mutex();

  private async take(id: string): Promise<void> {
    const release = await this.mutex.acquire();
    try {
      await charge(id);
    } finally {
      release();
    }
  }

  async takeAll(ids: string[]): Promise<void> {
    const release = await this.mutex.acquire();
    try {
      await Promise.all(ids.map((id) => this.take(id)));
    } finally {
      release();
    }
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'this.take(id)',
        line: 19,
        message:
          '`this.take` takes `this.mutex` on line 8, which this task holds since line 17; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Stock {
  private readonly mutex = new Mutex();

  private async take(id: string): Promise<void> {
    await charge(id);
  }

  async takeAll(ids: string[]): Promise<void> {
    const release = await this.mutex.acquire();
    try {
      await Promise.all(ids.map((id) => this.take(id)));
    } finally {
      release();
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('two sections of one lock, one in the other', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  mutex.runExclusive(async () => {
    await mutex.runExclusive(() => charge(id));
  });
`,
    errors: [
      {
        messageId: 'held',
        on: 'mutex.runExclusive(() => charge(id))',
        line: 7,
        message:
          '`mutex.runExclusive` waits for `mutex`, which this task holds since line 6; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  mutex.runExclusive(async () => {
    await charge(id);
  });
`,
          },
        ],
      },
    ],
  });

  reports('functions of a module and a semaphore of one permit', {
    code: `
import { Sema } from 'async-sema';
const seat = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seat.acquire();
  try {
    await record(id);
  } finally {
    seat.release();
  }
}
async function record(id: string): Promise<void> {
  await seat.acquire();
  try {
    await charge(id);
  } finally {
    seat.release();
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'record(id)',
        line: 8,
        message: '`record` takes `seat` on line 14, which this task holds since line 6; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import { Sema } from 'async-sema';
const seat = new Sema(1);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seat.acquire();
  try {
    await record(id);
  } finally {
    seat.release();
  }
}
async function record(id: string): Promise<void> {
  await charge(id);
}
`,
          },
        ],
      },
    ],
  });

  reports('a key that is taken again, through two calls', {
    code: `
import AsyncLock from 'async-lock';
const lock = new AsyncLock();
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await lock.acquire(id, () => charge(id));
}
const settle = async (id: string): Promise<void> => {
  await record(id);
};
export async function pay(id: string): Promise<void> {
  await lock.acquire(id, async () => {
    await settle(id);
  });
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'settle(id)',
        line: 13,
        message:
          '`settle` takes the lock of `id` on line 6, which this task holds since line 12; it waits for itself for ever.',
      },
    ],
  });

  reports('the lock of the page, by its name', {
    code: `
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await navigator.locks.request('orders', async () => {
    await navigator.locks.request('orders', () => charge(id));
  });
}
`,
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
    errors: [
      {
        messageId: 'held',
        on: "navigator.locks.request('orders', () => charge(id))",
        line: 5,
        message:
          "`navigator.locks.request` waits for the lock of `'orders'`, which this task holds since line 4; it waits for itself for ever.",
        suggestions: [
          {
            messageId: 'direct',
            output: `
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await navigator.locks.request('orders', async () => {
    await charge(id);
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('the lock manager of the page that a class was given', {
    code: `
declare function charge(id: string): Promise<void>;
export class Till {
  constructor(private readonly manager: LockManager) {}
  async pay(id: string): Promise<void> {
    await this.manager.request('orders', async () => {
      await this.manager.request('orders', () => charge(id));
    });
  }
}
`,
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
    errors: [
      {
        messageId: 'held',
        on: "this.manager.request('orders', () => charge(id))",
        line: 7,
        message:
          "`this.manager.request` waits for the lock of `'orders'`, which this task holds since line 6; it waits for itself for ever.",
        suggestions: [
          {
            messageId: 'direct',
            output: `
declare function charge(id: string): Promise<void>;
export class Till {
  constructor(private readonly manager: LockManager) {}
  async pay(id: string): Promise<void> {
    await this.manager.request('orders', async () => {
      await charge(id);
    });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a limiter of one', {
    code: `
import pLimit from 'p-limit';
const limit = pLimit(1);
declare function charge(id: string): Promise<void>;
export const payAll = (ids: string[]) => limit(async () => {
  await Promise.all(ids.map((id) => limit(() => charge(id))));
});
`,
    errors: [
      {
        messageId: 'held',
        on: 'limit(() => charge(id))',
        line: 6,
        message: '`limit` waits for `limit`, which this task holds since line 5; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import pLimit from 'p-limit';
const limit = pLimit(1);
declare function charge(id: string): Promise<void>;
export const payAll = (ids: string[]) => limit(async () => {
  await Promise.all(ids.map((id) => charge(id)));
});
`,
          },
        ],
      },
    ],
  });

  reports('a chain of promises as a lock', {
    code: `
let tail: Promise<unknown> = Promise.resolve();
function enqueue<T>(work: () => Promise<T>): Promise<T> {
  const run = tail.then(work);
  tail = run.catch(() => undefined);
  return run;
}
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  enqueue(async () => {
    await enqueue(() => charge(id));
  });
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'enqueue(() => charge(id))',
        line: 11,
        message:
          '`enqueue` takes the lock of `enqueue` on line 4, which this task holds since line 10; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
let tail: Promise<unknown> = Promise.resolve();
function enqueue<T>(work: () => Promise<T>): Promise<T> {
  const run = tail.then(work);
  tail = run.catch(() => undefined);
  return run;
}
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  enqueue(async () => {
    await charge(id);
  });
`,
          },
        ],
      },
    ],
  });

  reports('a wrapper of the class around its lock', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Orders {
  #mutex = new Mutex();
  private withLock<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }
  async pay(id: string): Promise<void> {
    await this.withLock(async () => {
      await charge(id);
    });
  }
  async payTwice(id: string): Promise<void> {
    await this.withLock(async () => {
      await this.pay(id);
      await this.pay(id);
    });
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'this.pay(id)',
        line: 16,
        message:
          '`this.pay` takes the lock of `this.withLock` on line 7, which this task holds since line 15; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'unlocked',
            data: { name: 'pay' },
            output: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Orders {
  #mutex = new Mutex();
  private withLock<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }
  async pay(id: string): Promise<void> {
    await this.withLock(() => this.payUnlocked(id));
  }

  async payUnlocked(id: string): Promise<void> {
    await charge(id);
  }
  async payTwice(id: string): Promise<void> {
    await this.withLock(async () => {
      await this.payUnlocked(id);
      await this.pay(id);
    });
  }
}
`,
          },
        ],
      },
      {
        messageId: 'heldInside',
        on: 'this.pay(id)',
        line: 17,
        message:
          '`this.pay` takes the lock of `this.withLock` on line 7, which this task holds since line 15; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'unlocked',
            data: { name: 'pay' },
            output: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Orders {
  #mutex = new Mutex();
  private withLock<T>(work: () => Promise<T>): Promise<T> {
    return this.#mutex.runExclusive(work);
  }
  async pay(id: string): Promise<void> {
    await this.withLock(() => this.payUnlocked(id));
  }

  async payUnlocked(id: string): Promise<void> {
    await charge(id);
  }
  async payTwice(id: string): Promise<void> {
    await this.withLock(async () => {
      await this.pay(id);
      await this.payUnlocked(id);
    });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a lock of the project', {
    code: `
export class Turnstile {
  #waiting: (() => void)[] = [];
  #busy = false;
  async acquire(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await gate.acquire();
  try {
    await charge(id);
  } finally {
    gate.release();
  }
}
export async function pay(id: string): Promise<void> {
  await gate.acquire();
  try {
    await record(id);
  } finally {
    gate.release();
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'record(id)',
        line: 31,
        message: '`record` takes `gate` on line 5, which this task holds since line 29; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
export class Turnstile {
  #waiting: (() => void)[] = [];
  #busy = false;
  async acquire(): Promise<void> {
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await charge(id);
}
export async function pay(id: string): Promise<void> {
  await gate.acquire();
  try {
    await record(id);
  } finally {
    gate.release();
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a lock with a time limit: it fails every time', {
    code: `
import { Mutex, withTimeout } from 'async-mutex';
const mutex = withTimeout(new Mutex(), 1000);
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await mutex.runExclusive(() => charge(id));
}
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(() => record(id));
}
`,
    errors: [
      {
        messageId: 'heldLimited',
        on: 'record(id)',
        line: 9,
        message: '`record` waits for `mutex`, which this task holds since line 9; it can only run into its time limit.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import { Mutex, withTimeout } from 'async-mutex';
const mutex = withTimeout(new Mutex(), 1000);
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await charge(id);
}
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(() => record(id));
}
`,
          },
        ],
      },
    ],
  });

  reports('a function of another file that takes the lock', {
    code: `
import { Mutex } from 'async-mutex';
import { record } from './ledger.js';
export const mutex = new Mutex();
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    await record(id);
  });
}
`,
    files: {
      'ledger.ts': `import { mutex } from './service.js';
declare function charge(id: string): Promise<void>;
export async function record(id: string): Promise<void> {
  await mutex.runExclusive(() => charge(id));
}
`,
    },
    errors: [
      {
        messageId: 'heldInside',
        on: 'record(id)',
        line: 7,
        message:
          '`record` takes `mutex` on line 4 of ledger.ts, which this task holds since line 6; it waits for itself for ever.',
      },
    ],
  });

  reports('a semaphore of several permits, where that is asked for', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(3);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await record(id);
  } finally {
    seats.release();
  }
}
async function record(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'heldShared',
        on: 'record(id)',
        line: 8,
        message:
          '`record` waits for `seats`, of which this task holds a permit since line 6; tasks that hold them all wait for each other.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import { Sema } from 'async-sema';
const seats = new Sema(3);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await record(id);
  } finally {
    seats.release();
  }
}
async function record(id: string): Promise<void> {
  await charge(id);
}
`,
          },
        ],
      },
    ],
  });

  stays('silent about several permits otherwise', {
    code: `
import { Sema } from 'async-sema';
const seats = new Sema(3);
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await seats.acquire();
  try {
    await record(id);
  } finally {
    seats.release();
  }
}
async function record(id: string): Promise<void> {
  await seats.acquire();
  try {
    await charge(id);
  } finally {
    seats.release();
  }
}
`,
  });

  stays('silent when the second comes after the first was given back', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
declare function mail(id: string): Promise<void>;
const record = (id: string) => mutex.runExclusive(() => mail(id));
export async function pay(id: string): Promise<void> {
  const release = await mutex.acquire();
  try {
    await charge(id);
  } finally {
    release();
  }
  await record(id);
}
`,
  });

  stays('silent when what takes it again is not waited for', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
declare function mail(id: string): Promise<void>;
const record = (id: string) => mutex.runExclusive(() => mail(id));
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    await charge(id);
    record(id).catch(console.error);
  });
}
`,
  });

  stays('silent about the lock of another object of the class', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Account {
  readonly #mutex = new Mutex();
  async put(id: string): Promise<void> {
    await this.#mutex.runExclusive(() => charge(id));
  }
  async move(id: string, to: Account): Promise<void> {
    await this.#mutex.runExclusive(async () => {
      await to.put(id);
    });
  }
}
`,
  });

  stays('silent about another key', {
    code: `
import AsyncLock from 'async-lock';
const lock = new AsyncLock();
declare function charge(id: string): Promise<void>;
const record = (id: string) => lock.acquire(\`ledger:\${id}\`, () => charge(id));
export const pay = (id: string) =>
  lock.acquire(\`order:\${id}\`, async () => {
    await record(id);
  });
`,
  });

  stays('silent about a lock that lets its holder in again', {
    code: `
import AsyncLock from 'async-lock';
const lock = new AsyncLock({ domainReentrant: true });
declare function charge(id: string): Promise<void>;
const record = (id: string) => lock.acquire('orders', () => charge(id));
export const pay = (id: string) =>
  lock.acquire('orders', async () => {
    await record(id);
  });
`,
  });

  stays('silent about a reentrant lock of the project', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
export class Turnstile {
  #inside = new AsyncLocalStorage<boolean>();
  #waiting: (() => void)[] = [];
  #busy = false;
  async acquire(): Promise<void> {
    if (this.#inside.getStore()) return;
    if (!this.#busy) {
      this.#busy = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#busy = false;
  }
}
const gate = new Turnstile();
declare function charge(id: string): Promise<void>;
async function record(id: string): Promise<void> {
  await gate.acquire();
  try {
    await charge(id);
  } finally {
    gate.release();
  }
}
export async function pay(id: string): Promise<void> {
  await gate.acquire();
  try {
    await record(id);
  } finally {
    gate.release();
  }
}
`,
  });

  stays('silent when an option says that the lock is held', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
async function record(id: string, isLocked = false): Promise<void> {
  if (isLocked) return charge(id);
  await mutex.runExclusive(() => charge(id));
}
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(() => record(id, true));
}
`,
  });

  stays('silent when the callee lets the lock go meanwhile', {
    code: `
import { Sema } from 'async-sema';
const seat = new Sema(1);
declare function charge(id: string): Promise<void>;
async function pause(): Promise<void> {
  seat.release();
  await new Promise((resolve) => setTimeout(resolve, 10));
  await seat.acquire();
}
export async function pay(ids: string[]): Promise<void> {
  await seat.acquire();
  try {
    for (const id of ids) {
      await charge(id);
      await pause();
    }
  } finally {
    seat.release();
  }
}
`,
  });

  stays('silent when the page asks for the lock only if it is free', {
    code: `
declare function charge(id: string): Promise<void>;
export async function pay(id: string, signal: AbortSignal): Promise<void> {
  await navigator.locks.request('orders', { signal }, async () => {
    await navigator.locks.request('orders', { ifAvailable: true }, async (lock) => {
      if (lock) await charge(id);
    });
  });
}
`,
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'], types: [] },
  });

  stays('silent about sections in a row', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
declare function mail(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(() => charge(id));
  await mutex.runExclusive(() => mail(id));
}
`,
  });

  stays('silent about a lock of its own for each turn', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string, lock: Mutex): Promise<void>;
export async function pay(id: string, depth = 0): Promise<void> {
  const mutex = new Mutex();
  await mutex.runExclusive(async () => {
    await charge(id, mutex);
    if (depth < 2) await pay(id, depth + 1);
  });
}
`,
  });

  reports('a recursion under its own lock', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export async function payAll(ids: string[]): Promise<void> {
  await mutex.runExclusive(async () => {
    const [first, ...rest] = ids;
    if (first === undefined) return;
    await charge(first);
    await payAll(rest);
  });
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'payAll(rest)',
        line: 10,
        message: '`payAll` takes `mutex` on line 6, which this task holds since line 6; it waits for itself for ever.',
      },
    ],
  });

  reports('a limiter of one under a name of its own, made with an option', {
    code: `
import pLimit from 'p-limit';
const till = pLimit({ concurrency: 1 });
declare function charge(id: string): Promise<void>;
export const pay = (id: string) => till(() => till(() => charge(id)));
`,
    errors: [
      {
        messageId: 'held',
        on: 'till(() => charge(id))',
        line: 5,
        message: '`till` waits for `till`, which this task holds since line 5; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import pLimit from 'p-limit';
const till = pLimit({ concurrency: 1 });
declare function charge(id: string): Promise<void>;
export const pay = (id: string) => till(() => charge(id));
`,
          },
        ],
      },
    ],
  });

  reports('an inherited lock, by super', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Book {
  protected readonly mutex = new Mutex();
  async enter(id: string): Promise<void> {
    await this.mutex.runExclusive(() => charge(id));
  }
}
export class DayBook extends Book {
  override async enter(id: string): Promise<void> {
    await this.mutex.runExclusive(async () => {
      await super.enter(id);
    });
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'super.enter(id)',
        line: 13,
        message:
          '`super.enter` takes `this.mutex` on line 7, which this task holds since line 12; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'unlocked',
            data: { name: 'enter' },
            output: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Book {
  protected readonly mutex = new Mutex();
  async enter(id: string): Promise<void> {
    await this.mutex.runExclusive(() => this.enterUnlocked(id));
  }

  async enterUnlocked(id: string): Promise<void> {
    await charge(id);
  }
}
export class DayBook extends Book {
  override async enter(id: string): Promise<void> {
    await this.mutex.runExclusive(async () => {
      await super.enterUnlocked(id);
    });
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a static lock of the class', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Registry {
  static #mutex = new Mutex();
  static async put(id: string): Promise<void> {
    await Registry.#mutex.runExclusive(() => charge(id));
  }
  static async putAll(ids: string[]): Promise<void> {
    await this.#mutex.runExclusive(async () => {
      for (const id of ids) await Registry.put(id);
    });
  }
}
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'Registry.put(id)',
        line: 11,
        message:
          '`Registry.put` takes `this.#mutex` on line 7, which this task holds since line 10; it waits for itself for ever.',
      },
    ],
  });

  reports('a lock that a higher-order function takes around two others', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
const locked =
  <A extends unknown[], R>(work: (...given: A) => Promise<R>) =>
  (...given: A): Promise<R> =>
    mutex.runExclusive(() => work(...given));
export const record = locked(async (id: string) => {
  await charge(id);
});
export const pay = locked(async (id: string) => {
  await record(id);
});
`,
    errors: [
      {
        messageId: 'heldInside',
        on: 'record(id)',
        line: 13,
        message:
          '`record` takes the lock of `locked` on line 8, which this task holds since line 12; it waits for itself for ever.',
      },
    ],
  });

  reports('a queue of one that waits for what it queued itself', {
    code: `
import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 1 });
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  queue.add(async () => {
    await queue.add(() => charge(id));
  });
`,
    errors: [
      {
        messageId: 'held',
        on: 'queue.add(() => charge(id))',
        line: 7,
        message: '`queue.add` waits for `queue`, which this task holds since line 6; it waits for itself for ever.',
        suggestions: [
          {
            messageId: 'direct',
            output: `
import PQueue from 'p-queue';
const queue = new PQueue({ concurrency: 1 });
declare function charge(id: string): Promise<void>;
export const pay = (id: string) =>
  queue.add(async () => {
    await charge(id);
  });
`,
          },
        ],
      },
    ],
  });

  stays('silent when the callee asks first whether the lock is free', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Syncer {
  readonly #mutex = new Mutex();
  async sync(id: string): Promise<void> {
    if (this.#mutex.isLocked()) return;
    await this.#mutex.runExclusive(() => charge(id));
  }
  async syncAll(ids: string[]): Promise<void> {
    await this.#mutex.runExclusive(async () => {
      for (const id of ids) await this.sync(id);
    });
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about listeners that take the lock later', {
    code: `
import { Mutex } from 'async-mutex';
import type { EventEmitter } from 'node:events';
const mutex = new Mutex();
declare function charge(id: string): Promise<void>;
export const watch = (orders: EventEmitter) =>
  mutex.runExclusive(async () => {
    orders.on('paid', (id: string) => {
      mutex.runExclusive(() => charge(id)).catch(console.error);
    });
    await charge('1');
  });
`,
  });

  // ------------------------------------------------------------------ both orders, and waits under a lock

  reports('two locks in both orders, where that is asked for', {
    code: `
import { Mutex } from 'async-mutex';
const stock = new Mutex();
const ledger = new Mutex();
declare function charge(id: string): Promise<void>;
declare function refund(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => charge(id));
  });
}
export async function cancel(id: string): Promise<void> {
  await ledger.runExclusive(async () => {
    await stock.runExclusive(() => refund(id));
  });
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'order',
        on: 'stock.runExclusive(() => refund(id))',
        line: 14,
        message:
          '`stock.runExclusive` takes `stock` under `ledger`, line 9 the other way round; two tasks may wait for each other.',
        suggestions: [
          {
            messageId: 'swapped',
            output: `
import { Mutex } from 'async-mutex';
const stock = new Mutex();
const ledger = new Mutex();
declare function charge(id: string): Promise<void>;
declare function refund(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => charge(id));
  });
}
export async function cancel(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => refund(id));
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('both orders through a method', {
    code: `
import { Mutex } from 'async-mutex';
declare function charge(id: string): Promise<void>;
export class Shop {
  readonly #stock = new Mutex();
  readonly #ledger = new Mutex();
  async book(id: string): Promise<void> {
    await this.#ledger.runExclusive(() => charge(id));
  }
  async pay(id: string): Promise<void> {
    await this.#stock.runExclusive(async () => {
      await this.book(id);
    });
  }
  async cancel(id: string): Promise<void> {
    const release = await this.#ledger.acquire();
    try {
      await this.#stock.runExclusive(() => charge(id));
    } finally {
      release();
    }
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'order',
        on: 'this.#stock.runExclusive(() => charge(id))',
        line: 18,
        message:
          '`this.#stock.runExclusive` takes `this.#stock` under `this.#ledger`, line 12 the other way round; two tasks may wait for each other.',
      },
    ],
  });

  stays('silent about both orders otherwise', {
    code: `
import { Mutex } from 'async-mutex';
const stock = new Mutex();
const ledger = new Mutex();
declare function charge(id: string): Promise<void>;
declare function refund(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => charge(id));
  });
}
export async function cancel(id: string): Promise<void> {
  await ledger.runExclusive(async () => {
    await stock.runExclusive(() => refund(id));
  });
}
`,
  });

  stays('silent about one order', {
    code: `
import { Mutex } from 'async-mutex';
const stock = new Mutex();
const ledger = new Mutex();
declare function charge(id: string): Promise<void>;
declare function refund(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => charge(id));
  });
}
export async function cancel(id: string): Promise<void> {
  await stock.runExclusive(async () => {
    await ledger.runExclusive(() => refund(id));
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about both orders under a third lock', {
    code: `
import { Mutex } from 'async-mutex';
const shop = new Mutex();
const stock = new Mutex();
const ledger = new Mutex();
declare function charge(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  const all = await shop.acquire();
  try {
    const release = await stock.acquire();
    try {
      await ledger.runExclusive(() => charge(id));
    } finally {
      release();
    }
  } finally {
    all();
  }
}
export async function cancel(id: string): Promise<void> {
  const all = await shop.acquire();
  try {
    const release = await ledger.acquire();
    try {
      await stock.runExclusive(() => charge(id));
    } finally {
      release();
    }
  } finally {
    all();
  }
}
`,
    options: { certainty: 'likely' },
  });

  reports('a request without a limit under a lock', {
    code: `
import axios from 'axios';
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    await axios.post('https://bank.example/charges', { id });
  });
}
`,
    files: {
      'node_modules/axios/package.json': `{ "name": "axios", "version": "1.21.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/axios/index.d.ts': `export declare class Axios {
  post<T>(url: string, data?: unknown, config?: { timeout?: number; signal?: AbortSignal }): Promise<{ data: T }>;
}
declare const axios: Axios;
export default axios;
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'across',
        on: "axios.post('https://bank.example/charges', { id })",
        line: 7,
        message:
          '`axios.post` waits without a limit under the lock of line 6; while its peer is silent, nobody else gets in.',
        suggestions: [
          {
            messageId: 'bounded',
            output: `
import axios from 'axios';
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(async () => {
    await axios.post('https://bank.example/charges', { id }, { timeout: 30_000 });
  });
}
`,
          },
        ],
      },
    ],
  });

  stays('silent about a request with a limit under a lock', {
    code: `
import axios from 'axios';
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
export async function pay(id: string): Promise<void> {
  const release = await mutex.acquire();
  try {
    await axios.post('https://bank.example/charges', { id }, { timeout: 5000 });
  } finally {
    release();
  }
}
`,
    files: {
      'node_modules/axios/package.json': `{ "name": "axios", "version": "1.21.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/axios/index.d.ts': `export declare class Axios {
  post<T>(url: string, data?: unknown, config?: { timeout?: number; signal?: AbortSignal }): Promise<{ data: T }>;
}
declare const axios: Axios;
export default axios;
`,
    },
    options: { certainty: 'likely' },
  });

  stays('silent about a request after the lock was given back', {
    code: `
import axios from 'axios';
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function reserve(id: string): Promise<void>;
export async function pay(id: string): Promise<void> {
  await mutex.runExclusive(() => reserve(id));
  await axios.post('https://bank.example/charges', { id });
}
`,
    files: {
      'node_modules/axios/package.json': `{ "name": "axios", "version": "1.21.0", "type": "module", "types": "index.d.ts" }`,
      'node_modules/axios/index.d.ts': `export declare class Axios {
  post<T>(url: string, data?: unknown, config?: { timeout?: number; signal?: AbortSignal }): Promise<{ data: T }>;
}
declare const axios: Axios;
export default axios;
`,
    },
    options: { certainty: 'likely' },
  });

  stays('silent when a closure gives it back at two places', {
    code: `
import { Mutex } from 'async-mutex';
const mutex = new Mutex();
declare function work(): Promise<void>;
export async function run(): Promise<void> {
  const release = await mutex.acquire();
  const done = (): void => release();
  try {
    await work();
  } catch (error) {
    done();
    throw error;
  }
  done();
}`,
  });
});
