import { type CatalogueEntry, entries, type MemberEntry, sameFor } from './schema.ts';

const query: MemberEntry = {
  role: ['io', 'queries'],
  argument: 0,
  bound: { by: 'timeout-option', argument: 0, option: 'timeout' },
};
const EVENTS = { success: ['connect'], failure: ['error'], end: ['end'] };

const release: MemberEntry = {
  role: 'releases',
  resource: 'receiver',
  ends: 'sync',
  rejects: false,
  reason: 'nothing is reset unless the pool has `resetOnRelease`',
};
const releaseByPool: MemberEntry = { ...release, resource: 'argument', argument: 0 };
const borrow: MemberEntry = {
  role: ['acquires', 'waits'],
  resource: 'result',
  bound: { by: 'none' },
  reason: 'no option bounds the queue for a connection',
};

/** mysql2, with callbacks and with promises; which of the two ends a call says its result type. A pool may be a subtype of its connection. */
const everyVersion = entries('mysql2', {
  checkedWith: 'mysql2 3.24',
  types: {
    Pool: {
      role: ['pool', 'drainable', 'emitter'],
      events: { success: ['connection', 'acquire', 'release'], failure: ['error'] },
      keepsAlive: true,
      reason: 'idle connections stay open unless `maxIdle` is below `connectionLimit`',
    },
    PoolConnection: { role: ['lease', 'emitter'], events: EVENTS, disposes: 'releases' },
    Connection: { role: ['drainable', 'emitter'], events: EVENTS, keepsAlive: true },
    PoolCluster: { role: ['pool', 'drainable', 'emitter'] },
    PoolNamespace: 'pool',
  },
  members: {
    createPool: { role: 'creates', rejects: false },
    createPoolCluster: { role: 'creates', rejects: false },
    createConnection: { role: ['creates', 'io'] },
    'Pool.getConnection': borrow,
    'PoolCluster.getConnection': borrow,
    'PoolNamespace.getConnection': borrow,
    'Pool.end': { role: 'drains', ends: 'promise', mayHang: true },
    'PoolCluster.end': { role: 'drains', ends: 'promise', mayHang: true },
    'PoolConnection.end': { ...release, reason: 'gives the connection back, with a warning; `gracefulEnd` ends it' },
    'PoolConnection.destroy': { role: 'destroys', resource: 'receiver', ends: 'sync', rejects: false },
    'Connection.destroy': {
      role: ['destroys', 'cuts-off'],
      resource: 'receiver',
      ends: 'sync',
      gracefully: 'end',
      rejects: false,
    },
    'Connection.end': { role: 'drains', ends: 'promise', mayHang: true },
    ...sameFor('Connection', ['execute', 'query'], query),
    ...sameFor('Pool', ['execute', 'query'], query),
    'Connection.beginTransaction': { role: ['begins', 'io'] },
    'Connection.commit': { role: ['commits', 'io'] },
    'Connection.rollback': { role: ['rolls-back', 'io'] },
    'Connection.changeUser': { role: ['resets', 'io'], reason: 'resets the session of the connection' },
    'Connection.ping': { role: 'io' },
    'Connection.prepare': { role: ['io', 'queries'], argument: 0 },
  },
});

/** What a second release does: since 3.20 nothing; before, two borrowers share the connection. */
export const mysql2: readonly CatalogueEntry[] = [
  everyVersion,
  entries('mysql2', {
    since: '>=3.20',
    members: {
      'PoolConnection.release': { ...release, again: 'harmless' },
      'Pool.releaseConnection': { ...releaseByPool, again: 'harmless' },
    },
  }),
  entries('mysql2', {
    since: '<3.20',
    checkedWith: 'mysql2 3.10',
    members: { 'PoolConnection.release': release, 'Pool.releaseConnection': releaseByPool },
  }),
];
