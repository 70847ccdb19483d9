import rule from '../../src/rules/require-shutdown-drain.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ exits with a drain under way

  reports('a server that is closed and not waited for', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

process.on('SIGTERM', () => {
  console.log('closing');
  server.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  console.log('closing');
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('an await of what is no promise, in a routine of two signals', {
    code: `
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool();
const app = express();
app.get('/orders', async (_request, response) => {
  const { rows } = await pool.query('SELECT * FROM orders');
  response.json(rows);
});
const server = app.listen(3000);

async function shutDown() {
  await server.close();
  await pool.end();
  process.exit(0);
}

process.on('SIGTERM', () => void shutDown());
process.on('SIGINT', shutDown);
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 16,
        message: 'The process exits here while `server.close` of line 14 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import express from 'express';
import pg from 'pg';

const pool = new pg.Pool();
const app = express();
app.get('/orders', async (_request, response) => {
  const { rows } = await pool.query('SELECT * FROM orders');
  response.json(rows);
});
const server = app.listen(3000);

let isShuttingDown = false;
async function shutDown() {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    await pool.end();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

process.on('SIGTERM', () => void shutDown());
process.on('SIGINT', shutDown);
`,
  });

  reports('a worker and its queue', {
    code: `
import { Queue, Worker } from 'bullmq';

const mails = new Queue('mails');
const worker = new Worker('orders', async (job) => {
  await mails.add('ordered', job.data);
});

process.once('SIGTERM', () => {
  worker.close();
  void mails.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 12,
        message:
          'The process exits here while `worker.close` and `mails.close` are under way; jobs in progress are cut off.',
      },
    ],
    output: `
import { Queue, Worker } from 'bullmq';

const mails = new Queue('mails');
const worker = new Worker('orders', async (job) => {
  await mails.add('ordered', job.data);
});

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await worker.close();
    await mails.close();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a routine of the project that waits, whose promise is dropped', {
    code: `
import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 3000 });

const stop = async (): Promise<void> => {
  await app.close();
};

process.on('SIGTERM', () => {
  stop();
  process.exit();
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit()',
        line: 14,
        message: 'The process exits here while `app.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 3000 });

const stop = async (): Promise<void> => {
  await app.close();
};

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await stop();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a method of a class, bound', {
    code: `
import http from 'node:http';
import pg from 'pg';

class OrderService {
  private readonly pool = new pg.Pool();
  private server?: http.Server;

  start(): void {
    this.server = http.createServer(async (_request, response) => {
      response.end(JSON.stringify(await this.pool.query('SELECT 1')));
    });
    this.server.listen(3000);
    process.once('SIGTERM', this.stop.bind(this));
  }

  async stop(): Promise<void> {
    this.server?.close();
    await this.pool.end();
    process.exit(0);
  }
}

new OrderService().start();
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 20,
        message:
          'The process exits here while `this.server?.close` of line 18 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';

class OrderService {
  private readonly pool = new pg.Pool();
  private server?: http.Server;

  start(): void {
    this.server = http.createServer(async (_request, response) => {
      response.end(JSON.stringify(await this.pool.query('SELECT 1')));
    });
    this.server.listen(3000);
    process.once('SIGTERM', this.stop.bind(this));
  }

  async stop(): Promise<void> {
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      if (this.server) await new Promise<void>((resolve, reject) => { this.server?.close((error) => (error ? reject(error) : resolve())); });
      await this.pool.end();
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  }
}

new OrderService().start();
`,
  });

  reports('an arrow that is a field', {
    code: `
import { Worker } from 'bullmq';

class Mailer {
  private readonly worker = new Worker('mails', async () => undefined);

  private readonly onTerm = async (): Promise<void> => {
    void this.worker.close();
    process.exit(0);
  };

  run(): void {
    process.on('SIGTERM', this.onTerm);
  }
}

new Mailer().run();
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message:
          'The process exits here while `this.worker.close` of line 8 is under way; jobs in progress are cut off.',
      },
    ],
    output: `
import { Worker } from 'bullmq';

class Mailer {
  private readonly worker = new Worker('mails', async () => undefined);

  private readonly onTerm = async (): Promise<void> => {
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await this.worker.close();
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  };

  run(): void {
    process.on('SIGTERM', this.onTerm);
  }
}

new Mailer().run();
`,
  });

  reports('names of node:process', {
    code: `
import { createServer } from 'node:http';
import { exit, on } from 'node:process';

const server = createServer((_request, response) => { response.end(); });
server.listen(3000);

on('SIGTERM', () => { server.close(); exit(); });
`,
    errors: [
      {
        messageId: 'pending',
        on: 'exit()',
        line: 8,
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import { createServer } from 'node:http';
import { exit, on } from 'node:process';

const server = createServer((_request, response) => { response.end(); });
server.listen(3000);

let isShuttingDown = false;
on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    exit();
  }
});
`,
  });

  reports('an exit under another name, and a helper that closes', {
    code: `
import http from 'node:http';
import proc from 'node:process';

const { exit: quit } = proc;
const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
const close = () => server.close();

proc.addListener('SIGINT', () => { close(); quit(1); });
`,
    errors: [
      {
        messageId: 'pending',
        on: 'quit(1)',
        line: 10,
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
  });

  reports('a handler that a factory makes', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

function stopper(code: number) {
  return () => {
    server.close();
    process.exit(code);
  };
}

process.on('SIGTERM', stopper(0));
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(code)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

function stopper(code: number) {
  let isShuttingDown = false;
  return async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
    } finally {
      process.exit(code);
    }
  };
}

process.on('SIGTERM', stopper(0));
`,
  });

  reports('a registrar of the project, in another file', {
    code: `
import http from 'node:http';
import { onStop } from './on-stop.ts';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

onStop(() => {
  server.close();
  process.exit(0);
});
`,
    files: {
      'on-stop.ts': `
export function onStop(stop: (signal: string) => void): void {
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop(signal));
}
`,
    },
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';
import { onStop } from './on-stop.ts';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

let isShuttingDown = false;
onStop(async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a generic helper that closes everything', {
    code: `
import { Queue, Worker } from 'bullmq';

async function closeAll<Part extends Queue | Worker>(...parts: Part[]): Promise<void> {
  for (const part of parts) await part.close();
}

const worker = new Worker('orders', async () => undefined);

process.on('SIGTERM', () => {
  void closeAll(worker);
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 12,
        message: 'The process exits here while `part.close` of line 5 is under way; what it was doing is cut off.',
      },
    ],
    output: `
import { Queue, Worker } from 'bullmq';

async function closeAll<Part extends Queue | Worker>(...parts: Part[]): Promise<void> {
  for (const part of parts) await part.close();
}

const worker = new Worker('orders', async () => undefined);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await closeAll(worker);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('workers in a map', {
    code: `
import { Worker } from 'bullmq';

const workers = new Map<string, Worker>();
for (const name of ['orders', 'mails']) workers.set(name, new Worker(name, async () => undefined));

process.on('SIGTERM', () => {
  workers.forEach((worker) => worker.close());
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message: 'The process exits here while `worker.close` of line 8 is under way; jobs in progress are cut off.',
      },
    ],
    output: `
import { Worker } from 'bullmq';

const workers = new Map<string, Worker>();
for (const name of ['orders', 'mails']) workers.set(name, new Worker(name, async () => undefined));

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await Promise.allSettled([...workers.values()].map((worker) => worker.close()));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('workers in an array', {
    code: `
import { Worker } from 'bullmq';

const workers = ['orders', 'mails'].map((name) => new Worker(name, async () => undefined));

['SIGTERM', 'SIGINT'].forEach((signal) => {
  process.on(signal, () => {
    // No job is taken from here on.
    workers.forEach((worker) => worker.close());
    process.exit(0);
  });
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 10,
        message: 'The process exits here while `worker.close` of line 9 is under way; jobs in progress are cut off.',
      },
    ],
    output: `
import { Worker } from 'bullmq';

const workers = ['orders', 'mails'].map((name) => new Worker(name, async () => undefined));

['SIGTERM', 'SIGINT'].forEach((signal) => {
  let isShuttingDown = false;
  process.on(signal, async () => {
    // No job is taken from here on.
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await Promise.allSettled(workers.map((worker) => worker.close()));
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  });
});
`,
  });

  reports('a listener that is added for each signal of a table', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
Object.keys(signals).forEach((signal) => {
  process.on(signal, () => {
    server.close();
    process.exit(128 + (signals[signal] ?? 0));
  });
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(128 + (signals[signal] ?? 0))',
        line: 11,
        message: 'The process exits here while `server.close` of line 10 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
Object.keys(signals).forEach((signal) => {
  let isShuttingDown = false;
  process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
    } finally {
      process.exit(128 + (signals[signal] ?? 0));
    }
  });
});
`,
  });

  reports('a listener that is added for each entry of a table of signals', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
  process.on(signal, () => {
    server.close();
    process.exit(128 + number);
  });
}
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(128 + number)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

let isShuttingDown = false;
for (const [signal, number] of Object.entries({ SIGINT: 2, SIGTERM: 15 })) {
  process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
    } finally {
      process.exit(128 + number);
    }
  });
}
`,
  });

  reports('a listener that is added for each name in a table of signals', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals = { SIGINT: 2, SIGTERM: 15 };
for (const signal in signals) {
  process.on(signal, () => {
    server.close();
    process.exit(0);
  });
}
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 11,
        message: 'The process exits here while `server.close` of line 10 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals = { SIGINT: 2, SIGTERM: 15 };
let isShuttingDown = false;
for (const signal in signals) {
  process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  });
}
`,
  });

  stays('silent about a table whose names are tested before the listener is added', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals = { SIGUSR1: 10, SIGTERM: 15 };
for (const signal in signals) {
  if (signal === 'SIGTERM') {
    process.on(signal, () => {
      server.close();
    });
  } else {
    process.on(signal, () => {
      server.close();
      process.exit(0);
    });
  }
}
`,
  });

  stays('silent about a table to which signals are added', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const signals: Record<string, number> = { SIGINT: 2 };
signals['SIGTERM'] = 15;
Object.keys(signals).forEach((signal) => {
  process.on(signal, () => {
    server.close();
    process.exit(0);
  });
});
`,
  });

  stays('silent about a table with a listener for each signal', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

const listeners = {
  SIGHUP: () => console.log('reload'),
  SIGTERM: () => server.close(() => process.exit(0)),
};
for (const [signal, listener] of Object.entries(listeners)) process.on(signal, listener);
`,
  });

  stays('silent about signals of a list that do not tell a service to end', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

for (const signal of ['SIGUSR1', 'SIGALRM']) {
  process.on(signal, () => {
    server.close();
    process.exit(0);
  });
}
`,
  });

  reports('a list in which one signal tells a service to end', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

for (const signal of ['SIGUSR1', 'SIGUSR2']) {
  process.on(signal, () => {
    server.close();
    process.exit(0);
  });
}
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

let isShuttingDown = false;
for (const signal of ['SIGUSR1', 'SIGUSR2']) {
  process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  });
}
`,
  });

  reports('a server that is closed in a chain, which waits for what it gives back', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

process.on('SIGTERM', () => {
  Promise.resolve()
    .then(() => server.close())
    .then(() => process.exit(0))
    .catch(console.error);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
  });

  stays('silent about a server that is closed in a chain, in a promise', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

process.on('SIGTERM', () => {
  Promise.resolve()
    .then(() => new Promise<void>((resolve) => { server.close(() => resolve()); }))
    .then(() => process.exit(0))
    .catch(() => process.exit(1));
});
`,
  });

  stays('silent about a chain that waits for the end of the server in a later link', {
    code: `
import { once } from 'node:events';
import http from 'node:http';

const server = http.createServer((_request, response) => response.end('ok'));
server.listen(3000);

process.on('SIGTERM', () => {
  Promise.resolve()
    .then(() => server.close())
    .then(async () => {
      await once(server, 'close');
      process.exit(0);
    })
    .catch(() => process.exit(1));
});
`,
  });

  reports('workers in a loop', {
    code: `
import { Worker } from 'bullmq';

const workers = ['orders', 'mails'].map((name) => new Worker(name, async () => undefined));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    for (const worker of workers) worker.close();
    process.exit(0);
  });
}
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message: 'The process exits here while `worker.close` of line 8 is under way; jobs in progress are cut off.',
      },
    ],
    output: `
import { Worker } from 'bullmq';

const workers = ['orders', 'mails'].map((name) => new Worker(name, async () => undefined));

let isShuttingDown = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      for (const worker of workers) await worker.close();
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  });
}
`,
  });

  reports('JavaScript with JSDoc', {
    code: `
const http = require('node:http');

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

/**
 * Ends the service.
 * @param {string} signal
 */
function stop(signal) {
  console.log(signal);
  server.close();
  process.exit(0);
}

process.on('SIGTERM', () => stop('SIGTERM'));
`,
    filename: 'service.cjs',
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 14,
        message: 'The process exits here while `server.close` of line 13 is under way; requests in flight are cut off.',
      },
    ],
    output: `
const http = require('node:http');

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

let isShuttingDown = false;
/**
 * Ends the service.
 * @param {string} signal
 */
async function stop(signal) {
  if (isShuttingDown) return;
  isShuttingDown = true;
  console.log(signal);
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve(undefined))); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
}

process.on('SIGTERM', () => stop('SIGTERM'));
`,
  });

  reports('a try whose catch exits too', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

process.on('SIGTERM', async () => {
  try {
    server.close();
    await redis.quit();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 13,
        message: 'The process exits here while `server.close` of line 11 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    await redis.quit();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
`,
  });

  reports('an exit in finally', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', async () => {
  try {
    app.close();
  } finally {
    process.exit(0);
  }
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 11,
        message: 'The process exits here while `app.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
  });

  reports('a catch after the promise that nobody waits for', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', () => {
  app.close().catch((error) => console.error(error));
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message: 'The process exits here while `app.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close().catch((error) => console.error(error));
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a helper in another file that exits', {
    code: `
import http from 'node:http';
import { leave } from './leave.ts';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.on('SIGTERM', () => {
  server.close();
  leave(0);
});
`,
    files: {
      'leave.ts': `
export function leave(code: number): void {
  console.log('bye');
  process.exit(code);
}
`,
      'server.ts': `
import './service.ts';
`,
    },
    errors: [
      {
        messageId: 'pending',
        on: 'leave(0)',
        line: 10,
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';
import { leave } from './leave.ts';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
  } finally {
    leave(0);
  }
});
`,
  });

  reports('a deadline that is there already', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
let isStopping = false;

process.on('SIGTERM', () => {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), 5_000).unref();
  server.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 13,
        message: 'The process exits here while `server.close` of line 12 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
let isStopping = false;

process.on('SIGTERM', async () => {
  if (isStopping) return;
  isStopping = true;
  setTimeout(() => process.exit(1), 5_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a helper that forgets to wait', {
    code: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

async function closeAll(): Promise<void> {
  server.close();
  await pool.end();
}

process.once('SIGTERM', async () => {
  await closeAll();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 18,
        message: 'The process exits here while `server.close` of line 12 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

async function closeAll(): Promise<void> {
  await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  await pool.end();
}

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await closeAll();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('servers among the promises of a join', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
const admin = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
admin.listen(3001);

process.once('SIGTERM', async () => {
  await Promise.allSettled([server.close(), admin.close()]);
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 11,
        message:
          'The process exits here while `server.close` and `admin.close` are under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
const admin = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
admin.listen(3001);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await Promise.allSettled([new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); }), new Promise<void>((resolve, reject) => { admin.close((error) => (error ? reject(error) : resolve())); })]);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a server and a store among the promises of a join', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

process.once('SIGTERM', async () => {
  await Promise.allSettled([server.close(), redis.quit()]);
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 11,
        message: 'The process exits here while `server.close` of line 10 is under way; requests in flight are cut off.',
      },
    ],
  });

  reports('a callback of its own that the exit does not wait for', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', () => {
  server.close((error) => {
    if (error) console.error(error);
    console.log('closed');
  });
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 12,
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve) => { server.close((error) => {
      if (error) console.error(error);
      console.log('closed');
      resolve();
    }); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a callback without braces that the exit does not wait for', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', () => {
  server.close(() => console.log('closed'));
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve) => { server.close(() => { console.log('closed'); resolve(); }); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('work of the project that is left behind', {
    code: `
import { writeFile } from 'node:fs/promises';
import fastify from 'fastify';

const app = fastify();
let seen = 0;
app.get('/orders', async () => ++seen);
await app.listen({ port: 3000 });

async function save(): Promise<void> {
  await writeFile('seen.tmp', String(seen));
  await writeFile('seen.done', 'yes');
}

process.once('SIGTERM', async () => {
  try {
    await app.close();
    void save();
  } finally {
    process.exit(0);
  }
});
`,
    errors: [
      {
        messageId: 'work',
        on: 'process.exit(0)',
        line: 20,
        message:
          'The process exits here while `save` of line 18 is under way; what follows its first wait never happens.',
      },
    ],
    output: `
import { writeFile } from 'node:fs/promises';
import fastify from 'fastify';

const app = fastify();
let seen = 0;
app.get('/orders', async () => ++seen);
await app.listen({ port: 3000 });

async function save(): Promise<void> {
  await writeFile('seen.tmp', String(seen));
  await writeFile('seen.done', 'yes');
}

process.once('SIGTERM', async () => {
  try {
    await app.close();
    await save();
  } finally {
    process.exit(0);
  }
});
`,
  });

  reports('a loop that is only told to end', {
    code: `
import fastify from 'fastify';

declare function takeJob(): Promise<void>;

class Poller {
  private isRunning = true;

  async run(): Promise<void> {
    while (this.isRunning) {
      await takeJob();
    }
  }

  stop(): void {
    this.isRunning = false;
  }
}

const poller = new Poller();
void poller.run();
const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  poller.stop();
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
    errors: [
      {
        messageId: 'loop',
        on: 'process.exit(0)',
        line: 30,
        message:
          'The process exits here in the middle of a round of `run`: line 16 only sets a flag, and nobody waits for the loop.',
      },
    ],
  });

  reports('a loop with a way out, and a variable', {
    code: `
import fastify from 'fastify';

declare function takeJob(): Promise<boolean>;

let isStopping = false;

const work = async (): Promise<void> => {
  for (;;) {
    if (isStopping) return;
    if (!(await takeJob())) await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

work().catch((error) => console.error(error));
const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  isStopping = true;
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
    errors: [
      {
        messageId: 'loop',
        on: 'process.exit(0)',
        line: 24,
        message:
          'The process exits here in the middle of a round of `work`: line 20 only sets a flag, and nobody waits for the loop.',
      },
    ],
  });

  stays('silent about a loop whose promise is waited for', {
    code: `
import fastify from 'fastify';

declare function takeJob(): Promise<void>;

let isRunning = true;
async function work(): Promise<void> {
  while (isRunning) await takeJob();
}

const worked = work();
const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  isRunning = false;
  try {
    await app.close();
    await worked;
  } finally {
    process.exit(0);
  }
});
`,
  });

  stays('silent about a loop that only pauses', {
    code: `
