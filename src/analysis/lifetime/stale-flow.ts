import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { type Solution, solveForward } from '../flow/solve.ts';
import type { Access } from '../places/accesses.ts';
import { isSamePlace } from '../places/place.ts';
import { symbolOf } from '../places/symbols.ts';
import { blockOf } from '../syntax/block-scope.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { computed, type Evaluated, joined, NOTHING, type Origins, originsOf, partly, SAME } from './carried.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** How old a read is on the ways to a step: of this segment, of an earlier one, of an earlier one but looked at again since. */
export const FRESH = 1;
export const STALE = 2;
export const REREAD = 4;

/** What values hold at a step: locals, and the operands of the statement that is being evaluated. */
export interface Carried {
  readonly locals: ReadonlyMap<ts.Symbol, Origins>;
  readonly operands: ReadonlyMap<ts.Node, Origins>;
  /** Whose operands they are. */
  readonly statement: ts.Node | undefined;
  /** Of every read that something still holds. */
  readonly ages: ReadonlyMap<Access, number>;
}

const NO_OPERANDS: ReadonlyMap<ts.Node, Origins> = new Map();

/** Nothing was read yet. */
export const EMPTY: Carried = { locals: new Map(), operands: NO_OPERANDS, statement: undefined, ages: new Map() };

/** A stale-value problem on one function. */
export interface StaleQuestion {
  readonly graph: FlowGraph;
  readonly core: Core;
  /** The reads and writes at a step, those of callees included. */
  accessesAt(step: Step): readonly Access[];
  /** Is this a read of a place whose updates are being looked at? */
  isTracked(read: Access): boolean;
  readonly start: Carried;
  /** Where each name is mentioned for the last time. */
  readonly lastUse: ReadonlyMap<string, number>;
  resultParts: Evaluated['resultParts'];
}

/** Follows what was read from shared places through locals and operands, and how old it is. */
export function followReads(question: StaleQuestion): Solution<Carried> | undefined {
  return solveForward<Carried>(question.graph, {
    start: question.start,
    merge: mergeCarried,
    same: isSameCarried,
    weigh: ({ ages, locals, operands }) => ages.size + locals.size + operands.size,
    after: (step, before) => afterStep(step, before, question),
    along: (edge, step, before, after) => {
      // Nothing is written where the function is left.
      if (edge.to.kind === 'escape' || edge.to.kind === 'exit') return undefined;
      if (edge.way !== 'throw' || step.kind === 'throw') return after;
      return step.kind === 'suspend' ? aged(before) : before;
    },
  });
}

/** The least upper bound of two states: what may be carried on either way. */
export function mergeCarried(left: Carried, right: Carried): Carried {
  if (left === right) return left;
  const isOneStatement = left.statement === right.statement;
  const ages = new Map(left.ages);
  for (const [origin, age] of right.ages) ages.set(origin, (ages.get(origin) ?? 0) | age);
  return {
    locals: mergeOrigins(left.locals, right.locals),
    operands: isOneStatement ? mergeOrigins(left.operands, right.operands) : NO_OPERANDS,
    statement: isOneStatement ? left.statement : undefined,
    ages,
  };
}

function mergeOrigins<Key>(
  left: ReadonlyMap<Key, Origins>,
  right: ReadonlyMap<Key, Origins>,
): ReadonlyMap<Key, Origins> {
  if (left === right || right.size === 0) return left;
  if (left.size === 0) return right;
  const both = new Map(left);
  for (const [carrier, origins] of right) both.set(carrier, joined(both.get(carrier) ?? NOTHING, origins));
  return both;
}

/** Do both states say the same? */
export function isSameCarried(left: Carried, right: Carried): boolean {
  if (left === right) return true;
  if (left.statement !== right.statement || left.ages.size !== right.ages.size) return false;
  for (const [origin, age] of left.ages) if (right.ages.get(origin) !== age) return false;
  return isSameOrigins(left.locals, right.locals) && isSameOrigins(left.operands, right.operands);
}

function isSameOrigins<Key>(left: ReadonlyMap<Key, Origins>, right: ReadonlyMap<Key, Origins>): boolean {
  if (left === right) return true;
  if (left.size !== right.size) return false;
  for (const [carrier, origins] of left) {
    const other = right.get(carrier);
    if (other?.size !== origins.size) return false;
    for (const [origin, ways] of origins) if (other.get(origin) !== ways) return false;
  }
  return true;
}

/** All reads that something still holds are now of an earlier segment. */
export function aged(state: Carried): Carried {
  if (state.ages.size === 0) return state;
  return { ...state, ages: new Map([...heldBy(state)].map((origin) => [origin, STALE])) };
}

function heldBy({ locals, operands }: Pick<Carried, 'locals' | 'operands'>): ReadonlySet<Access> {
  const held = new Set<Access>();
  for (const origins of locals.values()) for (const origin of origins.keys()) held.add(origin);
  for (const origins of operands.values()) for (const origin of origins.keys()) held.add(origin);
  return held;
}

/** Operands are forgotten with the statement that they belong to, locals when nothing names them any more. */
function inStatement(state: Carried, node: ts.Node, lastUse: StaleQuestion['lastUse']): Carried {
  const owner = isFunctionNode(node) ? node.parent : node;
  const statement = ts.findAncestor(owner, (candidate) => ts.isStatement(candidate) || ts.isFunctionLike(candidate));
  if (statement === state.statement) return state;
  if (state.operands.size === 0 && state.locals.size === 0) return { ...state, statement };
  const start = statement?.pos ?? 0;
  const isDead = (symbol: ts.Symbol): boolean =>
    (lastUse.get(symbol.name) ?? Number.POSITIVE_INFINITY) <= start || endOfScope(symbol) <= start;
  const hasDead = [...state.locals.keys()].some(isDead);
  const locals = hasDead ? new Map([...state.locals].filter(([symbol]) => !isDead(symbol))) : state.locals;
  const held = heldBy({ locals, operands: NO_OPERANDS });
  const ages =
    held.size === state.ages.size ? state.ages : new Map([...state.ages].filter(([origin]) => held.has(origin)));
  return { locals, operands: NO_OPERANDS, statement, ages };
}

