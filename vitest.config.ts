import { defineConfig } from 'vitest/config';

const EXCLUDED = [
  '**/node_modules/**',
  'tests/**/fixtures/**',
  'tests/**/programs/**',
  'tests/**/projects/**',
  'tests/corpus/.sources/**',
  '**/.work/**',
];

/** Tests that install the package, read whole projects, or set what the process is given. */
const WITH_PROCESSES = ['corpus', 'e2e', 'public'].map((folder) => `tests/${folder}/**/*.test.ts`);

/** Tests that start small programs and lint them in this process. */
const PROOFS = ['tests/behaviour/**/*.test.ts'];

/** Cases of rules, each with a program of its own. */
const RULES = ['tests/rules/**/*.test.ts'];

const COMMON = {
  pool: 'forks',
  // The first typed case of a file parses the library and the type packages.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  restoreMocks: true,
} as const;

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...COMMON,
          name: 'code',
          include: ['tests/**/*.test.ts'],
          exclude: [...EXCLUDED, ...WITH_PROCESSES, ...PROOFS, ...RULES],
          // One process for many files: the compiler is loaded and the library parsed once, not once for each file. The rules and
          // the proofs have processes of their own, so that none grows until collecting garbage is most of its work.
          isolate: false,
        },
      },
      { test: { ...COMMON, name: 'rules', include: RULES, exclude: EXCLUDED, isolate: false } },
      { test: { ...COMMON, name: 'proofs', include: PROOFS, exclude: EXCLUDED, isolate: false } },
      {
        test: { ...COMMON, name: 'programs', include: WITH_PROCESSES, exclude: EXCLUDED },
      },
    ],
  },
});
