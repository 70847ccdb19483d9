import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCheckout } from '../../scripts/fixes/checkout.ts';
import { mutated } from '../../scripts/fixes/mutations.ts';
import { tryEdits } from '../../scripts/fixes/trial.ts';
import { REPOSITORY } from '../support/program.ts';

const folder = path.join(REPOSITORY, 'tests', 'robustness', '.work', 'service');
const example = path.join(folder, 'src', 'traffic.ts');

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(path.join(REPOSITORY, 'examples', 'service'), folder, { recursive: true });
  // One program is enough for what the command says of it: few files, and few types.
  writeFileSync(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: OPTIONS, files: ['src/traffic.ts', 'src/sessions.ts', 'src/shipping.ts'] }),
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const OPTIONS = { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true };

describe('`npm run fixes`', () => {
  test('fixes the example service without a fault and leaves its files alone', () => {
    const before = readFileSync(example, 'utf8');
    const checkout = openCheckout(folder, path.join(folder, 'tsconfig.json'));
    const { fixed, faults, suggested } = tryEdits(checkout, new Map(), { preset: 'all', suggestions: true });
    expect(faults).toEqual([]);
    expect(Object.fromEntries(fixed)).toMatchObject({ 'no-nonatomic-update': 1, 'prefer-atomics': 1 });
    expect(suggested.size).toBeGreaterThan(0);
    expect(readFileSync(example, 'utf8')).toBe(before);
  });

  test('finds more to mend where every wait is taken out', () => {
    const checkout = openCheckout(folder, path.join(folder, 'tsconfig.json'));
    const texts = mutated(checkout, 'awaits');
    expect([...texts.values()].join('\n')).toContain('\n  pool.query(');
    const plan = { preset: 'all', suggestions: false } as const;
    const guards = tryEdits(checkout, texts, plan).reports.get('require-background-catch') ?? 0;
    expect(guards).toBeGreaterThan(tryEdits(checkout, new Map(), plan).reports.get('require-background-catch') ?? 0);
  });
});
