import type { Edge, FlowGraph, Step } from './graph.ts';

/** A forward data-flow problem over a join-semilattice of finite height. */
export interface Problem<State> {
  /** The state before the first step. */
  readonly start: State;
  /** The least upper bound: associative, commutative, idempotent. */
  merge(left: State, right: State): State;
  same(left: State, right: State): boolean;
  /** The state after a step, from the state before it: monotone. */
  after(step: Step, before: State): State;
  /**
   * The state carried along one edge; `undefined` says that the edge cannot be taken. Default: what was after the step, and on a
   * `throw` edge what was before it.
   */
  along?(edge: Edge, step: Step, before: State, after: State): State | undefined;
  /** How much a state holds: all states together may hold no more than a budget. Default: nothing. */
  weigh?(state: State): number;
  /** Where to begin. Default: the `enter` step. */
  readonly from?: Step;
}

/** The states before each step that can be reached, or `undefined` when the budget was used up. */
export type Solution<State> = ReadonlyMap<Step, State>;

/** Visits of one step, on average, that a solution may take. */
const VISITS_PER_STEP = 40;

/** What all states of a solution may hold together: one entry of a map takes some hundred bytes. */
const MOST_WEIGHT = 5_000_000;

/**
 * Solves a forward problem with a work list.
 *
 * @returns the state before each reachable step; `undefined` when the graph is truncated or the budget is used up
 */
export function solveForward<State>(graph: FlowGraph, problem: Problem<State>): Solution<State> | undefined {
  if (graph.truncated) return undefined;
  const first = problem.from ?? graph.enter;
  const before = new Map<Step, State>([[first, problem.start]]);
  const queue: Step[] = [first];
  const queued = new Set<Step>(queue);
  let budget = graph.steps.length * VISITS_PER_STEP;
  let weight = 0;
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    queued.delete(step);
    if (--budget < 0) return undefined;
    const state = before.get(step) as State;
    const after = problem.after(step, state);
    for (const edge of step.next) {
      const carried =
        problem.along === undefined
          ? edge.way === 'throw' && step.kind !== 'throw'
            ? state
            : after
          : problem.along(edge, step, state, after);
      if (carried === undefined) continue;
      const isNew = !before.has(edge.to);
      const known = before.get(edge.to) as State;
      const merged = isNew ? carried : problem.merge(known, carried);
      if (!isNew && problem.same(merged, known)) continue;
      before.set(edge.to, merged);
      weight += problem.weigh?.(merged) ?? 0;
      if (weight > MOST_WEIGHT) return undefined;
      if (queued.has(edge.to)) continue;
      queued.add(edge.to);
      queue.push(edge.to);
    }
  }
  return before;
}

/** What a path may do. */
export interface PathQuery {
  readonly from: Step;
  /** Steps to arrive at. */
  to(step: Step): boolean;
  /** Steps the path must not pass (it may start at one). */
  avoiding?(step: Step): boolean;
  /** Edges the path must not take. */
  without?(edge: Edge, step: Step): boolean;
}

/** A shortest path from a step to another (both included; at least one edge), or `undefined` when there is none. */
export function pathOf({ from, to, avoiding, without }: PathQuery): readonly Step[] | undefined {
  const cameFrom = new Map<Step, Step>();
  const queue: Step[] = [from];
  // The loop also meets what is pushed in it.
  for (const step of queue) {
    for (const edge of step.next) {
      if (without?.(edge, step) === true) continue;
      if (to(edge.to)) return [...backTo(from, step, cameFrom), edge.to];
      if (cameFrom.has(edge.to) || edge.to === from || avoiding?.(edge.to) === true) continue;
      cameFrom.set(edge.to, step);
      queue.push(edge.to);
    }
  }
  return undefined;
}

function backTo(first: Step, last: Step, cameFrom: ReadonlyMap<Step, Step>): Step[] {
  const path = [last];
  for (let step = last; step !== first;) {
    const earlier = cameFrom.get(step);
    if (earlier === undefined) break;
    path.push(earlier);
    step = earlier;
  }
  return path.reverse();
}

/** Does every path from the start of the function to `step` pass one of `gates`? */
export function isDominatedBy(graph: FlowGraph, step: Step, gates: (step: Step) => boolean): boolean {
  if (gates(step)) return true;
  return pathOf({ from: graph.enter, to: (candidate) => candidate === step, avoiding: gates }) === undefined;
}
