/** One replacement in the text of the file: `text` in place of what stands in `range` (offsets, end exclusive). */
export interface Edit {
  readonly range: readonly [start: number, end: number];
  readonly text: string;
}
