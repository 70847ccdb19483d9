import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { callablesAt, calleesOf } from '../effects/callees-of.ts';
import { handlingOf } from '../effects/handling-of.ts';
import { rejectsAt } from '../effects/failures.ts';
import { type ParameterUse, parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { hasRole } from '../effects/roles.ts';
import { extendsQuery } from '../escape/extended-query.ts';
import { hasHandler } from '../escape/has-handler.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { taskOf } from '../escape/task-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { mentions } from '../text/mentions.ts';
import { fileNodes } from '../text/nodes.ts';
import { isPromising, lastNameOf, mayBeDeclared, mayGivePromise } from '../text/promise-names.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isAsync, isFunctionNode, isGenerator } from '../syntax/functions.ts';
import { isThenable, resultsOf } from '../types/is-thenable.ts';
import { writtenMembersIn } from '../types/written-members.ts';

/**
 * How work came to run with nobody who waits for it.
 *
 * - `statement`: a promise that is a statement of its own; `void`: with `void` before it; `kept`: in a variable nobody looks at
 * - `timer`: a callback that runs once, later (`setTimeout`, `nextTick`); `listener`: one that runs at each event or tick
 * - `handler`: one that a framework runs at each request and whose promise it does not look at
 * - `iteration`: a callback of `forEach` and the like, which drops what it returns
 * - `executor`: an async function given to `new Promise`
 * - `helper`: a promise or callback handed to a function of the project that drops it
 */
export type Launch =
  'executor' | 'handler' | 'helper' | 'iteration' | 'kept' | 'listener' | 'statement' | 'timer' | 'void';

/** Work whose end nobody waits for. */
export interface BackgroundTask {
  readonly by: Launch;
  /** The expression of the promise, its chain included; or of the function that is called. */
  readonly work: ts.Expression;
  /** Is `work` a function that is called later or by the callee, and not a promise? */
  readonly isCallback: boolean;
  /** The functions that `work` stands for, when it is a callback; none where it is declared without a body. */
  readonly functions: readonly FunctionNode[];
  /** What launches it: the statement, the declaration, the call that gets the callback or the promise. */
  readonly launch: ts.Node;
  /** The call that gets it, and its row if the catalogue has one. */
  readonly call?: ts.CallExpression | ts.NewExpression;
  readonly member?: MemberMatch;
  /** What a listener is assigned to: `socket.onmessage`. */
  readonly target?: ts.PropertyAccessExpression;
  /** For `helper`: where the callee lets go of it. */
  readonly dropped?: ts.Node;
}

/** Roles under which a callback is called later by somebody who may not wait for it. */
const CALLBACK_ROLES = ['defers', 'handler', 'listener'] as const;

/** Roles whose calls give promises: names that count although the project declares them for something else. */
const PROMISE_ROLES = [
  'acquires',
  'begins',
  'commits',
  'drains',
  'io',
  'locks',
  'queries',
  'rolls-back',
  'store-read',
  'store-write',
  'waits',
] as const;

interface Names {
  /** Calls that call back later and leave a rejection to nobody. */
  readonly callbacks: ReadonlySet<string>;
  /** Calls that call back at once; where their result is dropped, so is what the callback gives. */
  readonly runners: ReadonlySet<string>;
  readonly promises: ReadonlySet<string>;
}

const namesOfRoles = defineFact<ts.Program, Names>({
  name: 'background-names',
  scope: 'program',
  compute: (_program, { api }) => ({
    callbacks: new Set(
      CALLBACK_ROLES.flatMap((role) => [...api.namesWith(role, ({ catches }) => catches !== true).keys()]),
    ),
    runners: new Set(api.namesWith('runs-now').keys()),
    promises: new Set(PROMISE_ROLES.flatMap((role) => [...api.namesWith(role).keys()])),
  }),
});

/**
 * The work that the code of a file starts and nobody waits for, in the order of the text.
 *
 * Looked through: `void`, `&&`, `?:`, commas, `.then/.catch/.finally` chains (a rejection handler does not wait), variables nobody
 * looks at, callbacks by their role in the catalogue, functions of the project that drop a promise or a callback they are given.
 * Not background: what is awaited, returned, collected, stored for others, or handed to the platform (`waitUntil`).
 * Passed over by name, without asking for types: calls of functions that the project declares and that give no promise.
 */
export const backgroundTasks = defineFact<ts.SourceFile, readonly BackgroundTask[]>({
  name: 'background-tasks',
  scope: 'program',
  compute: (file, core) => new Search(file, core, () => true).found,
});

/**
 * Those of the background tasks of a file that are wanted.
 *
 * @param isWanted is asked of what is handed over (the promise, all that is given with a callback), before its type is looked at
 */
export function wantedTasks(
  file: ts.SourceFile,
  core: Core,
  isWanted: (given: readonly ts.Node[]) => boolean,
): readonly BackgroundTask[] {
  return new Search(file, core, isWanted).found;
}

class Search {
  readonly found: BackgroundTask[] = [];
  private readonly file: ts.SourceFile;
  private readonly core: Core;
  private readonly names: Names;
  private readonly isWanted: (given: readonly ts.Node[]) => boolean;

  constructor(file: ts.SourceFile, core: Core, isWanted: (given: readonly ts.Node[]) => boolean) {
    this.file = file;
    this.core = core;
    this.isWanted = isWanted;
    this.names = core.ask(namesOfRoles, core.program);
    const { binaries, calls, declarations, statements, voids } = core.ask(fileNodes, file);
    for (const node of statements) this.dropped(node.expression, node, 'statement');
    for (const node of voids) this.dropped(node.expression, launchOf(node), 'void');
    for (const node of declarations) this.kept(node);
    for (const node of calls) this.handedOver(node);
    for (const node of binaries) this.assigned(node);
    this.found.sort((left, right) => left.work.getStart() - right.work.getStart());
  }

  // ---------------------------------------------------------------- promises that are dropped

  private dropped(expression: ts.Expression, launch: ts.Node, by: 'statement' | 'void'): void {
    const node = bare(expression);
    if (ts.isConditionalExpression(node)) {
      this.dropped(node.whenTrue, launch, by);
      this.dropped(node.whenFalse, launch, by);
    } else if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.kind;
      if (operator === ts.SyntaxKind.CommaToken) this.dropped(node.left, launch, by);
      const passesOn =
        operator === ts.SyntaxKind.CommaToken ||
        operator === ts.SyntaxKind.AmpersandAmpersandToken ||
        operator === ts.SyntaxKind.BarBarToken ||
        operator === ts.SyntaxKind.QuestionQuestionToken;
      if (passesOn) this.dropped(node.right, launch, by);
    } else if (ts.isCallExpression(node)) {
      if (this.isWanted([node]) && this.core.ask(mayBePromise, node))
        this.push({ by, work: node, isCallback: false, functions: [], launch });
    } else if (by === 'void' && (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node))) {
      this.voided(node, launch);
    }
  }

  /** `void task;` of a promise in a variable that nothing else looks at. */
  private voided(node: ts.Identifier | ts.PropertyAccessExpression, launch: ts.Node): void {
    if (!ts.isIdentifier(node) || !this.isWanted([node])) return;
    if (!isThenable(this.core.checker.getTypeAtLocation(node), this.core.checker)) return;
    if (handlingOf(node, this.core).is !== 'void') return;
    const symbol = this.core.checker.getSymbolAtLocation(node);
    const declaration = symbol?.valueDeclaration;
    if (symbol === undefined || declaration === undefined || !ts.isVariableDeclaration(declaration)) return;
    const given = lastGivenTo(symbol, node, this.core) ?? declaration.initializer;
    const work = given === undefined ? undefined : bare(given);
    if (work === undefined || !ts.isCallExpression(work) || this.core.ask(taskOf, work).is !== 'dropped') return;
    if (hasHandler(node, this.core)) return;
    this.push({ by: 'void', work, isCallback: false, functions: [], launch });
  }

  /** `const task = save();` and then nothing. */
  private kept(node: ts.VariableDeclaration): void {
    if (!ts.isIdentifier(node.name) || node.initializer === undefined) return;
    const work = bare(node.initializer);
    if (!ts.isCallExpression(work) || ts.isSourceFile(enclosingFunctionOf(node))) return;
    const { name } = node;
    const uses = this.core.ask(mentions, this.file).get(name.text) ?? [];
    // One that is mentioned again is looked at by somebody, save for one `void`.
    if (uses.length > 1 || !this.isWanted([work]) || !this.core.ask(mayBePromise, work)) return;
    this.push({ by: 'kept', work, isCallback: false, functions: [], launch: node });
  }

  // ---------------------------------------------------------------- callbacks and promises handed over

  private handedOver(call: ts.CallExpression | ts.NewExpression): void {
    const given = call.arguments ?? [];
    if (given.length === 0) return;
    const name = lastNameOf(call.expression);
    if (ts.isNewExpression(call) && name === 'Promise') this.executor(call);
    else if (name !== undefined && (this.names.callbacks.has(name) || this.isRunner(name, call))) this.callbacks(call);
    else this.helped(call);
  }

  private isRunner(name: string, call: ts.Node): boolean {
    return this.names.runners.has(name) && isUnused(call);
  }

  private executor(call: ts.NewExpression): void {
    const [executor] = call.arguments ?? [];
    const fn = executor === undefined ? undefined : bare(executor);
    if (fn === undefined || !isLiteral(fn) || !isAsync(fn) || this.core.api.plays(call, 'runs-now') === undefined)
      return;
    this.push({ by: 'executor', work: fn, isCallback: true, functions: [fn], launch: call, call });
  }

  /** Callbacks of calls that the catalogue knows. */
  private callbacks(call: ts.CallExpression | ts.NewExpression): void {
    const candidates = (call.arguments ?? []).flatMap((argument) => this.callbacksIn(argument));
    if (candidates.length === 0 || !this.isWanted(call.arguments ?? [])) return;
    const { api } = this.core;
    const member = api.memberOf(call);
    if (member === undefined) {
      this.helped(call);
      return;
    }
    const by = this.launchBy(member, call);
    if (by === undefined) return;
    const place = api.argumentOf(call, member.argument ?? 0);
    for (const work of candidates) {
      const isPlace = member.everyFunction === true || (place !== undefined && isWithin(work, place));
      if (!isPlace) continue;
      const functions = this.promising(work);
      if (functions !== undefined) this.push({ by, work, isCallback: true, functions, launch: call, call, member });
    }
  }

  private launchBy(member: MemberMatch, call: ts.CallExpression | ts.NewExpression): Launch | undefined {
    if (member.catches === true) return undefined;
    const { api } = this.core;
    if (api.plays(call, 'listener') !== undefined) return 'listener';
    if (api.plays(call, 'handler') !== undefined) return 'handler';
    if (api.plays(call, 'detaches') !== undefined) return undefined;
    if (api.plays(call, 'defers') !== undefined) return 'timer';
    if (!hasRole(member, 'runs-now') || hasRole(member, 'chains')) return undefined;
    return givesNothing(this.core.checker.getTypeAtLocation(call)) ? 'iteration' : undefined;
  }

  /** Function values among an argument: itself, the elements of an array, the members of an object of options. */
  private callbacksIn(argument: ts.Expression): readonly ts.Expression[] {
    const node = bare(argument);
    if (isLiteral(node)) return this.mayPromise(node) ? [node] : [];
    if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap((element) => this.callbacksIn(element));
    if (ts.isObjectLiteralExpression(node)) {
      return node.properties.flatMap((property) =>
        ts.isPropertyAssignment(property) ? this.callbacksIn(property.initializer) : [],
      );
    }
    if (ts.isConditionalExpression(node))
      return [...this.callbacksIn(node.whenTrue), ...this.callbacksIn(node.whenFalse)];
    if (ts.isBinaryExpression(node)) return [...this.callbacksIn(node.left), ...this.callbacksIn(node.right)];
    if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) return this.isKnown(node) ? [node] : [];
    const isBind =
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === 'bind';
    return isBind && this.isKnown(node.expression.expression) ? [node] : [];
  }

  private isKnown(name: ts.Expression): boolean {
    const last = lastNameOf(name);
    return last !== undefined && isPromising(last, this.core);
  }

  /** May a function literal give a promise, by its text and the names in it? */
  private mayPromise(fn: FunctionLiteral): boolean {
    if (isAsync(fn)) return true;
    if (!ts.isBlock(fn.body)) return this.mayBePromiseText(fn.body);
    const visit = (node: ts.Node): boolean => {
      if (isFunctionNode(node) || ts.isClassLike(node)) return false;
      if (ts.isReturnStatement(node)) return node.expression !== undefined && this.mayBePromiseText(node.expression);
      return ts.forEachChild(node, (child) => visit(child) || undefined) ?? false;
    };
    return visit(fn.body);
  }

  private mayBePromiseText(expression: ts.Expression): boolean {
    const node = bare(expression);
    if (ts.isConditionalExpression(node))
      return this.mayBePromiseText(node.whenTrue) || this.mayBePromiseText(node.whenFalse);
    if (ts.isBinaryExpression(node)) return this.mayBePromiseText(node.left) || this.mayBePromiseText(node.right);
    if (ts.isCallExpression(node)) return isPromiseName(node.expression, this.core);
    return ts.isNewExpression(node) && lastNameOf(node.expression) === 'Promise';
  }

  /** The functions of a callback that give promises; none for one without a body; `undefined` where it gives no promise. */
  private promising(work: ts.Expression): readonly FunctionNode[] | undefined {
    if (isFunctionNode(work)) return isGenerator(work) || !this.givesPromise(work) ? undefined : [work];
    const { functions, isExternal } = callablesAt(work, this.core);
    if (functions.length === 0) return isExternal === true && this.returnsPromise(work) ? [] : undefined;
    const found = functions.filter((fn) => !isGenerator(fn) && this.givesPromise(fn));
    return found.length > 0 ? found : undefined;
  }

  private returnsPromise(work: ts.Expression): boolean {
    const { checker } = this.core;
    const signatures = checker.getTypeAtLocation(work).getCallSignatures();
    return signatures.length > 0 && signatures.every((signature) => isThenable(signature.getReturnType(), checker));
  }

  private givesPromise(fn: FunctionNode): boolean {
    if (isAsync(fn)) return true;
    if (!ts.isFunctionLike(fn)) return false;
    const { checker } = this.core;
    const signature = checker.getSignatureFromDeclaration(fn);
    return signature !== undefined && isThenable(signature.getReturnType(), checker);
  }

  /** `socket.onmessage = async () => …`: a listener that is assigned. */
  private assigned(node: ts.BinaryExpression): void {
    if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left } = node;
    if (!ts.isPropertyAccessExpression(left) || !/^on[a-z]/.test(left.name.text)) return;
    const [work] = this.callbacksIn(node.right);
    if (work === undefined || !this.isWanted([work])) return;
    const { checker } = this.core;
    const declaration = checker.getSymbolAtLocation(left.name)?.declarations?.[0];
    if (declaration?.getSourceFile().isDeclarationFile !== true) return;
    const signatures = checker.getNonNullableType(checker.getTypeAtLocation(left)).getCallSignatures();
    const returnsNothing = signatures.some(
      (signature) => (signature.getReturnType().flags & (ts.TypeFlags.VoidLike | ts.TypeFlags.Any)) !== 0,
    );
    const functions = returnsNothing ? this.promising(work) : undefined;
    if (functions !== undefined)
      this.push({ by: 'listener', work, isCallback: true, functions, launch: node, target: left });
  }

  /** Arguments of a function of the project that drops them. */
  private helped(call: ts.CallExpression | ts.NewExpression): void {
    const name = lastNameOf(call.expression);
    if (ts.isCallExpression(call) && name !== undefined && !mayBeDeclared(name, this.core)) return;
    (call.arguments ?? []).forEach((argument, at) => {
      const work = bare(argument);
      const isCallback = isLiteral(work) && isAsync(work);
      const isPromise = ts.isCallExpression(work) && isPromiseName(work.expression, this.core);
      if (!isCallback && !isPromise) return;
      if (!this.isWanted(isCallback ? (call.arguments ?? []) : [work])) return;
      // The type of a plain name is cheap: cheaper than to look for the code of the callee.
      if (isPromise && ts.isIdentifier(bare(work.expression)) && !this.core.ask(mayBePromise, work)) return;
      const callees = this.core.ask(calleesOf, call);
      const [callee, other] = callees.functions;
      if (callee === undefined || other !== undefined || !callees.isComplete || callees.through !== undefined) return;
      if (isCallback) {
        const use = useOfArgument(callee, at, this.core.ask(parameterUses, callee));
        const dropped = use === undefined ? undefined : this.letGoOf(use);
        if (dropped === undefined) return;
        this.push({ by: 'helper', work, isCallback, functions: [work], launch: call, call, dropped });
      } else if (isPromise && this.core.ask(mayBePromise, work)) {
        const task = this.core.ask(taskOf, work);
        if (task.is !== 'dropped' || !this.isUnheard(task.witness, call)) return;
        this.push({ by: 'helper', work, isCallback, functions: [], launch: call, call, dropped: task.witness });
      }
    });
  }

  /** Where a helper lets go of the promise of a callback that it got. */
  private letGoOf({ called, kept, passedTo }: ParameterUse): ts.Node | undefined {
    if (called.some(({ call, isAwaited }) => isAwaited || !ts.isCallExpression(call))) return undefined;
    const later = called.filter(({ call }) => this.isLeftToNobody(call)).map(({ call }) => call);
    if (kept.is !== 'no' && (kept.is === 'unknown' || !later.includes(kept.witness))) return undefined;
    const followed = passedTo.filter(({ call }) => !later.includes(call));
    if (followed.some(({ call }) => !this.core.ask(calleesOf, call).isComplete)) return undefined;
    const [timer] = later;
    if (timer !== undefined) return timer;
    const calls = [...called, ...followed].map(({ call }) => call);
    return calls.find((call) => {
      if (!ts.isCallExpression(call)) return false;
      const task = this.core.ask(taskOf, call);
      return task.is === 'dropped' && this.dependsOnGiven(task.witness);
    });
  }

  /** Is it a call that runs its callback later and looks at no promise? */
  private isLeftToNobody(call: ts.Node): boolean {
    if (!ts.isCallExpression(call)) return false;
    const { api } = this.core;
    const member = api.plays(call, 'defers') ?? api.plays(call, 'listener');
    return member !== undefined && member.catches !== true;
  }

  /** Is the promise given to a helper lost in it, and not by whoever drops what the helper gives back? */
  private isUnheard(witness: ts.Node, call: ts.Node): boolean {
    if (witness === call) return true;
    return enclosingFunctionOf(witness) !== enclosingFunctionOf(call) && this.dependsOnGiven(witness);
  }

  /** Does the promise that is dropped reject when something does that the function around it was given? */
  private dependsOnGiven(witness: ts.Node): boolean {
    const outer = ts.isExpressionStatement(witness) ? bare(witness.expression) : witness;
    const dropped = ts.isVoidExpression(outer) ? outer.expression : outer;
    return ts.isExpression(dropped) && rejectsAt(dropped, this.core).parameters.size > 0;
  }

  private push(task: BackgroundTask): void {
    this.found.push(task);
  }
}

