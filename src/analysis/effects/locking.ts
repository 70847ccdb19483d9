import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { solveForward } from '../flow/solve.ts';
import { accesses } from '../places/accesses.ts';
import { isSamePlace, type Place, within } from '../places/place.ts';
import { heldPlaceOf, keyOf, placeOf } from '../places/place-of.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, startOfChain, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { type Call, callablesAt, calleesOf, givenFor, parametersOf } from './callees-of.ts';
import { houseLock } from './house-lock.ts';
import { mayCallLock, mayLock } from './may-lock.ts';
import { parameterUses } from './parameter-uses.ts';
import { isOutside, translated } from './reads-and-writes.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A lock that is taken. */
export interface Acquisition {
  /** The call that takes it, or that runs a callback under it. */
  readonly node: ts.Node;
  /** The lock itself, where it can be named: the receiver, the name of the file. */
  readonly place?: Place;
  /** The variable that holds what gives it back: `const release = await mutex.acquire()`. */
  readonly releaser?: ts.Symbol;
}

/** A parameter that a function calls while it holds a lock. */
export interface ExclusiveParameter {
  readonly parameter: ts.ParameterDeclaration;
  /** The lock, seen from the function. */
  readonly place?: Place;
  /** What shows it: the call under the lock, or the link of the promise chain. */
  readonly witness: ts.Node;
}

/** What a function does about locks. */
export interface Locking {
  /** Locks held on every normal way out: it takes them for its caller. */
  readonly takes: readonly Acquisition[];
  /** Locks that it gives back and has not taken. */
  readonly gives: readonly { readonly node: ts.Node; readonly place?: Place }[];
  /** Does it hand out the function or object that gives the lock back? */
  readonly returnsReleaser: boolean;
  /** Callbacks that it runs one at a time. */
  readonly exclusive: readonly ExclusiveParameter[];
}

const NOTHING: Locking = { takes: [], gives: [], returnsReleaser: false, exclusive: [] };

/**
 * What a function and those it calls do about locks: by the roles of the catalogue, and by structure for locks of the house (a class
 * with waiting resolvers, wrappers around a lock, a chain of promises `tail = tail.then(work)`, a tail that is replaced and waited for).
 *
 * Doubt: what is not certain is not listed. A try-lock, whose result says whether it is held, takes nothing.
 */
export const locking: Fact<FunctionNode, Locking> = defineSummary<Locking>({
  name: 'locking',
  start: () => NOTHING,
  same: (left, right) =>
    left.takes.length === right.takes.length &&
    left.gives.length === right.gives.length &&
    left.returnsReleaser === right.returnsReleaser &&
    left.exclusive.length === right.exclusive.length,
  widen: (_fn, last) => last,
  of(fn, core, ask) {
    const house = houseMethodOf(fn, core);
    if (house === 'acquire') return { ...NOTHING, takes: [{ node: fn, place: ownInstanceOf(fn) }] };
    if (house === 'release') return { ...NOTHING, gives: [{ node: fn, place: ownInstanceOf(fn) }] };
    if (!mayLock(fn, core)) return NOTHING;
    const graph = core.ask(flowGraph, fn);
    const events = eventsOf(graph, core, ask);
    const exclusive = exclusiveParameters(fn, graph, events, core, ask);
    if (events.size === 0) return exclusive.length === 0 ? NOTHING : { ...NOTHING, exclusive };
    const held = heldIn(graph, events);
    const atExit = held?.get(graph.exit);
    const takes = [...(atExit ?? [])].map((node) => takenAt(node, events)).filter((each) => each !== undefined);
    const taken = [...events.values()].flatMap((event) => event.takes);
    const gives = [...events.values()].flatMap((event) =>
      event.gives.filter(
        (given) => given.place !== undefined && !taken.some((acquisition) => isGivenBack(acquisition, given)),
      ),
    );
    const returnsReleaser = takes.some((acquisition) => isHandedOut(acquisition, graph, core));
    return {
      takes: takes.filter(({ place }) => place === undefined || isOutside(place, fn) || isThisRoot(place)),
      gives,
      returnsReleaser,
      exclusive,
    };
  },
});

