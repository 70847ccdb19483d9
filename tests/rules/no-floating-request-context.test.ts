import rule from '../../src/rules/no-floating-request-context.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  reports('a timer that reads a parameter of the route', {
    code: `
import express from 'express';

const app = express();

app.delete('/orders/:id', (req, res) => {
  setTimeout(() => {
    console.log('removed', req.params.id);
  }, 1000);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 7,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

const app = express();

app.delete('/orders/:id', (req, res) => {
  const id = req.params.id;
  setTimeout(() => {
    console.log('removed', id);
  }, 1000);
  res.end();
});
`,
  });

  reports('the requests of a list', {
    code: `
import type { Request } from 'express';

export function audit(requests: readonly Request[]): void {
  requests.forEach((each) => {
    setTimeout(() => console.log('seen', each.ip), 1000);
  });
}
`,
    errors: [
      {
        messageId: 'gone',
        on: '=>',
        line: 6,
        message:
          '`each` is used on line 6 by a task that nobody waits for; once the client is gone, `each.ip` is undefined.',
      },
    ],
    output: `
import type { Request } from 'express';

export function audit(requests: readonly Request[]): void {
  requests.forEach((each) => {
    const ip = each.ip;
    setTimeout(() => console.log('seen', ip), 1000);
  });
}
`,
  });

  stays('silent when the value was read before', {
    code: `
import express from 'express';

const app = express();

app.delete('/orders/:id', (req, res) => {
  const { id } = req.params;
  setTimeout(() => {
    console.log('removed', id);
  }, 1000);
  res.end();
});
`,
  });

  reports('an async function that is called at once and not waited for', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', (req, res) => {
  void (async () => {
    await record({ at: Date.now() });
    await record({ ip: req.ip, agent: req.get('user-agent') });
  })();
  res.sendStatus(202);
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'async',
        message:
          '`req` is used on line 11 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  await (async () => {
    await record({ at: Date.now() });
    await record({ ip: req.ip, agent: req.get('user-agent') });
  })().catch((error: unknown) => { console.error(error); });
  res.sendStatus(202);
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', (req, res) => {
  const ip = req.ip;
  const userAgent = req.get('user-agent');
  void (async () => {
    await record({ at: Date.now() });
    await record({ ip, agent: userAgent });
  })().catch((error: unknown) => { console.error(error); });
  res.sendStatus(202);
});
`,
  });

  stays('silent when it reads the request before it first waits', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', (req, res) => {
  void (async () => {
    await record({ ip: req.ip, agent: req.get('user-agent') });
    await record({ at: Date.now() });
  })().catch(console.error);
  res.sendStatus(202);
});
`,
  });

  reports('a chain whose callback reads the request, although it has a catch', {
    code: `
import { createServer } from 'node:http';

declare function countVisit(): Promise<number>;

createServer((request, response) => {
  countVisit()
    .then((visits) => console.log(visits, request.url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'countVisit()…',
        line: 7,
        message: '`request` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer } from 'node:http';

declare function countVisit(): Promise<number>;

createServer(async (request, response) => {
  await countVisit()
    .then((visits) => console.log(visits, request.url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer } from 'node:http';

declare function countVisit(): Promise<number>;

createServer((request, response) => {
  const url = request.url;
  countVisit()
    .then((visits) => console.log(visits, url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('one copy for a chain that is read twice, under a name that is free', {
    code: `
import express from 'express';

const app = express();

app.get('/invoices/:id', (req, res) => {
  const id = Number(req.params.id);
  setImmediate(() => {
    console.log(req.params.id);
    console.log(\`invoice \${req.params.id}\`);
  });
  res.json({ id });
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 8,
        message: '`req` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

const app = express();

app.get('/invoices/:id', (req, res) => {
  const id = Number(req.params.id);
  const paramsId = req.params.id;
  setImmediate(() => {
    console.log(paramsId);
    console.log(\`invoice \${paramsId}\`);
  });
  res.json({ id });
});
`,
  });

  reports('headers by index, in an if without braces', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.method === 'POST') setImmediate(() => console.log(request.headers['x-request-id']));
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 5,
        message: '`request` is used on line 5 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  if (request.method === 'POST') {
    const requestId = request.headers['x-request-id'];
    setImmediate(() => console.log(requestId));
  }
  response.end();
}).listen(8080);
`,
  });

  reports('a field that may be missing: it is copied as it is and stays checked', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function touch(user: string): Promise<void>;
declare function settled(): Promise<void>;

export function remember(req: SessionRequest): void {
  void settled()
    .then(() => (req.user ? touch(req.user.id) : undefined))
    .catch(console.error);
}

express().get('/', (req, res) => {
  remember(req);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 11,
        message: '`req` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function touch(user: string): Promise<void>;
declare function settled(): Promise<void>;

export function remember(req: SessionRequest): void {
  const user = req.user;
  void settled()
    .then(() => (user ? touch(user.id) : undefined))
    .catch(console.error);
}

express().get('/', (req, res) => {
  remember(req);
  res.end();
});
`,
  });

  reports('an assertion that a field is there stays at its place', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function touch(user: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.get('/', (req: SessionRequest, res) => {
  void settled()
    .then(() => touch(req.user!.id))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 13,
        message: '`req` is used on line 14 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function touch(user: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  await settled()
    .then(() => touch(req.user!.id))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function touch(user: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.get('/', (req: SessionRequest, res) => {
  const user = req.user;
  void settled()
    .then(() => touch(user!.id))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('a declaration in the task moves out as it is', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  void (async () => {
    await record({ begun: true });
    const { body, ip } = req; // what was sent
    await record({ body, ip });
  })().catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '(async () => {…',
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  await (async () => {
    await record({ begun: true });
    const { body, ip } = req; // what was sent
    await record({ body, ip });
  })().catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  const { body, ip } = req;
  void (async () => {
    await record({ begun: true });
    // what was sent
    await record({ body, ip });
  })().catch(console.error);
  res.end();
});
`,
  });

  reports('a variable in the task moves out with its comment left', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  void (async () => {
    await record({ begun: true });
    const agent = req.get('user-agent');
    await record({ agent });
  })().catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '(async () => {…',
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  await (async () => {
    await record({ begun: true });
    const agent = req.get('user-agent');
    await record({ agent });
  })().catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  const agent = req.get('user-agent');
  void (async () => {
    await record({ begun: true });
    await record({ agent });
  })().catch(console.error);
  res.end();
});
`,
  });

  reports('an arrow function whose body launches the task', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

export const note = (request: IncomingMessage): void => void settled().then(() => console.log(request.method), console.error);

createServer((request, response) => {
  note(request);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled().then(() => console.log(request.method), console.error)',
        message: '`request` is used on line 6 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

export const note = (request: IncomingMessage): void => {
  const method = request.method;
  void settled().then(() => console.log(method), console.error);
};

createServer((request, response) => {
  note(request);
  response.end();
}).listen(8080);
`,
  });

  reports('in a loop: the copy is made in each turn', {
    code: `
import express from 'express';

declare function notify(member: string, from: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/invitations', (req, res) => {
  for (const member of ['ada', 'grace']) void settled().then(() => notify(member, req.body.from)).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled().then(() => notify(member, req.body.from)).catch(console.error)',
        message: '`req` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function notify(member: string, from: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/invitations', async (req, res) => {
  for (const member of ['ada', 'grace']) await settled().then(() => notify(member, req.body.from)).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function notify(member: string, from: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/invitations', (req, res) => {
  for (const member of ['ada', 'grace']) {
    const body = req.body;
    void settled().then(() => notify(member, body.from)).catch(console.error);
  }
  res.end();
});
`,
  });

  reports('a promise in a variable that nobody looks at', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function settled(): Promise<void>;

export async function warm(req: express.Request): Promise<void> {
  const task = settled().then(() => record({ path: req.path }));
}
`,
    compilerOptions: { noUnusedLocals: false },
    errors: [
      {
        messageId: 'late',
        on: 'settled().then(() => record({ path: req.path }))',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function settled(): Promise<void>;

export async function warm(req: express.Request): Promise<void> {
  const task = await settled().then(() => record({ path: req.path }));
}
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function settled(): Promise<void>;

export async function warm(req: express.Request): Promise<void> {
  const path = req.path;
  const task = settled().then(() => record({ path })).catch((error: unknown) => { console.error(error); });
}
`,
  });

  reports('inner promises that the callback of a join drops', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  const orders = await Promise.all(
    ['a', 'b'].map(async (id) => {
      const order = await load(id);
      void record({ order }).then(() => console.log(req.originalUrl), console.error);
      return order;
    }),
  );
  res.json(orders);
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({ order }).then(() => console.log(req.originalUrl), console.error)',
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function load(id: string): Promise<string>;
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  const orders = await Promise.all(
    ['a', 'b'].map(async (id) => {
      const order = await load(id);
      await record({ order }).then(() => console.log(req.originalUrl), console.error);
      return order;
    }),
  );
  res.json(orders);
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function load(id: string): Promise<string>;
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  const orders = await Promise.all(
    ['a', 'b'].map(async (id) => {
      const order = await load(id);
      const originalUrl = req.originalUrl;
      void record({ order }).then(() => console.log(originalUrl), console.error);
      return order;
    }),
  );
  res.json(orders);
});
`,
  });

  reports('forEach with an async callback', {
    code: `
import express from 'express';

declare function remove(id: string, by: string | undefined): Promise<void>;

const app = express();

app.delete('/carts', async (req, res) => {
  const carts: string[] = ['a', 'b'];
  carts.forEach(async (cart) => {
    try {
      await remove(cart, undefined);
      await remove(cart, req.get('x-user'));
    } catch (error) {
      console.error(error);
    }
  });
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'async',
        line: 10,
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for all of them (`Promise.all`).',
            output: `
import express from 'express';

declare function remove(id: string, by: string | undefined): Promise<void>;

const app = express();

app.delete('/carts', async (req, res) => {
  const carts: string[] = ['a', 'b'];
  await Promise.all(carts.map(async (cart) => {
    try {
      await remove(cart, undefined);
      await remove(cart, req.get('x-user'));
    } catch (error) {
      console.error(error);
    }
  }));
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function remove(id: string, by: string | undefined): Promise<void>;

const app = express();

app.delete('/carts', async (req, res) => {
  const carts: string[] = ['a', 'b'];
  const user = req.get('x-user');
  carts.forEach(async (cart) => {
    try {
      await remove(cart, undefined);
      await remove(cart, user);
    } catch (error) {
      console.error(error);
    }
  });
  res.end();
});
`,
  });

  reports('queueMicrotask, nextTick and setInterval', {
    code: `
import express from 'express';

const app = express();

app.get('/status', (req, res) => {
  process.nextTick(() => console.log(req.ip));
  setInterval(() => console.log(req.hostname), 1000);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: '=>',
        line: 7,
        message:
          '`req` is used on line 7 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
      },
      {
        messageId: 'late',
        on: '=>',
        line: 8,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

const app = express();

app.get('/status', (req, res) => {
  const ip = req.ip;
  process.nextTick(() => console.log(ip));
  const hostname = req.hostname;
  setInterval(() => console.log(hostname), 1000);
  res.end();
});
`,
  });

  reports('the function that a timer calls gets the request', {
    code: `
import express, { type Request } from 'express';

function log(req: Request): void {
  console.log(req.url);
}

const app = express();

app.get('/', (req, res) => {
  setTimeout(log, 1000, req);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'log',
        line: 11,
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Stop it when the response is over.',
            output: `
import express, { type Request } from 'express';

function log(req: Request): void {
  console.log(req.url);
}

const app = express();

app.get('/', (req, res) => {
  const timer = setTimeout(log, 1000, req);
  res.once('close', () => clearTimeout(timer));
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('a bound function', {
    code: `
import express, { type Request } from 'express';

function log(req: Request): void {
  console.log(req.url);
}

const app = express();

app.get('/', (req, res) => {
  setImmediate(log.bind(null, req));
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'log.bind(null, req)',
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Do it at once, without `setImmediate`.',
            output: `
import express, { type Request } from 'express';

function log(req: Request): void {
  console.log(req.url);
}

const app = express();

app.get('/', (req, res) => {
  log(req);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  stays('silent for a timer that is cleared', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.get('/orders/:id', async (req, res) => {
  const timer = setTimeout(() => console.warn('slow', req.params.id), 1000);
  try {
    res.json(await load(req.params.id));
  } finally {
    clearTimeout(timer);
  }
});
`,
  });

  reports('a listener on something that outlives the request', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';

const prices = new EventEmitter();
const app = express();

app.get('/watch', (req, res) => {
  prices.on('change', () => console.log(req.query));
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 9,
        message: '`req` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { EventEmitter } from 'node:events';
import express from 'express';

const prices = new EventEmitter();
const app = express();

app.get('/watch', (req, res) => {
  const query = req.query;
  prices.on('change', () => console.log(query));
  res.end();
});
`,
  });

  stays('silent for listeners on the request and the response themselves', {
    code: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  const started = Date.now();
  res.on('finish', () => console.log(req.method, req.url, Date.now() - started));
  req.socket.once('timeout', () => console.log(req.url));
  res.json({});
});
`,
  });

  stays('silent for a stream of events: the response is still open', {
    code: `
import { EventEmitter } from 'node:events';
import express from 'express';

const prices = new EventEmitter();
const app = express();

app.get('/stream', (req, res) => {
  const send = (price: number): void => {
    res.write(\`data: \${String(price)} \${req.path}\\n\\n\`);
  };
  prices.on('change', send);
  req.on('close', () => prices.off('change', send));
});
`,
  });

  stays('silent for a timer that keeps the stream alive', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  setInterval(() => response.write(\`: \${request.url ?? ''}\\n\`), 15_000).unref();
}).listen(8080);
`,
  });

  stays('silent for listeners on what was made for this request', {
    code: `
import { spawn } from 'node:child_process';
import express from 'express';

const app = express();

app.get('/thumbnails/:id', (req, res) => {
  const convert = spawn('convert', ['-']);
  convert.on('exit', () => console.log('done', req.params.id));
  convert.stdout.pipe(res);
});
`,
  });

  reports('an argument that the function uses after it has waited', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({ begun: true });
  await record({ ip: req.ip, id: req.params.id });
}

const app = express();

app.delete('/orders/:id', (req, res) => {
  void audit(req);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'audit(req)',
        message:
          '`req` is used on line 8 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({ begun: true });
  await record({ ip: req.ip, id: req.params.id });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  await audit(req).catch((error: unknown) => { console.error(error); });
  res.end();
});
`,
          },
          {
            title: 'Pass only `ip`, `id` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ ip, id }: { ip: string | undefined; id: string | string[] }): Promise<void> {
  await record({ begun: true });
  await record({ ip, id });
}

const app = express();

app.delete('/orders/:id', (req, res) => {
  void audit({ ip: req.ip, id: req.params.id }).catch((error: unknown) => { console.error(error); });
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const ip = req.ip;
  const id = req.params.id;
  await record({ begun: true });
  await record({ ip, id });
}

const app = express();

app.delete('/orders/:id', (req, res) => {
  void audit(req).catch((error: unknown) => { console.error(error); });
  res.end();
});
`,
  });

  stays('silent when the function reads the request before it first waits', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const { ip } = req;
  await record({ begun: true });
  await record({ ip });
}

const app = express();

app.delete('/orders/:id', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
  });

  reports('a function in another file', {
    code: `
import express from 'express';
import { audit } from './audit.ts';

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit(req);
  res.end();
});
`,
    files: {
      'audit.ts': `
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

export async function audit(req: Request): Promise<void> {
  await record({ begun: true });
  await record({ path: req.path });
}
`,
    },
    errors: [
      {
        messageId: 'late',
        on: 'audit(req)',
        message:
          '`req` is used on line 8 of audit.ts by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';
import { audit } from './audit.ts';

const app = express();

app.delete('/orders/:id', async (req, res) => {
  await audit(req);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('through a re-export and an alias', {
    code: `
import express from 'express';
import { trail as keep } from './index.ts';

const app = express();

app.get('/', async (request, response) => {
  keep(request).catch(console.error);
  response.end();
});
`,
    files: {
      'index.ts': `export { audit as trail } from './audit.ts';
`,
      'audit.ts': `
import type { IncomingMessage } from 'node:http';

declare function record(entry: object): Promise<void>;

export const audit = async (message: IncomingMessage): Promise<void> => {
  await record({ begun: true });
  await record({ method: message.method });
};
`,
    },
    errors: [
      {
        messageId: 'late',
        on: 'keep(request).catch(console.error)',
        message:
          '`request` is used on line 8 of audit.ts by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';
import { trail as keep } from './index.ts';

const app = express();

app.get('/', async (request, response) => {
  await keep(request).catch(console.error);
  response.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('an object that holds the request', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

interface Visit {
  readonly req: Request;
  readonly order: string;
}

async function audit(visit: Visit): Promise<void> {
  await record({ order: visit.order });
  await record({ order: visit.order, ip: visit.req.ip });
}

const app = express();

app.get('/orders/:id', (req, res) => {
  void audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'audit({ req, order: req.params.id }).catch(console.error)',
        message:
          '`req` is used on line 13 by a task that nobody waits for; once the client is gone, `visit.req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

interface Visit {
  readonly req: Request;
  readonly order: string;
}

async function audit(visit: Visit): Promise<void> {
  await record({ order: visit.order });
  await record({ order: visit.order, ip: visit.req.ip });
}

const app = express();

app.get('/orders/:id', async (req, res) => {
  await audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

interface Visit {
  readonly req: Request;
  readonly order: string;
}

async function audit(visit: Visit): Promise<void> {
  const ip = visit.req.ip;
  await record({ order: visit.order });
  await record({ order: visit.order, ip });
}

const app = express();

app.get('/orders/:id', (req, res) => {
  void audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
  });

  stays('silent when only plain parts of that object are used late', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ req, order }: { readonly req: Request; readonly order: string }): Promise<void> {
  const { ip } = req;
  await record({ order });
  await record({ order, ip });
}

const app = express();

app.get('/orders/:id', (req, res) => {
  void audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
  });

  reports('a function two calls further on', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function write(req: Request): Promise<void> {
  await record({});
  await record({ agent: req.headers['user-agent'] });
}

async function audit(req: Request): Promise<void> {
  await write(req);
}

const app = express();

app.get('/', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function write(req: Request): Promise<void> {
  await record({});
  await record({ agent: req.headers['user-agent'] });
}

async function audit(req: Request): Promise<void> {
  await write(req);
}

const app = express();

app.get('/', async (req, res) => {
  await audit(req).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function write(req: Request): Promise<void> {
  const userAgent = req.headers['user-agent'];
  await record({});
  await record({ agent: userAgent });
}

async function audit(req: Request): Promise<void> {
  await write(req);
}

const app = express();

app.get('/', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
  });

  reports('a method of an object that keeps the request', {
    code: `
import express, { type Request, type Response } from 'express';

declare function record(entry: object): Promise<void>;

class OrderRequest {
  readonly #order: string;

  constructor(private readonly req: Request, order: string) {
    this.#order = order;
  }

  answer(res: Response): void {
    void this.audit();
    res.json({ order: this.#order });
  }

  private async audit(): Promise<void> {
    await record({ order: this.#order });
    await record({ ip: this.req.ip });
  }
}

express().get('/', (req, res) => {
  new OrderRequest(req, 'a').answer(res);
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'this.audit()',
        message:
          '`this.req` is used on line 20 by a task that nobody waits for; once the client is gone, `this.req.ip` is undefined.',
      },
    ],
    output: `
import express, { type Request, type Response } from 'express';

declare function record(entry: object): Promise<void>;

class OrderRequest {
  readonly #order: string;

  constructor(private readonly req: Request, order: string) {
    this.#order = order;
  }

  answer(res: Response): void {
    void this.audit().catch((error: unknown) => { console.error(error); });
    res.json({ order: this.#order });
  }

  private async audit(): Promise<void> {
    const ip = this.req.ip;
    await record({ order: this.#order });
    await record({ ip });
  }
}

express().get('/', (req, res) => {
  new OrderRequest(req, 'a').answer(res);
});
`,
  });

  reports('an arrow field of a controller', {
    code: `
import type { Request, Response } from 'express';
import { Router } from 'express';

declare function record(entry: object): Promise<void>;

class OrderController {
  readonly remove = (req: Request, res: Response): void => {
    record({}).then(() => record({ id: req.params['id'] })).catch(console.error);
    res.end();
  };
}

Router().delete('/:id', new OrderController().remove);
`,
    errors: [
      {
        messageId: 'late',
        on: "record({}).then(() => record({ id: req.params['id'] })).catch(console.error)",
        message: '`req` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { Request, Response } from 'express';
import { Router } from 'express';

declare function record(entry: object): Promise<void>;

class OrderController {
  readonly remove = async (req: Request, res: Response): Promise<void> => {
    await record({}).then(() => record({ id: req.params['id'] })).catch(console.error);
    res.end();
  };
}

Router().delete('/:id', new OrderController().remove);
`,
          },
        ],
      },
    ],
    output: `
import type { Request, Response } from 'express';
import { Router } from 'express';

declare function record(entry: object): Promise<void>;

class OrderController {
  readonly remove = (req: Request, res: Response): void => {
    const id = req.params['id'];
    record({}).then(() => record({ id })).catch(console.error);
    res.end();
  };
}

Router().delete('/:id', new OrderController().remove);
`,
  });

  reports('a generic helper that runs its callback after a wait', {
    code: `
import express from 'express';

declare function sleep(ms: number): Promise<void>;

async function later<T>(work: () => T): Promise<T> {
  await sleep(100);
  return work();
}

const app = express();

app.get('/', (req, res) => {
  void later(() => console.log(req.ip)).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'later(() => console.log(req.ip)).catch(console.error)',
        message:
          '`req` is used on line 14 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function sleep(ms: number): Promise<void>;

async function later<T>(work: () => T): Promise<T> {
  await sleep(100);
  return work();
}

const app = express();

app.get('/', async (req, res) => {
  await later(() => console.log(req.ip)).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function sleep(ms: number): Promise<void>;

async function later<T>(work: () => T): Promise<T> {
  await sleep(100);
  return work();
}

const app = express();

app.get('/', (req, res) => {
  const ip = req.ip;
  void later(() => console.log(ip)).catch(console.error);
  res.end();
});
`,
  });

  stays('silent for a helper that runs its callback at once', {
    code: `
import express from 'express';

declare function sleep(ms: number): Promise<void>;

async function timed<T>(work: () => T): Promise<T> {
  const result = work();
  await sleep(100);
  return result;
}

const app = express();

app.get('/', (req, res) => {
  void timed(() => console.log(req.ip)).catch(console.error);
  res.end();
});
`,
  });

  reports('a callee that cannot be seen, with certainty likely', {
    code: `
import express, { type Request } from 'express';

interface Tracker {
  track(request: Request): Promise<void>;
}
declare const tracker: Tracker;

const app = express();

app.get('/', async (req, res) => {
  void tracker.track(req);
  res.end();
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'late',
        on: 'tracker.track(req)',
        message: '`req` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface Tracker {
  track(request: Request): Promise<void>;
}
declare const tracker: Tracker;

const app = express();

app.get('/', async (req, res) => {
  await tracker.track(req);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  stays('silent about a callee that cannot be seen', {
    code: `
import express, { type Request } from 'express';

interface Tracker {
  track(request: Request): Promise<void>;
}
declare const tracker: Tracker;

const app = express();

app.get('/', async (req, res) => {
  void tracker.track(req);
  res.end();
});
`,
  });

  stays('silent for a callee that the options allow', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function track(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', (req, res) => {
  void track(req).catch(console.error);
  res.end();
});
`,
    options: { allow: ['track'] },
  });

  stays('silent when the task is what answers', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.get('/orders/:id', (req, res, next) => {
  load(req.params.id)
    .then((order) => res.json({ order, path: req.path }))
    .catch(next);
});
`,
  });

  stays('silent when the task hands the request on', {
    code: `
import express from 'express';

declare function userOf(token: string | undefined): Promise<string>;

const app = express();

app.use((req, res, next) => {
  userOf(req.get('authorization')).then((user) => {
    res.locals['user'] = user;
    console.log(req.path);
    next();
  }, next);
});
`,
  });

  stays('silent when a function of the project answers for the task', {
    code: `
import express, { type Request, type Response } from 'express';

declare function load(id: string): Promise<string>;

function reply(res: Response, order: string): void {
  res.json({ order });
}

async function answer(req: Request, res: Response): Promise<void> {
  const order = await load(req.path);
  console.log(req.ip);
  reply(res, order);
}

const app = express();

app.get('/orders', (req, res) => {
  void answer(req, res).catch(console.error);
});
`,
  });

  stays('silent when the task settles what the handler waits for', {
    code: `
import { createServer } from 'node:http';

createServer(async (request, response) => {
  const text = await new Promise<string>((resolve) => {
    setTimeout(() => resolve(request.url ?? ''), 10);
  });
  response.end(text);
}).listen(8080);
`,
  });

  stays('silent when the task calls the callback that the handler got', {
    code: `
import type { IncomingMessage } from 'node:http';

declare function userOf(token: string | undefined): Promise<string>;

export function authorize(request: IncomingMessage, done: (error: unknown, user?: string) => void): void {
  userOf(request.headers.authorization).then(
    (user) => {
      console.log(request.url);
      done(null, user);
    },
    (error: unknown) => done(error),
  );
}
`,
  });

  stays('silent when the request waits for the task', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', async (req, res) => {
  await audit(req);
  const both = Promise.all([audit(req), audit(req)]);
  await both;
  res.end();
});
`,
  });

  reports('a task that answers on failure, although the handler has answered', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', (req, res, next) => {
  audit(req).catch(next);
  res.json({});
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'audit(req).catch(next)',
        message:
          '`req` is used on line 8 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', async (req, res, next) => {
  await audit(req).catch(next);
  res.json({});
});
`,
          },
          {
            title: 'Pass only `ip` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ ip }: { ip: string | undefined }): Promise<void> {
  await record({});
  await record({ ip });
}

const app = express();

app.get('/', (req, res, next) => {
  audit({ ip: req.ip }).catch(next);
  res.json({});
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const ip = req.ip;
  await record({});
  await record({ ip });
}

const app = express();

app.get('/', (req, res, next) => {
  audit(req).catch(next);
  res.json({});
});
`,
  });

  reports('a second end of the response, which does nothing', {
    code: `
import express from 'express';

declare function load(): Promise<string>;

const app = express();

app.get('/', async (_req, res) => {
  setTimeout(() => {
    res.end();
  }, 5_000).unref();
  res.json(await load());
});
`,
    errors: [
      {
        messageId: 'gone',
        line: 9,
        column: 17,
        message:
          '`res` is used on line 10 by a task that nobody waits for; once the response is sent, `res.end` is ignored.',
        suggestions: [
          {
            title: 'Do it only while the response is open.',
            output: `
import express from 'express';

declare function load(): Promise<string>;

const app = express();

app.get('/', async (_req, res) => {
  setTimeout(() => {
    if (res.writableEnded) return;
    res.end();
  }, 5_000).unref();
  res.json(await load());
});
`,
          },
        ],
      },
    ],
  });

  reports('a header that is set when the response is sent', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  load(req.path)
    .then((flag) => res.setHeader('x-flag', flag))
    .catch(console.error);
  res.json({});
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'load(req.path)…',
        message:
          '`res` is used on line 10 by a task that nobody waits for; once the response is sent, `res.setHeader` throws.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  await load(req.path)
    .then((flag) => res.setHeader('x-flag', flag))
    .catch(console.error);
  res.json({});
});
`,
          },
        ],
      },
    ],
  });

  reports('a header that a middleware sets too late', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.use((req, res, next) => {
  load(req.path)
    .then((flag) => {
      res.setHeader('x-flag', flag);
    })
    .catch(console.error);
  next();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'load(req.path)…',
        message:
          '`res` is used on line 11 by a task that nobody waits for; once the response is sent, `res.setHeader` throws.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.use(async (req, res, next) => {
  await load(req.path)
    .then((flag) => {
      res.setHeader('x-flag', flag);
    })
    .catch(console.error);
  next();
});
`,
          },
        ],
      },
    ],
  });

  stays('silent when the task asks whether the response was sent', {
    code: `
import express from 'express';

declare function load(id: string): Promise<string>;

const app = express();

app.get('/', (req, res) => {
  load(req.path)
    .then((flag) => {
      if (!res.headersSent) res.setHeader('x-flag', flag);
    })
    .catch(console.error);
  res.json({});
});
`,
  });

  reports('in a middleware the fields may still be set: the copy is offered', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use((req, _res, next) => {
  void settled()
    .then(() => console.log(req.body))
    .catch(console.error);
  next();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 9,
        message: '`req` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Copy `body` before the task starts.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use((req, _res, next) => {
  const body = req.body;
  void settled()
    .then(() => console.log(body))
    .catch(console.error);
  next();
});
`,
          },
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use(async (req, _res, next) => {
  await settled()
    .then(() => console.log(req.body))
    .catch(console.error);
  next();
});
`,
          },
        ],
      },
    ],
  });

  reports('in a middleware what nobody sets is copied', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use((req, _res, next) => {
  void settled()
    .then(() => console.log(req.method, req.headers.host))
    .catch(console.error);
  next();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 9,
        message: '`req` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use(async (req, _res, next) => {
  await settled()
    .then(() => console.log(req.method, req.headers.host))
    .catch(console.error);
  next();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.use((req, _res, next) => {
  const method = req.method;
  const host = req.headers.host;
  void settled()
    .then(() => console.log(method, host))
    .catch(console.error);
  next();
});
`,
  });

  reports('a field that the handler sets after the launch is not copied', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: string;
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  void settled()
    .then(() => console.log(req.user))
    .catch(console.error);
  req.user = 'ada';
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 12,
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: string;
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  await settled()
    .then(() => console.log(req.user))
    .catch(console.error);
  req.user = 'ada';
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('Fastify: a context that the error handler of a job reads', {
    code: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request, reply) => {
  generateKeys().catch((error: unknown) => {
    console.error(error, request.id);
  });
  return reply.send({ started: true });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'generateKeys().catch((error: unknown) => {…',
        message: '`request` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request, reply) => {
  await generateKeys().catch((error: unknown) => {
    console.error(error, request.id);
  });
  return reply.send({ started: true });
});
`,
          },
        ],
      },
    ],
    output: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request, reply) => {
  const id = request.id;
  generateKeys().catch((error: unknown) => {
    console.error(error, id);
  });
  return reply.send({ started: true });
});
`,
  });

  stays('silent for the logger of the request', {
    code: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request) => {
  generateKeys().catch((error: unknown) => {
    request.log.error(error);
  });
  return { started: true };
});
`,
  });

  reports('the logger of the request, with certainty likely', {
    code: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request) => {
  generateKeys().catch((error: unknown) => {
    request.log.error(error);
  });
  return { started: true };
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'late',
        on: 'generateKeys().catch((error: unknown) => {…',
        message: '`request` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request) => {
  await generateKeys().catch((error: unknown) => {
    request.log.error(error);
  });
  return { started: true };
});
`,
          },
        ],
      },
    ],
    output: `
import Fastify from 'fastify';

declare function generateKeys(): Promise<void>;

const app = Fastify();

app.post('/keys', async (request) => {
  const log = request.log;
  generateKeys().catch((error: unknown) => {
    log.error(error);
  });
  return { started: true };
});
`,
  });

  stays('silent when the reply is taken over', {
    code: `
import Fastify from 'fastify';

declare function load(id: string): Promise<string>;

const app = Fastify();

app.get('/report', async (request, reply) => {
  reply.hijack();
  void load(request.url)
    .then((text) => reply.raw.end(text + request.id))
    .catch(console.error);
});
`,
  });

  stays('silent for a Fastify handler whose chain replies', {
    code: `
import Fastify from 'fastify';

declare function load(id: string): Promise<string>;

const app = Fastify();

app.get('/report', (request, reply) => {
  load(request.url).then(
    (text) => reply.send(text),
    (error: unknown) => {
      console.error(request.id, error);
      reply.code(500).send();
    },
  );
});
`,
  });

  reports('Koa: a status that is set too late', {
    code: `
import Koa from 'koa';

const app = new Koa();

app.use(async (ctx) => {
  ctx.body = 'accepted';
  setTimeout(() => {
    ctx.status = 202;
  }, 10);
});
`,
    errors: [
      {
        messageId: 'gone',
        on: '=>',
        line: 8,
        message:
          '`ctx` is used on line 9 by a task that nobody waits for; once the response is sent, `ctx.status` is ignored.',
        suggestions: [
          {
            title: 'Stop it when the response is over.',
            output: `
import Koa from 'koa';

const app = new Koa();

app.use(async (ctx) => {
  ctx.body = 'accepted';
  const timer = setTimeout(() => {
    ctx.status = 202;
  }, 10);
  ctx.res.once('close', () => clearTimeout(timer));
});
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import Koa from 'koa';

const app = new Koa();

app.use(async (ctx) => {
  ctx.body = 'accepted';
  setTimeout(() => {
    if (ctx.headerSent) return;
    ctx.status = 202;
  }, 10);
});
`,
          },
        ],
      },
    ],
  });

  reports('Koa: fields of the context', {
    code: `
import Koa from 'koa';

declare function record(entry: object): Promise<void>;

const app = new Koa();

app.use(async (ctx) => {
  void record({})
    .then(() => record({ ip: ctx.request.ip, agent: ctx.get('User-Agent') }))
    .catch(console.error);
  ctx.body = 'accepted';
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({})…',
        message: '`ctx` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import Koa from 'koa';

declare function record(entry: object): Promise<void>;

const app = new Koa();

app.use(async (ctx) => {
  await record({})
    .then(() => record({ ip: ctx.request.ip, agent: ctx.get('User-Agent') }))
    .catch(console.error);
  ctx.body = 'accepted';
});
`,
          },
        ],
      },
    ],
    output: `
import Koa from 'koa';

declare function record(entry: object): Promise<void>;

const app = new Koa();

app.use(async (ctx) => {
  const ip = ctx.request.ip;
  const userAgent = ctx.get('User-Agent');
  void record({})
    .then(() => record({ ip, agent: userAgent }))
    .catch(console.error);
  ctx.body = 'accepted';
});
`,
  });

  reports('Hono: a body that is first read after the response', {
    code: `
import { Hono } from 'hono';

declare function settled(): Promise<void>;
declare function importOrders(text: string): Promise<void>;

const app = new Hono();

app.post('/imports', async (c) => {
  void settled()
    .then(async () => importOrders(await c.req.text()))
    .catch(console.error);
  return c.json({ accepted: true }, 202);
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'settled()…',
        line: 10,
        message:
          '`c` is used on line 11 by a task that nobody waits for; once the response is sent, `c.req.text` rejects.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { Hono } from 'hono';

declare function settled(): Promise<void>;
declare function importOrders(text: string): Promise<void>;

const app = new Hono();

app.post('/imports', async (c) => {
  await settled()
    .then(async () => importOrders(await c.req.text()))
    .catch(console.error);
  return c.json({ accepted: true }, 202);
});
`,
          },
        ],
      },
    ],
  });

  stays('silent when the body was read before', {
    code: `
import { Hono } from 'hono';

declare function settled(): Promise<void>;
declare function importOrders(text: string): Promise<void>;

const app = new Hono();

app.post('/imports', async (c) => {
  const text = await c.req.text();
  void settled()
    .then(() => importOrders(text))
    .catch(console.error);
  return c.json({ accepted: true }, 202);
});
`,
  });

  reports('Hono: getters of the request', {
    code: `
import { Hono } from 'hono';

declare function record(entry: object): Promise<void>;

const app = new Hono();

app.get('/orders/:id', (c) => {
  void record({})
    .then(() => record({ id: c.req.param('id'), trace: c.req.header('x-trace-id') }))
    .catch(console.error);
  return c.json({});
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({})…',
        message: '`c` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { Hono } from 'hono';

declare function record(entry: object): Promise<void>;

const app = new Hono();

app.get('/orders/:id', async (c) => {
  await record({})
    .then(() => record({ id: c.req.param('id'), trace: c.req.header('x-trace-id') }))
    .catch(console.error);
  return c.json({});
});
`,
          },
        ],
      },
    ],
    output: `
import { Hono } from 'hono';

declare function record(entry: object): Promise<void>;

const app = new Hono();

app.get('/orders/:id', (c) => {
  const id = c.req.param('id');
  const traceId = c.req.header('x-trace-id');
  void record({})
    .then(() => record({ id, trace: traceId }))
    .catch(console.error);
  return c.json({});
});
`,
  });

  reports('Nest: a request that a decorator gives', {
    code: `
import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

@Controller('orders')
export class OrderController {
  @Get()
  async list(@Req() req: Request): Promise<string[]> {
    void record({}).then(() => record({ ip: req.ip })).catch(console.error);
    return [];
  }
}
`,
    errors: [
      {
        messageId: 'gone',
        on: 'record({}).then(() => record({ ip: req.ip })).catch(console.error)',
        message:
          '`req` is used on line 11 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

@Controller('orders')
export class OrderController {
  @Get()
  async list(@Req() req: Request): Promise<string[]> {
    await record({}).then(() => record({ ip: req.ip })).catch(console.error);
    return [];
  }
}
`,
          },
        ],
      },
    ],
    output: `
import { Controller, Get, Req } from '@nestjs/common';
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

@Controller('orders')
export class OrderController {
  @Get()
  async list(@Req() req: Request): Promise<string[]> {
    const ip = req.ip;
    void record({}).then(() => record({ ip })).catch(console.error);
    return [];
  }
}
`,
  });

  reports('a context of the project, named in the settings', {
    code: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit): void {
  void record({}).then(() => record({ tenant: visit.tenant })).catch(console.error);
}
`,
    settings: { requestTypes: [{ from: 'file', name: 'Visit' }] },
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => record({ tenant: visit.tenant })).catch(console.error)',
        message: '`visit` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export async function leave(visit: Visit): Promise<void> {
  await record({}).then(() => record({ tenant: visit.tenant })).catch(console.error);
}
`,
          },
        ],
      },
    ],
    output: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit): void {
  const tenant = visit.tenant;
  void record({}).then(() => record({ tenant })).catch(console.error);
}
`,
  });

  reports('a context of the project, named in the options', {
    code: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit): void {
  void record({}).then(() => record({ tenant: visit.tenant })).catch(console.error);
}
`,
    options: { requestTypes: ['Visit'] },
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => record({ tenant: visit.tenant })).catch(console.error)',
        message: '`visit` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export async function leave(visit: Visit): Promise<void> {
  await record({}).then(() => record({ tenant: visit.tenant })).catch(console.error);
}
`,
          },
        ],
      },
    ],
    output: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit): void {
  const tenant = visit.tenant;
  void record({}).then(() => record({ tenant })).catch(console.error);
}
`,
  });

  stays('silent for a context of the project that nobody names', {
    code: `
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit): void {
  void record({}).then(() => record({ tenant: visit.tenant })).catch(console.error);
}
`,
  });

  reports('a platform that waits: the task is handed to it', {
    code: `
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}
declare function record(entry: object): Promise<void>;

export default {
  async fetch(visit: Visit, _env: object, ctx: ExecutionContext): Promise<string> {
    void record({}).then(() => record({ tenant: visit.tenant }));
    ctx.waitUntil(record({}));
    return 'accepted';
  },
};

interface Visit {
  readonly tenant: string;
}
`,
    settings: {
      requestTypes: [{ from: 'file', name: 'Visit' }],
      detachHelpers: [{ from: 'file', name: 'ExecutionContext.waitUntil' }],
    },
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => record({ tenant: visit.tenant }))',
        message: '`visit` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Copy `tenant` before the task starts.',
            output: `
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}
declare function record(entry: object): Promise<void>;

export default {
  async fetch(visit: Visit, _env: object, ctx: ExecutionContext): Promise<string> {
    const tenant = visit.tenant;
    void record({}).then(() => record({ tenant })).catch((error: unknown) => { console.error(error); });
    ctx.waitUntil(record({}));
    return 'accepted';
  },
};

interface Visit {
  readonly tenant: string;
}
`,
          },
          {
            title: 'Wait for the task before the response is sent.',
            output: `
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}
declare function record(entry: object): Promise<void>;

export default {
  async fetch(visit: Visit, _env: object, ctx: ExecutionContext): Promise<string> {
    await record({}).then(() => record({ tenant: visit.tenant }));
    ctx.waitUntil(record({}));
    return 'accepted';
  },
};

interface Visit {
  readonly tenant: string;
}
`,
          },
        ],
      },
    ],
    output: `
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}
declare function record(entry: object): Promise<void>;

export default {
  async fetch(visit: Visit, _env: object, ctx: ExecutionContext): Promise<string> {
    ctx.waitUntil(record({}).then(() => record({ tenant: visit.tenant })));
    ctx.waitUntil(record({}));
    return 'accepted';
  },
};

interface Visit {
  readonly tenant: string;
}
`,
  });

  reports('a helper of the project that the options name', {
    code: `
import express, { type Request } from 'express';
import { background } from './background.ts';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', (req, res) => {
  void audit(req);
  background.track(record({}));
  res.end();
});
`,
    options: { detachHelpers: ['background.track'] },
    files: {
      'background.ts': `
const open = new Set<Promise<unknown>>();

export const background = {
  track(task: Promise<unknown>): void {
    const settled = task.catch(console.error).finally(() => open.delete(settled));
    open.add(settled);
  },
  drain: () => Promise.all(open),
};
`,
    },
    errors: [
      {
        messageId: 'gone',
        on: 'audit(req)',
        message:
          '`req` is used on line 9 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Read `ip` before `audit` waits.',
            output: `
import express, { type Request } from 'express';
import { background } from './background.ts';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const ip = req.ip;
  await record({});
  await record({ ip });
}

const app = express();

app.get('/', (req, res) => {
  void audit(req).catch((error: unknown) => { console.error(error); });
  background.track(record({}));
  res.end();
});
`,
          },
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';
import { background } from './background.ts';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', async (req, res) => {
  await audit(req).catch((error: unknown) => { console.error(error); });
  background.track(record({}));
  res.end();
});
`,
          },
          {
            title: 'Pass only `ip` to `audit`.',
            output: `
import express from 'express';
import { background } from './background.ts';

declare function record(entry: object): Promise<void>;

async function audit({ ip }: { ip: string | undefined }): Promise<void> {
  await record({});
  await record({ ip });
}

const app = express();

app.get('/', (req, res) => {
  void audit({ ip: req.ip }).catch((error: unknown) => { console.error(error); });
  background.track(record({}));
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';
import { background } from './background.ts';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ ip: req.ip });
}

const app = express();

app.get('/', (req, res) => {
  background.track(audit(req));
  background.track(record({}));
  res.end();
});
`,
  });

  stays('silent for what a platform waits for', {
    code: `
interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void;
}
declare function record(entry: object): Promise<void>;

