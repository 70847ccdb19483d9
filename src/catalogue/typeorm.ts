import { entries, type MemberEntry, sameFor, type StoreAccess } from './schema.ts';

const READS = [
  'average',
  'count',
  'countBy',
  'exists',
  'existsBy',
  'find',
  'findAndCount',
  'findAndCountBy',
  'findBy',
  'findOne',
  'findOneBy',
  'findOneByOrFail',
  'findOneOrFail',
  'maximum',
  'minimum',
  'sum',
];
const WRITES = [
  'clear',
  'delete',
  'insert',
  'recover',
  'remove',
  'restore',
  'save',
  'softDelete',
  'softRemove',
  'update',
  'upsert',
];

const readOfRepository: MemberEntry = { role: ['io', 'store-read'], key: 0 };
const readOfManager: MemberEntry = { role: ['io', 'store-read'], key: 1 };
const write: MemberEntry = { role: ['io', 'store-write'] };
const atomic: MemberEntry = { role: ['io', 'store-atomic'] };

const atOnce = 'the old value among the conditions of `update`';
const locked: StoreAccess['unless'] = { options: ['lock'] };
const picked: StoreAccess = { by: 'filter', filter: ['where'] };

/** What a read of a table picks, and what it gives. */
const GIVEN: Readonly<Record<string, StoreAccess>> = {
  findOne: { ...picked, gives: 'row', unless: locked },
  findOneOrFail: { ...picked, gives: 'row', unless: locked },
  findOneBy: { by: 'filter', gives: 'row' },
  findOneByOrFail: { by: 'filter', gives: 'row' },
  find: { ...picked, gives: 'rows', unless: locked },
  findBy: { by: 'filter', gives: 'rows' },
  count: { ...picked, gives: 'count' },
  countBy: { by: 'filter', gives: 'count' },
  exists: { ...picked, gives: 'existence' },
  existsBy: { by: 'filter', gives: 'existence' },
};

const updates: StoreAccess = { by: 'filter', writes: 'columns', adds: { name: 'increment' }, atOnce };
const saves: StoreAccess = { by: 'row', writes: 'changes', adds: { name: 'increment' }, atOnce };
const deletes: StoreAccess = { by: 'filter', writes: 'removes' };
const inserts: StoreAccess = { by: 'filter', writes: 'creates', ifAbsent: '`upsert`, or a unique index' };

/** The calls on a repository, or on an entity class, that may be halves of a pair. */
function pairsOf(owner: string): Readonly<Record<string, MemberEntry>> {
  return {
    ...Object.fromEntries(
      Object.entries(GIVEN).map(([name, store]) => [`${owner}${name}`, { ...readOfRepository, store }]),
    ),
    [`${owner}update`]: { ...write, key: 0, value: 1, store: updates },
    [`${owner}insert`]: { ...write, value: 0, store: inserts },
    [`${owner}delete`]: { ...write, key: 0, store: deletes },
  };
}

/** The same calls on a manager, which get the entity first. */
const PAIRS_OF_MANAGER: Readonly<Record<string, MemberEntry>> = {
  ...Object.fromEntries(
    Object.entries(GIVEN).map(([name, store]) => [
      `EntityManager.${name}`,
      { ...readOfManager, store: { ...store, table: 0 } },
    ]),
  ),
  'EntityManager.save': { ...write, key: 0, store: saves },
  'EntityManager.update': { ...write, key: 1, value: 2, store: { ...updates, table: 0 } },
  'EntityManager.insert': { ...write, value: 1, store: { ...inserts, table: 0 } },
  'EntityManager.delete': { ...write, key: 1, store: { ...deletes, table: 0 } },
};

/** What query builders give, where it is entities. */
const BUILT: Readonly<Record<string, StoreAccess['gives']>> = {
  getOne: 'row',
  getOneOrFail: 'row',
  getMany: 'rows',
  getCount: 'count',
  getExists: 'existence',
};

