import rule from '../../src/rules/require-wait-timeout.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------------------------------------ events

  reports('an event that a handler waits for without a limit', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, id: string): Promise<unknown> {
  const [receipt] = await once(orders, 'paid');
  return { id, receipt };
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`paid`' },
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, id: string): Promise<unknown> {
  const [receipt] = await once(orders, 'paid', { signal: AbortSignal.timeout(30_000) });
  return { id, receipt };
}`,
  });

  reports('the same through the namespace, with options that say nothing of a signal', {
    code: `
import events from 'node:events';
export class Desk {
  readonly #bus = new events.EventEmitter();
  next = async (): Promise<unknown> => {
    const [order] = await events.once(this.#bus, 'order', {});
    return order;
  };
}`,
    errors: [
      {
        messageId: 'event',
        on: "events.once(this.#bus, 'order', {})",
        data: { call: 'events.once', emitter: 'this.#bus', event: '`order`', fn: '`next`' },
      },
    ],
    output: `
import events from 'node:events';
export class Desk {
  readonly #bus = new events.EventEmitter();
  next = async (): Promise<unknown> => {
    const [order] = await events.once(this.#bus, 'order', { signal: AbortSignal.timeout(30_000) });
    return order;
  };
}`,
  });

  reports('an import under another name, a chain in place of await, the limit of the option', {
    code: `
import { once as nextOf, EventEmitter } from 'node:events';
class Orders extends EventEmitter {}
export function invoice(orders: Orders): Promise<string> {
  return nextOf(orders, 'invoice').then(([text]: unknown[]) => String(text));
}`,
    options: { timeout: 1500 },
    errors: [
      {
        messageId: 'event',
        on: "nextOf(orders, 'invoice')",
        data: { call: 'nextOf', emitter: 'orders', event: '`invoice`', fn: '`invoice`' },
      },
    ],
    output: `
import { once as nextOf, EventEmitter } from 'node:events';
class Orders extends EventEmitter {}
export function invoice(orders: Orders): Promise<string> {
  return nextOf(orders, 'invoice', { signal: AbortSignal.timeout(1_500) }).then(([text]: unknown[]) => String(text));
}`,
  });

  reports('a module loaded by require', {
    filename: 'service.cjs',
    compilerOptions: { allowJs: true, checkJs: true, noUnusedLocals: false },
    code: `
const { once } = require('node:events');
/** @param {import('node:events').EventEmitter} orders */
exports.paid = async function paid(orders) {
  await once(orders, 'paid');
};`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`paid`' },
      },
    ],
    output: `
const { once } = require('node:events');
/** @param {import('node:events').EventEmitter} orders */
exports.paid = async function paid(orders) {
  await once(orders, 'paid', { signal: AbortSignal.timeout(30_000) });
};`,
  });

  reports('a signal of the caller that is in scope: it is passed on', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, signal: AbortSignal): Promise<void> {
  await once(orders, 'paid');
  signal.throwIfAborted();
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`paid`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, signal: AbortSignal): Promise<void> {
  await once(orders, 'paid', { signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]) });
  signal.throwIfAborted();
}`,
          },
        ],
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, signal: AbortSignal): Promise<void> {
  await once(orders, 'paid', { signal });
  signal.throwIfAborted();
}`,
  });

  reports('a wait inside a try whose catch looks at the error: the limit is offered', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<boolean> {
  try {
    await once(orders, 'paid');
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`paid`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<boolean> {
  try {
    await once(orders, 'paid', { signal: AbortSignal.timeout(30_000) });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}`,
          },
        ],
      },
    ],
  });

  reports('the answer of a worker, which may exit without one', {
    code: `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
export async function priceOf(order: string): Promise<unknown> {
  const worker = new Worker('./prices.js');
  worker.postMessage(order);
  const [price] = await once(worker, 'message');
  return price;
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(worker, 'message')",
        data: { call: 'once', emitter: 'worker', event: '`message`', fn: '`priceOf`' },
      },
    ],
    output: `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
export async function priceOf(order: string): Promise<unknown> {
  const worker = new Worker('./prices.js');
  worker.postMessage(order);
  const [price] = await once(worker, 'message', { signal: AbortSignal.timeout(30_000) });
  return price;
}`,
  });

  stays('silent on the start of a worker, which comes or fails', {
    code: `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
export async function started(): Promise<Worker> {
  const worker = new Worker('./prices.js');
  await once(worker, 'online');
  return worker;
}`,
  });

  reports('a drain between two writes', {
    code: `
import { once } from 'node:events';
import type { Writable } from 'node:stream';
export async function send(out: Writable, invoices: readonly string[]): Promise<void> {
  for (const invoice of invoices) {
    if (!out.write(invoice)) await once(out, 'drain');
  }
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(out, 'drain')",
        data: { call: 'once', emitter: 'out', event: '`drain`', fn: '`send`' },
      },
    ],
    output: `
import { once } from 'node:events';
import type { Writable } from 'node:stream';
export async function send(out: Writable, invoices: readonly string[]): Promise<void> {
  for (const invoice of invoices) {
    if (!out.write(invoice)) await once(out, 'drain', { signal: AbortSignal.timeout(30_000) });
  }
}`,
  });

  reports('one answer picked from an endless iteration', {
    code: `
import { on, type EventEmitter } from 'node:events';
export async function replyTo(bus: EventEmitter, id: string): Promise<unknown> {
  for await (const [reply] of on(bus, 'reply')) {
    if ((reply as { id: string }).id === id) return reply;
  }
  return undefined;
}`,
    errors: [
      {
        messageId: 'event',
        on: "on(bus, 'reply')",
        data: { call: 'on', emitter: 'bus', event: '`reply`', fn: '`replyTo`' },
      },
    ],
    output: `
import { on, type EventEmitter } from 'node:events';
export async function replyTo(bus: EventEmitter, id: string): Promise<unknown> {
  for await (const [reply] of on(bus, 'reply', { signal: AbortSignal.timeout(30_000) })) {
    if ((reply as { id: string }).id === id) return reply;
  }
  return undefined;
}`,
  });

  reports('several waits that are joined', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function settled(orders: EventEmitter, invoices: EventEmitter): Promise<void> {
  await Promise.all([once(orders, 'paid'), once(invoices, 'sent')]);
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`settled`' },
      },
      {
        messageId: 'event',
        on: "once(invoices, 'sent')",
        data: { call: 'once', emitter: 'invoices', event: '`sent`', fn: '`settled`' },
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
export async function settled(orders: EventEmitter, invoices: EventEmitter): Promise<void> {
  await Promise.all([once(orders, 'paid', { signal: AbortSignal.timeout(30_000) }), once(invoices, 'sent', { signal: AbortSignal.timeout(30_000) })]);
}`,
  });

  // ------------------------------------------------------------------------------------------------ hand-made promises

  reports('a hand-made promise around one event', {
    code: `
import { EventEmitter } from 'node:events';
const sessions = new EventEmitter();
export async function closed(): Promise<void> {
  await new Promise<void>((resolve) => {
    sessions.once('closed', () => {
      resolve();
    });
  });
}`,
    errors: [
      {
        messageId: 'promise',
        on: 'new Promise<void>((resolve) => {…',
        data: { emitter: 'sessions', event: '`closed`', fn: '`closed`' },
        suggestions: [
          {
            messageId: 'helper',
            data: { limit: '30 s' },
            output: `
import { EventEmitter } from 'node:events';
const sessions = new EventEmitter();
export async function closed(): Promise<void> {
  await withDeadline(new Promise<void>((resolve) => {
    sessions.once('closed', () => {
      resolve();
    });
  }), 30_000);
}

async function withDeadline<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
`,
          },
        ],
      },
    ],
    output: `
import { EventEmitter, once } from 'node:events';
const sessions = new EventEmitter();
export async function closed(): Promise<void> {
  await once(sessions, 'closed', { signal: AbortSignal.timeout(30_000) });
}`,
  });

  // ------------------------------------------------------------------------------------------------ shared memory

  reports('a thread that blocks until it is notified', {
    code: `
export function await_(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.wait(cells, 0, 0);
}`,
    errors: [{ messageId: 'blocking', on: 'Atomics.wait(cells, 0, 0)', data: { call: 'Atomics.wait' } }],
    output: `
export function await_(cells: Int32Array<SharedArrayBuffer>): void {
  if (Atomics.wait(cells, 0, 0, 30_000) === 'timed-out') throw new Error('Nobody notified this thread in time.');
}`,
  });

  reports('a thread that looks at what woke it', {
    code: `
export function state(cells: Int32Array<SharedArrayBuffer>): string {
  return Atomics.wait(cells, 0, 0, Infinity);
}`,
    errors: [{ messageId: 'blocking', on: 'Atomics.wait(cells, 0, 0, Infinity)', data: { call: 'Atomics.wait' } }],
    output: `
export function state(cells: Int32Array<SharedArrayBuffer>): string {
  return Atomics.wait(cells, 0, 0, 30_000);
}`,
  });

  reports('a thread that blocks again after every wake-up', {
    code: `
export function drained(cells: Int32Array<SharedArrayBuffer>): void {
  for (let left = Atomics.load(cells, 0); left > 0; left = Atomics.load(cells, 0)) {
    Atomics.wait(cells, 0, left);
  }
}`,
    errors: [{ messageId: 'blocking', on: 'Atomics.wait(cells, 0, left)', data: { call: 'Atomics.wait' } }],
    output: `
export function drained(cells: Int32Array<SharedArrayBuffer>): void {
  const deadline = Date.now() + 30_000;
  for (let left = Atomics.load(cells, 0); left > 0; left = Atomics.load(cells, 0)) {
    if (Date.now() > deadline) throw new Error('Nobody notified this thread in time.');
    Atomics.wait(cells, 0, left, 30_000);
  }
}`,
  });

  // ------------------------------------------------------------------------------------------------ pools, queues, replies

  reports('a pool whose borrowers queue for ever', {
    code: `
import pg from 'pg';
const pool = new pg.Pool({ max: 10 });
export async function orders(): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    return (await client.query('SELECT id FROM orders')).rows;
  } finally {
    client.release();
  }
}`,
    errors: [
      {
        messageId: 'pool',
        on: 'new pg.Pool({ max: 10 })',
        data: { pool: 'pg.Pool', option: 'connectionTimeoutMillis', call: 'pool.connect', line: 'line 5' },
      },
    ],
    output: `
