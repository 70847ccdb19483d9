import * as ts from 'typescript';
import type { TypeMatch } from '../api/api.ts';
import { hasRole as memberHasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { isModuleLevel, isReassigned, symbolOf } from '../places/symbols.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { ownParametersOf } from '../syntax/signatures.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { partsOf } from '../types/parts-of.ts';
import { writtenMembersIn } from '../types/written-members.ts';
import { expectedParameters, type HandlerPlace, handlerPlaces, namedHandlerPlaces } from './handler-places.ts';
import { isWrittenApart } from './written-scope.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** What a value has to do with one request. */
export interface RequestScope {
  /**
   * - `request`, `response`: itself, or a context that holds it; `both`: a context that is or holds both
   * - `next`: what hands the request on
   * - `signal`: the request's own signal
   * - `stream`: its body or its socket
   */
  readonly is: 'both' | 'next' | 'request' | 'response' | 'signal' | 'stream';
  /** The package that says so. */
  readonly from: string;
  /**
   * What shows it: its type, its place among the parameters of a handler, the decorator of the parameter, or that it is a part (or a
   * holder) of something that is request-scoped.
   */
  readonly by: 'decorator' | 'part' | 'position' | 'type';
}

/** How far names that stand for other names are followed. */
const MOST_STEPS = 6;

/** Properties of an object that are looked at for a request inside. */
const MOST_PROPERTIES = 40;

/**
 * Does the value end with one request: the request, its response, its context, its streams, its signal?
 *
 * By the type, by a decorator of the parameter, by the place among a handler's parameters, and by being a part of such a value; never by
 * name. An object that holds a request is one too, one level deep. Plain data read from a request is not, however it is held.
 * Doubt: what is `any` without proof, and a `Request` of the fetch API that no handler got, are not.
 */
export function requestScopeOf(expression: ts.Expression, core: Core): RequestScope | undefined {
  return core.ask(requestScope, bare(expression));
}

/** The parameters of a function that are the request, its response or their context. */
export function requestParametersOf(fn: FunctionNode, core: Core): readonly ts.ParameterDeclaration[] {
  return ts.isFunctionLike(fn) ? fn.parameters.filter((parameter) => isRequestParameter(parameter, core)) : [];
}

/**
 * Is the parameter the request, its response or their context: by type, decorator, place, or because it holds one? By place also plain
 * contexts, whose parts may be used at any time but belong to one request (those of tRPC and GraphQL).
 */
export function isRequestParameter(parameter: ts.ParameterDeclaration, core: Core): boolean {
  return core.ask(requestParameter, parameter);
}

const requestParameter = defineFact<ts.ParameterDeclaration, boolean>({
  name: 'request-parameter',
  scope: 'program',
  compute: (parameter, core) => core.ask(parameterScope, parameter) !== undefined || isContext(parameter, core),
});

/**
 * Is it what a call by that name lends to its callback (a connection, a transaction), takes out of a list or waited for? Such a thing is no request,
 * and its type would be computed from all that the callback does. By name alone: what a callback of that name is given elsewhere is a
 * request only where a row says so, or where the type of the parameter or of the list is written.
 */
export function isLent(parameter: ts.ParameterDeclaration, core: Core): boolean {
  const outer = wrapped(parameter.parent);
  const call = outer.parent as ts.Node | undefined;
  const isGiven = call !== undefined && ts.isCallExpression(call) && call.expression !== outer;
  const name = isGiven && parameter.type === undefined ? lastNameOf(call.expression) : undefined;
  if (name === undefined || !isGiven || !core.ask(lendingNames, core.program).has(name)) return false;
  const element = writtenElementOf(call, core);
  return element === undefined || typeof core.ask(typeScope, element) !== 'object';
}

/** What a list with a written type holds, on which a method is called: `requests.forEach(…)`. */
function writtenElementOf({ expression }: ts.CallExpression, { checker }: Core): ts.Type | undefined {
  const callee = bare(expression);
  const list = ts.isPropertyAccessExpression(callee) ? bare(callee.expression) : undefined;
  const declaration =
    list !== undefined && ts.isIdentifier(list) ? checker.getSymbolAtLocation(list)?.valueDeclaration : undefined;
  if (declaration === undefined || !(ts.isParameter(declaration) || ts.isVariableDeclaration(declaration)))
    return undefined;
  return declaration.type === undefined
    ? undefined
    : checker.getIndexTypeOfType(checker.getTypeAtLocation(declaration.type), ts.IndexKind.Number);
}

const lendingNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'lending-names',
  scope: 'program',
  compute: (_program, { api }) => {
    const found = new Set(
      (['chains', 'lends', 'runs-now'] as const).flatMap((role) => [...api.namesWith(role).keys()]),
    );
    for (const role of ['defers', 'handler', 'listener'] as const) {
      for (const name of api.namesWith(role).keys()) found.delete(name);
    }
    const asRequest = api.namesWhere(
      (row) => row.requestParameters !== undefined || row.responseParameters !== undefined,
    );
    for (const name of asRequest) found.delete(name);
    return found;
  },
});

