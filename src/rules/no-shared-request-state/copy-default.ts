import type { RequestState } from '../../analysis/index.ts';
import { replace } from '../../report/edits.ts';
import type { StateRepair } from './repair.ts';

/** The function gets an object of its own: `{ ...defaults }`, `Object.assign({}, defaults, …)`. */
export function copyDefault({ state, suspect }: RequestState): readonly StateRepair[] {
  const { otherName } = state;
  if (otherName === undefined) return [];
  const { declaration, original } = otherName;
  const isResult = suspect.by === 'merge' && original === suspect.target;
  const edit = isResult
    ? { range: [original.getStart(), original.getStart()] as const, text: '{}, ' }
    : declaration.initializer === undefined
      ? undefined
      : replace(declaration.initializer, `{ ...${original.getText()} }`);
  return edit === undefined ? [] : [{ title: 'copy', automatic: true, edits: [edit] }];
}
