import type { Edit } from '../../report/edits.ts';

/** A repair of this rule, before the rule names it. */
export interface LateRepair {
  readonly title:
    | 'after'
    | 'awaited'
    | 'awaitedAsync'
    | 'copied'
    | 'dropped'
    | 'dropFirst'
    | 'finally'
    | 'handOn'
    | 'onClose'
    | 'pipeline';
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, number | string>>;
  readonly edits: readonly Edit[];
}
