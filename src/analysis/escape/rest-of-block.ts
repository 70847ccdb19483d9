import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode, isGenerator } from '../syntax/functions.ts';
import { symbolAt } from './references.ts';

/** What stands behind a statement in its block, and how it may be put into a callback. */
export interface RestOfBlock {
  readonly block: ts.Block;
  readonly statements: readonly ts.Statement[];
  /** Does the rest wait, so that the callback must be `async` and be waited for? */
  readonly waits: boolean;
  /** Written before the call that runs the callback. */
  readonly prefix: '' | 'await ' | 'return ' | 'return await ';
  /** `next` where the rest is no more than `next()`: the callback itself. */
  readonly callback: ts.Identifier | undefined;
  /** The call in the rest, when it is no more than that. */
  readonly only: ts.CallExpression | undefined;
}

/**
 * The statements behind one, if they mean the same in a callback: none declares what is used outside, leaves a loop around, yields, or
 * returns where more code of the function would follow.
 */
export function restBehind(statement: ts.Statement, core: Core): RestOfBlock | undefined {
  const block = statement.parent;
  const fn = enclosingFunctionOf(statement);
  if (!ts.isBlock(block) || ts.isSourceFile(fn) || isGenerator(fn) || ts.isClassStaticBlockDeclaration(fn))
    return undefined;
  const statements = block.statements.slice(block.statements.indexOf(statement) + 1);
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const found = jumpsIn(statements);
  const isTail = 'body' in fn && fn.body === block;
  const leaves = ts.isReturnStatement(last) || ts.isThrowStatement(last);
  if (found.escapes || (found.returns && !isTail && !leaves)) return undefined;
  if (found.hoisted.some((name) => isNamedOutside(name, statements, fn, core))) return undefined;
  if (losesNarrowing(statements, fn, core)) return undefined;
  if (!isTail && assignsOuter(statements, fn, core)) return undefined;
  const prefix = found.returns ? (isTail || !found.waits ? 'return ' : 'return await ') : found.waits ? 'await ' : '';
  const only = statements.length === 1 ? callIn(first) : undefined;
  const callee = only === undefined || only.arguments.length > 0 ? undefined : bare(only.expression);
  return {
    block,
    statements,
    waits: found.waits,
    prefix,
    only,
    callback: callee !== undefined && ts.isIdentifier(callee) ? callee : undefined,
  };
}

/** `next();`, `return next();`, `await next();` */
function callIn(statement: ts.Statement): ts.CallExpression | undefined {
  if (!ts.isExpressionStatement(statement) && !ts.isReturnStatement(statement)) return undefined;
  let value = statement.expression === undefined ? undefined : bare(statement.expression);
  if (value !== undefined && ts.isAwaitExpression(value)) value = bare(value.expression);
  return value !== undefined && ts.isCallExpression(value) && value.questionDotToken === undefined ? value : undefined;
}

interface Jumps {
  waits: boolean;
  returns: boolean;
  /** A way out that a callback cannot take: `yield`, `break` or `continue` of something around. */
  escapes: boolean;
  /** Declarations that are visible outside of the rest: `var` and functions. */
  readonly hoisted: ts.Identifier[];
}

function jumpsIn(statements: readonly ts.Statement[]): Jumps {
  const found: Jumps = { waits: false, returns: false, escapes: false, hoisted: [] };
  const visit = (node: ts.Node, breakable: boolean, loop: boolean, labels: ReadonlySet<string>): void => {
    if (ts.isFunctionDeclaration(node) && node.name !== undefined) found.hoisted.push(node.name);
    if (isFunctionNode(node)) return;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined))
      found.waits = true;
    if (ts.isVariableDeclarationList(node)) {
      if ((node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing) found.waits = true;
      if ((node.flags & ts.NodeFlags.BlockScoped) === 0) {
        for (const { name } of node.declarations)
          if (ts.isIdentifier(name)) found.hoisted.push(name);
          else found.escapes = true;
      }
    }
    if (ts.isReturnStatement(node)) found.returns = true;
    if (ts.isYieldExpression(node)) found.escapes = true;
    if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) {
      const isInside =
        node.label === undefined ? (ts.isBreakStatement(node) ? breakable : loop) : labels.has(node.label.text);
      if (!isInside) found.escapes = true;
    }
    const isLoop = ts.isIterationStatement(node, false);
    const within = ts.isLabeledStatement(node) ? new Set([...labels, node.label.text]) : labels;
    ts.forEachChild(node, (child) => {
      visit(child, breakable || isLoop || ts.isSwitchStatement(node), loop || isLoop, within);
    });
  };
  for (const statement of statements) visit(statement, false, false, new Set());
  return found;
}

function isNamedOutside(
  name: ts.Identifier,
  statements: readonly ts.Statement[],
  fn: FunctionNode,
  core: Core,
): boolean {
  const symbol = core.checker.getSymbolAtLocation(name);
  const visit = (node: ts.Node): boolean => {
    if (statements.includes(node as ts.Statement)) return false;
    if (ts.isIdentifier(node) && node.text === name.text && symbolAt(node, core.checker) === symbol) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(fn);
}

/** Is a property used that a test before has narrowed? In a callback the compiler has forgotten that. */
function losesNarrowing(statements: readonly ts.Statement[], fn: FunctionNode, core: Core): boolean {
  const [first] = statements;
  const before = first === undefined ? '' : fn.getSourceFile().text.slice(fn.getStart(), first.getFullStart());
  // What the rest assigns itself it narrows itself.
  const assigned = new Set<string>();
  const visit = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      if (visit(node.right)) return true;
      assigned.add(node.left.getText());
      return false;
    }
    const isOld = ts.isPropertyAccessExpression(node) && !assigned.has(node.getText());
    if (isOld && before.includes(node.getText()) && isNarrowed(node, core)) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return statements.some(visit);
}

function isNarrowed(node: ts.PropertyAccessExpression, core: Core): boolean {
  const symbol = core.checker.getSymbolAtLocation(node.name);
  if (symbol === undefined) return false;
  const declared = core.checker.getTypeOfSymbolAtLocation(symbol, symbol.valueDeclaration ?? node);
  const here = core.checker.getTypeAtLocation(node);
  return declared.isUnion() && (!here.isUnion() || here.types.length < declared.types.length);
}

/** Is a variable of the function written there that is declared before? */
function assignsOuter(statements: readonly ts.Statement[], fn: FunctionNode, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false;
    const target =
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
        ? bare(node.left)
        : undefined;
    if (target !== undefined && ts.isIdentifier(target)) {
      const declaration = symbolAt(target, core.checker)?.valueDeclaration;
      if (
        declaration !== undefined &&
        enclosingFunctionOf(declaration) === fn &&
        !statements.some((each) => isWithin(declaration, each))
      )
        return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return statements.some(visit);
}

function isWithin(node: ts.Node, whole: ts.Node): boolean {
  return node.pos >= whole.pos && node.end <= whole.end;
}
