/**
 * Lints every case of the tests of the rules, and every example of their pages, on typescript-eslint's experimental backend over
 * TypeScript 7.1, and compares reports, fixes and suggestions with those on TypeScript 6.
 *
 *     npm run native -- [rule …] [--every <n>] [--folder <folder>]
 *
 * `--every` takes one case in so many, for a quick look. `--folder` keeps what was installed for the next run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packPlugin } from '../support/packed-plugin.ts';
import { REPOSITORY } from '../support/program.ts';
import { install } from './installed-project.ts';
import type { FoundReport } from './lint-cases.ts';
import { allCases, type NamedCase, reportsOfClassic, writeCase } from './native-cases.ts';
import { setupNamed } from './setups.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '1' }, folder: { type: 'string' } },
});
const every = Number(values.every);
if (!(Number.isInteger(every) && every > 0)) throw new Error(`--every takes a whole number, not '${values.every}'.`);

const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'concurrency-native-'));
try {
  mkdirSync(folder, { recursive: true });
  await compareAll(realpathSync(folder));
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Prints a line for each rule, and each case that differs. */
async function compareAll(root: string): Promise<void> {
  const packed = path.join(root, 'packed');
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed);
  const project = path.join(root, 'native');
  const complaints = install(setupNamed('native'), packPlugin(packed), project);
  if (complaints.length > 0) console.log(complaints.join('\n'));

  const cases = (await allCases()).filter((_, at) => at % every === 0);
  let [all, different] = [0, 0];
  for (const rule of new Set(cases.map((each) => each.rule))) {
    if (positionals.length > 0 && !positionals.includes(rule)) continue;
    const own = cases.filter((each) => each.rule === rule);
    const found = differences(own, project);
    console.log(`${rule}: ${String(own.length)} cases, ${String(found.length)} differ`);
    for (const text of found) console.log(text);
    all += own.length;
    different += found.length;
  }
  console.log(`${String(all)} cases, ${String(different)} differ`);
}

/** The cases whose reports are not those of TypeScript 6, and how they differ. */
function differences(cases: readonly NamedCase[], project: string): readonly string[] {
  const native = lintOnDisk(cases, 'tsgo', project);
  const other = cases.flatMap((each, at) => {
    const expected = textOf(reportsOfClassic(each));
    const actual = textOf(native[at] ?? []);
    return expected === actual ? [] : [{ each, actual }];
  });
  if (other.length === 0) return [];
  // On disk things may be otherwise than in memory for either backend; only what the backends disagree about is told.
  const classic = lintOnDisk(
    other.map(({ each }) => each),
    'classic',
    project,
  );
  return other.flatMap(({ each, actual }, at) => {
    const expected = textOf(classic[at] ?? []);
    return expected === actual ? [] : [`  ${each.name}\n    TypeScript 6: ${expected}\n    TypeScript 7: ${actual}`];
  });
}

function lintOnDisk(
  cases: readonly NamedCase[],
  backend: string,
  project: string,
): readonly (readonly FoundReport[])[] {
  const folder = path.join(project, 'cases');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  // The packages that cases import are those of the repository; the tools are what the project has installed.
  symlinkSync(realpathSync(path.join(REPOSITORY, 'node_modules')), path.join(folder, 'node_modules'), 'junction');
  const onDisk = cases.map((each, at) => writeCase(each, path.join(folder, String(at))));
  const [from, to] = [path.join(project, 'cases.json'), path.join(project, 'answers.json')];
  writeFileSync(from, JSON.stringify(onDisk));
  const program = path.join(REPOSITORY, 'tests', 'versions', 'lint-cases.ts');
  const given = ['--import', import.meta.resolve('tsx'), program, backend, from, to];
  const { status, stderr } = spawnSync(process.execPath, given, { cwd: project, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The cases could not be linted: ${stderr}`);
  return JSON.parse(readFileSync(to, 'utf8')) as readonly (readonly FoundReport[])[];
}

function textOf(reports: readonly FoundReport[]): string {
  return reports.length === 0 ? 'silent' : reports.map((report) => JSON.stringify(report)).join('\n                  ');
}
