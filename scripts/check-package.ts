/** Packs what was last built as it would be published and lets publint and `attw` judge the tarball. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'concurrency-pack-'));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

try {
  execFileSync(npm, ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('`npm pack` wrote no tarball.');
  const packed = path.join(folder, tarball);
  // CommonJS configs load the plugin with `require(esm)` or `import()`; there is no CommonJS build to check.
  const judges = [
    ['publint', 'run', packed, '--strict'],
    ['attw', packed, '--profile', 'esm-only', '--no-emoji', '--no-color'],
  ];
  for (const [judge = '', ...rest] of judges) {
    const { status } = spawnSync(path.join(root, 'node_modules', '.bin', judge), rest, { cwd: root, stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
