import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { describe, expect, test } from 'vitest';
import type { Bench, ReportedCase, SilentCase } from '../support/cases.ts';
import type { AnyRule } from '../support/lint.ts';
import { faultsOfReported, faultsOfSilent } from '../support/verdict.ts';

type Write = (
  fixer: TSESLint.RuleFixer,
  node: TSESTree.Identifier,
  sourceCode: Readonly<TSESLint.SourceCode>,
) => TSESLint.RuleFix | null;

const DEFAULT_MESSAGES = { stale: '`{{name}}` is written late.', reread: 'Read `{{name}}` again.' };

/** A rule that reports every identifier `before`, with the fix and the suggestions given. */
function reportsBefore({
  fix,
  suggest = [],
  messages = DEFAULT_MESSAGES,
  data = { name: 'before' },
}: {
  fix?: Write;
  suggest?: readonly Write[];
  messages?: Record<string, string>;
  data?: Record<string, string>;
} = {}): AnyRule {
  return {
    meta: { type: 'problem', messages, schema: [], fixable: 'code', hasSuggestions: true },
    create: (context) => ({
      Identifier(node) {
        if (node.name !== 'before') return;
        context.report({
          node,
          messageId: 'stale',
          data,
          fix: fix === undefined ? null : (fixer) => fix(fixer, node, context.sourceCode),
          suggest: suggest.map((write) => ({
            messageId: 'reread',
            data,
            fix: (fixer: TSESLint.RuleFixer) => write(fixer, node, context.sourceCode),
          })),
        });
      },
    }),
  };
}

function bench(rule: AnyRule, others: Record<string, AnyRule> = {}): Bench {
  return { name: 'no-before', rules: { ...others, 'no-before': rule } };
}

const STALE = { messageId: 'stale', on: 'before', data: { name: 'before' } };

function faults(rule: AnyRule, reported: ReportedCase, others: Record<string, AnyRule> = {}): string {
  return faultsOfReported(bench(rule, others), reported).join('\n');
}

function silentFaults(silent: SilentCase): string {
  return faultsOfSilent(bench(reportsBefore()), silent).join('\n');
}

describe('a case in order', () => {
  test('a report without a fix', () => {
    expect(faults(reportsBefore(), { code: 'export const before = 1;', errors: [STALE] })).toBe('');
  });

  test('a fix that is listed and a suggestion that is listed', () => {
    const rule = reportsBefore({
      fix: (fixer, node) => fixer.replaceText(node, 'after'),
      suggest: [(fixer, node) => fixer.replaceText(node, 'later')],
    });
    const suggestions = [
      { messageId: 'reread', data: { name: 'before' }, output: '/* sum */ export const later = 1;' },
    ];
    const errors = [{ ...STALE, suggestions }];
    const code = '/* sum */ export const before = 1;';
    expect(faults(rule, { code, errors, output: '/* sum */ export const after = 1;' })).toBe('');
  });

  test('fixes that touch each other, one text for each pass', () => {
    const rule = reportsBefore({
      fix: (fixer, node, { text }) =>
        fixer.replaceTextRange([0, text.length], text.slice(0, node.range[0]) + 'after' + text.slice(node.range[1])),
    });
    const code = 'export const orders = { before: 1, x: { before: 2 } };';
    const output = [
      'export const orders = { after: 1, x: { before: 2 } };',
      'export const orders = { after: 1, x: { after: 2 } };',
    ];
    expect(
      faults(rule, {
        code,
        errors: [
          { ...STALE, column: 25, line: 1 },
          { ...STALE, column: 41, line: 1 },
        ],
        output,
      }),
    ).toBe('');
  });

  test('a silent case', () => {
    expect(silentFaults({ code: 'export const after = 1;' })).toBe('');
  });

  test('packages, other files, JavaScript and CommonJS have types', () => {
    expect(
      silentFaults({
        code: `
import express from 'express';
import type { Pool } from 'pg';
import { total } from './total.js';
const served: number = total;
export const app = express().get('/', (req, res) => { res.send(req.ip + String(served)); });
export type Client = Awaited<ReturnType<Pool['connect']>>;`,
        files: { 'total.ts': 'export const total = 1;' },
      }),
    ).toBe('');
    expect(
      silentFaults({
        filename: 'orders.cjs',
        code: `/** @type {number} */ const total = 1; module.exports = { total };`,
      }),
    ).toBe('');
    expect(
      silentFaults({
        filename: 'orders.ts',
        files: { 'package.json': '{ "type": "commonjs" }' },
        code: `import events = require('node:events'); export = new events.EventEmitter();`,
      }),
    ).toBe('');
  });

  test('a package that the case brings itself', () => {
    const code = `import { lease } from 'house-pool'; export const size: number = lease();`;
    expect(silentFaults({ code })).toContain('TS2307');
    expect(
      silentFaults({
        code,
        files: {
          'node_modules/house-pool/package.json': '{ "name": "house-pool", "version": "2.0.0", "types": "index.d.ts" }',
          'node_modules/house-pool/index.d.ts': 'export declare function lease(): number;',
        },
      }),
    ).toBe('');
    expect(silentFaults({ code })).toContain('TS2307');
  });
});

