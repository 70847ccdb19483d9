import * as ts from 'typescript';
import type { MemberMatch } from '../api/api.ts';
import { type Core, defineFact } from '../facts.ts';
import { hasRole } from '../effects/roles.ts';
import { bare } from '../syntax/expressions.ts';
import type { Frame } from './store-text.ts';

/** A call that reads or writes one thing of an outside store. */
export interface StoreCall {
  readonly call: ts.CallExpression;
  readonly row: MemberMatch & { readonly store: NonNullable<MemberMatch['store']> };
  /** The function in which it stands, if that is read as part of another one. */
  readonly frame: Frame | undefined;
}

/** The names of members that are halves of a pair. */
export const storeNames = defineFact<
  ts.Program,
  { readonly reads: ReadonlySet<string>; readonly writes: ReadonlySet<string> }
>({
  name: 'store-names',
  scope: 'program',
  compute(_, { api }) {
    const ofRole = (role: 'store-read' | 'store-write'): ReadonlySet<string> =>
      new Set(api.namesWith(role, (row) => row.store !== undefined).keys());
    return { reads: ofRole('store-read'), writes: ofRole('store-write') };
  },
});

/** The name under which a call is made. */
export function calledName(call: ts.CallExpression): string | undefined {
  const callee = bare(call.expression);
  if (ts.isIdentifier(callee)) return callee.text;
  return ts.isPropertyAccessExpression(callee) ? callee.name.text : undefined;
}

/** The store's thing that a call reads or writes, if it does one of both. */
export function storeCallAt(
  call: ts.CallExpression,
  role: 'store-read' | 'store-write',
  frame: Frame | undefined,
  core: Core,
): StoreCall | undefined {
  const name = calledName(call);
  const { reads, writes } = core.ask(storeNames, core.program);
  if (name === undefined || !(role === 'store-read' ? reads : writes).has(name)) return undefined;
  const row = core.api.memberOf(call);
  if (row?.store === undefined || !hasRole(row, role)) return undefined;
  return { call, row: { ...row, store: row.store }, frame };
}

/** The object that a call is made on; `undefined` for a function of a module. */
export function receiverOf(call: ts.CallExpression): ts.Expression | undefined {
  const callee = bare(call.expression);
  return ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee)
    ? bare(callee.expression)
    : undefined;
}

/** The calls of a chain, from the first one to the last: `db('orders')`, `.where(…)`, `.first()`. */
export function chainOf(call: ts.CallExpression): readonly ts.CallExpression[] {
  const chain = [call];
  for (let receiver = receiverOf(call); receiver !== undefined && ts.isCallExpression(receiver);) {
    chain.unshift(receiver);
    receiver = receiverOf(receiver);
  }
  for (let next = nextInChain(call); next !== undefined; next = nextInChain(next)) chain.push(next);
  return chain;
}

/** The last call of a chain: what is awaited. */
export function endOf(call: ts.CallExpression): ts.CallExpression {
  return chainOf(call).at(-1) ?? call;
}

/** The call that is made on the result of this one; what follows a promise is no part of the chain. */
function nextInChain(call: ts.CallExpression): ts.CallExpression | undefined {
  const access = outsideOf(call);
  if (!ts.isPropertyAccessExpression(access) || bare(access.expression) !== call) return undefined;
  if (['then', 'catch', 'finally'].includes(access.name.text)) return undefined;
  const next = outsideOf(access);
  return ts.isCallExpression(next) && bare(next.expression) === access ? next : undefined;
}

/** What stands around an expression, parentheses and assertions left out. */
function outsideOf(node: ts.Node): ts.Node {
  let { parent } = node;
  while (ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent))
    parent = parent.parent;
  return parent;
}
