import { entries, type MemberEntry } from '../schema.ts';

const defers: MemberEntry = { role: ['defers', 'starts-timer'], argument: 0, rejects: false };
const clears: MemberEntry = { role: ['clears-timer', 'safe'], argument: 0 };

/** `node:timers`: the same functions as the globals, and the objects they return. */
export const timers = entries('timers', {
  checkedWith: '@types/node 20',
  types: { Timeout: 'owns-resource', Immediate: 'owns-resource' },
  members: {
    setTimeout: defers,
    setImmediate: defers,
    setInterval: { role: ['listener', 'starts-timer'], argument: 0, rejects: false },
    clearTimeout: clears,
    clearInterval: clears,
    clearImmediate: clears,
    'Timeout.unref': { role: ['unrefs', 'safe'] },
    'Timeout.ref': 'safe',
    'Timeout.hasRef': 'pure',
    'Timeout.refresh': 'safe',
    'Timeout.close': { role: ['clears-timer', 'safe'], resource: 'receiver' },
    'Immediate.unref': { role: ['unrefs', 'safe'] },
  },
});

/** `node:timers/promises`. A sleep ends by itself: it is no wait for another party. */
export const timersPromises = entries('timers/promises', {
  checkedWith: '@types/node 20',
  members: {
    setTimeout: { role: 'starts-timer', rejects: false, reason: 'ends by itself; rejects only when its signal aborts' },
    setImmediate: {
      role: 'starts-timer',
      rejects: false,
      reason: 'ends by itself; rejects only when its signal aborts',
    },
    setInterval: {
      role: 'waits',
      bound: { by: 'signal-option', argument: 2, option: 'signal' },
      reason: 'an async iterator without end',
    },
    'Scheduler.wait': {
      role: 'starts-timer',
      rejects: false,
      reason: 'ends by itself; rejects only when its signal aborts',
    },
    'Scheduler.yield': { role: 'starts-timer', rejects: false },
  },
});
