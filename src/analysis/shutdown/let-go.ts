import * as ts from 'typescript';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { callSitesOf } from '../program/references.ts';
import { type Drain, drainsOn } from '../resources/drains-on.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import type { ShutdownPath } from './paths.ts';

/**
 * Does a path let a drain go: is its promise dropped, or that of a function that waits for it, or has it no callback to tell its end?
 * One that is kept somewhere, or given to code that cannot be seen, is not.
 */
export function isLetGo(drain: Drain, { drains: { starts } }: ShutdownPath, core: Core): boolean {
  if (drain.ends === 'callback') return true;
  return starts
    .filter((start) => start.drain === drain)
    .some(({ call, through }) => {
      for (const node of [call, ...through.toReversed()]) {
        if (!ts.isCallExpression(node)) continue;
        const { is, waiter } = core.ask(taskOf, node);
        if (is === 'dropped') return true;
        // Kept so that a second call waits for it too.
        const isMemo =
          waiter !== undefined &&
          (ts.isAwaitExpression(waiter) || ts.isAwaitExpression(waiter.parent)) &&
          enclosingFunctionOf(waiter) === enclosingFunctionOf(node);
        if (is !== 'awaited' && is !== 'joined' && is !== 'returned' && !(is === 'stored' && isMemo)) return false;
      }
      return true;
    });
}

/** Does a function on the way to a drain wait for it, whoever waits for that function? */
export function isWaitedForOnTheWay(drain: Drain, { drains: { starts } }: ShutdownPath, core: Core): boolean {
  return starts
    .filter((start) => start.drain === drain)
    .some(({ call, through }) =>
      [call, ...through].some((node) => {
        const { exits, settled } = core.ask(drainsOn, enclosingFunctionOf(node));
        return settled.includes(drain) || exits.some((exit) => exit.settled.includes(drain));
      }),
    );
}

/** May code outside the path reach what the path does, and wait for it: is a function on the way to the drain called from elsewhere? */
export function isReachedOtherwise(drain: Drain, { drains: { starts }, handler }: ShutdownPath, core: Core): boolean {
  return starts
    .filter((start) => start.drain === drain)
    .some(({ call, through }) =>
      [call, ...through].some((node) => {
        const fn = enclosingFunctionOf(node);
        if (fn === handler || ts.isSourceFile(fn) || isCalledInPlace(fn)) return false;
        const { found, doubt, passed } = callSitesOf(fn, core);
        const isElsewhere = (site: ts.Node): boolean =>
          !isInside(site, handler) && !through.some((each) => isInside(site, enclosingFunctionOf(each)));
        return doubt !== undefined || found.some((site) => isElsewhere(site.node)) || passed.some(isElsewhere);
      }),
    );
}

/** `(async () => { … })()` */
function isCalledInPlace(fn: ts.Node): boolean {
  if (!isFunctionNode(fn)) return false;
  let outer: ts.Node = fn;
  while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
  return ts.isCallExpression(outer.parent) && bare(outer.parent.expression) === fn;
}
