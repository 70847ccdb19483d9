import * as ts from 'typescript';
import { bare, type Core, isNullish, referencesInFileOf, symbolAt } from '../../analysis/index.ts';

/**
 * Does the code go on as if an answer had come: does it never look at it, or assert it, take it apart, access it without a test? A read
 * that gives up answers `null`, which it would meet for the first time.
 */
export function reliesOnAnswer(wait: ts.Node, core: Core): boolean {
  let value = wait;
  let isAwaited = false;
  while (ts.isAwaitExpression(value.parent) || ts.isParenthesizedExpression(value.parent)) {
    value = value.parent;
    isAwaited ||= ts.isAwaitExpression(value);
  }
  const { parent } = value;
  if (ts.isExpressionStatement(parent) || isTakenForGranted(value)) return true;
  if (ts.isVariableDeclaration(parent)) return reliesOn(parent.name, core);
  if (!isAccessed(value)) return false;
  if (isAwaited) return true;
  // `read.then((answer) => …)`
  const [given] = ts.isCallExpression(parent.parent) ? parent.parent.arguments : [];
  const callback = given === undefined ? undefined : bare(given);
  const isFunction = callback !== undefined && (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback));
  const [answer] = isFunction ? callback.parameters : [];
  return answer === undefined || reliesOn(answer.name, core);
}

function reliesOn(name: ts.BindingName, core: Core): boolean {
  if (!ts.isIdentifier(name)) return true;
  const symbol = symbolAt(name, core.checker);
  const uses = symbol === undefined ? [] : referencesInFileOf(symbol, core);
  // Without strict types nothing but a test keeps it from being accessed.
  const type = core.checker.getTypeAtLocation(name);
  const mayBeNull = type.isUnion() && type.types.some(isNullish);
  return uses.some((use) => isTakenForGranted(use) || (!mayBeNull && isAccessed(use)));
}

/** `answer!`, `answer as string[]` */
function isTakenForGranted({ parent }: ts.Node): boolean {
  return ts.isNonNullExpression(parent) || ts.isAsExpression(parent) || ts.isTypeAssertionExpression(parent);
}

/** `answer.key`, `answer[1]`, `const [, order] = answer` */
function isAccessed(value: ts.Node): boolean {
  const { parent } = value;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression === value && parent.questionDotToken === undefined;
  return ts.isVariableDeclaration(parent) && parent.initializer === value && !ts.isIdentifier(parent.name);
}
