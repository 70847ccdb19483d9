import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const given = (store: StoreAccess): MemberEntry => ({ role: ['io', 'store-read'], key: 0, store });
const atOnce = 'a Lua script';
const EXPIRY = ['ex', 'px', 'exat', 'pxat', 'keepTtl', 'expire', 'pexpire', 'expireat', 'setex', 'psetex'];

/** Redis over HTTP. Values are serialised and parsed by the client. */
export const upstashRedis = entries('@upstash/redis', {
  checkedWith: '@upstash/redis 1.35',
  types: { Redis: 'store' },
  members: {
    'Redis.get': given({}),
    'Redis.exists': given({ gives: 'existence' }),
    'Redis.hget': given({ field: 1 }),
    'Redis.hexists': given({ field: 1, gives: 'existence' }),
    'Redis.hgetall': given({ gives: 'fields' }),
    'Redis.set': {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: {
        unless: { options: ['nx', 'xx'] },
        ifAbsent: '`SET` with `nx`',
        absentOption: 'nx: true',
        atOnce,
        adds: {
          name: 'incrby',
          call: '{receiver}.incrby({key}, {by})',
          minus: '{receiver}.decrby({key}, {by})',
          gives: 'sum',
          isWhole: true,
          differsWith: EXPIRY,
        },
      },
    },
    'Redis.hset': {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: {
        field: 1,
        ifAbsent: '`HSETNX`',
        atOnce,
        adds: { name: 'hincrby', call: '{receiver}.hincrby({key}, {field}, {by})', gives: 'sum', isWhole: true },
      },
    },
    'Redis.del': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
    ...sameFor('Redis', ['decr', 'decrby', 'getdel', 'hincrby', 'hsetnx', 'incr', 'incrby', 'setnx'], {
      role: ['io', 'store-atomic'],
      key: 0,
      value: 1,
    }),
  },
});
