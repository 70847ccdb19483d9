import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Call, type Callees, calleesOf } from '../effects/callees-of.ts';
import { isInitialiserName, isRenewingName, nameOfCallee } from '../effects/guard-words.ts';
import { type OuterAccess, readsAndWrites, translated } from '../effects/reads-and-writes.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { type Access, accesses } from '../places/accesses.ts';
import { isPartOf, isSamePlace, type Place } from '../places/place.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isGenerator } from '../syntax/functions.ts';
import { isNullish } from '../types/is-nullish.ts';

/** A read that comes before the write it needs. */
export interface EarlyRead {
  /** The function that writes, after it has waited. */
  readonly fn: FunctionNode;
  readonly write: ts.Node;
  readonly read: ts.Node;
}

/**
 * Does the code after a call that nobody waits for read a place that the call fills only after it has waited?
 *
 * A read counts where nothing is done for the case that the place is still empty: no test, no `?.`, no fallback. `unknown` where the
 * place may have a value already: it has one from the start, the call renews it, or only some ways pass the call; where the call does
 * not always write it; and where another wait lies between. Places that the call writes before it waits too, counters and flags are left out.
 */
export function earlyReadOf(call: Call, promise: ts.Expression, core: Core): Answer<EarlyRead, EarlyRead> {
  // What comes after costs less to see than all that the call leads to.
  if (!stepsAfter(call, promise, core).some(({ kind }) => kind === 'read' || kind === 'call')) return NO;
  const { functions, through } = core.ask(calleesOf, call);
  let best: Answer<EarlyRead, EarlyRead> = NO;
  for (const fn of functions) {
    if (isGenerator(fn)) continue;
    for (const access of lateWritesOf(fn, core)) {
      const place = translated(access.place, call, { fn, through, isCallback: false }, core);
      if (place === undefined || place.path.some(({ is }) => is !== 'property')) continue;
      const found = readAfter(call, promise, place, core);
      if (found === undefined) continue;
      const witness: EarlyRead = { fn, write: access.root, read: found.read };
      if (!found.isLate && isEmptyUntil(access, call, place, core)) return yes(witness);
      if (found.isLate || isInitialiser(call)) best = unknown('open-world', witness);
    }
  }
  return best;
}

/** The steps that come after a call whose promise nobody waits for. */
export function stepsAfter(call: Call, promise: ts.Expression, core: Core): readonly Step[] {
  const graph = core.ask(flowGraph, enclosingFunctionOf(call));
  const seen = new Set<Step>(graph.stepsOf(call).filter(({ kind }) => kind === 'call'));
  for (const step of seen) {
    for (const { to, way } of step.next) if (way !== 'throw' || step.kind === 'throw') seen.add(to);
  }
  return [...seen].filter(({ node }) => node.getStart() >= promise.getEnd());
}

/** Fresh values that a function puts into outer places only after it has waited. */
function lateWritesOf(fn: FunctionNode, core: Core): readonly OuterAccess[] {
  const { accesses: all } = core.ask(readsAndWrites, fn);
  const writes = all.filter(({ is }) => is === 'write');
  return writes.filter(
    ({ how, isFromPlaces, place, root, segment }) =>
      segment === 'later' &&
      !isFromPlaces &&
      (how === undefined || how === 'assign' || how === 'destructure' || how === 'logical') &&
      !isFlag(root) &&
      !writes.some((other) => other.segment === 'first' && isSamePlace(other.place, place)),
  );
}

/** `this.isReady = true`, `total = 0`: says how far it has come. */
function isFlag(target: ts.Node): boolean {
  const { parent } = target;
  if (!ts.isBinaryExpression(parent) || parent.left !== target) return false;
  const value = bare(parent.right);
  return (
    ts.isLiteralExpression(value) ||
    value.kind === ts.SyntaxKind.TrueKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword ||
    value.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(value) && value.text === 'undefined')
  );
}

// ---------------------------------------------------------------- the read

interface FoundRead {
  readonly read: ts.Node;
  /** Does another wait lie between? */
  readonly isLate: boolean;
}

