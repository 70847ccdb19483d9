import * as ts from 'typescript';
import type { Doubt } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { isAssignmentOperator, wrapped } from '../syntax/expressions.ts';
import { type FunctionNode, hasModifier } from '../syntax/functions.ts';
import { isCommonJsExport, isModuleExports } from './common-js.ts';
import { isExported, isMember, isPrivate } from './declared.ts';
import { type Reference, referencesOf } from './find-references.ts';
import type { Mention } from '../text/mentions.ts';
import { packageSurface } from './package-surface.ts';
import { constantOf, indirectCallOf, isConstant } from './reference-use.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A place that calls a function. */
export interface CallSite {
  /** The call; for an accessor the access, for a decorator the decorator. */
  readonly node: ts.Node;
  readonly callee: Mention | undefined;
  readonly isCertain: boolean;
}

/** Who calls a function. */
export interface CallSites {
  readonly found: readonly CallSite[];
  /** Where the function, or the class it belongs to, is passed on as a value: an argument, a field, a result. */
  readonly passed: readonly ts.Node[];
  /** May there be callers that are not in the list? */
  readonly open: boolean;
  /** Where it gets out of sight: the read that passes it on, the export, the class that is handed to a framework. */
  readonly witness?: ts.Node;
  readonly doubt?: Doubt;
}

/**
 * Who calls a function: a named one, a method, an arrow in a variable, a property or a field, the constructor of a class (a
 * field's initialiser and a static block go with their class).
 *
 * `open`: it is passed on as a value, belongs to the interface of a package, or is exported and nobody in the Program imports it;
 * for a member also when its class is handed over as a value or has decorators. Module code itself has no call sites.
 */
export function callSitesOf(fn: FunctionNode, core: Core): CallSites {
  return core.ask(callSites, fn);
}

const callSites = defineFact<FunctionNode, CallSites>({
  name: 'call-sites',
  scope: 'program',
  compute(fn, core) {
    if (ts.isSourceFile(fn)) return { found: [], passed: [], open: false };
    if (ts.isConstructorDeclaration(fn)) return constructionsOf(fn.parent, core);
    if (ts.isClassStaticBlockDeclaration(fn)) return { found: [], passed: [], open: false };
    if (ts.isPropertyDeclaration(fn)) {
      const isStatic = hasModifier(fn, ts.SyntaxKind.StaticKeyword);
      return isStatic ? { found: [], passed: [], open: false } : constructionsOf(fn.parent, core);
    }
    return callsOf(fn, core);
  },
});

type NamedFunction = Exclude<
  FunctionNode,
  ts.ClassStaticBlockDeclaration | ts.ConstructorDeclaration | ts.PropertyDeclaration | ts.SourceFile
>;

function callsOf(fn: NamedFunction, core: Core): CallSites {
  const found: CallSite[] = [];
  const passed: ts.Node[] = [];
  let witness: ts.Node | undefined;
  let doubt: Doubt | undefined;
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? holderOf(fn) : fn;

  if (ts.isFunctionExpression(fn) && fn.name !== undefined) take(core.checker.getSymbolAtLocation(fn.name), fn);
  if (holder === undefined) {
    witness ??= fn;
    passed.push(fn);
  } else if (ts.isCallExpression(holder) || ts.isNewExpression(holder)) {
    found.push({ node: holder, callee: undefined, isCertain: true });
  } else {
    take(symbolOf(holder, core.checker), holder);
    witness ??= whyOpen(holder, core);
  }
  return sitesOf(found, passed, witness, doubt);

  function take(symbol: ts.Symbol | undefined, declared: ts.Node): void {
    if (symbol === undefined) {
      witness ??= declared;
      return;
    }
    const all = referencesOf(symbol, core);
    doubt ??= all.doubt;
    for (const reference of all.found) {
      const { use, node, expression, isCertain } = reference;
      if (ts.isGetAccessor(fn) || ts.isSetAccessor(fn)) {
        const isOther = ts.isGetAccessor(fn) ? use === 'write' : use !== 'write';
        if (use !== 'type' && !isOther) found.push({ node: expression, callee: node, isCertain });
      } else if (use === 'call' || use === 'new') {
        found.push({ node: callAt(expression), callee: node, isCertain });
      } else if (use === 'read' && isCertain && !isFollowed(node, core)) {
        witness ??= node;
        passed.push(node);
      }
    }
    if (isExportedHere(declared) && !all.found.some(isSeenFromOutside)) witness ??= declared;
  }
}

