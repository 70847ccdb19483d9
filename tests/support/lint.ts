import * as parser from '@typescript-eslint/parser';
import type { TSESLint } from '@typescript-eslint/utils';
import { Linter, type SourceCode } from 'eslint';
import type ts from 'typescript';
import { REPOSITORY, type VirtualProgram, virtualPath } from './program.ts';

/** Any rule in the shape that ESLint takes. */
export type AnyRule = Readonly<TSESLint.RuleModule<string, readonly unknown[]>>;

/** Rules by their name without the plugin's prefix. */
export type Rules = Readonly<Record<string, AnyRule>>;

export interface LintSetup {
  readonly rules: Rules;
  /** The options of each rule to run; rules that are not listed do not run. */
  readonly run: Readonly<Record<string, readonly unknown[]>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** One report, with offsets in the text. */
export interface Report {
  /** Without the plugin's prefix. */
  readonly rule: string;
  readonly messageId: string | undefined;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
  readonly fix: Replacement | undefined;
  readonly suggestions: readonly {
    readonly messageId: string | undefined;
    readonly title: string;
    readonly fix: Replacement;
  }[];
}

export interface Replacement {
  readonly range: readonly [number, number];
  readonly text: string;
}

const PREFIX = 'concurrency/';

/** The file of a Program that was linted last, as ESLint parsed it: it is often linted again with other rules. */
const parsed = new WeakMap<ts.Program, { readonly filename: string; readonly sourceCode: SourceCode }>();

/**
 * Lints one file of a Program with ESLint's own `Linter`. Throws when the file does not parse, a rule throws, or the rules were not
 * given this very Program.
 */
export function lint(
  virtual: VirtualProgram,
  filename: string,
  code: string,
  { rules, run, settings = {} }: LintSetup,
): Report[] {
  const linter = new Linter({ cwd: REPOSITORY, configType: 'flat' });
  const known = parsed.get(virtual.program);
  const isKnown = known?.filename === filename && known.sourceCode.text === code;
  const messages = linter.verify(
    isKnown ? known.sourceCode : code,
    [
      {
        files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        languageOptions: {
          parser: parser,
          parserOptions: {
            programs: [virtual.program],
            errorOnTypeScriptSyntacticAndSemanticIssues: false,
            ecmaFeatures: { jsx: filename.endsWith('x') },
          },
        },
        plugins: { concurrency: { rules: rules as never } },
        rules: Object.fromEntries(Object.entries(run).map(([name, options]) => [PREFIX + name, ['error', ...options]])),
        settings: { concurrency: settings },
      },
    ],
    { filename: virtualPath(filename) },
  );
  const fatal = messages.find((message) => message.fatal === true || message.ruleId === null);
  if (fatal !== undefined)
    throw new Error(`ESLint could not lint ${filename} (line ${String(fatal.line)}): ${fatal.message}`);
  const sourceCode = linter.getSourceCode();
  const services = sourceCode.parserServices as { program?: unknown };
  if (services.program !== virtual.program)
    throw new Error('The rules were linted without the type information of the case.');
  parsed.set(virtual.program, { filename, sourceCode });
  return messages.map((message) => ({
    rule: (message.ruleId ?? '').replace(PREFIX, ''),
    messageId: message.messageId,
    message: message.message,
    line: message.line,
    column: message.column,
    start: sourceCode.getIndexFromLoc({ line: message.line, column: message.column - 1 }),
    end: sourceCode.getIndexFromLoc({
      line: message.endLine ?? message.line,
      column: (message.endColumn ?? message.column) - 1,
    }),
    fix: message.fix,
    suggestions: (message.suggestions ?? []).map(({ messageId, desc, fix }) => ({ messageId, title: desc, fix })),
  }));
}

/** The text after one `--fix` pass, and the reports whose fix had to wait because it touches another one. */
export function fixOnce(
  code: string,
  reports: readonly Report[],
): { output: string; fixed: Report[]; heldBack: Report[] } {
  const fixed: Report[] = [];
  const heldBack: Report[] = [];
  let output = '';
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  const fixable = reports
    .filter((report) => report.fix !== undefined)
    .sort((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b));
  for (const report of fixable) {
    // As ESLint does it: a fix that touches the one before it waits for the next pass.
    if (last >= startOf(report)) {
      heldBack.push(report);
      continue;
    }
    output += code.slice(done, startOf(report)) + (report.fix?.text ?? '');
    done = endOf(report);
    last = done;
    fixed.push(report);
  }
  return { output: output + code.slice(done), fixed, heldBack };
}

/** The text with one replacement made. */
export function replaced(code: string, { range: [start, end], text }: Replacement): string {
  return code.slice(0, start) + text + code.slice(end);
}

function startOf(report: Report): number {
  return report.fix?.range[0] ?? 0;
}

function endOf(report: Report): number {
  return report.fix?.range[1] ?? 0;
}
