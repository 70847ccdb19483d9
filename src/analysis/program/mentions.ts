import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { reverseFrom } from '../text/nodes.ts';
import { isModuleCall } from './imports.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A node that may name a symbol: an identifier, `#name`, or the string in `this['name']`. */
export type Mention = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

/** Under this name stand the local names of default imports and of whole modules. */
export const DEFAULT_NAME = 'default';

/** Every identifier of a file by its name, declarations included. */
export const mentions = defineFact<ts.SourceFile, ReadonlyMap<string, readonly Mention[]>>({
  name: 'mentions',
  scope: 'text',
  compute(file) {
    const found = new Map<string, Mention[]>();
    const add = (name: string, node: Mention): void => {
      const known = found.get(name);
      if (known === undefined) found.set(name, [node]);
      else known.push(node);
    };
    const rest: ts.Node[] = [file];
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        add(node.text, node);
        if (namesWholeModule(node)) add(DEFAULT_NAME, node);
      } else if (ts.isStringLiteralLike(node)) {
        if (isElementName(node)) add(node.text, node);
      } else {
        const first = rest.length;
        ts.forEachChild(node, (child) => void rest.push(child));
        reverseFrom(rest, first);
      }
    }
    return found;
  },
});

function isElementName(node: ts.StringLiteralLike): boolean {
  const { parent } = node;
  return (
    (ts.isElementAccessExpression(parent) && parent.argumentExpression === node) ||
    (isBindingElement(parent) && parent.propertyName === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    (ts.isMethodDeclaration(parent) && parent.name === node)
  );
}

/** `start` in `import start from`, `import * as start`, `import start =`, `const start = require(…)`. */
function namesWholeModule(node: ts.Identifier | ts.PrivateIdentifier): boolean {
  const { parent } = node;
  if (ts.isImportClause(parent) || ts.isNamespaceImport(parent) || ts.isImportEqualsDeclaration(parent)) return true;
  return ts.isVariableDeclaration(parent) && parent.initializer !== undefined && isModuleCall(parent.initializer);
}
