import { entries, type MemberEntry, sameFor } from './schema.ts';

const task: MemberEntry = {
  role: 'handler',
  argument: 1,
  catches: true,
  rejects: false,
  reason: 'a rejection is logged or told as an event',
};

/** What runs work by the clock. */
export const schedulers = [
  entries('node-cron', {
    checkedWith: 'node-cron 4.6 (3.0)',
    types: { ScheduledTask: { role: 'drainable', stage: 'work', keepsAlive: true } },
    members: {
      createTask: task,
      schedule: { ...task, role: ['handler', 'serves'] },
      'ScheduledTask.start': { role: 'serves', ends: 'sync' },
      ...sameFor('ScheduledTask', ['destroy', 'stop'], {
        role: 'drains',
        ends: 'sync',
        rejects: false,
        reason: 'no more runs; the one that runs is not waited for',
      }),
    },
  }),
  entries('cron', {
    checkedWith: 'cron 4.4',
    types: { CronJob: { role: 'drainable', stage: 'work', keepsAlive: true } },
    members: {
      'CronJob.start': { role: 'serves', ends: 'sync' },
      'CronJob.stop': {
        role: 'drains',
        rejects: false,
        reason: 'from version 4 on it gives a promise of the run at hand, if the job has `waitForCompletion`',
      },
      'new CronJob': {
        role: 'handler',
        argument: 1,
        catches: true,
        reason: 'since version 4 a rejection is logged or goes to `errorHandler`',
        since: '>=4',
      },
    },
  }),
  entries('node-schedule', {
    checkedWith: '@types/node-schedule 2.1',
    types: { Job: { role: 'drainable', stage: 'work' } },
    members: {
      scheduleJob: { role: 'serves', ends: 'sync' },
      gracefulShutdown: { role: 'drains', ends: 'promise', mayHang: true, reason: 'waits for the jobs that run' },
      'Job.cancel': {
        role: 'drains',
        ends: 'sync',
        rejects: false,
        reason: 'no more runs; the one that runs is not waited for',
      },
    },
  }),
  entries('agenda', {
    checkedWith: 'agenda 6.2',
    types: { Agenda: { role: ['drainable', 'emitter'], stage: 'work', keepsAlive: true } },
    members: {
      'Agenda.define': {
        role: 'handler',
        argument: -1,
        everyFunction: true,
        catches: true,
        rejects: false,
        reason: 'a rejection fails the job',
      },
      'Agenda.start': { role: 'serves', ends: 'promise' },
    },
  }),
  entries('agenda', {
    since: '>=5',
    checkedWith: 'agenda 6.2',
    members: {
      'Agenda.drain': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        bound: { by: 'timeout-option', argument: 0, option: 'timeout', alsoBy: ['signal'] },
        reason: 'waits for running jobs without limit; from version 6 on its argument limits that',
      },
      'Agenda.stop': {
        role: 'cuts-off',
        ends: 'promise',
        gracefully: 'drain',
        reason: 'unlocks the jobs that run, so that another process starts them again',
      },
    },
  }),
  entries('agenda', {
    since: '<5',
    checkedWith: 'agenda 4.3',
    members: { 'Agenda.stop': { role: 'drains', ends: 'promise' } },
  }),
];
