import * as ts from 'typescript';
import { bare } from '../../analysis/index.ts';

/** What a call with a name like `loadPrice` brings. */
const GETTER =
  /^(?:get|fetch|load|read|find|query|compute|calculate|make|create|build|next|request|receive|take|sum|resolve)([A-Z]\w*)$/;

/** What a call that is a mere verb brings. */
const BROUGHT: Readonly<Record<string, string>> = {
  archive: 'archived',
  calculate: 'calculated',
  compute: 'computed',
  count: 'counted',
  fetch: 'fetched',
  find: 'found',
  json: 'body',
  load: 'loaded',
  measure: 'measured',
  query: 'rows',
  text: 'body',
};

/** A speaking name for what an expression waits for: the noun of the callee, else `value`. */
export function wishedName(wait: ts.AwaitExpression): string {
  const inner = bare(wait.expression);
  if (!ts.isCallExpression(inner)) return 'value';
  const callee = bare(inner.expression);
  const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : ts.isIdentifier(callee) ? callee.text : '';
  const noun = GETTER.exec(name)?.[1] ?? /^([a-z]\w*)Of$/.exec(name)?.[1];
  if (noun !== undefined) return noun.charAt(0).toLowerCase() + noun.slice(1);
  if (name === '' || name.startsWith('#')) return 'value';
  return BROUGHT[name] ?? `${name}Result`;
}
