import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Editor, openEditor } from '../support/editor.ts';
import { installPlugin } from '../support/packed-plugin.ts';
import { type TemporaryProject, temporaryProject } from '../support/temporary-project.ts';

const compilerOptions = { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true };

const SETUP = {
  'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
  // Without the types of Node.js an edit costs little, and there can be many of them.
  'jobs/tsconfig.json': JSON.stringify({ compilerOptions: { ...compilerOptions, types: [] } }),
  'eslint.config.js': `
import concurrency from 'eslint-plugin-concurrency';
export default [
  concurrency.configs.strict,
  { files: ['src/careful/**'], settings: { concurrency: { fixes: 'suggest' } } },
];
`,
};

const LOSES = `import { createServer } from 'node:http';
import { store } from './store.js';

let bytes = 0;

createServer(async (request, response) => {
  bytes += await store(request.url ?? '');
  response.end(String(bytes));
}).listen(3000);
`;

const LOSES_NOTHING = `import { createServer } from 'node:http';
import { store } from './store.js';

let bytes = 0;

createServer(async (request, response) => {
  const storeResult = await store(request.url ?? '');
  bytes += storeResult;
  response.end(String(bytes));
}).listen(3000);
`;

const STORE = `export async function store(invoice: string): Promise<number> {
  return fetch('http://archive.internal/' + invoice).then((answer) => answer.status, () => 0);
}
`;

const FORGETS = `import { createServer } from 'node:http';
import { record } from './audit.js';

createServer(async (request, response) => {
  try {
    const { url = '' } = request;
    void record(url);
    response.end();
  } catch {
    response.destroy();
  }
}).listen(3001);
`;

const WAITS = `import { createServer } from 'node:http';
import { record } from './audit.js';

createServer(async (request, response) => {
  try {
    const { url = '' } = request;
    await record(url);
    response.end();
  } catch {
    response.destroy();
  }
}).listen(3001);
`;

const REJECTS = `export async function record(url: string): Promise<void> {
  await fetch('http://audit.internal/', { method: 'POST', body: url });
}
`;

const NEVER_REJECTS = `export async function record(url: string): Promise<void> {
  await fetch('http://audit.internal/', { method: 'POST', body: url }).catch(console.error);
}
`;

const MANY_FAULTS = `import { createServer } from 'node:http';
import { record } from './audit.js';
import { store } from './store.js';

let bytes = 0;
let customer: string | undefined;

createServer(async (request, response) => {
  customer = request.headers.host;
  void record(customer ?? '');
  bytes += await store(request.url ?? '');
  response.end(customer + String(bytes));
}).listen(3002);
`;

const NO_FAULTS = `import { createServer } from 'node:http';
import { record } from './audit.js';
import { store } from './store.js';

let bytes = 0;

createServer(async (request, response) => {
  const customer: string | undefined = request.headers.host;
  void record(customer ?? '').catch((error: unknown) => { console.error(error); });
  const storeResult = await store(request.url ?? '');
  bytes += storeResult;
  response.end(customer + String(bytes));
}).listen(3002);
`;

/**
 * Bytes for each edit. What stays of an edit is compiled code of functions that get warm: two to seven thousand, ever fewer. The syntax
 * tree of one of the two files is forty thousand, a Program with its types is four hundred thousand and more.
 */
const LEAST_LEAK = 32 * 1024;

