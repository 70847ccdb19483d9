import ts from 'typescript';
import { expect, test, vi } from 'vitest';
import { createApi } from '../../../src/analysis/api/create.ts';
import { openCore } from '../../../src/analysis/facts.ts';
import { ownFiles } from '../../../src/analysis/text/files.ts';
import { programKinds } from '../../../src/analysis/program/kind.ts';
import { programIndex } from '../../../src/analysis/program/program-index.ts';
import { callSitesOf } from '../../../src/analysis/program/references.ts';
import { isFunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import { programOf } from '../../support/program.ts';

/** A chain of files, each with a class whose methods are named as in all others. */
function chainOf(length: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let at = 0; at < length; at++) {
    const before = at === 0 ? '' : `import { place${at - 1}, Orders${at - 1} } from './orders${at - 1}.ts';\n`;
    const calls = at === 0 ? '' : `place${at - 1}(); new Orders${at - 1}().stop();`;
    files[`src/orders${at}.ts`] = `${before}export function place${at}() { ${calls} }
export class Orders${at} { stop() { this.close(); } private close() {} list() { return ${at}; } }
process.on('SIGTERM', () => place${at}());
export const orders${at} = new Orders${at}();
orders${at}.list();`;
  }
  return files;
}

/** How many symbols the checker is asked for when every question is asked about every function. */
function symbolsAsked(length: number): number {
  const { program } = programOf(chainOf(length));
  const core = openCore(program, createApi(program.getTypeChecker(), program, catalogue));
  const asked = vi.spyOn(core.checker, 'getSymbolAtLocation');
  core.ask(programIndex, program);
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) callSitesOf(node, core);
    ts.forEachChild(node, visit);
  };
  for (const file of core.ask(ownFiles, program)) {
    programKinds(file, core);
    visit(file);
  }
  return asked.mock.calls.length;
}

test('twice the files take at most twice the questions to the checker', () => {
  const small = symbolsAsked(40);
  expect(small).toBeGreaterThan(40);
  expect(symbolsAsked(80)).toBeLessThan(2.2 * small);
});
