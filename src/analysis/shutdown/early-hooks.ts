import type ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { programIndex, type ShutdownHook } from '../program/program-index.ts';
import type { Drain } from '../resources/drains-on.ts';
import { isLent } from './lent.ts';
import { type ShutdownPath, shutdownPaths, stageOf } from './paths.ts';

/** Something that requests use is ended in a hook that runs before the servers are closed. */
export interface EarlyHook {
  readonly is: 'hook';
  readonly drain: Drain;
  /** The call in the hook that leads to the drain, or is it. */
  readonly at: ts.Node;
  readonly hook: ShutdownHook;
  /** The hook that runs after the servers are closed. */
  readonly later: NonNullable<ShutdownHook['match']['laterHook']>;
  /** Is nothing else ended in it that belongs there? */
  readonly isWhole: boolean;
}

/**
 * The stores that hooks of a framework end while its servers still answer requests, one for each hook.
 *
 * Passed over: what opens again at its next use, and what one task has opened for itself.
 */
export const earlyHooks = defineFact<ts.Program, readonly EarlyHook[]>({
  name: 'early-hooks',
  scope: 'program',
  compute(program, core) {
    const { hooks } = core.ask(programIndex, program);
    return core.ask(shutdownPaths, program).flatMap((path) => {
      const hook = hooks.find(({ node }) => node === path.handler);
      const later = hook?.match.laterHook;
      return hook === undefined || later === undefined ? [] : earlyIn(path, hook, later, core);
    });
  },
});

function earlyIn(path: ShutdownPath, hook: ShutdownHook, later: EarlyHook['later'], core: Core): readonly EarlyHook[] {
  if (path.service.is !== 'yes' || path.drains.isCut) return [];
  const { starts } = path.drains;
  const early = starts.find(
    ({ drain }) => drain.member.reopens !== true && stageOf(drain, core) === 'store' && isLent(drain, 'store', core),
  );
  if (early === undefined) return [];
  const isWhole = starts.every(({ drain }) => stageOf(drain, core) === 'store');
  return [{ is: 'hook', drain: early.drain, at: early.through[0] ?? early.drain.call, hook, later, isWhole }];
}
