import { compileFunction } from 'node:vm';
import ts from 'typescript';
import { buildGraph } from '../../../src/analysis/flow/build.ts';
import type { Edge, FlowGraph, Step } from '../../../src/analysis/flow/graph.ts';

/** What happened: a numbered call was made; it went on, threw, or gave a promise that rejected. */
export interface Event {
  readonly call: number;
  readonly is: 'dispose' | 'yield' | 'call';
  readonly went: 'on' | 'rejects' | 'returns' | 'throws';
}

/** A run of a random function. */
export interface Run {
  readonly events: readonly Event[];
  readonly ended: 'exit' | 'escape';
}

/** Calls that one run may make before its conditions turn false and its calls stop failing. */
const FUEL = 80;

/** Runs a function with these decisions, each a number from 0 on, taken in turn. */
export async function runOf(source: string, decisions: readonly number[]): Promise<Run> {
  const events: Event[] = [];
  let turn = 0;
  const decide = (choices: number): number => {
    const taken = decisions[turn++ % decisions.length] ?? 0;
    return taken % choices;
  };
  const isTired = (): boolean => events.length > FUEL;
  const record = (call: number, went: Event['went'], is: Event['is'] = 'call'): void => {
    events.push({ call, is, went });
  };
  const makeObject = (): object => ({
    p: { string: objectWithMethod(), undefined: objectWithMethod(), m: method },
    m: method,
  });
  const objectWithMethod = (): object => ({ m: method });
  const method = (_value: unknown, call: number): unknown => t(call);

  function t(call: number): unknown {
    const choice = isTired() ? 1 : decide(7);
    if (choice === 0) {
      record(call, 'throws');
      throw new Error(String(call));
    }
    record(call, 'on');
    return [undefined, undefined, null, false, true, 'text', { a: 1 }][choice];
  }
  const scope = {
    t,
    r(call: number): Promise<unknown> {
      const rejects = !isTired() && decide(3) === 0;
      record(call, rejects ? 'rejects' : 'on');
      return rejects ? Promise.reject(new Error(String(call))) : Promise.resolve(call);
    },
    o(call: number): unknown {
      record(call, 'on');
      return decide(2) === 0 ? undefined : makeObject();
    },
    c(call: number): boolean {
      const goesOn = !isTired() && decide(2) === 0;
      record(call, 'on');
      return goesOn;
    },
    d(call: number): object {
      record(call, 'on');
      const dispose = (): void => {
        record(call, 'on', 'dispose');
      };
      const disposeLater = (): Promise<void> => {
        dispose();
        return Promise.resolve();
      };
      return { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: disposeLater };
    },
    T: class {
      readonly made: unknown;
      constructor(_value: unknown, call: number) {
        this.made = t(call);
      }
    },
  };

  const javascript = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  }).outputText;
  const names = Object.keys(scope);
  const make = compileFunction(`let x, y; const box = { n: 0 };\n${javascript}\nreturn work;`, names) as (
    ...values: unknown[]
  ) => () => unknown;
  const work = make(...names.map((name) => scope[name as keyof typeof scope]));
  try {
    const result = work();
    if (isIterator(result)) drive(result, decide, record, isTired, events);
    else await result;
    return { events, ended: 'exit' };
  } catch {
    return { events, ended: 'escape' };
  }
}

