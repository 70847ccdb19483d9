import * as ts from 'typescript';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import { calleesOf } from '../effects/callees-of.ts';
import type { Core } from '../facts.ts';
import type { Place } from '../places/place.ts';
import { isConst, isModuleLevel, isReassigned, scopeOf } from '../places/symbols.ts';
import { placeOf } from '../places/place-of.ts';
import { callSitesOf } from '../program/references.ts';
import { bare } from '../syntax/expressions.ts';
import { isInside } from '../syntax/inside.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { classLifetime } from './class-lifetime.ts';
import { secondEntry, type SecondEntry, secondEntryInSight, secondEntryWithin } from './second-entry.ts';

/** Why a place can be touched by somebody else while a function waits. */
export type Sharing = SecondEntry;

/**
 * Can a second run of the function (or of whoever called it) touch the same place while the first one waits?
 *
 * By the lifetime of the binding, never by its name: module level, statics and the global object live as long as the process; a
 * variable of an outer function as long as one run of that; a field as long as the object, which is certain only for objects of
 * which there is one per process. `no`: the place belongs to this run alone; an object that came as a parameter, or as the
 * answer of a call, is taken for its own unless a caller is seen to hand over a shared one.
 */
export function sharingOf(place: Place, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  if (isEntryOwn(place, fn, core)) return NO;
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

/**
 * As `sharingOf`, with less work where the objects of a class may be one or many: then `unknown` is also said of what callers in other
 * files would show to be entered once at a time.
 */
export function sharingInSight(place: Place, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  const { root } = place;
  if (root.is !== 'instance' || core.ask(classLifetime, root.of).is !== 'unknown') return sharingOf(place, fn, core);
  return isEntryOwn(place, fn, core) ? NO : sharingOfOneOfMany(root.of, core.ask(secondEntryInSight, fn), fn);
}

function bindingSharing(
  declaration: ts.Declaration,
  place: Place,
  fn: FunctionNode,
  core: Core,
): Answer<Sharing, Sharing> {
  if (ts.isClassLike(declaration) || isModuleLevel(declaration)) return core.ask(secondEntry, fn);
  const home = scopeOf(declaration);
  if (home === fn)
    return ts.isParameter(declaration) && place.path.length > 0 ? givenSharing(declaration, fn, core) : NO;
  const answer = secondEntryWithin(fn, home, core);
  const isFixed = place.path.length === 0 || isConst(declaration) || isMadeHere(declaration);
  return isFixed || answer.is === 'no' ? answer : unknown('escapes', answer.witness);
}

/** Callers whose argument is looked at. */
const MOST_CALLERS = 12;

/** An object that came as a parameter is shared if some caller hands over one that is; else it is taken for the caller's own. */
function givenSharing(parameter: ts.ParameterDeclaration, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  if (!ts.isFunctionLike(fn)) return NO;
  const index = fn.parameters.indexOf(parameter);
  let best: Answer<Sharing, Sharing> = NO;
  for (const { isCertain, node } of callSitesOf(fn, core).found.slice(0, MOST_CALLERS)) {
    const given = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.arguments?.[index] : undefined;
    const place = given === undefined ? undefined : placeOf(given, core);
    if (given === undefined || place === undefined || place.root.is === 'this') continue;
    const isOwn = place.root.is === 'binding' && !isModuleLevel(place.root.declaration);
    if (isOwn) continue;
    const answer = sharingOf(place, enclosingFunctionOf(given), core);
    if (answer.is === 'yes' && isCertain) return answer;
    if (answer.is !== 'no') best = unknown('escapes', answer.witness);
  }
  return best;
}

/** Is the object built where the variable is declared, so that nobody else holds it before? */
function isMadeHere(declaration: ts.Declaration): boolean {
  if (!ts.isVariableDeclaration(declaration) || declaration.initializer === undefined) return false;
  const value = bare(declaration.initializer);
  return ts.isObjectLiteralExpression(value) || ts.isArrayLiteralExpression(value) || ts.isNewExpression(value);
}

/** Is it an entry that only this run addresses? */
function isEntryOwn({ path }: Place, fn: FunctionNode, core: Core): boolean {
  return path.some((part) => part.is === 'entry' && isOwnKey(part.key, fn, core));
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
  const isFromLibrary = ts.isCallExpression(value) && core.ask(calleesOf, value).functions.length === 0;
  return isFromLibrary && value.arguments.length === 0 && !ts.isPropertyAccessExpression(bare(value.expression));
}

function instanceSharing(owner: ts.ClassLikeDeclaration, fn: FunctionNode, core: Core): Answer<Sharing, Sharing> {
  const life = core.ask(classLifetime, owner);
  if (life.is === 'no') return NO;
  const entry = core.ask(secondEntry, fn);
  if (life.is === 'unknown' || entry.is === 'no') return sharingOfOneOfMany(owner, entry, fn);
  // One object for the process, and its method is there for everybody.
  return entry.is === 'unknown' && entry.witness?.how === 'exported' ? yes(entry.witness) : entry;
}

/** The field of an object of which there may be many: shared for certain if the class itself enters the function again. */
function sharingOfOneOfMany(
  owner: ts.ClassLikeDeclaration,
  entry: Answer<SecondEntry, SecondEntry>,
  fn: FunctionNode,
): Answer<Sharing, Sharing> {
  if (entry.is === 'no') return NO;
  const witness = entry.witness ?? { how: 'unseen' as const, node: fn };
  const isOwnCall = witness.how !== 'exported' && isInside(witness.node, owner);
  return entry.is === 'yes' && isOwnCall ? entry : unknown('open-world', witness);
}