export interface Visit {
  readonly tenant: string;
}

export function leave(visit: Visit, ctx: ExecutionContext): void {
  ctx.waitUntil(record({}).then(() => record({ tenant: visit.tenant })));
}
`,
    settings: {
      requestTypes: [{ from: 'file', name: 'Visit' }],
      detachHelpers: [{ from: 'file', name: 'ExecutionContext.waitUntil' }],
    },
  });

  reports('the signal of the request, in options of their own', {
    code: `
import Fastify from 'fastify';

const app = Fastify();

app.post('/webhooks', async (request) => {
  void fetch('https://hooks.example/', { method: 'POST', signal: request.signal }).catch(console.error);
  return { accepted: true };
});
`,
    errors: [
      {
        messageId: 'signal',
        on: "fetch('https://hooks.example/', { method: 'POST', signal: request.signal }).catch(console.error)",
        message:
          '`request.signal` is given to a task that nobody waits for; it aborts with the response, and the task with it.',
        suggestions: [
          {
            title: 'Leave the signal of the request out.',
            output: `
import Fastify from 'fastify';

const app = Fastify();

app.post('/webhooks', async () => {
  void fetch('https://hooks.example/', { method: 'POST' }).catch(console.error);
  return { accepted: true };
});
`,
          },
          {
            title: 'Bound the task by a time of its own.',
            output: `
