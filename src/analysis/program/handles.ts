import * as ts from 'typescript';
import type { TypeMatch } from '../api/api.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { awaitedTypeOf } from '../types/awaited-type-of.ts';
import { roleCalls } from './role-calls.ts';
import { isTopLevelOnce } from './start-up.ts';

/** A variable or field that keeps something long-lived: a server, a pool, a client, a worker. */
export interface Handle {
  readonly node: ts.ParameterDeclaration | ts.PropertyDeclaration | ts.VariableDeclaration;
  readonly name: ts.Identifier | ts.PrivateIdentifier;
  readonly file: ts.SourceFile;
  readonly match: TypeMatch;
  /** Kept for the life of the process, of an object, or of the function that starts the program. */
  readonly kept: 'field' | 'module' | 'start';
}

/**
 * The long-lived things that a file keeps in module variables, in fields, and in variables of its start-up functions.
 *
 * By the type's catalogue row (`drainable`, `pool`). Declarations that cannot hold such a thing (literals, functions, plain
 * objects) cost no type.
 */
export const handlesIn = defineFact<ts.SourceFile, readonly Handle[]>({
  name: 'handles',
  scope: 'program',
  compute(file, core) {
    const found: Handle[] = [];
    const take = (node: Handle['node'], kept: Handle['kept']): void => {
      if (!mayHold(node) || (!ts.isIdentifier(node.name) && !ts.isPrivateIdentifier(node.name))) return;
      const declared = core.checker.getTypeAtLocation(node.name);
      const type = awaitedTypeOf(declared, core.checker) ?? declared;
      const match = core.api.isA(type, 'drainable') ?? core.api.isA(type, 'pool');
      if (match !== undefined) found.push({ node, name: node.name, file, match, kept });
    };
    for (const statement of file.statements) {
      if (ts.isVariableStatement(statement))
        for (const each of statement.declarationList.declarations) take(each, 'module');
    }
    for (const holder of classesIn(file)) {
      for (const member of holder.members) {
        if (ts.isPropertyDeclaration(member)) take(member, 'field');
        if (!ts.isConstructorDeclaration(member)) continue;
        for (const parameter of member.parameters)
          if (ts.isParameterPropertyDeclaration(parameter, member)) take(parameter, 'field');
      }
    }
    for (const fn of startersIn(file, core)) for (const variable of variablesIn(fn)) take(variable, 'start');
    return found;
  },
});

function classesIn(file: ts.SourceFile): readonly ts.ClassLikeDeclaration[] {
  if (!/\bclass\b/.test(file.text)) return [];
  const found: ts.ClassLikeDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Functions that run once at the start and register listeners or start servers. */
function startersIn(file: ts.SourceFile, core: Core): ReadonlySet<FunctionNode> {
  const found = new Set<FunctionNode>();
  for (const { call } of roleCalls(file, core)) {
    for (let fn = enclosingFunctionOf(call); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
      if (core.ask(isTopLevelOnce, fn).is === 'yes') found.add(fn);
    }
  }
  return found;
}

/** The variables of a function, those of functions inside it left out. */
function variablesIn(fn: FunctionNode): readonly ts.VariableDeclaration[] {
  const found: ts.VariableDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isVariableDeclaration(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(fn, visit);
  return found;
}

/** May the declaration hold an object of a class that is not the language's own? */
function mayHold({ initializer, type }: Handle['node']): boolean {
  if (type !== undefined) return ts.isTypeReferenceNode(type) || ts.isUnionTypeNode(type) || ts.isTypeQueryNode(type);
  if (initializer === undefined) return false;
  const value = bare(initializer);
  const made = ts.isAwaitExpression(value) ? bare(value.expression) : value;
  return (
    ts.isNewExpression(made) ||
    ts.isCallExpression(made) ||
    ts.isIdentifier(made) ||
    ts.isPropertyAccessExpression(made) ||
    ts.isConditionalExpression(made) ||
    ts.isBinaryExpression(made)
  );
}
