import * as ts from 'typescript';
import { type Answer, type Doubt, NO, unknown, yes } from '../answer.ts';
import { afterSuspension } from '../effects/after-suspension.ts';
import { parametersOf } from '../effects/callees-of.ts';
import { closureTime } from '../escape/closure-time.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { isDominatedBy } from '../flow/solve.ts';
import { isOneOff } from '../program/one-off.ts';
import { callSitesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { whyExclusive } from './exclusive.ts';
import { type DataSources, dataSourcesOf, requestGivenFor } from './request-data.ts';
import { requestParametersOf } from './request-scope.ts';
import { type OtherName, type StatePlace, statePlaceOf } from './request-state-place.ts';
import { type StateSuspect, stateSuspects } from './request-state-suspects.ts';
import {
  type Mark,
  marksUpFrom,
  pauseBefore,
  stepsOfWrite,
  type Touches,
  touchesOf,
  type Way,
  wayFrom,
} from './request-state-ways.ts';
import { secondEntry, type SecondEntry, secondEntryWithin } from './second-entry.ts';
import { sharingOf } from './sharing.ts';
import { staleWrites } from './stale-writes.ts';

/** Data of one run, put where another run finds it. */
export interface RequestState {
  /**
   * - `late`: the run reads it after a suspension, when another one may have written it
   * - `kept`: an object that all share under a name of the function's own; what is written to it stays there
   * - `early`: nothing waits between the write and the read, as the code stands
   */
  readonly how: 'early' | 'kept' | 'late';
  /** Among whom it is shared: all requests, or the callbacks that one run starts together. */
  readonly among: 'callbacks' | 'requests';
  readonly suspect: StateSuspect;
  readonly state: StatePlace;
  /** What of a request is written. */
  readonly data: ts.Node | undefined;
  /** Where it is read, and what suspends before. */
  readonly read: ts.Node;
  readonly pause: ts.Node | undefined;
  /** Every place that reads or writes it, the written one included. */
  readonly touches: Touches;
}

/** Runs above a write that are looked at. */
const MOST_RUNS = 24;
const DEEPEST_RUN = 3;

/**
 * Data of one request (or of one of several callbacks that run together) that code of a file writes where another one can reach it,
 * and that the same work reads later.
 *
 * `yes` needs: a place that outlives the run, by its lifetime; a value that carries data of the request, also through parameters; in
 * one run of a function that can be entered again meanwhile, a way from the write over a suspension to a read on which the place is
 * not written again; nobody else who reads it on purpose; no lock. Shared defaults written to under another name are `yes` as well
 * when what was written may stay for the next request. `unknown`: read without a suspension in between, by another function; read
 * on purpose by others too; a callback of which nobody knows when it runs. Files of programs that run once have none.
 */
export function requestStatesIn(file: ts.SourceFile, core: Core): readonly Answer<RequestState, RequestState>[] {
  const suspects = core.ask(stateSuspects, file);
  if (suspects.length === 0 || isOneOff(file, core)) return [];
  return suspects.flatMap((suspect) => {
    const answer = judged(suspect, core);
    return answer.is === 'no' || isStaleWrite(suspect, core) ? [] : [answer];
  });
}

/** A value computed from what was there before a wait is another fault, and has its own rule. */
function isStaleWrite({ fn, target }: StateSuspect, core: Core): boolean {
  return core.ask(staleWrites, fn).some((answer) => answer.is !== 'no' && answer.witness?.write.node === target);
}

function judged(suspect: StateSuspect, core: Core): Answer<RequestState, RequestState> {
  // Most values are no data of a request, which is seen before anything else is asked.
  const sources = sourcesOf(suspect, core);
  const isOfNoRequest = sources.request === undefined && sources.parameters.length === 0;
  if (isOfNoRequest && !mayRunBeside(suspect)) return NO;
  const state = statePlaceOf(suspect, core);
  if (state === undefined || core.ask(flowGraph, suspect.fn).truncated) return NO;
  const besides = state.life === 'outer' ? besideOthers(suspect, state, core) : undefined;
  if (besides !== undefined) return besides;
  if (isOfNoRequest) return NO;
  // Who reads a captured variable is seen in the function around; who enters that is asked of the whole project.
  const seen = state.life === 'outer' ? courseOf(suspect, state, core) : undefined;
  if (state.life === 'outer' && !(isReadLater(seen, state) && livesOn(state.home, suspect.fn, core))) return NO;
  const data = sources.request ?? requestGivenFor(sources.parameters, core);
  if (data === undefined || comesAlone(data, core)) return NO;
  const course = seen ?? courseOf(suspect, state, core);
  return course === undefined ? NO : ofRequests(suspect, state, data, course, core);
}

/** Jobs of a worker that takes one after the other, and events of a platform that does so. */
function comesAlone(data: ts.Node, core: Core): boolean {
  const rows = core.api.typesOf(core.checker.getTypeAtLocation(data));
  if (!rows.some((row) => row.comesAlone === true)) return false;
  for (let fn = enclosingFunctionOf(data); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    const call = core.ask(closureTime, fn).run?.call;
    const many = call === undefined ? undefined : core.api.plays(call, 'handler')?.concurrency;
    const options = call === undefined ? undefined : core.api.argumentOf(call, many?.argument);
    if (many === undefined || options === undefined) continue;
    const said = optionOf(bare(options), many.option);
    if (said !== undefined) return ts.isNumericLiteral(said) && Number(said.text) === 1;
  }
  return true;
}

function optionOf(options: ts.Expression, name: string | undefined): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(options)) return undefined;
  const property = options.properties.find(
    (each): each is ts.PropertyAssignment => ts.isPropertyAssignment(each) && each.name.getText() === name,
  );
  return property?.initializer;
}

