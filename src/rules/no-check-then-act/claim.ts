import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  isConst,
  isFunctionNode,
  isInside,
  type LateAct,
  symbolOf,
  wrapped,
  isBindingElement,
} from '../../analysis/index.ts';
import {
  ended,
  endWithComments,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import type { CheckRepair } from './repair.ts';
import { isRepeatable } from './rewriting.ts';
import { placeText } from './wording.ts';

/**
 * The write goes up to the test that it decides, and is taken back when what comes between fails:
 * `if (on) return; await prepare(); on = true;` → `if (on) return; on = true; try { await prepare(); } catch (error) { on = false; throw error; }`
 *
 * Automatic where nobody else takes the place for a sign that the work is done.
 */
export function claimFirst(found: LateAct, core: Core): readonly CheckRepair[] {
  const statement = statementOf(found);
  const block = statement?.parent;
  if (statement === undefined || block === undefined || !ts.isBlock(block)) return [];
  const undo = undoOf(found, core);
  const first = firstActing(found, block);
  if (undo === undefined || first === undefined) return [];
  const file = statement.getSourceFile();
  const { statements } = block;
  const between = statements.slice(statements.indexOf(first), statements.indexOf(statement));
  const last = between.at(-1);
  if (last === undefined || between.some(hasDirectiveAbove) || hasDirectiveAbove(statement)) return [];
  if (!isOnOwnLines(statement) || !isOnOwnLines(last) || usesWhatIsBetween(statement, between, core)) return [];
  const declares = between.some((each) => declaresFor(each, statements.slice(statements.indexOf(statement) + 1), core));
  // What is declared in between and used later keeps its block: all of the rest is tried.
  const end = declares ? statements.at(-1) : last;
  if (end === undefined || !isOnOwnLines(end)) return [];
  const line = lineBreakOf(file);
  const indent = indentOf(first);
  const step = indentStepOf(file);
  const start = first.getStart();
  const removed = removeStatement(statement);
  const until = endWithComments(end);
  const isInsideTry = declares;
  const body = movedWith(file, start, until, isInsideTry ? [{ ...removed }] : [], step);
  const text = [
    ended(statement.getText(), file),
    `${indent}try {`,
    `${indent}${step}${body}`,
    `${indent}} catch (error) {`,
    ...undo.map((each) => `${indent}${step}${ended(each, file)}`),
    `${indent}${step}${ended('throw error', file)}`,
    `${indent}}`,
  ].join(line);
  return [
    {
      title: 'claim',
      data: { name: placeText(found) },
      automatic: isPlainValue(found) && !isSignToOthers(found, core),
      edits: [{ range: [start, until], text }, ...(isInsideTry ? [] : [removed])],
    },
  ];
}

/** The statement that is the write and nothing else. */
function statementOf({ at, fn }: LateAct): ts.ExpressionStatement | undefined {
  if (enclosingFunctionOf(at) !== fn) return undefined;
  let node = wrapped(at);
  if (!ts.isCallExpression(at)) node = wrapped(node.parent);
  return ts.isExpressionStatement(node.parent) ? node.parent : undefined;
}

/** The first statement that only the outcome that acts leads to. */
function firstActing({ test }: LateAct, block: ts.Block): ts.Statement | undefined {
  const around = ts.findAncestor(test, ts.isIfStatement);
  if (around === undefined || !isInside(test, around.expression) || around.elseStatement !== undefined)
    return undefined;
  if (around.thenStatement === block) return block.statements[0];
  if (around.parent !== block) return undefined;
  return block.statements[block.statements.indexOf(around) + 1];
}

/** What takes the write back. */
function undoOf({ act, at, tested }: LateAct, core: Core): readonly string[] | undefined {
  if (ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    const key = at.arguments[0];
    if (!ts.isPropertyAccessExpression(callee) || key === undefined) return undefined;
    if (callee.name.text === 'delete') return putBack(callee.expression.getText(), key, tested.read);
    if (callee.name.text === 'push' && at.arguments.length === 1 && isRepeatable(key))
      return [takeOut(callee.expression.getText(), key.getText())];
    const isEntry = callee.name.text === 'add' || callee.name.text === 'set';
    return isEntry && !hasEffect(key) ? [`${callee.expression.getText()}.delete(${key.getText()})`] : undefined;
  }
  const target = at.getText();
  const { parent } = wrapped(at);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return [parent.operator === ts.SyntaxKind.PlusPlusToken ? `${target}--` : `${target}++`];
  if (!ts.isBinaryExpression(parent)) return undefined;
  const { kind } = parent.operatorToken;
  const isEntry = ts.isElementAccessExpression(bare(at as ts.Expression));
  const value = bare(parent.right);
  if (isEntry && ts.isCallExpression(value) && core.api.plays(value, 'starts-timer') !== undefined)
    return [`clearTimeout(${target})`, `delete ${target}`];
  if (hasEffect(value)) return undefined;
  if (kind === ts.SyntaxKind.PlusEqualsToken) return [`${target} -= ${parent.right.getText()}`];
  if (kind === ts.SyntaxKind.MinusEqualsToken) return [`${target} += ${parent.right.getText()}`];
  if (kind !== ts.SyntaxKind.EqualsToken || act.how !== 'assign') return undefined;
  // An entry that is `false` is still there for `in`.
  if (isEntry) return [`delete ${target}`];
  return value.kind === ts.SyntaxKind.TrueKeyword ? [`${target} = false`] : undefined;
}

/** Others may have taken it out meanwhile; `splice` with their `-1` would take the last. */
function takeOut(list: string, entry: string): string {
  return `if (${list}.includes(${entry})) ${list}.splice(${list}.indexOf(${entry}), 1)`;
}

/** `tickets.set(ticket, amount)` for what `const amount = tickets.get(ticket)` found. */
function putBack(holder: string, key: ts.Expression, read: ts.Node): readonly string[] | undefined {
  const call = bare(read);
  const declaration = wrapped(call).parent;
  if (!ts.isCallExpression(call) || !ts.isVariableDeclaration(declaration) || hasEffect(key)) return undefined;
  const isSame = call.expression.getText() === `${holder}.get` && call.arguments[0]?.getText() === key.getText();
  return isSame && isConst(declaration)
    ? [`${holder}.set(${key.getText()}, ${declaration.name.getText()})`]
    : undefined;
}

function hasEffect(value: ts.Expression): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isCallExpression(node) ||
    ts.isAwaitExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(value);
}

