import * as ts from 'typescript';
import { bare, type Core, type Drain, type Stage, stageOf } from '../../analysis/index.ts';
import { lineText, quoted } from '../../report/wording.ts';

const LOSSES: Readonly<Record<Stage, string>> = {
  flush: 'what was not sent yet is lost',
  intake: 'requests in flight are cut off',
  store: 'what it was doing is cut off',
  work: 'jobs in progress are cut off',
};

/** What is lost when a stage is cut off. */
export function lossText(stage: Stage): string {
  return LOSSES[stage];
}

/** What is lost with the drains that are cut off: by the first stage among them. */
export function lossOf(drains: readonly Drain[], core: Core): string {
  const stages = new Set(drains.map((drain) => stageOf(drain, core)));
  const first = (['intake', 'work', 'flush', 'store'] as const).find((stage) => stages.has(stage)) ?? 'store';
  return LOSSES[first];
}

/** `` `server.close` of line 12 is ``, `` `server.close` and `pool.end` are ``. */
export function underWay(drains: readonly Drain[], from: ts.SourceFile): string {
  const [first, second, ...more] = drains;
  if (first === undefined) return '';
  if (second === undefined) return `${calledText(first.call)} of ${lineText(first.call, from)} is`;
  const rest = more.length === 0 ? '' : ` and ${String(more.length)} more`;
  return more.length === 0
    ? `${calledText(first.call)} and ${calledText(second.call)} are`
    : `${calledText(first.call)}, ${calledText(second.call)}${rest} are`;
}

/** `` `server.close` ``: what is called, as written. */
export function calledText(call: ts.Node): string {
  const node = ts.isExpression(call) ? bare(call) : call;
  if (ts.isAwaitExpression(node)) return calledText(node.expression);
  return `\`${quoted(ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : node)}\``;
}
