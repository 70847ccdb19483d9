import { defineFact } from '../facts.ts';
import type { Step } from '../flow/graph.ts';
import { type Access, accesses } from '../places/accesses.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** What each step of a function reads and writes, with what the functions called there do to places that outlive them. */
export const effectAccesses = defineFact<FunctionNode, ReadonlyMap<Step, readonly Access[]>>({
  name: 'effect-accesses',
  scope: 'program',
  compute: (fn, core) => core.ask(accesses, fn),
});
