import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { type Call, callablesAt, calleesOf, returnedBy } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { defineSummary } from '../effects/summary.ts';
import { closureTime } from '../escape/closure-time.ts';
import { symbolAt } from '../escape/references.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf, type Solution, solveForward } from '../flow/solve.ts';
import { bare, isAssignmentOperator } from '../syntax/expressions.ts';
import { type FunctionNode, isAsync, isFunctionNode, mayBeFunction } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { waitOf } from './wait-of.ts';
import { waitsForGiven } from './waits-for-given.ts';

/** A call that ends a long-lived thing gracefully. */
export interface Drain {
  readonly call: ts.CallExpression;
  readonly member: MemberMatch;
  /** What is drained, as written. */
  readonly target: ts.Expression | undefined;
  /** When it is done: on return, when its promise settles, when its callback is called. */
  readonly ends: 'callback' | 'promise' | 'sync';
}

/** A call that a function reaches, itself or through what it calls, and what was drained by then. */
export interface Reached {
  readonly call: Call;
  /** The function in which the call stands. */
  readonly fn: FunctionNode;
  /** The calls that lead there from the function asked about, outermost first. */
  readonly through: readonly ts.Node[];
  /** Drains that were started, and on some path not waited for. */
  readonly pending: readonly Drain[];
  /** Drains that were waited for on some path. */
  readonly settled: readonly Drain[];
  /** Waits on the way of which nobody can see what they wait for. */
  readonly unseen: readonly ts.Node[];
  /** The way to the call, or to the call that leads to it, in the function asked about. */
  readonly path: readonly Step[];
  /** Does a timer reach it, or another signal: a deadline? */
  readonly isDeadline: boolean;
  /** May other code have run between the start of the function asked about and this? */
  readonly isLater: boolean;
  /** Did a pause of some time lie on the way? */
  readonly isPaused: boolean;
  /** Is it reached only after something failed? */
  readonly isAfterFailure: boolean;
}

/** An exit of the process that a function reaches. */
export interface ReachedExit extends Reached {
  readonly exit: Call;
}

/** The start of a drain that a function reaches. */
export interface ReachedDrain extends Reached {
  readonly drain: Drain;
}

/** The abrupt end of a long-lived thing that a function reaches. */
export interface ReachedCut extends Reached {
  readonly member: MemberMatch;
}

/** What a function, with all it calls, does to end long-lived things. */
export interface Drains {
  readonly started: readonly Drain[];
  /** Started and on some path not waited for when the function, and for an async one its promise, is done. */
  readonly pending: readonly Drain[];
  /** Waited for, on some path, by then. */
  readonly settled: readonly Drain[];
  /** Of those, the ones that are over when the function returns; the others when what it returns has settled. */
  readonly overOnReturn: readonly Drain[];
  readonly exits: readonly ReachedExit[];
  /** The starts of drains, with what was drained before. */
  readonly starts: readonly ReachedDrain[];
  readonly cuts: readonly ReachedCut[];
  /** Waits of which nobody can see what they wait for. */
  readonly unseen: readonly ts.Node[];
  /** Does it, or what it returns, take some time by a timer? */
  readonly isPause: boolean;
  /** Was the function too large to look at, so that there may be more? */
  readonly isCut: boolean;
}

const NOTHING: Drains = {
  started: [],
  pending: [],
  settled: [],
  overOnReturn: [],
  exits: [],
  starts: [],
  cuts: [],
  unseen: [],
  isPause: false,
  isCut: false,
};

/** The drain that a call is; one object for each call. */
const drainAt = defineFact<ts.CallExpression, Drain | undefined>({
  name: 'drain-at',
  scope: 'program',
  compute: (call, core) => {
    const member = core.api.plays(call, 'drains');
    if (member === undefined) return undefined;
    const callee = bare(call.expression);
    const target =
      ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)
        ? callee.expression
        : core.api.argumentOf(call, member.argument);
    return { call, member, target, ends: endsOf(call, member, core) };
  },
});

/** The row says how it ends; where it says `promise` and the call gives none, it is the callback form. */
function endsOf(call: ts.CallExpression, member: MemberMatch, core: Core): Drain['ends'] {
  const givesPromise = isThenable(core.checker.getTypeAtLocation(call), core.checker);
  if (member.ends === undefined) return givesPromise ? 'promise' : 'sync';
  if (member.ends === 'promise' && !givesPromise) return 'callback';
  return member.ends;
}

