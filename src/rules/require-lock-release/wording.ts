import ts from 'typescript';
import { type Acquisition, bare, calleesOf, type Core, hasRole, houseLock, type Lease } from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

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