/** The first read after the call that takes the value for granted. */
function readAfter(call: Call, promise: ts.Expression, place: Place, core: Core): FoundRead | undefined {
  const fn = enclosingFunctionOf(call);
  const graph = core.ask(flowGraph, fn);
  const own = core.ask(accesses, fn);
  const start = graph.stepsOf(call).filter(({ kind }) => kind === 'call');
  const open: { readonly step: Step; readonly isLate: boolean }[] = start.map((step) => ({ step, isLate: false }));
  const seen = new Set<Step>(start);
  let late: ts.Node | undefined;
  for (const { isLate, step } of open) {
    const isBehind = !start.includes(step) && step.node.getStart() >= promise.getEnd();
    const outcome = isBehind ? outcomeAt(step, own.get(step) ?? [], place, core) : undefined;
    if (outcome === 'settled') continue;
    if (outcome !== undefined) {
      if (!isLate) return { read: outcome, isLate };
      late ??= outcome;
    }
    const waits = isLate || step.kind === 'suspend';
    for (const { to, way } of step.next) {
      if ((way === 'throw' && step.kind !== 'throw') || seen.has(to)) continue;
      seen.add(to);
      open.push({ step: to, isLate: waits });
    }
  }
  return late === undefined ? undefined : { read: late, isLate: true };
}

/** The read at a step, or `settled` where the place is written or asked for here: what comes after knows about it. */
function outcomeAt(step: Step, here: readonly Access[], place: Place, core: Core): ts.Node | 'settled' | undefined {
  for (const access of here) {
    if (access.is === 'write' && isPartOf(place, access.place)) return 'settled';
    if (access.is !== 'read' || !isSamePlace(access.place, place)) continue;
    const use = useOf(access.node, core);
    if (use !== undefined) return use === 'relied' ? access.node : 'settled';
  }
  return step.kind === 'call' ? readByCallee(step.node, place, core) : undefined;
}

/** A function called there that reads the place before it waits itself. */
function readByCallee(node: ts.Node, place: Place, core: Core): ts.Node | 'settled' | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const { functions, isComplete, through }: Callees = core.ask(calleesOf, node);
  const [fn] = functions;
  if (!isComplete || fn === undefined || functions.length > 1 || isGenerator(fn)) return undefined;
  for (const access of core.ask(readsAndWrites, fn).accesses) {
    const seen = translated(access.place, node, { fn, through, isCallback: false }, core);
    if (seen === undefined || !isSamePlace(seen, place)) continue;
    if (access.is === 'write') return 'settled';
    const use = useOf(access.root, core);
    if (use !== 'relied' || access.segment !== 'first') return use === undefined ? undefined : 'settled';
    return node;
  }
  return undefined;
}

/** Is a value taken for granted where it is read, or is it asked whether it is there? */
function useOf(node: ts.Node, core: Core): 'asked' | 'relied' | undefined {
  const outer = wrapped(node);
  const { parent } = outer;
  if (isAsserted(node)) return 'relied';
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    if (parent.expression !== outer) return 'relied';
    return parent.questionDotToken === undefined ? 'relied' : 'asked';
  }
  if (ts.isCallExpression(parent) && parent.expression === outer)
    return parent.questionDotToken === undefined ? 'relied' : 'asked';
  if (isQuestion(outer, parent)) return 'asked';
  if (ts.isVariableDeclaration(parent) && !ts.isIdentifier(parent.name)) return 'relied';
  const type = core.checker.getTypeAtLocation(node);
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => isNullish(part) || (part.flags & ts.TypeFlags.Any) !== 0) ? undefined : 'relied';
}

/** `settings!` */
function isAsserted(node: ts.Node): boolean {
  for (let at = node; at !== wrapped(node); at = at.parent) if (ts.isNonNullExpression(at.parent)) return true;
  return false;
}

