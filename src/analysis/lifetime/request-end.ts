import * as ts from 'typescript';
import { callablesAt, calleesOf, type Call } from '../effects/callees-of.ts';
import { useOfParameter } from '../effects/parameter-uses.ts';
import { hasRole } from '../effects/roles.ts';
import { receiversOf } from '../escape/callee.ts';
import { isLocal } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { FlowGraph, Step } from '../flow/graph.ts';
import { pathOf } from '../flow/solve.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { isInside } from '../syntax/inside.ts';
import type { Names } from '../syntax/names.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode } from '../syntax/functions.ts';
import type { BackgroundTask } from './background.ts';
import { handlerPlaces } from './handler-places.ts';
import { isHolderOf, type ScopeOf } from './late-request-uses.ts';
import type { RequestScope } from './request-scope.ts';
import { callsIn, fileNodes, type FunctionLike } from '../text/nodes.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** The function that was given a request-scoped value: its parameter, its variable or its `this`. */
export function ownerOf(value: ts.Expression, core: Core): FunctionNode {
  const root = rootOf(value);
  if (root.kind === ts.SyntaxKind.ThisKeyword) {
    let fn = enclosingFunctionOf(root);
    while (ts.isArrowFunction(fn)) fn = enclosingFunctionOf(fn);
    return fn;
  }
  const declaration = ts.isIdentifier(root) ? symbolOf(root, core)?.valueDeclaration : undefined;
  if (declaration === undefined) return enclosingFunctionOf(value);
  const outer = isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration;
  return ts.isParameter(outer) && isFunctionNode(outer.parent) ? outer.parent : enclosingFunctionOf(outer);
}

/** What a chain of accesses and calls begins with: `res` of `res.status(202).json`. */
export function rootOf(expression: ts.Expression): ts.Expression {
  let node = bare(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) {
    node = bare(node.expression);
  }
  return node;
}

/**
 * May the task be what answers the request: does it send the response, write to it, hand the request on? `settles`: it settles what
 * somebody may wait for (`resolve`, a callback that its handler got). `asks`: it looks whether the response is over.
 *
 * Doubt counts as yes: who gets the response where we cannot look may send it.
 */
export function whyAnswers(
  task: BackgroundTask,
  owner: FunctionNode,
  core: Core,
  scopeOf: ScopeOf,
): 'answers' | 'asks' | 'settles' | undefined {
  const { isAsking, isFound, isSettling } = new Answering(task, owner, core, scopeOf);
  return isAsking ? 'asks' : isSettling ? 'settles' : isFound ? 'answers' : undefined;
}

class Answering {
  isFound = false;
  isAsking = false;
  isSettling = false;
  private readonly core: Core;
  private readonly scopeOf: ScopeOf;
  private readonly task: BackgroundTask;
  private readonly owner: FunctionNode;
  private readonly seen = new Set<ts.Node>();

  constructor(task: BackgroundTask, owner: FunctionNode, core: Core, scopeOf: ScopeOf) {
    this.task = task;
    this.owner = owner;
    this.core = core;
    this.scopeOf = scopeOf;
    this.visit(task.work);
    for (const fn of task.functions) this.visit(fn);
    // `setTimeout(finish, 1000, res)`
    for (const argument of task.isCallback ? (task.call?.arguments ?? []) : []) this.argument(argument, undefined);
  }

  private visit(node: ts.Node): void {
    if (this.isAsking || this.seen.has(node)) return;
    this.seen.add(node);
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.call(node);
    else if (ts.isPropertyAccessExpression(node)) this.access(node);
    else if (ts.isIdentifier(node)) this.name(node);
    ts.forEachChild(node, (child) => {
      this.visit(child);
    });
  }

  private call(call: ts.CallExpression | ts.NewExpression): void {
    const callee = bare(call.expression);
    if (ts.isCallExpression(call)) this.callee(call, callee);
    for (const argument of call.arguments ?? []) {
      if (!this.isFound) this.argument(argument, call);
    }
  }

