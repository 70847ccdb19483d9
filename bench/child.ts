import { readFileSync } from 'node:fs';
import type { Order } from './cold.ts';
import { costOf, type EditCost, openForEdits } from './measure.ts';

/** One run in a process of its own: the order comes from standard input, the cost goes to standard output. */
const { edits, input, measure, variant } = JSON.parse(readFileSync(0, 'utf8')) as Order;
const cost = edits === undefined ? await costOf(variant, input, measure) : await costsOfEdits(edits);
process.stdout.write(JSON.stringify(cost, (_key, value: unknown) => (value instanceof Map ? [...value] : value)));

async function costsOfEdits({ count, file, warmUp }: NonNullable<Order['edits']>): Promise<readonly EditCost[]> {
  // In CI the parser would take each lint for the only one.
  process.env['TSESTREE_SINGLE_RUN'] = 'false';
  const text = readFileSync(file, 'utf8').trimEnd();
  const lint = openForEdits(variant, input, measure);
  const costs: EditCost[] = [];
  for (let edit = 0; edit < warmUp + count; edit++) {
    const each = await lint(file, `${text}\nexport const edit = ${String(edit)};\n`);
    if (edit >= warmUp) costs.push(each);
  }
  return costs;
}
