import * as ts from 'typescript';
import type { MemberMatch, TypeMatch } from '../api/api.ts';
import { hasRole } from '../effects/roles.ts';
import { isReachableFromOutside, referencesOf as referencesInFileOf } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { referencesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, hasModifier } from '../syntax/functions.ts';

/** One place where a function is taken as a callback, and what the catalogue says of that. */
export interface HandlerPlace {
  /** The call, decorator or function type that takes it. */
  readonly node: ts.Node;
  /** The package of the row. */
  readonly from: string;
  /** Is it called once for every request, message or job? Else it is a listener of something else. */
  readonly isHandler: boolean;
  /** Parameters that are the request by position; negative ones count from the end of the function's own. */
  readonly requestParameters: readonly number[];
  /** Those of them that are the response. */
  readonly responseParameters: readonly number[];
  /** Parameters that outlive it, whatever their types say. */
  readonly lastingParameters: readonly number[];
  /** The type that is expected of the function there. */
  readonly expected: ts.Type | undefined;
}

type Given = ts.CallExpression | ts.NewExpression;

/** Places kept for one function. */
const MOST_PLACES = 8;

/**
 * The places where a function is taken as a handler or listener of the catalogue as it stands: an argument, also in an array or an
 * object literal of options; a method decorator; a function type (`const create: RequestHandler = …`); a method of a class that a
 * framework calls; an export that it calls because of the file's name.
 */
export const handlerPlaces = defineFact<FunctionNode, readonly HandlerPlace[]>({
  name: 'handler-places',
  scope: 'program',
  compute: (fn, core) => [
    ...byType(fn, core),
    ...byArgument(fn, fn, core),
    ...byDecorator(fn, core),
    ...byClass(fn, core),
    ...byConvention(fn, core),
  ],
});

/**
 * As `handlerPlaces`; for a function that has none also the places where it is given by its name.
 *
 * Followed: names, methods and bound methods in the file and, for what is exported, in the Program; wrappers (`wrap(list)`).
 * Doubt: a function that went where nobody can follow has no place there.
 */
export const namedHandlerPlaces = defineFact<FunctionNode, readonly HandlerPlace[]>({
  name: 'named-handler-places',
  scope: 'program',
  compute: (fn, core) => {
    const direct = core.ask(handlerPlaces, fn);
    return direct.length > 0 ? direct : byName(fn, core).slice(0, MOST_PLACES);
  },
});

/** The function is an argument, or stands in one. */
function byArgument(fn: FunctionNode, value: ts.Node, core: Core): readonly HandlerPlace[] {
  const outer = wrapped(value);
  const holder = outer.parent as ts.Node | undefined;
  if (holder === undefined) return [];
  if (ts.isCallExpression(holder) || ts.isNewExpression(holder)) {
    if (!isArgumentOf(holder, outer)) return [];
    return mayWrap(holder, fn, core) ? byArgument(fn, holder, core) : placeAt(holder, outer, value, core);
  }
  if (ts.isArrayLiteralExpression(holder)) return byArgument(fn, holder, core);
  if (ts.isMethodDeclaration(outer)) return ts.isObjectLiteralExpression(holder) ? byOptions(fn, holder, core) : [];
  const isValue = ts.isPropertyAssignment(holder) && holder.initializer === outer;
  return isValue ? byOptions(fn, holder.parent, core) : [];
}

/** `wrap((req, res) => …)`: a callee that we do not know, given a function with several parameters, gives back one in its place. */
function mayWrap(call: Given, fn: FunctionNode, core: Core): boolean {
  return ts.isFunctionLike(fn) && fn.parameters.length > 1 && core.api.memberOf(call) === undefined;
}

function isArgumentOf(call: Given, node: ts.Node): boolean {
  return call.arguments?.some((argument) => argument === node) ?? false;
}

/** `app.route({ handler: … })` and `router.get(path, { preHandler: [check] }, …)` */
function byOptions(fn: FunctionNode, options: ts.ObjectLiteralExpression, core: Core): readonly HandlerPlace[] {
  const outer = wrapped(options);
  const holder = outer.parent as ts.Node | undefined;
  if (holder === undefined) return [];
  if (ts.isPropertyAssignment(holder) && holder.initializer === outer) return byOptions(fn, holder.parent, core);
  if (ts.isArrayLiteralExpression(holder)) return byArgument(fn, holder, core);
  if (!ts.isCallExpression(holder) && !ts.isNewExpression(holder)) return [];
  return isArgumentOf(holder, outer) ? placeAt(holder, outer, fn, core) : [];
}

