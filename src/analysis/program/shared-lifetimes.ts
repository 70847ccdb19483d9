import * as ts from 'typescript';
import { calleesOf, type Call } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { symbolOf } from '../places/symbols.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { sharednessOf } from '../types/sharedness-of.ts';
import { callSitesOf } from './references.ts';
import { atomicCellAt, type Cell, type CellAccess, cellAccesses, isSameCell } from './shared-cells.ts';
import { mayBeOwnShare } from './shared-shares.ts';
import { originOf } from './shared-views.ts';

/** Calls of one function that may take a lock; with more of them a lock counts as held everywhere. */
const MOST_LOCKS = 64;

/** How deep callees and callers are looked into. */
const MOST_DEPTH = 2;

/**
 * Does this thread alone have the memory here: made in the same function, and not handed out on any path that leads here?
 *
 * Handed out: passed to a call, alone or inside something, or left to a function that uses it. Doubt falls on the side of `no`.
 */
export function isBeforeHandOut(node: ts.Node, cell: Cell, core: Core, reached: HandOuts = new Map()): boolean {
  const origin = originOf(cell.view, core);
  if (origin === undefined) return false;
  const region = enclosingFunctionOf(node);
  if (!isMadeIn(region, enclosingFunctionOf(origin.made))) return false;
  const graph = core.ask(flowGraph, region);
  if (graph.truncated) return false;
  let after = reached.get(region)?.get(origin.made);
  if (after === undefined) {
    const carriers = withHolders(origin.carriers, region, core);
    after = reachableFrom(graph.steps.filter((step) => isHandOut(step, carriers, core)));
    const ofRegion = reached.get(region) ?? new Map<ts.Node, ReadonlySet<Step>>();
    reached.set(region, ofRegion.set(origin.made, after));
  }
  const { size } = after;
  const taken = after;
  return size === 0 || stepsAround(node, graph).every((step) => !taken.has(step));
}

/** For each function and each memory made in it: the steps that a hand-out leads to. */
type HandOuts = Map<FunctionNode, Map<ts.Node, ReadonlySet<Step>>>;

/** The steps that paths from some others lead to, not going on behind those in `avoiding`. */
function reachableFrom(starts: readonly Step[], avoiding: ReadonlySet<Step> = new Set()): ReadonlySet<Step> {
  const found = new Set<Step>();
  const open = starts.flatMap(({ next }) => next.map(({ to }) => to));
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if (found.has(step) || avoiding.has(step)) continue;
    found.add(step);
    open.push(...step.next.map(({ to }) => to));
  }
  return found;
}

function isMadeIn(region: FunctionNode, maker: FunctionNode): boolean {
  if (region === maker) return true;
  // A field initialiser belongs to the constructor.
  return ts.isConstructorDeclaration(region) && ts.isPropertyDeclaration(maker) && region.parent === maker.parent;
}

function stepsAround(node: ts.Node, graph: FlowGraph): readonly Step[] {
  const own = graph.stepsOf(node);
  return own.length > 0 ? own : graph.steps.filter((step) => isInside(step.node, node));
}

/** The carriers, and the variables of the function whose value is built from one. */
function withHolders(
  carriers: ReadonlySet<ts.Declaration>,
  region: FunctionNode,
  core: Core,
): ReadonlySet<ts.Declaration> {
  const all = new Set(carriers);
  const variables: ts.VariableDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined) variables.push(node);
    if (!isFunctionNode(node) || node === region) ts.forEachChild(node, visit);
  };
  visit(region);
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const variable of variables) {
      if (all.has(variable) || variable.initializer === undefined) continue;
      if (isPrimitive(core.checker.getTypeAtLocation(variable.name), core.checker)) continue;
      if (mentionsAny(variable.initializer, all, core)) all.add(variable);
    }
  }
  return all;
}

function isHandOut({ kind, node }: Step, carriers: ReadonlySet<ts.Declaration>, core: Core): boolean {
  if (kind !== 'call' || (!ts.isCallExpression(node) && !ts.isNewExpression(node))) return false;
  if (ts.isCallExpression(node) && atomicCellAt(node, core) !== undefined) return false;
  if (ts.isNewExpression(node) && sharednessOf(core.checker.getTypeAtLocation(node), core.checker) !== undefined)
    return false;
  if (node.arguments?.some((argument) => mentionsAny(argument, carriers, core)) === true) return true;
  return leadsTo(node, MOST_DEPTH, core, (fn) => mentionsAny(fn, carriers, core));
}

/** Does a function that the call may run, or one that this one calls, satisfy the test? */
function leadsTo(call: Call, depth: number, core: Core, test: (fn: FunctionNode) => boolean): boolean {
  return core.ask(calleesOf, call).functions.some((fn) => {
    if (test(fn)) return true;
    if (depth <= 1) return false;
    return callsIn(fn).some((inner) => leadsTo(inner, depth - 1, core, test));
  });
}

function callsIn(fn: FunctionNode): Call[] {
  const found: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}

function mentionsAny(root: ts.Node, carriers: ReadonlySet<ts.Declaration>, core: Core): boolean {
  const hasFields = [...carriers].some((carrier) => ts.isPropertyDeclaration(carrier));
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      return declaration !== undefined && carriers.has(declaration);
    }
    // `this` passed on as a whole takes its fields along.
    if (node.kind === ts.SyntaxKind.ThisKeyword && hasFields && !ts.isPropertyAccessExpression(node.parent))
      return true;
    return ts.isTypeNode(node) ? false : (ts.forEachChild(node, visit) ?? false);
  };
  return visit(root);
}

