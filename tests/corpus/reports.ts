import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { format, resolveConfig } from 'prettier';
import plugin from '../../src/index.ts';
import { REPOSITORY } from '../support/program.ts';
import type { PackageName } from './packages.ts';

/** One report of a published package. */
export interface Report {
  /** `file:line:column`, from the root of the package. */
  readonly place: string;
  readonly rule: string;
  readonly message: string;
}

/** What somebody who read the report in its context thinks of it. */
export type Verdict = 'arguable' | 'right' | 'unreviewed' | 'wrong';

/** A report that is expected, with its verdict and why. */
export interface Expectation extends Report {
  readonly verdict: Verdict;
  readonly note: string;
}

/** One for all: sources are published without the settings they were written under. */
const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ESNext', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    types: ['node'],
    jsx: 'react-jsx',
    strict: true,
    experimentalDecorators: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['src'],
};

/** Copies the sources of an installed package to where its imports resolve, lints them with `configs.all` and lists the reports. */
export async function reportsOf(name: PackageName): Promise<Report[]> {
  const folder = copySources(name);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: plugin.configs.all,
    // Their comments speak of their own rules.
    allowInlineConfig: false,
  });
  const results = await eslint.lintFiles(['src']);
  return results.flatMap(({ filePath, messages }) => {
    const file = path.relative(folder, filePath).replaceAll('\\', '/');
    return messages.map(({ line, column, ruleId, message }) => {
      if (ruleId === null) throw new Error(`${name} cannot be linted: ${file}:${String(line)} ${message}`);
      return { place: `${file}:${String(line)}:${String(column)}`, rule: ruleId, message };
    });
  });
}

/** The reports that were reviewed; none for a package that nobody has looked at. */
export function expectedOf(name: PackageName): Expectation[] {
  const file = expectationFileOf(name);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Expectation[]) : [];
}

/** Writes the reports as the expected ones: known ones keep their verdict and note, new ones are `unreviewed`. */
export async function accept(name: PackageName, reports: readonly Report[]): Promise<{ unreviewed: number }> {
  const known = new Map(expectedOf(name).map((expected) => [keyOf(expected), expected]));
  const accepted = reports.map(
    (report): Expectation => known.get(keyOf(report)) ?? { ...report, verdict: 'unreviewed', note: '' },
  );
  const file = expectationFileOf(name);
  const text = await format(JSON.stringify(accepted), { ...(await resolveConfig(file)), filepath: file });
  writeFileSync(file, text);
  return { unreviewed: accepted.filter(({ verdict }) => verdict === 'unreviewed').length };
}

/** What came and what went, one line for each report; empty when the reports are the expected ones. */
export function changesBetween(expected: readonly Report[], reports: readonly Report[]): string[] {
  const before = new Set(expected.map(keyOf));
  const now = new Set(reports.map(keyOf));
  return [
    ...[...now].filter((key) => !before.has(key)).map((key) => `added: ${key}`),
    ...[...before].filter((key) => !now.has(key)).map((key) => `gone:  ${key}`),
  ];
}

function keyOf({ place, rule, message }: Report): string {
  return `${place} ${rule} ${message}`;
}

function expectationFileOf(name: PackageName): string {
  return path.join(REPOSITORY, 'tests', 'corpus', 'expected', `${fileNameOf(name)}.json`);
}

function copySources(name: PackageName): string {
  const installed = path.join(REPOSITORY, 'node_modules', name);
  const folder = path.join(REPOSITORY, 'tests', 'corpus', '.sources', fileNameOf(name));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(installed, 'src'), path.join(folder, 'src'), { recursive: true });
  cpSync(path.join(installed, 'package.json'), path.join(folder, 'package.json'));
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  return folder;
}

function fileNameOf(name: PackageName): string {
  return name.replace('@', '').replace('/', '__');
}
