import * as ts from 'typescript';
import type { Core, Fact } from '../facts.ts';
import { flowGraph } from '../flow/flow-graph.ts';
import type { Step } from '../flow/graph.ts';
import { type Access, accesses } from '../places/accesses.ts';
import { type EntryKey, isSamePlace, type PathPart, type Place } from '../places/place.ts';
import { keyOf, placeOf } from '../places/place-of.ts';
import { isConst, isReassigned, symbolOf } from '../places/symbols.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isAsync, isGenerator } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { thisOwnerOf } from '../syntax/this-owner.ts';
import { afterSuspension } from './after-suspension.ts';
import { type Call, callablesAt, type Callees, calleesOf, givenFor, parametersOf } from './callees-of.ts';
import { resultParts } from './result-parts.ts';
import { hasRole } from './roles.ts';
import { defineSummary } from './summary.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** A touch of a place that outlives the invocation that touches it, or that the caller gave. */
export interface OuterAccess {
  /** Seen from the function: paths from its parameters and its `this` are the caller's to translate. */
  readonly place: Place;
  readonly is: 'read' | 'write';
  readonly how?: Access['how'];
  /** In the function: what touches it, or the call of a function that does. */
  readonly node: ts.Node;
  /** What touches it in the end, in whatever function. */
  readonly root: ts.Node;
  /** Before the first suspension of the function, or perhaps after one. */
  readonly segment: 'first' | 'later';
  /** For writes: the parameters that the new value is computed from. */
  readonly from: readonly ts.ParameterDeclaration[];
  /** For writes: is the new value computed from places read by the function itself (`total += n`)? */
  readonly isFromPlaces: boolean;
}

/** A place whose value a function gives back, read at its end: a getter, however it is written. */
export interface ReturnedPlace {
  readonly place: Place;
  /** Is it the value itself, not something computed from it? */
  readonly isSame: boolean;
  readonly segment: 'first' | 'later';
}

/** What a function, with all it calls, reads and writes outside its own invocation. */
export interface ReadsAndWrites {
  readonly accesses: readonly OuterAccess[];
  readonly returns: readonly ReturnedPlace[];
  /** Does it call what cannot be seen, or more than the bound allows? Then it may touch anything. */
  readonly isOpen: boolean;
}

/** Accesses kept for one function. */
const MOST_ACCESSES = 60;

/** Places that one function is followed to give back. */
const MOST_RETURNS = 12;

/** Parts of a path that is taken over from a callee. Recursion down a structure makes them longer without end. */
const LONGEST_PATH = 5;

const NONE: ReadsAndWrites = { accesses: [], returns: [], isOpen: false };

/**
 * The places outside its own invocation that a function and its callees read and write: module variables, statics, fields of `this`
 * and of parameters, captured variables, entries of such collections, globals.
 *
 * Followed: calls that run while the function does, and callbacks that such calls run at once. Work that is started and dropped is
 * the function's as well; it is of a later segment. Reads of constants are left out. Doubt: `isOpen`. A row of the catalogue is taken to say what the call touches.
 */
export const readsAndWrites: Fact<FunctionNode, ReadsAndWrites> = defineSummary<ReadsAndWrites>({
  name: 'reads-and-writes',
  start: () => NONE,
  same: (left, right) =>
    left.accesses.length === right.accesses.length &&
    left.returns.length === right.returns.length &&
    left.isOpen === right.isOpen,
  widen: (_fn, last) => ({ ...last, isOpen: true }),
  of: (fn, core, ask) => collect(fn, core, ask),
});

function collect(fn: FunctionNode, core: Core, ask: (fn: FunctionNode) => ReadsAndWrites): ReadsAndWrites {
  const graph = core.ask(flowGraph, fn);
  const own = core.ask(accesses, fn);
  const later = core.ask(afterSuspension, fn);
  const found = new AccessList();
  const calls: Step[] = [];
  for (const step of graph.steps) {
    if (step !== graph.enter && step.previous.length === 0) continue;
    const segment = later.has(step) ? 'later' : 'first';
    for (const access of own.get(step) ?? []) {
      if (access.how === 'parameter' || !isOutside(access.place, fn) || isConstantRead(access)) continue;
      const sources = access.is === 'write' ? sourcesOf(access, core, fn) : NO_SOURCES;
      found.add({ ...outer(access), segment, from: sources.parameters, isFromPlaces: sources.hasPlaces });
    }
    if (step.kind === 'call' && isCall(step.node)) calls.push(step);
  }
  let isOpen = graph.truncated;
  for (const step of calls) {
    const call = step.node as Call;
    isOpen ||= isOpenCall(call, core, ask);
    if (found.isFull) break;
    for (const { access, callee } of calleeAccesses(call, core, ask)) {
      const place = translated(access.place, call, callee, core);
      if (place === undefined || !isOutside(place, fn)) continue;
      const from = access.from.flatMap((parameter) => argumentSources(call, parameter, core, fn));
      const isLater = later.has(step) || access.segment === 'later';
      const segment = isLater ? 'later' : 'first';
      found.add({ ...access, place, node: call, segment, from: [...new Set(from)] });
    }
  }
  return { accesses: found.list, returns: returnedPlaces(fn, core, ask), isOpen: isOpen || found.isFull };
}

