import * as ts from 'typescript';
import { parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { calleesOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { taskOf } from '../escape/task-of.ts';
import { usesOf, type ValueUse } from '../escape/value-uses.ts';
import type { Core } from '../facts.ts';
import type { Edge, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { givesThenable, isThenable } from '../types/is-thenable.ts';
import { partsOf } from '../types/parts-of.ts';
import { acquisitionsIn } from './acquisitions.ts';
import { doubleRelease, isResetByPool, lateReturns, usesAfterRelease } from './lease-questions.ts';
import { type Happening, RELEASED } from './lease-state.ts';
import type { Lease } from './lease.ts';

/**
 * Something that is done with an object after it was given back.
 *
 * - `use`: it is used, written to, or leaves the function
 * - `again`: it is given back a second time
 * - `returned`: a promise that works with it is returned and the release does not wait for it
 * - `stream`: what reads from it goes on; `view`: a part of it is kept on
 */
export interface AfterRelease {
  readonly is: 'again' | 'returned' | 'stream' | 'use' | 'view';
  readonly lease: Lease;
  /** What comes too late: the use, the second release, the call whose promise is returned, the use of what was derived. */
  readonly at: ts.Node;
  /** For `use`: does it only leave the function here? */
  readonly leaves?: boolean;
  /** For `stream` and `view`: the expression that derives it from the object. */
  readonly value?: ts.Expression;
  readonly release: Happening;
  /** For `again`: is the object given back before, whichever way leads there? */
  readonly always?: boolean;
  /** Is it so on every path, with a use that matters for certain? */
  readonly isCertain: boolean;
}

/**
 * Everything done with a lease after it was given back.
 *
 * Not counted: what a flag or the object itself is asked about before, the way on from a release that failed, the key of a
 * collection, listeners that are taken away, locks (they may be taken again). A read in the same turn as the release is a doubt:
 * nobody had time to take the object, unless its pool resets it.
 */
export function usesTooLate(lease: Lease, core: Core): readonly AfterRelease[] {
  if (lease.acquisition.kind === 'lock' || lease.acquisition.holds !== 'result') return [];
  if (!lease.happenings.some(isEnd)) return [];
  return [
    ...lateUses(lease, core),
    ...secondReleases(lease, core),
    ...returnsTooEarly(lease, core),
    ...derived(lease, core),
  ];
}

function isEnd({ is }: Happening): boolean {
  return is === 'release' || is === 'destroy';
}

// -------------------------------------------------------------------- uses

function lateUses(lease: Lease, core: Core): readonly AfterRelease[] {
  return usesAfterRelease(lease).flatMap((answer): readonly AfterRelease[] => {
    if (answer.is === 'no' || answer.witness === undefined) return [];
    const { use, release } = answer.witness;
    if (isUntied(release, use.step, lease)) return [];
    const weight = weightOf(use, release, lease, core);
    if (weight === undefined) return [];
    const common = { lease, at: use.node, release, isCertain: answer.is === 'yes' && weight === 'certain' };
    return [use.is === 'hand-on' ? { is: 'use', leaves: true, ...common } : { is: 'use', ...common }];
  });
}

/** How much a late use matters; `undefined` where it does not. */
function weightOf(use: Happening, release: Happening, lease: Lease, core: Core): 'certain' | 'likely' | undefined {
  const { node } = use;
  if (use.is === 'hand-on') {
    if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) return 'certain';
    return ts.isFunctionLike(node) ? undefined : 'likely';
  }
  const isSoon = !hasPauseBetween(release.step, use.step);
  if (use.is === 'reset') return isSoon ? undefined : 'certain';
  if (use.is === 'write') return isConnection(lease, core) && !ts.isCallExpression(node) ? undefined : 'certain';
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return weightOfCall(node, isSoon, lease, core);
  // `runner.isReleased`, `connection.threadId`: what a connection says of itself belongs to nobody.
  if (isConnection(lease, core)) return undefined;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    if (isAnyLike(core.checker.getTypeAtLocation(node))) return 'likely';
    return isSoon && !isWipedByPool(lease, core) ? 'likely' : 'certain';
  }
  return 'likely';
}

function weightOfCall(
  call: ts.CallExpression | ts.NewExpression,
  isSoon: boolean,
  lease: Lease,
  core: Core,
): 'certain' | 'likely' | undefined {
  const member = core.api.memberOf(call);
  const use = lease.uses.find(({ by }) => by === call);
  if (use === undefined) return 'likely';
  if (use.kind === 'argument') return weightOfArgument(call, use, core);
  if (
    member !== undefined &&
    (['listener', 'pure', 'tells-end', 'unlistens'] as const).some((role) => hasRole(member, role))
  )
    return isSoon || !hasRole(member, 'pure') ? undefined : 'certain';
  if (
    /^(?:off|remove(?:All)?Listeners?|removeEventListener|is[A-Z]\w*|toString|toJSON)$/.test(nameOfMember(call)) &&
    isSoon
  )
    return undefined;
  if (givesThenable(call, core.checker)) return 'certain';
  if (
    member !== undefined &&
    (['io', 'queries', 'begins', 'commits', 'rolls-back'] as const).some((role) => hasRole(member, role))
  )
    return 'certain';
  if (isConnection(lease, core)) return isConsumed(call) ? 'certain' : 'likely';
  return isSoon && !isWipedByPool(lease, core) ? 'likely' : 'certain';
}

function nameOfMember(call: ts.CallExpression | ts.NewExpression): string {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
}

/** Is the result of the call made use of? */
function isConsumed(call: ts.Node): boolean {
  return !ts.isExpressionStatement(wrapped(call).parent);
}

/** The object is given to a function: what that does with it, as far as it can be seen. */
function weightOfArgument(
  call: ts.CallExpression | ts.NewExpression,
  use: ValueUse,
  core: Core,
): 'certain' | 'likely' | undefined {
  const member = core.api.memberOf(call);
  if (member !== undefined) {
    const uses = (['io', 'queries', 'store-read', 'store-write', 'store-atomic'] as const).some((role) =>
      hasRole(member, role),
    );
    return uses ? 'certain' : undefined;
  }
  const callee = bare(call.expression);
  if (ts.isPropertyAccessExpression(callee)) {
    const type = core.checker.getTypeAtLocation(callee.expression);
    // `active.delete(client)`, `log.debug('released', client)`: it is a key, or a line of text.
    const kinds = (['collection', 'emitter', 'logger'] as const).some((role) => core.api.isA(type, role) !== undefined);
    if (kinds || core.checker.isArrayLikeType(type)) return undefined;
  }
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (functions.length === 0 || use.argument === undefined || use.heldIn !== undefined) return 'likely';
  let isUsed = false;
  for (const fn of functions) {
    const found = useOfArgument(fn, use.argument, core.ask(parameterUses, fn));
    if (found === undefined) return 'likely';
    isUsed ||= found.deeds.some(({ is, member: deed }) => is === 'method' && deed !== undefined && hasRole(deed, 'io'));
    isUsed ||= found.written.is === 'yes' || found.late.is === 'yes';
  }
  return isUsed ? 'certain' : isComplete ? undefined : 'likely';
}

/** Is it a connection, a runner, a session: something whose fields are about itself, not about what its borrower put there? */
function isConnection(lease: Lease, core: Core): boolean {
  if (lease.acquisition.member === undefined) return false;
  const type = typeOf(lease, core);
  if (type === undefined || isPrimitive(type, core.checker)) return true;
  return core.api.isA(type, 'lease') !== undefined || partsOf(type, core.checker).some((part) => isForeign(part));
}

function isForeign(type: ts.Type): boolean {
  const symbol = (type.aliasSymbol ?? type.symbol) as ts.Symbol | undefined;
  const files = (symbol?.declarations ?? []).map((declaration) => declaration.getSourceFile());
  const isBytes = /^(?:Buffer|[A-Z]\w*Array|ArrayBuffer|Map|Set|Array)$/.test(symbol?.name ?? '');
  return !isBytes && files.length > 0 && files.every(({ isDeclarationFile }) => isDeclarationFile);
}

function typeOf({ acquisition: { call }, name }: Lease, { checker }: Core): ts.Type | undefined {
  if (name !== undefined) return checker.getNonNullableType(checker.getTypeAtLocation(name));
  const type = checker.getTypeAtLocation(call);
  return checker.getAwaitedType(type) ?? type;
}

function isWipedByPool(lease: Lease, core: Core): boolean {
  const reset = isResetByPool(lease, core);
  return reset.is === 'yes' && reset.witness.when === 'release';
}

/** May other code run between the release and the use? */
function hasPauseBetween(from: Step, to: Step): boolean {
  const pause = pathOf({ from, to: (step) => step.kind === 'suspend' && step !== to && leadsTo(step, to) });
  return pause !== undefined;
}

function leadsTo(from: Step, to: Step): boolean {
  return pathOf({ from, to: (step) => step === to }) !== undefined;
}

/**
 * Is the way from the release to the step one that need not exist: it begins with the failure of the release itself, or it turns at
 * a condition about the object or a variable that is set on the way?
 */
function isUntied(release: Happening, to: Step, lease: Lease): boolean {
  const isFailure = (edge: Edge, step: Step): boolean =>
    edge.way === 'throw' && step.node.pos <= release.node.pos && step.node.end >= release.node.end;
  const isDirect = (query: (step: Step) => boolean): boolean =>
    pathOf({
      from: release.step,
      to: query,
      without: (edge, step) => isFailure(edge, step) && step.kind !== 'throw',
    }) !== undefined;
  if (!isDirect((step) => step === to)) return true;
  const names = changingNames(lease);
  return lease.graph.steps.some((step) => {
    if (step.kind !== 'branch' || step.previous.length === 0) return false;
    const ways = step.next.map((edge) => edge.to === to || leadsTo(edge.to, to));
    if (ways.every((way) => way) || !ways.some((way) => way) || isPresenceTest(step, lease)) return false;
    return isDirect((each) => each === step) && mentions(step.node, names);
  });
}

/** Does a condition only ask whether there is an object, of a variable that holds it for good: `client?.query(…)`? */
function isPresenceTest(step: Step, { graph, saysAbsent }: Lease): boolean {
  if (!step.next.some((edge) => saysAbsent(edge, step))) return false;
  const condition = bare(step.node as ts.Expression);
  const tested = ts.isBinaryExpression(condition) ? [condition.left, condition.right] : [condition];
  const names = new Set(tested.flatMap((each) => (ts.isIdentifier(bare(each)) ? [bare(each).getText()] : [])));
  return !graph.steps.some(
    ({ kind, node, write }) =>
      kind === 'write' && write?.how !== 'declare' && write?.how !== 'parameter' && names.has(node.getText()),
  );
}

/** The variables that hold the object, and those that are given another value somewhere in the function. */
function changingNames({ name, graph, uses }: Lease): ReadonlySet<string> {
  const names = new Set<string>(name === undefined ? [] : [name.text]);
  for (const { node } of uses) if (ts.isIdentifier(node)) names.add(node.text);
  for (const { kind, node, write } of graph.steps) {
    if (kind !== 'write' || write?.how === 'declare' || write?.how === 'parameter') continue;
    if (ts.isIdentifier(node)) names.add(node.text);
    if (ts.isPropertyAccessExpression(node)) names.add(node.name.text);
  }
  return names;
}

function mentions(condition: ts.Node, names: ReadonlySet<string>): boolean {
  if (ts.isIdentifier(condition) && names.has(condition.text)) return true;
  return ts.forEachChild(condition, (child) => mentions(child, names)) ?? false;
}

// -------------------------------------------------------------------- second releases

/** Locks that are given back a second time: the permit is another task's by then, or one too many. */
export function extraReleases(lease: Lease, core: Core): readonly AfterRelease[] {
  const { holds, isOfSession, kind, member } = lease.acquisition;
  if (kind !== 'lock' || holds !== 'receiver' || member === undefined || isOfSession === true) return [];
  const { acquire, fn, graph, happenings } = lease;
  // Taken again meanwhile, by this call or another one of the function.
  const taken = new Set<Step>([acquire, ...core.ask(acquisitionsIn, fn).flatMap(({ call }) => graph.stepsOf(call))]);
  return secondReleases(lease, core).flatMap((found): readonly AfterRelease[] => {
    const ends = happenings.filter(({ node }) => node === found.at).map(({ step }) => step);
    const path = pathOf({
      from: found.release.step,
      to: (step) => ends.includes(step),
      avoiding: (step) => taken.has(step),
    });
    if (path === undefined) return [];
    const isStraight = path.every(({ kind: is }) => is !== 'branch' && is !== 'iterate');
    return [{ ...found, isCertain: found.isCertain || isStraight }];
  });
}

function secondReleases(lease: Lease, core: Core): readonly AfterRelease[] {
  const own = lease.happenings.filter((each) => isEnd(each) && lease.uses.some(({ by }) => by === each.node));
  return doubleRelease({ ...lease, happenings: own }).flatMap((answer): readonly AfterRelease[] => {
    if (answer.is === 'no' || answer.witness === undefined) return [];
    const { use, release } = answer.witness;
    if (!ts.isCallExpression(use.node) || isRepeatable(use.node, core) || isUntied(release, use.step, lease)) return [];
    const copies = own.filter(({ node }) => node === use.node);
    const always = copies.every(({ step }) => {
      const before = lease.states?.get(step)?.where ?? 0;
      return before === 0 || before === RELEASED;
    });
    return [{ is: 'again', lease, at: use.node, release, always, isCertain: answer.is === 'yes' }];
  });
}

/** Does the catalogue say that a second one does nothing? */
function isRepeatable(call: ts.CallExpression, core: Core): boolean {
  return core.api.memberOf(call)?.again === 'harmless';
}

// -------------------------------------------------------------------- promises returned

function returnsTooEarly(lease: Lease, core: Core): readonly AfterRelease[] {
  const seen = new Set<ts.Node>();
  const found: AfterRelease[] = [];
  const { isKnown } = lease.acquisition;
  for (const { call, release } of lateReturns(lease, core)) {
    const works = worksOnWithIt(call, lease, core);
    seen.add(call);
    if (works !== 'no') found.push({ is: 'returned', lease, at: call, release, isCertain: isKnown && works === 'yes' });
  }
  for (const use of lease.uses) {
    if (use.within !== lease.fn) continue;
    const call = chainEndOf(use);
    if (call === undefined || seen.has(call) || found.some(({ at }) => isInside(call, at) || isInside(at, call)))
      continue;
    if (ts.isAwaitExpression(wrapped(call).parent) || !givesThenable(call, core.checker)) continue;
    const task = core.ask(taskOf, call);
    if (task.is !== 'returned') continue;
    const release = releaseAfterReturn(task.witness, lease);
    if (release !== undefined)
      found.push({ is: 'returned', lease, at: call, release, isCertain: lease.acquisition.isKnown });
  }
  return found;
}

/**
 * The last call of a chain that works with the object otherwise than by its own member or as a plain argument:
 * `send(lease.bytes)`, `orders.find({}, { session }).toArray()`.
 */
function chainEndOf(use: ValueUse): ts.CallExpression | undefined {
  let call: ts.CallExpression | undefined;
  if (use.kind === 'read' && ts.isPropertyAccessExpression(use.by)) {
    const { parent } = wrapped(use.by);
    if (ts.isCallExpression(parent) && parent.expression !== wrapped(use.by)) call = parent;
  } else if ((use.kind === 'argument' || use.kind === 'method') && ts.isCallExpression(use.by)) call = use.by;
  if (call === undefined) return undefined;
  for (;;) {
    const access: ts.Node = wrapped(call).parent;
    if (!ts.isPropertyAccessExpression(access) || /^(?:then|catch|finally)$/.test(access.name.text)) return call;
    const outer: ts.Node = wrapped(access).parent;
    if (!ts.isCallExpression(outer) || bare(outer.expression) !== access) return call;
    call = outer;
  }
}

/** Does the call still work with the object once it has returned its promise, as far as its body shows? */
function worksOnWithIt(call: ts.CallExpression, lease: Lease, core: Core): 'doubt' | 'no' | 'yes' {
  const use = lease.uses.find(({ by }) => by === call);
  if (use?.kind !== 'argument' || use.argument === undefined || use.heldIn !== undefined) return 'yes';
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (!isComplete || functions.length === 0) return 'yes';
  let answer: 'doubt' | 'no' = 'no';
  for (const fn of functions) {
    const found = useOfArgument(fn, use.argument, core.ask(parameterUses, fn));
    if (found === undefined) return 'doubt';
    if (found.late.is === 'yes' || found.latePart.is === 'yes' || found.deeds.some(isWork)) return 'yes';
    if (found.late.is === 'unknown' || found.latePart.is === 'unknown') answer = 'doubt';
  }
  return answer;

  function isWork({ call: deed }: { readonly call: ts.Node }): boolean {
    return ts.isCallExpression(deed) && givesThenable(deed, core.checker);
  }
}

function releaseAfterReturn(statement: ts.Node, { graph, happenings }: Lease): Happening | undefined {
  const ends = happenings.filter(isEnd);
  for (const from of graph.stepsOf(statement)) {
    if (from.kind !== 'return') continue;
    const last = pathOf({ from, to: (step) => ends.some((each) => each.step === step) })?.at(-1);
    const release = ends.find(({ step }) => step === last);
    if (release !== undefined) return release;
  }
  return undefined;
}

// -------------------------------------------------------------------- derived values

/** A value that still reads from the object, or is a part of it. */
interface Derived {
  readonly is: 'stream' | 'view';
  readonly value: ts.Expression;
}

function derived(lease: Lease, core: Core): readonly AfterRelease[] {
  const found: AfterRelease[] = [];
  for (const use of lease.uses) {
    if (use.within !== lease.fn || found.length > 0) continue;
    const part = derivedAt(use, lease, core);
    if (part === undefined) continue;
    const late = part.is === 'stream' ? lateStreamUse(part, lease, core) : lateViewUse(part, lease, core);
    if (late !== undefined) found.push({ is: part.is, lease, value: part.value, ...late });
  }
  return found;
}

function derivedAt(use: ValueUse, lease: Lease, core: Core): Derived | undefined {
  const { checker } = core;
  if ((use.kind === 'method' || use.kind === 'argument') && ts.isCallExpression(use.by)) {
    const value = viewCallOn(use, core) ?? chainEndOf(use);
    if (value === undefined) return undefined;
    if (value !== use.by && viewCallOn(use, core) !== undefined) return { is: 'view', value };
    if (viewCallOn(use, core) !== undefined) return { is: 'view', value };
    return isStreamOf(value, core) ? { is: 'stream', value: streamAround(value, core) } : undefined;
  }
  if (use.kind !== 'read' || use.isMaybe || !ts.isPropertyAccessExpression(use.by) || isConnection(lease, core))
    return undefined;
  const type = checker.getTypeAtLocation(use.by);
  if (isAnyLike(type) || !isMutable(type, core) || isReplacedByPool(use.by.name.text, lease, core)) return undefined;
  return { is: 'view', value: subarrayAround(use.by, core) ?? use.by };
}

function isStreamOf(value: ts.Expression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(value);
  return !isThenable(type, core.checker) && isStream(type, core);
}

/** `Readable.from(rowsOf(client))`: the stream that reads from the stream. */
function streamAround(value: ts.Expression, core: Core): ts.Expression {
  const outer = wrapped(value);
  const { parent } = outer;
  const isGiven = ts.isCallExpression(parent) && parent.arguments[0] === outer && isStreamOf(parent, core);
  return isGiven ? streamAround(parent, core) : value;
}

/** `lease.subarray(…)`, where the object itself is a buffer. */
function viewCallOn(use: ValueUse, core: Core): ts.Expression | undefined {
  if (use.kind !== 'method' || !ts.isCallExpression(use.by)) return undefined;
  const callee = bare(use.by.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  return isViewCall(callee, core) ? use.by : undefined;
}

function subarrayAround(access: ts.Expression, core: Core): ts.Expression | undefined {
  const outer = wrapped(access).parent;
  if (!ts.isPropertyAccessExpression(outer) || !isViewCall(outer, core)) return undefined;
  const call = wrapped(outer).parent;
  return ts.isCallExpression(call) ? call : undefined;
}

/** `Buffer.slice` and `subarray` look at the same bytes; `slice` of other typed arrays copies. */
function isViewCall({ name, expression }: ts.PropertyAccessExpression, { checker }: Core): boolean {
  const owner = (checker.getTypeAtLocation(expression).symbol as ts.Symbol | undefined)?.name ?? '';
  if (!/^(?:Buffer|[A-Z]\w*Array)$/.test(owner)) return false;
  return name.text === 'subarray' || (name.text === 'slice' && owner === 'Buffer');
}

function isStream(type: ts.Type, { checker, api }: Core): boolean {
  if (isAnyLike(type) || isPrimitive(type, checker)) return false;
  if (api.isA(type, 'stream') !== undefined) return true;
  return checker.getPropertiesOfType(type).some(({ name }) => name === 'pipe' || name.startsWith('__@asyncIterator'));
}

/** Arrays, buffers, maps, sets and plain objects of the project. */
function isMutable(type: ts.Type, { checker }: Core): boolean {
  if (isPrimitive(type, checker) || type.getCallSignatures().length > 0) return false;
  if (checker.isArrayType(type)) return (type.symbol as ts.Symbol | undefined)?.name !== 'ReadonlyArray';
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? '';
  return /^(?:Buffer|[A-Z]\w*Array|Map|Set)$/.test(name);
}

/** Does the pool put a new value into the field when it takes the object back or hands it out? Then the old one belongs to its keeper. */
function isReplacedByPool(field: string, { acquisition, happenings }: Lease, core: Core): boolean {
  const calls = [
    acquisition.call,
    ...happenings.filter(isEnd).flatMap(({ node }) => (ts.isCallExpression(node) ? [node] : [])),
  ];
  const assigns = (node: ts.Node): boolean =>
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      node.left.name.text === field) ||
    (ts.forEachChild(node, assigns) ?? false);
  const isNamedReset = (node: ts.Node): boolean =>
    (ts.isCallExpression(node) && /reset|init|clear|assign/i.test(node.expression.getText())) ||
    (ts.forEachChild(node, isNamedReset) ?? false);
  return (
    calls.some((call) => {
      const { functions } = core.ask(calleesOf, call);
      return functions.some((fn) => assigns(fn) || (isNamedReset(fn) && !emptiesInPlace(fn, field)));
    }) || assigns(enclosingFunctionOf(acquisition.call))
  );
}

function emptiesInPlace(node: ts.Node, field: string): boolean {
  const text = node.getText();
  return new RegExp(`\\.${field}(?:\\.length\\s*=\\s*0|\\.(?:clear|fill|splice)\\()`).test(text);
}

type Late = Pick<AfterRelease, 'at' | 'isCertain' | 'release'>;

function lateViewUse({ value }: Derived, lease: Lease, core: Core): Late | undefined {
  const uses = usesOf(value, core) ?? [];
  for (const use of uses) {
    if (use.within !== lease.fn || use.isMaybe) continue;
    if (use.kind === 'returned') {
      const release = releaseAfterReturn(statementOf(use.by), lease) ?? releaseBefore(use, lease);
      if (release !== undefined) return { at: use.node, release, isCertain: lease.acquisition.isKnown };
    }
    const release = releaseBefore(use, lease);
    if (release === undefined) continue;
    const isUse =
      use.kind === 'stored' ||
      use.kind === 'yielded' ||
      use.kind === 'argument' ||
      use.kind === 'method' ||
      use.kind === 'iterated' ||
      use.kind === 'read';
    if (!isUse) continue;
    const step = lease.graph.stepsOf(use.by)[0] ?? lease.graph.stepsOf(use.node)[0];
    if (step === undefined || isUntied(release, step, lease)) continue;
    const keeps =
      use.kind === 'stored' ||
      use.kind === 'yielded' ||
      (use.kind === 'argument' &&
        ts.isCallExpression(use.by) &&
        isThenable(core.checker.getTypeAtLocation(use.by), core.checker));
    const isCertain = keeps || hasPauseBetween(release.step, step) || isWipedByPool(lease, core);
    return { at: use.node, release, isCertain: isCertain && lease.acquisition.isKnown };
  }
  return undefined;
}

function lateStreamUse({ value }: Derived, lease: Lease, core: Core): Late | undefined {
  const uses = (usesOf(value, core) ?? []).filter(({ isMaybe }) => !isMaybe);
  for (const use of uses) {
    if (use.within !== lease.fn) continue;
    const before = releaseBefore(use, lease);
    if (before !== undefined && !/^(?:dropped|tested|rebound|awaited)$/.test(use.kind) && !isEndOfStream(use)) {
      return { at: use.node, release: before, isCertain: lease.acquisition.isKnown };
    }
  }
  // Somebody waits for it, or listens to its end: what happens then is not in the order of the text.
  const isWaitedFor = uses.some((use) => use.within !== lease.fn || isInAwait(use.node, lease.fn) || isListening(use));
  if (isWaitedFor) return undefined;
  for (const use of uses) {
    if (use.kind === 'returned') {
      const release = releaseAfterReturn(statementOf(use.by), lease);
      if (release !== undefined) return { at: use.node, release, isCertain: lease.acquisition.isKnown };
    }
    if (use.kind !== 'method' || !ts.isCallExpression(use.by) || nameOfMember(use.by) !== 'pipe') continue;
    if (isInAwait(use.by, lease.fn)) continue;
    const [step] = lease.graph.stepsOf(use.by).filter(({ kind }) => kind === 'call');
    const ends = lease.happenings.filter(isEnd);
    const path =
      step === undefined
        ? undefined
        : pathOf({
            from: step,
            to: (each) => ends.some((end) => end.step === each),
            without: (edge, each) => edge.way === 'throw' && each.kind !== 'throw',
          });
    const release = ends.find((end) => end.step === path?.at(-1));
    const isPaused = step !== undefined && release !== undefined && hasPauseBetween(step, release.step);
    if (release !== undefined && !isPaused) return { at: use.by, release, isCertain: lease.acquisition.isKnown };
  }
  return undefined;
}

function statementOf(node: ts.Node): ts.Node {
  return ts.isReturnStatement(node) ? node : (ts.findAncestor(node, ts.isReturnStatement) ?? node);
}

/** The release that has happened before the use, whichever way leads there. */
function releaseBefore(use: ValueUse, lease: Lease): Happening | undefined {
  const steps = [...lease.graph.stepsOf(use.by), ...lease.graph.stepsOf(bare(use.node))];
  for (const step of steps) {
    if (lease.states?.get(step)?.where !== RELEASED) continue;
    const release = lease.happenings.find((each) => isEnd(each) && each.isCertain && leadsTo(each.step, step));
    if (release !== undefined && !isUntied(release, step, lease)) return release;
  }
  return undefined;
}

function isEndOfStream({ by, kind }: ValueUse): boolean {
  return (
    kind === 'method' &&
    ts.isCallExpression(by) &&
    /^(?:destroy|close|return|off|remove\w*|cancel|unpipe)$/.test(nameOfMember(by))
  );
}

function isListening({ by, kind }: ValueUse): boolean {
  return (
    kind === 'method' &&
    ts.isCallExpression(by) &&
    /^(?:on|once|addListener|addEventListener|close|destroy|cancel)$/.test(nameOfMember(by))
  );
}

function isInAwait(node: ts.Node, fn: ts.Node): boolean {
  for (let at = node; at !== fn; at = at.parent) {
    if (
      ts.isAwaitExpression(at) ||
      (ts.isForOfStatement(at) && at.awaitModifier !== undefined && isInside(node, at.expression))
    )
      return true;
    if (ts.isStatement(at) && !ts.isForOfStatement(at)) return false;
  }
  return false;
}
