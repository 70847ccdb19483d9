import { entries } from '../schema.ts';

/** `node:async_hooks`. */
export const asyncHooks = entries('async_hooks', {
  checkedWith: '@types/node 20',
  members: {
    'AsyncLocalStorage.run': { role: ['runs-now', 'enters-context'], argument: 1, value: 0, rejects: false },
    'AsyncLocalStorage.exit': { role: 'runs-now', argument: 0, rejects: false, reason: 'the callback sees no store' },
    'AsyncLocalStorage.enterWith': {
      role: 'enters-context',
      value: 0,
      rejects: false,
      reason: 'stays for the rest of the task, also for work of others that goes on in it',
    },
    'AsyncLocalStorage.getStore': { role: ['reads', 'safe'] },
    'AsyncLocalStorage.disable': 'safe',
    'AsyncLocalStorage.static:bind': { role: 'pure', argument: 0 },
    'AsyncLocalStorage.static:snapshot': 'safe',
    'AsyncResource.runInAsyncScope': { role: 'runs-now', argument: 0, rejects: false },
    'AsyncResource.static:bind': { role: 'pure', argument: 0 },
    'AsyncResource.bind': { role: 'pure', argument: 0 },
  },
});
