import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  hasModifier,
  isInside,
  isWriteTarget,
  type RequestState,
} from '../../analysis/index.ts';
import { type Edit, ended, freeName, indentOf, lineBreakOf, replace } from '../../report/edits.ts';
import { declarationOf, nameIn, readAs, type SharedDeclaration, typeOfLiteral } from './declaration.ts';
import type { StateRepair } from './repair.ts';
import { runRest } from './run-rest.ts';

/**
 * A variable of the module, or a field of the one object, becomes an `AsyncLocalStorage`: what follows a write runs inside
 * `storage.run(value, …)`, and functions that read ask `storage.getStore()` first.
 */
export function inStorage(found: RequestState, core: Core): readonly StateRepair[] {
  const file = found.suspect.target.getSourceFile();
  const declared = declarationOf(found, file, core);
  if (declared === undefined || found.among !== 'requests' || found.state.life === 'outer') return [];
  const { node, uses, whole } = declared;
  const fallback = fallbackOf(declared);
  if (whole === undefined || fallback === undefined || found.state.otherName !== undefined) return [];
  const isStatic = ts.isPropertyDeclaration(node) && hasModifier(node, ts.SyntaxKind.StaticKeyword);
  if (isStatic) return [];
  const own = freeName(`${node.name.getText().replace(/^#/, '')}Storage`, file);
  const storage = ts.isPropertyDeclaration(node) ? `this.${ts.isPrivateIdentifier(node.name) ? '#' : ''}${own}` : own;
  const edits: Edit[] = [replace(whole, declarationText(declared, storage))];
  const covered: ts.Node[] = [];
  for (const write of uses.filter(isWriteTarget)) {
    const run = runAt(write, declared, storage, core);
    if (run === undefined) return [];
    edits.push(...run.edits);
    covered.push(...run.covers);
  }
  const reads = uses.filter((use) => !isWriteTarget(use) && !covered.some((around) => isInside(use, around)));
  for (const reader of outermost(reads.map((read) => enclosingFunctionOf(read)))) {
    if (ts.isSourceFile(reader)) return [];
    const inside = reads.filter((read) => isInside(read, reader));
    const asked = askedIn(reader, inside, declared, `${storage}.getStore()${fallback}`, fallback);
    if (asked === undefined) return [];
    edits.push(...asked);
  }
  const imported = importOf(file);
  return [{ title: 'storage', automatic: false, edits: imported === undefined ? edits : [imported, ...edits] }];
}

/** What a reader takes where no store is set; `undefined` where nothing can be said. */
function fallbackOf({ node, type }: SharedDeclaration): string | undefined {
  const { initializer } = node;
  const isUnset = initializer === undefined || bare(initializer).getText() === 'undefined';
  if (isUnset && (type === undefined || /\bundefined\b/.test(type)))
    return isJavaScript(node.getSourceFile()) || type !== undefined ? '' : undefined;
  if (isUnset) return ` as ${type ?? 'unknown'}`;
  return ts.isLiteralExpression(bare(initializer)) || bare(initializer).kind === ts.SyntaxKind.NullKeyword
    ? ` ?? ${initializer.getText()}`
    : undefined;
}

function declarationText({ node, type }: SharedDeclaration, storage: string): string {
  const file = node.getSourceFile();
  const stored = type ?? typeOfLiteral(node.initializer);
  const parameter = isJavaScript(file) || stored === undefined ? '' : `<${stored}>`;
  const made = `new AsyncLocalStorage${parameter}()`;
  if (ts.isVariableDeclaration(node)) return ended(`const ${storage} = ${made}`, file);
  const kept = (node.modifiers ?? []).filter(({ kind }) => kind !== ts.SyntaxKind.ReadonlyKeyword);
  const modifiers = [...kept.map((modifier) => modifier.getText()), ...(isJavaScript(file) ? [] : ['readonly'])];
  return ended([...modifiers, `${storage.replace(/^this\./, '')} = ${made}`].join(' '), file);
}

