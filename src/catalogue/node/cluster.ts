import { entries } from '../schema.ts';

/** `node:cluster`. */
export const cluster = entries('cluster', {
  checkedWith: '@types/node 20',
  types: {
    Worker: {
      role: ['emitter', 'owns-resource', 'drainable'],
      events: {
        success: ['online', 'listening', 'message'],
        failure: ['error'],
        end: ['exit', 'disconnect'],
        cutOff: ['online', 'listening', 'message'],
      },
      stage: 'work',
    },
    Cluster: 'emitter',
  },
  members: {
    'Cluster.fork': { role: ['creates', 'serves'] },
    'Cluster.disconnect': { role: 'drains', argument: 0, ends: 'callback', mayHang: true, rejects: false },
    'Worker.disconnect': { role: 'drains', ends: 'sync', mayHang: true, rejects: false },
    'Worker.kill': {
      role: ['cuts-off', 'destroys'],
      resource: 'receiver',
      ends: 'sync',
      rejects: false,
      reason: 'in the primary process it sends a signal, on which the child drains by itself',
    },
    'Worker.destroy': {
      role: ['cuts-off', 'destroys'],
      resource: 'receiver',
      ends: 'sync',
      rejects: false,
      reason: 'in the primary process it sends a signal, on which the child drains by itself',
    },
    'Worker.send': { role: 'io', argument: 0 },
  },
});