  private callee(call: ts.CallExpression, callee: ts.Expression): void {
    if (ts.isIdentifier(callee)) {
      if (this.scopeOf(callee, this.core)?.is === 'next') this.isFound = true;
      else if (this.isCallbackOfOwner(callee)) this.isSettling = true;
      return;
    }
    if (!ts.isPropertyAccessExpression(callee)) return;
    if (this.scopeOf(callee, this.core)?.is === 'next') this.isFound = true;
    if (bare(callee.expression).kind === ts.SyntaxKind.ThisKeyword) {
      for (const fn of this.core.ask(calleesOf, call).functions) this.visit(fn);
    }
    const root = rootOf(callee);
    if (ts.isIdentifier(root) && root === bare(callee.expression) && this.isStreamOfOwner(root)) this.isFound = true;
    const member = this.core.api.memberOf(call);
    // `req.destroy()`, `req.socket.end()`: the request ends here.
    const isEnd = member !== undefined && ENDING.some((role) => hasRole(member, role));
    if (isEnd && this.scopeOf(callee.expression, this.core) !== undefined) this.isFound = true;
    const scope = this.responseScopeOf(root) ?? this.responseScopeOf(callee.expression);
    if (scope === undefined) return;
    if (member === undefined) {
      // A context answers by what its handler returns; only a response sends.
      if (scope.is === 'response' || scope.is === 'next') this.isFound = true;
    } else if (hasRole(member, 'answers') || hasRole(member, 'keeps-open') || hasRole(member, 'io')) {
      const isContext = scope.is === 'both' && !this.isSending(callee.expression);
      if (!isContext || hasRole(member, 'answers') || hasRole(member, 'keeps-open')) this.isFound = true;
    }
  }

  /** A response or context that somebody gets. */
  private argument(argument: ts.Expression, call: ts.CallExpression | ts.NewExpression | undefined): void {
    const node = bare(argument);
    const values = ts.isObjectLiteralExpression(node) ? partsOf(node) : [node];
    for (const value of values) {
      // Whoever gave the callback hears by it that the task is done.
      const isNext = ts.isIdentifier(value) && this.scopeOf(value, this.core)?.is === 'next';
      if (ts.isIdentifier(value) && !isNext && this.isFunction(value) && this.isCallbackOfOwner(value)) {
        this.isSettling = true;
      }
      if (ts.isIdentifier(value) && this.isStreamOfOwner(value)) this.isFound = true;
      const scope = this.responseScopeOf(value);
      if (scope === undefined) continue;
      const isHolder = isHolderOf(value, scope, this.core);
      if (scope.is === 'both' && !isHolder && !this.isSending(value)) continue;
      const isWhole = !isHolder && value === node;
      const mayAnswer =
        call === undefined || (isWhole ? this.maySend(call, argument) : this.goesIntoUnknown(call, argument));
      if (mayAnswer) this.isFound = true;
    }
  }

  /** An object that holds the response goes into functions of the project, in which we look on; or elsewhere. */
  private goesIntoUnknown(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): boolean {
    const { isComplete, parameters } = receiversOf(call, call.arguments?.indexOf(argument) ?? 0, this.core);
    for (const parameter of parameters) this.visit(parameter.parent);
    return !isComplete;
  }

  /** Do the functions that get the response send it, or may they? */
  private maySend(call: ts.CallExpression | ts.NewExpression, argument: ts.Expression): boolean {
    const { isComplete, parameters } = receiversOf(call, call.arguments?.indexOf(argument) ?? 0, this.core);
    if (!isComplete) return true;
    return parameters.some((parameter) => {
      const use = useOfParameter(parameter.parent as FunctionNode, parameter, this.core);
      if (use === undefined || use.called.length > 0 || use.kept.is !== 'no') return true;
      return use.deeds.some(({ is, member }) => is === 'argument' || member === undefined || this.isSend(member));
    });
  }

  private isSend(member: Parameters<typeof hasRole>[0]): boolean {
    return (['answers', 'io', 'keeps-open'] as const).some((role) => hasRole(member, role));
  }

  private access(node: ts.PropertyAccessExpression): void {
    const scope = this.scopeOf(node.expression, this.core);
    if (scope === undefined) return;
    const member = this.core.api.memberAt(node);
    if (member !== undefined && hasRole(member, 'tells-end')) this.isAsking = true;
    if (member !== undefined && hasRole(member, 'keeps-open')) this.isFound = true;
  }

  /** A local function that the task names answers for it. */
  private name(node: ts.Identifier): void {
    const symbol = symbolOf(node, this.core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || !isLocal(symbol)) return;
    if (isInside(declaration, this.task.work) || !mayHoldFunction(declaration)) return;
    for (const fn of callablesAt(node, this.core).functions) {
      if (fn.getSourceFile() === node.getSourceFile() && !isInside(this.task.work, fn)) this.visit(fn);
    }
  }