function sourcesOf({ values }: StateSuspect, core: Core): DataSources {
  const parameters: ts.ParameterDeclaration[] = [];
  for (const value of values) {
    const sources = dataSourcesOf(value, core);
    if (sources.request !== undefined) return sources;
    parameters.push(...sources.parameters);
  }
  return { request: undefined, parameters };
}

/** Callbacks share a variable of the function around them, whatever they write to it. */
function mayRunBeside({ fn, target }: StateSuspect): boolean {
  return ts.isIdentifier(target) && !ts.isSourceFile(enclosingFunctionOf(fn));
}

// ---------------------------------------------------------------- callbacks that run together

/** A variable of the function around callbacks that are started together. */
function besideOthers(
  suspect: StateSuspect,
  state: StatePlace,
  core: Core,
): Answer<RequestState, RequestState> | undefined {
  const { fn, target, values } = suspect;
  const { home } = state;
  if (home === undefined || ts.isSourceFile(home)) return undefined;
  const entry = secondEntryWithin(fn, home, core);
  if (entry.is !== 'yes' || entry.witness.how !== 'concurrent') return undefined;
  // A value that comes from outside is the same for all of them.
  if (!values.some((value) => isOfRun(value, fn, core))) return NO;
  const touches = touchesOf(target, fn, state, core);
  const graph = core.ask(flowGraph, fn);
  const starts = stepsOfWrite(target, false, graph);
  const marks = marksUpFrom(
    touches.reads.filter((mark) => isInside(mark.node, fn)),
    core,
  );
  const { late } = wayFrom(starts, graph, marks, touches.writes, core);
  if (late === undefined || late.mark.isDoubtful) return NO;
  if (isLocked(fn, starts, late, state, core)) return NO;
  const { mark, pause } = late;
  return yes({ how: 'late', among: 'callbacks', suspect, state, data: undefined, read: mark.read, pause, touches });
}

/** Is the value made in this very run: does it name something of the run, or is it the answer of a call? */
function isOfRun(value: ts.Node, fn: FunctionNode, core: Core): boolean {
  if (ts.isAwaitExpression(value) || ts.isCallExpression(value) || ts.isNewExpression(value)) return true;
  if (ts.isIdentifier(value)) {
    const declaration = core.checker.getSymbolAtLocation(value)?.valueDeclaration;
    return declaration !== undefined && isInside(declaration, fn);
  }
  return ts.forEachChild(value, (child) => isOfRun(child, fn, core)) ?? false;
}

/**
 * Does one run of the function last as long as the process, so that its variables are like those of a module? It runs once, or it
 * registers the handler (a plugin, a router's factory); not the function that serves one request or one connection.
 */
function livesOn(home: FunctionNode | undefined, fn: FunctionNode, core: Core): boolean {
  for (let around = home; around !== undefined && !ts.isSourceFile(around); around = enclosingFunctionOf(around)) {
    if (requestParametersOf(around, core).length > 0) return false;
    const entry = core.ask(secondEntry, around);
    if (entry.is === 'no') continue;
    const isOpen = entry.is === 'unknown' || entry.witness.how === 'exported';
    if (!isOpen || !isHandler(fn, core) || takesConnection(around, core)) return false;
  }
  return true;
}

function isHandler(fn: FunctionNode, core: Core): boolean {
  const call = core.ask(closureTime, fn).run?.call;
  return call !== undefined && core.api.plays(call, 'handler') !== undefined;
}

function takesConnection(fn: FunctionNode, core: Core): boolean {
  return parametersOf(fn).some(
    (parameter) => core.api.isA(core.checker.getTypeAtLocation(parameter), 'emitter') !== undefined,
  );
}

// ---------------------------------------------------------------- requests

