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

/** Runs the `eslint` command that a project has installed, as its users do. */
export function eslint(folder: string, ...options: readonly string[]): EslintRun {
  const command = path.join(folder, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, '--format', 'json', ...options], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const results = stdout.startsWith('[') ? (JSON.parse(stdout) as Result[]) : [];
  return {
    exitCode: status,
    reports: results.flatMap(({ filePath, messages }) =>
      messages.map(({ ruleId, line, message }) => ({
        file: path.relative(folder, filePath),
        rule: ruleId ?? 'error',
        line,
        message,
      })),
    ),
    errors: stderr,
  };
}

interface Result {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly line: number; readonly message: string }[];
}
