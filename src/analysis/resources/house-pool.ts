import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { type Core, defineFact } from '../facts.ts';
import { bare, callsBefore, receiverOf, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { awaitedTypeOf } from '../types/awaited-type-of.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import { elementTypeOf } from '../types/element-type-of.ts';
import { isThenable } from '../types/is-thenable.ts';
import { ownsResource } from '../types/owns-resource.ts';
import { partsOf } from '../types/parts-of.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';

const BORROWS =
  /^(?:acquire|alloc|allocate|borrow|checkout|connect|get|getConnection|lease|lock|obtain|pop|rent|reserve|take)(?:Async)?$/;
const TAKES_BACK =
  /^(?:checkin|free|give|giveBack|push|put|putBack|recycle|release|releaseConnection|return)(?:Async)?$/;
const ENDS_ITSELF: ReadonlySet<string> = new Set(['free', 'recycle', 'release', 'releaseLock', 'unlock']);
/** Verbs that stacks, caches and registries use too: only with a telling name. */
const VAGUE = /^(?:get|pop|push|put|take)(?:Async)?$/;
const POOL_WORD = /(?<!^car|^whirl)pools?$|^(?:arenas?|freelist|recycle[dr]?|recycling)$/;

/**
 * Is it a call by which pools and locks hand things out, going by the names? A `get` that is given an argument looks something up, one at
 * the end of a chain (`db.select().from(users).get()`) runs what the chain has put together.
 */
export function mayBorrow(call: ts.CallExpression | ts.NewExpression, name: string): boolean {
  if (name === 'shift') return true;
  if (!BORROWS.test(name)) return false;
  const looksUp = (name === 'get' || name === 'getAsync') && (call.arguments ?? []).length > 0;
  return !looksUp && !(VAGUE.test(name) && endsChain(call));
}

/** Is the receiver the result of a call on the result of another one, and nothing of it called a pool? */
function endsChain(call: ts.CallExpression | ts.NewExpression): boolean {
  for (let node = receiverOf(call.expression); node !== undefined; node = receiverOf(node)) {
    if (isPoolName(lastNameOf(node))) return false;
  }
  return callsBefore(call) > 1;
}

/** How a type of the project hands things out and takes them back. */
export interface PoolShape {
  /** Members of the pool that take a lease back. */
  readonly takesBack: ReadonlySet<string>;
  /** Members of the lease that give it back. */
  readonly ends: ReadonlySet<string>;
  /** Is what it hands out the function that gives it back? */
  readonly isReleaser: boolean;
}

/**
 * The shape of the pool whose member is called here, recognised by structure alone: a member that hands out an object without being
 * told which, and one that takes the same type back, on the pool or on the object.
 *
 * Refused: `any`, primitives and type parameters; collections; `get`, `put`, `pop`, `push` and `take` of what is not called a pool.
 */
export function poolShapeOf(call: ts.CallExpression, core: Core): PoolShape | undefined {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee) || !BORROWS.test(callee.name.text)) return undefined;
  if (VAGUE.test(callee.name.text) && call.arguments.length > 0) return undefined;
  const { checker } = core;
  const pool = checker.getTypeAtLocation(callee.expression);
  if (isAnyLike(pool) || core.api.isA(pool, 'collection') !== undefined || checker.isArrayLikeType(pool))
    return undefined;
  const signature = checker.getResolvedSignature(call);
  if (signature === undefined || signature.parameters.some((parameter) => isRequired(parameter))) return undefined;
  const result = checker.getReturnTypeOfSignature(signature);
  const lease = partsOf(awaitedTypeOf(result, checker) ?? result, checker).find((part) => isLeasable(part));
  if (lease === undefined) return undefined;
  const isVague = VAGUE.test(callee.name.text);
  // A fluent member gives its own object: `room.lock().save()`, `await client.connect()`.
  const ownSymbol = pool.symbol as ts.Symbol | undefined;
  if (lease === pool || (ownSymbol !== undefined && lease.symbol === ownSymbol)) return undefined;
  const isNamedPool = isPoolName(ownSymbol?.name ?? '') || isPoolName(lastNameOf(callee.expression));
  if (isVague && !isNamedPool) return undefined;
  const isReleaser = lease.getCallSignatures().some(({ parameters }) => !parameters.some((each) => isRequired(each)));
  const takesBack = isReleaser ? new Set<string>() : membersTaking(lease, pool, callee.name.text, isNamedPool, core);
  const ends = isReleaser ? new Set<string>() : membersEnding(lease, core);
  if (!isReleaser && takesBack.size === 0 && ends.size === 0) return undefined;
  if (isReleaser && !/^(?:acquire|lock|reserve|take)(?:Async)?$/.test(callee.name.text)) return undefined;
  return { takesBack, ends, isReleaser };
}

function lastNameOf(receiver: ts.Expression): string {
  const node = bare(receiver);
  if (ts.isCallExpression(node)) return lastNameOf(node.expression);
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return ts.isIdentifier(node) ? node.text : '';
}

