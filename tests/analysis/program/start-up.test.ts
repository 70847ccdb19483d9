import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { openCore } from '../../../src/analysis/facts.ts';
import { isTopLevelOnce } from '../../../src/analysis/program/start-up.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';
import { findFunction, shown } from './asking.ts';

function once(files: Record<string, string>, file: string, name: string): string {
  const { program, sourceFile } = programOf(files);
  const core = openCore(program, createApi(program.getTypeChecker(), program, catalogue));
  const answer = core.ask(isTopLevelOnce, findFunction(sourceFile(file), name));
  return answer.is === 'yes' ? `yes at ${shown(answer.witness)}` : answer.is;
}

describe('runs once at the start', () => {
  test('a function that module code calls', () => {
    expect(once({ 'main.ts': 'async function main() {}\nawait main();\nexport {};' }, 'main.ts', 'main')).toBe(
      'yes at main.ts:2',
    );
  });

  test('a function that such a function calls, in another file', () => {
    const files = {
      'main.ts':
        "import { connect } from './db.ts';\nconst main = async () => { await connect(); };\nmain().catch(console.error);",
      'db.ts': 'export async function connect() {}',
    };
    expect(once(files, 'db.ts', 'connect')).toBe('yes at main.ts:2');
  });

  test('a function that is called on the spot', () => {
    expect(once({ 'main.ts': '(async function boot() {})();' }, 'main.ts', 'boot')).toBe('yes at main.ts:1');
  });

  test('a function that the promise of the start goes on with', () => {
    const files = { 'main.ts': 'async function connect() {}\nfunction listen() {}\nconnect().then(() => listen());' };
    expect(once(files, 'main.ts', 'listen')).toBe('yes at main.ts:3');
  });

  test('a function that is exported for tests and that its own module calls', () => {
    expect(once({ 'main.ts': 'export async function main() {}\nvoid main();' }, 'main.ts', 'main')).toBe(
      'yes at main.ts:2',
    );
  });

  test('a method of the class that the start makes', () => {
    const files = {
      'main.ts': 'class App {\n  constructor() { this.#listen(); }\n  #listen() {}\n}\nnew App();',
    };
    expect(once(files, 'main.ts', '#listen')).toBe('yes at main.ts:2');
  });
});

describe('does not run once at the start', () => {
  test('a function that is called from two places', () => {
    expect(once({ 'main.ts': 'function load() {}\nload();\nload();\nexport {};' }, 'main.ts', 'load')).toBe('no');
  });

  test('a function that is called in a loop', () => {
    expect(
      once({ 'main.ts': 'function load() {}\nfor (const _ of [1, 2]) load();\nexport {};' }, 'main.ts', 'load'),
    ).toBe('no');
  });

  test('a function that calls itself', () => {
    expect(once({ 'main.ts': 'function poll() { poll(); }\nexport {};' }, 'main.ts', 'poll')).toBe('no');
  });

  test('two functions that call each other', () => {
    const files = { 'main.ts': 'function ping() { pong(); }\nfunction pong() { ping(); }\nexport {};' };
    expect(once(files, 'main.ts', 'ping')).toBe('no');
  });

  test('a function that a handler calls', () => {
    const files = {
      'main.ts': "function stop() {}\nprocess.on('SIGTERM', () => stop());\nexport {};",
    };
    expect(once(files, 'main.ts', 'stop')).not.toContain('yes');
  });

  test('a function that is passed on as well', () => {
    const files = { 'main.ts': "function stop() {}\nstop();\nprocess.on('SIGTERM', stop);\nexport {};" };
    expect(once(files, 'main.ts', 'stop')).toBe('unknown');
  });

  test('an exported function that nobody calls', () => {
    expect(once({ 'main.ts': 'export function stop() {}' }, 'main.ts', 'stop')).toBe('unknown');
  });
});
