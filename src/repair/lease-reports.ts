import type ts from 'typescript';
import type { Core, HidingRelease, Leak, Lease } from '../analysis/index.ts';
import { heldFirst } from './held-first.ts';
import { hidingMessageOf, type LeakMessage, leakMessageOf } from './leak-wording.ts';
import type { ReleaseRepair } from './release-repair.ts';
import { repairsOf } from './release-repairs.ts';

/** A report about how something is given back, the same for pools and for locks. */
export interface LeaseReport<Message extends string> {
  readonly at: ts.Node;
  readonly messageId: Message;
  readonly data: Readonly<Record<string, string>>;
  readonly repairs: readonly ReleaseRepair[];
}

/** The report of a way on which it is not given back. */
export function leakReport(
  lease: Lease,
  leak: Leak,
  { isCertain, loss }: { readonly isCertain: boolean; readonly loss: string },
  core: Core,
): LeaseReport<LeakMessage> {
  return {
    at: lease.acquisition.call,
    ...leakMessageOf(lease, leak, loss),
    repairs: repairsOf(lease, leak, isCertain, core),
  };
}

/** The report of a release that throws where there is nothing to give back. */
export function hidingReport(lease: Lease, hiding: HidingRelease): LeaseReport<'hides'> {
  return { at: lease.acquisition.call, ...hidingMessageOf(lease, hiding), repairs: heldFirst(hiding) };
}
