import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { handMadeAt } from './settlers.ts';

/** A listener that is attached after a wait in which its event, which comes once, may already have come. */
export interface LateListener {
  /** The wait: `new Promise(…)`, `once(child, 'exit')`. */
  readonly wait: ts.CallExpression | ts.NewExpression;
  readonly emitter: ts.Identifier;
  readonly event: string;
  /** Where the event is written. */
  readonly at: ts.Node;
  /** The variable that holds the emitter. */
  readonly made: ts.VariableDeclaration;
  /** The `await` or `for await` that is passed before. */
  readonly pause: ts.Node;
  readonly isCertain: boolean;
}

/**
 * Is the event that is waited for one that may have come before anybody listened?
 *
 * The emitter is made in the same function, which waits for something else on every way from there to the listener; the event is one
 * that comes once (the end of a child, the connection of a socket). Left out: emitters that were listened to, looked at or told to
 * end before.
 * Doubt: waits that may be over before the next turn of the event loop.
 */
export const lateListener = defineFact<ts.CallExpression | ts.NewExpression, LateListener | undefined>({
  name: 'late-listener',
  scope: 'program',
  compute(wait, core) {
    const target = targetOf(wait, core);
    if (target === undefined) return undefined;
    const { at, emitter, event } = target;
    const symbol = symbolAt(emitter, core.checker);
    const made = symbol?.valueDeclaration;
    if (symbol === undefined || made === undefined || !ts.isVariableDeclaration(made)) return undefined;
    const home = enclosingFunctionOf(wait);
    if (enclosingFunctionOf(made) !== home || !isFresh(made, core) || !comesOnce(emitter, event, core))
      return undefined;
    if (!referencesOf(symbol, core).every((name) => leavesOpen(name, wait, event, core))) return undefined;
    const pause = pauseBetween(made, wait, symbol, home, core);
    return pause === undefined
      ? undefined
      : { wait, emitter, event, at, made, pause: pause.node, isCertain: isLong(pause, core) };
  },
});

interface Target {
  readonly emitter: ts.Identifier;
  readonly event: string;
  readonly at: ts.Node;
}

function targetOf(wait: ts.CallExpression | ts.NewExpression, core: Core): Target | undefined {
  if (ts.isNewExpression(wait)) {
    const hops = core.ask(handMadeAt, wait)?.settlers.filter(({ settles }) => settles === 'resolve');
    const [hop] = hops?.[0]?.hops ?? [];
    if (hops?.length !== 1 || hop?.event === undefined) return undefined;
    const emitter = bare(hop.emitter);
    return ts.isIdentifier(emitter) ? { emitter, event: hop.event, at: hop.at } : undefined;
  }
  const member = core.api.memberOf(wait);
  if (member === undefined || !hasRole(member, 'waits') || member.key === undefined) return undefined;
  const given = core.api.argumentOf(wait, member.argument ?? 0);
  const event = core.api.argumentOf(wait, member.key);
  const emitter = given === undefined ? undefined : bare(given);
  if (emitter === undefined || !ts.isIdentifier(emitter) || event === undefined) return undefined;
  return ts.isStringLiteralLike(event) ? { emitter, event: event.text, at: event } : undefined;
}

/** Made here, by a call of which the catalogue knows that it makes one. */
function isFresh(made: ts.VariableDeclaration, core: Core): boolean {
  const value = made.initializer === undefined ? undefined : bare(made.initializer);
  if (value === undefined || (!ts.isCallExpression(value) && !ts.isNewExpression(value))) return false;
  return core.api.plays(value, 'creates') !== undefined;
}

function comesOnce(emitter: ts.Expression, event: string, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(emitter);
  const table = core.api.isA(type, 'emitter')?.events;
  if (table === undefined || table.recovers === true) return false;
  if (table.prompt?.includes(event) === true) return core.api.memberIn(type, 'listen') === undefined;
  // A stream ends when it was read; a server when it is closed.
  const isLasting = core.api.isA(type, 'stream') !== undefined || core.api.memberIn(type, 'listen') !== undefined;
  return !isLasting && table.end?.includes(event) === true;
}

