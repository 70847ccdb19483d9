import * as ts from 'typescript';
import {
  bare,
  type Core,
  isConst,
  isInside,
  referencesInFileOf,
  type RemoteUpdate,
  storeSourcesOf,
  symbolOf,
  wrapped,
  isBindingElement,
} from '../../analysis/index.ts';
import { type Edit, hasComment, removeElement, removeStatement, replace } from '../../report/edits.ts';

/** What holds a part of a sum: a constant, or a name that is taken out of what was read. */
export type Holder = ts.BindingElement | ts.VariableDeclaration;

/** `old + by` or `old - by`, where `old` is what was read. */
export interface Addition {
  readonly by: string;
  readonly minus: boolean;
  /** Is the number written out, and whole? */
  readonly isWholeLiteral: boolean;
  readonly old: ts.Expression;
  /** The constants that hold the sum and what it is made of, down to what was read. */
  readonly holders: readonly Holder[];
  /** What is taken for nothing is nothing: no start but 0, no limit. */
  readonly startsAtNothing: boolean;
}

/** The addition that a written value is, if it is nothing more. */
export function additionOf({ read, value }: RemoteUpdate, core: Core): Addition | undefined {
  if (value === undefined || value.frame !== undefined || read.frame !== undefined) return undefined;
  const holders: Holder[] = [];
  const sum = unheld(value.node, holders, core);
  const parts = partsOf(sum);
  if (parts === undefined) return undefined;
  const isOld = (node: ts.Expression): boolean =>
    storeSourcesOf(node, undefined, core).some((source) => source.read.call === read.call);
  const { left, minus, right } = parts;
  const [old, by] = right === undefined || isOld(left) ? [left, right] : [right, left];
  if (!isOld(old) || (by !== undefined && isOld(by)) || (minus && old !== left)) return undefined;
  if (!storeSourcesOf(old, undefined, core).every(({ how }) => how === 'copy')) return undefined;
  const startsAtNothing = isPlain(old, holders, core);
  return {
    by: by === undefined ? '1' : bare(by).getText(),
    minus,
    isWholeLiteral: by === undefined || (ts.isNumericLiteral(bare(by)) && /^\d+$/.test(bare(by).getText())),
    old,
    holders,
    startsAtNothing,
  };
}

interface Parts {
  readonly left: ts.Expression;
  /** Nothing for `++` and `--`. */
  readonly right: ts.Expression | undefined;
  readonly minus: boolean;
}

function partsOf(node: ts.Expression): Parts | undefined {
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const minus = node.operator === ts.SyntaxKind.MinusMinusToken;
    return { left: node.operand, right: undefined, minus };
  }
  if (!ts.isBinaryExpression(node)) return undefined;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.PlusToken:
    case ts.SyntaxKind.PlusEqualsToken:
      return { left: node.left, right: node.right, minus: false };
    case ts.SyntaxKind.MinusToken:
    case ts.SyntaxKind.MinusEqualsToken:
      return { left: node.left, right: node.right, minus: true };
    case ts.SyntaxKind.EqualsToken:
      return partsOf(bare(node.right));
    default:
      return undefined;
  }
}

/** The value behind constants and conversions to a text. */
function unheld(expression: ts.Expression, holders: Holder[], core: Core): ts.Expression {
  const node = bare(expression);
  if (ts.isIdentifier(node)) {
    const declaration = symbolOf(node, core)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return node;
    if (declaration.initializer === undefined) return node;
    holders.push(declaration);
    return unheld(declaration.initializer, holders, core);
  }
  if (ts.isCallExpression(node)) {
    const callee = bare(node.expression);
    const [given] = node.arguments;
    if (ts.isIdentifier(callee) && callee.text === 'String' && given !== undefined) return unheld(given, holders, core);
    if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'toString' && given === undefined)
      return unheld(callee.expression, holders, core);
  }
  const [span] = ts.isTemplateExpression(node) ? node.templateSpans : [];
  if (ts.isTemplateExpression(node) && node.templateSpans.length === 1 && span !== undefined) {
    if (node.head.text === '' && span.literal.text === '') return unheld(span.expression, holders, core);
  }
  return node;
}

