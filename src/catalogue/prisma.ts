import { entries, type MemberEntry, type StoreAccess } from './schema.ts';

const ROWS: Readonly<Record<string, StoreAccess['gives']>> = {
  findUnique: 'row',
  findUniqueOrThrow: 'row',
  findFirst: 'row',
  findFirstOrThrow: 'row',
  findMany: 'rows',
  count: 'count',
};

const updates: StoreAccess = {
  by: 'filter',
  filter: ['where'],
  writes: 'columns',
  columns: ['data'],
  adds: {
    name: '{ increment: … }',
    column: '{ increment: {by} }',
    minus: '{ decrement: {by} }',
  },
  atOnce: 'the old value in `where`, or a serializable transaction',
};

const update: MemberEntry = { role: ['io', 'store-write'], key: 0, value: 0, store: updates };
const remove: MemberEntry = {
  role: ['io', 'store-write'],
  key: 0,
  store: { by: 'filter', filter: ['where'], writes: 'removes' },
};

/** The methods of a model, which the generator declares in the user's own code. */
const GENERATED: Readonly<Record<string, MemberEntry>> = {
  ...Object.fromEntries(
    Object.entries(ROWS).map(([name, gives]): [string, MemberEntry] => [
      `PrismaPromise.by:${name}`,
      {
        role: ['io', 'store-read'],
        key: 0,
        store: {
          by: 'filter',
          filter: ['where'],
          ...(gives === undefined ? {} : { gives }),
          ...(name.startsWith('findUnique') ? { isUnique: true } : {}),
        },
      },
    ]),
  ),
  'PrismaPromise.by:update': update,
  'PrismaPromise.by:updateMany': update,
  'PrismaPromise.by:updateManyAndReturn': update,
  'PrismaPromise.by:upsert': {
    role: ['io', 'store-atomic', 'store-write'],
    key: 0,
    value: 0,
    store: { ...updates, columns: ['update'] },
    reason: 'creates or updates in one step; what was read before is none of it',
  },
  'PrismaPromise.by:create': {
    role: ['io', 'store-write'],
    value: 0,
    store: { by: 'filter', writes: 'creates', columns: ['data'], ifAbsent: '`upsert`' },
  },
  'PrismaPromise.by:delete': remove,
  'PrismaPromise.by:deleteMany': remove,
};

/** Prisma 7. */
export const prisma = entries('@prisma/client', {
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
    ...GENERATED,
  },
});
