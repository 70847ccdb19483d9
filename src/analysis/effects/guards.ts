import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { defineFact } from '../facts.ts';
import { type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { conduct } from './conduct.ts';
import { isDocumentedGuard, isGuardName, isTellingName, nameOfCallee, nameOfFunction } from './guard-words.ts';
import { readsAndWrites } from './reads-and-writes.ts';

/** A function that decides whether its caller may go on, and says no by rejecting. */
export interface Guard {
  readonly fn: FunctionNode;
  /** The `throw`, in whatever function, or what fails in its place. */
  readonly throws: ts.Node;
  /** Does it nothing else? If not, whether it is a guard hangs on how its caller goes on. */
  readonly isPure: boolean;
}

/**
 * Is the function there to decide whether its caller may go on?
 *
 * `yes` when it hands out a promise of nothing, rejects under a condition, and changes nothing; where it also changes something, only
 * if its name or description says that it decides and the condition is its own. Reading and logging the refusal change nothing. One
 * that is named so may give a result as well: who drops it has called it for the decision.
 * `unknown`: it is named so and fails, but what it fails on cannot be seen. Waits without a bound are no decision.
 */
export const guardOf = defineFact<FunctionNode, Answer<Guard, Guard>>({
  name: 'guard-of',
  scope: 'program',
  compute(fn, core) {
    if (isGenerator(fn) || !ts.isFunctionLike(fn) || ts.isConstructorDeclaration(fn)) return NO;
    const result = resultOf(fn);
    if (result === undefined) return NO;
    const { deed, fails, gives, lasts, passesOn, refuses, refusesItself, says } = core.ask(conduct, fn);
    const throws = refusesItself ?? refuses ?? passesOn;
    if ((lasts ?? fails) !== undefined || throws === undefined) return NO;
    const isNamed = isGuardName(nameOfFunction(fn) ?? '') || isDocumentedGuard(fn);
    const memory = core.ask(readsAndWrites, fn).accesses.filter(({ is }) => is === 'write');
    const isQuiet = deed === undefined && memory.length === 0;
    const guard: Guard = { fn, throws, isPure: isQuiet };
    if (gives !== undefined) {
      const isAside = isNamed && isQuiet && refuses !== undefined && !isBoolean(result);
      return isAside ? yes(guard) : NO;
    }
    if (isQuiet && says === undefined && refuses !== undefined) return yes(guard);
    if (!isNamed) return NO;
    if (isQuiet) return yes(says === undefined ? guard : { ...guard, isPure: false });
    if (refusesItself === undefined || (deed !== undefined && isTelling(deed))) return unknown('unknown-callee', guard);
    return yes(guard);

    /** What the promise that it hands out gives; `undefined` where it hands out none. */
    function resultOf(one: ts.SignatureDeclaration & FunctionNode): ts.Type | undefined {
      const { checker } = core;
      const signature = checker.getSignatureFromDeclaration(one);
      const type = signature === undefined ? undefined : checker.getReturnTypeOfSignature(signature);
      if (type === undefined || !(isAsync(fn) || isThenable(type, checker))) return undefined;
      return checker.getAwaitedType(type) ?? type;
    }
  },
});

function isBoolean(type: ts.Type): boolean {
  return (type.isUnion() ? type.types : [type]).some(({ flags }) => (flags & ts.TypeFlags.BooleanLike) !== 0);
}

/** Does the deed send something to somebody? */
function isTelling(deed: ts.Node): boolean {
  return ts.isCallExpression(deed) && isTellingName(nameOfCallee(deed.expression) ?? '');
}
