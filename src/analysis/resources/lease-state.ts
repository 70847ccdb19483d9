import type ts from 'typescript';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import { type Solution, solveForward } from '../flow/solve.ts';

/** Where a leased object may be: a set of bits, one for each state that some path leads to. */
export const ABSENT = 1;
export const HELD = 2;
export const RELEASED = 4;
export const HANDED_ON = 8;

/** What a step does to a leased object. */
export interface Happening {
  readonly step: Step;
  /**
   * - `write`, `reset`: changes the part `field` of it (everything, without one), or brings that back to its initial state
   * - `release`, `destroy`: gives it back, ends it
   * - `hand-on`: somebody else owns it from here
   * - `use`: reads or calls it otherwise
   * - `part`: the variable that held it gets another value
   */
  readonly is: 'destroy' | 'hand-on' | 'part' | 'release' | 'reset' | 'use' | 'write';
  readonly field?: string;
  /** The node that does it: the call, the assignment. */
  readonly node: ts.Node;
  /** For a closure that gives it back later: the call inside. */
  readonly inner?: ts.Node;
  /** Does it happen for certain when the step is reached? */
  readonly isCertain: boolean;
  /** Does it count on the way of an exception too (an attempted release is a release)? */
  readonly onThrow: boolean;
  /** For `release`: what it takes back itself of what was written. */
  readonly undoes?: 'all' | 'transaction';
}

/** What holds before a step, over all paths that lead to it. */
export interface LeaseState {
  readonly where: number;
  /** Writes that no reset has undone on some path. */
  readonly dirt: ReadonlySet<Happening>;
}

const NO_DIRT: ReadonlySet<Happening> = new Set();

/** Nothing is known yet: the least element. */
export const NOWHERE: LeaseState = { where: 0, dirt: NO_DIRT };

/** The least upper bound: what either path may leave. */
export function mergeLease(left: LeaseState, right: LeaseState): LeaseState {
  if (left === right) return left;
  return { where: left.where | right.where, dirt: union(left.dirt, right.dirt) };
}

export function isSameLease(left: LeaseState, right: LeaseState): boolean {
  if (left.where !== right.where || left.dirt.size !== right.dirt.size) return false;
  for (const write of left.dirt) if (!right.dirt.has(write)) return false;
  return true;
}

function union(left: ReadonlySet<Happening>, right: ReadonlySet<Happening>): ReadonlySet<Happening> {
  if (right.size === 0) return left;
  if (left.size === 0) return right;
  return new Set([...left, ...right]);
}

/** The state after one thing has happened: monotone in the state before it. */
export function afterHappening(before: LeaseState, happening: Happening): LeaseState {
  const { where } = before;
  const isHeld = (where & HELD) !== 0;
  switch (happening.is) {
    case 'release':
    case 'destroy': {
      const rest = happening.isCertain ? where & ~HELD : where;
      return {
        where: isHeld ? rest | RELEASED : where,
        dirt: happening.isCertain ? NO_DIRT : before.dirt,
      };
    }
    case 'hand-on':
      return isHeld ? { where: (where & ~HELD) | HANDED_ON, dirt: before.dirt } : before;
    case 'part':
      return { where: (where & ~(HELD | RELEASED | HANDED_ON)) | (where === 0 ? 0 : ABSENT), dirt: NO_DIRT };
    case 'write':
      return isHeld ? { where, dirt: union(before.dirt, new Set([happening])) } : before;
    case 'reset':
      return happening.isCertain ? { where, dirt: withoutField(before.dirt, happening.field) } : before;
    case 'use':
      return before;
  }
}

function withoutField(dirt: ReadonlySet<Happening>, field: string | undefined): ReadonlySet<Happening> {
  if (field === undefined || dirt.size === 0) return NO_DIRT;
  const left = [...dirt].filter((write) => write.field !== field);
  return left.length === dirt.size ? dirt : new Set(left);
}

/** A lease to be followed through a graph. */
export interface LeaseProblem {
  readonly graph: FlowGraph;
  /** The steps after which the object is there. */
  readonly starts: ReadonlySet<Step>;
  readonly happenings: ReadonlyMap<Step, readonly Happening[]>;
  /** What is dirty from the start on. */
  readonly dirt?: Happening;
  /** Does the edge say that there is no object (`if (!client)`)? */
  saysAbsent(edge: Edge, step: Step): boolean;
}

/** What may be true of the lease before each step; `undefined` when the graph is too large. */
export function solveLease(problem: LeaseProblem): Solution<LeaseState> | undefined {
  const { graph, starts, happenings, dirt } = problem;
  const fresh: LeaseState = { where: HELD, dirt: dirt === undefined ? NO_DIRT : new Set([dirt]) };
  return solveForward<LeaseState>(graph, {
    start: starts.has(graph.enter) ? fresh : { where: ABSENT, dirt: NO_DIRT },
    merge: mergeLease,
    same: isSameLease,
    after(step, before) {
      const begun = starts.has(step) ? fresh : before;
      return (happenings.get(step) ?? []).reduce(afterHappening, begun);
    },
    along(edge, step, before, after) {
      if (problem.saysAbsent(edge, step)) {
        const where = before.where & ABSENT;
        return where === 0 ? undefined : { where, dirt: NO_DIRT };
      }
      if (edge.way !== 'throw' || step.kind === 'throw') return after;
      return (happenings.get(step) ?? []).filter(({ onThrow }) => onThrow).reduce(afterHappening, before);
    },
  });
}
