import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import type { Core } from '../facts.ts';
import { defineFact } from '../facts.ts';
import { calleesOf, returnedBy } from '../effects/callees-of.ts';
import { type HouseLock, houseLock } from '../effects/house-lock.ts';
import { hasRole } from '../effects/roles.ts';
import { escapesOf } from '../escape/escapes-of.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import { ownFiles } from '../text/files.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { callsIn, callsNamed, fileNodes } from '../text/nodes.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { isSessionLock, maySessionLock } from './session-locks.ts';
import {
  type FreeList,
  freeListTakenAt,
  isMadeAnewAt,
  isTakerName,
  mayBorrow,
  type PoolShape,
  poolShapeOf,
} from './house-pool.ts';

/** A call that hands out something that must be given back. */
export interface Acquisition {
  readonly call: ts.CallExpression | ts.NewExpression;
  /** A pooled object, or a lock. */
  readonly kind: 'lease' | 'lock';
  /** The catalogue's row, if it is one of its members. */
  readonly member?: MemberMatch;
  /** For pools of the project: how they look. */
  readonly shape?: PoolShape;
  readonly freeList?: FreeList;
  /** For a lock of the project, recognised by its structure. */
  readonly house?: HouseLock;
  /** A lock that a statement takes for the session of the connection. */
  readonly isOfSession?: true;
  /** What is held: the value, the receiver of the call, the function that gives back, one element of a pair. */
  readonly holds: 'receiver' | 'result' | 'result-call' | 'result-element';
  /** For `result-element`: its place in the pair. */
  readonly element?: number;
  /** A pool of the project that makes a new object whenever none is free: it never runs short. */
  readonly isMadeAnew?: true;
  /** For a function of the project that hands on what it acquires: the acquisition inside. */
  readonly lender?: Acquisition;
  /** The pool, lock or list that hands it out, as written. */
  readonly pool: ts.Expression | undefined;
  /** Is it known (by a row or by the project's own code), not guessed from a type that a package declares? */
  readonly isKnown: boolean;
}

/** Every acquisition in a function, those of closures inside it left out, in the order of the text. */
export const acquisitionsIn = defineFact<FunctionNode, readonly Acquisition[]>({
  name: 'acquisitions',
  scope: 'program',
  compute: (fn, core) => {
    const found: Acquisition[] = [];
    for (const call of callsIn(fn, core)) {
      const acquisition = mayAcquire(call, core) ? acquisitionAt(call, core) : undefined;
      if (acquisition !== undefined) found.push(acquisition);
    }
    return found.sort((left, right) => left.call.end - right.call.end);
  },
});

/** May a call be an acquisition, going by the name that is called alone? To pass over all others cheaply. */
export function mayAcquire(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return ts.isElementAccessExpression(callee);
  const name = ts.isIdentifier(callee) ? importedName(callee, core) : callee.name.text;
  return (
    mayBorrow(call, name) ||
    name === 'enter' ||
    core.api.namesWith('acquires').has(name) ||
    core.api.namesWith('locks').has(name) ||
    isTakerName(name, core) ||
    core.ask(lenderNames, core.program).has(name) ||
    maySessionLock(call, core)
  );
}

/** The functions that may hold what a call acquires: the one around it, and callbacks that get the object. */
export function holdersOf(call: ts.CallExpression | ts.NewExpression): readonly FunctionNode[] {
  const chain = wrapped(call).parent;
  const next = ts.isPropertyAccessExpression(chain) ? wrapped(chain).parent : undefined;
  const given = [...(call.arguments ?? []), ...(next !== undefined && ts.isCallExpression(next) ? next.arguments : [])];
  return [
    enclosingFunctionOf(call),
    ...given.filter((each) => ts.isArrowFunction(each) || ts.isFunctionExpression(each)),
  ];
}

/** The name under which a module exports what an import calls otherwise here. */
function importedName(name: ts.Identifier, core: Core): string {
  return core.ask(renamedImports, name.getSourceFile()).get(name.text) ?? name.text;
}

/** What the imports of a file call otherwise than the modules do: the names of the modules, by those of the file. */
const renamedImports = defineFact<ts.SourceFile, ReadonlyMap<string, string>>({
  name: 'renamed-imports',
  scope: 'text',
  compute: ({ statements }) => {
    const found = new Map<string, string>();
    for (const statement of statements) {
      const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      for (const { name, propertyName } of bindings.elements) {
        if (propertyName !== undefined) found.set(name.text, propertyName.text);
      }
    }
    return found;
  },
});

