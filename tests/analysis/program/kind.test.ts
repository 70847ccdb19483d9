import path from 'node:path';
import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { openCore } from '../../../src/analysis/facts.ts';
import { NO_GLOBS, type ProgramGlobs } from '../../../src/analysis/program/globs.ts';
import { entryPointOf, isLongLived, programKind, programKinds } from '../../../src/analysis/program/kind.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf, VIRTUAL_ROOT } from '../../support/program.ts';
import { shown } from './asking.ts';

function opened(files: Record<string, string>, globs: Partial<ProgramGlobs> = {}, options?: ts.CompilerOptions) {
  const { program, sourceFile } = programOf(files, options);
  const api = createApi(program.getTypeChecker(), program, catalogue);
  return { core: openCore(program, api, undefined, { ...NO_GLOBS, ...globs }), sourceFile };
}

/** The kinds of a file, sorted. */
function kindsOf(
  files: Record<string, string>,
  file: string,
  globs?: Partial<ProgramGlobs>,
  options?: ts.CompilerOptions,
): string[] {
  const { core, sourceFile } = opened(files, globs, options);
  return [...programKinds(sourceFile(file), core)].sort();
}

/** Each kind with what decided it. */
function whyOf(files: Record<string, string>, file: string): string[] {
  const { core, sourceFile } = opened(files);
  return [...core.ask(programKind, sourceFile(file)).values()].map((witness) => {
    const place = witness.node === undefined ? path.relative(VIRTUAL_ROOT, witness.file.fileName) : shown(witness.node);
    return `${witness.kind} by ${witness.by} ${witness.detail ?? ''} in ${place}`.replaceAll('  ', ' ');
  });
}

const LISTENS = "import { createServer } from 'node:http';\ncreateServer().listen(3000);";

describe('a service', () => {
  test('is a file whose module code listens', () => {
    expect(whyOf({ 'server.ts': LISTENS }, 'server.ts')).toEqual(['service by code in server.ts:2']);
  });

  test('is every file that it imports, and the file that imports it', () => {
    const files = {
      'index.ts': "import './server.ts';\nimport './orders.ts';",
      'server.ts': LISTENS,
      'orders.ts': 'export const open = new Map<string, number>();',
    };
    expect(kindsOf(files, 'index.ts')).toEqual(['service']);
    expect(kindsOf(files, 'orders.ts')).toEqual(['service']);
    const { core, sourceFile } = opened(files);
    expect(entryPointOf(sourceFile('orders.ts'), core)).toBe(sourceFile('index.ts'));
  });

  test('is the file that calls the function that listens, not the one that only declares it', () => {
    const files = {
      'main.ts':
        "import { start } from './server.ts';\nasync function main() { await start(); }\nmain().catch(console.error);",
      'server.ts':
        "import express from 'express';\nexport async function start() {\n  const app = express();\n  app.listen(3000);\n}",
    };
    expect(whyOf(files, 'main.ts')).toEqual(['service by code in server.ts:4']);
    expect(kindsOf(files, 'server.ts')).toEqual(['service']);
  });

  test('is started by a method, a promise callback and a constructor alike', () => {
    const files = {
      'main.ts': "import { Api } from './api.ts';\nPromise.resolve().then(() => { new Api(); });",
      'api.ts':
        "import { createServer } from 'node:http';\nexport class Api {\n  constructor() { this.listen(); }\n  private listen() { createServer().listen(80); }\n}",
    };
    expect(whyOf(files, 'main.ts')).toEqual(['service by code in api.ts:4']);
  });

  test('does not come of a function that nobody calls', () => {
    const files = {
      'server.ts': "import { createServer } from 'node:http';\nexport function start() { createServer().listen(80); }",
    };
    expect(kindsOf(files, 'server.ts')).toEqual(['unknown']);
  });

  test('does not come of a listen of the project itself', () => {
    const files = { 'radio.ts': 'class Radio { listen(port: number) { return port; } }\nnew Radio().listen(80);' };
    expect(kindsOf(files, 'radio.ts')).toEqual(['unknown']);
  });

  test('wins over the folder `bin`', () => {
    expect(kindsOf({ 'bin/www.ts': `#!/usr/bin/env node\n${LISTENS}` }, 'bin/www.ts')).toEqual(['service']);
  });

  test('in `scripts` is one when `npm start` runs it', () => {
    const started = {
      'package.json': '{ "name": "orders", "type": "module", "scripts": { "start": "node dist/scripts/serve.js" } }',
      'src/scripts/serve.ts': LISTENS,
    };
    expect(kindsOf(started, 'src/scripts/serve.ts')).toEqual(['service']);
    expect(kindsOf({ 'src/scripts/serve.ts': LISTENS }, 'src/scripts/serve.ts')).toEqual(['script']);
  });

  test('stays one when it tells its manager that it is ready', () => {
    expect(kindsOf({ 'server.ts': `${LISTENS}\nprocess.send?.('ready');` }, 'server.ts')).toEqual(['service']);
  });

  test('that a test loads does not make the test one', () => {
    const files = { 'server.ts': LISTENS, 'server.test.ts': "import './server.ts';" };
    expect(kindsOf(files, 'server.test.ts')).toEqual(['test']);
    expect(kindsOf(files, 'server.ts')).toEqual(['service']);
  });

  test('is one where the settings say so, whatever the code does', () => {
    expect(
      kindsOf({ 'scripts/feed.ts': 'export {};' }, 'scripts/feed.ts', { services: ['**/scripts/feed.ts'] }),
    ).toEqual(['service']);
    expect(kindsOf({ 'server.ts': LISTENS }, 'server.ts', { scripts: ['virtual/server.ts'] })).toEqual(['script']);
    expect(kindsOf({ 'server.ts': LISTENS }, 'server.ts', { tests: ['**/server.ts'] })).toEqual(['test']);
  });
});

