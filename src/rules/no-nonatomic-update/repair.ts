import type { Edit } from '../../report/edits.ts';

/** A repair of this rule; the rule adds the name of the place. */
export interface UpdateRepair {
  readonly title: 'append' | 'earlier' | 'hoist' | 'keep' | 'later' | 'lock' | 'reread' | 'take';
  readonly automatic: boolean;
  /** What its title needs beyond the name of the place. */
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
