import ts from 'typescript';
import { closureTime } from '../escape/closure-time.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { isDominatedBy, pathOf } from '../flow/solve.ts';
import { type Access, accesses } from '../places/accesses.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { scopeOf } from '../places/symbols.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';

/** What keeps a second run out between a read and a write. */
export interface Exclusion {
  readonly by: 'claim' | 'lock';
  readonly node: ts.Node;
}

/**
 * What keeps others out from before a read to after a write in one function, if anything does: the function runs under a lock, or
 * it has claimed its turn in the read's own segment (tested a flag and set it before waiting).
 */
export function whyExclusive(fn: FunctionNode, read: Access, write: Access, core: Core): Exclusion | undefined {
  const time = core.ask(closureTime, fn);
  if (time.when === 'exclusive' && time.run !== undefined) return { by: 'lock', node: time.run.witness };
  return claimBefore(fn, read.step, write.place, core) ?? claimAround(fn, core);
}

/** Every call of the function makes the value of a shared place that was empty (`this.pending ??= this.run()`). */
function claimAround(fn: FunctionNode, core: Core): Exclusion | undefined {
  const { runs } = core.ask(closureTime, fn);
  const claims = runs.map(({ call }) => (call === undefined ? undefined : claimWith(call, core)));
  return claims.every((claim) => claim !== undefined) ? claims[0] : undefined;
}

function claimWith(call: ts.Node, core: Core): Exclusion | undefined {
  const outer = enclosingFunctionOf(call);
  const touched = core.ask(accesses, outer);
  for (const [step, list] of touched) {
    for (const { how, is, place, value } of list) {
      if (is !== 'write' || value === undefined || !isInside(call, value) || !isLongerLived(place, outer)) continue;
      const isFirst = how === 'logical' || testBefore(step, place, core.ask(flowGraph, outer), touched) !== undefined;
      if (isFirst) return { by: 'claim', node: step.node };
    }
  }
  return undefined;
}

/**
 * An in-flight claim: a shared place is tested, one outcome leaves (or waits and tests again), the other writes the place at once,
 * and every way to the step passes that write.
 */
function claimBefore(fn: FunctionNode, step: Step, updated: Place, core: Core): Exclusion | undefined {
  const graph = core.ask(flowGraph, fn);
  const touched = core.ask(accesses, fn);
  const isHere = graph.steps[step.id] === step;
  for (const [claim, list] of touched) {
    for (const { is, place } of list) {
      if (is !== 'write' || !isLongerLived(place, fn) || isSamePlace(place, updated)) continue;
      if (isHere && !isDominatedBy(graph, step, (gate) => gate === claim)) continue;
      const test = testBefore(claim, place, graph, touched);
      if (test !== undefined) return { by: 'claim', node: claim.node };
    }
  }
  return undefined;
}

function isLongerLived({ path, root }: Place, fn: FunctionNode): boolean {
  return root.is !== 'binding' || path.length > 0 || scopeOf(root.declaration) !== fn;
}

/** The branch on the same place, in the same segment before the claim, whose other outcome does not get to the claim. */
function testBefore(
  claim: Step,
  place: Place,
  graph: FlowGraph,
  touched: ReadonlyMap<Step, readonly Access[]>,
): Step | undefined {
  return graph.steps.find((test) => {
    if (test.kind !== 'branch' || !readsIn(test.node, place, touched)) return false;
    const ways = test.next.filter(
      ({ to }) => to === claim || reaches(to, claim, (step) => step === test || step.kind === 'suspend'),
    );
    const isOneWay = new Set(ways.map(({ way }) => way)).size === 1;
    const others = test.next.filter(({ way }) => way !== ways[0]?.way);
    return isOneWay && others.every(({ to }) => to !== claim && !reaches(to, claim, (step) => step === test));
  });
}

function readsIn(tested: ts.Node, place: Place, touched: ReadonlyMap<Step, readonly Access[]>): boolean {
  for (const list of touched.values()) {
    for (const { is, node, place: read } of list) {
      if (is === 'read' && isSamePlace(read, place) && node.pos >= tested.pos && node.end <= tested.end) return true;
    }
  }
  return false;
}

function reaches(from: Step, goal: Step, avoiding: (step: Step) => boolean): boolean {
  if (avoiding(from)) return false;
  return pathOf({ from, to: (step) => step === goal, avoiding }) !== undefined;
}
