import { expect, test } from 'vitest';
import { ruleTests, twinOf } from '../support/tester.ts';

test('the same code with the same options is the same case', () => {
  const titles = new Map<string, string>();
  expect(twinOf({ code: 'export const served = 1;' }, 'a counter', titles)).toBeUndefined();
  expect(
    twinOf({ code: 'export const served = 1;', options: { certainty: 'likely' } }, 'a likely counter', titles),
  ).toBeUndefined();
  expect(twinOf({ code: 'export const served = 1;', filename: 'orders.mts' }, 'an ES module', titles)).toBeUndefined();
  expect(twinOf({ code: '  export const served = 1;\n' }, 'a counter again', titles)).toBe('a counter');
});

const noDebugger = {
  name: 'no-debugger',
  meta: { type: 'problem', messages: { halt: 'The program halts here.' }, schema: [] },
  create: (context: { report(report: unknown): void }) => ({
    DebuggerStatement: (node: unknown) => {
      context.report({ node, messageId: 'halt' });
    },
  }),
};

ruleTests(noDebugger, ({ reports, stays }) => {
  reports('a statement that halts', { code: 'debugger; export {};', errors: [{ messageId: 'halt', on: 'debugger;' }] });
  stays('silent without one', { code: 'export {};' });
});
