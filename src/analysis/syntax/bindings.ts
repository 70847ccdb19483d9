import * as ts from 'typescript';

/**
 * Is it an element of a pattern that binds something? In TypeScript 7 a hole (`const [, second] = pair`) is an element too, one with
 * nothing in it; in TypeScript 6 it is an omitted expression.
 */
export function isBindingElement(node: ts.Node): node is ts.BindingElement {
  return node.kind === ts.SyntaxKind.BindingElement && ts.forEachChild(node, () => true) === true;
}
