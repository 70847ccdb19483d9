import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { calleesOf, parametersOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { defineSummary } from '../effects/summary.ts';
import { closureTime } from '../escape/closure-time.ts';
import { receiversOf } from '../escape/callee.ts';
import { type Escape, escapesOf } from '../escape/escapes-of.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { usesOf, usesOfSymbol, type ValueUse } from '../escape/value-uses.ts';
import { type Core, defineFact, type Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Edge, FlowGraph, Step } from '../flow/graph.ts';
import type { Solution } from '../flow/solve.ts';
import { keyOf, placeOf } from '../places/place-of.ts';
import { isSameKey, isSamePlace } from '../places/place.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { type Acquisition, acquisitionsIn, arrivalOf, awaitedAround, handOutOf } from './acquisitions.ts';
import { type Happening, HANDED_ON, HELD, type LeaseState, RELEASED, solveLease } from './lease-state.ts';
import { givesSessionLockBack } from './session-locks.ts';
import { sessionChangesOf, statementTextsOf } from './statements.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** One acquired object, from the call that hands it out to every way it ends. */
export interface Lease {
  readonly fn: FunctionNode;
  readonly acquisition: Acquisition;
  /** The step after which the object is there: the `await` of the call, or the call. */
  readonly acquire: Step;
  /** The variable that holds it first, if there is one. */
  readonly name: ts.Identifier | undefined;
  /** Every use of its value, closures and aliases included. */
  readonly uses: readonly ValueUse[];
  /** Everything that happens to it in this function, in the order of the text. */
  readonly happenings: readonly Happening[];
  /** Escapes that end our knowledge. */
  readonly escapes: readonly Escape[];
  readonly graph: FlowGraph;
  /** What may be true of it before each step; `undefined` when the function is too large. */
  readonly states: Solution<LeaseState> | undefined;
  /** Does the edge say that there is no object? */
  saysAbsent(edge: Edge, step: Step): boolean;
}

/** The leases of a function: everything that it acquires itself, with what becomes of it. */
export const leasesIn = defineFact<FunctionNode, readonly Lease[]>({
  name: 'leases',
  scope: 'program',
  compute: (fn, core) => {
    const acquisitions = core.ask(acquisitionsIn, fn);
    if (acquisitions.length === 0 && !isCallback(fn)) return [];
    const graph = core.ask(flowGraph, fn);
    return [
      ...acquisitions.flatMap((acquisition) => leaseOf(acquisition, fn, graph, core) ?? []),
      ...leasesOfCallback(fn, graph, core),
    ];
  },
});

/** `await mutex.acquire()`, whose releaser nobody takes: the lock itself gives it back, by `mutex.release()` or `unlock(file)`. */
function heldByReceiver(acquisition: Acquisition, awaited: ts.Expression): Acquisition {
  const isDropped = ts.isExpressionStatement(wrapped(awaited).parent);
  const isReleaser = acquisition.holds === 'result-call' || acquisition.holds === 'result-element';
  const isNamed = acquisition.pool !== undefined || acquisition.member?.key !== undefined;
  return acquisition.kind === 'lock' && isNamed && isReleaser && isDropped
    ? { ...acquisition, holds: 'receiver' }
    : acquisition;
}

/** `const { query, release } = await pool.connect()`, whose parts go their own ways, and the first value of a field. */
function goesElsewhere(awaited: ts.Expression): boolean {
  const { parent } = wrapped(awaited);
  return (
    ts.isPropertyDeclaration(parent) || (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name))
  );
}

/** Is it written among the arguments of a call? */
function isCallback(fn: FunctionNode): boolean {
  return (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) && ts.isCallExpression(wrapped(fn).parent);
}

/** What the code of one function does with something that it holds: the uses, and how it is given back. */
interface Held {
  readonly fn: FunctionNode;
  readonly graph: FlowGraph;
  readonly uses: readonly ValueUse[];
  /** Uses of the function that gives it back. */
  readonly releaserUses: readonly ValueUse[];
  readonly acquisition: Acquisition | undefined;
  /** The error that a callback gets instead of the object. */
  readonly error?: ts.ParameterDeclaration;
  readonly core: Core;
  /** What callees do with it. */
  doingsOf(parameter: ts.ParameterDeclaration): ParameterDoings;
}

function leaseOf(found: Acquisition, fn: FunctionNode, graph: FlowGraph, core: Core): Lease | undefined {
  const handOut = handOutOf(found);
  if (handOut === undefined) return undefined;
  const awaited = arrivalOf(handOut, core);
  const acquisition = heldByReceiver(found, awaited);
  const { call, holds } = acquisition;
  const acquire = acquiredAt(awaited, call, graph);
  if (acquire === undefined || goesElsewhere(awaited)) return undefined;
  // Handed to `.then(callback)`: the callback has it, see `leasesOfCallback`.
  if (awaited === handOut && (isChained(handOut, core) || isLentToCallback(acquisition, core))) return undefined;
  let uses: readonly ValueUse[] | undefined = [];
  let releaserUses: readonly ValueUse[] | undefined = [];
  let escapes: readonly Escape[] | undefined = [];
  let name: ts.Identifier | undefined;
  if (holds === 'receiver') {
    uses = acquisition.member?.key === undefined ? receiverUses(acquisition, core) : keyedUses(acquisition, core);
  } else if (holds === 'result-element') {
    const elements = elementsOf(awaited);
    const releaser = elements?.[acquisition.element ?? 0];
    if (releaser === undefined) return undefined;
    name = releaser;
    releaserUses = usesOfName(releaser, core);
  } else if (holds === 'result-call') {
    releaserUses = usesOf(handOut, core, { awaits: true });
    name = nameOf(awaited);
  } else {
    uses = usesOf(handOut, core, { awaits: true });
    escapes = core.ask(escapesOf, handOut);
    name = nameOf(awaited);
  }
  if (uses === undefined || releaserUses === undefined || escapes === undefined) return undefined;
  const held: Held = { fn, graph, uses, releaserUses, acquisition, core, doingsOf: asked(core) };
  if (isLeftToOwner(held)) return undefined;
  return leaseFrom(held, acquisition, acquire, name, escapes);
}

