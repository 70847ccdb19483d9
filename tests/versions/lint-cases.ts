/**
 * Lints cases that lie on disk, each a project of its own, with what the folder it runs in has installed. Arguments: the backend of
 * typescript-eslint (`classic` or `tsgo`), the file with the cases, the file for the answers.
 */
import type * as parserPackage from '@typescript-eslint/parser';
import type { ESLint, Linter } from 'eslint';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export interface CaseOnDisk {
  readonly folder: string;
  readonly file: string;
  readonly rule: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly settings?: Readonly<Record<string, unknown>>;
}

interface Replacement {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** What a report says and what it would write. */
export interface FoundReport {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly fix?: Replacement;
  readonly suggestions: readonly { readonly title: string; readonly fix: Replacement }[];
}

/** After so many projects the compiler starts anew. */
const PROJECTS_OPEN = 40;

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [, , backend = 'classic', from = '', to = ''] = process.argv;
  const cases = JSON.parse(readFileSync(from, 'utf8')) as readonly CaseOnDisk[];
  writeFileSync(to, JSON.stringify(await lintAll(cases, backend)));
}

async function lintAll(cases: readonly CaseOnDisk[], backend: string): Promise<readonly (readonly FoundReport[])[]> {
  const installed = createRequire(path.join(process.cwd(), 'package.json'));
  const parser = installed('@typescript-eslint/parser') as typeof parserPackage;
  const eslint = installed('eslint') as { readonly Linter: typeof Linter };
  const entry = pathToFileURL(installed.resolve('eslint-plugin-concurrency')).href;
  const { default: plugin } = (await import(entry)) as { readonly default: ESLint.Plugin };
  return cases.map(({ file, folder, options, rule, settings = {} }, at) => {
    if (at % PROJECTS_OPEN === PROJECTS_OPEN - 1) parser.clearCaches();
    const messages = new eslint.Linter({ cwd: folder, configType: 'flat' }).verify(
      readFileSync(file, 'utf8'),
      [
        {
          files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
          linterOptions: { reportUnusedDisableDirectives: 'off' },
          languageOptions: {
            parser,
            parserOptions: {
              projectService: backend === 'tsgo' ? { EXPERIMENTAL_backend: 'tsgo' } : true,
              tsconfigRootDir: folder,
            },
          },
          plugins: { concurrency: plugin },
          rules: { [`concurrency/${rule}`]: options === undefined ? 'error' : ['error', options] },
          settings: { concurrency: settings },
        },
      ],
      { filename: file },
    );
    return messages.map(({ line, column, message, fix, suggestions = [] }) => ({
      line,
      column,
      message,
      ...(fix === undefined ? {} : { fix }),
      suggestions: suggestions.map((suggestion) => ({ title: suggestion.desc, fix: suggestion.fix })),
    }));
  });
}