/**
 * Is a lock held here: does every path to this place pass a call that takes one (a compare-and-exchange on another cell, a member
 * with the role `locks`, or a function that does so), or is the place in a callback that is run under one? The same question is
 * asked of all callers of a function that is only called.
 *
 * Doubt: what looks like a lock counts as one.
 */
export function isUnderLock(node: ts.Node, cell: Cell, core: Core): boolean {
  return isHeldAt(node, cell, core, MOST_DEPTH);
}

function isHeldAt(node: ts.Node, cell: Cell, core: Core, depth: number): boolean {
  const fn = enclosingFunctionOf(node);
  if (isBehindLock(node, fn, cell, core)) return true;
  const call = fn.parent as ts.Node | undefined;
  if (call !== undefined && ts.isCallExpression(call) && call.arguments.includes(fn as ts.Expression)) {
    if (core.api.plays(call, 'exclusive') !== undefined) return true;
    if (leadsToLock(call, cell, core)) return true;
  }
  if (depth <= 0 || ts.isSourceFile(fn)) return false;
  const { found, open } = callSitesOf(fn, core);
  return !open && found.length > 0 && found.every((site) => isHeldAt(site.node, cell, core, depth - 1));
}

/** Does every path through the function to this place pass a step that takes a lock on another cell? */
function isBehindLock(node: ts.Node, fn: FunctionNode, cell: Cell, core: Core): boolean {
  const { steps, open } = core.ask(lockSteps, fn);
  if (steps.length > MOST_LOCKS) return true;
  const gates = steps.filter((step) => step.node !== node && takesLock(step, cell, core));
  if (gates.length === 0) return false;
  const graph = core.ask(flowGraph, fn);
  const here = stepsAround(node, graph);
  const free = gates.length === steps.length ? open : reachableFrom([graph.enter], new Set(gates));
  return here.length > 0 && here.every((step) => !free.has(step));
}

/** The steps of a function that take a lock on some cell, and those that are reached without passing one. */
const lockSteps = defineFact<FunctionNode, { readonly steps: readonly Step[]; readonly open: ReadonlySet<Step> }>({
  name: 'cell-lock-steps',
  scope: 'program',
  compute(fn, core) {
    const graph = core.ask(flowGraph, fn);
    const steps = graph.truncated ? [] : graph.steps.filter((step) => mayTakeLock(step, core));
    return { steps, open: steps.length === 0 ? new Set() : reachableFrom([graph.enter], new Set(steps)) };
  },
});

function mayTakeLock({ kind, node }: Step, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node)) return false;
  return core.api.plays(node, 'locks') !== undefined || isTake(node, core) || core.ask(takesBehind, node).length > 0;
}

function takesLock({ kind, node }: Step, cell: Cell, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node)) return false;
  return core.api.plays(node, 'locks') !== undefined || isOther(node, cell, core) || leadsToLock(node, cell, core);
}

/** Does a function that the call may run take a lock on another cell? */
function leadsToLock(call: ts.CallExpression, cell: Cell, core: Core): boolean {
  return core.ask(takesBehind, call).some((take) => isOther(take, cell, core));
}

/** The calls that take a lock in the functions that a call may run. */
const takesBehind = defineFact<Call, readonly ts.CallExpression[]>({
  name: 'cell-locks-behind-call',
  scope: 'program',
  compute(call, core) {
    const found = new Set<ts.CallExpression>();
    leadsTo(call, MOST_DEPTH, core, (fn) => {
      for (const take of core.ask(takesIn, fn)) found.add(take);
      return false;
    });
    return [...found];
  },
});

const takesIn = defineFact<FunctionNode, readonly ts.CallExpression[]>({
  name: 'cell-locks-in-function',
  scope: 'program',
  compute: (fn, core) =>
    callsIn(fn)
      .filter((call) => ts.isCallExpression(call))
      .filter((call) => isTake(call, core)),
});

function isTake(call: ts.CallExpression, core: Core): boolean {
  return core.api.plays(call, 'atomic-compare') !== undefined || isTestedExchange(call, core);
}

/** Does the call take a lock on another cell? Memory that cannot be named counts as another one. */
function isOther(call: ts.CallExpression, cell: Cell, core: Core): boolean {
  if (!isTake(call, core)) return false;
  const other = atomicCellAt(call, core);
  return other === undefined || !isSameCell(other, cell);
}

/** `Atomics.exchange(lock, 0, 1) === 0`: an exchange whose result decides. */
function isTestedExchange(call: ts.CallExpression, core: Core): boolean {
  if (core.api.plays(call, 'atomic-update') === undefined) return false;
  const { parent } = call;
  return (
    ts.isBinaryExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isIfStatement(parent)
  );
}

/** Accesses of one file that are looked at; with more of them all are left alone. */
const MOST_ACCESSES = 2_000;

/** Is the access out of reach of other threads: in this thread's own share, not handed out yet, or under a lock? */
export const exemptAccesses = defineFact<ts.SourceFile, ReadonlySet<ts.Node>>({
  name: 'exempt-cell-accesses',
  scope: 'program',
  compute(file, core) {
    const plain = core.ask(cellAccesses, file).filter(({ isAtomic }) => !isAtomic);
    const reached: HandOuts = new Map();
    const isExempt = ({ node, cell }: CellAccess): boolean =>
      mayBeOwnShare(cell, core) || isBeforeHandOut(node, cell, core, reached) || isUnderLock(node, cell, core);
    return new Set(plain.filter((access) => plain.length > MOST_ACCESSES || isExempt(access)).map(({ node }) => node));
  },
});
