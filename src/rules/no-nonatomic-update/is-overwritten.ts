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

/**
 * Does the program itself write the place between the read and the write, so that reading again would give another value even when
 * nobody comes in between? A write in a loop does, when the read stands before the loop.
 */
export function isOverwritten({ fn, place, read, write }: StaleWrite, core: Core): boolean {
  const graph = core.ask(flowGraph, fn);
  const writers = writersOf(fn);
  if (graph.steps[read.step.id] === read.step) {
    const again = (step: Step): boolean => step === read.step;
    return writers.some(
      (step) => (step === write.step || leads(read.step, step, again)) && leads(step, write.step, again),
    );
  }
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

function leads(from: Step, goal: Step, avoiding?: (step: Step) => boolean): boolean {
  return pathOf({ from, to: (step) => step === goal, ...(avoiding === undefined ? {} : { avoiding }) }) !== undefined;
}