import pg from 'pg';
const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 30_000 });
export async function orders(): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    return (await client.query('SELECT id FROM orders')).rows;
  } finally {
    client.release();
  }
}`,
  });

  reports('a job whose end is awaited without a limit', {
    code: `
import { Queue, QueueEvents } from 'bullmq';
const invoices = new Queue('invoices');
const events = new QueueEvents('invoices');
export async function send(id: string): Promise<unknown> {
  const job = await invoices.add('send', { id });
  return job.waitUntilFinished(events);
}`,
    errors: [
      {
        messageId: 'reply',
        on: 'job.waitUntilFinished(events)',
        data: { call: 'job.waitUntilFinished', fn: '`send`' },
      },
    ],
    output: `
import { Queue, QueueEvents } from 'bullmq';
const invoices = new Queue('invoices');
const events = new QueueEvents('invoices');
export async function send(id: string): Promise<unknown> {
  const job = await invoices.add('send', { id });
  return job.waitUntilFinished(events, 30_000);
}`,
  });

  reports('a read that blocks its connection for ever, outside a consumer', {
    code: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string | undefined> {
  const answer = await redis.blpop(\`answers:\${id}\`, 0);
  return answer?.[1];
}`,
    errors: [
      {
        messageId: 'queue',
        on: 'redis.blpop(`answers:${id}`, 0)',
        data: { call: 'redis.blpop', fn: '`answerOf`' },
      },
    ],
    output: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string | undefined> {
  const answer = await redis.blpop(\`answers:\${id}\`, 30);
  return answer?.[1];
}`,
  });

  reports('a read of whose answer the code is sure: the limit is offered', {
    code: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string> {
  const answer = await redis.blpop(id, 0);
  return answer![1];
}
export async function orderOf(id: string): Promise<string> {
  const [, order] = (await redis.brpop(id, 0)) as [string, string];
  return order;
}
export async function turn(id: string): Promise<void> {
  await redis.blpop(id, 0);
}
export function keyOf(id: string): Promise<string> {
  return redis.blpop(id, 0).then((answer) => answer![0]);
}`,
    errors: [
      {
        messageId: 'queue',
        line: 5,
        column: 24,
        data: { call: 'redis.blpop', fn: '`answerOf`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string> {
  const answer = await redis.blpop(id, 30);
  return answer![1];
}
export async function orderOf(id: string): Promise<string> {
  const [, order] = (await redis.brpop(id, 0)) as [string, string];
  return order;
}
export async function turn(id: string): Promise<void> {
  await redis.blpop(id, 0);
}
export function keyOf(id: string): Promise<string> {
  return redis.blpop(id, 0).then((answer) => answer![0]);
}`,
          },
        ],
      },
      {
        messageId: 'queue',
        line: 9,
        column: 28,
        data: { call: 'redis.brpop', fn: '`orderOf`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string> {
  const answer = await redis.blpop(id, 0);
  return answer![1];
}
export async function orderOf(id: string): Promise<string> {
  const [, order] = (await redis.brpop(id, 30)) as [string, string];
  return order;
}
export async function turn(id: string): Promise<void> {
  await redis.blpop(id, 0);
}
export function keyOf(id: string): Promise<string> {
  return redis.blpop(id, 0).then((answer) => answer![0]);
}`,
          },
        ],
      },
      {
        messageId: 'queue',
        line: 13,
        column: 9,
        data: { call: 'redis.blpop', fn: '`turn`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string> {
  const answer = await redis.blpop(id, 0);
  return answer![1];
}
export async function orderOf(id: string): Promise<string> {
  const [, order] = (await redis.brpop(id, 0)) as [string, string];
  return order;
}
export async function turn(id: string): Promise<void> {
  await redis.blpop(id, 30);
}
export function keyOf(id: string): Promise<string> {
  return redis.blpop(id, 0).then((answer) => answer![0]);
}`,
          },
        ],
      },
      {
        messageId: 'queue',
        line: 16,
        column: 10,
        data: { call: 'redis.blpop', fn: '`keyOf`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string> {
  const answer = await redis.blpop(id, 0);
  return answer![1];
}
export async function orderOf(id: string): Promise<string> {
  const [, order] = (await redis.brpop(id, 0)) as [string, string];
  return order;
}
export async function turn(id: string): Promise<void> {
  await redis.blpop(id, 0);
}
export function keyOf(id: string): Promise<string> {
  return redis.blpop(id, 30).then((answer) => answer![0]);
}`,
          },
        ],
      },
    ],
  });

  reports('an acknowledgement that a client may never send', {
    code: `
import type { Socket } from 'socket.io';
export async function confirm(socket: Socket, order: string): Promise<unknown> {
  return await socket.emitWithAck('confirm', order);
}`,
    errors: [
      {
        messageId: 'reply',
        on: "socket.emitWithAck('confirm', order)",
        data: { call: 'socket.emitWithAck', fn: '`confirm`' },
      },
    ],
    output: `
import type { Socket } from 'socket.io';
export async function confirm(socket: Socket, order: string): Promise<unknown> {
  return await socket.timeout(30_000).emitWithAck('confirm', order);
}`,
  });

  reports('the next value of a subject', {
    code: `
import { filter, firstValueFrom, Subject } from 'rxjs';
const paid = new Subject<string>();
export async function payment(order: string): Promise<string> {
  return firstValueFrom(paid.pipe(filter((id) => id === order)));
}`,
    errors: [
      {
        messageId: 'reply',
        on: 'firstValueFrom(paid.pipe(filter((id) => id === order)))',
        data: { call: 'firstValueFrom', fn: '`payment`' },
      },
    ],
    output: `
import { filter, firstValueFrom, Subject, timeout } from 'rxjs';
const paid = new Subject<string>();
export async function payment(order: string): Promise<string> {
  return firstValueFrom(paid.pipe(filter((id) => id === order)).pipe(timeout({ first: 30_000 })));
}`,
  });

  reports('an event of another package, with options that are merged', {
    code: `
import { pEvent } from 'p-event';
import type { EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<unknown> {
  return pEvent(orders, 'paid', { rejectionEvents: ['error'] });
}`,
    errors: [
      {
        messageId: 'event',
        on: "pEvent(orders, 'paid', { rejectionEvents: ['error'] })",
        data: { call: 'pEvent', emitter: 'orders', event: '`paid`', fn: '`paid`' },
      },
    ],
    output: `
import { pEvent } from 'p-event';
import type { EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<unknown> {
  return pEvent(orders, 'paid', { rejectionEvents: ['error'], timeout: 30_000 });
}`,
  });

  // ------------------------------------------------------------------------------------------------ locks

  reports('a lock that queues for ever, as likely', {
    code: `
import { Mutex } from 'async-mutex';
const lock = new Mutex();
export async function settle(work: () => Promise<void>): Promise<void> {
  const release = await lock.acquire();
  try {
    await work();
  } finally {
    release();
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lock',
        on: 'lock.acquire()',
        data: { call: 'lock.acquire', fn: '`settle`' },
        suggestions: [
          {
            messageId: 'wrap',
            data: { limit: '30 s', wrapper: 'withTimeout' },
            output: `
import { Mutex, withTimeout } from 'async-mutex';
const lock = withTimeout(new Mutex(), 30_000);
export async function settle(work: () => Promise<void>): Promise<void> {
  const release = await lock.acquire();
  try {
    await work();
  } finally {
    release();
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent on a lock inside the process, by default', {
    code: `
import { Semaphore } from 'async-mutex';
const permits = new Semaphore(2);
export async function settle(work: () => Promise<void>): Promise<void> {
  const [, release] = await permits.acquire();
  try {
    await work();
  } finally {
    release();
  }
}`,
  });

  reports('a lock that other threads hold', {
    compilerOptions: { lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'] },
    code: `
export async function settle(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request('orders', async () => {
    await work();
  });
}`,
    errors: [
      {
        messageId: 'lock',
        on: "navigator.locks.request('orders', async () => {…",
        data: { call: 'navigator.locks.request', fn: '`settle`' },
      },
    ],
    output: `
export async function settle(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request('orders', { signal: AbortSignal.timeout(30_000) }, async () => {
    await work();
  });
}`,
  });

  // ------------------------------------------------------------------------------------------------ loops

  reports('a remote job that is asked for its state again and again', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const exports_: { stateOf(id: string): Promise<string> };
export async function exported(id: string): Promise<void> {
  while ((await exports_.stateOf(id)) !== 'done') {
    await sleep(1_000);
  }
}`,
    errors: [
      {
        messageId: 'poll',
        on: "while ((await exports_.stateOf(id)) !== 'done') {…",
        data: { call: 'exports_.stateOf', fn: '`exported`' },
      },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const exports_: { stateOf(id: string): Promise<string> };
export async function exported(id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await exports_.stateOf(id)) !== 'done') {
    if (Date.now() > deadline) throw new Error('Waited too long for exports_.stateOf.');
    await sleep(1_000);
  }
}`,
  });

  reports('a poll in an endless loop that returns the answer', {
    code: `
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export async function report(id: string): Promise<unknown> {
  while (true) {
    const response = await fetch(\`https://reports.internal/\${id}\`);
    const report = (await response.json()) as { status: string };
    if (report.status === 'ready') return report;
    await pause(500);
  }
}`,
    errors: [
      {
        messageId: 'poll',
        on: 'while (true) {…',
        data: { call: 'response.json', fn: '`report`' },
      },
    ],
    output: `
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
export async function report(id: string): Promise<unknown> {
  const deadline = Date.now() + 30_000;
  while (true) {
    if (Date.now() > deadline) throw new Error('Waited too long for response.json.');
    const response = await fetch(\`https://reports.internal/\${id}\`);
    const report = (await response.json()) as { status: string };
    if (report.status === 'ready') return report;
    await pause(500);
  }
}`,
  });

  reports('a poll that sleeps in a function that awaits another one', {
    code: `
import * as timers from 'node:timers/promises';
async function pause(ms: number): Promise<void> {
  return await timers.setTimeout(ms);
}
const step = async (): Promise<void> => await pause(500);
declare const exports_: { stateOf(id: string): Promise<string> };
export async function exported(id: string): Promise<void> {
  while ((await exports_.stateOf(id)) !== 'done') {
    await step();
  }
}`,
    errors: [
      {
        messageId: 'poll',
        on: "while ((await exports_.stateOf(id)) !== 'done') {…",
        data: { call: 'exports_.stateOf', fn: '`exported`' },
      },
    ],
    output: `
import * as timers from 'node:timers/promises';
async function pause(ms: number): Promise<void> {
  return await timers.setTimeout(ms);
}
const step = async (): Promise<void> => await pause(500);
declare const exports_: { stateOf(id: string): Promise<string> };
export async function exported(id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await exports_.stateOf(id)) !== 'done') {
    if (Date.now() > deadline) throw new Error('Waited too long for exports_.stateOf.');
    await step();
  }
}`,
  });

  reports('a drain loop in a stop method, as likely', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export class Jobs {
  active = 0;
  async stop(): Promise<void> {
    while (this.active > 0) await sleep(500);
  }
}`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'state',
        on: 'while (this.active > 0) await sleep(500);',
        data: { condition: 'this.active > 0', fn: '`stop`' },
        suggestions: [
          {
            messageId: 'deadline',
            data: { limit: '30 s' },
            output: `
import { setTimeout as sleep } from 'node:timers/promises';
export class Jobs {
  active = 0;
  async stop(): Promise<void> {
    const deadline = Date.now() + 30_000;
    while (this.active > 0) {
      if (Date.now() > deadline) throw new Error('Waited too long for this.active > 0.');
      await sleep(500);
    }
  }
}`,
          },
        ],
      },
    ],
  });

  stays('silent on a drain loop in a stop method, by default', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export class Sessions {
  open = new Set<string>();
  async close(): Promise<void> {
    while (this.open.size > 0) await sleep(500);
  }
}`,
  });

  // ------------------------------------------------------------------------------------------------ bounded otherwise

  stays('silent when a signal or a timeout is given', {
    code: `
import { once, type EventEmitter } from 'node:events';
import { pEvent } from 'p-event';
export async function paid(orders: EventEmitter, signal: AbortSignal): Promise<void> {
  await once(orders, 'paid', { signal });
  await once(orders, 'sent', { signal: AbortSignal.timeout(500) });
  await pEvent(orders, 'seen', { timeout: 500 });
}`,
  });

  stays('silent when the options may hold a signal', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter, limits: { signal?: AbortSignal }): Promise<void> {
  await once(orders, 'paid', limits);
  await once(orders, 'sent', { ...limits });
}`,
  });

  stays('silent when it is raced here', {
    code: `
import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
export async function paid(orders: EventEmitter): Promise<void> {
  const done = once(orders, 'paid');
  await Promise.race([done, sleep(5_000)]);
}`,
  });

  stays('silent when the wrapper races it', {
    code: `
import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
function atMost<T>(work: Promise<T>, ms: number): Promise<T | void> {
  return Promise.race([work, sleep(ms)]);
}
export async function paid(orders: EventEmitter): Promise<void> {
  await atMost(once(orders, 'paid'), 5_000);
}`,
  });

  stays('silent when the wrapper comes from a package', {
    code: `
import { once, type EventEmitter } from 'node:events';
import pTimeout from 'p-timeout';
export async function paid(orders: EventEmitter): Promise<void> {
  await pTimeout(once(orders, 'paid'), { milliseconds: 5_000 });
}`,
  });

  stays('silent when the only caller races it', {
    code: `
import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
async function paid(orders: EventEmitter): Promise<unknown[]> {
  return once(orders, 'paid');
}
export async function settle(orders: EventEmitter): Promise<void> {
  await Promise.race([paid(orders), sleep(5_000)]);
}`,
  });

  stays('silent inside a callback that a helper bounds', {
    code: `
import { once, type EventEmitter } from 'node:events';
declare function withTimeout<T>(work: () => Promise<T>, ms: number): Promise<T>;
export async function paid(orders: EventEmitter): Promise<void> {
  await withTimeout(async () => {
    await once(orders, 'paid');
  }, 500);
}`,
  });

  stays('silent when a timer of the function ends the emitter', {
    code: `
import { once } from 'node:events';
import type { Socket } from 'node:net';
export async function greeting(socket: Socket): Promise<unknown> {
  const timer = setTimeout(() => socket.destroy(), 5_000);
  try {
    const [text] = await once(socket, 'data');
    return text;
  } finally {
    clearTimeout(timer);
  }
}`,
  });

  stays('silent when a signal of the function ends the emitter', {
    code: `
import { fork } from 'node:child_process';
import { once } from 'node:events';
export async function price(signal: AbortSignal): Promise<unknown> {
  const child = fork('./prices.js');
  signal.addEventListener('abort', () => child.kill());
  const [answer] = await once(child, 'message');
  return answer;
}`,
  });

  stays('silent when the emitter was made with a limit', {
    code: `
import { fork } from 'node:child_process';
import { once } from 'node:events';
export async function price(): Promise<unknown> {
  const child = fork('./prices.js', { timeout: 5_000 });
  const [answer] = await once(child, 'message');
  return answer;
}`,
  });

  stays('silent when the pool has a limit', {
    code: `
import pg from 'pg';
const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 2_000 });
export async function orders(): Promise<unknown[]> {
  return (await pool.query('SELECT id FROM orders')).rows;
}`,
  });

  stays('silent when the options of the pool come from elsewhere', {
    code: `
import pg from 'pg';
declare const config: pg.PoolConfig;
const pool = new pg.Pool(config);
const other = new pg.Pool({ ...config, max: 3 });
export async function orders(): Promise<number> {
  const [left, right] = await Promise.all([pool.query('SELECT 1'), other.query('SELECT 1')]);
  return (left.rowCount ?? 0) + (right.rowCount ?? 0);
}`,
  });

  stays('silent on a pool that nobody in the project borrows from', {
    code: `
import pg from 'pg';
export const pool = new pg.Pool({ max: 10 });`,
  });

  stays('silent on a lock that is wrapped', {
    options: { certainty: 'likely' },
    code: `
import { Mutex, withTimeout } from 'async-mutex';
const lock = withTimeout(new Mutex(), 500);
export async function settle(work: () => Promise<void>): Promise<void> {
  const release = await lock.acquire();
  try {
    await work();
  } finally {
    release();
  }
}`,
  });

  stays('silent on a lock that a task waits for while it holds it: `require-lock-release` has that', {
    compilerOptions: { lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'] },
    code: `
export async function settle(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  await navigator.locks.request('orders', { signal }, async () => {
    await navigator.locks.request('orders', work);
  });
}`,
  });

  stays('silent on a lock that does not queue', {
    compilerOptions: { lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'] },
    code: `
export async function settle(work: () => Promise<void>): Promise<void> {
  await navigator.locks.request('orders', { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
  });
}`,
  });

  stays('silent on an acknowledgement with a limit', {
    code: `
import type { Socket } from 'socket.io';
export async function confirm(socket: Socket, order: string): Promise<unknown> {
  const patient = socket.timeout(500);
  await patient.emitWithAck('seen', order);
  return await socket.timeout(500).emitWithAck('confirm', order);
}`,
  });

  stays('silent on sources with a limit, and on those that send by themselves', {
    code: `
import { BehaviorSubject, firstValueFrom, of, Subject, takeUntil, timeout, type Observable } from 'rxjs';
const paid = new Subject<string>();
const stopped = new Subject<void>();
const open = new BehaviorSubject(true);
export async function payment(loaded: Observable<string>): Promise<unknown> {
  return [
    await firstValueFrom(paid.pipe(timeout({ first: 500 }))),
    await firstValueFrom(paid.pipe(takeUntil(stopped))),
    await firstValueFrom(open),
    await firstValueFrom(of('order')),
    await firstValueFrom(loaded),
  ];
}`,
  });

  stays('silent on a blocking read with a limit', {
    code: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function answerOf(id: string): Promise<string | undefined> {
  const answer = await redis.blpop(\`answers:\${id}\`, 5);
  return answer?.[1];
}`,
  });

  stays('silent on a job with a limit', {
    code: `
import type { Job, QueueEvents } from 'bullmq';
export async function sent(job: Job, events: QueueEvents, ttl: number): Promise<unknown> {
  return [await job.waitUntilFinished(events, 5_000), await job.waitUntilFinished(events, ttl)];
}`,
  });

  // ------------------------------------------------------------------------------------------------ the event comes

  stays('silent when the same function has just caused the event', {
    code: `
import { fork } from 'node:child_process';
import { once, EventEmitter } from 'node:events';
import type { Server } from 'node:net';
import type { Writable } from 'node:stream';
class Scheduler extends EventEmitter {
  stop(): void {
    setImmediate(() => this.emit('stopped'));
  }
}
export async function stop(server: Server, out: Writable, scheduler: Scheduler, bus: EventEmitter): Promise<void> {
  const child = fork('./prices.js');
  server.close();
  await once(server, 'close');
  out.end();
  await once(out, 'finish');
  child.kill();
  await once(child, 'message');
  scheduler.stop();
  await once(scheduler, 'stopped');
  setImmediate(() => bus.emit('flushed'));
  await once(bus, 'flushed');
}`,
  });

  stays('silent when a function that is told to stop it gets it', {
    code: `
import { once, type EventEmitter } from 'node:events';
declare function stopOf(queue: EventEmitter): void;
declare function terminate(queue: EventEmitter): void;
export async function stop(queue: EventEmitter): Promise<void> {
  stopOf(queue);
  terminate(queue);
  await once(queue, 'drained');
}`,
  });

  stays('silent in an executor that causes the event', {
    code: `
import { EventEmitter } from 'node:events';
class Scheduler extends EventEmitter {
  stop(): void {
    this.emit('stopped');
  }
}
export function stop(scheduler: Scheduler): Promise<void> {
  return new Promise<void>((resolve) => {
    scheduler.once('stopped', () => {
      resolve();
    });
    scheduler.stop();
  });
}`,
  });

  stays('silent on events that come, or a failure that rejects', {
    code: `
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { spawn } from 'node:child_process';
export async function serve(socket: Socket, source: Readable): Promise<Server> {
  const server = createServer();
  server.listen(0);
  await once(server, 'listening');
  await once(socket, 'connect');
  await once(source, 'end');
  const file = createWriteStream('orders.csv');
  await once(file, 'open');
  const child = spawn('gzip', ['orders.csv']);
  await once(child, 'spawn');
  return server;
}`,
  });

  stays('silent on being ready at the start, whatever the emitter', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function prepare(client: EventEmitter): Promise<void> {
  await once(client, 'ready');
  await once(client, 'connected');
}`,
  });

  stays('silent on the end of a child, by default', {
    code: `
import { once } from 'node:events';
import { spawn } from 'node:child_process';
export async function pack(file: string): Promise<number> {
  const child = spawn('gzip', [file]);
  const [code] = await once(child, 'exit');
  return Number(code);
}`,
  });

  stays('silent on the bytes of a stream', {
    code: `
import { finished, pipeline } from 'node:stream/promises';
import type { Readable, Writable } from 'node:stream';
export async function copy(from: Readable, to: Writable, body: ReadableStream<Uint8Array>): Promise<void> {
  await pipeline(from, to);
  await finished(from);
  const reader = body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) console.log(part.value.length);
  reader.releaseLock();
}`,
  });

  // ------------------------------------------------------------------------------------------------ the wait is the program

  stays('silent on the main receive loop', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function run(bus: EventEmitter, handle: (order: unknown) => Promise<void>): Promise<void> {
  let isOpen = true;
  bus.on('closed', () => {
    isOpen = false;
  });
  while (isOpen) {
    const [order] = await once(bus, 'order');
    await handle(order);
  }
}`,
  });

  stays('silent on a consumer that iterates over events', {
    code: `
import { on, type EventEmitter } from 'node:events';
export async function consume(bus: EventEmitter, handle: (order: unknown) => Promise<void>): Promise<void> {
  for await (const [order] of on(bus, 'order')) {
    if (order === undefined) break;
    await handle(order);
  }
}`,
  });

  stays('silent on an iteration that the emitter closes', {
    code: `
import { on, type EventEmitter } from 'node:events';
export async function replyTo(bus: EventEmitter, id: string): Promise<unknown> {
  for await (const [reply] of on(bus, 'reply', { close: ['end'] })) {
    if ((reply as { id: string }).id === id) return reply;
  }
  return undefined;
}`,
  });

  stays('silent on a consumer of a list in Redis', {
    code: `
import { Redis } from 'ioredis';
const redis = new Redis();
export async function consume(handle: (order: string) => Promise<void>): Promise<void> {
  for (;;) {
    const [, order] = (await redis.blpop('orders', 0)) ?? [];
    if (order !== undefined) await handle(order);
  }
}`,
  });

  stays('silent on the stop signal and on what a main function waits for', {
    code: `
import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:http';
const bus = new EventEmitter();
async function main(): Promise<void> {
  createServer((_request, response) => response.end()).listen(8080);
  await once(bus, 'configured');
  await once(process, 'SIGTERM');
}
void main();`,
  });

  stays('silent on a stop signal anywhere, and on an abort', {
    code: `
import { once } from 'node:events';
import { aborted } from 'node:util';
export async function stopped(signal: AbortSignal, owner: object): Promise<void> {
  await once(process, 'SIGINT');
  await once(signal, 'abort');
  await aborted(signal, owner);
}`,
  });

  stays('silent on the top level of a module', {
    code: `
import { once, EventEmitter } from 'node:events';
import { createServer } from 'node:http';
const bus = new EventEmitter();
createServer((_request, response) => response.end()).listen(8080);
await once(bus, 'configured');`,
  });

  stays('silent on a retry while something is provisioned', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare function connect(): Promise<{ id: string }>;
export async function connected(): Promise<{ id: string }> {
  for (;;) {
    try {
      return await connect();
    } catch {
      await sleep(1_000);
    }
  }
}`,
  });

  stays('silent on loops that work jobs off', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const jobs: { take(): Promise<{ id: string } | undefined> };
declare function handle(job: { id: string }): Promise<void>;
export async function work(): Promise<void> {
  while (true) {
    const job = await jobs.take();
    if (job === undefined) {
      await sleep(500);
      continue;
    }
    if (job.id === 'stop') return;
    await handle(job);
  }
}`,
  });

  stays('silent on polls with a counter, a clock or a signal', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const reports: { stateOf(id: string): Promise<string> };
export async function reported(id: string, signal: AbortSignal): Promise<void> {
  for (let tries = 0; tries < 10 && (await reports.stateOf(id)) !== 'done'; tries++) await sleep(500);
  const end = Date.now() + 5_000;
  while ((await reports.stateOf(id)) !== 'done' && Date.now() < end) await sleep(500);
  while ((await reports.stateOf(id)) !== 'done') {
    signal.throwIfAborted();
    await sleep(500);
  }
}`,
  });

  stays('silent on a flag of its own that a loop waits for outside of stop code', {
    options: { certainty: 'likely' },
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export class Cache {
  isWarm = false;
  async get(id: string): Promise<string> {
    while (!this.isWarm) await sleep(10);
    return id;
  }
}`,
  });

  stays('silent in a worker that has nothing else to do', {
    files: {
      'main.ts': `
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
createServer((_request, response) => response.end()).listen(8080);
export const worker = new Worker(new URL('./service.ts', import.meta.url));`,
    },
    code: `
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
const cells = workerData as Int32Array<SharedArrayBuffer>;
export async function turn(): Promise<unknown> {
  Atomics.wait(cells, 0, 0);
  const [order] = parentPort === null ? [] : await once(parentPort, 'message');
  return order;
}`,
  });

  stays('silent in a test', {
    filename: 'orders.test.ts',
    code: `
import { once, EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<void> {
  await once(orders, 'paid');
}`,
  });

  stays('silent in a command that asks its user', {
    filename: 'bin/ask.ts',
    code: `#!/usr/bin/env node
import { once, EventEmitter } from 'node:events';
import { createInterface } from 'node:readline/promises';
export async function ask(orders: EventEmitter): Promise<string> {
  await once(orders, 'paid');
  return createInterface({ input: process.stdin }).question('Which order? ');
}`,
  });

  stays('silent on a question, which a person answers', {
    code: `
import { createInterface } from 'node:readline/promises';
export async function which(): Promise<string> {
  return createInterface({ input: process.stdin }).question('Which order? ');
}`,
  });

  // ------------------------------------------------------------------------------------------------ names are not enough

  stays('silent on functions and methods of the project that are called like waits', {
    code: `
declare const store: { once(name: string): Promise<string>; acquire(): Promise<string>; wait(ms: number): Promise<void> };
async function once(name: string): Promise<string> {
  return name;
}
async function fetch(url: string): Promise<string> {
  return url;
}
class Pool {
  async acquire(): Promise<string> {
    return 'order';
  }
  async connect(): Promise<string> {
    return 'order';
  }
  async read(): Promise<string> {
    return 'order';
  }
}
export async function orders(pool: Pool): Promise<readonly unknown[]> {
  return [
    await once('paid'),
    await fetch('https://orders.internal'),
    await pool.acquire(),
    await pool.connect(),
    await pool.read(),
    await store.once('paid'),
    await store.acquire(),
    await store.wait(5),
  ];
}`,
    options: { certainty: 'likely' },
  });

  stays('silent on plain requests, which are asked for by an option', {
    code: `
export async function price(order: string): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`);
  return response.json();
}`,
  });

  stays('silent on listeners that nobody waits for', {
    code: `
