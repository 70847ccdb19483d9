import * as ts from 'typescript';

/** Is every value of the type `null` or `undefined` (or nothing at all, `void`)? */
export function isNullish(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every(isNullish);
  return (type.flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined | ts.TypeFlags.Void)) !== 0;
}