/** The locks certainly held at a step of a function: taken in it, or around it because it is a callback run under a lock. */
export function heldLocksAt(step: Step, fn: FunctionNode, core: Core): readonly Acquisition[] {
  const { events, held } = core.ask(heldLocks, fn);
  const around = lockAround(fn, core);
  const here = [...(held?.get(step) ?? [])].map((node) => takenAt(node, events)).filter((each) => each !== undefined);
  return around === undefined ? here : [around, ...here];
}

const heldLocks = defineFact<
  FunctionNode,
  { readonly events: ReadonlyMap<Step, LockEvent>; readonly held: ReadonlyMap<Step, ReadonlySet<ts.Node>> | undefined }
>({
  name: 'held-locks',
  scope: 'program',
  compute(fn, core) {
    if (!mayLock(fn, core)) return { events: new Map(), held: undefined };
    const graph = core.ask(flowGraph, fn);
    const events = eventsOf(graph, core, (callee) => core.ask(locking, callee));
    return { events, held: events.size === 0 ? undefined : heldIn(graph, events) };
  },
});

/** The lock under which a callback runs, if its call says so: `mutex.runExclusive(async () => …)`. */
function lockAround(fn: FunctionNode, core: Core): Acquisition | undefined {
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  const value = wrapped(fn);
  const call = value.parent;
  if (!ts.isCallExpression(call) || call.expression === value || !mayCallLock(call, core)) return undefined;
  const { functions, isComplete, member, through } = core.ask(calleesOf, call);
  if (member !== undefined && hasRole(member, 'exclusive')) {
    const place = lockPlaceOf(call, member, core);
    return { node: call, ...(place === undefined ? {} : { place }) };
  }
  if (!isComplete || functions.length === 0) return undefined;
  for (const callee of functions) {
    const found = core
      .ask(locking, callee)
      .exclusive.find(
        ({ parameter }) => givenFor(call, parameter, through)?.some((given) => bare(given) === fn) === true,
      );
    if (found === undefined) return undefined;
    const place =
      found.place === undefined
        ? undefined
        : translated(found.place, call, { fn: callee, through, isCallback: false }, core);
    return { node: call, ...(place === undefined ? {} : { place }) };
  }
  return undefined;
}

// ---------------------------------------------------------------- what happens at a step

interface Giving {
  readonly node: ts.Node;
  readonly place?: Place;
  readonly releaser?: ts.Symbol;
}

interface LockEvent {
  readonly takes: readonly Acquisition[];
  readonly gives: readonly Giving[];
}

function eventsOf(graph: FlowGraph, core: Core, ask: (fn: FunctionNode) => Locking): ReadonlyMap<Step, LockEvent> {
  const events = new Map<Step, LockEvent>();
  const add = (step: Step, takes: readonly Acquisition[], gives: readonly Giving[]): void => {
    if (takes.length === 0 && gives.length === 0) return;
    const known = events.get(step);
    events.set(step, { takes: [...(known?.takes ?? []), ...takes], gives: [...(known?.gives ?? []), ...gives] });
  };
  for (const step of graph.steps) {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) continue;
    const call = step.node;
    const gives = givenBackBy(call, core, ask);
    if (gives.length > 0) add(step, [], gives);
    const takes = takenBy(call, core, ask);
    if (takes.length === 0) continue;
    const awaiting = wrapped(call).parent;
    const isAwaited = ts.isAwaitExpression(awaiting);
    if (!isAwaited && core.api.plays(call, 'waits') !== undefined) continue;
    const steps = isAwaited ? graph.stepsOf(awaiting).filter(({ kind }) => kind === 'suspend') : [step];
    for (const at of steps) add(at, takes, []);
  }
  return events;
}

