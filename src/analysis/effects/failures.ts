import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { isReassigned, symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode, isGenerator } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { givesThenable, isThenable, thenableBySignatures } from '../types/is-thenable.ts';
import { elementTypeOf } from '../types/element-type-of.ts';
import { type Call, callablesAt, type Callees, calleesOf, givenFor } from './callees-of.ts';
import {
  asParameter,
  CALL_THROWS,
  certainly,
  doubted,
  eitherFailure,
  ELEMENT_REJECTS,
  type Failure,
  type FailureWitness,
  isSameFailure,
  isSound,
  perhaps,
  PROMISE_REJECTS,
  seenFrom,
  softly,
  SOUND,
} from './failure.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';

/** How a function may fail: at the call itself, and by the promise it returns. For a generator `rejects` is what its steps do. */
export interface Failures {
  readonly throws: Failure;
  readonly rejects: Failure;
}

const SAFE: Failures = { throws: SOUND, rejects: SOUND };

/**
 * How a function may fail, transitively: mining fact 1.
 *
 * Certain: a `throw`, and an awaited or returned promise of code without a body (I/O may fail), where neither a `catch` on the way
 * nor the catalogue takes the failure away. In doubt: synchronous calls of code without a body and without a row, `any`, callbacks.
 * What fails only when a callback or a promise given by the caller does is kept apart, so that a call with a sound one is sound.
 * A `catch` that passes the error to a callback, a field or an emitter, or logs it, is taken to succeed in that.
 * Ignored on purpose: failures of property access on nullish values, of getters, of conversions.
 */
export const failures: Fact<FunctionNode, Failures> = defineSummary<Failures>({
  name: 'failures',
  start: () => SAFE,
  same: (left, right) => isSameFailure(left.throws, right.throws) && isSameFailure(left.rejects, right.rejects),
  widen: (fn, last) => ({
    throws: isAsync(fn) || isGenerator(fn) ? SOUND : eitherFailure(last.throws, perhaps('budget', { node: fn, fn })),
    rejects: eitherFailure(last.rejects, perhaps('budget', { node: fn, fn })),
  }),
  of: (fn, core, ask) => new Reader(core, ask).failuresOf(fn),
});

/** How a call itself may fail, before it returns. */
export function throwsAt(call: Call, core: Core): Failure {
  return readerOf(core).thrownBy(call);
}

/** How the promise that an expression gives may reject. */
export function rejectsAt(expression: ts.Expression, core: Core): Failure {
  return readerOf(core).rejectionOf(expression);
}

/** How a function value may fail when it is called, both ways. */
export function failureOfCallback(expression: ts.Expression, core: Core): Failure {
  return readerOf(core).callbackFailure(expression, CALL_THROWS | PROMISE_REJECTS);
}

/** How a step of a function may fail: what its `throw` edge stands for. */
export function failureAt(step: Step, core: Core): Failure {
  return readerOf(core).raisedAt(step);
}

function readerOf(core: Core): Reader {
  return new Reader(core, (fn) => core.ask(failures, fn));
}

/** Roles whose call is done when its callback is. */
const RUNS_CALLBACK = ['runs-now', 'exclusive', 'runs-concurrently', 'lends'] as const;

/** Expressions looked through for one question. */
const DEEPEST = 12;

/** Why a step is reached: for certain, or only if something fails that may not. */
interface Reached {
  readonly isCertain: boolean;
  readonly because: Failure;
}

const CERTAINLY_REACHED: Reached = { isCertain: true, because: SOUND };

class Reader {
  private readonly core: Core;
  private readonly ask: (fn: FunctionNode) => Failures;

  constructor(core: Core, ask: (fn: FunctionNode) => Failures) {
    this.core = core;
    this.ask = ask;
  }

  // ---------------------------------------------------------------- one function

