import type ts from 'typescript';
import type { Core, NamedSignal, SignalSlot } from '../../analysis/index.ts';
import { type Edit, replace } from '../../report/edits.ts';
import { addArgument, addProperty } from '../../report/options.ts';
import { emptinessOf, isMaybeMissing, isNarrowable, missingTest, presentText } from './signal-text.ts';

/** Gives the signal to the call at its slot; `undefined` where no text for it type-checks. */
export function passOn(
  call: ts.CallExpression,
  slot: SignalSlot,
  signal: NamedSignal,
  core: Core,
): readonly Edit[] | undefined {
  const value = valueFor(slot, signal, core);
  if (slot.option === undefined) return value === undefined ? undefined : [addArgument(call, slot.gap, value)];
  const property = value === undefined ? conditionalProperty(call, slot, signal, core) : namedAs(slot.option, value);
  if (property === undefined) return undefined;
  const { options, prepared, placeholder } = slot;
  if (options !== undefined) return addProperty(options, property);
  if (prepared !== undefined) return [replace(prepared, `{ ...${prepared.text}, ${property} }`)];
  if (placeholder !== undefined) return [replace(placeholder, `{ ${property} }`)];
  return [addArgument(call, slot.gap, `{ ${property} }`)];
}

/** The expression that the slot takes, or `undefined` where the signal may be missing and the slot does not take that. */
function valueFor({ type, isExact }: SignalSlot, signal: NamedSignal, { checker }: Core): string | undefined {
  const { isMaybeNull, isMaybeUndefined } = emptinessOf(signal.type);
  const isMaybe = isMaybeUndefined || signal.text.includes('?.');
  const taken = emptinessOf(type);
  const takesUndefined = taken.isMaybeUndefined && !isExact;
  if (!checker.isTypeAssignableTo(checker.getNonNullableType(signal.type), type)) return undefined;
  if (isMaybe && !takesUndefined) return undefined;
  if (isMaybeNull && !taken.isMaybeNull) return takesUndefined ? `${signal.text} ?? undefined` : undefined;
  return signal.text;
}

/** `...(signal === undefined ? {} : { signal })`, for compilers that tell a missing property from `undefined`. */
function conditionalProperty(
  call: ts.CallExpression,
  { option = '', type }: SignalSlot,
  signal: NamedSignal,
  core: Core,
): string | undefined {
  const { checker } = core;
  if (!isMaybeMissing(signal) || !isNarrowable(signal, call, core)) return undefined;
  if (!checker.isTypeAssignableTo(checker.getNonNullableType(signal.type), type)) return undefined;
  return `...(${missingTest(signal)} ? {} : { ${namedAs(option, presentText(signal))} })`;
}

function namedAs(option: string, value: string): string {
  return option === value ? option : `${option}: ${value}`;
}