function isIterator(value: unknown): value is Generator {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

/** Consumes a generator: goes on, throws into it, or ends it. The call before a `yield` says which `yield` it was. */
function drive(
  iterator: Generator,
  decide: (choices: number) => number,
  record: (call: number, went: Event['went'], is: Event['is']) => void,
  isTired: () => boolean,
  events: readonly Event[],
): void {
  let step = iterator.next();
  while (step.done !== true) {
    const last = events.at(-1)?.call ?? -1;
    const choice = isTired() ? 2 : decide(6);
    if (choice === 0) {
      record(last, 'throws', 'yield');
      step = iterator.throw(new Error('consumer'));
    } else if (choice === 1) {
      record(last, 'returns', 'yield');
      step = iterator.return(undefined);
    } else {
      record(last, 'on', 'yield');
      step = iterator.next();
    }
  }
}

/** The graph of the function in a source, with the numbers of its calls. */
export function graphOf(source: string): {
  readonly graph: FlowGraph;
  readonly numberOf: ReadonlyMap<ts.Node, number>;
} {
  const file = ts.createSourceFile('work.ts', source, ts.ScriptTarget.ESNext, true);
  const fn = file.statements[0];
  if (fn === undefined || !ts.isFunctionDeclaration(fn)) throw new Error('The source is no function.');
  const numberOf = new Map<ts.Node, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const last = node.arguments?.at(-1);
      if (last !== undefined && ts.isNumericLiteral(last)) numberOf.set(node, Number(last.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return { graph: buildGraph(fn, () => false), numberOf };
}

/** Is the run a path in the graph? If not, the events up to the one that the graph does not have. */
export function whyNoPath(source: string, { events, ended }: Run): string | undefined {
  const { graph, numberOf } = graphOf(source);
  const eventOf = (step: Step): { call: number; is: Event['is'] } | undefined => {
    if (step.kind === 'call') {
      // A static field stands for the call that is its value.
      const { node } = step;
      const call = numberOf.get(
        ts.isPropertyDeclaration(node) && node.initializer !== undefined ? node.initializer : node,
      );
      return call === undefined ? undefined : { call, is: 'call' };
    }
    if (step.kind === 'dispose' && ts.isVariableDeclaration(step.node) && step.node.initializer !== undefined) {
      return { call: numberOf.get(step.node.initializer) ?? -1, is: 'dispose' };
    }
    if (step.kind === 'suspend' && ts.isYieldExpression(step.node) && step.node.expression !== undefined) {
      return { call: numberOf.get(step.node.expression) ?? -1, is: 'yield' };
    }
    return undefined;
  };
  /** Every step that can be next, with nothing recorded in between. `rejecting`: the call whose `await` may throw. */
  const after = (
    starts: readonly (readonly [Step, (edge: Edge) => boolean])[],
    rejecting: number | undefined,
  ): Set<Step> => {
    const seen = new Set<Step>();
    const open: Step[] = [];
    const go = (step: Step, mayTake: (edge: Edge) => boolean): void => {
      for (const edge of step.next) {
        if (!mayTake(edge) || seen.has(edge.to)) continue;
        seen.add(edge.to);
        open.push(edge.to);
      }
    };
    for (const [step, mayTake] of starts) go(step, mayTake);
    for (let step = open.pop(); step !== undefined; step = open.pop()) {
      if (eventOf(step) !== undefined) continue;
      const awaited = step.kind === 'suspend' && ts.isAwaitExpression(step.node) ? step.node.expression : undefined;
      const rejects = awaited !== undefined && rejecting !== undefined && endsWithCall(awaited, rejecting, numberOf);
      if (rejects) go(step, ({ way }) => way === 'throw');
      else go(step, ({ way }) => way !== 'throw' || step.kind === 'throw');
    }
    return seen;
  };

  let possible = after([[graph.enter, () => true]], undefined);
  for (const [at, event] of events.entries()) {
    const here = [...possible].filter((step) => {
      const own = eventOf(step);
      return own?.call === event.call && own.is === event.is;
    });
    if (here.length === 0) return describe(events.slice(0, at + 1));
    const wanted = event.went;
    possible = after(
      here.map((step) => [
        step,
        ({ way }: Edge) =>
          wanted === 'throws'
            ? way === 'throw'
            : wanted === 'returns'
              ? way === 'done'
              : way !== 'throw' && (event.is !== 'yield' || way !== 'done'),
      ]),
      wanted === 'rejects' ? event.call : undefined,
    );
  }
  const end = ended === 'exit' ? graph.exit : graph.escape;
  return possible.has(end) ? undefined : `${describe(events)} then ${ended}`;
}

/** Is the awaited value the promise of this call, also as the last operand of something? */
function endsWithCall(node: ts.Expression, call: number, numberOf: ReadonlyMap<ts.Node, number>): boolean {
  if (numberOf.get(node) === call) return true;
  if (ts.isParenthesizedExpression(node) || ts.isAwaitExpression(node))
    return endsWithCall(node.expression, call, numberOf);
  if (ts.isBinaryExpression(node))
    return endsWithCall(node.left, call, numberOf) || endsWithCall(node.right, call, numberOf);
  if (ts.isConditionalExpression(node)) {
    return endsWithCall(node.whenTrue, call, numberOf) || endsWithCall(node.whenFalse, call, numberOf);
  }
  return false;
}

function describe(events: readonly Event[]): string {
  return events.map(({ call, is, went }) => `${is === 'call' ? '' : `${is} `}${String(call)} ${went}`).join(', ');
}
