import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { closureTime } from '../escape/closure-time.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { taskOf } from '../escape/task-of.ts';
import { usesOfSymbol, type ValueUse } from '../escape/value-uses.ts';
import { type Core, defineFact } from '../facts.ts';
import { callSitesOf } from '../program/references.ts';
import { bare } from '../syntax/expressions.ts';
import { namesBehind, ownNamesOf, PASSING } from '../text/callers-by-name.ts';
import { codeFiles } from '../text/files.ts';
import { fileNodes, type FunctionLike } from '../text/nodes.ts';
import { aliasesOf, lastNameOf } from '../text/promise-names.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { type Bound, boundByCall } from './bound-of.ts';
import { boundByEvent } from './event-bound.ts';

/** An event that settles a hand-made promise. */
export interface SettlingEvent {
  /** The call that puts the listener on. */
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly emitter: ts.Expression | undefined;
  readonly event: string | undefined;
  readonly settles: 'reject' | 'resolve';
}

/**
 * A wait that only another party ends.
 *
 * - `call`: a member that waits (`once`, `mutex.acquire`, a blocking read)
 * - `promise`: a hand-made promise that listeners settle
 * - `deferred`: a hand-made promise whose resolver is kept for somebody else
 * - `poll`: a loop that sleeps until something elsewhere has changed
 */
export interface Wait {
  readonly kind: 'call' | 'deferred' | 'poll' | 'promise';
  /** The call, the `new Promise`, the loop. */
  readonly at: ts.Node;
  readonly member?: MemberMatch;
  /** For `promise`: what settles it. */
  readonly events: readonly SettlingEvent[];
  /** Is it bounded, and by what? `no`: nothing ends it when the other party does not. */
  readonly bounded: Answer<Bound>;
  /** How the API lets one bound it, where the catalogue says so. */
  readonly boundBy?: MemberMatch['bound'];
  /** Does it block the thread? */
  readonly isBlocking: boolean;
}

/**
 * The wait that an expression is: the operand of an `await`, a call, a `new Promise`. `undefined` for what ends by itself (I/O,
 * timers, work of the project).
 *
 * Looked through: wrappers, `.then/.catch/.finally`, constants. Bounded counts wherever it is said: at the call, at the client, by a
 * race on the way of the promise, in the function that waits by its only callers, in the executor.
 * Doubt: options that come from elsewhere, clients whose construction we cannot see, resolvers that are kept.
 */
export const waitOf = defineFact<ts.Expression, Wait | undefined>({
  name: 'wait-of',
  scope: 'program',
  compute: (expression, core) => {
    const wait = ownWaitOf(expression, core, 0);
    if (wait === undefined || wait.bounded.is === 'yes') return wait;
    const outer = boundOutside(expression, core);
    return outer === undefined ? wait : { ...wait, bounded: yes(outer) };
  },
});

/** Constants and chains looked through. */
const MOST_LEVELS = 6;

