import * as ts from 'typescript';
import { bare, type Core, type HidingRelease, type Leak, type Lease } from '../analysis/index.ts';
import { lineText, quoted } from '../report/wording.ts';

/** The messages of a leak. */
export type LeakMessage =
  'again' | 'hook' | 'loop' | 'never' | 'rejects' | 'returns' | 'skips' | 'succeeds' | 'thrown' | 'throws';

/** What is acquired, as the code calls it: its variable, or the call. */
export function leaseText({ acquisition, name }: Lease): string {
  const { call, holds, pool } = acquisition;
  if (holds === 'receiver' && pool !== undefined) return `\`${quoted(pool)}\``;
  return `\`${quoted(name ?? call.expression)}\``;
}

/** What a leak means for the rest of the program. */
export function lossOf({ acquisition }: Lease, core: Core): string {
  let inner = acquisition;
  while (inner.lender !== undefined) inner = inner.lender;
  const { pool, shape, freeList, isMadeAnew } = inner;
  const isPooled =
    shape !== undefined ||
    freeList !== undefined ||
    (pool !== undefined && core.api.isA(core.checker.getTypeAtLocation(pool), 'pool') !== undefined);
  if (isMadeAnew === true) return 'the pool has to make another one';
  return isPooled ? 'the pool is one short for good' : 'it stays open';
}

/** The message that names the path of a leak. */
export function leakMessageOf(
  lease: Lease,
  leak: Leak,
  loss: string,
): { readonly messageId: LeakMessage; readonly data: Readonly<Record<string, string>> } {
  const file = lease.acquisition.call.getSourceFile();
  const { chained, leaves, missed, throwing, turn } = leak;
  if (missed === undefined) {
    if (throwing === undefined || leaves !== 'throw') {
      return { messageId: 'never', data: { lease: leaseText(lease), loss } };
    }
    const line = lineText(throwing.node, file);
    return { messageId: 'hook', data: { step: stepText(throwing.node), line, lease: leaseText(lease), loss } };
  }
  const at = { release: calledText(missed.node), end: lineText(missed.node, file), loss };
  if (throwing !== undefined) {
    const line = lineText(throwing.node, file);
    if (chained !== undefined) return { messageId: 'rejects', data: { step: stepText(throwing.node), line, ...at } };
    if (throwing.kind === 'throw') return { messageId: 'thrown', data: { line, ...at } };
    return { messageId: 'throws', data: { step: stepText(throwing.node), line, ...at } };
  }
  if (leaves === 'again')
    return { messageId: 'again', data: { line: lineText((turn ?? lease.acquire).node, file), ...at } };
  if (turn === undefined) return { messageId: 'succeeds', data: at };
  return { messageId: turnMessageOf(turn), data: { line: lineText(turn.node, file), ...at } };
}

function turnMessageOf({ kind }: NonNullable<Leak['turn']>): 'loop' | 'returns' | 'skips' {
  if (kind === 'return') return 'returns';
  return kind === 'iterate' ? 'loop' : 'skips';
}

/** The message about a release that runs when there is nothing to give back. */
export function hidingMessageOf({ acquisition }: Lease, { release }: HidingRelease) {
  const file = release.getSourceFile();
  const data = { acquire: calledText(acquisition.call), release: calledText(release), end: lineText(release, file) };
  return { messageId: 'hides', data } as const;
}

/** The step that fails: the call that is named there. */
export function stepText(node: ts.Node): string {
  if (ts.isAwaitExpression(node) || ts.isForOfStatement(node)) return stepText(bare(node.expression));
  if (ts.isNewExpression(node)) return `\`new ${quoted(node.expression)}\``;
  if (ts.isCallExpression(node)) return calledText(node);
  return `\`${quoted(node)}\``;
}

/** `` `client.query` `` of `client.query('…')`. */
export function calledText(node: ts.Node): string {
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return `\`${quoted(node.expression)}\``;
  return `\`${quoted(node)}\``;
}
