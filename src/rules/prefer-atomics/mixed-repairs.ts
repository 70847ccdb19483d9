import * as ts from 'typescript';
import { bare, type Core, type MixedAccess, wrapped } from '../../analysis/index.ts';
import { replace } from '../../report/edits.ts';
import { atomic, isTaken, isValueUsed, isWholeFor, keepsComments } from './atomic-text.ts';
import type { Rewrite } from './rewrite.ts';

/** The atomic form of a plain read or write. */
export function atomicFormOf({ node, use, cell }: MixedAccess, core: Core): readonly Rewrite[] {
  if (!isTaken(cell) || ts.isOptionalChain(node)) return [];
  if (use === 'read') {
    const text = atomic('load', cell);
    if (ts.isDeleteExpression(wrapped(node).parent) || !keepsComments(node.getText(), text)) return [];
    return [{ title: 'member', member: 'Atomics.load', automatic: true, edits: [replace(node, text)] }];
  }
  const write = wrapped(node).parent;
  if (!ts.isBinaryExpression(write) || bare(write.left) !== node || !isWholeFor(cell, write.right, core)) return [];
  const isLiteral = ts.isNumericLiteral(write.right) || ts.isBigIntLiteral(write.right);
  const text = atomic('store', cell, write.right.getText());
  // As a value the assignment gives its right side as it is, the call gives it cut to a whole number.
  if ((isValueUsed(write) && !isLiteral) || !keepsComments(write.getText(), text)) return [];
  return [{ title: 'member', member: 'Atomics.store', automatic: true, edits: [replace(write, text)] }];
}