  failuresOf(fn: FunctionNode): Failures {
    const graph = this.core.ask(flowGraph, fn);
    const isLazy = isAsync(fn) || isGenerator(fn);
    if (graph.truncated) {
      const lost = perhaps('budget', { node: fn, fn });
      return { throws: isLazy ? SOUND : lost, rejects: lost };
    }
    const landings = new Map<Step, Landing>();
    const caught = new Map<Step, Failure>();
    const reached = new Map<Step, Reached>([[graph.enter, CERTAINLY_REACHED]]);
    const raised = new Map<Step, Failure>();
    const rethrows = new Map<Step, Step[]>();
    const queue: Step[] = [graph.enter];
    const queued = new Set<Step>(queue);
    let escaping = SOUND;
    let returned = SOUND;

    const push = (step: Step): void => {
      if (queued.has(step)) return;
      queued.add(step);
      queue.push(step);
    };
    const reach = (step: Step, how: Reached): void => {
      const known = reached.get(step);
      const now = known === undefined ? how : mergeReached(known, how);
      if (known !== undefined && isSameReached(known, now)) return;
      reached.set(step, now);
      push(step);
    };

    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      queued.delete(step);
      const here = reached.get(step) as Reached;
      const own = this.raisedHere(step, caught, rethrows, raised);
      if (step.kind === 'return' && !isGenerator(fn))
        returned = eitherFailure(returned, under(here, this.returnedAt(step)));
      if (!isSound(own)) {
        const failing = under(here, own);
        for (const edge of step.next) {
          if (edge.way !== 'throw') continue;
          const landing = landingOf(edge.to, landings);
          if (landing.escapes) escaping = eitherFailure(escaping, failing);
          for (const join of landing.catches) {
            const before = caught.get(join) ?? SOUND;
            const after = eitherFailure(before, failing);
            if (isSameFailure(before, after)) continue;
            caught.set(join, after);
            for (const again of rethrows.get(join) ?? []) {
              raised.delete(again);
              push(again);
            }
          }
        }
      }
      if (isLazy && [escaping, returned].some(({ certain }) => certain !== undefined && certain.isSoft !== true)) break;
      for (const edge of step.next) {
        if (edge.way !== 'throw') reach(edge.to, here);
        else if (!isSound(own))
          reach(edge.to, own.certain !== undefined ? here : { isCertain: false, because: under(here, own) });
      }
    }
    return isLazy
      ? { throws: SOUND, rejects: eitherFailure(escaping, returned) }
      : { throws: escaping, rejects: returned };
  }

  private raisedHere(
    step: Step,
    caught: ReadonlyMap<Step, Failure>,
    rethrows: Map<Step, Step[]>,
    raised: Map<Step, Failure>,
  ): Failure {
    const known = raised.get(step);
    if (known !== undefined) return known;
    const clause = rethrownFrom(step, this.core);
    let own: Failure | undefined;
    if (clause !== undefined) {
      for (const join of caught.keys()) {
        if (join.node === clause)
          own = own === undefined ? caught.get(join) : eitherFailure(own, caught.get(join) ?? SOUND);
      }
      for (const join of caught.keys()) {
        if (join.node !== clause) continue;
        const waiting = rethrows.get(join) ?? [];
        if (!waiting.includes(step)) rethrows.set(join, [...waiting, step]);
      }
    }
    own ??= this.raisedAt(step);
    raised.set(step, own);
    return own;
  }

  /** What a step may raise by itself. */
  raisedAt(step: Step): Failure {
    const { kind, node } = step;
    if (kind === 'throw') return raised({ node, fn: enclosingFunctionOf(node) });
    if (kind === 'call') {
      if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node))
        return this.thrownBy(node);
      return isFunctionNode(node) ? seenFrom(this.ask(node).throws, node, enclosingFunctionOf(node.parent)) : SOUND;
    }
    if (kind === 'suspend') {
      if (ts.isAwaitExpression(node)) return this.rejectionOf(node.expression);
      if (ts.isForOfStatement(node)) return this.iterationOf(node.expression);
      if (ts.isVariableDeclaration(node)) return perhaps('unknown-callee', { node, fn: enclosingFunctionOf(node) });
      return SOUND;
    }
    if (kind === 'iterate') {
      if (ts.isForOfStatement(node) && node.awaitModifier === undefined) return this.iterationOf(node.expression);
      if (ts.isYieldExpression(node) && node.expression !== undefined) return this.iterationOf(node.expression);
      if (ts.isSpreadElement(node)) return this.iterationOf(node.expression);
    }
    return SOUND;
  }

  /** The promise that a `return` hands out. */
  private returnedAt(step: Step): Failure {
    const expression = ts.isReturnStatement(step.node) ? step.node.expression : (step.node as ts.Expression);
    return expression === undefined ? SOUND : this.rejectionOf(expression);
  }

  /** Iterating runs the code of a generator; other async iterables do I/O. */
  private iterationOf(expression: ts.Expression): Failure {
    const node = bare(expression);
    const isAsyncLoop = isForAwaitOver(expression);
    if (ts.isCallExpression(node)) {
      const callees = this.core.ask(calleesOf, node);
      if (callees.isComplete && callees.functions.some(isGenerator)) {
        return this.fromCallees(node, callees, (fn) => (isGenerator(fn) ? this.ask(fn).rejects : SOUND));
      }
      if (isAsyncLoop && (callees.isExternal === true || callees.member !== undefined)) {
        return isSafe(callees.member) ? SOUND : certainly({ node, fn: enclosingFunctionOf(node) });
      }
    }
    if (!isAsyncLoop) return SOUND;
    const type = this.core.checker.getTypeAtLocation(node);
    const element = elementTypeOf(type, this.core.checker);
    if (this.core.checker.isArrayLikeType(type) && element !== undefined && !isThenable(element, this.core.checker))
      return SOUND;
    return perhaps(isAnyLike(type) ? 'any' : 'open-world', { node, fn: enclosingFunctionOf(node) });
  }

  // ---------------------------------------------------------------- calls

  /** How a call may fail before it returns. */
  thrownBy(call: Call): Failure {
    const callees = this.core.ask(calleesOf, call);
    const { member } = callees;
    let found = this.fromCallees(call, callees, (fn) => this.ask(fn).throws);
    if (callees.isComplete) return found;
    if (member !== undefined) {
      if (hasRole(member, 'runs-now')) found = eitherFailure(found, this.callbackOf(call, member, CALL_THROWS));
      if (isSafe(member) || this.isPromised(call)) return found;
      if (isRareFailure(member) && isOfLiterals(call, this.core)) return found;
      const witness = { node: call, fn: enclosingFunctionOf(call) };
      if (member.rejects === true && !isRareFailure(member)) return eitherFailure(found, raised(witness));
      return isForwarding(call, this.core) ? found : eitherFailure(found, perhaps('unknown-callee', witness));
    }
    if (callees.parameter !== undefined && callees.functions.length === 0) {
      return isForwarding(call, this.core) ? found : eitherFailure(found, asParameter(callees.parameter, CALL_THROWS));
    }
    if (isForwarding(call, this.core) || (callees.functions.length > 0 && callees.because === 'open-world'))
      return found;
    if (callees.isExternal === true && (this.isPromised(call) || isLogging(call, this.core))) return found;
    return eitherFailure(
      found,
      perhaps(callees.because ?? 'unknown-callee', { node: call, fn: enclosingFunctionOf(call) }),
    );
  }

  /** How the promise of a call may reject. */
  private rejectionOfCall(call: Call, depth: number): Failure {
    const callees = this.core.ask(calleesOf, call);
    const { member } = callees;
    if (member !== undefined && !callees.functions.length) return this.rejectionByRow(call, member, depth);
    let found = this.fromCallees(call, callees, (fn) => (isGenerator(fn) ? SOUND : this.ask(fn).rejects));
    if (callees.isComplete) return found;
    const witness = { node: call, fn: enclosingFunctionOf(call) };
    if (callees.parameter !== undefined) found = eitherFailure(found, asParameter(callees.parameter, PROMISE_REJECTS));
    else if (callees.functions.length === 0) {
      if (ts.isCallExpression(call) && thenableBySignatures(call, this.core.checker) === false) return SOUND;
      const type = this.core.checker.getTypeAtLocation(call);
      if (isAnyLike(type)) return perhaps('any', witness);
      if (!isThenable(type, this.core.checker)) return SOUND;
      if (callees.isExternal === true) {
        if (isLogging(call, this.core) || isNodeback(call)) return SOUND;
        // Whoever declares `void | Promise<void>` means that nobody need wait.
        return mayBeVoid(type) ? perhaps('open-world', witness) : certainly(witness);
      }
      found = eitherFailure(found, perhaps(callees.because ?? 'unknown-callee', witness));
    }
    return found;
  }

  private rejectionByRow(call: Call, member: MemberMatch, depth: number): Failure {
    const given = ts.isTaggedTemplateExpression(call) ? [] : (call.arguments ?? []);
    if (hasRole(member, 'chains')) return this.rejectionOfChain(call, member, depth);
    if (hasRole(member, 'joins') || hasRole(member, 'races')) {
      const list = given[member.argument ?? 0];
      return member.rejects === false || list === undefined ? SOUND : this.elementsOf(list, depth + 1);
    }
    if (ts.isNewExpression(call) && hasRole(member, 'runs-now')) return this.rejectionOfExecutor(call, depth);
    if (hasRole(member, 'fire-and-forget')) return SOUND;
    let found = SOUND;
    const runsCallback = RUNS_CALLBACK.some((role) => hasRole(member, role));
    if (runsCallback) found = this.callbackOf(call, member, CALL_THROWS | PROMISE_REJECTS);
    if (isSafe(member)) {
      const value = member.value === undefined ? undefined : given[member.value];
      return value === undefined ? found : eitherFailure(found, this.rejectionOf(value, depth + 1));
    }
    if ((runsCallback && member.rejects !== true) || hasRole(member, 'pure')) return found;
    const { checker } = this.core;
    const witness = { node: call, fn: enclosingFunctionOf(call) };
    const known = ts.isCallExpression(call) ? thenableBySignatures(call, checker) : undefined;
    const type = known === undefined ? checker.getTypeAtLocation(call) : undefined;
    if (type !== undefined && isAnyLike(type)) return eitherFailure(found, perhaps('any', witness));
    const isPromise = known ?? (type !== undefined && isThenable(type, checker));
    return isPromise && !isNodeback(call) ? eitherFailure(found, certainly(witness)) : found;
  }

  /** `.then(a, b)`, `.catch(h)`, `.finally(f)`. */
  private rejectionOfChain(call: Call, member: MemberMatch, depth: number): Failure {
    if (!ts.isCallExpression(call)) return SOUND;
    const callee = bare(call.expression);
    if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return SOUND;
    const base = this.rejectionOf(callee.expression, depth + 1);
    const handler = member.handlesRejection === undefined ? undefined : call.arguments[member.handlesRejection];
    let found = base;
    if (handler !== undefined && !isNothing(handler)) {
      found = isSound(base)
        ? SOUND
        : under({ isCertain: base.certain !== undefined, because: base }, this.handlerFailure(handler));
    }
    const next = member.argument === member.handlesRejection ? undefined : call.arguments[member.argument ?? 0];
    if (next !== undefined && !isNothing(next)) {
      found = eitherFailure(found, hardened(this.callbackFailure(next, CALL_THROWS | PROMISE_REJECTS), next));
    }
    return found;
  }

  /** A handler of a rejection that may fail itself. One that only passes the error on is taken to succeed. */
  private handlerFailure(handler: ts.Expression): Failure {
    const node = bare(handler);
    const callables = callablesAt(node, this.core);
    if (ts.isPropertyAccessExpression(node)) {
      const losesThis = callables.functions.find((fn) => ts.isMethodDeclaration(fn) && usesThis(fn));
      if (losesThis !== undefined) return certainly({ node, fn: enclosingFunctionOf(node) });
    }
    if (callables.functions.length === 0) {
      const row = this.core.api.memberAt(node);
      const isForwarded =
        callables.parameter !== undefined || callables.because === 'open-world' || callables.because === 'escapes';
      if (isForwarded || (row !== undefined && isSafe(row))) return SOUND;
      if (ts.isCallExpression(node)) return SOUND;
      return perhaps(callables.because ?? 'unknown-callee', { node, fn: enclosingFunctionOf(node) });
    }
    return hardened(this.callbackFailure(node, CALL_THROWS | PROMISE_REJECTS), node);
  }

  /** `new Promise(executor)`: it rejects when the executor uses its second parameter, throws, or resolves with what rejects. */
  private rejectionOfExecutor(call: ts.NewExpression, depth: number): Failure {
    const given = call.arguments?.[0];
    const witness = { node: call, fn: enclosingFunctionOf(call) };
    if (given === undefined) return SOUND;
    const { functions, isComplete, because } = callablesAt(given, this.core);
    let found: Failure = isComplete ? SOUND : perhaps(because ?? 'unknown-callee', witness);
    for (const fn of functions) {
      found = eitherFailure(found, seenFrom(this.ask(fn).throws, call, witness.fn));
      if (!ts.isFunctionLike(fn)) continue;
      const [resolve, reject] = fn.parameters;
      const rejecting = reject === undefined ? undefined : namesOf(reject, fn, this.core)[0];
      if (rejecting !== undefined)
        found = eitherFailure(found, certainly({ node: rejecting, fn: enclosingFunctionOf(rejecting) }));
      for (const name of resolve === undefined ? [] : namesOf(resolve, fn, this.core)) {
        const user = name.parent;
        if (!ts.isCallExpression(user) || user.expression !== name) continue;
        const value = user.arguments[0];
        if (value !== undefined && this.mayBePromise(value))
          found = eitherFailure(found, this.rejectionOf(value, depth + 1));
      }
    }
    return found;
  }

  /** The failures of the callees of a call, with what the call gives put in the place of parameters. */
  private fromCallees(call: Call, callees: Callees, failureIn: (fn: FunctionNode) => Failure): Failure {
    const here = enclosingFunctionOf(call);
    let found = SOUND;
    let all = true;
    for (const fn of callees.functions) {
      const failure = this.substituted(failureIn(fn), fn, call, callees.through);
      if (failure.certain === undefined) all = false;
      found = eitherFailure(found, isSound(failure) ? SOUND : seenFrom(failure, call, here));
    }
    // Implementations of an interface or an abstract method: another one may be meant, unless they all fail.
    return callees.isComplete || all || callees.because === undefined ? found : doubted(found, callees.because);
  }

  private substituted(failure: Failure, callee: FunctionNode, call: Call, through: Callees['through']): Failure {
    if (failure.parameters.size === 0) return failure;
    const kept = new Map<ts.ParameterDeclaration, number>();
    let found: Failure = { ...failure, parameters: kept };
    for (const [parameter, how] of failure.parameters) {
      if ((parameter.parent as ts.Node) !== callee) {
        kept.set(parameter, how);
        continue;
      }
      const given = givenFor(call, parameter, through);
      if (given === undefined) {
        found = eitherFailure(found, perhaps('escapes', { node: call, fn: enclosingFunctionOf(call) }));
        continue;
      }
      for (const expression of given) found = eitherFailure(found, this.givenFailure(expression, how));
    }
    return found;
  }

  private givenFailure(expression: ts.Expression, how: number): Failure {
    if ((how & ELEMENT_REJECTS) !== 0) return this.elementsOf(expression, 0);
    const type = this.core.checker.getTypeAtLocation(expression);
    const isFunction = type.getCallSignatures().length > 0 || callablesAt(expression, this.core).functions.length > 0;
    if (isFunction) return this.callbackFailure(expression, how);
    return (how & PROMISE_REJECTS) === 0 ? SOUND : this.rejectionOf(expression);
  }

  private callbackOf(call: Call, member: MemberMatch, how: number): Failure {
    if (ts.isTaggedTemplateExpression(call)) return SOUND;
    const callback = this.core.api.argumentOf(call, member.argument);
    return callback === undefined ? SOUND : this.callbackFailure(callback, how);
  }

  /** How a function that is given to be called may fail. */
  callbackFailure(expression: ts.Expression, how: number): Failure {
    const node = bare(expression);
    const { functions, isComplete, because, isExternal, parameter } = callablesAt(node, this.core);
    const here = enclosingFunctionOf(node);
    let found = SOUND;
    for (const fn of functions) {
      const { throws, rejects } = this.ask(fn);
      if ((how & CALL_THROWS) !== 0)
        found = eitherFailure(found, ts.isFunctionLike(node) ? throws : seenFrom(throws, node, here));
      if ((how & PROMISE_REJECTS) !== 0 && !isGenerator(fn)) {
        found = eitherFailure(found, ts.isFunctionLike(node) ? rejects : seenFrom(rejects, node, here));
      }
    }
    if (isComplete) return found;
    if (parameter !== undefined) return eitherFailure(found, asParameter(parameter, how));
    const row = this.core.api.memberAt(node);
    if (row !== undefined && isSafe(row)) return found;
    const type = this.core.checker.getTypeAtLocation(node);
    if (!isAnyLike(type) && type.getCallSignatures().length === 0) return found;
    const isCertain = isExternal === true && (how & PROMISE_REJECTS) !== 0 && this.alwaysPromises(type);
    if (isCertain) return eitherFailure(found, certainly({ node, fn: here }));
    return eitherFailure(found, perhaps(because ?? 'unknown-callee', { node, fn: here }));
  }

  /** Does a function of the type give a promise whatever it is given, and never `void` instead? */
  private alwaysPromises(type: ts.Type): boolean {
    const results = type.getCallSignatures().map((signature) => signature.getReturnType());
    return results.length > 0 && results.every((each) => !mayBeVoid(each) && isThenable(each, this.core.checker));
  }

  // ---------------------------------------------------------------- promises

  /** How the promise that an expression gives may reject; `SOUND` for what is no promise. */
  rejectionOf(expression: ts.Expression, depth = 0): Failure {
    const node = bare(expression);
    const here = { node, fn: enclosingFunctionOf(node) };
    if (depth > DEEPEST) return perhaps('budget', here);
    if (ts.isCallExpression(node) && bare(node.expression).kind === ts.SyntaxKind.ImportKeyword) {
      return perhaps('open-world', here);
    }
    if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node)) {
      return this.rejectionOfCall(node, depth);
    }
    if (ts.isConditionalExpression(node)) {
      return eitherFailure(this.rejectionOf(node.whenTrue, depth + 1), this.rejectionOf(node.whenFalse, depth + 1));
    }
    if (ts.isBinaryExpression(node)) return this.rejectionOfBinary(node, depth);
    if (isNeverPromise(node)) return SOUND;
    const type = this.core.checker.getTypeAtLocation(node);
    if (isAnyLike(type)) return isError(node, this.core) ? SOUND : perhaps('any', here);
    if (!isThenable(type, this.core.checker)) return SOUND;
    if (ts.isIdentifier(node)) return this.rejectionOfName(node, depth);
    return perhaps('open-world', here);
  }

  private rejectionOfBinary(node: ts.BinaryExpression, depth: number): Failure {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.AmpersandAmpersandToken) {
      return this.rejectionOf(node.right, depth + 1);
    }
    const isChoice = operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
    if (isChoice || (isAssignmentOperator(operator) && operator !== ts.SyntaxKind.EqualsToken)) {
      return eitherFailure(this.rejectionOf(node.left, depth + 1), this.rejectionOf(node.right, depth + 1));
    }
    return operator === ts.SyntaxKind.EqualsToken ? this.rejectionOf(node.right, depth + 1) : SOUND;
  }

  private rejectionOfName(node: ts.Identifier, depth: number): Failure {
    const here = { node, fn: enclosingFunctionOf(node) };
    const symbol = symbolOf(node, this.core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return perhaps('any', here);
    if (this.core.ask(isReassigned, symbol)) return perhaps('escapes', here);
    if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
      return this.rejectionOf(declaration.initializer, depth + 1);
    }
    if (ts.isParameter(declaration) && ts.isIdentifier(declaration.name))
      return asParameter(declaration, PROMISE_REJECTS);
    return perhaps('escapes', here);
  }

  /** How one of the promises in a list may reject. */
  private elementsOf(expression: ts.Expression, depth: number): Failure {
    const node = bare(expression);
    const here = { node, fn: enclosingFunctionOf(node) };
    if (depth > DEEPEST) return perhaps('budget', here);
    if (ts.isArrayLiteralExpression(node)) {
      return node.elements.reduce<Failure>(
        (found, element) =>
          eitherFailure(
            found,
            ts.isSpreadElement(element)
              ? this.elementsOf(element.expression, depth + 1)
              : this.rejectionOf(element, depth + 1),
          ),
        SOUND,
      );
    }
    if (ts.isConditionalExpression(node)) {
      return eitherFailure(this.elementsOf(node.whenTrue, depth + 1), this.elementsOf(node.whenFalse, depth + 1));
    }
    if (ts.isCallExpression(node)) {
      const member = this.core.api.memberOf(node);
      if (member !== undefined && hasRole(member, 'runs-now')) {
        const callback = this.core.api.argumentOf(node, member.argument);
        const callables = callback === undefined ? undefined : callablesAt(callback, this.core);
        if (callback !== undefined && this.giveThenables(node)) {
          if (callables?.functions.some((fn) => this.returnsPromise(fn)) === true)
            return this.callbackFailure(callback, PROMISE_REJECTS);
          return this.elementsOf((bare(node.expression) as ts.PropertyAccessExpression).expression, depth + 1);
        }
      }
    }
    if (!this.giveThenables(node))
      return isAnyLike(this.core.checker.getTypeAtLocation(node)) ? perhaps('any', here) : SOUND;
    if (ts.isIdentifier(node)) return this.elementsOfName(node, depth);
    return perhaps('open-world', here);
  }

  private elementsOfName(node: ts.Identifier, depth: number): Failure {
    const here = { node, fn: enclosingFunctionOf(node) };
    const symbol = symbolOf(node, this.core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined) return perhaps('any', here);
    if (ts.isParameter(declaration) && ts.isIdentifier(declaration.name))
      return asParameter(declaration, ELEMENT_REJECTS);
    if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
      return perhaps('escapes', here);
    let found = this.elementsOf(declaration.initializer, depth + 1);
    for (const use of namesOf(declaration, enclosingFunctionOf(declaration), this.core)) {
      const access = wrapped(use).parent;
      const call = access.parent;
      if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(call) || call.expression !== access) continue;
      if (this.core.api.plays(call, 'mutates') === undefined) continue;
      for (const argument of call.arguments) {
        found = eitherFailure(
          found,
          ts.isSpreadElement(argument)
            ? this.elementsOf(argument.expression, depth + 1)
            : this.rejectionOf(argument, depth + 1),
        );
      }
    }
    return found;
  }

  private giveThenables(node: ts.Expression): boolean {
    const element = elementTypeOf(this.core.checker.getTypeAtLocation(node), this.core.checker);
    return element !== undefined && isThenable(element, this.core.checker);
  }

  private returnsPromise(fn: FunctionNode): boolean {
    if (isAsync(fn)) return true;
    const signature = ts.isFunctionLike(fn) ? this.core.checker.getSignatureFromDeclaration(fn) : undefined;
    return (
      signature !== undefined && isThenable(this.core.checker.getReturnTypeOfSignature(signature), this.core.checker)
    );
  }

  private isPromised(call: Call): boolean {
    return givesThenable(call, this.core.checker);
  }

  private mayBePromise(node: ts.Expression): boolean {
    if (isNeverPromise(bare(node))) return false;
    return givesThenable(node, this.core.checker);
  }
}

