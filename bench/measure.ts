import type { TSESLint } from '@typescript-eslint/utils';
import { ESLint, type Linter } from 'eslint';
import { readFileSync } from 'node:fs';
import { type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import tseslint from 'typescript-eslint';
import type source from '../src/index.ts';
import type { servicesFor as sourceServicesFor } from '../src/services.ts';
import { type Input, root } from './inputs.ts';

// The built plugin, as its users have it.
const { default: plugin } = (await import(built('index.js'))) as { default: typeof source };
const { servicesFor } = (await import(built('services.js'))) as { servicesFor: typeof sourceServicesFor };

/** One way to lint the same files. */
export interface Variant {
  readonly name: string;
  readonly rules: Linter.RulesRecord;
}

/** What one run of a variant cost. */
export interface Cost {
  /** CPU time of all threads of the process, in milliseconds. */
  readonly cpu: number;
  /** Milliseconds that passed, without those in which the collector stopped everything: what code of ours and others ran. */
  readonly ran: number;
  /** The most heap in use after any file, and what is still in use at the end after a collection, in MB above the start. */
  readonly peak: number;
  readonly kept: number;
  readonly reports: number;
  /** CPU milliseconds by file, in the order of the lint: the first one also pays for the Program. */
  readonly files: ReadonlyMap<string, number>;
  /** Milliseconds by rule, as ESLint counts them; empty where nothing was timed. */
  readonly rules: ReadonlyMap<string, number>;
  /** By fact of the core: how often it was computed, and the milliseconds that took with all it asked. */
  readonly facts: ReadonlyMap<string, { computed: number; milliseconds: number }>;
}

export const RULELESS: Variant = { name: 'ruleless typed lint', rules: {} };

export const PROMISES: Variant = {
  name: 'no-floating-promises + no-misused-promises',
  rules: { '@typescript-eslint/no-floating-promises': 'error', '@typescript-eslint/no-misused-promises': 'error' },
};

export const ATOMIC: Variant = { name: 'require-atomic-updates', rules: { 'require-atomic-updates': 'error' } };

export const OURS: Variant = {
  name: 'concurrency recommended',
  rules: plugin.configs.recommended.rules as Linter.RulesRecord,
};

/** The five rules that the others stand around. */
export const FLAGSHIPS: Variant = {
  name: 'concurrency, the five flagships',
  rules: Object.fromEntries(
    [
      'no-floating-request-context',
      'require-pool-reset',
      'no-nonatomic-update',
      'require-wait-timeout',
      'require-shutdown-drain',
    ].map((name) => [`concurrency/${name}`, 'error']),
  ),
};

export const STRICT: Variant = {
  name: 'concurrency strict',
  rules: plugin.configs.strict.rules as Linter.RulesRecord,
};

export const TYPE_CHECKED: Variant = {
  name: 'recommendedTypeChecked',
  rules: tseslint.configs.recommendedTypeChecked.reduce<Linter.RulesRecord>(
    (all, { rules }) => ({ ...all, ...(rules as Linter.RulesRecord | undefined) }),
    {},
  ),
};

export const BESIDE: Variant = {
  name: 'recommendedTypeChecked + concurrency',
  rules: { ...TYPE_CHECKED.rules, ...OURS.rules },
};

type Core = ReturnType<typeof sourceServicesFor>['core'];

/** To time each rule costs time of its own, so `whole` measures the whole alone. */
export type Measure = 'by part' | 'whole';

/** Lints the files, in a process that has linted nothing before (`costOfProcess`). */
export async function costOf(variant: Variant, input: Input, measure: Measure = 'whole'): Promise<Cost> {
  await collectGarbage();
  const cores = new Set<Core>();
  const eslint = eslintFor(variant, input, cores, measure);
  const texts = input.files.map((filePath) => ({ filePath, text: readFileSync(filePath, 'utf8') }));

  const heapBefore = process.memoryUsage().heapUsed;
  let peak = heapBefore;
  const rules = new Map<string, number>();
  const files = new Map<string, number>();
  let reports = 0;
  const pauses = countPauses();
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  for (const { filePath, text } of texts) {
    const fileBefore = process.cpuUsage();
    const results = await eslint.lintText(text, { filePath });
    const ofFile = process.cpuUsage(fileBefore);
    files.set(filePath, (ofFile.user + ofFile.system) / 1000);
    peak = Math.max(peak, process.memoryUsage().heapUsed);
    reports += reportsIn(results);
    addTimes(results, rules);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const passed = performance.now() - started;
  const ran = passed - (await pauses());
  await collectGarbage();
  const kept = process.memoryUsage().heapUsed - heapBefore;
  return {
    cpu: (user + system) / 1000,
    ran,
    peak: (peak - heapBefore) / 2 ** 20,
    kept: kept / 2 ** 20,
    reports,
    files,
    rules,
    facts: factsOf(cores),
  };
}

/** What one lint of an edited file cost, everything else being warm. */
export interface EditCost {
  /** CPU time of all threads of the process, in milliseconds. */
  readonly cpu: number;
  /** How long it took, in milliseconds. */
  readonly wall: number;
  readonly reports: number;
  readonly rules: Cost['rules'];
  readonly facts: Cost['facts'];
}

/**
 * Lints one file again and again as an editor does: the service that holds the project stays, each lint sees a text that nobody has
 * linted yet, so each has a new Program and new types. What is returned lints one text.
 *
 * The collector runs when it has to, as in an editor: after one that is forced the engine has forgotten most of what it had learnt, and a
 * lint takes twice as long.
 */
export function openForEdits(
  variant: Variant,
  input: Input,
  measure: Measure = 'whole',
): (filePath: string, text: string) => Promise<EditCost> {
  const cores = new Set<Core>();
  const eslint = eslintFor(variant, input, cores, measure);
  return async (filePath, text) => {
    const started = performance.now();
    const before = process.cpuUsage();
    const results = await eslint.lintText(text, { filePath });
    const { user, system } = process.cpuUsage(before);
    const wall = performance.now() - started;
    const rules = new Map<string, number>();
    addTimes(results, rules);
    const facts = factsOf(cores);
    cores.clear();
    return { cpu: (user + system) / 1000, wall, reports: reportsIn(results), rules, facts };
  };
}

function eslintFor({ rules }: Variant, { folder = root, tsconfig }: Input, cores: Set<Core>, measure: Measure): ESLint {
  return new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    ignore: false,
    stats: measure === 'by part',
    allowInlineConfig: false,
    overrideConfig: {
      files: ['**/*.{ts,tsx,mts,cts}'],
      languageOptions: {
        parser: tseslint.parser,
        parserOptions: tsconfig === undefined ? { projectService: true } : { project: [tsconfig] },
      },
      plugins: {
        '@typescript-eslint': tseslint.plugin,
        concurrency: plugin,
        bench: { rules: { cores: rememberCores(cores) as never } },
      },
      rules: { ...rules, ...(Object.keys(rules).some(isOurs) ? { 'bench/cores': 'error' } : {}) },
    },
  });
}

