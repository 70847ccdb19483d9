import * as ts from 'typescript';
import { taskOf } from '../escape/task-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { isModuleLevel, symbolOf } from '../places/symbols.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare } from '../syntax/expressions.ts';
import { isInside } from '../syntax/inside.ts';
import { namesBound } from '../syntax/names.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { type BackgroundTask, wantedTasks } from './background.ts';
import { handedTasks } from './handed-tasks.ts';
import { laterCallbacks } from './later-callbacks.ts';
import { type LateRequestUse, lateRequestUses, type ScopeOf } from './late-request-uses.ts';
import {
  endedAround,
  isAfterResponse,
  isHeldOpen,
  isOfConnection,
  ownerOf,
  rootOf,
  whyAnswers,
} from './request-end.ts';
import { isLent, isRequestParameter, requestScopeOf } from './request-scope.ts';

/** Work that nobody waits for, and what of a request it uses when that may be over. */
export interface FloatingRequest {
  readonly task: BackgroundTask;
  /** At least one, the task's own first, in the order of the text. */
  readonly uses: readonly LateRequestUse[];
  /** The function that was given the request. */
  readonly owner: FunctionNode;
  /** Does the function around the launch send the response itself, before it or after it? */
  readonly ended: 'after' | 'before' | undefined;
  readonly isCertain: boolean;
}

/**
 * The background tasks of a file that use a request after it may be over.
 *
 * Left out: what answers the request itself (unless it is answered anyhow), handlers that keep the response open, listeners on the
 * request or on something made for it, timers and listeners that are taken away again. A task inside a task belongs to the outer one.
 *
 * @param scopeOf says what is request-scoped
 */
export function floatingRequests(
  file: ts.SourceFile,
  core: Core,
  scopeOf: ScopeOf = requestScopeOf,
): readonly FloatingRequest[] {
  const found: FloatingRequest[] = [];
  for (const task of tasksOf(file, core, scopeOf)) {
    if (isWaitedFor(task, core) || isTakenAway(task, core, scopeOf)) continue;
    const uses = lateRequestUses(task, core, scopeOf).filter(
      ({ node }) =>
        !found.some((outer) => isInside(task.work, outer.task.work) && outer.uses.some((use) => use.node === node)),
    );
    const [first] = uses;
    if (first === undefined) continue;
    const owner = ownerOf(first.given?.argument ?? first.node, core);
    if (isAfterResponse(owner, core) || isOfConnection(owner, core, scopeOf)) continue;
    const ended = endedAround(task.work, core, scopeOf);
    const answers = whyAnswers(task, owner, core, scopeOf);
    if (answers === 'asks' || (answers === 'settles' && ended !== 'before')) continue;
    if (ended === undefined && (answers !== undefined || isHeldOpen(owner, core, scopeOf))) continue;
    found.push({ task, uses, owner, ended, isCertain: uses.some(({ isCertain }) => isCertain) });
  }
  return found;
}

/** Promises that are dropped and callbacks that run later, where a request is in reach; the outer ones first. */
function tasksOf(file: ts.SourceFile, core: Core, scopeOf: ScopeOf): readonly BackgroundTask[] {
  const mayHold = (given: readonly ts.Node[]): boolean => mayHoldRequest(given, core, scopeOf);
  const own = [
    ...laterCallbacks(file, core, (call) => mayHold(call.arguments)),
    ...handedTasks(
      file,
      core,
      (call) => mayNameRequest(call.arguments, core),
      (call) => mayHold(call.arguments),
    ),
  ];
  const known = new Set(own.map(({ work }) => work));
  const promises = wantedTasks(file, core, mayHold).filter(({ work }) => !known.has(work));
  return [...promises, ...own].toSorted(
    (left, right) => left.work.getStart() - right.work.getStart() || right.work.end - left.work.end,
  );
}

/** Is it the executor of a promise that somebody waits for? */
function isWaitedFor({ by, call }: BackgroundTask, core: Core): boolean {
  return by === 'executor' && call !== undefined && core.ask(taskOf, call).is !== 'dropped';
}

