import { builtinModules } from 'node:module';
import ts from 'typescript';
import { isInRange } from '../../src/analysis/api/versions.ts';
import { originsIn } from '../../src/analysis/api/origin.ts';
import type { Catalogue, CatalogueEntry } from '../../src/catalogue/schema.ts';
import { programOf } from '../support/program.ts';

/** One row: a type (`types`) or a member (`members`) of an entry. */
export interface RowOfEntry {
  readonly entry: CatalogueEntry;
  readonly key: string;
  readonly kind: 'member' | 'type';
  readonly since: string | undefined;
}

/** A module that uses a row. */
export interface Spelling {
  readonly text: string;
  readonly extension: 'cts' | 'ts';
}

/** What the installed type packages say about a row. */
export type Evidence =
  /** Declared; `spellings` are modules that use it, each in its last call or expression. */
  | { readonly is: 'declared'; readonly spellings: readonly Spelling[] }
  /** Another version is installed. */
  | { readonly is: 'other-version' }
  /** The package is not installed. */
  | { readonly is: 'absent' }
  /** The package is there, the type or member is not. */
  | { readonly is: 'missing'; readonly what: string };

/** All rows, with the versions they stand for. */
export function rowsIn(catalogue: Catalogue): readonly RowOfEntry[] {
  return catalogue.flatMap((entry) => [
    ...Object.keys(entry.types ?? {}).map((key) => ({ entry, key, kind: 'type' as const, since: entry.since })),
    ...Object.entries(entry.members ?? {}).map(([key, row]) => ({
      entry,
      key,
      kind: 'member' as const,
      since: (typeof row === 'object' && 'since' in row ? row.since : undefined) ?? entry.since,
    })),
  ]);
}

/** `Pool.connect` of `pg` as `pg Pool.connect`, with the versions if they are limited. */
export function labelOf(row: RowOfEntry): string {
  return `${packageLabelOf(row)} ${row.key}`;
}

/** `express <5`: the entry, with the versions if they are limited. */
export function packageLabelOf({ entry, since }: RowOfEntry): string {
  return since === undefined ? entry.from : `${entry.from} ${since}`;
}

/** Node's globals and those of browsers together; what only one of the two declares is there too. */
export const LIBRARIES: ts.CompilerOptions = { noUnusedLocals: false, lib: ['lib.esnext.d.ts', 'lib.dom.d.ts'] };

const BUILTIN = new Set(builtinModules);

function specifiersOf(entry: CatalogueEntry): readonly string[] {
  if (entry.from === 'lib' || entry.from === 'global') return [];
  return [entry.from, ...(entry.alsoKnownAs ?? [])].map((name) => (BUILTIN.has(name) ? `node:${name}` : name));
}

/** A statement that imports something, its name, and the kind of module in which that works. */
interface Name {
  readonly statement: string;
  readonly name: string;
  readonly extension: 'cts' | 'ts';
}

interface Candidate {
  readonly symbol: ts.Symbol;
  readonly spell: (name: string) => readonly string[];
}

