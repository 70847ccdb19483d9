import { entries } from './schema.ts';

/** Databases and query builders beside those with a file of their own. */
export const otherStores = [
  entries('superagent', {
    checkedWith: '@types/superagent 8.1',
    types: { Request: { role: 'lazy-thenable', reason: 'sent by `then`, `end` or `await`' } },
  }),
  entries('node:sqlite', {
    checkedWith: '@types/node 24',
    types: { DatabaseSync: { role: ['store', 'drainable'] } },
    members: { 'DatabaseSync.close': { role: 'drains', ends: 'sync', reason: 'a second one throws' } },
  }),
  entries('cache-manager', {
    checkedWith: 'cache-manager 7.2',
    types: { Cache: 'drainable' },
    members: {
      createCache: 'creates',
      'Cache.disconnect': { role: 'drains', ends: 'promise' },
      'Cache.get': { role: ['io', 'store-read'], key: 0, store: {} },
      'Cache.set': {
        role: ['io', 'store-write'],
        key: 0,
        value: 1,
        store: { ifAbsent: '`wrap`', atOnce: 'an atomic command of the store behind it' },
      },
      'Cache.del': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
      'Cache.wrap': {
        role: ['io', 'store-atomic'],
        key: 0,
        reason: 'concurrent misses of one key run the loader once',
      },
    },
  }),
];
