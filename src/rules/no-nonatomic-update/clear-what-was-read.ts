import * as ts from 'typescript';
import { bare, type Core, isInside, type StaleClear } from '../../analysis/index.ts';
import { freeName, hasComment, insertBefore, removeStatement, replace, standsInList } from '../../report/edits.ts';
import type { UpdateRepair } from './repair.ts';

/** What a clear empties: the target of the assignment, without `length`, or the receiver of the call. */
export function emptiedIn(clear: ts.Expression): ts.Expression {
  const target = ts.isBinaryExpression(clear)
    ? bare(clear.left)
    : ts.isCallExpression(clear)
      ? bare(clear.expression)
      : clear;
  const isHolder =
    ts.isPropertyAccessExpression(target) && (ts.isCallExpression(clear) || target.name.text === 'length');
  return isHolder ? target.expression : target;
}

/**
 * Suggestions only: what a failed wait leaves behind changes.
 *
 * - `await this.link.close(); this.link = undefined` → close what was there, and forget it only if it is still there
 * - `await Promise.all(this.rows.map(send)); this.rows = []` → take the rows first, then wait
 */
export function clearWhatWasRead({ clear, pause, read }: StaleClear, core: Core): readonly UpdateRepair[] {
  const waiting = statementOf(pause);
  const clearing = clear.parent;
  if (waiting === undefined || !ts.isExpressionStatement(clearing) || !standsInList(waiting) || !standsInList(clearing))
    return [];
  if (!isInside(clearing, waiting.parent) || hasComment(waiting) || hasComment(clearing)) return [];
  const target = emptiedIn(clear);
  const name = freeName(wishedName(target), clear.getSourceFile());
  const holds = `const ${name} = ${target.getText()};`;
  const isWhole = ts.isBinaryExpression(clear) && bare(clear.left) === target;
  const isForgotten = isWhole && isNothing(bare(clear.right));
  if (isForgotten) {
    return [
      {
        title: 'keep',
        automatic: false,
        edits: [
          insertBefore(waiting, [holds], ''),
          replace(read, name),
          replace(clearing, `if (${target.getText()} === ${name}) ${clearing.getText()}`),
        ],
      },
    ];
  }
  if (!isOnlyUse(target, read, waiting, clear)) return [];
  const taken = isWhole ? [holds, clearing.getText()] : takenLines(target, name, clearing, core);
  if (taken === undefined) return [];
  return [
    {
      title: 'take',
      automatic: false,
      edits: [insertBefore(waiting, taken, ''), replace(read, name), removeStatement(clearing)],
    },
  ];
}

/** Collections that stay the same object are copied, then emptied. */
function takenLines(
  target: ts.Expression,
  name: string,
  clearing: ts.ExpressionStatement,
  { checker }: Core,
): readonly string[] | undefined {
  const type = checker.getTypeAtLocation(target);
  const text = target.getText();
  if (checker.isArrayType(type)) return [`const ${name} = ${text}.splice(0);`];
  const kind = type.symbol.name;
  return kind === 'Map' || kind === 'Set' ? [`const ${name} = new ${kind}(${text});`, clearing.getText()] : undefined;
}

function isNothing(value: ts.Expression): boolean {
  return (
    value.kind === ts.SyntaxKind.NullKeyword ||
    ts.isVoidExpression(value) ||
    (ts.isIdentifier(value) && value.text === 'undefined')
  );
}

/** Nothing else between the wait and the clear looks at the place. */
function isOnlyUse(target: ts.Expression, read: ts.Node, waiting: ts.Statement, clear: ts.Expression): boolean {
  const between = waiting.getSourceFile().text.slice(waiting.getStart(), clear.getStart());
  const text = target.getText();
  return between.split(text).length === 2 && read.getText() === text;
}

function statementOf(node: ts.Node): ts.Statement | undefined {
  for (let current = node; !ts.isFunctionLike(current); current = current.parent) {
    if (ts.isStatement(current))
      return ts.isExpressionStatement(current) || ts.isVariableStatement(current) ? current : undefined;
    if (ts.isSourceFile(current)) return undefined;
  }
  return undefined;
}

function wishedName(target: ts.Expression): string {
  const name = ts.isPropertyAccessExpression(target)
    ? target.name.text
    : ts.isIdentifier(target)
      ? `old${target.text.charAt(0).toUpperCase()}${target.text.slice(1)}`
      : 'old';
  return name.replace(/^[#_]+/, '');
}
