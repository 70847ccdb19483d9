import { entries } from './schema.ts';

/** async-lock. */
export const asyncLock = entries('async-lock', {
  checkedWith: '@types/async-lock 1.4',
  types: { AsyncLock: 'lock' },
  members: {
    'new AsyncLock': {
      role: 'safe',
      bound: { by: 'timeout-option', argument: 0, option: 'timeout', unboundedBy: ['0'] },
    },
    'AsyncLock.acquire': {
      role: ['exclusive', 'waits'],
      key: 0,
      argument: 1,
      bound: {
        by: 'timeout-option',
        argument: -1,
        option: 'timeout',
        unboundedBy: ['0'],
        clientOptions: ['timeout'],
      },
    },
    'AsyncLock.isBusy': { role: 'reads', key: 0 },
  },
});

/** await-lock. */
export const awaitLock = entries('await-lock', {
  checkedWith: 'await-lock 3.0',
  types: { AwaitLock: 'lock' },
  members: {
    'new AwaitLock': 'pure',
    'AwaitLock.acquireAsync': {
      role: ['locks', 'waits'],
      resource: 'receiver',
      bound: { by: 'timeout-option', argument: 0, option: 'timeout' },
    },
    'AwaitLock.tryAcquire': {
      role: 'locks',
      resource: 'receiver',
      rejects: false,
      reason: 'does not wait: says whether it got the lock',
    },
    'AwaitLock.release': { role: 'unlocks', resource: 'receiver', ends: 'sync' },
  },
});

/** async-sema. */
export const asyncSema = entries('async-sema', {
  checkedWith: 'async-sema 3.1',
  types: { Sema: 'lock' },
  members: {
    'new Sema': { role: 'creates-limiter', concurrency: { argument: 0, fallback: 1 }, rejects: false },
    'Sema.acquire': { role: ['locks', 'waits'], resource: 'receiver', bound: { by: 'none' } },
    'Sema.tryAcquire': { role: 'locks', resource: 'receiver', rejects: false, reason: 'does not wait' },
    'Sema.release': {
      role: 'unlocks',
      resource: 'receiver',
      ends: 'sync',
      rejects: false,
      reason: 'a second release grants a permit too many',
    },
    'Sema.drain': {
      role: ['locks', 'waits'],
      resource: 'receiver',
      bound: { by: 'none' },
      reason: 'takes every permit',
    },
    RateLimit: 'safe',
  },
});

/** proper-lockfile: a lock between processes, named by a file. */
export const properLockfile = entries('proper-lockfile', {
  checkedWith: '@types/proper-lockfile 4.1',
  members: {
    lock: {
      role: ['locks', 'waits'],
      resource: 'result-call',
      key: 0,
      bound: { by: 'timeout-option', argument: 1, option: 'retries', byDefault: true },
      ends: 'promise',
      reason: 'fails at once unless `retries` says otherwise',
    },
    unlock: { role: 'unlocks', resource: 'argument', argument: 0, key: 0, ends: 'promise' },
    lockSync: { role: 'locks', resource: 'result-call', key: 0, ends: 'sync' },
    unlockSync: { role: 'unlocks', resource: 'argument', argument: 0, key: 0, ends: 'sync' },
    check: { role: ['io', 'store-read'], key: 0 },
  },
});

const lease = {
  bound: { by: 'timeout-option', argument: 2, option: 'retryCount', byDefault: true },
  reason: 'a lease: it ends by itself after its time to live',
} as const;

/** redlock 4 and 5: a lock between processes, named by keys of Redis. */
export const redlock = entries('redlock', {
  checkedWith: 'redlock 5.0.0-beta.2, @types/redlock 4.0',
  types: { Lock: 'lock' },
  members: {
    'new Redlock': 'pure',
    'Redlock.acquire': { role: ['locks', 'waits'], resource: 'result', key: 0, endsAlone: true, ...lease },
    'Redlock.lock': { role: ['locks', 'waits'], resource: 'result', key: 0, endsAlone: true, ...lease },
    'Redlock.using': { role: ['exclusive', 'waits'], argument: -1, key: 0, ...lease },
    'Redlock.release': { role: 'unlocks', resource: 'argument', argument: 0, ends: 'promise' },
    'Redlock.unlock': { role: 'unlocks', resource: 'argument', argument: 0, ends: 'promise' },
    'Lock.release': { role: 'unlocks', resource: 'receiver', ends: 'promise' },
    'Lock.unlock': { role: 'unlocks', resource: 'receiver', ends: 'promise' },
    'Lock.extend': 'io',
    'Redlock.extend': 'io',
    'Redlock.quit': { role: 'drains', ends: 'promise' },
  },
});