import Fastify from 'fastify';

const app = Fastify();

app.post('/webhooks', async () => {
  void fetch('https://hooks.example/', { method: 'POST', signal: AbortSignal.timeout(30_000) }).catch(console.error);
  return { accepted: true };
});
`,
          },
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import Fastify from 'fastify';

const app = Fastify();

app.post('/webhooks', async (request) => {
  await fetch('https://hooks.example/', { method: 'POST', signal: request.signal }).catch(console.error);
  return { accepted: true };
});
`,
          },
        ],
      },
    ],
  });

  stays('silent for the signal in work that is awaited', {
    code: `
import Fastify from 'fastify';

const app = Fastify();

app.post('/webhooks', async (request) => {
  const answer = await fetch('https://hooks.example/', { signal: request.signal });
  return { status: answer.status };
});
`,
  });

  reports('the signal of a request of the fetch API', {
    code: `
import { Hono } from 'hono';

declare function refresh(options: { readonly signal?: AbortSignal }): Promise<void>;

const app = new Hono();

app.post('/caches', (c) => {
  const { signal } = c.req.raw;
  void refresh({ signal }).catch(console.error);
  return c.json({});
});
`,
    errors: [
      {
        messageId: 'signal',
        on: 'refresh({ signal }).catch(console.error)',
        message:
          '`signal` is given to a task that nobody waits for; it aborts when the client leaves, and the task with it.',
        suggestions: [
          {
            title: 'Leave the signal of the request out.',
            output: `
import { Hono } from 'hono';

declare function refresh(options: { readonly signal?: AbortSignal }): Promise<void>;

const app = new Hono();

app.post('/caches', (c) => {
  void refresh({}).catch(console.error);
  return c.json({});
});
`,
          },
          {
            title: 'Bound the task by a time of its own.',
            output: `
import { Hono } from 'hono';

declare function refresh(options: { readonly signal?: AbortSignal }): Promise<void>;

const app = new Hono();

app.post('/caches', (c) => {
  void refresh({ signal: AbortSignal.timeout(30_000) }).catch(console.error);
  return c.json({});
});
`,
          },
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { Hono } from 'hono';

declare function refresh(options: { readonly signal?: AbortSignal }): Promise<void>;

const app = new Hono();

app.post('/caches', async (c) => {
  const { signal } = c.req.raw;
  await refresh({ signal }).catch(console.error);
  return c.json({});
});
`,
          },
        ],
      },
    ],
  });

  reports('a header set after the response was sent and the handler has waited', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.json({ path: req.path });
  await record({});
  res.setHeader('x-recorded', 'yes');
});
`,
    errors: [
      {
        messageId: 'sent',
        on: "res.setHeader('x-recorded', 'yes')",
        message: '`res.setHeader` follows the wait on line 10, but the response was sent on line 9: it throws.',
        suggestions: [
          {
            title: 'Do it before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.setHeader('x-recorded', 'yes');
  res.json({ path: req.path });
  await record({});
});
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.json({ path: req.path });
  await record({});
  if (!res.headersSent) res.setHeader('x-recorded', 'yes');
});
`,
          },
        ],
      },
    ],
  });

  reports('a second answer after a wait', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  res.sendStatus(202);
  await record({});
  res.status(200).json({});
});
`,
    errors: [
      {
        messageId: 'sent',
        on: 'res.status(200).json({})',
        message: '`res.status(200).json` follows the wait on line 10, but the response was sent on line 9: it throws.',
        suggestions: [
          {
            title: 'Do it only while the response is open.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  res.sendStatus(202);
  await record({});
  if (!res.headersSent) res.status(200).json({});
});
`,
          },
        ],
      },
    ],
  });

  stays('silent when the first answer returns', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<boolean>;

const app = express();

app.get('/', async (req, res) => {
  if (req.path === '') {
    res.sendStatus(404);
    return;
  }
  if (await record({})) {
    res.json({});
  } else {
    res.status(500).end();
  }
});
`,
  });

  stays('silent when the answer in the catch is the only one', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  try {
    await record({});
    res.json({});
  } catch {
    res.status(500).end();
  }
});
`,
  });

  stays('silent when it asks whether the response was sent', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  res.json({});
  await record({});
  if (!res.headersSent) res.setHeader('x-recorded', 'yes');
});
`,
  });

  stays('silent in tests', {
    code: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  setImmediate(() => console.log(req.ip));
  res.end();
});
`,
    filename: 'server.test.ts',
  });

  stays('silent for what a client receives', {
    code: `
import { get } from 'node:http';

get('http://prices.example/', (answer) => {
  setTimeout(() => console.log(answer.statusCode), 10);
});
`,
  });

  reports('CommonJS with JSDoc types', {
    code: `
const express = require('express');

const app = express();

/** @param {import('express').Request} req */
async function audit(req) {
  await Promise.resolve();
  console.log(req.get('x-request-id'));
}

app.get('/', (req, res) => {
  void audit(req);
  res.end();
});
`,
    filename: 'server.cjs',
    files: {
      'node_modules/.keep': ``,
    },
    errors: [
      {
        messageId: 'late',
        on: 'audit(req)',
        line: 13,
        message: '`req` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
const express = require('express');

const app = express();

/** @param {import('express').Request} req */
async function audit(req) {
  await Promise.resolve();
  console.log(req.get('x-request-id'));
}

app.get('/', async (req, res) => {
  await audit(req);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
const express = require('express');

const app = express();

/** @param {import('express').Request} req */
async function audit(req) {
  const requestId = req.get('x-request-id');
  await Promise.resolve();
  console.log(requestId);
}

app.get('/', (req, res) => {
  void audit(req);
  res.end();
});
`,
  });

  reports('JavaScript whose handler has no types of its own', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  setTimeout(() => console.log(request.url), 10);
  response.end();
}).listen(8080);
`,
    filename: 'server.js',
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 5,
        message: '`request` is used on line 5 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  const url = request.url;
  setTimeout(() => console.log(url), 10);
  response.end();
}).listen(8080);
`,
  });

  reports('functions by a name, called by a timer', {
    code: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  function report(): void {
    console.log(req.ip);
  }
  setTimeout(report, 1000);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'report',
        line: 10,
        message:
          '`req` is used on line 8 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
      },
    ],
    output: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  const ip = req.ip;
  function report(): void {
    console.log(ip);
  }
  setTimeout(report, 1000);
  res.end();
});
`,
  });

  reports('optional calls and chains', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  session?: { readonly user?: { readonly id: string } };
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', (req: SessionRequest, res) => {
  void settled()
    .then(() => console.log(req.session?.user?.id))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 12,
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  session?: { readonly user?: { readonly id: string } };
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  await settled()
    .then(() => console.log(req.session?.user?.id))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  session?: { readonly user?: { readonly id: string } };
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', (req: SessionRequest, res) => {
  const id = req.session?.user?.id;
  void settled()
    .then(() => console.log(id))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('a union with undefined', {
    code: `
