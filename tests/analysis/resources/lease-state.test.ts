import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowGraph } from '../../../src/analysis/flow/flow-graph.ts';
import {
  afterHappening,
  type Happening,
  isSameLease,
  type LeaseState,
  mergeLease,
  NOWHERE,
} from '../../../src/analysis/resources/lease-state.ts';
import { coreOf } from '../../support/core.ts';

const { core, fn } = coreOf(`export function load(id: string) { const name = id; return name; }`);
const { steps } = core.ask(flowGraph, fn('export function load'));

const kinds = fc.constantFrom<Happening['is']>('destroy', 'hand-on', 'part', 'release', 'reset', 'use', 'write');
const happenings: fc.Arbitrary<Happening> = fc.record({
  is: kinds,
  field: fc.constantFrom('owner', 'bytes'),
  isCertain: fc.boolean(),
  onThrow: fc.boolean(),
  step: fc.constantFrom(...steps),
  node: fc.constant(steps[0]!.node),
});
const writes = steps.slice(0, 4).map((step, index): Happening => ({
  step,
  is: 'write',
  node: step.node,
  isCertain: true,
  onThrow: false,
  ...(index === 0 ? {} : { field: index % 2 === 0 ? 'owner' : 'bytes' }),
}));
const states: fc.Arbitrary<LeaseState> = fc.record({
  where: fc.integer({ min: 0, max: 15 }),
  dirt: fc.subarray(writes).map((list) => new Set(list)),
});

function isBelow(left: LeaseState, right: LeaseState): boolean {
  return isSameLease(mergeLease(left, right), right);
}

describe('the lattice of lease states', () => {
  it('merging is associative, commutative and idempotent, with nowhere as its bottom', () => {
    fc.assert(
      fc.property(states, states, states, (a, b, c) => {
        expect(isSameLease(mergeLease(a, mergeLease(b, c)), mergeLease(mergeLease(a, b), c))).toBe(true);
        expect(isSameLease(mergeLease(a, b), mergeLease(b, a))).toBe(true);
        expect(isSameLease(mergeLease(a, a), a)).toBe(true);
        expect(isSameLease(mergeLease(NOWHERE, a), a)).toBe(true);
      }),
    );
  });

  it('every happening is monotone', () => {
    fc.assert(
      fc.property(states, states, happenings, (a, b, happening) => {
        const above = mergeLease(a, b);
        expect(isBelow(afterHappening(a, happening), afterHappening(above, happening))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('nothing happens to what is nowhere', () => {
    fc.assert(
      fc.property(happenings, (happening) => {
        expect(afterHappening(NOWHERE, happening).where).toBe(0);
      }),
    );
  });
});
