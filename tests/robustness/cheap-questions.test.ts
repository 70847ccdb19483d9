import * as ts from 'typescript';
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
export interface Client { select(): Query<object>; insert<Table>(table: Table): Query<Table> }
export declare const db: Client;
export declare function connect(): Client;
export declare const users: { id: number; name: string };
`;

const HEAD = `import type { IncomingMessage } from 'node:http';
import { Hono } from 'hono';
import { connect, db, eq, users } from 'builder';
export const shown = { where: (id: number): number => id, values: (): number => 1, get: async (): Promise<number> => 2 };
`;

/** The texts of what the checker is asked about from the first use of `db` on: `.get` for the name of a member, `(c)` for a parameter. */
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
  expect(virtual.diagnostics().map(({ messageText }) => messageText)).toEqual([]);
  const checker = virtual.program.getTypeChecker();
  const asked: string[] = [];
  const from = service.indexOf('db.', HEAD.length);
  const remember = (node: ts.Node): void => {
    if (node.getSourceFile().fileName.endsWith('service.ts') && node.getStart() >= from) asked.push(textOf(node));
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

function textOf(node: ts.Node): string {
  if (ts.isParameter(node)) return `(${node.getText()})`;
  return ts.isPropertyAccessExpression(node.parent) && node.parent.name === node
    ? `.${node.getText()}`
    : node.getText();
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
    expect(asked.filter((text) => text === '.where' || text === '.get' || text === '.from')).toEqual([]);
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
    expect(asked.filter((text) => text === '.push' || text.startsWith('found.'))).toEqual([]);
  },
);

// The type of a client holds every table; that of a context whose variables name the client holds the client.
test('no-floating-request-context takes the context of a registered handler from its row', () => {
  const asked = askedIn(
    `export const first = db.select();
const app = new Hono<{ Variables: { client: typeof db } }>();
const note = async (path: string): Promise<void> => { await connect().insert({ path }); };
app.get('/users', async (c) => {
  void note(c.req.path);
  return c.json(await first);
});
`,
    'no-floating-request-context',
  );
  expect(asked).toContain('app');
  expect(asked).not.toContain('(c)');
});

test.each([
  ['the client', 'typeof client'],
  ['a member of its methods', `Parameters<(typeof client)['insert']>`],
  ['what it gives', 'NonNullable<Awaited<ReturnType<typeof byName>>>'],
])('no-floating-request-context asks for no parameter that is written as %s', (_what, type) => {
  const asked = askedIn(
    `export const first = db.select();
const client = connect();
export async function byName(name: string) {
  return await client.select().from(users).where(eq(users.name, name)).get();
}
type Given = ${type};
export function show(given: Given): void {
  setTimeout(() => shown.where(Object.keys(given).length), 5).unref();
}
`,
    'no-floating-request-context',
  );
  expect(asked).toContain('Given');
  expect(asked.filter((text) => text.startsWith('(given'))).toEqual([]);
});

test('no-nonatomic-update asks for no query to see whether its function is a getter', () => {
  const asked = askedIn(
    `let total = 0;
function setTotal(next: number): void {
  total = next;
}
async function getTotal(name: string) {
  return db.select().from(users).where(eq(users.name, name)).get();
}
export async function add(name: string): Promise<number> {
  const before = await getTotal(name);
  setTotal(Object.keys(before ?? {}).length);
  return total;
}
`,
    'no-nonatomic-update',
  );
  expect(asked).toContain('total');
  expect(asked.filter((text) => /^\.(?:from|get|select|where)$/.test(text))).toEqual([]);
});

test('a local is not looked for among the members of other things', () => {
  const asked = askedIn(
    `export async function show(req: IncomingMessage): Promise<unknown> {
  const found = await db.select().from(users).get();
  let name = req.url ?? '';
  if (found === undefined) name += '/';
  setTimeout(() => shown.where(name.length), 5).unref();
  return eq(users.name, name);
}
`,
    'no-floating-request-context',
  );
  expect(asked).toContain('name');
  expect(asked).not.toContain('.name');
});