/**
 * Over a shutdown handler and everything it calls: which drains are started, which of them are waited for, and which exits are reached
 * with what still pending.
 *
 * A drain is waited for by an `await` of its promise, of a join, race or chain of it, of a function that waits for it, of a
 * hand-made promise that its callback resolves, or of the event by which it ends; code in its callback, or after it in a chain, runs
 * when it is done. A drain that fails is done. A race with a deadline counts: bounded waiting is waiting.
 * Doubt: callees that cannot be seen start and wait for nothing.
 */
export const drainsOn: Fact<FunctionNode, Drains> = defineSummary<Drains>({
  name: 'drains-on',
  start: () => NOTHING,
  same: (left, right) =>
    isSameList(left.started, right.started) &&
    isSameList(left.pending, right.pending) &&
    isSameList(left.settled, right.settled) &&
    isSameList(left.overOnReturn, right.overOnReturn) &&
    isSameReached(left.exits, right.exits) &&
    isSameReached(left.starts, right.starts) &&
    isSameReached(left.cuts, right.cuts) &&
    left.unseen.length === right.unseen.length &&
    left.isPause === right.isPause,
  widen: (_fn, last) => ({ ...last, isCut: true }),
  of: (fn, core, ask) => new Reader(fn, core, ask).read(),
});

function isSameReached(left: readonly Reached[], right: readonly Reached[]): boolean {
  return (
    left.length === right.length &&
    left.every((reached, at) => {
      const other = right[at];
      return (
        reached.call === other?.call &&
        isSameList(reached.pending, other.pending) &&
        isSameList(reached.settled, other.settled) &&
        reached.unseen.length === other.unseen.length &&
        reached.isLater === other.isLater &&
        reached.isPaused === other.isPaused &&
        reached.isAfterFailure === other.isAfterFailure
      );
    })
  );
}

function isSameList(left: readonly Drain[], right: readonly Drain[]): boolean {
  return left.length === right.length && left.every((drain, at) => drain === right[at]);
}

/** What may hold before a step. */
export interface DrainState {
  readonly pending: ReadonlySet<Drain>;
  readonly settled: ReadonlySet<Drain>;
  /** Waits of which nobody can see what they wait for. */
  readonly unseen: ReadonlySet<ts.Node>;
  /** The bits below. */
  readonly ways: number;
}

/** Other code may have run. */
const LATER = 1;
/** A timer was waited for. */
const PAUSED = 2;
/** Something has failed on the way. */
const FAILED = 4;
/** Nothing has. */
const SOUND = 8;

const NONE: ReadonlySet<never> = new Set();

/** Nothing was started. */
export const NO_DRAINS: DrainState = { pending: NONE, settled: NONE, unseen: NONE, ways: 0 };

/** The least upper bound: what either path may have started and waited for. */
export function mergeDrains(left: DrainState, right: DrainState): DrainState {
  return {
    pending: union(left.pending, right.pending),
    settled: union(left.settled, right.settled),
    unseen: union(left.unseen, right.unseen),
    ways: left.ways | right.ways,
  };
}

export function isSameDrains(left: DrainState, right: DrainState): boolean {
  return (
    left.ways === right.ways &&
    isSameSet(left.pending, right.pending) &&
    isSameSet(left.settled, right.settled) &&
    isSameSet(left.unseen, right.unseen)
  );
}

/** After drains were started. */
export function afterStart(state: DrainState, drains: Iterable<Drain>): DrainState {
  const list = [...drains];
  return list.length === 0 ? state : { ...state, pending: union(state.pending, new Set(list)) };
}

/** After drains were waited for. */
export function afterWait(state: DrainState, drains: Iterable<Drain>): DrainState {
  const list = new Set(drains);
  if (list.size === 0) return state;
  return {
    ...state,
    pending: new Set([...state.pending].filter((drain) => !list.has(drain))),
    settled: union(state.settled, list),
  };
}

/** After a failure nothing is said about the drains that are under way: who fails halfway has more to repair. */
function afterFailure(state: DrainState): DrainState {
  return { ...state, pending: NONE, ways: (state.ways & ~SOUND) | FAILED };
}

