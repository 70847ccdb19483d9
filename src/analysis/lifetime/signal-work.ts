import * as ts from 'typescript';
import { hasRole } from '../effects/roles.ts';
import { closureTime } from '../escape/closure-time.ts';
import { taskOf } from '../escape/task-of.ts';
import { usesOf, type ValueUse } from '../escape/value-uses.ts';
import type { Core } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { mayBeSignal, mentions, type NamedSignal } from './signals.ts';

/** What ends other work or gives something back: it is wanted most when the signal is aborted. */
const CLEAN_UP_NAMES: ReadonlySet<string> = new Set([
  'abort',
  'asyncDispose',
  'cancel',
  'cleanup',
  'close',
  'closeAll',
  'commit',
  'destroy',
  'disconnect',
  'dispose',
  'drain',
  'end',
  'flush',
  'kill',
  'quit',
  'release',
  'rollback',
  'shutdown',
  'stop',
  'teardown',
  'terminate',
  'unlock',
]);

/** Roles of calls that end or give back, whatever their names. */
const CLEAN_UP_ROLES = ['commits', 'cuts-off', 'destroys', 'drains', 'releases', 'rolls-back', 'unlocks'] as const;

/**
 * Is a call work of this very run of a function that has a signal: waited for, by nobody else too, and not what follows its end?
 *
 * Doubt: a closure that may run later, a promise that went where it cannot be followed: no.
 */
export function isWorkOf(call: ts.CallExpression, fn: FunctionNode, signal: NamedSignal, core: Core): boolean {
  if (isInCleanUp(call, fn, signal, core)) return false;
  if (signal.origin === 'request' && isAnsweredBefore(call, fn, core)) return false;
  if (!isWaitedFor(call, core) || isKept(call)) return false;
  for (let inner = enclosingFunctionOf(call); inner !== fn; inner = enclosingFunctionOf(inner)) {
    if (!isStep(inner, core)) return false;
  }
  return true;
}

/** Is the closure run by its maker, which waits for it? */
function isStep(fn: FunctionNode, core: Core): boolean {
  const { runs } = core.ask(closureTime, fn);
  if (runs.length === 0) return false;
  return runs.every(({ call, when }) => {
    if (when === 'never') return true;
    if (call === undefined || !ts.isCallExpression(call) || !isWaitedFor(call, core)) return false;
    if (when === 'deferred-once') return core.api.plays(call, 'chains') !== undefined;
    return when === 'now' || when === 'concurrently' || when === 'exclusive';
  });
}

const WAITED_FOR: ReadonlySet<string> = new Set(['awaited', 'joined', 'raced', 'returned']);

/** Does the function, or its caller, wait for the call, and nobody else too? */
function isWaitedFor(call: ts.CallExpression, core: Core): boolean {
  let last = call;
  for (;;) {
    const node = wrapped(last);
    const { parent } = node;
    if (ts.isForOfStatement(parent)) return parent.awaitModifier !== undefined && parent.expression === node;
    // `orders.find(query).toArray()`: what is waited for is the end of the chain.
    if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) break;
    const next = wrapped(parent).parent;
    if (!ts.isCallExpression(next) || isThenable(core.checker.getTypeAtLocation(last), core.checker)) break;
    last = next;
  }
  if (!WAITED_FOR.has(core.ask(taskOf, last).is)) return false;
  const uses = usesOf(last, core, { through: (use) => settledWith(use, core) });
  return (
    uses !== undefined && !uses.some(({ kind, by }) => kind === 'stored' || (kind === 'argument' && isPut(by, core)))
  );
}

/** The chain or join that settles when a promise has: who keeps that keeps the promise. */
function settledWith({ by, kind }: ValueUse, { api }: Core): ts.CallExpression | undefined {
  if (!ts.isCallExpression(by)) return undefined;
  if (kind === 'method') return api.plays(by, 'chains') === undefined ? undefined : by;
  return kind === 'argument' && api.plays(by, 'joins') !== undefined ? by : undefined;
}

