import * as ts from 'typescript';
import {
  bare,
  type Core,
  enclosingFunctionOf,
  referencesInFileOf as referencesOf,
  wrapped,
} from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';

/** A buffer of unclean memory that leaves its function with bytes that nobody wrote. */
export interface UncleanBuffer {
  readonly call: ts.CallExpression;
  readonly name: string;
  /** Where it leaves. */
  readonly leaves: ts.Node;
  /** How many of its bytes are written for certain to be left out. */
  readonly missing: number;
  readonly edits: readonly Edit[];
}

/** How many bytes a method writes, by its name: `writeUInt32BE`, `writeDoubleLE`. */
function widthOf(method: string): number | undefined {
  const found = /^write(?:Big)?U?[Ii]nt(8|16|32|64)(?:BE|LE)?$|^write(Float|Double)(?:BE|LE)$/.exec(method);
  if (found === null) return undefined;
  if (found[2] !== undefined) return found[2] === 'Float' ? 4 : 8;
  return Number(found[1]) / 8;
}

/**
 * Is the buffer that a call makes handed out before it is wholly written? Only where sizes and offsets are written out, and everything
 * that happens to it is a write of known width or the way out.
 */
export function uncleanBufferAt(call: ts.CallExpression, core: Core): UncleanBuffer | undefined {
  const callee = bare(call.expression);
  if (core.api.plays(call, 'unclean') === undefined || !ts.isPropertyAccessExpression(callee)) return undefined;
  const declaration = wrapped(call).parent;
  if (!ts.isVariableDeclaration(declaration) || !ts.isIdentifier(declaration.name)) return undefined;
  const size = numberAt(call.arguments[0], core);
  const symbol = core.checker.getSymbolAtLocation(declaration.name);
  if (size === undefined || symbol === undefined) return undefined;
  const home = enclosingFunctionOf(call);
  const written = new Set<number>();
  let leaves: ts.Node | undefined;
  for (const reference of referencesOf(symbol, core)) {
    const outer = wrapped(reference);
    const { parent } = outer;
    if (enclosingFunctionOf(reference) !== home) return undefined;
    if (ts.isPropertyAccessExpression(parent) && parent.expression === outer) {
      if (parent.name.text === 'length' || parent.name.text === 'byteLength') continue;
      const use = wrapped(parent).parent;
      if (!ts.isCallExpression(use)) return undefined;
      const width = widthOf(parent.name.text);
      const at = use.arguments.length > 1 ? numberAt(use.arguments[1], core) : 0;
      if (width === undefined || at === undefined) return undefined;
      for (let byte = at; byte < at + width; byte++) written.add(byte);
    } else if (ts.isElementAccessExpression(parent) && parent.expression === outer) {
      const at = numberAt(parent.argumentExpression, core);
      if (at === undefined) return undefined;
      written.add(at);
    } else if (isWayOut(outer, core)) {
      leaves ??= parent;
    } else {
      return undefined;
    }
  }
  const missing = size - [...written].filter((byte) => byte < size).length;
  if (leaves === undefined || missing <= 0) return undefined;
  const { name } = callee;
  return {
    call,
    name: declaration.name.text,
    leaves,
    missing,
    edits: [{ range: [name.getStart(), name.getEnd()], text: 'alloc' }],
  };
}

function isWayOut(node: ts.Node, core: Core): boolean {
  const { parent } = node;
  if (ts.isReturnStatement(parent) || ts.isYieldExpression(parent)) return true;
  if (!ts.isCallExpression(parent) || parent.expression === node || parent.arguments[0] !== node) return false;
  const member = core.api.memberOf(parent);
  const roles = member === undefined ? [] : [member.role].flat();
  const callee = bare(parent.expression);
  const verb = ts.isPropertyAccessExpression(callee) ? callee.name.text : '';
  return roles.some((role) => role === 'answers' || role === 'io') && /^(?:end|publish|send|write)$/.test(verb);
}

function numberAt(expression: ts.Expression | undefined, { checker }: Core): number | undefined {
  if (expression === undefined) return undefined;
  const node = bare(expression);
  if (ts.isNumericLiteral(node)) return Number(node.text);
  const type = checker.getTypeAtLocation(node);
  return type.isNumberLiteral() ? type.value : undefined;
}
