import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { type Core, openCore } from '../../../src/analysis/facts.ts';
import { programKinds } from '../../../src/analysis/program/kind.ts';
import { programIndex } from '../../../src/analysis/program/program-index.ts';
import { callSitesOf } from '../../../src/analysis/program/references.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';
import { findFunction, shown } from './asking.ts';

/** A core on the files as they are now; files with the same text keep their nodes. */
function edited(files: Record<string, string>): { core: Core; sourceFile: (name: string) => ts.SourceFile } {
  const { program, sourceFile } = programOf(files);
  return { core: openCore(program, createApi(program.getTypeChecker(), program, catalogue)), sourceFile };
}

const DRAIN = 'export async function drain(): Promise<void> {}';

describe('after an edit of another file', () => {
  test('the calls of a function in a file that kept its nodes are those of the new text', () => {
    const before = edited({ 'drain.ts': DRAIN, 'server.ts': "import { drain } from './drain.ts';\nawait drain();" });
    const fn = findFunction(before.sourceFile('drain.ts'), 'drain');
    expect(callSitesOf(fn, before.core).found.map(({ node }) => shown(node))).toEqual(['server.ts:2']);

    const after = edited({
      'drain.ts': DRAIN,
      'server.ts': "import { drain } from './drain.ts';\nprocess.on('SIGTERM', drain);\n\nawait drain();",
    });
    expect(after.sourceFile('drain.ts')).toBe(before.sourceFile('drain.ts'));
    const sites = callSitesOf(fn, after.core);
    expect(sites.found.map(({ node }) => shown(node))).toEqual(['server.ts:4']);
    expect(sites.open).toBe(true);
  });

  test('the kind of a file that kept its nodes is that of its new importer', () => {
    const before = edited({ 'orders.ts': DRAIN, 'entry.ts': "import './orders.ts';" });
    expect([...programKinds(before.sourceFile('orders.ts'), before.core)]).toEqual(['unknown']);

    const after = edited({
      'orders.ts': DRAIN,
      'entry.ts': "import './orders.ts';\nimport { createServer } from 'node:http';\ncreateServer().listen(80);",
    });
    expect(after.sourceFile('orders.ts')).toBe(before.sourceFile('orders.ts'));
    expect([...programKinds(after.sourceFile('orders.ts'), after.core)]).toEqual(['service']);
  });

  test('a listener in a file that kept its nodes leads to the new function', () => {
    const server = "import { stop } from './stop.ts';\nprocess.on('SIGTERM', stop);";
    const before = edited({ 'server.ts': server, 'stop.ts': 'export function stop() {}' });
    const [first] = before.core.ask(programIndex, before.core.program).listeners;
    expect(first?.handlers.map((fn) => shown(fn))).toEqual(['stop.ts:1']);

    const after = edited({ 'server.ts': server, 'stop.ts': '\n\nexport const stop = async () => {};' });
    const [second] = after.core.ask(programIndex, after.core.program).listeners;
    expect(second?.node).toBe(first?.node);
    expect(second?.handlers.map((fn) => shown(fn))).toEqual(['stop.ts:3']);
  });
});
