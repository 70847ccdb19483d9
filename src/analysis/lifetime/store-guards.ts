import * as ts from 'typescript';
import { hasRole } from '../effects/roles.ts';
import { heldLocksAt } from '../effects/locking.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { symbolOf } from '../places/symbols.ts';
import { callSitesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isThenable } from '../types/is-thenable.ts';
import { queueAround } from './exclusive.ts';
import { calledName, chainOf, endOf, receiverOf, type StoreCall } from './store-calls.ts';
import type { Frame } from './store-text.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** What keeps others away between a read and a write. A transaction of the usual isolation lets both read the same. */
export type Guard = 'held' | 'transaction';

/** Callbacks of functions with such a name run alone; the others in a transaction. */
const RUNS_ALONE = /lock|mutex|semaphore|exclusive|serial|atomic|isolat|critical/i;
const RUNS_IN_TRANSACTION = /transaction|^(?:with|run(?:In)?)?tx$/i;

/** Calls with such a name take a lock or watch a key; the others begin a transaction. */
const TAKES = /^(?:lock|acquire|watch)|(?:Lock|Mutex|Acquire|acquire)(?![a-z])/;
const BEGINS = /^begin|Transaction(?![a-z])/;

/** Words of a transaction in which the second writer fails. */
const STRICT = /serializable|repeatable.?read/i;

