import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from '../support/program.ts';

/** One change of a program. Which nodes and which text it means follows from what the program has. */
export interface Mutation {
  readonly kind: 'delete' | 'duplicate' | 'retype' | 'swap' | 'token' | 'unresolve' | 'unwrap';
  readonly place: number;
  readonly other: number;
}

/** Types that are errors, have no end or hold themselves, and what declares them. */
const BROKEN_TYPES = [
  'Missing',
  'any',
  'never',
  'unknown',
  'Nested<string>',
  'Ring',
  'Chain<Ring>',
  'typeof ring',
  'Missing.Part<any>',
];
const DECLARED = `
interface Nested<T> extends Array<Nested<T[]>> { then: Nested<Nested<T>>; inner: Nested<{ held: T }> }
interface Ring extends Ring { next: Ring }
class Chain<T> extends Chain<Chain<T>> { next!: Chain<Chain<T>>; then(next: (value: Chain<T>) => void): Chain<Chain<T>> { return this.then(next); } }
const ring = { ring, ...ring, make: () => ring.make() };
`;

/** The code of the cases in the tests of the rules: valid programs that have what rules look for. */
export function seedsOf(): readonly string[] {
  const folder = path.join(REPOSITORY, 'tests', 'rules');
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const source = ts.createSourceFile(file, readFileSync(path.join(folder, file), 'utf8'), ts.ScriptTarget.Latest);
      const found: string[] = [];
      const visit = (node: ts.Node): void => {
        if (
          ts.isPropertyAssignment(node) &&
          ts.isIdentifier(node.name) &&
          node.name.text === 'code' &&
          ts.isStringLiteralLike(node.initializer)
        )
          found.push(node.initializer.text);
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    });
}

/** The program after the changes, one after the other. */
export function mutate(code: string, mutations: readonly Mutation[]): string {
  const isRetyped = mutations.some(({ kind }) => kind === 'retype');
  return mutations.reduce(mutateOnce, code) + (isRetyped ? DECLARED : '');
}

function mutateOnce(code: string, { kind, place, other }: Mutation): string {
  if (kind === 'token') return mutateToken(code, place, other);
  const nodes = nodesOf(code);
  switch (kind) {
    case 'delete':
      return replaceIn(code, [[pick(nodes, place), '']]);
    case 'duplicate': {
      const node = pick(nodes.filter(isDoubled), place);
      const text = node === undefined ? '' : code.slice(node.getStart(), node.end);
      return replaceIn(code, [[node, `${text}${node !== undefined && ts.isStatement(node) ? '\n' : ', '}${text}`]]);
    }
    case 'swap': {
      const one = pick(nodes, place);
      const two = pick(
        nodes.filter((node) => one !== undefined && areAlike(node, one)),
        other,
      );
      if (one === undefined || two === undefined || (one.pos < two.end && two.pos < one.end)) return code;
      return replaceIn(code, [
        [one, code.slice(two.getStart(), two.end)],
        [two, code.slice(one.getStart(), one.end)],
      ]);
    }
    case 'retype':
      return replaceIn(code, [[pick(nodes.filter(ts.isTypeNode), place), pick(BROKEN_TYPES, other) ?? 'any']]);
    case 'unresolve':
      return replaceIn(code, [[pick(nodes.filter(isSpecifier), place), `'./nowhere-${other % 3}.js'`]]);
    case 'unwrap':
      return unwrapped(code, pick(nodes.filter(isBody), place));
  }
}

/** Lays the statements of a function where its declaration was, so that they belong to no function. */
function unwrapped(code: string, body: ts.Block | undefined): string {
  if (body === undefined) return code;
  const returns: ts.ReturnStatement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isReturnStatement(node)) returns.push(node);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  const start = body.getStart() + 1;
  const text = returns
    .reverse()
    .reduce(
      (done, node) =>
        done.slice(0, node.getStart() - start) + ';' + done.slice(node.getStart() - start + 'return'.length),
      code.slice(start, body.end - 1),
    );
  let statement: ts.Node = body;
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
  return replaceIn(code, [[statement, text]]);
}

function isBody(node: ts.Node): node is ts.Block {
  return ts.isBlock(node) && ts.isFunctionLike(node.parent);
}

/** Takes a token out, doubles it, or puts it where another one is. */
function mutateToken(code: string, place: number, other: number): string {
  const tokens = tokensOf(code);
  const token = pick(tokens, place);
  const next = pick(tokens, other);
  if (token === undefined || next === undefined) return code;
  const text = code.slice(...token);
  const written = other % 3 === 0 ? '' : other % 3 === 1 ? `${text} ${text}` : code.slice(...next);
  return code.slice(0, token[0]) + written + code.slice(token[1]);
}

function tokensOf(code: string): (readonly [start: number, end: number])[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, code);
  const tokens: (readonly [number, number])[] = [];
  while (scanner.scan() !== ts.SyntaxKind.EndOfFileToken) tokens.push([scanner.getTokenStart(), scanner.getTokenEnd()]);
  return tokens;
}

function nodesOf(code: string): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (node.getWidth() > 0) nodes.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ts.createSourceFile('service.ts', code, ts.ScriptTarget.Latest, true), visit);
  return nodes;
}

function isDoubled(node: ts.Node): boolean {
  return (
    ts.isStatement(node) ||
    (ts.isExpression(node) && (ts.isCallExpression(node.parent) || ts.isArrayLiteralExpression(node.parent)))
  );
}

function isSpecifier(node: ts.Node): boolean {
  return ts.isStringLiteral(node) && (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent));
}

function areAlike(one: ts.Node, other: ts.Node): boolean {
  if (ts.isStatement(one)) return ts.isStatement(other);
  if (ts.isTypeNode(one)) return ts.isTypeNode(other);
  return ts.isExpression(one) ? ts.isExpression(other) : one.kind === other.kind;
}

function replaceIn(code: string, changes: readonly (readonly [ts.Node | undefined, string])[]): string {
  const known = changes.flatMap(([node, text]) =>
    node === undefined ? [] : [{ start: node.getStart(), end: node.end, text }],
  );
  return known
    .sort((a, b) => b.start - a.start)
    .reduce((done, { start, end, text }) => done.slice(0, start) + text + done.slice(end), code);
}

function pick<Value>(from: readonly Value[], place: number): Value | undefined {
  return from.length === 0 ? undefined : from[place % from.length];
}