import type { IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

export function note(request: IncomingMessage | undefined): void {
  void settled()
    .then(() => console.log(request?.url))
    .catch(console.error);
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 7,
        message: '`request` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

export async function note(request: IncomingMessage | undefined): Promise<void> {
  await settled()
    .then(() => console.log(request?.url))
    .catch(console.error);
}
`,
          },
        ],
      },
    ],
    output: `
import type { IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

export function note(request: IncomingMessage | undefined): void {
  const url = request?.url;
  void settled()
    .then(() => console.log(url))
    .catch(console.error);
}
`,
  });

  reports('the socket of a request', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  setTimeout(() => console.log(request.socket.remoteAddress), 10);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'gone',
        on: '=>',
        line: 5,
        message:
          '`request` is used on line 5 by a task that nobody waits for; once the client is gone, `request.socket.remoteAddress` is undefined.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  const remoteAddress = request.socket.remoteAddress;
  setTimeout(() => console.log(remoteAddress), 10);
  response.end();
}).listen(8080);
`,
  });

  reports('a stream of the request taken out before', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  const { socket } = request;
  setTimeout(() => console.log(socket.remotePort), 10);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 6,
        message: '`socket` is used on line 6 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  const { socket } = request;
  const remotePort = socket.remotePort;
  setTimeout(() => console.log(remotePort), 10);
  response.end();
}).listen(8080);
`,
  });

  reports('a function that is handed on whole', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

function log(request: IncomingMessage): void {
  console.log(request.url);
}

createServer((request, response) => {
  setImmediate(() => log(request));
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 9,
        message: '`request` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Do it at once, without `setImmediate`.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

function log(request: IncomingMessage): void {
  console.log(request.url);
}

createServer((request, response) => {
  log(request);
  response.end();
}).listen(8080);
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

function log(request: IncomingMessage): void {
  console.log(request.url);
}

createServer((request, response) => {
  setImmediate(() => request.destroyed ? undefined : log(request));
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  reports('a promise under a name that only gets a catch', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', (req, res) => {
  const task = audit(req);
  task.catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'task.catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', async (req, res) => {
  const task = audit(req);
  await task.catch(console.error);
  res.end();
});
`,
          },
          {
            title: 'Pass only `path` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ path }: { path: string }): Promise<void> {
  await record({});
  await record({ path });
}

