import * as ts from 'typescript';
import { type Answer, unknown, yes } from '../answer.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { calleeAccessesAt } from '../effects/effect-accesses.ts';
import { isLeaf } from '../effects/is-leaf.ts';
import { resultParts } from '../effects/result-parts.ts';
import { closureTime } from '../escape/closure-time.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import type { Solution } from '../flow/solve.ts';
import { type Access, accessesAt } from '../places/accesses.ts';
import { heldPlaceOf } from '../places/place-of.ts';
import { isSamePlace, isSameRoot, type Place } from '../places/place.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare, callsBefore } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { ANSWERED, COMPUTED, joined, NOTHING, type Origins } from './carried.ts';
import { whyExclusive } from './exclusive.ts';
import { lastUses } from './last-use.ts';
import { type Sharing, sharingOf } from './sharing.ts';
import { aged, type Carried, EMPTY, followReads, originsIn, STALE, type StaleQuestion } from './stale-flow.ts';
import { suspects, type Suspicion } from './suspects.ts';

/** A write of a shared place whose value was computed from a read in an earlier segment, and not looked at again. */
export interface StaleWrite {
  readonly place: Place;
  readonly read: Access;
  readonly write: Access;
  /** The suspension in between; for a deferred callback, the call that defers it. */
  readonly pause: ts.Node;
  /** The function in which the write stands. */
  readonly fn: FunctionNode;
  /** Who else can touch the place meanwhile. */
  readonly sharing: Sharing;
}

/**
 * Writes in a function that lose updates made by others during a suspension.
 *
 * `yes` needs all of: a place that more than one run can reach; a value computed from its earlier value; a path from that read over
 * a suspension to the write on which the place is not read again; evidence that a second run can happen meanwhile; no lock or
 * in-flight claim from before the read to after the write. Ignored on purpose: writing back the very value that was read (save and
 * restore), and the mere answer of a call that was given it; a value computed from the old one and from such an answer (a cursor) is
 * `unknown`.
 */
export const staleWrites = defineFact<FunctionNode, readonly Answer<StaleWrite, StaleWrite>[]>({
  name: 'stale-writes',
  scope: 'program',
  compute(fn, core) {
    const names = core.ask(suspects, fn.getSourceFile()).get(fn);
    return names === undefined ? [] : staleWritesOf(fn, EMPTY, undefined, { core, names, depth: 0 });
  },
});

/** Callbacks inside callbacks that carry a value on before we stop looking. */
const DEEPEST_CALLBACK = 4;

function staleWritesOf(
  fn: FunctionNode,
  start: Carried,
  deferredBy: ts.Node | undefined,
  search: Search,
): readonly Answer<StaleWrite, StaleWrite>[] {
  const { core } = search;
  const graph = core.ask(flowGraph, fn);
  const closures = graph.steps.filter((step) => step.kind === 'make' && isFunctionNode(step.node));
  if (graph.suspensions.length === 0 && deferredBy === undefined && closures.length === 0) return [];
  const tracked = trackedPlaces(fn, graph, closures, search);
  if (tracked.length === 0) return [];
  const here = namedAccesses(graph, search, tracked);
  const question: StaleQuestion = {
    graph,
    core,
    start,
    lastUse: core.ask(lastUses, fn),
    resultParts,
    accessesAt: (step) => here.get(step) ?? [],
    isTracked: (read) =>
      tracked.some((place) => isSamePlace(place, read.place)) && !isTakenOut(read, here.get(read.step) ?? []),
  };
  const solution = followReads(question);
  if (solution === undefined) return [];

  const found: Answer<StaleWrite, StaleWrite>[] = [];
  for (const [step, state] of solution) {
    // What a callee does after its own suspension stands at the `await` of its call.
    const before = step.kind === 'suspend' ? aged(state) : state;
    for (const access of here.get(step) ?? []) {
      if (access.is !== 'write' || access.how === 'declare' || access.how === 'parameter') continue;
      const answer = staleWriteAt(access, before, question, solution, fn, deferredBy);
      if (answer !== undefined) found.push(answer);
    }
  }
  if (search.depth < DEEPEST_CALLBACK) found.push(...inCallbacks(closures, solution, search));
  return found;
}

