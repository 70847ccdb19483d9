import * as ts from 'typescript';
import { type Answer, type Doubt, NO, unknown, yes } from '../answer.ts';
import type { MemberMatch } from '../api/api.ts';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import { isMemberName } from '../syntax/names.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { type Call, type Callees, calleesOf, parametersOf } from './callees-of.ts';
import { afterSuspension } from './after-suspension.ts';
import { failureAt } from './failures.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** When something happens, seen from the call of the function: before it suspends or returns, or later. */
export type When = 'later' | 'now';

/** On which ways through the function: whatever happens, unless it fails first, on some. */
export type On = 'every-path' | 'every-return' | 'some-path';

/** A use after the first suspension or from a callback that runs later. */
export interface LateUse {
  readonly node: ts.Node;
  readonly fn: FunctionNode;
  /** The suspension before it, the call that defers it, the call that passes the value on. */
  readonly after: ts.Node;
}

/** What is done to a parameter's value by calling one of its methods, or a function with it (`pool.release(client)`). */
export interface Deed {
  readonly is: 'argument' | 'method';
  /** The name of the member or function called. */
  readonly name: string;
  readonly call: Call;
  /** The catalogue's row of the call. */
  readonly member?: MemberMatch;
  readonly on: On;
  readonly when: When;
}

/** How a callback that the function got is called. */
export interface CallbackCall {
  readonly call: ts.Node;
  readonly when: When;
  /** `many`: in a loop, for each element, at each event. */
  readonly often: 'many' | 'once';
  /** Is its promise awaited or returned? */
  readonly isAwaited: boolean;
  /** While a lock is held. */
  readonly isExclusive: boolean;
  readonly on: On;
}

/** A call that the value is handed to. */
export interface Handing {
  readonly call: Call;
  readonly argument: number;
  /** The property of an object literal under which it is handed over. */
  readonly key?: string;
}

/** How a result comes from the parameter: it is it, a part of it, something that holds it, or computed from it. */
export type ReturnedAs = 'derived' | 'held' | 'part' | 'same';

/** What a function does with the value of one parameter. */
export interface ParameterUse {
  /** `undefined`: `this`. */
  readonly parameter: ts.ParameterDeclaration | undefined;
  /** Used at or after the first suspension, or from a callback that runs later; copies of plain values do not count. */
  readonly late: Answer<LateUse, LateUse>;
  /** As `late`, for parts taken out before: `const { user } = request`. */
  readonly latePart: Answer<LateUse, LateUse>;
  /** Stored where it outlives the call: a field, a module variable, a collection, a closure that escapes. The witness stores it. */
  readonly kept: Answer<ts.Node, ts.Node>;
  /** Written to: a property assigned, a mutating member called, passed to what writes it. */
  readonly written: Answer<ts.Node, ts.Node>;
  readonly returned: readonly ReturnedAs[];
  readonly called: readonly CallbackCall[];
  readonly deeds: readonly Deed[];
  readonly passedTo: readonly Handing[];
}

/** Occurrences of one parameter that are looked at. */
const MOST_OCCURRENCES = 2_000;

/**
 * What a function does with `this` (first) and with each of its parameters, and what the functions do that it passes them to.
 *
 * Followed: local aliases, destructured parts, object and array literals, closures that run at once, callees with a body. Doubt: a
 * callee that cannot be seen may keep the value, use it late and write to it; primitive values are copied, so none of it applies.
 * Ignored on purpose: `arguments`, and paths through properties that only other functions connect.
 */
export const parameterUses: Fact<FunctionNode, readonly ParameterUse[]> = defineSummary<readonly ParameterUse[]>({
  name: 'parameter-uses',
  start: (fn) => [undefined, ...parametersOf(fn)].map(unused),
  same: (left, right) => left.every((use, at) => isSameUse(use, right[at])),
  widen: (fn, last) =>
    last.map((use) => {
      const node = use.parameter ?? fn;
      const lost = unknown('budget', { node, fn, after: node });
      return {
        ...use,
        late: either(use.late, lost),
        latePart: either(use.latePart, lost),
        kept: either(use.kept, unknown<ts.Node>('budget', node)),
        written: either(use.written, unknown<ts.Node>('budget', node)),
      };
    }),
  of: (fn, core, ask) => {
    const walk = new Walk(fn, core, ask);
    return [undefined, ...parametersOf(fn)].map((parameter) => walk.useOf(parameter));
  },
});

/** What the function does with one of its parameters; `undefined` for `this`. */
export function useOfParameter(
  fn: FunctionNode,
  parameter: ts.ParameterDeclaration | undefined,
  core: Core,
): ParameterUse | undefined {
  return core.ask(parameterUses, fn).find((use) => use.parameter === parameter);
}

/** What one callee of a call does with what the call gives it at `argument` (`-1`: the receiver). */
export function useOfArgument(
  fn: FunctionNode,
  argument: number,
  uses: readonly ParameterUse[],
): ParameterUse | undefined {
  if (argument < 0) return uses[0];
  const parameters = parametersOf(fn);
  const last = parameters.at(-1);
  const parameter = parameters[argument] ?? (last?.dotDotDotToken === undefined ? undefined : last);
  return parameter === undefined ? unused(undefined) : uses.find((use) => use.parameter === parameter);
}

