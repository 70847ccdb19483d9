import * as ts from 'typescript';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { lastNameOf } from '../syntax/names.ts';
import { thisOwnerOf } from '../syntax/this-owner.ts';
import { type EntryKey, type PathPart, type Place, type PlaceRoot, within } from './place.ts';
import { isReassigned, symbolOf, unaliased } from './symbols.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Aliases followed from one place to another before we stop looking. */
const MOST_ALIASES = 8;

/**
 * The place a node touches: an identifier, a property or element access, `this`, a binding element, a declared name, or a call that
 * takes an entry out of a collection. `undefined` when the node names no place of its own (a literal, an arbitrary call).
 *
 * A path through a local that is a plain alias (`const stats = this.stats; stats.hits`) is the path through what it stands for;
 * the alias itself, read as a value, is a place of its own.
 */
export function placeOf(node: ts.Node, core: Core): Place | undefined {
  return placeAt(node, core, 0);
}

/** The place of an entry that a call addresses by one of its arguments (`sessions.get(id)`), given where the key stands. */
export function entryOf(call: ts.CallExpression, key: ts.Expression | undefined, core: Core): Place | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) && !ts.isElementAccessExpression(callee)) return undefined;
  const holder = pathRootOf(callee.expression, core, 0);
  if (holder === undefined) return undefined;
  return within(holder, key === undefined ? { is: 'contents' } : { is: 'entry', key: keyOf(key, core) });
}

function placeAt(node: ts.Node, core: Core, depth: number): Place | undefined {
  if (depth > MOST_ALIASES) return undefined;
  const inner = bare(node);
  if (ts.isIdentifier(inner)) return bindingPlaceOf(inner, core);
  if (inner.kind === ts.SyntaxKind.ThisKeyword) return thisPlaceOf(inner, core);
  if (ts.isPropertyAccessExpression(inner)) return propertyPlaceOf(inner, core, depth);
  if (ts.isElementAccessExpression(inner)) {
    const holder = pathRootOf(inner.expression, core, depth);
    return holder === undefined ? undefined : within(holder, elementPartOf(inner.argumentExpression, core));
  }
  if (ts.isCallExpression(inner)) return readEntryOf(inner, core);
  if (isBindingElement(inner)) return elementPlaceOf(inner, core, depth);
  if (ts.isPropertyAssignment(inner) || ts.isShorthandPropertyAssignment(inner))
    return assignedPartOf(inner, core, depth);
  if (ts.isPropertyDeclaration(inner.parent) && inner.parent.name === inner) return fieldPlaceOf(inner.parent, core);
  if (ts.isPrivateIdentifier(inner) || ts.isStringLiteral(inner)) return undefined;
  return undefined;
}

function bindingPlaceOf(node: ts.Identifier, core: Core): Place | undefined {
  if (ts.isPropertyDeclaration(node.parent) && node.parent.name === node) return fieldPlaceOf(node.parent, core);
  const symbol = symbolOf(node, core);
  return symbol === undefined ? undefined : placeOfSymbol(symbol, node.text);
}

function placeOfSymbol(symbol: ts.Symbol, name: string): Place | undefined {
  const declaration = symbol.valueDeclaration ?? symbol.declarations?.[0];
  if (declaration === undefined) {
    return name === 'undefined' || name === 'globalThis' ? undefined : { root: { is: 'global', name }, path: [] };
  }
  return { root: { is: 'binding', symbol, declaration }, path: [] };
}

function thisPlaceOf(node: ts.Node, core: Core): Place | undefined {
  const owner = thisOwnerOf(node);
  if (owner.is === 'instance') return { root: { is: 'instance', of: owner.of }, path: [] };
  if (owner.is === 'function') return { root: { is: 'this', of: owner.of }, path: [] };
  const symbol = classSymbolOf(owner.of, core);
  return symbol === undefined ? undefined : { root: { is: 'binding', symbol, declaration: owner.of }, path: [] };
}

function classSymbolOf(node: ts.ClassLikeDeclaration, core: Core): ts.Symbol | undefined {
  return core.checker.getSymbolAtLocation(node.name ?? node) ?? core.checker.getTypeAtLocation(node).symbol;
}

function fieldPlaceOf(node: ts.PropertyDeclaration, core: Core): Place | undefined {
  if (!ts.isClassLike(node.parent)) return undefined;
  const name = nameOf(node.name);
  if (name === undefined) return undefined;
  const owner = thisPlaceOf(node.initializer ?? node.name, core);
  return owner === undefined ? undefined : within(owner, { is: 'property', name });
}

