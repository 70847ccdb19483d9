import * as ts from 'typescript';
import {
  type Core,
  enclosingFunctionOf,
  isConst,
  isInside,
  isModuleLevel,
  type StaleWrite,
} from '../../analysis/index.ts';
import { ended, hasDirectiveAbove, indentOf, indentStepOf, lineBreakOf, replace } from '../../report/edits.ts';
import { restsOnTest } from './is-narrowed.ts';
import type { UpdateRepair } from './repair.ts';
import { updateOf } from './update-of.ts';

/**
 * `state = await reduce(state, action)` → `await mutex.runExclusive(async () => { state = await reduce(state, action); })`
 *
 * Only a suggestion, and only with a lock that the file or the class already has: which updates belong to which lock is the author's
 * to say.
 */
export function underLock({ read, write }: StaleWrite, core: Core): readonly UpdateRepair[] {
  const update = updateOf(write.node);
  if (update === undefined || !isInside(read.node, update) || !ts.isExpressionStatement(update.parent)) return [];
  const statement = update.parent;
  if (restsOnTest(update, core) || hasDirectiveAbove(statement) || !isMovable(update)) return [];
  const file = statement.getSourceFile();
  const indent = indentOf(statement);
  const line = lineBreakOf(file);
  const body = `${indent}${indentStepOf(file)}${ended(update.getText(), file)}`;
  return locksAround(statement, core).map((lock) => ({
    title: 'lock',
    data: { lock },
    automatic: false,
    edits: [replace(statement, ended(`await ${lock}(async () => {${line}${body}${line}${indent}})`, file))],
  }));
}

/** Nothing in it is bound to the function that it stands in, and it may wait there. */
function isMovable(update: ts.Expression): boolean {
  const isBound = (node: ts.Node): boolean =>
    ts.isYieldExpression(node) ||
    (ts.isIdentifier(node) && node.text === 'arguments') ||
    (ts.forEachChild(node, isBound) ?? false);
  return !isBound(update);
}

/** Locks at hand, each with its member that runs a callback alone: `mutex.runExclusive`, `this.#mutex.runExclusive`. */
function locksAround(statement: ts.Statement, core: Core): readonly string[] {
  const found: string[] = [];
  const add = (name: ts.Node, text: string): void => {
    const type = core.checker.getTypeAtLocation(name);
    if (core.api.isA(type, 'lock') === undefined) return;
    const member = exclusiveMemberOf(type, statement, core);
    if (member !== undefined) found.push(`${text}.${member}`);
  };
  const owner = ts.findAncestor(statement, ts.isClassLike);
  const home = enclosingFunctionOf(statement);
  const isInstance = owner !== undefined && ts.findAncestor(home, ts.isClassElement)?.parent === owner;
  for (const member of isInstance ? owner.members : []) {
    const isStatic =
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
    if (ts.isPropertyDeclaration(member) && isStatic !== true && !ts.isComputedPropertyName(member.name))
      add(member.name, `this.${member.name.getText()}`);
  }
  for (const each of statement.getSourceFile().statements) {
    if (!ts.isVariableStatement(each)) continue;
    for (const variable of each.declarationList.declarations) {
      if (ts.isIdentifier(variable.name) && isConst(variable) && isModuleLevel(variable))
        add(variable.name, variable.name.text);
    }
  }
  return found;
}

function exclusiveMemberOf(type: ts.Type, at: ts.Node, { api, checker }: Core): string | undefined {
  for (const name of api.namesWith('exclusive').keys()) {
    const member = type.getProperty(name);
    if (member === undefined) continue;
    const [signature] = checker.getTypeOfSymbolAtLocation(member, at).getCallSignatures();
    const parameter = signature?.parameters[0];
    if (parameter === undefined) continue;
    if (checker.getTypeOfSymbolAtLocation(parameter, at).getCallSignatures().length > 0) return name;
  }
  return undefined;
}