function unused(parameter: ts.ParameterDeclaration | undefined): ParameterUse {
  return {
    parameter,
    late: NO,
    latePart: NO,
    kept: NO,
    written: NO,
    returned: [],
    called: [],
    deeds: [],
    passedTo: [],
  };
}

function isSameUse(left: ParameterUse, right: ParameterUse | undefined): boolean {
  if (right === undefined) return false;
  return (
    left.late.is === right.late.is &&
    left.latePart.is === right.latePart.is &&
    left.kept.is === right.kept.is &&
    left.written.is === right.written.is &&
    left.returned.length === right.returned.length &&
    left.called.length === right.called.length &&
    left.called.every((run, at) => run.on === right.called[at]?.on && run.when === right.called[at].when) &&
    left.deeds.length === right.deeds.length &&
    left.deeds.every((deed, at) => deed.on === right.deeds[at]?.on && deed.when === right.deeds[at].when) &&
    left.passedTo.length === right.passedTo.length
  );
}

/** The stronger of two answers; of two that say the same, the first. */
export function either<Witness>(
  left: Answer<Witness, Witness>,
  right: Answer<Witness, Witness>,
): Answer<Witness, Witness> {
  if (left.is === 'yes' || right.is === 'no') return left;
  return right.is === 'yes' || left.is === 'no' ? right : left;
}

/** How an expression stands for the parameter's value. */
type Mode = ReturnedAs;

interface Carrier {
  readonly node: ts.Node;
  readonly mode: Mode;
  readonly key?: string;
}

/** When a function made inside another one runs. */
interface Run {
  readonly when: When | 'unknown';
  /** The call that runs or takes it. */
  readonly by: ts.Node;
  readonly keptBy?: ts.Node;
  readonly isMany: boolean;
  readonly isExclusive: boolean;
}

class Walk {
  private readonly fn: FunctionNode;
  private readonly core: Core;
  private readonly ask: (fn: FunctionNode) => readonly ParameterUse[];
  private readonly graph: FlowGraph;
  private names: ReadonlyMap<string, readonly ts.Identifier[]> | undefined;
  private readonly runs = new Map<FunctionNode, Run>();

  constructor(fn: FunctionNode, core: Core, ask: (fn: FunctionNode) => readonly ParameterUse[]) {
    this.fn = fn;
    this.core = core;
    this.ask = ask;
    this.graph = core.ask(flowGraph, fn);
  }

  useOf(parameter: ts.ParameterDeclaration | undefined): ParameterUse {
    const found = new Findings(parameter);
    const seen = new Set<ts.Symbol>();
    const open: Carrier[] =
      parameter === undefined ? this.thisNodes() : this.namesBoundBy(parameter.name, 'same', seen);
    let budget = MOST_OCCURRENCES;
    for (let carrier = open.pop(); carrier !== undefined; carrier = open.pop()) {
      if (--budget < 0) {
        found.lose('budget', carrier.node, this.fn);
        break;
      }
      open.push(...this.follow(carrier, found, seen));
    }
    return this.finished(found);
  }

  // ---------------------------------------------------------------- occurrences

  private thisNodes(): Carrier[] {
    const found: Carrier[] = [];
    if (ts.isArrowFunction(this.fn) || ts.isSourceFile(this.fn)) return found;
    const visit = (node: ts.Node): void => {
      if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword)
        found.push({ node, mode: 'same' });
      if (isFunctionNode(node) && !ts.isArrowFunction(node) && !ts.isPropertyDeclaration(node)) return;
      if (ts.isClassLike(node)) return;
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(this.fn, visit);
    return found.reverse();
  }

  /** The occurrences of the names that a binding gives to the value or to parts of it. */
  private namesBoundBy(name: ts.BindingName, mode: Mode, seen: Set<ts.Symbol>): Carrier[] {
    if (!ts.isIdentifier(name)) {
      const part: Mode = mode === 'derived' ? 'derived' : 'part';
      return name.elements.flatMap((element) =>
        isBindingElement(element) ? this.namesBoundBy(element.name, part, seen) : [],
      );
    }
    const symbol = this.core.checker.getSymbolAtLocation(name);
    return symbol === undefined ? [] : this.occurrencesOf(symbol, name, mode, seen);
  }

  private occurrencesOf(symbol: ts.Symbol, name: ts.Identifier, mode: Mode, seen: Set<ts.Symbol>): Carrier[] {
    if (seen.has(symbol)) return [];
    seen.add(symbol);
    this.names ??= identifiersIn(this.fn);
    return (this.names.get(name.text) ?? [])
      .filter((node) => node !== name && !isMemberName(node) && symbolOf(node, this.core) === symbol)
      .map((node): Carrier => ({ node, mode }))
      .reverse();
  }

  // ---------------------------------------------------------------- one occurrence

