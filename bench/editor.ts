import { readFileSync } from 'node:fs';
import type { Input } from './inputs.ts';
import {
  BESIDE,
  type EditCost,
  type Measure,
  openForEdits,
  OURS,
  PROMISES,
  RULELESS,
  STRICT,
  TYPE_CHECKED,
  type Variant,
} from './measure.ts';
import { byCost, medianOf } from './statistics.ts';

/** Lines that a file is looked for with, where none is named. */
const LINES = 1000;

/** Edits before the ones that count: by then the compiler of the engine has done its work. */
const WARM_UP = 5;

/**
 * What a lint costs after one line was edited, in a warm editor: of the file that is nearest to 1,000 lines.
 */
export async function compareEdits(input: Input, rounds: number): Promise<void> {
  // In CI the parser would take each lint for the only one.
  process.env['TSESTREE_SINGLE_RUN'] = 'false';
  const { file, text } = fileIn(input);
  console.log(
    `${file}: ${linesOf(text)} lines, one edited, ${rounds} rounds after ${WARM_UP} to warm up\n` +
      `${'variant'.padEnd(44)}  CPU ms  added ms  reports`,
  );
  const variants = [RULELESS, PROMISES, OURS, STRICT, TYPE_CHECKED, BESIDE];
  const costs = await costsOf(variants, input, { file, text, rounds });
  const cpuOf = (variant: Variant): number => medianOf(costs.get(variant) ?? [], ({ cpu }) => cpu);
  for (const variant of variants) {
    const added = cpuOf(variant) - cpuOf(RULELESS);
    const columns = [
      variant.name.padEnd(44),
      cpuOf(variant).toFixed(0).padStart(6),
      added.toFixed(0).padStart(8),
      String(costs.get(variant)?.[0]?.reports ?? 0).padStart(7),
    ];
    console.log(columns.join('  '));
  }
  const beside = cpuOf(BESIDE) - cpuOf(TYPE_CHECKED);
  console.log(`\nbeside ${TYPE_CHECKED.name}, where the types are there already, ours add ${beside.toFixed(0)} ms`);

  const timed = await costsOf([STRICT], input, { file, text, rounds, measure: 'by part' });
  const runs = timed.get(STRICT) ?? [];
  console.log(`\n${STRICT.name}: ms by rule (ESLint counts a fact and a type for the rule that asks first)`);
  printMedians(runs, ({ rules }) => rules);
  console.log(`\n${STRICT.name}: ms by fact, with all it asks`);
  printMedians(runs, ({ facts }) => new Map([...facts].map(([name, { milliseconds }]) => [name, milliseconds])));
}

/** Each variant lints in turn, each time with another edit. */
async function costsOf(
  variants: readonly Variant[],
  input: Input,
  {
    file,
    text,
    rounds,
    measure,
  }: { readonly file: string; readonly text: string; readonly rounds: number; readonly measure?: Measure },
): Promise<ReadonlyMap<Variant, readonly EditCost[]>> {
  const editors = variants.map((variant) => ({ variant, lint: openForEdits(variant, input, measure) }));
  const costs = new Map<Variant, EditCost[]>(variants.map((variant) => [variant, []]));
  let edits = 0;
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const { variant, lint } of editors) {
      const cost = await lint(file, withEdit(text, ++edits));
      if (round >= 0) costs.get(variant)?.push(cost);
    }
  }
  return costs;
}

/** The text with another last line. */
function withEdit(text: string, edit: number): string {
  return `${text.trimEnd()}\nexport const edit = ${edit};\n`;
}

function fileIn({ files }: Input): { readonly file: string; readonly text: string } {
  const [nearest] = files
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    .sort((left, right) => Math.abs(linesOf(left.text) - LINES) - Math.abs(linesOf(right.text) - LINES));
  if (nearest === undefined) throw new Error('There is no file.');
  return nearest;
}

function linesOf(text: string): number {
  return text.trimEnd().split('\n').length;
}

function printMedians(runs: readonly EditCost[], of: (run: EditCost) => ReadonlyMap<string, number>): void {
  const names = new Set(runs.flatMap((run) => [...of(run).keys()]));
  const medians = new Map([...names].map((name) => [name, medianOf(runs, (run) => of(run).get(name) ?? 0)]));
  for (const [name, ms] of byCost(medians, (milliseconds) => milliseconds)) {
    console.log(`${ms.toFixed(1).padStart(9)}  ${name}`);
  }
}
