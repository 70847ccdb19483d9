import { entries, sameFor } from './schema.ts';

/** Databases and query builders beside those with a file of their own. */
export const otherStores = [
  entries('knex', {
    checkedWith: 'knex 3.3',
    types: {
      Knex: { role: ['pool', 'drainable'] },
      QueryBuilder: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      Raw: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      SchemaBuilder: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      ChainableInterface: { role: 'lazy-thenable', reason: 'sent by `then` or `await`, not before' },
      Transaction: 'lease',
    },
    members: {
      knex: { role: 'creates', rejects: false },
      'Knex.destroy': { role: 'drains', ends: 'promise', mayHang: true },
      'Knex.transaction': {
        role: ['lends', 'acquires', 'waits'],
        argument: 0,
        resource: 'result',
        bound: { by: 'client-option', option: 'acquireConnectionTimeout', byDefault: true },
        reason: 'without a callback the connection is held until commit or rollback',
      },
      'Transaction.commit': { role: ['commits', 'releases'], resource: 'receiver', ends: 'promise', again: 'harmless' },
      'Transaction.rollback': {
        role: ['rolls-back', 'releases'],
        resource: 'receiver',
        ends: 'promise',
        again: 'harmless',
      },
      'Transaction.savepoint': { role: 'lends', argument: 0 },
      'Transaction.isCompleted': { role: 'tells-end', rejects: false },
      ...sameFor('QueryBuilder', ['increment', 'decrement'], { role: 'store-atomic' }),
    },
  }),
  entries('mongoose', {
    checkedWith: 'mongoose 9.12',
    types: {
      Query: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
      Aggregate: { role: 'lazy-thenable', reason: 'sent by `then`, `exec` or `await`' },
      Connection: {
        role: ['pool', 'drainable', 'emitter'],
        events: {
          success: ['connected', 'open', 'reconnected'],
          failure: ['error'],
          end: ['close', 'disconnected'],
          recovers: true,
        },
        keepsAlive: true,
      },
    },
    members: {
      disconnect: { role: 'drains', ends: 'promise', mayHang: true, reason: 'closes every connection' },
      createConnection: { role: 'creates', rejects: false },
      startSession: { role: 'acquires', resource: 'result' },
      'Connection.startSession': { role: 'acquires', resource: 'result' },
      'Connection.withSession': { role: 'lends', argument: 0 },
      'Connection.close': { role: 'drains', ends: 'promise', mayHang: true },
      'Connection.destroy': { role: 'cuts-off', ends: 'promise', gracefully: 'close' },
      'Connection.transaction': { role: 'lends', argument: 0, reason: 'may run the callback again' },
      'Model.startSession': { role: 'acquires', resource: 'result' },
      ...sameFor('Model', ['findOneAndUpdate', 'findByIdAndUpdate', 'updateOne', 'updateMany'], {
        role: ['io', 'store-atomic'],
      }),
      ...sameFor('Model', ['find', 'findById', 'findOne'], { role: ['io', 'store-read'] }),
      'Document.save': { role: ['io', 'store-write'] },
    },
  }),
  entries('sequelize', {
    checkedWith: 'sequelize 6.37',
    types: { Transaction: 'lease', Sequelize: { role: ['pool', 'drainable'] } },
    members: {
      'new Sequelize': { role: 'creates', rejects: false },
      'Sequelize.close': { role: 'drains', ends: 'promise', mayHang: true },
      'Sequelize.transaction': {
        role: ['lends', 'acquires', 'waits'],
        argument: -1,
        resource: 'result',
        bound: { by: 'client-option', option: 'pool.acquire', byDefault: true },
        reason: 'without a callback the connection is held until commit or rollback',
      },
      'Transaction.commit': {
        role: ['commits', 'releases'],
        resource: 'receiver',
        ends: 'promise',
        reason: 'a second end of the transaction rejects',
      },
      'Transaction.rollback': { role: ['rolls-back', 'releases'], resource: 'receiver', ends: 'promise' },
      'Transaction.afterCommit': { role: 'defers', argument: 0, rejects: false },
      'Model.increment': { role: ['io', 'store-atomic'] },
      'Model.save': { role: ['io', 'store-write'] },
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
      PrismaClient: { role: ['pool', 'drainable'] },
      PrismaPromise: { role: 'lazy-thenable', reason: 'sent by `then` or `await`; `$transaction` takes it unsent' },
    },
    members: {
      'new PrismaClient': { role: 'creates', rejects: false },
      'PrismaClient.$extends': { role: 'creates', rejects: false, reason: 'another client on the same connections' },
      'PrismaClient.$disconnect': { role: 'drains', ends: 'promise', mayHang: true, reopens: true },
      'PrismaClient.$transaction': { role: 'lends', argument: 0 },
    },
  }),
  entries('superagent', {
    checkedWith: '@types/superagent 8.1',
    types: { Request: { role: 'lazy-thenable', reason: 'sent by `then`, `end` or `await`' } },
  }),
  entries('node:sqlite', {
    checkedWith: '@types/node 24',
    types: { DatabaseSync: { role: ['store', 'drainable'] } },
    members: { 'DatabaseSync.close': { role: 'drains', ends: 'sync', reason: 'a second one throws' } },
  }),
  entries('cache-manager', {
    checkedWith: 'cache-manager 7.2',
    types: { Cache: 'drainable' },
    members: {
      createCache: 'creates',
      'Cache.disconnect': { role: 'drains', ends: 'promise' },
      'Cache.get': { role: ['io', 'store-read'], key: 0, store: {} },
      'Cache.set': {
        role: ['io', 'store-write'],
        key: 0,
        value: 1,
        store: { ifAbsent: '`wrap`', atOnce: 'an atomic command of the store behind it' },
      },
      'Cache.del': { role: ['io', 'store-write'], key: 0, store: { writes: 'removes' } },
      'Cache.wrap': {
        role: ['io', 'store-atomic'],
        key: 0,
        reason: 'concurrent misses of one key run the loader once',
      },
    },
  }),
];
