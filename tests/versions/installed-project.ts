import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { eslint, type EslintPlace, type PrintedReport } from '../support/eslint-command.ts';
import { installPlugin, type PackedPlugin } from '../support/packed-plugin.ts';
import { REPOSITORY } from '../support/program.ts';
import type { Setup } from './setups.ts';

/** What a setup did with its project. */
export interface Outcome {
  readonly reports: readonly PrintedReport[];
  /** The sources after `--fix`, by name. */
  readonly fixed: Readonly<Record<string, string>>;
  /** What is not as it must be, whatever other setups do. */
  readonly faults: readonly string[];
  /** What was really installed. */
  readonly versions: { readonly eslint: string; readonly typescript: string; readonly parser: string };
}

/** The types that the sources need. */
const TYPES = { '@types/express': '^5.0.6', '@types/node': '^20.19.43', '@types/pg': '^8.23.1' };

/** A project that is installed and has its sources. */
interface Installed {
  /** How ESLint is run there. */
  readonly place: EslintPlace;
  /** The folder of the package that is linted. */
  readonly member: string;
  readonly node: string;
  /** What npm says against it. */
  readonly complaints: readonly string[];
}

/** Installs what the setup says, the plugin from its tarball, lints the sources, fixes them twice, and compiles what came out. */
export function outcomeOf(setup: Setup, plugin: PackedPlugin, folder: string): Outcome {
  const { complaints, member, node, place } = installed(setup, plugin, folder);
  const faults = [...complaints];
  const sources = path.join(member, 'src');
  const linted = eslint(place, sources);
  if (linted.exitCode !== 1) faults.push(`ESLint ends with ${String(linted.exitCode)}: ${linted.errors}`);
  const repaired = eslint(place, '--fix', sources);
  if (repaired.exitCode !== 0 || repaired.reports.length > 0)
    faults.push(`left by --fix: ${repaired.reports.map(lineFor).join('; ')}${repaired.errors}`);
  const fixed = textsIn(sources);
  eslint(place, '--fix', sources);
  if (JSON.stringify(textsIn(sources)) !== JSON.stringify(fixed)) faults.push('a second --fix changes something');
  faults.push(...typeErrors(setup, folder, member, node));
  return {
    reports: linted.reports.map(inFile),
    fixed,
    faults,
    versions: {
      eslint: versionOf('eslint', folder),
      typescript: versionOf('typescript', folder),
      parser: parserVersionOf(setup, folder),
    },
  };
}

/** The reports alone. */
export function reportsOf(setup: Setup, plugin: PackedPlugin, folder: string): readonly PrintedReport[] {
  const { member, place } = installed(setup, plugin, folder);
  return eslint(place, path.join(member, 'src')).reports.map(inFile);
}

function installed(setup: Setup, plugin: PackedPlugin, folder: string): Installed {
  const member = setup.layout === 'plain' ? folder : path.join(folder, 'packages', 'orders');
  const node = setup.node === undefined ? process.execPath : nodeOf(setup.node, path.dirname(folder));
  const complaints = install(setup, plugin, folder);
  writeProject(setup, folder, member);
  const cwd = setup.layout === 'from-member' ? member : folder;
  return { place: { installed: folder, cwd, node }, member, node, complaints };
}

/** Projects have other folders, and files the same names. */
function inFile(report: PrintedReport): PrintedReport {
  return { ...report, file: path.basename(report.file) };
}

/** A report as one line. */
export function lineFor({ file, line, rule, message }: PrintedReport): string {
  return `${file}:${String(line)} ${rule} ${message}`;
}

/** Installs with npm, unless the folder has it from before; what npm says against it. */
export function install(setup: Setup, plugin: PackedPlugin, folder: string): readonly string[] {
  const wanted = JSON.stringify(manifestOf(setup, plugin), null, 2);
  const mark = path.join(folder, 'installed.json');
  const key = JSON.stringify([wanted, manifest.dependencies, manifest.peerDependencies]);
  mkdirSync(path.join(folder, 'packages', 'orders'), { recursive: true });
  writeFileSync(path.join(folder, 'packages', 'orders', 'package.json'), `{ "name": "orders", ${formatOf(setup)} }`);
  writeFileSync(path.join(folder, 'package.json'), wanted);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === key) {
    rmSync(path.join(folder, 'node_modules', manifest.name), { recursive: true, force: true });
    installPlugin(plugin, folder);
    return [];
  }
  // What is installed already would be kept where it fits, an older tarball of the same version too.
  rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true });
  const { status, stderr } = npm(folder, 'install', '--no-package-lock');
  if (status !== 0) throw new Error(`npm install failed in ${folder}:\n${stderr}`);
  const complaints = stderr.split('\n').filter((line) => /\bpeer\b|ERESOLVE|EBADENGINE/.test(line));
  if (complaints.length === 0) writeFileSync(mark, key);
  return complaints;
}

