import { entries, type MemberEntry, sameFor } from './schema.ts';

const forEver: MemberEntry = { role: 'waits', bound: { by: 'none' } };
const browser: MemberEntry = {
  role: 'waits',
  bound: { by: 'timeout-option', argument: -1, option: 'timeout', byDefault: true, unboundedBy: ['0'] },
  reason: '30 s when nothing is said',
};

/** Channels between tasks, worker pools, locks between machines, and other waits for somebody else’s deed. */
export const channels = [
  entries('@thi.ng/csp', {
    checkedWith: '@thi.ng/csp 3',
    types: { Channel: { role: ['owns-resource'] } },
    members: {
      'Channel.read': { ...forEver, rejects: false, reason: 'gives `undefined` once the channel is closed' },
      'Channel.write': { ...forEver, reason: 'waits for a reader once the buffer is full' },
      'Channel.race': forEver,
      ...sameFor('Channel', ['offer', 'poll'], { role: 'safe', reason: 'does not wait' }),
      'Channel.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync', rejects: false },
    },
  }),
  entries('async-channel', {
    checkedWith: 'async-channel 0.2',
    types: { BaseChannel: { role: ['owns-resource'] } },
    members: {
      'BaseChannel.get': { ...forEver, reason: '`close` rejects those who wait' },
      'BaseChannel.push': { ...forEver, reason: 'waits for a receiver once the buffer is full' },
      'BaseChannel.close': { role: ['drains', 'destroys'], resource: 'receiver', ends: 'sync' },
    },
  }),
  entries('opossum', {
    checkedWith: '@types/opossum 8.1',
    types: { CircuitBreaker: { role: ['drainable', 'emitter'] } },
    members: {
      'new CircuitBreaker': {
        role: 'creates',
        bound: { by: 'timeout-option', argument: 1, option: 'timeout', byDefault: true, unboundedBy: ['false'] },
      },
      'CircuitBreaker.fire': {
        role: 'io',
        bound: { by: 'client-option', option: 'timeout', byDefault: true, unboundedBy: ['false'] },
        reason: '10 s when nothing is said',
      },
      'CircuitBreaker.shutdown': { role: 'drains', ends: 'sync', rejects: false },
    },
  }),
  entries('playwright-core', {
    alsoKnownAs: ['playwright', '@playwright/test'],
    checkedWith: 'playwright-core 1.65',
    members: {
      ...sameFor(
        'Page',
        [
          'waitForEvent',
          'waitForFunction',
          'waitForLoadState',
          'waitForRequest',
          'waitForResponse',
          'waitForSelector',
          'waitForURL',
        ],
        browser,
      ),
    },
  }),
  entries('puppeteer-core', {
    alsoKnownAs: ['puppeteer'],
    checkedWith: 'puppeteer-core 25',
    members: {
      ...sameFor(
        'Page',
        ['waitForFunction', 'waitForNavigation', 'waitForRequest', 'waitForResponse', 'waitForSelector'],
        browser,
      ),
    },
  }),
  entries('p-event', {
    checkedWith: 'p-event 7.1',
    members: {
      pEventMultiple: {
        role: 'waits',
        argument: 0,
        key: 1,
        bound: { by: 'timeout-option', argument: 2, option: 'timeout', unboundedBy: ['Infinity'] },
      },
    },
  }),
  entries('rxjs', {
    checkedWith: 'rxjs 7.8',
    members: {
      'Observable.toPromise': {
        ...forEver,
        waitsFor: 'stream',
        reason: 'deprecated; the operator `timeout` bounds the source',
      },
      'Observable.forEach': { ...forEver, waitsFor: 'stream', role: ['runs-concurrently', 'waits'], argument: 0 },
    },
  }),
  entries('bull', {
    checkedWith: 'bull 4.16',
    members: {
      'Queue.whenCurrentJobsFinished': { ...forEver, role: ['drains', 'waits'], ends: 'promise', mayHang: true },
      'Queue.isReady': { ...forEver, waitsFor: 'ready' },
    },
  }),
];
