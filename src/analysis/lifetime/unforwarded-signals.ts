import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { referencesOf } from '../escape/references.ts';
import { type Core, defineFact } from '../facts.ts';
import { isConst, symbolOf } from '../places/symbols.ts';
import { fileNodes } from '../text/nodes.ts';
import { lastNameOf, mayGivePromise } from '../text/promise-names.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isInside } from '../syntax/inside.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { partsOf } from '../types/parts-of.ts';
import { isCleanUpCall, isPolled, isWorkOf } from './signal-work.ts';
import { isIgnored, type SignalSlot, signalUseOf } from './signal-slots.ts';
import { isController, isTimeout, mentions, type NamedSignal, signalsOf } from './signals.ts';
import { isBindingElement } from '../syntax/bindings.ts';

/** Work of a function that goes on when the signal of its caller, which the function has at hand, is aborted. */
export interface UnforwardedSignal {
  /** `missing`: the call is given no signal; `cut-off`: it is given one that knows nothing of the caller's. */
  readonly is: 'cut-off' | 'missing';
  readonly call: ts.CallExpression;
  /** The signals it could be given, the likeliest first; never empty. */
  readonly signals: readonly NamedSignal[];
  /** For `missing`: where the call takes a signal. */
  readonly slot?: SignalSlot;
  /** For `cut-off`: the signal that it is given. */
  readonly own?: ts.Expression;
  /** Does a loop around the call look at the signal between its rounds? Then it may mean to end the round first. */
  readonly isPolled: boolean;
}

/** Text without which a file has no signal of its own. */
const SIGNAL_TEXT = /ignal|AbortController/;

/**
 * The awaited or returned calls of a file that take a signal and are not given the one their function has.
 *
 * Reported: work of the same undertaking, waited for by the function or its caller. Not: clean-up (`catch`, `finally`, after an abort,
 * functions and calls named for it), work that is kept for others or that nobody waits for, calls of which an object or a spread may
 * hold the signal, callees that leave it unused, plain reading and writing of files.
 * Doubt: a closure that may run later, a signal of which it is not clear what it stands for: not reported.
 * Files that never speak of a signal are looked at only for the request of a handler, and for what the catalogue knows to take one.
 */
export const unforwardedSignals = defineFact<ts.SourceFile, readonly UnforwardedSignal[]>({
  name: 'unforwarded-signals',
  scope: 'program',
  compute(file, core) {
    const isSpoken = SIGNAL_TEXT.test(file.text);
    const names = isSpoken ? undefined : core.ask(namesOfWaits, core.program);
    if (names !== undefined && ![...names].some((name) => file.text.includes(`${name}(`))) return [];
    const found = core
      .ask(fileNodes, file)
      .calls.flatMap((call) =>
        ts.isCallExpression(call) && mayBeWaitedFor(call) && isNamed(call, names, core)
          ? (unforwardedAt(call, core) ?? [])
          : [],
      );
    // Of a chain of calls the first one has the signal.
    return found.filter(({ call }) => !found.some((other) => other.call !== call && isReceiverOf(other.call, call)));
  },
});

/** Functions, not methods, that wait for somebody else and take a signal for it. */
const namesOfWaits = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'names-of-waits',
  scope: 'program',
  compute: (_program, { api }) => {
    const takesSignal = ({ bound, name }: MemberMatch): boolean =>
      bound?.by === 'signal-option' && !name.includes('.') && !name.startsWith('new ');
    return new Set([...api.namesWith('io', takesSignal).keys(), ...api.namesWith('waits', takesSignal).keys()]);
  },
});

/** Names first: functions that the project declares and that give no promise are passed over. */
function isNamed(call: ts.CallExpression, names: ReadonlySet<string> | undefined, core: Core): boolean {
  const callee = bare(call.expression);
  if (names === undefined) {
    const name = lastNameOf(callee);
    return name === undefined || mayGivePromise(name, core) || ts.isPropertyAccessExpression(call.parent);
  }
  return ts.isIdentifier(callee) && names.has(callee.text);
}

