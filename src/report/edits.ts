import * as ts from 'typescript';

/** One replacement in the text of the file: `text` in place of what stands in `range` (offsets, end exclusive). */
export interface Edit {
  readonly range: readonly [start: number, end: number];
  readonly text: string;
}

/** Replaces a node, the comments around it left alone. */
export function replace(node: ts.Node, text: string): Edit {
  return { range: [node.getStart(), node.getEnd()], text };
}

/** The white space before the first thing on a node's line. */
export function indentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const lineStart = text.lastIndexOf('\n', node.getStart() - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
}

const steps = new WeakMap<ts.SourceFile, string>();

/** One level of indentation as the file has it: a tab, or the smallest run of spaces that starts a line. */
export function indentStepOf(file: ts.SourceFile): string {
  let step = steps.get(file);
  if (step === undefined) {
    step = stepIn(file.text);
    steps.set(file, step);
  }
  return step;
}

function stepIn(text: string): string {
  let least: number | undefined;
  for (const [run] of text.matchAll(/^[ \t]+(?=[^\s*])/gm)) {
    if (run.startsWith('\t')) return '\t';
    if (run.length > 1) least = Math.min(least ?? 4, run.length);
  }
  return ' '.repeat(least ?? 2);
}

/** The line break that the file uses. */
export function lineBreakOf(file: ts.SourceFile): string {
  return file.text.includes('\r\n') ? '\r\n' : '\n';
}

/** Does the list of statements around it leave room for another one before it? */
export function standsInList(statement: ts.Statement): boolean {
  const { parent } = statement;
  if (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isModuleBlock(parent)) return true;
  // Braces around a declaration would hide its names from the rest of the clause.
  return ts.isCaseOrDefaultClause(parent) && ts.isVariableStatement(statement);
}

/** What a file's own text says once is asked for every report. */
const semicolons = new WeakMap<ts.SourceFile, boolean>();

/** Does the file end its statements with semicolons? */
export function usesSemicolons(file: ts.SourceFile): boolean {
  const known = semicolons.get(file) ?? mostlyEnded(file);
  semicolons.set(file, known);
  return known;
}