/** Words of a statement that locks rows, takes a lock or asks for such a transaction. */
const LOCKS_BY_STATEMENT =
  /\bfor\s+(?:no\s+key\s+)?update\b|advisory(?:_xact)?_lock|\bget_lock\s*\(|\block\s+table\b|\bisolation\s+level\s+(?:serializable|repeatable)/i;

/** Functions with such a name run once, when the program starts. */
const PREPARES = /^(?:_|#)?(?:init|bootstrap|seed|migrat|populate|setup|onModuleInit|onApplicationBootstrap)/;

/** Names of parameters that are a transaction. */
const TRANSACTION =
  /^(?:tx|trx|tr|t|.*[tT]ransaction(?:al)?|.*Tx|.*Trx|manager|em|entityManager|transactionManager|queryRunner|runner|session)$/;

/** A catch that answers a second writer. */
const CONFLICT = /P20(?:02|34)|23505|40001|11000|1062|dup|unique|exist|conflict|constraint|version|stale|retry/i;

/** Callers of callers that are asked. */
const DEEPEST_CALLER = 2;
const MOST_CALLERS = 6;

/**
 * What keeps others away from what lies between a read and a write of a store, or finds out about them: a lock, a watched key, a
 * condition of the write, a conflict that is caught; or no more than a transaction.
 *
 * Doubt falls towards a guard: names that speak of a lock or a transaction are believed.
 */
export function guardOf(read: StoreCall, write: StoreCall, core: Core): Guard | undefined {
  if (isSpecial(read) || isSpecial(write) || isOneSegment(read, write, core)) return 'held';
  const readAt = outermost(read);
  const writeAt = outermost(write);
  if (isCaught(writeAt)) return 'held';
  const around = guardAround(readAt, writeAt, core, DEEPEST_CALLER);
  if (around === 'held') return around;
  const inHelper = write.frame === undefined ? undefined : loneCallbackAround(write.call, undefined, core);
  if (around !== undefined || inHelper !== undefined) return inHelper ?? around;
  return isOfTransaction(write.call, core) || isOfTransaction(read.call, core) ? 'transaction' : undefined;
}

/** Both end before they return and nothing is waited for in between: no other code of this process runs. */
function isOneSegment(read: StoreCall, write: StoreCall, core: Core): boolean {
  if (!endsAtOnce(read, core) || !endsAtOnce(write, core)) return false;
  const from = outermost(read);
  const to = outermost(write);
  const waits = (node: ts.Node): boolean =>
    (ts.isAwaitExpression(node) && node.pos > from.pos && node.end < to.end) || (ts.forEachChild(node, waits) ?? false);
  return !waits(enclosingFunctionOf(to));
}

/** Is there no promise at the end of the chain (a driver that blocks)? */
function endsAtOnce({ call, row }: StoreCall, core: Core): boolean {
  if (row.ends !== undefined) return row.ends === 'sync';
  const { checker } = core;
  const type = checker.getTypeAtLocation(endOf(call));
  return !isAnyLike(type) && !isThenable(type, checker);
}

/** The call of the function in question at which a read or write happens. */
export function outermost({ call, frame }: StoreCall): ts.CallExpression {
  return framesOf(frame).at(-1)?.call ?? call;
}

function framesOf(frame: Frame | undefined): readonly Frame[] {
  const found: Frame[] = [];
  for (let each = frame; each !== undefined; each = each.outer) found.push(each);
  return found;
}

// ---------------------------------------------------------------- by what the call says

/** Does the call itself say that it is conditional, or locks what it reads? */
function isSpecial({ call, row }: StoreCall): boolean {
  const { unless } = row.store;
  if (unless === undefined) return false;
  const { chain: calls, options, words } = unless;
  const chain = chainOf(call);
  if (calls !== undefined && chain.some((each) => calls.includes(calledName(each) ?? ''))) return true;
  const given = chain.flatMap((each) => [...each.arguments]);
  if (words !== undefined && given.some((each) => ts.isSpreadElement(each) || words.includes(wordOf(each))))
    return true;
  return options !== undefined && given.some((each) => hasOption(each, options));
}

function wordOf(given: ts.Expression): string {
  const node = bare(given);
  return ts.isStringLiteralLike(node) ? node.text : '';
}

/** Does an object literal that is given have one of the options? */
export function hasOption(given: ts.Expression, options: readonly string[]): boolean {
  const node = bare(given);
  // What cannot be seen may say anything.
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.some((property) => {
    if (ts.isSpreadAssignment(property)) return false;
    const { name } = property;
    if (!ts.isIdentifier(name) && !ts.isStringLiteralLike(name)) return false;
    return options.some((option) => {
      const [wanted, value] = option.split(': ');
      if (wanted !== name.text) return false;
      if (value === undefined) return !isAbsent(property);
      return ts.isPropertyAssignment(property) && wordOf(property.initializer).startsWith(value);
    });
  });
}

/** `lock: undefined`, `NX: false` */
function isAbsent(property: ts.ObjectLiteralElementLike): boolean {
  return ts.isPropertyAssignment(property) && ['false', 'null', 'undefined'].includes(property.initializer.getText());
}

/** Is the receiver lent by a transaction, or a parameter whose name says so? */
function isOfTransaction(call: ts.CallExpression, core: Core): boolean {
  const [first] = chainOf(call);
  let root: ts.Expression | undefined = first === undefined ? undefined : (receiverOf(first) ?? bare(first.expression));
  while (root !== undefined) {
    if (core.api.isA(core.checker.getTypeAtLocation(root), 'lease') !== undefined) return true;
    if (ts.isPropertyAccessExpression(root)) root = bare(root.expression);
    else if (ts.isCallExpression(root)) {
      if (root.arguments.some((each) => isTransactionName(each, core))) return true;
      root = receiverOf(root);
    } else break;
  }
  return (
    (root !== undefined && isTransactionName(root, core)) ||
    call.arguments.some((each) => isTransactionName(each, core) || isInOptions(each))
  );
}

/** `{ where: { id }, transaction }` */
function isInOptions(given: ts.Expression): boolean {
  const node = bare(given);
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.some(
      (property) =>
        property.name !== undefined &&
        /^(?:transaction|session|trx)$/.test(property.name.getText()) &&
        !isAbsent(property),
    )
  );
}

function isTransactionName(given: ts.Expression, core: Core): boolean {
  const node = bare(given);
  if (!ts.isIdentifier(node) || !TRANSACTION.test(node.text)) return false;
  const declaration = symbolOf(node, core)?.valueDeclaration;
  return declaration !== undefined && (ts.isParameter(declaration) || isBindingElement(declaration));
}

// ---------------------------------------------------------------- by what is around them

function guardAround(readAt: ts.Node, writeAt: ts.Node, core: Core, depth: number): Guard | undefined {
  const lone = loneCallbackAround(writeAt, readAt, core);
  if (lone === 'held' || isHeldAt(readAt, core)) return 'held';
  const fn = namedFunctionAround(writeAt);
  if (fn === undefined) return lone;
  const own = strongest([lone, byDecorator(fn), takenBefore(fn, readAt)]);
  if (own === 'held' || depth === 0) return own;
  // A function that is called only under a lock is under that lock.
  const sites = callSitesOf(fn, core);
  if (sites.open || sites.found.length === 0 || sites.found.length > MOST_CALLERS) return own;
  const around = sites.found.map(({ node }) => guardAround(node, node, core, depth - 1));
  if (around.every((guard) => guard === 'held')) return 'held';
  return own ?? (around.every((guard) => guard !== undefined) ? 'transaction' : undefined);
}

function strongest(guards: readonly (Guard | undefined)[]): Guard | undefined {
  return guards.includes('held') ? 'held' : guards.find((guard) => guard !== undefined);
}

/** Is the code part of what happens once, before the program serves anybody, by the names of its functions? */
export function isPreparation(node: ts.Node, core: Core, depth = DEEPEST_CALLER): boolean {
  const fn = namedFunctionAround(node);
  if (fn === undefined) return false;
  const { name } = fn as { readonly name?: ts.Node };
  if (name !== undefined && PREPARES.test(name.getText())) return true;
  if (depth === 0) return false;
  const sites = callSitesOf(fn, core).found;
  return (
    sites.length > 0 && sites.length <= MOST_CALLERS && sites.every((site) => isPreparation(site.node, core, depth - 1))
  );
}

/** The callback around both that runs alone or in a transaction. */
function loneCallbackAround(writeAt: ts.Node, readAt: ts.Node | undefined, core: Core): Guard | undefined {
  const found: (Guard | undefined)[] = [];
  for (let fn = enclosingFunctionOf(writeAt); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) continue;
    if (readAt !== undefined && !isInside(readAt, fn)) continue;
    const { parent } = wrapped(fn);
    if (!ts.isCallExpression(parent) || bare(parent.expression) === fn) continue;
    found.push(queueAround(fn, core) === undefined ? guardOfCallback(parent, core) : 'held');
  }
  return strongest(found);
}