function ownWaitOf(expression: ts.Expression, core: Core, level: number): Wait | undefined {
  const node = bare(expression);
  if (level > MOST_LEVELS) return undefined;
  if (ts.isAwaitExpression(node)) return pollOf(node, core) ?? ownWaitOf(node.expression, core, level + 1);
  if (ts.isIdentifier(node)) {
    const declaration = symbolAt(node, core.checker)?.valueDeclaration;
    const isConst =
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    return isConst && declaration.initializer !== undefined
      ? ownWaitOf(declaration.initializer, core, level + 1)
      : undefined;
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
  const member = core.api.memberOf(node);
  if (member !== undefined && hasRole(member, 'waits')) {
    return {
      kind: 'call',
      at: node,
      member,
      events: [],
      bounded: boundOfCall(node, member, core),
      ...(member.bound === undefined ? {} : { boundBy: member.bound }),
      isBlocking: member.ends === 'sync',
    };
  }
  if (member !== undefined && ts.isCallExpression(node) && hasRole(member, 'chains')) {
    const callee = bare(node.expression);
    return ts.isPropertyAccessExpression(callee) ? ownWaitOf(callee.expression, core, level + 1) : undefined;
  }
  if (ts.isNewExpression(node) && member !== undefined && hasRole(member, 'runs-now')) return handMade(node, core);
  return undefined;
}

function boundOfCall(call: ts.CallExpression | ts.NewExpression, member: MemberMatch, core: Core): Answer<Bound> {
  const given = boundByCall(call, member, core);
  if (given.is === 'yes') return given;
  const emitter = core.api.argumentOf(call, member.argument);
  const event = member.key === undefined ? undefined : core.api.argumentOf(call, member.key);
  if (given.is !== 'no' || emitter === undefined || event === undefined) return given;
  if (core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter') === undefined) return given;
  const name = ts.isStringLiteralLike(event) ? event.text : undefined;
  const bound = boundByEvent({ emitter, event: name, wait: call, rejectsOnFailure: true }, core);
  return bound === undefined ? given : yes(bound);
}

/** A race around the promise, here or in the functions that hand it on. */
export function boundOutside(expression: ts.Expression, core: Core, level = 0): Bound | undefined {
  const node = bare(expression);
  const promise = ts.isAwaitExpression(node) ? bare(node.expression) : node;
  const task = core.ask(taskOf, promise);
  if (task.is === 'raced' || task.via === 'raced') return { by: 'race', witness: task.witness };
  if (task.is !== 'returned' && task.is !== 'awaited' && task.is !== 'joined') return undefined;
  const fn = enclosingFunctionOf(promise);
  if (ts.isSourceFile(fn) || !ts.isFunctionLike(fn) || level >= MOST_CALLERS) return undefined;
  const sites = callSitesOf(fn, core);
  if (sites.open || sites.passed.length > 0 || sites.found.length === 0) return undefined;
  const bounds = sites.found.map(({ node: site }) =>
    ts.isCallExpression(site) ? boundOutside(site, core, level + 1) : undefined,
  );
  const [first] = bounds;
  return first !== undefined && bounds.every((bound) => bound !== undefined)
    ? { by: 'wrapper', witness: first.witness }
    : undefined;
}

/** Callers of callers that a race is looked for in. */
const MOST_CALLERS = 2;

// -------------------------------------------------------------------- hand-made promises

/** What settles a promise, and whether any of it comes by itself. */
interface Settling {
  readonly events: SettlingEvent[];
  bound: Bound | undefined;
  /** A resolver was kept for somebody else. */
  kept: ts.Node | undefined;
  /** It is settled in a way that is no wait: at once, by a callback of I/O, by another promise. */
  other: ts.Node | undefined;
}

function handMade(node: ts.NewExpression, core: Core): Wait | undefined {
  const executor = node.arguments?.[0] === undefined ? undefined : bare(node.arguments[0]);
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return undefined;
  const found: Settling = { events: [], bound: undefined, kept: undefined, other: undefined };
  const [resolve, reject] = executor.parameters;
  settledBy(resolve, 'resolve', executor, found, core);
  settledBy(reject, 'reject', executor, found, core);
  const resolves = found.events.some(({ settles }) => settles === 'resolve');
  const common = { at: node, events: found.events, isBlocking: false } as const;
  if (found.bound !== undefined) {
    return resolves || found.kept !== undefined ? { kind: 'promise', bounded: yes(found.bound), ...common } : undefined;
  }
  if (found.other !== undefined) return undefined;
  if (found.kept !== undefined) return { kind: 'deferred', bounded: unknown('escapes'), ...common };
  if (!resolves) return undefined;
  const [bound] = found.events.flatMap(({ emitter, event }) => {
    const awaited = emitter === undefined ? undefined : { emitter, event, wait: node, rejectsOnFailure: false };
    return awaited === undefined ? [] : (boundByEvent(awaited, core) ?? []);
  });
  if (bound !== undefined) return { kind: 'promise', bounded: yes(bound), ...common };
  const end = found.events.find((event) => isEndOf(event, core));
  // An emitter whose events nobody has told us: one that rejects may be its end.
  const mayEnd = found.events.some((event) => event.settles === 'reject' && !hasEventTable(event, core));
  if (end === undefined && mayEnd) return { kind: 'promise', bounded: unknown('open-world'), ...common };
  return { kind: 'promise', bounded: end === undefined ? NO : yes({ by: 'end', witness: end.call }), ...common };
}

function settledBy(
  parameter: ts.ParameterDeclaration | undefined,
  settles: SettlingEvent['settles'],
  executor: FunctionNode,
  found: Settling,
  core: Core,
): void {
  const symbol =
    parameter === undefined || !ts.isIdentifier(parameter.name)
      ? undefined
      : core.checker.getSymbolAtLocation(parameter.name);
  if (symbol === undefined) return;
  for (const use of usesOfSymbol(symbol, core) ?? []) {
    if (use.kind === 'stored' || use.heldIn !== undefined) found.kept ??= use.by;
    else if (use.kind === 'called') settledAt(use, settles, executor, found, core);
    else if (use.kind === 'argument' && (ts.isCallExpression(use.by) || ts.isNewExpression(use.by))) {
      settledFrom(use.by, settles, found, core);
    }
  }
}

/** `resolve()` is called: when does the closure around it run? */
function settledAt(
  use: ValueUse,
  settles: SettlingEvent['settles'],
  executor: FunctionNode,
  found: Settling,
  core: Core,
): void {
  let closure: FunctionNode | undefined;
  for (let fn = use.within; fn !== executor; fn = enclosingFunctionOf(fn)) {
    if (ts.isSourceFile(fn)) return;
    closure = fn;
  }
  if (closure === undefined) {
    // At once, on some path: the others still wait. Only a rejection at once leaves the wait as it is.
    if (settles === 'resolve') found.other ??= use.by;
    return;
  }
  const { runs } = core.ask(closureTime, closure);
  for (const { call, witness } of runs) {
    if (call === undefined) found.other ??= witness;
    else settledFrom(call, settles, found, core);
  }
}

/** A call gets the resolver, or a callback that calls it. */
function settledFrom(
  call: ts.CallExpression | ts.NewExpression,
  settles: SettlingEvent['settles'],
  found: Settling,
  core: Core,
): void {
  const member = core.api.memberOf(call);
  if (member === undefined) {
    if (settles === 'resolve') found.other ??= call;
    return;
  }
  if (hasRole(member, 'starts-timer')) {
    found.bound ??= { by: 'timer', witness: call };
    return;
  }
  if (hasRole(member, 'mutates')) {
    found.kept ??= call;
    return;
  }
  const isEvent =
    (hasRole(member, 'listener') || hasRole(member, 'defers') || hasRole(member, 'handler')) &&
    member.key !== undefined;
  if (!isEvent) {
    if (settles === 'resolve' && !hasRole(member, 'unlistens')) found.other ??= call;
    return;
  }
  const callee = bare(call.expression);
  const emitter = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
  if (emitter !== undefined && core.api.isA(core.checker.getTypeAtLocation(emitter), 'signal') !== undefined) {
    found.bound ??= { by: 'abort', witness: call };
    return;
  }
  const event = core.api.argumentOf(call, member.key);
  found.events.push({
    call,
    emitter,
    event: event !== undefined && ts.isStringLiteralLike(event) ? event.text : undefined,
    settles,
  });
}

function hasEventTable({ emitter }: SettlingEvent, core: Core): boolean {
  return (
    emitter !== undefined && core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter')?.events !== undefined
  );
}

/** Does the event come at the latest when the emitter ends? */
function isEndOf({ emitter, event }: SettlingEvent, core: Core): boolean {
  if (emitter === undefined || event === undefined) return false;
  return core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter')?.events?.end?.includes(event) ?? false;
}

// -------------------------------------------------------------------- poll loops

/** A loop that does nothing but sleep and look again. */
function pollOf(node: ts.AwaitExpression, core: Core): Wait | undefined {
  if (!isSleep(node.expression, core, 0)) return undefined;
  const loop = loopOf(node);
  if (loop === undefined) return undefined;
  return { kind: 'poll', at: loop, events: [], bounded: boundOfLoop(loop, core), isBlocking: false };
}

function loopOf(node: ts.Node): ts.DoStatement | ts.ForStatement | ts.WhileStatement | undefined {
  for (
    let parent = node.parent as ts.Node | undefined;
    parent !== undefined;
    parent = parent.parent as ts.Node | undefined
  ) {
    if (isFunctionNode(parent)) return undefined;
    if (ts.isWhileStatement(parent) || ts.isDoStatement(parent) || ts.isForStatement(parent)) return parent;
    if (ts.isIterationStatement(parent, false)) return undefined;
  }
  return undefined;
}

/** Functions looked through for the timer that they wait for. */
const MOST_SLEEPERS = 3;

/** The names of functions of the Program that may do nothing but wait for a timer, going by names alone; those of the API among them. */
const sleepNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'sleep-names',
  scope: 'program',
  compute(program, core) {
    const found = new Set<string>();
    for (const timer of core.api.namesWith('starts-timer').keys())
      for (const name of namesBehind(timer, core)) found.add(name);
    const add = (fn: FunctionLike): void => {
      for (const name of ownNamesOf(fn)) {
        if (found.has(name)) continue;
        for (const alias of aliasesOf(name, core)) found.add(alias);
      }
    };
    const callers: (readonly [fn: FunctionLike, called: string | undefined])[] = [];
    for (const file of core.ask(codeFiles, program)) {
      for (const fn of core.ask(fileNodes, file).functions) {
        const value = onlyValueOf(fn);
        if (value === undefined) continue;
        if (ts.isCallExpression(value)) callers.push([fn, lastNameOf(value.expression)]);
        else if (ts.isNewExpression(value) && lastNameOf(value.expression) === 'Promise') add(fn);
      }
    }
    for (let step = 0; step < MOST_SLEEPERS; step++) {
      for (const [fn, called] of callers) {
        if (called === undefined || PASSING.has(called) || found.has(called)) add(fn);
      }
    }
    return found;
  },
});

