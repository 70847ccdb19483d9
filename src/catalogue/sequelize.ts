import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const read: MemberEntry = { role: ['io', 'store-read'], key: 0 };
const unless: StoreAccess['unless'] = { options: ['lock', 'transaction'] };
const atOnce = 'a row lock, or the option `version` of the model';

/** Sequelize 6. */
export const sequelize = entries('sequelize', {
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
    'Transaction.afterCommit': {
      role: 'defers',
      argument: 0,
      rejects: false,
      catches: true,
      reason: '`commit()` awaits the callbacks, so a rejection is that of the transaction',
    },
    ...sameFor('Model', ['increment', 'decrement'], { role: ['io', 'store-atomic'] }),
    ...sameFor('Model', ['static:increment', 'static:decrement', 'static:findOrCreate', 'static:upsert'], {
      role: ['io', 'store-atomic'],
    }),
    'Model.static:findByPk': { ...read, store: { by: 'filter', gives: 'row', unless } },
    'Model.static:findOne': { ...read, store: { by: 'filter', filter: ['where'], gives: 'row', unless } },
    'Model.static:findAll': { ...read, store: { by: 'filter', filter: ['where'], gives: 'rows', unless } },
    'Model.static:count': { ...read, store: { by: 'filter', filter: ['where'], gives: 'count', unless } },
    'Model.save': {
      role: ['io', 'store-write'],
      store: {
        by: 'receiver',
        writes: 'changes',
        unless,
        adds: {
          name: 'increment',
          call: "{row}.increment('{column}', { by: {by} })",
          minus: "{row}.decrement('{column}', { by: {by} })",
        },
        atOnce,
      },
    },
    'Model.update': {
      role: ['io', 'store-write'],
      value: 0,
      store: {
        by: 'receiver',
        writes: 'columns',
        unless,
        adds: {
          name: 'increment',
          call: "{receiver}.increment('{column}', { by: {by} })",
          minus: "{receiver}.decrement('{column}', { by: {by} })",
        },
        atOnce,
      },
    },
    'Model.destroy': { role: ['io', 'store-write'], store: { by: 'receiver', writes: 'removes' } },
    'Model.static:update': {
      role: ['io', 'store-write'],
      value: 0,
      key: 1,
      store: {
        by: 'filter',
        filter: ['where'],
        writes: 'columns',
        unless,
        adds: {
          name: 'increment',
          call: '{receiver}.increment({ {column}: {by} }, {key})',
          minus: '{receiver}.decrement({ {column}: {by} }, {key})',
        },
        atOnce: 'the old value in `where`',
      },
    },
    'Model.static:create': {
      role: ['io', 'store-write'],
      value: 0,
      store: { by: 'filter', writes: 'creates', unless, ifAbsent: '`findOrCreate`' },
    },
    'Model.static:destroy': {
      role: ['io', 'store-write'],
      key: 0,
      store: { by: 'filter', filter: ['where'], writes: 'removes' },
    },
  },
});
