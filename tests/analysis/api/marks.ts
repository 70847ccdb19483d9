import ts from 'typescript';
import { createApi } from '../../../src/analysis/api/create.ts';
import { catalogue } from '../../../src/catalogue/index.ts';
import type { Catalogue } from '../../../src/catalogue/schema.ts';
import { programOf } from '../../support/program.ts';

/** What a line says in its comment (`// => pg Pool.connect`, `// => nothing`), and what the matcher finds there. */
interface Mark {
  readonly line: string;
  readonly wanted: string;
  readonly found: string;
}

/**
 * Every line with a mark: the row of the outermost call, construction or template that begins on it.
 *
 * A mark names entry and row. Lines without one may hold anything.
 */
export function marksIn(
  files: Readonly<Record<string, string>>,
  options: ts.CompilerOptions = {},
  rows: Catalogue = catalogue,
): readonly Mark[] {
  const { program, checker, sourceFile } = programOf(files, options);
  const api = createApi(checker, program, rows);
  return Object.keys(files)
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name) && !name.includes('node_modules/'))
    .flatMap((name) => {
      const file = sourceFile(name);
      return file.text.split('\n').flatMap((line, place) => {
        const wanted = /\/\/ => (.*)$/.exec(line)?.[1];
        if (wanted === undefined) return [];
        const call = outermostCallOn(place, file);
        if (call === undefined) throw new Error(`No call on the marked line: ${line}`);
        const match = api.memberOf(call);
        return [{ line: line.trim(), wanted, found: match === undefined ? 'nothing' : `${match.from} ${match.name}` }];
      });
    });
}

type Call = ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression;

function outermostCallOn(line: number, file: ts.SourceFile): Call | undefined {
  let found: Call | undefined;
  (function visit(node: ts.Node): void {
    if (found !== undefined) return;
    const starts = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isTaggedTemplateExpression(node);
    if (isCall && starts === line) found = node;
    else ts.forEachChild(node, visit);
  })(file);
  return found;
}

/** The marks that do not hold, in words. */
export function wrongMarksIn(...given: Parameters<typeof marksIn>): readonly string[] {
  const marks = marksIn(...given);
  if (marks.length === 0) throw new Error('No line is marked.');
  return marks.flatMap(({ line, wanted, found }) => (wanted === found ? [] : [`${line}  (found: ${found})`]));
}
