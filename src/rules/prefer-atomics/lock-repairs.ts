import * as ts from 'typescript';
import type { CellLock } from '../../analysis/index.ts';
import { boundedLoop } from '../../report/bounded-loop.ts';
import { type Edit, indentOf, indentStepOf, lineBreakOf, standsInList } from '../../report/edits.ts';

/** A deadline for the loop: once it has passed, the loop throws. Nothing where the loop has no statement list around it. */
export function boundedLock({ loop }: CellLock, milliseconds: number): readonly Edit[] | undefined {
  return boundedLoop(loop, milliseconds, 'The lock was not given back in time.');
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