/** The call of a callee expression: also of `stop.call(…)`. */
function callAt(callee: ts.Node): ts.Node {
  const outer = wrapped(callee);
  return indirectCallOf(outer.parent) ?? outer.parent;
}

function sitesOf(
  found: readonly CallSite[],
  passed: readonly ts.Node[],
  witness: ts.Node | undefined,
  doubt: Doubt | undefined,
): CallSites {
  return {
    found,
    passed,
    open: witness !== undefined || doubt !== undefined,
    ...(witness === undefined ? {} : { witness }),
    ...(doubt === undefined ? {} : { doubt }),
  };
}

/** What gives an anonymous function its name; the call itself when it is called on the spot. */
function holderOf(fn: ts.ArrowFunction | ts.FunctionExpression): ts.Node | undefined {
  const outer = wrapped(fn);
  const parent = outer.parent;
  if (ts.isCallExpression(parent) || ts.isNewExpression(parent))
    return parent.expression === outer ? parent : undefined;
  if (ts.isPropertyAccessExpression(parent)) return indirectCallOf(parent);
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent))
    return parent;
  if (ts.isExportAssignment(parent)) return parent;
  if (ts.isBinaryExpression(parent) && parent.right === outer && isAssignmentOperator(parent.operatorToken.kind))
    return parent;
  return undefined;
}

function symbolOf(holder: ts.Node, checker: ts.TypeChecker): ts.Symbol | undefined {
  if (ts.isBinaryExpression(holder)) {
    const { left } = holder;
    const name = ts.isPropertyAccessExpression(left) ? left.name : left;
    return isModuleExports(left)
      ? exportOf(holder, ts.InternalSymbolName.ExportEquals, checker)
      : checker.getSymbolAtLocation(name);
  }
  if (ts.isExportAssignment(holder))
    return exportOf(
      holder,
      holder.isExportEquals === true ? ts.InternalSymbolName.ExportEquals : ts.InternalSymbolName.Default,
      checker,
    );
  const name = ts.getNameOfDeclaration(holder as ts.Declaration);
  if (name === undefined) {
    return hasModifier(holder, ts.SyntaxKind.DefaultKeyword)
      ? exportOf(holder, ts.InternalSymbolName.Default, checker)
      : undefined;
  }
  return checker.getSymbolAtLocation(name);
}

function exportOf(node: ts.Node, name: ts.InternalSymbolName, checker: ts.TypeChecker): ts.Symbol | undefined {
  return checker.getSymbolAtLocation(node.getSourceFile())?.exports?.get(name);
}

/** Does the value only get another name, whose own uses are listed too? */
function isFollowed(node: Mention, core: Core): boolean {
  const parent = node.parent;
  if (isBindingElement(parent)) return isConstant(parent);
  if (ts.isShorthandPropertyAssignment(parent) || (ts.isPropertyAssignment(parent) && parent.initializer === node)) {
    return whyObjectIsOpen(parent.parent, core) === undefined;
  }
  const variable = constantOf(node);
  return variable !== undefined && !core.ask(packageSurface, core.program).has(variable);
}

/** Is the declaration itself marked as exported? */
function isExportedHere(declared: ts.Node): boolean {
  if (ts.isExportAssignment(declared)) return true;
  const declaration = declared as ts.Declaration;
  return !isMember(declaration) && isExported(declaration);
}

function isSeenFromOutside(reference: Reference): boolean {
  return reference.use === 'import' || isInOtherModule(reference);
}

function isInOtherModule({ expression }: Reference): boolean {
  return ts.isPropertyAccessExpression(expression) || isBindingElement(expression.parent);
}

