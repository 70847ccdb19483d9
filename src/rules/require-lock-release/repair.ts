import type { Edit } from '../../report/edits.ts';

/** A repair of this rule that is not shared with pools. */
export interface LockRepair {
  readonly title: 'before' | 'bounded' | 'direct' | 'dropEarly' | 'oneConnection' | 'swapped' | 'unlocked';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
