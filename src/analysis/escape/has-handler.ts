import * as ts from 'typescript';
import { calleesOf, givenFor } from '../effects/callees-of.ts';
import { handlingOf } from '../effects/handling-of.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { receiversOf } from './callee.ts';
import { referencesOf, symbolAt } from './references.ts';

/** Functions that one promise may pass through. */
const MOST_LEVELS = 4;

/**
 * Is a handler attached to this very promise already, apart from what is done with the expression?
 *
 * For a variable or field: by another use of it in the function. For a call: in what is called, before it gives the promise back
 * (`p.catch(log); return p`). Where a handler stands counts, not on which ways it is reached.
 */
export function hasHandler(promise: ts.Expression, core: Core, level = 0): boolean {
  const node = bare(promise);
  if (level > MOST_LEVELS) return false;
  if (ts.isCallExpression(node)) return isGivenHandled(node, core, level);
  if (ts.isConditionalExpression(node))
    return hasHandler(node.whenTrue, core, level) && hasHandler(node.whenFalse, core, level);
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const symbol = ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? symbolAt(name, core.checker) : undefined;
  const fn = enclosingFunctionOf(node);
  return (
    symbol !== undefined &&
    referencesOf(symbol, core).some(
      (reference) => enclosingFunctionOf(reference) === fn && isHandledAt(reference, core, level),
    )
  );
}

/** Do all functions that a call may run give back a promise that has a handler? */
function isGivenHandled(call: ts.CallExpression, core: Core, level: number): boolean {
  const { functions, isComplete, through } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every(givesHandled);

  function givesHandled(fn: FunctionNode): boolean {
    const given = returnedBy(fn, core);
    return given.length > 0 && given.every((result) => hasHandler(result, core, level + 1) || isPassed(result));
  }

  /** Is it a parameter, for which the call gives a promise that has a handler? */
  function isPassed(result: ts.Expression): boolean {
    const declaration = ts.isIdentifier(result) ? symbolAt(result, core.checker)?.valueDeclaration : undefined;
    const [given] =
      declaration !== undefined && ts.isParameter(declaration) ? (givenFor(call, declaration, through) ?? []) : [];
    return given !== undefined && hasHandler(given, core, level + 1);
  }
}

/** What a function returns; nothing where the caller gets a promise of its own, as from an `async` one. */
function returnedBy(fn: FunctionNode, core: Core): readonly ts.Expression[] {
  if (isAsync(fn) || isGenerator(fn)) return [];
  return core
    .ask(flowGraph, fn)
    .steps.filter(({ kind }) => kind === 'return')
    .flatMap(({ node }) => (ts.isReturnStatement(node) ? (node.expression ?? []) : ts.isExpression(node) ? node : []))
    .map((result) => bare(result));
}

function isHandledAt(reference: ts.Node, core: Core, level: number): boolean {
  const { parent } = reference;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === reference;
  const node = wrapped(isMember ? parent : reference);
  if (!ts.isExpression(node)) return false;
  const { at, is } = handlingOf(node, core);
  if (is === 'handled' || is === 'caught') return true;
  if (is !== 'passed' || !ts.isCallExpression(at)) return false;
  const { isComplete, parameters } = receiversOf(at, at.arguments.indexOf(node), core);
  return isComplete && parameters.length > 0 && parameters.every((parameter) => isHandledIn(parameter, core, level));
}

/** Does a function put a handler on the promise that it gets for a parameter? */
function isHandledIn({ name }: ts.ParameterDeclaration, core: Core, level: number): boolean {
  const symbol = ts.isIdentifier(name) ? symbolAt(name, core.checker) : undefined;
  if (symbol === undefined || level >= MOST_LEVELS) return false;
  return referencesOf(symbol, core).some((reference) => isHandledAt(reference, core, level + 1));
}
