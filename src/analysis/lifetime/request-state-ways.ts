import * as ts from 'typescript';
import { afterSuspension } from '../effects/after-suspension.ts';
import { closureTime } from '../escape/closure-time.ts';
import { referencesOf as referencesInFileOf } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { accesses } from '../places/accesses.ts';
import { isSamePlace } from '../places/place.ts';
import { isWriteTarget, symbolOf } from '../places/symbols.ts';
import { callSitesOf, referencesOf } from '../program/references.ts';
import { wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import type { StatePlace } from './request-state-place.ts';
import { requestScopeOf } from './request-scope.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A place where the shared state is read, or a call or callback that leads to such a read. */
export interface Mark {
  /** The read itself, in whatever function. */
  readonly read: ts.Node;
  /** What stands for it in `fn`: the read, a call, a function value. */
  readonly node: ts.Node;
  readonly fn: FunctionNode;
  /** What suspends between `node` and the read, if anything does. */
  readonly pause: ts.Node | undefined;
  /** It runs at a time that is not known. */
  readonly isDoubtful: boolean;
}

/** Where the shared state is read and written. */
export interface Touches {
  readonly reads: readonly Mark[];
  /** Every node that gives it another value. */
  readonly writes: ReadonlySet<ts.Node>;
}

/** Every read and write of the place that can be named. */
export function touchesOf(target: ts.Node, fn: FunctionNode, state: StatePlace, core: Core): Touches {
  const writes = new Set<ts.Node>([target]);
  const reads = new Map<ts.Node, Mark>();
  const read = (node: ts.Node): void => {
    if (isCompared(node) || isInside(node, target)) return;
    reads.set(node, { read: node, node, fn: enclosingFunctionOf(node), pause: undefined, isDoubtful: false });
  };
  if (state.symbol !== undefined) {
    for (const { expression, isCertain, node, use } of referencesOf(state.symbol, core).found) {
      // A copy (`const mine = latest`) goes by another name and keeps what it got.
      if (isBindingElement(node.parent)) read(node.parent);
      else if (symbolOf(node, core)?.valueDeclaration !== state.symbol.valueDeclaration) continue;
      else if (use === 'write') writes.add(expression);
      else if (isCertain && use !== 'type' && use !== 'import' && use !== 'export' && use !== 'extend')
        read(expression);
    }
  } else {
    for (const list of core.ask(accesses, fn).values()) {
      for (const { is, node, place } of list) {
        if (!isSamePlace(place, state.place)) continue;
        if (is === 'write') writes.add(node);
        else read(node);
      }
    }
  }
  for (const holder of [state.holder, state.otherName?.symbol]) {
    if (holder === undefined) continue;
    for (const name of referencesInFileOf(holder, core)) if (isPassedWhole(name, fn, state)) read(name);
  }
  return { reads: [...reads.values()], writes };
}

/** `if (current !== mine) return`: somebody looks whether the value is still the own one. */
function isCompared(node: ts.Node): boolean {
  const { parent } = wrapped(node);
  if (!ts.isBinaryExpression(parent)) return false;
  switch (parent.operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return true;
    default:
      return false;
  }
}

/** Does the object itself go somewhere: not only one of its properties, not into another name of it? */
function isPassedWhole(name: ts.Identifier, fn: FunctionNode, { otherName }: StatePlace): boolean {
  if (!isInside(name, fn)) return false;
  const outer = wrapped(name);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent) || (ts.isElementAccessExpression(parent) && parent.expression === outer)) {
    // A property of what requests have merged into it may be anybody's.
    return otherName !== undefined && ts.isVariableDeclaration(otherName.declaration) && !isWriteTarget(parent);
  }
  if (ts.isVariableDeclaration(parent) && parent.initializer === outer) return false;
  return !isWriteTarget(name);
}

// ---------------------------------------------------------------- from the reads up to the callers

const MOST_MARKS = 120;
const MOST_CALLERS = 16;
const DEEPEST_CALLER = 4;

/** The reads, and the calls and callbacks by which other functions come to them. */
export function marksUpFrom(reads: readonly Mark[], core: Core): readonly Mark[] {
  const all = [...reads];
  const seen = new Map<ts.Node, Set<ts.Node>>();
  let level = reads;
  for (let depth = 0; depth < DEEPEST_CALLER && level.length > 0 && all.length < MOST_MARKS; depth++) {
    const next: Mark[] = [];
    for (const mark of level) {
      for (const above of marksAbove(mark, core)) {
        const known = seen.get(above.read) ?? new Set();
        if (known.has(above.node)) continue;
        seen.set(above.read, known.add(above.node));
        next.push(above);
      }
    }
    all.push(...next);
    level = next;
  }
  return all;
}

