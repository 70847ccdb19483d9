import * as ts from 'typescript';
import {
  type Core,
  enclosingFunctionOf,
  flowGraph,
  isInside,
  type StaleWrite,
  symbolOf,
} from '../../analysis/index.ts';
import {
  ended,
  hasComment,
  hasDirectiveAbove,
  insertBefore,
  isOnOwnLines,
  removeStatement,
} from '../../report/edits.ts';
import { isHarmless } from './is-harmless.ts';
import { isOverwritten } from './is-overwritten.ts';
import type { UpdateRepair } from './repair.ts';
import { updateOf } from './update-of.ts';

/**
 * `const id = last + 1; await announce(id); last = id;` → `const id = last + 1; last = id; await announce(id);`
 *
 * A suggestion: a wait that fails leaves the new value behind.
 */
export function writeEarlier(found: StaleWrite, core: Core): readonly UpdateRepair[] {
  const { fn, read, write } = found;
  const update = updateOf(write.node);
  const writing = update?.parent;
  if (update === undefined || writing === undefined || !ts.isExpressionStatement(writing)) return [];
  const reading = ts.findAncestor(read.node, ts.isVariableStatement);
  if (!ts.isBlock(writing.parent) || reading?.parent !== writing.parent) return [];
  if (enclosingFunctionOf(writing) !== fn || isOverwritten(found, core)) return [];
  if (!isHarmless(ts.isBinaryExpression(update) ? update.right : read.node, core)) return [];
  const list = writing.parent.statements;
  const at = list.indexOf(writing);
  const { suspensions } = core.ask(flowGraph, fn);
  const from = list.findIndex(
    (statement, index) => index > list.indexOf(reading) && suspensions.some(({ node }) => isInside(node, statement)),
  );
  const waiting = list[from];
  if (waiting === undefined || from >= at || usesSomethingOf(update, list.slice(from, at), core)) return [];
  if ([writing, waiting].some((each) => hasDirectiveAbove(each) || !isOnOwnLines(each)) || hasComment(writing))
    return [];
  const text = ended(writing.getText(), writing.getSourceFile(), waiting.getText());
  return [{ title: 'earlier', automatic: false, edits: [insertBefore(waiting, [text], ''), removeStatement(writing)] }];
}

/** Is something that it names made in one of the statements? */
function usesSomethingOf(moved: ts.Node, statements: readonly ts.Statement[], core: Core): boolean {
  const isMade = (node: ts.Node): boolean => {
    const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
    if (declaration !== undefined && statements.some((statement) => isInside(declaration, statement))) return true;
    return ts.forEachChild(node, isMade) ?? false;
  };
  return isMade(moved);
}
