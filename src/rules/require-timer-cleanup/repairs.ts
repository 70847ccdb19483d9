import * as ts from 'typescript';
import {
  type AbortLeak,
  bare,
  type Core,
  enclosingFunctionOf,
  type HandlerLeak,
  isInside,
  type Overlap,
  type RaceLeak,
  referencesInFileOf,
  requestScopeOf,
  type SharedTimer,
  symbolOf,
  type TimerLeak,
  wrapped,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  insertBefore,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
  replace,
  standsInList,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { isTypeScript } from '../../report/on-error.ts';

/** A repair of this rule. */
export interface TimerRepair {
  readonly title: 'clear' | 'close' | 'local' | 'skip' | 'timeout';
  readonly data?: Readonly<Record<string, string>>;
  readonly automatic: boolean;
  readonly edits: readonly Edit[];
}

/** How a timer is ended with its work: stopped when its race is over; `AbortSignal.timeout` in place of a controller for the timer alone. */
export function repairsOf(leak: TimerLeak, core: Core): readonly TimerRepair[] {
  if (leak.is === 'race') return listOf('clear', true, timerCleared(leak));
  if (leak.is === 'pause') return listOf('clear', true, pauseEnded(leak));
  if (leak.is === 'overlap') return listOf('skip', false, skippedWhileRunning(leak));
  if (leak.is === 'shared') return listOf('local', false, madeLocal(leak, core));
  if (leak.is === 'listener' || leak.is === 'interval') return endedByResponse(leak, core);
  if (leak.is !== 'abort') return [];
  // Who looks for an `AbortError` does not find the `TimeoutError` of such a signal.
  const isLookedAt = /AbortError|ABORT_ERR|\.aborted\b|\.reason\b/.test(leak.timer.getSourceFile().text);
  return listOf('timeout', !isLookedAt, signalInstead(leak, core));
}

function listOf(
  title: TimerRepair['title'],
  automatic: boolean,
  edits: readonly Edit[] | undefined,
): readonly TimerRepair[] {
  return edits === undefined ? [] : [{ title, automatic, edits }];
}

// ---------------------------------------------------------------- races

/** `timer = setTimeout(…)`, and `.finally(() => clearTimeout(timer))` after the race. */
function timerCleared({ race, timer }: RaceLeak): readonly Edit[] | undefined {
  const statement = homeOf(timer, race);
  if (statement === undefined) return undefined;
  const file = race.getSourceFile();
  const outer = wrapped(timer);
  const isStatement = ts.isExpressionStatement(outer.parent);
  if (!isStatement && !ts.isArrowFunction(outer.parent)) return undefined;
  const name = freeName('timer', file);
  const type = 'ReturnType<typeof setTimeout> | undefined';
  const declared = isTypeScript(file) ? `let ${name}: ${type}` : `/** @type {${type}} */ let ${name}`;
  const start = outer.getStart();
  const end = outer.getEnd();
  return [
    insertBefore(statement, [ended(declared, file)], ''),
    { range: [start, start], text: isStatement ? `${name} = ` : `(${name} = ` },
    ...(isStatement ? [] : [{ range: [end, end], text: ')' } as const]),
    { range: [race.getEnd(), race.getEnd()], text: `.finally(() => clearTimeout(${name}))` },
  ];
}

/** `sleep(5000, undefined, { signal: timer.signal })`, and `.finally(() => timer.abort())` after the race. */
function pauseEnded({ race, timer }: RaceLeak): readonly Edit[] | undefined {
  const statement = homeOf(timer, race);
  const [delay, value] = timer.arguments;
  if (statement === undefined || delay === undefined) return undefined;
  const file = race.getSourceFile();
  const name = freeName('timer', file);
  const options = `{ signal: ${name}.signal }`;
  const isWait = ts.isPropertyAccessExpression(timer.expression) && timer.expression.name.text === 'wait';
  const added = isWait || value !== undefined ? `, ${options}` : `, undefined, ${options}`;
  const end = (value ?? delay).getEnd();
  return [
    insertBefore(statement, [ended(`const ${name} = new AbortController()`, file)], ''),
    { range: [end, end], text: added },
    { range: [race.getEnd(), race.getEnd()], text: `.finally(() => ${name}.abort())` },
  ];
}

/** The first statement of the race's own function that has to do with the timer, if a variable can be declared before it. */
function homeOf(timer: ts.Node, race: ts.CallExpression): ts.Statement | undefined {
  const fn = enclosingFunctionOf(race);
  if (timer.getSourceFile() !== race.getSourceFile() || ts.isSourceFile(fn)) return undefined;
  const own = statementIn(fn, race);
  const other = statementIn(fn, timer);
  if (own === undefined || other?.parent !== own.parent) return undefined;
  const first = other.pos < own.pos ? other : own;
  return standsInList(first) && isOnOwnLines(first) ? first : undefined;
}

/** The statement of the function itself in which a node stands, closures left out. */
function statementIn(fn: ts.Node, node: ts.Node): ts.Statement | undefined {
  let found: ts.Statement | undefined;
  let isBelow = true;
  for (let at: ts.Node = node; at !== fn; at = at.parent) {
    if (ts.isSourceFile(at)) return undefined;
    if (ts.isFunctionLike(at)) {
      found = undefined;
      isBelow = true;
    }
    if (isBelow && ts.isStatement(at) && !ts.isBlock(at)) {
      found = at;
      isBelow = false;
    }
  }
  return found;
}

// ---------------------------------------------------------------- controllers

/** `AbortSignal.timeout(ms)` in place of a controller, its timer and the call that stops that. */
function signalInstead({ controller, name, timer }: AbortLeak, core: Core): readonly Edit[] | undefined {
  const [, delay] = timer.arguments;
  const made = statementOf(controller);
  const started = statementOf(timer);
  if (delay === undefined || made === undefined || started === undefined || !isRemovable(started)) return undefined;
  const uses = usesOf(controller.name, controller, core).filter((use) => !isInside(use, timer));
  const signals = uses.map((use) => wrapped(use).parent);
  if (signals.length === 0 || !signals.every(isSignal)) return undefined;
  const stops = name === undefined ? [] : usesOf(name, name.parent, core).map((use) => statementOf(use));
  if (!stops.every((stop) => stop !== undefined && isRemovable(stop))) return undefined;
  const text = `AbortSignal.timeout(${delay.getText()})`;
  const gone = [started, ...(stops as ts.Statement[])].map((statement) => removeStatement(statement));
  const [only] = signals;
  if (
    signals.length === 1 &&
    only !== undefined &&
    isRemovable(made) &&
    enclosingFunctionOf(only) === enclosingFunctionOf(timer)
  ) {
    return [removeStatement(made), ...gone, replace(only, text)];
  }
  const { initializer } = controller;
  if (initializer === undefined || !ts.isIdentifier(controller.name)) return undefined;
  const deadline = freeName('deadline', timer.getSourceFile());
  return [
    replace(controller.name, deadline),
    replace(initializer, text),
    ...gone,
    ...signals.map((use) => replace(use, deadline)),
  ];
}

function isSignal(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'signal' && node.questionDotToken === undefined;
}

function usesOf(name: ts.BindingName, declaration: ts.Node, core: Core): readonly ts.Node[] {
  const symbol = symbolOf(name, core);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.getText() && symbolOf(node, core) === symbol) {
      found.push(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(enclosingFunctionOf(declaration));
  return found;
}

function statementOf(node: ts.Node): ts.Statement | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isVariableStatement(at)) return at.declarationList.declarations.length === 1 ? at : undefined;
    if (ts.isExpressionStatement(at)) return bare(at.expression) === node || isCallWith(at, node) ? at : undefined;
    if (ts.isStatement(at)) return undefined;
  }
  return undefined;
}