/** Is it put into a collection that others may reach? */
function isPut(by: ts.Node, core: Core): boolean {
  if (!ts.isCallExpression(by) || core.api.plays(by, 'mutates') === undefined) return false;
  const callee = bare(by.expression);
  const holder = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  const declaration =
    holder !== undefined && ts.isIdentifier(holder) ? symbolOf(holder, core)?.valueDeclaration : undefined;
  const isOwn =
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    !ts.isSourceFile(enclosingFunctionOf(declaration));
  return !isOwn;
}

/** Is what comes out kept beyond the function: `this.client = await connect()`? It is not for this caller alone. */
function isKept(call: ts.CallExpression): boolean {
  const outer = wrapped(call).parent;
  if (!ts.isAwaitExpression(outer)) return false;
  const { parent } = wrapped(outer);
  if (!ts.isBinaryExpression(parent) || bare(parent.right) !== outer) return false;
  if (parent.operatorToken.kind < ts.SyntaxKind.FirstAssignment) return false;
  let target = bare(parent.left);
  while (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target))
    target = bare(target.expression);
  return target.kind === ts.SyntaxKind.ThisKeyword;
}

/** Has the function answered its request before? Then the request's signal ends what comes after. */
function isAnsweredBefore(call: ts.CallExpression, fn: FunctionNode, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    if (node.pos >= call.pos) return false;
    if (ts.isCallExpression(node) && node.end <= call.pos && core.api.plays(node, 'answers') !== undefined) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(fn);
}

/** Does the call end something or give it back? It is wanted most when the signal is aborted. */
export function isCleanUpCall(call: ts.CallExpression, core: Core): boolean {
  const name = lastNameOf(call.expression);
  if (name !== undefined && CLEAN_UP_NAMES.has(bareName(name))) return true;
  const row = core.api.memberOf(call);
  return row !== undefined && CLEAN_UP_ROLES.some((role) => hasRole(row, role));
}

