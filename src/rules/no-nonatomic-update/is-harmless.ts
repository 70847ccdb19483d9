import * as ts from 'typescript';
import {
  bare,
  calleesOf,
  type Core,
  isAssignmentOperator,
  isAsync,
  isFunctionNode,
  isGenerator,
  readsAndWrites,
} from '../../analysis/index.ts';

/**
 * May the expression be evaluated later, or once more, without anybody noticing but for newer values?
 *
 * It assigns nothing, waits for nothing, and calls only what reads or computes: by the catalogue, or as a function of the program
 * that writes nothing. Doubt: any other call is not harmless.
 */
export function isHarmless(root: ts.Node, core: Core): boolean {
  const isNoticed = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false;
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      if (!onlyReads(node, core)) return true;
    } else if (isDeed(node)) {
      return true;
    }
    return ts.forEachChild(node, isNoticed) ?? false;
  };
  return !isNoticed(root);
}

function isDeed(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return isAssignmentOperator(node.operatorToken.kind);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    return node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  }
  return (
    ts.isAwaitExpression(node) ||
    ts.isYieldExpression(node) ||
    ts.isDeleteExpression(node) ||
    ts.isTaggedTemplateExpression(node) ||
    ts.isClassExpression(node)
  );
}

/** Does a call only read or compute, its callbacks too? */
export function onlyReads(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const { api } = core;
  if (api.plays(call, 'mutates') !== undefined) return false;
  if ((api.plays(call, 'reads') ?? api.plays(call, 'pure')) !== undefined) {
    return (call.arguments ?? []).every((argument) => isQuiet(bare(argument), core));
  }
  const { functions, isComplete } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every((fn) => isQuiet(fn, core));
}

/** A function that writes nothing outside itself and calls nothing unseen; anything that is no function. */
function isQuiet(node: ts.Node, core: Core): boolean {
  if (!isFunctionNode(node)) return true;
  if (isAsync(node) || isGenerator(node)) return false;
  const { accesses, isOpen } = core.ask(readsAndWrites, node);
  return !isOpen && accesses.every(({ is }) => is === 'read');
}
