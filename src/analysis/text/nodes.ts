import ts from 'typescript';
import { defineFact } from '../facts.ts';
import { lastNameOf } from './promise-names.ts';

/** The expressions and declarations of a file that many questions begin with, in the order of the text; types are left out. */
export interface FileNodes {
  readonly awaits: readonly ts.AwaitExpression[];
  readonly binaries: readonly ts.BinaryExpression[];
  readonly calls: readonly (ts.CallExpression | ts.NewExpression)[];
  /** The calls whose callee ends in a name: `connect` of `connect()`, `pool.connect()`, `pool?.['connect']()`. */
  readonly callsByName: ReadonlyMap<string, readonly (ts.CallExpression | ts.NewExpression)[]>;
  readonly declarations: readonly ts.VariableDeclaration[];
  readonly statements: readonly ts.ExpressionStatement[];
  readonly voids: readonly ts.VoidExpression[];
}

/** One walk over a file for all questions that look for nodes of these kinds. */
export const fileNodes = defineFact<ts.SourceFile, FileNodes>({
  name: 'file-nodes',
  scope: 'text',
  compute(file) {
    const found = {
      awaits: [] as ts.AwaitExpression[],
      binaries: [] as ts.BinaryExpression[],
      calls: [] as (ts.CallExpression | ts.NewExpression)[],
      callsByName: new Map<string, (ts.CallExpression | ts.NewExpression)[]>(),
      declarations: [] as ts.VariableDeclaration[],
      statements: [] as ts.ExpressionStatement[],
      voids: [] as ts.VoidExpression[],
    };
    const { SyntaxKind } = ts;
    const rest: ts.Node[] = [file];
    const push = (node: ts.Node): void => void rest.push(node);
    for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
      switch (node.kind) {
        case SyntaxKind.AwaitExpression:
          found.awaits.push(node as ts.AwaitExpression);
          break;
        case SyntaxKind.BinaryExpression:
          found.binaries.push(node as ts.BinaryExpression);
          break;
        case SyntaxKind.CallExpression:
        case SyntaxKind.NewExpression:
          addCall(node as ts.CallExpression | ts.NewExpression);
          break;
        case SyntaxKind.VariableDeclaration:
          found.declarations.push(node as ts.VariableDeclaration);
          break;
        case SyntaxKind.ExpressionStatement:
          found.statements.push(node as ts.ExpressionStatement);
          break;
        case SyntaxKind.VoidExpression:
          found.voids.push(node as ts.VoidExpression);
          break;
        default:
          if (node.kind >= SyntaxKind.FirstTypeNode && node.kind <= SyntaxKind.LastTypeNode) continue;
      }
      const first = rest.length;
      ts.forEachChild(node, push);
      reverseFrom(rest, first);
    }
    return found;

    function addCall(call: ts.CallExpression | ts.NewExpression): void {
      found.calls.push(call);
      const name = lastNameOf(call.expression);
      if (name === undefined) return;
      const known = found.callsByName.get(name);
      if (known === undefined) found.callsByName.set(name, [call]);
      else known.push(call);
    }
  },
});

/** Turns the end of a list round, in place: children that were pushed in the order of the text are popped in it. */
export function reverseFrom(list: ts.Node[], first: number): void {
  for (let left = first, right = list.length - 1; left < right; left++, right--) {
    const node = list[left];
    const other = list[right];
    if (node === undefined || other === undefined) return;
    list[left] = other;
    list[right] = node;
  }
}

/** The calls of a file by one of these names, in the order of the text. */
export function callsNamed(
  { callsByName }: FileNodes,
  names: Iterable<string>,
): readonly (ts.CallExpression | ts.NewExpression)[] {
  const found: (ts.CallExpression | ts.NewExpression)[] = [];
  let lists = 0;
  for (const name of names) {
    const calls = callsByName.get(name);
    if (calls === undefined) continue;
    found.push(...calls);
    lists++;
  }
  return lists > 1 ? found.sort((left, right) => left.pos - right.pos || right.end - left.end) : found;
}
