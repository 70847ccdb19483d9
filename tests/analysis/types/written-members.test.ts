import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { memberSymbolOf, writtenMembersIn } from '../../../src/analysis/types/index.ts';
import { programOf } from '../../support/program.ts';

const SHOP = `
export class Query<T> { where(column: string): Query<T> { void column; return this; } rows(): Promise<T[]> { return Promise.resolve([]); } self() { return this; } }
export type Orders = Query<{ id: string }>;
export interface Repository {
  orders(): Orders;
  find(id: string): Query<number>;
  find(id: number): Query<string>;
  pick(id: string): Query<number>;
  pick(id: number): Promise<string>;
  maybe?(): Query<number>;
  either(): Query<number> | undefined;
  hold: () => Query<number>;
  any(): any;
}
export function connect(): Repository;
export function connect(url: string): Repository;
export function connect(url?: string): any { return { url }; }
export function wrap<Result>(value: Result): Result { return value; }
export const start = (): Repository => connect();
export async function load() { return connect(); }
export async function* pages() { yield 1; }
export namespace nested { export const open = (): Repository => connect(); }
export class Pool { static shared: Pool; static make(): Pool { return new Pool(); } lease = async () => 1; }
interface Promise2 { then(next: number): void }
export declare function odd(): Promise2;
export type connectOnly = string;
`;

const USE = `
import * as shop from './shop.js';
import { connect, load, nested, odd, Pool, start, wrap } from './shop.js';
import * as renamed from './again.js';

const repository = connect();
export const calls = [
  connect(), connect('db'), start(), nested.open(), shop.connect(), renamed.open(), (connect)(), shop['start'](),
  repository.orders(), repository.find('a'), repository.maybe?.(), repository.hold(),
  connect().orders().where('id').rows(), connect()!.find(1).rows().then(() => 1).catch(() => 2),
  load(), shop.load().then((found) => found.orders()), Pool.make(), shop.Pool.make().lease(), odd(),
];
export const open = [
  wrap(connect()), repository.pick('a'), repository.pick(1), repository.either(), repository.any(), connect().orders().self(),
  shop.pages(), (connect as any)(), (connect() as any).orders(), shop.wrap('a').trim(), [1].map((each) => each),
];
export const members = [shop.start, renamed.open, shop.Pool.shared, Pool.shared, connect().hold, connect().orders().where, shop.nested.open];
`;

const { checker, sourceFile, diagnostics } = programOf(
  { 'shop.ts': SHOP, 'again.ts': `export { connect as open } from './shop.js';\n`, 'use.ts': USE },
  { noUnusedLocals: false },
);
const written = writtenMembersIn(checker);

function elementsOf(name: string): readonly ts.Expression[] {
  for (const statement of sourceFile('use.ts').statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const [declaration] = statement.declarationList.declarations;
    const list = declaration?.initializer;
    if (declaration?.name.getText() === name && list !== undefined && ts.isArrayLiteralExpression(list))
      return [...list.elements];
  }
  throw new Error(`There is no ${name}.`);
}

function callsIn(name: string): readonly ts.CallExpression[] {
  return elementsOf(name).filter(ts.isCallExpression);
}

/** Where a symbol is declared: symbols themselves are too large to be printed. */
function placesOf(symbol: ts.Symbol | undefined): readonly string[] | undefined {
  return symbol?.declarations?.map(
    (declaration) => `${declaration.getSourceFile().fileName}:${String(declaration.pos)}`,
  );
}

it('asks about a source that compiles', () => {
  expect(diagnostics().map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'))).toEqual([]);
});

describe('resultOf', () => {
  it.each(callsIn('calls').map((call) => [call.getText(), call] as const))('%s: what its type says', (_, call) => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(call));
    expect(written.resultOf(call)?.at(-1)?.name).toBe(type.symbol.name);
    expect(placesOf(written.resultOf(call)?.at(-1))).toEqual(placesOf(type.symbol));
  });

  it.each(callsIn('open').map((call) => [call.getText(), call] as const))('%s: ask for its type', (_, call) => {
    expect(written.resultOf(call)).toBeUndefined();
  });

  it('names an alias before what it stands for', () => {
    const [call] = callsIn('calls').filter((each) => each.getText() === 'repository.orders()');
    expect(call === undefined ? undefined : written.resultOf(call)?.map(({ name }) => name)).toEqual([
      'Orders',
      'Query',
    ]);
  });

  it('asks for no type of a chain whose members are written', () => {
    const asked: ts.Node[] = [];
    const spied = Object.create(checker, {
      getTypeAtLocation: { value: (node: ts.Node) => (asked.push(node), checker.getTypeAtLocation(node)) },
      getResolvedSignature: {
        value: (call: ts.CallLikeExpression) => (asked.push(call), checker.getResolvedSignature(call)),
      },
    }) as ts.TypeChecker;
    const chain = callsIn('calls').find((each) => each.getText().endsWith('.catch(() => 2)'));
    if (chain === undefined) throw new Error('There is no chain.');
    expect(
      writtenMembersIn(spied)
        .resultOf(chain)
        ?.map(({ name }) => name),
    ).toEqual(['Promise']);
    expect(asked).toEqual([]);
  });
});

describe('memberAt', () => {
  it.each(
    elementsOf('members')
      .filter(ts.isPropertyAccessExpression)
      .map((access) => [access.getText(), access] as const),
  )('%s: what the checker says', (_, access) => {
    const symbol = checker.getSymbolAtLocation(access.name);
    const expected =
      symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol;
    expect(placesOf(written.memberAt(access)?.symbol)).toEqual(placesOf(expected));
    expect(placesOf(memberSymbolOf(access, checker))).toEqual(placesOf(expected));
  });

  it('leaves values to their type', () => {
    const [access] = callsIn('calls')
      .map(({ expression }) => expression)
      .filter((each) => each.getText() === 'repository.hold');
    if (access === undefined || !ts.isPropertyAccessExpression(access)) throw new Error('There is no such access.');
    expect(written.memberAt(access)).toBeUndefined();
    expect(memberSymbolOf(access, checker)?.name).toBe('hold');
  });
});
