import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import type { StoreCall } from './store-calls.ts';
import { columnsIn, columnOfRead } from './store-things.ts';
import { type Source, sourcesOf } from './store-sources.ts';

/** A condition under which a node runs, and what it must have been. */
interface Condition {
  readonly test: ts.Expression;
  readonly is: boolean;
}

/** The reads that gave nothing when a write happens: `if (existing) throw …; await orders.save(order)`. */
export function isAbsentAt(write: StoreCall, core: Core): readonly StoreCall[] {
  const found: StoreCall[] = [];
  let node: ts.Node = write.call;
  let frame = write.frame;
  for (;;) {
    for (const condition of conditionsOf(node)) {
      for (const nothing of absentBy(condition)) {
        for (const source of sourcesOf(nothing, frame, core)) {
          if (isWhole(source, core)) found.push(source.read);
        }
      }
    }
    if (frame === undefined) return found;
    node = frame.call;
    frame = frame.outer;
  }
}

function isWhole(source: Source, core: Core): boolean {
  const path = columnsIn(source);
  return (
    source.how === 'copy' &&
    (path.length === 0 || (path.length === 1 && path[0] === 'length')) &&
    columnOfRead(source.read, core) === undefined
  );
}

/** The conditions that lead to a node inside its function. */
function conditionsOf(node: ts.Node): readonly Condition[] {
  const found: Condition[] = [];
  for (let child = node; !isFunctionNode(child); child = child.parent) {
    const { parent } = child;
    if (ts.isIfStatement(parent) && parent.expression !== child)
      found.push({ test: parent.expression, is: parent.thenStatement === child });
    else if (ts.isConditionalExpression(parent) && parent.condition !== child)
      found.push({ test: parent.condition, is: parent.whenTrue === child });
    else if (ts.isBinaryExpression(parent) && parent.right === child) {
      const { kind } = parent.operatorToken;
      if (kind === ts.SyntaxKind.AmpersandAmpersandToken) found.push({ test: parent.left, is: true });
      if (kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken)
        found.push({ test: parent.left, is: false });
      if (kind === ts.SyntaxKind.BarBarEqualsToken || kind === ts.SyntaxKind.QuestionQuestionEqualsToken)
        found.push({ test: parent.left, is: false });
    } else if (ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent)) {
      for (const statement of parent.statements) {
        if (statement === child) break;
        if (ts.isIfStatement(statement) && leaves(statement.thenStatement))
          found.push({ test: statement.expression, is: false });
      }
    }
  }
  return found;
}

/** Does a statement always end by leaving? */
function leaves(statement: ts.Statement): boolean {
  if (ts.isReturnStatement(statement) || ts.isThrowStatement(statement)) return true;
  if (ts.isContinueStatement(statement) || ts.isBreakStatement(statement)) return true;
  const last = ts.isBlock(statement) ? statement.statements.at(-1) : undefined;
  return last !== undefined && leaves(last);
}

/** The expressions that were nothing when a condition has this answer. */
function absentBy({ test, is }: Condition): readonly ts.Expression[] {
  const node = bare(test);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return absentBy({ test: node.operand, is: !is });
  if (!ts.isBinaryExpression(node)) return is ? [] : [node];
  const { left, operatorToken, right } = node;
  switch (operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
      return is ? [...absentBy({ test: left, is }), ...absentBy({ test: right, is })] : [];
    case ts.SyntaxKind.BarBarToken:
      return is ? [] : [...absentBy({ test: left, is }), ...absentBy({ test: right, is })];
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return is && isNothing(right) ? [left] : [];
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return !is && isNothing(right) ? [left] : [];
    case ts.SyntaxKind.GreaterThanToken:
      return !is && isNothing(right) ? [left] : [];
    default:
      return [];
  }
}

/** `null`, `undefined`, `0`, `false`. */
function isNothing(expression: ts.Expression): boolean {
  const node = wrapped(bare(expression)) as ts.Expression;
  return ['null', 'undefined', '0', 'false'].includes(node.getText());
}
