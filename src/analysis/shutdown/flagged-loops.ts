import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { taskOf } from '../escape/task-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { callSitesOf, referencesOf } from '../program/references.ts';
import { drainsOn, type ReachedExit } from '../resources/drains-on.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import type { ShutdownPath } from './paths.ts';

/** A loop that a flag tells to end, and that nobody waits for. */
export interface FlaggedLoop {
  /** The write of the flag. */
  readonly flag: ts.BinaryExpression;
  readonly loop: ts.IterationStatement;
  /** The async function that loops. */
  readonly fn: FunctionNode;
  /** The call that starts it and drops its promise. */
  readonly started: ts.CallExpression;
}

/** The loop that is told to end before an exit and may be in the middle of a round when the process is gone. */
export function flaggedLoopBefore(
  { exit, isAfterFailure, isPaused, through, unseen }: ReachedExit,
  { on }: ShutdownPath,
  core: Core,
): FlaggedLoop | undefined {
  if (on !== 'signal' || isAfterFailure || isPaused || unseen.length > 0) return undefined;
  for (const node of [...through, exit]) {
    const graph = core.ask(flowGraph, enclosingFunctionOf(node));
    const ends = new Set(graph.stepsOf(node));
    for (const step of graph.steps) {
      if (step.kind !== 'call' && step.kind !== 'write') continue;
      if (step.node === node || pathOf({ from: step, to: (next) => ends.has(next) }) === undefined) continue;
      for (const flag of flagsAt(step.node, core)) {
        const found = core.ask(loopOf, flag);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** The flags that a step sets: by itself, or in the function that it calls. */
function flagsAt(node: ts.Node, core: Core): readonly ts.BinaryExpression[] {
  if (!ts.isCallExpression(node)) {
    const { parent } = node;
    return ts.isBinaryExpression(parent) && isFlag(parent) && parent.left === node ? [parent] : [];
  }
  const { functions, isComplete } = core.ask(calleesOf, node);
  return isComplete ? functions.flatMap(flagsIn) : [];
}

function flagsIn(fn: FunctionNode): readonly ts.BinaryExpression[] {
  const found: ts.BinaryExpression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isFlag(node)) found.push(node);
    if (node === fn || !isFunctionNode(node)) ts.forEachChild(node, look);
  };
  look(fn);
  return found;
}

/** `this.isRunning = false` */
function isFlag({ left, operatorToken, right }: ts.BinaryExpression): boolean {
  const { kind } = bare(right);
  return (
    operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    (kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword) &&
    (ts.isIdentifier(left) || ts.isPropertyAccessExpression(left))
  );
}

const loopOf = defineFact<ts.BinaryExpression, FlaggedLoop | undefined>({
  name: 'flagged-loop',
  scope: 'program',
  compute(flag, core) {
    const target = bare(flag.left);
    const name = ts.isPropertyAccessExpression(target) ? target.name : target;
    const symbol = ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? symbolOf(name, core) : undefined;
    if (symbol === undefined) return undefined;
    for (const { expression } of referencesOf(symbol, core).found) {
      const loop = loopAround(expression);
      const fn = loop === undefined ? undefined : enclosingFunctionOf(loop);
      if (loop === undefined || fn === undefined || !isAsync(fn) || !waitsForWork(loop, fn, core)) continue;
      const { doubt, found, open, passed } = callSitesOf(fn, core);
      const [first] = found;
      if (doubt !== undefined || open || passed.length > 0 || first === undefined) continue;
      const isDropped = found.every(({ node }) => ts.isCallExpression(node) && core.ask(taskOf, node).is === 'dropped');
      if (isDropped && ts.isCallExpression(first.node)) return { flag, loop, fn, started: first.node };
    }
    return undefined;
  },
});

/** The loop whose condition, or a way out of it, the flag decides. */
function loopAround(node: ts.Node): ts.IterationStatement | undefined {
  for (let at = node; !ts.isSourceFile(at) && !isFunctionNode(at); at = at.parent) {
    const { parent } = at;
    if ((ts.isWhileStatement(parent) || ts.isDoStatement(parent)) && parent.expression === at) return parent;
    if (ts.isForStatement(parent) && parent.condition === at) return parent;
    if (!ts.isIfStatement(parent) || parent.expression !== at || !isWayOut(parent.thenStatement)) continue;
    for (let outer: ts.Node = parent; !ts.isSourceFile(outer) && !isFunctionNode(outer); outer = outer.parent)
      if (ts.isIterationStatement(outer, false)) return outer;
  }
  return undefined;
}

function isWayOut(statement: ts.Statement): boolean {
  const only = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return only !== undefined && (ts.isBreakStatement(only) || ts.isReturnStatement(only));
}

/** Does a round wait for something else than a pause? */
function waitsForWork(loop: ts.IterationStatement, fn: FunctionNode, core: Core): boolean {
  return core
    .ask(flowGraph, fn)
    .suspensions.some(
      ({ node }) => isInside(node, loop.statement) && ts.isAwaitExpression(node) && !isPause(node.expression, core),
    );
}

function isPause(expression: ts.Expression, core: Core): boolean {
  const call = bare(expression);
  if (!ts.isCallExpression(call)) return ts.isNewExpression(call);
  if (core.api.plays(call, 'starts-timer') !== undefined) return true;
  const { functions } = core.ask(calleesOf, call);
  return functions.length > 0 && functions.every((each) => core.ask(drainsOn, each).isPause);
}
