import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import type { Call } from './callees-of.ts';

const LEVELS = /^(?:alert|crit|critical|debug|error|fatal|http|info|log|notice|silly|trace|verbose|warn|warning)$/;

const QUIET = /^(?:debug|silly|trace|verbose)$/;

/**
 * Does the call write a log line: a method of a logger by the catalogue, or one called after a level on something that is called a log?
 */
export function isLogCall(call: Call, core: Core): boolean {
  if (!ts.isCallExpression(call)) return false;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  if (LEVELS.test(callee.name.text) && isNamedLog(bare(callee.expression))) return true;
  const receiver = nameOf(bare(callee.expression));
  if (receiver === undefined || !LEVELS.test(callee.name.text)) return false;
  return core.api.isA(core.checker.getTypeAtLocation(callee.expression), 'logger') !== undefined;
}

/** A line that only those see who look for a fault. */
export function isQuietLogCall(call: Call): boolean {
  const callee = ts.isCallExpression(call) ? bare(call.expression) : undefined;
  return callee !== undefined && ts.isPropertyAccessExpression(callee) && QUIET.test(callee.name.text);
}

function isNamedLog(receiver: ts.Expression): boolean {
  return /^(?:console|_?(?:.*log|.*logger|.*logging|winston|pino|bunyan))$/i.test(nameOf(receiver) ?? '');
}

/** The last name of the receiver: `log` in `this.log`, in `request.log` and in `this.log()`. */
function nameOf(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isCallExpression(node) ? nameOf(bare(node.expression)) : undefined;
}
