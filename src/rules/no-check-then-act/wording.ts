import * as ts from 'typescript';
import { bare } from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

/** The place that is written, as its reader knows it: the target, or the collection that a call changes. */
export function placeText({ act }: { readonly act: { readonly node: ts.Node } }): string {
  const { node } = act;
  if (!ts.isCallExpression(node)) return quoted(node);
  const callee = bare(node.expression);
  return quoted(ts.isPropertyAccessExpression(callee) ? callee.expression : callee);
}
