import type { Core, Harm, LateAct } from '../../analysis/index.ts';
import { claimFirst } from './claim.ts';
import type { CheckRepair } from './repair.ts';
import { shareCall } from './share-call.ts';
import { shareRun } from './share-run.ts';
import { shareValue } from './share-value.ts';
import { testAgain } from './test-again.ts';

/** The ways to decide and act in one step, the first that fits; by the harm that is done. */
export function repairsOf(found: LateAct, harm: Harm, core: Core): readonly CheckRepair[] {
  switch (harm.is) {
    case 'room':
      return testAgain(found);
    case 'guard':
    case 'started':
      return firstOf([claimFirst, shareRun, shareCall], found, core);
    case 'token':
      return firstOf([shareRun, shareValue], found, core);
    case 'live':
    case 'memo':
    case 'owned':
      return firstOf([shareValue, shareRun, shareCall], found, core);
  }
}

function firstOf(
  ways: readonly ((found: LateAct, core: Core) => readonly CheckRepair[])[],
  found: LateAct,
  core: Core,
): readonly CheckRepair[] {
  for (const way of ways) {
    const repairs = way(found, core);
    if (repairs.length > 0) return repairs;
  }
  return [];
}