function takenBy(call: ts.CallExpression, core: Core, ask: (fn: FunctionNode) => Locking): readonly Acquisition[] {
  const { functions, isComplete, member, through } = core.ask(calleesOf, call);
  if (member !== undefined && hasRole(member, 'locks') && !hasRole(member, 'exclusive')) {
    const result = core.checker.getTypeAtLocation(call);
    if ((result.flags & ts.TypeFlags.BooleanLike) !== 0) return [];
    const place = lockPlaceOf(call, member, core);
    const releaser = member.resource === 'receiver' ? undefined : releaserOf(call, core);
    return [{ node: call, ...(place === undefined ? {} : { place }), ...(releaser === undefined ? {} : { releaser }) }];
  }
  if (!isComplete || functions.length !== 1) return [];
  const [callee] = functions;
  if (callee === undefined) return [];
  return ask(callee).takes.map((taken): Acquisition => {
    const place =
      taken.place === undefined
        ? undefined
        : translated(taken.place, call, { fn: callee, through, isCallback: false }, core);
    const releaser = releaserOf(call, core);
    return { node: call, ...(place === undefined ? {} : { place }), ...(releaser === undefined ? {} : { releaser }) };
  });
}

/** The variable that gets the result of a call, awaited or not: `const release = await mutex.acquire()`. */
function releaserOf(call: ts.CallExpression, core: Core): ts.Symbol | undefined {
  let node = wrapped(call);
  if (ts.isAwaitExpression(node.parent)) node = wrapped(node.parent);
  const { parent } = node;
  if (ts.isVariableDeclaration(parent)) {
    const { name } = parent;
    if (ts.isIdentifier(name)) return core.checker.getSymbolAtLocation(name);
    const last = name.elements.at(-1);
    if (last !== undefined && isBindingElement(last) && ts.isIdentifier(last.name)) {
      return core.checker.getSymbolAtLocation(last.name);
    }
  }
  if (ts.isBinaryExpression(parent) && parent.right === node && ts.isIdentifier(parent.left))
    return symbolOf(parent.left, core);
  return undefined;
}

function givenBackBy(call: ts.CallExpression, core: Core, ask: (fn: FunctionNode) => Locking): readonly Giving[] {
  const { functions, isComplete, member, through } = core.ask(calleesOf, call);
  const callee = bare(call.expression);
  const holder = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : callee;
  const releaser = ts.isIdentifier(holder) ? symbolOf(holder, core) : undefined;
  const own: Giving = { node: call, ...(releaser === undefined ? {} : { releaser }) };
  if (member !== undefined && hasRole(member, 'unlocks')) {
    const given =
      member.resource === 'argument' && member.key === undefined
        ? core.api.argumentOf(call, member.argument)
        : undefined;
    const place = given === undefined ? lockPlaceOf(call, member, core) : placeOf(given, core);
    return [{ ...own, ...(place === undefined ? {} : { place }) }];
  }
  if (functions.length === 1 && isComplete) {
    const [fn] = functions;
    if (fn === undefined) return [];
    const gives = ask(fn).gives.map(({ place }): Giving => {
      const seen = place === undefined ? undefined : translated(place, call, { fn, through, isCallback: false }, core);
      return { node: call, ...(seen === undefined ? {} : { place: seen }) };
    });
    if (gives.length > 0) return gives;
  }
  // A call of what an acquisition handed out: `release()`, `lock.release()`.
  const type = releaser === undefined ? undefined : core.checker.getTypeAtLocation(holder);
  const isReleaser =
    type !== undefined && (ts.isIdentifier(callee) || core.api.isA(type, 'lock') !== undefined || !isComplete);
  return isReleaser && functions.length === 0 ? [own] : [];
}

/**
 * The lock that a member of a known lock takes, gives back or runs a callback under: its receiver; with a key, the entry of the
 * receiver under that key. What functions of a module lock by a key alone (the name of a file) is an entry of the module.
 */
export function lockPlaceOf(call: ts.CallExpression, member: MemberMatch, core: Core): Place | undefined {
  if (member.key === undefined) return receiverPlaceOf(call, core);
  const key = core.api.argumentOf(call, member.key);
  if (key === undefined) return undefined;
  const isOfReceiver = member.resource === undefined || member.resource === 'receiver';
  const holder = isOfReceiver
    ? receiverPlaceOf(call, core)
    : ({ root: { is: 'global', name: member.from }, path: [] } as const);
  return holder === undefined ? undefined : within(holder, { is: 'entry', key: keyOf(key, core) });
}

