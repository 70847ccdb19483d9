import * as ts from 'typescript';
import { bare, type Core, type Drain, isThenable, stageOf, wrapped } from '../../analysis/index.ts';
import { type Edit, ended, endWithComments, indentOf, lineBreakOf } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';

/**
 * Edits by which a function waits for what a call of it starts: its promise, or the callback by which it tells its end.
 * `undefined` where the call is no statement of its own.
 *
 * @param call a drain, or a call of a function of the project that gives the promise of one
 * @param drain the drain, if the call is one
 * @param mayReject may the promise that is written reject? Otherwise the end of the drain is all it tells.
 */
export function waitedFor(
  call: ts.CallExpression,
  drain: Drain | undefined,
  core: Core,
  mayReject: boolean,
): readonly Edit[] | undefined {
  const start = call.getStart();
  const isPromise = isThenable(core.checker.getTypeAtLocation(call), core.checker);
  if (!isPromise) return drain?.ends === 'callback' ? inPromise(drain, core, mayReject) : undefined;
  const whole = chainOf(call);
  const outer = wrapped(whole);
  const { parent } = outer;
  if (ts.isExpressionStatement(parent)) return [{ range: [outer.getStart(), outer.getStart()], text: 'await ' }];
  if (ts.isVoidExpression(parent) && ts.isExpressionStatement(wrapped(parent).parent))
    return [{ range: [parent.getStart(), outer.getStart()], text: 'await ' }];
  const isCondition =
    ts.isBinaryExpression(parent) && parent.right === outer && ts.isExpressionStatement(wrapped(parent).parent);
  if (isCondition) return [{ range: [start, start], text: 'await ' }];
  if (ts.isArrowFunction(parent) && parent.body === outer)
    return isListener(parent, core) ? [{ range: [start, start], text: 'await ' }] : eachWaitedFor(parent, core);
  const isVoidBody = ts.isVoidExpression(parent) && ts.isArrowFunction(wrapped(parent).parent);
  return isVoidBody && isListener(wrapped(parent).parent, core)
    ? [{ range: [parent.getStart(), outer.getStart()], text: 'await ' }]
    : undefined;
}

/** Is it given to what runs it at shutdown? */
function isListener(fn: ts.Node, core: Core): boolean {
  const call = wrapped(fn).parent;
  return ts.isCallExpression(call) && core.api.plays(call, 'registers-shutdown') !== undefined;
}

/** The whole chain that begins with a call: `jobs.close().catch(log)`. */
function chainOf(call: ts.CallExpression): ts.CallExpression {
  const outer = wrapped(call);
  const access = outer.parent;
  if (!ts.isPropertyAccessExpression(access) || access.expression !== outer) return call;
  const next = wrapped(access).parent;
  return ts.isCallExpression(next) && next.expression === wrapped(access) ? chainOf(next) : call;
}

/** `workers.forEach((worker) => worker.close());` → `await Promise.allSettled(workers.map((worker) => worker.close()));` */
function eachWaitedFor(callback: ts.ArrowFunction, core: Core): readonly Edit[] | undefined {
  const loop = wrapped(callback).parent;
  if (!ts.isCallExpression(loop) || loop.arguments[0] !== callback || !ts.isExpressionStatement(wrapped(loop).parent))
    return undefined;
  const access = bare(loop.expression);
  if (!ts.isPropertyAccessExpression(access) || access.name.text !== 'forEach' || access.questionDotToken !== undefined)
    return undefined;
  const type = core.checker.getTypeAtLocation(access.expression);
  const isArray = core.checker.isArrayType(type) || core.checker.isTupleType(type);
  if (!isArray && callback.parameters.length > 1) return undefined;
  const isMap = type.getProperty('set') !== undefined;
  const receiver: readonly Edit[] = isArray
    ? [{ range: [loop.getStart(), loop.getStart()], text: 'await Promise.allSettled(' }]
    : [
        { range: [loop.getStart(), loop.getStart()], text: 'await Promise.allSettled([...' },
        { range: [access.expression.getEnd(), access.expression.getEnd()], text: isMap ? '.values()]' : ']' },
      ];
  return [
    ...receiver,
    { range: [access.name.getStart(), access.name.getEnd()], text: 'map' },
    { range: [loop.getEnd(), loop.getEnd()], text: ')' },
  ];
}

/** `server.close();` → `await new Promise<void>((resolve, reject) => { server.close((error) => { … }); });` */
function inPromise({ call, member }: Drain, core: Core, mayReject: boolean): readonly Edit[] | undefined {
  const outer = wrapped(call);
  const awaiting = ts.isAwaitExpression(outer.parent) || ts.isVoidExpression(outer.parent) ? outer.parent : outer;
  const statement = wrapped(awaiting).parent;
  const at = member.argument ?? 0;
  const file = call.getSourceFile();
  const receiver = maybeMissing(call);
  const own = at >= 0 ? call.arguments[at] : call.arguments.at(-1);
  if (own !== undefined) return receiver === undefined ? inOwnCallback(call, own, awaiting) : undefined;
  const given = call.arguments.map((each) => each.getText());
  const text = settling(call.expression.getText(), given, mayReject && takesError(call, core), file);
  if (receiver === undefined && isJoined(outer, core))
    return [{ range: [outer.getStart(), outer.getEnd()], text: text.replace(/^await /, '') }];
  if (!ts.isExpressionStatement(statement)) return undefined;
  const edits: Edit[] = [{ range: [awaiting.getStart(), awaiting.getEnd()], text }];
  if (receiver === undefined) return edits;
  const line = lineBreakOf(file);
  const [only] = edits;
  return only === undefined
    ? undefined
    : [{ range: only.range, text: `if (${receiver}) ${text}`.replaceAll('\n', line) }];
}