function asked(core: Core): Held['doingsOf'] {
  return (parameter) => core.ask(parameterDoings, parameter);
}

function leaseFrom(
  held: Held,
  acquisition: Acquisition,
  acquire: Step,
  name: ts.Identifier | undefined,
  escapes: readonly Escape[],
): Lease {
  const { fn, graph } = held;
  const happenings = [...happeningsOf(held, escapes), ...endsOfOwner(held)];
  const saysAbsent = absenceTest(held);
  const states = solveLease({ graph, starts: new Set([acquire]), happenings: byStep(happenings), saysAbsent });
  return {
    fn,
    acquisition,
    acquire,
    name,
    uses: held.uses,
    happenings,
    escapes: escapes.filter(({ kind, keeps }) => kind !== 'passed' || keeps !== 'used'),
    graph,
    states,
    saysAbsent,
  };
}

function byStep(happenings: readonly Happening[]): ReadonlyMap<Step, readonly Happening[]> {
  const found = new Map<Step, Happening[]>();
  for (const happening of happenings) {
    const same = found.get(happening.step);
    if (same === undefined) found.set(happening.step, [happening]);
    else same.push(happening);
  }
  return found;
}

/** `pool.connect().then((client) => …)` and `pool.connect((error, client, done) => …)`: the callback is born with the lease. */
function leasesOfCallback(fn: FunctionNode, graph: FlowGraph, core: Core): readonly Lease[] {
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return [];
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || call.expression === outer) return [];
  const chain = core.api.plays(call, 'chains');
  let acquisition: Acquisition | undefined;
  let parameter: ts.ParameterDeclaration | undefined;
  let releaser: ts.ParameterDeclaration | undefined;
  let error: ts.ParameterDeclaration | undefined;
  if (chain !== undefined && call.arguments[chain.handlesRejection === 0 ? -1 : 0] === outer) {
    const callee = bare(call.expression);
    const source = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
    const found = source !== undefined && ts.isCallExpression(source) ? knownAcquisitionAt(source, core) : undefined;
    if (found?.holds === 'result-call') releaser = fn.parameters[0];
    else parameter = fn.parameters[0];
    acquisition = found;
  } else if (core.api.plays(call, 'acquires') !== undefined) {
    acquisition = knownAcquisitionAt(call, core);
    [error, parameter, releaser] = fn.parameters;
  }
  const held = parameter ?? releaser;
  if (acquisition === undefined || held === undefined || !ts.isIdentifier(held.name)) return [];
  if (isAnyLike(core.checker.getTypeAtLocation(held.name))) return [];
  const uses = parameter !== undefined && ts.isIdentifier(parameter.name) ? usesOfName(parameter.name, core) : [];
  const releaserUses = releaser !== undefined && ts.isIdentifier(releaser.name) ? usesOfName(releaser.name, core) : [];
  if (uses === undefined || releaserUses === undefined) return [];
  const acquire = graph.stepsOf(held.name).find(({ kind }) => kind === 'write') ?? graph.enter;
  const value: Held = {
    fn,
    graph,
    uses,
    releaserUses,
    acquisition,
    ...(error === undefined ? {} : { error }),
    core,
    doingsOf: asked(core),
  };
  return [leaseFrom(value, acquisition, acquire, held.name, [])];
}

function knownAcquisitionAt(call: ts.CallExpression, core: Core): Acquisition | undefined {
  return core.ask(acquisitionsIn, enclosingFunctionOf(call)).find((each) => each.call === call);
}

function isChained(call: ts.Expression, core: Core): boolean {
  const access = wrapped(call).parent;
  if (!ts.isPropertyAccessExpression(access)) return false;
  const outer = wrapped(access).parent;
  return ts.isCallExpression(outer) && core.api.plays(outer, 'chains') !== undefined;
}

/** `pool.connect((error, client, done) => …)`: the call itself gives nothing that anybody takes. */
function isLentToCallback({ call, holds, shape }: Acquisition, core: Core): boolean {
  if (holds !== 'result' || shape !== undefined || call.arguments === undefined) return false;
  if (call.arguments.some((given) => isFunctionNode(bare(given))) && nameOf(call) === undefined) return true;
  const nothing = ts.TypeFlags.Void | ts.TypeFlags.Undefined;
  return call.arguments.length > 0 && (core.checker.getTypeAtLocation(call).flags & nothing) !== 0;
}

function usesOfName(name: ts.Identifier, core: Core): readonly ValueUse[] | undefined {
  const symbol = core.checker.getSymbolAtLocation(name);
  return symbol === undefined ? undefined : usesOfSymbol(symbol, core, { awaits: true });
}

