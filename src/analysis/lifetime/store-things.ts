import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { chainOf, calledName, receiverOf, type StoreCall } from './store-calls.ts';
import { nameOf, propertyOf, type Source, sourcesOf } from './store-sources.ts';
import { type Frame, textOf } from './store-text.ts';

/** An expression where it stands. */
export interface Placed {
  readonly node: ts.Expression;
  readonly frame: Frame | undefined;
}

/** One column, field or property that a call writes. */
export interface WrittenColumn {
  readonly column: string;
  readonly value: Placed;
  /** The property as it stands in the object given; nothing for a field that is an argument. */
  readonly property?: ts.PropertyAssignment | ts.ShorthandPropertyAssignment;
}

/** What a name stands for: a parameter what was given for it, a constant its value. */
export function resolved({ node, frame }: Placed, core: Core, steps = 6): Placed {
  const inner = bare(node);
  if (steps === 0 || !ts.isIdentifier(inner)) return { node: inner, frame };
  const symbol = symbolOf(inner, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return { node: inner, frame };
  for (let each = frame; each !== undefined; each = each.outer) {
    const given = each.given.get(symbol);
    if (given !== undefined) return resolved({ node: given, frame: each.outer }, core, steps - 1);
  }
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const value = ts.isVariableDeclaration(declaration) && isConst ? declaration.initializer : undefined;
  if (value === undefined || !ts.isObjectLiteralExpression(bare(value))) return { node: inner, frame };
  return { node: bare(value), frame };
}

/** The argument of a call that a row points to. */
export function argumentAt({ call, frame }: StoreCall, at: number | undefined, core: Core): Placed | undefined {
  const node = at === undefined ? undefined : core.api.argumentOf(call, at);
  return node === undefined ? undefined : { node, frame };
}

/** The store, and the table of it, that a call is made on. */
function storeTextOf(store: StoreCall, core: Core): string | undefined {
  const { call, frame, row } = store;
  const table = argumentAt(store, row.store.table, core);
  const tableText = table === undefined ? '' : textOf(table.node, table.frame, core);
  if (tableText === undefined) return undefined;
  if (row.store.by === 'chain') return chainTextOf(store, core);
  // A function of a module: the module is the store (`fs` and `fs/promises` are the same files).
  if (!row.name.includes('.')) return `module ${row.from.replace(/^node:/, '').replace(/\/.*$/, '')}`;
  const receiver = receiverOf(call);
  const text = receiver === undefined ? undefined : textOf(receiver, frame, core);
  return text === undefined ? undefined : `${text} ${tableText}`;
}

function chainTextOf({ call, frame, row }: StoreCall, core: Core): string | undefined {
  const [first] = chainOf(call);
  if (first === undefined) return undefined;
  const holder = receiverOf(first);
  const root = holder ?? bare(first.expression);
  const texts = [textOf(root, frame, core)];
  if (holder === undefined) texts.push(...first.arguments.map((each) => textOf(each, frame, core)));
  for (const each of chainOf(call)) {
    if (each !== first || holder !== undefined) {
      if (row.store.chain?.table?.includes(calledName(each) ?? '') === true)
        texts.push(...each.arguments.slice(0, 1).map((given) => textOf(given, frame, core)));
    }
  }
  return texts.includes(undefined) ? undefined : texts.join(' ');
}

/** The filter of a call by property; an id that stands alone has the name `#`. */
type Filter = ReadonlyMap<string, Placed>;

function filterOf(store: StoreCall, core: Core): Filter | undefined {
  if (store.row.store.by === 'chain') return chainFilterOf(store, core);
  const given = argumentAt(store, store.row.key, core);
  if (given === undefined) return undefined;
  let filter = resolved(given, core);
  const { filter: options } = store.row.store;
  if (options !== undefined) {
    const inner = options.map((name) => propertyOf(filter.node, name)).find((each) => each !== undefined);
    if (inner === undefined) return undefined;
    filter = resolved({ node: inner, frame: filter.frame }, core);
  }
  return propertiesOf(filter);
}

function propertiesOf({ node, frame }: Placed): Filter | undefined {
  if (!ts.isObjectLiteralExpression(node)) return new Map([['#', { node, frame }]]);
  const found = new Map<string, Placed>();
  for (const property of node.properties) {
    const name = property.name === undefined ? undefined : nameOf(property.name);
    if (name === undefined) return undefined;
    if (ts.isPropertyAssignment(property)) {
      const value = bare(property.initializer);
      // A compound key of Prisma: `where: { userId_orderId: { userId, orderId } }`.
      if (ts.isObjectLiteralExpression(value)) {
        const inner = propertiesOf({ node: value, frame });
        if (inner === undefined) return undefined;
        for (const [key, placed] of inner) found.set(key, placed);
      } else found.set(name, { node: value, frame });
    } else if (ts.isShorthandPropertyAssignment(property)) found.set(name, { node: property.name, frame });
    else return undefined;
  }
  return found;
}

function chainFilterOf({ call, frame, row }: StoreCall, core: Core): Filter | undefined {
  const found = new Map<string, Placed>();
  for (const each of chainOf(call)) {
    if (row.store.chain?.filter?.includes(calledName(each) ?? '') !== true) continue;
    const [first, second] = each.arguments;
    if (first === undefined) return undefined;
    const node = bare(first);
    if (ts.isObjectLiteralExpression(node)) {
      for (const [name, placed] of propertiesOf({ node, frame }) ?? []) found.set(name, placed);
    } else if (ts.isStringLiteralLike(node) && second !== undefined && each.arguments.length === 2) {
      found.set(node.text, { node: second, frame });
    } else if (ts.isCallExpression(node) && node.arguments.length === 2) {
      // `eq(orders.id, id)`
      const [column, value] = node.arguments;
      if (column === undefined || value === undefined) return undefined;
      const name = textOf(column, frame, core);
      if (name === undefined) return undefined;
      const last = bare(column);
      found.set(ts.isPropertyAccessExpression(last) ? last.name.text : name, { node: value, frame });
    } else return undefined;
  }
  return found.size === 0 ? undefined : found;
}

/** Does a write make a row that the filter of a read would have found? The properties of the filter that the row has. */
export function filterMadeBy(write: StoreCall, read: StoreCall, core: Core): readonly string[] | undefined {
  const here = storeTextOf(write, core);
  const filter = here !== undefined && here === storeTextOf(read, core) ? filterOf(read, core) : undefined;
  if (filter === undefined || filter.has('#')) return undefined;
  const made = new Map(columnsOf(write, core)?.map(({ column, value }) => [column, value]));
  for (const [name, wanted] of filter) {
    const given = made.get(name);
    const text = given === undefined ? undefined : textOf(given.node, given.frame, core);
    if (text === undefined || text !== textOf(wanted.node, wanted.frame, core)) return undefined;
  }
  return [...filter.keys()];
}

const ID = /^(?:#|_?id|uuid|guid|pk|key|.*(?:Id|ID|_id|Uuid|Key))$/;

/** Do both calls touch the same thing? `conditional`: only if it still is what was read. */
export function isSameThing(write: StoreCall, read: StoreCall, core: Core): 'conditional' | 'no' | 'yes' {
  const { by = 'key' } = write.row.store;
  if (by === 'row' || by === 'receiver') return isRowOf(write, read, core) ? 'yes' : 'no';
  const here = storeTextOf(write, core);
  if (here === undefined || here !== storeTextOf(read, core)) return 'no';
  if (by === 'filter' || by === 'chain') {
    const filter = filterOf(write, core);
    const before = filterOf(read, core);
    return filter === undefined || before === undefined ? 'no' : compared(filter, before, read, core);
  }
  const keys = [write, read].map((each) => {
    const key = argumentAt(each, each.row.key, core);
    return key === undefined ? undefined : textOf(key.node, key.frame, core);
  });
  return keys[0] !== undefined && keys[0] === keys[1] ? 'yes' : 'no';
}

function compared(filter: Filter, before: Filter, read: StoreCall, core: Core): 'conditional' | 'no' | 'yes' {
  let isSame = false;
  let isConditional = false;
  for (const [name, placed] of filter) {
    const text = textOf(placed.node, placed.frame, core);
    const known = before.get(name) ?? (ID.test(name) ? (before.get('#') ?? idIn(before, name)) : undefined);
    const knownText = known === undefined ? undefined : textOf(known.node, known.frame, core);
    if (text !== undefined && text === knownText) {
      isSame = true;
      continue;
    }
    const own = sourcesOf(placed.node, placed.frame, core).find(
      (source) => isSameCall(source.read, read) && source.how === 'copy',
    );
    const column = own === undefined ? undefined : columnsIn(own)[0];
    if (column !== undefined && ID.test(column) && (name === '#' || name === column)) isSame = true;
    else if (known !== undefined || (ID.test(name) && column === undefined)) return 'no';
    else isConditional = true;
  }
  if (!isSame) return 'no';
  return isConditional ? 'conditional' : 'yes';
}

/** `findById(id)` and `updateOne({ _id: id })` name the same row. */
function idIn(filter: Filter, name: string): Placed | undefined {
  return name === '#' ? (filter.get('id') ?? filter.get('_id')) : undefined;
}

export function isSameCall(left: StoreCall, right: StoreCall): boolean {
  return left.call === right.call && left.frame?.call === right.frame?.call;
}

/** The row that `save` gets, or is called on, where it is written. */
export function rowOf(write: StoreCall, core: Core): Placed | undefined {
  if (write.row.store.by === 'receiver') {
    const node = receiverOf(write.call);
    return node === undefined ? undefined : { node, frame: write.frame };
  }
  const first = argumentAt(write, write.row.key, core);
  // `manager.save(Order, order)`
  const isClass = first !== undefined && core.checker.getTypeAtLocation(first.node).getConstructSignatures().length > 0;
  return isClass ? argumentAt(write, (write.row.key ?? 0) + 1, core) : first;
}

function isRowOf(write: StoreCall, read: StoreCall, core: Core): boolean {
  const row = rowOf(write, core);
  if (row === undefined) return false;
  return sourcesOf(row.node, row.frame, core).some(
    (source) => isSameCall(source.read, read) && columnsIn(source).length === 0,
  );
}

/** The path from the thing itself: without the list it was in, and what the result wraps it in. */
export function columnsIn({ path, read }: Source): readonly string[] {
  const { gives, under } = read.row.store;
  const inner = under !== undefined && path[0] === under ? path.slice(1) : path;
  return gives === 'rows' && inner[0] !== undefined && /^(?:\d+|\*)$/.test(inner[0]) ? inner.slice(1) : inner;
}

/** The columns or fields that a call writes one by one; `undefined` when it writes the whole thing. */
export function columnsOf(write: StoreCall, core: Core): readonly WrittenColumn[] | undefined {
  const { field, writes = 'replaces', by } = write.row.store;
  if (field !== undefined) return fieldsOf(write, field, core);
  if (by === 'row' && writes === 'changes') {
    const row = rowOf(write, core);
    const literal = row === undefined ? undefined : resolved(row, core);
    return literal !== undefined && ts.isObjectLiteralExpression(literal.node) ? columnsInObject(literal) : [];
  }
  if (writes !== 'columns' && writes !== 'creates') return undefined;
  const given = argumentAt(write, write.row.value, core);
  if (given === undefined) return [];
  const object = resolved(given, core);
  const { columns } = write.row.store;
  if (columns === undefined) return columnsInObject(object);
  const inner = columns.flatMap((name) => {
    const node = propertyOf(object.node, name);
    return node === undefined ? [] : columnsInObject(resolved({ node, frame: object.frame }, core));
  });
  const own = columns.some((name) => name.startsWith('$')) ? columnsInObject(object) : [];
  return [...inner, ...own.filter(({ column }) => !column.startsWith('$'))];
}

function columnsInObject({ node, frame }: Placed): readonly WrittenColumn[] {
  if (!ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property): WrittenColumn[] => {
    const column = property.name === undefined ? undefined : nameOf(property.name);
    if (column === undefined) return [];
    if (ts.isPropertyAssignment(property)) return [{ column, property, value: { node: property.initializer, frame } }];
    return ts.isShorthandPropertyAssignment(property)
      ? [{ column, property, value: { node: property.name, frame } }]
      : [];
  });
}

/** `hset(key, field, value, …)` or `hset(key, { field: value })`. */
function fieldsOf(write: StoreCall, field: number, core: Core): readonly WrittenColumn[] {
  const first = argumentAt(write, field, core);
  if (first === undefined) return [];
  const object = resolved(first, core);
  if (ts.isObjectLiteralExpression(object.node)) return columnsInObject(object);
  const found: WrittenColumn[] = [];
  for (let at = field; at + 1 < write.call.arguments.length; at += 2) {
    const name = argumentAt(write, at, core);
    const value = argumentAt(write, at + 1, core);
    const column = name === undefined ? undefined : textOf(name.node, name.frame, core);
    if (column !== undefined && value !== undefined) found.push({ column, value });
  }
  return found;
}

/** The column that a read is of, where it reads no more than one: a field of a hash. */
export function columnOfRead(read: StoreCall, core: Core): string | undefined {
  const field = argumentAt(read, read.row.store.field, core);
  return field === undefined ? undefined : textOf(field.node, field.frame, core);
}
