import fc from 'fast-check';
import type ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Core, defineFact, type Fact } from '../../src/analysis/facts.ts';
import { openProgram } from './annotated.ts';

/** A core with as many keys as wanted. */
function keysOf(count: number): { readonly core: Core; readonly keys: readonly ts.Statement[] } {
  const lines = Array.from({ length: count }, (_, at) => `export const order${String(at)} = ${String(at)};`);
  const { core, program } = openProgram({ 'orders.ts': lines.join('\n') });
  return { core, keys: program.sourceFile('orders.ts').statements };
}

interface System {
  /** Whom each key asks, in order. */
  readonly asks: readonly (readonly number[])[];
  /** The bits each key adds, and the bits it takes away from what it was told. */
  readonly adds: readonly number[];
  readonly masks: readonly number[];
}

/** A system of monotone equations over sets of bits as a fact. */
function factOf(
  { adds, asks, masks }: System,
  keys: readonly ts.Statement[],
  count: () => void,
): Fact<ts.Statement, number> {
  const fact: Fact<ts.Statement, number> = defineFact<ts.Statement, number>({
    name: 'bits',
    scope: 'program',
    start: () => 0,
    compute(key, core) {
      count();
      const at = keys.indexOf(key);
      let value = adds[at] ?? 0;
      for (const other of asks[at] ?? []) {
        const asked = keys[other];
        if (asked !== undefined) value |= core.ask(fact, asked) & (masks[at] ?? 0);
      }
      return value;
    },
  });
  return fact;
}

function leastFixedPoint({ adds, asks, masks }: System): readonly number[] {
  let values = asks.map(() => 0);
  for (;;) {
    const next = asks.map((others, at) =>
      others.reduce((value, other) => value | ((values[other] ?? 0) & (masks[at] ?? 0)), adds[at] ?? 0),
    );
    if (next.every((value, at) => value === values[at])) return values;
    values = next;
  }
}

const SIZE = 7;
const system: fc.Arbitrary<System> = fc.record({
  asks: fc.array(fc.array(fc.nat({ max: SIZE - 1 }), { maxLength: 4 }), { minLength: SIZE, maxLength: SIZE }),
  adds: fc.array(fc.nat({ max: 15 }), { minLength: SIZE, maxLength: SIZE }),
  masks: fc.array(fc.nat({ max: 15 }), { minLength: SIZE, maxLength: SIZE }),
});

describe('recursive facts', () => {
  test('are the least fixed point, whatever is asked first', () => {
    fc.assert(
      fc.property(system, fc.array(fc.nat({ max: SIZE - 1 }), { minLength: 1, maxLength: 4 }), (equations, order) => {
        const { core, keys } = keysOf(SIZE);
        const fact = factOf(equations, keys, () => undefined);
        const expected = leastFixedPoint(equations);
        for (const at of [...order, ...keys.keys()]) {
          const key = keys[at];
          if (key !== undefined) expect(core.ask(fact, key)).toBe(expected[at]);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('of a cycle inside another one, which is asked for again from outside it', () => {
    const asks = [[5], [], [6, 5, 3], [4], [2, 0], [2], []];
    const equations = { asks, adds: [0, 0, 0, 0, 0, 0, 15], masks: [1, 0, 3, 0, 0, 1, 0] };
    const { core, keys } = keysOf(SIZE);
    const fact = factOf(equations, keys, () => undefined);
    const [outer, , , first] = keys;
    expect(first && core.ask(fact, first)).toBe(0);
    expect(outer && core.ask(fact, outer)).toBe(1);
  });

  test('of a long cycle with a way back at every key cost a few looks at each key', () => {
    const size = 40;
    const { core, keys } = keysOf(size);
    const asks = keys.map((_, at) => keys.map((_key, other) => other).filter((other) => other <= at + 1));
    let computed = 0;
    const fact = factOf(
      { asks, adds: keys.map((_, at) => (at === size - 1 ? 1 : 0)), masks: keys.map(() => 1) },
      keys,
      () => {
        computed++;
      },
    );
    const [first] = keys;
    expect(first && core.ask(fact, first)).toBe(1);
    expect(computed).toBeLessThan(size * 6);
  });

  test('an error in a computation leaves nothing behind', () => {
    const { core, keys } = keysOf(2);
    const [first, second] = keys;
    if (first === undefined || second === undefined) throw new Error('No keys.');
    let fails = true;
    const fact: Fact<ts.Statement, number> = defineFact<ts.Statement, number>({
      name: 'failing',
      scope: 'program',
      start: () => 0,
      compute(key, within) {
        const other = within.ask(fact, key === first ? second : first);
        if (key === first && fails) throw new Error('no orders');
        return Math.max(other, key === second ? 2 : 1);
      },
    });
    expect(() => core.ask(fact, first)).toThrow('no orders');
    fails = false;
    expect(core.ask(fact, first)).toBe(2);
  });

  test('a fact that needs itself without a start value says so', () => {
    const { core, keys } = keysOf(1);
    const [first] = keys;
    const fact: Fact<ts.Statement, number> = defineFact<ts.Statement, number>({
      name: 'circular',
      scope: 'program',
      compute: (key, within): number => within.ask(fact, key),
    });
    expect(() => first && core.ask(fact, first)).toThrow("The fact 'circular' needs itself and has no start value.");
  });
});
