import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

/** Thirty seconds pass in three tenths of one: for signals, for blocked threads, for the clock. Ends nothing by itself. */
const FAST = `
const timeout = AbortSignal.timeout.bind(AbortSignal);
const wait = Atomics.wait.bind(Atomics) as (cells: Int32Array, index: number, value: number, ms?: number) => string;
const now = Date.now.bind(Date);
const start = now();
Object.assign(AbortSignal, { timeout: (ms: number) => timeout(ms / 100) });
Object.assign(Atomics, {
  wait: (cells: Int32Array, index: number, value: number, ms = Infinity) => wait(cells, index, value, ms / 100),
});
Object.assign(Date, { now: () => start + (now() - start) * 100 });
`;

/** What becomes of a wait within three seconds: what it gives, or the error that ends it. */
const OUTCOME = `
export function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, 3_000, 'still waiting');
    const done = (outcome: unknown): void => {
      clearTimeout(late);
      resolve(outcome);
    };
    work.then(done, (error: unknown) => done(error instanceof Error ? \`\${error.name}: \${error.message}\` : error));
  });
}
`;

describe('require-wait-timeout', { timeout: 120_000 }, () => {
  test('the answer of a worker that exits without one', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'fast.ts': FAST,
        'outcome.ts': OUTCOME,
        'worker.ts': `
import { parentPort, workerData } from 'node:worker_threads';
if (workerData === 'order-1') parentPort?.postMessage(1200);
`,
        'prices.ts': `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export async function priceOf(order: string): Promise<unknown> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: order });
  const [price] = await once(worker, 'message');
  return price;
}
`,
        'main.ts': `
import './fast.js';
import { outcomeOf } from './outcome.js';
import { priceOf } from './prices.js';

console.log(JSON.stringify([await outcomeOf(priceOf('order-1')), await outcomeOf(priceOf('order-2'))]));
`,
      },
    });
    expect(proof).toMatchObject({
      before: [1200, 'still waiting'],
      after: [1200, 'AbortError: The operation was aborted'],
      reports: ['prices.ts:7 concurrency/require-wait-timeout'],
      reportsAfter: [],
      secondPassChanged: false,
      typeErrors: [],
    });
    expect(proof.fixedSource['prices.ts']).toContain(
      "await once(worker, 'message', { signal: AbortSignal.timeout(30_000) })",
    );
  });

  test('a thread that nobody notifies', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'fast.ts': FAST,
        'turns.ts': `
export function give(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(cells, 0, 1);
  Atomics.notify(cells, 0);
}

export function take(cells: Int32Array<SharedArrayBuffer>): void {
  Atomics.wait(cells, 0, 0);
}
`,
        'worker.ts': `
import './fast.js';
import { parentPort, workerData } from 'node:worker_threads';
import { take } from './turns.js';
try {
  take(workerData as Int32Array<SharedArrayBuffer>);
  parentPort?.postMessage('had its turn');
} catch (error) {
  parentPort?.postMessage((error as Error).message);
}
`,
        'main.ts': `
import { Worker } from 'node:worker_threads';
import { give } from './turns.js';

async function outcomeFor(cells: Int32Array<SharedArrayBuffer>): Promise<unknown> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: cells });
  const outcome = await new Promise((resolve) => {
    worker.once('message', resolve);
    worker.once('error', resolve);
    setTimeout(resolve, 3_000, 'still blocked');
  });
  await worker.terminate();
  return outcome;
}

const notified = new Int32Array(new SharedArrayBuffer(4));
give(notified);
console.log(JSON.stringify([
  await outcomeFor(notified),
  await outcomeFor(new Int32Array(new SharedArrayBuffer(4))),
]));
`,
      },
    });
    expect(proof).toMatchObject({
      before: ['had its turn', 'still blocked'],
      after: ['had its turn', 'Nobody notified this thread in time.'],
      reports: ['turns.ts:8 concurrency/require-wait-timeout'],
      reportsAfter: [],
      secondPassChanged: false,
      typeErrors: [],
    });
  });

  test('a remote job that is asked for its state and never done', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'fast.ts': FAST,
        'outcome.ts': OUTCOME,
        'reports.ts': `
import { setTimeout as sleep } from 'node:timers/promises';

async function stateOf(url: string): Promise<string> {
  const response = await fetch(url);
  return response.text();
}

export async function reported(url: string): Promise<string> {
  while ((await stateOf(url)) !== 'done') {
    await sleep(20);
  }
  return 'done';
}
`,
        'main.ts': `
import './fast.js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { outcomeOf } from './outcome.js';
import { reported } from './reports.js';

const server = createServer((request, response) => response.end(request.url === '/1' ? 'done' : 'running'));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = \`http://127.0.0.1:\${String((server.address() as AddressInfo).port)}\`;
console.log(JSON.stringify([await outcomeOf(reported(url + '/1')), await outcomeOf(reported(url + '/2'))]));
server.closeAllConnections();
server.close();
`,
      },
    });
    expect(proof).toMatchObject({
      before: ['done', 'still waiting'],
      after: ['done', 'Error: Waited too long for stateOf.'],
      reports: ['reports.ts:10 concurrency/require-wait-timeout'],
      reportsAfter: [],
      secondPassChanged: false,
      typeErrors: [],
    });
  });
});
