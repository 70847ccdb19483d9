import * as ts from 'typescript';
import type { FailureWitness } from '../effects/failure.ts';
import { maySuspend } from '../effects/may-suspend.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { referencesOf } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { isBindingElement } from '../syntax/bindings.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { mentions } from '../text/mentions.ts';
import { fileNodes } from '../text/nodes.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import { givesThenable, isThenable } from '../types/is-thenable.ts';
import { failureOfWork } from './task-failure.ts';

/** A promise that is started while nobody listens to it yet. */
export interface LateAwait {
  /** The variable that keeps it; for promises that are collected, the collection. */
  readonly name: ts.Identifier;
  /** The call that starts the work. */
  readonly work: ts.Expression;
  /** What may reject. */
  readonly failure: FailureWitness;
  /** Is that proved, and not an exception of code that runs to its end at once? */
  readonly isCertain: boolean;
  /** What comes between: the wait, or the `throw` or `return` that leaves the function before anybody listens. */
  readonly between: ts.Node;
  /** `turn`: the promises of a list are awaited one after the other, and what comes between is the wait for an earlier one. */
  readonly by: 'return' | 'throw' | 'turn' | 'wait';
  /** The first use that listens: the `await`, the join, the `return`. */
  readonly taker: ts.Node;
}

/**
 * The promises of a file that are kept in a variable and awaited only after another wait, or after a `throw` or `return` that leaves
 * the function on some way. A rejection that comes meanwhile is unhandled: the `await` comes too late.
 *
 * Listening is any use of the variable: an `await`, a join, a chain, a call that gets it, a closure that uses it. Not started: queries
 * that are sent when they are awaited. A wait of something that is no promise lets nothing happen, nor one of work that never waits itself.
 */
export const lateAwaits = defineFact<ts.SourceFile, readonly LateAwait[]>({
  name: 'late-awaits',
  scope: 'program',
  compute(file, core) {
    const nodes = core.ask(fileNodes, file);
    if (!/\bawait\b/.test(file.text)) return [];
    const kept = nodes.declarations.flatMap((node) => declaredBy(node).map((each) => keptLate(each, core)));
    const assigned = nodes.binaries.map((node) => assignedLate(node, core));
    const collected = (nodes.callsByName.get('push') ?? []).map((call) =>
      ts.isCallExpression(call) ? collectedLate(call, core) : undefined,
    );
    return [...kept, ...assigned, ...collected]
      .filter((late) => late !== undefined)
      .sort((left, right) => left.work.pos - right.work.pos);
  },
});

/** A variable that is declared with a call, or with one of a list of calls. */
interface Declared {
  readonly name: ts.Identifier;
  readonly work: ts.CallExpression;
}

/** `const order = load(id)`, `const [order, user] = [load(id), find(id)]` */
function declaredBy({ initializer, name }: ts.VariableDeclaration): readonly Declared[] {
  const value = initializer === undefined ? undefined : bare(initializer);
  if (value === undefined) return [];
  if (ts.isIdentifier(name)) return ts.isCallExpression(value) ? [{ name, work: value }] : [];
  if (!ts.isArrayBindingPattern(name) || !ts.isArrayLiteralExpression(value)) return [];
  if (value.elements.some(ts.isSpreadElement)) return [];
  return name.elements.flatMap((element, at) => {
    const given = value.elements[at];
    const work = given === undefined ? undefined : bare(given);
    if (work === undefined || !ts.isCallExpression(work) || !isBindingElement(element)) return [];
    const isPlain = element.initializer === undefined && element.dotDotDotToken === undefined;
    return isPlain && ts.isIdentifier(element.name) ? [{ name: element.name, work }] : [];
  });
}

/** `const order = load(id);`, then a wait, then `await order`. */
function keptLate({ name, work }: Declared, core: Core): LateAwait | undefined {
  const fn = asyncFunctionAround(name);
  if (fn === undefined || !isListenedTo(name, core)) return undefined;
  const { checker } = core;
  const type = checker.getTypeAtLocation(name);
  if (!isThenable(type, checker) && !isThenable(elementOf(type, checker), checker)) return undefined;
  const symbol = symbolOf(name, core);
  if (symbol === undefined) return undefined;
  const graph = core.ask(flowGraph, fn);
  // The other elements of a list are evaluated before the first variable has its value.
  const starts = isBindingElement(name.parent)
    ? graph.stepsOf(work).filter(({ kind }) => kind === 'call')
    : graph.stepsOf(name).filter(({ kind }) => kind === 'write');
  const isList = !isThenable(type, checker);
  return lateAt({ name, work, graph, starts, listens: listenersOf(symbol, name, fn, core), isList }, core);
}

