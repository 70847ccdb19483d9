import type { Edit } from '../../report/edits.ts';

/** A repair of this rule. */
export interface RequestRepair {
  readonly title:
    | 'await'
    | 'copy'
    | 'detach'
    | 'early'
    | 'fields'
    | 'guard'
    | 'inside'
    | 'now'
    | 'own'
    | 'stop'
    | 'together'
    | 'unsignal';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}
