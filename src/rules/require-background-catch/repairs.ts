import * as ts from 'typescript';
import {
  type BackgroundTask,
  bare,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  isAsync,
  isGenerator,
  isThenable,
  loggerInScope,
  type PromiseShape,
  promiseShapeOf,
  referencesInFileOf,
  symbolAt,
  wrapped,
} from '../../analysis/index.ts';
import { appendCatch, type Bodied, tryAround } from '../../report/catching.ts';
import { type Edit, freeName, hasDirectiveAbove } from '../../report/edits.ts';
import { isTypeScript, type OnError, onError } from '../../report/on-error.ts';
import { functionName, quoted } from '../../report/wording.ts';
import { eachWaitedFor } from './for-each.ts';
import { eventOf, unboundHandlerOf } from './wording.ts';
import type { CatchRepair, Title } from './repair.ts';

/**
 * What can be done about a task that fails unheard. Automatic where the intent to detach is plain (`void`, timers, listeners, handlers,
 * executors); for a bare call the author chooses between waiting and handling.
 *
 * @param given the user's handler
 * @param only the titles wanted; all by default
 */
export function repairsOf(
  task: BackgroundTask,
  core: Core,
  given: string,
  only?: readonly Title[],
): readonly CatchRepair[] {
  const statement = statementOf(task.work);
  const isDirected = hasDirectiveAbove(statement);
  const how = handlerFor(task, core, given);
  const found = task.isCallback ? ofCallback(task, core, how) : ofPromise(task, core, how);
  return found.filter(({ edits, title }) => {
    if (edits.length === 0 || (only !== undefined && !only.includes(title))) return false;
    return !isDirected || !edits.some((edit) => movesFirstLine(edit, statement));
  });
}

/** Would an edit take something off the first line of a statement, which a directive above it speaks of? */
function movesFirstLine({ range: [start, end], text }: Edit, statement: ts.Node): boolean {
  const file = statement.getSourceFile();
  const found = file.text.indexOf('\n', statement.getStart());
  const lineEnd = found < 0 ? file.text.length : found;
  return text.includes('\n') && file.text.slice(start, Math.min(end, lineEnd)).trim() !== '';
}

function statementOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isStatement(at) && !ts.isSourceFile(at.parent)) at = at.parent;
  return at;
}

function handlerFor(task: BackgroundTask, core: Core, given: string): OnError {
  const at =
    task.isCallback && task.functions[0]?.getSourceFile() === task.work.getSourceFile()
      ? (bodyOf(task) ?? task.work)
      : task.work;
  const file = task.work.getSourceFile();
  const root = /^[\w$]+/.exec(given)?.[0];
  const isKnown = root !== undefined && (!/^[\w$.]+$/.test(given) || isVisible(root, at, core));
  const isOfRequest = (type: ts.Type): boolean => core.api.isA(type, 'request-scope') !== undefined;
  return onError(
    file,
    isKnown || root === undefined ? given : undefined,
    loggerInScope(at, core, isOfRequest),
    nameOfWork(task),
  );
}

function bodyOf({ work }: BackgroundTask): ts.Node | undefined {
  return ts.isArrowFunction(work) || ts.isFunctionExpression(work) ? work.body : undefined;
}

function isVisible(name: string, at: ts.Node, { checker }: Core): boolean {
  const symbol = checker
    .getSymbolsInScope(at, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
    .find((each) => each.name === name);
  if (symbol === undefined) return false;
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) return true;
  const isType = symbol.declarations?.some((each) => ts.isTypeOnlyImportOrExportDeclaration(each)) === true;
  return !isType && (checker.getAliasedSymbol(symbol).flags & ts.SymbolFlags.Value) !== 0;
}

/** How a log line calls the work. */
function nameOfWork(task: BackgroundTask): string {
  const { by, call, functions, isCallback, target, work } = task;
  if (!isCallback) {
    let node = bare(work);
    while (ts.isCallExpression(node)) node = bare(node.expression);
    return isName(node) ? plain(node) : 'background task';
  }
  const own = functions[0] === undefined ? 'callback' : functionName(functions[0]);
  if (!isLiteral(work) && isName(work)) return plain(work);
  if (own !== 'callback' && target === undefined) return own.replace(QUOTES, '');
  const event = eventOf(task);
  if (event !== undefined) return `listener of ${event.replace(QUOTES, '')}`;
  if (target !== undefined) return plain(target);
  return call === undefined ? own : `${by === 'handler' ? 'handler' : 'callback'} of ${plain(call.expression)}`;
}

