import * as ts from 'typescript';

/** Does the type say nothing: `any`, `unknown`, or an error? */
export function isAnyLike(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
}
