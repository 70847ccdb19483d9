import * as ts from 'typescript';
import { bare, type Core, isThenable, type LateAwait, wrapped, isBindingElement } from '../../analysis/index.ts';
import {
  type Edit,
  endWithComments,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
} from '../../report/edits.ts';

/** A repair of this rule. */
export interface LateRepair {
  readonly title: 'all' | 'later' | 'together';
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/**
 * How a late await is mended: waits that follow each other become one `Promise.all`, which listens to all of them at once; otherwise
 * the work is started where it is awaited.
 */
export function repairsOf(late: LateAwait, core: Core): readonly LateRepair[] {
  if (late.by === 'turn') return allFirst(late);
  // A variable that is assigned may not have its value yet at the first wait.
  const together = ts.isBinaryExpression(late.name.parent) ? undefined : joined(late, core);
  const later = movedDown(late);
  return [
    ...(together === undefined ? [] : [{ title: 'together' as const, ...together }]),
    ...(later === undefined ? [] : [{ title: 'later' as const, automatic: false, edits: later }]),
  ];
}

// ---------------------------------------------------------------- one wait for all

/** `const order = await load();`, `await save();` */
interface WaitStatement {
  readonly statement: ts.Statement;
  readonly wait: ts.AwaitExpression;
  /** What the value is bound to, if it is. */
  readonly name?: ts.BindingName;
  readonly keyword?: string;
}

function waitStatementOf(statement: ts.Statement | undefined): WaitStatement | undefined {
  if (statement === undefined) return undefined;
  if (ts.isExpressionStatement(statement)) {
    const wait = statement.expression;
    return ts.isAwaitExpression(wait) ? { statement, wait } : undefined;
  }
  if (!ts.isVariableStatement(statement) || statement.modifiers !== undefined) return undefined;
  const { declarations, flags } = statement.declarationList;
  const [declaration] = declarations;
  if (declaration === undefined || declarations.length > 1 || declaration.type !== undefined) return undefined;
  const wait = declaration.initializer;
  if (wait === undefined || !ts.isAwaitExpression(wait) || (flags & ts.NodeFlags.BlockScoped) === 0) return undefined;
  if (
    (flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing ||
    (flags & ts.NodeFlags.Using) === ts.NodeFlags.Using
  )
    return undefined;
  return { statement, wait, name: declaration.name, keyword: (flags & ts.NodeFlags.Const) !== 0 ? 'const' : 'let' };
}

/** Joins the wait between with the late one; with no statement between them that is done by itself. */
function joined(late: LateAwait, core: Core): Omit<LateRepair, 'title'> | undefined {
  const { between, taker, work } = late;
  if (!ts.isAwaitExpression(between) || !ts.isAwaitExpression(taker)) return undefined;
  const statements = listAround(taker);
  const first = statements?.findIndex((statement) => waitStatementOf(statement)?.wait === between) ?? -1;
  const last = statements?.findIndex((statement) => waitStatementOf(statement)?.wait === taker) ?? -1;
  if (statements === undefined || first < 0 || last <= first) return undefined;
  const run = runFrom(statements, first, work, core);
  const isAdjacent = first + run.length > last;
  const waits = isAdjacent ? run : [statements[first], statements[last]].flatMap((each) => waitStatementOf(each) ?? []);
  if (waits.length < 2 || waits.slice(1).some(({ wait }) => !ts.isIdentifier(bare(wait.expression)))) return undefined;
  const edits = asOneWait(waits, core);
  return edits === undefined ? undefined : { automatic: isAdjacent && late.by === 'wait', edits };
}

function listAround(node: ts.Node): readonly ts.Statement[] | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (!ts.isStatement(at)) continue;
    const { parent } = at;
    return ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent) ? parent.statements : undefined;
  }
  return undefined;
}

/** The wait and those right after it that are for promises which were started before it. */
function runFrom(
  statements: readonly ts.Statement[],
  first: number,
  work: ts.Expression,
  core: Core,
): readonly WaitStatement[] {
  const run: WaitStatement[] = [];
  for (const statement of statements.slice(first)) {
    const wait = waitStatementOf(statement);
    if (wait === undefined) break;
    if (run.length > 0 && !isStartedBefore(wait.wait.expression, run[0] as WaitStatement, work, core)) break;
    run.push(wait);
  }
  return run;
}

function isStartedBefore(
  promise: ts.Expression,
  { statement }: WaitStatement,
  work: ts.Expression,
  core: Core,
): boolean {
  const name = bare(promise);
  const declaration = ts.isIdentifier(name) ? core.checker.getSymbolAtLocation(name)?.valueDeclaration : undefined;
  if (
    declaration === undefined ||
    !ts.isVariableDeclaration(declaration) ||
    declaration.getSourceFile() !== work.getSourceFile()
  )
    return false;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConst && declaration.end <= statement.pos && isThenable(core.checker.getTypeAtLocation(name), core.checker);
}

