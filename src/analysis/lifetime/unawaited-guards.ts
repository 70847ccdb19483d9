import * as ts from 'typescript';
import { type Answer, type Doubt, NO, unknown, yes } from '../answer.ts';
import { type Call, callablesAt, type Callables, calleesOf } from '../effects/callees-of.ts';
import { type Guard, guardOf } from '../effects/guards.ts';
import { handlingOf } from '../effects/handling-of.ts';
import { isLogCall } from '../effects/log-calls.ts';
import { isOutside } from '../effects/reads-and-writes.ts';
import { type Core, defineFact } from '../facts.ts';
import type { Step } from '../flow/graph.ts';
import { placeOf } from '../places/place-of.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { onceAt } from '../program/start-up.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isMemberName } from '../syntax/names.ts';
import { earlyReadOf, stepsAfter } from './early-reads.ts';
import { transactionOf } from './transactions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/**
 * What is lost when nobody waits for a call.
 *
 * - `guard`: it only decides whether the code after it may go on, and says no by rejecting
 * - `initialiser`: it writes, after a suspension, a place that the code after it reads
 * - `transaction`: it works on a transaction that ends without waiting for it
 */
export type UnawaitedKind = 'guard' | 'initialiser' | 'transaction';

/** A call that nobody waits for, although the code after it relies on its outcome. */
export interface UnawaitedGuard {
  readonly kind: UnawaitedKind;
  readonly call: Call;
  /** The whole promise: the call, or the chain or join that begins with it. */
  readonly promise: ts.Expression;
  /** The function that is called, where it has a body in the Program. */
  readonly callee?: FunctionNode;
  /** For guards: the `throw` (in whatever function); for initialisers: the write; for transactions: the call that opens it. */
  readonly cause: ts.Node;
  /** What relies on it: the statement that goes on, the read, the end of the transaction. */
  readonly relies: ts.Node;
}

/**
 * Is the promise of an expression (a call, or a chain or join that begins with one) dropped although what comes after relies on it?
 *
 * Dropped: a statement of its own, an operand of a comma or `&&`, a promise in a variable that nobody looks at. A chain that goes on
 * with its own callback or has a handler is not. Doubt: what is written to be detached (`void`, a comment that says so), guards of code
 * that runs once at the start, and callees that may be something else are `unknown`.
 */
export const unawaitedGuard = defineFact<ts.Expression, Answer<UnawaitedGuard, UnawaitedGuard>>({
  name: 'unawaited-guard',
  scope: 'program',
  compute(expression, core) {
    const promise = wholeOf(expression, core);
    const call = promise === undefined ? undefined : beginningOf(promise, core);
    if (promise === undefined || call === undefined) return NO;
    const { is } = handlingOf(promise, core);
    if (is !== 'dropped' && is !== 'kept' && is !== 'void') return NO;
    const intent: Doubt | undefined = is === 'void' || isSaidToBeDetached(promise) ? 'escapes' : undefined;
    let best: Answer<UnawaitedGuard, UnawaitedGuard> = NO;
    for (const ask of [guardAnswer, initialiserAnswer, transactionAnswer]) {
      const answer = ask(call, promise, core);
      if (answer.is === 'yes' && intent === undefined) return answer;
      if (answer.is !== 'no' && best.is === 'no')
        best = answer.is === 'yes' ? unknown(intent ?? 'escapes', answer.witness) : answer;
    }
    return best;
  },
});

/** The chain that begins with a call, as far as it only observes; `undefined` when it goes on with callbacks or handles a failure. */
function wholeOf(expression: ts.Expression, core: Core): ts.Expression | undefined {
  let whole = bare(expression);
  for (;;) {
    const outer = wrapped(whole);
    const access = outer.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== outer) return whole;
    const call = wrapped(access).parent;
    if (!ts.isCallExpression(call) || bare(call.expression) !== access) return whole;
    if (core.api.plays(call, 'chains') === undefined) return whole;
    if (access.name.text !== 'finally') return undefined;
    whole = call;
  }
}

/** The call that a chain begins with. */
function beginningOf(promise: ts.Expression, core: Core): Call | undefined {
  const node = bare(promise);
  if (!ts.isCallExpression(node)) return undefined;
  const callee = bare(node.expression);
  const isLink = ts.isPropertyAccessExpression(callee) && ['catch', 'finally', 'then'].includes(callee.name.text);
  if (!isLink || core.api.plays(node, 'chains') === undefined) return node;
  return callee.name.text === 'finally' ? beginningOf(callee.expression, core) : undefined;
}

