import type ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import {
  type CutBefore,
  cutsBefore,
  type DroppedInHook,
  droppedInHooks,
  type OtherExit,
  otherExits,
  type StoreFirst,
  storesFirst,
  type WaitAtExit,
  waitsAtExit,
} from './cut-off.ts';
import { type EarlyExit, earlyExits } from './early-exits.ts';
import { callablesAt } from '../effects/callees-of.ts';
import { mayBeFunction } from '../syntax/functions.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { isLongLived } from '../program/kind.ts';
import { drainsOn } from '../resources/drains-on.ts';
import { type ShutdownPath, shutdownPaths } from './paths.ts';
import { type SuccessOnly, successOnly } from './success-only.ts';
import { type Swallowed, swallowed } from './swallowed.ts';

/** A way in which a program ends before its work is done, or does not end. */
export type ShutdownGap =
  CutBefore | DroppedInHook | EarlyExit | OtherExit | StoreFirst | SuccessOnly | Swallowed | WaitAtExit;

/** What a gap says of promises and drains that were begun: the calls that nobody waits for, or whose failure nobody takes. */
export function begunIn(gap: ShutdownGap): readonly ts.Node[] {
  switch (gap.kind) {
    case 'pending':
      return gap.pending.map(({ call }) => call);
    case 'work':
      return [gap.work];
    case 'exit':
      return [gap.begun];
    case 'success':
      return [gap.failing];
    case 'store':
      return [gap.intake.call];
    case 'hook':
    case 'other':
      return [gap.drain.call];
    case 'cut':
    case 'loop':
    case 'serving':
    case 'swallowed':
      return [];
  }
}

/** The names of what ends a process or a part of it, or listens for that. */
const namesOfEnds = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'names-of-ends',
  scope: 'program',
  compute: (_program, { api }) =>
    new Set(
      (['cuts-off', 'drains', 'exits', 'registers-shutdown'] as const).flatMap((role) => [
        ...api.namesWith(role).keys(),
      ]),
    ),
});

/**
 * The gaps in the shutdown paths of a Program that are to be told in this file, in the order of the text.
 *
 * One fault is found once: an exit that comes too early is not also one that stands on the way of success, and what one listener cuts off
 * is told at one of the two.
 * A file that names nothing that ends anything costs a look into its set of identifiers.
 */
export const shutdownGaps = defineFact<ts.SourceFile, readonly ShutdownGap[]>({
  name: 'shutdown-gaps',
  scope: 'program',
  compute(file, core) {
    const names = core.ask(namesOfEnds, core.program);
    if (![...names].some((name) => mayMention(file, name))) return [];
    return core.ask(gapsByFile, core.program).get(file) ?? [];
  },
});

const gapsByFile = defineFact<ts.Program, ReadonlyMap<ts.SourceFile, readonly ShutdownGap[]>>({
  name: 'shutdown-gaps-by-file',
  scope: 'program',
  compute(program, core) {
    const all = core.ask(shutdownPaths, program);
    const paths = [...all.filter(isOfService), ...all.filter((path) => !isOfService(path))];
    const found = new Map<ts.SourceFile, ShutdownGap[]>();
    for (const path of paths) {
      for (const gap of gapsOf(path, paths, core)) {
        const file = gap.at.getSourceFile();
        const known = found.get(file) ?? [];
        if (known.some(({ at }) => at === gap.at)) continue;
        found.set(
          file,
          [...known, gap].toSorted((left, right) => left.at.pos - right.at.pos),
        );
      }
    }
    return found;
  },
});

function isOfService({ service }: ShutdownPath): boolean {
  return service.is === 'yes';
}

/** The gaps in what a call is given that runs it at shutdown, waits for it and ends the process. */
export function registrarGaps(call: ts.CallExpression, core: Core): readonly ShutdownGap[] {
  return call.arguments
    .flatMap((given) => (mayBeFunction(given) ? callablesAt(given, core).functions : []))
    .flatMap((handler) => {
      const file = call.getSourceFile();
      const path: ShutdownPath = {
        on: 'registrar',
        events: [],
        node: call,
        file,
        handler,
        isResolved: true,
        isOnce: true,
        drains: core.ask(drainsOn, handler),
        service: isLongLived(file, core),
      };
      return droppedInHooks(path, core);
    });
}

function gapsOf(path: ShutdownPath, paths: readonly ShutdownPath[], core: Core): readonly ShutdownGap[] {
  const early = earlyExits(path, paths, core);
  const isCutOff = early.some(({ kind }) => kind === 'pending');
  return [
    ...early,
    ...(isCutOff ? [] : otherExits(path, paths, core)),
    ...waitsAtExit(path, core),
    ...successOnly(path, core),
    ...cutsBefore(path, core),
    ...(isCutOff ? [] : storesFirst(path, core)),
    ...droppedInHooks(path, core),
    ...swallowed(path, paths, core),
  ];
}
