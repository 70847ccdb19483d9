import * as ts from 'typescript';
import { type AfterAnswer, type Core, rootOf, type ScopeOf, symbolOf } from '../../analysis/index.ts';
import { indentOf, insertBefore, lineBreakOf, removeStatement } from '../../report/edits.ts';
import { isUnderTypeDirective } from './place.ts';
import type { RequestRepair } from './repair.ts';

/** Does it before the response is sent, or only if that was not. */
export function repairsOfTooLate({ sent, use }: AfterAnswer, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const statement = statementOf(use);
  if (statement === undefined || isUnderTypeDirective(statement)) return [];
  return [...earlier(statement, sent, core), ...onlyIfOpen(statement, use, core, scopeOf)];
}

function statementOf(use: ts.Node): ts.ExpressionStatement | undefined {
  return ts.isExpressionStatement(use.parent) ? use.parent : undefined;
}

/** The statement in front of the one that sends, where all that it names is there already. */
function earlier(statement: ts.ExpressionStatement, sent: ts.CallExpression, core: Core): readonly RequestRepair[] {
  const answer = sent.parent;
  if (!ts.isExpressionStatement(answer) || !ts.isBlock(answer.parent) || answer.parent !== statement.parent) return [];
  if (isUnderTypeDirective(answer) || ts.isAwaitExpression(statement.expression) || isSending(statement, sent, core))
    return [];
  const from = answer.getStart();
  const isThere = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node)) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      const isBetween =
        declaration?.getSourceFile() === statement.getSourceFile() &&
        declaration.pos > from &&
        declaration.end < statement.getStart();
      if (isBetween) return false;
    }
    return ts.forEachChild(node, (child) => (isThere(child) ? undefined : true)) === undefined;
  };
  if (!isThere(statement)) return [];
  const text = `${statement.getText()}${lineBreakOf(statement.getSourceFile())}${indentOf(answer)}`;
  return [{ title: 'early', automatic: false, edits: [{ range: [from, from], text }, removeStatement(statement)] }];
}

/** A second answer is no better in front of the first. */
function isSending(statement: ts.ExpressionStatement, sent: ts.CallExpression, core: Core): boolean {
  const { expression } = statement;
  if (!ts.isCallExpression(expression)) return true;
  const roles = [expression, sent].map((call) => core.api.memberOf(call)?.role);
  return roles.every((role) => role === 'answers' || (Array.isArray(role) && role.includes('answers')));
}

/** `if (!res.headersSent) …` */
function onlyIfOpen(
  statement: ts.ExpressionStatement,
  use: ts.CallExpression,
  core: Core,
  scopeOf: ScopeOf,
): readonly RequestRepair[] {
  const root = rootOf(use.expression);
  const type = core.checker.getTypeAtLocation(root);
  const name = ['headersSent', 'sent'].find((each) => core.checker.getPropertyOfType(type, each) !== undefined);
  if (name === undefined || scopeOf(root, core) === undefined) return [];
  const start = statement.getStart();
  const edits = ts.isBlock(statement.parent)
    ? [{ range: [start, start] as const, text: `if (!${root.getText()}.${name}) ` }]
    : [insertBefore(statement, [], `if (!${root.getText()}.${name}) ${statement.getText()}`)];
  return [{ title: 'guard', automatic: false, edits }];
}
