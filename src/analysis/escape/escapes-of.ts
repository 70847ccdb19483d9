import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { defineFact } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isLibraryType } from '../types/is-library-type.ts';
import { useOfParameter } from '../effects/parameter-uses.ts';
import { receiversOf } from './callee.ts';
import { type ClosureTime, closureTime } from './closure-time.ts';
import { symbolAt } from './references.ts';
import { type FollowOptions, usesOf, type ValueUse } from './value-uses.ts';

/**
 * A way in which a value gets out of the code that has it.
 *
 * - `returned`, `yielded`, `thrown`: to whoever called
 * - `stored`: to whoever reads the field, entry, global or module variable
 * - `exported`: to other modules
 * - `passed`: to a callee; `keeps` says what that does with it
 * - `captured`: to a closure; `time` says when that runs
 * - `disposed`: to `using`, or to the stack that disposes it
 * - `lost`: somewhere the walk cannot follow
 */
export type EscapeKind =
  'captured' | 'disposed' | 'exported' | 'lost' | 'passed' | 'returned' | 'stored' | 'thrown' | 'yielded';

/** What a callee does with an argument: keeps it beyond the call, only uses it, gives it back as (part of) its result. */
export type Keeps = 'gives-back' | 'kept' | 'unknown' | 'used';

export interface Escape {
  readonly kind: EscapeKind;
  /** What shows it: the statement, call, assignment or closure. */
  readonly witness: ts.Node;
  readonly use: ValueUse;
  readonly call?: ts.CallExpression | ts.NewExpression;
  readonly keeps?: Keeps;
  /** For `kept`: where the callee keeps it. */
  readonly keptBy?: ts.Node;
  readonly closure?: FunctionNode;
  readonly time?: ClosureTime;
  /** For `stored`: the field, entry or variable. */
  readonly target?: ts.Node;
  /** For `captured`: the signal or emitter whose end or failure runs the closure (`once(socket, 'close')`). */
  readonly tiedTo?: ts.Node;
}

/**
 * Where the value of an expression may go beyond the code that evaluates it.
 *
 * Followed: aliases, conditionals, `await` of it, object and array literals that hold it and go somewhere themselves, callees with a
 * body. Uses inside a closure are one escape, of kind `captured`, with the time at which the closure runs; a closure that runs now
 * is no escape of its own: what happens to the value inside it is listed instead.
 *
 * @returns the escapes in the order in which they are met; `undefined` when the budget was used up
 */
export const escapesOf = defineFact<ts.Expression, readonly Escape[] | undefined>({
  name: 'escapes',
  scope: 'program',
  compute: (expression, core) =>
    escapesFrom(usesOf(expression, core, followed(core)), enclosingFunctionOf(expression), core),
});

function followed(core: Core): FollowOptions {
  return {
    awaits: true,
    through: ({ kind, by }) => (kind === 'argument' && ts.isCallExpression(by) && givesBack(by, core) ? by : undefined),
  };
}

/** `stack.use(x)` and `Object.freeze(x)` give back what they get. */
function givesBack(call: ts.CallExpression, core: Core): boolean {
  const [first] = call.arguments;
  if (first === undefined || core.api.plays(call, 'safe') === undefined) return false;
  return core.checker.getTypeAtLocation(call) === core.checker.getTypeAtLocation(first);
}

function escapesFrom(
  uses: readonly ValueUse[] | undefined,
  home: FunctionNode,
  core: Core,
): readonly Escape[] | undefined {
  if (uses === undefined) return undefined;
  const escapes: Escape[] = [];
  const closures = new Set<FunctionNode>();
  for (const use of uses) {
    const closure = outermostClosure(use.within, home);
    if (closure !== undefined) {
      const time = core.ask(closureTime, closure);
      if (time.when === 'never') continue;
      const isDuring = time.when === 'now' || time.when === 'exclusive';
      if (!isDuring) {
        if (!closures.has(closure)) {
          const tiedTo = endThatRuns(time, core);
          const tied = tiedTo === undefined ? {} : { tiedTo };
          escapes.push({ kind: 'captured', witness: closure, use, closure, time, ...tied });
        }
        closures.add(closure);
        continue;
      }
    }
    escapes.push(...escapesByUse(use, closure, core));
  }
  return escapes;
}

/** The function directly inside `home` that holds this one. */
function outermostClosure(fn: FunctionNode, home: FunctionNode): FunctionNode | undefined {
  let closure: FunctionNode | undefined;
  for (let node = fn; node !== home; node = enclosingFunctionOf(node)) {
    if (ts.isSourceFile(node)) return undefined;
    closure = node;
  }
  return closure;
}

/** The signal or emitter whose abort, end or failure runs a closure. */
function endThatRuns({ run }: ClosureTime, core: Core): ts.Node | undefined {
  const call = run?.call;
  const match = call === undefined ? undefined : core.api.memberOf(call);
  if (call === undefined || match?.key === undefined) return undefined;
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return undefined;
  const type = core.checker.getTypeAtLocation(callee.expression);
  if (core.api.isA(type, 'signal') !== undefined) return callee.expression;
  const event = core.api.argumentOf(call, match.key);
  const events = core.api.isA(type, 'emitter')?.events;
  if (event === undefined || events === undefined || !ts.isStringLiteralLike(event)) return undefined;
  return [...(events.end ?? []), ...(events.failure ?? [])].includes(event.text) ? callee.expression : undefined;
}

