import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { elementTypeOf } from '../types/element-type-of.ts';
import { givesThenable } from '../types/is-thenable.ts';
import { type Call, callablesAt, type Callees, calleesOf } from './callees-of.ts';
import { isChangingName, isGuardName, nameOfCallee } from './guard-words.ts';
import { handlingOf } from './handling-of.ts';
import { isLogCall, isQuietLogCall } from './log-calls.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';

/** What a function does, as far as it matters whether it is there only to decide. The nodes are witnesses, in whatever function. */
export interface Conduct {
  /** A `throw` or rejection that hangs on a condition and leaves the function. */
  readonly refuses?: ts.Node;
  /** Such a `throw` of its own, not of a callee. */
  readonly refusesItself?: ts.Node;
  /** It never ends but by a failure. */
  readonly fails?: ts.Node;
  /** It fails because something that it waits for has failed or answered with an error: a `throw` in a `catch`, `!response.ok`. */
  readonly passesOn?: ts.Node;
  /** A change of something outside, or a call that may make one. Writes to memory are not counted: `readsAndWrites` has them. */
  readonly deed?: ts.Node;
  /** A log line on the way to its normal end. */
  readonly says?: ts.Node;
  /** A result that is more than nothing or `true`. */
  readonly gives?: ts.Node;
  /** A wait in a loop without a bound of its own, or for something that others must cause. */
  readonly lasts?: ts.Node;
}

const NOTHING: Conduct = {};

const PARTS = ['refuses', 'refusesItself', 'fails', 'passesOn', 'deed', 'says', 'gives', 'lasts'] as const;

/**
 * How a function conducts itself, with all that it calls and waits for.
 *
 * Doubt: a call of code without a body whose result is thrown away is taken for a deed, and so is one whose name says that it changes
 * something; a call whose result is used is taken for a question.
 */
export const conduct: Fact<FunctionNode, Conduct> = defineSummary<Conduct>({
  name: 'conduct',
  start: () => NOTHING,
  same: (left, right) => PARTS.every((part) => (left[part] === undefined) === (right[part] === undefined)),
  widen: (fn, last) => ({ ...last, deed: last.deed ?? fn, gives: last.gives ?? fn }),
  of: (fn, core, ask) => new Reader(fn, core, ask).conduct(),
});

const CHANGING_ROLES = [
  'store-write',
  'store-atomic',
  'answers',
  'emits',
  'detaches',
  'fire-and-forget',
  'acquires',
  'begins',
  'commits',
  'rolls-back',
  'locks',
  'destroys',
  'drains',
  'exits',
  'listener',
  'handler',
  'defers',
  'starts-timer',
  'creates',
] as const;

const ASKING_ROLES = [
  'store-read',
  'reads',
  'pure',
  'safe',
  'io',
  'joins',
  'races',
  'chains',
  'runs-now',
  'mutates',
  'exclusive',
  'lends',
  'runs-concurrently',
  'releases',
  'unlocks',
  'clears-timer',
  'bounds',
  'bounds-argument',
] as const;

const CALLBACK_ROLES = ['chains', 'runs-now', 'exclusive', 'lends', 'runs-concurrently'] as const;

class Reader {
  private readonly fn: FunctionNode;
  private readonly core: Core;
  private readonly ask: (fn: FunctionNode) => Conduct;
  private readonly found: { -readonly [Part in keyof Conduct]: Conduct[Part] } = {};
  private readonly graph: FlowGraph;

  constructor(fn: FunctionNode, core: Core, ask: (fn: FunctionNode) => Conduct) {
    this.fn = fn;
    this.core = core;
    this.ask = ask;
    this.graph = core.ask(flowGraph, fn);
  }

  conduct(): Conduct {
    const { graph, fn } = this;
    if (graph.truncated) return { deed: fn, gives: fn };
    for (const step of graph.steps) {
      if (step !== graph.enter && step.previous.length === 0) continue;
      this.look(step);
    }
    return this.found;
  }

  private note(part: (typeof PARTS)[number], node: ts.Node): void {
    this.found[part] ??= node;
  }

  private look(step: Step): void {
    const { kind, node } = step;
    if (kind === 'throw') this.thrown(node);
    else if (kind === 'return') this.returned(node);
    else if (kind === 'suspend' && isInOpenLoop(node, this.fn)) this.note('lasts', node);
    else if (kind === 'call' && isCall(node)) this.called(node, step);
  }

