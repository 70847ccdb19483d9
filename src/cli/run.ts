import { createRequire } from 'node:module';
import { argumentsOf, HELP } from './arguments.ts';
import type { Surroundings } from './output.ts';

/** Runs the command and tells the exit code it ends with: that of ESLint, 0, 1 or 2. */
export async function run(given: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  try {
    const asked = argumentsOf(given);
    if (asked.help) {
      stdout.write(`${HELP}\n`);
      return 0;
    }
    if (asked.version) {
      const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
      stdout.write(`${version}\n`);
      return 0;
    }
    // ESLint and the compiler take a while to load, and a question for the options should not wait for them.
    const { lint } = await import('./lint.ts');
    return await lint(asked, surroundings);
  } catch (error) {
    stderr.write(`${sentenceOf(error)}\n`);
    return 2;
  }
}

/** A mistake of the user is one sentence; anything else is a fault of ours and shows where it happened. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // ESLint adds lines to what a rule throws: the file and the rule.
  if (error.name === 'SetupError') return error.message.split('\n', 1).join('');
  return `${error.stack ?? error.message}\n\nThis is a fault of eslint-plugin-concurrency; please report it with the lines above.`;
}
