#!/usr/bin/env node
import { run } from './run.ts';

try {
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
  });
} catch (error) {
  process.exitCode = 2;
  process.stderr.write(`${sentenceOf(error)}\n`);
}

/** A mistake of the user is one sentence; anything else is a fault of ours and shows where it happened. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'SetupError') return error.message;
  // ESLint's own errors about its user's mistakes have a template instead of a trace worth reading.
  if ('messageTemplate' in error) return error.message;
  return `${error.stack ?? error.message}\n\nThis is a fault of eslint-plugin-concurrency; please report it with the lines above.`;
}
