import * as ts from 'typescript';
import { heldLocksAt } from '../effects/locking.ts';
import { closureTime } from '../escape/closure-time.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { isDominatedBy, pathOf } from '../flow/solve.ts';
import { type Access, accesses } from '../places/accesses.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { heldPlaceOf } from '../places/place-of.ts';
import { scopeOf, symbolOf } from '../places/symbols.ts';
import { bare, startOfChain, wrapped } from '../syntax/expressions.ts';
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
  return (
    lockOver(fn, read, write, core) ??
    claimBefore(fn, read.step, write.place, core) ??
    claimAround(fn, core) ??
    queueAround(fn, core)
  );
}

/**
 * Every run is hooked behind the one before: `tail = tail.then(fn)`, the promise chain as a lock, also in two steps
 * (`const run = tail.then(fn); tail = run.catch(report)`) and after a handler (`tail = tail.catch(report).then(fn)`).
 */
export function queueAround(fn: FunctionNode, core: Core): Exclusion | undefined {
  const { runs } = core.ask(closureTime, fn);
  const links = runs.map(({ call }) =>
    call !== undefined && ts.isCallExpression(call) && isLinkOfChain(call, core) ? call : undefined,
  );
  const [link] = links;
  return link !== undefined && !links.includes(undefined) ? { by: 'lock', node: link } : undefined;
}

function isLinkOfChain(call: ts.CallExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || core.api.plays(call, 'chains') === undefined) return false;
  const tail = heldPlaceOf(startOfChain(callee.expression), core);
  const outer = enclosingFunctionOf(call);
  if (tail === undefined || !isLongerLived(tail, outer)) return false;
  const holder = declarationOf(call);
  for (const list of core.ask(accesses, outer).values()) {
    for (const { is, place, value } of list) {
      if (is !== 'write' || value === undefined || !isSamePlace(place, tail)) continue;
      if (isInside(call, value) || (holder !== undefined && mentions(value, holder, core))) return true;
    }
  }
  return false;
}

/** The local that holds the result of a call. */
function declarationOf(call: ts.CallExpression): ts.Identifier | undefined {
  const { parent } = wrapped(call);
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function mentions(root: ts.Node, name: ts.Identifier, core: Core): boolean {
  const symbol = symbolOf(name, core);
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name.text && symbolOf(node, core) === symbol) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(root);
}

/** One acquisition that is held at the read and still at the write. */
function lockOver(fn: FunctionNode, read: Access, write: Access, core: Core): Exclusion | undefined {
  const atWrite = heldLocksAt(write.step, fn, core);
  if (atWrite.length === 0) return undefined;
  const home = enclosingFunctionOf(read.node);
  const atRead = new Set(heldLocksAt(read.step, home, core).map(({ node }) => node));
  const lock = atWrite.find(({ node }) => atRead.has(node));
  return lock === undefined ? undefined : { by: 'lock', node: lock.node };
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
      const isFirst = how === 'logical' || testBefore(step, place, touched) !== undefined;
      if (isFirst) return { by: 'claim', node: step.node };
    }
  }
  return undefined;
}

/** A write that claims a turn: the place was tested before, in its segment, and the other outcome does not get there. */
export interface Claim {
  readonly step: Step;
  readonly place: Place;
}

/**
 * The in-flight claims of a function: a shared place is tested, one outcome leaves (or waits and tests again), the other writes the
 * place at once.
 */
const claims = defineFact<FunctionNode, readonly Claim[]>({
  name: 'claims',
  scope: 'program',
  compute(fn, core) {
    const graph = core.ask(flowGraph, fn);
    if (graph.truncated || !graph.steps.some((step) => step.kind === 'branch')) return [];
    const touched = core.ask(accesses, fn);
    const found: Claim[] = [];
    for (const [step, list] of touched) {
      for (const { is, place } of list) {
        if (is !== 'write' || !isLongerLived(place, fn)) continue;
        if (testBefore(step, place, touched) !== undefined) found.push({ step, place });
      }
    }
    return found;
  },
});

/** The in-flight claims of a function: what it writes at once after having tested it. */
export function claimsIn(fn: FunctionNode, core: Core): readonly Claim[] {
  return core.ask(claims, fn);
}

/** A claim that every way to the step passes, on another place than the one that is updated. */
function claimBefore(fn: FunctionNode, step: Step, updated: Place, core: Core): Exclusion | undefined {
  const graph = core.ask(flowGraph, fn);
  const isHere = graph.steps[step.id] === step;
  const claim = core
    .ask(claims, fn)
    .find(
      (candidate) =>
        !isSamePlace(candidate.place, updated) &&
        (!isHere || isDominatedBy(graph, step, (gate) => gate === candidate.step)),
    );
  return claim === undefined ? undefined : { by: 'claim', node: claim.step.node };
}

/** Is the place more than a variable of this very run? */
export function isLongerLived({ path, root }: Place, fn: FunctionNode): boolean {
  return root.is !== 'binding' || path.length > 0 || scopeOf(root.declaration) !== fn;
}

/** The branch on the same place, in the same segment before the claim, whose other outcome does not get to the claim. */
function testBefore(claim: Step, place: Place, touched: ReadonlyMap<Step, readonly Access[]>): Step | undefined {
  const reads = readsOf(place, touched);
  if (reads.length === 0) return undefined;
  return branchesJustBefore(claim).find((test) => {
    if (!reads.some((read) => isInside(read, test.node))) return false;
    const ways = test.next.filter(
      ({ to }) => to === claim || reaches(to, claim, (step) => step === test || step.kind === 'suspend'),
    );
    const isOneWay = new Set(ways.map(({ way }) => way)).size === 1;
    const others = test.next.filter(({ way }) => way !== ways[0]?.way);
    return isOneWay && others.every(({ to }) => to !== claim && !reaches(to, claim, (step) => step === test));
  });
}

/** Steps looked at backwards from a claim: a test stands close before what it guards. */
const MOST_STEPS_BACK = 300;

/** The branches in the claim's own segment before it. */
function branchesJustBefore(claim: Step): readonly Step[] {
  const seen = new Set<Step>([claim]);
  const found: Step[] = [];
  const queue = [claim];
  for (let step = queue.shift(); step !== undefined && seen.size < MOST_STEPS_BACK; step = queue.shift()) {
    for (const earlier of step.previous) {
      if (seen.has(earlier) || earlier.kind === 'suspend') continue;
      seen.add(earlier);
      queue.push(earlier);
      if (earlier.kind === 'branch') found.push(earlier);
    }
  }
  return found;
}

function readsOf(place: Place, touched: ReadonlyMap<Step, readonly Access[]>): readonly ts.Node[] {
  const found: ts.Node[] = [];
  for (const list of touched.values()) {
    for (const { is, node, place: read } of list) if (is === 'read' && isSamePlace(read, place)) found.push(node);
  }
  return found;
}

function reaches(from: Step, goal: Step, avoiding: (step: Step) => boolean): boolean {
  if (avoiding(from)) return false;
  return pathOf({ from, to: (step) => step === goal, avoiding }) !== undefined;
}
