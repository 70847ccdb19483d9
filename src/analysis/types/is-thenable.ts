import type ts from 'typescript';
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

function mayBeCalled(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => isAnyLike(part) || part.getCallSignatures().length > 0);
}