function receiverPlaceOf(call: ts.CallExpression, core: Core): Place | undefined {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee))
    return placeOf(callee.expression, core);
  return placeOf(callee, core);
}

function isGivenBack({ place, releaser }: Acquisition, given: Giving): boolean {
  if (releaser !== undefined && given.releaser === releaser) return true;
  return place !== undefined && given.place !== undefined && isSamePlace(place, given.place);
}

// ---------------------------------------------------------------- held on every way

/** Locks held before each step, by the call that took them: a forward problem over sets with intersection. */
function heldIn(
  graph: FlowGraph,
  events: ReadonlyMap<Step, LockEvent>,
): ReadonlyMap<Step, ReadonlySet<ts.Node>> | undefined {
  const taken = new Map([...events.values()].flatMap(({ takes }) => takes.map((each) => [each.node, each] as const)));
  const after = (step: Step, before: ReadonlySet<ts.Node>): ReadonlySet<ts.Node> => {
    const event = events.get(step);
    if (event === undefined) return before;
    const held = new Set(before);
    for (const given of event.gives) {
      for (const node of before) {
        const acquisition = taken.get(node);
        if (acquisition !== undefined && isGivenBack(acquisition, given)) held.delete(node);
      }
    }
    for (const { node } of event.takes) held.add(node);
    return held;
  };
  return solveForward<ReadonlySet<ts.Node>>(graph, {
    start: new Set(),
    merge: bothHold,
    same: (left, right) => left.size === right.size && [...left].every((node) => right.has(node)),
    after,
    along: (edge, step, before, later) => {
      if (edge.way !== 'throw' || step.kind === 'throw') return later;
      // A release that fails has let go all the same; an acquisition that fails has taken nothing.
      return (events.get(step)?.gives.length ?? 0) > 0 ? later : before;
    },
  });
}

/** What both ways hold. */
export function bothHold(left: ReadonlySet<ts.Node>, right: ReadonlySet<ts.Node>): ReadonlySet<ts.Node> {
  return new Set([...left].filter((node) => right.has(node)));
}

