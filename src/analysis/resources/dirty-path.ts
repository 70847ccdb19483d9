import * as ts from 'typescript';
import { isSound } from '../effects/failure.ts';
import { failureAt } from '../effects/failures.ts';
import type { Core } from '../facts.ts';
import { type Memory, type RememberedConditions, rememberedConditions } from '../effects/remembered-conditions.ts';
import type { Edge, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import type { Happening } from './lease-state.ts';
import type { Lease } from './lease.ts';

/** The way of a write to a release. */
export interface DirtyPathQuery {
  readonly write: Happening;
  /** Where the object goes back. */
  to(step: Step): boolean;
  /** Edges that the way must not take. */
  without(edge: Edge, step: Step): boolean;
}

/** Visits of one step, on average, before a function is given up: with what is known on the way there. */
const VISITS_PER_STEP = 40;

/**
 * A way on which what was written is not undone before the object goes back; `undefined` when there is none, or when there are too
 * many to tell.
 *
 * Conditions on it agree with each other, and with those on the way to the write: `if (!committed)`, `if (own)` twice.
 */
export function dirtyPath(query: DirtyPathQuery, lease: Lease, core: Core): readonly Step[] | undefined {
  const { write, to } = query;
  const { acquire, graph } = lease;
  const without = (edge: Edge, step: Step): boolean => query.without(edge, step) || isUndone(edge, step, write, lease);
  // Where even a failure of every step leads to no release, none of them need be asked for.
  if (pathOf({ from: write.step, to, without }) === undefined) return undefined;
  const isLock = write.field === 'locks';
  const isOver = (edge: Edge, step: Step): boolean => without(edge, step) || (isLock && cannotFail(edge, step, core));
  // Only where a lock was got is there one to give back: what asks the result of the statement knows.
  const conditions = rememberedConditions(graph, core, isLock ? write.node : undefined);
  if (!conditions.isAny) return pathOf({ from: write.step, to, without: isOver });
  const walk: Walk = { conditions, budget: graph.steps.length * VISITS_PER_STEP };
  const start: Stand = { step: graph.enter, memory: new Map() };
  const acquired = acquire === graph.enter ? [start] : standsAt(walk, [start], (step) => step === acquire);
  const written = acquire === write.step ? acquired : standsAt(walk, acquired, (step) => step === write.step);
  const [arrival] = standsAt(walk, written, to, isOver);
  return arrival === undefined ? undefined : stepsTo(arrival);
}

/** What reads the result that says whether a lock was got: a call that throws nothing (`Boolean(row)`), a list that is taken apart. */
function cannotFail({ way }: Edge, step: Step, core: Core): boolean {
  if (way !== 'throw') return false;
  if (step.kind === 'iterate') return ts.isArrayBindingPattern(step.node);
  return step.kind === 'call' && isSound(failureAt(step, core));
}

/** Is the object clean behind an edge: reset, given back, or not written at all because the statement failed? */
function isUndone(edge: Edge, step: Step, write: Happening, { happenings }: Lease): boolean {
  const isThrown = edge.way === 'throw' && step.kind !== 'throw';
  if (step === write.step && isThrown && !write.onThrow) return true;
  const here = happenings.filter((each) => each.step === step && (each.onThrow || !isThrown));
  return here.slice(here.indexOf(write) + 1).some((each) => cleans(each, write));
}

function cleans({ field, is, isCertain }: Happening, write: Happening): boolean {
  if (is === 'reset') return (field ?? write.field) === write.field;
  return isCertain && (is === 'destroy' || is === 'part' || is === 'release');
}

/** A place on a walk through a function, with what is known there. */
interface Stand {
  readonly step: Step;
  readonly memory: Memory;
  readonly from?: Stand;
}

interface Walk {
  readonly conditions: RememberedConditions;
  budget: number;
}

/** How a walk arrives at a step: once for each state of what may be known there. Nowhere, when the budget is used up. */
function standsAt(
  walk: Walk,
  starts: readonly Stand[],
  to: (step: Step) => boolean,
  without?: DirtyPathQuery['without'],
): readonly Stand[] {
  const found: Stand[] = [];
  const seen = new Set<string>();
  const queue = starts.map(({ step, memory }): Stand => ({ step, memory }));
  // The loop also meets what is pushed in it.
  for (const stand of queue) {
    for (const edge of stand.step.next) {
      if (--walk.budget < 0) return [];
      if (without?.(edge, stand.step) === true) continue;
      const memory = walk.conditions.along(edge, stand.step, stand.memory);
      const key = memory === undefined ? undefined : `${edge.to.id} ${textOf(memory)}`;
      if (memory === undefined || key === undefined || seen.has(key)) continue;
      seen.add(key);
      const next: Stand = { step: edge.to, memory, from: stand };
      if (to(edge.to)) found.push(next);
      queue.push(next);
    }
  }
  return found;
}

function textOf(memory: Memory): string {
  return [...memory]
    .map(([key, holds]) => `${key}:${holds}`)
    .toSorted()
    .join(' ');
}

function stepsTo(stand: Stand): readonly Step[] {
  const steps: Step[] = [];
  for (let at: Stand | undefined = stand; at !== undefined; at = at.from) steps.unshift(at.step);
  return steps;
}