function union<Element>(left: ReadonlySet<Element>, right: ReadonlySet<Element>): ReadonlySet<Element> {
  if (right.size === 0 || left === right) return left;
  return left.size === 0 ? right : new Set([...left, ...right]);
}

function isSameSet<Element>(left: ReadonlySet<Element>, right: ReadonlySet<Element>): boolean {
  return left.size === right.size && [...left].every((each) => right.has(each));
}

/** Expressions looked through for one promise. */
const DEEPEST = 10;

/** Exits, starts and cuts kept for one function. */
const MOST_REACHED = 48;

/** What is waited for beside drains. */
interface Wait {
  readonly unseen: ReadonlySet<ts.Node>;
  readonly isPause: boolean;
}

const PLAIN: Wait = { unseen: NONE, isPause: false };
const PAUSE: Wait = { unseen: NONE, isPause: true };

function bothWaits(left: Wait, right: Wait): Wait {
  return { unseen: union(left.unseen, right.unseen), isPause: left.isPause || right.isPause };
}

/** A callback that runs when something is done. */
interface Continuation {
  readonly fn: FunctionNode;
  /** The drains that are done then; `receiver` those of what emits the event. */
  readonly settled: readonly Drain[] | 'receiver';
  readonly isDeadline: boolean;
  readonly isOfEvent: boolean;
  /** The drains that the link before it in a chain has started and left behind. */
  readonly left: readonly Drain[];
}

class Reader {
  private readonly fn: FunctionNode;
  private readonly core: Core;
  private readonly ask: (fn: FunctionNode) => Drains;
  private readonly graph: FlowGraph;
  private readonly effects = new Map<Step, (state: DrainState) => DrainState>();

  constructor(fn: FunctionNode, core: Core, ask: (fn: FunctionNode) => Drains) {
    this.fn = fn;
    this.core = core;
    this.ask = ask;
    this.graph = core.ask(flowGraph, fn);
  }

  read(): Drains {
    const { graph } = this;
    for (const step of graph.steps) {
      const effect = this.effectOf(step);
      if (effect !== undefined) this.effects.set(step, effect);
    }
    const states = solveForward<DrainState>(graph, {
      start: { ...NO_DRAINS, ways: SOUND },
      merge: mergeDrains,
      same: isSameDrains,
      after: (step, before) => this.effects.get(step)?.(before) ?? before,
      // A drain that fails to start or to end is over.
      along: ({ way }, step, before, after) =>
        way === 'throw' ? afterFailure(['suspend', 'throw'].includes(step.kind) ? after : before) : after,
    });
    if (states === undefined) return { ...NOTHING, isCut: true };
    const end = states.get(graph.exit) ?? NO_DRAINS;
    // A promise that is rejected is settled too: a handler of the rejection runs after what was waited for.
    const failed = states.get(graph.escape) ?? NO_DRAINS;
    const results = returnedBy(this.fn);
    const returned = new Set(results.flatMap((expression) => [...this.settledBy(expression, 0)]));
    const last = results.map((expression) => this.waitFor(expression, 0)).reduce(bothWaits, PLAIN);
    const reached = this.reachedIn(states);
    const done = afterWait(
      end,
      [...returned].filter((drain) => end.pending.has(drain)),
    );
    return {
      started: this.startedIn(states),
      pending: ordered(done.pending),
      settled: ordered(union(done.settled, failed.settled)),
      overOnReturn: isAsync(this.fn) ? [] : ordered([...end.settled].filter((drain) => !returned.has(drain))),
      ...reached,
      unseen: [...union(end.unseen, last.unseen)],
      isPause: (end.ways & PAUSED) !== 0 || last.isPause,
      isCut: false,
    };
  }

  private startedIn(states: Solution<DrainState>): readonly Drain[] {
    const found = new Set<Drain>();
    for (const step of states.keys()) {
      if (step.kind !== 'call') continue;
      for (const drain of this.startedAt(step.node)) found.add(drain);
      for (const { fn } of this.continuationsAt(step.node)) for (const drain of this.ask(fn).started) found.add(drain);
    }
    return ordered(found);
  }

  // ---------------------------------------------------------------- one step