/** The variable that an expression's value goes to at once. */
function nameOf(value: ts.Expression): ts.Identifier | undefined {
  const { parent } = wrapped(value);
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name;
  if (!ts.isBinaryExpression(parent) || parent.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
  const left = bare(parent.left);
  return ts.isIdentifier(left) ? left : undefined;
}

/** The names that an array pattern gives to the elements of a value. */
function elementsOf(value: ts.Expression): readonly (ts.Identifier | undefined)[] | undefined {
  const { parent } = wrapped(value);
  if (!ts.isVariableDeclaration(parent) || !ts.isArrayBindingPattern(parent.name)) return undefined;
  return parent.name.elements.map((element) =>
    isBindingElement(element) && ts.isIdentifier(element.name) ? element.name : undefined,
  );
}

/** Calls of other members of the same lock in this function and its closures. */
function receiverUses({ call, pool }: Pick<Acquisition, 'call' | 'pool'>, core: Core): readonly ValueUse[] | undefined {
  const place = pool === undefined ? undefined : placeOf(pool, core);
  const name = pool === undefined ? undefined : bare(pool);
  const symbol =
    name === undefined ? undefined : symbolAt(ts.isPropertyAccessExpression(name) ? name.name : name, core.checker);
  if (place === undefined || symbol === undefined) return undefined;
  const home = enclosingFunctionOf(call);
  return referencesOf(symbol, core).flatMap((reference): readonly ValueUse[] => {
    if (!isInside(reference, home)) return [];
    const object =
      ts.isPropertyAccessExpression(reference.parent) && reference.parent.name === reference
        ? reference.parent
        : reference;
    const here = placeOf(object, core);
    const access = wrapped(object).parent;
    if (here === undefined || !isSamePlace(here, place) || !ts.isPropertyAccessExpression(access)) return [];
    const by = wrapped(access).parent;
    const within = enclosingFunctionOf(reference);
    const common = { node: object, within, isAfterAwait: false, isMaybe: false };
    if (ts.isCallExpression(by) && bare(by.expression) === access) {
      return by === call ? [] : [{ ...common, kind: 'method', by }];
    }
    return [{ ...common, kind: 'read', by: access }];
  });
}

/** Calls in this function and its closures that give back what is locked under the same key: `unlock(file)`. */
function keyedUses({ call, member }: Acquisition, core: Core): readonly ValueUse[] | undefined {
  const locked = member?.key === undefined ? undefined : core.api.argumentOf(call, member.key);
  if (member === undefined || locked === undefined) return undefined;
  const key = keyOf(locked, core);
  const found: ValueUse[] = [];
  const look = (node: ts.Node): void => {
    const by = ts.isCallExpression(node) && node !== call ? unlockOf(node, member.from, core) : undefined;
    const given = by === undefined ? undefined : core.api.argumentOf(node as ts.CallExpression, by.argument);
    if (given !== undefined) {
      const other = keyOf(given, core);
      if (isSameKey(key, other) || (key.is === 'unknown' && given.getText() === locked.getText())) {
        const within = enclosingFunctionOf(node);
        found.push({
          kind: 'argument',
          node: given,
          by: node,
          argument: by?.argument ?? 0,
          within,
          isAfterAwait: false,
          isMaybe: false,
        });
      }
    }
    ts.forEachChild(node, look);
  };
  ts.forEachChild(enclosingFunctionOf(call), look);
  return found;
}

/** The row of a call that gives back what functions of the same module lock by a key. */
function unlockOf(call: ts.CallExpression, from: string, core: Core): MemberMatch | undefined {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) || !core.api.namesWith('unlocks').has(name.text)) return undefined;
  const member = core.api.plays(call, 'unlocks');
  return member?.from === from && member.key !== undefined ? member : undefined;
}

/** Does other code of the file give back what is locked under a key? */
function isUnlockedElsewhere({ acquisition, fn }: Lease, core: Core): boolean {
  const { call, member } = acquisition;
  if (member?.key === undefined) return false;
  const look = (node: ts.Node): boolean => {
    if (node !== fn && ts.isCallExpression(node) && node !== call && unlockOf(node, member.from, core) !== undefined)
      return true;
    return node !== fn && (ts.forEachChild(node, (child) => look(child) || undefined) ?? false);
  };
  return look(call.getSourceFile());
}

/**
 * Ends of a pool, client or browser that lives in the same function: what it handed out ends with it, and what that handed out
 * (`browser.close()` ends the pages of its contexts).
 */
function endsOfOwner(held: Held): readonly Happening[] {
  const { acquisition, core, fn } = held;
  const found: Happening[] = [];
  let { call, pool } = acquisition ?? {};
  for (let level = 0; level < 4 && call !== undefined && pool !== undefined; level++) {
    const owner = bare(pool);
    if (!ts.isIdentifier(owner)) break;
    const declaration = symbolAt(owner, core.checker)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) break;
    if (enclosingFunctionOf(declaration) !== fn) break;
    for (const use of receiverUses({ call, pool }, core) ?? []) {
      const member = ts.isCallExpression(use.by) ? core.api.memberOf(use.by) : undefined;
      const ends =
        member !== undefined && (['drains', 'cuts-off', 'destroys'] as const).some((role) => hasRole(member, role));
      if (ends && member.resource !== 'argument')
        found.push(...placed({ is: 'destroy' }, use, held, { releasing: new Set() }));
    }
    ({ call, pool } = madeBy(declaration.initializer));
  }
  return found;
}

/** Does it end only with an owner that this function acquires as well? Then the owner is what must be given back. */
function isLeftToOwner(held: Held): boolean {
  const { acquisition, core, fn } = held;
  const owner = acquisition?.pool === undefined ? undefined : bare(acquisition.pool);
  if (owner === undefined || !ts.isIdentifier(owner) || endsOfOwner(held).length === 0) return false;
  const declaration = symbolAt(owner, core.checker)?.valueDeclaration;
  const made =
    declaration !== undefined && ts.isVariableDeclaration(declaration)
      ? madeBy(declaration.initializer).call
      : undefined;
  const isAcquired = core.ask(acquisitionsIn, fn).some(({ call }) => call === made);
  return isAcquired && !happeningsOf(held, []).some(({ is }) => is === 'release' || is === 'destroy');
}

/** The call of a member that makes a value, and its receiver. */
function madeBy(value: ts.Expression | undefined): Partial<Pick<Acquisition, 'call' | 'pool'>> {
  const inner = value === undefined ? undefined : bare(value);
  const call = inner !== undefined && ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  if (call === undefined || !ts.isCallExpression(call)) return {};
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? { call, pool: callee.expression } : {};
}

/** Does other code of the file give back a lock that is held by its receiver: `leave()` beside `enter()`? */
export function isGivenBackElsewhere(lease: Lease, core: Core): boolean {
  const { acquisition, fn } = lease;
  const { holds, pool, call } = acquisition;
  const owner = pool === undefined ? undefined : bare(pool);
  if (holds === 'receiver' && isUnlockedElsewhere(lease, core)) return true;
  if (holds !== 'receiver' || owner === undefined) return false;
  const symbol = symbolAt(ts.isPropertyAccessExpression(owner) ? owner.name : owner, core.checker);
  if (symbol === undefined) return false;
  return referencesOf(symbol, core).some((reference) => {
    if (isInside(reference, fn)) return false;
    const object =
      ts.isPropertyAccessExpression(reference.parent) && reference.parent.name === reference
        ? reference.parent
        : reference;
    const access = wrapped(object).parent;
    const other = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : undefined;
    return (
      other !== undefined &&
      other !== call &&
      ts.isCallExpression(other) &&
      (core.api.plays(other, 'unlocks') !== undefined ||
        core.api.plays(other, 'drains') !== undefined ||
        isHouseRelease(other, acquisition, core) ||
        (acquisition.isOfSession === true && givesSessionLockBack(other, core)))
    );
  });
}

