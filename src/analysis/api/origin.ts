import * as ts from 'typescript';
import type { InstalledVersion } from './versions.ts';

/**
 * Where a declaration comes from, as tags that a catalogue row can ask for: `package:pg`, `module:events`, `lib`, `global`, `file`,
 * `path:/project/src/locks.ts`.
 */
export type Tag = string;

/** Answers where declarations come from, with the answers of one Program kept. */
export interface Origins {
  /** Every tag of every declaration of the symbol. */
  tagsOf(symbol: ts.Symbol): ReadonlySet<Tag>;
  /** The package that holds a file: by its `node_modules` folder, else by the nearest `package.json`. */
  packageOf(fileName: string): string | undefined;
  /**
   * The installed version of the package that holds a file. Types that are installed apart (`@types/…`) stand for the version of
   * the package that they are for, where that lies beside them.
   *
   * @param wants provenances that the file fits, `package:express`
   */
  versionOf(fileName: string, wants?: readonly string[]): InstalledVersion | undefined;
}

const MODULES = '/node_modules/';

/** Generated files say what they are in their first lines. */
const LONGEST_HEAD = 300;

/**
 * Opens the question for one Program.
 *
 * @param headers the packages that generate files into a project, by what stands at the head of such a file
 */
export function originsIn(program: ts.Program, headers: ReadonlyMap<string, string> = new Map()): Origins {
  const tags = new WeakMap<ts.Symbol, ReadonlySet<Tag>>();
  const manifests = new Map<string, Manifest | undefined>();
  const generators = new WeakMap<ts.SourceFile, string | null>();

  function tagsOf(symbol: ts.Symbol): ReadonlySet<Tag> {
    let known = tags.get(symbol);
    if (known === undefined) {
      known = new Set((symbol.declarations ?? []).flatMap(tagsOfDeclaration));
      tags.set(symbol, known);
    }
    return known;
  }

  function tagsOfDeclaration(declaration: ts.Declaration): Tag[] {
    const file = declaration.getSourceFile();
    const found: Tag[] = [];
    const ambient = ambientModuleOf(declaration);
    if (ambient !== undefined) found.push(`module:${ambient}`);
    const isLib = program.isSourceFileDefaultLibrary(file);
    const installed = installedPackageOf(file.fileName);
    if (isLib) found.push('lib');
    if ((isLib || installed !== undefined) && isGlobal(declaration)) found.push('global');
    if (isLib) return found;
    if (installed !== undefined) {
      found.push(`package:${installed}`);
    } else {
      found.push('file', `path:${file.fileName}`);
      if (file.isDeclarationFile && isGlobal(declaration))
        found.push(...modulesOf(file).map((name) => `module:${name}`));
      for (const name of [packageOf(file.fileName), generatorOf(file)])
        if (name !== undefined) found.push(`package:${name}`);
    }
    return found;
  }

  /** The package that wrote the file into the project. */
  function generatorOf(file: ts.SourceFile): string | undefined {
    let generator = generators.get(file);
    if (generator === undefined) {
      const head = file.text.slice(0, LONGEST_HEAD);
      generator = [...headers].find(([header]) => head.includes(header))?.[1] ?? null;
      generators.set(file, generator);
    }
    return generator ?? undefined;
  }

  function packageOf(fileName: string): string | undefined {
    return installedPackageOf(fileName) ?? manifestOf(directoryOf(fileName))?.name;
  }

  function versionOf(fileName: string, wants: readonly string[] = []): InstalledVersion | undefined {
    const version = versionBeside(fileName, wants) ?? manifestOf(directoryOf(fileName))?.version;
    const [major, minor] = /^v?(\d+)(?:\.(\d+))?/.exec(version ?? '')?.slice(1) ?? [];
    if (major === undefined) return undefined;
    return { major: Number(major), ...(minor === undefined ? {} : { minor: Number(minor) }) };
  }

  function versionBeside(fileName: string, wants: readonly string[]): string | undefined {
    const end = fileName.lastIndexOf(`${MODULES}@types/`);
    if (end < 0) return undefined;
    for (const want of wants) {
      if (!want.startsWith('package:')) continue;
      const found = manifestOf(`${fileName.slice(0, end)}${MODULES}${want.slice('package:'.length)}`);
      if (found?.version !== undefined) return found.version;
    }
    return undefined;
  }

  /** The nearest `package.json` that has a name; nested ones that only say `"type": "module"` are passed over. */
  function manifestOf(directory: string): Manifest | undefined {
    if (manifests.has(directory)) return manifests.get(directory);
    let found = manifestIn(directory);
    const parent = directoryOf(directory);
    const isPackageRoot = directory.endsWith('/node_modules');
    if (found?.name === undefined) found = parent === directory || isPackageRoot ? undefined : manifestOf(parent);
    manifests.set(directory, found);
    return found;
  }

  return { tagsOf, packageOf, versionOf };
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
}

