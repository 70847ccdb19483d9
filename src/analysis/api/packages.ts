import * as ts from 'typescript';
import { installedPackageOf, type Origins } from './origin.ts';

/** Names of all packages and modules that the program has declarations of; rows of others can match nothing. */
export function packagesIn(program: ts.Program, origins: Origins): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of program.getSourceFiles()) {
    if (program.isSourceFileDefaultLibrary(file)) continue;
    const installed = installedPackageOf(file.fileName);
    const name = installed ?? origins.packageOf(file.fileName);
    if (name !== undefined) names.add(name);
    if (!file.isDeclarationFile) continue;
    for (const statement of file.statements) {
      if (ts.isModuleDeclaration(statement) && ts.isStringLiteral(statement.name)) names.add(statement.name.text);
    }
  }
  return names;
}
