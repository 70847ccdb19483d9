import { expect, test } from 'vitest';
import { type Problem, solveForward } from '../../../src/analysis/flow/solve.ts';
import { lowered } from './lowered.ts';

/** The variables read on the way, one state for each step. */
function namesRead(weigh: Problem<ReadonlySet<string>>['weigh']): ReturnType<typeof solveForward<ReadonlySet<string>>> {
  return solveForward(lowered('function sum(a, b) { if (a) use(b); return a + b; }'), {
    start: new Set<string>(),
    merge: (left, right) => new Set([...left, ...right]),
    same: (left, right) => left.size === right.size,
    after: ({ kind, node }, before) => (kind === 'read' ? new Set([...before, node.getText()]) : before),
    ...(weigh === undefined ? {} : { weigh }),
  });
}

test('a problem whose states hold too much together has no solution', () => {
  const solution = namesRead(({ size }) => size);
  expect([...(solution?.values() ?? [])].at(-1)).toEqual(new Set(['a', 'b']));
  expect(namesRead(undefined)).toEqual(solution);
  expect(namesRead(() => 3_000_000)).toBeUndefined();
});
