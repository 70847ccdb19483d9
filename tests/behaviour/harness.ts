import { clearCaches } from '@typescript-eslint/parser';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import plugin from '../../src/index.ts';
import type { PresetName } from '../../src/presets.ts';
import type { GivenSettings } from '../../src/settings.ts';
import { temporaryProject, typeErrorsIn } from '../support/temporary-project.ts';

/** A small real program that shows a fault. */
export interface Program {
  /** TypeScript files by name, side by side; they import each other as `./name.js`, and `./gate.js` for a driven interleaving. */
  readonly files: Readonly<Record<string, string>>;
  /** The file to run. It prints one JSON value. */
  readonly main: string;
  /** The longest that one run may take, in milliseconds. Default: 20 000. */
  readonly deadline?: number;
  /** The preset that repairs it. Default: `recommended`. */
  readonly preset?: PresetName;
  /** What the project says under `settings.concurrency`. */
  readonly settings?: GivenSettings;
  /** The title of a suggestion that is taken, once in each file that has it, in place of `--fix`. */
  readonly suggestion?: string;
}

/** What was seen of a program as it stood and after `eslint --fix`, or after the suggestion that it names. */
export interface Proof {
  /** What the program printed as it stood; `{ failed, errors }` with its exit code and error output if it failed. */
  readonly before: unknown;
  /** The same after the fix. */
  readonly after: unknown;
  /** The files that the fix changed. */
  readonly fixedSource: Readonly<Record<string, string>>;
  /** Does a second `eslint --fix` change anything? */
  readonly secondPassChanged: boolean;
  /** `file:line rule` of each report on the program as it stood, and on the fixed one. */
  readonly reports: readonly string[];
  readonly reportsAfter: readonly string[];
  /** What the compiler says against the fixed program. */
  readonly typeErrors: readonly string[];
}

/** The module by which a program drives its own interleaving. */
const GATE = `
const opened = new Set<string>();
const waiting = new Map<string, () => void>();

/** Waits until the gate is opened; goes right through if it was opened before. */
export async function gate(name: string): Promise<void> {
  if (opened.has(name)) return;
  await new Promise<void>((resolve) => waiting.set(name, resolve));
}

/** Opens the gates in this order. Each is opened when somebody waits at it (or nobody came for a while), and all that can run then runs. */
export async function release(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    for (let turn = 0; turn < 200 && !waiting.has(name); turn++) await quiet();
    opened.add(name);
    waiting.get(name)?.();
    for (let turn = 0; turn < 10; turn++) await quiet();
  }
}

/** Waits until somebody stands at each of the gates. */
export async function arrived(...names: readonly string[]): Promise<void> {
  for (let turn = 0; turn < 200 && !names.every((name) => waiting.has(name)); turn++) await quiet();
}

function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
`;

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2024'],
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
  },
  include: ['src'],
});

/** The parser keeps every project that it has seen; more than these only slow down the next. */
const MOST_PROOFS_KEPT = 6;
let proofsKept = 0;

/** Runs a program, repairs it with `eslint --fix` and one line of config, and runs it again. */
export async function prove(program: Program): Promise<Proof> {
  if (proofsKept++ % MOST_PROOFS_KEPT === 0) clearCaches();
  const before = await tryOut(program, program.files, () => []);
  const fixedSource = before.fixed;
  const after = await tryOut(program, { ...program.files, ...fixedSource }, typeErrorsIn);
  return {
    before: before.printed,
    after: after.printed,
    fixedSource,
    secondPassChanged: Object.keys(after.fixed).length > 0,
    reports: before.reports,
    reportsAfter: after.reports,
    typeErrors: after.typeErrors,
  };
}

interface Trial {
  readonly printed: unknown;
  readonly fixed: Readonly<Record<string, string>>;
  readonly reports: readonly string[];
  readonly typeErrors: readonly string[];
}

/** A folder of its own for each state of the program: a language service does not look twice at a file on the disk. */
async function tryOut(
  program: Program,
  files: Readonly<Record<string, string>>,
  typeErrorsOf: (folder: string) => string[],
): Promise<Trial> {
  const project = temporaryProject('order-service', { asInRepository: true });
  try {
    project.write({ 'tsconfig.json': TSCONFIG });
    const sources = { ...files, 'gate.ts': GATE };
    for (const [name, text] of Object.entries(sources)) {
      project.write({ [`src/${name}`]: text, [`dist/${name.replace(/\.ts$/, '.js')}`]: javascriptOf(text) });
    }
    return {
      printed: await run(path.join(project.folder, 'dist', program.main.replace(/\.ts$/, '.js')), program.deadline),
      ...(await lint(project.folder, Object.keys(files), program)),
      typeErrors: typeErrorsOf(project.folder),
    };
  } finally {
    project.remove();
  }
}

function javascriptOf(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;
}

async function run(file: string, deadline = 20_000): Promise<unknown> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'], timeout: deadline });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  return ended === 0 ? (JSON.parse(output) as unknown) : { failed: ended, errors };
}

async function lint(
  folder: string,
  names: readonly string[],
  { preset = 'recommended', settings, suggestion }: Program,
): Promise<Pick<Trial, 'fixed' | 'reports'>> {
  const files = names.map((name) => `src/${name}`);
  const config: ESLint.Options = {
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [plugin.configs[preset], { settings: settings === undefined ? {} : { concurrency: settings } }],
  };
  const found = await new ESLint(config).lintFiles(files);
  const isFixable = found.some(
    ({ fixableErrorCount, fixableWarningCount }) => fixableErrorCount + fixableWarningCount > 0,
  );
  const repaired =
    suggestion === undefined
      ? isFixable
        ? await new ESLint({ ...config, fix: true }).lintFiles(files)
        : []
      : found.map((result) => ({ filePath: result.filePath, output: withSuggestion(result, suggestion) }));
  return {
    reports: found.flatMap((result) =>
      result.messages.map(
        ({ line, ruleId, message }) => `${path.basename(result.filePath)}:${String(line)} ${ruleId ?? message}`,
      ),
    ),
    fixed: Object.fromEntries(
      repaired.flatMap(({ filePath, output }) =>
        output === undefined || output === readFileSync(filePath, 'utf8') ? [] : [[path.basename(filePath), output]],
      ),
    ),
  };
}

/** The text of a file with the first suggestion of that title taken. */
function withSuggestion({ filePath, messages }: ESLint.LintResult, title: string): string | undefined {
  const taken = messages.flatMap(({ suggestions }) => suggestions ?? []).find(({ desc }) => desc === title);
  if (taken === undefined) return undefined;
  const text = readFileSync(filePath, 'utf8');
  const [start, end] = taken.fix.range;
  return text.slice(0, start) + taken.fix.text + text.slice(end);
}
