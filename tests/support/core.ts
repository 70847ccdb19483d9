import ts from 'typescript';
import { createApi } from '../../src/analysis/api/create.ts';
import { type Core, openCore } from '../../src/analysis/facts.ts';
import { type FunctionNode, isFunctionNode } from '../../src/analysis/syntax/functions.ts';
import { catalogue } from '../../src/catalogue/index.ts';
import type { Catalogue } from '../../src/catalogue/schema.ts';
import { programOf } from './program.ts';

/** A core on in-memory files, and ways to point at their nodes. */
export interface CaseCore {
  readonly core: Core;
  readonly file: ts.SourceFile;
  /** The first node with this source text (outermost of those), at or after the first occurrence of `after`. */
  node(text: string, after?: string): ts.Node;
  expression(text: string, after?: string): ts.Expression;
  /** The function that starts with this text. */
  fn(text: string, after?: string): FunctionNode;
  /** The line of a node, counted from 1. */
  line(node: ts.Node): number;
}

/** Opens the core on one file, or on several; the first is the one that is pointed into. */
export function coreOf(given: Readonly<Record<string, string>> | string, rows: Catalogue = []): CaseCore {
  const files = typeof given === 'string' ? { 'service.ts': given } : given;
  const virtual = programOf(files, { noUnusedLocals: false, noUnusedParameters: false });
  const problems = virtual.diagnostics().filter(({ category }) => category === ts.DiagnosticCategory.Error);
  if (problems.length > 0) {
    throw new Error(
      `The case has type errors: ${problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')).join('; ')}`,
    );
  }
  const core = openCore(virtual.program, createApi(virtual.checker, virtual.program, [...catalogue, ...rows]));
  const file = virtual.sourceFile(Object.keys(files)[0] ?? 'service.ts');

  function find(text: string, after: string | undefined, fits: (node: ts.Node, source: string) => boolean): ts.Node {
    const from = after === undefined ? 0 : file.text.indexOf(after);
    if (from < 0) throw new Error(`The case has no '${after ?? ''}'.`);
    let found: ts.Node | undefined;
    const look = (node: ts.Node): void => {
      if (found !== undefined || node.end <= from) return;
      if (node.getStart(file) >= from && fits(node, node.getText(file))) found = node;
      else ts.forEachChild(node, look);
    };
    look(file);
    if (found === undefined) throw new Error(`The case has no node '${text}'.`);
    return found;
  }

  return {
    core,
    file,
    node: (text, after) => find(text, after, (_, source) => source === text),
    expression: (text, after) =>
      find(text, after, (node, source) => source === text && ts.isExpression(node)) as ts.Expression,
    fn: (text, after) =>
      find(
        text,
        after,
        (node, source) => isFunctionNode(node) && !ts.isSourceFile(node) && source.startsWith(text),
      ) as FunctionNode,
    line: (node) => node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1,
  };
}
