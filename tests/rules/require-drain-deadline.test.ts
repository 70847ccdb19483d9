import rule from '../../src/rules/require-drain-deadline.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ waits that nothing bounds

  reports('a server whose close ends the process in its callback', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => {
    process.exit(0);
  });
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.close(() => {…',
        line: 6,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close(() => {
    process.exit(0);
  });
});`,
  });

  reports('a pool in a routine that two listeners run', {
    code: `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
http.createServer((_request, response) => response.end('ok')).listen(3000);
async function stop(signal: string): Promise<void> {
  console.log(signal);
  await pool.end();
  process.exit(0);
}
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));`,
    errors: [
      {
        messageId: 'endless',
        on: 'pool.end()',
        line: 8,
        message:
          'Nothing bounds this wait for `pool.end()`: one connection in use holds the process until it is killed, and `process.exit()` on line 9 never runs.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
http.createServer((_request, response) => response.end('ok')).listen(3000);
async function stop(signal: string): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  console.log(signal);
  await pool.end();
  process.exit(0);
}
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));`,
  });

  reports('the first of several drains', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.once('SIGTERM', async () => {
  try {
    await app.close();
    await pool.end();
  } finally {
    process.exit(0);
  }
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 9,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `pool.end()` on line 10 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close();
    await pool.end();
  } finally {
    process.exit(0);
  }
});`,
  });

  reports('a routine that is the listener itself', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
const shutdown = async (): Promise<void> => {
  await app.close();
  process.exit(0);
};
process.on('SIGTERM', shutdown);
process.on('SIGINT', shutdown);`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 6,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
const shutdown = async (): Promise<void> => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
};
process.on('SIGTERM', shutdown);
process.on('SIGINT', shutdown);`,
  });

  reports('an arrow whose body is the call', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', () => app.close().then(() => process.exit(0)));`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 5,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 5 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return app.close().then(() => process.exit(0));
});`,
  });

  reports('a loop over signals', {
    code: `
import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
    process.exitCode = 0;
  });
}`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.close((error) => (error ? reject(error) : resolve()))',
        line: 8,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed.',
      },
    ],
    output: `
import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    setTimeout(() => process.exit(1), 10_000).unref();
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
    process.exitCode = 0;
  });
}`,
  });

  reports('a worker of a queue whose close waits for its jobs', {
    code: `
