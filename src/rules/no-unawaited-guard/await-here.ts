import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  flowGraph,
  type FunctionNode,
  heldLocksAt,
  isAsync,
  isGenerator,
  isInside,
  type UnawaitedGuard,
  wrapped,
} from '../../analysis/index.ts';
import { awaited } from './awaited.ts';
import type { GuardRepair } from './repair.ts';

/**
 * `assertOpen(order);` → `await assertOpen(order);`
 *
 * Automatic in an async function, where nothing is held that the call may need too, and not in a loop that waits for nothing yet: it
 * may start its work on purpose.
 */
export function awaitHere(found: UnawaitedGuard, isCertain: boolean, core: Core): GuardRepair | undefined {
  const fn = enclosingFunctionOf(found.call);
  if (!mayWait(fn, found.call, core)) return undefined;
  const edits = awaited(found.promise);
  if (edits === undefined) return undefined;
  const automatic =
    isCertain &&
    isAsync(fn) &&
    !isGenerator(fn) &&
    !isInIdleLoop(found.call, fn) &&
    !isListener(fn, core) &&
    !mayDeadlock(found, fn, core);
  return { title: 'await', automatic, edits };
}

/** Is `await` allowed at this place of the function? */
function mayWait(fn: FunctionNode, node: ts.Node, { program }: Core): boolean {
  if (ts.isSourceFile(fn)) return mayWaitInModule(fn, program);
  const isBodied = ts.isFunctionLike(fn) && 'body' in fn && fn.body !== undefined;
  return isBodied && isAsync(fn) && isInside(node, fn.body);
}

function mayWaitInModule(file: ts.SourceFile, program: ts.Program): boolean {
  const options = program.getCompilerOptions();
  const { module, target } = options;
  if (!ts.isExternalModule(file) || module === undefined || target === undefined) return false;
  if (target < ts.ScriptTarget.ES2017) return false;
  if (module >= ts.ModuleKind.Node16 && module <= ts.ModuleKind.NodeNext) {
    // The files of TypeScript 7 do not say it.
    const format = file.impliedNodeFormat ?? ts.getImpliedNodeFormatForFile(file.fileName, undefined, ts.sys, options);
    return format === ts.ModuleKind.ESNext;
  }
  return module === ts.ModuleKind.ES2022 || module === ts.ModuleKind.ESNext || module === ts.ModuleKind.Preserve;
}

/** A loop around the call in which nothing is waited for. */
function isInIdleLoop(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = node; at !== fn; at = at.parent) {
    if (ts.isForOfStatement(at) && at.awaitModifier !== undefined) return false;
    if (ts.isIterationStatement(at, false)) return !waits(at);
  }
  return false;
}

function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, waits) ?? false;
}

/** A callback that is called at each event: what comes next does not wait for it. */
function isListener(fn: FunctionNode, core: Core): boolean {
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || call.expression === outer) return false;
  return core.api.plays(call, 'listener') !== undefined;
}

/** Is a lock held that the call may take too, or a transaction that it knows nothing of? */
function mayDeadlock({ call, kind }: UnawaitedGuard, fn: FunctionNode, core: Core): boolean {
  const [step] = core.ask(flowGraph, fn).stepsOf(call);
  if (step === undefined || heldLocksAt(step, fn, core).length > 0) return true;
  if (kind === 'transaction') return false;
  for (let around: FunctionNode = fn; !ts.isSourceFile(around); around = enclosingFunctionOf(around)) {
    const outer = wrapped(around);
    const { parent } = outer;
    if (!ts.isCallExpression(parent) || parent.expression === outer) continue;
    if (core.api.plays(parent, 'lends') !== undefined) return !namesParameterOf(call, around);
  }
  return false;
}

function namesParameterOf(call: ts.Node, fn: FunctionNode): boolean {
  const names = new Set(
    ts.isFunctionLike(fn)
      ? fn.parameters.flatMap(({ name }) => (ts.isIdentifier(bare(name)) ? [name.getText()] : []))
      : [],
  );
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && names.has(node.text)) || (ts.forEachChild(node, visit) ?? false);
  return visit(call);
}
