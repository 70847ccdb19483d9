import { entries } from './schema.ts';

/** generic-pool. */
export const genericPool = entries('generic-pool', {
  checkedWith: 'generic-pool 3.9',
  types: {
    Pool: {
      role: ['pool', 'drainable', 'emitter'],
      events: { failure: ['factoryCreateError', 'factoryDestroyError'] },
      reason: 'what it hands out is reset by nobody',
    },
  },
  members: {
    createPool: { role: 'creates', bound: { by: 'timeout-option', argument: 1, option: 'acquireTimeoutMillis' } },
    'Pool.acquire': {
      role: ['acquires', 'waits'],
      resource: 'result',
      bound: { by: 'client-option', option: 'acquireTimeoutMillis' },
    },
    'Pool.release': {
      role: 'releases',
      resource: 'argument',
      argument: 0,
      ends: 'promise',
      reason: 'a second release rejects',
    },
    'Pool.destroy': { role: 'destroys', resource: 'argument', argument: 0, ends: 'promise' },
    'Pool.use': {
      role: ['lends', 'waits'],
      argument: 0,
      bound: { by: 'client-option', option: 'acquireTimeoutMillis' },
    },
    'Pool.drain': { role: 'drains', ends: 'promise', mayHang: true, reason: 'waits for everything borrowed' },
    'Pool.clear': { role: 'destroys', resource: 'receiver', ends: 'promise' },
    'Pool.ready': { role: 'waits', waitsFor: 'ready', bound: { by: 'none' } },
  },
});