function asOneWait(waits: readonly WaitStatement[], core: Core): readonly Edit[] | undefined {
  const [first, ...rest] = waits;
  if (first === undefined) return undefined;
  const keywords = new Set(waits.flatMap(({ keyword }) => keyword ?? []));
  const isUntouchable = waits.some(({ statement }) => hasComment(statement) || hasDirectiveAbove(statement));
  if (keywords.size > 1 || isUntouchable || rest.some(({ statement }) => !isAlone(statement))) return undefined;
  const parts = waits.flatMap((wait) => partsOf(wait, core));
  const [keyword] = keywords;
  const end = first.statement.getText().endsWith(';') ? ';' : '';
  const target = keyword === undefined ? '' : `${keyword} [${listText(parts.map(({ name }) => name))}] = `;
  const text = `${target}await Promise.all([${parts.map(({ promise }) => promise.getText()).join(', ')}])${end}`;
  return [
    { range: [first.statement.getStart(), first.statement.getEnd()], text },
    ...rest.map(({ statement }) => removeStatement(statement)),
  ];
}

/** Holes at the end are left out. */
function listText(names: readonly (string | undefined)[]): string {
  const last = names.findLastIndex((name) => name !== undefined);
  return names
    .slice(0, last + 1)
    .map((name) => name ?? '')
    .join(', ');
}

interface Part {
  readonly promise: ts.Expression;
  readonly name?: string | undefined;
}

/** What a wait adds to the list: its promise, or those of a `Promise.all([a, b])` whose values are named one by one. */
function partsOf({ name, wait }: WaitStatement, core: Core): readonly Part[] {
  const elements = elementsOfJoin(wait.expression, core);
  const isTakenApart = name === undefined || (ts.isArrayBindingPattern(name) && !name.elements.some(isRest));
  if (elements === undefined || !isTakenApart) return [{ promise: wait.expression, name: name?.getText() }];
  return elements.map((promise, index) => {
    const element = name?.elements[index];
    return { promise, name: element !== undefined && isBindingElement(element) ? element.getText() : undefined };
  });
}

function isRest(element: ts.ArrayBindingElement): boolean {
  return isBindingElement(element) && element.dotDotDotToken !== undefined;
}

function elementsOfJoin(promise: ts.Expression, core: Core): readonly ts.Expression[] | undefined {
  const node = bare(promise);
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined;
  const [list] = node.arguments;
  const callee = bare(node.expression);
  const isAll = ts.isPropertyAccessExpression(callee) && callee.name.text === 'all';
  if (!isAll || core.api.plays(node, 'joins') === undefined || list === undefined || !ts.isArrayLiteralExpression(list))
    return undefined;
  return list.elements.some((element) => ts.isSpreadElement(element) || ts.isOmittedExpression(element))
    ? undefined
    : list.elements;
}

/** On lines of its own, with no comment after it and none above. */
function isAlone(statement: ts.Statement): boolean {
  const file = statement.getSourceFile();
  const above = ts.getLeadingCommentRanges(file.text, statement.getFullStart()) ?? [];
  const behind = ts.getTrailingCommentRanges(file.text, statement.getEnd()) ?? [];
  return above.length === 0 && behind.length === 0 && isOnOwnLines(statement);
}

// ---------------------------------------------------------------- all before the loop

/** `for (const job of await Promise.all(jobs))` */
function allFirst({ taker }: LateAwait): readonly LateRepair[] {
  if (!ts.isForOfStatement(taker)) return [];
  const list = taker.expression;
  const edits = [{ range: [list.getStart(), list.getEnd()], text: `await Promise.all(${list.getText()})` }] as const;
  return [{ title: 'all', automatic: false, edits }];
}

// ---------------------------------------------------------------- started later

/** The declaration moved down to the statement that listens, where both stand in one list. */
function movedDown({ between, name, taker }: LateAwait): readonly Edit[] | undefined {
  const declaration = name.parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isVariableDeclarationList(declaration.parent)) return undefined;
  const statement = declaration.parent.parent;
  if (!ts.isVariableStatement(statement) || declaration.parent.declarations.length > 1) return undefined;
  if (!isOnOwnLines(statement) || hasDirectiveAbove(statement)) return undefined;
  const target = listAround(name)?.find((each) => each.pos >= statement.end && isIn(taker, each));
  if (target === undefined || ts.isIterationStatement(target, false) || !isOnOwnLines(target)) return undefined;
  if (isIn(between, target)) return undefined;
  const { text } = statement.getSourceFile();
  const start = startWithComments(statement);
  const end = endWithComments(statement);
  const indent = indentOf(target);
  const moved = `${text.slice(start, end)}${lineBreakOf(statement.getSourceFile())}${indent}`;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  return [
    { range: [lineStart, lineEnd < 0 ? text.length : lineEnd + 1], text: '' },
    { range: [target.getStart(), target.getStart()], text: moved },
  ];
}

/** Where the comments begin that stand on lines of their own above a statement, with no empty line below them. */
function startWithComments(statement: ts.Statement): number {
  const { text } = statement.getSourceFile();
  let start = statement.getStart();
  for (const { pos, end } of (ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []).toReversed()) {
    const isAbove = /^[ \t]*\r?\n[ \t]*$/.test(text.slice(end, start));
    const isAlone = text.slice(text.lastIndexOf('\n', pos - 1) + 1, pos).trim() === '';
    if (!isAbove || !isAlone) break;
    start = pos;
  }
  return start;
}

function isIn(node: ts.Node, statement: ts.Statement): boolean {
  return wrapped(node).pos >= statement.pos && node.end <= statement.end;
}
