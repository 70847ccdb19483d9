import * as ts from 'typescript';
import { defineFact } from '../facts.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/**
 * Where each name is mentioned for the last time in a function, as an offset: the end of the mention, or of the outermost loop around
 * it, which may come back to it. What a closure mentions counts where the closure stands.
 */
export const lastUses = defineFact<FunctionNode, ReadonlyMap<string, number>>({
  name: 'last-uses',
  scope: 'text',
  compute(fn) {
    const found = new Map<string, number>();
    /** Where the outermost loop around what is being looked at ends. */
    let loopEnd: number | undefined;
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) {
        found.set(node.text, Math.max(found.get(node.text) ?? 0, loopEnd ?? node.end));
        return;
      }
      if (ts.isToken(node)) return;
      const outer = loopEnd;
      if (loopEnd === undefined && ts.isIterationStatement(node, false)) loopEnd = node.end;
      ts.forEachChild(node, visit);
      loopEnd = outer;
    };
    visit(fn);
    return found;
  },
});
