import * as ts from 'typescript';

/**
 * Is it an element of a pattern that binds something? In TypeScript 7 a hole (`const [, second] = pair`) is an element too, one without
 * a name; in TypeScript 6 it is an omitted expression.
 */
export function isBindingElement(node: ts.Node): node is ts.BindingElement {
  // eslint-disable-next-line no-restricted-syntax -- the one place that may ask
  return ts.isBindingElement(node) && (node as Partial<ts.BindingElement>).name !== undefined;
}
