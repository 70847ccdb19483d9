import type ts from 'typescript';

/** The type of `await value`; the type itself for what is not awaitable. `undefined` if `await` would be an error. */
export function awaitedTypeOf(type: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  return checker.getAwaitedType(type);
}
