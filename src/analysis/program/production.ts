import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { isBindingElement } from '../syntax/bindings.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { callSitesOf, referencesOf } from './references.ts';

const VARIABLE = 'NODE_ENV';
const PRODUCTION = 'production';

/** Values that surely mean no production; `prod` and `live` are some people's names for it. */
const ELSEWHERE: ReadonlySet<string> = new Set(['ci', 'dev', 'development', 'local', 'test', 'testing']);

/** Constants and callers followed. */
const MOST_STEPS = 6;

/**
 * Does a branch on `NODE_ENV` keep this from ever running in production: around it, before it, or around all calls of its function?
 *
 * Doubt: a condition that cannot be followed to the variable lets it run.
 */
export function isKeptFromProduction(node: ts.Node, core: Core, depth = 0): boolean {
  const region = enclosingFunctionOf(node);
  for (let at = node; at !== region && !ts.isSourceFile(at); at = at.parent) {
    const { parent } = at;
    if (isLeftOut(at, parent, core)) return true;
    if (ts.isBlock(parent) || ts.isSourceFile(parent)) {
      const before = parent.statements.slice(
        0,
        parent.statements.findIndex((each) => each === at),
      );
      if (before.some((each) => endsInProduction(each, core))) return true;
    }
  }
  if (ts.isSourceFile(region) || depth > MOST_STEPS) return false;
  const { found, open, passed } = callSitesOf(region, core);
  const isCalledOnly = !open && passed.length === 0 && found.length > 0;
  return isCalledOnly && found.every((site) => isKeptFromProduction(site.node, core, depth + 1));
}

/** Is this the part of an `if`, a conditional or a short circuit that production does not take? */
function isLeftOut(part: ts.Node, whole: ts.Node, core: Core): boolean {
  if (ts.isIfStatement(whole)) {
    if (part === whole.thenStatement) return inProduction(whole.expression, core) === false;
    return part === whole.elseStatement && inProduction(whole.expression, core) === true;
  }
  if (ts.isConditionalExpression(whole)) {
    if (part === whole.whenTrue) return inProduction(whole.condition, core) === false;
    return part === whole.whenFalse && inProduction(whole.condition, core) === true;
  }
  if (!ts.isBinaryExpression(whole) || part !== whole.right) return false;
  const { kind } = whole.operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return inProduction(whole.left, core) === false;
  return kind === ts.SyntaxKind.BarBarToken && inProduction(whole.left, core) === true;
}

/** `if (isProduction) return;` */
function endsInProduction(statement: ts.Statement, core: Core): boolean {
  if (!ts.isIfStatement(statement)) return false;
  const { thenStatement } = statement;
  const last = ts.isBlock(thenStatement) ? thenStatement.statements.at(-1) : thenStatement;
  if (last === undefined || !(ts.isReturnStatement(last) || ts.isThrowStatement(last))) return false;
  return inProduction(statement.expression, core) === true;
}

/** What a condition is in production; `undefined` where that depends on something else. */
function inProduction(condition: ts.Expression, core: Core, depth = 0): boolean | undefined {
  const node = bare(condition);
  if (depth > MOST_STEPS) return undefined;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    return not(inProduction(node.operand, core, depth + 1));
  if (ts.isBinaryExpression(node)) return ofBoth(node, core, depth);
  const value = valueOf(node, core);
  return value === undefined ? undefined : inProduction(value, core, depth + 1);
}

function ofBoth({ left, operatorToken, right }: ts.BinaryExpression, core: Core, depth: number): boolean | undefined {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
    case ts.SyntaxKind.EqualsEqualsToken:
      return isEqual(left, right, core) ?? isEqual(right, left, core);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return not(isEqual(left, right, core) ?? isEqual(right, left, core));
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken: {
      const decides = operatorToken.kind === ts.SyntaxKind.BarBarToken;
      const sides = [inProduction(left, core, depth + 1), inProduction(right, core, depth + 1)];
      if (sides.includes(decides)) return decides;
      return sides.includes(undefined) ? undefined : !decides;
    }
    default:
      return undefined;
  }
}

function not(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}

/** `process.env.NODE_ENV === 'development'` */
function isEqual(variable: ts.Expression, value: ts.Expression, core: Core): boolean | undefined {
  const text = bare(value);
  if (!ts.isStringLiteralLike(text) || !isVariable(variable, core, 0)) return undefined;
  return text.text === PRODUCTION || (ELSEWHERE.has(text.text) ? false : undefined);
}

/** Is it the variable of the environment, a constant that holds it, or either with a default? */
function isVariable(expression: ts.Expression, core: Core, depth: number): boolean {
  const node = bare(expression);
  if (ts.isPropertyAccessExpression(node) && node.name.text === VARIABLE) return true;
  if (ts.isElementAccessExpression(node)) {
    const key = bare(node.argumentExpression);
    return ts.isStringLiteralLike(key) && key.text === VARIABLE;
  }
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isDefault = kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
    return isDefault && isVariable(node.left, core, depth + 1);
  }
  const value = depth > MOST_STEPS ? undefined : valueOf(node, core);
  return value === undefined ? isTakenOut(node, core) : isVariable(value, core, depth + 1);
}

/** `const { NODE_ENV } = process.env` */
function isTakenOut(node: ts.Expression, core: Core): boolean {
  const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  if (declaration === undefined || !isBindingElement(declaration)) return false;
  return (declaration.propertyName ?? declaration.name).getText() === VARIABLE;
}

/** What a constant, or a property of an object literal that is never written, was given. */
function valueOf(node: ts.Expression, core: Core): ts.Expression | undefined {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  const symbol = symbolOf(ts.isIdentifier(node) ? node : node.name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration)) return isConst(declaration) ? declaration.initializer : undefined;
  if (!ts.isPropertyAssignment(declaration)) return undefined;
  const { found, doubt } = referencesOf(symbol, core);
  const isWritten = doubt !== undefined || found.some(({ use }) => use === 'write');
  return isWritten ? undefined : declaration.initializer;
}
