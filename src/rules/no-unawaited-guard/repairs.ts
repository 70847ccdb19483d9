import type { Core, UnawaitedGuard } from '../../analysis/index.ts';
import { awaitHere } from './await-here.ts';
import { gateWhatFollows } from './gate-what-follows.ts';
import { keepReady } from './keep-ready.ts';
import { makeAsync } from './make-async.ts';
import type { GuardRepair } from './repair.ts';

/** Waits for the call, in the way that fits the function around it; the first that does. */
export function repairsOf(found: UnawaitedGuard, isCertain: boolean, core: Core): readonly GuardRepair[] {
  const here = awaitHere(found, isCertain, core);
  if (here !== undefined) return [here];
  for (const way of [makeAsync, keepReady, gateWhatFollows]) {
    const repair = way(found, core);
    if (repair !== undefined && repair.edits.length > 0) return [repair];
  }
  return [];
}
