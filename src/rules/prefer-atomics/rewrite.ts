import type { Edit } from '../../report/edits.ts';

/** One way to make a change atomic. */
export interface Rewrite {
  readonly title: 'member' | 'retry';
  /** For `member`: the member of `Atomics`. */
  readonly member?: string;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}
