import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('require-settle-path', { timeout: 120_000 }, () => {
  test('a worker that dies before it answers leaves nobody waiting', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Reject the promise on `exit` too.',
      files: {
        'prices.ts': `
import { Worker } from 'node:worker_threads';

const SOURCE = \`
  const { parentPort } = require('node:worker_threads');
  parentPort.once('message', (order) => {
    if (order === 'huge') process.exit(7);
    parentPort.postMessage(order.length);
  });
\`;

export async function priceOf(order: string): Promise<number> {
  const worker = new Worker(SOURCE, { eval: true });
  const price = new Promise<number>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (value: number) => {
      resolve(value);
    });
  });
  worker.postMessage(order);
  return price;
}
`,
        'main.ts': `
import { setTimeout as sleep } from 'node:timers/promises';
import { priceOf } from './prices.js';

async function outcome(order: string): Promise<number | string> {
  let found: number | string = 'pending';
  priceOf(order).then(
    (price) => (found = price),
    (error: unknown) => (found = (error as Error).message),
  );
  await sleep(1_500);
  return found;
}

const found = [await outcome('small'), await outcome('huge')];
console.log(JSON.stringify(found));
`,
      },
    });

    expect(proof.before).toEqual([5, 'pending']);
    expect(proof.reports).toEqual(['prices.ts:16 concurrency/require-settle-path']);
    expect(proof.after).toEqual([5, 'worker ended before message']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a drain that never comes on a broken pipe ends the wait', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Reject the promise on `error` and `close` too.',
      files: {
        'rows.ts': `
import type { Writable } from 'node:stream';

export async function send(out: Writable, rows: readonly string[]): Promise<number> {
  let sent = 0;
  for (const row of rows) {
    if (!out.write(row)) {
      await new Promise<void>((resolve) => {
        out.once('drain', () => {
          resolve();
        });
      });
    }
    sent++;
  }
  return sent;
}
`,
        'main.ts': `
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from './rows.js';

const server = createServer((socket) => {
  socket.pause();
  setTimeout(() => socket.resetAndDestroy(), 100);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
let broken = '';
socket.on('error', (error: NodeJS.ErrnoException) => (broken = error.code ?? ''));
await once(socket, 'connect');
const row = 'x'.repeat(1 << 20);
let found = 'pending';
send(socket, Array.from({ length: 64 }, () => row)).then(
  (count) => (found = \`sent \${count}\`),
  () => (found = 'rejected'),
);
await sleep(2_000);
server.close();
console.log(JSON.stringify({ found, isBroken: broken !== '', listeners: socket.listenerCount('drain') > 1 }));
process.exit(0);
`,
      },
    });

    expect(proof.before).toEqual({ found: 'pending', isBroken: true, listeners: false });
    expect(proof.reports).toEqual(['rows.ts:9 concurrency/require-settle-path']);
    expect(proof.after).toEqual({ found: 'rejected', isBroken: true, listeners: false });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('the end of a child is heard although its output is read first', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'convert.ts': `
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

async function read(stream: Readable): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part as string;
  await new Promise((resolve) => setTimeout(resolve, 200));
  return text;
}

export async function run(code: string): Promise<string> {
  const child = spawn(process.execPath, ['-e', code]);
  const text = await read(child.stdout);
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return \`\${text}\${String(exitCode)}\`;
}
`,
        'main.ts': `
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './convert.js';

let found = 'pending';
run('console.log("paid "); process.exitCode = 3').then(
  (text) => (found = text),
  () => (found = 'rejected'),
);
await sleep(3_000);
console.log(JSON.stringify(found));
`,
      },
    });

    expect(proof.before).toBe('pending');
    expect(proof.reports).toEqual(['convert.ts:15 concurrency/require-settle-path']);
    expect(proof.after).toBe('paid \n3');
    expect(proof.fixedSource['convert.ts']).toContain('await Promise.all([');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
