import * as ts from 'typescript';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import type { Handle } from '../program/handles.ts';
import { loadedWith } from '../program/loading.ts';
import { programIndex } from '../program/program-index.ts';
import { type Reference, referencesOf } from '../program/references.ts';
import type { ReachedDrain } from '../resources/drains-on.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { shutdownGaps } from './gaps.ts';
import { isInside } from '../syntax/inside.ts';
import { type ShutdownPath, shutdownPaths } from './paths.ts';
import { isWaitedFor } from './waited.ts';

/** A server or a worker that nothing ends, although a listener ends others before the process is gone. */
export interface ForgottenHandle {
  readonly is: 'forgotten';
  readonly handle: Handle;
  readonly stage: 'intake' | 'work';
  readonly path: ShutdownPath;
  /** What the listener does end. */
  readonly other: ReachedDrain;
}

/**
 * The servers and workers of a program that no code of it ends, although a listener of a signal ends other things and then the process.
 *
 * Doubt falls to silence: a handle that is handed to something else may be ended there; a listener of which not all can be seen may
 * end anything. Passed over: what was never started, and servers beside the main one (metrics, health).
 */
export const forgottenHandles = defineFact<ts.Program, readonly ForgottenHandle[]>({
  name: 'forgotten-handles',
  scope: 'program',
  compute(program, core) {
    const found: ForgottenHandle[] = [];
    for (const path of core.ask(shutdownPaths, program)) {
      const other = endsAll(path, core);
      if (other === undefined) continue;
      const mates = core.ask(loadedWith, path.file);
      for (const handle of core.ask(programIndex, program).handles) {
        const { stage } = handle.match;
        if ((stage !== 'intake' && stage !== 'work') || !mates.has(handle.file)) continue;
        if (found.some((each) => each.handle === handle && each.path.file === path.file)) continue;
        if (core.ask(isNeverEnded, handle.node) && !isNamedIn(path, handle, core))
          found.push({ is: 'forgotten', handle, stage, path, other });
      }
    }
    return found;
  },
});

/** The drain that a listener waits for before it ends the process, if all that it does can be seen. */
function endsAll(path: ShutdownPath, core: Core): ReachedDrain | undefined {
  const { drains, isResolved, on, service } = path;
  if (on !== 'signal' || service.is !== 'yes' || !isResolved || drains.isCut || drains.unseen.length > 0)
    return undefined;
  if (!drains.exits.some(({ isAfterFailure, isDeadline }) => !isDeadline && !isAfterFailure)) return undefined;
  const files = new Set([path.file, ...drains.exits.map(({ exit }) => exit.getSourceFile())]);
  // Where nothing that serves is drained, that is told of the exit.
  const isTold = [...files].some((file) =>
    core.ask(shutdownGaps, file).some((gap) => gap.kind === 'serving' && gap.path.handler === path.handler),
  );
  return isTold ? undefined : drains.starts.find((start) => !start.isDeadline && isWaitedFor(start, path, core));
}

/** Does the listener look after it in some way of its own? */
function isNamedIn({ drains, handler }: ShutdownPath, { name }: Handle, core: Core): boolean {
  const symbol = symbolOf(name, core);
  const regions = [handler, ...[...drains.starts, ...drains.cuts].map(({ fn }) => fn)];
  const places = symbol === undefined ? [] : referencesOf(symbol, core).found.map(({ node }) => node);
  return places.some((place) => regions.some((region) => !ts.isSourceFile(region) && isInside(place, region)));
}

/** Is it started, and are all its uses seen, none of which may end it? */
const isNeverEnded = defineFact<Handle['node'], boolean>({
  name: 'is-never-ended',
  scope: 'program',
  compute({ initializer, name }, core) {
    const symbol = symbolOf(name, core);
    if (symbol === undefined || /metric|health|prom|probe|monitor|admin|debug/i.test(name.getText())) return false;
    const { doubt, found } = referencesOf(symbol, core);
    if (doubt !== undefined) return false;
    const uses = found.map((reference) => useOf(reference, core));
    if (uses.includes('doubt')) return false;
    const made = initializer === undefined ? undefined : callOf(initializer);
    const isStarted = made !== undefined && core.api.plays(made, 'serves') !== undefined;
    return isStarted || uses.includes('start');
  },
});

/** `await consumer(…)`, `app.listen(3000)`, `new Worker(…)` */
function callOf(expression: ts.Expression): ts.CallExpression | ts.NewExpression | undefined {
  const node = bare(expression);
  if (ts.isAwaitExpression(node)) return callOf(node.expression);
  return ts.isCallExpression(node) || ts.isNewExpression(node) ? node : undefined;
}

function useOf({ expression }: Reference, core: Core): 'doubt' | 'harmless' | 'start' {
  const node = wrapped(expression);
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
    const call = wrapped(parent).parent;
    const isCalled = ts.isCallExpression(call) && bare(call.expression) === parent;
    if (!isCalled) return mayEnd(parent.name.text) ? 'doubt' : 'harmless';
    const member = core.api.memberOf(call);
    if (member === undefined) return mayEnd(parent.name.text) ? 'doubt' : 'harmless';
    if ((['cuts-off', 'destroys', 'drains', 'exits'] as const).some((role) => hasRole(member, role))) return 'doubt';
    return hasRole(member, 'serves') ? startOf(call, core) : 'harmless';
  }
  if (ts.isBinaryExpression(parent) && isAssignmentOperator(parent.operatorToken.kind) && parent.left === node) {
    const made = callOf(parent.right);
    return made !== undefined && core.api.plays(made, 'serves') !== undefined ? 'start' : 'harmless';
  }
  return ts.isIfStatement(parent) || ts.isPrefixUnaryExpression(parent) ? 'harmless' : 'doubt';
}

/** A start whose result is kept may be ended by that. */
function startOf(call: ts.CallExpression, core: Core): 'doubt' | 'start' {
  let outer = wrapped(call).parent;
  if (ts.isAwaitExpression(outer)) outer = wrapped(outer).parent;
  if (ts.isExpressionStatement(outer) || ts.isVoidExpression(outer)) return 'start';
  const type = core.checker.getTypeAtLocation(call);
  return core.api.isA(type, 'drainable') === undefined ? 'start' : 'doubt';
}

/** Is it named after an end? */
function mayEnd(name: string): boolean {
  return /close|stop|end|quit|destroy|shutdown|disconnect|terminate|drain|kill|dispose|server/i.test(name);
}
