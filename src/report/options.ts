import * as ts from 'typescript';
import { bare } from '../analysis/syntax/expressions.ts';
import { type Edit, hasComment, indentOf, lineBreakOf, replace } from './edits.ts';

/** A new last argument, with `undefined` for those that are missing before it. */
export function addArgument(call: ts.CallExpression | ts.NewExpression, gap: number, text: string): Edit {
  const last = call.arguments?.at(-1);
  const filled = [...Array<string>(gap).fill('undefined'), text].join(', ');
  if (call.arguments === undefined) return { range: [call.getEnd(), call.getEnd()], text: `(${filled})` };
  if (last === undefined) return { range: [call.getEnd() - 1, call.getEnd() - 1], text: filled };
  return { range: [last.getEnd(), last.getEnd()], text: `, ${filled}` };
}

/** A new last property, on a line of its own where the others have one. `undefined` where a comment would be lost. */
export function addProperty(literal: ts.ObjectLiteralExpression, property: string): readonly Edit[] | undefined {
  const file = literal.getSourceFile();
  const last = literal.properties.at(-1);
  if (last === undefined) return hasComment(literal) ? undefined : [replace(literal, `{ ${property} }`)];
  const isOnLines = file.text.slice(literal.getStart(), literal.properties[0]?.getStart()).includes('\n');
  const separator = isOnLines ? `,${lineBreakOf(file)}${indentOf(last)}` : ', ';
  return [{ range: [last.getEnd(), last.getEnd()], text: `${separator}${property}` }];
}

/**
 * An option put among the options that a call has at a place: added to the literal, in place of the value that it has there, beside
 * what a variable holds, as an argument of its own, before a callback that stands in its place.
 *
 * @param at the place of the options; `-1`: the last argument, if that is an object literal, else a new one
 */
export function withOption(
  call: ts.CallExpression | ts.NewExpression,
  at: number,
  name: string,
  value: string,
): readonly Edit[] | undefined {
  const given = call.arguments ?? [];
  if (given.some((each) => ts.isSpreadElement(each))) return undefined;
  const property = `${name}: ${value}`;
  const index = at < 0 ? lastOptions(given) : at;
  const options = given[index] === undefined ? undefined : bare(given[index]);
  if (options === undefined) return [addArgument(call, Math.max(0, index - given.length), `{ ${property} }`)];
  if (ts.isArrowFunction(options) || ts.isFunctionExpression(options)) {
    return [{ range: [options.getStart(), options.getStart()], text: `{ ${property} }, ` }];
  }
  if (ts.isIdentifier(options)) {
    return [replace(options, options.text === 'undefined' ? `{ ${property} }` : `{ ...${options.text}, ${property} }`)];
  }
  if (!ts.isObjectLiteralExpression(options)) return undefined;
  const own = options.properties.find((each) => each.name !== undefined && textOf(each.name) === name);
  if (own !== undefined) return ts.isPropertyAssignment(own) ? [replace(own.initializer, value)] : undefined;
  return options.properties.some((each) => ts.isSpreadAssignment(each)) ? undefined : addProperty(options, property);
}

function lastOptions(given: readonly ts.Expression[]): number {
  const last = given.at(-1);
  return last !== undefined && ts.isObjectLiteralExpression(bare(last)) ? given.length - 1 : given.length;
}

function textOf(name: ts.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** An argument at a place: in place of the one that is there, or a new last one. `-1`: in place of the last one. */
export function withArgument(
  call: ts.CallExpression | ts.NewExpression,
  at: number,
  text: string,
): readonly Edit[] | undefined {
  const given = call.arguments ?? [];
  if (given.some((each) => ts.isSpreadElement(each))) return undefined;
  const own = at < 0 ? given.at(at) : given[at];
  if (own !== undefined) return [replace(own, text)];
  return at < 0 ? undefined : [addArgument(call, at - given.length, text)];
}
