import * as ts from 'typescript';
import { bare } from '../analysis/syntax/expressions.ts';
import { type Edit, indentOf, indentStepOf, lineBreakOf } from './edits.ts';
import { movedIn, type OnError } from './on-error.ts';

/** What the type of a promise allows. */
export interface PromiseShape {
  /** May it be nothing instead of a promise? */
  readonly isNullable: boolean;
  /** Has it a `catch`, or only a `then`? */
  readonly hasCatch: boolean;
  /** Is it an array of promises? */
  readonly isArray: boolean;
}

/** Puts a rejection handler behind a promise: `.catch(handler)`. */
export function appendCatch(promise: ts.Expression, handler: string, shape: PromiseShape): readonly Edit[] {
  const node = bare(promise);
  const start = node.getStart();
  const end = node.getEnd();
  if (shape.isArray) {
    return [
      { range: [start, start], text: 'Promise.all(' },
      { range: [end, end], text: `${shape.isNullable ? ' ?? []' : ''}).catch(${handler})` },
    ];
  }
  const call = shape.hasCatch ? `catch(${handler})` : `then(undefined, ${handler})`;
  const link = `${shape.isNullable && !isChain(node) ? '?.' : '.'}${call}`;
  if (isPrimary(node)) return [{ range: [end, end], text: link }];
  return [
    { range: [start, start], text: '(' },
    { range: [end, end], text: `)${link}` },
  ];
}

/** `a?.b()`: what follows is left out as well when `a` is nothing. */
function isChain(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function isPrimary(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isIdentifier(node) ||
    (ts.isNewExpression(node) && node.arguments !== undefined)
  );
}

/** A function whose body may be put into a `try`. */
export type Bodied = ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/**
 * Puts a `try` around the body of a function and takes care of the error in its `catch`. `undefined` where it cannot be done by moving
 * text: a prologue of directives, an empty body.
 *
 * @param awaited must the expression that is the body be waited for, so that its rejection comes to the `catch`?
 */
export function tryAround(
  fn: Bodied,
  { parameter, statement }: OnError,
  awaited: boolean,
): readonly Edit[] | undefined {
  const { body } = fn;
  if (body === undefined) return undefined;
  const file = fn.getSourceFile();
  const step = indentStepOf(file);
  const line = lineBreakOf(file);
  const outer = indentOf(fn);
  const inner = outer + step;
  const around = (text: string): string =>
    [`${inner}try {`, text, `${inner}} catch (${parameter}) {`, `${inner}${step}${statement}`, `${inner}}`].join(line);
  if (!ts.isBlock(body)) {
    const expression = body;
    const text = `${awaited && !ts.isAwaitExpression(bare(expression)) ? 'await ' : ''}${movedIn(expression, bare(expression).getStart(), bare(expression).getEnd(), step)};`;
    return [
      {
        range: [expression.getStart(), expression.getEnd()],
        text: `{${line}${around(`${inner}${step}${text}`)}${line}${outer}}`,
      },
    ];
  }
  const [first] = body.statements;
  const last = body.statements.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (ts.isExpressionStatement(first) && ts.isStringLiteral(first.expression)) return undefined;
  const start = body.getStart() + 1;
  const end = body.getEnd() - 1;
  const text = file.text.slice(start, end);
  // Several lines: each one moves in. One line: it gets lines of its own.
  const moved = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/[ \t]*)?\r?\n/.test(text)
    ? movedIn(body, start, end, step)
        .replace(/^[ \t]*(\r?\n)/, '')
        .replace(/\s+$/, '')
    : `${inner}${step}${text.trim()}`;
  const isComment = /^[ \t]*\/[/*]/.test(moved);
  const content =
    isComment && !text.startsWith('\n') && !text.startsWith('\r') ? `${inner}${step}${moved.trimStart()}` : moved;
  return [{ range: [start, end], text: `${line}${around(content)}${line}${outer}` }];
}
