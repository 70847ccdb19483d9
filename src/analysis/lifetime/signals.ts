import * as ts from 'typescript';
import { parametersOf } from '../effects/callees-of.ts';
import { hasRole } from '../effects/roles.ts';
import { closureTime } from '../escape/closure-time.ts';
import { referencesOf } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { partsOf } from '../types/parts-of.ts';
import { handlerPlaces } from './handler-places.ts';

/**
 * How a function comes to have a signal.
 *
 * - `given`: a parameter is one, is taken apart to one, or has it among its options: the caller's
 * - `request`: the request that the function handles has it
 * - `cancelled`: a controller made here, which something outside of this run aborts
 * - `deadline`: a timer made here aborts it
 * - `joined`: made here of others
 */
export type SignalOrigin = 'cancelled' | 'deadline' | 'given' | 'joined' | 'request';

/** A signal that the code of one function can name. */
export interface NamedSignal {
  readonly origin: SignalOrigin;
  /** The expression that gives it: `signal`, `options?.signal`, `controller.signal`. */
  readonly text: string;
  /** The parameter or variable that the expression begins with. */
  readonly root: ts.Symbol;
  /** Where that is declared. */
  readonly declaration: ts.Node;
  readonly fn: FunctionNode;
  /** Its type, `undefined` and `null` included where it may be missing. */
  readonly type: ts.Type;
}

/** Properties of a parameter that are looked at for a signal. */
const MOST_PROPERTIES = 200;

/** What a variable that holds a signal is made of speaks of one, whatever the variable's own name. */
const SIGNAL_NAME = /signal|abort/i;

/** Steps of a path from a variable to the signal in it: `request.signals.disconnect.signal`. */
const MOST_STEPS = 5;

/** Is every value of the type that is there a signal that can be aborted? */
export function isSignal(type: ts.Type, core: Core): boolean {
  const parts = partsOf(type, core.checker);
  return parts.length > 0 && parts.every((part) => core.api.isA(part, 'signal') !== undefined);
}

/** May a value of the type be a signal? */
export function mayBeSignal(type: ts.Type, core: Core): boolean {
  return partsOf(type, core.checker).some((part) => core.api.isA(part, 'signal') !== undefined);
}

/** Has the value a signal and a way to abort it? */
export function isController(type: ts.Type, core: Core): boolean {
  const { checker } = core;
  const parts = partsOf(type, checker);
  return (
    parts.length > 0 &&
    parts.every((part) => {
      const signal = checker.getPropertyOfType(part, 'signal');
      const abort = checker.getPropertyOfType(part, 'abort');
      return signal !== undefined && abort !== undefined && isSignal(checker.getTypeOfSymbol(signal), core);
    })
  );
}

/**
 * The property of an object type that holds a signal, if there is exactly one: `signal` of options. Told by the type of the
 * property; only declarations that speak of signals are asked.
 */
export function signalPropertyOf(type: ts.Type, core: Core): ts.Symbol | undefined {
  const { checker } = core;
  if (isAnyLike(type) || isPrimitive(type, checker)) return undefined;
  const object = checker.getNonNullableType(type);
  const properties = checker.getPropertiesOfType(object);
  if (properties.length > MOST_PROPERTIES) return undefined;
  const found = properties.filter(
    (property) => speaksOfSignals(property) && mayBeSignal(checker.getTypeOfSymbol(property), core),
  );
  return found.length === 1 ? found[0] : undefined;
}

function speaksOfSignals(property: ts.Symbol): boolean {
  if (/signal|abort/i.test(property.name)) return true;
  const declaration = property.declarations?.[0];
  const type = declaration !== undefined && ts.isPropertySignature(declaration) ? declaration.type : undefined;
  return type?.getText().includes('Signal') === true;
}

/**
 * The signals that a function has of its own: from its parameters, and in variables of its body.
 *
 * A variable that only renames one stands for it. Left out: signals of objects that live on their own (members of classes, the request
 * of Node's `http`, whose signal some versions abort too early), of a controller that the function aborts itself or that stops the
 * process, and everything at the top level of a file.
 */
