import * as ts from 'typescript';
import { lineBreakOf } from './edits.ts';

/** A logger as it is written at a place, and how it takes an error. */
export interface LoggerText {
  readonly text: string;
  readonly style:
    | { readonly is: 'error' }
    | { readonly is: 'object'; readonly key: string; readonly hasText: boolean }
    | { readonly is: 'text-first' }
    | { readonly is: 'text' };
}

/** What a fix does with an error: text for a handler of `.catch` and for a statement inside a `catch`. */
export interface OnError {
  /** `(error: unknown) => { logger.error(error); }` */
  readonly handler: string;
  /** `logger.error(error);` */
  readonly statement: string;
  /** The name of the error in `statement`, with its type where the file is TypeScript: `error: unknown`. */
  readonly parameter: string;
}

/** Is the file written in TypeScript, so that types may stand in it? */
export function isTypeScript(file: ts.SourceFile): boolean {
  return /\.[cm]?tsx?$/.test(file.fileName);
}

/** What a file's own text says once is asked for every report. */
const quotes = new WeakMap<ts.SourceFile, '"' | "'">();
const ends = new WeakMap<ts.SourceFile, string>();

/** The quote that the file uses for its strings. */
export function quoteOf(file: ts.SourceFile): '"' | "'" {
  const known = quotes.get(file) ?? mostUsedQuote(file.text);
  quotes.set(file, known);
  return known;
}

function mostUsedQuote(text: string): '"' | "'" {
  return text.split('"').length > text.split("'").length ? '"' : "'";
}

/**
 * How a fix takes care of an error in this file.
 *
 * @param given what the user says: a function by its name, or a function expression
 * @param logger the logger found in scope; `console.error` stands in for it
 * @param what the work that failed, for loggers that want a text
 */
export function onError(
  file: ts.SourceFile,
  given: string | undefined,
  logger: LoggerText | undefined,
  what: string,
): OnError {
  const name = given !== undefined && /^error\b/.test(given) ? 'reason' : 'error';
  const parameter = isTypeScript(file) ? `${name}: unknown` : name;
  const end = endOf(file);
  if (given !== undefined && given !== '' && (isTypeScript(file) || !hasTypes(given))) {
    const isName = /^[\w$.]+$/.test(given);
    const isSimple = /^[\w$]+$/.test(given);
    const statement = isName ? `${given}(${name})${end}` : `(${given})(${name})${end === '' ? ';' : end}`;
    return { handler: isSimple || !isName ? given : `(${parameter}) => { ${statement} }`, statement, parameter };
  }
  const statement = `${logText(logger, what, quoteOf(file))}${end}`;
  return { handler: `(${parameter}) => { ${statement} }`, statement, parameter };
}

/** Do types stand in the text of an expression? */
function hasTypes(text: string): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isTypeNode(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  return visit(ts.createSourceFile('handler.ts', `(${text})`, ts.ScriptTarget.Latest));
}

function logText(logger: LoggerText | undefined, what: string, quote: string): string {
  if (logger === undefined) return 'console.error(error)';
  const text = `${quote}${what} failed${quote}`;
  const call = (...given: readonly string[]): string => `${logger.text}.error(${given.join(', ')})`;
  switch (logger.style.is) {
    case 'error':
      return call('error');
    case 'object': {
      const { key, hasText } = logger.style;
      const object = key === 'error' ? '{ error }' : `{ ${key}: error }`;
      return hasText ? call(object, text) : call(object);
    }
    case 'text-first':
      return call(text, 'error');
    case 'text':
      return call('String(error)');
  }
}

/** The end that statements of the file have. */
function endOf(file: ts.SourceFile): string {
  const known = ends.get(file) ?? mostUsedEnd(file);
  ends.set(file, known);
  return known;
}

function mostUsedEnd(file: ts.SourceFile): string {
  const lines = file.text.split(lineBreakOf(file));
  const ended = lines.filter((line) => /;\s*$/.test(line)).length;
  const open = lines.filter((line) => /^\s*(?:import|const|let|return)\b.*[\w)'"\]}]\s*$/.test(line)).length;
  return ended >= open ? ';' : '';
}

/** Where multi-line text must keep its lines as they are: template literals. */
function keptRanges(node: ts.Node): readonly (readonly [start: number, end: number])[] {
  const found: (readonly [number, number])[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isTemplateExpression(inner) || ts.isNoSubstitutionTemplateLiteral(inner)) {
      found.push([inner.getStart(), inner.getEnd()]);
      return;
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

/** The text of a range of the file, each of its lines but the first moved in by `step`; template literals keep their lines. */
export function movedIn(node: ts.Node, start: number, end: number, step: string): string {
  const { text } = node.getSourceFile();
  const kept = keptRanges(node);
  let written = '';
  for (let at = start; at < end; at++) {
    const letter = text.charAt(at);
    written += letter;
    if (letter !== '\n' || /^\r?\n/.test(text.slice(at + 1, at + 3))) continue;
    if (!kept.some(([from, to]) => from < at && at < to)) written += step;
  }
  return written;
}