/** By its decorator or its place, whatever it holds; values that are copied, plain data and what a row says something else of are none. */
function isContext(parameter: ts.ParameterDeclaration, core: Core): boolean {
  if (isWrittenApart(parameter, core)) return false;
  const type = declaredOf(parameter, core) ?? core.checker.getTypeAtLocation(parameter);
  const known = core.ask(typeScope, type);
  if (known === 'nothing' || (known === undefined && core.api.typesOf(type).length > 0)) return false;
  if (isDecorated(parameter, 'data-decorator', core) !== undefined) return false;
  return (
    isDecorated(parameter, 'context-decorator', core) !== undefined ||
    directPlacesOf(parameter, core).some((place) => sideOf(parameter, place) !== undefined)
  );
}

const requestScope = defineFact<ts.Expression, RequestScope | undefined>({
  name: 'request-scope',
  scope: 'program',
  start: () => undefined,
  compute: (expression, core) => scopeOfValue(expression, core, 0),
});

function scopeOfValue(expression: ts.Expression, core: Core, steps: number): RequestScope | undefined {
  const node = bare(expression);
  if (steps > MOST_STEPS || !mayStandForOne(node)) return undefined;
  if (ts.isConditionalExpression(node)) {
    return scopeOfValue(node.whenTrue, core, steps + 1) ?? scopeOfValue(node.whenFalse, core, steps + 1);
  }
  if (ts.isBinaryExpression(node)) return scopeOfBinary(node, core, steps);
  const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  if (declaration !== undefined && ts.isParameter(declaration)) return core.ask(parameterScope, declaration);
  const type = core.checker.getTypeAtLocation(node);
  const known = core.ask(typeScope, type);
  if (known === 'nothing') return undefined;
  if (ts.isIdentifier(node)) {
    return declaration === undefined ? undefined : scopeOfBinding(declaration, type, core, steps);
  }
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const name = ts.isPropertyAccessExpression(node) ? node.name : node.argumentExpression;
    const part = { type, property: core.checker.getSymbolAtLocation(name), whole: node.expression };
    return scopeOfPart(part, () => scopeOfWhole(node.expression, core, steps + 1), core);
  }
  if (ts.isCallExpression(node)) return scopeOfResult(node, known, core);
  return typeof known === 'object' && !known.isAlsoReceived ? byType(known) : undefined;
}

/** Literals, functions and what is made on the spot are no part of a request. */
function mayStandForOne(node: ts.Node): boolean {
  return !(
    ts.isLiteralExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isTemplateExpression(node) ||
    ts.isClassExpression(node) ||
    isFunctionNode(node)
  );
}

/** `a ?? b`, `a || b`, `a && b`, `(a, b)` */
function scopeOfBinary(node: ts.BinaryExpression, core: Core, steps: number): RequestScope | undefined {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.QuestionQuestionToken:
      return scopeOfValue(node.left, core, steps + 1) ?? scopeOfValue(node.right, core, steps + 1);
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.EqualsToken:
      return scopeOfValue(node.right, core, steps + 1);
    default:
      return undefined;
  }
}