  // ---------------------------------------------------------------- ways out

  private thrown(node: ts.Node): void {
    if (isSwallowed(node, this.fn)) return;
    if (!this.hasNormalEnd()) this.note('fails', node);
    else if (isInCatch(node, this.fn) || isTestOfAnswer(node, this.fn)) this.note('passesOn', node);
    else this.refuse(node, true);
  }

  private refuse(node: ts.Node, isOwn: boolean): void {
    this.note('refuses', node);
    if (isOwn) this.note('refusesItself', node);
  }

  private hasNormalEnd(): boolean {
    const { exit } = this.graph;
    return exit.previous.some((step) => step.previous.length > 0 || step === this.graph.enter);
  }

  private returned(node: ts.Node): void {
    const expression = ts.isReturnStatement(node) ? node.expression : (node as ts.Expression);
    if (expression !== undefined && !this.isNothing(bare(expression))) this.note('gives', node);
  }

  private isNothing(node: ts.Expression): boolean {
    if (node.kind === ts.SyntaxKind.TrueKeyword || ts.isVoidExpression(node)) return true;
    if (ts.isConditionalExpression(node))
      return this.isNothing(bare(node.whenTrue)) && this.isNothing(bare(node.whenFalse));
    if (ts.isLiteralExpression(node) || ts.isObjectLiteralExpression(node) || ts.isFunctionLike(node)) return false;
    const awaited = ts.isAwaitExpression(node) ? bare(node.expression) : node;
    if (ts.isCallExpression(awaited)) {
      const { functions, isComplete } = this.core.ask(calleesOf, awaited);
      if (isComplete && functions.length > 0) return functions.every((fn) => this.ask(fn).gives === undefined);
    }
    const { checker } = this.core;
    return isVoid(checker.getTypeAtLocation(node), checker);
  }

  // ---------------------------------------------------------------- calls

  private called(call: Call, step: Step): void {
    if (isImpossible(call, this.core)) return;
    if (isRejection(call)) {
      if (this.isWaitedFor(call, true)) this.thrown(call);
      return;
    }
    if (isLogCall(call, this.core)) {
      if (!isQuietLogCall(call) && !this.leadsOnlyOut(step)) this.note('says', call);
      return;
    }
    const callees = this.core.ask(calleesOf, call);
    for (const fn of callees.functions) this.ranBy(call, this.ask(fn), isAsync(fn), false);
    const { member } = callees;
    if (member !== undefined) this.byRow(call, member);
    else if (!callees.isComplete && callees.functions.length === 0) this.unseen(call, step, callees);
    this.callbacks(call, callees);
  }

  /**
   * What a function that runs at a call does is done here; its failure counts where somebody waits for it.
   *
   * @param isOwn is its code a part of this function's own text?
   */
  private ranBy(call: Call, ran: Conduct, isPromised: boolean, isOwn: boolean): void {
    const { deed, fails, lasts, passesOn, refuses, refusesItself, says } = ran;
    if (deed !== undefined) this.note('deed', deed);
    if (says !== undefined) this.note('says', says);
    if ((lasts ?? refuses ?? passesOn ?? fails) === undefined) return;
    if (!this.isWaitedFor(call, isPromised) || isSwallowed(call, this.fn)) return;
    if (lasts !== undefined) this.note('lasts', lasts);
    if (passesOn !== undefined) this.note('passesOn', passesOn);
    if (fails !== undefined) this.thrown(call);
    if (refuses === undefined) return;
    if (isInCatch(call, this.fn)) this.note('passesOn', refuses);
    else this.refuse(refuses, isOwn && refusesItself !== undefined);
  }

  private isWaitedFor(call: Call, isPromised: boolean): boolean {
    const isPromise = isPromised || givesThenable(call, this.core.checker);
    if (!isPromise) return true;
    const { is } = handlingOf(call, this.core);
    return is === 'awaited' || is === 'returned' || is === 'caught';
  }

  private byRow(call: Call, member: MemberMatch): void {
    if (CHANGING_ROLES.some((role) => hasRole(member, role))) this.note('deed', call);
    if (hasRole(member, 'serves') || hasRole(member, 'waits')) this.note('lasts', call);
    if (hasRole(member, 'queries')) {
      if (!isQuestion(call, member, this.core)) this.note('deed', call);
      return;
    }
    if (hasRole(member, 'io') && changesByOptions(call)) this.note('deed', call);
    if (!ASKING_ROLES.some((role) => hasRole(member, role)) && this.isThrownAway(call)) this.note('deed', call);
  }

