import type { Edit } from '../../report/edits.ts';

/** The messages that name a repair. */
export type Title = 'await' | 'bound' | 'catch' | 'inTurn' | 'inside' | 'insideNamed' | 'next' | 'reject' | 'together';

/** A repair of this rule. */
export interface CatchRepair {
  readonly title: Title;
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
