import type { Edit } from '../../report/edits.ts';

/** A repair of this rule, before the rule puts its words to it. */
export interface StoreRepair {
  readonly title: 'absent' | 'add' | 'queue';
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}
