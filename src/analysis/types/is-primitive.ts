import * as ts from 'typescript';

/**
 * Is every value of the type copied when it is assigned: a primitive, a literal, an enum, a brand of one, a union of these?
 *
 * Doubt: `any`, `unknown`, `never` and type parameters without such a constraint are not.
 */
export function isPrimitive(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnion()) return type.types.every((part) => isPrimitive(part, checker));
  if (type.isIntersection()) return type.types.some((part) => isPrimitive(part, checker));
  if ((type.flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.IndexedAccess | ts.TypeFlags.Conditional)) !== 0) {
    const constraint = checker.getBaseConstraintOfType(type);
    return constraint !== undefined && constraint !== type && isPrimitive(constraint, checker);
  }
  return (type.flags & copied()) !== 0;
}

/** Flags of types whose values are copied. */
function copied(): ts.TypeFlags {
  return (
    ts.TypeFlags.StringLike |
    ts.TypeFlags.NumberLike |
    ts.TypeFlags.BigIntLike |
    ts.TypeFlags.BooleanLike |
    ts.TypeFlags.ESSymbolLike |
    ts.TypeFlags.EnumLike |
    ts.TypeFlags.Null |
    ts.TypeFlags.Undefined |
    ts.TypeFlags.Void
  );
}
