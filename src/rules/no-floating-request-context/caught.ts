import * as ts from 'typescript';
import {
  type BackgroundTask,
  bare,
  type Core,
  loggerInScope,
  promiseShapeOf,
  taskFailure,
} from '../../analysis/index.ts';
import { appendCatch } from '../../report/catching.ts';
import type { Edit } from '../../report/edits.ts';
import { onError } from '../../report/on-error.ts';
import { quoted } from '../../report/wording.ts';

/** The rejection handler that a repair adds to a task that may fail unheard; nothing for tasks that cannot, and for callbacks. */
export function caughtEdits(task: BackgroundTask, core: Core): readonly Edit[] {
  if (task.isCallback || task.by === 'helper' || taskFailure(task, core).is !== 'yes') return [];
  return catchEdits(task, core);
}

/** Puts a rejection handler behind the promise of a task. */
export function catchEdits(task: BackgroundTask, core: Core): readonly Edit[] {
  const { work } = task;
  const shape = promiseShapeOf(core.checker.getTypeAtLocation(work), core.checker);
  if (shape === undefined) return [];
  const isOfRequest = (each: ts.Type): boolean => core.api.isA(each, 'request-scope') !== undefined;
  const { handler } = onError(
    work.getSourceFile(),
    undefined,
    loggerInScope(work, core, isOfRequest),
    nameOfWork(work),
  );
  return appendCatch(work, handler, shape);
}

/** How a log line calls the work. */
function nameOfWork(work: ts.Expression): string {
  let node = bare(work);
  while (ts.isCallExpression(node)) node = bare(node.expression);
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
    ? quoted(node).replace(/[`'"\\]/g, '')
    : 'background task';
}
