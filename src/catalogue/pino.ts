import { entries, sameFor } from './schema.ts';

/** pino. */
export const pino = entries('pino', {
  checkedWith: 'pino 10.4',
  types: { BaseLogger: 'logger', Logger: { role: ['logger', 'drainable'], stage: 'flush' } },
  members: {
    pino: { role: 'creates' },
    ...sameFor('BaseLogger', ['debug', 'error', 'fatal', 'info', 'silent', 'trace', 'warn'], 'safe'),
    'LoggerExtras.child': 'safe',
    'LoggerExtras.flush': { role: 'drains', argument: 0, ends: 'callback', mayHang: true, rejects: false },
  },
});