/** What a function gives or waits for that does nothing else: the call itself, not the `await` around it. */
function onlyValueOf({ body }: FunctionLike): ts.Expression | undefined {
  if (body === undefined) return undefined;
  if (!ts.isBlock(body)) return unawaited(body);
  const [only, ...others] = body.statements;
  if (only === undefined || others.length > 0) return undefined;
  if (ts.isReturnStatement(only)) return only.expression === undefined ? undefined : unawaited(only.expression);
  return ts.isExpressionStatement(only) && ts.isAwaitExpression(only.expression)
    ? unawaited(only.expression)
    : undefined;
}

function unawaited(expression: ts.Expression): ts.Expression {
  const node = bare(expression);
  return ts.isAwaitExpression(node) ? bare(node.expression) : node;
}

/** May it be a timer as a promise, going by names alone? */
export function maySleep(expression: ts.Expression, core: Core): boolean {
  const node = bare(expression);
  if (!ts.isCallExpression(node)) return ts.isNewExpression(node);
  const name = lastNameOf(node.expression);
  return name === undefined || PASSING.has(name) || core.ask(sleepNames, core.program).has(name);
}

/** A timer as a promise: of the API, or a hand-made one that a timer resolves, perhaps behind a function of the project. */
function isSleep(expression: ts.Expression, core: Core, level: number): boolean {
  const node = bare(expression);
  if (ts.isNewExpression(node)) {
    const wait = handMadeBySleep(node, core);
    return wait;
  }
  if (!ts.isCallExpression(node) || !maySleep(node, core)) return false;
  if (core.api.plays(node, 'starts-timer') !== undefined) return true;
  if (level >= MOST_SLEEPERS) return false;
  const { functions, isComplete } = core.ask(calleesOf, node);
  const [fn, ...overriders] = isComplete ? functions : [];
  const value = fn === undefined || overriders.length > 0 || !ts.isFunctionLike(fn) ? undefined : onlyValueOf(fn);
  return value !== undefined && isSleep(value, core, level + 1);
}