/** `order = load(id);`, then a wait, then `await order`. */
function assignedLate(assignment: ts.BinaryExpression, core: Core): LateAwait | undefined {
  const work = bare(assignment.right);
  const name = bare(assignment.left);
  if (assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken || !ts.isExpressionStatement(assignment.parent))
    return undefined;
  if (!ts.isIdentifier(name) || !ts.isCallExpression(work)) return undefined;
  const fn = asyncFunctionAround(assignment);
  if (fn === undefined || !isListenedTo(name, core)) return undefined;
  const symbol = symbolOf(name, core);
  if (symbol === undefined || !isOwn(symbol, fn, core)) return undefined;
  const { checker } = core;
  const type = checker.getTypeAtLocation(work);
  const isList = !isThenable(type, checker);
  if (isList && !isThenable(elementOf(type, checker), checker)) return undefined;
  const graph = core.ask(flowGraph, fn);
  const starts = graph.stepsOf(name).filter(({ kind }) => kind === 'write');
  return lateAt({ name, work, graph, starts, listens: listenersOf(symbol, name, fn, core), isList }, core);
}

/** Is it a variable that only this function knows? A closure that was made before may listen as well. */
function isOwn(symbol: ts.Symbol, fn: FunctionNode, core: Core): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  return [declaration, ...referencesOf(symbol, core)].every((node) => enclosingFunctionOf(node) === fn);
}

/** `jobs.push(load(id));`, then a wait, then `await Promise.all(jobs)`. */
function collectedLate(call: ts.CallExpression, core: Core): LateAwait | undefined {
  const callee = bare(call.expression);
  const [given] = call.arguments;
  if (given === undefined || call.arguments.length > 1 || !ts.isExpressionStatement(wrapped(call).parent))
    return undefined;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'push') return undefined;
  const work = bare(given);
  const holder = bare(callee.expression);
  if (!ts.isCallExpression(work) || !ts.isIdentifier(holder)) return undefined;
  const fn = asyncFunctionAround(call);
  if (fn === undefined || !isListenedTo(holder, core)) return undefined;
  const { checker } = core;
  if (!givesThenable(work, checker)) return undefined;
  const symbol = symbolOf(holder, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  if (enclosingFunctionOf(declaration) !== fn) return undefined;
  const graph = core.ask(flowGraph, fn);
  const starts = graph.stepsOf(call).filter(({ kind }) => kind === 'call');
  const listens = listenersOf(symbol, holder, fn, core, isPush);
  return lateAt({ name: holder, work, graph, starts, listens, isList: true }, core);
}

function isPush(reference: ts.Node): boolean {
  const access = wrapped(reference).parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== wrapped(reference)) return false;
  return access.name.text === 'push' || access.name.text === 'length';
}

function asyncFunctionAround(node: ts.Node): Exclude<FunctionNode, ts.SourceFile> | undefined {
  const fn = enclosingFunctionOf(node);
  return !ts.isSourceFile(fn) && isAsync(fn) ? fn : undefined;
}

