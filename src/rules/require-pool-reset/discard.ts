import * as ts from 'typescript';
import { bare, type Core, type Happening, hasRole, isThenable } from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { memberWith, receiverOf } from './members.ts';

/** `release(true)` where the pool then throws the connection away; `destroy()` where the connection has it. */
export function discardEdit({ node }: Happening, core: Core): Edit | undefined {
  const row = ts.isCallExpression(node) ? core.api.memberOf(node) : undefined;
  const receiver = receiverOf(node);
  if (row === undefined || receiver === undefined || !ts.isCallExpression(node) || !hasRole(row, 'releases'))
    return undefined;
  if (row.resource !== 'receiver' || node.arguments.length > 0) return undefined;
  if (row.argument !== undefined) return { range: [node.getEnd() - 1, node.getEnd() - 1], text: 'true' };
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(receiver.object));
  const destroys = memberWith(type, 'destroys', core);
  const callee = bare(node.expression);
  if (destroys?.needs !== 0 || !ts.isPropertyAccessExpression(callee)) return undefined;
  if (destroys.givesPromise !== isThenable(core.checker.getTypeAtLocation(node), core.checker)) return undefined;
  return { range: [callee.name.getStart(), callee.name.getEnd()], text: destroys.name };
}
