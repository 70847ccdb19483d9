import type ts from 'typescript';
import type { Answer } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import type { Call } from './callees-of.ts';
import { answerOf, type FailureWitness } from './failure.ts';
import { failures, failureOfCallback, rejectsAt, throwsAt } from './failures.ts';

/** May it fail, and by what? The hint of an `unknown` is what could not be followed. */
export type MayFail = Answer<FailureWitness, FailureWitness>;

/** May the promise that the function returns reject? For a generator: may a step of it throw or reject? */
export const mayReject = defineFact<FunctionNode, MayFail>({
  name: 'may-reject',
  scope: 'program',
  compute: (fn, core) => answerOf(core.ask(failures, fn).rejects, fn),
});

/** May a call of the function throw before it returns? Never so for `async` functions and generators. */
export const mayThrow = defineFact<FunctionNode, MayFail>({
  name: 'may-throw',
  scope: 'program',
  compute: (fn, core) => answerOf(core.ask(failures, fn).throws, fn),
});

/** May the promise that an expression gives reject, handlers in the expression itself counted? `no` for what is no promise. */
export function mayPromiseReject(expression: ts.Expression, core: Core): MayFail {
  return answerOf(rejectsAt(expression, core), enclosingFunctionOf(expression));
}

/** May the call throw before it returns? */
export function mayCallThrow(call: Call, core: Core): MayFail {
  return answerOf(throwsAt(call, core), enclosingFunctionOf(call));
}

/** May a call of this function value fail, at once or by its promise: may the listener, the timer's callback reject? */
export function mayCallbackFail(expression: ts.Expression, core: Core): MayFail {
  return answerOf(failureOfCallback(expression, core), enclosingFunctionOf(expression));
}
