import type { AfterRelease } from '../../analysis/index.ts';
import { releaseStatementOf, removalOfRelease } from '../../repair/drop-one-release.ts';
import type { LockRepair } from './repair.ts';

/** The first release goes, where the second one comes anyway. */
export function dropEarlier({ release }: AfterRelease): LockRepair | undefined {
  const statement = releaseStatementOf(release.node);
  const line = statement === undefined ? undefined : removalOfRelease(statement);
  return line === undefined ? undefined : { title: 'dropEarly', automatic: false, edits: [line] };
}
