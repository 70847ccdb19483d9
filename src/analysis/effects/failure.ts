import type ts from 'typescript';
import { type Answer, type Doubt, NO, unknown, yes } from '../answer.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** Where a failure comes from. */
export interface FailureWitness {
  /** The `throw`, the call, the promise that may fail. */
  readonly node: ts.Node;
  /** The function in which it stands. */
  readonly fn: FunctionNode;
  /** In the function that is called there: what fails in it. */
  readonly cause?: FailureWitness;
  /**
   * The failure is an exception of code that runs to its end at once (an assertion on an argument, a parser). Correct programs may
   * never meet it, other than the failures of I/O and what an async function throws by itself.
   */
  readonly isSoft?: true;
}

/** A callback or promise that a function got fails in this way. */
export const CALL_THROWS = 1;
export const PROMISE_REJECTS = 2;
export const ELEMENT_REJECTS = 4;

/** The ways in which something may fail: for certain, in doubt, and when something given for a parameter does (bits). */
export interface Failure {
  readonly certain?: FailureWitness;
  readonly doubtful?: { readonly because: Doubt; readonly witness: FailureWitness };
  readonly parameters: ReadonlyMap<ts.ParameterDeclaration, number>;
}

const NO_PARAMETERS: ReadonlyMap<ts.ParameterDeclaration, number> = new Map();

/** It never fails. */
export const SOUND: Failure = { parameters: NO_PARAMETERS };

/** It may fail, and this shows it. */
export function certainly(witness: FailureWitness): Failure {
  return { certain: witness, parameters: NO_PARAMETERS };
}

/** It may fail, but only by an exception of code that does not wait. */
export function softly(witness: FailureWitness): Failure {
  return { certain: { ...witness, isSoft: true }, parameters: NO_PARAMETERS };
}

/** It may fail as far as we can see. */
export function perhaps(because: Doubt, witness: FailureWitness): Failure {
  return { doubtful: { because, witness }, parameters: NO_PARAMETERS };
}

/** It fails when what is given for the parameter does. */
export function asParameter(parameter: ts.ParameterDeclaration, how: number): Failure {
  return { parameters: new Map([[parameter, how]]) };
}

/** Either may happen: the least upper bound. Of two witnesses the first is kept, a soft one only if there is no other. */
export function eitherFailure(left: Failure, right: Failure): Failure {
  if (left === SOUND || left === right) return right;
  if (right === SOUND) return left;
  const certain =
    left.certain?.isSoft === true && right.certain !== undefined ? right.certain : (left.certain ?? right.certain);
  const doubtful = left.doubtful ?? right.doubtful;
  return {
    ...(certain === undefined ? {} : { certain }),
    ...(doubtful === undefined ? {} : { doubtful }),
    parameters: union(left.parameters, right.parameters),
  };
}

function union(
  left: ReadonlyMap<ts.ParameterDeclaration, number>,
  right: ReadonlyMap<ts.ParameterDeclaration, number>,
): ReadonlyMap<ts.ParameterDeclaration, number> {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  const all = new Map(left);
  for (const [parameter, how] of right) all.set(parameter, (all.get(parameter) ?? 0) | how);
  return all;
}

/** The same failure with no proof left, because something about its happening is in doubt. */
export function doubted(failure: Failure, because: Doubt): Failure {
  if (failure.certain === undefined) return failure;
  return { doubtful: { because, witness: failure.certain }, parameters: failure.parameters };
}

/** The failure seen from a caller: what fails in the callee is the cause of what fails at the call. */
export function seenFrom(failure: Failure, node: ts.Node, fn: FunctionNode): Failure {
  const { certain, doubtful, parameters } = failure;
  if (certain === undefined && doubtful === undefined) return failure;
  return {
    ...(certain === undefined
      ? {}
      : { certain: { node, fn, cause: certain, ...(certain.isSoft === true ? { isSoft: true as const } : {}) } }),
    ...(doubtful === undefined
      ? {}
      : { doubtful: { because: doubtful.because, witness: { node, fn, cause: doubtful.witness } } }),
    parameters,
  };
}

/** May nothing of it happen? */
export function isSound(failure: Failure): boolean {
  return failure.certain === undefined && failure.doubtful === undefined && failure.parameters.size === 0;
}

/** Do both fail in the same ways? Witnesses do not count. */
export function isSameFailure(left: Failure, right: Failure): boolean {
  if ((left.certain === undefined) !== (right.certain === undefined)) return false;
  if (left.certain?.isSoft !== right.certain?.isSoft) return false;
  if ((left.doubtful === undefined) !== (right.doubtful === undefined)) return false;
  if (left.parameters.size !== right.parameters.size) return false;
  for (const [parameter, how] of left.parameters) if (right.parameters.get(parameter) !== how) return false;
  return true;
}

/** The failure as an answer. What depends on a callback or promise of the caller is unknown. */
export function answerOf(failure: Failure, fn: FunctionNode): Answer<FailureWitness, FailureWitness> {
  if (failure.certain !== undefined) return yes(failure.certain);
  if (failure.doubtful !== undefined) return unknown(failure.doubtful.because, failure.doubtful.witness);
  for (const parameter of failure.parameters.keys()) return unknown('open-world', { node: parameter, fn });
  return NO;
}

/** The last cause of a chain: the place where the failure itself is. */
export function rootCauseOf(witness: FailureWitness): FailureWitness {
  let last = witness;
  while (last.cause !== undefined) last = last.cause;
  return last;
}