  /** A parameter that is a function, or a variable that a function is put into: whoever gave it waits for the call. */
  private isCallbackOfOwner(callee: ts.Identifier): boolean {
    const symbol = symbolOf(callee, this.core);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || !isLocal(symbol)) return false;
    if (isInside(declaration, this.task.work) || !isInside(declaration, this.owner)) return false;
    const outer = isBindingElement(declaration) ? ts.walkUpBindingElementsAndPatterns(declaration) : declaration;
    if (ts.isParameter(outer)) return true;
    if (!ts.isVariableDeclaration(outer)) return false;
    return !isConst(outer) || isBindingElement(declaration);
  }

  private isFunction(value: ts.Expression): boolean {
    const { checker } = this.core;
    const type = checker.getTypeAtLocation(value);
    return checker.getNonNullableType(type).getCallSignatures().length > 0;
  }

  /** The socket or stream that the handler got beside the request: to write to it, or to end it, is to answer. */
  private isStreamOfOwner(value: ts.Identifier): boolean {
    const declaration = symbolOf(value, this.core)?.valueDeclaration;
    if (declaration === undefined || !ts.isParameter(declaration) || declaration.parent !== this.owner) return false;
    if (this.scopeOf(value, this.core) !== undefined) return false;
    return this.core.api.isA(this.core.checker.getTypeAtLocation(value), 'stream') !== undefined;
  }

  private responseScopeOf(value: ts.Expression): RequestScope | undefined {
    const node = bare(value);
    if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node) && !ts.isCallExpression(node)) return undefined;
    const scope = this.scopeOf(node, this.core);
    return scope?.is === 'response' || scope?.is === 'next' || scope?.is === 'both' ? scope : undefined;
  }

  /** A stream that is request and response in one. */
  private isSending(value: ts.Expression): boolean {
    const type = this.core.checker.getTypeAtLocation(value);
    return this.core.api.isA(type, 'stream') !== undefined || this.core.api.isA(type, 'emitter') !== undefined;
  }
}

/** Roles of calls that end what they are called on. */
const ENDING = ['cuts-off', 'destroys', 'drains'] as const;

function partsOf(node: ts.ObjectLiteralExpression): readonly ts.Expression[] {
  return node.properties.flatMap((property) =>
    ts.isPropertyAssignment(property)
      ? [bare(property.initializer)]
      : ts.isShorthandPropertyAssignment(property)
        ? [property.name]
        : [],
  );
}

function mayHoldFunction(declaration: ts.Declaration): boolean {
  if (ts.isFunctionDeclaration(declaration)) return true;
  return (
    ts.isVariableDeclaration(declaration) &&
    declaration.initializer !== undefined &&
    isFunctionNode(bare(declaration.initializer))
  );
}

/** Does the function answer the request by itself, around a node in it: on every way to it, or on every way on from it? */
export function endedAround(node: ts.Node, core: Core, scopeOf: ScopeOf): 'after' | 'before' | undefined {
  const fn = enclosingFunctionOf(node);
  const graph = core.ask(flowGraph, fn);
  const start = stepFor(node, graph);
  if (start === undefined || graph.truncated) return undefined;
  const sends = sendsIn(graph, core, scopeOf).filter((step) => !isInside(step.node, node));
  const isSend = (step: Step): boolean => sends.includes(step);
  if (sends.length > 0) {
    const missed = pathOf({
      from: graph.enter,
      to: (step) => step === start,
      without: (edge, step) => edge.way !== 'throw' && isSend(step),
    });
    if (missed === undefined) return 'before';
  }
  const isEnd = (step: Step): boolean => isSend(step) || (returnsAnswer(fn, core, scopeOf) && isValueReturned(step));
  if (sends.length === 0 && !returnsAnswer(fn, core, scopeOf)) return undefined;
  const open = pathOf({
    from: start,
    to: (step) => step === graph.exit,
    avoiding: isEnd,
    without: ({ way }) => way === 'throw',
  });
  return open === undefined ? 'after' : undefined;
}

function stepFor(node: ts.Node, graph: FlowGraph): Step | undefined {
  for (let at = node; ; at = at.parent) {
    const [first] = graph.stepsOf(ts.isExpression(at) ? bare(at) : at);
    if (first !== undefined) return first;
    const inside = firstStepInside(at, graph);
    if (inside !== undefined) return inside;
    if ((at.parent as ts.Node | undefined) === undefined || at === graph.fn) return undefined;
  }
}