describe('what is reported', () => {
  test('too few and too many reports', () => {
    expect(faults(reportsBefore(), { code: 'export const before = 1;', errors: [STALE, STALE] })).toContain(
      'expects 2 reports, got 1',
    );
    expect(faults(reportsBefore(), { code: 'export const before = 1;', errors: [] })).toContain(
      'expects 0 reports, got 1',
    );
  });

  test('a silent case that is reported, with carets', () => {
    const text = silentFaults({ code: 'const total = 1;\nexport const before = total;' });
    expect(text).toContain('should stay silent');
    expect(text).toContain(
      '  2 | export const before = total;\n    |              ^^^^^^\n  stale: `before` is written late.',
    );
  });

  test('another message', () => {
    const error = { messageId: 'reread', on: 'before', data: { name: 'before' } };
    expect(faults(reportsBefore(), { code: 'export const before = 1;', errors: [error] })).toContain(
      "expects messageId 'reread', got 'stale'",
    );
  });

  test('another text', () => {
    const error = { ...STALE, message: '`before` is read early.' };
    expect(faults(reportsBefore(), { code: 'export const before = 1;', errors: [error] })).toContain(
      'expects the message\n  `before` is read early.',
    );
  });

  test('wrong data and missing data', () => {
    const code = 'export const before = 1;';
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, data: { name: 'after' } }] })).toContain(
      '`after` is written late.',
    );
    expect(faults(reportsBefore(), { code, errors: [{ messageId: 'stale', on: 'before' }] })).toContain(
      "gives no data for 'name'",
    );
  });

  test('a placeholder that the rule leaves empty', () => {
    expect(faults(reportsBefore({ data: {} }), { code: 'export const before = 1;', errors: [STALE] })).toContain(
      'placeholder without data',
    );
  });

  test('a message without a full stop', () => {
    const rule = reportsBefore({ messages: { ...DEFAULT_MESSAGES, stale: '`{{name}}` is written late' } });
    expect(faults(rule, { code: 'export const before = 1;', errors: [STALE] })).toContain('full stop');
  });

  test('another position', () => {
    const code = 'export const before = 1;';
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, on: 'before = 1' }] })).toContain(
      'but stands on\n  before',
    );
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, line: 2 }] })).toContain('expects line 2, got line 1');
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, column: 1 }] })).toContain(
      'expects column 1, got column 14',
    );
    expect(faults(reportsBefore(), { code, errors: [{ messageId: 'stale', data: { name: 'before' } }] })).toContain(
      'neither `on` nor',
    );
  });

  test('a position that could be two', () => {
    const code = `export const before = 'before';`;
    expect(faults(reportsBefore(), { code, errors: [STALE] })).toContain('needs `line`');
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, line: 1 }] })).toBe('');
  });

  test('code that does not type-check', () => {
    expect(silentFaults({ code: 'export const total: number = "";' })).toContain(
      'does not type-check: service.ts:1 TS2322',
    );
    expect(
      silentFaults({ code: 'export const total = 1;', files: { 'cells.ts': 'export const cells: number = "";' } }),
    ).toContain('cells.ts:1 TS2322');
    expect(silentFaults({ code: 'export const total: number = "";', typeErrors: true })).toBe('');
    expect(silentFaults({ code: 'export const total = 1;', typeErrors: true })).toContain('but type-checks');
  });

  test('code that does not parse', () => {
    expect(() => silentFaults({ code: 'export const = 1;', typeErrors: true })).toThrow('could not lint service.ts');
  });

  test('a rule that throws', () => {
    const rule: AnyRule = {
      ...reportsBefore(),
      create: () => ({
        Program: () => {
          throw new Error('no such symbol');
        },
      }),
    };
    expect(() => faults(rule, { code: 'export {};', errors: [STALE] })).toThrow('no such symbol');
  });
});

