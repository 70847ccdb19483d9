import ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { type Core, defineFact } from '../facts.ts';
import type { Place } from '../places/place.ts';
import { isConst, isModuleLevel, isReassigned, scopeOf, symbolOf } from '../places/symbols.ts';
import { callSitesOf } from '../program/references.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { isInside } from '../syntax/inside.ts';
import { enclosingFunctionOf, type FunctionNode, hasModifier } from '../syntax/functions.ts';
import { secondEntry, type SecondEntry, secondEntryWithin } from './second-entry.ts';

/** Why a place can be touched by somebody else while a function waits. */
export type Sharing = SecondEntry;

/**
 * Can a second run of the function (or of whoever called it) touch the same place while the first one waits?
 *
 * By the lifetime of the binding, never by its name: module level, statics and the global object live as long as the process; a
 * variable of an outer function as long as one run of that; a field as long as the object, which is certain only for objects of
 * which there is one per process. `no`: the place belongs to this run alone. Doubt: objects that came as parameters.
 */
export function sharingOf(place: Place, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  if (place.path.some((part) => part.is === 'entry' && isOwnKey(part.key, fn, core))) return NO;
  const { root } = place;
  switch (root.is) {
    case 'global':
      return core.ask(secondEntry, fn);
    case 'instance':
      return instanceSharing(root.of, fn, core);
    case 'this':
      return unknown('escapes');
    case 'binding':
      return bindingSharing(root.declaration, place, fn, core);
  }
}

function bindingSharing(
  declaration: ts.Declaration,
  place: Place,
  fn: FunctionNode,
  core: Core,
): Answer<Sharing, Sharing> {
  if (ts.isClassLike(declaration) || isModuleLevel(declaration)) return core.ask(secondEntry, fn);
  const home = scopeOf(declaration);
  if (home === fn) return place.path.length === 0 || isMadeHere(declaration) ? NO : unknown('escapes');
  if (place.path.length > 0 && !isMadeHere(declaration)) {
    const answer = secondEntryWithin(fn, home, core);
    return answer.is === 'yes' && isConst(declaration)
      ? answer
      : unknown('escapes', answer.is === 'no' ? undefined : answer.witness);
  }
  return secondEntryWithin(fn, home, core);
}

/** Is the object built where the variable is declared, so that nobody else holds it before? */
function isMadeHere(declaration: ts.Declaration): boolean {
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  const value = bare(declaration.initializer);
  return ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value) || ts.isNewExpression(value);
}

/** A key made in this very run (`randomUUID()`): nobody else addresses that entry. */
function isOwnKey(key: { readonly is: string; readonly place?: Place }, fn: FunctionNode, core: Core): boolean {
  const { place } = key;
  if (key.is !== 'place' || place?.root.is !== 'binding' || place.path.length > 0) return false;
  const { declaration, symbol } = place.root;
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  if (enclosingFunctionOf(declaration) !== fn || core.ask(isReassigned, symbol)) return false;
  const value = bare(declaration.initializer);
  if (ts.isNewExpression(value) || ts.isObjectLiteralExpression(value)) return true;
  if (ts.isPostfixUnaryExpression(value) || ts.isPrefixUnaryExpression(value)) return true;
  return (
    ts.isCallExpression(value) && value.arguments.length === 0 && !ts.isPropertyAccessExpression(bare(value.expression))
  );
}

function instanceSharing(owner: ts.ClassLikeDeclaration, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  const life = core.ask(classLifetime, owner);
  if (life.is === 'no') return NO;
  const entry = core.ask(secondEntry, fn);
  if (entry.is === 'no') return NO;
  const witness = entry.witness ?? { how: 'unseen' as const, node: fn };
  const isOwnCall = witness.how !== 'exported' && isInside(witness.node, owner);
  if (life.is === 'yes') {
    // One object for the process, and its method is there for everybody.
    if (entry.is === 'yes') return entry;
    return witness.how === 'exported' ? yes(witness) : entry;
  }
  if (entry.is === 'yes' && isOwnCall) return entry;
  return unknown('open-world', witness);
}

/** Where the one object of a class is made, or the decorator that says there is one. */
export type OneObject = ts.Node;

/** Objects of objects that are followed. */
const start = (): Answer<OneObject, OneObject> => NO;

/**
 * Do the objects of a class live as long as the process?
 *
 * `yes`: a decorator makes it a singleton, or it is built at module level, kept in a module variable or static, or built once by an
 * object that itself lives as long. `no`: every `new` stands in a function and its result stays there. Else `unknown`.
 */
export const classLifetime = defineFact<ts.ClassLikeDeclaration, Answer<OneObject, OneObject>>({
  name: 'class-lifetime',
  scope: 'program',
  start,
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

function constructions(owner: ts.ClassLikeDeclaration, core: Core): readonly ts.Node[] {
  const field = owner.members.find(
    (member) =>
      ts.isPropertyDeclaration(member) &&
      member.initializer !== undefined &&
      !hasModifier(member, ts.SyntaxKind.StaticKeyword),
  );
  return field === undefined ? [] : callSitesOf(field as ts.PropertyDeclaration, core).found.map(({ node }) => node);
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
  const parent = value.parent as ts.Node;
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
      const parent = node.parent as ts.Node;
      const isReceiver =
        (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) && parent.expression === node;
      if (!isReceiver) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return !(ts.forEachChild(home, visit) ?? false);
}
