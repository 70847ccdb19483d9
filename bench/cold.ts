import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Input } from './inputs.ts';
import type { Cost, EditCost, Measure, Variant } from './measure.ts';

/** What a child is asked. */
export interface Order {
  readonly variant: Variant;
  readonly input: Input;
  readonly measure: Measure;
  /** Lints one file again and again instead. */
  readonly edits?: Edits;
}

/** One file that is edited and linted in turn. */
export interface Edits {
  readonly file: string;
  /** Edits before the ones that count: by then the engine has compiled what it will compile. */
  readonly warmUp: number;
  readonly count: number;
}

/** A cost as it goes from process to process. */
export type Sent<Given = Cost> = {
  readonly [Name in keyof Given]: Given[Name] extends ReadonlyMap<infer Key, infer Value>
    ? readonly (readonly [Key, Value])[]
    : Given[Name];
};

/**
 * Lints the files in a process of its own, as the command line does. In one process the runs are not alike: what the engine has learnt
 * from the rules and the compiler in one run makes the next one faster or slower, by more than what is measured.
 */
export function costOfProcess(variant: Variant, input: Input, measure: Measure = 'whole'): Cost {
  const sent = answerTo({ variant, input, measure }) as Sent;
  return { ...sent, facts: new Map(sent.facts), files: new Map(sent.files), rules: new Map(sent.rules) };
}

/** Lints a file after each of some edits, in a process of its own: what each of them cost. */
export function costsOfEdits(
  variant: Variant,
  input: Input,
  edits: Edits,
  measure: Measure = 'whole',
): readonly EditCost[] {
  const sent = answerTo({ variant, input, measure, edits }) as readonly Sent<EditCost>[];
  return sent.map((each) => ({ ...each, facts: new Map(each.facts), rules: new Map(each.rules) }));
}

function answerTo(order: Order): unknown {
  const child = fileURLToPath(new URL('child.ts', import.meta.url));
  // An editor starts its server with the heap that Node takes by itself.
  const options =
    order.edits === undefined
      ? process.execArgv
      : process.execArgv.filter((option) => !option.startsWith('--max-old-space-size'));
  const { status, stderr, stdout } = spawnSync(process.execPath, [...options, child], {
    input: JSON.stringify(order),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`The lint of ${order.variant.name} failed: ${stderr}`);
  return JSON.parse(stdout);
}
