import type { Core, UnawaitedGuard } from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { awaitHere } from './await-here.ts';
import { gateWhatFollows } from './gate-what-follows.ts';
import { keepReady } from './keep-ready.ts';
import { makeAsync } from './make-async.ts';

/** A repair of this rule; the rule adds the name of what is called. */
export interface GuardRepair {
  readonly title: 'async' | 'asyncCallback' | 'await' | 'ready' | 'then';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}

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