/** How many reports there are. A message of no rule says that the file was not parsed or not linted. */
function reportsIn(results: readonly ESLint.LintResult[]): number {
  for (const { filePath, messages } of results) {
    const fatal = messages.find((message) => message.ruleId === null);
    if (fatal !== undefined) throw new Error(`${filePath}:${String(fatal.line)} ${fatal.message}`);
  }
  return results.reduce((sum, { messages }) => sum + messages.length, 0);
}

function addTimes(results: readonly ESLint.LintResult[], rules: Map<string, number>): void {
  for (const { rules: times = {} } of results.flatMap(({ stats }) => stats?.times.passes ?? [])) {
    for (const [rule, { total }] of Object.entries(times)) rules.set(rule, (rules.get(rule) ?? 0) + total);
  }
}

function isOurs(rule: string): boolean {
  return rule.startsWith('concurrency/');
}

/** A rule that reports nothing and remembers which cores the others asked. */
function rememberCores(cores: Set<Core>): Omit<TSESLint.RuleModule<never>, 'defaultOptions'> {
  return {
    meta: { type: 'problem', messages: {}, schema: [] },
    create(context) {
      cores.add(servicesFor(context, 'cores').core);
      return {};
    },
  };
}

function factsOf(cores: ReadonlySet<Core>): Cost['facts'] {
  const facts = new Map<string, { computed: number; milliseconds: number }>();
  for (const core of cores) {
    for (const [name, { computed, milliseconds }] of core.costs()) {
      const sum = facts.get(name) ?? { computed: 0, milliseconds: 0 };
      facts.set(name, { computed: sum.computed + computed, milliseconds: sum.milliseconds + milliseconds });
    }
  }
  return facts;
}

function built(file: string): string {
  return new URL(`../dist/${file}`, import.meta.url).href;
}

/** Counts the milliseconds in which the collector stops everything, until what is returned is called. */
function countPauses(): () => Promise<number> {
  let sum = 0;
  const add = (entries: readonly PerformanceEntry[]): void => {
    for (const { duration } of entries) sum += duration;
  };
  const observer = new PerformanceObserver((list) => {
    add(list.getEntries());
  });
  observer.observe({ entryTypes: ['gc'] });
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    add(observer.takeRecords());
    observer.disconnect();
    return sum;
  };
}

/** Weak references hold until the running job has ended. */
async function collectGarbage(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    globalThis.gc?.();
  }
}
