import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step, WriteDetail } from '../flow/graph.ts';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { type Place, within } from './place.ts';
import { entryOf, placeOf } from './place-of.ts';

/** One touch of a place at one step. */
export interface Access {
  readonly place: Place;
  readonly is: 'read' | 'write';
  readonly step: Step;
  /** The node whose value was read, or the target written. */
  readonly node: ts.Node;
  /** For writes: how, and the expression the new value comes from. */
  readonly how?: WriteDetail['how'] | 'clear' | 'mutate' | 'remove';
  readonly value?: ts.Node;
}

/**
 * What each step of a function reads and writes, by the language itself and by members with the roles `reads` and `mutates`.
 *
 * What callees do is not in it; the effects room adds that. What is kept outside the process is no place: its calls are asked for
 * by role (`remoteUpdates`). Doubt: a place that cannot be named is not listed.
 */
export const accesses = defineFact<FunctionNode, ReadonlyMap<Step, readonly Access[]>>({
  name: 'accesses',
  scope: 'program',
  compute(fn, core) {
    const graph = core.ask(flowGraph, fn);
    const found = new Map<Step, readonly Access[]>();
    for (const step of graph.steps) {
      const here = accessesAt(step, core);
      if (here.length > 0) found.set(step, here);
    }
    return found;
  },
});

/** What one step reads and writes by itself. */
export function accessesAt(step: Step, core: Core): readonly Access[] {
  const { kind, node, write } = step;
  if (kind === 'read' || (kind === 'write' && write !== undefined)) {
    const place = placeOf(node, core);
    if (place === undefined) return [];
    if (kind === 'read' || write === undefined) return [{ place, is: 'read', step, node }];
    const value = write.part ?? write.value;
    return [{ place, is: 'write', step, node, how: write.how, ...(value === undefined ? {} : { value }) }];
  }
  if (kind === 'iterate' && (ts.isForOfStatement(node) || ts.isForInStatement(node))) {
    const place = placeOf(node.expression, core) ?? iteratedOf(node.expression, core);
    return place === undefined
      ? []
      : [{ place: within(place, { is: 'contents' }), is: 'read', step, node: node.expression }];
  }
  if (kind === 'iterate' && ts.isSpreadElement(node)) {
    const place = iteratedOf(node.expression, core);
    return place === undefined
      ? []
      : [{ place: within(place, { is: 'contents' }), is: 'read', step, node: node.expression }];
  }
  if (kind === 'call' && ts.isCallExpression(node)) return memberAccessesOf(node, step, core);
  return [];
}

/** `map.values()`, `map.entries()`, `set.keys()`: what is walked is the collection. */
function iteratedOf(expression: ts.Expression, core: Core): Place | undefined {
  if (!ts.isCallExpression(expression)) return placeOf(expression, core);
  if (!mayBeHeld(expression)) return undefined;
  const member = core.api.plays(expression, 'reads');
  if (member === undefined || member.key !== undefined) return undefined;
  const whole = entryOf(expression, undefined, core);
  return whole === undefined ? undefined : { ...whole, path: whole.path.slice(0, -1) };
}

/** Is it called on something that has a name, so that it may be a place? What a literal or an operator gives is none. */
function mayBeHeld({ expression }: ts.CallExpression): boolean {
  const callee = bare(expression);
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return false;
  let root = bare(callee.expression);
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root) || ts.isCallExpression(root))
    root = bare(root.expression);
  return ts.isIdentifier(root) || root.kind === ts.SyntaxKind.ThisKeyword;
}

function memberAccessesOf(call: ts.CallExpression, step: Step, core: Core): Access[] {
  if (!mayBeHeld(call)) return [];
  const reads = core.api.plays(call, 'reads');
  const writes = core.api.plays(call, 'mutates');
  const found: Access[] = [];
  for (const [member, is] of [
    [reads, 'read'],
    [writes, 'write'],
  ] as const) {
    if (member === undefined) continue;
    const key = member.key === undefined ? undefined : core.api.argumentOf(call, member.key);
    if (member.key !== undefined && key === undefined) continue;
    const place = entryOf(call, key, core);
    if (place === undefined) continue;
    if (is === 'read') {
      found.push({ place, is, step, node: call });
      continue;
    }
    const value = member.value === undefined ? undefined : core.api.argumentOf(call, member.value);
    found.push({
      place,
      is,
      step,
      node: call,
      how: value === undefined ? 'mutate' : 'assign',
      ...(value === undefined ? {} : { value }),
    });
  }
  return found;
}
