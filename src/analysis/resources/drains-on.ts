import ts from 'typescript';
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
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { waitOf } from './wait-of.ts';

/** A call that ends a long-lived thing gracefully. */
export interface Drain {
  readonly call: ts.CallExpression;
  readonly member: MemberMatch;
  /** What is drained, as written. */
  readonly target: ts.Expression | undefined;
  /** When it is done: on return, when its promise settles, when its callback is called. */
  readonly ends: 'callback' | 'promise' | 'sync';
}

/** An exit of the process that a function reaches, itself or through what it calls. */
export interface ReachedExit {
  readonly exit: Call;
  /** The function in which the exit stands. */
  readonly fn: FunctionNode;
  /** The calls that lead there from the function asked about, outermost first. */
  readonly through: readonly ts.Node[];
  /** Drains that were started, and on some path not waited for. */
  readonly pending: readonly Drain[];
  /** Drains that were waited for on some path. */
  readonly settled: readonly Drain[];
  /** The way to the exit, or to the call that leads to it, in the function asked about. */
  readonly path: readonly Step[];
  /** Does a timer reach it: a deadline? */
  readonly isDeadline: boolean;
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
  /** Was the function too large to look at, so that there may be more? */
  readonly isCut: boolean;
}

const NOTHING: Drains = { started: [], pending: [], settled: [], overOnReturn: [], exits: [], isCut: false };

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
    left.exits.length === right.exits.length &&
    left.exits.every(({ pending, settled }, at) => {
      const other = right.exits[at];
      return other !== undefined && isSameList(pending, other.pending) && isSameList(settled, other.settled);
    }),
  widen: (_fn, last) => ({ ...last, isCut: true }),
  of: (fn, core, ask) => new Reader(fn, core, ask).read(),
});

function isSameList(left: readonly Drain[], right: readonly Drain[]): boolean {
  return left.length === right.length && left.every((drain, at) => drain === right[at]);
}

/** What may hold before a step. */
export interface DrainState {
  readonly pending: ReadonlySet<Drain>;
  readonly settled: ReadonlySet<Drain>;
}

const NONE: ReadonlySet<Drain> = new Set();

/** Nothing was started. */
export const NO_DRAINS: DrainState = { pending: NONE, settled: NONE };

/** The least upper bound: what either path may have started and waited for. */
export function mergeDrains(left: DrainState, right: DrainState): DrainState {
  return { pending: union(left.pending, right.pending), settled: union(left.settled, right.settled) };
}

export function isSameDrains(left: DrainState, right: DrainState): boolean {
  return isSameSet(left.pending, right.pending) && isSameSet(left.settled, right.settled);
}

/** After drains were started. */
export function afterStart(state: DrainState, drains: Iterable<Drain>): DrainState {
  const list = [...drains];
  return list.length === 0 ? state : { pending: union(state.pending, new Set(list)), settled: state.settled };
}

/** After drains were waited for. */
export function afterWait(state: DrainState, drains: Iterable<Drain>): DrainState {
  const list = new Set(drains);
  if (list.size === 0) return state;
  return {
    pending: new Set([...state.pending].filter((drain) => !list.has(drain))),
    settled: union(state.settled, list),
  };
}

function union(left: ReadonlySet<Drain>, right: ReadonlySet<Drain>): ReadonlySet<Drain> {
  if (right.size === 0 || left === right) return left;
  return left.size === 0 ? right : new Set([...left, ...right]);
}

function isSameSet(left: ReadonlySet<Drain>, right: ReadonlySet<Drain>): boolean {
  return left.size === right.size && [...left].every((drain) => right.has(drain));
}

/** Expressions looked through for one promise. */
const DEEPEST = 10;

