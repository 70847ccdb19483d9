import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import {
  awaitedTypeOf,
  elementKindOf,
  elementTypeOf,
  givesThenable,
  isAnyLike,
  isCallable,
  isNever,
  isNullish,
  isPrimitive,
  isPromise,
  isThenable,
  ownsResource,
  sharednessOf,
  thenableBySignatures,
} from '../../../src/analysis/types/index.ts';
import { programOf } from '../../support/program.ts';

const SOURCE = `
import { Worker } from 'node:worker_threads';
import { promisify } from 'node:util';
import { exec } from 'node:child_process';
import { EventEmitter } from 'node:events';
import * as net from 'node:net';

enum Status { open, closed }
type OrderId = string & { readonly brand: 'order' };
interface Reply { then(fulfilled: () => void, rejected: (error: Error) => void): void; send(): Reply }
class Chain<T> { then(next: T) { return next; } }
class TrackedPromise<T> extends Promise<T> {}
interface Lease { release(): void; id: string }
interface Clock { close(at: number): void }
class Ring extends Int32Array<SharedArrayBuffer> {}
class Held { [Symbol.dispose]() {} }

interface Log {
  warn(message: string, more?: object | (() => object)): void;
  warn(message: string, more: () => Promise<object>): Promise<void>;
}
declare const log: Log;
declare const more: () => Promise<object>;
log.warn('m', { amount: 1 });
log.warn('n', ['o']);
log.warn('p', async () => ({}));
log.warn('q', more);
declare const amount: number;
declare const status: Status;
declare const orderId: OrderId;
declare const state: 'open' | 'closed' | null | undefined;
declare const order: { id: string };
declare const idOrOrder: string | { id: string };
declare const anything: any;
declare const mystery: unknown;
declare const nothing: null | undefined;
declare const missing: string | undefined;
declare const reply: Reply;
declare const chain: Chain<number>;
declare const loading: Promise<number>;
declare const maybeLoading: Promise<number> | undefined;
declare const tracked: TrackedPromise<number>;
declare const child: ReturnType<typeof execAsync>;
declare const later: PromiseLike<string>;
declare const callback: ((error: Error) => void) | undefined;
declare const lease: Lease | undefined;
declare const clock: Clock;
declare const held: Held;
declare const worker: Worker;
declare const socket: net.Socket;
declare const emitter: EventEmitter;
declare const timer: NodeJS.Timeout;
declare const cells: Int32Array<SharedArrayBuffer>;
declare const bareCells: Int32Array;
declare const maybeCells: Int32Array<SharedArrayBuffer> | null;
declare const eitherCells: Int32Array<SharedArrayBuffer> | Int32Array<ArrayBuffer>;
declare const ring: Ring;
declare const weights: Float64Array<SharedArrayBuffer>;
declare const pixels: Uint8ClampedArray<ArrayBuffer>;
declare const balances: BigInt64Array<SharedArrayBuffer>;
declare const sharedBytes: SharedArrayBuffer;
declare const rows: { sku: string }[];
declare const pair: [number, string];
declare const skus: Set<string>;
declare const stock: Map<string, bigint>;
const execAsync = promisify(exec);
const made = new Int32Array(new SharedArrayBuffer(4));
const local = new Int32Array(4);
const view = new DataView(new SharedArrayBuffer(4));
const bytes = Buffer.from(new SharedArrayBuffer(8));
const text = Buffer.from('order');
function quota<T extends number, V extends Int32Array<SharedArrayBuffer>>(limit: T, window: V) { void limit; void window; }

declare function load(id: string): Promise<number>;
declare function same<T>(value: T): T;
declare function pick(id: string): number;
declare function pick(id: number): Promise<number>;
declare function wrap<T>(value: T): { value: T };
declare const cache: { find?(id: string): Promise<number>; size(): number };
declare const unknownCall: any;
export const calls = [
  load('a'), same(1), same(load('b')), pick('c'), pick(1), wrap(load('d')), cache.find?.('e'), cache.size(), unknownCall(),
  (load as unknown as (id: string) => number)('f'), (pick as unknown as (id: string) => Promise<number>)('g'),
];

function fail(reason: string): never { throw new Error(reason); }
const stop = () => { throw new Error('stopped'); };
const exit: (code: number) => never = process.exit;
function warn(reason: string) { console.error(reason); }
export function run(code: number) {
  if (code === 1) fail('one');
  if (code === 2) stop();
  if (code === 3) process.exit(3);
  if (code === 4) exit(4);
  if (code === 5) warn('five');
  return fail('six');
}
`;

const { checker, sourceFile, diagnostics } = programOf({ 'orders.ts': SOURCE }, { noUnusedLocals: false });
const file = sourceFile('orders.ts');

function find<Node extends ts.Node>(isWanted: (node: ts.Node) => node is Node): Node {
  let found: Node | undefined;
  (function visit(node: ts.Node): void {
    if (found === undefined && isWanted(node)) found = node;
    if (found === undefined) ts.forEachChild(node, visit);
  })(file);
  if (found === undefined) throw new Error('not in the source');
  return found;
}

