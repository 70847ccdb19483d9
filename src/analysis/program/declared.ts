import * as ts from 'typescript';
import { hasModifier } from '../syntax/functions.ts';

/** The symbol itself, behind aliases and the local side of an export. */
export function targetOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  const target = (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  return checker.getExportSymbolOfSymbol(target);
}

/** Is it named as a member of a type (a method, a property), so that it is reached by its name through a value? */
export function isMember(declaration: ts.Declaration): boolean {
  switch (declaration.kind) {
    case ts.SyntaxKind.GetAccessor:
    case ts.SyntaxKind.MethodDeclaration:
    case ts.SyntaxKind.MethodSignature:
    case ts.SyntaxKind.Parameter:
    case ts.SyntaxKind.PropertyAssignment:
    case ts.SyntaxKind.PropertyDeclaration:
    case ts.SyntaxKind.PropertySignature:
    case ts.SyntaxKind.SetAccessor:
    case ts.SyntaxKind.ShorthandPropertyAssignment:
      return !ts.isParameter(declaration) || ts.isParameterPropertyDeclaration(declaration, declaration.parent);
    default:
      return ts.isBinaryExpression(declaration) || ts.isPropertyAccessExpression(declaration);
  }
}

export function nameOf(declaration: ts.Declaration): string | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name) || ts.isStringLiteralLike(name))
    ? name.text
    : undefined;
}

export function isPrivate(declaration: ts.Declaration): boolean {
  const name = ts.getNameOfDeclaration(declaration);
  return (name !== undefined && ts.isPrivateIdentifier(name)) || hasModifier(declaration, ts.SyntaxKind.PrivateKeyword);
}

export function isTopLevel(declaration: ts.Declaration): boolean {
  const holder = ts.isVariableDeclaration(declaration) ? declaration.parent.parent.parent : declaration.parent;
  return ts.isSourceFile(holder);
}

export function isExported(declaration: ts.Declaration): boolean {
  return (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Export) !== 0;
}

/** The type whose values carry the member: of the class, the interface or the object. */
export function ownerOf(declarations: readonly ts.Declaration[], checker: ts.TypeChecker): ts.Type | undefined {
  for (const declaration of declarations) {
    if (!isMember(declaration) || isPrivate(declaration) || hasModifier(declaration, ts.SyntaxKind.StaticKeyword))
      continue;
    const holder = ts.isParameter(declaration) ? declaration.parent.parent : declaration.parent;
    if (ts.isClassLike(holder) || ts.isInterfaceDeclaration(holder)) return checker.getTypeAtLocation(holder);
    if (ts.isObjectLiteralExpression(holder)) return checker.getTypeAtLocation(holder);
  }
  return undefined;
}

/** The classes and interfaces that the type's own class or object extends or implements, also through others. */
export function ancestorsOf(type: ts.Type, checker: ts.TypeChecker): ReadonlySet<ts.Node> {
  const own = type.symbol as ts.Symbol | undefined;
  const symbols = new Set(own === undefined ? [] : [own]);
  const found = new Set<ts.Node>();
  for (const symbol of symbols) {
    for (const declaration of symbol.declarations ?? []) {
      if (!ts.isClassLike(declaration) && !ts.isInterfaceDeclaration(declaration)) continue;
      if (symbol !== own) found.add(declaration);
      for (const { types } of declaration.heritageClauses ?? []) {
        for (const { expression } of types) {
          const named = checker.getSymbolAtLocation(expression);
          if (named !== undefined) symbols.add(targetOf(named, checker));
        }
      }
    }
  }
  return found;
}
