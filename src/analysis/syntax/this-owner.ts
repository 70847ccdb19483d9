import * as ts from 'typescript';
import { type FunctionNode, hasModifier, isFunctionNode } from './functions.ts';

/** Whose `this` is it here: an instance of a class, the class itself (static code), or a function's own. */
export type ThisOwner =
  | { readonly is: 'class'; readonly of: ts.ClassLikeDeclaration }
  | { readonly is: 'function'; readonly of: FunctionNode }
  | { readonly is: 'instance'; readonly of: ts.ClassLikeDeclaration };

/** Whom `this` means at a node; arrow functions have none of their own. */
export function thisOwnerOf(node: ts.Node): ThisOwner {
  let child: ts.Node = node;
  for (
    let current = node.parent as ts.Node | undefined;
    current !== undefined;
    current = current.parent as ts.Node | undefined
  ) {
    const isKey = 'name' in current && current.name === child;
    if (isFunctionNode(current) && !ts.isArrowFunction(current) && !isKey) {
      if (ts.isClassLike(current.parent)) {
        const isStatic = ts.isClassStaticBlockDeclaration(current) || hasModifier(current, ts.SyntaxKind.StaticKeyword);
        return { is: isStatic ? 'class' : 'instance', of: current.parent };
      }
      return { is: 'function', of: current };
    }
    child = current;
  }
  return { is: 'function', of: node.getSourceFile() };
}