/** What is asked of a function and the callbacks in it. */
interface Search {
  readonly core: Core;
  /** Names that matter; nothing else is looked up. */
  readonly names: Suspicion;
  readonly depth: number;
}

/**
 * What the steps read and write, as far as it bears one of the names.
 *
 * @param of the places that matter; where they are not known yet, only what may write is looked at
 */
function namedAccesses(
  graph: FlowGraph,
  { core, names }: Search,
  of?: readonly Place[],
): ReadonlyMap<Step, readonly Access[]> {
  const found = new Map<Step, readonly Access[]>();
  const add = (step: Step, list: readonly Access[]): void => {
    if (list.length > 0) found.set(step, [...(found.get(step) ?? []), ...list]);
  };
  for (const step of graph.steps) {
    if (!bearsName(step, names) || (of === undefined && !mayWrite(step, names, core))) continue;
    const isCall = step.kind === 'call' && ts.isCallExpression(step.node);
    const isMeant = !isCall || isReceiver(step.node, names.written);
    if (isMeant && mayTouch(step.node, of, core)) add(step, accessesAt(step, core));
    if (callsLeaf(step, names.helpers, core))
      for (const [at, list] of calleeAccessesAt(step, graph, core)) add(at, list);
  }
  return found;
}

/** Does what is read, or what a call is called on, begin where one of the places does? Asked before the types on the way there. */
function mayTouch(node: ts.Node, places: readonly Place[] | undefined, core: Core): boolean {
  if (places === undefined) return true;
  const named = bare(ts.isCallExpression(node) ? node.expression : node);
  if (!ts.isPropertyAccessExpression(named) && !ts.isElementAccessExpression(named)) return !ts.isCallExpression(node);
  const touched = heldPlaceOf(named.expression, core);
  if (touched === undefined || isNamespace(touched)) return !ts.isCallExpression(node) && !isCounted(named);
  return places.some(({ root }) => isSameRoot(root, touched.root));
}

/** What a module, a namespace or the global object holds begins with itself. */
function isNamespace({ path, root }: Place): boolean {
  const modules = ts.SymbolFlags.Namespace | ts.SymbolFlags.Alias;
  return path.length === 0 && (root.is === 'global' || (root.is === 'binding' && (root.symbol.flags & modules) !== 0));
}

/** `rows.length`, whose place depends on the type of `rows`. */
function isCounted(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && (node.name.text === 'length' || node.name.text === 'size');
}

/** By its name: is it a write, or a call that may be one? */
function mayWrite({ kind, node }: Step, { helpers }: Suspicion, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node)) return kind === 'write';
  const name = lastNameOf(node.expression);
  if (name === undefined || name === 'apply' || name === 'call' || callsByName(node, helpers)) return true;
  return core.api.namesWith('mutates').has(name) || core.api.isNameless('mutates');
}

/** Is it the call of a getter, a setter or the like that matters by its own name? */
function callsLeaf({ kind, node }: Step, names: ReadonlySet<string>, core: Core): boolean {
  if (kind !== 'call' || !ts.isCallExpression(node) || !callsByName(node, names) || callsBefore(node) > 1) return false;
  const { functions } = core.ask(calleesOf, node);
  return functions.length > 0 && functions.every((fn) => isLeaf(fn, core));
}

/** Does the step name what matters: in what it reads or writes, in what it walks, or as the receiver of a call? */
function bearsName({ kind, node }: Step, { all, helpers, written }: Suspicion): boolean {
  if (kind === 'read' || kind === 'write') return isNamed(node, all);
  if (kind === 'iterate')
    return isNamed(ts.isForOfStatement(node) || ts.isForInStatement(node) ? node.expression : node, all);
  if (kind !== 'call' || !(ts.isCallExpression(node) || ts.isNewExpression(node))) return false;
  return isReceiver(node, written) || callsByName(node, helpers);
}

function isNamed(root: ts.Node, names: ReadonlySet<string>): boolean {
  const visit = (part: ts.Node): boolean => {
    if (ts.isIdentifier(part) || ts.isPrivateIdentifier(part) || ts.isStringLiteralLike(part))
      return names.has(part.text);
    return !isFunctionNode(part) && (ts.forEachChild(part, visit) ?? false);
  };
  return visit(root);
}