/** What a call hands out, if it must be given back. */
export function acquisitionAt(call: ts.CallExpression | ts.NewExpression, core: Core): Acquisition | undefined {
  const callee = bare(call.expression);
  const pool =
    ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee) ? callee.expression : undefined;
  const member = core.api.memberOf(call);
  if (member !== undefined) {
    if (isSessionLock(call, member, core)) {
      return { call, kind: 'lock', member, isOfSession: true, holds: 'receiver', pool, isKnown: true };
    }
    const isLock = hasRole(member, 'locks');
    if (!isLock && !hasRole(member, 'acquires')) return undefined;
    // A lock whose release the callee sees to, and a try-lock that only says whether it got it.
    if (hasRole(member, 'exclusive') || isStatus(call, core)) return undefined;
    if (isLock && !hasRole(member, 'waits') && member.resource === 'receiver') return undefined;
    // With a callback the callee sees to the release itself: `knex.transaction(async (trx) => …)`.
    if (hasRole(member, 'lends') && isGivenFunction(call, core)) return undefined;
    const holds = member.resource === undefined || member.resource === 'argument' ? 'result' : member.resource;
    return {
      call,
      kind: isLock ? 'lock' : 'lease',
      member,
      holds,
      ...(holds === 'result-element' ? { element: member.value ?? 0 } : {}),
      pool,
      isKnown: true,
    };
  }
  if (!ts.isCallExpression(call)) return undefined;
  const house = pool === undefined ? undefined : houseLockTakenBy(call, core);
  if (house !== undefined) return { call, kind: 'lock', house, holds: 'receiver', pool, isKnown: true };
  const shape = poolShapeOf(call, core);
  const freeList = shape === undefined || shape.takesBack.size === 0 ? freeListTakenAt(call, core) : undefined;
  if (shape === undefined && freeList === undefined) return lentAt(call, core);
  return {
    call,
    kind: shape?.isReleaser === true ? 'lock' : 'lease',
    ...(shape === undefined ? {} : { shape }),
    ...(freeList === undefined ? {} : { freeList }),
    ...(isMadeAnewAt(call, core) ? { isMadeAnew: true } : {}),
    holds: shape?.isReleaser === true ? 'result-call' : 'result',
    pool,
    isKnown: freeList !== undefined || isOfProject(call, core),
  };
}

/** Names of methods that wait for a turn. */
const TAKES_TURN = /^(?:acquire|down|enter|lock|obtain|reserve|take|wait)(?:Async|Lock)?$/i;

/** The lock of the project whose turn a call waits for. */
function houseLockTakenBy(call: ts.CallExpression, core: Core): HouseLock | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !TAKES_TURN.test(callee.name.text)) return undefined;
  // Inside the lock itself.
  if (bare(callee.expression).kind === ts.SyntaxKind.ThisKeyword) return undefined;
  const { functions, isComplete } = core.ask(calleesOf, call);
  const [fn] = functions;
  if (!isComplete || functions.length !== 1 || fn === undefined || !ts.isMethodDeclaration(fn)) return undefined;
  const lock = ts.isClassLike(fn.parent) ? core.ask(houseLock, fn.parent) : undefined;
  return lock?.acquire === fn ? lock : undefined;
}

function isGivenFunction(call: ts.CallExpression | ts.NewExpression, { checker }: Core): boolean {
  return (call.arguments ?? []).some((given) => {
    const type = checker.getTypeAtLocation(given);
    return isAnyLike(type) || checker.getNonNullableType(type).getCallSignatures().length > 0;
  });
}

// -------------------------------------------------------------------- functions that hand on what they acquire

/** A call of functions of the project that all hand on what they acquire: `const client = await this.clientFor(tenant)`. */
function lentAt(call: ts.CallExpression, core: Core): Acquisition | undefined {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  const known = core.ask(lenderNames, core.program);
  if (!known.has(name.text) && !(ts.isIdentifier(name) && known.has(importedName(name, core)))) return undefined;
  const { functions, isComplete } = core.ask(calleesOf, call);
  const [first] = functions;
  if (!isComplete || first === undefined) return undefined;
  const lent = functions.map((fn) => core.ask(lentBy, fn));
  const [lender] = lent;
  if (lender === undefined || lent.some((each) => each?.holds !== lender.holds)) return undefined;
  const { kind, holds, member, isKnown } = lender;
  return { call, kind, holds, ...(member === undefined ? {} : { member }), lender, pool: undefined, isKnown };
}

/** What a function acquires and gives its caller whenever it returns, if it keeps nothing of it. */
const lentBy = defineFact<FunctionNode, Acquisition | undefined>({
  name: 'lent-by',
  scope: 'program',
  start: () => undefined,
  compute: (fn, core) => {
    let found: Acquisition | undefined;
    for (const value of returnedBy(fn)) {
      const call = madeHere(value, fn, core);
      const lent = call !== undefined && mayAcquire(call, core) ? acquisitionAt(call, core) : undefined;
      if (call === undefined || lent?.member === undefined || lent.member.through !== undefined) return undefined;
      if (lent.holds !== 'result' && lent.holds !== 'result-call') return undefined;
      const escapes = core.ask(escapesOf, call);
      if (escapes?.every(({ kind, keeps }) => kind === 'returned' || keeps === 'used') !== true) return undefined;
      found ??= lent;
    }
    return found;
  },
});

