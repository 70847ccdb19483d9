import type ts from 'typescript';
import { isThenable } from './is-thenable.ts';

/** What can be called on a value that may be a promise. */
export interface PromiseShape {
  /** May it be nothing instead of a promise? */
  readonly isNullable: boolean;
  /** Has it a `catch`, or only a `then`? */
  readonly hasCatch: boolean;
  /** Is it an array of promises? */
  readonly isArray: boolean;
}

/**
 * What can be called on a value of this type without a type error; nothing where a part of the type is no promise. Without
 * `strictNullChecks` the compiler does not take `void` out of `void | Promise<void>`, also not behind `?.`.
 */
export function promiseShapeOf(type: ts.Type, checker: ts.TypeChecker): PromiseShape | undefined {
  const real = checker.getNonNullableType(type);
  const isNullable = real !== type;
  if (checker.isArrayType(real)) return { isNullable, hasCatch: true, isArray: true };
  if (!isThenable(real, checker) || checker.getPropertyOfType(checker.getApparentType(real), 'then') === undefined)
    return undefined;
  return { isNullable, hasCatch: checker.getPropertyOfType(real, 'catch') !== undefined, isArray: false };
}
