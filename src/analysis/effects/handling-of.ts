import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';

/**
 * What becomes of a promise, and so of its rejection.
 *
 * - `awaited`: by an `await`; `caught` where a `catch` of the same function takes a rejection
 * - `handled`: a handler is attached (`.catch(h)`, `.then(a, h)`)
 * - `returned`, `yielded`: the caller's business
 * - `stored`: in a field, an entry, a variable that others reach
 * - `passed`: given to a call that is no join
 * - `void`, `dropped`: by `void`, as a statement of its own
 * - `kept`: in a local variable that nobody looks at
 */
export type HandlingKind =
  'awaited' | 'caught' | 'dropped' | 'handled' | 'kept' | 'passed' | 'returned' | 'stored' | 'void' | 'yielded';

/** One fate of a promise. */
export interface Handling {
  readonly is: HandlingKind;
  /** The `await`, the call, the statement. */
  readonly at: ts.Node;
  /** For `handled`: the handler. */
  readonly handler?: ts.Expression;
}

/** From what leaves a rejection to nobody to what takes it for certain; of several uses of a variable the last of these counts. */
const ORDER: readonly HandlingKind[] = [
  'dropped',
  'void',
  'kept',
  'passed',
  'stored',
  'yielded',
  'returned',
  'awaited',
  'caught',
  'handled',
];

/** Names and calls looked through. */
const MOST_STEPS = 24;

/**
 * How the rejection of the promise that an expression gives is taken care of.
 *
 * Followed: `then` and `finally` without a handler, joins and races, conditionals, array literals, local constants. A variable that
 * is used several times has the strongest fate of its uses; on which paths is not asked here.
 */
export function handlingOf(promise: ts.Expression, core: Core): Handling {
  return handled(promise, core, 0);
}

function handled(expression: ts.Expression, core: Core, depth: number): Handling {
  const node = wrapped(expression) as ts.Expression;
  const { parent } = node;
  if (depth > MOST_STEPS) return { is: 'passed', at: node };
  if (ts.isAwaitExpression(parent)) return { is: isCaught(parent, core) ? 'caught' : 'awaited', at: parent };
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node))
    return { is: 'returned', at: parent };
  if (ts.isYieldExpression(parent)) return { is: 'yielded', at: parent };
  if (ts.isVoidExpression(parent)) return { is: 'void', at: parent };
  if (ts.isExpressionStatement(parent)) return { is: 'dropped', at: parent };
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return ofMember(parent, core, depth);
  if (ts.isConditionalExpression(parent)) {
    return parent.condition === node ? { is: 'dropped', at: parent } : handled(parent, core, depth + 1);
  }
  if (ts.isBinaryExpression(parent)) return ofBinary(node, parent, core, depth);
  if (ts.isArrayLiteralExpression(parent) || ts.isSpreadElement(parent)) return handled(parent, core, depth + 1);
  if (ts.isVariableDeclaration(parent)) return ofVariable(parent, core, depth);
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
    if (parent.expression === node) return { is: 'passed', at: parent };
    const isJoin = core.api.plays(parent, 'joins') ?? core.api.plays(parent, 'races');
    return isJoin === undefined ? { is: 'passed', at: parent } : handled(parent, core, depth + 1);
  }
  if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return { is: 'stored', at: parent };
  }
  if (ts.isForOfStatement(parent) && parent.awaitModifier !== undefined) {
    return { is: isCaught(parent, core) ? 'caught' : 'awaited', at: parent };
  }
  return { is: 'passed', at: parent };
}

/** `.then(…)`, `.catch(…)`; another member is read off the promise. */
function ofMember(
  access: ts.ElementAccessExpression | ts.PropertyAccessExpression,
  core: Core,
  depth: number,
): Handling {
  const outer = wrapped(access);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || call.expression !== outer) return { is: 'passed', at: access };
  const chain = core.api.plays(call, 'chains');
  if (chain === undefined) return { is: 'passed', at: call };
  const handler = chain.handlesRejection === undefined ? undefined : call.arguments[chain.handlesRejection];
  const isHandler =
    handler !== undefined && bare(handler).kind !== ts.SyntaxKind.NullKeyword && handler.getText() !== 'undefined';
  return isHandler ? { is: 'handled', at: call, handler } : handled(call, core, depth + 1);
}

function ofBinary(node: ts.Expression, parent: ts.BinaryExpression, core: Core, depth: number): Handling {
  const operator = parent.operatorToken.kind;
  if (operator === ts.SyntaxKind.CommaToken && parent.left === node) return { is: 'dropped', at: parent };
  if (!isAssignmentOperator(operator)) return handled(parent, core, depth + 1);
  const target = bare(parent.left);
  const symbol = ts.isIdentifier(target) ? symbolOf(target, core) : undefined;
  const declaration = symbol?.valueDeclaration;
  const isLocal =
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    enclosingFunctionOf(declaration) === enclosingFunctionOf(parent) &&
    !ts.isSourceFile(enclosingFunctionOf(declaration));
  if (!isLocal) return { is: 'stored', at: parent };
  return strongest(usesOf(declaration, core, depth), { is: 'kept', at: parent });
}

function ofVariable(declaration: ts.VariableDeclaration, core: Core, depth: number): Handling {
  if (!ts.isIdentifier(declaration.name)) return { is: 'passed', at: declaration };
  const isLocal = !ts.isSourceFile(enclosingFunctionOf(declaration));
  const fallback: Handling =
    isLocal || isConst(declaration) ? { is: 'kept', at: declaration } : { is: 'stored', at: declaration };
  return strongest(usesOf(declaration, core, depth), fallback);
}

function usesOf(declaration: ts.VariableDeclaration, core: Core, depth: number): readonly Handling[] {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) return [];
  const symbol = core.checker.getSymbolAtLocation(name);
  const found: Handling[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolOf(node, core) === symbol) {
      const { parent } = node;
      const isTarget =
        ts.isBinaryExpression(parent) && parent.left === node && isAssignmentOperator(parent.operatorToken.kind);
      if (!isTarget) found.push(handled(node, core, depth + 1));
    }
    ts.forEachChild(node, visit);
  };
  visit(enclosingFunctionOf(declaration));
  return found;
}

function strongest(uses: readonly Handling[], fallback: Handling): Handling {
  let best = fallback;
  for (const use of uses) if (ORDER.indexOf(use.is) > ORDER.indexOf(best.is)) best = use;
  return best;
}

/** Does a rejection at this `await` come to a `catch` of the function before it leaves it? */
function isCaught(node: ts.Node, core: Core): boolean {
  const graph = core.ask(flowGraph, enclosingFunctionOf(node));
  const step = graph.stepsOf(node).find(({ kind }) => kind === 'suspend');
  const thrown = step?.next.find(({ way }) => way === 'throw')?.to;
  if (thrown === undefined) return false;
  if (ts.isCatchClause(thrown.node)) return true;
  const out = pathOf({
    from: thrown,
    to: (next) => next.kind === 'escape',
    avoiding: (next) => ts.isCatchClause(next.node),
    without: ({ way }) => way === 'throw',
  });
  return thrown.kind !== 'escape' && out === undefined;
}