  private follow({ node, mode, key }: Carrier, found: Findings, seen: Set<ts.Symbol>): Carrier[] {
    const outer = wrapped(node);
    const parent = outer.parent as ts.Node | undefined;
    if (parent === undefined) return [];
    const go = (to: ts.Node, as: Mode = mode, under: string | undefined = key): Carrier[] => [
      { node: to, mode: as, ...(under === undefined ? {} : { key: under }) },
    ];

    if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
      if (parent.expression !== outer) return [];
      return this.access(parent, mode, found);
    }
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent) || ts.isTaggedTemplateExpression(parent)) {
      if (ts.isTaggedTemplateExpression(parent) || parent.expression === outer) {
        if (ts.isCallExpression(parent) && mode !== 'derived') this.calls(parent, outer, found);
        this.touch(outer, mode, found);
        return [];
      }
      return this.argument(parent, parent.arguments?.indexOf(outer as ts.Expression) ?? -1, outer, mode, key, found);
    }
    if (ts.isSpreadElement(parent)) {
      const call = parent.parent;
      if (ts.isArrayLiteralExpression(call)) return go(call, atMost(mode, 'held'));
      this.touch(outer, mode, found);
      if (this.mayShare(outer, mode)) found.lose('escapes', call, this.fn);
      return [];
    }
    if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === outer)) {
      const within = enclosingFunctionOf(outer);
      this.touch(outer, mode, found);
      if (within === this.fn) found.returned.add(mode);
      return [];
    }
    if (ts.isYieldExpression(parent) || ts.isThrowStatement(parent)) {
      this.touch(outer, mode, found);
      if (this.mayShare(outer, mode)) found.keep(unknown('escapes', parent));
      return [];
    }
    if (ts.isAwaitExpression(parent)) {
      this.touch(outer, mode, found);
      return go(parent, atMost(mode, 'part'));
    }
    if (ts.isVariableDeclaration(parent) && parent.initializer === outer)
      return this.namesBoundBy(parent.name, mode, seen);
    if (isBindingElement(parent) || ts.isParameter(parent)) return this.namesBoundBy(parent.name, mode, seen);
    if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) {
      if (isPattern(parent.parent)) return [];
      return go(parent.parent, atMost(mode, 'held'), parent.name.getText());
    }
    if (ts.isSpreadAssignment(parent)) {
      this.touch(outer, mode, found);
      return go(parent.parent, 'derived');
    }
    if (ts.isArrayLiteralExpression(parent)) return isPattern(parent) ? [] : go(parent, atMost(mode, 'held'));
    if (ts.isPropertyDeclaration(parent)) {
      if (this.mayShare(outer, mode)) found.keep(yes(parent));
      return [];
    }
    if (ts.isForOfStatement(parent) && parent.expression === outer) {
      this.touch(outer, mode, found);
      const { initializer } = parent;
      if (!ts.isVariableDeclarationList(initializer)) return [];
      return initializer.declarations.flatMap(({ name }) => this.namesBoundBy(name, atMost(mode, 'part'), seen));
    }
    if (ts.isConditionalExpression(parent)) {
      if (parent.condition !== outer) return go(parent);
      this.touch(outer, mode, found);
      return [];
    }
    if (ts.isBinaryExpression(parent)) return this.binary(outer, parent, mode, found, seen, go);
    this.touch(outer, mode, found);
    if (ts.isTemplateSpan(parent)) return go(parent.parent, 'derived');
    const isUpdate = isUpdateOperator(parent);
    if ((ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) && !isUpdate)
      return go(parent, 'derived');
    return [];
  }

  private binary(
    outer: ts.Node,
    parent: ts.BinaryExpression,
    mode: Mode,
    found: Findings,
    seen: Set<ts.Symbol>,
    go: (to: ts.Node, as?: Mode) => Carrier[],
  ): Carrier[] {
    const operator = parent.operatorToken.kind;
    if (isAssignmentOperator(operator)) {
      if (parent.left === outer) return [];
      const as = operator === ts.SyntaxKind.EqualsToken ? mode : isChoice(operator) ? mode : 'derived';
      return [
        ...this.assigned(parent, outer, as, found, seen),
        ...(ts.isExpressionStatement(parent.parent) ? [] : go(parent, as)),
      ];
    }
    this.touch(outer, mode, found);
    if (operator === ts.SyntaxKind.CommaToken) return parent.right === outer ? go(parent) : [];
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return parent.right === outer ? go(parent) : [];
    return go(parent, isChoice(operator) ? mode : 'derived');
  }

  /** The value is assigned: to a local, which carries it on, or to something that outlives the call. */
  private assigned(
    assignment: ts.BinaryExpression,
    value: ts.Node,
    mode: Mode,
    found: Findings,
    seen: Set<ts.Symbol>,
  ): Carrier[] {
    const target = bare(assignment.left);
    this.touch(value, mode, found);
    if (ts.isIdentifier(target)) {
      const symbol = symbolOf(target, this.core);
      const declaration = symbol?.valueDeclaration;
      const isOwn = declaration !== undefined && isInside(declaration, this.fn) && !ts.isSourceFile(this.fn);
      if (symbol !== undefined && isOwn) return this.occurrencesOf(symbol, target, mode, seen);
      if (this.mayShare(value, mode)) found.keep(yes(assignment));
      return [];
    }
    if (ts.isObjectLiteralExpression(target) || ts.isArrayLiteralExpression(target)) return [];
    if (this.mayShare(value, mode))
      found.keep(this.isRootedOutside(target) ? yes(assignment) : unknown('escapes', assignment));
    return [];
  }

  private access(
    access: ts.ElementAccessExpression | ts.PropertyAccessExpression,
    mode: Mode,
    found: Findings,
  ): Carrier[] {
    const outer = wrapped(access);
    const { parent } = outer;
    this.touch(access.expression, mode, found);
    const isTarget =
      (ts.isBinaryExpression(parent) && parent.left === outer && isAssignmentOperator(parent.operatorToken.kind)) ||
      ts.isDeleteExpression(parent) ||
      isUpdateOperator(parent);
    if (isTarget) {
      if (mode !== 'derived') found.write(yes(parent));
      return [];
    }
    if (ts.isCallExpression(parent) && parent.expression === outer) return this.method(parent, access, mode, found);
    return [{ node: access, mode: atMost(mode, 'part') }];
  }

  /** A method of the value, or of a part of it, is called. */
  private method(
    call: ts.CallExpression,
    access: ts.ElementAccessExpression | ts.PropertyAccessExpression,
    mode: Mode,
    found: Findings,
  ): Carrier[] {
    if (mode === 'derived') return [{ node: call, mode }];
    const callees = this.core.ask(calleesOf, call);
    const { member } = callees;
    const name = ts.isPropertyAccessExpression(access) ? access.name.text : access.argumentExpression.getText();
    if (callees.through !== undefined) {
      this.calls(call, access.expression, found);
      return [];
    }
    if (mode !== 'held')
      this.deed({ is: 'method', name, call, ...(member === undefined ? {} : { member }) }, mode, found);
    if (callees.isComplete || callees.functions.length > 0) {
      for (const fn of callees.functions) this.through(call, fn, -1, mode, callees, access.expression, found);
    }
    if (!callees.isComplete && member === undefined) {
      const isLanguage =
        callees.isExternal === true &&
        isPrimitive(this.core.checker.getTypeAtLocation(access.expression), this.core.checker);
      if (!isLanguage) found.write(unknown(callees.because ?? 'unknown-callee', call));
    }
    if (member !== undefined && (hasRole(member, 'mutates') || hasRole(member, 'resets'))) found.write(yes(call));
    const derives = member !== undefined && (hasRole(member, 'pure') || hasRole(member, 'reads'));
    return derives ? [{ node: call, mode: 'derived' }] : [];
  }

  private deed(deed: Pick<Deed, 'call' | 'is' | 'member' | 'name'>, mode: Mode, found: Findings): void {
    if (mode === 'part' && deed.is === 'method') return;
    const { when, steps } = this.momentOf(deed.call);
    found.deeds.push({ deed, when, steps, on: 'every-path' });
  }

  /** The value is given to a call. */
  private argument(
    call: Call,
    argument: number,
    node: ts.Node,
    mode: Mode,
    key: string | undefined,
    found: Findings,
  ): Carrier[] {
    this.touch(node, mode, found);
    const callees = this.core.ask(calleesOf, call);
    const { member } = callees;
    if (mode !== 'derived') {
      found.passedTo.push({ call, argument, ...(mode === 'held' && key !== undefined ? { key } : {}) });
    }
    const isShared = this.mayShare(node, mode);
    if (mode === 'same' && isShared && !this.isFunctionLike(node)) {
      this.deed({ is: 'argument', name: nameOf(call), call, ...(member === undefined ? {} : { member }) }, mode, found);
    }
    const derives =
      member !== undefined && (hasRole(member, 'pure') || (hasRole(member, 'safe') && member.value === argument));
    const on: Carrier[] = derives ? [{ node: call, mode: 'derived' }] : [];
    const place = callees.through === 'call' ? argument - 1 : argument;
    if (callees.through === 'apply' && argument > 0) {
      if (isShared) found.lose('escapes', call, this.fn);
      return on;
    }
    if (member !== undefined) this.byRow(call, argument, node, mode, member, isShared, found);
    for (const fn of callees.functions) {
      const use = useOfArgument(fn, place, this.ask(fn));
      for (const as of use?.returned ?? []) on.push({ node: call, mode: atMost(mode, as) });
      if (isShared || this.isFunctionLike(node)) this.through(call, fn, place, mode, callees, node, found);
    }
    if (!callees.isComplete && member === undefined && isShared) {
      const because = callees.because ?? 'unknown-callee';
      if (mode !== 'part') found.delay(unknown(because, { node, fn: this.fn, after: call }));
      found.keep(unknown(because, call));
      found.write(unknown(because, call));
    }
    return on;
  }

  /** What the catalogue says about the place where the value is given. */
  private byRow(
    call: Call,
    argument: number,
    node: ts.Node,
    mode: Mode,
    member: MemberMatch,
    isShared: boolean,
    found: Findings,
  ): void {
    const list = ts.isTaggedTemplateExpression(call) ? [] : (call.arguments ?? []);
    const stands = (at: number | undefined): boolean =>
      at !== undefined && (at < 0 ? list.length + at : at) === argument;
    if (this.isFunctionLike(node) && mode !== 'derived' && stands(member.argument ?? 0)) {
      const time = timeByRole(member);
      if (time !== undefined) {
        const { steps, when } = this.momentOf(call);
        found.calls.push({
          call,
          when: when === 'later' ? 'later' : time.when,
          often: time.isMany ? 'many' : 'once',
          isAwaited: time.when === 'now' && isAwaited(call),
          isExclusive: time.isExclusive,
          steps: time.when === 'now' ? steps : [],
        });
        if (time.when === 'later') found.keep(yes(call));
      }
    }
    if (!isShared) return;
    if (member.resource === 'argument' && hasRole(member, 'mutates') && stands(member.argument ?? 0))
      found.write(yes(call));
    if (hasRole(member, 'mutates') && stands(member.value) && ts.isCallExpression(call)) {
      const callee = bare(call.expression);
      const isOutside = ts.isPropertyAccessExpression(callee) && this.isRootedOutside(callee.expression);
      found.keep(isOutside ? yes(call) : unknown('escapes', call));
    }
  }

  /** What a callee's summary says about its parameter happens to the value here. */
  private through(
    call: Call,
    fn: FunctionNode,
    place: number,
    mode: Mode,
    callees: Callees,
    node: ts.Node,
    found: Findings,
  ): void {
    const use = useOfArgument(fn, place, this.ask(fn));
    if (use === undefined) return;
    const doubt = callees.isComplete ? undefined : (callees.because ?? 'unknown-callee');
    const here = (answer: Answer<unknown>): Answer<ts.Node, ts.Node> =>
      answer.is === 'no'
        ? NO
        : answer.is === 'unknown' || doubt !== undefined
          ? unknown(doubt ?? becauseOf(answer), call)
          : yes(call);
    found.keep(here(use.kept));
    found.write(here(use.written));
    const late = use.late.is === 'no' ? use.latePart : use.late;
    if (late.is !== 'no') {
      const witness: LateUse = late.witness ?? { node, fn, after: call };
      const answer =
        late.is === 'yes' && doubt === undefined ? yes(witness) : unknown(doubt ?? becauseOf(late), witness);
      if (mode === 'part') found.delayPart(answer);
      else found.delay(answer);
    }
    const { when, steps } = this.momentOf(call);
    const waits = !isAsync(fn) || isAwaited(call);
    for (const deed of use.deeds) {
      if (mode !== 'same') continue;
      const later = when === 'later' || deed.when === 'later' || !waits;
      found.deeds.push({ deed, when: later ? 'later' : 'now', steps: doubt === undefined ? steps : [], on: deed.on });
    }
    for (const run of use.called) {
      if (mode !== 'same') continue;
      found.calls.push({
        call: run.call,
        when: when === 'later' ? 'later' : run.when,
        often: run.often,
        isAwaited: run.isAwaited && waits,
        isExclusive: run.isExclusive,
        steps: run.on === 'some-path' || doubt !== undefined ? [] : steps,
        within: run.on,
      });
    }
    for (const handing of use.passedTo) if (mode === 'same') found.passedTo.push(handing);
  }

  /** The parameter itself is called. */
  private calls(call: ts.CallExpression, node: ts.Node, found: Findings): void {
    const { when, steps, isMany, isExclusive } = this.momentOf(call);
    found.calls.push({
      call,
      when,
      often: isMany || isInLoop(node, this.fn) ? 'many' : 'once',
      isAwaited: isAwaited(call),
      isExclusive,
      steps,
    });
  }

  // ---------------------------------------------------------------- time

  /** Notes that the value is looked at here: late, if this comes after a suspension or in a callback that runs later. */
  private touch(node: ts.Node, mode: Mode, found: Findings): void {
    if (mode === 'derived') return;
    const late = this.whyLate(node);
    if (late === undefined) return;
    const answer: Answer<LateUse, LateUse> = !late.isCertain
      ? unknown('escapes', { node, fn: enclosingFunctionOf(node), after: late.after })
      : yes({ node, fn: enclosingFunctionOf(node), after: late.after });
    if (late.keptBy !== undefined) found.keep(late.isCertain ? yes(late.keptBy) : unknown('escapes', late.keptBy));
    if (mode === 'part') {
      // A part read off in the same expression is as late as what it is read off.
      if (ts.isIdentifier(node) && !this.isCopied(node)) found.delayPart(answer);
    } else if (!this.isCopied(node)) {
      found.delay(answer);
    }
  }

  private whyLate(node: ts.Node): { after: ts.Node; isCertain: boolean; keptBy?: ts.Node } | undefined {
    let within = enclosingFunctionOf(node);
    let at: ts.Node = node;
    while (within !== this.fn) {
      const pause = this.pauseBefore(at, within);
      if (pause !== undefined) return { after: pause.node, isCertain: true };
      const run = this.runOf(within);
      if (run.when !== 'now') {
        const { keptBy } = run;
        return { after: run.by, isCertain: run.when === 'later', ...(keptBy === undefined ? {} : { keptBy }) };
      }
      at = run.by;
      const next = enclosingFunctionOf(at);
      if (next === within || !isInside(next, this.fn)) break;
      within = next;
    }
    const pause = this.pauseBefore(at, this.fn);
    return pause === undefined ? undefined : { after: pause.node, isCertain: true };
  }

  private pauseBefore(node: ts.Node, fn: FunctionNode): Step | undefined {
    const after = this.core.ask(afterSuspension, fn);
    if (after.size === 0) return undefined;
    for (const step of stepsAt(node, this.core.ask(flowGraph, fn))) {
      const pause = after.get(step);
      if (pause !== undefined) return pause;
    }
    return undefined;
  }

  /** When a call inside the function happens, and at which steps of the function itself. */
  private momentOf(call: ts.Node): { when: When; steps: readonly Step[]; isMany: boolean; isExclusive: boolean } {
    let within = enclosingFunctionOf(call);
    let at = call;
    let isMany = false;
    let isExclusive = false;
    for (let depth = 0; within !== this.fn; depth++) {
      const run = this.runOf(within);
      isMany ||= run.isMany;
      isExclusive ||= run.isExclusive;
      if (run.when !== 'now' || depth > 16) return { when: 'later', steps: [], isMany, isExclusive };
      // What a callback does stands for the call that runs it only if it does it on every path.
      if (!this.isOnEveryPath(at, within)) return { when: 'now', steps: [], isMany, isExclusive };
      at = run.by;
      const next = enclosingFunctionOf(at);
      if (next === within || !isInside(next, this.fn)) return { when: 'later', steps: [], isMany, isExclusive };
      within = next;
    }
    return { when: 'now', steps: stepsAt(at, this.graph), isMany, isExclusive };
  }

  private isOnEveryPath(node: ts.Node, fn: FunctionNode): boolean {
    const graph = this.core.ask(flowGraph, fn);
    const gates = new Set(stepsAt(node, graph));
    return (
      pathOf({ from: graph.enter, to: (step) => step === graph.exit, avoiding: (step) => gates.has(step) }) ===
      undefined
    );
  }

  private runOf(inner: FunctionNode): Run {
    const known = this.runs.get(inner);
    if (known !== undefined) return known;
    this.runs.set(inner, { when: 'unknown', by: inner, isMany: false, isExclusive: false });
    const run = this.computeRun(inner);
    this.runs.set(inner, run);
    return run;
  }

  private computeRun(inner: FunctionNode): Run {
    const plain = { isMany: false, isExclusive: false };
    if (ts.isPropertyDeclaration(inner) || ts.isClassStaticBlockDeclaration(inner)) {
      return { when: 'now', by: inner.parent, ...plain };
    }
    if (ts.isFunctionDeclaration(inner)) {
      return inner.name === undefined ? { when: 'unknown', by: inner, ...plain } : this.runOfNamed(inner, inner.name);
    }
    if (!ts.isArrowFunction(inner) && !ts.isFunctionExpression(inner))
      return { when: 'unknown', by: inner, keptBy: inner, ...plain };
    const outer = wrapped(inner);
    const { parent } = outer;
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return this.runOfNamed(inner, parent.name);
    return this.runOfValue(outer, inner);
  }

  /** A local function: where its name stands decides. */
  private runOfNamed(inner: FunctionNode, name: ts.Identifier): Run {
    const symbol = this.core.checker.getSymbolAtLocation(name);
    this.names ??= identifiersIn(this.fn);
    let found: Run | undefined;
    for (const node of this.names.get(name.text) ?? []) {
      if (node === name || isMemberName(node) || symbolOf(node, this.core) !== symbol) continue;
      // A function that calls itself runs when its first caller runs it.
      if (isInside(node, inner)) continue;
      const run = this.runOfValue(wrapped(node), inner);
      if (found === undefined || rank(run) > rank(found)) found = run;
    }
    return found ?? { when: 'unknown', by: inner, isMany: false, isExclusive: false };
  }

  private runOfValue(value: ts.Node, inner: FunctionNode): Run {
    const { parent } = value;
    const plain = { isMany: false, isExclusive: false };
    if (ts.isCallExpression(parent) || ts.isNewExpression(parent)) {
      if (parent.expression === value) return { when: 'now', by: parent, ...plain };
      return this.runOfArgument(parent, parent.arguments?.indexOf(value as ts.Expression) ?? -1);
    }
    if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === value)) {
      return { when: 'later', by: parent, keptBy: parent, ...plain };
    }
    if (ts.isBinaryExpression(parent) && parent.right === value && isAssignmentOperator(parent.operatorToken.kind)) {
      const isOutside = this.isRootedOutside(bare(parent.left));
      return { when: isOutside ? 'later' : 'unknown', by: parent, keptBy: parent, ...plain };
    }
    return { when: 'unknown', by: isFunctionNode(parent) ? inner : parent, keptBy: parent, ...plain };
  }

  private runOfArgument(call: ts.CallExpression | ts.NewExpression, argument: number): Run {
    const callees = this.core.ask(calleesOf, call);
    const { member } = callees;
    const time = member === undefined ? undefined : timeByRole(member);
    if (time !== undefined) {
      const { when, isMany, isExclusive } = time;
      return { when, by: call, isMany, isExclusive, ...(when === 'later' && isMany ? { keptBy: call } : {}) };
    }
    let found: Run | undefined;
    for (const fn of callees.functions) {
      const use = useOfArgument(fn, callees.through === 'call' ? argument - 1 : argument, this.ask(fn));
      const isKept = use?.kept.is !== 'no';
      const isLater = isKept || use.called.some(({ when }) => when === 'later');
      const run: Run = {
        when: isLater ? (use?.kept.is === 'unknown' ? 'unknown' : 'later') : 'now',
        by: call,
        isMany: use?.called.some(({ often }) => often === 'many') ?? false,
        isExclusive: use !== undefined && use.called.length > 0 && use.called.every((each) => each.isExclusive),
        ...(use !== undefined && isKept ? { keptBy: call } : {}),
      };
      if (found === undefined || rank(run) > rank(found)) found = run;
    }
    if (found !== undefined && callees.isComplete) return found;
    return {
      when: found?.when === 'later' ? 'later' : 'unknown',
      by: call,
      keptBy: call,
      isMany: false,
      isExclusive: false,
    };
  }

  // ---------------------------------------------------------------- values

  /** Can others see what is done to the value: is it no copy? */
  private mayShare(node: ts.Node, mode: Mode): boolean {
    return mode !== 'derived' && !this.isCopied(node);
  }

  private isCopied(node: ts.Node): boolean {
    if (node.kind === ts.SyntaxKind.SuperKeyword || !ts.isExpression(node)) return false;
    return isPrimitive(this.core.checker.getTypeAtLocation(node), this.core.checker);
  }

  private isFunctionLike(node: ts.Node): boolean {
    const type = this.core.checker.getTypeAtLocation(node);
    return !isAnyLike(type) && this.core.checker.getNonNullableType(type).getCallSignatures().length > 0;
  }

  /** Does the path to a target begin outside this call: `this`, a module variable, a parameter? */
  private isRootedOutside(target: ts.Expression): boolean {
    let node = bare(target);
    while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) node = bare(node.expression);
    if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) return true;
    if (!ts.isIdentifier(node)) return false;
    const declaration = symbolOf(node, this.core)?.valueDeclaration;
    if (declaration === undefined) return true;
    return ts.isParameter(declaration) || !isInside(declaration, this.fn);
  }

  // ---------------------------------------------------------------- the end

  private finished(found: Findings): ParameterUse {
    return {
      parameter: found.parameter,
      late: found.late,
      latePart: found.latePart,
      kept: found.kept,
      written: found.written,
      returned: [...found.returned].sort(),
      passedTo: distinct(found.passedTo, ({ call }) => call),
      called: distinct(found.calls, ({ call }) => call).map(({ steps, within, ...run }) => ({
        ...run,
        on: run.when === 'later' ? 'some-path' : weaker(within ?? 'every-path', this.waysPast(steps)),
      })),
      deeds: this.deedsOf(found),
    };
  }

  /** Deeds of the same name count together: one in each branch is one on every path. */
  private deedsOf(found: Findings): Deed[] {
    const byName = new Map<string, Step[]>();
    for (const { deed, steps, when, on } of found.deeds) {
      if (when === 'later' || on === 'some-path') continue;
      const gates = byName.get(`${deed.is} ${deed.name}`);
      if (gates === undefined) byName.set(`${deed.is} ${deed.name}`, [...steps]);
      else gates.push(...steps);
    }
    const ways = new Map([...byName].map(([name, steps]) => [name, this.waysPast(steps)]));
    return distinct(found.deeds, ({ deed }) => deed.call).map(({ deed, when, on }) => {
      const here = when === 'later' ? 'some-path' : (ways.get(`${deed.is} ${deed.name}`) ?? 'some-path');
      const { is, name, call, member } = deed;
      return { is, name, call, ...(member === undefined ? {} : { member }), when, on: weaker(here, on) };
    });
  }

  private waysPast(gates: readonly Step[]): On {
    if (gates.length === 0 || this.graph.truncated) return 'some-path';
    const isGate = (step: Step): boolean => gates.includes(step);
    const isReal = ({ way }: { way: string }, step: Step): boolean =>
      way === 'throw' && step.kind !== 'throw' && failureAt(step, this.core).certain === undefined;
    const past = (end: Step): boolean =>
      pathOf({ from: this.graph.enter, to: (step) => step === end, avoiding: isGate, without: isReal }) !== undefined;
    if (past(this.graph.exit)) return 'some-path';
    return past(this.graph.escape) ? 'every-return' : 'every-path';
  }
}