function mostlyEnded(file: ts.SourceFile): boolean {
  let withSemicolon = 0;
  let without = 0;
  const visit = (node: ts.Node): void => {
    if (
      ts.isExpressionStatement(node) ||
      ts.isVariableStatement(node) ||
      ts.isReturnStatement(node) ||
      ts.isImportDeclaration(node)
    ) {
      if (file.text.charAt(node.end - 1) === ';') withSemicolon++;
      else without++;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return withSemicolon >= without;
}

/** A statement's text with the end that it needs there: a semicolon, where the file has them or what follows would be drawn in. */
export function ended(text: string, file: ts.SourceFile, following = ''): string {
  const bare = text.replace(/;$/, '');
  return usesSemicolons(file) || /^[([`/+\-*.,]/.test(following) ? `${bare};` : bare;
}

/** A comment above a node that speaks to a tool about what follows it. */
interface Directive {
  readonly start: number;
  readonly to: 'compiler' | 'other';
}

/** The comments above a node that speak to the compiler, a linter, a formatter or a coverage tool about what follows them. */
export function directivesAbove(node: ts.Node): readonly Directive[] {
  const { text } = node.getSourceFile();
  return (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).flatMap(({ end, pos }): readonly Directive[] => {
    const comment = text.slice(pos, end);
    if (comment.includes('@ts-')) return [{ start: pos, to: 'compiler' }];
    return /\b(?:eslint|prettier|biome)-|\bignore next\b/.test(comment) ? [{ start: pos, to: 'other' }] : [];
  });
}

/** Does a comment above it speak to a tool about the node? */
export function hasDirectiveAbove(node: ts.Node): boolean {
  return directivesAbove(node).length > 0;
}

/** Does a statement stand on lines of its own? A comment may follow. */
export function isOnOwnLines(statement: ts.Node): boolean {
  const { text } = statement.getSourceFile();
  const start = statement.getStart();
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  return (
    before.trim() === '' &&
    /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/[ \t]*)?(?:\r?\n|$)/.test(text.slice(statement.getEnd()))
  );
}

/** Where the line of a statement ends: after it, and after the comments that follow it on its line. */
export function endWithComments(statement: ts.Node): number {
  const { text } = statement.getSourceFile();
  return ts.getTrailingCommentRanges(text, statement.getEnd())?.at(-1)?.end ?? statement.getEnd();
}

/**
 * Puts statements before a statement, on lines of their own. Where it stands alone (`if (x) y();`, a `case`), both get braces.
 *
 * @param body the text of the statement itself after its own edits, needed only where braces are put around it
 */
export function insertBefore(statement: ts.Statement, lines: readonly string[], body: string): Edit {
  const file = statement.getSourceFile();
  const indent = indentOf(statement);
  const line = lineBreakOf(file);
  const start = statement.getStart();
  const isOnOwnLine = file.text.slice(file.text.lastIndexOf('\n', start - 1) + 1, start).trim() === '';
  if (standsInList(statement)) {
    const text = lines.map((each) =>
      isOnOwnLine ? `${each}${line}${indent}` : `${each}${/[;}]$/.test(each) ? '' : ';'} `,
    );
    return { range: [start, start], text: text.join('') };
  }
  const outer = isOnOwnLine && !ts.isCaseOrDefaultClause(statement.parent) ? indentOf(statement.parent) : indent;
  const inner = outer + indentStepOf(file);
  const all = [...lines, body].map((text) => `${inner}${text}`).join(line);
  return { range: [start, statement.getEnd()], text: `{${line}${all}${line}${outer}}` };
}

/** Takes a statement away; its line goes with it unless a comment stands on it. */
export function removeStatement(statement: ts.Statement): Edit {
  const { text } = statement.getSourceFile();
  const start = statement.getStart();
  const end = statement.getEnd();
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const isAlone =
    text.slice(lineStart, start).trim() === '' && text.slice(end, lineEnd < 0 ? text.length : lineEnd).trim() === '';
  if (isAlone) return { range: [lineStart, lineEnd < 0 ? text.length : lineEnd + 1], text: '' };
  const spaces = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { range: [start, end + spaces], text: '' };
}

/** Takes one variable away: the whole statement if it is the only one. `undefined` where a comment would go with it. */
export function removeVariable(declaration: ts.VariableDeclaration): Edit | undefined {
  const { parent: list } = declaration;
  if (!ts.isVariableDeclarationList(list) || !ts.isVariableStatement(list.parent) || hasComment(list.parent))
    return undefined;
  return list.declarations.length === 1 ? removeStatement(list.parent) : removeElement(declaration, list.declarations);
}

/** Takes an element of a list away, with the comma that goes with it. */
export function removeElement(element: ts.Node, elements: readonly ts.Node[]): Edit {
  const index = elements.indexOf(element);
  const following = elements[index + 1];
  const before = elements[index - 1];
  if (following !== undefined) return { range: [element.getStart(), following.getStart()], text: '' };
  return { range: [before === undefined ? element.getStart() : before.getEnd(), element.getEnd()], text: '' };
}

/** A node's text with other texts in place of some of its descendants. */
export function textWith(node: ts.Node, replacements: ReadonlyMap<ts.Node, string>): string {
  const { text } = node.getSourceFile();
  const start = node.getStart();
  let at = start;
  let written = '';
  for (const [inner, replacement] of [...replacements].sort(([a], [b]) => a.getStart() - b.getStart())) {
    written += text.slice(at, inner.getStart()) + replacement;
    at = inner.getEnd();
  }
  return written + text.slice(at, node.getEnd());
}

/** Is there a comment inside the node's own text? */
export function hasComment(node: ts.Node): boolean {
  const text = node.getText();
  if (!text.includes('//') && !text.includes('/*')) return false;
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia) return true;
  }
  return false;
}

/** A name that nothing in the file uses yet and no reserved word: the wish itself, or the wish with the first free number. */
export function freeName(wished: string, file: ts.SourceFile, alsoTaken: ReadonlySet<string> = new Set()): string {
  const wish = isReserved(wished) ? `${wished}Value` : wished;
  const isTaken = (name: string): boolean =>
    alsoTaken.has(name) || new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`).test(file.text);
  if (!isTaken(wish)) return wish;
  for (let number = 2; ; number++) if (!isTaken(`${wish}${String(number)}`)) return `${wish}${String(number)}`;
}

function isReserved(name: string): boolean {
  if (name === 'arguments' || name === 'await' || name === 'eval' || name === 'undefined') return true;
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, name);
  const token = scanner.scan();
  return token >= ts.SyntaxKind.FirstReservedWord && token <= ts.SyntaxKind.LastFutureReservedWord;
}
