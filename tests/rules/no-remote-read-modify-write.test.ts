import rule from '../../src/rules/no-remote-read-modify-write.ts';
import { ruleTests } from '../support/tester.ts';

ruleTests(rule, ({ reports, stays }) => {
  // ------------------------------------------------------------------ counters of Redis

  reports('a counter of ioredis that is read, added to and set', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  const visits = await redis.get(\`visits:\${page}\`);
  await redis.set(\`visits:\${page}\`, Number(visits) + 1);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(`visits:${page}`, Number(visits) + 1)',
        line: 8,
        message:
          '`visits:${page}` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  await redis.incrby(\`visits:\${page}\`, 1);
}
`,
  });

  stays('a counter of ioredis that the store adds to', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  await redis.incrby(\`visits:\${page}\`, 1);
}
`,
  });

  reports('a counter of node-redis that is taken down', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function takeSeat(show: string) {
  const key = 'seats:' + show;
  const left = parseInt((await client.get(key)) ?? '0', 10);
  await client.set(key, String(left - 1));
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'client.set(key, String(left - 1))',
        line: 9,
        message:
          '`key` was read on line 8 and is written from that here; what others wrote in between is lost, unlike with `incrBy`.',
      },
    ],
    output: `
import { createClient } from 'redis';

const client = createClient();

export async function takeSeat(show: string) {
  const key = 'seats:' + show;
  await client.decrBy(key, 1);
}
`,
  });

  reports('the sum in a constant of its own, and a comment between', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  const key = \`visits:\${page}\`;
  const visits = await redis.get(key);
  // One visit more.
  const sum = Number(visits ?? 0) + 1;
  await redis.set(key, sum.toString());
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(key, sum.toString())',
        line: 11,
        message:
          '`key` was read on line 8 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  const key = \`visits:\${page}\`;
  // One visit more.
  await redis.incrby(key, 1);
}
`,
  });

  reports('a counter that is answered as well', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  const visits = Number(await redis.get(page)) + 1;
  await redis.set(page, visits);
  return visits;
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, visits)',
        line: 8,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  const visits = await redis.incrby(page, 1);
  return visits;
}
`,
          },
        ],
      },
    ],
  });

  reports('a counter that starts somewhere else', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function take(account: string, amount: number) {
  const left = Number((await redis.get(account)) ?? '100');
  await redis.set(account, left - amount);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(account, left - amount)',
        line: 8,
        message:
          '`account` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
  });

  reports('a counter with a time to live', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countCall(client: string) {
  const calls = await redis.get(client);
  await redis.set(client, Number(calls) + 1, 'EX', 60);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: "redis.set(client, Number(calls) + 1, 'EX', 60)",
        line: 8,
        message:
          '`client` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countCall(client: string) {
  await redis.incrby(client, 1);
}
`,
          },
        ],
      },
    ],
  });

  reports('a rate limit that tests what it read', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function mayCall(client: string, limit: number) {
  const calls = Number(await redis.get(client));
  if (calls >= limit) return false;
  await redis.set(client, calls + 1);
  return true;
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(client, calls + 1)',
        line: 9,
        message:
          '`client` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function mayCall(client: string, limit: number) {
  const calls = Number(await redis.get(client));
  if (calls >= limit) return false;
  await redis.incrby(client, 1);
  return true;
}
`,
          },
        ],
      },
    ],
  });

  reports('a let that is counted up', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  let visits = Number(await redis.get(page));
  visits += 1;
  await redis.set(page, visits);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, visits)',
        line: 9,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
  });

  reports('everything in one statement', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  await redis.set(page, Number(await redis.get(page)) + 1);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, Number(await redis.get(page)) + 1)',
        line: 7,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  await redis.incrby(page, 1);
}
`,
  });

  reports('a promise chain', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export function countVisit(page: string) {
  return redis.get(page).then((visits) => redis.set(page, Number(visits) + 1));
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, Number(visits) + 1)',
        line: 7,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
  });

  reports('a promise chain in two steps', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export function countVisit(page: string) {
  return redis
    .get(page)
    .then((visits) => Number(visits) + 1)
    .then((sum) => redis.set(page, sum));
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, sum)',
        line: 10,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
  });

  reports('one of several reads that are awaited together', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string, user: string) {
  const [visits, name] = await Promise.all([redis.get(page), redis.get(user)]);
  await redis.set(page, Number(visits) + 1);
  return name;
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(page, Number(visits) + 1)',
        line: 8,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string, user: string) {
  const [, name] = await Promise.all([redis.get(page), redis.get(user)]);
  await redis.incrby(page, 1);
  return name;
}
`,
  });

  reports('a field of a hash', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function spend(account: string, amount: number) {
  const spent = await redis.hget(account, 'spent');
  await redis.hset(account, 'spent', Number(spent) + 1);
  return amount;
}
`,
    errors: [
      {
        messageId: 'lost',
        on: "redis.hset(account, 'spent', Number(spent) + 1)",
        line: 8,
        message:
          '`account spent` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `hincrby`.',
      },
    ],
    output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function spend(account: string, amount: number) {
  await redis.hincrby(account, 'spent', 1);
  return amount;
}
`,
  });

  reports('a field of a hash that was read as a whole', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function spend(account: string, amount: number) {
  const { spent } = await redis.hgetall(account);
  await redis.hset(account, { spent: Number(spent) + amount });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.hset(account, { spent: Number(spent) + amount })',
        line: 8,
        message:
          '`account spent` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `hincrby`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function spend(account: string, amount: number) {
  await redis.hincrby(account, 'spent', amount);
}
`,
          },
        ],
      },
    ],
  });

  stays('another field of a hash', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function total(account: string, amount: number) {
  const spent = await redis.hget(account, 'spent');
  await redis.hset(account, 'total', Number(spent) + amount);
}
`,
  });

  reports('hashes of node-redis', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function spend(account: string) {
  const spent = await client.hGet(account, 'spent');
  await client.hSet(account, 'spent', Number(spent) - 1);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: "client.hSet(account, 'spent', Number(spent) - 1)",
        line: 8,
        message:
          '`account spent` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `hIncrBy`.',
      },
    ],
    output: `
import { createClient } from 'redis';

const client = createClient();

export async function spend(account: string) {
  await client.hIncrBy(account, 'spent', -1);
}
`,
  });

  stays('another key', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function copy(from: string, to: string) {
  const visits = await redis.get(from);
  await redis.set(to, Number(visits) + 1);
}
`,
  });

  stays('another client', {
    code: `
import { Redis } from 'ioredis';

const main = new Redis();
const archive = new Redis(6380);

export async function keep(page: string) {
  const visits = await main.get(page);
  await archive.set(page, Number(visits) + 1);
}
`,
  });

  stays('a template with other parts', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function nextPage(book: string, page: number) {
  const words = await redis.get(\`words:\${book}:\${page}\`);
  await redis.set(\`words:\${book}:\${page + 1}\`, Number(words) + 1);
}
`,
  });

  stays('a key that is another one by then', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function move(page: string, other: string) {
  let key = page;
  const visits = await redis.get(key);
  key = other;
  await redis.set(key, Number(visits) + 1);
}
`,
  });

  stays('a value that does not come from what was read', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function replaceName(user: string, name: string) {
  const before = await redis.get(user);
  await redis.set(user, name);
  return before;
}
`,
  });

  stays('the value itself, to make it live longer', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function keepAlive(session: string) {
  const value = await redis.get(session);
  if (value !== null) await redis.set(session, value, 'EX', 3600);
}
`,
    options: { certainty: 'likely' },
  });

  // ------------------------------------------------------------------ records

  reports('a property of a record', {
    code: `
import { Redis } from 'ioredis';

interface Session {
  user: string;
  visits: number;
}
const redis = new Redis();

export async function visit(id: string) {
  const text = await redis.get(id);
  if (text === null) return;
  const session = JSON.parse(text) as Session;
  session.visits++;
  await redis.set(id, JSON.stringify(session), 'EX', 3600);
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: "redis.set(id, JSON.stringify(session), 'EX', 3600)",
        line: 15,
        message:
          '`id` was read on line 11 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  stays('a property of a record, where only what is certain is reported', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function rename(id: string, name: string) {
  const session = JSON.parse((await redis.get(id)) ?? '{}') as { name?: string };
  await redis.set(id, JSON.stringify({ ...session, name }));
}
`,
  });

  reports('a record that is spread', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function rename(id: string, name: string) {
  const session = JSON.parse((await redis.get(id)) ?? '{}') as { name?: string };
  await redis.set(id, JSON.stringify({ ...session, name }));
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(id, JSON.stringify({ ...session, name }))',
        line: 8,
        message:
          '`id` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  reports('a list that grows', {
    code: `
import Keyv from 'keyv';

const rooms = new Keyv();

export async function enter(room: string, user: string) {
  const users = (await rooms.get<string[]>(room)) ?? [];
  users.push(user);
  await rooms.set(room, users);
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'rooms.set(room, users)',
        line: 9,
        message:
          '`room` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with an atomic command of the store behind it.',
      },
    ],
  });

  reports('a list that is filtered', {
    code: `
import Keyv from 'keyv';

const rooms = new Keyv();

export async function leave(room: string, user: string) {
  const users = (await rooms.get<string[]>(room)) ?? [];
  await rooms.set(room, users.filter((each) => each !== user));
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'rooms.set(room, users.filter((each) => each !== user))',
        line: 8,
        message:
          '`room` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with an atomic command of the store behind it.',
      },
    ],
  });

  reports('a counter of keyv', {
    code: `
import Keyv from 'keyv';

const visits = new Keyv();

export async function countVisit(page: string) {
  const before = (await visits.get<number>(page)) ?? 0;
  await visits.set(page, before + 1);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'visits.set(page, before + 1)',
        line: 8,
        message:
          '`page` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with an atomic command of the store behind it.',
      },
    ],
  });

  reports('a record that helpers of the class read and write', {
    code: `
import { Redis } from 'ioredis';

interface Cart {
  items: string[];
}

export class Carts {
  constructor(private readonly redis: Redis) {}

  async add(id: string, item: string) {
    const cart = await this.load(id);
    cart.items.push(item);
    await this.store(id, cart);
  }

  private async load(id: string): Promise<Cart> {
    const text = await this.redis.get(this.key(id));
    return text === null ? { items: [] } : (JSON.parse(text) as Cart);
  }

  private async store(id: string, cart: Cart) {
    await this.redis.set(this.key(id), JSON.stringify(cart));
  }

  private key(id: string) {
    return \`cart:\${id}\`;
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'this.store(id, cart)',
        line: 14,
        message:
          '`id` was read on line 12 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  stays('helpers of the class that are asked for another id', {
    code: `
import { Redis } from 'ioredis';

interface Cart {
  items: string[];
}

export class Carts {
  constructor(private readonly redis: Redis) {}

  async copy(from: string, to: string) {
    const cart = await this.load(from);
    cart.items.push('gift');
    await this.store(to, cart);
  }

  private async load(id: string): Promise<Cart> {
    const text = await this.redis.get(this.key(id));
    return text === null ? { items: [] } : (JSON.parse(text) as Cart);
  }

  private async store(id: string, cart: Cart) {
    await this.redis.set(this.key(id), JSON.stringify(cart));
  }

  private key(id: string) {
    return \`cart:\${id}\`;
  }
}
`,
    options: { certainty: 'likely' },
  });

  reports('helpers of another file', {
    code: `
import { loadCart, storeCart } from './carts.js';

export async function add(id: string, item: string) {
  const cart = await loadCart(id);
  await storeCart(id, { ...cart, items: [...cart.items, item] });
}
`,
    files: {
      'carts.ts': `
import { Redis } from 'ioredis';

export interface Cart {
  items: string[];
}
const redis = new Redis();

export async function loadCart(id: string): Promise<Cart> {
  const text = await redis.get('cart:' + id);
  return text === null ? { items: [] } : (JSON.parse(text) as Cart);
}
export const storeCart = async (id: string, cart: Cart) => {
  await redis.set(\`cart:\${id}\`, JSON.stringify(cart));
};
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'storeCart(id, { ...cart, items: [...cart.items, item] })',
        line: 6,
        message:
          '`id` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  reports('a store of another file, made once', {
    code: `
import { carts } from './carts.js';

export async function add(id: string, item: string) {
  const cart = await carts.load(id);
  cart.items.push(item);
  await carts.save(id, cart);
}
`,
    files: {
      'carts.ts': `
import { Redis } from 'ioredis';

export interface Cart {
  items: string[];
}
class Carts {
  private readonly redis = new Redis();

  async load(id: string): Promise<Cart> {
    const text = await this.redis.get(id);
    return text === null ? { items: [] } : (JSON.parse(text) as Cart);
  }

  save(id: string, cart: Cart) {
    return this.redis.set(id, JSON.stringify(cart));
  }
}
export const carts = new Carts();
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'carts.save(id, cart)',
        line: 7,
        message:
          '`id` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  reports('a function that changes what it gets', {
    code: `
import { Redis } from 'ioredis';

interface Cart {
  items: string[];
}
const redis = new Redis();

function withItem(cart: Cart, item: string): Cart {
  return { ...cart, items: [...cart.items, item] };
}

export async function add(id: string, item: string) {
  const cart = JSON.parse((await redis.get(id)) ?? '{"items":[]}') as Cart;
  const next = withItem(cart, item);
  await redis.set(id, JSON.stringify(next));
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(id, JSON.stringify(next))',
        line: 16,
        message:
          '`id` was read on line 14 and is written from that here; what others wrote in between is lost, unlike with `WATCH` and `MULTI`, or a Lua script.',
      },
    ],
  });

  // ------------------------------------------------------------------ caches and identities

  stays('a cache that is filled', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function loadReport(id: string): Promise<{ rows: number }>;

export async function report(id: string) {
  const cached = await redis.get(id);
  if (cached !== null) return JSON.parse(cached) as { rows: number };
  const fresh = await loadReport(id);
  await redis.set(id, JSON.stringify(fresh), 'EX', 60);
  return fresh;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a cache that is filled in the branch', {
    code: `
import { createCache } from 'cache-manager';

const cache = createCache();
declare function loadReport(id: string): Promise<{ rows: number }>;

export async function report(id: string) {
  let rows = await cache.get<{ rows: number }>(id);
  if (!rows) {
    rows = await loadReport(id);
    await cache.set(id, rows, 60_000);
  }
  return rows;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a cache of a record that was loaded by what was read', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function loadUser(id: string): Promise<{ name: string }>;

export async function refresh(session: string) {
  const { user } = JSON.parse((await redis.get(session)) ?? '{}') as { user: string };
  const fresh = await loadUser(user);
  await redis.set(session, JSON.stringify(fresh));
}
`,
    options: { certainty: 'likely' },
  });

  reports('a token that is made because there is none', {
    code: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const redis = new Redis();

export async function tokenOf(user: string) {
  const existing = await redis.get(\`token:\${user}\`);
  if (existing) return existing;
  const token = randomUUID();
  await redis.set(\`token:\${user}\`, token, 'EX', 3600);
  return token;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: "redis.set(`token:${user}`, token, 'EX', 3600)",
        line: 11,
        message:
          '`token:${user}` was not there on line 8 and is created here; two requests may both come this far, unlike with `SET … NX`.',
        suggestions: [
          {
            messageId: 'absent',
            output: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const redis = new Redis();

export async function tokenOf(user: string) {
  const existing = await redis.get(\`token:\${user}\`);
  if (existing) return existing;
  const token = randomUUID();
  await redis.set(\`token:\${user}\`, token, 'EX', 3600, 'NX');
  return token;
}
`,
          },
        ],
      },
    ],
  });

  stays('a token that is made because there is none, by NX', {
    code: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const redis = new Redis();

export async function tokenOf(user: string) {
  const existing = await redis.get(\`token:\${user}\`);
  if (existing) return existing;
  const token = randomUUID();
  await redis.set(\`token:\${user}\`, token, 'EX', 3600, 'NX');
  return redis.get(\`token:\${user}\`);
}
`,
    options: { certainty: 'likely' },
  });

  reports('a lock by hand', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function begin(job: string) {
  const key = \`lock:\${job}\`;
  if ((await client.exists(key)) > 0) return false;
  await client.set(key, '1', { EX: 30 });
  return true;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: "client.set(key, '1', { EX: 30 })",
        line: 9,
        message:
          '`key` was not there on line 8 and is created here; two requests may both come this far, unlike with `SET` with `NX`.',
        suggestions: [
          {
            messageId: 'absent',
            output: `
import { createClient } from 'redis';

const client = createClient();

export async function begin(job: string) {
  const key = \`lock:\${job}\`;
  if ((await client.exists(key)) > 0) return false;
  await client.set(key, '1', { NX: true, EX: 30 });
  return true;
}
`,
          },
        ],
      },
    ],
  });

  stays('a lock by hand, by NX', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function begin(job: string) {
  const key = \`lock:\${job}\`;
  if ((await client.exists(key)) > 0) return false;
  return (await client.set(key, '1', { EX: 30, NX: true })) !== null;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a lock by hand, by a condition', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function begin(job: string) {
  const key = \`lock:\${job}\`;
  if ((await client.exists(key)) > 0) return false;
  return (await client.set(key, '1', { condition: 'NX', expiration: { type: 'EX', value: 30 } })) !== null;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a key that is made in the same run', {
    code: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';

const redis = new Redis();

export async function open(user: string) {
  const id = randomUUID();
  const session = JSON.parse((await redis.get(id)) ?? '{}') as object;
  await redis.set(id, JSON.stringify({ ...session, user }));
  return id;
}
`,
    options: { certainty: 'likely' },
  });

  // ------------------------------------------------------------------ what keeps others away

  stays('a watched key', {
    code: `
import { createClient } from 'redis';

const client = createClient();

export async function takeSeat(show: string) {
  await client.watch(show);
  const left = Number(await client.get(show));
  await client.set(show, left - 1);
}
`,
    options: { certainty: 'likely' },
  });

  stays('a transaction of Redis', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function takeSeat(show: string) {
  await redis.watch(show);
  const left = Number(await redis.get(show));
  await redis.multi().set(show, left - 1).exec();
}
`,
    options: { certainty: 'likely' },
  });

  stays('a mutex', {
    code: `
import { Mutex } from 'async-mutex';
import { Redis } from 'ioredis';

const redis = new Redis();
const mutex = new Mutex();

export async function takeSeat(show: string) {
  await mutex.runExclusive(async () => {
    const left = Number(await redis.get(show));
    await redis.set(show, left - 1);
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a lock that is acquired and released', {
    code: `
import { Mutex } from 'async-mutex';
import { Redis } from 'ioredis';

const redis = new Redis();
const mutex = new Mutex();

export async function takeSeat(show: string) {
  const release = await mutex.acquire();
  try {
    const left = Number(await redis.get(show));
    await redis.set(show, left - 1);
  } finally {
    release();
  }
}
`,
    options: { certainty: 'likely' },
  });

  stays('a lock of the house between processes', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function withLock<T>(name: string, work: () => Promise<T>): Promise<T>;

export async function takeSeat(show: string) {
  await withLock(show, async () => {
    const left = Number(await redis.get(show));
    await redis.set(show, left - 1);
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a lock that the only caller holds', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function withLock<T>(name: string, work: () => Promise<T>): Promise<T>;

async function take(show: string) {
  const left = Number(await redis.get(show));
  await redis.set(show, left - 1);
}

export async function takeSeat(show: string) {
  await withLock(show, () => take(show));
}
`,
    options: { certainty: 'likely' },
  });

  reports('a lock that only the write holds', {
    code: `
import { Mutex } from 'async-mutex';
import { Redis } from 'ioredis';

const redis = new Redis();
const mutex = new Mutex();

export async function takeSeat(show: string) {
  const left = Number(await redis.get(show));
  await mutex.runExclusive(async () => {
    await redis.set(show, left - 1);
  });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'redis.set(show, left - 1)',
        line: 11,
        message:
          '`show` was read on line 9 and is written from that here; what others wrote in between is lost, unlike with `incrby`.',
      },
    ],
    output: `
import { Mutex } from 'async-mutex';
import { Redis } from 'ioredis';

const redis = new Redis();
const mutex = new Mutex();

export async function takeSeat(show: string) {
  await mutex.runExclusive(async () => {
    await redis.decrby(show, 1);
  });
}
`,
  });

  stays('a claim by NX before it', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function takeSeat(show: string) {
  const isMine = await redis.set(\`claim:\${show}\`, '1', 'EX', 10, 'NX');
  if (isMine === null) return;
  const left = Number(await redis.get(show));
  await redis.set(show, left - 1);
}
`,
    options: { certainty: 'likely' },
  });

  stays('a script', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function countVisit(page: string) {
  await redis.get(page);
  await redis.eval('return redis.call("incr", KEYS[1])', 1, page);
}
`,
    options: { certainty: 'likely' },
  });

  // ------------------------------------------------------------------ files

  reports('a file that is read, changed and written', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

export async function subscribe(path: string, address: string) {
  const addresses = JSON.parse(await readFile(path, 'utf8')) as string[];
  addresses.push(address);
  await writeFile(path, JSON.stringify(addresses));
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(path, JSON.stringify(addresses))',
        line: 7,
        message:
          '`path` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFile, writeFile } from 'node:fs/promises';

let tail: Promise<unknown> = Promise.resolve();

export async function subscribe(path: string, address: string) {
  const run = tail.then(async () => {
    const addresses = JSON.parse(await readFile(path, 'utf8')) as string[];
    addresses.push(address);
    await writeFile(path, JSON.stringify(addresses));
  });
  tail = Promise.allSettled([run]);
  await run;
}
`,
          },
        ],
      },
    ],
  });

  reports('a number in a file', {
    code: `
import { promises as fs } from 'node:fs';

const FILE = './invoice-number';

export async function nextInvoice() {
  const last = Number(await fs.readFile(FILE, 'utf8'));
  await fs.writeFile(FILE, String(last + 1));
  return last + 1;
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'fs.writeFile(FILE, String(last + 1))',
        line: 8,
        message:
          '`FILE` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { promises as fs } from 'node:fs';

let tail: Promise<unknown> = Promise.resolve();

const FILE = './invoice-number';

export async function nextInvoice() {
  const run = tail.then(async () => {
    const last = Number(await fs.readFile(FILE, 'utf8'));
    await fs.writeFile(FILE, String(last + 1));
    return last + 1;
  });
  tail = Promise.allSettled([run]);
  return run;
}
`,
          },
        ],
      },
    ],
  });

  reports('a file that is read by one module and written by another', {
    code: `
import * as fs from 'node:fs';
import { readFile } from 'node:fs/promises';

export async function log(path: string, line: string) {
  const text = await readFile(path, 'utf8');
  await fs.promises.writeFile(path, text + line);
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'fs.promises.writeFile(path, text + line)',
        line: 7,
        message:
          '`path` was read on line 6 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import * as fs from 'node:fs';
import { readFile } from 'node:fs/promises';

let tail: Promise<unknown> = Promise.resolve();

export async function log(path: string, line: string) {
  const run = tail.then(async () => {
    const text = await readFile(path, 'utf8');
    await fs.promises.writeFile(path, text + line);
  });
  tail = Promise.allSettled([run]);
  await run;
}
`,
          },
        ],
      },
    ],
  });

  reports('a number in a file, and comments and a limit between', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

const FILE = './invoice-number';

export async function nextInvoice(customer: string): Promise<number | undefined> {
  const name = customer.trim();
  // The book of this year.
  const last = Number(await readFile(FILE, 'utf8'));
  if (last >= 1000) return undefined;
  await writeFile(FILE, \`\${String(last + 1)}
\`); // \${name}
  return last + 1;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(FILE, `${String(last + 1)}\n`)',
        line: 11,
        message:
          '`FILE` was read on line 9 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFile, writeFile } from 'node:fs/promises';

let tail: Promise<unknown> = Promise.resolve();

const FILE = './invoice-number';

export async function nextInvoice(customer: string): Promise<number | undefined> {
  const name = customer.trim();
  // The book of this year.
  const run = tail.then(async (): Promise<number | undefined> => {
    const last = Number(await readFile(FILE, 'utf8'));
    if (last >= 1000) return undefined;
    await writeFile(FILE, \`\${String(last + 1)}
\`); // \${name}
    return last + 1;
  });
  tail = Promise.allSettled([run]);
  return run;
}
`,
          },
        ],
      },
    ],
  });

  reports('a record in a file inside a block', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

export class Settings {
  constructor(private readonly path: string) {}

  async change(name: string, value: string) {
    try {
      const settings = JSON.parse(await readFile(this.path, 'utf8')) as Record<string, string>;
      settings[name] = value;
      await writeFile(this.path, JSON.stringify(settings));
    } catch (error) {
      console.error(error);
    }
  }
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(this.path, JSON.stringify(settings))',
        line: 11,
        message:
          '`this.path` was read on line 9 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFile, writeFile } from 'node:fs/promises';

let tail: Promise<unknown> = Promise.resolve();

export class Settings {
  constructor(private readonly path: string) {}

  async change(name: string, value: string) {
    try {
      const run = tail.then(async () => {
        const settings = JSON.parse(await readFile(this.path, 'utf8')) as Record<string, string>;
        settings[name] = value;
        await writeFile(this.path, JSON.stringify(settings));
      });
      tail = Promise.allSettled([run]);
      await run;
    } catch (error) {
      console.error(error);
    }
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('two files behind the chain that is there', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

let queue: Promise<unknown> = Promise.resolve();

export async function visit(path: string) {
  const run = queue.then(async () => {
    const visits = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(visits + 1));
  });
  queue = run.catch(() => undefined);
  await run;
}

export async function leave(path: string) {
  const visits = Number(await readFile(path, 'utf8'));
  await writeFile(path, String(visits - 1));
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(path, String(visits - 1))',
        line: 17,
        message:
          '`path` was read on line 16 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFile, writeFile } from 'node:fs/promises';

let queue: Promise<unknown> = Promise.resolve();

export async function visit(path: string) {
  const run = queue.then(async () => {
    const visits = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(visits + 1));
  });
  queue = run.catch(() => undefined);
  await run;
}

export async function leave(path: string) {
  const run2 = queue.then(async () => {
    const visits = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(visits - 1));
  });
  queue = Promise.allSettled([run2]);
  await run2;
}
`,
          },
        ],
      },
    ],
  });

  stays('a file that is written behind a chain of promises', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

let tail: Promise<void> = Promise.resolve();

export function visit(path: string): Promise<void> {
  tail = tail.catch(() => undefined).then(async () => {
    const visits = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(visits + 1));
  });
  return tail;
}
`,
    options: { certainty: 'likely' },
  });

  reports('a file by a chain that each call begins', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

export async function visit(path: string) {
  const ready = Promise.resolve();
  await ready.then(async () => {
    const visits = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(visits + 1));
  });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(path, String(visits + 1))',
        line: 8,
        message:
          '`path` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFile, writeFile } from 'node:fs/promises';

let tail: Promise<unknown> = Promise.resolve();

export async function visit(path: string) {
  const ready = Promise.resolve();
  await ready.then(async () => {
    const run = tail.then(async () => {
      const visits = Number(await readFile(path, 'utf8'));
      await writeFile(path, String(visits + 1));
    });
    tail = Promise.allSettled([run]);
    await run;
  });
}
`,
          },
        ],
      },
    ],
  });

  reports('a number in a file that a part of the run takes as well', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

const FILE = './invoice-number';

export async function nextInvoice(copies: number): Promise<void> {
  const last = Number(await readFile(FILE, 'utf8'));
  if (copies > 1) await printAgain(copies - 1);
  await writeFile(FILE, String(last + 1));
}

async function printAgain(copies: number) {
  await nextInvoice(copies);
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(FILE, String(last + 1))',
        line: 9,
        message:
          '`FILE` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
      },
    ],
  });

  reports('a number in a file in CommonJS', {
    filename: 'number.cjs',
    code: `
const { readFile, writeFile } = require('node:fs/promises');

/** @param {string} path */
exports.nextInvoice = async function (path) {
  const last = Number(await readFile(path, 'utf8'));
  await writeFile(path, String(last + 1));
  return last + 1;
};
`,
    errors: [
      {
        messageId: 'lost',
        on: 'writeFile(path, String(last + 1))',
        line: 7,
        message:
          '`path` was read on line 6 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
const { readFile, writeFile } = require('node:fs/promises');

/** @type {Promise<unknown>} */
let tail = Promise.resolve();

/** @param {string} path */
exports.nextInvoice = async function (path) {
  const run = tail.then(async () => {
    const last = Number(await readFile(path, 'utf8'));
    await writeFile(path, String(last + 1));
    return last + 1;
  });
  tail = Promise.allSettled([run]);
  return run;
};
`,
          },
        ],
      },
    ],
  });

  stays('a line that is appended', {
    code: `
import { appendFile } from 'node:fs/promises';

export async function log(path: string, line: string) {
  await appendFile(path, line);
}
`,
    options: { certainty: 'likely' },
  });

  stays('files read and written in one segment', {
    code: `
import { readFileSync, writeFileSync } from 'node:fs';

export function subscribe(path: string, address: string) {
  const addresses = JSON.parse(readFileSync(path, 'utf8')) as string[];
  writeFileSync(path, JSON.stringify([...addresses, address]));
}
`,
    options: { certainty: 'likely' },
  });

  reports('files read and written with a wait between', {
    code: `
import { readFileSync, writeFileSync } from 'node:fs';

declare function confirm(address: string): Promise<boolean>;

export async function subscribe(path: string, address: string) {
  const addresses = JSON.parse(readFileSync(path, 'utf8')) as string[];
  if (await confirm(address)) writeFileSync(path, JSON.stringify([...addresses, address]));
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'writeFileSync(path, JSON.stringify([...addresses, address]))',
        line: 8,
        message:
          '`path` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with a lock on the file.',
        suggestions: [
          {
            messageId: 'queue',
            output: `
import { readFileSync, writeFileSync } from 'node:fs';

let tail: Promise<unknown> = Promise.resolve();

declare function confirm(address: string): Promise<boolean>;

export async function subscribe(path: string, address: string) {
  const run = tail.then(async () => {
    const addresses = JSON.parse(readFileSync(path, 'utf8')) as string[];
    if (await confirm(address)) writeFileSync(path, JSON.stringify([...addresses, address]));
  });
  tail = Promise.allSettled([run]);
  await run;
}
`,
          },
        ],
      },
    ],
  });

  stays('another file', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

export async function build(source: string, target: string) {
  const text = await readFile(source, 'utf8');
  await writeFile(target, text.toUpperCase());
}
`,
    options: { certainty: 'likely' },
  });

  stays('a file that is made only if it is not there', {
    code: `
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

export async function idOf(path: string) {
  const id = await readFile(path, 'utf8').catch(() => undefined);
  if (id !== undefined) return id;
  await writeFile(path, randomUUID(), { flag: 'wx' });
}
`,
    options: { certainty: 'likely' },
  });

  reports('an identity in a file that is made because it is not there', {
    code: `
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

export async function idOf(path: string) {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined) return before;
  const id = randomUUID();
  await writeFile(path, id, 'utf8');
  return id;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: "writeFile(path, id, 'utf8')",
        line: 9,
        message:
          "`path` was not there on line 6 and is created here; two requests may both come this far, unlike with `flag: 'wx'`.",
        suggestions: [
          {
            messageId: 'absent',
            output: `
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';

export async function idOf(path: string) {
  const before = await readFile(path, 'utf8').catch(() => undefined);
  if (before !== undefined) return before;
  const id = randomUUID();
  await writeFile(path, id, { encoding: 'utf8', flag: 'wx' });
  return id;
}
`,
          },
        ],
      },
    ],
  });

  // ------------------------------------------------------------------ rows

  reports('a column of Prisma', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { stock: item.stock - 1, name: item.name } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'prisma.item.update({ where: { id }, data: { stock: item.stock - 1, name: item.name } })',
        line: 6,
        message:
          '`item.stock` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with `{ increment: … }`.',
      },
    ],
    output: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { stock: { decrement: 1 }, name: item.name } });
}
`,
  });

  reports('a column of Prisma, and nothing else of the row', {
    code: `
import { prisma } from './prisma.js';

export async function put(id: number, count: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id }, select: { stock: true } });
  return prisma.item.update({ where: { id }, data: { stock: item.stock + count } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'prisma.item.update({ where: { id }, data: { stock: item.stock + count } })',
        line: 6,
        message:
          '`item.stock` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with `{ increment: … }`.',
      },
    ],
    output: `
import { prisma } from './prisma.js';

export async function put(id: number, count: number) {
  await prisma.item.findUniqueOrThrow({ where: { id }, select: { stock: true } });
  return prisma.item.update({ where: { id }, data: { stock: { increment: count } } });
}
`,
  });

  reports('a column of Prisma that also decides', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUnique({ where: { id } });
  if (item === null || item.stock < 1) return false;
  await prisma.item.update({ where: { id: item.id }, data: { stock: item.stock - 1 } });
  return true;
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'prisma.item.update({ where: { id: item.id }, data: { stock: item.stock - 1 } })',
        line: 7,
        message:
          '`item.stock` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with `{ increment: … }`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUnique({ where: { id } });
  if (item === null || item.stock < 1) return false;
  await prisma.item.update({ where: { id: item.id }, data: { stock: { decrement: 1 } } });
  return true;
}
`,
          },
        ],
      },
    ],
  });

  stays('a column of Prisma that the store adds to', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUnique({ where: { id } });
  if (item === null) return;
  await prisma.item.update({ where: { id }, data: { stock: { decrement: 1 } } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
  });

  stays('the old value among the conditions', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  const { count } = await prisma.item.updateMany({
    where: { id, version: item.version },
    data: { stock: item.stock - 1, version: item.version + 1 },
  });
  if (count === 0) throw new Error('somebody was faster');
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('a state among the conditions', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.updateMany({ where: { id, name: 'open' }, data: { stock: item.stock - 1 } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('a column that another one makes', {
    code: `
import { prisma } from './prisma.js';

export async function rename(id: number, name: string) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { name: name + item.stock, stock: item.stock } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('a plain new value', {
    code: `
import { prisma } from './prisma.js';

export async function rename(id: number, name: string | undefined) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { name: name ?? item.name } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('another row', {
    code: `
import { prisma } from './prisma.js';

export async function copy(from: number, to: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id: from } });
  await prisma.item.update({ where: { id: to }, data: { stock: item.stock + 1 } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('another table', {
    code: `
import { prisma } from './prisma.js';

export async function copy(id: number) {
  const item = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.shelf.update({ where: { id }, data: { stock: item.stock + 1 } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  reports('a list of Prisma', {
    code: `
import { prisma } from './prisma.js';

export async function tag(id: number, tag: string) {
  const { tags } = await prisma.item.findUniqueOrThrow({ where: { id } });
  await prisma.item.update({ where: { id }, data: { tags: [...tags, tag] } });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'prisma.item.update({ where: { id }, data: { tags: [...tags, tag] } })',
        line: 6,
        message:
          '`tags` was read on line 5 and is written from that here; what others wrote in between is lost, unlike with the old value in `where`, or a serializable transaction.',
      },
    ],
  });

  stays('arithmetic in a transaction, where only what is certain is reported', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  await prisma.$transaction(async (tx) => {
    const item = await tx.item.findUniqueOrThrow({ where: { id } });
    await tx.item.update({ where: { id }, data: { stock: item.stock - 1 } });
  });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
  });

  reports('arithmetic in a transaction', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  await prisma.$transaction(async (tx) => {
    const item = await tx.item.findUniqueOrThrow({ where: { id } });
    await tx.item.update({ where: { id: item.id }, data: { stock: item.stock - 1 } });
  });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'tx.item.update({ where: { id: item.id }, data: { stock: item.stock - 1 } })',
        line: 7,
        message:
          '`item.stock` was read on line 6 and is written from that here; what others wrote in between is lost, unlike with `{ increment: … }`.',
      },
    ],
    output: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  await prisma.$transaction(async (tx) => {
    const item = await tx.item.findUniqueOrThrow({ where: { id } });
    await tx.item.update({ where: { id: item.id }, data: { stock: { decrement: 1 } } });
  });
}
`,
  });

  stays('a list in a transaction', {
    code: `
import { prisma } from './prisma.js';

export async function tag(id: number, tag: string) {
  await prisma.$transaction(async (tx) => {
    const { tags } = await tx.item.findUniqueOrThrow({ where: { id } });
    await tx.item.update({ where: { id }, data: { tags: [...tags, tag] } });
  });
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('arithmetic in a serializable transaction', {
    code: `
import { prisma } from './prisma.js';

export async function take(id: number) {
  await prisma.$transaction(
    async (tx) => {
      const item = await tx.item.findUniqueOrThrow({ where: { id } });
      await tx.item.update({ where: { id }, data: { stock: item.stock - 1 } });
    },
    { isolationLevel: 'Serializable' },
  );
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  stays('a conflict that is caught', {
    code: `
import { prisma } from './prisma.js';

export async function tag(id: number, tag: string) {
  try {
    const { tags } = await prisma.item.findUniqueOrThrow({ where: { id } });
    await prisma.item.update({ where: { id }, data: { tags: [...tags, tag] } });
  } catch (error) {
    if ((error as { code: string }).code === 'P2034') return tag;
    throw error;
  }
}
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    options: { certainty: 'likely' },
  });

  reports('a service whose client is a field, and a parameter that is taken apart', {
    code: `
import { prisma } from './prisma.js';

class ItemService {
  private readonly client = prisma;

  async take({ id }: { id: number }) {
    const item = await this.client.item.findUniqueOrThrow({ where: { id } });
    const stock = item.stock - 1;
    await this.client.item.update({ where: { id }, data: { stock } });
  }
}
export const items = new ItemService();
`,
    files: {
      'node_modules/@prisma/client/package.json': `{ "name": "@prisma/client", "version": "7.10.0", "types": "index.d.ts" }`,
      'node_modules/@prisma/client/index.d.ts': `export interface PrismaPromise<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: 'PrismaPromise';
}
`,
      'prisma.ts': `import type { PrismaPromise } from '@prisma/client';

interface Item {
  id: number;
  name: string;
  stock: number;
  version: number;
  tags: string[];
}
interface ItemClient<T> extends PrismaPromise<T> {
  fields(): string[];
}
interface Where {
  where: { id: number; name?: string; version?: number };
}
type Data = { [Key in keyof Item]?: Item[Key] | (Item[Key] extends number ? { increment: number } | { decrement: number } : never) };
interface Delegate {
  findUnique(given: Where): ItemClient<Item | null>;
  findUniqueOrThrow(given: Where & { select?: Record<string, true> }): ItemClient<Item>;
  update(given: Where & { data: Data }): ItemClient<Item>;
  updateMany(given: Where & { data: Data }): PrismaPromise<{ count: number }>;
}
interface Client {
  item: Delegate;
  shelf: Delegate;
}
export declare const prisma: Client & {
  $transaction<R>(work: (tx: Client) => Promise<R>, options?: { isolationLevel?: string }): Promise<R>;
};
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'this.client.item.update({ where: { id }, data: { stock } })',
        line: 10,
        message:
          '`stock` was read on line 8 and is written from that here; what others wrote in between is lost, unlike with `{ increment: … }`.',
      },
    ],
    output: `
import { prisma } from './prisma.js';

class ItemService {
  private readonly client = prisma;

  async take({ id }: { id: number }) {
    await this.client.item.findUniqueOrThrow({ where: { id } });
    await this.client.item.update({ where: { id }, data: { stock: { decrement: 1 } } });
  }
}
export const items = new ItemService();
`,
  });

  reports('a row of TypeORM that is changed and saved', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async take(id: number, count: number) {
    const item = await this.items.findOneByOrFail({ id });
    item.stock -= count;
    await this.items.save(item);
  }
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'this.items.save(item)',
        line: 15,
        message:
          '`item.stock` was read on line 13 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async take(id: number, count: number) {
    const item = await this.items.findOneByOrFail({ id });
    await this.items.decrement({ id: item.id }, 'stock', count);
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('a column of TypeORM that the store adds to', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async take(id: number, count: number) {
    await this.items.findOneByOrFail({ id });
    await this.items.decrement({ id }, 'stock', count);
  }
}
`,
  });

  reports('a column of TypeORM', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async put(id: number, count: number) {
    const item = await this.items.findOneOrFail({ where: { id } });
    await this.items.update({ id: item.id }, { stock: item.stock + count });
  }
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'this.items.update({ id: item.id }, { stock: item.stock + count })',
        line: 14,
        message:
          '`item.stock` was read on line 13 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async put(id: number, count: number) {
    const item = await this.items.findOneOrFail({ where: { id } });
    await this.items.increment({ id: item.id }, 'stock', count);
  }
}
`,
          },
        ],
      },
    ],
  });

  reports('a column of TypeORM, whose row is named by its id alone', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async put(id: number, count: number) {
    const item = await this.items.findOneOrFail({ where: { id } });
    await this.items.update(item.id, { stock: item.stock + count });
  }
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'this.items.update(item.id, { stock: item.stock + count })',
        line: 14,
        message:
          '`item.stock` was read on line 13 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export class Items {
  constructor(private readonly items: Repository<Item>) {}

  async put(id: number, count: number) {
    const item = await this.items.findOneOrFail({ where: { id } });
    await this.items.increment({ id: item.id }, 'stock', count);
  }
}
`,
          },
        ],
      },
    ],
  });

  stays('a row of TypeORM that is locked', {
    code: `
import { DataSource } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function take(source: DataSource, id: number) {
  await source.transaction(async (manager) => {
    const item = await manager.findOneOrFail(Item, { where: { id }, lock: { mode: 'pessimistic_write' } });
    item.stock--;
    await manager.save(item);
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('plain new values of a row', {
    code: `
import { Repository } from 'typeorm';

class User {
  id!: number;
  name!: string;
  seen!: Date;
}

export async function rename(users: Repository<User>, id: number, name: string) {
  const user = await users.findOneByOrFail({ id });
  user.name = name;
  user.seen = new Date();
  await users.save(user);
}
`,
    options: { certainty: 'likely' },
  });

  reports('an object of a row that is merged', {
    code: `
import { Repository } from 'typeorm';

class User {
  id!: number;
  settings!: Record<string, string>;
}

export async function set(users: Repository<User>, id: number, key: string, value: string) {
  const user = await users.findOneByOrFail({ id });
  user.settings = { ...user.settings, [key]: value };
  await users.save(user);
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'users.save(user)',
        line: 12,
        message:
          '`user.settings` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with the old value among the conditions of `update`.',
      },
    ],
  });

  reports('a row of a query builder', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function take(items: Repository<Item>, id: number) {
  const item = await items.createQueryBuilder('item').where('item.id = :id', { id }).getOneOrFail();
  item.stock = item.stock - 1;
  await items.save(item);
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'items.save(item)',
        line: 12,
        message:
          '`item.stock` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function take(items: Repository<Item>, id: number) {
  const item = await items.createQueryBuilder('item').where('item.id = :id', { id }).getOneOrFail();
  await items.decrement({ id: item.id }, 'stock', 1);
}
`,
          },
        ],
      },
    ],
  });

  stays('a row of a query builder that is locked', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function take(items: Repository<Item>, id: number) {
  const item = await items.createQueryBuilder('item').setLock('pessimistic_write').where('item.id = :id', { id }).getOneOrFail();
  item.stock = item.stock - 1;
  await items.save(item);
}
`,
    options: { certainty: 'likely' },
  });

  reports('a document of MongoDB', {
    code: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  used: number;
}

export async function redeem(coupons: Collection<Coupon>, code: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.updateOne({ _id: coupon._id }, { $set: { used: coupon.used + 1 } });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'coupons.updateOne({ _id: coupon._id }, { $set: { used: coupon.used + 1 } })',
        line: 12,
        message:
          '`coupon.used` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `$inc`.',
      },
    ],
    output: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  used: number;
}

export async function redeem(coupons: Collection<Coupon>, code: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.updateOne({ _id: coupon._id }, { $inc: { used: 1 } });
}
`,
  });

  reports('a document of MongoDB with other changes', {
    code: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  used: number;
  seen: Date;
}

export async function redeem(coupons: Collection<Coupon>, code: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.updateOne({ _id: coupon._id }, { $set: { used: coupon.used - 1, seen: new Date() } });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'coupons.updateOne({ _id: coupon._id }, { $set: { used: coupon.used - 1, seen: new Date() } })',
        line: 13,
        message:
          '`coupon.used` was read on line 11 and is written from that here; what others wrote in between is lost, unlike with `$inc`.',
      },
    ],
    output: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  used: number;
  seen: Date;
}

export async function redeem(coupons: Collection<Coupon>, code: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.updateOne({ _id: coupon._id }, { $inc: { used: -1 }, $set: { seen: new Date() } });
}
`,
  });

  stays('an operator of MongoDB', {
    code: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  used: number;
}

export async function redeem(coupons: Collection<Coupon>, code: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.updateOne({ _id: coupon._id }, { $inc: { used: 1 } });
}
`,
  });

  reports('a document of MongoDB that is replaced', {
    code: `
import type { Collection } from 'mongodb';

interface Coupon {
  code: string;
  uses: string[];
}

export async function redeem(coupons: Collection<Coupon>, code: string, user: string) {
  const coupon = await coupons.findOne({ code });
  if (coupon === null) return;
  await coupons.replaceOne({ _id: coupon._id }, { ...coupon, uses: [...coupon.uses, user] });
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'lost',
        on: 'coupons.replaceOne({ _id: coupon._id }, { ...coupon, uses: [...coupon.uses, user] })',
        line: 12,
        message:
          '`{ _id: coupon._id }` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with the old value in the filter.',
      },
    ],
  });

  stays('a document of MongoDB in a session', {
    code: `
import type { ClientSession, Collection } from 'mongodb';

interface Coupon {
  code: string;
  uses: string[];
}

export async function redeem(coupons: Collection<Coupon>, session: ClientSession, code: string, user: string) {
  const coupon = await coupons.findOne({ code }, { session });
  if (coupon === null) return;
  await coupons.updateOne({ code }, { $set: { uses: [...coupon.uses, user] } }, { session });
}
`,
    options: { certainty: 'likely' },
  });

  reports('a document of Mongoose that is changed and saved', {
    code: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ code: { type: String, required: true }, used: { type: Number, required: true } }));

export async function redeem(code: string) {
  const coupon = await Coupon.findOne({ code });
  if (coupon === null) return;
  coupon.used += 1;
  await coupon.save();
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'coupon.save()',
        line: 10,
        message:
          '`coupon.used` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `$inc`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ code: { type: String, required: true }, used: { type: Number, required: true } }));

export async function redeem(code: string) {
  const coupon = await Coupon.findOne({ code });
  if (coupon === null) return;
  await coupon.updateOne({ $inc: { used: 1 } });
}
`,
          },
        ],
      },
    ],
  });

  stays('a document of Mongoose whose schema keeps versions', {
    code: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ used: { type: Number, required: true } }, { optimisticConcurrency: true }));

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id);
  if (coupon === null) return;
  coupon.used += 1;
  await coupon.save();
}
`,
  });

  stays('a document of Mongoose whose schema keeps versions, in another file', {
    code: `