/** A variable that never changes tells nothing when it is read. */
function isConstantRead({ is, place }: Access): boolean {
  const { path, root } = place;
  if (is !== 'read' || root.is !== 'binding') return false;
  const { declaration } = root;
  if (ts.isEnumDeclaration(declaration)) return true;
  if (path.length > 0) return false;
  return ts.isVariableDeclaration(declaration) ? isConst(declaration) : !ts.isParameter(declaration);
}

/** Accesses without repetition, up to the bound. Places under keys that are not known count as one. */
class AccessList {
  readonly list: OuterAccess[] = [];
  private readonly keys = new Set<string>();
  private readonly ids = new Map<object, number>();

  get isFull(): boolean {
    return this.list.length >= MOST_ACCESSES;
  }

  add(access: OuterAccess): void {
    if (this.isFull) return;
    const { from, how, is, isFromPlaces, place, segment } = access;
    const parts = [
      is,
      how === 'clear' || how === 'remove' ? how : '',
      segment,
      String(isFromPlaces),
      this.keyOf(place),
    ];
    const key = [...parts, ...from.map((parameter) => String(this.idOf(parameter)))].join(' ');
    if (this.keys.has(key)) return;
    this.keys.add(key);
    this.list.push(access);
  }

  private keyOf({ path, root }: Place): string {
    const start =
      root.is === 'binding' ? this.idOf(root.symbol) : root.is === 'global' ? root.name : this.idOf(root.of);
    return `${root.is} ${String(start)}${path.map((part) => this.partOf(part)).join('')}`;
  }

  private partOf(part: PathPart): string {
    if (part.is === 'property') return `.${part.name}`;
    return part.is === 'contents' ? '[*]' : `[${this.entryOf(part.key)}]`;
  }

  private entryOf(key: EntryKey): string {
    if (key.is === 'unknown') return '?';
    if (key.is === 'place') return this.keyOf(key.place);
    if (key.is === 'literal') return JSON.stringify(key.text);
    return key.parts.map((part) => (typeof part === 'string' ? part : `{${this.entryOf(part)}}`)).join('');
  }

  private idOf(thing: object): number {
    const known = this.ids.get(thing);
    if (known !== undefined) return known;
    this.ids.set(thing, this.ids.size);
    return this.ids.size - 1;
  }
}

function isCall(node: ts.Node): node is Call {
  return ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
}

function outer({ place, is, how, node }: Access): Pick<OuterAccess, 'how' | 'is' | 'node' | 'place' | 'root'> {
  return { place, is, node, root: node, ...(how === undefined ? {} : { how }) };
}

/** Does the place outlive this invocation, or did the caller give what it is a path from? */
export function isOutside({ root, path }: Place, fn: FunctionNode): boolean {
  switch (root.is) {
    case 'global':
    case 'instance':
      return true;
    case 'this':
      return path.length > 0;
    case 'binding': {
      if (ts.isSourceFile(fn)) return true;
      if (!isInside(root.declaration, fn)) return true;
      return ts.isParameter(root.declaration) && root.declaration.parent === fn && path.length > 0;
    }
  }
}

interface CalleeAccess {
  readonly access: OuterAccess;
  readonly callee: { readonly fn: FunctionNode; readonly through: Callees['through']; readonly isCallback: boolean };
}

