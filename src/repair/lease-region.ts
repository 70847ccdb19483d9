import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  failureAt,
  type FunctionNode,
  handOutOf,
  type Happening,
  hasRole,
  isAsync,
  isFunctionNode,
  isSound,
  type Lease,
  referencesInFileOf,
  wrapped,
} from '../analysis/index.ts';

/** The statements among which an object is acquired, used and given back. */
export interface Region {
  readonly list: readonly ts.Statement[];
  /** Where the object comes from: a statement of the list; `undefined` for a parameter of the function. */
  readonly acquire: ts.Statement | undefined;
  /** The first statement after that. */
  readonly from: number;
  /** The last statement that has to do with the object; `from - 1` when there is none. */
  readonly to: number;
  readonly fn: FunctionNode;
  /** Does the variable hold what others lend as well: is the object acquired on a branch only? */
  readonly isShared: boolean;
}

/** Where the life of a lease can be put into one block; `undefined` where it is spread over several. */
export function regionOf(lease: Lease, core: Core): Region | undefined {
  const { acquisition, fn } = lease;
  const nodes = nodesOf(lease, core).filter(
    (node) => !(node.pos >= acquisition.call.pos && node.end <= acquisition.call.end),
  );
  const place = placeOfAcquisition(lease);
  if (place === undefined) return undefined;
  const own = endOf(nodes, place, false);
  if (own !== undefined) return { ...place, to: own, fn, isShared: false };
  const around = place.acquire === undefined ? undefined : branchAround(place.acquire);
  const shared = around === undefined ? undefined : endOf(nodes, around, true);
  return around === undefined || shared === undefined ? undefined : { ...around, to: shared, fn, isShared: true };
}

type Place = Pick<Region, 'acquire' | 'from' | 'list'>;

/** The last statement with one of the nodes; `undefined` when one of them stands elsewhere. */
function endOf(nodes: readonly ts.Node[], { acquire, from, list }: Place, isShared: boolean): number | undefined {
  let to = from - 1;
  for (const node of nodes) {
    const index = list.findIndex((statement) => statement.pos <= node.pos && node.end <= statement.end);
    if (index >= from) to = Math.max(to, index);
    else if (!(isShared && index >= 0) && !isDeclaredBefore(node, acquire)) return undefined;
  }
  return to;
}

/** `if (!runner) { runner = source.createQueryRunner(); }`: the object is there from the end of the branch on. */
function branchAround(acquire: ts.Statement): Place | undefined {
  const block = acquire.parent;
  if (!ts.isBlock(block) || block.statements.at(-1) !== acquire) return undefined;
  const test = block.parent;
  if (!ts.isIfStatement(test) || test.elseStatement !== undefined || !ts.isBlock(test.parent)) return undefined;
  const list = test.parent.statements;
  return { list, acquire: test, from: list.indexOf(test) + 1 };
}

/** Everything that names the object in its function: references of the variable, or calls of the lock. */
function nodesOf({ acquisition, fn, happenings, name }: Lease, core: Core): readonly ts.Node[] {
  const symbol = name === undefined ? undefined : core.checker.getSymbolAtLocation(name);
  const named = symbol === undefined ? [] : referencesInFileOf(symbol, core).filter((each) => each !== name);
  const done = happenings.map(({ node }) => node);
  return [...named, ...done].filter(
    (node) => node !== acquisition.call && node.pos >= fn.pos && node.end <= fn.end && node !== fn,
  );
}

/** `let client;` above the statement that acquires, and that statement itself. */
function isDeclaredBefore(node: ts.Node, acquire: ts.Statement | undefined): boolean {
  if (acquire !== undefined && node.pos >= acquire.pos && node.end <= acquire.end) return true;
  return ts.isVariableDeclaration(node.parent) && node.parent.name === node && node.parent.initializer === undefined;
}

function placeOfAcquisition({ acquire, acquisition, fn, name }: Lease): Place | undefined {
  const isGiven = name !== undefined && ts.isParameter(name.parent);
  if (isGiven) {
    const body = ts.isFunctionLike(fn) && 'body' in fn ? (fn.body as ts.Node | undefined) : undefined;
    // A callback that gets an error first has no object then.
    const isFirst = ts.isFunctionLike(fn) && fn.parameters[0] === name.parent;
    return body !== undefined && ts.isBlock(body) && isFirst
      ? { list: body.statements, acquire: undefined, from: 0 }
      : undefined;
  }
  // The object is there from the `await` on, which may be that of a variable that keeps the promise.
  const handOut = ts.isAwaitExpression(acquire.node)
    ? bare(acquire.node.expression)
    : (handOutOf(acquisition) ?? acquisition.call);
  const statement = statementOf(handOut);
  if (statement === undefined || !isPlain(statement, handOut)) return undefined;
  const { parent } = statement;
  if (!ts.isBlock(parent) && !ts.isSourceFile(parent) && !ts.isModuleBlock(parent)) return undefined;
  return { list: parent.statements, acquire: statement, from: parent.statements.indexOf(statement) + 1 };
}

