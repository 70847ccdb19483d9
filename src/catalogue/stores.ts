import { entries, sameFor } from './schema.ts';

/** Databases and query builders beside those with a file of their own. */
export const otherStores = [
  entries('knex', {
    checkedWith: 'knex 3.3',
    types: {
      QueryBuilder: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      Raw: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      SchemaBuilder: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      ChainableInterface: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      Transaction: 'lease',
    },
    members: {
      'Knex.destroy': { role: 'drains', ends: 'promise', mayHang: true },
      'Knex.transaction': { role: 'lends', argument: 0 },
      'Transaction.commit': { role: ['commits', 'releases'], resource: 'receiver', ends: 'promise' },
      'Transaction.rollback': { role: ['rolls-back', 'releases'], resource: 'receiver', ends: 'promise' },
      ...sameFor('QueryBuilder', ['increment', 'decrement'], { role: 'store-atomic' }),
    },
  }),
  entries('mongoose', {
    checkedWith: 'mongoose 9.12',
    types: {
      Query: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
      Aggregate: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
      Connection: {
        role: ['drainable', 'emitter'],
        events: {
          success: ['connected', 'open', 'reconnected'],
          failure: ['error'],
          end: ['close', 'disconnected'],
          recovers: true,
        },
      },
    },
    members: {
      'Connection.close': { role: 'drains', ends: 'promise' },
      'Connection.transaction': { role: 'lends', argument: 0, reason: 'may run the callback again' },
      ...sameFor('Model', ['findOneAndUpdate', 'findByIdAndUpdate', 'updateOne', 'updateMany'], {
        role: ['io', 'store-atomic'],
      }),
      ...sameFor('Model', ['find', 'findById', 'findOne'], { role: ['io', 'store-read'] }),
      'Document.save': { role: ['io', 'store-write'] },
    },
  }),
  entries('sequelize', {
    checkedWith: 'sequelize 6.37',
    types: { Transaction: 'lease', Sequelize: 'drainable' },
    members: {
      'Sequelize.close': { role: 'drains', ends: 'promise', mayHang: true },
      'Sequelize.transaction': { role: 'lends', argument: -1 },
      'Transaction.commit': { role: ['commits', 'releases'], resource: 'receiver', ends: 'promise' },
      'Transaction.rollback': { role: ['rolls-back', 'releases'], resource: 'receiver', ends: 'promise' },
      'Model.increment': { role: ['io', 'store-atomic'] },
      'Model.save': { role: ['io', 'store-write'] },
    },
  }),
  entries('mariadb', {
    checkedWith: 'mariadb 3.5',
    types: { Pool: { role: ['pool', 'drainable'] }, PoolConnection: 'lease' },
    members: {
      createPool: { role: 'creates', rejects: false },
      'Pool.getConnection': {
        role: ['acquires', 'waits'],
        resource: 'result',
        bound: { by: 'client-option', option: 'acquireTimeout', byDefault: true },
      },
      'Pool.end': { role: 'drains', ends: 'promise', mayHang: true },
      'PoolConnection.release': {
        role: 'releases',
        resource: 'receiver',
        ends: 'promise',
        reason: 'rolls back; nothing else is reset',
      },
      'Connection.beginTransaction': { role: ['begins', 'io'] },
      'Connection.commit': { role: ['commits', 'io'] },
      'Connection.rollback': { role: ['rolls-back', 'io'] },
      'Connection.reset': { role: ['resets', 'io'] },
    },
  }),
  entries('tarn', {
    checkedWith: 'tarn 3.1',
    types: { Pool: { role: ['pool', 'drainable'] } },
    members: {
      'Pool.acquire': {
        role: ['acquires', 'waits'],
        resource: 'result',
        bound: { by: 'client-option', option: 'acquireTimeoutMillis', byDefault: true },
        reason: 'the promise is the property `promise` of what it returns',
      },
      'Pool.release': { role: 'releases', resource: 'argument', argument: 0, ends: 'sync', rejects: false },
      'Pool.destroy': { role: 'drains', ends: 'promise' },
    },
  }),
  entries('postgres', {
    checkedWith: 'postgres 3.4',
    types: {
      ReservedSql: 'lease',
      PendingQuery: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      PendingRawQuery: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      PendingValuesQuery: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      PendingDescribeQuery: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
    },
    members: {
      'Sql.reserve': { role: ['acquires', 'waits'], resource: 'result', bound: { by: 'none' } },
      'ReservedSql.release': { role: 'releases', resource: 'receiver', ends: 'sync' },
      'Sql.end': { role: 'drains', ends: 'promise', bound: { by: 'seconds', argument: 0, option: 'timeout' } },
      'Sql.begin': { role: 'lends', argument: -1 },
    },
  }),
  entries('drizzle-orm', {
    checkedWith: 'drizzle-orm 0.45',
    types: { QueryPromise: { role: 'lazy-thenable', reason: 'sent by `then`, `execute` or `await`' } },
    members: {
      'PgDatabase.transaction': { role: 'lends', argument: 0 },
      'MySqlDatabase.transaction': { role: 'lends', argument: 0 },
      'BaseSQLiteDatabase.transaction': { role: 'lends', argument: 0 },
    },
  }),
  entries('@prisma/client', {
    alsoKnownAs: ['@prisma/client/runtime/library', '.prisma'],
    checkedWith: '@prisma/client 7.10',
    types: {
      PrismaPromise: { role: 'lazy-thenable', reason: 'sent by `then` or `await`; `$transaction` takes it unsent' },
    },
    members: { 'PrismaClient.$transaction': { role: 'lends', argument: 0 } },
  }),
  entries('superagent', {
    checkedWith: '@types/superagent 8.1',
    types: { Request: { role: 'lazy-thenable', reason: 'sent by `then`, `end` or `await`' } },
  }),
];
