import ts from 'typescript';
import type { CellLock } from '../../analysis/index.ts';
import {
  type Edit,
  freeName,
  hasComment,
  indentOf,
  indentStepOf,
  lineBreakOf,
  standsInList,
} from '../../report/edits.ts';

/** A deadline for the loop: once it has passed, the loop throws. Nothing where the loop has no statement list around it. */
export function boundedLoop({ loop }: CellLock, milliseconds: number): readonly Edit[] | undefined {
  if (!standsInList(loop)) return undefined;
  const file = loop.getSourceFile();
  const deadline = freeName('deadline', file);
  const line = lineBreakOf(file) + indentOf(loop);
  const inner = line + indentStepOf(file);
  const body = loop.statement;
  const check = `if (Date.now() > ${deadline}) throw new Error('The lock was not given back in time.');`;
  const start = loop.getStart();
  const declared: Edit = {
    range: [start, start],
    text: `const ${deadline} = Date.now() + ${grouped(milliseconds)};${line}`,
  };
  if (ts.isBlock(body)) {
    const at = body.getStart() + 1;
    const isEmpty = body.statements.length === 0 && !hasComment(body);
    if (isEmpty) return [declared, { range: [at, body.getEnd() - 1], text: inner + check + line }];
    return [declared, { range: [at, at], text: inner + check }];
  }
  if (hasComment(body)) return undefined;
  const own = ts.isEmptyStatement(body) ? '' : inner + body.getText();
  const spaces = file.text.slice(body.getFullStart(), body.getStart());
  if (spaces.trim() !== '') return undefined;
  return [declared, { range: [body.getFullStart(), body.getEnd()], text: ` {${inner}${check}${own}${line}}` }];
}

function grouped(milliseconds: number): string {
  return String(milliseconds).replace(/\B(?=(\d{3})+$)/g, '_');
}

/**
 * The statements between the loop and the release put in `try`, the release in `finally`. Nothing where the release is not a later
 * statement of the same list, or something declared in between is used after it.
 */
export function releasedInFinally({ loop, cell }: CellLock): readonly Edit[] | undefined {
  if (!standsInList(loop)) return undefined;
  const { statements } = loop.parent as ts.Block;
  const first = statements.indexOf(loop) + 1;
  const at = statements.findIndex(
    (statement, index) => index >= first && isRelease(statement, cell.view.getText(), cell.index.getText()),
  );
  const work = statements.slice(first, at);
  const release = statements[at];
  if (at < 0 || release === undefined || work.length === 0 || work.some(isDeclaration)) return undefined;
  const file = loop.getSourceFile();
  const [from, to] = [work[0]?.getStart() ?? 0, release.getEnd()];
  const text = file.text.slice(from, work.at(-1)?.getEnd());
  // Lines of a template are part of its value and cannot be moved.
  if (/`[^`]*\n[^`]*`/.test(text) || file.text.slice(work.at(-1)?.getEnd(), release.getStart()).trim() !== '')
    return undefined;
  const step = indentStepOf(file);
  const line = lineBreakOf(file) + indentOf(loop);
  const inner = line + step;
  const moved = text.replaceAll('\n', `\n${step}`);
  return [{ range: [from, to], text: `try {${inner}${moved}${line}} finally {${inner}${release.getText()}${line}}` }];
}

function isRelease(statement: ts.Statement, view: string, index: string): boolean {
  if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return false;
  const [first, second] = statement.expression.arguments;
  return first?.getText() === view && second?.getText() === index;
}

function isDeclaration(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
}
