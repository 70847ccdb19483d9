import path from 'node:path';
import ts from 'typescript';
import type { Api } from '../../../src/analysis/api/api.ts';
import { type FunctionNode, isFunctionNode } from '../../../src/analysis/syntax/functions.ts';

/** An Api that knows nothing. */
export const NO_API: Api = {
  memberOf: () => undefined,
  memberAt: () => undefined,
  memberIn: () => undefined,
  typesOf: () => [],
  plays: () => undefined,
  hasRequests: () => false,
  isA: () => undefined,
  argumentOf: () => undefined,
  namesWith: () => new Map(),
  namesWhere: () => new Set(),
  globalsWith: () => undefined,
  isNameless: () => false,
  conventionOf: () => undefined,
  markOf: () => undefined,
};

/** The first node below a file that fits. */
export function findNode(file: ts.SourceFile, fits: (node: ts.Node) => boolean): ts.Node {
  const visit = (node: ts.Node): ts.Node | undefined => (fits(node) ? node : ts.forEachChild(node, visit));
  const found = visit(file);
  if (found === undefined) throw new Error(`Nothing fits in ${file.fileName}.`);
  return found;
}

/** Is it the name in a declaration? */
export function isDeclarationName(node: ts.Node, name: string): boolean {
  if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return false;
  return node.text === name && (node.parent as ts.NamedDeclaration).name === node;
}

/** The first function of the file with this name, `constructor` included; an arrow is named by what holds it. */
export function findFunction(file: ts.SourceFile, name: string): FunctionNode {
  const node = findNode(
    file,
    (each) => isFunctionNode(each) && !ts.isPropertyDeclaration(each) && nameOf(each) === name,
  );
  return node as FunctionNode;
}

function nameOf(fn: FunctionNode): string | undefined {
  if (ts.isConstructorDeclaration(fn)) return 'constructor';
  const named = ts.getNameOfDeclaration(fn) ?? ts.getNameOfDeclaration(fn.parent as ts.Declaration);
  return named !== undefined && (ts.isIdentifier(named) || ts.isPrivateIdentifier(named)) ? named.text : undefined;
}

/** `server.ts:3` */
export function shown(node: ts.Node): string {
  const file = node.getSourceFile();
  return `${path.basename(file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
}