/** What was found out about one parameter so far. */
class Findings {
  readonly parameter: ts.ParameterDeclaration | undefined;
  late: Answer<LateUse, LateUse> = NO;
  latePart: Answer<LateUse, LateUse> = NO;
  kept: Answer<ts.Node, ts.Node> = NO;
  written: Answer<ts.Node, ts.Node> = NO;
  readonly returned = new Set<ReturnedAs>();
  readonly passedTo: Handing[] = [];
  readonly deeds: {
    readonly deed: Pick<Deed, 'call' | 'is' | 'member' | 'name'>;
    readonly when: When;
    readonly steps: readonly Step[];
    readonly on: On;
  }[] = [];
  readonly calls: (Omit<CallbackCall, 'on'> & { readonly steps: readonly Step[]; readonly within?: On })[] = [];

  constructor(parameter: ts.ParameterDeclaration | undefined) {
    this.parameter = parameter;
  }

  delay(answer: Answer<LateUse, LateUse>): void {
    this.late = either(this.late, answer);
  }

  delayPart(answer: Answer<LateUse, LateUse>): void {
    this.latePart = either(this.latePart, answer);
  }

  keep(answer: Answer<ts.Node, ts.Node>): void {
    this.kept = either(this.kept, answer);
  }

  write(answer: Answer<ts.Node, ts.Node>): void {
    this.written = either(this.written, answer);
  }

