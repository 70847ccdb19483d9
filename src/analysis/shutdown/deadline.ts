import * as ts from 'typescript';
import { calleesOf, callablesAt, type Call } from '../effects/callees-of.ts';
import { isLogCall } from '../effects/log-calls.ts';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { programIndex } from '../program/program-index.ts';
import { loadedWith } from '../program/loading.ts';
import { boundByCall, creationsOf } from '../resources/bound-of.ts';
import { type Drain, drainsOn, type Reached, type ReachedDrain } from '../resources/drains-on.ts';
import { limitsGiven } from '../resources/waits-for-given.ts';
import { boundOutside } from '../resources/wait-of.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { type ShutdownPath, shutdownPaths, type Stage, stageOf } from './paths.ts';
import { isWaitedFor } from './waited.ts';

/** A drain that listeners of a signal wait for, and that may go on for ever. */
export interface UnboundedDrain {
  readonly start: ReachedDrain;
  readonly stage: Stage;
  /** The first of what comes when it is done: another drain, the exit. */
  readonly next: Reached | undefined;
  /** The listeners of one file that wait for it, and do so first. */
  readonly paths: readonly ShutdownPath[];
}

/**
 * The waits of a program's shutdown that nothing ends: for each listener of a signal, in a service, the first drain that may go on
 * for ever, is waited for, and has no limit.
 *
 * A limit is one of the API's own, a race, a helper that limits what it is given, a timer on the way (in this listener, in another
 * one of the same signal, in a function of the project that is called) that ends the process or cuts off, and a package that ends
 * the process after a time. Doubt falls to silence: a timer of which nobody can see what it does is a limit, and so is a call that is
 * named after one. Drains that are not waited for are no waits.
 */
export const unboundedDrains = defineFact<ts.Program, readonly UnboundedDrain[]>({
  name: 'unbounded-drains',
  scope: 'program',
  compute(program, core) {
    const found: { start: ReachedDrain; paths: ShutdownPath[]; file: ts.SourceFile }[] = [];
    for (const path of core.ask(shutdownPaths, program)) {
      if (path.on !== 'signal' || path.service.is !== 'yes' || path.drains.isCut) continue;
      const endless = path.drains.starts.filter((start) => mayWaitForEver(start, path, core));
      if (endless.length === 0 || hasDeadline(path, core)) continue;
      const start = firstOf(endless);
      const known = found.find((each) => each.start.drain === start.drain && each.file === path.file);
      if (known === undefined) found.push({ start, paths: [path], file: path.file });
      else known.paths.push(path);
    }
    return found.map(({ start, paths }) => ({
      start,
      stage: stageOf(start.drain, core),
      next: nextOf(start, paths),
      paths,
    }));
  },
});

/** Does somebody on the path wait for this drain, and nothing of its own end the wait? */
function mayWaitForEver(start: ReachedDrain, path: ShutdownPath, core: Core): boolean {
  const { drain } = start;
  const { bound, mayHang } = drain.member;
  if (drain.ends === 'sync' || start.isDeadline) return false;
  if (mayHang !== true && (bound === undefined || bound.by === 'none' || bound.byDefault === true)) return false;
  if (!isWaitedFor(start, path, core)) return false;
  if (boundByCall(drain.call, drain.member, core).is !== 'no' || isLimitedWhereMade(drain, core)) return false;
  return !isRaced(start, core) && !isCutOff(drain, path, core);
}

/** Has what it drains got a limit where it was made: `stoppable(server, 5_000)`? */
function isLimitedWhereMade({ target }: Drain, core: Core): boolean {
  const made = target === undefined ? undefined : creationsOf(target, core);
  return (made ?? []).some((creation) => {
    const row = core.api.memberOf(creation);
    return row?.bound !== undefined && boundByCall(creation, row, core).is !== 'no';
  });
}

/** Is it, or what leads to it, the competitor of something else, or handed to something that limits what it is given? */
function isRaced({ drain, through }: ReachedDrain, core: Core): boolean {
  const own = drain.ends === 'callback' ? promiseAround(drain.call) : drain.call;
  for (const node of [...through, own]) {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) continue;
    if (boundOutside(node, core) !== undefined || isInsideLimit(node, core)) return true;
    if (node === own) continue;
    const { functions } = core.ask(calleesOf, node);
    if (functions.some((fn) => callsIn(fn).some((call) => limitsArgument(call, core)))) return true;
  }
  return false;
}

