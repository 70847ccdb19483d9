import type { Core } from '../facts.ts';
import { type Drain, drainsOn, type ReachedDrain } from '../resources/drains-on.ts';
import type { ShutdownPath } from './paths.ts';

/** Does the path wait for this drain: is it done when the path goes on, and pending at no exit? */
export function isWaitedFor({ drain, fn }: ReachedDrain, path: ShutdownPath, core: Core): boolean {
  if (isPendingAtExit(drain, path)) return false;
  const { drains } = path;
  const onTheWay = [...drains.exits, ...drains.starts].filter(({ isDeadline }) => !isDeadline);
  if (onTheWay.some(({ settled }) => settled.includes(drain))) return true;
  if (!drains.pending.includes(drain)) return drains.settled.includes(drain);
  // Started by a function that waits for it, and that the listener does not wait for.
  const own = core.ask(drainsOn, fn);
  return own.settled.includes(drain) && !own.pending.includes(drain);
}

/** Is there an exit, deadlines apart, at which the drain may be still on its way? */
function isPendingAtExit(drain: Drain, { drains }: ShutdownPath): boolean {
  return drains.exits.some(
    ({ isDeadline, isPaused, pending, settled }) =>
      !isDeadline && !(isPaused && settled.length === 0) && pending.includes(drain),
  );
}