/** Where an exception goes that takes an edge: out of the function, into `catch` clauses; through every `finally` on the way. */
interface Landing {
  readonly escapes: boolean;
  readonly catches: readonly Step[];
}

function landingOf(target: Step, known: Map<Step, Landing>): Landing {
  const found = known.get(target);
  if (found !== undefined) return found;
  const catches: Step[] = [];
  let escapes = false;
  const seen = new Set<Step>([target]);
  for (const step of seen) {
    if (step.kind === 'escape') escapes = true;
    else if (step.kind === 'join' && ts.isCatchClause(step.node)) catches.push(step);
    else for (const edge of step.next) if (edge.way !== 'throw') seen.add(edge.to);
  }
  const landing = { escapes, catches };
  known.set(target, landing);
  return landing;
}

function mergeReached(left: Reached, right: Reached): Reached {
  if (left.isCertain || right.isCertain) return CERTAINLY_REACHED;
  return { isCertain: false, because: eitherFailure(left.because, right.because) };
}

function isSameReached(left: Reached, right: Reached): boolean {
  return left.isCertain === right.isCertain && (left.isCertain || isSameFailure(left.because, right.because));
}

/** A failure at a step that is itself reached only because something else fails. */
function under(reached: Reached, failure: Failure): Failure {
  if (reached.isCertain || isSound(failure)) return failure;
  const { because } = reached;
  const { certain, ...rest } = failure;
  if (certain === undefined) return rest;
  const doubt = rest.doubtful ?? because.doubtful;
  return eitherFailure(
    { ...rest, ...(doubt === undefined ? {} : { doubtful: { because: doubt.because, witness: certain } }) },
    { parameters: because.parameters },
  );
}

