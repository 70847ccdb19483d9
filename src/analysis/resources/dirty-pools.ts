import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { pathOf } from '../flow/solve.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { callSitesOf } from '../program/call-sites.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { elementKindOf } from '../types/element-kind-of.ts';
import { ownsResource } from '../types/owns-resource.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { awaitedAround } from './acquisitions.ts';
import { dirtyReturns, isResetByPool } from './lease-questions.ts';
import type { Happening } from './lease-state.ts';
import { type Lease, leasesIn, parameterDoings } from './lease.ts';
import { carriesData, changeBelow, isOverwrite } from './object-writes.ts';
import { type FileNodes, fileNodes } from '../text/nodes.ts';

/** A function that puts its parameter into a store from which other functions hand it out again. */
export interface Giver {
  readonly fn: FunctionNode;
  readonly parameter: ts.ParameterDeclaration & { readonly name: ts.Identifier };
  /** `this.free.push(order)`, `free = order`. */
  readonly put: ts.BinaryExpression | ts.CallExpression;
  readonly takers: readonly FunctionNode[];
}

/** A pool of the project that hands out what its last borrower left in an object. */
export interface DirtyPool {
  readonly giver: Giver;
  /** What it lends, by one of its leases. */
  readonly type: ts.Type;
  /** What a borrower writes, and no reset undoes on some path. */
  readonly write: Happening;
  /** What another borrower, or the same one the next time, reads before it is overwritten. */
  readonly read: Happening;
  /** The parts that are left behind; `''` stands for the object itself. */
  readonly fields: ReadonlySet<string>;
  /** Fields that the pool itself sets: a link to the next object, a flag. */
  readonly managed: ReadonlySet<string>;
  /** Fields whose value some borrower keeps: to empty it would empty what was kept. */
  readonly kept: ReadonlySet<string>;
  /** Expressions of its takers that make a new object. */
  readonly fresh: readonly ts.Expression[];
  /** Does the pool know nothing of what it lends (a type parameter)? Then only its borrowers can reset it. */
  readonly isGeneric: boolean;
  /** The dirty releases, each with its lease. */
  readonly returns: readonly {
    readonly lease: Lease;
    readonly release: Happening;
    readonly writes: readonly Happening[];
  }[];
}

const TAKES =
  /\b(?:dequeue|pop|shift|splice)\(|#?\b(?:acquire|alloc|borrow|checkout|get|lease|obtain|pop|rent|reserve|take)\w*\s*[(<=]/;
const BORROWS = /^#?(?:acquire|alloc|borrow|checkout|get|lease|obtain|pop|rent|reserve|take)/;
const CLEANS = /clean|clear|dispos|free|init|recycl|releas|reset|return|sanit|scrub|wipe|zero|^on[A-Z]|hook/i;

/**
 * The pools of a file whose objects reach the next borrower with what the last one wrote.
 *
 * Asked for at the pool, answered by its borrowers anywhere in the Program: one of them leaves data in an object, and one reads that
 * part, or adds to it, before it assigns it. Doubt falls to silence: a pool that passes what it gets to code we cannot see may reset it
 * there; objects that hold sockets, workers or other resources keep state of their own.
 */
export const dirtyPools = defineFact<ts.SourceFile, readonly DirtyPool[]>({
  name: 'dirty-pools',
  scope: 'program',
  compute: (file, core) => {
    if (!TAKES.test(file.text)) return [];
    return putsIn(core.ask(fileNodes, file)).flatMap(([fn, put]) => {
      const giver = giverOf(fn, put, core);
      return giver === undefined ? [] : (dirtyPoolOf(giver, core) ?? []);
    });
  },
});

/** The functions of a file that put their first parameter somewhere, each with the first place where it does, in the order of the text. */
function putsIn({ binaries, callsByName }: FileNodes): readonly (readonly [FunctionNode, Giver['put']])[] {
  const puts: (readonly [given: ts.Expression, put: Giver['put'], into: ts.Expression])[] = [];
  for (const name of PUTS) {
    for (const call of callsByName.get(name) ?? []) {
      const [given] = call.arguments ?? [];
      if (given === undefined || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression))
        continue;
      puts.push([given, call, call.expression]);
    }
  }
  for (const node of binaries) {
    if (node.operatorToken.kind === ts.SyntaxKind.EqualsToken) puts.push([node.right, node, node.left]);
  }
  puts.sort(([, left], [, right]) => left.pos - right.pos || right.end - left.end);
  const found = new Map<FunctionNode, Giver['put']>();
  for (const [given, put, into] of puts) {
    const value = bare(given);
    if (!ts.isIdentifier(value) || isNamed(rootOf(into), value.text)) continue;
    const fn = enclosingFunctionOf(put);
    if (!found.has(fn) && parameterOf(fn)?.name.text === value.text) found.set(fn, put);
  }
  return [...found].sort(([left], [right]) => left.pos - right.pos || right.end - left.end);
}

