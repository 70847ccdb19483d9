import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isAsync, isGenerator } from '../syntax/functions.ts';
import { calleesOf, givenFor } from './callees-of.ts';
import { isLeaf } from './is-leaf.ts';
import { parameterUses } from './parameter-uses.ts';

/**
 * The receiver and arguments from which a call's result is computed, as far as that is known: `undefined` for a call that may answer
 * anything.
 *
 * For a short function of the Program: what its returns derive from. What an `async` one answers is not counted: it is a promise.
 */
export function resultParts(
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
): readonly ts.Expression[] | undefined {
  const member = core.api.plays(call, 'pure') ?? core.api.plays(call, 'reads');
  if (member === undefined) return ts.isCallExpression(call) ? partsByBody(call, core) : undefined;
  const callee = bare(call.expression);
  const given = [...(call.arguments ?? [])].map((argument) =>
    ts.isSpreadElement(argument) ? argument.expression : argument,
  );
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  return isMember ? [callee.expression, ...given] : given;
}

function partsByBody(call: ts.CallExpression, core: Core): readonly ts.Expression[] | undefined {
  const { functions, isComplete, through } = core.ask(calleesOf, call);
  if (
    !isComplete ||
    functions.length === 0 ||
    functions.some((fn) => isAsync(fn) || isGenerator(fn) || !isLeaf(fn, core))
  )
    return undefined;
  const parts = new Set<ts.Expression>();
  for (const fn of functions) {
    for (const { parameter, returned } of core.ask(parameterUses, fn)) {
      if (returned.length === 0) continue;
      if (parameter !== undefined) {
        for (const given of givenFor(call, parameter, through) ?? call.arguments) parts.add(given);
      } else {
        const callee = bare(call.expression);
        if (ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)) parts.add(callee.expression);
      }
    }
  }
  return [...parts];
}
