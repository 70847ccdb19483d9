import * as ts from 'typescript';

/** Answers what a type is, by every name that it has or inherits. */
export interface Ancestry {
  /** Symbols of the type, most specific first: alias, own declaration, parts, constraint, base types. */
  ofType(type: ts.Type): readonly ts.Symbol[];
  /** Symbols of the instances of a class or interface: itself, then its base types. */
  ofDeclared(symbol: ts.Symbol): readonly ts.Symbol[];
}

const SAME_SHAPE = new Set([
  'Awaited',
  'NonNullable',
  'Omit',
  'Partial',
  'Pick',
  'Readonly',
  'Required',
  'Exclude',
  'Extract',
  'NoInfer',
]);
const MOST_SYMBOLS = 200;
const MOST_OWNERS = 12;

/**
 * Opens the question for one Program.
 *
 * A union is what any of its members is that is not nullish. `any`, `unknown` and the constructor side of a class are nothing.
 * A mapped type without a name is what the declarations of its properties belong to.
 */
export function ancestryIn(checker: ts.TypeChecker): Ancestry {
  const byType = new WeakMap<ts.Type, readonly ts.Symbol[]>();
  const byDeclared = new WeakMap<ts.Symbol, readonly ts.Symbol[]>();

  function ofType(type: ts.Type): readonly ts.Symbol[] {
    let known = byType.get(type);
    if (known === undefined) {
      known = walk([type]);
      byType.set(type, known);
    }
    return known;
  }

  function ofDeclared(symbol: ts.Symbol): readonly ts.Symbol[] {
    let known = byDeclared.get(symbol);
    if (known === undefined) {
      known = [symbol, ...walk(parentsOf(symbol)).filter((parent) => parent !== symbol)];
      byDeclared.set(symbol, known);
    }
    return known;
  }

  /** Breadth first, so that a type's own name stands before those of its bases. */
  function walk(start: readonly ts.Type[]): readonly ts.Symbol[] {
    const found = new Set<ts.Symbol>();
    const seen = new Set<ts.Type>(start);
    const queue = [...start];
    for (let type = queue.shift(); type !== undefined && found.size < MOST_SYMBOLS; type = queue.shift()) {
      if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Never)) !== 0) continue;
      const { aliasSymbol } = type;
      if (aliasSymbol !== undefined) found.add(aliasSymbol);
      if (isNamedInstance(type)) found.add(type.symbol);
      for (const next of nextOf(type)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return [...found];
  }

  function nextOf(type: ts.Type): readonly ts.Type[] {
    if (type.isUnionOrIntersection()) return type.types;
    if (
      (type.flags &
        (ts.TypeFlags.TypeParameter |
          ts.TypeFlags.IndexedAccess |
          ts.TypeFlags.Conditional |
          ts.TypeFlags.Substitution)) !==
      0
    ) {
      const constraint = checker.getBaseConstraintOfType(type);
      return constraint === undefined || constraint === type ? [] : [constraint];
    }
    if (isPrimitiveWithMembers(type)) return [checker.getApparentType(type)];
    const wrapped =
      type.aliasSymbol !== undefined && SAME_SHAPE.has(type.aliasSymbol.name)
        ? type.aliasTypeArguments?.[0]
        : undefined;
    if (wrapped !== undefined) return [wrapped];
    if (checker.isTupleType(type)) return checker.getBaseTypes((type as ts.TypeReference).target);
    if (isNamedInstance(type)) return parentsOf(type.symbol);
    if (hasObjectFlag(type, ts.ObjectFlags.Mapped)) return ownersOfProperties(type);
    return [];
  }

  function parentsOf(symbol: ts.Symbol): readonly ts.Type[] {
    const type = checker.getDeclaredTypeOfSymbol(symbol);
    const bases = type.isClassOrInterface() ? checker.getBaseTypes(type) : [];
    return [...bases, ...implementedBy(symbol)];
  }

  function implementedBy(symbol: ts.Symbol): ts.Type[] {
    return (symbol.declarations ?? [])
      .filter(ts.isClassLike)
      .flatMap((declaration) =>
        (declaration.heritageClauses ?? [])
          .filter((clause) => clause.token === ts.SyntaxKind.ImplementsKeyword)
          .flatMap((clause) => clause.types.map((written) => checker.getTypeAtLocation(written))),
      );
  }

  /** The types that the properties are taken from, bases of others left out: `Request` of its properties and those of `Readable`. */
  function ownersOfProperties(type: ts.Type): ts.Type[] {
    const owners = new Set<ts.Symbol>();
    for (const property of checker.getPropertiesOfType(type)) {
      const owner = property.declarations?.[0]?.parent;
      if (owner === undefined || !(ts.isInterfaceDeclaration(owner) || ts.isClassLike(owner))) continue;
      const symbol = owner.name === undefined ? undefined : checker.getSymbolAtLocation(owner.name);
      if (symbol !== undefined) owners.add(symbol);
      if (owners.size === MOST_OWNERS) break;
    }
    const bases = new Set([...owners].flatMap((owner) => ofDeclared(owner).slice(1)));
    return [...owners].filter((owner) => !bases.has(owner)).map((owner) => checker.getDeclaredTypeOfSymbol(owner));
  }

  return { ofType, ofDeclared };
}

/** An instance of a class, an interface or an enum; not the class itself. */
function isNamedInstance(type: ts.Type): boolean {
  const symbol = type.symbol as ts.Symbol | undefined;
  if (symbol === undefined || (symbol.flags & namedTypes()) === 0) return false;
  return (
    (type.flags & ts.TypeFlags.Object) === 0 ||
    hasObjectFlag(type, ts.ObjectFlags.ClassOrInterface | ts.ObjectFlags.Reference)
  );
}

function hasObjectFlag(type: ts.Type, flag: ts.ObjectFlags): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && ((type as ts.ObjectType).objectFlags & flag) !== 0;
}

function isPrimitiveWithMembers(type: ts.Type): boolean {
  const { StringLike, NumberLike, BigIntLike, BooleanLike, ESSymbolLike } = ts.TypeFlags;
  return (type.flags & (StringLike | NumberLike | BigIntLike | BooleanLike | ESSymbolLike)) !== 0;
}

/** Flags of symbols that are types with a name. */
function namedTypes(): ts.SymbolFlags {
  return ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.Enum;
}
