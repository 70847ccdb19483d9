import * as ts from 'typescript';
import { bare, type CellRace, type Core, wrapped } from '../../analysis/index.ts';
import { type Edit, hasComment, removeStatement, replace } from '../../report/edits.ts';
import { atomic, isConstantText, isWholeFor, whole } from './atomic-text.ts';
import type { Rewrite } from './rewrite.ts';

/** A test that a cell holds one value. */
interface Equality {
  /** The whole test: `busy[0] === 0`, `!busy[0]`. */
  readonly test: ts.Expression;
  readonly expected: string;
  /** Does it hold when the cell has the value? */
  readonly isPositive: boolean;
  /** The text of the test with another expression in place of the cell. */
  written(cell: string): string;
}

/**
 * `if (busy[0] === 0) busy[0] = 1;` with both steps in one: the test itself claims the cell, and the write goes.
 *
 * Only where the test alone, or the last operand of it, decides, so that nothing is claimed that the old code left alone.
 */
export function compareInTest({ write, cell, value, guard, reads }: CellRace, core: Core): Rewrite | undefined {
  const [read, more] = reads;
  if (value === undefined || guard === undefined || read === undefined || more !== undefined) return undefined;
  if (!ts.isBinaryExpression(write) || write.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (!isConstantText(value, core) || !isWholeFor(cell, value, core)) return undefined;
  const equality = equalityAt(read, whole(cell, 0), core);
  const own = wrapped(write).parent;
  if (equality === undefined || !ts.isExpressionStatement(own) || hasComment(own) || hasComment(equality.test))
    return undefined;

  const isEntered = ts.isIfStatement(guard) && own.pos >= guard.thenStatement.pos && own.end <= guard.thenStatement.end;
  if (equality.isPositive !== isEntered) return undefined;
  const joint = isEntered ? ts.SyntaxKind.AmpersandAmpersandToken : ts.SyntaxKind.BarBarToken;
  const whereLast = wrapped(equality.test);
  const chain = whereLast.parent;
  const isLast =
    ts.isBinaryExpression(chain) &&
    chain.operatorToken.kind === joint &&
    chain.right === whereLast &&
    wrapped(chain) === guard.expression;
  if (whereLast !== guard.expression && !isLast) return undefined;

  const call = atomic('compareExchange', cell, equality.expected, value.getText());
  return {
    title: 'member',
    member: 'Atomics.compareExchange',
    automatic: true,
    edits: isEntered
      ? enteredEdits(guard, own, equality, call, isLast ? chain.left : undefined)
      : [replace(equality.test, equality.written(call)), removeStatement(own)],
  };
}

function enteredEdits(
  guard: ts.IfStatement,
  own: ts.ExpressionStatement,
  equality: Equality,
  call: string,
  first: ts.Expression | undefined,
): Edit[] {
  const body = guard.thenStatement;
  const isAlone = body === own || (ts.isBlock(body) && body.statements.length === 1);
  if (isAlone && guard.elseStatement === undefined && !hasComment(guard)) {
    return [replace(guard, first === undefined ? `${call};` : `if (${first.getText()}) ${call};`)];
  }
  const test = replace(equality.test, equality.written(call));
  return body === own ? [test, replace(own, '{}')] : [test, removeStatement(own)];
}

function equalityAt(read: ts.Expression, zero: string, core: Core): Equality | undefined {
  const outer = wrapped(read) as ts.Expression;
  const { parent } = outer;
  if (ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken) {
    return { test: parent, expected: zero, isPositive: true, written: (cell) => `${cell} === ${zero}` };
  }
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind;
    const isPositive =
      operator === ts.SyntaxKind.EqualsEqualsEqualsToken || operator === ts.SyntaxKind.EqualsEqualsToken;
    const isNegative =
      operator === ts.SyntaxKind.ExclamationEqualsEqualsToken || operator === ts.SyntaxKind.ExclamationEqualsToken;
    if (isPositive || isNegative) {
      const expected = parent.left === outer ? parent.right : parent.left;
      if (!isConstantText(expected, core)) return undefined;
      const sign = parent.operatorToken.getText();
      return {
        test: parent,
        expected: bare(expected).getText(),
        isPositive,
        written: (cell) =>
          parent.left === outer ? `${cell} ${sign} ${expected.getText()}` : `${expected.getText()} ${sign} ${cell}`,
      };
    }
    if (operator !== ts.SyntaxKind.AmpersandAmpersandToken && operator !== ts.SyntaxKind.BarBarToken) return undefined;
  } else if (!ts.isIfStatement(parent) && !ts.isWhileStatement(parent)) {
    return undefined;
  }
  return { test: outer, expected: zero, isPositive: false, written: (cell) => `${cell} !== ${zero}` };
}