const app = express();

app.get('/', (req, res) => {
  const task = audit({ path: req.path });
  task.catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const path = req.path;
  await record({});
  await record({ path });
}

const app = express();

app.get('/', (req, res) => {
  const task = audit(req);
  task.catch(console.error);
  res.end();
});
`,
  });

  stays('silent when the promise under that name is awaited too', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', async (req, res) => {
  const task = audit(req);
  task.catch(console.error);
  res.write('…');
  await task;
  res.end();
});
`,
  });

  stays('silent for an async executor whose promise is awaited', {
    code: `
import express from 'express';

declare function load(path: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  const text = await new Promise<string>(async (resolve, reject) => {
    try {
      const found = await load('/');
      resolve(found + req.path);
    } catch (error) {
      reject(error);
    }
  });
  res.send(text);
});
`,
  });

  reports('a function expression that is called through call', {
    code: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

createServer((request, response) => {
  void (async function () {
    await settled();
    console.log(request.method);
  })
    .call(undefined)
    .catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '(async function () {…',
        message: '`request` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

createServer(async (request, response) => {
  await (async function () {
    await settled();
    console.log(request.method);
  })
    .call(undefined)
    .catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

createServer((request, response) => {
  const method = request.method;
  void (async function () {
    await settled();
    console.log(method);
  })
    .call(undefined)
    .catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('a function that gets the request through apply', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

async function note(prefix: string, request: IncomingMessage): Promise<void> {
  await settled();
  console.log(prefix, request.method);
}

createServer(async (request, response) => {
  void note.call(undefined, 'seen', request).catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: "note.call(undefined, 'seen', request).catch(console.error)",
        message: '`request` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

async function note(prefix: string, request: IncomingMessage): Promise<void> {
  await settled();
  console.log(prefix, request.method);
}

createServer(async (request, response) => {
  await note.call(undefined, 'seen', request).catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

async function note(prefix: string, request: IncomingMessage): Promise<void> {
  const method = request.method;
  await settled();
  console.log(prefix, method);
}

createServer(async (request, response) => {
  void note.call(undefined, 'seen', request).catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('a conditional launch', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', async (req, res) => {
  req.secure ? void audit(req).catch(console.error) : undefined;
  req.xhr && void audit(req).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        line: 14,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
      },
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        line: 15,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const path = req.path;
  await record({});
  await record({ path });
}

const app = express();

app.get('/', async (req, res) => {
  req.secure ? void audit(req).catch(console.error) : undefined;
  req.xhr && void audit(req).catch(console.error);
  res.end();
});
`,
  });

  reports('a socket that a cast gives another type', {
    code: `
import type { Socket } from 'node:net';
import { createServer } from 'node:http';

interface Session extends Socket {
  user?: string;
}
declare function settled(): Promise<void>;

createServer((request, response) => {
  void settled()
    .then(() => console.log((request.socket as Session).user))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 11,
        message: '`request` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { Socket } from 'node:net';
import { createServer } from 'node:http';

interface Session extends Socket {
  user?: string;
}
declare function settled(): Promise<void>;

createServer(async (request, response) => {
  await settled()
    .then(() => console.log((request.socket as Session).user))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import type { Socket } from 'node:net';
import { createServer } from 'node:http';

interface Session extends Socket {
  user?: string;
}
declare function settled(): Promise<void>;

createServer((request, response) => {
  const user = (request.socket as Session).user;
  void settled()
    .then(() => console.log(user))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('a parsed body that a cast gives a type', {
    code: `
import express from 'express';

interface Order {
  readonly lines: { readonly sku: string }[];
}
declare function reserve(sku: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/orders', (req, res) => {
  void settled()
    .then(async () => {
      for (const { sku } of (req.body as Order).lines) await reserve(sku);
    })
    .catch(console.error);
  res.sendStatus(202);
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 13,
        message: '`req` is used on line 15 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

interface Order {
  readonly lines: { readonly sku: string }[];
}
declare function reserve(sku: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/orders', async (req, res) => {
  await settled()
    .then(async () => {
      for (const { sku } of (req.body as Order).lines) await reserve(sku);
    })
    .catch(console.error);
  res.sendStatus(202);
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

interface Order {
  readonly lines: { readonly sku: string }[];
}
declare function reserve(sku: string): Promise<void>;
declare function settled(): Promise<void>;

const app = express();

app.post('/orders', (req, res) => {
  const body = req.body;
  void settled()
    .then(async () => {
      for (const { sku } of (body as Order).lines) await reserve(sku);
    })
    .catch(console.error);
  res.sendStatus(202);
});
`,
  });

  reports('an alias that was made before', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', function (this: unknown, req, res) {
  const own = req;
  void settled()
    .then(() => console.log(own.originalUrl))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 10,
        message: '`own` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async function (this: unknown, req, res) {
  const own = req;
  await settled()
    .then(() => console.log(own.originalUrl))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', function (this: unknown, req, res) {
  const own = req;
  const originalUrl = own.originalUrl;
  void settled()
    .then(() => console.log(originalUrl))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('an alias in the task, made before it waits', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  void (async () => {
    const request = req;
    await settled();
    console.log(request.originalUrl);
  })().catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '(async () => {…',
        message: '`request` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  await (async () => {
    const request = req;
    await settled();
    console.log(request.originalUrl);
  })().catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('a task inside a task is the outer one', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  setTimeout(() => {
    void settled()
      .then(() => console.log(req.hostname))
      .catch(console.error);
  }, 100);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 9,
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  const hostname = req.hostname;
  setTimeout(() => {
    void settled()
      .then(() => console.log(hostname))
      .catch(console.error);
  }, 100);
  res.end();
});
`,
  });

  reports('a listener that hands the request on whole', {
    code: `
import { EventEmitter } from 'node:events';
import express, { type Request } from 'express';

const prices = new EventEmitter();
const app = express();

declare function publish(request: Request): void;

app.get('/watch', (req, res) => {
  prices.on('change', () => publish(req));
  res.end();
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 11,
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Stop it when the response is over.',
            output: `
import { EventEmitter } from 'node:events';
import express, { type Request } from 'express';

const prices = new EventEmitter();
const app = express();

declare function publish(request: Request): void;

app.get('/watch', (req, res) => {
  const listener = () => publish(req);
  prices.on('change', listener);
  res.once('close', () => prices.off('change', listener));
  res.end();
});
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import { EventEmitter } from 'node:events';
import express, { type Request } from 'express';

const prices = new EventEmitter();
const app = express();

declare function publish(request: Request): void;

app.get('/watch', (req, res) => {
  prices.on('change', () => req.destroyed ? undefined : publish(req));
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('an interval that hands the context on whole', {
    code: `
import Koa, { type Context } from 'koa';

function sample(ctx: Context): void {
  console.log(ctx.state);
}

const app = new Koa();

app.use(async (ctx) => {
  setInterval(() => sample(ctx), 1000);
  ctx.body = 'accepted';
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 11,
        message: '`ctx` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Stop it when the response is over.',
            output: `
import Koa, { type Context } from 'koa';

function sample(ctx: Context): void {
  console.log(ctx.state);
}

const app = new Koa();

app.use(async (ctx) => {
  const timer = setInterval(() => sample(ctx), 1000);
  ctx.res.once('close', () => clearInterval(timer));
  ctx.body = 'accepted';
});
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import Koa, { type Context } from 'koa';

function sample(ctx: Context): void {
  console.log(ctx.state);
}

const app = new Koa();

app.use(async (ctx) => {
  setInterval(() => ctx.headerSent ? undefined : sample(ctx), 1000);
  ctx.body = 'accepted';
});
`,
          },
        ],
      },
    ],
  });

  reports('a timer in Hono that hands the context on whole', {
    code: `
import { type Context, Hono } from 'hono';

function sample(c: Context): void {
  console.log(c.req.path);
}

const app = new Hono();

app.get('/', (c) => {
  setTimeout(() => {
    sample(c);
  }, 1000);
  return c.text('accepted');
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 11,
        message: '`c` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Do it at once, without `setTimeout`.',
            output: `
import { type Context, Hono } from 'hono';

function sample(c: Context): void {
  console.log(c.req.path);
}

const app = new Hono();

app.get('/', (c) => {
  {
    sample(c);
  }
  return c.text('accepted');
});
`,
          },
        ],
      },
    ],
  });

  reports('locals of the response', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  void settled()
    .then(() => console.log(res.locals['user']))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 9,
        message: '`res` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  await settled()
    .then(() => console.log(res.locals['user']))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  const locals = res.locals;
  void settled()
    .then(() => console.log(locals['user']))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('the status of the response is not copied: it changes', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  void settled()
    .then(() => console.log(res.statusCode))
    .catch(console.error);
  res.status(201).end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 9,
        message: '`res` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  await settled()
    .then(() => console.log(res.statusCode))
    .catch(console.error);
  res.status(201).end();
});
`,
          },
        ],
      },
    ],
  });

  stays('silent for the application that hangs on the request', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  void settled()
    .then(() => console.log(req.app.get('trust proxy')))
    .catch(console.error);
  res.end();
});
`,
  });

  stays('silent for the server that hangs on a Fastify request', {
    code: `
import Fastify from 'fastify';

declare function settled(): Promise<void>;

const app = Fastify();

app.get('/', async (request) => {
  void settled()
    .then(() => request.server.log.info('settled'))
    .catch(console.error);
  return {};
});
`,
  });

  stays('silent for a logger of the project that the request carries', {
    code: `
import express, { type Request } from 'express';

interface LoggedRequest extends Request {
  readonly log: { info(text: string): void; error(error: unknown): void };
}
declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  const { log } = req as LoggedRequest;
  void settled().catch((error: unknown) => {
    (req as LoggedRequest).log.error(error);
    log.info('failed');
  });
  res.end();
});
`,
  });

  stays('silent in a hook that runs after the response', {
    code: `
import Fastify from 'fastify';

declare function count(route: string): Promise<void>;

const app = Fastify();

app.addHook('onResponse', async (request) => {
  void count('route')
    .then(() => console.log(request.method))
    .catch(console.error);
});
`,
  });

  reports('in a hook that runs before the response', {
    code: `
import Fastify from 'fastify';

declare function count(route: string): Promise<void>;

const app = Fastify();

app.addHook('preHandler', async (request) => {
  void count('route')
    .then(() => console.log(request.method))
    .catch(console.error);
});
`,
    errors: [
      {
        messageId: 'late',
        on: "count('route')…",
        message: '`request` is used on line 10 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import Fastify from 'fastify';

declare function count(route: string): Promise<void>;

const app = Fastify();

app.addHook('preHandler', async (request) => {
  await count('route')
    .then(() => console.log(request.method))
    .catch(console.error);
});
`,
          },
        ],
      },
    ],
    output: `
import Fastify from 'fastify';

declare function count(route: string): Promise<void>;

const app = Fastify();

app.addHook('preHandler', async (request) => {
  const method = request.method;
  void count('route')
    .then(() => console.log(method))
    .catch(console.error);
});
`,
  });

  reports('tRPC: the request in a context', {
    code: `
import type { IncomingMessage } from 'node:http';
import { initTRPC } from '@trpc/server';

declare function record(entry: object): Promise<void>;

const t = initTRPC.context<{ readonly req: IncomingMessage; readonly user: string }>().create();

export const orders = t.router({
  place: t.procedure.mutation(({ ctx }) => {
    void record({})
      .then(() => record({ agent: ctx.req.headers['user-agent'], user: ctx.user }))
      .catch(console.error);
    return 'placed';
  }),
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({})…',
        message: '`ctx.req` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { IncomingMessage } from 'node:http';
import { initTRPC } from '@trpc/server';

declare function record(entry: object): Promise<void>;

const t = initTRPC.context<{ readonly req: IncomingMessage; readonly user: string }>().create();

export const orders = t.router({
  place: t.procedure.mutation(async ({ ctx }) => {
    await record({})
      .then(() => record({ agent: ctx.req.headers['user-agent'], user: ctx.user }))
      .catch(console.error);
    return 'placed';
  }),
});
`,
          },
        ],
      },
    ],
    output: `
import type { IncomingMessage } from 'node:http';
import { initTRPC } from '@trpc/server';

declare function record(entry: object): Promise<void>;

const t = initTRPC.context<{ readonly req: IncomingMessage; readonly user: string }>().create();

export const orders = t.router({
  place: t.procedure.mutation(({ ctx }) => {
    const userAgent = ctx.req.headers['user-agent'];
    void record({})
      .then(() => record({ agent: userAgent, user: ctx.user }))
      .catch(console.error);
    return 'placed';
  }),
});
`,
  });

  stays('tRPC: silent for plain data of a context', {
    code: `
import type { IncomingMessage } from 'node:http';
import { initTRPC } from '@trpc/server';

declare function record(entry: object): Promise<void>;

const t = initTRPC.context<{ readonly req: IncomingMessage; readonly user: string }>().create();

export const orders = t.router({
  place: t.procedure.mutation(({ ctx }) => {
    void record({})
      .then(() => record({ user: ctx.user }))
      .catch(console.error);
    return 'placed';
  }),
});
`,
  });

  reports('Nest: a request that an execution context gives', {
    code: `
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

export class AuditGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    void record({})
      .then(() => record({ path: request.path }))
      .catch(console.error);
    return true;
  }
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({})…',
        message: '`request` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

declare function record(entry: object): Promise<void>;

export class AuditGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const path = request.path;
    void record({})
      .then(() => record({ path }))
      .catch(console.error);
    return true;
  }
}
`,
  });

  reports('http2: a stream that was ended', {
    code: `
import { createServer } from 'node:http2';

declare function settled(): Promise<void>;

createServer((request, response) => {
  void settled()
    .then(() => console.log(request.url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 7,
        message: '`request` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer } from 'node:http2';

declare function settled(): Promise<void>;

createServer(async (request, response) => {
  await settled()
    .then(() => console.log(request.url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer } from 'node:http2';

declare function settled(): Promise<void>;

createServer((request, response) => {
  const url = request.url;
  void settled()
    .then(() => console.log(url))
    .catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('a handler that CommonJS exports, in JavaScript with JSDoc', {
    code: `
/** @typedef {import('express').Request} Request */
/** @typedef {import('express').Response} Response */

/** @param {Request} req @param {Response} res */
exports.remove = function remove(req, res) {
  process.nextTick(() => console.log('removed', req.params['id']));
  res.end();
};
`,
    filename: 'orders.cjs',
    errors: [
      {
        messageId: 'late',
        on: '=>',
        message: '`req` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
/** @typedef {import('express').Request} Request */
/** @typedef {import('express').Response} Response */

/** @param {Request} req @param {Response} res */
exports.remove = function remove(req, res) {
  const id = req.params['id'];
  process.nextTick(() => console.log('removed', id));
  res.end();
};
`,
  });

  reports('a handler without types in a router, in JavaScript', {
    code: `
const { Router } = require('express');

const router = Router();

router.get('/:id', (req, res) => {
  setTimeout(() => console.log(req.params.id), 1000);
  res.json({});
});

module.exports = router;
`,
    filename: 'routes.cjs',
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 7,
        message: '`req` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
const { Router } = require('express');

const router = Router();

router.get('/:id', (req, res) => {
  const id = req.params.id;
  setTimeout(() => console.log(id), 1000);
  res.json({});
});

module.exports = router;
`,
  });

  reports('a generic handler', {
    code: `
import type { Request, Response } from 'express';

declare function record(entry: object): Promise<void>;

export function handle<R extends Request>(read: (req: R) => string): (req: R, res: Response) => void {
  return (req, res) => {
    record({}).then(() => console.log(req.path), console.error);
    res.send(read(req));
  };
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => console.log(req.path), console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { Request, Response } from 'express';

declare function record(entry: object): Promise<void>;

export function handle<R extends Request>(read: (req: R) => string): (req: R, res: Response) => void {
  return async (req, res) => {
    await record({}).then(() => console.log(req.path), console.error);
    res.send(read(req));
  };
}
`,
          },
        ],
      },
    ],
    output: `
import type { Request, Response } from 'express';

declare function record(entry: object): Promise<void>;

export function handle<R extends Request>(read: (req: R) => string): (req: R, res: Response) => void {
  return (req, res) => {
    const path = req.path;
    record({}).then(() => console.log(path), console.error);
    res.send(read(req));
  };
}
`,
  });

  reports('a request that may be missing in a function', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, req?: Request): Promise<void> {
  await record({ order });
  await record({ order, agent: req?.get('user-agent') });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit(req.params.id, req).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req.params.id, req).catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, req?: Request): Promise<void> {
  await record({ order });
  await record({ order, agent: req?.get('user-agent') });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  await audit(req.params.id, req).catch(console.error);
  res.end();
});
`,
          },
          {
            title: 'Pass only `userAgent` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, { userAgent }: { userAgent: string | undefined }): Promise<void> {
  await record({ order });
  await record({ order, agent: userAgent });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit(req.params.id, { userAgent: req?.get('user-agent') }).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, req?: Request): Promise<void> {
  const userAgent = req?.get('user-agent');
  await record({ order });
  await record({ order, agent: userAgent });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit(req.params.id, req).catch(console.error);
  res.end();
});
`,
  });

  reports('a function that tests whether there is a request', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, req?: Request): Promise<void> {
  await record({ order });
  if (req) await record({ order, agent: req.get('user-agent') });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit(req.params.id, req).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req.params.id, req).catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(order: string, req?: Request): Promise<void> {
  await record({ order });
  if (req) await record({ order, agent: req.get('user-agent') });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  await audit(req.params.id, req).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('a function with a directive and a pattern for its parameter', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ req, order }: { readonly req: Request; readonly order: string }): Promise<void> {
  await record({ order });
  await record({ order, method: req.method });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit({ req, order: req.params.id }).catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ req, order }: { readonly req: Request; readonly order: string }): Promise<void> {
  await record({ order });
  await record({ order, method: req.method });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  await audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ req, order }: { readonly req: Request; readonly order: string }): Promise<void> {
  const method = req.method;
  await record({ order });
  await record({ order, method });
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  void audit({ req, order: req.params.id }).catch(console.error);
  res.end();
});
`,
  });

  reports('a task that is started when the response was sent', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', async (req, res) => {
  res.json({});
  void audit(req).catch(console.error);
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', async (req, res) => {
  await audit(req).catch(console.error);
  res.json({});
});
`,
          },
          {
            title: 'Pass only `path` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

async function audit({ path }: { path: string }): Promise<void> {
  await record({});
  await record({ path });
}

const app = express();

app.get('/', async (req, res) => {
  res.json({});
  void audit({ path: req.path }).catch(console.error);
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const path = req.path;
  await record({});
  await record({ path });
}

const app = express();

app.get('/', async (req, res) => {
  res.json({});
  void audit(req).catch(console.error);
});
`,
  });

  reports('a task that sets a field of the request', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: string;
}
declare function userOf(token: string | undefined): Promise<string>;