/** The statement around an expression, within its function. */
export function statementOf(node: ts.Node): ts.Statement | undefined {
  for (let at: ts.Node = node; !isFunctionNode(at); at = at.parent) if (ts.isStatement(at)) return at;
  return undefined;
}

/** One variable, one assignment or the call alone. */
function isPlain(statement: ts.Statement, call: ts.Node): boolean {
  if (ts.isVariableStatement(statement)) {
    const [declaration, ...others] = statement.declarationList.declarations;
    if (declaration?.initializer === undefined || others.length > 0) return false;
    return isBehindAwait(declaration.initializer, call);
  }
  if (!ts.isExpressionStatement(statement)) return false;
  const expression = bare(statement.expression);
  if (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    return ts.isIdentifier(bare(expression.left)) && isBehindAwait(expression.right, call);
  }
  return isBehindAwait(expression, call);
}

function isBehindAwait(value: ts.Expression, call: ts.Node): boolean {
  const inner = bare(value);
  return inner === call || (ts.isAwaitExpression(inner) && bare(inner.expression) === call);
}

/** A statement that gives the object back and does nothing else. */
export interface Release {
  readonly statement: ts.Statement;
  /** As it goes into a `finally`: `await runner.release()`. */
  readonly text: string;
  readonly call: ts.CallExpression;
}

/**
 * The statements that give a lease back, if they all do the same and nothing else; `undefined` where one is a part of something
 * larger, or depends on success.
 */
export function releasesOf({ fn, graph, happenings }: Lease, core: Core): readonly Release[] | undefined {
  const found: Release[] = [];
  const givesBack = new Set(happenings.flatMap(({ is, node }) => (is === 'release' ? [node] : [])));
  for (const happening of happenings) {
    if (happening.is === 'hand-on' && givesBack.has(happening.node)) continue;
    if (happening.is === 'destroy' || happening.is === 'hand-on' || happening.is === 'part') return undefined;
    if (happening.is !== 'release' || found.some(({ call }) => call === happening.node)) continue;
    const release = releaseOf(happening, fn, core);
    if (release === undefined || graph.stepsOf(happening.node).length === 0) return undefined;
    found.push(release);
  }
  const [first] = found;
  if (found.some(({ statement }) => isAlone(statement))) return undefined;
  return found.every(({ text }) => sameText(text, first?.text)) ? found : undefined;
}

/** The only statement of a branch, or of a handler: the release depends on how it went. */
function isAlone({ parent }: ts.Statement): boolean {
  if (ts.isSourceFile(parent) || ts.isFunctionLike(parent.parent)) return false;
  if (!ts.isBlock(parent)) return !ts.isCaseOrDefaultClause(parent);
  const isFinally = ts.isTryStatement(parent.parent) && parent.parent.finallyBlock === parent;
  return parent.statements.length === 1 && !isFinally;
}

function sameText(left: string, right: string | undefined): boolean {
  return left.replace('?.', '.') === right?.replace('?.', '.');
}

function releaseOf({ isCertain, node }: Happening, fn: FunctionNode, core: Core): Release | undefined {
  if (!isCertain || !ts.isCallExpression(node) || enclosingFunctionOf(node) !== fn) return undefined;
  // A commit belongs to success, a rollback to failure: neither goes into a `finally`.
  if (core.api.plays(node, 'commits') !== undefined || core.api.plays(node, 'rolls-back') !== undefined)
    return undefined;
  const isPromise = isThenable(node, core);
  if (isPromise && !isAsync(fn)) return undefined;
  let outer: ts.Node = wrapped(node);
  // `release().catch(…)` belongs to it.
  while (
    ts.isPropertyAccessExpression(outer.parent) &&
    outer.parent.expression === outer &&
    ts.isCallExpression(outer.parent.parent) &&
    outer.parent.parent.expression === outer.parent
  ) {
    outer = wrapped(outer.parent.parent);
  }
  const text = outer.getText();
  if (ts.isAwaitExpression(outer.parent) || ts.isVoidExpression(outer.parent)) outer = wrapped(outer.parent);
  const statement = outer.parent;
  if (!ts.isExpressionStatement(statement)) return undefined;
  return { statement: guardAround(statement) ?? statement, text: isPromise ? `await ${text}` : text, call: node };
}

/** `if (client) client.release();`: the test goes with it. */
function guardAround(statement: ts.Statement): ts.IfStatement | undefined {
  const block = ts.isBlock(statement.parent) && statement.parent.statements.length === 1 ? statement.parent : statement;
  const test = block.parent;
  if (!ts.isIfStatement(test) || test.elseStatement !== undefined || test.thenStatement !== block) return undefined;
  const name = bare(test.expression);
  return ts.isIdentifier(name) && statement.getText().replace('await ', '').startsWith(`${name.text}.`)
    ? test
    : undefined;
}

export function isThenable(node: ts.Expression, core: Core): boolean {
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(node));
  return core.checker.getPropertyOfType(type, 'then') !== undefined;
}

