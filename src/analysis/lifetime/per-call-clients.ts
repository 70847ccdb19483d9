import * as ts from 'typescript';
import { calleesOf } from '../effects/callees-of.ts';
import { parameterUses, useOfArgument } from '../effects/parameter-uses.ts';
import { hasRole } from '../effects/roles.ts';
import type { Escape } from '../escape/escapes-of.ts';
import type { ValueUse } from '../escape/value-uses.ts';
import { type Answer, NO, unknown, yes } from '../answer.ts';
import type { Core } from '../facts.ts';
import { onceAt } from '../program/start-up.ts';
import { bare } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { isThenable } from '../types/is-thenable.ts';
import { clientKindOf, clientTrail } from './client-trail.ts';
import { secondEntry } from './second-entry.ts';

/** A pool, client, agent or limiter that is built anew at each call of a function. */
export interface PerCallClient {
  readonly call: ts.CallExpression | ts.NewExpression;
  readonly kind: 'client' | 'limiter' | 'pool';
  /** The function that builds it. */
  readonly fn: FunctionNode;
  readonly uses: readonly ValueUse[];
}

const ENDS: ReadonlySet<string> = new Set([
  '$disconnect',
  'clear',
  'close',
  'destroy',
  'disconnect',
  'dispose',
  'drain',
  'end',
  'quit',
  'shutdown',
  'stop',
  'terminate',
]);

/** Functions that by their name run once, whoever may call them. */
const STARTS = /^(?:bootstrap|create|init|main|migrate|open|run|seed|set[uU]p|start)/;

/**
 * Does this call build something that all calls of the function could share, and that nobody ends or keeps?
 *
 * `yes` where a second call of the function is shown: a handler, a listener, an exported function. Ended on some path counts as
 * ended; a value that is returned, stored, captured by what runs later, made into another client or handed to what may keep it is
 * kept. A limiter counts where it runs one task only. Doubt: functions whose callers are not seen, and callees without a body that
 * take the value.
 */
export function perCallClientAt(
  call: ts.CallExpression | ts.NewExpression,
  core: Core,
): Answer<PerCallClient, PerCallClient> {
  const kind = kindOf(call, core);
  if (kind === undefined) return NO;
  const fn = enclosingFunctionOf(call);
  if (ts.isSourceFile(fn) || ts.isClassStaticBlockDeclaration(fn) || ts.isConstructorDeclaration(fn)) return NO;
  const trail = clientTrail(call, core);
  if (trail?.uses.some((use) => isWork(use)) !== true) return NO;
  const { uses, escapes } = trail;
  if (uses.some((use) => isEnding(use, core) || isDerivation(use, core))) return NO;
  if (kind === 'limiter' && !runsOneTask(uses, fn)) return NO;
  const kept = escapes.map((escape) => keptBy(escape, core));
  if (kept.includes('yes')) return NO;
  const found: PerCallClient = { call, kind, fn, uses };
  const again = core.ask(secondEntry, fn);
  if (again.is === 'no' || onceAt(call, core).is === 'yes') return NO;
  if (kept.includes('unknown') || again.is === 'unknown') return unknown('escapes', found);
  return again.witness.how === 'exported' && STARTS.test(nameOf(fn)) ? unknown('open-world', found) : yes(found);
}

function nameOf(fn: FunctionNode): string {
  const named = ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) ? fn.parent : fn;
  const name = ts.isSourceFile(named) ? undefined : ts.getNameOfDeclaration(named as ts.Declaration);
  return name !== undefined && ts.isIdentifier(name) ? name.text : '';
}

function kindOf(call: ts.CallExpression | ts.NewExpression, core: Core): PerCallClient['kind'] | undefined {
  const member = core.api.memberOf(call);
  if (member === undefined) return undefined;
  if (hasRole(member, 'creates-limiter')) return 'limiter';
  if (!hasRole(member, 'creates') || hasRole(member, 'serves')) return undefined;
  if (member.keepsWith !== undefined && !saysTrue(call, member.keepsWith)) return undefined;
  return clientKindOf(call, core);
}

/** `{ keepAlive: true }` among the arguments. */
function saysTrue({ arguments: given }: ts.CallExpression | ts.NewExpression, option: string): boolean {
  return (given ?? []).some((argument) => {
    const literal = bare(argument);
    return (
      ts.isObjectLiteralExpression(literal) &&
      literal.properties.some(
        (property) =>
          ts.isPropertyAssignment(property) &&
          property.name.getText() === option &&
          property.initializer.kind === ts.SyntaxKind.TrueKeyword,
      )
    );
  });
}

function isWork({ kind }: ValueUse): boolean {
  return kind === 'method' || kind === 'argument' || kind === 'called' || kind === 'read';
}

/** Is it ended here, or given to what ends it? */
function isEnding({ kind, by, argument, heldIn }: ValueUse, core: Core): boolean {
  if (kind === 'disposed') return true;
  if (kind === 'read' && ts.isPropertyAccessExpression(by)) return ENDS.has(by.name.text);
  if (kind === 'method' && ts.isCallExpression(by)) {
    const member = core.api.memberOf(by);
    if (member !== undefined && (['drains', 'cuts-off', 'destroys'] as const).some((role) => hasRole(member, role)))
      return true;
    const callee = bare(by.expression);
    return ts.isPropertyAccessExpression(callee) && ENDS.has(callee.name.text);
  }
  if (kind !== 'argument' || argument === undefined || heldIn !== undefined || !ts.isCallExpression(by)) return false;
  return core
    .ask(calleesOf, by)
    .functions.some((fn) =>
      useOfArgument(fn, argument, core.ask(parameterUses, fn))?.deeds.some(({ name }) => ENDS.has(name)),
    );
}

/** Does a member make another client of it, which has its connections from then on: `createPool(…).promise()`, `$extends`? */
function isDerivation({ kind, by }: ValueUse, core: Core): boolean {
  if (kind !== 'method' || !ts.isCallExpression(by)) return false;
  const member = core.api.memberOf(by);
  if (member !== undefined && hasRole(member, 'creates')) return true;
  return core.api.isA(core.checker.getTypeAtLocation(by), 'pool') !== undefined;
}

/** One task, not one for each of several: called once, outside of loops and callbacks. */
function runsOneTask(uses: readonly ValueUse[], fn: FunctionNode): boolean {
  const runs = uses.filter(({ kind }) => kind === 'called' || kind === 'method');
  const [only, ...others] = runs;
  if (only === undefined || others.length > 0 || uses.some(({ kind }) => kind === 'argument')) return false;
  if (only.within !== fn || !ts.isCallExpression(only.by)) return false;
  const callee = bare(only.by.expression);
  if (ts.isPropertyAccessExpression(callee) && /all|map|wrap/i.test(callee.name.text)) return false;
  for (let at: ts.Node = only.by; at !== fn; at = at.parent) if (ts.isIterationStatement(at, false)) return false;
  return true;
}

/** Does the escape keep it beyond this call? */
function keptBy({ kind, keeps, call, use }: Escape, core: Core): 'no' | 'unknown' | 'yes' {
  if (kind !== 'passed' || keeps === 'kept' || keeps === 'gives-back') return 'yes';
  if (keeps === 'used') return 'no';
  if (call === undefined || ts.isNewExpression(call)) return 'yes';
  const member = core.api.memberOf(call);
  if (member !== undefined && hasRole(member, 'io') && use.kind === 'argument') return 'no';
  return isThenable(core.checker.getTypeAtLocation(call), core.checker) && ts.isAwaitExpression(call.parent)
    ? 'unknown'
    : 'yes';
}