/** May the call give a promise that it would take somebody to wait for? Names first, then the type of the callee. */
const mayBePromise = defineFact<ts.CallExpression, boolean>({
  name: 'may-be-promise',
  scope: 'program',
  compute(call, core) {
    const { api, checker } = core;
    if (!isPromiseName(call.expression, core)) return false;
    const callee = bare(call.expression);
    if (callee.kind === ts.SyntaxKind.SuperKeyword || callee.kind === ts.SyntaxKind.ImportKeyword) return false;
    if (addsToList(callee, core)) return false;
    const results = resultsOf(call, checker);
    if (!results.some((result) => holdsPromise(result, core))) return false;
    const [only, other] = results;
    const isOpen = other !== undefined || only === undefined || !isThenable(only, checker);
    if (isOpen && !holdsPromise(checker.getTypeAtLocation(call), core)) return false;
    return api.plays(call, 'detaches') === undefined && !extendsQuery(call, core);
  },
});

/** Is it `push` or `unshift` of a variable that is a list from the beginning? The type of such a list is that of all that is ever put into it. */
function addsToList(callee: ts.Expression, { checker }: Core): boolean {
  if (!ts.isPropertyAccessExpression(callee) || !/^(?:push|unshift)$/.test(callee.name.text)) return false;
  const list = bare(callee.expression);
  const declaration = ts.isIdentifier(list) ? symbolAt(list, checker)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const isConst = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return (
    (isConst || declaration.type === undefined) &&
    declaration.initializer !== undefined &&
    ts.isArrayLiteralExpression(bare(declaration.initializer))
  );
}