  private unseen(call: Call, step: Step, callees: Callees): void {
    if (ts.isNewExpression(call) || isSuperCall(call)) return;
    if (isAssertion(call, this.core)) {
      if (!isSwallowed(call, this.fn)) this.refuse(call, true);
      return;
    }
    if (step.next.every(({ way }) => way === 'throw')) {
      this.thrown(call);
      return;
    }
    const name = nameOfCallee(ts.isCallExpression(call) ? call.expression : call.tag) ?? '';
    if (this.isThrownAway(call)) {
      if (isGuardName(name)) this.note('passesOn', call);
      else if (!isOfOwnObject(call, this.fn, this.core)) this.note('deed', call);
      return;
    }
    const isDoubtful = callees.parameter !== undefined || isChangingName(name) || changesByOptions(call);
    if (isDoubtful && !isOfOwnObject(call, this.fn, this.core)) this.note('deed', call);
  }

  /** Is the result, awaited or not, used by nobody, or is there none? */
  private isThrownAway(call: Call): boolean {
    let outer = wrapped(call);
    while (ts.isAwaitExpression(outer.parent) || ts.isVoidExpression(outer.parent)) outer = wrapped(outer.parent);
    const { parent } = outer;
    if (ts.isExpressionStatement(parent)) return true;
    const isReturned = ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer);
    return isReturned && isVoid(this.core.checker.getTypeAtLocation(call), this.core.checker);
  }

  /** Functions written at the call, or given to one that runs them before it is done. */
  private callbacks(call: Call, { functions, member }: Callees): void {
    if (ts.isTaggedTemplateExpression(call)) return;
    const runs = member !== undefined && CALLBACK_ROLES.some((role) => hasRole(member, role));
    if (!runs && functions.length === 0) return;
    for (const argument of call.arguments ?? []) {
      const inner = bare(argument);
      const given = runs ? callablesAt(argument, this.core).functions : isFunctionNode(inner) ? [inner] : [];
      for (const fn of given) this.ranBy(call, this.ask(fn), isAsync(fn), fn === inner);
    }
  }

  /** Does every way on from here leave by an exception? */
  private leadsOnlyOut(from: Step): boolean {
    const seen = new Set<Step>([from]);
    for (const step of seen) {
      if (step === this.graph.exit) return false;
      for (const { to, way } of step.next) if (way !== 'throw' || step.kind === 'throw') seen.add(to);
    }
    return true;
  }
}

/** `assertNever(kind)`: there is no value for which it is called. */
function isImpossible(call: Call, { checker }: Core): boolean {
  if (!ts.isCallExpression(call) || call.arguments.length === 0) return false;
  const [first] = call.arguments;
  if (first === undefined || !ts.isIdentifier(first)) return false;
  const { parent } = call;
  const isLast = ts.isExpressionStatement(parent) || ts.isReturnStatement(parent);
  return isLast && (checker.getTypeAtLocation(first).flags & ts.TypeFlags.Never) !== 0;
}

function isCall(node: ts.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

/** Is it `void`, `undefined` or `never`, the promise of it, or a list of it? */
function isVoid(type: ts.Type, checker: ts.TypeChecker): boolean {
  const awaited = checker.getAwaitedType(type) ?? type;
  const parts = awaited.isUnion() ? awaited.types : [awaited];
  const isNothing = parts.every(
    ({ flags }) => (flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined | ts.TypeFlags.Never)) !== 0,
  );
  if (isNothing || parts.length > 1) return isNothing;
  const element = checker.isArrayLikeType(awaited) ? elementTypeOf(awaited, checker) : undefined;
  return element !== undefined && isVoid(element, checker);
}

/** The innermost `try` with a `catch` around a node, in the same function, in whose block it stands. */
function tryAround(node: ts.Node, fn: FunctionNode): ts.CatchClause | undefined {
  for (let child = node; child !== fn; child = child.parent) {
    const { parent } = child as { parent: ts.Node | undefined };
    if (parent === undefined) return undefined;
    if (ts.isTryStatement(parent) && parent.tryBlock === child && parent.catchClause !== undefined)
      return parent.catchClause;
  }
  return undefined;
}

