import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { everSettles } from '../effects/ever-settles.ts';
import { hasRole } from '../effects/roles.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { accesses } from '../places/accesses.ts';
import { isSamePlace, lastNamed, type Place } from '../places/place.ts';
import { placeOf } from '../places/place-of.ts';
import { mentions } from '../text/mentions.ts';
import { bare, isAssignmentOperator, isUnset, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { lastNameOf } from '../syntax/names.ts';
import { awaitedTypeOf } from '../types/awaited-type-of.ts';
import { ownsResource } from '../types/owns-resource.ts';
import { isLongerLived } from './exclusive.ts';
import { isMadeNew, localSourceOf } from './is-made-new.ts';
import type { LateAct } from './late-acts.ts';

/** Why a decision that two runs may take at the same time does harm. */
export type Harm =
  /** Both make something that has to be ended (by `end`), and only one of the two is kept. */
  | { readonly is: 'owned'; readonly at: ts.Node; readonly place: Place; readonly end: string }
  /** Both start a loop, a listener, a timer or a server. */
  | { readonly is: 'started'; readonly at: ts.Node; readonly what: 'interval' | 'listener' | 'loop' | 'server' }
  /** What would have been refused is let through: a limit, a lock, a unique name. */
  | { readonly is: 'guard'; readonly refusal: ts.Node }
  /** Who waits for room does not look again. */
  | { readonly is: 'room' }
  /** Both send one single-use token. */
  | { readonly is: 'token'; readonly sent: ts.Expression }
  /** What is kept is changed by those who got it; changes of the copy that was replaced are lost. */
  | { readonly is: 'live'; readonly edit: ts.Node }
  /** The work is done twice, and nothing worse is seen. */
  | { readonly is: 'memo' };

/** A harm; `isCertain` where nothing but the interleaving is needed for it. */
export interface SeenHarm {
  readonly harm: Harm;
  readonly isCertain: boolean;
}

/**
 * What harm two runs do that both take the decision.
 *
 * Asked in this order: an `if` around a wait for room, a single-use token, a guard that refuses an entry, something that has to be
 * ended, something that goes on, a guard in general, an object that is changed by those who get it. Doubt: what cannot be told is a `memo`, the fill of a cache.
 */
export function harmOf(act: LateAct, core: Core): SeenHarm | undefined {
  if (isFieldOfRow(act, core)) return undefined;
  if (act.isWaitOnly) return roomHarm(act, core);
  const guard = guardHarm(act, core);
  return (
    tokenHarm(act, core) ??
    (isContainer(act.place) ? guard : undefined) ??
    ownedHarm(act, core) ??
    startedHarm(act, core) ??
    guard ??
    liveHarm(act, core) ??
    MEMO
  );
}

const MEMO: SeenHarm = { harm: { is: 'memo' }, isCertain: false };

/** Objects of a row or a document: their `destroy` deletes the row. */
const KEEPS_ROW: ReadonlySet<string> = new Set(['reload', 'save', 'toObject']);

/** A field of a row or a document: the object belongs to who loaded it. */
function isFieldOfRow({ place }: LateAct, core: Core): boolean {
  if (place.root.is !== 'instance') return false;
  return isRow(core.checker.getTypeAtLocation(place.root.of), core);
}

function isRow(type: ts.Type, core: Core): boolean {
  return core.checker.getPropertiesOfType(type).some(({ name }) => KEEPS_ROW.has(name));
}

// ---------------------------------------------------------------- room

/** `if (full) await once(…)`: who is woken one at a time is nearly always right, who waits for an event that all hear is not. */
function roomHarm(act: LateAct, core: Core): SeenHarm | undefined {
  const { pause, test } = act;
  const around = ts.findAncestor(test, ts.isIfStatement);
  if (around === undefined || !isInside(test, around.expression) || around.elseStatement !== undefined)
    return undefined;
  if (!isInside(pause, around.thenStatement) || isInside(act.at, around)) return undefined;
  const isLimit = act.outcome === 'below';
  if (!isLimit && !(act.outcome === 'empty' && isBusyFlag(act, core))) return undefined;
  const waited = ts.isAwaitExpression(pause) ? bare(pause.expression) : undefined;
  const isOwnTurn =
    waited !== undefined && ts.isNewExpression(waited) && core.api.plays(waited, 'runs-now') !== undefined;
  return { harm: { is: 'room' }, isCertain: !isOwnTurn };
}

/** A flag that somebody takes back: a lock, not the end of something. */
function isBusyFlag({ act, place }: LateAct, core: Core): boolean {
  const name = lastNamed(place);
  if (name === undefined) return false;
  return functionsMentioning(act.node.getSourceFile(), name, core).some((fn) =>
    [...core.ask(accesses, fn).values()].some((list) =>
      list.some(
        ({ how, is, node, place: written, value }) =>
          is === 'write' &&
          how !== 'declare' &&
          node !== act.node &&
          value !== undefined &&
          ts.isExpression(value) &&
          isUnset(bare(value)) &&
          isSamePlace(written, place),
      ),
    ),
  );
}

// ---------------------------------------------------------------- tokens

/** A token that is sent to be exchanged for the next one: the name supports what the flow shows. */
const SINGLE_USE = /refresh.?token|one.?time|single.?use|\bnonce\b|\botp\b/i;

function tokenHarm({ fn, region }: LateAct, core: Core): SeenHarm | undefined {
  const own = core.ask(accesses, fn);
  const written = [...region].flatMap((step) => (own.get(step) ?? []).filter(({ is }) => is === 'write'));
  for (const step of region) {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) continue;
    for (const read of pathsIn(step.node.arguments)) {
      if (!SINGLE_USE.test(lastNameOf(read) ?? '')) continue;
      const place = placeOf(read, core);
      if (place === undefined || !isLongerLived(place, fn)) continue;
      if (written.some((write) => isSamePlace(write.place, place)))
        return { harm: { is: 'token', sent: read }, isCertain: true };
    }
  }
  return undefined;
}

