import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { isWriteTarget } from '../places/symbols.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isLocal, referencesOf, symbolAt } from './references.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A binding of an outer function that a closure uses. */
export interface Capture {
  readonly symbol: ts.Symbol;
  readonly declaration: ts.Declaration;
  /** Where the closure names it, in the order of the text; shorthand properties count. */
  readonly reads: readonly ts.Identifier[];
  readonly writes: readonly ts.Identifier[];
  /**
   * A write outside the closure that may happen after the closure was made: later in the text, in a loop around both, or in another
   * function.
   */
  readonly reassignedAt: ts.Node | undefined;
}

/** What a closure takes along from the functions around it. */
export interface Captures {
  readonly bindings: readonly Capture[];
  /** Where it names the `this` of the function around it. */
  readonly self: readonly ts.Node[];
}

/**
 * The variables and parameters of outer functions that a closure, or a function inside it, reads or writes.
 *
 * Bindings of the module are not listed: they are shared by all and belong to nobody's call.
 */
export const capturesOf = defineFact<FunctionNode, Captures>({
  name: 'captures',
  scope: 'program',
  compute(closure, core) {
    const reads = new Map<ts.Symbol, ts.Identifier[]>();
    const writes = new Map<ts.Symbol, ts.Identifier[]>();
    const self: ts.Node[] = [];
    const look = (node: ts.Node, ownsThis: boolean): void => {
      if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
      if (node.kind === ts.SyntaxKind.ThisKeyword && !ownsThis) self.push(node);
      if (ts.isIdentifier(node) && isValueName(node)) {
        const symbol = symbolAt(node, core.checker);
        if (symbol !== undefined && isOuter(symbol, closure)) {
          if (isWriteTarget(node)) push(writes, symbol, node);
          if (!isPlainWrite(node)) push(reads, symbol, node);
        }
      }
      const changesThis = node !== closure && isFunctionNode(node) && !ts.isArrowFunction(node);
      ts.forEachChild(node, (child) => {
        look(child, ownsThis || changesThis);
      });
    };
    look(closure, !ts.isArrowFunction(closure));
    const symbols = new Set([...reads.keys(), ...writes.keys()]);
    return {
      self,
      bindings: [...symbols].flatMap((symbol): readonly Capture[] => {
        const declaration = symbol.valueDeclaration;
        if (declaration === undefined) return [];
        return [
          {
            symbol,
            declaration,
            reads: reads.get(symbol) ?? [],
            writes: writes.get(symbol) ?? [],
            reassignedAt: reassignmentAfter(symbol, closure, core),
          },
        ];
      }),
    };
  },
});

function push(map: Map<ts.Symbol, ts.Identifier[]>, symbol: ts.Symbol, node: ts.Identifier): void {
  const list = map.get(symbol);
  if (list === undefined) map.set(symbol, [node]);
  else list.push(node);
}

/** Is it the name of a variable, not of a property, a declaration or a label? */
function isValueName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent) || isBindingElement(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  return !('name' in parent) || parent.name !== node;
}

function isPlainWrite(node: ts.Identifier): boolean {
  if (!isWriteTarget(node)) return false;
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return !ts.isPrefixUnaryExpression(parent) && !ts.isPostfixUnaryExpression(parent);
}

function isOuter(symbol: ts.Symbol, closure: ts.Node): boolean {
  const declaration = symbol.valueDeclaration;
  if (declaration === undefined || !isLocal(symbol)) return false;
  const isVariable = (symbol.flags & (ts.SymbolFlags.Variable | ts.SymbolFlags.Function)) !== 0;
  return isVariable && !contains(closure, declaration);
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return inner.getSourceFile() === outer.getSourceFile() && inner.pos >= outer.pos && inner.end <= outer.end;
}

function reassignmentAfter(symbol: ts.Symbol, closure: FunctionNode, core: Core): ts.Node | undefined {
  const home = enclosingFunctionOf(closure);
  return referencesOf(symbol, core).find((reference) => {
    if (contains(closure, reference) || !isWriteTarget(reference)) return false;
    if (reference.pos >= closure.end || enclosingFunctionOf(reference) !== home) return true;
    for (let node: ts.Node = reference; node !== home; node = node.parent) {
      // The declaration inside the loop makes a binding of its own for each turn.
      if (ts.isIterationStatement(node, false) && contains(node, closure)) {
        return symbol.valueDeclaration === undefined || !contains(node, symbol.valueDeclaration);
      }
    }
    return false;
  });
}