/** Does a `catch` of the function take what is thrown here and throw nothing itself? */
function isSwallowed(node: ts.Node, fn: FunctionNode): boolean {
  const clause = tryAround(node, fn);
  if (clause === undefined) return false;
  const throws = (inner: ts.Node): boolean => {
    if (isFunctionNode(inner)) return false;
    if (ts.isThrowStatement(inner) || (ts.isCallExpression(inner) && isRejection(inner))) return true;
    return ts.forEachChild(inner, throws) ?? false;
  };
  return !throws(clause.block) || isSwallowed(clause, fn);
}

function isInCatch(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = node; at !== fn && !ts.isSourceFile(at); at = at.parent) if (ts.isCatchClause(at)) return true;
  return false;
}

function isSuperCall(call: Call): boolean {
  return ts.isCallExpression(call) && call.expression.kind === ts.SyntaxKind.SuperKeyword;
}

/** `Promise.reject(…)` */
function isRejection(call: Call): boolean {
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  const { expression, name } = call.expression;
  return name.text === 'reject' && ts.isIdentifier(expression) && expression.text === 'Promise';
}

/** `if (!response.ok) throw …`, `if (answer.status >= 400) throw …`: the transport has failed, nothing was decided here. */
function isTestOfAnswer(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = node; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isIfStatement(at.parent) && at !== at.parent.expression) {
      return /\.ok\b|\.status(?:Code)?\s*(?:[!=]==?|[<>]=?)\s*\d/.test(at.parent.expression.getText());
    }
  }
  return false;
}

/** A wait in a `while` or in a `for` that nothing counts. */
function isInOpenLoop(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = node; at !== fn && !ts.isSourceFile(at); at = at.parent) {
    if (ts.isWhileStatement(at) || ts.isDoStatement(at)) return true;
    if (ts.isForStatement(at) && (at.condition === undefined || at.incrementor === undefined)) return true;
  }
  return false;
}

/** Is a statement of the store's language that reads? */
function isQuestion(call: Call, member: MemberMatch, core: Core): boolean {
  if (ts.isTaggedTemplateExpression(call)) return /^`\s*(?:select|with|show)\b/i.test(call.template.getText());
  const given = core.api.argumentOf(call, member.argument);
  if (given === undefined) return false;
  const text = /^[^`'"]*[`'"]\s*(?<verb>[a-z]+)/i.exec(given.getText())?.groups?.['verb'];
  return text !== undefined && /^(?:select|with|show)$/i.test(text);
}

/** `fetch(url, { method: 'POST', body })`, `{ json: … }`: options of a call that sends something. */
function changesByOptions(call: Call): boolean {
  if (ts.isTaggedTemplateExpression(call)) return false;
  return (call.arguments ?? []).some((argument) => {
    const options = bare(argument);
    if (!ts.isObjectLiteralExpression(options)) return false;
    return options.properties.some((property) => {
      const name = property.name !== undefined && ts.isIdentifier(property.name) ? property.name.text : '';
      if (name === 'body' || name === 'json' || name === 'data') return true;
      if (name !== 'method') return false;
      return !ts.isPropertyAssignment(property) || !/^['"`](?:get|head)['"`]$/i.test(property.initializer.getText());
    });
  });
}

/** A call, as a statement, of a function that is declared `asserts …`. */
function isAssertion(call: Call, { checker }: Core): boolean {
  if (!ts.isCallExpression(call) || !ts.isExpressionStatement(call.parent)) return false;
  const declared = checker.getResolvedSignature(call)?.declaration?.type;
  return declared !== undefined && ts.isTypePredicateNode(declared) && declared.assertsModifier !== undefined;
}

/** Is the receiver an object that the function has made for itself? */
function isOfOwnObject(call: Call, fn: FunctionNode, core: Core): boolean {
  let holder: ts.Expression = bare(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression);
  while (ts.isPropertyAccessExpression(holder) || ts.isCallExpression(holder)) holder = bare(holder.expression);
  if (ts.isNewExpression(holder)) return true;
  if (!ts.isIdentifier(holder)) return false;
  const declaration = symbolOf(holder, core)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
    return false;
  const made = bare(declaration.initializer);
  return (
    isInside(declaration, fn) &&
    enclosingFunctionOf(declaration) === fn &&
    (ts.isNewExpression(made) || ts.isObjectLiteralExpression(made) || ts.isArrayLiteralExpression(made))
  );
}
