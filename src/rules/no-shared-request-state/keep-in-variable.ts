import * as ts from 'typescript';
import { bare, isInside, type RequestState } from '../../analysis/index.ts';
import { type Edit, freeName, replace } from '../../report/edits.ts';
import { readAs } from './declaration.ts';
import type { StateRepair } from './repair.ts';

/** A property or an entry that one function alone writes and reads: a variable of that function in its place. */
export function keepInVariable({ state, suspect, touches }: RequestState): readonly StateRepair[] {
  const { by, fn, target, values } = suspect;
  const [value] = values;
  const written = by === 'entry' ? target : target.parent;
  const statement = written.parent as ts.Node | undefined;
  const isPlain = by === 'entry' || (ts.isBinaryExpression(written) && written.left === target);
  if (by === 'merge' || value === undefined || !isPlain || state.otherName !== undefined) return [];
  if (statement === undefined || !ts.isExpressionStatement(statement) || !ts.isBlock(statement.parent)) return [];
  const block = statement.parent;
  const reads = touches.reads.map(({ read }) => read);
  const areBehind = reads.every((read) => isInside(read, block) && read.pos >= statement.end && isAccess(read));
  const wished = nameOf(target);
  if (!areBehind || touches.writes.size > 1 || wished === undefined) return [];
  const name = isNamed(wished, fn) ? freeName(wished, target.getSourceFile()) : wished;
  const edits: Edit[] = [
    by === 'entry' ? replace(target, `const ${name} = ${value.getText()}`) : replace(target, `const ${name}`),
    ...reads.map((read) => readAs(name, read)),
  ];
  return [{ title: 'declare', automatic: false, edits }];
}

/** A read of the property itself, not of what holds it. */
function isAccess(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node);
}

/** The last part of a path, or the key of an entry. */
function nameOf(target: ts.Expression): string | undefined {
  if (ts.isPropertyAccessExpression(target)) return target.name.text.replace(/^#/, '');
  const key = ts.isElementAccessExpression(target)
    ? target.argumentExpression
    : ts.isCallExpression(target)
      ? target.arguments[0]
      : undefined;
  const text = key === undefined ? undefined : bare(key);
  return text !== undefined && ts.isStringLiteralLike(text) && /^[A-Za-z_$][\w$]*$/.test(text.text)
    ? text.text
    : undefined;
}

function isNamed(name: string, fn: ts.Node): boolean {
  const visit = (node: ts.Node): boolean => {
    if (ts.isTypeNode(node)) return false;
    const isMember =
      (ts.isPropertyAccessExpression(node.parent) || ts.isPropertyAssignment(node.parent)) && node.parent.name === node;
    if (ts.isIdentifier(node) && node.text === name && !isMember) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(fn);
}
