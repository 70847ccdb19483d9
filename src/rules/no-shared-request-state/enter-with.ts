import * as ts from 'typescript';
import { bare, type Core, type EnteredContext, enclosingFunctionOf, restBehind } from '../../analysis/index.ts';
import {
  type Edit,
  ended,
  endWithComments,
  freeName,
  hasComment,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
  removeStatement,
  replace,
} from '../../report/edits.ts';
import type { StateRepair } from './repair.ts';

import { movedText, runRest } from './run-rest.ts';

/** `storage.enterWith(x); rest` becomes `storage.run(x, () => { rest })`. */
export function runInstead({ call }: EnteredContext, core: Core): readonly StateRepair[] {
  const statement = call.parent;
  const head = headOf(call);
  if (!ts.isExpressionStatement(statement) || head === undefined) return [];
  const edits = runRest({ statement, head }, core) ?? runOnOneWay(statement, head, core);
  return edits === undefined ? [] : [{ title: 'run', automatic: true, edits }];
}

/** The call of `run` up to its callback. */
function headOf(call: ts.CallExpression): string | undefined {
  const callee = bare(call.expression);
  const [store] = call.arguments;
  if (!ts.isPropertyAccessExpression(callee) || store === undefined || ts.isSpreadElement(store)) return undefined;
  if (callee.questionDotToken !== undefined || call.questionDotToken !== undefined) return undefined;
  const { text } = call.getSourceFile();
  if (/\/[/*]/.test(text.slice(store.getEnd(), call.getEnd()))) return undefined;
  return `${text.slice(call.getStart(), callee.name.getStart())}run${text.slice(callee.name.getEnd(), store.getEnd())}`;
}

/** `if (user) storage.enterWith(user); rest`: the rest runs in either case, on one way inside the context. */
function runOnOneWay(statement: ts.ExpressionStatement, head: string, core: Core): readonly Edit[] | undefined {
  const inner = statement.parent;
  const isLast = ts.isBlock(inner) && inner.statements.at(-1) === statement;
  const choice = isLast ? inner.parent : inner;
  if (!ts.isIfStatement(choice) || choice.thenStatement !== (isLast ? inner : statement)) return undefined;
  if (choice.elseStatement !== undefined || !isOnOwnLines(choice) || (isLast && !isOnOwnLines(statement)))
    return undefined;
  if (enclosingFunctionOf(choice) !== enclosingFunctionOf(statement)) return undefined;
  const rest = restBehind(choice, core);
  const last = rest?.statements.at(-1);
  if (rest === undefined || last === undefined || !isOnOwnLines(last)) return undefined;
  const file = choice.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(choice);
  const step = indentStepOf(file);
  const taken = (text: string): string =>
    isLast ? ended(text, file) : `{${line}${indent}${step}${ended(text, file)}${line}${indent}}`;
  const otherwise = (text: string): string => ` else {${line}${indent}${step}${ended(text, file)}${line}${indent}}`;
  const { callback, only, prefix } = rest;
  const [first] = rest.statements;
  if (callback !== undefined && only !== undefined && first !== undefined && !hasComment(first)) {
    const way = first.getText().slice(0, only.getStart() - first.getStart());
    return [
      replace(statement, taken(`${way}${head}, ${callback.text})`)),
      { range: [choice.getEnd(), choice.getEnd()], text: otherwise(`${way}${only.getText()}`) },
      removeStatement(first),
    ];
  }
  const name = freeName('proceed', file);
  const from = endWithComments(choice);
  const to = endWithComments(last);
  const moved = movedText(from, to, rest.block, (text) => `${step}${text}`).replace(/^\r?\n/, '');
  const opened = `const ${name} = ${rest.waits ? 'async ' : ''}() => {${line}${moved}${line}${indent}${ended('}', file)}${line}${indent}`;
  return [
    { range: [choice.getStart(), choice.getStart()], text: opened },
    replace(statement, taken(`${prefix}${head}, ${name})`)),
    { range: [choice.getEnd(), choice.getEnd()], text: otherwise(`${prefix}${name}()`) },
    { range: [from, to], text: '' },
  ];
}