/** `new Promise((resolve) => { server.close(resolve); })` of `server.close(resolve)`. */
function promiseAround(call: ts.CallExpression): Call {
  const made = wrapped(enclosingFunctionOf(call)).parent;
  return ts.isNewExpression(made) ? made : call;
}

/** `Promise.race([…])`, `withTimeout(…)` around it; a helper of the project between them, which may hand it on, is looked through. */
function isInsideLimit(node: ts.Node, core: Core): boolean {
  for (let at = node.parent; !ts.isStatement(at) && !ts.isSourceFile(at); at = at.parent) {
    if (isFunctionNode(at) && ts.isBlock((at as ts.ArrowFunction).body)) return false;
    if (ts.isCallExpression(at) && (limitsArgument(at, core) || limitsOne(at, node, core))) return true;
  }
  return false;
}

/** Does a function of the project limit by hand the argument in which the node stands? */
function limitsOne(call: ts.CallExpression, node: ts.Node, core: Core): boolean {
  const argument = call.arguments.findIndex((given) => isInside(node, given));
  return argument >= 0 && limitsGiven(call, argument, core);
}

function limitsArgument(call: Call, core: Core): boolean {
  const member = core.api.memberOf(call);
  return member !== undefined && (hasRole(member, 'races') || hasRole(member, 'bounds-argument'));
}

/** Is what it drains, or what keeps it from being done, cut off before it is waited for? */
function isCutOff(drain: Drain, { drains }: ShutdownPath, core: Core): boolean {
  return drains.cuts.some(({ call, settled }) => {
    const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
    if (callee === undefined || !ts.isPropertyAccessExpression(callee) || settled.includes(drain)) return false;
    if (drain.target !== undefined && nameOf(drain.target) === nameOf(callee.expression)) return true;
    // The sockets of a server. A client or a pool that is cut off is none of its own.
    const type = core.checker.getTypeAtLocation(callee.expression);
    return stageOf(drain, core) === 'intake' && core.api.isA(type, 'pool') === undefined && !isStore(type, core);
  });
}

function isStore(type: ts.Type, core: Core): boolean {
  const match = core.api.isA(type, 'drainable');
  return match !== undefined && (match.stage ?? 'store') === 'store' && core.api.isA(type, 'stream') === undefined;
}

function nameOf(expression: ts.Expression): string {
  const node = bare(expression);
  return ts.isPropertyAccessExpression(node) ? node.name.text : node.getText();
}

// -------------------------------------------------------------------- deadlines

/** Is there a moment at which the shutdown ends in any case? */
function hasDeadline(path: ShutdownPath, core: Core): boolean {
  if (setsDeadline(path.handler, core) || hasPausedExit(path, core)) return true;
  const { registrars } = core.ask(programIndex, core.program);
  const mates = core.ask(loadedWith, path.file);
  if (registrars.some(({ file, match }) => mates.has(file) && hasRole(match, 'bounds'))) return true;
  return core.ask(shutdownPaths, core.program).some(
    (other) =>
      other !== path &&
      other.on === 'signal' &&
      mates.has(other.file) &&
      other.events.some((event) => path.events.includes(event)) &&
      // A listener that ends the process ends the waits of the others too.
      (setsDeadline(other.handler, core) || (path.drains.exits.length === 0 && other.drains.exits.length > 0)),
  );
}

/** `void sleep(10_000).then(() => process.exit(1))` */
function hasPausedExit({ drains }: ShutdownPath, core: Core): boolean {
  return drains.exits.some(
    ({ isDeadline, isPaused, settled, through }) =>
      (isPaused && settled.length === 0) || (isDeadline && !through.some((node) => isListening(node, core))),
  );
}

/** Does another signal lead on from here? */
function isListening(node: ts.Node, core: Core): boolean {
  return ts.isCallExpression(node) && core.api.plays(node, 'registers-shutdown') !== undefined;
}

/** Functions of the project that are looked through for a timer, and how deep. */
const MOST_FUNCTIONS = 80;

const setsDeadline = (handler: FunctionNode, core: Core): boolean => core.ask(deadlineIn, handler);