import { Coupon } from './coupon.ts';

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id);
  if (!coupon) return;
  coupon.used++;
  await coupon.save();
}
`,
    files: {
      'coupon.ts': `
import mongoose from 'mongoose';

const options = { timestamps: true, optimisticConcurrency: ['used'] };
const schema = new mongoose.Schema({ used: { type: Number, required: true } }, options);

export const Coupon = mongoose.model('Coupon', schema);
`,
    },
  });

  stays('a document of Mongoose whose schema is told later to keep versions', {
    code: `
import { model, Schema } from 'mongoose';

const schema = new Schema({ used: { type: Number, required: true } });
schema.set('optimisticConcurrency', true);
const Coupon = model('Coupon', schema);

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id);
  if (coupon === null) return;
  coupon.used += 1;
  await coupon.save();
}
`,
  });

  stays('a document of a Mongoose model that is given, where a schema of the program keeps versions', {
    code: `
import type { Model } from 'mongoose';
import type { Coupon } from './coupon.ts';

export class Coupons {
  constructor(private readonly coupons: Model<Coupon>) {}

  async redeem(id: string) {
    const coupon = await this.coupons.findById(id);
    if (coupon === null) return;
    coupon.used += 1;
    await coupon.save();
  }
}
`,
    files: {
      'coupon.ts': `
