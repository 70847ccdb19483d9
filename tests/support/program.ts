import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const REPOSITORY = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/**
 * Where the in-memory files lie. The folder does not exist; it is inside the repository so that `node_modules` is found, and its
 * name says nothing that a rule could take for a test or a script.
 */
export const VIRTUAL_ROOT = path.join(REPOSITORY, 'virtual');

/** The compiler options of a case, unless it says otherwise. */
export const DEFAULT_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.esnext.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.Preserve,
  types: ['node'],
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: false,
  resolveJsonModule: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

/** A Program over in-memory files. */
export interface VirtualProgram {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  readonly options: ts.CompilerOptions;
  /** A file by the name it was given. */
  sourceFile(name: string): ts.SourceFile;
  /** Syntactic and semantic diagnostics of all given files, in the order of the files. */
  diagnostics(): readonly ts.Diagnostic[];
}

/** Caches kept for one set of compiler options. */
interface Shelf {
  readonly files: Map<string, ts.SourceFile | undefined>;
  readonly virtualFiles: Map<string, ts.SourceFile>;
  readonly resolutions: ts.ModuleResolutionCache;
  previous?: ts.Program;
}

const shelves = new Map<string, Shelf>();
const onDisk = new Map<string, boolean>();
const folders = new Map<string, boolean>();

/** The absolute path of a file of a case. */
export function virtualPath(name: string): string {
  return path.isAbsolute(name) ? name : path.join(VIRTUAL_ROOT, name);
}

/**
 * A Program over in-memory files, laid over the real file system in a virtual folder of the repository: packages and their types
 * resolve from the repository's `node_modules`. Library files are parsed once for each set of compiler options.
 *
 * Every folder is an ES module package unless `files` brings a `package.json` of its own. JavaScript files are checked.
 */
export function programOf(files: Readonly<Record<string, string>>, options: ts.CompilerOptions = {}): VirtualProgram {
  const texts = new Map(Object.entries(files).map(([name, text]) => [virtualPath(name), text]));
  const rootNames = [...texts.keys()].filter(isSource);
  const hasScripts = rootNames.some((name) => /\.[cm]?jsx?$/.test(name));
  const compilerOptions: ts.CompilerOptions = {
    ...DEFAULT_OPTIONS,
    ...(hasScripts ? { allowJs: true, checkJs: true } : {}),
    ...options,
  };
  const packageFile = path.join(VIRTUAL_ROOT, 'package.json');
  if (!texts.has(packageFile)) texts.set(packageFile, '{ "name": "service", "private": true, "type": "module" }');

  const shelf = shelfFor(compilerOptions);
  // An old Program vouches for resolutions that a package of the case would change.
  const isPlain = !Object.keys(files).some((name) => name.includes('node_modules/') || name.endsWith('package.json'));
  const program = ts.createProgram({
    rootNames,
    options: compilerOptions,
    host: hostOver(texts, compilerOptions, shelf, isPlain ? shelf.resolutions : resolutionsFor(compilerOptions)),
    ...(shelf.previous !== undefined && isPlain ? { oldProgram: shelf.previous } : {}),
  });
  if (isPlain) shelf.previous = program;
  return {
    program,
    options: compilerOptions,
    get checker() {
      return program.getTypeChecker();
    },
    sourceFile(name) {
      const file = program.getSourceFile(virtualPath(name));
      if (file === undefined)
        throw new Error(`The Program has no file '${name}'; it has ${Object.keys(files).join(', ')}.`);
      return file;
    },
    diagnostics: () =>
      rootNames.flatMap((name) => {
        const file = program.getSourceFile(name);
        return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
      }),
  };
}

function isSource(name: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(name) && !name.includes('/node_modules/');
}

function shelfFor(options: ts.CompilerOptions): Shelf {
  const key = JSON.stringify(options);
  let shelf = shelves.get(key);
  if (shelf === undefined) {
    shelf = {
      files: new Map(),
      virtualFiles: new Map(),
      resolutions: resolutionsFor(options),
    };
    shelves.set(key, shelf);
  }
  return shelf;
}

function resolutionsFor(options: ts.CompilerOptions): ts.ModuleResolutionCache {
  return ts.createModuleResolutionCache(REPOSITORY, (name) => name, options);
}

/** `resolutions` are what the virtual folder remembers: of this Program alone when it has packages of its own. */
function hostOver(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
  shelf: Shelf,
  resolutions: ts.ModuleResolutionCache,
): ts.CompilerHost {
  const virtualFolders = foldersOf(texts.keys());
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => REPOSITORY,
    fileExists: (name) => texts.has(name) || (!isVirtual(name) && remembered(onDisk, name, ts.sys.fileExists)),
    directoryExists: (name) =>
      virtualFolders.has(name) || (!isVirtual(name) && remembered(folders, name, ts.sys.directoryExists)),
    readFile: (name) => texts.get(name) ?? (isVirtual(name) ? undefined : ts.sys.readFile(name)),
    realpath: (name) => (isVirtual(name) ? name : (ts.sys.realpath?.(name) ?? name)),
    getDirectories: (name) => (isVirtual(name) ? [] : ts.sys.getDirectories(name)),
    getSourceFile: (name, languageVersion) => {
      const text = texts.get(name);
      if (text !== undefined) {
        const kept = shelf.virtualFiles.get(name);
        if (kept?.text === text && sameFormat(kept, languageVersion)) return kept;
        const parsed = ts.createSourceFile(name, text, languageVersion, true);
        shelf.virtualFiles.set(name, parsed);
        return parsed;
      }
      if (!shelf.files.has(name)) {
        const found = isVirtual(name) ? undefined : ts.sys.readFile(name);
        shelf.files.set(
          name,
          found === undefined ? undefined : ts.createSourceFile(name, found, languageVersion, true),
        );
      }
      return shelf.files.get(name);
    },
    // Asked for every file, also of the library, which `package.json` says what it is.
    getModuleResolutionCache: () => resolutions,
    resolveModuleNameLiterals: (literals, containingFile, redirected, compilerOptions, containing) =>
      literals.map((literal) =>
        ts.resolveModuleName(
          literal.text,
          containingFile,
          compilerOptions,
          host,
          // What lies in the virtual folder differs from case to case; only packages are worth remembering.
          !isVirtual(containingFile) ? shelf.resolutions : /^[.#/]/.test(literal.text) ? undefined : resolutions,
          redirected,
          ts.getModeForUsageLocation(containing, literal, compilerOptions),
        ),
      ),
  };
  return host;
}

/** A file parsed as CommonJS is another file when a `package.json` makes it an ES module. */
function sameFormat(file: ts.SourceFile, wanted: ts.CreateSourceFileOptions | ts.ScriptTarget): boolean {
  return typeof wanted === 'object' && file.impliedNodeFormat === wanted.impliedNodeFormat;
}

function isVirtual(name: string): boolean {
  return name === VIRTUAL_ROOT || name.startsWith(`${VIRTUAL_ROOT}/`);
}

function foldersOf(names: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of names) {
    for (let folder = path.dirname(name); isVirtual(folder) && !found.has(folder); folder = path.dirname(folder))
      found.add(folder);
  }
  return found;
}

function remembered(memory: Map<string, boolean>, name: string, look: (name: string) => boolean): boolean {
  let answer = memory.get(name);
  if (answer === undefined) {
    answer = look(name);
    memory.set(name, answer);
  }
  return answer;
}
