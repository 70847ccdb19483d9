import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isLocal, referencesOf, symbolAt } from './references.ts';

/**
 * Does a call only add to a query that is there already and that others send: `query.where({ open: true })`, `paged(query, 2)`?
 *
 * Builders change themselves and give themselves back, so what the call gives need not be looked at. Not so where nothing else is done
 * with the variable of the builder.
 */
export function extendsQuery(call: ts.CallExpression, core: Core): boolean {
  const query = isQuery(call, core) ? extendedBy(call, core) : undefined;
  if (query === undefined) return false;
  const symbol = ts.isIdentifier(query) ? symbolAt(query, core.checker) : undefined;
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return true;
  return !isLocal(symbol) || referencesOf(symbol, core).length > 1;
}

/** The query that a call starts from, if it is not made in the same expression. */
function extendedBy(call: ts.CallExpression, core: Core): ts.Expression | undefined {
  const callee = bare(call.expression);
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
