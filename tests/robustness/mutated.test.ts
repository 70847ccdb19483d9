import { parse } from '@typescript-eslint/parser';
import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { fixOnce, type Report, replaced } from '../support/lint.ts';
import { programOf } from '../support/program.ts';
import { lintWithAll } from './cases.ts';
import { mutate, type Mutation, seedsOf } from './mutate.ts';

// More of them: `RUNS=5000 npx vitest run tests/robustness`. A failure names its seed: `SEED=… RUNS=…` repeats it.
const RUNS = Number(process.env['RUNS'] ?? 40);
const SEED = process.env['SEED'];
const PARAMETERS = { numRuns: RUNS, maxSkipsPerRun: 1_000, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
const TIMEOUT = 60_000 + RUNS * 3_000;

const seeds = seedsOf();
const at = fc.nat({ max: 100_000 });
const mutationsOf = (...kinds: Mutation['kind'][]): fc.Arbitrary<Mutation[]> =>
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), place: at, other: at }), { minLength: 1, maxLength: 4 });

describe('no rule throws, and what is written parses', () => {
  test('in programs with nodes taken out, doubled and swapped', { timeout: TIMEOUT }, () => {
    expectSound(mutationsOf('delete', 'duplicate', 'swap'));
  });

  test('in programs whose code belongs to no function', { timeout: TIMEOUT }, () => {
    expectSound(mutationsOf('unwrap'));
  });

  test('in programs with tokens taken out, doubled and moved', { timeout: TIMEOUT }, () => {
    expectSound(mutationsOf('token'));
  });

  test('in programs whose types are errors, have no end or hold themselves', { timeout: TIMEOUT }, () => {
    expectSound(mutationsOf('retype', 'unresolve'));
  });
});

test.each([
  'const await = request.signals.disconnect.signal;',
  'const { signal: await } = request.signals.disconnect;',
])('writes nothing with a variable that is a keyword: %s', (binding) => {
  const code = `
interface StorageRequest { readonly id: string; readonly signals: { readonly disconnect: AbortController } }
export async function readObject(request: StorageRequest): Promise<string> {
  ${binding}
  const response = await fetch(request.id);
  return response.text();
}
`;
  const found = lintWithAll(programOf({ 'service.ts': code }), 'service.ts', code) ?? [];
  expect(found).not.toEqual([]);
  expect(textsAfter(code, found)).toEqual([code]);
});

test('a repair in a file of 200,000 lines has the step of their indentation', () => {
  const code = `
export declare function refresh(): Promise<void>;
export function start(): void {
   setInterval(async () => { await refresh(); }, 1000);
}
/*
${'   one of many lines\n'.repeat(200_000)}*/
`;
  const found = lintWithAll(programOf({ 'service.ts': code }), 'service.ts', code) ?? [];
  const [first] = textsAfter(code, found).map((text) => text.slice(0, text.indexOf('/*')));
  expect(first).toMatch(/^ {3}setInterval\(async \(\) => \{\n {6}try \{/m);
});

test('any text', { timeout: TIMEOUT }, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (code) => {
      lintWithAll(programOf({ 'service.ts': code }), 'service.ts', code);
    }),
    PARAMETERS,
  );
});

test('the seeds are the cases of all rules', () => {
  expect(seeds.length).toBeGreaterThan(10 * Object.keys(rules).length);
});

function expectSound(mutations: fc.Arbitrary<Mutation[]>): void {
  fc.assert(
    fc.property(fc.nat({ max: seeds.length - 1 }), mutations, (seed, changes) => {
      const code = mutate(seeds[seed]!, changes);
      // What the parser refuses no rule sees: another one is tried in its place.
      fc.pre(isParsed(code));
      try {
        lintSoundly(code);
      } catch (error) {
        throw new Error(`${error instanceof Error ? (error.stack ?? '') : String(error)}\n\nin\n${code}`, {
          cause: error,
        });
      }
    }),
    PARAMETERS,
  );
}

function isParsed(code: string): boolean {
  try {
    parse(code, { range: true, loc: true, sourceType: 'module' });
    return true;
  } catch {
    return false;
  }
}

/** Throws if a rule does, or if the text after a fix or a suggestion does not parse and the text before did. */
function lintSoundly(code: string): void {
  const reports = lintWithAll(programOf({ 'service.ts': code }), 'service.ts', code);
  expect(reports).toBeDefined();
  if (reports === undefined || syntaxErrorsOf(code).length > 0) return;
  for (const text of textsAfter(code, reports)) {
    const errors = syntaxErrorsOf(text);
    if (errors.length > 0) throw new Error(`What is written does not parse: ${errors.join(', ')}\n${text}`);
  }
}

function textsAfter(code: string, reports: readonly Report[]): string[] {
  return [
    fixOnce(code, reports).output,
    ...reports.flatMap(({ suggestions }) => suggestions.map(({ fix }) => replaced(code, fix))),
  ];
}

function syntaxErrorsOf(code: string): string[] {
  const { diagnostics = [] } = ts.transpileModule(code, { reportDiagnostics: true, fileName: 'service.ts' });
  return diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
