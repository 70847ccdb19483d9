import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { callsBefore } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { lastNameOf, mayBeDeclared } from '../text/promise-names.ts';
import { calleesOf } from './callees-of.ts';

/** Longest body of a leaf, in statements, and how many leaves may call each other. */
const MOST_STATEMENTS = 6;
const DEEPEST = 2;

/**
 * Is the function short, and does everything it calls only read, change or compute, by the catalogue or as another leaf?
 *
 * Getters, setters and the like: what they touch can be told without following the program through them.
 */
export function isLeaf(fn: FunctionNode, core: Core, depth = 0): boolean {
  if (depth > DEEPEST || ts.isSourceFile(fn) || ts.isPropertyDeclaration(fn) || ts.isClassStaticBlockDeclaration(fn))
    return false;
  const { body } = fn;
  if (body === undefined || (ts.isBlock(body) && body.statements.length > MOST_STATEMENTS)) return false;
  const calls: ts.CallExpression[] = [];
  const strays = (node: ts.Node): boolean => {
    if (isFunctionNode(node) || ts.isNewExpression(node) || ts.isIterationStatement(node, false)) return true;
    if (ts.isCallExpression(node)) calls.push(node);
    return ts.forEachChild(node, strays) ?? false;
  };
  // All names before the type of any receiver.
  return (
    !strays(body) &&
    calls.every((call) => mayBePlain(call, core)) &&
    calls.every((call) => isPlainCall(call, core, depth))
  );
}

/** Roles of calls that only read, change or compute. */
const PLAIN_ROLES = ['reads', 'mutates', 'pure'] as const;

/** By its name: has the catalogue a row for it, or may the Program have its code? */
function mayBePlain(call: ts.CallExpression, core: Core): boolean {
  const name = lastNameOf(call.expression);
  if (name === undefined || name === 'call' || name === 'apply') return true;
  if (PLAIN_ROLES.some((role) => core.api.namesWith(role).has(name))) return true;
  // The end of a long chain is a query, unless the API is known to compute at each step. No types are dearer than those of queries.
  if (callsBefore(call) > 1) return false;
  return mayBeDeclared(name, core) || PLAIN_ROLES.some((role) => core.api.isNameless(role));
}

function isPlainCall(call: ts.CallExpression, core: Core, depth: number): boolean {
  if (PLAIN_ROLES.some((role) => core.api.plays(call, role) !== undefined)) return true;
  const { functions, isComplete } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every((fn) => isLeaf(fn, core, depth + 1));
}