/** The `catch` clause whose caught error a step throws again. */
function rethrownFrom(step: Step, core: Core): ts.CatchClause | undefined {
  if (step.kind !== 'throw' || !ts.isThrowStatement(step.node)) return undefined;
  const thrown = bare(step.node.expression);
  if (!ts.isIdentifier(thrown)) return undefined;
  const declaration = symbolOf(thrown, core)?.valueDeclaration?.parent;
  return declaration !== undefined && ts.isCatchClause(declaration) ? declaration : undefined;
}

/** An exception by itself. In a function that does not wait it is soft. */
function raised(witness: FailureWitness): Failure {
  return isAsync(witness.fn) ? certainly(witness) : softly(witness);
}

/** A `throw` of the callback of a chain itself is as good as one of an async function. */
function hardened(failure: Failure, callback: ts.Expression): Failure {
  const { certain } = failure;
  if (certain?.isSoft !== true || !ts.isThrowStatement(certain.node) || certain.fn !== bare(callback)) return failure;
  return { ...failure, certain: { node: certain.node, fn: certain.fn } };
}

function mayBeVoid(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(({ flags }) => (flags & ts.TypeFlags.Void) !== 0);
}

/** Is its last argument a callback that gets the error first? Then that is where the error goes. */
function isNodeback(call: Call): boolean {
  if (ts.isTaggedTemplateExpression(call)) return false;
  const last = call.arguments?.at(-1);
  const callback = last === undefined ? undefined : bare(last);
  if (callback === undefined || (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback))) return false;
  const [first] = callback.parameters;
  return first !== undefined && ts.isIdentifier(first.name) && ERROR_NAME.test(first.name.text);
}

