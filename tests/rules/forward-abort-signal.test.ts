import rule from '../../src/rules/forward-abort-signal.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ---------------------------------------------------------------------------------------------- where the signal comes from

  reports('a request that is sent without the signal of the parameter', {
    code: `
export async function priceOf(order: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`);
  return response.json();
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://prices.internal/${order}`)',
        data: { call: 'fetch', signal: 'signal', line: 'line 2' },
      },
    ],
    output: `
export async function priceOf(order: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`, { signal });
  return response.json();
}`,
  });

  stays('silent when the signal is passed on', {
    code: `
export async function priceOf(order: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}\`, { signal });
  return response.json();
}`,
  });

  stays('silent when the function has no signal', {
    code: `
export async function priceOf(order: string, timeout: number): Promise<unknown> {
  const response = await fetch(\`https://prices.internal/\${order}?signal=\${timeout}\`);
  return response.json();
}`,
  });

  reports('a signal among the options of the function', {
    code: `
import { once, type EventEmitter } from 'node:events';
interface WaitOptions { readonly signal?: AbortSignal; readonly limit?: number }
export async function nextInvoice(invoices: EventEmitter, options: WaitOptions): Promise<unknown> {
  const [invoice] = await once(invoices, 'ready');
  return { invoice, limit: options.limit };
}`,
    errors: [
      {
        messageId: 'missing',
        on: "once(invoices, 'ready')",
        data: { call: 'once', signal: 'options.signal', line: 'line 4' },
      },
    ],
    output: `
import { once, type EventEmitter } from 'node:events';
interface WaitOptions { readonly signal?: AbortSignal; readonly limit?: number }
export async function nextInvoice(invoices: EventEmitter, options: WaitOptions): Promise<unknown> {
  const [invoice] = await once(invoices, 'ready', { signal: options.signal });
  return { invoice, limit: options.limit };
}`,
  });

  reports('options that may be left out', {
    code: `
export async function load(invoice: string, options?: { signal?: AbortSignal }): Promise<string> {
  const response = await fetch(invoice, { method: 'POST' });
  return options === undefined ? '' : response.text();
}`,
    errors: [
      {
        messageId: 'missing',
        on: "fetch(invoice, { method: 'POST' })",
        data: { call: 'fetch', signal: 'options?.signal', line: 'line 2' },
      },
    ],
    output: `
export async function load(invoice: string, options?: { signal?: AbortSignal }): Promise<string> {
  const response = await fetch(invoice, { method: 'POST', signal: options?.signal });
  return options === undefined ? '' : response.text();
}`,
  });

  reports('a signal that the parameter is taken apart to, under another name', {
    code: `
export async function load(invoice: string, { signal: stop }: { signal: AbortSignal }): Promise<string> {
  if (stop.aborted) return '';
  const response = await fetch(invoice);
  return response.text();
}`,
    errors: [{ messageId: 'missing', on: 'fetch(invoice)', data: { call: 'fetch', signal: 'stop', line: 'line 2' } }],
    output: `
export async function load(invoice: string, { signal: stop }: { signal: AbortSignal }): Promise<string> {
  if (stop.aborted) return '';
  const response = await fetch(invoice, { signal: stop });
  return response.text();
}`,
  });

  reports('a variable that renames the signal of the options', {
    code: `
export async function load(invoice: string, options: { signal?: AbortSignal }): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  const response = await fetch(invoice);
  return response.text();
}`,
    errors: [{ messageId: 'missing', on: 'fetch(invoice)', data: { call: 'fetch', signal: 'signal', line: 'line 3' } }],
    output: `
export async function load(invoice: string, options: { signal?: AbortSignal }): Promise<string> {
  const { signal } = options;
  signal?.throwIfAborted();
  const response = await fetch(invoice, { signal });
  return response.text();
}`,
  });

  reports('a signal deep in the request of the project', {
    code: `
interface StorageRequest { readonly id: string; readonly signals: { readonly disconnect: AbortController } }
export async function readObject(request: StorageRequest): Promise<string> {
  const signal = request.signals.disconnect.signal;
  const response = await fetch(request.id);
  return signal.aborted ? '' : response.text();
}`,
    errors: [
      { messageId: 'missing', on: 'fetch(request.id)', data: { call: 'fetch', signal: 'signal', line: 'line 4' } },
    ],
    output: `
interface StorageRequest { readonly id: string; readonly signals: { readonly disconnect: AbortController } }
export async function readObject(request: StorageRequest): Promise<string> {
  const signal = request.signals.disconnect.signal;
  const response = await fetch(request.id, { signal });
  return signal.aborted ? '' : response.text();
}`,
  });

  reports('a controller that an event of the client aborts', {
    code: `
import { createServer } from 'node:http';
export const server = createServer(async (request, response) => {
  const left = new AbortController();
  response.on('close', () => left.abort());
  const upstream = await fetch(\`https://prices.internal\${String(request.url)}\`);
  response.end(await upstream.text());
});`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://prices.internal${String(request.url)}`)',
        data: { call: 'fetch', signal: 'left.signal', line: 'line 4' },
      },
    ],
    output: `
import { createServer } from 'node:http';
export const server = createServer(async (request, response) => {
  const left = new AbortController();
  response.on('close', () => left.abort());
  const upstream = await fetch(\`https://prices.internal\${String(request.url)}\`, { signal: left.signal });
  response.end(await upstream.text());
});`,
  });

  reports('a controller that is kept where others can abort it', {
    code: `
const running = new Map<string, AbortController>();
export async function exportInvoices(job: string): Promise<string> {
  const controller = new AbortController();
  running.set(job, controller);
  try {
    const response = await fetch(job);
    return await response.text();
  } finally {
    running.delete(job);
  }
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(job)',
        data: { call: 'fetch', signal: 'controller.signal', line: 'line 4' },
      },
    ],
    output: `
const running = new Map<string, AbortController>();
export async function exportInvoices(job: string): Promise<string> {
  const controller = new AbortController();
  running.set(job, controller);
  try {
    const response = await fetch(job, { signal: controller.signal });
    return await response.text();
  } finally {
    running.delete(job);
  }
}`,
  });

  reports('one call of three without the deadline that the others share', {
    code: `
export async function checkout(order: string): Promise<void> {
  const deadline = AbortSignal.timeout(5_000);
  await fetch(\`https://stock.internal/\${order}\`, { signal: deadline });
  await fetch(\`https://prices.internal/\${order}\`);
  await fetch(\`https://payments.internal/\${order}\`, { signal: deadline });
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://prices.internal/${order}`)',
        data: { call: 'fetch', signal: 'deadline', line: 'line 3' },
      },
    ],
    output: `
export async function checkout(order: string): Promise<void> {
  const deadline = AbortSignal.timeout(5_000);
  await fetch(\`https://stock.internal/\${order}\`, { signal: deadline });
  await fetch(\`https://prices.internal/\${order}\`, { signal: deadline });
  await fetch(\`https://payments.internal/\${order}\`, { signal: deadline });
}`,
  });

  stays('silent when a deadline belongs to one call alone', {
    code: `
export async function checkout(order: string): Promise<void> {
  const deadline = AbortSignal.timeout(5_000);
  await fetch(\`https://stock.internal/\${order}\`, { signal: deadline });
  await fetch(\`https://payments.internal/\${order}\`);
}`,
  });

  stays('silent when a timer aborts the controller of one call', {
    code: `
export async function checkout(order: string): Promise<void> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5_000);
  await fetch(\`https://stock.internal/\${order}\`, { signal: controller.signal });
  clearTimeout(timer);
  await fetch(\`https://payments.internal/\${order}\`);
}`,
  });

  stays('silent when the function itself aborts its controller at its end', {
    code: `
import { once, type EventEmitter } from 'node:events';
export async function firstOf(bus: EventEmitter, order: string): Promise<void> {
  const listeners = new AbortController();
  try {
    await Promise.race([
      once(bus, 'paid', { signal: listeners.signal }),
      once(bus, 'failed', { signal: listeners.signal }),
    ]);
    await fetch(order);
  } finally {
    listeners.abort();
  }
}`,
  });

  stays('silent when the controller stops the process', {
    code: `
export async function start(config: string): Promise<string> {
  const shutdown = new AbortController();
  process.once('SIGTERM', () => shutdown.abort());
  const response = await fetch(config);
  return shutdown.signal.aborted ? '' : response.text();
}`,
  });

  // ---------------------------------------------------------------------------------------------- handlers

  reports('the third parameter of a BullMQ processor', {
    code: `
import { Worker } from 'bullmq';
export const worker = new Worker('invoices', async (job, _token, signal) => {
  const response = await fetch(\`https://billing.internal/\${job.name}\`);
  signal?.throwIfAborted();
  return response.status;
});`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://billing.internal/${job.name}`)',
        data: { call: 'fetch', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
import { Worker } from 'bullmq';
export const worker = new Worker('invoices', async (job, _token, signal) => {
  const response = await fetch(\`https://billing.internal/\${job.name}\`, { signal });
  signal?.throwIfAborted();
  return response.status;
});`,
  });

  reports('the signal of a tRPC resolver', {
    code: `
import { initTRPC } from '@trpc/server';
const trpc = initTRPC.create();
export const router = trpc.router({
  price: trpc.procedure.query(async ({ path, signal }) => {
    const response = await fetch(path);
    return signal?.aborted === true ? 0 : response.status;
  }),
});`,
    errors: [{ messageId: 'missing', on: 'fetch(path)', data: { call: 'fetch', signal: 'signal', line: 'line 5' } }],
    output: `
import { initTRPC } from '@trpc/server';
const trpc = initTRPC.create();
export const router = trpc.router({
  price: trpc.procedure.query(async ({ path, signal }) => {
    const response = await fetch(path, { signal });
    return signal?.aborted === true ? 0 : response.status;
  }),
});`,
  });

  reports('the request of a handler in the style of the fetch API, in a file that never names a signal', {
    code: `
export async function GET(request: Request): Promise<Response> {
  const upstream = await fetch(\`https://prices.internal/\${request.url}\`);
  return new Response(upstream.body);
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://prices.internal/${request.url}`)',
        data: { call: 'fetch', signal: 'request.signal', line: 'line 2' },
      },
    ],
    output: `
export async function GET(request: Request): Promise<Response> {
  const upstream = await fetch(\`https://prices.internal/\${request.url}\`, { signal: request.signal });
  return new Response(upstream.body);
}`,
  });

  stays('silent when the request of the fetch API is one to be sent', {
    code: `
export async function send(request: Request): Promise<string> {
  const token = await fetch('https://auth.internal/token');
  request.headers.set('authorization', await token.text());
  return (await fetch(request)).text();
}`,
  });

  reports('the request of a Fastify handler', {
    code: `
import Fastify from 'fastify';
const app = Fastify();
app.get('/prices', async (request) => {
  const upstream = await fetch(\`https://prices.internal\${request.url}\`);
  return upstream.json();
});`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://prices.internal${request.url}`)',
        data: { call: 'fetch', signal: 'request.signal', line: 'line 4' },
      },
    ],
    output: `
import Fastify from 'fastify';
const app = Fastify();
app.get('/prices', async (request) => {
  const upstream = await fetch(\`https://prices.internal\${request.url}\`, { signal: request.signal });
  return upstream.json();
});`,
  });

  stays('silent after the reply of a Fastify handler, which aborts its signal', {
    code: `
import Fastify from 'fastify';
const app = Fastify();
app.get('/prices', async (request, reply) => {
  reply.send('accepted');
  await fetch(\`https://audit.internal\${request.url}\`);
  return reply;
});`,
  });

  stays('silent in a helper that gets the Fastify request: who waits for it is not known', {
    code: `
import type { FastifyRequest } from 'fastify';
export async function audit(request: FastifyRequest): Promise<void> {
  await fetch(\`https://audit.internal\${request.url}\`);
}`,
  });

  stays('silent about the signal of a request of Node, which some versions abort once the body is read', {
    code: `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
declare module 'node:http' {
  interface IncomingMessage { readonly signal: AbortSignal }
}
export const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
  const upstream = await fetch(\`https://prices.internal\${String(request.url)}\`);
  response.end(await upstream.text());
});`,
  });

  stays('silent about the signal of an object that lives on its own', {
    code: `
class Session {
  readonly signal = new AbortController().signal;
  constructor(readonly user: string) {}
}
export async function profileOf(session: Session): Promise<string> {
  const response = await fetch(session.user);
  return response.text();
}`,
  });

  // ---------------------------------------------------------------------------------------------- forms of calls

  reports('a positional signal that comes next', {
    code: `
declare function lock(id: string, signal?: AbortSignal): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  await lock(order);
  await fetch(order, { signal });
}`,
    errors: [{ messageId: 'missing', on: 'lock(order)', data: { call: 'lock', signal: 'signal', line: 'line 3' } }],
    output: `
declare function lock(id: string, signal?: AbortSignal): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  await lock(order, signal);
  await fetch(order, { signal });
}`,
  });

  reports('a place further on, where the author agrees to what stands before it', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(2 ** attempt);
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'sleep(2 ** attempt)',
        data: { call: 'sleep', signal: 'signal', line: 'line 3' },
        suggestions: [
          {
            messageId: 'pass',
            data: { signal: 'signal' },
            output: `
import { setTimeout as sleep } from 'node:timers/promises';
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await sleep(2 ** attempt, undefined, { signal });
}`,
          },
        ],
      },
    ],
  });

  reports('options where `undefined` is written out', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(2 ** attempt, signal.reason, undefined);
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'sleep(2 ** attempt, signal.reason, undefined)',
        data: { call: 'sleep', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
import { setTimeout as sleep } from 'node:timers/promises';
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  await sleep(2 ** attempt, signal.reason, { signal });
}`,
  });

  reports('options on lines of their own, with a comment and a trailing comma', {
    code: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(invoice, {
    method: 'POST', // the gateway wants it
    headers: { accept: 'text/plain' },
  });
  return signal.aborted ? '' : response.text();
}`,
    errors: [
      { messageId: 'missing', on: 'fetch(invoice, {…', data: { call: 'fetch', signal: 'signal', line: 'line 2' } },
    ],
    output: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(invoice, {
    method: 'POST', // the gateway wants it
    headers: { accept: 'text/plain' },
    signal,
  });
  return signal.aborted ? '' : response.text();
}`,
  });

  reports('empty options', {
    code: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(invoice, {});
  return signal.aborted ? '' : response.text();
}`,
    errors: [
      { messageId: 'missing', on: 'fetch(invoice, {})', data: { call: 'fetch', signal: 'signal', line: 'line 2' } },
    ],
    output: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(invoice, { signal });
  return signal.aborted ? '' : response.text();
}`,
  });

  reports('options prepared in a constant that shows all it holds', {
    code: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const options = { method: 'POST' };
  const response = await fetch(invoice, options);
  return signal.aborted ? '' : response.text();
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(invoice, options)',
        data: { call: 'fetch', signal: 'signal', line: 'line 2' },
      },
    ],
    output: `
