import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { namesLeadingTo } from '../text/callers-by-name.ts';
import { ownFiles } from '../text/files.ts';
import { callsNamed, fileNodes } from '../text/nodes.ts';
import { isOneOff } from '../program/one-off.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isAbsentAt } from './store-absence.ts';
import { calledName, endOf, type StoreCall, storeCallAt, storeNames } from './store-calls.ts';
import { guardOf, isPreparation, outermost } from './store-guards.ts';
import { identityIn, isFreshKey, isRefusedByStore, makesIdentity } from './store-identity.ts';
import { DEEPEST_CALL, frameOf, type How, type Source, sourcesOf, writesOf } from './store-sources.ts';
import type { Frame } from './store-text.ts';
import {
  argumentAt,
  columnOfRead,
  columnsIn,
  columnsOf,
  isSameThing,
  type Placed,
  rowOf,
  type WrittenColumn,
} from './store-things.ts';
import { secondEntry } from './second-entry.ts';
import { isVersioned } from './store-versions.ts';

/** A thing of an outside store that is read, and written because of what was read. */
export interface RemoteUpdate {
  /**
   * - `lost`: what is written was made of what was read: what others wrote in between is lost
   * - `twice`: it was not there and is created: others may create it as well
   */
  readonly is: 'lost' | 'twice';
  readonly read: StoreCall;
  readonly write: StoreCall;
  /** The calls of the function in question at which both happen. */
  readonly readAt: ts.CallExpression;
  readonly writeAt: ts.CallExpression;
  /** The column or field of which the new value is made of the old one, where the write is of columns. */
  readonly column?: string;
  /** For `lost`: what gives the new value, and what lies between it and the old one. */
  readonly value?: Placed;
  readonly how: How;
  /** The column in the object that is written. */
  readonly property?: WrittenColumn['property'];
  /** Is it proved: arithmetic on one key or column, in a function that can be entered again? */
  readonly isCertain: boolean;
}

/**
 * The pairs of a file: one thing of an outside store (a key, a file, a row) is read, the new value is made of what was read or an
 * identity is created because nothing was there, and it is written back by a call that does not look at what is there by then.
 *
 * Followed: constants, templates, conversions, spreads, changes of what was read, `then` chains, functions of the project that read or
 * write the store. Silent: fills of a cache; locks, transactions, conditions and conflicts (`guardOf`); keys made in the same run;
 * one-off programs; code that is entered once. Doubt: a value or key that cannot be followed makes no pair.
 */
export const remoteUpdates = defineFact<ts.SourceFile, readonly RemoteUpdate[]>({
  name: 'remote-updates',
  scope: 'program',
  compute(file, core) {
    if (isOneOff(file, core)) return [];
    if (!/\bawait\b|\.then\b/.test(file.text)) return [];
    const nodes = core.ask(fileNodes, file);
    const reads = callsNamed(nodes, core.ask(readerNames, core.program));
    if (reads.length === 0) return [];
    return callsNamed(nodes, core.ask(writerNames, core.program)).flatMap((call) =>
      ts.isCallExpression(call) && isSent(endOf(call)) && isBeside(call, reads) ? (updateAt(call, core) ?? []) : [],
    );
  },
});

/** The names of calls that may write to a store, themselves or in a function that they run. */
const writerNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'store-writer-names',
  scope: 'program',
  compute: (program, core) =>
    new Set([...core.ask(storeNames, program).writes, ...core.ask(writersByName, program).keys()]),
});

/** The names of calls that may read a store, themselves or in the functions that they run, by their text. */
const readerNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'store-reader-names',
  scope: 'program',
  compute: (program, core) => namesLeadingTo(core.ask(storeNames, program).reads, DEEPEST_CALL, core),
});

/** Stands one of the calls in the function around this one, the outermost one? */
function isBeside(call: ts.CallExpression, others: readonly ts.Node[]): boolean {
  let outer = enclosingFunctionOf(call);
  for (let fn = outer; !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) outer = fn;
  return others.some((other) => other !== call && isInside(other, outer));
}

/** Is a call of this kind waited for, returned or started: not one whose plain result is used (`map.set(…).size`)? */
function isSent(call: ts.CallExpression): boolean {
  const outer = wrapped(call);
  const { parent } = outer;
  if (ts.isSourceFile(enclosingFunctionOf(call))) return false;
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isExpressionStatement(parent) ||
    ts.isVoidExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isPropertyAccessExpression(parent) ||
    (ts.isCallExpression(parent) && parent.expression !== outer) ||
    (ts.isArrowFunction(parent) && parent.body === outer)
  );
}

