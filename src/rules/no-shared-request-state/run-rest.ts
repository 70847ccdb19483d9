import * as ts from 'typescript';
import { type Core, restBehind, type RestOfBlock } from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, lineBreakOf, removeStatement, replace } from '../../report/edits.ts';

/** How `storage.run(value, …)` is opened: in place of what, and with which text. */
interface Opening {
  readonly statement: ts.Statement;
  /** The call up to the callback: `storage.run(value`. */
  readonly head: string;
  /** A statement before it. */
  readonly before?: string;
}

/**
 * Runs what stands behind a statement of a block inside `storage.run(value, …)`, in place of the statement. `undefined` where the
 * rest cannot be put into a callback.
 */
export function runRest({ statement, head, before }: Opening, core: Core): readonly Edit[] | undefined {
  const rest = restBehind(statement, core);
  if (rest === undefined) return undefined;
  const file = statement.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(statement);
  const lead = before === undefined ? '' : `${ended(before, file)}${line}${indent}`;
  const { callback, only } = rest;
  if (callback !== undefined && only !== undefined) {
    const opened = `${head}, ${callback.text})`;
    if (before !== undefined) return [replace(statement, ended(before, file)), replace(only, opened)];
    return [removeStatement(statement), replace(only, opened)];
  }
  const opened = `${lead}${rest.prefix}${head}, ${rest.waits ? 'async ' : ''}() => {`;
  return [replace(statement, opened), ...insideCallback(rest, indent)];
}

/** The edits that move the rest one step in and close the callback behind it. */
function insideCallback({ block, statements }: RestOfBlock, indent: string): readonly Edit[] {
  const file = block.getSourceFile();
  const { text } = file;
  const [first] = statements;
  const last = statements.at(-1);
  if (first === undefined || last === undefined) return [];
  const brace = block.getEnd() - 1;
  const lineStart = text.lastIndexOf('\n', brace - 1) + 1;
  const close = ended('})', file);
  const isBraceAlone = text.slice(lineStart, brace).trim() === '';
  if (!isBraceAlone) return [{ range: [last.getEnd(), last.getEnd()], text: ` ${close}` }];
  return [
    ...indented(first.getFullStart(), lineStart, block),
    { range: [lineStart, lineStart], text: `${indent}${close}${lineBreakOf(file)}` },
  ];
}

/** Puts one step of indentation before every line that begins in a range; what is inside a template stays as it is. */
function indented(from: number, to: number, root: ts.Node): readonly Edit[] {
  const file = root.getSourceFile();
  const step = indentStepOf(file);
  const frozen = templatesIn(root);
  const edits: Edit[] = [];
  for (let at = file.text.indexOf('\n', from) + 1; at > 0 && at < to; at = file.text.indexOf('\n', at) + 1) {
    const isEmpty = /^[ \t]*\r?\n/.test(file.text.slice(at, at + 200));
    const isFrozen = frozen.some(([start, end]) => start < at && at < end);
    if (!isEmpty && !isFrozen) edits.push({ range: [at, at], text: step });
  }
  return edits;
}

function templatesIn(root: ts.Node): readonly (readonly [start: number, end: number])[] {
  const found: [number, number][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateLiteralToken(node)) found.push([node.getStart(), node.getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** A piece of text with another indentation for all lines but those inside templates. */
export function movedText(from: number, to: number, root: ts.Node, change: (line: string) => string): string {
  const { text } = root.getSourceFile();
  const frozen = templatesIn(root);
  let at = from;
  const lines: string[] = [];
  for (const line of text.slice(from, to).split('\n')) {
    const start = at;
    const isFrozen = frozen.some(([open, close]) => open < start && start < close);
    lines.push(isFrozen || line.trim() === '' ? line : change(line));
    at += line.length + 1;
  }
  return lines.join('\n');
}
