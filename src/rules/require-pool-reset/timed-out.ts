import * as ts from 'typescript';
import { bare, type Core, type Happening, type Lease, symbolAt } from '../../analysis/index.ts';

/** By what drivers say that they stopped waiting for a statement that goes on in the session. */
const STOPPED_WAITING = /^(?:PROTOCOL_SEQUENCE_TIMEOUT|Query (?:inactivity|read) timeout)$/;

/** A connection that goes back as a healthy one where its error was found to be a statement that timed out. */
export interface TimedOut {
  /** What asks the error. */
  readonly asked: ts.Expression;
}

/**
 * Is the connection given back behind a condition that says so: `if (error.code === 'PROTOCOL_SEQUENCE_TIMEOUT') client.release()`?
 *
 * A connection that broke is another matter: the pools of `pg` and `mysql2` see that themselves and throw it away.
 */
export function timedOutBefore({ node }: Happening, { fn }: Lease, core: Core): TimedOut | undefined {
  for (let at = node; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (!ts.isIfStatement(parent) || parent.thenStatement !== at) continue;
    const asked = timeoutIn(parent.expression, core);
    if (asked !== undefined) return { asked };
  }
  return undefined;
}

/** The part of a condition that is true of such an error only. */
function timeoutIn(condition: ts.Expression, core: Core): ts.Expression | undefined {
  const node = bare(condition);
  if (ts.isBinaryExpression(node)) {
    const { left, operatorToken, right } = node;
    switch (operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        return timeoutIn(left, core) ?? timeoutIn(right, core);
      case ts.SyntaxKind.BarBarToken:
        return timeoutIn(left, core) === undefined ? undefined : timeoutIn(right, core);
      case ts.SyntaxKind.EqualsEqualsEqualsToken:
      case ts.SyntaxKind.EqualsEqualsToken:
        return (isOfError(left, core) && says(right)) || (isOfError(right, core) && says(left)) ? node : undefined;
      default:
        return undefined;
    }
  }
  const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
  if (callee === undefined || !ts.isPropertyAccessExpression(callee) || !ts.isCallExpression(node)) return undefined;
  const [given] = node.arguments;
  const isSearch = /^(?:endsWith|includes|startsWith)$/.test(callee.name.text);
  return isSearch && given !== undefined && says(given) && isOfError(callee.expression, core) ? node : undefined;
}

function says(expression: ts.Expression): boolean {
  const node = bare(expression);
  return ts.isStringLiteralLike(node) && STOPPED_WAITING.test(node.text);
}

/** `error.code`, `(error as Error).message` of what a `catch` took. */
function isOfError(expression: ts.Expression, { checker }: Core): boolean {
  const node = bare(expression);
  if (!ts.isPropertyAccessExpression(node) || !/^(?:code|message)$/.test(node.name.text)) return false;
  const object = bare(node.expression);
  const declaration = ts.isIdentifier(object) ? symbolAt(object, checker)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && ts.isCatchClause(declaration.parent);
}
