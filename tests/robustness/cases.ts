import path from 'node:path';
import ts from 'typescript';
import { rules } from '../../src/rules/index.ts';
import { lint, type Report } from '../support/lint.ts';
import { programOf, type VirtualProgram, virtualPath } from '../support/program.ts';

/** Everything the rules can report. */
const EVERYTHING = Object.fromEntries(
  Object.entries(rules).map(([name, { meta }]) => [name, meta.docs.hasTiers ? [{ certainty: 'likely' }] : []]),
);

/** What all rules report in a file of a Program; nothing if the file is no program. Throws what a rule throws. */
export function lintWithAll(virtual: VirtualProgram, filename: string, code: string): Report[] | undefined {
  try {
    return lint(virtual, filename, code, { rules, run: EVERYTHING });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('ESLint could not lint')) return undefined;
    throw error;
  }
}

/** A file that is no program is not linted: the parser says so. */
type Outcome = 'linted' | 'unparsed';

/** As the compiler's own tests are run: what a case does not say is lenient. */
const LENIENT: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Auto,
  allowJs: true,
  checkJs: true,
  strict: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/**
 * Lints all files of one of TypeScript's own test cases. A case holds several files when it has `// @filename:` lines; its other
 * directives are not heard.
 */
export function lintCase(name: string, text: string): Outcome[] {
  const files = filesOf(name, text);
  const virtual = programOf(files, LENIENT);
  return Object.entries(files)
    .filter(
      ([file]) => virtual.program.getSourceFile(virtualPath(file)) !== undefined && !file.includes('node_modules/'),
    )
    .map(([file]) => (lintWithAll(virtual, file, virtual.sourceFile(file).text) === undefined ? 'unparsed' : 'linted'));
}

/** The files of a case by name, absolute names laid below the folder of the case. */
export function filesOf(name: string, text: string): Record<string, string> {
  const files: Record<string, string> = {};
  let file = path.basename(name);
  let lines: string[] = [];
  const close = (): void => {
    if (lines.some((line) => line.trim() !== '')) files[file] = lines.join('\n');
    lines = [];
  };
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const named = /^\/\/\s*@filename\s*:\s*(.+?)\s*$/i.exec(line)?.[1];
    if (named === undefined) {
      lines.push(line);
      continue;
    }
    close();
    file = path.posix.normalize(named.replaceAll('\\', '/')).replace(/^([A-Za-z]:)?(\.{0,2}\/)+/, '');
  }
  close();
  return files;
}
