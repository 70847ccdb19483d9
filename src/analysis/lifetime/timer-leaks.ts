import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { calleesOf, returnedBy } from '../effects/callees-of.ts';
import { mayReject } from '../effects/may-reject.ts';
import { maySuspend } from '../effects/may-suspend.ts';
import { hasRole } from '../effects/roles.ts';
import { callablesAt } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isConst, isModuleLevel, isReassigned, symbolOf } from '../places/symbols.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { referencesOf } from '../escape/references.ts';
import { callsNamed, fileNodes } from '../text/nodes.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, hasModifier, isFunctionNode } from '../syntax/functions.ts';
import { handlerPlaces } from './handler-places.ts';
import { processEndsAfter } from './process-ends-after.ts';

/**
 * Something that is started and goes on although nobody needs it any more.
 *
 * - `race`: the timer of a race, which nothing stops when another one wins; `pause`: the same of a promise of `timers/promises`
 * - `abort`: a timer that aborts a controller and is not stopped when the work is done, or not when it fails
 * - `endless-race`: a race in an endless loop against a promise that was made before it, which keeps a callback for each turn
 * - `listener`, `interval`: started for each request or message and ended by nothing
 * - `overlap`: an interval that does not wait for its work
 * - `shared`: the timer of one call in a field that only this function uses, where the next call puts its own
 */
export type TimerLeak =
  | AbortLeak
  | EndlessRace
  | (HandlerLeak & { readonly is: 'interval' | 'listener' })
  | Overlap
  | SharedTimer
  | (RaceLeak & { readonly is: 'pause' | 'race' });

export interface RaceLeak {
  /** The call that starts the timer. */
  readonly timer: ts.CallExpression;
  readonly race: ts.CallExpression;
  /** The element of the race: the hand-made promise, the pause, the call of a function that makes it. */
  readonly element: ts.Expression;
  /** One of the others. */
  readonly rival: ts.Expression;
}

export interface AbortLeak {
  readonly is: 'abort';
  readonly timer: ts.CallExpression;
  readonly controller: ts.VariableDeclaration;
  /** The variable of the timer, if it has one. */
  readonly name?: ts.Identifier;
  /** What may leave the function before the timer is stopped; `undefined` where nothing ever stops it. */
  readonly thrower?: ts.Node;
}

export interface EndlessRace {
  readonly is: 'endless-race';
  readonly race: ts.CallExpression;
  readonly promise: ts.Identifier;
  readonly loop: ts.Node;
}

export interface HandlerLeak {
  readonly call: ts.CallExpression;
  /** What it is put on, for a listener. */
  readonly emitter?: ts.Expression;
  readonly handler: FunctionNode;
}

export interface Overlap {
  readonly is: 'overlap';
  readonly call: ts.CallExpression;
  /** Where its work waits. */
  readonly wait: ts.Node;
}

export interface SharedTimer {
  readonly is: 'shared';
  readonly timer: ts.CallExpression;
  /** `this.timer`, where it is written. */
  readonly field: ts.PropertyAccessExpression;
}

/** Timers of less than this are gone before anybody misses what they hold (milliseconds). */
const SHORT = 1000;

/** No run of work takes as long as an interval from here on (milliseconds). */
const LONG = 3_600_000;

/** Names, chains and functions of the project that an element of a race is followed through. */
const MOST_LEVELS = 4;

/** The timers, listeners and races of a file that go on after their work is done, in the order of the text. */
export const timerLeaks = defineFact<ts.SourceFile, readonly TimerLeak[]>({
  name: 'timer-leaks',
  scope: 'program',
  compute(file, core) {
    const names = core.ask(namesOfRoles, core.program);
    if (![...names.races, ...names.timers, ...names.listeners].some((name) => mayMention(file, name))) return [];
    const wanted = new Set([...names.races, ...names.timers, ...names.listeners]);
    return callsNamed(core.ask(fileNodes, file), wanted).flatMap((call) => {
      if (!ts.isCallExpression(call)) return [];
      const name = lastNameOf(call.expression) ?? '';
      const leak =
        (names.races.has(name) ? raceOf(call, core) : undefined) ??
        (names.timers.has(name) ? timerOf(call, core) : undefined) ??
        (names.listeners.has(name) ? listenerOf(call, core) : undefined);
      return leak ?? [];
    });
  },
});