import { Schema } from 'mongoose';

export interface Coupon {
  used: number;
}

export const couponSchema = new Schema<Coupon>({ used: { type: Number, required: true } }, { optimisticConcurrency: true });
`,
    },
  });

  reports('a document of Mongoose beside another schema that keeps versions', {
    code: `
import { model, Schema } from 'mongoose';

export const Order = model('Order', new Schema({ state: String }, { optimisticConcurrency: true }));
const Coupon = model('Coupon', new Schema({ used: { type: Number, required: true } }, { optimisticConcurrency: false }));

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id);
  if (coupon === null) return;
  coupon.used += 1;
  await coupon.save();
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'coupon.save()',
        line: 11,
        message:
          '`coupon.used` was read on line 8 and is written from that here; what others wrote in between is lost, unlike with `$inc`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { model, Schema } from 'mongoose';

export const Order = model('Order', new Schema({ state: String }, { optimisticConcurrency: true }));
const Coupon = model('Coupon', new Schema({ used: { type: Number, required: true } }, { optimisticConcurrency: false }));

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id);
  if (coupon === null) return;
  await coupon.updateOne({ $inc: { used: 1 } });
}
`,
          },
        ],
      },
    ],
  });

  reports('a token that takes the place of none in the same variable', {
    code: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
const redis = new Redis();

export async function tokenOf(user: string) {
  let token = await redis.get(\`token:\${user}\`);
  if (token === null) {
    token = randomUUID();
    await redis.set(\`token:\${user}\`, token, 'EX', 3600);
  }
  return token;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: "redis.set(`token:${user}`, token, 'EX', 3600)",
        line: 10,
        message:
          '`token:${user}` was not there on line 7 and is created here; two requests may both come this far, unlike with `SET … NX`.',
        suggestions: [
          {
            messageId: 'absent',
            output: `
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
const redis = new Redis();