function manifestIn(directory: string): Manifest | undefined {
  const text = ts.sys.readFile(`${directory}/package.json`);
  if (text === undefined) return undefined;
  const { config } = ts.parseConfigFileTextToJson('package.json', text) as { config?: Record<string, unknown> };
  const name = config?.['name'];
  const version = config?.['version'];
  return {
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof version === 'string' ? { version } : {}),
  };
}

function directoryOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end <= 0 ? '' : path.slice(0, end);
}

/** The package by the last `node_modules` folder of the path; the types of `@a/b` lie in `@types/a__b`. */
export function installedPackageOf(fileName: string): string | undefined {
  const start = fileName.lastIndexOf(MODULES);
  if (start < 0) return undefined;
  const name = segmentsFrom(fileName, start + MODULES.length, 1);
  if (!name.startsWith('@')) return name;
  const scoped = segmentsFrom(fileName, start + MODULES.length, 2);
  if (name !== '@types') return scoped;
  const described = scoped.slice('@types/'.length);
  return described.includes('__') ? `@${described.replace('__', '/')}` : described;
}

/** The next segments of a path, as many as asked for. Asked of every file of a program, so without taking the path apart. */
function segmentsFrom(path: string, start: number, count: number): string {
  let end = start - 1;
  for (let taken = 0; taken < count; taken++) {
    end = path.indexOf('/', end + 1);
    if (end < 0) return path.slice(start);
  }
  return path.slice(start, end);
}

/**
 * The modules of a runtime (`cloudflare:workers`) that a declaration file of the project brings. Its tool has written the globals beside
 * them from the runtime's types, so they are that runtime's.
 */
function modulesOf(file: ts.SourceFile): readonly string[] {
  if (!file.text.includes('declare module')) return [];
  return file.statements.flatMap((statement) => {
    const name = ts.isModuleDeclaration(statement) && ts.isStringLiteral(statement.name) ? statement.name.text : '';
    return name.includes(':') && !name.startsWith('node:') ? [name] : [];
  });
}

/** The module named by a string around the declaration (`declare module "http"`), without `node:`. */
function ambientModuleOf(declaration: ts.Node): string | undefined {
  let node = declaration.parent as ts.Node | undefined;
  for (; node !== undefined; node = node.parent as ts.Node | undefined) {
    if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) return node.name.text.replace(/^node:/, '');
  }
  return undefined;
}

/** Is the declaration, or the namespace around it, in global scope? */
function isGlobal(declaration: ts.Node): boolean {
  let child = declaration;
  let node = declaration.parent as ts.Node | undefined;
  for (; node !== undefined; child = node, node = node.parent as ts.Node | undefined) {
    if (ts.isModuleDeclaration(node)) {
      if (ts.isStringLiteral(node.name)) return false;
      if ((node.flags & ts.NodeFlags.GlobalAugmentation) !== 0) return true;
    }
    if (ts.isSourceFile(node)) return !ts.isExternalModule(node) || hasGlobalTwin(child, node);
  }
  return false;
}

/** Is it the interface from which a module makes the global of the same name, as the types of Node.js do with `AbortSignal`? */
function hasGlobalTwin(declaration: ts.Node, file: ts.SourceFile): boolean {
  if (!ts.isInterfaceDeclaration(declaration) || !file.isDeclarationFile) return false;
  const name = declaration.name.text;
  return file.statements.some(
    (statement) =>
      ts.isModuleDeclaration(statement) &&
      (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0 &&
      statement.body !== undefined &&
      ts.isModuleBlock(statement.body) &&
      statement.body.statements.some((each) => ts.isInterfaceDeclaration(each) && each.name.text === name),
  );
}

/** The symbol's name; for a default export also the name written on its declaration, and what a bundler called `App$1` as `App`. */
export function namesOf(symbol: ts.Symbol): readonly string[] {
  const { name } = symbol;
  if (name !== 'default' && name !== 'export=') {
    const renamed = name.lastIndexOf('$');
    return renamed > 0 && /^\d+$/.test(name.slice(renamed + 1)) ? [name, name.slice(0, renamed)] : [name];
  }
  const written = (symbol.declarations ?? []).flatMap((declaration) => {
    const name = ts.getNameOfDeclaration(declaration);
    return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
  });
  return [symbol.name, ...written];
}