function handMadeBySleep(node: ts.NewExpression, core: Core): boolean {
  const executor = node.arguments?.[0] === undefined ? undefined : bare(node.arguments[0]);
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return false;
  const found: Settling = { events: [], bound: undefined, kept: undefined, other: undefined };
  settledBy(executor.parameters[0], 'resolve', executor, found, core);
  return found.bound?.by === 'timer' && found.events.length === 0 && found.other === undefined;
}

/**
 * Is there a way out that does not depend on the other party: a counter, a clock, a signal, in the condition or in an `if` that leaves?
 */
function boundOfLoop(loop: ts.DoStatement | ts.ForStatement | ts.WhileStatement, core: Core): Answer<Bound> {
  const conditions: ts.Expression[] = [];
  const condition = ts.isForStatement(loop) ? loop.condition : loop.expression;
  if (condition !== undefined) conditions.push(condition);
  let signal: ts.Node | undefined;
  const look = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    if (ts.isIfStatement(node) && leaves(node)) conditions.push(node.expression);
    signal ??= signalAt(node, core);
    ts.forEachChild(node, look);
  };
  look(loop.statement);
  if (signal !== undefined) return yes({ by: 'abort', witness: signal });
  for (const each of conditions) {
    const witness = boundIn(each, loop, core);
    if (witness !== undefined) return yes({ by: 'timeout', witness });
  }
  return NO;
}