function calleeAccesses(call: Call, core: Core, ask: (fn: FunctionNode) => ReadsAndWrites): CalleeAccess[] {
  const callees = core.ask(calleesOf, call);
  const found: CalleeAccess[] = [];
  for (const fn of callees.functions) {
    if (isGenerator(fn)) continue;
    for (const access of ask(fn).accesses)
      found.push({ access, callee: { fn, through: callees.through, isCallback: false } });
  }
  for (const fn of callbacksNow(call, callees, core)) {
    const isLater = isAsync(fn) || callees.functions.some(isAsync);
    for (const access of ask(fn).accesses) {
      const seen: OuterAccess = isLater ? { ...access, segment: 'later' } : access;
      found.push({ access: seen, callee: { fn, through: undefined, isCallback: true } });
    }
  }
  return found;
}

/** Functions given to a call that runs them before it is done. */
function callbacksNow(call: Call, callees: Callees, core: Core): readonly FunctionNode[] {
  const { member } = callees;
  if (ts.isTaggedTemplateExpression(call)) return [];
  if (member !== undefined) {
    const runs =
      hasRole(member, 'runs-now') ||
      hasRole(member, 'exclusive') ||
      hasRole(member, 'lends') ||
      hasRole(member, 'runs-concurrently');
    const callback = runs ? core.api.argumentOf(call, member.argument) : undefined;
    return callback === undefined ? [] : callablesAt(callback, core).functions;
  }
  return (call.arguments ?? []).flatMap((argument) => {
    const inner = bare(argument);
    return callees.functions.length > 0 && (ts.isArrowFunction(inner) || ts.isFunctionExpression(inner)) ? [inner] : [];
  });
}

function isOpenCall(call: Call, core: Core, ask: (fn: FunctionNode) => ReadsAndWrites): boolean {
  const { functions, isComplete, member, isExternal } = core.ask(calleesOf, call);
  if (functions.some((fn) => ask(fn).isOpen)) return true;
  return !isComplete && member === undefined && isExternal !== true;
}

// ---------------------------------------------------------------- from callee to caller

/** A place of a callee as the caller names it; `undefined` when the caller cannot name it. */
export function translated(
  place: Place,
  call: Call,
  callee: { readonly fn: FunctionNode; readonly through: Callees['through']; readonly isCallback: boolean },
  core: Core,
): Place | undefined {
  const path = place.path.map((part) => translatedPart(part, call, callee, core));
  const { root } = place;
  if (root.is === 'global') return { ...place, path };
  if (root.is === 'binding') {
    const { declaration } = root;
    if (!ts.isParameter(declaration) || (declaration.parent as ts.Node) !== callee.fn) return { ...place, path };
    if (callee.isCallback) return undefined;
    const given = givenFor(call, declaration, callee.through)?.[0];
    return joinedTo(given === undefined ? undefined : placeOf(given, core), path);
  }
  // `this` of the callee is the receiver of the call; an arrow function shares that of its surroundings.
  if (callee.isCallback || ts.isArrowFunction(callee.fn)) return { ...place, path };
  if (ts.isNewExpression(call) || ts.isTaggedTemplateExpression(call)) return undefined;
  const target = bare(call.expression);
  if (target.kind === ts.SyntaxKind.SuperKeyword) return joinedTo(ownInstanceAt(target), path);
  if (callee.through !== undefined) {
    const receiver = call.arguments[0];
    return joinedTo(receiver === undefined ? undefined : placeOf(receiver, core), path);
  }
  if (!ts.isPropertyAccessExpression(target) && !ts.isElementAccessExpression(target)) return undefined;
  const receiver = bare(target.expression);
  if (receiver.kind === ts.SyntaxKind.SuperKeyword) return joinedTo(ownInstanceAt(receiver), path);
  return joinedTo(placeOf(receiver, core), path);
}

/** What `super` stands for: the instance of the class it is written in. */
function ownInstanceAt(node: ts.Node): Place | undefined {
  const owner = thisOwnerOf(node);
  return owner.is === 'instance' ? { root: { is: 'instance', of: owner.of }, path: [] } : undefined;
}

function joinedTo(holder: Place | undefined, path: readonly PathPart[]): Place | undefined {
  if (holder === undefined || holder.path.length + path.length > LONGEST_PATH) return undefined;
  return { root: holder.root, path: [...holder.path, ...path] };
}

function translatedPart(
  part: PathPart,
  call: Call,
  callee: { readonly fn: FunctionNode; readonly through: Callees['through']; readonly isCallback: boolean },
  core: Core,
): PathPart {
  return part.is === 'entry' ? { is: 'entry', key: translatedKey(part.key, call, callee, core) } : part;
}