import { Worker } from 'bullmq';
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', async () => {
  await worker.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'worker.close()',
        line: 5,
        message:
          'Nothing bounds this wait for `worker.close()`: one stuck job holds the process until it is killed, and `process.exit()` on line 6 never runs.',
      },
    ],
    output: `
import { Worker } from 'bullmq';
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await worker.close();
  process.exit(0);
});`,
  });

  reports('a method of a class', {
    code: `
import http from 'node:http';
class Service {
  readonly #server = http.createServer((_request, response) => response.end('ok'));
  start(): void {
    this.#server.listen(3000);
    process.on('SIGTERM', () => { void this.stop(); });
  }
  private async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    process.exit(0);
  }
}
new Service().start();`,
    errors: [
      {
        messageId: 'endless',
        on: 'this.#server.close(resolve)',
        line: 10,
        message:
          'Nothing bounds this wait for `this.#server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 11 never runs.',
      },
    ],
    output: `
import http from 'node:http';
class Service {
  readonly #server = http.createServer((_request, response) => response.end('ok'));
  start(): void {
    this.#server.listen(3000);
    process.on('SIGTERM', () => { setTimeout(() => process.exit(1), 10_000).unref(); void this.stop(); });
  }
  private async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
    process.exit(0);
  }
}
new Service().start();`,
  });

  reports('an arrow field', {
    code: `
import pg from 'pg';
import { createServer } from 'node:http';
class Service {
  private readonly pool = new pg.Pool();
  start(): void {
    createServer((_request, response) => response.end('ok')).listen(3000);
    process.on('SIGTERM', this.stop);
  }
  private readonly stop = async (): Promise<void> => {
    await this.pool.end();
    process.exit(0);
  };
}
new Service().start();`,
    errors: [
      {
        messageId: 'endless',
        on: 'this.pool.end()',
        line: 11,
        message:
          'Nothing bounds this wait for `this.pool.end()`: one connection in use holds the process until it is killed, and `process.exit()` on line 12 never runs.',
      },
    ],
    output: `
import pg from 'pg';
import { createServer } from 'node:http';
class Service {
  private readonly pool = new pg.Pool();
  start(): void {
    createServer((_request, response) => response.end('ok')).listen(3000);
    process.on('SIGTERM', this.stop);
  }
  private readonly stop = async (): Promise<void> => {
    setTimeout(() => process.exit(1), 10_000).unref();
    await this.pool.end();
    process.exit(0);
  };
}
new Service().start();`,
  });

  reports('a bound method', {
    code: `
import pg from 'pg';
import { createServer } from 'node:http';
class Service {
  private readonly pool = new pg.Pool();
  start(): void {
    createServer((_request, response) => response.end('ok')).listen(3000);
    process.on('SIGINT', this.stop.bind(this));
  }
  private async stop(): Promise<void> {
    await this.pool.end();
    process.exit(0);
  }
}
new Service().start();`,
    errors: [
      {
        messageId: 'endless',
        on: 'this.pool.end()',
        line: 11,
        message:
          'Nothing bounds this wait for `this.pool.end()`: one connection in use holds the process until it is killed, and `process.exit()` on line 12 never runs.',
      },
    ],
    output: `
import pg from 'pg';
import { createServer } from 'node:http';
class Service {
  private readonly pool = new pg.Pool();
  start(): void {
    createServer((_request, response) => response.end('ok')).listen(3000);
    process.on('SIGINT', this.stop.bind(this));
  }
  private async stop(): Promise<void> {
    setTimeout(() => process.exit(1), 10_000).unref();
    await this.pool.end();
    process.exit(0);
  }
}
new Service().start();`,
  });

  reports('a routine of another file', {
    code: `
import { stop } from './jobs.ts';
process.on('SIGTERM', stop);`,
    files: {
      'jobs.ts': `
import { Worker } from 'bullmq';
const worker = new Worker('mails', async (job) => { console.log(job.id); }, { connection: { host: 'localhost' } });
export async function stop(): Promise<void> {
  await worker.close();
  process.exit(0);
}
`,
    },
    errors: [
      {
        messageId: 'endlessAt',
        on: "process.on('SIGTERM', stop)",
        line: 3,
        message:
          'Nothing bounds the wait for `worker.close()` on line 5 of jobs.ts: one stuck job holds the process until it is killed.',
      },
    ],
    output: `
import { stop } from './jobs.ts';
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return stop();
});`,
  });

  reports('a routine of another file behind an arrow', {
    code: `
import { createServer } from 'node:http';
import { closeAll } from './stop.ts';
createServer((_request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', async () => {
  await closeAll();
  process.exit(0);
});`,
    files: {
      'stop.ts': `
import pg from 'pg';
const pool = new pg.Pool();
export async function closeAll(): Promise<void> {
  await pool.end();
}
`,
    },
    errors: [
      {
        messageId: 'endlessAt',
        on: "process.on('SIGTERM', async () => {…",
        line: 5,
        message:
          'Nothing bounds the wait for `pool.end()` on line 5 of stop.ts: one connection in use holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import { createServer } from 'node:http';
import { closeAll } from './stop.ts';
createServer((_request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await closeAll();
  process.exit(0);
});`,
  });

  reports('an optional field', {
    code: `
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
let redis: Redis | undefined;
createServer((_request, response) => response.end('ok')).listen(3000, () => { redis = new Redis(); });
process.on('SIGTERM', async () => {
  await redis?.quit();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'redis?.quit()',
        line: 7,
        message:
          'Nothing bounds this wait for `redis?.quit()`: one connection in use holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
let redis: Redis | undefined;
createServer((_request, response) => response.end('ok')).listen(3000, () => { redis = new Redis(); });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await redis?.quit();
  process.exit(0);
});`,
  });

  reports('a handler without an exit', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', () => { void app.close(); });
process.on('SIGINT', async () => {
  await app.close();
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', () => { void app.close(); });
process.on('SIGINT', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
});`,
  });

  reports('a helper that registers listeners', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
function onStop(listener: () => Promise<void>): void {
  process.on('SIGTERM', listener);
  process.on('SIGINT', listener);
}
onStop(async () => {
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 10,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 11 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
function onStop(listener: () => Promise<void>): void {
  process.on('SIGTERM', listener);
  process.on('SIGINT', listener);
}
onStop(async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  reports('CommonJS with JSDoc', {
    code: `
const http = require('node:http');
/** @type {import('node:http').Server} */
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));`,
    filename: 'service.cjs',
    errors: [
      {
        messageId: 'endless',
        on: 'server.close(() => process.exit(0))',
        line: 6,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 6 never runs.',
      },
    ],
    output: `
const http = require('node:http');
/** @type {import('node:http').Server} */
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return server.close(() => process.exit(0));
});`,
  });

  reports('a JavaScript module without semicolons', {
    code: `
import { createServer } from 'node:http'
import pg from 'pg'
const pool = new pg.Pool()
createServer((_request, response) => response.end('ok')).listen(3000)
process.on('SIGTERM', async function () {
  // the last requests have been answered
  await pool.end()
  process.exit(0)
})`,
    filename: 'service.mjs',
    errors: [
      {
        messageId: 'endless',
        on: 'pool.end()',
        line: 8,
        message:
          'Nothing bounds this wait for `pool.end()`: one connection in use holds the process until it is killed, and `process.exit()` on line 9 never runs.',
      },
    ],
    output: `
import { createServer } from 'node:http'
import pg from 'pg'
const pool = new pg.Pool()
createServer((_request, response) => response.end('ok')).listen(3000)
process.on('SIGTERM', async function () {
  setTimeout(() => process.exit(1), 10_000).unref()
  // the last requests have been answered
  await pool.end()
  process.exit(0)
})`,
  });

  reports('a comment after the brace, and statements on one line', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { // asked to stop
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 6,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { // asked to stop
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  reports('a listener on one line', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { await app.close(); process.exit(0); });`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 5,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 5 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => { setTimeout(() => process.exit(1), 10_000).unref(); await app.close(); process.exit(0); });`,
  });

  reports('a file that has another setTimeout', {
    code: `
import { setTimeout } from 'node:timers/promises';
import fastify from 'fastify';
const app = fastify();
app.get('/slow', async () => { await setTimeout(100); return 'ok'; });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 8,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 9 never runs.',
      },
    ],
    output: `
import { setTimeout } from 'node:timers/promises';
import fastify from 'fastify';
const app = fastify();
app.get('/slow', async () => { await setTimeout(100); return 'ok'; });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  globalThis.setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  reports('a process that is imported', {
    code: `
import process from 'node:process';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import process from 'node:process';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  reports('its own deadline option', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    options: { deadline: 25000 },
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 6,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 25_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  reports('a client that takes a limit of its own', {
    code: `
import { createServer } from 'node:http';
import postgres from 'postgres';
const sql = postgres();
createServer((_request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', async () => {
  await sql.end();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'sql.end()',
        line: 7,
        message:
          'Nothing bounds this wait for `sql.end()`: one connection in use holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import { createServer } from 'node:http';
import postgres from 'postgres';
const sql = postgres();
createServer((_request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', async () => {
  await sql.end({ timeout: 10 });
  process.exit(0);
});`,
  });

  reports('a pause before the wait, which is no deadline', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await app.close();
  process.exit(0);
});`,
  });

  reports('a timer that only tells', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  const timer = setInterval(() => console.warn('still waiting'), 1_000);
  await app.close();
  clearInterval(timer);
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 9 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  const timer = setInterval(() => console.warn('still waiting'), 1_000);
  await app.close();
  clearInterval(timer);
  process.exit(0);
});`,
  });

  reports('a second signal, which nobody sends', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
let isClosing = false;
process.on('SIGTERM', async () => {
  if (isClosing) process.exit(1);
  isClosing = true;
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 9,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 10 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
let isClosing = false;
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  if (isClosing) process.exit(1);
  isClosing = true;
  await app.close();
  process.exit(0);
});`,
  });

  reports('a routine that others call too', {
    code: `
import fastify from 'fastify';
const app = fastify();
export async function stop(): Promise<void> {
  await app.close();
  process.exit(0);
}
await app.listen({ port: 3000 });
process.on('SIGTERM', stop);
app.post('/stop', async () => { await stop(); });`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 5,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 6 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
export async function stop(): Promise<void> {
  await app.close();
  process.exit(0);
}
await app.listen({ port: 3000 });
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return stop();
});
app.post('/stop', async () => { await stop(); });`,
  });

  reports('a websocket server whose clients stay', {
    code: `
import { WebSocketServer } from 'ws';
import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server });
server.listen(3000);
process.on('SIGTERM', () => {
  sockets.close(() => process.exit(0));
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'sockets.close(() => process.exit(0))',
        line: 8,
        message:
          'Nothing bounds this wait for `sockets.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import { WebSocketServer } from 'ws';
import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server });
server.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  sockets.close(() => process.exit(0));
});`,
  });

  reports('a gRPC server that waits for its streams', {
    code: `
import { Server, ServerCredentials } from '@grpc/grpc-js';
const server = new Server();
server.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), (error) => console.log(error));
process.on('SIGTERM', () => {
  server.tryShutdown(() => process.exit(0));
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.tryShutdown(() => process.exit(0))',
        line: 6,
        message:
          'Nothing bounds this wait for `server.tryShutdown()`: one open connection holds the process until it is killed, and `process.exit()` on line 6 never runs.',
      },
    ],
    output: `
import { Server, ServerCredentials } from '@grpc/grpc-js';
const server = new Server();
server.bindAsync('0.0.0.0:50051', ServerCredentials.createInsecure(), (error) => console.log(error));
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.tryShutdown(() => process.exit(0));
});`,
  });

  // ------------------------------------------------------------------ bounded in one way or another

  stays('silent with a deadline', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close(() => {
    process.exit(0);
  });
});`,
  });

  stays('silent with a deadline that is set after the drain was begun', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  const force = setTimeout(() => {
    console.error('not closed in time');
    process.exit(1);
  }, 10_000);
  force.unref();
});`,
  });

  stays('silent with an exit that the timer is given', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(process.exit, 10_000, 1);
});`,
  });

  stays('silent when a function arms the deadline', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
function giveUpLater(): void {
  setTimeout(() => process.exit(1), 10_000).unref();
}
process.on('SIGTERM', () => {
  giveUpLater();
  server.close(() => process.exit(0));
});`,
  });

  stays('silent when a function of another file arms it', {
    code: `
import http from 'node:http';
import { giveUpLater } from './limits.ts';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  giveUpLater(10_000);
  server.close(() => process.exit(0));
});`,
    files: {
      'limits.ts': `
export function giveUpLater(milliseconds: number): void {
  setTimeout(() => process.exit(1), milliseconds).unref();
}
`,
    },
  });

  stays('silent when a sleep ends in an exit', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
process.on('SIGTERM', () => {
  void sleep(60_000).then(() => process.exit(1));
  server.close(() => process.exit(0));
});`,
  });

  stays('silent when a sleep of timers/promises ends in an exit', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  void (async () => {
    await sleep(10_000);
    process.exit(1);
  })();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when another listener of the signal has the deadline', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
});
process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when another file has the deadline', {
    code: `
import fastify from 'fastify';
import './limits.ts';
const app = fastify();
await app.listen({ port: 3000 });
process.once('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    files: {
      'limits.ts': `
process.once('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
});
`,
    },
  });

  stays('silent when the timer cuts the connections', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => server.closeAllConnections(), 5_000);
});`,
  });

  stays('silent when the connections are cut at once', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});`,
  });

  stays('silent when the sockets are destroyed', {
    code: `
import http from 'node:http';
import type { Socket } from 'node:net';
const sockets = new Set<Socket>();
const server = http.createServer((_request, response) => response.end('ok'));
server.on('connection', (socket) => sockets.add(socket));
server.listen(3000);
process.on('SIGTERM', () => {
  for (const socket of sockets) socket.destroy();
  server.close(() => process.exit(0));
});`,
  });

  stays('silent when clients are terminated', {
    code: `
import { WebSocketServer } from 'ws';
const sockets = new WebSocketServer({ port: 3000 });
process.on('SIGTERM', () => {
  for (const client of sockets.clients) client.terminate();
  sockets.close(() => process.exit(0));
});`,
  });

  stays('silent with a race', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.race([app.close(), new Promise((resolve) => setTimeout(resolve, 5_000).unref())]);
  process.exit(0);
});`,
  });

  stays('silent with a race of the whole routine', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
await app.listen({ port: 3000 });
async function closeAll(): Promise<void> {
  await app.close();
  await pool.end();
}
process.on('SIGTERM', async () => {
  await Promise.race([closeAll(), sleep(5_000)]);
  process.exit(0);
});`,
  });

  stays('silent with a race of a promise in a constant', {
    code: `
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  const closed = app.close();
  await Promise.race([closed, sleep(5_000)]);
  process.exit(0);
});`,
  });

  stays('silent when a helper limits what it runs', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
async function within(milliseconds: number, work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => { timer = setTimeout(resolve, milliseconds); });
  await Promise.race([work(), late]);
  clearTimeout(timer);
}
process.on('SIGTERM', async () => {
  await within(5_000, () => app.close());
  process.exit(0);
});`,
  });

  stays('silent when a helper limits what it is given', {
    code: `
