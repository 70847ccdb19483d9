import * as ts from 'typescript';
import { type Core, enclosingFunctionOf, isAsync, loggerInScope, type UnawaitedGuard } from '../../analysis/index.ts';
import { ended, indentOf, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { onError } from '../../report/on-error.ts';
import { quoted } from '../../report/wording.ts';
import type { GuardRepair } from './repair.ts';
import { whatFollows } from './what-follows.ts';

/**
 * `assertOpen(order); ship(order);` → `assertOpen(order).then(() => { ship(order); }).catch(…);`
 *
 * For functions that cannot wait, where all that follows can move into the callback.
 */
export function gateWhatFollows(found: UnawaitedGuard, core: Core): GuardRepair | undefined {
  const { call, promise } = found;
  const fn = enclosingFunctionOf(call);
  const follows = isAsync(fn) || ts.isConstructorDeclaration(fn) ? undefined : whatFollows(found, core);
  if (follows === undefined) return undefined;
  const { end, statement, then } = follows;
  const file = call.getSourceFile();
  const isOfRequest = (type: ts.Type): boolean => core.api.isA(type, 'request-scope') !== undefined;
  const what = quoted(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression).replace(/[`'"\\]/g, '');
  const { handler } = onError(file, undefined, loggerInScope(statement, core, isOfRequest), what);
  const text = [promise.getText(), then, ended(`${indentStepOf(file)}.catch(${handler})`, file)];
  const range = [statement.getStart(), end] as const;
  return {
    title: 'then',
    automatic: false,
    edits: [{ range, text: text.join(lineBreakOf(file) + indentOf(statement)) }],
  };
}
