import * as ts from 'typescript';
import {
  awaitedTypeOf,
  type Core,
  isAsync,
  isInside,
  type LateAct,
  restBehind,
  symbolOf,
} from '../../analysis/index.ts';
import {
  ended,
  endWithComments,
  hasDirectiveAbove,
  indentOf,
  indentStepOf,
  isOnOwnLines,
  lineBreakOf,
} from '../../report/edits.ts';
import { movedWith } from '../../report/moving.ts';
import { functionName } from '../../report/wording.ts';
import { companionOf, typeText } from './companion.ts';
import type { CheckRepair } from './repair.ts';
import { placeText } from './wording.ts';

/**
 * What follows the test becomes one run that all who come meanwhile share:
 * `if (token) return token; …; return token;` → `… pendingToken ??= (async () => { … })().finally(…); return pendingToken;`
 *
 * Automatic where the rest depends on nothing that the caller gave, but for the key of the place.
 */
export function shareRun(found: LateAct, core: Core): readonly CheckRepair[] {
  const { at, fn, test } = found;
  const around = ts.findAncestor(test, ts.isIfStatement);
  if (around === undefined || !isInside(test, around.expression) || around.elseStatement !== undefined) return [];
  if (!leavesByReturn(around.thenStatement) || isInside(at, around) || !isAsync(fn)) return [];
  if (!('body' in fn) || around.parent !== fn.body) return [];
  const rest = restBehind(around, core);
  const [first] = rest?.statements ?? [];
  const last = rest?.statements.at(-1);
  if (rest === undefined || first === undefined || last === undefined || !rest.waits) return [];
  if (hasDirectiveAbove(first) || !isOnOwnLines(first) || !isOnOwnLines(last)) return [];
  const result = resultTextOf(fn, core);
  if (result === undefined) return [];
  const companion = companionOf(found, result, core, subjectOf(fn));
  if (companion === undefined) return [];
  const file = fn.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(first);
  const step = indentStepOf(file);
  const start = first.getStart();
  const end = endWithComments(last);
  const body = movedWith(file, start, end, [], step);
  const { key, local, text } = companion;
  const run = (inner: string, undo: string): string =>
    [
      '(async () => {',
      `${inner}${step}${inner === indent ? body : movedWith(file, start, end, [], step + step)}`,
      `${inner}})().finally(() => {`,
      `${inner}${step}${ended(undo, file)}`,
      `${inner}})`,
    ].join(line);
  const inner = indent + step;
  const name = local === text ? 'pending' : local;
  const lines =
    key === undefined
      ? [ended(`${text} ??= ${run(indent, `${text} = undefined`)}`, file), `${indent}${ended(`return ${text}`, file)}`]
      : [
          ended(`let ${name} = ${text}.get(${key})`, file),
          `${indent}if (${name} === undefined) {`,
          `${inner}${ended(`${name} = ${run(inner, `${text}.delete(${key})`)}`, file)}`,
          `${inner}${ended(`${text}.set(${key}, ${name})`, file)}`,
          `${indent}}`,
          `${indent}${ended(`return ${name}`, file)}`,
        ];
  return [
    {
      title: 'share',
      data: { name: placeText(found), pending: text },
      automatic: !dependsOnCaller(rest.statements, fn, key, core),
      edits: [companion.declaration, { range: [start, end], text: lines.join(line) }],
    },
  ];
}

/** `getClient` → `Client` */
function subjectOf(fn: ts.Node): string | undefined {
  const name = functionName(fn);
  if (!/^\w+$/.test(name) || name === 'callback') return undefined;
  return /^(?:create|ensure|fetch|find|get|load|open|read|refresh|resolve)([A-Z]\w*)$/.exec(name)?.[1] ?? name;
}

function leavesByReturn(statement: ts.Statement): boolean {
  const only = ts.isBlock(statement) ? statement.statements.at(-1) : statement;
  return only !== undefined && ts.isReturnStatement(only);
}

/** What the promise that the function gives is of. */
function resultTextOf(fn: ts.Node, { checker }: Core): string | undefined {
  if (!ts.isFunctionLike(fn)) return undefined;
  if (fn.type !== undefined && ts.isTypeReferenceNode(fn.type)) return fn.type.typeArguments?.[0]?.getText();
  const [signature] = checker.getTypeAtLocation(fn).getCallSignatures();
  if (signature === undefined) return undefined;
  const returned = checker.getReturnTypeOfSignature(signature);
  return typeText(awaitedTypeOf(returned, checker) ?? returned, fn, checker);
}

/** Does the rest use parameters of the function beside the key? Who comes later would get what was made for another's. */
function dependsOnCaller(
  statements: readonly ts.Statement[],
  fn: ts.Node,
  key: string | undefined,
  core: Core,
): boolean {
  if (!ts.isFunctionLike(fn)) return true;
  const visit = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && node.text !== key) {
      const declaration = symbolOf(node, core)?.valueDeclaration;
      if (declaration !== undefined && fn.parameters.some((each) => isInside(declaration, each))) return true;
    }
    return ts.forEachChild(node, visit) ?? false;
  };
  return statements.some(visit);
}