function pathsIn(roots: readonly ts.Expression[]): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node)) return;
    if (ts.isPropertyAccessExpression(node) || (ts.isIdentifier(node) && !isName(node))) found.push(node);
    ts.forEachChild(node, visit);
  };
  for (const root of roots) visit(root);
  return found;
}

function isName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

// ---------------------------------------------------------------- resources

function ownedHarm(act: LateAct, core: Core): SeenHarm | undefined {
  const home = enclosingFunctionOf(act.act.node);
  const own = core.ask(accesses, home);
  const isHere = home === act.fn;
  let doubtful: SeenHarm | undefined;
  for (const [step, list] of own) {
    if (isHere && !act.region.has(step)) continue;
    for (const { is, node, place, value } of list) {
      if (is !== 'write' || !isLongerLived(place, home)) continue;
      const made = value !== undefined && ts.isExpression(value) ? value : undefined;
      if (made === undefined || isFunctionNode(bare(made))) continue;
      const end = endOf(made, core);
      if (end === undefined || isEnded(place, act, core)) continue;
      const isNew = isMadeNew(made, core);
      if (isNew === false) continue;
      const harm: Harm = { is: 'owned', at: node, place, end };
      if (isNew === true) return { harm, isCertain: true };
      doubtful ??= { harm, isCertain: false };
    }
  }
  return doubtful;
}

/** The method that ends what the value is, once awaited, or the function that ends a timer. */
function endOf(value: ts.Expression, core: Core): string | undefined {
  if (isPrimitiveValue(bare(value))) return undefined;
  const declared = core.checker.getTypeAtLocation(value);
  const type = awaitedTypeOf(declared, core.checker) ?? declared;
  if ((type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0) return undefined;
  const made = core.checker.getNonNullableType(type);
  if (isRow(made, core)) return undefined;
  const drains = core.api.isA(made, 'drainable') === undefined ? [] : [...core.api.namesWith('drains').keys()];
  const has = (name: string): boolean => core.checker.getPropertyOfType(made, name) !== undefined;
  const end = drains.find(has) ?? ownsResource(made, core.checker);
  if (end === undefined) return undefined;
  // What is borrowed goes back.
  const returns = core.api.isA(made, 'lease') === undefined ? [] : [...core.api.namesWith('releases').keys()];
  return clearOf(value, core) ?? returns.find(has) ?? end;
}

/** `clearInterval` for what `setInterval` gives. */
function clearOf(value: ts.Expression, core: Core): string | undefined {
  const node = bare(value);
  const source = ts.isIdentifier(node) ? localSourceOf(node, core) : node;
  const call = source === undefined ? undefined : bare(source);
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const name = core.api.plays(call, 'starts-timer')?.name;
  return name?.startsWith('set') === true ? name.replace('set', 'clear') : undefined;
}

/** Is it a literal, or what an operator computes? */
function isPrimitiveValue(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isPassedOn =
      kind === ts.SyntaxKind.AmpersandAmpersandToken ||
      kind === ts.SyntaxKind.BarBarToken ||
      kind === ts.SyntaxKind.QuestionQuestionToken ||
      kind === ts.SyntaxKind.CommaToken;
    return !isPassedOn && !isAssignmentOperator(kind);
  }
  return (
    ts.isLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isPrefixUnaryExpression(node) ||
    ts.isPostfixUnaryExpression(node) ||
    ts.isTypeOfExpression(node)
  );
}

