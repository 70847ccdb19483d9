import { entries, type MemberEntry, sameFor } from './schema.ts';

const query: MemberEntry = { role: ['io', 'queries'], argument: 0 };
const mariadbQuery: MemberEntry = { ...query, bound: { by: 'timeout-option', argument: 0, option: 'timeout' } };
const mariadbBorrow: MemberEntry = {
  role: ['acquires', 'waits'],
  resource: 'result',
  bound: { by: 'client-option', option: 'acquireTimeout', byDefault: true },
};
const mariadbReturn: MemberEntry = {
  role: 'releases',
  resource: 'receiver',
  ends: 'promise',
  undoes: 'transaction',
  reason:
    'rolls back unless the pool has `noControlAfterUse`; the rest of the session stays without `resetAfterUse`; a late second one takes the connection from its next borrower',
};
const PENDING = { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' } as const;

/** Pools of SQL connections beside those of `pg` and `mysql2`. */
export const sqlPools = [
  entries('mariadb', {
    checkedWith: 'mariadb 3.5',
    types: {
      Pool: { role: ['pool', 'drainable'], keepsAlive: true, reason: 'keeps its connections open, used or not' },
      PoolCluster: { role: ['pool', 'drainable'] },
      FilteredPoolCluster: 'pool',
      PoolConnection: {
        role: ['lease', 'emitter'],
        events: { failure: ['error'], end: ['end'] },
        disposes: 'releases',
      },
      Connection: { role: ['drainable', 'emitter'], events: { failure: ['error'], end: ['end'] }, keepsAlive: true },
    },
    members: {
      createPool: { role: 'creates', rejects: false },
      createPoolCluster: { role: 'creates', rejects: false },
      createConnection: { role: ['creates', 'io'] },
      'Pool.getConnection': mariadbBorrow,
      'PoolCluster.getConnection': mariadbBorrow,
      'FilteredPoolCluster.getConnection': mariadbBorrow,
      'Pool.end': { role: 'drains', ends: 'promise', mayHang: true },
      'PoolCluster.end': { role: 'drains', ends: 'promise', mayHang: true },
      ...sameFor('PoolConnection', ['release', 'end', 'close'], mariadbReturn),
      'PoolConnection.destroy': { role: 'destroys', resource: 'receiver', ends: 'sync', rejects: false },
      'Connection.end': { role: 'drains', ends: 'promise', mayHang: true },
      'Connection.destroy': {
        role: ['destroys', 'cuts-off'],
        resource: 'receiver',
        ends: 'sync',
        gracefully: 'end',
        rejects: false,
      },
      ...sameFor('Connection', ['batch', 'execute', 'query'], mariadbQuery),
      ...sameFor('Pool', ['batch', 'execute', 'query'], mariadbQuery),
      'Connection.beginTransaction': { role: ['begins', 'io'] },
      'Connection.commit': { role: ['commits', 'io'] },
      'Connection.rollback': { role: ['rolls-back', 'io'] },
      'Connection.reset': { role: ['resets', 'io'] },
      'Connection.changeUser': { role: ['resets', 'io'], reason: 'resets the session of the connection' },
      'Connection.ping': { role: 'io' },
    },
  }),
  entries('oracledb', {
    checkedWith: '@types/oracledb 7.0',
    types: {
      Pool: { role: ['pool', 'drainable'] },
      Connection: { role: ['lease', 'drainable'], disposes: 'releases' },
    },
    members: {
      createPool: { role: 'creates' },
      getConnection: { role: ['acquires', 'io'], resource: 'result', reason: 'of the default pool, or one of its own' },
      'Pool.getConnection': {
        role: ['acquires', 'waits'],
        resource: 'result',
        bound: { by: 'client-option', option: 'queueTimeout', byDefault: true, unboundedBy: ['0'] },
      },
      ...sameFor('Pool', ['close', 'terminate'], {
        role: 'drains',
        ends: 'promise',
        argument: -1,
        bound: { by: 'seconds', argument: 0, byDefault: true },
        reason: 'without a drain time it rejects while connections are out; with 0 it takes them away',
      }),
      ...sameFor('Connection', ['close', 'release'], {
        role: ['releases', 'drains'],
        resource: 'receiver',
        argument: 0,
        ends: 'promise',
        undoes: 'transaction',
        reason:
          'with `{ drop: true }` the connection is thrown away; rolls back; a second one rejects; the session keeps what was altered',
      }),
      ...sameFor('Connection', ['execute', 'executeMany', 'queryStream'], query),
      'Connection.commit': { role: ['commits', 'io'] },
      'Connection.rollback': { role: ['rolls-back', 'io'] },
      'Connection.ping': { role: 'io' },
      'Connection.break': { role: 'io' },
    },
  }),
  entries('mssql', {
    checkedWith: '@types/mssql 12.3',
    types: {
      ConnectionPool: { role: ['pool', 'drainable', 'emitter'], events: { failure: ['error'] } },
      Transaction: 'lease',
      PreparedStatement: 'lease',
    },
    members: {
      'new ConnectionPool': { role: 'creates', rejects: false },
      'ConnectionPool.connect': { role: 'io' },
      'ConnectionPool.close': { role: 'drains', ends: 'promise', mayHang: true },
      'new Transaction': {
        role: 'acquires',
        resource: 'result',
        rejects: false,
        reason: 'takes its connection at `begin` and holds it until commit or rollback',
      },
      'ConnectionPool.transaction': { role: 'acquires', resource: 'result', rejects: false },
      'Transaction.begin': { role: 'io', reason: 'when it fails it holds nothing' },
      'Transaction.commit': { role: ['commits', 'releases'], resource: 'receiver', ends: 'promise' },
      'Transaction.rollback': { role: ['rolls-back', 'releases'], resource: 'receiver', ends: 'promise' },
      'Transaction.request': { role: 'safe', reason: 'a request on the connection of the transaction' },
      'new PreparedStatement': {
        role: 'acquires',
        resource: 'result',
        rejects: false,
        reason: 'takes its connection at `prepare` and holds it until `unprepare`',
      },
      'PreparedStatement.prepare': { role: 'io' },
      'PreparedStatement.execute': { role: ['io', 'queries'] },
      'PreparedStatement.unprepare': { role: 'releases', resource: 'receiver', ends: 'promise' },
      'Request.query': query,
      'Request.batch': query,
    },
  }),
  entries('postgres', {
    checkedWith: 'postgres 3.4',
    types: {
      Sql: { role: ['pool', 'drainable'] },
      ReservedSql: 'lease',
      PendingQuery: PENDING,
      PendingRawQuery: PENDING,
      PendingValuesQuery: PENDING,
      PendingDescribeQuery: PENDING,
    },
    members: {
      postgres: { role: 'creates', rejects: false },
      'Sql.reserve': { role: ['acquires', 'waits'], resource: 'result', bound: { by: 'none' } },
      'ReservedSql.release': { role: 'releases', resource: 'receiver', ends: 'sync', reason: 'nothing is reset' },
      'Sql.end': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        bound: { by: 'seconds', argument: 0, option: 'timeout' },
        reason: 'waits for running queries without limit; with `timeout: 0` it cuts them off',
      },
      'Sql.begin': { role: 'lends', argument: -1 },
      'TransactionSql.savepoint': { role: 'lends', argument: -1 },
      'ISql.unsafe': { role: 'queries', argument: 0 },
    },
  }),
  entries('slonik', {
    alsoKnownAs: ['@slonik/types'],
    checkedWith: 'slonik 49.10',
    types: { DatabasePool: { role: ['pool', 'drainable'] } },
    members: {
      createPool: 'creates',
      ...sameFor('DatabasePool', ['connect', 'transaction'], {
        role: 'lends',
        argument: 0,
        reason: 'resets the connection when the callback ends',
      }),
      'DatabasePool.end': { role: 'drains', ends: 'promise', mayHang: true },
    },
  }),
];
