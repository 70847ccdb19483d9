import ts from 'typescript';
import type { Core } from '../facts.ts';

/** The parameter of one of the project's own functions that gets an argument. */
export interface Receiver {
  readonly parameter: ts.ParameterDeclaration;
  /** Does it take the rest of the arguments? */
  readonly isRest: boolean;
}

/** The parameters, of functions with a body in the Program, that get this argument of a call. */
export function parametersFor(
  call: ts.CallExpression | ts.NewExpression,
  argument: number,
  core: Core,
): readonly Receiver[] {
  if (call.arguments?.slice(0, argument).some((given) => ts.isSpreadElement(given)) === true) return [];
  const declaration = core.checker.getResolvedSignature(call)?.declaration;
  if (declaration === undefined || !ts.isFunctionLike(declaration)) return [];
  const body = bodyOf(declaration, core);
  if (body === undefined) return [];
  const parameters = body.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
  const last = parameters.at(-1);
  const parameter = parameters[argument] ?? (last?.dotDotDotToken === undefined ? undefined : last);
  return parameter === undefined ? [] : [{ parameter, isRest: parameter.dotDotDotToken !== undefined }];
}

/** The declaration itself, or for an overload signature the one that implements it. */
function bodyOf(declaration: ts.SignatureDeclaration, core: Core): ts.FunctionLikeDeclaration | undefined {
  if ('body' in declaration && declaration.body !== undefined) return declaration as ts.FunctionLikeDeclaration;
  const hasOverloads =
    ts.isFunctionDeclaration(declaration) ||
    ts.isMethodDeclaration(declaration) ||
    ts.isConstructorDeclaration(declaration);
  if (!hasOverloads) return undefined;
  const symbol = declaration.name === undefined ? undefined : core.checker.getSymbolAtLocation(declaration.name);
  const siblings = symbol?.declarations ?? (ts.isConstructorDeclaration(declaration) ? declaration.parent.members : []);
  for (const sibling of siblings) {
    if (sibling.kind === declaration.kind && (sibling as ts.FunctionLikeDeclaration).body !== undefined) {
      return sibling as ts.FunctionLikeDeclaration;
    }
  }
  return undefined;
}
