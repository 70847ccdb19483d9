import * as ts from 'typescript';
import type { Answer } from '../answer.ts';
import { callablesAt, calleesOf, givenFor } from '../effects/callees-of.ts';
import { endsProcess } from '../effects/ends-process.ts';
import { type Core, defineFact } from '../facts.ts';
import { type KindWitness, isLongLived } from '../program/kind.ts';
import { ownFiles } from '../text/files.ts';
import { type Listener, listenersIn, registrarsIn } from '../program/listeners.ts';
import { hooksIn } from '../program/program-index.ts';
import { isKeptFromProduction } from '../program/production.ts';
import { callSitesOf } from '../program/references.ts';
import { type Drain, type Drains, drainsOn } from '../resources/drains-on.ts';
import { wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';

/** Code that runs because the program is told to end, with all it leads to. */
export interface ShutdownPath {
  /**
   * - `signal`: a listener of a signal, or of a message or a lost channel by which a parent ends a child
   * - `last`: a listener of `beforeExit`, when nothing is left to do
   * - `exit`: a listener of `exit`, which can wait for nothing
   * - `hook`: a method that a framework runs, and waits for
   * - `registrar`: given to a package that runs it, waits for it and ends the process
   */
  readonly on: 'exit' | 'hook' | 'last' | 'registrar' | 'signal';
  /** The signals and events; empty for hooks. */
  readonly events: readonly string[];
  /** Where it is registered: a call, or the method itself. */
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
  readonly handler: FunctionNode;
  /** Is nothing else registered there? */
  readonly isResolved: boolean;
  /** Is it taken away after its first run? */
  readonly isOnce: boolean;
  readonly drains: Drains;
  /** Is it part of a program that lives on and serves? */
  readonly service: Answer<KindWitness, KindWitness>;
}

type Path = Omit<ShutdownPath, 'drains' | 'service'>;

/** Signals that ask a process to end, as far as the catalogue's row lets them through, and the loss of the channel to a parent. */
function isSignal(event: string): boolean {
  return event.startsWith('SIG') || event === 'disconnect';
}

/**
 * The shutdown paths of a Program, those of tests and commands included (see `service`).
 *
 * A listener whose event cannot be known is left out, and so are `message` listeners and those of fatal errors: what they do is
 * mostly something else. So are listeners that a branch on `NODE_ENV` keeps from production.
 */
export const shutdownPaths = defineFact<ts.Program, readonly ShutdownPath[]>({
  name: 'shutdown-paths',
  scope: 'program',
  compute(program, core) {
    // Not by the whole index: most programs have no shutdown path, and their handles and timers need not be looked for.
    const files = core.ask(ownFiles, program);
    const listeners = files.flatMap((file) => core.ask(listenersIn, file));
    const registrars = files.flatMap((file) => core.ask(registrarsIn, file));
    const hooks = files.flatMap((file) => hooksIn(file, core));
    const found: ShutdownPath[] = [];
    const take = (path: Path): void => {
      if (found.some(({ handler, node }) => handler === path.handler && node === path.node)) return;
      found.push({ ...path, drains: core.ask(drainsOn, path.handler), service: isLongLived(path.file, core) });
    };
    for (const listener of listeners) {
      if (isKeptFromProduction(listener.node, core)) continue;
      for (const path of pathsOf(listener)) {
        take(path);
        for (const given of givenTo(path, core)) take(given);
      }
    }
    for (const { node, file, handlers } of registrars)
      for (const handler of handlers)
        take({ on: 'registrar', events: [], node, file, handler, isResolved: handlers.length === 1, isOnce: true });
    for (const { node, file } of hooks)
      take({ on: 'hook', events: [], node, file, handler: node, isResolved: true, isOnce: true });
    return found;
  },
});

function pathsOf({ events = [], file, handlers, isOnce, isResolved, node }: Listener): readonly Path[] {
  const signals = events.filter(isSignal);
  const on =
    signals.length > 0
      ? 'signal'
      : events.includes('exit')
        ? 'exit'
        : events.includes('beforeExit')
          ? 'last'
          : undefined;
  if (on === undefined) return [];
  const named = on === 'signal' ? signals : events;
  return handlers.map((handler) => ({ on, events: named, node, file, handler, isResolved, isOnce }));
}

/**
 * What a listener calls that a function around it was given: `stop` of `onStop(stop)`, where `onStop` registers `() => stop()`.
 * A listener that waits for it and then ends the process is a registrar.
 */
function givenTo(path: Path, core: Core): readonly Path[] {
  const calls: ts.CallExpression[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) calls.push(node);
    ts.forEachChild(node, look);
  };
  look(path.handler);
  return calls.flatMap((call) => {
    const { parameter } = core.ask(calleesOf, call);
    const wrapper = parameter?.parent;
    if (parameter === undefined || wrapper === undefined || !isFunctionNode(wrapper) || wrapper === path.handler)
      return [];
    const isWaitedFor =
      ts.isAwaitExpression(wrapped(call).parent) && core.ask(endsProcess, path.handler).on !== 'never';
    return callSitesOf(wrapper, core).found.flatMap(({ node }) => {
      if (!ts.isCallExpression(node)) return [];
      const given = givenFor(node, parameter, undefined)?.[0];
      const found = given === undefined ? undefined : callablesAt(given, core);
      return (found?.functions ?? []).map((handler): Path => ({
        ...path,
        on: isWaitedFor ? 'registrar' : path.on,
        node,
        file: node.getSourceFile(),
        handler,
        isResolved: found?.isComplete === true,
      }));
    });
  });
}

export type Stage = 'flush' | 'intake' | 'store' | 'work';

/** The place of what a drain ends in the order in which a program ends. */
export function stageOf({ member, target }: Pick<Drain, 'member' | 'target'>, core: Core): Stage {
  const type = target === undefined ? undefined : core.checker.getTypeAtLocation(target);
  const match = type === undefined ? undefined : core.api.isA(type, 'drainable');
  return match?.stage ?? member.stage ?? 'store';
}
