import { entries } from './schema.ts';

/** Pools of the user's own objects beside `generic-pool`, and pools of worker threads beside `piscina`. */
export const objectPools = [
  entries('tarn', {
    checkedWith: 'tarn 3.1',
    types: { Pool: { role: ['pool', 'drainable'], reason: 'what it hands out is reset by nobody' } },
    members: {
      'new Pool': { role: 'creates', rejects: false },
      'Pool.acquire': {
        role: ['acquires', 'waits'],
        resource: 'result',
        through: 'promise',
        bound: { by: 'client-option', option: 'acquireTimeoutMillis', byDefault: true },
        reason: 'the promise is the property `promise` of what it returns',
      },
      'Pool.release': {
        role: 'releases',
        resource: 'argument',
        argument: 0,
        ends: 'sync',
        rejects: false,
        again: 'harmless',
        reason: 'says `false` for what is not borrowed',
      },
      'Pool.destroy': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('lightning-pool', {
    checkedWith: 'lightning-pool 4.14',
    types: {
      Pool: { role: ['pool', 'drainable', 'emitter'], reason: 'the hook `reset` of its factory runs on return' },
    },
    members: {
      createPool: { role: 'creates', rejects: false },
      'new Pool': { role: 'creates', rejects: false },
      'Pool.acquire': {
        role: ['acquires', 'waits'],
        resource: 'result',
        bound: { by: 'client-option', option: 'acquireTimeoutMillis' },
      },
      'Pool.release': {
        role: 'releases',
        resource: 'argument',
        argument: 0,
        ends: 'sync',
        rejects: false,
        again: 'harmless',
      },
      'Pool.releaseAsync': {
        role: 'releases',
        resource: 'argument',
        argument: 0,
        ends: 'promise',
        again: 'harmless',
      },
      'Pool.destroy': { role: 'destroys', resource: 'argument', argument: 0, ends: 'sync', rejects: false },
      'Pool.destroyAsync': { role: 'destroys', resource: 'argument', argument: 0, ends: 'promise' },
      'Pool.close': { role: 'drains', argument: -1, ends: 'callback', rejects: false },
      'Pool.closeAsync': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('tinypool', {
    checkedWith: 'tinypool 2.2',
    types: {
      Tinypool: {
        role: ['pool', 'drainable', 'emitter'],
        events: { success: ['drain'], failure: ['error'], recovers: true },
        stage: 'work',
        reason: 'what a task leaves in a worker thread stays there; `recycleWorkers` ends the threads',
      },
    },
    members: {
      'new Tinypool': { role: 'creates' },
      'Tinypool.run': {
        role: ['io', 'waits'],
        argument: 0,
        bound: { by: 'signal-option', argument: 1, option: 'signal' },
        reason: 'aborting the signal ends the worker thread',
      },
      'Tinypool.recycleWorkers': { role: ['resets', 'io'] },
      'Tinypool.destroy': { role: 'cuts-off', ends: 'promise', reason: 'rejects what runs and what waits' },
    },
  }),
  entries('workerpool', {
    checkedWith: 'workerpool 10.0',
    types: {
      Pool: {
        role: ['pool', 'drainable'],
        stage: 'work',
        keepsAlive: true,
        reason: 'what a task leaves in a worker stays there',
      },
    },
    members: {
      pool: { role: 'creates', rejects: false },
      'Pool.exec': {
        role: ['io', 'waits'],
        argument: 0,
        bound: { by: 'none' },
        reason: 'the promise that it returns has a `timeout` of its own',
      },
      'Pool.proxy': 'io',
      'Pool.terminate': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        bound: { by: 'milliseconds', argument: 1, unboundedBy: ['0'] },
        reason: 'waits for running tasks and rejects those that wait; with `true` it cuts off',
      },
    },
  }),
];
