import type { Edit } from '../../report/edits.ts';

/** A repair of this rule. */
export interface CheckRepair {
  readonly title: 'again' | 'claim' | 'forget' | 'share';
  readonly data: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}
