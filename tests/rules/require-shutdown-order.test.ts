import rule from '../../src/rules/require-shutdown-order.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ closed before what uses it

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

  reports('a client that is closed before the worker, with its comments', {
    code: `
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
const redis = new Redis();
const worker = new Worker('mails', async (job) => { await redis.set('last', job.id ?? ''); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', async () => {
  // the counters
  await redis.quit(); // they are kept on disk
  await worker.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'early',
        on: 'redis.quit()',
        line: 8,
        message: '`redis` is closed before `worker` on line 9: jobs that still run then fail on it.',
      },
    ],
    output: `
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
const redis = new Redis();
const worker = new Worker('mails', async (job) => { await redis.set('last', job.id ?? ''); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', async () => {
  await worker.close();
  // the counters
  await redis.quit(); // they are kept on disk
  process.exit(0);
});`,
  });

  reports('a pool that is closed before two others', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { await pool.query('SELECT $1', [job.id]); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
async function stop(): Promise<void> {
  await pool.end();
  await app.close();
  await worker.close();
}
process.once('SIGTERM', () => void stop().finally(() => process.exit(0)));`,
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 10,
        message: '`pool` is closed before `app` on line 11: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { await pool.query('SELECT $1', [job.id]); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
async function stop(): Promise<void> {
  await app.close();
  await worker.close();
  await pool.end();
}
process.once('SIGTERM', () => void stop().finally(() => process.exit(0)));`,
  });

  reports('routines that are called in the wrong order', {
    code: `
import fastify from 'fastify';
import { closePool } from './database.ts';
const app = fastify();
await app.listen({ port: 3000 });
async function closeServer(): Promise<void> {
  await app.close();
}
async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  await closePool();
  await closeServer();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);`,
    files: {
      'database.ts': `
import pg from 'pg';
export const pool = new pg.Pool();
export async function closePool(): Promise<void> {
  await pool.end();
}
`,
    },
    errors: [
      {
        messageId: 'early',
        on: 'closePool()',
        line: 11,
        message: '`pool` is closed before `app` on line 12: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import fastify from 'fastify';
import { closePool } from './database.ts';
const app = fastify();
await app.listen({ port: 3000 });
async function closeServer(): Promise<void> {
  await app.close();
}
async function stop(): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  await closeServer();
  await closePool();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);`,
  });

  reports('methods of a class', {
    code: `
import http from 'node:http';
import pg from 'pg';
class Service {
  private readonly pool = new pg.Pool();
  private readonly server = http.createServer((_request, response) => response.end('ok'));
  start(): void {
    this.server.listen(3000);
    process.on('SIGTERM', this.stop);
  }
  private readonly stop = async (): Promise<void> => {
    await this.pool.end();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    process.exit(0);
  };
}
new Service().start();`,
    errors: [
      {
        messageId: 'early',
        on: 'this.pool.end()',
        line: 12,
        message:
          '`this.pool` is closed before `this.server` on line 13: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';
class Service {
  private readonly pool = new pg.Pool();
  private readonly server = http.createServer((_request, response) => response.end('ok'));
  start(): void {
    this.server.listen(3000);
    process.on('SIGTERM', this.stop);
  }
  private readonly stop = async (): Promise<void> => {
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    await this.pool.end();
    process.exit(0);
  };
}
new Service().start();`,
  });

  reports('a chain', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', () => {
  void pool
    .end()
    .then(() => app.close())
    .finally(() => process.exit(0));
});`,
    errors: [
      {
        messageId: 'early',
        on: 'pool…',
        line: 8,
        message: '`pool` is closed before `app` on line 8: requests that are still being answered then fail on it.',
      },
    ],
  });

  reports('a log line between them, which moves nothing by itself', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await pool.end();
  console.log('pool closed');
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 8,
        message: '`pool` is closed before `app` on line 10: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'later',
            output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  console.log('pool closed');
  await app.close();
  await pool.end();
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('an end in a try of its own', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await pool.end();
  } catch (error) {
    console.error(error);
  }
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 9,
        message: '`pool` is closed before `app` on line 13: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'later',
            output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  try {
    await pool.end();
  } catch (error) {
    console.error(error);
  }
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('an optional client', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
let redis: Redis | undefined;
const app = fastify();
app.addHook('onReady', async () => { redis = new Redis(); });
await app.listen({ port: 3000 });
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, async () => {
    await redis?.quit();
    await app.close();
    process.exit(0);
  });
}`,
    errors: [
      {
        messageId: 'early',
        on: 'redis?.quit()',
        line: 10,
        message: '`redis` is closed before `app` on line 11: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
let redis: Redis | undefined;
const app = fastify();
app.addHook('onReady', async () => { redis = new Redis(); });
await app.listen({ port: 3000 });
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, async () => {
    await app.close();
    await redis?.quit();
    process.exit(0);
  });
}`,
  });

  reports('what is given to a package', {
    code: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
closeWithGrace({ delay: 5_000 }, async () => {
  await pool.end();
  await app.close();
});`,
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 9,
        message: '`pool` is closed before `app` on line 10: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
closeWithGrace({ delay: 5_000 }, async () => {
  await app.close();
  await pool.end();
});`,
  });

  reports('CommonJS', {
    code: `
const { createServer } = require('node:http');
const { Pool } = require('pg');
const pool = new Pool();
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
async function stop() {
  await pool.end();
  await new Promise((resolve) => server.close(resolve));
  process.exit(0);
}
process.on('SIGTERM', stop);`,
    filename: 'service.cjs',
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 8,
        message: '`pool` is closed before `server` on line 9: requests that are still being answered then fail on it.',
      },
    ],
    output: `
const { createServer } = require('node:http');
const { Pool } = require('pg');
const pool = new Pool();
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
async function stop() {
  await new Promise((resolve) => server.close(resolve));
  await pool.end();
  process.exit(0);
}
process.on('SIGTERM', stop);`,
  });

  reports('a module without semicolons', {
    code: `
import fastify from 'fastify'
import pg from 'pg'
const pool = new pg.Pool()
const app = fastify()
await app.listen({ port: 3000 })
process.on('SIGTERM', async () => {
  await pool.end()
  await app.close()
  process.exit(0)
})`,
    filename: 'service.mjs',
    errors: [
      {
        messageId: 'early',
        on: 'pool.end()',
        line: 8,
        message: '`pool` is closed before `app` on line 9: requests that are still being answered then fail on it.',
      },
    ],
    output: `
import fastify from 'fastify'
import pg from 'pg'
const pool = new pg.Pool()
const app = fastify()
await app.listen({ port: 3000 })
process.on('SIGTERM', async () => {
  await app.close()
  await pool.end()
  process.exit(0)
})`,
  });

  reports('telemetry that is shut down before the server', {
    code: `
import fastify from 'fastify';
import * as Sentry from '@sentry/node';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Sentry.close(2_000);
  await app.close();
  process.exit(0);
});`,
    files: {
      'node_modules/@sentry/node/package.json': `
{ "name": "@sentry/node", "version": "10.0.0", "types": "index.d.ts", "main": "index.js" }
`,
      'node_modules/@sentry/node/index.d.ts': `
export declare function flush(timeout?: number): Promise<boolean>;
export declare function close(timeout?: number): Promise<boolean>;
`,
    },
    errors: [
      {
        messageId: 'earlyFlush',
        on: 'Sentry.close(2_000)',
        line: 7,
        message:
          '`Sentry` is flushed before `app` on line 8 has ended: what requests that are still being answered report is lost.',
      },
    ],
    output: `
import fastify from 'fastify';
import * as Sentry from '@sentry/node';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await Sentry.close(2_000);
  process.exit(0);
});`,
  });

  // ------------------------------------------------------------------ both at once

  reports('a join of a server and its pool', {
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

  reports('a join that waits for all of them', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([
    app.close(),
    redis.quit(),
    pool.end(),
  ]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'redis.quit()',
        line: 12,
        message:
          '`redis` is closed while `app` on line 11 still drains: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([
    app.close(),
    pool.end(),
  ]);
  await Promise.allSettled([redis.quit()]);
  process.exit(0);
});`,
          },
        ],
      },
      {
        messageId: 'parallel',
        on: 'pool.end()',
        line: 13,
        message:
          '`pool` is closed while `app` on line 11 still drains: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([
    app.close(),
    redis.quit(),
  ]);
  await Promise.allSettled([pool.end()]);
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('a pool that comes first in the list', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([pool.end(), app.close()]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'pool.end()',
        line: 8,
        message:
          '`pool` is closed while `app` on line 8 still drains: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([app.close()]);
  await Promise.allSettled([pool.end()]);
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('routines that are joined', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
const closeServer = async (): Promise<void> => { await app.close(); };
const closePool = async (): Promise<void> => { await pool.end(); };
process.on('SIGTERM', async () => {
  await Promise.all([closeServer(), closePool()]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'closePool()',
        line: 10,
        message:
          '`pool` is closed while `app` on line 10 still drains: requests that are still being answered then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
const closeServer = async (): Promise<void> => { await app.close(); };
const closePool = async (): Promise<void> => { await pool.end(); };
process.on('SIGTERM', async () => {
  await closeServer();
  await closePool();
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('a wait that comes later', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  const closed = app.close();
  await pool.end();
  await closed;
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'pool.end()',
        line: 9,
        message:
          '`pool` is closed while `app` on line 8 still drains: requests that are still being answered then fail on it.',
      },
    ],
  });

  // ------------------------------------------------------------------ joins that give up

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
  try {
    await app.close();
    await Promise.all([redis.quit(), pool.end()]);
  } finally {
    process.exit(0);
  }
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([redis.quit(), pool.end()])',
        line: 12,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 14 is skipped, or cuts them off.',
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
  try {
    await app.close();
    await Promise.allSettled([redis.quit(), pool.end()]);
  } finally {
    process.exit(0);
  }
});`,
  });

  reports('a join whose failure is caught and ends the process', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await app.close();
    await Promise.all([redis.quit(), pool.end()]);
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([redis.quit(), pool.end()])',
        line: 12,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 13 is skipped, or cuts them off.',
        suggestions: [
          {
            messageId: 'settle',
            output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await app.close();
    await Promise.allSettled([redis.quit(), pool.end()]);
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});`,
          },
        ],
      },
    ],
  });

  reports('a list of workers', {
    code: `
import { Worker } from 'bullmq';
const connection = { host: 'localhost' };
const workers = ['mails', 'invoices'].map((name) => new Worker(name, async (job) => { console.log(job.id); }, { connection }));
process.on('SIGTERM', async () => {
  try {
    await Promise.all(workers.map((worker) => worker.close()));
  } finally {
    process.exit(0);
  }
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all(workers.map((worker) => worker.close()))',
        line: 7,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 9 is skipped, or cuts them off.',
      },
    ],
    output: `
import { Worker } from 'bullmq';
const connection = { host: 'localhost' };
const workers = ['mails', 'invoices'].map((name) => new Worker(name, async (job) => { console.log(job.id); }, { connection }));
process.on('SIGTERM', async () => {
  try {
    await Promise.allSettled(workers.map((worker) => worker.close()));
  } finally {
    process.exit(0);
  }
});`,
  });

  reports('a join in a routine of its own', {
    code: `
import { Queue, Worker } from 'bullmq';
import { createServer } from 'node:http';
const connection = { host: 'localhost' };
const mails = new Queue('mails', { connection });
const invoices = new Queue('invoices', { connection });
export const worker = new Worker('mails', async (job) => { await invoices.add('paid', job.data); }, { connection });
createServer((_request, response) => response.end('ok')).listen(3000);
async function closeQueues(): Promise<void> {
  await Promise.all([mails.close(), invoices.close()]);
}
process.on('SIGTERM', async () => {
  await worker.close().catch(console.error);
  await closeQueues().finally(() => process.exit(0));
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([mails.close(), invoices.close()])',
        line: 10,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 14 is skipped, or cuts them off.',
      },
    ],
    output: `
import { Queue, Worker } from 'bullmq';
import { createServer } from 'node:http';
const connection = { host: 'localhost' };
const mails = new Queue('mails', { connection });
const invoices = new Queue('invoices', { connection });
export const worker = new Worker('mails', async (job) => { await invoices.add('paid', job.data); }, { connection });
createServer((_request, response) => response.end('ok')).listen(3000);
async function closeQueues(): Promise<void> {
  await Promise.allSettled([mails.close(), invoices.close()]);
}
process.on('SIGTERM', async () => {
  await worker.close().catch(console.error);
  await closeQueues().finally(() => process.exit(0));
});`,
  });

  // ------------------------------------------------------------------ hooks

  reports('a pool that is closed while Nest still answers', {
    code: `
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { createServer } from 'node:http';
import pg from 'pg';
@Injectable()
export class Database implements OnModuleDestroy {
  private readonly pool = new pg.Pool();
  async onModuleDestroy(): Promise<void> {
    await this.pool.end();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
    errors: [
      {
        messageId: 'hook',
        on: 'this.pool.end()',
        line: 9,
        message:
          '`this.pool` is closed in `onModuleDestroy`, which runs while the server still answers: requests on their way then fail on it.',
        suggestions: [
          {
            messageId: 'hookLater',
            output: `
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createServer } from 'node:http';
import pg from 'pg';
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly pool = new pg.Pool();
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
          },
        ],
      },
    ],
  });

  reports('a client in the hook before the shutdown of the application', {
    code: `
import { BeforeApplicationShutdown, Injectable, OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { createServer } from 'node:http';
@Injectable()
export class Sessions implements OnModuleInit, BeforeApplicationShutdown {
  private client?: Redis;
  onModuleInit(): void {
    this.client = new Redis();
  }
  async beforeApplicationShutdown(signal?: string): Promise<void> {
    console.log(signal);
    await this.client?.quit();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
    errors: [
      {
        messageId: 'hook',
        on: 'this.client?.quit()',
        line: 13,
        message:
          '`this.client` is closed in `beforeApplicationShutdown`, which runs while the server still answers: requests on their way then fail on it.',
        suggestions: [
          {
            messageId: 'hookLater',
            output: `
import { OnApplicationShutdown, Injectable, OnModuleInit } from '@nestjs/common';
import { Redis } from 'ioredis';
import { createServer } from 'node:http';
@Injectable()
export class Sessions implements OnModuleInit, OnApplicationShutdown {
  private client?: Redis;
  onModuleInit(): void {
    this.client = new Redis();
  }
  async onApplicationShutdown(signal?: string): Promise<void> {
    console.log(signal);
    await this.client?.quit();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
          },
        ],
      },
    ],
  });

  // ------------------------------------------------------------------ nothing closes it

  reports('a worker that no listener ends', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
worker.on('failed', (job) => console.error(job?.id));
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'forgotten',
        on: "process.on('SIGTERM', async () => {…",
        line: 8,
        message:
          'Nothing closes `worker` (line 5) before this listener ends the process, although it closes `app`: its jobs are cut off.',
        suggestions: [
          {
            messageId: 'close',
            output: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
worker.on('failed', (job) => console.error(job?.id));
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await worker.close();
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('a worker of another file, and names it once', {
    code: `
import fastify from 'fastify';
import './jobs.ts';
const app = fastify();
await app.listen({ port: 3000 });
async function stop(): Promise<void> {
  await app.close();
  process.exit(0);
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);`,
    files: {
      'jobs.ts': `
import { Worker } from 'bullmq';
const mails = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
mails.on('failed', (job) => console.error(job?.id));
`,
    },
    errors: [
      {
        messageId: 'forgotten',
        on: "process.on('SIGTERM', stop)",
        line: 10,
        message:
          'Nothing closes `mails` (line 3 of jobs.ts) before this listener ends the process, although it closes `app`: its jobs are cut off.',
      },
    ],
  });

  stays('silent for a server that nothing drains, which is told of the exit', {
    code: `
import { Worker } from 'bullmq';
import './server.ts';
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});`,
    files: {
      'server.ts': `
import fastify from 'fastify';
const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 3000 });
`,
    },
  });

  // ------------------------------------------------------------------ right as it is

  stays('silent in the right order', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  await Promise.allSettled([pool.end(), redis.quit()]);
  process.exit(0);
});`,
  });

  stays('silent when the pool is closed in the callback of the server', {
    code: `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => {
    void pool.end().finally(() => process.exit(0));
  });
});`,
  });

  stays('silent when nobody waits for the server', {
    code: `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', async () => {
  await pool.end();
  server.close();
  process.exit(0);
});`,
  });

  stays('silent when nobody waits for the pool', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  void pool.end();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for servers and workers at once', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([app.close(), worker.close()]);
  process.exit(0);
});`,
  });

  stays('silent for a worker before its server', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await worker.close();
  await app.close();
  await pool.end();
  process.exit(0);
});`,
  });

  stays('silent for a server of metrics that is closed last', {
    code: `
import fastify from 'fastify';
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const metrics = createServer((_request, response) => response.end('up 1'));
await app.listen({ port: 3000 });
metrics.listen(9464);
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  await new Promise((resolve) => metrics.close(resolve));
  process.exit(0);
});`,
  });

  stays('silent for a second server after the pool', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const status = fastify();
await app.listen({ port: 3000 });
await status.listen({ port: 3001 });
process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
  await status.close();
  process.exit(0);
});`,
  });

  stays('silent for what opens again at its next use', {
    code: `
import { createServer } from 'node:http';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaClient } from '@prisma/client';
@Injectable()
export class Database extends PrismaClient implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    await this.$disconnect();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
    files: {
      'node_modules/@prisma/client/package.json': `
{ "name": "@prisma/client", "version": "6.0.0", "types": "index.d.ts", "main": "index.js" }
`,
      'node_modules/@prisma/client/index.d.ts': `
export declare class PrismaClient {
  $connect(): Promise<void>;
  $disconnect(): Promise<void>;
}
`,
    },
  });

  stays('silent for a pool in the hook that runs last', {
    code: `
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createServer } from 'node:http';
import pg from 'pg';
@Injectable()
export class Database implements OnApplicationShutdown {
  private readonly pool = new pg.Pool();
  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
createServer((_request, response) => response.end('ok')).listen(3000);`,
  });

  stays('silent for a worker that ends in the first hook', {
    code: `
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'bullmq';
@Injectable()
export class Mails implements OnModuleDestroy {
  private readonly worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}`,
  });

  stays('silent for a join whose parts take care of themselves', {
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
  await Promise.all([redis.quit().catch(console.error), pool.end().catch(console.error)]);
  process.exit(0);
});`,
  });

  stays('silent for routines that catch what fails in them', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
async function closeRedis(): Promise<void> {
  try {
    await redis.quit();
  } catch (error) {
    console.error(error);
  }
}
async function closePool(): Promise<void> {
  try {
    await pool.end();
  } catch (error) {
    console.error(error);
  }
}
process.on('SIGTERM', async () => {
  await app.close();
  await Promise.all([closeRedis(), closePool()]);
  process.exit(0);
});`,
  });

  stays('silent for a join before an exit that any failure skips, which is told there', {
    code: `
import { Redis } from 'ioredis';
import fastify from 'fastify';
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
  });

  reports('a join before another drain', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { await pool.query('SELECT $1', [job.id]); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.all([app.close(), worker.close()]);
  await pool.end();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([app.close(), worker.close()])',
        line: 10,
        message: 'When one of these fails, nothing waits for the others: `pool.end()` on line 11 is skipped.',
      },
    ],
    output: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { await pool.query('SELECT $1', [job.id]); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.allSettled([app.close(), worker.close()]);
  await pool.end();
  process.exit(0);
});`,
  });

  stays('silent for a join of one', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.all([app.close()]);
  process.exit(0);
});`,
  });

  stays('silent for a join after which nothing comes', {
    code: `
