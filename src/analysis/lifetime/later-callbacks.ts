import * as ts from 'typescript';
import { callablesAt } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { isLocal } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { callsNamed, fileNodes } from '../text/nodes.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode, mayBeFunction } from '../syntax/functions.ts';
import type { BackgroundTask } from './background.ts';

const LATER_ROLES = ['defers', 'listener'] as const;

/** Roles under which `defers` and `listener` mean something else than work that runs on by itself. */
const OTHER_ROLES = ['chains', 'detaches', 'handler', 'registers-shutdown', 'unlistens'] as const;

const namesOfLater = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'later-names',
  scope: 'program',
  compute: (_program, { api }) => new Set(LATER_ROLES.flatMap((role) => [...api.namesWith(role).keys()])),
});

/**
 * The callbacks that code inside functions hands to timers and emitters, async or not, in the order of the text.
 *
 * `backgroundTasks` lists those that give promises; what a callback uses when it runs is the same question for all of them. Functions
 * that go by a name count if they belong to the function around: what a module function uses, it does not take from a call.
 *
 * @param isWanted says whether a call that may register one matters; asked before the type of what is called
 */
export function laterCallbacks(
  file: ts.SourceFile,
  core: Core,
  isWanted: (call: ts.CallExpression) => boolean,
): readonly BackgroundTask[] {
  const calls = callsNamed(core.ask(fileNodes, file), core.ask(namesOfLater, core.program));
  return calls.flatMap((call) => {
    if (!ts.isCallExpression(call) || ts.isSourceFile(enclosingFunctionOf(call))) return [];
    return call.arguments.some(mayBeFunction) && isWanted(call) ? callbacksOf(call, core) : [];
  });
}

function callbacksOf(call: ts.CallExpression, core: Core): readonly BackgroundTask[] {
  const member = core.api.memberOf(call);
  if (member === undefined || OTHER_ROLES.some((role) => hasRole(member, role))) return [];
  const isListener = hasRole(member, 'listener');
  if (!isListener && !hasRole(member, 'defers')) return [];
  const work = core.api.argumentOf(call, member.argument ?? 0);
  if (work === undefined) return [];
  return [
    {
      by: isListener ? 'listener' : 'timer',
      work: bare(work),
      isCallback: true,
      functions: functionsOf(bare(work), core),
      launch: call,
      call,
      member,
    },
  ];
}

/** The function written in place, or the local one that goes by the name. */
function functionsOf(work: ts.Expression, core: Core): readonly FunctionNode[] {
  if (isFunctionNode(work)) return [work];
  if (!ts.isIdentifier(work)) return [];
  const symbol = symbolOf(work, core);
  return symbol !== undefined && isLocal(symbol) ? callablesAt(work, core).functions : [];
}