/** `host.getRequest()` gives the request whatever its type says; other calls say it by their type. */
function scopeOfResult(call: ts.CallExpression, known: TypeScope, core: Core): RequestScope | undefined {
  if (typeof known === 'object') return known.isAlsoReceived ? undefined : byType(known);
  const gives = core.api.plays(call, 'gives-request');
  return gives === undefined ? undefined : { is: 'request', from: gives.from, by: 'part' };
}

/** What a binding stands for. */
function scopeOfBinding(
  declaration: ts.Declaration,
  type: ts.Type,
  core: Core,
  steps: number,
): RequestScope | undefined {
  if (steps > MOST_STEPS) return undefined;
  if (ts.isParameter(declaration)) return core.ask(parameterScope, declaration);
  if (isBindingElement(declaration)) {
    const pattern = declaration.parent;
    if (declaration.dotDotDotToken !== undefined || !ts.isObjectBindingPattern(pattern)) {
      return scopeByTypeOf(type, core);
    }
    const name = declaration.propertyName ?? declaration.name;
    const property = ts.isIdentifier(name)
      ? core.checker.getPropertyOfType(core.checker.getTypeAtLocation(pattern), name.text)
      : undefined;
    return scopeOfPart({ type, property, whole: pattern }, () => scopeOfPattern(pattern, core, steps + 1), core);
  }
  const known = core.ask(typeScope, type);
  if (ts.isVariableDeclaration(declaration)) {
    const { initializer, name } = declaration;
    const isCertain = typeof known === 'object' && !known.isAlsoReceived;
    if (isCertain) return byType(known);
    const symbol = ts.isIdentifier(name) ? core.checker.getSymbolAtLocation(name) : undefined;
    if (initializer === undefined || symbol === undefined || core.ask(isReassigned, symbol)) return undefined;
    const of = scopeOfValue(initializer, core, steps + 1);
    if (of !== undefined) return of;
    return isModuleLevel(declaration) ? undefined : holderOf(type, core);
  }
  return scopeByTypeOf(type, core);
}

/** What a pattern takes apart. */
function scopeOfPattern(pattern: ts.ObjectBindingPattern, core: Core, steps: number): RequestScope | undefined {
  const holder = pattern.parent;
  if (ts.isVariableDeclaration(holder)) {
    return holder.initializer === undefined ? undefined : scopeOfWhole(holder.initializer, core, steps + 1);
  }
  if (ts.isParameter(holder)) return core.ask(parameterScope, holder) ?? byPlace(holder, core);
  return scopeOfBinding(holder, core.checker.getTypeAtLocation(pattern), core, steps + 1);
}

/** What a part is taken of: also a plain context, whose place alone shows what it is. */
function scopeOfWhole(expression: ts.Expression, core: Core, steps: number): RequestScope | undefined {
  const own = scopeOfValue(expression, core, steps);
  if (own !== undefined) return own;
  const node = bare(expression);
  const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
  return declaration !== undefined && ts.isParameter(declaration) ? byPlace(declaration, core) : undefined;
}

/** A property of something. */
interface Part {
  readonly type: ts.Type;
  readonly property: ts.Symbol | undefined;
  readonly whole: ts.Node;
}

/** Request-scoped by its own type, or as a stream, a signal or a request of something that is. */
function scopeOfPart(part: Part, ofWhole: () => RequestScope | undefined, core: Core): RequestScope | undefined {
  const { type, property, whole } = part;
  const known = core.ask(typeScope, type);
  if (known === 'nothing' || known === undefined || known === 'any') return undefined;
  if (typeof known === 'object') {
    if (isLongLived(core.checker.getTypeAtLocation(whole), core)) return undefined;
    if (ofWhole() !== undefined) return { is: known.is, from: known.from, by: 'part' };
    return known.isAlsoReceived && isOfPackage(property) ? undefined : byType(known);
  }
  if (known === 'holder') return holderOf(type, core);
  const of = ofWhole();
  return of === undefined
    ? undefined
    : { is: known === 'fetch-request' ? 'request' : known, from: of.from, by: 'part' };
}

/** Is the property declared by a package? What a client gives back has its response there. */
function isOfPackage(property: ts.Symbol | undefined): boolean {
  return property?.declarations?.every((declaration) => declaration.getSourceFile().isDeclarationFile) ?? false;
}

