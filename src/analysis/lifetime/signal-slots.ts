import * as ts from 'typescript';
import { calleesOf, parametersOf } from '../effects/callees-of.ts';
import { referencesOf } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { isCallable } from '../types/is-callable.ts';
import { isNullish } from '../types/is-nullish.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { partsOf } from '../types/parts-of.ts';
import { isSignal, mayBeSignal, signalPropertyOf } from './signals.ts';

/** The place at which a call takes a signal that it is not given. */
export interface SignalSlot {
  /** Among the arguments, counted from 0. */
  readonly argument: number;
  /** The option's name; `undefined` where the argument itself is the signal. */
  readonly option?: string;
  /** What stands at `argument` now: an object literal, a constant made from one, or `undefined` written out. */
  readonly options?: ts.ObjectLiteralExpression;
  readonly prepared?: ts.Identifier;
  readonly placeholder?: ts.Identifier;
  /** What the slot takes, without what only says that it may be left out. */
  readonly type: ts.Type;
  /** May it be left out, and does the compiler tell that from `undefined`? */
  readonly isExact: boolean;
  /** Arguments that are missing before it. */
  readonly gap: number;
}

/**
 * Does a call get a signal?
 *
 * - `empty`: it takes one and is given none
 * - `given`: the expression `value` is one, at its place or in an object literal
 * - `hidden`: an object or a spread may hold one, or the call says `undefined` on purpose
 * - `none`: it takes none
 */
export type SignalUse =
  | { readonly is: 'empty'; readonly slot: SignalSlot }
  | { readonly is: 'given'; readonly value: ts.Expression }
  | { readonly is: 'hidden' }
  | { readonly is: 'none' };

const NONE: SignalUse = { is: 'none' };
const HIDDEN: SignalUse = { is: 'hidden' };

/** Overloads of one function that are looked at. */
const MOST_OVERLOADS = 24;

/**
 * What a call does about a signal, by the types of the resolved signature; where that takes none, by an overload that takes the same
 * arguments and options after them.
 */
export function signalUseOf(call: ts.CallExpression, core: Core): SignalUse {
  const { checker } = core;
  if (call.arguments.some((argument) => ts.isSpreadElement(argument))) return HIDDEN;
  const signature = checker.getResolvedSignature(call);
  if (signature?.declaration === undefined) return NONE;
  const found = useIn(call, signature, core, false);
  if (found.is !== 'none') return call.arguments.map((argument) => givenIn(argument, core)).find(isThere) ?? found;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(call.expression));
  const others = type.getCallSignatures();
  if (others.length < 2 || others.length > MOST_OVERLOADS) return NONE;
  for (const other of others) {
    if (other.declaration === signature.declaration || !takesTheSame(call, signature, other, core)) continue;
    const use = useIn(call, other, core, true);
    if (use.is === 'empty') return use;
  }
  return NONE;
}

function isThere(use: SignalUse | undefined): use is SignalUse {
  return use !== undefined;
}

/** A signal among the arguments, or in an object literal among them. */
function givenIn(argument: ts.Expression, core: Core): SignalUse | undefined {
  const node = bare(argument);
  if (ts.isObjectLiteralExpression(node)) {
    for (const property of node.properties) {
      const value = ts.isPropertyAssignment(property)
        ? property.initializer
        : ts.isShorthandPropertyAssignment(property)
          ? property.name
          : undefined;
      if (value !== undefined && isGivenSignal(value, core)) return { is: 'given', value };
    }
    return undefined;
  }
  return isGivenSignal(node, core) ? { is: 'given', value: argument } : undefined;
}

function isGivenSignal(value: ts.Expression, core: Core): boolean {
  const node = bare(value);
  if (ts.isLiteralExpression(node) || ts.isFunctionLike(node) || ts.isObjectLiteralExpression(node)) return false;
  const type =
    ts.isIdentifier(node) && ts.isShorthandPropertyAssignment(node.parent)
      ? typeOfShorthand(node, core)
      : core.checker.getTypeAtLocation(node);
  return type !== undefined && mayBeSignal(type, core);
}

function typeOfShorthand(name: ts.Identifier, core: Core): ts.Type | undefined {
  const symbol = symbolOf(name, core);
  return symbol === undefined ? undefined : core.checker.getTypeOfSymbolAtLocation(symbol, name);
}

