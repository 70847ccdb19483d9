import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { type Core, openCore } from '../../../src/analysis/facts.ts';
import { loadedWith } from '../../../src/analysis/program/loading.ts';
import { shutdownGaps } from '../../../src/analysis/shutdown/gaps.ts';
import { shutdownPaths, stageOf } from '../../../src/analysis/shutdown/paths.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';

interface Opened {
  readonly core: Core;
  readonly program: ts.Program;
  file(name: string): ts.SourceFile;
}

function open(files: Record<string, string>): Opened {
  const { checker, program, sourceFile } = programOf(files);
  return { core: openCore(program, createApi(checker, program, catalogue)), program, file: sourceFile };
}

function nameOf({ fileName }: ts.SourceFile): string {
  return fileName.slice(fileName.lastIndexOf('/') + 1);
}

/** `signal SIGTERM server.ts` */
function pathsIn(files: Record<string, string>): string[] {
  const { core, program } = open(files);
  return core
    .ask(shutdownPaths, program)
    .map(({ events, file, on, service }) => `${on} ${events.join()} ${nameOf(file)} ${service.is}`);
}

/** `server.ts:7 pending` */
function gapsIn({ core, file }: Opened, ...names: readonly string[]): string[] {
  return names.flatMap((name) =>
    core.ask(shutdownGaps, file(name)).map(({ at, isCertain, kind }) => {
      const line = at.getSourceFile().getLineAndCharacterOfPosition(at.getStart()).line + 1;
      return `${name}:${String(line)} ${kind}${isCertain ? '' : '?'}`;
    }),
  );
}

const SERVER = `
import http from 'node:http';
export const server = http.createServer((_request, response) => { response.end(); });
server.listen(3000);
`;

describe('shutdown paths', () => {
  test('are listeners of signals and of the end, hooks, and what a package is given', () => {
    expect(
      pathsIn({
        'server.ts': `${SERVER}
import closeWithGrace from 'close-with-grace';
closeWithGrace(async () => {});
process.on('SIGTERM', () => { server.close(); });
process.on('exit', () => {});
process.on('beforeExit', () => {});
process.on('uncaughtException', () => {});
`,
      }),
    ).toEqual([
      'signal SIGTERM server.ts yes',
      'exit exit server.ts yes',
      'last beforeExit server.ts yes',
      'registrar  server.ts yes',
    ]);
  });

  test('are what a registrar of the project is given, waited for or not', () => {
    const registrar = `
export function onStop(stop: () => Promise<void>): void {
  process.on('SIGTERM', async () => {
    await stop();
    process.exit(0);
  });
}
export function onSignal(stop: () => void): void {
  process.on('SIGINT', () => { stop(); });
}
`;
    const files = {
      'server.ts': `${SERVER}
import { onSignal, onStop } from './registrar.ts';
onStop(async () => {});
onSignal(() => {});
`,
      'registrar.ts': registrar,
    };
    expect(pathsIn(files).toSorted()).toEqual([
      'registrar SIGTERM server.ts yes',
      'signal SIGINT registrar.ts yes',
      'signal SIGINT server.ts yes',
      'signal SIGTERM registrar.ts yes',
    ]);
  });
});

describe('files of one process', () => {
  test('are those that one entry loads, tests apart', () => {
    const { core, file } = open({
      'orders.ts': `import './shared.ts'; import './orders-jobs.ts';`,
      'orders-jobs.ts': `export {};`,
      'mails.ts': `import './shared.ts';`,
      'shared.ts': `export {};`,
      'all.test.ts': `import './orders.ts'; import './mails.ts';`,
    });
    const matesOf = (name: string): string[] => [...core.ask(loadedWith, file(name))].map(nameOf).toSorted();
    expect(matesOf('orders-jobs.ts')).toEqual(['orders-jobs.ts', 'orders.ts', 'shared.ts']);
    expect(matesOf('shared.ts')).toEqual(['mails.ts', 'orders-jobs.ts', 'orders.ts', 'shared.ts']);
  });
});

describe('stages', () => {
  test('stand in the rows of the types', () => {
    const { core, program } = open({
      'server.ts': `${SERVER}
import { Worker } from 'bullmq';
import pg from 'pg';
const pool = new pg.Pool();
const worker = new Worker('orders', async () => undefined);
process.on('SIGTERM', async () => { server.close(); await worker.close(); await pool.end(); });
`,
    });
    const [path] = core.ask(shutdownPaths, program);
    expect(path?.drains.started.map((drain) => stageOf(drain, core))).toEqual(['intake', 'work', 'store']);
  });
});

describe('gaps', () => {
  test('are told in the file in which the path is registered, or the exit stands', () => {
    const files = {
      'server.ts': `${SERVER}
import { leave } from './leave.ts';
process.on('SIGTERM', () => { server.close(); leave(); });
`,
      'leave.ts': `export function leave(): void { process.exit(0); }`,
    };
    expect(gapsIn(open(files), 'server.ts', 'leave.ts')).toEqual(['server.ts:7 pending']);
  });

  test('of two services are not mixed up', () => {
    const files = {
      'orders.ts': `${SERVER}
process.on('SIGTERM', () => { server.close(() => process.exit(0)); });
`,
      'mails.ts': `
import { Worker } from 'bullmq';
const worker = new Worker('mails', async () => undefined);
process.on('SIGTERM', () => { void worker.close().then(() => process.exit(0), () => process.exit(1)); });
`,
    };
    expect(gapsIn(open(files), 'orders.ts', 'mails.ts')).toEqual([]);
  });

  test('an edit in one file changes what is found in another', () => {
    const telemetry = `
import pg from 'pg';
const events = new pg.Pool();
process.once('SIGTERM', () => { void events.end(); });
`;
    const exiting = `${SERVER}
import './telemetry.ts';
process.on('SIGTERM', () => { server.close(() => process.exit(0)); });
`;
    const staying = `${SERVER}
import './telemetry.ts';
process.on('SIGTERM', () => { server.close(); });
`;
    const first = open({ 'server.ts': exiting, 'telemetry.ts': telemetry });
    expect(gapsIn(first, 'telemetry.ts')).toEqual(['telemetry.ts:4 other']);
    const second = open({ 'server.ts': staying, 'telemetry.ts': telemetry });
    expect(second.file('telemetry.ts')).toBe(first.file('telemetry.ts'));
    expect(gapsIn(second, 'telemetry.ts')).toEqual([]);
  });
});