import { Redis } from 'ioredis';
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(async () => {
    await Promise.all([redis.quit(), pool.end()]);
  });
});`,
  });

  stays('silent for a script', {
    code: `
import { Redis } from 'ioredis';
import pg from 'pg';
const pool = new pg.Pool();
const redis = new Redis();
process.on('SIGINT', async () => {
  await Promise.all([redis.quit(), pool.end()]);
  process.exit(130);
});
await pool.query('DELETE FROM sessions');`,
  });

  stays('silent in a test', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await pool.end();
  await app.close();
  process.exit(0);
});`,
    filename: 'orders.test.ts',
  });

  stays('silent in a command', {
    code: `
import { Command } from 'commander';
import fastify from 'fastify';
import pg from 'pg';
new Command('orders').parse();
const pool = new pg.Pool();
const app = fastify();
process.on('SIGTERM', async () => {
  await pool.end();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for a loop over closers', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
const closers = [() => app.close(), () => pool.end()];
process.on('SIGTERM', async () => {
  for (const close of closers) await close();
  process.exit(0);
});`,
  });

  stays('silent for a worker that is handed on', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import { track } from './closers.ts';
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
track(worker);
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    files: {
      'closers.ts': `
const tracked: unknown[] = [];
export function track(thing: unknown): void {
  tracked.push(thing);
}
`,
    },
  });

  stays('silent for a worker that another listener ends', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
const app = fastify();
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
app.addHook('onClose', async () => {
  await worker.close();
});
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for a worker that ends with the process alone', {
    code: `
import { Worker } from 'bullmq';
export const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', () => {
  process.exit(0);
});`,
  });

  stays('silent for a server that was never started', {
    code: `
import { createServer } from 'node:http';
import fastify from 'fastify';
const app = fastify();
export const spare = createServer((_request, response) => response.end('ok'));
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for a flush that comes again at the end', {
    code: `
import fastify from 'fastify';
import * as Sentry from '@sentry/node';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Sentry.flush(1_000);
  await app.close();
  await Sentry.close(2_000);
  process.exit(0);
});`,
    files: {
      'node_modules/@sentry/node/package.json': `
{ "name": "@sentry/node", "version": "10.0.0", "types": "index.d.ts", "main": "index.js" }
`,
      'node_modules/@sentry/node/index.d.ts': `
