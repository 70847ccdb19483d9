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

/** Runs the `eslint` command that a project has installed, as its users do. */
export function eslint(folder: string, ...options: readonly string[]): EslintRun {
  const { exitCode, output, errors } = eslintOutput(folder, ['--format', 'json', ...options]);
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
  folder: string,
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): EslintOutput {
  const command = path.join(folder, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...options], {
    cwd: folder,
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
