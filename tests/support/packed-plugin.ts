import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './program.ts';

/** What a clone has that `npm pack` needs. */
const CLONED = [
  'src',
  'docs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
];

/** The tarball as it would be published. */
export interface PackedPlugin {
  readonly tarball: string;
  /** The files in it, by path, sorted. */
  readonly files: readonly string[];
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Packed once for all tests that install it. */
    readonly packedPlugin: PackedPlugin;
  }
}

/**
 * Packs the plugin in a copy of the sources that has never been built, so that `npm pack` has to build what it packs. Copy and tarball
 * are put into `folder`.
 */
export function packPlugin(folder: string): PackedPlugin {
  const clone = path.join(folder, 'clone');
  for (const entry of CLONED) cpSync(path.join(REPOSITORY, entry), path.join(clone, entry), { recursive: true });
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(clone, 'node_modules'), 'junction');

  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const { status, stdout, stderr } = spawnSync(npm, ['pack', '--json', '--pack-destination', folder], {
    cwd: clone,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed (where it is the build, \`npm run build\` says why): ${stderr}`);
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string; files: { path: string }[] }>);
  if (packed === undefined) throw new Error(`npm pack said nothing of a tarball: ${stdout}`);
  return { tarball: path.join(folder, packed.filename), files: packed.files.map((file) => file.path).sort() };
}

/** Puts the plugin into the `node_modules` of a project. */
export function installPlugin({ tarball }: PackedPlugin, project: string): void {
  const target = path.join(project, 'node_modules', 'eslint-plugin-concurrency');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components', '1']);
}