/** A function one run of which writes the place, and the steps that do. */
interface Run {
  readonly fn: FunctionNode;
  readonly graph: FlowGraph;
  readonly starts: readonly Step[];
  readonly way: Way;
}

/** Where a place is touched, and what comes after the write in the functions over it. */
interface Course {
  readonly touches: Touches;
  readonly marks: readonly Mark[];
  readonly runs: readonly Run[];
}

/** `undefined` if nobody reads the place. */
function courseOf({ by, fn, target }: StateSuspect, state: StatePlace, core: Core): Course | undefined {
  const touches = touchesOf(target, fn, state, core);
  if (touches.reads.length === 0) return undefined;
  const marks = marksUpFrom(touches.reads, core);
  const written = ts.isCallExpression(target) ? target : by === 'merge' ? target.parent : target;
  return { touches, marks, runs: runsOver(written, fn, state, marks, touches, core) };
}

/** May there be anything to tell, whoever enters the functions? */
function isReadLater(course: Course | undefined, { otherName }: StatePlace): boolean {
  if (course === undefined) return false;
  if (otherName !== undefined) return true;
  return course.runs.some(
    ({ way: { early, forwards, late } }) => late !== undefined || early !== undefined || forwards !== undefined,
  );
}

function ofRequests(
  suspect: StateSuspect,
  state: StatePlace,
  data: ts.Node,
  { marks, runs, touches }: Course,
  core: Core,
): Answer<RequestState, RequestState> {
  const { fn } = suspect;
  const witness = (how: RequestState['how'], read: ts.Node, pause?: ts.Node): RequestState => ({
    how,
    among: 'requests',
    suspect,
    state,
    data,
    read,
    pause,
    touches,
  });
  const { otherName } = state;
  if (otherName !== undefined) return keptDefault(suspect, otherName, runs, witness, core);

  let best: Answer<RequestState, RequestState> = NO;
  const better = (answer: Answer<RequestState, RequestState>): void => {
    if (best.is === 'no' || (best.is === 'unknown' && answer.is === 'yes')) best = answer;
  };
  for (const run of runs) {
    const { late, early, forwards } = run.way;
    const others = foreignReads(run.fn, marks, touches);
    if (late !== undefined && !isLocked(run.fn, run.starts, late, state, core)) {
      const found = witness('late', late.mark.read, late.pause);
      const entry = entryOf(run.fn, state, core);
      if (entry.is === 'no') continue;
      const doubt = doubtOf(entry, others, late.mark);
      better(doubt === undefined ? yes(found) : unknown(doubt, found));
    }
    if (forwards !== undefined && others.length > 0) better(handedOn(run, others, state, witness, core));
    if (early !== undefined && !isInside(early.read, fn) && others.length === 0 && !isPlain(suspect, core)) {
      if (entryOf(run.fn, state, core).is === 'yes') better(unknown('open-world', witness('early', early.read)));
    }
  }
  return best;
}

function doubtOf(
  entry: Answer<SecondEntry, SecondEntry>,
  others: readonly Mark[],
  { isDoubtful }: Mark,
): Doubt | undefined {
  if (others.length > 0) return 'open-world';
  if (entry.is === 'unknown') return entry.because;
  return isDoubtful ? 'unknown-callee' : undefined;
}

/** Numbers and flags that nobody waits with are statistics. */
function isPlain({ values }: StateSuspect, core: Core): boolean {
  const primitive = ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.BigIntLike;
  return values.every((value) => {
    const type = core.checker.getTypeAtLocation(value);
    return isPrimitive(type, core.checker) && (type.flags & primitive) !== 0;
  });
}

/** The function that writes, then those that call it, each with what comes after the write there. */
function runsOver(
  written: ts.Node,
  fn: FunctionNode,
  state: StatePlace,
  marks: readonly Mark[],
  touches: Touches,
  core: Core,
): readonly Run[] {
  const found: Run[] = [];
  const seen = new Set<ts.Node>();
  let level: readonly { fn: FunctionNode; node: ts.Node; isLater: boolean }[] = [{ fn, node: written, isLater: false }];
  for (let depth = 0; depth <= DEEPEST_RUN && level.length > 0; depth++) {
    const next: { fn: FunctionNode; node: ts.Node; isLater: boolean }[] = [];
    for (const { fn: runner, node, isLater } of level) {
      if (seen.has(node) || found.length >= MOST_RUNS || ts.isSourceFile(runner)) continue;
      seen.add(node);
      const graph = core.ask(flowGraph, runner);
      const starts = stepsOfWrite(node, isLater, graph);
      if (graph.truncated || starts.length === 0) continue;
      found.push({ fn: runner, graph, starts, way: wayFrom(starts, graph, marks, touches.writes, core) });
      if (state.life === 'outer') continue;
      const later = core.ask(afterSuspension, runner);
      const isBehind = starts.every((step) => later.has(step));
      if (isOfChain(runner, core)) next.push({ fn: enclosingFunctionOf(runner), node: runner, isLater: false });
      for (const { isCertain, node: call } of callSitesOf(runner, core).found) {
        if (isCertain) next.push({ fn: enclosingFunctionOf(call), node: call, isLater: isBehind });
      }
    }
    level = next;
  }
  return found;
}

