import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { mayReject } from '../../../src/analysis/effects/may-reject.ts';
import { maySuspend } from '../../../src/analysis/effects/may-suspend.ts';
import { parameterUses } from '../../../src/analysis/effects/parameter-uses.ts';
import { rootCauseOf } from '../../../src/analysis/effects/failure.ts';
import type { FunctionNode } from '../../../src/analysis/syntax/functions.ts';
import { openProgram } from '../annotated.ts';

function functionNamed(file: ts.SourceFile, name: string): FunctionNode {
  const found = file.statements.find(
    (statement): statement is ts.FunctionDeclaration =>
      ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  if (found === undefined) throw new Error(`No function '${name}'.`);
  return found;
}

describe('summaries', () => {
  test('a chain of three thousand calls is settled without a deep stack', () => {
    const length = 3_000;
    const lines = Array.from(
      { length },
      (_, at) => `async function step${String(at)}(): Promise<void> { await step${String(at + 1)}(); }`,
    );
    lines.push(`async function step${String(length)}(): Promise<void> { throw new Error('last'); }`);
    const { core, program } = openProgram({ 'steps.ts': `${lines.join('\n')}\nexport { step0 };` });
    const file = program.sourceFile('steps.ts');
    const answer = core.ask(mayReject, functionNamed(file, 'step0'));
    expect(answer.is).toBe('yes');
    expect(answer.is === 'yes' && rootCauseOf(answer.witness).node.getText()).toBe("throw new Error('last');");
    expect(core.ask(maySuspend, functionNamed(file, 'step1')).is).toBe('yes');
  });

  test('beyond the bound the answer is unknown, and a question from nearer is answered', () => {
    const length = 4_200;
    const lines = Array.from(
      { length },
      (_, at) => `async function step${String(at)}(): Promise<void> { await step${String(at + 1)}(); }`,
    );
    lines.push(`async function step${String(length)}(): Promise<void> { throw new Error('last'); }`);
    const { core, program } = openProgram({ 'far.ts': `${lines.join('\n')}\nexport { step0 };` });
    const file = program.sourceFile('far.ts');
    expect(core.ask(mayReject, functionNamed(file, 'step0'))).toMatchObject({ is: 'unknown', because: 'budget' });
    expect(core.ask(mayReject, functionNamed(file, 'step1000')).is).toBe('yes');
  });

  test('functions that all call each other are looked at a few times each, not once for every path', () => {
    const names = Array.from({ length: 40 }, (_, at) => `visit${String(at)}`);
    const body = names.map((name) => `if (depth > 0) await ${name}(depth - 1);`).join(' ');
    const lines = names.map(
      (name, at) =>
        `async function ${name}(depth: number): Promise<void> { ${body} ${at === 39 ? "throw new Error('deep');" : ''} }`,
    );
    const { core, program } = openProgram({ 'visitor.ts': `${lines.join('\n')}\nexport { visit0 };` });
    const file = program.sourceFile('visitor.ts');
    const started = performance.now();
    expect(core.ask(mayReject, functionNamed(file, 'visit0')).is).toBe('yes');
    expect(core.ask(parameterUses, functionNamed(file, 'visit3'))).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('the answer does not depend on the function that was asked first', () => {
    const source = `
      async function even(count: number): Promise<void> { if (count > 0) await odd(count - 1); }
      async function odd(count: number): Promise<void> { if (count > 0) await even(count - 1); else throw new Error('odd'); }
      export { even, odd };`;
    const answers = ['even', 'odd'].map((first) => {
      const { core, program } = openProgram({ 'parity.ts': source });
      const file = program.sourceFile('parity.ts');
      core.ask(mayReject, functionNamed(file, first));
      return ['even', 'odd'].map((name) => core.ask(mayReject, functionNamed(file, name)).is);
    });
    expect(answers).toEqual([
      ['yes', 'yes'],
      ['yes', 'yes'],
    ]);
  });

  test('a changed file changes the answer for its callers', () => {
    const charge = `import { collect } from './collect.ts'; export async function charge(): Promise<void> { await collect(); }`;
    const ask = (collect: string): string => {
      const { core, program } = openProgram({ 'charge.ts': charge, 'collect.ts': collect });
      const fn = program.sourceFile('charge.ts').statements[1] as ts.FunctionDeclaration;
      return core.ask(mayReject, fn).is;
    };
    expect(ask('export async function collect(): Promise<void> {}')).toBe('no');
    expect(ask(`export async function collect(): Promise<void> { throw new Error('empty'); }`)).toBe('yes');
    expect(ask('export async function collect(): Promise<void> {}')).toBe('no');
  });
});