describe('in an editor', { timeout: 120_000 }, () => {
  let project: TemporaryProject;
  let editor: Editor;

  beforeAll(async () => {
    project = temporaryProject('archive');
    installPlugin(inject('packedPlugin'), project.folder);
    project.write({
      ...SETUP,
      'src/archive.ts': LOSES,
      'src/store.ts': STORE,
      'src/shipping.ts': FORGETS,
      'src/audit.ts': REJECTS,
      'src/orders.ts': MANY_FAULTS,
      'src/careful/archive.ts': LOSES.replace('./store.js', '../store.js'),
      'jobs/import.ts': importWith(0),
      'jobs/store.ts': storeWith(0),
    });
    editor = await openEditor(project.folder);
  });

  afterAll(async () => {
    await editor.quit();
    project.remove();
  });

  test('a file has squiggles when it is opened, with the page of their rule', async () => {
    const squiggles = await editor.open('src/archive.ts', LOSES);

    expect(squiggles).toEqual([
      {
        range: { start: { line: 6, character: 2 }, end: { line: 6, character: 7 } },
        severity: 1,
        source: 'eslint',
        code: 'concurrency/no-nonatomic-update',
        codeDescription: { href: expect.stringMatching(/^https:.*\/docs\/rules\/no-nonatomic-update\.md$/) as string },
        message:
          '`bytes` is read before the `await` on line 7 and written after it; what another call from line 6 wrote meanwhile is lost.',
      },
    ]);
    const page = path.basename(squiggles[0]!.codeDescription?.href ?? '');
    expect(existsSync(path.join(project.folder, 'node_modules/eslint-plugin-concurrency/docs/rules', page))).toBe(true);
  });

  test('squiggles go and come while somebody types, without a save', async () => {
    expect(await typed('src/archive.ts', LOSES_NOTHING)).toEqual([]);
    expect(await typed('src/archive.ts', LOSES)).toEqual(['7 no-nonatomic-update']);
    expect(onDisk('src/archive.ts')).toBe(LOSES);
  });

  test('a quick fix writes the safe pattern', async () => {
    const [squiggle] = await editor.type('src/archive.ts', LOSES);
    await editor.take('src/archive.ts', squiggle!, 'Fix this concurrency/no-nonatomic-update problem');

    expect(editor.textOf('src/archive.ts')).toBe(LOSES_NOTHING);
    expect(await squigglesOf('src/archive.ts')).toEqual([]);
  });

  test('a suggestion is offered by its name and writes what it says', async () => {
    const [squiggle] = await editor.open('src/shipping.ts', FORGETS);
    expect((await editor.bulb('src/shipping.ts', squiggle!)).slice(0, 2)).toEqual([
      'Fix this concurrency/require-background-catch problem',
      'Wait for it. (concurrency/require-background-catch)',
    ]);
    await editor.take('src/shipping.ts', squiggle!, 'Wait for it. (concurrency/require-background-catch)');

    expect(editor.textOf('src/shipping.ts')).toBe(WAITS);
    expect(await squigglesOf('src/shipping.ts')).toEqual([]);
  });

  test('where fixes are suggestions, a save writes none of them and the light bulb has them', async () => {
    const before = onDisk('src/careful/archive.ts');
    const [squiggle] = await editor.open('src/careful/archive.ts', before);
    await editor.saveWithFixes('src/careful/archive.ts');
    expect(onDisk('src/careful/archive.ts')).toBe(before);

    const [first = ''] = await editor.bulb('src/careful/archive.ts', squiggle!);
    await editor.take('src/careful/archive.ts', squiggle!, first);
    expect(editor.textOf('src/careful/archive.ts')).toBe(LOSES_NOTHING.replace('./store.js', '../store.js'));
    expect(await squigglesOf('src/careful/archive.ts')).toEqual([]);
  });

  test('a save with fixes repairs the whole file, and a second one changes nothing', async () => {
    await editor.open('src/orders.ts', MANY_FAULTS);
    expect(await squigglesOf('src/orders.ts')).toEqual([
      '9 no-shared-request-state',
      '10 require-background-catch',
      '11 no-nonatomic-update',
    ]);
    await editor.saveWithFixes('src/orders.ts');

    expect(onDisk('src/orders.ts')).toBe(NO_FAULTS);
    expect(await squigglesOf('src/orders.ts')).toEqual([]);
    await editor.saveWithFixes('src/orders.ts');
    expect(onDisk('src/orders.ts')).toBe(NO_FAULTS);
  });

  test('the command that fixes a file does the same', async () => {
    await editor.type('src/orders.ts', MANY_FAULTS);
    await editor.fixAll('src/orders.ts');

    expect(editor.textOf('src/orders.ts')).toBe(NO_FAULTS);
    await editor.fixAll('src/orders.ts');
    expect(editor.textOf('src/orders.ts')).toBe(NO_FAULTS);
  });

  test('an edit of another file, saved or not, changes what is said of this one', async () => {
    expect(await typed('src/shipping.ts', FORGETS)).toEqual(['7 require-background-catch']);

    await editor.open('src/audit.ts', REJECTS);
    await editor.type('src/audit.ts', NEVER_REJECTS);
    expect(await squigglesOf('src/shipping.ts')).toEqual([]);
    await editor.type('src/audit.ts', REJECTS);
    expect(await squigglesOf('src/shipping.ts')).toEqual(['7 require-background-catch']);

    await editor.type('src/audit.ts', NEVER_REJECTS);
    editor.save('src/audit.ts');
    editor.close('src/audit.ts');
    expect(await squigglesOf('src/shipping.ts')).toEqual([]);
    await editor.open('src/audit.ts', onDisk('src/audit.ts'));
    await editor.type('src/audit.ts', REJECTS);
    editor.save('src/audit.ts');
    editor.close('src/audit.ts');
    expect(await squigglesOf('src/shipping.ts')).toEqual(['7 require-background-catch']);
  });

  test('three hundred edits leave nothing behind', { timeout: 300_000 }, async () => {
    const [WARM_UP, EDITS] = [60, 300];
    await editor.open('jobs/import.ts', importWith(0));
    await editor.open('jobs/store.ts', storeWith(0));
    const reports = new Set<number>();
    const edit = async (turn: number): Promise<void> => {
      if (turn % 2 === 0) await editor.type('jobs/store.ts', storeWith(turn));
      else reports.add((await editor.type('jobs/import.ts', importWith(turn))).length);
    };

    for (let turn = 0; turn < WARM_UP; turn++) await edit(turn);
    const before = await editor.heapInUse();
    for (let turn = WARM_UP; turn < WARM_UP + EDITS; turn++) await edit(turn);
    const growth = (await editor.heapInUse()) - before;

    expect(reports).toEqual(new Set([1]));
    expect(growth / EDITS).toBeLessThan(LEAST_LEAK);
  });

  async function squigglesOf(file: string): Promise<string[]> {
    return (await editor.squiggles(file)).map(
      ({ range, code }) => `${range.start.line + 1} ${code.replace('concurrency/', '')}`,
    );
  }

  async function typed(file: string, text: string): Promise<string[]> {
    await editor.type(file, text);
    return squigglesOf(file);
  }

  function onDisk(file: string): string {
    return readFileSync(path.join(project.folder, file), 'utf8');
  }
});

function importWith(edit: number): string {
  return `import { store } from './store.js';

let imported = 0;

export async function importAll(invoices: readonly string[]): Promise<number> {
  for (const invoice of invoices) imported += await store(invoice + '${String(edit)}');
  return imported;
}
`;
}

function storeWith(edit: number): string {
  return `declare function post(url: string): Promise<{ readonly status: number }>;

export async function store(invoice: string): Promise<number> {
  const { status } = await post('http://archive.internal/${String(edit)}/' + invoice);
  return status;
}
`;
}
