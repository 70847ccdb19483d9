import * as ts from 'typescript';
import {
  blockOf,
  type Core,
  enclosingFunctionOf,
  isInside,
  isMemberName,
  isModuleLevel,
  isReassigned,
  mentions,
  symbolOf,
} from '../../analysis/index.ts';

const uses = new WeakMap<ts.Symbol, readonly ts.Identifier[]>();

/** Where a local name is used, apart from its declaration. */
export function usesOf(name: ts.Identifier, core: Core): readonly ts.Identifier[] {
  const symbol = symbolOf(name, core);
  const declaration = symbol?.valueDeclaration;
  const file = name.getSourceFile();
  if (symbol === undefined || declaration?.getSourceFile() !== file) return [];
  let known = uses.get(symbol);
  if (known === undefined) {
    const mentioned = core.ask(mentions, file).get(name.text) ?? [];
    // A name that many functions or blocks give to a local of their own is asked for in one of them.
    const { pos, end } = blockOf(declaration) ?? enclosingFunctionOf(declaration);
    known = mentioned
      .filter(ts.isIdentifier)
      .filter((node) => node.pos >= pos && node.end <= end && symbolOf(node, core) === symbol);
    uses.set(symbol, known);
  }
  return known.filter((node) => node !== name);
}

/** Does an expression mean the same at another place: the same names, the same `this`, no local that changes meanwhile? */
export function meansTheSameAt(source: ts.Expression, place: ts.Node, core: Core): boolean {
  const { checker } = core;
  let inScope: ReadonlyMap<string, ts.Symbol> | undefined;
  const differs = (node: ts.Node): boolean => {
    if (node.kind === ts.SyntaxKind.SuperKeyword) return true;
    if (node.kind === ts.SyntaxKind.ThisKeyword) return !sharesThis(source, place);
    if (ts.isIdentifier(node) && !isMemberName(node)) {
      const symbol = symbolOf(node, core);
      const declaration = symbol?.valueDeclaration;
      if (symbol === undefined) return node.text !== 'undefined';
      if (declaration !== undefined && isInside(declaration, source)) return false;
      if (declaration !== undefined && !isModuleLevel(declaration) && core.ask(isReassigned, symbol)) {
        // The accumulator of an outer function is what is read again; everything else must stay as it is.
        if (node !== source) return true;
      }
      inScope ??= new Map(
        checker.getSymbolsInScope(place, ts.SymbolFlags.Value | ts.SymbolFlags.Alias).map((each) => [each.name, each]),
      );
      const there = inScope.get(node.text);
      return there !== undefined && there !== checker.getSymbolAtLocation(node) && !isShorthand(node);
    }
    return ts.forEachChild(node, differs) ?? false;
  };
  return !differs(source);
}

function isShorthand(node: ts.Identifier): boolean {
  return ts.isShorthandPropertyAssignment(node.parent);
}

/** Does the same function, or arrow functions in it, give both their `this`? */
function sharesThis(one: ts.Node, other: ts.Node): boolean {
  return thisContainerOf(one) === thisContainerOf(other);
}

function thisContainerOf(node: ts.Node): ts.Node | undefined {
  return ts.findAncestor(
    node,
    (candidate) =>
      (ts.isFunctionLike(candidate) && !ts.isArrowFunction(candidate)) ||
      ts.isPropertyDeclaration(candidate) ||
      ts.isClassStaticBlockDeclaration(candidate) ||
      ts.isSourceFile(candidate),
  );
}
