import { entries, sameFor } from './schema.ts';

/** lru-cache. */
export const lruCache = entries('lru-cache', {
  checkedWith: 'lru-cache 11.5',
  types: { LRUCache: 'collection' },
  members: {
    'new LRUCache': { role: 'creates' },
    ...sameFor('LRUCache', ['get', 'has', 'peek'], { role: ['reads', 'pure'], key: 0 }),
    'LRUCache.set': { role: 'mutates', key: 0, value: 1, rejects: false },
    'LRUCache.delete': { role: 'mutates', key: 0, rejects: false },
    'LRUCache.clear': { role: ['mutates', 'resets'], rejects: false },
    'LRUCache.pop': { role: ['reads', 'mutates'], rejects: false },
    ...sameFor('LRUCache', ['entries', 'keys', 'values', 'dump'], { role: ['reads', 'pure'] }),
    'LRUCache.forEach': { role: ['reads', 'runs-now'], argument: 0, rejects: false },
    'LRUCache.find': { role: ['reads', 'runs-now'], argument: 0, rejects: false },
    ...sameFor('LRUCache', ['fetch', 'forceFetch'], {
      role: ['io', 'store-atomic'],
      key: 0,
      reason: 'concurrent misses of one key run the loader once',
    }),
    'LRUCache.memo': { role: ['reads', 'mutates'], key: 0 },
  },
});

/** keyv: no increment, no compare-and-set, no lock. */
export const keyv = entries('keyv', {
  checkedWith: 'keyv 5',
  types: { Keyv: { role: ['store', 'drainable', 'emitter'], events: { failure: ['error'] } } },
  members: {
    'new Keyv': { role: 'creates' },
    'Keyv.get': { role: ['io', 'store-read'], key: 0, store: {} },
    'Keyv.getMany': { role: ['io', 'store-read'], key: 0 },
    'Keyv.has': { role: ['io', 'store-read'], key: 0, store: { gives: 'existence' } },
    'Keyv.set': {
      role: ['io', 'store-write'],
      key: 0,
      value: 1,
      store: { atOnce: 'an atomic command of the store behind it' },
    },
    'Keyv.delete': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
    'Keyv.clear': { role: ['io', 'store-write'] },
    'Keyv.disconnect': { role: 'drains', ends: 'promise' },
  },
});