/** Opens the question: what do the installed types say? */
export function evidenceFor(catalogue: Catalogue): (row: RowOfEntry) => Evidence {
  const specifiers = [...new Set(catalogue.flatMap(specifiersOf))];
  const { program, checker, sourceFile } = programOf(
    { 'imports.ts': specifiers.map((name, place) => `import * as module${String(place)} from '${name}';`).join('\n') },
    LIBRARIES,
  );
  const origins = originsIn(program);
  const modules = new Map<string, ts.Symbol>();
  for (const statement of sourceFile('imports.ts').statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const symbol = checker.getSymbolAtLocation(statement.moduleSpecifier);
    if (symbol !== undefined) modules.set(statement.moduleSpecifier.text, symbol);
  }
  const paths = new Map([...modules].map(([specifier, symbol]) => [specifier, pathsFrom(symbol)]));
  const declared = declarationsByName();

  /** Everything that can be reached by name from a module: each symbol with its dotted path. */
  function pathsFrom(module: ts.Symbol): ReadonlyMap<ts.Symbol, string> {
    const found = new Map<ts.Symbol, string>();
    const queue: { symbol: ts.Symbol; path: string }[] = [{ symbol: module, path: '' }];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { symbol, path } = next;
      if (path.split('.').length > 4) continue;
      for (const exported of checker.getExportsOfModule(symbol)) {
        const target = aliased(exported);
        if (exported.name === 'prototype' || (found.has(target) && found.get(target) !== 'default')) continue;
        const own = path === '' ? exported.name : `${path}.${exported.name}`;
        found.set(target, own);
        if ((target.flags & ts.SymbolFlags.Namespace) !== 0) queue.push({ symbol: target, path: own });
      }
    }
    const whole = module.exports?.get(ts.InternalSymbolName.ExportEquals);
    if (whole !== undefined) found.set(aliased(whole), '');
    return found;
  }

  function aliased(symbol: ts.Symbol): ts.Symbol {
    return (symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol);
  }

  /** Every named declaration of every file, also where no module exports it. */
  function declarationsByName(): ReadonlyMap<string, ReadonlySet<ts.Symbol>> {
    const found = new Map<string, Set<ts.Symbol>>();
    const add = (node: ts.Node): void => {
      if (
        ts.isModuleDeclaration(node) ||
        ts.isModuleBlock(node) ||
        ts.isVariableStatement(node) ||
        ts.isVariableDeclarationList(node)
      ) {
        ts.forEachChild(node, add);
      }
      const isNamed =
        ts.isClassDeclaration(node) ||
        ts.isInterfaceDeclaration(node) ||
        ts.isTypeAliasDeclaration(node) ||
        ts.isFunctionDeclaration(node) ||
        ts.isVariableDeclaration(node) ||
        ts.isModuleDeclaration(node);
      if (!isNamed || node.name === undefined || !ts.isIdentifier(node.name)) return;
      const symbol = checker.getSymbolAtLocation(node.name);
      if (symbol === undefined) return;
      const same = found.get(node.name.text);
      if (same === undefined) found.set(node.name.text, new Set([symbol]));
      else same.add(symbol);
    };
    for (const file of program.getSourceFiles()) {
      // Some packages ship their declarations as `.ts`.
      if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) ts.forEachChild(file, add);
    }
    return found;
  }

  /** Symbols of this name that the entry's package or module declares. */
  function symbolsOf(entry: CatalogueEntry, name: string): readonly ts.Symbol[] {
    const wanted =
      entry.from === 'lib' || entry.from === 'global'
        ? [entry.from]
        : [entry.from, ...(entry.alsoKnownAs ?? [])].flatMap((from) =>
            BUILTIN.has(from) ? [`module:${from}`] : [`package:${from}`, `module:${from}`],
          );
    return [...(declared.get(name) ?? [])].filter((symbol) => wanted.some((tag) => origins.tagsOf(symbol).has(tag)));
  }

  function isInstalledIn(module: ts.Symbol | undefined, range: string): boolean {
    return (module?.declarations ?? []).some((each) =>
      isInRange(origins.versionOf(each.getSourceFile().fileName), range),
    );
  }

  /** How code imports and names a symbol, as a value and as a type. */
  function nameOf(entry: CatalogueEntry, symbol: ts.Symbol): Name | undefined {
    for (const specifier of specifiersOf(entry)) {
      const path = paths.get(specifier)?.get(symbol);
      if (path !== undefined) return imported(specifier, path);
    }
    const [declaration] = symbol.declarations ?? [];
    if (declaration === undefined) return undefined;
    const file = declaration.getSourceFile();
    const module = ts.isExternalModule(file) ? checker.getSymbolAtLocation(file) : undefined;
    const inner = module === undefined ? undefined : pathsFrom(module).get(symbol);
    if (inner !== undefined) return imported(file.fileName.replace(/\.d\.([cm]?)ts$/, '.$1js'), inner);
    const outer = globalPathOf(declaration);
    return outer === undefined ? undefined : { name: outer, statement: '', extension: 'ts' };
  }

  /** By name where it has one, since that is how people import it. */
  function imported(specifier: string, path: string): Name {
    if (path === '') return { name: 'whole', statement: `import whole = require('${specifier}');\n`, extension: 'cts' };
    const [first = '', ...rest] = path.split('.');
    const name = ['given', ...rest].join('.');
    // The default export of a CommonJS file is its whole module for an ES module, and itself for CommonJS.
    const extension = first === 'default' && specifier.startsWith('/') ? 'cts' : 'ts';
    return { name, statement: `import { ${first} as given } from '${specifier}';\n`, extension };
  }

  function typed(symbol: ts.Symbol, type: string): string {
    const parameters = (symbol.declarations ?? []).flatMap((each) =>
      ts.isClassLike(each) || ts.isInterfaceDeclaration(each) || ts.isTypeAliasDeclaration(each)
        ? [each.typeParameters ?? []]
        : [],
    );
    const needed = parameters[0]?.filter((parameter) => parameter.default === undefined).length ?? 0;
    return needed === 0 ? type : `${type}<${Array.from({ length: needed }, () => 'any').join(', ')}>`;
  }

  function hasProperty(type: ts.Type, name: string): boolean {
    return checker.getPropertyOfType(checker.getApparentType(type), name) !== undefined;
  }

  function valueTypesOf(symbol: ts.Symbol): ts.Type[] {
    return (symbol.declarations ?? [])
      .filter(
        (each) =>
          ts.isVariableDeclaration(each) ||
          ts.isClassLike(each) ||
          ts.isModuleDeclaration(each) ||
          ts.isFunctionDeclaration(each),
      )
      .map((each) => checker.getTypeOfSymbolAtLocation(symbol, each));
  }

  function isType(symbol: ts.Symbol): boolean {
    return (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) !== 0;
  }

  return (row) => {
    const { entry, key, kind, since } = row;
    const isThere =
      entry.from === 'lib' || entry.from === 'global' || specifiersOf(entry).some((name) => modules.has(name));
    if (!isThere) return { is: 'absent' };
    if (since !== undefined && !specifiersOf(entry).some((name) => isInstalledIn(modules.get(name), since)))
      return { is: 'other-version' };
    const candidates = candidatesFor(kind, key);
    const spelled = candidates.flatMap(({ symbol, spell }) => {
      const named = nameOf(entry, symbol);
      if (named === undefined) return [];
      const { name, statement, extension } = named;
      return [spell(name).map((code) => ({ text: `${statement}${code}\nexport {};\n`, extension }))];
    });
    if (candidates.length === 0) return { is: 'missing', what: 'is not declared' };
    const spellings = spelled.flat();
    return spellings.length === 0 ? { is: 'missing', what: 'cannot be named by users' } : { is: 'declared', spellings };

    function candidatesFor(rowKind: 'member' | 'type', written: string): readonly Candidate[] {
      if (rowKind === 'type') return ofType(written, undefined);
      if (written.startsWith('new ')) return ofConstructor(written.slice('new '.length));
      const dot = written.indexOf('.');
      if (dot < 0) return ofFunction(written);
      const [owner, member] = [written.slice(0, dot), written.slice(dot + 1)];
      return member.startsWith('static:') ? ofStatic(owner, member.slice('static:'.length)) : ofType(owner, member);
    }

    function ofType(owner: string, member: string | undefined): readonly Candidate[] {
      return symbolsOf(entry, owner)
        .filter(isType)
        .filter((symbol) => {
          const type = checker.getDeclaredTypeOfSymbol(symbol);
          if (member === undefined) return true;
          return member === '()' ? type.getCallSignatures().length > 0 : hasProperty(type, member);
        })
        .map((symbol) => ({
          symbol,
          spell: (type) => {
            const call = member === undefined ? '' : member === '()' ? '()' : `.${member}()`;
            const optional = member === undefined ? '' : member === '()' ? '?.()' : `?.${member}()`;
            const annotated = `declare const it: ${typed(symbol, type)};\n`;
            return [
              `${annotated}it${call};`,
              `${annotated}const holder = { held: it as typeof it | undefined };\nconst { held } = holder;\nheld${optional};`,
            ];
          },
        }));
    }

    function ofStatic(owner: string, member: string): readonly Candidate[] {
      return symbolsOf(entry, owner)
        .filter((symbol) => valueTypesOf(symbol).some((type) => hasProperty(type, member)))
        .map((symbol) => ({
          symbol,
          spell: (value) => [`${value}.${member}();`, `const held = ${value};\nheld.${member}();`],
        }));
    }

    function ofConstructor(owner: string): readonly Candidate[] {
      return symbolsOf(entry, owner)
        .filter((symbol) =>
          valueTypesOf(symbol).some((type) => type.getConstructSignatures().length > 0 || isAbstractClass(symbol)),
        )
        .map((symbol) => ({
          symbol,
          spell: (value) => [`new ${value}();`, `class Own extends ${typed(symbol, value)} {}\nnew Own();`],
        }));
    }

    function ofFunction(name: string): readonly Candidate[] {
      const plain = symbolsOf(entry, name).filter((symbol) =>
        valueTypesOf(symbol).some((type) => type.getCallSignatures().length > 0),
      );
      const statics = specifiersOf(entry).flatMap((specifier) =>
        [...(paths.get(specifier) ?? [])]
          .filter(([symbol, path]) => path === name && !plain.includes(symbol))
          .map(([symbol]) => symbol),
      );
      return [...plain, ...statics].map((symbol) => ({
        symbol,
        spell: (value) => [`${value}();`, `const own = ${value};\nown();`],
      }));
    }
  };
}

function isAbstractClass(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((each) => ts.isClassLike(each));
}

/** The dotted name of a declaration in global scope. */
function globalPathOf(declaration: ts.Declaration): string | undefined {
  const name = ts.getNameOfDeclaration(declaration);
  if (name === undefined || !ts.isIdentifier(name)) return undefined;
  const names = [name.text];
  let node: ts.Node = declaration.parent;
  for (; !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isModuleDeclaration(node)) continue;
    if (ts.isStringLiteral(node.name)) return undefined;
    if ((node.flags & ts.NodeFlags.GlobalAugmentation) !== 0) return names.join('.');
    names.unshift(node.name.text);
  }
  return ts.isExternalModule(node) ? undefined : names.join('.');
}