const QUOTES = /[`'"\\]/g;

function plain(node: ts.Node): string {
  return quoted(node).replace(QUOTES, '');
}

function isName(node: ts.Node): boolean {
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node);
}

// ---------------------------------------------------------------- promises

function ofPromise(task: BackgroundTask, core: Core, how: OnError): readonly CatchRepair[] {
  const { by, work } = task;
  const unbound = unboundHandlerOf(work, core);
  if (unbound !== undefined) {
    const text = `(error) => ${unbound.getText()}(error)`;
    return [{ title: 'bound', automatic: true, edits: [{ range: [unbound.getStart(), unbound.getEnd()], text }] }];
  }
  const type = core.checker.getTypeAtLocation(work);
  const shape = promiseShapeOf(type, core.checker);
  const caught: CatchRepair = {
    title: 'catch',
    automatic: by === 'void',
    edits: shape === undefined ? [] : appendCatch(voidedOf(task, core) ?? work, how.handler, shape),
  };
  return [...waitFor(task, shape), caught];
}

/** `job` of `void job;`, where other uses of the variable want the promise as it is. */
function voidedOf({ launch }: BackgroundTask, core: Core): ts.Expression | undefined {
  const dropped = ts.isExpressionStatement(launch) ? bare(launch.expression) : launch;
  const node = ts.isVoidExpression(dropped) ? bare(dropped.expression) : undefined;
  if (node === undefined || !ts.isIdentifier(node)) return undefined;
  const symbol = symbolAt(node, core.checker);
  return symbol !== undefined && referencesInFileOf(symbol, core).length > 1 ? node : undefined;
}

function waitFor({ by, launch, work }: BackgroundTask, shape: PromiseShape | undefined): readonly CatchRepair[] {
  const around = enclosingFunctionOf(work);
  if (!isAsync(around) || isGenerator(around) || by === 'helper' || !mayWaitAt(work, around)) return [];
  const outer = wrapped(work);
  const statement = outer.parent;
  const from = ts.isVoidExpression(statement) ? statement : outer;
  // Where `void` was meant for a part of a larger expression, the author decides what goes.
  if (by === 'void' && (!ts.isVoidExpression(statement) || !ts.isExpressionStatement(launch))) return [];
  const start = from.getStart();
  const isArray = shape?.isArray === true;
  const text = isArray ? 'await Promise.all(' : 'await ';
  const edits: Edit[] = [{ range: [start, outer.getStart()], text }];
  if (isArray) edits.push({ range: [outer.getEnd(), outer.getEnd()], text: shape.isNullable ? ' ?? [])' : ')' });
  return [{ title: isArray ? 'together' : 'await', automatic: false, edits }];
}

/** Parameter defaults and the like cannot wait. */
function mayWaitAt(node: ts.Node, fn: FunctionNode): boolean {
  return (
    ts.isFunctionLike(fn) && 'body' in fn && fn.body !== undefined && fn.body.pos <= node.pos && node.end <= fn.body.end
  );
}

// ---------------------------------------------------------------- callbacks

function ofCallback(task: BackgroundTask, core: Core, how: OnError): readonly CatchRepair[] {
  const { by, work } = task;
  const automatic = by !== 'iteration' && by !== 'helper';
  if (!isLiteral(work)) return ofReference(task, core, how);
  if (by === 'executor') return rejecting(work, core, how);
  const forwarded = by === 'handler' ? forwarding(work, core) : undefined;
  if (forwarded !== undefined) return [forwarded];
  const inside: CatchRepair = { title: 'inside', automatic, edits: caughtInside(work, core, how) ?? [] };
  return by === 'iteration' ? [...eachWaitedFor(task, core), inside] : [inside];
}

type Literal = ts.ArrowFunction | ts.FunctionExpression;

function isLiteral(node: ts.Node): node is Literal {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

function caughtInside(fn: Bodied, core: Core, how: OnError): readonly Edit[] | undefined {
  const { body } = fn;
  if (body === undefined) return undefined;
  if (isAsync(fn)) {
    const awaited = !ts.isBlock(body) && isThenable(core.checker.getTypeAtLocation(body), core.checker);
    return tryAround(fn, how, awaited);
  }
  // Not async: the promises that it returns get the handler.
  const results = ts.isBlock(body) ? returnsOf(body) : [body];
  return results.flatMap((result) => {
    const shape = promiseShapeOf(core.checker.getTypeAtLocation(result), core.checker);
    return shape === undefined || shape.isArray ? [] : appendCatch(result, how.handler, shape);
  });
}

function returnsOf(body: ts.Block): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) found.push(node.expression);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

/** A function that is named: catch in its body where that is near, or between it and whoever calls it. */
function ofReference({ by, functions, work }: BackgroundTask, core: Core, how: OnError): readonly CatchRepair[] {
  const [fn, other] = functions;
  const isHere = fn !== undefined && other === undefined && fn.getSourceFile() === work.getSourceFile();
  const isBodied =
    isHere && (isLiteral(fn) || ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn)) && isAsync(fn);
  const inside: CatchRepair[] = isBodied
    ? [
        {
          title: 'insideNamed',
          automatic: false,
          data: { name: functionName(fn) },
          edits: caughtInside(fn, core, how) ?? [],
        },
      ]
    : [];
  if (by === 'executor') return inside;
  const forwarded = by === 'handler' ? forwardingAround(work, core) : undefined;
  if (forwarded !== undefined) return [forwarded];
  const text = caughtAround(work, core, how);
  if (text === undefined) return inside;
  return [...inside, { title: 'catch', automatic: false, edits: [{ range: [work.getStart(), work.getEnd()], text }] }];
}

/** `bus.on('paid', onPaid)` → `bus.on('paid', (order) => onPaid(order).catch(…))`. */
function caughtAround(work: ts.Expression, core: Core, { handler }: OnError): string | undefined {
  const { checker } = core;
  const signature = checker.getTypeAtLocation(work).getCallSignatures()[0];
  const shape = signature === undefined ? undefined : promiseShapeOf(signature.getReturnType(), core.checker);
  if (signature === undefined || shape === undefined || shape.isArray) return undefined;
  const link = `${shape.isNullable ? '?.' : '.'}${shape.hasCatch ? 'catch(' : 'then(undefined, '}${handler})`;
  const expected = checker.getContextualType(work)?.getCallSignatures()[0]?.parameters;
  if (expected === undefined && signature.parameters.length > 0 && isTypeScript(work.getSourceFile())) {
    const given = freeName('given', work.getSourceFile());
    if (!isName(work)) return undefined;
    return `(...${given}: Parameters<typeof ${work.getText()}>) => ${work.getText()}(...${given})${link}`;
  }
  const hasRest = expected?.some((parameter) => isRest(parameter)) === true;
  const own = hasRest || expected === undefined ? signature.parameters : signature.parameters.slice(0, expected.length);
  const list = own.map((parameter) => `${isRest(parameter) ? '...' : ''}${nameOf(parameter, work)}`).join(', ');
  return `(${list}) => ${unwrappedBind(work).getText()}(${list})${link}`;
}

function isRest({ valueDeclaration: declaration }: ts.Symbol): boolean {
  return declaration !== undefined && ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
}

/** The name of a parameter, if it is one that what is called does not itself use. */
function nameOf({ name }: ts.Symbol, work: ts.Expression): string {
  const isPlain = /^[A-Za-z_$][\w$]*$/.test(name);
  return isPlain && !new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b(?!\\s*[(])`).test(rootTextOf(work))
    ? name
    : freeName('given', work.getSourceFile());
}

