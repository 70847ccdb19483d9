import * as ts from 'typescript';
import { isLogCall } from '../effects/log-calls.ts';
import { hasRole } from '../effects/roles.ts';
import { symbolAt } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare, isAssignmentOperator } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { doesOwnWork } from './own-work.ts';

/** A loop that only sleeps and looks again. */
export interface Poll {
  readonly loop: ts.IterationStatement;
  /** The sleep. */
  readonly sleep: ts.AwaitExpression;
  /** What ends it: the loop's condition, the condition of an `if` that leaves. */
  readonly exits: readonly ts.Expression[];
  /** The awaited call whose answer ends it, where there is one: what it asks. */
  readonly query: ts.CallExpression | undefined;
}

/**
 * What a loop around a sleep polls; `undefined` where it does more than that: it works off jobs, serves, tries again after a failure,
 * or nothing ends it.
 */
export function pollAround(sleep: ts.AwaitExpression, loop: ts.IterationStatement, core: Core): Poll | undefined {
  const exits = exitsOf(loop);
  if (exits.length === 0 || doesWork(loop, sleep, exits, core)) return undefined;
  const query = exits.map((exit) => queryIn(exit, loop, sleep, core)).find((each) => each !== undefined);
  if (query === undefined) return { loop, sleep, exits, query };
  // Somebody else can end it by a flag, or what is asked does the work.
  const isStopped = exits.flatMap(partsOf).some((part) => isFlag(part, loop, core));
  return isStopped || doesOwnWork(query, exits, core) ? undefined : { loop, sleep, exits, query };
}

/** The conditions that a condition joins. */
function partsOf(condition: ts.Expression): readonly ts.Expression[] {
  const node = bare(condition);
  const isJoined =
    ts.isBinaryExpression(node) &&
    (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      node.operatorToken.kind === ts.SyntaxKind.BarBarToken);
  return isJoined ? [...partsOf(node.left), ...partsOf(node.right)] : [node];
}

/** Does a condition ask only for what the loop itself does not set? */
function isFlag(condition: ts.Expression, loop: ts.IterationStatement, core: Core): boolean {
  let isSetHere = false;
  const look = (node: ts.Node): void => {
    if (ts.isAwaitExpression(node)) isSetHere = true;
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      isSetHere ||= isSetIn(node, loop, core);
    }
    ts.forEachChild(node, look);
  };
  look(condition);
  return !isSetHere;
}

function isSetIn(name: ts.Identifier, loop: ts.IterationStatement, core: Core): boolean {
  const symbol = symbolAt(name, core.checker);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return false;
  if (declaration.pos >= loop.pos && declaration.end <= loop.end) return true;
  const roots = new Set([symbol]);
  const look = (node: ts.Node): boolean => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      if (setsOneOf(node.left, roots, core)) return true;
    }
    return ts.forEachChild(node, (child) => look(child) || undefined) ?? false;
  };
  return look(loop);
}

function exitsOf(loop: ts.IterationStatement): readonly ts.Expression[] {
  const own =
    ts.isWhileStatement(loop) || ts.isDoStatement(loop)
      ? loop.expression
      : ts.isForStatement(loop)
        ? loop.condition
        : undefined;
  const exits: ts.Expression[] = own === undefined || own.kind === ts.SyntaxKind.TrueKeyword ? [] : [own];
  const look = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    if (ts.isIfStatement(node) && (leaves(node.thenStatement) || leaves(node.elseStatement))) {
      exits.push(node.expression);
    }
    ts.forEachChild(node, look);
  };
  look(loop.statement);
  return exits;
}

function leaves(node: ts.Node | undefined): boolean {
  if (node === undefined || isFunctionNode(node)) return false;
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isBreakStatement(node)) return true;
  return ts.forEachChild(node, (child) => leaves(child) || undefined) ?? false;
}

