import * as ts from 'typescript';
import { isLibraryType } from './is-library-type.ts';
import { partsOf } from './parts-of.ts';

const OF_FIRST: ReadonlySet<string> = new Set([
  'AsyncGenerator',
  'AsyncIterable',
  'AsyncIterableIterator',
  'Generator',
  'Iterable',
  'IterableIterator',
  'IteratorObject',
  'ReadonlySet',
  'Set',
  'WeakSet',
]);
const OF_SECOND: ReadonlySet<string> = new Set(['Map', 'ReadonlyMap', 'WeakMap']);

/** The type of one element of an array, tuple, typed array, Set or iterable; the type of the values of a Map. */
export function elementTypeOf(type: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  for (const part of partsOf(type, checker)) {
    const indexed =
      (part.flags & ts.TypeFlags.Object) === 0 ? undefined : checker.getIndexTypeOfType(part, ts.IndexKind.Number);
    if (indexed !== undefined) return indexed;
    const symbol = part.symbol as ts.Symbol | undefined;
    const place = isLibraryType(symbol, OF_FIRST) ? 0 : isLibraryType(symbol, OF_SECOND) ? 1 : -1;
    const element = place < 0 ? undefined : checker.getTypeArguments(part as ts.TypeReference)[place];
    if (element !== undefined) return element;
  }
  return undefined;
}
