import type ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { ownFiles } from '../text/files.ts';
import { importsOf } from './imports.ts';
import { kindByFileName } from './places.ts';

/** The files that a file runs when it is loaded, the one that it is the test of left out. What only declares runs nothing that is seen. */
export function loadedBy(file: ts.SourceFile, core: Core): readonly ts.SourceFile[] {
  return core.ask(loadedFiles, file);
}

const loadedFiles = defineFact<ts.SourceFile, readonly ts.SourceFile[]>({
  name: 'loaded-files',
  scope: 'program',
  compute(file, core) {
    if (file.isDeclarationFile) return [];
    const isTest = kindByFileName(file)?.kind === 'test';
    return core
      .ask(importsOf, file)
      .filter((imported) => !imported.isTypeOnly && !(isTest && isTestOf(file, imported.file)))
      .map((imported) => imported.file);
  },
});

/** Is the test `orders.test.ts` the one of `orders.ts`, wherever either lies? */
function isTestOf(test: ts.SourceFile, subject: ts.SourceFile): boolean {
  return stemOf(test).replace(/[.-](?:test|spec|e2e|e2e-spec|int-test)$/, '') === stemOf(subject);
}

function stemOf(file: ts.SourceFile): string {
  return file.fileName.slice(file.fileName.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
}

/** For each file of the project those that load it. */
export const loadersOf = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, readonly ts.SourceFile[]>>({
  name: 'loaders-of',
  scope: 'program',
  compute(program, core) {
    const found = new Map<ts.SourceFile, ts.SourceFile[]>();
    for (const file of core.ask(ownFiles, program)) {
      for (const loaded of loadedBy(file, core)) {
        const known = found.get(loaded);
        if (known === undefined) found.set(loaded, [file]);
        else known.push(file);
      }
    }
    return found;
  },
});

/** Files that are looked at on the way to the entries of a program. */
const MOST_FILES = 4_000;

/**
 * The files that run in one process with this one: those that some entry of the project loads which loads this file as well, and the
 * file itself. Tests are no entries.
 */
export const loadedWith = defineFact<ts.SourceFile, ReadonlySet<ts.SourceFile>>({
  name: 'loaded-with',
  scope: 'program',
  compute(file, core) {
    const loaders = core.ask(loadersOf, core.program);
    const above = new Set([file]);
    const entries: ts.SourceFile[] = [];
    for (const each of above) {
      const found = (loaders.get(each) ?? []).filter((loader) => kindByFileName(loader)?.kind !== 'test');
      if (found.length === 0) entries.push(each);
      for (const loader of found) if (above.size < MOST_FILES) above.add(loader);
    }
    // Files that load each other in a circle have no first one.
    const mates = new Set(entries.length === 0 ? above : entries);
    for (const each of mates) for (const loaded of loadedBy(each, core)) if (mates.size < MOST_FILES) mates.add(loaded);
    return mates;
  },
});