import fastify from 'fastify';
import pTimeout from 'p-timeout';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await pTimeout(app.close(), { milliseconds: 5_000 });
  process.exit(0);
});`,
  });

  stays('silent when a helper of the project limits by hand what it is given', {
    code: `
import { createServer } from 'node:http';
const server = createServer((_request, response) => response.end('ok'));
server.listen(3000);
function limit<T>(task: Promise<T>, milliseconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error('too late')); }, milliseconds);
    task.then(resolve, reject).finally(() => { clearTimeout(timer); });
  });
}
process.on('SIGTERM', async () => {
  try {
    await limit(new Promise<void>((resolve) => { server.close(() => { resolve(); }); }), 5_000);
  } finally {
    process.exit();
  }
});`,
  });

  stays('silent with the limit of the client', {
    code: `
import { createServer } from 'node:http';
import postgres from 'postgres';
const sql = postgres();
createServer((_request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', async () => {
  await sql.end({ timeout: 5 });
  process.exit(0);
});`,
  });

  stays('silent for a server that gives up by itself', {
    code: `
import { server as createServer } from '@hapi/hapi';
const server = createServer({ port: 3000 });
await server.start();
process.on('SIGTERM', async () => {
  await server.stop();
  process.exit(0);
});`,
  });

  stays('silent beside a listener that ends the process in time', {
    code: `
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
createServer((_request, response) => response.end('ok')).listen(3000);
process.once('SIGTERM', () => { void pool.end(); });
process.once('SIGTERM', async () => {
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  process.exit(0);
});`,
  });

  stays('silent when the sleep is raced in a helper of another file', {
    code: `
