import * as ts from 'typescript';
import {
  begunIn,
  isInside,
  shutdownGaps,
  type BackgroundTask,
  backgroundTasks,
  capturesRejections,
  type Core,
  enclosingFunctionOf,
  type FailureWitness,
  type FunctionNode,
  isNamedBy,
  isOneOff,
  isThenable,
  onceAt,
  registersShutdown,
  rejectionListener,
  rootCauseOf,
  taskFailure,
  unawaitedGuard,
} from '../analysis/index.ts';
import { causeText, lineText, quoted } from '../report/wording.ts';
import { certainty, defineRule, listOf, text } from '../rule.ts';
import { repairsOf } from './require-background-catch/repairs.ts';
import { chainedHandlerOf, isNamedCallee, taskText, unboundHandlerOf } from './require-background-catch/wording.ts';

export default defineRule({
  name: 'require-background-catch',
  family: 'request-context',
  summary: 'Require a rejection handler on work that nobody waits for',
  preset: 'recommended',
  fixes: true,
  messages: {
    promise: '{{task}} is not awaited and may reject ({{cause}}); an unhandled rejection ends the process.',
    promiseLost: '{{task}} is not awaited and may reject ({{cause}}); only the listener on {{listener}} hears of it.',
    callback: '{{task}} may reject ({{cause}}) and nobody handles it; an unhandled rejection ends the process.',
    callbackLost:
      '{{task}} may reject ({{cause}}) and nobody handles it; only the listener on {{listener}} hears of it.',
    executor:
      'The async executor may reject ({{cause}}); then the promise never settles, and the rejection is unhandled.',
    handler: 'The rejection handler of {{task}} may itself reject ({{cause}}); that rejection is unhandled.',
    unbound: '`{{handler}}` gets no `this` here, so it throws when {{task}} rejects; that rejection is unhandled.',
    lazy: '{{task}} is a query that is sent when it is awaited; nobody awaits it, so it never runs.',
    bound: 'Call it as a method.',
    catch: 'Handle the rejection here.',
    inside: 'Catch inside the callback.',
    insideNamed: 'Catch inside `{{name}}`.',
    await: 'Wait for it.',
    inTurn: 'Wait for each in turn (`for … of`).',
    together: 'Wait for all of them (`Promise.all`).',
    reject: 'Reject the promise with the error.',
    next: 'Pass the error to `{{name}}`.',
  },
  options: {
    certainty,
    onError: text('', 'The handler that fixes write: the name of a function, or a function expression.'),
    safeWrappers: listOf(
      'Functions whose promise never rejects, by name (`quiet`) or with their owner (`tasks.quiet`).',
    ),
    sinks: listOf('Functions that take care of a promise or callback they are given, by name (`track`, `jobs.track`).'),
    entryPoints: listOf('Globs of files whose start-up work may end the process when it fails.'),
  },
  create({ ask, core, options, program, report, sourceFile }) {
    /** Is it work whose failure somebody means to end the process, or takes care of where we cannot look? */
    function isAccepted({ by, call, functions, isCallback, member, work }: BackgroundTask): boolean {
      const isListener = (by === 'listener' || by === 'timer') && call !== undefined;
      if (isListener && registersShutdown(call, functions, core)) return true;
      if (isListener && capturesRejections(call, core)) return true;
      if (call !== undefined && member === undefined && isNamedCallee(call, options.sinks)) return true;
      if (!isCallback && isNamedCallee(work, [...options.safeWrappers, ...options.sinks])) return true;
      if (isCallback) return false;
      const around = enclosingFunctionOf(work);
      if (ts.isSourceFile(around) || isShutdownCode(around)) return true;
      return isNamedBy(options.entryPoints, sourceFile.fileName, program) && onceAt(work, core).is === 'yes';
    }

    /** Code that runs while the process ends: its failure ends the process no sooner. */
    function isShutdownCode(fn: FunctionNode): boolean {
      const { parent } = fn as { readonly parent?: ts.Node };
      return parent !== undefined && ts.isCallExpression(parent) && registersShutdown(parent, [fn], core);
    }

    /** Is the process gone before it can fail? The rule for shutdown reports that nobody waits for it. */
    function isToldAtShutdown({ work }: BackgroundTask): boolean {
      return ask(shutdownGaps, sourceFile).some(
        (gap) => gap.isCertain && gap.path.service.is === 'yes' && begunIn(gap).some((node) => isInside(node, work)),
      );
    }

    function isLazy({ isCallback, work }: BackgroundTask): boolean {
      return !isCallback && core.api.isA(core.checker.getTypeAtLocation(work), 'lazy-thenable') !== undefined;
    }

    function look(task: BackgroundTask): void {
      const isLikely = options.certainty === 'likely';
      if (isAccepted(task)) return;
      if (isLazy(task)) {
        const repairs = repairsOf(task, core, options.onError, ['await']);
        if (isLikely) report({ at: task.work, messageId: 'lazy', data: { task: taskText(task, core) }, repairs });
        return;
      }
      const failure = taskFailure(task, core);
      if (failure.is === 'no' || failure.witness === undefined) return;
      const isProved = failure.is === 'yes' && failure.witness.isSoft !== true;
      if (!isProved && (!isLikely || (failure.is === 'unknown' && !isProbable(failure.witness, core)))) return;
      if (!task.isCallback) {
        // What follows relies on it: the rule for that reports it.
        const guard = ask(unawaitedGuard, task.work);
        if (guard.is === 'yes' || (isLikely && guard.is === 'unknown' && guard.witness !== undefined)) return;
      }
      // What fails while the program starts may be meant to end it.
      if (!task.isCallback && !isLikely && onceAt(task.work, core).is === 'yes') return;
      if (isToldAtShutdown(task)) return;
      tell(task, failure.witness);
    }

    function tell(task: BackgroundTask, witness: FailureWitness): void {
      const { by, isCallback, work } = task;
      const at = isCallback ? headOf(work) : work;
      const data = { task: taskText(task, core), cause: causeText(rootCauseOf(witness).node, sourceFile) };
      const repairs = repairsOf(task, core, options.onError);
      const unbound = isCallback ? undefined : unboundHandlerOf(work, core);
      const handler = isCallback ? undefined : chainedHandlerOf(work, core);
      const listener = ask(rejectionListener, program);
      const within = { ...data, task: data.task.replace(/^T/, 't') };
      if (unbound !== undefined)
        report({ at: unbound, messageId: 'unbound', data: { handler: quoted(unbound), task: within.task }, repairs });
      else if (by === 'executor') report({ at, messageId: 'executor', data, repairs });
      else if (handler !== undefined) report({ at: handler, messageId: 'handler', data: within, repairs });
      else if (listener === undefined) report({ at, messageId: isCallback ? 'callback' : 'promise', data, repairs });
      else {
        const heard = { ...data, listener: lineText(listener, sourceFile) };
        report({ at, messageId: isCallback ? 'callbackLost' : 'promiseLost', data: heard, repairs });
      }
    }

    return {
      Program() {
        if (isOneOff(sourceFile, core)) return;
        for (const task of ask(backgroundTasks, sourceFile)) look(task);
      },
    };
  },
});

/** A short piece of a callback to report on: its `async`, its arrow, or its name. */
function headOf(work: ts.Expression): ts.Node {
  if (!ts.isArrowFunction(work) && !ts.isFunctionExpression(work)) return work;
  const keyword = work.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  return keyword ?? (ts.isArrowFunction(work) ? work.equalsGreaterThanToken : work);
}

/** A doubt is probable where it rests on a call that gives a promise, not where any call may throw. */
function isProbable(witness: FailureWitness, { checker }: Core): boolean {
  const { node } = rootCauseOf(witness);
  return ts.isCallExpression(node) && isThenable(checker.getTypeAtLocation(node), checker);
}