export async function load(invoice: string, signal: AbortSignal): Promise<string> {
  const options = { method: 'POST' };
  const response = await fetch(invoice, { ...options, signal });
  return signal.aborted ? '' : response.text();
}`,
  });

  reports('a chain that is returned', {
    code: `
export function load(invoice: string, signal: AbortSignal): Promise<string> {
  return fetch(invoice).then((response) => (signal.aborted ? '' : response.text()));
}`,
    errors: [{ messageId: 'missing', on: 'fetch(invoice)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export function load(invoice: string, signal: AbortSignal): Promise<string> {
  return fetch(invoice, { signal }).then((response) => (signal.aborted ? '' : response.text()));
}`,
  });

  reports('the next step of a chain that is returned', {
    code: `
export function load(invoice: string, signal: AbortSignal): Promise<Response> {
  return fetch(invoice, { signal }).then(({ url }) => fetch(url));
}`,
    errors: [{ messageId: 'missing', on: 'fetch(url)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export function load(invoice: string, signal: AbortSignal): Promise<Response> {
  return fetch(invoice, { signal }).then(({ url }) => fetch(url, { signal }));
}`,
  });

  stays('silent about the next step of a chain that nobody waits for', {
    code: `
export async function load(invoice: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(invoice, { signal });
  void fetch(\`https://audit.internal/\${invoice}\`, { signal })
    .then(({ url }) => fetch(url))
    .catch(console.error);
  return response;
}`,
  });

  reports('a builder whose end is awaited', {
    code: `
import type { Collection } from 'mongodb';
export async function openOrders(orders: Collection, signal: AbortSignal): Promise<unknown> {
  const open = await orders.find({ open: true }).toArray();
  const last = await orders.findOne({ last: true });
  return signal.aborted ? [] : [...open, last];
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'orders.find({ open: true })',
        data: { call: 'orders.find', signal: 'signal', line: 'line 3' },
      },
      {
        messageId: 'missing',
        on: 'orders.findOne({ last: true })',
        data: { call: 'orders.findOne', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
import type { Collection } from 'mongodb';
export async function openOrders(orders: Collection, signal: AbortSignal): Promise<unknown> {
  const open = await orders.find({ open: true }, { signal }).toArray();
  const last = await orders.findOne({ last: true }, { signal });
  return signal.aborted ? [] : [...open, last];
}`,
  });

  reports('an overload with options beside the one that is called', {
    code: `
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const run = promisify(execFile);
export async function thumbnail(image: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await run('convert', [image, 'png:-']);
  return signal.aborted ? '' : stdout;
}`,
    errors: [
      {
        messageId: 'missing',
        on: "run('convert', [image, 'png:-'])",
        data: { call: 'run', signal: 'signal', line: 'line 5' },
      },
    ],
    output: `
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
const run = promisify(execFile);
export async function thumbnail(image: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await run('convert', [image, 'png:-'], { signal });
  return signal.aborted ? '' : stdout;
}`,
  });

  reports('a stream of events that is iterated', {
    code: `
import { on, type EventEmitter } from 'node:events';
export async function relay(bus: EventEmitter, send: (order: unknown) => void, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for await (const [order] of on(bus, 'order')) send(order);
}`,
    errors: [{ messageId: 'missing', on: "on(bus, 'order')", data: { call: 'on', signal: 'signal', line: 'line 3' } }],
    output: `
import { on, type EventEmitter } from 'node:events';
export async function relay(bus: EventEmitter, send: (order: unknown) => void, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for await (const [order] of on(bus, 'order', { signal })) send(order);
}`,
  });

  reports('pipelines of streams', {
    code: `
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
export async function upload(body: Readable, file: Writable, signal?: AbortSignal): Promise<void> {
  await pipeline(body, file);
  signal?.throwIfAborted();
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'pipeline(body, file)',
        data: { call: 'pipeline', signal: 'signal', line: 'line 4' },
      },
    ],
    output: `
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
export async function upload(body: Readable, file: Writable, signal?: AbortSignal): Promise<void> {
  await pipeline(body, file, { signal });
  signal?.throwIfAborted();
}`,
  });

  reports('calls that are collected and awaited together', {
    code: `
export async function pricesOf(orders: string[], signal: AbortSignal): Promise<unknown[]> {
  signal.throwIfAborted();
  return Promise.all(
    orders.map(async (order) => {
      const response = await fetch(order);
      return response.json();
    }),
  );
}`,
    errors: [{ messageId: 'missing', on: 'fetch(order)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export async function pricesOf(orders: string[], signal: AbortSignal): Promise<unknown[]> {
  signal.throwIfAborted();
  return Promise.all(
    orders.map(async (order) => {
      const response = await fetch(order, { signal });
      return response.json();
    }),
  );
}`,
  });

  reports('one of two calls in a join', {
    code: `
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  const [price, tax] = await Promise.all([
    fetch(\`https://prices.internal/\${order}\`, { signal }),
    fetch(\`https://tax.internal/\${order}\`),
  ]);
  return price.status + tax.status;
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(`https://tax.internal/${order}`)',
        data: { call: 'fetch', signal: 'signal', line: 'line 2' },
      },
    ],
    output: `
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  const [price, tax] = await Promise.all([
    fetch(\`https://prices.internal/\${order}\`, { signal }),
    fetch(\`https://tax.internal/\${order}\`, { signal }),
  ]);
  return price.status + tax.status;
}`,
  });

  reports('a promise that is kept in a variable and awaited later', {
    code: `
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  const started = fetch(order);
  signal.throwIfAborted();
  const response = await started;
  return response.status;
}`,
    errors: [{ messageId: 'missing', on: 'fetch(order)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  const started = fetch(order, { signal });
  signal.throwIfAborted();
  const response = await started;
  return response.status;
}`,
  });

  reports('a limiter, a generic function, an alias of the function', {
    code: `
import pLimit from 'p-limit';
const limit = pLimit(4);
const send = fetch;
export async function pricesOf<Options extends { signal: AbortSignal }>(orders: string[], options: Options): Promise<number> {
  const found = await Promise.all(orders.map((order) => limit(() => send(order))));
  return options.signal.aborted ? 0 : found.length;
}`,
    errors: [
      { messageId: 'missing', on: 'send(order)', data: { call: 'send', signal: 'options.signal', line: 'line 5' } },
    ],
    output: `
import pLimit from 'p-limit';
const limit = pLimit(4);
const send = fetch;
export async function pricesOf<Options extends { signal: AbortSignal }>(orders: string[], options: Options): Promise<number> {
  const found = await Promise.all(orders.map((order) => limit(() => send(order, { signal: options.signal }))));
  return options.signal.aborted ? 0 : found.length;
}`,
  });

  reports('a method of a class and an arrow in a field', {
    code: `
class Billing {
  async charge(order: string, signal: AbortSignal): Promise<void> {
    await this.send(order);
    signal.throwIfAborted();
  }
  readonly refund = async (order: string, { signal }: { signal: AbortSignal }): Promise<void> => {
    signal.throwIfAborted();
    await this.send?.(order, {});
  };
  async send(order: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    await fetch(order, options);
  }
}
export const billing = new Billing();`,
    errors: [
      { messageId: 'missing', on: 'this.send(order)', data: { call: 'this.send', signal: 'signal', line: 'line 3' } },
      {
        messageId: 'missing',
        on: 'this.send?.(order, {})',
        data: { call: 'this.send', signal: 'signal', line: 'line 7' },
      },
    ],
    output: `
class Billing {
  async charge(order: string, signal: AbortSignal): Promise<void> {
    await this.send(order, { signal });
    signal.throwIfAborted();
  }
  readonly refund = async (order: string, { signal }: { signal: AbortSignal }): Promise<void> => {
    signal.throwIfAborted();
    await this.send?.(order, { signal });
  };
  async send(order: string, options: { signal?: AbortSignal } = {}): Promise<void> {
    await fetch(order, options);
  }
}
export const billing = new Billing();`,
  });

  reports('a function of another file that listens to its signal', {
    files: {
      'prices.ts': `
export async function priceOf(order: string, options?: { readonly signal?: AbortSignal }): Promise<number> {
  const response = await fetch(order, { signal: options?.signal });
  return response.status;
}`,
      'index.ts': `export { priceOf as quote } from './prices.ts';`,
    },
    code: `
import { quote } from './index.ts';
export async function checkout(order: string, signal: AbortSignal): Promise<number> {
  const price = await quote(order);
  return signal.aborted ? 0 : price;
}`,
    errors: [{ messageId: 'missing', on: 'quote(order)', data: { call: 'quote', signal: 'signal', line: 'line 3' } }],
    output: `
import { quote } from './index.ts';
export async function checkout(order: string, signal: AbortSignal): Promise<number> {
  const price = await quote(order, { signal });
  return signal.aborted ? 0 : price;
}`,
  });

  reports('checked JavaScript with JSDoc', {
    filename: 'billing.js',
    code: `
/**
 * @param {string} invoice
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function send(invoice, options = {}) {
  const response = await fetch(invoice);
  return options.signal?.aborted ? 0 : response.status;
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(invoice)',
        data: { call: 'fetch', signal: 'options.signal', line: 'line 6' },
      },
    ],
    output: `
/**
 * @param {string} invoice
 * @param {{ signal?: AbortSignal }} [options]
 */
export async function send(invoice, options = {}) {
  const response = await fetch(invoice, { signal: options.signal });
  return options.signal?.aborted ? 0 : response.status;
}`,
  });

  reports('CommonJS', {
    filename: 'billing.cts',
    code: `
import events = require('node:events');
export = async function nextInvoice(bus: events.EventEmitter, signal: AbortSignal): Promise<unknown> {
  const [invoice] = await events.once(bus, 'ready');
  return signal.aborted ? undefined : invoice;
};`,
    errors: [
      {
        messageId: 'missing',
        on: "events.once(bus, 'ready')",
        data: { call: 'events.once', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
import events = require('node:events');
export = async function nextInvoice(bus: events.EventEmitter, signal: AbortSignal): Promise<unknown> {
  const [invoice] = await events.once(bus, 'ready', { signal });
  return signal.aborted ? undefined : invoice;
};`,
  });

  reports('two signals, between which the author chooses', {
    code: `
export async function quote(order: string, signal: AbortSignal, options: { signal: AbortSignal }): Promise<number> {
  const response = await fetch(order);
  return signal.aborted || options.signal.aborted ? 0 : response.status;
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(order)',
        data: { call: 'fetch', signal: 'signal', line: 'line 2' },
        suggestions: [
          {
            messageId: 'pass',
            data: { signal: 'signal' },
            output: `
export async function quote(order: string, signal: AbortSignal, options: { signal: AbortSignal }): Promise<number> {
  const response = await fetch(order, { signal });
  return signal.aborted || options.signal.aborted ? 0 : response.status;
}`,
          },
          {
            messageId: 'pass',
            data: { signal: 'options.signal' },
            output: `
export async function quote(order: string, signal: AbortSignal, options: { signal: AbortSignal }): Promise<number> {
  const response = await fetch(order, { signal: options.signal });
  return signal.aborted || options.signal.aborted ? 0 : response.status;
}`,
          },
        ],
      },
    ],
  });

  reports('the round of a loop that looks at the signal, where the author may mean to end the round first', {
    code: `
export async function poll(queue: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(queue);
    console.log(response.status);
  }
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(queue)',
        data: { call: 'fetch', signal: 'signal', line: 'line 2' },
        suggestions: [
          {
            messageId: 'pass',
            data: { signal: 'signal' },
            output: `
export async function poll(queue: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const response = await fetch(queue, { signal });
    console.log(response.status);
  }
}`,
          },
        ],
      },
    ],
  });

  reports('a signal that may be missing where the compiler tells a missing property from `undefined`', {
    compilerOptions: { exactOptionalPropertyTypes: true },
    code: `
declare function priceOf(order: string, options?: { signal?: AbortSignal }): Promise<number>;
export async function quote(order: string, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  return await priceOf(order);
}`,
    errors: [
      { messageId: 'missing', on: 'priceOf(order)', data: { call: 'priceOf', signal: 'signal', line: 'line 3' } },
    ],
    output: `
declare function priceOf(order: string, options?: { signal?: AbortSignal }): Promise<number>;
export async function quote(order: string, signal?: AbortSignal): Promise<number> {
  signal?.throwIfAborted();
  return await priceOf(order, { ...(signal === undefined ? {} : { signal }) });
}`,
  });

  reports('options that say `undefined` themselves, under the exact compiler', {
    compilerOptions: { exactOptionalPropertyTypes: true },
    code: `
declare function priceOf(order: string, options?: { signal?: AbortSignal | undefined }): Promise<number>;
export async function quote(order: string, options?: { signal?: AbortSignal }): Promise<number> {
  const price = await priceOf(order);
  return options === undefined ? 0 : price;
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'priceOf(order)',
        data: { call: 'priceOf', signal: 'options?.signal', line: 'line 3' },
      },
    ],
    output: `
declare function priceOf(order: string, options?: { signal?: AbortSignal | undefined }): Promise<number>;
export async function quote(order: string, options?: { signal?: AbortSignal }): Promise<number> {
  const price = await priceOf(order, { signal: options?.signal });
  return options === undefined ? 0 : price;
}`,
  });

  reports('options that may be missing, under the exact compiler', {
    compilerOptions: { exactOptionalPropertyTypes: true },
    code: `
declare function priceOf(order: string, options?: { signal?: AbortSignal; fresh?: boolean }): Promise<number>;
export async function quote(order: string, options?: { signal?: AbortSignal }): Promise<number> {
  const price = await priceOf(order, { fresh: true });
  return options === undefined ? 0 : price;
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'priceOf(order, { fresh: true })',
        data: { call: 'priceOf', signal: 'options?.signal', line: 'line 3' },
      },
    ],
    output: `
declare function priceOf(order: string, options?: { signal?: AbortSignal; fresh?: boolean }): Promise<number>;
export async function quote(order: string, options?: { signal?: AbortSignal }): Promise<number> {
  const price = await priceOf(order, { fresh: true, ...(options?.signal === undefined ? {} : { signal: options.signal }) });
  return options === undefined ? 0 : price;
}`,
  });

  reports('a signal that may be null', {
    code: `
declare function priceOf(order: string, options?: { signal?: AbortSignal }): Promise<number>;
export async function quote(order: string, init: RequestInit): Promise<number> {
  const price = await priceOf(order);
  return init.method === 'POST' ? 0 : price;
}`,
    errors: [
      { messageId: 'missing', on: 'priceOf(order)', data: { call: 'priceOf', signal: 'init.signal', line: 'line 3' } },
    ],
    output: `
declare function priceOf(order: string, options?: { signal?: AbortSignal }): Promise<number>;
export async function quote(order: string, init: RequestInit): Promise<number> {
  const price = await priceOf(order, { signal: init.signal ?? undefined });
  return init.method === 'POST' ? 0 : price;
}`,
  });

  reports('an option of another name', {
    code: `
interface Client { send(command: object, options?: { abortSignal?: AbortSignal; requestTimeout?: number }): Promise<unknown> }
export async function store(client: Client, key: string, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted();
  return client.send({ key });
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'client.send({ key })',
        data: { call: 'client.send', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
interface Client { send(command: object, options?: { abortSignal?: AbortSignal; requestTimeout?: number }): Promise<unknown> }
export async function store(client: Client, key: string, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted();
  return client.send({ key }, { abortSignal: signal });
}`,
  });

  reports('options that are the only parameter', {
    code: `
declare function exportInvoices(options: { readonly month: string; readonly signal?: AbortSignal }): Promise<string>;
export async function report(month: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return await exportInvoices({ month });
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'exportInvoices({ month })',
        data: { call: 'exportInvoices', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
declare function exportInvoices(options: { readonly month: string; readonly signal?: AbortSignal }): Promise<string>;
export async function report(month: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return await exportInvoices({ month, signal });
}`,
  });

  // ---------------------------------------------------------------------------------------------- a signal of its own

  reports('a deadline that cuts the work off from its caller', {
    code: `
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const response = await fetch(order, { signal: AbortSignal.timeout(1_000) });
  return response.status;
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'fetch(order, { signal: AbortSignal.timeout(1_000) })',
        data: { call: 'fetch', own: 'AbortSignal.timeout(1_000)', signal: 'signal', line: 'line 2' },
      },
    ],
    output: `
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const response = await fetch(order, { signal: AbortSignal.any([signal, AbortSignal.timeout(1_000)]) });
  return response.status;
}`,
  });

  stays('silent when deadline and signal are joined', {
    code: `
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  const response = await fetch(order, { signal: AbortSignal.any([signal, AbortSignal.timeout(1_000)]) });
  return response.status;
}`,
  });

  reports('a fresh controller beside a signal that may be missing', {
    code: `