function translatedKey(
  key: EntryKey,
  call: Call,
  callee: { readonly fn: FunctionNode; readonly through: Callees['through']; readonly isCallback: boolean },
  core: Core,
): EntryKey {
  if (key.is === 'template') {
    return {
      is: 'template',
      parts: key.parts.map((part) => (typeof part === 'string' ? part : translatedKey(part, call, callee, core))),
    };
  }
  if (key.is !== 'place') return key;
  const { root, path } = key.place;
  if (root.is === 'binding' && isInside(root.declaration, callee.fn)) {
    const isParameter = ts.isParameter(root.declaration) && (root.declaration.parent as ts.Node) === callee.fn;
    const given = isParameter && !callee.isCallback ? givenFor(call, root.declaration, callee.through)?.[0] : undefined;
    if (given === undefined) return { is: 'unknown', node: call };
    if (path.length === 0) return keyOf(given, core);
  }
  const place = translated(key.place, call, callee, core);
  return place === undefined ? { is: 'unknown', node: call } : { is: 'place', place };
}

// ---------------------------------------------------------------- where values come from

interface Sources {
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly hasPlaces: boolean;
}

const NO_SOURCES: Sources = { parameters: [], hasPlaces: false };

/** Expressions looked through for one value. */
const MOST_PARTS = 60;

function sourcesOf(write: Access, core: Core, fn: FunctionNode): Sources {
  const keepsOld = write.how === 'compound' || write.how === 'update' || write.how === 'logical';
  if (write.value === undefined) return { parameters: [], hasPlaces: keepsOld };
  const sources = partsOf(write.value, core, fn);
  return keepsOld ? { ...sources, hasPlaces: true } : sources;
}

/** The parameters, and whether also outer places, that a value is computed from. */
function partsOf(value: ts.Node, core: Core, fn: FunctionNode): Sources {
  const parameters = new Set<ts.ParameterDeclaration>();
  let hasPlaces = false;
  let budget = MOST_PARTS;
  const open: ts.Node[] = [value];
  const seen = new Set<ts.Node>();
  for (let next = open.pop(); next !== undefined && budget > 0; next = open.pop()) {
    budget--;
    const node = bare(next);
    if (seen.has(node)) continue;
    seen.add(node);
    if (ts.isIdentifier(node)) {
      const symbol = symbolOf(node, core);
      const declaration = symbol?.valueDeclaration;
      if (symbol === undefined || declaration === undefined) continue;
      const parameter = parameterAround(declaration);
      if (parameter !== undefined) {
        if (isInside(parameter, fn)) parameters.add(parameter);
      } else if (!isInside(declaration, fn)) hasPlaces = true;
      else if (
        ts.isVariableDeclaration(declaration) &&
        declaration.initializer !== undefined &&
        !core.ask(isReassigned, symbol)
      ) {
        open.push(declaration.initializer);
      }
    } else if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
      const place = placeOf(node, core);
      const isParameter = place?.root.is === 'binding' && ts.isParameter(place.root.declaration);
      if (place !== undefined && !isParameter && isOutside(place, fn)) hasPlaces = true;
      else open.push(node.expression);
    } else if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const place = placeOf(node, core);
      if (place !== undefined && isOutside(place, fn)) hasPlaces = true;
      open.push(...(resultParts(node, core) ?? []));
    } else if (ts.isConditionalExpression(node)) {
      open.push(node.whenTrue, node.whenFalse);
    } else if (ts.isBinaryExpression(node)) {
      open.push(node.left, node.right);
    } else if (!ts.isFunctionLike(node) && !ts.isAwaitExpression(node)) {
      ts.forEachChild(node, (child) => {
        if (ts.isExpression(child)) open.push(child);
        else if (ts.isTemplateSpan(child) || ts.isSpreadElement(child)) open.push(child.expression);
        else if (ts.isPropertyAssignment(child)) open.push(child.initializer);
        else if (ts.isShorthandPropertyAssignment(child)) open.push(child.name);
      });
    }
  }
  return { parameters: [...parameters], hasPlaces };
}

function parameterAround(declaration: ts.Declaration): ts.ParameterDeclaration | undefined {
  let node: ts.Node = declaration;
  while (isBindingElement(node) || ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node))
    node = node.parent;
  return ts.isParameter(node) ? node : undefined;
}

function argumentSources(
  call: Call,
  parameter: ts.ParameterDeclaration,
  core: Core,
  fn: FunctionNode,
): readonly ts.ParameterDeclaration[] {
  const given = givenFor(call, parameter, core.ask(calleesOf, call).through) ?? [];
  return given.flatMap((expression) =>
    partsOf(expression, core, fn).parameters.filter((each) => parametersOf(fn).includes(each)),
  );
}

