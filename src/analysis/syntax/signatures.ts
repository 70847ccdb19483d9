import * as ts from 'typescript';
import { bare } from './expressions.ts';
import { isAsync, isFunctionNode, isGenerator } from './functions.ts';

/** The declarations of what can be called, without the one that implements the others. */
export function callableAmong(all: readonly ts.Declaration[]): readonly ts.Declaration[] {
  // A function may be a namespace too.
  const declarations = all.filter((declaration) => !ts.isModuleDeclaration(declaration));
  if (declarations.length < 2) return declarations;
  const overloads = declarations.filter((declaration) => !ts.isFunctionLike(declaration) || !hasBody(declaration));
  return overloads.length > 0 ? overloads : declarations;
}

function hasBody(declaration: ts.SignatureDeclaration): boolean {
  return 'body' in declaration && declaration.body !== undefined;
}

/** A function or method that says itself what it takes and gives. */
export function isWrittenFunction(
  declaration: ts.Declaration,
): declaration is ts.FunctionDeclaration | ts.MethodDeclaration | ts.MethodSignature {
  return (
    ts.isMethodSignature(declaration) || ts.isMethodDeclaration(declaration) || ts.isFunctionDeclaration(declaration)
  );
}

/** A variable or property, of which a written type may say what its function takes and gives. */
export function isTypedHolder(
  declaration: ts.Declaration,
): declaration is ts.PropertyDeclaration | ts.PropertySignature | ts.VariableDeclaration {
  return (
    ts.isVariableDeclaration(declaration) ||
    ts.isPropertyDeclaration(declaration) ||
    ts.isPropertySignature(declaration)
  );
}

/** The type that stands behind the parameters: of a function, of a method, of a variable or property that holds a function. */
export function writtenResultOf(declaration: ts.Declaration): ts.TypeNode | undefined {
  if (isWrittenFunction(declaration)) return declaration.type;
  if (!isTypedHolder(declaration)) return undefined;
  if (declaration.type !== undefined) {
    return ts.isFunctionTypeNode(declaration.type) ? declaration.type.type : undefined;
  }
  const value = ts.isPropertySignature(declaration) ? undefined : functionIn(declaration);
  return value?.type;
}

/** The function that a variable or field without a written type holds. */
function functionIn(
  declaration: ts.PropertyDeclaration | ts.VariableDeclaration,
): ts.ArrowFunction | ts.FunctionExpression | undefined {
  const value = declaration.initializer === undefined ? undefined : bare(declaration.initializer);
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** Is it an `async` function, or does it hold one? */
export function isAsyncFunction(declaration: ts.Declaration): boolean {
  const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
  if (isHolder && declaration.type !== undefined) return false;
  const fn = isHolder ? functionIn(declaration) : declaration;
  return fn !== undefined && isFunctionNode(fn) && isAsync(fn) && !isGenerator(fn);
}

/** The parameters without `this`. */
export function ownParametersOf(signature: ts.SignatureDeclaration): readonly ts.ParameterDeclaration[] {
  return signature.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
}

/** The parameter of a function literal as an argument of a call. */
export interface GivenParameter {
  readonly call: ts.CallExpression;
  /** Which argument the function is, and which of its own parameters this is. */
  readonly argument: number;
  readonly place: number;
  /** How many parameters the function has. */
  readonly count: number;
}

/** Where a parameter without a written type gets its type from: the call that is given its function. */
export function givenParameterOf(parameter: ts.ParameterDeclaration): GivenParameter | undefined {
  const fn = parameter.parent;
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  if (parameter.type !== undefined || parameter.dotDotDotToken !== undefined) return undefined;
  const call = fn.parent;
  if (!ts.isCallExpression(call) || call.arguments.some((each) => ts.isSpreadElement(each))) return undefined;
  const argument = call.arguments.indexOf(fn);
  const own = ownParametersOf(fn);
  return argument < 0 ? undefined : { call, argument, place: own.indexOf(parameter), count: own.length };
}

/** The written type of what a signature takes at a place, that of one more of a list included; `undefined`: it takes nothing there. */
export function takenAt(signature: ts.SignatureDeclaration, place: number): ts.TypeNode | undefined {
  const parameters = ownParametersOf(signature);
  const last = parameters.at(-1);
  if (last?.dotDotDotToken === undefined || place < parameters.length - 1) return parameters[place]?.type;
  const list = last.type;
  if (list === undefined) return undefined;
  if (ts.isArrayTypeNode(list)) return list.elementType;
  const isArray = ts.isTypeReferenceNode(list) && ts.isIdentifier(list.typeName) && list.typeName.text === 'Array';
  return isArray ? list.typeArguments?.[0] : undefined;
}

/** Can the signature be called with these arguments, going by how many there are and by the texts among them? */
export function mayTake(signature: ts.SignatureDeclaration, given: readonly ts.Expression[]): boolean {
  const needed = ownParametersOf(signature).filter(
    ({ dotDotDotToken, initializer, questionToken }) =>
      dotDotDotToken === undefined && initializer === undefined && questionToken === undefined,
  );
  if (needed.length > given.length || !takesUpTo(signature, given.length)) return false;
  return given.every((argument, place) => textWantedFor(argument, place, signature) !== 'another');
}

/** Is the signature the one for a text among the arguments: `on(event: 'close', …)` for `on('close', …)`? */
export function isToldByText(signature: ts.SignatureDeclaration, given: readonly ts.Expression[]): boolean {
  return given.some((argument, place) => textWantedFor(argument, place, signature) === 'this');
}

function textWantedFor(
  argument: ts.Expression,
  place: number,
  signature: ts.SignatureDeclaration,
): 'another' | 'this' | undefined {
  const taken = ts.isStringLiteralLike(argument) ? takenAt(signature, place) : undefined;
  if (taken === undefined || !ts.isLiteralTypeNode(taken) || !ts.isStringLiteral(taken.literal)) return undefined;
  return ts.isStringLiteralLike(argument) && taken.literal.text === argument.text ? 'this' : 'another';
}

/** Has the signature so many parameters, or a list? */
export function takesUpTo(signature: ts.SignatureDeclaration, count: number): boolean {
  const parameters = ownParametersOf(signature);
  return count <= parameters.length || parameters.at(-1)?.dotDotDotToken !== undefined;
}
