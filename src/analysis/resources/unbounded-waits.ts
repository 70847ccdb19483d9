import { builtinModules } from 'node:module';
import * as ts from 'typescript';
import type { Answer } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { taskOf } from '../escape/task-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { cellLocks } from '../program/cell-locks.ts';
import { ownFiles } from '../text/files.ts';
import { programKinds } from '../program/kind.ts';
import { fileNodes } from '../text/nodes.ts';
import { isPromising, lastNameOf } from '../text/promise-names.ts';
import { referencesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, isFunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { boundAtCreation, creationsOf } from './bound-of.ts';
import { isHouseReceive } from './house-channel.ts';
import { isInStop, type Poll, pollAround } from './poll-of.ts';
import { type SelfDeadlock, selfDeadlocks } from './self-deadlocks.ts';
import { settleGaps } from './settle-paths.ts';
import { boundOutside, maySleep, type Wait, waitOf } from './wait-of.ts';
import { givesBack, isItsWork, isOfWorker } from './wait-place.ts';

/**
 * What kind of wait it is.
 *
 * - `event`: a call that settles when an emitter emits (`emitter`, `event`)
 * - `promise`: a hand-made promise around such an event
 * - `blocking`: it blocks the thread
 * - `lock`: it queues for a lock
 * - `pool`: the creation of a pool whose borrowers queue (`user`: one of them)
 * - `queue`: a read that blocks its connection until somebody writes
 * - `reply`: an answer, a message, a value that somebody else sends
 * - `poll`: a loop that asks somebody else again and again (`poll.query`)
 * - `state`: a loop that looks at its own process again and again, in code that stops something
 */
export type UnboundedKind = 'blocking' | 'event' | 'lock' | 'poll' | 'pool' | 'promise' | 'queue' | 'reply' | 'state';

/** A wait that goes on for ever when the other party never acts. */
export interface UnboundedWait {
  readonly kind: UnboundedKind;
  /** The call, the `new Promise`, the loop, the creation of the pool. */
  readonly at: ts.CallExpression | ts.IterationStatement | ts.NewExpression;
  readonly member?: MemberMatch;
  readonly emitter?: ts.Expression;
  readonly event?: string;
  readonly poll?: Poll;
  readonly user?: ts.Node;
  /** Certain, or only likely: the other party is this process itself, or ends by itself in the end. */
  readonly isCertain: boolean;
}

/**
 * The waits of a file that nothing ends when the other party does not act: no deadline, signal, race, limit of the client or of the
 * only caller.
 *
 * Left out: waits that are what the code is for (the loop of a consumer, start-up, a stop signal, readiness, what a user types, the
 * bytes of a stream), events that are caused here, hand-made promises around emitters of which it is known how they end (those belong
 * to the question which endings a hand-made promise misses), promises that nobody waits for here.
 * Doubt: options, clients and emitters that cannot be followed.
 */
export const unboundedWaits = defineFact<ts.SourceFile, readonly UnboundedWait[]>({
  name: 'unbounded-waits',
  scope: 'program',
  compute(file, core) {
    const found: UnboundedWait[] = [];
    const loops = new Set<ts.Node>();
    const names = core.ask(namesOfWaits, core.program);
    const add = (one: UnboundedWait | undefined): void => {
      if (one !== undefined) found.push(one);
    };
    const renamed = namesGivenIn(file, names.waits);
    const { awaits, callsByName } = core.ask(fileNodes, file);
    for (const [name, calls] of callsByName) {
      const isWait = names.waits.has(name) || renamed.has(name);
      const isPool = names.pools.has(name);
      const mayReceive = isPromising(name, core);
      if (!isWait && !isPool && !mayReceive && name !== 'Promise') continue;
      for (const call of calls) {
        if (isWait && mayWait(call)) add(callWait(call, core));
        if (isPool) add(poolWait(call, core));
        if (name === 'Promise' && ts.isNewExpression(call)) add(promiseWait(call, core));
        if (mayReceive && ts.isCallExpression(call) && mayWait(call) && isHouseReceive(call, core))
          add(toldWait(call, core));
      }
    }
    for (const node of awaits) add(pollWait(node, loops, core));
    return found.sort((left, right) => left.at.pos - right.at.pos);
  },
});

/** The wait that a call is which is known to be one by itself: it cannot be bounded at the call. */
export function toldWait(call: ts.CallExpression, core: Core): UnboundedWait | undefined {
  if (!isWaitedFor(call, core) || isItsWork(call, core) || boundOutside(call, core) !== undefined) return undefined;
  return { kind: 'reply', at: call, isCertain: true };
}

interface WaitNames {
  readonly waits: ReadonlySet<string>;
  /** Constructors and functions that build pools. */
  readonly pools: ReadonlySet<string>;
}

const namesOfWaits = defineFact<ts.Program, WaitNames>({
  name: 'unbounded-wait-names',
  scope: 'program',
  compute: (program, core) => {
    const { api } = core;
    const isThere = presentIn(program);
    const waits = new Set(api.namesWith('waits', ({ from }) => isThere(from)).keys());
    for (const file of core.ask(ownFiles, program)) for (const name of reexportedAs(file, waits)) waits.add(name);
    const options = new Set<string>();
    api.namesWith('waits', (row) => {
      if (row.bound?.by === 'client-option') options.add(`${row.from} ${row.bound.option ?? ''}`);
      return false;
    });
    const isPool = (row: MemberMatch): boolean => options.has(`${row.from} ${row.bound?.option ?? ''}`);
    return { waits, pools: new Set(api.namesWith('creates', isPool).keys()) };
  },
});

/** The names that a file gives to what it takes under one of these names from modules and objects, and to whole modules. */
function namesGivenIn(file: ts.SourceFile, names: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const take = (name: ts.Node, taken: ts.Node | undefined): void => {
    const isOne = taken !== undefined && ts.isIdentifier(taken) && names.has(taken.text);
    if (isOne && ts.isIdentifier(name)) found.add(name.text);
  };
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const { importClause } = statement;
      if (importClause?.name !== undefined) found.add(importClause.name.text);
      const bindings = importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      for (const { name, propertyName } of bindings.elements) take(name, propertyName);
    } else if (ts.isVariableStatement(statement)) {
      for (const { initializer, name } of statement.declarationList.declarations) {
        if (ts.isObjectBindingPattern(name)) for (const each of name.elements) take(each.name, each.propertyName);
        else if (initializer !== undefined && ts.isPropertyAccessExpression(initializer)) take(name, initializer.name);
      }
    }
  }
  return found;
}