/** May the promise of a call be waited for, by where it stands? */
function mayBeWaitedFor(call: ts.CallExpression): boolean {
  if (ts.isSourceFile(enclosingFunctionOf(call))) return false;
  let node: ts.Node = call;
  for (;;) {
    const { parent } = node;
    const passes =
      ts.isParenthesizedExpression(parent) ||
      ts.isAsExpression(parent) ||
      ts.isSatisfiesExpression(parent) ||
      ts.isNonNullExpression(parent) ||
      ts.isArrayLiteralExpression(parent) ||
      ts.isConditionalExpression(parent) ||
      ts.isCallExpression(parent) ||
      (ts.isPropertyAccessExpression(parent) &&
        parent.expression === node &&
        ts.isCallExpression(wrapped(parent).parent)) ||
      (ts.isBinaryExpression(parent) &&
        !ts.isExpressionStatement(parent.parent) &&
        passesOn(parent.operatorToken.kind));
    if (!passes) return isPlaceOfWait(parent, node) || (node !== call && ts.isExpressionStatement(parent));
    node = parent;
  }
}

function passesOn(operator: ts.SyntaxKind): boolean {
  return (
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken ||
    operator === ts.SyntaxKind.CommaToken
  );
}

function isPlaceOfWait(parent: ts.Node, node: ts.Node): boolean {
  return (
    ts.isAwaitExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isYieldExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    (ts.isBinaryExpression(parent) && parent.right === node) ||
    (ts.isArrowFunction(parent) && parent.body === node) ||
    (ts.isForOfStatement(parent) && parent.awaitModifier !== undefined)
  );
}

function isReceiverOf(inner: ts.CallExpression, outer: ts.CallExpression): boolean {
  let node: ts.Node = bare(outer.expression);
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) {
    node = bare(node.expression);
    if (node === inner) return true;
  }
  return false;
}

function unforwardedAt(call: ts.CallExpression, core: Core): UnforwardedSignal | undefined {
  const levels = levelsAt(call, core);
  if (levels.length === 0) return undefined;
  const use = signalUseOf(call, core);
  if ((use.is !== 'empty' && use.is !== 'given') || isCleanUpCall(call, core)) return undefined;
  if (use.is === 'empty') return missingAt(call, use.slot, levels, core);
  return cutOffAt(call, use.value, levels, core);
}

/** A function around a call, with its signals. */
interface Level {
  readonly fn: FunctionNode;
  readonly signals: readonly NamedSignal[];
}

/** The functions around a call that have signals, the nearest first. When the call runs is not yet looked at. */
function levelsAt(call: ts.CallExpression, core: Core): readonly Level[] {
  const levels: Level[] = [];
  for (let fn = enclosingFunctionOf(call); !ts.isSourceFile(fn); fn = enclosingFunctionOf(fn)) {
    const signals = core.ask(signalsOf, fn);
    if (signals.length > 0) levels.push({ fn, signals });
    if (!isNested(fn)) break;
  }
  return levels;
}

function isNested(fn: FunctionNode): boolean {
  return ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) || ts.isFunctionDeclaration(fn);
}

// ------------------------------------------------------------------------------------------------ no signal at all

function missingAt(
  call: ts.CallExpression,
  slot: SignalSlot,
  levels: readonly Level[],
  core: Core,
): UnforwardedSignal | undefined {
  for (const level of levels) {
    const signals = usableAt(call, level, core);
    const [first] = signals;
    if (first === undefined) continue;
    // The nearest function with a signal of the work decides; what is further out belongs to a larger piece of work.
    if (core.api.memberOf(call)?.isLocal === true || isIgnored(call, slot, core)) return undefined;
    if (signals.some((signal) => isHandedAround(call, signal, core) || endsWithSignal(call, signal, core)))
      return undefined;
    if (!isWorkOf(call, level.fn, first, core)) return undefined;
    return { is: 'missing', call, signals, slot, isPolled: isPolled(call, first) };
  }
  return undefined;
}

