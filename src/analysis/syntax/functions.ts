import * as ts from 'typescript';
import { bare } from './expressions.ts';

/** A function-like node that has a body of its own, or a region that runs like one. */
export type FunctionNode =
  | ts.ArrowFunction
  | ts.ClassStaticBlockDeclaration
  | ts.ConstructorDeclaration
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.GetAccessorDeclaration
  | ts.MethodDeclaration
  | ts.PropertyDeclaration
  | ts.SetAccessorDeclaration
  | ts.SourceFile;

/**
 * Is this node something the core lowers to a graph of its own?
 *
 * A source file is its top-level code, a static block and a property initialiser are functions without a name.
 * Overload signatures and abstract or ambient members have no body and are not.
 */
export function isFunctionNode(node: ts.Node): node is FunctionNode {
  // The compiler's names are getters of a large object; asked for each node of a walk, they cost more than the walk.
  const { SyntaxKind } = ts;
  switch (node.kind) {
    case SyntaxKind.ArrowFunction:
    case SyntaxKind.ClassStaticBlockDeclaration:
    case SyntaxKind.FunctionExpression:
    case SyntaxKind.SourceFile:
      return true;
    case SyntaxKind.Constructor:
    case SyntaxKind.FunctionDeclaration:
    case SyntaxKind.GetAccessor:
    case SyntaxKind.MethodDeclaration:
    case SyntaxKind.SetAccessor:
      return (node as ts.FunctionLikeDeclaration).body !== undefined;
    case SyntaxKind.PropertyDeclaration:
      return (node as ts.PropertyDeclaration).initializer !== undefined;
    default:
      return false;
  }
}

/** The region whose graph holds this node: the nearest function, initialiser, static block or the file. */
export function enclosingFunctionOf(node: ts.Node): FunctionNode {
  let child = node;
  let parent = node.parent as ts.Node | undefined;
  while (parent !== undefined) {
    if (isFunctionNode(parent) && isEvaluatedInside(child, parent)) return parent;
    child = parent;
    parent = parent.parent;
  }
  return node.getSourceFile();
}

/** Decorators, computed names and heritage are evaluated by the surrounding code, not inside the function. */
function isEvaluatedInside(child: ts.Node, fn: FunctionNode): boolean {
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn)) return true;
  if (ts.isPropertyDeclaration(fn)) return child === fn.initializer;
  if (ts.isDecorator(child)) return false;
  return child !== fn.name;
}

/** Does this function return a promise because it is declared `async`? */
export function isAsync(fn: FunctionNode): boolean {
  return hasModifier(fn, ts.SyntaxKind.AsyncKeyword);
}

/** Is it declared with a `*`? */
export function isGenerator(fn: FunctionNode): boolean {
  return (
    (ts.isFunctionDeclaration(fn) || ts.isFunctionExpression(fn) || ts.isMethodDeclaration(fn)) &&
    fn.asteriskToken !== undefined
  );
}

/** Does this declaration carry the modifier? */
export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (node.modifiers?.some((modifier) => modifier.kind === kind) ?? false);
}

/** May an argument be a function, by what is written: a function, a name, a member, the result of a call? */
export function mayBeFunction(given: ts.Expression): boolean {
  const node = bare(given);
  return (
    ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isCallExpression(node) || isFunctionNode(node)
  );
}
