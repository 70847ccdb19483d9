import * as ts from 'typescript';
import { bare } from './expressions.ts';
import { type FunctionNode, isFunctionNode } from './functions.ts';
import { isBindingElement } from './bindings.ts';

/** Names of variables and properties, by their text alone. */
export type Names = ReadonlySet<string>;

/** Every variable, property and literal key that an expression names, closures left out. */
export function mentionsIn(root: ts.Node): Names {
  const found = new Set<string>();
  addMentions(root, found);
  return found;
}

/** Adds what `mentionsIn` finds. */
export function addMentions(root: ts.Node, found: Set<string>): void {
  const { SyntaxKind } = ts;
  const visit = (node: ts.Node): void => {
    switch (node.kind) {
      case SyntaxKind.Identifier:
      case SyntaxKind.NoSubstitutionTemplateLiteral:
      case SyntaxKind.PrivateIdentifier:
      case SyntaxKind.StringLiteral:
        found.add((node as ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike).text);
        return;
      default:
        if (ts.isToken(node) || isFunctionNode(node) || ts.isTypeNode(node)) return;
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
}

/** Does it name one of these, closures left out? */
export function mentionsOne(root: ts.Node, names: Names): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isIdentifier(node) || ts.isPrivateIdentifier(node) || ts.isStringLiteralLike(node)
      ? names.has(node.text)
      : !isFunctionNode(node) && (ts.forEachChild(node, visit) ?? false);
  return visit(root);
}

/** Is it the name of a member that is used, given a value or taken out, and so no variable? */
export function isMemberName(name: ts.Identifier): boolean {
  const { parent } = name;
  return (
    ((ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === name) ||
    (isBindingElement(parent) && parent.propertyName === name)
  );
}

/** The variables that a declaration binds. */
export function namesBound(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (isBindingElement(element) ? namesBound(element.name) : []));
}

/** The name that a target or receiver is known by: the last property, or the collection of an element. */
export function lastNameOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (!ts.isElementAccessExpression(node)) return undefined;
  const key = bare(node.argumentExpression);
  return ts.isStringLiteralLike(key) ? key.text : lastNameOf(bare(node.expression));
}

/** The name under which a function is called: its own, its variable's, its property's. */
export function calledNameOf(fn: FunctionNode): string | undefined {
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn)) return undefined;
  if (fn.name !== undefined && (ts.isIdentifier(fn.name) || ts.isPrivateIdentifier(fn.name))) return fn.name.text;
  const { parent } = fn;
  const isHeld =
    ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isHeld && ts.isIdentifier(parent.name) ? parent.name.text : undefined;
}
