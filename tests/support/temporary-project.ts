import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from './program.ts';

/** A project in a temporary folder, outside the repository, with the repository's packages installed. */
export interface TemporaryProject {
  readonly folder: string;
  /** Writes files, by their path in the project. */
  write(files: Readonly<Record<string, string>>): void;
  remove(): void;
}

/** What a project has installed. */
export interface Packages {
  /** Names of packages that it must not have. */
  readonly without?: readonly string[];
  /** Nothing is left out and nothing will be put in: one link is enough. */
  readonly asInRepository?: boolean;
}

/**
 * Makes a project in a temporary folder: ESM, and `node_modules` made of links to what the repository has installed, so that
 * nothing is fetched.
 */
export function temporaryProject(name: string, { without = [], asInRepository }: Packages = {}): TemporaryProject {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), `${name}-`)));
  const [installed, packages] = [path.join(REPOSITORY, 'node_modules'), path.join(folder, 'node_modules')];
  if (asInRepository === true) symlinkSync(installed, packages, 'junction');
  else linkPackages(installed, packages, without);
  const project: TemporaryProject = {
    folder,
    write(files) {
      for (const [file, text] of Object.entries(files)) {
        const target = path.join(folder, file);
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, text);
      }
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
  project.write({ 'package.json': JSON.stringify({ name, private: true, type: 'module' }) });
  return project;
}

/** Each package is a link of its own, so that a test can add and leave out packages. */
function linkPackages(from: string, to: string, without: readonly string[], scope = ''): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from)) {
    if (entry.startsWith('.')) continue;
    if (entry.startsWith('@')) linkPackages(path.join(from, entry), path.join(to, entry), without, `${entry}/`);
    else if (!without.includes(scope + entry)) symlinkSync(path.join(from, entry), path.join(to, entry), 'junction');
  }
}

/** Files of the language and of packages: the same for every project. */
const packageFiles = new Map<string, ts.SourceFile>();

/** What the compiler says against the project whose `tsconfig.json` lies in `folder`, one line for each error. */
export function typeErrorsIn(folder: string): string[] {
  const file = path.join(folder, 'tsconfig.json');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, (name) => ts.sys.readFile(name)).config,
    ts.sys,
    folder,
  );
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  const kind = JSON.stringify([options.target, options.module, options.moduleDetection]);
  host.getSourceFile = (name, ...rest) => {
    if (!name.includes('/node_modules/')) return read(name, ...rest);
    const key = `${kind} ${name}`;
    const known = packageFiles.get(key) ?? read(name, ...rest);
    if (known !== undefined) packageFiles.set(key, known);
    return known;
  };
  const program = ts.createProgram(fileNames, { ...options, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    if (diagnostic.file === undefined) return text;
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    return `${path.relative(folder, diagnostic.file.fileName)}:${String(line + 1)} ${text}`;
  });
}
