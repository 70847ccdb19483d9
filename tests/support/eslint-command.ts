import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** One report as `eslint --format json` prints it. */
export interface PrintedReport {
  /** The file, relative to the project. */
  readonly file: string;
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

/** What a run of the `eslint` command in a project did. */
export interface EslintRun {
  readonly exitCode: number | null;
  readonly reports: readonly PrintedReport[];
  readonly errors: string;
}

/** What the command wrote, as it wrote it. */
export interface EslintOutput {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Where ESLint is run, and with what. */
export interface EslintPlace {
  /** The folder whose `node_modules` has ESLint. */
  readonly installed: string;
  /** The folder it is run in. Default: where it is installed. */
  readonly cwd?: string;
  /** The Node.js that runs it. Default: this one. */
  readonly node?: string;
}

/** Runs the `eslint` command that a project has installed, as its users do. */
export function eslint(place: EslintPlace | string, ...options: readonly string[]): EslintRun {
  const { exitCode, output, errors } = eslintOutput(place, ['--format', 'json', ...options]);
  const folder = typeof place === 'string' ? place : (place.cwd ?? place.installed);
  const results = output.startsWith('[') ? (JSON.parse(output) as Result[]) : [];
  return {
    exitCode,
    reports: results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, message }) => ({
        file: path.relative(folder, filePath),
        rule: ruleId ?? 'error',
        line,
        message,
      })),
    ),
    errors,
  };
}

/** As `eslint`, with the output as it was written; `env` is added to the environment. */
export function eslintOutput(
  place: EslintPlace | string,
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): EslintOutput {
  const {
    installed,
    cwd = installed,
    node = process.execPath,
  }: EslintPlace = typeof place === 'string' ? { installed: place } : place;
  const command = path.join(installed, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const { status, stdout, stderr } = spawnSync(node, [command, ...options], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { exitCode: status, output: stdout, errors: stderr };
}

interface Result {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly line: number; readonly message: string }[];
}
