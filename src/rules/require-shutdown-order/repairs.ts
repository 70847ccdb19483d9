import * as ts from 'typescript';
import {
  bare,
  type Core,
  callSitesOf,
  type EarlyEnd,
  type EarlyHook,
  enclosingFunctionOf,
  type ForgottenHandle,
  type FragileJoin,
  isAsync,
  isInside,
  type OrderFault,
  stageOf,
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
  readonly title: 'close' | 'hookLater' | 'later' | 'settle' | 'split';
  readonly data?: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/** The right order: a statement moved after the others, an element taken out of a join; for a join alone `Promise.allSettled`. */
export function repairsOf(fault: OrderFault, core: Core): readonly OrderRepair[] {
  if (fault.is === 'fragile') return allSettled(fault, core);
  if (fault.is === 'hook') return inLaterHook(fault, core);
  if (fault.is === 'forgotten') return alsoClosed(fault, core);
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
    ...(isAlone ? [replace(join, only.getText())] : [removeElement(element, list.elements)]),
    // The others then are on their own: what comes after them waits for all of them.
    ...(isAll && !isAlone ? [replace(callee.name, 'allSettled')] : []),
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

// ---------------------------------------------------------------- hooks

/** The method under the name of the hook that runs later, with the interface that goes with it. */
function inLaterHook({ hook, isWhole, later }: EarlyHook, core: Core): readonly OrderRepair[] {
  const { node } = hook;
  const holder = node.parent;
  if (!isWhole || !ts.isClassLike(holder) || callSitesOf(node, core).found.length > 0) return [];
  if (holder.members.some(({ name }) => name?.getText() === later.method)) return [];
  const types = (holder.heritageClauses ?? []).flatMap(({ types: list }) => [...list]);
  const told = types.find(({ expression }) => ts.isIdentifier(expression) && expression.text === hook.match.name);
  const edits = told === undefined ? undefined : importedInstead(hook.match.name, later.type, told);
  if (told === undefined || edits === undefined) return [];
  const all = [replace(told.expression, later.type), replace(node.name, later.method), ...edits];
  return [{ title: 'hookLater', data: { hook: later.method }, automatic: false, edits: all }];
}

/** Another export of the module that a type comes from, in place of it if nothing else needs that. */
function importedInstead(name: string, wanted: string, use: ts.Node): readonly Edit[] | undefined {
  const file = use.getSourceFile();
  const specifiers = file.statements.flatMap((statement) => {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    return bindings !== undefined && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  });
  const own = specifiers.find((each) => each.propertyName === undefined && each.name.text === name);
  if (own === undefined) return undefined;
  const isThere = specifiers.some((each) => each.name.text === wanted);
  const isNeeded = countOf(name, file) > 2;
  if (isThere) return isNeeded ? [] : undefined;
  return isNeeded
    ? [{ range: [own.getEnd(), own.getEnd()], text: `, ${own.isTypeOnly ? 'type ' : ''}${wanted}` }]
    : [replace(own.name, wanted)];
}

function countOf(name: string, file: ts.SourceFile): number {
  return file.text.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
}

// ---------------------------------------------------------------- what nothing ends

/** `await worker.close();` after the other things that take work in or do it, before what they use. */
function alsoClosed({ handle, other, path, stage }: ForgottenHandle, core: Core): readonly OrderRepair[] {
  const statement = statementsAround(other.drain.call)[0];
  const fn = enclosingFunctionOf(other.drain.call);
  if (statement === undefined || fn !== path.handler || !isAsync(fn) || !isPlainWait(statement)) return [];
  if (handle.file !== path.file || !isOnOwnLines(statement) || !isSeen(handle, path.node)) return [];
  const method = endOf(handle, core);
  if (method === undefined) return [];
  const call = `${handle.name.text}.${method}()`;
  const file = path.file;
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  const wait = ended(`await ${call}`, file);
  const isAfter = stageOf(other.drain, core) === 'intake' && stage === 'work';
  const at = isAfter ? endWithComments(statement) : statement.getStart();
  const text = isAfter ? `${line}${wait}` : `${wait}${line}`;
  return [{ title: 'close', data: { call }, automatic: false, edits: [{ range: [at, at], text }] }];
}

/** Does the name of the variable stand for it at a place too? */
function isSeen({ kept, node }: ForgottenHandle['handle'], place: ts.Node): boolean {
  if (kept === 'field') return false;
  return kept === 'module' || isInside(place, enclosingFunctionOf(node));
}

/** The method of a thing that ends it, with a promise. */
function endOf({ name }: ForgottenHandle['handle'], core: Core): string | undefined {
  const type = core.checker.getTypeAtLocation(name);
  if (core.checker.getNonNullableType(type) !== type) return undefined;
  return [...core.api.namesWith('drains').keys()].find((each) => core.api.memberIn(type, each)?.ends === 'promise');
}
