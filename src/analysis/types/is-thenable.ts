import * as ts from 'typescript';
import { unasserted } from '../syntax/expressions.ts';
import { isAnyLike } from './is-any-like.ts';
import { partsOf } from './parts-of.ts';
import { writtenMembersIn } from './written-members.ts';

const thenables = new WeakMap<ts.Type, boolean>();

/** Does the type, or a part of it that is not nullish, have a `then` that takes a callback, so that `await` calls it? */
export function isThenable(type: ts.Type, checker: ts.TypeChecker): boolean {
  let is = thenables.get(type);
  if (is === undefined) {
    is = hasThen(type, checker);
    thenables.set(type, is);
  }
  return is;
}

function hasThen(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => {
    if (isAnyLike(part)) return false;
    const then = checker.getPropertyOfType(checker.getApparentType(part), 'then');
    if (then === undefined) return false;
    return checker
      .getTypeOfSymbol(then)
      .getCallSignatures()
      .some(
        ({ parameters: [callback] }) =>
          callback !== undefined && mayBeCalled(checker.getTypeOfSymbol(callback), checker),
      );
  });
}

/**
 * Does an expression give something with a `then`? A call is asked what its signatures say, and only if that depends on how it is called
 * for its own type: with generic functions that is computed from all that the call is given, which can take seconds for a query.
 */
export function givesThenable(node: ts.Expression, checker: ts.TypeChecker): boolean {
  return thenableBySignatures(node, checker) ?? isThenable(checker.getTypeAtLocation(node), checker);
}

/** Does a call give something with a `then`, and nothing that is `any`, however it is called? `undefined`: that depends. */
export function thenableBySignatures(node: ts.Expression, checker: ts.TypeChecker): boolean | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first, ...others] = resultsOf(node, checker).map((result) =>
    isSettled(result) ? isThenable(result, checker) : undefined,
  );
  return others.every((other) => other === first) ? first : undefined;
}

/**
 * Does the call of a plain name (`eq(users.id, id)`) give nothing with a `then`, however it is called? That is cheap to ask, and saves
 * the type of a whole query where the call stands in one.
 */
export function isPlainlyIdle(node: ts.Expression, checker: ts.TypeChecker): boolean {
  const isPlain = ts.isCallExpression(node) && ts.isIdentifier(unasserted(node.expression));
  return isPlain && thenableBySignatures(node, checker) === false;
}

/**
 * What a call gives by the declaration of what is called, one type for each signature: types of a generic function with its own
 * parameters. Those of a written class or interface, and of a member of a module, are found without the type of the receiver.
 */
export function resultsOf(call: ts.CallExpression, checker: ts.TypeChecker): readonly ts.Type[] {
  const members = writtenMembersIn(checker);
  const [written] = members.resultOf(call) ?? [];
  if (written !== undefined) return [checker.getDeclaredTypeOfSymbol(written)];
  const callee = unasserted(call.expression);
  if (ts.isCallExpression(callee)) {
    const made = resultsOf(callee, checker);
    if (made.length > 0 && made.every(isSettled)) return made.flatMap((type) => givenBy(type, call, checker));
  }
  const isMember = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  const member = isMember ? members.memberAt(callee)?.symbol : undefined;
  const type = member === undefined ? checker.getTypeAtLocation(callee) : checker.getTypeOfSymbol(member);
  return givenBy(type, call, checker);
}

const signatures = new WeakMap<ts.Type, readonly ts.Signature[]>();

/** What a value gives when it is called in this way, by each signature that may be meant. */
function givenBy(type: ts.Type, call: ts.CallExpression, checker: ts.TypeChecker): readonly ts.Type[] {
  let known = signatures.get(type);
  if (known === undefined) signatures.set(type, (known = checker.getNonNullableType(type).getCallSignatures()));
  const meant = known.length < 2 ? known : known.filter((signature) => mayBeMeant(signature, call, checker));
  return (meant.length === 0 ? known : meant).map((signature) => signature.getReturnType());
}

/** May a call be by this signature, going by what is written: an object, a list or a text is no function, and a function no text? */
function mayBeMeant({ parameters }: ts.Signature, call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  return call.arguments.every((argument, at) => {
    const parameter = parameters[at];
    const declaration = parameter?.valueDeclaration;
    if (parameter === undefined || declaration === undefined || !ts.isParameter(declaration)) return true;
    if (declaration.dotDotDotToken !== undefined || !isData(argument)) return true;
    const type = checker.getTypeOfSymbol(parameter);
    return !(isFunctionAlone(type) || (type.isUnion() && type.types.every(isFunctionAlone)));
  });
}

function isData(argument: ts.Expression): boolean {
  const node = unasserted(argument);
  return (
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node) ||
    ts.isStringLiteralLike(node) ||
    ts.isTemplateExpression(node) ||
    ts.isNumericLiteral(node)
  );
}

function isFunctionAlone(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Object) !== 0 && type.getCallSignatures().length > 0;
}

/** Is the type the same however a generic function is called? */
function isSettled(type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.every(isSettled);
  return (type.flags & ts.TypeFlags.Instantiable) === 0 && !isAnyLike(type);
}

function mayBeCalled(type: ts.Type, checker: ts.TypeChecker): boolean {
  return partsOf(type, checker).some((part) => isAnyLike(part) || part.getCallSignatures().length > 0);
}
