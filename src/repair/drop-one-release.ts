import * as ts from 'typescript';
import { type AfterRelease, isInside, wrapped } from '../analysis/index.ts';
import { type Edit, hasComment, isOnOwnLines, removeStatement, standsInList } from '../report/edits.ts';

/** Takes away the release that is one too many. */
export interface DroppedRelease {
  readonly title: 'dropFirst' | 'dropped';
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/**
 * The release that is too much goes: the second, if the object was given back before on every way; the first, if the `finally` that
 * follows gives it back anyway.
 */
export function dropOneRelease({ at, release, always = false }: AfterRelease): DroppedRelease | undefined {
  if (always) {
    const second = releaseStatementOf(at);
    const line = second === undefined ? undefined : removalOfRelease(second);
    return line === undefined ? undefined : { title: 'dropped', automatic: true, edits: [line] };
  }
  const first = releaseStatementOf(release.node);
  const guarded = first === undefined ? undefined : tryWithFinallyAround(first, at);
  const line = first === undefined || guarded === undefined ? undefined : removalOfRelease(first);
  if (line === undefined || !ts.isCallExpression(release.node)) return undefined;
  return {
    title: 'dropFirst',
    automatic: release.is === 'release' && release.node.arguments.length === argumentsOf(at),
    edits: [line],
  };
}

/** How many arguments the second release has: the first must say nothing more than that. */
function argumentsOf(at: ts.Node): number {
  return ts.isCallExpression(at) ? at.arguments.length : 0;
}

/** The statement that is only the release. */
export function releaseStatementOf(call: ts.Node): ts.ExpressionStatement | undefined {
  let node = wrapped(call).parent;
  if (ts.isAwaitExpression(node)) node = wrapped(node).parent;
  return ts.isExpressionStatement(node) && standsInList(node) ? node : undefined;
}

/** Takes a release away with its line; `undefined` where more stands there. */
export function removalOfRelease(statement: ts.ExpressionStatement): Edit | undefined {
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
