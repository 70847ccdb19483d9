import { entries } from './schema.ts';

/** piscina. */
export const piscina = entries('piscina', {
  checkedWith: 'piscina 5.3',
  types: {
    Piscina: {
      role: ['pool', 'drainable', 'emitter'],
      events: { success: ['drain'], failure: ['error'] },
      stage: 'work',
      reason: 'what a task leaves in a worker thread stays there',
    },
  },
  members: {
    'new Piscina': { role: 'creates' },
    'Piscina.run': {
      role: ['io', 'waits'],
      argument: 0,
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
      reason: 'aborting the signal ends the worker thread',
    },
    'Piscina.close': {
      role: 'drains',
      ends: 'promise',
      bound: { by: 'client-option', option: 'closeTimeout', byDefault: true },
      reason: '30 s when nothing is said; with `force` what has not begun is thrown away',
    },
    'Piscina.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
  },
});
