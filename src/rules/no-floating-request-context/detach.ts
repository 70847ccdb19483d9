import * as ts from 'typescript';
import { bare, type Core, enclosingFunctionOf, type FloatingRequest, isThenable } from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { isUnderTypeDirective } from './place.ts';
import type { RequestRepair } from './repair.ts';

/**
 * Hands the task to what the platform waits for: `ctx.waitUntil(task)`, an imported `after` or `waitUntil`, a helper of the project that
 * the options name. Only what stands in scope already.
 */
export function detach({ task }: FloatingRequest, core: Core, helpers: readonly string[]): readonly RequestRepair[] {
  const { by, isCallback, work } = task;
  if (isCallback || by === 'helper' || by === 'kept') return [];
  if (!isPromise(work, core)) return [];
  const statement = statementOf(work);
  if (statement === undefined || isUnderTypeDirective(statement)) return [];
  const helper = helperInScope(work, core, helpers);
  if (helper === undefined) return [];
  const from = ts.isExpressionStatement(statement) ? statement.expression : work;
  const edits: Edit[] = [
    { range: [from.getStart(), work.getStart()], text: `${helper}(` },
    { range: [work.getEnd(), from.getEnd()], text: ')' },
  ];
  return [{ title: 'detach', automatic: true, data: { helper }, edits }];
}

function isPromise(work: ts.Expression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(work);
  return core.checker.getNonNullableType(type) === type && isThenable(type, core.checker);
}

/** The statement that is nothing but the task, with or without `void`. */
function statementOf(work: ts.Expression): ts.Statement | undefined {
  let node: ts.Node = work.parent;
  while (ts.isVoidExpression(node) || ts.isParenthesizedExpression(node)) node = node.parent;
  return ts.isExpressionStatement(node) ? node : undefined;
}

/** How a helper that takes promises is written here. */
function helperInScope(at: ts.Node, core: Core, helpers: readonly string[]): string | undefined {
  for (let fn: ts.Node = enclosingFunctionOf(at); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    if (!ts.isFunctionLike(fn)) continue;
    for (const { name } of fn.parameters) {
      const found = ts.isIdentifier(name) ? memberHelper(name, core) : undefined;
      if (found !== undefined && isVisible(name.getText(), at, core)) return found;
    }
  }
  return importedHelper(at, core) ?? namedHelper(at, core, helpers);
}

/** `ctx.waitUntil` of a parameter, or `c.executionCtx.waitUntil` of what a request holds. */
function memberHelper(name: ts.Identifier, core: Core): string | undefined {
  const { api, checker } = core;
  const type = checker.getTypeAtLocation(name);
  if (checker.getNonNullableType(type) !== type) return undefined;
  const names = [...api.namesWith('detaches').keys()];
  const direct = names.find((member) => detaches(type, member, core));
  if (direct !== undefined) return `${name.text}.${direct}`;
  if (api.isA(type, 'request-scope') === undefined) return undefined;
  for (const inner of checker.getPropertiesOfType(type)) {
    if ((inner.flags & (ts.SymbolFlags.Property | ts.SymbolFlags.Accessor)) === 0) continue;
    const own = checker.getTypeOfSymbol(inner);
    const member = names.find((each) => detaches(own, each, core));
    if (member !== undefined) return `${name.text}.${inner.name}.${member}`;
  }
  return undefined;
}

function detaches(type: ts.Type, member: string, core: Core): boolean {
  if (core.checker.getPropertyOfType(type, member) === undefined) return false;
  const row = core.api.memberIn(type, member);
  if (row === undefined || !isDetaching(row.role) || row.takes === 'callback' || (row.argument ?? 0) !== 0)
    return false;
  return row.onlyWith === undefined || hasTypesOf(row.onlyWith, core);
}

function isDetaching(roles: string | readonly string[]): boolean {
  return typeof roles === 'string' ? roles === 'detaches' : roles.includes('detaches');
}

/** Are the types of a package loaded? */
function hasTypesOf(name: string, { program }: Core): boolean {
  return program.getSourceFiles().some(({ fileName }) => fileName.includes(`/node_modules/${name}/`));
}

/** An `after` or `waitUntil` that the file imports. */
function importedHelper(at: ts.Node, core: Core): string | undefined {
  for (const statement of at.getSourceFile().statements) {
    if (!ts.isImportDeclaration(statement)) continue;
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    if (clause === undefined || bindings === undefined || !ts.isNamedImports(bindings)) continue;
    if (ts.isTypeOnlyImportDeclaration(clause)) continue;
    for (const { isTypeOnly, name } of bindings.elements) {
      if (isTypeOnly) continue;
      const row = core.api.memberAt(name);
      if (row !== undefined && isDetaching(row.role) && row.takes !== 'callback' && isVisible(name.text, at, core))
        return name.text;
    }
  }
  return undefined;
}

/** A helper by the name that the user gives, if it is in scope and takes a promise. */
function namedHelper(at: ts.Node, core: Core, helpers: readonly string[]): string | undefined {
  return helpers.find((helper) => {
    const [root] = helper.split('.');
    return root !== undefined && isVisible(root, at, core);
  });
}

function isVisible(name: string, at: ts.Node, core: Core): boolean {
  return core.checker
    .getSymbolsInScope(at, ts.SymbolFlags.Value | ts.SymbolFlags.Alias)
    .some((symbol) => symbol.name === name);
}

/** Is the call one of a helper by its name, alone or with its owner? */
export function isNamedCallee(expression: ts.Expression | undefined, names: readonly string[]): boolean {
  if (names.length === 0 || expression === undefined) return false;
  const node = bare(expression);
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const text = node.expression.getText().replace(/\s|\?/g, '');
  return names.some((name) => text === name || text.endsWith(`.${name}`));
}
