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

/** Values with a written class or interface, or none. */
const HOLD = `
import { connect, load, Pool, type Query, type Repository } from './shop.js';

interface Named { readonly label: string }
type Branded = Named & { brand: 'shop' };
type Both = Repository & Branded;
declare function brand(repository: Repository): Both;
declare const typed: typeof connect;
type Connect = typeof connect;
declare const again: Connect;
declare const same: Repository & { find(id: string): void };
declare class Server { connect(): Promise<Repository>; connect(done: () => void): void; many(): Promise<string[]>; when(url: string): Promise<Pool>; when(port: number): Promise<Repository> }

export class Base { protected readonly base: Repository = connect(); label = ''; }
export class Shop extends Base {
  static shared = new Pool();
  readonly pool = new Pool();
  private open: Repository | undefined;
  names: string[] = [];
  fixed: readonly string[] = [];
  anything: any;
  either: Repository | Pool = connect();
  constructor(private readonly repository: Repository, later?: (Repository | null)) { super(); this.open = later ?? undefined; }
  get current(): Repository { return this.repository; }
  get made() { return connect(); }
  list(id: string, ...rest: Repository[]): readonly unknown[] {
    const local = this.repository;
    const built = new Pool();
    const own: Repository = connect();
    const orders = own.orders();
    const branded = brand(own);
    const inner = (): unknown => this.pool.lease;
    function outer(this: Shop): unknown { return this.pool; }
    return [
      this.repository.find, this.open?.find, this.open!.orders, this.names.push, this.fixed.map, this.pool.lease, this.current.pick,
      this.made.pick, this.base.find, this.label, own.find, orders.where, built.lease, branded.find, branded.label, branded.brand,
      (id as unknown as Repository).find, typed().orders, again().orders, inner, outer, local.find, rest.length, Shop.shared.lease,
      this.anything.find, this.either.toString, same.find, (async () => (await load()).orders),
      async (server: Server) => {
        const connected = await server.connect();
        const when = await server.when(1);
        return [connected.find, (await server.connect()).orders, (await server.many()).concat, when.find, server.connect(() => undefined)];
      },
    ];
  }
}
export function narrowed(pool: Base): unknown { return pool instanceof Shop ? [pool.names, pool.label] : pool.label; }
`;

/** Callbacks whose parameters are written where they are given to. */
const CALLBACKS = `
import { type Pool, type Repository } from './shop.js';

type Done = (error?: Error) => void;
interface Handler<Context> { (this: Pool, repository: Repository, done: Done, context: Context): void }
interface AsyncHandler { (repository: Repository): Promise<void> }
interface Options { readonly log?: boolean }
interface Wider extends Options { readonly name: string }
interface Register { (handle: (repository: Repository) => void): void; (handle: (repository: Repository, done: Done) => void, options: Options): void }
interface App {
  get(path: string, handle: AsyncHandler): void;
  get(path: string, options: Wider): void;
  on(event: 'open', handle: (repository: Repository) => void): void;
  on(event: 'close', handle: (pool: Pool) => void): void;
  each<Item>(items: readonly Item[], handle: (item: Item) => void): void;
  use(...handlers: Handler<string>[]): void;
  plugin<Fn extends AsyncHandler | Handler<number>>(fn: Fn extends unknown ? Fn extends AsyncHandler ? AsyncHandler : Handler<number> : Fn): void;
  any(handle: any): void;
  either(handle: ((repository: Repository) => void) | ((pool: Pool) => void)): void;
  register: Register;
}
declare const app: App;

app.get('/', async (getRepository) => { void getRepository; });
app.on('open', (openRepository) => { void openRepository; });
app.on('close', function (closePool) { void closePool; });
app.each([1], (eachItem) => { void eachItem; });
app.use((useRepository, useDone, useContext) => { void [useRepository, useDone, useContext]; });
app.plugin((pluginRepository, pluginDone) => { void [pluginRepository, pluginDone]; });
app.any((anything: unknown) => { void anything; });
app.register((plainRepository) => { void plainRepository; });
app.register((withRepository, withDone) => { void [withRepository, withDone]; }, {});
`;

const { checker, sourceFile, diagnostics } = programOf(
  {
    'shop.ts': SHOP,
    'again.ts': `export { connect as open } from './shop.js';\n`,
    'use.ts': USE,
    'hold.ts': HOLD,
    'callbacks.ts': CALLBACKS,
  },
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

  const accesses = nodesIn('hold.ts', ts.isPropertyAccessExpression);

  it.each(accesses.map((access) => [access.getText(), access] as const))(
    '%s: nothing else than the checker',
    (_, access) => {
      const member = written.memberAt(access);
      const symbol = checker.getSymbolAtLocation(access.name);
      if (member !== undefined) expect(placesOf(member.symbol)).toEqual(placesOf(symbol));
      const owner = member?.owner.at(-1)?.name;
      const receiver = checker.getNonNullableType(checker.getTypeAtLocation(access.expression));
      if (owner !== undefined && receiver.getSymbol() !== undefined && !receiver.isIntersection())
        expect([owner, 'Shop']).toContain(receiver.symbol.name === 'Shop' ? 'Shop' : receiver.symbol.name);
    },
  );

  it('answers where a class or an interface is written', () => {
    const open = accesses.filter((access) => written.memberAt(access) === undefined).map((access) => access.getText());
    expect(open.sort()).toEqual([
      '(await load()).orders',
      'pool.names',
      'rest.length',
      'same.find',
      'this.anything.find',
      'this.either.toString',
      'this.made.pick',
      'this.pool',
      'when.find',
    ]);
  });
});

describe('givenTo', () => {
  const parameters = nodesIn('callbacks.ts', ts.isParameter).filter(
    ({ parent }) => ts.isArrowFunction(parent) || ts.isFunctionExpression(parent),
  );

  it.each(parameters.map((parameter) => [parameter.name.getText(), parameter] as const))(
    '%s: nothing else than the checker',
    (_, parameter) => {
      const given = written.givenTo(parameter);
      if (given === undefined) return;
      const { symbol } = checker.getTypeAtLocation(parameter);
      expect(placesOf(given.symbol)).toEqual(placesOf(symbol));
    },
  );

  it('answers where the declarations agree', () => {
    const open = parameters.filter((parameter) => written.givenTo(parameter) === undefined);
    expect(open.map(({ name }) => name.getText())).toEqual(['eachItem', 'useContext', 'anything']);
  });
});

function nodesIn<Node extends ts.Node>(file: string, is: (node: ts.Node) => node is Node): readonly Node[] {
  const found: Node[] = [];
  const visit = (node: ts.Node): void => {
    if (is(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(sourceFile(file));
  return found;
}