  private effectOf(step: Step): ((state: DrainState) => DrainState) | undefined {
    const { node, kind } = step;
    if (kind === 'suspend') {
      const expression = ts.isAwaitExpression(node) ? node.expression : undefined;
      const settled = expression === undefined ? NONE : this.settledBy(expression, 0);
      const { unseen, isPause } = expression === undefined ? PLAIN : this.waitFor(expression, 0);
      const bits = LATER | (isPause ? PAUSED : 0);
      return (state) => {
        const done = afterWait(state, settled);
        return { ...done, unseen: union(done.unseen, unseen), ways: done.ways | bits };
      };
    }
    if (kind !== 'call' || !isCall(node)) return undefined;
    const own = ts.isCallExpression(node) ? this.core.ask(drainAt, node) : undefined;
    if (own !== undefined) return (state) => (own.ends === 'sync' ? afterWait(state, [own]) : afterStart(state, [own]));
    const callees = this.runBy(node);
    if (callees.length === 0) return undefined;
    return (state) =>
      callees.reduce((so, callee) => {
        const drains = this.ask(callee);
        const over = new Set(drains.overOnReturn);
        const goesOn = drains.started.filter((drain) => !over.has(drain) && drain.ends !== 'sync');
        return afterStart(afterWait(so, over), goesOn);
      }, state);
  }

  /** Functions of the project that a call runs before it returns: its callees, and callbacks that run now. */
  private runBy(call: Call): readonly FunctionNode[] {
    const { functions } = this.core.ask(calleesOf, call);
    const found = [...functions];
    if (ts.isTaggedTemplateExpression(call)) return found;
    const member = this.core.api.memberOf(call);
    for (const given of call.arguments ?? []) {
      const node = bare(given);
      if (isFunctionNode(node) && this.runsNow(node, call, member)) found.push(node);
    }
    return found;
  }

  /** Does the call run this callback before it, or its promise, is done? */
  private runsNow(callback: FunctionNode, call: Call, member: MemberMatch | undefined): boolean {
    if (member !== undefined) {
      return (['runs-now', 'runs-concurrently', 'exclusive', 'lends'] as const).some((role) => hasRole(member, role));
    }
    return this.core
      .ask(closureTime, callback)
      .runs.some((run) => run.call === call && ['concurrently', 'exclusive', 'now'].includes(run.when));
  }

  private startedAt(node: ts.Node): readonly Drain[] {
    if (!isCall(node)) return [];
    const own = ts.isCallExpression(node) ? this.core.ask(drainAt, node) : undefined;
    if (own !== undefined) return [own];
    return this.runBy(node).flatMap((callee) => this.ask(callee).started);
  }

  // ---------------------------------------------------------------- promises

