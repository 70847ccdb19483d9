import * as ts from 'typescript';
import { type Core, enclosingFunctionOf, isInside, isBindingElement } from '../../analysis/index.ts';
import { freeName } from '../../report/edits.ts';

/**
 * The names that a new variable cannot have at a place: those of variables that the function around names, and those of the file that
 * can be seen there. Names of properties do not count.
 */
export function namesTakenAt(place: ts.Node, core: Core): ReadonlySet<string> {
  const found = new Set<string>();
  const visible = core.checker.getSymbolsInScope(place, ts.SymbolFlags.Value | ts.SymbolFlags.Alias);
  for (const { declarations, name } of visible) {
    if (declarations?.some((declaration) => declaration.getSourceFile() === place.getSourceFile()) === true)
      found.add(name);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isPropertyName(node)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(enclosingFunctionOf(place));
  return found;
}

/** Is the declaration the only one of its name in the function around a place, and can no other be seen: may it stand there? */
export function isOnlyOne(name: string, declaration: ts.Node, place: ts.Node, core: Core): boolean {
  const isOther = (each: ts.Declaration): boolean =>
    each.getSourceFile() === place.getSourceFile() && !isInside(each, declaration);
  const isSeen = core.checker
    .getSymbolsInScope(place, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
    .some((symbol) => symbol.name === name && symbol.declarations?.some(isOther) === true);
  if (isSeen) return false;
  let count = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name && isDeclared(node)) count++;
    ts.forEachChild(node, visit);
  };
  visit(enclosingFunctionOf(place));
  return count === 1;
}

function isDeclared(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isVariableDeclaration(parent) ||
      ts.isParameter(parent) ||
      isBindingElement(parent) ||
      ts.isFunctionDeclaration(parent) ||
      ts.isClassDeclaration(parent)) &&
    parent.name === node
  );
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return getRight(parent) === node;
  return (
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent) ||
      ts.isEnumMember(parent)) &&
    parent.name === node
  );
}

function getRight(node: ts.PropertyAccessExpression | ts.QualifiedName): ts.Node {
  return ts.isQualifiedName(node) ? node.right : node.name;
}

/** The first wish that no variable of the file has, or the first one with a number. */
export function nameFor(wishes: readonly string[], taken: ReadonlySet<string>): string {
  const empty = ts.createSourceFile('empty.ts', '', ts.ScriptTarget.Latest);
  const free = wishes.find((wish) => freeName(wish, empty, taken) === wish);
  return free ?? freeName(wishes[0] ?? 'value', empty, taken);
}

/** `x-request-id` → `requestId`, `User-Agent` → `userAgent`; nothing where no name comes of it. */
export function camelCase(text: string): string | undefined {
  const words = text
    .replace(/^x-/i, '')
    .split(/[^A-Za-z0-9$]+/)
    .filter((word) => word !== '');
  const name = words
    .map((word, at) => {
      const rest = word.toUpperCase() === word ? word.slice(1).toLowerCase() : word.slice(1);
      return (at === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + rest;
    })
    .join('');
  return /^[A-Za-z$_]/.test(name) ? name : undefined;
}

/** `params`, `id` → `paramsId` */
export function joined(first: string, second: string): string {
  return first + second.charAt(0).toUpperCase() + second.slice(1);
}