function bareName(name: string): string {
  return name.replace(/^[_#]+/, '');
}

/** Does the call stand where a piece of work ends, or where there is no signal, up to the function that has it? */
function isInCleanUp(call: ts.CallExpression, fn: FunctionNode, signal: NamedSignal, core: Core): boolean {
  let child: ts.Node = call;
  for (let node: ts.Node = call.parent; ; child = node, node = node.parent) {
    if (ts.isCatchClause(node)) return true;
    if (ts.isTryStatement(node) && node.finallyBlock === child) return true;
    if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) {
      const [test, whenTrue, whenFalse] = ts.isIfStatement(node)
        ? [node.expression, node.thenStatement, node.elseStatement]
        : [node.condition, node.whenTrue, node.whenFalse];
      if (child === whenTrue && (asksForAbort(test, false) || asksForSignal(test, true, core))) return true;
      if (child === whenFalse && (asksForAbort(test, true) || asksForSignal(test, false, core))) return true;
    }
    if (isGuardedByAbort(child, node)) return true;
    if (ts.isBlock(node) || ts.isCaseOrDefaultClause(node)) {
      const before = node.statements.slice(0, node.statements.indexOf(child as ts.Statement));
      if (before.some((statement) => endsWithAbort(statement, signal, core))) return true;
    }
    if (isFunctionOfCleanUp(node, core)) return true;
    if (node === fn) return false;
  }
}

/** `signal.aborted && …` */
function isGuardedByAbort(child: ts.Node, parent: ts.Node): boolean {
  return (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
    parent.right === child &&
    asksForAbort(parent.left, false)
  );
}

/** A function named for clean-up, or one that gets a rejection or the end of a promise. */
function isFunctionOfCleanUp(node: ts.Node, core: Core): boolean {
  if (!ts.isFunctionLike(node)) return false;
  const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  if (name !== undefined && isCleanUpName(name.getText())) return true;
  const outer = wrapped(node);
  const call = outer.parent;
  if (!ts.isCallExpression(call)) return false;
  const at = call.arguments.indexOf(outer as ts.Expression);
  const chain = at < 0 ? undefined : core.api.plays(call, 'chains');
  if (chain === undefined) return false;
  return chain.handlesRejection === at || lastNameOf(call.expression) === 'finally';
}

function isCleanUpName(written: string): boolean {
  const name = bareName(written);
  return (
    CLEAN_UP_NAMES.has(name) ||
    /^(?:on)?(?:cleanUp|cleanup|graceful|onAbort|onClose|onExit|onShutdown|shutDown|shutdown|tearDown|teardown)/i.test(
      name,
    ) ||
    /^\[Symbol\.(?:asyncD|d)ispose\]$/.test(name)
  );
}

/** Does a condition ask for an aborted signal (`signal.aborted`), or for one that is not (`!signal.aborted`)? */
function asksForAbort(test: ts.Node, negated: boolean): boolean {
  if (ts.isPrefixUnaryExpression(test) && test.operator === ts.SyntaxKind.ExclamationToken)
    return asksForAbort(test.operand, !negated);
  if (ts.isPropertyAccessExpression(test)) return !negated && test.name.text === 'aborted';
  if (ts.isBinaryExpression(test) && test.right.kind === ts.SyntaxKind.FalseKeyword)
    return asksForAbort(test.left, !negated);
  if (ts.isFunctionLike(test)) return false;
  return ts.forEachChild(test, (child) => asksForAbort(child, negated)) ?? false;
}

/** Is a condition true only where there is a signal (`signal`, `signal !== undefined`), or, negated, where there is none? */
function asksForSignal(test: ts.Expression, negated: boolean, core: Core): boolean {
  const node = bare(test);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return asksForSignal(node.operand, !negated, core);
  if (ts.isBinaryExpression(node)) {
    const isNothing =
      node.right.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node.right) && node.right.text === 'undefined');
    if (!isNothing) return asksForSignal(node.left, negated, core) || asksForSignal(node.right, negated, core);
    const isEqual =
      node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken ||
      node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken;
    return asksForSignal(node.left, isEqual ? !negated : negated, core);
  }
  const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
  return !negated && isName && mayBeSignal(core.checker.getTypeAtLocation(node), core);
}

function speaksOfAbort(test: ts.Node | undefined): boolean {
  return test !== undefined && (asksForAbort(test, false) || asksForAbort(test, true));
}

/** After a loop that runs until the signal is aborted, or a wait for its abort, the work is over. */
function endsWithAbort(statement: ts.Statement, signal: NamedSignal, core: Core): boolean {
  if (ts.isBlock(statement)) return statement.statements.some((inner) => endsWithAbort(inner, signal, core));
  if (ts.isTryStatement(statement)) {
    const { catchClause, tryBlock } = statement;
    return endsWithAbort(tryBlock, signal, core) && !(catchClause !== undefined && goesOn(catchClause.block));
  }
  if (ts.isIfStatement(statement)) {
    const { elseStatement, expression, thenStatement } = statement;
    const isThen = endsWithAbort(thenStatement, signal, core);
    const isElse = elseStatement !== undefined && endsWithAbort(elseStatement, signal, core);
    return (
      (isThen && (isElse || meansAbort(expression, true, core))) || (isElse && meansAbort(expression, false, core))
    );
  }
  if (ts.isWhileStatement(statement) || ts.isDoStatement(statement) || ts.isForStatement(statement)) {
    const test = ts.isForStatement(statement) ? statement.condition : statement.expression;
    return isEndless(test) ? isLeftOnAbortOnly(statement.statement, core) : speaksOfAbort(test);
  }
  return isWaitForAbort(statement, signal, core);
}