/** TypeORM 0.3 and 1. */
export const typeorm = entries('typeorm', {
  checkedWith: 'typeorm 1.1',
  types: {
    DataSource: { role: ['pool', 'drainable', 'store'] },
    QueryRunner: 'lease',
    EntityManager: 'store',
    Repository: 'store',
    SelectQueryBuilder: { role: 'store' },
    UpdateQueryBuilder: 'store',
    BaseEntity: 'store',
  },
  members: {
    'new DataSource': { role: 'creates', rejects: false },
    'DataSource.initialize': { role: 'io' },
    'DataSource.destroy': { role: 'drains', ends: 'promise', mayHang: true },
    'DataSource.createQueryRunner': {
      role: 'acquires',
      resource: 'result',
      rejects: false,
      reason: 'takes its connection at the first query',
    },
    'DataSource.transaction': { role: 'lends', argument: -1 },
    'DataSource.query': { role: ['io', 'queries'], argument: 0 },
    'QueryRunner.connect': { role: 'io' },
    'QueryRunner.query': { role: ['io', 'queries'], argument: 0 },
    'QueryRunner.startTransaction': { role: ['begins', 'io'] },
    'QueryRunner.commitTransaction': { role: ['commits', 'io'] },
    'QueryRunner.rollbackTransaction': { role: ['rolls-back', 'io'] },
    'QueryRunner.release': {
      role: 'releases',
      resource: 'receiver',
      ends: 'promise',
      again: 'harmless',
      reason: 'with an open transaction the next borrower of the connection joins it',
    },
    ...sameFor('Repository', READS, readOfRepository),
    ...sameFor('Repository', WRITES, write),
    ...pairsOf('Repository.'),
    'Repository.update': {
      ...write,
      key: 0,
      value: 1,
      store: {
        ...updates,
        adds: {
          name: 'increment',
          call: "{receiver}.increment({filter}, '{column}', {by})",
          minus: "{receiver}.decrement({filter}, '{column}', {by})",
        },
      },
    },
    'Repository.save': {
      ...write,
      key: 0,
      store: {
        ...saves,
        adds: {
          name: 'increment',
          call: "{receiver}.increment({ id: {row}.id }, '{column}', {by})",
          minus: "{receiver}.decrement({ id: {row}.id }, '{column}', {by})",
        },
      },
    },
    'Repository.upsert': atomic,
    ...sameFor('Repository', ['decrement', 'increment'], atomic),
    'Repository.query': { role: ['io', 'queries'], argument: 0 },
    ...sameFor('EntityManager', READS, readOfManager),
    ...sameFor('EntityManager', WRITES, write),
    ...PAIRS_OF_MANAGER,
    'EntityManager.upsert': atomic,
    ...sameFor('EntityManager', ['decrement', 'increment'], atomic),
    ...pairsOf('BaseEntity.static:'),
    'BaseEntity.static:upsert': atomic,
    'BaseEntity.save': {
      ...write,
      store: {
        by: 'receiver',
        writes: 'changes',
        adds: { name: 'getRepository().increment' },
        atOnce,
      },
    },
    'BaseEntity.remove': { ...write, store: { by: 'receiver', writes: 'removes' } },
    'EntityManager.query': { role: ['io', 'queries'], argument: 0 },
    'EntityManager.transaction': { role: 'lends', argument: -1 },
    'EntityManager.release': { role: 'releases', resource: 'receiver', ends: 'promise' },
    ...sameFor(
      'SelectQueryBuilder',
      ['getCount', 'getMany', 'getManyAndCount', 'getOne', 'getOneOrFail', 'getRawMany', 'getRawOne'],
      {
        role: ['io', 'store-read'],
      },
    ),
    ...Object.fromEntries(
      Object.entries(BUILT).map(([name, gives]): [string, MemberEntry] => [
        `SelectQueryBuilder.${name}`,
        {
          role: ['io', 'store-read'],
          store: {
            by: 'chain',
            chain: { table: ['from', 'createQueryBuilder'], filter: ['where', 'andWhere'] },
            ...(gives === undefined ? {} : { gives }),
            unless: { chain: ['setLock'] },
          },
        },
      ]),
    ),
    'UpdateQueryBuilder.execute': 'io',
    'UpdateQueryBuilder.set': {
      role: 'store-write',
      value: 0,
      store: {
        by: 'chain',
        chain: { table: ['update', 'createQueryBuilder'], filter: ['where', 'andWhere'] },
        writes: 'columns',
        unless: { chain: ['orWhere', 'whereInIds'] },
        adds: { name: 'increment' },
        atOnce: 'the old value in `where`',
      },
      reason: 'sent by `execute`',
    },
  },
});
