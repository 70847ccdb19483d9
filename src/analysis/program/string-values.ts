import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { elementTypeOf } from '../types/element-type-of.ts';

/** How far names and arrays are followed. */
const MOST_STEPS = 8;

/** Literals of a union type that still say which one may be meant. `NodeJS.Signals` has thirty. */
const MOST_LITERALS = 8;

/**
 * The strings that an expression may be: a literal, a constant, a variable or callback parameter that runs over an array of them,
 * an enum member, or what a narrow type says. `undefined` when others are possible.
 */
export function stringsAt(expression: ts.Expression, core: Core, depth = 0): readonly string[] | undefined {
  const node = bare(expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (depth > MOST_STEPS) return undefined;
  if (ts.isConditionalExpression(node)) {
    return all([stringsAt(node.whenTrue, core, depth + 1), stringsAt(node.whenFalse, core, depth + 1)]);
  }
  return writtenAt(node, core, depth) ?? literalsOf(core.checker.getTypeAtLocation(node));
}

function writtenAt(node: ts.Expression, core: Core, depth: number): readonly string[] | undefined {
  const declaration = declarationAt(node, core);
  if (declaration === undefined) return undefined;
  if (ts.isParameter(declaration)) {
    const array = iteratedBy(declaration, core);
    return array === undefined ? undefined : elementsAt(array, core, depth + 1);
  }
  if (ts.isEnumMember(declaration) || ts.isPropertyAssignment(declaration)) {
    return declaration.initializer === undefined ? undefined : stringsAt(declaration.initializer, core, depth + 1);
  }
  if (!ts.isVariableDeclaration(declaration)) return undefined;
  const loop = declaration.parent.parent;
  if (ts.isForOfStatement(loop)) return elementsAt(loop.expression, core, depth + 1);
  if (declaration.initializer === undefined || !isConst(declaration)) return undefined;
  return stringsAt(declaration.initializer, core, depth + 1);
}

/** The strings in an array: written as one, kept in a constant, spread, in a `new Set([…])`; else by the type of its elements. */
export function elementsAt(expression: ts.Expression, core: Core, depth = 0): readonly string[] | undefined {
  const node = bare(expression);
  if (depth > MOST_STEPS) return undefined;
  if (ts.isArrayLiteralExpression(node)) {
    return all(
      node.elements.map((element) =>
        ts.isSpreadElement(element)
          ? elementsAt(element.expression, core, depth + 1)
          : stringsAt(element, core, depth + 1),
      ),
    );
  }
  const [only, second] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
  if (only !== undefined && second === undefined) return elementsAt(only, core, depth + 1);
  const declaration = declarationAt(node, core);
  const kept =
    declaration !== undefined &&
    (ts.isPropertyAssignment(declaration) ||
      ts.isPropertyDeclaration(declaration) ||
      (ts.isVariableDeclaration(declaration) && isConst(declaration)))
      ? declaration.initializer
      : undefined;
  const written = kept === undefined ? undefined : elementsAt(kept, core, depth + 1);
  if (written !== undefined) return written;
  const element = elementTypeOf(core.checker.getTypeAtLocation(node), core.checker);
  return element === undefined ? undefined : literalsOf(element);
}

function declarationAt(node: ts.Expression, core: Core): ts.Declaration | undefined {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node)) return undefined;
  return symbolOf(ts.isIdentifier(node) ? node : node.name, core)?.valueDeclaration;
}

/** The array that a callback's first parameter runs over: `signals` in `signals.forEach((signal) => …)`. */
export function iteratedBy(parameter: ts.ParameterDeclaration, core: Core): ts.Expression | undefined {
  const fn = parameter.parent;
  if (fn.parameters[0] !== parameter || !isFunctionNode(fn) || ts.isFunctionDeclaration(fn)) return undefined;
  const outer = wrapped(fn);
  const call = outer.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== outer) return undefined;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || core.api.plays(call, 'runs-now') === undefined) return undefined;
  return callee.expression;
}

function literalsOf(type: ts.Type): readonly string[] | undefined {
  const parts = type.isUnion() ? type.types : [type];
  if (parts.length > MOST_LITERALS) return undefined;
  const texts = parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
  return texts.length === parts.length ? texts : undefined;
}

function all(lists: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const known = lists.filter((list) => list !== undefined);
  return known.length === lists.length ? [...new Set(known.flat())] : undefined;
}
