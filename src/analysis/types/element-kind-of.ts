import type ts from 'typescript';
import { isLibraryType, selfAndBases } from './is-library-type.ts';
import { partsOf } from './parts-of.ts';

/** What the cells of a typed array hold. `Atomics` takes integers and bigints only. */
export type ElementKind = 'bigint' | 'clamped' | 'float' | 'integer';

const KINDS: Readonly<Record<ElementKind, ReadonlySet<string>>> = {
  bigint: new Set(['BigInt64Array', 'BigUint64Array']),
  clamped: new Set(['Uint8ClampedArray']),
  float: new Set(['Float16Array', 'Float32Array', 'Float64Array']),
  integer: new Set(['Int16Array', 'Int32Array', 'Int8Array', 'Uint16Array', 'Uint32Array', 'Uint8Array']),
};

/** The kind of a typed array's cells; `undefined` for what is none, or for a union of different ones. */
export function elementKindOf(type: ts.Type, checker: ts.TypeChecker): ElementKind | undefined {
  const kinds = new Set(partsOf(type, checker).map((part) => kindOf(part, checker)));
  const [kind] = kinds;
  return kinds.size === 1 ? kind : undefined;
}

function kindOf(type: ts.Type, checker: ts.TypeChecker): ElementKind | undefined {
  for (const base of selfAndBases(type, checker)) {
    for (const kind of ['bigint', 'clamped', 'float', 'integer'] as const) {
      if (isLibraryType(base.symbol, KINDS[kind])) return kind;
    }
  }
  return undefined;
}
