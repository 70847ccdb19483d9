import type { AfterRelease } from '../../analysis/index.ts';
import { releaseStatementOf, removalOfRelease } from '../../repair/drop-one-release.ts';
import type { LateRepair } from './repair.ts';

/** `client.release(); return client;` → `return client;` */
export function leaveToCaller({ release }: AfterRelease): LateRepair | undefined {
  const statement = releaseStatementOf(release.node);
  const line = statement === undefined ? undefined : removalOfRelease(statement);
  return line === undefined ? undefined : { title: 'handOn', automatic: false, edits: [line] };
}
