import * as ts from 'typescript';
import { type Answer, unknown, yes } from '../answer.ts';
import { afterSuspension } from '../effects/after-suspension.ts';
import { hasRole } from '../effects/roles.ts';
import { closureTime } from '../escape/closure-time.ts';
import type { Core } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import { isOneOff } from '../program/one-off.ts';
import { callSitesOf } from '../program/references.ts';
import { mentions } from '../text/mentions.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode, isGenerator } from '../syntax/functions.ts';
import { secondEntry } from './second-entry.ts';

/** An ambient context that a function enters and that others go on in. */
export interface EnteredContext {
  readonly call: ts.CallExpression;
  readonly fn: FunctionNode;
  /**
   * Who goes on in it: the other listeners of an event (`emitter`), what the server does next on the connection (`server`), the
   * next callbacks of a loop (`iteration`), or the function that calls this one (`caller`).
   */
  readonly who: 'caller' | 'emitter' | 'iteration' | 'server';
  /** The registration, or the call. */
  readonly by: ts.Node;
}

/**
 * Contexts entered for the rest of the task (`storage.enterWith(…)`) in code that runs for several requests, before its first wait:
 * what called the function goes on in the entered context, and whoever it calls next begins in it.
 *
 * Behind a wait of an async function the task is its own. Not listed: module code, programs that run once, functions that only run
 * inside a scope made for them (`storage.run(…)`), and entering as the last thing a function does, which is done for the caller.
 */
export function enteredContextsIn(file: ts.SourceFile, core: Core): readonly Answer<EnteredContext, EnteredContext>[] {
  const calls = callsThatEnter(file, core);
  if (calls.length === 0 || isOneOff(file, core)) return [];
  return calls.flatMap((call) => judged(call, core) ?? []);
}

function callsThatEnter(file: ts.SourceFile, core: Core): readonly ts.CallExpression[] {
  const found: ts.CallExpression[] = [];
  for (const name of core.api.namesWith('enters-context').keys()) {
    if (!file.text.includes(name)) continue;
    for (const node of core.ask(mentions, file).get(name) ?? []) {
      const access = node.parent;
      if (!ts.isPropertyAccessExpression(access) || access.name !== node) continue;
      const call = wrapped(access).parent;
      if (!ts.isCallExpression(call) || bare(call.expression) !== access) continue;
      const member = core.api.plays(call, 'enters-context');
      if (member !== undefined && !hasRole(member, 'runs-now')) found.push(call);
    }
  }
  return found;
}

function judged(call: ts.CallExpression, core: Core): Answer<EnteredContext, EnteredContext> | undefined {
  const fn = enclosingFunctionOf(call);
  if (ts.isSourceFile(fn) || isGenerator(fn)) return undefined;
  const graph = core.ask(flowGraph, fn);
  const later = core.ask(afterSuspension, fn);
  const steps = graph.stepsOf(call).filter(({ kind }) => kind === 'call');
  if (steps.length === 0 || steps.every((step) => later.has(step))) return undefined;
  if (!isFollowed(call, fn) || isRestored(call, fn, core) || isScoped(fn, core)) return undefined;
  const entry = core.ask(secondEntry, fn);
  if (entry.is === 'no') return undefined;
  const found: EnteredContext = { call, fn, ...whoGoesOn(fn, core) };
  return entry.is === 'yes' ? yes(found) : unknown(entry.because, found);
}

/** Does the function call or wait for anything after it? To hand out a token, or to note that it was entered, is done for the caller. */
function isFollowed(call: ts.Node, fn: FunctionNode): boolean {
  for (let node = call; node !== fn; node = node.parent) {
    const { parent } = node;
    const list = ts.isBlock(parent) || ts.isCaseOrDefaultClause(parent) ? parent.statements : undefined;
    if (list?.some((statement) => statement.pos >= node.end && doesWork(statement)) === true) return true;
    if (ts.isTryStatement(parent) && node === parent.tryBlock && parent.finallyBlock !== undefined) {
      if (doesWork(parent.finallyBlock)) return true;
    }
  }
  return false;
}

function doesWork(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isAwaitExpression(node) || ts.isTaggedTemplateExpression(node)) return true;
  return !isFunctionNode(node) && (ts.forEachChild(node, doesWork) ?? false);
}

/** A function that does not wait and enters what was there before when it is done has made a scope of its own by hand. */
function isRestored(call: ts.CallExpression, fn: FunctionNode, core: Core): boolean {
  if (core.ask(flowGraph, fn).suspensions.length > 0 || isAsync(fn)) return false;
  const callee = bare(call.expression).getText();
  const visit = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && node.pos > call.pos && bare(node.expression).getText() === callee) return true;
    return (node === fn || !isFunctionNode(node)) && (ts.forEachChild(node, visit) ?? false);
  };
  return visit(fn);
}

/** Is every run of the function the callback of a call that makes a scope for it, or a part of such a callback? */
function isScoped(fn: FunctionNode, core: Core): boolean {
  if (isScope(fn, core)) return true;
  const { found, open } = callSitesOf(fn, core);
  return !open && found.length > 0 && found.every(({ node }) => isScope(enclosingFunctionOf(node), core));
}

function isScope(fn: FunctionNode, core: Core): boolean {
  if (!isFunctionNode(fn) || ts.isSourceFile(fn)) return false;
  const call = wrapped(fn).parent as ts.Node | undefined;
  if (call === undefined || !ts.isCallExpression(call)) return false;
  const member = core.api.plays(call, 'enters-context');
  return member !== undefined && hasRole(member, 'runs-now');
}

function whoGoesOn(fn: FunctionNode, core: Core): Pick<EnteredContext, 'by' | 'who'> {
  const { run } = core.ask(closureTime, fn);
  const call = run?.call;
  const by = call ?? run?.witness ?? fn;
  const member = call === undefined ? undefined : core.api.memberOf(call);
  if (member === undefined) return { who: 'caller', by };
  if (hasRole(member, 'handler')) return { who: 'server', by };
  if (hasRole(member, 'listener')) return { who: 'emitter', by };
  return { who: hasRole(member, 'runs-now') ? 'iteration' : 'caller', by };
}
