import type ts from 'typescript';
import type { Core } from '../facts.ts';
import { projectDirectoryOf } from '../project-directory.ts';
import { manifestOf } from './manifest.ts';

/** What the place of a file says about it. */
export interface PlaceName {
  readonly kind: 'cli' | 'config' | 'example' | 'migration' | 'script' | 'test';
  /** The folder that says so, absolute; the file itself if its name does. */
  readonly within: string;
  /** The folder's name, or the file's. */
  readonly name: string;
}

/** Folders, in the order in which they count: a script among the tests is a test. */
const FOLDERS: readonly (readonly [PlaceName['kind'], ReadonlySet<string>])[] = [
  ['test', new Set(['__fixtures__', '__mocks__', '__tests__', 'e2e', 'fixtures', 'spec', 'specs', 'test', 'tests'])],
  ['example', new Set(['demo', 'demos', 'example', 'examples'])],
  ['migration', new Set(['migrations'])],
  ['script', new Set(['bench', 'benchmark', 'benchmarks', 'dev', 'scripts', 'seed', 'seeds', 'tools'])],
  ['cli', new Set(['bin', 'cli'])],
];

const FILES: readonly (readonly [PlaceName['kind'], RegExp])[] = [
  ['test', /[.-](?:e2e|spec|test)(?:-d)?\.[cm]?[jt]sx?$|\.(?:e2e-spec|int-test)\.[cm]?[jt]sx?$/],
  ['config', /\.config\.[cm]?[jt]s$/],
  ['example', /\.stories\.[jt]sx?$/],
  ['script', /\.bench\.[cm]?[jt]s$|^(?:dev(?:[.-]?server)?|seed|migrate)\.[cm]?[jt]s$/i],
];

/** The kind that the file's own name gives away. */
export function kindByFileName(file: ts.SourceFile): PlaceName | undefined {
  const name = file.fileName.slice(file.fileName.lastIndexOf('/') + 1);
  const found = FILES.find(([, pattern]) => pattern.test(name));
  return found === undefined ? undefined : { kind: found[0], within: file.fileName, name };
}

/** The kind that a folder of the project gives away. Folders above the project's root say nothing. */
export function kindByFolder(file: ts.SourceFile, core: Core): PlaceName | undefined {
  const root = rootOf(file, core);
  const folders = file.fileName
    .slice(root.length + 1)
    .split('/')
    .slice(0, -1);
  for (const [kind, names] of FOLDERS) {
    const at = folders.findIndex((folder) => names.has(folder.toLowerCase()));
    if (at >= 0) return { kind, within: [root, ...folders.slice(0, at + 1)].join('/'), name: folders[at] as string };
  }
  return undefined;
}

/** The higher one of the folder of the project and the folder of the nearest package. */
function rootOf(file: ts.SourceFile, core: Core): string {
  const candidates = [projectDirectoryOf(core.program), manifestOf(file, core)?.directory]
    .filter((directory) => directory !== undefined)
    .filter((directory) => file.fileName.startsWith(`${directory}/`));
  return candidates.sort((left, right) => left.length - right.length)[0] ?? '';
}
