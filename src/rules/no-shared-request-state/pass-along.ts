import * as ts from 'typescript';
import {
  callSitesOf,
  type Core,
  enclosingFunctionOf,
  type FunctionNode,
  isInside,
  isWriteTarget,
  type RequestState,
} from '../../analysis/index.ts';
import type { Edit } from '../../report/edits.ts';
import { asConstant, declarationOf, nameIn, readAs, takenAway, typeOfLiteral } from './declaration.ts';
import type { StateRepair } from './repair.ts';

/** Where one other function reads it, and only the writer calls that function: a parameter. */
export function passAlong(found: RequestState, core: Core): readonly StateRepair[] {
  const { target } = found.suspect;
  const file = target.getSourceFile();
  const declared = declarationOf(found, file, core);
  if (declared === undefined || found.state.otherName !== undefined || found.among !== 'requests') return [];
  const { node, type, uses } = declared;
  const block = target.parent.parent.parent;
  const reads = uses.filter((use) => use !== target);
  const behind = reads.filter((read) => isInside(read, block));
  const outside = reads.filter((read) => !behind.includes(read));
  const reader = functionOver(outside);
  const taken = takenAway(declared);
  if (reads.some(isWriteTarget) || reader === undefined || taken === undefined || isInside(target, reader)) return [];
  const calls = callsAfter(reader, target, block, core);
  if (calls === undefined) return [];

  const isField = ts.isPropertyDeclaration(node);
  const own = nameIn(enclosingFunctionOf(target), declared);
  const constant = asConstant({ ...declared, uses: [target, ...behind] }, taken, target, own);
  const parameter = parameterIn(reader, nameIn(reader, declared), type ?? typeOfLiteral(node.initializer), file);
  if (constant === undefined || parameter === undefined) return [];
  const edits: Edit[] = [taken.edit, ...constant, parameter];
  if (isField) {
    edits.push(...behind.map((read) => readAs(own, read)));
    edits.push(...outside.map((read) => readAs(nameIn(reader, declared), read)));
  }
  for (const call of calls) {
    const last = call.arguments.at(-1);
    const at = last === undefined ? call.getEnd() - 1 : last.getEnd();
    edits.push({ range: [at, at], text: last === undefined ? own : `, ${own}` });
  }
  return [{ title: 'pass', automatic: false, edits }];
}

type Reader = ts.ArrowFunction | ts.FunctionDeclaration | ts.FunctionExpression | ts.MethodDeclaration;

/** The one function with a parameter list of its own that all of them are in. */
function functionOver(reads: readonly ts.Node[]): Reader | undefined {
  const [first, ...rest] = reads;
  if (first === undefined) return undefined;
  let fn: FunctionNode = enclosingFunctionOf(first);
  while (!ts.isSourceFile(fn) && !rest.every((read) => isInside(read, fn))) fn = enclosingFunctionOf(fn);
  return isReader(fn) ? fn : undefined;
}

function isReader(fn: FunctionNode): fn is Reader {
  return (
    ts.isFunctionDeclaration(fn) || ts.isMethodDeclaration(fn) || ts.isArrowFunction(fn) || ts.isFunctionExpression(fn)
  );
}

/** Its calls, if all of them follow the write and give every parameter there is. */
function callsAfter(
  reader: Reader,
  target: ts.Node,
  block: ts.Node,
  core: Core,
): readonly ts.CallExpression[] | undefined {
  const { found, open } = callSitesOf(reader, core);
  if (open || found.length === 0) return undefined;
  const calls: ts.CallExpression[] = [];
  for (const { isCertain, node } of found) {
    if (!isCertain || !ts.isCallExpression(node) || !isInside(node, block) || node.pos < target.end) return undefined;
    const isWhole = node.arguments.length === reader.parameters.length && !node.arguments.some(ts.isSpreadElement);
    if (!isWhole || node.arguments.hasTrailingComma) return undefined;
    calls.push(node);
  }
  return calls;
}

function parameterIn(reader: Reader, name: string, type: string | undefined, file: ts.SourceFile): Edit | undefined {
  const last = reader.parameters.at(-1);
  const isJavaScript = /\.[cm]?jsx?$/.test(file.fileName);
  if (type === undefined && !isJavaScript) return undefined;
  const text = isJavaScript || type === undefined ? name : `${name}: ${type}`;
  const at = last === undefined ? reader.parameters.pos : last.getEnd();
  const hasParentheses = file.text.charAt(reader.parameters.pos - 1) === '(';
  if (!hasParentheses || last?.dotDotDotToken !== undefined || reader.parameters.hasTrailingComma) return undefined;
  return { range: [at, at], text: last === undefined ? text : `, ${text}` };
}