/** Is it called a pool: by its last word (`linkPool`), or as what is free (`freeLinks`)? */
function isPoolName(name: string): boolean {
  const words = name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g)?.map((word) => word.toLowerCase()) ?? [];
  return POOL_WORD.test(words.at(-1) ?? '') || words[0] === 'free' || (words[0] === 'pool' && words[1] === 'of');
}

function isRequired(parameter: ts.Symbol): boolean {
  const declaration = parameter.valueDeclaration;
  if (declaration === undefined || !ts.isParameter(declaration)) return true;
  return (
    declaration.questionToken === undefined &&
    declaration.initializer === undefined &&
    declaration.dotDotDotToken === undefined
  );
}

function isLeasable(type: ts.Type): boolean {
  return !isAnyLike(type) && (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) !== 0;
}

function membersTaking(
  lease: ts.Type,
  pool: ts.Type,
  verb: string,
  isNamedPool: boolean,
  core: Core,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const member of core.checker.getPropertiesOfType(pool)) {
    if (member.name === verb || !TAKES_BACK.test(member.name)) continue;
    if (VAGUE.test(member.name) && !isNamedPool) continue;
    const takes = core.checker
      .getTypeOfSymbol(member)
      .getCallSignatures()
      .some(({ parameters }) => {
        const [first, ...others] = parameters;
        if (first === undefined || others.some((each) => isRequired(each))) return false;
        const type = core.checker.getTypeOfSymbol(first);
        return !isAnyLike(type) && isLeasable(type) && core.checker.isTypeAssignableTo(lease, type);
      });
    if (takes) found.add(member.name);
  }
  return found;
}

function membersEnding(lease: ts.Type, core: Core): ReadonlySet<string> {
  const found = new Set<string>();
  for (const member of core.checker.getPropertiesOfType(lease)) {
    if (!ENDS_ITSELF.has(member.name)) continue;
    const signatures = core.checker.getTypeOfSymbol(member).getCallSignatures();
    if (signatures.some(({ parameters }) => !parameters.some((each) => isRequired(each)))) found.add(member.name);
  }
  return found;
}

/** An array at process or object lifetime that functions pop from and push back to. */
export interface FreeList {
  readonly list: ts.Symbol;
  /** `free.pop()`, each with a new object as its fallback. */
  readonly taken: readonly ts.CallExpression[];
  /** `free.push(x)`. */
  readonly given: readonly ts.CallExpression[];
  /** Functions that return what they popped. */
  readonly takers: ReadonlySet<FunctionNode>;
  /** Parameters that are pushed back. */
  readonly givers: ReadonlySet<ts.ParameterDeclaration>;
}

/** The free lists that a file declares: in the module or in fields. */
export const freeListsIn = defineFact<ts.SourceFile, readonly FreeList[]>({
  name: 'free-lists',
  scope: 'program',
  compute: (file, core) => {
    const lists: FreeList[] = [];
    if (!/\.(?:pop|shift)\(/.test(file.text) || !/\.(?:push|unshift|add)\(/.test(file.text)) return lists;
    const look = (node: ts.Node): void => {
      const name = declaredListName(node);
      if (name !== undefined) {
        const found = freeListOf(name, core);
        if (found !== undefined) lists.push(found);
      }
      // Lists of one call are no pools: functions are not entered, classes are.
      if (ts.isFunctionLike(node) && !ts.isClassLike(node.parent)) return;
      if (ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node)) return;
      ts.forEachChild(node, look);
    };
    look(file);
    return lists;
  },
});

function declaredListName(node: ts.Node): ts.Identifier | ts.PrivateIdentifier | undefined {
  const isDeclaration = ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node);
  if (!isDeclaration || !(ts.isIdentifier(node.name) || ts.isPrivateIdentifier(node.name))) return undefined;
  return node.initializer === undefined || !ts.isArrayLiteralExpression(bare(node.initializer)) ? undefined : node.name;
}

function freeListOf(name: ts.Identifier | ts.PrivateIdentifier, core: Core): FreeList | undefined {
  const list = core.checker.getSymbolAtLocation(name);
  if (list === undefined) return undefined;
  const element = elementTypeOf(core.checker.getTypeAtLocation(name), core.checker);
  if (element === undefined || !isLeasable(element)) return undefined;
  const taken: ts.CallExpression[] = [];
  const given: ts.CallExpression[] = [];
  for (const reference of referencesOf(list, core)) {
    const call = memberCallOn(reference);
    if (call === undefined) continue;
    const verb = (call.expression as ts.PropertyAccessExpression).name.text;
    if ((verb === 'pop' || verb === 'shift') && hasFreshFallback(call, core)) taken.push(call);
    if (verb === 'push' || verb === 'unshift') given.push(call);
  }
  if (taken.length === 0 || given.length === 0) return undefined;
  return {
    list,
    taken,
    given,
    takers: new Set(taken.filter((call) => isReturned(call, core)).map((call) => enclosingFunctionOf(call))),
    givers: new Set(given.flatMap((call) => parameterGiven(call, core) ?? [])),
  };
}

/** The call of a member of the list that this name stands for. */
function memberCallOn(reference: ts.Identifier): ts.CallExpression | undefined {
  const { parent } = reference;
  const object = ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
  const access = wrapped(object).parent;
  if (!ts.isPropertyAccessExpression(access)) return undefined;
  const call = wrapped(access).parent;
  return ts.isCallExpression(call) && bare(call.expression) === access ? call : undefined;
}