function isPromiseName(callee: ts.Expression, core: Core): boolean {
  const name = lastNameOf(callee);
  if (name === undefined || mayGivePromise(name, core)) return true;
  return core.ask(namesOfRoles, core.program).promises.has(name) || isOfPackage(bare(callee), name, core);
}

/** A member of a promise or of a package's class, whatever the project calls by the same name. */
function isOfPackage(callee: ts.Expression, name: string, { checker }: Core): boolean {
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const holder = bare(callee.expression);
  if (holder.kind === ts.SyntaxKind.ThisKeyword) return false;
  if (CHAINING.has(name) || (ts.isIdentifier(holder) && holder.text === 'Promise')) return true;
  const declarations = writtenMembersIn(checker).memberAt(callee)?.symbol.declarations ?? [];
  return declarations.some((declaration) => declaration.getSourceFile().isDeclarationFile);
}

const CHAINING: ReadonlySet<string> = new Set(['catch', 'finally', 'then']);

/** A promise, an array of promises, or a type parameter that may be one. */
function holdsPromise(type: ts.Type, core: Core): boolean {
  const { api, checker } = core;
  if (isThenable(type, checker)) return api.isA(type, 'thenable-only') === undefined;
  if ((type.flags & ts.TypeFlags.Instantiable) !== 0) return true;
  const list = checker.getNonNullableType(type);
  const element = checker.isArrayType(list) ? checker.getTypeArguments(list as ts.TypeReference)[0] : undefined;
  return element !== undefined && holdsPromise(element, core);
}

