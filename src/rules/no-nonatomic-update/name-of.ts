import * as ts from 'typescript';
import type { EntryKey, Place, StaleWrite } from '../../analysis/index.ts';
import { quoted } from '../../report/wording.ts';

/** The place that a stale write changes, as its reader knows it: as it is written, or by name where a helper writes it. */
export function nameOf({ place, write }: StaleWrite): string {
  return ts.isCallExpression(write.node) ? (nameOfPlace(place) ?? quoted(write.node.expression)) : quoted(write.node);
}

function nameOfPlace({ path, root }: Place): string | undefined {
  let text: string;
  if (root.is === 'binding') text = root.symbol.name;
  else if (root.is === 'global') text = `globalThis.${root.name}`;
  else text = 'this';
  for (const part of path) {
    if (part.is === 'property') text += `.${part.name}`;
    if (part.is === 'entry') {
      const key = nameOfKey(part.key);
      if (key === undefined) return undefined;
      text += `[${key}]`;
    }
  }
  return text;
}

function nameOfKey(key: EntryKey): string | undefined {
  switch (key.is) {
    case 'literal':
      return `'${key.text}'`;
    case 'place':
      return nameOfPlace(key.place);
    case 'unknown':
      return quoted(key.node);
    case 'template':
      return '…';
  }
}
