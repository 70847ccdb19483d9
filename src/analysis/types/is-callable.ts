import type ts from 'typescript';
import { partsOf } from './parts-of.ts';

/** Can the value, where it is not nullish, be called? A union counts if one of its members can be. */
export function isCallable(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => part.getCallSignatures().length > 0);
}
