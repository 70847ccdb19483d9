import { readFileSync } from 'node:fs';
import type { Order, Sent } from './cold.ts';
import { costOf } from './measure.ts';

/** One run in a process of its own: the order comes from standard input, the cost goes to standard output. */
const { input, measure, variant } = JSON.parse(readFileSync(0, 'utf8')) as Order;
const cost = await costOf(variant, input, measure);
const sent: Sent = { ...cost, facts: [...cost.facts], files: [...cost.files], rules: [...cost.rules] };
process.stdout.write(JSON.stringify(sent));
