/**
 * Runs every check that needs no test, as many at a time as the machine has cores. What a check said is printed when it has ended, and
 * one that fails holds up no other.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds `dist`, which the linter loads and the package is made of. Whether the types are right is for `typecheck` to say. */
const BUILDS = 'generate:check';

/** The longest first. */
const CHECKS = ['lint:built', 'typecheck', 'format:check', 'package:check:built', 'knip', 'layers'];

const failed: string[] = [];
await run(BUILDS);
const waiting = [...CHECKS];
await Promise.all(Array.from({ length: availableParallelism() }, work));
if (failed.length > 0) {
  console.error(`Failed: ${failed.map((name) => `npm run ${name}`).join(', ')}`);
  process.exitCode = 1;
}

async function work(): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await run(name);
}

async function run(name: string): Promise<void> {
  const started = performance.now();
  const child = spawn('npm', ['run', '--silent', name], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${name}  (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  if (said.trim() !== '') console.log(said.trimEnd());
  if (code !== 0) failed.push(name);
}