interface Names {
  readonly races: ReadonlySet<string>;
  readonly timers: ReadonlySet<string>;
  readonly listeners: ReadonlySet<string>;
}

const namesOfRoles = defineFact<ts.Program, Names>({
  name: 'timer-leak-names',
  scope: 'program',
  compute: (_program, { api }) => ({
    races: new Set(api.namesWith('races').keys()),
    timers: new Set(api.namesWith('starts-timer').keys()),
    listeners: new Set([...api.namesWith('listener').keys()].filter((name) => !name.startsWith('set'))),
  }),
});

// ---------------------------------------------------------------- races

function raceOf(
  race: ts.CallExpression,
  core: Core,
): EndlessRace | (RaceLeak & { readonly is: 'pause' | 'race' }) | undefined {
  const match = core.api.plays(race, 'races');
  const list = match === undefined ? undefined : core.api.argumentOf(race, match.argument ?? 0);
  if (list === undefined || !ts.isArrayLiteralExpression(bare(list))) return undefined;
  const { elements } = bare(list) as ts.ArrayLiteralExpression;
  for (const element of elements) {
    const found = timerBehind(element, core, 0);
    const rival = elements.find((other) => other !== element);
    if (found === undefined || rival === undefined || timerBehind(rival, core, 0) !== undefined) continue;
    if (isShort(found.timer, found.is, core) || processEndsAfter(race, core)) continue;
    return { is: found.is, timer: found.timer, race, element, rival };
  }
  return endlessRace(race, elements, core);
}

interface FoundTimer {
  readonly is: 'pause' | 'race';
  readonly timer: ts.CallExpression;
}

/** The timer that settles a promise and that nothing can stop. */
function timerBehind(expression: ts.Expression, core: Core, level: number): FoundTimer | undefined {
  if (level > MOST_LEVELS) return undefined;
  const node = bare(expression);
  if (ts.isIdentifier(node)) {
    const declaration = symbolOf(node, core)?.valueDeclaration;
    const isOwn =
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      isConst(declaration) &&
      enclosingFunctionOf(declaration) === enclosingFunctionOf(node) &&
      loopAround(declaration) === loopAround(node);
    return isOwn && declaration.initializer !== undefined
      ? timerBehind(declaration.initializer, core, level + 1)
      : undefined;
  }
  if (ts.isNewExpression(node)) return handMadeTimer(node, core);
  if (!ts.isCallExpression(node)) return undefined;
  const member = core.api.memberOf(node);
  if (member !== undefined && hasRole(member, 'chains')) {
    const callee = bare(node.expression);
    return ts.isPropertyAccessExpression(callee) ? timerBehind(callee.expression, core, level + 1) : undefined;
  }
  if (member !== undefined) return isPause(member) && !isStoppable(node) ? { is: 'pause', timer: node } : undefined;
  const { functions, isComplete } = core.ask(calleesOf, node);
  const [fn] = functions;
  if (!isComplete || fn === undefined || functions.length > 1) return undefined;
  const returned = returnedBy(fn);
  const found = returned.map((each) => timerBehind(each, core, level + 1));
  return found.length > 0 && found.every((each) => each !== undefined) ? found[0] : undefined;
}

/** A timer as a promise: no callback. */
function isPause(member: MemberMatch): boolean {
  return hasRole(member, 'starts-timer') && !hasRole(member, 'defers') && !hasRole(member, 'listener');
}

/** A timer that calls back once, later than at the next turn. */
function isTimeout(member: MemberMatch | undefined): boolean {
  return member !== undefined && hasRole(member, 'starts-timer') && hasRole(member, 'defers');
}

/** Has it options, which may hold a signal? */
function isStoppable(pause: ts.CallExpression): boolean {
  return pause.arguments.length > 2 || pause.arguments.some((given) => !isPlain(given));
}

