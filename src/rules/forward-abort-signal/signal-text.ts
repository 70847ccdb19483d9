import * as ts from 'typescript';
import { type Core, enclosingFunctionOf, isReassigned, type NamedSignal } from '../../analysis/index.ts';

/** Which of the two empty values a type has beside its signal. */
export interface Emptiness {
  readonly isMaybeUndefined: boolean;
  readonly isMaybeNull: boolean;
}

/** May the signal be missing? */
export function emptinessOf(type: ts.Type): Emptiness {
  const parts = type.isUnion() ? type.types : [type];
  const has = (flag: ts.TypeFlags): boolean => parts.some((part) => (part.flags & flag) !== 0);
  return { isMaybeUndefined: has(ts.TypeFlags.Undefined | ts.TypeFlags.Void), isMaybeNull: has(ts.TypeFlags.Null) };
}

/** Is the signal sometimes missing: by its type, or because what holds it may be? */
export function isMaybeMissing({ text, type }: NamedSignal): boolean {
  const { isMaybeNull, isMaybeUndefined } = emptinessOf(type);
  return isMaybeNull || isMaybeUndefined || text.includes('?.');
}

/** A condition under which the signal is missing. */
export function missingTest({ text, type }: NamedSignal): string {
  return emptinessOf(type).isMaybeNull ? `${text} == null` : `${text} === undefined`;
}

/** The signal where it is known to be there. */
export function presentText({ text }: NamedSignal): string {
  return text.replaceAll('?.', '.');
}

/** Does the compiler remember at the call what a condition beside it has tested? Not in a closure if the variable changes. */
export function isNarrowable({ root, fn }: NamedSignal, call: ts.CallExpression, core: Core): boolean {
  return enclosingFunctionOf(call) === fn || !core.ask(isReassigned, root);
}
