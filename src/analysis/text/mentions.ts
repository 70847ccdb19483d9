import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { isBindingElement } from '../syntax/bindings.ts';
import { isModuleCall } from '../syntax/modules.ts';
import { reverseFrom } from './nodes.ts';

/** A node that may name a symbol: an identifier, `#name`, or the string in `this['name']`. */
export type Mention = ts.Identifier | ts.PrivateIdentifier | ts.StringLiteralLike;

/** Under this name stand the local names of default imports and of whole modules. */
export const DEFAULT_NAME = 'default';

/** Every identifier of a file by its name, in the order of the text; declarations included, JSDoc left out. */
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

/**
 * The identifiers of a file with this text between two positions, in the order of the text; types and JSDoc left out.
 *
 * @param from the first position at which one may start, white space before it included
 * @param to the position before which it starts
 */
export function identifiersNamed(
  file: ts.SourceFile,
  text: string,
  from: number,
  to: number,
  core: Core,
): readonly ts.Identifier[] {
  const same = core.ask(mentions, file).get(text);
  if (same === undefined) return [];
  const found: ts.Identifier[] = [];
  for (let index = firstAt(same, from); index < same.length; index++) {
    const node = same[index] as Mention;
    if (node.pos >= to) break;
    if (!ts.isStringLiteralLike(node) && !isInType(node)) found.push(node as ts.Identifier);
  }
  return found;
}

/** The place of the first mention that starts at or after a position. */
function firstAt(nodes: readonly Mention[], position: number): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle] as Mention).pos < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Does a name stand in a type? What a class extends is an expression. */
function isInType(name: ts.Node): boolean {
  for (let node = name.parent; !ts.isStatement(node) && !ts.isSourceFile(node); node = node.parent) {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return true;
  }
  return false;
}