const DETACHED =
  /fire[ -]?(?:and|&|'?n'?)[ -]?forget|\bbackground\b|\b(?:no|not|without) (?:need to )?await|\bdo(?:n'?t| not) (?:await|wait|block)|non-?blocking|not awaited|\bintentional|\bon purpose\b|\bdeliberate|no-floating-promises/i;

/** Does a comment above the statement, or behind it on its line, say that nobody is to wait? */
function isSaidToBeDetached(promise: ts.Expression): boolean {
  let statement: ts.Node = promise;
  while (!ts.isStatement(statement) && !ts.isSourceFile(statement)) statement = statement.parent;
  const { text } = statement.getSourceFile();
  const comments = [
    ...(ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(text, statement.getEnd()) ?? []),
  ];
  return comments.some(({ pos, end }) => DETACHED.test(text.slice(pos, end)));
}

// ---------------------------------------------------------------- guards

type Asking = (call: Call, promise: ts.Expression, core: Core) => Answer<UnawaitedGuard, UnawaitedGuard>;

const guardAnswer: Asking = (call, promise, core) => {
  // Nothing relies on it where nothing comes after, which costs less to see.
  if (stepsAfter(call, promise, core).length === 0) return NO;
  const found = guardAt(call, core);
  if (found.is === 'no' || found.witness === undefined) return NO;
  const { fn, isPure, throws } = found.witness;
  const relies = relianceOn(call, promise, isPure, core);
  if (relies === undefined) return NO;
  const witness: UnawaitedGuard = { kind: 'guard', call, promise, callee: fn, cause: throws, relies };
  if (found.is === 'unknown') return unknown(found.because, witness);
  // While the program starts, a rejection ends it, which may be what is meant.
  return onceAt(call, core).is === 'yes' ? unknown('open-world', witness) : yes(witness);
};

/** What a call may run, if all of it are guards. */
function guardAt(call: Call, core: Core): Answer<Guard, Guard> {
  const joined = ts.isCallExpression(call) ? core.api.plays(call, 'joins') : undefined;
  if (joined !== undefined && ts.isCallExpression(call)) {
    const list = joined.rejects === false ? undefined : core.api.argumentOf(call, joined.argument ?? 0);
    return list === undefined ? NO : guardAmong(bare(list), core);
  }
  return allGuards(core.ask(calleesOf, call), core);
}

/** A guard among the promises of a list: `[assertOpen(a), assertOwned(a)]`, `orders.map(assertOpen)`. */
function guardAmong(list: ts.Expression, core: Core): Answer<Guard, Guard> {
  if (ts.isArrayLiteralExpression(list)) {
    for (const element of list.elements) {
      const node = bare(element);
      const found = ts.isCallExpression(node) ? guardAt(node, core) : NO;
      if (found.is !== 'no') return found;
    }
    return NO;
  }
  const mapped = ts.isCallExpression(list) ? core.api.plays(list, 'runs-now') : undefined;
  const callback =
    mapped === undefined || !ts.isCallExpression(list) ? undefined : core.api.argumentOf(list, mapped.argument ?? 0);
  return callback === undefined ? NO : allGuards(callablesAt(callback, core), core);
}

function allGuards(callables: Callables, core: Core): Answer<Guard, Guard> {
  const { because, functions, isComplete } = callables;
  const answers = functions.map((fn) => core.ask(guardOf, fn));
  const first = answers.find(({ is }) => is === 'yes') ?? answers.find(({ is }) => is === 'unknown');
  if (first === undefined || first.is === 'no') return NO;
  // An implementation that decides nothing, such as the default of a base class, takes nothing away from the others.
  const isAgreed = answers.every(({ is }, at) => is === 'yes' || isEmpty(functions[at]));
  if (first.is === 'yes' && isAgreed && (isComplete || because === 'open-world')) return first;
  return unknown(because ?? 'open-world', first.witness);
}

function isEmpty(fn: FunctionNode | undefined): boolean {
  if (fn === undefined || !('body' in fn) || fn.body === undefined || !ts.isBlock(fn.body)) return false;
  return fn.body.statements.length === 0;
}

// ---------------------------------------------------------------- what relies on it

/**
 * The first statement after the call that goes on whatever the guard decides: one with an effect or an answer; for a guard that does
 * something itself, one that works on the same subject.
 */
function relianceOn(call: Call, promise: ts.Expression, isPure: boolean, core: Core): ts.Node | undefined {
  const fn = enclosingFunctionOf(call);
  const subjects = isPure ? undefined : subjectsOf(call, core);
  let deed: ts.Node | undefined;
  let mention: ts.Node | undefined;
  for (const step of stepsAfter(call, promise, core)) {
    const { node } = step;
    if (isInLogLine(node, fn, core)) continue;
    if (isBefore(node, deed) && hasEffect(step, fn, core)) deed = node;
    if (subjects !== undefined && isBefore(node, mention) && mentionsSubject(step, subjects, core)) mention = node;
  }
  if (subjects !== undefined && mention === undefined) return undefined;
  const goesOn = deed ?? mention;
  return goesOn === undefined ? undefined : statementOf(goesOn, fn);
}

function isBefore(node: ts.Node, other: ts.Node | undefined): boolean {
  return other === undefined || node.getStart() < other.getStart();
}

/** The statement of a step; the step itself where the statement holds other statements. */
function statementOf(node: ts.Node, fn: FunctionNode): ts.Node {
  for (let at = node; at !== fn; at = at.parent) {
    if (ts.isStatement(at)) {
      const isSimple =
        ts.isExpressionStatement(at) ||
        ts.isVariableStatement(at) ||
        ts.isReturnStatement(at) ||
        ts.isThrowStatement(at);
      return isSimple ? at : node;
    }
  }
  return node;
}

function hasEffect(step: Step, fn: FunctionNode, core: Core): boolean {
  const { kind, node } = step;
  if (kind === 'return')
    return ts.isReturnStatement(node) && node.expression !== undefined && isAnswer(node.expression);
  if (kind === 'write') {
    const place = step.write?.how === 'declare' ? undefined : placeOf(node, core);
    return place !== undefined && isOutside(place, fn);
  }
  if (kind !== 'call') return false;
  if (!ts.isCallExpression(node)) return ts.isTaggedTemplateExpression(node);
  const { functions, isComplete, member } = core.ask(calleesOf, node);
  if (member !== undefined && (core.api.plays(node, 'pure') ?? core.api.plays(node, 'safe')) !== undefined)
    return false;
  return !isComplete || functions.length === 0 || functions.some((callee) => core.ask(guardOf, callee).is !== 'yes');
}

/** Does a result say more than that it is over? */
function isAnswer(expression: ts.Expression): boolean {
  const node = bare(expression);
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.some((property) => !ts.isPropertyAssignment(property) || isAnswer(property.initializer));
  }
  return !(
    ts.isLiteralExpression(node) ||
    ts.isVoidExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}

/** Variables that the call is about: those of its arguments; `this` and what it is called on where it has none. */
interface Subjects {
  readonly symbols: ReadonlySet<ts.Symbol>;
  readonly isThis: boolean;
}

function subjectsOf(call: Call, core: Core): Subjects {
  const symbols = new Set<ts.Symbol>();
  let isThis = false;
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) isThis = true;
    if (ts.isIdentifier(node) && !isMemberName(node)) {
      const symbol = symbolOf(node, core);
      const declaration = symbol?.valueDeclaration;
      if (symbol !== undefined && declaration !== undefined && isVariable(declaration)) symbols.add(symbol);
    }
    ts.forEachChild(node, visit);
  };
  const given = ts.isTaggedTemplateExpression(call) ? [] : (call.arguments ?? []);
  for (const argument of given) visit(argument);
  if (given.length === 0 && ts.isCallExpression(call)) {
    const callee = bare(call.expression);
    if (ts.isPropertyAccessExpression(callee)) isThis = callee.expression.kind === ts.SyntaxKind.ThisKeyword;
  }
  return { symbols, isThis };
}

