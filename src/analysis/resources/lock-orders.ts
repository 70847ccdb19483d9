import * as ts from 'typescript';
import { type Acquisition, heldLocksAt } from '../effects/locking.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { isModuleLevel } from '../places/symbols.ts';
import { ownFiles } from '../text/files.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { type LockTaking, lockTakingsAt } from './lock-takings.ts';

/** A lock that is taken while another one is held. */
export interface Nesting {
  readonly held: Acquisition & { readonly place: Place };
  readonly taking: LockTaking;
}

/** Two locks that the program takes in both orders. */
export interface LockOrder {
  readonly here: Nesting;
  /** Where the other one is taken first. */
  readonly there: Nesting;
}

/**
 * The pairs of locks that a program takes in both orders: two tasks that each have one wait for the other's. Told once for each pair, at
 * the nesting that stands last.
 *
 * An index of the whole program, for the asking only. Locks of a module, or of one class, by their place; a lock that is held around
 * both orders makes them safe. Doubt: whether the two orders ever meet.
 */
export const lockOrders = defineFact<ts.Program, readonly LockOrder[]>({
  name: 'lock-orders',
  scope: 'program',
  compute(program, core) {
    const names = [...core.api.namesWith('locks').keys(), ...core.api.namesWith('exclusive').keys()];
    const nestings: (Nesting & { readonly around: readonly Place[] })[] = [];
    for (const file of core.ask(ownFiles, program)) {
      if (!names.some((name) => mayMention(file, name))) continue;
      for (const fn of functionsOf(file)) nestings.push(...nestingsIn(fn, core));
    }
    const found: LockOrder[] = [];
    nestings.forEach((here, at) => {
      const there = nestings
        .slice(0, at)
        .find(
          (other) =>
            isSamePlace(other.held.place, here.taking.place) &&
            isSamePlace(other.taking.place, here.held.place) &&
            !other.around.some((outer) => here.around.some((each) => isSamePlace(each, outer))),
        );
      const isTold =
        there === undefined ||
        found.some((pair) => pair.here.taking.at === here.taking.at || pair.there.taking.at === there.taking.at);
      if (!isTold) found.push({ here, there });
    });
    return found;
  },
});

function functionsOf(file: ts.SourceFile): readonly FunctionNode[] {
  const found: FunctionNode[] = [file];
  const look = (node: ts.Node): void => {
    if (isFunctionNode(node)) found.push(node);
    ts.forEachChild(node, look);
  };
  ts.forEachChild(file, look);
  return found;
}

function nestingsIn(fn: FunctionNode, core: Core): readonly (Nesting & { readonly around: readonly Place[] })[] {
  const graph = core.ask(flowGraph, fn);
  if (graph.truncated) return [];
  const found: (Nesting & { readonly around: readonly Place[] })[] = [];
  for (const step of graph.steps) {
    if (step.kind !== 'call' || step.previous.length === 0) continue;
    const held = heldLocksAt(step, fn, core).filter(isNamed);
    if (held.length === 0) continue;
    for (const taking of lockTakingsAt(step, graph, core)) {
      if (!isLasting(taking.place)) continue;
      for (const each of held) {
        if (!isLasting(each.place) || isSamePlace(each.place, taking.place)) continue;
        const around = held.filter((other) => other !== each).map(({ place }) => place);
        found.push({ held: each, taking, around });
      }
    }
  }
  return found;
}

function isNamed(held: Acquisition): held is Acquisition & { readonly place: Place } {
  return held.place !== undefined;
}

/** Is it one lock wherever it is named: of a module, of the one instance of a class, under a key that is written out? */
function isLasting({ path, root }: Place): boolean {
  if (path.some((part) => part.is === 'entry' && part.key.is !== 'literal')) return false;
  if (root.is === 'instance') return path.length > 0;
  if (root.is === 'global') return true;
  return root.is === 'binding' && isModuleLevel(root.declaration);
}
