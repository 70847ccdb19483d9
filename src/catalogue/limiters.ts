import { entries, type MemberEntry, sameFor } from './schema.ts';

const limited: MemberEntry = {
  role: 'runs-concurrently',
  argument: 0,
  reason: 'one at a time only where the limiter was made with a concurrency of 1 and is shared',
};

/** p-limit. */
export const pLimit = entries('p-limit', {
  checkedWith: 'p-limit 7.3',
  types: { LimitFunction: 'limiter' },
  members: {
    pLimit: { role: 'creates-limiter', concurrency: { argument: 0, option: 'concurrency', fallback: 1 } },
    'LimitFunction.()': limited,
    'LimitFunction.map': { ...limited, argument: 1 },
    'LimitFunction.clearQueue': 'safe',
  },
});

/** p-queue. */
export const pQueue = entries('p-queue', {
  checkedWith: 'p-queue 9',
  types: {
    PQueue: {
      role: ['limiter', 'drainable', 'emitter'],
      events: { success: ['active', 'completed', 'empty', 'idle', 'next'], failure: ['error'], recovers: true },
      stage: 'work',
    },
  },
  members: {
    'new PQueue': {
      role: 'creates-limiter',
      concurrency: { argument: 0, option: 'concurrency', fallback: Number.POSITIVE_INFINITY },
      bound: { by: 'timeout-option', argument: 0, option: 'timeout' },
    },
    'PQueue.add': { ...limited, bound: { by: 'timeout-option', argument: 1, option: 'timeout' } },
    'PQueue.addAll': { ...limited, reason: 'the argument is a list of callbacks' },
    'PQueue.onIdle': {
      role: ['drains', 'waits'],
      ends: 'promise',
      mayHang: true,
      bound: { by: 'none' },
      rejects: false,
      reason: 'waits for ever for a task that hangs',
    },
    ...sameFor('PQueue', ['onEmpty', 'onSizeLessThan'], { role: 'waits', bound: { by: 'none' }, rejects: false }),
    'PQueue.onPendingZero': {
      role: ['drains', 'waits'],
      ends: 'promise',
      mayHang: true,
      bound: { by: 'none' },
      rejects: false,
      since: '>=9',
    },
    'PQueue.clear': { role: 'safe', reason: 'promises of tasks that had not begun stay pending' },
    ...sameFor('PQueue', ['pause', 'start'], 'safe'),
  },
});

/** p-map. */
export const pMap = entries('p-map', {
  checkedWith: 'p-map 7.1',
  members: {
    pMap: {
      role: ['runs-concurrently', 'joins'],
      argument: 1,
      value: 0,
      concurrency: { argument: 2, option: 'concurrency', fallback: Number.POSITIVE_INFINITY },
    },
    pMapIterable: {
      role: 'runs-concurrently',
      argument: 1,
      value: 0,
      concurrency: { argument: 2, option: 'concurrency', fallback: Number.POSITIVE_INFINITY },
    },
  },
});

/** bottleneck. */
export const bottleneck = entries('bottleneck', {
  checkedWith: 'bottleneck 2.19',
  types: { Bottleneck: { role: ['limiter', 'drainable'], stage: 'work' } },
  members: {
    'new Bottleneck': {
      role: 'creates-limiter',
      concurrency: { argument: 0, option: 'maxConcurrent', fallback: Number.POSITIVE_INFINITY },
    },
    'Bottleneck.schedule': { ...limited, bound: { by: 'timeout-option', argument: 0, option: 'expiration' } },
    'Bottleneck.submit': { ...limited, ends: 'callback' },
    'Bottleneck.wrap': { ...limited, reason: 'the callback runs at each call of the result' },
    'Bottleneck.stop': { role: 'drains', ends: 'promise', mayHang: true },
    'Bottleneck.disconnect': { role: 'drains', ends: 'promise' },
  },
});

/** fastq. */
export const fastq = entries('fastq', {
  checkedWith: 'fastq 1.20',
  types: { queueAsPromised: { role: 'drainable', stage: 'work' } },
  members: {
    'queueAsPromised.drained': { role: 'drains', ends: 'promise', mayHang: true, rejects: false },
    ...sameFor('queueAsPromised', ['abort', 'kill', 'killAndDrain'], {
      role: 'cuts-off',
      ends: 'sync',
      gracefully: 'drained',
      rejects: false,
      reason: 'throws away what has not begun',
    }),
  },
});
