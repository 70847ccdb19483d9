import * as ts from 'typescript';
import { type AfterRelease, type Core, isInside, isPrimitive, wrapped } from '../../analysis/index.ts';
import { freeName, hasDirectiveAbove, insertBefore, replace } from '../../report/edits.ts';
import type { LateRepair } from './repair.ts';

/** `free.push(order); return order.total;` → `const total = order.total; free.push(order); return total;` */
export function readFirst({ is, at, release }: AfterRelease, core: Core): LateRepair | undefined {
  if (
    is !== 'use' ||
    !ts.isPropertyAccessExpression(at) ||
    !isPrimitive(core.checker.getTypeAtLocation(at), core.checker)
  )
    return undefined;
  const statement = ts.findAncestor(release.node, ts.isExpressionStatement);
  if (statement === undefined || hasDirectiveAbove(statement) || !ts.isBlock(statement.parent)) return undefined;
  const use = ts.findAncestor(at, (node) => node.parent === statement.parent);
  if (use === undefined || !isInside(at, statement.parent) || ts.isFunctionLike(use)) return undefined;
  const outer = wrapped(at).parent;
  if (ts.isCallExpression(outer) && outer.expression === wrapped(at)) return undefined;
  if (ts.isShorthandPropertyAssignment(outer)) return undefined;
  const name = freeName(at.name.text, at.getSourceFile(), new Set());
  const wished = name === at.name.text ? name : freeName(`${at.name.text}Before`, at.getSourceFile());
  return {
    title: 'copied',
    automatic: false,
    edits: [insertBefore(statement, [`const ${wished} = ${at.getText()};`], statement.getText()), replace(at, wished)],
  };
}

/** `const bytes = lease.bytes.subarray(0, n)` → `const bytes = Buffer.from(lease.bytes.subarray(0, n))` */
export function copyView({ is, value }: AfterRelease, core: Core): LateRepair | undefined {
  if (is !== 'view' || value === undefined) return undefined;
  const text = copyText(value, core.checker);
  return text === undefined ? undefined : { title: 'copied', automatic: false, edits: [replace(value, text)] };
}

function copyText(value: ts.Expression, checker: ts.TypeChecker): string | undefined {
  const type = checker.getTypeAtLocation(value);
  const name = (type.symbol as ts.Symbol | undefined)?.name ?? '';
  const source = value.getText();
  if (name === 'Buffer') return `Buffer.from(${source})`;
  if (name === 'Map' || name === 'Set') return `new ${name}(${source})`;
  if (checker.isArrayType(type)) return `[...${source}]`;
  if (!/^[A-Z]\w*Array$/.test(name)) return undefined;
  const isSubarray =
    ts.isCallExpression(value) &&
    ts.isPropertyAccessExpression(value.expression) &&
    value.expression.name.text === 'subarray';
  if (!isSubarray) return `${source}.slice()`;
  const { name: member } = value.expression;
  const start = value.getStart();
  return `${source.slice(0, member.getStart() - start)}slice${source.slice(member.getEnd() - start)}`;
}