// -------------------------------------------------------------------- happenings

function happeningsOf(held: Held, escapes: readonly Escape[]): readonly Happening[] {
  const found: Happening[] = [];
  const inside: Inside = { releasing: new Set() };
  for (const use of held.uses) found.push(...happeningsByUse(use, held, inside));
  for (const use of held.releaserUses) found.push(...happeningsByReleaser(use, held, inside));
  const ownsEnd =
    found.some(({ is, isCertain }) => (is === 'release' || is === 'destroy') && isCertain) ||
    escapes.some(({ kind }) => kind === 'returned');
  for (const escape of escapes) found.push(...handOns(escape, held, ownsEnd, inside));
  return found.sort((left, right) => left.node.end - right.node.end || left.step.id - right.step.id);
}

/** Closures that run later and give the object back: they own it from where they are made. */
interface Inside {
  readonly releasing: Set<FunctionNode>;
}

type Doing = Pick<Happening, 'field' | 'is' | 'undoes'> &
  Partial<Pick<Happening, 'isCertain' | 'onThrow'>> & { readonly atAwait?: boolean };

function happeningsByUse(use: ValueUse, held: Held, inside: Inside): readonly Happening[] {
  return doingsOf(use, held).flatMap((doing) => placed(doing, use, held, inside));
}

/** Puts what a use does at the steps of the function where it happens. */
function placed(doing: Doing, use: ValueUse, held: Held, inside: Inside): readonly Happening[] {
  const { fn, graph, core } = held;
  const { is, isCertain = true, field, atAwait = false, undoes, onThrow = is !== 'write' && is !== 'use' } = doing;
  const closure = closureAround(use.within, fn);
  const isEnd = is === 'release' || is === 'destroy';
  if (closure === undefined) {
    const node = use.by;
    const isCall = ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node);
    return stepsAt(graph, atAwait && isCall ? awaitedAround(node) : node, use).map((step) => ({
      step,
      is,
      ...(field === undefined ? {} : { field }),
      ...(undoes === undefined ? {} : { undoes }),
      node,
      isCertain,
      onThrow,
    }));
  }
  const time = core.ask(closureTime, closure);
  if (time.when === 'never') return [];
  const isDuring = time.when === 'now' || time.when === 'exclusive';
  const calls = isDuring ? callsHere(closure, fn, core) : [];
  const nodes = calls.length > 0 ? calls : [closure];
  const kind = calls.length > 0 ? 'call' : 'make';
  const steps = nodes.flatMap((node) => graph.stepsOf(node).filter((step) => step.kind === kind));
  if (isEnd && !isDuring) {
    inside.releasing.add(closure);
    // A declaration stands from the start of the function: it owns the object as soon as there is one.
    const owned = ts.isFunctionDeclaration(closure) ? stepsOfAcquisition(held) : steps;
    return owned.map((step) => ({ step, is: 'hand-on', node: closure, inner: use.by, isCertain: true, onThrow: true }));
  }
  // What a closure that runs later does to the object is not in the order of this function: only that it is used.
  const happens = isDuring ? is : 'use';
  return steps.map((step) => ({
    step,
    is: happens,
    ...(field === undefined || happens === 'use' ? {} : { field }),
    ...(undoes === undefined ? {} : { undoes }),
    node: use.by,
    isCertain: isCertain && isDuring,
    onThrow: isEnd,
  }));
}

/** The calls of a function that run a closure of it, itself or through other closures. */
function callsHere(closure: FunctionNode, fn: FunctionNode, core: Core): readonly ts.Node[] {
  const found: ts.Node[] = [];
  const ways = new Set([closure]);
  for (const way of ways) {
    for (const { call } of core.ask(closureTime, way).runs) {
      if (call === undefined || !isInside(call, fn)) continue;
      const around = closureAround(enclosingFunctionOf(call), fn);
      if (around === undefined) found.push(call);
      else ways.add(around);
    }
  }
  return found;
}

/** Where the object is in hand: what comes first after it was acquired. */
function stepsOfAcquisition({ acquisition, core, graph }: Held): readonly Step[] {
  const handOut = acquisition === undefined ? undefined : handOutOf(acquisition);
  const acquire = handOut === undefined ? graph.enter : acquiredAt(arrivalOf(handOut, core), handOut, graph);
  return (acquire?.next ?? []).filter(({ way }) => way !== 'throw').map(({ to }) => to);
}

/** The step after which it is held. */
function acquiredAt(awaited: ts.Node, call: ts.Node, graph: FlowGraph): Step | undefined {
  return (
    graph.stepsOf(awaited).find(({ kind }) => kind === 'suspend') ??
    graph.stepsOf(call).find(({ kind }) => kind === 'call')
  );
}

function closureAround(within: FunctionNode, home: FunctionNode): FunctionNode | undefined {
  let closure: FunctionNode | undefined;
  for (let node = within; node !== home; node = enclosingFunctionOf(node)) {
    if (ts.isSourceFile(node)) return undefined;
    closure = node;
  }
  return closure;
}

/** The steps at which a node has its effect. */
function stepsAt(graph: FlowGraph, node: ts.Node, use: ValueUse): readonly Step[] {
  const steps = graph.stepsOf(node);
  for (const kind of ['suspend', 'call', 'write', 'return', 'throw', 'dispose', 'iterate', 'make', 'read'] as const) {
    const found = steps.filter((step) => step.kind === kind);
    if (found.length > 0) return found;
  }
  if (ts.isBinaryExpression(node)) {
    const target = bare(node.left);
    const written = graph.stepsOf(target).filter(({ kind }) => kind === 'write');
    if (written.length > 0) return written;
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isDeleteExpression(node)) {
    const target = ts.isDeleteExpression(node) ? node.expression : node.operand;
    const written = graph.stepsOf(bare(target)).filter(({ kind }) => kind === 'write');
    if (written.length > 0) return written;
  }
  const own = graph.stepsOf(bare(use.node));
  return own.length > 0 ? own : graph.stepsOf(use.node);
}

/** Does a call give back a lock of the project? */
function isHouseRelease(call: ts.CallExpression, { house }: Acquisition, core: Core): boolean {
  return house !== undefined && core.ask(calleesOf, call).functions.includes(house.release);
}

