import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { callsByNameOf, namesBehind, namesOf } from '../text/callers-by-name.ts';
import { calleesOf } from './callees-of.ts';

type AnyCall = ts.CallExpression | ts.NewExpression;

/** Calls whose callees are asked for before the answer is that any call may. */
const MOST_RESOLVED = 400;

/**
 * The calls of the project that come to one of the given calls or functions: those around which a function stands that is called, by
 * those that are called from there, and so on, the given ones included. `undefined` if they are too many to tell: then any call may.
 *
 * Calls are found by names and decided by `calleesOf`, so only names on the way cost types.
 */
export function callsLeadingTo(
  calls: Iterable<AnyCall>,
  functions: Iterable<FunctionNode>,
  core: Core,
): ReadonlySet<AnyCall> | undefined {
  const found = new Set(calls);
  const reached = new Set(functions);
  let left = MOST_RESOLVED;
  for (const call of found) reachAround(call, reached);
  for (const fn of reached) {
    if (!ts.isFunctionLike(fn)) continue;
    const names = new Set(namesOf(fn).flatMap((name) => [...namesBehind(name, core)]));
    const open = [...names].flatMap((name) => callsByNameOf(name, core)).filter((call) => !found.has(call));
    left -= open.length;
    if (left < 0) return undefined;
    for (const call of open) {
      // What a function returns stands inside it: a call of that comes here by the name of the outer one.
      if (!core.ask(calleesOf, call).functions.some((each) => reached.has(each))) continue;
      found.add(call);
      reachAround(call, reached);
    }
  }
  return found;
}

function reachAround(call: AnyCall, reached: Set<FunctionNode>): void {
  for (let at = call.parent; !ts.isSourceFile(at); at = at.parent) if (isFunctionNode(at)) reached.add(at);
}
