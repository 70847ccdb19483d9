import * as ts from 'typescript';
import { bare, type Core, type Leak, type Lease, referencesInFileOf } from '../analysis/index.ts';
import { type Edit, hasComment, hasDirectiveAbove, removeStatement } from '../report/edits.ts';
import { isThenable } from './lease-region.ts';
import type { ReleaseRepair } from './release-repair.ts';

/**
 * A release that stands only in the callback of a `.then` goes into a `.finally`: in place of the `.then` that does nothing else,
 * before it where the callback begins with it, behind it where it ends with it.
 */
export function finallyInChain(lease: Lease, { chained, missed }: Leak, core: Core): readonly ReleaseRepair[] {
  const handOns = new Set(lease.happenings.flatMap(({ is, inner }) => (is === 'hand-on' ? [inner] : [])));
  if (chained === undefined || missed === undefined || handOns.size > 1) return [];
  const { callback, chain } = chained;
  const callee = bare(chain.expression);
  if (!ts.isCallExpression(missed.node) || !ts.isPropertyAccessExpression(callee) || hasComment(callee)) return [];
  if (!hasFinally(callee.expression, core) || !hasFinally(chain, core)) return [];
  const text = missed.node.getText();
  const edits = ts.isBlock(callback.body)
    ? inBlock(callback.body, missed.node, callee, chain, text, lease, core)
    : onlyIn(callback.body, missed.node, callee, chain, text);
  return edits === undefined ? [] : [{ title: 'finally', automatic: true, edits }];
}

function hasFinally(promise: ts.Expression, core: Core): boolean {
  return core.checker.getPropertyOfType(core.checker.getTypeAtLocation(promise), 'finally') !== undefined;
}

/** `.then(() => client.release())` */
function onlyIn(
  body: ts.Expression,
  release: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  chain: ts.CallExpression,
  text: string,
): readonly Edit[] | undefined {
  const inner = bare(body);
  const call = ts.isVoidExpression(inner) || ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  return call === release && !hasComment(body) ? [insteadOf(callee, chain, text)] : undefined;
}

/** What comes after gets what it got: nothing, where anybody asks. */
function insteadOf(callee: ts.PropertyAccessExpression, chain: ts.CallExpression, text: string): Edit {
  const isUnused = ts.isExpressionStatement(chain.parent) || ts.isVoidExpression(chain.parent);
  const isAwaited = ts.isAwaitExpression(chain.parent) && ts.isExpressionStatement(chain.parent.parent);
  const rest = isUnused || isAwaited ? '' : `${gapOf(callee)}then(() => undefined)`;
  return { range: [callee.name.getStart(), chain.getEnd()], text: `finally(() => ${text})${rest}` };
}

/** What stands between a promise and the name of its member: the dot, and the line break before it. */
function gapOf({ expression, name }: ts.PropertyAccessExpression): string {
  return name.getSourceFile().text.slice(expression.getEnd(), name.getStart());
}

function inBlock(
  body: ts.Block,
  release: ts.CallExpression,
  callee: ts.PropertyAccessExpression,
  chain: ts.CallExpression,
  text: string,
  lease: Lease,
  core: Core,
): readonly Edit[] | undefined {
  const { statements } = body;
  const at = statements.findIndex((each) => isRelease(each, release));
  const statement = statements[at];
  if (statement === undefined || hasComment(statement) || hasDirectiveAbove(statement)) return undefined;
  if (/\/[/*]/.test(statement.getFullText())) return undefined;
  if (statements.length === 1) return [insteadOf(callee, chain, text)];
  const isFirst = at === 0 && !statements.slice(1).some((each) => namesLease(each, lease, core));
  const addition = `finally(() => ${text})`;
  if (isFirst) {
    return [
      { range: [callee.name.getStart(), callee.name.getStart()], text: `${addition}${gapOf(callee)}` },
      removeStatement(statement),
    ];
  }
  const rest = statements.slice(at + 1);
  if (rest.some((each) => !ts.isReturnStatement(each) || isWork(each, core))) return undefined;
  if (statements.slice(0, at).some((each) => mayReturn(each))) return undefined;
  return [removeStatement(statement), { range: [chain.getEnd(), chain.getEnd()], text: `${gapOf(callee)}${addition}` }];
}

function isRelease(statement: ts.Statement, release: ts.CallExpression): boolean {
  if (!ts.isExpressionStatement(statement)) return false;
  const inner = bare(statement.expression);
  const call = ts.isVoidExpression(inner) || ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  return call === release;
}

function namesLease(node: ts.Node, { name }: Lease, core: Core): boolean {
  const symbol = name === undefined ? undefined : core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return true;
  return referencesInFileOf(symbol, core).some((each) => each.pos >= node.pos && each.end <= node.end);
}

/** A promise that is returned: more work, for which the release did not wait. */
function isWork({ expression }: ts.ReturnStatement, core: Core): boolean {
  return expression !== undefined && isThenable(expression, core);
}

function mayReturn(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isReturnStatement(node)) return true;
  return ts.forEachChild(node, (child) => mayReturn(child) || undefined) ?? false;
}