export declare function flush(timeout?: number): Promise<boolean>;
export declare function close(timeout?: number): Promise<boolean>;
`,
    },
  });

  stays('silent for a client that only listens', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
const subscriber = new Redis();
const app = fastify();
await subscriber.subscribe('orders');
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await subscriber.quit();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for one branch for each kind of process', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
const worker = new Worker('mails', async (job) => { await pool.query('SELECT $1', [job.id]); }, { connection: { host: 'localhost' } });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  if (process.env['ROLE'] === 'jobs') {
    await worker.close();
    await pool.end();
  } else {
    await app.close();
    await pool.end();
  }
  process.exit(0);
});`,
  });

  stays('silent for a pool that is opened again in a loop', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const apps = [fastify(), fastify()];
process.on('SIGTERM', async () => {
  for (const app of apps) {
    const pool = new pg.Pool();
    await app.close();
    await pool.query('SELECT 1');
    await pool.end();
  }
  process.exit(0);
});
for (const app of apps) await app.listen({ port: 0 });`,
  });

  stays('silent for streams and files', {
    code: `
import { createWriteStream } from 'node:fs';
import fastify from 'fastify';
const audit = createWriteStream('/var/log/orders.log');
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await new Promise<void>((resolve) => audit.end(() => resolve()));
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when the pool is closed in the end in any case', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const app = fastify();
const pool = new pg.Pool();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try { await app.close(); } catch (error) { console.error(error); } finally { await pool.end(); process.exit(0); }
});`,
  });

  stays('silent for listeners beside each other', {
    code: `
