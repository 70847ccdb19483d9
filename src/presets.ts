import type { ESLint, Linter } from 'eslint';
import { createRequire } from 'node:module';
import { SetupError, whyNoCompiler } from './errors.ts';
import type { ConcurrencyRule } from './rule.ts';

/** The presets, from the fewest reports to the most. */
export const PRESETS = ['recommended', 'strict', 'all'] as const;

export type PresetName = (typeof PRESETS)[number];

/** Each preset is one complete flat config: files, parser, type information, plugin and rules. */
export type Presets = Readonly<Record<PresetName, Linter.Config>>;

/**
 * JavaScript is not among them: a file outside the tsconfig is an error of the parser, and most projects do not compile theirs.
 */
const TYPESCRIPT_FILES = ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'];

/**
 * The presets of a plugin, made when they are read.
 *
 * Not before: they need the parser, and the parser does not load on a TypeScript without compiler API. Whoever only imports the
 * plugin must be able to, and whoever reads a preset gets a sentence that says what to do.
 */
export function presetsOf(plugin: () => ESLint.Plugin, rules: Readonly<Record<string, ConcurrencyRule>>): Presets {
  const made = new Map<PresetName, Linter.Config>();
  const presetOf = (name: PresetName): Linter.Config => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const preset: Linter.Config = {
      name: `concurrency/${name}`,
      files: [...TYPESCRIPT_FILES],
      languageOptions: { parser: loadParser(), parserOptions: { projectService: true } },
      plugins: { concurrency: plugin() },
      rules: rulesOf(name, rules),
    };
    made.set(name, preset);
    return preset;
  };
  return {
    get recommended() {
      return presetOf('recommended');
    },
    get strict() {
      return presetOf('strict');
    },
    get all() {
      return presetOf('all');
    },
  };
}

/** The rules a preset turns on, from what each of them declares. */
export function rulesOf(name: PresetName, rules: Readonly<Record<string, ConcurrencyRule>>): Linter.RulesRecord {
  const rank = PRESETS.indexOf(name);
  const record: Linter.RulesRecord = {};
  for (const [ruleName, { meta }] of Object.entries(rules)) {
    if (PRESETS.indexOf(meta.docs.preset) > rank) continue;
    record[`concurrency/${ruleName}`] =
      name !== 'recommended' && meta.docs.hasTiers ? ['error', { certainty: 'likely' }] : 'error';
  }
  return record;
}

function loadParser(): Linter.Parser {
  const noCompiler = whyNoCompiler();
  if (noCompiler !== undefined) throw new SetupError(noCompiler);
  return createRequire(import.meta.url)('@typescript-eslint/parser') as Linter.Parser;
}
