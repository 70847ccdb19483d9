import type ts from 'typescript';
import { type Answer, NO } from '../answer.ts';
import type { Call } from '../effects/callees-of.ts';
import { defineFact } from '../facts.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/**
 * What is lost when nobody waits for a call.
 *
 * - `guard`: it only decides whether the code after it may go on, and says no by rejecting
 * - `initialiser`: it writes, after a suspension, a place that the code after it reads
 * - `transaction`: it works on a transaction that ends without waiting for it
 */
export type UnawaitedKind = 'guard' | 'initialiser' | 'transaction';

/** A call that nobody waits for, although the code after it relies on its outcome. */
export interface UnawaitedGuard {
  readonly kind: UnawaitedKind;
  readonly call: Call;
  /** The function that is called, where it has a body in the Program. */
  readonly callee?: FunctionNode;
  /** For guards: the `throw` (in whatever function); for initialisers: the write; for transactions: the call that opens it. */
  readonly cause: ts.Node;
  /** What relies on it: the statement that goes on, the read, the end of the transaction. */
  readonly relies: ts.Node;
}

/**
 * Is the promise of an expression (a call, or a chain that begins with one) dropped although the code after it relies on it?
 */
export const unawaitedGuard = defineFact<ts.Expression, Answer<UnawaitedGuard, UnawaitedGuard>>({
  name: 'unawaited-guard',
  scope: 'program',
  compute: () => NO,
});
