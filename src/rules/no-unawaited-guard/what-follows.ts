import * as ts from 'typescript';
import {
  type Core,
  enclosingFunctionOf,
  isInside,
  isReassigned,
  symbolOf,
  type UnawaitedGuard,
  wrapped,
} from '../../analysis/index.ts';
import { endWithComments, indentOf, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { movedIn } from '../../report/on-error.ts';

/** The statement of a call with all that follows it in its function. */
export interface WhatFollows {
  readonly statement: ts.ExpressionStatement;
  /** Where the last of what follows ends. */
  readonly end: number;
  /** `.then(() => { … })` with what follows in it, its lines one step further in than the statement. */
  readonly then: string;
}

/**
 * What follows a call, as the callback of its promise; `undefined` where it cannot move: it does not follow in the body of the function
 * itself, hands out a result, jumps out, or rests on types that are narrowed only here.
 */
export function whatFollows({ call, promise, relies }: UnawaitedGuard, core: Core): WhatFollows | undefined {
  const fn = enclosingFunctionOf(call);
  const statement = wrapped(promise).parent;
  if (!ts.isExpressionStatement(statement) || !('body' in fn) || fn.body !== statement.parent) return undefined;
  const { body } = fn;
  if (!ts.isBlock(body)) return undefined;
  const rest = body.statements.slice(body.statements.indexOf(statement) + 1);
  const last = rest.at(-1);
  if (last === undefined || !rest.some((each) => isInside(relies, each))) return undefined;
  if (rest.some((each) => cannotMove(each, core))) return undefined;
  const file = call.getSourceFile();
  const step = indentStepOf(file);
  const start = endWithComments(statement);
  const end = endWithComments(last);
  const comment = file.text.slice(statement.getEnd(), start);
  const head = `${step}.then(() => {${comment}${movedIn(body, start, end, step + step)}`;
  return { statement, end, then: `${head}${lineBreakOf(file)}${indentOf(statement)}${step}})` };
}

function cannotMove(statement: ts.Node, core: Core): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isFunctionDeclaration(node) || ts.isYieldExpression(node)) return true;
    if (ts.isReturnStatement(node)) return node.expression !== undefined;
    if (ts.isFunctionLike(node)) return false;
    if (ts.isBreakOrContinueStatement(node))
      return ts.findAncestor(node, (at) => isLoop(at) && isInside(at, statement)) === undefined;
    if (ts.isIdentifier(node)) return node.text === 'arguments' || mayBeNarrowed(node, statement, core);
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(statement);
}

/** A variable that changes loses in a callback what tests have found out about it. */
function mayBeNarrowed(name: ts.Identifier, statement: ts.Node, core: Core): boolean {
  const symbol = symbolOf(name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || isInside(declaration, statement)) return false;
  return (ts.isVariableDeclaration(declaration) || ts.isParameter(declaration)) && core.ask(isReassigned, symbol);
}

function isLoop(node: ts.Node): boolean {
  return ts.isIterationStatement(node, false) || ts.isSwitchStatement(node);
}
