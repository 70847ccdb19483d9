import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { symbolAt } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { callsNamed, fileNodes } from '../text/nodes.ts';
import { bare } from '../syntax/expressions.ts';
import { boundByCall, creationsOf } from './bound-of.ts';
import { boundOutside } from './wait-of.ts';

/** Plain input or output that the caller puts no limit on. */
export interface UnboundedRequest {
  readonly at: ts.CallExpression | ts.NewExpression;
  readonly member: MemberMatch;
  /** Does it give up by itself after all, late? */
  readonly endsItself: boolean;
  /** Where its client was made, if the limit belongs there and it stands in this file. */
  readonly creation?: ts.CallExpression | ts.NewExpression;
}

/**
 * The requests of a file without a limit of their own, of their client or around them; of one client only the first.
 *
 * Left out: files of this machine, calls that take no limit. Doubt: options and clients that come from elsewhere.
 */
export const unboundedRequests = defineFact<ts.SourceFile, readonly UnboundedRequest[]>({
  name: 'unbounded-requests',
  scope: 'program',
  compute(file, core) {
    const found: UnboundedRequest[] = [];
    const clients = new Set<ts.Symbol>();
    const names = core.api.namesWith('io', ({ bound, isLocal }) => isLocal !== true && bound !== undefined);
    for (const call of callsNamed(core.ask(fileNodes, file), names)) {
      const request = requestAt(call, core);
      const client = request === undefined ? undefined : clientOf(call, core);
      if (request !== undefined && (client === undefined || !clients.has(client))) found.push(request);
      if (client !== undefined) clients.add(client);
    }
    return found;
  },
});

function requestAt(call: ts.CallExpression | ts.NewExpression, core: Core): UnboundedRequest | undefined {
  const member = core.api.memberOf(call);
  if (member?.bound === undefined || !hasRole(member, 'io') || member.isLocal === true) return undefined;
  if (hasRole(member, 'waits') || member.bound.by === 'none') return undefined;
  const bounded = boundByCall(call, member, core);
  const endsItself = bounded.is === 'yes' && bounded.witness.by === 'default';
  if ((bounded.is !== 'no' && !endsItself) || boundOutside(call, core) !== undefined) return undefined;
  const creation = member.bound.by === 'client-option' ? creationIn(call, core) : undefined;
  return { at: call, member, endsItself, ...(creation === undefined ? {} : { creation }) };
}

/** The variable or field that holds the client of a method call. */
function clientOf(call: ts.CallExpression | ts.NewExpression, core: Core): ts.Symbol | undefined {
  const callee = bare(call.expression);
  const client = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  if (client === undefined) return undefined;
  return symbolAt(ts.isPropertyAccessExpression(client) ? client.name : client, core.checker);
}

function creationIn(
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
): ts.CallExpression | ts.NewExpression | undefined {
  const callee = bare(call.expression);
  const made = ts.isPropertyAccessExpression(callee) ? creationsOf(callee.expression, core) : undefined;
  return made?.length === 1 && made[0]?.getSourceFile() === call.getSourceFile() ? made[0] : undefined;
}