export async function tokenOf(user: string) {
  let token = await redis.get(\`token:\${user}\`);
  if (token === null) {
    token = randomUUID();
    await redis.set(\`token:\${user}\`, token, 'EX', 3600, 'NX');
  }
  return token;
}
`,
          },
        ],
      },
    ],
  });

  stays('a token of another server that is kept, in the same variable', {
    code: `
import { Redis } from 'ioredis';
const redis = new Redis();
declare function requestToken(user: string): Promise<string>;

export async function tokenOf(user: string) {
  let token = await redis.get(\`token:\${user}\`);
  if (token === null) {
    token = await requestToken(user);
    await redis.set(\`token:\${user}\`, token, 'EX', 3600);
  }
  return token;
}
`,
    options: { certainty: 'likely' },
  });

  reports('a document of Mongoose that is read lean', {
    code: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ code: { type: String, required: true }, used: { type: Number, required: true } }));

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id).lean().exec();
  if (coupon === null) return;
  await Coupon.findByIdAndUpdate(id, { used: coupon.used + 1 });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'Coupon.findByIdAndUpdate(id, { used: coupon.used + 1 })',
        line: 9,
        message:
          '`coupon.used` was read on line 7 and is written from that here; what others wrote in between is lost, unlike with `$inc`.',
      },
    ],
    output: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ code: { type: String, required: true }, used: { type: Number, required: true } }));