/** Does the loop do more than ask: a call for its effect, a task awaited for nothing, something put aside, a failure swallowed? */
function doesWork(
  loop: ts.IterationStatement,
  sleep: ts.AwaitExpression,
  exits: readonly ts.Expression[],
  core: Core,
): boolean {
  const asked = new Set<string>();
  const name = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) asked.add(node.text);
    ts.forEachChild(node, name);
  };
  exits.forEach(name);
  const look = (node: ts.Node): boolean => {
    if (isFunctionNode(node) || node === sleep) return false;
    if (ts.isCatchClause(node) || ts.isYieldExpression(node)) return true;
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      if (!ts.isIdentifier(node.left) || !asked.has(node.left.text)) return true;
    }
    if (ts.isExpressionStatement(node)) {
      const inner = bare(node.expression);
      const call = ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
      if (call === bare(sleep.expression)) return false;
      if (ts.isCallExpression(call) && !isLogCall(call, core) && !isHarmless(call, core)) return true;
    }
    return ts.forEachChild(node, (child) => look(child) || undefined) ?? false;
  };
  return look(loop.statement);
}

function isHarmless(call: ts.CallExpression, core: Core): boolean {
  const member = core.api.memberOf(call);
  return member !== undefined && (['pure', 'reads', 'safe'] as const).some((role) => hasRole(member, role));
}

/** The awaited call in an expression, or behind a variable of it that the loop sets. */
function queryIn(
  exit: ts.Node,
  loop: ts.IterationStatement,
  sleep: ts.AwaitExpression,
  core: Core,
): ts.CallExpression | undefined {
  const awaited = (node: ts.Node): ts.CallExpression | undefined => {
    if (ts.isFunctionLike(node) || node === sleep) return undefined;
    if (ts.isAwaitExpression(node)) {
      const call = bare(node.expression);
      return ts.isCallExpression(call) ? call : undefined;
    }
    return ts.forEachChild(node, awaited);
  };
  const direct = awaited(exit);
  if (direct !== undefined) return direct;
  const roots = new Set<ts.Symbol>();
  const collect = (node: ts.Node): void => {
    const symbol = ts.isIdentifier(node) ? symbolAt(node, core.checker) : undefined;
    if (symbol !== undefined) roots.add(symbol);
    ts.forEachChild(node, collect);
  };
  collect(exit);
  const look = (node: ts.Node): ts.CallExpression | undefined => {
    if (isFunctionNode(node)) return undefined;
    const set = assignmentAt(node);
    const found = set !== undefined && setsOneOf(set.target, roots, core) ? awaited(set.value) : undefined;
    if (found !== undefined) return found;
    return ts.forEachChild(node, look);
  };
  return look(loop.statement);
}

function assignmentAt(node: ts.Node): { readonly target: ts.Node; readonly value: ts.Expression } | undefined {
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
    return { target: node.name, value: node.initializer };
  }
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
    ? { target: node.left, value: node.right }
    : undefined;
}

function setsOneOf(target: ts.Node, roots: ReadonlySet<ts.Symbol>, core: Core): boolean {
  if (ts.isIdentifier(target)) {
    const symbol = symbolAt(target, core.checker);
    return symbol !== undefined && roots.has(symbol);
  }
  return ts.forEachChild(target, (child) => setsOneOf(child, roots, core) || undefined) ?? false;
}

/** Does a function, by its name, bring something to its end? */
const STOPPING =
  /^_?(?:close|destroy|dispose|drain|end|onModuleDestroy|quiesce|quit|shutdown|stop|teardown|terminate)/i;

/** Does the loop stand in a function that stops something? */
export function isInStop(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (!isFunctionNode(at)) continue;
    const name = ts.getNameOfDeclaration(at);
    const text =
      name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))
        ? name.text.replace(/^#/, '')
        : ts.isVariableDeclaration(at.parent)
          ? lastNameOf(at.parent.name as ts.Expression)
          : undefined;
    if (text !== undefined) return STOPPING.test(text);
  }
  return false;
}
