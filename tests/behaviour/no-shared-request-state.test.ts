import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-shared-request-state', { timeout: 120_000 }, () => {
  test('a customer gets no invoice of another one any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import { gate } from './gate.js';

let customer: string | undefined;

async function balanceOf(name: string | undefined): Promise<number> {
  await gate(name ?? 'nobody');
  return name?.length ?? 0;
}

export const server = createServer(async (request, response) => {
  customer = request.headers.from;
  const balance = await balanceOf(customer);
  response.end(\`\${customer ?? 'nobody'} owes \${balance}\`);
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const ask = async (from: string): Promise<string> =>
  (await fetch(\`http://127.0.0.1:\${port}/invoice\`, { headers: { from } })).text();
const mia = ask('mia');
await arrived('mia');
const jonas = ask('jonas');
await arrived('jonas');
await release('mia', 'jonas');
console.log(JSON.stringify([await mia, await jonas]));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['jonas owes 3', 'jonas owes 5']);
    expect(proof.reports).toEqual(['server.ts:13 concurrency/no-shared-request-state']);
    expect(proof.after).toEqual(['mia owes 3', 'jonas owes 5']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('several functions read the customer of their own request from an AsyncLocalStorage', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Keep `customer` in an `AsyncLocalStorage`.',
      files: {
        'server.ts': `
import { createServer } from 'node:http';
import { gate } from './gate.js';

let customer: string | undefined;

function greeting(): string {
  return \`Dear \${customer ?? 'customer'},\`;
}

function signature(): string {
  return \`sent to \${customer ?? 'nobody'}\`;
}

async function letter(): Promise<string> {
  const opening = greeting();
  await gate(opening);
  return \`\${opening} \${signature()}\`;
}

export const server = createServer(async (request, response) => {
  customer = request.headers.from;
  response.end(await letter());
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { arrived, release } from './gate.js';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const ask = async (from: string): Promise<string> =>
  (await fetch(\`http://127.0.0.1:\${port}/letter\`, { headers: { from } })).text();
const mia = ask('mia');
await arrived('Dear mia,');
const jonas = ask('jonas');
await arrived('Dear jonas,');
await release('Dear mia,', 'Dear jonas,');
console.log(JSON.stringify([await mia, await jonas]));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['Dear mia, sent to jonas', 'Dear jonas, sent to jonas']);
    expect(proof.reports).toEqual(['server.ts:22 concurrency/no-shared-request-state']);
    expect(proof.after).toEqual(['Dear mia, sent to mia', 'Dear jonas, sent to jonas']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a request that waits for the same event as another one does not get its user', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

const users = new AsyncLocalStorage<string>();
export const stock = new EventEmitter();

function page(): string {
  return \`orders of \${users.getStore() ?? 'nobody'}\`;
}

export const server = createServer((request, response) => {
  const user = request.headers.from;
  stock.once('ready', () => {
    if (user === undefined) {
      response.end(page());
      return;
    }
    users.enterWith(user);
    response.end(page());
  });
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { server, stock } from './server.js';

async function waiting(requests: number): Promise<void> {
  while (stock.listenerCount('ready') < requests) await new Promise((resolve) => setImmediate(resolve));
}

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const ask = async (headers: Record<string, string>): Promise<string> =>
  (await fetch(\`http://127.0.0.1:\${port}/orders\`, { headers })).text();
const mia = ask({ from: 'mia' });
await waiting(1);
const guest = ask({});
await waiting(2);
stock.emit('ready');
console.log(JSON.stringify([await mia, await guest]));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['orders of mia', 'orders of mia']);
    expect(proof.reports).toEqual(['server.ts:20 concurrency/no-shared-request-state']);
    expect(proof.after).toEqual(['orders of mia', 'orders of nobody']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  // From Node.js 24 on, a context ends with the event of the connection; before, the connection keeps it.
  test.runIf(Number.parseInt(process.versions.node, 10) < 24)(
    'the next request on a kept-alive connection does not get the user of the one before',
    async () => {
      const proof = await prove({
        main: 'main.ts',
        files: {
          'server.ts': `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';

const users = new AsyncLocalStorage<string>();

export const server = createServer((request, response) => {
  const user = request.headers.from;
  if (user !== undefined) users.enterWith(user);
  response.end(\`orders of \${users.getStore() ?? 'nobody'}\`);
});
`,
          'main.ts': `
import { Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { server } from './server.js';

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const ask = (headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ agent, headers, host: '127.0.0.1', port }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text)).on('error', reject);
    }).on('error', reject);
  });
console.log(JSON.stringify([await ask({ from: 'mia' }), await ask({})]));
agent.destroy();
server.close();
`,
        },
      });

      expect(proof.before).toEqual(['orders of mia', 'orders of mia']);
      expect(proof.reports).toEqual(['server.ts:9 concurrency/no-shared-request-state']);
      expect(proof.after).toEqual(['orders of mia', 'orders of nobody']);
      expect(proof.typeErrors).toEqual([]);
      expect(proof.secondPassChanged).toBe(false);
      expect(proof.reportsAfter).toEqual([]);
    },
  );
});