describe('a command', () => {
  test('is a file that a package names as its `bin`, by its build output', () => {
    const files = {
      'package.json': '{ "name": "ledger", "type": "module", "bin": { "ledger": "./dist/cli.js" } }',
      'src/cli.ts': "import { print } from './print.ts';\nprint();",
      'src/print.ts': 'export function print() {}',
    };
    expect(kindsOf(files, 'src/cli.ts')).toEqual(['cli']);
    expect(kindsOf(files, 'src/print.ts')).toEqual(['cli']);
  });

  test('that listens is both, and nobody knows how long it lives', () => {
    const files = {
      'package.json': '{ "name": "serve", "type": "module", "bin": "./server.js" }',
      'server.ts': LISTENS,
    };
    expect(kindsOf(files, 'server.ts')).toEqual(['cli', 'service']);
    const { core, sourceFile } = opened(files);
    expect(isLongLived(sourceFile('server.ts'), core).is).toBe('unknown');
  });

  test('is a file with a first line for the shell', () => {
    expect(whyOf({ 'close-month.ts': '#!/usr/bin/env node\nconsole.log(1);' }, 'close-month.ts')).toEqual([
      'cli by shebang in close-month.ts',
    ]);
  });

  test('is an entry that reads a command line, by itself or through what it loads', () => {
    const files = {
      'main.ts': "import { options } from './options.ts';\nconsole.log(options);",
      'options.ts': "import { parseArgs } from 'node:util';\nexport const options = parseArgs({});",
    };
    expect(whyOf(files, 'main.ts')).toEqual(['cli by code in options.ts:1']);
  });

  test('is not a service that reads a command line', () => {
    const files = { 'server.ts': `import { parseArgs } from 'node:util';\n${LISTENS}\nparseArgs({});` };
    expect(kindsOf(files, 'server.ts')).toEqual(['service']);
  });
});