/** `clearTimeout(timer)` */
function isCallWith(statement: ts.ExpressionStatement, argument: ts.Node): boolean {
  const call = bare(statement.expression);
  return ts.isCallExpression(call) && call.arguments.some((given) => bare(given) === argument);
}

function isRemovable(statement: ts.Statement): boolean {
  const { parent } = statement;
  const isListed = ts.isBlock(parent) || ts.isSourceFile(parent);
  return isListed && isOnOwnLines(statement) && !hasComment(statement) && !hasDirectiveAbove(statement);
}

// ---------------------------------------------------------------- handlers

/** Ends a listener or an interval when the response of its handler closes. */
function endedByResponse(
  { call, handler, is }: HandlerLeak & { readonly is: 'interval' | 'listener' },
  core: Core,
): readonly TimerRepair[] {
  const statement = wrapped(call).parent;
  const response = responseOf(handler, core);
  if (response === undefined || !ts.isExpressionStatement(statement)) return [];
  if (!standsInList(statement) || !isOnOwnLines(statement)) return [];
  const file = call.getSourceFile();
  const close = (end: string): string => ended(`${response}.on('close', () => ${end})`, file);
  const edits = is === 'interval' ? intervalEnded(call, statement, close) : listenerEnded(call, statement, close);
  return edits === undefined ? [] : [{ title: 'close', data: { response }, automatic: false, edits }];
}

/** The name of the response that a handler gets, if listeners can be put on it. */
function responseOf(handler: ts.Node, core: Core): string | undefined {
  if (!ts.isFunctionLike(handler)) return undefined;
  return handler.parameters
    .map(({ name }) => name)
    .filter((name) => ts.isIdentifier(name))
    .find((name) => {
      const type = core.checker.getTypeAtLocation(name);
      return requestScopeOf(name, core)?.is === 'response' && core.checker.getPropertyOfType(type, 'on') !== undefined;
    })?.text;
}

type Close = (end: string) => string;

