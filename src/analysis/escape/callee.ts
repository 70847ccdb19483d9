import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';

/** The parameters of the project's own functions that get an argument of a call. */
export interface Receivers {
  /** Parameters that get this argument alone. */
  readonly parameters: readonly ts.ParameterDeclaration[];
  /** Is there nobody else who may get it: no function without a body, no rest parameter, no unknown override? */
  readonly isComplete: boolean;
}

const NOBODY_KNOWN: Receivers = { parameters: [], isComplete: false };

/** Who gets the argument at this place. */
export function receiversOf(call: ts.CallExpression | ts.NewExpression, argument: number, core: Core): Receivers {
  if (call.arguments?.slice(0, argument).some((given) => ts.isSpreadElement(given)) === true) return NOBODY_KNOWN;
  const callees = core.ask(calleesOf, call);
  if (callees.through === 'apply') return NOBODY_KNOWN;
  const place = callees.through === 'call' ? argument - 1 : argument;
  const found: ts.ParameterDeclaration[] = [];
  let { isComplete } = callees;
  let hasFunction = false;
  for (const fn of callees.functions) {
    // Field initialisers that a constructor runs take no arguments.
    if (!ts.isFunctionLike(fn)) continue;
    hasFunction = true;
    const parameters = fn.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
    const parameter = parameters[place];
    if (parameter !== undefined && parameter.dotDotDotToken === undefined) found.push(parameter);
    else if (parameters.at(-1)?.dotDotDotToken !== undefined) isComplete = false;
  }
  return { parameters: found, isComplete: isComplete && hasFunction };
}
