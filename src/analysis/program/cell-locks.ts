import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { mayThrow } from '../effects/may-reject.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { ownFiles } from '../text/files.ts';
import { atomicCellAt, type Cell, type CellAccess, cellAccesses, isSameCell, isSameCellHere } from './shared-cells.ts';

/** A loop that takes a lock: it compares and exchanges one constant for another until it succeeds. */
export interface CellLock {
  readonly cell: Cell;
  /** The compare-and-exchange. */
  readonly take: ts.CallExpression;
  readonly loop: ts.IterationStatement;
  /** Does it try for ever, without a rest and without another way out? */
  readonly isEndless: boolean;
  /**
   * Where it is not given back: `nowhere` in the Program, or on the way out over `last`, a `return`, `throw` or throwing call; over
   * nothing but the end of the function if there is no `last`.
   */
  readonly leak?: { readonly is: 'nowhere' } | { readonly is: 'path'; readonly last?: ts.Node };
}

/** How deep callees are looked into for the other half of a lock. */
const MOST_DEPTH = 2;

/** The locks that a file takes on cells of shared memory. */
export const cellLocks = defineFact<ts.SourceFile, readonly CellLock[]>({
  name: 'cell-locks',
  scope: 'program',
  compute: (file, core) => core.ask(cellAccesses, file).flatMap((access) => lockAt(access, core) ?? []),
});

function lockAt({ cell, node, isAtomic }: CellAccess, core: Core): CellLock | undefined {
  if (!isAtomic || !ts.isCallExpression(node) || core.api.plays(node, 'atomic-compare') === undefined) return undefined;
  const member = core.api.memberOf(node);
  const expected = core.api.argumentOf(node, (member?.key ?? 0) + 1);
  const taken = core.api.argumentOf(node, member?.value);
  if (expected === undefined || taken === undefined || !isConstant(expected, core) || !isConstant(taken, core))
    return undefined;
  const loop = loopAround(node);
  if (loop === undefined) return undefined;
  const graph = core.ask(flowGraph, enclosingFunctionOf(node));
  const call = graph.steps.find((step) => step.kind === 'call' && step.node === node);
  const success = successOf(graph, node, expected, core);
  if (graph.truncated || call === undefined || success === undefined) return undefined;
  // Success that goes round again is a retry of something else.
  if (success.edge.to === call || isLoopOnly(success.edge.to, call, loop)) return undefined;
  const leak = leakOf({ cell, take: node, graph, success: success.edge.to, core });
  return {
    cell,
    take: node,
    loop,
    isEndless: !rests(loop, core) && !hasOtherWayOut(success, call, loop),
    ...(leak === undefined ? {} : { leak }),
  };
}

function isConstant(value: ts.Expression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(value);
  return (type.flags & (ts.TypeFlags.NumberLiteral | ts.TypeFlags.BigIntLiteral)) !== 0;
}

function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  const fn = enclosingFunctionOf(node);
  for (
    let at = node.parent as ts.Node | undefined;
    at !== undefined && at !== fn;
    at = at.parent as ts.Node | undefined
  ) {
    if (ts.isWhileStatement(at) || ts.isDoStatement(at) || ts.isForStatement(at)) return at;
  }
  return undefined;
}

interface Decision {
  readonly step: Step;
  readonly edge: Edge;
}

/** The edge that is taken when the exchange has succeeded. */
function successOf(
  graph: FlowGraph,
  take: ts.CallExpression,
  expected: ts.Expression,
  core: Core,
): Decision | undefined {
  for (const step of graph.steps) {
    if (step.kind !== 'branch') continue;
    const way = successWay(bare(step.node), take, expected, core);
    const edge = step.next.find((candidate) => candidate.way === way);
    if (edge !== undefined) return { step, edge };
  }
  return undefined;
}

function successWay(
  test: ts.Node,
  take: ts.CallExpression,
  expected: ts.Expression,
  core: Core,
): 'false' | 'true' | undefined {
  const isResult = (node: ts.Node): boolean => {
    const inner = bare(node);
    if (inner === take) return true;
    const declaration = ts.isIdentifier(inner) ? symbolOf(inner, core)?.valueDeclaration : undefined;
    return (
      declaration !== undefined &&
      ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined &&
      bare(declaration.initializer) === take
    );
  };
  if (isResult(test)) return valueOf(expected, core) === '0' ? 'false' : undefined;
  if (!ts.isBinaryExpression(test)) return undefined;
  const other = isResult(test.left) ? test.right : isResult(test.right) ? test.left : undefined;
  if (other === undefined) return undefined;
  const isExpected = valueOf(other, core) === valueOf(expected, core);
  switch (test.operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return isExpected ? 'true' : 'false';
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return isExpected ? 'false' : 'true';
    default:
      return undefined;
  }
}

function valueOf(expression: ts.Expression, core: Core): string | undefined {
  const type = core.checker.getTypeAtLocation(expression);
  if (type.isNumberLiteral()) return String(type.value);
  const { value } = type as { value?: ts.PseudoBigInt };
  return (type.flags & ts.TypeFlags.BigIntLiteral) !== 0 && value !== undefined
    ? `${value.negative ? '-' : ''}${value.base10Value}`
    : undefined;
}

/** Does every way on from here stay in the loop and come back to the exchange? */
function isLoopOnly(from: Step, call: Step, loop: ts.IterationStatement): boolean {
  return !isInsideStep(from, loop)
    ? false
    : pathOf({ from, to: (step) => !isInsideStep(step, loop), avoiding: (step) => step === call }) === undefined;
}

function isInsideStep(step: Step, loop: ts.IterationStatement): boolean {
  return step.kind !== 'exit' && step.kind !== 'escape' && step.kind !== 'enter' && isInside(step.node, loop);
}