/** May a statement fail, as far as we can see? */
export function mayFail(statement: ts.Node, { graph }: Lease, core: Core): boolean {
  return graph.steps.some(
    (step) =>
      step.node.pos >= statement.pos &&
      step.node.end <= statement.end &&
      (step.kind === 'throw' || (step.next.some(({ way }) => way === 'throw') && !isSound(failureAt(step, core)))),
  );
}

/** Does code wait for something, closures left out? */
export function waits(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return true;
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
  if (ts.isVariableDeclarationList(node) && isUsing(node)) return true;
  return ts.forEachChild(node, (child) => waits(child) || undefined) ?? false;
}

/** Does a statement give or drop a promise of work that goes on after it? */
export function startsWork(statement: ts.Statement, core: Core): boolean {
  const value =
    ts.isReturnStatement(statement) || ts.isExpressionStatement(statement) ? statement.expression : undefined;
  return value !== undefined && isThenable(value, core);
}

export function isUsing(list: ts.VariableDeclarationList): boolean {
  return (
    (list.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using ||
    (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  );
}

/** Does nothing of length come after a statement before the region is left: could the release as well come at its end? */
export function isLastInRegion(statement: ts.Statement, { list, to }: Region, core: Core): boolean {
  for (let at: ts.Node = statement; ; at = at.parent) {
    const { parent } = at;
    if (isFunctionNode(parent) && !ts.isSourceFile(parent)) return true;
    const { statements: siblings } = parent as Partial<ts.Block>;
    if (siblings !== undefined && ts.isStatement(at)) {
      const isTop = siblings === list;
      const end = isTop ? to + 1 : siblings.length;
      for (const next of siblings.slice(siblings.indexOf(at) + 1, end)) {
        if (waits(next) || startsWork(next, core)) return false;
        if (ts.isReturnStatement(next) || ts.isThrowStatement(next)) return true;
        if (ts.isBreakOrContinueStatement(next)) return isTop || !isInLoop(next, list);
      }
      if (isTop) return true;
    }
    if (ts.isIterationStatement(parent, false)) return false;
    if (
      ts.isTryStatement(parent) &&
      parent.finallyBlock !== undefined &&
      parent.finallyBlock !== at &&
      waits(parent.finallyBlock)
    )
      return false;
    if (ts.isSourceFile(parent)) return true;
  }
}

function isInLoop(node: ts.Node, list: readonly ts.Statement[]): boolean {
  for (let at = node.parent; !isFunctionNode(at); at = at.parent) {
    if (list.includes(at as ts.Statement) && !ts.isIterationStatement(at, false)) return false;
    if (ts.isIterationStatement(at, false) || ts.isSwitchStatement(at)) return true;
  }
  return false;
}

/** What gives the object back, where the function itself never does: from its type, its pool, its shape. */
export function releaseTextFor({ acquisition, fn, name }: Lease, core: Core): string | undefined {
  const { checker } = core;
  const { call, holds, pool, shape } = acquisition;
  if (holds === 'result-call' || holds === 'result-element') return name === undefined ? undefined : `${name.text}()`;
  const owner = holds === 'receiver' ? pool : name;
  if (owner === undefined) return undefined;
  const type = checker.getTypeAtLocation(owner);
  const role = holds === 'receiver' ? 'unlocks' : 'releases';
  const prefix = (signature: ts.Signature | undefined): string | undefined => {
    const isPromise =
      signature !== undefined && checker.getPropertyOfType(signature.getReturnType(), 'then') !== undefined;
    if (!isPromise) return '';
    return isAsync(fn) ? 'await ' : undefined;
  };
  const written = (on: ts.Type, text: string, member: string, given: string): string | undefined => {
    const property = checker.getPropertyOfType(on, member);
    const start = property === undefined ? undefined : prefix(checker.getTypeOfSymbol(property).getCallSignatures()[0]);
    return start === undefined ? undefined : `${start}${text}.${member}(${given})`;
  };
  const [own] = shape?.ends ?? [];
  if (own !== undefined) return written(type, owner.getText(), own, '');
  const [back] = shape?.takesBack ?? [];
  if (back !== undefined && pool !== undefined && name !== undefined) {
    return written(checker.getTypeAtLocation(pool), pool.getText(), back, name.text);
  }
  for (const { name: member } of checker.getPropertiesOfType(type)) {
    const row = core.api.memberIn(type, member);
    if (row === undefined || !hasRole(row, role) || (row.resource ?? 'receiver') !== 'receiver') continue;
    if (hasRole(row, 'commits') || hasRole(row, 'rolls-back')) continue;
    return written(type, owner.getText(), member, '');
  }
  if (pool === undefined || name === undefined || ts.isNewExpression(call)) return undefined;
  const poolType = checker.getTypeAtLocation(pool);
  for (const { name: member } of checker.getPropertiesOfType(poolType)) {
    const row = core.api.memberIn(poolType, member);
    if (row === undefined || !hasRole(row, 'releases') || row.resource !== 'argument') continue;
    return written(poolType, pool.getText(), member, name.text);
  }
  return undefined;
}
