import * as ts from 'typescript';
import { type Call, calleesOf } from '../effects/callees-of.ts';
import { parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { hasRole } from '../effects/roles.ts';
import { extendsQuery } from '../escape/extended-query.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { sessionChangesOf, statementTextOf } from '../resources/statements.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A transaction, or another object that is lent for a while. */
export interface Transaction {
  /** The call that opens it. */
  readonly opens: ts.CallExpression;
  /** What ends it without waiting: the same call, whose callback is over, or the commit. */
  readonly ends: ts.Node;
}

/** The transaction that a promise works on and that ends without waiting for it. */
export function transactionOf(call: Call, promise: ts.Expression, core: Core): Transaction | undefined {
  const found = lentAround(call, promise, core) ?? begunBefore(call, promise, core);
  if (found === undefined || endsTransaction(call, core)) return undefined;
  if (ts.isCallExpression(call) && extendsQuery(call, core)) return undefined;
  return isThenable(core.checker.getTypeAtLocation(promise), core.checker) ? found : undefined;
}

/** Is it the commit or the roll-back itself? */
function endsTransaction(call: Call, core: Core): boolean {
  const { member } = core.ask(calleesOf, call);
  if (member === undefined) return false;
  return (
    (['commits', 'rolls-back', 'releases', 'detaches', 'fire-and-forget'] as const).some((role) =>
      hasRole(member, role),
    ) ||
    changeAt(call, core) === 'commits' ||
    changeAt(call, core) === 'begins'
  );
}

// ---------------------------------------------------------------- lent to a callback

function lentAround(call: Call, promise: ts.Expression, core: Core): Transaction | undefined {
  for (let fn: FunctionNode = enclosingFunctionOf(call); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
    const opens = lenderOf(fn, core);
    if (opens === undefined) continue;
    const objects = objectsOf(opens, fn, core);
    if (mentionsAny(promise, objects, core)) return { opens, ends: opens };
  }
  return undefined;
}

/** The call that runs a callback with something lent. */
function lenderOf(fn: ts.ArrowFunction | ts.FunctionExpression, core: Core): ts.CallExpression | undefined {
  const outer = wrapped(fn);
  const { parent } = outer;
  if (!ts.isCallExpression(parent) || parent.expression === outer) return undefined;
  const callee = bare(parent.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name)) return undefined;
  const isRow = core.api.namesWith('lends').has(name.text) && core.api.plays(parent, 'lends') !== undefined;
  const at = parent.arguments.indexOf(outer as ts.Expression);
  return isRow || (/transaction|tx$/i.test(name.text) && isHouseTransaction(parent, at, core, 0)) ? parent : undefined;
}

/** A function of the project that waits for its callback and commits, or hands it to what does. */
function isHouseTransaction(call: ts.CallExpression, at: number, core: Core, depth: number): boolean {
  const { functions, isComplete } = core.ask(calleesOf, call);
  const [fn] = functions;
  if (fn === undefined || functions.length > 1 || !isComplete || at < 0 || depth > 2) return false;
  const use = useOfArgument(fn, at, core.ask(parameterUses, fn));
  if (use === undefined) return false;
  const isHandedOn = use.passedTo.some(({ argument, call: inner }) => {
    if (!ts.isCallExpression(inner)) return false;
    return core.api.plays(inner, 'lends') !== undefined || isHouseTransaction(inner, argument, core, depth + 1);
  });
  if (isHandedOn) return true;
  const isWaitedFor = use.called.length > 0 && use.called.every(({ isAwaited }) => isAwaited);
  const { steps } = core.ask(flowGraph, fn);
  return (
    isWaitedFor &&
    steps.some(({ kind, node }) => kind === 'call' && ts.isCallExpression(node) && changeAt(node, core) === 'commits')
  );
}

/** What is lent: the parameters of the callback, and what the call is made on if that is lent itself (a session). */
function objectsOf(
  opens: ts.CallExpression,
  fn: ts.ArrowFunction | ts.FunctionExpression,
  core: Core,
): ReadonlySet<ts.Symbol> {
  const found = new Set<ts.Symbol>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) {
      const symbol = core.checker.getSymbolAtLocation(name);
      if (symbol !== undefined) found.add(symbol);
    } else {
      for (const element of name.elements) if (isBindingElement(element)) bind(element.name);
    }
  };
  for (const { name } of fn.parameters) bind(name);
  const receiver = receiverOf(opens, core);
  if (receiver !== undefined && core.api.isA(core.checker.getTypeAtLocation(receiver.node), 'lease') !== undefined)
    found.add(receiver.symbol);
  return found;
}

