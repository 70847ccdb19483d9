/**
 * Why the core cannot say yes or no.
 *
 * - `any`: a type it needed is `any`, `unknown` or unresolved.
 * - `budget`: a step, depth or node budget was used up.
 * - `unknown-callee`: a call whose body and catalogue row are both missing.
 * - `escapes`: the value went where the core cannot follow it.
 * - `open-world`: callers outside the Program decide.
 */
export type Doubt = 'any' | 'budget' | 'escapes' | 'open-world' | 'unknown-callee';

/** The answer to a question of the core. Only `yes` is a proof; `recommended` reports `yes` alone. */
export type Answer<Witness, Hint = unknown> =
  | { readonly is: 'no' }
  | { readonly is: 'unknown'; readonly because: Doubt; readonly witness?: Hint }
  | { readonly is: 'yes'; readonly witness: Witness };

/** The answer `no`, shared. */
export const NO = { is: 'no' } as const;

/** A `yes` with the evidence that proves it. */
export function yes<Witness>(witness: Witness): { is: 'yes'; witness: Witness } {
  return { is: 'yes', witness };
}

/** An `unknown` with its reason and, where there is one, the evidence found so far. */
export function unknown<Witness = never>(
  because: Doubt,
  witness?: Witness,
): { is: 'unknown'; because: Doubt; witness?: Witness } {
  return witness === undefined ? { is: 'unknown', because } : { is: 'unknown', because, witness };
}
