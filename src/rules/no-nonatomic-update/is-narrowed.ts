import * as ts from 'typescript';
import { type Core, isConst } from '../../analysis/index.ts';

/**
 * Is there something in the expression that was found to be there by a test, and that others may take away while the function
 * waits? Then it must not be looked at later without a new test.
 */
export function restsOnTest(root: ts.Node, { checker }: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    const isReference = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
    if (isReference) {
      const symbol = checker.getSymbolAtLocation(node);
      const declaration = symbol?.valueDeclaration;
      const isVariable =
        symbol !== undefined && (symbol.flags & (ts.SymbolFlags.Variable | ts.SymbolFlags.Property)) !== 0;
      if (isVariable && declaration !== undefined && !isConst(declaration)) {
        const declared = checker.getTypeOfSymbol(symbol);
        if (mayBeEmpty(declared) && !mayBeEmpty(checker.getTypeAtLocation(node))) return true;
      }
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(root);
}

function mayBeEmpty(type: ts.Type): boolean {
  if (type.isUnion()) return type.types.some(mayBeEmpty);
  return (type.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0;
}
