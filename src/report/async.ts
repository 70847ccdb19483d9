import * as ts from 'typescript';
import type { Edit } from './edits.ts';

/** A function with a body that may be made `async`. */
export type Plain = ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/** Is it a function that may be made `async`: no constructor, accessor or module? */
export function isPlain(fn: ts.Node): fn is Plain {
  return (
    ts.isArrowFunction(fn) ||
    ts.isFunctionDeclaration(fn) ||
    ts.isFunctionExpression(fn) ||
    (ts.isMethodDeclaration(fn) && fn.body !== undefined)
  );
}

/** `async` before a function, after its other modifiers. */
export function asyncBefore(fn: Plain): Edit {
  const modifiers = fn.modifiers?.filter((each) => !ts.isDecorator(each)) ?? [];
  const last = modifiers.at(-1);
  if (last !== undefined) return { range: [last.getEnd(), last.getEnd()], text: ' async' };
  // What is left of the modifiers are decorators, which only methods have.
  const start = (ts.isMethodDeclaration(fn) ? (fn.asteriskToken ?? fn.name) : fn).getStart();
  return { range: [start, start], text: 'async ' };
}

/** The declared result as a promise; no edit where nothing is declared, `undefined` where it cannot be one. */
export function promised({ type }: Plain): readonly Edit[] | undefined {
  if (type === undefined) return [];
  if (ts.isTypePredicateNode(type) || ts.isThisTypeNode(type)) return undefined;
  if (ts.isTypeReferenceNode(type) && type.typeName.getText() === 'Promise') return [];
  return [
    { range: [type.getStart(), type.getStart()], text: 'Promise<' },
    { range: [type.getEnd(), type.getEnd()], text: '>' },
  ];
}