/** Is a request in reach of what the code names? */
function mayHoldRequest(given: readonly ts.Node[], core: Core, scopeOf: ScopeOf): boolean {
  return sourcesFor(given, core).some(({ isHolder, parameters }) => isHolder() || parameters.some(isRequest));

  function isRequest(parameter: ts.ParameterDeclaration): boolean {
    if (isLent(parameter, core)) return false;
    const { name } = parameter;
    return isRequestParameter(parameter, core) || (ts.isIdentifier(name) && scopeOf(name, core) !== undefined);
  }
}

/** As `mayHoldRequest`, by names alone. */
function mayNameRequest(given: readonly ts.Node[], core: Core): boolean {
  return sourcesFor(given, core).some(({ parameters, mayHold }) => mayHold || parameters.length > 0);
}

/** Where code in a function may take a request from. */
interface Source {
  /** The parameters that are named, or may be by a local. */
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly mayHold: boolean;
  /** Has the object that `this` is a request, or is one handed out by a call? */
  isHolder(): boolean;
}

/**
 * The functions around some code as sources of a request, the innermost first. By names: the type of a parameter that is neither named
 * nor may be behind a local is not asked.
 */
function sourcesFor(given: readonly ts.Node[], core: Core): readonly Source[] {
  const [node] = given;
  if (node === undefined) return [];
  const { called, names, usesThis } = namesUsedIn(given, core);
  const isNamed = (name: string): boolean => names.has(name);
  const found: Source[] = [];
  // From here on a name may stand for anything of the functions around.
  let isOpen = [...core.api.namesWith('gives-request').keys()].some((name) => names.has(name) || called.has(name));
  for (let fn = enclosingFunctionOf(node); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    isOpen ||= [...core.ask(localNames, fn)].some((name) => names.has(name) || called.has(name));
    const isAny = isOpen;
    const owner = (isAny || usesThis) && ts.isClassLike(fn.parent) ? fn.parent : undefined;
    const around = fn;
    found.push({
      parameters: ts.isFunctionLike(fn)
        ? fn.parameters.filter(({ name }) => isAny || namesBound(name).some(isNamed))
        : [],
      mayHold: isAny || owner !== undefined,
      isHolder: () =>
        (owner !== undefined && core.ask(holdsRequest, owner)) || (isAny && core.ask(getsRequest, around)),
    });
  }
  return found;
}

interface UsedNames {
  /** Variables whose value is used. */
  readonly names: ReadonlySet<string>;
  /** Variables that are called: `next()`. A parameter that is only called is no request, a local function may use one. */
  readonly called: ReadonlySet<string>;
  readonly usesThis: boolean;
}

/** What code names, closures included. */
function namesUsedIn(roots: readonly ts.Node[], core: Core): UsedNames {
  const [only, ...others] = roots;
  if (only !== undefined && others.length === 0 && isFunctionNode(only)) return core.ask(usedNames, only);
  const names = new Set<string>();
  const called = new Set<string>();
  let usesThis = false;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const isCalled = ts.isCallExpression(node.parent) && node.parent.expression === node;
      (isCalled ? called : names).add(node.text);
    } else if (isFunctionNode(node)) {
      const inner = core.ask(usedNames, node);
      for (const name of inner.names) names.add(name);
      for (const name of inner.called) called.add(name);
      usesThis ||= inner.usesThis;
    } else if (node.kind === ts.SyntaxKind.ThisKeyword || node.kind === ts.SyntaxKind.SuperKeyword) usesThis = true;
    else if (!ts.isTypeNode(node)) ts.forEachChild(node, visit);
  };
  roots.forEach(visit);
  return { called, names, usesThis };
}

const usedNames = defineFact<FunctionNode, UsedNames>({
  name: 'used-names',
  scope: 'text',
  compute(fn, core) {
    const parts: ts.Node[] = [];
    ts.forEachChild(fn, (child) => void parts.push(child));
    return namesUsedIn(parts, core);
  },
});

