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

/** Other packages that drain on a signal. */
export const otherRegistrars = [
  entries('http-terminator', {
    checkedWith: 'http-terminator 3.2',
    types: { HttpTerminator: 'drainable' },
    members: {
      createHttpTerminator: { role: 'creates', reason: 'must be made when the server starts' },
      'HttpTerminator.terminate': {
        role: 'drains',
        ends: 'promise',
        reason: 'bounded by `gracefulTerminationTimeout`',
      },
    },
  }),
  entries('stoppable', {
    checkedWith: '@types/stoppable 1.1',
    members: {
      stoppable: {
        role: 'creates',
        argument: 0,
        bound: { by: 'milliseconds', argument: 1, unboundedBy: ['Infinity', 'undefined'] },
      },
      'WithStop.stop': { role: 'drains', argument: 0, ends: 'callback', mayHang: true, rejects: false },
    },
  }),
  entries('lightship', {
    checkedWith: 'lightship 9.0',
    members: {
      'Lightship.registerShutdownHandler': {
        role: ['registers-shutdown', 'bounds'],
        argument: 0,
        catches: true,
        rejects: false,
      },
    },
  }),
  entries('exit-hook', {
    checkedWith: 'exit-hook 5.1',
    members: {
      asyncExitHook: { role: ['registers-shutdown', 'bounds'], argument: 0, catches: true, rejects: false },
      gracefulExit: { role: 'exits', rejects: false, reason: 'runs the hooks first' },
    },
  }),
  entries('async-exit-hook', {
    checkedWith: '@types/async-exit-hook 2.0',
    members: {
      exitHook: {
        role: ['registers-shutdown', 'bounds'],
        argument: 0,
        rejects: false,
        reason: 'waits only for a callback that declares a parameter',
      },
    },
  }),
  entries('http-graceful-shutdown', {
    checkedWith: 'http-graceful-shutdown 4.0',
    members: { GracefulShutdown: { role: ['registers-shutdown', 'drains', 'bounds'], argument: 1, rejects: false } },
  }),
];
