import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';

/** A service that takes its time to answer, and sees whether the asker is still there when it does. */
const UPSTREAM = `
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const seen = new EventEmitter();

const server = createServer((_request, response) => {
  const answer = setTimeout(() => {
    seen.emit('ended', 'went on');
    response.end('1200');
  }, 1_500);
  response.once('close', () => {
    clearTimeout(answer);
    seen.emit('ended', 'stopped');
  });
  seen.emit('asked');
});

export async function listen(each: Server = server): Promise<string> {
  each.listen(0, '127.0.0.1');
  await once(each, 'listening');
  return \`http://127.0.0.1:\${String((each.address() as AddressInfo).port)}\`;
}

/** A client asks for a price and leaves while the service is asked; what becomes of that question? */
export async function leaveWhileAsked(url: string): Promise<unknown> {
  const client = new AbortController();
  const asked = once(seen, 'asked');
  const ended = once(seen, 'ended');
  const answer = fetch(url, { signal: client.signal }).catch(() => undefined);
  await asked;
  client.abort();
  await answer;
  const [outcome] = (await ended) as unknown[];
  server.closeAllConnections();
  server.close();
  return outcome;
}
`;

describe('forward-abort-signal', { timeout: 120_000 }, () => {
  test('what a client has asked for stops when the client leaves', async () => {
    const proof = await prove({
      preset: 'strict',
      main: 'main.ts',
      files: {
        'upstream.ts': UPSTREAM,
        'prices.ts': `
export async function priceOf(order: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(order);
  signal.throwIfAborted();
  return response.text();
}
`,
        'server.ts': `
import { createServer, type Server } from 'node:http';
import { priceOf } from './prices.js';

export function serve(upstream: string): Server {
  return createServer((request, response) => {
    const left = new AbortController();
    response.once('close', () => left.abort());
    priceOf(\`\${upstream}\${request.url ?? ''}\`, left.signal).then(
      (price) => response.end(price),
      () => response.destroy(),
    );
  });
}
`,
        'main.ts': `
import { leaveWhileAsked, listen } from './upstream.js';
import { serve } from './server.js';

const shop = serve(await listen());
const url = await listen(shop);
console.log(JSON.stringify(await leaveWhileAsked(\`\${url}/order-1\`)));
shop.closeAllConnections();
shop.close();
`,
      },
    });

    expect(proof.before).toBe('went on');
    expect(ofThisRule(proof.reports)).toEqual(['prices.ts:3 concurrency/forward-abort-signal']);
    expect(proof.fixedSource['prices.ts']).toContain('await fetch(order, { signal });');
    expect(proof.after).toBe('stopped');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(ofThisRule(proof.reportsAfter)).toEqual([]);
  });

  test('a deadline of its own no longer keeps a call from its client', async () => {
    const proof = await prove({
      preset: 'strict',
      main: 'main.ts',
      files: {
        'upstream.ts': UPSTREAM,
        'server.ts': `
import Fastify, { type FastifyInstance } from 'fastify';

export function serve(upstream: string): FastifyInstance {
  const app = Fastify();
  app.get('/:order', async (request) => {
    const response = await fetch(\`\${upstream}\${request.url}\`, { signal: AbortSignal.timeout(20_000) });
    return response.text();
  });
  return app;
}
`,
        'main.ts': `
import { leaveWhileAsked, listen } from './upstream.js';
import { serve } from './server.js';

const app = serve(await listen());
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(JSON.stringify(await leaveWhileAsked(\`\${url}/order-1\`)));
await app.close();
`,
      },
    });

    expect(proof.before).toBe('went on');
    expect(ofThisRule(proof.reports)).toEqual(['server.ts:7 concurrency/forward-abort-signal']);
    expect(proof.fixedSource['server.ts']).toContain(
      'signal: AbortSignal.any([request.signal, AbortSignal.timeout(20_000)])',
    );
    expect(proof.after).toBe('stopped');
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(ofThisRule(proof.reportsAfter)).toEqual([]);
  });
});

/** The strict preset has other rules too. */
function ofThisRule(reports: readonly string[]): readonly string[] {
  return reports.filter((report) => report.endsWith(' concurrency/forward-abort-signal'));
}