function isPlain(given: ts.Expression): boolean {
  const node = bare(given);
  return !ts.isObjectLiteralExpression(node) && !ts.isSpreadElement(node);
}

function handMadeTimer(node: ts.NewExpression, core: Core): FoundTimer | undefined {
  const [given] = node.arguments ?? [];
  const executor = given === undefined ? undefined : bare(given);
  if (executor === undefined || !(ts.isArrowFunction(executor) || ts.isFunctionExpression(executor))) return undefined;
  const member = core.api.memberOf(node);
  if (member === undefined || !hasRole(member, 'runs-now')) return undefined;
  const timer = timeoutIn(executor.body, core);
  return timer === undefined || !isUnstoppable(timer, core) ? undefined : { is: 'race', timer };
}

/** The first timer that a piece of code starts at once, functions in it left out. */
function timeoutIn(node: ts.Node, core: Core): ts.CallExpression | undefined {
  if (isFunctionNode(node)) return undefined;
  if (
    ts.isCallExpression(node) &&
    isTimeout(core.api.plays(node, 'starts-timer')) &&
    lastNameOf(node.expression) !== 'setImmediate'
  )
    return node;
  return ts.forEachChild(node, (child) => timeoutIn(child, core));
}

/** Is what it gives thrown away, or kept in a variable that nobody looks at? */
function isUnstoppable(timer: ts.CallExpression, core: Core): boolean {
  const outer = wrapped(timer);
  const { parent } = outer;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
  if (ts.isArrowFunction(parent)) return parent.body === outer && !isStopFor(parent);
  const name = keeperOf(outer);
  const symbol = name === undefined ? undefined : symbolOf(name, core);
  return symbol !== undefined && ts.isIdentifier(name as ts.Node) && isUnseen(symbol, core);
}

/** Is the arrow more than the executor of a promise, so that somebody may get what it gives? */
function isStopFor(arrow: ts.ArrowFunction): boolean {
  return !ts.isNewExpression(wrapped(arrow).parent);
}

function keeperOf(outer: ts.Node): ts.Node | undefined {
  const { parent } = outer;
  if (ts.isVariableDeclaration(parent) && parent.initializer === outer) return parent.name;
  return ts.isBinaryExpression(parent) && parent.right === outer ? bare(parent.left) : undefined;
}

/** Is the variable only written? */
function isUnseen(symbol: ts.Symbol, core: Core): boolean {
  return referencesOf(symbol, core).every(({ parent }) => {
    if (ts.isVariableDeclaration(parent)) return true;
    return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  });
}

function isShort(timer: ts.CallExpression, is: 'pause' | 'race', core: Core): boolean {
  const delay = timer.arguments[is === 'pause' ? 0 : 1];
  const value = delay === undefined ? 0 : numberAt(delay, core);
  return value !== undefined && value < SHORT;
}

/** A number that is written here or kept in a constant, with its factors. */
function numberAt(expression: ts.Expression, core: Core): number | undefined {
  const node = bare(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text.replaceAll('_', ''));
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    const [left, right] = [numberAt(node.left, core), numberAt(node.right, core)];
    return left === undefined || right === undefined ? undefined : left * right;
  }
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = symbolOf(node, core)?.valueDeclaration;
  const isNumber = declaration !== undefined && ts.isVariableDeclaration(declaration) && isConst(declaration);
  return isNumber && declaration.initializer !== undefined ? numberAt(declaration.initializer, core) : undefined;
}

/** A race in an endless loop against a promise that lives on from turn to turn. */
function endlessRace(race: ts.CallExpression, elements: readonly ts.Expression[], core: Core): EndlessRace | undefined {
  const loop = loopAround(race);
  if (loop === undefined || !isEndless(loop)) return undefined;
  for (const element of elements) {
    const promise = bare(element);
    if (!ts.isIdentifier(promise)) continue;
    const symbol = symbolOf(promise, core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || core.ask(isReassigned, symbol)) continue;
    const isBefore =
      (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) &&
      !(declaration.pos >= loop.pos && declaration.end <= loop.end);
    if (isBefore) return { is: 'endless-race', race, promise, loop };
  }
  return undefined;
}