/** By its text: is a variable of this name awaited, joined, returned or passed anywhere in the file? */
function isListenedTo(name: ts.Identifier, core: Core): boolean {
  const uses = core.ask(mentions, name.getSourceFile()).get(name.text) ?? [];
  return uses.some((use) => {
    const { parent } = wrapped(use);
    return (
      ts.isAwaitExpression(parent) ||
      ts.isReturnStatement(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      (ts.isForOfStatement(parent) && parent.expression === use) ||
      (ts.isCallExpression(parent) && parent.expression !== use)
    );
  });
}

function elementOf(type: ts.Type, checker: ts.TypeChecker): ts.Type {
  const list = checker.getNonNullableType(type);
  return (checker.isArrayType(list) ? checker.getTypeArguments(list as ts.TypeReference)[0] : undefined) ?? type;
}

/** The steps at which somebody begins to listen: every evaluation of the variable, and the making of closures that use it. */
function listenersOf(
  symbol: ts.Symbol,
  name: ts.Identifier,
  fn: FunctionNode,
  core: Core,
  isNone: (reference: ts.Node) => boolean = () => false,
): (step: Step) => boolean {
  const nodes = new Set<ts.Node>();
  for (const reference of referencesOf(symbol, core)) {
    if (reference === name || isNone(reference)) continue;
    let outermost: ts.Node = reference;
    for (let at = enclosingFunctionOf(reference); at !== fn && !ts.isSourceFile(at); at = enclosingFunctionOf(at))
      outermost = at;
    nodes.add(outermost);
  }
  return ({ kind, node }) => (kind === 'read' || kind === 'make') && nodes.has(node);
}

interface Kept {
  readonly name: ts.Identifier;
  readonly work: ts.CallExpression;
  readonly graph: FlowGraph;
  readonly starts: readonly Step[];
  readonly listens: (step: Step) => boolean;
  readonly isList: boolean;
}

function lateAt({ name, work, graph, starts, listens, isList }: Kept, core: Core): LateAwait | undefined {
  if (graph.truncated) return undefined;
  const lost = ts.isBinaryExpression(name.parent) ? lossesOf(name, core) : isNever;
  for (const start of starts) {
    const ways = { start, listens, lost };
    const ahead = waitBefore(ways, core) ?? (isList ? waitInTurn(ways) : undefined) ?? leftBefore(ways, graph);
    if (ahead === undefined) continue;
    const taker = takerOf(ahead.listener);
    if (taker === undefined) continue;
    if (core.api.isA(core.checker.getTypeAtLocation(work), 'lazy-thenable') !== undefined) return undefined;
    const failure = failureOfWork(work, core);
    if (failure.is === 'no' || failure.witness === undefined) return undefined;
    const isProved = failure.is === 'yes' && failure.witness.isSoft !== true && !isEventWait(work, core);
    const { by, between } = ahead;
    return { name, work, failure: failure.witness, isCertain: isProved && by !== 'return', between, by, taker };
  }
  return undefined;
}

/** The steps at which the variable gets another value: who listens to it then listens to something else. */
function lossesOf(name: ts.Identifier, core: Core): (step: Step) => boolean {
  const symbol = symbolOf(name, core);
  const names = new Set<ts.Node>(symbol === undefined ? [] : referencesOf(symbol, core));
  return ({ kind, node }) => kind === 'write' && names.has(node);
}

function isNever(): boolean {
  return false;
}

/** What the ways from the start of some work may meet. */
interface Ways {
  readonly start: Step;
  readonly listens: (step: Step) => boolean;
  readonly lost: (step: Step) => boolean;
}

interface Ahead {
  readonly by: LateAwait['by'];
  readonly between: ts.Node;
  readonly listener: Step;
}

function isFailure({ way }: Edge, step: Step): boolean {
  return way === 'throw' && step.kind !== 'throw';
}

/** A way from the start over a wait to the first that listens. */
function waitBefore({ listens, lost, start }: Ways, core: Core): Ahead | undefined {
  const seen = new Set<Step>();
  for (;;) {
    const path = pathOf({
      from: start,
      to: (step) => step.kind === 'suspend' && !seen.has(step) && isWait(step, core),
      avoiding: (step) => listens(step) || lost(step),
      without: isFailure,
    });
    const between = path?.at(-1);
    if (between === undefined) return undefined;
    seen.add(between);
    const listener = pathOf({ from: between, to: listens, avoiding: lost, without: isFailure })?.at(-1);
    if (listener !== undefined) return { by: 'wait', between: between.node, listener };
  }
}

/** `for (const job of jobs) await job`: nobody listens to the second one while the first is awaited. */
function waitInTurn({ listens, lost, start }: Ways): Ahead | undefined {
  const listener = pathOf({ from: start, to: listens, avoiding: lost, without: isFailure })?.at(-1);
  const loop = listener === undefined ? undefined : wrapped(listener.node).parent;
  if (listener === undefined || loop === undefined || !ts.isForOfStatement(loop)) return undefined;
  if (loop.awaitModifier !== undefined || wrapped(listener.node) !== loop.expression) return undefined;
  const [declaration] = ts.isVariableDeclarationList(loop.initializer) ? loop.initializer.declarations : [];
  if (declaration === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  const between = awaitOf(declaration.name.text, loop.statement);
  return between === undefined ? undefined : { by: 'turn', between, listener };
}

function awaitOf(name: string, node: ts.Node): ts.Node | undefined {
  if (isFunctionNode(node)) return undefined;
  if (ts.isAwaitExpression(node)) {
    const operand = bare(node.expression);
    if (ts.isIdentifier(operand) && operand.text === name) return node;
  }
  return ts.forEachChild(node, (child) => awaitOf(name, child));
}

/** A way from the start out of the function on which nobody listens, where another one comes to somebody who does. */
function leftBefore({ listens, lost, start }: Ways, graph: FlowGraph): Ahead | undefined {
  const out = pathOf({
    from: start,
    to: (step) => step === graph.exit || step === graph.escape,
    avoiding: (step) => listens(step) || lost(step),
    without: isFailure,
  });
  const last = out?.findLast(({ kind }) => kind === 'throw' || kind === 'return');
  if (out === undefined || last === undefined) return undefined;
  const listener = pathOf({ from: start, to: listens, avoiding: lost, without: isFailure })?.at(-1);
  if (listener === undefined) return undefined;
  return { by: last.kind === 'throw' ? 'throw' : 'return', between: last.node, listener };
}

/** Can anything else happen during this wait? */
function isWait({ node }: Step, core: Core): boolean {
  if (!ts.isAwaitExpression(node)) return ts.isForOfStatement(node);
  const operand = bare(node.expression);
  if (!isThenable(core.checker.getTypeAtLocation(operand), core.checker)) return false;
  if (!ts.isCallExpression(operand)) return true;
  const { functions, isComplete } = core.ask(calleesOf, operand);
  return !isComplete || functions.length === 0 || functions.some((fn) => core.ask(maySuspend, fn).is !== 'no');
}

/** Does it wait for an event, a message, a lock? Whoever starts such a wait early wants to miss nothing; it rejects seldom. */
function isEventWait(work: ts.CallExpression, core: Core): boolean {
  const member = core.api.memberOf(work);
  return member !== undefined && hasRole(member, 'waits');
}

/** The expression or statement in which the variable is used at a step: its `await`, join, `return`. */
function takerOf({ node }: Step): ts.Node | undefined {
  let at: ts.Node = wrapped(node);
  for (let level = 0; level < 8; level++) {
    const { parent } = at;
    if (ts.isAwaitExpression(parent) || ts.isReturnStatement(parent)) return parent;
    if (ts.isForOfStatement(parent)) return parent.expression === at ? parent : undefined;
    const isPassedOn =
      ts.isArrayLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isPropertyAccessExpression(parent) ||
      (ts.isCallExpression(parent) && (parent.expression === at || parent.arguments.includes(at as ts.Expression)));
    if (!isPassedOn) return undefined;
    at = wrapped(parent);
  }
  return undefined;
}

/** Promises that go on when one of them has failed. */
export interface Siblings {
  readonly join: ts.CallExpression;
  /** The controller whose signal they all take. */
  readonly controller: ts.Identifier;
}

/**
 * The joins of a file whose promises take the signal of a controller that this function has made and that only a timer aborts: when
 * one of them fails, the others go on for nobody.
 */
export const siblingsIn = defineFact<ts.SourceFile, readonly Siblings[]>({
  name: 'unended-siblings',
  scope: 'program',
  compute(file, core) {
    if (!mayMention(file, 'AbortController')) return [];
    const found: Siblings[] = [];
    const visit = (node: ts.Node): void => {
      const siblings = ts.isCallExpression(node) ? siblingsOf(node, core) : undefined;
      if (siblings !== undefined) found.push(siblings);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  },
});

function siblingsOf(join: ts.CallExpression, core: Core): Siblings | undefined {
  const callee = bare(join.expression);
  const [given] = join.arguments;
  const list = given === undefined ? undefined : bare(given);
  // `allSettled` waits for all of them.
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'all') return undefined;
  if (list === undefined || !ts.isArrayLiteralExpression(list) || core.api.plays(join, 'joins') === undefined)
    return undefined;
  const [first, second] = list.elements.map((element) => controllersIn(element, core));
  for (const [symbol, name] of first ?? []) {
    const isShared = second?.has(symbol) === true;
    if (isShared && enclosingFunctionOf(name) === enclosingFunctionOf(join) && isOnlyTimed(symbol, core))
      return { join, controller: name };
  }
  return undefined;
}

/** The controllers of the same function whose `signal` an expression names. */
function controllersIn(element: ts.Expression, core: Core): ReadonlyMap<ts.Symbol, ts.Identifier> {
  const found = new Map<ts.Symbol, ts.Identifier>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'signal' && ts.isIdentifier(node.expression)) {
      const symbol = symbolOf(node.expression, core);
      const declaration = symbol?.valueDeclaration;
      const isMade =
        declaration !== undefined &&
        ts.isVariableDeclaration(declaration) &&
        declaration.initializer !== undefined &&
        ts.isNewExpression(bare(declaration.initializer)) &&
        enclosingFunctionOf(declaration) === enclosingFunctionOf(element);
      if (symbol !== undefined && isMade) found.set(symbol, node.expression);
    }
    ts.forEachChild(node, visit);
  };
  visit(element);
  return found;
}

/** Is the controller used for its signal, and aborted at most by a timer? */
function isOnlyTimed(symbol: ts.Symbol, core: Core): boolean {
  return referencesOf(symbol, core).every((reference) => {
    const { parent } = reference;
    if (ts.isVariableDeclaration(parent)) return true;
    if (!ts.isPropertyAccessExpression(parent)) return false;
    if (parent.name.text === 'signal') return true;
    const fn = enclosingFunctionOf(reference);
    const call = ts.isSourceFile(fn) ? undefined : wrapped(fn).parent;
    return (
      call !== undefined &&
      (ts.isCallExpression(call) || ts.isNewExpression(call)) &&
      core.api.plays(call, 'starts-timer') !== undefined
    );
  });
}