/** What was there before is ended here before it is replaced. */
function isEnded(place: Place, { fn, region }: LateAct, core: Core): boolean {
  return [...region].some((step) => {
    if (step.kind !== 'call' || !ts.isCallExpression(step.node)) return false;
    const callee = bare(step.node.expression);
    if (!ts.isPropertyAccessExpression(callee) || !ENDS.test(callee.name.text)) return false;
    const receiver = placeOf(callee.expression, core);
    return receiver !== undefined && isLongerLived(receiver, fn) && isSamePlace(receiver, place);
  });
}

const ENDS = /^(?:close|destroy|disconnect|dispose|end|kill|release|stop|terminate|unsubscribe)/;

// ---------------------------------------------------------------- what goes on

function startedHarm(act: LateAct, core: Core): SeenHarm | undefined {
  const isFlag = act.act.value !== undefined && !isContainer(act.place) && act.outcome !== 'filled';
  if (!isFlag) return undefined;
  const home = enclosingFunctionOf(act.act.node);
  const steps = home === act.fn ? act.region : new Set(core.ask(flowGraph, home).steps);
  for (const step of steps) {
    const { kind, node } = step;
    if (kind !== 'call' || !(ts.isCallExpression(node) || ts.isNewExpression(node))) continue;
    const what = startedBy(node, act, core);
    if (what !== undefined) return { harm: { is: 'started', at: node, what }, isCertain: true };
  }
  return undefined;
}

function isContainer({ path }: Place): boolean {
  const last = path.at(-1);
  return last?.is === 'entry' || last?.is === 'contents';
}

function startedBy(
  call: ts.CallExpression | ts.NewExpression,
  act: LateAct,
  core: Core,
): (Harm & { is: 'started' })['what'] | undefined {
  const { api } = core;
  if (ts.isCallExpression(call)) {
    const listens = api.plays(call, 'listener');
    if (listens !== undefined) {
      if (hasRole(listens, 'starts-timer')) return 'interval';
      const receiver = bare(call.expression);
      const on = ts.isPropertyAccessExpression(receiver) ? placeOf(receiver.expression, core) : undefined;
      // Listeners of what is made here go with it.
      const isOwn = on?.root.is === 'binding' && !isLongerLived({ ...on, path: [] }, act.fn);
      if (!isOwn && !once(call)) return 'listener';
    }
    if (api.plays(call, 'serves') !== undefined) return 'server';
  }
  if (ts.isAwaitExpression(wrapped(call).parent)) return undefined;
  const { functions } = core.ask(calleesOf, call);
  return functions.some((fn) => goesOn(fn, core)) ? 'loop' : undefined;
}

function once(call: ts.CallExpression): boolean {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) && /^(?:once|prependOnce)/.test(callee.name.text);
}

