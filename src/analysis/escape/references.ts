import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { isMemberName } from '../syntax/names.ts';
import { identifiersNamed } from '../text/mentions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** The symbol that an identifier stands for: through import aliases, of the variable in a shorthand property. */
export function symbolAt(node: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const parent = node.parent as ts.Node | undefined;
  const symbol =
    parent !== undefined && ts.isShorthandPropertyAssignment(parent) && parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : parent !== undefined && ts.isExportSpecifier(parent)
        ? checker.getExportSpecifierLocalTargetSymbol(parent)
        : checker.getSymbolAtLocation(node);
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  return checker.getAliasedSymbol(symbol);
}

/** The symbols that count as this one: a parameter property is a parameter and a property. */
function isSame(left: ts.Symbol | undefined, right: ts.Symbol): boolean {
  if (left === undefined) return false;
  if (left === right) return true;
  const declaration = right.valueDeclaration;
  if (declaration === undefined || left.valueDeclaration !== declaration) return false;
  // An instantiated generic class has other symbols for the same members; a parameter property has two of its own.
  return (left.flags & right.flags & memberOfType()) !== 0 || !ts.isParameter(declaration);
}

/**
 * Where a symbol is named in the file (or files) that declares it, its own declaration left out.
 *
 * Ignored: names in other files, which only exported symbols and public members have.
 */
export function referencesOf(symbol: ts.Symbol, core: Core): readonly ts.Identifier[] {
  return core.ask(references, symbol);
}

const references = defineFact<ts.Symbol, readonly ts.Identifier[]>({
  name: 'references-in-file',
  scope: 'program',
  compute: namesOf,
});

function namesOf(symbol: ts.Symbol, core: Core): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const seen = new Set<ts.SourceFile>();
  for (const declaration of symbol.declarations ?? []) {
    const file = declaration.getSourceFile();
    if (seen.has(file) || file.isDeclarationFile) continue;
    seen.add(file);
    const name = ts.getNameOfDeclaration(declaration);
    const text =
      name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : symbol.name;
    const around = functionAround(declaration);
    const { pos, end } = around ?? { pos: 0, end: Number.POSITIVE_INFINITY };
    for (const identifier of identifiersNamed(file, text, pos, end, core)) {
      if (identifier === name || isDeclaredBy(identifier, symbol)) continue;
      // What has a local's name as a member of something else is not asked for its type.
      if (around !== undefined && isMemberName(identifier)) continue;
      if (isSame(symbolAt(identifier, core.checker), symbol)) found.push(identifier);
    }
  }
  return found;
}

/** The function outside which a local variable or parameter cannot be named. */
function functionAround(declaration: ts.Declaration): ts.Node | undefined {
  const isVariable = ts.isVariableDeclaration(declaration) || isBindingElement(declaration);
  if (isVariable || ts.isParameter(declaration)) {
    for (
      let node = declaration.parent as ts.Node | undefined;
      node !== undefined;
      node = node.parent as ts.Node | undefined
    ) {
      // A parameter property is a field too, and a field is named all over its file.
      if (ts.isConstructorDeclaration(node) && ts.isParameter(declaration)) return undefined;
      if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return node;
    }
  }
  return undefined;
}

function isDeclaredBy(identifier: ts.Identifier, symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((declaration) => ts.getNameOfDeclaration(declaration) === identifier) ?? false;
}

/** Is the symbol a variable, parameter or function of some function's body, out of reach for other modules? */
export function isLocal(symbol: ts.Symbol): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined) return false;
  for (
    let node = declaration.parent as ts.Node | undefined;
    node !== undefined;
    node = node.parent as ts.Node | undefined
  ) {
    if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return true;
    if (ts.isPropertyDeclaration(node)) return true;
    if (ts.isSourceFile(node)) return false;
  }
  return false;
}

/** Can other modules reach the symbol by its name: exported, a public member of a class, a global? */
export function isReachableFromOutside(symbol: ts.Symbol, core: Core): boolean {
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (declaration === undefined) return true;
  if (ts.isClassElement(declaration) || ts.isParameterPropertyDeclaration(declaration, declaration.parent)) {
    const name = ts.getNameOfDeclaration(declaration);
    if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
    const isPrivate = (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) !== 0;
    return !isPrivate;
  }
  if (isLocal(symbol)) return false;
  const file = declaration.getSourceFile();
  if (!ts.isExternalModule(file)) return true;
  return core.ask(exportsOf, file).has(symbol) || hasExportAssignment(file, core);
}

/** What a module exports, aliases followed. */
const exportsOf = defineFact<ts.SourceFile, ReadonlySet<ts.Symbol>>({
  name: 'exports',
  scope: 'program',
  compute: (file, core) => {
    const module = core.checker.getSymbolAtLocation(file);
    const found = module === undefined ? [] : core.checker.getExportsOfModule(module);
    return new Set(found.map((symbol) => resolved(symbol, core.checker)));
  },
});

function hasExportAssignment(file: ts.SourceFile, core: Core): boolean {
  return core.checker.getSymbolAtLocation(file)?.exports?.has(ts.InternalSymbolName.ExportEquals) ?? true;
}

function resolved(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol {
  return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
}

/** Flags of the members of a type. */
function memberOfType(): ts.SymbolFlags {
  return ts.SymbolFlags.Method | ts.SymbolFlags.Property | ts.SymbolFlags.Accessor;
}
