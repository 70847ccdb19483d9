import { entries, type MemberEntry, sameFor } from './schema.ts';

const flushes: MemberEntry = {
  role: ['drains', 'safe'],
  ends: 'promise',
  mayHang: true,
  bound: { by: 'milliseconds', argument: 0 },
  rejects: false,
  reason: 'resolves to whether all was sent; never rejects; without a time it waits for everything',
};

/** Packages whose promises do not reject in use: read in the package's own code, which swallows or never sees an error. */
export const neverRejecting = [
  entries('@sentry/core', {
    alsoKnownAs: ['@sentry/node', '@sentry/node-core', '@sentry/types'],
    checkedWith: '@sentry/core 11',
    types: { Client: { role: 'drainable', stage: 'flush' } },
    members: {
      ...sameFor('', ['close', 'flush'], { ...flushes, stage: 'flush' }),
      ...sameFor('', ['captureException', 'captureMessage', 'captureEvent'], { role: 'safe' }),
      ...sameFor('Client', ['close', 'flush'], flushes),
    },
  }),
  entries('@tanstack/query-core', {
    alsoKnownAs: ['@tanstack/react-query'],
    checkedWith: '@tanstack/query-core 5',
    members: sameFor('QueryClient', ['prefetchQuery', 'prefetchInfiniteQuery'], {
      role: 'safe',
      reason: 'ends in `.catch(noop)`',
    }),
  }),
  entries('graphql-subscriptions', {
    checkedWith: 'graphql-subscriptions 3',
    members: sameFor('PubSub', ['publish', 'subscribe'], {
      role: 'safe',
      reason: 'emits in this process and gives `Promise.resolve()`; the clients for brokers are other classes',
    }),
  }),
  entries('@aws-sdk/lib-storage', {
    checkedWith: '@aws-sdk/lib-storage 3',
    members: { 'Upload.abort': { role: 'safe', reason: 'aborts its own controller; the upload rejects, not this' } },
  }),
  entries('effect', {
    checkedWith: 'effect 3',
    members: {
      runPromise: {
        role: 'safe',
        reason: 'rejects only with what the effect’s own error channel leaves open, which is typed',
      },
      runPromiseExit: { role: 'safe', reason: 'resolves to the outcome' },
    },
  }),
];
