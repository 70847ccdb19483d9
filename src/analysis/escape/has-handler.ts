import * as ts from 'typescript';
import { calleesOf, givenFor } from '../effects/callees-of.ts';
import { handlingOf } from '../effects/handling-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isThenable } from '../types/is-thenable.ts';
import { receiversOf } from './callee.ts';
import { referencesOf, symbolAt } from './references.ts';

/** Functions that one promise may pass through. */
const MOST_LEVELS = 4;

/**
 * Is a handler attached to this very promise already, apart from what is done with the expression?
 *
 * For a variable or field: by another use of it in the function. For a call: in what is called, before it gives the promise back
 * (`p.catch(log); return p`). It counts where every way from the promise through the expression comes by it; ways of exceptions are
 * left out, and those on which a test of the variable tells that there is no promise.
 */
export function hasHandler(promise: ts.Expression, core: Core, level = 0): boolean {
  const node = bare(promise);
  if (level > MOST_LEVELS || !mayBePromise(node, core)) return false;
  if (ts.isCallExpression(node)) return isGivenHandled(node, core, level);
  if (ts.isConditionalExpression(node))
    return hasHandler(node.whenTrue, core, level) && hasHandler(node.whenFalse, core, level);
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const symbol = ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? symbolAt(name, core.checker) : undefined;
  if (symbol === undefined) return false;
  const fn = enclosingFunctionOf(node);
  const graph = core.ask(flowGraph, fn);
  const handlers = handlersOf(symbol, fn, core);
  const used = graph.stepsOf(node);
  if (handlers.length === 0 || graph.truncated || used.length === 0) return handlers.length > 0;
  const isHandling = isOneOf(handlers, graph);
  const writes = writesOf(symbol, graph, core);
  return (
    !originsOf(symbol, writes, graph).some((from) => leads(from, used, isHandling)) ||
    !used.some((from) => leads(from, [graph.exit, ...writes], isHandling))
  );
}

/** References to a promise in one function at which it gets a handler, and tests of it by which they are left out. */
function handlersOf(symbol: ts.Symbol, fn: FunctionNode, core: Core): readonly ts.Identifier[] {
  const references = referencesOf(symbol, core).filter((reference) => enclosingFunctionOf(reference) === fn);
  const handlers = references.filter((reference) => isHandledAt(reference, core));
  return handlers.length === 0 ? [] : [...handlers, ...references.filter(isAsked)];
}

/** Does a condition ask for nothing but what the variable holds: `if (job)`, `job !== undefined && …`? */
function isAsked(reference: ts.Node): boolean {
  let node = wrapped(reference);
  while (isPartOfTest(node.parent)) node = wrapped(node.parent);
  const { parent } = node;
  if (ts.isIfStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  const isAnd = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd && parent.left === node && ts.isExpressionStatement(wrapped(parent).parent);
}

/** Comparisons that tell what a variable holds. */
function isTest(operator: ts.SyntaxKind): boolean {
  const { SyntaxKind } = ts;
  return (
    operator === SyntaxKind.EqualsEqualsEqualsToken ||
    operator === SyntaxKind.EqualsEqualsToken ||
    operator === SyntaxKind.ExclamationEqualsEqualsToken ||
    operator === SyntaxKind.ExclamationEqualsToken ||
    operator === SyntaxKind.InstanceOfKeyword
  );
}

function isPartOfTest(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return isTest(node.operatorToken.kind);
  return (
    ts.isPrefixUnaryExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isPropertyAccessExpression(node)
  );
}

function isOneOf(references: readonly ts.Identifier[], graph: FlowGraph): (step: Step) => boolean {
  const steps = new Set(references.flatMap((reference) => stepsAt(reference, graph)));
  return (step) => steps.has(step);
}

/** The steps that read a variable or, for the name of a member, the member. */
function stepsAt(reference: ts.Identifier, graph: FlowGraph): readonly Step[] {
  const { parent } = reference;
  return graph.stepsOf(ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference);
}

/** Where a variable or member gets another promise. */
function writesOf(symbol: ts.Symbol, graph: FlowGraph, core: Core): readonly Step[] {
  return graph.steps.filter(({ kind, node, write }) => {
    if (kind !== 'write' || write?.how === 'parameter') return false;
    const name = ts.isPropertyAccessExpression(node) ? node.name : node;
    const isNamed = (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) && name.text === textOf(symbol);
    return isNamed && symbolAt(name, core.checker) === symbol;
  });
}

function textOf({ name, valueDeclaration }: ts.Symbol): string {
  const declared = valueDeclaration === undefined ? undefined : ts.getNameOfDeclaration(valueDeclaration);
  return declared !== undefined && ts.isPrivateIdentifier(declared) ? declared.text : name;
}

/** Where the promise comes from: what is written; a parameter, and what the function does not write, is there from the start. */
function originsOf({ valueDeclaration }: ts.Symbol, writes: readonly Step[], graph: FlowGraph): readonly Step[] {
  const isGiven = writes.length === 0 || (valueDeclaration !== undefined && ts.isParameter(valueDeclaration));
  return isGiven ? [graph.enter, ...writes] : writes;
}

/** Is there a way that passes no handler? */
function leads(from: Step, to: readonly Step[], isHandling: (step: Step) => boolean): boolean {
  const way = pathOf({
    from,
    to: (step) => to.includes(step),
    avoiding: isHandling,
    without: (edge) => edge.way === 'throw',
  });
  return way !== undefined;
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

function isHandledAt(reference: ts.Node, core: Core): boolean {
  const { parent } = reference;
  const isMember = ts.isPropertyAccessExpression(parent) && parent.name === reference;
  const node = wrapped(isMember ? parent : reference);
  if (!ts.isExpression(node)) return false;
  const { at, is } = handlingOf(node, core);
  if (is === 'handled' || is === 'caught') return true;
  if (is !== 'passed' || !ts.isCallExpression(at)) return false;
  const { isComplete, parameters } = receiversOf(at, at.arguments.indexOf(node), core);
  return isComplete && parameters.length > 0 && parameters.every((parameter) => core.ask(isHandledIn, parameter));
}

/** Does a function put a handler on the promise that it gets for a parameter, whichever way it takes? */
const isHandledIn = defineFact<ts.ParameterDeclaration, boolean>({
  name: 'is-handled-in',
  scope: 'program',
  start: () => false,
  compute({ name }, core) {
    const symbol = ts.isIdentifier(name) && mayBePromise(name, core) ? symbolAt(name, core.checker) : undefined;
    if (symbol === undefined) return false;
    const fn = enclosingFunctionOf(name);
    const handlers = handlersOf(symbol, fn, core);
    const graph = core.ask(flowGraph, fn);
    return handlers.length > 0 && (graph.truncated || !leads(graph.enter, [graph.exit], isOneOf(handlers, graph)));
  },
});

function mayBePromise(node: ts.Expression, { checker }: Core): boolean {
  const type = checker.getTypeAtLocation(node);
  return isAnyLike(type) || isThenable(type, checker);
}
