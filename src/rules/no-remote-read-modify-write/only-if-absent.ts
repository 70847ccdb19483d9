import * as ts from 'typescript';
import { bare, type RemoteUpdate } from '../../analysis/index.ts';
import type { StoreRepair } from './repair.ts';

/** The write happens only if the thing is still not there: `redis.set(key, id, 'NX')`. Who comes second has to look at the answer. */
export function onlyIfAbsent({ write }: RemoteUpdate): readonly StoreRepair[] {
  const { absentArgument, absentOption } = write.row.store;
  const { call, frame } = write;
  const last = call.arguments.at(-1);
  if (last === undefined || frame !== undefined) return [];
  const put = (at: number, text: string): readonly StoreRepair[] => [
    { title: 'absent', automatic: false, edits: [{ range: [at, at], text }] },
  ];
  if (absentArgument !== undefined) return put(last.getEnd(), `, ${absentArgument}`);
  if (absentOption === undefined) return [];
  const options = bare(last);
  const isOptions = call.arguments.length > (write.row.value ?? 0) + 1;
  if (!isOptions) return put(last.getEnd(), `, { ${absentOption} }`);
  if (ts.isObjectLiteralExpression(options)) {
    const first = options.properties[0];
    return first === undefined ? [] : put(first.getStart(), `${absentOption}, `);
  }
  if (!ts.isStringLiteralLike(options)) return [];
  // `writeFile(path, text, 'utf8')`
  const text = `{ encoding: ${options.getText()}, ${absentOption} }`;
  return [{ title: 'absent', automatic: false, edits: [{ range: [options.getStart(), options.getEnd()], text }] }];
}
