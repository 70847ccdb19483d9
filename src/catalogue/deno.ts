import { entries } from './schema.ts';

/** The key-value store of Deno, which its package for Node.js declares as well. */
export const denoKv = entries('deno', {
  alsoKnownAs: ['@deno/kv'],
  checkedWith: '@types/deno 2.7, @deno/kv 0.14',
  types: { Kv: 'store' },
  members: {
    'Kv.get': { role: ['io', 'store-read'], key: 0, store: { under: 'value' } },
    'Kv.set': {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: { ifAbsent: '`atomic().check(…)`', atOnce: '`atomic().check(…)`' },
    },
    'Kv.delete': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
    'AtomicOperation.commit': { role: ['io', 'store-atomic'] },
  },
});
