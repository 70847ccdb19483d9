import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-floating-request-context', { timeout: 120_000 }, () => {
  test('an audit entry of one user no longer names the next user on the same connection', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import type { Socket } from 'node:net';
import express from 'express';
import { gate } from './gate.js';

interface SessionSocket extends Socket {
  user?: string;
}

export const audit: string[] = [];
export const app = express();

app.delete('/orders/:id', (req, res) => {
  const session: SessionSocket = req.socket;
  session.user = req.get('x-user') ?? 'nobody';
  void (async () => {
    await gate(req.params.id);
    audit.push(\`\${session.user ?? 'nobody'} removed \${req.params.id}\`);
  })();
  res.json({ accepted: true });
});
`,
        'main.ts': `
import { Agent, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { app, audit } from './server.js';
import { arrived, release } from './gate.js';

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

async function remove(order: string, user: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    request({ agent, port, host: '127.0.0.1', method: 'DELETE', path: \`/orders/\${order}\`, headers: { 'x-user': user } })
      .once('response', (response) => response.resume().once('error', reject).once('end', resolve))
      .once('error', reject)
      .end();
  });
}

await remove('order-1', 'mia');
await remove('order-2', 'noah');
await arrived('order-1', 'order-2');
await release('order-1', 'order-2');
console.log(JSON.stringify(audit));
agent.destroy();
server.close();
`,
      },
    });

    expect(proof.before).toEqual(['noah removed order-1', 'noah removed order-2']);
    expect(proof.reports).toEqual(['server.ts:16 concurrency/no-floating-request-context']);
    expect(proof.after).toEqual(['mia removed order-1', 'noah removed order-2']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an address is read while the client is still there', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'server.ts': `
import express, { type Request } from 'express';
import { gate } from './gate.js';

export const visits: unknown[] = [];
export const app = express();

async function record(req: Request): Promise<void> {
  await gate('store');
  visits.push({ ip: req.ip ?? 'unknown', page: req.params['page'] });
}

app.get('/pages/:page', (req, res) => {
  void record(req);
  res.send('page');
});
`,
        'main.ts': `
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { app, visits } from './server.js';
import { arrived, release } from './gate.js';

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const gone = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
get({ port, host: '127.0.0.1', path: '/pages/prices', agent: false }, (response) => response.resume());
await arrived('store');
await gone;
await release('store');
console.log(JSON.stringify(visits));
server.close();
`,
      },
    });

    expect(proof.before).toEqual([{ ip: 'unknown', page: 'prices' }]);
    expect(proof.reports).toEqual(['server.ts:14 concurrency/no-floating-request-context']);
    expect(proof.after).toEqual([{ ip: '127.0.0.1', page: 'prices' }]);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a header that comes after the response does not end the server any more', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Wait for the task before the response is sent.',
      files: {
        'server.ts': `
import express, { type Response } from 'express';
import { gate } from './gate.js';

export const app = express();

async function flag(res: Response): Promise<void> {
  await gate('flags');
  res.setHeader('x-flag', 'beta');
}

app.get('/orders', async (_req, res) => {
  void flag(res);
  res.json([]);
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { app } from './server.js';
import { arrived, release } from './gate.js';

const server = app.listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const answer = fetch(\`http://127.0.0.1:\${port}/orders\`);
await arrived('flags');
await release('flags');
console.log(JSON.stringify((await answer).headers.get('x-flag')));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toMatchObject({
      failed: 1,
      errors: expect.stringContaining('ERR_HTTP_HEADERS_SENT') as string,
    });
    expect(proof.reports).toContain('server.ts:13 concurrency/no-floating-request-context');
    expect(proof.after).toBe('beta');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a body that Hono gets is read before the response', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Wait for the task before the response is sent.',
      files: {
        'server.ts': `
import { Hono } from 'hono';
import { gate } from './gate.js';

export const imported: string[] = [];
export const app = new Hono();

app.post('/imports', async (c) => {
  void gate('store')
    .then(async () => {
      imported.push(await c.req.text());
    })
    .catch((error: unknown) => {
      imported.push(\`lost: \${error instanceof Error ? error.message : 'unknown'}\`);
    });
  return c.text('accepted', 202);
});
`,
        'main.ts': `
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { app, imported } from './server.js';
import { arrived, release } from './gate.js';

const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
await new Promise((resolve) => server.once('listening', resolve));
const { port } = server.address() as AddressInfo;
const answer = fetch(\`http://127.0.0.1:\${port}/imports\`, { method: 'POST', body: 'order-1;order-2' });
await arrived('store');
await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 200))]);
await release('store');
await (await answer).text();
console.log(JSON.stringify(imported));
server.close();
`,
      },
    });

    expect(proof.before).toEqual([expect.stringMatching(/^lost: Body is unusable/)]);
    expect(proof.reports).toEqual(['server.ts:9 concurrency/no-floating-request-context']);
    expect(proof.after).toEqual(['order-1;order-2']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('a webhook is delivered although its request is over', async () => {
    const proof = await prove({
      main: 'main.ts',
      suggestion: 'Bound the task by a time of its own.',
      files: {
        'server.ts': `
import Fastify from 'fastify';
import { gate } from './gate.js';

export const delivered: string[] = [];
export const app = Fastify();

async function deliver(order: string, signal: AbortSignal): Promise<void> {
  await gate('hook');
  delivered.push(signal.aborted ? \`\${order} was aborted\` : order);
}

app.post('/orders/:id', async (request) => {
  const { id } = request.params as { readonly id: string };
  void deliver(id, request.signal);
  return { accepted: true };
});
`,
        'main.ts': `
import { app, delivered } from './server.js';
import { arrived, release } from './gate.js';

const address = await app.listen({ port: 0, host: '127.0.0.1' });
await (await fetch(\`\${address}/orders/order-1\`, { method: 'POST' })).text();
await arrived('hook');
await release('hook');
console.log(JSON.stringify(delivered));
await app.close();
`,
      },
    });

    expect(proof.before).toEqual(['order-1 was aborted']);
    expect(proof.reports).toEqual(['server.ts:15 concurrency/no-floating-request-context']);
    expect(proof.after).toEqual(['order-1']);
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
