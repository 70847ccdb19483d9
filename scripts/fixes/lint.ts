import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type ts from 'typescript';
import plugin from '../../src/index.ts';
import { type PresetName, rulesOf } from '../../src/presets.ts';
import { rules } from '../../src/rules/index.ts';

/** A replacement of a part of a text. */
export interface Edit {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** One report, with what it offers. */
export interface Report {
  readonly rule: string;
  readonly message: string;
  readonly messageId: string;
  readonly line: number;
  readonly fix: Edit | undefined;
  readonly suggestions: readonly { readonly title: string; readonly fix: Edit }[];
}

/** A file that does not parse, or on which a rule throws, has a `fatal`. */
export interface Linted {
  readonly reports: readonly Report[];
  readonly fatal: string | undefined;
}

/** Lints one file of a Program with a preset of ours and nothing else; comments that disable rules are not heard. */
export function lintFile(folder: string, program: ts.Program, file: string, preset: PresetName): Linted {
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`The Program does not have ${file}.`);
  const messages = messagesOf(folder, program, source, preset);
  const fatal = messages.find((message) => message.ruleId === null);
  return {
    fatal: fatal === undefined ? undefined : `${fatal.message} (line ${fatal.line})`,
    reports: messages
      .filter((message) => message.ruleId !== null)
      .map(({ ruleId, message, messageId, line, fix, suggestions }) => ({
        rule: (ruleId ?? '').replace('concurrency/', ''),
        message,
        messageId: messageId ?? message,
        line,
        fix: fix,
        suggestions: (suggestions ?? []).map(({ desc, fix: edit }) => ({ title: desc, fix: edit })),
      })),
  };
}

type Message = Pick<Linter.LintMessage, 'fix' | 'line' | 'message' | 'messageId' | 'ruleId' | 'suggestions'>;

function messagesOf(folder: string, program: ts.Program, source: ts.SourceFile, preset: PresetName): Message[] {
  const linter = new Linter({ cwd: folder, configType: 'flat' });
  try {
    return linter.verify(
      source.text,
      [
        {
          files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
          linterOptions: { reportUnusedDisableDirectives: 'off' },
          languageOptions: {
            parser: parser,
            parserOptions: { programs: [program], ecmaFeatures: { jsx: true } },
          },
          plugins: { concurrency: plugin },
          rules: rulesOf(preset, rules),
        },
      ],
      { filename: source.fileName, allowInlineConfig: false },
    );
  } catch (error) {
    return [{ ruleId: null, line: 0, message: String(error instanceof Error ? error.stack : error) }];
  }
}

/** The text after one pass of `--fix`, what was applied, and what has to wait because it touches another fix. */
export function fixedOnce(text: string, reports: readonly Report[]): { text: string; fixed: Report[]; held: Report[] } {
  const fixed: Report[] = [];
  const held: Report[] = [];
  let output = '';
  let done = 0;
  let last = -1;
  const fixable = reports.flatMap((report) => (report.fix === undefined ? [] : [{ report, fix: report.fix }]));
  fixable.sort((a, b) => a.fix.range[0] - b.fix.range[0] || a.fix.range[1] - b.fix.range[1]);
  for (const { report, fix } of fixable) {
    const [start, end] = fix.range;
    if (last >= start) {
      held.push(report);
      continue;
    }
    output += text.slice(done, start) + fix.text;
    done = end;
    last = end;
    fixed.push(report);
  }
  return { text: output + text.slice(done), fixed, held };
}

/** The comments of a text; white space in them does not count, because re-indenting is allowed. */
export function commentsOf(text: string, file: string): string[] {
  const { ast } = parser.parseForESLint(text, {
    comment: true,
    range: true,
    ecmaFeatures: { jsx: /\.[jt]sx$/.test(file) },
  });
  return ast.comments.map(({ range: [start, end] }) => text.slice(start, end).replace(/\s+/g, ' ').trim());
}
