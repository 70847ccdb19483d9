import type * as ts from 'typescript';
import { expect, test, vi } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { lint } from '../support/lint.ts';
import { programOf } from '../support/program.ts';

/** A query builder whose types are made anew by each call, and a service beside it that makes the rules look for tasks. */
const BUILDER = `
export interface Query<Rows> extends PromiseLike<Rows> {
  from<Table>(table: Table): Table extends object ? Query<Rows & Table> : never;
  where(condition: Condition): Query<Rows>;
  values<Given>(given: Given): Query<Rows & Given>;
  get(): Query<Rows | undefined>;
}
export interface Condition { readonly text: string }
export declare function eq(left: unknown, right: unknown): Condition;
export declare const db: { select(): Query<object>; insert<Table>(table: Table): Query<Table> };
export declare const users: { id: number; name: string };
`;

const HEAD = `import type { IncomingMessage } from 'node:http';
import { db, eq, users } from 'builder';
export const shown = { where: (id: number): number => id, values: (): number => 1, get: async (): Promise<number> => 2 };
`;

/** The texts of what the checker is asked about in the body of \`find\`. */
function askedIn(code: string, rule: string): readonly string[] {
  const service = `${HEAD}${code}`;
  const virtual = programOf(
    {
      'node_modules/builder/package.json': '{ "name": "builder", "version": "1.0.0", "types": "index.d.ts" }',
      'node_modules/builder/index.d.ts': BUILDER,
      'service.ts': service,
    },
    { noUnusedLocals: false },
  );
  expect(virtual.diagnostics()).toEqual([]);
  const checker = virtual.program.getTypeChecker();
  const asked: string[] = [];
  const from = service.indexOf('db.', HEAD.length);
  const remember = (node: ts.Node): void => {
    if (node.getSourceFile().fileName.endsWith('service.ts') && node.getStart() >= from) asked.push(node.getText());
  };
  for (const question of ['getTypeAtLocation', 'getSymbolAtLocation'] as const) {
    const original = checker[question].bind(checker) as (node: ts.Node) => never;
    vi.spyOn(checker, question).mockImplementation((node) => {
      remember(node);
      return original(node);
    });
  }
  expect(lint(virtual, 'service.ts', service, { rules, run: { [rule]: [] } })).toEqual([]);
  return asked;
}

const FIND = `export async function find(req: IncomingMessage): Promise<unknown> {
  return await db.select().from(users).where(eq(users.name, req.url)).get();
}
`;

const INSERT = `export async function insert(names: readonly string[]): Promise<void> {
  for (const name of names) await db.insert(users).values({ id: name.length, name });
}
`;

// The type of one query takes a tenth of a second and more with the builders that are in use.
test.each([
  ['require-pool-reset', FIND],
  ['require-pool-release', FIND],
  ['require-wait-timeout', FIND],
  ['require-wait-timeout', INSERT],
  ['require-lock-release', FIND],
])('%s asks for no type of a query', (rule, code) => {
  expect(askedIn(code, rule)).toEqual([]);
});

test.each(['no-floating-request-context', 'require-background-catch'])(
  '%s asks what a condition is, and not the query around it',
  (rule) => {
    const asked = askedIn(FIND, rule);
    expect(asked.filter((text) => text.startsWith('db.'))).toEqual([]);
    expect(asked.filter((text) => text === 'where' || text === 'get' || text === 'from')).toEqual([]);
  },
);

// What is in such a list the compiler finds out by all that is ever put into it.
test.each(['no-floating-request-context', 'require-background-catch'])(
  '%s asks for no list that is only filled',
  (rule) => {
    const asked = askedIn(
      `export async function gather(req: IncomingMessage, ids: readonly number[]): Promise<unknown> {
  const found = [];
  for (const id of ids) {
    const made = db.insert({ id, url: req.url });
    found.push(await made);
  }
  return found;
}
`,
      rule,
    );
    expect(asked.filter((text) => text === 'push' || text.startsWith('found.'))).toEqual([]);
  },
);
