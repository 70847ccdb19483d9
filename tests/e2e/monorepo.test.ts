import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { annotationsOf } from '../support/annotations.ts';
import { eslint } from '../support/eslint-command.ts';
import { installPlugin } from '../support/packed-plugin.ts';
import { REPOSITORY } from '../support/program.ts';
import { type TemporaryProject, temporaryProject, typeErrorsIn } from '../support/temporary-project.ts';
import { turbo, turboWould } from '../support/turbo-command.ts';

const PACKAGES = [
  '@acme/audit',
  '@acme/back-office',
  '@acme/db',
  '@acme/http-kit',
  '@acme/locks',
  '@acme/logger',
  '@acme/orders',
  '@acme/payments',
  '@acme/retry',
  '@acme/shop-api',
  '@acme/stock',
  '@acme/stock-worker',
];

/** Each rests on the source of another package. */
const UNHEARD = 'services/shop-api/src/main.ts:8 concurrency/require-background-catch';
const UNAWAITED = 'services/back-office/src/main.ts:8 concurrency/no-unawaited-guard';

describe('the example monorepo under Turborepo', { timeout: 600_000 }, () => {
  let monorepo: TemporaryProject;

  beforeAll(() => {
    monorepo = temporaryProject('acme');
    cpSync(path.join(REPOSITORY, 'examples', 'monorepo'), monorepo.folder, {
      recursive: true,
      filter: (source) => !/[/\\](?:node_modules|\.turbo|dist)$/.test(source),
    });
    installPlugin(inject('packedPlugin'), monorepo.folder);
    linkWorkspaces(monorepo.folder);
  });

  afterAll(() => {
    monorepo.remove();
  });

  test('compiles: the services, and with them the sources of the packages', () => {
    const services = ['back-office', 'shop-api', 'stock-worker'];

    expect(services.flatMap((name) => typeErrorsIn(path.join(monorepo.folder, 'services', name)))).toEqual([]);
  });

  test('lints every package once, and then none', () => {
    expect(turbo(monorepo.folder, 'lint')).toEqual({ executed: PACKAGES, fromCache: [] });
    expect(reports()).toEqual([UNAWAITED, UNHEARD]);

    expect(turbo(monorepo.folder, 'lint')).toEqual({ executed: [], fromCache: PACKAGES });
  });

  test('lints a service alone when only that has changed', () => {
    appendFileSync(path.join(monorepo.folder, 'services/stock-worker/src/main.ts'), '\nexport {};\n');

    expect(turboWould(monorepo.folder, 'lint').executed).toEqual(['@acme/stock-worker']);
    restore('services/stock-worker/src/main.ts');
    expect(turboWould(monorepo.folder, 'lint').executed).toEqual([]);
  });

  test('lints what depends on a leaf when that has changed, and what it reports there changes', () => {
    const retry = path.join(monorepo.folder, 'packages/retry/src/index.ts');
    const source = readFileSync(retry, 'utf8');
    writeFileSync(
      retry,
      source
        .replace('Promise<Result> {', 'Promise<Result | undefined> {')
        .replace(/throw new Error\(.*\);/, 'return undefined;'),
    );
    const dependents = ['@acme/back-office', '@acme/payments', '@acme/retry', '@acme/shop-api'];

    expect(turbo(monorepo.folder, 'lint').executed).toEqual(dependents);
    expect(reports()).toEqual([UNAWAITED]);
  });

  test('sees no guard and no lock in the declarations of packages that were built', () => {
    const base = path.join(monorepo.folder, 'tsconfig.base.json');
    writeFileSync(base, readFileSync(base, 'utf8').replace(/"customConditions": \[.*\],/, ''));
    monorepo.write({
      'packages/audit/dist/index.d.ts': 'export declare function audit(event: string, subject: string): Promise<void>;',
      'packages/db/dist/index.d.ts':
        'export declare function query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;',
      'packages/http-kit/dist/index.d.ts':
        "export declare function serve(port: number, route: (path: string) => Promise<unknown>): import('node:http').Server;",
      'packages/locks/dist/index.d.ts':
        'export declare class Mutex { runExclusive<Result>(work: () => Promise<Result>): Promise<Result>; }',
      'packages/payments/dist/index.d.ts':
        'export declare function assertCreditworthy(customer: string): Promise<void>;',
    });

    const { reports } = eslint(monorepo.folder, 'packages/stock/src', 'services/back-office/src');
    expect(reports.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      // Under a lock that cannot be read.
      'packages/stock/src/index.ts:12 concurrency/no-nonatomic-update',
      // Not as a guard: as a promise of code that is not there to be read, which may reject.
      'services/back-office/src/main.ts:8 concurrency/require-background-catch',
    ]);
  });

  /** What the logs of the last runs say, whether they were made or brought back. */
  function reports(): string[] {
    return workspacesOf(monorepo.folder).flatMap((folder) => {
      const log = readFileSync(path.join(folder, '.turbo', 'turbo-lint.log'), 'utf8');
      return annotationsOf(log).map(
        ({ file, line, rule }) => `${path.relative(monorepo.folder, file)}:${line} ${rule}`,
      );
    });
  }

  function restore(file: string): void {
    cpSync(path.join(REPOSITORY, 'examples', 'monorepo', file), path.join(monorepo.folder, file));
  }
});

/** What `npm install` does with workspaces. */
function linkWorkspaces(folder: string): void {
  const installed = path.join(folder, 'node_modules');
  mkdirSync(path.join(installed, '@acme'));
  for (const workspace of workspacesOf(folder)) {
    symlinkSync(workspace, path.join(installed, '@acme', path.basename(workspace)), 'junction');
  }
  mkdirSync(path.join(installed, '.bin'));
  symlinkSync(path.join(installed, 'eslint', 'bin', 'eslint.js'), path.join(installed, '.bin', 'eslint'));
}

function workspacesOf(folder: string): string[] {
  return ['packages', 'services'].flatMap((kind) =>
    readdirSync(path.join(folder, kind)).map((name) => path.join(folder, kind, name)),
  );
}