function isVariable(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) || ts.isParameter(declaration) || isBindingElement(declaration);
}

function mentionsSubject({ kind, node }: Step, subjects: Subjects, core: Core): boolean {
  if (kind !== 'read' && kind !== 'make') return false;
  const visit = (inner: ts.Node): boolean => {
    if (inner.kind === ts.SyntaxKind.ThisKeyword) return subjects.isThis;
    if (ts.isIdentifier(inner) && !isMemberName(inner)) {
      const symbol = symbolOf(inner, core);
      if (symbol !== undefined && subjects.symbols.has(symbol)) return true;
    }
    return ts.forEachChild(inner, visit) ?? false;
  };
  return visit(node);
}

function isInLogLine(node: ts.Node, fn: FunctionNode, core: Core): boolean {
  for (let at = node; at !== fn && !ts.isSourceFile(at) && !isFunctionNode(at); at = at.parent) {
    if (ts.isExpressionStatement(at)) {
      const said = bare(at.expression);
      return ts.isCallExpression(said) && isLogCall(said, core);
    }
    if (ts.isStatement(at)) return false;
  }
  return false;
}

// ---------------------------------------------------------------- the other kinds

const initialiserAnswer: Asking = (call, promise, core) => {
  const found = earlyReadOf(call, promise, core);
  if (found.is === 'no' || found.witness === undefined) return NO;
  const { fn, read, write } = found.witness;
  const witness: UnawaitedGuard = { kind: 'initialiser', call, promise, callee: fn, cause: write, relies: read };
  return found.is === 'yes' ? yes(witness) : unknown(found.because, witness);
};

const transactionAnswer: Asking = (call, promise, core) => {
  const found = transactionOf(call, promise, core);
  if (found === undefined) return NO;
  const callee = core.ask(calleesOf, call).functions[0];
  return yes({
    kind: 'transaction',
    call,
    promise,
    cause: found.opens,
    relies: found.ends,
    ...(callee === undefined ? {} : { callee }),
  });
};