/** Exits kept for one function. */
const MOST_EXITS = 32;

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
      start: NO_DRAINS,
      merge: mergeDrains,
      same: isSameDrains,
      after: (step, before) => this.effects.get(step)?.(before) ?? before,
      // A drain that fails to start or to end is over.
      along: (edge, step, before, after) =>
        edge.way === 'throw' && step.kind === 'suspend'
          ? after
          : edge.way === 'throw' && step.kind !== 'throw'
            ? before
            : after,
    });
    if (states === undefined) return { ...NOTHING, isCut: true };
    const end = states.get(graph.exit) ?? NO_DRAINS;
    const returned = new Set(returnedBy(this.fn).flatMap((expression) => [...this.settledBy(expression, 0)]));
    const done = afterWait(
      end,
      [...returned].filter((drain) => end.pending.has(drain)),
    );
    return {
      started: this.startedIn(states),
      pending: ordered(done.pending),
      settled: ordered(done.settled),
      overOnReturn: isAsync(this.fn) ? [] : ordered([...end.settled].filter((drain) => !returned.has(drain))),
      exits: this.exitsIn(states).slice(0, MOST_EXITS),
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
    if (kind === 'suspend' && ts.isAwaitExpression(node)) {
      const settled = this.settledBy(node.expression, 0);
      return settled.size === 0 ? undefined : (state) => afterWait(state, settled);
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
    if (ts.isIdentifier(node)) return this.settledByVariable(node, level);
    return ts.isCallExpression(node) || ts.isNewExpression(node) ? this.settledByCall(node, level) : NONE;
  }

  private settledByAll(expressions: readonly ts.Expression[], level: number): ReadonlySet<Drain> {
    return expressions.reduce<ReadonlySet<Drain>>((found, each) => union(found, this.settledBy(each, level + 1)), NONE);
  }

  private settledByVariable(name: ts.Identifier, level: number): ReadonlySet<Drain> {
    const declaration = symbolAt(name, this.core.checker)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
      return NONE;
    return this.settledBy(declaration.initializer, level + 1);
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
    let found = NONE;
    for (const callee of this.runBy(call)) {
      const drains = this.ask(callee);
      found = union(found, new Set(drains.settled));
    }
    // `map(async …)`, `limit(() => …)`: the callbacks' promises are (in) the result.
    for (const callback of given)
      if (isFunctionNode(bare(callback))) found = union(found, this.settledByCallback(callback));
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
        const drain = this.core.ask(drainAt, node);
        if (drain !== undefined && node.arguments.some((given) => this.namesOneOf(given, resolvers))) found.add(drain);
      }
      ts.forEachChild(node, look);
    };
    look(executor);
    return found;
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

  // ---------------------------------------------------------------- exits

  private exitsIn(states: Solution<DrainState>): ReachedExit[] {
    const { core, fn, graph } = this;
    const found: ReachedExit[] = [];
    for (const [step, before] of states) {
      if (step.kind !== 'call' || !isCall(step.node)) continue;
      const call = step.node;
      if (!ts.isTaggedTemplateExpression(call) && core.api.plays(call, 'exits') !== undefined) {
        found.push({
          exit: call,
          fn,
          through: [],
          ...told(before),
          path: pathTo(graph, step, before),
          isDeadline: false,
        });
        continue;
      }
      for (const callee of this.runBy(call)) found.push(...this.exitsThrough(callee, step, before, false));
      const after = this.effects.get(step)?.(before) ?? before;
      for (const { fn: next, settled, isDeadline } of this.continuationsAt(call)) {
        const later = isDeadline ? after : afterStart(after, this.startedAfter(step, states));
        found.push(...this.exitsThrough(next, step, afterWait(later, settled), isDeadline));
      }
    }
    return found.sort((left, right) => left.exit.pos - right.exit.pos);
  }

  private exitsThrough(callee: FunctionNode, step: Step, state: DrainState, isDeadline: boolean): ReachedExit[] {
    return this.ask(callee).exits.map((inner) => {
      const mine = new Set(inner.settled);
      const pending = new Set([...[...state.pending].filter((drain) => !mine.has(drain)), ...inner.pending]);
      return {
        exit: inner.exit,
        fn: inner.fn,
        through: [step.node, ...inner.through],
        pending: ordered(pending),
        settled: ordered(union(state.settled, mine)),
        path: pathTo(this.graph, step, state),
        isDeadline: isDeadline || inner.isDeadline,
      };
    });
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

  /** Callbacks that run when something given to, or started by, a call is done. */
  private continuationsAt(
    node: ts.Node,
  ): readonly { fn: FunctionNode; settled: readonly Drain[]; isDeadline: boolean }[] {
    if (!ts.isCallExpression(node)) return [];
    const { core } = this;
    const member = core.api.memberOf(node);
    if (member === undefined) return [];
    const isTimer = hasRole(member, 'starts-timer');
    const drain = core.ask(drainAt, node);
    let settled: readonly Drain[] = drain === undefined ? [] : [drain];
    if (hasRole(member, 'chains')) {
      const callee = bare(node.expression);
      settled = ts.isPropertyAccessExpression(callee) ? [...this.settledBy(callee.expression, 0)] : [];
    } else if (!isTimer && drain === undefined && !hasRole(member, 'defers') && !hasRole(member, 'listener')) {
      return [];
    }
    return node.arguments.flatMap((given) =>
      mayBeFunction(given)
        ? callablesAt(given, core).functions.map((fn) => ({ fn, settled, isDeadline: isTimer }))
        : [],
    );
  }
}

function mayBeFunction(given: ts.Expression): boolean {
  const node = bare(given);
  return (
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || isFunctionNode(node)
  );
}

function isCall(node: ts.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

function told({ pending, settled }: DrainState): Pick<ReachedExit, 'pending' | 'settled'> {
  return { pending: ordered(pending), settled: ordered(settled) };
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
