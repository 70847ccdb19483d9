import type ts from 'typescript';

/**
 * The absolute folder of the project, with `/`: where its `tsconfig.json` lies. Not the Program's current directory, which is the
 * folder of the command in one run and that of the `tsconfig.json` in an editor; that is taken where there is no such file.
 */
export function projectDirectoryOf(program: ts.Program): string {
  const { configFilePath } = program.getCompilerOptions();
  const directory =
    typeof configFilePath === 'string'
      ? configFilePath.replaceAll('\\', '/').replace(/\/[^/]*$/, '')
      : program.getCurrentDirectory().replaceAll('\\', '/');
  return directory.replace(/\/$/, '');
}
