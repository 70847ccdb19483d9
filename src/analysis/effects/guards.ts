import ts from 'typescript';
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
 * if its name or description says that it decides and the condition is its own. Reading and logging the refusal change nothing.
 * `unknown`: it is named so and fails, but what it fails on cannot be seen. Waits without a bound are no decision.
 */
export const guardOf = defineFact<FunctionNode, Answer<Guard, Guard>>({
  name: 'guard-of',
  scope: 'program',
  compute(fn, core) {
    if (isGenerator(fn) || !('parameters' in fn) || ts.isConstructorDeclaration(fn)) return NO;
    const { deed, gives, lasts, passesOn, refuses, refusesItself, says } = core.ask(conduct, fn);
    if (gives !== undefined || lasts !== undefined) return NO;
    const throws = refusesItself ?? refuses ?? passesOn;
    if (throws === undefined || !(isAsync(fn) || handsOutPromise(fn))) return NO;
    const isNamed = isGuardName(nameOfFunction(fn) ?? '') || isDocumentedGuard(fn);
    const memory = core.ask(readsAndWrites, fn).accesses.filter(({ is }) => is === 'write');
    const isQuiet = deed === undefined && memory.length === 0;
    const guard: Guard = { fn, throws, isPure: isQuiet };
    if (isQuiet && says === undefined && refuses !== undefined) return yes(guard);
    if (!isNamed) return NO;
    if (isQuiet) return yes(says === undefined ? guard : { ...guard, isPure: false });
    if (refusesItself === undefined || (deed !== undefined && isTelling(deed))) return unknown('unknown-callee', guard);
    return yes(guard);

    function handsOutPromise(one: ts.SignatureDeclaration & FunctionNode): boolean {
      const signature = core.checker.getSignatureFromDeclaration(one);
      return signature !== undefined && isThenable(core.checker.getReturnTypeOfSignature(signature), core.checker);
    }
  },
});

/** Does the deed send something to somebody? */
function isTelling(deed: ts.Node): boolean {
  return ts.isCallExpression(deed) && isTellingName(nameOfCallee(deed.expression) ?? '');
}
