import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { defineFact } from '../../src/analysis/index.ts';
import { type FileContext, type Services, servicesFor } from '../../src/services.ts';
import { programOf, type VirtualProgram, virtualPath } from '../support/program.ts';

/** What a rule gets for one file of a Program. */
function servicesOf(
  virtual: VirtualProgram,
  file: string,
  code: string,
  settings: Linter.Config['settings'] = {},
): Services {
  let found: Services | undefined;
  const probe = {
    meta: { type: 'problem', schema: [], messages: {} } as const,
    create(context: FileContext) {
      found = servicesFor(context, 'no-lost-order');
      return {};
    },
  };
  const [message] = new Linter({ configType: 'flat' }).verify(
    code,
    [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: parser, parserOptions: { programs: [virtual.program] } },
        plugins: { probe: { rules: { probe: probe as never } } },
        rules: { 'probe/probe': 'error' },
        settings,
      },
    ],
    { filename: virtualPath(file) },
  );
  if (found === undefined) throw new Error(message?.message ?? 'The rule did not run.');
  return found;
}

const ORDERS = 'export let orders = 0;\nexport function count() {\n  orders += 1;\n}\n';
const INVOICES = "import { orders } from './orders.ts';\n\nexport const invoices = () => orders;\n";

describe('the core', () => {
  test('is one for all files of a Program', () => {
    const program = programOf({ 'orders.ts': ORDERS, 'invoices.ts': INVOICES });
    const first = servicesOf(program, 'orders.ts', ORDERS);
    const second = servicesOf(program, 'invoices.ts', INVOICES);
    expect(second.core).toBe(first.core);
    expect(second.sourceFile).not.toBe(first.sourceFile);
  });

  test('is one for equal settings, and another one for other settings', () => {
    const program = programOf({ 'orders.ts': ORDERS });
    const plain = servicesOf(program, 'orders.ts', ORDERS);
    const one = servicesOf(program, 'orders.ts', ORDERS, { concurrency: { tests: ['checks/**'] } });
    const same = servicesOf(program, 'orders.ts', ORDERS, { concurrency: { tests: ['checks/**'] } });
    expect(one.core).not.toBe(plain.core);
    expect(same.core).toBe(one.core);
    expect(one.core.globs.tests).toEqual(['checks/**']);
  });

  test('is a new one for a new Program', () => {
    const before = servicesOf(programOf({ 'orders.ts': ORDERS }), 'orders.ts', ORDERS);
    const after = servicesOf(programOf({ 'orders.ts': ORDERS }), 'orders.ts', ORDERS);
    expect(after.core).not.toBe(before.core);
    expect(after.program).not.toBe(before.program);
  });
});

describe('the bridge', () => {
  const program = programOf({ 'orders.ts': ORDERS, 'invoices.ts': INVOICES });
  const services = servicesOf(program, 'orders.ts', ORDERS);
  const [, declared] = services.sourceCode.ast.body;

  test('gives the TypeScript node of an ESTree node', () => {
    if (declared?.type !== 'ExportNamedDeclaration' || declared.declaration == null) throw new Error('no function');
    expect(ts.isFunctionDeclaration(services.tsOf(declared.declaration))).toBe(true);
  });

  test('asks a fact about an ESTree node as about its TypeScript node', () => {
    const kind = defineFact<ts.Node, string>({
      name: 'kind',
      scope: 'program',
      compute: (node) => ts.SyntaxKind[node.kind],
    });
    if (declared?.type !== 'ExportNamedDeclaration' || declared.declaration == null) throw new Error('no function');
    expect(services.ask(kind, declared.declaration)).toBe('FunctionDeclaration');
    expect(services.ask(kind, services.tsOf(declared.declaration))).toBe('FunctionDeclaration');
    expect(services.core.costs().get('kind')?.computed).toBe(1);
  });

  test('locates a TypeScript node without the white space and comments before it', () => {
    const statement = services.sourceFile.statements[1];
    if (statement === undefined) throw new Error('no function');
    expect(services.locationOf(statement)).toEqual({ start: { line: 2, column: 0 }, end: { line: 4, column: 1 } });
  });

  test('locates an ESTree node where it stands', () => {
    if (declared === undefined) throw new Error('no function');
    expect(services.locationOf(declared)).toEqual(declared.loc);
  });

  test('refuses to report in another file', () => {
    const other = program.sourceFile('invoices.ts');
    const statement = other.statements[0];
    if (statement === undefined) throw new Error('no import');
    expect(() => services.locationOf(statement)).toThrow('A report belongs to the file that is being linted.');
  });

  test('tells the line of a node of any file, from 1', () => {
    const statement = program.sourceFile('invoices.ts').statements[1];
    if (statement === undefined) throw new Error('no constant');
    expect(services.lineOf(statement)).toBe(3);
  });
});

describe('without types a rule says what to do', () => {
  test('when the parser was not told to give them', () => {
    const { services: parserServices } = parser.parseForESLint('', {});
    const context = {
      settings: {},
      languageOptions: { parser: { meta: { name: 'typescript-eslint/parser' } } },
      sourceCode: { parserServices },
    } as unknown as FileContext;
    expect(() => servicesFor(context, 'no-lost-order')).toThrow(
      "The rule 'concurrency/no-lost-order' needs type information, and this file was parsed without it; use " +
        '@typescript-eslint/parser with `parserOptions: { projectService: true }`, as the presets of ' +
        'eslint-plugin-concurrency do.',
    );
  });

  test('when another parser reads the file', () => {
    const context = {
      settings: {},
      languageOptions: { parser: { meta: { name: 'espree' } } },
      sourceCode: { parserServices: {} },
    } as unknown as FileContext;
    expect(() => servicesFor(context, 'no-lost-order')).toThrow('parsed without it (found the parser espree)');
  });

  test('when the runner gives a plugin no parser services', () => {
    const context = { settings: {}, sourceCode: {} } as unknown as FileContext;
    expect(() => servicesFor(context, 'no-lost-order')).toThrow(
      "The rule 'concurrency/no-lost-order' needs the types of TypeScript, and the linter that runs it gives plugins none; " +
        'run the rules of eslint-plugin-concurrency with ESLint (`npx eslint`, or `npx eslint-plugin-concurrency`).',
    );
  });

  test('when the runner is oxlint', () => {
    const context = {
      settings: {},
      languageOptions: { parser: { name: 'oxlint' } },
      sourceCode: { parserServices: {} },
    } as unknown as FileContext;
    expect(() => servicesFor(context, 'no-lost-order')).toThrow('and oxlint gives plugins none');
  });
});
