import { existsSync } from 'node:fs';
import js from '@eslint/js';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// Our own rules on our own code, as they were last built (`npm run lint` builds first).
const built = new URL('./dist/index.js', import.meta.url);
const ourselves = existsSync(built) ? (await import(built.href)).default.configs.recommended : [];

const literalCase =
  'A case of a rule test is literal: write the code out, so that a stranger can read it (no variable, call or interpolation).';

export default defineConfig(
  globalIgnores([
    'dist/',
    'coverage/',
    'examples/',
    '**/.work/',
    'tests/corpus/.sources/',
    'tests/**/fixtures/',
    'tests/**/programs/',
    'tests/**/projects/',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked, ourselves],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A line number or a count in a message is text like any other.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `T[]` for plain names, `readonly T[]` everywhere else: the house has no second spelling for it.
      '@typescript-eslint/array-type': ['error', { default: 'array' }],
      // Listeners return nothing; an arrow that hands on the `void` of the call it makes reads well.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Enums of the compiler (`SyntaxKind`) are compared with each other all the time, and `kind` is often narrowed away.
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // What the core and the rules are handed are records of closures, made to be taken apart: `create({ ask, report })`.
      '@typescript-eslint/unbound-method': 'off',
      // Asks for `!`, which the strict set forbids.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "BinaryExpression[operator='in'] > Literal[value=/^(?:parameters|statements|tag)$/].left",
          message:
            'Nodes of TypeScript 7 answer to every property name: ask for the kind (`ts.isFunctionLike(fn)`) instead.',
        },
        {
          selector: "MemberExpression[object.name='ts'][property.name='isBindingElement']",
          message:
            'In TypeScript 7 a hole in a pattern is an element without a name: ask `isBindingElement` of syntax/bindings.ts.',
        },
        {
          selector: "ImportDeclaration[importKind='value'][source.value='typescript'] > ImportDefaultSpecifier",
          message:
            "Write `import * as ts from 'typescript'`: the compiler's default export is a large object, and each look-up in it costs more than most questions.",
        },
      ],
    },
  },
  {
    files: ['src/rules/*.ts'],
    ignores: ['src/rules/index.ts'],
    extends: [eslintPlugin.configs.recommended],
    rules: {
      // `defineRule` fills in what these look for.
      'eslint-plugin/require-meta-type': 'off',
      'eslint-plugin/require-meta-schema': 'off',
      'eslint-plugin/require-meta-default-options': 'off',
    },
  },
  {
    files: ['tests/**/*.ts'],
    rules: {
      // A test says what it expects of a value that it has made itself.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    // Lists of texts: types would find nothing there, and the files are the longest of all.
    files: ['tests/rules/**/*.test.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      ...Object.fromEntries(Object.keys([ourselves].flat()[0]?.rules ?? {}).map((name) => [name, 'off'])),
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'Property[key.name=/^(code|output|filename)$/] > :not(Literal, TemplateLiteral, ArrayExpression, TaggedTemplateExpression).value',
          message: literalCase,
        },
        {
          selector: 'Property[key.name=/^(code|output|files)$/] TemplateLiteral[expressions.length>0]',
          message: literalCase,
        },
        { selector: 'Property[shorthand=true][key.name=/^(code|output)$/]', message: literalCase },
        { selector: ':matches(ForStatement, ForOfStatement, ForInStatement, WhileStatement)', message: literalCase },
        { selector: 'CallExpression[callee.property.name=/^(map|flatMap|forEach|each)$/]', message: literalCase },
        { selector: 'SpreadElement', message: literalCase },
        { selector: 'VariableDeclaration', message: literalCase },
        {
          selector: 'Property[key.name="files"] > ObjectExpression > Property > :not(Literal, TemplateLiteral).value',
          message: literalCase,
        },
      ],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { URL: 'readonly', console: 'readonly', process: 'readonly' } },
  },
);
