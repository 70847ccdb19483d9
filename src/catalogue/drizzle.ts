import { entries, type MemberEntry } from './schema.ts';

const lazy = 'sent by `then`, `execute` or `await`';

const DIALECTS = ['Pg', 'MySql', 'SQLite', 'SingleStore'] as const;

/** The calls of a chain by which a table is read and written; each dialect has classes of its own. */
function pairsOf(dialect: (typeof DIALECTS)[number]): Readonly<Record<string, MemberEntry>> {
  return {
    [`${dialect}SelectBuilder.from`]: {
      role: 'store-read',
      store: {
        by: 'chain',
        chain: { table: ['from'], filter: ['where'] },
        gives: 'rows',
        unless: { chain: ['for'] },
      },
      reason: lazy,
    },
    [`${dialect}UpdateBuilder.set`]: {
      role: 'store-write',
      value: 0,
      store: {
        by: 'chain',
        chain: { table: ['update'], filter: ['where'] },
        writes: 'columns',
        adds: {
          name: 'sql`… + n`',
          column: 'sql`${{table}.{column}} + ${{by}}`',
          minus: 'sql`${{table}.{column}} - ${{by}}`',
          imports: { name: 'sql', from: 'drizzle-orm' },
        },
        atOnce: 'the old value in `where`',
      },
      reason: lazy,
    },
    [`${dialect}InsertBuilder.values`]: {
      role: 'store-write',
      value: 0,
      store: {
        by: 'chain',
        chain: { table: ['insert'] },
        writes: 'creates',
        unless: { chain: ['onConflictDoNothing', 'onConflictDoUpdate', 'onDuplicateKeyUpdate'] },
        ifAbsent: '`onConflictDoNothing`',
      },
      reason: lazy,
    },
  };
}

/** Drizzle 0.45. */
export const drizzle = entries('drizzle-orm', {
  checkedWith: 'drizzle-orm 0.45',
  types: { QueryPromise: { role: 'lazy-thenable', reason: lazy } },
  members: {
    'PgDatabase.transaction': { role: 'lends', argument: 0 },
    'MySqlDatabase.transaction': { role: 'lends', argument: 0 },
    'BaseSQLiteDatabase.transaction': { role: 'lends', argument: 0 },
    ...Object.fromEntries(DIALECTS.flatMap((dialect) => Object.entries(pairsOf(dialect)))),
    'RelationalQueryBuilder.findFirst': {
      role: 'store-read',
      key: 0,
      store: { by: 'filter', filter: ['where'], gives: 'row' },
      reason: lazy,
    },
    'RelationalQueryBuilder.findMany': {
      role: 'store-read',
      key: 0,
      store: { by: 'filter', filter: ['where'], gives: 'rows' },
      reason: lazy,
    },
  },
});