function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  const fn = enclosingFunctionOf(node);
  for (let at = node.parent; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isIterationStatement(at, false)) return at;
  }
  return undefined;
}

/** `while (true)`, `for (;;)` */
function isEndless(loop: ts.IterationStatement): boolean {
  if (ts.isForStatement(loop)) return loop.condition === undefined || loop.condition.kind === ts.SyntaxKind.TrueKeyword;
  if (!ts.isWhileStatement(loop) && !ts.isDoStatement(loop)) return false;
  return bare(loop.expression).kind === ts.SyntaxKind.TrueKeyword;
}

// ---------------------------------------------------------------- timers

function timerOf(call: ts.CallExpression, core: Core): TimerLeak | undefined {
  const match = core.api.plays(call, 'starts-timer');
  if (match === undefined) return undefined;
  if (hasRole(match, 'listener')) return intervalOf(call, core);
  return isTimeout(match) ? (abortTimer(call, core) ?? sharedTimer(call, core)) : undefined;
}

/** `setTimeout(() => controller.abort(), 5000)` */
function abortTimer(timer: ts.CallExpression, core: Core): AbortLeak | undefined {
  const controller = controllerOf(timer, core);
  if (controller === undefined || isShort(timer, 'race', core)) return undefined;
  const outer = wrapped(timer);
  if (ts.isExpressionStatement(outer.parent)) return { is: 'abort', timer, controller };
  const name = keeperOf(outer);
  if (name === undefined || !ts.isIdentifier(name) || !ts.isVariableDeclaration(outer.parent)) return undefined;
  const symbol = symbolOf(name, core);
  if (symbol === undefined) return undefined;
  if (isUnseen(symbol, core)) return { is: 'abort', timer, controller, name };
  const thrower = throwerBefore(timer, name, symbol, core);
  return thrower === undefined ? undefined : { is: 'abort', timer, controller, name, thrower };
}

/** `this.timer = setTimeout(() => reject(…), 5000)`: what settles the promise of one call, where the next call puts its own. */
function sharedTimer(timer: ts.CallExpression, core: Core): SharedTimer | undefined {
  const outer = wrapped(timer);
  const { parent } = outer;
  const field = ts.isBinaryExpression(parent) && parent.right === outer ? bare(parent.left) : undefined;
  if (field === undefined || !ts.isPropertyAccessExpression(field)) return undefined;
  if (field.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const symbol = symbolOf(field.name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isPropertyDeclaration(declaration)) return undefined;
  if (!ts.isPrivateIdentifier(declaration.name) && !hasModifier(declaration, ts.SyntaxKind.PrivateKeyword))
    return undefined;
  const home = methodAround(timer);
  const uses = referencesOf(symbol, core).filter((reference) => reference !== declaration.name);
  if (home === undefined || uses.some((use) => methodAround(use) !== home) || !settlesCall(timer, core))
    return undefined;
  return { is: 'shared', timer, field };
}

/** The member of the class in which a node stands, closures looked through. */
function methodAround(node: ts.Node): ts.Node | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) if (ts.isClassLike(at.parent)) return at;
  return undefined;
}

/** Does the callback of the timer settle a promise that is made around it? */
function settlesCall(timer: ts.CallExpression, core: Core): boolean {
  const [given] = timer.arguments;
  if (given === undefined) return false;
  const look = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node)) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      const executor =
        declaration !== undefined && ts.isParameter(declaration) ? wrapped(declaration.parent).parent : undefined;
      if (
        executor !== undefined &&
        ts.isNewExpression(executor) &&
        executor.pos < timer.pos &&
        timer.end <= executor.end
      )
        return core.api.plays(executor, 'runs-now') !== undefined;
    }
    return ts.forEachChild(node, (child) => look(child) || undefined) ?? false;
  };
  return look(given);
}

