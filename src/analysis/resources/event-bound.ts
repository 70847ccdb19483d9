import * as ts from 'typescript';
import { hasRole } from '../effects/roles.ts';
import { referencesOf, symbolAt } from '../escape/references.ts';
import type { Core } from '../facts.ts';
import { isSamePlace, type Place } from '../places/place.ts';
import { placeOf } from '../places/place-of.ts';
import { lastNameOf } from '../text/promise-names.ts';
import { bare, wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf, type FunctionNode } from '../syntax/functions.ts';
import { type Bound, creationsOf } from './bound-of.ts';

/** What somebody waits for. */
export interface AwaitedEvent {
  readonly emitter: ts.Expression;
  /** Its name, where it is written out. */
  readonly event: string | undefined;
  /** The wait: the call, the `new Promise`. */
  readonly wait: ts.Node;
  /** Does the wait hear of the emitter's failure by itself, as `events.once` does? */
  readonly rejectsOnFailure: boolean;
}

/**
 * Does an event come although the other party does nothing, by what this function does with the emitter and by what is known of it?
 *
 * - `caused`: the function ends the emitter (`close()`, `kill()`, a method of the project so called), or emits the event
 * - `timer`, `abort`: a timer or a signal of the function does something to the emitter
 * - `client`: the emitter was made with a limit or a signal
 * - `end`: it comes, or the emitter fails, and the wait hears of that
 */
export function boundByEvent(awaited: AwaitedEvent, core: Core): Bound | undefined {
  const cause = causeOf(awaited, core) ?? limitOf(awaited, core);
  if (cause !== undefined) return cause;
  const { emitter, event, rejectsOnFailure, wait } = awaited;
  const made = creationsOf(emitter, core)?.flatMap((creation) => limitAmong(creation.arguments ?? []) ?? []);
  const [limit] = made ?? [];
  if (limit !== undefined) return { by: 'client', witness: limit };
  const table = core.api.isA(core.checker.getTypeAtLocation(emitter), 'emitter')?.events;
  if (!rejectsOnFailure || event === undefined || table === undefined) return undefined;
  const isSure = table.failure?.includes('error') === true && table.success?.includes(event) === true;
  const isPrompt = table.prompt?.includes(event) === true;
  return isPrompt || (isSure && table.cutOff?.includes(event) !== true) ? { by: 'end', witness: wait } : undefined;
}

/** Methods of things that end when they are told to. The names only keep us silent. */
const ENDING =
  /^(?:abort|cancel|close|destroy|disconnect|dispose|drain|end|exit|finish|flush|kill|pause|quit|release|shutdown|stop|teardown|terminate|uncork)/i;

function causeOf({ emitter, event, wait }: AwaitedEvent, core: Core): Bound | undefined {
  const home = enclosingFunctionOf(wait);
  const place = placeOf(emitter, core);
  if (place === undefined) return undefined;
  for (const object of namesOf(emitter, place, home, core)) {
    const access = wrapped(object).parent;
    const call = ts.isPropertyAccessExpression(access) ? wrapped(access).parent : access;
    if (!ts.isCallExpression(call) || isCleanUp(call, wait)) continue;
    const isMethod = bare(call.expression) === access;
    if (isMethod ? isEndOrEmit(call, event, core) : ENDING.test(lastNameOf(call.expression) ?? '')) {
      return { by: 'caused', witness: call };
    }
  }
  return undefined;
}

/** Does a call come only when the wait is over: after an `await` of it, in what a chain does then? */
function isCleanUp(call: ts.CallExpression, wait: ts.Node): boolean {
  const home = enclosingFunctionOf(wait);
  const fn = enclosingFunctionOf(call);
  if (fn === home) return call.pos >= wait.end && ts.isAwaitExpression(wrapped(wait).parent);
  const outer = wrapped(fn).parent;
  if (!ts.isCallExpression(outer) || !/^(?:catch|finally|then)$/.test(lastNameOf(outer.expression) ?? '')) return false;
  return outer.pos <= wait.pos && wait.end <= outer.end;
}

function isEndOrEmit(call: ts.CallExpression, event: string | undefined, core: Core): boolean {
  const member = core.api.memberOf(call);
  if (member !== undefined && hasRole(member, 'emits')) {
    const emitted = core.api.argumentOf(call, member.key);
    return emitted !== undefined && ts.isStringLiteralLike(emitted) && emitted.text === event;
  }
  if (member !== undefined) {
    return (['drains', 'cuts-off', 'destroys'] as const).some((role) => hasRole(member, role));
  }
  return ENDING.test(lastNameOf(call.expression) ?? '');
}

/** A timer or a signal that acts on the emitter, or a timeout that is set on it. */
function limitOf({ emitter, wait }: AwaitedEvent, core: Core): Bound | undefined {
  const home = enclosingFunctionOf(wait);
  const place = placeOf(emitter, core);
  if (place === undefined) return undefined;
  for (const object of namesOf(emitter, place, home, core)) {
    for (let node: ts.Node = object; node !== home && !ts.isSourceFile(node); node = node.parent) {
      const { parent } = node;
      if (!ts.isCallExpression(parent)) continue;
      const isSetOnIt = lastNameOf(parent.expression) === 'setTimeout' && node === wrapped(parent.expression);
      if (isSetOnIt) return { by: 'timer', witness: parent };
      const member = ts.isFunctionLike(bare(node)) ? core.api.memberOf(parent) : undefined;
      if (member === undefined) continue;
      if (hasRole(member, 'starts-timer')) return { by: 'timer', witness: parent };
      const callee = bare(parent.expression);
      const target = ts.isPropertyAccessExpression(callee) ? callee.expression : undefined;
      if (target !== undefined && core.api.isA(core.checker.getTypeAtLocation(target), 'signal') !== undefined) {
        return { by: 'abort', witness: parent };
      }
    }
  }
  return undefined;
}

/** The expressions in a function that stand for the same place as the emitter. */
function namesOf(emitter: ts.Expression, place: Place, home: FunctionNode, core: Core): readonly ts.Node[] {
  const name = bare(emitter);
  const symbol = symbolAt(ts.isPropertyAccessExpression(name) ? name.name : name, core.checker);
  if (symbol === undefined) return [];
  return referencesOf(symbol, core).flatMap((reference) => {
    if (!isIn(reference, home)) return [];
    const { parent } = reference;
    const object = ts.isPropertyAccessExpression(parent) && parent.name === reference ? parent : reference;
    const here = placeOf(object, core);
    return here !== undefined && isSamePlace(here, place) ? [object] : [];
  });
}

/** An option `timeout` or `signal` in an object literal among the arguments. */
function limitAmong(given: readonly ts.Expression[]): ts.Node | undefined {
  return given
    .map((each) => bare(each))
    .filter((each) => ts.isObjectLiteralExpression(each))
    .flatMap((literal) => [...literal.properties])
    .find((property) => {
      const name = property.name === undefined || !ts.isIdentifier(property.name) ? undefined : property.name.text;
      return name === 'signal' || name === 'timeout';
    });
}

function isIn(node: ts.Node, fn: FunctionNode): boolean {
  return node.getSourceFile() === fn.getSourceFile() && node.pos >= fn.pos && node.end <= fn.end;
}
