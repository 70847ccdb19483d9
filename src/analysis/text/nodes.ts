import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { lastNameOf } from './promise-names.ts';

type Call = ts.CallExpression | ts.NewExpression;

/** The expressions and declarations of a file that many questions begin with, in the order of the text; types are left out. */
export interface FileNodes {
  readonly awaits: readonly ts.AwaitExpression[];
  readonly binaries: readonly ts.BinaryExpression[];
  readonly calls: readonly Call[];
  /** The calls whose callee ends in a name: `connect` of `connect()`, `pool.connect()`, `pool?.['connect']()`. */
  readonly callsByName: ReadonlyMap<string, readonly Call[]>;
  readonly classes: readonly ts.ClassLikeDeclaration[];
  readonly declarations: readonly ts.VariableDeclaration[];
  /** Those with a body. */
  readonly functions: readonly FunctionLike[];
  readonly statements: readonly ts.ExpressionStatement[];
  readonly voids: readonly ts.VoidExpression[];
}

/** A function in the narrow sense: no source file, no static block, no initialiser. */
export type FunctionLike = FunctionNode & ts.SignatureDeclaration;

/** One walk over a file for all questions that look for nodes of these kinds. */
export const fileNodes = defineFact<ts.SourceFile, FileNodes>({
  name: 'file-nodes',
  scope: 'text',
  compute(file) {
    const found = {
      awaits: [] as ts.AwaitExpression[],
      binaries: [] as ts.BinaryExpression[],
      calls: [] as Call[],
      callsByName: new Map<string, Call[]>(),
      classes: [] as ts.ClassLikeDeclaration[],
      declarations: [] as ts.VariableDeclaration[],
      functions: [] as FunctionLike[],
      statements: [] as ts.ExpressionStatement[],
      voids: [] as ts.VoidExpression[],
    };
    const { SyntaxKind } = ts;
    const rest: ts.Node[] = [file];
    const push = (node: ts.Node): void => {
      if (!ts.isToken(node)) rest.push(node);
    };
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
          addCall(node as Call);
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
        case SyntaxKind.ClassDeclaration:
        case SyntaxKind.ClassExpression:
          found.classes.push(node as ts.ClassLikeDeclaration);
          break;
        case SyntaxKind.ArrowFunction:
        case SyntaxKind.Constructor:
        case SyntaxKind.FunctionDeclaration:
        case SyntaxKind.FunctionExpression:
        case SyntaxKind.GetAccessor:
        case SyntaxKind.MethodDeclaration:
        case SyntaxKind.SetAccessor:
          if (isFunctionNode(node)) found.functions.push(node as FunctionLike);
          break;
        default:
          if (node.kind >= SyntaxKind.FirstTypeNode && node.kind <= SyntaxKind.LastTypeNode) continue;
      }
      const first = rest.length;
      ts.forEachChild(node, push);
      reverseFrom(rest, first);
    }
    return found;

    function addCall(call: Call): void {
      found.calls.push(call);
      const name = lastNameOf(call.expression);
      if (name === undefined) return;
      const known = found.callsByName.get(name);
      if (known === undefined) found.callsByName.set(name, [call]);
      else known.push(call);
    }
  },
});

/** The calls that each function of a file makes itself. */
const callsByFunction = defineFact<ts.SourceFile, ReadonlyMap<FunctionNode, readonly Call[]>>({
  name: 'calls-by-function',
  scope: 'text',
  compute(file, core) {
    const found = new Map<FunctionNode, Call[]>();
    for (const call of core.ask(fileNodes, file).calls) {
      const fn = enclosingFunctionOf(call);
      const known = found.get(fn);
      if (known === undefined) found.set(fn, [call]);
      else known.push(call);
    }
    return found;
  },
});

/** The calls that a function makes itself, in the order of the text. */
export function callsIn(fn: FunctionNode, core: Core): readonly Call[] {
  return core.ask(callsByFunction, fn.getSourceFile()).get(fn) ?? [];
}

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

/** A set of names, or a map whose keys are names. */
export type Names = Pick<ReadonlySet<string>, 'has' | 'keys' | 'size'>;

/** The calls of a file by one of these names, in the order of the text. */
export function callsNamed({ callsByName }: FileNodes, names: Names): readonly Call[] {
  const lists: (readonly Call[])[] = [];
  // A file calls fewer names than the catalogue has, mostly.
  if (names.size < callsByName.size) {
    for (const name of names.keys()) {
      const calls = callsByName.get(name);
      if (calls !== undefined) lists.push(calls);
    }
  } else for (const [name, calls] of callsByName) if (names.has(name)) lists.push(calls);
  const [only = [], ...others] = lists;
  return others.length === 0 ? only : lists.flat().sort((left, right) => left.pos - right.pos || right.end - left.end);
}
