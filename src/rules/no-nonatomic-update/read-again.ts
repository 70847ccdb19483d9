import ts from 'typescript';
import { bare, type Core, isInside, isReassigned, type StaleWrite, symbolOf } from '../../analysis/index.ts';
import { type Edit, hasComment, removeStatement, replace } from '../../report/edits.ts';
import type { UpdateRepair } from './hoist.ts';

/**
 * `const before = total; await audit(); total = before + 1` → `await audit(); total = total + 1`
 *
 * Automatic where the local is a plain copy that is used for this write alone; otherwise, where the old value is needed elsewhere
 * too, the write alone is changed, as a suggestion.
 */
export function readAgain({ read, write }: StaleWrite, core: Core): readonly UpdateRepair[] {
  const copy = copyOf(read.node);
  const { value } = write;
  if (copy === undefined || value === undefined) return [];
  const { name, text, source } = copy;
  const symbol = symbolOf(name, core);
  if (symbol === undefined || core.ask(isReassigned, symbol) || hasComment(source)) return [];
  const uses = usesOf(name, symbol, core);
  const inWrite = uses.filter((use) => isInside(use, value));
  if (inWrite.length === 0) return [];
  if (inWrite.some((use) => !isSameType(use, copy, core) || !reachesThis(source, use, copy.removable))) return [];
  const edits = inWrite.map((use) => rereadAt(use, text));
  const removal = inWrite.length === uses.length ? removalOf(copy) : undefined;
  return removal === undefined ? [{ automatic: false, edits }] : [{ automatic: true, edits: [removal, ...edits] }];
}

/** A local that holds what was read. */
interface Copy {
  readonly name: ts.Identifier;
  /** The place, to be read again, as source. */
  readonly text: string;
  /** The expression that the text comes from. */
  readonly source: ts.Expression;
  /** What goes when nobody needs the copy any more. */
  readonly removable: ts.BindingElement | ts.VariableDeclaration;
}

function removalOf({ removable }: Copy): Edit | undefined {
  if (ts.isBindingElement(removable)) {
    const { elements } = removable.parent;
    if (elements.length > 1) return removeElement(removable, elements);
    const declaration = removable.parent.parent;
    return ts.isVariableDeclaration(declaration) ? removalOfDeclaration(declaration) : undefined;
  }
  return removalOfDeclaration(removable);
}

function removalOfDeclaration({ parent: list }: ts.VariableDeclaration): Edit | undefined {
  const isAlone =
    ts.isVariableDeclarationList(list) && list.declarations.length === 1 && ts.isVariableStatement(list.parent);
  return isAlone ? removeStatement(list.parent) : undefined;
}

function removeElement(element: ts.Node, elements: readonly ts.Node[]): Edit {
  const index = elements.indexOf(element);
  const following = elements[index + 1];
  const before = elements[index - 1];
  if (following !== undefined) return { range: [element.getStart(), following.getStart()], text: '' };
  return { range: [before === undefined ? element.getStart() : before.getEnd(), element.getEnd()], text: '' };
}

/** `const before = total`, perhaps with a fallback (`counts.get(id) ?? 0`), or `const { hits } = stats`. */
function copyOf(read: ts.Node): Copy | undefined {
  if (ts.isBindingElement(read)) return copyOfElement(read);
  const declaration = declarationAround(read);
  if (declaration?.initializer === undefined || !ts.isIdentifier(declaration.name)) return undefined;
  return {
    name: declaration.name,
    text: readingText(declaration.initializer),
    source: declaration.initializer,
    removable: declaration,
  };
}

function copyOfElement(element: ts.BindingElement): Copy | undefined {
  const declaration = element.parent.parent;
  if (
    !ts.isIdentifier(element.name) ||
    !ts.isObjectBindingPattern(element.parent) ||
    !ts.isVariableDeclaration(declaration)
  )
    return undefined;
  const property = element.propertyName ?? element.name;
  const { initializer } = declaration;
  if (
    initializer === undefined ||
    !ts.isIdentifier(property) ||
    element.initializer !== undefined ||
    element.dotDotDotToken !== undefined
  )
    return undefined;
  return {
    name: element.name,
    text: `${readingText(initializer)}.${property.text}`,
    source: initializer,
    removable: element,
  };
}

/** The declaration whose initialiser is the read, perhaps with a fallback (`counts.get(id) ?? 0`). */
function declarationAround(read: ts.Node): ts.VariableDeclaration | undefined {
  for (let node = read; ; node = node.parent) {
    if (ts.isVariableDeclaration(node)) return node;
    const goesOn =
      node === read ||
      ts.isParenthesizedExpression(node) ||
      ts.isAsExpression(node) ||
      ts.isNonNullExpression(node) ||
      (ts.isBinaryExpression(node) && isFallback(node));
    if (!goesOn) return undefined;
  }
}

function isFallback(node: ts.BinaryExpression): boolean {
  const operator = node.operatorToken.kind;
  if (operator !== ts.SyntaxKind.QuestionQuestionToken && operator !== ts.SyntaxKind.BarBarToken) return false;
  const right = bare(node.right);
  return (
    ts.isNumericLiteral(right) || ts.isStringLiteralLike(right) || ts.isBigIntLiteral(right) || isEmptyLiteral(right)
  );
}

function isEmptyLiteral(node: ts.Node): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  return ts.isObjectLiteralExpression(node) && node.properties.length === 0;
}

function usesOf(name: ts.Identifier, symbol: ts.Symbol, core: Core): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolOf(node, core) === symbol)
      found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return found;
}

/** A copy that was narrowed meanwhile has another type than the place read again. */
function isSameType(use: ts.Identifier, { name }: Copy, { checker }: Core): boolean {
  return checker.getTypeAtLocation(use) === checker.getTypeAtLocation(name);
}

/** `this` must mean the same where it is read again. */
function reachesThis(initializer: ts.Expression, use: ts.Node, declaration: ts.Node): boolean {
  if (!/\bthis\b/.test(initializer.getText())) return true;
  for (let node = use; node !== declaration.getSourceFile() && !isInside(declaration, node); node = node.parent) {
    if (
      ts.isFunctionDeclaration(node) ||
      ts.isFunctionExpression(node) ||
      ts.isMethodDeclaration(node) ||
      ts.isClassLike(node)
    )
      return false;
  }
  return true;
}

function readingText(initializer: ts.Expression): string {
  const text = initializer.getText();
  const inner = initializer;
  const isPlain =
    ts.isIdentifier(inner) ||
    ts.isPropertyAccessExpression(inner) ||
    ts.isElementAccessExpression(inner) ||
    ts.isCallExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isParenthesizedExpression(inner);
  return isPlain ? text : `(${text})`;
}

function rereadAt(use: ts.Identifier, text: string): Edit {
  const { parent } = use;
  return ts.isShorthandPropertyAssignment(parent) ? replace(parent, `${use.text}: ${text}`) : replace(use, text);
}
