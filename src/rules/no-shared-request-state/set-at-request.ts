import * as ts from 'typescript';
import type { RequestDefault } from '../../analysis/index.ts';
import { ended, indentOf, indentStepOf, isOnOwnLines, lineBreakOf } from '../../report/edits.ts';
import type { StateRepair } from './repair.ts';

/** The property is declared without a value, and a hook gives each request an object of its own. */
export function setAtRequest({ call, name, value }: RequestDefault): readonly StateRepair[] {
  const { parent: statement } = call;
  const { expression } = call;
  const [key] = call.arguments;
  if (!ts.isExpressionStatement(statement) || !ts.isPropertyAccessExpression(expression) || key === undefined)
    return [];
  if (name === undefined || call.arguments.length !== 2 || !isOnOwnLines(statement)) return [];
  const isReply = expression.name.text === 'decorateReply';
  const file = call.getSourceFile();
  const line = lineBreakOf(file);
  const indent = indentOf(statement);
  const target = isReply ? 'reply' : 'request';
  const access = /^[A-Za-z_$][\w$]*$/.test(name) ? `${target}.${name}` : `${target}[${key.getText()}]`;
  const parameters = isReply ? '_request, reply, done' : 'request, _reply, done';
  const step = indent + indentStepOf(file);
  const hook = [
    `${expression.expression.getText()}.addHook('onRequest', (${parameters}) => {`,
    `${step}${ended(`${access} = ${value.getText()}`, file)}`,
    `${step}${ended('done()', file)}`,
    `${indent}${ended('})', file)}`,
  ].join(line);
  return [
    {
      title: 'hook',
      automatic: false,
      edits: [
        { range: [key.getEnd(), value.getEnd()], text: '' },
        { range: [statement.getEnd(), statement.getEnd()], text: `${line}${indent}${hook}` },
      ],
    },
  ];
}