import { once, on, EventEmitter } from 'node:events';
export function watch(bus: EventEmitter): { closed: Promise<unknown[]>; orders: AsyncIterable<unknown[]> } {
  bus.once('order', () => console.log('order'));
  void once(bus, 'paid').then(() => console.log('paid'), console.error);
  return { closed: once(bus, 'closed', { signal: AbortSignal.timeout(500) }), orders: on(bus, 'order') };
}`,
  });

  // ------------------------------------------------------------------------------------------------ options

  reports('a function of the project that the options name', {
    options: { waits: ['Inbox.receive', 'nextOrder'] },
    code: `
export class Inbox {
  receive(): Promise<string> {
    return Promise.resolve('order');
  }
}
export class Outbox {
  receive(): Promise<string> {
    return Promise.resolve('order');
  }
}
export async function first(inbox: Inbox, outbox: Outbox): Promise<string> {
  await outbox.receive();
  return await inbox.receive();
}`,
    errors: [
      {
        messageId: 'reply',
        on: 'inbox.receive()',
        data: { call: 'inbox.receive', fn: '`first`' },
        suggestions: [
          {
            messageId: 'helper',
            data: { limit: '30 s' },
            output: `
export class Inbox {
  receive(): Promise<string> {
    return Promise.resolve('order');
  }
}
export class Outbox {
  receive(): Promise<string> {
    return Promise.resolve('order');
  }
}
export async function first(inbox: Inbox, outbox: Outbox): Promise<string> {
  await outbox.receive();
  return await withDeadline(inbox.receive(), 30_000);
}

