import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { type Access, accesses } from '../places/accesses.ts';
import { wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { type Call, calleesOf, givenFor } from './callees-of.ts';
import { readsAndWrites, translated } from './reads-and-writes.ts';

/**
 * What each step of a function reads and writes, with what the functions called there do to places that outlive them.
 *
 * What a callee does before its first suspension stands at the call; what it does later, at the `await` of the call if there is one,
 * else nowhere. A read of a callee is listed only when the call gives back what was read; its `node` is the call then. A write of a
 * callee has as `value` the argument it is computed from, one access for each such argument, and none when the callee looks at the
 * place itself. Callbacks are functions of their own and not listed.
 */
export const effectAccesses = defineFact<FunctionNode, ReadonlyMap<Step, readonly Access[]>>({
  name: 'effect-accesses',
  scope: 'program',
  compute(fn, core) {
    const own = core.ask(accesses, fn);
    const graph = core.ask(flowGraph, fn);
    let found: Map<Step, readonly Access[]> | undefined;
    for (const step of graph.steps) {
      for (const [at, list] of calleeAccessesAt(step, graph, core)) {
        found ??= new Map(own);
        found.set(at, [...(found.get(at) ?? []), ...list]);
      }
    }
    return found ?? own;
  },
});

/** What the functions called at a step do to places that outlive them, by the step at which they do it: the call or its `await`. */
export function calleeAccessesAt(
  step: Step,
  graph: FlowGraph,
  core: Core,
): readonly (readonly [Step, readonly Access[]])[] {
  const { kind, node } = step;
  if (kind !== 'call' || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return [];
  if (core.ask(calleesOf, node).functions.length === 0) return [];
  const awaits = awaitStepsOf(node, graph.stepsOf(wrapped(node).parent));
  return accessesOfCall(node, step, awaits, core).filter(([, list]) => list.length > 0);
}

function awaitStepsOf(call: ts.Node, steps: readonly Step[]): readonly Step[] {
  return ts.isAwaitExpression(wrapped(call).parent) ? steps.filter(({ kind }) => kind === 'suspend') : [];
}

function accessesOfCall(
  call: Call,
  step: Step,
  awaits: readonly Step[],
  core: Core,
): readonly (readonly [Step, readonly Access[]])[] {
  const { functions, through } = core.ask(calleesOf, call);
  const atCall: Access[] = [];
  const atAwait: Access[] = [];
  for (const fn of functions) {
    if (isGenerator(fn)) continue;
    const { accesses: inside, returns } = core.ask(readsAndWrites, fn);
    const callee = { fn, through, isCallback: false };
    for (const { place: returned, segment } of returns) {
      const place = translated(returned, call, callee, core);
      if (place === undefined) continue;
      if (segment === 'first') atCall.push({ place, is: 'read', step, node: call });
      else for (const wait of awaits) atAwait.push({ place, is: 'read', step: wait, node: call });
    }
    for (const { from, how, is, isFromPlaces, place: written, segment } of inside) {
      if (is !== 'write') continue;
      const place = translated(written, call, callee, core);
      if (place === undefined) continue;
      const values = isFromPlaces ? [] : from.flatMap((parameter) => givenFor(call, parameter, through) ?? []);
      const isKeyed = how === 'mutate' || how === 'clear' || how === 'remove' || how === 'delete';
      const touch = (at: Step): Access[] =>
        values.length === 0
          ? [{ place, is: 'write', step: at, node: call, how: isKeyed ? how : isFromPlaces ? 'mutate' : 'assign' }]
          : values.map((value) => ({ place, is: 'write', step: at, node: call, how: isKeyed ? how : 'assign', value }));
      if (segment === 'first' || !isAsync(fn)) atCall.push(...touch(step));
      else for (const wait of awaits) atAwait.push(...touch(wait));
    }
  }
  return [
    [step, atCall] as const,
    ...awaits.map((wait) => [wait, atAwait.filter((each) => each.step === wait)] as const),
  ];
}
