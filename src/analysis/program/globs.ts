import type ts from 'typescript';
import { projectDirectoryOf } from '../project-directory.ts';

/** Globs of the user that overrule what a file is taken for. Paths start at the folder of the project's `tsconfig.json`. */
export interface ProgramGlobs {
  readonly entryPoints: readonly string[];
  readonly scripts: readonly string[];
  readonly services: readonly string[];
  readonly tests: readonly string[];
}

/** Nothing is overruled. */
export const NO_GLOBS: ProgramGlobs = { entryPoints: [], scripts: [], services: [], tests: [] };

/** Does one of the globs name this file? They know `**`, `*`, `?` and `{a,b}`. */
export function isNamedBy(globs: readonly string[], fileName: string, program: ts.Program): boolean {
  if (globs.length === 0) return false;
  const path = fromRoot(fileName, projectDirectoryOf(program));
  return globs.some((glob) => patternOf(glob).test(path));
}

function fromRoot(fileName: string, directory: string): string {
  const path = fileName.replaceAll('\\', '/');
  const root = `${directory}/`;
  return path.startsWith(root) ? path.slice(root.length) : path;
}

function patternOf(glob: string): RegExp {
  const source = glob
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
    .replace(/\*\*\/|\*\*|\*|\?|\{|\}|,|[.+^$()|[\]\\]/g, (token) => {
      switch (token) {
        case '**/':
          return '(?:.*/)?';
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
        case '{':
          return '(?:';
        case '}':
          return ')';
        case ',':
          return '|';
        default:
          return `\\${token}`;
      }
    });
  return new RegExp(`^${source}$`);
}
