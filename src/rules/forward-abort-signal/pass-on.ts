import type ts from 'typescript';
import type { Core, NamedSignal, SignalSlot } from '../../analysis/index.ts';
import { type Edit, hasComment, indentOf, lineBreakOf, replace } from '../../report/edits.ts';
import { emptinessOf, isMaybeMissing, isNarrowable, missingTest, presentText } from './signal-text.ts';

/** Gives the signal to the call at its slot; `undefined` where no text for it type-checks. */
export function passOn(
  call: ts.CallExpression,
  slot: SignalSlot,
  signal: NamedSignal,
  core: Core,
): readonly Edit[] | undefined {
  const value = valueFor(slot, signal, core);
  if (slot.option === undefined) return value === undefined ? undefined : [argumentEdit(call, slot, value)];
  const property = value === undefined ? conditionalProperty(call, slot, signal, core) : namedAs(slot.option, value);
  if (property === undefined) return undefined;
  const { options, prepared, placeholder } = slot;
  if (options !== undefined) return propertyEdits(options, property);
  if (prepared !== undefined) return [replace(prepared, `{ ...${prepared.text}, ${property} }`)];
  if (placeholder !== undefined) return [replace(placeholder, `{ ${property} }`)];
  return [argumentEdit(call, slot, `{ ${property} }`)];
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

/** A new last argument, with `undefined` for those that are missing before it. */
function argumentEdit(call: ts.CallExpression, { gap }: SignalSlot, text: string): Edit {
  const last = call.arguments.at(-1);
  const filled = [...Array<string>(gap).fill('undefined'), text].join(', ');
  if (last === undefined) return { range: [call.getEnd() - 1, call.getEnd() - 1], text: filled };
  return { range: [last.getEnd(), last.getEnd()], text: `, ${filled}` };
}

/** A new last property, on a line of its own where the others have one. */
function propertyEdits(literal: ts.ObjectLiteralExpression, property: string): readonly Edit[] | undefined {
  const file = literal.getSourceFile();
  const last = literal.properties.at(-1);
  if (last === undefined) return hasComment(literal) ? undefined : [replace(literal, `{ ${property} }`)];
  const isOnLines = file.text.slice(literal.getStart(), literal.properties[0]?.getStart()).includes('\n');
  const separator = isOnLines ? `,${lineBreakOf(file)}${indentOf(last)}` : ', ';
  return [{ range: [last.getEnd(), last.getEnd()], text: `${separator}${property}` }];
}
