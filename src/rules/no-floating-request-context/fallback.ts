import ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  type FloatingRequest,
  isFunctionNode,
  isThenable,
  type LateRequestUse,
  requestParametersOf,
  type ScopeOf,
} from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  freeName,
  hasDirectiveAbove,
  indentOf,
  insertBefore,
  lineBreakOf,
  replace,
} from '../../report/edits.ts';
import { quoteOf } from '../../report/on-error.ts';
import type { RequestRepair } from './repair.ts';

/** Where neither copying nor waiting serves: run it at once, stop the timer with the response, or do nothing once that is over. */
export function fallbacks(found: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  return [...atOnce(found, core), ...stopped(found, core, scopeOf), ...guarded(found, core, scopeOf)];
}

/** Functions that only put a callback off for a turn of the event loop. */
const NEXT_TURN: ReadonlySet<string> = new Set(['nextTick', 'queueMicrotask', 'setImmediate']);

/** `setImmediate(() => { … })` → the block. */
function atOnce({ ended: end, task }: FloatingRequest, core: Core): readonly RequestRepair[] {
  const { call, work } = task;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isExpressionStatement(call.parent)) return [];
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
  if (!NEXT_TURN.has(name) || end === 'before') return [];
  const statement = call.parent;
  if (hasDirectiveAbove(statement)) return [];
  const direct = directCall(call, work, core);
  if (direct !== undefined) return [{ title: 'now', automatic: false, data: { name }, edits: [replace(call, direct)] }];
  if (call.arguments.length !== 1) return [];
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
  const fn = isBound ? (work.expression as ts.PropertyAccessExpression).expression : work;
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
  if (clear === undefined || !ts.isBlock(statement.parent) || hasDirectiveAbove(statement)) return [];
  const { api, checker } = core;
  const emitter = requestParametersOf(owner, core).find(({ name }) => {
    if (!ts.isIdentifier(name) || scopeOf(name, core)?.is !== 'response') return false;
    const type = checker.getTypeAtLocation(name);
    return api.isA(type, 'emitter') !== undefined && checker.getPropertyOfType(type, 'once') !== undefined;
  });
  if (emitter === undefined) return [];
  const file = statement.getSourceFile();
  const timer = freeName('timer', file);
  const quote = quoteOf(file);
  const line = `${lineBreakOf(file)}${indentOf(statement)}`;
  const text = `${emitter.name.getText()}.once(${quote}close${quote}, () => ${clear}(${timer}))`;
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

/** `if (res.writableEnded) return;` before the statements of the task that come too late. */
function guarded({ task, uses }: FloatingRequest, core: Core, scopeOf: ScopeOf): readonly RequestRepair[] {
  const edits: Edit[] = [];
  const statements = new Set<ts.Statement>();
  for (const use of uses) {
    if (use.given !== undefined || use.node.getSourceFile() !== task.work.getSourceFile()) return [];
    if (use.fn === enclosingFunctionOf(task.work)) return [];
    const test = endTestOf(use, core, scopeOf);
    const statement = statementAround(use.node);
    if (test === undefined || statement === undefined || hasDirectiveAbove(statement)) return [];
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
