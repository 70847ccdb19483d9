import * as ts from 'typescript';
import { returnedBy } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';
import { bare, receiverOf } from '../syntax/expressions.ts';

/** Type aliases followed from one to another. */
const MOST_ALIASES = 8;

/**
 * Is a property or parameter written so that it cannot be request-scoped: with a type that is put together from constants of modules
 * alone, made by packages without requests, and from what these give (`typeof db` of `export const db = drizzle(…)`,
 * `Parameters<(typeof db)['transaction']>`, `Awaited<ReturnType<typeof findUser>>`)?
 *
 * Told from declarations alone: the type of a database client with all its tables is among the dearest there are.
 */
export function isWrittenApart(declaration: ts.Declaration | undefined, core: Core): boolean {
  const isWritten =
    declaration !== undefined &&
    (ts.isPropertySignature(declaration) || ts.isPropertyDeclaration(declaration) || ts.isParameter(declaration));
  return isWritten && declaration.type !== undefined && isApart(declaration.type, new Set(), core);
}

function isApart(type: ts.TypeNode, seen: Set<ts.Node>, core: Core): boolean {
  if (seen.has(type)) return true;
  seen.add(type);
  if (seen.size > MOST_ALIASES) return false;
  const visit = (node: ts.TypeNode): boolean => {
    if (ts.isTypeQueryNode(node)) return isMadeApart(node.exprName, core);
    if (ts.isTypeReferenceNode(node)) return isAliasApart(node);
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) return node.types.every(visit);
    if (ts.isParenthesizedTypeNode(node)) return visit(node.type);
    return ts.isIndexedAccessTypeNode(node) && visit(node.objectType);
  };
  /** An alias of the project is followed; of one of the library, such as `Parameters`, what it is given decides. */
  const isAliasApart = ({ typeArguments, typeName }: ts.TypeReferenceNode): boolean => {
    const alias = targetOf(typeName, core.checker)?.declarations?.find(ts.isTypeAliasDeclaration);
    if (alias === undefined) return false;
    const file = alias.getSourceFile();
    if (!file.isDeclarationFile) return isApart(alias.type, seen, core);
    return core.program.isSourceFileDefaultLibrary(file) && (typeArguments?.every(visit) ?? false);
  };
  return visit(type);
}

function targetOf(name: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = checker.getSymbolAtLocation(name);
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Alias) !== 0
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}

/**
 * Is it a constant of a module that a function or class of a package made, and does that package declare no request? Or a function that
 * gives what is called on such a constant?
 */
function isMadeApart(name: ts.EntityName, core: Core): boolean {
  const declaration = targetOf(name, core.checker)?.valueDeclaration;
  if (declaration === undefined) return false;
  if (ts.isFunctionDeclaration(declaration)) {
    const results = returnedBy(declaration);
    return (
      declaration.type === undefined && results.length > 0 && results.every((result) => isCalledApart(result, core))
    );
  }
  if (!ts.isVariableDeclaration(declaration)) return false;
  if (!ts.isSourceFile(declaration.parent.parent.parent) || declaration.initializer === undefined) return false;
  const made = bare(declaration.initializer);
  if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) return false;
  const callee = bare(made.expression);
  const module = ts.isIdentifier(callee) ? moduleOf(callee, core.checker) : undefined;
  return module !== undefined && !/^[./]|^node:/.test(module) && !core.api.hasRequests(packageOf(module));
}

/** `db.select().from(users).get()` */
function isCalledApart(result: ts.Expression, core: Core): boolean {
  const value = bare(result);
  let root = ts.isAwaitExpression(value) ? bare(value.expression) : value;
  if (!ts.isCallExpression(root)) return false;
  for (let next = receiverOf(root); next !== undefined; next = receiverOf(root)) root = next;
  const declaration = ts.isIdentifier(root) ? targetOf(root, core.checker)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && isMadeApart(root as ts.Identifier, core);
}

/** The module that a name is imported from. */
function moduleOf(name: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  const declaration = checker.getSymbolAtLocation(name)?.declarations?.[0];
  const imported = declaration === undefined ? undefined : ts.findAncestor(declaration, ts.isImportDeclaration);
  const specifier = imported?.moduleSpecifier;
  return specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

/** `drizzle-orm` of `drizzle-orm/libsql/http`, `@prisma/client` of `@prisma/client/edge`. */
function packageOf(module: string): string {
  const [first = '', second = ''] = module.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
