import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isLocal, referencesOf, symbolAt } from './references.ts';

/**
 * Does a call only add to a query that is there already and that others send: `query.where({ open: true })`, `paged(query, 2)`?
 *
 * Builders change themselves and give themselves back, so what the call gives need not be looked at. Not so where nothing else is done
 * with the variable of the builder than to add to it on other ways.
 */
export function extendsQuery(call: ts.CallExpression, core: Core): boolean {
  const query = isQuery(call, core) ? extendedBy(call, core) : undefined;
  if (query === undefined) return false;
  const symbol = ts.isIdentifier(query) ? symbolAt(query, core.checker) : undefined;
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return true;
  return (
    !isLocal(symbol) ||
    referencesOf(symbol, core).some(
      (reference) => reference !== query && (!isDropped(reference, core) || comesAfter(reference, call, core)),
    )
  );
}

/** Is the query only added to, and what that gives dropped? */
function isDropped(reference: ts.Expression, core: Core): boolean {
  let node = wrapped(reference);
  while (ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node) {
    const call = wrapped(node.parent).parent;
    if (!ts.isCallExpression(call) || !isQuery(call, core)) return false;
    node = wrapped(call);
  }
  return ts.isExpressionStatement(node.parent) || ts.isVoidExpression(node.parent);
}

/** Is it reached from a call of the same function? The last that is added to a query is the place to send it. */
function comesAfter(reference: ts.Node, call: ts.CallExpression, core: Core): boolean {
  const fn = enclosingFunctionOf(call);
  if (enclosingFunctionOf(reference) !== fn) return true;
  const graph = core.ask(flowGraph, fn);
  const [from] = graph.stepsOf(call);
  return from === undefined || pathOf({ from, to: ({ node }) => node === reference }) !== undefined;
}

/** The query that a call starts from, if it is not made in the same expression; a copy is a query of its own. */
function extendedBy(call: ts.CallExpression, core: Core): ts.Expression | undefined {
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'clone') return undefined;
  const onMember = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  const from = onMember !== undefined && isQuery(onMember, core) ? onMember : queryGivenTo(call, core);
  return from !== undefined && ts.isCallExpression(from) ? extendedBy(from, core) : from;
}

/** The query that a function of the project is given. */
function queryGivenTo(call: ts.CallExpression, core: Core): ts.Expression | undefined {
  const query = call.arguments.find((argument) => isQuery(argument, core));
  return query !== undefined && core.ask(calleesOf, call).functions.length > 0 ? bare(query) : undefined;
}

function isQuery(node: ts.Expression, { api, checker }: Core): boolean {
  return api.isA(checker.getTypeAtLocation(node), 'lazy-thenable') !== undefined;
}
