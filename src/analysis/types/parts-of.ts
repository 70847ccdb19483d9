import * as ts from 'typescript';
import { isNullish } from './is-nullish.ts';

/** The members of a union that are not nullish, type parameters by their constraint; a type that is no union is its own part. */
export function partsOf(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  if (type.isUnion()) return type.types.flatMap((part) => partsOf(part, checker));
  if (isNullish(type)) return [];
  const constraint =
    (type.flags & ts.TypeFlags.TypeParameter) === 0 ? undefined : checker.getBaseConstraintOfType(type);
  return constraint === undefined || constraint === type ? [type] : partsOf(constraint, checker);
}