// ---------------------------------------------------------------- what is given back

function returnedPlaces(fn: FunctionNode, core: Core, ask: (fn: FunctionNode) => ReadsAndWrites): ReturnedPlace[] {
  if (isGenerator(fn)) return [];
  const graph = core.ask(flowGraph, fn);
  const later = core.ask(afterSuspension, fn);
  const found: ReturnedPlace[] = [];
  const add = (place: Place, isSame: boolean, step: Step): void => {
    if (found.length >= MOST_RETURNS || !isOutside(place, fn)) return;
    if (found.some((known) => isSamePlace(known.place, place))) return;
    found.push({ place, isSame, segment: later.has(step) ? 'later' : 'first' });
  };
  for (const step of graph.steps) {
    if (step.kind !== 'return' || step.previous.length === 0) continue;
    const expression = ts.isReturnStatement(step.node) ? step.node.expression : (step.node as ts.Expression);
    if (expression === undefined) continue;
    for (const { node, isSame } of readsIn(expression, core)) {
      const place = placeOf(node, core);
      if (place !== undefined) add(place, isSame, step);
      else if (ts.isCallExpression(node)) {
        const { functions, through } = core.ask(calleesOf, node);
        for (const callee of functions) {
          for (const returned of ask(callee).returns) {
            const seen = translated(returned.place, node, { fn: callee, through, isCallback: false }, core);
            if (seen !== undefined) add(seen, isSame && returned.isSame, step);
          }
        }
      }
    }
  }
  return found;
}

/** The reads in a returned expression that its value is computed from. A local is looked through if nothing can suspend after it. */
function readsIn(expression: ts.Expression, core: Core): readonly { node: ts.Expression; isSame: boolean }[] {
  const found: { node: ts.Expression; isSame: boolean }[] = [];
  const open: { node: ts.Expression; isSame: boolean }[] = [{ node: expression, isSame: true }];
  let budget = MOST_PARTS;
  for (let next = open.pop(); next !== undefined && budget > 0; next = open.pop()) {
    budget--;
    const { isSame } = next;
    const node = bare(next.node);
    if (ts.isConditionalExpression(node)) open.push({ node: node.whenTrue, isSame }, { node: node.whenFalse, isSame });
    else if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      const isChoice = operator === ts.SyntaxKind.QuestionQuestionToken || operator === ts.SyntaxKind.BarBarToken;
      open.push({ node: node.left, isSame: isSame && isChoice }, { node: node.right, isSame: isSame && isChoice });
    } else if (ts.isTemplateExpression(node)) {
      open.push(...node.templateSpans.map((span) => ({ node: span.expression, isSame: false })));
    } else if (ts.isPrefixUnaryExpression(node)) open.push({ node: node.operand, isSame: false });
    else if (ts.isIdentifier(node)) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      const isLocal =
        declaration !== undefined && ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined;
      const symbol = symbolOf(node, core);
      if (isLocal && symbol !== undefined && isFreshAt(node, declaration, core) && !core.ask(isReassigned, symbol)) {
        open.push({ node: declaration.initializer, isSame });
      } else found.push({ node, isSame });
    } else if (ts.isCallExpression(node) && placeOf(node, core) === undefined) {
      const parts = core.api.memberOf(node) === undefined ? [] : (resultParts(node, core) ?? []);
      open.push(...parts.map((part) => ({ node: part, isSame: false })));
      found.push({ node, isSame });
    } else found.push({ node, isSame });
  }
  return found;
}

/** Is the local declared in the function of its use, with no suspension of it anywhere after the declaration? */
function isFreshAt(node: ts.Node, declaration: ts.VariableDeclaration, core: Core): boolean {
  let fn: ts.Node = declaration;
  while (!ts.isFunctionLike(fn) && !ts.isSourceFile(fn)) fn = fn.parent;
  if (ts.isSourceFile(fn) || !isInside(node, fn)) return false;
  const graph = core.ask(flowGraph, fn as FunctionNode);
  const [write] = graph.stepsOf(declaration.name);
  if (write === undefined) return false;
  const seen = new Set<Step>([write]);
  for (const step of seen) {
    if (step.kind === 'suspend') return false;
    for (const { to } of step.next) seen.add(to);
  }
  return true;
}
