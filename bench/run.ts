/**
 * What our rules cost beside others:
 * `npm run bench [-- [path [tsconfig]] [--rounds n] [--beside] [--growth] [--effect] [--plain] [--editor] [--concurrency]]`.
 *
 * All variants lint the same files in turn, round after round, each run in a process of its own; the medians are compared.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { compareEdits } from './editor.ts';
import { effectInput, generatedInput, type Input, inputFrom, openFile, ownInput, plainInput, root } from './inputs.ts';
import { lintWith, type ThreadedRun } from './threads.ts';
import { costOfProcess } from './cold.ts';
import {
  ATOMIC,
  BESIDE,
  type Cost,
  FLAGSHIPS,
  OURS,
  PROMISES,
  RULELESS,
  TYPE_CHECKED,
  type Variant,
} from './measure.ts';
import { byCost, medianOf, slopeOf } from './statistics.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    beside: { type: 'boolean', default: false },
    growth: { type: 'boolean', default: false },
    effect: { type: 'boolean', default: false },
    plain: { type: 'boolean', default: false },
    editor: { type: 'boolean', default: false },
    concurrency: { type: 'boolean', default: false },
  },
});
const rounds = Math.max(1, Number.parseInt(values.rounds, 10));

const [given, tsconfig] = positionals;

if (values.growth) {
  compareGrowth();
} else if (values.editor) {
  compareEdits(given === undefined ? openFile() : inputFrom(given, tsconfig), rounds);
} else {
  const input = inputAsked();
  if (values.concurrency) {
    compareThreads(input);
  } else {
    const variants = [RULELESS, PROMISES, ATOMIC, FLAGSHIPS, OURS, ...(values.beside ? [TYPE_CHECKED, BESIDE] : [])];
    compare(input, variants);
  }
}

function inputAsked(): Input {
  if (values.effect) return effectInput();
  if (values.plain) return plainInput();
  return given === undefined ? ownInput() : inputFrom(given, tsconfig);
}

function compare(input: Input, variants: readonly Variant[]): void {
  console.log(`${input.name}: ${String(input.files.length)} files, ${String(rounds)} rounds\n`);
  const costs = costsOf(input, variants);
  const base = medianOf(costs.get(RULELESS) ?? [], ({ cpu }) => cpu);
  console.log(`${'variant'.padEnd(44)}  CPU ms  x ruleless  added ms  peak MB  kept MB  reports`);
  for (const variant of variants) {
    const runs = costs.get(variant) ?? [];
    const cpu = medianOf(runs, (run) => run.cpu);
    const columns = [
      variant.name.padEnd(44),
      cpu.toFixed(0).padStart(6),
      (cpu / base).toFixed(2).padStart(10),
      (cpu - base).toFixed(0).padStart(8),
      medianOf(runs, (run) => run.peak)
        .toFixed(0)
        .padStart(7),
      medianOf(runs, (run) => run.kept)
        .toFixed(0)
        .padStart(7),
      String(runs[0]?.reports ?? 0).padStart(7),
    ];
    console.log(columns.join('  '));
  }
  const median = (variant: Variant, value: (run: Cost) => number): number => medianOf(costs.get(variant) ?? [], value);
  const added = (variant: Variant): number => median(variant, ({ cpu }) => cpu) - base;
  console.log(`\nours adds ${ratio(added(OURS), added(PROMISES))} of what the promise rules add`);
  console.log(`the five flagships add ${ratio(added(FLAGSHIPS), added(PROMISES))} of that`);
  if (values.beside) {
    const more = (value: (run: Cost) => number): string =>
      ratio(median(BESIDE, value) - median(TYPE_CHECKED, value), median(TYPE_CHECKED, value));
    console.log(
      `beside recommendedTypeChecked ours adds ${more(({ cpu }) => cpu)} of its CPU time and ${more(({ peak }) => peak)} of its peak memory`,
    );
  }

  console.log('\nfiles to which ours adds most, CPU ms (beside the first one, which pays for the Program)');
  for (const [file, ms] of slowestOf(costs)) console.log(`${ms.toFixed(0).padStart(9)}  ${path.relative(root, file)}`);
  const timed = costOfProcess(OURS, input, 'by part');
  console.log('\nms by rule, in a run of its own (ESLint counts a fact for the rule that asks first)');
  for (const [rule, ms] of byCost(timed.rules, (total) => total)) console.log(`${ms.toFixed(1).padStart(9)}  ${rule}`);
  console.log('\nms by fact, with all it asks, and how often it was computed');
  for (const [fact, { computed, milliseconds }] of byCost(timed.facts, (cost) => cost.milliseconds)) {
    console.log(`${milliseconds.toFixed(1).padStart(9)}  ${String(computed).padStart(8)}  ${fact}`);
  }
}

/** Whatever thread lints a file, the reports on it are the same. */
function compareThreads(input: Input): void {
  console.log(`${input.name}: ${String(input.files.length)} files, ${String(rounds)} rounds\n`);
  console.log('--concurrency   wall s    CPU s  peak MB  reports');
  let alone: string | undefined;
  for (const threads of ['off', 2, 4] as const) {
    const runs = Array.from({ length: rounds }, () => lintWith(threads, input));
    const column = (value: (run: ThreadedRun) => number, digits: number): string =>
      medianOf(runs, value).toFixed(digits).padStart(8);
    console.log(
      [
        String(threads).padEnd(12),
        column(({ wall }) => wall / 1000, 1),
        column(({ cpu }) => cpu / 1000, 1),
        column(({ memory }) => memory, 0),
        column(({ reports }) => reports, 0),
      ].join(' '),
    );
    alone ??= runs[0]?.results;
    if (runs.some(({ results }) => results !== alone)) process.exitCode = 1;
  }
  console.log(process.exitCode === 1 ? '\nThe reports differ.' : '\nThe reports are equal, word for word.');
}