const ERROR_NAME = /^_*(?:e|er|err|error)$/i;

/** Is it what was caught, or what a rejection handler was given? That is no promise, whatever its type says. */
function isError(node: ts.Expression, core: Core): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  if (declaration === undefined) return false;
  if (ts.isVariableDeclaration(declaration)) return ts.isCatchClause(declaration.parent);
  if (!ts.isParameter(declaration)) return false;
  const fn = declaration.parent;
  const user = wrapped(fn).parent as ts.Node | undefined;
  const isHandler =
    user !== undefined && isFunctionNode(fn) && ts.isCallExpression(user) && isRejectionHandler(user, fn, core);
  return isHandler || (ts.isIdentifier(declaration.name) && ERROR_NAME.test(declaration.name.text));
}

/** May what the row describes neither throw nor reject? */
function isSafe(member: MemberMatch | undefined): boolean {
  if (member === undefined) return false;
  if (member.rejects !== undefined) return !member.rejects;
  return hasRole(member, 'safe') || hasRole(member, 'pure');
}

/** A pure function that fails only on values that are wrong already; one that reads text from outside is another matter. */
function isRareFailure(member: MemberMatch): boolean {
  return member.rarely === true;
}

/** Is all that the call works on written there, so that no run brings it a value on which it fails: `new Date().toISOString()`? */
function isOfLiterals(call: Call, core: Core): boolean {
  if (ts.isTaggedTemplateExpression(call) || call.arguments?.every(isLiteral) === false) return false;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return ts.isIdentifier(callee);
  const receiver = bare(callee.expression);
  if (ts.isNewExpression(receiver)) {
    const { member } = core.ask(calleesOf, receiver);
    return (receiver.arguments ?? []).length === 0 && isSafe(member);
  }
  return isLiteral(receiver) || isModule(receiver, core);
}

