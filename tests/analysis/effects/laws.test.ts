import fc from 'fast-check';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { type Answer, NO, unknown, yes } from '../../../src/analysis/answer.ts';
import {
  CALL_THROWS,
  doubted,
  eitherFailure,
  ELEMENT_REJECTS,
  type Failure,
  isSameFailure,
  isSound,
  PROMISE_REJECTS,
  seenFrom,
  SOUND,
} from '../../../src/analysis/effects/failure.ts';
import { bothHold } from '../../../src/analysis/effects/locking.ts';
import { either } from '../../../src/analysis/effects/parameter-uses.ts';

const file = ts.createSourceFile('orders.ts', 'function charge(order, client, work) {}', ts.ScriptTarget.ESNext, true);
const fn = file.statements[0] as ts.FunctionDeclaration;
const witness = { node: fn, fn };

const parameters = fc
  .uniqueArray(
    fc.tuple(
      fc.constantFrom(...fn.parameters),
      fc.constantFrom(CALL_THROWS, PROMISE_REJECTS, ELEMENT_REJECTS, CALL_THROWS | PROMISE_REJECTS),
    ),
    { selector: ([parameter]) => parameter },
  )
  .map((list) => new Map(list));

const failure: fc.Arbitrary<Failure> = fc
  .record({ isCertain: fc.boolean(), isDoubtful: fc.boolean(), parameters })
  .map(({ isCertain, isDoubtful, parameters: some }) => ({
    ...(isCertain ? { certain: witness } : {}),
    ...(isDoubtful ? { doubtful: { because: 'any' as const, witness } } : {}),
    parameters: some,
  }));

describe('failures form a join-semilattice', () => {
  test('either is associative, commutative and idempotent, and `SOUND` changes nothing', () => {
    fc.assert(
      fc.property(failure, failure, failure, (a, b, c) => {
        expect(isSameFailure(eitherFailure(a, eitherFailure(b, c)), eitherFailure(eitherFailure(a, b), c))).toBe(true);
        expect(isSameFailure(eitherFailure(a, b), eitherFailure(b, a))).toBe(true);
        expect(isSameFailure(eitherFailure(a, a), a)).toBe(true);
        expect(isSameFailure(eitherFailure(a, SOUND), a)).toBe(true);
      }),
    );
  });

  test('what makes a failure doubtful, or shows it to a caller, is monotone', () => {
    fc.assert(
      fc.property(failure, failure, (a, b) => {
        const above = eitherFailure(a, b);
        const isBelow = (low: Failure, high: Failure): boolean => isSameFailure(eitherFailure(low, high), high);
        expect(isBelow(seenFrom(a, fn, fn), seenFrom(above, fn, fn))).toBe(true);
        expect(isBelow(doubted(a, 'any'), eitherFailure(doubted(above, 'any'), above))).toBe(true);
        expect(isSound(a) && isSound(b)).toBe(isSound(above));
      }),
    );
  });
});

describe('answers form a join-semilattice', () => {
  const answer: fc.Arbitrary<Answer<ts.Node, ts.Node>> = fc.constantFrom<Answer<ts.Node, ts.Node>>(
    NO,
    unknown<ts.Node>('any', fn),
    yes<ts.Node>(fn),
  );

  test('either is associative, commutative and idempotent', () => {
    fc.assert(
      fc.property(answer, answer, answer, (a, b, c) => {
        expect(either(a, either(b, c)).is).toBe(either(either(a, b), c).is);
        expect(either(a, b).is).toBe(either(b, a).is);
        expect(either(a, a).is).toBe(a.is);
        expect(either(a, NO).is).toBe(a.is);
      }),
    );
  });
});

describe('sets of held locks form a meet-semilattice', () => {
  const held = fc.uniqueArray(fc.constantFrom<ts.Node>(...fn.parameters, fn, file)).map((list) => new Set(list));
  const sorted = (set: ReadonlySet<ts.Node>): number[] =>
    [...set].map((node) => node.pos + node.kind * 1e6).sort((a, b) => a - b);

  test('what both ways hold is associative, commutative and idempotent', () => {
    fc.assert(
      fc.property(held, held, held, (a, b, c) => {
        expect(sorted(bothHold(a, bothHold(b, c)))).toEqual(sorted(bothHold(bothHold(a, b), c)));
        expect(sorted(bothHold(a, b))).toEqual(sorted(bothHold(b, a)));
        expect(sorted(bothHold(a, a))).toEqual(sorted(a));
      }),
    );
  });
});
