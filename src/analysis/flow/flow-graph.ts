import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
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
  compute: (fn, core) => buildGraph(fn, (call) => isDeclaredNever(call, core)),
});

/**
 * Names of functions that are declared never to return: in the project's own files, and by the catalogue.
 *
 * Only calls by these names are looked up; asking for the symbol of every call that is a statement costs seconds on a large server.
 */
const neverNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'never-names',
  scope: 'program',
  compute(program, core) {
    const names = new Set(core.api.namesWith('exits').keys());
    for (const file of program.getSourceFiles()) {
      if (program.isSourceFileFromExternalLibrary(file) || program.isSourceFileDefaultLibrary(file)) continue;
      for (const name of core.ask(neverNamesIn, file)) names.add(name);
    }
    return names;
  },
});

const neverNamesIn = defineFact<ts.SourceFile, ReadonlySet<string>>({
  name: 'never-names-in',
  scope: 'text',
  compute(file) {
    const names = new Set<string>();
    if (!/:\s*never\b|=>\s*never\b/.test(file.text)) return names;
    const visit = (node: ts.Node): void => {
      const name = saysNever(node) ? ts.getNameOfDeclaration(node) : undefined;
      if (name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) names.add(name.text);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return names;
  },
});

/** As TypeScript itself has it: only a callee that is a (dotted) name and whose declaration says `never`. */
function isDeclaredNever(call: ts.CallExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return false;
  const name = ts.isIdentifier(callee) ? callee : callee.name;
  if (!core.ask(neverNames, core.program).has(name.text)) return false;
  const { checker } = core;
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0) symbol = checker.getAliasedSymbol(symbol);
  return symbol?.declarations?.some(saysNever) ?? false;
}

function saysNever(declaration: ts.Node): declaration is ts.Declaration {
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
