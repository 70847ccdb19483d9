import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isReassigned, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { ownFiles } from '../text/files.ts';
import { type Cell, type CellAccess, cellAccesses, isSameCell, isSameCellHere } from './shared-cells.ts';
import { exemptAccesses } from './shared-lifetimes.ts';
import { referencesOf } from './references.ts';

/**
 * A change of a cell that other threads can fall into.
 *
 * - `update`: `++`, `--`, a compound assignment
 * - `read-back`: written from a value read from the same cell, directly or by way of a variable (`copy`)
 * - `swap`: read into a variable (`copy`) and overwritten by the next statement
 * - `test-and-set`: tested by an `if` or `while` (`guard`) and written by the statement that it leads to
 */
export interface CellRace {
  readonly kind: 'read-back' | 'swap' | 'test-and-set' | 'update';
  readonly cell: Cell;
  /** The whole expression that writes: an update, an assignment, an atomic store. */
  readonly write: ts.CallExpression | ts.Expression;
  /** The element accesses and atomic loads that take the value, the written target of an update left out. */
  readonly reads: readonly ts.Expression[];
  /** The value that is written, for `update` the right side if there is one. */
  readonly value?: ts.Expression;
  readonly copy?: ts.VariableDeclaration;
  readonly guard?: ts.IfStatement | ts.WhileStatement;
}

/** A plain access to a cell that is used atomically, or changed, elsewhere. */
export interface MixedAccess {
  readonly cell: Cell;
  readonly node: ts.ElementAccessExpression;
  readonly use: 'read' | 'write';
  /** The other place: an atomic call, or the expression of a race. */
  readonly other: ts.Node;
}

/** Changes of cells in a file that are made in two steps although other threads have the memory. */
export const cellRaces = defineFact<ts.SourceFile, readonly CellRace[]>({
  name: 'cell-races',
  scope: 'program',
  compute(file, core) {
    const accesses = core.ask(cellAccesses, file);
    if (accesses.length === 0) return [];
    const exempt = core.ask(exemptAccesses, file);
    const open = accesses.filter(({ node }) => !exempt.has(node));
    return open.flatMap((access) => raceAt(access, open, core) ?? []);
  },
});

/** Cells that some file uses atomically or changes in two steps, by the declaration that keeps the view. */
const concurrentCells = defineFact<
  ts.Program,
  ReadonlyMap<ts.Declaration, readonly { cell: Cell; node: ts.Node; writes: boolean }[]>
>({
  name: 'concurrent-cells',
  scope: 'program',
  compute(program, core) {
    const found = new Map<ts.Declaration, { cell: Cell; node: ts.Node; writes: boolean }[]>();
    const add = (cell: Cell, node: ts.Node, writes: boolean): void => {
      if (cell.holder === undefined) return;
      const known = found.get(cell.holder);
      if (known === undefined) found.set(cell.holder, [{ cell, node, writes }]);
      else known.push({ cell, node, writes });
    };
    for (const file of core.ask(ownFiles, program)) {
      for (const { cell, node, isAtomic, use } of core.ask(cellAccesses, file))
        if (isAtomic) add(cell, node, use === 'update' || use === 'write');
      for (const { cell, write } of core.ask(cellRaces, file)) add(cell, write, true);
    }
    return found;
  },
});

/** Plain accesses of a file to cells that are used atomically, or changed, elsewhere in the Program. */
export const mixedAccesses = defineFact<ts.SourceFile, readonly MixedAccess[]>({
  name: 'mixed-cell-accesses',
  scope: 'program',
  compute(file, core) {
    const plain = core.ask(cellAccesses, file).filter(({ isAtomic, cell }) => !isAtomic && cell.holder !== undefined);
    if (plain.length === 0) return [];
    const inRaces = new Set(core.ask(cellRaces, file).flatMap(({ write, reads }) => [targetOf(write), ...reads]));
    const exempt = core.ask(exemptAccesses, file);
    const elsewhere = core.ask(concurrentCells, core.program);
    return plain.flatMap(({ cell, node, use }): MixedAccess[] => {
      if (!ts.isElementAccessExpression(node) || inRaces.has(node) || exempt.has(node)) return [];
      if (use !== 'read' && use !== 'write') return [];
      if (cell.elements === 'float' || cell.elements === 'clamped' || cell.holder === undefined) return [];
      const others = (elsewhere.get(cell.holder) ?? []).filter((entry) => isSameCell(entry.cell, cell));
      const other = use === 'write' ? others[0] : others.find(({ writes }) => writes);
      if (other === undefined || (use === 'read' && isRightAfterWait(node, cell, core))) return [];
      return [{ cell, node, use, other: other.node }];
    });
  },
});

