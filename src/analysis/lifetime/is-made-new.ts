import * as ts from 'typescript';
import { calleesOf, returnedBy } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Functions and locals followed from one to another. */
const DEEPEST = 5;

/**
 * Names by which functions without a body are known to make something new. They support what the type says; alone they prove nothing.
 */
const MAKES =
  /^(?:accept|acquire|allocate|attach|begin|bind|boot|build|checkout|connect|create|dial|fork|init|instantiate|launch|lease|listen|make|new|open|register|reserve|spawn|start|subscribe|watch)/i;

/**
 * Does the expression give something new at each evaluation? `undefined` where that is not known: what a call answers may be one and
 * the same object each time.
 */
export function isMadeNew(value: ts.Expression, core: Core, depth = 0): boolean | undefined {
  if (depth > DEEPEST) return undefined;
  const node = bare(value);
  if (ts.isAwaitExpression(node)) return isMadeNew(node.expression, core, depth);
  if (ts.isNewExpression(node) || ts.isObjectLiteralExpression(node)) return true;
  if (ts.isIdentifier(node)) {
    const source = localSourceOf(node, core);
    return source === undefined ? undefined : isMadeNew(source, core, depth + 1);
  }
  // A part of something else, a module.
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return false;
  if (ts.isConditionalExpression(node))
    return either(isMadeNew(node.whenTrue, core, depth + 1), isMadeNew(node.whenFalse, core, depth + 1));
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return undefined;
  return ts.isCallExpression(node) ? isMadeByCall(node, core, depth) : undefined;
}

function isMadeByCall(call: ts.CallExpression, core: Core, depth: number): boolean | undefined {
  const { api } = core;
  if (call.expression.kind === ts.SyntaxKind.ImportKeyword) return false;
  if (api.plays(call, 'chains') !== undefined) return isMadeByChain(call, core, depth);
  if (api.plays(call, 'creates') ?? api.plays(call, 'acquires') ?? api.plays(call, 'starts-timer')) return true;
  if (api.plays(call, 'reads') ?? api.plays(call, 'store-read')) return undefined;
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (functions.length > 0) {
    if (!isComplete) return undefined;
    let all: boolean | undefined;
    for (const fn of functions) {
      const returned = returnedBy(fn);
      if (returned.length === 0) return undefined;
      for (const each of returned) {
        const isNew = isMadeNew(each, core, depth + 1);
        if (isNew !== true) return isNew;
        all = true;
      }
    }
    return all;
  }
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  return MAKES.test(name) && !core.checker.getTypeAtLocation(call).isTypeParameter() ? true : undefined;
}

/** `connect().catch(…)` and `open().finally(…)` give what they are called on; `then` what its callback gives. */
function isMadeByChain(call: ts.CallExpression, core: Core, depth: number): boolean | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  if (callee.name.text !== 'then') return isMadeNew(callee.expression, core, depth + 1);
  const callback = call.arguments[0] === undefined ? undefined : bare(call.arguments[0]);
  if (callback === undefined || !(ts.isArrowFunction(callback) || ts.isFunctionExpression(callback))) return undefined;
  const returned = returnedBy(callback);
  return returned.length === 0
    ? undefined
    : returned.every((each) => isMadeNew(each, core, depth + 1) === true) || undefined;
}

/** What a local of the same function got last before it is named. */
export function localSourceOf(name: ts.Identifier, core: Core): ts.Expression | undefined {
  const symbol = symbolOf(name, core);
  const declaration = symbol?.valueDeclaration;
  if (declaration !== undefined && ts.isParameter(declaration)) return settledInto(declaration, core);
  if (declaration !== undefined && isBindingElement(declaration)) return joinedAs(declaration, core);
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const home = enclosingFunctionOf(declaration);
  if (home !== enclosingFunctionOf(name)) return undefined;
  let last = declaration.initializer;
  const visit = (node: ts.Node): void => {
    if (node.pos >= name.pos) return;
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken && node.end <= name.pos) {
      const target = bare(node.left);
      if (ts.isIdentifier(target) && target.text === name.text && symbolOf(target, core) === symbol) last = node.right;
    }
    ts.forEachChild(node, visit);
  };
  if (!isConst(declaration)) visit(home);
  return last;
}

/** `const [made] = await Promise.all([connect(), load()])`: the promise of that place. */
function joinedAs(element: ts.BindingElement, core: Core): ts.Expression | undefined {
  const pattern = element.parent;
  const declaration = pattern.parent;
  if (!ts.isArrayBindingPattern(pattern) || !ts.isVariableDeclaration(declaration)) return undefined;
  const waited = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  const joins = waited !== undefined && ts.isAwaitExpression(waited) ? bare(waited.expression) : undefined;
  if (joins === undefined || !ts.isCallExpression(joins) || core.api.plays(joins, 'joins') === undefined)
    return undefined;
  const list = joins.arguments[0] === undefined ? undefined : bare(joins.arguments[0]);
  return list !== undefined && ts.isArrayLiteralExpression(list)
    ? list.elements[pattern.elements.indexOf(element)]
    : undefined;
}

/** The promise whose value the callback of its `then` gets as this parameter. */
function settledInto(parameter: ts.ParameterDeclaration, core: Core): ts.Expression | undefined {
  const { parent: callback } = parameter;
  if (!ts.isArrowFunction(callback) && !ts.isFunctionExpression(callback)) return undefined;
  const call = wrapped(callback).parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== wrapped(callback)) return undefined;
  const callee = bare(call.expression);
  const isThen = ts.isPropertyAccessExpression(callee) && callee.name.text === 'then';
  return isThen && core.api.plays(call, 'chains') !== undefined ? callee.expression : undefined;
}

function either(left: boolean | undefined, right: boolean | undefined): boolean | undefined {
  return left === right ? left : undefined;
}