/** The names under which a file exports what it takes under one of these names: `export { once as nextOf } from 'node:events'`. */
function reexportedAs(file: ts.SourceFile, names: ReadonlySet<string>): readonly string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
    if (!ts.isNamedExports(statement.exportClause)) return [];
    return statement.exportClause.elements.flatMap(({ name, propertyName }) =>
      propertyName !== undefined && names.has(propertyName.text) ? [name.text] : [],
    );
  });
}

/** Which packages does the Program load? Modules of the runtime, the library and the project are always there. */
function presentIn(program: ts.Program): (from: string) => boolean {
  const packages = new Set<string>();
  for (const { fileName } of program.getSourceFiles()) {
    const start = fileName.lastIndexOf(MODULES);
    if (start < 0) continue;
    const [first = '', second = ''] = fileName.slice(start + MODULES.length).split('/');
    packages.add(first === '@types' ? second : first.startsWith('@') ? `${first}/${second}` : first);
    // Parts of one package that are published under its scope: `@redis/client`.
    if (first.startsWith('@')) packages.add(first.slice(1));
  }
  return (from) => packages.has(from) || builtinModules.includes(from) || !/^[@a-z]/.test(from) || OWN.test(from);
}

const MODULES = '/node_modules/';

/** The library, the globals, the project’s own files. */
const OWN = /^(?:file|global|lib)$/;

