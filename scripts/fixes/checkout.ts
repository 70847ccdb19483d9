import path from 'node:path';
import ts from 'typescript';

/** Changed texts, by absolute path. Nothing is ever written: the checkout stays as it is. */
export type Texts = ReadonlyMap<string, string>;

/** The files of one tsconfig of a checkout, compiled with changes that are kept in memory. */
export interface Checkout {
  readonly folder: string;
  /** The files to lint, absolute. */
  readonly files: readonly string[];
  /** The Program with these changes. What did not change since the last call is not parsed again. */
  programWith(changes: Texts): ts.Program;
}

/** Opens the sources of a tsconfig that lie below a folder: no declarations, nothing that is installed or built. */
export function openCheckout(folder: string, config: string): Checkout {
  const read = ts.readConfigFile(config, (file) => ts.sys.readFile(file));
  const parsed = ts.parseJsonConfigFileContent(read.config, ts.sys, path.dirname(config), undefined, config);
  const rootNames = parsed.fileNames;
  const options: ts.CompilerOptions = { ...parsed.options, noEmit: true };
  const files = rootNames.map((file) => path.resolve(file)).filter((file) => isSourceBelow(folder, file));
  if (files.length === 0) throw new Error(`${config} has no source below ${folder}.`);

  const parsedFiles = new Map<string, ts.SourceFile>();
  let changes: Texts = new Map();
  let previous: ts.Program | undefined;
  const host = hostOver(options, () => changes, parsedFiles);
  return {
    folder,
    files,
    programWith(wanted) {
      changes = wanted;
      const program = ts.createProgram({
        rootNames,
        options,
        host,
        ...(parsed.projectReferences === undefined ? {} : { projectReferences: parsed.projectReferences }),
        ...(previous === undefined ? {} : { oldProgram: previous }),
      });
      previous = program;
      return program;
    },
  };
}

function isSourceBelow(folder: string, file: string): boolean {
  const below = path.relative(folder, file);
  return !below.startsWith('..') && !/\.d\.[cm]?ts$|\.json$|(^|[\\/])(node_modules|dist)[\\/]/.test(below);
}

function hostOver(
  options: ts.CompilerOptions,
  changes: () => Texts,
  parsed: Map<string, ts.SourceFile>,
): ts.CompilerHost {
  const host = ts.createCompilerHost(options, true);
  const { getSourceFile, readFile } = host;
  return {
    ...host,
    readFile: (name) => changes().get(path.resolve(name)) ?? readFile(name),
    getSourceFile(name, version, onError) {
      const text = changes().get(path.resolve(name));
      const known = parsed.get(name);
      // A file as it is on disk is kept beside its changed forms, of which the last one is.
      const key = text === undefined ? name : `${name}\0`;
      const kept = text === undefined ? known : parsed.get(key);
      if (kept !== undefined && (text === undefined || kept.text === text)) return kept;
      const file =
        text === undefined ? getSourceFile(name, version, onError) : ts.createSourceFile(name, text, version, true);
      if (file !== undefined) parsed.set(key, file);
      return file;
    },
  };
}
