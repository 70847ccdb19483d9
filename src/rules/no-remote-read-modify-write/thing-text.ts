import * as ts from 'typescript';
import { type Core, type RemoteUpdate, symbolOf } from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

type Frame = NonNullable<RemoteUpdate['write']['frame']>;

/** What a message names: the column as it is read (`item.stock`), else the key, the row or the filter as it is given to the write. */
export function thingText({ column, value, write, writeAt }: RemoteUpdate, core: Core): string {
  const read = column === undefined || value === undefined ? undefined : accessOf(value.node, column);
  if (read !== undefined) return quoted(read);
  const { key, store } = write.row;
  const isNamed = store.field === undefined && store.by !== 'row' && store.by !== 'receiver';
  if (column !== undefined && isNamed && write.frame === undefined) return column;
  const given = key === undefined ? undefined : write.call.arguments[key];
  if (write.frame !== undefined) {
    const handed = givenFor(given ?? write.call.expression, write.frame, core) ?? writeAt.arguments[0];
    return textOf(handed ?? writeAt);
  }
  const field = store.field === undefined || column === undefined ? '' : ` ${column}`;
  return `${textOf(given ?? writeAt.expression)}${/^ [\w-]+$/.test(field) ? field : ''}`;
}

function textOf(node: ts.Node): string {
  return quoted(node).replaceAll('`', '');
}

/** Where the value reads the column. */
function accessOf(value: ts.Node, column: string): ts.Node | undefined {
  if (ts.isPropertyAccessExpression(value) && value.name.text === column) return value;
  return ts.forEachChild(value, (child) => accessOf(child, column));
}

/** What the caller gives for the parameter by which a function of the project names the thing. */
function givenFor(node: ts.Node, frame: Frame, core: Core): ts.Node | undefined {
  const symbol = ts.isIdentifier(node) ? symbolOf(node, core) : undefined;
  const handed = symbol === undefined ? undefined : frame.given.get(symbol);
  return handed ?? ts.forEachChild(node, (child) => givenFor(child, frame, core));
}