/** What one use does to the object itself. */
function doingsOf(use: ValueUse, held: Held): readonly Doing[] {
  const { by, kind } = use;
  if (use.heldIn !== undefined && kind !== 'argument') return [];
  switch (kind) {
    case 'disposed':
      // The `dispose` steps of the declaration give it back on every way out.
      return [{ is: 'release' }];
    case 'method':
      return ts.isCallExpression(by) ? doneByMember(by, held) : [];
    case 'argument':
      return ts.isCallExpression(by) || ts.isNewExpression(by) ? doneByCallee(by, use, held) : [{ is: 'use' }];
    case 'written':
      return [writeOf(by)];
    case 'read':
      return doneThroughProperty(use, held);
    case 'rebound':
      return isAcquiring(by, held) ? [] : [{ is: 'part' }];
    case 'called':
      // session`BEGIN`: the object itself is the tag.
      return ts.isTaggedTemplateExpression(by) ? doneByStatement(by.template, held.core) : [{ is: 'use' }];
    case 'iterated':
      return [{ is: 'use' }];
    case 'awaited':
    case 'dropped':
    case 'exported':
    case 'other':
    case 'returned':
    case 'stored':
    case 'tested':
    case 'thrown':
    case 'yielded':
      return [];
  }
}

function isAcquiring(by: ts.Node, { acquisition }: Held): boolean {
  return acquisition !== undefined && by.pos <= acquisition.call.pos && by.end >= acquisition.call.end;
}

/** A member of the object, or of the lock, is called. */
function doneByMember(call: ts.CallExpression, held: Held): readonly Doing[] {
  const { acquisition, core } = held;
  const member = core.api.memberOf(call);
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  if (acquisition?.shape?.ends.has(name) === true) return [{ is: 'release' }];
  if (acquisition?.isOfSession === true) {
    const isEnded = member !== undefined && (hasRole(member, 'drains') || hasRole(member, 'destroys'));
    return [{ is: isEnded ? 'destroy' : givesSessionLockBack(call, core) ? 'release' : 'use' }];
  }
  if (acquisition !== undefined && isHouseRelease(call, acquisition, core)) return [{ is: 'release' }];
  if (member === undefined && givesBackByName(callee, name, held)) return [{ is: 'release' }];
  if (member === undefined) return doneByOwnMember(call, name, held);
  const ends = hasRole(member, 'releases') || hasRole(member, 'unlocks');
  const isReceiver = member.resource === undefined || member.resource === 'receiver';
  if (hasRole(member, 'destroys') && isReceiver) return [{ is: 'destroy' }];
  if (ends && isReceiver) return [isDiscarded(call, core) ? { is: 'destroy' } : releaseBy(member)];
  if (hasRole(member, 'creates') && member.resource === 'receiver') return [{ is: 'hand-on' }];
  // What it serves from here on needs it: a channel that consumes.
  if (hasRole(member, 'serves')) return [{ is: 'hand-on' }];
  if (hasRole(member, 'begins')) return [{ is: 'write', field: 'transaction', atAwait: true }];
  if (hasRole(member, 'commits') || hasRole(member, 'rolls-back')) return [{ is: 'reset', field: 'transaction' }];
  if (hasRole(member, 'resets')) return [{ is: 'reset' }];
  if (hasRole(member, 'queries')) {
    const doings = doneByStatement(core.api.argumentOf(call, member.argument), core);
    // With values for its parameters it is about rows; what a helper is given to run says nothing of the helper.
    const isAboutRows = acquisition === undefined || call.arguments.length > 1;
    return isAboutRows ? doings.filter((each) => each !== MAY_END) : doings;
  }
  if (hasRole(member, 'mutates')) return [isFilledWithZero(call, name) ? { is: 'reset' } : { is: 'write' }];
  return [{ is: 'use' }];
}

function releaseBy({ undoes }: MemberMatch): Doing {
  return { is: 'release', ...(undoes === undefined ? {} : { undoes }) };
}

/** `client.release()` by a variable that is `any` (`let client;` in JavaScript): the name has to do. */
function givesBackByName(callee: ts.Expression, name: string, { acquisition, core }: Held): boolean {
  if (acquisition === undefined || !ts.isPropertyAccessExpression(callee)) return false;
  if (!isAnyLike(core.checker.getTypeAtLocation(callee.expression))) return false;
  return (['releases', 'unlocks', 'destroys'] as const).some((role) => core.api.namesWith(role).has(name));
}

/** `release(true)`, `release(error)`: the pool throws the object away. */
function isDiscarded(call: ts.CallExpression, core: Core): boolean {
  const [given] = call.arguments;
  if (given === undefined) return false;
  const inner = bare(given);
  const isNone = ts.isIdentifier(inner) && inner.text === 'undefined';
  const type = core.checker.getTypeAtLocation(inner);
  const never = ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.Void;
  return !isNone && inner.kind !== ts.SyntaxKind.FalseKeyword && (type.flags & never) === 0;
}

/**
 * A statement on a connection. Of one that may read differently counts what all of its texts leave, and what some of them may undo; one
 * that nobody can read may end a transaction.
 */
function doneByStatement(statement: ts.Expression | undefined, { checker }: Core): readonly Doing[] {
  const texts = statementTextsOf(statement, checker);
  if (texts === undefined) return [{ is: 'use' }, ...(isText(statement, checker) ? [MAY_END] : [])];
  const [first = [], ...others] = texts.map(doneByText);
  if (others.length === 0) return [{ is: 'use' }, ...first];
  const all = [first, ...others];
  const isOfAll = (doing: Doing): boolean =>
    all.every((each) => each.some(({ field, is }) => is === doing.is && field === doing.field));
  const resets = all.flat().filter(({ is }) => is === 'reset');
  return [
    { is: 'use' },
    ...first.filter((doing) => doing.is === 'write' && isOfAll(doing)),
    ...resets.map((doing): Doing => ({ ...doing, isCertain: isOfAll(doing) })),
  ];
}

const MAY_END: Doing = { is: 'reset', field: 'transaction', isCertain: false, onThrow: false, atAwait: true };

