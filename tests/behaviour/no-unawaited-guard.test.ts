import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

describe('no-unawaited-guard', { timeout: 120_000 }, () => {
  test('a permission check of an Express server refuses the request again', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'shelves.ts': `
import { setImmediate as turn } from 'node:timers/promises';

export interface Shelf {
  readonly owner: string;
  title: string;
}

const rows = new Map<string, Shelf>([['7', { owner: 'ada', title: 'Engines' }]]);

export const shelves = {
  async find(id: string): Promise<Shelf> {
    await turn();
    const row = rows.get(id);
    if (row === undefined) throw new Error('no such shelf');
    return row;
  },
  async rename(id: string, title: string): Promise<void> {
    await turn();
    const row = rows.get(id);
    if (row !== undefined) row.title = title;
  },
};
`,
        'permissions.ts': `
import { shelves } from './shelves.js';

export class Forbidden extends Error {}

export async function assertOwner(id: string, user: string): Promise<void> {
  const shelf = await shelves.find(id);
  if (shelf.owner !== user) throw new Forbidden('not your shelf');
}
`,
        'server.ts': `
import express, { type NextFunction, type Request, type Response } from 'express';
import { assertOwner, Forbidden } from './permissions.js';
import { shelves } from './shelves.js';

export const app = express();

app.put('/shelves/:id', async (request: Request<{ id: string }>, response: Response) => {
  const { id } = request.params;
  assertOwner(id, request.get('x-user') ?? '');
  await shelves.rename(id, request.get('x-title') ?? '');
  response.json({ renamed: id });
});

app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
  if (!(error instanceof Forbidden)) {
    next(error);
    return;
  }
  response.status(403).json({ error: error.message });
});
`,
        'main.ts': `
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { app } from './server.js';
import { shelves } from './shelves.js';

let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled++;
});

const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

async function rename(user: string, title: string): Promise<number> {
  const response = await fetch(\`http://127.0.0.1:\${port}/shelves/7\`, {
    method: 'PUT',
    headers: { 'x-user': user, 'x-title': title },
  });
  await response.arrayBuffer();
  return response.status;
}

const stranger = await rename('mallory', 'Mine now');
const { title } = await shelves.find('7');
const owner = await rename('ada', 'Difference engines');
const renamed = (await shelves.find('7')).title;
console.log(JSON.stringify({ stranger, title, owner, renamed, unhandled }));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toEqual({
      stranger: 200,
      title: 'Mine now',
      owner: 200,
      renamed: 'Difference engines',
      unhandled: 1,
    });
    expect(proof.reports).toEqual(['server.ts:10 concurrency/no-unawaited-guard']);
    expect(proof.after).toEqual({
      stranger: 403,
      title: 'Engines',
      owner: 200,
      renamed: 'Difference engines',
      unhandled: 0,
    });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('the refusal of a quota no longer ends the process', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'quota.ts': `
import { setImmediate as turn } from 'node:timers/promises';

const used = new Map<string, number>();

async function usageOf(user: string): Promise<number> {
  await turn();
  return used.get(user) ?? 0;
}

async function book(user: string): Promise<void> {
  await turn();
  used.set(user, (used.get(user) ?? 0) + 1);
}

/** Rejects when the user has used up the quota; books one use otherwise. */
export async function checkQuota(user: string): Promise<void> {
  const uses = await usageOf(user);
  if (uses >= 2) throw new Error(\`quota of \${user} is used up\`);
  await book(user);
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { checkQuota } from './quota.js';

export const rendered: string[] = [];

async function render(user: string): Promise<void> {
  checkQuota(user);
  rendered.push(user);
}

export const server = createServer(async (request, response) => {
  try {
    await render((request.url ?? '').slice(1));
    response.writeHead(200).end();
  } catch {
    response.writeHead(429).end();
  }
});
`,
        'main.ts': `
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { rendered, server } from './server.js';

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const statuses: number[] = [];
for (let turn = 0; turn < 4; turn++) {
  const response = await fetch(\`http://127.0.0.1:\${port}/ada\`);
  await response.arrayBuffer();
  statuses.push(response.status);
}
console.log(JSON.stringify({ statuses, rendered: rendered.length }));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toMatchObject({ failed: 1 });
    expect(JSON.stringify(proof.before)).toContain('quota of ada is used up');
    expect(proof.reports).toEqual(['server.ts:8 concurrency/no-unawaited-guard']);
    expect(proof.after).toEqual({ statuses: [200, 200, 429, 429], rendered: 2 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('an initialiser is done before what it fills is read', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'rates.ts': `
import { readFile } from 'node:fs/promises';

let rates: ReadonlyMap<string, number> | undefined;

async function loadRates(): Promise<void> {
  const file = await readFile(new URL(import.meta.url), 'utf8');
  rates = new Map([['EUR', 1], ['bytes', file.length]]);
}

export async function rateOf(currency: string): Promise<number> {
  if (rates === undefined) loadRates();
  return rates!.get(currency) ?? 0;
}
`,
        'server.ts': `
import { createServer } from 'node:http';
import { rateOf } from './rates.js';

export const server = createServer(async (request, response) => {
  try {
    response.end(String(await rateOf((request.url ?? '').slice(1))));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
});
`,
        'main.ts': `
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { server } from './server.js';

server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const response = await fetch(\`http://127.0.0.1:\${port}/EUR\`);
console.log(JSON.stringify({ status: response.status, text: await response.text() }));
server.closeAllConnections();
server.close();
`,
      },
    });

    expect(proof.before).toMatchObject({ status: 500 });
    expect(JSON.stringify(proof.before)).toContain('TypeError');
    expect(proof.reports).toEqual(['rates.ts:12 concurrency/no-unawaited-guard']);
    expect(proof.after).toEqual({ status: 200, text: '1' });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
