import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { ESLint, type Linter } from 'eslint';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError } from '../errors.ts';
import plugin from '../index.ts';
import type { Arguments } from './arguments.ts';
import type { Surroundings } from './output.ts';
import { filesUnder } from './projects.ts';
import { showProgress } from './progress.ts';

/** Lints what was asked for; the exit code. Throws `SetupError` for a mistake of the user. */
export async function lint(asked: Arguments, { cwd, stdout, stderr }: Surroundings): Promise<number> {
  const preset = plugin.configs[asked.preset];
  const files = filesUnder(asked.paths, cwd);
  const eslint = new ESLint({
    cwd,
    overrideConfigFile: true,
    overrideConfig: configFor(preset, cwd),
    fix: asked.fixes === 'none' ? false : isOurs,
  });
  const formatter = await formatterOf(eslint, asked.format);

  const results: ESLint.LintResult[] = [];
  const progress = showProgress(files.length, asked.progress, stderr);
  try {
    progress.update(0);
    for (const filePath of files) {
      const [result] = await eslint.lintText(await readFile(filePath, 'utf8'), { filePath });
      if (result !== undefined) results.push(onlyOurs(result, asked.quiet));
      progress.update(results.length);
    }
  } finally {
    progress.end();
  }

  if (asked.fixes === 'write') await ESLint.outputFixes(results);
  if (asked.fixes === 'show') {
    for (const result of results) stdout.write(await diffOf(result, cwd));
  }
  stdout.write(await formatter.format(results));
  // A report for machines stays whole: the count goes beside it.
  const counted = countOf(results);
  (asked.format === 'stylish' ? stdout : stderr).write(
    asked.fixes === 'show' ? `\nWith these changes:\n${counted}` : counted,
  );

  const errors = results.reduce((sum, { errorCount }) => sum + errorCount, 0);
  const warnings = results.reduce((sum, { warningCount }) => sum + warningCount, 0);
  return errors > 0 || warnings > asked.maxWarnings ? 1 : 0;
}

async function formatterOf(eslint: ESLint, name: string): Promise<ESLint.LoadedFormatter> {
  try {
    return await eslint.loadFormatter(name);
  } catch {
    throw new SetupError(
      `There is no formatter '${name}'; ESLint has stylish, html and json, and others are packages to install ` +
        `(eslint-formatter-${name}).`,
    );
  }
}

/** The preset for files that are known to belong to a tsconfig, so JavaScript is welcome as well. */
function configFor(preset: Linter.Config, cwd: string): Linter.Config {
  return {
    ...preset,
    files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
    languageOptions: {
      ...preset.languageOptions,
      parserOptions: { projectService: true, tsconfigRootDir: cwd },
    },
    // Directives for rules of the project's own config would all look unused.
    linterOptions: { reportUnusedDisableDirectives: 'off' },
  };
}

function isOurs({ ruleId }: Linter.LintMessage): boolean {
  return ruleId?.startsWith('concurrency/') === true;
}

/** Without what ESLint says of comments that configure rules it does not have here. */
function onlyOurs(result: ESLint.LintResult, quiet: boolean): ESLint.LintResult {
  const messages = result.messages.filter(
    (message) => message.fatal === true || (isOurs(message) && (!quiet || message.severity === 2)),
  );
  const ofSeverity = (severity: Linter.Severity): Linter.LintMessage[] =>
    messages.filter((message) => message.severity === severity);
  const fixable = (found: readonly Linter.LintMessage[]): number => found.filter(({ fix }) => fix !== undefined).length;
  const errors = ofSeverity(2);
  const warnings = ofSeverity(1);
  return {
    ...result,
    messages,
    errorCount: errors.length,
    warningCount: warnings.length,
    fatalErrorCount: messages.filter(({ fatal }) => fatal === true).length,
    fixableErrorCount: fixable(errors),
    fixableWarningCount: fixable(warnings),
  };
}

async function diffOf({ filePath, output }: ESLint.LintResult, cwd: string): Promise<string> {
  if (output === undefined) return '';
  const name = path.relative(cwd, filePath).replaceAll('\\', '/');
  const text = await readFile(filePath, 'utf8');
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, text, output, '', '', { headerOptions: FILE_HEADERS_ONLY });
}

function countOf(results: readonly ESLint.LintResult[]): string {
  const byRule = new Map<string, number>();
  for (const { messages } of results) {
    for (const { ruleId } of messages)
      byRule.set(ruleId ?? 'cannot be parsed', (byRule.get(ruleId ?? 'cannot be parsed') ?? 0) + 1);
  }
  const files = `${results.length} ${results.length === 1 ? 'file' : 'files'}`;
  if (byRule.size === 0) return `No reports in ${files}.\n`;
  const lines = [...byRule]
    .sort(([, left], [, right]) => right - left)
    .map(([rule, count]) => `${String(count).padStart(6)}  ${rule}`);
  const reports = results.reduce((sum, { messages }) => sum + messages.length, 0);
  return `${lines.join('\n')}\n${String(reports).padStart(6)}  in ${files}\n`;
}
