import { entries } from './schema.ts';

/** Temporal: workers, and the connections that they and clients use. */
export const temporal = [
  entries('@temporalio/worker', {
    checkedWith: '@temporalio/worker 1.24',
    types: {
      Worker: { role: 'drainable', stage: 'work' },
      NativeConnection: 'drainable',
      Runtime: { role: 'drainable', reason: 'handles signals itself: it shuts the workers down' },
    },
    members: {
      'Worker.static:create': { role: ['creates', 'io'] },
      'Worker.run': { role: 'serves', ends: 'promise', reason: 'settles when the worker has shut down' },
      'Worker.runUntil': { role: 'serves', ends: 'promise' },
      'Worker.shutdown': {
        role: 'drains',
        ends: 'sync',
        reason: 'only asks for it: the promise of `run` tells the end; `shutdownGraceTime` is 0 when nothing is said',
      },
      'NativeConnection.static:connect': { role: ['creates', 'io'] },
      'NativeConnection.close': { role: 'drains', ends: 'promise' },
      'Runtime.shutdown': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('@temporalio/client', {
    checkedWith: '@temporalio/client 1.24',
    types: { Connection: 'drainable' },
    members: {
      'Connection.static:connect': { role: ['creates', 'io'] },
      'Connection.static:lazy': { role: 'creates', rejects: false },
      'Connection.close': { role: 'drains', ends: 'promise' },
    },
  }),
];