/** Does the function, or what it calls, start a timer that may end its work, or call what is named after one? */
const deadlineIn = defineFact<FunctionNode, boolean>({
  name: 'deadline-in',
  scope: 'program',
  compute(handler, core) {
    const seen = new Set([handler]);
    for (const fn of seen) {
      for (const call of callsIn(fn)) {
        if (isDeadline(call, core)) return true;
        const { functions, isComplete, member } = core.ask(calleesOf, call);
        if (!isComplete && member === undefined && isNamedAfterLimit(call)) return true;
        for (const callee of functions) if (seen.size < MOST_FUNCTIONS) seen.add(callee);
      }
    }
    return false;
  },
});

/** Is there a `throw` in it? In the callback of a timer that ends the process. */
function throwsIn(fn: FunctionNode): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isThrowStatement(node) || (!isFunctionNode(node) && (ts.forEachChild(node, visit) ?? false));
  return ts.forEachChild(fn, visit) ?? false;
}

/** All calls in a function, those of functions inside it as well. */
function callsIn(fn: FunctionNode): readonly Call[] {
  const found: Call[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  if (!ts.isSourceFile(fn)) ts.forEachChild(fn, visit);
  return found;
}

function isDeadline(call: Call, core: Core): boolean {
  if (ts.isTaggedTemplateExpression(call)) return false;
  const member = core.api.memberOf(call);
  if (member === undefined) return false;
  if (hasRole(member, 'bounds')) return true;
  const [callback] = call.arguments ?? [];
  if (hasRole(member, 'starts-timer')) return callback !== undefined && mayEndWait(callback, core);
  if (!hasRole(member, 'chains') || callback === undefined || !ts.isCallExpression(call)) return false;
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && isPause(callee.expression, core) && mayEndWait(callback, core);
}

function isPause(expression: ts.Expression, core: Core): boolean {
  const node = bare(expression);
  if (!ts.isCallExpression(node)) return false;
  if (core.api.plays(node, 'starts-timer') !== undefined) return true;
  return core.ask(calleesOf, node).functions.some((fn) => core.ask(drainsOn, fn).isPause);
}

/** May this callback of a timer end what is waited for? What cannot be seen may. */
function mayEndWait(callback: ts.Expression, core: Core): boolean {
  const node = bare(callback);
  if (ts.isNumericLiteral(node) || core.checker.getTypeAtLocation(node).getCallSignatures().length === 0) return false;
  const { functions, isComplete, parameter } = callablesAt(node, core);
  if (isComplete) return functions.some((fn) => throwsIn(fn) || callsIn(fn).some((call) => mayBeEnd(call, core)));
  // The resolver of a hand-made promise: a pause, unless it is raced, which is asked elsewhere.
  return parameter === undefined && !isParameter(node, core);
}

function isParameter(node: ts.Expression, core: Core): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isParameter(declaration);
}

function mayBeEnd(call: Call, core: Core): boolean {
  if (isLogCall(call, core)) return false;
  const { functions, isComplete, member, parameter } = core.ask(calleesOf, call);
  if (member !== undefined)
    return !hasRole(member, 'safe') && !hasRole(member, 'pure') && !hasRole(member, 'clears-timer');
  if (parameter !== undefined) return false;
  return !isComplete || functions.some((fn) => callsIn(fn).some((inner) => !isLogCall(inner, core)));
}

function isNamedAfterLimit(call: Call): boolean {
  const callee = ts.isTaggedTemplateExpression(call) ? call.tag : call.expression;
  return /timeout|deadline|watchdog|force|graceful/i.test(nameOf(callee));
}

// -------------------------------------------------------------------- order

/** The one that none of the others comes before. */
function firstOf(starts: readonly [ReachedDrain, ...ReachedDrain[]] | readonly ReachedDrain[]): ReachedDrain {
  const drains = new Set(starts.map(({ drain }) => drain));
  const isFirst = ({ drain, pending, settled }: ReachedDrain): boolean =>
    ![...pending, ...settled].some((each) => each !== drain && drains.has(each));
  return starts.find(isFirst) ?? starts[0];
}

function nextOf({ drain }: ReachedDrain, paths: readonly ShutdownPath[]): Reached | undefined {
  return paths
    .flatMap(({ drains }) => [...drains.starts, ...drains.exits])
    .filter(
      ({ isAfterFailure, isDeadline, pending, settled }) =>
        !isDeadline && !isAfterFailure && settled.includes(drain) && !pending.includes(drain),
    )
    .toSorted((left, right) => left.settled.length - right.settled.length)[0];
}
