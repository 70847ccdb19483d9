/**
 * Lints all of TypeScript's own test cases with every rule: `npm run conformance -- <folder of cases> [--seconds 20] [--only text]`.
 *
 * The cases run in a child process. A case that takes longer than its seconds is named, and the child is ended and made anew behind it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { lintCase } from './cases.ts';

/** What the child says when a case has ended. */
interface Ended {
  readonly linted: number;
  readonly unparsed: number;
  /** What a rule threw. */
  readonly error?: string;
  readonly milliseconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' }, only: { type: 'string', default: '' } },
});
const [folder] = positionals;

if (process.send !== undefined) {
  process.on('message', (file: string) => process.send?.(runCase(file)));
} else if (folder === undefined) {
  console.error('npm run conformance -- <folder of cases> [--seconds 20] [--only text]');
  process.exitCode = 2;
} else {
  await runAll(folder);
}

function runCase(file: string): Ended {
  const started = performance.now();
  const ended = (rest: Omit<Ended, 'milliseconds'>): Ended => ({ ...rest, milliseconds: performance.now() - started });
  try {
    const outcomes = lintCase(file, readFileSync(file, 'utf8'));
    const linted = outcomes.filter((outcome) => outcome === 'linted').length;
    return ended({ linted, unparsed: outcomes.length - linted });
  } catch (error) {
    return ended({
      linted: 0,
      unparsed: 0,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

async function runAll(cases: string): Promise<void> {
  const limit = Number(values.seconds) * 1000;
  const files = readdirSync(cases, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file) && file.includes(values.only))
    .sort();
  let [linted, unparsed, faults, slowest] = [0, 0, 0, { file: '', milliseconds: 0 }];
  let child = newChild();
  // The first case also parses the library.
  await outcomeOf(child, fileURLToPath(import.meta.url), 120_000);
  for (const file of files) {
    const outcome = await outcomeOf(child, path.resolve(cases, file), limit);
    if (outcome === undefined) {
      faults++;
      console.log(`TOO SLOW  ${file}: more than ${values.seconds} s`);
      child.kill('SIGKILL');
      child = newChild();
      await outcomeOf(child, fileURLToPath(import.meta.url), 120_000);
      continue;
    }
    linted += outcome.linted;
    unparsed += outcome.unparsed;
    if (outcome.milliseconds > slowest.milliseconds) slowest = { file, milliseconds: outcome.milliseconds };
    if (outcome.error === undefined) continue;
    faults++;
    console.log(`THROWS  ${file}: ${outcome.error}`);
  }
  child.kill();
  console.log(
    `${files.length} cases: ${linted} files linted, ${unparsed} that do not parse; ${faults} cases that throw or take too long; the slowest ${slowest.file}, ${(slowest.milliseconds / 1000).toFixed(1)} s`,
  );
  process.exitCode = faults === 0 && linted > 0 ? 0 : 1;
}

function newChild(): ChildProcess {
  return fork(fileURLToPath(import.meta.url), { serialization: 'advanced' });
}

/** What became of a case; nothing if it takes longer than it may. */
function outcomeOf(child: ChildProcess, file: string, limit: number): Promise<Ended | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (outcome: Ended | undefined): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      resolve(outcome);
    };
    const onMessage = (outcome: Ended): void => settle(outcome);
    const onExit = (code: number | null): void =>
      reject(new Error(`The process of the cases ended with ${String(code)} on ${file}.`));
    const timer = setTimeout(() => settle(undefined), limit);
    child.once('message', onMessage);
    child.once('exit', onExit);
    child.send(file);
  });
}
