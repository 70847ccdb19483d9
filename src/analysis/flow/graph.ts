import type ts from 'typescript';
import type { FunctionNode } from '../syntax/functions.ts';

/**
 * What happens at a step.
 *
 * - `enter`, `exit`, `escape`: the start, every normal end, the end by an exception that leaves the function
 * - `read`: the value of an identifier, a property, `this.x` or an element is taken
 * - `write`: a place gets a value (assignment, update, declaration, destructuring, loop variable, `delete`)
 * - `call`: a call, `new`, a tagged template, `import()`; its arguments were evaluated before
 * - `suspend`: other code may run before the next step: `await`, a step of `for await`, `yield`, `await using` at scope end
 * - `make`: a function or class value is created; its body is a graph of its own
 * - `branch`: the value of `node` decides the way on, edges `true` and `false`
 * - `iterate`: a step of `for … of`/`for … in`, a spread or an array pattern; edges `true` (one more) and `done`
 * - `return`, `throw`: the statement; its way on leads through every `finally` on the way out
 * - `dispose`: a `using` resource is disposed at the end of its scope
 * - `join`: nothing happens; paths meet
 */
export type StepKind =
  | 'branch'
  | 'call'
  | 'dispose'
  | 'enter'
  | 'escape'
  | 'exit'
  | 'iterate'
  | 'join'
  | 'make'
  | 'read'
  | 'return'
  | 'suspend'
  | 'throw'
  | 'write';

/** How one step leads to another. `throw` edges leave before the step has had its effect. */
export type Way = 'done' | 'false' | 'next' | 'throw' | 'true';

export interface Edge {
  readonly to: Step;
  readonly way: Way;
}

/** How a `write` step came about, and the value written where one expression is that value. */
export interface WriteDetail {
  readonly how:
    'assign' | 'compound' | 'declare' | 'delete' | 'destructure' | 'iterate' | 'logical' | 'parameter' | 'update';
  /**
   * The expression the written value comes from. For `compound` the right side only (the old value was a `read` step of the
   * target); for `destructure` and `iterate` the whole thing taken apart; for `parameter` its default, if any.
   */
  readonly value?: ts.Expression;
  /** For `destructure`: the binding element or property whose own `read` step gave the value (it may have a default). */
  readonly part?: ts.Node;
}

/** One step of a function in evaluation order. A node may have several steps (copies of a `finally`, read and write of `x++`). */
export interface Step {
  readonly id: number;
  readonly kind: StepKind;
  /** What is evaluated: for `read` and `write` the target (identifier, access, binding name), else the expression or statement. */
  readonly node: ts.Node;
  readonly next: readonly Edge[];
  readonly previous: readonly Step[];
  readonly write?: WriteDetail;
}

/** The flow of one function. `steps[0]` is `enter`. */
export interface FlowGraph {
  readonly fn: FunctionNode;
  readonly steps: readonly Step[];
  readonly enter: Step;
  /** Normal ends meet here. */
  readonly exit: Step;
  /** Exceptions that leave the function meet here. */
  readonly escape: Step;
  /** Steps of kind `suspend`, in evaluation order. */
  readonly suspensions: readonly Step[];
  /** All steps whose node is this one (not its descendants). */
  stepsOf(node: ts.Node): readonly Step[];
  /** Was the step budget used up? Then the graph is cut short and every question about it is `unknown`. */
  readonly truncated: boolean;
}