/** Does the write need a variable that is declared in between? */
function usesWhatIsBetween(statement: ts.Statement, between: readonly ts.Statement[], core: Core): boolean {
  return declaredIn(between).some((name) => names(statement, name, core));
}

function declaresFor(statement: ts.Statement, later: readonly ts.Statement[], core: Core): boolean {
  return declaredIn([statement]).some((name) => later.some((each) => names(each, name, core)));
}

function declaredIn(statements: readonly ts.Statement[]): readonly ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) found.push(name);
    else for (const element of name.elements) if (isBindingElement(element)) bind(element.name);
  };
  for (const statement of statements) {
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) bind(name);
    if ((ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name !== undefined)
      found.push(statement.name);
  }
  return found;
}

function names(root: ts.Node, name: ts.Identifier, core: Core): boolean {
  const symbol = symbolOf(name, core);
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name.text && symbolOf(node, core) === symbol) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(root);
}

/** A constant, a count, membership: nothing that would have to be made first. */
function isPlainValue({ at }: LateAct): boolean {
  const { parent } = wrapped(at);
  if (ts.isCallExpression(at)) return at.arguments.slice(1).every((each) => !hasEffect(each));
  return !ts.isBinaryExpression(parent) || !hasEffect(parent.right);
}

/** Does other code read the place, but in a loop's condition or where it takes it back? Then `set` may mean `done` there. */
function isSignToOthers({ at, fn }: LateAct, core: Core): boolean {
  let target = ts.isCallExpression(at) ? bare(at.expression) : bare(at as ts.Expression);
  if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(target)) target = bare(target.expression);
  if (ts.isElementAccessExpression(target)) target = bare(target.expression);
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return true;
  const symbol = core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return true;
  let isSign = false;
  const visit = (node: ts.Node): void => {
    const isIt =
      (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) &&
      node.text === name.text &&
      core.checker.getSymbolAtLocation(node) === symbol;
    if (isIt && !isInside(node, fn) && !isDeclaration(node) && !isInnocent(node)) isSign = true;
    ts.forEachChild(node, visit);
  };
  visit(at.getSourceFile());
  return isSign;
}

function isDeclaration(node: ts.Node): boolean {
  const { parent } = node;
  return (ts.isPropertyDeclaration(parent) || ts.isVariableDeclaration(parent)) && parent.name === node;
}

/** It is written there, it keeps a loop going, or the function takes it back. */
function isInnocent(node: ts.Node): boolean {
  let target: ts.Node = node;
  if (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) target = node.parent;
  if (ts.isElementAccessExpression(target.parent) && target.parent.expression === target) target = target.parent;
  const { parent } = target;
  if (ts.isBinaryExpression(parent) && parent.left === target) return true;
  if (ts.isDeleteExpression(parent) || ts.isPostfixUnaryExpression(parent) || ts.isPrefixUnaryExpression(parent))
    return (
      !ts.isPrefixUnaryExpression(parent) || parent.operator !== ts.SyntaxKind.ExclamationToken || takesBack(target)
    );
  if (ts.isPropertyAccessExpression(parent) && /^(?:delete|clear)$/.test(parent.name.text)) return true;
  if (ts.isWhileStatement(parent)) return true;
  return takesBack(target);
}

/** Is the place written in the same function: `if (!on) return; on = false;`? */
function takesBack(target: ts.Node): boolean {
  const home = enclosingFunctionOf(target);
  if (ts.isSourceFile(home)) return false;
  const text = target.getText();
  const visit = (node: ts.Node): boolean =>
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      node.left.getText() === text) ||
    (!isFunctionNode(node) && (ts.forEachChild(node, visit) ?? false));
  return ts.forEachChild(home, visit) ?? false;
}