import fastify from 'fastify';
import { phase } from './phases.ts';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await phase('server', async () => {
    await app.close();
  });
  process.exit(0);
});`,
    files: {
      'phases.ts': `
export async function phase(name: string, run: () => Promise<void>): Promise<void> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(name)), 60_000).unref();
  });
  await Promise.race([run(), late]).catch(console.error);
}
`,
    },
  });

  stays('silent in a worker thread', {
    code: `
import { parentPort } from 'node:worker_threads';
import pg from 'pg';
const pool = new pg.Pool();
parentPort?.on('message', async (id: string) => { await pool.query('SELECT $1', [id]); });
process.on('SIGTERM', async () => {
  await pool.end();
  process.exit(0);
});`,
  });

  stays('silent for an example', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    filename: 'examples/server.ts',
  });

  stays('silent with a package that gives up by itself', {
    code: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
closeWithGrace({ delay: 5_000 }, async () => {
  await app.close();
});`,
  });

  stays('silent when such a package ends the program beside it', {
    code: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
closeWithGrace(async () => { console.log('gone'); });
process.once('SIGTERM', async () => {
  await app.close();
});`,
  });

  stays('silent when nobody waits for the drain', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  server.close();
  process.exit(0);
});`,
  });

  stays('silent when the wait is for no promise', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', async () => {
  await server.close();
  process.exit(0);
});`,
  });

  stays('silent in a command', {
    code: `