/** A socket or a connection that lives on keeps the request that opened it. */
function isLongLived(type: ts.Type, core: Core): boolean {
  return (
    core.api.isA(type, 'emitter') !== undefined &&
    core.api.isA(type, 'request-scope') === undefined &&
    core.api.isA(type, 'response') === undefined
  );
}

function byType({ is, from }: KnownScope): RequestScope {
  return { is, from, by: 'type' };
}

function scopeByTypeOf(type: ts.Type, core: Core): RequestScope | undefined {
  const known = core.ask(typeScope, type);
  return typeof known === 'object' ? byType(known) : undefined;
}

const parameterScope = defineFact<ts.ParameterDeclaration, RequestScope | undefined>({
  name: 'parameter-scope',
  scope: 'program',
  start: () => undefined,
  compute(parameter, core) {
    const given = parameter.type === undefined ? givenAt(parameter, core) : undefined;
    if (given !== undefined || isWrittenApart(parameter, core)) return given;
    return scopeOfParameter(parameter, declaredOf(parameter, core) ?? core.checker.getTypeAtLocation(parameter), core);
  },
});

/**
 * What a handler without types is given by the call that registers it, as the row of that call has it. Its contextual type says the same,
 * but where the call is overloaded or generic the compiler looks at all that the handler does to find it.
 */
function givenAt(parameter: ts.ParameterDeclaration, core: Core): RequestScope | undefined {
  const fn = parameter.parent;
  const call = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? wrapped(fn).parent : undefined;
  const match = call !== undefined && ts.isCallExpression(call) ? core.api.plays(call, 'handler') : undefined;
  // Events, options, lasting parameters and handlers with several are for `handlerPlaces` to tell.
  const isPlain = match !== undefined && match.key === undefined && match.lastingParameters === undefined;
  if (!isPlain) return undefined;
  const requestParameters = match.requestParameters ?? [];
  return requestParameters.includes(indexOf(parameter)) && fn.parameters.length === 1
    ? {
        is: (match.responseParameters ?? []).includes(indexOf(parameter)) ? 'both' : 'request',
        from: match.from,
        by: 'position',
      }
    : undefined;
}

/** The class or interface that a callback is given, where its name alone tells what it is: not what it holds. */
function declaredOf(parameter: ts.ParameterDeclaration, core: Core): ts.Type | undefined {
  const written = writtenMembersIn(core.checker).givenTo(parameter);
  const known = written === undefined ? 'any' : core.ask(typeScope, written);
  return known === 'any' || known === 'holder' ? undefined : written;
}

function scopeOfParameter(parameter: ts.ParameterDeclaration, type: ts.Type, core: Core): RequestScope | undefined {
  const known = core.ask(typeScope, type);
  if (known === 'nothing') return undefined;
  if (typeof known === 'object') {
    return known.isAlsoReceived && mayBeReceived(parameter, core) ? undefined : byType(known);
  }
  if (isDecorated(parameter, 'data-decorator', core) !== undefined) return undefined;
  const decorated = byDecorator(parameter, core);
  if (decorated !== undefined) return decorated;
  if (known === 'holder') return holderOf(type, core) ?? byExpected(parameter, directPlacesOf(parameter, core), core);
  if (known === 'any') {
    const from = isDecorated(parameter, 'context-decorator', core);
    if (from !== undefined) return { is: 'both', from, by: 'decorator' };
  }
  if (known === 'signal') return signalAt(parameter, core);
  return known === undefined || known === 'stream' ? undefined : byPlace(parameter, core);
}

/** A handler is given no signal but that of what it handles. */
function signalAt(parameter: ts.ParameterDeclaration, core: Core): RequestScope | undefined {
  const isBeside = ownParametersOf(parameter.parent).some((other) => {
    const known = other === parameter ? undefined : core.ask(typeScope, core.checker.getTypeAtLocation(other));
    return typeof known === 'object' || known === 'any';
  });
  // Functions that are handlers by name only are looked for where a request stands beside the signal.
  const places = isBeside ? placesOf(parameter, core) : directPlacesOf(parameter, core);
  const place = places.find(({ isHandler }) => isHandler);
  return place === undefined ? undefined : { is: 'signal', from: place.from, by: 'position' };
}

