import ts from 'typescript';
import type { FlowGraph, Step } from '../flow/graph.ts';

/** A graph as text, one step a line: `4 read total -> 5, throw 9`. For debugging and for tests that compare evaluation order. */
export function printGraph(graph: FlowGraph): string {
  return graph.steps
    .filter((step) => step === graph.enter || step.previous.length > 0)
    .map((step) => `${String(step.id)} ${printStep(step)} -> ${step.next.map(printEdge).join(', ')}`.trimEnd())
    .join('\n');
}

/** A step as text: its kind and the start of its source. */
export function printStep(step: Step): string {
  switch (step.kind) {
    case 'enter':
    case 'escape':
    case 'exit':
    case 'join':
      return step.kind;
    default: {
      const text = step.node.getText().replace(/\s+/g, ' ');
      return `${step.kind} ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
    }
  }
}

/** The kinds and sources of the steps on the straight way through a function, joins left out. */
export function printOrder(graph: FlowGraph): readonly string[] {
  return graph.steps.filter((step) => step.kind !== 'join' && !ts.isSourceFile(step.node)).map(printStep);
}

function printEdge({ to, way }: { to: Step; way: string }): string {
  return way === 'next' ? String(to.id) : `${way} ${String(to.id)}`;
}
