import * as ts from 'typescript';
import { isAnyLike } from './is-any-like.ts';
import { partsOf } from './parts-of.ts';
import { mayBeOmitted } from './may-be-omitted.ts';

const ENDS: ReadonlySet<string> = new Set([
  'close',
  'destroy',
  'disconnect',
  'dispose',
  'kill',
  'release',
  'releaseLock',
  'terminate',
  'unsubscribe',
]);
const DISPOSES = /^__@(dispose|asyncDispose)(@|$)/;

/**
 * The name of a method that gives back what the value holds (`close`, `unsubscribe`, `Symbol.dispose`), if its type has one.
 *
 * By structure alone: a method that can be called without arguments. Doubt: `any` owns nothing.
 */
export function ownsResource(type: ts.Type, checker: ts.TypeChecker): string | undefined {
  for (const part of partsOf(type, checker)) {
    if (isAnyLike(part) || (part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) continue;
    for (const property of checker.getPropertiesOfType(part)) {
      const disposes = DISPOSES.exec(property.name)?.[1];
      if (disposes === undefined && !ENDS.has(property.name)) continue;
      if (isCalledBare(checker.getTypeOfSymbol(property), checker))
        return disposes === undefined ? property.name : `Symbol.${disposes}`;
    }
  }
  return undefined;
}

function isCalledBare(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) =>
    part.getCallSignatures().some((signature) => signature.parameters.every((parameter) => mayBeOmitted(parameter))),
  );
}
