import type { Edit } from '../../report/edits.ts';

/** A repair of this rule; the rule adds the name of what is called. */
export interface GuardRepair {
  readonly title: 'async' | 'asyncCallback' | 'await' | 'ready' | 'then';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
