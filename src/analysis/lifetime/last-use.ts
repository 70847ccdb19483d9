import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';

/**
 * Where each name is mentioned for the last time in a function, as an offset: the end of the mention, or of the outermost loop around
 * it, which may come back to it. What a closure mentions counts where the closure stands.
 */
export const lastUses = defineFact<FunctionNode, ReadonlyMap<string, number>>({
  name: 'last-uses',
  scope: 'text',
  compute(fn) {
    const found = new Map<string, number>();
    const visit = (node: ts.Node, loopEnd: number | undefined): void => {
      if (ts.isIdentifier(node)) {
        found.set(node.text, Math.max(found.get(node.text) ?? 0, loopEnd ?? node.end));
        return;
      }
      const isLoop = loopEnd === undefined && ts.isIterationStatement(node, false) && !isFunctionNode(node);
      ts.forEachChild(node, (child) => {
        visit(child, isLoop ? node.end : loopEnd);
      });
    };
    visit(fn, undefined);
    return found;
  },
});
