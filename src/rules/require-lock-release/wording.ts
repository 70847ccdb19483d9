import * as ts from 'typescript';
import {
  type Acquisition,
  bare,
  calleesOf,
  type Core,
  hasRole,
  houseLock,
  isInside,
  type Lease,
  type SelfDeadlock,
  type UnheldLock,
} from '../../analysis/index.ts';
import { calledText, stepText } from '../../repair/leak-wording.ts';
import { lineText, quoted } from '../../report/wording.ts';

/** What a lock that is not given back means for the others. */
export function lossOf({ acquisition }: Lease): string {
  let inner = acquisition;
  while (inner.lender !== undefined) inner = inner.lender;
  return inner.member?.endsAlone === true
    ? 'nobody else gets it before it expires'
    : 'whoever waits for it waits for ever';
}

/** The lock as the code names it where it is taken: its receiver, the key it is taken under. */
export function lockText({ node }: Acquisition, core: Core): string {
  if (!ts.isCallExpression(node)) return 'the lock';
  const callee = bare(node.expression);
  const member = core.api.memberOf(node);
  if (member === undefined) {
    const { functions } = core.ask(calleesOf, node);
    // A lock of the project is its receiver; a function that takes one for its caller is not.
    const isLock = functions.some(
      (fn) => ts.isMethodDeclaration(fn) && ts.isClassLike(fn.parent) && core.ask(houseLock, fn.parent)?.acquire === fn,
    );
    if (isLock && ts.isPropertyAccessExpression(callee)) return `\`${quoted(callee.expression)}\``;
    return `the lock of \`${quoted(callee)}\``;
  }
  const key = member.key === undefined ? undefined : core.api.argumentOf(node, member.key);
  if (key !== undefined) return `the lock of \`${quoted(key)}\``;
  if (hasRole(member, 'runs-concurrently') && !ts.isPropertyAccessExpression(callee)) return `\`${quoted(callee)}\``;
  return ts.isPropertyAccessExpression(callee) ? `\`${quoted(callee.expression)}\`` : `\`${quoted(callee)}\``;
}

/** The message about a release that runs although the lock may not be held. */
export function unheldMessage({ leaving, release }: UnheldLock, { acquisition }: Lease) {
  const { call } = acquisition;
  const { kind, node } = leaving;
  const file = call.getSourceFile();
  const data = { release: calledText(release.node), end: lineText(release.node, file) };
  const line = lineText(node, file);
  if (kind === 'return' || kind === 'throw' || ts.isBreakOrContinueStatement(node)) {
    const [step = ''] = node.getText().split(/[\s;]/);
    return { messageId: 'unheldEarly', data: { ...data, step: `\`${step}\``, line } } as const;
  }
  return isInside(call, node) || isInside(node, call)
    ? ({ messageId: 'unheldSelf', data: { ...data, acquire: calledText(call) } } as const)
    : ({ messageId: 'unheld', data: { ...data, step: stepText(node), line } } as const);
}

/** The message about a lock that its holder waits for. */
export function deadlockMessage({ held, isShared, limit, taking }: SelfDeadlock, core: Core) {
  const file = taking.at.getSourceFile();
  const data = { call: calledText(taking.at), lock: lockText(held, core), line: lineText(held.node, file) };
  if (isShared === true) return { messageId: 'heldShared', data } as const;
  if (limit !== undefined) return { messageId: 'heldLimited', data } as const;
  if (taking.node === taking.at) return { messageId: 'held', data } as const;
  return { messageId: 'heldInside', data: { ...data, inner: lineText(taking.node, file) } } as const;
}