const PUTS = ['add', 'append', 'enqueue', 'push', 'put', 'unshift'];

/** The first parameter of a function, if it has a name and may be something that can be lent. */
function parameterOf(fn: FunctionNode): Giver['parameter'] | undefined {
  if (!ts.isFunctionLike(fn) || !('body' in fn) || fn.body === undefined) return undefined;
  const [parameter] = fn.parameters;
  if (parameter === undefined || !ts.isIdentifier(parameter.name) || isKeyword(parameter.type)) return undefined;
  return parameter as Giver['parameter'];
}

/** The parameter that a function puts into a store, and the functions that take from there. */
function giverOf(fn: FunctionNode, put: Giver['put'], core: Core): Giver | undefined {
  const parameter = parameterOf(fn);
  if (parameter === undefined) return undefined;
  const store = storeOf(put);
  const symbol = store === undefined ? undefined : symbolAt(store, core.checker);
  if (symbol === undefined || isInsideOf(symbol, fn)) return undefined;
  const takers = new Set<FunctionNode>();
  for (const reference of referencesOf(symbol, core)) {
    const taker = enclosingFunctionOf(reference);
    if (taker === fn || ts.isSourceFile(taker)) continue;
    const taken = takenAt(reference);
    if (taken === 'popped' || (taken !== undefined && BORROWS.test(nameOf(taker)) && empties(taker, symbol, core)))
      takers.add(taker);
  }
  if (takers.size === 0 || isPrimitive(core.checker.getTypeAtLocation(parameter.name), core.checker)) return undefined;
  return { fn, parameter, put, takers: [...takers] };
}

/** `string`, `number`, `boolean`: nothing that can be lent. */
function isKeyword(type: ts.TypeNode | undefined): boolean {
  return (
    type !== undefined &&
    (type.kind === ts.SyntaxKind.StringKeyword ||
      type.kind === ts.SyntaxKind.NumberKeyword ||
      type.kind === ts.SyntaxKind.BooleanKeyword)
  );
}

function isInsideOf(symbol: ts.Symbol, fn: FunctionNode): boolean {
  const declaration = symbol.valueDeclaration;
  return declaration !== undefined && declaration.pos >= fn.pos && declaration.end <= fn.end;
}

function isNamed(node: ts.Node, name: string): boolean {
  const inner = bare(node);
  return ts.isIdentifier(inner) && inner.text === name;
}

function rootOf(expression: ts.Expression): ts.Expression {
  let node = bare(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) node = bare(node.expression);
  return node;
}

/** The name of the field or variable that is put into. */
function storeOf(put: Giver['put']): ts.Node | undefined {
  const target = ts.isCallExpression(put)
    ? bare((put.expression as ts.PropertyAccessExpression).expression)
    : bare(
        ts.isElementAccessExpression(bare(put.left))
          ? (bare(put.left) as ts.ElementAccessExpression).expression
          : put.left,
      );
  if (ts.isIdentifier(target)) return target;
  return ts.isPropertyAccessExpression(target) ? target.name : undefined;
}

