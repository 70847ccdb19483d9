import { entries, type TypeEntry } from '../schema.ts';

const interfaceType: TypeEntry = {
  role: ['emitter', 'owns-resource'],
  events: { success: ['line', 'pause', 'resume'], end: ['close'], cutOff: ['line', 'pause', 'resume'] },
  reason: 'the end of the input closes it; a question that is open stays pending',
};

/** `node:readline`. */
export const readline = entries('readline', {
  checkedWith: '@types/node 20',
  types: { Interface: interfaceType },
  members: {
    createInterface: 'creates',
    'Interface.question': {
      role: 'waits',
      waitsFor: 'input',
      argument: -1,
      ends: 'callback',
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
    },
    'Interface.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
  },
});

/** `node:readline/promises`. */
export const readlinePromises = entries('readline/promises', {
  checkedWith: '@types/node 20',
  types: { Interface: interfaceType },
  members: {
    createInterface: 'creates',
    'Interface.question': {
      role: 'waits',
      waitsFor: 'input',
      bound: { by: 'signal-option', argument: 1, option: 'signal' },
    },
  },
});
