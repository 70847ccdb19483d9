import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';
import { ORDER_CLIENT, ORDERS } from './order-client.ts';

/** `audit.ts` keeps its lines until it is told to write them. */
const AUDIT = `
import { appendFile } from 'node:fs/promises';

const seen: string[] = [];

export function record(line: string): void {
  seen.push(line);
}

export async function flush(): Promise<void> {
  const lines = seen.splice(0);
  await appendFile(process.env['AUDIT'] ?? '', lines.join('\\n'));
}
`;

/** Pays an invoice, tells the service to stop, and reads the audit. */
const AUDIT_CLIENT = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const folder = mkdtempSync(\`\${tmpdir()}/audit-\`);
const file = \`\${folder}/audit.log\`;
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, AUDIT: file },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];
const response = await fetch(\`http://127.0.0.1:\${port.trim()}/invoices/7\`);
const answer = await response.text();

service.kill('SIGTERM');
await exited;
const audit = existsSync(file) ? readFileSync(file, 'utf8') : '';
console.log(JSON.stringify({ answer, audit, exitCode: service.exitCode }));
rmSync(folder, { recursive: true });
`;

describe('require-shutdown-drain', { timeout: 120_000 }, () => {
  test('a request in flight is answered before the process exits, and a second signal changes nothing', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderOf } from './orders.js';

const server = createServer((request, response) => {
  orderOf((request.url ?? '').slice(1)).then(
    (order) => response.end(order),
    () => response.writeHead(502).end(),
  );
});

process.on('SIGTERM', () => {
  server.close();
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': ORDER_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:15 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('connections are not cut while they are drained', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderOf } from './orders.js';

const server = createServer((request, response) => {
  orderOf((request.url ?? '').slice(1)).then(
    (order) => response.end(order),
    () => response.writeHead(502).end(),
  );
});

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': ORDER_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:15 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a client that never goes does not hold the process beyond the deadline', async () => {
    const proof = await prove({
      main: 'main.ts',
      settings: { deadlines: { drain: 1_000 } },
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderOf } from './orders.js';

const server = createServer((request, response) => {
  if (request.url === '/prices') {
    // A feed of prices, for as long as the client looks at it.
    response.write('gold 3 100\\n');
    return;
  }
  orderOf((request.url ?? '').slice(1)).then(
    (order) => response.end(order),
    () => response.writeHead(502).end(),
  );
});

process.on('SIGTERM', () => {
  server.close();
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const warehouse = createServer().listen(0, '127.0.0.1');
await once(warehouse, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, WAREHOUSE: \`http://127.0.0.1:\${(warehouse.address() as AddressInfo).port}\` },
  stdio: ['ignore', 'pipe', 'inherit'],
  timeout: 12_000,
  killSignal: 'SIGKILL',
});
const exited = once(service, 'exit');
const [port] = (await once(service.stdout.setEncoding('utf8'), 'data')) as [string];

const asked = once(warehouse, 'request');
const feed = get({ host: '127.0.0.1', port: Number(port), path: '/prices', agent: false });
const [prices] = (await once(feed, 'response')) as [IncomingMessage];
prices.on('error', () => {});
prices.resume();
const answer = answerOf(Number(port));
const [, stock] = (await asked) as [unknown, ServerResponse];
const start = performance.now();
service.kill('SIGTERM');
while (await isListening(Number(port))) await delay(5);
stock.end('3 rings');
await exited;
const isHeldUp = performance.now() - start > 5_000;
console.log(JSON.stringify({ answer: await answer, exitCode: service.exitCode, isHeldUp }));
warehouse.closeAllConnections();
warehouse.close();

function answerOf(port: number): Promise<unknown> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/7', agent: false }, async (response) => {
      resolve((await response.setEncoding('utf8').toArray()).join(''));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
`,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', exitCode: 0, isHeldUp: false });
    expect(proof.reports).toEqual(['server.ts:20 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 1, isHeldUp: false });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a drain that fails ends the process with an exit code', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { Redis } from 'ioredis';
import { createServer } from 'node:http';

const redis = new Redis({ port: Number(process.env['REDIS_PORT']), retryStrategy: () => null });
redis.on('error', (error) => console.error(error.message));
redis.on('end', () => console.log('no store'));

const rates = new Map<string, string>();
setInterval(() => {
  redis.hgetall('rates').then(
    (found) => Object.entries(found).forEach(([currency, rate]) => rates.set(currency, rate)),
    (error: unknown) => console.error(error),
  );
}, 60_000);

const server = createServer((request, response) => response.end(rates.get((request.url ?? '').slice(1))));

process.on('unhandledRejection', (reason) => console.error(reason));

process.on('SIGTERM', async () => {
  await new Promise((resolve) => server.close(resolve));
  await redis.quit();
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => console.log('listening'));
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

// The store went away before the service is told to stop.
const store = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
await once(store, 'listening');
const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  env: { ...process.env, REDIS_PORT: String((store.address() as AddressInfo).port) },
  stdio: ['ignore', 'pipe', 'ignore'],
});
const exited = once(service, 'exit');
let said = '';
service.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
while (!said.includes('no store') || !said.includes('listening')) await once(service.stdout, 'data');

service.kill('SIGTERM');
const deadline = setTimeout(() => service.kill('SIGKILL'), 1_500);
const [exitCode, signal] = (await exited) as unknown[];
clearTimeout(deadline);
store.close();
console.log(JSON.stringify({ exitCode, signal }));
`,
      },
    });

    expect(proof.before).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(proof.reports).toEqual(['server.ts:24 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ exitCode: 1, signal: null });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a listener that ended nothing drains and exits', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Drain what keeps the process alive, then exit.',
      files: {
        'server.ts': `
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('open'));

process.on('SIGTERM', () => {
  console.error('SIGTERM: the shop closes');
});

server.listen(0, '127.0.0.1', () => console.log('listening'));
`,
        'main.ts': `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const service = spawn(process.execPath, [fileURLToPath(new URL('./server.js', import.meta.url))], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const exited = once(service, 'exit');
await once(service.stdout, 'data');

service.kill('SIGTERM');
const deadline = setTimeout(() => service.kill('SIGKILL'), 1_500);
const [exitCode, signal] = (await exited) as unknown[];
clearTimeout(deadline);
console.log(JSON.stringify({ exitCode, signal }));
`,
      },
    });

    expect(proof.before).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(proof.reports).toEqual(['server.ts:6 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ exitCode: 0, signal: null });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('what a listener of `exit` cannot wait for is done before the exit', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Do it on SIGTERM, and exit when it is done.',
      files: {
        'audit.ts': AUDIT,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { flush, record } from './audit.js';

const server = createServer((request, response) => {
  record(request.url ?? '');
  response.end('paid');
});

process.on('exit', async () => {
  await flush();
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': AUDIT_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'paid', audit: '', exitCode: null });
    expect(proof.reports).toEqual(['server.ts:11 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'paid', audit: '/invoices/7', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an async function of the program is waited for', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'audit.ts': AUDIT,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { flush, record } from './audit.js';

const server = createServer((request, response) => {
  record(request.url ?? '');
  response.end('paid');
});

process.on('SIGTERM', async () => {
  await new Promise((resolve) => server.close(resolve));
  flush().catch((error: unknown) => console.error(error));
  process.exit(0);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': AUDIT_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'paid', audit: '', exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:14 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'paid', audit: '/invoices/7', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
