import { entries, type MemberEntry, sameFor } from './schema.ts';

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

/** TypeORM 0.3 and 1. */
export const typeorm = entries('typeorm', {
  checkedWith: 'typeorm 1.1',
  types: {
    DataSource: { role: ['pool', 'drainable', 'store'] },
    QueryRunner: 'lease',
    EntityManager: 'store',
    Repository: 'store',
    SelectQueryBuilder: { role: 'store' },
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
    ...sameFor('Repository', ['decrement', 'increment'], atomic),
    'Repository.query': { role: ['io', 'queries'], argument: 0 },
    ...sameFor('EntityManager', READS, readOfManager),
    ...sameFor('EntityManager', WRITES, write),
    ...sameFor('EntityManager', ['decrement', 'increment'], atomic),
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
  },
});