/** Is it called on something of that name (`this.counts.get(id)`, `counts[kind].push(row)`)? */
function isReceiver({ expression }: ts.CallExpression | ts.NewExpression, names: ReadonlySet<string>): boolean {
  const callee = bare(expression);
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return false;
  let receiver = bare(callee.expression);
  while (ts.isElementAccessExpression(receiver)) receiver = bare(receiver.expression);
  if (ts.isPropertyAccessExpression(receiver)) return names.has(receiver.name.text);
  return ts.isIdentifier(receiver) && names.has(receiver.text);
}

function callsByName({ expression }: ts.CallExpression | ts.NewExpression, names: ReadonlySet<string>): boolean {
  const callee = bare(expression);
  return ts.isPropertyAccessExpression(callee)
    ? names.has(callee.name.text)
    : ts.isIdentifier(callee) && names.has(callee.text);
}

/** A call that reads a place and changes it at once (`queue.pop()`) takes something out; putting it back loses nothing. */
function isTakenOut(read: Access, sameStep: readonly Access[]): boolean {
  return sameStep.some((other) => other.is === 'write' && isSamePlace(other.place, read.place));
}

/** Places written here or in a callback, other than this invocation's own variables. */
function trackedPlaces(
  fn: FunctionNode,
  graph: FlowGraph,
  closures: readonly Step[],
  search: Search,
): readonly Place[] {
  const places: Place[] = [];
  const add = (accesses: ReadonlyMap<Step, readonly Access[]>, within: FunctionNode): void => {
    for (const list of accesses.values()) {
      for (const { is, node, place } of list) {
        if (is !== 'write' || isOwnVariable(place, within)) continue;
        // An element that is written at the old length depends on how many there were.
        const touched = ts.isElementAccessExpression(node) ? [place, contentsAround(place)] : [place];
        for (const each of touched) if (!places.some((known) => isSamePlace(known, each))) places.push(each);
      }
    }
  };
  add(namedAccesses(graph, search), fn);
  for (const { node } of closures) {
    if (isFunctionNode(node)) add(namedAccesses(search.core.ask(flowGraph, node), search), node);
  }
  return places;
}

function isOwnVariable({ path, root }: Place, fn: FunctionNode): boolean {
  if (root.is !== 'binding' || path.length > 0) return false;
  for (let node: ts.Node = root.declaration; ; node = node.parent) {
    if (node === fn) return !ts.isSourceFile(fn);
    if (isFunctionNode(node) || ts.isSourceFile(node)) return false;
  }
}

function staleWriteAt(
  write: Access,
  before: Carried,
  question: StaleQuestion,
  solution: Solution<Carried>,
  fn: FunctionNode,
  deferredBy: ts.Node | undefined,
): Answer<StaleWrite, StaleWrite> | undefined {
  if (isRollback(write)) return undefined;
  const origins = writtenOrigins(write, before, question);
  let best: Answer<StaleWrite, StaleWrite> | undefined;
  for (const [read, ways] of origins) {
    const isCursor = (ways & ANSWERED) !== 0;
    if ((ways & COMPUTED) === 0 || !isLostBy(read, write)) continue;
    if (((before.ages.get(read) ?? 0) & STALE) === 0) continue;
    const pause = pauseBetween(read, write, question, solution) ?? deferredBy;
    if (pause === undefined) continue;
    if (whyExclusive(fn, read, write, question.core) !== undefined) continue;
    const sharing = sharingOf(write.place, fn, question.core);
    if (sharing.is === 'no') continue;
    const witness: StaleWrite = {
      place: write.place,
      read,
      write,
      pause,
      fn,
      sharing: sharing.witness ?? { how: 'unseen', node: fn },
    };
    if (sharing.is === 'yes' && !isCursor) return yes(witness);
    best ??= unknown(sharing.is === 'unknown' ? sharing.because : 'unknown-callee', witness);
  }
  return best;
}

/** A copy that was taken before, put back by a `catch`: save and restore. */
function isRollback({ node, value }: Access): boolean {
  if (value === undefined || !ts.isIdentifier(bare(value as ts.Expression))) return false;
  const home = ts.findAncestor(node, (around) => ts.isCatchClause(around) || isFunctionNode(around));
  return home !== undefined && ts.isCatchClause(home);
}

