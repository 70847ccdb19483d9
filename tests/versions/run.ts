/**
 * Installs the packed plugin into small projects of other versions and shows that it reports and fixes the same in all of them.
 *
 *     npm run versions -- [name …] [--folder <folder>]
 *
 * `--folder` keeps what was installed for the next run.
 */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { packPlugin } from '../support/packed-plugin.ts';
import { lineFor, type Outcome, outcomeOf } from './installed-project.ts';
import { type Setup, setupNamed, SETUPS } from './setups.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { folder: { type: 'string' } } });
positionals.forEach(setupNamed);

const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'concurrency-versions-'));
try {
  process.exitCode = compareAll(path.resolve(folder)) ? 0 : 1;
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}

/** Prints a row for each setup; is there nothing against any of them? */
function compareAll(given: string): boolean {
  mkdirSync(given, { recursive: true });
  const root = realpathSync(given);
  const packed = path.join(root, 'packed');
  rmSync(packed, { recursive: true, force: true });
  mkdirSync(packed);
  const plugin = packPlugin(packed);
  const references = new Map<string, Outcome>();
  const wanted = SETUPS.filter(
    (setup, at) =>
      positionals.length === 0 ||
      positionals.includes(setup.name) ||
      SETUPS.findIndex(({ sources }) => sources === setup.sources) === at,
  );
  console.log('| setup | ESLint | TypeScript | parser | Node.js | config | types from | result | why |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const complaints: string[] = [];
  let isGood = true;
  for (const setup of wanted) {
    const outcome = outcomeOf(setup, plugin, path.join(root, setup.name));
    const reference = references.get(setup.sources) ?? outcome;
    references.set(setup.sources, reference);
    const found = [...outcome.faults, ...differences(reference, outcome)];
    console.log(rowFor(setup, outcome, found.length));
    complaints.push(...found.map((text) => `\n${setup.name}: ${text}`));
    if (found.length > 0 && setup.isNative !== true) isGood = false;
  }
  for (const complaint of complaints) console.log(complaint);
  return isGood;
}

function rowFor(setup: Setup, { reports, versions }: Outcome, faults: number): string {
  const { parser } = setup;
  const allowed = setup.isNative === true ? ' (allowed)' : '';
  const result = faults === 0 ? `same, ${String(reports.length)} reports` : `DIFFERS: ${String(faults)}${allowed}`;
  const compiler = setup.isNative === true ? '7.1 (tsgo)' : versions.typescript;
  const cells = [
    setup.name,
    versions.eslint,
    compiler,
    `${versions.parser} (${parser.of})`,
    setup.node ?? process.versions.node,
    setup.config,
    setup.types,
    result,
    setup.why,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What is not the same: reports, and the texts after `--fix`. */
function differences(reference: Outcome, outcome: Outcome): readonly string[] {
  const reports = ({ reports: all }: Outcome): string => `${all.map(lineFor).sort().join('\n')}\n`;
  const pairs: (readonly [name: string, expected: string, actual: string])[] = [
    ['reports', reports(reference), reports(outcome)],
  ];
  for (const [file, text] of Object.entries(reference.fixed)) pairs.push([file, text, outcome.fixed[file] ?? '']);
  return pairs
    .filter(([, expected, actual]) => expected !== actual)
    .map(([name, expected, actual]) =>
      createTwoFilesPatch(name, name, expected, actual, 'newest', 'here', { headerOptions: FILE_HEADERS_ONLY }),
    );
}