/** The write and all that follows it in its block. */
function runAt(
  write: ts.Expression,
  declared: SharedDeclaration,
  storage: string,
  core: Core,
): { readonly edits: readonly Edit[]; readonly covers: readonly ts.Node[] } | undefined {
  const { type, uses } = declared;
  const assignment = write.parent;
  const statement = assignment.parent as ts.Node | undefined;
  if (!ts.isBinaryExpression(assignment) || assignment.left !== write) return undefined;
  if (assignment.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  if (statement === undefined || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent))
    return undefined;
  const { statements } = statement.parent;
  const covers = statements.slice(statements.indexOf(statement) + 1);
  const value = assignment.right.getText();
  const inside = uses.filter((use) => use !== write && covers.some((each) => isInside(use, each)));
  const name = nameIn(enclosingFunctionOf(write), declared);
  const annotation = type === undefined ? '' : `: ${type}`;
  const opening =
    inside.length > 0
      ? { statement, head: `${storage}.run(${name}`, before: `const ${name}${annotation} = ${value}` }
      : { statement, head: `${storage}.run(${value}` };
  const edits = runRest(opening, core);
  if (edits === undefined) return undefined;
  return { edits: [...edits, ...renamed(inside, declared, name)], covers };
}

/** Accesses of the field get the name of the local; a variable keeps its own. */
function renamed(uses: readonly ts.Expression[], { node }: SharedDeclaration, name: string): readonly Edit[] {
  return ts.isPropertyDeclaration(node) ? uses.map((use) => readAs(name, use)) : [];
}

function outermost(functions: readonly FunctionNode[]): readonly FunctionNode[] {
  const all = [...new Set(functions)];
  return all.filter((fn) => !all.some((other) => other !== fn && isInside(fn, other)));
}

/** The function asks for the store first, under the name that it uses. */
function askedIn(
  reader: FunctionNode,
  reads: readonly ts.Expression[],
  declared: SharedDeclaration,
  asked: string,
  fallback: string,
): readonly Edit[] | undefined {
  const body = 'body' in reader ? reader.body : undefined;
  if (body === undefined || !reads.every((read) => isInside(read, body))) return undefined;
  if (!ts.isBlock(body)) {
    if (reads.some((read) => ts.isShorthandPropertyAssignment(read.parent))) return undefined;
    return reads.map((read) => replace(read, fallback === '' ? asked : `(${asked})`));
  }
  const [first] = body.statements;
  if (first === undefined) return undefined;
  const file = body.getSourceFile();
  const isOnOwnLine =
    file.text.slice(file.text.lastIndexOf('\n', first.getStart() - 1) + 1, first.getStart()).trim() === '';
  const name = nameIn(reader, declared);
  const text = ended(`const ${name} = ${asked}`, file);
  const end = isOnOwnLine ? `${lineBreakOf(file)}${indentOf(first)}` : ' ';
  return [{ range: [first.getStart(), first.getStart()], text: `${text}${end}` }, ...renamed(reads, declared, name)];
}

function isJavaScript(file: ts.SourceFile): boolean {
  return /\.[cm]?jsx?$/.test(file.fileName);
}

const MODULE = 'node:async_hooks';

/** The import, unless the file has it. */
function importOf(file: ts.SourceFile): Edit | undefined {
  if (/\bAsyncLocalStorage\b/.test(file.text)) return undefined;
  const imports = file.statements.filter((statement) => ts.isImportDeclaration(statement));
  const [first] = imports.length > 0 ? imports : file.statements;
  if (first === undefined) return undefined;
  const quote = /from "|require\("/.test(file.text) ? '"' : "'";
  const isCommonJs = imports.length === 0 && /\brequire\s*\(/.test(file.text);
  const text = isCommonJs
    ? `const { AsyncLocalStorage } = require(${quote}${MODULE}${quote})`
    : `import { AsyncLocalStorage } from ${quote}${MODULE}${quote}`;
  return { range: [first.getStart(), first.getStart()], text: `${ended(text, file)}${lineBreakOf(file)}` };
}