function rootTextOf(work: ts.Expression): string {
  let node = bare(work);
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = bare(node.expression);
  return node.getText();
}

/** `this.onPaid.bind(this)` is `this.onPaid` where it is called on `this`. */
function unwrappedBind(work: ts.Expression): ts.Expression {
  const node = bare(work);
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return node;
  const callee = bare(node.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'bind') return node;
  const bound = bare(callee.expression);
  const isOwn = ts.isPropertyAccessExpression(bound) && bound.expression.getText() === node.arguments[0]?.getText();
  return isOwn ? bound : node;
}

/** `new Promise(async (resolve, reject) => …)`: the error rejects the promise. */
function rejecting(fn: Literal, core: Core, how: OnError): readonly CatchRepair[] {
  const reject = fn.parameters[1];
  if (fn.parameters.some(({ name }) => !ts.isIdentifier(name))) return [];
  const name = reject === undefined ? parameterName('reject', fn) : reject.name.getText();
  const statement = how.statement.replace(/^.*?(;?)$/s, `${name}(error)$1`);
  const edits = caughtInside(fn, core, { handler: name, parameter: how.parameter, statement });
  if (edits === undefined) return [];
  const added = reject === undefined ? parametersAfter(fn, ['_resolve', name].slice(fn.parameters.length)) : [];
  return [{ title: 'reject', automatic: true, edits: [...added, ...edits] }];
}

