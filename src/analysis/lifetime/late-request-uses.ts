import * as ts from 'typescript';
import { afterSuspension } from '../effects/after-suspension.ts';
import { callablesAt, calleesOf } from '../effects/callees-of.ts';
import { parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { hasRole } from '../effects/roles.ts';
import { capturesOf } from '../escape/captures-of.ts';
import { receiversOf } from '../escape/callee.ts';
import { closureTime } from '../escape/closure-time.ts';
import { isLocal, referencesOf } from '../escape/references.ts';
import { taskOf } from '../escape/task-of.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { isConst, isWriteTarget, symbolOf } from '../places/symbols.ts';
import { isInside } from '../syntax/inside.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { type BackgroundTask, backgroundTasks } from './background.ts';
import { type RequestScope, requestScopeOf } from './request-scope.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Says what a value has to do with one request; `requestScopeOf`, or more than that. */
export type ScopeOf = (expression: ts.Expression, core: Core) => RequestScope | undefined;

/** How a value comes into a function that the task calls. */
export interface Given {
  /** The call in the task. */
  readonly call: ts.CallExpression | ts.NewExpression;
  /** What stands for the value there: the argument, or the part of it. */
  readonly argument: ts.Expression;
  /** The parameter that gets it. */
  readonly parameter?: ts.ParameterDeclaration;
}

/** A use of a request-scoped value at a time when the request may be over. */
export interface LateRequestUse {
  /** The expression that stands for the value where it is used: `req`, `this.request`, `context.req`. */
  readonly node: ts.Expression;
  readonly scope: RequestScope;
  readonly fn: FunctionNode;
  /** The suspension before it, or what runs its function later. */
  readonly after: ts.Node;
  /** Else the value went where it cannot be followed, or only a logger that belongs to the request is used. */
  readonly isCertain: boolean;
  /** For uses in functions that the task calls. */
  readonly given?: Given;
  /** The request's signal is handed on: it matters at once, not only later. */
  readonly isSignal?: boolean;
}

/** Calls into calls that are followed. */
const DEEPEST = 4;

/** Uses kept for one task. */
const MOST_USES = 64;

/**
 * The uses of request-scoped values by a task that nobody waits for, at or after its first suspension or in a callback that runs
 * later; those of its own code first, in the order of the text.
 *
 * Followed: captured bindings, `this.request`, aliases, parts that are request-scoped themselves, objects that hold the request,
 * arguments into functions of the project. Plain data that was read before does not count, nor does reading before the task waits.
 * Doubt: functions that cannot be seen; loggers of the request. Left out: callbacks of background tasks in functions that are called,
 * which are tasks of their own, and what belongs to the process although it hangs on the request (its server, a pool).
 */
export function lateRequestUses(
  task: BackgroundTask,
  core: Core,
  scopeOf: ScopeOf = requestScopeOf,
): readonly LateRequestUse[] {
  const look = new Look(core, scopeOf);
  look.task(task);
  return look.found();
}

/** An object of the project that holds the request, and is none itself: only the parts of it count. */
export function isHolderOf(expression: ts.Expression, scope: RequestScope, core: Core): boolean {
  if (scope.by !== 'part') return false;
  const type = core.checker.getTypeAtLocation(expression);
  if (isAnyLike(type)) return false;
  return !(['request-scope', 'response', 'stream', 'signal', 'fetch-request'] as const).some(
    (role) => core.api.isA(type, role) !== undefined,
  );
}

interface Late {
  readonly after: ts.Node;
  readonly isCertain: boolean;
}

type RootTime = 'later' | 'now' | 'unknown';

/** Where a value is looked for: inside a function whose run begins at this time, as seen from the request. */
interface Around {
  readonly root: FunctionNode;
  readonly when: RootTime;
  readonly launch: ts.Node;
  readonly given?: Given;
  readonly depth: number;
}

class Look {
  private readonly core: Core;
  private readonly scopeOf: ScopeOf;
  private readonly uses = new Map<ts.Node, LateRequestUse>();
  private readonly seen = new Set<ts.Node>();
  private readonly followed = new Set<string>();

  constructor(core: Core, scopeOf: ScopeOf) {
    this.core = core;
    this.scopeOf = scopeOf;
  }

  found(): readonly LateRequestUse[] {
    return [...this.uses.values()].sort(
      (left, right) =>
        Number(left.given !== undefined) - Number(right.given !== undefined) ||
        left.node.getStart() - right.node.getStart(),
    );
  }

  task(task: BackgroundTask): void {
    const { call, launch, work } = task;
    if (!task.isCallback) {
      this.work(work);
      return;
    }
    const isLater = task.by === 'timer' || task.by === 'listener' || task.by === 'handler';
    for (const fn of task.functions) {
      if (fn === work || isLocalFunction(fn)) this.closure(fn, isLater ? 'later' : 'now', launch, 0);
    }
    if (!isLater) return;
    // `setTimeout(audit, 1000, req)`, `setImmediate(audit.bind(null, req))`
    const bound = ts.isCallExpression(work) ? work.arguments : [];
    const more = (call?.arguments ?? []).filter((argument) => bare(argument) !== work);
    for (const argument of task.member?.key === undefined ? [...bound, ...more] : bound) {
      const node = bare(argument);
      const scope = isFunctionNode(node) ? undefined : this.scopeOf(node, this.core);
      if (scope === undefined || isHolderOf(node, scope, this.core)) continue;
      const around: Around = { root: enclosingFunctionOf(node), when: 'later', launch, depth: 0 };
      this.add(node, scope, { after: launch, isCertain: true }, around);
    }
  }

  // ---------------------------------------------------------------- the promise

  /** What a promise that nobody waits for stands for: the calls that are still at work. */
  private work(expression: ts.Expression): void {
    const node = bare(expression);
    if (ts.isConditionalExpression(node)) {
      this.work(node.whenTrue);
      this.work(node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      this.work(node.left);
      this.work(node.right);
    } else if (ts.isArrayLiteralExpression(node)) {
      for (const element of node.elements) this.work(ts.isSpreadElement(element) ? element.expression : element);
    } else if (ts.isIdentifier(node)) this.kept(node);
    else if (ts.isCallExpression(node)) this.call(node);
    else if (ts.isNewExpression(node)) {
      for (const argument of node.arguments ?? []) this.callback(node, argument, 'now');
    }
  }

  /** `const task = audit(req); task.catch(report);`, and nobody else looks at it. */
  private kept(name: ts.Identifier): void {
    const declaration = symbolOf(name, this.core)?.valueDeclaration;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return;
    const work = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
    if (work === undefined || !ts.isCallExpression(work) || this.seen.has(work)) return;
    this.seen.add(work);
    if (this.core.ask(taskOf, work).is === 'dropped') this.work(work);
  }

  private call(call: ts.CallExpression): void {
    const { api } = this.core;
    const member = api.memberOf(call);
    const callee = bare(call.expression);
    const inner = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : callee;
    if (isFunctionNode(callee)) {
      this.closure(callee, 'now', call, 0);
    } else if (isFunctionNode(inner)) {
      // `(async function () { … }).call(this)`
      this.closure(inner, 'now', call, 0);
    } else if (member !== undefined && hasRole(member, 'chains')) {
      if (ts.isPropertyAccessExpression(callee)) this.work(callee.expression);
      for (const argument of call.arguments) this.callback(call, argument, 'later');
      return;
    } else if (member !== undefined && (hasRole(member, 'joins') || hasRole(member, 'races'))) {
      for (const argument of call.arguments) this.work(argument);
      return;
    } else if (ts.isPropertyAccessExpression(callee)) {
      this.receiver(call, callee.expression);
    }
    const isNow = member !== undefined && (hasRole(member, 'runs-now') || hasRole(member, 'lends'));
    call.arguments.forEach((argument, at) => {
      this.given(call, argument, at, isNow ? 'now' : undefined);
    });
  }

  /** `this.audit(id)`: what a method takes from the request that the object holds. */
  private receiver(call: ts.CallExpression, expression: ts.Expression): void {
    const receiver = bare(expression);
    if (receiver.kind !== ts.SyntaxKind.ThisKeyword) return;
    for (const fn of this.core.ask(calleesOf, call).functions) {
      const given: Given = { call, argument: receiver };
      this.ownRequest(fn, { root: fn, when: 'now', launch: call, given, depth: 1 });
    }
  }

  private ownRequest(fn: FunctionNode, around: Around): void {
    if (this.seen.has(fn)) return;
    this.seen.add(fn);
    const scopes = new Map<string, boolean>();
    const visit = (node: ts.Node): void => {
      if (node !== fn && isFunctionNode(node) && !ts.isArrowFunction(node)) return;
      if (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword) {
        const name = node.name.text;
        if (!scopes.has(name)) scopes.set(name, this.scopeOf(node, this.core) !== undefined);
        if (scopes.get(name) === true) this.place(node, around);
      }
      ts.forEachChild(node, visit);
    };
    ts.forEachChild(fn, visit);
  }

  /** An argument of a call that the task makes. */
  private given(
    call: ts.CallExpression | ts.NewExpression,
    argument: ts.Expression,
    at: number,
    when?: RootTime,
    from?: Around,
  ): void {
    const node = bare(argument);
    if (this.isCallback(node)) {
      if (from === undefined) this.callback(call, node, when ?? this.timeOfCallback(call, at));
      return;
    }
    if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        const value = ts.isPropertyAssignment(property)
          ? bare(property.initializer)
          : ts.isShorthandPropertyAssignment(property)
            ? property.name
            : undefined;
        if (value === undefined || property.name === undefined) continue;
        if (this.isCallback(value)) {
          if (from === undefined) this.callback(call, value, 'unknown');
        } else this.handed(call, value, at, property.name.getText().replace(/^['"]|['"]$/g, ''), from);
      }
      return;
    }
    this.handed(call, node, at, undefined, from);
  }

  private handed(
    call: ts.CallExpression | ts.NewExpression,
    value: ts.Expression,
    at: number,
    key: string | undefined,
    from: Around | undefined,
  ): void {
    if (!mayNameValue(value)) return;
    const scope = this.scopeOf(value, this.core);
    if (scope === undefined || this.isOfProcess(value)) return;
    const around: Around = from ?? { root: enclosingFunctionOf(value), when: 'now', launch: call, depth: 0 };
    if (scope.is === 'signal') {
      this.add(value, scope, { after: call, isCertain: true }, around, true);
      return;
    }
    if (isHolderOf(value, scope, this.core)) {
      if (key === undefined) this.handTo(call, value, scope, at, ANY_KEY, around);
      return;
    }
    this.handTo(call, value, scope, at, key, around);
  }

  /** Into the functions that get the value at this place. */
  private handTo(
    call: ts.CallExpression | ts.NewExpression,
    value: ts.Expression,
    scope: RequestScope,
    at: number,
    key: string | undefined,
    around: Around,
  ): void {
    const { isComplete, parameters } = receiversOf(call, at, this.core);
    for (const parameter of parameters) {
      const given = around.given ?? { call, argument: value, parameter };
      this.parameter(parameter, key, scope, {
        root: parameter.parent as FunctionNode,
        when: around.when === 'later' ? 'later' : 'now',
        launch: call,
        given,
        depth: around.depth + 1,
      });
    }
    if (isComplete) return;
    const member = this.core.api.memberOf(call);
    const isHarmless =
      member !== undefined && (['pure', 'reads', 'safe', 'emits'] as const).some((role) => hasRole(member, role));
    if (!isHarmless && key !== ANY_KEY && scope.is !== 'next') {
      this.add(value, scope, { after: call, isCertain: false }, around);
    }
  }

  private isCallback(node: ts.Expression): boolean {
    if (isFunctionNode(node)) return true;
    if (!ts.isIdentifier(node)) return false;
    const symbol = symbolOf(node, this.core);
    return symbol !== undefined && isLocal(symbol) && (symbol.flags & ts.SymbolFlags.Function) !== 0;
  }

  private callback(call: ts.Node, argument: ts.Expression, when: RootTime): void {
    const node = bare(argument);
    if (isFunctionNode(node)) this.closure(node, when, call, 0);
    else if (ts.isIdentifier(node)) {
      for (const fn of callablesAt(node, this.core).functions) {
        if (isLocalFunction(fn)) this.closure(fn, when, call, 0);
      }
    }
  }

  /** When a helper runs a callback that the task gives it. */
  private timeOfCallback(call: ts.CallExpression | ts.NewExpression, at: number): RootTime {
    const { functions, isComplete } = this.core.ask(calleesOf, call);
    let isNow = isComplete && functions.length > 0;
    for (const fn of functions) {
      const use = useOfArgument(fn, at, this.core.ask(parameterUses, fn));
      if (use === undefined) isNow = false;
      else if (use.late.is === 'yes' || use.called.some(({ when }) => when === 'later')) return 'later';
      else if (use.called.length === 0) isNow = false;
    }
    return isNow ? 'now' : 'unknown';
  }

  // ---------------------------------------------------------------- the task's own functions

  private closure(fn: FunctionNode, when: RootTime, launch: ts.Node, depth: number): void {
    if (this.seen.has(fn)) return;
    this.seen.add(fn);
    const around: Around = { root: fn, when, launch, depth };
    const { bindings, self } = this.core.ask(capturesOf, fn);
    for (const { reads } of bindings) {
      const [first] = reads;
      if (first === undefined || this.scopeOf(first, this.core) === undefined) continue;
      for (const read of reads) this.place(read, around);
    }
    for (const node of self) {
      const { parent } = node;
      if (ts.isPropertyAccessExpression(parent) && this.scopeOf(parent, this.core) !== undefined)
        this.place(parent, around);
    }
  }

  // ---------------------------------------------------------------- functions that are called

  private parameter(
    parameter: ts.ParameterDeclaration,
    key: string | undefined,
    scope: RequestScope,
    around: Around,
  ): void {
    const mark = `${parameter.getSourceFile().fileName}:${String(parameter.pos)}:${key ?? ''}:${around.when}`;
    if (around.depth > DEEPEST || this.followed.has(mark)) return;
    this.followed.add(mark);
    this.bound(parameter.name, key, scope, around);
  }

  /** What a name or a pattern gets that is given the value, or what holds it. */
  private bound(name: ts.BindingName, key: string | undefined, scope: RequestScope, around: Around): void {
    if (ts.isIdentifier(name)) {
      const symbol = this.core.checker.getSymbolAtLocation(name);
      if (symbol === undefined) return;
      for (const reference of referencesOf(symbol, this.core)) {
        if (key === undefined) this.place(reference, around, scope);
        else this.heldAt(reference, key, scope, around);
      }
      return;
    }
    for (const element of name.elements) {
      if (!isBindingElement(element)) continue;
      const property = element.propertyName ?? element.name;
      const text = ts.isIdentifier(property) || ts.isStringLiteralLike(property) ? property.text : undefined;
      if (key !== undefined && key !== ANY_KEY) {
        if (text === key) this.bound(element.name, undefined, scope, around);
      } else if (ts.isIdentifier(element.name) && element.dotDotDotToken === undefined) {
        const own = this.scopeOf(element.name, this.core);
        if (own !== undefined) this.bound(element.name, undefined, own, around);
      }
    }
  }

  /** A name that stands for an object which holds the value under a key. */
  private heldAt(reference: ts.Expression, key: string, scope: RequestScope, around: Around): void {
    const outer = wrapped(reference);
    const { parent } = outer;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === outer) {
      if (key === ANY_KEY) {
        const own = this.scopeOf(parent, this.core);
        if (own !== undefined) this.place(parent, around, own);
      } else if (parent.name.text === key) this.place(parent, around, scope);
    } else if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
      this.bound(parent.name, key, scope, around);
    } else if (isArgument(outer, parent) && isCall(parent)) {
      this.handTo(parent, reference, scope, parent.arguments?.indexOf(outer) ?? 0, key, around);
    }
  }

  // ---------------------------------------------------------------- one place

  /** One place where an expression stands for a request-scoped value. */
  private place(node: ts.Expression, around: Around, known?: RequestScope): void {
    if (this.seen.has(node) || isWriteTarget(node) || this.uses.size >= MOST_USES) return;
    this.seen.add(node);
    const scope = this.scopeOf(node, this.core) ?? known;
    if (scope === undefined) return;
    if (around.given !== undefined && this.isInOtherTask(node, around.root)) return;
    if (scope.is === 'signal' && this.isHandedOn(node)) {
      this.add(node, scope, { after: around.launch, isCertain: true }, around, true);
      return;
    }
    const late = this.whyLate(node, around);
    const outer = wrapped(node);
    const { parent } = outer;
    const access = accessOf(outer);
    if (isHolderOf(node, scope, this.core)) {
      if (access !== undefined) {
        if (this.scopeOf(access, this.core) !== undefined) this.place(access, around);
      } else if (isArgument(outer, parent) && isCall(parent)) {
        this.handTo(parent, node, scope, parent.arguments?.indexOf(outer) ?? 0, ANY_KEY, around);
      } else if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
        this.bound(parent.name, ANY_KEY, scope, around);
      }
      return;
    }
    if (access !== undefined && this.scopeOf(access, this.core)?.is === 'signal' && this.isHandedOn(access)) {
      this.place(access, around);
      return;
    }
    if (late !== undefined) {
      if (access !== undefined && (this.isOfProcess(access) || this.isDataOfJob(node, access))) return;
      const isDoubtful = access === undefined ? this.isJob(node) : this.isLogger(access);
      this.add(node, scope, isDoubtful ? { ...late, isCertain: false } : late, around);
      return;
    }
    this.goOn(node, outer, access, scope, around);
  }

  /** Not late here: what the value goes on to. */
  private goOn(
    node: ts.Expression,
    outer: ts.Node,
    access: ts.Expression | undefined,
    scope: RequestScope,
    around: Around,
  ): void {
    const { parent } = outer;
    if (access !== undefined) {
      if (this.scopeOf(access, this.core) !== undefined && !this.isOfProcess(access)) this.place(access, around);
    } else if (isArgument(outer, parent) && isCall(parent)) {
      this.given(parent, node, parent.arguments?.indexOf(outer) ?? 0, undefined, around);
    } else if (ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent)) {
      const literal = wrapped(parent.parent);
      const key = parent.name.getText().replace(/^['"]|['"]$/g, '');
      const holder = literal.parent;
      if (isArgument(literal, holder) && isCall(holder)) {
        this.handTo(holder, node, scope, holder.arguments?.indexOf(literal) ?? 0, key, around);
      } else if (ts.isVariableDeclaration(holder) && holder.initializer === literal) {
        this.bound(holder.name, key, scope, around);
      }
    } else if (ts.isVariableDeclaration(parent) && parent.initializer === outer) {
      this.bound(parent.name, undefined, scope, around);
    } else if (ts.isConditionalExpression(parent) && parent.condition !== outer) {
      this.place(parent, around, scope);
    } else if (ts.isBinaryExpression(parent) && isChoice(parent.operatorToken.kind)) {
      this.place(parent, around, scope);
    }
  }

  private add(node: ts.Expression, scope: RequestScope, late: Late, around: Around, isSignal = false): void {
    const known = this.uses.get(node);
    if (known?.isCertain === true) return;
    this.uses.set(node, {
      node,
      scope,
      fn: enclosingFunctionOf(node),
      after: late.after,
      isCertain: late.isCertain,
      ...(around.given === undefined ? {} : { given: around.given }),
      ...(isSignal ? { isSignal } : {}),
    });
  }

  /** Is it given to a call, or put into an object of options: not only looked at? */
  private isHandedOn(node: ts.Expression): boolean {
    const outer = wrapped(node);
    const { parent } = outer;
    return isArgument(outer, parent) || ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent);
  }

  /** Callbacks of background tasks in a function that is called are found as tasks of that function. */
  private isInOtherTask(node: ts.Node, root: FunctionNode): boolean {
    return this.core
      .ask(backgroundTasks, root.getSourceFile())
      .some(({ work }) => isInside(work, root) && work !== root && isInside(node, work));
  }

  /** Is it a logger by its row, or one of the project by its name and what it has? */
  private isLogger(expression: ts.Expression): boolean {
    const { api, checker } = this.core;
    const type = checker.getTypeAtLocation(expression);
    if (api.isA(type, 'logger') !== undefined) return true;
    const isNamed = ts.isPropertyAccessExpression(expression) && /^(?:log|logger)$/i.test(expression.name.text);
    return isNamed && ['error', 'info'].every((name) => checker.getPropertyOfType(type, name) !== undefined);
  }

  private isJob(expression: ts.Expression): boolean {
    return this.core.api.isA(this.core.checker.getTypeAtLocation(expression), 'job') !== undefined;
  }

  /** What a job says of itself is the same when it is done; what it is told then comes too late. */
  private isDataOfJob(job: ts.Expression, access: ts.Expression): boolean {
    const outer = wrapped(access);
    const isCalled = ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
    return !isCalled && this.isJob(job);
  }

  private isOfProcess(expression: ts.Expression): boolean {
    const { api, checker } = this.core;
    const type = checker.getTypeAtLocation(expression);
    if ((['request-scope', 'response', 'stream'] as const).some((role) => api.isA(type, role) !== undefined))
      return false;
    if ((['drainable', 'lock', 'pool', 'store'] as const).some((role) => api.isA(type, role) !== undefined))
      return true;
    // `req.app`: what serves requests outlives each of them.
    return [...api.namesWith('serves').keys()].some((name) => {
      const isMember = name !== 'new' && checker.getPropertyOfType(type, name) !== undefined;
      const row = isMember ? api.memberIn(type, name) : undefined;
      return row !== undefined && hasRole(row, 'serves');
    });
  }

  // ---------------------------------------------------------------- time

  /** Why the request may be over when this is evaluated; `undefined` if it is evaluated before the launch is over. */
  private whyLate(node: ts.Node, { root, when, launch }: Around): Late | undefined {
    let at = node;
    let doubtful: Late | undefined;
    for (let within = enclosingFunctionOf(at), turns = 0; turns < 16; turns++) {
      const pause = this.pauseBefore(at, within);
      if (pause !== undefined) return { after: pause.node, isCertain: true };
      if (within === root || !isInside(within, root)) break;
      const { run, when: time } = this.core.ask(closureTime, within);
      if (time === 'never' || run === undefined) return undefined;
      if (time === 'deferred-once' || time === 'repeatedly') return { after: run.witness, isCertain: true };
      if (time === 'unknown') doubtful = { after: run.witness, isCertain: false };
      at = isInside(run.witness, root) && !isInside(run.witness, within) ? run.witness : within;
      within = enclosingFunctionOf(at);
    }
    if (when === 'later') return { after: launch, isCertain: true };
    return when === 'unknown' ? { after: launch, isCertain: false } : doubtful;
  }

  private pauseBefore(node: ts.Node, fn: FunctionNode): Step | undefined {
    const after = this.core.ask(afterSuspension, fn);
    if (after.size === 0) return undefined;
    const graph = this.core.ask(flowGraph, fn);
    for (let at = node; at !== fn; at = at.parent) {
      const steps = graph.stepsOf(at);
      for (const step of steps) {
        const pause = after.get(step);
        if (pause !== undefined) return pause;
      }
      if (steps.length > 0 || (at.parent as ts.Node | undefined) === undefined) return undefined;
    }
    return undefined;
  }
}

/** Stands for the key of an object that holds the request under any of its keys. */
const ANY_KEY = '*';

function isLocalFunction(fn: FunctionNode): boolean {
  return !ts.isSourceFile(fn) && !ts.isSourceFile(enclosingFunctionOf(fn));
}

function mayNameValue(node: ts.Node): boolean {
  return (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isConditionalExpression(node) ||
    ts.isBinaryExpression(node)
  );
}

function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

function isArgument(node: ts.Node, parent: ts.Node): node is ts.Expression {
  return isCall(parent) && (parent.arguments?.some((argument) => argument === node) ?? false);
}

/** The access to a member of the value. */
function accessOf(outer: ts.Node): ts.ElementAccessExpression | ts.PropertyAccessExpression | undefined {
  const { parent } = outer;
  const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
  return isAccess && parent.expression === outer ? parent : undefined;
}

function isChoice(operator: ts.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.QuestionQuestionToken;
}