/**
 * Does every path to this read pass a wait on the same cell, with neither another run of the read nor a suspension in between? What
 * was written before the wake-up is then seen.
 */
function isRightAfterWait(read: ts.ElementAccessExpression, cell: Cell, core: Core): boolean {
  const signals = core
    .ask(cellAccesses, read.getSourceFile())
    .filter((access) => access.use === 'signal' && isSameCellHere(access.cell, cell, core))
    .map(({ node }) => node)
    .filter(ts.isCallExpression);
  const waits = new Set<ts.Node>(signals.filter((call) => core.api.plays(call, 'waits') !== undefined));
  if (waits.size === 0) return false;
  const graph = core.ask(flowGraph, enclosingFunctionOf(read));
  const here = new Set(graph.stepsOf(read));
  if (graph.truncated || here.size === 0) return false;
  return graph.steps
    .filter((step) => step === graph.enter || step.kind === 'suspend' || here.has(step))
    .every(
      (from) => pathOf({ from, to: (step) => here.has(step), avoiding: ({ node }) => waits.has(node) }) === undefined,
    );
}

/** The target of an assignment or update. */
function targetOf(write: ts.Expression): ts.Node {
  if (ts.isBinaryExpression(write)) return bare(write.left);
  return ts.isPrefixUnaryExpression(write) || ts.isPostfixUnaryExpression(write) ? bare(write.operand) : write;
}

function raceAt(access: CellAccess, open: readonly CellAccess[], core: Core): CellRace | undefined {
  const { cell, node, isAtomic, use } = access;
  if (isAtomic) {
    const member = use === 'write' && ts.isCallExpression(node) ? core.api.memberOf(node) : undefined;
    const value =
      member?.value === undefined ? undefined : core.api.argumentOf(node as ts.CallExpression, member.value);
    return value === undefined ? undefined : readBackAt(node, cell, value, true, open, core);
  }
  const write = wrapped(node).parent;
  if (use === 'update' && isUpdate(write)) {
    if (ts.isBinaryExpression(write) && write.operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken)
      return undefined;
    const guarded = guardOf(write, cell, open);
    const value = ts.isBinaryExpression(write) ? { value: write.right } : {};
    return { kind: guarded === undefined ? 'update' : 'test-and-set', cell, write, reads: [], ...value, ...guarded };
  }
  if (use !== 'write' || !ts.isBinaryExpression(write) || bare(write.left) !== node) return undefined;
  const guarded = guardOf(write, cell, open);
  if (guarded !== undefined) return { kind: 'test-and-set', cell, write, value: write.right, ...guarded };
  return readBackAt(write, cell, write.right, false, open, core) ?? swapAt(write, cell, open, core);
}

function isUpdate(node: ts.Node): node is ts.BinaryExpression | ts.PostfixUnaryExpression | ts.PrefixUnaryExpression {
  return ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node);
}

/**
 * Is the value made from what the cell held? Between two atomic members only plain addition and the like counts: one thread that owns
 * an index may compute it as it likes and publish it by a store.
 */
function readBackAt(
  write: ts.Expression,
  cell: Cell,
  value: ts.Expression,
  isStore: boolean,
  open: readonly CellAccess[],
  core: Core,
): CellRace | undefined {
  const direct = open.filter(
    (other) => other.use === 'read' && isInside(other.node, value) && isSameCellHere(other.cell, cell, core),
  );
  if (direct.length > 0) {
    if (isStore && direct.every(({ isAtomic }) => isAtomic) && !isStep(value, direct[0]?.node)) return undefined;
    return { kind: 'read-back', cell, write, value, reads: direct.map(({ node }) => node) };
  }
  for (const name of identifiersIn(value)) {
    const copy = symbolOf(name, core)?.valueDeclaration;
    if (copy === undefined || !ts.isVariableDeclaration(copy) || copy.initializer === undefined) continue;
    const source = bare(copy.initializer);
    const read = open.find(({ node, use }) => node === source && use === 'read');
    if (read === undefined || !isSameCellHere(read.cell, cell, core) || !isCarried(copy, read, write, core)) continue;
    if (isStore && read.isAtomic && (!isStep(value, name) || !isOnlyFor(copy, value, core))) continue;
    return { kind: 'read-back', cell, write, value, reads: [read.node], copy };
  }
  return undefined;
}

