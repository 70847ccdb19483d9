import * as ts from 'typescript';
import type { Core, NamedSignal } from '../../analysis/index.ts';
import { type Edit, replace } from '../../report/edits.ts';
import { isMaybeMissing, isNarrowable, missingTest, presentText } from './signal-text.ts';

/** Joins the signal that a call is given with its caller's, if the project's library can. */
export function join(
  call: ts.CallExpression,
  own: ts.Expression,
  signal: NamedSignal,
  core: Core,
): readonly Edit[] | undefined {
  if (!canJoin(call, [signal.type, core.checker.getTypeAtLocation(own)], core)) return undefined;
  if (!isMaybeMissing(signal)) {
    const list = listOf(own);
    const [first] = list?.elements ?? [];
    // `AbortSignal.any([…])` gets one more.
    if (first !== undefined) return [{ range: [first.getStart(), first.getStart()], text: `${signal.text}, ` }];
    return [given(own, `AbortSignal.any([${signal.text}, ${own.getText()}])`)];
  }
  if (!isNarrowable(signal, call, core)) return undefined;
  const joined = `AbortSignal.any([${presentText(signal)}, ${own.getText()}])`;
  return [given(own, `${missingTest(signal)} ? ${own.getText()} : ${joined}`)];
}

/** The array of an `AbortSignal.any([…])` that is written out. */
function listOf(own: ts.Expression): ts.ArrayLiteralExpression | undefined {
  const list = ts.isCallExpression(own) ? own.arguments[0] : undefined;
  return list !== undefined && ts.isArrayLiteralExpression(list) ? list : undefined;
}

/** In place of a shorthand property, the property with a value. */
function given(own: ts.Expression, text: string): Edit {
  const isShorthand = ts.isShorthandPropertyAssignment(own.parent);
  return replace(own, isShorthand ? `${own.getText()}: ${text}` : text);
}

/** Does the project know `AbortSignal.any`, and is that the class of all these signals? */
function canJoin(call: ts.CallExpression, types: readonly ts.Type[], { checker }: Core): boolean {
  const symbol = checker.resolveName('AbortSignal', call, ts.SymbolFlags.Value, false);
  const isGlobal = symbol?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) === true;
  if (symbol === undefined || !isGlobal) return false;
  const any = checker.getPropertyOfType(checker.getTypeOfSymbol(symbol), 'any');
  if (any === undefined) return false;
  const [signature] = checker.getTypeOfSymbol(any).getCallSignatures();
  const joined = signature === undefined ? undefined : checker.getReturnTypeOfSignature(signature);
  return (
    joined !== undefined && types.every((type) => checker.isTypeAssignableTo(checker.getNonNullableType(type), joined))
  );
}