  lose(because: Doubt, node: ts.Node, fn: FunctionNode): void {
    this.delay(unknown(because, { node, fn, after: node }));
    this.keep(unknown(because, node));
    this.write(unknown(because, node));
  }
}

/** When a callback runs by the role of the call that takes it. */
function timeByRole(member: MemberMatch): { when: When; isMany: boolean; isExclusive: boolean } | undefined {
  if (hasRole(member, 'unlistens') || hasRole(member, 'clears-timer'))
    return { when: 'now', isMany: false, isExclusive: false };
  if (hasRole(member, 'exclusive')) return { when: 'now', isMany: false, isExclusive: true };
  if (hasRole(member, 'handler') || hasRole(member, 'listener'))
    return { when: 'later', isMany: true, isExclusive: false };
  const isOnce =
    hasRole(member, 'defers') ||
    hasRole(member, 'chains') ||
    hasRole(member, 'registers-shutdown') ||
    hasRole(member, 'detaches');
  if (isOnce) return { when: 'later', isMany: false, isExclusive: false };
  if (hasRole(member, 'runs-now') || hasRole(member, 'runs-concurrently'))
    return { when: 'now', isMany: true, isExclusive: false };
  return hasRole(member, 'lends') ? { when: 'now', isMany: false, isExclusive: false } : undefined;
}

