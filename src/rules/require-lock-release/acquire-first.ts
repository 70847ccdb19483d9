import * as ts from 'typescript';
import { type Lease, type UnheldLock, wrapped } from '../../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import type { LockRepair } from './repair.ts';

/**
 * The `try` begins after the acquisition. Where it has no `catch`, what stands before goes in front of it; with one, the rest gets a
 * `try` of its own inside, so that the handler still sees what fails before.
 *
 * Only where the acquisition is a statement of the `try` itself and the `finally` does nothing but give the lock back.
 */
export function acquireFirst({ acquisition }: Lease, { around, releasing }: UnheldLock): readonly LockRepair[] {
  const acquire = statementAround(acquisition.call);
  const { catchClause, finallyBlock, tryBlock } = around;
  const at = acquire === undefined ? -1 : tryBlock.statements.indexOf(acquire);
  const [first] = tryBlock.statements;
  const last = tryBlock.statements.at(-1);
  if (acquire === undefined || first === undefined || last === undefined || at < 0 || last === acquire) return [];
  if (finallyBlock.statements.length !== 1 || finallyBlock.statements[0] !== releasing) return [];
  if (![around, first, acquire, last].every((each) => isOnOwnLines(each) || each === around)) return [];
  if (hasDirectiveAbove(around) || hasDirectiveAbove(first)) return [];
  const automatic = at === 0 || catchClause !== undefined || !declaresNames(tryBlock.statements.slice(0, at + 1));
  const edits = catchClause === undefined ? inFront(around, acquire) : inside(around, acquire);
  return edits === undefined ? [] : [{ title: 'before', automatic, edits }];
}

function statementAround(call: ts.Node): ts.Statement | undefined {
  let node: ts.Node = wrapped(call).parent;
  if (ts.isAwaitExpression(node)) node = wrapped(node).parent;
  return ts.isExpressionStatement(node) ? node : undefined;
}

function declaresNames(statements: readonly ts.Statement[]): boolean {
  return statements.some((each) => !ts.isExpressionStatement(each) && !ts.isIfStatement(each));
}

/** The statements up to the acquisition move out, one level back. */
function inFront(around: ts.TryStatement, acquire: ts.Statement): readonly Edit[] | undefined {
  const file = around.getSourceFile();
  const indent = indentOf(around);
  const inner = indentOf(acquire);
  const line = lineBreakOf(file);
  const opened = around.tryBlock.getStart() + 1;
  const end = endWithComments(acquire);
  const text = file.text.slice(opened, end);
  if (!inner.startsWith(indent) || inner === indent || text.includes('`')) return undefined;
  const moved = text
    .replace(/^[ \t]*\r?\n/, '')
    .split(/\r?\n/)
    .map((each) => (each.startsWith(inner) ? indent + each.slice(inner.length) : each))
    .join(line)
    .trimStart();
  return [{ range: [around.getStart(), end], text: `${moved}${line}${indent}try {` }];
}

/** What follows the acquisition goes into a `try` whose `finally` gives the lock back; the outer one only catches. */
function inside(
  around: ts.TryStatement & { readonly finallyBlock?: ts.Block },
  acquire: ts.Statement,
): readonly Edit[] | undefined {
  const { catchClause, finallyBlock, tryBlock } = around;
  if (catchClause === undefined || finallyBlock === undefined) return undefined;
  const file = around.getSourceFile();
  const step = indentStepOf(file);
  const line = lineBreakOf(file);
  const inner = indentOf(acquire);
  const start = endWithComments(acquire);
  const last = tryBlock.statements.at(-1);
  if (last === undefined) return undefined;
  const end = endWithComments(last);
  const body = movedWith(file, start, end, [], step).replace(/^[ \t]*\r?\n/, '');
  const opened = finallyBlock.getStart();
  const given = movedWith(file, opened, finallyBlock.getEnd(), [], step);
  return [
    { range: [start, end], text: `${line}${inner}try {${line}${body}${line}${inner}} finally ${given}` },
    { range: [catchClause.getEnd(), finallyBlock.getEnd()], text: '' },
  ];
}
