import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare, isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { namesBound } from '../syntax/names.ts';
import { namesBehind, PASSING } from '../text/callers-by-name.ts';
import { codeFiles } from '../text/files.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { callsNamed, fileNodes } from '../text/nodes.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { parametersOf } from './callees-of.ts';
import { houseLock } from './house-lock.ts';
import { callsLeadingTo } from './leading-to.ts';

type AnyCall = ts.CallExpression | ts.NewExpression;

const LOCK_ROLES = ['exclusive', 'locks', 'unlocks'] as const;

/**
 * May the function do anything about locks: take one, give one back, run a callback under one, itself or in what it calls?
 *
 * Told by names where these suffice, so that code far from any lock costs few types; `true` says nothing.
 * Ignored: a lock that is taken by a call whose callee has no name (`locks[key]()`) and is not written in place.
 */
export function mayLock(fn: FunctionNode, core: Core): boolean {
  return core.ask(lockCallsIn, fn.getSourceFile())?.some((call) => isInside(call, fn)) ?? true;
}

/** May what a call runs do anything about locks? */
export function mayCallLock(call: ts.CallExpression, core: Core): boolean {
  return core.ask(lockCalls, core.program)?.has(call) ?? true;
}

const lockCallsIn = defineFact<ts.SourceFile, readonly AnyCall[] | undefined>({
  name: 'lock-calls-of-file',
  scope: 'program',
  compute(file, core) {
    const calls = core.ask(lockCalls, core.program);
    return calls === undefined ? undefined : [...calls].filter((call) => call.getSourceFile() === file);
  },
});

const lockCalls = defineFact<ts.Program, ReadonlySet<AnyCall> | undefined>({
  name: 'lock-calls',
  scope: 'program',
  compute(program, core) {
    if (LOCK_ROLES.some((role) => core.api.isNameless(role))) return undefined;
    const files = core.ask(codeFiles, program);
    const calls = files.flatMap((file) => [
      ...roleCallsIn(file, core),
      ...chainsIn(file, core),
      ...turnsIn(file, core),
    ]);
    return callsLeadingTo(
      calls,
      files.flatMap((file) => houseLocksIn(file, core)),
      core,
    );
  },
});

/** Names of the catalogue's locks that the project mentions, and all that may stand for one. */
const namesOfLocks = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'lock-names',
  scope: 'program',
  compute(program, core) {
    const files = core.ask(codeFiles, program);
    const isMentioned = (name: string): boolean => files.some((file) => mayMention(file, name));
    const mentioned = LOCK_ROLES.flatMap((role) =>
      [...core.api.namesWith(role).keys()].filter((name) => {
        const through = core.api.globalsWith(role, name);
        return isMentioned(name) && (through === undefined || [...through].some(isMentioned));
      }),
    );
    return new Set(mentioned.flatMap((name) => [...namesBehind(name, core)]));
  },
});

/** The calls of the catalogue's locks, also by another name. */
function roleCallsIn(file: ts.SourceFile, core: Core): readonly AnyCall[] {
  const names = core.ask(namesOfLocks, core.program);
  return callsNamed(core.ask(fileNodes, file), names).filter((call) =>
    LOCK_ROLES.some((role) => core.api.plays(call, role) !== undefined),
  );
}

/** The methods of classes that are locks by their structure. */
function houseLocksIn(file: ts.SourceFile, core: Core): readonly ts.MethodDeclaration[] {
  const classes = new Set<ts.ClassLikeDeclaration>();
  for (const call of callsNamed(core.ask(fileNodes, file), core.api.namesWith('runs-now'))) {
    const [executor] = ts.isNewExpression(call) ? (call.arguments ?? []) : [];
    const around = executor !== undefined && isFunctionNode(bare(executor)) ? classAround(call) : undefined;
    if (around !== undefined) classes.add(around);
  }
  return [...classes].flatMap((node) => {
    const lock = core.ask(houseLock, node);
    return lock === undefined ? [] : [lock.acquire, lock.release];
  });
}

function classAround(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  let at = node.parent;
  while (!ts.isSourceFile(at) && !ts.isClassLike(at)) at = at.parent;
  return ts.isClassLike(at) ? at : undefined;
}

/**
 * Calls that chain a callback of a function around them to something that the result becomes: `tail = tail.then(work)`, in one
 * statement or two.
 */
function chainsIn(file: ts.SourceFile, core: Core): readonly AnyCall[] {
  return callsNamed(core.ask(fileNodes, file), core.api.namesWith('chains')).filter((call) => {
    const given = new Set((call.arguments ?? []).flatMap(valuesNamedIn));
    return given.size > 0 && isKept(call, core) && isCallbackAround(call, given, core);
  });
}

/** Calls of a callback of a function around them, after a wait for a local: `await before; return work();`. */
function turnsIn(file: ts.SourceFile, core: Core): readonly AnyCall[] {
  const { awaits, calls } = core.ask(fileNodes, file);
  return awaits.flatMap((node) => {
    if (!ts.isIdentifier(bare(node.expression))) return [];
    const around = enclosingFunctionOf(node);
    return calls.filter(({ expression, pos }) => {
      const callee = pos >= node.end && pos < around.end ? bare(expression) : undefined;
      return callee !== undefined && ts.isIdentifier(callee) && isCallbackAround(callee, new Set([callee.text]), core);
    });
  });
}

/** Does a function around the node take a callback by one of these names? */
function isCallbackAround(node: ts.Node, names: ReadonlySet<string>, core: Core): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (!isFunctionNode(at)) continue;
    const isTaken = parametersOf(at).some(
      (parameter) =>
        namesBound(parameter.name).some((name) => names.has(name)) &&
        core.checker.getTypeAtLocation(parameter).getCallSignatures().length > 0,
    );
    if (isTaken) return true;
  }
  return false;
}

/** Is what the call gives, or the variable that holds it, written to something? */
function isKept(call: AnyCall, core: Core): boolean {
  if (isWritten(call, core)) return true;
  const holder = wrapped(call).parent;
  if (!ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name)) return false;
  const { text } = holder.name;
  const visit = (node: ts.Node): boolean =>
    ts.isIdentifier(node)
      ? node.text === text && node.parent !== holder && isWritten(node, core)
      : (ts.forEachChild(node, visit) ?? false);
  return visit(enclosingFunctionOf(holder));
}

/** Does it stand in the value of an assignment or in an argument of a call that changes a collection? */
function isWritten(node: ts.Node, core: Core): boolean {
  let child = node;
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isBinaryExpression(at) && at.right === child && isAssignmentOperator(at.operatorToken.kind)) return true;
    if (ts.isCallExpression(at) && at.expression !== child) {
      const name = lastNameOf(at.expression);
      if (name !== undefined && core.api.namesWith('mutates').has(name)) return true;
    }
    if (isFunctionNode(at) && !(ts.isArrowFunction(at) && at.body === child)) return false;
    child = at;
  }
  return false;
}

/** The names whose value is used in an expression, the code of functions in it too: not those of which only a member is. */
function valuesNamedIn(expression: ts.Expression): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node.text);
    else if (ts.isPropertyAssignment(node)) visit(node.initializer);
    else if (!ts.isPropertyAccessExpression(node)) ts.forEachChild(node, visit);
    else if (!ts.isIdentifier(node.expression) || PASSING.has(node.name.text)) visit(node.expression);
  };
  visit(expression);
  return found;
}
