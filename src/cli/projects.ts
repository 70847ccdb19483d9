import { spawnSync } from 'node:child_process';
import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import * as ts from 'typescript';
import { SetupError } from '../errors.ts';

/** Folders that hold no source of the project. */
const NEVER_SEARCHED = new Set(['.git', 'coverage', 'dist', 'node_modules']);

/**
 * The files to lint: what the tsconfigs in and above the given paths compile, as far as it lies under these paths.
 *
 * A file of no tsconfig has no types to ask, so it is not among them; neither are declaration files and what git ignores.
 */
export function filesUnder(paths: readonly string[], cwd: string): readonly string[] {
  const places = paths.map((given) => {
    const place = path.resolve(cwd, given);
    if (!existsSync(place)) throw new SetupError(`There is no file or folder '${given}'.`);
    return place;
  });
  const configs = new Set(places.flatMap((place) => [...configsBelow(place), ...configsAbove(place)]));
  if (configs.size === 0) {
    throw new SetupError(
      `No tsconfig.json was found in ${cwd}, above it or below it; the rules ask for types, so create one ` +
        '(`npx tsc --init`) or run this command where yours lies.',
    );
  }
  const compiled = new Set<string>();
  const seen = new Set<string>();
  for (const config of configs) addFilesOf(config, compiled, seen);
  const wanted = [...compiled].filter((file) => places.some((place) => file === place || isBelow(file, place)));
  const files = withoutIgnored(wanted, cwd);
  if (files.length === 0) {
    throw new SetupError(`No file under ${paths.join(', ')} belongs to a tsconfig.json; look at its \`include\`.`);
  }
  return files.toSorted();
}

function configsAbove(place: string): readonly string[] {
  const nearest = ts.findConfigFile(place, (file) => ts.sys.fileExists(file));
  return nearest === undefined ? [] : [path.resolve(nearest)];
}

function configsBelow(place: string): readonly string[] {
  if (!statSync(place).isDirectory()) return [];
  return readFolder(place).flatMap((entry) => {
    const found = path.join(place, entry.name);
    if (entry.isDirectory()) return NEVER_SEARCHED.has(entry.name) ? [] : configsBelow(found);
    return entry.name === 'tsconfig.json' ? [found] : [];
  });
}

/** What may not be read is not searched. */
function readFolder(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Adds the files of a tsconfig and of the projects that it refers to. */
function addFilesOf(config: string, files: Set<string>, seen: Set<string>): void {
  if (seen.has(config)) return;
  seen.add(config);
  const parsed = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => failOn(config, diagnostic),
  });
  const broken = parsed?.errors.find(
    ({ category, code }) => category === ts.DiagnosticCategory.Error && code !== NO_INPUTS,
  );
  if (broken !== undefined) failOn(config, broken);
  for (const file of parsed?.fileNames ?? []) {
    if (!/\.d\.([^./]+\.)?[cm]?ts$/.test(file) && !file.endsWith('.json')) files.add(path.resolve(file));
  }
  for (const reference of parsed?.projectReferences ?? []) {
    addFilesOf(path.resolve(ts.resolveProjectReferencePath(reference)), files, seen);
  }
}

/** TypeScript's complaint about a tsconfig without files, which is ordinary where it only refers to others. */
const NO_INPUTS = 18003;

function failOn(config: string, diagnostic: ts.Diagnostic): never {
  throw new SetupError(`${config} cannot be read: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`);
}

function isBelow(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith('..') && !path.isAbsolute(relative) && !relative.split(path.sep).includes('node_modules');
}

/** Without what git ignores (generated code); all of them where there is no git. */
function withoutIgnored(files: readonly string[], cwd: string): readonly string[] {
  const { status, stdout } = spawnSync('git', ['check-ignore', '--stdin', '-z'], {
    cwd,
    input: files.join('\0'),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) return files;
  const ignored = new Set(stdout.split('\0'));
  return files.filter((file) => !ignored.has(file));
}
