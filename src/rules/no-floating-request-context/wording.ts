import * as ts from 'typescript';
import { type Core, type LateRequestUse, type ScopeOf } from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

/** What becomes of a use once the response was sent, where the catalogue says it. */
export interface Effect {
  readonly use: string;
  readonly effect: string;
  readonly when: string;
}

const EFFECTS: Readonly<Record<string, Omit<Effect, 'use'>>> = {
  'gives-nothing': { effect: 'gives nothing', when: 'the response is sent' },
  ignored: { effect: 'is ignored', when: 'the response is sent' },
  null: { effect: 'is null', when: 'the response is sent' },
  rejects: { effect: 'rejects', when: 'the response is sent' },
  throws: { effect: 'throws', when: 'the response is sent' },
  undefined: { effect: 'is undefined', when: 'the client is gone' },
};

/** The first link of the chain on a use whose row says what becomes of it. */
export function effectOf({ node }: LateRequestUse, core: Core): Effect | undefined {
  for (let at: ts.Node = node; ;) {
    const { parent } = at;
    const isPassed =
      ts.isParenthesizedExpression(parent) || ts.isAsExpression(parent) || ts.isNonNullExpression(parent);
    if (isPassed || (ts.isCallExpression(parent) && parent.expression === at)) {
      at = parent;
      continue;
    }
    const isAccess = ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent);
    if (!isAccess || parent.expression !== at) return undefined;
    const after = core.api.memberAt(parent)?.afterResponse;
    const known = after === undefined || isAnswerable(parent, after) ? undefined : EFFECTS[after];
    if (known !== undefined) return { ...known, use: quoted(parent) };
    at = parent;
  }
}

/** A status or body that is only read is as it was. */
function isAnswerable(access: ts.Expression, after: string): boolean {
  const { parent } = access;
  const isWritten = ts.isBinaryExpression(parent) && parent.left === access;
  const isCalled = ts.isCallExpression(parent) && parent.expression === access;
  return after === 'ignored' && !isWritten && !isCalled;
}

/** From the use that does most harm to the one that does least. */
export function harmOf(use: LateRequestUse, core: Core): number {
  if (!use.isCertain) return 0;
  const effect = effectOf(use, core);
  if (effect === undefined) return 1;
  return effect.effect === 'throws' || effect.effect === 'rejects' ? 3 : 2;
}

/** The value as the reader knows it at the launch. */
export function nameOf({ given, node }: LateRequestUse): string {
  return quoted(given?.argument.kind === ts.SyntaxKind.ThisKeyword ? node : (given?.argument ?? node));
}

/** When the signal of a request aborts. */
export function abortTextOf({ node }: LateRequestUse, core: Core, scopeOf: ScopeOf): string {
  const isWithResponse = core.api.memberAt(node)?.afterResponse === 'aborts';
  return isWithResponse && scopeOf(node, core) !== undefined ? 'with the response' : 'when the client leaves';
}

/** What is over by then. */
export function endOf({ node }: LateRequestUse, core: Core): string {
  const isJob = core.api.isA(core.checker.getTypeAtLocation(node), 'job') !== undefined;
  return isJob ? 'job may be done' : 'response may be sent';
}
