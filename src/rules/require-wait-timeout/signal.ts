import * as ts from 'typescript';
import type { Core, NamedSignal, SignalSlot } from '../../analysis/index.ts';
import { grouped } from '../../report/bounded-loop.ts';
import { type Edit, replace } from '../../report/edits.ts';
import { addArgument, addProperty } from '../../report/options.ts';

/** Gives a signal of the caller to the call; `undefined` where it would not type-check as it is. */
export function passSignal(
  call: ts.CallExpression,
  slot: SignalSlot,
  signal: NamedSignal,
  { checker }: Core,
): readonly Edit[] | undefined {
  const isMaybeMissing = signal.text.includes('?.') || has(signal.type, ts.TypeFlags.Undefined);
  const fits =
    checker.isTypeAssignableTo(checker.getNonNullableType(signal.type), slot.type) &&
    !has(signal.type, ts.TypeFlags.Null) &&
    (!isMaybeMissing || (!slot.isExact && has(slot.type, ts.TypeFlags.Undefined)));
  if (!fits) return undefined;
  return given(call, slot, signal.text);
}

/** Gives the call a signal that is aborted with the caller's, and after the limit. */
export function joinSignal(
  call: ts.CallExpression,
  slot: SignalSlot,
  { text, type }: NamedSignal,
  milliseconds: number,
  core: Core,
): readonly Edit[] | undefined {
  const isMaybeMissing = text.includes('?.') || has(type, ts.TypeFlags.Undefined | ts.TypeFlags.Null);
  if (isMaybeMissing || !hasStatic('any', call, core) || !hasTimeoutSignal(call, core)) return undefined;
  return given(call, slot, `AbortSignal.any([${text}, AbortSignal.timeout(${grouped(milliseconds)})])`);
}

function given(call: ts.CallExpression, slot: SignalSlot, value: string): readonly Edit[] | undefined {
  if (slot.option === undefined) return [addArgument(call, slot.gap, value)];
  const property = slot.option === value ? value : `${slot.option}: ${value}`;
  const { options, prepared, placeholder } = slot;
  if (options !== undefined) return addProperty(options, property);
  if (prepared !== undefined) return [replace(prepared, `{ ...${prepared.text}, ${property} }`)];
  if (placeholder !== undefined) return [replace(placeholder, `{ ${property} }`)];
  return [addArgument(call, slot.gap, `{ ${property} }`)];
}

function has(type: ts.Type, flag: ts.TypeFlags): boolean {
  return (type.isUnion() ? type.types : [type]).some((part) => (part.flags & flag) !== 0);
}

/** Does the library of the project have `AbortSignal.timeout`? */
export function hasTimeoutSignal(at: ts.Node, core: Core): boolean {
  return hasStatic('timeout', at, core);
}

function hasStatic(name: string, at: ts.Node, { checker }: Core): boolean {
  const symbol = checker.resolveName('AbortSignal', at, ts.SymbolFlags.Value, false);
  return symbol !== undefined && checker.getPropertyOfType(checker.getTypeOfSymbol(symbol), name) !== undefined;
}