function useIn(call: ts.CallExpression, signature: ts.Signature, core: Core, isOtherOverload: boolean): SignalUse {
  const { checker } = core;
  let use = NONE;
  signature.parameters.some((parameter, at) => {
    const declaration = parameter.valueDeclaration;
    if (declaration !== undefined && ts.isParameter(declaration) && declaration.dotDotDotToken !== undefined)
      return true;
    use = useAt(call, at, checker.getTypeOfSymbolAtLocation(parameter, call), parameter, core, isOtherOverload);
    return use.is !== 'none';
  });
  return use;
}

function useAt(
  call: ts.CallExpression,
  at: number,
  type: ts.Type,
  parameter: ts.Symbol,
  core: Core,
  isOtherOverload: boolean,
): SignalUse {
  const { checker } = core;
  const argument = call.arguments[at];
  const gap = Math.max(0, at - call.arguments.length);
  const common = { argument: at, gap };
  if (isSignal(type, core)) {
    // `undefined` in its place says that there is none on purpose.
    if (argument !== undefined) return HIDDEN;
    return { is: 'empty', slot: { ...common, type, isExact: false } };
  }
  const node = argument === undefined ? undefined : bare(argument);
  const isPlaceholder = node !== undefined && ts.isIdentifier(node) && node.text === 'undefined';
  if (node !== undefined && !isPlaceholder) {
    const own = checker.getTypeAtLocation(node);
    if (isPrimitive(own, checker) || isCallable(own, checker)) return NONE;
  }
  const objects = partsOf(type, checker).filter(
    (part) => !isPrimitive(part, checker) && part.getCallSignatures().length === 0,
  );
  const properties = objects.map((part) => signalPropertyOf(part, core));
  const property = properties.find((each) => each !== undefined);
  if (property === undefined) return NONE;
  const slot = { ...common, option: property.name, ...takenBy(property, core) };
  if (argument === undefined || isPlaceholder) {
    const holder = objects[properties.indexOf(property)];
    const isNext = isOtherOverload ? gap === 0 : mayBeLeftOut(parameter, type);
    if (holder === undefined || !isNext || !mayHoldItAlone(holder, property, checker)) return NONE;
    return {
      is: 'empty',
      slot: isPlaceholder ? { ...slot, placeholder: node } : slot,
    };
  }
  if (properties.some((each) => each === undefined)) return HIDDEN;
  if (node !== undefined && ts.isObjectLiteralExpression(node)) {
    return mayHold(node, property.name) ? HIDDEN : { is: 'empty', slot: { ...slot, options: node } };
  }
  const prepared = node === undefined ? undefined : preparedAt(node, core);
  if (prepared === undefined || mayHold(prepared.literal, property.name)) return HIDDEN;
  return { is: 'empty', slot: { ...slot, prepared: prepared.name } };
}

/** Do options that hold the signal alone fit the type? */
function mayHoldItAlone(holder: ts.Type, property: ts.Symbol, checker: ts.TypeChecker): boolean {
  return checker
    .getPropertiesOfType(holder)
    .every((each) => each === property || (each.flags & ts.SymbolFlags.Optional) !== 0);
}

function mayBeLeftOut(parameter: ts.Symbol, type: ts.Type): boolean {
  const declaration = parameter.valueDeclaration;
  const isOptional =
    declaration !== undefined &&
    ts.isParameter(declaration) &&
    (declaration.questionToken !== undefined || declaration.initializer !== undefined);
  const takesUndefined = type.isUnion() && type.types.some((part) => isNullish(part));
  // Under JSDoc a parameter says so in its type.
  return isOptional || takesUndefined || /\.[cm]?jsx?$/.test(declaration?.getSourceFile().fileName ?? '');
}

/** May an object literal hold the property, or hide it: in a spread, under a computed name? */
function mayHold(literal: ts.ObjectLiteralExpression, name: string): boolean {
  return literal.properties.some((property) => {
    if (ts.isSpreadAssignment(property)) return true;
    const key = property.name;
    return ts.isIdentifier(key) || ts.isStringLiteralLike(key) ? key.text === name : !ts.isNumericLiteral(key);
  });
}

/** A constant that was made from an object literal, so that its type says all it holds. */
function preparedAt(
  node: ts.Expression,
  core: Core,
): { readonly name: ts.Identifier; readonly literal: ts.ObjectLiteralExpression } | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const declaration = symbolOf(node, core)?.valueDeclaration;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration) || !isConst(declaration)) return undefined;
  if (declaration.type !== undefined || declaration.initializer === undefined) return undefined;
  const literal = bare(declaration.initializer);
  return ts.isObjectLiteralExpression(literal) && declaration.initializer === literal
    ? { name: node, literal }
    : undefined;
}