/** A signal that the loop names: it asks it, or hands it to what it waits for. */
function signalAt(node: ts.Node, core: Core): ts.Node | undefined {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  if (!ts.isIdentifier(name) || !/signal|abort/i.test(name.text)) return undefined;
  const type = core.checker.getTypeAtLocation(name);
  return core.api.isA(type, 'signal') === undefined ? undefined : node;
}

function leaves(node: ts.IfStatement): boolean {
  const look = (inner: ts.Node): boolean => {
    if (isFunctionNode(inner)) return false;
    if (ts.isBreakOrContinueStatement(inner) || ts.isReturnStatement(inner) || ts.isThrowStatement(inner)) return true;
    return ts.forEachChild(inner, look) ?? false;
  };
  return look(node.thenStatement) || (node.elseStatement !== undefined && look(node.elseStatement));
}

function boundIn(condition: ts.Expression, loop: ts.Node, core: Core): ts.Node | undefined {
  let found: ts.Node | undefined;
  const look = (node: ts.Node): void => {
    if (found !== undefined || ts.isFunctionLike(node)) return;
    if (ts.isCallExpression(node) && isClock(node)) found = node;
    else if (
      ts.isExpression(node) &&
      !ts.isLiteralExpression(node) &&
      core.api.isA(core.checker.getTypeAtLocation(node), 'signal') !== undefined
    )
      found = node;
    else if (
      ts.isPostfixUnaryExpression(node) ||
      (ts.isPrefixUnaryExpression(node) && node.operator !== ts.SyntaxKind.ExclamationToken)
    )
      found = node;
    else if (ts.isIdentifier(node)) found = isCountedIn(node, loop, core) ? node : boundBehind(node, loop, core);
    else ts.forEachChild(node, look);
  };
  look(condition);
  return found;
}

/** What a variable of the loop's own turn was computed from: `const elapsed = Date.now() - start`. */
function boundBehind(name: ts.Identifier, loop: ts.Node, core: Core): ts.Node | undefined {
  const declaration = symbolAt(name, core.checker)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) {
    return undefined;
  }
  const isOfTurn = declaration.pos >= loop.pos && declaration.end <= loop.end && name.pos > declaration.end;
  return isOfTurn ? boundIn(declaration.initializer, loop, core) : undefined;
}

/** `Date.now()`, `performance.now()`, `process.hrtime()`. */
function isClock(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && /^(?:now|hrtime|bigint)$/.test(callee.name.text);
}

/** Is the variable local, and moved by the loop itself? */
function isCountedIn(name: ts.Identifier, loop: ts.Node, core: Core): boolean {
  const symbol = symbolAt(name, core.checker);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  return referencesOf(symbol, core).some((reference) => {
    const { parent } = reference;
    const isIn = reference.pos >= loop.pos && reference.end <= loop.end;
    const isMoved =
      ts.isPostfixUnaryExpression(parent) ||
      (ts.isPrefixUnaryExpression(parent) && parent.operator !== ts.SyntaxKind.ExclamationToken) ||
      (ts.isBinaryExpression(parent) &&
        parent.left === reference &&
        (parent.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken ||
          parent.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken));
    return isIn && isMoved;
  });
}