/** Syntax first: is the result used in a way in which somebody may wait for it? */
function mayWait(call: ts.CallExpression | ts.NewExpression): boolean {
  if (lastNameOf(call.expression) === 'wait') return true;
  const outer = wrapped(call);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent)) return /^(?:catch|finally|then)$/.test(parent.name.text);
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isArrowFunction(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isConditionalExpression(parent) ||
    ts.isBinaryExpression(parent) ||
    (ts.isForOfStatement(parent) && parent.awaitModifier !== undefined) ||
    (ts.isCallExpression(parent) && parent.expression !== outer)
  );
}

// ------------------------------------------------------------------------------------------------ calls

/** Events that tell a program to stop, and what comes when something has failed. */
const OF_THE_PROGRAM = /^(?:SIG[A-Z0-9]+|abort|beforeExit|error|uncaughtException|unhandledRejection)$/;

/** Names for being ready at the start, for emitters that no table knows. */
const STARTS =
  /^(?:bound|connect(?:ed|ion)?|init(?:ialized)?|listening|loaded|online|open(?:ed)?|ready|secureConnect|spawn|start(?:ed|up)?|up)$/;

/** Names for the end of an emitter that no table knows: its whole life may lie before it. */
const ENDS = /^(?:close|data|end|exit|finish)$/;

function callWait(call: ts.CallExpression | ts.NewExpression, core: Core): UnboundedWait | undefined {
  const member = core.api.memberOf(call);
  if (member === undefined || !hasRole(member, 'waits')) return undefined;
  const isHot = member.waitsFor === 'source' && isHotSource(core.api.argumentOf(call, member.argument), core);
  if (member.waitsFor !== undefined && !isHot) return undefined;
  if (hasRole(member, 'drains') || member.bound?.by === 'client-option') return undefined;
  const wait = core.ask(waitOf, call);
  if (wait?.at !== call || wait.bounded.is !== 'no') return undefined;
  if (wait.isBlocking) return blockingWait(call, member, core);
  const iteration = iterationOf(call);
  if (iteration === undefined ? !isWaitedFor(call, core) : !givesBack(iteration.statement)) return undefined;
  if (isItsWork(call, core)) return undefined;
  const common = { at: call, member } as const;
  const emitter = member.key === undefined ? undefined : core.api.argumentOf(call, member.argument);
  if (hasRole(member, 'locks') || hasRole(member, 'exclusive') || hasRole(member, 'runs-concurrently')) {
    // It waits for code of this process: one that gives it back by itself, or there is no limit that it could be given.
    const hasNoLimit = member.bound?.by === 'none' && !hasLimitingWrapper(member, core);
    // Waiting for itself is another fault, which a limit does not cure.
    const isOwn = core.ask(selfDeadlocks, enclosingFunctionOf(call)).some((each) => isTakenBy(each, call));
    if (isOwn) return undefined;
    const isUsual = member.isShared !== true && (hasNoLimit || !hasRole(member, 'locks'));
    return isUsual ? undefined : { kind: 'lock', isCertain: member.isShared === true, ...common };
  }
  if (hasRole(member, 'acquires')) return undefined;
  if (member.bound?.by === 'seconds' || member.bound?.word !== undefined) {
    return { kind: 'queue', isCertain: true, ...common };
  }
  if (emitter === undefined) return { kind: 'reply', isCertain: !hasRole(member, 'io'), ...common };
  if (core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter') === undefined) {
    return hasRole(member, 'io') ? undefined : { kind: 'reply', isCertain: false, ...common };
  }
  const event = core.api.argumentOf(call, member.key);
  const name = event === undefined ? undefined : nameIn(event);
  const isCertain = isCertainEvent(emitter, name, core);
  if (isCertain === undefined) return undefined;
  return { kind: 'event', emitter, ...(name === undefined ? {} : { event: name }), isCertain, ...common };
}

function isTakenBy(answer: Answer<SelfDeadlock, SelfDeadlock>, call: ts.Node): boolean {
  return answer.is === 'yes' && answer.witness.taking.at === call;
}

/** Does the package have a function that makes a lock give up? */
function hasLimitingWrapper({ from }: MemberMatch, { api }: Core): boolean {
  const isOfPackage = (row: MemberMatch): boolean => row.from === from && row.bound?.by === 'milliseconds';
  return api.namesWith('bounds-argument', isOfPackage).size > 0;
}

