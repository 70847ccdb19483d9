import { describe, expect, test } from 'vitest';
import { certainty, defineRule, flag, listOf, milliseconds, oneOf, type Repair } from '../../src/rule.ts';
import { lint, type Report } from '../support/lint.ts';
import { programOf } from '../support/program.ts';

const CODE = 'export const total = 1;\n';

type Title = 'found' | 'rename' | 'replace';

/** What a rule that offers these repairs on the name `total` reports. */
function reportedWith(
  repairs: readonly Repair<Title>[],
  { fixes = true, settings = {} }: { fixes?: boolean; settings?: Readonly<Record<string, unknown>> } = {},
): Report {
  const rule = defineRule({
    name: 'no-total',
    family: 'shared-state',
    summary: 'Disallow totals',
    preset: 'recommended',
    fixes,
    messages: { found: 'Here is `{{name}}`.', rename: 'Rename it to `{{name}}`.', replace: 'Replace it.' },
    options: {},
    create: ({ report }) => ({
      VariableDeclarator({ id }) {
        report({ at: id, messageId: 'found', data: { name: 'total' }, repairs });
      },
    }),
  });
  const [report] = lint(programOf({ 'orders.ts': CODE }), 'orders.ts', CODE, {
    rules: { 'no-total': rule },
    run: { 'no-total': [] },
    settings,
  });
  if (report === undefined) throw new Error('The rule reported nothing.');
  return report;
}

const RENAME: Repair<Title> = {
  title: 'rename',
  data: { name: 'sum' },
  automatic: true,
  edits: [{ range: [13, 18], text: 'sum' }],
};
const REPLACE: Repair<Title> = { title: 'replace', automatic: true, edits: [{ range: [21, 22], text: '2' }] };

describe('repairs', () => {
  test('the first automatic one is the fix, the others are suggestions', () => {
    const report = reportedWith([{ ...REPLACE, automatic: false }, RENAME, REPLACE]);
    expect(report.fix).toEqual({ range: [13, 18], text: 'sum' });
    expect(report.suggestions.map(({ messageId }) => messageId)).toEqual(['replace', 'replace']);
  });

  test('all are suggestions under `fixes: "suggest"`, in their order', () => {
    const report = reportedWith([RENAME, REPLACE], { settings: { fixes: 'suggest' } });
    expect(report.fix).toBeUndefined();
    expect(report.suggestions.map(({ title }) => title)).toEqual(['Rename it to `sum`.', 'Replace it.']);
  });

  test('none is a fix in a rule that declares no fixes', () => {
    const report = reportedWith([RENAME], { fixes: false });
    expect(report.fix).toBeUndefined();
    expect(report.suggestions).toHaveLength(1);
  });

  test('one without edits is not offered', () => {
    const report = reportedWith([{ ...RENAME, edits: [] }]);
    expect(report.fix).toBeUndefined();
    expect(report.suggestions).toEqual([]);
  });

  test('one whose edits overlap is not offered, and the next automatic one is the fix', () => {
    const overlapping: Repair<Title> = {
      ...RENAME,
      edits: [
        { range: [13, 18], text: 'sum' },
        { range: [16, 20], text: '' },
      ],
    };
    const report = reportedWith([overlapping, REPLACE]);
    expect(report.fix).toEqual({ range: [21, 22], text: '2' });
    expect(report.suggestions).toEqual([]);
  });

  test('edits may be given in any order', () => {
    const report = reportedWith([{ ...RENAME, edits: [...REPLACE.edits, ...RENAME.edits] }]);
    expect(report.fix).toEqual({ range: [13, 22], text: 'sum = 2' });
  });

  test('edits that touch each other are both written', () => {
    const touching: Repair<Title> = {
      ...RENAME,
      edits: [
        { range: [13, 18], text: 'sum' },
        { range: [18, 18], text: ': number' },
      ],
    };
    expect(reportedWith([touching]).fix).toEqual({ range: [13, 18], text: 'sum: number' });
  });
});

describe('options', () => {
  /** The values a rule gets. */
  function valuesWith(given: readonly unknown[], settings: Readonly<Record<string, unknown>> = {}): unknown {
    let values: unknown;
    const rule = defineRule({
      name: 'no-total',
      family: 'waits',
      summary: 'Disallow totals',
      preset: 'recommended',
      fixes: false,
      messages: { found: 'Here.' },
      options: {
        certainty,
        timeout: milliseconds(30_000, 'The deadline that the fix writes.', 'wait'),
        io: flag(false, 'Report plain input and output too.'),
        allow: listOf('Functions that may be called.'),
        style: oneOf(['await', 'then'], 'await', 'What the fix writes.'),
      },
      create({ options }) {
        values = options;
        return {};
      },
    });
    lint(programOf({ 'orders.ts': CODE }), 'orders.ts', CODE, {
      rules: { 'no-total': rule },
      run: { 'no-total': given },
      settings,
    });
    return values;
  }

  test('have the values of the declaration when nothing is given', () => {
    expect(valuesWith([])).toEqual({ certainty: 'certain', timeout: 30_000, io: false, allow: [], style: 'await' });
  });

  test('take what is given', () => {
    expect(valuesWith([{ certainty: 'likely', allow: ['archive'] }])).toMatchObject({
      certainty: 'likely',
      allow: ['archive'],
      io: false,
    });
  });

  test('take a deadline from the shared settings where none is given', () => {
    expect(valuesWith([], { deadlines: { wait: 2_000 } })).toMatchObject({ timeout: 2_000 });
    expect(valuesWith([{ timeout: 500 }], { deadlines: { wait: 2_000 } })).toMatchObject({ timeout: 500 });
  });

  test('are refused by ESLint when they are wrong', () => {
    expect(() => valuesWith([{ certainty: 'sure' }])).toThrow('Value "sure" should be equal to one');
    expect(() => valuesWith([{ timeout: 0 }])).toThrow('Value 0 should be >= 1');
    expect(() => valuesWith([{ allow: ['archive', 'archive'] }])).toThrow('should NOT have duplicate items');
    expect(() => valuesWith([{ timeouts: 1 }])).toThrow('Unexpected property "timeouts"');
  });
});
