import { entries, sameFor } from '../schema.ts';

/** `node:events`. */
export const events = entries('events', {
  checkedWith: '@types/node 20',
  types: { EventEmitter: 'emitter', NodeEventTarget: 'emitter' },
  members: {
    ...sameFor('EventEmitter', ['on', 'addListener', 'prependListener'], {
      role: 'listener',
      key: 0,
      argument: 1,
      rejects: false,
    }),
    ...sameFor('EventEmitter', ['once', 'prependOnceListener'], {
      role: 'defers',
      key: 0,
      argument: 1,
      rejects: false,
    }),
    ...sameFor('EventEmitter', ['off', 'removeListener'], { role: ['unlistens', 'safe'], key: 0, argument: 1 }),
    'EventEmitter.removeAllListeners': { role: ['unlistens', 'safe'], key: 0 },
    'EventEmitter.setMaxListeners': 'safe',
    ...sameFor('EventEmitter', ['eventNames', 'getMaxListeners', 'listenerCount', 'listeners', 'rawListeners'], {
      role: ['reads', 'pure'],
    }),
    'EventEmitter.emit': { role: 'emits', key: 0, reason: 'a throw of a listener comes out here' },
    once: {
      role: 'waits',
      argument: 0,
      key: 1,
      bound: { by: 'signal-option', argument: 2, option: 'signal' },
      reason: 'rejects on the event `error` only; an end of the emitter leaves it pending',
    },
    on: {
      role: 'waits',
      argument: 0,
      key: 1,
      bound: { by: 'signal-option', argument: 2, option: 'signal', alsoBy: ['close'] },
      reason: 'an async iterator without end, unless `close` names the events that end it',
    },
    setMaxListeners: 'safe',
    getEventListeners: { role: 'pure' },
    addAbortListener: { role: 'defers', argument: 1 },
  },
});