function firstStepInside(node: ts.Node, graph: FlowGraph): Step | undefined {
  return graph.steps.find((step) => step.kind !== 'enter' && step.node !== graph.fn && isInside(step.node, node));
}

/**
 * The calls in a function that send the response on every way through them.
 *
 * @param of what goes by another name is passed over
 */
export function sendsIn(graph: FlowGraph, core: Core, scopeOf: ScopeOf, of?: Names): readonly Step[] {
  return graph.steps.filter(
    ({ kind, node, previous }) =>
      kind === 'call' && previous.length > 0 && ts.isCallExpression(node) && isSend(node, core, scopeOf, of),
  );
}

function isSend(call: ts.CallExpression, core: Core, scopeOf: ScopeOf, of: Names | undefined): boolean {
  const name = lastNameOf(call.expression);
  const isMeant = (node: ts.Node): boolean => of === undefined || (ts.isIdentifier(node) && of.has(node.text));
  if (name !== undefined && core.api.namesWith('answers').has(name) && isMeant(rootOf(call.expression))) {
    const member = core.api.memberOf(call);
    if (member !== undefined) {
      if (!hasRole(member, 'answers')) return false;
      const { is } = scopeOf(rootOf(call.expression), core) ?? {};
      return is === 'response' || is === 'both';
    }
  }
  return call.arguments.some((argument) => {
    const node = bare(argument);
    if (!ts.isIdentifier(node) || !isMeant(node) || scopeOf(node, core)?.is !== 'response') return false;
    return sendsAlways(call, argument, core);
  });
}

/** A function of the project that gets the response and sends it before it returns. */
function sendsAlways(call: Call, argument: ts.Expression, core: Core): boolean {
  if (ts.isTaggedTemplateExpression(call)) return false;
  const isWaitedFor = ts.isAwaitExpression(wrapped(call).parent);
  const { isComplete, parameters } = receiversOf(call, call.arguments?.indexOf(argument) ?? 0, core);
  return (
    isComplete &&
    parameters.length > 0 &&
    parameters.every((parameter) => isWaitedFor || !isAsync(parameter.parent as FunctionNode)) &&
    parameters.every((parameter) =>
      (useOfParameter(parameter.parent as FunctionNode, parameter, core)?.deeds ?? []).some(
        ({ member, on, when }) =>
          member !== undefined && hasRole(member, 'answers') && on !== 'some-path' && when === 'now',
      ),
    )
  );
}

/** Is what the function returns the answer: an async handler of a framework whose response nobody needs to send by hand? */
function returnsAnswer(fn: FunctionNode, core: Core, scopeOf: ScopeOf): boolean {
  if (!isAsync(fn) || !ts.isFunctionLike(fn)) return false;
  return fn.parameters.some(
    ({ name }) =>
      ts.isIdentifier(name) &&
      scopeOf(name, core)?.is === 'response' &&
      core.api.isA(core.checker.getTypeAtLocation(name), 'thenable-only') !== undefined,
  );
}

function isValueReturned({ kind, node }: Step): boolean {
  return kind === 'return' && ts.isReturnStatement(node) && node.expression !== undefined;
}

/**
 * Is the response kept open after the function has returned: is it written to, taken over, or does the function listen for the client's
 * leaving?
 */
export function isHeldOpen(owner: FunctionNode, core: Core, scopeOf: ScopeOf): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && keepsOpen(node, core, scopeOf)) return true;
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      const target = bare(node.left);
      const member = ts.isPropertyAccessExpression(target) ? core.api.memberAt(target) : undefined;
      if (member !== undefined && hasRole(member, 'keeps-open')) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(owner);
}

function keepsOpen(call: ts.CallExpression, core: Core, scopeOf: ScopeOf): boolean {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const scope = scopeOf(callee.expression, core);
  if (scope === undefined || scope.is === 'next') return false;
  const member = core.api.memberOf(call);
  if (member === undefined) return false;
  if (hasRole(member, 'keeps-open')) return true;
  if (scope.is === 'response' && hasRole(member, 'io')) return true;
  if (member.key === undefined || !(hasRole(member, 'listener') || hasRole(member, 'defers'))) return false;
  const event = core.api.argumentOf(call, member.key);
  const name = event === undefined ? undefined : bare(event);
  if (name === undefined || !ts.isStringLiteralLike(name)) return false;
  return core.api
    .typesOf(core.checker.getTypeAtLocation(callee.expression))
    .some(
      ({ events }) =>
        events?.end?.includes(name.text) === true ||
        (name.text !== 'error' && events?.failure?.includes(name.text) === true),
    );
}

