import * as ts from 'typescript';
import {
  bare,
  callSitesOf,
  type Core,
  enclosingFunctionOf,
  type FloatingRequest,
  type FunctionNode,
  isAsync,
  isGenerator,
  type ScopeOf,
  sendsIn,
  flowGraph,
  isInside,
  taskFailure,
  isThenable,
} from '../../analysis/index.ts';
import { type Edit, indentOf, lineBreakOf, removeStatement } from '../../report/edits.ts';
import { catchEdits } from './caught.ts';
import { isUnderTypeDirective, textAfter } from './place.ts';
import type { RequestRepair } from './repair.ts';

/**
 * Waits for the task where it stands, or before the response where that was sent already; the function becomes async if need be.
 *
 * @param isLastResort also where the callers of the function would then have to wait in turn
 */
export function wait(
  found: FloatingRequest,
  core: Core,
  scopeOf: ScopeOf,
  isLastResort = false,
): readonly RequestRepair[] {
  const { ended, owner, task } = found;
  const { by, call, isCallback, launch, work } = task;
  const around = enclosingFunctionOf(work);
  const statement = statementOf(launch, work);
  if (by === 'iteration' && call !== undefined && ts.isCallExpression(call)) return together(call, around, core);
  if (isCallback || by === 'helper' || statement === undefined) return [];
  if (around !== owner && !isAsync(around)) return [];
  const made = asyncEdits(around, isLastResort, core);
  if (made === undefined) return [];
  // A handler that was not async has nobody who hears of its rejection.
  const caught = made.length > 0 && taskFailure(task, core).is !== 'no' ? catchEdits(task, core) : [];
  const type = core.checker.getTypeAtLocation(work);
  const isArray = core.checker.isArrayType(core.checker.getNonNullableType(type));
  if (isArray && caught.length > 0) return [];
  const from = voidAround(work);
  const inner: Edit[] = [
    { range: [from.getStart(), work.getStart()], text: isArray ? 'await Promise.all(' : 'await ' },
    ...(isArray ? [{ range: [work.getEnd(), work.getEnd()] as const, text: ')' }] : caught),
  ];
  if (ended !== 'before') return [{ title: 'await', automatic: false, edits: [...made, ...inner] }];
  if (isUnderTypeDirective(statement)) return [];
  const moved = beforeAnswer(statement, around, inner, core, scopeOf);
  return moved === undefined ? [] : [{ title: 'await', automatic: false, edits: [...made, ...moved] }];
}

/** The statement that is nothing but the task. */
function statementOf(launch: ts.Node, work: ts.Expression): ts.Statement | undefined {
  const outer = voidAround(work).parent;
  if (ts.isExpressionStatement(outer)) return outer;
  return ts.isVariableDeclaration(launch) && ts.isVariableStatement(launch.parent.parent)
    ? launch.parent.parent
    : undefined;
}

function voidAround(work: ts.Expression): ts.Node {
  let node: ts.Node = work;
  while (ts.isVoidExpression(node.parent) || ts.isParenthesizedExpression(node.parent)) node = node.parent;
  return node;
}

/** Makes a function async; nothing to do if it is; `undefined` if it cannot be. */
function asyncEdits(fn: FunctionNode, isLastResort: boolean, core: Core): readonly Edit[] | undefined {
  if (isGenerator(fn) || !ts.isFunctionLike(fn)) return undefined;
  if (isAsync(fn)) return [];
  // Who calls it by its name would have to wait for it in turn.
  if (!isLastResort && callSitesOf(fn, core).found.length > 0) return undefined;
  const isPlain =
    ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) || ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn);
  if (!isPlain || fn.body === undefined || ts.isGetAccessor(fn)) return undefined;
  const { checker } = core;
  const signature = checker.getSignatureFromDeclaration(fn);
  const result = signature?.getReturnType();
  const annotation = fn.type;
  const start = startOf(fn);
  const edits: Edit[] = [{ range: [start, start], text: 'async ' }];
  if (annotation !== undefined) {
    if (annotation.kind === ts.SyntaxKind.VoidKeyword)
      edits.push({ range: [annotation.getStart(), annotation.getEnd()], text: 'Promise<void>' });
    else if (result === undefined || !isThenable(result, checker)) return undefined;
  }
  const expected = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? checker.getContextualType(fn) : undefined;
  return expected === undefined || takesPromise(expected, checker) ? edits : undefined;
}

function startOf(fn: ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration): number {
  const modifiers = ts.canHaveModifiers(fn) ? (ts.getModifiers(fn) ?? []) : [];
  const last = modifiers.at(-1);
  if (last !== undefined) {
    const { text } = fn.getSourceFile();
    const gap = /^\s*/.exec(text.slice(last.getEnd()))?.[0].length ?? 0;
    return last.getEnd() + gap;
  }
  if (!ts.isMethodDeclaration(fn)) return fn.getStart();
  return fn.name.getStart();
}

function takesPromise(type: ts.Type, checker: ts.TypeChecker): boolean {
  const open = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.Void;
  return (type.isUnion() ? type.types : [type]).some((part) =>
    part.getCallSignatures().some((signature) => {
      const result = signature.getReturnType();
      return (
        (result.flags & open) !== 0 ||
        (result.isUnion() ? result.types : [result]).some(
          (each) => (each.flags & open) !== 0 || isThenable(each, checker),
        )
      );
    }),
  );
}

/** The awaited task in front of the statement that sends the response, if nothing that it needs is declared between. */
function beforeAnswer(
  statement: ts.Statement,
  fn: FunctionNode,
  inner: readonly Edit[],
  core: Core,
  scopeOf: ScopeOf,
): readonly Edit[] | undefined {
  const list = statement.parent;
  if (!ts.isBlock(list)) return undefined;
  const at = list.statements.indexOf(statement);
  const sends = sendsIn(core.ask(flowGraph, fn), core, scopeOf);
  const first = list.statements.findIndex((each) => sends.some(({ node }) => isInside(node, each)));
  if (first < 0 || first >= at) return undefined;
  const between = list.statements.slice(first, at);
  if (!between.every((each) => ts.isExpressionStatement(each))) return undefined;
  const answer = list.statements[first] as ts.Statement;
  const line = `${textAfter(statement, inner)}${lineBreakOf(statement.getSourceFile())}${indentOf(answer)}`;
  return [{ range: [answer.getStart(), answer.getStart()], text: line }, removeStatement(statement)];
}

/** `items.forEach(async …)` → `await Promise.all(items.map(async …))` */
function together(call: ts.CallExpression, around: FunctionNode, core: Core): readonly RequestRepair[] {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'forEach' || call.arguments.length !== 1)
    return [];
  if (!ts.isExpressionStatement(call.parent) || !isAsync(around) || isGenerator(around)) return [];
  const list = core.checker.getTypeAtLocation(callee.expression);
  if (!core.checker.isArrayType(list)) return [];
  return [
    {
      title: 'together',
      automatic: false,
      edits: [
        { range: [call.getStart(), call.getStart()], text: 'await Promise.all(' },
        { range: [callee.name.getStart(), callee.name.getEnd()], text: 'map' },
        { range: [call.getEnd(), call.getEnd()], text: ')' },
      ],
    },
  ];
}
