import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { sessionChangesOf, statementTextOf } from './statements.ts';

const WAITS_FOR_LOCK = /\bpg_advisory_lock(?:_shared)?\s*\(/i;
const ABOUT_LOCKS = /advisory_(?:lock|unlock)|\bget_lock\b|\brelease_(?:all_)?locks?\b/i;

/** May a call take a lock of its session, going by the text of its file and the name that is called alone? */
export function maySessionLock(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !core.api.namesWith('queries').has(callee.name.text)) return false;
  return core.ask(mentionsLocks, call.getSourceFile());
}

const mentionsLocks = defineFact<ts.SourceFile, boolean>({
  name: 'mentions-session-locks',
  scope: 'text',
  compute: ({ text }) => ABOUT_LOCKS.test(text),
});

/**
 * Does a statement wait for an advisory lock of the session of a connection that is not borrowed? It is held until it is given back or
 * the connection ends. On a borrowed connection it is dirt that the next borrower finds.
 */
export function isSessionLock(call: ts.CallExpression | ts.NewExpression, member: MemberMatch, core: Core): boolean {
  if (!hasRole(member, 'queries') || !maySessionLock(call, core)) return false;
  const text = statementTextOf(core.api.argumentOf(call, member.argument), core.checker);
  if (text === undefined || !WAITS_FOR_LOCK.test(text)) return false;
  if (sessionChangesOf(text).some(({ takesAway }) => takesAway !== undefined)) return false;
  const receiver = receiverTypeOf(call, core);
  return (
    receiver !== undefined &&
    core.api.isA(receiver, 'pool') === undefined &&
    core.api.isA(receiver, 'lease') === undefined
  );
}

/** Does a statement give back the advisory locks of its session? */
export function givesSessionLockBack(call: ts.CallExpression, core: Core): boolean {
  const member = maySessionLock(call, core) ? core.api.plays(call, 'queries') : undefined;
  const text =
    member === undefined ? undefined : statementTextOf(core.api.argumentOf(call, member.argument), core.checker);
  return (
    text !== undefined && sessionChangesOf(text).some(({ takesAway }) => takesAway === 'locks' || takesAway === 'all')
  );
}

/**
 * The statements of a file that take a lock of the session on a connection that a pool lends for this statement alone. The connection
 * goes back with the lock, and the statement that gives it back may run on another one.
 */
export const strayLocks = defineFact<ts.SourceFile, readonly ts.CallExpression[]>({
  name: 'stray-locks',
  scope: 'program',
  compute(file, core) {
    if (!core.ask(mentionsLocks, file)) return [];
    const found: ts.CallExpression[] = [];
    const visit = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return;
      if (ts.isCallExpression(node) && isStrayLock(node, core)) found.push(node);
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  },
});

function isStrayLock(call: ts.CallExpression, core: Core): boolean {
  const member = maySessionLock(call, core) ? core.api.plays(call, 'queries') : undefined;
  const receiver = member === undefined ? undefined : receiverTypeOf(call, core);
  if (member === undefined || receiver === undefined || core.api.isA(receiver, 'pool') === undefined) return false;
  const text = statementTextOf(core.api.argumentOf(call, member.argument), core.checker);
  if (text === undefined) return false;
  const changes = sessionChangesOf(text);
  return changes.some(({ leaves }) => leaves === 'locks') && changes.every(({ takesAway }) => takesAway === undefined);
}

function receiverTypeOf(call: ts.CallExpression | ts.NewExpression, { checker }: Core): ts.Type | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? checker.getTypeAtLocation(callee.expression) : undefined;
}
