import type { ESLint } from 'eslint';
import { createRequire } from 'node:module';
import { type Presets, presetsOf } from './presets.ts';
import { rules } from './rules/index.ts';

export type { GivenSettings as ConcurrencySettings, Specifier } from './settings.ts';

const { name, version } = createRequire(import.meta.url)('../package.json') as { name: string; version: string };

/** ESLint's own type of a plugin, with our presets. */
export interface ConcurrencyPlugin extends ESLint.Plugin {
  readonly meta: { readonly name: string; readonly namespace: 'concurrency'; readonly version: string };
  readonly rules: NonNullable<ESLint.Plugin['rules']>;
  readonly configs: Presets;
}

const plugin: ConcurrencyPlugin = {
  meta: { name, version, namespace: 'concurrency' },
  rules: rules as unknown as NonNullable<ESLint.Plugin['rules']>,
  configs: presetsOf(() => plugin, rules),
};

export default plugin;