/** The call whose value is returned, at once or by the name of a constant. */
function madeHere(value: ts.Expression, fn: FunctionNode, core: Core): ts.CallExpression | undefined {
  const inner = bare(value);
  const given = ts.isAwaitExpression(inner) ? bare(inner.expression) : inner;
  if (ts.isCallExpression(given)) return given;
  const declaration = ts.isIdentifier(given) ? symbolAt(given, core.checker)?.valueDeclaration : undefined;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  if (declaration.initializer === undefined || enclosingFunctionOf(declaration) !== fn) return undefined;
  if ((declaration.parent.flags & ts.NodeFlags.Const) === 0) return undefined;
  const made = bare(declaration.initializer);
  const call = ts.isAwaitExpression(made) ? bare(made.expression) : made;
  return ts.isCallExpression(call) ? call : undefined;
}

/** The names of functions of the Program that return what they may acquire, going by names alone. */
const lenderNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'lender-names',
  scope: 'program',
  compute: (program, core) => {
    const found = new Set<string>();
    const names = [...core.api.namesWith('acquires').keys(), ...core.api.namesWith('locks').keys()];
    for (const file of core.ask(ownFiles, program)) {
      const here = new Set(names.filter((name) => mayMention(file, name)));
      if (here.size > 0) collectLenders(file, here, found, core);
    }
    for (const name of names) found.delete(name);
    return found;
  },
});

function collectLenders(file: ts.SourceFile, names: ReadonlySet<string>, found: Set<string>, core: Core): void {
  for (const call of callsNamed(core.ask(fileNodes, file), names)) {
    if (!ts.isCallExpression(call) || !names.has(lastNameOf(call.expression))) continue;
    const fn = enclosingFunctionOf(call);
    const name = nameOfFunction(fn);
    if (name !== undefined && isReturnedText(call, fn)) found.add(name);
  }
}

function lastNameOf(callee: ts.Expression): string {
  const inner = bare(callee);
  return ts.isPropertyAccessExpression(inner) ? inner.name.text : ts.isIdentifier(inner) ? inner.text : '';
}

function nameOfFunction(fn: FunctionNode): string | undefined {
  if (ts.isSourceFile(fn)) return undefined;
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? wrapped(fn).parent : fn;
  const name = ts.getNameOfDeclaration(holder as ts.Declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : undefined;
}

/** Is the value of a call returned, or the variable that it goes to? */
function isReturnedText(call: ts.CallExpression, fn: FunctionNode): boolean {
  const { parent } = wrapped(awaitedAround(call));
  if (ts.isReturnStatement(parent) || ts.isArrowFunction(parent)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const { text } = parent.name;
  return returnedBy(fn).some((value) => {
    const inner = bare(value);
    return ts.isIdentifier(inner) && inner.text === text;
  });
}

function isStatus(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(call);
  const awaited = core.checker.getAwaitedType(type) ?? type;
  return (awaited.flags & ts.TypeFlags.BooleanLike) !== 0;
}

function isOfProject(call: ts.CallExpression, core: Core): boolean {
  const declaration = core.checker.getResolvedSignature(call)?.declaration;
  return declaration !== undefined && !declaration.getSourceFile().isDeclarationFile;
}

/**
 * The expression that hands out the object: the call, or the property of its result that the row names (`pool.acquire().promise`).
 * `undefined` where that is not written on the spot.
 */
export function handOutOf({ call, member }: Acquisition): ts.Expression | undefined {
  if (member?.through === undefined) return call;
  const access = wrapped(call).parent;
  return ts.isPropertyAccessExpression(access) && access.name.text === member.through ? access : undefined;
}

/** The expression whose value is the lease: behind the `await` of the call. */
export function awaitedAround(call: ts.Expression): ts.Expression {
  const outer = wrapped(call);
  const parent = outer.parent as ts.Node | undefined;
  return parent !== undefined && ts.isAwaitExpression(parent) ? parent : call;
}

/** As `awaitedAround`; also where the promise is kept first: `const held = lock.acquire(); const release = await held;` */
export function arrivalOf(handOut: ts.Expression, core: Core): ts.Expression {
  const awaited = awaitedAround(handOut);
  const { parent } = wrapped(handOut);
  const name = awaited === handOut && ts.isVariableDeclaration(parent) ? parent.name : undefined;
  const symbol = name !== undefined && ts.isIdentifier(name) ? symbolAt(name, core.checker) : undefined;
  const [only, other] = symbol === undefined ? [] : referencesOf(symbol, core);
  const isHere =
    only !== undefined && other === undefined && enclosingFunctionOf(only) === enclosingFunctionOf(handOut);
  const later = isHere ? awaitedAround(only) : undefined;
  return later === undefined || later === only ? awaited : later;
}
