import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';

/** Is it a call of a function or method of the project that the user has named: `receive`, `Inbox.receive`? Calls inside itself are not. */
export function isNamedCall(call: ts.CallExpression, names: readonly string[], core: Core): boolean {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name)) return false;
  const wanted = names.filter((each) => each.slice(each.lastIndexOf('.') + 1) === name.text);
  if (wanted.length === 0) return false;
  const declarations = symbolOf(name, core)?.declarations ?? [];
  return declarations.some((declaration) => {
    if (core.program.isSourceFileFromExternalLibrary(declaration.getSourceFile())) return false;
    const { parent } = declaration;
    const owner =
      ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent) || ts.isModuleBlock(parent)
        ? ts.getNameOfDeclaration(parent as ts.Declaration)?.getText()
        : undefined;
    const isRecursive = enclosingFunctionOf(call) === declaration;
    return !isRecursive && wanted.some((each) => each === name.text || each === `${owner ?? ''}.${name.text}`);
  });
}