/** Why may there be callers outside the Program, or in a framework that got the class? */
function whyOpen(holder: ts.Node, core: Core): ts.Node | undefined {
  const declaration = holder as ts.Declaration;
  const surface = core.ask(packageSurface, core.program);
  if (surface.has(declaration)) return holder;
  const { parent } = holder;
  if (ts.isClassLike(parent)) {
    const decorator = ts.canHaveDecorators(holder) ? ts.getDecorators(holder)?.[0] : undefined;
    if (decorator !== undefined) return decorator;
    return isPrivate(declaration) ? undefined : whyClassIsOpen(parent, core);
  }
  if (ts.isObjectLiteralExpression(parent)) return whyObjectIsOpen(parent, core);
  return undefined;
}

function whyClassIsOpen(node: ts.ClassLikeDeclaration, core: Core): ts.Node | undefined {
  const decorator = ts.getDecorators(node)?.[0];
  if (decorator !== undefined) return decorator;
  if (core.ask(packageSurface, core.program).has(node)) return node;
  const symbol = node.name === undefined ? undefined : core.checker.getSymbolAtLocation(node.name);
  if (symbol === undefined)
    return ts.isClassExpression(node) && ts.isVariableDeclaration(node.parent) ? undefined : node;
  const { found, doubt } = referencesOf(symbol, core);
  if (doubt !== undefined) return node;
  const read = found.find(({ use }) => use === 'read');
  if (read !== undefined) return read.node;
  return isExported(node) && found.every(({ use }) => use === 'type' || use === 'export') ? node : undefined;
}

/** An object literal stays in sight as the value of a constant of which only members are used. */
function whyObjectIsOpen(literal: ts.ObjectLiteralExpression, core: Core): ts.Node | undefined {
  const { parent } = wrapped(literal);
  if (isCommonJsExport(wrapped(literal))) return undefined;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return literal;
  if (core.ask(packageSurface, core.program).has(parent)) return parent;
  const symbol = core.checker.getSymbolAtLocation(parent.name);
  if (symbol === undefined) return literal;
  const { found, doubt } = referencesOf(symbol, core);
  return doubt === undefined ? found.find(({ use }) => use === 'read' || use === 'write')?.node : literal;
}

/** The places that make an instance: `new`, and `super(…)` or `new` of classes that extend it. */
function constructionsOf(node: ts.ClassLikeDeclaration, core: Core, seen = new Set<ts.Node>()): CallSites {
  if (seen.has(node)) return { found: [], passed: [], open: false };
  seen.add(node);
  const found: CallSite[] = [];
  const passed: ts.Node[] = [];
  const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined);
  const symbol = name === undefined ? symbolOf(node, core.checker) : core.checker.getSymbolAtLocation(name);
  if (symbol === undefined) return { found, passed: [], open: true, witness: node };
  const all = referencesOf(symbol, core);
  let witness = whyClassIsOpen(node, core);
  let doubt = all.doubt;
  for (const { use, node: mention, expression, isCertain } of all.found) {
    if (use === 'new' || use === 'call') found.push({ node: callAt(expression), callee: mention, isCertain });
    if (use === 'read') passed.push(mention);
    if (use !== 'extend') continue;
    const derived = expression.parent.parent.parent as ts.ClassLikeDeclaration;
    const below = superCallIn(derived) ?? constructionsOf(derived, core, seen);
    found.push(...below.found);
    passed.push(...below.passed);
    witness ??= below.witness;
    doubt ??= below.doubt;
  }
  return sitesOf(found, passed, witness, doubt);
}

/** The `super(…)` of a class with a constructor of its own. */
function superCallIn(node: ts.ClassLikeDeclaration): CallSites | undefined {
  const own = node.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (own === undefined) return undefined;
  const found: CallSite[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isCallExpression(child) && child.expression.kind === ts.SyntaxKind.SuperKeyword) {
      found.push({ node: child, callee: undefined, isCertain: true });
    }
    if (!ts.isClassLike(child)) ts.forEachChild(child, visit);
  };
  ts.forEachChild(own, visit);
  return { found, passed: [], open: false };
}