describe('a test', () => {
  test('is a file by its name', () => {
    expect(whyOf({ 'src/orders.spec.ts': 'export {};' }, 'src/orders.spec.ts')).toEqual([
      'test by place orders.spec.ts in src/orders.spec.ts',
    ]);
  });

  test('is a file in a folder for tests', () => {
    expect(kindsOf({ 'e2e/checkout.ts': 'export {};' }, 'e2e/checkout.ts')).toEqual(['test']);
  });

  test('is a file that imports a test framework', () => {
    expect(
      whyOf({ 'checkout.ts': "import { test } from 'node:test';\ntest('pays', () => {});" }, 'checkout.ts'),
    ).toEqual(['test by code in checkout.ts:1']);
  });

  test('is a file that calls a global of a test framework', () => {
    const files = {
      'node_modules/@types/mocha/package.json':
        '{ "name": "@types/mocha", "version": "10.0.0", "types": "index.d.ts" }',
      'node_modules/@types/mocha/index.d.ts': 'declare function describe(title: string, body: () => void): void;',
      'checkout.ts': '/// <reference types="mocha" />\ndescribe(\'checkout\', () => {});\nexport {};',
    };
    expect(kindsOf(files, 'checkout.ts')).toEqual(['test']);
  });

  test('is a helper that only tests import', () => {
    const files = {
      'src/orders.test.ts': "import { order } from './factory.ts';\norder();",
      'src/factory.ts': 'export function order() {}',
    };
    expect(kindsOf(files, 'src/factory.ts')).toEqual(['test']);
  });

  test('is not the file that it is named after', () => {
    const files = {
      'src/orders.test.ts': "import { order } from './orders.ts';\norder();",
      'src/orders.ts': 'export function order() {}',
    };
    expect(kindsOf(files, 'src/orders.ts')).toEqual(['unknown']);
  });

  test('does not decide about a file that a service imports too', () => {
    const files = {
      'server.ts': `import { order } from './orders.ts';\n${LISTENS}\norder();`,
      'checkout.test.ts': "import { order } from './orders.ts';\norder();",
      'orders.ts': 'export function order() {}',
    };
    expect(kindsOf(files, 'orders.ts')).toEqual(['service']);
  });

  test('is not a project in such a folder, wherever the command runs', () => {
    const files: Record<string, string> = { 'tests/orders/src/load.ts': 'export const load = 1;' };
    expect(kindsOf(files, 'tests/orders/src/load.ts')).toEqual(['test']);
    files['tests/orders/package.json'] = '{ "name": "orders" }';
    const configFilePath = path.join(VIRTUAL_ROOT, 'tests/orders/tsconfig.json');
    expect(kindsOf(files, 'tests/orders/src/load.ts', {}, { configFilePath })).toEqual(['unknown']);
  });

  test('is not a folder `tests` of a service that grades exams', () => {
    const files = {
      'server.ts': `import { grade } from './tests/grade.ts';\n${LISTENS}\ngrade();`,
      'tests/grade.ts': 'export function grade() {}',
    };
    expect(kindsOf(files, 'tests/grade.ts')).toEqual(['service']);
  });
});

