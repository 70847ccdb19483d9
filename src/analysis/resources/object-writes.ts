import * as ts from 'typescript';
import type { Core } from '../facts.ts';
import { bare } from '../syntax/expressions.ts';
import { isThenable } from '../types/is-thenable.ts';
import type { Happening } from './lease-state.ts';

/** `Date.now()`, `performance.now()`, `process.hrtime()`: says when, not whose. */
const CLOCKS = /^(?:Date|performance|process)\.(?:now|hrtime|uptime)$/;

/**
 * Does a write put something into the object that belongs to who writes it?
 *
 * Marks that the pool or the object keeps for itself do not count: constants, counters, times, a method without arguments, the
 * methods of a service (they give promises), whose fields are its own business.
 */
export function carriesData({ is, node }: Happening, core: Core): boolean {
  if (is !== 'write') return false;
  if (ts.isBinaryExpression(node)) return isData(node.right, core);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return false;
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return carriesDataBelow(node, core);
  if (!ts.isCallExpression(node)) return false;
  if (isThenable(core.checker.getTypeAtLocation(node), core.checker)) return false;
  return node.arguments.some((argument) => isData(argument, core));
}

/** `order.items` in `order.items.push(item)`, `order.items[0] = item`: what is done below the property. */
function carriesDataBelow(access: ts.Expression, core: Core): boolean {
  const by = changeBelow(access);
  if (by === undefined) return false;
  if (ts.isCallExpression(by)) return by.arguments.some((argument) => isData(argument, core));
  return ts.isBinaryExpression(by) && isData(by.right, core);
}

/** The call or the assignment that changes the value of a property, or something below it. */
export function changeBelow(access: ts.Expression): ts.BinaryExpression | ts.CallExpression | undefined {
  for (let node: ts.Node = access; ; node = node.parent) {
    const { parent } = node;
    if (ts.isCallExpression(parent)) return parent.expression === node ? parent : undefined;
    if (ts.isBinaryExpression(parent)) return parent.left === node ? parent : undefined;
    if (!ts.isExpression(parent)) return undefined;
  }
}

function isData(expression: ts.Expression, { checker }: Core): boolean {
  const node = bare(expression);
  if (ts.isSpreadElement(node)) return true;
  if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) return false;
  if (ts.isLiteralExpression(node) && !ts.isTemplateExpression(node)) return false;
  if (ts.isNewExpression(node) && (node.arguments ?? []).length === 0) return false;
  if (ts.isCallExpression(node) && CLOCKS.test(node.expression.getText())) return false;
  const type = checker.getTypeAtLocation(node);
  const constant =
    ts.TypeFlags.Literal | ts.TypeFlags.Undefined | ts.TypeFlags.Null | ts.TypeFlags.EnumLiteral | ts.TypeFlags.Enum;
  // A union of literals (`state`) and a flag are marks; a text or a number that is computed is somebody's.
  const parts = type.isUnion() ? type.types : [type];
  return parts.some(({ flags }) => (flags & constant) === 0);
}

/** Is the whole part assigned (`order.owner = user`), not added to? */
export function isOverwrite({ is, node }: Happening): boolean {
  return (
    is === 'reset' ||
    (is === 'write' &&
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(bare(node.left)))
  );
}
