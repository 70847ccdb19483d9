import * as ts from 'typescript';
import { receiversOf } from '../escape/callee.ts';
import { referencesOf } from '../escape/references.ts';
import { type TaskEnd, taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { type HandMade, handMadeAt } from './settlers.ts';

type Call = ts.CallExpression | ts.NewExpression;

const WAITED: ReadonlySet<TaskEnd> = new Set(['awaited', 'joined', 'raced', 'returned']);

/**
 * Does whoever waits for a call of the project's own function wait for the promise that it is given at this place: `limit(closed, 5_000)`?
 *
 * A race counts: bounded waiting is waiting. Doubt: a function that cannot be seen, or that keeps the promise, does not wait.
 */
export function waitsForGiven(call: ts.CallExpression | ts.NewExpression, argument: number, core: Core): boolean {
  const given = call.arguments?.[argument];
  if (given === undefined) return false;
  if (WAITED.has(core.ask(taskOf, given).is)) return true;
  return handMadeBy(call, argument, core).length > 0;
}

/** Does a promise that the function makes by hand settle by what it is given, or by a timer, whichever comes first? */
export function limitsGiven(call: Call, argument: number, core: Core): boolean {
  return handMadeBy(call, argument, core).some(({ settlers }) => settlers.some(({ by }) => by === 'limit'));
}

/** `new Promise((resolve, reject) => { given.then(resolve, reject); })` in the functions that get what is given. */
function handMadeBy(call: Call, argument: number, core: Core): readonly HandMade[] {
  return receiversOf(call, argument, core).parameters.flatMap(({ name }) => {
    const symbol = ts.isIdentifier(name) ? core.checker.getSymbolAtLocation(name) : undefined;
    return symbol === undefined ? [] : referencesOf(symbol, core).flatMap((given) => resolvedBy(given, core) ?? []);
  });
}

function resolvedBy(given: ts.Identifier, core: Core): HandMade | undefined {
  const maker = wrapped(enclosingFunctionOf(given)).parent;
  const made = ts.isNewExpression(maker) ? core.ask(handMadeAt, maker) : undefined;
  const isBy = made?.settlers.some(({ call, settles }) => settles === 'resolve' && startOf(call, core) === given);
  return isBy === true ? made : undefined;
}

/** `closed` of `closed.then(resolve).catch(reject)`. */
function startOf(chain: ts.Node | undefined, core: Core): ts.Node | undefined {
  let node = chain;
  while (node !== undefined && ts.isCallExpression(node) && core.api.plays(node, 'chains') !== undefined) {
    const callee = bare(node.expression);
    node = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  }
  return node;
}
