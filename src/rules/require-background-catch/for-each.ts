import * as ts from 'typescript';
import {
  type BackgroundTask,
  bare,
  type Core,
  enclosingFunctionOf,
  isAsync,
  isGenerator,
} from '../../analysis/index.ts';
import { type Edit, hasComment } from '../../report/edits.ts';
import type { CatchRepair } from './repair.ts';

/** `items.forEach(async …)` → a loop that waits for each, or `await Promise.all(items.map(async …))`. */
export function eachWaitedFor({ call, launch, work }: BackgroundTask, core: Core): readonly CatchRepair[] {
  const outer = ts.isAwaitExpression(launch.parent) ? launch.parent : launch;
  if (call === undefined || !ts.isCallExpression(call) || !ts.isExpressionStatement(outer.parent)) return [];
  const callee = bare(call.expression);
  const around = enclosingFunctionOf(call);
  const [callback, other] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'forEach' || callback === undefined) return [];
  if (!isAsync(around) || isGenerator(around) || other !== undefined) return [];
  const isArray = core.checker.isArrayType(
    core.checker.getNonNullableType(core.checker.getTypeAtLocation(callee.expression)),
  );
  if (!isArray) return [];
  const together: CatchRepair = { title: 'together', automatic: false, edits: allOf(call, callee, outer !== launch) };
  return [...inTurn(outer, callee, bare(work)), together];
}

function allOf(call: ts.CallExpression, callee: ts.PropertyAccessExpression, isAwaited: boolean): readonly Edit[] {
  const isOptional = callee.questionDotToken !== undefined;
  return [
    { range: [call.getStart(), call.getStart()], text: `${isAwaited ? '' : 'await '}Promise.all(` },
    { range: [callee.name.getStart(), callee.name.getEnd()], text: 'map' },
    { range: [call.getEnd(), call.getEnd()], text: isOptional ? ' ?? [])' : ')' },
  ];
}

/** A loop, where the callback uses neither index nor `this` and never returns early. */
function inTurn(outer: ts.Node, callee: ts.PropertyAccessExpression, fn: ts.Expression): readonly CatchRepair[] {
  if (!ts.isArrowFunction(fn)) return [];
  const [element, index] = fn.parameters;
  const statement = outer.parent;
  if (element === undefined || index !== undefined || element.initializer !== undefined || leavesEarly(fn)) return [];
  if (!ts.isBlock(fn.body) && hasComment(fn)) return [];
  const list = `${callee.expression.getText()}${callee.questionDotToken === undefined ? '' : ' ?? []'}`;
  const head = `for (const ${element.name.getText()} of ${list}) `;
  const { body } = fn;
  const end = statement.getEnd();
  if (ts.isBlock(body)) {
    return [
      {
        title: 'inTurn',
        automatic: false,
        edits: [
          { range: [outer.getStart(), body.getStart()], text: head },
          { range: [body.getEnd(), end], text: '' },
        ],
      },
    ];
  }
  const text = ts.isAwaitExpression(body) ? body.getText() : `await ${body.getText()}`;
  return [{ title: 'inTurn', automatic: false, edits: [{ range: [outer.getStart(), end], text: `${head}${text};` }] }];
}

function leavesEarly(fn: ts.ArrowFunction): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    return ts.isReturnStatement(node) || (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
  };
  return visit(fn.body);
}