export async function priceOf(order: string, options: { signal?: AbortSignal }): Promise<number> {
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 1_000);
  try {
    const response = await fetch(order, { signal: controller.signal });
    return response.status;
  } finally {
    clearTimeout(timer);
  }
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'fetch(order, { signal: controller.signal })',
        data: { call: 'fetch', own: 'controller.signal', signal: 'options.signal', line: 'line 2' },
      },
    ],
    output: `
export async function priceOf(order: string, options: { signal?: AbortSignal }): Promise<number> {
  options.signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 1_000);
  try {
    const response = await fetch(order, { signal: options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]) });
    return response.status;
  } finally {
    clearTimeout(timer);
  }
}`,
  });

  reports('a shorthand property, a constant, a signal that may be null', {
    code: `
export async function priceOf(order: string, caller: AbortSignal | null): Promise<number> {
  const signal = AbortSignal.timeout(1_000);
  const response = await fetch(order, { signal });
  return caller === null ? 0 : response.status;
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'fetch(order, { signal })',
        data: { call: 'fetch', own: 'signal', signal: 'caller', line: 'line 2' },
      },
    ],
    output: `
export async function priceOf(order: string, caller: AbortSignal | null): Promise<number> {
  const signal = AbortSignal.timeout(1_000);
  const response = await fetch(order, { signal: caller == null ? signal : AbortSignal.any([caller, signal]) });
  return caller === null ? 0 : response.status;
}`,
  });

  reports('signals that are joined with each other and not with the caller', {
    code: `
declare function lock(id: string, signal: AbortSignal): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  const attempt = new AbortController();
  setTimeout(() => attempt.abort(), 100);
  await lock(order, AbortSignal.any([attempt.signal, AbortSignal.timeout(1_000)]));
  signal.throwIfAborted();
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'lock(order, AbortSignal.any([attempt.signal, AbortSignal.timeout(1_000)]))',
        data: {
          call: 'lock',
          own: 'AbortSignal.any([attemp…Signal.timeout(1_000)])',
          signal: 'signal',
          line: 'line 3',
        },
      },
    ],
    output: `
declare function lock(id: string, signal: AbortSignal): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  const attempt = new AbortController();
  setTimeout(() => attempt.abort(), 100);
  await lock(order, AbortSignal.any([signal, attempt.signal, AbortSignal.timeout(1_000)]));
  signal.throwIfAborted();
}`,
  });

  reports('a deadline, with nothing to offer where the library has no `AbortSignal.any`', {
    compilerOptions: { types: [] },
    files: {
      'node_modules/runtime/package.json': '{ "name": "runtime", "version": "1.0.0", "types": "index.d.ts" }',
      'node_modules/runtime/index.d.ts': `
declare global {
  interface AbortSignal { readonly aborted: boolean; throwIfAborted(): void }
  var AbortSignal: { prototype: AbortSignal; timeout(milliseconds: number): AbortSignal };
}
export declare function load(order: string, options?: { signal?: AbortSignal }): Promise<number>;`,
    },
    code: `
import { load } from 'runtime';
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  return await load(order, { signal: AbortSignal.timeout(1_000) });
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'load(order, { signal: AbortSignal.timeout(1_000) })',
        data: { call: 'load', own: 'AbortSignal.timeout(1_000)', signal: 'signal', line: 'line 3' },
      },
    ],
  });

  reports('a controller that aborts itself after a time', {
    code: `
class Deadline extends AbortController {
  constructor(milliseconds: number) {
    super();
    setTimeout(() => this.abort(), milliseconds).unref();
  }
}
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const deadline = new Deadline(1_000);
  const response = await fetch(order, { signal: deadline.signal });
  return response.status;
}`,
    errors: [
      {
        messageId: 'cutOff',
        on: 'fetch(order, { signal: deadline.signal })',
        data: { call: 'fetch', own: 'deadline.signal', signal: 'signal', line: 'line 8' },
      },
    ],
    output: `
class Deadline extends AbortController {
  constructor(milliseconds: number) {
    super();
    setTimeout(() => this.abort(), milliseconds).unref();
  }
}
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  const deadline = new Deadline(1_000);
  const response = await fetch(order, { signal: AbortSignal.any([signal, deadline.signal]) });
  return response.status;
}`,
  });

  stays('silent when a listener aborts the controller with the signal', {
    code: `
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  const response = await fetch(order, { signal: controller.signal });
  return response.status;
}`,
  });

  stays('silent when a helper of the project joins them', {
    code: `
