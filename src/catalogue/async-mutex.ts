import { entries } from './schema.ts';

const unbounded = { by: 'none' } as const;

/** async-mutex. The classes implement the interfaces, and `withTimeout` gives the interface. */
export const asyncMutex = entries('async-mutex', {
  checkedWith: 'async-mutex 0.5',
  types: { MutexInterface: 'lock', SemaphoreInterface: 'lock' },
  members: {
    'new Mutex': 'pure',
    'new Semaphore': { role: 'creates-limiter', concurrency: { argument: 0, fallback: 1 }, rejects: false },
    'MutexInterface.acquire': {
      role: ['locks', 'waits'],
      resource: 'result-call',
      bound: unbounded,
      reason: 'the argument is a priority, not a timeout; calling the releaser twice is harmless',
    },
    'MutexInterface.runExclusive': { role: ['exclusive', 'waits'], argument: 0, bound: unbounded },
    'MutexInterface.release': {
      role: 'unlocks',
      resource: 'receiver',
      ends: 'sync',
      rejects: false,
      again: 'harmless',
    },
    'MutexInterface.waitForUnlock': { role: 'waits', bound: unbounded, reason: 'not a lock' },
    'MutexInterface.isLocked': 'reads',
    'MutexInterface.cancel': 'safe',
    'SemaphoreInterface.acquire': {
      role: ['locks', 'waits'],
      resource: 'result-element',
      value: 1,
      bound: unbounded,
      reason: 'gives a pair: the value and the releaser',
    },
    'SemaphoreInterface.runExclusive': {
      role: ['runs-concurrently', 'waits'],
      argument: 0,
      bound: unbounded,
      reason: 'excludes others only where the semaphore was made with 1',
    },
    'SemaphoreInterface.release': {
      role: 'unlocks',
      resource: 'receiver',
      ends: 'sync',
      rejects: false,
      again: 'harmless',
    },
    'SemaphoreInterface.waitForUnlock': { role: 'waits', bound: unbounded, reason: 'not a lock' },
    'SemaphoreInterface.isLocked': 'reads',
    'SemaphoreInterface.cancel': 'safe',
    withTimeout: { role: ['bounds-argument', 'safe'], argument: 0, bound: { by: 'milliseconds', argument: 1 } },
    tryAcquire: {
      role: ['bounds-argument', 'safe'],
      argument: 0,
      reason: 'the lock it gives fails at once instead of waiting',
    },
  },
});
