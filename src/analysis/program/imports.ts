import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { calledSpecifierOf } from '../syntax/modules.ts';
import { ownFiles } from '../text/files.ts';
import { fileNodes } from '../text/nodes.ts';

/** One import of another file of the project. */
export interface Import {
  /** The string that names the module. */
  readonly specifier: ts.StringLiteralLike;
  readonly file: ts.SourceFile;
  /** Nothing of it is left when the program runs. */
  readonly isTypeOnly: boolean;
}

interface Specifier {
  readonly node: ts.StringLiteralLike;
  readonly isTypeOnly: boolean;
}

/** Every string in a file that names a module: imports, re-exports, `import()`, `require()`. */
export const moduleSpecifiers = defineFact<ts.SourceFile, readonly Specifier[]>({
  name: 'module-specifiers',
  scope: 'text',
  compute(file, core) {
    const found: Specifier[] = [];
    for (const statement of file.statements) {
      const specifier = specifierOf(statement);
      if (specifier !== undefined) found.push({ node: specifier, isTypeOnly: isTypeOnly(statement) });
    }
    if (/\b(?:import|require)\s*\(/.test(file.text)) {
      for (const call of core.ask(fileNodes, file).calls) {
        const specifier = ts.isCallExpression(call) ? calledSpecifierOf(call) : undefined;
        if (specifier !== undefined) found.push({ node: specifier, isTypeOnly: false });
      }
    }
    return found;
  },
});

/** The files of the project that a file imports. What cannot be resolved to one is left out. */
export const importsOf = defineFact<ts.SourceFile, readonly Import[]>({
  name: 'imports',
  scope: 'program',
  compute: (file, core) =>
    core.ask(moduleSpecifiers, file).flatMap(({ node, isTypeOnly }) => {
      const target = fileNamedBy(node, core);
      return target === undefined ? [] : [{ specifier: node, file: target, isTypeOnly }];
    }),
});

/** For each file of the project the files that import it, types included. */
export const importers = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, readonly ts.SourceFile[]>>({
  name: 'importers',
  scope: 'program',
  compute(program, core) {
    const found = new Map<ts.SourceFile, ts.SourceFile[]>();
    for (const file of core.ask(ownFiles, program)) {
      for (const imported of core.ask(importsOf, file)) {
        const known = found.get(imported.file);
        if (known === undefined) found.set(imported.file, [file]);
        else if (known.at(-1) !== file) known.push(file);
      }
    }
    return found;
  },
});

function specifierOf(statement: ts.Statement): ts.StringLiteralLike | undefined {
  if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
    const { moduleSpecifier } = statement;
    return moduleSpecifier !== undefined && ts.isStringLiteralLike(moduleSpecifier) ? moduleSpecifier : undefined;
  }
  if (ts.isImportEqualsDeclaration(statement) && ts.isExternalModuleReference(statement.moduleReference)) {
    const { expression } = statement.moduleReference;
    return ts.isStringLiteralLike(expression) ? expression : undefined;
  }
  return undefined;
}

function isTypeOnly(statement: ts.Statement): boolean {
  if (ts.isImportDeclaration(statement)) {
    const clause = statement.importClause;
    if (clause === undefined) return false;
    if (ts.isTypeOnlyImportDeclaration(clause)) return true;
    const bindings = clause.namedBindings;
    return (
      clause.name === undefined &&
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.length > 0 &&
      bindings.elements.every((element) => element.isTypeOnly)
    );
  }
  return (ts.isExportDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) && statement.isTypeOnly;
}

/** The file of the Program that a module string of this file names, declaration files included. */
export function fileNamedBy(specifier: ts.StringLiteralLike, core: Core): ts.SourceFile | undefined {
  const from = specifier.getSourceFile().fileName;
  if (specifier.text.startsWith('.')) {
    const near = fileAt(joined(from.slice(0, from.lastIndexOf('/')), specifier.text), core);
    if (near !== undefined) return near;
  }
  return core.checker.getSymbolAtLocation(specifier)?.declarations?.find(ts.isSourceFile);
}

const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

interface FilesByPath {
  readonly whole: ReadonlyMap<string, ts.SourceFile>;
  /** Without its extension, the one that comes first in `ENDINGS`. */
  readonly stems: ReadonlyMap<string, ts.SourceFile>;
}

const filesByPath = defineFact<ts.Program, FilesByPath>({
  name: 'files-by-path',
  scope: 'program',
  compute(program) {
    const whole = new Map(program.getSourceFiles().map((file) => [file.fileName, file]));
    const stems = new Map<string, ts.SourceFile>();
    const rank = ({ fileName }: ts.SourceFile): number => ENDINGS.indexOf(/\.[cm]?[jt]sx?$/.exec(fileName)?.[0] ?? '');
    for (const file of whole.values()) {
      const own = rank(file);
      if (own < 0) continue;
      const stem = file.fileName.slice(0, -(ENDINGS[own]?.length ?? 0));
      const known = stems.get(stem);
      if (known === undefined || own < rank(known)) stems.set(stem, file);
    }
    return { whole, stems };
  },
});

/** The file of the Program at this path, which may lack its extension or have that of its output. */
export function fileAt(path: string, core: Core): ts.SourceFile | undefined {
  const { stems, whole } = core.ask(filesByPath, core.program);
  const own = whole.get(path);
  if (own !== undefined) return own;
  const written = /\.([cm]?)jsx?$/.exec(path);
  if (written !== null) {
    const stem = path.slice(0, written.index);
    const source = whole.get(`${stem}.${written[1] ?? ''}ts`) ?? whole.get(`${stem}.tsx`);
    if (source !== undefined) return source;
  }
  return stems.get(path) ?? stems.get(`${path}/index`);
}

/** The path that a relative path means in a directory. */
export function joined(directory: string, relative: string): string {
  const parts = directory.split('/');
  for (const part of relative.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