  /** The drains that are done when the promise of an expression settles. */
  private settledBy(expression: ts.Expression, level: number): ReadonlySet<Drain> {
    const node = bare(expression);
    if (level > DEEPEST) return NONE;
    if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) return this.settledBy(node.expression, level + 1);
    if (ts.isConditionalExpression(node)) {
      return union(this.settledBy(node.whenTrue, level + 1), this.settledBy(node.whenFalse, level + 1));
    }
    if (ts.isBinaryExpression(node))
      return union(this.settledBy(node.left, level + 1), this.settledBy(node.right, level + 1));
    if (ts.isArrayLiteralExpression(node)) return this.settledByAll(node.elements, level);
    if (ts.isSpreadElement(node)) return this.settledBy(node.expression, level + 1);
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.settledByVariable(node, level);
    return ts.isCallExpression(node) || ts.isNewExpression(node) ? this.settledByCall(node, level) : NONE;
  }

  private settledByAll(expressions: readonly ts.Expression[], level: number): ReadonlySet<Drain> {
    return expressions.reduce<ReadonlySet<Drain>>((found, each) => union(found, this.settledBy(each, level + 1)), NONE);
  }

  private settledByVariable(name: ts.Identifier | ts.PropertyAccessExpression, level: number): ReadonlySet<Drain> {
    const symbol = symbolAt(ts.isIdentifier(name) ? name : name.name, this.core.checker);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return NONE;
    const given = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return [...(given === undefined ? [] : [given]), ...this.assignedTo(symbol)].reduce<ReadonlySet<Drain>>(
      (found, value) => union(found, this.settledBy(value, level + 1)),
      NONE,
    );
  }

  /** What the function itself puts into a variable or a field: `closing ??= pool.end()`. */
  private assignedTo(symbol: ts.Symbol): readonly ts.Expression[] {
    const found: ts.Expression[] = [];
    const look = (node: ts.Node): void => {
      if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
        const target = bare(node.left);
        const name = ts.isPropertyAccessExpression(target) ? target.name : target;
        if (name.getText() === symbol.name && symbolAt(name, this.core.checker) === symbol) found.push(node.right);
      }
      if (node === this.fn || !isFunctionNode(node)) ts.forEachChild(node, look);
    };
    look(this.fn);
    return found;
  }

  private settledByCall(call: ts.CallExpression | ts.NewExpression, level: number): ReadonlySet<Drain> {
    const { api } = this.core;
    const own = ts.isCallExpression(call) ? this.core.ask(drainAt, call) : undefined;
    if (own !== undefined) return own.ends === 'callback' ? NONE : new Set([own]);
    const member = api.memberOf(call);
    const given = call.arguments ?? [];
    if (member !== undefined) {
      if (hasRole(member, 'joins') || hasRole(member, 'races') || hasRole(member, 'bounds-argument')) {
        return this.settledByAll(given, level);
      }
      if (ts.isCallExpression(call) && hasRole(member, 'chains')) {
        const callee = bare(call.expression);
        const source = ts.isPropertyAccessExpression(callee) ? this.settledBy(callee.expression, level + 1) : NONE;
        return given.reduce((found, callback) => union(found, this.settledByCallback(callback)), source);
      }
      if (hasRole(member, 'waits')) return this.settledByEvent(call);
    }
    const executor = given[0] === undefined ? undefined : bare(given[0]);
    if (ts.isNewExpression(call) && executor !== undefined && isFunctionNode(executor))
      return this.settledByExecutor(executor);
    let found: ReadonlySet<Drain> = NONE;
    for (const callee of this.runBy(call)) {
      const drains = this.ask(callee);
      found = union(found, new Set(drains.settled));
    }
    given.forEach((each, argument) => {
      // `map(async …)`, `limit(() => …)`: the callbacks' promises are (in) the result.
      if (isFunctionNode(bare(each))) found = union(found, this.settledByCallback(each));
      const settled = this.settledBy(each, level + 1);
      if (settled.size > 0 && waitsForGiven(call, argument, this.core)) found = union(found, settled);
    });
    return found;
  }

  /** What is done when a callback, called by a chain or a collection, has settled. */
  private settledByCallback(callback: ts.Expression): ReadonlySet<Drain> {
    return callablesAt(callback, this.core).functions.reduce<ReadonlySet<Drain>>(
      (found, fn) => union(found, new Set(this.ask(fn).settled)),
      NONE,
    );
  }

  /** `new Promise((resolve) => server.close(resolve))`: the drain's callback resolves it. */
  private settledByExecutor(executor: FunctionNode): ReadonlySet<Drain> {
    if (!ts.isFunctionLike(executor)) return NONE;
    const resolvers = new Set(
      executor.parameters.flatMap(({ name }) =>
        ts.isIdentifier(name) ? (this.core.checker.getSymbolAtLocation(name) ?? []) : [],
      ),
    );
    const found = new Set<Drain>();
    const look = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) {
        const isTold = node.arguments.some((given) => this.namesOneOf(given, resolvers));
        const drain = isTold ? this.core.ask(drainAt, node) : undefined;
        if (drain !== undefined) found.add(drain);
        else if (isTold) for (const each of this.drainsOf(node)) found.add(each);
      }
      ts.forEachChild(node, look);
    };
    look(executor);
    return found;
  }

  /** `server.once('close', resolve)`: the drains that this function starts on the receiver. */
  private drainsOf(listening: ts.CallExpression): readonly Drain[] {
    const member = this.core.api.memberOf(listening);
    if (member === undefined || (!hasRole(member, 'listener') && !hasRole(member, 'defers'))) return [];
    const found: Drain[] = [];
    const look = (node: ts.Node): void => {
      const drain = ts.isCallExpression(node) ? this.core.ask(drainAt, node) : undefined;
      if (drain !== undefined) found.push(drain);
      ts.forEachChild(node, look);
    };
    look(this.fn);
    return this.withSameTarget(listening, found);
  }

  private namesOneOf(node: ts.Node, symbols: ReadonlySet<ts.Symbol>): boolean {
    if (ts.isIdentifier(node)) {
      const symbol = symbolAt(node, this.core.checker);
      return symbol !== undefined && symbols.has(symbol);
    }
    return ts.forEachChild(node, (child) => this.namesOneOf(child, symbols)) ?? false;
  }

  /** `server.close(); await once(server, 'close')`: the event by which the drain ends. */
  private settledByEvent(call: ts.CallExpression | ts.NewExpression): ReadonlySet<Drain> {
    const bounded = this.core.ask(waitOf, call)?.bounded;
    if (bounded?.is !== 'yes' || bounded.witness.by !== 'caused' || !ts.isCallExpression(bounded.witness.witness))
      return NONE;
    const drain = this.core.ask(drainAt, bounded.witness.witness);
    return drain === undefined ? NONE : new Set([drain]);
  }

  /** What an `await` of an expression waits for, drains apart. */
  private waitFor(expression: ts.Expression, level: number): Wait {
    const node = bare(expression);
    if (level > DEEPEST) return PLAIN;
    if (ts.isAwaitExpression(node) || ts.isVoidExpression(node)) return this.waitFor(node.expression, level + 1);
    if (ts.isConditionalExpression(node))
      return bothWaits(this.waitFor(node.whenTrue, level + 1), this.waitFor(node.whenFalse, level + 1));
    if (ts.isBinaryExpression(node))
      return bothWaits(this.waitFor(node.left, level + 1), this.waitFor(node.right, level + 1));
    if (ts.isArrayLiteralExpression(node)) return this.waitForAll(node.elements, level);
    if (ts.isSpreadElement(node)) return this.waitFor(node.expression, level + 1);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return this.waitForCall(node, level);
    if (!isThenable(this.core.checker.getTypeAtLocation(node), this.core.checker)) return PLAIN;
    if (ts.isIdentifier(node)) {
      const declaration = symbolAt(node, this.core.checker)?.valueDeclaration;
      if (declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined)
        return this.waitFor(declaration.initializer, level + 1);
    }
    return { unseen: new Set([node]), isPause: false };
  }

  private waitForAll(expressions: readonly ts.Expression[], level: number): Wait {
    return expressions.reduce((found, each) => bothWaits(found, this.waitFor(each, level + 1)), PLAIN);
  }

  private waitForCall(call: ts.CallExpression | ts.NewExpression, level: number): Wait {
    const { core } = this;
    if (ts.isCallExpression(call) && core.ask(drainAt, call) !== undefined) return PLAIN;
    const { functions, isComplete, member } = core.ask(calleesOf, call);
    const given = call.arguments ?? [];
    const executor = given[0] === undefined ? undefined : bare(given[0]);
    if (ts.isNewExpression(call) && executor !== undefined && isFunctionNode(executor))
      return this.waitForExecutor(executor, call);
    const ofCallbacks = given
      .filter((each) => isFunctionNode(bare(each)))
      .flatMap((each) => callablesAt(each, core).functions)
      .map((fn) => this.ask(fn))
      .reduce((found, drains) => bothWaits(found, { ...drains, unseen: new Set(drains.unseen) }), PLAIN);
    if (member !== undefined) {
      if (hasRole(member, 'starts-timer')) return PAUSE;
      if (hasRole(member, 'joins') || hasRole(member, 'races') || hasRole(member, 'bounds-argument'))
        return this.waitForAll(given, level);
      if (!hasRole(member, 'chains')) return ofCallbacks;
      const callee = bare(call.expression);
      const source = ts.isPropertyAccessExpression(callee) ? this.waitFor(callee.expression, level + 1) : PLAIN;
      return bothWaits(source, ofCallbacks);
    }
    if (functions.length === 0 || !isComplete) return { unseen: new Set([call]), isPause: false };
    return functions
      .map((fn) => this.ask(fn))
      .reduce((found, drains) => bothWaits(found, { ...drains, unseen: new Set(drains.unseen) }), ofCallbacks);
  }

  /** `new Promise((resolve) => setTimeout(resolve, 500))` is a pause; what another call resolves cannot be seen. */
  private waitForExecutor(executor: FunctionNode, made: ts.Node): Wait {
    if (this.settledByExecutor(executor).size > 0) return PLAIN;
    const calls: ts.CallExpression[] = [];
    const look = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) calls.push(node);
      ts.forEachChild(node, look);
    };
    look(executor);
    const isPause = calls.some((call) => this.core.api.plays(call, 'starts-timer') !== undefined);
    return isPause ? PAUSE : { unseen: new Set([made]), isPause: false };
  }

  // ---------------------------------------------------------------- exits, starts, cuts

  private reachedIn(states: Solution<DrainState>): Pick<Drains, 'cuts' | 'exits' | 'starts'> {
    const exits: ReachedExit[] = [];
    const starts: ReachedDrain[] = [];
    const cuts: ReachedCut[] = [];
    const take = (callee: FunctionNode, step: Step, state: DrainState, isDeadline: boolean): void => {
      const drains = this.ask(callee);
      const outer = (inner: Reached): Reached => this.seenFrom(inner, step, state, isDeadline);
      for (const inner of drains.exits) exits.push({ ...outer(inner), exit: inner.exit });
      for (const inner of drains.starts) starts.push({ ...outer(inner), drain: inner.drain });
      for (const inner of drains.cuts) cuts.push({ ...outer(inner), member: inner.member });
    };
    for (const [step, before] of states) {
      if (step.kind !== 'call' || !isCall(step.node)) continue;
      const call = step.node;
      if (!ts.isTaggedTemplateExpression(call)) {
        const { api } = this.core;
        if (api.plays(call, 'exits') !== undefined) {
          exits.push({ ...this.reachedAt(step, call, before), exit: call });
          continue;
        }
        const member = api.plays(call, 'cuts-off');
        if (member !== undefined) cuts.push({ ...this.reachedAt(step, call, before), member });
      }
      const drain = ts.isCallExpression(call) ? this.core.ask(drainAt, call) : undefined;
      if (drain !== undefined) starts.push({ ...this.reachedAt(step, call, before), drain });
      for (const callee of this.runBy(call)) take(callee, step, before, false);
      const after = this.effects.get(step)?.(before) ?? before;
      for (const { fn: next, settled, isDeadline, isOfEvent, left } of this.continuationsAt(call)) {
        const started = isDeadline ? after : afterStart(after, [...left, ...this.startedAfter(step, states)]);
        const ended = settled === 'receiver' ? this.withSameTarget(call, started.pending) : settled;
        // An event of something else comes when it likes, as a signal does.
        const isElsewhere = settled === 'receiver' && ended.length === 0 && isOfEvent;
        take(next, step, { ...afterWait(started, ended), ways: started.ways | LATER }, isDeadline || isElsewhere);
      }
    }
    return { exits: inOrder(exits), starts: inOrder(starts), cuts: inOrder(cuts) };
  }

  private reachedAt(step: Step, call: Call, before: DrainState): Reached {
    return {
      call,
      fn: this.fn,
      through: [],
      ...told(before),
      path: pathTo(this.graph, step, before),
      isDeadline: false,
    };
  }

  private seenFrom(inner: Reached, step: Step, state: DrainState, isDeadline: boolean): Reached {
    const mine = new Set(inner.settled);
    const pending = new Set([...[...state.pending].filter((drain) => !mine.has(drain)), ...inner.pending]);
    const outer = told(state);
    return {
      call: inner.call,
      fn: inner.fn,
      through: [step.node, ...inner.through],
      pending: ordered(pending),
      settled: ordered(union(state.settled, mine)),
      unseen: [...new Set([...outer.unseen, ...inner.unseen])],
      path: pathTo(this.graph, step, state),
      isDeadline: isDeadline || inner.isDeadline,
      isLater: outer.isLater || inner.isLater,
      isPaused: outer.isPaused || inner.isPaused,
      isAfterFailure: outer.isAfterFailure || inner.isAfterFailure,
    };
  }

  /** Drains that the rest of this function may start meanwhile. */
  private startedAfter(step: Step, states: Solution<DrainState>): readonly Drain[] {
    const found: Drain[] = [];
    for (const other of states.keys()) {
      if (other === step || other.kind !== 'call') continue;
      const drains = this.startedAt(other.node).filter(({ ends }) => ends !== 'sync');
      if (drains.length > 0 && pathOf({ from: step, to: (each) => each === other }) !== undefined)
        found.push(...drains);
    }
    return found;
  }

  /** Drains of what a call's receiver is: its `close` event comes when they are done. */
  private withSameTarget(call: Call, drains: Iterable<Drain>): readonly Drain[] {
    const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
    if (callee === undefined || !ts.isPropertyAccessExpression(callee)) return [];
    const receiver = bare(callee.expression).getText();
    return [...drains].filter(({ target }) => target !== undefined && bare(target).getText() === receiver);
  }

  /** Callbacks that run when something given to, or started by, a call is done. */
  private continuationsAt(node: ts.Node): readonly Continuation[] {
    if (!ts.isCallExpression(node)) return [];
    const { core } = this;
    const member = core.api.memberOf(node);
    if (member === undefined) return [];
    const isTimer = hasRole(member, 'starts-timer');
    const isSignal = hasRole(member, 'registers-shutdown');
    const isOfEvent = hasRole(member, 'listener') || member.key !== undefined;
    let isPause = false;
    const drain = core.ask(drainAt, node);
    let settled: readonly Drain[] | 'receiver' = drain === undefined ? 'receiver' : [drain];
    if (hasRole(member, 'chains')) {
      const callee = bare(node.expression);
      const source = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
      settled = source === undefined ? [] : [...this.settledBy(source, 0)];
      isPause = source !== undefined && this.waitFor(source, 0).isPause;
    } else if (!isTimer && drain === undefined && !hasRole(member, 'defers') && !hasRole(member, 'listener')) {
      return [];
    }
    return node.arguments.flatMap((given, at) =>
      mayBeFunction(given)
        ? callablesAt(given, core).functions.map((fn) => ({
            fn,
            settled,
            isDeadline: isTimer || isSignal || isPause,
            isOfEvent,
            left: at === member.handlesRejection || this.waitsBeforeExit(fn) ? [] : this.leftBefore(node),
          }))
        : [],
    );
  }

  private waitsBeforeExit(fn: FunctionNode): boolean {
    return this.ask(fn).exits.some(({ isLater }) => isLater);
  }

  /**
   * Drains that the link before in a chain starts and gives to nobody: `server.close` of `.then(() => server.close()).then(exit)`, whose
   * end a callback tells. Doubt: what else the link waits for may stand for that end.
   */
  private leftBefore(link: ts.CallExpression): readonly Drain[] {
    const { core } = this;
    const callee = bare(link.expression);
    const before = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
    if (before === undefined || !ts.isCallExpression(before) || core.api.plays(link, 'chains') === undefined) return [];
    const member = core.api.plays(before, 'chains');
    const [given] = before.arguments;
    if (member === undefined || member.handlesRejection === 0 || given === undefined) return [];
    const { functions, isComplete } = callablesAt(given, core);
    const links = functions.map((fn) => this.ask(fn));
    if (!isComplete || links.some(({ isPause, unseen }) => isPause || unseen.length > 0)) return [];
    return links.flatMap(({ pending }) => pending.filter(({ ends }) => ends === 'callback'));
  }
}