describe('other programs', () => {
  test('a worker thread is an entry that takes its port', () => {
    const files = {
      'resize.ts': "import { parentPort } from 'node:worker_threads';\nparentPort?.on('message', () => {});",
    };
    expect(kindsOf(files, 'resize.ts')).toEqual(['worker-thread']);
  });

  test('a worker thread may import the whole module', () => {
    const files = { 'resize.ts': "import * as threads from 'node:worker_threads';\nconsole.log(threads.workerData);" };
    expect(kindsOf(files, 'resize.ts')).toEqual(['worker-thread']);
  });

  test('a file that starts workers is none', () => {
    const files = {
      'resize.ts': "import { Worker } from 'node:worker_threads';\nexport const worker = new Worker('./w.js');",
    };
    expect(kindsOf(files, 'resize.ts')).not.toContain('worker-thread');
  });

  test('a child process talks to its parent', () => {
    expect(kindsOf({ 'job.ts': 'process.send?.({ done: true });\nexport {};' }, 'job.ts')).toEqual(['child-process']);
    expect(kindsOf({ 'job.ts': "process.on('message', () => {});\nexport {};" }, 'job.ts')).toEqual(['child-process']);
    expect(kindsOf({ 'job.ts': "process.on('warning', () => {});\nexport {};" }, 'job.ts')).toEqual(['unknown']);
  });

  test('a migration lies in its folder', () => {
    expect(kindsOf({ 'src/migrations/001-orders.ts': 'export {};' }, 'src/migrations/001-orders.ts')).toEqual([
      'migration',
    ]);
  });

  test('a config is named so', () => {
    expect(kindsOf({ 'vitest.config.ts': 'export default {};' }, 'vitest.config.ts')).toEqual(['config']);
  });

  test('an example stays one although it listens', () => {
    expect(kindsOf({ 'examples/basic.ts': LISTENS }, 'examples/basic.ts')).toEqual(['example']);
  });

  test('a development server is a script', () => {
    expect(kindsOf({ 'dev-server.ts': LISTENS }, 'dev-server.ts')).toEqual(['script']);
  });

  test('a script ends the process itself', () => {
    const files = { 'backfill.ts': 'async function main() {}\nmain().then(() => process.exit(0));\nexport {};' };
    expect(whyOf(files, 'backfill.ts')).toEqual(['script by code in backfill.ts:2']);
  });

  test('an exit after a failure ends nothing', () => {
    const files = { 'work.ts': 'async function main() {}\nmain().catch(() => process.exit(1));\nexport {};' };
    expect(kindsOf(files, 'work.ts')).toEqual(['unknown']);
  });

  test('a folder `tools` that a service imports is a part of the service', () => {
    const files = {
      'server.ts': `import { search } from './tools/search.ts';\n${LISTENS}\nsearch();`,
      'tools/search.ts': 'export function search() {}',
    };
    expect(kindsOf(files, 'tools/search.ts')).toEqual(['service']);
    expect(kindsOf({ 'tools/search.ts': 'export {};' }, 'tools/search.ts')).toEqual(['script']);
  });

  test('a library is what the package exports, with what that imports', () => {
    const files = {
      'package.json': '{ "name": "ledger", "type": "module", "exports": { ".": { "import": "./dist/index.js" } } }',
      'src/index.ts': "export * from './book.ts';",
      'src/book.ts': 'export function book() {}',
      'src/book.test.ts': "import { book } from './index.ts';\nbook();",
    };
    expect(kindsOf(files, 'src/index.ts')).toEqual(['library']);
    expect(kindsOf(files, 'src/book.ts')).toEqual(['library']);
    const { core, sourceFile } = opened(files);
    expect(isLongLived(sourceFile('src/book.ts'), core).is).toBe('unknown');
  });

  test('imports in a circle end, and say what their entry says', () => {
    const files = {
      'server.ts': `import './orders.ts';\n${LISTENS}`,
      'orders.ts': "import './invoices.ts';\nexport {};",
      'invoices.ts': "import './orders.ts';\nexport {};",
    };
    expect(kindsOf(files, 'invoices.ts')).toEqual(['service']);
    const alone = { 'orders.ts': "import './invoices.ts';", 'invoices.ts': "import './orders.ts';" };
    expect(kindsOf(alone, 'orders.ts')).toEqual(['unknown']);
  });

  test('an import of types alone runs nothing', () => {
    const files = {
      'server.ts': `import type { Order } from './orders.ts';\n${LISTENS}\nexport type Kept = Order;`,
      'orders.ts': 'export interface Order { id: string }',
    };
    expect(kindsOf(files, 'orders.ts')).toEqual(['unknown']);
  });
});

test('a service lives long, a script does not', () => {
  const files = { 'server.ts': LISTENS, 'scripts/clean.ts': 'export {};' };
  const { core, sourceFile } = opened(files);
  expect(isLongLived(sourceFile('server.ts'), core).is).toBe('yes');
  expect(isLongLived(sourceFile('scripts/clean.ts'), core).is).toBe('no');
});
