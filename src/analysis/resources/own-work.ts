import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare, receiverOf } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { statementTextOf } from './statements.ts';

/** Names of functions that do a piece of work and say whether there is more. The names here only keep us silent. */
const WORKS = /^_?(?:consume|drain|execute|flush|handle|perform|process|publish|run|send|step|sync|tick|work)/i;

/** Names of functions that change a batch of what is stored; `deletionState` and `updateStatus` only tell. */
const CHANGES =
  /^_?(?:archive|backfill|clean|clear|compact|copy|del|delete|dequeue|drop|evict|expire|import|ingest|insert|migrate|move|prune|purge|reap|relay|remove|requeue|sweep|trim|truncate|unlink|update(?=[A-Z])|upsert|vacuum)(?![a-z])(?!.*(?:Done|Progress|State|Status)(?:Of)?$)/;

/** `copyReady`, `deleteFinished`: whether something has come so far, where the answer is yes or no. */
const TELLS = /(?:Available|Completed?|Finished|Ready)$/;

/** Names of numbers that say how much was done: `deleted`, `deletedCount`, `rowsAffected`; not `updatedAt`. */
const DONE =
  /(?:affected|archived|cleaned|copied|deleted|dropped|expired|imported|inserted|migrated|moved|purged|updated)(?!at|by|date|ms|on|since|time|version)/i;

/** Statements that change what is stored; `for update` only locks. */
const CHANGING =
  /^\s*(?:delete|insert|merge|update|with\b[\s\S]*\b(?:delete|insert|(?<!\bfor\s+)(?<!\bfor\s+no\s+key\s+)update))\b/i;

/**
 * Does what a loop asks do a piece of work at each turn, so that the loop ends when none is left: by its name, by its statement, by
 * what its answer is called, by the size of the batch that the answer is compared with?
 */
export function doesOwnWork(query: ts.CallExpression, exits: readonly ts.Expression[], core: Core): boolean {
  return (
    calledNames(query).some((name) => WORKS.test(name) || (CHANGES.test(name) && !tells(name, query, core))) ||
    query.arguments.some((given) => CHANGING.test(statementTextOf(given, core.checker) ?? '')) ||
    exits.some((exit) => asksForAmount(exit, query, core))
  );
}

/** Does a name only ask whether something has come so far? `archiveFinished(500)`, which gives a number, archives. */
function tells(name: string, query: ts.CallExpression, { checker }: Core): boolean {
  if (!TELLS.test(name)) return false;
  const answer = checker.getAwaitedType(checker.getTypeAtLocation(query));
  return answer !== undefined && (answer.flags & ts.TypeFlags.BooleanLike) !== 0;
}

/** The names of the functions that a chain of calls ends in: `returning`, `delete` of `db.delete(orders).returning()`. */
function calledNames(query: ts.CallExpression): readonly string[] {
  const names: string[] = [];
  for (let node: ts.Expression | undefined = query; node !== undefined; node = receiverOf(node)) {
    const name = ts.isCallExpression(node) ? lastNameOf(node.expression) : undefined;
    if (name !== undefined) names.push(name);
  }
  return names;
}

/** Does a condition ask for how much was done, or whether a batch was full? */
function asksForAmount(condition: ts.Expression, query: ts.CallExpression, core: Core): boolean {
  const sizes = query.arguments.map(sizeAt);
  const isSize = (node: ts.Expression): boolean => {
    const size = sizeAt(node);
    return size !== undefined && sizes.includes(size);
  };
  const isDone = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false;
    if (ts.isIdentifier(node) && DONE.test(node.text) && isNumber(core.checker.getTypeAtLocation(node))) return true;
    return ts.forEachChild(node, (child) => isDone(child) || undefined) ?? false;
  };
  const look = (node: ts.Node, goesOn: boolean | undefined): boolean => {
    if (isFunctionNode(node)) return false;
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      return look(node.operand, goesOn === undefined ? undefined : !goesOn);
    if (ts.isBinaryExpression(node) && isOrder(node)) {
      const isAnswerLeft = isSize(node.right) || (!isSize(node.left) && isDone(node.left));
      const isAmount = isAnswerLeft || isSize(node.left) || isDone(node.right);
      return isAmount && goesOn !== (isLess(node) === isAnswerLeft);
    }
    if (ts.isBinaryExpression(node) && isEquality(node) && !isLiteral(node.left) && !isLiteral(node.right))
      return (isDone(node.left) || isDone(node.right)) && goesOn !== isUnequal(node);
    if (ts.isIdentifier(node)) return isDone(node);
    return ts.forEachChild(node, (child) => look(child, goesOn) || undefined) ?? false;
  };
  return look(condition, goesOnAt(condition));
}

/**
 * Does the loop go on where a condition holds? `undefined` where each branch of an `if` does something.
 *
 * Work goes on while a batch is full (`deleted >= size`), a wait for somebody else while too little is there (`copied < total`).
 */
function goesOnAt({ parent }: ts.Expression): boolean | undefined {
  if (!ts.isIfStatement(parent)) return true;
  return parent.elseStatement === undefined ? false : undefined;
}

/** A number or a name, as text. */
function sizeAt(expression: ts.Expression): string | undefined {
  const node = bare(expression);
  return ts.isNumericLiteral(node) || ts.isIdentifier(node) ? node.text : undefined;
}

/** `<`, `>=` and the like */
function isOrder({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  const { SyntaxKind } = ts;
  return kind >= SyntaxKind.LessThanToken && kind <= SyntaxKind.GreaterThanEqualsToken;
}

/** `<`, `<=` */
function isLess({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.LessThanToken || kind === ts.SyntaxKind.LessThanEqualsToken;
}

function isEquality(node: ts.BinaryExpression): boolean {
  const { kind } = node.operatorToken;
  const { SyntaxKind } = ts;
  return kind === SyntaxKind.EqualsEqualsToken || kind === SyntaxKind.EqualsEqualsEqualsToken || isUnequal(node);
}

function isUnequal({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.ExclamationEqualsToken || kind === ts.SyntaxKind.ExclamationEqualsEqualsToken;
}

function isLiteral(expression: ts.Expression): boolean {
  return ts.isNumericLiteral(bare(expression));
}

function isNumber(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(({ flags }) => (flags & ts.TypeFlags.NumberLike) !== 0);
}