/** Is it one of the promises, as it was meant, of a join that is waited for: `await Promise.all([server.close(), …])`? */
function isJoined(node: ts.Node, core: Core): boolean {
  const list = node.parent;
  if (!ts.isArrayLiteralExpression(list)) return false;
  // A store must not be closed beside the server that uses it.
  const hasStore = list.elements.some((each) => {
    const call = bare(each);
    const member = each !== node && ts.isCallExpression(call) ? core.api.plays(call, 'drains') : undefined;
    if (member === undefined || !ts.isCallExpression(call)) return false;
    const callee = bare(call.expression);
    const target = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
    return stageOf({ member, target }, core) === 'store';
  });
  if (hasStore) return false;
  const join = wrapped(list).parent;
  return (
    ts.isCallExpression(join) &&
    core.api.plays(join, 'joins') !== undefined &&
    ts.isAwaitExpression(wrapped(join).parent)
  );
}

/** `server.close((error) => { log(error); });` → `await new Promise<void>((resolve) => { server.close((error) => { log(error); resolve(); }); });` */
function inOwnCallback(call: ts.CallExpression, given: ts.Expression, awaiting: ts.Node): readonly Edit[] | undefined {
  const callback = bare(given);
  const statement = wrapped(awaiting).parent;
  if (!ts.isExpressionStatement(statement) || (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)))
    return undefined;
  if (callback.modifiers !== undefined || ts.isParenthesizedExpression(callback.body) || hasReturn(callback.body))
    return undefined;
  const file = call.getSourceFile();
  const resolve = isTypeScript(file) ? 'resolve()' : 'resolve(undefined)';
  const opened = `await new Promise${isTypeScript(file) ? '<void>' : ''}((resolve) => { `;
  const { body } = callback;
  const ends: readonly Edit[] = ts.isBlock(body)
    ? resolvedAtEnd(body, resolve)
    : [
        { range: [body.getStart(), body.getStart()], text: '{ ' },
        { range: [body.getEnd(), body.getEnd()], text: `; ${resolve}; }` },
      ];
  return [
    { range: [awaiting.getStart(), call.getStart()], text: opened },
    ...ends,
    { range: [awaiting.getEnd(), awaiting.getEnd()], text: `${ended('', file)} })` },
  ];
}

function hasReturn(body: ts.Node): boolean {
  const look = (node: ts.Node): boolean =>
    ts.isReturnStatement(node) || (!ts.isFunctionLike(node) && (ts.forEachChild(node, look) ?? false));
  return ts.isBlock(body) && look(body);
}

function resolvedAtEnd(body: ts.Block, resolve: string): readonly Edit[] {
  const file = body.getSourceFile();
  const last = body.statements.at(-1);
  const end = last === undefined ? body.getStart() + 1 : endWithComments(last);
  const isOnLines = last !== undefined && body.getText().includes('\n');
  const text = isOnLines ? `${lineBreakOf(file)}${indentOf(last)}${ended(resolve, file)}` : ` ${resolve};`;
  return [{ range: [end, end], text }];
}

/** The wait for a call that tells its end to a callback. */
export function settling(callee: string, given: readonly string[], hasError: boolean, file: ts.SourceFile): string {
  const type = isTypeScript(file) ? '<void>' : '';
  const done = isTypeScript(file) ? 'resolve()' : 'resolve(undefined)';
  const callback = hasError ? `(error) => (error ? reject(error) : ${done})` : `() => ${done}`;
  const parameters = hasError ? '(resolve, reject)' : '(resolve)';
  const inner = ended(`${callee}(${[...given, callback].join(', ')})`, file);
  return `await new Promise${type}(${parameters} => { ${inner} })`;
}

/** `server` in `server?.close()`: without it the callback would never come. */
function maybeMissing(call: ts.CallExpression): string | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && callee.questionDotToken !== undefined
    ? callee.expression.getText()
    : undefined;
}

/** Does the last callback that the call takes get an error? */
function takesError(call: ts.CallExpression, { checker }: Core): boolean {
  return callbackTakesError(checker.getTypeAtLocation(call.expression), call, checker);
}

export function callbackTakesError(type: ts.Type, at: ts.Node, checker: ts.TypeChecker): boolean {
  return checker
    .getNonNullableType(type)
    .getCallSignatures()
    .some((signature) => {
      const last = signature.parameters.at(-1);
      if (last === undefined) return false;
      const taken = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(last, at));
      return taken.getCallSignatures().some(({ parameters }) => parameters.length > 0);
    });
}
