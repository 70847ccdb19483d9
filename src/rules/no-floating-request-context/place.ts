import * as ts from 'typescript';
import { bare } from '../../analysis/index.ts';
import {
  directivesAbove,
  type Edit,
  ended,
  indentOf,
  indentStepOf,
  insertBefore,
  lineBreakOf,
  standsInList,
} from '../../report/edits.ts';

/** Where statements can be put before a task: the statement that launches it, or the expression that is an arrow function's body. */
export type Place = { readonly body: ts.Expression } | { readonly statement: ts.Statement };

/** The place before what launches a task; `undefined` in initialisers, parameters and under a comment for a tool. */
export function placeBefore(work: ts.Node): Place | undefined {
  let child = work;
  for (let node = work.parent; ; child = node, node = node.parent) {
    if (ts.isArrowFunction(node)) return node.body === child ? { body: node.body as ts.Expression } : undefined;
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isSourceFile(node)) return undefined;
    if (!ts.isStatement(node)) continue;
    const isPlain =
      ts.isExpressionStatement(node) ||
      ts.isReturnStatement(node) ||
      ts.isIfStatement(node) ||
      ts.isSwitchStatement(node) ||
      (ts.isVariableStatement(node) && node.declarationList.declarations[0] === declarationAround(child));
    return isPlain && !isUnderTypeDirective(node) ? { statement: node } : undefined;
  }
}

function declarationAround(node: ts.Node): ts.Node {
  return ts.isVariableDeclarationList(node) ? (node.declarations[0] as ts.Node) : node;
}

/** The node whose text the place moves, or puts braces around. */
export function nodeOf(place: Place): ts.Node {
  return 'body' in place ? place.body : place.statement;
}

/** Puts lines before a place; `inner` are the other edits of what stands there. */
export function putBefore(place: Place, lines: readonly string[], inner: readonly Edit[]): readonly Edit[] {
  if (lines.length === 0) return inner;
  if ('statement' in place) {
    const { statement } = place;
    const above = startAboveDirective(statement);
    if (above !== undefined && standsInList(statement)) {
      const text = lines.map((each) => `${each}${lineBreakOf(statement.getSourceFile())}${indentOf(statement)}`);
      return [{ range: [above, above], text: text.join('') }, ...inner];
    }
    if (standsInList(statement)) return [insertBefore(statement, lines, ''), ...inner];
    return [insertBefore(statement, lines, textAfter(statement, inner))];
  }
  const { body } = place;
  const file = body.getSourceFile();
  const line = lineBreakOf(file);
  const outer = indentOf(body);
  const step = outer + indentStepOf(file);
  const text = textAfter(body, inner);
  const last = ended(ts.isVoidExpression(bare(body)) ? text : `return ${text}`, file);
  const written = [...lines, last].map((each) => `${step}${each}`).join(line);
  return [{ range: [body.getStart(), body.getEnd()], text: `{${line}${written}${line}${outer}}` }];
}

/** Is there a comment above that speaks to the compiler about the next line? What moves would leave it behind. */
export function isUnderTypeDirective(node: ts.Node): boolean {
  return directivesAbove(node).some(({ to }) => to === 'compiler');
}

/** Where the comments begin that stand above a node, if one of them speaks to another tool about the next line. */
function startAboveDirective(node: ts.Node): number | undefined {
  if (!directivesAbove(node).some(({ to }) => to === 'other')) return undefined;
  return ts.getLeadingCommentRanges(node.getSourceFile().text, node.getFullStart())?.[0]?.pos;
}

/** The text of a node after edits inside it. */
export function textAfter(node: ts.Node, edits: readonly Edit[]): string {
  const { text } = node.getSourceFile();
  let at = node.getStart();
  let written = '';
  for (const edit of edits.toSorted((left, right) => left.range[0] - right.range[0])) {
    written += text.slice(at, edit.range[0]) + edit.text;
    at = edit.range[1];
  }
  return written + text.slice(at, node.getEnd());
}
