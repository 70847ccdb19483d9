import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';
import plugin from '../../src/index.ts';
import { temporaryProject } from '../support/temporary-project.ts';

const SERVER = `import express from 'express';

declare function orderOf(id: string): Promise<string>;

const app = express();

app.get('/orders/:id', async (req, res) => {
  res.json(await orderOf(req.params['id'] ?? ''));
});
`;

const FIXED = `import express from 'express';

declare function orderOf(id: string): Promise<string>;

const app = express();

app.get('/orders/:id', async (req, res, next) => {
  try {
    res.json(await orderOf(req.params['id'] ?? ''));
  } catch (error: unknown) {
    next(error);
  }
});
`;

/** Declarations as `@types/express` and `@types/express-serve-static-core` share them out. */
const TYPES = {
  'node_modules/@types/express/index.d.ts': `
    import * as core from 'express-serve-static-core';
    declare function express(): core.Express;
    export = express;`,
  'node_modules/@types/express-serve-static-core/index.d.ts': `
    export interface NextFunction { (error?: any): void; }
    export interface Request { params: Record<string, string>; }
    export interface Response { json(body: unknown): this; }
    export interface RequestHandler { (req: Request, res: Response, next: NextFunction): void | Promise<void>; }
    export interface IRouter { get(path: string, ...handlers: RequestHandler[]): this; }
    export interface Application extends IRouter { listen(port: number): void; }
    export interface Express extends Application {}`,
};

interface Versions {
  /** Of the package itself; not installed where it is not said. */
  readonly express?: string;
  readonly types: string;
}

/** What the rule says about the server with Express of this version, and what `--fix` makes of it. */
async function lintWith({ express, types }: Versions): Promise<{ reports: number; output: string | undefined }> {
  const project = temporaryProject('orders', {
    without: ['express', '@types/express', '@types/express-serve-static-core'],
  });
  try {
    project.write({
      ...TYPES,
      'node_modules/@types/express/package.json': manifest('@types/express', types),
      'node_modules/@types/express-serve-static-core/package.json': manifest('@types/express-serve-static-core', types),
      'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'NodeNext', strict: true, types: [] } }),
      'server.ts': SERVER,
    });
    if (express !== undefined)
      project.write({ 'node_modules/express/package.json': JSON.stringify({ name: 'express', version: express }) });
    const config = {
      cwd: project.folder,
      overrideConfigFile: true,
      overrideConfig: plugin.configs.recommended,
    } as const;
    const file = path.join(project.folder, 'server.ts');
    const [found] = await new ESLint(config).lintFiles([file]);
    const [fixed] = await new ESLint({ ...config, fix: true }).lintFiles([file]);
    const reports = found?.messages.filter(({ ruleId }) => ruleId === 'concurrency/require-background-catch') ?? [];
    return { reports: reports.length, output: fixed?.output };
  } finally {
    project.remove();
  }
}

function manifest(name: string, version: string): string {
  return JSON.stringify({ name, version, types: 'index.d.ts' });
}

describe('require-background-catch by the version of Express', { timeout: 60_000 }, () => {
  test('hands the error of an async handler to `next` in Express 4', async () => {
    expect(await lintWith({ express: '4.21.2', types: '4.17.21' })).toEqual({ reports: 1, output: FIXED });
  });

  test('is silent in Express 5, which does so itself', async () => {
    expect(await lintWith({ express: '5.1.0', types: '5.0.3' })).toEqual({ reports: 0, output: undefined });
  });

  test('goes by the package and not by its types where the two differ', async () => {
    expect((await lintWith({ express: '4.21.2', types: '5.0.3' })).reports).toBe(1);
    expect((await lintWith({ express: '5.1.0', types: '4.17.21' })).reports).toBe(0);
  });

  test('goes by the types where the package is not beside them', async () => {
    expect((await lintWith({ types: '4.17.21' })).reports).toBe(1);
    expect((await lintWith({ types: '5.0.3' })).reports).toBe(0);
  });
});