async function withDeadline<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a wait that the settings name, with its own limit', {
    settings: {
      waits: [{ from: 'file', name: 'receive', bound: { by: 'timeout-option', argument: 0, option: 'timeout' } }],
    },
    code: `
declare function receive(options?: { timeout?: number }): Promise<string>;
export const order = async (): Promise<string> => receive();`,
    errors: [{ messageId: 'reply', on: 'receive()', data: { call: 'receive', fn: '`order`' } }],
    output: `
declare function receive(options?: { timeout?: number }): Promise<string>;
export const order = async (): Promise<string> => receive({ timeout: 30_000 });`,
  });

  reports('a request with Node’s own limits, when it is asked for', {
    options: { io: true },
    code: `
export async function price(order: string): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`, { method: 'POST' });
  return response.json();
}`,
    errors: [
      {
        messageId: 'slow',
        on: "fetch(`https://prices.internal/${order}`, { method: 'POST' })",
        data: {
          call: 'fetch',
          reason: 'undici gives up after 300 s without headers and 300 s without body data',
          fn: '`price`',
        },
      },
    ],
    output: `
export async function price(order: string): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`, { method: 'POST', signal: AbortSignal.timeout(30_000) });
  return response.json();
}`,
  });

  reports('a client without a limit, once', {
    options: { io: true },
    code: `