function isText(statement: ts.Expression | undefined, checker: ts.TypeChecker): boolean {
  return statement !== undefined && (checker.getTypeAtLocation(statement).flags & ts.TypeFlags.String) !== 0;
}

/** `BEGIN; …; COMMIT` runs one by one: where it fails, it stops behind the `BEGIN`. */
function doneByText(text: string): readonly Doing[] {
  const doings = sessionChangesOf(text).map(({ leaves, takesAway }): Doing => {
    if (leaves !== undefined) return { is: 'write', field: leaves, atAwait: true };
    return takesAway === 'all' || takesAway === undefined ? { is: 'reset' } : { is: 'reset', field: takesAway };
  });
  if (!doings.some(({ is }) => is === 'reset')) return doings;
  return doings.length < 2
    ? doings
    : doings.map((doing): Doing => ({ ...doing, atAwait: true, onThrow: doing.is === 'write' }));
}

const RESETS: ReadonlySet<string> = new Set(['clear', 'empty', 'identity', 'makeEmpty', 'reset', 'wipe', 'zero']);

/** A method of the project's own classes, or of a type without a row: by what its body does to `this`, else by its name. */
function doneByOwnMember(call: ts.CallExpression, name: string, { core }: Held): readonly Doing[] {
  if (RESETS.has(name) && call.arguments.length === 0) return [{ is: 'reset' }];
  if (name === 'then' || name === 'catch' || name === 'finally') return [{ is: 'use' }];
  const declaration = core.checker.getResolvedSignature(call)?.declaration;
  const hasBody = declaration !== undefined && ts.isMethodDeclaration(declaration) && declaration.body !== undefined;
  if (!hasBody) return isFilledWithZero(call, name) ? [{ is: 'reset' }] : [{ is: 'use' }];
  return [{ is: 'use' }, ...core.ask(doneToThis, declaration)];
}

/** What a method writes and resets of its own object, part by part. */
const doneToThis = defineFact<ts.MethodDeclaration, readonly Doing[]>({
  name: 'done-to-this',
  scope: 'program',
  compute: (method, core) => {
    const written = new Map<string, Doing>();
    const look = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.ThisKeyword && ts.isPropertyAccessExpression(node.parent)) {
        const field = node.parent.name.text;
        const [doing] = doneAtPath(node.parent, field, core);
        if (doing?.is === 'write' || (doing?.is === 'reset' && !written.has(field))) written.set(field, doing);
      }
      if (node === method || !ts.isFunctionLike(node) || ts.isArrowFunction(node)) ts.forEachChild(node, look);
    };
    look(method);
    return [...written.values()];
  },
});

function isFilledWithZero(call: ts.CallExpression, name: string): boolean {
  if (name !== 'fill' || call.arguments.length !== 1) return false;
  const given = bare(call.arguments[0] as ts.Expression);
  return ts.isNumericLiteral(given) && Number(given.text) === 0;
}

/** The object is an argument. */
function doneByCallee(call: ts.CallExpression | ts.NewExpression, use: ValueUse, held: Held): readonly Doing[] {
  const { acquisition, core } = held;
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  if (use.heldIn === undefined) {
    if (acquisition?.shape?.takesBack.has(name) === true && isSamePool(callee, acquisition, core))
      return [{ is: 'release' }];
    if (ts.isCallExpression(call) && acquisition?.freeList?.given.includes(call) === true) return [{ is: 'release' }];
  }
  const member = core.api.memberOf(call);
  if (member !== undefined) {
    const isIt = member.resource === 'argument' && use.argument === (member.argument ?? 0);
    if (isIt && hasRole(member, 'destroys')) return [{ is: 'destroy' }];
    if (isIt && (hasRole(member, 'releases') || hasRole(member, 'unlocks'))) return [releaseBy(member)];
    if (isIt && hasRole(member, 'mutates')) return [assignsInitial(call) ? { is: 'reset' } : { is: 'write' }];
    return [{ is: 'use' }];
  }
  if (use.argument === undefined || use.heldIn !== undefined) return [{ is: 'use' }];
  const { parameters, isComplete } = receiversOf(call, use.argument, core);
  const found: Doing[] = [{ is: 'use' }];
  for (const parameter of parameters) {
    if (acquisition?.freeList?.givers.has(parameter) === true) return [{ is: 'release' }];
    const { ends, writes, resets } = held.doingsOf(parameter);
    const isCertain = isComplete && parameters.length === 1;
    for (const field of resets) found.push({ is: 'reset', ...(field === '' ? {} : { field }), isCertain });
    for (const field of writes) found.push({ is: 'write', ...(field === '' ? {} : { field }), atAwait: true });
    if (ends !== 'never') found.push({ is: 'release', isCertain: isCertain && ends === 'always' });
  }
  return found;
}

/** The member of the same pool: of the same place, or at least of the same type. */
function isSamePool(callee: ts.Expression, { pool }: Acquisition, core: Core): boolean {
  if (pool === undefined || !ts.isPropertyAccessExpression(callee)) return false;
  const left = placeOf(pool, core);
  const right = placeOf(callee.expression, core);
  if (left !== undefined && right !== undefined && isSamePlace(left, right)) return true;
  return core.checker.getTypeAtLocation(pool) === core.checker.getTypeAtLocation(callee.expression);
}

/** `Object.assign(x, initial())`: takes the values of a fresh object. */
function assignsInitial(call: ts.CallExpression | ts.NewExpression): boolean {
  const from = call.arguments?.[1];
  if (from === undefined) return false;
  const source = bare(from);
  if (ts.isCallExpression(source) || ts.isNewExpression(source)) return true;
  return ts.isIdentifier(source) && /^(?:[A-Z][A-Z\d_]*|default|empty|fresh|initial)/.test(source.text);
}

/** A property is assigned, updated or deleted. */
function writeOf(by: ts.Node): Doing {
  const target = ts.isBinaryExpression(by) ? bare(by.left) : undefined;
  const field = target === undefined ? firstFieldOf(by) : fieldOf(target);
  const named = field === undefined ? {} : { field };
  if (ts.isBinaryExpression(by) && by.operatorToken.kind === ts.SyntaxKind.EqualsToken && isInitial(by.right)) {
    if (field === 'length') return { is: 'reset' };
    return { is: 'reset', ...named };
  }
  if (ts.isDeleteExpression(by)) return { is: 'reset', ...named };
  return { is: 'write', ...named };
}