/**
 * Does the function serve a connection that lives on: does it get a socket beside the request? The request that opened the connection
 * stays with it.
 */
export function isOfConnection(fn: FunctionNode, core: Core, scopeOf: ScopeOf): boolean {
  if (!ts.isFunctionLike(fn)) return false;
  const { api, checker } = core;
  let isConnection = false;
  for (const { name } of fn.parameters) {
    if (!ts.isIdentifier(name)) continue;
    const is = scopeOf(name, core)?.is;
    if (is === 'response' || is === 'both' || is === 'next') return false;
    if (is !== undefined) continue;
    const type = checker.getTypeAtLocation(name);
    const isSocket = api.isA(type, 'emitter') !== undefined && api.isA(type, 'owns-resource') !== undefined;
    if (isSocket || api.isA(type, 'stream') !== undefined) isConnection = true;
  }
  return isConnection;
}

/** Is the function called only when the response was sent (`onResponse`), so that it knows what is left of the request? */
export function isAfterResponse(fn: FunctionNode, core: Core): boolean {
  const places = ts.isFunctionLike(fn) ? core.ask(handlerPlaces, fn) : [];
  return (
    places.length > 0 &&
    places.every(({ node }) => {
      const member = ts.isCallExpression(node) ? core.api.plays(node, 'tells-end') : undefined;
      const event = member === undefined ? undefined : core.api.argumentOf(node as ts.CallExpression, member.key);
      const name = event === undefined ? undefined : bare(event);
      return (
        name !== undefined &&
        ts.isStringLiteralLike(name) &&
        member?.events?.['tells-end']?.includes(name.text) === true
      );
    })
  );
}

/** A use of a response in the function that had already sent it before it waited. */
export interface AfterAnswer {
  /** The call that comes too late. */
  readonly use: ts.CallExpression;
  readonly pause: ts.Node;
  readonly sent: ts.CallExpression;
  readonly effect: 'ignored' | 'throws';
}

/** The uses of responses that come too late in the functions of a file; see `usesAfterAnswer`. */
export function answersTooLate(file: ts.SourceFile, core: Core, scopeOf: ScopeOf): readonly AfterAnswer[] {
  if (!/\bawait\b/.test(file.text)) return [];
  return core.ask(fileNodes, file).functions.flatMap((fn) => {
    const names = isAsync(fn) ? answeredTwice(fn, core) : NONE;
    return names.size === 0 ? [] : usesAfterAnswer(fn, names, core, scopeOf);
  });
}

const NONE: Names = new Set();

/** The names of calls that come too late once the response is sent. */
const lateNames = defineFact<ts.Program, Names>({
  name: 'late-names',
  scope: 'program',
  compute: (_program, { api }) =>
    api.namesWhere(({ afterResponse }) => afterResponse === 'ignored' || afterResponse === 'throws'),
});

/**
 * By the text of a function with a parameter: what may be sent by a call, and after a wait is used by one that comes too late then. In a
 * loop what stands above comes after.
 */
function answeredTwice(fn: FunctionLike, core: Core): Names {
  if (fn.parameters.length === 0) return NONE;
  const names = core.api.namesWith('answers');
  const late = core.ask(lateNames, core.program);
  const sends: NamedCall[] = [];
  const uses: NamedCall[] = [];
  for (const call of callsIn(fn, core)) {
    if (!ts.isCallExpression(call)) continue;
    const root = rootOf(call.expression);
    const name = lastNameOf(call.expression);
    if (ts.isIdentifier(root) && name !== undefined && (late.has(name) || PASSING.has(name)))
      uses.push({ of: root.text, call });
    if (ts.isIdentifier(root) && name !== undefined && names.has(name)) sends.push({ of: root.text, call });
    for (const argument of call.arguments) {
      const given = bare(argument);
      if (ts.isIdentifier(given)) sends.push({ of: given.text, call });
    }
  }
  if (!uses.some((use) => sends.some(({ of }) => of === use.of))) return NONE;
  const waits: ts.Node[] = [];
  let hasLoop = false;
  const visit = (node: ts.Node): void => {
    if (ts.isToken(node) || ts.isFunctionLike(node)) return;
    if (ts.isIterationStatement(node, false)) hasLoop = true;
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) waits.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  if (waits.length === 0) return NONE;
  const isAfter = (use: NamedCall, send: NamedCall): boolean =>
    hasLoop || (use.call.pos >= send.call.end && waits.some((wait) => isBetween(wait, send.call, use.call)));
  return new Set(
    uses.filter((use) => sends.some((send) => send.of === use.of && isAfter(use, send))).map((use) => use.of),
  );
}