/** How something is taken out of the store here: `pop()` and `shift()` also take it away, an element or the value do not. */
function takenAt(reference: ts.Identifier): 'popped' | 'read' | undefined {
  const parent = reference.parent;
  const object = ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
  const outer = wrapped(object);
  const by = outer.parent;
  if (ts.isPropertyAccessExpression(by) && by.expression === outer) {
    if (/^(?:dequeue|pop|shift|splice)$/.test(by.name.text)) return 'popped';
    return /^(?:at|values)$/.test(by.name.text) ? 'read' : undefined;
  }
  if (ts.isElementAccessExpression(by) && by.expression === outer) {
    const target = wrapped(by).parent;
    return ts.isBinaryExpression(target) && target.left === wrapped(by) ? undefined : 'read';
  }
  if (ts.isForOfStatement(by) || ts.isSpreadElement(by)) return 'read';
  // A single slot, the head of a linked list.
  return (ts.isVariableDeclaration(by) && by.initializer === outer) || ts.isReturnStatement(by) ? 'read' : undefined;
}

/** Does a function that reads the store also change it, so that what it hands out is not there any more? */
function empties(taker: FunctionNode, store: ts.Symbol, core: Core): boolean {
  return referencesOf(store, core).some((reference) => {
    if (enclosingFunctionOf(reference) !== taker) return false;
    const { parent } = reference;
    const object = ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
    const by = wrapped(object).parent;
    if (ts.isPropertyAccessExpression(by) && by.expression === wrapped(object))
      return /^(?:delete|length)$/.test(by.name.text);
    return (
      ts.isBinaryExpression(by) && by.left === wrapped(object) && by.operatorToken.kind === ts.SyntaxKind.EqualsToken
    );
  });
}