function fieldOf(target: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(target)) return target.name.text;
  if (ts.isElementAccessExpression(target) && ts.isStringLiteralLike(target.argumentExpression))
    return target.argumentExpression.text;
  return undefined;
}

function firstFieldOf(by: ts.Node): string | undefined {
  if (ts.isDeleteExpression(by)) return fieldOf(bare(by.expression));
  if (ts.isPrefixUnaryExpression(by) || ts.isPostfixUnaryExpression(by)) return fieldOf(bare(by.operand));
  return undefined;
}

/** A value that says nothing of anybody: `undefined`, `null`, `0`, `''`, `false`, an empty literal, `new Map()`. */
function isInitial(value: ts.Expression): boolean {
  const node = bare(value);
  if (ts.isIdentifier(node)) return node.text === 'undefined' || /^(?:[A-Z][A-Z\d_]*|empty|initial)/.test(node.text);
  if (ts.isNumericLiteral(node)) return Number(node.text) === 0;
  if (ts.isPrefixUnaryExpression(node)) return ts.isNumericLiteral(node.operand);
  if (ts.isStringLiteralLike(node)) return node.text === '';
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  if (ts.isNewExpression(node)) return (node.arguments?.length ?? 0) === 0;
  if (ts.isVoidExpression(node)) return true;
  return node.kind === ts.SyntaxKind.NullKeyword || node.kind === ts.SyntaxKind.FalseKeyword;
}

/** A property is read; what is done with its value may change the object. */
function doneThroughProperty(use: ValueUse, held: Held): readonly Doing[] {
  const { core } = held;
  const { by } = use;
  if (!ts.isPropertyAccessExpression(by) && !ts.isElementAccessExpression(by)) return [{ is: 'use' }];
  const member = core.api.memberAt(by);
  if (
    member !== undefined &&
    (hasRole(member, 'releases') || hasRole(member, 'unlocks') || hasRole(member, 'destroys'))
  ) {
    // `finally(client.release)`, `client.release.bind(client)`: whoever gets the function gives it back.
    return [{ is: 'hand-on' }];
  }
  const doings = doneAtPath(by, fieldOf(by), core);
  return doings.length > 0 ? doings : [{ is: 'use' }];
}

/** What is done to the value of a property, or to something below it. */
function doneAtPath(access: ts.Expression, field: string | undefined, core: Core): readonly Doing[] {
  const named = field === undefined ? {} : { field };
  let node: ts.Node = wrapped(access);
  for (;;) {
    const { parent } = node;
    if (
      ts.isBinaryExpression(parent) &&
      parent.left === node &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment
    ) {
      const isWhole = bare(parent.left) === access || fieldOf(bare(parent.left)) === 'length';
      const isPlain = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
      return [{ is: isPlain && isWhole && isInitial(parent.right) ? 'reset' : 'write', ...named }];
    }
    if (
      (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
      parent.operator !== ts.SyntaxKind.ExclamationToken
    ) {
      const updates =
        parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
      return updates ? [{ is: 'write', ...named }] : [];
    }
    if (ts.isDeleteExpression(parent))
      return [{ is: bare(parent.expression) === access ? 'reset' : 'write', ...named }];
    if (ts.isPropertyAccessExpression(parent) && parent.expression === node) {
      const call = wrapped(parent).parent;
      if (ts.isCallExpression(call) && bare(call.expression) === parent)
        return doneByCallBelow(call, parent.name.text, access, node, named, core);
      node = wrapped(parent);
      continue;
    }
    if (ts.isElementAccessExpression(parent) && parent.expression === node) {
      node = wrapped(parent);
      continue;
    }
    return [];
  }
}

function doneByCallBelow(
  call: ts.CallExpression,
  name: string,
  access: ts.Expression,
  object: ts.Node,
  named: Pick<Doing, 'field'>,
  core: Core,
): readonly Doing[] {
  const isWhole = bare(object) === access;
  const member = core.api.memberOf(call);
  if (member !== undefined && hasRole(member, 'resets')) return [{ is: isWhole ? 'reset' : 'write', ...named }];
  if (member === undefined && RESETS.has(name) && call.arguments.length === 0)
    return [{ is: isWhole ? 'reset' : 'write', ...named }];
  if (isFilledWithZero(call, name)) return [{ is: isWhole ? 'reset' : 'write', ...named }];
  if (member !== undefined && hasRole(member, 'mutates')) return [{ is: 'write', ...named }];
  return [];
}

/** The function that gives the object back is called, or handed to somebody who will. */
function happeningsByReleaser(use: ValueUse, held: Held, inside: Inside): readonly Happening[] {
  switch (use.kind) {
    case 'called':
      return placed({ is: 'release' }, use, held, inside);
    case 'argument':
    case 'disposed':
    case 'exported':
    case 'other':
    case 'returned':
    case 'stored':
    case 'thrown':
    case 'yielded':
      return placed({ is: 'hand-on' }, use, held, inside);
    case 'method':
      return placed({ is: 'release' }, use, held, inside);
    case 'rebound':
      return isAcquiring(use.by, held) ? [] : placed({ is: 'part' }, use, held, inside);
    case 'awaited':
    case 'dropped':
    case 'iterated':
    case 'read':
    case 'tested':
    case 'written':
      return [];
  }
}

/** Where an escape makes somebody else the owner. */
function handOns(escape: Escape, held: Held, ownsEnd: boolean, inside: Inside): readonly Happening[] {
  const { graph, fn } = held;
  const { kind, keeps, use, closure, witness } = escape;
  if (kind === 'captured') {
    // A closure that only uses the object does not own it; one that gives it back was seen before.
    if (closure === undefined || inside.releasing.has(closure) || ownsEnd) return [];
    return at(graph.stepsOf(closure), closure, false);
  }
  if (closureAround(use.within, fn) !== undefined)
    return ownsEnd ? [] : at(graph.stepsOf(closureAround(use.within, fn) ?? fn), witness, false);
  if (kind === 'disposed') return [];
  if (kind === 'passed') {
    if (keeps === 'used') return [];
    const isCertain = keeps === 'kept' || keeps === 'gives-back';
    // Who gives it back here still owns it, whatever an unknown callee does with it meanwhile.
    if (!isCertain && ownsEnd) return [];
    return at(stepsAt(graph, witness, use), witness, isCertain);
  }
  return at(stepsAt(graph, witness, use), witness, true);
}

function at(steps: readonly Step[], node: ts.Node, isCertain: boolean): readonly Happening[] {
  return steps.map((step) => ({ step, is: 'hand-on', node, isCertain, onThrow: true }));
}

/** Tests of the object itself: on the other edge there is none. */
function absenceTest({ uses, releaserUses, error, core }: Held): (edge: Edge, step: Step) => boolean {
  const tested = new Set<ts.Node>();
  const errors = new Set<ts.Node>();
  const failed = error === undefined ? undefined : core.checker.getSymbolAtLocation(error.name);
  if (failed !== undefined) for (const name of referencesOf(failed, core)) errors.add(name);
  for (const { node, heldIn } of [...uses, ...releaserUses]) if (heldIn === undefined) tested.add(bare(node));
  return (edge, step) => {
    if (step.kind !== 'branch') return false;
    const condition = bare(step.node);
    if (tested.has(condition)) return edge.way === 'false';
    if (errors.has(condition)) return edge.way === 'true';
    if (!ts.isBinaryExpression(condition)) return false;
    const { left, right, operatorToken } = condition;
    const isOne = tested.has(bare(left)) ? isNullish(right) : tested.has(bare(right)) && isNullish(left);
    if (!isOne) return false;
    const isEqual =
      operatorToken.kind === ts.SyntaxKind.EqualsEqualsEqualsToken ||
      operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken;
    const isUnequal =
      operatorToken.kind === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
      operatorToken.kind === ts.SyntaxKind.ExclamationEqualsToken;
    return (isEqual && edge.way === 'true') || (isUnequal && edge.way === 'false');
  };
}

function isNullish(expression: ts.Expression): boolean {
  const node = bare(expression);
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === 'undefined');
}

