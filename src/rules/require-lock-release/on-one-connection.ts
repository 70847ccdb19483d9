import * as ts from 'typescript';
import { bare, type Core, givesSessionLockBack, hasRole } from '../../analysis/index.ts';
import {
  ended,
  endWithComments,
  freeName,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  replace,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import type { LockRepair } from './repair.ts';

/**
 * A connection borrowed for as long as the lock is held, on which it is taken and given back. Where the statement that takes it is
 * followed by the `try` whose `finally` gives it back.
 */
export function onOneConnection(call: ts.CallExpression, core: Core): readonly LockRepair[] {
  const taking = statementOf(call);
  const pool = receiverOf(call);
  const { parent } = taking ?? {};
  if (taking === undefined || pool === undefined || parent === undefined || !ts.isBlock(parent)) return [];
  const guarded = parent.statements[parent.statements.indexOf(taking) + 1];
  if (guarded === undefined || !ts.isTryStatement(guarded) || guarded.finallyBlock === undefined) return [];
  if (![taking, guarded].every((each) => isOnOwnLines(each) && !hasDirectiveAbove(each))) return [];
  const back = guarded.finallyBlock.statements.flatMap((each) => unlockIn(each, pool, core) ?? [])[0];
  const borrow = borrowerOf(pool, core);
  if (back === undefined || borrow === undefined) return [];
  const file = call.getSourceFile();
  const name = freeName('connection', file);
  const indent = indentOf(taking);
  const step = indentStepOf(file);
  const line = lineBreakOf(file);
  const body = movedWith(
    file,
    taking.getStart(),
    endWithComments(guarded),
    [replace(pool, name), replace(back, name)],
    step,
  );
  const text = [
    ended(`const ${name} = await ${pool.getText()}.${borrow}()`, file),
    `${indent}try {`,
    `${indent}${step}${body}`,
    `${indent}} finally {`,
    `${indent}${step}${ended(`${name}.release()`, file)}`,
    `${indent}}`,
  ].join(line);
  return [
    {
      title: 'oneConnection',
      automatic: false,
      edits: [{ range: [taking.getStart(), endWithComments(guarded)], text }],
    },
  ];
}

function statementOf(call: ts.CallExpression): ts.ExpressionStatement | undefined {
  const { parent } = call;
  return ts.isAwaitExpression(parent) && ts.isExpressionStatement(parent.parent) ? parent.parent : undefined;
}

function receiverOf(call: ts.CallExpression): ts.Expression | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}

/** The pool, where a statement gives the lock back on it. */
function unlockIn(statement: ts.Statement, pool: ts.Expression, core: Core): ts.Expression | undefined {
  const value = ts.isExpressionStatement(statement) ? bare(statement.expression) : undefined;
  const call = value !== undefined && ts.isAwaitExpression(value) ? bare(value.expression) : undefined;
  if (call === undefined || !ts.isCallExpression(call) || !givesSessionLockBack(call, core)) return undefined;
  const receiver = receiverOf(call);
  return receiver?.getText() === pool.getText() ? receiver : undefined;
}

/** The member of the pool that lends a connection. */
function borrowerOf(pool: ts.Expression, core: Core): string | undefined {
  const type = core.checker.getTypeAtLocation(pool);
  return core.checker.getPropertiesOfType(type).find(({ name }) => {
    const row = core.api.memberIn(type, name);
    return row !== undefined && hasRole(row, 'acquires');
  })?.name;
}
