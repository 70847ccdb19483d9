import { defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** Steps that can come after a suspension of the function, with the first one that leads there. */
export const afterSuspension = defineFact<FunctionNode, ReadonlyMap<Step, Step>>({
  name: 'after-suspension',
  scope: 'program',
  compute(fn, core) {
    const graph = core.ask(flowGraph, fn);
    const found = new Map<Step, Step>();
    for (const suspension of graph.suspensions) {
      if (suspension.previous.length === 0) continue;
      const open: Step[] = [suspension];
      for (let step = open.pop(); step !== undefined; step = open.pop()) {
        for (const { to } of step.next) {
          if (found.has(to)) continue;
          found.set(to, suspension);
          open.push(to);
        }
      }
    }
    return found;
  },
});