/** The functions of the project that may write to a store themselves, by name. */
const writersByName = defineFact<ts.Program, ReadonlyMap<string, ReadonlySet<FunctionNode>>>({
  name: 'store-writers-by-name',
  scope: 'program',
  compute(program, core) {
    const found = new Map<string, Set<FunctionNode>>();
    const { writes } = core.ask(storeNames, program);
    for (const file of core.ask(ownFiles, program)) {
      for (const call of callsNamed(core.ask(fileNodes, file), writes)) {
        if (!ts.isCallExpression(call) || !isSent(endOf(call))) continue;
        const fn = enclosingFunctionOf(call);
        const name = writerName(fn);
        if (name !== undefined) found.set(name, (found.get(name) ?? new Set()).add(fn));
      }
    }
    return found;
  },
});

/** Does the function write to a store itself? */
const isWriter = defineFact<FunctionNode, boolean>({
  name: 'is-store-writer',
  scope: 'program',
  compute: (fn, core) =>
    callsNamed(core.ask(fileNodes, fn.getSourceFile()), core.ask(storeNames, core.program).writes).some(
      (call) =>
        ts.isCallExpression(call) &&
        enclosingFunctionOf(call) === fn &&
        isSent(endOf(call)) &&
        storeCallAt(call, 'store-write', undefined, core) !== undefined,
    ),
});

/** The name of a function that gets what it writes. */
function writerName(fn: FunctionNode): string | undefined {
  if (ts.isSourceFile(fn) || !ts.isFunctionLike(fn) || fn.parameters.length === 0) return undefined;
  const { parent } = fn;
  const named =
    ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)
      ? parent
      : fn;
  const { name } = named as { readonly name?: ts.Node };
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

function updateAt(call: ts.CallExpression, core: Core): RemoteUpdate | undefined {
  const write = storeCallAt(call, 'store-write', undefined, core);
  if (write !== undefined) return updateBy(write, core);
  const candidates = core.ask(writersByName, core.program).get(calledName(call) ?? '');
  const writers = [...(candidates ?? [])].filter((fn) => core.ask(isWriter, fn));
  if (writers.length === 0) return undefined;
  const { functions } = core.ask(calleesOf, call);
  const [fn] = functions;
  if (fn === undefined || functions.length > 1 || !writers.includes(fn)) return undefined;
  const frame = frameOf(call, fn, undefined, core);
  for (const inner of writesIn(fn, frame, core)) {
    const update = updateBy(inner, core);
    if (update !== undefined && update.readAt !== update.writeAt) return update;
  }
  return undefined;
}

