import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, isWriteTarget, symbolOf } from '../places/symbols.ts';
import { isBindingElement } from '../syntax/bindings.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { mentionsOne, namesBound } from '../syntax/names.ts';
import { identifiersNamed } from '../text/mentions.ts';
import { elementTypeOf } from '../types/element-type-of.ts';

/** How far names and arrays are followed. */
const MOST_STEPS = 8;

/** Literals of a union type that still say which one may be meant. `NodeJS.Signals` has thirty. */
const MOST_LITERALS = 8;

/**
 * The strings that an expression may be: a literal, a constant, a variable or callback parameter that runs over an array of them
 * or over the names of a table, an enum member, or what a narrow type says. `undefined` when others are possible.
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
  const run = runOverNames(declaration, core);
  if (run !== undefined) return isTestedInTurn(run) ? undefined : namesIn(run.table, core, depth + 1);
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

/** A loop over the names of a table. */
interface NamesRun {
  readonly table: ts.Expression;
  /** The variable or callback parameter that gets a name, or an entry. */
  readonly running: ts.ParameterDeclaration | ts.VariableDeclaration;
}

/** What gives a variable its names: `for … in`, a loop over the keys of a table, or over its entries. */
function runOverNames(declaration: ts.Declaration, core: Core): NamesRun | undefined {
  const pair = isBindingElement(declaration) ? declaration.parent : undefined;
  if (pair !== undefined && pair.elements[0] !== declaration) return undefined;
  const running = pair === undefined ? declaration : pair.parent;
  if (!ts.isParameter(running) && !ts.isVariableDeclaration(running)) return undefined;
  const loop = running.parent.parent;
  if (ts.isForInStatement(loop)) return { table: loop.expression, running };
  const over = ts.isParameter(running)
    ? iteratedBy(running, core)
    : ts.isForOfStatement(loop)
      ? loop.expression
      : undefined;
  const call = over === undefined ? undefined : bare(over);
  if (call === undefined || !ts.isCallExpression(call)) return undefined;
  const wanted = pair === undefined ? 'Object.static:keys' : 'Object.static:entries';
  const table = core.api.memberOf(call)?.name === wanted ? core.api.argumentOf(call, 0) : undefined;
  return table === undefined ? undefined : { table, running };
}

/** Does a turn of the loop choose by what it runs over? Then it may do this for some names only. */
function isTestedInTurn({ running }: NamesRun): boolean {
  const names = new Set(namesBound(running.name));
  const look = (node: ts.Node): boolean => {
    if (isFunctionNode(node)) return false;
    const test = testOf(node);
    return (test !== undefined && mentionsOne(test, names)) || (ts.forEachChild(node, look) ?? false);
  };
  return ts.forEachChild(ts.isParameter(running) ? running.parent : running.parent.parent, look) ?? false;
}

function testOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isIfStatement(node) || ts.isSwitchStatement(node)) return node.expression;
  if (ts.isConditionalExpression(node)) return node.condition;
  return ts.isBinaryExpression(node) ? node : undefined;
}

/**
 * The names of the members of an object literal, also of one that is kept in a constant.
 *
 * Doubt: computed names, spreads, and tables to which members are added or from which they are taken.
 */
function namesIn(table: ts.Expression, core: Core, depth: number): readonly string[] | undefined {
  const node = bare(table);
  if (depth > MOST_STEPS) return undefined;
  if (ts.isObjectLiteralExpression(node)) return all(node.properties.map(nameOf));
  const declaration = ts.isIdentifier(node) ? declarationAt(node, core) : undefined;
  const isKept = declaration !== undefined && ts.isVariableDeclaration(declaration) && isConst(declaration);
  if (!isKept || declaration.initializer === undefined || isChanged(declaration, core)) return undefined;
  return namesIn(declaration.initializer, core, depth + 1);
}

function nameOf({ name }: ts.ObjectLiteralElementLike): readonly string[] | undefined {
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteralLike(name)) ? [name.text] : undefined;
}

/** Is a member of the object written or taken away? Looks at the file of its declaration. */
function isChanged({ name }: ts.VariableDeclaration, core: Core): boolean {
  const file = name.getSourceFile();
  return identifiersNamed(file, name.getText(), file.pos, file.end, core).some((mention) => {
    const { parent } = wrapped(mention);
    const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
    return isAccess && bare(parent.expression) === mention && isWriteTarget(parent);
  });
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
