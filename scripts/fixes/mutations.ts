import ts from 'typescript';
import type { Checkout, Texts } from './checkout.ts';

/** Ways to make a hazard of code that has none, each at every place of its kind, so that there is something to fix. */
export const MUTATIONS = {
  /** Nobody waits any more: `await save();` becomes `save();`. */
  awaits: (node, source) =>
    ts.isExpressionStatement(node) && ts.isAwaitExpression(node.expression)
      ? [{ start: node.expression.getStart(source), end: node.expression.expression.getStart(source), text: '' }]
      : [],
  /** What had to happen on every way out happens on one. */
  finally: (node, source) =>
    ts.isTryStatement(node) && node.finallyBlock !== undefined
      ? [
          { start: node.getStart(source), end: node.tryBlock.getStart(source), text: node.catchClause ? 'try ' : '' },
          {
            start: node.finallyBlock.getStart(source) - 'finally '.length,
            end: node.finallyBlock.getStart(source),
            text: '',
          },
        ]
      : [],
  /** Failures are nobody's: `.catch(report)` goes. */
  catches: (node) =>
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'catch' &&
    node.arguments.length === 1
      ? [{ start: node.expression.expression.getEnd(), end: node.getEnd(), text: '' }]
      : [],
  /** What is started is not ended: statements like `client.release();` and `clearTimeout(timer);` go. */
  ends: (node, source) =>
    ts.isExpressionStatement(node) && ts.isBlock(node.parent) && isEnd(node.expression)
      ? [{ start: node.getStart(source), end: node.getEnd(), text: ';' }]
      : [],
  /** A wait stands between reading and writing: `count += 1` becomes `count += await Promise.resolve(1)`. */
  waits: (node) => (isMutatedTogether(node) ? waitBefore(node) : []),
} satisfies Record<string, Mutation>;

export type MutationName = keyof typeof MUTATIONS;

type Mutation = (node: ts.Node, source: ts.SourceFile) => readonly Cut[];

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The texts of the files that a mutation changes. */
export function mutated(checkout: Checkout, name: MutationName): Texts {
  const program = checkout.programWith(new Map());
  const mutate: Mutation = MUTATIONS[name];
  const texts = new Map<string, string>();
  for (const file of checkout.files) {
    const source = program.getSourceFile(file);
    if (source === undefined) continue;
    const cuts: Cut[] = [];
    const visit = (node: ts.Node): void => {
      cuts.push(...mutate(node, source));
      ts.forEachChild(node, visit);
    };
    visit(source);
    if (cuts.length > 0) texts.set(file, cutOut(source.text, cuts));
  }
  return texts;
}

/** Cuts that overlap one before them are left out. */
function cutOut(text: string, cuts: readonly Cut[]): string {
  let output = '';
  let done = 0;
  for (const { start, end, text: put } of [...cuts].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < done) continue;
    output += text.slice(done, start) + put;
    done = end;
  }
  return output + text.slice(done);
}

function isEnd(expression: ts.Expression): boolean {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  if (!ts.isCallExpression(call)) return false;
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  return (
    ts.isIdentifier(name) &&
    /^(clear|close|end|release|unlock|stop|destroy|dispose|disconnect|quit|off|remove)/.test(name.text)
  );
}

function isMutatedTogether(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) || ts.isIfStatement(node);
}

function waitBefore(node: ts.Node): Cut[] {
  if (!isInAsyncFunction(node)) return [];
  if (ts.isIfStatement(node) && ts.isBlock(node.thenStatement)) {
    const at = node.thenStatement.getStart() + 1;
    return [{ start: at, end: at, text: ' await Promise.resolve();' }];
  }
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind < ts.SyntaxKind.FirstCompoundAssignment) return [];
  if (node.operatorToken.kind > ts.SyntaxKind.LastCompoundAssignment) return [];
  const { right } = node;
  return [{ start: right.getStart(), end: right.getEnd(), text: `await Promise.resolve(${right.getText()})` }];
}

function isInAsyncFunction(node: ts.Node): boolean {
  const owner = ts.findAncestor(node.parent, ts.isFunctionLike);
  return owner !== undefined && ts.canHaveModifiers(owner)
    ? ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true
    : false;
}
