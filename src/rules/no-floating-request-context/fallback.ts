import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  type FloatingRequest,
  type FunctionNode,
  isFunctionNode,
  isThenable,
  type LateRequestUse,
  requestParametersOf,
  type ScopeOf,
} from '../../analysis/index.ts';
import { type Edit, ended, freeName, indentOf, insertBefore, lineBreakOf, replace } from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import { isUnderTypeDirective } from './place.ts';
import type { RequestRepair } from './repair.ts';

/** Where neither copying nor waiting serves: run it at once, stop the timer with the response, or do nothing once that is over. */
export function fallbacks(found: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const ways = [
    ...atOnce(found, core, NEXT_TURN),
    ...stopped(found, core, scopeOf),
    ...takenAway(found, core, scopeOf),
    ...guarded(found, core, scopeOf),
  ];
  return ways.length > 0 ? ways : atOnce(found, core, TIMERS);
}

/** Functions that only put a callback off for a turn of the event loop. */
const NEXT_TURN: ReadonlySet<string> = new Set(['nextTick', 'queueMicrotask', 'setImmediate']);

const TIMERS: ReadonlySet<string> = new Set(['setTimeout']);

/** `setImmediate(() => { … })` → the block. */
function atOnce(
  { ended: end, task }: FloatingRequest,
  core: Core,
  names: ReadonlySet<string>,
): readonly RequestRepair[] {
  const { call, work } = task;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isExpressionStatement(call.parent)) return [];
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  if (!names.has(name) || end === 'before') return [];
  const statement = call.parent;
  if (isUnderTypeDirective(statement)) return [];
  const direct = directCall(call, work, core);
  if (direct !== undefined) return [{ title: 'now', automatic: false, data: { name }, edits: [replace(call, direct)] }];
  if (call.arguments.length > (names === TIMERS ? 2 : 1)) return [];
  if (!ts.isArrowFunction(work) || work.modifiers !== undefined || leavesEarly(work)) return [];
  const { body } = work;
  const edits: Edit[] = ts.isBlock(body)
    ? [
        { range: [statement.getStart(), body.getStart()], text: '' },
        { range: [body.getEnd(), statement.getEnd()], text: '' },
      ]
    : [
        { range: [call.getStart(), body.getStart()], text: '' },
        { range: [body.getEnd(), call.getEnd()], text: '' },
      ];
  return ts.isObjectLiteralExpression(bare(body)) ? [] : [{ title: 'now', automatic: false, data: { name }, edits }];
}

/** `setImmediate(log, req)` and `setImmediate(log.bind(null, req))` → `log(req)`, where that gives no promise. */
function directCall(call: ts.CallExpression, work: ts.Expression, core: Core): string | undefined {
  const isBound =
    ts.isCallExpression(work) &&
    ts.isPropertyAccessExpression(work.expression) &&
    work.expression.name.text === 'bind' &&
    call.arguments.length === 1;
  const fn = isBound ? work.expression.expression : work;
  if (!ts.isIdentifier(fn)) return undefined;
  const results = core.checker.getTypeAtLocation(fn).getCallSignatures();
  if (results.length !== 1 || results.some((each) => isThenable(each.getReturnType(), core.checker))) return undefined;
  const given = isBound ? work.arguments.slice(1) : call.arguments.slice(1);
  return `${fn.text}(${given.map((argument) => argument.getText()).join(', ')})`;
}

function leavesEarly(fn: ts.ArrowFunction): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    return ts.isReturnStatement(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(fn.body);
}

const CLEARED_BY: Readonly<Record<string, string>> = { setInterval: 'clearInterval', setTimeout: 'clearTimeout' };

/** `setTimeout(…)` → `const timer = setTimeout(…); res.once('close', () => { clearTimeout(timer); });` */
function stopped({ ended: end, owner, task }: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const { call } = task;
  if (end === 'before' || call === undefined || !ts.isExpressionStatement(call.parent)) return [];
  const clear = CLEARED_BY[call.expression.getText()];
  const statement = call.parent;
  if (clear === undefined || !ts.isBlock(statement.parent) || isUnderTypeDirective(statement)) return [];
  const emitter = emitterOf(owner, core, scopeOf);
  if (emitter === undefined) return [];
  const file = statement.getSourceFile();
  const timer = freeName('timer', file);
  const quote = quoteOf(file);
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  const text = `${emitter}.once(${quote}close${quote}, () => ${clear}(${timer}))`;
  return [
    {
      title: 'stop',
      automatic: false,
      edits: [
        { range: [statement.getStart(), statement.getStart()], text: `const ${timer} = ` },
        { range: [statement.getEnd(), statement.getEnd()], text: `${line}${ended(text, file)}` },
      ],
    },
  ];
}

