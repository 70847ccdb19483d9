import * as ts from 'typescript';
import { awaitedTypeOf, bare, type Core, isPromise, type LateAct } from '../../analysis/index.ts';
import {
  ended,
  hasComment,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  standsInList,
} from '../../report/edits.ts';
import { companionOf, typeText } from './companion.ts';
import type { CheckRepair } from './repair.ts';
import { placeText } from './wording.ts';

/** `if (!client) await this.connect();` → who comes while `connect` runs waits for the same run of it. */
export function shareCall(found: LateAct, core: Core): readonly CheckRepair[] {
  const { at } = found;
  if (!ts.isAwaitExpression(at) || !ts.isExpressionStatement(at.parent)) return [];
  const statement = at.parent;
  const call = bare(at.expression);
  const type = core.checker.getTypeAtLocation(call);
  if (!ts.isCallExpression(call) || !isPromise(type, core.checker)) return [];
  if (hasDirectiveAbove(statement) || hasComment(statement)) return [];
  const result = typeText(awaitedTypeOf(type, core.checker) ?? type, statement, core.checker);
  const companion = result === undefined ? undefined : companionOf(found, result, core);
  if (companion?.key !== undefined || companion === undefined) return [];
  const file = statement.getSourceFile();
  const line = lineBreakOf(file);
  const isListed = standsInList(statement);
  if (isListed && !isOnOwnLines(statement)) return [];
  const step = indentStepOf(file);
  const outer = isListed ? indentOf(statement) : indentOf(statement.parent);
  const indent = isListed ? outer : outer + step;
  const { text } = companion;
  const lines = [
    `${text} ??= ${call.getText()}.finally(() => {`,
    `${indent}${step}${ended(`${text} = undefined`, file)}`,
    `${indent}${ended('})', file)}`,
    `${indent}${ended(`await ${text}`, file)}`,
  ].join(line);
  const written = isListed ? lines : ['{', `${indent}${lines}`, `${outer}}`].join(line);
  return [
    {
      title: 'share',
      data: { name: placeText(found), pending: text },
      automatic: call.arguments.length === 0,
      edits: [companion.declaration, { range: [statement.getStart(), statement.getEnd()], text: written }],
    },
  ];
}
