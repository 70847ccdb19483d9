import type { Edit } from '../report/edits.ts';

type Title = 'asked' | 'before' | 'finally' | 'rethrow' | 'using';

/** A repair of this rule. */
export interface ReleaseRepair {
  readonly title: Title;
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
