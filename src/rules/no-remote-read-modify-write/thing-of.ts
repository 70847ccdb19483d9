import type ts from 'typescript';
import type { RemoteUpdate } from '../../analysis/index.ts';

/** What a message names: the key, the row or the filter, as it is written at the write. */
export function thingOf({ write, writeAt }: RemoteUpdate): ts.Node {
  if (write.frame !== undefined) return writeAt.arguments[0] ?? writeAt;
  const { key } = write.row;
  const given = key === undefined ? undefined : write.call.arguments[key];
  return given ?? writeAt.expression;
}