const scopeEnds = new WeakMap<ts.Symbol, number>();

/** Where the block ends outside which nothing can name a variable; infinity for those that are seen in the whole function. */
function endOfScope(symbol: ts.Symbol): number {
  let end = scopeEnds.get(symbol);
  if (end === undefined) {
    const { valueDeclaration } = symbol;
    end = (valueDeclaration && blockOf(valueDeclaration)?.end) ?? Number.POSITIVE_INFINITY;
    scopeEnds.set(symbol, end);
  }
  return end;
}

/** The reads an expression's value comes from, in a state. */
export function originsIn(
  state: Carried,
  expression: ts.Node,
  question: Pick<StaleQuestion, 'core' | 'resultParts'>,
): Origins {
  return originsOf(expression, {
    core: question.core,
    resultParts: question.resultParts,
    originsOf: (leaf) => state.operands.get(leaf),
  });
}

function afterStep(step: Step, before: Carried, question: StaleQuestion): Carried {
  if (step.kind === 'join' || step.kind === 'exit' || step.kind === 'escape' || step.kind === 'enter') return before;
  let state = inStatement(before, step.node, question.lastUse);
  if (step.kind === 'suspend') state = aged(state);
  const here = question.accessesAt(step);
  if (step.kind === 'read') state = withLeaf(state, step.node, localOrigins(step.node, state, question));
  for (const access of here) if (access.is === 'read') state = afterRead(access, state, question);
  if (step.kind === 'write') state = afterLocalWrite(step, state, question);
  return state;
}

/** A read of a tracked place starts a new origin; older reads of the same place have been looked at again. */
function afterRead(access: Access, state: Carried, question: StaleQuestion): Carried {
  const ages = new Map(state.ages);
  let changed = false;
  for (const [origin, age] of ages) {
    if ((age & STALE) === 0 || !isSamePlace(origin.place, access.place)) continue;
    ages.set(origin, (age & ~STALE) | REREAD);
    changed = true;
  }
  if (!question.isTracked(access)) return changed ? { ...state, ages } : state;
  ages.set(access, FRESH);
  const own: Origins = new Map([[access, SAME]]);
  const known = state.operands.get(access.node);
  const operands = new Map(state.operands);
  operands.set(access.node, known === undefined ? own : joined(known, own));
  return { ...state, operands, ages };
}

/** What a read leaf holds: the value of a local, or something taken out of one. */
function localOrigins(node: ts.Node, state: Carried, question: StaleQuestion): Origins {
  if (ts.isIdentifier(node)) {
    const symbol = symbolOf(node, question.core);
    return (symbol && state.locals.get(symbol)) ?? NOTHING;
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    return partly(originsIn(state, node.expression, question));
  }
  const source = partSourceOf(node);
  return source === undefined ? NOTHING : partly(originsIn(state, source, question));
}

/** Where the part of a pattern is taken from. */
function partSourceOf(node: ts.Node): ts.Expression | undefined {
  for (let current: ts.Node = node; ; current = current.parent) {
    if (ts.isVariableDeclaration(current)) return current.initializer;
    if (ts.isBinaryExpression(current)) return current.right;
    const goesOn =
      isBindingElement(current) ||
      ts.isObjectBindingPattern(current) ||
      ts.isArrayBindingPattern(current) ||
      ts.isObjectLiteralElementLike(current) ||
      ts.isObjectLiteralExpression(current) ||
      ts.isArrayLiteralExpression(current);
    if (!goesOn) return undefined;
  }
}

function afterLocalWrite(step: Step, state: Carried, question: StaleQuestion): Carried {
  const { node, write } = step;
  if (write === undefined || !ts.isIdentifier(node)) return state;
  const symbol = symbolOf(node, question.core);
  if (symbol === undefined) return state;
  const old = state.locals.get(symbol) ?? NOTHING;
  const source = write.part ?? write.value;
  const given = source === undefined || write.how === 'iterate' ? NOTHING : originsIn(state, source, question);
  const keepsOld = write.how === 'compound' || write.how === 'update';
  const origins = withoutOwn(symbol, keepsOld ? computed(joined(old, given)) : given);
  if (origins.size === 0 && old.size === 0) return state;
  const locals = new Map(state.locals);
  if (origins.size === 0) locals.delete(symbol);
  else locals.set(symbol, origins);
  return { ...state, locals };
}

/** A shared variable does not carry what was read from itself: whoever looks at it reads it anew. */
function withoutOwn(symbol: ts.Symbol, origins: Origins): Origins {
  const isOwn = ({ place: { path, root } }: Access): boolean =>
    path.length === 0 && root.is === 'binding' && root.symbol === symbol;
  return new Map([...origins].filter(([origin]) => !isOwn(origin)));
}

function withLeaf(state: Carried, leaf: ts.Node, origins: Origins): Carried {
  const known = state.operands.get(leaf);
  if (origins.size === 0 && known === undefined) return state;
  const operands = new Map(state.operands);
  if (origins.size === 0) operands.delete(leaf);
  else operands.set(leaf, origins);
  return { ...state, operands };
}
