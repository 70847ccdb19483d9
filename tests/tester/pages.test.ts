import { describe, expect, test } from 'vitest';
import type { AnyRule } from '../support/lint.ts';
import { examplesOf } from '../support/pages.ts';
import { faultsOfIncorrect } from '../support/verdict.ts';

const PAGE = `# no-late-write

\`\`\`ts
this is not run
\`\`\`

## Incorrect

\`\`\`ts file="cells.ts"
export const SERVED = 0;
\`\`\`

\`\`\`ts options={"certainty":"likely"}
let served = 0;
\`\`\`

## Correct

### With a lock

\`\`\`js filename="orders.mjs" settings={"fixes":"suggest","locks":[]}
let total = 0;
let open = 1;
\`\`\`

\`\`\`sh
npm test
\`\`\`

## Options

\`\`\`ts
nor is this
\`\`\`
`;

describe('examples of a page', () => {
  test('stand below the headings for incorrect and correct code', () => {
    expect(examplesOf(PAGE)).toEqual([
      {
        kind: 'incorrect',
        code: 'let served = 0;',
        line: 13,
        filename: 'service.ts',
        options: { certainty: 'likely' },
        files: { 'cells.ts': 'export const SERVED = 0;' },
      },
      {
        kind: 'correct',
        code: 'let total = 0;\nlet open = 1;',
        line: 21,
        filename: 'orders.mjs',
        settings: { fixes: 'suggest', locks: [] },
        files: {},
      },
    ]);
  });

  test('with an attribute that nobody knows are an error', () => {
    expect(() => examplesOf('## Correct\n```ts option={}\n```')).toThrow("line 2 says 'option={}'");
  });

  test('without an end are an error', () => {
    expect(() => examplesOf('## Correct\n```ts\nlet served = 0;')).toThrow('has no end');
  });
});

describe('an incorrect example', () => {
  const renames: AnyRule = {
    meta: { type: 'problem', messages: { late: 'Late.' }, schema: [], fixable: 'code' },
    create: (context) => ({
      "Identifier[name='before']": (node) => {
        context.report({ node, messageId: 'late', fix: (fixer) => fixer.replaceText(node, 'after: string') });
      },
    }),
  };
  const bench = { name: 'no-before', rules: { 'no-before': renames } };

  test('that is not reported fails', () => {
    expect(faultsOfIncorrect(bench, { code: 'export const total = 1;' })).toEqual([
      'should be reported, but stays silent',
    ]);
  });

  test('that is fixed to something unsound fails', () => {
    expect(faultsOfIncorrect(bench, { code: 'export const before = 1;' }).join('\n')).toContain('does not type-check');
  });

  test('that is fixed to something sound passes', () => {
    expect(faultsOfIncorrect(bench, { code: 'export const before = "";' })).toEqual([]);
  });
});
