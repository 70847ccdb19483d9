import type ts from 'typescript';
import { defineFact } from '../facts.ts';

/** The Program's own files: no declaration files, nothing installed, nothing of the compiler. */
export const ownFiles = defineFact<ts.Program, readonly ts.SourceFile[]>({
  name: 'own-files',
  scope: 'program',
  compute: (program) => program.getSourceFiles().filter((file) => isOwnFile(file, program)),
});

/**
 * The files of the Program that have code: the project's own, and the sources of other packages that the compiler reads in place of
 * declarations, such as those of the same workspace.
 */
export const codeFiles = defineFact<ts.Program, readonly ts.SourceFile[]>({
  name: 'code-files',
  scope: 'program',
  compute: (program) =>
    program.getSourceFiles().filter((file) => !file.isDeclarationFile && !file.fileName.endsWith('.json')),
});

/** Is this a file of the project, with code of its own? */
export function isOwnFile(file: ts.SourceFile, program: ts.Program): boolean {
  return (
    !file.isDeclarationFile &&
    !file.fileName.includes('/node_modules/') &&
    !file.fileName.endsWith('.json') &&
    !program.isSourceFileFromExternalLibrary(file) &&
    !program.isSourceFileDefaultLibrary(file)
  );
}
