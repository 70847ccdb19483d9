import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { defineFact } from '../facts.ts';
import { identifiersNamed } from '../text/mentions.ts';
import { blockOf } from '../syntax/block-scope.ts';
import { isAssignmentOperator } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';

/** The symbol an identifier stands for, imports and re-exports followed to the declaration. */
export function symbolOf(node: ts.Node, core: Core): ts.Symbol | undefined {
  const { checker } = core;
  const parent = node.parent as ts.Node | undefined;
  const symbol =
    parent !== undefined && ts.isShorthandPropertyAssignment(parent) && parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : checker.getSymbolAtLocation(node);
  return symbol === undefined ? undefined : unaliased(symbol, core);
}

/** A symbol behind its import or export aliases. */
export function unaliased(symbol: ts.Symbol, core: Core): ts.Symbol {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return symbol;
  const target = core.checker.getAliasedSymbol(symbol);
  return target.declarations === undefined ? symbol : target;
}

/** The region whose run makes a binding: a function, or the file for module-level code. */
export function scopeOf(declaration: ts.Declaration): FunctionNode {
  const scope = enclosingFunctionOf(declaration);
  return scope;
}

/** Is the binding made once per process (module level, or in a namespace)? */
export function isModuleLevel(declaration: ts.Declaration): boolean {
  return ts.isSourceFile(scopeOf(declaration));
}

/** Is the variable declared with `const` (or `using`)? */
export function isConst(declaration: ts.Declaration): boolean {
  return (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Constant) !== 0;
}

/**
 * Does anything write the binding after its declaration?
 *
 * Looks only where the binding can be seen: assignments, updates, assignment patterns and loop variables below its own scope.
 */
export const isReassigned = defineFact<ts.Symbol, boolean>({
  name: 'is-reassigned',
  scope: 'program',
  compute(symbol, core) {
    const declaration = symbol.valueDeclaration;
    if (declaration === undefined) return true;
    if (isConst(declaration) || ts.isFunctionLike(declaration) || ts.isClassLike(declaration)) return false;
    const { pos, end } = blockOf(declaration) ?? scopeOf(declaration);
    return identifiersNamed(declaration.getSourceFile(), symbol.name, pos, end, core).some(
      (node) => isWriteTarget(node) && symbolOf(node, core) === symbol,
    );
  },
});

/** Is the identifier or access written here (not counting its declaration)? */
export function isWriteTarget(node: ts.Expression): boolean {
  let target: ts.Node = node;
  for (;;) {
    const parent = target.parent;
    if (ts.isBinaryExpression(parent)) {
      return parent.left === target && isAssignmentOperator(parent.operatorToken.kind);
    }
    if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) {
      return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
    }
    if (ts.isForInStatement(parent) || ts.isForOfStatement(parent)) return parent.initializer === target;
    if (ts.isDeleteExpression(parent)) return true;
    const climbs =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isSpreadElement(parent) ||
      ts.isSpreadAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      (ts.isPropertyAssignment(parent) && parent.initializer === target);
    if (!climbs) return false;
    target = parent;
    const outer = parent.parent;
    if (ts.isBinaryExpression(outer) && outer.left === parent) {
      return isAssignmentOperator(outer.operatorToken.kind);
    }
  }
}
