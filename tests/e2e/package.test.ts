import { afterAll, describe, expect, inject, test } from 'vitest';
import { eslint } from '../support/eslint-command.ts';
import { installPlugin } from '../support/packed-plugin.ts';
import { type TemporaryProject, temporaryProject, typeErrorsIn } from '../support/temporary-project.ts';

const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true },
  include: ['src'],
});

describe('the packed plugin', { timeout: 120_000 }, () => {
  const plugin = inject('packedPlugin');
  const projects: TemporaryProject[] = [];

  afterAll(() => {
    for (const project of projects) project.remove();
  });

  function projectWith(files: Readonly<Record<string, string>>): string {
    const project = temporaryProject('invoices');
    projects.push(project);
    installPlugin(plugin, project.folder);
    project.write({ 'tsconfig.json': TSCONFIG, ...files });
    return project.folder;
  }

  test('holds what it was built from `src` into, its pages and its licence, and nothing else', () => {
    const wanted = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/cli/main.js',
      'dist/index.d.ts',
      'dist/index.js',
      'docs/rules/prefer-atomics.md',
      'package.json',
    ];
    const published = /^(?:dist|docs)\/|^(?:CHANGELOG|README)\.md$|^LICENSE$|^package\.json$/;

    expect(wanted.filter((file) => !plugin.files.includes(file))).toEqual([]);
    expect(plugin.files.filter((file) => !published.test(file))).toEqual([]);
  });

  test('lints with one line of an ESM config', () => {
    const folder = projectWith({
      'eslint.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default concurrency.configs.recommended;
`,
      'src/archive.ts': `
import { createServer } from 'node:http';
let bytes = 0;
async function store(invoice: string): Promise<number> {
  return fetch('http://archive.internal/' + invoice).then((answer) => answer.status, () => 0);
}
createServer(async (request, response) => {
  bytes += await store(request.url ?? '');
  response.end(String(bytes));
}).listen(3000);
`,
    });

    const { exitCode, reports } = eslint(folder, 'src');

    expect(reports.map(({ file, rule, line }) => `${file}:${String(line)} ${rule}`)).toEqual([
      'src/archive.ts:8 concurrency/no-nonatomic-update',
    ]);
    expect(exitCode).toBe(1);
  });

  test('lints with one line of a CommonJS config', () => {
    const folder = projectWith({
      'package.json': '{ "name": "invoices", "private": true }',
      'eslint.config.js': `
const { default: concurrency } = require('eslint-plugin-concurrency');
module.exports = concurrency.configs.recommended;
`,
      'src/archive.ts': `
import { createServer } from 'node:http';
let bytes = 0;
async function store(invoice: string): Promise<number> {
  return fetch('http://archive.internal/' + invoice).then((answer) => answer.status, () => 0);
}
createServer(async (request, response) => {
  bytes += await store(request.url ?? '');
  response.end(String(bytes));
}).listen(3000);
`,
    });

    const { exitCode, reports } = eslint(folder, 'src');

    expect(reports.map(({ file, rule, line }) => `${file}:${String(line)} ${rule}`)).toEqual([
      'src/archive.ts:8 concurrency/no-nonatomic-update',
    ]);
    expect(exitCode).toBe(1);
  });

  test('says nothing, and ends with 0, where there is nothing to say', () => {
    const folder = projectWith({
      'eslint.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default concurrency.configs.all;
`,
      'src/archive.ts': `
import { createServer } from 'node:http';
let invoices = 0;
createServer((_request, response) => {
  invoices += 1;
  response.end(String(invoices));
}).listen(3000);
`,
    });

    const { exitCode, reports, errors } = eslint(folder, 'src');

    expect(reports).toEqual([]);
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
  });

  test('ends with 2 and a sentence when a setting is wrong', () => {
    const folder = projectWith({
      'eslint.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default [concurrency.configs.recommended, { settings: { concurrency: { fixes: 'always' } } }];
`,
      'src/archive.ts': `
let invoices = 0;
export async function archive(invoice: Promise<number>): Promise<number> {
  invoices += await invoice;
  return invoices;
}
`,
    });

    const { exitCode, errors } = eslint(folder, 'src');

    expect(errors).toContain('settings.concurrency.fixes');
    expect(exitCode).toBe(2);
  });

  test('brings types that a typed config resolves', () => {
    const folder = projectWith({
      'src/config.ts': `
import { defineConfig } from 'eslint/config';
import concurrency, { type ConcurrencySettings } from 'eslint-plugin-concurrency';

const settings: ConcurrencySettings = { fixes: 'suggest' };
const version: string = concurrency.meta.version;
export default defineConfig(concurrency.configs.recommended, concurrency.configs.strict, { settings: { concurrency: settings } });
export { version };
// @ts-expect-error There is no such preset.
export const none = concurrency.configs.everything;
`,
    });

    expect(typeErrorsIn(folder)).toEqual([]);
  });
});
