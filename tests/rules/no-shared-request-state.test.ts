import rule from '../../src/rules/no-shared-request-state.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ---------------------------------------------------------------- variables of the module

  reports('a module variable that a handler writes before a wait and reads after it', {
    code: `
import express from 'express';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

const app = express();
// The order at hand.
let order: { id: string } | undefined;

app.get('/orders/:id', async (req, res) => {
  order = await findOrder(req.params.id);
  await audit(order.id);
  res.json(order);
});
`,
    errors: [{ messageId: 'late', on: 'order', line: 11, data: { name: 'order', pause: 'line 12', read: 'line 13' } }],
    output: `
import express from 'express';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

const app = express();

app.get('/orders/:id', async (req, res) => {
  // The order at hand.
  const order: { id: string } | undefined = await findOrder(req.params.id);
  await audit(order.id);
  res.json(order);
});
`,
  });

  stays('silent when the order is a variable of the handler', {
    code: `
import express from 'express';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

const app = express();

app.get('/orders/:id', async (req, res) => {
  const order = await findOrder(req.params.id);
  await audit(order.id);
  res.json(order);
});
`,
  });

  stays('silent when nothing waits between the write and the read', {
    code: `
import express from 'express';

const app = express();
let tenant = '';

app.get('/orders', (req, res) => {
  tenant = String(req.query['tenant']);
  res.json({ tenant });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent when it is written again after the wait', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let tenant = '';

app.get('/orders', async (req, res) => {
  tenant = String(req.query['tenant']);
  await audit();
  tenant = String(req.query['tenant']);
  res.json({ tenant });
});
`,
  });

  reports('a variable that a callback reads after the query', {
    code: `
import { createServer } from 'node:http';
declare function load(url: string): Promise<string>;

let url = '';

createServer((request, response) => {
  url = request.url ?? '/';
  load(url).then(
    (page) => response.end(url + page),
    () => response.end(),
  );
}).listen(8080);
`,
    errors: [{ messageId: 'late', on: 'url', line: 8, data: { name: 'url', pause: 'line 9', read: 'line 10' } }],
    output: `
import { createServer } from 'node:http';
declare function load(url: string): Promise<string>;


createServer((request, response) => {
  const url = request.url ?? '/';
  load(url).then(
    (page) => response.end(url + page),
    () => response.end(),
  );
}).listen(8080);
`,
  });

  reports('a variable that a timer reads later', {
    code: `
import { createServer } from 'node:http';

let user: string | undefined; // who asks

createServer((request, response) => {
  user = request.headers.from;
  setTimeout(() => {
    response.end(user);
  }, 100);
}).listen(8080);
`,
    errors: [{ messageId: 'late', on: 'user', line: 7, data: { name: 'user', pause: 'line 8', read: 'line 9' } }],
    output: `
import { createServer } from 'node:http';


createServer((request, response) => {
  const user: string | undefined = request.headers.from; // who asks
  setTimeout(() => {
    response.end(user);
  }, 100);
}).listen(8080);
`,
  });

  reports('a callback of which nobody knows when it runs, as likely', {
    code: `
import { createServer } from 'node:http';
declare function query(sql: string, done: (rows: readonly string[]) => void): void;

let user: string | undefined;

createServer((request, response) => {
  user = request.headers.from;
  query('select name from orders', (rows) => {
    response.end(user + rows.join());
  });
}).listen(8080);
`,
    options: { certainty: 'likely' },
    errors: [{ messageId: 'late', on: 'user', line: 8, data: { name: 'user', pause: 'line 9', read: 'line 10' } }],
    output: `
import { createServer } from 'node:http';
declare function query(sql: string, done: (rows: readonly string[]) => void): void;


createServer((request, response) => {
  const user: string | undefined = request.headers.from;
  query('select name from orders', (rows) => {
    response.end(user + rows.join());
  });
}).listen(8080);
`,
  });

  stays('silent by default about a callback of which nobody knows when it runs', {
    code: `
import { createServer } from 'node:http';
declare function query(sql: string, done: (rows: readonly string[]) => void): void;

let user: string | undefined;

createServer((request, response) => {
  user = request.headers.from;
  query('select name from orders', (rows) => {
    response.end(user + rows.join());
  });
}).listen(8080);
`,
  });

  reports('a variable written on two ways, declared at the start of the handler', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let tenant: string;

app.get('/orders', async (req, res) => {
  if (typeof req.query['tenant'] === 'string') {
    tenant = req.query['tenant'];
  } else {
    tenant = 'public';
  }
  await audit();
  res.json({ tenant });
});
`,
    errors: [
      { messageId: 'late', on: 'tenant', line: 10, data: { name: 'tenant', pause: 'line 14', read: 'line 15' } },
    ],
    output: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  let tenant: string;
  if (typeof req.query['tenant'] === 'string') {
    tenant = req.query['tenant'];
  } else {
    tenant = 'public';
  }
  await audit();
  res.json({ tenant });
});
`,
  });

  reports('a variable that keeps the last value where the request has none, and only suggests to declare it', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let tenant = 'public';

app.get('/orders', async (req, res) => {
  if (req.query['tenant']) {
    tenant = String(req.query['tenant']);
  }
  await audit();
  res.json({ tenant });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'tenant',
        line: 10,
        data: { name: 'tenant', pause: 'line 12', read: 'line 13' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'tenant' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  let tenant = 'public';
  if (req.query['tenant']) {
    tenant = String(req.query['tenant']);
  }
  await audit();
  res.json({ tenant });
});
`,
          },
        ],
      },
    ],
  });

  reports('a destructuring assignment', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let user = '';
let tenant = '';

app.get('/orders', async (req, res) => {
  ({ user, tenant } = req.body);
  await audit();
  res.json({ user, tenant });
});
`,
    errors: [
      { messageId: 'late', on: 'user', line: 10, data: { name: 'user', pause: 'line 11', read: 'line 12' } },
      { messageId: 'late', on: 'tenant', line: 10, data: { name: 'tenant', pause: 'line 11', read: 'line 12' } },
    ],
    output: [
      `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let tenant = '';

app.get('/orders', async (req, res) => {
  let user = '';
  ({ user, tenant } = req.body);
  await audit();
  res.json({ user, tenant });
});
`,
      `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();

app.get('/orders', async (req, res) => {
  let tenant = '';
  let user = '';
  ({ user, tenant } = req.body);
  await audit();
  res.json({ user, tenant });
});
`,
    ],
  });

  reports('a variable written by a function of another file that a handler calls', {
    filename: 'session.ts',
    files: {
      'routes.ts': `
import express from 'express';
import { currentUser, enter } from './session.js';
declare function audit(): Promise<void>;
const app = express();
app.get('/me', async (req, res) => {
  enter(req.get('x-user') ?? '');
  await audit();
  res.json({ user: currentUser() });
});
export { app };
`,
    },
    code: `
let current = '';

export function enter(user: string): void {
  current = user;
}

export function currentUser(): string {
  return current;
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'current',
        line: 5,
        message:
          '`current` is shared by all requests; after the wait on line 8 of routes.ts, line 9 may read what another request wrote.',
      },
    ],
  });

  reports('a middleware that leaves the tenant in the module for handlers that wait', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let tenant: string | undefined;

app.use((req, _res, next) => {
  tenant = req.get('x-tenant');
  next();
});

app.get('/orders', async (_req, res) => {
  await audit();
  res.json({ tenant });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'tenant',
        line: 9,
        data: { name: 'tenant', pause: 'line 14', read: 'line 15' },
        suggestions: [
          {
            messageId: 'storage',
            data: { name: 'tenant' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
const tenantStorage = new AsyncLocalStorage<string | undefined>();

app.use((req, _res, next) => {
  tenantStorage.run(req.get('x-tenant'), next);
});

app.get('/orders', async (_req, res) => {
  const tenant = tenantStorage.getStore();
  await audit();
  res.json({ tenant });
});
`,
          },
        ],
      },
    ],
  });

  reports('a middleware before handlers that do not wait, as likely', {
    code: `
import express from 'express';

const app = express();
let tenant: string | undefined;

app.use((req, _res, next) => {
  tenant = req.get('x-tenant');
  next();
});

app.get('/orders', (_req, res) => {
  res.json({ tenant });
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'early',
        on: 'tenant',
        line: 8,
        data: { name: 'tenant', read: 'line 13' },
        suggestions: [
          {
            messageId: 'storage',
            data: { name: 'tenant' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const app = express();
const tenantStorage = new AsyncLocalStorage<string | undefined>();

app.use((req, _res, next) => {
  tenantStorage.run(req.get('x-tenant'), next);
});

app.get('/orders', (_req, res) => {
  const tenant = tenantStorage.getStore();
  res.json({ tenant });
});
`,
          },
        ],
      },
    ],
  });

  stays('silent by default about a middleware before handlers that do not wait', {
    code: `
import express from 'express';

const app = express();
let tenant: string | undefined;

app.use((req, _res, next) => {
  tenant = req.get('x-tenant');
  next();
});

app.get('/orders', (_req, res) => {
  res.json({ tenant });
});
`,
  });

  reports('a helper that reads the module instead of taking a parameter', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let user = '';

app.get('/me', async (req, res) => {
  user = req.get('x-user') ?? 'guest';
  await audit();
  res.send(greeting('hello'));
});

function greeting(word: string): string {
  return \`\${word} \${user}\`;
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'user',
        line: 9,
        data: { name: 'user', pause: 'line 10', read: 'line 15' },
        suggestions: [
          {
            messageId: 'pass',
            data: { name: 'user' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();

app.get('/me', async (req, res) => {
  const user = req.get('x-user') ?? 'guest';
  await audit();
  res.send(greeting('hello', user));
});

function greeting(word: string, user: string): string {
  return \`\${word} \${user}\`;
}
`,
          },
          {
            messageId: 'storage',
            data: { name: 'user' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
const userStorage = new AsyncLocalStorage<string>();

app.get('/me', async (req, res) => {
  await userStorage.run(req.get('x-user') ?? 'guest', async () => {
    await audit();
    res.send(greeting('hello'));
  });
});

function greeting(word: string): string {
  const user = userStorage.getStore() ?? '';
  return \`\${word} \${user}\`;
}
`,
          },
        ],
      },
    ],
  });

  reports('a helper that is called before the wait, as likely', {
    code: `
import express from 'express';

const app = express();
let user: string | undefined;

app.get('/me', (req, res) => {
  user = req.get('x-user');
  res.send(greeting());
});

function greeting(): string {
  return \`hello \${user ?? 'guest'}\`;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'early',
        on: 'user',
        line: 8,
        data: { name: 'user', read: 'line 13' },
        suggestions: [
          {
            messageId: 'pass',
            data: { name: 'user' },
            output: `
import express from 'express';

const app = express();

app.get('/me', (req, res) => {
  const user: string | undefined = req.get('x-user');
  res.send(greeting(user));
});

function greeting(user: string | undefined): string {
  return \`hello \${user ?? 'guest'}\`;
}
`,
          },
          {
            messageId: 'storage',
            data: { name: 'user' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const app = express();
const userStorage = new AsyncLocalStorage<string | undefined>();

app.get('/me', (req, res) => {
  userStorage.run(req.get('x-user'), () => {
    res.send(greeting());
  });
});

function greeting(): string {
  const user = userStorage.getStore();
  return \`hello \${user ?? 'guest'}\`;
}
`,
          },
        ],
      },
    ],
  });

  reports('a helper that waits before it reads', {
    code: `
import { createServer } from 'node:http';
declare function load(): Promise<string>;

let user: string | undefined;

const page = async (): Promise<string> => {
  const text = await load();
  return text + (user ?? '');
};

createServer(async (request, response) => {
  user = request.headers.from;
  response.end(await page());
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'user',
        line: 13,
        data: { name: 'user', pause: 'line 8', read: 'line 9' },
        suggestions: [
          {
            messageId: 'pass',
            data: { name: 'user' },
            output: `
import { createServer } from 'node:http';
declare function load(): Promise<string>;


const page = async (user: string | undefined): Promise<string> => {
  const text = await load();
  return text + (user ?? '');
};

createServer(async (request, response) => {
  const user: string | undefined = request.headers.from;
  response.end(await page(user));
}).listen(8080);
`,
          },
          {
            messageId: 'storage',
            data: { name: 'user' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function load(): Promise<string>;

const userStorage = new AsyncLocalStorage<string | undefined>();

const page = async (): Promise<string> => {
  const user = userStorage.getStore();
  const text = await load();
  return text + (user ?? '');
};

createServer(async (request, response) => {
  await userStorage.run(request.headers.from, async () => {
    response.end(await page());
  });
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  reports('Fastify: a parameter of the route in a variable of the plugin', {
    code: `
import type { FastifyInstance } from 'fastify';
declare function findInvoice(id: string): Promise<string>;

export default async function routes(app: FastifyInstance) {
  let id = '';
  app.get<{ Params: { id: string } }>('/invoices/:id', async (request) => {
    id = request.params.id;
    const invoice = await findInvoice(id);
    return { id, invoice };
  });
}
`,
    files: {
      'server.ts': `
import fastify from 'fastify';
import routes from './service.js';
const app = fastify();
await app.register(routes);
await app.listen({ port: 8080 });
`,
    },
    errors: [{ messageId: 'late', on: 'id', line: 8, data: { name: 'id', pause: 'line 9', read: 'line 10' } }],
    output: `
import type { FastifyInstance } from 'fastify';
declare function findInvoice(id: string): Promise<string>;

export default async function routes(app: FastifyInstance) {
  app.get<{ Params: { id: string } }>('/invoices/:id', async (request) => {
    const id = request.params.id;
    const invoice = await findInvoice(id);
    return { id, invoice };
  });
}
`,
  });

  reports('Koa: what the context says, read after the rest of the chain', {
    code: `
import Koa from 'koa';

const app = new Koa();
let path = '';

app.use(async (ctx, next) => {
  path = ctx.path;
  await next();
  console.log(path);
});
`,
    errors: [{ messageId: 'late', on: 'path', line: 8, data: { name: 'path', pause: 'line 9', read: 'line 10' } }],
    output: `
import Koa from 'koa';

const app = new Koa();

app.use(async (ctx, next) => {
  const path = ctx.path;
  await next();
  console.log(path);
});
`,
  });

  reports('Hono: the parsed body of the request', {
    code: `
import { Hono } from 'hono';
declare function save(order: unknown): Promise<void>;

const app = new Hono();
let order: unknown;

app.post('/orders', async (c) => {
  order = await c.req.json();
  await save(order);
  return c.json({ saved: order });
});

export default app;
`,
    errors: [{ messageId: 'late', on: 'order', line: 9, data: { name: 'order', pause: 'line 10', read: 'line 11' } }],
    output: `
import { Hono } from 'hono';
declare function save(order: unknown): Promise<void>;

const app = new Hono();

app.post('/orders', async (c) => {
  const order: unknown = await c.req.json();
  await save(order);
  return c.json({ saved: order });
});

export default app;
`,
  });

  reports('JavaScript with JSDoc types, as CommonJS', {
    filename: 'routes.cjs',
    code: `
const express = require('express');

const app = express();
/** @type {string | undefined} */
let user;

/**
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
async function me(req, res) {
  user = req.get('x-user');
  await fetch('http://audit.internal/');
  res.json({ user });
}

app.get('/me', me);
`,
    errors: [{ messageId: 'late', on: 'user', line: 13, data: { name: 'user', pause: 'line 14', read: 'line 15' } }],
    output: `
const express = require('express');

const app = express();

/**
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 */
async function me(req, res) {
  /** @type {string | undefined} */
  const user = req.get('x-user');
  await fetch('http://audit.internal/');
  res.json({ user });
}

app.get('/me', me);
`,
  });

  reports('a handler given by name, with the value taken through locals', {
    code: `
import express, { type RequestHandler } from 'express';
declare const users: { find(id: string): Promise<{ name: string }> };
declare function audit(name: string): Promise<void>;

let owner: { name: string } | undefined;

const show: RequestHandler<{ id: string }> = async (req, res) => {
  const { id } = req.params;
  const found = await users.find(id);
  owner = found;
  await audit(found.name);
  res.json({ owner: owner.name });
};

express().get('/users/:id', show);
`,
    errors: [{ messageId: 'late', on: 'owner', line: 11, data: { name: 'owner', pause: 'line 12', read: 'line 13' } }],
    output: `
import express, { type RequestHandler } from 'express';
declare const users: { find(id: string): Promise<{ name: string }> };
declare function audit(name: string): Promise<void>;


const show: RequestHandler<{ id: string }> = async (req, res) => {
  const { id } = req.params;
  const found = await users.find(id);
  const owner: { name: string } | undefined = found;
  await audit(found.name);
  res.json({ owner: owner.name });
};

express().get('/users/:id', show);
`,
  });

  reports('what is looked up in a list by an id of the request', {
    code: `
import { createServer } from 'node:http';
declare const accounts: readonly { path: string; name: string }[];
declare function audit(): Promise<void>;

let account: { name: string } | undefined;

createServer(async (request, response) => {
  account = accounts.find((each) => each.path === request.url);
  await audit();
  response.end(account?.name);
}).listen(8080);
`,
    errors: [
      { messageId: 'late', on: 'account', line: 9, data: { name: 'account', pause: 'line 10', read: 'line 11' } },
    ],
    output: `
import { createServer } from 'node:http';
declare const accounts: readonly { path: string; name: string }[];
declare function audit(): Promise<void>;


createServer(async (request, response) => {
  const account: { name: string } | undefined = accounts.find((each) => each.path === request.url);
  await audit();
  response.end(account?.name);
}).listen(8080);
`,
  });

  reports('the request itself, kept for a function that waits', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';
declare function audit(): Promise<void>;

let current: IncomingMessage | undefined;

createServer(async (request, response) => {
  current = request;
  try {
    await audit();
  } finally {
    response.end(current?.url);
  }
}).listen(8080);
`,
    errors: [
      { messageId: 'late', on: 'current', line: 8, data: { name: 'current', pause: 'line 10', read: 'line 12' } },
    ],
    output: `
import { createServer, type IncomingMessage } from 'node:http';
declare function audit(): Promise<void>;


createServer(async (request, response) => {
  const current: IncomingMessage | undefined = request;
  try {
    await audit();
  } finally {
    response.end(current?.url);
  }
}).listen(8080);
`,
  });

  reports('one of several variables of a declaration', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

let user = '', started = Date.now();

express().get('/me', async (req, res) => {
  user = String(req.query['user']);
  await audit();
  res.json({ user, started });
});

export function reset(): void {
  started = 0;
}
`,
    errors: [{ messageId: 'late', on: 'user', line: 8, data: { name: 'user', pause: 'line 9', read: 'line 10' } }],
    output: `
import express from 'express';
declare function audit(): Promise<void>;

let started = Date.now();

express().get('/me', async (req, res) => {
  const user = String(req.query['user']);
  await audit();
  res.json({ user, started });
});

export function reset(): void {
  started = 0;
}
`,
  });

  reports('state that a write and a read of another file share, without a repair across files', {
    filename: 'state.ts',
    files: {
      'routes.ts': `
import express from 'express';
import { remember, state } from './state.js';
declare function audit(): Promise<void>;
const app = express();
app.get('/me', async (req, res) => {
  remember(String(req.query['user']));
  await audit();
  res.json(state.user);
});
export { app };
`,
    },
    code: `
export const state: { user?: string } = {};

export const remember = (user: string): void => {
  state.user = user;
};
`,
    errors: [
      {
        messageId: 'late',
        on: 'state.user',
        message:
          '`state.user` is shared by all requests; after the wait on line 8 of routes.ts, line 9 of routes.ts may read what another request wrote.',
      },
    ],
  });

  // ---------------------------------------------------------------- statics, globals, objects of the module

  reports('a static of a class', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

class Session {
  static user: string | undefined;
  static readonly opened = Date.now();
}

express().get('/me', async (req, res) => {
  Session.user = req.get('x-user');
  await audit();
  res.json({ user: Session.user, since: Session.opened });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'Session.user',
        line: 11,
        data: { name: 'Session.user', pause: 'line 12', read: 'line 13' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'Session.user' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

class Session {
  static user: string | undefined;
  static readonly opened = Date.now();
}

express().get('/me', async (req, res) => {
  const user = req.get('x-user');
  await audit();
  res.json({ user, since: Session.opened });
});
`,
          },
        ],
      },
    ],
  });

  reports('a property of the global object', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;
declare global {
  var tenant: string | undefined;
}

express().get('/me', async (req, res) => {
  globalThis.tenant = req.get('x-tenant');
  await audit();
  res.json({ tenant: globalThis.tenant });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'globalThis.tenant',
        line: 9,
        data: { name: 'globalThis.tenant', pause: 'line 10', read: 'line 11' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'globalThis.tenant' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;
declare global {
  var tenant: string | undefined;
}

express().get('/me', async (req, res) => {
  const tenant = req.get('x-tenant');
  await audit();
  res.json({ tenant });
});
`,
          },
        ],
      },
    ],
  });

  reports('an entry of a Map under a name that is the same for all', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

export const context = new Map<string, string | undefined>();

express().get('/me', async (req, res) => {
  context.set('user', req.get('x-user'));
  await audit();
  res.json({ owner: context.get('user') });
});
`,
    errors: [
      {
        messageId: 'late',
        on: "context.set('user', req.get('x-user'))",
        data: { name: "context.get('user')", pause: 'line 9', read: 'line 10' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: "context.get('user')" },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

export const context = new Map<string, string | undefined>();

express().get('/me', async (req, res) => {
  const user = req.get('x-user');
  await audit();
  res.json({ owner: user });
});
`,
          },
        ],
      },
    ],
  });

  reports('a field of an object literal that the module has', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const cart = {
  user: '',
  async open(user: string): Promise<string> {
    this.user = user;
    await audit();
    return this.user;
  },
};

express().get('/cart', async (req, res) => {
  res.json(await cart.open(String(req.query['user'])));
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'this.user',
        line: 8,
        data: { name: 'this.user', pause: 'line 9', read: 'line 10' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'this.user' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

const cart = {
  user: '',
  async open(user: string): Promise<string> {
    const user2 = user;
    await audit();
    return user2;
  },
};

express().get('/cart', async (req, res) => {
  res.json(await cart.open(String(req.query['user'])));
});
`,
          },
        ],
      },
    ],
  });

  reports('a path of properties of an object of the module', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

export const context = { auth: { user: '' } };

express().get('/me', async (req, res) => {
  context.auth.user = String(req.query['user']);
  await audit();
  res.json(context?.auth.user);
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'context.auth.user',
        line: 8,
        data: { name: 'context.auth.user', pause: 'line 9', read: 'line 10' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'context.auth.user' },
            output: `
import express from 'express';
declare function audit(): Promise<void>;

export const context = { auth: { user: '' } };

express().get('/me', async (req, res) => {
  const user = String(req.query['user']);
  await audit();
  res.json(user);
});
`,
          },
        ],
      },
    ],
  });

  reports('callbacks of one promise chain', {
    code: `
import express from 'express';
declare function findUser(id: string): Promise<{ name: string }>;
declare function audit(): Promise<void>;

let user: { name: string } | undefined;

express().get('/users/:id', (req, res, next) => {
  findUser(req.params.id)
    .then((found) => {
      user = found;
      return audit();
    })
    .then(() => res.json(user))
    .catch(next);
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'user',
        line: 11,
        data: { name: 'user', pause: 'line 9', read: 'line 14' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'user' },
            output: `
import express from 'express';
declare function findUser(id: string): Promise<{ name: string }>;
declare function audit(): Promise<void>;


express().get('/users/:id', (req, res, next) => {
  let user: { name: string } | undefined;
  findUser(req.params.id)
    .then((found) => {
      user = found;
      return audit();
    })
    .then(() => res.json(user))
    .catch(next);
});
`,
          },
        ],
      },
    ],
  });

  reports('a handler given to a wrapper, with a request type of its own', {
    code: `
import express, { type NextFunction, type Request, type Response } from 'express';
declare function audit(): Promise<void>;

interface AuthRequest extends Request {
  readonly user?: { readonly id: string };
}

function caught<R extends Request>(handler: (req: R, res: Response) => Promise<void>) {
  return (req: R, res: Response, next: NextFunction): void => {
    handler(req, res).catch(next);
  };
}

let owner: string | undefined;

express().get(
  '/orders',
  caught(async (req: AuthRequest, res) => {
    owner = req.user?.id;
    await audit();
    res.json({ owner });
  }),
);
`,
    errors: [{ messageId: 'late', on: 'owner', line: 20, data: { name: 'owner', pause: 'line 21', read: 'line 22' } }],
    output: `
import express, { type NextFunction, type Request, type Response } from 'express';
declare function audit(): Promise<void>;

interface AuthRequest extends Request {
  readonly user?: { readonly id: string };
}

function caught<R extends Request>(handler: (req: R, res: Response) => Promise<void>) {
  return (req: R, res: Response, next: NextFunction): void => {
    handler(req, res).catch(next);
  };
}


express().get(
  '/orders',
  caught(async (req: AuthRequest, res) => {
    const owner: string | undefined = req.user?.id;
    await audit();
    res.json({ owner });
  }),
);
`,
  });

  reports('a controller built by hand, its method bound', {
    code: `
import express, { type Request, type Response } from 'express';
declare function audit(): Promise<void>;

class OrdersController {
  private id?: string;

  async show(req: Request, res: Response): Promise<void> {
    this.id = req.params['id'] as string;
    await audit();
    res.json({ id: this.id });
  }
}

const orders = new OrdersController();
express().get('/orders/:id', orders.show.bind(orders));
`,
    errors: [
      { messageId: 'late', on: 'this.id', line: 9, data: { name: 'this.id', pause: 'line 10', read: 'line 11' } },
    ],
    output: `
import express, { type Request, type Response } from 'express';
declare function audit(): Promise<void>;

class OrdersController {

  async show(req: Request, res: Response): Promise<void> {
    const id: string | undefined = req.params['id'] as string;
    await audit();
    res.json({ id });
  }
}

const orders = new OrdersController();
express().get('/orders/:id', orders.show.bind(orders));
`,
  });

  reports('a field that a handler writes from outside and a method reads', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

class Report {
  title = '';

  async text(): Promise<string> {
    await audit();
    return this.title;
  }
}

const report = new Report();

express().get('/report', async (req, res) => {
  report.title = String(req.query['title']);
  res.send(await report.text());
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'report.title',
        data: { name: 'report.title', pause: 'line 9', read: 'line 10' },
      },
    ],
  });

  stays('silent about an update across a wait, which no-nonatomic-update has', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

let total = 0;

express().post('/orders', async (req, res) => {
  const before = total;
  await audit();
  total = before + Number(req.body.amount);
  await audit();
  res.json({ total });
});
`,
    options: { certainty: 'likely' },
  });

  // ---------------------------------------------------------------- objects of which there is one

  reports('Nest: a field of a provider of default scope', {
    code: `
import { Controller, Get, Injectable, Param } from '@nestjs/common';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

@Injectable()
export class Orders {
  /** Of this request. */
  private order?: { id: string };

  async show(id: string): Promise<{ id: string }> {
    this.order = await findOrder(id);
    await audit(id);
    return this.order;
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get(':id')
  show(@Param('id') id: string): Promise<{ id: string }> {
    return this.orders.show(id);
  }
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'this.order',
        line: 12,
        data: { name: 'this.order', pause: 'line 13', read: 'line 14' },
      },
    ],
    output: `
import { Controller, Get, Injectable, Param } from '@nestjs/common';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

@Injectable()
export class Orders {

  async show(id: string): Promise<{ id: string }> {
    /** Of this request. */
    const order: { id: string } | undefined = await findOrder(id);
    await audit(id);
    return order;
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get(':id')
  show(@Param('id') id: string): Promise<{ id: string }> {
    return this.orders.show(id);
  }
}
`,
  });

  reports('Nest: a field of a controller that two methods share', {
    code: `
import { Body, Controller, Post } from '@nestjs/common';
declare function price(items: readonly string[]): Promise<number>;

@Controller('orders')
export class OrdersController {
  #items: readonly string[] = [];

  @Post()
  async create(@Body() body: { items: readonly string[] }): Promise<string> {
    this.#items = body.items;
    const total = await price(this.#items);
    return this.line(total);
  }

  private line(total: number): string {
    return \`\${this.#items.length} items: \${total}\`;
  }
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'this.#items',
        line: 11,
        data: { name: 'this.#items', pause: 'line 12', read: 'line 17' },
        suggestions: [
          {
            messageId: 'pass',
            data: { name: 'this.#items' },
            output: `
import { Body, Controller, Post } from '@nestjs/common';
declare function price(items: readonly string[]): Promise<number>;

@Controller('orders')
export class OrdersController {

  @Post()
  async create(@Body() body: { items: readonly string[] }): Promise<string> {
    const items: readonly string[] = body.items;
    const total = await price(items);
    return this.line(total, items);
  }

  private line(total: number, items: readonly string[]): string {
    return \`\${items.length} items: \${total}\`;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('Nest: a field that several methods read, with the way of an AsyncLocalStorage', {
    code: `
import { Body, Controller, Post } from '@nestjs/common';
declare function save(owner: string | undefined): Promise<void>;

@Controller('orders')
export class OrdersController {
  private owner: string | undefined;

  @Post()
  async create(@Body() body: { owner: string }): Promise<string> {
    this.owner = body.owner;
    await this.save();
    return this.line();
  }

  private async save(): Promise<void> {
    await save(this.owner);
  }

  private line(): string {
    return \`order of \${this.owner ?? 'nobody'}\`;
  }
}
`,
    errors: [
      {
        messageId: 'late',
        on: 'this.owner',
        line: 11,
        data: { name: 'this.owner', pause: 'line 12', read: 'line 21' },
        suggestions: [
          {
            messageId: 'storage',
            data: { name: 'this.owner' },
            output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { Body, Controller, Post } from '@nestjs/common';
declare function save(owner: string | undefined): Promise<void>;

@Controller('orders')
export class OrdersController {
  private readonly ownerStorage = new AsyncLocalStorage<string | undefined>();

  @Post()
  async create(@Body() body: { owner: string }): Promise<string> {
    return this.ownerStorage.run(body.owner, async () => {
      await this.save();
      return this.line();
    });
  }

  private async save(): Promise<void> {
    const owner = this.ownerStorage.getStore();
    await save(owner);
  }

  private line(): string {
    const owner = this.ownerStorage.getStore();
    return \`order of \${owner ?? 'nobody'}\`;
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a field of a class that the module builds once', {
    code: `
import { createServer } from 'node:http';
declare function load(url: string): Promise<string>;

class Pages {
  url = '';

  async show(url: string): Promise<string> {
    this.url = url;
    const page = await load(url);
    return this.url + page;
  }
}

const pages = new Pages();

createServer(async (request, response) => {
  response.end(await pages.show(request.url ?? '/'));
}).listen(8080);
`,
    errors: [
      {
        messageId: 'late',
        on: 'this.url',
        line: 9,
        data: { name: 'this.url', pause: 'line 10', read: 'line 11' },
        suggestions: [
          {
            messageId: 'declare',
            data: { name: 'this.url' },
            output: `
import { createServer } from 'node:http';
declare function load(url: string): Promise<string>;

class Pages {

  async show(url: string): Promise<string> {
    const url2 = url;
    const page = await load(url);
    return url2 + page;
  }
}

const pages = new Pages();

createServer(async (request, response) => {
  response.end(await pages.show(request.url ?? '/'));
}).listen(8080);
`,
          },
        ],
      },
    ],
  });

  stays('silent about a provider made for each request', {
    code: `
import { Controller, Get, Injectable, Param, Scope } from '@nestjs/common';
declare function findOrder(id: string): Promise<{ id: string }>;
declare function audit(order: string): Promise<void>;

@Injectable({ scope: Scope.REQUEST })
export class Orders {
  private order?: { id: string };

  async show(id: string): Promise<{ id: string }> {
    this.order = await findOrder(id);
    await audit(id);
    return this.order;
  }
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get(':id')
  show(@Param('id') id: string): Promise<{ id: string }> {
    return this.orders.show(id);
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a provider made for each user of it', {
    code: `
import { Get, Controller, Injectable, Param, Scope } from '@nestjs/common';
declare function audit(order: string): Promise<void>;

@Injectable({ scope: Scope.TRANSIENT })
export class Trail {
  private id = '';

  async follow(id: string): Promise<string> {
    this.id = id;
    await audit(id);
    return this.id;
  }
}

@Controller({ path: 'orders', scope: Scope.REQUEST })
export class OrdersController {
  constructor(private readonly trail: Trail) {}

  @Get(':id')
  show(@Param('id') id: string): Promise<string> {
    return this.trail.follow(id);
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about an object that the handler builds for itself', {
    code: `
import { createServer } from 'node:http';
declare function load(url: string): Promise<string>;

class Page {
  url = '';

  async show(url: string): Promise<string> {
    this.url = url;
    const page = await load(url);
    return this.url + page;
  }
}

createServer(async (request, response) => {
  const page = new Page();
  response.end(await page.show(request.url ?? '/'));
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a class of which nobody knows how many objects there are', {
    code: `
import type { IncomingMessage } from 'node:http';
declare function load(url: string): Promise<string>;

export class Page {
  url = '';

  async show(request: IncomingMessage): Promise<string> {
    this.url = request.url ?? '/';
    const page = await load(this.url);
    return this.url + page;
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about what a constructor keeps', {
    code: `
import { createServer, type IncomingMessage } from 'node:http';
declare function load(url: string): Promise<string>;

class Page {
  private readonly url: string;

  constructor(request: IncomingMessage) {
    this.url = request.url ?? '/';
  }

  async text(): Promise<string> {
    return (await load(this.url)) + this.url;
  }
}

createServer(async (request, response) => {
  response.end(await new Page(request).text());
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  // ---------------------------------------------------------------- one default for all

  reports('a default that is written to under another name, on some ways only', {
    code: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults: { limit: number; order?: string } = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = defaults;
  if (req.query['order']) options.order = String(req.query['order']);
  res.json(await list(options));
});
`,
    errors: [
      {
        messageId: 'kept',
        on: 'options.order',
        data: { name: 'options.order', original: 'defaults', read: 'line 10' },
      },
    ],
    output: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults: { limit: number; order?: string } = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = { ...defaults };
  if (req.query['order']) options.order = String(req.query['order']);
  res.json(await list(options));
});
`,
  });

  stays('silent when the default is copied first', {
    code: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults: { limit: number; order?: string } = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = { ...defaults };
  if (req.query['order']) options.order = String(req.query['order']);
  res.json(await list(options));
});
`,
    options: { certainty: 'likely' },
  });

  reports('options merged into the default', {
    code: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = Object.assign(defaults, req.query);
  res.json(await list(options));
});
`,
    errors: [
      {
        messageId: 'kept',
        on: 'defaults',
        line: 8,
        data: { name: 'defaults', original: 'defaults', read: 'line 9' },
      },
    ],
    output: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = Object.assign({}, defaults, req.query);
  res.json(await list(options));
});
`,
  });

  stays('silent when options are merged into an object of their own', {
    code: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

const defaults = { limit: 20 };

express().get('/orders', async (req, res) => {
  const options = Object.assign({}, defaults, req.query);
  res.json(await list(options));
});
`,
    options: { certainty: 'likely' },
  });

  reports('a parameter whose default is an object of the module, as likely', {
    code: `
import express from 'express';
declare function run(filter: object): Promise<unknown>;

const everything: { name?: string } = {};

function search(name: string, filter = everything): Promise<unknown> {
  filter.name = name;
  return run(filter);
}

express().get('/orders', async (req, res) => {
  res.json(await search(String(req.query['name'])));
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'kept',
        on: 'filter.name',
        data: { name: 'filter.name', original: 'everything', read: 'line 9' },
      },
    ],
    output: `
import express from 'express';
declare function run(filter: object): Promise<unknown>;

const everything: { name?: string } = {};

function search(name: string, filter = { ...everything }): Promise<unknown> {
  filter.name = name;
  return run(filter);
}

express().get('/orders', async (req, res) => {
  res.json(await search(String(req.query['name'])));
});
`,
  });

  reports('a static default that is always written before it is handed on, as likely', {
    code: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

class Query {
  static readonly defaults: { limit: number; user?: string } = { limit: 20 };
}

express().get('/orders', (req, res, next) => {
  const options = Query.defaults;
  options.user = String(req.query['user']);
  list(options).then((rows) => res.json(rows), next);
});
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'kept',
        on: 'options.user',
        data: { name: 'options.user', original: 'Query.defaults', read: 'line 12' },
      },
    ],
    output: `
import express from 'express';
declare function list(options: object): Promise<unknown>;

class Query {
  static readonly defaults: { limit: number; user?: string } = { limit: 20 };
}

express().get('/orders', (req, res, next) => {
  const options = { ...Query.defaults };
  options.user = String(req.query['user']);
  list(options).then((rows) => res.json(rows), next);
});
`,
  });

  reports('Fastify: an object given to all requests', {
    code: `
import fastify from 'fastify';
declare module 'fastify' {
  interface FastifyRequest {
    basket: { items: string[] };
  }
}

const app = fastify();
app.decorateRequest('basket', { items: [] }); // filled by the routes

app.get('/orders', async (request) => request.basket.items);
`,
    errors: [
      {
        messageId: 'decorated',
        on: '{ items: [] }',
        data: { name: 'basket' },
        suggestions: [
          {
            messageId: 'hook',
            data: { name: 'basket' },
            output: `
import fastify from 'fastify';
declare module 'fastify' {
  interface FastifyRequest {
    basket: { items: string[] };
  }
}

const app = fastify();
app.decorateRequest('basket');
app.addHook('onRequest', (request, _reply, done) => {
  request.basket = { items: [] };
  done();
}); // filled by the routes

app.get('/orders', async (request) => request.basket.items);
`,
          },
        ],
      },
    ],
  });

  stays('silent about plain values, functions and accessors that all requests are given', {
    code: `
import fastify from 'fastify';
declare module 'fastify' {
  interface FastifyRequest {
    tenant: string | null;
    basket: { items: string[] };
  }
}

const app = fastify();
app.decorateRequest('tenant');
app.decorateRequest('basket', {
  getter() {
    return { items: [this.url] };
  },
});
app.get('/orders', async (request) => request.basket.items);
`,
    options: { certainty: 'likely' },
  });

  // ---------------------------------------------------------------- callbacks that run together

  reports('a variable of the function that callbacks started together write', {
    code: `
declare function ship(order: string): Promise<void>;
declare function confirm(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<void> {
  let current = '';
  await Promise.all(
    orders.map(async (order) => {
      current = order;
      await ship(order);
      await confirm(current);
    }),
  );
}
`,
    errors: [
      { messageId: 'callbacks', on: 'current', line: 9, data: { name: 'current', pause: 'line 10', read: 'line 11' } },
    ],
    output: `
declare function ship(order: string): Promise<void>;
declare function confirm(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<void> {
  await Promise.all(
    orders.map(async (order) => {
      const current = order;
      await ship(order);
      await confirm(current);
    }),
  );
}
`,
  });

  reports('the answer of a call in a variable of the function, with forEach', {
    code: `
interface Customer {
  readonly email: string;
}
declare function customerOf(order: string): Promise<Customer>;
declare function invoice(order: string): Promise<void>;
declare function mail(address: string): void;

export function invoiceAll(orders: readonly string[]): void {
  let customer: Customer | undefined;
  orders.forEach(async (order) => {
    customer = await customerOf(order);
    await invoice(order);
    mail(customer.email);
  });
}
`,
    errors: [
      {
        messageId: 'callbacks',
        on: 'customer',
        line: 12,
        data: { name: 'customer', pause: 'line 13', read: 'line 14' },
      },
    ],
    output: `
interface Customer {
  readonly email: string;
}
declare function customerOf(order: string): Promise<Customer>;
declare function invoice(order: string): Promise<void>;
declare function mail(address: string): void;

export function invoiceAll(orders: readonly string[]): void {
  orders.forEach(async (order) => {
    const customer: Customer | undefined = await customerOf(order);
    await invoice(order);
    mail(customer.email);
  });
}
`,
  });

  reports('a variable that the function reads as well, without a repair', {
    code: `
declare function ship(order: string): Promise<void>;
declare function confirm(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<string> {
  let last = '';
  await Promise.all(
    orders.map(async (order) => {
      last = order;
      await ship(order);
      await confirm(last);
    }),
  );
  return last;
}
`,
    errors: [
      { messageId: 'callbacks', on: 'last', line: 9, data: { name: 'last', pause: 'line 10', read: 'line 11' } },
    ],
  });

  stays('silent when one callback runs after the other', {
    code: `
declare function ship(order: string): Promise<void>;
declare function confirm(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<void> {
  let current = '';
  for (const order of orders) {
    current = order;
    await ship(order);
    await confirm(current);
  }
}
`,
  });

  stays('silent about a flag that callbacks set', {
    code: `
declare function ship(order: string): Promise<void>;
declare function report(failed: boolean): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<boolean> {
  let failed = false;
  await Promise.all(
    orders.map(async (order) => {
      try {
        await ship(order);
      } catch {
        failed = true;
        await report(failed);
      }
      await report(failed);
    }),
  );
  return failed;
}
`,
  });

  stays('silent about the last error that callbacks leave for the function', {
    code: `
declare function ship(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<unknown> {
  let failure: unknown;
  await Promise.all(
    orders.map(async (order) => {
      try {
        await ship(order);
      } catch (error) {
        failure = error;
      }
    }),
  );
  return failure;
}
`,
  });

  stays('silent when a lock lets one callback in at a time', {
    code: `
import { Mutex } from 'async-mutex';
declare function ship(order: string): Promise<void>;
declare function confirm(order: string): Promise<void>;

export async function shipAll(orders: readonly string[]): Promise<void> {
  const mutex = new Mutex();
  let current = '';
  await Promise.all(
    orders.map((order) =>
      mutex.runExclusive(async () => {
        current = order;
        await ship(order);
        await confirm(current);
      }),
    ),
  );
}
`,
  });

  // ---------------------------------------------------------------- what only looks like it

  stays('silent when a copy is taken before the wait', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

let latest: { user: string } = { user: '' };

express().get('/me', async (req, res) => {
  latest = { user: String(req.query['user']) };
  const mine = latest;
  const { user } = latest;
  await audit();
  res.json([mine, user]);
});
`,
    options: { certainty: 'likely' },
  });

  reports('a property that is taken apart after the wait', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

export const state = { user: '', visits: 0 };

express().get('/me', async (req, res) => {
  state.user = String(req.query['user']);
  await audit();
  const { user } = state;
  res.json({ user });
});
`,
    errors: [
      {
        messageId: 'late',
        on: 'state.user',
        data: { name: 'state.user', pause: 'line 9', read: 'line 10' },
      },
    ],
  });

  stays('silent about jobs of a worker that takes one after the other', {
    code: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;

let order = '';

new Worker<{ order: string }>('orders', async (job) => {
  order = job.data.order;
  await ship(order);
  console.log(order);
});
`,
    options: { certainty: 'likely' },
  });

  reports('jobs of a worker that takes several at a time', {
    code: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;

let order = '';

new Worker<{ order: string }>(
  'orders',
  async (job) => {
    order = job.data.order;
    await ship(order);
    console.log(order);
  },
  { concurrency: 8, connection: { host: 'queue' } },
);
`,
    errors: [{ messageId: 'late', on: 'order', line: 10, data: { name: 'order', pause: 'line 11', read: 'line 12' } }],
    output: `
import { Worker } from 'bullmq';
declare function ship(order: string): Promise<void>;


new Worker<{ order: string }>(
  'orders',
  async (job) => {
    const order = job.data.order;
    await ship(order);
    console.log(order);
  },
  { concurrency: 8, connection: { host: 'queue' } },
);
`,
  });

  stays('silent about a lambda, which gets one event at a time', {
    code: `
import type { Context, SQSEvent } from 'aws-lambda';
declare function ship(order: string): Promise<void>;

let id = '';

export async function handler(event: SQSEvent, context: Context): Promise<string> {
  id = context.awsRequestId;
  for (const record of event.Records) await ship(record.body);
  return id;
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about stores with a key of the request', {
    code: `
import express, { type Request } from 'express';
declare function findUser(id: string): Promise<{ name: string }>;
declare function audit(): Promise<void>;

const users = new Map<string, { name: string }>();
const byRequest = new WeakMap<Request, string>();
const byPath: Record<string, string> = {};

express().get('/users/:id', async (req, res) => {
  const { id } = req.params as { id: string };
  users.set(id, await findUser(id));
  byRequest.set(req, id);
  byPath[req.path] = id;
  await audit();
  res.json([users.get(id), byRequest.get(req), byPath[req.path]]);
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about counters, lists and statistics', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

let served = 0;
let bytes = 0;
let lastSeenAt = 0;
let paths: string[] = [];

express().get('/orders', async (req, res) => {
  served = served + 1;
  bytes += Number(req.get('content-length'));
  lastSeenAt = Date.now();
  paths = [...paths, req.path];
  await audit();
  res.json({ served, bytes, lastSeenAt, paths });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about the last request that another route shows', {
    code: `
import express from 'express';
declare function audit(): Promise<void>;

const app = express();
let lastPath = '';

app.get('/orders', async (req, res) => {
  lastPath = req.path;
  await audit();
  res.end();
});

app.get('/status', async (_req, res) => {
  await audit();
  res.json({ lastPath });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about latches and configuration of the start', {
    code: `
import express from 'express';
declare function loadConfig(): Promise<{ region: string }>;
declare function audit(): Promise<void>;

const app = express();
let ready = false;
let config: { region: string } | undefined;

async function start(): Promise<void> {
  config = await loadConfig();
  ready = true;
  await audit();
  console.log(config.region);
  app.listen(8080);
}

app.get('/ready', async (_req, res) => {
  ready = true;
  await audit();
  res.json({ ready, region: config?.region });
});

await start();
`,
    options: { certainty: 'likely' },
  });

  stays('silent about settings that one route writes and others read', {
    code: `
import express from 'express';
declare function save(settings: unknown): Promise<void>;

const app = express();
let settings: { theme?: string } = {};

app.put('/settings', async (req, res) => {
  settings = req.body;
  await save(settings);
  res.json(settings);
});

app.get('/settings', (_req, res) => {
  res.json(settings);
});
`,
  });

  reports('settings that one route writes and reads after the wait, as likely', {
    code: `
import express from 'express';
declare function save(settings: unknown): Promise<void>;

const app = express();
let settings: { theme?: string } = {};

app.put('/settings', async (req, res) => {
  settings = req.body;
  await save(settings);
  res.json(settings);
});

app.get('/settings', (_req, res) => {
  res.json(settings);
});
`,
    options: { certainty: 'likely' },
    errors: [
      { messageId: 'late', on: 'settings', line: 9, data: { name: 'settings', pause: 'line 10', read: 'line 11' } },
    ],
  });

  stays('silent about memos and caches', {
    code: `
import express from 'express';
declare function findUser(id: string): Promise<{ id: string }>;
declare function audit(): Promise<void>;

let user: { id: string } | undefined;
let first: { id: string } | undefined;
let host: string | undefined;

express().get('/users/:id', async (req, res) => {
  if (user?.id !== req.params['id']) user = await findUser(String(req.params['id']));
  first ??= await findUser(String(req.params['id']));
  host = host ?? req.get('host');
  await audit();
  res.json([user, first, host]);
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent when the reader looks whether the value is still its own', {
    code: `
import express from 'express';
declare function search(query: string): Promise<string[]>;

let latest = '';

express().get('/search', async (req, res) => {
  const query = String(req.query['q']);
  latest = query;
  const rows = await search(query);
  if (latest !== query) {
    res.status(409).end();
    return;
  }
  res.json(rows);
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about what is put on the request itself', {
    code: `
import express from 'express';
declare function findUser(id: string | undefined): Promise<{ name: string }>;
declare function audit(): Promise<void>;

const app = express();

app.use(async (req, res, next) => {
  res.locals['user'] = await findUser(req.get('x-user'));
  await audit();
  console.log(res.locals['user']);
  next();
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a variable of one connection', {
    code: `
import { createServer } from 'node:net';
declare function audit(): Promise<void>;

createServer((socket) => {
  let name = '';
  socket.on('data', async (chunk) => {
    name = chunk.toString();
    await audit();
    socket.write(name);
  });
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a variable of one WebSocket, in a function that gets it', {
    code: `
import { WebSocketServer, type WebSocket } from 'ws';
declare function audit(): Promise<void>;

export function serve(socket: WebSocket): void {
  let name = '';
  socket.on('message', async (message) => {
    name = message.toString();
    await audit();
    socket.send(name);
  });
}

new WebSocketServer({ port: 8080 }).on('connection', serve);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a variable of the request around callbacks', {
    code: `
import { createServer } from 'node:http';
declare function audit(): Promise<void>;

createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body = body + chunk.toString();
  });
  request.on('end', async () => {
    body = body.trim();
    await audit();
    response.end(body);
  });
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about the server and the logger that hang on a request', {
    code: `
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
declare function audit(): Promise<void>;

let server: FastifyInstance | undefined;
let log: FastifyBaseLogger | undefined;

export function routes(app: FastifyInstance): void {
  app.get('/ready', async (request) => {
    server = request.server;
    log = request.server.log;
    await audit();
    log.info(server.version);
    return 'ready';
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent about an AsyncLocalStorage', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';
declare function audit(): Promise<void>;

const users = new AsyncLocalStorage<string | undefined>();

express().get('/me', async (req, res) => {
  await users.run(req.get('x-user'), async () => {
    await audit();
    res.json({ user: users.getStore() });
  });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent in a test', {
    filename: 'orders.test.ts',
    code: `
import express from 'express';
declare function audit(): Promise<void>;

let path = '';

express().get('/orders', async (req, res) => {
  path = req.path;
  await audit();
  res.json({ path });
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent in a command that serves one user', {
    filename: 'bin/preview.ts',
    code: `#!/usr/bin/env node
import { AsyncLocalStorage } from 'node:async_hooks';
declare function render(path: string): Promise<string>;

const storage = new AsyncLocalStorage<string>();
let path = '';

async function preview(args: readonly string[]): Promise<void> {
  path = args[0] ?? '';
  storage.enterWith(path);
  console.log(await render(path), path);
}

await preview(process.argv.slice(2));
`,
    options: { certainty: 'likely' },
  });

  stays('silent about another function that is called enterWith', {
    code: `
import express from 'express';
declare const tracer: { enterWith(user: unknown): void };

express().use((req, _res, next) => {
  tracer.enterWith(req.get('x-user'));
  next();
});
`,
    options: { certainty: 'likely' },
  });

  // ---------------------------------------------------------------- contexts

  reports('enterWith in a middleware', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const storage = new AsyncLocalStorage<{ id: string | undefined }>();

express().use((req, _res, next) => {
  // One store for each request.
  storage.enterWith({ id: req.get('x-request-id') });
  next();
});
`,
    errors: [
      {
        messageId: 'context',
        on: "storage.enterWith({ id: req.get('x-request-id') })",
        data: { name: 'storage.enterWith', who: 'the server' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const storage = new AsyncLocalStorage<{ id: string | undefined }>();

express().use((req, _res, next) => {
  // One store for each request.
  storage.run({ id: req.get('x-request-id') }, next);
});
`,
  });

  reports('enterWith in a middleware that has a condition', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const storage = new AsyncLocalStorage<string>();

express().use((req, _res, next) => {
  const user = req.get('x-user');
  if (user !== undefined) {
    storage.enterWith(user);
  }
  return next();
});
`,
    errors: [
      { messageId: 'context', on: 'storage.enterWith(user)', data: { name: 'storage.enterWith', who: 'the server' } },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import express from 'express';

const storage = new AsyncLocalStorage<string>();

express().use((req, _res, next) => {
  const user = req.get('x-user');
  if (user !== undefined) {
    return storage.run(user, next);
  } else {
    return next();
  }
});
`,
  });

  reports('enterWith on one way through a handler that goes on', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function page(): Promise<string>;

const storage = new AsyncLocalStorage<string>();

createServer(async (request, response) => {
  const user = request.headers.from;
  if (user !== undefined) {
    storage.enterWith(user);
  }
  // With or without a user.
  const text = await page();
  response.end(text);
}).listen(8080);
`,
    errors: [
      { messageId: 'context', on: 'storage.enterWith(user)', data: { name: 'storage.enterWith', who: 'the server' } },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function page(): Promise<string>;

const storage = new AsyncLocalStorage<string>();

createServer(async (request, response) => {
  const user = request.headers.from;
  const proceed = async () => {
    // With or without a user.
    const text = await page();
    response.end(text);
  };
  if (user !== undefined) {
    await storage.run(user, proceed);
  } else {
    await proceed();
  }
}).listen(8080);
`,
  });

  reports('enterWith in an async handler, its rest waited for', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function page(): Promise<string>;

const storage = new AsyncLocalStorage<string | undefined>();

createServer(async (request, response) => {
  storage.enterWith(request.headers.from);
  const text = await page();
  response.end(\`
<body>
\${text}
</body>\`);
}).listen(8080);
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(request.headers.from)',
        data: { name: 'storage.enterWith', who: 'the server' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function page(): Promise<string>;

const storage = new AsyncLocalStorage<string | undefined>();

createServer(async (request, response) => {
  await storage.run(request.headers.from, async () => {
    const text = await page();
    response.end(\`
<body>
\${text}
</body>\`);
  });
}).listen(8080);
`,
  });

  reports('enterWith in a function that gives something back', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function priceOf(order: string): Promise<number>;

const storage = new AsyncLocalStorage<string>();

async function quote(order: string): Promise<number> {
  storage.enterWith(order);
  const price = await priceOf(order);
  if (price < 0) return 0;
  return price;
}

createServer(async (request, response) => {
  response.end(String(await quote(request.url ?? '')));
}).listen(8080);
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(order)',
        data: { name: 'storage.enterWith', who: 'the caller on line 16' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function priceOf(order: string): Promise<number>;

const storage = new AsyncLocalStorage<string>();

async function quote(order: string): Promise<number> {
  return storage.run(order, async () => {
    const price = await priceOf(order);
    if (price < 0) return 0;
    return price;
  });
}

createServer(async (request, response) => {
  response.end(String(await quote(request.url ?? '')));
}).listen(8080);
`,
  });

  reports('enterWith in a listener, whose emitter calls the next one', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
declare function ship(): void;

const storage = new AsyncLocalStorage<string>();
const bus = new EventEmitter();

bus.on('order', (order: string) => {
  storage.enterWith(order);
  ship();
});
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(order)',
        data: { name: 'storage.enterWith', who: 'the emitter of the event' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
declare function ship(): void;

const storage = new AsyncLocalStorage<string>();
const bus = new EventEmitter();

bus.on('order', (order: string) => {
  storage.run(order, ship);
});
`,
  });

  reports('enterWith in callbacks of one loop', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function ship(order: string): Promise<string>;

const storage = new AsyncLocalStorage<string>();

createServer(async (request, response) => {
  const orders = (request.url ?? '').split(',');
  const shipped = await Promise.all(
    orders.map(async (order) => {
      storage.enterWith(order);
      return await ship(order);
    }),
  );
  response.end(shipped.join());
}).listen(8080);
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(order)',
        data: { name: 'storage.enterWith', who: 'the loop over the callbacks' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function ship(order: string): Promise<string>;

const storage = new AsyncLocalStorage<string>();

createServer(async (request, response) => {
  const orders = (request.url ?? '').split(',');
  const shipped = await Promise.all(
    orders.map(async (order) => {
      return storage.run(order, async () => {
        return await ship(order);
      });
    }),
  );
  response.end(shipped.join());
}).listen(8080);
`,
  });

  reports('enterWith of Koa, on one line', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import Koa from 'koa';

const storage = new AsyncLocalStorage<string>();

new Koa().use(async (ctx, next) => { storage.enterWith(ctx.path); await next(); });
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(ctx.path)',
        data: { name: 'storage.enterWith', who: 'the server' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import Koa from 'koa';

const storage = new AsyncLocalStorage<string>();

new Koa().use(async (ctx, next) => { await storage.run(ctx.path, next); });
`,
  });

  reports('enterWith inside a try, where the rest returns', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import fastify from 'fastify';
declare function list(): Promise<string[]>;

export const storage = new AsyncLocalStorage<string>();

fastify().get('/orders', async (request) => {
  try {
    storage.enterWith(request.id);
    const rows = await list();
    return rows;
  } catch {
    return [];
  }
});
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(request.id)',
        data: { name: 'storage.enterWith', who: 'the server' },
      },
    ],
    output: `
import { AsyncLocalStorage } from 'node:async_hooks';
import fastify from 'fastify';
declare function list(): Promise<string[]>;

export const storage = new AsyncLocalStorage<string>();

fastify().get('/orders', async (request) => {
  try {
    return await storage.run(request.id, async () => {
      const rows = await list();
      return rows;
    });
  } catch {
    return [];
  }
});
`,
  });

  reports('enterWith in a loop whose turn may be left, without a repair', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function ship(order: string): boolean;

const storage = new AsyncLocalStorage<string>();

createServer((request, response) => {
  for (const order of (request.url ?? '').split(',')) {
    storage.enterWith(order);
    if (!ship(order)) continue;
    response.write(order);
  }
  response.end();
}).listen(8080);
`,
    errors: [
      {
        messageId: 'context',
        on: 'storage.enterWith(order)',
        data: { name: 'storage.enterWith', who: 'the server' },
      },
    ],
  });

  reports('enterWith of a storage that another file has, through a re-export', {
    files: {
      'context.ts': `
import { AsyncLocalStorage } from 'node:async_hooks';
export const storage = new AsyncLocalStorage<{ user: string }>();
`,
      'index.ts': `export { storage as requestStorage } from './context.js';\n`,
    },
    code: `
import { Hono } from 'hono';
import { requestStorage } from './index.js';

const app = new Hono();

app.use(async (c, next) => {
  requestStorage.enterWith({ user: c.req.header('x-user') ?? '' });
  await next();
});

export default app;
`,
    errors: [
      {
        messageId: 'context',
        on: "requestStorage.enterWith({ user: c.req.header('x-user') ?? '' })",
        data: { name: 'requestStorage.enterWith', who: 'the server' },
      },
    ],
    output: `
import { Hono } from 'hono';
import { requestStorage } from './index.js';

const app = new Hono();

app.use(async (c, next) => {
  await requestStorage.run({ user: c.req.header('x-user') ?? '' }, next);
});

export default app;
`,
  });

  stays('silent when enterWith stands behind a wait of an async handler: the rest of the task is its own', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function userOf(token: string | undefined): Promise<string>;
declare function page(): Promise<string>;

const storage = new AsyncLocalStorage<string>();

createServer(async (request, response) => {
  const user = await userOf(request.headers.authorization);
  storage.enterWith(user);
  response.end(await page());
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about enterWith at the start of the process and inside a scope of its own', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
declare function page(): string;

const storage = new AsyncLocalStorage<string>();
storage.enterWith('start');

createServer((request, response) => {
  storage.run('request', () => {
    storage.enterWith(request.url ?? '');
    response.end(page());
  });
}).listen(8080);
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a class that enters and leaves contexts for its callers', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';

class Token {
  private isOver = false;

  constructor(
    private readonly storage: AsyncLocalStorage<string>,
    private readonly before: string,
  ) {}

  dispose(): void {
    if (this.isOver) return;
    this.storage.enterWith(this.before);
    this.isOver = true;
  }
}

export class Contexts {
  private readonly storage = new AsyncLocalStorage<string>();

  attach(context: string): Token {
    const before = this.storage.getStore() ?? 'root';
    this.storage.enterWith(context);
    return new Token(this.storage, before);
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('silent when a function that does not wait enters what was there before', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
declare function ship(): void;

const storage = new AsyncLocalStorage<string | undefined>();
const bus = new EventEmitter();

bus.on('order', (order: string) => {
  const before = storage.getStore();
  storage.enterWith(order);
  try {
    ship();
  } finally {
    storage.enterWith(before);
  }
});
`,
    options: { certainty: 'likely' },
  });

  stays('silent about a function that enters a context for its caller and does nothing else', {
    code: `
import { AsyncLocalStorage } from 'node:async_hooks';
import fastify from 'fastify';

const storage = new AsyncLocalStorage<string>();

fastify().addHook('onRequest', async (request) => {
  storage.enterWith(request.id);
});
`,
    options: { certainty: 'likely' },
  });
});