/** The signals of a function that can be named at the call and that stand for the work around it. */
function usableAt(call: ts.CallExpression, { fn, signals }: Level, core: Core): readonly NamedSignal[] {
  const visible = signals.filter((signal) => isVisibleAt(call, signal, core));
  const strong = visible.filter(({ origin }) => origin !== 'deadline');
  if (strong.length === 0) return visible.filter((signal) => isDeadlineAround(call, signal, fn, core));
  // A variable that renames a parameter stands for it.
  return strong
    .filter(({ root }) => !strong.some((other) => other.root !== root && isRenamedBy(root, other, core)))
    .toSorted((left, right) => Number(left.text.includes('.')) - Number(right.text.includes('.')));
}

function isVisibleAt(call: ts.CallExpression, { declaration, root }: NamedSignal, core: Core): boolean {
  if (declaration.pos > call.pos) return false;
  return core.checker.resolveName(root.name, call, ts.SymbolFlags.Value, false) === root;
}

function isRenamedBy(root: ts.Symbol, { declaration, origin }: NamedSignal, core: Core): boolean {
  if (origin === 'joined') return false;
  const initializer = initializerOf(declaration);
  return initializer !== undefined && mentions(initializer, root, core);
}

function initializerOf(name: ts.Node): ts.Expression | undefined {
  let node = name.parent as ts.Node | undefined;
  while (node !== undefined && (isBindingElement(node) || ts.isObjectBindingPattern(node))) {
    node = node.parent;
  }
  return node !== undefined && ts.isVariableDeclaration(node) ? node.initializer : undefined;
}

/** Is a deadline that the function made given to calls before and after this one? One that a single call gets is that call's own. */
function isDeadlineAround(call: ts.CallExpression, { root }: NamedSignal, fn: FunctionNode, core: Core): boolean {
  const users = referencesOf(root, core)
    .filter((name) => isInside(name, fn))
    .flatMap((name) => givenTo(name) ?? []);
  return users.some((user) => user.end <= call.pos) && users.some((user) => user.pos >= call.end);
}

/** The call that gets a name, or the signal behind it, as an argument or option. */
function givenTo(name: ts.Node): ts.CallExpression | undefined {
  let node = name;
  for (let steps = 0; steps < 6; steps++) {
    const { parent } = node;
    if (ts.isCallExpression(parent)) return parent.expression === node ? undefined : parent;
    const passes =
      ts.isPropertyAccessExpression(parent) ||
      ts.isPropertyAssignment(parent) ||
      ts.isShorthandPropertyAssignment(parent) ||
      ts.isObjectLiteralExpression(parent) ||
      ts.isParenthesizedExpression(parent);
    if (!passes) return undefined;
    node = parent;
  }
  return undefined;
}

/** Does a callback among the arguments, or a call around this one, take care of the signal? */
function isHandedAround(call: ts.CallExpression, { root }: NamedSignal, core: Core): boolean {
  const isInCallback = call.arguments.some((argument) => {
    const inner = bare(argument);
    return ts.isFunctionLike(inner) && mentions(inner, root, core);
  });
  return isInCallback || isInCallWithSignal(call, root, core);
}

/** Does the call end with the signal although it is not given it: through a listener, a stream, an object that holds it? */
function endsWithSignal(call: ts.CallExpression, signal: NamedSignal, core: Core): boolean {
  const callee = bare(call.expression);
  const receiver = ts.isPropertyAccessExpression(callee) ? [callee.expression] : [];
  const inputs = [...receiver, ...call.arguments].map(sourceOf).filter(isPath);
  if (inputs.some((input) => ts.isIdentifier(input) && symbolOf(input, core) === signal.root)) return true;
  const objects = inputs.filter((input) => !isPrimitive(core.checker.getTypeAtLocation(input), core.checker));
  const handlers = abortHandlersOf(signal, core);
  return objects.some(
    (input) =>
      handlers.some((handler) => isNamedIn(input.getText(), handler)) ||
      (isStream(core.checker.getTypeAtLocation(input), core) && comesWithSignal(input, signal, core)),
  );
}

/** `child`, `response.body`, `this.client` */
function isPath(node: ts.Expression): boolean {
  let inner = node;
  while (ts.isPropertyAccessExpression(inner)) inner = bare(inner.expression);
  return ts.isIdentifier(inner) || (inner !== node && inner.kind === ts.SyntaxKind.ThisKeyword);
}