function placeAt(call: Given, argument: ts.Node, value: ts.Node, core: Core): readonly HandlerPlace[] {
  const match = core.api.memberOf(call);
  if (match === undefined || !takesCallback(match)) return [];
  const isOption = ts.isObjectLiteralExpression(bare(argument));
  const isMeant =
    isOption ||
    match.everyFunction === true ||
    match.argument === undefined ||
    core.api.argumentOf(call, match.argument) === argument;
  if (!isMeant) return [];
  const event = eventOf(call, match, core);
  const lastsHere = match.lastingEvents === undefined || (event !== undefined && match.lastingEvents.includes(event));
  const expected = ts.isExpression(value) ? core.checker.getContextualType(value) : undefined;
  return [
    {
      node: call,
      from: match.from,
      isHandler: hasRole(match, 'handler') && isForEvent(match, event),
      requestParameters: match.requestParameters ?? [],
      responseParameters: match.responseParameters ?? [],
      lastingParameters: lastsHere ? (match.lastingParameters ?? []) : [],
      expected,
    },
  ];
}

function takesCallback(match: MemberMatch): boolean {
  return (
    hasRole(match, 'handler') ||
    hasRole(match, 'listener') ||
    hasRole(match, 'defers') ||
    match.lastingParameters !== undefined ||
    match.requestParameters !== undefined
  );
}

/** The event that a listener is registered for, if it is written out. */
function eventOf(call: Given, match: MemberMatch, core: Core): string | undefined {
  if (match.key === undefined) return undefined;
  const given = core.api.argumentOf(call, match.key);
  const name = given === undefined ? undefined : bare(given);
  return name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined;
}

function isForEvent(match: MemberMatch, event: string | undefined): boolean {
  const events = match.events?.handler;
  return events === undefined || event === undefined || events.includes(event);
}

/** A function expression where a function type of the catalogue is expected, or with a parameter type that only handlers have. */
function byType(fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  if (!ts.isFunctionLike(fn)) return [];
  const found: HandlerPlace[] = [];
  const expected = expectedOf(fn, core);
  if (expected !== undefined) {
    for (const { role, from, hooks, requestParameters, responseParameters } of core.api.typesOf(expected)) {
      if (!isHandler(role) || hooks !== undefined) continue;
      found.push({
        node: fn,
        from,
        isHandler: true,
        requestParameters: requestParameters ?? [],
        responseParameters: responseParameters ?? [],
        lastingParameters: [],
        expected,
      });
      break;
    }
  }
  for (const [place, type] of parameterTypesOf(fn, expected, core).entries()) {
    const mark = core.api.isA(type, 'handler-mark');
    if (mark === undefined || (mark.place ?? place) !== place) continue;
    found.push({
      node: fn,
      from: mark.from,
      isHandler: true,
      requestParameters: mark.requestParameters ?? [],
      responseParameters: mark.responseParameters ?? [],
      lastingParameters: [],
      expected,
    });
    break;
  }
  return found;
}

/** The function type that is expected where a function is written. */
function expectedOf(fn: FunctionNode, core: Core): ts.Type | undefined {
  if (ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)) return core.checker.getContextualType(fn);
  if (!ts.isMethodDeclaration(fn) || !ts.isObjectLiteralExpression(fn.parent) || !ts.isIdentifier(fn.name)) {
    return undefined;
  }
  const holder = core.checker.getContextualType(fn.parent);
  const property = holder === undefined ? undefined : core.checker.getPropertyOfType(holder, fn.name.text);
  return property === undefined ? undefined : core.checker.getTypeOfSymbolAtLocation(property, fn);
}

/** The types of a function's own parameters, then those that its place gives to the ones it leaves out. */
function parameterTypesOf(fn: FunctionNode, expected: ts.Type | undefined, core: Core): readonly ts.Type[] {
  if (!ts.isFunctionLike(fn)) return [];
  const own = fn.parameters.map((parameter) => core.checker.getTypeAtLocation(parameter));
  return [...own, ...expectedParameters(expected, own.length, core).slice(own.length)];
}

/**
 * The types that a place gives to the parameters of a function with so many: of the shortest signature that is long enough, since
 * `(error, req, res, next)` is another function than `(req, res, next)`.
 */
export function expectedParameters(expected: ts.Type | undefined, count: number, core: Core): readonly ts.Type[] {
  if (expected === undefined) return [];
  const parts = expected.isUnion() ? expected.types : [expected];
  const lists = parts
    .flatMap((part) => part.getCallSignatures())
    .map((signature) => parametersOf(signature, core))
    .filter(({ length }) => length >= count)
    .sort((left, right) => left.length - right.length);
  return lists[0] ?? [];
}

/** The types of a signature's parameters; `...args: [request: Request, reply: Reply]` are two. */
function parametersOf({ parameters }: ts.Signature, { checker }: Core): readonly ts.Type[] {
  return parameters.flatMap((parameter) => {
    const type = checker.getTypeOfSymbol(parameter);
    const declaration = parameter.valueDeclaration;
    const isRest = declaration !== undefined && ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined;
    return isRest && checker.isTupleType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [type];
  });
}

