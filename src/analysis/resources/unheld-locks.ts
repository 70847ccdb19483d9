import * as ts from 'typescript';
import { type Answer, NO, yes } from '../answer.ts';
import { failureAt } from '../effects/failures.ts';
import type { Core } from '../facts.ts';
import type { Edge, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare } from '../syntax/expressions.ts';
import { isInside } from '../syntax/inside.ts';
import { boundByCall } from './bound-of.ts';
import type { Happening } from './lease-state.ts';
import { isOfUnseen } from './lease-questions.ts';
import type { Lease } from './lease.ts';

/** A release in a `finally` that also runs when the lock was never got: it gives back a permit of somebody else. */
export interface UnheldLock {
  readonly around: ts.TryStatement & { readonly finallyBlock: ts.Block };
  readonly release: Happening;
  /** The statement of the `finally` that gives it back. */
  readonly releasing: ts.Statement;
  /** What fails, or leaves, before the lock is there; the acquisition itself where that is what fails. */
  readonly leaving: Step;
}

/**
 * Is a lock taken inside the `try` whose `finally` gives it back, and may the `finally` be reached without it?
 *
 * `yes` when what comes before in the `try` may fail or leave for certain, or the acquisition itself gives up. A condition around the
 * release, or between, is taken to know.
 */
export function unheldLock(lease: Lease, core: Core): Answer<UnheldLock> {
  const { acquire, acquisition, graph, happenings } = lease;
  if (acquisition.kind !== 'lock' || acquisition.holds !== 'receiver' || graph.truncated) return NO;
  // A session that gives back what it does not hold gets a warning.
  if (acquisition.isOfSession === true) return NO;
  for (const release of happenings) {
    if (release.is !== 'release' || !release.isCertain) continue;
    const around = tryAround(acquisition.call, release.node);
    const releasing = around?.finallyBlock.statements.find((each) => isInside(release.node, each));
    if (around === undefined || releasing === undefined || !ts.isExpressionStatement(releasing)) continue;
    const first = around.tryBlock.statements[0];
    const from =
      first === undefined
        ? undefined
        : graph.steps.find(({ node, previous }) => previous.length > 0 && isInside(node, first));
    if (from === undefined) continue;
    const isImpossible = (edge: Edge, step: Step): boolean => {
      if (step === acquire) return edge.way !== 'throw' || !givesUp(lease, core);
      if (edge.way !== 'throw' || step.kind === 'throw') return false;
      const failure = failureAt(step, core);
      if (step.kind === 'suspend' && isOfUnseen(failure)) return false;
      return failure.certain === undefined || failure.certain.isSoft === true;
    };
    const path = pathOf({ from, to: (step) => step === release.step, without: isImpossible });
    if (path === undefined || path.some(({ kind, node }) => kind === 'branch' && isInside(node, around.finallyBlock)))
      continue;
    const leaving = path.findLast(
      ({ kind, node }) => kind !== 'join' && kind !== 'read' && isInside(node, around.tryBlock),
    );
    if (leaving === undefined) continue;
    const found: UnheldLock = { around, release, releasing, leaving };
    return yes(found);
  }
  return NO;
}

/** The `try` with the acquisition in its block and the release in its `finally`. */
function tryAround(call: ts.Node, release: ts.Node): UnheldLock['around'] | undefined {
  for (let at = call.parent; !ts.isSourceFile(at) && !ts.isFunctionLike(at); at = at.parent) {
    if (ts.isTryStatement(at) && at.finallyBlock !== undefined && isInside(call, at.tryBlock)) {
      return isInside(release, at.finallyBlock) ? (at as UnheldLock['around']) : undefined;
    }
  }
  return undefined;
}

/** Does the acquisition itself fail: after a time, or because another holds the lock? */
function givesUp({ acquire, acquisition }: Lease, core: Core): boolean {
  const { call, house, member } = acquisition;
  if (house !== undefined) return failureAt(acquire, core).certain !== undefined;
  if (member === undefined || !ts.isCallExpression(bare(call))) return false;
  return boundByCall(call, member, core).is === 'yes';
}