export const signalsOf = defineFact<FunctionNode, readonly NamedSignal[]>({
  name: 'signals',
  scope: 'program',
  compute(fn, core) {
    if (!ts.isFunctionLike(fn)) return [];
    const given = parametersOf(fn).flatMap((parameter) => ofName(parameter, fn, core));
    const own = variablesOf(fn).flatMap((variable) => ofVariable(variable, fn, given, core));
    return [...given, ...own];
  },
});

// ------------------------------------------------------------------------------------------------ parameters

function ofName(
  element: ts.BindingElement | ts.ParameterDeclaration,
  fn: FunctionNode,
  core: Core,
): readonly NamedSignal[] {
  const { name, initializer } = element;
  const written = ts.isParameter(element) ? element.type : undefined;
  if (ts.isObjectBindingPattern(name)) {
    return name.elements.flatMap((element) => (element.dotDotDotToken === undefined ? ofName(element, fn, core) : []));
  }
  if (!ts.isIdentifier(name) || isPlainType(written)) return [];
  const { checker } = core;
  const type = checker.getTypeAtLocation(name);
  const root = checker.getSymbolAtLocation(name);
  if (root === undefined || isAnyLike(type) || isPrimitive(type, checker)) return [];
  const common = { root, declaration: name, fn };
  if (isSignal(type, core)) return [{ ...common, origin: 'given', text: name.text, type }];
  if (isController(type, core)) return [];
  const property = signalPropertyOf(type, core);
  if (property === undefined) return [];
  const origin = originOfPart(property, type, fn, core);
  const held = checker.getTypeOfSymbol(property);
  if (origin === undefined || !isSignal(held, core)) return [];
  const isMaybe = initializer === undefined && checker.getNonNullableType(type) !== type;
  return [{ ...common, origin, text: `${name.text}${isMaybe ? '?.' : '.'}${property.name}`, type: held }];
}

/** `string`, `number[]`, a function type: the text says that there is no signal in it. */
function isPlainType(type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  if (ts.isArrayTypeNode(type) || ts.isFunctionTypeNode(type) || ts.isLiteralTypeNode(type)) return true;
  if (ts.isUnionTypeNode(type)) return type.types.every(isPlainType);
  const { kind } = type;
  return (
    kind === ts.SyntaxKind.StringKeyword ||
    kind === ts.SyntaxKind.NumberKeyword ||
    kind === ts.SyntaxKind.BooleanKeyword ||
    kind === ts.SyntaxKind.UndefinedKeyword ||
    kind === ts.SyntaxKind.UnknownKeyword ||
    kind === ts.SyntaxKind.AnyKeyword
  );
}

/** What the signal of a parameter is: an option, or that of the request where the function handles one. */
function originOfPart(
  property: ts.Symbol,
  holder: ts.Type,
  fn: FunctionNode,
  core: Core,
): 'given' | 'request' | undefined {
  if (core.api.isA(holder, 'fetch-request') !== undefined)
    return isHandler(fn, core) || answers(fn, core) ? 'request' : undefined;
  const isOption = (property.declarations ?? []).every((declaration) => !isOfClass(declaration, core));
  if (!isOption) return undefined;
  if (core.api.isA(holder, 'request-scope') === undefined) return 'given';
  return isHandler(fn, core) ? 'request' : undefined;
}

/** Is it a member of a class, or of an interface that adds to one? */
function isOfClass(declaration: ts.Declaration, { checker }: Core): boolean {
  if (ts.isClassElement(declaration)) return true;
  const owner = declaration.parent;
  const symbol = ts.isInterfaceDeclaration(owner) ? checker.getSymbolAtLocation(owner.name) : undefined;
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Class) !== 0;
}

function isHandler(fn: FunctionNode, core: Core): boolean {
  return core.ask(handlerPlaces, fn).some((place) => place.isHandler);
}

/** Does the function give back the response of the fetch API? What takes a request and does so is a handler. */
function answers(fn: FunctionNode, core: Core): boolean {
  if (!ts.isFunctionLike(fn)) return false;
  const { checker } = core;
  const signature = checker.getSignatureFromDeclaration(fn);
  const result = signature === undefined ? undefined : checker.getAwaitedType(signature.getReturnType());
  return result !== undefined && partsOf(result, checker).some(({ symbol }) => isGlobalResponse(symbol));
}