function takenAt(node: ts.Node, events: ReadonlyMap<Step, LockEvent>): Acquisition | undefined {
  for (const { takes } of events.values()) {
    const found = takes.find((each) => each.node === node);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Is what gives the lock back returned: the variable, the call itself, a closure that calls it? */
function isHandedOut({ node, releaser }: Acquisition, graph: FlowGraph, core: Core): boolean {
  return graph.steps.some((step) => {
    if (step.kind !== 'return' || step.previous.length === 0) return false;
    const returned = ts.isReturnStatement(step.node) ? step.node.expression : (step.node as ts.Expression);
    if (returned === undefined) return false;
    return isInside(node, returned) || (releaser !== undefined && mentions(returned, releaser, core));
  });
}

function mentions(node: ts.Node, symbol: ts.Symbol, core: Core): boolean {
  if (ts.isIdentifier(node) && node.text === symbol.name && symbolOf(node, core) === symbol) return true;
  return ts.forEachChild(node, (child) => mentions(child, symbol, core)) ?? false;
}

function isThisRoot({ root }: Place): boolean {
  return root.is === 'instance' || root.is === 'this';
}

// ---------------------------------------------------------------- locks of the house

function houseMethodOf(fn: FunctionNode, core: Core): 'acquire' | 'release' | undefined {
  if (!ts.isMethodDeclaration(fn) || !ts.isClassLike(fn.parent)) return undefined;
  const lock = core.ask(houseLock, fn.parent);
  return lock === undefined ? undefined : lock.acquire === fn ? 'acquire' : lock.release === fn ? 'release' : undefined;
}

function ownInstanceOf(fn: FunctionNode): Place {
  return { root: { is: 'instance', of: fn.parent as ts.ClassLikeDeclaration }, path: [] };
}

function exclusiveParameters(
  fn: FunctionNode,
  graph: FlowGraph,
  events: ReadonlyMap<Step, LockEvent>,
  core: Core,
  ask: (fn: FunctionNode) => Locking,
): readonly ExclusiveParameter[] {
  const parameters = parametersOf(fn);
  const isCallback = parameters.some(
    (parameter) => core.checker.getTypeAtLocation(parameter).getCallSignatures().length > 0,
  );
  if (!isCallback) return [];
  const held = events.size === 0 ? undefined : heldIn(graph, events);
  const found: ExclusiveParameter[] = [];
  for (const { parameter, called } of core.ask(parameterUses, fn)) {
    if (parameter === undefined || called.length === 0) continue;
    const runs = called.map((run) =>
      exclusionOf(run.call, run.isExclusive, parameter, fn, graph, events, held, core, ask),
    );
    const [first] = runs;
    if (first !== undefined && runs.every((each) => each !== undefined)) found.push(first);
  }
  for (const parameter of parameters) {
    if (found.some((each) => each.parameter === parameter)) continue;
    const chained = chainedTo(parameter, fn, core) ?? turnOf(parameter, fn, core);
    if (chained !== undefined) found.push(chained);
  }
  return found;
}

function exclusionOf(
  node: ts.Node,
  isExclusive: boolean,
  parameter: ts.ParameterDeclaration,
  fn: FunctionNode,
  graph: FlowGraph,
  events: ReadonlyMap<Step, LockEvent>,
  held: ReadonlyMap<Step, ReadonlySet<ts.Node>> | undefined,
  core: Core,
  ask: (fn: FunctionNode) => Locking,
): ExclusiveParameter | undefined {
  const [step] = graph.stepsOf(node);
  const locks = step === undefined ? [] : [...(held?.get(step) ?? [])];
  const [first] = locks;
  if (first !== undefined) {
    const place = takenAt(first, events)?.place;
    return { parameter, witness: first, ...(place === undefined ? {} : { place }) };
  }
  if (isExclusive && ts.isCallExpression(node)) {
    const around = enclosingExclusiveCall(node, fn, core);
    const member = around === undefined ? undefined : core.api.plays(around, 'exclusive');
    const place = around === undefined || member === undefined ? undefined : lockPlaceOf(around, member, core);
    return { parameter, witness: around ?? node, ...(place === undefined ? {} : { place }) };
  }
  // Handed on to another function that runs it under a lock, or called in a callback that is.
  for (const call of callsAround(node, fn)) {
    const { functions, through } = core.ask(calleesOf, call);
    for (const callee of functions) {
      for (const inner of ask(callee).exclusive) {
        const given = givenFor(call, inner.parameter, through)?.[0];
        if (given === undefined || !isInside(node, given)) continue;
        const place =
          inner.place === undefined
            ? undefined
            : translated(inner.place, call, { fn: callee, through, isCallback: false }, core);
        return { parameter, witness: call, ...(place === undefined ? {} : { place }) };
      }
    }
  }
  return handedOn(parameter, fn, core, ask);
}

/** `return withLock(work)`: the callee runs it under a lock. */
function handedOn(
  parameter: ts.ParameterDeclaration,
  fn: FunctionNode,
  core: Core,
  ask: (fn: FunctionNode) => Locking,
): ExclusiveParameter | undefined {
  const use = core.ask(parameterUses, fn).find((each) => each.parameter === parameter);
  for (const { call, argument } of use?.passedTo ?? []) {
    if (!isInside(call, fn) || ts.isTaggedTemplateExpression(call)) continue;
    const { functions, through } = core.ask(calleesOf, call);
    for (const callee of functions) {
      const inner = ask(callee).exclusive.find((each) => parametersOf(callee).indexOf(each.parameter) === argument);
      if (inner === undefined) continue;
      const place =
        inner.place === undefined
          ? undefined
          : translated(inner.place, call, { fn: callee, through, isCallback: false }, core);
      return { parameter, witness: call, ...(place === undefined ? {} : { place }) };
    }
  }
  return undefined;
}

function* callsAround(node: ts.Node, fn: FunctionNode): Generator<Call> {
  for (let at = node.parent; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isCallExpression(at)) yield at;
  }
}

function enclosingExclusiveCall(node: ts.Node, fn: FunctionNode, core: Core): ts.CallExpression | undefined {
  const own = ts.isCallExpression(node) && core.api.plays(node, 'exclusive') !== undefined ? node : undefined;
  if (own !== undefined) return own;
  for (const call of callsAround(node, fn)) {
    if (ts.isCallExpression(call) && core.api.plays(call, 'exclusive') !== undefined) return call;
  }
  return undefined;
}

/** A chain of promises: `tail = tail.then(work)`, also in two statements; each link waits for the one before. */
function chainedTo(parameter: ts.ParameterDeclaration, fn: FunctionNode, core: Core): ExclusiveParameter | undefined {
  const graph = core.ask(flowGraph, fn);
  const own = core.ask(accesses, fn);
  for (const step of graph.steps) {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) continue;
    const call = step.node;
    const callee = bare(call.expression);
    if (!ts.isPropertyAccessExpression(callee) || core.api.plays(call, 'chains') === undefined) continue;
    const tail = heldPlaceOf(startOfChain(callee.expression), core);
    if (tail === undefined || !isOutside(tail, fn)) continue;
    if (!call.arguments.some((argument) => runsParameter(argument, parameter, core))) continue;
    const link = releaserOf(call, core);
    for (const list of own.values()) {
      for (const { is, place, value } of list) {
        if (is !== 'write' || value === undefined || !isSamePlace(place, tail)) continue;
        if (isInside(call, value) || (link !== undefined && mentions(value, link, core))) {
          return { parameter, place: tail, witness: call };
        }
      }
    }
  }
  return undefined;
}

