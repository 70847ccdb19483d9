import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Input } from './inputs.ts';
import type { Cost, Measure, Variant } from './measure.ts';

/** What a child is asked. */
export interface Order {
  readonly variant: Variant;
  readonly input: Input;
  readonly measure: Measure;
}

/** A cost as it goes from process to process. */
export type Sent = Omit<Cost, 'facts' | 'files' | 'rules'> & {
  readonly facts: readonly (readonly [string, { computed: number; milliseconds: number }])[];
  readonly files: readonly (readonly [string, number])[];
  readonly rules: readonly (readonly [string, number])[];
};

/**
 * Lints the files in a process of its own, as the command line does. In one process the runs are not alike: what the engine has learnt
 * from the rules and the compiler in one run makes the next one faster or slower, by more than what is measured.
 */
export function costOfProcess(variant: Variant, input: Input, measure: Measure = 'whole'): Cost {
  const child = fileURLToPath(new URL('child.ts', import.meta.url));
  const order: Order = { variant, input, measure };
  const { status, stderr, stdout } = spawnSync(process.execPath, [...process.execArgv, child], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`The lint of ${variant.name} failed: ${stderr}`);
  const sent = JSON.parse(stdout) as Sent;
  return { ...sent, facts: new Map(sent.facts), files: new Map(sent.files), rules: new Map(sent.rules) };
}