const app = express();

app.get('/', (req: SessionRequest, res) => {
  userOf(req.get('authorization'))
    .then((user) => {
      req.user = user;
    })
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: "userOf(req.get('authorization'))…",
        message: '`req` is used on line 14 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: string;
}
declare function userOf(token: string | undefined): Promise<string>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  await userOf(req.get('authorization'))
    .then((user) => {
      req.user = user;
    })
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  stays('silent when a stream is what answers', {
    code: `
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import express from 'express';

const app = express();

app.get('/files/:name', (req, res) => {
  pipeline(createReadStream(req.params.name), res)
    .then(() => console.log('sent', req.path))
    .catch(console.error);
});
`,
  });

  stays('silent for a time limit that answers', {
    code: `
import express from 'express';

const app = express();

app.use((req, res, next) => {
  setTimeout(() => {
    console.warn('slow', req.path);
    res.status(503).end();
  }, 5000);
  next();
});
`,
  });

  stays('silent for a time limit that ends the connection', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  setTimeout(() => {
    console.warn('slow', request.url);
    request.socket.destroy();
  }, 5000).unref();
  response.writeHead(200);
}).listen(8080);
`,
  });

  stays('silent for an upgrade whose callback refuses it', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

declare function userOf(token: string | undefined): Promise<string>;

async function authorize(request: IncomingMessage, refuse: () => void): Promise<void> {
  const user = await userOf(undefined);
  if (user !== request.headers['x-user']) refuse();
}

export function upgrade(request: IncomingMessage, socket: Duplex): void {
  const refuse = (): void => {
    socket.end();
  };
  authorize(request, refuse).catch(console.error);
}

createServer().listen(8080);
`,
  });

  stays('silent when a variable holds what settles the wait', {
    code: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

createServer(async (request, response) => {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  void settled().then(() => {
    console.log(request.url);
    release();
  }, release);
  await released;
  response.end();
}).listen(8080);
`,
  });

  stays('silent for a task that stops with the request', {
    code: `
import Fastify from 'fastify';

declare function step(): Promise<void>;

const app = Fastify();

app.get('/', async (request) => {
  void (async () => {
    while (!request.signal.aborted) {
      await step();
      console.log(request.id);
    }
  })().catch(console.error);
  return {};
});
`,
  });

  stays('silent for a job that reads its own data when it is done', {
    code: `
import { Worker, type Job } from 'bullmq';

declare function record(entry: object): Promise<void>;

async function note(job: Job<{ readonly order: string }>): Promise<void> {
  await record({});
  await record({ order: job.data.order });
}

new Worker('orders', async (job) => {
  void note(job).catch(console.error);
  return 'shipped';
});
`,
  });

  reports('a job that is told something when it is done', {
    code: `
import { Worker, type Job } from 'bullmq';

declare function record(entry: object): Promise<void>;

async function note(job: Job): Promise<void> {
  await record({});
  await job.log('shipped');
}

new Worker('orders', async (job) => {
  void note(job).catch(console.error);
  return 'shipped';
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'note(job).catch(console.error)',
        message: '`job` is used on line 8 by a task that nobody waits for; by then the job may be done.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { Worker, type Job } from 'bullmq';

declare function record(entry: object): Promise<void>;

async function note(job: Job): Promise<void> {
  await record({});
  await job.log('shipped');
}

new Worker('orders', async (job) => {
  await note(job).catch(console.error);
  return 'shipped';
});
`,
          },
        ],
      },
    ],
  });

  stays('silent for events of a BullMQ worker', {
    code: `
import { Worker } from 'bullmq';

declare function record(entry: object): Promise<void>;

const worker = new Worker('orders', async () => 'shipped');

worker.on('completed', (job) => {
  record({}).then(() => record({ id: job.id }), console.error);
});
`,
  });

  stays('silent for what a timer gets that is no request', {
    code: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  const { method, headers } = req;
  setTimeout(console.log, 1000, method, headers.host);
  res.end();
});
`,
  });

  stays('silent for a request that is made, not received', {
    code: `
import { Hono } from 'hono';

declare function settled(): Promise<void>;

const app = new Hono();

app.get('/', (c) => {
  const outgoing = new Request('https://prices.example/');
  void settled()
    .then(() => fetch(outgoing))
    .catch(console.error);
  return c.text('accepted');
});
`,
  });

  stays('silent for a class of the project that is called Request', {
    code: `
declare function settled(): Promise<void>;

export class Request {
  readonly id = 'a';
}

export function note(req: Request): void {
  void settled()
    .then(() => console.log(req.id))
    .catch(console.error);
}
`,
  });

  stays('silent for messages of a socket, which stays', {
    code: `
import { WebSocketServer } from 'ws';

new WebSocketServer({ port: 8080 }).on('connection', (socket, request) => {
  socket.on('message', () => console.log(request.url));
  setInterval(() => socket.ping(request.url), 1000);
});
`,
  });

  stays('silent when the request hands the work to a queue it awaits', {
    code: `
import express from 'express';

declare const jobs: { add(name: string, data: object): Promise<void> };

const app = express();

app.post('/orders', async (req, res) => {
  await jobs.add('import', { path: req.path });
  res.sendStatus(202);
});
`,
  });

  stays('silent for a helper that the options say is waited for', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

const open = new Set<Promise<void>>();

function track(task: Promise<void>): void {
  task.catch(console.error);
}

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', (req, res) => {
  track(audit(req));
  res.json(open.size);
});
`,
    options: { detachHelpers: ['track'] },
  });

  reports('a promise handed to a helper that drops it', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

function track(task: Promise<void>): void {
  task.catch(console.error);
}

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/', (req, res) => {
  track(audit(req));
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req)',
        message: '`req` is used on line 12 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Pass only `path` to `audit`.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

function track(task: Promise<void>): void {
  task.catch(console.error);
}

async function audit({ path }: { path: string }): Promise<void> {
  await record({});
  await record({ path });
}

const app = express();

app.get('/', (req, res) => {
  track(audit({ path: req.path }));
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

function track(task: Promise<void>): void {
  task.catch(console.error);
}

async function audit(req: Request): Promise<void> {
  const path = req.path;
  await record({});
  await record({ path });
}

const app = express();

app.get('/', (req, res) => {
  track(audit(req));
  res.end();
});
`,
  });

  reports('a callback handed to a helper that drops its promise', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

function background(work: () => Promise<void>): void {
  work().catch(console.error);
}

const app = express();

app.get('/', (req, res) => {
  background(async () => {
    await record({});
    await record({ path: req.path });
  });
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'async',
        message: '`req` is used on line 15 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

function background(work: () => Promise<void>): void {
  work().catch(console.error);
}

const app = express();

app.get('/', (req, res) => {
  const path = req.path;
  background(async () => {
    await record({});
    await record({ path });
  });
  res.end();
});
`,
  });

  reports('a guard that comes before, in the same function', {
    code: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  if (!req.user) {
    res.sendStatus(401);
    return;
  }
  record({}).catch((error: unknown) => {
    console.error(error, req.user?.id);
  });
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({}).catch((error: unknown) => {…',
        message: '`req` is used on line 17 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  if (!req.user) {
    res.sendStatus(401);
    return;
  }
  await record({}).catch((error: unknown) => {
    console.error(error, req.user?.id);
  });
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

interface SessionRequest extends Request {
  user?: { readonly id: string };
}
declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req: SessionRequest, res) => {
  if (!req.user) {
    res.sendStatus(401);
    return;
  }
  const id = req.user?.id;
  record({}).catch((error: unknown) => {
    console.error(error, id);
  });
  res.end();
});
`,
  });

  reports('names that are reserved or taken get others', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  const ip = 'unknown';
  void settled()
    .then(() => console.log(ip, req.ip, req.query['class'], req.headers['content-length']))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'settled()…',
        line: 10,
        message:
          '`req` is used on line 11 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  const ip = 'unknown';
  await settled()
    .then(() => console.log(ip, req.ip, req.query['class'], req.headers['content-length']))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  const ip = 'unknown';
  const reqIp = req.ip;
  const queryClass = req.query['class'];
  const contentLength = req.headers['content-length'];
  void settled()
    .then(() => console.log(ip, reqIp, queryClass, contentLength))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('a file without semicolons', {
    code: `
import express from 'express'

const app = express()

app.get('/', (req, res) => {
  setTimeout(() => console.log(req.method), 1000)
  res.end()
})
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 7,
        message: '`req` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express'

const app = express()

app.get('/', (req, res) => {
  const method = req.method
  setTimeout(() => console.log(method), 1000)
  res.end()
})
`,
  });

  reports('a case of a switch', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  switch (request.method) {
    case 'POST':
      setImmediate(() => console.log(request.url));
      break;
    default:
      console.log('none');
  }
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 7,
        message: '`request` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  switch (request.method) {
    case 'POST':
      {
        const url = request.url;
        setImmediate(() => console.log(url));
      }
      break;
    default:
      console.log('none');
  }
  response.end();
}).listen(8080);
`,
  });

  reports('a comment above the launch stays there', {
    code: `
