import * as ts from 'typescript';
import { bare, isPromise, type Core, type KeptRejection } from '../../analysis/index.ts';
import { hasDirectiveAbove, indentOf } from '../../report/edits.ts';
import type { CheckRepair } from './repair.ts';
import { catching, isRepeatable } from './rewriting.ts';
import { placeText } from './wording.ts';

/** `this.ready ??= load()` → `this.ready ??= load().catch((error) => { this.ready = undefined; throw error; })` */
export function forgetFailure(found: KeptRejection, core: Core): readonly CheckRepair[] {
  const { at, promise } = found;
  const type = core.checker.getTypeAtLocation(promise);
  const takeAway = takeAwayOf(at, core);
  if (takeAway === undefined || !isPromise(type, core.checker) || hasDirectiveAbove(promise)) return [];
  const file = promise.getSourceFile();
  const end = promise.getEnd();
  const text = catching(takeAway, indentOf(promise), file);
  return [
    {
      title: 'forget',
      data: { name: placeText({ act: { node: at } }) },
      automatic: true,
      edits: [{ range: [end, end], text }],
    },
  ];
}

/** What empties the place again, by what its type allows. */
function takeAwayOf(at: ts.Node, core: Core): string | undefined {
  if (ts.isCallExpression(at)) {
    const callee = bare(at.expression);
    const key = at.arguments[0];
    return ts.isPropertyAccessExpression(callee) && key !== undefined && isRepeatable(key)
      ? `${callee.expression.getText()}.delete(${key.getText()})`
      : undefined;
  }
  const target = bare(at as ts.Expression);
  if (ts.isElementAccessExpression(target))
    return isRepeatable(target.argumentExpression) ? `delete ${target.getText()}` : undefined;
  const name = ts.isPropertyAccessExpression(target) ? target.name : target;
  const symbol = core.checker.getSymbolAtLocation(name);
  const declaration = symbol?.valueDeclaration;
  if (symbol === undefined || declaration === undefined) return undefined;
  const type = core.checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const parts = type.isUnion() ? type.types : [type];
  if (parts.some(({ flags }) => (flags & ts.TypeFlags.Undefined) !== 0)) return `${target.getText()} = undefined`;
  if (parts.some(({ flags }) => (flags & ts.TypeFlags.Null) !== 0)) return `${target.getText()} = null`;
  return undefined;
}