/** Is the old value what was read, with 0 in place of nothing? Adds the constants on the way to it. */
function isPlain(old: ts.Expression, holders: Holder[], core: Core): boolean {
  let isSo = true;
  const visit = (node: ts.Node): void => {
    if (ts.isNumericLiteral(node) || ts.isStringLiteralLike(node)) {
      const isRadix = ts.isCallExpression(node.parent) && node.parent.arguments[1] === node && node.text === '10';
      if (node.text !== '0' && !isRadix) isSo = false;
      return;
    }
    if (ts.isIdentifier(node) && node.text === 'parseFloat') isSo = false;
    if (ts.isAwaitExpression(node)) return;
    if (ts.isPropertyAccessExpression(node)) {
      visit(node.expression);
      return;
    }
    if (ts.isIdentifier(node)) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      if (declaration !== undefined && isBindingElement(declaration) && !holders.includes(declaration))
        holders.push(declaration);
      if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
        return;
      if (!isConst(declaration)) isSo = false;
      if (!holders.includes(declaration)) holders.push(declaration);
      visit(declaration.initializer);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(old);
  return isSo;
}

/** Is a constant used nowhere but in the addition itself? What is `kept` of the write stays. */
export function hasNoOtherUse(
  holder: Holder,
  { holders }: Addition,
  write: ts.Node,
  core: Core,
  kept: readonly ts.Node[] = [],
): boolean {
  const symbol = symbolOf(holder.name, core);
  if (symbol === undefined || !ts.isIdentifier(holder.name)) return false;
  return referencesInFileOf(symbol, core).every(
    (reference) =>
      reference === holder.name ||
      (isInside(reference, write) && !kept.some((each) => isInside(reference, each))) ||
      holders.some(({ initializer }) => initializer !== undefined && isInside(reference, initializer)),
  );
}

/** Takes a constant away: its statement, or the name out of its pattern. */
export function removalOf(holder: Holder): Edit | undefined {
  const statement = statementAround(holder);
  if (statement === undefined || hasComment(statement)) return undefined;
  if (ts.isVariableDeclaration(holder)) return removeStatement(statement);
  const pattern = holder.parent;
  if (!ts.isVariableDeclaration(pattern.parent) || holder.dotDotDotToken !== undefined) return undefined;
  if (pattern.elements.length === 1) return removeStatement(statement);
  if (ts.isObjectBindingPattern(pattern)) return removeElement(holder, pattern.elements);
  const isLast = pattern.elements.indexOf(holder) === pattern.elements.length - 1;
  return isLast ? removeElement(holder, pattern.elements) : replace(holder, '');
}

/** Leaves a read as it is but for its name, which nobody uses any more: it may still fail where nothing is found. */
export function unnamed(holder: Holder): Edit | undefined {
  const statement = statementAround(holder);
  if (statement === undefined || hasComment(statement)) return undefined;
  let node: ts.Node = holder;
  while (!ts.isVariableDeclaration(node)) {
    if (isBindingElement(node) && node.parent.elements.length > 1) return removalOf(holder);
    node = node.parent;
  }
  const { initializer } = node;
  if (initializer === undefined || !ts.isAwaitExpression(bare(initializer))) return undefined;
  return { range: [statement.getStart(), initializer.getStart()], text: '' };
}

function statementAround(holder: Holder): ts.VariableStatement | undefined {
  let node: ts.Node = holder;
  while (isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node))
    node = node.parent;
  const list = node.parent;
  if (!ts.isVariableDeclarationList(list) || list.declarations.length > 1) return undefined;
  return ts.isVariableStatement(list.parent) ? list.parent : undefined;
}

/** The statement of a call whose result nobody uses: `await redis.set(key, value);` */
export function statementOf(call: ts.Node): ts.ExpressionStatement | undefined {
  const { parent } = wrapped(call);
  const outer = ts.isAwaitExpression(parent) ? wrapped(parent).parent : parent;
  return ts.isExpressionStatement(outer) ? outer : undefined;
}
