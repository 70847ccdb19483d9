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
  const declaration = copyOf(read.node);
  const value = write.value;
  if (declaration === undefined || value === undefined || !ts.isIdentifier(declaration.name)) return [];
  const { initializer, name, parent: list } = declaration;
  const symbol = symbolOf(name, core);
  if (symbol === undefined || initializer === undefined || core.ask(isReassigned, symbol)) return [];
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(list.parent) || hasComment(initializer)) return [];
  const uses = usesOf(name, symbol, core);
  const inWrite = uses.filter((use) => isInside(use, value));
  if (
    inWrite.length === 0 ||
    inWrite.some((use) => !isSameType(use, initializer, core) || !reachesThis(initializer, use, declaration))
  )
    return [];
  const text = readingText(initializer);
  const edits = inWrite.map((use) => rereadAt(use, text));
  const isOnlyUse = inWrite.length === uses.length && list.declarations.length === 1;
  return isOnlyUse
    ? [{ automatic: true, edits: [removeStatement(list.parent), ...edits] }]
    : [{ automatic: false, edits }];
}

/** The declaration whose initialiser is the read, perhaps with a fallback (`counts.get(id) ?? 0`). */
function copyOf(read: ts.Node): ts.VariableDeclaration | undefined {
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
function isSameType(use: ts.Identifier, initializer: ts.Expression, core: Core): boolean {
  return (
    core.checker.getTypeAtLocation(use) ===
    core.checker.getBaseTypeOfLiteralType(core.checker.getTypeAtLocation(initializer))
  );
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