export async function redeem(id: string) {
  const coupon = await Coupon.findById(id).lean().exec();
  if (coupon === null) return;
  await Coupon.findByIdAndUpdate(id, { $inc: { used: 1 } });
}
`,
  });

  stays('a list of Mongoose, which sends what was pushed', {
    code: `
import { model, Schema } from 'mongoose';

const Coupon = model('Coupon', new Schema({ code: { type: String, required: true }, uses: { type: [String], required: true } }));

export async function redeem(code: string, user: string) {
  const coupon = await Coupon.findOne({ code });
  if (coupon === null) return;
  coupon.uses.push(user);
  await coupon.save();
}
`,
    options: { certainty: 'likely' },
  });

  reports('a column of Drizzle', {
    code: `
import { eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';

const items = pgTable('items', { id: integer('id').primaryKey(), stock: integer('stock').notNull() });

export async function take(db: NodePgDatabase, id: number, count: number) {
  const [item] = await db.select().from(items).where(eq(items.id, id));
  if (item === undefined) return;
  await db
    .update(items)
    .set({ stock: item.stock - count })
    .where(eq(items.id, id));
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'db…',
        line: 11,
        message:
          '`item.stock` was read on line 9 and is written from that here; what others wrote in between is lost, unlike with sql`… + n`.',
      },
    ],
    output: `
import { eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';

const items = pgTable('items', { id: integer('id').primaryKey(), stock: integer('stock').notNull() });

export async function take(db: NodePgDatabase, id: number, count: number) {
  const [item] = await db.select().from(items).where(eq(items.id, id));
  if (item === undefined) return;
  await db
    .update(items)
    .set({ stock: sql\`\${items.stock} - \${count}\` })
    .where(eq(items.id, id));
}
`,
  });

  stays('a column of Drizzle that the store adds to', {
    code: `
import { eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';

const items = pgTable('items', { id: integer('id').primaryKey(), stock: integer('stock').notNull() });

export async function take(db: NodePgDatabase, id: number, count: number) {
  const [item] = await db.select().from(items).where(eq(items.id, id));
  if (item === undefined) return;
  await db
    .update(items)
    .set({ stock: sql\`\${items.stock} - \${count}\` })
    .where(eq(items.id, id));
}
`,
  });

  stays('a row of Drizzle that is locked', {
    code: `
import { eq } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';

const items = pgTable('items', { id: integer('id').primaryKey(), stock: integer('stock').notNull() });

export async function take(db: NodePgDatabase, id: number, count: number) {
  await db.transaction(async (tx) => {
    const [item] = await tx.select().from(items).where(eq(items.id, id)).for('update');
    if (item === undefined) return;
    await tx.update(items).set({ stock: item.stock - count }).where(eq(items.id, id));
  });
}
`,
    options: { certainty: 'likely' },
  });

  reports('a column of Knex', {
    code: `
import type { Knex } from 'knex';

interface Item {
  id: number;
  stock: number;
}

export async function take(db: Knex, id: number) {
  const item = await db<Item>('items').where({ id }).first();
  if (item === undefined) return;
  await db<Item>('items')
    .where({ id })
    .update({ stock: item.stock - 1 });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: "db<Item>('items')…",
        line: 12,
        message:
          '`item.stock` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import type { Knex } from 'knex';

interface Item {
  id: number;
  stock: number;
}

export async function take(db: Knex, id: number) {
  const item = await db<Item>('items').where({ id }).first();
  if (item === undefined) return;
  await db<Item>('items')
    .where({ id }).decrement('stock', 1);
}
`,
          },
        ],
      },
    ],
  });

  stays('a row of Knex that is locked', {
    code: `
import type { Knex } from 'knex';

interface Item {
  id: number;
  stock: number;
}

export async function take(db: Knex, id: number) {
  await db.transaction(async (trx) => {
    const item = await trx<Item>('items').where({ id }).forUpdate().first();
    if (item === undefined) return;
    await trx<Item>('items')
      .where({ id })
      .update({ stock: item.stock - 1 });
  });
}
`,
    options: { certainty: 'likely' },
  });

  reports('a row of Sequelize that is updated by itself', {
    code: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  await account?.update({ balance: account.balance - amount });
}
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.0", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  readonly LOCK: { readonly UPDATE: 'UPDATE' };
  commit(): Promise<void>;
}
interface Options {
  transaction?: Transaction;
  lock?: boolean | string;
}
export class Model<T = unknown> {
  static findByPk<M extends Model>(this: new () => M, id: number, options?: Options): Promise<M | null>;
  static update<M extends Model>(this: new () => M, values: object, options: Options & { where: object }): Promise<[number]>;
  static increment<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  static decrement<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  update(values: Partial<T>, options?: Options): Promise<this>;
  increment(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  decrement(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  save(options?: Options): Promise<this>;
}
export class Sequelize {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'account?.update({ balance: account.balance - amount })',
        line: 11,
        message:
          '`account.balance` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  await account?.decrement('balance', { by: amount });
}
`,
          },
        ],
      },
    ],
  });

  reports('a column of Sequelize, by the id of the row', {
    code: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  if (account === null) return;
  await Account.update({ balance: account.balance - amount }, { where: { id: account.id } });
}
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.0", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  readonly LOCK: { readonly UPDATE: 'UPDATE' };
  commit(): Promise<void>;
}
interface Options {
  transaction?: Transaction;
  lock?: boolean | string;
}
export class Model<T = unknown> {
  static findByPk<M extends Model>(this: new () => M, id: number, options?: Options): Promise<M | null>;
  static update<M extends Model>(this: new () => M, values: object, options: Options & { where: object }): Promise<[number]>;
  static increment<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  static decrement<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  update(values: Partial<T>, options?: Options): Promise<this>;
  increment(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  decrement(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  save(options?: Options): Promise<this>;
}
export class Sequelize {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'Account.update({ balance: account.balance - amount }, { where: { id: account.id } })',
        line: 12,
        message:
          '`account.balance` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  if (account === null) return;
  await Account.decrement({ balance: amount }, { where: { id: account.id } });
}
`,
          },
        ],
      },
    ],
  });

  reports('a row of Sequelize that is changed and saved', {
    code: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  if (account === null) return;
  account.balance -= amount;
  await account.save();
}
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.0", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  readonly LOCK: { readonly UPDATE: 'UPDATE' };
  commit(): Promise<void>;
}
interface Options {
  transaction?: Transaction;
  lock?: boolean | string;
}
export class Model<T = unknown> {
  static findByPk<M extends Model>(this: new () => M, id: number, options?: Options): Promise<M | null>;
  static update<M extends Model>(this: new () => M, values: object, options: Options & { where: object }): Promise<[number]>;
  static increment<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  static decrement<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  update(values: Partial<T>, options?: Options): Promise<this>;
  increment(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  decrement(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  save(options?: Options): Promise<this>;
}
export class Sequelize {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
`,
    },
    errors: [
      {
        messageId: 'lost',
        on: 'account.save()',
        line: 13,
        message:
          '`account.balance` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  if (account === null) return;
  await account.decrement('balance', { by: amount });
}
`,
          },
        ],
      },
    ],
  });

  stays('a row of Sequelize that is locked', {
    code: `
import { Model, type Sequelize } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(sequelize: Sequelize, id: number, amount: number) {
  await sequelize.transaction(async (transaction) => {
    const account = await Account.findByPk(id, { lock: transaction.LOCK.UPDATE, transaction });
    await account?.update({ balance: account.balance - amount }, { transaction });
  });
}
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.0", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  readonly LOCK: { readonly UPDATE: 'UPDATE' };
  commit(): Promise<void>;
}
interface Options {
  transaction?: Transaction;
  lock?: boolean | string;
}
export class Model<T = unknown> {
  static findByPk<M extends Model>(this: new () => M, id: number, options?: Options): Promise<M | null>;
  static update<M extends Model>(this: new () => M, values: object, options: Options & { where: object }): Promise<[number]>;
  static increment<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  static decrement<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  update(values: Partial<T>, options?: Options): Promise<this>;
  increment(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  decrement(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  save(options?: Options): Promise<this>;
}
export class Sequelize {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
`,
    },
    options: { certainty: 'likely' },
  });

  stays('a column of Sequelize with the old value among the conditions', {
    code: `
import { Model } from 'sequelize';

class Account extends Model<{ balance: number }> {
  declare id: number;
  declare balance: number;
}

export async function pay(id: number, amount: number) {
  const account = await Account.findByPk(id);
  if (account === null) return;
  const { balance } = account;
  await Account.update({ balance: balance - amount }, { where: { id, balance } });
}
`,
    files: {
      'node_modules/sequelize/package.json': `{ "name": "sequelize", "version": "6.37.0", "types": "index.d.ts" }`,
      'node_modules/sequelize/index.d.ts': `export class Transaction {
  readonly LOCK: { readonly UPDATE: 'UPDATE' };
  commit(): Promise<void>;
}
interface Options {
  transaction?: Transaction;
  lock?: boolean | string;
}
export class Model<T = unknown> {
  static findByPk<M extends Model>(this: new () => M, id: number, options?: Options): Promise<M | null>;
  static update<M extends Model>(this: new () => M, values: object, options: Options & { where: object }): Promise<[number]>;
  static increment<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  static decrement<M extends Model>(this: new () => M, fields: object, options: Options & { where: object }): Promise<unknown>;
  update(values: Partial<T>, options?: Options): Promise<this>;
  increment(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  decrement(field: keyof T, options?: Options & { by?: number }): Promise<this>;
  save(options?: Options): Promise<this>;
}
export class Sequelize {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
`,
    },
    options: { certainty: 'likely' },
  });

  reports('a column of TypeORM, by an id that stands alone', {
    code: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function put(items: Repository<Item>, id: number, count: number) {
  const item = await items.findOneByOrFail({ id });
  await items.update(id, { stock: item.stock + count });
}
`,
    errors: [
      {
        messageId: 'lost',
        on: 'items.update(id, { stock: item.stock + count })',
        line: 11,
        message:
          '`item.stock` was read on line 10 and is written from that here; what others wrote in between is lost, unlike with `increment`.',
        suggestions: [
          {
            messageId: 'add',
            output: `
import { Repository } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function put(items: Repository<Item>, id: number, count: number) {
  await items.increment({ id }, 'stock', count);
}
`,
          },
        ],
      },
    ],
  });

  stays('a row of TypeORM that a statement locks', {
    code: `
import { DataSource } from 'typeorm';

class Item {
  id!: number;
  stock!: number;
}

export async function take(source: DataSource, id: number) {
  await source.transaction(async (manager) => {
    await manager.query('SELECT 1 FROM items WHERE id = $1 FOR UPDATE', [id]);
    const item = await manager.getRepository(Item).findOneByOrFail({ id });
    await manager.getRepository(Item).update({ id }, { stock: item.stock - 1 });
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a row of Drizzle behind an advisory lock', {
    code: `
import { eq, sql } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { integer, pgTable } from 'drizzle-orm/pg-core';

const items = pgTable('items', { id: integer('id').primaryKey(), stock: integer('stock').notNull() });

export async function take(db: NodePgDatabase, id: number, count: number) {
  await db.transaction(async (tx) => {
    await tx.execute(sql\`SELECT pg_advisory_xact_lock(\${id})\`);
    const [item] = await tx.select().from(items).where(eq(items.id, id));
    if (item === undefined) return;
    await tx.update(items).set({ stock: item.stock - count }).where(eq(items.id, id));
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a row of Knex in a serializable transaction', {
    code: `
import type { Knex } from 'knex';

interface Item {
  id: number;
  stock: number;
}

export async function take(db: Knex, id: number) {
  await db.transaction(async (trx) => {
    await trx.raw('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
    const item = await trx<Item>('items').where({ id }).first();
    if (item === undefined) return;
    await trx<Item>('items').where({ id }).update({ stock: item.stock - 1 });
  });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a column of TypeORM that is cleaned up', {
    code: `
import { Repository } from 'typeorm';

class Account {
  id!: number;
  email!: string;
}

export async function tidy(accounts: Repository<Account>, id: number) {
  const account = await accounts.findOneByOrFail({ id });
  await accounts.update({ id }, { email: account.email.trim().toLowerCase() });
}
`,
    options: { certainty: 'likely' },
  });

  stays('a counter of keyv under another key', {
    code: `
import Keyv from 'keyv';

const visits = new Keyv<number>();

export async function copy(from: string, to: string) {
  const count = (await visits.get(from)) ?? 0;
  await visits.set(to, count + 1);
}
`,
    options: { certainty: 'likely' },
  });

  reports('a row with a token that is made because there is none', {
    code: `
import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';

interface Invitation {
  address: string;
  token: string;
}

export async function invite(invitations: Collection<Invitation>, address: string) {
  const existing = await invitations.findOne({ address });
  if (existing !== null) return existing.token;
  const token = randomUUID();
  await invitations.insertOne({ address, token });
  return token;
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: 'invitations.insertOne({ address, token })',
        line: 14,
        message:
          '`invitations.insertOne` was not there on line 11 and is created here; two requests may both come this far, unlike with `updateOne` with `$setOnInsert` and `upsert: true`.',
      },
    ],
  });

  stays('a row with a token, of which the store makes sure', {
    code: `
import { randomUUID } from 'node:crypto';
import { model, Schema } from 'mongoose';

const Invitation = model('Invitation', new Schema({ address: { type: String, unique: true }, token: String }));

export async function invite(address: string) {
  const existing = await Invitation.findOne({ address });
  if (existing !== null) return existing.token;
  const token = randomUUID();
  await Invitation.create({ address, token });
  return token;
}
`,
    options: { certainty: 'likely' },
  });

  stays('plain data that is made because there is none', {
    code: `
import type { Collection } from 'mongodb';

interface Tag {
  name: string;
}

export async function tag(tags: Collection<Tag>, name: string) {
  const existing = await tags.findOne({ name });
  if (existing === null) await tags.insertOne({ name });
}
`,
    options: { certainty: 'likely' },
  });

  stays('what was there, where nothing else is wanted', {
    code: `
import type { Collection } from 'mongodb';

interface Access {
  _id: string;
  scopes: string[];
}
declare function sorted(scopes: string[]): string[];

export async function change(accesses: Collection<Access>, id: string, scopes: string[] | undefined) {
  const access = await accesses.findOne({ _id: id });
  if (access === null) return;
  await accesses.updateOne({ _id: id }, { $set: { scopes: sorted(scopes ?? access.scopes) } });
}
`,
    options: { certainty: 'likely' },
  });

  reports('a mark that somebody was here, written after the work', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function sendWelcome(user: string): Promise<void>;

export async function welcome(user: string) {
  if (await redis.exists(\`welcomed:\${user}\`)) return;
  await sendWelcome(user);
  await redis.set(\`welcomed:\${user}\`, Date.now());
}
`,
    options: { certainty: 'likely' },
    errors: [
      {
        messageId: 'twice',
        on: 'redis.set(`welcomed:${user}`, Date.now())',
        line: 10,
        message:
          '`welcomed:${user}` was not there on line 8 and is created here; two requests may both come this far, unlike with `SET … NX`.',
        suggestions: [
          {
            messageId: 'absent',
            output: `
import { Redis } from 'ioredis';

const redis = new Redis();
declare function sendWelcome(user: string): Promise<void>;

export async function welcome(user: string) {
  if (await redis.exists(\`welcomed:\${user}\`)) return;
  await sendWelcome(user);
  await redis.set(\`welcomed:\${user}\`, Date.now(), 'NX');
}
`,
          },
        ],
      },
    ],
  });

  stays('what runs once before the program serves', {
    code: `
import { Redis } from 'ioredis';

export class Settings {
  constructor(private readonly redis: Redis) {}

  async onModuleInit() {
    await this.addDefaults();
  }

  private async addDefaults() {
    const settings = JSON.parse((await this.redis.get('settings')) ?? '{}') as object;
    await this.redis.set('settings', JSON.stringify({ theme: 'light', ...settings }));
  }
}
`,
    options: { certainty: 'likely' },
  });

  // ------------------------------------------------------------------ programs

  stays('a script', {
    code: `
import { readFile, writeFile } from 'node:fs/promises';

const text = await readFile('package.json', 'utf8');
await writeFile('package.json', text.replace('0.0.0', '1.0.0'));
`,
    filename: 'bin/release.ts',
    options: { certainty: 'likely' },
  });

  stays('a test', {
    code: `
import { Redis } from 'ioredis';
import { test } from 'vitest';

const redis = new Redis();

test('counts', async () => {
  const visits = await redis.get('visits');
  await redis.set('visits', Number(visits) + 1);
});
`,
    filename: 'visits.test.ts',
    options: { certainty: 'likely' },
  });

  stays('the start of a program', {
    code: `
import http from 'node:http';
import { Redis } from 'ioredis';

const redis = new Redis();
const starts = await redis.get('starts');
await redis.set('starts', Number(starts) + 1);
http.createServer((_request, response) => response.end('ok')).listen(3000);
`,
    options: { certainty: 'likely' },
  });

  stays('something of the project that has the same names', {
    code: `
class Shelf {
  private readonly books = new Map<string, number>();

  async get(name: string) {
    return this.books.get(name) ?? 0;
  }

  async set(name: string, count: number) {
    this.books.set(name, count);
  }
}
const shelf = new Shelf();

export async function put(name: string) {
  const count = await shelf.get(name);
  await shelf.set(name, count + 1);
}
`,
    options: { certainty: 'likely' },
  });

  stays('a sum of the process that is written as it stands', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();
let hits = 0;

export async function hit() {
  const before = await redis.get('hits');
  hits += 1;
  await redis.set('hits', hits);
  return before;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a new value that was waited for, where the old one is only compared', {
    code: `
import { Redis } from 'ioredis';

declare function fetchRate(currency: string): Promise<number>;

const redis = new Redis();

export async function refresh(currency: string) {
  const before = await redis.get(currency);
  const rate = await fetchRate(currency);
  await redis.set(currency, rate);
  return Number(before) !== rate;
}
`,
    options: { certainty: 'likely' },
  });

  stays('a number that a module counts up once, when it is loaded', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

async function countStart() {
  const starts = Number(await redis.get('starts'));
  await redis.set('starts', starts + 1);
}

await countStart();
`,
    options: { certainty: 'likely' },
  });

  stays('a key that is read on one branch and written on the other', {
    code: `
import { Redis } from 'ioredis';

const redis = new Redis();

export async function visits(page: string, isNew: boolean) {
  if (!isNew) return Number(await redis.get(page)) + 1;
  await redis.set(page, 1);
  return 1;
}
`,
    options: { certainty: 'likely' },
  });
});