function byDecorator(parameter: ts.ParameterDeclaration, core: Core): RequestScope | undefined {
  for (const [role, is] of [
    ['request-decorator', 'request'],
    ['response-decorator', 'response'],
    ['next-decorator', 'next'],
  ] as const) {
    const from = isDecorated(parameter, role, core);
    if (from !== undefined) return { is, from, by: 'decorator' };
  }
  return undefined;
}

/** The package of the decorator with the role, if the parameter has one. */
function isDecorated(
  parameter: ts.ParameterDeclaration,
  role: 'context-decorator' | 'data-decorator' | 'next-decorator' | 'request-decorator' | 'response-decorator',
  core: Core,
): string | undefined {
  for (const decorator of ts.canHaveDecorators(parameter) ? (ts.getDecorators(parameter) ?? []) : []) {
    const written = bare(decorator.expression);
    const match = ts.isCallExpression(written) ? core.api.memberOf(written) : core.api.memberAt(written);
    if (match !== undefined && memberHasRole(match, role)) return match.from;
  }
  return undefined;
}

function placesOf(parameter: ts.ParameterDeclaration, core: Core): readonly HandlerPlace[] {
  return isFunctionNode(parameter.parent) ? core.ask(namedHandlerPlaces, parameter.parent) : [];
}

function directPlacesOf(parameter: ts.ParameterDeclaration, core: Core): readonly HandlerPlace[] {
  return isFunctionNode(parameter.parent) ? core.ask(handlerPlaces, parameter.parent) : [];
}

/**
 * May the parameter be what a client gets? As a callback of a client, and as the only one of its kind in a callback of somebody we do
 * not know; a function with a name, and one that gets the response too, serves.
 */
function mayBeReceived(parameter: ts.ParameterDeclaration, core: Core): boolean {
  const places = placesOf(parameter, core);
  const at = indexOf(parameter);
  if (places.length > 0) {
    return places.every(({ isHandler, lastingParameters }) => !isHandler || lastingParameters.includes(at));
  }
  const fn = parameter.parent;
  if (!ts.isCallExpression(wrapped(fn).parent)) return false;
  return !ownParametersOf(fn).some((other) => {
    const known = other === parameter ? undefined : core.ask(typeScope, core.checker.getTypeAtLocation(other));
    return typeof known === 'object' && known.is === 'response';
  });
}

/** What the parameter is by its place, as the row has it; places may count from the end. */
function sideOf(parameter: ts.ParameterDeclaration, place: HandlerPlace): 'both' | 'request' | 'response' | undefined {
  const at = indexOf(parameter);
  const fromEnd = at - ownParametersOf(parameter.parent).length;
  const isIn = (places: readonly number[]): boolean =>
    place.isHandler && (places.includes(at) || places.includes(fromEnd));
  const isRequest = isIn(place.requestParameters);
  if (isIn(place.responseParameters)) return isRequest ? 'both' : 'response';
  return isRequest ? 'request' : undefined;
}

/** By the row of the place, or by the type that the place expects there where the function says `any`. */
function byPlace(parameter: ts.ParameterDeclaration, core: Core): RequestScope | undefined {
  const places = placesOf(parameter, core);
  const expected = byExpected(parameter, places, core);
  if (expected !== undefined) return expected;
  for (const place of places) {
    const is = sideOf(parameter, place);
    if (is !== undefined) return { is, from: place.from, by: 'position' };
  }
  return undefined;
}

function byExpected(
  parameter: ts.ParameterDeclaration,
  places: readonly HandlerPlace[],
  core: Core,
): RequestScope | undefined {
  const at = indexOf(parameter);
  const count = ownParametersOf(parameter.parent).length;
  for (const { isHandler, expected, lastingParameters, from } of places) {
    if (!isHandler || lastingParameters.includes(at)) continue;
    const type = expectedParameters(expected, count, core)[at];
    const known = type === undefined ? undefined : core.ask(typeScope, type);
    if (typeof known === 'object') return { is: known.is, from, by: 'position' };
  }
  return undefined;
}

