import * as ts from 'typescript';
import { mayMention } from '../analysis/syntax/may-mention.ts';
import { isBindingElement } from '../analysis/syntax/bindings.ts';

const known = new WeakMap<ts.SourceFile, boolean>();

/**
 * Does the file bind a variable called `await` or `yield`? The compiler objects to it only after parsing, so that such a file is linted;
 * but an expression that names the variable parses in some places and not in others, so that nothing can be written with it.
 */
export function bindsKeyword(file: ts.SourceFile): boolean {
  let binds = known.get(file);
  if (binds === undefined) {
    const visit = (node: ts.Node): boolean =>
      ts.isIdentifier(node)
        ? (node.text === 'await' || node.text === 'yield') && isBound(node)
        : (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
    binds = (mayMention(file, 'await') || mayMention(file, 'yield')) && visit(file);
    known.set(file, binds);
  }
  return binds;
}

/** Is it the name that a declaration gives to a variable, and not to a member? */
function isBound(name: ts.Identifier): boolean {
  const { parent } = name;
  const isBinding =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isFunctionExpression(parent) ||
    ts.isClassLike(parent) ||
    ts.isImportClause(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isNamespaceImport(parent);
  return isBinding && parent.name === name;
}
