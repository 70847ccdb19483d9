import ts from 'typescript';
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
  wrapped,
} from '../../analysis/index.ts';
import { appendCatch, type Bodied, type PromiseShape, tryAround } from '../../report/catching.ts';
import { type Edit, freeName, hasDirectiveAbove } from '../../report/edits.ts';
import { isTypeScript, type OnError, onError } from '../../report/on-error.ts';
import { functionName, quoted } from '../../report/wording.ts';
import { eachWaitedFor } from './for-each.ts';

type Title = 'await' | 'catch' | 'inTurn' | 'inside' | 'insideNamed' | 'next' | 'reject' | 'together';

/** A repair of this rule. */
export interface CatchRepair {
  readonly title: Title;
  readonly automatic: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
}

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
  if (hasDirectiveAbove(statementOf(task.work))) return [];
  const how = handlerFor(task, core, given);
  const found = task.isCallback ? ofCallback(task, core, how) : ofPromise(task, core, how);
  return found.filter(({ edits, title }) => edits.length > 0 && (only === undefined || only.includes(title)));
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

function isVisible(name: string, at: ts.Node, core: Core): boolean {
  return core.checker.getSymbolsInScope(at, ts.SymbolFlags.Value).some((symbol) => symbol.name === name);
}

/** How a log line calls the work. */
function nameOfWork({ call, functions, isCallback, work }: BackgroundTask): string {
  if (isCallback) {
    const [fn] = functions;
    const own = fn === undefined ? 'callback' : functionName(fn);
    return own !== 'callback' || call === undefined ? own : quoted(call.expression);
  }
  let node = bare(work);
  while (ts.isCallExpression(node)) node = bare(node.expression);
  return ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)
    ? quoted(node).replace(/[`'"\\]/g, '')
    : 'background task';
}

// ---------------------------------------------------------------- promises

function ofPromise(task: BackgroundTask, core: Core, how: OnError): readonly CatchRepair[] {
  const { by, work } = task;
  const type = core.checker.getTypeAtLocation(work);
  const shape = shapeOf(type, core);
  const caught: CatchRepair = {
    title: 'catch',
    automatic: by === 'void',
    edits: shape === undefined ? [] : appendCatch(work, how.handler, shape),
  };
  return [...waitFor(task, shape?.isArray === true), caught];
}

function shapeOf(type: ts.Type, core: Core): PromiseShape | undefined {
  const { checker } = core;
  const real = checker.getNonNullableType(type);
  if (checker.isArrayType(real)) return { isNullable: false, hasCatch: true, isArray: true };
  if (!isThenable(real, checker)) return undefined;
  return {
    isNullable: real !== type,
    hasCatch: checker.getPropertyOfType(real, 'catch') !== undefined,
    isArray: false,
  };
}

function waitFor({ by, launch, work }: BackgroundTask, isArray: boolean): readonly CatchRepair[] {
  const around = enclosingFunctionOf(work);
  if (!isAsync(around) || isGenerator(around) || by === 'helper' || !mayWaitAt(work, around)) return [];
  const outer = wrapped(work);
  const statement = outer.parent;
  const from = ts.isVoidExpression(statement) ? statement : outer;
  // Where `void` was meant for a part of a larger expression, the author decides what goes.
  if (by === 'void' && !ts.isVoidExpression(statement)) return [];
  const start = from.getStart();
  const text = isArray ? 'await Promise.all(' : 'await ';
  const edits: Edit[] = [{ range: [start, outer.getStart()], text }];
  if (isArray) edits.push({ range: [outer.getEnd(), outer.getEnd()], text: ')' });
  return [{ title: isArray ? 'together' : 'await', automatic: false, edits: ts.isArrowFunction(launch) ? [] : edits }];
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
  if (by === 'executor') return rejecting(work, how);
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
  const edits = results.map((result) => {
    const shape = shapeOf(core.checker.getTypeAtLocation(result), core);
    return shape === undefined || shape.isArray ? undefined : appendCatch(result, how.handler, shape);
  });
  return edits.some((each) => each === undefined) ? undefined : edits.flatMap((each) => each ?? []);
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
  if (by === 'executor' || by === 'handler') return inside;
  const { checker } = core;
  const given = freeName('given', work.getSourceFile());
  const result = checker.getTypeAtLocation(work).getCallSignatures()[0]?.getReturnType();
  const shape = result === undefined ? undefined : shapeOf(result, core);
  if (shape === undefined || shape.isArray) return inside;
  const link = `${shape.isNullable ? '?.' : '.'}${shape.hasCatch ? 'catch(' : 'then(undefined, '}${how.handler})`;
  const hasParameters = checker.getTypeAtLocation(work).getCallSignatures()[0]?.parameters.length !== 0;
  const list = hasParameters ? `...${given}` : '';
  const text = `(${list}) => ${work.getText()}(${list})${link}`;
  return [...inside, { title: 'catch', automatic: false, edits: [{ range: [work.getStart(), work.getEnd()], text }] }];
}

/** `new Promise(async (resolve, reject) => …)`: the error rejects the promise. */
function rejecting(fn: Literal, how: OnError): readonly CatchRepair[] {
  const [resolve, reject] = fn.parameters;
  if (resolve === undefined || !ts.isIdentifier(resolve.name)) return [];
  if (reject !== undefined && !ts.isIdentifier(reject.name)) return [];
  const name = reject === undefined ? freeName('reject', fn.getSourceFile()) : reject.name.getText();
  const around = tryAround(
    fn,
    { ...how, statement: how.statement.replace(/^.*?(;?)$/s, `${name}(error)$1`) },
    !ts.isBlock(fn.body),
  );
  if (around === undefined) return [];
  const added = reject === undefined ? parameterAfter(fn, resolve, name) : [];
  return added === undefined ? [] : [{ title: 'reject', automatic: true, edits: [...added, ...around] }];
}

/** `(req, res) => …` → `(req, res, next) => …` with the body in a `try` whose `catch` calls `next`. */
function forwarding(fn: Literal, core: Core): CatchRepair | undefined {
  const expected = core.checker.getContextualType(fn);
  const signature =
    expected?.getCallSignatures().find(({ parameters }) => parameters.length > 2) ?? signatureOf(expected);
  const place =
    signature?.parameters.findIndex((parameter) => isForwarder(core.checker.getTypeOfSymbol(parameter), core)) ?? -1;
  if (place < 0 || !isAsync(fn) || fn.parameters.length < place) return undefined;
  const own = fn.parameters[place];
  if (own !== undefined && !ts.isIdentifier(own.name)) return undefined;
  const last = fn.parameters.at(-1);
  const name = own === undefined ? freeName('next', fn.getSourceFile()) : own.name.getText();
  const added = own !== undefined || last === undefined ? [] : parameterAfter(fn, last, name);
  const end = /;\s*$/m.test(fn.getSourceFile().text) ? ';' : '';
  const parameter = isTypeScript(fn.getSourceFile()) ? 'error: unknown' : 'error';
  const awaited = !ts.isBlock(fn.body) && isThenable(core.checker.getTypeAtLocation(fn.body), core.checker);
  const around = tryAround(fn, { handler: name, parameter, statement: `${name}(error)${end}` }, awaited);
  if (around === undefined || added === undefined) return undefined;
  return { title: 'next', automatic: true, data: { name }, edits: [...added, ...around] };
}

function signatureOf(type: ts.Type | undefined): ts.Signature | undefined {
  if (type === undefined) return undefined;
  const parts = type.isUnion() ? type.types : [type];
  return parts.flatMap((part) => part.getCallSignatures()).find(({ parameters }) => parameters.length > 2);
}

/** What hands a request on: a function that ends with the request and takes an error. */
function isForwarder(type: ts.Type, core: Core): boolean {
  const real = core.checker.getNonNullableType(type);
  return core.api.isA(real, 'request-scope') !== undefined && real.getCallSignatures().length > 0;
}

/** One more parameter; a single one without parentheses gets them. */
function parameterAfter(fn: Literal, last: ts.ParameterDeclaration, name: string): readonly Edit[] | undefined {
  const text = fn.getSourceFile().text.slice(fn.getStart(), fn.body.getStart());
  const hasParentheses = /^\s*(?:async\s*)?(?:function\b[^(]*)?(?:<[^(]*>)?\(/.test(text);
  const end = last.getEnd();
  if (hasParentheses) return [{ range: [end, end], text: `, ${name}` }];
  return [
    { range: [last.getStart(), last.getStart()], text: '(' },
    { range: [end, end], text: `, ${name})` },
  ];
}
