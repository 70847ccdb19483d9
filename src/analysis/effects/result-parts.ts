import ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';

/**
 * The receiver and arguments from which a call's result is computed, as far as that is known: `undefined` for a call that may answer
 * anything.
 */
export function resultParts(
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
): readonly ts.Expression[] | undefined {
  const member = core.api.plays(call, 'pure') ?? core.api.plays(call, 'reads');
  if (member === undefined) return undefined;
  const callee = bare(call.expression);
  const given = [...(call.arguments ?? [])].map((argument) =>
    ts.isSpreadElement(argument) ? argument.expression : argument,
  );
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  return isMember ? [callee.expression, ...given] : given;
}
