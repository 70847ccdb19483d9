import ts from 'typescript';
import { enclosingFunctionOf } from '../../analysis/index.ts';
import { functionName } from '../../report/wording.ts';

/** `` `error` or `close` ``, `` `error` and `close` ``. */
export function listed(names: readonly string[], between: 'and' | 'or' = 'or'): string {
  return names.map((name) => `\`${name}\``).join(` ${between} `);
}

/** Who waits: `` `load` waits ``, or whoever does. */
export function waiterText(promise: ts.Node): string {
  const fn = enclosingFunctionOf(promise);
  if (ts.isSourceFile(fn)) return 'whoever awaits it waits';
  const name = functionName(fn);
  return name === 'callback' ? 'whoever awaits it waits' : `\`${name}\` waits`;
}