import { Command } from 'commander';
import pg from 'pg';
new Command('orders').parse();
const pool = new pg.Pool();
process.on('SIGINT', async () => {
  await pool.end();
  process.exit(130);
});
await pool.query('SELECT 1');`,
  });

  stays('silent in a test', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    filename: 'orders.test.ts',
  });

  stays('silent in a script', {
    code: `
import pg from 'pg';
const pool = new pg.Pool();
process.on('SIGINT', async () => {
  await pool.end();
  process.exit(130);
});
await pool.query('DELETE FROM sessions');
await pool.end();`,
  });

  stays('silent for synchronous ends', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
const sweep = setInterval(() => console.log('sweep'), 60_000);
process.on('SIGTERM', () => {
  clearInterval(sweep);
  server.closeAllConnections();
  process.exit(0);
});`,
  });

  stays('silent for other events of the process', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('uncaughtException', async () => {
  await app.close();
  process.exit(1);
});`,
  });

  stays('silent when a poll with a clock ends the process', {
    code: `
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', () => {
  const asked = Date.now();
  server.close(() => process.exit(0));
  setInterval(() => {
    if (Date.now() - asked > 10_000) process.exit(1);
  }, 500).unref();
});`,
  });

  stays('silent when the timer aborts what is waited for', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  const late = new AbortController();
  setTimeout(() => late.abort(), 5_000);
  late.signal.addEventListener('abort', () => process.exit(1));
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when the timer throws', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => {
    throw new Error('not closed in time');
  }, 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when a signal of the clock ends the process', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  AbortSignal.timeout(10_000).addEventListener('abort', () => process.exit(1));
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for a server that was made with a grace period', {
    code: `