/** `.then((user) => { current = user; })`: what the function around does next comes after it. */
function isOfChain(fn: FunctionNode, core: Core): boolean {
  const call = wrapped(fn).parent as ts.Node | undefined;
  return call !== undefined && ts.isCallExpression(call) && core.api.plays(call, 'chains') !== undefined;
}

/** Can another run begin while one waits, and reach the same place? */
function entryOf(fn: FunctionNode, state: StatePlace, core: Core): Answer<SecondEntry, SecondEntry> {
  if (state.life === 'object') {
    const { root } = state.place;
    const own = root.is === 'instance' ? root.of : undefined;
    const isInClass = own !== undefined && isInside(fn, own);
    if (isInClass) return sharingOf(state.place, fn, core);
    const entry = core.ask(secondEntry, fn);
    const [member] = own?.members.filter((each): each is ts.MethodDeclaration => ts.isMethodDeclaration(each)) ?? [];
    if (entry.is !== 'yes' || member?.body === undefined) return entry;
    return sharingOf(state.place, member, core).is === 'no' ? NO : entry;
  }
  if (state.life === 'outer' && state.home !== undefined) return secondEntryWithin(fn, state.home, core);
  return core.ask(secondEntry, fn);
}

/** Reads by functions that no run of this one comes to, and that have not written the place themselves. */
function foreignReads(fn: FunctionNode, marks: readonly Mark[], { reads, writes }: Touches): readonly Mark[] {
  const own = new Set(marks.filter((mark) => mark.fn === fn || isInside(mark.fn, fn)).map(({ read }) => read));
  return reads.filter(
    ({ read, fn: reader }) => !own.has(read) && ![...writes].some((write) => isInside(write, reader)),
  );
}

/** A middleware writes it, handlers behind it read it. */
function handedOn(
  { fn }: Run,
  others: readonly Mark[],
  state: StatePlace,
  witness: (how: RequestState['how'], read: ts.Node, pause?: ts.Node) => RequestState,
  core: Core,
): Answer<RequestState, RequestState> {
  if (entryOf(fn, state, core).is !== 'yes') return NO;
  let early: Mark | undefined;
  for (const mark of marksUpFrom(others, core)) {
    if (requestParametersOf(mark.fn, core).length === 0) continue;
    const pause = mark.pause ?? pauseBefore(mark.node, mark.fn, core);
    if (pause !== undefined && !mark.isDoubtful) return yes(witness('late', mark.read, pause));
    early ??= mark;
  }
  return early === undefined ? NO : unknown('open-world', witness('early', early.read));
}

/** A default that all requests share, written to under a name that looks like an object of one's own. */
function keptDefault(
  { by, fn }: StateSuspect,
  { declaration }: OtherName,
  runs: readonly Run[],
  witness: (how: RequestState['how'], read: ts.Node, pause?: ts.Node) => RequestState,
  core: Core,
): Answer<RequestState, RequestState> {
  const own = runs.find((run) => run.fn === fn);
  const { late, early } = own?.way ?? {};
  const read = late?.mark.read ?? early?.read;
  if (own === undefined || read === undefined) return NO;
  const entry = core.ask(secondEntry, fn);
  if (entry.is === 'no') return NO;
  const found = late === undefined ? witness('kept', read) : witness('kept', read, late.pause);
  const isCertain = !ts.isParameter(declaration) && entry.is === 'yes';
  // What one request does not give stays as the last one left it.
  const isSometimes =
    by === 'merge' ||
    own.graph.stepsOf(read).some((step) => !isDominatedBy(own.graph, step, (gate) => own.starts.includes(gate)));
  return isCertain && (late !== undefined || isSometimes) ? yes(found) : unknown('open-world', found);
}

function isLocked(
  fn: FunctionNode,
  starts: readonly Step[],
  late: NonNullable<Way['late']>,
  { place }: StatePlace,
  core: Core,
): boolean {
  const [start] = starts;
  if (start === undefined || late.mark.fn !== fn) return false;
  return (
    whyExclusive(
      fn,
      { place, is: 'read', step: late.step, node: late.mark.node },
      { place, is: 'write', step: start, node: start.node },
      core,
    ) !== undefined
  );
}
