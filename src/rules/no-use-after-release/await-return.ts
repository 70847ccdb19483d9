import * as ts from 'typescript';
import {
  type AfterRelease,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  isAsync,
  isGenerator,
  isThenable,
} from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { functionName } from '../../report/wording.ts';
import type { LateRepair } from './repair.ts';

/** `return client.query(…)` → `return await client.query(…)`; where the function is not async, that as well is offered. */
export function awaitReturn({ at }: AfterRelease, core: Core): LateRepair | undefined {
  const statement = ts.findAncestor(at, ts.isReturnStatement);
  const given = statement?.expression;
  if (statement === undefined || given === undefined) return undefined;
  const fn = enclosingFunctionOf(statement);
  if (enclosingFunctionOf(at) !== fn || isGenerator(fn)) return undefined;
  const edits = awaited(given);
  if (isAsync(fn)) return { title: 'awaited', automatic: true, edits };
  const start = asyncStart(fn, core);
  return start === undefined
    ? undefined
    : { title: 'awaitedAsync', automatic: false, data: { fn: functionName(fn) }, edits: [start, ...edits] };
}

function awaited(given: ts.Expression): readonly Edit[] {
  const start = given.getStart();
  const binds =
    ts.isCallExpression(given) ||
    ts.isPropertyAccessExpression(given) ||
    ts.isParenthesizedExpression(given) ||
    ts.isIdentifier(given) ||
    ts.isNewExpression(given);
  if (binds) return [{ range: [start, start], text: 'await ' }];
  return [
    { range: [start, start], text: 'await (' },
    { range: [given.getEnd(), given.getEnd()], text: ')' },
  ];
}

/** Where `async` goes: only where the function is known to give a promise already. */
function asyncStart(fn: FunctionNode, { checker }: Core): Edit | undefined {
  const isPlain =
    ts.isArrowFunction(fn) || ts.isFunctionDeclaration(fn) || ts.isFunctionExpression(fn) || ts.isMethodDeclaration(fn);
  if (!isPlain || (fn.type !== undefined && !isPromiseNode(fn.type))) return undefined;
  const signature = checker.getSignatureFromDeclaration(fn);
  if (signature === undefined || !isThenable(checker.getReturnTypeOfSignature(signature), checker)) return undefined;
  const modifier = fn.modifiers?.filter((each) => !ts.isDecorator(each)).at(-1);
  if (modifier !== undefined) return { range: [modifier.getEnd(), modifier.getEnd()], text: ' async' };
  const start = fn.modifiers?.at(-1)?.getEnd() ?? fn.getStart();
  return fn.modifiers === undefined ? { range: [start, start], text: 'async ' } : undefined;
}

function isPromiseNode(type: ts.TypeNode): boolean {
  return ts.isTypeReferenceNode(type) && type.typeName.getText() === 'Promise';
}