function propertyPlaceOf(node: ts.PropertyAccessExpression, core: Core, depth: number): Place | undefined {
  const { expression, name } = node;
  const holderName = bare(expression);
  if (ts.isIdentifier(holderName)) {
    if (isGlobalObject(holderName, core)) return { root: { is: 'global', name: name.text }, path: [] };
    const exported = exportedVariableOf(holderName, name, core);
    if (exported !== undefined) return exported;
  }
  const holder = pathRootOf(expression, core, depth);
  if (holder === undefined) return undefined;
  const forwarded = accessorTargetOf(node);
  if (forwarded !== undefined && holder.root.is === 'instance' && holder.path.length === 0) {
    return within(holder, { is: 'property', name: forwarded });
  }
  return within(holder, propertyPartOf(node, core));
}

function isGlobalObject(node: ts.Identifier, core: Core): boolean {
  if (node.text !== 'globalThis' && node.text !== 'global') return false;
  const symbol = core.checker.getSymbolAtLocation(node);
  return symbol?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) ?? true;
}

/** `state.total` where `state` is a namespace import, `exports` or a namespace: the variable itself. */
function exportedVariableOf(holder: ts.Identifier, name: ts.MemberName, core: Core): Place | undefined {
  const holderSymbol = core.checker.getSymbolAtLocation(holder);
  const isExports =
    holder.text === 'exports' && holderSymbol?.valueDeclaration?.kind !== ts.SyntaxKind.VariableDeclaration;
  const moduleFlags = ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule;
  const isModule = holderSymbol !== undefined && (unaliased(holderSymbol, core).flags & moduleFlags) !== 0;
  if (!isExports && !isModule) return undefined;
  const symbol = symbolOf(name, core);
  return symbol === undefined ? undefined : placeOfSymbol(symbol, name.text);
}

/** A getter of the own class that only returns a field of its object stands for that field. */
function accessorTargetOf(node: ts.PropertyAccessExpression): string | undefined {
  if (node.expression.kind !== ts.SyntaxKind.ThisKeyword) return undefined;
  const owner = thisOwnerOf(node);
  if (owner.is === 'function') return undefined;
  const getter = owner.of.members.find(
    (member) => ts.isGetAccessorDeclaration(member) && nameOf(member.name) === node.name.text,
  );
  const statements = getter !== undefined && ts.isGetAccessorDeclaration(getter) ? getter.body?.statements : undefined;
  const statement = statements?.[0];
  if (statements?.length !== 1 || statement === undefined || !ts.isReturnStatement(statement)) return undefined;
  const returned = statement.expression === undefined ? undefined : bare(statement.expression);
  if (returned === undefined || !ts.isPropertyAccessExpression(returned)) return undefined;
  return returned.expression.kind === ts.SyntaxKind.ThisKeyword ? returned.name.text : undefined;
}

function propertyPartOf(node: ts.PropertyAccessExpression, core: Core): PathPart {
  const name = node.name.text;
  if (isCountName(name) && core.api.isA(core.checker.getTypeAtLocation(node.expression), 'collection')) {
    return { is: 'contents' };
  }
  return { is: 'property', name };
}

function elementPartOf(argument: ts.Expression, core: Core): PathPart {
  const key = keyOf(argument, core);
  return key.is === 'literal' && ts.isStringLiteralLike(bare(argument))
    ? { is: 'property', name: key.text }
    : { is: 'entry', key };
}

/** `map.get.call(map, key)` */
const PASSING: ReadonlySet<string> = new Set(['apply', 'call']);

/** The names of calls that read what one of their arguments addresses. */
const entryReaders = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'entry-readers',
  scope: 'program',
  compute: (_program, { api }) => new Set(api.namesWith('reads', ({ key }) => key !== undefined).keys()),
});

/** The entry that a reading call takes out of a collection (role `reads` with a key). */
function readEntryOf(call: ts.CallExpression, core: Core): Place | undefined {
  const name = lastNameOf(bare(call.expression));
  if (name !== undefined && !PASSING.has(name) && !core.ask(entryReaders, core.program).has(name)) return undefined;
  const member = core.api.plays(call, 'reads');
  if (member?.key === undefined) return undefined;
  const key = core.api.argumentOf(call, member.key);
  return key === undefined ? undefined : entryOf(call, key, core);
}

function elementPlaceOf(node: ts.BindingElement, core: Core, depth: number): Place | undefined {
  const holder = patternHolderOf(node.parent, core, depth);
  if (holder === undefined || node.dotDotDotToken !== undefined) return undefined;
  if (ts.isArrayBindingPattern(node.parent)) {
    const index = node.parent.elements.indexOf(node);
    return within(holder, { is: 'entry', key: { is: 'literal', text: String(index) } });
  }
  const name = nameOf(node.propertyName ?? node.name);
  if (name === undefined) return undefined;
  const isCount =
    isCountName(name) && core.api.isA(core.checker.getTypeAtLocation(node.parent), 'collection') !== undefined;
  return within(holder, isCount ? { is: 'contents' } : { is: 'property', name });
}