/** A loop that waits in each turn, for as long as a flag says or for ever. */
function goesOn(fn: FunctionNode, core: Core): boolean {
  if (core.ask(everSettles, fn).is === 'no') return true;
  const visit = (node: ts.Node): boolean => {
    if (isFunctionNode(node) && node !== fn) return false;
    const isLoop = ts.isWhileStatement(node) && isFlagTest(node.expression);
    return (isLoop && waitsIn(node.statement)) || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(fn);
}

/** `true`, `this.running`, `!this.stopped` */
function isFlagTest(condition: ts.Expression): boolean {
  const node = bare(condition);
  if (ts.isPrefixUnaryExpression(node)) return isFlagTest(node.operand);
  return node.kind === ts.SyntaxKind.TrueKeyword || ts.isPropertyAccessExpression(node) || ts.isIdentifier(node);
}

function waitsIn(root: ts.Node): boolean {
  const visit = (node: ts.Node): boolean =>
    !isFunctionNode(node) && (ts.isAwaitExpression(node) || (ts.forEachChild(node, visit) ?? false));
  return visit(root);
}

// ---------------------------------------------------------------- guards

/** The other outcome does nothing but refuse: it throws, or answers with an error. */
function guardHarm(act: LateAct, core: Core): SeenHarm | undefined {
  const { branch, fn, outcome, region } = act;
  const isPlain = !isContainer(act.place) && outcome !== 'below' && outcome !== 'above';
  // What is never taken back is the end of something: the same whoever comes first.
  if (isPlain && (ts.findAncestor(act.at, ts.isCatchClause) !== undefined || !isBusyFlag(act, core))) return undefined;
  if (enclosingFunctionOf(act.act.node) !== fn) return undefined;
  const others = branch.next.map(({ to }) => to).filter((to) => !region.has(to));
  const refusal = others
    .map((to) => refusalAt(to, branch) ?? errorSentAt(to, branch, core))
    .find((each) => each !== undefined);
  if (refusal === undefined) return undefined;
  const isTaken = outcome === 'filled' || outcome === 'above';
  if (isTaken && !SINGLE_USE_TAKEN.test(act.test.getText() + act.act.node.getText())) return undefined;
  return { harm: { is: 'guard', refusal }, isCertain: true };
}

/** What is looked up and taken away after use, where it must be used once. */
const SINGLE_USE_TAKEN = /code|coupon|invit|nonce|otp|stock|ticket|token|voucher/i;

/** Calls of an answer's chain whose numbers are no status: `response.set('age', 410)`. */
const SETS = /^(?:append|cookie|header|set|setHeader|type|vary)$/;

/** Is an error of the client sent: `response.status(409).end()`, `c.json(body, 409)`, `Response.json(body, { status: 409 })`? */
function isRefusal(answer: ts.CallExpression): boolean {
  for (let node: ts.Expression = answer; ; node = bare(node.expression)) {
    if (ts.isCallExpression(node)) {
      const name = lastNameOf(bare(node.expression));
      if ((name === undefined || !SETS.test(name)) && node.arguments.some(isClientError)) return true;
    } else if (!ts.isPropertyAccessExpression(node)) return false;
  }
}

function isClientError(argument: ts.Expression): boolean {
  const node = bare(argument);
  if (ts.isNumericLiteral(node)) return /^4\d\d$/.test(node.text);
  if (!ts.isObjectLiteralExpression(node)) return false;
  return node.properties.some(
    (each) =>
      ts.isPropertyAssignment(each) &&
      /^status(?:Code)?$/.test(each.name.getText()) &&
      ts.isNumericLiteral(each.initializer) &&
      isClientError(each.initializer),
  );
}

/** An answer with such a code, before anything else is waited for. */
function errorSentAt(from: Step, branch: Step, core: Core): ts.Node | undefined {
  const seen = new Set<Step>([branch]);
  const queue = [from];
  for (let step = queue.pop(); step !== undefined; step = queue.pop()) {
    if (seen.has(step) || step.kind === 'suspend') continue;
    seen.add(step);
    const { kind, node } = step;
    if (
      kind === 'call' &&
      ts.isCallExpression(node) &&
      isRefusal(node) &&
      core.api.plays(node, 'answers') !== undefined
    )
      return node;
    queue.push(...step.next.filter(({ way }) => way !== 'throw').map(({ to }) => to));
  }
  return undefined;
}

/** A `throw` that every way from here runs into before anything else of note. */
function refusalAt(from: Step, branch: Step): ts.Node | undefined {
  const path = pathOf({
    from,
    to: (step) => step.kind === 'throw',
    avoiding: (step) => step === branch || step.kind === 'suspend',
  });
  const thrown = from.kind === 'throw' ? from : path?.at(-1);
  if (thrown === undefined) return undefined;
  const goesOn = pathOf({
    from,
    to: (step) => step.kind === 'exit' || step.kind === 'suspend',
    avoiding: (step) => step === thrown,
    without: (edge) => edge.way === 'throw',
  });
  return goesOn === undefined || from === thrown ? thrown.node : undefined;
}

// ---------------------------------------------------------------- objects that are changed

/** Somebody in the file changes what lies in the place, by a path through it. */
function liveHarm({ act, fn, place }: LateAct, core: Core): SeenHarm | undefined {
  const { value } = act;
  if (value === undefined || !ts.isExpression(value) || !mayBeChanged(value, core)) return undefined;
  const name = lastNamed(place);
  if (name === undefined) return undefined;
  const file = fn.getSourceFile();
  for (const other of functionsMentioning(file, name, core)) {
    for (const list of core.ask(accesses, other).values()) {
      for (const { how, is, node, place: touched } of list) {
        if (is !== 'write' || how === 'declare' || !isBelow(touched, place)) continue;
        if (isInside(node, value)) continue;
        return { harm: { is: 'live', edit: node }, isCertain: true };
      }
    }
  }
  return undefined;
}

function mayBeChanged(value: ts.Expression, core: Core): boolean {
  const declared = core.checker.getTypeAtLocation(value);
  const type = core.checker.getNonNullableType(awaitedTypeOf(declared, core.checker) ?? declared);
  return (
    (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0 && type.getCallSignatures().length === 0
  );
}

/** Is it a path through what lies in the place, whatever the key of the entry is? */
function isBelow(touched: Place, place: Place): boolean {
  if (touched.path.length <= place.path.length) return false;
  const top: Place = { ...touched, path: touched.path.slice(0, place.path.length) };
  const loose = ({ path, root }: Place): Place => ({
    root,
    path: path.map((part) => (part.is === 'entry' ? { is: 'contents' } : part)),
  });
  return isSamePlace(loose(top), loose(place));
}

function functionsMentioning(file: ts.SourceFile, name: string, core: Core): readonly FunctionNode[] {
  const homes = (core.ask(mentions, file).get(name) ?? []).map((node) => enclosingFunctionOf(node));
  return [...new Set(homes)].filter((home) => !ts.isSourceFile(home));
}
