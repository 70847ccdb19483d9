import * as ts from 'typescript';
import { bare, wrapped } from '../syntax/expressions.ts';

/**
 * Does the call never return, by the declared type of what it calls?
 *
 * Asked only of calls that are a statement of their own, as the compiler does, so that no other call is resolved.
 * Doubt: overloads that do not agree are resolved; an inferred return type counts for arrow functions and function expressions.
 */
export function isNever(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  if (!ts.isExpressionStatement(wrapped(call).parent)) return false;
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return false;
  const written = checker.getSymbolAtLocation(name);
  if (written === undefined) return false;
  const symbol = (written.flags & ts.SymbolFlags.Alias) === 0 ? written : checker.getAliasedSymbol(written);
  const declarations = symbol.declarations ?? [];
  const saying = declarations.filter(saysNever);
  if (saying.length === 0) return declarations.some(infersReturn) && returnsNever(call, checker);
  return saying.length === declarations.length || returnsNever(call, checker);
}

function saysNever(declaration: ts.Declaration): boolean {
  if (ts.isFunctionLike(declaration)) return declaration.type?.kind === ts.SyntaxKind.NeverKeyword;
  const isTyped =
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertySignature(declaration) ||
    ts.isParameter(declaration);
  if (!isTyped) return false;
  const { type } = declaration;
  if (type !== undefined && ts.isFunctionTypeNode(type)) return type.type.kind === ts.SyntaxKind.NeverKeyword;
  const value =
    ts.isPropertySignature(declaration) || declaration.initializer === undefined
      ? undefined
      : bare(declaration.initializer);
  return value !== undefined && ts.isFunctionLike(value) && value.type?.kind === ts.SyntaxKind.NeverKeyword;
}

/** Is the value a function whose return type is left to the compiler, which gives `never` when every path throws? */
function infersReturn(declaration: ts.Declaration): boolean {
  if (!ts.isVariableDeclaration(declaration) && !ts.isPropertyDeclaration(declaration)) return false;
  if (declaration.type !== undefined || declaration.initializer === undefined) return false;
  const value = bare(declaration.initializer);
  return (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) && value.type === undefined;
}

function returnsNever(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  const signature = checker.getResolvedSignature(call);
  return signature !== undefined && (checker.getReturnTypeOfSignature(signature).flags & ts.TypeFlags.Never) !== 0;
}
