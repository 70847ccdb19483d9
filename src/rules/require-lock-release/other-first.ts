import * as ts from 'typescript';
import { bare, type Core, type Nesting } from '../../analysis/index.ts';
import { hasComment, replace } from '../../report/edits.ts';
import type { LockRepair } from './repair.ts';
import { lockText } from './wording.ts';

/** `a.runExclusive(() => b.runExclusive(work))` → `b.runExclusive(() => a.runExclusive(work))`, where nothing else stands between. */
export function otherFirst({ held, taking }: Nesting, core: Core): readonly LockRepair[] {
  const outer = lockAt(held.node);
  const inner = lockAt(taking.at);
  if (outer === undefined || inner === undefined || taking.at !== taking.node) return [];
  const section = ts.findAncestor(taking.at, (node) => ts.isArrowFunction(node) || ts.isFunctionExpression(node));
  if (section?.parent !== held.node) return [];
  const { body } = section;
  if (ts.isBlock(body) && body.statements.length !== 1) return [];
  if (hasComment(outer) || hasComment(inner)) return [];
  return [
    {
      title: 'swapped',
      automatic: false,
      data: { lock: lockText({ node: taking.node }, core) },
      edits: [replace(outer, inner.getText()), replace(inner, outer.getText())],
    },
  ];
}

/** The lock of `mutex.runExclusive(…)`. */
function lockAt(call: ts.Node): ts.Expression | undefined {
  if (!ts.isCallExpression(call) || call.arguments.length !== 1) return undefined;
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
}
