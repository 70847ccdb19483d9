import * as ts from 'typescript';
import { bare, type Cell, type Core, isReassigned, symbolOf, wrapped } from '../../analysis/index.ts';

/** Members of `Atomics` that do what an operator does. */
const MEMBERS: Readonly<Record<string, { readonly member: string; readonly operator: string }>> = {
  '++': { member: 'add', operator: '+' },
  '--': { member: 'sub', operator: '-' },
  '+': { member: 'add', operator: '+' },
  '-': { member: 'sub', operator: '-' },
  '&': { member: 'and', operator: '&' },
  '|': { member: 'or', operator: '|' },
  '^': { member: 'xor', operator: '^' },
};

/** The member of `Atomics` for `+=`, `++`, `+` and the like. */
export function memberFor(operator: string): { readonly member: string; readonly operator: string } | undefined {
  return MEMBERS[operator] ?? MEMBERS[operator.replace(/=$/, '')];
}

/** Does `Atomics` take the view? */
export function isTaken({ elements }: Cell): boolean {
  return elements === 'bigint' || elements === 'integer';
}

/** A whole number as the cells of the view have it. */
export function whole({ elements }: Cell, number: 0 | 1): string {
  return elements === 'bigint' ? `${String(number)}n` : String(number);
}

/** `cells, 0`: view and index as arguments, word for word. */
export function addressOf({ view, index }: Cell): string {
  const { text } = view.getSourceFile();
  const access = index.parent;
  let inner = index.getText();
  if (ts.isElementAccessExpression(access) && access.argumentExpression === index) {
    // All that stands between the brackets, comments too.
    const open = text.indexOf('[', access.expression.getEnd());
    inner = text.slice(open + 1, access.getEnd() - 1).trim();
  }
  const isComma = ts.isBinaryExpression(index) && index.operatorToken.kind === ts.SyntaxKind.CommaToken;
  return `${view.getText()}, ${isComma ? `(${inner})` : inner}`;
}

/** `Atomics.add(cells, 0, 1)` */
export function atomic(member: string, cell: Cell, ...rest: readonly string[]): string {
  return `Atomics.${member}(${[addressOf(cell), ...rest].join(', ')})`;
}

/** May the value be given to a member of `Atomics` in place of the operator: of the right type, and not a fraction as written? */
export function isWholeFor(cell: Cell, value: ts.Expression, core: Core): boolean {
  const wanted = cell.elements === 'bigint' ? ts.TypeFlags.BigIntLike : ts.TypeFlags.NumberLike;
  const type = core.checker.getTypeAtLocation(value);
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & wanted) !== 0) && !isFraction(value);
}

function isFraction(value: ts.Expression): boolean {
  const node = bare(value);
  if (ts.isNumericLiteral(node)) return !Number.isInteger(Number(node.text));
  if (ts.isPrefixUnaryExpression(node)) return isFraction(node.operand);
  if (ts.isConditionalExpression(node)) return isFraction(node.whenTrue) || isFraction(node.whenFalse);
  if (!ts.isBinaryExpression(node)) return false;
  return node.operatorToken.kind === ts.SyntaxKind.SlashToken || isFraction(node.left) || isFraction(node.right);
}

/** Is it a literal or a name that nothing assigns again, so that it may stand in the text twice? */
export function isConstantText(value: ts.Expression, core: Core): boolean {
  const node = bare(value);
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) return isUnary(node) && isConstantText(node.operand, core);
  if (ts.isPropertyAccessExpression(node)) return isEnumMember(node, core);
  if (!ts.isIdentifier(node)) return false;
  const symbol = symbolOf(node, core);
  return symbol !== undefined && !core.ask(isReassigned, symbol);
}

function isEnumMember(node: ts.PropertyAccessExpression, core: Core): boolean {
  return ((symbolOf(node.name, core)?.flags ?? 0) & ts.SymbolFlags.EnumMember) !== 0;
}

function isUnary({ operator }: ts.PrefixUnaryExpression): boolean {
  return (
    operator === ts.SyntaxKind.MinusToken ||
    operator === ts.SyntaxKind.PlusToken ||
    operator === ts.SyntaxKind.TildeToken
  );
}

/** May the expression be evaluated again and again: does it neither call, nor wait, nor write? Parts in `except` are not looked at. */
export function isRepeatable(root: ts.Node, except: readonly ts.Node[] = []): boolean {
  const visit = (node: ts.Node): boolean => {
    if (except.includes(node)) return true;
    if (ts.isCallExpression(node)) return isMath(node) && node.arguments.every(visit);
    const acts =
      ts.isNewExpression(node) ||
      ts.isAwaitExpression(node) ||
      ts.isYieldExpression(node) ||
      ts.isTaggedTemplateExpression(node) ||
      ts.isFunctionLike(node) ||
      ts.isDeleteExpression(node) ||
      (ts.isBinaryExpression(node) &&
        node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
        node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) ||
      ts.isPostfixUnaryExpression(node) ||
      (ts.isPrefixUnaryExpression(node) &&
        (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken));
    return !acts && ts.forEachChild(node, (child) => (visit(child) ? undefined : 'acts')) === undefined;
  };
  return visit(root);
}

/** `Math.max(…)` and its kind only compute. */
function isMath({ expression }: ts.CallExpression): boolean {
  return (
    ts.isPropertyAccessExpression(expression) &&
    ts.isIdentifier(expression.expression) &&
    expression.expression.text === 'Math' &&
    expression.name.text !== 'random'
  );
}

/** Does anything use the value of the expression? */
export function isValueUsed(expression: ts.Node): boolean {
  const outer = wrapped(expression);
  const { parent } = outer;
  if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return false;
  if (ts.isForStatement(parent)) return parent.incrementor !== outer && parent.initializer !== outer;
  if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.CommaToken) {
    return parent.left === outer ? false : isValueUsed(parent);
  }
  return true;
}

/** The text of a binary expression that takes the place of another expression, in parentheses where it needs them. */
export function inPlaceOf(expression: ts.Node, text: string): string {
  const { parent } = expression;
  const isFree =
    ts.isParenthesizedExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isArrowFunction(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isExpressionStatement(parent) ||
    ((ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression !== expression) ||
    (ts.isElementAccessExpression(parent) && parent.argumentExpression === expression) ||
    (ts.isBinaryExpression(parent) &&
      parent.right === expression &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment);
  return isFree ? text : `(${text})`;
}

/** An operand in parentheses, unless it holds together by itself. */
export function asOperand(value: ts.Expression): string {
  const holds =
    ts.isIdentifier(value) ||
    ts.isNumericLiteral(value) ||
    ts.isBigIntLiteral(value) ||
    ts.isCallExpression(value) ||
    ts.isPropertyAccessExpression(value) ||
    ts.isElementAccessExpression(value) ||
    ts.isParenthesizedExpression(value) ||
    ts.isPrefixUnaryExpression(value);
  return holds ? value.getText() : `(${value.getText()})`;
}

/** Are all comments of the old text in the new one? */
export function keepsComments(before: string, after: string): boolean {
  const comments = before.match(/\/\*[\s\S]*?\*\/|\/\/.*/g) ?? [];
  return comments.every((comment) => after.includes(comment));
}
