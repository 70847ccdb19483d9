import * as ts from 'typescript';
import { enclosingFunctionOf } from '../../analysis/index.ts';
import { functionName, quoted } from '../../report/wording.ts';

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

/** An emitter in a message: its name, or what makes it without its arguments. */
export function emitterText(emitter: ts.Expression): string {
  if (ts.isCallExpression(emitter)) return `${quoted(emitter.expression)}(…)`;
  return ts.isNewExpression(emitter) ? `new ${quoted(emitter.expression)}(…)` : quoted(emitter);
}
