import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { codeFiles } from '../text/files.ts';
import { fileNodes, type FunctionLike } from '../text/nodes.ts';
import { lastNameOf, textOf } from '../text/promise-names.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { waitOf } from './wait-of.ts';

/** Names of methods that hand out the next thing that comes. */
const RECEIVES = /^(?:dequeue|get|next|pop|pull|read|recv|receive|shift|take)$/;

/** Names of methods that bring it. */
const SENDS = /^(?:add|deliver|emit|enqueue|offer|post|publish|push|put|resolve|send|write)$/;

/**
 * Is it a receive of a channel of the project: a method without parameters that keeps a resolver in a field and hands out its promise,
 * beside a method of the same class that takes something and reaches that field?
 *
 * By structure and by name together, so that semaphores, caches and replies to a request stay out.
 */
export function isHouseReceive(call: ts.CallExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (call.arguments.length > 0 || !ts.isPropertyAccessExpression(callee)) return false;
  // The type of the receiver may be dear: of `db.select().from(users).get()` it is that of a whole query.
  if (!core.ask(receiveNames, core.program).has(callee.name.text)) return false;
  const { functions, isComplete } = core.ask(calleesOf, call);
  const [fn] = functions;
  return isComplete && functions.length === 1 && fn !== undefined && core.ask(keepsReceivers, fn);
}

/** By text alone: the names of methods of the Program that may be such a receive. */
const receiveNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'receive-names',
  scope: 'program',
  compute(program, core) {
    const found = new Set<string>();
    for (const file of core.ask(codeFiles, program)) {
      if (!file.text.includes('Promise')) continue;
      for (const { members } of core.ask(fileNodes, file).classes) {
        if (!members.some(isSender)) continue;
        for (const member of members) {
          const fn = functionOf(member);
          if (fn?.parameters.length !== 0 || member.name === undefined) continue;
          const name = textOf(member.name);
          if (name !== undefined && RECEIVES.test(name) && fn.getText().includes('Promise')) found.add(name);
        }
      }
    }
    return found;
  },
});

/** Does a member of a class take something, under a name of such methods? */
function isSender(member: ts.ClassElement): boolean {
  const fn = functionOf(member);
  return (
    fn !== undefined &&
    fn.parameters.length > 0 &&
    member.name !== undefined &&
    SENDS.test(textOf(member.name)?.replace(/^#/, '') ?? '')
  );
}

/** The code of a member: its own, or that of the function that a field holds. */
function functionOf(member: ts.ClassElement): FunctionLike | undefined {
  const fn = ts.isPropertyDeclaration(member) && member.initializer !== undefined ? member.initializer : member;
  return isFunctionNode(fn) && ts.isFunctionLike(fn) ? fn : undefined;
}

/** Does a method keep a resolver for a sender of its class? */
const keepsReceivers = defineFact<FunctionNode, boolean>({
  name: 'keeps-receivers',
  scope: 'program',
  compute(fn, core) {
    const owner = ts.isPropertyDeclaration(fn.parent) ? fn.parent.parent : fn.parent;
    if (!ts.isFunctionLike(fn) || fn.parameters.length > 0 || !ts.isClassLike(owner)) return false;
    const fields = fieldsOfDeferred(fn, core);
    return owner.members.some((member) => {
      const sender = isSender(member) ? functionOf(member) : undefined;
      return sender !== undefined && fields.some((field) => names(sender, field));
    });
  },
});

/** The fields that get the resolver of a promise which the function makes and hands out. */
function fieldsOfDeferred(fn: FunctionNode, core: Core): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && lastNameOf(node.expression) === 'Promise') {
      if (core.ask(waitOf, node)?.kind === 'deferred') found.push(...fieldsIn(node));
      return;
    }
    const isCapability = ts.isCallExpression(node) && node.expression.getText() === 'Promise.withResolvers';
    if (isCapability) found.push(...fieldsIn(fn));
    ts.forEachChild(node, visit);
  };
  visit(fn);
  return found;
}

/** `waiting` in `this.waiting.push(resolve)`. */
function fieldsIn(node: ts.Node): readonly string[] {
  const found: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner) && inner.arguments.length > 0) {
      const callee = bare(inner.expression);
      const collection = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
      const isField =
        collection !== undefined &&
        ts.isPropertyAccessExpression(collection) &&
        collection.expression.kind === ts.SyntaxKind.ThisKeyword;
      if (isField) found.push(collection.name.text);
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function names(node: ts.Node, field: string): boolean {
  const isIt =
    ts.isPropertyAccessExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ThisKeyword &&
    node.name.text === field;
  return isIt || (ts.forEachChild(node, (child) => names(child, field) || undefined) ?? false);
}
