import * as ts from 'typescript';
import { type Edit, freeName, hasComment, indentOf, indentStepOf, lineBreakOf, standsInList } from './edits.ts';

/** A number of milliseconds as it is written in code: `30_000`. */
export function grouped(milliseconds: number): string {
  return String(milliseconds).replace(/\B(?=(\d{3})+$)/g, '_');
}

/**
 * A deadline for a loop: once it has passed, the loop throws an error with this text (without quotes and backslashes). Nothing where
 * the loop has no statement list around it.
 *
 * @param within edits inside the body
 */
export function boundedLoop(
  loop: ts.IterationStatement,
  milliseconds: number,
  error: string,
  within: readonly Edit[] = [],
): readonly Edit[] | undefined {
  if (!standsInList(loop)) return undefined;
  const file = loop.getSourceFile();
  const deadline = freeName('deadline', file);
  const line = lineBreakOf(file) + indentOf(loop);
  const inner = line + indentStepOf(file);
  const body = loop.statement;
  const check = `if (Date.now() > ${deadline}) throw new Error('${error}');`;
  const start = loop.getStart();
  const declared: Edit = {
    range: [start, start],
    text: `const ${deadline} = Date.now() + ${grouped(milliseconds)};${line}`,
  };
  if (ts.isBlock(body)) {
    const at = body.getStart() + 1;
    const isEmpty = body.statements.length === 0 && !hasComment(body);
    if (isEmpty) return [declared, ...within, { range: [at, body.getEnd() - 1], text: inner + check + line }];
    // A body on one line stays on one line.
    const isOnLines = file.text.slice(at, body.statements[0]?.getStart()).includes('\n');
    return [declared, ...within, { range: [at, at], text: isOnLines ? inner + check : ` ${check}` }];
  }
  if (hasComment(body)) return undefined;
  const own = ts.isEmptyStatement(body) ? '' : inner + textAfter(body, within);
  const spaces = file.text.slice(body.getFullStart(), body.getStart());
  if (spaces.trim() !== '') return undefined;
  const before = within.filter(({ range }) => range[1] <= body.getStart());
  return [
    declared,
    ...before,
    { range: [body.getFullStart(), body.getEnd()], text: ` {${inner}${check}${own}${line}}` },
  ];
}

function textAfter(node: ts.Node, edits: readonly Edit[]): string {
  const { text } = node.getSourceFile();
  let written = '';
  let at = node.getStart();
  for (const { range, text: replacement } of edits.filter(({ range: [start] }) => start >= at)) {
    written += text.slice(at, range[0]) + replacement;
    at = range[1];
  }
  return written + text.slice(at, node.getEnd());
}
