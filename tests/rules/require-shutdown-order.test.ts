import rule from '../../src/rules/require-shutdown-order.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ too early

  reports('a pool that is closed before the server', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await pool.end();
    await app.close();
  } finally {
    process.exit(0);
  }
});`,
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 10,
        message: '`pool` is closed before `app` on line 11: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await app.close();
    await pool.end();
  } finally {
    process.exit(0);
  }
});`,
  });

  reports('both at once', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.all([app.close(), pool.end()]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'pool.end()',
        line: 9,
        message:
          '`pool` is closed while `app` on line 9 still drains: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('a join that one failure ends', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await Promise.all([redis.quit(), pool.end()]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([redis.quit(), pool.end()])',
        line: 11,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 12 is skipped, or cuts them off.',
      },
    ],
    output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await Promise.allSettled([redis.quit(), pool.end()]);
  process.exit(0);
});`,
  });

  stays('silent in the right order', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  process.exit(0);
});`,
  });
});