function isLiteral(node: ts.Expression): boolean {
  const value = bare(node);
  if (ts.isObjectLiteralExpression(value))
    return value.properties.every((each) => ts.isPropertyAssignment(each) && isLiteral(each.initializer));
  const { kind } = value;
  return (
    ts.isStringLiteralLike(value) ||
    ts.isNumericLiteral(value) ||
    kind === ts.SyntaxKind.TrueKeyword ||
    kind === ts.SyntaxKind.FalseKeyword
  );
}

/** `crypto` of `import * as crypto` and of `import crypto`. */
function isModule(node: ts.Expression, core: Core): boolean {
  if (!ts.isIdentifier(node)) return false;
  const declarations = core.checker.getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.some((each) => ts.isNamespaceImport(each) || ts.isImportClause(each));
}

/**
 * Does the call hand an error on: does it stand in a `catch` clause or in a handler of a rejection, as a statement of its own, and is
 * what it calls nobody's function here (a parameter, a field, a logger)?
 */
function isForwarding(call: Call, core: Core): boolean {
  let inner: ts.Node = wrapped(call);
  while (ts.isVoidExpression(inner.parent) || ts.isParenthesizedExpression(inner.parent)) inner = inner.parent;
  const { parent } = inner;
  const isAlone =
    ts.isExpressionStatement(parent) ||
    ts.isReturnStatement(parent) ||
    (ts.isArrowFunction(parent) && parent.body === inner);
  return isAlone && isInErrorPath(call, core);
}

