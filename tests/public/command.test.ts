import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Packages, type TemporaryProject, temporaryProject } from '../support/temporary-project.ts';
import { run } from '../../src/cli/run.ts';
import { type BuiltPlugin, buildPlugin } from './built-plugin.ts';

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true },
  include: ['src'],
});

const LOSES_UPDATES = `
import { createServer } from 'node:http';
let bytes = 0;
async function store(invoice: string): Promise<number> {
  return fetch('http://archive.internal/' + invoice).then((answer) => answer.status, () => 0);
}
createServer(async (request, response) => {
  bytes += await store(request.url ?? '');
  response.end(String(bytes));
}).listen(3000);
`;

const LOSES_NOTHING = `
import { createServer } from 'node:http';
let invoices = 0;
createServer((_request, response) => {
  invoices += 1;
  response.end(String(invoices));
}).listen(3000);
`;

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const projects: TemporaryProject[] = [];

afterAll(() => {
  for (const project of projects) project.remove();
});

function projectWith(files: Readonly<Record<string, string>>, packages: Packages = { asInRepository: true }): string {
  const project = temporaryProject('invoices', packages);
  projects.push(project);
  project.write(files);
  return project.folder;
}

/** The command in this process. */
async function runIn(cwd: string, ...given: readonly string[]): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await run(given, {
    cwd,
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
  });
  return { exitCode, stdout, stderr };
}

describe('the command', { timeout: 30_000 }, () => {
  test('reports, counts by rule and ends with 1', async () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_UPDATES });
    const { exitCode, stdout, stderr } = await runIn(folder);
    expect(stdout).toContain(path.join('src', 'archive.ts'));
    expect(stdout).toContain('     1  concurrency/no-nonatomic-update\n     1  in 1 file\n');
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
  });

  test('ends with 0 where there is nothing to report', async () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_NOTHING });
    expect(await runIn(folder)).toEqual({ exitCode: 0, stdout: 'No reports in 1 file.\n', stderr: '' });
  });

  test('shows with --diff what --fix then writes', async () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_UPDATES });
    const file = path.join(folder, 'src', 'archive.ts');
    const shown = await runIn(folder, '--diff');
    expect(shown.stdout).toContain('--- a/src/archive.ts');
    expect(shown.stdout).toContain('-  bytes += await store');
    expect(shown.stdout).toMatch(/\n\nWith these changes:\nNo reports in 1 file\.\n$/);
    expect(readFileSync(file, 'utf8')).toBe(LOSES_UPDATES);

    const written = await runIn(folder, '--fix');
    expect(written).toEqual({ exitCode: 0, stdout: 'No reports in 1 file.\n', stderr: '' });
    const added = shown.stdout.split('\n').filter((line) => /^\+[^+]/.test(line));
    for (const line of added) expect(readFileSync(file, 'utf8')).toContain(line.slice(1));
    expect(added).not.toEqual([]);
  });

  test('keeps a report for machines whole and tells the progress beside it', async () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_UPDATES });
    const { stdout, stderr } = await runIn(folder, '--format', 'json', '--progress', 'src/archive.ts');
    const [result] = JSON.parse(stdout) as { messages: { ruleId: string }[] }[];
    expect(result?.messages.map(({ ruleId }) => ruleId)).toEqual(['concurrency/no-nonatomic-update']);
    expect(stderr).toContain('0/1 files\n1/1 files\n');
    expect(stderr).toContain('     1  concurrency/no-nonatomic-update\n');
  });

  test('leaves out what no tsconfig compiles, declarations, generated code and rules of the project', async () => {
    const folder = projectWith({
      'tsconfig.json': TSCONFIG,
      '.gitignore': 'generated/\n',
      'src/archive.ts': `/* eslint no-undef: "error", orders/total: "error" */\n// eslint-disable-next-line no-console\n${LOSES_NOTHING}`,
      'src/generated/client.ts': LOSES_UPDATES,
      'src/legacy.d.ts': 'declare const legacy: number;\n',
      'checks/archive.ts': LOSES_UPDATES,
    });
    spawnSync('git', ['init', '--quiet'], { cwd: folder });
    expect(await runIn(folder)).toEqual({ exitCode: 0, stdout: 'No reports in 1 file.\n', stderr: '' });
  });

  test('follows the references of a tsconfig and finds those of a monorepo', async () => {
    const folder = projectWith({
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./packages/archive" }] }',
      'packages/archive/tsconfig.json': TSCONFIG,
      'packages/archive/src/archive.ts': LOSES_NOTHING,
      'packages/orders/tsconfig.json': TSCONFIG,
      'packages/orders/src/orders.ts': LOSES_NOTHING,
    });
    expect((await runIn(folder)).stdout).toBe('No reports in 2 files.\n');
    expect((await runIn(folder, 'packages/orders')).stdout).toBe('No reports in 1 file.\n');
  });

  test('says its options and its version', async () => {
    const folder = projectWith({});
    expect(await runIn(folder, '--help')).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await runIn(folder, '--help')).stdout).toContain('--max-warnings');
    expect((await runIn(folder, '--version')).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });

  test('ends with 2 and one sentence when there is no tsconfig', async () => {
    const folder = projectWith({ 'src/archive.ts': LOSES_UPDATES });
    const { exitCode, stdout, stderr } = await runIn(folder);
    expect(stderr).toMatch(
      /^No tsconfig\.json was found in .*\(`npx tsc --init`\) or run this command where yours lies\.\n$/,
    );
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('ends with 2 and one sentence when a tsconfig cannot be read', async () => {
    const folder = projectWith({ 'tsconfig.json': '{ "extends": "./base.json" }', 'src/archive.ts': LOSES_NOTHING });
    const { exitCode, stderr } = await runIn(folder);
    expect(stderr).toMatch(/^\S*tsconfig\.json cannot be read: .*base\.json.*\n$/);
    expect(exitCode).toBe(2);
  });

  test('ends with 2 and one sentence when an option, a path, a preset or a format is wrong', async () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_NOTHING });
    expect(await runIn(folder, '--fxi')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: "Unknown option '--fxi'; --help lists the options.\n",
    });
    expect(await runIn(folder, 'scr')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: "There is no file or folder 'scr'.\n",
    });
    expect((await runIn(folder, '--preset', 'strikt')).stderr).toBe(
      "There is no preset 'strikt'; there are recommended, strict, all.\n",
    );
    expect((await runIn(folder, '--max-warnings', 'few')).stderr).toBe(
      "--max-warnings takes a whole number, not 'few'.\n",
    );
    expect((await runIn(folder, '--format', 'pdf')).stderr).toMatch(/^There is no formatter 'pdf'; .*\n$/);
  });

  test('reports a file that does not parse and goes on', async () => {
    const folder = projectWith({
      'tsconfig.json': TSCONFIG,
      'src/archive.ts': LOSES_NOTHING,
      'src/broken.ts': 'export const = ;\n',
    });
    const { exitCode, stdout } = await runIn(folder);
    expect(stdout).toContain('Parsing error');
    expect(stdout).toContain('     1  cannot be parsed\n     1  in 2 files\n');
    expect(exitCode).toBe(1);
  });
});