/** Is one of the objects named, or a constant that was made of one without waiting? */
function mentionsAny(node: ts.Node, objects: ReadonlySet<ts.Symbol>, core: Core, depth = 0): boolean {
  const visit = (inner: ts.Node): boolean => {
    if (ts.isIdentifier(inner)) {
      const symbol = symbolOf(inner, core);
      if (symbol === undefined) return false;
      if (objects.has(symbol)) return true;
      const declaration = symbol.valueDeclaration;
      const made =
        declaration !== undefined && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
      const isDerived = made !== undefined && depth < 3 && isInsideOwner(made, objects) && !waits(made);
      return isDerived && mentionsAny(made, objects, core, depth + 1);
    }
    return ts.forEachChild(inner, visit) ?? false;
  };
  return visit(node);
}

/** Does the declaration stand in the function that has the objects, so that it may be made of them? */
function isInsideOwner(made: ts.Node, objects: ReadonlySet<ts.Symbol>): boolean {
  return [...objects].some((symbol) => symbol.valueDeclaration?.getSourceFile() === made.getSourceFile());
}

function waits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (isFunctionNode(node)) return false;
  return ts.forEachChild(node, waits) ?? false;
}

// ---------------------------------------------------------------- begun by a statement

/** `await runner.startTransaction(); runner.manager.save(order); await runner.commitTransaction();` */
function begunBefore(call: Call, promise: ts.Expression, core: Core): Transaction | undefined {
  const fn = enclosingFunctionOf(call);
  if (!mayBegin(fn, core)) return undefined;
  const graph = core.ask(flowGraph, fn);
  const [here] = graph.stepsOf(call).filter(({ kind }) => kind === 'call');
  if (here === undefined) return undefined;
  for (const step of graph.steps) {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node) || changeAt(step.node, core) !== 'begins') continue;
    const lease = receiverOf(step.node, core);
    if (lease === undefined || !mentionsAny(promise, new Set([lease.symbol]), core)) continue;
    if (pathOf({ from: step, to: (next) => next === here }) === undefined) continue;
    const way = pathOf({
      from: here,
      to: ({ kind, node }) =>
        kind === 'call' &&
        ts.isCallExpression(node) &&
        changeAt(node, core) === 'commits' &&
        receiverOf(node, core)?.symbol === lease.symbol,
      without: ({ way: kind }) => kind === 'throw',
    });
    const ends = way?.at(-1);
    if (ends !== undefined) return { opens: step.node, ends: ends.node };
  }
  return undefined;
}

function mayBegin(fn: FunctionNode, core: Core): boolean {
  const text = fn.getText();
  if (/\b(?:begin|start\s+transaction)\b/i.test(text)) return true;
  return [...core.api.namesWith('begins').keys()].some((name) => text.includes(name));
}

/** Does the call open or close a transaction, by its row or by its statement? */
function changeAt(call: Call, core: Core): 'begins' | 'commits' | undefined {
  if (!ts.isCallExpression(call)) return undefined;
  const { member } = core.ask(calleesOf, call);
  if (member === undefined) return undefined;
  if (hasRole(member, 'begins')) return 'begins';
  if (hasRole(member, 'commits')) return 'commits';
  const text = hasRole(member, 'queries') ? statementTextOf(core.api.argumentOf(call, member.argument)) : undefined;
  const changes = text === undefined ? [] : sessionChangesOf(text);
  if (changes.some(({ leaves }) => leaves === 'transaction')) return 'begins';
  return changes.some(({ takesAway }) => takesAway === 'transaction') && !/^\s*(?:rollback|abort)\b/i.test(text ?? '')
    ? 'commits'
    : undefined;
}

/** The variable at the root of what a call is made on. */
function receiverOf(
  call: ts.CallExpression,
  core: Core,
): { readonly node: ts.Node; readonly symbol: ts.Symbol } | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  let node = bare(callee.expression);
  while (ts.isPropertyAccessExpression(node)) node = bare(node.expression);
  const symbol = ts.isIdentifier(node) ? symbolOf(node, core) : undefined;
  return symbol === undefined ? undefined : { node: callee.expression, symbol };
}