type FunctionLiteral = ts.ArrowFunction | ts.FunctionExpression;

function isLiteral(node: ts.Node): node is FunctionLiteral {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** What a `void` belongs to: its statement, or what it is a part of. */
function launchOf(node: ts.VoidExpression): ts.Node {
  let outer: ts.Node = node;
  while (!ts.isStatement(outer) && !ts.isFunctionLike(outer) && !ts.isPropertyDeclaration(outer)) outer = outer.parent;
  return outer;
}

/** Does the text alone say that nobody looks at what the call gives? */
function isUnused(call: ts.Node): boolean {
  let node = wrapped(call);
  for (;;) {
    const parent = node.parent;
    if (ts.isExpressionStatement(parent) || ts.isVoidExpression(parent)) return true;
    if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) {
      const around = ts.isArrowFunction(parent) ? parent : enclosingFunctionOf(parent);
      const type = ts.isFunctionLike(around) ? around.type?.getText() : undefined;
      return type === 'void' || type === 'Promise<void>';
    }
    const isPart = ts.isAwaitExpression(parent) || ts.isBinaryExpression(parent) || ts.isConditionalExpression(parent);
    if (!isPart) return false;
    node = wrapped(parent);
  }
}

/** Is it `void`, `undefined`, or the `undefined` of a chain that was left out? */
function givesNothing(type: ts.Type): boolean {
  return type.isUnion() ? type.types.every(givesNothing) : (type.flags & ts.TypeFlags.VoidLike) !== 0;
}

function isWithin(inner: ts.Node, outer: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

/** What the statements before a use, in the same block, assigned to the variable last. */
function lastGivenTo(symbol: ts.Symbol, use: ts.Identifier, core: Core): ts.Expression | undefined {
  const around = ts.findAncestor(use, ts.isStatement)?.parent;
  const [last] = referencesOf(symbol, core)
    .filter(({ pos }) => pos < use.pos)
    .map(({ parent }) => parent)
    .filter((parent) => ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken)
    .filter(({ parent }) => ts.isExpressionStatement(parent) && parent.parent === around)
    .slice(-1);
  return last !== undefined && ts.isBinaryExpression(last) ? last.right : undefined;
}