function rank({ when }: Run): number {
  return when === 'now' ? 0 : when === 'unknown' ? 1 : 2;
}

function becauseOf(answer: Answer<unknown>): Doubt {
  return answer.is === 'unknown' ? answer.because : 'unknown-callee';
}

const WEAKNESS: readonly On[] = ['every-path', 'every-return', 'some-path'];

function weaker(left: On, right: On): On {
  return WEAKNESS.indexOf(left) >= WEAKNESS.indexOf(right) ? left : right;
}

const DISTANCE: readonly Mode[] = ['same', 'part', 'held', 'derived'];

/** Of two ways to stand for a value, the more distant one; what holds a part is a holder. */
function atMost(left: Mode, right: Mode): Mode {
  return DISTANCE.indexOf(left) >= DISTANCE.indexOf(right) ? left : right;
}

function isChoice(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionEqualsToken ||
    operator === ts.SyntaxKind.BarBarEqualsToken ||
    operator === ts.SyntaxKind.AmpersandAmpersandEqualsToken
  );
}

function isUpdateOperator(node: ts.Node): boolean {
  return (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
  );
}

function isInside(node: ts.Node, fn: ts.Node): boolean {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent as ts.Node | undefined)
    if (at === fn) return true;
  return false;
}

function isInLoop(node: ts.Node, fn: FunctionNode): boolean {
  for (let at = node; at !== fn && !ts.isSourceFile(at); at = at.parent)
    if (ts.isIterationStatement(at, false)) return true;
  return false;
}

