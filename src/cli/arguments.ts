import { parseArgs } from 'node:util';
import { SetupError } from '../errors.ts';
import { PRESETS, type PresetName } from '../presets.ts';

/** What the user asked for on the command line. */
export interface Arguments {
  readonly paths: readonly string[];
  readonly preset: PresetName;
  readonly format: string;
  /** Write the fixes, show them as a diff, or leave the files alone. */
  readonly fixes: 'none' | 'show' | 'write';
  readonly quiet: boolean;
  readonly maxWarnings: number;
  readonly progress: boolean | undefined;
  readonly help: boolean;
  readonly version: boolean;
}

export const HELP = `Usage: eslint-plugin-concurrency [paths] [options]

Finds concurrency bugs in the TypeScript files under the paths (default: here).
Needs a tsconfig.json and no ESLint config. Exits with 0 when there is nothing
to report, 1 when there is, 2 when it cannot run.

  --fix                 Write the safe pattern where it is mechanical
  --diff                Show what --fix would write, and write nothing
  --fix-dry-run         The same as --diff
  --preset <name>       ${PRESETS.join(', ')} (default: recommended)
  -f, --format <name>   One of ESLint's formatters, or an installed one
                        (default: stylish)
  --quiet               Report errors only
  --max-warnings <n>    Exit with 1 when there are more warnings
  --progress            Show progress also where there is no terminal
  --no-progress         Show none
  -h, --help            Show this text
  -v, --version         Show the version`;

/** Reads the command line; throws a sentence about the first mistake in it. */
export function argumentsOf(given: readonly string[]): Arguments {
  const { values, positionals } = parsed(given);
  return {
    paths: positionals.length === 0 ? ['.'] : positionals,
    preset: presetOf(values.preset),
    format: values.format,
    fixes: values.diff || values['fix-dry-run'] ? 'show' : values.fix ? 'write' : 'none',
    quiet: values.quiet,
    maxWarnings: values['max-warnings'] === undefined ? Infinity : wholeNumber(values['max-warnings']),
    progress: values['no-progress'] ? false : values.progress ? true : undefined,
    help: values.help,
    version: values.version,
  };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        fix: { type: 'boolean', default: false },
        diff: { type: 'boolean', default: false },
        'fix-dry-run': { type: 'boolean', default: false },
        preset: { type: 'string', default: 'recommended' },
        format: { type: 'string', short: 'f', default: 'stylish' },
        quiet: { type: 'boolean', default: false },
        'max-warnings': { type: 'string' },
        progress: { type: 'boolean', default: false },
        'no-progress': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'v', default: false },
      },
    });
  } catch (error) {
    // Node's sentence about a wrong option, without its advice on positional arguments.
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new SetupError(`${sentence.replace(/\.$/, '')}; --help lists the options.`);
  }
}

function presetOf(given: string): PresetName {
  const preset = PRESETS.find((name) => name === given);
  if (preset === undefined) throw new SetupError(`There is no preset '${given}'; there are ${PRESETS.join(', ')}.`);
  return preset;
}

function wholeNumber(given: string): number {
  if (!/^\d+$/.test(given)) throw new SetupError(`--max-warnings takes a whole number, not '${given}'.`);
  return Number(given);
}
