import ts from 'typescript';
import {
  type Core,
  enclosingFunctionOf,
  isAsync,
  isInside,
  isReassigned,
  loggerInScope,
  symbolOf,
  type UnawaitedGuard,
  wrapped,
} from '../../analysis/index.ts';
import { ended, endWithComments, indentOf, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { movedIn, onError } from '../../report/on-error.ts';
import { quoted } from '../../report/wording.ts';
import type { GuardRepair } from './repairs.ts';

/**
 * `assertOpen(order); ship(order);` → `assertOpen(order).then(() => { ship(order); }).catch(…);`
 *
 * For functions that cannot wait, where all that follows can move into the callback.
 */
export function gateWhatFollows({ call, promise, relies }: UnawaitedGuard, core: Core): GuardRepair | undefined {
  const fn = enclosingFunctionOf(call);
  const outer = wrapped(promise);
  const statement = outer.parent;
  if (isAsync(fn) || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return undefined;
  const block = statement.parent;
  const rest = block.statements.slice(block.statements.indexOf(statement) + 1);
  const [first] = rest;
  const last = rest.at(-1);
  if (first === undefined || last === undefined || !rest.some((each) => isInside(relies, each))) return undefined;
  if ('body' in fn && fn.body !== block) return undefined;
  if (rest.some((each) => cannotMove(each, core))) return undefined;
  const file = call.getSourceFile();
  const line = lineBreakOf(file);
  const step = indentStepOf(file);
  const indent = indentOf(statement);
  const isOfRequest = (type: ts.Type): boolean => core.api.isA(type, 'request-scope') !== undefined;
  const { handler } = onError(
    file,
    undefined,
    loggerInScope(statement, core, isOfRequest),
    quoted(call.getChildAt(0)).replace(/[`'"\\]/g, ''),
  );
  const start = endWithComments(statement);
  const end = endWithComments(last);
  const text = [
    promise.getText(),
    `${step}.then(() => {${file.text.slice(statement.getEnd(), start)}${movedIn(block, start, end, step + step)}`,
    `${step}})`,
    ended(`${step}.catch(${handler})`, file),
  ].join(line + indent);
  return { title: 'then', automatic: false, edits: [{ range: [statement.getStart(), end], text }] };
}

/** A result, a jump out, a name for others, or a variable whose type is narrowed only here. */
function cannotMove(statement: ts.Node, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionDeclaration(node) || ts.isYieldExpression(node)) return true;
    if (ts.isFunctionLike(node)) return false;
    if (ts.isReturnStatement(node)) return node.expression !== undefined;
    if (ts.isBreakOrContinueStatement(node))
      return !ts.findAncestor(node, (at) => isLoop(at) && isInside(at, statement));
    if (ts.isIdentifier(node)) {
      if (node.text === 'arguments') return true;
      const symbol = symbolOf(node, core);
      const declaration = symbol?.valueDeclaration;
      const isLocal =
        declaration !== undefined && (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration));
      return isLocal && symbol !== undefined && !isInside(declaration, statement) && core.ask(isReassigned, symbol);
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(statement);
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node);
}
