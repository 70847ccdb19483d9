import { entries, type MemberEntry, sameFor } from './schema.ts';

const query: MemberEntry = {
  role: ['io', 'queries'],
  argument: 0,
  bound: { by: 'client-option', option: 'query_timeout' },
};
const EVENTS = {
  success: ['connect', 'drain', 'notice', 'notification'],
  failure: ['error'],
  end: ['end'],
  cutOff: ['drain', 'notice', 'notification'],
};

/** PostgreSQL client: `pg` and `pg-pool`. */
export const pg = entries('pg', {
  alsoKnownAs: ['pg-pool'],
  checkedWith: '@types/pg 8.23',
  types: {
    Pool: {
      role: ['pool', 'drainable', 'emitter'],
      events: { success: ['connect', 'acquire', 'release', 'remove'], failure: ['error'], recovers: true },
    },
    PoolClient: { role: ['lease', 'emitter'], events: EVENTS },
    Client: { role: ['drainable', 'emitter'], events: EVENTS, keepsAlive: true },
  },
  members: {
    'new Pool': { role: 'creates', bound: { by: 'timeout-option', argument: 0, option: 'connectionTimeoutMillis' } },
    'new Client': { role: 'creates', bound: { by: 'timeout-option', argument: 0, option: 'connectionTimeoutMillis' } },
    'Pool.connect': {
      role: ['acquires', 'waits'],
      resource: 'result',
      bound: { by: 'client-option', option: 'connectionTimeoutMillis' },
      reason: 'without the pool’s own limit a borrower queues for ever',
    },
    'Pool.query': query,
    'Pool.end': {
      role: 'drains',
      ends: 'promise',
      mayHang: true,
      reason: 'waits for ever for borrowed clients; a second call rejects',
    },
    ...sameFor('Pool', ['on', 'addListener'], { role: 'listener', key: 0, argument: 1, rejects: false }),
    'PoolClient.release': {
      role: ['releases'],
      resource: 'receiver',
      argument: 0,
      ends: 'sync',
      reason: 'a true argument or an error discards the client; a second call throws; nothing is reset',
    },
    'PoolClient.query': query,
    'Client.query': query,
    'ClientBase.query': query,
    'Client.connect': { role: 'io', bound: { by: 'client-option', option: 'connectionTimeoutMillis' } },
    'Client.end': { role: 'drains', ends: 'promise' },
  },
});