import fastify from 'fastify';

let isRunning = true;
async function beat(): Promise<void> {
  while (isRunning) {
    console.log('alive');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

void beat();
const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  isRunning = false;
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
  });

  // ------------------------------------------------------------------ exits while something serves

  reports('a bare exit in a Fastify server', {
    code: `
import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 3000 });

process.on('SIGTERM', () => process.exit(0));
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 8,
        message:
          'On SIGTERM the process exits here while what `app.listen` of line 6 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
app.get('/orders', async () => []);
await app.listen({ port: 3000 });

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a bare exit in an Express server that is kept nowhere', {
    code: `
import express from 'express';
import pg from 'pg';
import { Redis } from 'ioredis';

const app = express();
const pool = new pg.Pool();
const cache = new Redis();
app.get('/orders', async (_request, response) => {
  await cache.incr('orders');
  response.json((await pool.query('SELECT * FROM orders')).rows);
});

app.listen(3000);

process.on('SIGTERM', () => {
  console.log('bye');
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 18,
        message:
          'On SIGTERM the process exits here while what `app.listen` of line 14 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import express from 'express';
import pg from 'pg';
import { Redis } from 'ioredis';

const app = express();
const pool = new pg.Pool();
const cache = new Redis();
app.get('/orders', async (_request, response) => {
  await cache.incr('orders');
  response.json((await pool.query('SELECT * FROM orders')).rows);
});

const server = app.listen(3000);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  console.log('bye');
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    await Promise.allSettled([pool.end(), cache.quit()]);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('an exit through a function, in a start-up function', {
    code: `
import http from 'node:http';

function leave(code: number) {
  console.log('bye');
  process.exit(code);
}

function start() {
  const server = http.createServer((_request, response) => { response.end(); });
  server.listen(3000, () => console.log('up'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { leave(0); });
}

start();
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(code)',
        line: 6,
        message:
          'On SIGTERM the process exits here while what `server.listen` of line 11 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

function leave(code: number) {
  console.log('bye');
  process.exit(code);
}

function start() {
  const server = http.createServer((_request, response) => { response.end(); });
  server.listen(3000, () => console.log('up'));
  let isShuttingDown = false;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
    } finally {
      leave(0);
    }
  });
}

start();
`,
  });

  reports('a bare exit of a worker', {
    code: `
import { Queue, Worker } from 'bullmq';
import pino from 'pino';

const log = pino();
const mails = new Queue('mails');
const orders = new Worker('orders', async (job) => {
  await mails.add('ordered', job.data);
});
orders.on('failed', (_job, error) => log.error(error));

process.on('SIGTERM', () => process.exit());
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit()',
        line: 12,
        message:
          'On SIGTERM the process exits here while what `Worker` of line 7 began still runs; jobs in progress are cut off.',
      },
    ],
    output: `
import { Queue, Worker } from 'bullmq';
import pino from 'pino';

const log = pino();
const mails = new Queue('mails');
const orders = new Worker('orders', async (job) => {
  await mails.add('ordered', job.data);
});
orders.on('failed', (_job, error) => log.error(error));

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await orders.close();
    await mails.close();
    log.flush();
  } catch (error) {
    log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a store that is closed while the server is in no way part of it', {
    code: `
import Koa from 'koa';
import { Redis } from 'ioredis';

const redis = new Redis();
const app = new Koa();
app.use(async (context) => {
  context.body = await redis.get('greeting');
});
app.listen(3000);

process.on('SIGTERM', async () => {
  await redis.quit();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 14,
        message:
          'On SIGTERM the process exits here while what `app.listen` of line 10 began still runs; requests in flight are cut off.',
      },
    ],
  });

  reports('a server of another file', {
    code: `
import './server.ts';

process.on('SIGTERM', () => {
  process.exit(0);
});
`,
    files: {
      'server.ts': `
import http from 'node:http';

http.createServer((_request, response) => { response.end(); }).listen(3000);
`,
    },
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 5,
        message:
          'On SIGTERM the process exits here while what `http.createServer((_req…sponse.end(); }).listen` of line 4 of server.ts began still runs; requests in flight are cut off.',
      },
    ],
  });

  // ------------------------------------------------------------------ other listeners

  reports('a listener of another file that exits meanwhile', {
    code: `
import pg from 'pg';

const events = new pg.Pool();

export function collect(): void {
  process.once('SIGTERM', () => { void events.end(); });
}
`,
    files: {
      'server.ts': `
import fastify from 'fastify';
import { collect } from './service.ts';

const app = fastify();
collect();
await app.listen({ port: 3000 });
process.on('SIGTERM', async () => {
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
    },
    errors: [
      {
        messageId: 'other',
        on: 'events.end()',
        line: 7,
        message:
          'On SIGTERM `events.end` is cut off: the listener of line 12 of server.ts exits the process and does not wait for it.',
      },
    ],
  });

  reports('a listener of the same file that exits meanwhile', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();
const redis = new Redis();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  void redis.quit();
});

process.on('SIGTERM', async () => {
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
});
`,
    errors: [
      {
        messageId: 'other',
        on: 'redis.quit()',
        line: 10,
        message:
          'On SIGTERM `redis.quit` is cut off: the listener of line 17 exits the process and does not wait for it.',
        suggestions: [
          {
            messageId: 'together',
            output: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();
const redis = new Redis();
await app.listen({ port: 3000 });


let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  try {
    await app.close();
    await redis.quit();
  } finally {
    process.exit(0);
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('an async listener of exit', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

async function shutDown(why: string): Promise<void> {
  console.log(why);
  await new Promise((resolve) => server.close(resolve));
}

process.on('exit', () => { void shutDown('exit'); });
`,
    errors: [
      {
        messageId: 'exit',
        on: "process.on('exit', () => { void shutDown('exit'); })",
        line: 12,
        message: 'A listener of `exit` cannot wait: the process ends before `server.close` is done.',
        suggestions: [
          {
            messageId: 'signal',
            output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

async function shutDown(why: string): Promise<void> {
  console.log(why);
  await new Promise((resolve) => server.close(resolve));
}

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await shutDown('exit');
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('an async listener of exit that waits itself', {
    code: `
import { writeFile } from 'node:fs/promises';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
let served = 0;
app.get('/', async () => ++served);

process.on('exit', async () => {
  await writeFile('served.txt', String(served));
});
`,
    errors: [
      {
        messageId: 'exit',
        on: "process.on('exit', async () => {…",
        line: 10,
        message: 'A listener of `exit` cannot wait: the process ends before `writeFile` is done.',
        suggestions: [
          {
            messageId: 'signal',
            output: `
import { writeFile } from 'node:fs/promises';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
let served = 0;
app.get('/', async () => ++served);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await writeFile('served.txt', String(served));
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('an async listener of exit without braces', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('exit', () => void app.close());
`,
    errors: [
      {
        messageId: 'exit',
        on: "process.on('exit', () => void app.close())",
        line: 7,
        message: 'A listener of `exit` cannot wait: the process ends before `app.close` is done.',
        suggestions: [
          {
            messageId: 'signal',
            output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('a bare exit in a project that has the types of browsers too', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => process.exit(0));
`,
    compilerOptions: { lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] },
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 7,
        message:
          'On SIGTERM the process exits here while what `app.listen` of line 5 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a client that is cut off while it drains', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

process.once('SIGTERM', async () => {
  try {
    await new Promise((resolve) => server.close(resolve));
    void redis.quit().catch((error) => console.error(error));
    redis.disconnect();
  } finally {
    console.log('bye');
  }
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'cut',
        on: 'redis.disconnect()',
        line: 13,
        message: '`redis.disconnect` destroys connections before they are drained; what it was doing is cut off.',
        suggestions: [
          {
            messageId: 'later',
            output: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

process.once('SIGTERM', async () => {
  try {
    await new Promise((resolve) => server.close(resolve));
    void redis.quit().catch((error) => console.error(error));
    setTimeout(() => redis.disconnect(), 10_000).unref();
  } finally {
    console.log('bye');
  }
});
`,
          },
        ],
      },
    ],
  });

  // ------------------------------------------------------------------ exits on the way of success

  reports('a failure that a listener of unhandledRejection takes', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('unhandledRejection', (error) => console.error(error));
process.on('SIGTERM', async () => {
  await app.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'stays',
        on: 'process.exit(0)',
        line: 10,
        message:
          'When `app.close` rejects, this exit is skipped: line 7 takes the failure, and the process stays until it is killed.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('unhandledRejection', (error) => console.error(error));
process.on('SIGTERM', async () => {
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a catch that only logs', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', async () => {
  try {
    await app.close();
    process.exit(0);
  } catch (error) {
    console.error(error);
  }
});
`,
    errors: [
      {
        messageId: 'stays',
        on: 'process.exit(0)',
        line: 10,
        message:
          'When `app.close` rejects, this exit is skipped: line 11 takes the failure, and the process stays until it is killed.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', async () => {
  try {
    await app.close();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a chain with a catch that only logs', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  app.close().then(() => process.exit(0)).catch((error) => console.error(error));
});
`,
    errors: [
      {
        messageId: 'stays',
        on: 'process.exit(0)',
        line: 8,
        message:
          'When `app.close` rejects, this exit is skipped: line 8 takes the failure, and the process stays until it is killed.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  app.close().then(() => process.exit(0)).catch((error) => console.error(error)).finally(() => process.exit(1));
});
`,
  });

  reports('a chain without a catch', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  app.close().then(() => process.exit(0));
});
`,
    errors: [
      {
        messageId: 'crashes',
        on: 'process.exit(0)',
        line: 8,
        message:
          'When `app.close` rejects, this exit is skipped and the process crashes; what is still draining is cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  app.close().then(() => process.exit(0), (error: unknown) => { app.log.error(error); process.exit(1); });
});
`,
  });

  reports('a failure that crashes the process', {
    code: `
import fastify from 'fastify';
import pg from 'pg';

const pool = new pg.Pool();
const app = fastify();
app.get('/orders', async () => (await pool.query('SELECT 1')).rows);
await app.listen({ port: 3000 });

process.on('SIGTERM', async () => {
  console.log('closing');
  await app.close();
  await pool.end();
  // All is closed.
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'crashes',
        on: 'process.exit(0)',
        line: 15,
        message:
          'When `app.close` rejects, this exit is skipped and the process crashes; what is still draining is cut off.',
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
  console.log('closing');
  try {
    await app.close();
    await pool.end();
    // All is closed.
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a routine of the project that fails', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
const stop = async () => { await app.close(); };

process.once('SIGTERM', async () => { await stop(); process.exit(0); });
`,
    errors: [
      {
        messageId: 'crashes',
        on: 'process.exit(0)',
        line: 8,
        message:
          'When `stop` rejects, this exit is skipped and the process crashes; what is still draining is cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
const stop = async () => { await app.close(); };

process.once('SIGTERM', async () => {
  try {
    await stop();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  // ------------------------------------------------------------------ signals that end nothing

  reports('a store that keeps the process alive', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

process.on('SIGTERM', () => {
  server.close();
});
`,
    errors: [
      {
        messageId: 'swallowed',
        on: "process.on('SIGTERM', () => {…",
        line: 9,
        message:
          'This listener of SIGTERM ends nothing, and `redis` of line 5 keeps the process alive until it is killed.',
        suggestions: [
          {
            messageId: 'end',
            output: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const server = http.createServer(async (_request, response) => { response.end(await redis.get('greeting')); });
server.listen(3000);

let isShuttingDown = false;
process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    await redis.quit();
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('a line for the log and nothing else', {
    code: `
import http from 'node:http';

http.createServer((_request, response) => response.end()).listen(3000);

process.on('SIGTERM', () => { console.log('got SIGTERM'); });
`,
    errors: [
      {
        messageId: 'swallowed',
        on: "process.on('SIGTERM', () => { console.log('got SIGTERM'); })",
        line: 6,
        message: 'This listener of SIGTERM ends nothing, and line 4 keeps the process alive until it is killed.',
      },
    ],
  });

  // ------------------------------------------------------------------ connections that are cut

  reports('all connections, right after the server was told to close', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
`,
    errors: [
      {
        messageId: 'cut',
        on: 'server.closeAllConnections()',
        line: 9,
        message:
          '`server.closeAllConnections` destroys connections before they are drained; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => server.closeAllConnections(), 10_000).unref();
});
`,
  });

  reports('connections that are cut before a server and a store that nobody waits for', {
    code: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

process.once('SIGTERM', async () => {
  server.closeAllConnections();
  server.close();
  await pool.end();
});
`,
    errors: [
      {
        messageId: 'cut',
        on: 'server.closeAllConnections()',
        line: 12,
        message:
          '`server.closeAllConnections` destroys connections before they are drained; requests in flight are cut off.',
      },
      {
        messageId: 'store',
        on: 'pool.end()',
        line: 14,
        message:
          '`pool.end` closes a store while `server.close` of line 13 is under way; requests in flight fail on it.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => server.closeAllConnections(), 10_000).unref();
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  await pool.end();
});
`,
  });

  reports('a cut whose timer would be set only after the wait', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', () => {
  server.close();
  setTimeout(() => server.closeAllConnections(), 5_000);
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    setTimeout(() => server.closeAllConnections(), 5_000);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a cut under a condition', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', () => {
  if (process.env.FAST) server.closeAllConnections();
  server.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', async () => {
  if (process.env.FAST) server.closeAllConnections();
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a cut whose timer is set before', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', () => {
  setTimeout(() => server.closeAllConnections(), 5_000).unref();
  server.close();
  process.exit(0);
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        message: 'The process exits here while `server.close` of line 9 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => server.closeAllConnections(), 5_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('sockets, one by one', {
    code: `
import http from 'node:http';
import type { Socket } from 'node:net';

const server = http.createServer((_request, response) => response.end());
const sockets = new Set<Socket>();
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  for (const socket of sockets) {
    socket.destroy();
  }
});
`,
    errors: [
      {
        messageId: 'cut',
        on: 'socket.destroy()',
        line: 16,
        message: '`socket.destroy` destroys connections before they are drained; what it was doing is cut off.',
      },
    ],
    output: `
import http from 'node:http';
import type { Socket } from 'node:net';

const server = http.createServer((_request, response) => response.end());
const sockets = new Set<Socket>();
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
  }, 10_000).unref();
});
`,
  });

  // ------------------------------------------------------------------ stores that are closed first

  reports('a store after a server that nobody waits for', {
    code: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

process.once('SIGTERM', async () => {
  server.close();
  await pool.end();
});
`,
    errors: [
      {
        messageId: 'store',
        on: 'pool.end()',
        line: 13,
        message:
          '`pool.end` closes a store while `server.close` of line 12 is under way; requests in flight fail on it.',
      },
    ],
    output: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  await new Promise<void>((resolve) => { server.close(() => resolve()); });
  await pool.end();
});
`,
  });

  // ------------------------------------------------------------------ hooks

  reports('a drain that close-with-grace is not told of', {
    code: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

closeWithGrace({ delay: 500 }, async () => {
  app.close();
});
`,
    errors: [
      {
        messageId: 'hook',
        on: 'app.close()',
        line: 9,
        message: '`app.close` is not waited for here; the process ends without it, and requests in flight are cut off.',
      },
    ],
    output: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

closeWithGrace({ delay: 500 }, async () => {
  await app.close();
});
`,
  });

  reports('a drain in a hook of Nest', {
    code: `
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'bullmq';
import './main.ts';

@Injectable()
export class Jobs implements OnModuleDestroy {
  private readonly worker = new Worker('jobs', async () => undefined);

  onModuleDestroy(): void {
    void this.worker.close();
  }
}
`,
    compilerOptions: { experimentalDecorators: true },
    files: {
      'main.ts': `
import http from 'node:http';

http.createServer((_request, response) => { response.end(); }).listen(3000);
`,
    },
    errors: [
      {
        messageId: 'hook',
        on: 'this.worker.close()',
        line: 11,
        message:
          '`this.worker.close` is not waited for here; the process ends without it, and jobs in progress are cut off.',
      },
    ],
    output: `
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'bullmq';
import './main.ts';

@Injectable()
export class Jobs implements OnModuleDestroy {
  private readonly worker = new Worker('jobs', async () => undefined);

  async onModuleDestroy(): Promise<void> {
    await this.worker.close();
  }
}
`,
  });

  // ------------------------------------------------------------------ options

  reports('a deadline of its own', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', () => process.exit(0));
`,
    options: { deadline: 25000 },
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 7,
        message:
          'On SIGTERM the process exits here while what `app.listen` of line 5 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 25_000).unref();
  try {
    await app.close();
  } catch (error) {
    app.log.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a function that the user calls a drain', {
    code: `
import fastify from 'fastify';
import { shutdown } from './telemetry.ts';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  try {
    await app.close();
    void shutdown();
  } finally {
    process.exit(0);
  }
});
`,
    options: { drains: ['shutdown'] },
    files: {
      'telemetry.ts': `
interface Exporter {
  stop(): Promise<void>;
}

declare const exporter: Exporter;

export declare function shutdown(): Promise<void>;
export const name = exporter.constructor.name;
`,
    },
    errors: [
      {
        messageId: 'work',
        on: 'process.exit(0)',
        line: 13,
        message:
          'The process exits here while `shutdown` of line 11 is under way; what follows its first wait never happens.',
        suggestions: [
          {
            messageId: 'await',
            output: `
import fastify from 'fastify';
import { shutdown } from './telemetry.ts';

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  try {
    await app.close();
    await shutdown();
  } finally {
    process.exit(0);
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('a dropped promise of code that cannot be seen', {
    code: `
import fastify from 'fastify';

declare const telemetry: { flush(): Promise<void> };

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  try {
    await app.close();
    void telemetry.flush();
  } finally {
    process.exit(0);
  }
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'work',
        on: 'process.exit(0)',
        line: 14,
        message:
          'The process exits here while `telemetry.flush` of line 12 is under way; what follows its first wait never happens.',
        suggestions: [
          {
            messageId: 'await',
            output: `
import fastify from 'fastify';

declare const telemetry: { flush(): Promise<void> };

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  try {
    await app.close();
    await telemetry.flush();
  } finally {
    process.exit(0);
  }
});
`,
          },
        ],
      },
    ],
  });

  reports('what a registrar of the user is given', {
    code: `
import http from 'node:http';

declare function onShutdown(stop: () => Promise<void>): void;

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

onShutdown(async () => {
  server.close();
});
`,
    options: { registrars: ['onShutdown'] },
    errors: [
      {
        messageId: 'hook',
        on: 'server.close()',
        line: 10,
        message:
          '`server.close` is not waited for here; the process ends without it, and requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

declare function onShutdown(stop: () => Promise<void>): void;

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

onShutdown(async () => {
  await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
});
`,
  });

  reports('a file that the user calls a service', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.once('SIGTERM', () => {
  server.close();
  process.exit(0);
});
`,
    filename: 'scripts/preview.ts',
    options: { services: ['**/scripts/**'] },
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 9,
        message: 'The process exits here while `server.close` of line 8 is under way; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.once('SIGTERM', async () => {
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  stays('silent about signals that the user leaves out', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGINT', () => {
  server.close();
  process.exit(0);
});
`,
    options: { signals: ['SIGTERM'] },
  });

  stays('silent about a dropped promise of code that cannot be seen, unless it may tell what is likely', {
    code: `
import fastify from 'fastify';

declare const telemetry: { flush(): Promise<void> };

const app = fastify();
await app.listen({ port: 3000 });

process.once('SIGTERM', async () => {
  try {
    await app.close();
    void telemetry.flush();
  } finally {
    process.exit(0);
  }
});
`,
  });

  stays('silent about a bare exit where a registrar of the user drains', {
    code: `
import fastify from 'fastify';

declare function onShutdown(stop: () => Promise<void>): void;

const app = fastify();
await app.listen({ port: 3000 });
onShutdown(async () => { await app.close(); });

process.on('SIGTERM', () => process.exit(0));
`,
    options: { registrars: ['onShutdown'] },
  });

  // ------------------------------------------------------------------ what is right

  stays('silent about a routine that waits for everything and exits in both branches', {
    code: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

async function shutDown(): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
    await pool.end();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

process.on('SIGTERM', () => void shutDown());
`,
  });

  stays('silent about a handler of the rejection behind a routine that exits itself', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();
const sessions = new Redis();
await app.listen({ port: 3000 });
let isClosing = false;

async function shutDown(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  await app.close();
  await sessions.quit();
  process.exit(0);
}
function die(error: unknown): never {
  app.log.error(error);
  process.exit(1);
}

process.on('SIGTERM', () => {
  shutDown().catch((error) => {
    app.log.error(error);
    process.exit(1);
  });
});
process.on('SIGINT', () => void shutDown().then(undefined, die));
`,
  });

  reports('a handler of the rejection behind a routine that does not wait', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();
const sessions = new Redis();
await app.listen({ port: 3000 });
let isClosing = false;

async function shutDown(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  void app.close();
  await sessions.quit();
}

process.on('SIGTERM', () => {
  shutDown().catch((error) => {
    app.log.error(error);
    process.exit(1);
  });
});
`,
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(1)',
        line: 20,
        message: 'The process exits here while `app.close` of line 13 is under way; requests in flight are cut off.',
      },
    ],
  });

  stays('silent about a second signal that forces the exit', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);
let isClosing = false;

process.on('SIGTERM', () => {
  if (isClosing) process.exit(1);
  isClosing = true;
  const timer = setTimeout(() => process.exit(1), 5_000);
  timer.unref();
  server.close(() => process.exit(0));
});
`,
  });

  stays('silent about signals that are counted', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);
let signals = 0;

process.on('SIGINT', () => {
  if (++signals > 1) {
    process.exit(130);
  }
  server.close(() => { process.exit(0); });
});
`,
  });

  stays('silent about an exit on the event of the server', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.on('close', () => process.exit(0));
  server.close();
});
`,
  });

  stays('silent about a wait for the event of the server', {
    code: `
import { once } from 'node:events';
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', async () => {
  const closed = once(server, 'close');
  server.close();
  try {
    await closed;
  } finally {
    process.exit(0);
  }
});
`,
  });

  stays('silent about a pause after the server was told to close', {
    code: `
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', async () => {
  server.close();
  await sleep(5_000);
  process.exit(0);
});
`,
  });

  stays('silent about a timer that exits after the drain was begun', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.close();
  setTimeout(() => process.exit(0), 5_000);
});
`,
  });

  stays('silent about no exit when every handle is closed', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
server.listen(3000);

process.on('SIGTERM', () => { server.close(); });
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});
`,
  });

  stays('silent about a server whose close is promisified', {
    code: `
import http from 'node:http';
import { promisify } from 'node:util';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', async () => {
  try {
    await promisify(server.close.bind(server))();
    process.exit(0);
  } catch {
    process.exit(1);
  }
});
`,
  });

  stays('silent about a signal that is raised again', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.once('SIGTERM', () => {
  server.close(() => { process.kill(process.pid, 'SIGTERM'); });
});
`,
  });

  stays('silent about an abort signal as the bus of the shutdown', {
    code: `
import http from 'node:http';

const stop = new AbortController();
http.createServer((_request, response) => response.end()).listen({ port: 3000, signal: stop.signal });

process.on('SIGTERM', () => { stop.abort(); });
`,
  });

  stays('silent about an emitter as the bus of the shutdown', {
    code: `
import { EventEmitter } from 'node:events';
import http from 'node:http';

const bus = new EventEmitter();
const server = http.createServer((_request, response) => response.end());
server.listen(3000);
bus.on('stop', () => server.close(() => process.exit(0)));

process.on('SIGTERM', () => { bus.emit('stop'); });
`,
  });

  stays('silent about a flag that another loop looks at', {
    code: `
import http from 'node:http';

let isRunning = true;
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => { isRunning = false; });
setInterval(() => {
  if (!isRunning) server.close(() => process.exit(0));
}, 100);
`,
  });

  stays('silent about chains that end in both cases', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

process.on('SIGTERM', () => {
  app.close().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('SIGINT', () => { app.close().catch((error) => console.error(error)).finally(() => process.exit(0)); });
`,
  });

  stays('silent about packages that wait', {
    code: `
import closeWithGrace from 'close-with-grace';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

closeWithGrace({ delay: 500 }, async () => { await app.close(); });
`,
  });

  stays('silent about connections that are cut when the deadline is over', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => {
    server.closeAllConnections();
    process.exit(1);
  }, 5_000).unref();
});
`,
  });

  stays('silent about a race with a deadline', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
  void Promise.race([closed, new Promise<void>((resolve) => { setTimeout(resolve, 3_000).unref(); })]).finally(() => process.exit());
});
`,
  });

  stays('silent about a drain that a helper of the project limits', {
    code: `
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool();
const server = http.createServer(async (_request, response) => {
  response.end(JSON.stringify(await pool.query('SELECT 1')));
});
server.listen(3000);

function limit<T>(task: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error('too late')); }, ms);
    task.then(resolve, reject).finally(() => { clearTimeout(timer); });
  });
}
async function race<T>(task: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new Error('too late')); }, ms); });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}
const closed = (): Promise<void> => new Promise((resolve) => { server.close(() => { resolve(); }); });

process.once('SIGTERM', async () => {
  try {
    await limit(closed(), 5_000);
    await pool.end();
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
process.once('SIGINT', async () => {
  try {
    await race(closed(), 5_000).catch(console.error);
    await pool.end();
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a drain that a helper of the project only looks at', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

async function note(task: Promise<void>): Promise<void> {
  task.then(() => { console.log('closed'); }, console.error);
}
const closed = (): Promise<void> => new Promise((resolve) => { server.close(() => { resolve(); }); });

process.once('SIGTERM', async () => {
  await note(closed());
  process.exit(0);
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'pending',
        on: 'process.exit(0)',
        line: 14,
        message: 'The process exits here while `server.close` of line 10 is under way; requests in flight are cut off.',
      },
    ],
  });

  stays('silent about the primary process of a cluster', {
    code: `
import cluster from 'node:cluster';
import http from 'node:http';

if (cluster.isPrimary) {
  cluster.fork();
  process.on('SIGTERM', () => { cluster.disconnect(() => process.exit(0)); });
} else {
  http.createServer((_request, response) => response.end()).listen(3000);
}
`,
  });

  stays('silent about a signal that the primary process sends to its workers', {
    code: `
import cluster from 'node:cluster';
import http from 'node:http';

if (cluster.isPrimary) {
  cluster.fork();
  process.on('SIGTERM', () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.kill('SIGTERM');
  });
} else {
  const server = http.createServer((_request, response) => response.end()).listen(3000);
  process.on('SIGTERM', () => {
    setTimeout(() => process.exit(1), 5_000).unref();
    server.close(() => process.exit(0));
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a client that is cut off while it reads for ever', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();

class Jobs {
  private readonly reading = new Redis();
  private isRunning = true;
  private readonly loop = this.run();

  private async run(): Promise<void> {
    while (this.isRunning) console.log(await this.reading.blpop('jobs', 0));
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.reading.disconnect();
    await this.loop;
  }
}

const jobs = new Jobs();
app.addHook('onClose', async () => { await jobs.stop(); });
await app.listen({ port: 3000 });
`,
    options: { certainty: 'likely' },
  });

  reports('a client that is cut off while its reads have a limit', {
    code: `
import fastify from 'fastify';
import { Redis } from 'ioredis';

const app = fastify();

class Jobs {
  private readonly reading = new Redis();
  private isRunning = true;
  private readonly loop = this.run();

  private async run(): Promise<void> {
    while (this.isRunning) console.log(await this.reading.blpop('jobs', 5));
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.reading.disconnect();
    await this.loop;
  }
}

const jobs = new Jobs();
app.addHook('onClose', async () => { await jobs.stop(); });
await app.listen({ port: 3000 });
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'cut',
        on: 'this.reading.disconnect()',
        line: 18,
        message:
          '`this.reading.disconnect` destroys connections before they are drained; what it was doing is cut off.',
      },
    ],
  });

  stays('silent about an exit before anything listens', {
    code: `
import http from 'node:http';

if (process.env['PORT'] === undefined) {
  console.error('no PORT');
  process.exit(1);
}
http.createServer((_request, response) => response.end()).listen(Number(process.env['PORT']));
`,
  });

  stays('silent about a code that the failure sets', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', async () => {
  let code = 0;
  try {
    await new Promise((resolve) => server.close(resolve));
  } catch (error) {
    console.error(error);
    code = 1;
  }
  process.exit(code);
});
`,
  });

  stays('silent about a failure that sets the exit code and lets the process end', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);
const stop = async () => { await new Promise((resolve) => server.close(resolve)); };

process.on('SIGTERM', () => {
  stop().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
});
`,
  });

  stays('silent about a development server', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGINT', () => {
  server.close();
  process.exit(0);
});
`,
    filename: 'scripts/preview.ts',
  });

  stays('silent about a listener that production never adds', {
    code: `
import http from 'node:http';

const { NODE_ENV = 'development' } = process.env;
const isProduction = NODE_ENV === 'production';
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

function stopAtOnce(): void {
  process.on('SIGQUIT', () => process.exit(0));
}
function listen(): void {
  if (isProduction) return;
  process.on('SIGHUP', () => process.exit(0));
}

if (!isProduction) process.on('SIGINT', () => process.exit(0));
if (process.env['NODE_ENV'] === 'development' && process.stdin.isTTY) stopAtOnce();
listen();
`,
  });

  reports('a listener that production adds', {
    code: `
import http from 'node:http';

const isTest = process.env['NODE_ENV'] === 'test';
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

if (!isTest) process.on('SIGINT', () => process.exit(0));
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 8,
        message:
          'On SIGINT the process exits here while what `server.listen` of line 6 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const isTest = process.env['NODE_ENV'] === 'test';
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

let isShuttingDown = false;
if (!isTest) process.on('SIGINT', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  stays('silent about a listener by a setting that nobody writes', {
    code: `
import http from 'node:http';

const config = { isDev: process.env['NODE_ENV'] === 'development' };
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

if (config.isDev) process.on('SIGTERM', () => process.exit(0));
`,
  });

  reports('a listener by a setting that is written later', {
    code: `
import http from 'node:http';

const config = { isDev: process.env['NODE_ENV'] === 'development' };
if (process.env['FORCE']) config.isDev = true;
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

if (config.isDev) process.on('SIGTERM', () => process.exit(0));
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 9,
        message:
          'On SIGTERM the process exits here while what `server.listen` of line 7 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const config = { isDev: process.env['NODE_ENV'] === 'development' };
if (process.env['FORCE']) config.isDev = true;
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

let isShuttingDown = false;
if (config.isDev) process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  reports('a listener under another name of production', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

if (process.env['NODE_ENV'] === 'prod') process.on('SIGTERM', () => process.exit(0));
`,
    errors: [
      {
        messageId: 'serving',
        on: 'process.exit(0)',
        line: 7,
        message:
          'On SIGTERM the process exits here while what `server.listen` of line 5 began still runs; requests in flight are cut off.',
      },
    ],
    output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

let isShuttingDown = false;
if (process.env['NODE_ENV'] === 'prod') process.on('SIGTERM', async () => {
  if (isShuttingDown) return;
  isShuttingDown = true;
  setTimeout(() => process.exit(1), 10_000).unref();
  try {
    await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    process.exit();
  }
});
`,
  });

  stays('silent about an example and a test', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => process.exit(0));
`,
    filename: 'examples/server.ts',
  });

  stays('silent about a worker thread', {
    code: `
import { parentPort } from 'node:worker_threads';
import pg from 'pg';

const pool = new pg.Pool();

parentPort?.on('message', async () => {
  await pool.end();
  process.exit(0);
});
`,
  });

  stays('silent about synchronous ends', {
    code: `
import http from 'node:http';

const beat = setInterval(() => console.log('alive'), 60_000);
const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGTERM', () => {
  server.close(() => {
    clearInterval(beat);
    process.exit(0);
  });
});
`,
  });

  stays('silent about a promise that is kept and handed to whoever waits', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
let closing: Promise<void> | undefined;
function close(): Promise<void> {
  closing ??= app.close();
  return closing;
}

process.on('SIGTERM', () => {
  void close().then(() => process.exit(0), () => process.exit(1));
});
`,
  });

  stays('silent about a listener of exit that does what can be done at once', {
    code: `
import { writeFileSync } from 'node:fs';
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });
let served = 0;
app.get('/', async () => ++served);

process.on('exit', () => { writeFileSync('served.txt', String(served)); });
`,
  });

  stays('silent about two listeners with one routine', {
    code: `
import fastify from 'fastify';

const app = fastify();
await app.listen({ port: 3000 });

async function stop(): Promise<void> {
  try {
    await app.close();
  } finally {
    process.exit(0);
  }
}

process.on('SIGTERM', stop);
process.on('SIGTERM', () => { console.log('closing'); });
process.once('SIGINT', () => void stop());
`,
  });

  stays('silent about a child whose parent ends it by a message', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

process.on('SIGINT', () => {});
process.on('message', (message) => {
  if (message === 'stop') server.close(() => process.exit(0));
});
`,
  });

  stays('silent about hooks of Fastify with a callback, and a code that the failure sets', {
    code: `
import fastify from 'fastify';
import pg from 'pg';
const pool = new pg.Pool();
const app = fastify();
app.addHook('onClose', (_instance, done) => { pool.end().then(() => done(), done); });
app.addHook('onClose', async () => { await pool.end(); });
await app.listen({ port: 1 });
for (const s of ['SIGTERM', 'SIGINT'] as const) process.once(s, async () => { try { await app.close(); } catch (e) { app.log.error(e); process.exitCode = 1; } });
`,
  });

  stays('silent about a list of closers that are run one by one', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
const closers: (() => Promise<void>)[] = [];
closers.push(() => new Promise((ok, no) => { s.close((e) => { if (e) no(e); else ok(); }); }));
async function stop(code: number) {
  for (const c of closers) { try { await c(); } catch (e) { console.error(e); } }
  process.exit(code);
}
process.on('SIGTERM', () => stop(0));
`,
  });

  stays('silent about a registry that runs what was added to it', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
class Registry {
  private static readonly all: { name: string; run: () => Promise<unknown> }[] = [];
  static add(name: string, run: () => Promise<unknown>) { this.all.push({ name, run }); }
  static async execute() { await Promise.allSettled(this.all.map(({ run }) => run())); process.exit(0); }
}
Registry.add('http', () => new Promise((ok) => { s.close(ok); }));
process.once('SIGTERM', () => Registry.execute());
`,
  });

  stays('silent about a close that a start-up function gives back', {
    code: `
import http from 'node:http';
export function serve() {
  const s = http.createServer((_q, r) => { r.end(); });
  s.listen(3);
  return async () => { await new Promise((ok) => { s.close(ok); }); };
}
const close = serve();
process.on('SIGTERM', () => { close().then(() => { process.exit(0); }).catch((e) => { console.error(e); process.exit(1); }); });
`,
  });

  stays('silent about the whole pattern, by hand', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
let stopping: Promise<void> | undefined;
function stop(): Promise<void> {
  return (stopping ??= (async () => {
    const force = setTimeout(() => { s.closeAllConnections(); process.exit(1); }, 25_000);
    force.unref();
    try {
      const reap = setInterval(() => s.closeIdleConnections(), 100);
      await new Promise<void>((res, rej) => s.close((e) => (e ? rej(e) : res()))).finally(() => clearInterval(reap));
      process.exitCode = 0;
    } catch (e) { console.error(e); process.exitCode = 1; } finally { clearTimeout(force); }
  })());
}
for (const x of ['SIGTERM', 'SIGINT'] as const) process.on(x, () => void stop());
`,
  });

  stays('silent about a store that is closed in the callback of the server', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';
const redis = new Redis();
const s = http.createServer(async (_q, r) => { r.end(await redis.get('x')); });
s.listen(3);
process.on('SIGTERM', () => {
  s.close(async (e) => {
    if (e) console.error(e);
    await redis.quit();
  });
});
`,
  });

  stays('silent about a listener that takes itself away and raises the signal again', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
process.on('SIGTERM', async function onTerm() {
  process.off('SIGTERM', onTerm);
  await new Promise<void>((ok) => { s.close(() => { ok(); }); });
  process.kill(process.pid, 'SIGTERM');
});
`,
  });

  stays('silent about sockets that are closed before the server, and cut after a deadline', {
    code: `
import http from 'node:http';
import { WebSocketServer } from 'ws';
const s = http.createServer((_q, r) => { r.end(); });
const wss = new WebSocketServer({ server: s });
s.listen(3);
process.on('SIGTERM', () => {
  wss.clients.forEach((c) => c.close(1001));
  wss.close(() => { s.close(() => process.exit(0)); });
  setTimeout(() => { wss.clients.forEach((c) => c.terminate()); process.exit(1); }, 5000).unref();
});
`,
  });

  stays('silent about a routine whose drains catch their own failures', {
    code: `
import { Worker } from 'bullmq';
const worker = new Worker('x', async () => undefined);
process.on('SIGINT', gracefulShutdown);
process.on('SIGTERM', gracefulShutdown);
async function gracefulShutdown(signal: NodeJS.Signals) {
  console.log(signal);
  await worker.close().catch((e) => { console.error(e); });
  process.exit(0);
}
`,
  });

  stays('silent about signals that ask for something else', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
process.on('SIGUSR2', () => { console.log(process.memoryUsage()); });
process.on('SIGHUP', () => { console.log('reload'); });
`,
  });

  stays('silent about a child whose end is the end of the process', {
    code: `
import http from 'node:http';
import { spawn } from 'node:child_process';
const child = spawn('node', ['x.js']);
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
child.on('exit', (code) => { process.exit(code ?? 1); });
process.on('SIGTERM', () => { child.kill('SIGTERM'); });
`,
  });

  stays('silent about messages of a process manager', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3, () => { console.log('up'); });