import { createServer } from 'node:http';

createServer((request, response) => {
  // tell it later
  setImmediate(() => console.log(request.url)); // not now
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 6,
        message: '`request` is used on line 6 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { createServer } from 'node:http';

createServer((request, response) => {
  // tell it later
  const url = request.url;
  setImmediate(() => console.log(url)); // not now
  response.end();
}).listen(8080);
`,
  });

  stays('silent when the response is sent in a callback of the same wait', {
    code: `
import express from 'express';

declare function load(path: string): Promise<string>;

const app = express();

app.get('/', (req, res) => {
  load(req.path).then(
    (text) => {
      res.send(text);
      console.log(req.method);
    },
    () => res.sendStatus(500),
  );
});
`,
  });

  reports('a handler that uses the response after it was piped and has waited', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.redirect('/orders');
  for await (const chunk of req) console.log(chunk);
  res.cookie('seen', 'yes');
  await record({});
});
`,
    errors: [
      {
        messageId: 'sent',
        on: "res.cookie('seen', 'yes')",
        message: '`res.cookie` follows the wait on line 10, but the response was sent on line 9: it throws.',
        suggestions: [
          {
            title: 'Do it before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.cookie('seen', 'yes');
  res.redirect('/orders');
  for await (const chunk of req) console.log(chunk);
  await record({});
});
`,
          },
          {
            title: 'Do it only while the response is open.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  res.redirect('/orders');
  for await (const chunk of req) console.log(chunk);
  if (!res.headersSent) res.cookie('seen', 'yes');
  await record({});
});
`,
          },
        ],
      },
    ],
  });

  stays('silent when the response is used in another request', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (_req, res) => {
  for (const other of [res]) {
    await record({});
    other.end();
  }
});
`,
  });

  stays('silent when a method answers with the response that its object keeps', {
    code: `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

declare function load(url: string | undefined): Promise<string>;

class Exchange {
  constructor(
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {}

  run(): void {
    void this.answer().catch(console.error);
  }

  private async answer(): Promise<void> {
    const text = await load(this.request.url);
    console.log(this.request.method);
    this.send(text);
  }

  private send(text: string): void {
    this.response.end(text);
  }
}

createServer((request, response) => {
  new Exchange(request, response).run();
}).listen(8080);
`,
  });

  stays('silent for a connection: the request that opened it stays', {
    code: `
import type { IncomingMessage } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

declare function settled(): Promise<void>;

class Connections {
  open(socket: WebSocket, request: IncomingMessage): void {
    setInterval(() => socket.ping(request.url), 1000);
    settled().then(() => console.log(request.headers.host), console.error);
  }
}

const connections = new Connections();

new WebSocketServer({ port: 8080 }).on('connection', (socket, request) => connections.open(socket, request));
`,
  });

  stays('silent for a guard: that one is to be awaited', {
    code: `
import express, { type Request } from 'express';

declare const sessions: { find(id: string): Promise<string | undefined> };
declare function remove(order: string): Promise<void>;

async function assertSignedIn(req: Request): Promise<void> {
  const session = await sessions.find(req.get('x-session') ?? '');
  if (session === undefined) throw new Error(\`\${req.path} needs a session\`);
}

const app = express();

app.delete('/orders/:id', async (req, res) => {
  assertSignedIn(req);
  await remove(req.params.id);
  res.end();
});
`,
  });

  stays('silent for a router of node:http that hands both on', {
    code: `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

declare function load(url: string | undefined): Promise<string>;

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const routes: Record<string, Route> = {
  '/': async (request, response) => {
    response.end(await load(request.url));
  },
};

async function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await load(request.url);
  const route = routes[request.url ?? '/'];
  if (route === undefined) response.writeHead(404).end();
  else await route(request, response);
}

createServer((request, response) => {
  dispatch(request, response).catch(console.error);
}).listen(8080);
`,
  });

  stays('silent for a span around the handler', {
    code: `
import express from 'express';

declare const tracer: { span(name: string, work: () => Promise<void>): Promise<void> };
declare function load(path: string): Promise<string>;

const app = express();

app.get('/', (req, res, next) => {
  tracer
    .span('list', async () => {
      const text = await load(req.path);
      res.send(text + req.hostname);
    })
    .catch(next);
});
`,
  });

