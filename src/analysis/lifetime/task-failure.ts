import * as ts from 'typescript';
import { NO } from '../answer.ts';
import { symbolOf } from '../places/symbols.ts';
import { endsProcess } from '../effects/ends-process.ts';
import { callablesAt } from '../effects/callees-of.ts';
import { type MayFail, mayCallbackFail, mayPromiseReject, mayReject } from '../effects/may-reject.ts';
import { hasHandler } from '../escape/has-handler.ts';
import { taskOf } from '../escape/task-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { ownFiles } from '../text/files.ts';
import { callsWith } from '../program/role-calls.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import type { BackgroundTask } from './background.ts';

/** May work that nobody waits for fail with nobody who handles it? Handlers in its own chain, and in helpers that get it, count. */
export function taskFailure(task: BackgroundTask, core: Core): MayFail {
  if (task.isCallback) {
    const isHandled = task.dropped !== undefined && isHandledAt(task.dropped, core);
    if (isHandled) return NO;
    if (task.functions.length === 0) return mayCallbackFail(task.work, core);
    return strongest(task.functions.map((fn) => core.ask(mayReject, fn)));
  }
  if (task.by === 'helper' && core.ask(taskOf, task.work).handler !== undefined) return NO;
  return failureOfWork(task.work, core);
}

/**
 * May the promise, or one of the promises of the array, reject with nobody who handles it yet? Handlers in its own chain count, and
 * those that what is called puts on the promise before it gives it back.
 */
export function failureOfWork(work: ts.Expression, core: Core): MayFail {
  const fails = isThenable(core.checker.getTypeAtLocation(work), core.checker)
    ? mayPromiseReject(work, core)
    : ofEach(work, core);
  return fails.is !== 'no' && hasHandler(work, core) ? NO : fails;
}

function isHandledAt(dropped: ts.Node, core: Core): boolean {
  return ts.isCallExpression(dropped) && core.ask(taskOf, dropped).handler !== undefined;
}

/** `ids.map(async …)`: an array of promises fails as its callbacks do. */
function ofEach(work: ts.Expression, core: Core): MayFail {
  if (!ts.isCallExpression(work)) return NO;
  return strongest(
    work.arguments.flatMap((argument) => {
      const node = bare(argument);
      const functions = isFunctionNode(node) ? [node] : callablesAt(node, core).functions;
      return functions.length > 0 ? functions.map((fn) => core.ask(mayReject, fn)) : [mayCallbackFail(node, core)];
    }),
  );
}

function strongest(answers: readonly MayFail[]): MayFail {
  const certain = answers.find((answer) => answer.is === 'yes' && answer.witness.isSoft !== true);
  return certain ?? answers.find(({ is }) => is === 'yes') ?? answers.find(({ is }) => is === 'unknown') ?? NO;
}

/**
 * Does the call register code that runs while the process ends? A message of another process may ask for anything: its listener counts
 * only if it ends the process.
 *
 * @param functions what it registers
 */
export function registersShutdown(
  call: ts.CallExpression | ts.NewExpression,
  functions: readonly FunctionNode[],
  core: Core,
): boolean {
  const roles = callsWith('registers-shutdown', call.getSourceFile(), core).find((each) => each.call === call)?.roles;
  if (roles?.has('registers-shutdown') !== true) return false;
  return !roles.has('child-side') || functions.some((fn) => core.ask(endsProcess, fn).on !== 'never');
}

/** The files that speak of `captureRejections`: where none does, no emitter takes care of its listeners. */
const capturingFiles = defineFact<ts.Program, readonly ts.SourceFile[]>({
  name: 'capturing-files',
  scope: 'program',
  compute: (program, core) => core.ask(ownFiles, program).filter(({ text }) => text.includes('captureRejections')),
});

/**
 * Does the emitter on which a listener is put turn rejections into `error` events (`captureRejections: true` where it or its class is
 * made, or for all emitters)?
 */
export function capturesRejections(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const files = core.ask(capturingFiles, core.program);
  if (files.length === 0) return false;
  if (files.some(({ text }) => /\bcaptureRejections\s*=\s*true/.test(text))) return true;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const receiver = bare(callee.expression);
  const name = ts.isPropertyAccessExpression(receiver) ? receiver.name : receiver;
  const held = ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? symbolOf(name, core)?.declarations : undefined;
  const made = core.checker.getTypeAtLocation(receiver).symbol as ts.Symbol | undefined;
  return [...(held ?? []), ...(made?.declarations ?? [])].some(
    (declaration) =>
      !declaration.getSourceFile().isDeclarationFile && /captureRejections:\s*true/.test(declaration.getText()),
  );
}

/** Where the program listens for rejections that nobody handled (`process.on('unhandledRejection', …)`), if it does. */
export const rejectionListener = defineFact<ts.Program, ts.CallExpression | undefined>({
  name: 'rejection-listener',
  scope: 'program',
  compute(program, core) {
    for (const file of core.ask(ownFiles, program)) {
      if (!file.text.includes('unhandledRejection')) continue;
      const found = listenerIn(file);
      if (found !== undefined) return found;
    }
    return undefined;
  },
});

function listenerIn(file: ts.SourceFile): ts.CallExpression | undefined {
  const visit = (node: ts.Node): ts.CallExpression | undefined => {
    if (ts.isStringLiteralLike(node) && node.text === 'unhandledRejection') {
      const { parent } = node;
      const isListening =
        ts.isCallExpression(parent) &&
        parent.arguments[0] === node &&
        ts.isPropertyAccessExpression(parent.expression) &&
        ['addListener', 'on', 'once', 'prependListener'].includes(parent.expression.name.text);
      return isListening ? parent : undefined;
    }
    return ts.forEachChild(node, visit);
  };
  return visit(file);
}