function escapesByUse(use: ValueUse, closure: FunctionNode | undefined, core: Core): readonly Escape[] {
  const { by, kind, target } = use;
  switch (kind) {
    case 'returned':
      // From a closure that runs now: the callee of the closure gets it back.
      return closure === undefined ? [{ kind, witness: by, use }] : [{ kind: 'lost', witness: by, use }];
    case 'yielded':
    case 'thrown':
    case 'exported':
    case 'disposed':
      return [{ kind, witness: by, use }];
    case 'stored':
      return isOwnProperty(use, core) ? [] : [{ kind, witness: by, use, ...(target === undefined ? {} : { target }) }];
    case 'argument':
      return ts.isCallExpression(by) || ts.isNewExpression(by)
        ? passed(use, by, core)
        : [{ kind: 'lost', witness: by, use }];
    case 'iterated':
      return use.heldIn === undefined ? [] : [{ kind: 'lost', witness: by, use }];
    case 'other':
      return [{ kind: 'lost', witness: by, use }];
    case 'awaited':
    case 'called':
    case 'dropped':
    case 'method':
    case 'read':
    case 'rebound':
    case 'tested':
    case 'written':
      return [];
  }
}

/** Is the value stored in itself (`x.self = x`)? */
function isOwnProperty({ node, target }: ValueUse, core: Core): boolean {
  if (target === undefined || !ts.isPropertyAccessExpression(target)) return false;
  const object = bare(target.expression);
  const value = bare(node);
  if (!ts.isIdentifier(object) || !ts.isIdentifier(value)) return false;
  const symbol = symbolAt(object, core.checker);
  return symbol !== undefined && symbolAt(value, core.checker) === symbol;
}

function passed(use: ValueUse, call: ts.CallExpression | ts.NewExpression, core: Core): readonly Escape[] {
  return [{ kind: 'passed', witness: call, use, call, ...keptBy(use, call, core) }];
}

/** What a call does with the value that it gets as an argument. */
function keptBy(
  use: ValueUse,
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
): Pick<Escape, 'keeps' | 'keptBy'> {
  if (isDisposalStack(call, core)) return { keeps: 'kept', keptBy: call };
  const match = core.api.memberOf(call);
  if (match !== undefined) {
    const roles = typeof match.role === 'string' ? [match.role] : match.role;
    const puts = roles.includes('mutates') && (match.value !== undefined || match.key !== undefined);
    if (puts) return { keeps: 'kept', keptBy: call };
    const lets: readonly string[] = [
      'pure',
      'safe',
      'reads',
      'releases',
      'destroys',
      'resets',
      'unlocks',
      'io',
      'queries',
    ];
    if (roles.some((role) => lets.includes(role))) return { keeps: 'used' };
    return { keeps: 'unknown' };
  }
  if (use.argument === undefined) return { keeps: 'unknown' };
  const { parameters, isComplete } = receiversOf(call, use.argument, core);
  let keeps: Keeps = isComplete ? 'used' : 'unknown';
  for (const parameter of parameters) {
    const inside = useOfParameter(parameter.parent as FunctionNode, parameter, core);
    if (inside === undefined) return { keeps: 'unknown' };
    if (ts.isParameterPropertyDeclaration(parameter, parameter.parent)) return { keeps: 'kept', keptBy: parameter };
    if (inside.kept.is === 'yes') return { keeps: 'kept', keptBy: inside.kept.witness };
    if (inside.returned.some((how) => how === 'same' || how === 'held')) keeps = 'gives-back';
    else if (inside.kept.is === 'unknown' && keeps === 'used') keeps = 'unknown';
  }
  return { keeps };
}

const STACKS: ReadonlySet<string> = new Set(['AsyncDisposableStack', 'DisposableStack']);

/** `stack.use(x)`, `stack.adopt(x, …)`: the stack disposes it. */
function isDisposalStack(call: ts.CallExpression | ts.NewExpression, core: Core): boolean {
  const callee = bare(call.expression);
  if (!ts.isPropertyAccessExpression(callee)) return false;
  return isLibraryType(core.checker.getTypeAtLocation(callee.expression).symbol, STACKS);
}

/** Does the value outlive the call that it escapes from? */
export function keepsIt({ kind, keeps, time }: Escape): boolean {
  switch (kind) {
    case 'stored':
    case 'exported':
    case 'disposed':
    case 'yielded':
      return true;
    case 'captured':
      return time !== undefined && time.when !== 'now' && time.when !== 'exclusive' && time.when !== 'unknown';
    case 'passed':
      return keeps === 'kept';
    case 'lost':
    case 'returned':
    case 'thrown':
      return false;
  }
}
