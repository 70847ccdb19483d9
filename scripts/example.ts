/** Runs the built command on the example service: its reports and their count, then the diff that `--fix` would write. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

console.log('$ eslint-plugin-concurrency examples/service');
const withReports = lintExample();
console.log('$ eslint-plugin-concurrency examples/service --diff');
const withoutReports = lintExample('--diff');

// The example is there to be reported, and `--fix` leaves nothing to report.
process.exitCode = withReports === 1 && withoutReports === 0 ? 0 : 1;

function lintExample(...options: readonly string[]): number | null {
  const command = path.join(root, 'dist', 'cli', 'main.js');
  const { status } = spawnSync(process.execPath, [command, 'examples/service', ...options], {
    cwd: root,
    stdio: 'inherit',
  });
  return status;
}
