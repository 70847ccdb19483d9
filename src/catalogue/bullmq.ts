import { entries, sameFor } from './schema.ts';

/** Bull. */
export const bull = entries('bull', {
  checkedWith: 'bull 4.16',
  types: {
    Job: {
      role: ['job', 'request-scope'],
      isAlsoReceived: true,
      comesAlone: true,
      reason: 'when the processor settles its lock is gone; who adds it gets it too',
    },
    Queue: {
      role: ['drainable', 'emitter'],
      events: { failure: ['error'], recovers: true },
      stage: 'work',
      keepsAlive: true,
    },
  },
  members: {
    'Queue.process': {
      role: ['handler', 'serves'],
      argument: -1,
      catches: true,
      reason: 'a rejection of the processor fails the job',
    },
    'Queue.add': { role: 'io' },
    'Queue.close': {
      role: 'drains',
      ends: 'promise',
      mayHang: true,
      reason: 'waits for active jobs without limit; `close(true)` leaves them to be found stalled',
    },
    'Queue.pause': {
      role: 'drains',
      ends: 'promise',
      mayHang: true,
      reason: 'waits for active jobs only with `pause(true)`: of this process',
    },
    ...sameFor('Job', ['discard', 'log', 'progress', 'remove', 'retry', 'update'], { role: 'io' }),
    'Job.finished': { role: 'waits', bound: { by: 'none' } },
  },
});

/** BullMQ 5 and 6. */
export const bullmq = entries('bullmq', {
  checkedWith: 'bullmq 6.7',
  types: {
    Job: {
      role: ['job', 'request-scope'],
      isAlsoReceived: true,
      comesAlone: true,
      reason: 'when the processor settles its lock is gone; who adds it gets it too',
    },
    Worker: {
      role: ['drainable', 'emitter'],
      events: {
        success: ['active', 'completed', 'drained', 'ready'],
        failure: ['error', 'failed'],
        end: ['closed'],
        recovers: true,
      },
      stage: 'work',
      keepsAlive: true,
    },
    Queue: { role: ['drainable', 'emitter'], events: { failure: ['error'], recovers: true } },
    QueueEvents: {
      role: ['drainable', 'emitter'],
      events: { success: ['completed', 'drained'], failure: ['error', 'failed'], recovers: true },
      stage: 'work',
    },
    FlowProducer: { role: ['drainable', 'emitter'], events: { failure: ['error'], recovers: true } },
  },
  members: {
    'new Worker': {
      role: ['handler', 'serves', 'creates'],
      argument: 1,
      catches: true,
      rejects: false,
      concurrency: { argument: 2, option: 'concurrency', fallback: 1 },
      reason: 'a rejection of the processor fails the job',
    },
    'Worker.run': { role: 'serves', ends: 'promise' },
    'Worker.close': {
      role: 'drains',
      ends: 'promise',
      mayHang: true,
      reason: 'waits for active jobs without limit; `close(true)` leaves them to be found stalled',
    },
    'Worker.pause': { role: 'drains', ends: 'promise', mayHang: true },
    'new Queue': { role: 'creates', rejects: false },
    ...sameFor('Queue', ['add', 'addBulk', 'upsertJobScheduler'], { role: 'io' }),
    'Queue.close': { role: 'drains', ends: 'promise', mayHang: true },
    'QueueBase.close': { role: 'drains', ends: 'promise', mayHang: true },
    'QueueBase.disconnect': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
    'QueueBase.waitUntilReady': { role: 'waits', waitsFor: 'ready', bound: { by: 'none' } },
    'Queue.drain': { role: 'store-write', reason: 'deletes the jobs that wait; nothing graceful about it' },
    'Queue.obliterate': { role: 'store-write', reason: 'deletes the queue' },
    'new QueueEvents': { role: 'creates', rejects: false },
    'QueueEvents.close': { role: 'drains', ends: 'promise', mayHang: true },
    'new FlowProducer': { role: 'creates', rejects: false },
    'FlowProducer.add': { role: 'io' },
    'FlowProducer.close': { role: 'drains', ends: 'promise', mayHang: true },
    'FlowProducer.disconnect': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
    'Job.waitUntilFinished': {
      role: 'waits',
      argument: 0,
      bound: { by: 'milliseconds', argument: 1, unboundedBy: ['0', 'undefined'] },
    },
    ...sameFor('Job', ['extendLock', 'log', 'moveToDelayed', 'remove', 'retry', 'updateData', 'updateProgress'], {
      role: 'io',
    }),
  },
});
