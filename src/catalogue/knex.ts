import { entries, sameFor, type StoreAccess } from './schema.ts';

const lazy = 'sent by `then` or `await`, not before';

const picked = {
  by: 'chain',
  chain: { table: ['from', 'into', 'table'], filter: ['where', 'andWhere'] },
  unless: { chain: ['forKeyShare', 'forNoKeyUpdate', 'forShare', 'forUpdate', 'transacting'] },
} as const satisfies StoreAccess;

/** Conditions that are not read; an update with one of them may look at what is there by then. */
const FURTHER_CONDITIONS = [
  'andWhereBetween',
  'andWhereNot',
  'andWhereRaw',
  'orWhere',
  'whereBetween',
  'whereExists',
  'whereIn',
  'whereNot',
  'whereNotIn',
  'whereNotNull',
  'whereNull',
  'whereRaw',
];

/** Knex 3. */
export const knex = entries('knex', {
  checkedWith: 'knex 3.3',
  types: {
    Knex: { role: ['pool', 'drainable'] },
    QueryBuilder: { role: 'lazy-thenable', reason: lazy },
    Raw: { role: 'lazy-thenable', reason: lazy },
    SchemaBuilder: { role: 'lazy-thenable', reason: lazy },
    ChainableInterface: { role: 'lazy-thenable', reason: lazy },
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
    'QueryInterface.first': { role: 'store-read', store: { ...picked, gives: 'row' }, reason: lazy },
    'QueryInterface.select': { role: 'store-read', store: { ...picked, gives: 'rows' }, reason: lazy },
    'QueryInterface.update': {
      role: 'store-write',
      value: 0,
      store: {
        by: 'chain',
        chain: picked.chain,
        writes: 'columns',
        unless: { chain: ['transacting', ...FURTHER_CONDITIONS] },
        adds: {
          name: 'increment',
          call: "{receiver}.increment('{column}', {by})",
          minus: "{receiver}.decrement('{column}', {by})",
        },
        atOnce: 'the old value in `where`',
      },
      reason: lazy,
    },
    'QueryInterface.insert': {
      role: 'store-write',
      value: 0,
      store: {
        by: 'chain',
        chain: picked.chain,
        writes: 'creates',
        unless: { chain: ['transacting', 'onConflict'] },
        ifAbsent: '`onConflict().ignore()`',
      },
      reason: lazy,
    },
    ...sameFor('QueryInterface', ['del', 'delete'], {
      role: 'store-write',
      store: { by: 'chain', chain: picked.chain, writes: 'removes' },
      reason: lazy,
    }),
  },
});