function manifestOf(setup: Setup, { tarball }: PackedPlugin): object {
  const { packages, parser, typescript } = setup;
  const pinned =
    parser.of === 'own'
      ? { 'typescript-eslint': parser.version }
      : parser.version === undefined
        ? {}
        : { '@typescript-eslint/parser': parser.version, '@typescript-eslint/utils': parser.version };
  return {
    name: 'order-service',
    private: true,
    ...(setup.config === 'esm' ? { type: 'module' } : {}),
    ...(setup.layout === 'plain' ? {} : { workspaces: ['packages/*'] }),
    devDependencies: {
      ...TYPES,
      ...pinned,
      ...packages,
      eslint: setup.eslint,
      'eslint-plugin-concurrency': `file:${tarball}`,
      typescript,
    },
  };
}

function formatOf({ config }: Setup): string {
  return config === 'esm' ? '"type": "module"' : '"type": "commonjs"';
}

function writeProject(setup: Setup, folder: string, member: string): void {
  const from = path.join(REPOSITORY, 'tests', 'versions', 'projects', setup.sources);
  rmSync(path.join(member, 'src'), { recursive: true, force: true });
  cpSync(from, member, { recursive: true });
  writeFileSync(path.join(folder, 'eslint.config.js'), configOf(setup));
}

/** The config as a user writes it: the preset, and what deviates from it. */
function configOf({ config, isNative, parser, sources, types }: Setup): string {
  const files = sources === 'javascript' ? 'src/**/*.js' : '**/*.ts';
  const languageOptions = [
    ...(parser.of === 'own' ? ['parser: tseslint.parser'] : []),
    ...(types === 'project' ? ["parserOptions: { projectService: false, project: './tsconfig.json' }"] : []),
    ...(isNative === true ? ["parserOptions: { projectService: { EXPERIMENTAL_backend: 'tsgo' } }"] : []),
  ];
  const preset =
    sources === 'javascript'
      ? `{ ...concurrency.configs.recommended, files: ['${files}'] }`
      : 'concurrency.configs.recommended';
  const extra = `{ files: ['${files}'], languageOptions: { ${languageOptions.join(', ')} } }`;
  const list = `[${[preset, ...(languageOptions.length === 0 ? [] : [extra])].join(', ')}]`;
  const own = parser.of === 'own';
  return config === 'esm'
    ? `import concurrency from 'eslint-plugin-concurrency';\n${own ? "import tseslint from 'typescript-eslint';\n" : ''}\nexport default ${list};\n`
    : `const { default: concurrency } = require('eslint-plugin-concurrency');\n${own ? "const tseslint = require('typescript-eslint');\n" : ''}\nmodule.exports = ${list};\n`;
}

function typeErrors({ packages }: Setup, folder: string, member: string, node: string): readonly string[] {
  // The alias is a compiler for tools: its command lies elsewhere.
  const name = packages?.['typescript7'] === undefined ? 'typescript' : 'typescript7';
  const compiler = path.join(folder, 'node_modules', name, 'bin', 'tsc');
  const { status, stdout, stderr } = spawnSync(node, [compiler, '-p', member, '--noEmit'], { encoding: 'utf8' });
  return status === 0 ? [] : [`does not type-check after --fix: ${stdout}${stderr}`];
}

function textsIn(folder: string): Record<string, string> {
  return Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]));
}

function parserVersionOf({ parser }: Setup, folder: string): string {
  const places =
    parser.of === 'own'
      ? ['typescript-eslint/node_modules/@typescript-eslint/parser', '@typescript-eslint/parser']
      : [`${manifest.name}/node_modules/@typescript-eslint/parser`, '@typescript-eslint/parser'];
  const place = places.find((name) => existsSync(path.join(folder, 'node_modules', name)));
  return versionOf(place ?? '@typescript-eslint/parser', folder);
}

/** The version of a package that a project has installed. */
export function versionOf(name: string, folder: string): string {
  const file = path.join(folder, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** A Node.js of this version for this machine, from the package that the package `node` installs. */
function nodeOf(version: string, shelf: string): string {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${system}-${process.arch}`;
  const folder = path.join(shelf, `node-${version.replace(/[^\d.]/g, '')}`);
  const binary = path.join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [name]: version } }),
  );
  const { status, stderr } = npm(folder, 'install', '--no-package-lock');
  if (status !== 0) throw new Error(`npm install failed in ${folder}:\n${stderr}`);
  return binary;
}

function npm(cwd: string, ...given: readonly string[]): { status: number | null; stderr: string } {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return spawnSync(command, [...given, '--no-audit', '--no-fund', '--prefer-offline'], { cwd, encoding: 'utf8' });
}