/** Is a new object made where the list is empty: `?? new X()`, `|| create()`, a conditional, an `if` of the same function? */
function hasFreshFallback(call: ts.CallExpression, core: Core): boolean {
  const outer = wrapped(call);
  const { parent } = outer;
  if (ts.isBinaryExpression(parent) && parent.left === outer) return makesNew(parent.right);
  if (ts.isConditionalExpression(parent))
    return makesNew(parent.whenTrue === outer ? parent.whenFalse : parent.whenTrue);
  const fn = enclosingFunctionOf(call);
  const type = core.checker.getNonNullableType(core.checker.getTypeAtLocation(call));
  let found = false;
  const look = (node: ts.Node): void => {
    if (found || (node !== fn && ts.isFunctionLike(node))) return;
    if (node !== call && ts.isExpression(node) && makesNew(node)) {
      found = core.checker.isTypeAssignableTo(core.checker.getTypeAtLocation(node), type);
    }
    ts.forEachChild(node, look);
  };
  look(fn);
  return found;
}

function makesNew(expression: ts.Expression): boolean {
  const node = bare(expression);
  return (
    ts.isNewExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isObjectLiteralExpression(node) ||
    ts.isArrayLiteralExpression(node)
  );
}

function isReturned(call: ts.CallExpression, core: Core): boolean {
  let node: ts.Node = wrapped(call);
  while (
    (ts.isBinaryExpression(node.parent) || ts.isConditionalExpression(node.parent)) &&
    (node.parent as ts.ConditionalExpression).condition !== node
  ) {
    node = wrapped(node.parent);
  }
  const { parent } = node;
  if (ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === node)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return false;
  const symbol = core.checker.getSymbolAtLocation(parent.name);
  return (
    symbol !== undefined &&
    referencesOf(symbol, core).some((reference) => ts.isReturnStatement(wrapped(reference).parent))
  );
}

function parameterGiven(call: ts.CallExpression, core: Core): ts.ParameterDeclaration | undefined {
  const given = call.arguments[0] === undefined ? undefined : bare(call.arguments[0]);
  if (given === undefined || !ts.isIdentifier(given)) return undefined;
  const declaration = symbolAt(given, core.checker)?.valueDeclaration;
  return declaration !== undefined && ts.isParameter(declaration) ? declaration : undefined;
}

/** The names by which functions of the Program are called that pop from a free list. Mostly there are none. */
const takerNames = defineFact<ts.Program, ReadonlySet<string>>({
  name: 'free-list-takers',
  scope: 'program',
  compute: (program, core) => {
    const found = new Set<string>();
    for (const file of program.getSourceFiles()) {
      if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
      for (const { takers } of core.ask(freeListsIn, file)) for (const fn of takers) found.add(nameOf(fn));
    }
    return found;
  },
});

function nameOf(fn: FunctionNode): string {
  const holder = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? wrapped(fn).parent : fn;
  const name = ts.isSourceFile(holder) ? undefined : ts.getNameOfDeclaration(holder as ts.Declaration);
  return name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) ? name.text : '';
}

/** Is a function of this name in the Program one that pops from a free list? */
export function isTakerName(name: string, core: Core): boolean {
  return core.ask(takerNames, core.program).has(name);
}

/** The free list whose taker this call runs. */
export function freeListTakenAt(call: ts.CallExpression, core: Core): FreeList | undefined {
  const callee = bare(call.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  if (!ts.isIdentifier(name) && !ts.isPrivateIdentifier(name)) return undefined;
  if (!core.ask(takerNames, core.program).has(name.text)) return undefined;
  const { functions, isComplete } = core.ask(calleesOf, call);
  if (!isComplete) return undefined;
  for (const fn of functions) {
    const list = core.ask(freeListsIn, fn.getSourceFile()).find(({ takers }) => takers.has(fn));
    if (list !== undefined) return list;
  }
  return undefined;
}

/**
 * Does a call that takes from a pool of the project make a new object whenever none is free? Then the pool never runs short, and what
 * is not given back is collected: at once, never refused, and nothing that has to be closed.
 */
export function isMadeAnewAt(call: ts.CallExpression, core: Core): boolean {
  const type = core.checker.getTypeAtLocation(call);
  if (isThenable(type, core.checker) || ownsResource(type, core.checker) !== undefined) return false;
  const { functions, isComplete } = core.ask(calleesOf, call);
  return isComplete && functions.length > 0 && functions.every((fn) => isTakerWithout(fn, core));
}

/** Is it a taker of a free list that never refuses? */
function isTakerWithout(fn: FunctionNode, core: Core): boolean {
  const isTaker = core.ask(freeListsIn, fn.getSourceFile()).some(({ takers }) => takers.has(fn));
  const refuses = (node: ts.Node): boolean =>
    ts.isThrowStatement(node) || (ts.forEachChild(node, (child) => refuses(child) || undefined) ?? false);
  return isTaker && !refuses(fn);
}
