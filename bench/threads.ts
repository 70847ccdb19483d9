import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Input, root } from './inputs.ts';

/** What one `eslint` process cost, and what it said. */
export interface ThreadedRun {
  readonly wall: number;
  /** User and system time of all threads, in milliseconds. */
  readonly cpu: number;
  /** The most memory of the process, in MB. */
  readonly memory: number;
  readonly exitCode: number | null;
  /** The results as ESLint prints them, fixes and suggestions included. */
  readonly results: string;
  readonly reports: number;
}

const WORK = path.join(root, 'bench', '.work', 'threads');

/** Said by the process itself when it ends, so that threads are counted. */
const SAY_COST = `
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  console.error('cost ' + JSON.stringify({ cpu: (user + system) / 1000, memory: process.resourceUsage().maxRSS / 1024 }));
});
`;

/** Lints the files with the `eslint` command and so many threads. Every thread loads the config, and makes a Program of its own. */
export function lintWith(threads: 'off' | number, { files, folder = root, tsconfig }: Input): ThreadedRun {
  mkdirSync(WORK, { recursive: true });
  const [config, cost] = [path.join(WORK, 'eslint.config.js'), path.join(WORK, 'cost.js')];
  writeFileSync(config, configFor(tsconfig));
  writeFileSync(cost, SAY_COST);
  const options = [
    '--no-ignore',
    '--no-inline-config',
    '--format',
    'json',
    '--config',
    config,
    '--concurrency',
    String(threads),
  ];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      pathToFileURL(cost).href,
      path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js'),
      ...options,
      ...files,
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 512 * 1024 * 1024 },
  );
  const wall = performance.now() - started;
  const [, said] = /^cost (.*)$/m.exec(stderr) ?? [];
  if (said === undefined || !stdout.startsWith('[')) throw new Error(`eslint did not end as it should: ${stderr}`);
  const reports = (JSON.parse(stdout) as { messages: unknown[] }[]).reduce(
    (sum, { messages }) => sum + messages.length,
    0,
  );
  return { wall, ...(JSON.parse(said) as { cpu: number; memory: number }), exitCode: status, results: stdout, reports };
}

/** A file, because what is given to threads has to be loaded by each of them. */
function configFor(tsconfig: string | undefined): string {
  const types = tsconfig === undefined ? { projectService: true } : { project: [tsconfig] };
  return `import concurrency from ${JSON.stringify(pathToFileURL(path.join(root, 'dist', 'index.js')).href)};
const { all } = concurrency.configs;
const types = ${JSON.stringify(types)};
export default { ...all, languageOptions: { ...all.languageOptions, parserOptions: types } };
`;
}