/** Does writing there overwrite what was read: the same place, or the entry at an index computed from the old length? */
function isLostBy(read: Access, write: Access): boolean {
  if (write.how === 'mutate' || write.how === 'clear' || write.how === 'remove' || write.how === 'delete') return false;
  if (isSamePlace(read.place, write.place)) return true;
  const last = write.place.path.at(-1);
  return last?.is === 'entry' && isSamePlace(read.place, contentsAround(write.place));
}

function contentsAround(entry: Place): Place {
  return { ...entry, path: [...entry.path.slice(0, -1), { is: 'contents' }] };
}

function writtenOrigins(write: Access, before: Carried, question: StaleQuestion): Origins {
  const { node, how } = write;
  const given = write.value === undefined ? NOTHING : originsIn(before, write.value, question);
  const keepsOld = how === 'compound' || how === 'update';
  const old = keepsOld ? originsIn(before, node, question) : NOTHING;
  // A compound write computes from both, whatever its right side is.
  const all = keepsOld
    ? new Map([...joined(old, given)].map(([origin, ways]) => [origin, ways & ANSWERED ? ways : COMPUTED]))
    : given;
  if (!ts.isElementAccessExpression(node)) return all;
  const index = originsIn(before, node.argumentExpression, question);
  const lengths = [...index].filter(([origin]) => origin.place.path.at(-1)?.is === 'contents');
  return joined(all, new Map(lengths.map(([origin]) => [origin, COMPUTED])));
}

/** The first suspension that the read has reached, and from which a way leads to the write on which the place is not read again. */
function pauseBetween(
  read: Access,
  write: Access,
  { accessesAt, graph }: StaleQuestion,
  solution: Solution<Carried>,
): ts.Node | undefined {
  const before = new Set<Step>();
  const queue = [write.step];
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    for (const earlier of step.previous) {
      if (before.has(earlier) || accessesAt(earlier).some((other) => isRereadOf(read, other))) continue;
      before.add(earlier);
      queue.push(earlier);
    }
  }
  return graph.suspensions.find((pause) => before.has(pause) && solution.get(pause)?.ages.has(read) === true)?.node;
}

function isRereadOf(read: Access, other: Access): boolean {
  return other.is === 'read' && isSamePlace(other.place, read.place);
}

/** A callback that runs later goes on with what its maker had read; nothing was read again in between. */
function inCallbacks(
  closures: readonly Step[],
  solution: Solution<Carried>,
  search: Search,
): readonly Answer<StaleWrite, StaleWrite>[] {
  const found: Answer<StaleWrite, StaleWrite>[] = [];
  for (const step of closures) {
    const { node } = step;
    const state = solution.get(step);
    if (state === undefined || state.locals.size === 0 || !isFunctionNode(node)) continue;
    const captured = capturedBy(node, state);
    if (captured.locals.size === 0) continue;
    const time = search.core.ask(closureTime, node);
    if (time.when === 'unknown' || time.when === 'never') continue;
    const isLater = time.when === 'deferred-once' || time.when === 'repeatedly' || time.when === 'concurrently';
    const deferredBy = isLater ? time.run?.witness : undefined;
    found.push(
      ...staleWritesOf(node, isLater ? aged(captured) : captured, deferredBy, {
        ...search,
        depth: search.depth + 1,
      }).filter(
        (answer) => answer.is !== 'no' && answer.witness !== undefined && !isInside(answer.witness.read.node, node),
      ),
    );
  }
  return found;
}

/** Only variables go along; operands that were being evaluated do not. */
function capturedBy(closure: ts.Node, state: Carried): Carried {
  const locals = new Map([...state.locals].filter(([symbol]) => mentions(closure, symbol)));
  return { ...EMPTY, locals, ages: state.ages };
}

function mentions(closure: ts.Node, symbol: ts.Symbol): boolean {
  const { name } = symbol;
  const visit = (node: ts.Node): boolean =>
    (ts.isIdentifier(node) && node.text === name) || (ts.forEachChild(node, visit) ?? false);
  return visit(closure);
}
