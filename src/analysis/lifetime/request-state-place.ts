import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import type { Place } from '../places/place.ts';
import { entryOf, placeOf } from '../places/place-of.ts';
import { isModuleLevel, isReassigned, scopeOf, symbolOf } from '../places/symbols.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import type { FunctionNode } from '../syntax/functions.ts';
import { classLifetime } from './class-lifetime.ts';
import type { StateSuspect } from './request-state-suspects.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** What a suspect writes, and how long that is there. */
export interface StatePlace {
  /** As the function names it. */
  readonly place: Place;
  /**
   * - `process`: module variables, statics, `globalThis`, objects held by them
   * - `object`: a field of an object of which there is one in the process (`of` says which class)
   * - `outer`: a variable of an outer function (`home`)
   */
  readonly life: 'object' | 'outer' | 'process';
  readonly of?: ts.ClassLikeDeclaration;
  readonly home?: FunctionNode;
  /** The variable or property that is written, where it has a symbol. */
  readonly symbol: ts.Symbol | undefined;
  /** For a property of a variable: that variable, which gives it away when it is passed on as a whole. */
  readonly holder: ts.Symbol | undefined;
  /** The local name under which the function has a shared object, taken for one of its own. */
  readonly otherName: OtherName | undefined;
}

/** `const options = defaults`, `(options = defaults)`, `const options = Object.assign(defaults, …)` */
export interface OtherName {
  readonly declaration: ts.ParameterDeclaration | ts.VariableDeclaration;
  readonly symbol: ts.Symbol;
  /** The shared object, as it is named there. */
  readonly original: ts.Expression;
}

/** What a suspect writes, unless it belongs to the run of the function, to its caller, or to an object that does not live on. */
export function statePlaceOf(suspect: StateSuspect, core: Core): StatePlace | undefined {
  const { by, target } = suspect;
  if (by === 'entry') return entryPlace(target, core);
  const alias = aliasIn(suspect, core);
  const place = placeOf(target, core);
  if (place === undefined || place.path.some((part) => part.is !== 'property')) return undefined;
  const symbol = memberSymbolOf(target, core);
  if (alias !== undefined) return { ...alias, place, symbol };
  const life = lifeOf(place, core);
  if (life === undefined) return undefined;
  const isMember = place.path.length === 1 && place.root.is === 'binding';
  const holder = isMember || by === 'merge' ? holderSymbol(target, by, core) : undefined;
  return { place, ...life, symbol: by === 'merge' ? undefined : symbol, holder, otherName: resultName(suspect, core) };
}

function entryPlace(call: ts.Expression, core: Core): StatePlace | undefined {
  if (!ts.isCallExpression(call)) return undefined;
  const mutates = core.api.plays(call, 'mutates');
  const key = mutates?.key === undefined ? undefined : core.api.argumentOf(call, mutates.key);
  const place = key === undefined ? undefined : entryOf(call, key, core);
  const life = place === undefined ? undefined : lifeOf(place, core);
  if (place === undefined || life === undefined) return undefined;
  return { place, ...life, symbol: undefined, holder: undefined, otherName: undefined };
}

type Life = Pick<StatePlace, 'home' | 'life' | 'of'>;

function lifeOf({ path, root }: Place, core: Core): Life | undefined {
  switch (root.is) {
    case 'global':
      return { life: 'process' };
    case 'instance':
      return core.ask(classLifetime, root.of).is === 'yes' ? { life: 'object', of: root.of } : undefined;
    case 'this':
      return isMethodOfModuleObject(root.of) ? { life: 'process' } : undefined;
    case 'binding': {
      const { declaration } = root;
      if (ts.isParameter(declaration) || isBindingElement(declaration)) return undefined;
      if (ts.isClassLike(declaration) || isModuleLevel(declaration)) return { life: 'process' };
      return path.length === 0 ? { life: 'outer', home: scopeOf(declaration) } : undefined;
    }
  }
}

/** A method of an object literal of which there is one: the value of a module variable. */
function isMethodOfModuleObject(fn: FunctionNode): boolean {
  const literal = fn.parent as ts.Node | undefined;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return false;
  const { parent } = wrapped(literal);
  return ts.isVariableDeclaration(parent) && isModuleLevel(parent);
}

/** The variable or property that an expression names. */
function memberSymbolOf(target: ts.Expression, core: Core): ts.Symbol | undefined {
  if (ts.isIdentifier(target)) return symbolOf(target, core);
  if (ts.isPropertyAccessExpression(target)) return core.checker.getSymbolAtLocation(target.name);
  if (ts.isElementAccessExpression(target)) return core.checker.getSymbolAtLocation(bare(target.argumentExpression));
  return undefined;
}

function holderSymbol(target: ts.Expression, by: StateSuspect['by'], core: Core): ts.Symbol | undefined {
  const isAccess = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  const holder = by === 'merge' || !isAccess ? target : bare(target.expression);
  return ts.isIdentifier(holder) ? symbolOf(holder, core) : undefined;
}

/** The object is a module's, and the function writes to it under a name of its own. */
function aliasIn({ by, target }: StateSuspect, core: Core): Omit<StatePlace, 'place' | 'symbol'> | undefined {
  const isAccess = ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target);
  const holder = by === 'merge' ? target : isAccess ? bare(target.expression) : undefined;
  if (holder === undefined || !ts.isIdentifier(holder)) return undefined;
  const symbol = symbolOf(holder, core);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  if (!ts.isParameter(declaration) && !ts.isVariableDeclaration(declaration)) return undefined;
  if (declaration.initializer === undefined || core.ask(isReassigned, symbol)) return undefined;
  if (ts.isVariableDeclaration(declaration) && isModuleLevel(declaration)) return undefined;
  const original = bare(declaration.initializer);
  if (!isSharedLiteral(original, core)) return undefined;
  return { life: 'process', holder: symbol, otherName: { declaration, symbol, original } };
}

/** `const options = Object.assign(defaults, request.query)` */
function resultName({ by, target }: StateSuspect, core: Core): OtherName | undefined {
  if (by !== 'merge' || !isSharedLiteral(target, core)) return undefined;
  const { parent } = wrapped(target.parent);
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return undefined;
  const symbol = symbolOf(parent.name, core);
  return symbol === undefined ? undefined : { declaration: parent, symbol, original: target };
}

/** The name of an object literal at module level, or of a static one: a plain object that is there once. */
function isSharedLiteral(expression: ts.Expression, core: Core): boolean {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  if (!ts.isIdentifier(name)) return false;
  const declaration = symbolOf(name, core)?.valueDeclaration;
  if (declaration === undefined) return false;
  const isStatic =
    ts.isPropertyDeclaration(declaration) &&
    declaration.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) === true;
  if (!isStatic && !(ts.isVariableDeclaration(declaration) && isModuleLevel(declaration))) return false;
  const { initializer } = declaration;
  return initializer !== undefined && ts.isObjectLiteralExpression(bare(initializer));
}
