import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';

/** Does a framework call the method, once for each object and when the program starts, as a decorator of the class has it? */
export function isStartHook(fn: FunctionNode, { api }: Core): boolean {
  if (!ts.isMethodDeclaration(fn) || !ts.isIdentifier(fn.name) || !ts.isClassDeclaration(fn.parent)) return false;
  const { text } = fn.name;
  return (ts.getDecorators(fn.parent) ?? []).some(({ expression }) => {
    const call = bare(expression);
    return ts.isCallExpression(call) && api.plays(call, 'singleton-decorator')?.startHooks?.includes(text) === true;
  });
}
