import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';

/** All identifiers of a file, by their text; types and JSDoc left out. */
const identifiersOf = defineFact<ts.SourceFile, ReadonlyMap<string, readonly ts.Identifier[]>>({
  name: 'identifiers',
  scope: 'text',
  compute: (file) => {
    const found = new Map<string, ts.Identifier[]>();
    const open: ts.Node[] = [file];
    const push = (child: ts.Node): void => {
      if (!ts.isTypeNode(child) || ts.isExpressionWithTypeArguments(child)) open.push(child);
    };
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
        const same = found.get(node.text);
        if (same === undefined) found.set(node.text, [node as ts.Identifier]);
        else same.push(node as ts.Identifier);
      } else if (!ts.isToken(node)) ts.forEachChild(node, push);
    }
    for (const list of found.values()) list.sort((left, right) => left.pos - right.pos);
    return found;
  },
});

/**
 * The identifiers of a file with this text between two positions, in the order of the text; types and JSDoc left out.
 *
 * @param from the first position at which one may start, white space before it included
 * @param to the position before which it starts
 */
export function identifiersNamed(
  file: ts.SourceFile,
  text: string,
  from: number,
  to: number,
  core: Core,
): readonly ts.Identifier[] {
  const same = core.ask(identifiersOf, file).get(text) ?? [];
  return same.slice(firstAt(same, from), firstAt(same, to));
}

/** The place of the first identifier that starts at or after a position. */
function firstAt(identifiers: readonly ts.Identifier[], position: number): number {
  let low = 0;
  let high = identifiers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((identifiers[middle] as ts.Identifier).pos < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
