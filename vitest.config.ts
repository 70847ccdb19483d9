import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const EXCLUDED = [
  '**/node_modules/**',
  'tests/**/fixtures/**',
  'tests/**/programs/**',
  'tests/**/projects/**',
  'tests/corpus/.sources/**',
  '**/.work/**',
];

/** Tests that run what is published, as its users have it. */
const PACKED = ['tests/e2e/**/*.test.ts'];

/** Tests of the public doors, and of whole projects. */
const PROJECTS = ['tests/corpus/**/*.test.ts', 'tests/public/**/*.test.ts'];

/** Tests that start small programs and lint them in this process. */
const PROOFS = ['tests/behaviour/**/*.test.ts'];

/** Cases of rules, each with a program of its own. */
const RULES = ['tests/rules/**/*.test.ts'];

const COMMON = {
  pool: 'forks',
  // One process for many files: the compiler is loaded and the library parsed once, not once for each file. The projects below have
  // processes of their own, so that none grows until collecting garbage is most of its work.
  isolate: false,
  // Syntax trees and types are many and die young, but not as young as Node.js expects.
  execArgv: ['--max-semi-space-size=64'],
  // The first typed case of a file parses the library and the type packages.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  restoreMocks: true,
} satisfies TestProjectInlineConfiguration['test'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...COMMON,
          name: 'code',
          include: ['tests/**/*.test.ts'],
          exclude: [...EXCLUDED, ...PACKED, ...PROJECTS, ...PROOFS, ...RULES],
        },
      },
      { test: { ...COMMON, name: 'rules', include: RULES, exclude: EXCLUDED } },
      {
        test: {
          ...COMMON,
          name: 'proofs',
          include: PROOFS,
          exclude: EXCLUDED,
          // As in an editor: one service for all projects, which parses the library once. In CI the parser would make a Program for each.
          env: { TSESTREE_SINGLE_RUN: 'false' },
        },
      },
      { test: { ...COMMON, name: 'projects', include: PROJECTS, exclude: EXCLUDED } },
      {
        test: {
          ...COMMON,
          name: 'packed',
          include: PACKED,
          exclude: EXCLUDED,
          globalSetup: 'tests/e2e/pack-plugin.ts',
        },
      },
    ],
  },
});
