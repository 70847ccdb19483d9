import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { keyOf } from '../places/place-of.ts';
import { type EntryKey, isSameKey } from '../places/place.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { type ElementKind, elementKindOf } from '../types/element-kind-of.ts';
import { usesSharedMemory, viewHolderOf, viewSharedness } from './shared-views.ts';

/** One cell of a typed array on shared memory. */
export interface Cell {
  /** View and index as they are written. */
  readonly view: ts.Expression;
  readonly index: ts.Expression;
  /** Where the view is kept, if it can be named. */
  readonly holder: ts.Declaration | undefined;
  readonly key: EntryKey;
  readonly elements: ElementKind;
}

/** The cell that an element access touches, if its memory is certainly shared. */
export function cellAt(node: ts.ElementAccessExpression, core: Core): Cell | undefined {
  return cellOf(node.expression, node.argumentExpression, core);
}

/** The cell that a call works on by an atomic member. */
export function atomicCellAt(call: ts.CallExpression, core: Core): Cell | undefined {
  const member = core.api.memberOf(call);
  if (member?.key === undefined || member.argument === undefined) return undefined;
  const view = core.api.argumentOf(call, member.argument);
  const index = core.api.argumentOf(call, member.key);
  return view === undefined || index === undefined ? undefined : cellOf(view, index, core);
}

function cellOf(view: ts.Expression, index: ts.Expression, core: Core): Cell | undefined {
  const { checker } = core;
  if (!core.ask(usesSharedMemory, core.program)) return undefined;
  const indexType = checker.getTypeAtLocation(index);
  if ((indexType.flags & ts.TypeFlags.NumberLike) === 0 && !isNumberUnion(indexType)) return undefined;
  const elements = elementKindOf(checker.getTypeAtLocation(view), checker);
  if (elements === undefined || viewSharedness(view, core) !== 'shared') return undefined;
  const key: EntryKey = indexType.isNumberLiteral()
    ? { is: 'literal', text: String(indexType.value) }
    : keyOf(index, core);
  return { view, index, holder: viewHolderOf(view, core), key, elements };
}

function isNumberUnion(type: ts.Type): boolean {
  return type.isUnion() && type.types.every((part) => (part.flags & ts.TypeFlags.NumberLike) !== 0);
}

/** Are both certainly the same cell, wherever they stand? */
export function isSameCell(left: Cell, right: Cell): boolean {
  return left.holder !== undefined && left.holder === right.holder && isSameKey(left.key, right.key);
}

/** Are both the same cell if nothing they are named by changes in between? */
export function isSameCellHere(left: Cell, right: Cell, core: Core): boolean {
  const isSameView = left.holder === undefined ? isSameText(left.view, right.view, core) : left.holder === right.holder;
  return isSameView && (isSameKey(left.key, right.key) || isSameText(left.index, right.index, core));
}

function isSameText(left: ts.Expression, right: ts.Expression, core: Core): boolean {
  const [one, other] = [bare(left), bare(right)];
  if (one.kind !== other.kind) return false;
  if (ts.isIdentifier(one)) return symbolOf(one, core) === symbolOf(other, core);
  if (one.kind === ts.SyntaxKind.ThisKeyword) return true;
  if (ts.isNumericLiteral(one) || ts.isStringLiteralLike(one)) return one.text === (other as typeof one).text;
  if (ts.isPropertyAccessExpression(one) && ts.isPropertyAccessExpression(other)) {
    return one.name.text === other.name.text && isSameText(one.expression, other.expression, core);
  }
  if (ts.isElementAccessExpression(one) && ts.isElementAccessExpression(other)) {
    return (
      isSameText(one.expression, other.expression, core) &&
      isSameText(one.argumentExpression, other.argumentExpression, core)
    );
  }
  if (ts.isBinaryExpression(one) && ts.isBinaryExpression(other)) {
    const isPlain =
      one.operatorToken.kind < ts.SyntaxKind.FirstAssignment || one.operatorToken.kind > ts.SyntaxKind.LastAssignment;
    return (
      isPlain &&
      one.operatorToken.kind === other.operatorToken.kind &&
      isSameText(one.left, other.left, core) &&
      isSameText(one.right, other.right, core)
    );
  }
  return false;
}

/** What an access does to its cell. A `signal` waits for a change or wakes those that wait, and changes nothing itself. */
export type CellUse = 'read' | 'signal' | 'update' | 'write';

/** One access to a cell. */
export interface CellAccess {
  readonly cell: Cell;
  /** The element access, or the atomic call. */
  readonly node: ts.CallExpression | ts.ElementAccessExpression;
  readonly isAtomic: boolean;
  readonly use: CellUse;
}

/** Every access of a file to cells of shared memory, plain and atomic, in the order of the text. */
export const cellAccesses = defineFact<ts.SourceFile, readonly CellAccess[]>({
  name: 'cell-accesses',
  scope: 'program',
  compute(file, core) {
    if (!core.ask(usesSharedMemory, core.program)) return [];
    const found: CellAccess[] = [];
    const visit = (node: ts.Node): void => {
      const access = accessAt(node, core);
      if (access !== undefined) found.push(access);
      if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  },
});

function accessAt(node: ts.Node, core: Core): CellAccess | undefined {
  if (ts.isElementAccessExpression(node)) {
    const cell = cellAt(node, core);
    return cell === undefined ? undefined : { cell, node, isAtomic: false, use: plainUseOf(node) };
  }
  if (!ts.isCallExpression(node)) return undefined;
  const use = atomicUseOf(node, core);
  if (use === undefined) return undefined;
  const cell = atomicCellAt(node, core);
  return cell === undefined ? undefined : { cell, node, isAtomic: true, use };
}

function atomicUseOf(call: ts.CallExpression, core: Core): CellUse | undefined {
  const { api } = core;
  if (api.plays(call, 'atomic-read') !== undefined) return 'read';
  if (api.plays(call, 'atomic-write') !== undefined) return 'write';
  if (api.plays(call, 'atomic-update') !== undefined) return 'update';
  return api.plays(call, 'atomic-notify') !== undefined || api.plays(call, 'waits')?.key !== undefined
    ? 'signal'
    : undefined;
}

function plainUseOf(node: ts.ElementAccessExpression): CellUse {
  let target: ts.Node = node;
  for (;;) {
    const { parent } = target;
    if (ts.isBinaryExpression(parent) && parent.left === target) {
      const kind = parent.operatorToken.kind;
      if (kind === ts.SyntaxKind.EqualsToken) return 'write';
      return kind > ts.SyntaxKind.EqualsToken && kind <= ts.SyntaxKind.LastAssignment ? 'update' : 'read';
    }
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      const isStep =
        parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
      return isStep ? 'update' : 'read';
    }
    const isWrapper =
      ts.isParenthesizedExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isSatisfiesExpression(parent);
    if (isWrapper) {
      target = parent;
      continue;
    }
    return isInPattern(target) ? 'write' : 'read';
  }
}

/** Is it a target in `[cells[0], cells[1]] = …`, `({ n: cells[0] } = …)` or `for (cells[0] of …)`? */
function isInPattern(target: ts.Node): boolean {
  let node = target;
  let parent = node.parent;
  if ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === node) return true;
  while (
    ts.isArrayLiteralExpression(parent) ||
    ts.isObjectLiteralExpression(parent) ||
    ts.isSpreadElement(parent) ||
    (ts.isPropertyAssignment(parent) && parent.initializer === node) ||
    ts.isParenthesizedExpression(parent)
  ) {
    node = parent;
    parent = node.parent;
  }
  if (node === target) return false;
  if (ts.isForOfStatement(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  );
}
