import type { KnipConfig } from 'knip';
import manifest from './package.json' with { type: 'json' };
import { catalogue } from './src/catalogue/index.ts';
import { packages } from './tests/corpus/packages.ts';

/** The tests of the catalogue read its packages from their types; no file imports them. */
const inCatalogue = new Set(catalogue.flatMap(({ from, alsoKnownAs = [] }) => [from, ...alsoKnownAs]));

/** `express` for `@types/express`, `@nestjs/common` for `@types/nestjs__common`. */
function describedBy(name: string): string {
  const described = name.replace(/^@types\//, '');
  return described.includes('__') ? `@${described.replace('__', '/')}` : described;
}

export default {
  // The door of the core is complete, whatever today's rules ask.
  entry: ['src/index.ts', 'src/cli/main.ts', 'src/analysis/index.ts', 'scripts/*.ts'],
  project: ['src/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'tests/**/*.ts'],
  ignore: ['tests/**/fixtures/**', 'tests/**/projects/**'],
  ignoreDependencies: [
    ...Object.keys(manifest.devDependencies).filter(
      (name) => name !== 'vitest' && (inCatalogue.has(name) || inCatalogue.has(describedBy(name))),
    ),
    // Their sources are copied and linted, with the peers that these import.
    ...packages,
    'yjs',
    'y-protocols',
    // Run as commands by scripts.
    '@arethetypeswrong/cli',
    'eslint-doc-generator',
    'publint',
    // Its server is started by a test.
    'vscode-langservers-extracted',
    // Run as commands by tests.
    '@microsoft/eslint-formatter-sarif',
    'turbo',
  ],
  ignoreExportsUsedInFile: true,
} satisfies KnipConfig;
