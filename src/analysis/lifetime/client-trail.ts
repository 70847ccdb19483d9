import * as ts from 'typescript';
import { type Escape, escapesOf } from '../escape/escapes-of.ts';
import { referencesOf } from '../escape/references.ts';
import { usesOf, type ValueUse } from '../escape/value-uses.ts';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { type FunctionNode, isFunctionNode } from '../syntax/functions.ts';
import { isPrimitive } from '../types/is-primitive.ts';
import { isThenable } from '../types/is-thenable.ts';

/** What happens to a client under all the names that its own members give it. */
export interface ClientTrail {
  readonly uses: readonly ValueUse[];
  readonly escapes: readonly Escape[];
}

/** Expressions that one trail may lead to. */
const MOST_PLACES = 50;

interface Place {
  readonly node: ts.Expression;
  /** Is it the client, or a promise of it? Else it is something that works with it. */
  readonly isItself: boolean;
  /** The callback of a `.then` that gets it: what that returns is the value of the chain. */
  readonly from?: FunctionNode;
}

/**
 * The uses and escapes of a client, of what its members give that is the client itself (`client.connect()`, `client.on(…)`), and of
 * the callbacks that get it; of what works with it (`client.db()`) only the escapes, as its end is not the client's.
 *
 * Ignored on purpose: other promises that its members give, which are of what it answers.
 *
 * @returns `undefined` when a budget was used up
 */
export function clientTrail(start: ts.Expression, core: Core): ClientTrail | undefined {
  const { checker } = core;
  const uses: ValueUse[] = [];
  const escapes: Escape[] = [];
  const seen = new Set<ts.Node>();
  const open: Place[] = [{ node: start, isItself: true }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place.node)) continue;
    seen.add(place.node);
    const found = usesOf(place.node, core, { awaits: true });
    const ways = core.ask(escapesOf, place.node);
    if (found === undefined || ways === undefined || seen.size > MOST_PLACES) return undefined;
    if (place.isItself) uses.push(...found);
    for (const escape of ways) {
      const chain = chainTold(escape, place);
      if (chain === undefined) escapes.push(escape);
      else open.push({ ...place, node: chain });
    }
    for (const use of found) open.push(...givenBy(use, place));
  }
  return { uses, escapes };

  function givenBy({ kind, by, within }: ValueUse, { isItself, from }: Place): readonly Place[] {
    if (kind !== 'method' || !ts.isCallExpression(by)) return [];
    const inside = from !== undefined && within === from ? { from } : {};
    const received = core.api.plays(by, 'chains') === undefined ? undefined : receivedBy(by, core);
    if (received !== undefined) return received.map((place) => ({ ...place, isItself }));
    const type = checker.getTypeAtLocation(by);
    if (isItself && clientKindOf(by, core) !== undefined) return [{ node: by, isItself, ...inside }];
    return isThenable(type, checker) || isPrimitive(type, checker) ? [] : [{ node: by, isItself: false, ...inside }];
  }
}

/** What the value of an expression is, or becomes: a pool, a client with connections of its own, neither. */
export function clientKindOf(node: ts.Expression, { api, checker }: Core): 'client' | 'pool' | undefined {
  const given = checker.getTypeAtLocation(node);
  const type = checker.getAwaitedType(given) ?? given;
  if (api.isA(type, 'pool') !== undefined) return 'pool';
  const isClient = api.isA(type, 'store') !== undefined && api.isA(type, 'drainable') !== undefined;
  return isClient ? 'client' : undefined;
}

/** The names under which the callback of a `.then` gets the value of the promise; `undefined` for a chain without one. */
function receivedBy(chain: ts.CallExpression, core: Core): readonly Omit<Place, 'isItself'>[] | undefined {
  const callee = bare(chain.expression);
  const [first] = chain.arguments;
  if (first === undefined || !ts.isPropertyAccessExpression(callee) || callee.name.text !== 'then') return undefined;
  const from = bare(first);
  if (!isFunctionNode(from)) return undefined;
  const name = from.parameters[0]?.name;
  const symbol = name !== undefined && ts.isIdentifier(name) ? core.checker.getSymbolAtLocation(name) : undefined;
  return symbol === undefined ? [] : referencesOf(symbol, core).map((node) => ({ node: node, from }));
}

/** The `.then` whose value it becomes. */
function chainTold({ kind, use }: Escape, { from }: Place): ts.CallExpression | undefined {
  if (from === undefined || kind !== 'returned' || use.within !== from) return undefined;
  const call = from.parent;
  return ts.isCallExpression(call) ? call : undefined;
}
