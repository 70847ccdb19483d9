import type ts from 'typescript';
import { grouped } from '../../report/bounded-loop.ts';
import { type Edit, freeName, indentStepOf, lineBreakOf } from '../../report/edits.ts';
import { isTypeScript } from '../../report/on-error.ts';

/** The wait handed to a function, written at the end of the file, that rejects after the limit and clears its timer. */
export function withHelper(
  call: ts.CallExpression | ts.NewExpression,
  milliseconds: number,
): readonly Edit[] | undefined {
  const file = call.getSourceFile();
  const name = freeName('withDeadline', file);
  const [start, end] = [call.getStart(), call.getEnd()];
  const last = file.getEnd();
  return [
    { range: [start, start], text: `${name}(` },
    { range: [end, end], text: `, ${grouped(milliseconds)})` },
    { range: [last, last], text: helperText(name, file) },
  ];
}

function helperText(name: string, file: ts.SourceFile): string {
  const step = indentStepOf(file);
  const isTyped = isTypeScript(file);
  const head = isTyped
    ? `async function ${name}<Value>(work: Promise<Value>, milliseconds: number): Promise<Value> {`
    : `async function ${name}(work, milliseconds) {`;
  const limit = isTyped ? 'new Promise<never>((_resolve, reject) => {' : 'new Promise((_resolve, reject) => {';
  const lines = [
    '',
    head,
    `${step}let timer${isTyped ? ': ReturnType<typeof setTimeout> | undefined' : ''};`,
    `${step}const late = ${limit}`,
    `${step}${step}timer = setTimeout(() => { reject(new Error('Timed out.')); }, milliseconds);`,
    `${step}});`,
    `${step}try {`,
    `${step}${step}return await Promise.race([work, late]);`,
    `${step}} finally {`,
    `${step}${step}clearTimeout(timer);`,
    `${step}}`,
    '}',
    '',
  ];
  return (file.text.endsWith('\n') ? '' : lineBreakOf(file)) + lines.join(lineBreakOf(file));
}
