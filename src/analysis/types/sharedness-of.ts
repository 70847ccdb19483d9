import * as ts from 'typescript';
import { isLibraryType, selfAndBases } from './is-library-type.ts';
import { partsOf } from './parts-of.ts';

/** May other threads see the memory under a view? `maybe` where the type leaves the kind of buffer open. */
export type Sharedness = 'maybe' | 'private' | 'shared';

const VIEWS: ReadonlySet<string> = new Set([
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'Uint8ClampedArray',
]);
const SHARED: ReadonlySet<string> = new Set(['SharedArrayBuffer']);
const PRIVATE: ReadonlySet<string> = new Set(['ArrayBuffer']);

/**
 * Sharedness of a typed array, `DataView` or `Buffer`, by its type argument; of a buffer, by its own type.
 *
 * `undefined` for everything else. Before TypeScript 5.7 views have no argument and are `maybe`.
 */
export function sharednessOf(type: ts.Type, checker: ts.TypeChecker): Sharedness | undefined {
  const found = new Set<Sharedness>();
  for (const part of partsOf(type, checker)) {
    const own = ofPart(part, checker);
    if (own === undefined) return undefined;
    found.add(own);
  }
  const [first] = found;
  return found.size > 1 ? 'maybe' : first;
}

function ofPart(type: ts.Type, checker: ts.TypeChecker): Sharedness | undefined {
  const symbol = type.symbol as ts.Symbol | undefined;
  if (isLibraryType(symbol, SHARED)) return 'shared';
  if (isLibraryType(symbol, PRIVATE)) return 'private';
  for (const base of selfAndBases(type, checker)) {
    if (!isLibraryType(base.symbol, VIEWS)) continue;
    const buffer = firstArgumentOf(base, checker);
    const known = buffer === undefined ? undefined : sharednessOf(argumentIn(type, buffer, checker), checker);
    return known ?? 'maybe';
  }
  return undefined;
}

function firstArgumentOf(type: ts.Type, checker: ts.TypeChecker): ts.Type | undefined {
  return isReference(type) ? checker.getTypeArguments(type)[0] : undefined;
}

/** What stands for a type parameter of the type's declaration in the type at hand (`Buffer<T>` is a `Uint8Array<T>`). */
function argumentIn(type: ts.Type, wanted: ts.Type, checker: ts.TypeChecker): ts.Type {
  if ((wanted.flags & ts.TypeFlags.TypeParameter) === 0 || !isReference(type)) return wanted;
  const place = type.target.typeParameters?.indexOf(wanted) ?? -1;
  return (place < 0 ? undefined : checker.getTypeArguments(type)[place]) ?? wanted;
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & ts.ObjectFlags.Reference) !== 0
  );
}
