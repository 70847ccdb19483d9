import { type CatalogueEntry, entries, type ProgramMark } from './schema.ts';

/** The same mark for whoever imports anything of these packages. */
function marked(mark: ProgramMark, packages: readonly string[]): CatalogueEntry[] {
  return packages.map((name) => entries(name, { marks: { '*': mark } }));
}

/** What the imports of a program say about its kind. */
export const programs: readonly CatalogueEntry[] = [
  ...marked('cli', [
    '@clack/prompts',
    '@inquirer/prompts',
    '@oclif/core',
    '@stricli/core',
    'arg',
    'cac',
    'citty',
    'clipanion',
    'cmd-ts',
    'command-line-args',
    'commander',
    'enquirer',
    'gluegun',
    'ink',
    'inquirer',
    'meow',
    'minimist',
    'mri',
    'nest-commander',
    'prompts',
    'sade',
    'yargs',
    'yargs-parser',
  ]),
  entries('util', { marks: { parseArgs: 'cli' } }),
  ...marked('test', [
    '@jest/globals',
    '@playwright/test',
    'ava',
    'bun:test',
    'chai',
    'cypress',
    'jasmine',
    'jest',
    'mocha',
    'node:test',
    'nock',
    'sinon',
    'supertest',
    'tap',
    'uvu',
    'vitest',
  ]),
  entries('worker_threads', {
    marks: { isMainThread: 'worker-thread', parentPort: 'worker-thread', workerData: 'worker-thread' },
  }),
  entries('typeorm', { marks: { MigrationInterface: 'migration' } }),
  entries('node-pg-migrate', { marks: { MigrationBuilder: 'migration' } }),
  entries('@mikro-orm/migrations', { marks: { Migration: 'migration' } }),
  entries('sequelize-cli', { marks: { Migration: 'migration' } }),
];
