import * as ts from 'typescript';
import { type Core, enclosingFunctionOf, type PendingReplies, symbolAt, wrapped } from '../../analysis/index.ts';
import { ended, freeName, indentOf, indentStepOf, isOnOwnLines, lineBreakOf } from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import { quoted } from '../../report/wording.ts';
import type { SettleRepair } from './repairs.ts';

/** A listener for the end beside that for the messages, which rejects everything that waits. */
export function rejectedAll(
  { emitter, listener, missing, pending, promise }: PendingReplies,
  core: Core,
): readonly SettleRepair[] {
  const statement = wrapped(listener).parent;
  if (!ts.isExpressionStatement(statement) || !isOnOwnLines(statement) || !isVisible(pending, listener, core))
    return [];
  const { checker } = core;
  const type = checker.getTypeAtLocation(pending);
  const values = ['values', 'clear', 'set'].every((name) => checker.getPropertyOfType(type, name) !== undefined);
  const kept = values ? checker.getTypeArguments(type as ts.TypeReference)[1] : undefined;
  const key = kept === undefined ? undefined : keyOfReject(kept, core);
  const object = emitter.getText();
  if (key === undefined || !/^[\w.#]+$/.test(object)) return [];
  const file = promise.getSourceFile();
  const quote = quoteOf(file);
  const step = indentStepOf(file);
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  const name = freeName('waiting', file);
  const text = [
    `${object}.once(${quote}${missing}${quote}, () => {`,
    `${step}for (const ${name} of ${pending.getText()}.values()) {`,
    `${step}${step}${ended(`${name}.${key}(new Error(${quote}${object.replace(/^this\.#?/, '')} ended before its answer${quote}))`, file)}`,
    `${step}}`,
    `${step}${ended(`${pending.getText()}.clear()`, file)}`,
    ended('})', file),
  ];
  const end = statement.getEnd();
  return [
    {
      title: 'rejectAll',
      data: { pending: quoted(pending), missing },
      automatic: false,
      edits: [{ range: [end, end], text: text.map((each) => `${line}${each}`).join('') }],
    },
  ];
}

/** The property that holds `reject`. */
function keyOfReject(type: ts.Type, { checker }: Core): string | undefined {
  return checker
    .getPropertiesOfType(type)
    .map(({ name }) => name)
    .find((name) => /^(?:fail|onError|reject|rej)$/i.test(name));
}

/** Means the text of the collection the same where the listener is put on? */
function isVisible(pending: ts.Expression, at: ts.Node, { checker }: Core): boolean {
  if (ts.isPropertyAccessExpression(pending)) {
    if (pending.expression.kind !== ts.SyntaxKind.ThisKeyword) return false;
    let fn = enclosingFunctionOf(at);
    while (ts.isArrowFunction(fn)) fn = enclosingFunctionOf(fn);
    return ts.isClassElement(fn) && fn.parent === classAround(pending);
  }
  const symbol = symbolAt(pending, checker);
  return checker.getSymbolsInScope(at, ts.SymbolFlags.Value).some((each) => each === symbol);
}

function classAround(node: ts.Node): ts.Node | undefined {
  let at: ts.Node = node;
  while (!ts.isSourceFile(at) && !ts.isClassLike(at)) at = at.parent;
  return at;
}
