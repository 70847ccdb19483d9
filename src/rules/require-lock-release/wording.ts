import ts from 'typescript';
import { type Acquisition, bare, type Core, hasRole, type Lease } from '../../analysis/index.ts';
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
  if (member === undefined) return `the lock of \`${quoted(callee)}\``;
  const key = member.key === undefined ? undefined : core.api.argumentOf(node, member.key);
  if (key !== undefined) return `the lock of \`${quoted(key)}\``;
  if (hasRole(member, 'runs-concurrently') && !ts.isPropertyAccessExpression(callee)) return `\`${quoted(callee)}\``;
  return ts.isPropertyAccessExpression(callee) ? `\`${quoted(callee.expression)}\`` : `\`${quoted(callee)}\``;
}