function nameOf(fn: FunctionNode): string {
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? wrapped(fn).parent : fn;
  const name = ts.isSourceFile(holder) ? undefined : ts.getNameOfDeclaration(holder as ts.Declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : '';
}

function dirtyPoolOf(giver: Giver, core: Core): DirtyPool | undefined {
  const sites = giver.takers.flatMap((taker) =>
    ts.isPropertyDeclaration(taker) ? [] : callSitesOf(taker, core).found,
  );
  const borrowers = new Set(
    sites.flatMap(({ node, isCertain }) => (isCertain && ts.isCallExpression(node) ? [enclosingFunctionOf(node)] : [])),
  );
  const calls = new Set<ts.Node>(sites.map(({ node }) => node));
  // Code beside the pool that pops and pushes itself.
  for (const taker of giver.takers) borrowers.add(taker);
  const leases = [...borrowers]
    .flatMap((fn) => core.ask(leasesIn, fn))
    .filter(
      ({ acquisition }) => acquisition.isKnown && acquisition.kind === 'lease' && acquisition.member === undefined,
    )
    .filter(
      ({ acquisition, happenings }) =>
        calls.has(acquisition.call) && happenings.some((each) => givesTo(each, giver, core)),
    );
  const [first] = leases;
  if (first === undefined) return undefined;
  const type = core.checker.getTypeAtLocation(giver.parameter.name);
  const isGeneric = (type.flags & ts.TypeFlags.TypeParameter) !== 0;
  const lent = isGeneric ? core.checker.getTypeAtLocation(awaitedAround(first.acquisition.call)) : type;
  if (holdsResources(lent, core) || mayBeResetBy(giver, core)) return undefined;
  if (leases.some((lease) => isResetByPool(lease, core).is !== 'no')) return undefined;
  const fields = new Set<string>();
  const isCells = elementKindOf(lent, core.checker) !== undefined;
  const returns: DirtyPool['returns'][number][] = [];
  let write: Happening | undefined;
  let read: Happening | undefined;
  const clean = fieldsSetBy(giver, core);
  for (const lease of leases) {
    for (const { release, writes } of dirtyReturns(lease, core)) {
      if (!givesTo(release, giver, core)) continue;
      const left: Happening[] = [];
      for (const each of writes) {
        const field = each.field ?? '';
        if (clean.has(field) || !carriesData(each, core)) continue;
        const reader = readerOf(field, leases, isCells, core);
        if (reader === undefined) continue;
        fields.add(field);
        left.push(each);
        if (write === undefined) [write, read] = [each, reader];
      }
      if (left.length > 0) returns.push({ lease, release, writes: left });
    }
  }
  if (write === undefined || read === undefined) return undefined;
  return {
    giver,
    type,
    write,
    read,
    fields,
    fresh: freshIn(giver, type, core),
    isGeneric,
    kept: keptIn(leases),
    managed: clean,
    returns,
  };
}

function givesTo({ is, node }: Happening, { fn, put }: Giver, core: Core): boolean {
  if (is !== 'release') return false;
  if (node === put) return true;
  return ts.isCallExpression(node) && core.ask(calleesOf, node).functions.includes(fn);
}

/** Sockets, workers, emitters: what such an object says of itself is not its borrower's. */
function holdsResources(type: ts.Type, { checker }: Core): boolean {
  if (ownsResource(type, checker) !== undefined) return true;
  return checker
    .getPropertiesOfType(type)
    .some(({ name }) => name === 'emit' || name === 'postMessage' || name === 'query' || name === 'exec');
}

/** Does the pool pass the object to code that may reset it: a hook, a function it was given, one whose name says so? */
function mayBeResetBy({ fn, parameter }: Giver, core: Core): boolean {
  const name = parameter.name.text;
  const mayReset = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node)) {
      const callee = bare(node.expression);
      const called = ts.isPropertyAccessExpression(callee)
        ? callee.name.text
        : ts.isIdentifier(callee)
          ? callee.text
          : '';
      const isReceiver = ts.isPropertyAccessExpression(callee) && isNamed(rootOf(callee.expression), name);
      if (isReceiver && CLEANS.test(called)) return true;
      const isGiven = node.arguments.some((argument) => isNamed(argument, name));
      if (isGiven && CLEANS.test(called) && !ts.isPropertyAccessExpression(callee)) return true;
      if (
        isGiven &&
        CLEANS.test(called) &&
        core.ask(calleesOf, node).functions.length === 0 &&
        core.api.memberOf(node) === undefined
      )
        return true;
    }
    // `for (const key of keys) delete order[key]`
    if (ts.isElementAccessExpression(node) && isNamed(node.expression, name)) return true;
    return ts.forEachChild(node, mayReset) ?? false;
  };
  return mayReset(fn);
}

/** Fields that the pool itself sets, on the way in or out. */
function fieldsSetBy({ fn, parameter, takers }: Giver, core: Core): ReadonlySet<string> {
  const { resets, writes } = core.ask(parameterDoings, parameter);
  const found = new Set([...resets, ...writes].filter((field) => field !== ''));
  const look = (node: ts.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      ts.isIdentifier(node.left.expression)
    )
      found.add(node.left.name.text);
    ts.forEachChild(node, look);
  };
  for (const each of [fn, ...takers]) look(each);
  return found;
}

