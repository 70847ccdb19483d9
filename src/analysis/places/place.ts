import type ts from 'typescript';
import type { FunctionNode } from '../syntax/functions.ts';

/** Where the path to a place begins. */
export type PlaceRoot =
  /** A variable, parameter, function or class, import aliases followed. Statics of a class are paths from the class. */
  | { readonly is: 'binding'; readonly symbol: ts.Symbol; readonly declaration: ts.Declaration }
  /** A property of the global object. */
  | { readonly is: 'global'; readonly name: string }
  /** `this` inside an instance member of a class. */
  | { readonly is: 'instance'; readonly of: ts.ClassLikeDeclaration }
  /** `this` of a plain function or of a method of an object literal. */
  | { readonly is: 'this'; readonly of: FunctionNode };

/** One step of the path: a property, the entry under a key, or everything a collection holds. */
export type PathPart =
  | { readonly is: 'contents' }
  | { readonly is: 'entry'; readonly key: EntryKey }
  | { readonly is: 'property'; readonly name: string };

/** What an entry is addressed by. Two keys are the same only if that is certain; `unknown` equals nothing. */
export type EntryKey =
  | { readonly is: 'literal'; readonly text: string }
  | { readonly is: 'place'; readonly place: Place }
  | { readonly is: 'template'; readonly parts: readonly (EntryKey | string)[] }
  | { readonly is: 'unknown'; readonly node: ts.Node };

/** What a read or a write touches. */
export interface Place {
  readonly root: PlaceRoot;
  readonly path: readonly PathPart[];
}

/** Is it certain that both are the same place? */
export function isSamePlace(left: Place, right: Place): boolean {
  return (
    left.path.length === right.path.length &&
    isSameRoot(left.root, right.root) &&
    left.path.every((part, index) => isSamePart(part, right.path[index]))
  );
}

/** Is `whole` the place itself or something that holds it (`this.stats` holds `this.stats.hits`)? */
export function isPartOf(place: Place, whole: Place): boolean {
  return (
    whole.path.length <= place.path.length &&
    isSameRoot(place.root, whole.root) &&
    whole.path.every((part, index) => isSamePart(part, place.path[index]))
  );
}

/** The place one step further. */
export function within(place: Place, part: PathPart): Place {
  return { ...place, path: [...place.path, part] };
}

/** The name under which the place is found in the text: its last property, else its variable. */
export function lastNamed({ path, root }: Place): string | undefined {
  const named = path.findLast((part) => part.is === 'property');
  if (named?.is === 'property') return named.name;
  return root.is === 'binding' ? root.symbol.name : undefined;
}

/** Do both paths begin at the same thing? */
export function isSameRoot(left: PlaceRoot, right: PlaceRoot): boolean {
  switch (left.is) {
    case 'binding':
      return right.is === 'binding' && left.symbol === right.symbol;
    case 'global':
      return right.is === 'global' && left.name === right.name;
    case 'instance':
      return right.is === 'instance' && left.of === right.of;
    case 'this':
      return right.is === 'this' && left.of === right.of;
  }
}

function isSamePart(left: PathPart, right: PathPart | undefined): boolean {
  if (right === undefined) return false;
  if (left.is === 'contents') return right.is === 'contents';
  if (left.is === 'property') return right.is === 'property' && left.name === right.name;
  return right.is === 'entry' && isSameKey(left.key, right.key);
}

/** Do both keys certainly address the same entry? */
export function isSameKey(left: EntryKey, right: EntryKey): boolean {
  if (left.is === 'literal') return right.is === 'literal' && left.text === right.text;
  if (left.is === 'place') return right.is === 'place' && isSamePlace(left.place, right.place);
  if (left.is === 'unknown' || right.is !== 'template') return false;
  return (
    left.parts.length === right.parts.length &&
    left.parts.every((part, index) => {
      const other = right.parts[index];
      if (other === undefined) return false;
      return typeof part === 'string' || typeof other === 'string' ? part === other : isSameKey(part, other);
    })
  );
}
