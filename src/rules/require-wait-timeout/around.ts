import * as ts from 'typescript';
import { bare, type Core, creationsOf, type MemberMatch, wrapped } from '../../analysis/index.ts';
import { grouped } from '../../report/bounded-loop.ts';
import { type Edit } from '../../report/edits.ts';
import { imported } from '../../report/imports.ts';

/** A lock wrapped where it is made: `withTimeout(new Mutex(), 30_000)`. */
export function wrappedLock(
  call: ts.CallExpression | ts.NewExpression,
  member: MemberMatch,
  milliseconds: number,
  core: Core,
): { readonly wrapper: string; readonly edits: readonly Edit[] } | undefined {
  const isWrapper = ({ bound, from }: MemberMatch): boolean => from === member.from && bound?.by === 'milliseconds';
  const [wrapper] = core.api.namesWith('bounds-argument', isWrapper).keys();
  const callee = bare(call.expression);
  if (wrapper === undefined || !ts.isPropertyAccessExpression(callee)) return undefined;
  const [made, other] = creationsOf(callee.expression, core) ?? [];
  const file = call.getSourceFile();
  if (made === undefined || other !== undefined || made.getSourceFile() !== file) return undefined;
  const holder = wrapped(made).parent;
  const isTyped = (ts.isVariableDeclaration(holder) || ts.isPropertyDeclaration(holder)) && holder.type !== undefined;
  const name = imported(wrapper, member.from, file);
  if (isTyped || name === undefined) return undefined;
  const [start, end] = [made.getStart(), made.getEnd()];
  return {
    wrapper: name.name,
    edits: [
      ...name.edits,
      { range: [start, start], text: `${name.name}(` },
      { range: [end, end], text: `, ${grouped(milliseconds)})` },
    ],
  };
}

/** A limit for the first value of a source: `source.pipe(timeout({ first: 30_000 }))`. */
export function limitedSource(
  call: ts.CallExpression | ts.NewExpression,
  member: MemberMatch,
  milliseconds: number,
): readonly Edit[] | undefined {
  const source = call.arguments?.[member.argument ?? 0];
  const name = imported('timeout', member.from, call.getSourceFile());
  if (source === undefined || name === undefined) return undefined;
  const inner = bare(source);
  if (inner !== source) return undefined;
  const end = source.getEnd();
  return [...name.edits, { range: [end, end], text: `.pipe(${name.name}({ first: ${grouped(milliseconds)} }))` }];
}
