import { readFileSync } from 'node:fs';
import type { Input } from './inputs.ts';
import { costsOfEdits } from './cold.ts';
import { BESIDE, type EditCost, OURS, PROMISES, RULELESS, STRICT, TYPE_CHECKED, type Variant } from './measure.ts';
import { byCost, medianOf } from './statistics.ts';

/** Lines that a file is looked for with, where none is named. */
const LINES = 1000;

/** In each process: edits before the ones that count, and those. */
const EDITS = { warmUp: 30, count: 30 };

/** What a lint after an edit costs with a variant: the mean of a process, the median of the processes, in milliseconds. */
interface Mean {
  readonly cpu: number;
  readonly wall: number;
  readonly reports: number;
}

/**
 * What a lint costs after one line was edited, in a warm editor: of the file that is nearest to 1,000 lines.
 */
export function compareEdits(input: Input, rounds: number): void {
  const { file, text } = fileIn(input);
  const edits = { ...EDITS, file };
  console.log(
    `${file}: ${String(linesOf(text))} lines, one edited; ${String(rounds)} processes for each variant, in each ` +
      `${String(EDITS.count)} edits after ${String(EDITS.warmUp)} to warm up\n` +
      `${'variant'.padEnd(44)}  CPU ms  added ms  wall ms  added ms  reports`,
  );
  const variants = [RULELESS, PROMISES, OURS, STRICT, TYPE_CHECKED, BESIDE];
  const runs = new Map<Variant, Mean[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round++) {
    // Nobody always comes after the same one.
    for (let place = 0; place < variants.length; place++) {
      const variant = variants[(place + round) % variants.length];
      if (variant !== undefined) runs.get(variant)?.push(meanOf(costsOfEdits(variant, input, edits)));
    }
  }
  const median = (variant: Variant, of: (run: Mean) => number): number => medianOf(runs.get(variant) ?? [], of);
  const cpuOf = (variant: Variant): number => median(variant, ({ cpu }) => cpu);
  const wallOf = (variant: Variant): number => median(variant, ({ wall }) => wall);
  for (const variant of variants) {
    const columns = [
      variant.name.padEnd(44),
      cpuOf(variant).toFixed(0).padStart(6),
      (cpuOf(variant) - cpuOf(RULELESS)).toFixed(0).padStart(8),
      wallOf(variant).toFixed(0).padStart(7),
      (wallOf(variant) - wallOf(RULELESS)).toFixed(0).padStart(8),
      String(runs.get(variant)?.[0]?.reports ?? 0).padStart(7),
    ];
    console.log(columns.join('  '));
  }
  const cpu = cpuOf(BESIDE) - cpuOf(TYPE_CHECKED);
  const wall = wallOf(BESIDE) - wallOf(TYPE_CHECKED);
  console.log(
    `\nbeside ${TYPE_CHECKED.name}, where the types are there already, ours add ${cpu.toFixed(0)} ms of CPU time, ` +
      `${wall.toFixed(0)} ms of waiting`,
  );

  const timed = costsOfEdits(STRICT, input, edits, 'by part');
  console.log(`\n${STRICT.name}: ms by rule (ESLint counts a fact and a type for the rule that asks first)`);
  printMedians(timed, ({ rules }) => rules);
  console.log(`\n${STRICT.name}: ms by fact, with all it asks`);
  printMedians(timed, ({ facts }) => new Map([...facts].map(([name, { milliseconds }]) => [name, milliseconds])));
}

/** A mean, not a median: the collector runs in some of the lints only. */
function meanOf(costs: readonly EditCost[]): Mean {
  const mean = (of: (cost: EditCost) => number): number =>
    costs.reduce((sum, cost) => sum + of(cost), 0) / Math.max(1, costs.length);
  return { cpu: mean(({ cpu }) => cpu), wall: mean(({ wall }) => wall), reports: costs[0]?.reports ?? 0 };
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