function isInErrorPath(node: ts.Node, core: Core): boolean {
  for (let child = node; ; child = child.parent) {
    const parent = child.parent as ts.Node | undefined;
    if (parent === undefined || ts.isSourceFile(parent)) return false;
    if (ts.isCatchClause(parent)) return true;
    if (!isFunctionNode(parent)) continue;
    const user = wrapped(parent).parent;
    return ts.isCallExpression(user) && isRejectionHandler(user, parent, core);
  }
}

function isRejectionHandler(call: ts.CallExpression, fn: FunctionNode, core: Core): boolean {
  const place = core.api.plays(call, 'chains')?.handlesRejection;
  const handler = place === undefined ? undefined : call.arguments[place];
  return handler !== undefined && bare(handler) === fn;
}

/** Is it a method of something that writes log lines? */
function isLogging(call: Call, core: Core): boolean {
  if (!ts.isCallExpression(call)) return false;
  const callee = bare(call.expression);
  return (
    ts.isPropertyAccessExpression(callee) &&
    core.api.isA(core.checker.getTypeAtLocation(callee.expression), 'logger') !== undefined
  );
}

function isForAwaitOver(expression: ts.Expression): boolean {
  const parent = wrapped(expression).parent;
  return ts.isForOfStatement(parent) && parent.awaitModifier !== undefined;
}

