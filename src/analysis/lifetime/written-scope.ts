import { isBuiltin } from 'node:module';
import * as ts from 'typescript';
import { returnedBy } from '../effects/callees-of.ts';
import { symbolAt } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare, receiverOf } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';

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
  return isWritten && declaration.type !== undefined && core.ask(apart, declaration.type);
}

const apart = defineFact<ts.TypeNode, boolean>({
  name: 'written-apart',
  scope: 'program',
  compute: (type, core) => isApart(type, new Set(), core),
});

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
    const alias = symbolAt(typeName, core.checker)?.declarations?.find(ts.isTypeAliasDeclaration);
    if (alias === undefined) return false;
    const file = alias.getSourceFile();
    if (!file.isDeclarationFile) return isApart(alias.type, seen, core);
    if (!core.program.isSourceFileDefaultLibrary(file) || typeArguments === undefined) return false;
    const isResult = alias.name.text === 'ReturnType';
    return typeArguments.every(
      (each) => visit(each) || (isResult && ts.isTypeQueryNode(each) && givesApart(each.exprName, core)),
    );
  };
  return visit(type);
}

/** Is it a constant of a module that a function or class of a package made, and does that package declare no request? */
function isMadeApart(name: ts.Node, core: Core): boolean {
  const declaration = symbolAt(name, core.checker)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  if (!ts.isSourceFile(declaration.parent.parent.parent) || declaration.initializer === undefined) return false;
  const made = bare(declaration.initializer);
  if (!ts.isCallExpression(made) && !ts.isNewExpression(made)) return false;
  if (isToldTypes(made)) return false;
  const callee = bare(made.expression);
  const module = ts.isIdentifier(callee) ? moduleOf(callee, core.checker) : undefined;
  return module !== undefined && !isBuiltin(module) && !core.api.hasRequests(packageOf(module));
}

/** Is what is made told by the project which types it holds: `new Store<IncomingMessage>()`, `contextOf((req: IncomingMessage) => …)`? */
function isToldTypes(made: ts.CallExpression | ts.NewExpression): boolean {
  const holdsFunction = (node: ts.Node): boolean =>
    isFunctionNode(node) || (ts.forEachChild(node, holdsFunction) ?? false);
  return made.typeArguments !== undefined || (made.arguments ?? []).some(holdsFunction);
}

/** Is it a function of the project that gives what is called on such a constant: `db.select().from(users).get()`? */
function givesApart(name: ts.EntityName, core: Core): boolean {
  const fn = symbolAt(name, core.checker)?.valueDeclaration;
  if (fn === undefined || !ts.isFunctionDeclaration(fn) || fn.type !== undefined) return false;
  const results = returnedBy(fn);
  return results.length > 0 && results.every((result) => isCalledApart(result, core));
}

function isCalledApart(result: ts.Expression, core: Core): boolean {
  const value = bare(result);
  let root = ts.isAwaitExpression(value) ? bare(value.expression) : value;
  if (!ts.isCallExpression(root)) return false;
  for (let next = receiverOf(root); next !== undefined; next = receiverOf(root)) root = next;
  return ts.isIdentifier(root) && isMadeApart(root, core);
}

/** The module of a package that a name is imported from; none where a path of the project looks like one. */
function moduleOf(name: ts.Identifier, checker: ts.TypeChecker): string | undefined {
  const imported = checker.getSymbolAtLocation(name)?.declarations?.[0];
  const specifier = imported && ts.findAncestor(imported, ts.isImportDeclaration)?.moduleSpecifier;
  const declared = symbolAt(name, checker)?.declarations ?? [];
  const isPackage = declared.length > 0 && declared.every((each) => each.getSourceFile().isDeclarationFile);
  return isPackage && specifier !== undefined && ts.isStringLiteral(specifier) ? specifier.text : undefined;
}

/** `drizzle-orm` of `drizzle-orm/libsql/http`, `@prisma/client` of `@prisma/client/edge`. */
function packageOf(module: string): string {
  const [first = '', second = ''] = module.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