function guardOfCallback(call: ts.CallExpression, core: Core): Guard | undefined {
  const name = calledName(call) ?? '';
  if (RUNS_ALONE.test(name)) return 'held';
  const row = core.api.memberOf(call);
  if (row !== undefined && hasRole(row, 'exclusive')) return 'held';
  if (!RUNS_IN_TRANSACTION.test(name) && (row === undefined || !hasRole(row, 'lends'))) return undefined;
  return call.arguments.some((each) => !isFunctionNode(bare(each)) && STRICT.test(each.getText()))
    ? 'held'
    : 'transaction';
}

function namedFunctionAround(node: ts.Node): FunctionNode | undefined {
  let fn = enclosingFunctionOf(node);
  while (!ts.isSourceFile(fn)) {
    const { parent } = wrapped(fn);
    if (!ts.isCallExpression(parent)) return fn;
    fn = enclosingFunctionOf(fn);
  }
  return undefined;
}

/** `@Transactional()`, `@Lock('orders')` */
function byDecorator(fn: FunctionNode): Guard | undefined {
  const decorators = ts.canHaveDecorators(fn) ? (ts.getDecorators(fn) ?? []) : [];
  const text = decorators.map(({ expression }) => expression.getText()).join(' ');
  if (/lock|mutex|synchroni|serial/i.test(text)) return 'held';
  return /transaction/i.test(text) ? 'transaction' : undefined;
}

/** Is a lock taken, a transaction begun or a claim made before the read, by the names of the calls and the statements in their texts? */
function takenBefore(fn: FunctionNode, readAt: ts.Node): Guard | undefined {
  const found: Guard[] = [];
  const visit = (node: ts.Node): void => {
    if (node.pos >= readAt.pos) return;
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
    if (isText && node.end <= readAt.getStart() && LOCKS_BY_STATEMENT.test(node.getText())) found.push('held');
    if (ts.isCallExpression(node) && node.end <= readAt.getStart()) {
      const name = calledName(node) ?? '';
      const claims = node.arguments.some((each) =>
        ts.isObjectLiteralExpression(each)
          ? /\bNX\b/.test(each.getText())
          : ts.isStringLiteralLike(each) && each.text === 'NX',
      );
      if (TAKES.test(name) || claims || STRICT.test(name)) found.push('held');
      else if (
        BEGINS.test(name) ||
        node.arguments.some((each) => ts.isStringLiteralLike(each) && /^begin\b/i.test(each.text))
      )
        found.push('transaction');
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return strongest(found);
}

function isHeldAt(node: ts.Node, core: Core): boolean {
  const fn = enclosingFunctionOf(node);
  if (ts.isSourceFile(fn)) return false;
  const [step] = core.ask(flowGraph, fn).stepsOf(node);
  return step !== undefined && heldLocksAt(step, fn, core).length > 0;
}

/** Does a catch around the write answer the second writer? */
function isCaught(node: ts.Node): boolean {
  for (let each = node; !isFunctionNode(each); each = each.parent) {
    const { parent } = each;
    if (ts.isTryStatement(parent) && parent.tryBlock === each && parent.catchClause !== undefined) {
      if (CONFLICT.test(parent.catchClause.getText())) return true;
    }
    if (
      ts.isPropertyAccessExpression(parent) &&
      parent.name.text === 'catch' &&
      CONFLICT.test(parent.parent.getText().slice(-400))
    )
      return true;
  }
  return false;
}
