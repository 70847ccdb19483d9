import type ts from 'typescript';

/** Is a node the whole itself or a part of it, in the same file? */
export function isInside(node: ts.Node, whole: ts.Node): boolean {
  return node.pos >= whole.pos && node.end <= whole.end && node.getSourceFile() === whole.getSourceFile();
}