/** The files with the largest difference between our lint and the ruleless one. */
function slowestOf(costs: ReadonlyMap<Variant, readonly Cost[]>): readonly [string, number][] {
  const MOST = 5;
  const ms = (variant: Variant, file: string): number =>
    medianOf(costs.get(variant) ?? [], ({ files }) => files.get(file) ?? 0);
  const [, ...files] = costs.get(OURS)?.at(-1)?.files.keys() ?? [];
  return byCost(new Map(files.map((file) => [file, ms(OURS, file) - ms(RULELESS, file)])), (added) => added).slice(
    0,
    MOST,
  );
}

/**
 * A straight line: the exponent of our time over the number of functions, fitted through all sizes. Without the collector, which has more
 * to keep.
 */
function compareGrowth(): void {
  // A straight line has 1, a square 2; what the smallest size pays for the start pulls it down, a heap of many gigabytes up.
  const MOST = 1.2;
  // One run of a large file takes minutes, and scatters less than one of a small file.
  const LARGE = 16_000;
  console.log(
    `functions  ruleless ms  ours adds ms  growth   (${String(rounds)} rounds, one from ${String(LARGE)} on)`,
  );
  const sizes: Size[] = [];
  for (const functions of [1000, 2000, 4000, 8000, 16_000, 32_000, 64_000]) {
    const costs = costsOf(generatedInput(functions), [RULELESS, OURS], functions < LARGE ? rounds : 1);
    const [base = 0, ours = 0] = [RULELESS, OURS].map((variant) =>
      medianOf(costs.get(variant) ?? [], ({ ran }) => ran),
    );
    const added = Math.max(1, ours - base);
    const before = sizes.at(-1);
    const columns = [
      String(functions).padStart(9),
      base.toFixed(0).padStart(11),
      added.toFixed(0).padStart(12),
      (before === undefined ? '' : (added / before.added).toFixed(2)).padStart(6),
    ];
    console.log(columns.join('  '));
    sizes.push({ functions, base, added });
  }
  const exponent = (time: (size: Size) => number): number =>
    slopeOf(sizes.map((size) => [Math.log(size.functions), Math.log(time(size))]));
  const ours = exponent(({ added }) => added);
  const ruleless = exponent(({ base }) => base);
  console.log(
    `\nexponent of growth: ours ${ours.toFixed(2)}, ruleless lint ${ruleless.toFixed(2)} (a straight line: 1)`,
  );
  if (ours > MOST) {
    process.exitCode = 1;
    console.log(`Our time grows faster than the code: the exponent is more than ${String(MOST)}.`);
  }
}

/** What the lint of so many functions took, milliseconds. */
interface Size {
  readonly functions: number;
  readonly base: number;
  readonly added: number;
}

/** Each run is a process of its own. */
function costsOf(
  input: Input,
  variants: readonly Variant[],
  times: number = rounds,
): ReadonlyMap<Variant, readonly Cost[]> {
  const costs = new Map<Variant, Cost[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < times; round++) {
    // Nobody always comes after the same one.
    for (let place = 0; place < variants.length; place++) {
      const variant = variants[(place + round) % variants.length];
      if (variant !== undefined) costs.get(variant)?.push(costOfProcess(variant, input));
    }
  }
  return costs;
}

function ratio(part: number, whole: number): string {
  return whole <= 0 ? 'an unknown share (they add nothing here)' : `${((100 * part) / whole).toFixed(0)} %`;
}