declare function follow(signal: AbortSignal | undefined, controller: AbortController): void;
export async function priceOf(order: string, options: { signal?: AbortSignal }): Promise<number> {
  const controller = new AbortController();
  follow(options.signal, controller);
  const response = await fetch(order, { signal: controller.signal });
  return response.status;
}`,
  });

  stays('silent when `onabort` or a class of the project joins them', {
    code: `
class LinkedController extends AbortController {
  constructor(parent: AbortSignal) {
    super();
    parent.addEventListener('abort', () => this.abort());
  }
}
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  const linked = new LinkedController(signal);
  const response = await fetch(order, { signal: linked.signal });
  return response.status;
}
export async function taxOf(order: string, signal: AbortSignal): Promise<number> {
  const controller = new AbortController();
  signal.onabort = () => controller.abort();
  const response = await fetch(order, { signal: controller.signal });
  return response.status;
}`,
  });

  stays('silent when the signal given is some other signal', {
    code: `
export async function priceOf(order: string, signal: AbortSignal, session: { stop: AbortSignal }): Promise<number> {
  signal.throwIfAborted();
  const response = await fetch(order, { signal: session.stop });
  return response.status;
}`,
  });

  stays('silent when a race with the signal ends the wait', {
    code: `
declare function aborted(signal: AbortSignal): Promise<never>;
export async function priceOf(order: string, signal: AbortSignal): Promise<number> {
  const response = await Promise.race([fetch(order, { signal: AbortSignal.timeout(1_000) }), aborted(signal)]);
  return response.status;
}`,
  });

  // ---------------------------------------------------------------------------------------------- what stays silent

  stays('silent in clean-up', {
    code: `
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  try {
    await fetch(order, { signal });
  } catch (error) {
    await fetch(\`https://refunds.internal/\${order}\`);
    throw error;
  } finally {
    await fetch(\`https://locks.internal/\${order}\`, { method: 'DELETE' });
  }
}`,
  });

  stays('silent in the handlers of a chain for failure and end', {
    code: `
export function pay(order: string, signal: AbortSignal): Promise<unknown> {
  return fetch(order, { signal })
    .catch(() => fetch(\`https://refunds.internal/\${order}\`))
    .finally(() => fetch(\`https://locks.internal/\${order}\`, { method: 'DELETE' }));
}`,
  });

  stays('silent about a promise that is kept for others behind a chain or a join', {
    code: `
const loads = new Map<string, Promise<unknown>>();
export async function load(url: string, signal: AbortSignal): Promise<unknown> {
  const loading = loads.get(url) ?? fetch(url).then((answer) => answer.text()).finally(() => loads.delete(url));
  loads.set(url, loading);
  signal.throwIfAborted();
  return await loading;
}
export async function loadBoth(url: string, signal: AbortSignal): Promise<unknown> {
  const loading = Promise.all([fetch(url), fetch(\`\${url}/prices\`)]);
  loads.set(url, loading);
  signal.throwIfAborted();
  return await loading;
}
export class Prices {
  #loading: Promise<string> | undefined;
  async all(url: string, signal: AbortSignal): Promise<string> {
    const loading = (this.#loading ??= fetch(url).then((answer) => answer.text()));
    signal.throwIfAborted();
    return await loading;
  }
}`,
  });

  reports('a promise that is not kept, behind a chain', {
    code: `
export async function load(url: string, signal: AbortSignal): Promise<string> {
  const loading = fetch(url).then((answer) => answer.text());
  signal.throwIfAborted();
  return await loading;
}`,
    errors: [{ messageId: 'missing', on: 'fetch(url)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export async function load(url: string, signal: AbortSignal): Promise<string> {
  const loading = fetch(url, { signal }).then((answer) => answer.text());
  signal.throwIfAborted();
  return await loading;
}`,
  });

  stays('silent once the signal is aborted', {
    code: `
import { once } from 'node:events';
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    await fetch(\`https://refunds.internal/\${order}\`);
    return;
  }
  await (signal.aborted ? fetch(\`https://audit.internal/\${order}\`) : fetch(order, { signal }));
}
export async function serve(order: string, signal: AbortSignal): Promise<void> {
  await once(signal, 'abort');
  await fetch(\`https://registry.internal/\${order}\`, { method: 'DELETE' });
}
export async function work(queue: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await fetch(queue, { signal });
  await fetch(\`https://registry.internal/\${queue}\`, { method: 'DELETE' });
}`,
  });

  stays('silent once the signal is aborted for certain: after a guarded wait, an endless loop, a helper that waits', {
    code: `
import { once } from 'node:events';
declare function step(signal: AbortSignal): Promise<boolean>;
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => { resolve(); }, { once: true });
  });
}
export async function serve(order: string, signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
  await fetch(\`https://registry.internal/\${order}\`, { method: 'DELETE' });
}
export async function serveAgain(order: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted === false) {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => { resolve(); }, { once: true });
    });
  }
  await fetch(\`https://registry.internal/\${order}\`, { method: 'DELETE' });
}
export async function work(queue: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) break;
    await step(signal);
  }
  await fetch(\`https://registry.internal/\${queue}\`, { method: 'DELETE' });
}
export async function watch(queue: string, signal: AbortSignal): Promise<void> {
  await aborted(signal);
  await fetch(\`https://registry.internal/\${queue}\`, { method: 'DELETE' });
}`,
  });

  reports('what comes after a loop that something else than the abort may leave, pass by or fail', {
    code: `
declare const follow: boolean;
declare function step(signal: AbortSignal): Promise<boolean>;
export async function one(url: string, signal: AbortSignal): Promise<void> {
  while (true) {
    if (signal.aborted || (await step(signal))) break;
  }
  await fetch(url);
}
export async function two(url: string, signal: AbortSignal): Promise<void> {
  let done = false;
  while (true) {
    if (done || signal.aborted) break;
    done = await step(signal);
  }
  await fetch(url);
}
export async function three(url: string, signal: AbortSignal): Promise<void> {
  if (follow && !signal.aborted) {
    while (!signal.aborted) await step(signal);
  }
  await fetch(url);
}
export async function four(url: string, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) await step(signal);
  } catch (error) {
    console.error(error);
  }
  await fetch(url);
}`,
    errors: [
      { messageId: 'missing', line: 8, column: 9, data: { call: 'fetch', signal: 'signal', line: 'line 4' } },
      { messageId: 'missing', line: 16, column: 9, data: { call: 'fetch', signal: 'signal', line: 'line 10' } },
      { messageId: 'missing', line: 22, column: 9, data: { call: 'fetch', signal: 'signal', line: 'line 18' } },
      { messageId: 'missing', line: 30, column: 9, data: { call: 'fetch', signal: 'signal', line: 'line 24' } },
    ],
    output: `
declare const follow: boolean;
declare function step(signal: AbortSignal): Promise<boolean>;
export async function one(url: string, signal: AbortSignal): Promise<void> {
  while (true) {
    if (signal.aborted || (await step(signal))) break;
  }
  await fetch(url, { signal });
}
export async function two(url: string, signal: AbortSignal): Promise<void> {
  let done = false;
  while (true) {
    if (done || signal.aborted) break;
    done = await step(signal);
  }
  await fetch(url, { signal });
}
export async function three(url: string, signal: AbortSignal): Promise<void> {
  if (follow && !signal.aborted) {
    while (!signal.aborted) await step(signal);
  }
  await fetch(url, { signal });
}
export async function four(url: string, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) await step(signal);
  } catch (error) {
    console.error(error);
  }
  await fetch(url, { signal });
}`,
  });

  reports('what comes after a loop that another `break` leaves as well', {
    code: `
declare function step(signal: AbortSignal): Promise<boolean>;
export async function work(queue: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) break;
    if (await step(signal)) break;
  }
  await fetch(queue);
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'fetch(queue)',
        data: { call: 'fetch', signal: 'signal', line: 'line 3' },
      },
    ],
    output: `
declare function step(signal: AbortSignal): Promise<boolean>;
export async function work(queue: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) break;
    if (await step(signal)) break;
  }
  await fetch(queue, { signal });
}`,
  });

  stays('silent where there is no signal to pass on', {
    code: `
declare function query(text: string, options?: { signal: AbortSignal }): Promise<number>;
export function count(table: string, options: { signal?: AbortSignal; timeout?: number }): Promise<number> {
  const deadline = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout);
  const signal = options.signal && deadline ? AbortSignal.any([options.signal, deadline]) : (options.signal ?? deadline);
  return signal ? query(table, { signal }) : query(table);
}
export async function exists(table: string, signal?: AbortSignal): Promise<number> {
  if (signal === undefined) return await query(table);
  return await query(table, { signal });
}`,
  });

  stays('silent in functions and calls that end something', {
    code: `
interface Lease { release(options?: { signal?: AbortSignal }): Promise<void>; commit(options?: { signal?: AbortSignal }): Promise<void> }
export async function shutdown(registry: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await fetch(registry, { method: 'DELETE' });
}
export async function pay(lease: Lease, order: string, signal: AbortSignal): Promise<void> {
  await fetch(order, { signal });
  await lease.commit();
  await lease.release();
}`,
  });

  stays('silent about work in the background', {
    code: `
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  await fetch(order, { signal });
  void fetch(\`https://audit.internal/\${order}\`).catch(console.error);
  setImmediate(async () => {
    await fetch(\`https://mail.internal/\${order}\`).catch(console.error);
  });
  fetch(\`https://metrics.internal/\${order}\`).catch(console.error);
}`,
  });

  stays('silent about background work that waits inside', {
    code: `
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  await fetch(order, { signal });
  void (async () => {
    await fetch(\`https://audit.internal/\${order}\`);
  })().catch(console.error);
  [order].forEach(async (each) => {
    await fetch(\`https://audit.internal/\${each}\`).catch(console.error);
  });
}`,
  });

  stays('silent about a callback of a helper that nobody waits for', {
    code: `
async function inTurn(work: () => Promise<void>): Promise<void> {
  await work();
}
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  await inTurn(async () => {
    await fetch(order, { signal });
  });
  inTurn(async () => {
    await fetch(\`https://audit.internal/\${order}\`);
  }).catch(console.error);
}`,
  });

  reports('a callback of a helper that is waited for', {
    code: `
async function inTurn(work: () => Promise<void>): Promise<void> {
  await work();
}
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await inTurn(async () => {
    await fetch(order);
  });
}`,
    errors: [{ messageId: 'missing', on: 'fetch(order)', data: { call: 'fetch', signal: 'signal', line: 'line 5' } }],
    output: `
async function inTurn(work: () => Promise<void>): Promise<void> {
  await work();
}
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await inTurn(async () => {
    await fetch(order, { signal });
  });
}`,
  });

  stays('silent about work that others wait for too', {
    code: `
const loads = new Map<string, Promise<Response>>();
class Tokens {
  #loading: Promise<Response> | undefined;
  #last: Response | undefined;
  async token(signal: AbortSignal): Promise<Response> {
    signal.throwIfAborted();
    this.#loading ??= fetch('https://auth.internal/token');
    return this.#loading;
  }
  async refresh(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#last = await fetch('https://auth.internal/token');
  }
  get last(): Response | undefined {
    return this.#last;
  }
}
export async function load(order: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  const loading = loads.get(order) ?? fetch(order);
  loads.set(order, loading);
  return loading;
}
export const tokens = new Tokens();`,
  });

  stays('silent in a closure that somebody else runs', {
    code: `
declare const cache: { wrap(key: string, load: () => Promise<Response>): Promise<Response> };
export async function load(order: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  return await cache.wrap(order, async () => {
    const response = await fetch(order);
    return response;
  });
}`,
  });

  stays('silent when a spread or a variable may hold the signal', {
    code: `
export async function load(order: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  await fetch(order, init);
  await fetch(order, { ...init });
  await fetch(order, { ...(signal.aborted ? {} : { signal }) });
  const prepared: RequestInit = { method: 'POST' };
  prepared.signal = signal;
  await fetch(order, prepared);
  const parameters = [order, { signal }] as const;
  return await fetch(...parameters);
}
declare function lock(id: string, signal?: AbortSignal): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  const parameters: [id: string, signal?: AbortSignal] = [order, signal];
  await lock(...parameters);
}`,
  });

  stays('silent when the call says on purpose that there is none', {
    code: `
declare function lock(id: string, signal?: AbortSignal, limit?: number): Promise<void>;
export async function pay(order: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await fetch(order, { signal: undefined });
  await fetch(order, { signal: null });
  await lock(order, undefined, 10);
}`,
  });

  stays('silent when the callee does nothing with its signal', {
    code: `
async function priceOf(order: string, _signal?: AbortSignal): Promise<number> {
  return Promise.resolve(order.length);
}
async function taxOf(order: string, { rate = 1 }: { signal?: AbortSignal; rate?: number } = {}): Promise<number> {
  return Promise.resolve(order.length * rate);
}
async function totalOf(order: string, options: { signal?: AbortSignal; rate?: number } = {}): Promise<number> {
  return Promise.resolve(order.length * (options.rate ?? 1));
}
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  return (await priceOf(order)) + (await taxOf(order, { rate: 2 })) + (await totalOf(order));
}`,
  });

  stays('silent about reading and writing files', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';
export async function copy(invoice: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await writeFile(\`\${invoice}.bak\`, await readFile(invoice));
}`,
  });

  stays('silent when the callbacks or the call around it have the signal', {
    code: `
declare function retry<Result>(work: () => Promise<Result>, options?: { retries?: number; signal?: AbortSignal }): Promise<Result>;
declare function abortable<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result>;
export async function load(order: string, signal: AbortSignal): Promise<void> {
  await retry(() => fetch(order, { signal }), { retries: 3 });
  await abortable(fetch(order), signal);
}`,
  });

  stays('silent when a listener for the abort ends what the call waits for', {
    code: `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
export async function thumbnail(image: string, signal: AbortSignal): Promise<void> {
  const child = spawn('convert', [image]);
  signal.addEventListener('abort', () => child.kill(), { once: true });
  await once(child, 'exit');
}
export async function preview(image: string, options: { signal?: AbortSignal }): Promise<void> {
  const child = spawn('convert', [image]);
  const stop = (): void => {
    child.kill();
  };
  options.signal?.addEventListener('abort', stop);
  await once(child, 'exit');
}`,
  });

  reports('a call that a listener for the abort does not touch', {
    code: `
import { spawn } from 'node:child_process';
export async function thumbnail(image: string, signal: AbortSignal): Promise<number> {
  const child = spawn('convert', [image]);
  signal.addEventListener('abort', () => child.kill(), { once: true });
  const response = await fetch(image);
  return response.status;
}`,
    errors: [{ messageId: 'missing', on: 'fetch(image)', data: { call: 'fetch', signal: 'signal', line: 'line 3' } }],
    output: `
import { spawn } from 'node:child_process';
export async function thumbnail(image: string, signal: AbortSignal): Promise<number> {
  const child = spawn('convert', [image]);
  signal.addEventListener('abort', () => child.kill(), { once: true });
  const response = await fetch(image, { signal });
  return response.status;
}`,
  });

  stays('silent about a stream that was opened with the signal and fails with it', {
    code: `
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
export async function download(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  const content = createReadStream(invoice, { signal });
  await pipeline(content, file);
}`,
  });

  stays('silent about the body of a response that was asked for with the signal', {
    code: `
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
declare const web: { get(url: string, options: { signal: AbortSignal }): Promise<{ body: ReadableStream }> };
export async function download(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  const { body } = await web.get(invoice, { signal });
  await pipeline(body, file);
}
export async function copy(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  const response = await web.get(invoice, { signal });
  await pipeline(Readable.fromWeb(response.body), file);
}
export async function unpack(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  const response = await web.get(invoice, { signal });
  const { body } = response;
  const content = Readable.fromWeb(body.pipeThrough(new DecompressionStream('gzip')));
  await pipeline(content, file);
}`,
  });

  reports('the body of a response that was asked for without the signal', {
    code: `
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
declare const web: { get(url: string): Promise<{ body: ReadableStream }> };
export async function download(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { body } = await web.get(invoice);
  await pipeline(body, file);
}`,
    errors: [
      {
        messageId: 'missing',
        on: 'pipeline(body, file)',
        data: { call: 'pipeline', signal: 'signal', line: 'line 6' },
      },
    ],
    output: `
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
declare const web: { get(url: string): Promise<{ body: ReadableStream }> };
export async function download(invoice: string, file: Writable, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { body } = await web.get(invoice);
  await pipeline(body, file, { signal });
}`,
  });

  reports('plain data that came with the signal', {
    code: `
export async function forward(order: string, signal: AbortSignal): Promise<number> {
  const { url } = await fetch(order, { signal });
  const response = await fetch(url);
  return response.status;
}`,
    errors: [{ messageId: 'missing', on: 'fetch(url)', data: { call: 'fetch', signal: 'signal', line: 'line 2' } }],
    output: `
export async function forward(order: string, signal: AbortSignal): Promise<number> {
  const { url } = await fetch(order, { signal });
  const response = await fetch(url, { signal });
  return response.status;
}`,
  });

  reports('an object that was loaded with the signal and is no stream', {
    code: `
interface Order { readonly id: string; total: number }
declare function load(id: string, options: { signal: AbortSignal }): Promise<Order>;
declare function priced(order: Order, options?: { signal?: AbortSignal }): Promise<Order>;
export async function quote(id: string, signal: AbortSignal): Promise<Order> {
  const order = await load(id, { signal });
  return await priced(order);
}`,
    errors: [{ messageId: 'missing', on: 'priced(order)', data: { call: 'priced', signal: 'signal', line: 'line 5' } }],
    output: `
interface Order { readonly id: string; total: number }
declare function load(id: string, options: { signal: AbortSignal }): Promise<Order>;
declare function priced(order: Order, options?: { signal?: AbortSignal }): Promise<Order>;
export async function quote(id: string, signal: AbortSignal): Promise<Order> {
  const order = await load(id, { signal });
  return await priced(order, { signal });
}`,
  });

  stays('silent when the call gets the object that holds the signal', {
    code: `
interface Context { readonly user: string; readonly signal: AbortSignal }
declare function load(context: { user: string }, options?: { signal?: AbortSignal }): Promise<string>;
export async function profileOf(context: Context): Promise<string> {
  context.signal.throwIfAborted();
  return await load(context);
}`,
  });

  stays('silent about a function of the project that is called fetch', {
    code: `
declare const api: { fetch(order: string, options?: { retries?: number }): Promise<string> };
async function fetch(order: string): Promise<string> {
  return Promise.resolve(order);
}
export async function load(order: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return (await fetch(order)) + (await api.fetch(order));
}`,
  });

  stays('silent about a class of the project that is called AbortSignal', {
    code: `
class AbortSignal {
  aborted = false;
}
declare function priceOf(order: string, signal?: AbortSignal): Promise<number>;
export async function quote(order: string, signal: AbortSignal): Promise<number> {
  const price = await priceOf(order);
  return signal.aborted ? 0 : price;
}`,
  });

  stays('silent about signals of the process', {
    code: `
declare function report(name: string, options?: { signal?: NodeJS.Signals }): Promise<void>;
export async function onSignal(name: string, signal: NodeJS.Signals): Promise<void> {
  await report(name);
  await fetch(\`https://audit.internal/\${signal}\`);
}`,
  });

  stays('silent when the name of the signal means something else at the call', {
    code: `
export async function pay(orders: { signal: string }[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  for (const { signal } of orders) {
    await fetch(signal);
  }
}`,
  });

  stays('silent when the signal is made after the call', {
    code: `
import type { EventEmitter } from 'node:events';
export async function pay(order: string, client: EventEmitter): Promise<number> {
  const response = await fetch(order);
  const left = new AbortController();
  client.once('close', () => left.abort());
  await fetch(order, { signal: left.signal });
  return response.status;
}`,
  });

  stays('silent about what is called later by others', {
    code: `
export function loader(signal: AbortSignal): (order: string) => Promise<Response> {
  signal.throwIfAborted();
  return async (order) => {
    const response = await fetch(order);
    return response;
  };
}`,
  });

  stays('silent in a test', {
    filename: 'orders.test.ts',
    code: `
export async function load(order: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  return await fetch(order);
}`,
  });

  stays('silent in a program that runs once', {
    filename: 'scripts/import-orders.ts',
    code: `
export async function load(order: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  return await fetch(order);
}`,
  });

  stays('silent about a call that takes a controller, not a signal', {
    code: `
declare function delay(milliseconds: number, controller?: AbortController): Promise<void>;
export async function backOff(attempt: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(2 ** attempt);
}`,
  });

  stays('silent when what is given is the other kind of options', {
    code: `
declare function open(target: { url: string; signal?: AbortSignal } | { path: string }): Promise<string>;
export async function load(order: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  return await open({ path: order });
}`,
  });

  stays('silent about a controller that is handed in: the function may be the one that aborts it', {
    code: `
export async function load(order: string, controller: AbortController): Promise<number> {
  const response = await fetch(order);
  if (response.status === 404) controller.abort();
  return response.status;
}`,
  });

  stays('silent when the signal in scope is of an enclosing handler and the nearest one is passed on', {
    code: `
declare function runQuery<Result>(run: (signal?: AbortSignal) => Promise<Result>): Promise<Result>;
export async function load(order: string, signal: AbortSignal): Promise<Response> {
  signal.throwIfAborted();
  return await runQuery(async (own) => fetch(order, { signal: own }));
}`,
  });
});
