import ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import type { Core } from '../facts.ts';
import { defineFact } from '../facts.ts';
import { hasRole } from '../effects/roles.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isAnyLike } from '../types/is-any-like.ts';
import {
  type FreeList,
  freeListTakenAt,
  isBorrowVerb,
  isTakerName,
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
  /** What is held: the value, the receiver of the call, the function that gives back, one element of a pair. */
  readonly holds: 'receiver' | 'result' | 'result-call' | 'result-element';
  /** For `result-element`: its place in the pair. */
  readonly element?: number;
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
    const look = (node: ts.Node): void => {
      if (ts.isTypeNode(node)) return;
      if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && mayAcquire(node, core)) {
        const acquisition = acquisitionAt(node, core);
        if (acquisition !== undefined) found.push(acquisition);
      }
      ts.forEachChild(node, (child) => {
        if (isFunctionNode(child)) lookAround(child);
        else look(child);
      });
    };
    // Decorators and computed names of a function belong to the code around it.
    const lookAround = (closure: FunctionNode): void => {
      const name = ts.getNameOfDeclaration(closure);
      if (name !== undefined && ts.isComputedPropertyName(name)) look(name);
    };
    ts.forEachChild(fn, (child) => {
      if (!isFunctionNode(child)) look(child);
    });
    return found.sort((left, right) => left.call.end - right.call.end);
  },
});

/** May a call be an acquisition, going by the name that is called alone? To pass over all others cheaply. */
export function mayAcquire(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isIdentifier(callee) && !ts.isPropertyAccessExpression(callee)) return ts.isElementAccessExpression(callee);
  const name = ts.isIdentifier(callee) ? importedName(callee) : callee.name.text;
  return (
    isBorrowVerb(name) ||
    core.api.namesWith('acquires').has(name) ||
    core.api.namesWith('locks').has(name) ||
    isTakerName(name, core)
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
function importedName({ text, parent }: ts.Identifier): string {
  for (const statement of parent.getSourceFile().statements) {
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
    if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
    for (const { name, propertyName } of bindings.elements) {
      if (name.text === text && propertyName !== undefined) return propertyName.text;
    }
  }
  return text;
}

/** What a call hands out, if it must be given back. */
export function acquisitionAt(call: ts.CallExpression | ts.NewExpression, core: Core): Acquisition | undefined {
  const callee = bare(call.expression);
  const pool =
    ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee) ? callee.expression : undefined;
  const member = core.api.memberOf(call);
  if (member !== undefined) {
    const isLock = hasRole(member, 'locks');
    if (!isLock && !hasRole(member, 'acquires')) return undefined;
    // A lock whose release the callee sees to, and a try-lock that only says whether it got it.
    if (hasRole(member, 'exclusive') || isStatus(call, core)) return undefined;
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
  const shape = poolShapeOf(call, core);
  const freeList = shape === undefined || shape.takesBack.size === 0 ? freeListTakenAt(call, core) : undefined;
  if (shape === undefined && freeList === undefined) return undefined;
  return {
    call,
    kind: shape?.isReleaser === true ? 'lock' : 'lease',
    ...(shape === undefined ? {} : { shape }),
    ...(freeList === undefined ? {} : { freeList }),
    holds: shape?.isReleaser === true ? 'result-call' : 'result',
    pool,
    isKnown: freeList !== undefined || isOfProject(call, core),
  };
}

function isGivenFunction(call: ts.CallExpression | ts.NewExpression, { checker }: Core): boolean {
  return (call.arguments ?? []).some((given) => {
    const type = checker.getTypeAtLocation(given);
    return isAnyLike(type) || checker.getNonNullableType(type).getCallSignatures().length > 0;
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
