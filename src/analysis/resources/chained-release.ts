import * as ts from 'typescript';
import { rejectsAt } from '../effects/failures.ts';
import type { Failure } from '../effects/failure.ts';
import type { Core } from '../facts.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import type { Happening } from './lease-state.ts';
import type { Lease } from './lease.ts';

/** A release that stands only in the callback of a `.then`: what rejects before it goes past it. */
export interface ChainedRelease {
  /** The `.then` with the callback. */
  readonly chain: ts.CallExpression;
  /** The callback, alone in giving the object back. */
  readonly callback: ts.ArrowFunction | ts.FunctionExpression;
  /** The call whose promise may reject, and its step. */
  readonly rejecting: ts.CallExpression;
  readonly step: Step;
  readonly release: Happening;
}

/**
 * `client.query(…).then(() => client.release())`: is the object given back by callbacks of `.then` alone, though what they wait for may
 * reject?
 */
export function chainedReleaseOf(
  lease: Lease,
  core: Core,
  mayReject: (failure: Failure) => boolean,
): ChainedRelease | undefined {
  const { graph, happenings } = lease;
  const handOns = happenings.filter(({ is }) => is === 'hand-on');
  if (happenings.some(({ is }) => is === 'part')) return undefined;
  let found: ChainedRelease | undefined;
  for (const release of handOns) {
    const { inner, node, step } = release;
    if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return undefined;
    const chain = fulfilledBy(node, core);
    if (chain === undefined) return undefined;
    // A step of the chain that only uses it.
    if (inner === undefined) continue;
    const isGivenBackLater = happenings.some(
      (each) =>
        (each.is === 'release' || each.is === 'destroy') &&
        pathOf({ from: step, to: (other) => other === each.step }) !== undefined,
    );
    const rejecting = sourceOf(chain, core);
    const call = rejecting === undefined ? undefined : graph.stepsOf(rejecting).find(({ kind }) => kind === 'call');
    if (isGivenBackLater || rejecting === undefined || call === undefined) return undefined;
    if (rejecting.pos < lease.acquisition.call.end && lease.acquire !== graph.enter && lease.acquire.kind !== 'write')
      return undefined;
    if (!mayReject(rejectsAt(rejecting, core))) return undefined;
    found ??= { chain, callback: node, rejecting, step: call, release: { ...release, node: inner } };
  }
  return found;
}

/** The `.then` that runs a callback only when all went well, and has nothing for the other case. */
function fulfilledBy(callback: ts.ArrowFunction | ts.FunctionExpression, core: Core): ts.CallExpression | undefined {
  const outer = wrapped(callback);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || call.arguments.length !== 1 || call.arguments[0] !== outer) return undefined;
  return core.api.plays(call, 'chains')?.handlesRejection === 1 ? call : undefined;
}

/** The call at the head of a chain of `.then` that handles no rejection. */
function sourceOf(chain: ts.CallExpression, core: Core): ts.CallExpression | undefined {
  for (let call = chain; ;) {
    const callee = bare(call.expression);
    const source = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
    if (source === undefined || !ts.isCallExpression(source)) return undefined;
    const before = core.api.plays(source, 'chains');
    if (before === undefined) return source;
    if (before.handlesRejection !== 1 || source.arguments.length !== 1) return undefined;
    call = source;
  }
}
