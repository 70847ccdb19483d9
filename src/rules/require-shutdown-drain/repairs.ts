import * as ts from 'typescript';
import {
  bare,
  type Core,
  type Drain,
  enclosingFunctionOf,
  type FunctionNode,
  isAsync,
  isInside,
  isThenable,
  loggerInScope,
  programIndex,
  type ReachedExit,
  type ShutdownGap,
  type ShutdownPath,
  wrapped,
} from '../../analysis/index.ts';
import { asyncBefore, isPlain, promised } from '../../report/async.ts';
import { grouped } from '../../report/bounded-loop.ts';
import {
  type Edit,
  ended,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  lineBreakOf,
  removeStatement,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { onError } from '../../report/on-error.ts';
import { drainsInScope, statementsOf } from './in-scope.ts';
import { drainedThenExited, type Pattern } from './pattern.ts';
import { callbackTakesError, settling, waitedFor } from './wait-for.ts';

/** A repair of a shutdown path. */
export interface ShutdownRepair {
  readonly title: 'always' | 'await' | 'drain' | 'end' | 'later' | 'signal' | 'together';
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

type Gap<Kind extends ShutdownGap['kind']> = Extract<ShutdownGap, { readonly kind: Kind }>;

/** What makes a shutdown path drain first. */
export function repairsOf(gap: ShutdownGap, milliseconds: number, core: Core): readonly ShutdownRepair[] {
  const found = repairOf(gap, milliseconds, core);
  if (found === undefined || found.edits.length === 0 || hasDirectiveAbove(statementAround(gap.at))) return [];
  return [found];
}

function repairOf(gap: ShutdownGap, milliseconds: number, core: Core): ShutdownRepair | undefined {
  switch (gap.kind) {
    case 'pending':
      return awaited(gap, milliseconds, core);
    case 'work':
      return workAwaited(gap, core);
    case 'serving':
      return drained(gap, milliseconds, core);
    case 'success':
      return always(gap, core);
    case 'cut':
      return later(gap, milliseconds);
    case 'store':
      return storeLast(gap, milliseconds, core);
    case 'hook':
      return inHook(gap, core);
    case 'other':
      return together(gap, milliseconds, core);
    case 'exit':
      return onSignal(gap, milliseconds, core);
    case 'loop':
      return undefined;
    case 'swallowed':
      return ending(gap, milliseconds, core);
  }
}

function statementAround(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isStatement(at) && !ts.isSourceFile(at.parent)) at = at.parent;
  return at;
}

// ---------------------------------------------------------------- what is waited for, then the exit

function awaited(
  { exit, isCertain, path, pending }: Gap<'pending'>,
  milliseconds: number,
  core: Core,
): ShutdownRepair | undefined {
  const edits: Edit[] = [];
  let meeting: Meeting | undefined;
  for (const drain of pending) {
    const next = meetingOf(drain, path, exit);
    if (next === undefined || (meeting !== undefined && next.fn !== meeting.fn)) return undefined;
    meeting = next;
    const waiting = waitedForOnTheWay(drain, next.node, path, core);
    if (waiting === undefined) return undefined;
    if (!edits.some(({ range }) => range[0] === waiting[0]?.range[0])) edits.push(...waiting);
  }
  if (meeting === undefined) return undefined;
  const { fn, node } = meeting;
  const inside = edits.filter(({ range }) => fn.pos <= range[0] && range[1] <= fn.end);
  const outside = edits.filter((edit) => !inside.includes(edit));
  const mayHang = pending.some((drain) => drain.member.mayHang === true && !isCutOff(drain, path));
  const found = written(
    'await',
    isCertain,
    meeting,
    { edits: inside, added: [], deadline: mayHang && !hasDeadline(path) ? milliseconds : undefined, failing: node },
    path,
    core,
  );
  return found === undefined ? undefined : { ...found, edits: [...found.edits, ...outside] };
}

/**
 * Edits by which the call in the function that exits waits for a drain: there, or, where that is waited for already, in the async
 * function of this file that forgets to.
 */
function waitedForOnTheWay(
  drain: Drain,
  node: ts.CallExpression,
  path: ShutdownPath,
  core: Core,
): readonly Edit[] | undefined {
  const start = path.drains.starts.find((each) => each.drain === drain);
  const nodes = [...(start?.through ?? []), drain.call];
  for (const each of nodes.slice(nodes.indexOf(node))) {
    if (!ts.isCallExpression(each) || each.getSourceFile() !== path.file) return undefined;
    if (each !== node && !isAsync(enclosingFunctionOf(each)) && !isArrowInLoop(each)) return undefined;
    const waiting = waitedFor(each, each === drain.call ? drain : undefined, core, true);
    if (waiting !== undefined) return waiting;
    if (!ts.isAwaitExpression(wrapped(each).parent)) return undefined;
  }
  return undefined;
}

function workAwaited({ exit, isCertain, path, work }: Gap<'work'>, core: Core): ShutdownRepair | undefined {
  const fn = enclosingFunctionOf(work);
  const leaving = [...exit.through, exit.exit].find((node) => enclosingFunctionOf(node) === fn);
  const edits = waitedFor(work, undefined, core, true);
  if (leaving === undefined || !isCall(leaving) || edits === undefined) return undefined;
  return written(
    'await',
    isCertain,
    { fn, leaving, leave: leaveText(exit, fn) },
    { edits, added: [], deadline: undefined },
    path,
    core,
  );
}

/** The function in which both the drain, or what leads to it, and the exit, or what leads to it, stand. */
interface Meeting {
  readonly fn: FunctionNode;
  readonly node: ts.CallExpression;
  readonly leaving: ts.CallExpression | ts.NewExpression;
  readonly leave: string;
}

function meetingOf(drain: Drain, path: ShutdownPath, exit: ReachedExit): Meeting | undefined {
  const start = path.drains.starts.find((each) => each.drain === drain);
  if (start === undefined) return undefined;
  const nodes = [...start.through, drain.call];
  for (const leaving of [...exit.through, exit.exit]) {
    const fn = enclosingFunctionOf(leaving);
    const node = nodes.find((each) => enclosingFunctionOf(each) === fn && each !== leaving && !isLoop(each));
    const inner = node ?? nodes.find((each) => each !== leaving && isInside(each, fn) && isArrowInLoop(each));
    if (inner !== undefined && ts.isCallExpression(inner) && isCall(leaving))
      return { fn, node: inner, leaving, leave: leaveText(exit, fn) };
  }
  return undefined;
}

/** `workers.forEach(…)`: the drain itself is looked at. */
function isLoop(node: ts.Node): boolean {
  if (!ts.isCallExpression(node)) return false;
  const callee = bare(node.expression);
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 'forEach';
}

function isArrowInLoop(node: ts.Node): boolean {
  const fn = enclosingFunctionOf(node);
  return ts.isArrowFunction(fn) && isLoop(wrapped(fn).parent);
}

function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

function leaveText({ exit }: ReachedExit, fn: FunctionNode): string {
  return exit.getSourceFile() === fn.getSourceFile() && isCall(exit) ? exit.expression.getText() : 'process.exit';
}

function hasDeadline({ drains }: ShutdownPath): boolean {
  return drains.exits.some(({ isDeadline }) => isDeadline);
}

/**
 * Is it cut off on the path for certain, at once or by a timer that is set before it is begun? An exit at the same moment would skip
 * what comes after it. A cut behind it comes too late: the wait stands before it then.
 */
function isCutOff(drain: Drain, { drains }: ShutdownPath): boolean {
  const { call, target } = drain;
  if (target === undefined) return false;
  const begun = [...(drains.starts.find((each) => each.drain === drain)?.through ?? []), call];
  return drains.cuts.some((cut) => {
    const callee = ts.isCallExpression(cut.call) ? bare(cut.call.expression) : undefined;
    return (
      callee !== undefined &&
      ts.isPropertyAccessExpression(callee) &&
      bare(callee.expression).getText() === bare(target).getText() &&
      begun.some((node) => runsBefore(timerOf(cut.call) ?? cut.call, node))
    );
  });
}

/** `setTimeout(() => server.closeAllConnections(), 5_000)` around the call */
function timerOf(cut: ts.Node): ts.Node | undefined {
  const fn = enclosingFunctionOf(cut);
  const call = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? wrapped(fn).parent : undefined;
  const isPart = call !== undefined && ts.isCallExpression(call) && call.expression.getText() === 'setTimeout';
  return isPart ? call : undefined;
}

/** Does a call stand in a statement that every way to another node passes? */
function runsBefore(call: ts.Node, node: ts.Node): boolean {
  const statement = statementAround(call);
  const loop = statement.parent;
  const whole = ts.isForOfStatement(loop) ? loop : ts.isForOfStatement(loop.parent) ? loop.parent : statement;
  const isPlainStatement = ts.isExpressionStatement(statement) || ts.isVariableStatement(statement);
  return (
    isPlainStatement &&
    enclosingFunctionOf(call) === enclosingFunctionOf(node) &&
    isUnconditional(call, statement) &&
    whole.end <= node.getStart() &&
    isInside(node, whole.parent)
  );
}

/** Is a call of a statement made whatever its other parts give? */
function isUnconditional(call: ts.Node, statement: ts.Node): boolean {
  for (let node = call; node !== statement; node = node.parent)
    if (ts.isConditionalExpression(node) || ts.isBinaryExpression(node)) return false;
  return true;
}

function written(
  title: ShutdownRepair['title'],
  isCertain: boolean,
  { fn, leave, leaving }: Omit<Meeting, 'leaving' | 'node'> & { readonly leaving: Meeting['leaving'] | undefined },
  parts: Pick<Pattern, 'added' | 'deadline' | 'edits' | 'failing'>,
  path: ShutdownPath,
  core: Core,
): ShutdownRepair | undefined {
  if (parts.deadline !== undefined && !hasNodeTimers(fn, core)) return undefined;
  const listener = fn !== path.handler && isInside(fn, path.handler) ? path.handler : undefined;
  const pattern: Pattern = { fn, exit: leaving, leave, ...parts, mayRunTwice: mayRunTwice(fn, path), listener };
  const edits = drainedThenExited(pattern, core);
  return edits === undefined ? undefined : { title, automatic: isCertain && isOwn(fn, core), edits };
}

/** Does a timer have `unref` here: is it Node's, not a browser's? */
function hasNodeTimers(at: ts.Node, { checker }: Core): boolean {
  const symbol = checker.getSymbolsInScope(at, ts.SymbolFlags.Function).find(({ name }) => name === 'setTimeout');
  const signatures = symbol === undefined ? [] : checker.getTypeOfSymbolAtLocation(symbol, at).getCallSignatures();
  return signatures.some((each) => checker.getReturnTypeOfSignature(each).getProperty('unref') !== undefined);
}

/** Is it only called by this file, so that nobody else sees that it takes its time now? */
function isOwn(fn: FunctionNode, core: Core): boolean {
  if (!isPlain(fn)) return false;
  if (isAsync(fn)) return true;
  if (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) return true;
  const modifiers = fn.modifiers ?? [];
  if (ts.isMethodDeclaration(fn))
    return isThenable(
      core.checker.getReturnTypeOfSignature(core.checker.getSignatureFromDeclaration(fn) as ts.Signature),
      core.checker,
    );
  return !modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/** May a second signal run it again while it waits? */
function mayRunTwice(fn: FunctionNode, path: ShutdownPath): boolean {
  if (path.isOnce || path.on !== 'signal') return false;
  return ![fn, path.handler].some((each) => {
    const body = 'body' in each ? each.body : undefined;
    return (
      body !== undefined &&
      ts.isBlock(body) &&
      body.statements.some((statement) => ts.isIfStatement(statement) && isWayOut(statement.thenStatement))
    );
  });
}

function isWayOut(statement: ts.Statement): boolean {
  if (ts.isBlock(statement)) return statement.statements.some(isWayOut);
  return ts.isReturnStatement(statement) || /\bexit\(/.test(statement.getText());
}

// ---------------------------------------------------------------- the whole pattern

function drained(
  { exit, isBare, isCertain, path, started }: Gap<'serving'>,
  milliseconds: number,
  core: Core,
): ShutdownRepair | undefined {
  if (!isBare) return undefined;
  const fn = isOfThePath(exit, path) ? exit.fn : path.handler;
  const leaving = [...exit.through, exit.exit].find((node) => enclosingFunctionOf(node) === fn);
  if (leaving === undefined || !isCall(leaving)) return undefined;
  const drains = drainsInScope(fn, started, new Set(), core);
  if (!drains.some(({ stage }) => stage === 'intake' || stage === 'work')) return undefined;
  // Of several servers one may end the other, or wait for it.
  const isPlainOrder = drains.filter(({ stage }) => stage === 'intake').length < 2;
  const found = written(
    'drain',
    isCertain && isPlainOrder,
    { fn, leaving, leave: leaveText(exit, fn) },
    { edits: [], added: statementsOf(drains), deadline: milliseconds },
    path,
    core,
  );
  return found === undefined
    ? undefined
    : { ...found, edits: [...drains.flatMap(({ edits }) => edits), ...found.edits] };
}

/** Is the function that exits part of the path itself, not a helper that is told the code? */
function isOfThePath({ exit, fn }: ReachedExit, { file }: ShutdownPath): boolean {
  if (fn.getSourceFile() !== file || !isPlain(fn)) return false;
  const names = new Set(fn.parameters.map(({ name }) => name.getText()));
  return !(isCall(exit) ? (exit.arguments ?? []) : []).some((given) => names.has(given.getText()));
}

function ending({ path }: Gap<'swallowed'>, milliseconds: number, core: Core): ShutdownRepair | undefined {
  const fn = path.handler;
  const waits = waitsIn(path, fn, core);
  if (waits === undefined || fn.getSourceFile() !== path.file) return undefined;
  const already = new Set(
    path.drains.started.flatMap(({ target }) => (target === undefined ? [] : [bare(target).getText()])),
  );
  const drains = drainsInScope(fn, undefined, already, core);
  if (waits.length + drains.length === 0) return undefined;
  const found = written(
    'end',
    false,
    { fn, leaving: undefined, leave: 'process.exit' },
    { edits: waits, added: statementsOf(drains), deadline: hasDeadline(path) ? undefined : milliseconds },
    path,
    core,
  );
  return found === undefined
    ? undefined
    : { ...found, edits: [...drains.flatMap(({ edits }) => edits), ...found.edits] };
}

/** Edits by which a function waits for every drain that it starts and does not wait for; `undefined` where one cannot be waited for. */
function waitsIn(path: ShutdownPath, fn: FunctionNode, core: Core): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const drain of path.drains.pending) {
    const start = path.drains.starts.find((each) => each.drain === drain);
    const node = [...(start?.through ?? []), drain.call].find((each) => enclosingFunctionOf(each) === fn);
    const waiting =
      node === undefined || !ts.isCallExpression(node)
        ? undefined
        : waitedFor(node, node === drain.call ? drain : undefined, core, true);
    if (waiting === undefined) return undefined;
    if (!edits.some(({ range }) => range[0] === waiting[0]?.range[0])) edits.push(...waiting);
  }
  return edits;
}

// ---------------------------------------------------------------- the exit in every case

function always({ exit, failing, isCertain, path }: Gap<'success'>, core: Core): ShutdownRepair | undefined {
  const fn = enclosingFunctionOf(failing);
  const leaving = [...exit.through, exit.exit].find((node) => enclosingFunctionOf(node) === fn);
  if (leaving === undefined || !isCall(leaving)) return undefined;
  if (!ts.isAwaitExpression(failing))
    return ts.isCallExpression(leaving) ? onFailure(leaving, exit, isCertain, core) : undefined;
  return written(
    'always',
    isCertain,
    { fn, leaving, leave: leaveText(exit, fn) },
    { edits: [], added: [], deadline: undefined, failing },
    { ...path, isOnce: true },
    core,
  );
}

/** `stop().then(() => process.exit(0))` gets a handler of the failure that ends the process too. */
function onFailure(
  then: ts.CallExpression,
  exit: ReachedExit,
  isCertain: boolean,
  core: Core,
): ShutdownRepair | undefined {
  const file = then.getSourceFile();
  const leave = leaveText(exit, enclosingFunctionOf(then));
  const [onSuccess, ...more] = then.arguments;
  if (onSuccess === undefined || more.length > 0) return undefined;
  const access = wrapped(then).parent;
  const next = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
  if (next !== undefined && ts.isCallExpression(next)) {
    const end = next.getEnd();
    return {
      title: 'always',
      automatic: isCertain,
      edits: [{ range: [end, end], text: `.finally(() => ${leave}(1))` }],
    };
  }
  const { parameter, statement } = onError(file, undefined, loggerInScope(then, core), 'shutdown');
  const log = statement.replace(/;$/, '');
  const end = onSuccess.getEnd();
  return {
    title: 'always',
    automatic: isCertain,
    edits: [{ range: [end, end], text: `, (${parameter}) => { ${log}; ${leave}(1); }` }],
  };
}

// ---------------------------------------------------------------- one thing at its time

/** `server.closeAllConnections();` → `setTimeout(() => server.closeAllConnections(), 10_000).unref();` */
function later({ at, drain, isCertain }: Gap<'cut'>, milliseconds: number): ShutdownRepair | undefined {
  if (drain === undefined) return undefined;
  const file = at.getSourceFile();
  const statement = statementAround(at);
  const loop = statement.parent;
  const whole = ts.isForOfStatement(loop) ? loop : ts.isForOfStatement(loop.parent) ? loop.parent : statement;
  if (whole === statement && (!ts.isExpressionStatement(statement) || bare(statement.expression) !== at))
    return undefined;
  const line = lineBreakOf(file);
  const step = indentStepOf(file);
  const indent = indentOf(whole);
  const text =
    whole === statement
      ? `setTimeout(() => ${at.getText()}, ${grouped(milliseconds)}).unref()`
      : `setTimeout(() => {${line}${indent}${step}${movedWith(file, whole.getStart(), whole.getEnd(), [], step)}${line}${indent}}, ${grouped(milliseconds)}).unref()`;
  return {
    title: 'later',
    automatic: isCertain,
    edits: [{ range: [whole.getStart(), whole.getEnd()], text: ended(text, file) }],
  };
}

/** The server's end is waited for before the store is closed. */
function storeLast(
  { intake, isCertain, path, store }: Gap<'store'>,
  milliseconds: number,
  core: Core,
): ShutdownRepair | undefined {
  const fn = enclosingFunctionOf(intake.call);
  const starts = path.drains.starts.find(({ drain }) => drain === store);
  const isBeside = [...(starts?.through ?? []), store.call].some((node) => enclosingFunctionOf(node) === fn);
  const waiting = waitedFor(intake.call, intake, core, false);
  if (!isBeside || waiting === undefined || !isPlain(fn) || !hasNodeTimers(fn, core)) return undefined;
  const type = isAsync(fn) ? [] : promised(fn);
  if (type === undefined) return undefined;
  const statement = statementAround(intake.call);
  const file = fn.getSourceFile();
  const deadline = ended(`setTimeout(() => process.exit(1), ${grouped(milliseconds)}).unref()`, file);
  const start = statement.getStart();
  const text = `${deadline}${lineBreakOf(file)}${indentOf(statement)}`;
  const timer: readonly Edit[] =
    hasDeadline(path) || intake.member.mayHang !== true || isCutOff(intake, path)
      ? []
      : [{ range: [start, start], text }];
  const [first, ...rest] = waiting;
  const merged =
    first !== undefined && timer[0] !== undefined && first.range[0] === start
      ? [{ range: first.range, text: timer[0].text + first.text }, ...rest]
      : [...timer, ...waiting];
  return {
    title: 'await',
    automatic: isCertain && isOwn(fn, core),
    edits: [...(isAsync(fn) ? [] : [asyncBefore(fn)]), ...type, ...merged],
  };
}

function inHook({ drain, isCertain, path }: Gap<'hook'>, core: Core): ShutdownRepair | undefined {
  const fn = path.handler;
  const start = path.drains.starts.find((each) => each.drain === drain);
  const node = [...(start?.through ?? []), drain.call].find((each) => enclosingFunctionOf(each) === fn);
  if (node === undefined || !ts.isCallExpression(node) || !isPlain(fn)) return undefined;
  const waiting = waitedFor(node, node === drain.call ? drain : undefined, core, true);
  const type = isAsync(fn) ? [] : promised(fn);
  if (waiting === undefined || type === undefined) return undefined;
  return {
    title: 'await',
    automatic: isCertain,
    edits: [...(isAsync(fn) ? [] : [asyncBefore(fn)]), ...type, ...waiting],
  };
}

// ---------------------------------------------------------------- listeners

/** The drain moves into the listener that exits. */
function together({ drain, exit, path }: Gap<'other'>, milliseconds: number, core: Core): ShutdownRepair | undefined {
  const file = path.file;
  const registration = wrapped(path.node).parent;
  const only = onlyCallOf(path.handler);
  if (exit.fn.getSourceFile() !== file || !ts.isExpressionStatement(registration) || only === undefined)
    return undefined;
  const isPromise = isThenable(core.checker.getTypeAtLocation(only), core.checker);
  if (!isPromise && only !== drain.call) return undefined;
  const text = isPromise
    ? `await ${only.getText()}`
    : settling(
        only.expression.getText(),
        only.arguments.map((each) => each.getText()),
        callbackTakesError(core.checker.getTypeAtLocation(only.expression), only, core.checker),
        file,
      );
  const deadline =
    drain.member.mayHang === true && !exit.settled.some(({ member }) => member.mayHang === true)
      ? milliseconds
      : undefined;
  const found = written(
    'together',
    false,
    { fn: exit.fn, leaving: exit.exit as ts.CallExpression, leave: leaveText(exit, exit.fn) },
    { edits: [], added: [text], deadline },
    path,
    core,
  );
  return found === undefined ? undefined : { ...found, edits: [...found.edits, removeStatement(registration)] };
}

/** The one call that a listener consists of: `() => { void flush(); }` */
function onlyCallOf(fn: FunctionNode): ts.CallExpression | undefined {
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  if (fn.parameters.length > 0) return undefined;
  const [statement, ...more] = ts.isBlock(fn.body) ? fn.body.statements : [];
  const given = ts.isBlock(fn.body)
    ? statement !== undefined && more.length === 0 && ts.isExpressionStatement(statement)
      ? statement.expression
      : undefined
    : fn.body;
  if (given === undefined) return undefined;
  const node = bare(given);
  const call = ts.isVoidExpression(node) || ts.isAwaitExpression(node) ? bare(node.expression) : node;
  return ts.isCallExpression(call) ? call : undefined;
}

/** The listener of `exit` becomes one of SIGTERM that ends the process when it is done. */
function onSignal({ begun, path }: Gap<'exit'>, milliseconds: number, core: Core): ShutdownRepair | undefined {
  const { handler: fn, node } = path;
  if (!ts.isCallExpression(node) || !isPlain(fn) || !isInside(fn, node) || fn.parameters.length > 0) return undefined;
  const event = node.arguments.find((each) => ts.isStringLiteralLike(each) && each.text === 'exit');
  const waits = waitsOf(path, fn, begun, core);
  if (event === undefined || waits === undefined || isListenedFor('SIGTERM', core)) return undefined;
  const quote = event.getText().charAt(0);
  const found = written(
    'signal',
    false,
    { fn, leaving: undefined, leave: 'process.exit' },
    { edits: waits, added: [], deadline: milliseconds, failing: begun },
    { ...path, on: 'signal' },
    core,
  );
  const named: Edit = { range: [event.getStart(), event.getEnd()], text: `${quote}SIGTERM${quote}` };
  return found === undefined ? undefined : { ...found, edits: [named, ...found.edits] };
}

/** Does the program listen for a signal already? A second listener that exits would cut the first one off. */
function isListenedFor(signal: string, core: Core): boolean {
  return core.ask(programIndex, core.program).listeners.some(({ events }) => events?.includes(signal) !== false);
}

function waitsOf(path: ShutdownPath, fn: FunctionNode, begun: ts.Node, core: Core): readonly Edit[] | undefined {
  if (path.drains.pending.length > 0) return waitsIn(path, fn, core);
  if (ts.isAwaitExpression(wrapped(begun).parent) && enclosingFunctionOf(begun) === fn) return [];
  if (!ts.isCallExpression(begun) || enclosingFunctionOf(begun) !== fn) return isInside(begun, fn) ? [] : undefined;
  return waitedFor(begun, undefined, core, true);
}