describe('the built command', { timeout: 30_000 }, () => {
  let plugin: BuiltPlugin;

  beforeAll(() => {
    plugin = buildPlugin();
  }, 60_000);

  afterAll(() => {
    plugin.remove();
  });

  function spawn(folder: string, ...options: readonly string[]): Run {
    plugin.installInto(folder);
    const command = path.join(folder, 'node_modules', 'eslint-plugin-concurrency', 'dist', 'cli', 'main.js');
    const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...options], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { exitCode: status, stdout, stderr };
  }

  test('gives the exit code to the shell', () => {
    const folder = projectWith({ 'tsconfig.json': TSCONFIG, 'src/archive.ts': LOSES_UPDATES }, {});
    expect(spawn(folder)).toMatchObject({ exitCode: 1, stderr: '' });
    expect(spawn(folder, '--fxi')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(spawn(folder, '--version')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  describe('and the plugin where `typescript` is version 7, which has no compiler API', () => {
    const SENTENCE =
      'eslint-plugin-concurrency needs the compiler API of TypeScript, which `typescript` 7.0.2 does not have; run ' +
      '`npm i -D typescript@6`, or keep TypeScript 7 for builds and alias the other one for tools: ' +
      '`npm i -D typescript@npm:@typescript/typescript6`.';

    function projectOnSeven(): string {
      return projectWith(
        {
          'tsconfig.json': TSCONFIG,
          'src/archive.ts': LOSES_UPDATES,
          'node_modules/typescript/package.json':
            '{ "name": "typescript", "version": "7.0.2", "type": "module", "exports": { ".": "./lib/version.cjs" } }',
          'node_modules/typescript/lib/version.cjs':
            'const { version } = require("../package.json");\n' +
            'exports.version = version;\nexports.versionMajorMinor = "7.0";\n',
        },
        { without: ['typescript'] },
      );
    }

    test('say so in one sentence when the command runs', () => {
      expect(spawn(projectOnSeven())).toEqual({ exitCode: 2, stdout: '', stderr: `${SENTENCE}\n` });
    });

    test('can be imported, and say so when a preset is read', () => {
      const folder = projectOnSeven();
      plugin.installInto(folder);
      const script = `
        import concurrency from 'eslint-plugin-concurrency';
        console.log(concurrency.meta.namespace);
        try { concurrency.configs.recommended } catch (error) { console.log(error.message) }
      `;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      expect(stdout).toBe(`concurrency\n${SENTENCE}\n`);
    });
  });
});
