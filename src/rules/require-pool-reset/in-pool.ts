import * as ts from 'typescript';
import { bare, type Core, type DirtyPool, isAsync } from '../../analysis/index.ts';
import { type Edit, ended, indentOf, indentStepOf, insertBefore, lineBreakOf } from '../../report/edits.ts';
import type { ResetRepair } from './repair.ts';
import { classIn, resetText, wholeText } from './reset-text.ts';

/** Resets the object where the pool takes it back: by its type, or by a `reset` of its class. */
export function resetInPool(pool: DirtyPool, core: Core): readonly ResetRepair[] {
  const { fields, fresh, giver, kept, managed, type } = pool;
  const object = giver.parameter.name.text;
  const wish = { object, type, fields, fresh, kept, managed, isInside: false };
  const lines = resetText(wish, core);
  const repairs: ResetRepair[] = [];
  const data = { name: object };
  if (lines !== undefined) repairs.push({ title: 'reset', data, automatic: true, edits: inGiver(pool, lines) });
  if (wholeText(object, type, core) !== undefined) return repairs;
  const method = methodOn(pool, core);
  if (method !== undefined) repairs.push(method);
  if (repairs.length === 0) repairs.push(...assigned(pool));
  return repairs;
}

/** A `reset` method that sets every mutable field to its initial value. */
function methodOn(pool: DirtyPool, core: Core): ResetRepair | undefined {
  const { fields, fresh, giver, kept, managed, type } = pool;
  const file = giver.fn.getSourceFile();
  const declaration = classIn(type, file, core);
  if (declaration === undefined || core.checker.getPropertyOfType(type, 'reset') !== undefined) return undefined;
  const lines = resetText({ object: 'this', type, fields, fresh, kept, managed, isInside: true }, core);
  const last = declaration.members.at(-1);
  if (lines === undefined || last === undefined) return undefined;
  const line = lineBreakOf(file);
  const indent = indentOf(last);
  const inner = indent + indentStepOf(file);
  const isTyped = !/\.[cm]?jsx?$/.test(file.fileName);
  const text = [
    '',
    '',
    `${indent}reset()${isTyped ? ': void' : ''} {`,
    ...lines.map((each) => `${inner}${ended(each, file)}`),
    `${indent}}`,
  ].join(line);
  const name = declaration.name?.text ?? 'class';
  return {
    title: 'method',
    data: { name },
    automatic: false,
    edits: [
      { range: [last.getEnd(), last.getEnd()], text },
      ...inGiver(pool, [`${giver.parameter.name.text}.reset();`]),
    ],
  };
}

/** `Object.assign(order, new Order())`: the values of a new one. */
function assigned(pool: DirtyPool): readonly ResetRepair[] {
  const { fresh, giver } = pool;
  const source = fresh.find((each) => isSelfContained(each));
  if (source === undefined) return [];
  const name = giver.parameter.name.text;
  return [
    {
      title: 'assign',
      data: { name },
      automatic: false,
      edits: inGiver(pool, [`Object.assign(${name}, ${source.getText()});`]),
    },
  ];
}

function isSelfContained(node: ts.Expression): boolean {
  if (ts.isNewExpression(node)) return (node.arguments ?? []).length === 0;
  return ts.isObjectLiteralExpression(node) && !/[{,]\s*\w+\s*[,}]/.test(node.getText());
}

/** Statements at the place where the function begins to give the object away. */
function inGiver({ giver: { fn, parameter, put } }: DirtyPool, lines: readonly string[]): readonly Edit[] {
  const body = 'body' in fn ? fn.body : undefined;
  if (body === undefined) return [];
  const file = fn.getSourceFile();
  const written = lines.map((each) => ended(each, file));
  if (!ts.isBlock(body)) {
    const line = lineBreakOf(file);
    const outer = indentOf(fn);
    const inner = outer + indentStepOf(file);
    const value = bare(body);
    const isVoid = ts.isVoidExpression(value) || isAsync(fn);
    const last = ended(`${isVoid ? '' : 'return '}${body.getText()}`, file);
    return [
      {
        range: [body.getStart(), body.getEnd()],
        text: `{${line}${[...written, last].map((each) => `${inner}${each}`).join(line)}${line}${outer}}`,
      },
    ];
  }
  const name = parameter.name.text;
  const statement = body.statements.find(
    (each) => (!isGuard(each) && mentions(each, name)) || (put.pos >= each.pos && put.end <= each.end),
  );
  return statement === undefined ? [] : [insertBefore(statement, written, statement.getText())];
}

/** `if (!this.lent.delete(order)) return;` */
function isGuard(statement: ts.Statement): boolean {
  if (!ts.isIfStatement(statement) || statement.elseStatement !== undefined) return ts.isExpressionStatement(statement);
  const then = ts.isBlock(statement.thenStatement)
    ? statement.thenStatement.statements.at(-1)
    : statement.thenStatement;
  const leaves = then !== undefined && (ts.isReturnStatement(then) || ts.isThrowStatement(then));
  return leaves && ts.isPrefixUnaryExpression(bare(statement.expression));
}

function mentions(node: ts.Node, name: string): boolean {
  if (ts.isIdentifier(node) && node.text === name) return true;
  return ts.forEachChild(node, (child) => mentions(child, name)) ?? false;
}
