import ts from 'typescript';
import { calleesOf, type Call } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { isDominatedBy, pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { sharednessOf } from '../types/sharedness-of.ts';
import { callSitesOf } from './references.ts';
import { atomicCellAt, type Cell, cellAccesses, isSameCell } from './shared-cells.ts';
import { mayBeOwnShare } from './shared-shares.ts';
import { originOf } from './shared-views.ts';

/** How deep callees and callers are looked into. */
const MOST_DEPTH = 2;

/**
 * Does this thread alone have the memory here: made in the same function, and not handed out on any path that leads here?
 *
 * Handed out: passed to a call, alone or inside something, or left to a function that uses it. Doubt falls on the side of `no`.
 */
export function isBeforeHandOut(node: ts.Node, cell: Cell, core: Core): boolean {
  const origin = originOf(cell.view, core);
  if (origin === undefined) return false;
  const region = enclosingFunctionOf(node);
  if (!isMadeIn(region, enclosingFunctionOf(origin.made))) return false;
  const graph = core.ask(flowGraph, region);
  if (graph.truncated) return false;
  const carriers = withHolders(origin.carriers, region, core);
  const here = new Set(stepsAround(node, graph.steps));
  return graph.steps.every(
    (step) => !isHandOut(step, carriers, core) || pathOf({ from: step, to: (to) => here.has(to) }) === undefined,
  );
}

function isMadeIn(region: FunctionNode, maker: FunctionNode): boolean {
  if (region === maker) return true;
  // A field initialiser belongs to the constructor.
  return ts.isConstructorDeclaration(region) && ts.isPropertyDeclaration(maker) && region.parent === maker.parent;
}

function stepsAround(node: ts.Node, steps: readonly Step[]): Step[] {
  return steps.filter((step) => step.node === node || (step.node.pos >= node.pos && step.node.end <= node.end));
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
  const graph = core.ask(flowGraph, fn);
  const here = stepsAround(node, graph.steps);
  if (
    here.length > 0 &&
    here.every((step) => isDominatedBy(graph, step, (gate) => gate.node !== node && takesLock(gate, cell, core)))
  ) {
    return true;
  }
  const call = fn.parent as ts.Node | undefined;
  if (call !== undefined && ts.isCallExpression(call) && call.arguments.includes(fn as ts.Expression)) {
    if (core.api.plays(call, 'exclusive') !== undefined) return true;
    if (leadsTo(call, MOST_DEPTH, core, (callee) => comparesOther(callee, cell, core))) return true;
  }
  if (depth <= 0 || ts.isSourceFile(fn)) return false;
  const { found, open } = callSitesOf(fn, core);
  return !open && found.length > 0 && found.every((site) => isHeldAt(site.node, cell, core, depth - 1));
}

function takesLock({ kind, node }: Step, cell: Cell, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node)) return false;
  if (core.api.plays(node, 'locks') !== undefined) return true;
  if (isCompareOfOther(node, cell, core)) return true;
  return leadsTo(node, MOST_DEPTH, core, (fn) => comparesOther(fn, cell, core));
}

function comparesOther(fn: FunctionNode, cell: Cell, core: Core): boolean {
  return callsIn(fn).some((call) => ts.isCallExpression(call) && isCompareOfOther(call, cell, core));
}

function isCompareOfOther(call: ts.CallExpression, cell: Cell, core: Core): boolean {
  if (core.api.plays(call, 'atomic-compare') === undefined && !isTestedExchange(call, core)) return false;
  const other = atomicCellAt(call, core);
  // A lock on memory that cannot be named counts as another cell.
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

/** Is the access out of reach of other threads: in this thread's own share, not handed out yet, or under a lock? */
export const exemptAccesses = defineFact<ts.SourceFile, ReadonlySet<ts.Node>>({
  name: 'exempt-cell-accesses',
  scope: 'program',
  compute: (file, core) =>
    new Set(
      core
        .ask(cellAccesses, file)
        .filter(
          ({ node, cell, isAtomic }) =>
            !isAtomic &&
            (mayBeOwnShare(cell, core) || isBeforeHandOut(node, cell, core) || isUnderLock(node, cell, core)),
        )
        .map(({ node }) => node),
    ),
});