function isGlobalResponse(symbol: ts.Symbol | undefined): boolean {
  return (
    symbol?.name === 'Response' &&
    (symbol.declarations ?? []).some((declaration) => {
      const { parent } = declaration;
      return ts.isSourceFile(parent) ? parent.isDeclarationFile : ts.isModuleBlock(parent);
    })
  );
}

// ------------------------------------------------------------------------------------------------ variables

/** The constants of a function's own body, nested functions left out. */
function variablesOf(fn: FunctionNode): readonly ts.VariableDeclaration[] {
  const found: ts.VariableDeclaration[] = [];
  const body = 'body' in fn ? fn.body : undefined;
  if (body === undefined || !SIGNAL_NAME.test(body.getText())) return [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isTypeNode(node)) return;
    if (ts.isVariableDeclaration(node) && node.initializer !== undefined && isConst(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return found;
}

function ofVariable(
  { name, initializer }: ts.VariableDeclaration,
  fn: FunctionNode,
  given: readonly NamedSignal[],
  core: Core,
): readonly NamedSignal[] {
  if (initializer === undefined) return [];
  const { checker } = core;
  const value = bare(initializer);
  if (ts.isObjectBindingPattern(name)) {
    return name.elements.flatMap((element): readonly NamedSignal[] => {
      if (!ts.isIdentifier(element.name) || element.dotDotDotToken !== undefined) return [];
      if (!SIGNAL_NAME.test((element.propertyName ?? element.name).getText())) return [];
      const type = checker.getTypeAtLocation(element.name);
      const root = checker.getSymbolAtLocation(element.name);
      if (root === undefined || isAnyLike(type) || !isSignal(type, core)) return [];
      const origin = originOfHolder(value, fn, given, core);
      return origin === undefined
        ? []
        : [{ origin, text: element.name.text, root, declaration: element.name, fn, type }];
    });
  }
  if (!ts.isIdentifier(name) || !mayMakeSignal(value) || !SIGNAL_NAME.test(value.getText())) return [];
  const root = checker.getSymbolAtLocation(name);
  const type = checker.getTypeAtLocation(name);
  if (root === undefined || isAnyLike(type) || isPrimitive(type, checker)) return [];
  const common = { root, declaration: name, fn };
  if (isSignal(type, core)) {
    const origin = originOfSignal(value, fn, given, core);
    return origin === undefined ? [] : [{ ...common, origin, text: name.text, type }];
  }
  const origin = ts.isNewExpression(value) && isController(type, core) ? originOfController(root, fn, core) : undefined;
  const property = origin === undefined ? undefined : checker.getPropertyOfType(type, 'signal');
  if (origin === undefined || property === undefined) return [];
  return [{ ...common, origin, text: `${name.text}.signal`, type: checker.getTypeOfSymbol(property) }];
}

/** Literals, functions and awaited values are no signals. */
function mayMakeSignal(value: ts.Expression): boolean {
  return (
    ts.isNewExpression(value) ||
    ts.isCallExpression(value) ||
    ts.isPropertyAccessExpression(value) ||
    ts.isBinaryExpression(value) ||
    ts.isConditionalExpression(value) ||
    ts.isIdentifier(value)
  );
}

function originOfSignal(
  value: ts.Expression,
  fn: FunctionNode,
  given: readonly NamedSignal[],
  core: Core,
): SignalOrigin | undefined {
  if (isTimeout(value, core)) return 'deadline';
  if (ts.isPropertyAccessExpression(value)) return originOfHolder(value.expression, fn, given, core);
  const from = given.find(({ root }) => mentions(value, root, core));
  if (from === undefined) return undefined;
  return ts.isIdentifier(value) || ts.isBinaryExpression(value) ? from.origin : 'joined';
}

/** Where the signal of an object comes from: `options` in `const { signal } = options`, `controller` in `controller.signal`. */
function originOfHolder(
  holder: ts.Expression,
  fn: FunctionNode,
  given: readonly NamedSignal[],
  core: Core,
): SignalOrigin | undefined {
  const value = bare(holder);
  const start = rootOf(value);
  const symbol = start === undefined ? undefined : symbolOf(start, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  const known = given.find(({ root }) => root === symbol);
  if (known !== undefined) return known.origin;
  if (ts.isVariableDeclaration(declaration)) {
    const isOwn = enclosingFunctionOf(declaration) === fn && value === start && declaration.initializer !== undefined;
    const isMade = isOwn && ts.isNewExpression(bare(declaration.initializer));
    return isMade && isController(core.checker.getTypeAtLocation(declaration.name), core)
      ? originOfController(symbol, fn, core)
      : undefined;
  }
  // Deeper in a parameter: `request.signals.disconnect.signal`.
  const isOfParameter = ts.isParameter(declaration) && declaration.parent === fn && value !== start;
  if (!isOfParameter) return undefined;
  const type = core.checker.getTypeAtLocation(start as ts.Expression);
  return core.api.isA(type, 'request-scope') === undefined ? 'given' : isHandler(fn, core) ? 'request' : undefined;
}

/** The name that a path of properties begins with. */
function rootOf(expression: ts.Expression): ts.Identifier | undefined {
  let node = bare(expression);
  for (let steps = 0; steps < MOST_STEPS && ts.isPropertyAccessExpression(node); steps++) node = bare(node.expression);
  return ts.isIdentifier(node) ? node : undefined;
}

/** Is it a call that gives a signal which a timer aborts? */
export function isTimeout(expression: ts.Expression, core: Core): boolean {
  const node = bare(expression);
  return (
    ts.isCallExpression(node) &&
    core.api.plays(node, 'bounds')?.bound?.by === 'milliseconds' &&
    isSignal(core.checker.getTypeAtLocation(node), core)
  );
}

/** Who aborts a controller that the function makes: something outside, a timer; `undefined`: the function itself, or nobody. */
function originOfController(controller: ts.Symbol, fn: FunctionNode, core: Core): 'cancelled' | 'deadline' | undefined {
  let found: 'cancelled' | 'deadline' | undefined;
  for (const name of referencesOf(controller, core)) {
    const end = endOfController(name, fn, core);
    if (end === 'cancelled') return end;
    if (end !== undefined) found = end;
  }
  return found;
}

function endOfController(name: ts.Identifier, fn: FunctionNode, core: Core): 'cancelled' | 'deadline' | undefined {
  const outer = wrapped(name);
  const { parent } = outer;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === outer) {
    if (parent.name.text !== 'abort') return undefined;
    const within = enclosingFunctionOf(parent);
    // Called on the way, or passed on as it is: `req.on('close', controller.abort)`.
    if (within === fn) return registrationOf(parent, core);
    const { when, runs } = core.ask(closureTime, within);
    if (when === 'now' || when === 'never' || when === 'concurrently' || when === 'exclusive') return undefined;
    const registrations = runs.flatMap(({ call }) => (call === undefined ? [] : [kindOf(call, core)]));
    return registrations.find((kind) => kind === 'cancelled') ?? registrations[0];
  }
  // Kept where others find it.
  const isStored =
    (ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      parent.right === outer &&
      ts.isPropertyAccessExpression(parent.left)) ||
    (ts.isCallExpression(parent) && parent.expression !== outer && core.api.plays(parent, 'mutates') !== undefined);
  return isStored ? 'cancelled' : undefined;
}

/** The call that gets a bound or bare `controller.abort`. */
function registrationOf(abort: ts.Node, core: Core): 'cancelled' | 'deadline' | undefined {
  let node = wrapped(abort);
  const isBind =
    ts.isPropertyAccessExpression(node.parent) &&
    node.parent.name.text === 'bind' &&
    ts.isCallExpression(node.parent.parent);
  if (isBind) node = wrapped(node.parent.parent);
  const { parent } = node;
  const isArgument = ts.isCallExpression(parent) && parent.expression !== node;
  return isArgument ? kindOf(parent, core) : undefined;
}

function kindOf(call: ts.CallExpression | ts.NewExpression, core: Core): 'cancelled' | 'deadline' | undefined {
  const row = core.api.memberOf(call);
  if (row === undefined) return 'cancelled';
  if (hasRole(row, 'starts-timer')) return 'deadline';
  // A signal that stops the process is not that of one piece of work.
  if (hasRole(row, 'registers-shutdown')) return undefined;
  return 'cancelled';
}

/** Is the symbol named inside the node? */
export function mentions(node: ts.Node, symbol: ts.Symbol, core: Core): boolean {
  if (ts.isIdentifier(node)) return node.text === symbol.name && symbolOf(node, core) === symbol;
  return ts.forEachChild(node, (child) => mentions(child, symbol, core)) ?? false;
}
