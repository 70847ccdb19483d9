import * as ts from 'typescript';
import { hasRole } from '../effects/roles.ts';
import { type Core, defineFact } from '../facts.ts';
import { wrapped } from '../syntax/expressions.ts';
import { enclosingFunctionOf } from '../syntax/functions.ts';
import { mayMention } from '../syntax/may-mention.ts';
import { mentions } from '../text/mentions.ts';
import { referencesOf, usedAs } from './references.ts';
import { onceAt } from './start-up.ts';

/** A timer that fires again and again and keeps the process alive. */
export interface KeptTimer {
  readonly node: ts.CallExpression;
  readonly file: ts.SourceFile;
  /** The variable or field that holds it. */
  readonly holder?: ts.Declaration;
}

/** The repeating timers that a file starts at its start (module code, start-up functions, fields) and never lets go of by `unref`. */
export const timersIn = defineFact<ts.SourceFile, readonly KeptTimer[]>({
  name: 'kept-timers',
  scope: 'program',
  compute(file, core) {
    const repeating = core.api.namesWith('listener');
    const names = [...core.api.namesWith('starts-timer').keys()].filter((name) => repeating.has(name));
    return names
      .filter((name) => mayMention(file, name))
      .flatMap((name) => core.ask(mentions, file).get(name) ?? [])
      .flatMap((mention) => {
        const { parent } = wrapped(usedAs(mention).expression);
        if (!ts.isCallExpression(parent)) return [];
        const match = core.api.plays(parent, 'starts-timer');
        if (match === undefined || !hasRole(match, 'listener') || !isStarted(parent, core)) return [];
        const holder = holderOf(parent, core);
        return isLetGo(parent, holder, core)
          ? []
          : [{ node: parent, file, ...(holder === undefined ? {} : { holder }) }];
      });
  },
});

function isStarted(call: ts.CallExpression, core: Core): boolean {
  return ts.isPropertyDeclaration(enclosingFunctionOf(call)) || onceAt(call, core).is === 'yes';
}

function holderOf(call: ts.CallExpression, core: Core): ts.Declaration | undefined {
  const outer = wrapped(call);
  const { parent } = outer;
  if ((ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) && parent.initializer === outer)
    return parent;
  if (!ts.isBinaryExpression(parent) || parent.right !== outer) return undefined;
  const { left } = parent;
  return core.checker.getSymbolAtLocation(ts.isPropertyAccessExpression(left) ? left.name : left)?.valueDeclaration;
}

function isLetGo(call: ts.CallExpression, holder: ts.Declaration | undefined, core: Core): boolean {
  if (isUnref(wrapped(call), core)) return true;
  const name = holder === undefined ? undefined : ts.getNameOfDeclaration(holder);
  const symbol = name === undefined ? undefined : core.checker.getSymbolAtLocation(name);
  return (
    symbol !== undefined &&
    referencesOf(symbol, core).found.some(({ expression }) => isUnref(wrapped(expression), core))
  );
}

/** Is it the receiver of a call that lets the process end? */
function isUnref({ parent }: ts.Node, core: Core): boolean {
  if (!ts.isPropertyAccessExpression(parent)) return false;
  const outer = wrapped(parent);
  return ts.isCallExpression(outer.parent) && core.api.plays(outer.parent, 'unrefs') !== undefined;
}
