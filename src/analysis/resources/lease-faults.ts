import { type Answer, unknown, yes } from '../answer.ts';
import type { Core } from '../facts.ts';
import type { Step } from '../flow/graph.ts';
import { type AfterRelease, extraReleases } from './after-release.ts';
import { type HidingRelease, hidingRelease } from './hiding-release.ts';
import { type Leak, leakPath } from './lease-questions.ts';
import type { Lease } from './lease.ts';
import { type UnheldLock, unheldLock } from './unheld-locks.ts';

/** What is wrong with how an object, or a lock, is given back. */
export type LeaseFault =
  /** It is not, on some way. */
  | { readonly is: 'leak'; readonly leak: Leak }
  /** A lock is a second time. */
  | { readonly is: 'extra'; readonly second: AfterRelease }
  /** There is nothing to give back when acquiring it failed, and the release throws. */
  | { readonly is: 'hides'; readonly hiding: HidingRelease }
  /** A lock is although another task may have it. */
  | { readonly is: 'unheld'; readonly unheld: UnheldLock };

/**
 * What is wrong with how a lease or a lock is given back, worst first: a leak; second releases; if there is no leak, a release that runs
 * when there is nothing to give back.
 *
 * `yes` to a leak needs a path on which a wait fails, or code that throws for certain. Doubt: an exception of synchronous code that correct
 * programs may never meet, callees that are not known. A callee that gives back a lock under a condition of its own knows when.
 */
export function leaseFaults(lease: Lease, core: Core): readonly Answer<LeaseFault, LeaseFault>[] {
  const answer = leakPath(lease, core);
  const leak = leakFault(answer, lease);
  if (leak?.is === 'yes') return [leak];
  const found: Answer<LeaseFault, LeaseFault>[] = leak === undefined ? [] : [leak];
  for (const second of extraReleases(lease, core)) {
    const fault: LeaseFault = { is: 'extra', second };
    found.push(second.isCertain ? yes(fault) : unknown('escapes', fault));
  }
  const without = answer.is === 'no' ? releaseWithout(lease, core) : undefined;
  return without === undefined ? found : [...found, yes(without)];
}

function leakFault(answer: Answer<Leak, Leak>, lease: Lease): Answer<LeaseFault, LeaseFault> | undefined {
  if (answer.is === 'no' || answer.witness === undefined) return undefined;
  const fault: LeaseFault = { is: 'leak', leak: answer.witness };
  if (answer.is === 'yes') return answer.witness.cause?.isSoft === true ? unknown('open-world', fault) : yes(fault);
  if (answer.because !== 'unknown-callee') return undefined;
  const isAsked = lease.acquisition.kind === 'lock' && answer.witness.path.some((step) => mayGiveBack(step, lease));
  return isAsked ? undefined : unknown('unknown-callee', fault);
}

function mayGiveBack(step: Step, { happenings }: Lease): boolean {
  return happenings.some((each) => each.step === step && (each.is === 'release' || each.is === 'destroy'));
}

/** The release that runs as well when there is nothing to give back. */
function releaseWithout(lease: Lease, core: Core): LeaseFault | undefined {
  const hiding = hidingRelease(lease, core);
  if (hiding !== undefined) return { is: 'hides', hiding };
  const unheld = unheldLock(lease, core);
  return unheld.is === 'yes' ? { is: 'unheld', unheld: unheld.witness } : undefined;
}
