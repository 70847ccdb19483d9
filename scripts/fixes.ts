/**
 * What our edits do to a real checkout: `npm run fixes -- <folder> [tsconfig…] [--preset strict] [--suggestions] [--mutate awaits] [--diff]`.
 *
 * Lints the sources of each tsconfig below the folder, fixes, type-checks, lints and fixes again, and says what an edit broke. All of it
 * in memory: no file of the checkout is written. `--mutate` first makes hazards of code that has none.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PRESETS } from '../src/presets.ts';
import { openCheckout } from './fixes/checkout.ts';
import { mutated, type MutationName, MUTATIONS } from './fixes/mutations.ts';
import { FAULTS, type Outcome, tryEdits } from './fixes/trial.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: 'string', default: 'all' },
    suggestions: { type: 'boolean', default: false },
    mutate: { type: 'string' },
    diff: { type: 'boolean', default: false },
  },
});
const [given, ...configs] = positionals;
const preset = PRESETS.find((name) => name === values.preset);
const mutation = (Object.keys(MUTATIONS) as MutationName[]).find((name) => name === values.mutate);
if (given === undefined || preset === undefined || (values.mutate !== undefined && mutation === undefined)) {
  console.error(
    `npm run fixes -- <folder> [tsconfig…] [--preset ${PRESETS.join('|')}] [--suggestions] [--mutate ${Object.keys(MUTATIONS).join('|')}] [--diff]`,
  );
  process.exit(2);
}

const folder = path.resolve(given);
for (const config of configs.length === 0 ? ['tsconfig.json'] : configs) {
  const checkout = openCheckout(folder, path.resolve(folder, config));
  const start = mutation === undefined ? new Map<string, string>() : mutated(checkout, mutation);
  const outcome = tryEdits(checkout, start, { preset, suggestions: values.suggestions });
  print(`${given} (${config})`, outcome);
  if (outcome.faults.some(({ kind }) => kind !== 'report elsewhere')) process.exitCode = 1;
}

function print(name: string, { files, reports, fixed, suggested, faults, patches }: Outcome): void {
  if (values.diff) for (const patch of patches) console.log(patch);
  console.log(
    `${name}: ${files} files, preset ${preset ?? ''}${mutation === undefined ? '' : `, mutated: ${mutation}`}\n`,
  );
  console.log('reports  fixed  suggestions tried  rule');
  const row = (label: string, ...counts: number[]): void => {
    const [all, done, tried] = counts.map(String);
    console.log(`${all?.padStart(7) ?? ''}  ${done?.padStart(5) ?? ''}  ${tried?.padStart(17) ?? ''}  ${label}`);
  };
  const rules = [...new Set([...reports.keys(), ...fixed.keys(), ...suggested.keys()])].sort();
  for (const rule of rules) row(rule, reports.get(rule) ?? 0, fixed.get(rule) ?? 0, suggested.get(rule) ?? 0);
  row('all', sumOf(reports), sumOf(fixed), sumOf(suggested));
  console.log();
  for (const kind of FAULTS)
    console.log(`${String(faults.filter((fault) => fault.kind === kind).length).padStart(7)}  ${kind}`);
  for (const { kind, file, what, by } of faults) console.log(`\n${kind} in ${file}: ${what}\n  by ${by}`);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