/** `bus.on('change', …)` → the listener under a name, and `res.once('close', () => bus.off('change', listener))` */
function takenAway(
  { ended: end, owner, task }: FloatingRequest,
  core: Core,
  scopeOf: ScopeOf,
): readonly RequestRepair[] {
  const { call, member, work } = task;
  if (end === 'before' || call === undefined || !ts.isCallExpression(call) || member?.key === undefined) return [];
  const callee = bare(call.expression);
  const event = core.api.argumentOf(call, member.key);
  const statement = call.parent;
  if (!ts.isPropertyAccessExpression(callee) || event === undefined || !ts.isExpressionStatement(statement)) return [];
  const emitter = emitterOf(owner, core, scopeOf);
  const type = core.checker.getTypeAtLocation(callee.expression);
  if (emitter === undefined || core.checker.getPropertyOfType(type, 'off') === undefined) return [];
  if (!ts.isBlock(statement.parent) || isUnderTypeDirective(statement) || !isFunctionNode(work)) return [];
  const file = statement.getSourceFile();
  const listener = freeName('listener', file);
  const quote = quoteOf(file);
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  const declaration = ended(`const ${listener} = ${work.getText()}`, file);
  const off = `${callee.expression.getText()}.off(${event.getText()}, ${listener})`;
  return [
    {
      title: 'stop',
      automatic: false,
      edits: [
        { range: [statement.getStart(), statement.getStart()], text: `${declaration}${line}` },
        replace(work, listener),
        {
          range: [statement.getEnd(), statement.getEnd()],
          text: `${line}${ended(`${emitter}.once(${quote}close${quote}, () => ${off})`, file)}`,
        },
      ],
    },
  ];
}

/** What tells the end of the response: `res`, `ctx.res`, `reply.raw`. */
function emitterOf(owner: FunctionNode, core: Core, scopeOf: ScopeOf): string | undefined {
  const { api, checker } = core;
  const isEnding = (type: ts.Type): boolean =>
    api.isA(type, 'response') !== undefined &&
    api.isA(type, 'emitter') !== undefined &&
    checker.getPropertyOfType(type, 'once') !== undefined;
  for (const { name } of requestParametersOf(owner, core)) {
    if (!ts.isIdentifier(name)) continue;
    const is = scopeOf(name, core)?.is;
    const type = checker.getTypeAtLocation(name);
    if (isEnding(type)) return name.text;
    if (is !== 'response' && is !== 'both') continue;
    for (const key of ['raw', 'res']) {
      const inner = checker.getPropertyOfType(type, key);
      if (inner !== undefined && isEnding(checker.getTypeOfSymbol(inner))) return `${name.text}.${key}`;
    }
  }
  return undefined;
}

/** `if (res.writableEnded) return;` before the statements of the task that come too late. */
function guarded({ task, uses }: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const edits: Edit[] = [];
  const statements = new Set<ts.Statement>();
  const bodies = new Set<ts.Node>();
  for (const use of uses) {
    if (use.given !== undefined || use.node.getSourceFile() !== task.work.getSourceFile()) return [];
    const { fn } = use;
    const test = endTestOf(use, core, scopeOf);
    if (fn === enclosingFunctionOf(task.work) || test === undefined) return [];
    if (ts.isArrowFunction(fn) && !ts.isBlock(fn.body)) {
      if (bodies.has(fn)) continue;
      bodies.add(fn);
      const body = bare(fn.body);
      if (ts.isObjectLiteralExpression(body)) return [];
      const text = ts.isCallExpression(body) ? fn.body.getText() : `(${body.getText()})`;
      edits.push(replace(fn.body, `${test} ? undefined : ${text}`));
      continue;
    }
    const statement = statementAround(use.node);
    if (statement === undefined || isUnderTypeDirective(statement)) return [];
    if (statements.has(statement)) continue;
    statements.add(statement);
    const line = ended(`if (${test}) return`, statement.getSourceFile());
    edits.push(insertBefore(statement, [line], statement.getText()));
  }
  return edits.length === 0 ? [] : [{ title: 'guard', automatic: false, edits }];
}

/** How the code asks whether the response is over: `res.writableEnded`. */
function endTestOf({ node }: LateRequestUse, core: Core, scopeOf: ScopeOf): string | undefined {
  const { api, checker } = core;
  const type = checker.getTypeAtLocation(node);
  if (scopeOf(node, core) === undefined) return undefined;
  const names = ['writableEnded', 'sent', 'headerSent', 'destroyed'];
  const name = names.find(
    (each) => checker.getPropertyOfType(type, each) !== undefined && api.memberIn(type, each) !== undefined,
  );
  return name === undefined ? undefined : `${node.getText()}.${name}`;
}

/** The statement in a block of a function that gives nothing back, in which a node stands. */
function statementAround(node: ts.Node): ts.Statement | undefined {
  let at = node;
  while (!ts.isStatement(at)) {
    if (isFunctionNode(at) || ts.isSourceFile(at)) return undefined;
    at = at.parent;
  }
  const fn = enclosingFunctionOf(at);
  if (ts.isVariableStatement(at) && !ts.isBlock(at.parent)) return undefined;
  const isPlain = (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) && fn.type === undefined;
  return isPlain && !givesValue(fn) ? at : undefined;
}

function givesValue(fn: ts.ArrowFunction | ts.FunctionExpression): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    const isValue = ts.isReturnStatement(node) && node.expression !== undefined;
    return isValue || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(fn.body);
}
