import ts from 'typescript';
import { defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { buildGraph } from './build.ts';
import type { FlowGraph } from './graph.ts';

/**
 * The control-flow graph of a function, in evaluation order.
 *
 * Calls that never return end their path: those whose callee is declared with the return type `never`.
 * Ignored on purpose: `eval`, getters that throw, and the `return()` call that leaving a `for … of` makes on its iterator.
 */
export const flowGraph = defineFact<FunctionNode, FlowGraph>({
  name: 'flow-graph',
  scope: 'program',
  compute: (fn, core) => buildGraph(fn, (call) => isDeclaredNever(call, core.checker)),
});

/** As TypeScript itself has it: only a callee that is a (dotted) name and whose declaration says `never`. */
function isDeclaredNever(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const callee = bare(call.expression);
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return false;
  const name = ts.isIdentifier(callee) ? callee : callee.name;
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol);
  return symbol?.declarations?.some(saysNever) ?? false;
}

function saysNever(declaration: ts.Declaration): boolean {
  if (ts.isFunctionLike(declaration)) return declaration.type?.kind === ts.SyntaxKind.NeverKeyword;
  if (
    !ts.isVariableDeclaration(declaration) &&
    !ts.isPropertySignature(declaration) &&
    !ts.isPropertyDeclaration(declaration)
  ) {
    return false;
  }
  const { type } = declaration;
  return type !== undefined && ts.isFunctionTypeNode(type) && type.type.kind === ts.SyntaxKind.NeverKeyword;
}