describe('what is written', () => {
  const code = `// The sum of the day.
export const before = 1;`;

  test('a fix that the case does not list', () => {
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after') });
    expect(faults(rule, { code, errors: [STALE] })).toContain('what `output` does not list');
    expect(faults(rule, { code, errors: [STALE], output: null })).toContain('does not list');
  });

  test('a fix that is expected and not written', () => {
    expect(faults(reportsBefore(), { code, errors: [STALE], output: code })).toContain(
      'expects a fix, but nothing is fixed',
    );
  });

  test('another text than expected, line by line', () => {
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after') });
    const text = faults(rule, { code, errors: [STALE], output: code.replace('before', 'later') });
    expect(text).toContain('  - export const later = 1;\n  + export const after = 1;');
  });

  test('a fix that loses a comment', () => {
    const rule = reportsBefore({
      fix: (fixer, _node, { text }) => fixer.replaceTextRange([0, text.length], 'export const after = 1;'),
    });
    expect(faults(rule, { code, errors: [STALE], output: 'export const after = 1;' })).toContain(
      'loses the comment // The sum of the day.',
    );
  });

  test('a fix that keeps one of two equal comments', () => {
    const rule = reportsBefore({
      fix: (fixer, _node, { text }) => fixer.replaceTextRange([0, text.length], '/* sum */ export const after = 1;'),
    });
    const twice = '/* sum */ export const before = /* sum */ 1;';
    expect(faults(rule, { code: twice, errors: [STALE], output: '/* sum */ export const after = 1;' })).toContain(
      'loses the comment /* sum */',
    );
  });

  test('a fix that does not type-check', () => {
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after: string') });
    const text = faults(rule, { code, errors: [STALE], output: code.replace('before', 'after: string') });
    expect(text).toContain('the fix gives code that does not type-check');
  });

  test('a fix that does not parse', () => {
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'af ter') });
    expect(faults(rule, { code, errors: [STALE], output: code.replace('before', 'af ter') })).toContain(
      'code that cannot be linted',
    );
  });

  test('a fix that leaves a name unused', () => {
    const rule = reportsBefore({
      fix: (fixer, node) => (node.parent.type === 'BinaryExpression' ? fixer.replaceText(node, '1') : null),
    });
    const text = faults(rule, {
      code: 'const before = 1;\nexport const total = before + 1;',
      errors: [
        { ...STALE, line: 1 },
        { ...STALE, line: 2 },
      ],
      output: 'const before = 1;\nexport const total = 1 + 1;',
    });
    expect(text).toContain("'before' is declared but its value is never read");
  });

  test('a fix that does not settle', () => {
    const rule = reportsBefore({
      fix: (fixer, node) =>
        node.parent.type === 'VariableDeclarator' ? fixer.insertTextAfter(node.parent, ', before2 = 1') : null,
    });
    const text = faults(rule, {
      code: 'export const before = 1;',
      errors: [STALE],
      output: 'export const before = 1, before2 = 1;',
    });
    expect(text).toContain('does not settle');
    expect(text).toContain('leaves its own report standing');
  });

  test('a fix after which the report still stands', () => {
    const rule = reportsBefore({
      fix: (fixer, node, { text }) =>
        text.includes('1_0')
          ? null
          : fixer.replaceText((node.parent as TSESTree.VariableDeclarator).init as TSESTree.Node, '1_0'),
    });
    const text = faults(rule, {
      code: 'export const before = 10;',
      errors: [STALE],
      output: 'export const before = 1_0;',
    });
    expect(text).toContain('the fix leaves its own report standing');
    expect(text).not.toContain('does not settle');
  });

  test('a fix that another rule reports', () => {
    const noAfter: AnyRule = {
      meta: { type: 'problem', messages: { after: 'After.' }, schema: [] },
      create: (context) => ({
        "Identifier[name='after']": (node: TSESTree.Node) => {
          context.report({ node, messageId: 'after' });
        },
      }),
    };
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after') });
    const reported = { code, errors: [STALE], output: code.replace('before', 'after') };
    expect(faults(rule, reported)).toBe('');
    expect(faults(rule, reported, { 'no-after': noAfter })).toContain('makes a new report of no-after (after)');
  });

  test('a fix that is reported by another rule only when that is turned up', () => {
    const likely: AnyRule = {
      meta: {
        type: 'problem',
        messages: { after: 'After.' },
        schema: [{ type: 'object', properties: { certainty: { type: 'string' } } }],
        docs: { description: '', hasTiers: true } as never,
      },
      create: (context) => ({
        "Identifier[name='after']": (node: TSESTree.Node) => {
          if ((context.options[0] as { certainty?: string } | undefined)?.certainty === 'likely')
            context.report({ node, messageId: 'after' });
        },
      }),
    };
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after') });
    expect(faults(rule, { code, errors: [STALE], output: code.replace('before', 'after') }, { likely })).toContain(
      'makes a new report of likely',
    );
  });

  /** A fix for the statement `before;` alone. */
  const inStatement = (text: string): AnyRule =>
    reportsBefore({
      fix: (fixer, node) => (node.parent.type === 'ExpressionStatement' ? fixer.replaceText(node.parent, text) : null),
    });
  const closing = 'export async function close(before: Promise<void>) { before; }';
  const twice = [
    { messageId: 'stale', data: { name: 'before' }, line: 1, column: 29 },
    { messageId: 'stale', data: { name: 'before' }, line: 1, column: 54 },
  ];

  test('a report that another rule of the family makes as well, but not one of another family', () => {
    const ofFamily = (family: string, rule: AnyRule): AnyRule => ({
      ...rule,
      meta: { ...rule.meta, docs: { description: '', family } as never },
    });
    const rule = reportsBefore({ fix: (fixer, node) => fixer.replaceText(node, 'after') });
    const twice = (family: string, other = family): string =>
      faults(
        ofFamily(family, rule),
        { code: 'export const before = 1;', errors: [STALE], output: 'export const after = 1;' },
        { 'no-late': ofFamily(other, reportsBefore()) },
      );
    expect(twice('pools')).toContain('no-late of the same family reports this as well\n');
    expect(twice('pools', 'shared-state')).toBe('');
    // There a place may have two faults.
    expect(twice('waits')).toBe('');
  });

  test('a fix that adds `void`', () => {
    const output = closing.replace('before; }', 'void before; }');
    expect(faults(inStatement('void before;'), { code: closing, errors: twice, output })).toContain(
      'only silences: it adds `void`',
    );
  });

  test('a fix that adds a handler that does nothing', () => {
    const output = closing.replace('before; }', 'before.catch(() => {}); }');
    expect(faults(inStatement('before.catch(() => {});'), { code: closing, errors: twice, output })).toContain(
      'a `.catch` that does nothing',
    );
  });

  test('a fix that adds an empty `catch`', () => {
    const output = closing.replace('before; }', 'try { await before; } catch {} }');
    expect(faults(inStatement('try { await before; } catch {}'), { code: closing, errors: twice, output })).toContain(
      'an empty `catch`',
    );
  });

  test('a fix that disables a rule', () => {
    const output = closing.replace('before; }', '/* eslint-disable */ before; }');
    expect(faults(inStatement('/* eslint-disable */ before;'), { code: closing, errors: twice, output })).toContain(
      'only silences: it adds `/* eslint-disable */`',
    );
  });
});