/** What stands for a mark in the functions around or above its own. */
function marksAbove(mark: Mark, core: Core): readonly Mark[] {
  const { fn, isDoubtful, node, read } = mark;
  if (ts.isSourceFile(fn)) return [];
  const pause = mark.pause ?? pauseBefore(node, fn, core);
  const outer = enclosingFunctionOf(fn);
  const found: Mark[] = [];
  if (!ts.isSourceFile(outer) && !ts.isPropertyDeclaration(fn)) {
    const time = core.ask(closureTime, fn);
    const deferred = time.when === 'deferred-once' || time.when === 'repeatedly' || time.when === 'concurrently';
    const chained = time.run?.call !== undefined && core.api.plays(time.run.call, 'chains') !== undefined;
    const isLost = time.when === 'unknown' && !chained;
    found.push({
      read,
      node: fn,
      fn: outer,
      pause: pause ?? (deferred || chained || isLost ? (time.run?.call ?? time.run?.witness) : undefined),
      isDoubtful: isDoubtful || isLost,
    });
  }
  for (const { isCertain, node: call } of callSitesOf(fn, core).found.slice(0, MOST_CALLERS)) {
    if (isCertain) found.push({ read, node: call, fn: enclosingFunctionOf(call), pause, isDoubtful });
  }
  return found;
}

/** The suspension of a function behind which a node is reached, on some way. */
export function pauseBefore(node: ts.Node, fn: FunctionNode, core: Core): ts.Node | undefined {
  const graph = core.ask(flowGraph, fn);
  if (graph.suspensions.length === 0) return undefined;
  const later = core.ask(afterSuspension, fn);
  for (const step of graph.stepsOf(node)) {
    const suspension = later.get(step);
    if (suspension !== undefined) return suspension.node;
  }
  return undefined;
}

// ---------------------------------------------------------------- from the write on

/** What comes after a write in one run. */
export interface Way {
  /** A read that others may have written before. */
  readonly late: { readonly mark: Mark; readonly pause: ts.Node; readonly step: Step } | undefined;
  /** A read in the segment of the write. */
  readonly early: Mark | undefined;
  /** Where the request is handed on to the next handler. */
  readonly forwards: ts.Node | undefined;
}

/** The steps of a function in which a write happens: the write itself, the call of who writes, or the `await` of that call. */
export function stepsOfWrite(node: ts.Node, isLater: boolean, graph: FlowGraph): readonly Step[] {
  if (!isLater) return graph.stepsOf(node).filter(({ kind }) => kind === 'write' || kind === 'call' || kind === 'make');
  const { parent } = wrapped(node);
  return ts.isAwaitExpression(parent) ? graph.stepsOf(parent).filter(({ kind }) => kind === 'suspend') : [];
}

/** What a run meets after a write until it writes the place again. */
export function wayFrom(
  starts: readonly Step[],
  graph: FlowGraph,
  marks: readonly Mark[],
  writes: ReadonlySet<ts.Node>,
  core: Core,
): Way {
  const marksAt = new Map<Step, Mark[]>();
  for (const mark of marks) {
    if (mark.fn !== graph.fn) continue;
    for (const step of graph.stepsOf(mark.node)) {
      if (step.kind !== 'read' && step.kind !== 'call' && step.kind !== 'make') continue;
      marksAt.set(step, [...(marksAt.get(step) ?? []), mark]);
    }
  }
  let late: Way['late'];
  let early: Mark | undefined;
  let forwards: ts.Node | undefined;
  const first = new Set(starts);
  const seen = new Map<Step, Set<boolean>>();
  const open: { step: Step; pause: ts.Node | undefined }[] = [];
  const goOn = (step: Step, pause: ts.Node | undefined): void => {
    for (const { to } of step.next) {
      const known = seen.get(to) ?? new Set();
      if (known.has(pause !== undefined)) continue;
      seen.set(to, known.add(pause !== undefined));
      open.push({ step: to, pause });
    }
  };
  for (const step of starts) goOn(step, undefined);
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { step } = next;
    // What comes round to the write again has written it again.
    if (first.has(step)) continue;
    for (const mark of marksAt.get(step) ?? []) {
      const pause = mark.pause ?? next.pause;
      if (pause === undefined) early ??= mark;
      else if (late === undefined || (late.mark.isDoubtful && !mark.isDoubtful)) late = { mark, pause, step };
    }
    if (step.kind === 'write' && writes.has(step.node)) continue;
    if (step.kind === 'call' && forwards === undefined && isForwarding(step.node, core)) forwards = step.node;
    goOn(step, step.kind === 'suspend' ? (next.pause ?? step.node) : next.pause);
  }
  return { late, early, forwards };
}

/** `next()`, or a call that is given `next`. */
function isForwarding(node: ts.Node, core: Core): boolean {
  if (!ts.isCallExpression(node)) return false;
  return [node.expression, ...node.arguments].some(
    (each) => ts.isIdentifier(each) && requestScopeOf(each, core)?.is === 'next',
  );
}
