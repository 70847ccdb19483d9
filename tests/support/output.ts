import { parseForESLint } from '@typescript-eslint/parser';
import path from 'node:path';
import ts from 'typescript';
import type { Report } from './lint.ts';
import type { VirtualProgram } from './program.ts';

/** Diagnostics that say that something is never used. */
const UNUSED = new Set([6133, 6138, 6192, 6196, 6198, 6199, 6205]);

/** Every syntactic and semantic diagnostic of the case as text, without its position. */
export function diagnosticKeys(virtual: VirtualProgram, { unused }: { unused: boolean }): string[] {
  return virtual
    .diagnostics()
    .filter(({ code }) => unused || !UNUSED.has(code))
    .map(({ file, code, start, messageText }) => {
      const line =
        file === undefined || unused ? '' : `:${String(file.getLineAndCharacterOfPosition(start ?? 0).line + 1)}`;
      const name = file === undefined ? '' : `${path.basename(file.fileName)}${line} `;
      return `${name}TS${String(code)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
}

/** The entries of `these` that `those` does not have as often. */
export function uncounted(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((entry) => {
    const at = left.indexOf(entry);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** The comments of a text, and whatever in it only silences. */
export function silencersIn(virtual: VirtualProgram, code: string): { comments: string[]; silencers: string[] } {
  const file = virtual.program
    .getSourceFiles()
    .find(({ text, fileName }) => text === code && !fileName.includes('/node_modules/'));
  if (file === undefined) throw new Error('The Program does not have the text that was linted.');
  const silencers: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVoidExpression(node)) silencers.push('`void`');
    if (ts.isCatchClause(node) && node.block.statements.length === 0) silencers.push('an empty `catch`');
    if (ts.isCallExpression(node) && isEmptyRejectionHandler(node)) silencers.push('a `.catch` that does nothing');
    ts.forEachChild(node, visit);
  };
  visit(file);
  const comments = commentsOf(code, file.fileName);
  silencers.push(
    ...comments
      .filter((comment) => /eslint-disable|@ts-(ignore|expect-error|nocheck)/.test(comment))
      .map((text) => `\`${text}\``),
  );
  return { comments, silencers };
}

/** Comments as text; white space inside does not count, because re-indenting is allowed. */
function commentsOf(code: string, fileName: string): string[] {
  const { ast } = parseForESLint(code, { comment: true, range: true, ecmaFeatures: { jsx: fileName.endsWith('x') } });
  return ast.comments.map(({ range: [start, end] }) => code.slice(start, end).replace(/\s+/g, ' ').trim());
}

function isEmptyRejectionHandler({ expression, arguments: [handler] }: ts.CallExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression) || expression.name.text !== 'catch' || handler === undefined)
    return false;
  if (!ts.isArrowFunction(handler) && !ts.isFunctionExpression(handler)) return false;
  const { body } = handler;
  if (ts.isBlock(body)) return body.statements.length === 0;
  return body.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(body) && body.text === 'undefined');
}

/** The lines a report stands on, with carets, its id and its text. */
export function frameOf(code: string, { start, end, line, messageId, message }: Report): string {
  const lines = code.split('\n');
  const startOfLine = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const text = lines[line - 1] ?? '';
  const from = start - startOfLine;
  const width = Math.max(1, Math.min(end - startOfLine, text.length) - from);
  const gutter = ' '.repeat(String(line).length);
  return [
    ...(line > 1 ? [`  ${String(line - 1).padStart(gutter.length)} | ${lines[line - 2] ?? ''}`] : []),
    `  ${String(line)} | ${text}`,
    `  ${gutter} | ${' '.repeat(from)}${'^'.repeat(width)}`,
    `  ${messageId ?? ''}: ${message}`,
  ].join('\n');
}
