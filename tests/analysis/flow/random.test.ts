import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FlowGraph, Step } from '../../../src/analysis/flow/graph.ts';
import { randomFunctions } from './random-functions.ts';
import { type Event, graphOf, runOf, whyNoPath } from './trace.ts';

const decisions = fc.array(fc.nat({ max: 41 }), { minLength: 1, maxLength: 40 });

describe('the comparison of a run with a graph', () => {
  const source = 'async function work() { try { t(0); await r(1); } catch { t(2); } t(3); }';
  const on = (call: number): Event => ({ call, is: 'call', went: 'on' });

  test('accepts the way through', () => {
    expect(whyNoPath(source, { events: [on(0), on(1), on(3)], ended: 'exit' })).toBeUndefined();
  });

  test('refuses another order', () => {
    expect(whyNoPath(source, { events: [on(1), on(0), on(3)], ended: 'exit' })).toBe('1 on');
  });

  test('refuses a handler without a failure, and a failure without a handler', () => {
    expect(whyNoPath(source, { events: [on(0), on(2), on(3)], ended: 'exit' })).toBe('0 on, 2 on');
    const rejected: Event = { call: 1, is: 'call', went: 'rejects' };
    expect(whyNoPath(source, { events: [on(0), rejected, on(3)], ended: 'exit' })).toBe('0 on, 1 rejects, 3 on');
    expect(whyNoPath(source, { events: [on(0), rejected, on(2), on(3)], ended: 'exit' })).toBeUndefined();
  });

  test('refuses another end', () => {
    expect(whyNoPath(source, { events: [on(0), on(1), on(3)], ended: 'escape' })).toBe('0 on, 1 on, 3 on then escape');
  });
});

describe('graphs of random functions', () => {
  test('a real run of an async function is a path in its graph', async () => {
    await fc.assert(
      fc.asyncProperty(randomFunctions.asyncFunction, decisions, async (source, choices) => {
        expect(whyNoPath(source, await runOf(source, choices)), source).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  test('a real run of a generator, with a consumer that throws and ends it, is a path in its graph', async () => {
    await fc.assert(
      fc.asyncProperty(randomFunctions.generator, decisions, async (source, choices) => {
        expect(whyNoPath(source, await runOf(source, choices)), source).toBeUndefined();
      }),
      { numRuns: 250 },
    );
  });

  test('edges and predecessors agree, and nothing dangles', () => {
    fc.assert(
      fc.property(fc.oneof(randomFunctions.asyncFunction, randomFunctions.generator), (source) => {
        const { graph } = graphOf(source);
        expect(graph.truncated).toBe(false);
        expect(graph.steps[0]).toBe(graph.enter);
        expect(inconsistenciesOf(graph), source).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });
});

function inconsistenciesOf(graph: FlowGraph): readonly string[] {
  const wrong: string[] = [];
  const reachable = new Set<Step>([graph.enter]);
  for (const step of reachable) for (const { to } of step.next) reachable.add(to);
  for (const step of reachable) {
    for (const { to } of step.next)
      if (!to.previous.includes(step)) wrong.push(`${String(to.id)} does not know ${String(step.id)}`);
    for (const before of step.previous) {
      if (!before.next.some(({ to }) => to === step))
        wrong.push(`${String(before.id)} does not lead to ${String(step.id)}`);
    }
    if (step !== graph.enter && step.previous.length === 0) wrong.push(`${String(step.id)} comes from nowhere`);
    const isEnd = step === graph.exit || step === graph.escape;
    if (isEnd && step.next.length > 0) wrong.push(`${step.kind} leads on`);
    if (!isEnd && step.next.length === 0) wrong.push(`${step.kind} ${String(step.id)} leads nowhere`);
    if (graph.steps[step.id] !== step) wrong.push(`${String(step.id)} is not at its place`);
    if (!graph.stepsOf(step.node).includes(step)) wrong.push(`${String(step.id)} is not found by its node`);
  }
  return wrong;
}
