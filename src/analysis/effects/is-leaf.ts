import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
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
  const strays = (node: ts.Node): boolean => {
    if (isFunctionNode(node) || ts.isNewExpression(node) || ts.isIterationStatement(node, false)) return true;
    if (ts.isCallExpression(node) && !isPlainCall(node, core, depth)) return true;
    return ts.forEachChild(node, strays) ?? false;
  };
  return !strays(body);
}

function isPlainCall(call: ts.CallExpression, core: Core, depth: number): boolean {
  const { api } = core;
  if (api.plays(call, 'reads') ?? api.plays(call, 'mutates') ?? api.plays(call, 'pure')) return true;
  const { functions, isComplete } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every((fn) => isLeaf(fn, core, depth + 1));
}
