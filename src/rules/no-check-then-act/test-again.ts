import * as ts from 'typescript';
import { isInside, type LateAct } from '../../analysis/index.ts';
import { hasDirectiveAbove } from '../../report/edits.ts';
import type { CheckRepair } from './repair.ts';
import { placeText } from './wording.ts';

/** `if (full) await room();` → `while (full) await room();`: who wakes up looks again. */
export function testAgain(found: LateAct): readonly CheckRepair[] {
  const around = ts.findAncestor(found.test, ts.isIfStatement);
  if (around === undefined || !isInside(found.test, around.expression) || around.elseStatement !== undefined) return [];
  if (hasDirectiveAbove(around) || leaves(around.thenStatement)) return [];
  const start = around.getStart();
  return [
    {
      title: 'again',
      data: { name: placeText(found) },
      automatic: true,
      edits: [{ range: [start, start + 'if'.length], text: 'while' }],
    },
  ];
}

/** In a loop, `break` and `continue` would mean the loop. */
function leaves(body: ts.Statement): boolean {
  const visit = (node: ts.Node): boolean =>
    ts.isBreakStatement(node) ||
    ts.isContinueStatement(node) ||
    (!ts.isFunctionLike(node) && !ts.isIterationStatement(node, false) && (ts.forEachChild(node, visit) ?? false));
  return visit(body);
}
