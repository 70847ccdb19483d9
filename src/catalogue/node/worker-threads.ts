import { entries, type MemberEntry } from '../schema.ts';

const posts: MemberEntry = { role: 'io', argument: 0, reason: 'throws for what cannot be cloned' };

/** `node:worker_threads`. */
export const workerThreads = entries('worker_threads', {
  checkedWith: '@types/node 20',
  types: {
    Worker: {
      role: ['emitter', 'owns-resource', 'drainable'],
      events: {
        success: ['message', 'online'],
        failure: ['error', 'messageerror'],
        end: ['exit'],
        cutOff: ['message'],
        prompt: ['online'],
      },
      stage: 'work',
    },
    MessagePort: {
      role: ['emitter', 'owns-resource'],
      events: { success: ['message'], failure: ['messageerror'], end: ['close'], cutOff: ['message'] },
    },
    BroadcastChannel: {
      role: ['emitter', 'owns-resource'],
      events: { success: ['message'], failure: ['messageerror'] },
    },
  },
  members: {
    'new Worker': { role: 'creates' },
    'Worker.postMessage': posts,
    'Worker.terminate': { role: ['cuts-off', 'destroys'], resource: 'receiver', ends: 'promise', rejects: false },
    'Worker.unref': { role: ['unrefs', 'safe'] },
    'MessagePort.postMessage': posts,
    'MessagePort.close': { role: ['destroys', 'drains'], resource: 'receiver', ends: 'sync', rejects: false },
    'MessagePort.unref': { role: ['unrefs', 'safe'] },
    'MessagePort.start': 'safe',
    'BroadcastChannel.postMessage': posts,
    'BroadcastChannel.close': { role: ['destroys', 'drains'], resource: 'receiver', ends: 'sync', rejects: false },
    'new MessageChannel': 'safe',
    'new BroadcastChannel': 'safe',
    receiveMessageOnPort: { role: 'safe', reason: 'does not wait: gives `undefined` when there is nothing' },
    getEnvironmentData: { role: 'reads', key: 0, rejects: false },
    setEnvironmentData: { role: 'mutates', key: 0, value: 1, rejects: false },
  },
});