function typeOf(name: string): ts.Type {
  const declaration = find(
    (node): node is ts.ParameterDeclaration | ts.VariableDeclaration =>
      (ts.isVariableDeclaration(node) || ts.isParameter(node)) && node.name.getText() === name,
  );
  return checker.getTypeAtLocation(declaration.name);
}

function callOf(text: string): ts.CallExpression {
  return find((node): node is ts.CallExpression => ts.isCallExpression(node) && node.getText() === text);
}

function written(type: ts.Type | undefined): string | undefined {
  return type === undefined ? undefined : checker.typeToString(type);
}

it('asks about a source that compiles', () => {
  expect(diagnostics().map((each) => ts.flattenDiagnosticMessageText(each.messageText, '\n'))).toEqual([]);
});

describe('isAnyLike', () => {
  it('is true for any and unknown alone', () => {
    expect(isAnyLike(typeOf('anything'))).toBe(true);
    expect(isAnyLike(typeOf('mystery'))).toBe(true);
    expect(isAnyLike(typeOf('order'))).toBe(false);
    expect(isAnyLike(typeOf('nothing'))).toBe(false);
  });
});

describe('isNullish', () => {
  it('is true when no other value is possible', () => {
    expect(isNullish(typeOf('nothing'))).toBe(true);
    expect(isNullish(typeOf('missing'))).toBe(false);
    expect(isNullish(typeOf('anything'))).toBe(false);
  });
});

describe('isPrimitive', () => {
  it('is true for what an assignment copies', () => {
    expect(isPrimitive(typeOf('amount'), checker)).toBe(true);
    expect(isPrimitive(typeOf('status'), checker)).toBe(true);
    expect(isPrimitive(typeOf('orderId'), checker)).toBe(true);
    expect(isPrimitive(typeOf('state'), checker)).toBe(true);
    expect(isPrimitive(typeOf('limit'), checker)).toBe(true);
  });

  it('is false as soon as one member is an object or says nothing', () => {
    expect(isPrimitive(typeOf('idOrOrder'), checker)).toBe(false);
    expect(isPrimitive(typeOf('order'), checker)).toBe(false);
    expect(isPrimitive(typeOf('anything'), checker)).toBe(false);
    expect(isPrimitive(typeOf('mystery'), checker)).toBe(false);
  });
});

describe('isPromise', () => {
  it('is true for the library’s promise and its subtypes, also in a union', () => {
    expect(isPromise(typeOf('loading'), checker)).toBe(true);
    expect(isPromise(typeOf('maybeLoading'), checker)).toBe(true);
    expect(isPromise(typeOf('tracked'), checker)).toBe(true);
    expect(isPromise(typeOf('child'), checker)).toBe(true);
  });

  it('is false for what merely has a then', () => {
    expect(isPromise(typeOf('reply'), checker)).toBe(false);
    expect(isPromise(typeOf('later'), checker)).toBe(false);
    expect(isPromise(typeOf('anything'), checker)).toBe(false);
  });
});

describe('isThenable', () => {
  it('is true when then takes a callback', () => {
    expect(isThenable(typeOf('reply'), checker)).toBe(true);
    expect(isThenable(typeOf('later'), checker)).toBe(true);
    expect(isThenable(typeOf('maybeLoading'), checker)).toBe(true);
  });

  it('is false when then takes a value, and for any', () => {
    expect(isThenable(typeOf('chain'), checker)).toBe(false);
    expect(isThenable(typeOf('order'), checker)).toBe(false);
    expect(isThenable(typeOf('anything'), checker)).toBe(false);
  });
});

describe('thenableBySignatures', () => {
  it.each([
    ["log.warn('m', { amount: 1 })", false],
    ["log.warn('n', ['o'])", false],
    ["log.warn('p', async () => ({}))", undefined],
    ["log.warn('q', more)", undefined],
  ])('%s: %s', (text, expected) => {
    expect(thenableBySignatures(callOf(text), checker)).toBe(expected);
  });
});

describe('givesThenable', () => {
  it.each([
    ["load('a')", true],
    ['same(1)', false],
    ["same(load('b'))", true],
    ["pick('c')", false],
    ['pick(1)', true],
    ["wrap(load('d'))", false],
    ["cache.find?.('e')", true],
    ['cache.size()', false],
    ['unknownCall()', false],
    ["(load as unknown as (id: string) => number)('f')", false],
    ["(pick as unknown as (id: string) => Promise<number>)('g')", true],
  ])('%s: %s', (text, expected) => {
    expect(givesThenable(callOf(text), checker)).toBe(expected);
  });

  it('asks the type of what is no call', () => {
    expect(
      givesThenable(
        find((node): node is ts.Identifier => ts.isIdentifier(node) && node.text === 'loading'),
        checker,
      ),
    ).toBe(true);
  });

  it('asks a generic call for its own type only where the signature leaves it open', () => {
    const asked = new Set<ts.Node>();
    const spied = Object.create(checker, {
      getTypeAtLocation: {
        value: (node: ts.Node) => {
          asked.add(node);
          return checker.getTypeAtLocation(node);
        },
      },
    }) as ts.TypeChecker;
    const settled = callOf("wrap(load('d'))");
    const open = callOf("same(load('b'))");
    givesThenable(settled, spied);
    givesThenable(open, spied);
    expect(asked.has(settled)).toBe(false);
    expect(asked.has(open)).toBe(true);
  });
});