/** The names that the code of a function binds, those of its parameters left out unless they have a value of their own. */
const localNames = defineFact<FunctionNode, ReadonlySet<string>>({
  name: 'local-names',
  scope: 'text',
  compute(fn) {
    const found = new Set<string>();
    const visit = (node: ts.Node): void => {
      if (ts.isToken(node) || ts.isTypeNode(node)) return;
      const isBinding =
        ts.isVariableDeclaration(node) ||
        (ts.isParameter(node) && node.parent === fn && node.initializer !== undefined);
      if (isBinding) for (const name of namesBound(node.name)) found.add(name);
      if (ts.isFunctionDeclaration(node) || ts.isClassLike(node)) {
        if (node.name !== undefined) found.add(node.name.text);
      }
      if (!isFunctionNode(node)) ts.forEachChild(node, visit);
    };
    ts.forEachChild(fn, visit);
    return found;
  },
});

/** Has the class a field that is request-scoped? */
const holdsRequest = defineFact<ts.ClassLikeDeclaration, boolean>({
  name: 'holds-request',
  scope: 'program',
  compute: (node, core) => {
    const type = core.checker.getTypeAtLocation(node);
    return core.checker.getPropertiesOfType(type).some((property) => {
      const isData = (property.flags & (ts.SymbolFlags.Property | ts.SymbolFlags.Accessor)) !== 0;
      if (!isData) return false;
      const own = core.checker.getTypeOfSymbol(property);
      return core.api.isA(own, 'request-scope') !== undefined || core.api.isA(own, 'response') !== undefined;
    });
  },
});

/** Does the function call something that hands the request out? */
const getsRequest = defineFact<FunctionNode, boolean>({
  name: 'gets-request',
  scope: 'program',
  compute: (fn, core) => {
    const names = core.api.namesWith('gives-request');
    const visit = (node: ts.Node): boolean => {
      if (isFunctionNode(node) && !ts.isArrowFunction(node)) return false;
      if (ts.isCallExpression(node)) {
        const name = lastNameOf(node.expression);
        if (name !== undefined && names.has(name) && core.api.plays(node, 'gives-request') !== undefined) return true;
      }
      return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
    };
    return ts.forEachChild(fn, (child) => visit(child) || undefined) ?? false;
  },
});

/** Does the callback end with the request, or is it taken away by the code that registers it? */
function isTakenAway(task: BackgroundTask, core: Core, scopeOf: ScopeOf): boolean {
  const { call, launch, member } = task;
  if (call === undefined || member === undefined || !ts.isCallExpression(call)) return false;
  const around = outermost(launch);
  if (member.key === undefined) {
    return (
      !ts.isExpressionStatement(launch.parent) &&
      !ts.isVoidExpression(launch.parent) &&
      hasCall('clears-timer', around, core)
    );
  }
  if (hasCall('unlistens', around, core) || (call.arguments.length > 2 && member.argument === 1)) return true;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const receiver = bare(callee.expression);
  return scopeOf(receiver, core) !== undefined || isMadeHere(receiver, core);
}

function outermost(node: ts.Node): ts.Node {
  let fn: ts.Node = enclosingFunctionOf(node);
  for (let outer = enclosingFunctionOf(fn); !ts.isSourceFile(outer); outer = enclosingFunctionOf(outer)) fn = outer;
  return ts.isClassLike(fn.parent) ? fn.parent : fn;
}

function hasCall(role: 'clears-timer' | 'unlistens', around: ts.Node, core: Core): boolean {
  const names = core.api.namesWith(role);
  const visit = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node)) {
      const name = lastNameOf(node.expression);
      if (name !== undefined && names.has(name)) return true;
    }
    return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
  };
  return visit(around);
}

/** Is the emitter a local of the functions around, and so probably made for this request? */
function isMadeHere(receiver: ts.Expression, core: Core): boolean {
  const root = rootOf(receiver);
  if (!ts.isIdentifier(root)) return ts.isNewExpression(root);
  const declaration = symbolOf(root, core)?.valueDeclaration;
  return declaration !== undefined && !isModuleLevel(declaration) && !ts.isImportSpecifier(declaration);
}
