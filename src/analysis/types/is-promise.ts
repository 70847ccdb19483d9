import type ts from 'typescript';
import { isLibraryType, selfAndBases } from './is-library-type.ts';
import { partsOf } from './parts-of.ts';

const PROMISE: ReadonlySet<string> = new Set(['Promise']);

/**
 * Is the type, or a part of it that is not nullish, the library's `Promise` or a subtype of it?
 *
 * A class of somebody else that is called `Promise`, a query builder or a reply with a `then` is none.
 */
export function isPromise(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) =>
    selfAndBases(part, checker).some((each) => isLibraryType(each.symbol, PROMISE)),
  );
}