function isQuestion(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isTypeOfExpression(parent)) return true;
  if (!ts.isBinaryExpression(parent)) return false;
  const operator = parent.operatorToken.kind;
  if (isAssignmentOperator(operator)) return false;
  const compares =
    operator === ts.SyntaxKind.EqualsEqualsToken ||
    operator === ts.SyntaxKind.EqualsEqualsEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsToken ||
    operator === ts.SyntaxKind.ExclamationEqualsEqualsToken ||
    operator === ts.SyntaxKind.InstanceOfKeyword ||
    operator === ts.SyntaxKind.InKeyword;
  if (compares || parent.left === node) return true;
  // `if (child.process || child.worker)`
  const whole = wrapped(parent);
  return isQuestion(whole, whole.parent);
}

// ---------------------------------------------------------------- is the place empty until then?

function isEmptyUntil(write: OuterAccess, call: Call, place: Place, core: Core): boolean {
  const name = nameOfCallee(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression) ?? '';
  if (isRenewingName(name) || isOnlyOnSomeWays(call, place) || isWrittenOnSomeWays(write, place, core)) return false;
  const declaration = declarationOf(write.root, core);
  if (declaration === undefined) return isInitialiserName(name);
  if (ts.isVariableDeclaration(declaration)) return isNothing(declaration.initializer);
  if (ts.isPropertyDeclaration(declaration))
    return isNothing(declaration.initializer) && !isSetByConstructor(declaration);
  return isInitialiserName(name);
}

function isInitialiser(call: Call): boolean {
  return isInitialiserName(nameOfCallee(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression) ?? '');
}

function declarationOf(target: ts.Node, core: Core): ts.Declaration | undefined {
  const node = bare(target);
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  return ts.isIdentifier(name) || ts.isPrivateIdentifier(name) ? symbolOf(name, core)?.valueDeclaration : undefined;
}

function isNothing(initializer: ts.Expression | undefined): boolean {
  if (initializer === undefined) return true;
  const value = bare(initializer);
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && value.text === 'undefined');
}

function isSetByConstructor({ name, parent }: ts.PropertyDeclaration): boolean {
  const own = parent.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  return own !== undefined && new RegExp(`this\\.${name.getText()}\\s*=[^=]`).test(own.getText());
}

/** Does the function end without the write on a way that does not ask for the place? */
function isWrittenOnSomeWays({ root }: OuterAccess, place: Place, core: Core): boolean {
  const graph = core.ask(flowGraph, enclosingFunctionOf(root));
  const without = pathOf({
    from: graph.enter,
    to: (step) => step === graph.exit,
    avoiding: ({ kind, node }) => kind === 'write' && node === root,
    without: ({ way }, step) => way === 'throw' && step.kind !== 'throw',
  });
  return without !== undefined && !without.some(({ kind, node }) => kind === 'branch' && asksFor(node, place));
}

/** Under a condition that does not ask for the place itself, and in loops that may not run. */
function isOnlyOnSomeWays(call: Call, place: Place): boolean {
  const fn = enclosingFunctionOf(call);
  for (let at: ts.Node = call; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    let condition: ts.Node | undefined;
    if (ts.isIfStatement(parent) && parent.expression !== at) condition = parent.expression;
    else if (ts.isConditionalExpression(parent) && parent.condition !== at) condition = parent.condition;
    else if (ts.isBinaryExpression(parent) && parent.right === at && isChoice(parent)) condition = parent.left;
    else if (ts.isCatchClause(parent) || ts.isCaseOrDefaultClause(parent)) return true;
    if (condition !== undefined && !asksFor(condition, place)) return true;
  }
  return false;
}

/** Does a condition name the place? */
function asksFor(condition: ts.Node, { path, root }: Place): boolean {
  const last = path.at(-1);
  const name = last?.is === 'property' ? last.name : root.is === 'binding' ? root.symbol.name : '';
  const names: readonly string[] = condition.getText().match(/#?[\w$]+/g) ?? [];
  return names.includes(name);
}

function isChoice({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return (
    kind === ts.SyntaxKind.AmpersandAmpersandToken ||
    kind === ts.SyntaxKind.BarBarToken ||
    kind === ts.SyntaxKind.QuestionQuestionToken
  );
}