function isNothing(node: ts.Expression): boolean {
  const inner = bare(node);
  return inner.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(inner) && inner.text === 'undefined');
}

/** Is the value of this form never a promise? Asked before the type is. */
function isNeverPromise(node: ts.Node): boolean {
  return (
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isFunctionLike(node) ||
    ts.isClassExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isTypeOfExpression(node) ||
    ts.isVoidExpression(node) ||
    ts.isDeleteExpression(node) ||
    ts.isAwaitExpression(node) ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}

function usesThis(fn: FunctionNode): boolean {
  const visit = (node: ts.Node): boolean => {
    if (node.kind === ts.SyntaxKind.ThisKeyword) return true;
    if (isFunctionNode(node) && !ts.isArrowFunction(node)) return false;
    return ts.forEachChild(node, visit) ?? false;
  };
  return ts.forEachChild(fn, visit) ?? false;
}

/** Where a variable or parameter is named inside a function, its declaration left out. */
function namesOf(
  declaration: ts.ParameterDeclaration | ts.VariableDeclaration,
  fn: FunctionNode,
  core: Core,
): readonly ts.Identifier[] {
  const { name } = declaration;
  if (!ts.isIdentifier(name)) return [];
  const symbol = core.checker.getSymbolAtLocation(name);
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolOf(node, core) === symbol)
      found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}
