import ts from 'typescript';
import { type AfterRelease, isInside, wrapped } from '../../analysis/index.ts';
import { hasComment, isOnOwnLines, removeStatement, standsInList } from '../../report/edits.ts';
import type { LateRepair } from './repair.ts';

/**
 * The release that is too much goes: the second, if the object was given back before on every way; the first, if the `finally` that
 * follows gives it back anyway.
 */
export function dropOneRelease({ at, release, always = false }: AfterRelease): LateRepair | undefined {
  if (always) {
    const second = statementOf(at);
    const line = second === undefined ? undefined : removal(second);
    return line === undefined ? undefined : { title: 'dropped', automatic: true, edits: [line] };
  }
  const first = statementOf(release.node);
  const guarded = first === undefined ? undefined : tryWithFinallyAround(first, at);
  const line = first === undefined || guarded === undefined ? undefined : removal(first);
  if (line === undefined || !ts.isCallExpression(release.node)) return undefined;
  return {
    title: 'dropFirst',
    automatic: release.is === 'release' && release.node.arguments.length === argumentsOf(at),
    edits: [line],
  };
}

/** `client.release(); return client;` → `return client;` */
export function leaveToCaller({ release }: AfterRelease): LateRepair | undefined {
  const statement = statementOf(release.node);
  const line = statement === undefined ? undefined : removal(statement);
  return line === undefined ? undefined : { title: 'handOn', automatic: false, edits: [line] };
}

/** How many arguments the second release has: the first must say nothing more than that. */
function argumentsOf(at: ts.Node): number {
  return ts.isCallExpression(at) ? at.arguments.length : 0;
}

/** The statement that is only the release. */
function statementOf(call: ts.Node): ts.ExpressionStatement | undefined {
  let node = wrapped(call).parent;
  if (ts.isAwaitExpression(node)) node = wrapped(node).parent;
  return ts.isExpressionStatement(node) && standsInList(node) ? node : undefined;
}

function removal(statement: ts.ExpressionStatement): LateRepair['edits'][number] | undefined {
  if (hasComment(statement) || !isOnOwnLines(statement)) return undefined;
  return removeStatement(statement);
}

/** The `try` whose `finally` holds the second release and whose other parts hold the first. */
function tryWithFinallyAround(first: ts.Node, second: ts.Node): ts.TryStatement | undefined {
  for (let at: ts.Node | undefined = first; at !== undefined; at = at.parent as ts.Node | undefined) {
    if (!ts.isTryStatement(at) || at.finallyBlock === undefined || isInside(first, at.finallyBlock)) continue;
    const [only] = at.finallyBlock.statements.filter((each) => isInside(second, each));
    return only !== undefined && ts.isExpressionStatement(only) ? at : undefined;
  }
  return undefined;
}
