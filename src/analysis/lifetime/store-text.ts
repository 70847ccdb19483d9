import * as ts from 'typescript';
import { isReassigned, symbolOf } from '../places/symbols.ts';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A function that is read as if it stood where it is called: what its parameters and its `this` are there. */
export interface Frame {
  /** The call, in the frame `outer`. */
  readonly call: ts.CallExpression;
  readonly outer: Frame | undefined;
  readonly given: ReadonlyMap<ts.Symbol, ts.Expression>;
  readonly self: ts.Expression | undefined;
}

/** How far names that stand for other names are followed. */
const MOST_STEPS = 24;

/** Names of functions that give another value at each call. */
const FRESH = /random|uuid|nanoid|cuid|ulid|\bnow$|\bid$|next|unique|generate|create/i;

/**
 * A text for what an expression stands for, the same for two expressions only if they have the same value while one run of their
 * function lasts: constants by what they stand for, templates and sums by their parts, parameters by what was given for them.
 *
 * @returns `undefined` for anything that may have another value next time
 */
export function textOf(expression: ts.Expression, frame: Frame | undefined, core: Core): string | undefined {
  const parts = partsOf(expression, frame, core, MOST_STEPS);
  return parts === undefined ? undefined : joined(parts);
}

function joined(parts: readonly Part[]): string {
  let text = '';
  for (const part of parts) text += 'text' in part ? part.text : `\${${part.name}}`;
  return text;
}

/** A piece of a text: letters, or something that has a name. */
type Part = { readonly name: string } | { readonly text: string };

function named(name: string | undefined): readonly Part[] | undefined {
  return name === undefined ? undefined : [{ name }];
}

function partsOf(
  expression: ts.Expression,
  frame: Frame | undefined,
  core: Core,
  steps: number,
): readonly Part[] | undefined {
  if (steps <= 0) return undefined;
  const node = bare(expression);
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return [{ text: node.text }];
  if (ts.isTemplateExpression(node)) {
    const found: Part[] = [{ text: node.head.text }];
    for (const { expression: inner, literal } of node.templateSpans) {
      const parts = partsOf(inner, frame, core, steps - 1);
      if (parts === undefined) return undefined;
      found.push(...parts, { text: literal.text });
    }
    return found;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const left = partsOf(node.left, frame, core, steps - 1);
    const right = partsOf(node.right, frame, core, steps - 1);
    return left === undefined || right === undefined ? undefined : [...left, ...right];
  }
  if (ts.isIdentifier(node)) return ofName(node, frame, core, steps);
  const inner = (given: ts.Expression): string | undefined => {
    const parts = partsOf(given, frame, core, steps - 1);
    return parts === undefined ? undefined : joined(parts);
  };
  if (node.kind === ts.SyntaxKind.ThisKeyword)
    return frame?.self === undefined ? named('this') : partsOf(frame.self, frame.outer, core, steps - 1);
  if (ts.isPropertyAccessExpression(node)) {
    const holder = inner(node.expression);
    return holder === undefined ? undefined : named(`${holder}.${node.name.text}`);
  }
  if (ts.isElementAccessExpression(node)) {
    const holder = inner(node.expression);
    const key = inner(node.argumentExpression);
    return holder === undefined || key === undefined ? undefined : named(`${holder}.${key}`);
  }
  if (ts.isArrayLiteralExpression(node)) {
    const items = node.elements.map(inner);
    return items.includes(undefined) ? undefined : named(`[${items.join(',')}]`);
  }
  if (ts.isObjectLiteralExpression(node)) {
    const items = node.properties.map((property) => {
      if (ts.isShorthandPropertyAssignment(property)) {
        const value = inner(property.name);
        return value === undefined ? undefined : `${property.name.text}:${value}`;
      }
      if (!ts.isPropertyAssignment(property)) return undefined;
      const value = inner(property.initializer);
      return value === undefined ? undefined : `${property.name.getText()}:${value}`;
    });
    return items.includes(undefined) ? undefined : named(`{${items.toSorted().join(',')}}`);
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) return named(node.getText());
  if (ts.isCallExpression(node)) return ofCall(node, frame, core, steps, inner);
  return undefined;
}

function ofName(node: ts.Identifier, frame: Frame | undefined, core: Core, steps: number): readonly Part[] | undefined {
  const symbol = symbolOf(node, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return named(node.text);
  for (let each = frame; each !== undefined; each = each.outer) {
    const given = each.given.get(symbol);
    if (given !== undefined) return partsOf(given, each.outer, core, steps - 1);
  }
  const own = named(`${node.text}@${String(declaration.pos)}@${declaration.getSourceFile().fileName}`);
  if (ts.isParameter(declaration) || ts.isVariableDeclaration(declaration) || isBindingElement(declaration)) {
    if (core.ask(isReassigned, symbol)) return undefined;
  }
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined && steps > 1) {
    const value = bare(declaration.initializer);
    if (mayStandFor(value)) return partsOf(value, frame, core, steps - 1) ?? own;
  }
  if (isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)) {
    const holder = declaration.parent.parent;
    const name = declaration.propertyName ?? declaration.name;
    if (ts.isVariableDeclaration(holder) && holder.initializer !== undefined && ts.isIdentifier(name)) {
      const value = bare(holder.initializer);
      const parts = mayStandFor(value) ? partsOf(value, frame, core, steps - 1) : undefined;
      if (parts !== undefined && declaration.initializer === undefined) return named(`${joined(parts)}.${name.text}`);
    }
  }
  return own;
}

/** Is a constant with this value a second name for it? What was awaited, built or called has the constant for its name. */
function mayStandFor(value: ts.Expression): boolean {
  return !ts.isAwaitExpression(value) && !ts.isNewExpression(value) && !ts.isObjectLiteralExpression(value);
}

/** A call that gives the same again: a key builder, a conversion. */
function ofCall(
  node: ts.CallExpression,
  frame: Frame | undefined,
  core: Core,
  steps: number,
  inner: (given: ts.Expression) => string | undefined,
): readonly Part[] | undefined {
  const callee = bare(node.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  if (name === 'String' || (name === 'toString' && node.arguments.length === 0)) {
    const given = name === 'String' ? node.arguments[0] : (callee as ts.PropertyAccessExpression).expression;
    return given === undefined ? undefined : partsOf(given, frame, core, steps - 1);
  }
  if (name === '' || FRESH.test(name) || isThenable(core.checker.getTypeAtLocation(node), core.checker))
    return undefined;
  const target = ts.isIdentifier(callee) ? inner(callee) : inner(callee);
  const given = node.arguments.map(inner);
  return target === undefined || given.includes(undefined) ? undefined : named(`${target}(${given.join(',')})`);
}