function isCall(node: ts.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

function told({
  pending,
  settled,
  unseen,
  ways,
}: DrainState): Pick<Reached, 'isAfterFailure' | 'isLater' | 'isPaused' | 'pending' | 'settled' | 'unseen'> {
  return {
    pending: ordered(pending),
    settled: ordered(settled),
    unseen: [...unseen],
    isLater: (ways & LATER) !== 0,
    isPaused: (ways & PAUSED) !== 0,
    isAfterFailure: (ways & SOUND) === 0 && (ways & FAILED) !== 0,
  };
}

/** The first of them, by place. */
function inOrder<Kind extends Reached>(found: readonly Kind[]): readonly Kind[] {
  return found.toSorted((left, right) => left.call.pos - right.call.pos).slice(0, MOST_REACHED);
}

function ordered(drains: Iterable<Drain>): readonly Drain[] {
  return [...new Set(drains)].sort(
    (left, right) =>
      left.call.getSourceFile().fileName.localeCompare(right.call.getSourceFile().fileName) ||
      left.call.pos - right.call.pos,
  );
}

/** The way to a step, past a drain that is pending there if there is one. */
function pathTo(graph: FlowGraph, step: Step, { pending }: DrainState): readonly Step[] {
  for (const { call } of pending) {
    for (const from of graph.stepsOf(call)) {
      const path = pathOf({ from, to: (each) => each === step });
      if (path !== undefined) return path;
    }
  }
  return pathOf({ from: graph.enter, to: (each) => each === step }) ?? [step];
}