/** The code that runs when the signal is aborted: the statement that registers it, and a named handler. */
function abortHandlersOf({ root }: NamedSignal, core: Core): readonly ts.Node[] {
  return referencesOf(root, core)
    .filter(listensForAbort)
    .flatMap((name) => {
      const statement = statementOf(name);
      const named: ts.Node[] = [];
      const visit = (node: ts.Node): void => {
        const declaration = ts.isIdentifier(node) ? symbolOf(node, core)?.valueDeclaration : undefined;
        const isHandler =
          declaration !== undefined &&
          (ts.isFunctionDeclaration(declaration) ||
            (ts.isVariableDeclaration(declaration) &&
              declaration.initializer !== undefined &&
              ts.isFunctionLike(bare(declaration.initializer))));
        if (isHandler) named.push(declaration);
        ts.forEachChild(node, visit);
      };
      visit(statement);
      return [statement, ...named];
    });
}

function isNamedIn(path: string, code: ts.Node): boolean {
  const escaped = path.replace(/[$.()[\]?*+^|{}\\]/g, '\\$&');
  return new RegExp(`(?<![\\w$.])${escaped}(?![\\w$])`).test(code.getText());
}

/** What a stream passes on, failures included: `body` of `Readable.fromWeb(body)` and of `body.pipeThrough(lines)`. */
function sourceOf(expression: ts.Expression): ts.Expression {
  const node = bare(expression);
  const callee = ts.isCallExpression(node) ? bare(node.expression) : undefined;
  if (!ts.isCallExpression(node) || callee === undefined || !ts.isPropertyAccessExpression(callee)) return node;
  if (callee.name.text === 'pipeThrough') return sourceOf(callee.expression);
  const [given] = node.arguments;
  return given !== undefined && /^from(?:Web)?$/.test(callee.name.text) ? sourceOf(given) : node;
}

/** Variables that a stream is followed through. */
const MOST_STREAMS = 4;

/** Is the stream, or what it is a part of, opened with the signal? It fails when that is aborted, and so does what reads it. */
function comesWithSignal(input: ts.Expression, signal: NamedSignal, core: Core, steps = 0): boolean {
  let start = input;
  while (ts.isPropertyAccessExpression(start)) start = bare(start.expression);
  const declaration = symbolOf(start, core)?.valueDeclaration;
  const isBound = declaration !== undefined && (ts.isVariableDeclaration(declaration) || isBindingElement(declaration));
  const initializer = isBound ? initializerOf(declaration.name) : undefined;
  if (initializer === undefined || steps > MOST_STREAMS) return false;
  if (mentions(initializer, signal.root, core)) return true;
  const source = sourceOf(initializer);
  return isPath(source) && comesWithSignal(source, signal, core, steps + 1);
}

function isStream(type: ts.Type, { api, checker }: Core): boolean {
  return partsOf(type, checker).some(
    (part) =>
      api.isA(part, 'stream') !== undefined ||
      api.isA(part, 'emitter') !== undefined ||
      checker.getPropertiesOfType(part).some(({ name }) => name.startsWith('__@asyncIterator')),
  );
}

function isInCallWithSignal(call: ts.CallExpression, root: ts.Symbol, core: Core): boolean {
  for (let node: ts.Node = call; !ts.isStatement(node.parent) && !ts.isFunctionLike(node.parent); node = node.parent) {
    const { parent } = node;
    if (!ts.isCallExpression(parent)) continue;
    if (core.api.plays(parent, 'races') !== undefined && mentions(parent, root, core)) return true;
    if (parent.expression !== node && signalUseOf(parent, core).is === 'given') return true;
  }
  return false;
}

// ------------------------------------------------------------------------------------------------ a signal of its own

function cutOffAt(
  call: ts.CallExpression,
  value: ts.Expression,
  levels: readonly Level[],
  core: Core,
): UnforwardedSignal | undefined {
  const fresh = freshAt(value, core);
  if (fresh === undefined) return undefined;
  for (const { fn, signals } of levels) {
    const callers = signals.filter(
      (signal) =>
        signal.origin !== 'deadline' &&
        signal.origin !== 'joined' &&
        !fresh.roots.includes(signal.root) &&
        isVisibleAt(call, signal, core),
    );
    const usable = callers.filter(
      ({ root }) => !callers.some((other) => other.root !== root && isRenamedBy(root, other, core)),
    );
    const [first] = usable;
    if (first === undefined) continue;
    if (!fresh.declarations.every((declaration) => isInside(declaration, fn))) return undefined;
    if (callers.some((signal) => isLinked(signal, fresh, core) || isHandedAround(call, signal, core))) return undefined;
    if (!isWorkOf(call, fn, first, core)) return undefined;
    return { is: 'cut-off', call, signals: usable, own: value, isPolled: isPolled(call, first) };
  }
  return undefined;
}