function isCountName(name: string): boolean {
  return name === 'length' || name === 'size';
}

function patternHolderOf(pattern: ts.BindingPattern, core: Core, depth: number): Place | undefined {
  const { parent } = pattern;
  if (isBindingElement(parent)) return elementPlaceOf(parent, core, depth + 1);
  if (!ts.isVariableDeclaration(parent) || parent.initializer === undefined) return undefined;
  return pathRootOf(parent.initializer, core, depth + 1);
}

/** In `({ hits: n } = stats)` the property touches `stats.hits`. */
function assignedPartOf(
  node: ts.PropertyAssignment | ts.ShorthandPropertyAssignment,
  core: Core,
  depth: number,
): Place | undefined {
  const pattern = node.parent;
  const assignment = pattern.parent;
  if (!ts.isBinaryExpression(assignment) || assignment.left !== pattern) return undefined;
  const holder = pathRootOf(assignment.right, core, depth + 1);
  const name = nameOf(node.name);
  return holder === undefined || name === undefined ? undefined : within(holder, { is: 'property', name });
}

function nameOf(node: ts.BindingName | ts.PropertyName): string | undefined {
  if (
    ts.isIdentifier(node) ||
    ts.isPrivateIdentifier(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isNumericLiteral(node)
  ) {
    return node.text;
  }
  if (ts.isComputedPropertyName(node) && ts.isStringLiteralLike(node.expression)) return node.expression.text;
  return undefined;
}

/**
 * The place whose value an expression holds: of a plain alias (`const tail = tails.get(key) ?? done`) what it stands for, of
 * `first ?? fallback` the first.
 */
export function heldPlaceOf(expression: ts.Expression, core: Core): Place | undefined {
  return pathRootOf(withoutFallback(expression), core, 0);
}

/** The place of an expression that a path goes on from: a plain alias is replaced by what it stands for. */
function pathRootOf(expression: ts.Expression, core: Core, depth: number): Place | undefined {
  const place = placeAt(expression, core, depth + 1);
  if (place?.root.is !== 'binding' || place.path.length > 0) return place;
  return aliasTargetOf(place.root, core, depth) ?? place;
}

function aliasTargetOf(root: PlaceRoot & { is: 'binding' }, core: Core, depth: number): Place | undefined {
  const { declaration, symbol } = root;
  if (isBindingElement(declaration)) {
    return core.ask(isReassigned, symbol) ? undefined : elementPlaceOf(declaration, core, depth + 1);
  }
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined;
  const source = withoutFallback(declaration.initializer);
  const isPath =
    ts.isPropertyAccessExpression(source) ||
    ts.isElementAccessExpression(source) ||
    ts.isIdentifier(source) ||
    ts.isCallExpression(source) ||
    source.kind === ts.SyntaxKind.ThisKeyword;
  if (!isPath || core.ask(isReassigned, symbol)) return undefined;
  return placeAt(source, core, depth + 1);
}

/** `sessions.get(id) ?? fail()`: what the value is when it is there. */
function withoutFallback(expression: ts.Expression): ts.Expression {
  const inner = bare(expression);
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken)
    return bare(inner.left);
  return inner;
}

/** What an index or key expression addresses. */
export function keyOf(expression: ts.Expression, core: Core): EntryKey {
  const inner = bare(expression);
  if (ts.isStringLiteralLike(inner) || ts.isNumericLiteral(inner)) return { is: 'literal', text: inner.text };
  if (ts.isTemplateExpression(inner)) {
    const parts: (EntryKey | string)[] = [inner.head.text];
    for (const span of inner.templateSpans) parts.push(keyOf(span.expression, core), span.literal.text);
    return { is: 'template', parts };
  }
  const place = placeOf(inner, core);
  if (place === undefined) return { is: 'unknown', node: inner };
  if (place.root.is === 'binding' && place.path.length === 0) {
    const { declaration, symbol } = place.root;
    if (core.ask(isReassigned, symbol)) return { is: 'unknown', node: inner };
    const isLocalConst = ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined;
    if (isLocalConst && isKeyText(declaration.initializer)) return keyOf(declaration.initializer, core);
  }
  return { is: 'place', place };
}

/** Is the value of a constant the key's own text (a literal, a template, another path)? */
function isKeyText(initializer: ts.Expression): boolean {
  const inner = bare(initializer);
  return (
    ts.isStringLiteralLike(inner) ||
    ts.isNumericLiteral(inner) ||
    ts.isTemplateExpression(inner) ||
    ts.isPropertyAccessExpression(inner)
  );
}
