import { entries, sameFor } from './schema.ts';

/** pino. */
export const pino = entries('pino', {
  checkedWith: 'pino 10.4',
  types: { BaseLogger: 'logger', Logger: { role: ['logger', 'drainable'], stage: 'flush' } },
  members: {
    pino: { role: 'creates' },
    ...sameFor('BaseLogger', ['debug', 'error', 'fatal', 'info', 'silent', 'trace', 'warn'], 'safe'),
    'LoggerExtras.child': 'safe',
    'LoggerExtras.flush': {
      role: 'drains',
      argument: 0,
      ends: 'sync',
      rejects: false,
      reason:
        'what its transport still holds is written when the process exits; the callback is for those who want to know',
    },
  },
});