function writesIn(fn: FunctionNode, frame: Frame, core: Core): readonly StoreCall[] {
  const found: StoreCall[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isSent(endOf(node))) {
      const write = storeCallAt(node, 'store-write', frame, core);
      if (write !== undefined) found.push(write);
    }
    if (!isFunctionNode(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}

/** The pair that a write ends, if it ends one. */
function updateBy(write: StoreCall, core: Core): RemoteUpdate | undefined {
  const found = lostBy(write, core) ?? createdTwice(write, core);
  if (found === undefined) return undefined;
  const { read } = found;
  const writeAt = outermost(write);
  const readAt = outermost(read);
  const fn = enclosingFunctionOf(readAt);
  const key = argumentAt(write, write.row.key, core);
  if (key !== undefined && isFreshKey(key, core)) return undefined;
  const guard = guardOf(read, write, core);
  if (guard === 'held' || (guard === 'transaction' && found.how !== 'sum') || isVersioned(read, write, core))
    return undefined;
  const entry = core.ask(secondEntry, fn);
  if (entry.is === 'no' || isPreparation(readAt, core)) return undefined;
  return {
    ...found,
    write,
    readAt,
    writeAt,
    isCertain: found.how === 'sum' && guard === undefined && entry.is === 'yes',
  };
}

type Pair = Omit<RemoteUpdate, 'isCertain' | 'readAt' | 'write' | 'writeAt'>;

// ---------------------------------------------------------------- made of what was read

function lostBy(write: StoreCall, core: Core): Pair | undefined {
  const { writes = 'replaces' } = write.row.store;
  if (writes === 'removes' || writes === 'creates') return undefined;
  const columns = columnsOf(write, core);
  if (columns !== undefined) {
    for (const column of columns) {
      const pair = ofColumn(write, column, core);
      if (pair !== undefined) return pair;
    }
  }
  if (writes === 'changes') return ofChanges(write, core);
  return columns === undefined ? ofWhole(write, core) : undefined;
}

/** Is the read one whose value is the thing itself? */
function givesValue(read: StoreCall): boolean {
  const { gives = 'value' } = read.row.store;
  return gives !== 'existence' && gives !== 'count';
}

function ofWhole(write: StoreCall, core: Core): Pair | undefined {
  const value = argumentAt(write, write.row.value, core);
  if (value === undefined) return undefined;
  for (const { how, read } of byCertainty(sourcesOf(value.node, value.frame, core))) {
    if (how === 'copy' || !givesValue(read) || columnOfRead(read, core) !== undefined) continue;
    if (isSameThing(write, read, core) === 'yes') return { is: 'lost', read, value, how };
  }
  return undefined;
}

function ofColumn(write: StoreCall, { column, property, value }: WrittenColumn, core: Core): Pair | undefined {
  for (const source of byCertainty(sourcesOf(value.node, value.frame, core))) {
    const { how, read } = source;
    if (how === 'copy' || !givesValue(read)) continue;
    const own = columnOfRead(read, core);
    if ((own ?? columnsIn(source)[0]) !== column) continue;
    if (isSameThing(write, read, core) === 'yes')
      return { is: 'lost', read, value, how, column, ...(property === undefined ? {} : { property }) };
  }
  return undefined;
}

/** Arithmetic first: it proves more. */
function byCertainty(sources: readonly Source[]): readonly Source[] {
  return sources.toSorted((left, right) => Number(right.how === 'sum') - Number(left.how === 'sum'));
}

/** `order.paid += amount; await orders.save(order);` */
function ofChanges(write: StoreCall, core: Core): Pair | undefined {
  const row = rowOf(write, core);
  const name = row === undefined ? undefined : bare(row.node);
  if (row === undefined || name === undefined || !ts.isIdentifier(name)) return undefined;
  const symbol = symbolOf(name, core);
  if (symbol === undefined) return undefined;
  const origin = sourcesOf(name, row.frame, core).find(
    (source) =>
      columnsIn(source).length === 0 && givesValue(source.read) && isSameThing(write, source.read, core) === 'yes',
  );
  if (origin === undefined) return undefined;
  for (const change of writesOf(symbol, write.call, core)) {
    if (change.is !== 'part') continue;
    const [column] = change.path;
    if (column === undefined) continue;
    const how = howChanged(change.node, column, origin.read, row.frame, core);
    if (how !== undefined)
      return { is: 'lost', read: origin.read, column, how, value: { node: change.node, frame: row.frame } };
  }
  return undefined;
}

/** What a change makes of the old value of its column; `undefined` if it does not look at it, or the store adds to a list by itself. */
function howChanged(
  node: ts.Expression,
  column: string,
  read: StoreCall,
  frame: Frame | undefined,
  core: Core,
): How | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return 'sum';
  if (!ts.isBinaryExpression(node) || !isAssignmentOperator(node.operatorToken.kind)) return undefined;
  const isNumber = (core.checker.getTypeAtLocation(node).flags & ts.TypeFlags.NumberLike) !== 0;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken: {
      const own = sourcesOf(node.right, frame, core).filter(
        (source) => source.how !== 'copy' && source.read.call === read.call && columnsIn(source)[0] === column,
      );
      return byCertainty(own)[0]?.how;
    }
    case ts.SyntaxKind.PlusEqualsToken:
    case ts.SyntaxKind.MinusEqualsToken:
    case ts.SyntaxKind.AsteriskEqualsToken:
      return isNumber ? 'sum' : 'change';
    default:
      return undefined;
  }
}

// ---------------------------------------------------------------- created because it was absent

function createdTwice(write: StoreCall, core: Core): Pair | undefined {
  const { writes = 'replaces' } = write.row.store;
  if (writes !== 'replaces' && writes !== 'creates') return undefined;
  for (const read of isAbsentAt(write, core)) {
    const value = argumentAt(write, write.row.value, core);
    if (value === undefined) continue;
    if (writes === 'creates') {
      if (!isRefusedByStore(write, read, core) && makesIdentity(value, core))
        return { is: 'twice', read, value, how: 'copy' };
      continue;
    }
    if (isSameThing(write, read, core) !== 'yes') continue;
    if (identityIn(write, value, core)) return { is: 'twice', read, value, how: 'copy' };
  }
  return undefined;
}
