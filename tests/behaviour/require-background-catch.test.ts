import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

/**
 * Starts `server.js` in a process of its own, with the address of a mail server that is not there, and pays twice. The second payment
 * is made when the first one's mail is known to have failed.
 */
const PAY_TWICE = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const gone = createServer().listen(0, '127.0.0.1');
await once(gone, 'listening');
const mail = \`http://127.0.0.1:\${(gone.address() as AddressInfo).port}\`;
gone.close();
await once(gone, 'close');

const file = fileURLToPath(new URL('./server.js', import.meta.url));
const child = spawn(process.execPath, [file], { env: { ...process.env, MAIL: mail }, stdio: 'pipe' });
const exited = once(child, 'exit');
const [port] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];

async function pay(order: string): Promise<number | string> {
  try {
    const response = await fetch(\`http://127.0.0.1:\${port.trim()}/\${order}\`, { method: 'POST' });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 'no answer';
  }
}

let errors = '';
const failed = new Promise<void>((resolve) => {
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
    if (errors.includes('fetch failed')) resolve();
  });
});
const first = await pay('order-1');
await failed;
const second = await pay('order-2');
if (second === 'no answer') await exited;
else child.kill();
console.log(JSON.stringify({ first, second, exitCode: child.exitCode }));
`;

describe('require-background-catch', { timeout: 120_000 }, () => {
  test('mail that fails ends no server any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'receipts.ts': `
export async function sendReceipt(order: string): Promise<void> {
  await fetch(\`\${process.env['MAIL'] ?? ''}/receipts/\${order}\`, { method: 'POST' });
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendReceipt } from './receipts.js';

const server = createServer((request, response) => {
  const order = (request.url ?? '').slice(1);
  response.writeHead(201).end();
  void sendReceipt(order);
});

server.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': PAY_TWICE,
      },
    });

    expect(proof.before).toEqual({ first: 201, second: 'no answer', exitCode: 1 });
    expect(proof.reports).toEqual(['server.ts:9 concurrency/require-background-catch']);
    expect(proof.after).toEqual({ first: 201, second: 201, exitCode: null });
    expect(proof.fixedSource['server.ts']).toContain('console.error(error)');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a listener that fails ends no Express server any more, and logs with the logger of the file', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'log.ts': `
export const log = {
  error(text: string, cause: unknown): void {
    process.stderr.write(\`\${text}: \${String(cause)}\\n\`);
  },
};
`,
        'mailer.ts': `
import { EventEmitter } from 'node:events';
import { log } from './log.js';

export const orders = new EventEmitter();

orders.on('paid', async (order: string) => {
  const answer = await fetch(\`\${process.env['MAIL'] ?? ''}/receipts/\${order}\`, { method: 'POST' });
  if (!answer.ok) log.error('refused', answer.status);
});
`,
        'server.ts': `
import type { AddressInfo } from 'node:net';
import express from 'express';
import { orders } from './mailer.js';

const app = express();

app.post('/:order', async (request, response) => {
  orders.emit('paid', request.params.order);
  response.status(201).end();
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});
`,
        'main.ts': PAY_TWICE,
      },
    });

    expect(proof.before).toEqual({ first: 201, second: 'no answer', exitCode: 1 });
    expect(proof.reports).toEqual(['mailer.ts:7 concurrency/require-background-catch']);
    expect(proof.after).toEqual({ first: 201, second: 201, exitCode: null });
    expect(proof.fixedSource['mailer.ts']).toContain("log.error('listener of paid failed', error);");
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a promise with an async executor settles when the executor fails', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'scales.ts': `
async function weigh(parcel: string): Promise<number> {
  await Promise.resolve();
  throw new Error(\`no weight for \${parcel}\`);
}

export function weightOf(parcel: string): Promise<number> {
  return new Promise(async (resolve) => {
    const grams = await weigh(parcel);
    setImmediate(() => resolve(grams));
  });
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { weightOf } from './scales.js';

export const server = createServer((request, response) => {
  weightOf((request.url ?? '').slice(1)).then(
    (grams) => response.end(String(grams)),
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { server } from './server.js';

const unheard = new Promise<void>((resolve) => process.once('unhandledRejection', () => resolve()));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;

async function ask(): Promise<string> {
  const response = await fetch(\`http://127.0.0.1:\${port}/parcel-7\`);
  return \`\${response.status} \${await response.text()}\`;
}

async function pending(): Promise<string> {
  await unheard;
  for (let count = 0; count < 50; count++) await turn();
  return 'no answer';
}

console.log(JSON.stringify(await Promise.race([ask().catch(String), pending()])));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toBe('no answer');
    expect(proof.reports).toEqual(['scales.ts:8 concurrency/require-background-catch']);
    expect(proof.after).toBe('500 no weight for parcel-7');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
