import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';

/** A class of the project that is a lock by its structure. */
export interface HouseLock {
  /** Waits until it is the caller's turn. */
  readonly acquire: ts.MethodDeclaration;
  /** Lets the next one in. */
  readonly release: ts.MethodDeclaration;
  /** The field in which the waiting callers stand. */
  readonly queue: string;
}

/**
 * Is the class a lock by its structure, whatever it is called?
 *
 * One method puts the resolver of a promise without a value into a field and gives that promise to its caller; another, without
 * parameters, takes a resolver out of the same field and calls it without a value. A channel passes a value on and is none.
 * Doubt: how many may hold it at a time is not asked; a counting semaphore is taken for a lock.
 */
export const houseLock = defineFact<ts.ClassLikeDeclaration, HouseLock | undefined>({
  name: 'house-lock',
  scope: 'program',
  compute(node, core) {
    const methods = node.members.filter((member) => ts.isMethodDeclaration(member) && member.body !== undefined);
    for (const acquire of methods as ts.MethodDeclaration[]) {
      const queue = queueOfWaiters(acquire, core);
      if (queue === undefined) continue;
      const release = (methods as ts.MethodDeclaration[]).find(
        (other) => other !== acquire && other.parameters.length === 0 && wakes(other, queue, core),
      );
      if (release !== undefined) return { acquire, release, queue };
    }
    return undefined;
  },
});

/** The field into which the method puts the resolver of a promise that has no value. */
function queueOfWaiters(method: ts.MethodDeclaration, core: Core): string | undefined {
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (found !== undefined) return;
    const [given] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
    const executor = given === undefined ? undefined : bare(given);
    if (
      executor !== undefined &&
      (ts.isArrowFunction(executor) || ts.isFunctionExpression(executor)) &&
      core.api.plays(node as ts.NewExpression, 'runs-now') !== undefined
    ) {
      found = fieldThatGets(executor, core);
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(method, visit);
  return found;
}

function fieldThatGets(executor: ts.ArrowFunction | ts.FunctionExpression, core: Core): string | undefined {
  const name = executor.parameters[0]?.name;
  if (name === undefined || !ts.isIdentifier(name)) return undefined;
  const value = core.checker.getTypeAtLocation(name).getCallSignatures()[0]?.parameters[0];
  if (value !== undefined && !isNoValue(core.checker.getTypeOfSymbol(value))) return undefined;
  let found: string | undefined;
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name) {
      const { parent } = node;
      if (ts.isCallExpression(parent) && parent.arguments.includes(node)) found ??= ownFieldOf(parent.expression);
      else if (ts.isBinaryExpression(parent) && parent.right === node) found ??= ownFieldOf(parent.left);
    }
    ts.forEachChild(node, visit);
  };
  visit(executor.body);
  return found;
}

/** `void | PromiseLike<void>`: what the resolver of a promise without a value takes. */
function isNoValue(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & (ts.TypeFlags.Void | ts.TypeFlags.Undefined)) !== 0);
}

/** The first name of a path from `this`: `waiting` of `this.waiting.push`. */
function ownFieldOf(expression: ts.Expression): string | undefined {
  let node = bare(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const holder = bare(node.expression);
    if (holder.kind === ts.SyntaxKind.ThisKeyword)
      return ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
    node = holder;
  }
  return undefined;
}

/** Does the method take something out of the field and call it without a value? */
function wakes(method: ts.MethodDeclaration, queue: string, core: Core): boolean {
  const seen = new Set<'calls' | 'takes'>();
  const visit = (node: ts.Node): void => {
    if (isFunctionNode(node) && node !== method) return;
    if (ts.isCallExpression(node) && node.arguments.length === 0) {
      const callee = bare(node.expression);
      const isOfField = ts.isPropertyAccessExpression(callee) && ownFieldOf(callee) === queue;
      const isMember = isOfField && ownFieldOf(callee.expression) !== undefined;
      if (isMember && core.api.plays(node, 'mutates') !== undefined) seen.add('takes');
      else if (!isMember && (isOfField || ts.isIdentifier(callee) || ts.isCallExpression(callee))) seen.add('calls');
    }
    const isRead =
      ts.isPropertyAccessExpression(node) && ownFieldOf(node) === queue && !ts.isCallExpression(node.parent);
    if (isRead) seen.add('takes');
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(method, visit);
  return seen.size === 2;
}
