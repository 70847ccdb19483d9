import { entries, sameFor } from './schema.ts';

/** What runs work by the clock. */
export const schedulers = [
  entries('node-cron', {
    checkedWith: 'node-cron 4.6 (3.0)',
    members: {
      ...sameFor('', ['createTask', 'schedule'], {
        role: 'handler',
        argument: 1,
        catches: true,
        rejects: false,
        reason: 'a rejection is logged or told as an event',
      }),
    },
  }),
  entries('cron', {
    checkedWith: 'cron 4.4',
    members: {
      'new CronJob': {
        role: 'handler',
        argument: 1,
        catches: true,
        reason: 'since version 4 a rejection is logged or goes to `errorHandler`',
        since: '>=4',
      },
    },
  }),
];