import http from 'node:http';
import stoppable from 'stoppable';
const server = stoppable(http.createServer((_request, response) => response.end('ok')), 5_000);
server.listen(3000);
process.on('SIGTERM', () => {
  server.stop(() => process.exit(0));
});`,
  });

  reports('one that was made without', {
    code: `
import http from 'node:http';
import stoppable from 'stoppable';
const server = stoppable(http.createServer((_request, response) => response.end('ok')));
server.listen(3000);
process.on('SIGTERM', () => {
  server.stop(() => process.exit(0));
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.stop(() => process.exit(0))',
        line: 7,
        message:
          'Nothing bounds this wait for `server.stop()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import http from 'node:http';
import stoppable from 'stoppable';
const server = stoppable(http.createServer((_request, response) => response.end('ok')));
server.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.stop(() => process.exit(0));
});`,
  });

  stays('silent for a server that cuts off what is left', {
    code: `
import fastify from 'fastify';
const app = fastify({ logger: true, forceCloseConnections: true });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
  });

  reports('a server that cuts off only what is idle', {
    code: `
import fastify from 'fastify';
const app = fastify({ forceCloseConnections: 'idle' });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 6,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify({ forceCloseConnections: 'idle' });
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent for a watchdog of a package', {
    code: `
import { forceExitAfter } from 'exit-watchdog';
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  forceExitAfter(10_000);
  await app.close();
  process.exit(0);
});`,
    files: {
      'node_modules/exit-watchdog/package.json': `
{ "name": "exit-watchdog", "version": "1.0.0", "types": "index.d.ts", "main": "index.js" }
`,
      'node_modules/exit-watchdog/index.d.ts': `
export declare function forceExitAfter(milliseconds: number): void;
`,
    },
  });

  stays('silent for a hook of a framework', {
    code: `
import { createServer } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
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

  stays('silent when methods of a class arm the deadline', {
    code: `
import fastify from 'fastify';
class Shutdown {
  private readonly app = fastify();
  async start(): Promise<void> { await this.app.listen({ port: 3000 }); process.once('SIGTERM', () => void this.run()); }
  private async run(): Promise<void> {
    const timer = this.arm();
    try { await this.app.close(); process.exit(0); } finally { clearTimeout(timer); }
  }
  private arm(): NodeJS.Timeout { return setTimeout(() => { this.giveUp(); }, 5_000); }
  private giveUp(): void { process.exit(1); }
}
await new Shutdown().start();`,
  });

  stays('silent when the timer kills the process', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 9_000).unref();
  await app.close();
  process.exit(0);
});`,
  });

  stays('silent when a whole chain is raced', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const app = fastify();
const pool = new pg.Pool();
await app.listen({ port: 3000 });
const timeout = (ms: number) => new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), ms));
async function stop(): Promise<void> {
  const result = await Promise.race([Promise.all([app.close()]).then(() => pool.end()), timeout(8_000)]);
  if (result === 'late') console.error('late');
  process.exit(0);
}
process.on('SIGTERM', () => { stop().catch(console.error); });`,
  });

  stays('silent when an async function is raced where it is written', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  await Promise.race([(async () => { await app.close(); })(), new Promise((r) => setTimeout(r, 100))]);
  process.exit(0);
});`,
  });

  reports('a wait for the event by which the server ends', {
    code: `
