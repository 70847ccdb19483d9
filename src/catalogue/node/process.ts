import { entries, type MemberEntry, sameFor } from '../schema.ts';

/** Signals and process events whose listeners are shutdown code. */
const SHUTDOWN = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR2',
  'SIGBREAK',
  'beforeExit',
  'exit',
  'disconnect',
  'message',
  'uncaughtException',
  'unhandledRejection',
];

const listens: MemberEntry = {
  role: ['listener', 'registers-shutdown', 'child-side'],
  key: 0,
  argument: 1,
  events: { 'registers-shutdown': SHUTDOWN, 'child-side': ['message', 'disconnect'] },
  rejects: false,
};

/** `node:process` and the global `process`. */
export const process = entries('process', {
  checkedWith: '@types/node 20',
  globals: { process: 'Process' },
  types: { Process: 'emitter' },
  members: {
    ...sameFor('Process', ['on', 'addListener', 'prependListener'], listens),
    'Process.once': {
      role: ['defers', 'registers-shutdown'],
      key: 0,
      argument: 1,
      events: { 'registers-shutdown': SHUTDOWN },
      rejects: false,
      reason: 'after the first delivery no listener is left: a second signal kills the process while it drains',
    },
    'Process.prependOnceListener': {
      role: ['defers', 'registers-shutdown'],
      key: 0,
      argument: 1,
      events: { 'registers-shutdown': SHUTDOWN },
      rejects: false,
    },
    ...sameFor('Process', ['off', 'removeListener'], { role: ['unlistens', 'safe'], key: 0, argument: 1 }),
    'Process.removeAllListeners': { role: ['unlistens', 'safe'], key: 0 },
    'Process.exit': {
      role: 'exits',
      rejects: false,
      reason: 'pending writes to pipes and files are lost; `process.exitCode` lets them finish',
    },
    'Process.abort': { role: 'exits', rejects: false },
    'Process.kill': { role: 'cuts-off', argument: 0, ends: 'sync' },
    'Process.disconnect': { role: 'drains', ends: 'sync' },
    'Process.send': { role: 'child-side', reason: 'throws when there is no channel to a parent' },
    'Process.nextTick': { role: 'defers', argument: 0, rejects: false },
    'Process.emitWarning': 'safe',
    ...sameFor('Process', ['cpuUsage', 'cwd', 'hrtime', 'memoryUsage', 'resourceUsage', 'uptime'], 'safe'),
  },
});