function byDecorator(fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  if (!ts.isMethodDeclaration(fn)) return [];
  return (ts.getDecorators(fn) ?? []).flatMap((decorator): HandlerPlace[] => {
    const written = bare(decorator.expression);
    if (!ts.isCallExpression(written)) return [];
    const match = core.api.plays(written, 'handler-decorator');
    if (match === undefined) return [];
    return [
      {
        node: decorator,
        from: match.from,
        isHandler: true,
        requestParameters: match.requestParameters ?? [],
        responseParameters: match.responseParameters ?? [],
        lastingParameters: match.lastingParameters ?? [],
        expected: undefined,
      },
    ];
  });
}

/** A method of a class that the framework calls, `fetch` of a `WorkerEntrypoint`. */
function byClass(fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  if (!ts.isMethodDeclaration(fn) || !ts.isClassLike(fn.parent) || !ts.isIdentifier(fn.name)) return [];
  const name = fn.name.text;
  for (const clause of fn.parent.heritageClauses ?? []) {
    for (const base of clause.types) {
      const type = core.checker.getTypeAtLocation(base);
      const row = core.api.typesOf(type).find(({ role, hooks }) => isHandler(role) && hooks?.includes(name) === true);
      if (row === undefined) continue;
      const member = core.checker.getPropertyOfType(type, name);
      return [
        {
          node: fn,
          from: row.from,
          isHandler: true,
          requestParameters: row.requestParameters ?? [],
          responseParameters: row.responseParameters ?? [],
          lastingParameters: [],
          expected: member === undefined ? undefined : core.checker.getTypeOfSymbolAtLocation(member, fn),
        },
      ];
    }
  }
  return [];
}

/** An export that the framework calls because of the name of its file. */
function byConvention(fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  const name = exportedAs(fn);
  const match = name === undefined ? undefined : core.api.conventionOf(fn.getSourceFile().fileName, name);
  if (match === undefined) return [];
  const { from, requestParameters, responseParameters = [] } = match;
  const base = { node: fn, isHandler: true, lastingParameters: [], expected: undefined };
  return [{ ...base, from, requestParameters, responseParameters }];
}

/** The name under which a function is exported where it is declared. */
function exportedAs(fn: FunctionNode): string | undefined {
  if (ts.isFunctionDeclaration(fn)) {
    if (!hasModifier(fn, ts.SyntaxKind.ExportKeyword)) return undefined;
    return hasModifier(fn, ts.SyntaxKind.DefaultKeyword) ? 'default' : fn.name?.text;
  }
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  const holder = wrapped(fn).parent;
  if (ts.isExportAssignment(holder)) return 'default';
  if (!ts.isVariableDeclaration(holder) || !ts.isIdentifier(holder.name)) return undefined;
  const isExported = (ts.getCombinedModifierFlags(holder) & ts.ModifierFlags.Export) !== 0;
  return isExported ? holder.name.text : undefined;
}

function isHandler(role: TypeMatch['role']): boolean {
  return typeof role === 'string' ? role === 'handler' : role.includes('handler');
}

/** The function goes by a name: the calls that get it under that name. */
function byName(fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn) || ts.isPropertyDeclaration(fn)) return [];
  if (ts.isConstructorDeclaration(fn) || ts.isAccessor(fn)) return [];
  const name = nameOf(fn);
  const symbol = name === undefined ? undefined : symbolOf(name, core);
  if (symbol === undefined) return [];
  const here = referencesInFileOf(symbol, core).map((reference) => expressionOf(reference));
  const found = here.flatMap((expression) => givenAs(expression, fn, core));
  if (found.length > 0 || !isReachableFromOutside(symbol, core)) return found;
  return referencesOf(symbol, core).found.flatMap(({ expression }) => givenAs(expression, fn, core));
}

function givenAs(expression: ts.Node, fn: FunctionNode, core: Core): readonly HandlerPlace[] {
  return byArgument(fn, bound(wrapped(expression)), core);
}

/** `this.list` for its `list`. */
function expressionOf(name: ts.Node): ts.Node {
  return ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name;
}

/** The name under which a function is known: of its own, of a variable, a field, a property, an export. */
function nameOf(fn: FunctionNode): ts.Node | undefined {
  if (ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn)) return fn.name;
  const value = wrapped(fn);
  const holder = value.parent as ts.Node | undefined;
  if (holder === undefined) return undefined;
  if (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder) || ts.isPropertyAssignment(holder)) {
    return holder.name;
  }
  const isAssigned = ts.isBinaryExpression(holder) && holder.right === value && isAssignment(holder);
  return isAssigned && ts.isPropertyAccessExpression(holder.left) ? holder.left.name : undefined;
}

function isAssignment({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

/** `list.bind(this)` for `list`. */
function bound(value: ts.Node): ts.Node {
  const { parent } = value;
  const isBind = ts.isPropertyAccessExpression(parent) && parent.expression === value && parent.name.text === 'bind';
  return isBind && ts.isCallExpression(parent.parent) ? wrapped(parent.parent) : value;
}
