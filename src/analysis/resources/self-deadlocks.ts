import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type Acquisition, heldLocksAt, lockPlaceOf } from '../effects/locking.ts';
import { hasRole } from '../effects/roles.ts';
import { type Answer, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { isSamePlace } from '../places/place.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { boundByCall, creationsOf } from './bound-of.ts';
import { type LockTaking, lockTakingsAt, queues } from './lock-takings.ts';

/** A lock that a task waits for while it holds it itself. */
export interface SelfDeadlock {
  /** Where it was taken first: the call that takes it, or that runs a callback under it. */
  readonly held: Acquisition;
  /** Where it is taken again. */
  readonly taking: LockTaking;
  /** What ends the wait after all, with an error. */
  readonly limit?: ts.Node;
  /** It has several permits: others must hold the rest. */
  readonly isShared?: true;
}

/**
 * The locks that a function takes again while it holds them, in a row or through what it calls and waits for.
 *
 * `yes` for a lock of one permit that is held on every way there and taken again whenever the callee runs. Silent about locks that let
 * their holder in again, and about those that fail at once instead of waiting.
 */
export const selfDeadlocks = defineFact<FunctionNode, readonly Answer<SelfDeadlock, SelfDeadlock>[]>({
  name: 'self-deadlocks',
  scope: 'program',
  compute(fn, core) {
    const graph = core.ask(flowGraph, fn);
    if (graph.truncated) return [];
    const around = [...limiterAround(fn, core), ...heldLocksAt(graph.enter, fn, core)];
    const found: Answer<SelfDeadlock, SelfDeadlock>[] = [];
    const told = new Set<ts.Node>();
    for (const step of graph.steps) {
      if (step.kind !== 'call' || step.previous.length === 0 || told.has(step.node)) continue;
      const held = [...around, ...heldLocksAt(step, fn, core)].filter(({ place }) => place !== undefined);
      if (held.length === 0) continue;
      for (const taking of lockTakingsAt(step, graph, core)) {
        const same = held.find(({ node, place }) => node !== taking.at && isSame(place, taking));
        if (same === undefined) continue;
        const answer = answerFor(same, taking, core);
        if (answer === undefined) continue;
        told.add(step.node);
        found.push(answer);
        break;
      }
    }
    return found;
  },
});

/** The semaphore or limiter that runs a callback: with one permit it is a lock. */
function limiterAround(fn: FunctionNode, core: Core): readonly Acquisition[] {
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return [];
  const call = wrapped(fn).parent;
  if (!ts.isCallExpression(call) || call.expression === wrapped(fn)) return [];
  const member = core.api.plays(call, 'runs-concurrently');
  const place = member === undefined || !queues(call, member, core) ? undefined : lockPlaceOf(call, member, core);
  return place === undefined ? [] : [{ node: call, place }];
}

function isSame(place: Acquisition['place'], taking: LockTaking): boolean {
  return place !== undefined && isSamePlace(place, taking.place);
}

function answerFor(held: Acquisition, taking: LockTaking, core: Core): Answer<SelfDeadlock, SelfDeadlock> | undefined {
  const permits = permitsOf(taking.node, core);
  const limit = limitOf(taking.node, core);
  if (permits === 'reentrant' || limit === 'at-once') return undefined;
  const witness: SelfDeadlock = {
    held,
    taking,
    ...(limit === undefined ? {} : { limit }),
    ...(permits === 1 ? {} : { isShared: true }),
  };
  if (permits !== 1) return unknown('open-world', witness);
  return taking.isCertain ? yes(witness) : unknown('escapes', witness);
}

/** Names of types and fields that say how many may hold a lock. */
const COUNTED = /sema|limit|permit|pool|slot|seat|token|capacity|concurren|count/i;

/** How many may hold the lock at a time; `unknown` where nothing says so. */
function permitsOf(node: ts.Node, core: Core): number | 'reentrant' | 'unknown' {
  if (!ts.isCallExpression(node)) {
    const lock = node.parent;
    return ts.isMethodDeclaration(node) && ts.isClassLike(lock) && isCounting(lock, core) ? 'unknown' : 1;
  }
  const callee = bare(node.expression);
  const member = core.api.memberOf(node);
  if (member === undefined || hasRole(member, 'chains')) return 1;
  const owner = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  const made = creationsOf(owner, core) ?? [];
  const [creation] = made;
  if (creation !== undefined && made.length === 1) return permitsOfCreation(creation, core);
  if (hasRole(member, 'runs-concurrently') || member.resource === 'result-element') return 'unknown';
  const type = core.checker.getTypeAtLocation(owner);
  return COUNTED.test((type.symbol as ts.Symbol | undefined)?.name ?? '') ? 'unknown' : 1;
}

function permitsOfCreation(
  creation: ts.CallExpression | ts.NewExpression,
  core: Core,
): number | 'reentrant' | 'unknown' {
  const wrapper = core.api.plays(creation, 'bounds-argument');
  const inner = wrapper === undefined ? undefined : core.api.argumentOf(creation, wrapper.argument);
  if (inner !== undefined) {
    const [made] = creationsOf(inner, core) ?? [];
    return made === undefined ? 'unknown' : permitsOfCreation(made, core);
  }
  // An option of async-lock, and of locks like it.
  if (creation.arguments?.some((given) => /reentran/i.test(given.getText())) === true) return 'reentrant';
  const limiter = core.api.plays(creation, 'creates-limiter');
  if (limiter?.concurrency === undefined) return core.api.memberOf(creation) === undefined ? 'unknown' : 1;
  const given = core.api.argumentOf(creation, limiter.concurrency.argument);
  if (given === undefined) return limiter.concurrency.fallback;
  const { option } = limiter.concurrency;
  const literal = bare(given);
  const named =
    option !== undefined && ts.isObjectLiteralExpression(literal)
      ? literal.properties.find(({ name }) => name !== undefined && ts.isIdentifier(name) && name.text === option)
      : undefined;
  const type = core.checker.getTypeAtLocation(
    named !== undefined && ts.isPropertyAssignment(named) ? named.initializer : given,
  );
  return type.isNumberLiteral() ? type.value : 'unknown';
}

/** Does a lock of the project count: a number among its fields or what it is made with? */
function isCounting(lock: ts.ClassLikeDeclaration, { checker }: Core): boolean {
  return lock.members.some((member) => {
    const parts = ts.isConstructorDeclaration(member) ? member.parameters : [member];
    return parts.some((part) => {
      if (!ts.isParameter(part) && !ts.isPropertyDeclaration(part)) return false;
      const type = checker.getTypeAtLocation(part);
      return (type.flags & ts.TypeFlags.NumberLike) !== 0;
    });
  });
}

/** What makes the second taking fail after a time, or at once. */
function limitOf(node: ts.Node, core: Core): ts.Node | 'at-once' | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { member } = core.ask(calleesOf, node);
  if (member === undefined) return undefined;
  const bounded = boundByCall(node, member, core);
  if (bounded.is === 'unknown') return 'at-once';
  if (bounded.is === 'no') return undefined;
  const { by, witness } = bounded.witness;
  if (by !== 'wrapper') return witness;
  const wrapper = ts.isCallExpression(witness) ? core.api.memberOf(witness) : undefined;
  return wrapper?.bound === undefined ? 'at-once' : witness;
}
