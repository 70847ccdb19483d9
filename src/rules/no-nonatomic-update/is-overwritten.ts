import {
  closureTime,
  type Core,
  effectAccesses,
  enclosingFunctionOf,
  flowGraph,
  isPartOf,
  pathOf,
  type StaleWrite,
  type Step,
} from '../../analysis/index.ts';

const known = new WeakMap<StaleWrite, boolean>();

/**
 * Does the program itself write the place between the read and the write, so that reading again would give another value even when
 * nobody comes in between? A write in a loop does, when the read stands before the loop.
 */
export function isOverwritten(found: StaleWrite, core: Core): boolean {
  let answer = known.get(found);
  if (answer === undefined) {
    answer = isWrittenBetween(found, core);
    known.set(found, answer);
  }
  return answer;
}

function isWrittenBetween({ fn, place, read, write }: StaleWrite, core: Core): boolean {
  const graph = core.ask(flowGraph, fn);
  const writers = writersOf(fn);
  if (graph.steps[read.step.id] === read.step) return isPassed(read.step, new Set(writers), write.step);
  // The write stands in a callback of the function that read.
  const { when } = core.ask(closureTime, fn);
  const outer = enclosingFunctionOf(fn);
  const outerGraph = core.ask(flowGraph, outer);
  if ((when !== 'deferred-once' && when !== 'now') || outerGraph.steps[read.step.id] !== read.step) return true;
  return writers.some((step) => leads(step, write.step)) || writersOf(outer).some((step) => leads(read.step, step));

  function writersOf(where: StaleWrite['fn']): readonly Step[] {
    return [...core.ask(effectAccesses, where)]
      .filter(([, list]) =>
        list.some(
          (access) => access.is === 'write' && (isPartOf(access.place, place) || isPartOf(place, access.place)),
        ),
      )
      .map(([step]) => step);
  }
}

/** Does a way lead from the read over one of the writers to the write, without another turn to the read? One walk for all writers. */
function isPassed(read: Step, writers: ReadonlySet<Step>, write: Step): boolean {
  const before = new Set<Step>([read]);
  const after = new Set<Step>();
  const open: { readonly step: Step; readonly isAfter: boolean }[] = [{ step: read, isAfter: false }];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    for (const { to } of each.step.next) {
      if (each.isAfter && to === write) return true;
      const isAfter = each.isAfter || writers.has(to);
      // The read itself may write (`queue.shift()`): then its next turn is the write that the way leads over.
      if (to === read && isAfter === each.isAfter) continue;
      const seen = isAfter ? after : before;
      if (seen.has(to)) continue;
      seen.add(to);
      open.push({ step: to, isAfter });
    }
  }
  return false;
}

function leads(from: Step, goal: Step): boolean {
  return pathOf({ from, to: (step) => step === goal }) !== undefined;
}
