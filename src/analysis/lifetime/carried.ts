import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import type { Access } from '../places/accesses.ts';
import { bare } from '../syntax/expressions.ts';

/**
 * How a value comes from a read: it is what was read, it was computed from it, it was awaited from a call that got it, or it holds
 * or is an unchanged part of it.
 */
export const SAME = 1;
export const COMPUTED = 2;
export const ANSWERED = 4;
export const PART = 8;

/** The reads a value comes from, each with the ways it does (bits). */
export type Origins = ReadonlyMap<Access, number>;

/** No origins, shared. */
export const NOTHING: Origins = new Map();

/** Both together. */
export function joined(left: Origins, right: Origins): Origins {
  if (left.size === 0) return right;
  if (right.size === 0) return left;
  const all = new Map(left);
  for (const [origin, ways] of right) all.set(origin, (all.get(origin) ?? 0) | ways);
  return all;
}

/** A value computed from these origins is no longer the very thing that was read. */
export function computed(origins: Origins): Origins {
  if (origins.size === 0) return origins;
  return new Map(
    [...origins].map(([origin, ways]) => [
      origin,
      (ways & ANSWERED) | (ways & (SAME | COMPUTED | PART) ? COMPUTED : 0),
    ]),
  );
}

/** A property of what was read, or a literal that holds it: nothing was changed yet. */
export function partly(origins: Origins): Origins {
  if (origins.size === 0) return origins;
  return new Map([...origins].map(([origin, ways]) => [origin, (ways & ~SAME) | (ways & SAME ? PART : 0)]));
}

function answered(origins: Origins): Origins {
  return origins.size === 0 ? origins : new Map([...origins.keys()].map((origin) => [origin, ANSWERED]));
}

/** What is known when a value is looked at: the origins of leaves (reads, reading calls) already evaluated. */
export interface Evaluated {
  originsOf(leaf: ts.Node): Origins | undefined;
  /** Arguments (and receiver) from which a call's result derives; `undefined` when that is not known. */
  resultParts(call: ts.CallExpression | ts.NewExpression, core: Core): readonly ts.Expression[] | undefined;
  readonly core: Core;
}

/**
 * The reads that an expression's value comes from.
 *
 * Goes through operators, templates, literals, spreads, conditionals (their branches, not their test) and calls whose result is known
 * to derive from what they get. What an awaited call answers is new, even when the call was given the old value; that it was given
 * it is kept (`ANSWERED`), because a value moved on by such an answer is a cursor and not a lost update.
 */
export function originsOf(expression: ts.Node, seen: Evaluated): Origins {
  const inner = bare(expression);
  const leaf = seen.originsOf(inner);
  if (leaf !== undefined) return leaf;
  if (ts.isAwaitExpression(inner)) return awaitedOrigins(inner, seen);
  if (ts.isBinaryExpression(inner)) return binaryOrigins(inner, seen);
  if (ts.isConditionalExpression(inner))
    return joined(originsOf(inner.whenTrue, seen), originsOf(inner.whenFalse, seen));
  if (ts.isPrefixUnaryExpression(inner) || ts.isPostfixUnaryExpression(inner))
    return computed(originsOf(inner.operand, seen));
  if (ts.isTemplateExpression(inner))
    return allOf(
      inner.templateSpans.map((span) => span.expression),
      seen,
    );
  if (ts.isArrayLiteralExpression(inner)) return heldIn(inner.elements, seen);
  if (ts.isSpreadElement(inner) || ts.isSpreadAssignment(inner)) return computed(originsOf(inner.expression, seen));
  if (ts.isObjectLiteralExpression(inner)) return heldIn(inner.properties.flatMap(propertyValue), seen);
  if (ts.isPropertyAccessExpression(inner)) return partly(originsOf(inner.expression, seen));
  if (ts.isElementAccessExpression(inner)) {
    return joined(partly(originsOf(inner.expression, seen)), computed(originsOf(inner.argumentExpression, seen)));
  }
  if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) {
    // Cheap first: what is not given cannot come back.
    if (allOf(givenTo(inner), seen).size === 0) return NOTHING;
    const parts = seen.resultParts(inner, seen.core);
    return parts === undefined ? NOTHING : allOf(parts, seen);
  }
  return NOTHING;
}

function allOf(parts: readonly ts.Node[], seen: Evaluated): Origins {
  return computed(parts.reduce<Origins>((all, part) => joined(all, originsOf(part, seen)), NOTHING));
}

function heldIn(parts: readonly ts.Node[], seen: Evaluated): Origins {
  return partly(parts.reduce<Origins>((all, part) => joined(all, originsOf(part, seen)), NOTHING));
}

function awaitedOrigins(node: ts.AwaitExpression, seen: Evaluated): Origins {
  const inner = bare(node.expression);
  const known = seen.originsOf(inner);
  if (known !== undefined) return known;
  if (!ts.isCallExpression(inner) && !ts.isNewExpression(inner)) return originsOf(inner, seen);
  return answered(allOf(givenTo(inner), seen));
}

/** The arguments and the receiver of a call. */
function givenTo(call: ts.CallExpression | ts.NewExpression): readonly ts.Expression[] {
  const callee = bare(call.expression);
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  return [...(isMember ? [callee.expression] : []), ...(call.arguments ?? [])];
}

function binaryOrigins(node: ts.BinaryExpression, seen: Evaluated): Origins {
  const operator = node.operatorToken.kind;
  if (operator === ts.SyntaxKind.CommaToken || operator === ts.SyntaxKind.EqualsToken)
    return originsOf(node.right, seen);
  const both = joined(originsOf(node.left, seen), originsOf(node.right, seen));
  const isChoice =
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.AmpersandAmpersandToken;
  return isChoice ? both : computed(both);
}

function propertyValue(property: ts.ObjectLiteralElementLike): ts.Node[] {
  if (ts.isPropertyAssignment(property)) return [property.initializer];
  if (ts.isShorthandPropertyAssignment(property)) return [property.name];
  // A spread copies all that was there, what others have changed meanwhile too.
  return ts.isSpreadAssignment(property) ? [property] : [];
}
