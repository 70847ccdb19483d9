import * as ts from 'typescript';
import { referencesOf } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import type { Lease } from './lease.ts';

/** A release in a `finally` that runs as well when there is nothing to give back: the acquisition stands inside the `try`. */
export interface HidingRelease {
  readonly acquire: ts.Statement;
  readonly around: ts.TryStatement;
  readonly release: ts.CallExpression;
  readonly releasing: ts.Statement;
}

/** `let client; try { client = await pool.connect(); … } finally { client.release(); }` */
export function hidingRelease({ acquisition, happenings, name }: Lease, core: Core): HidingRelease | undefined {
  const { call, holds, member } = acquisition;
  if (name === undefined || member?.rejects === false || (holds !== 'result' && holds !== 'result-call'))
    return undefined;
  const acquire = ts.findAncestor(call, (node) => (isFunctionNode(node) ? 'quit' : ts.isStatement(node)));
  const around = acquire?.parent.parent;
  if (acquire === undefined || !ts.isStatement(acquire) || around === undefined || !ts.isTryStatement(around))
    return undefined;
  if (around.tryBlock !== acquire.parent || around.finallyBlock === undefined) return undefined;
  if (!isDeclaredEmpty(name, around, core)) return undefined;
  const ends = happenings.filter(({ is }) => is === 'release' || is === 'destroy');
  for (const { node } of ends) {
    const releasing = around.finallyBlock.statements.find((each) => isInside(node, each));
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
  const writes = referencesOf(symbol, core).filter(
    (each) =>
      ts.isBinaryExpression(each.parent) &&
      each.parent.left === each &&
      each.parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      each.parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment,
  );
  return isOutside && isEmpty && writes.length === 1;
}
