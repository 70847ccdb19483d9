import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { ANSWERED, COMPUTED, joined, type Origins, PART, SAME } from '../../../src/analysis/lifetime/carried.ts';
import {
  aged,
  type Carried,
  FRESH,
  isSameCarried,
  mergeCarried,
  REREAD,
  STALE,
} from '../../../src/analysis/lifetime/stale-flow.ts';
import type { Access } from '../../../src/analysis/places/accesses.ts';
import { programOf } from '../../support/program.ts';
import { openProgram } from '../annotated.ts';
import { accesses } from '../../../src/analysis/places/accesses.ts';

const source = `
  declare function load(id: string): Promise<number>;
  let total = 0;
  export async function add(id: string): Promise<number> {
    const before = total;
    const after = before + total + (await load(id));
    total = after;
    return total;
  }`;

/** Real reads, locals and statements of a small function, so that states are made of what the solver sees. */
function partsOf(): { reads: readonly Access[]; symbols: readonly ts.Symbol[]; statements: readonly ts.Node[] } {
  const { core, program } = openProgram({ 'service.ts': source });
  const fn = program
    .sourceFile('service.ts')
    .statements.find((node) => ts.isFunctionDeclaration(node) && node.body !== undefined);
  if (fn === undefined || !ts.isFunctionDeclaration(fn) || fn.body === undefined)
    throw new Error('The source has no function.');
  const reads = [...core.ask(accesses, fn).values()].flat().filter(({ is }) => is === 'read');
  const symbols = core.checker.getSymbolsInScope(fn.body, ts.SymbolFlags.Variable).slice(0, 4);
  return { reads: reads.slice(0, 4), symbols, statements: fn.body.statements.slice(0, 3) };
}

const { reads, symbols, statements } = partsOf();

const origins = fc
  .array(fc.tuple(fc.constantFrom(...reads), fc.integer({ min: 1, max: SAME | COMPUTED | ANSWERED | PART })), {
    maxLength: 3,
  })
  .map((entries): Origins => new Map(entries));
const ages = fc
  .array(fc.tuple(fc.constantFrom(...reads), fc.integer({ min: 1, max: FRESH | STALE | REREAD })), { maxLength: 4 })
  .map((entries): ReadonlyMap<Access, number> => new Map(entries));
const locals = fc
  .array(fc.tuple(fc.constantFrom(...symbols), origins), { maxLength: 3 })
  .map((entries): ReadonlyMap<ts.Symbol, Origins> => new Map(entries));
const operands = fc
  .array(fc.tuple(fc.constantFrom(...reads.map(({ node }) => node)), origins), { maxLength: 3 })
  .map((entries): ReadonlyMap<ts.Node, Origins> => new Map(entries));
/** Operands belong to a statement; without one there are none. */
const states = fc
  .tuple(locals, ages, operands, fc.option(fc.constantFrom(...statements), { nil: undefined }))
  .map(([local, age, operand, statement]): Carried => ({
    locals: local,
    ages: age,
    operands: statement === undefined ? new Map() : operand,
    statement,
  }));

describe('what values carry', () => {
  test('is made of real reads', () => {
    expect(reads.length).toBeGreaterThan(2);
    expect(symbols.length).toBeGreaterThan(2);
    expect(programOf({ 'service.ts': source }).diagnostics()).toEqual([]);
  });

  test('merges in any order', () => {
    fc.assert(fc.property(states, states, (a, b) => isSameCarried(mergeCarried(a, b), mergeCarried(b, a))));
  });

  test('merges in any grouping', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) =>
        isSameCarried(mergeCarried(mergeCarried(a, b), c), mergeCarried(a, mergeCarried(b, c))),
      ),
    );
  });

  test('merged with itself is itself', () => {
    fc.assert(fc.property(states, (a) => isSameCarried(mergeCarried(a, { ...a }), a)));
  });

  test('ages the same before and after a merge, for what both hold', () => {
    fc.assert(
      fc.property(states, states, (a, b) => {
        const both = aged(mergeCarried(a, b));
        return [...both.ages.values()].every((age) => age === STALE);
      }),
    );
  });

  test('joins origins as a semilattice', () => {
    const print = (all: Origins): string =>
      JSON.stringify([...all].map(([read, ways]) => [reads.indexOf(read), ways]).sort());
    fc.assert(
      fc.property(origins, origins, origins, (a, b, c) => {
        expect(print(joined(a, b))).toBe(print(joined(b, a)));
        expect(print(joined(joined(a, b), c))).toBe(print(joined(a, joined(b, c))));
        expect(print(joined(a, a))).toBe(print(a));
      }),
    );
  });
});
