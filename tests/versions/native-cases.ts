import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { rules as pluginRules } from '../../src/rules/index.ts';
import type { Source } from '../support/cases.ts';
import { lint, type Rules } from '../support/lint.ts';
import { examplesOf } from '../support/pages.ts';
import { DEFAULT_OPTIONS, programOf, REPOSITORY } from '../support/program.ts';
import { casesIn } from '../support/tester.ts';
import type { CaseOnDisk, FoundReport } from './lint-cases.ts';

/** A case of a rule or an example of a page, under a name that finds it again. */
export interface NamedCase {
  readonly name: string;
  readonly rule: string;
  readonly source: Source;
}

const rules = pluginRules as unknown as Rules;

/** All cases in the tests of the rules, and all examples of their pages. */
export async function allCases(): Promise<readonly NamedCase[]> {
  const folder = path.join(REPOSITORY, 'tests', 'rules');
  const found: NamedCase[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.ts'))) {
    for (const { rule, title, source } of await casesIn(path.join(folder, file))) {
      found.push({ name: `tests/rules/${file}: ${title}`, rule, source });
    }
  }
  for (const rule of Object.keys(rules)) {
    const page = `docs/rules/${rule}.md`;
    for (const { line, ...source } of examplesOf(readFileSync(path.join(REPOSITORY, page), 'utf8'))) {
      found.push({ name: `${page}:${String(line)}`, rule, source });
    }
  }
  return found;
}

/** What the rule reports on the compiler that the tests use. */
export function reportsOfClassic({ rule, source }: NamedCase): readonly FoundReport[] {
  const { code, compilerOptions, files, options, settings } = source;
  const filename = filenameOf(source);
  const virtual = programOf({ ...files, [filename]: code }, compilerOptions);
  const reports = lint(virtual, filename, code, {
    rules,
    run: { [rule]: options === undefined ? [] : [options] },
    ...(settings === undefined ? {} : { settings }),
  });
  return reports.map(({ line, column, message, fix, suggestions }) => ({
    line,
    column,
    message,
    ...(fix === undefined ? {} : { fix }),
    suggestions: suggestions.map(({ title, fix: edit }) => ({ title, fix: edit })),
  }));
}

/** Writes a case as a project of its own. */
export function writeCase({ rule, source }: NamedCase, folder: string): CaseOnDisk {
  const filename = filenameOf(source);
  const files: Record<string, string> = {
    'package.json': '{ "name": "service", "private": true, "type": "module" }',
    ...source.files,
    [filename]: source.code,
  };
  files['tsconfig.json'] = JSON.stringify(configOf(Object.keys(files), source.compilerOptions));
  for (const [name, text] of Object.entries(files)) {
    const target = path.join(folder, name);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return {
    folder,
    file: path.join(folder, filename),
    rule,
    ...(source.options === undefined ? {} : { options: source.options }),
    ...(source.settings === undefined ? {} : { settings: source.settings }),
  };
}

function filenameOf({ filename }: Source): string {
  return filename ?? 'service.ts';
}

/** The options of the tests as a `tsconfig.json`, which has words where the compiler has numbers. */
function configOf(names: readonly string[], options: ts.CompilerOptions = {}): object {
  const files = names.filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !name.includes('node_modules/'));
  const hasScripts = files.some((name) => /\.[cm]?jsx?$/.test(name));
  const merged: ts.CompilerOptions = {
    ...DEFAULT_OPTIONS,
    ...(hasScripts ? { allowJs: true, checkJs: true } : {}),
    ...options,
  };
  const words: Readonly<Record<string, Readonly<Record<number, string>>>> = {
    target: ts.ScriptTarget,
    module: ts.ModuleKind,
    moduleResolution: ts.ModuleResolutionKind,
    moduleDetection: { [ts.ModuleDetectionKind.Force]: 'force' },
    jsx: { [ts.JsxEmit.Preserve]: 'preserve' },
  };
  const compilerOptions = Object.fromEntries(
    Object.entries(merged).map(([name, value]) => {
      if (name === 'lib') return [name, merged.lib?.map((file) => file.replace(/^lib\.|\.d\.ts$/g, ''))];
      return [name, typeof value === 'number' ? words[name]?.[value] : value];
    }),
  );
  return { compilerOptions, files };
}
