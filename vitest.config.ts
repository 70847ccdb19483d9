import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      'tests/**/fixtures/**',
      'tests/**/programs/**',
      'tests/**/projects/**',
      'tests/corpus/.sources/**',
      '**/.work/**',
    ],
    // A child process for each file: the compiler's caches go with it, and real programs may use signals.
    pool: 'forks',
    maxWorkers: 2,
    // The first typed case of a file parses the library and the type packages.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    restoreMocks: true,
  },
});
