import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { isOwnFile, ownFiles } from '../text/files.ts';
import { fileAt, joined } from './imports.ts';

/** What a `package.json` says about the files of its package. */
export interface Manifest {
  readonly directory: string;
  readonly path: string;
  /** Files that are commands. */
  readonly commands: readonly string[];
  /** Files that others import: `main`, `module`, `exports`. */
  readonly entries: readonly string[];
  /** Files that `npm start` runs. */
  readonly starts: readonly string[];
}

interface Manifests {
  /** The nearest `package.json` above a file that says more than how its modules are written. */
  nearest(fileName: string): Manifest | undefined;
}

/** The manifests of the Program's packages, read when they are asked for. */
const manifests = defineFact<ts.Program, Manifests>({
  name: 'manifests',
  scope: 'program',
  compute(program) {
    const known = new Map<string, Manifest | undefined>();
    const nearestIn = (directory: string): Manifest | undefined => {
      if (known.has(directory)) return known.get(directory);
      const parent = parentOf(directory);
      const found = manifestIn(directory, program) ?? (parent === directory ? undefined : nearestIn(parent));
      known.set(directory, found);
      return found;
    };
    return { nearest: (fileName) => nearestIn(parentOf(fileName)) };
  },
});

/** The package that a file belongs to. */
export function manifestOf(file: ts.SourceFile, core: Core): Manifest | undefined {
  return core.ask(manifests, core.program).nearest(file.fileName);
}

/** Files of the Program that packages name, or whose build output they name. */
export interface NamedFiles {
  readonly commands: ReadonlyMap<ts.SourceFile, Manifest>;
  readonly entries: ReadonlyMap<ts.SourceFile, Manifest>;
  readonly starts: ReadonlyMap<ts.SourceFile, Manifest>;
}

/** The commands and entries of the packages in the Program. */
export const namedFiles = defineFact<ts.Program, NamedFiles>({
  name: 'named-files',
  scope: 'program',
  compute(program, core) {
    const found = new Set(core.ask(ownFiles, program).flatMap((file) => manifestOf(file, core) ?? []));
    const commands = new Map<ts.SourceFile, Manifest>();
    const entries = new Map<ts.SourceFile, Manifest>();
    const starts = new Map<ts.SourceFile, Manifest>();
    for (const manifest of found) {
      for (const path of manifest.commands)
        for (const file of sourcesOf(path, manifest, core)) commands.set(file, manifest);
      for (const path of manifest.entries)
        for (const file of sourcesOf(path, manifest, core)) entries.set(file, manifest);
      for (const path of manifest.starts)
        for (const file of sourcesOf(path, manifest, core)) starts.set(file, manifest);
    }
    return { commands, entries, starts };
  },
});

/** The files of the Program that a path in a manifest stands for: itself, or what it is built from. */
function sourcesOf(path: string, manifest: Manifest, core: Core): readonly ts.SourceFile[] {
  if (path.endsWith('.json')) return [];
  const star = path.indexOf('*');
  if (star >= 0) return filesBelow(path.slice(0, star), manifest, core);
  for (const candidate of candidatesFor(path, manifest, core)) {
    const file = fileAt(candidate, core);
    if (file !== undefined && isOwnFile(file, core.program)) return [file];
  }
  return [];
}

/** `./dist/*` stands for every file below `dist`, or below what it is built from. */
function filesBelow(path: string, manifest: Manifest, core: Core): readonly ts.SourceFile[] {
  for (const candidate of candidatesFor(path, manifest, core)) {
    const files = core.ask(ownFiles, core.program).filter((file) => file.fileName.startsWith(`${candidate}/`));
    if (files.length > 0) return files;
  }
  return [];
}

/** Where the source of `dist/esm/index.js` may lie: by the compiler's folders, then `src/` and the root less the leading folders. */
function candidatesFor(path: string, { directory }: Manifest, core: Core): readonly string[] {
  const output = joined(directory, path);
  const stem = output.replace(/\.d\.([cm]?)ts$/, '.$1js');
  const found = [stem];
  const { outDir, rootDir } = core.program.getCompilerOptions();
  if (outDir !== undefined && rootDir !== undefined && stem.startsWith(`${outDir}/`)) {
    found.push(rootDir + stem.slice(outDir.length));
  }
  const parts = stem.slice(directory.length + 1).split('/');
  for (let from = 0; from < parts.length; from++) {
    const rest = parts.slice(from).join('/');
    found.push(`${directory}/src/${rest}`);
    if (from > 0) found.push(`${directory}/${rest}`);
  }
  return found;
}

function manifestIn(directory: string, program: ts.Program): Manifest | undefined {
  const path = `${directory}/package.json`;
  const text = textAt(path, program);
  if (text === undefined) return undefined;
  const { config } = ts.parseConfigFileTextToJson(path, text) as { config?: Readonly<Record<string, unknown>> };
  if (config === undefined) return undefined;
  const commands = stringsIn(config['bin']);
  const entries = ['main', 'module', 'exports'].flatMap((field) => stringsIn(config[field]));
  const starts = startedBy(config['scripts']);
  const saysSomething = config['name'] !== undefined || commands.length > 0 || entries.length > 0;
  return saysSomething ? { directory, path, commands, entries, starts } : undefined;
}

/** The text of a file as the Program's host sees it, where it lets us look; else from the disk. */
function textAt(path: string, program: ts.Program): string | undefined {
  const { readFile } = program as { readonly readFile?: (path: string) => string | undefined };
  return readFile === undefined ? ts.sys.readFile(path) : readFile(path);
}

/** The paths in `npm start` and its variants: `node --enable-source-maps dist/main`. */
function startedBy(scripts: unknown): readonly string[] {
  if (typeof scripts !== 'object' || scripts === null) return [];
  return Object.entries(scripts).flatMap(([name, command]) =>
    /^start(?:$|:prod)/.test(name) && typeof command === 'string'
      ? command.split(/\s+/).filter((word) => /^[^-].*(?:\/|\.[cm]?[jt]s$)/.test(word) && !word.includes('='))
      : [],
  );
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? path : path.slice(0, end);
}