/** Is the signal aborted, or none there, wherever a condition is true, or, negated, wherever it is false? */
function meansAbort(test: ts.Expression, negated: boolean, core: Core): boolean {
  const node = bare(test);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return meansAbort(node.operand, !negated, core);
  const operator = ts.isBinaryExpression(node) ? node.operatorToken.kind : undefined;
  const isOr = operator === ts.SyntaxKind.BarBarToken;
  if (ts.isBinaryExpression(node) && (isOr || operator === ts.SyntaxKind.AmpersandAmpersandToken)) {
    const [left, right] = [meansAbort(node.left, negated, core), meansAbort(node.right, negated, core)];
    return isOr === negated ? left || right : left && right;
  }
  return asksForAbort(node, negated) || asksForSignal(node, !negated, core);
}

/** May the code after a `catch` run although the signal is not aborted: nothing in it leaves or asks for the abort? */
function goesOn(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return true;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node)) return false;
  if (ts.isIfStatement(node) && speaksOfAbort(node.expression)) return false;
  return !(ts.forEachChild(node, (child) => !goesOn(child) || undefined) ?? false);
}

function isEndless(test: ts.Expression | undefined): boolean {
  return test === undefined || test.kind === ts.SyntaxKind.TrueKeyword;
}

/** Do all `break`s of a loop stand where the signal is aborted? */
function isLeftOnAbortOnly(body: ts.Statement, core: Core): boolean {
  const statements = ts.isBlock(body) ? body.statements : [body];
  const others = statements.filter(
    (statement) => !(ts.isIfStatement(statement) && meansAbort(statement.expression, false, core)),
  );
  return others.length < statements.length && !others.some(mayBreak);
}

function mayBreak(node: ts.Node): boolean {
  return ts.isBreakStatement(node) || (!ts.isFunctionLike(node) && (ts.forEachChild(node, mayBreak) ?? false));
}

/** Functions that wait until a signal is aborted: `aborted` of `node:util`, helpers of a project. */
const WAITS_FOR_ABORT = /^(?:until|wait(?:For|Until)?|once|on|when)?_?abort(?:ed)?$/i;

/** `await once(signal, 'abort')`, `await aborted(signal)`, a promise that a listener for the abort resolves */
function isWaitForAbort(statement: ts.Statement, { root }: NamedSignal, core: Core): boolean {
  if (!ts.isExpressionStatement(statement) && !ts.isVariableStatement(statement)) return false;
  if (!/abort/i.test(statement.getText()) || !mentions(statement, root, core)) return false;
  const isListening = /['"`]abort['"`]/.test(statement.getText());
  const waits = (node: ts.Node): boolean => {
    if (ts.isAwaitExpression(node) && (isListening || isCalledForAbort(node.expression))) return true;
    return !ts.isFunctionLike(node) && (ts.forEachChild(node, waits) ?? false);
  };
  return waits(statement);
}

function isCalledForAbort(expression: ts.Expression): boolean {
  const node = bare(expression);
  return ts.isCallExpression(node) && WAITS_FOR_ABORT.test(lastNameOf(node.expression) ?? '');
}

/** Does a loop around the call look at the signal between its rounds? */
export function isPolled(call: ts.CallExpression, { fn }: NamedSignal): boolean {
  for (let node: ts.Node = call.parent; node !== fn; node = node.parent) {
    if (ts.isWhileStatement(node) || ts.isDoStatement(node)) {
      if (speaksOfAbort(node.expression) || leavesOnAbort(node.statement)) return true;
    } else if (ts.isForStatement(node)) {
      if (speaksOfAbort(node.condition) || leavesOnAbort(node.statement)) return true;
    } else if (ts.isForOfStatement(node) && leavesOnAbort(node.statement)) return true;
  }
  return false;
}

/** `if (signal.aborted) break;` */
function leavesOnAbort(body: ts.Statement): boolean {
  const statements = ts.isBlock(body) ? body.statements : [body];
  return statements.some((statement) => ts.isIfStatement(statement) && asksForAbort(statement.expression, false));
}