import fastify from 'fastify';
import './db.ts';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { await app.close(); });`,
    files: {
      'db.ts': `
import pg from 'pg';
export const pool = new pg.Pool();
process.on('SIGTERM', async () => { await pool.end(); });
`,
    },
  });

  stays('silent for objects that close in order', {
    code: `
import http from 'node:http';
import pg from 'pg';
class Db { readonly pool = new pg.Pool(); async close(): Promise<void> { await this.pool.end(); } }
class Web { readonly server = http.createServer(); constructor(private readonly db: Db) {} 
  listen(): void { this.server.listen(3000, () => console.log(this.db)); }
  async close(): Promise<void> { await new Promise((done) => this.server.close(done)); } }
const db = new Db();
const web = new Web(db);
web.listen();
process.on('SIGTERM', async () => { await web.close(); await db.close(); process.exit(0); });`,
  });

  reports('objects that close out of order', {
    code: `
import http from 'node:http';
import pg from 'pg';
class Db { readonly pool = new pg.Pool(); async close(): Promise<void> { await this.pool.end(); } }
class Web { readonly server = http.createServer(); constructor(private readonly db: Db) {} 
  listen(): void { this.server.listen(3000, () => console.log(this.db)); }
  async close(): Promise<void> { await new Promise((done) => this.server.close(done)); } }