function intervalEnded(call: ts.CallExpression, statement: ts.ExpressionStatement, close: Close): readonly Edit[] {
  const name = freeName('timer', call.getSourceFile());
  const start = statement.getStart();
  return [{ range: [start, start], text: `const ${name} = ` }, after(statement, close(`clearInterval(${name})`))];
}

function listenerEnded(
  call: ts.CallExpression,
  statement: ts.ExpressionStatement,
  close: Close,
): readonly Edit[] | undefined {
  const callee = bare(call.expression);
  const [event, listener] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || event === undefined || listener === undefined) return undefined;
  if (wrapped(call) !== statement.expression || ts.isCallExpression(bare(callee.expression))) return undefined;
  const emitter = callee.expression.getText();
  const verb = callee.name.text === 'addEventListener' ? 'removeEventListener' : 'off';
  const off = (name: string): string => close(`${emitter}.${verb}(${event.getText()}, ${name})`);
  if (ts.isIdentifier(listener)) return [after(statement, off(listener.text))];
  if (!ts.isArrowFunction(listener) || listener.parameters.some(({ type }) => type === undefined)) return undefined;
  const name = freeName('listener', call.getSourceFile());
  const declared = ended(`const ${name} = ${listener.getText()}`, call.getSourceFile());
  return [insertBefore(statement, [declared], ''), replace(listener, name), after(statement, off(name))];
}

/** A statement on a line of its own after another one. */
function after(statement: ts.Statement, text: string): Edit {
  const end = endWithComments(statement);
  return { range: [end, end], text: `${lineBreakOf(statement.getSourceFile())}${indentOf(statement)}${text}` };
}

// ---------------------------------------------------------------- fields

/** A variable of the method in place of the field. */
function madeLocal({ field }: SharedTimer, core: Core): readonly Edit[] | undefined {
  const symbol = symbolOf(field.name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isPropertyDeclaration(declaration)) return undefined;
  const uses = referencesInFileOf(symbol, core).filter((use) => use !== declaration.name);
  const accesses = uses.map(({ parent }) => parent).filter((parent) => ts.isPropertyAccessExpression(parent));
  const body = bodyAround(field);
  const [first] = body?.statements ?? [];
  if (first === undefined || accesses.length !== uses.length || !isOnOwnLines(declaration) || hasComment(declaration))
    return undefined;
  if (!accesses.every((access) => body !== undefined && isInside(access, body)) || !isOnOwnLines(first))
    return undefined;
  const file = field.getSourceFile();
  const { text } = file;
  const wish = field.name.text.replace(/^#/, '');
  // The field goes, so its name is free where nothing else has it.
  const isFree = text.split(new RegExp(`\\b${wish.replaceAll('$', '\\$')}\\b`)).length === uses.length + 2;
  const name = isFree ? wish : freeName(wish, file);
  const lineStart = text.lastIndexOf('\n', declaration.getStart() - 1) + 1;
  const lineEnd = text.indexOf('\n', declaration.getEnd());
  if (text.slice(declaration.getEnd(), lineEnd).trim() !== '' || hasDirectiveAbove(declaration)) return undefined;
  return [
    { range: [lineStart, lineEnd + 1], text: '' },
    insertBefore(first, [ended(`let ${name}: ReturnType<typeof setTimeout> | undefined`, file)], ''),
    ...accesses.map((access) => replace(access, name)),
  ];
}

/** The body of the method around a node. */
function bodyAround(node: ts.Node): ts.Block | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isMethodDeclaration(at)) return at.body;
  }
  return undefined;
}

// ---------------------------------------------------------------- intervals

/** A flag that skips a run while the last one is on its way. */
function skippedWhileRunning({ call }: Overlap): readonly Edit[] | undefined {
  const [given] = call.arguments;
  const callback = given === undefined ? undefined : bare(given);
  if (callback === undefined || !ts.isArrowFunction(callback) || !ts.isBlock(callback.body)) return undefined;
  const { body } = callback;
  const [first] = body.statements;
  const last = body.statements.at(-1);
  const home = statementIn(enclosingFunctionOf(call), call);
  if (first === undefined || last === undefined || home === undefined) return undefined;
  if (!standsInList(home) || !isOnOwnLines(home) || !isOnOwnLines(first) || !isOnOwnLines(last)) return undefined;
  const file = call.getSourceFile();
  const [line, step, indent] = [lineBreakOf(file), indentStepOf(file), indentOf(first)];
  const name = freeName('isRunning', file);
  const end = endWithComments(last);
  const start = file.text.lastIndexOf('\n', first.getStart() - 1) + 1;
  const head = [`if (${name}) return`, `${name} = true`].map((text) => `${indent}${ended(text, file)}${line}`).join('');
  const inner = movedWith(file, start, end, [], step);
  const tail = `${line}${indent}} finally {${line}${indent}${step}${ended(`${name} = false`, file)}${line}${indent}}`;
  return [
    insertBefore(home, [ended(`let ${name} = false`, file)], ''),
    { range: [start, end], text: `${head}${indent}try {${line}${step}${inner}${tail}` },
  ];
}