describe('awaitedTypeOf', () => {
  it('unwraps promises and leaves the rest', () => {
    expect(written(awaitedTypeOf(typeOf('loading'), checker))).toBe('number');
    expect(written(awaitedTypeOf(typeOf('maybeLoading'), checker))).toBe('number | undefined');
    expect(written(awaitedTypeOf(typeOf('amount'), checker))).toBe('number');
  });
});

describe('isCallable', () => {
  it('is true for functions, also where they may be missing', () => {
    expect(isCallable(typeOf('callback'), checker)).toBe(true);
    expect(isCallable(typeOf('exit'), checker)).toBe(true);
    expect(isCallable(typeOf('order'), checker)).toBe(false);
  });
});

describe('ownsResource', () => {
  it('names the method that gives the resource back', () => {
    expect(ownsResource(typeOf('lease'), checker)).toBe('release');
    expect(ownsResource(typeOf('worker'), checker)).toBe('terminate');
    expect(ownsResource(typeOf('socket'), checker)).toBeDefined();
    expect(ownsResource(typeOf('held'), checker)).toBe('Symbol.dispose');
    expect(ownsResource(typeOf('timer'), checker)).toBeDefined();
  });

  it('finds none in plain data, emitters, any, and a method that wants an argument', () => {
    expect(ownsResource(typeOf('order'), checker)).toBeUndefined();
    expect(ownsResource(typeOf('emitter'), checker)).toBeUndefined();
    expect(ownsResource(typeOf('anything'), checker)).toBeUndefined();
    expect(ownsResource(typeOf('clock'), checker)).toBeUndefined();
    expect(ownsResource(typeOf('rows'), checker)).toBeUndefined();
  });
});

describe('sharednessOf', () => {
  it('is shared where the type names a SharedArrayBuffer', () => {
    expect(sharednessOf(typeOf('cells'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('maybeCells'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('made'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('ring'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('bytes'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('view'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('window'), checker)).toBe('shared');
    expect(sharednessOf(typeOf('sharedBytes'), checker)).toBe('shared');
  });

  it('is maybe where the annotation leaves the buffer open', () => {
    expect(sharednessOf(typeOf('bareCells'), checker)).toBe('maybe');
    expect(sharednessOf(typeOf('eitherCells'), checker)).toBe('maybe');
  });

  it('is private for a view of its own memory, and nothing for what is no view', () => {
    expect(sharednessOf(typeOf('local'), checker)).toBe('private');
    expect(sharednessOf(typeOf('text'), checker)).toBe('private');
    expect(sharednessOf(typeOf('rows'), checker)).toBeUndefined();
    expect(sharednessOf(typeOf('anything'), checker)).toBeUndefined();
  });
});

describe('elementKindOf', () => {
  it('tells the arrays that Atomics takes from the others', () => {
    expect(elementKindOf(typeOf('cells'), checker)).toBe('integer');
    expect(elementKindOf(typeOf('ring'), checker)).toBe('integer');
    expect(elementKindOf(typeOf('balances'), checker)).toBe('bigint');
    expect(elementKindOf(typeOf('weights'), checker)).toBe('float');
    expect(elementKindOf(typeOf('pixels'), checker)).toBe('clamped');
    expect(elementKindOf(typeOf('rows'), checker)).toBeUndefined();
  });
});

describe('elementTypeOf', () => {
  it('is the type of one element, or of the values of a map', () => {
    expect(written(elementTypeOf(typeOf('rows'), checker))).toBe('{ sku: string; }');
    expect(written(elementTypeOf(typeOf('pair'), checker))).toBe('string | number');
    expect(written(elementTypeOf(typeOf('skus'), checker))).toBe('string');
    expect(written(elementTypeOf(typeOf('stock'), checker))).toBe('bigint');
    expect(written(elementTypeOf(typeOf('cells'), checker))).toBe('number');
    expect(elementTypeOf(typeOf('order'), checker)).toBeUndefined();
  });
});

describe('isNever', () => {
  it('is true for a statement that calls what is declared or inferred never to return', () => {
    expect(isNever(callOf("fail('one')"), checker)).toBe(true);
    expect(isNever(callOf('stop()'), checker)).toBe(true);
    expect(isNever(callOf('process.exit(3)'), checker)).toBe(true);
    expect(isNever(callOf('exit(4)'), checker)).toBe(true);
  });

  it('is false for a call that returns, and is not asked inside an expression', () => {
    expect(isNever(callOf("warn('five')"), checker)).toBe(false);
    expect(isNever(callOf("fail('six')"), checker)).toBe(false);
  });
});
