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
    types: { HttpTerminator: { role: 'drainable', stage: 'intake' } },
    members: {
      createHttpTerminator: {
        role: 'creates',
        bound: { by: 'timeout-option', argument: 0, option: 'gracefulTerminationTimeout', byDefault: true },
        rejects: false,
        reason: 'must be made when the server starts',
      },
      'HttpTerminator.terminate': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'client-option', option: 'gracefulTerminationTimeout', byDefault: true },
        reason: '1 s when nothing is said',
      },
    },
  }),
  entries('stoppable', {
    checkedWith: '@types/stoppable 1.1',
    types: { WithStop: { role: 'drainable', stage: 'intake', keepsAlive: true } },
    members: {
      stoppable: {
        role: 'creates',
        argument: 0,
        bound: { by: 'milliseconds', argument: 1, unboundedBy: ['Infinity', 'undefined'] },
      },
      'WithStop.stop': {
        role: 'drains',
        argument: 0,
        ends: 'callback',
        mayHang: true,
        rejects: false,
        reason: 'bounded by the second argument of `stoppable`, which is `Infinity` when nothing is said',
      },
    },
  }),
  entries('lightship', {
    checkedWith: 'lightship 9.0',
    types: { Lightship: { role: 'drainable', stage: 'intake' } },
    members: {
      createLightship: {
        role: ['creates', 'serves'],
        bound: { by: 'timeout-option', argument: 0, option: 'gracefulShutdownTimeout', byDefault: true },
        reason: 'handles signals and ends the process itself; the time is 30 s when nothing is said',
      },
      'Lightship.shutdown': {
        role: 'drains',
        ends: 'promise',
        bound: { by: 'client-option', option: 'gracefulShutdownTimeout', byDefault: true },
      },
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
      exitHook: {
        role: 'registers-shutdown',
        argument: 0,
        catches: false,
        rejects: false,
        reason: 'does not wait for a promise',
      },
      asyncExitHook: {
        role: ['registers-shutdown', 'bounds'],
        argument: 0,
        bound: { by: 'timeout-option', argument: 1, option: 'wait' },
        catches: true,
        rejects: false,
      },
      gracefulExit: { role: 'exits', rejects: false, reason: 'runs the hooks first' },
    },
  }),
  entries('async-exit-hook', {
    checkedWith: '@types/async-exit-hook 2.0',
    members: {
      AsyncExitHook: {
        role: ['registers-shutdown', 'bounds'],
        argument: 0,
        rejects: false,
        reason: 'gives up after 10 s; waits only for a callback that declares a parameter',
      },
    },
  }),
  entries('http-graceful-shutdown', {
    checkedWith: 'http-graceful-shutdown 4.0',
    members: { GracefulShutdown: { role: ['registers-shutdown', 'drains', 'bounds'], argument: 1, rejects: false } },
  }),
  entries('@moebius/http-graceful-shutdown', {
    checkedWith: '@moebius/http-graceful-shutdown 1.1',
    types: { GracefulShutdownManager: { role: 'drainable', stage: 'intake' } },
    members: {
      'new GracefulShutdownManager': { role: 'creates', rejects: false, reason: 'must be made when the server starts' },
      'GracefulShutdownManager.terminate': {
        role: 'drains',
        argument: 0,
        ends: 'callback',
        mayHang: true,
        rejects: false,
      },
    },
  }),
  entries('fastify', {
    checkedWith: 'fastify-graceful-shutdown 5.0',
    members: {
      'FastifyInstance.gracefulShutdown': {
        role: 'registers-shutdown',
        argument: 0,
        rejects: false,
        reason: 'of the plugin `fastify-graceful-shutdown`, which gives up after 10 s',
      },
    },
  }),
  entries('node-cleanup', {
    checkedWith: '@types/node-cleanup 2.1',
    members: {
      install: {
        role: 'registers-shutdown',
        argument: 0,
        rejects: false,
        reason: 'the process ends when the callback returns, unless that gives `false`',
      },
    },
  }),
  entries('death', {
    checkedWith: '@types/death 1.1',
    members: { ON_DEATH: { role: 'registers-shutdown', argument: 0, rejects: false } },
  }),
];
