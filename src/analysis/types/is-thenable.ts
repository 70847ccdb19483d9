import * as ts from 'typescript';
import { isAnyLike } from './is-any-like.ts';
import { partsOf } from './parts-of.ts';

/** Does the type, or a part of it that is not nullish, have a `then` that takes a callback, so that `await` calls it? */
export function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => {
    if (isAnyLike(part)) return false;
    const then = checker.getPropertyOfType(checker.getApparentType(part), 'then');
    if (then === undefined) return false;
    return checker
      .getTypeOfSymbol(then)
      .getCallSignatures()
      .some(
        ({ parameters: [callback] }) =>
          callback !== undefined && mayBeCalled(checker.getTypeOfSymbol(callback), checker),
      );
  });
}

/**
 * Does an expression give something with a `then`? A call is asked what its signatures say, and only if that depends on how it is called
 * for its own type: with generic functions that is computed from all that the call is given, which can take seconds for a query.
 */
export function givesThenable(node: ts.Expression, checker: ts.TypeChecker): boolean {
  return bySignatures(node, checker) ?? isThenable(checker.getTypeAtLocation(node), checker);
}

function bySignatures(node: ts.Expression, checker: ts.TypeChecker): boolean | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const signatures = checker.getNonNullableType(checker.getTypeAtLocation(node.expression)).getCallSignatures();
  const [first, ...others] = signatures.map((signature) => {
    const result = signature.getReturnType();
    return isSettled(result) ? isThenable(result, checker) : undefined;
  });
  return others.every((other) => other === first) ? first : undefined;
}

/** Is the type the same however a generic function is called? */
function isSettled(type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.every(isSettled);
  return (type.flags & ts.TypeFlags.Instantiable) === 0 && !isAnyLike(type);
}

function mayBeCalled(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => isAnyLike(part) || part.getCallSignatures().length > 0);
}