/** The controller that the timer aborts, a constant of the same function. */
function controllerOf(timer: ts.CallExpression, core: Core): ts.VariableDeclaration | undefined {
  const [given] = timer.arguments;
  const callback = given === undefined ? undefined : bare(given);
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return undefined;
  const { body } = callback;
  const [only] = ts.isBlock(body) ? body.statements : [];
  const expression = !ts.isBlock(body)
    ? bare(body)
    : body.statements.length === 1 && only !== undefined && ts.isExpressionStatement(only)
      ? bare(only.expression)
      : undefined;
  if (expression === undefined || !ts.isCallExpression(expression)) return undefined;
  if (core.api.plays(expression, 'aborts') === undefined) return undefined;
  const callee = bare(expression.expression);
  const holder = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  const declaration =
    holder !== undefined && ts.isIdentifier(holder) ? symbolOf(holder, core)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return undefined;
  const { initializer } = declaration;
  if (initializer === undefined || !ts.isNewExpression(bare(initializer))) return undefined;
  return enclosingFunctionOf(declaration) === enclosingFunctionOf(timer) ? declaration : undefined;
}

/** A wait that may reject before the timer is stopped; nothing where a closure or another function may stop it. */
function throwerBefore(
  timer: ts.CallExpression,
  name: ts.Identifier,
  symbol: ts.Symbol,
  core: Core,
): ts.Node | undefined {
  const fn = enclosingFunctionOf(timer);
  const stops = new Set<ts.Node>();
  for (const reference of referencesOf(symbol, core)) {
    if (reference === name) continue;
    const call = wrapped(reference).parent;
    if (!ts.isCallExpression(call) || enclosingFunctionOf(reference) !== fn) return undefined;
    if (core.api.plays(call, 'clears-timer') === undefined) return undefined;
    stops.add(call);
  }
  const graph = core.ask(flowGraph, fn);
  const start = graph.stepsOf(timer).find(({ kind }) => kind === 'call');
  if (start === undefined || graph.truncated) return undefined;
  const out = pathOf({
    from: start,
    to: (step) => step === graph.escape || step === graph.exit,
    avoiding: ({ kind, node }) => kind === 'call' && stops.has(node),
    without: ({ way }, step) => way === 'throw' && step.kind !== 'throw' && !isFailingWait(step.node, core),
  });
  const failed = out?.findLast(({ kind, node }) => kind === 'suspend' && isFailingWait(node, core));
  return (failed ?? out?.findLast(({ kind }) => kind === 'throw' || kind === 'return'))?.node;
}

/** May the wait reject, as far as can be proved? */
function isFailingWait(node: ts.Node, core: Core): boolean {
  if (!ts.isAwaitExpression(node)) return false;
  const operand = bare(node.expression);
  if (!ts.isCallExpression(operand)) return false;
  const member = core.api.memberOf(operand);
  if (member !== undefined) return hasRole(member, 'io') && member.rejects !== false;
  const { functions, isComplete } = core.ask(calleesOf, operand);
  return (
    isComplete &&
    functions.some((fn) => {
      const failure = core.ask(mayReject, fn);
      return failure.is === 'yes' && failure.witness.isSoft !== true;
    })
  );
}

/** An interval that a handler starts and nobody ends, or whose work may take longer than it. */
function intervalOf(call: ts.CallExpression, core: Core): TimerLeak | undefined {
  const outer = wrapped(call);
  const handler = handlerAround(call, core);
  if (handler !== undefined && ts.isExpressionStatement(outer.parent)) return { is: 'interval', call, handler };
  const delay = call.arguments[1];
  if (delay !== undefined && (numberAt(delay, core) ?? 0) >= LONG) return undefined;
  const wait = waitIn(call, core);
  return wait === undefined ? undefined : { is: 'overlap', call, wait };
}

