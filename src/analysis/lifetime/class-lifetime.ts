import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import { isModuleLevel, symbolOf } from '../places/symbols.ts';
import { callSitesOf, referencesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, hasModifier } from '../syntax/functions.ts';

/** Where the one object of a class is made, or the decorator that says there is one. */
export type OneObject = ts.Node;

/**
 * Do the objects of a class live as long as the process?
 *
 * `yes`: a decorator makes it a singleton, or it is built at module level, kept in a module variable or static, or built once by an
 * object that itself lives as long. `no`: every `new` stands in a function and its result stays there. Else `unknown`.
 */
export const classLifetime = defineFact<ts.ClassLikeDeclaration, Answer<OneObject, OneObject>>({
  name: 'class-lifetime',
  scope: 'program',
  start: () => NO,
  same: (left, right) => left.is === right.is,
  compute(owner, core) {
    const decorated = singletonByDecorator(owner, core);
    if (decorated !== undefined) return decorated;
    const constructor = owner.members.find(
      (member) => ts.isConstructorDeclaration(member) && member.body !== undefined,
    );
    const sites =
      constructor === undefined
        ? constructions(owner, core)
        : callSitesOf(constructor as FunctionNode, core).found.map(({ node }) => node);
    let areAllLocal = sites.length > 0;
    for (const site of sites) {
      const life = siteLifetime(site, core);
      if (life.is === 'yes') return life;
      if (life.is !== 'no') areAllLocal = false;
    }
    const isOpen = isExportedClass(owner);
    return areAllLocal && !isOpen ? NO : unknown('open-world');
  },
});

/** Every `new` of the class; where it has fields, also those of its heirs, which run them. */
function constructions(owner: ts.ClassLikeDeclaration, core: Core): readonly ts.Node[] {
  const symbol = owner.name === undefined ? undefined : symbolOf(owner.name, core);
  const own = symbol === undefined ? [] : referencesOf(symbol, core).found.filter(({ use }) => use === 'new');
  const field = owner.members.find(
    (member) =>
      ts.isPropertyDeclaration(member) &&
      member.initializer !== undefined &&
      !hasModifier(member, ts.SyntaxKind.StaticKeyword),
  );
  const ofHeirs = field === undefined ? [] : callSitesOf(field as ts.PropertyDeclaration, core).found;
  return [...new Set([...own.map(({ expression }) => wrapped(expression).parent), ...ofHeirs.map(({ node }) => node)])];
}

function isExportedClass(owner: ts.ClassLikeDeclaration): boolean {
  return hasModifier(owner, ts.SyntaxKind.ExportKeyword);
}

function singletonByDecorator(owner: ts.ClassLikeDeclaration, core: Core): Answer<OneObject, OneObject> | undefined {
  for (const decorator of ts.canHaveDecorators(owner) ? (ts.getDecorators(owner) ?? []) : []) {
    const expression = bare(decorator.expression);
    if (!ts.isCallExpression(expression)) continue;
    const member = core.api.plays(expression, 'singleton-decorator');
    if (member === undefined) continue;
    const options = expression.arguments[0];
    const text = options === undefined ? '' : options.getText();
    return /\bscope\b/.test(text) && !/\bDEFAULT\b/.test(text) ? NO : yes(decorator);
  }
  return undefined;
}

/** What becomes of one `new C(…)`. */
function siteLifetime(site: ts.Node, core: Core): Answer<OneObject, OneObject> {
  const home = enclosingFunctionOf(site);
  if (ts.isSourceFile(home)) return yes(site);
  const value = wrapped(site);
  const parent = value.parent;
  if (ts.isPropertyDeclaration(home)) return fieldLifetime(home, site, core);
  if (ts.isBinaryExpression(parent) && parent.right === value) return targetLifetime(bare(parent.left), site, core);
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === value)) return unknown('escapes');
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
    return staysLocal(parent.name, home, core) ? NO : unknown('escapes');
  }
  return unknown('escapes');
}

function fieldLifetime(field: ts.PropertyDeclaration, site: ts.Node, core: Core): Answer<OneObject, OneObject> {
  if (hasModifier(field, ts.SyntaxKind.StaticKeyword)) return yes(site);
  if (!ts.isClassLike(field.parent)) return unknown('escapes');
  return core.ask(classLifetime, field.parent);
}

function targetLifetime(target: ts.Node, site: ts.Node, core: Core): Answer<OneObject, OneObject> {
  if (ts.isIdentifier(target)) {
    const declaration = symbolOf(target, core)?.valueDeclaration;
    return declaration !== undefined && isModuleLevel(declaration) ? yes(site) : unknown('escapes');
  }
  if (ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword) {
    const home = enclosingFunctionOf(target);
    const owner = home.parent as ts.Node | undefined;
    if (owner !== undefined && ts.isClassLike(owner)) return core.ask(classLifetime, owner);
  }
  return unknown('escapes');
}

/** Is the variable used only as the receiver of calls and accesses in its own function? */
function staysLocal(name: ts.Identifier, home: FunctionNode, core: Core): boolean {
  const symbol = symbolOf(name, core);
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node !== name && node.text === name.text && symbolOf(node, core) === symbol) {
      const parent = node.parent;
      const isReceiver =
        (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === node;
      if (!isReceiver) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return !(ts.forEachChild(home, visit) ?? false);
}
