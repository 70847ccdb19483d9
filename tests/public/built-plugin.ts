import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPOSITORY } from '../support/program.ts';

/** The plugin as it is now, built into a folder of its own. */
export interface BuiltPlugin {
  /** Puts it into the `node_modules` of a project. */
  installInto(folder: string): void;
  remove(): void;
}

/** Builds without checking types, which is the business of others, and without touching `dist`. */
export function buildPlugin(): BuiltPlugin {
  const folder = mkdtempSync(path.join(tmpdir(), 'concurrency-built-'));
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const options = ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false'];
  execFileSync(process.execPath, [compiler, ...options, '--outDir', path.join(folder, 'dist')], { cwd: REPOSITORY });
  cpSync(path.join(REPOSITORY, 'package.json'), path.join(folder, 'package.json'));
  return {
    installInto(project) {
      cpSync(folder, path.join(project, 'node_modules', 'eslint-plugin-concurrency'), { recursive: true });
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