/** Where the callback of an interval waits, if nothing keeps a second run from beginning meanwhile. */
function waitIn(call: ts.CallExpression, core: Core): ts.Node | undefined {
  const [given] = call.arguments;
  if (given === undefined) return undefined;
  const { functions, isComplete } = callablesAt(given, core);
  const [fn] = functions;
  if (!isComplete || fn === undefined || functions.length > 1) return undefined;
  const suspends = core.ask(maySuspend, fn);
  if (suspends.is !== 'yes' || ts.isSourceFile(fn) || !('body' in fn) || fn.body === undefined) return undefined;
  const body = fn.body;
  if (!ts.isBlock(body)) return suspends.witness.node;
  // A test at the start that leaves: a flag, a lock, a size.
  const [first] = body.statements;
  const isGuarded =
    first !== undefined &&
    (ts.isIfStatement(first) || (ts.isTryStatement(first) && first.tryBlock.statements.some(ts.isIfStatement)));
  return isGuarded ? undefined : suspends.witness.node;
}

// ---------------------------------------------------------------- listeners

/** A listener that a handler puts on something that outlives it, and that nothing takes away. */
function listenerOf(call: ts.CallExpression, core: Core): (HandlerLeak & { readonly is: 'listener' }) | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text === 'once' || hasSignal(call)) return undefined;
  const root = rootOf(callee.expression);
  if (root === undefined || !ts.isExpressionStatement(statementOf(call))) return undefined;
  const symbol = symbolOf(root, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !isLongLived(declaration)) return undefined;
  const handler = handlerAround(call, core);
  if (handler === undefined) return undefined;
  const match = core.api.plays(call, 'listener');
  if (match === undefined || hasRole(match, 'starts-timer') || match.key === undefined) return undefined;
  const type = core.checker.getTypeAtLocation(callee.expression);
  if ((core.api.isA(type, 'emitter') ?? core.api.isA(type, 'signal')) === undefined) return undefined;
  return isTakenAway(root, handler, core) ? undefined : { is: 'listener', call, emitter: emitterOf(callee), handler };
}

/** May an option take the listener away? `once` does so only when the event comes. */
function hasSignal({ arguments: [, , given] }: ts.CallExpression): boolean {
  if (given === undefined) return false;
  const options = bare(given);
  return !ts.isObjectLiteralExpression(options) || options.properties.some(({ name }) => name?.getText() !== 'once');
}

function statementOf(call: ts.CallExpression): ts.Node {
  let node: ts.Node = wrapped(call);
  // `bus.on('a', f).on('b', g)`
  while (ts.isPropertyAccessExpression(node.parent) && ts.isCallExpression(wrapped(node.parent).parent))
    node = wrapped(wrapped(node.parent).parent);
  return node.parent;
}

/** `bus` in `bus.on('a', f).on('b', g)` */
function emitterOf(callee: ts.PropertyAccessExpression): ts.Expression {
  const receiver = bare(callee.expression);
  if (!ts.isCallExpression(receiver)) return receiver;
  const inner = bare(receiver.expression);
  return ts.isPropertyAccessExpression(inner) ? emitterOf(inner) : receiver;
}

function rootOf(expression: ts.Expression): ts.Identifier | undefined {
  let node = bare(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = bare(node.expression);
  return ts.isIdentifier(node) ? node : undefined;
}

/** A variable or import of a module, `process`. */
function isLongLived(declaration: ts.Declaration): boolean {
  return ts.isVariableDeclaration(declaration) && isModuleLevel(declaration);
}

/** Does the handler anywhere take a listener of the same thing away? */
function isTakenAway(root: ts.Identifier, handler: FunctionNode, core: Core): boolean {
  const look = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && core.api.plays(node, 'unlistens') !== undefined) {
      const callee = bare(node.expression);
      if (ts.isPropertyAccessExpression(callee) && rootOf(callee.expression)?.text === root.text) return true;
    }
    return ts.forEachChild(node, (child) => look(child) || undefined) ?? false;
  };
  return look(handler);
}

/** The function around a node that runs once for each request or message, if there is one. */
function handlerAround(node: ts.Node, core: Core): FunctionNode | undefined {
  for (let fn = enclosingFunctionOf(node); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    if (core.ask(handlerPlaces, fn).some(({ isHandler }) => isHandler)) return fn;
  }
  return undefined;
}
