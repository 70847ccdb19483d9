import * as ts from 'typescript';
import { bare, type HidingRelease } from '../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
  replace,
} from '../report/edits.ts';
import type { ReleaseRepair } from './release-repair.ts';

/**
 * The acquisition moves out of the `try`, where nothing else waits for its failure: it comes first, nobody catches, and the `finally`
 * does nothing else. Otherwise the release asks whether there is anything.
 */
export function heldFirst(found: HidingRelease): readonly ReleaseRepair[] {
  return canMove(found)
    ? [{ title: 'before', automatic: true, edits: moved(found) }]
    : [{ title: 'asked', automatic: true, edits: [asked(found)] }];
}

function canMove({ acquire, around, releasing }: HidingRelease): boolean {
  const { catchClause, finallyBlock, tryBlock } = around;
  if (catchClause !== undefined || releasing.parent !== finallyBlock || finallyBlock.statements.length !== 1)
    return false;
  if (tryBlock.statements[0] !== acquire || tryBlock.statements.length === 1) return false;
  if (![acquire, around].every((each) => isOnOwnLines(each) && !hasDirectiveAbove(each)) || hasComment(acquire))
    return false;
  const { text } = acquire.getSourceFile();
  // A comment above it or behind it would stay in the `try`.
  const isAlone = text.slice(tryBlock.getStart() + 1, acquire.getStart()).trim() === '';
  return isAlone && endWithComments(acquire) === acquire.getEnd();
}

function moved({ acquire, around }: HidingRelease): readonly Edit[] {
  const at = around.getStart();
  const text = acquire.getText() + lineBreakOf(acquire.getSourceFile()) + indentOf(around);
  return [{ range: [at, at], text }, removeStatement(acquire)];
}

/** `client.release()` → `client?.release()`, `release()` → `release?.()` */
function asked({ release: { expression: callee } }: HidingRelease): Edit {
  const isMember = ts.isPropertyAccessExpression(callee);
  const owner = bare(isMember ? callee.expression : callee).getText();
  return replace(callee, isMember ? `${owner}?.${callee.name.text}` : `${owner}?.`);
}