const db = new Db();
const web = new Web(db);
web.listen();
process.on('SIGTERM', async () => { await db.close(); await web.close(); process.exit(0); });`,
    errors: [
      {
        messageId: 'early',
        on: 'db.close()',
        line: 11,
        message:
          '`this.pool` is closed before `this.server` on line 11: requests that are still being answered then fail on it.',
      },
    ],
  });

  reports('a pool beside the workers that use it', {
    code: `
import { Worker } from 'bullmq';
import pg from 'pg';
const pool = new pg.Pool();
const workers = ['a', 'b'].map((name) => new Worker(name, async () => { await pool.query('SELECT 1'); }, { connection: { host: 'localhost' } }));
process.on('SIGTERM', async () => {
  await Promise.all([...workers.map((worker) => worker.close()), pool.end()]);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'parallel',
        on: 'pool.end()',
        line: 7,
        message: '`pool` is closed while `worker` on line 7 still drains: jobs that still run then fail on it.',
        suggestions: [
          {
            messageId: 'split',
            output: `
import { Worker } from 'bullmq';
import pg from 'pg';
const pool = new pg.Pool();
const workers = ['a', 'b'].map((name) => new Worker(name, async () => { await pool.query('SELECT 1'); }, { connection: { host: 'localhost' } }));
process.on('SIGTERM', async () => {
  await Promise.allSettled([...workers.map((worker) => worker.close())]);
  await pool.end();
  process.exit(0);
});`,
          },
        ],
      },
    ],
  });

  reports('a join whose result is used', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';
const redis = new Redis();
const other = new Redis();
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await app.close();
    const [first] = await Promise.all([redis.quit(), other.quit()]);
    console.log(first);
  } finally {
    process.exit(0);
  }
});`,
    errors: [
      {
        messageId: 'fragile',
        on: 'Promise.all([redis.quit(), other.quit()])',
        line: 11,
        message:
          'When one of these fails, nothing waits for the others: `process.exit()` on line 14 is skipped, or cuts them off.',
      },
    ],
  });

  stays('silent for workers in an object', {
    code: `