/** `res.end.call(res)` */
const PASSING: Names = new Set(['apply', 'call']);

/** A call on something, or with it as an argument, by its name. */
interface NamedCall {
  readonly of: string;
  readonly call: ts.CallExpression;
}

function isBetween(wait: ts.Node, first: ts.Node, second: ts.Node): boolean {
  return wait.end >= first.end && wait.pos < second.end;
}

/**
 * The uses of a response after it was sent on every way to them, with a suspension between.
 *
 * Only calls whose catalogue row says what comes of it. Functions that ask whether the response was sent know what they do.
 */
function usesAfterAnswer(fn: FunctionNode, names: Names, core: Core, scopeOf: ScopeOf): readonly AfterAnswer[] {
  const graph = core.ask(flowGraph, fn);
  if (graph.truncated || graph.suspensions.length === 0) return [];
  const sends = sendsIn(graph, core, scopeOf, names);
  if (sends.length === 0) return [];
  const found: AfterAnswer[] = [];
  for (const step of graph.steps) {
    const { kind, node, previous } = step;
    if (kind !== 'call' || previous.length === 0 || !ts.isCallExpression(node)) continue;
    const root = rootOf(node.expression);
    if (!ts.isIdentifier(root) || !names.has(root.text)) continue;
    const effect = core.api.memberOf(node)?.afterResponse;
    if (effect !== 'throws' && effect !== 'ignored') continue;
    const symbol = symbolOf(root, core);
    if (symbol === undefined || scopeOf(root, core)?.is !== 'response') continue;
    const own = sends.filter((send) => send !== step && isOf(send.node, symbol, core));
    const isOwn = (each: Step): boolean => own.includes(each);
    const missed = pathOf({
      from: graph.enter,
      to: (each) => each === step,
      without: (edge, each) => edge.way !== 'throw' && isOwn(each),
    });
    if (own.length === 0 || missed !== undefined) continue;
    const way = own.flatMap((send) => pauseBetween(send, step) ?? [])[0];
    if (way === undefined || asksForEnd(fn, core, scopeOf)) continue;
    // `res.status(500).json(…)` is one report.
    if (isPartOfChain(node)) continue;
    found.push({ use: node, pause: way.pause.node, sent: way.send.node as ts.CallExpression, effect });
  }
  return found;
}

function isOf(call: ts.Node, symbol: ts.Symbol, core: Core): boolean {
  if (!ts.isCallExpression(call)) return false;
  const root = rootOf(call.expression);
  if (ts.isIdentifier(root) && symbolOf(root, core) === symbol) return true;
  return call.arguments.some((argument) => {
    const node = bare(argument);
    return ts.isIdentifier(node) && symbolOf(node, core) === symbol;
  });
}

function isPartOfChain(call: ts.CallExpression): boolean {
  const outer = wrapped(call);
  const { parent } = outer;
  return ts.isPropertyAccessExpression(parent) && parent.expression === outer && ts.isCallExpression(parent.parent);
}

/** The suspension on a way from the answer to the use. */
function pauseBetween(send: Step, use: Step): { readonly send: Step; readonly pause: Step } | undefined {
  const way = pathOf({ from: send, to: (step) => step === use, without: ({ way: how }) => how === 'throw' });
  const pause = way?.find(({ kind }) => kind === 'suspend');
  return pause === undefined ? undefined : { send, pause };
}

function asksForEnd(fn: FunctionNode, core: Core, scopeOf: ScopeOf): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isPropertyAccessExpression(node)) {
      const member = core.api.memberAt(node);
      if (member !== undefined && hasRole(member, 'tells-end') && scopeOf(node.expression, core) !== undefined)
        return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(fn);
}