  stays('silent for a queue of tasks that somebody drains', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const open = new Set<Promise<void>>();

const app = express();

app.get('/', (req, res) => {
  const task = record({}).then(() => console.log(req.path));
  open.add(task);
  res.end();
});

export async function drain(): Promise<void> {
  await Promise.all(open);
}
`,
  });

  stays('silent for an array of tasks that is awaited', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  const tasks: Promise<void>[] = [];
  for (const part of ['a', 'b']) tasks.push(record({ part }).then(() => console.log(req.path)));
  await Promise.all(tasks);
  res.end();
});
`,
  });

  stays('silent for gRPC calls that are answered by their callback', {
    code: `
interface Call {
  readonly request: { readonly id: string };
}
declare function load(id: string): Promise<string>;

export function find(call: Call, callback: (error: Error | null, value?: string) => void): void {
  load(call.request.id).then(
    (value) => {
      console.log(call.request.id);
      callback(null, value);
    },
    (error: Error) => callback(error),
  );
}
`,
    settings: { requestTypes: [{ from: 'file', name: 'Call' }] },
  });

  reports('a handler that a variable of a framework type is', {
    code: `
import type { RequestHandler } from 'express';

declare function record(entry: object): Promise<void>;

export const audit: RequestHandler = (request, _response, next) => {
  record({}).then(() => console.log(request.method), console.error);
  next();
};
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => console.log(request.method), console.error)',
        message: '`request` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { RequestHandler } from 'express';

declare function record(entry: object): Promise<void>;

export const audit: RequestHandler = async (request, _response, next) => {
  await record({}).then(() => console.log(request.method), console.error);
  next();
};
`,
          },
        ],
      },
    ],
    output: `
import type { RequestHandler } from 'express';

declare function record(entry: object): Promise<void>;

export const audit: RequestHandler = (request, _response, next) => {
  const method = request.method;
  record({}).then(() => console.log(method), console.error);
  next();
};
`,
  });

  reports('a promise chain in the finally of a handler', {
    code: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function load(path: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  try {
    res.send(await load(req.path));
  } finally {
    record({}).then(() => record({ url: req.url }), console.error);
  }
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'record({}).then(() => record({ url: req.url }), console.error)',
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function load(path: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  try {
    res.send(await load(req.path));
  } finally {
    await record({}).then(() => record({ url: req.url }), console.error);
  }
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function record(entry: object): Promise<void>;
declare function load(path: string): Promise<string>;

const app = express();

app.get('/', async (req, res) => {
  try {
    res.send(await load(req.path));
  } finally {
    const url = req.url;
    record({}).then(() => record({ url }), console.error).catch((error: unknown) => { console.error(error); });
  }
});
`,
  });

  reports('a class method of Nest that a timer calls', {
    code: `
import { Controller, Post, Req } from '@nestjs/common';
import type { Request } from 'express';

@Controller('orders')
export class OrderController {
  readonly #seen: string[] = [];

  @Post()
  create(@Req() req: Request): string {
    setTimeout(() => this.note(req.path), 100);
    return 'accepted';
  }

  private note(path: string): void {
    this.#seen.push(path);
  }
}
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import { Controller, Post, Req } from '@nestjs/common';
import type { Request } from 'express';

@Controller('orders')
export class OrderController {
  readonly #seen: string[] = [];

  @Post()
  create(@Req() req: Request): string {
    const path = req.path;
    setTimeout(() => this.note(path), 100);
    return 'accepted';
  }

  private note(path: string): void {
    this.#seen.push(path);
  }
}
`,
  });

  reports('work after a microtask of its own', {
    code: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  void Promise.resolve().then(() => console.log(req.baseUrl));
  queueMicrotask(() => console.log(req.path));
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'Promise.resolve().then(() => console.log(req.baseUrl))',
        message: '`req` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

const app = express();

app.get('/', async (req, res) => {
  await Promise.resolve().then(() => console.log(req.baseUrl));
  queueMicrotask(() => console.log(req.path));
  res.end();
});
`,
          },
        ],
      },
      {
        messageId: 'late',
        on: '=>',
        line: 8,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `
import express from 'express';

const app = express();

app.get('/', (req, res) => {
  const baseUrl = req.baseUrl;
  void Promise.resolve().then(() => console.log(baseUrl));
  const path = req.path;
  queueMicrotask(() => console.log(path));
  res.end();
});
`,
  });

  reports('a request in an array of the arguments', {
    code: `
import express, { type Request } from 'express';

declare function settled(): Promise<void>;

async function note(...requests: Request[]): Promise<void> {
  await settled();
  for (const request of requests) console.log(request.path);
}

const app = express();

app.get('/', async (req, res) => {
  void note(req).catch(console.error);
  res.end();
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'late',
        on: 'note(req).catch(console.error)',
        message: '`req` is used on line 14 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function settled(): Promise<void>;

async function note(...requests: Request[]): Promise<void> {
  await settled();
  for (const request of requests) console.log(request.path);
}

const app = express();

app.get('/', async (req, res) => {
  await note(req).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('an accessor of the request that a default takes', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

const trace = async (request: IncomingMessage, label = 'seen'): Promise<void> => {
  await settled();
  console.log(label, request.headers['x-trace'] ?? 'none');
};

createServer((request, response) => {
  trace(request).catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'trace(request).catch(console.error)',
        message: '`request` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

const trace = async (request: IncomingMessage, label = 'seen'): Promise<void> => {
  await settled();
  console.log(label, request.headers['x-trace'] ?? 'none');
};

createServer(async (request, response) => {
  await trace(request).catch(console.error);
  response.end();
}).listen(8080);
`,
          },
          {
            title: 'Pass only `xTrace` to `trace`.',
            output: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

const trace = async ({ xTrace }: { xTrace: string | string[] | undefined }, label = 'seen'): Promise<void> => {
  await settled();
  console.log(label, xTrace ?? 'none');
};

createServer((request, response) => {
  trace({ xTrace: request.headers['x-trace'] }).catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
    output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

const trace = async (request: IncomingMessage, label = 'seen'): Promise<void> => {
  const xTrace = request.headers['x-trace'];
  await settled();
  console.log(label, xTrace ?? 'none');
};

createServer((request, response) => {
  trace(request).catch(console.error);
  response.end();
}).listen(8080);
`,
  });

  reports('an arrow function without a block, in which the copy has no place', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

const trace = (request: IncomingMessage): Promise<void> => settled().then(() => console.log(request.url));

createServer(async (request, response) => {
  trace(request).catch(console.error);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'trace(request).catch(console.error)',
        message: '`request` is used on line 6 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

declare function settled(): Promise<void>;

const trace = (request: IncomingMessage): Promise<void> => settled().then(() => console.log(request.url));

createServer(async (request, response) => {
  await trace(request).catch(console.error);
  response.end();
}).listen(8080);
`,
          },
          {
            title: 'Pass only `url` to `trace`.',
            output: `
import { createServer } from 'node:http';

declare function settled(): Promise<void>;

const trace = ({ url }: { url: string | undefined }): Promise<void> => settled().then(() => console.log(url));

createServer(async (request, response) => {
  trace({ url: request.url }).catch(console.error);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  reports('two handlers that start the same work', {
    code: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/orders', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});

app.get('/invoices', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        line: 14,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/orders', async (req, res) => {
  await audit(req).catch(console.error);
  res.end();
});

app.get('/invoices', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
      {
        messageId: 'late',
        on: 'audit(req).catch(console.error)',
        line: 19,
        message: '`req` is used on line 8 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  await record({});
  await record({ path: req.path });
}

const app = express();

app.get('/orders', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});

app.get('/invoices', async (req, res) => {
  await audit(req).catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express, { type Request } from 'express';

declare function record(entry: object): Promise<void>;

async function audit(req: Request): Promise<void> {
  const path = req.path;
  await record({});
  await record({ path });
}

const app = express();

app.get('/orders', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});

app.get('/invoices', (req, res) => {
  void audit(req).catch(console.error);
  res.end();
});
`,
  });

  reports('tabs, double quotes and carriage returns stay', {
    code: `import express from "express";

const app = express();

app.get("/", (req, res) => {
	setTimeout(() => {
		console.log(req.path);
	}, 1000);
	res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: '=>',
        line: 6,
        message: '`req` is used on line 7 by a task that nobody waits for; by then the response may be sent.',
      },
    ],
    output: `import express from "express";

const app = express();

app.get("/", (req, res) => {
	const path = req.path;
	setTimeout(() => {
		console.log(path);
	}, 1000);
	res.end();
});
`,
  });

  reports('a chain over several lines, with a comment that stays', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  void settled()
    .then(() => {
      // who asked
      console.log(
        req
          .get('user-agent'),
      );
    })
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 9,
        message: '`req` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  await settled()
    .then(() => {
      // who asked
      console.log(
        req
          .get('user-agent'),
      );
    })
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', (req, res) => {
  const userAgent = req.get('user-agent');
  void settled()
    .then(() => {
      // who asked
      console.log(
        userAgent,
      );
    })
    .catch(console.error);
  res.end();
});
`,
  });

  reports('a comment inside the chain: no copy', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  void settled()
    .then(() => console.log(req./* of the proxy */ip))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'settled()…',
        line: 9,
        message:
          '`req` is used on line 10 by a task that nobody waits for; once the client is gone, `req./* of the proxy */ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  await settled()
    .then(() => console.log(req./* of the proxy */ip))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('a comment for a linter above the launch stays with it', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  // eslint-disable-next-line no-void
  void settled()
    .then(() => console.log(req.ip))
    .catch(console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'gone',
        on: 'settled()…',
        line: 10,
        message:
          '`req` is used on line 11 by a task that nobody waits for; once the client is gone, `req.ip` is undefined.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  // eslint-disable-next-line no-void
  await settled()
    .then(() => console.log(req.ip))
    .catch(console.error);
  res.end();
});
`,
          },
        ],
      },
    ],
    output: `
import express from 'express';

declare function settled(): Promise<void>;

const app = express();

app.get('/', async (req, res) => {
  const ip = req.ip;
  // eslint-disable-next-line no-void
  void settled()
    .then(() => console.log(ip))
    .catch(console.error);
  res.end();
});
`,
  });

  reports('a comment for the compiler above the launch: nothing moves', {
    code: `
import express from 'express';

declare function settled(): Promise<void>;
declare function note(path: number): void;

const app = express();

app.get('/', (req, res) => {
  // @ts-expect-error: the address is a text
  settled().then(() => note(req.path), console.error);
  res.end();
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled().then(() => note(req.path), console.error)',
        message: '`req` is used on line 11 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import express from 'express';

declare function settled(): Promise<void>;
declare function note(path: number): void;

const app = express();

app.get('/', async (req, res) => {
  // @ts-expect-error: the address is a text
  await settled().then(() => note(req.path), console.error).catch((error: unknown) => { console.error(error); });
  res.end();
});
`,
          },
        ],
      },
    ],
  });

  reports('a request handed on whole, in a function that others call', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';

declare const bus: { publish(name: string, request: IncomingMessage): void };
declare function settled(): Promise<void>;

function note(request: IncomingMessage): void {
  settled()
    .then(() => bus.publish('seen', request))
    .catch(console.error);
}

createServer((request, response) => {
  note(request);
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'settled()…',
        line: 8,
        message: '`request` is used on line 9 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Do it only while the response is open.',
            output: `
import { createServer, type IncomingMessage } from 'node:http';

declare const bus: { publish(name: string, request: IncomingMessage): void };
declare function settled(): Promise<void>;

function note(request: IncomingMessage): void {
  settled()
    .then(() => request.destroyed ? undefined : bus.publish('seen', request))
    .catch(console.error);
}

createServer((request, response) => {
  note(request);
  response.end();
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  reports('a function of another file, in a function that others call', {
    code: `
import type { IncomingMessage } from 'node:http';
import { audit } from './audit.ts';

export function note(request: IncomingMessage): void {
  void audit(request);
}
`,
    files: {
      'audit.ts': `
import type { IncomingMessage } from 'node:http';

export async function audit(request: IncomingMessage): Promise<void> {
  await Promise.resolve();
  console.log(request.url);
}
`,
      'server.ts': `
import { createServer } from 'node:http';
import { note } from './service.ts';

createServer((request, response) => {
  note(request);
  response.end();
}).listen(8080);
`,
    },
    errors: [
      {
        messageId: 'late',
        on: 'audit(request)',
        message:
          '`request` is used on line 6 of audit.ts by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { IncomingMessage } from 'node:http';
import { audit } from './audit.ts';

export async function note(request: IncomingMessage): Promise<void> {
  await audit(request);
}
`,
          },
        ],
      },
    ],
  });

  reports('GraphQL: a context that holds the response too, given to what only reads', {
    code: `
import type { Request, Response } from 'express';

interface Context {
  readonly req: Request;
  readonly res: Response;
  readonly user: string;
}
declare function record(entry: object): Promise<void>;

async function track({ req, user }: Context): Promise<void> {
  await record({ user });
  await record({ user, path: req.path });
}

export const resolvers = {
  me: async (_parent: unknown, _given: object, context: Context): Promise<string> => {
    void track(context).catch(console.error);
    return context.user;
  },
};
`,
    errors: [
      {
        messageId: 'late',
        on: 'track(context).catch(console.error)',
        message: '`context` is used on line 13 by a task that nobody waits for; by then the response may be sent.',
        suggestions: [
          {
            title: 'Wait for the task before the response is sent.',
            output: `
import type { Request, Response } from 'express';

interface Context {
  readonly req: Request;
  readonly res: Response;
  readonly user: string;
}
declare function record(entry: object): Promise<void>;

async function track({ req, user }: Context): Promise<void> {
  await record({ user });
  await record({ user, path: req.path });
}

export const resolvers = {
  me: async (_parent: unknown, _given: object, context: Context): Promise<string> => {
    await track(context).catch(console.error);
    return context.user;
  },
};
`,
          },
        ],
      },
    ],
    output: `
import type { Request, Response } from 'express';

interface Context {
  readonly req: Request;
  readonly res: Response;
  readonly user: string;
}
declare function record(entry: object): Promise<void>;

async function track({ req, user }: Context): Promise<void> {
  const path = req.path;
  await record({ user });
  await record({ user, path });
}

export const resolvers = {
  me: async (_parent: unknown, _given: object, context: Context): Promise<string> => {
    void track(context).catch(console.error);
    return context.user;
  },
};
`,
  });

  stays('silent when what gets such a context answers', {
    code: `
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

interface Context {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}
declare function load(url: string | undefined): Promise<string>;

async function answer(context: Context): Promise<void> {
  const text = await load(context.req.url);
  context.res.setHeader('x-method', context.req.method ?? '');
  context.res.end(text);
}

createServer((req, res) => {
  answer({ req, res }).catch(console.error);
}).listen(8080);
`,
  });

  reports('a second answer after a loop that waits for what it walks over', {
    code: `
import express from 'express';

const app = express();
declare function pages(owner: string): AsyncIterable<string>;

app.get('/exports/:owner', async (request, response) => {
  response.json({ started: true });
  for await (const page of pages(request.params.owner)) console.log(page);
  response.json({ done: true });
});
`,
    errors: [
      {
        messageId: 'sent',
        on: 'response.json({ done: true })',
        line: 10,
        message: '`response.json` follows the wait on line 9, but the response was sent on line 8: it throws.',
        suggestions: [
          {
            messageId: 'guard',
            output: `
import express from 'express';

const app = express();
declare function pages(owner: string): AsyncIterable<string>;

app.get('/exports/:owner', async (request, response) => {
  response.json({ started: true });
  for await (const page of pages(request.params.owner)) console.log(page);
  if (!response.headersSent) response.json({ done: true });
});
`,
          },
        ],
      },
    ],
  });
});
