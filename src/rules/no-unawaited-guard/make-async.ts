import * as ts from 'typescript';
import {
  type Core,
  enclosingFunctionOf,
  isAsync,
  isGenerator,
  isInside,
  isThenable,
  referencesInFileOf,
  symbolAt,
  type UnawaitedGuard,
  wrapped,
} from '../../analysis/index.ts';
import { asyncBefore, isPlain, type Plain, promised } from '../../report/async.ts';
import { functionName } from '../../report/wording.ts';
import { awaited } from './awaited.ts';
import type { GuardRepair } from './repair.ts';

/**
 * `(req, res) => { assertOpen(req); … }` → `async (req, res) => { await assertOpen(req); … }`
 *
 * Offered where whoever calls the function waits for what it returns already, or takes a promise as well: a handler, callers in the
 * file that await or return it.
 */
export function makeAsync(found: UnawaitedGuard, core: Core): GuardRepair | undefined {
  const fn = enclosingFunctionOf(found.call);
  if (!isPlain(fn) || isAsync(fn) || isGenerator(fn) || fn.body === undefined || !isInside(found.call, fn.body))
    return undefined;
  if (!(isWaitedFor(fn, core) ?? returnsPromise(fn, core))) return undefined;
  const waiting = awaited(found.promise);
  const type = promised(fn);
  if (waiting === undefined || type === undefined) return undefined;
  const name = functionName(fn);
  const edits = [asyncBefore(fn), ...type, ...waiting];
  return name === 'callback'
    ? { title: 'asyncCallback', automatic: false, edits }
    : { title: 'async', automatic: false, data: { fn: name }, edits };
}

/** Does everybody who calls it in this file wait for it, or take a promise? `undefined` where nobody does. */
function isWaitedFor(fn: Plain, core: Core): boolean | undefined {
  const outer = wrapped(fn);
  const { parent } = outer;
  if (ts.isCallExpression(parent) && parent.expression !== outer)
    return takesPromise(outer as ts.Expression, parent, core);
  const name = ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) ? parent.name : fn.name;
  const symbol = name === undefined ? undefined : symbolAt(name, core.checker);
  if (name === undefined || symbol === undefined) return undefined;
  const uses = referencesInFileOf(symbol, core).filter((use) => use !== name && !isInside(use, fn) && !isExport(use));
  return uses.length === 0 ? undefined : uses.every((use) => isWaitingUse(use, core));
}

function isExport(use: ts.Node): boolean {
  return ts.isExportSpecifier(use.parent) || ts.isExportAssignment(use.parent);
}

/** `await renameShelf(…)`, `return renameShelf(…)`, `app.post('/shelves', renameShelf)`. */
function isWaitingUse(use: ts.Node, core: Core): boolean {
  const callee = wrapped(ts.isPropertyAccessExpression(use.parent) && use.parent.name === use ? use.parent : use);
  const call = callee.parent;
  if (!ts.isCallExpression(call)) return false;
  if (call.expression !== callee) return takesPromise(callee as ts.Expression, call, core);
  const { parent } = wrapped(call);
  if (ts.isAwaitExpression(parent)) return true;
  return (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) && isAsync(enclosingFunctionOf(call));
}

/** Does a call take an async function at this place, without having more to do with its result? */
function takesPromise(given: ts.Expression, call: ts.CallExpression, core: Core): boolean {
  const { api, checker } = core;
  if ((['runs-now', 'exclusive', 'listener', 'defers'] as const).some((role) => api.plays(call, role) !== undefined))
    return false;
  // A handler whose rejection nobody takes must not become one that rejects.
  const handler = api.plays(call, 'handler');
  if (handler !== undefined && handler.catches !== true) return false;
  const expected = checker.getContextualType(given);
  const signatures = expected === undefined ? [] : checker.getNonNullableType(expected).getCallSignatures();
  return signatures.some((signature) => {
    const result = checker.getReturnTypeOfSignature(signature);
    const isOpen = (result.flags & (ts.TypeFlags.Void | ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
    return isOpen || isThenable(result, checker);
  });
}

function returnsPromise(fn: Plain, { checker }: Core): boolean {
  const signature = checker.getSignatureFromDeclaration(fn);
  return signature !== undefined && isThenable(checker.getReturnTypeOfSignature(signature), checker);
}
