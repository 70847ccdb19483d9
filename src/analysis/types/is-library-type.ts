import * as ts from 'typescript';

const LIBRARY_FILE = /(^|\/)lib\.[\w.-]+\.d\.[cm]?ts$/;

/** Is the symbol declared, among others, in the compiler's own library files under one of the names? */
export function isLibraryType(symbol: ts.Symbol | undefined, names: ReadonlySet<string>): boolean {
  if (symbol === undefined || !names.has(symbol.name)) return false;
  return (symbol.declarations ?? []).some((declaration) => LIBRARY_FILE.test(declaration.getSourceFile().fileName));
}

/** The type and its base types, nearest first, with arguments as the declarations write them. */
export function selfAndBases(type: ts.Type, checker: ts.TypeChecker): readonly ts.Type[] {
  const found = new Set<ts.Type>([type]);
  for (const each of found) {
    const symbol = each.symbol as ts.Symbol | undefined;
    if (each.isIntersection()) for (const part of each.types) found.add(part);
    if (symbol === undefined || (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface)) === 0) continue;
    const declared = checker.getDeclaredTypeOfSymbol(symbol);
    if (declared.isClassOrInterface()) for (const base of checker.getBaseTypes(declared)) found.add(base);
  }
  return [...found];
}