/** `(req, res) => …` → `(req, res, next) => …` with the body in a `try` whose `catch` calls `next`. */
function forwarding(fn: Literal, core: Core): CatchRepair | undefined {
  const own = fn.parameters.find(({ name }) => isForwarder(core.checker.getTypeAtLocation(name), core));
  if (own !== undefined && !ts.isIdentifier(own.name)) return undefined;
  const wanted = own === undefined ? forwardedBy(fn, core) : undefined;
  if (own === undefined && (wanted === undefined || fn.parameters.length >= wanted.length)) return undefined;
  const file = fn.getSourceFile();
  const name = own?.name.getText() ?? parameterName(wanted?.at(-1) ?? 'next', fn);
  const missing = wanted?.slice(fn.parameters.length, -1).map((each) => `_${each}`) ?? [];
  const added = own === undefined ? parametersAfter(fn, [...missing, name]) : [];
  const statement = `${name}(error)${/;\s*$/m.test(file.text) ? ';' : ''}`;
  const parameter = isTypeScript(file) ? 'error: unknown' : 'error';
  const edits = caughtInside(fn, core, { handler: name, parameter, statement });
  if (edits === undefined || edits.length === 0) return undefined;
  return { title: 'next', automatic: true, data: { name }, edits: [...added, ...edits] };
}

/** `app.get(path, show)` → `app.get(path, (req, res, next) => { show(req, res).catch(next); })`. */
function forwardingAround(work: ts.Expression, core: Core): CatchRepair | undefined {
  const names = forwardedBy(work, core);
  const own = core.checker.getTypeAtLocation(work).getCallSignatures()[0];
  const name = names?.at(-1);
  const shape = own === undefined ? undefined : promiseShapeOf(own.getReturnType(), core.checker);
  if (names === undefined || name === undefined || own === undefined || own.parameters.length > names.length)
    return undefined;
  if (shape?.hasCatch !== true || shape.isArray || names.includes(rootTextOf(work))) return undefined;
  const given = names.slice(0, own.parameters.length).join(', ');
  const end = /;\s*$/m.test(work.getSourceFile().text) ? ';' : '';
  const call = `${unwrappedBind(work).getText()}(${given})${shape.isNullable ? '?.' : '.'}catch(${name})`;
  const text = `(${names.join(', ')}) => { ${call}${end} }`;
  return {
    title: 'next',
    automatic: false,
    data: { name },
    edits: [{ range: [work.getStart(), work.getEnd()], text }],
  };
}

/** The names of the parameters that a handler gets, up to the one that hands an error on. */
function forwardedBy(work: ts.Expression, core: Core): readonly string[] | undefined {
  const expected = core.checker.getContextualType(work);
  const parts = expected === undefined ? [] : expected.isUnion() ? expected.types : [expected];
  for (const { parameters } of parts.flatMap((part) => part.getCallSignatures())) {
    const place = parameters.findIndex((parameter) => isForwarder(core.checker.getTypeOfSymbol(parameter), core));
    if (place >= 0) return parameters.slice(0, place + 1).map(({ name }) => name);
  }
  return undefined;
}

/** What hands a request on: a function that ends with the request and takes an error. */
function isForwarder(type: ts.Type, core: Core): boolean {
  const real = core.checker.getNonNullableType(type);
  return core.api.isA(real, 'request-scope') !== undefined && real.getCallSignatures().length > 0;
}

/** A name for one more parameter, which the function itself does not use for something else. */
function parameterName(wish: string, fn: Literal): string {
  return new RegExp(`\\b${wish}\\b`).test(fn.getText()) ? freeName(wish, fn.getSourceFile()) : wish;
}

/** More parameters; a single one without parentheses gets them. */
function parametersAfter(fn: Literal, names: readonly string[]): readonly Edit[] {
  const last = fn.parameters.at(-1);
  const text = names.join(', ');
  if (last === undefined) return [{ range: [fn.parameters.pos, fn.parameters.pos], text }];
  const end = last.getEnd();
  const head = fn.getSourceFile().text.slice(fn.getStart(), last.getStart());
  if (head.includes('(')) return [{ range: [end, end], text: `, ${text}` }];
  return [
    { range: [last.getStart(), last.getStart()], text: '(' },
    { range: [end, end], text: `, ${text})` },
  ];
}
