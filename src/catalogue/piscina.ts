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
    'Piscina.close': { role: 'drains', ends: 'promise', reason: 'bounded by `closeTimeout`, 30 s by default' },
    'Piscina.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
  },
});
