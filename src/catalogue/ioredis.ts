import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const READS = [
  'exists',
  'get',
  'getBuffer',
  'getrange',
  'hexists',
  'hget',
  'hgetall',
  'hkeys',
  'hlen',
  'hmget',
  'hvals',
  'lindex',
  'llen',
  'lrange',
  'mget',
  'pttl',
  'scard',
  'sismember',
  'smembers',
  'strlen',
  'ttl',
  'type',
  'zcard',
  'zcount',
  'zrange',
  'zrank',
  'zscore',
];
const WRITES = [
  'del',
  'expire',
  'hdel',
  'hmset',
  'hset',
  'lset',
  'ltrim',
  'mset',
  'persist',
  'pexpire',
  'psetex',
  'set',
  'setex',
  'unlink',
];
const ATOMIC = [
  'append',
  'decr',
  'decrby',
  'getdel',
  'getex',
  'getset',
  'hincrby',
  'hincrbyfloat',
  'hsetnx',
  'incr',
  'incrby',
  'incrbyfloat',
  'lpop',
  'lpush',
  'msetnx',
  'rpop',
  'rpush',
  'sadd',
  'setnx',
  'spop',
  'srem',
  'zadd',
  'zincrby',
  'zrem',
];

const bound = { by: 'client-option', option: 'commandTimeout' } as const;
const read: MemberEntry = { role: ['io', 'store-read'], key: 0, bound };
const write: MemberEntry = { role: ['io', 'store-write'], key: 0, value: 1, bound };
const atomic: MemberEntry = { role: ['io', 'store-atomic'], key: 0, value: 1, bound };

const WORDS = ['NX', 'XX', 'IFEQ', 'IFNE', 'IFDEQ', 'IFDNE', 'GT', 'LT'];
const atOnce = '`WATCH` and `MULTI`, or a Lua script';
const EXPIRY = ['EX', 'PX', 'EXAT', 'PXAT', 'expire', 'pexpire', 'expireat', 'pexpireat', 'setex', 'psetex'];
const given = (store: StoreAccess): MemberEntry => ({ ...read, store });
const put = (value: number, store: StoreAccess = {}): MemberEntry => ({
  ...write,
  value,
  store: {
    unless: { words: WORDS },
    ifAbsent: '`SET … NX`',
    atOnce,
    adds: {
      name: 'incrby',
      call: '{receiver}.incrby({key}, {by})',
      minus: '{receiver}.decrby({key}, {by})',
      gives: 'sum',
      isWhole: true,
      differsWith: EXPIRY,
    },
    ...store,
  },
});
const HASH: StoreAccess = {
  field: 1,
  ifAbsent: '`HSETNX`',
  adds: {
    name: 'hincrby',
    call: '{receiver}.hincrby({key}, {field}, {by})',
    gives: 'sum',
    isWhole: true,
  },
};

/** The commands of which a pair may lose what another client wrote in between. */
const PAIRS: Readonly<Record<string, MemberEntry>> = {
  get: given({}),
  getBuffer: given({}),
  exists: given({ gives: 'existence' }),
  hget: given({ field: 1 }),
  hexists: given({ field: 1, gives: 'existence' }),
  hgetall: given({ gives: 'fields' }),
  lrange: given({}),
  llen: given({ gives: 'count' }),
  smembers: given({}),
  scard: given({ gives: 'count' }),
  sismember: given({ field: 1, gives: 'existence' }),
  zscore: given({ field: 1 }),
  set: { ...put(1), store: { ...put(1).store, absentArgument: "'NX'" } },
  setex: put(2),
  psetex: put(2),
  hset: put(2, HASH),
  hmset: put(2, HASH),
  del: { ...write, store: { writes: 'removes', atOnce } },
};

/** Commands that wait until another client writes. The seconds stand last; 0 is for ever. */
const blocks: MemberEntry = {
  role: 'waits',
  key: 0,
  bound: { by: 'seconds', argument: -1, unboundedBy: ['0', "'0'"], clientOptions: ['blockingTimeout'] },
  reason: 'the connection is blocked for everybody else meanwhile',
};
const blocksFirst: MemberEntry = { ...blocks, key: 2, bound: { ...blocks.bound, by: 'seconds', argument: 0 } };

const EVENTS = { success: ['connect', 'ready'], failure: ['error'], end: ['end'], recovers: true };

/** ioredis 5 and 6. The commands of a client and of a cluster are declared on `RedisCommander`. */
export const ioredis = entries('ioredis', {
  checkedWith: 'ioredis 5.11',
  types: {
    Redis: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
    Cluster: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
    ChainableCommander: { role: 'lazy-thenable', reason: 'nothing is sent before `exec`' },
  },
  members: {
    'new Redis': { role: 'creates', rejects: false },
    'new Cluster': { role: 'creates', rejects: false },
    'Redis.duplicate': { role: 'creates', rejects: false },
    'Redis.connect': { role: 'io' },
    ...sameFor('RedisCommander', READS, read),
    ...sameFor('RedisCommander', WRITES, write),
    ...sameFor('RedisCommander', ATOMIC, atomic),
    ...Object.fromEntries(Object.entries(PAIRS).map(([name, row]) => [`RedisCommander.${name}`, row])),
    ...sameFor('RedisCommander', ['eval', 'evalsha'], {
      ...atomic,
      key: 2,
      value: 0,
      reason: 'a script runs in one step',
    }),
    ...sameFor('RedisCommander', ['blmove', 'blpop', 'brpop', 'brpoplpush', 'bzpopmax', 'bzpopmin'], blocks),
    ...sameFor('RedisCommander', ['blmpop', 'bzmpop'], blocksFirst),
    'RedisCommander.wait': {
      role: 'waits',
      bound: { by: 'milliseconds', argument: 1, unboundedBy: ['0', "'0'"], clientOptions: ['commandTimeout'] },
      reason: 'waits for replicas',
    },
    ...sameFor('RedisCommander', ['xread', 'xreadgroup'], {
      role: 'waits',
      bound: {
        by: 'milliseconds',
        word: 'BLOCK',
        unboundedBy: ['0', "'0'"],
        byDefault: true,
        clientOptions: ['blockingTimeout'],
      },
      reason: 'waits only with the word BLOCK',
    }),
    ...sameFor('RedisCommander', ['watch', 'unwatch'], {
      role: 'io',
      reason: 'on a shared connection the EXEC of somebody else ends the watch',
    }),
    ...sameFor('RedisCommander', ['publish', 'subscribe', 'psubscribe', 'ping', 'keys', 'scan'], { role: 'io', bound }),
    ...sameFor('ChainableCommander', READS, { role: 'pure' }),
    ...sameFor('ChainableCommander', [...WRITES, ...ATOMIC], { role: 'pure', reason: 'queued; sent by `exec`' }),
    'ChainableCommander.exec': { role: ['io', 'store-atomic'], bound },
    'RedisCommander.quit': {
      role: 'drains',
      ends: 'promise',
      mayHang: true,
      reason: 'replies are awaited; may hang while the client reconnects',
    },
    'Redis.disconnect': {
      role: 'cuts-off',
      ends: 'sync',
      gracefully: 'quit',
      rejects: false,
      reason: 'drops replies that are still to come',
    },
    'Cluster.quit': { role: 'drains', ends: 'promise', mayHang: true },
    'Cluster.disconnect': {
      role: 'cuts-off',
      ends: 'sync',
      gracefully: 'quit',
      rejects: false,
      reason: 'drops replies that are still to come',
    },
  },
});
