import type ts from 'typescript';
import { type Core, defineFact, type Fact } from '../facts.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** What is said about every function with a body, from what it does itself and from what is said about the functions it calls. */
export interface Summary<Value> {
  readonly name: string;
  /** What is assumed of a function before it was looked at: the least element. */
  start(fn: FunctionNode): Value;
  /** Do two values say the same? Witnesses do not count. */
  same(left: Value, right: Value): boolean;
  /**
   * What is said of a function from the functions it calls. Monotone in what `ask` gives, and it must ask `ask`, never the core,
   * about functions of the same summary.
   */
  of(fn: FunctionNode, core: Core, ask: (callee: FunctionNode) => Value): Value;
  /** What is said of a function when the budget is used up: the doubtful element above `last`. */
  widen(fn: FunctionNode, last: Value): Value;
}

/** Functions that one question may lead to; the answers for those beyond are widened. */
const MOST_FUNCTIONS = 4_000;

/** Times one function is looked at before its value is widened. The height of every summary is far below. */
const MOST_VISITS = 24;

/**
 * Makes a summary a fact.
 *
 * The least fixed point is computed with a work list, callees first: no recursion on the stack however deep the calls go, and each
 * function of a cycle is looked at a bounded number of times. What a question leads to is settled together and kept.
 */
export function defineSummary<Value>(summary: Summary<Value>): Fact<FunctionNode, Value> {
  const settled = defineFact<ts.Program, Map<FunctionNode, Value>>({
    name: `${summary.name}-settled`,
    scope: 'program',
    compute: () => new Map<FunctionNode, Value>(),
  });
  return defineFact<FunctionNode, Value>({
    name: summary.name,
    scope: 'program',
    compute(fn, core) {
      const known = core.ask(settled, core.program);
      if (!known.has(fn)) settle(fn, summary, core, known);
      return known.get(fn) as Value;
    },
  });
}

function settle<Value>(root: FunctionNode, summary: Summary<Value>, core: Core, known: Map<FunctionNode, Value>): void {
  const values = new Map<FunctionNode, Value>([[root, summary.start(root)]]);
  const users = new Map<FunctionNode, Set<FunctionNode>>();
  const visits = new Map<FunctionNode, number>();
  const open = new CalleesFirst(root);
  /** Functions that were told of a callee beyond the bound. */
  const cut = new Set<FunctionNode>();

  for (let fn = open.next(); fn !== undefined; fn = open.next()) {
    const current = fn;
    const before = values.get(current) as Value;
    const visit = (visits.get(current) ?? 0) + 1;
    visits.set(current, visit);
    if (visit > MOST_VISITS + 1) continue;
    const found: FunctionNode[] = [];
    const value =
      visit > MOST_VISITS
        ? summary.widen(current, before)
        : summary.of(current, core, (callee) => {
            const final = known.get(callee);
            if (final !== undefined) return final;
            const so = values.get(callee);
            if (so === undefined && values.size >= MOST_FUNCTIONS) {
              cut.add(current);
              return summary.widen(callee, summary.start(callee));
            }
            let waiting = users.get(callee);
            if (waiting === undefined) users.set(callee, (waiting = new Set()));
            waiting.add(current);
            if (so !== undefined) return so;
            const start = summary.start(callee);
            values.set(callee, start);
            found.push(callee);
            return start;
          });
    values.set(current, value);
    if (!summary.same(value, before)) {
      for (const user of users.get(current) ?? []) open.again(user);
    }
    for (const callee of found) open.add(callee);
  }
  // What rests on a cut is kept only for the root: asked for itself, another function is told more.
  for (const fn of cut) for (const user of users.get(fn) ?? []) cut.add(user);
  for (const [fn, value] of values) if (fn === root || !cut.has(fn)) known.set(fn, value);
}

/**
 * The order of a work list: each function once as it is found, and only then again those whose callees have changed, the ones that
 * were found last first. So a function mostly runs again when all it calls has settled.
 */
class CalleesFirst {
  readonly #found: FunctionNode[] = [];
  readonly #at = new Map<FunctionNode, number>();
  readonly #isQueued: boolean[] = [];
  /** Found and not yet looked at, by place in `#found`. */
  readonly #fresh: number[] = [];
  /** Nothing behind this place is queued but what is fresh. */
  #last = -1;

  constructor(root: FunctionNode) {
    this.add(root);
  }

  add(fn: FunctionNode): void {
    const at = this.#found.push(fn) - 1;
    this.#at.set(fn, at);
    this.#isQueued[at] = true;
    this.#fresh.push(at);
  }

  again(fn: FunctionNode): void {
    const at = this.#at.get(fn);
    if (at === undefined || this.#isQueued[at] === true) return;
    this.#isQueued[at] = true;
    this.#last = Math.max(this.#last, at);
  }

  next(): FunctionNode | undefined {
    const fresh = this.#fresh.pop();
    if (fresh !== undefined) return this.#take(fresh);
    for (; this.#last >= 0; this.#last--) {
      if (this.#isQueued[this.#last] === true) return this.#take(this.#last);
    }
    return undefined;
  }

  #take(at: number): FunctionNode | undefined {
    this.#isQueued[at] = false;
    return this.#found[at];
  }
}
