import ts from 'typescript';
import { bare, type Core, type Lease, referencesInFileOf } from '../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  isOnOwnLines,
  lineBreakOf,
} from '../report/edits.ts';
import { statementOf } from './lease-region.ts';
import type { ReleaseRepair } from './release-repair.ts';

/** A release in a `finally` that runs as well when there is nothing to give back: the acquisition stands inside the `try`. */
export interface Unheld {
  readonly acquire: ts.Statement;
  readonly around: ts.TryStatement;
  readonly release: ts.CallExpression;
  readonly releasing: ts.Statement;
}

/** `let client; try { client = await pool.connect(); … } finally { client.release(); }` */
export function unheldRelease({ acquisition, happenings, name }: Lease, core: Core): Unheld | undefined {
  const { call, holds, member } = acquisition;
  if (name === undefined || member?.rejects === false || (holds !== 'result' && holds !== 'result-call'))
    return undefined;
  const acquire = statementOf(call);
  const around = acquire?.parent.parent;
  if (acquire === undefined || around === undefined || !ts.isTryStatement(around)) return undefined;
  if (around.tryBlock !== acquire.parent || around.finallyBlock === undefined) return undefined;
  if (!isDeclaredEmpty(name, around, core)) return undefined;
  const ends = happenings.filter(({ is }) => is === 'release' || is === 'destroy');
  for (const { node } of ends) {
    const releasing = around.finallyBlock.statements.find((each) => each.pos <= node.pos && node.end <= each.end);
    if (releasing === undefined || !ts.isExpressionStatement(releasing) || !ts.isCallExpression(node)) continue;
    const needsIt = bareOfAwait(releasing.expression) === node && failsWithout(node, name.text);
    if (needsIt) return { acquire, around, release: node, releasing };
  }
  return undefined;
}

function bareOfAwait(expression: ts.Expression): ts.Expression {
  const inner = bare(expression);
  return ts.isAwaitExpression(inner) || ts.isVoidExpression(inner) ? bare(inner.expression) : inner;
}

/** `client.release()`, `release()`: without an object this throws. */
function failsWithout(call: ts.CallExpression, name: string): boolean {
  const callee = bare(call.expression);
  if (call.questionDotToken !== undefined) return false;
  if (ts.isIdentifier(callee)) return callee.text === name;
  if (!ts.isPropertyAccessExpression(callee) || callee.questionDotToken !== undefined) return false;
  const owner = bare(callee.expression);
  return ts.isIdentifier(owner) && owner.text === name;
}

/** Is there nothing in the variable before the `try`, and nobody else who writes it? */
function isDeclaredEmpty(name: ts.Identifier, around: ts.TryStatement, core: Core): boolean {
  const symbol = core.checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isOutside = declaration.end <= around.pos;
  const { initializer } = declaration;
  const isEmpty =
    initializer === undefined ||
    initializer.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(initializer) && initializer.text === 'undefined');
  const writes = referencesInFileOf(symbol, core).filter(
    (each) =>
      ts.isBinaryExpression(each.parent) &&
      each.parent.left === each &&
      each.parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      each.parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment,
  );
  return isOutside && isEmpty && writes.length === 1;
}

/**
 * The acquisition moves out of the `try`, where nothing else waits for its failure: it comes first, nobody catches, and the `finally`
 * does nothing else. Otherwise the release asks whether there is anything.
 */
export function heldFirst({ acquire, around, release, releasing }: Unheld): readonly ReleaseRepair[] {
  const { catchClause, finallyBlock, tryBlock } = around;
  const isAlone =
    catchClause === undefined && finallyBlock?.statements.length === 1 && releasing.parent === finallyBlock;
  const [first, second] = tryBlock.statements;
  const canMove =
    isAlone &&
    first === acquire &&
    second !== undefined &&
    isOnOwnLines(acquire) &&
    isOnOwnLines(around) &&
    !hasDirectiveAbove(acquire) &&
    !hasDirectiveAbove(around);
  if (canMove) {
    const { text } = acquire.getSourceFile();
    const start = text.lastIndexOf('\n', acquire.getStart() - 1) + 1;
    const end = endWithComments(acquire);
    const isBare = text.slice(tryBlock.getStart() + 1, start).trim() === '' && !hasComment(acquire);
    if (isBare && text.slice(acquire.getEnd(), end).trim() === '') {
      const head = around.getStart();
      const indent = text.slice(text.lastIndexOf('\n', head - 1) + 1, head);
      const edits: readonly Edit[] = [
        { range: [head, head], text: `${acquire.getText()}${lineBreakOf(acquire.getSourceFile())}${indent}` },
        { range: [start, text.indexOf('\n', end) + 1], text: '' },
      ];
      return [{ title: 'before', automatic: true, edits }];
    }
  }
  const callee = release.expression;
  const owner = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  const name = bare(owner);
  const rest = ts.isPropertyAccessExpression(callee) ? `?.${callee.name.text}` : '?.';
  return [
    {
      title: 'asked',
      automatic: true,
      edits: [{ range: [callee.getStart(), callee.getEnd()], text: name.getText() + rest }],
    },
  ];
}