/** A signal that was made on the spot, of nothing. */
interface Fresh {
  /** The variables that hold it or its controller. */
  readonly roots: readonly ts.Symbol[];
  readonly declarations: readonly ts.Node[];
}

/** How far variables that stand for other variables are followed. */
const MOST_STEPS = 5;

function freshAt(value: ts.Expression, core: Core, steps = 0): Fresh | undefined {
  const node = bare(value);
  if (steps > MOST_STEPS) return undefined;
  if (isTimeout(node, core)) return { roots: [], declarations: [] };
  if (ts.isCallExpression(node)) {
    // `AbortSignal.any([controller.signal, AbortSignal.timeout(1_000)])`
    const [list] = core.api.plays(node, 'bounds') === undefined ? [] : node.arguments;
    const elements = list === undefined ? undefined : bare(list);
    if (elements === undefined || !ts.isArrayLiteralExpression(elements)) return undefined;
    const parts = elements.elements.map((element) => freshAt(element, core, steps + 1));
    const fresh = parts.filter((part) => part !== undefined);
    if (fresh.length === 0 || fresh.length < parts.length) return undefined;
    return {
      roots: fresh.flatMap(({ roots }) => roots),
      declarations: fresh.flatMap(({ declarations }) => declarations),
    };
  }
  if (ts.isNewExpression(node)) {
    const { checker } = core;
    const isOfNothing = (node.arguments ?? []).every((given) => isPrimitive(checker.getTypeAtLocation(given), checker));
    return isOfNothing && isController(checker.getTypeAtLocation(node), core)
      ? { roots: [], declarations: [] }
      : undefined;
  }
  const name = ts.isPropertyAccessExpression(node) ? bare(node.expression) : node;
  if (!ts.isIdentifier(name)) return undefined;
  const root = symbolOf(name, core);
  const declaration = root?.valueDeclaration;
  if (root === undefined || declaration === undefined) return undefined;
  const initializer = ts.isVariableDeclaration(declaration)
    ? declaration.initializer
    : isBindingElement(declaration)
      ? initializerOf(declaration.name)
      : undefined;
  if (initializer === undefined || !isConst(declaration)) return undefined;
  const of = freshAt(initializer, core, steps + 1);
  return of === undefined ? undefined : { roots: [root, ...of.roots], declarations: [declaration, ...of.declarations] };
}

/** Does anything join the caller's signal with the fresh one: a listener for its abort, a helper that gets both? */
function isLinked(signal: NamedSignal, fresh: Fresh, core: Core): boolean {
  return referencesOf(signal.root, core).some((name) => {
    const statement = statementOf(name);
    return listensForAbort(name) || fresh.roots.some((root) => mentions(statement, root, core));
  });
}

function statementOf(node: ts.Node): ts.Node {
  let inner = node;
  while (!ts.isStatement(inner) && !ts.isFunctionLike(inner.parent) && !ts.isSourceFile(inner.parent)) {
    inner = inner.parent;
  }
  return inner;
}

/** `signal.addEventListener('abort', …)`, `once(signal, 'abort')`, `signal.onabort = …`, also of `options.signal`. */
function listensForAbort(name: ts.Node): boolean {
  let node: ts.Node = name;
  while (ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node) {
    node = node.parent;
    if ((node as ts.PropertyAccessExpression).name.text === 'onabort') return true;
  }
  const call = wrapped(node).parent;
  return (
    ts.isCallExpression(call) &&
    (call.arguments.some((argument) => ts.isStringLiteralLike(argument) && argument.text === 'abort') ||
      (lastNameOf(call.expression) ?? '').startsWith('addAbort'))
  );
}