/** The `for await` that takes what a call gives. */
function iterationOf(call: ts.Node): ts.ForOfStatement | undefined {
  const outer = wrapped(call);
  const { parent } = outer;
  return ts.isForOfStatement(parent) && parent.awaitModifier !== undefined && parent.expression === outer
    ? parent
    : undefined;
}

/** An endless iterator that is handed on is its taker's. */
function isWaitedFor(promise: ts.Expression, core: Core): boolean {
  if (!isThenable(core.checker.getTypeAtLocation(promise), core.checker)) return false;
  const task = core.ask(taskOf, promise);
  return task.is === 'awaited' || task.is === 'returned' || task.is === 'joined';
}

/** `undefined`: nobody expects a limit there. */
function isCertainEvent(emitter: ts.Expression, event: string | undefined, core: Core): boolean | undefined {
  const type = core.checker.getTypeAtLocation(emitter);
  if (core.api.isA(type, 'signal') !== undefined || isOwnChannel(emitter) || isInput(emitter, core)) return undefined;
  if (event === undefined) return false;
  const row = core.api.isA(type, 'emitter');
  const table = row?.events;
  if (OF_THE_PROGRAM.test(event) || table?.failure?.includes(event) === true) return undefined;
  if (table === undefined) return STARTS.test(event) ? undefined : !ENDS.test(event) && !isMadeIn(emitter, core);
  if (table.prompt?.includes(event) === true) return undefined;
  if (table.end?.includes(event) === true) return false;
  if (table.success?.includes(event) === true) return table.cutOff?.includes(event) === true;
  return STARTS.test(event) ? undefined : true;
}

/** Does it hand out what a person types? */
function isInput(emitter: ts.Expression, core: Core): boolean {
  const made = creationsOf(emitter, core) ?? [];
  return [emitter, ...made.flatMap((creation) => [...(creation.arguments ?? [])])].some((each) =>
    /\bprocess\.stdin\b/.test(each.getText()),
  );
}

/** Was the emitter made by the function that waits? Then what it does next is this function's own work. */
function isMadeIn(emitter: ts.Expression, core: Core): boolean {
  const home = enclosingFunctionOf(emitter);
  return creationsOf(emitter, core)?.some((made) => enclosingFunctionOf(made) === home) === true;
}

/** The channel to whoever started this thread or process: waiting for its word is the program. */
function isOwnChannel(emitter: ts.Expression): boolean {
  return /^(?:parentPort|process|self|globalThis)$/.test(lastNameOf(emitter) ?? '');
}

function nameIn(event: ts.Expression): string | undefined {
  const node = bare(event);
  if (ts.isStringLiteralLike(node)) return node.text;
  // A name with a fixed beginning: an event of its own for each id.
  return ts.isTemplateExpression(node) && node.head.text !== '' ? node.getText().slice(1, -1) : undefined;
}

/** Does a source give values only when somebody sends them, and does no operator on the way limit that? */
function isHotSource(source: ts.Expression | undefined, core: Core): boolean {
  let node = source === undefined ? undefined : bare(source);
  while (node !== undefined && ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    const isLimited = node.arguments.some((operator) => {
      const inner = bare(operator);
      if (!ts.isCallExpression(inner)) return false;
      return (
        core.api.plays(inner, 'bounds') !== undefined || LIMITING_OPERATOR.test(lastNameOf(inner.expression) ?? '')
      );
    });
    if (isLimited || !ts.isPropertyAccessExpression(callee)) return false;
    node = bare(callee.expression);
  }
  if (node === undefined) return false;
  const [row] = core.api.typesOf(core.checker.getTypeAtLocation(node));
  return row?.role === 'emitter';
}

/** Operators that end a source by another one. The names only keep us silent. */
const LIMITING_OPERATOR = /^(?:merge|race|raceWith|startWith|takeUntil|timeoutWith)/;

function blockingWait(
  call: ts.CallExpression | ts.NewExpression,
  member: MemberMatch,
  core: Core,
): UnboundedWait | undefined {
  const file = call.getSourceFile();
  if (isOfWorker(file, core)) return undefined;
  const isOfLock = core.ask(cellLocks, file).some(({ loop }) => loop.pos <= call.pos && call.end <= loop.end);
  if (isOfLock) return undefined;
  // Whoever uses a library may call it in a thread of its own.
  return { kind: 'blocking', at: call, member, isCertain: !programKinds(file, core).has('library') };
}

