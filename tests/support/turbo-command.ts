import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** What a run of a task over a monorepo did, or would do. Names of packages, sorted. */
export interface TurboRun {
  readonly executed: readonly string[];
  readonly fromCache: readonly string[];
}

/** Runs `turbo run <task>` as a monorepo has installed it, with the cache of that folder alone. */
export function turbo(folder: string, task: string): TurboRun {
  const summaries = path.join(folder, '.turbo', 'runs');
  rmSync(summaries, { recursive: true, force: true });
  run(folder, [task, '--summarize', '--concurrency=2', '--output-logs=errors-only']);
  const [summary] = readdirSync(summaries);
  if (summary === undefined) throw new Error('turbo wrote no summary.');
  return runOf(task, readFileSync(path.join(summaries, summary), 'utf8'));
}

/** What `turbo run <task>` would do. */
export function turboWould(folder: string, task: string): TurboRun {
  return runOf(task, run(folder, [task, '--dry-run=json']));
}

function run(folder: string, options: readonly string[]): string {
  const command = path.join(folder, 'node_modules', 'turbo', 'bin', 'turbo');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'run', ...options, '--cache=local:rw'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
  if (status !== 0) throw new Error(`turbo ended with ${String(status)}: ${stdout}${stderr}`);
  return stdout;
}

/** Tasks without a command only carry the state of a package to those that depend on it. */
function runOf(task: string, summary: string): TurboRun {
  const { tasks } = JSON.parse(summary) as Summary;
  const named = (status: string): string[] =>
    tasks
      .filter((entry) => entry.task === task && entry.cache.status === status)
      .map((entry) => entry.package)
      .sort();
  return { executed: named('MISS'), fromCache: named('HIT') };
}

interface Summary {
  readonly tasks: readonly {
    readonly task: string;
    readonly package: string;
    readonly cache: { readonly status: 'HIT' | 'MISS' };
  }[];
}
