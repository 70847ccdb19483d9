import { describe, expect, test } from 'vitest';
import { prove } from './harness.ts';
import { ORDER_CLIENT, ORDERS } from './order-client.ts';

describe('require-shutdown-drain on frameworks', { timeout: 120_000 }, () => {
  test('Express answers what is in flight before the process exits', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import express from 'express';
import type { AddressInfo } from 'node:net';
import { orderOf } from './orders.js';

const app = express();

app.get('/:id', async (req, res) => {
  res.send(await orderOf(req.params.id));
});

const server = app.listen(0, '127.0.0.1', () => {
  console.log((server.address() as AddressInfo).port);
});

process.on('SIGTERM', () => process.exit(0));
`,
        'main.ts': ORDER_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', exitCode: 0 });
    expect(proof.reports).toEqual(['server.ts:16 concurrency/require-shutdown-drain']);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });

  test('Fastify answers what is in flight before the process exits', async () => {
    const proof = await prove({
      main: 'main.ts',
      files: {
        'orders.ts': ORDERS,
        'server.ts': `
import fastify from 'fastify';
import { orderOf } from './orders.js';

const app = fastify();

app.get<{ Params: { id: string } }>('/:id', async (request) => await orderOf(request.params.id));

process.on('SIGINT', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(new URL(address).port);
`,
        'main.ts': ORDER_CLIENT,
      },
    });

    expect(proof.before).toEqual({ answer: 'ECONNRESET', exitCode: 0 });
    expect(proof.reports).toEqual([
      'server.ts:9 concurrency/require-shutdown-drain',
      'server.ts:10 concurrency/require-shutdown-drain',
    ]);
    expect(proof.after).toEqual({ answer: 'order 7: 3 rings', exitCode: 0 });
    expect(proof.typeErrors).toEqual([]);
    expect(proof.secondPassChanged).toBe(false);
    expect(proof.reportsAfter).toEqual([]);
  });
});