// -------------------------------------------------------------------- parameters

/** What a function does with a leased object that it gets as this parameter, by the time it is done. */
export interface ParameterDoings {
  /** Does it give the object back, end it or hand it on: on every path that ends normally, on some, on none? */
  readonly ends: 'always' | 'never' | 'sometimes';
  /** Parts that may be written and not reset; `''` stands for the whole. */
  readonly writes: readonly string[];
  /** Parts that are reset on every normal path and not written after; `''` stands for the whole. */
  readonly resets: readonly string[];
}

const DOES_NOTHING: ParameterDoings = { ends: 'never', writes: [], resets: [] };

/** What becomes of a leased object that a function gets as a parameter. */
export const parameterDoings = defineFact<ts.ParameterDeclaration, ParameterDoings>({
  name: 'parameter-doings',
  scope: 'program',
  compute: (parameter, core) =>
    core.ask(functionDoings, parameter.parent as FunctionNode).get(parameter) ?? DOES_NOTHING,
});

type FunctionDoings = ReadonlyMap<ts.ParameterDeclaration, ParameterDoings>;

const functionDoings: Fact<FunctionNode, FunctionDoings> = defineSummary<FunctionDoings>({
  name: 'function-doings',
  start: () => new Map(),
  same: (left, right) =>
    left.size === right.size && [...left].every(([parameter, doings]) => isSameDoings(doings, right.get(parameter))),
  widen: (_fn, last) => last,
  of: (fn, core, ask) => {
    const doingsOf = (parameter: ts.ParameterDeclaration): ParameterDoings =>
      ask(parameter.parent as FunctionNode).get(parameter) ?? DOES_NOTHING;
    return new Map(parametersOf(fn).map((parameter) => [parameter, doingsWith(parameter, fn, core, doingsOf)]));
  },
});

function isSameDoings(left: ParameterDoings, right: ParameterDoings | undefined): boolean {
  return (
    left.ends === right?.ends &&
    left.writes.join() === right.writes.join() &&
    left.resets.join() === right.resets.join()
  );
}

function doingsWith(
  parameter: ts.ParameterDeclaration,
  fn: FunctionNode,
  core: Core,
  doingsOf: Held['doingsOf'],
): ParameterDoings {
  if (!ts.isIdentifier(parameter.name) || isPrimitive(core.checker.getTypeAtLocation(parameter.name), core.checker)) {
    return DOES_NOTHING;
  }
  const graph = core.ask(flowGraph, fn);
  const uses = usesOfName(parameter.name, core);
  if (uses === undefined) return DOES_NOTHING;
  const held: Held = { fn, graph, uses, releaserUses: [], acquisition: undefined, core, doingsOf };
  const happenings = happeningsOf(held, []);
  if (happenings.every(({ is }) => is === 'use')) return DOES_NOTHING;
  const steps = byStep(happenings);
  const old: Happening = { step: graph.enter, is: 'write', node: parameter, isCertain: true, onThrow: true };
  const fields = new Set(happenings.flatMap(({ is, field }) => (is === 'reset' && field !== undefined ? [field] : [])));
  const olds = [...fields].map((field): Happening => ({ ...old, field }));
  const states = solveLease({
    graph,
    starts: new Set([graph.enter]),
    happenings: new Map([...steps, [graph.enter, [...olds, ...(steps.get(graph.enter) ?? [])]]]),
    dirt: old,
    saysAbsent: absenceTest(held),
  });
  const end = states?.get(graph.exit);
  if (end === undefined) return DOES_NOTHING;
  const isEnded = (end.where & (RELEASED | HANDED_ON)) !== 0;
  const isHeld = (end.where & HELD) !== 0;
  const left = [...end.dirt].filter((write) => write !== old && !olds.includes(write));
  const writes = [...new Set(left.map(({ field }) => field ?? ''))];
  const partsReset = olds.filter((write) => !end.dirt.has(write)).map(({ field }) => field ?? '');
  return {
    ends: isEnded ? (isHeld ? 'sometimes' : 'always') : 'never',
    writes,
    resets: !end.dirt.has(old) && !isEnded ? [''] : partsReset.filter((field) => !writes.includes(field)),
  };
}
