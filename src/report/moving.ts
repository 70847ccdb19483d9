import * as ts from 'typescript';
import type { Edit } from './edits.ts';

/**
 * The text of a range of the file after edits inside it, each of its lines but the first moved in by `step`. Template literals and
 * comments that hang over keep their lines.
 */
export function movedWith(
  file: ts.SourceFile,
  start: number,
  end: number,
  edits: readonly Edit[],
  step: string,
): string {
  const kept = literalsIn(file, start, end);
  const sorted = edits.toSorted((left, right) => left.range[0] - right.range[0]);
  let written = '';
  let at = start;
  const copy = (until: number): void => {
    for (; at < until; at++) {
      const letter = file.text.charAt(at);
      written += letter;
      if (letter !== '\n' || /^\r?\n/.test(file.text.slice(at + 1, at + 3))) continue;
      if (!kept.some(([from, to]) => from < at && at < to)) written += step;
    }
  };
  for (const { range, text } of sorted) {
    copy(range[0]);
    written += text;
    at = Math.max(at, range[1]);
  }
  copy(end);
  return written;
}

/** Where text that spans lines must keep them as they are. */
function literalsIn(file: ts.SourceFile, start: number, end: number): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const visit = (node: ts.Node): void => {
    if (node.end <= start || node.pos >= end) return;
    if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      found.push([node.getStart(), node.getEnd()]);
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
