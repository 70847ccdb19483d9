import type { Edit } from '../../report/edits.ts';

/** A way to give an object back clean. */
export interface ResetRepair {
  readonly title: 'alloc' | 'assign' | 'commit' | 'discard' | 'local' | 'method' | 'reset' | 'rollback' | 'undo';
  readonly data?: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}
