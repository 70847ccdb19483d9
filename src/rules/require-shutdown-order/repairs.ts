import ts from 'typescript';
import {
  bare,
  type Core,
  type EarlyEnd,
  enclosingFunctionOf,
  type FragileJoin,
  isInside,
  type OrderFault,
  wrapped,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  hasComment,
  indentOf,
  isOnOwnLines,
  lineBreakOf,
  removeElement,
  replace,
} from '../../report/edits.ts';

/** A repair of this rule. */
export interface OrderRepair {
  readonly title: 'later' | 'settle' | 'split';
  readonly data?: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/** The right order: a statement moved after the others, an element taken out of a join; for a join alone `Promise.allSettled`. */
export function repairsOf(fault: OrderFault, core: Core): readonly OrderRepair[] {
  if (fault.is === 'fragile') return allSettled(fault, core);
  return fault.is === 'early' ? movedLater(fault) : splitOff(fault);
}

// ---------------------------------------------------------------- joins

function allSettled({ join }: FragileJoin, core: Core): readonly OrderRepair[] {
  const callee = bare(join.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'all') return [];
  const has = core.checker.getPropertyOfType(core.checker.getTypeAtLocation(callee.expression), 'allSettled');
  const awaited = wrapped(join).parent;
  if (has === undefined || !ts.isAwaitExpression(awaited)) return [];
  if (!ts.isExpressionStatement(wrapped(awaited).parent)) return [];
  const edits = [replace(callee.name, 'allSettled')];
  return [{ title: 'settle', automatic: !isInTry(join), edits }];
}

/** Does a `catch` of the same function look at its failures? */
function isInTry(node: ts.Node): boolean {
  const fn = enclosingFunctionOf(node);
  for (let at = node; at !== fn; at = at.parent) {
    const { parent } = at;
    if (ts.isTryStatement(parent) && parent.tryBlock === at && parent.catchClause !== undefined) return true;
  }
  return false;
}

/** `await Promise.all([app.close(), pool.end()])` as two waits. */
function splitOff({ at, join, users }: EarlyEnd): readonly OrderRepair[] {
  const list = join?.arguments[0] === undefined ? undefined : bare(join.arguments[0]);
  if (join === undefined || list === undefined || !ts.isArrayLiteralExpression(list) || hasComment(list)) return [];
  const awaited = wrapped(join).parent;
  const statement = wrapped(awaited).parent;
  if (!ts.isAwaitExpression(awaited) || !ts.isExpressionStatement(statement) || !isOnOwnLines(statement)) return [];
  const element = list.elements.find((each) => isInside(at, each));
  if (element === undefined || users.some((user) => isInside(user.at, element))) return [];
  const rest = list.elements.filter((each) => each !== element);
  const [only] = rest;
  const callee = bare(join.expression);
  const isAll = ts.isPropertyAccessExpression(callee) && callee.name.text === 'all';
  const file = join.getSourceFile();
  const isAlone = rest.length === 1 && only !== undefined && isAll && !ts.isSpreadElement(only);
  const own = isAll ? `await ${element.getText()}` : `await ${callee.getText()}([${element.getText()}])`;
  const end = statement.getEnd();
  const edits: readonly Edit[] = [
    isAlone ? replace(join, only.getText()) : removeElement(element, list.elements),
    { range: [end, end], text: `${lineBreakOf(file)}${indentOf(statement)}${ended(own, file)}` },
  ];
  return ts.isSpreadElement(element) ? [] : [{ title: 'split', automatic: false, edits }];
}

// ---------------------------------------------------------------- statements

/** Moves the statement that ends it after the last of the statements that end what uses it. */
function movedLater({ at, users }: EarlyEnd): readonly OrderRepair[] {
  const own = statementsAround(at);
  const others = users.map((user) => statementsAround(user.at));
  const home = own.find((each) => others.every((list) => list.some((other) => other.parent === each.parent)));
  if (home === undefined || !ts.isBlock(home.parent)) return [];
  const block = home.parent;
  const ends = others.map((list) => list.find((each) => each.parent === block));
  if (ends.includes(undefined) || ends.includes(home)) return [];
  const first = block.statements.indexOf(home);
  const places = ends.map((each) => block.statements.indexOf(each as ts.Statement));
  const last = Math.max(...places);
  const target = block.statements[last];
  const user = users[places.indexOf(last)];
  if (target === undefined || user === undefined || last <= first || declares(home)) return [];
  if (!isOnOwnLines(home) || !isOnOwnLines(target)) return [];
  const between = block.statements.slice(first + 1, last + 1);
  const isPlain = [home, ...between].every(
    (each) => isPlainWait(each) && (each === home || users.some((one) => isInside(one.at, each))),
  );
  const data = { user: (user.drain.target ?? user.drain.call).getText() };
  return [{ title: 'later', data, automatic: isPlain, edits: moved(home, target) }];
}

function statementsAround(node: ts.Node): readonly ts.Statement[] {
  const fn = enclosingFunctionOf(node);
  const found: ts.Statement[] = [];
  for (let at = node; at !== fn; at = at.parent) if (ts.isStatement(at) && !ts.isBlock(at)) found.push(at);
  return found;
}

function declares(statement: ts.Statement): boolean {
  return ts.isVariableStatement(statement) || ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
}

/** `await pool.end();`, `await pool.end().catch(…);` */
function isPlainWait(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isAwaitExpression(bare(statement.expression));
}

/** A statement with its comments, after another one. */
function moved(statement: ts.Statement, target: ts.Statement): readonly Edit[] {
  const file = statement.getSourceFile();
  const { text } = file;
  const above = (ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? []).filter(({ pos }) =>
    /(?:^|\n)[ \t]*$/.test(text.slice(0, pos)),
  );
  const start = above[0]?.pos ?? statement.getStart();
  const end = endWithComments(statement);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end) + 1;
  const place = endWithComments(target);
  return [
    { range: [lineStart, lineEnd === 0 ? text.length : lineEnd], text: '' },
    { range: [place, place], text: `${lineBreakOf(file)}${indentOf(statement)}${text.slice(start, end)}` },
  ];
}