import { Redis } from 'ioredis';
const redis = new Redis({ host: 'redis.internal' });
export async function session(id: string): Promise<string | null> {
  await redis.expire(id, 60);
  return redis.get(id);
}`,
    errors: [
      {
        messageId: 'io',
        on: 'redis.expire(id, 60)',
        data: { call: 'redis.expire', fn: '`session`' },
        suggestions: [
          {
            messageId: 'client',
            data: { limit: '30 s' },
            output: `
import { Redis } from 'ioredis';
const redis = new Redis({ host: 'redis.internal', commandTimeout: 30_000 });
export async function session(id: string): Promise<string | null> {
  await redis.expire(id, 60);
  return redis.get(id);
}`,
          },
        ],
      },
    ],
  });

  stays('silent on requests with a limit of their own or of their client', {
    options: { io: true },
    code: `
import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
const redis = new Redis({ commandTimeout: 500 });
export async function price(order: string, patient: Redis): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`, { signal: AbortSignal.timeout(500) });
  return [await redis.get(order), await patient.get(order), await readFile(order), await response.json()];
}`,
  });

  // ------------------------------------------------------------------------------------------------ channels of the project

  reports('one receive of a channel of the project', {
    code: `
export class Inbox<Letter> {
  private readonly letters: Letter[] = [];
  private readonly waiting: ((letter: Letter) => void)[] = [];
  send(letter: Letter): void {
    const next = this.waiting.shift();
    if (next === undefined) this.letters.push(letter);
    else next(letter);
  }
  receive(): Promise<Letter> {
    const letter = this.letters.shift();
    if (letter !== undefined) return Promise.resolve(letter);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
}
export async function confirmation(inbox: Inbox<string>): Promise<string> {
  const letter = await inbox.receive();
  return letter.trim();
}`,
    errors: [
      {
        messageId: 'reply',
        on: 'inbox.receive()',
        data: { call: 'inbox.receive', fn: '`confirmation`' },
        suggestions: [
          {
            messageId: 'helper',
            data: { limit: '30 s' },
            output: `
export class Inbox<Letter> {
  private readonly letters: Letter[] = [];
  private readonly waiting: ((letter: Letter) => void)[] = [];
  send(letter: Letter): void {
    const next = this.waiting.shift();
    if (next === undefined) this.letters.push(letter);
    else next(letter);
  }
  receive(): Promise<Letter> {
    const letter = this.letters.shift();
    if (letter !== undefined) return Promise.resolve(letter);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
    });
  }
}
export async function confirmation(inbox: Inbox<string>): Promise<string> {
  const letter = await withDeadline(inbox.receive(), 30_000);
  return letter.trim();
}

async function withDeadline<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('silent in the consumer of a channel, and when a receive is raced', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export class Inbox {
  readonly #waiting: ((letter: string) => void)[] = [];
  send(letter: string): void {
    this.#waiting.shift()?.(letter);
  }
  receive(): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.push(resolve);
    return promise;
  }
}
export async function consume(inbox: Inbox, handle: (letter: string) => Promise<void>): Promise<void> {
  for (;;) await handle(await inbox.receive());
}
export async function confirmation(inbox: Inbox): Promise<string | void> {
  return Promise.race([inbox.receive(), sleep(500)]);
}`,
  });

  stays('silent on a semaphore of the project and on replies that are kept by their id', {
    code: `
export class Permits {
  private free = 2;
  private readonly waiting: (() => void)[] = [];
  async take(): Promise<void> {
    if (this.free > 0) this.free--;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
  give(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free++;
    else next();
  }
}
export class Replies {
  private readonly pending = new Map<string, (reply: string) => void>();
  next(id: string): Promise<string> {
    return new Promise((resolve) => this.pending.set(id, resolve));
  }
  add(id: string, reply: string): void {
    this.pending.get(id)?.(reply);
  }
}
export async function settle(permits: Permits, replies: Replies): Promise<string> {
  await permits.take();
  try {
    return await replies.next('order');
  } finally {
    permits.give();
  }
}`,
  });

  stays('silent on a semaphore that has no limit to give', {
    options: { certainty: 'likely' },
    code: `
import { Sema } from 'async-sema';
const permits = new Sema(2);
export async function settle(work: () => Promise<void>): Promise<void> {
  await permits.acquire();
  try {
    await work();
  } finally {
    permits.release();
  }
}`,
  });

  // ------------------------------------------------------------------------------------------------ spellings

  reports('an event in a file of JavaScript', {
    filename: 'orders.js',
    compilerOptions: { allowJs: true, checkJs: true },
    code: `
import events from 'node:events';
/**
 * @template {import('node:events').EventEmitter} Bus
 * @param {Bus} bus
 */
export const paid = async (bus) => {
  // The receipt comes with the event.
  const [receipt] = await events.once(bus, /* always */ 'paid');
  return receipt;
};`,
    errors: [
      {
        messageId: 'event',
        on: "events.once(bus, /* always */ 'paid')",
        data: { call: 'events.once', emitter: 'bus', event: '`paid`', fn: '`paid`' },
      },
    ],
    output: `
import events from 'node:events';
/**
 * @template {import('node:events').EventEmitter} Bus
 * @param {Bus} bus
 */
export const paid = async (bus) => {
  // The receipt comes with the event.
  const [receipt] = await events.once(bus, /* always */ 'paid', { signal: AbortSignal.timeout(30_000) });
  return receipt;
};`,
  });

  reports('an event through a re-export, of an emitter that may be missing', {
    files: { 'bus.ts': `export { once as nextOf, EventEmitter as Bus } from 'node:events';` },
    code: `
import { nextOf, type Bus } from './bus.ts';
export class Desk {
  constructor(private readonly bus: Bus | undefined) {}
  async paid(id: string): Promise<unknown> {
    if (this.bus === undefined) return undefined;
    return (await nextOf(this.bus, \`paid:\${id}\`))[0] as unknown;
  }
}`,
    errors: [
      {
        messageId: 'event',
        on: 'nextOf(this.bus, `paid:${id}`)',
        data: { call: 'nextOf', emitter: 'this.bus', event: '`paid:${id}`', fn: '`paid`' },
      },
    ],
    output: `
import { nextOf, type Bus } from './bus.ts';
export class Desk {
  constructor(private readonly bus: Bus | undefined) {}
  async paid(id: string): Promise<unknown> {
    if (this.bus === undefined) return undefined;
    return (await nextOf(this.bus, \`paid:\${id}\`, { signal: AbortSignal.timeout(30_000) }))[0] as unknown;
  }
}`,
  });

  stays('silent when the only caller is in another file and races it', {
    files: {
      'settle.ts': `
import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { paid } from './service.ts';
export async function settle(orders: EventEmitter): Promise<unknown> {
  return Promise.race([paid(orders), sleep(5_000)]);
}`,
    },
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<unknown> {
  const [receipt] = await once(orders, 'paid');
  return receipt;
}`,
  });

  stays('silent when the caller of the only caller races it', {
    code: `
import { once, type EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
class Desk {
  constructor(private readonly orders: EventEmitter) {}
  async settle(): Promise<unknown> {
    return await Promise.race([this.#both(), sleep(5_000)]);
  }
  async #both(): Promise<unknown> {
    return [await this.#paid(), 'sent'];
  }
  async #paid(): Promise<unknown> {
    const [receipt] = await once(this.orders, 'paid');
    return receipt;
  }
}
export const settle = (orders: EventEmitter): Promise<unknown> => new Desk(orders).settle();`,
  });

  reports('a value of a promise made by hand, which is used', {
    code: `
import { once, type EventEmitter } from 'node:events';
interface Receipt { readonly id: string }
export async function receipt(orders: EventEmitter): Promise<string> {
  await once(orders, 'open');
  const receipt = await new Promise<Receipt>((resolve) => orders.once('paid', resolve));
  return receipt.id;
}`,
    errors: [
      {
        messageId: 'promise',
        on: "new Promise<Receipt>((resolve) => orders.once('paid', resolve))",
        data: { emitter: 'orders', event: '`paid`', fn: '`receipt`' },
        suggestions: [
          {
            messageId: 'helper',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
interface Receipt { readonly id: string }
export async function receipt(orders: EventEmitter): Promise<string> {
  await once(orders, 'open');
  const receipt = await withDeadline(new Promise<Receipt>((resolve) => orders.once('paid', resolve)), 30_000);
  return receipt.id;
}

async function withDeadline<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
`,
          },
        ],
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
interface Receipt { readonly id: string }
export async function receipt(orders: EventEmitter): Promise<string> {
  await once(orders, 'open');
  const receipt = await once(orders, 'paid', { signal: AbortSignal.timeout(30_000) }).then(([value]) => value as Receipt);
  return receipt.id;
}`,
  });

  reports('options on lines of their own, in a constant, and a pool without any', {
    code: `
import pg from 'pg';
import { pEvent } from 'p-event';
import type { EventEmitter } from 'node:events';
const pool = new pg.Pool();
const limits = { rejectionEvents: ['error'] };
export async function paid(orders: EventEmitter): Promise<unknown> {
  await pool.query('SELECT 1');
  await pEvent(orders, 'seen', limits);
  return pEvent(orders, 'paid', {
    // Failures come as events.
    rejectionEvents: ['failed'],
  });
}`,
    errors: [
      {
        messageId: 'pool',
        on: 'new pg.Pool()',
        data: { pool: 'pg.Pool', option: 'connectionTimeoutMillis', call: 'pool.query', line: 'line 8' },
      },
      {
        messageId: 'event',
        on: "pEvent(orders, 'seen', limits)",
        data: { call: 'pEvent', emitter: 'orders', event: '`seen`', fn: '`paid`' },
      },
      {
        messageId: 'event',
        on: "pEvent(orders, 'paid', {…",
        data: { call: 'pEvent', emitter: 'orders', event: '`paid`', fn: '`paid`' },
      },
    ],
    output: `
import pg from 'pg';
import { pEvent } from 'p-event';
import type { EventEmitter } from 'node:events';
const pool = new pg.Pool({ connectionTimeoutMillis: 30_000 });
const limits = { rejectionEvents: ['error'] };
export async function paid(orders: EventEmitter): Promise<unknown> {
  await pool.query('SELECT 1');
  await pEvent(orders, 'seen', { ...limits, timeout: 30_000 });
  return pEvent(orders, 'paid', {
    // Failures come as events.
    rejectionEvents: ['failed'],
    timeout: 30_000,
  });
}`,
  });

  reports('a pool in a field, made in the constructor', {
    code: `
import { createPool, type Pool } from 'generic-pool';
declare const factory: { create(): Promise<{ id: number }>; destroy(one: { id: number }): Promise<void> };
export class Browsers {
  readonly #pool: Pool<{ id: number }>;
  constructor() {
    this.#pool = createPool(factory, { max: 4 });
  }
  async use(): Promise<void> {
    const browser = await this.#pool.acquire();
    await this.#pool.release(browser);
  }
}`,
    errors: [
      {
        messageId: 'pool',
        on: 'createPool(factory, { max: 4 })',
        data: { pool: 'createPool', option: 'acquireTimeoutMillis', call: 'this.#pool.acquire', line: 'line 10' },
      },
    ],
    output: `
import { createPool, type Pool } from 'generic-pool';
declare const factory: { create(): Promise<{ id: number }>; destroy(one: { id: number }): Promise<void> };
export class Browsers {
  readonly #pool: Pool<{ id: number }>;
  constructor() {
    this.#pool = createPool(factory, { max: 4, acquireTimeoutMillis: 30_000 });
  }
  async use(): Promise<void> {
    const browser = await this.#pool.acquire();
    await this.#pool.release(browser);
  }
}`,
  });

  reports('Atomics by another name, and in an element access', {
    code: `
const { wait: block } = Atomics;
export function turn(cells: BigInt64Array<SharedArrayBuffer>): boolean {
  if (Atomics['wait'](cells, 1, 0n) === 'not-equal') return false;
  return block(cells, 0, 0n, undefined) === 'ok';
}`,
    errors: [
      { messageId: 'blocking', on: "Atomics['wait'](cells, 1, 0n)", data: { call: "Atomics['wait']" } },
      { messageId: 'blocking', on: 'block(cells, 0, 0n, undefined)', data: { call: 'block' } },
    ],
    output: `
const { wait: block } = Atomics;
export function turn(cells: BigInt64Array<SharedArrayBuffer>): boolean {
  if (Atomics['wait'](cells, 1, 0n, 30_000) === 'not-equal') return false;
  return block(cells, 0, 0n, 30_000) === 'ok';
}`,
  });

  reports('a stream of Redis with BLOCK 0, through an optional chain', {
    code: `
import type { Redis } from 'ioredis';
export async function reply(redis: Redis | undefined, id: string): Promise<unknown> {
  return redis?.xread('BLOCK', 0, 'STREAMS', \`replies:\${id}\`, '$');
}`,
    errors: [
      {
        messageId: 'queue',
        on: "redis?.xread('BLOCK', 0, 'STREAMS', `replies:${id}`, '$')",
        data: { call: 'redis?.xread', fn: '`reply`' },
      },
    ],
    output: `
import type { Redis } from 'ioredis';
export async function reply(redis: Redis | undefined, id: string): Promise<unknown> {
  return redis?.xread('BLOCK', 30_000, 'STREAMS', \`replies:\${id}\`, '$');
}`,
  });

  stays('silent on a stream of Redis that is not waited for', {
    code: `
import type { Redis } from 'ioredis';
export async function seen(redis: Redis, id: string): Promise<unknown> {
  return [await redis.xread('STREAMS', id, '0'), await redis.xread('BLOCK', 500, 'STREAMS', id, '$')];
}`,
  });

  // ------------------------------------------------------------------------------------------------ loops that are no polls

  stays('silent on loops that put pages together, do a piece of work at a time, or can be stopped', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
interface Page { readonly items: readonly string[]; readonly next: string | undefined }
declare function pageOf(cursor: string | undefined): Promise<Page>;
declare function processNext(): Promise<boolean>;
declare const reports: { stateOf(id: string): Promise<{ done: boolean }> };
export async function items(): Promise<readonly string[]> {
  let page = await pageOf(undefined);
  let all = page.items;
  while (page.next !== undefined) {
    page = await pageOf(page.next);
    all = all.concat(page.items);
    await sleep(100);
  }
  return all;
}
export async function* batches(): AsyncGenerator<Page> {
  for (;;) {
    const page = await pageOf(undefined);
    yield page;
    if (page.next === undefined) return;
    await sleep(100);
  }
}
export async function catchUp(): Promise<void> {
  while (await processNext()) await sleep(10);
}
export class Watch {
  private isStopped = false;
  stop(): void {
    this.isStopped = true;
  }
  async reported(id: string): Promise<void> {
    while (!this.isStopped) {
      const report = await reports.stateOf(id);
      if (report.done) break;
      await sleep(500);
    }
  }
}`,
  });

  stays('silent on loops that work off one batch at each turn', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
interface Orders {
  deleteExpired(limit: number): Promise<number>;
  next(limit: number): Promise<number>;
  pass(): Promise<{ readonly movedCount: number }>;
  old(): { delete(): { limit(count: number): Promise<{ count: number }> } };
}
const BATCH = 1_000;
export async function purge(orders: Orders): Promise<void> {
  while (true) {
    const gone = await orders.deleteExpired(500);
    if (gone === 0) break;
    await sleep(100);
  }
}
export async function relay(orders: Orders): Promise<void> {
  for (;;) {
    const sent = await orders.next(1_000);
    if (sent < 1000) return;
    await sleep(100);
  }
}
export async function catchUp(orders: Orders): Promise<void> {
  let seen: number;
  do {
    seen = await orders.next(BATCH);
    await sleep(100);
  } while (seen >= BATCH);
}
export class Archive {
  constructor(private readonly orders: Orders) {}
  fill = async (): Promise<void> => {
    for (;;) {
      const { movedCount } = await this.orders.pass();
      if (!movedCount) return;
      await sleep(100);
    }
  };
  async empty(): Promise<void> {
    for (;;) {
      const { count } = await this.orders.old().delete().limit(500);
      if (count === 0) return;
      await sleep(100);
    }
  }
}`,
  });

  stays('silent on a loop around a statement that deletes a batch', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
const pool = new pg.Pool({ connectionTimeoutMillis: 5_000 });
export async function purge(): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query('DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE is_old LIMIT 500)');
    if (rowCount === 0) return;
    await sleep(100);
  }
}`,
  });

  reports('loops that ask whether somebody else is ready, by the words of a change', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
const pool = new pg.Pool({ connectionTimeoutMillis: 5_000 });
interface Api {
  copyReady(id: string): Promise<boolean>;
  deleteFinished(id: string): Promise<boolean>;
  importStatusOf(id: string): Promise<string>;
  progress(id: string): Promise<{ readonly copied: number; readonly total: number }>;
  state(id: string): Promise<{ readonly updatedAt: number }>;
  readyReplicas(name: string, least: number): Promise<number>;
}
export async function copy(api: Api, id: string): Promise<void> {
  while (!(await api.copyReady(id))) await sleep(100);
}
export async function gone(api: Api, id: string): Promise<void> {
  while (!(await api.deleteFinished(id))) await sleep(100);
}
export async function imported(api: Api, id: string): Promise<void> {
  while ((await api.importStatusOf(id)) !== 'done') await sleep(100);
}
export async function copied(api: Api, id: string): Promise<void> {
  let now = await api.progress(id);
  while (now.copied < now.total) {
    await sleep(100);
    now = await api.progress(id);
  }
}
export async function changed(api: Api, id: string, since: number): Promise<void> {
  for (;;) {
    const { updatedAt } = await api.state(id);
    if (updatedAt > since) return;
    await sleep(100);
  }
}
export async function scaled(api: Api, name: string, least: number): Promise<void> {
  while ((await api.readyReplicas(name, least)) < least) await sleep(100);
}
export async function confirmed(api: Api, name: string): Promise<void> {
  for (;;) {
    if ((await api.readyReplicas(name, 6)) >= 6) return;
    await sleep(100);
  }
}
export async function unlocked(): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query('with open as (select id from jobs for update skip locked) select id from open');
    if (rowCount === 0) return;
    await sleep(100);
  }
}`,
    errors: [
      { messageId: 'poll', line: 14, column: 3, data: { call: 'api.copyReady', fn: '`copy`' } },
      { messageId: 'poll', line: 17, column: 3, data: { call: 'api.deleteFinished', fn: '`gone`' } },
      { messageId: 'poll', line: 20, column: 3, data: { call: 'api.importStatusOf', fn: '`imported`' } },
      { messageId: 'poll', line: 24, column: 3, data: { call: 'api.progress', fn: '`copied`' } },
      { messageId: 'poll', line: 30, column: 3, data: { call: 'api.state', fn: '`changed`' } },
      { messageId: 'poll', line: 37, column: 3, data: { call: 'api.readyReplicas', fn: '`scaled`' } },
      { messageId: 'poll', line: 40, column: 3, data: { call: 'api.readyReplicas', fn: '`confirmed`' } },
      { messageId: 'poll', line: 46, column: 3, data: { call: 'pool.query', fn: '`unlocked`' } },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
const pool = new pg.Pool({ connectionTimeoutMillis: 5_000 });
interface Api {
  copyReady(id: string): Promise<boolean>;
  deleteFinished(id: string): Promise<boolean>;
  importStatusOf(id: string): Promise<string>;
  progress(id: string): Promise<{ readonly copied: number; readonly total: number }>;
  state(id: string): Promise<{ readonly updatedAt: number }>;
  readyReplicas(name: string, least: number): Promise<number>;
}
export async function copy(api: Api, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await api.copyReady(id))) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.copyReady.');
    await sleep(100);
  }
}
export async function gone(api: Api, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await api.deleteFinished(id))) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.deleteFinished.');
    await sleep(100);
  }
}
export async function imported(api: Api, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await api.importStatusOf(id)) !== 'done') {
    if (Date.now() > deadline) throw new Error('Waited too long for api.importStatusOf.');
    await sleep(100);
  }
}
export async function copied(api: Api, id: string): Promise<void> {
  let now = await api.progress(id);
  const deadline = Date.now() + 30_000;
  while (now.copied < now.total) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.progress.');
    await sleep(100);
    now = await api.progress(id);
  }
}
export async function changed(api: Api, id: string, since: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.state.');
    const { updatedAt } = await api.state(id);
    if (updatedAt > since) return;
    await sleep(100);
  }
}
export async function scaled(api: Api, name: string, least: number): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await api.readyReplicas(name, least)) < least) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.readyReplicas.');
    await sleep(100);
  }
}
export async function confirmed(api: Api, name: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for api.readyReplicas.');
    if ((await api.readyReplicas(name, 6)) >= 6) return;
    await sleep(100);
  }
}
export async function unlocked(): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for pool.query.');
    const { rowCount } = await pool.query('with open as (select id from jobs for update skip locked) select id from open');
    if (rowCount === 0) return;
    await sleep(100);
  }
}`,
  });

  stays('silent on batches with a name of an end, that go on while they are full', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
interface Orders {
  archiveFinished(limit: number): Promise<number>;
  pass(): Promise<{ readonly copied: number }>;
}
const BATCH = 1_000;
export async function archive(orders: Orders): Promise<void> {
  while ((await orders.archiveFinished(500)) !== 0) await sleep(100);
}
export async function copy(orders: Orders): Promise<void> {
  for (;;) {
    const { copied } = await orders.pass();
    if (!(copied >= BATCH)) return;
    await sleep(100);
  }
}
export async function copyAll(orders: Orders): Promise<void> {
  for (;;) {
    const { copied } = await orders.pass();
    if (copied !== BATCH) return;
    await sleep(100);
  }
}`,
  });

  reports('loops that ask how far somebody else has come', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
interface Orders {
  deleteStatus(id: string): Promise<string>;
  isDeleted(id: string): Promise<boolean>;
  openCount(limit: number): Promise<number>;
}
export async function gone(orders: Orders, id: string): Promise<void> {
  while ((await orders.deleteStatus(id)) !== 'done') await sleep(100);
}
export async function deleted(orders: Orders, id: string): Promise<void> {
  for (;;) {
    const deleted = await orders.isDeleted(id);
    if (deleted) return;
    await sleep(100);
  }
}
export async function idle(orders: Orders): Promise<void> {
  for (;;) {
    if ((await orders.openCount(500)) === 0) return;
    await sleep(100);
  }
}`,
    errors: [
      {
        messageId: 'poll',
        on: "while ((await orders.deleteStatus(id)) !== 'done') await sleep(100);",
        data: { call: 'orders.deleteStatus', fn: '`gone`' },
      },
      { messageId: 'poll', line: 12, column: 3, data: { call: 'orders.isDeleted', fn: '`deleted`' } },
      { messageId: 'poll', line: 19, column: 3, data: { call: 'orders.openCount', fn: '`idle`' } },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
interface Orders {
  deleteStatus(id: string): Promise<string>;
  isDeleted(id: string): Promise<boolean>;
  openCount(limit: number): Promise<number>;
}
export async function gone(orders: Orders, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while ((await orders.deleteStatus(id)) !== 'done') {
    if (Date.now() > deadline) throw new Error('Waited too long for orders.deleteStatus.');
    await sleep(100);
  }
}
export async function deleted(orders: Orders, id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for orders.isDeleted.');
    const deleted = await orders.isDeleted(id);
    if (deleted) return;
    await sleep(100);
  }
}
export async function idle(orders: Orders): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for orders.openCount.');
    if ((await orders.openCount(500)) === 0) return;
    await sleep(100);
  }
}`,
  });

  reports('a loop that also ends on a failure of what it asks', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const reports: { stateOf(id: string): Promise<{ done: boolean; error?: string }> };
export async function reported(id: string): Promise<void> {
  for (;;) {
    const { done, error } = await reports.stateOf(id);
    if (error !== undefined) throw new Error(error);
    if (done) break;
    console.info('not yet', id);
    await sleep(500);
  }
}`,
    errors: [{ messageId: 'poll', on: 'for (;;) {…', data: { call: 'reports.stateOf', fn: '`reported`' } }],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
declare const reports: { stateOf(id: string): Promise<{ done: boolean; error?: string }> };
export async function reported(id: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (Date.now() > deadline) throw new Error('Waited too long for reports.stateOf.');
    const { done, error } = await reports.stateOf(id);
    if (error !== undefined) throw new Error(error);
    if (done) break;
    console.info('not yet', id);
    await sleep(500);
  }
}`,
  });

  stays('silent on an emitter that the function has made, by default', {
    code: `
import { EventEmitter, once } from 'node:events';
class Import extends EventEmitter {
  start(): void {
    setImmediate(() => this.emit('imported'));
  }
}
export async function imported(): Promise<void> {
  const one = new Import();
  one.start();
  await once(one, 'imported');
}`,
  });

  stays('silent on the whole life of a stream that no table knows, by default', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function parse(stream: NodeJS.ReadableStream, take: (bytes: Buffer) => void): Promise<void> {
  stream.on('data', take);
  await new Promise<void>((resolve) => {
    stream.on('end', () => {
      resolve();
    });
  });
}
export async function over(session: EventEmitter): Promise<void> {
  await once(session, 'close');
}`,
  });

  reports('the end of a child and of an emitter that no table knows, as likely', {
    options: { certainty: 'likely' },
    code: `
import { once, type EventEmitter } from 'node:events';
import { spawn } from 'node:child_process';
export async function pack(file: string, session: EventEmitter): Promise<void> {
  await once(session, 'close');
  await once(spawn('gzip', [file]), 'exit');
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(session, 'close')",
        data: { call: 'once', emitter: 'session', event: '`close`', fn: '`pack`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
import { spawn } from 'node:child_process';
export async function pack(file: string, session: EventEmitter): Promise<void> {
  await once(session, 'close', { signal: AbortSignal.timeout(30_000) });
  await once(spawn('gzip', [file]), 'exit');
}`,
          },
        ],
      },
      {
        messageId: 'event',
        on: "once(spawn('gzip', [file]), 'exit')",
        data: { call: 'once', emitter: "spawn('gzip', [file])", event: '`exit`', fn: '`pack`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
import { spawn } from 'node:child_process';
export async function pack(file: string, session: EventEmitter): Promise<void> {
  await once(session, 'close');
  await once(spawn('gzip', [file]), 'exit', { signal: AbortSignal.timeout(30_000) });
}`,
          },
        ],
      },
    ],
  });

  reports('a wait whose rejection is handled, also by what looks at the error', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<void> {
  await once(orders, 'paid').catch(console.error);
  await once(orders, 'sent').catch((error: unknown) => {
    if (error instanceof RangeError) return;
    throw error;
  });
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(orders, 'paid')",
        data: { call: 'once', emitter: 'orders', event: '`paid`', fn: '`paid`' },
      },
      {
        messageId: 'event',
        on: "once(orders, 'sent')",
        data: { call: 'once', emitter: 'orders', event: '`sent`', fn: '`paid`' },
        suggestions: [
          {
            messageId: 'timeout',
            data: { limit: '30 s' },
            output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<void> {
  await once(orders, 'paid').catch(console.error);
  await once(orders, 'sent', { signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
    if (error instanceof RangeError) return;
    throw error;
  });
}`,
          },
        ],
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
export async function paid(orders: EventEmitter): Promise<void> {
  await once(orders, 'paid', { signal: AbortSignal.timeout(30_000) }).catch(console.error);
  await once(orders, 'sent').catch((error: unknown) => {
    if (error instanceof RangeError) return;
    throw error;
  });
}`,
  });

  reports('a target of the platform, and a promise that is returned', {
    compilerOptions: { lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'] },
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export function opened(door: EventTarget): Promise<void> {
  return new Promise<void>((resolve) => {
    door.addEventListener('unlocked', () => resolve());
  });
}
export const pause = (): Promise<void> => sleep(500);`,
    errors: [
      {
        messageId: 'promise',
        on: 'new Promise<void>((resolve) => {…',
        data: { emitter: 'door', event: '`unlocked`', fn: '`opened`' },
        suggestions: [
          {
            messageId: 'helper',
            data: { limit: '30 s' },
            output: `
import { setTimeout as sleep } from 'node:timers/promises';
export function opened(door: EventTarget): Promise<void> {
  return withDeadline(new Promise<void>((resolve) => {
    door.addEventListener('unlocked', () => resolve());
  }), 30_000);
}
export const pause = (): Promise<void> => sleep(500);

async function withDeadline<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
`,
          },
        ],
      },
    ],
    output: `
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
export function opened(door: EventTarget): Promise<void> {
  return once(door, 'unlocked', { signal: AbortSignal.timeout(30_000) }).then(() => undefined);
}
export const pause = (): Promise<void> => sleep(500);`,
  });

  reports('an emitter that is closed only when the answer is there', {
    code: `
import { fork } from 'node:child_process';
import { once } from 'node:events';
export async function price(order: string): Promise<unknown> {
  const child = fork('./prices.js');
  try {
    child.send(order);
    const [answer] = await once(child, 'message');
    return answer;
  } finally {
    child.kill();
  }
}
export function stock(order: string): Promise<unknown> {
  const child = fork('./stock.js', [order]);
  return once(child, 'message').finally(() => child.kill());
}`,
    errors: [
      {
        messageId: 'event',
        on: "once(child, 'message')",
        line: 8,
        data: { call: 'once', emitter: 'child', event: '`message`', fn: '`price`' },
      },
      {
        messageId: 'event',
        on: "once(child, 'message')",
        line: 16,
        data: { call: 'once', emitter: 'child', event: '`message`', fn: '`stock`' },
      },
    ],
    output: `
import { fork } from 'node:child_process';
import { once } from 'node:events';
export async function price(order: string): Promise<unknown> {
  const child = fork('./prices.js');
  try {
    child.send(order);
    const [answer] = await once(child, 'message', { signal: AbortSignal.timeout(30_000) });
    return answer;
  } finally {
    child.kill();
  }
}
export function stock(order: string): Promise<unknown> {
  const child = fork('./stock.js', [order]);
  return once(child, 'message', { signal: AbortSignal.timeout(30_000) }).finally(() => child.kill());
}`,
  });

  stays('silent when the end is asked for while the promise is kept, and on what a person types', {
    code: `
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
export async function stop(): Promise<void> {
  const child = fork('./prices.js');
  const last = once(child, 'message');
  child.disconnect();
  await last;
}
export async function typed(): Promise<unknown> {
  const lines = createInterface({ input: process.stdin });
  const [line] = await once(lines, 'line');
  await once(process.stdin, 'data');
  return line;
}`,
  });
});