import { Worker } from 'bullmq';
import fastify from 'fastify';
const app = fastify();
const jobs = { mails: new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } }) };
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { await app.close(); await jobs.mails.close(); process.exit(0); });`,
  });

  stays('silent for workers in a list of another file', {
    code: `
import fastify from 'fastify';
import { workers } from './jobs.ts';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { await app.close(); await Promise.allSettled(workers.map((w) => w.close())); process.exit(0); });`,
    files: {
      'jobs.ts': `
import { Worker } from 'bullmq';
const mails = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
export const workers = [mails];
`,
    },
  });

  stays('silent for sockets that the listener looks after', {
    code: `
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
const server = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server });
sockets.on('connection', (socket) => socket.send('hello'));
server.listen(3000);
process.on('SIGTERM', () => {
  for (const client of sockets.clients) client.terminate();
  server.close(() => process.exit(0));
});`,
  });

  stays('silent for a server that another one closes', {
    code: `
import { createServer } from 'node:http';
import { Server } from 'socket.io';
const server = createServer();
const io = new Server(server);
io.on('connection', (socket) => { socket.emit('hello'); });
server.listen(3000);
process.on('SIGTERM', async () => { await io.close(); process.exit(0); });`,
  });

  stays('silent for a worker that ends in the callback', {
    code: `
import express from 'express';
import { Worker } from 'bullmq';
const app = express();
const server = app.listen(3000);
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
async function stopWorker(): Promise<void> { await worker.close(); }
process.on('SIGTERM', () => { server.close(() => { void stopWorker().finally(() => process.exit(0)); }); });`,
  });
});