/** Is there a member with the role `waits` in the loop? */
function rests(loop: ts.IterationStatement, core: Core): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isAwaitExpression(node) ||
    (ts.isCallExpression(node) && core.api.plays(node, 'waits') !== undefined) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(loop);
}

/** After a failed exchange, is there a way out of the loop other than the exchange itself? Exceptions of callees do not count. */
function hasOtherWayOut({ step, edge }: Decision, call: Step, loop: ts.IterationStatement): boolean {
  return step.next.some(
    (failed) =>
      failed !== edge &&
      failed.to !== call &&
      (!isLoopStep(failed.to, loop) ||
        pathOf({
          from: failed.to,
          to: (to) => !isLoopStep(to, loop),
          avoiding: (to) => to === call,
          without: (way, from) => way.way === 'throw' && from.kind !== 'throw',
        }) !== undefined),
  );
}

/** Joins have the loop itself as their node, or what follows it; only a step that does something outside counts as out. */
function isLoopStep(step: Step, loop: ts.IterationStatement): boolean {
  if (step.kind === 'join') return true;
  return isInsideStep(step, loop);
}

interface Held {
  readonly cell: Cell;
  readonly take: ts.CallExpression;
  readonly graph: FlowGraph;
  readonly success: Step;
  readonly core: Core;
}

function leakOf(held: Held): CellLock['leak'] {
  const { graph, success, core } = held;
  const releases = new Set(graph.steps.filter((step) => isRelease(step, held)));
  if (releases.size === 0) return isReleasedSomewhere(held) ? undefined : { is: 'nowhere' };
  if (releases.has(success)) return undefined;
  const path = pathOf({
    from: success,
    to: (step) => step === graph.exit || step === graph.escape,
    avoiding: (step) => releases.has(step) || step.node === held.take,
    without: (edge, step) => edge.way === 'throw' && step.kind !== 'throw' && !surelyMayThrow(step, core),
  });
  if (path === undefined) return undefined;
  const last = path.findLast(
    ({ kind }, at) => kind === 'return' || kind === 'throw' || (kind === 'call' && path[at + 1] === graph.escape),
  );
  return { is: 'path', ...(last === undefined ? {} : { last: last.node }) };
}

function surelyMayThrow({ kind, node }: Step, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node)) return false;
  return core.ask(calleesOf, node).functions.some((fn) => core.ask(mayThrow, fn).is === 'yes');
}

/** Does the step give the lock back, or hand it on: a write of the cell, a call or a closure that leads to one, a `using`? */
function isRelease({ kind, node }: Step, { cell, take, core }: Held): boolean {
  if (kind === 'dispose') return true;
  if (kind === 'write' && ts.isElementAccessExpression(node)) return touches(node, cell, take, core);
  if (kind === 'make') return writesWithin(node, cell, take, core);
  if (kind !== 'call' || !ts.isCallExpression(node)) return false;
  if (touches(node, cell, take, core)) return true;
  return leadsToWrite(node, cell, take, MOST_DEPTH, core);
}

function leadsToWrite(
  call: ts.CallExpression,
  cell: Cell,
  take: ts.CallExpression,
  depth: number,
  core: Core,
): boolean {
  return core.ask(calleesOf, call).functions.some((fn: FunctionNode) => {
    if (writesWithin(fn, cell, take, core)) return true;
    if (depth <= 1) return false;
    let found = false;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && leadsToWrite(node, cell, take, depth - 1, core)) found = true;
      if (!found) ts.forEachChild(node, visit);
    };
    ts.forEachChild(fn, visit);
    return found;
  });
}

function writesWithin(root: ts.Node, cell: Cell, take: ts.CallExpression, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    const isAccess = ts.isCallExpression(node) || (ts.isElementAccessExpression(node) && isTarget(node));
    return (isAccess && touches(node, cell, take, core)) || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(root);
}

function isTarget(node: ts.ElementAccessExpression): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) && parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
}

/** Does the access write the cell, or one that may be the same under another name? */
function touches(node: ts.Node, cell: Cell, take: ts.CallExpression, core: Core): boolean {
  if (node === take) return false;
  const file = node.getSourceFile();
  const access = core.ask(cellAccesses, file).find((candidate) => candidate.node === node);
  if (access !== undefined) {
    if (access.use === 'read' || access.use === 'signal') return false;
    return isSameCellHere(access.cell, cell, core) || mayBeSame(access.cell, cell);
  }
  return ts.isCallExpression(node) && isAtomicWriteOfUnknown(node, core);
}

function mayBeSame(left: Cell, right: Cell): boolean {
  const isOpen = (cell: Cell): boolean => cell.holder === undefined || ts.isParameter(cell.holder);
  if (left.holder !== right.holder) return isOpen(left) || isOpen(right);
  return left.key.is !== 'literal' || right.key.is !== 'literal';
}

function isAtomicWriteOfUnknown(call: ts.CallExpression, core: Core): boolean {
  const { api } = core;
  const writes = api.plays(call, 'atomic-write') ?? api.plays(call, 'atomic-update');
  return writes !== undefined && atomicCellAt(call, core) === undefined;
}

/** Is there a write of the cell anywhere in the Program that can be the other half? */
function isReleasedSomewhere({ cell, take, core }: Held): boolean {
  if (cell.holder === undefined || ts.isParameter(cell.holder)) return true;
  return core.ask(ownFiles, core.program).some((file) =>
    core.ask(cellAccesses, file).some((access) => {
      if (access.node === take || access.use === 'read' || access.use === 'signal') return false;
      const takes = ts.isCallExpression(access.node) && access.node.getText() === take.getText();
      return !takes && (isSameCell(access.cell, cell) || mayBeSame(access.cell, cell));
    }),
  );
}