/** What a borrower reads of a part, or adds to it, before it has assigned it. */
function readerOf(field: string, leases: readonly Lease[], isCells: boolean, core: Core): Happening | undefined {
  for (const { acquire, happenings } of leases) {
    const found = happenings.find(
      (each) =>
        (isCells ? readsAllCells(each) : readsPart(each, field, core)) &&
        pathOf({
          from: acquire,
          to: (step) => step === each.step,
          avoiding: (step) =>
            happenings.some(
              (other) =>
                other.step === step &&
                (other.is === 'release' || (isOverwrite(other) && (other.field ?? field) === field)),
            ),
        }) !== undefined,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

function readsPart(happening: Happening, field: string, core: Core): boolean {
  const { is, node } = happening;
  if (is === 'write') return (happening.field ?? '') === field && !isOverwrite(happening) && readsItsLength(happening);
  if (is !== 'use') return is === 'hand-on';
  if (ts.isPropertyAccessExpression(node)) return field === '' || node.name.text === field;
  if (ts.isElementAccessExpression(node)) return true;
  if (!ts.isCallExpression(node)) return true;
  const callee = bare(node.expression);
  const declaration = core.checker.getResolvedSignature(node)?.declaration;
  if (!ts.isPropertyAccessExpression(callee) || declaration === undefined || !ts.isMethodDeclaration(declaration))
    return true;
  return field === '' || declaration.body === undefined || mentions(declaration.body, field);
}

/** A buffer is read from end to end: sent or copied as a whole, made a text. Who says which part knows what was written there. */
function readsAllCells({ is, node }: Happening): boolean {
  if (is !== 'use' || !ts.isCallExpression(node)) return false;
  const callee = bare(node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  if (/^(?:join|toJSON|toString)$/.test(name)) return node.arguments.length < 2;
  return /^(?:end|from|publish|send|stringify|update|write)$/.test(name) && node.arguments.length === 1;
}

/** `push`, `add`, `set`, `+=`: goes on with what is there. A cell of a buffer does not. */
function readsItsLength({ node }: Happening): boolean {
  if (ts.isBinaryExpression(node)) return node.operatorToken.kind !== ts.SyntaxKind.EqualsToken;
  const change = ts.isExpression(node) && !ts.isCallExpression(node) ? changeBelow(node) : node;
  return change !== undefined && ts.isCallExpression(change);
}

function mentions(body: ts.Node, field: string): boolean {
  const look = (node: ts.Node): boolean =>
    (ts.isPropertyAccessExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ThisKeyword &&
      node.name.text === field &&
      !isAssigned(node)) ||
    (ts.forEachChild(node, look) ?? false);
  return look(body);
}

function isAssigned(node: ts.Node): boolean {
  const { parent } = node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}

/** `return order.items`, `const items = order.items`, `{ items: order.items }`. */
function keptIn(leases: readonly Lease[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { is, node } of leases.flatMap(({ happenings }) => happenings)) {
    if (is !== 'use' || !ts.isPropertyAccessExpression(node)) continue;
    const outer = wrapped(node);
    const { parent } = outer;
    const isKept =
      ts.isReturnStatement(parent) ||
      ts.isVariableDeclaration(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      (ts.isArrowFunction(parent) && parent.body === outer) ||
      (ts.isBinaryExpression(parent) &&
        parent.right === outer &&
        parent.operatorToken.kind === ts.SyntaxKind.EqualsToken);
    if (isKept) found.add(node.name.text);
  }
  return found;
}

/** `new Order()`, `{ items: [] }`, `create()` in a taker: where the store is empty. */
function freshIn({ takers }: Giver, type: ts.Type, { checker }: Core): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const look = (node: ts.Node): void => {
    const makes = ts.isNewExpression(node) || ts.isObjectLiteralExpression(node) || ts.isCallExpression(node);
    if (makes && !isTaken(node) && isOfType(checker.getTypeAtLocation(node))) found.push(node);
    else ts.forEachChild(node, look);
  };
  const isOfType = (other: ts.Type): boolean =>
    checker.isTypeAssignableTo(other, type) && (other.flags & (ts.TypeFlags.Any | ts.TypeFlags.Never)) === 0;
  for (const taker of takers) look(taker);
  return found;
}

function isTaken(node: ts.Expression): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    /^(?:at|dequeue|pop|shift|splice)$/.test(node.expression.name.text)
  );
}
