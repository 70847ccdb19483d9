import { entries, type MemberEntry, sameFor } from '../schema.ts';

const starts: MemberEntry = {
  role: ['creates', 'io'],
  bound: { by: 'timeout-option', argument: -1, option: 'timeout', unboundedBy: ['0'] },
  reason: 'a child that ignores SIGTERM outlives its timeout unless `killSignal` is SIGKILL',
};
const blocks: MemberEntry = {
  role: 'io',
  ends: 'sync',
  bound: { by: 'timeout-option', argument: -1, option: 'timeout', unboundedBy: ['0'] },
  reason: 'blocks the whole thread',
};

/** `node:child_process`. */
export const childProcess = entries('child_process', {
  checkedWith: '@types/node 20',
  types: {
    ChildProcess: {
      role: ['emitter', 'owns-resource', 'drainable'],
      events: {
        success: ['message', 'spawn'],
        failure: ['error'],
        end: ['exit', 'close', 'disconnect'],
        cutOff: ['message'],
        prompt: ['spawn'],
      },
      stage: 'work',
    },
    PromiseWithChild: 'owns-resource',
  },
  members: {
    ...sameFor('', ['exec', 'execFile', 'fork', 'spawn'], starts),
    ...sameFor('', ['execSync', 'execFileSync', 'spawnSync'], blocks),
    'ChildProcess.kill': { role: ['cuts-off', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    'ChildProcess.disconnect': { role: 'drains', ends: 'sync' },
    'ChildProcess.send': { role: 'io', argument: 0 },
    'ChildProcess.unref': { role: ['unrefs', 'safe'] },
  },
});