/** What may be written for a property; an optional one takes `undefined` too, unless the compiler is told to be exact. */
function takenBy(property: ts.Symbol, { checker, program }: Core): Pick<SignalSlot, 'isExact' | 'type'> {
  const type = checker.getTypeOfSymbol(property);
  const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const isExact = isOptional && program.getCompilerOptions().exactOptionalPropertyTypes === true;
  if (!isExact) return { type, isExact: false };
  const parts = type.isUnion() ? type.types : [type];
  const takesUndefined = parts.includes(checker.getUndefinedType());
  return { type, isExact: !takesUndefined };
}

/** Does another overload take the arguments that there are, and give the same? By what is written, else by the types. */
function takesTheSame(call: ts.CallExpression, one: ts.Signature, other: ts.Signature, core: Core): boolean {
  if (other.parameters.length <= call.arguments.length) return false;
  return (
    isWrittenTheSame(call, one, other) || (other.typeParameters === undefined && fitsTheSame(call, one, other, core))
  );
}

function isWrittenTheSame(call: ts.CallExpression, one: ts.Signature, other: ts.Signature): boolean {
  const [left, right] = [one.declaration, other.declaration];
  if (left === undefined || right === undefined || ts.isJSDocSignature(left) || ts.isJSDocSignature(right))
    return false;
  const written = (signature: ts.SignatureDeclaration): string =>
    [
      ...(signature.typeParameters ?? []),
      '(',
      ...signature.parameters.slice(0, call.arguments.length).map(({ type }) => type),
      ')',
      signature.type,
    ]
      .map((part) => (typeof part === 'string' ? part : (part?.getText() ?? '')))
      .join(' ');
  return written(left) === written(right);
}

function fitsTheSame(call: ts.CallExpression, one: ts.Signature, other: ts.Signature, { checker }: Core): boolean {
  const fits = call.arguments.every((argument, at) => {
    const parameter = other.parameters[at];
    const type = parameter === undefined ? undefined : checker.getTypeOfSymbolAtLocation(parameter, call);
    return type !== undefined && checker.isTypeAssignableTo(checker.getTypeAtLocation(argument), type);
  });
  if (!fits) return false;
  const [left, right] = [checker.getReturnTypeOfSignature(one), checker.getReturnTypeOfSignature(other)];
  return checker.isTypeAssignableTo(left, right) && checker.isTypeAssignableTo(right, left);
}

/**
 * Does every function of the project that the call may run leave its signal unused? A signal that nobody listens to is worth nothing.
 */
export function isIgnored(call: ts.CallExpression, slot: SignalSlot, core: Core): boolean {
  const { functions, through } = core.ask(calleesOf, call);
  if (functions.length === 0 || through !== undefined) return false;
  return functions.every((fn) => ignores(fn, slot, core));
}

function ignores(fn: FunctionNode, { argument, option }: SignalSlot, core: Core): boolean {
  const parameters = parametersOf(fn);
  const parameter = parameters[argument];
  if (parameter === undefined) {
    const readsArguments = 'body' in fn && fn.body !== undefined && /\barguments\b/.test(fn.body.getText());
    return parameters.at(-1)?.dotDotDotToken === undefined && !readsArguments;
  }
  const { name } = parameter;
  if (parameter.dotDotDotToken !== undefined) return false;
  if (ts.isParameterPropertyDeclaration(parameter, parameter.parent)) return false;
  if (ts.isIdentifier(name)) {
    const symbol = core.checker.getSymbolAtLocation(name);
    if (symbol === undefined) return false;
    const uses = referencesOf(symbol, core);
    return option === undefined ? uses.length === 0 : uses.every((use) => readsAnother(use, option));
  }
  if (!ts.isObjectBindingPattern(name) || option === undefined) return false;
  return !name.elements.some((element) => {
    if (element.dotDotDotToken !== undefined) return true;
    const key = element.propertyName ?? element.name;
    if (!ts.isIdentifier(key) || key.text !== option) return !ts.isIdentifier(key) && !ts.isStringLiteral(key);
    if (!ts.isIdentifier(element.name)) return true;
    const symbol = core.checker.getSymbolAtLocation(element.name);
    return symbol === undefined || referencesOf(symbol, core).length > 0;
  });
}

/** `options.limit`, where the signal would be `options.signal`; `const { limit } = options`. */
function readsAnother(use: ts.Identifier, option: string): boolean {
  const { parent } = use;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) return parent.name.text !== option;
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== use || !ts.isObjectBindingPattern(parent.name))
    return false;
  return parent.name.elements.every((element) => {
    const key = element.propertyName ?? element.name;
    return element.dotDotDotToken === undefined && ts.isIdentifier(key) && key.text !== option;
  });
}