// ------------------------------------------------------------------------------------------------ pools

function poolWait(creation: ts.CallExpression | ts.NewExpression, core: Core): UnboundedWait | undefined {
  const member = core.api.plays(creation, 'creates');
  if (member?.bound?.option === undefined) return undefined;
  if (boundAtCreation(creation, member.bound, core).is !== 'no') return undefined;
  const user = borrowerOf(creation, core);
  return user === undefined ? undefined : { kind: 'pool', at: creation, member, user, isCertain: true };
}

/** A call that waits for an object of the pool, in any file that names the pool. */
function borrowerOf(creation: ts.CallExpression | ts.NewExpression, core: Core): ts.Node | undefined {
  const holder = wrapped(creation).parent;
  const name =
    ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder)
      ? holder.name
      : ts.isBinaryExpression(holder) && ts.isPropertyAccessExpression(holder.left)
        ? holder.left.name
        : ts.isBinaryExpression(holder)
          ? holder.left
          : undefined;
  const symbol =
    name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
      ? core.checker.getSymbolAtLocation(name)
      : undefined;
  if (symbol === undefined) return borrowAt(creation, core);
  for (const { expression } of referencesOf(symbol, core).found) {
    const call = borrowAt(expression, core);
    if (call !== undefined) return call;
  }
  return undefined;
}

/** The call on a pool that waits for one of its objects. */
function borrowAt(pool: ts.Node, core: Core): ts.CallExpression | undefined {
  const access = wrapped(pool).parent;
  const call = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
  if (call === undefined || !ts.isCallExpression(call) || bare(call.expression) !== access) return undefined;
  const member = core.api.memberOf(call);
  return member !== undefined && (hasRole(member, 'waits') || hasRole(member, 'queries')) ? call : undefined;
}

// ------------------------------------------------------------------------------------------------ promises and loops

function promiseWait(promise: ts.NewExpression, core: Core): UnboundedWait | undefined {
  const wait: Wait | undefined = core.ask(waitOf, promise);
  if (wait?.kind !== 'promise' || wait.at !== promise || wait.bounded.is !== 'no') return undefined;
  const successes = wait.events.filter(({ settles }) => settles === 'resolve');
  const [only, other] = successes;
  if (only?.emitter === undefined || only.event === undefined || other !== undefined) return undefined;
  const table = core.api.isA(core.checker.getTypeAtLocation(only.emitter), 'emitter')?.events;
  if (table?.end !== undefined || table?.failure !== undefined) return undefined;
  if (core.ask(settleGaps, promise).length > 0) return undefined;
  if (!isWaitedFor(promise, core) || isItsWork(promise, core)) return undefined;
  if (isCertainEvent(only.emitter, only.event, core) !== true) return undefined;
  return { kind: 'promise', at: promise, emitter: only.emitter, event: only.event, isCertain: true };
}

function pollWait(sleep: ts.AwaitExpression, loops: Set<ts.Node>, core: Core): UnboundedWait | undefined {
  if (!isInLoop(sleep) || !maySleep(sleep.expression, core)) return undefined;
  const wait = core.ask(waitOf, sleep);
  if (wait?.kind !== 'poll' || wait.bounded.is !== 'no' || loops.has(wait.at)) return undefined;
  loops.add(wait.at);
  const loop = wait.at as ts.IterationStatement;
  const poll = pollAround(sleep, loop, core);
  if (poll === undefined || isItsWork(loop, core)) return undefined;
  if (poll.query !== undefined) return { kind: 'poll', at: loop, poll, isCertain: true };
  return isInStop(loop) ? { kind: 'state', at: loop, poll, isCertain: false } : undefined;
}

function isInLoop(node: ts.Node): boolean {
  for (let at = node.parent; !isFunctionNode(at); at = at.parent) {
    if (ts.isIterationStatement(at, false)) return true;
  }
  return false;
}
