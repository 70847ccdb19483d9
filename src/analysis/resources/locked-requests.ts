import type ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { type Acquisition, heldLocksAt } from '../effects/locking.ts';
import { defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { unboundedRequests } from './unbounded-requests.ts';

/** Plain input or output without a limit that a task does while it holds a lock. */
export interface LockedRequest {
  readonly at: ts.CallExpression | ts.NewExpression;
  readonly member: MemberMatch;
  /** The lock that was taken last. */
  readonly held: Acquisition;
}

/**
 * The requests of a file without a limit under a lock: while the peer is silent, nobody else gets in.
 *
 * Left out: what gives up by itself, late; clients that are given their limit as a whole, which may be enough for all they do.
 */
export const lockedRequests = defineFact<ts.SourceFile, readonly LockedRequest[]>({
  name: 'locked-requests',
  scope: 'program',
  compute: (file, core) =>
    core.ask(unboundedRequests, file).flatMap(({ at, endsItself, member }): readonly LockedRequest[] => {
      if (endsItself || member.bound?.by === 'client-option') return [];
      const fn = enclosingFunctionOf(at);
      const step = core
        .ask(flowGraph, fn)
        .stepsOf(at)
        .find(({ kind }) => kind === 'call');
      const held = step === undefined ? undefined : heldLocksAt(step, fn, core).at(-1);
      return held === undefined ? [] : [{ at, member, held }];
    }),
});
