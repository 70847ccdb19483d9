import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { failureOfCallback, rejectsAt } from '../effects/failures.ts';
import type { ParameterUse } from '../effects/parameter-uses.ts';
import { hasHandler } from '../escape/has-handler.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, isAsync } from '../syntax/functions.ts';

/** Functions around the call of one job that are looked through. */
const MOST_LEVELS = 4;

/**
 * Where a helper lets go of the promise of a job that it got, if a rejection of the job is nobody's then: where it calls the job, starts
 * an async function of its own that waits for it, or hands it to a timer.
 */
export function letGoOf({ called, kept, passedTo }: ParameterUse, core: Core): ts.Node | undefined {
  if (called.some(({ call }) => !ts.isCallExpression(call))) return undefined;
  const waiting = called.filter(({ isAwaited }) => isAwaited);
  if (waiting.length > 0)
    return waiting.length === called.length && passedTo.length === 0 && kept.is === 'no'
      ? startedFor(waiting.map(({ call }) => call).filter(ts.isCallExpression), core)
      : undefined;
  const later = called.filter(({ call }) => isLeftToNobody(call, core)).map(({ call }) => call);
  if (kept.is !== 'no' && (kept.is === 'unknown' || !later.includes(kept.witness))) return undefined;
  const followed = passedTo.filter(({ call }) => !later.includes(call));
  if (followed.some(({ call }) => !core.ask(calleesOf, call).isComplete)) return undefined;
  const [timer] = later;
  if (timer !== undefined) return timer;
  const calls = [...called, ...followed].map(({ call }) => call);
  return calls.find((call) => {
    if (!ts.isCallExpression(call)) return false;
    const task = core.ask(taskOf, call);
    return task.is === 'dropped' && dependsOnGiven(task.witness, core);
  });
}

/** Is it a call that runs its callback later and looks at no promise? */
function isLeftToNobody(call: ts.Node, { api }: Core): boolean {
  if (!ts.isCallExpression(call)) return false;
  const member = api.plays(call, 'defers') ?? api.plays(call, 'listener');
  return member !== undefined && member.catches !== true;
}

/** Does the promise that is dropped reject when something does that the function around it was given? */
export function dependsOnGiven(witness: ts.Node, core: Core): boolean {
  const outer = ts.isExpressionStatement(witness) ? bare(witness.expression) : witness;
  const dropped = ts.isVoidExpression(outer) ? outer.expression : outer;
  return ts.isExpression(dropped) && rejectsAt(dropped, core).parameters.size > 0;
}

// ---------------------------------------------------------------- jobs that an inner function waits for

/** The start of the async functions that wait for the job, where nobody waits for any of those. */
function startedFor(calls: readonly ts.CallExpression[], core: Core): ts.Node | undefined {
  const starts = calls.map((call) => lostStartOf(call, core));
  return starts.every((start) => start !== undefined) ? starts[0] : undefined;
}

/** `void (async () => { await job(); })()`: the call that starts what waits for the job, if its promise fails with it and is dropped. */
function lostStartOf(call: ts.CallExpression, core: Core): ts.CallExpression | undefined {
  const job = core.ask(calleesOf, call).parameter;
  if (job === undefined) return undefined;
  let start = call;
  for (let level = 0; level < MOST_LEVELS; level++) {
    const inner = enclosingFunctionOf(start);
    if (!ts.isArrowFunction(inner) && !ts.isFunctionExpression(inner) && !ts.isFunctionDeclaration(inner))
      return undefined;
    if (inner === job.parent || !isAsync(inner)) return undefined;
    const next = startOf(inner, core);
    if (next === undefined) return undefined;
    const [given] = next.arguments;
    if (given !== undefined && isLeftToNobody(next, core))
      return failureOfCallback(given, core).parameters.has(job) ? next : undefined;
    if (!rejectsAt(next, core).parameters.has(job)) return undefined;
    if (core.ask(taskOf, next).is === 'dropped') return hasHandler(next, core) ? undefined : next;
    start = next;
  }
  return undefined;
}

/** The one call that runs an inner function, or is given it to run it later: a chain, a timer. */
function startOf(
  inner: ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression,
  core: Core,
): ts.CallExpression | undefined {
  const name = ts.isFunctionDeclaration(inner) ? inner.name : nameHolding(inner);
  const value = wrapped(name === undefined ? inner : (onlyUseOf(name, core) ?? inner));
  const { parent } = value;
  if (!ts.isCallExpression(parent)) return undefined;
  if (parent.expression === value) return parent;
  const isFirst = parent.arguments[0] === value;
  return isFirst && (isLeftToNobody(parent, core) || core.api.plays(parent, 'chains') !== undefined)
    ? parent
    : undefined;
}

/** `const work = async () => …` */
function nameHolding(inner: ts.Node): ts.Identifier | undefined {
  const { parent } = wrapped(inner);
  return ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name) ? parent.name : undefined;
}

function onlyUseOf(name: ts.Identifier, core: Core): ts.Identifier | undefined {
  const symbol = symbolAt(name, core.checker);
  const [use, other] = symbol === undefined ? [] : referencesOf(symbol, core);
  return other === undefined ? use : undefined;
}
