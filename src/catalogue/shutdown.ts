import { entries } from './schema.ts';

/** close-with-grace. */
export const closeWithGrace = entries('close-with-grace', {
  checkedWith: 'close-with-grace 2.5',
  members: {
    closeWithGrace: {
      role: ['registers-shutdown', 'bounds'],
      argument: -1,
      bound: { by: 'timeout-option', argument: 0, option: 'delay', byDefault: true, unboundedBy: ['false'] },
      catches: true,
      rejects: false,
      reason: 'handles signals, uncaught errors and a second signal; gives up after 10 s unless `delay` says otherwise',
    },
    'CloseWithGraceReturn.close': { role: 'exits', rejects: false },
  },
});

/** terminus. */
export const terminus = entries('@godaddy/terminus', {
  checkedWith: '@godaddy/terminus 4.12',
  members: {
    createTerminus: {
      role: ['registers-shutdown', 'drains', 'bounds'],
      argument: 1,
      bound: { by: 'timeout-option', argument: 1, option: 'timeout', byDefault: true },
      rejects: false,
      reason: 'drains the server itself; the callbacks are `beforeShutdown`, `onSignal`, `onShutdown`',
    },
  },
});