/** Does a use of the emitter leave the event unheard: no listener for it, no look at its state, no order to end? */
function leavesOpen(name: ts.Identifier, wait: ts.Node, event: string, core: Core): boolean {
  if (name.pos >= wait.pos) return true;
  const outer = wrapped(name);
  const { parent } = outer;
  if (!ts.isPropertyAccessExpression(parent)) {
    if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
    const member = core.api.memberOf(parent);
    const named = member?.key === undefined ? undefined : core.api.argumentOf(parent, member.key);
    return named !== undefined && ts.isStringLiteralLike(named) && named.text !== event && named.text !== 'error';
  }
  const used = wrapped(parent).parent;
  if (!ts.isCallExpression(used)) {
    // A part of it (`child.stdout`), not a word on its state.
    const type = core.checker.getTypeAtLocation(parent);
    return core.api.isA(core.checker.getNonNullableType(type), 'emitter') !== undefined;
  }
  if (bare(used.expression) !== parent)
    return core.api.isA(core.checker.getTypeAtLocation(parent), 'emitter') !== undefined;
  const member = core.api.memberOf(used);
  if (member === undefined) return false;
  if ((['cuts-off', 'destroys', 'drains', 'emits'] as const).some((role) => hasRole(member, role))) return false;
  if (member.key === undefined) return true;
  const named = core.api.argumentOf(used, member.key);
  return named !== undefined && ts.isStringLiteralLike(named) && named.text !== event;
}

/** A pause that lies on every way from the making of the emitter to the listener, and is no wait for the emitter itself. */
function pauseBetween(
  made: ts.VariableDeclaration,
  wait: ts.Node,
  emitter: ts.Symbol,
  home: FunctionNode,
  core: Core,
): Step | undefined {
  const graph = core.ask(flowGraph, home);
  if (graph.truncated || made.initializer === undefined) return undefined;
  const from = graph.stepsOf(bare(made.initializer)).find(({ kind }) => kind === 'call');
  const to = graph.stepsOf(wait).find(({ kind }) => kind === 'call');
  if (from === undefined || to === undefined) return undefined;
  const isPause = (step: Step): boolean => step.kind === 'suspend' && !isWaitFor(step.node, emitter, core);
  if (pathOf({ from, to: (step) => step === to, avoiding: isPause }) !== undefined) return undefined;
  const path = pathOf({ from, to: (step) => step === to, without: (edge) => edge.way === 'throw' });
  return path?.find(isPause);
}

/** `await once(child, 'spawn')`: what comes later has not come yet. */
function isWaitFor(node: ts.Node, emitter: ts.Symbol, core: Core): boolean {
  if (!ts.isAwaitExpression(node)) return false;
  const awaited = bare(node.expression);
  if (ts.isNewExpression(awaited)) {
    const hops = core.ask(handMadeAt, awaited)?.settlers.flatMap((settler) => settler.hops) ?? [];
    return hops.some((hop) => symbolAt(bare(hop.emitter), core.checker) === emitter);
  }
  if (!ts.isCallExpression(awaited)) return false;
  return awaited.arguments.some((given) => symbolAt(bare(given), core.checker) === emitter);
}

/** Is the pause longer than a turn of the event loop: I/O, a timer, another event, a stream? */
function isLong({ node }: Step, core: Core): boolean {
  if (!ts.isAwaitExpression(node)) return true;
  return isLongCall(bare(node.expression), core, 0);
}

function isLongCall(expression: ts.Expression, core: Core, level: number): boolean {
  if (!ts.isCallExpression(expression)) return false;
  const member = core.api.memberOf(expression);
  if (member !== undefined) {
    if (hasRole(member, 'joins')) return containsLong(expression, core, level);
    return (['io', 'starts-timer', 'waits'] as const).some((role) => hasRole(member, role));
  }
  if (level > 2) return false;
  const { functions } = core.ask(calleesOf, expression);
  return functions.length > 0 && functions.every((fn) => containsLong(fn, core, level));
}

/** Does the code wait for something long, outside its inner functions? */
function containsLong(within: ts.Node, core: Core, level: number): boolean {
  const look = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node)) return false;
    if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) return true;
    if (ts.isCallExpression(node) && isLongCall(node, core, level + 1)) return true;
    if (ts.isNewExpression(node) && (core.ask(handMadeAt, node)?.settlers.some(({ by }) => by === 'events') ?? false))
      return true;
    return ts.forEachChild(node, look) ?? false;
  };
  return ts.forEachChild(within, look) ?? false;
}
