import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isFunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { calledName, chainOf, receiverOf, type StoreCall } from './store-calls.ts';
import { writesOf } from './store-sources.ts';
import { textOf } from './store-text.ts';
import { argumentAt, filterMadeBy, type Placed, resolved } from './store-things.ts';

/** Names of functions that make an identity. */
const MAKES_IDENTITY = /uuid|nanoid|cuid|ulid|random|objectid|token|secret|apikey|password/i;

/** Those of them that give another value at each call, and not one that somebody else has. */
const MAKES_AT_RANDOM = /uuid|nanoid|cuid|ulid|random/i;

/** Names of keys under which the one who comes first is written down. */
const IS_CLAIM = /lock|mutex|claim|lease|leader|in.?progress|running|in.?flight|busy|reserv/i;

/** How far names are followed. */
const MOST_STEPS = 4;

/** Does a value hold an identity that is made here, or is it the mark of who came first? */
export function identityIn(write: StoreCall, value: Placed, core: Core): boolean {
  if (mentionsMaker(value, core, MOST_STEPS)) return true;
  if (isMark(value, core, MOST_STEPS)) return true;
  const key = argumentAt(write, write.row.key, core);
  const text = key === undefined ? undefined : textOf(key.node, key.frame, core);
  return text !== undefined && IS_CLAIM.test(text.replaceAll(/@[^}]*/g, ''));
}

/** Values that say no more than that somebody was here: `'1'`, `true`, the time. What stands for nothing is kept by caches. */
function isMark({ node, frame }: Placed, core: Core, steps: number): boolean {
  const value = bare(node);
  if (ts.isStringLiteralLike(value)) return /^(?:1|true|yes|done|sent|seen|ok|used|started|locked)$/i.test(value.text);
  if (ts.isNumericLiteral(value)) return value.text === '1';
  if (value.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (ts.isIdentifier(value)) {
    const place = steps > 0 ? made(value, frame, core) : undefined;
    return place !== undefined && isMark(place, core, steps - 1);
  }
  if (ts.isNewExpression(value)) return value.expression.getText() === 'Date' && (value.arguments ?? []).length === 0;
  if (!ts.isCallExpression(value)) return false;
  const callee = bare(value.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const holder = bare(callee.expression);
  if (ts.isIdentifier(holder) && holder.text === 'Date') return callee.name.text === 'now';
  return (
    /^(?:getTime|to(?:ISO)?String|valueOf)$/.test(callee.name.text) && isMark({ node: holder, frame }, core, steps - 1)
  );
}

/** Is a part of what is written made here, and another one each time? */
export function makesIdentity(value: Placed, core: Core): boolean {
  return mentionsMaker(value, core, MOST_STEPS);
}

/** Is a part of the key made in the same run, so that nobody else can have it? */
export function isFreshKey(key: Placed, core: Core): boolean {
  return mentionsMaker(key, core, MOST_STEPS);
}

function mentionsMaker({ node, frame }: Placed, core: Core, steps: number, makers = MAKES_IDENTITY): boolean {
  let isFound = false;
  const visit = (inner: ts.Node): void => {
    if (isFound || isFunctionNode(inner)) return;
    if (ts.isCallExpression(inner) || ts.isNewExpression(inner)) {
      const name = ts.isCallExpression(inner) ? calledName(inner) : inner.expression.getText();
      if (name !== undefined && makers.test(name)) isFound = true;
    }
    if (ts.isIdentifier(inner) && steps > 0) {
      const place = made(inner, frame, core);
      if (place !== undefined && mentionsMaker(place, core, steps - 1, makers)) isFound = true;
      const last = assignedTo(inner, core);
      // What is waited for may be the same for everybody.
      if (last !== undefined && !waits(last) && mentionsMaker({ node: last, frame }, core, steps - 1, MAKES_AT_RANDOM))
        isFound = true;
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return isFound;
}

/** What a variable was given last before it is named, by a statement that stands before it in the same block or around it. */
function assignedTo(name: ts.Identifier, core: Core): ts.Expression | undefined {
  const symbol = symbolOf(name, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const last = isConst(declaration) ? undefined : writesOf(symbol, name, core).at(-1);
  if (last?.is !== 'value') return undefined;
  const statement = wrapped(last.value).parent.parent;
  return ts.isExpressionStatement(statement) && isInside(name, statement.parent) ? last.value : undefined;
}

function waits(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || (!isFunctionNode(node) && (ts.forEachChild(node, waits) ?? false));
}

/** What a name was made of: the value of a constant, the argument of a parameter. */
function made(name: ts.Identifier, frame: Placed['frame'], core: Core): Placed | undefined {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent) && parent.name === name) return undefined;
  if (ts.isPropertyAssignment(parent) && parent.name === name) return undefined;
  const place = resolved({ node: name, frame }, core);
  if (place.node !== name) return place;
  const declaration = symbolOf(name, core)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || declaration.initializer === undefined)
    return undefined;
  return { node: bare(declaration.initializer), frame };
}

/**
 * Does the store itself refuse a second row, or is it another row than the one that was looked for? What makes a column unique is seen
 * in the options of the store's own call, and in the file that declares the table.
 */
export function isRefusedByStore(write: StoreCall, read: StoreCall, core: Core): boolean {
  if (read.row.store.isUnique === true) return true;
  const columns = filterMadeBy(write, read, core);
  if (columns === undefined || columns.length === 0) return true;
  return columns.some((column) => ID_NAME.test(column)) || isDeclaredUnique(write, columns, core);
}

/** What is found by its own id is made by nobody else. */
const ID_NAME = /^_?id$/;

/** Does the file that declares the table speak of something unique beside one of the columns? */
function isDeclaredUnique({ call }: StoreCall, columns: readonly string[], core: Core): boolean {
  const names: ts.Node[] = [];
  for (const each of chainOf(call)) {
    const receiver = receiverOf(each);
    if (receiver !== undefined) names.push(ts.isPropertyAccessExpression(receiver) ? receiver.name : receiver);
    names.push(...each.arguments.filter((given) => ts.isIdentifier(given)));
  }
  return names.some((name) => {
    const file = symbolOf(name, core)?.declarations?.[0]?.getSourceFile();
    if (file === undefined || file.isDeclarationFile || !/unique/i.test(file.text)) return false;
    return columns.some((column) =>
      new RegExp(`\\b${column}\\b[\\s\\S]{0,200}?unique|unique[\\s\\S]{0,200}?\\b${column}\\b`, 'i').test(file.text),
    );
  });
}
