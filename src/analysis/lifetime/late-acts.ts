import * as ts from 'typescript';
import { type Answer, unknown, yes } from '../answer.ts';
import { afterSuspension } from '../effects/after-suspension.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { isOutside, translated } from '../effects/reads-and-writes.ts';
import { closureTime } from '../escape/closure-time.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { type Access, accesses, accessesAt } from '../places/accesses.ts';
import { isPartOf, isSamePlace, type Place } from '../places/place.ts';
import { placeOf } from '../places/place-of.ts';
import { bare, isAssignmentOperator, isLogicalAssignmentOperator, isUnset, wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { mentionsOne } from '../syntax/names.ts';
import { checkSuspects } from './check-suspects.ts';
import { claimsIn, isLongerLived, whyExclusive } from './exclusive.ts';
import { sharingInSight, sharingOf } from './sharing.ts';
import { namesBehind } from './suspects.ts';
import { type Outcome, outcomeOn, type TestedPlace, testedPlaces } from './tested-places.ts';

/** A decision about a shared place that is acted upon in a later segment. */
export interface LateAct {
  readonly place: Place;
  /** The condition, one without `!`, `&&` and `||`. */
  readonly test: ts.Expression;
  readonly tested: TestedPlace;
  /** What the test found where it goes on to act. */
  readonly outcome: Outcome;
  /** What other code may run at: the suspension, or the call that defers the callback which acts. */
  readonly pause: ts.Node;
  /** What is written, where: in this function, or in a function that it waits for. */
  readonly act: Access;
  /** The node of this function at which it happens. */
  readonly at: ts.Node;
  /** The steps that only the outcome of the test leads to. */
  readonly region: ReadonlySet<Step>;
  /** The step of the test. */
  readonly branch: Step;
  /** Does the other outcome get to the act as well, without a wait: an `if` around the wait alone? */
  readonly isWaitOnly: boolean;
  readonly fn: FunctionNode;
}

/**
 * May another run reach the place of an act that is not certain? The callers in other files are looked at for this only, so it is asked
 * of what would be told.
 */
export function mayBeShared({ fn, place }: LateAct, core: Core): boolean {
  return sharingOf(place, fn, core).is !== 'no';
}

/**
 * Decisions of a function about a shared place (absent, empty, `has`, a flag, a limit) that it acts upon after a wait, by a write that
 * would have decided the test otherwise.
 *
 * `yes` needs all of: a place that more than one run can reach, with evidence of a second run; a way from the test over a suspension
 * to the write on which the place is not read again; no lock over both, no claim made in the segment of the test (the place itself,
 * another one that was tested, a promise of a run under way). Whether that does any harm is another question: fills of a cache are
 * listed as well.
 */
export const lateActs = defineFact<FunctionNode, readonly Answer<LateAct, LateAct>[]>({
  name: 'late-acts',
  scope: 'program',
  compute(fn, core) {
    const suspect = core.ask(checkSuspects, fn.getSourceFile()).get(fn);
    if (suspect?.waits !== true) return [];
    const graph = core.ask(flowGraph, fn);
    if (graph.truncated) return [];
    return new Search(fn, graph, suspect.names, core).run();
  },
});

/** What a write does to the outcome of a test. */
type Effect = 'assigns' | 'clears' | 'fills' | 'less' | 'more';

/** A write that may be an act, at a step of the function. */
interface Act {
  readonly access: Access;
  readonly step: Step;
  readonly at: ts.Node;
  readonly effects: ReadonlySet<Effect>;
  /** It happens in a callback that runs later, or in a function that is waited for: the wait is there. */
  readonly pause?: ts.Node;
}

/** Late acts listed for one function: more of them are generated code. */
const MOST_FOUND = 24;

/** Tests and writes of one function that are compared with each other. */
const MOST_PAIRS = 200_000;

class Search {
  readonly #fn: FunctionNode;
  readonly #graph: FlowGraph;
  readonly #names: ReadonlySet<string>;
  readonly #core: Core;
  #accesses: ReadonlyMap<Step, readonly Access[]> | undefined;
  readonly #walks = new Map<string, ReadonlySet<Step>>();
  readonly #places: Place[] = [];
  #held: ReadonlySet<string> | undefined;

  constructor(fn: FunctionNode, graph: FlowGraph, names: ReadonlySet<string>, core: Core) {
    this.#fn = fn;
    this.#graph = graph;
    this.#names = names;
    this.#core = core;
  }

  get #own(): ReadonlyMap<Step, readonly Access[]> {
    this.#accesses ??= namedAccesses(this.#graph, this.#names, this.#core);
    return this.#accesses;
  }

  run(): readonly Answer<LateAct, LateAct>[] {
    const tests = [...this.#tests()];
    if (tests.length === 0) return [];
    const acts = [...this.#ownActs(), ...this.#actsOfCallbacks(), ...this.#actsOfCallees()];
    if (acts.length === 0) return [];
    const found: Answer<LateAct, LateAct>[] = [];
    const told = new Set<ts.Node>();
    let pairs = 0;
    for (const { branch, tested } of tests) {
      pairs += acts.length;
      if (pairs > MOST_PAIRS) break;
      this.#walks.clear();
      for (const act of acts) {
        if (told.has(act.at)) continue;
        const answer = this.#lateAct(branch, tested, act);
        if (answer === undefined) continue;
        found.push(answer);
        told.add(act.at);
        if (found.length === MOST_FOUND) return found;
      }
    }
    return found;
  }

  /** The tests of places that outlive the call. */
  *#tests(): Generator<{ readonly branch: Step; readonly tested: readonly TestedPlace[] }> {
    for (const branch of this.#graph.steps) {
      if (branch.kind !== 'branch' || branch.previous.length === 0 || !ts.isExpression(branch.node)) continue;
      if (!this.#mayLookAt(branch.node)) continue;
      const tested = testedPlaces(branch.node, this.#core).filter(({ place }) => isLongerLived(place, this.#fn));
      if (tested.length > 0) yield { branch, tested };
    }
  }

  /** By the names in the condition, and in what its locals hold. */
  #mayLookAt(condition: ts.Expression): boolean {
    return mentionsOne(condition, this.#names) || mentionsOne(condition, this.#locals());
  }

  /** Locals that hold something of the names. */
  #locals(): ReadonlySet<string> {
    if (this.#held !== undefined) return this.#held;
    const held = new Set<string>();
    for (const { node, write } of this.#graph.steps) {
      if (write?.value === undefined || !ts.isIdentifier(node)) continue;
      if (mentionsOne(write.value, this.#names) || mentionsOne(write.value, held)) held.add(node.text);
    }
    // Getters and small functions that stand for one.
    for (const [name, inside] of this.#core.ask(namesBehind, this.#fn.getSourceFile()))
      if ([...inside].some((each) => this.#names.has(each))) held.add(name);
    this.#held = held;
    return held;
  }

  #lateAct(branch: Step, all: readonly TestedPlace[], act: Act): Answer<LateAct, LateAct> | undefined {
    const tested = all.find((each) => decides(each, act.access.place));
    if (tested === undefined) return undefined;
    for (const way of ['true', 'false'] as const) {
      const outcome = outcomeOn(way, tested);
      if (!isUndoneBy(outcome, tested, act) || this.#isTestedAfter(branch, outcome, act)) continue;
      const own = branch.next.filter((edge) => edge.way === way);
      const other = branch.next.filter((edge) => edge.way !== way);
      const isReachedOtherwise = this.#reachable(branch, other).has(act.step);
      // An `if` around the wait alone: the outcome that waits would not have acted by itself.
      if (isReachedOtherwise && (act.pause !== undefined || !this.#reachableAtOnce(branch, own).has(act.step)))
        continue;
      const acting = isReachedOtherwise ? other : own;
      const pause = this.#pauseOn(acting, branch, tested, act, isReachedOtherwise);
      if (pause !== undefined) return this.#answer(branch, tested, outcome, pause, act, isReachedOtherwise, acting);
    }
    return undefined;
  }

  /** A count that is tested when it has been changed, not before: what leads to the change passes no test at first. */
  #isTestedAfter(branch: Step, outcome: Outcome, { pause, step }: Act): boolean {
    if (pause !== undefined || (outcome !== 'below' && outcome !== 'above')) return false;
    const unguarded = pathOf({ from: this.#graph.enter, to: (at) => at === step, avoiding: (at) => at === branch });
    if (unguarded === undefined) return false;
    const untested = pathOf({
      from: step,
      to: ({ kind }) => kind === 'exit' || kind === 'escape' || kind === 'suspend',
      avoiding: (at) => at === branch,
      without: ({ way }) => way === 'throw',
    });
    return untested === undefined;
  }

  #answer(
    branch: Step,
    tested: TestedPlace,
    outcome: Outcome,
    pause: ts.Node,
    act: Act,
    isWaitOnly: boolean,
    acting: readonly Edge[],
  ): Answer<LateAct, LateAct> | undefined {
    const { access } = act;
    const read: Access = {
      place: tested.place,
      is: 'read',
      step: this.#stepOf(tested.read) ?? branch,
      node: tested.read,
    };
    if (whyExclusive(this.#fn, read, { ...access, step: act.step }, this.#core) !== undefined) return undefined;
    const sharing = sharingInSight(access.place, this.#fn, this.#core);
    if (sharing.is === 'no') return undefined;
    const witness: LateAct = {
      place: access.place,
      test: branch.node as ts.Expression,
      tested,
      outcome,
      pause,
      act: access,
      at: act.at,
      region: this.#regionOf(branch, acting),
      branch,
      isWaitOnly,
      fn: this.#fn,
    };
    return sharing.is === 'yes' ? yes(witness) : unknown(sharing.because, witness);
  }

  #stepOf(node: ts.Node): Step | undefined {
    return this.#graph.stepsOf(node)[0];
  }

  /** The steps that some edges of a test lead to without coming back to it. */
  #reachable(branch: Step, edges: readonly Edge[]): ReadonlySet<Step> {
    return this.#once(branch, edges, 'all', () => this.#from(edges, (step) => step === branch));
  }

  /** The same, without a wait. */
  #reachableAtOnce(branch: Step, edges: readonly Edge[]): ReadonlySet<Step> {
    return this.#once(branch, edges, 'at-once', () =>
      this.#from(edges, (step) => step === branch || step.kind === 'suspend'),
    );
  }

  /** A walk is made once for each way of a test, however many writes there are. */
  #once(branch: Step, edges: readonly Edge[], what: string, walk: () => ReadonlySet<Step>): ReadonlySet<Step> {
    const key = `${String(branch.id)} ${edges.map(({ way }) => way).join()} ${what}`;
    let known = this.#walks.get(key);
    if (known === undefined) {
      known = walk();
      this.#walks.set(key, known);
    }
    return known;
  }

  #from(edges: readonly Edge[], avoiding: (step: Step) => boolean): Set<Step> {
    const seen = new Set<Step>();
    const queue = edges.map(({ to }) => to);
    for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
      if (seen.has(step) || avoiding(step)) continue;
      seen.add(step);
      for (const { to } of step.next) queue.push(to);
    }
    return seen;
  }

  /** The first suspension on a way from the test to the act on which nothing keeps a second run out. */
  #pauseOn(
    edges: readonly Edge[],
    branch: Step,
    tested: TestedPlace,
    act: Act,
    isWaitOnly: boolean,
  ): ts.Node | undefined {
    const index = this.#placeIndex(tested.place);
    const open = this.#once(branch, edges, `open ${String(index)}`, () => {
      const claimed = new Set(claimsIn(this.#fn, this.#core).map(({ step }) => step));
      return this.#from(
        edges,
        (step) =>
          step === branch || claimed.has(step) || this.#writes(step, tested.place) || this.#waitsForOthers(step),
      );
    });
    if (act.pause !== undefined) {
      const isReached = open.has(act.step) || act.step.previous.some((step) => open.has(step));
      return isReached ? act.pause : undefined;
    }
    const pauses = this.#graph.suspensions.filter((pause) => pause !== act.step && open.has(pause));
    if (pauses.length === 0) return undefined;
    const after = this.#once(branch, edges, `after ${String(index)} ${String(isWaitOnly)}`, () =>
      this.#from(
        pauses.flatMap(({ next }) => next.filter(({ way }) => isWaitOnly || way !== 'throw')),
        (step) => step === branch || this.#readsAgain(step, tested.place),
      ),
    );
    if (!after.has(act.step)) return undefined;
    // Which of them it was: the nearest one before the act, by the text.
    return (pauses.findLast(({ node }) => node.pos <= act.at.pos) ?? pauses[0])?.node;
  }

  /** Equal places get one number. */
  #placeIndex(place: Place): number {
    const known = this.#places.findIndex((each) => isSamePlace(each, place));
    return known >= 0 ? known : this.#places.push(place) - 1;
  }

  #writes(step: Step, place: Place): boolean {
    return (this.#own.get(step) ?? []).some((each) => each.is === 'write' && isSamePlace(each.place, place));
  }

  /** Is a promise waited for that a longer-lived place holds: the run of somebody else? */
  #waitsForOthers({ kind, node }: Step): boolean {
    if (kind !== 'suspend' || !ts.isAwaitExpression(node)) return false;
    let operand = bare(node.expression);
    if (ts.isBinaryExpression(operand) && isAssignmentOperator(operand.operatorToken.kind))
      operand = bare(operand.left);
    if (ts.isCallExpression(operand)) return false;
    const place = placeOf(operand, this.#core);
    if (place === undefined) return false;
    if (isLongerLived(place, this.#fn)) return true;
    // A local that holds what such a place holds: taken from there, or put there.
    return [...this.#own.values()].some((list) =>
      list.some(
        (each) =>
          each.is === 'write' &&
          each.value !== undefined &&
          ((isSamePlace(each.place, place) && this.#isOfLonger(each.value)) ||
            (isLongerLived(each.place, this.#fn) && isNamed(each.value, operand))),
      ),
    );
  }

  #isOfLonger(value: ts.Node): boolean {
    const source = bare(value);
    const place = ts.isExpression(source) ? placeOf(source, this.#core) : undefined;
    return place !== undefined && isLongerLived(place, this.#fn);
  }

  /** Is the place looked at again, other than as the old value of an update? */
  #readsAgain(step: Step, place: Place): boolean {
    return (this.#own.get(step) ?? []).some(
      (each) => each.is === 'read' && isSamePlace(each.place, place) && !this.#isOldValue(each.node),
    );
  }

  /** Not the left side of `??=`, which is a test of its own. */
  #isOldValue(node: ts.Node): boolean {
    return !isTestedByWrite(node) && this.#graph.stepsOf(node).some(({ kind }) => kind === 'write');
  }

  #regionOf(branch: Step, acting: readonly Edge[]): ReadonlySet<Step> {
    const others = this.#reachable(
      branch,
      branch.next.filter((edge) => !acting.includes(edge)),
    );
    return new Set([...this.#reachable(branch, acting)].filter((step) => !others.has(step)));
  }

  // ---------------------------------------------------------------- acts

  *#ownActs(): Generator<Act> {
    for (const [step, list] of this.#own) {
      for (const access of list) {
        const effects = this.#effectsOf(access, this.#fn);
        if (effects !== undefined) yield { access, step, at: access.node, effects };
      }
    }
  }

  #effectsOf(access: Access, within: FunctionNode): ReadonlySet<Effect> | undefined {
    if (access.is !== 'write' || access.how === 'declare' || access.how === 'parameter') return undefined;
    if (!isLongerLived(access.place, within) || !this.#isNamed(access.place)) return undefined;
    const effects = effectsOf(access);
    return effects.size === 0 ? undefined : effects;
  }

  #isNamed({ path, root }: Place): boolean {
    for (let index = path.length - 1; index >= 0; index--) {
      const part = path[index];
      if (part?.is === 'property') return this.#names.has(part.name);
    }
    return root.is === 'binding'
      ? this.#names.has(root.symbol.name)
      : root.is === 'global' && this.#names.has(root.name);
  }

  /** Writes of callbacks that run later: `open().then((found) => { client = found; })`. */
  *#actsOfCallbacks(): Generator<Act> {
    for (const step of this.#graph.steps) {
      const { kind, node } = step;
      if (kind !== 'make' || !isFunctionNode(node) || ts.isClassLike(node)) continue;
      if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) continue;
      if (!mayWrite(node, this.#names)) continue;
      const inside = namedAccesses(this.#core.ask(flowGraph, node), this.#names, this.#core);
      const written = [...inside].flatMap(([at, list]) =>
        list.map((access) => ({ access, at, effects: this.#effectsOf(access, this.#fn) })),
      );
      if (!written.some(({ effects }) => effects !== undefined)) continue;
      const time = this.#core.ask(closureTime, node);
      if (time.when !== 'deferred-once' || time.run === undefined) continue;
      for (const { access, at, effects } of written) {
        if (effects === undefined) continue;
        const looks = [...inside].some(
          ([reading, list]) =>
            pathOf({ from: reading, to: (candidate) => candidate === at }) !== undefined &&
            list.some(
              (each) =>
                each.is === 'read' &&
                (each.node !== access.node || isTestedByWrite(each.node)) &&
                isSamePlace(each.place, access.place),
            ),
        );
        if (!looks) yield { access, step, at: access.node, effects, pause: time.run.witness };
      }
    }
  }

  /** What functions that are waited for write after a wait of their own: `if (!this.client) await this.connect();`. */
  *#actsOfCallees(): Generator<Act> {
    for (const step of this.#graph.suspensions) {
      if (!ts.isAwaitExpression(step.node)) continue;
      const call = bare(step.node.expression);
      if (!ts.isCallExpression(call)) continue;
      const { functions, isComplete, through } = this.#core.ask(calleesOf, call);
      const [callee] = functions;
      if (!isComplete || functions.length !== 1 || callee === undefined) continue;
      if (!mayWrite(callee, this.#names)) continue;
      for (const inner of this.#lateWritesOf(callee)) {
        const place = translated(inner.place, call, { fn: callee, through, isCallback: false }, this.#core);
        const access = place === undefined ? undefined : { ...inner, place };
        const effects = access === undefined ? undefined : this.#effectsOf(access, this.#fn);
        if (access === undefined || effects === undefined || this.#looksItself(callee, inner.place)) continue;
        yield { access, step, at: step.node, effects, pause: wrapped(call) };
      }
    }
  }

  /** What a function itself writes, outside its own invocation, after a wait. */
  *#lateWritesOf(callee: FunctionNode): Generator<Access> {
    const later = this.#core.ask(afterSuspension, callee);
    if (later.size === 0) return;
    for (const [step, list] of this.#core.ask(accesses, callee)) {
      if (!later.has(step)) continue;
      for (const access of list)
        if (access.is === 'write' && access.how !== 'parameter' && isOutside(access.place, callee)) yield access;
    }
  }

  /** A function that tests the place by itself, or makes a claim, is asked by itself. */
  #looksItself(callee: FunctionNode, place: Place): boolean {
    if (claimsIn(callee, this.#core).length > 0) return true;
    return [...this.#core.ask(accesses, callee).values()].some((list) =>
      list.some((each) => each.is === 'read' && isSamePlace(each.place, place)),
    );
  }
}

/** What the steps read and write, as far as it bears one of the names: anything else costs types for nothing. */
function namedAccesses(graph: FlowGraph, names: ReadonlySet<string>, core: Core): ReadonlyMap<Step, readonly Access[]> {
  const found = new Map<Step, readonly Access[]>();
  for (const step of graph.steps) {
    const subject = ts.isCallExpression(step.node) ? bare(step.node.expression) : step.node;
    if (!mentionsOne(subject, names)) continue;
    const list = accessesAt(step, core);
    if (list.length > 0) found.set(step, list);
  }
  return found;
}

/** By the names in it: may the function write something that is tested? */
function mayWrite(fn: FunctionNode, names: ReadonlySet<string>): boolean {
  const visit = (node: ts.Node): boolean =>
    ((ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) && names.has(node.text)) ||
    (ts.forEachChild(node, visit) ?? false);
  return visit(fn);
}

/** Is what was tested the very place that is written, the entry of it, or how much it holds? */
function decides({ isPart, place }: TestedPlace, written: Place): boolean {
  if (isSamePlace(place, written)) return true;
  const last = written.path.at(-1);
  if (last?.is === 'entry') {
    const whole: Place = { ...written, path: [...written.path.slice(0, -1), { is: 'contents' }] };
    return isSamePlace(place, whole);
  }
  // `this.client?.isOpen`, and then another client.
  return isPart && isPartOf(place, written) && place.path.length === written.path.length;
}

/** Would the write have made the test come out the other way? */
function isUndoneBy(outcome: Outcome, { isPart, value }: TestedPlace, { access, effects }: Act): boolean {
  switch (outcome) {
    case 'empty':
      return effects.has('fills');
    case 'filled':
      return !isPart && effects.has('clears');
    case 'below':
      return effects.has('more') || (effects.has('assigns') && !isReset(access)) || (isPart && effects.has('fills'));
    case 'above':
      return effects.has('less') || effects.has('assigns') || (isPart && effects.has('fills'));
    case 'equal':
      return effects.has('assigns') && isOtherConstant(access, value, false);
    case 'unequal':
      return effects.has('assigns') && isOtherConstant(access, value, true);
  }
}

/** Is it set back to nothing, which is under every limit? */
function isReset({ value }: Access): boolean {
  return value !== undefined && ts.isExpression(value) && /^-?0+$/.test(bare(value).getText());
}

/** Is the value that is written a constant, and the one of the test or another one? */
function isOtherConstant({ value }: Access, tested: string | undefined, isSame: boolean): boolean {
  if (value === undefined || !ts.isExpression(value)) return false;
  const written = bare(value);
  const isConstant =
    ts.isStringLiteralLike(written) || ts.isNumericLiteral(written) || ts.isPropertyAccessExpression(written);
  return isConstant && (written.getText() === tested) === isSame;
}

/** What a write makes of its place, in the terms of a test. */
function effectsOf({ how, node, place, value }: Access): ReadonlySet<Effect> {
  const last = place.path.at(-1);
  switch (how) {
    case 'assign':
    case 'destructure':
    case 'logical': {
      if (last?.is === 'contents') return new Set(['more']);
      const isEntry = last?.is === 'entry';
      const isCleared = value !== undefined && ts.isExpression(value) && isUnset(bare(value));
      if (isCleared) return new Set(isEntry ? ['clears', 'less'] : ['assigns', 'clears']);
      return new Set(isEntry ? ['fills', 'more'] : ['assigns', 'fills']);
    }
    case 'update':
    case 'compound':
      return new Set(isLess(node) ? ['less'] : ['more']);
    case 'delete':
    case 'remove':
      return new Set(['clears', 'less']);
    case 'mutate':
      if (last?.is === 'entry') return new Set(['clears', 'less']);
      return isTaking(node) ? new Set(['less']) : new Set();
    default:
      return new Set();
  }
}

/** Is it the left side of `??=`, `||=` or `&&=`? */
function isTestedByWrite(target: ts.Node): boolean {
  const outer = wrapped(target);
  const { parent } = outer;
  return (
    ts.isBinaryExpression(parent) && parent.left === outer && isLogicalAssignmentOperator(parent.operatorToken.kind)
  );
}

/** `--`, `-=` */
function isLess(target: ts.Node): boolean {
  const { parent } = wrapped(target);
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return parent.operator === ts.SyntaxKind.MinusMinusToken;
  return ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken;
}

/** `pop()`, `shift()` */
function isTaking(node: ts.Node): boolean {
  return ts.isCallExpression(node) && node.arguments.length === 0;
}

/** Is the value the variable itself? */
function isNamed(value: ts.Node, name: ts.Expression): boolean {
  const node = bare(value);
  return ts.isIdentifier(node) && ts.isIdentifier(name) && node.text === name.text;
}