describe('what is suggested', () => {
  const code = 'export const before = 1;';
  const later: Write = (fixer, node) => fixer.replaceText(node, 'later');

  test('a suggestion that the case does not list', () => {
    const text = faults(reportsBefore({ suggest: [later] }), { code, errors: [STALE] });
    expect(text).toContain('lists 0 suggestions, got 1');
    expect(text).toContain('reread: Read `before` again.\n    export const later = 1;');
  });

  test('a suggestion that is not there', () => {
    const suggestions = [{ messageId: 'reread', output: 'export const later = 1;' }];
    expect(faults(reportsBefore(), { code, errors: [{ ...STALE, suggestions }] })).toContain(
      'lists 1 suggestion, got 0',
    );
  });

  test('suggestions in another order', () => {
    const rule = reportsBefore({ suggest: [later, (fixer, node) => fixer.replaceText(node, 'last')] });
    const suggestions = [
      { messageId: 'reread', output: 'export const last = 1;' },
      { messageId: 'reread', output: 'export const later = 1;' },
    ];
    expect(faults(rule, { code, errors: [{ ...STALE, suggestions }] })).toContain('suggestion 1 gives another text');
  });

  test('another title', () => {
    const rule = reportsBefore({ suggest: [later] });
    const output = 'export const later = 1;';
    expect(faults(rule, { code, errors: [{ ...STALE, suggestions: [{ messageId: 'stale', output }] }] })).toContain(
      "is 'reread', not 'stale'",
    );
    expect(faults(rule, { code, errors: [{ ...STALE, suggestions: [{ title: 'Read it.', output }] }] })).toContain(
      'expects the title\n  Read it.',
    );
    const wrong = [{ messageId: 'reread', data: { name: 'after' }, output }];
    expect(faults(rule, { code, errors: [{ ...STALE, suggestions: wrong }] })).toContain('Read `after` again.');
  });

  test('a suggestion that does not type-check or leaves its report standing', () => {
    const broken = reportsBefore({ suggest: [(fixer, node) => fixer.replaceText(node, 'later: string')] });
    const first = [{ messageId: 'reread', output: 'export const later: string = 1;' }];
    expect(faults(broken, { code, errors: [{ ...STALE, suggestions: first }] })).toContain(
      'suggestion 1 gives code that does not type-check',
    );
    const useless = reportsBefore({ suggest: [(fixer, node) => fixer.insertTextAfter(node, ': number')] });
    const second = [{ messageId: 'reread', output: 'export const before: number = 1;' }];
    expect(faults(useless, { code, errors: [{ ...STALE, suggestions: second }] })).toContain(
      'suggestion 1 leaves its own report standing',
    );
  });
});
