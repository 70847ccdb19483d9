import { type CatalogueEntry, entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const READS = [
  'exists',
  'get',
  'getRange',
  'hExists',
  'hGet',
  'hGetAll',
  'hLen',
  'hmGet',
  'lLen',
  'lRange',
  'mGet',
  'sCard',
  'sIsMember',
  'sMembers',
  'strLen',
  'ttl',
  'zCard',
  'zRange',
  'zScore',
];
const WRITES = [
  'del',
  'expire',
  'hDel',
  'hSet',
  'lSet',
  'mSet',
  'pExpire',
  'pSetEx',
  'persist',
  'set',
  'setEx',
  'unlink',
];
const ATOMIC = [
  'append',
  'decr',
  'decrBy',
  'getDel',
  'getEx',
  'hIncrBy',
  'hIncrByFloat',
  'hSetNX',
  'incr',
  'incrBy',
  'incrByFloat',
  'lPop',
  'lPush',
  'rPop',
  'rPush',
  'sAdd',
  'sRem',
  'setNX',
  'zAdd',
  'zIncrBy',
  'zRem',
];

const bound = { by: 'client-option', option: 'commandOptions.timeout' } as const;
const read: MemberEntry = { role: ['io', 'store-read'], key: 0, bound };
const write: MemberEntry = { role: ['io', 'store-write'], key: 0, value: 1, bound };
const atomic: MemberEntry = { role: ['io', 'store-atomic'], key: 0, value: 1, bound };
const blocks: MemberEntry = {
  role: 'waits',
  key: 0,
  bound: { by: 'seconds', argument: 1, unboundedBy: ['0'] },
  reason: 'the connection is blocked for everybody else meanwhile',
};

const OPTIONS = ['NX', 'XX', 'condition'];
const atOnce = '`WATCH` and `MULTI`, or a Lua script';
const EXPIRY = [
  'EX',
  'PX',
  'EXAT',
  'PXAT',
  'expiration',
  'expire',
  'pExpire',
  'expireAt',
  'pExpireAt',
  'setEx',
  'pSetEx',
];
const given = (store: StoreAccess): MemberEntry => ({ ...read, store });
const put = (value: number, store: StoreAccess = {}): MemberEntry => ({
  ...write,
  value,
  store: {
    unless: { options: OPTIONS },
    ifAbsent: '`SET` with `NX`',
    atOnce,
    adds: {
      name: 'incrBy',
      call: '{receiver}.incrBy({key}, {by})',
      minus: '{receiver}.decrBy({key}, {by})',
      gives: 'sum',
      isWhole: true,
      differsWith: EXPIRY,
    },
    ...store,
  },
});

/** The commands of which a pair may lose what another client wrote in between. */
const PAIRS: Readonly<Record<string, MemberEntry>> = {
  get: given({}),
  exists: given({ gives: 'existence' }),
  hGet: given({ field: 1 }),
  hExists: given({ field: 1, gives: 'existence' }),
  hGetAll: given({ gives: 'fields' }),
  lRange: given({}),
  lLen: given({ gives: 'count' }),
  sMembers: given({}),
  sCard: given({ gives: 'count' }),
  sIsMember: given({ field: 1, gives: 'existence' }),
  zScore: given({ field: 1 }),
  set: { ...put(1), store: { ...put(1).store, absentOption: 'NX: true' } },
  setEx: put(2),
  pSetEx: put(2),
  hSet: put(2, {
    field: 1,
    ifAbsent: '`HSETNX`',
    adds: { name: 'hIncrBy', call: '{receiver}.hIncrBy({key}, {field}, {by})', gives: 'sum', isWhole: true },
  }),
  del: { ...write, store: { writes: 'removes', atOnce } },
};

/** The client is an alias of an intersection; `createClient` may give the alias of either package, or the class. */
const CLIENTS = ['RedisClientType', 'RedisClusterType'];
const EVENTS = { success: ['connect', 'ready'], failure: ['error'], end: ['end'], recovers: true };

function ofClients(names: readonly string[], row: MemberEntry): Readonly<Record<string, MemberEntry>> {
  return Object.fromEntries(CLIENTS.flatMap((client) => Object.entries(sameFor(client, names, row))));
}

const also: Pick<CatalogueEntry, 'alsoKnownAs'> = { alsoKnownAs: ['@redis/client'] };

/** node-redis 4 to 6. */
export const redis: readonly CatalogueEntry[] = [
  entries('redis', {
    ...also,
    checkedWith: 'redis 6.3',
    types: {
      RedisClient: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
      RedisClientType: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
      RedisClusterType: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
      RedisCluster: { role: ['store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
      RedisClientPool: { role: ['pool', 'store', 'drainable', 'emitter'], events: EVENTS, keepsAlive: true },
      RedisClientMultiCommand: { role: 'lazy-thenable', reason: 'nothing is sent before `exec`' },
    },
    members: {
      createClient: { role: 'creates' },
      createCluster: { role: 'creates' },
      'RedisClient.connect': { role: 'io' },
      'RedisClient.duplicate': { role: 'creates' },
      'RedisClient.sendCommand': { role: 'io', bound },
      ...ofClients(READS, read),
      ...ofClients(WRITES, write),
      ...ofClients(ATOMIC, atomic),
      ...Object.fromEntries(Object.entries(PAIRS).flatMap(([name, row]) => Object.entries(ofClients([name], row)))),
      ...ofClients(['blPop', 'brPop', 'bzPopMax', 'bzPopMin'], blocks),
      ...ofClients(['blMove'], { ...blocks, bound: { by: 'seconds', argument: 4, unboundedBy: ['0'] } }),
      ...ofClients(['brPopLPush'], { ...blocks, bound: { by: 'seconds', argument: 2, unboundedBy: ['0'] } }),
      ...ofClients(['blmPop', 'bzmPop'], {
        ...blocks,
        key: 1,
        bound: { by: 'seconds', argument: 0, unboundedBy: ['0'] },
      }),
      ...ofClients(['wait'], {
        role: 'waits',
        bound: { by: 'milliseconds', argument: 1, unboundedBy: ['0'] },
        reason: 'waits for replicas',
      }),
      ...ofClients(['xRead', 'xReadGroup'], {
        role: 'waits',
        bound: { by: 'milliseconds', argument: -1, option: 'BLOCK', unboundedBy: ['0'], byDefault: true },
        reason: 'waits only with the option BLOCK',
      }),
      ...ofClients(['eval', 'evalSha'], { ...atomic, reason: 'a script runs in one step' }),
      'RedisClientType.publish': { role: 'io', bound },
    },
  }),
  entries('redis', {
    ...also,
    since: '>=5',
    types: { RedisSentinel: { role: ['drainable', 'emitter'], events: EVENTS, keepsAlive: true } },
    members: {
      createClientPool: { role: 'creates' },
      createSentinel: { role: 'creates' },
      'RedisClientPool.static:create': { role: 'creates' },
      'RedisClient.close': { role: 'drains', ends: 'promise', mayHang: true, reason: 'pending commands are awaited' },
      'RedisClient.destroy': {
        role: 'cuts-off',
        ends: 'sync',
        gracefully: 'close',
        rejects: false,
        reason: 'rejects pending commands',
      },
      'RedisClient.quit': { role: 'drains', ends: 'promise', mayHang: true, reason: 'deprecated in favour of `close`' },
      'RedisClient.disconnect': {
        role: 'cuts-off',
        ends: 'promise',
        gracefully: 'close',
        reason: 'deprecated; the same as `destroy`',
      },
      'RedisClientPool.execute': { role: 'lends', argument: 0 },
      'RedisClientPool.close': { role: 'drains', ends: 'promise', mayHang: true },
      'RedisCluster.close': { role: 'drains', ends: 'promise', mayHang: true },
      'RedisCluster.destroy': { role: 'cuts-off', ends: 'sync', gracefully: 'close', rejects: false },
      'RedisCluster.quit': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        reason: 'deprecated in favour of `close`',
      },
      'RedisCluster.disconnect': {
        role: 'cuts-off',
        ends: 'promise',
        gracefully: 'close',
        reason: 'deprecated; the same as `destroy`',
      },
      'RedisSentinel.close': { role: 'drains', ends: 'promise', mayHang: true },
      'RedisSentinel.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
      'RedisClientPool.destroy': { role: 'cuts-off', ends: 'sync', gracefully: 'close', rejects: false },
    },
  }),
  entries('redis', {
    ...also,
    since: '<5',
    checkedWith: 'redis 4.7',
    members: {
      'RedisClientType.quit': { role: 'drains', ends: 'promise', mayHang: true },
      'RedisClusterType.quit': { role: 'drains', ends: 'promise', mayHang: true },
      'RedisClusterType.disconnect': { role: 'cuts-off', ends: 'promise', gracefully: 'quit' },
      'RedisClientType.disconnect': { role: 'cuts-off', ends: 'promise', gracefully: 'quit' },
      'RedisClientType.executeIsolated': { role: 'lends', argument: 0 },
    },
  }),
];