/**
 * A turn that is waited for: the tail is taken into a local, replaced, and waited for before every call of the parameter
 * (`const before = tail; tail = …; await before; return work();`), also in a function that runs at once.
 */
function turnOf(parameter: ts.ParameterDeclaration, fn: FunctionNode, core: Core): ExclusiveParameter | undefined {
  const runs = callsOfParameter(parameter, fn, core);
  const turns = runs.map((run) => turnBefore(run, fn, core));
  const [first] = turns;
  return first === undefined || turns.includes(undefined) ? undefined : { parameter, ...first };
}

function callsOfParameter(parameter: ts.ParameterDeclaration, fn: FunctionNode, core: Core): readonly ts.Node[] {
  const { name } = parameter;
  if (!ts.isIdentifier(name)) return [];
  const symbol = core.checker.getSymbolAtLocation(name);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
    if (
      callee !== undefined &&
      ts.isIdentifier(callee) &&
      callee.text === name.text &&
      symbolOf(callee, core) === symbol
    )
      found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}

function turnBefore(
  run: ts.Node,
  fn: FunctionNode,
  core: Core,
): { readonly place: Place; readonly witness: ts.Node } | undefined {
  const inner = enclosingFunctionOf(run);
  const written = [...core.ask(accesses, fn).values()].flat().filter(({ is }) => is === 'write');
  for (const { node } of core.ask(flowGraph, inner).suspensions) {
    const operand = ts.isAwaitExpression(node) && node.end <= run.pos ? bare(node.expression) : undefined;
    if (operand === undefined || !ts.isIdentifier(operand)) continue;
    const taken = symbolOf(operand, core)?.valueDeclaration;
    const place = heldPlaceOf(operand, core);
    if (taken === undefined || place === undefined || !isOutside(place, fn)) continue;
    // Replaced before anything is waited for: whoever comes next waits for this one.
    const waits = core.ask(flowGraph, fn).suspensions.filter((wait) => wait.node.pos >= taken.end);
    const isReplaced = written.some(
      (write) =>
        isSamePlace(write.place, place) &&
        write.node.pos > taken.end &&
        waits.every((wait) => write.node.end <= wait.node.pos),
    );
    if (isReplaced) return { place, witness: node };
  }
  return undefined;
}

/** Is the argument the parameter, or a function that calls it? */
function runsParameter(argument: ts.Expression, parameter: ts.ParameterDeclaration, core: Core): boolean {
  const callables = callablesAt(argument, core);
  if (callables.parameter === parameter) return true;
  const symbol = ts.isIdentifier(parameter.name) ? core.checker.getSymbolAtLocation(parameter.name) : undefined;
  return symbol !== undefined && isFunctionNode(bare(argument)) && mentions(bare(argument), symbol, core);
}
