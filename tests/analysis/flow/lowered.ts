import ts from 'typescript';
import { buildGraph } from '../../../src/analysis/flow/build.ts';
import type { FlowGraph, Step } from '../../../src/analysis/flow/graph.ts';
import { type FunctionNode, isFunctionNode } from '../../../src/analysis/syntax/functions.ts';

/** The graph of the first function of a source, or of its top-level code. Calls of `exit` never return. */
export function lowered(source: string, which: 'file' | 'function' = 'function'): FlowGraph {
  const file = ts.createSourceFile('orders.tsx', source, ts.ScriptTarget.ESNext, true);
  const fn = which === 'file' ? file : firstFunctionIn(file);
  return buildGraph(fn, (call) => call.expression.getText() === 'exit');
}

function firstFunctionIn(file: ts.SourceFile): FunctionNode {
  let found: FunctionNode | undefined;
  const visit = (node: ts.Node): void => {
    if (found === undefined && isFunctionNode(node)) found = node;
    else ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found ?? file;
}

const QUIET: ReadonlySet<Step['kind']> = new Set(['enter', 'escape', 'exit', 'join', 'make']);

/** Kinds and texts of the steps that do something, in the order in which a straight run meets them. */
export function orderIn(source: string, which: 'file' | 'function' = 'function'): readonly string[] {
  const graph = lowered(source, which);
  return graph.steps
    .filter((step) => !QUIET.has(step.kind) && (step.previous.length > 0 || step === graph.enter))
    .map(printStep);
}

/** A step as text: its kind and the start of its source. */
function printStep(step: Step): string {
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

/** Every way from the start to the end, joins left out, shortest first: `read a > branch a > call f() > exit`. */
export function waysThrough(source: string, options: { readonly throws?: boolean } = {}): readonly string[] {
  const graph = lowered(source);
  const found: string[] = [];
  const walk = (step: Step, way: readonly string[], seen: readonly Step[]): void => {
    if (found.length > 200 || seen.filter((each) => each === step).length > 1) return;
    const here = step.kind === 'enter' || step.kind === 'join' ? way : [...way, printStep(step)];
    if (step === graph.exit || step === graph.escape) {
      found.push(here.join(' > '));
      return;
    }
    for (const edge of step.next) {
      if (edge.way === 'throw' && step.kind !== 'throw' && options.throws !== true) continue;
      walk(edge.to, here, [...seen, step]);
    }
  };
  walk(graph.enter, [], []);
  return found;
}
