import { defineConfig } from 'eslint/config';
import { ESLint, type Linter } from 'eslint';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import plugin from '../../src/index.ts';
import { presetsOf, rulesOf } from '../../src/presets.ts';
import { certainty, type ConcurrencyRule, defineRule } from '../../src/rule.ts';

const rules = {
  'no-lost-order': defineRule({
    name: 'no-lost-order',
    family: 'shared-state',
    summary: 'Disallow lost orders',
    preset: 'recommended',
    fixes: false,
    messages: { lost: 'The order is lost.' },
    options: { certainty },
    create: () => ({}),
  }),
  'no-late-invoice': defineRule({
    name: 'no-late-invoice',
    family: 'waits',
    summary: 'Disallow late invoices',
    preset: 'strict',
    fixes: false,
    messages: { late: 'The invoice is late.' },
    options: {},
    create: () => ({}),
  }),
  'no-old-session': defineRule({
    name: 'no-old-session',
    family: 'pools',
    summary: 'Disallow old sessions',
    preset: 'all',
    fixes: false,
    messages: { old: 'The session is old.' },
    options: { certainty },
    create: () => ({}),
  }),
} satisfies Record<string, ConcurrencyRule>;

test('recommended has the rules that say so, with what is certain', () => {
  expect(rulesOf('recommended', rules)).toEqual({ 'concurrency/no-lost-order': 'error' });
});

test('strict adds its own rules and what is likely', () => {
  expect(rulesOf('strict', rules)).toEqual({
    'concurrency/no-lost-order': ['error', { certainty: 'likely' }],
    'concurrency/no-late-invoice': 'error',
  });
});

test('all has every rule, with what is likely', () => {
  expect(rulesOf('all', rules)).toEqual({
    'concurrency/no-lost-order': ['error', { certainty: 'likely' }],
    'concurrency/no-late-invoice': 'error',
    'concurrency/no-old-session': ['error', { certainty: 'likely' }],
  });
});

test('a preset is a complete config: files, parser, type information, plugin and rules', () => {
  const { recommended } = plugin.configs;
  expect(recommended).toMatchObject({
    name: 'concurrency/recommended',
    files: ['**/*.ts', '**/*.tsx', '**/*.mts', '**/*.cts'],
    languageOptions: {
      parser: { meta: { name: 'typescript-eslint/parser' } },
      parserOptions: { projectService: true },
    },
  });
  expect(recommended.plugins?.['concurrency']).toBe(plugin);
});

test('a preset is the same object each time it is read', () => {
  expect(plugin.configs.strict).toBe(plugin.configs.strict);
});

test('a preset of other rules has the plugin it was made for', () => {
  const other = { rules: {} };
  const presets = presetsOf(() => other, rules);
  expect(presets.all.plugins).toEqual({ concurrency: other });
});

test('ESLint takes the presets as they are, and by name', () => {
  expect(() => defineConfig(plugin.configs.recommended, plugin.configs.strict, plugin.configs.all)).not.toThrow();
  const byName = defineConfig({ plugins: { concurrency: plugin }, extends: ['concurrency/strict'] });
  expect(byName.map(({ name }) => name)).toContain('UserConfig[0] > concurrency/strict');
});

test('ESLint finds every rule and option of the presets valid', async () => {
  const sample = { rules: rules as unknown as NonNullable<ESLint.Plugin['rules']> };
  const { all } = presetsOf(() => sample, rules);
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: all });
  const config = (await eslint.calculateConfigForFile('orders.ts')) as Linter.Config;
  expect(config.rules).toEqual({
    'concurrency/no-lost-order': [2, { certainty: 'likely' }],
    'concurrency/no-late-invoice': [2],
    'concurrency/no-old-session': [2, { certainty: 'likely' }],
  });
  const ours = new ESLint({ overrideConfigFile: true, overrideConfig: plugin.configs.all });
  await expect(ours.calculateConfigForFile('orders.ts')).resolves.toBeDefined();
});

test('the plugin says its name, its version and its namespace', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    name: string;
    version: string;
  };
  expect(plugin.meta).toEqual({ name: manifest.name, version: manifest.version, namespace: 'concurrency' });
});