s.on('error', () => process.exit(1));
process.on('message', (m) => { if (m === 'shutdown') { s.close(() => process.exit(0)); } });
process.on('disconnect', () => { s.close(() => process.exit(0)); });
`,
  });

  stays('silent about drains that end together before the exit', {
    code: `
import http from 'node:http';
import pg from 'pg';
const pool = new pg.Pool();
const s = http.createServer(async (_q, r) => { r.end(String(await pool.query('x'))); });
s.listen(3);
async function stop() {
  const results = await Promise.allSettled([new Promise<void>((ok, no) => { s.close((e) => (e ? no(e) : ok())); }), pool.end()]);
  const failed = results.some((r) => r.status === 'rejected');
  process.exit(failed ? 1 : 0);
}
process.once('SIGTERM', () => { stop(); });
`,
  });

  stays('silent about a wait for the signal in module code', {
    code: `
import http from 'node:http';
import { once } from 'node:events';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
await once(process, 'SIGTERM');
s.close();
await once(s, 'close');
process.exit(0);
`,
  });

  stays('silent about connections that are cut after a race with a deadline', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
process.on('SIGTERM', async () => {
  const t = new Promise((r) => setTimeout(r, 1000).unref());
  await Promise.race([new Promise((r) => s.close(r)), t]);
  s.closeAllConnections();
  process.exit(0);
});
`,
  });

  stays('silent about signals that are counted before the exit', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
let n = 0;
function stop() {
  n += 1;
  if (n === 1) { s.close(() => process.exit(0)); return; }
  process.exit(1);
}
process.on('SIGINT', stop);
`,
  });

  stays('silent about a failure that exits before the exit behind it', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
const stop = async () => {
  try {
    await closeServer();
  } catch (e) {
    console.error(e);
    process.exit(1);
  }
  process.exit(0);
};
function closeServer() { return new Promise<void>((resolve, reject) => { s.close((e) => { e ? reject(e) : resolve(); }); }); }
process.on('SIGTERM', stop);
`,
  });

  stays('silent about idle connections that are closed at once', {
    code: `
import http from 'node:http';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
process.on('SIGTERM', () => {
  s.close((err) => {
    if (err) { console.error(err); process.exit(1); }
    console.log('closed');
    process.exit(0);
  });
  s.closeIdleConnections();
});
`,
  });

  stays('silent about a promisified close that is kept', {
    code: `
import http from 'node:http';
import { promisify } from 'node:util';
const s = http.createServer((_q, r) => { r.end(); });
s.listen(3);
const close = promisify(s.close.bind(s));
process.on('SIGTERM', () => { close().then(() => process.exit(0), () => process.exit(1)); });
`,
  });

  stays('silent about an exit after the end of the routine, whatever that is', {
    code: `
import fastify from 'fastify';
const app = fastify();
await app.listen({ port: 1 });
async function stop() { await app.close(); }
process.on('SIGTERM', () => void stop().finally(() => process.exit(0)));
`,
    options: { certainty: 'likely' },
  });

  stays('silent about an exit after a pause that stands beside the drain', {
    code: `
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => {
  void sleep(60_000).then(() => process.exit(1));
  server.close(() => process.exit(0));
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a deadline that is an async function called in place', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
const pause = (ms: number) => new Promise<void>((ok) => { setTimeout(ok, ms).unref(); });
process.on('SIGTERM', () => {
  void (async () => { await pause(60_000); process.exit(1); })();
  server.close(() => process.exit(0));
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a controller that a timer aborts', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 5000).unref();
  controller.signal.addEventListener('abort', () => process.exit(1));
  server.close(() => process.exit(0));
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a signal of a time', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => {
  AbortSignal.timeout(5000).addEventListener('abort', () => process.exit(1));
  server.close(() => process.exit(0));
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a deadline that is stopped', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
function forceExit() { process.exit(1); }
async function stop() {
  const timer = setTimeout(forceExit, 5000);
  await new Promise((ok) => { server.close(ok); });
  clearTimeout(timer);
  process.exit(0);
}
process.on('SIGTERM', stop);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about an interval that looks at the time', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => {
  const started = Date.now();
  server.close();
  const check = setInterval(() => { if (Date.now() - started > 5000) { clearInterval(check); process.exit(0); } }, 100);
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about an event of something else', {
    code: `
import http from 'node:http';
import { EventEmitter } from 'node:events';
const jobs = new EventEmitter();
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => {
  jobs.once('idle', () => process.exit(0));
  server.close(() => { jobs.emit('idle'); });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a wait for the event of the server, made by hand', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
async function stop() {
  server.close();
  server.closeIdleConnections();
  await new Promise<void>((ok) => { server.once('close', () => { ok(); }); });
  process.exit(0);
}
process.on('SIGTERM', () => { void stop(); });
`,
    options: { certainty: 'likely' },
  });

  stays('silent about stoppable', {
    code: `
import express from 'express';
import stoppable from 'stoppable';

const app = express();
const server = stoppable(app.listen(3000), 5_000);

process.on('SIGTERM', () => { server.stop(() => process.exit(0)); });
`,
    compilerOptions: { esModuleInterop: true },
  });

  stays('silent about an application of Nest that listens for signals itself', {
    code: `
import type { INestApplication } from '@nestjs/common';

declare function create(): Promise<INestApplication>;

async function bootstrap(): Promise<void> {
  const app = await create();
  app.enableShutdownHooks();
  await app.listen(3000);
}

process.on('SIGTERM', () => { console.log('SIGTERM'); });
void bootstrap();
`,
  });

  stays('silent about a server that its scope disposes of', {
    code: `
import http from 'node:http';

async function serve(): Promise<void> {
  await using server = http.createServer((_request, response) => { response.end(); });
  server.listen(3000);
  await new Promise<void>((resolve) => { process.once('SIGTERM', () => { resolve(); }); });
}

void serve();
`,
    compilerOptions: { lib: ['lib.esnext.d.ts'] },
  });

  stays('silent about a resolver that a variable keeps', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
let finish: () => void = () => undefined;
const done = new Promise<void>((ok) => { finish = ok; });
process.on('SIGTERM', () => { finish(); });
await done;
server.close();
`,
  });

  stays('silent about a message that another loop takes', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
const queue: string[] = [];
process.on('SIGTERM', () => { queue.push('stop'); });
setInterval(() => { if (queue.shift() === 'stop') server.close(() => process.exit(0)); }, 50);
`,
  });

  stays('silent about listeners of its own', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
const listeners = new Set<() => void>();
listeners.add(() => { server.close(() => process.exit(0)); });
process.on('SIGTERM', () => { for (const l of listeners) l(); });
`,
  });

  stays('silent about an entry that another loop looks at', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
const flags = new Map<string, boolean>();
process.on('SIGTERM', () => { flags.set('stop', true); });
setInterval(() => { if (flags.get('stop')) server.close(() => process.exit(0)); }, 50);
`,
  });

  stays('silent about an event of the server itself', {
    code: `
import http from 'node:http';
const server = http.createServer((_q, r) => { r.end(); });
server.listen(3);
process.on('SIGTERM', () => { server.emit('stop'); });
server.on('stop', () => server.close());
`,
  });

  stays('silent about hooks that hand the promise back', {
    code: `
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'bullmq';
import './main.ts';

@Injectable()
export class Jobs implements OnModuleDestroy {
  private readonly worker = new Worker('jobs', async () => undefined);

  onModuleDestroy(): Promise<void> {
    return this.worker.close();
  }
}
`,
    compilerOptions: { experimentalDecorators: true },
    files: {
      'main.ts': `
import http from 'node:http';

http.createServer((_request, response) => { response.end(); }).listen(3000);
`,
    },
  });

  reports('a listener that only logs, in a file that ends itself when it is asked to', {
    code: `
import http from 'node:http';

if (process.argv.includes('--version')) {
  console.log('1.0.0');
  process.exit(0);
}

http.createServer((_request, response) => response.end()).listen(3000);

process.on('SIGTERM', () => { console.log('got SIGTERM'); });
`,
    errors: [
      {
        messageId: 'swallowed',
        on: "process.on('SIGTERM', () => { console.log('got SIGTERM'); })",
        line: 11,
        message: 'This listener of SIGTERM ends nothing, and line 9 keeps the process alive until it is killed.',
      },
    ],
  });

  reports('a listener on the process that a parameter hands over, in a file that does not name the global', {
    code: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

export function install(host: NodeJS.Process): void {
  host.on('SIGTERM', () => { console.log('got SIGTERM'); });
}
`,
    files: {
      'main.ts': `import { install } from './service.js';
install(process);
`,
    },
    errors: [
      {
        messageId: 'swallowed',
        on: "host.on('SIGTERM', () => { console.log('got SIGTERM'); })",
        line: 8,
        message:
          'This listener of SIGTERM ends nothing, and `server` of line 4 keeps the process alive until it is killed.',
        suggestions: [
          {
            messageId: 'end',
            output: `
import http from 'node:http';

const server = http.createServer((_request, response) => response.end());
server.listen(3000);

export function install(host: NodeJS.Process): void {
  let isShuttingDown = false;
  host.on('SIGTERM', async () => {
    if (isShuttingDown) return;
    isShuttingDown = true;
    console.log('got SIGTERM');
    setTimeout(() => process.exit(1), 10_000).unref();
    try {
      await new Promise<void>((resolve, reject) => { server.close((error) => (error ? reject(error) : resolve())); });
    } catch (error) {
      console.error(error);
      process.exitCode = 1;
    } finally {
      process.exit();
    }
  });
}
`,
          },
        ],
      },
    ],
  });
});