function indexOf(parameter: ts.ParameterDeclaration): number {
  return ownParametersOf(parameter.parent).indexOf(parameter);
}

/** A type that is request-scoped by its row. */
interface KnownScope {
  readonly is: 'both' | 'next' | 'request' | 'response';
  readonly from: string;
  readonly isAlsoReceived: boolean;
}

/** What matters only as a part of something request-scoped, or by its place; `holder`: an object of the project that may hold one. */
type Kind = 'any' | 'fetch-request' | 'holder' | 'nothing' | 'signal' | 'stream';

type TypeScope = KnownScope | Kind | undefined;

const typeScope = defineFact<ts.Type, TypeScope>({
  name: 'type-scope',
  scope: 'program',
  compute(type, core) {
    if (isAnyLike(type)) return 'any';
    if (isPrimitive(type, core.checker)) return 'nothing';
    const rows = core.api.typesOf(type);
    const row = rows.find(isScoped);
    if (row !== undefined) return knownBy(row);
    const parts = partsOf(type, core.checker);
    for (const role of ['fetch-request', 'signal', 'stream'] as const) {
      if (parts.every((part) => core.api.isA(part, role) !== undefined)) return role;
    }
    return rows.length === 0 && isPlainObject(type) ? 'holder' : undefined;
  },
});

function rolesOf({ role }: TypeMatch): readonly string[] {
  return typeof role === 'string' ? [role] : role;
}

function isScoped(row: TypeMatch): boolean {
  const roles = rolesOf(row);
  return roles.includes('request-scope') || roles.includes('response');
}

function knownBy(row: TypeMatch): KnownScope {
  const roles = rolesOf(row);
  const isResponse = roles.includes('response');
  const isRequest = roles.includes('request-scope');
  const is = roles.includes('next') ? 'next' : isResponse && isRequest ? 'both' : isResponse ? 'response' : 'request';
  return { is, from: row.from, isAlsoReceived: row.isAlsoReceived === true };
}

/** An object without a class of its own: a literal, a type literal, an interface or a mapped type of the project. */
function isPlainObject(type: ts.Type): boolean {
  if (type.isIntersection()) return type.types.every(isPlainObject);
  if (type.isUnion()) return type.types.some(isPlainObject);
  if ((type.flags & ts.TypeFlags.Object) === 0 || type.getCallSignatures().length > 0) return false;
  const symbol = type.symbol as ts.Symbol | undefined;
  if (symbol === undefined || (symbol.flags & ts.SymbolFlags.Class) !== 0) return symbol === undefined;
  if ((symbol.flags & ts.SymbolFlags.Interface) === 0) return true;
  return (symbol.declarations ?? []).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
}

/** Of an object that has the request or the response as a property of its own. */
function holderOf(type: ts.Type, core: Core): RequestScope | undefined {
  return core.ask(typeScope, type) === 'holder' ? core.ask(heldScope, type) : undefined;
}

const heldScope = defineFact<ts.Type, RequestScope | undefined>({
  name: 'held-scope',
  scope: 'program',
  compute(type, core) {
    const properties = partsOf(type, core.checker)
      .filter(isPlainObject)
      .flatMap((part) => core.checker.getPropertiesOfType(part).slice(0, MOST_PROPERTIES));
    const held = properties.flatMap((property): readonly (KnownScope & { readonly isDoubtful: boolean })[] => {
      if ((property.flags & ts.SymbolFlags.Method) !== 0 || isWrittenApart(property.valueDeclaration, core)) return [];
      const known = core.ask(typeScope, core.checker.getTypeOfSymbol(property));
      if (typeof known !== 'object' || known.is === 'next') return [];
      return [{ ...known, isDoubtful: known.isAlsoReceived && isOfPackage(property) }];
    });
    const [first] = held;
    if (first === undefined || held.every(({ isDoubtful }) => isDoubtful)) return undefined;
    const isOne = held.every(({ is }) => is === first.is);
    return { is: isOne ? first.is : 'both', from: first.from, by: 'part' };
  },
});
