import { expect, test } from 'vitest';
import { filesOf, lintCase } from './cases.ts';

// All of TypeScript's own cases: `npm run conformance -- <folder>`.
test('a case with files of its own is taken apart', () => {
  expect(
    filesOf(
      'asyncImport.ts',
      '// @target: esnext\n// @filename: /a.ts\nexport const total = 1;\n// @Filename: sub/b.ts\nimport { total } from "../a";\n',
    ),
  ).toEqual({
    'asyncImport.ts': '// @target: esnext',
    'a.ts': 'export const total = 1;',
    'sub/b.ts': 'import { total } from "../a";\n',
  });
});

test('each file of a case is linted, and one that is no program is counted', () => {
  expect(
    lintCase(
      'asyncLoop.ts',
      '// @filename: a.ts\nlet total = 0;\nexport async function add() { total = total + (await add()); return total; }\n// @filename: b.ts\nasync function ( {',
    ),
  ).toEqual(['linted', 'unparsed']);
});