import { once } from 'node:events';
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', async () => {
  server.close();
  await once(server, 'close');
  process.exit(0);
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 9 never runs.',
      },
    ],
    output: `
import { once } from 'node:events';
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close();
  await once(server, 'close');
  process.exit(0);
});`,
  });

  stays('silent when the wait for the event has a limit', {
    code: `
import { once } from 'node:events';
import http from 'node:http';
const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);
process.on('SIGTERM', async () => {
  server.close();
  await once(server, 'close', { signal: AbortSignal.timeout(5_000) });
  process.exit(0);
});`,
  });

  reports('a function declaration in a CommonJS file of TypeScript', {
    code: `
import http = require('node:http');
const server = http.createServer((_request, response) => { response.end('ok'); });
server.listen(3000);
function stop(this: unknown, signal: NodeJS.Signals): void {
  console.log(signal);
  server.close(() => { process.exit(0); });
}
process.addListener('SIGTERM', stop);`,
    filename: 'service.cts',
    errors: [
      {
        messageId: 'endless',
        on: 'server.close(() => { process.exit(0); })',
        line: 7,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import http = require('node:http');
const server = http.createServer((_request, response) => { response.end('ok'); });
server.listen(3000);
function stop(this: unknown, signal: NodeJS.Signals): void {
  setTimeout(() => process.exit(1), 10_000).unref();
  console.log(signal);
  server.close(() => { process.exit(0); });
}
process.addListener('SIGTERM', stop);`,
  });

  reports('a method of an object', {
    code: `
import fastify from 'fastify';
const app = fastify();
const life = {
  async stop(): Promise<void> {
    await app.close();
    process.exit(0);
  },
};
await app.listen({ port: 3000 });
process.prependListener('SIGTERM', life.stop);`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 6,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
const life = {
  async stop(): Promise<void> {
    setTimeout(() => process.exit(1), 10_000).unref();
    await app.close();
    process.exit(0);
  },
};
await app.listen({ port: 3000 });
process.prependListener('SIGTERM', life.stop);`,
  });

  reports('a listener that a function makes', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
const stopOn = (signal: string) => async (): Promise<void> => {
  console.log(signal);
  await app.close();
  process.exit(0);
};
process.on('SIGTERM', stopOn('SIGTERM'));
process.on('SIGINT', stopOn('SIGINT'));`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 8 never runs.',
        suggestions: [
          {
            messageId: 'deadline',
            output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
const stopOn = (signal: string) => async (): Promise<void> => {
  console.log(signal);
  await app.close();
  process.exit(0);
};
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return stopOn('SIGTERM')();
});
process.on('SIGINT', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return stopOn('SIGINT')();
});`,
          },
        ],
      },
    ],
  });

  reports('a routine that runs once and keeps its promise', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
let closing: Promise<void> | undefined;
function shutdown(): Promise<void> {
  return (closing ??= (async () => {
    await app.close();
    process.exitCode = 0;
  })());
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutdown());`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 8,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed.',
      },
    ],
    output: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 3000 });
let closing: Promise<void> | undefined;
function shutdown(): Promise<void> {
  setTimeout(() => process.exit(1), 10_000).unref();
  return (closing ??= (async () => {
    await app.close();
    process.exitCode = 0;
  })());
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void shutdown());`,
  });

  reports('the server of a Koa application', {
    code: `
import Koa from 'koa';
const app = new Koa();
const server = app.listen(3000);
process.on('SIGTERM', () => {
  server.close((error) => {
    if (error) console.error(error);
    process.exit(error ? 1 : 0);
  });
});`,
    errors: [
      {
        messageId: 'endless',
        on: 'server.close((error) => {…',
        line: 6,
        message:
          'Nothing bounds this wait for `server.close()`: one open connection holds the process until it is killed, and `process.exit()` on line 8 never runs.',
      },
    ],
    output: `
import Koa from 'koa';
const app = new Koa();
const server = app.listen(3000);
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  server.close((error) => {
    if (error) console.error(error);
    process.exit(error ? 1 : 0);
  });
});`,
  });

  reports('a routine that returns a chain', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const app = fastify();
const pool = new pg.Pool();
await app.listen({ port: 3000 });
const closeAll = () => app.close().then(() => pool.end());
process.on('SIGTERM', () => closeAll().then(() => process.exit(0), () => process.exit(1)));`,
    errors: [
      {
        messageId: 'endless',
        on: 'app.close()',
        line: 7,
        message:
          'Nothing bounds this wait for `app.close()`: one open connection holds the process until it is killed, and `pool.end()` on line 7 never runs.',
      },
    ],
    output: `
import fastify from 'fastify';
import pg from 'pg';
const app = fastify();
const pool = new pg.Pool();
await app.listen({ port: 3000 });
const closeAll = () => app.close().then(() => pool.end());
process.on('SIGTERM', () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  return closeAll().then(() => process.exit(0), () => process.exit(1));
});`,
  });
});