/** Is the promise of the call awaited or handed to the caller where it stands? */
function isAwaited(call: ts.Node): boolean {
  const outer = wrapped(call);
  const { parent } = outer;
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isYieldExpression(parent) ||
    (ts.isArrowFunction(parent) && parent.body === outer)
  );
}

/** The steps of a node, or of what it is evaluated for. */
function stepsAt(node: ts.Node, graph: FlowGraph): readonly Step[] {
  for (let at = node; ; at = at.parent) {
    const steps = graph.stepsOf(at);
    if (steps.length > 0) return steps;
    if ((at.parent as ts.Node | undefined) === undefined || at === graph.fn) return [];
  }
}

function nameOf(call: Call): string {
  const callee = bare(ts.isTaggedTemplateExpression(call) ? call.tag : call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
}

/** Is the literal the left side of an assignment? */
function isPattern(literal: ts.Node): boolean {
  const { parent } = wrapped(literal);
  if (ts.isBinaryExpression(parent))
    return parent.left === literal && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  if (ts.isForOfStatement(parent)) return parent.initializer === literal;
  const isNested =
    ts.isArrayLiteralExpression(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === literal);
  return isNested && isPattern(ts.isPropertyAssignment(parent) ? parent.parent : parent);
}

function identifiersIn(fn: FunctionNode): ReadonlyMap<string, readonly ts.Identifier[]> {
  const found = new Map<string, ts.Identifier[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isIdentifier(node)) {
      const same = found.get(node.text);
      if (same === undefined) found.set(node.text, [node]);
      else same.push(node);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}

function distinct<Item>(items: readonly Item[], key: (item: Item) => unknown): Item[] {
  const seen = new Set<unknown>();
  return items.filter((item) => {
    const own = key(item);
    if (seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}
