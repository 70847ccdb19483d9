import { entries } from './schema.ts';

/** Waits and what bounds them. */
export const waits = [
  entries('rxjs', {
    checkedWith: 'rxjs 7.8',
    types: { Subscription: 'owns-resource', Subject: 'emitter', BehaviorSubject: { role: ['store', 'emitter'] } },
    members: {
      firstValueFrom: {
        role: 'waits',
        waitsFor: 'source',
        argument: 0,
        bound: { by: 'none' },
        reason: 'the operator `timeout` bounds the source',
      },
      lastValueFrom: {
        role: 'waits',
        waitsFor: 'source',
        argument: 0,
        bound: { by: 'none' },
        reason: 'the operator `timeout` bounds the source',
      },
      timeout: { role: ['bounds', 'pure'], argument: 0 },
      'Observable.subscribe': { role: 'listener', argument: 0, rejects: false },
      'Subscription.unsubscribe': {
        role: ['destroys', 'unlistens'],
        resource: 'receiver',
        ends: 'sync',
        rejects: false,
      },
    },
  }),
  entries('p-timeout', {
    checkedWith: 'p-timeout 8.0',
    members: {
      pTimeout: {
        role: 'bounds-argument',
        argument: 0,
        bound: { by: 'timeout-option', argument: 1, option: 'milliseconds' },
      },
    },
  }),
  entries('p-event', {
    checkedWith: 'p-event 7.1',
    members: {
      pEvent: {
        role: 'waits',
        argument: 0,
        key: 1,
        bound: { by: 'timeout-option', argument: 2, option: 'timeout', unboundedBy: ['Infinity'] },
      },
    },
  }),
  entries('p-wait-for', {
    checkedWith: 'p-wait-for 6.0',
    members: {
      pWaitFor: {
        role: 'waits',
        argument: 0,
        bound: { by: 'timeout-option', argument: 1, option: 'timeout', unboundedBy: ['Infinity'] },
      },
    },
  }),
];
