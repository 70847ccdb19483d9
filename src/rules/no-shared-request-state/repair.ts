import type { Edit } from '../../report/edits.ts';

/** A way to keep data of one run to that run. */
export interface StateRepair {
  readonly title: 'copy' | 'declare' | 'hook' | 'pass' | 'run' | 'storage';
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}