/** Does a path lead from the read to the write on which the copy, and what names the cell, stay what they were? */
function isCarried(copy: ts.VariableDeclaration, read: CellAccess, write: ts.Expression, core: Core): boolean {
  const fn = enclosingFunctionOf(write);
  if (enclosingFunctionOf(copy) !== fn) return false;
  const graph = core.ask(flowGraph, fn);
  const from = graph.steps.find((step) => step.node === read.node || (step.kind === 'call' && step.node === read.node));
  const names = new Set(identifiersIn(read.cell.index).map((name) => symbolOf(name, core)));
  const target = targetOf(write);
  if (from === undefined || graph.truncated) return false;
  const path = pathOf({
    from,
    to: (step) => (step.kind === 'write' && step.node === target) || (step.kind === 'call' && step.node === write),
    avoiding: (step) =>
      step.kind === 'write' &&
      ts.isIdentifier(step.node) &&
      (names.has(symbolOf(step.node, core)) ||
        (step.write?.how === 'assign' && symbolOf(step.node, core)?.valueDeclaration === copy)),
  });
  return path !== undefined;
}

/** Is the value the operand plus or minus something, or a bitwise step from it: what one atomic member does? */
export function isStep(value: ts.Expression, operand: ts.Node | undefined): boolean {
  const inner = bare(value);
  if (!ts.isBinaryExpression(inner)) return false;
  switch (inner.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandToken:
    case ts.SyntaxKind.BarToken:
    case ts.SyntaxKind.CaretToken:
    case ts.SyntaxKind.PlusToken:
      return bare(inner.left) === operand || bare(inner.right) === operand;
    case ts.SyntaxKind.MinusToken:
      return bare(inner.left) === operand;
    default:
      return false;
  }
}

/** Is the copy used for nothing but this value and as a result? */
function isOnlyFor(copy: ts.VariableDeclaration, value: ts.Expression, core: Core): boolean {
  const symbol = core.checker.getSymbolAtLocation(copy.name);
  if (symbol === undefined || core.ask(isReassigned, symbol)) return false;
  return referencesOf(symbol, core).found.every(
    ({ node }) => isInside(node, value) || ts.isReturnStatement(wrapped(node).parent),
  );
}

/** `const held = cells[0]; cells[0] = 0;` */
function swapAt(write: ts.BinaryExpression, cell: Cell, open: readonly CellAccess[], core: Core): CellRace | undefined {
  const statement = wrapped(write).parent;
  if (!ts.isExpressionStatement(statement)) return undefined;
  const before = previousOf(statement);
  if (before === undefined || !ts.isVariableStatement(before)) return undefined;
  const [copy, more] = before.declarationList.declarations;
  if (copy?.initializer === undefined || more !== undefined) return undefined;
  const source = bare(copy.initializer);
  const read = open.find(({ node, use, isAtomic }) => node === source && use === 'read' && !isAtomic);
  if (read === undefined || !isSameCellHere(read.cell, cell, core)) return undefined;
  return { kind: 'swap', cell, write, value: write.right, reads: [read.node], copy };
}

/** The `if` or `while` whose test of the same cell leads straight to the write: first in its body, or right after an early exit. */
function guardOf(
  write: ts.Expression,
  cell: Cell,
  open: readonly CellAccess[],
): { guard: ts.IfStatement | ts.WhileStatement; reads: readonly ts.Expression[] } | undefined {
  const statement = wrapped(write).parent;
  if (!ts.isExpressionStatement(statement)) return undefined;
  const guard = guardBefore(statement);
  if (guard === undefined) return undefined;
  const reads = open.filter(
    (other) =>
      other.use === 'read' && !other.isAtomic && isInside(other.node, guard.expression) && isSameCell(other.cell, cell),
  );
  return reads.length === 0 ? undefined : { guard, reads: reads.map(({ node }) => node) };
}

function guardBefore(statement: ts.Statement): ts.IfStatement | ts.WhileStatement | undefined {
  const before = previousOf(statement);
  if (before !== undefined) {
    if (ts.isWhileStatement(before)) return before;
    return ts.isIfStatement(before) && before.elseStatement === undefined && isExit(before.thenStatement)
      ? before
      : undefined;
  }
  const body = ts.isBlock(statement.parent) ? statement.parent : statement;
  const holder = body.parent;
  return ts.isIfStatement(holder) && holder.thenStatement === body ? holder : undefined;
}

/** Does the statement, or the last one of the block, leave? */
function isExit(statement: ts.Statement): boolean {
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return (
    last !== undefined &&
    (ts.isReturnStatement(last) ||
      ts.isThrowStatement(last) ||
      ts.isContinueStatement(last) ||
      ts.isBreakStatement(last))
  );
}

/** The statement before this one in the same list. */
function previousOf(statement: ts.Statement): ts.Statement | undefined {
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isCaseOrDefaultClause(parent) && !ts.isModuleBlock(parent))
    return undefined;
  return parent.statements[parent.statements.indexOf(statement) - 1];
}

function identifiersIn(root: ts.Node): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}
